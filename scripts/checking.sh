# Counts checks, calls programs and compares their files, for scripts that check.
# shellcheck shell=bash
#
# To be sourced by scripts/check-NAME.sh, in the project's folder:
#
#   source scripts/checking.sh
#   needs train explain             # ends unless these programs are built
#   check "what should be so" COMMAND...
#   skip "what else should be" "why it cannot be seen here"
#   close_checks                    # one line of counts; status 1 when one failed
#
# Programs are called by their names, from BUILD (build), which is exported as an
# absolute path. `work` is a temporary folder, which is removed at the end.

me=${0##*/}
case ${BUILD:-build} in
  /*) export BUILD ;;
  *) export BUILD=$PWD/${BUILD:-build} ;;
esac
PATH=$BUILD/bin:$PATH
# Under a sanitizer: a program that dies leaves its memory to the system.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export OMP_WAIT_POLICY=passive # the machine may be busy: no thread spins
unset ARGP_HELP_FMT            # --help is as wide as it is
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0 status=0 reason=

# The script's own head, for --help.
show_head() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "scripts/$me"; }

# takes_no_arguments ARGUMENT...: but --help.
takes_no_arguments() {
  (($#)) || return 0
  [[ $1 != --help ]] || { show_head && exit; }
  echo "$me: $1: takes no arguments (see --help)" >&2
  exit 2
}

needs() {
  local program
  for program; do
    [[ -x $BUILD/bin/$program ]] || { echo "$me: $BUILD/bin/$program: missing (run make first)" >&2 && exit 1; }
  done
}

# ---- checks ----

# check NAME COMMAND...: the command, mostly a function, says by its status
# whether all is well, and in `reason` what is not; and it leaves nothing
# half-written.
check() {
  local name=$1
  shift
  reason=
  if "$@" && leaves_nothing; then
    echo "ok    $name"
    passed=$((passed + 1))
  else
    echo "FAIL  $name${reason:+: $reason}"
    failed=$((failed + 1))
  fi
}

leaves_nothing() {
  local partial
  partial=$(find "$work" -name '*.partial' -print -quit)
  [[ -n $partial ]] || return 0
  rm "$partial"
  because "$partial is left"
}

skip() {
  echo "skip  $1: $2"
  skipped=$((skipped + 1))
}

because() {
  reason=$1
  return 1
}

close_checks() {
  echo
  echo "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0))
}

# ---- what a command does ----

# Its output to $work/stdout and stderr, its status to `status`.
call() {
  status=0
  "$@" >"$work/stdout" 2>"$work/stderr" || status=$?
}

ends() { # STATUS COMMAND...
  local wanted=$1
  shift
  call "$@"
  [[ $status == "$wanted" ]] || because "status $status: $(tail -q -n 2 "$work/stdout" "$work/stderr" | tr '\n' ' ' | head -c 300)"
}

works() { ends 0 "$@"; }

# One line on stderr that opens with the program's name and has these words, a
# pattern: complains PROGRAM WORDS
complains() {
  local program=${1##*/} words=$2 message
  message=$(<"$work/stderr")
  [[ $(wc -l <"$work/stderr") == 1 ]] || because "not one line: ${message:0:300}" || return 1
  [[ $message == "${program%.sh}"?(.sh)": "* ]] || because "not from $program: $message" || return 1
  [[ $message == *$words* ]] || because "no word of \"$words\": $message"
}

# refuses STATUS WORDS COMMAND...: nothing but one line.
refuses() {
  local wanted=$1 words=$2
  shift 2
  ends "$wanted" "$@" || return 1
  [[ ! -s $work/stdout ]] || because "prints on stdout" || return 1
  complains "$1" "$words"
}

says() { grep -q -e "$1" "$work/stdout" || because "no \"$1\" in: $(tr '\n' ' ' <"$work/stdout")"; }
warns() { grep -q -e "$1" "$work/stderr" || because "no \"$1\" in: $(tr '\n' ' ' <"$work/stderr")"; }

# wait_until COMMAND...: until it succeeds, for ten minutes at most.
wait_until() {
  local start=$SECONDS
  until "$@"; do
    ((SECONDS - start < 600)) || return 1
    sleep 0.02
  done
}

# Python with these modules, or nothing: python_with MODULE[,MODULE...]
python_with() {
  local candidate
  for candidate in python3 /usr/bin/python3; do
    ! "$candidate" -c "import $1" 2>/dev/null || { echo "$candidate" && return; }
  done
}

# ---- files ----

# has FOLDER FILE...: none of them empty.
has() {
  local file
  for file in "${@:2}"; do [[ -s $1/$file ]] || because "no $file" || return 1; done
}

same_bytes() { cmp -s "$1" "$2" || because "$1 and $2 differ"; }

# each SAME FOLDER FOLDER FILE...: `SAME` of each file in both.
each() {
  local file
  for file in "${@:4}"; do "$1" "$2/$file" "$3/$file" || return 1; done
}

# Tables but for their provenance.
same_rows() { cmp -s <(grep -v '^#' "$1") <(grep -v '^#' "$2") || because "$1 and $2 differ"; }

# The bytes behind the header of a safetensors file: its tensors.
tensors() {
  local size
  size=$(od -An -tu8 -N8 "$1")
  tail -c +$((8 + size + 1)) "$1"
}
same_tensors() { cmp -s <(tensors "$1") <(tensors "$2") || because "the tensors of $1 and $2 differ"; }

# Files with size, date and inode: the same when none was written again.
snapshot() { # FOLDER [NAME]
  find "$1" -type f -name "${2-*}" -printf '%P %s %T@ %i\n' | sort
}

# ---- heatmaps ----

# The bytes behind the header of an .npy of format 1.0.
npy_data() {
  local size
  size=$(od -An -tu2 -j8 -N2 "$1")
  tail -c +$((10 + size + 1)) "$1"
}

# The values of an .npy of format 1.0, one a line.
floats() { npy_data "$1" | od -An -v -tf4 -w4; }
# Heatmaps of 28 x 56 pixels that are finite, positive and not flat.
are_positive_heatmaps() {
  floats "$1" | awk '
    $1 !~ /^-?[0-9]/ { print "not finite: " $1; exit bad = 1 }
    $1 < 0 { print "negative: " $1; exit bad = 1 }
    NR % 1568 == 1 { if (NR > 1) flat += most == least; most = least = $1 }
    { if ($1 > most) most = $1; if ($1 < least) least = $1 }
    END { exit bad || NR < 1568 || NR % 1568 || flat + (most == least) }' ||
    because "${1##*/}: not finite, negative or flat"
}
same_heatmaps() {
  paste <(floats "$1") <(floats "$2") | awk '
    { d = $1 - $2; worst = d > worst ? d : -d > worst ? -d : worst; if ($1 > most) most = $1 }
    END { exit !(NR && worst <= 1e-5 * most) }' || because "${1##*/} is not ${2##*/}"
}
# Columns named f and sum_r of rows that match: equal, as the member declares.
sums_are_f() { # TABLE PATTERN
  grep -v '^#' "$1" | awk -F '\t' -v pattern="$2" '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    $0 ~ pattern { f = $column["f"]; d = $column["sum_r"] - f; rows++; shown += f > 0; if (d * d > 1e-10 * f * f) off++ }
    END { exit !(rows && shown && !off) }' || because "sums of relevance are not f in ${1##*/}"
}
