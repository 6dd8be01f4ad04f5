#!/usr/bin/env bash
# Runs test programs one by one and closes with one line of counts.
#
#   scripts/run-tests.sh [--valgrind] PROGRAM...
#
# Each PROGRAM is a cmocka test, or a script that closes with a line
# `N passed, N failed, N skipped`. Its counts are shown, and everything it
# printed when it fails. Status 1 when a test failed, a program crashed or ran
# no test.
set -euo pipefail
cd "$(dirname "$0")/.."

runner=()
if [[ ${1-} == --help ]]; then
  sed -n '2,10s/^# \{0,1\}//p' "$0"
  exit 0
fi
if [[ ${1-} == --valgrind ]]; then
  runner=(valgrind --quiet --error-exitcode=9 --leak-check=full
    --errors-for-leak-kinds=definite --child-silent-after-fork=yes)
  export OMP_NUM_THREADS=1
  shift
fi
(($#)) || { echo "run-tests.sh: no test program given" >&2; exit 2; }
[[ $1 != -* ]] || { echo "run-tests.sh: $1: unknown option (see --help)" >&2; exit 2; }

export OMP_WAIT_POLICY=passive # the machine may be busy: no thread spins
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0

# The number in cmocka's lines `[  KIND  ] N test(s)`, or before `kind` in a
# script's last line, added up: count KIND kind
count() {
  {
    sed -n "s/^\[ *$1 *\] \([0-9]*\) test(s).*/\1/p" "$log"
    tail -n 1 "$log" | sed -nE "/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/s/^(.*, )?([0-9]+) $2.*/\2/p"
  } | awk '{n += $1} END {print n + 0}'
}

for program in "$@"; do
  status=0
  "${runner[@]}" "$program" >"$log" 2>&1 || status=$?
  p=$(count PASSED passed) f=$(count FAILED failed) s=$(count SKIPPED skipped)
  if ((status != 0 && f == 0)); then
    f=1
    echo "$program ended with status $status"
  elif ((p + s + f == 0)); then
    f=1
    echo "$program ran no test"
  fi
  if ((f)); then cat "$log"; fi
  echo "== ${program##*/}"
  grep -E '^\[ *(=+|PASSED|FAILED|SKIPPED) *\] [0-9]+ test|^[0-9]+ passed, ' "$log" || true
  if ((s)); then grep -iE 'skip' "$log" | grep -vE 'test\(s\)|^[0-9]+ passed, ' || true; fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
