#!/usr/bin/env bash
# Runs test programs side by side and closes with one line of counts.
#
#   scripts/run-tests.sh [--valgrind] PROGRAM...
#
# Each PROGRAM is a cmocka test, or a script that closes with a line
# `N passed, N failed, N skipped`. As many run at once as there are processors,
# under GNU parallel. Of each its counts are shown, what it skips, how long it
# took, and everything it printed when it fails. Status 1 when a test failed, a
# program crashed or ran no test.
set -euo pipefail
cd "$(dirname "$0")/.."
me=scripts/${0##*/}

runner=()
case ${1-} in
  --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$me"; exit 0 ;;
  --valgrind)
    runner=(--valgrind)
    shift ;;
esac
(($#)) || { echo "run-tests.sh: no test program given" >&2; exit 2; }

# ---- one program: --one [--valgrind] PROGRAM ----

# The number in cmocka's lines `[  KIND  ] N test(s)`, or before `kind` in a
# script's last line, added up: count KIND kind
count() {
  {
    sed -n "s/^\[ *$1 *\] \([0-9]*\) test(s).*/\1/p" "$log"
    tail -n 1 "$log" | sed -nE "/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/s/^(.*, )?([0-9]+) $2.*/\2/p"
  } | awk '{n += $1} END {print n + 0}'
}

run_one() {
  local command=() program=${*: -1} start=$SECONDS status=0 p f s
  if [[ $1 == --valgrind ]]; then
    export OMP_NUM_THREADS=1
    command=(valgrind --quiet --error-exitcode=9 --leak-check=full
      --errors-for-leak-kinds=definite --child-silent-after-fork=yes)
  fi
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  "${command[@]}" "$program" >"$log" 2>&1 || status=$?
  p=$(count PASSED passed) f=$(count FAILED failed) s=$(count SKIPPED skipped)
  if ((status != 0 && f == 0)); then
    f=1
    echo "$program ended with status $status"
  elif ((p + s + f == 0)); then
    f=1
    echo "$program ran no test"
  fi
  if ((f)); then cat "$log"; fi
  echo "== ${program##*/}: $p passed, $f failed, $s skipped in $((SECONDS - start)) s"
  if ((s)); then grep -iE 'skip' "$log" | grep -vE 'test\(s\)|^[0-9]+ passed, ' || true; fi
}

if [[ $1 == --one ]]; then
  shift
  run_one "$@"
  exit
fi
[[ $1 != -* ]] || { echo "run-tests.sh: $1: unknown option (see --help)" >&2; exit 2; }

# ---- all of them ----

export OMP_WAIT_POLICY=passive # the machine may be busy: no thread spins
HOME=${HOME-/tmp} PARALLEL_SHELL=$BASH parallel --will-cite --keep-order --jobs "${JOBS:-100%}" "$me" --one "${runner[@]}" '{}' ::: "$@" |
  awk '{ print; fflush() }
    /^== .*: [0-9]+ passed, [0-9]+ failed, [0-9]+ skipped in [0-9]+ s$/ { programs++; passed += $3; failed += $5; skipped += $7 }
    END {
      if (programs < '$#') failed += '$#' - programs # one that left no count
      printf "\n%d passed, %d failed, %d skipped\n", passed, failed, skipped
      exit failed > 0
    }'
