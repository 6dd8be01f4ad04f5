#!/usr/bin/env bash
# Runs test programs one by one and closes with one line of counts.
#
#   scripts/run-tests.sh [--valgrind] PROGRAM...
#
# Each PROGRAM is a cmocka test. Its summary lines are shown, and everything it
# printed when it fails. Status 1 when a test failed, a program crashed or ran
# no test.
set -euo pipefail
cd "$(dirname "$0")/.."

runner=()
if [[ ${1-} == --help ]]; then
  sed -n '2,9s/^# \{0,1\}//p' "$0"
  exit 0
fi
if [[ ${1-} == --valgrind ]]; then
  runner=(valgrind --quiet --error-exitcode=9 --leak-check=full
    --errors-for-leak-kinds=definite --child-silent-after-fork=yes)
  export OMP_NUM_THREADS=1
  shift
fi
(($#)) || { echo "run-tests.sh: no test program given" >&2; exit 2; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0

# The number in the lines `[  KIND  ] N test(s)`, added up.
count() {
  sed -n "s/^\[ *$1 *\] \([0-9]*\) test(s).*/\1/p" "$log" | awk '{n += $1} END {print n + 0}'
}

for program in "$@"; do
  status=0
  "${runner[@]}" "$program" >"$log" 2>&1 || status=$?
  p=$(count PASSED) f=$(count FAILED) s=$(count SKIPPED)
  if ((status != 0 && f == 0)); then
    f=1
    echo "$program ended with status $status"
  elif ((p + s + f == 0)); then
    f=1
    echo "$program ran no test"
  fi
  if ((f)); then cat "$log"; fi
  echo "== ${program##*/}"
  grep -E '^\[ *(=+|PASSED|FAILED|SKIPPED) *\] [0-9]+ test' "$log" || true
  if ((s)); then grep -iE 'skip' "$log" | grep -v 'test(s)' || true; fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
