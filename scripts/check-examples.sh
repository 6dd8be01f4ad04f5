#!/usr/bin/env bash
# Adds the rule, the model and the method of src/README.md as printed, and tests them.
#
#   scripts/check-examples.sh
#
# Works on copies of the source tree in a temporary folder: adds each example,
# builds without a warning, runs the tests that loop over the registries and the
# printed commands, and compares the results of a default run with those without
# the examples. Takes about 40 s. One line a check, then counts; status 1 when one
# failed. BUILD says where the objects are (build).
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD:-build} # and what it is called in the copy
case $build in /*) copied=build ;; *) copied=$build ;; esac
source scripts/checking.sh
takes_no_arguments "$@"
needs train

# A command whose output says what is not well, should `reason` not.
quietly() {
  "$@" >"$work/log" 2>&1 && return
  because "${reason:-$(grep -E 'error|FAILED|[^ ]: ' "$work/log" | head -n 3 | tr '\n' ' ')}"
}

# ---- what is printed ----

# Each ```c block goes to the file whose name stands last before it, each ```sh
# block to the command of its example, 1 to 3.
mkdir "$work/printed"
awk -v printed="$work/printed" '
  /^## / { inside = /^## How to add/; next }
  !inside { next }
  /^```/ && file { close(file); file = ""; next }
  /^```c$/ { file = printed "/" path; system("mkdir -p $(dirname " file ")"); next }
  /^```sh$/ { file = printed "/command" ++commands; next }
  file { print >>file; next }
  match($0, /`src\/[a-z]+\/[a-z]+\/[a-z_0-9]+\.[ch]`/) { path = substr($0, RSTART + 1, RLENGTH - 2) }' src/README.md

kinds=(rule model method)
declare -A folder=([rule]=src/relevance/rules [model]=src/relevance/models [method]=src/explain/methods)
file_of() { find "$work/printed/${folder[$1]}" -name '*.c' 2>/dev/null; } # of a kind
each_is_a_file_and_a_line() {
  local kind
  for kind in "${kinds[@]}"; do
    [[ $(file_of "$kind" | grep -c .) == 1 ]] || because "not one file of a $kind" || return 1
    [[ ! -e ${folder[$kind]}/$(basename "$(file_of "$kind")") ]] || because "the $kind is there already" || return 1
    [[ $(grep -c . "$work/printed/${folder[$kind]}/registry.h") == 1 ]] || because "not one line of a $kind" || return 1
  done
  [[ $(find "$work/printed" -type f | wc -l) == 9 ]] || because "more or less is printed than three files, lines and commands"
}

check "each example is one file, one line and one command" quietly each_is_a_file_and_a_line
((!failed)) || { close_checks || exit 1; }

# ---- two copies of the tree, one with the examples ----

source scripts/example-trees.sh
check "the tree can be copied" quietly copy_tree
check "the examples are put in" quietly add_examples
check "nothing but three files and three lines is new" quietly nothing_else_changed
mapfile -t tests < <(tests_of_registries)
check "make builds them without a warning" quietly build_with
((!failed)) || { close_checks || exit 1; }
if command -v clang-format >/dev/null; then
  check "they are formatted as the sources are" quietly is_formatted
else
  skip "they are formatted as the sources are" "clang-format is not installed"
fi

# ---- the tests that loop over the registries ----

(cd "$with" && OMP_NUM_THREADS=1 scripts/run-tests.sh "${tests[@]}") >"$work/tests" 2>&1 || true
passes() {
  cat "$work/tests"
  grep -q "^== $1: [1-9][0-9]* passed, 0 failed, " "$work/tests" || because "$(grep -m 3 "FAILED\|$1 ended\|^== $1: " "$work/tests" | tr '\n' ' ')"
}
for test in "${tests[@]##*/}"; do check "$test passes with them" quietly passes "$test"; done

# ---- the printed commands ----

# Programs run in the copies by the names that are printed, and the quick
# experiment is cut to seconds.
link_programs() { # TREE BIN
  mkdir -p "$1/build"
  [[ -e $1/build/bin ]] || ln -s "$2" "$1/build/bin"
  cat >"$1/experiments/quick.ini" <<'INI'
include = paper.ini
[training]
iterations = 400
evaluate_every = 200
evaluation_pairs = 100
threads = 1
[explanation]
root_starts = 1
[evaluation]
scores = 100
pairs = 30
roots = 2
flips = 2
repeats = 2
slow_repeats = 1
bootstrap = 20
INI
}
link_programs "$with" "$with/$copied/bin"
link_programs "$without" "$(cd "$build/bin" && pwd)"

default_run() { (cd "$1" && build/bin/train experiments/quick.ini --out results/quick && build/bin/evaluate results/quick); }
printed_command() { (cd "$with" && bash -eu "$work/printed/command$1"); }
name_of() { sed -n '/^    \.name = "\(.*\)",$/s//\1/p' "$(file_of "$1")"; }
rule=$(name_of rule) model=$(name_of model) method=$(name_of method)

is_listed() {
  local name program
  for program in train evaluate explain; do
    (cd "$with" && "build/bin/$program" --list) >"$work/list"
    for name in "$rule" "$model" "deep-taylor-$model" "$method"; do
      grep -qF "  $name " "$work/list" || because "$program does not list $name" || return 1
    done
  done
}

explain_by() { # RULE NAME
  (cd "$with" && build/bin/explain --model results/quick/model.safetensors --method deep-taylor-free --first-rule "$1" \
    --input results/quick/heatmaps/pairs.npy --output "results/$2.npy")
}
rule_is_what_it_says() {
  local output
  output=$with/$(sed -n 's/.*--output \([^ ]*\).*/\1/p' "$work/printed/command1")
  are_positive_heatmaps "$output" && sums_are_f "${output%.npy}.scores.tsv" '^[0-9]'
}
ends_are_other_rules() {
  explain_by "$rule(2)" two && explain_by 'w^2' squares && same_heatmaps "$with/results/two.npy" "$with/results/squares.npy" &&
    explain_by "$rule(0)" zero && explain_by flat flat && same_heatmaps "$with/results/zero.npy" "$with/results/flat.npy"
}
model_is_trained() {
  grep -qa "\"$model.weight\"" "$learned/model.safetensors" || because "no $model.weight in the model" || return 1
  grep -q "	${model}_rms" "$learned/training.tsv" || because "no ${model}_rms in training.tsv"
}
# Its sums follow f.
model_has_learned() {
  are_positive_heatmaps "$learned/heatmaps/deep-taylor-$model.npy" || return 1
  awk -F '\t' -v model="$model" '$1 == model && $2 == "correlation" { r = $4 } END { exit !(r > 0.5) }' "$learned/metrics.tsv" ||
    because "its sums do not follow f: $(grep "^$model	" "$learned/metrics.tsv" | tr '\n' ' ')"
}
# R_p / sum R = (x_p + 0.5) / sum (x + 0.5), pair by pair.
method_is_the_ink() {
  paste <(floats "$learned/heatmaps/$method.npy") <(floats "$learned/heatmaps/pairs.npy") | awk '
    { R[NR % 1568] = $1; x[NR % 1568] = $2 + 0.5; sum_R += $1; sum_x += $2 + 0.5 }
    NR % 1568 == 0 {
      for (p in R) { d = R[p] / sum_R - x[p] / sum_x; if (d * d > 1e-14) off++ }
      sum_R = sum_x = 0
    }
    END { exit !(NR && !off) }' || because "R_p is not the share of ink"
}
method_is_what_it_says() {
  are_positive_heatmaps "$learned/heatmaps/$method.npy" &&
    sums_are_f "$learned/examples.tsv" "	$method	" && method_is_the_ink
}

check "--list names them" quietly is_listed
check "a default run with them" quietly default_run "$with"
check "a default run without them" quietly default_run "$without"
check "the rule's command runs as printed" quietly printed_command 1
check "the rule is conservative and positive, as it declares" quietly rule_is_what_it_says
check "p = 2 is w^2, p = 0 is flat" quietly ends_are_other_rules
check "the model's command runs as printed" quietly printed_command 2
learned=$with/$(sed -n 's/.*--out \([^ ]*\).*/\1/p' "$work/printed/command2")
check "the model is trained and saved" quietly model_is_trained
check "the method's command runs as printed" quietly printed_command 3
check "by then the model has learned, and its heatmaps are positive" quietly model_has_learned
check "the method is conservative and positive, as it declares" quietly method_is_what_it_says

# ---- they are drawn, reported and compared ----

title_of() { sed -n '/^    \.title = "\(.*\)",$/s//\1/p' "$(file_of "$1")"; }
# The method is a control: a gray curve, but no panel. The model's is a method as
# any other.
are_drawn() {
  local figure
  (cd "$with" && scripts/plot.sh "$learned") || return 1
  for figure in flipping randomisation; do
    grep -qF "$(title_of method) (control)" "$learned/figures/$figure.svg" || because "the control is not in $figure" || return 1
  done
  for figure in heatmaps conservation ledger flipping randomisation; do
    grep -qF "$model)" "$learned/figures/$figure.svg" || because "the model's method is not in $figure" || return 1
  done
  ! grep -qF "$(title_of method)" "$learned/figures/ledger.svg" || because "the control has a panel"
}
are_reported() {
  (cd "$with" && build/bin/report "$learned") || return 1
  grep -qiF "control: $(title_of method)" "$learned/report.html" || because "the control is not in the report" || return 1
  grep -qF "Deep Taylor ($model)" "$learned/report.html" || because "the model's method is not in the report"
}
are_compared() {
  (cd "$with" && build/bin/compare "$learned" --across methods --mixed --out results/compared) || return 1
  grep -qF "	$method	" "$with/results/compared/compare.tsv" || because "the method is not compared" || return 1
  (cd "$with" && build/bin/compare "$learned" --across models --out results/compared) || return 1
  grep -qF "	$model	" "$with/results/compared/compare.tsv" || because "the model is not compared"
}

if command -v gnuplot >/dev/null; then
  check "figures have curves and panels of them" quietly are_drawn
  check "the report names them" quietly are_reported
else
  skip "figures have curves and panels of them" "gnuplot is not installed"
fi
check "they are compared with others" quietly are_compared

# ---- nothing else has changed ----

# A table without provenance, times, and the rows and the column of the method.
common() {
  grep -v '^#' "$1" | grep -vE "^([a-z-]+	[0-9]+	)?$method	|	seconds	|^fast	" |
    awk -F '\t' -v method="$method" '
      NR == 1 { for (i = 1; i <= NF; i++) if ($i == method) out = i }
      { for (i = 1; i <= NF; i++) if (i != out) printf "%s\t", $i; print "" }'
}
same_training() {
  same_tensors "$without/results/quick/model.safetensors" "$with/results/quick/model.safetensors" &&
    same_rows "$without/results/quick/training.tsv" "$with/results/quick/training.tsv"
}
same_tables() {
  local table
  for table in "$without"/results/quick/*.tsv; do
    cmp <(common "$table") <(common "$with/results/quick/${table##*/}") || because "${table##*/} differs" || return 1
  done
  grep -q "^$method	" "$with/results/quick/metrics.tsv" || because "$method is not in metrics.tsv"
}
same_pictures() {
  local path
  for path in "$without"/results/quick/heatmaps/*.npy; do
    same_bytes "$path" "$with/results/quick/heatmaps/${path##*/}" || return 1
  done
}

check "a default run learns the same bits with and without them" quietly same_training
check "its tables are the same but for the new method" quietly same_tables
check "so are its heatmaps, bit for bit" quietly same_pictures

close_checks
