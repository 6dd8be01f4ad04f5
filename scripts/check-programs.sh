#!/usr/bin/env bash
# Runs train, evaluate and explain as their users do, and variants of the network.
#
#   scripts/check-programs.sh
#
# Checks files, messages and statuses in a temporary folder; takes about half a
# minute. One line a check, then counts; status 1 when one failed. BUILD says
# where the programs are (build).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/checking.sh
source scripts/tiny-network.sh
takes_no_arguments "$@"
needs train evaluate explain

# ---- train, evaluate, explain ----

train_works() {
  works train "$tiny" --out "$work/run" && has "$work/run" config.ini model.safetensors training.tsv || return 1
  [[ ! -e $work/run/checkpoint.safetensors ]] || because "the checkpoint is left"
}
check "train writes a model" train_works
((!failed)) || close_checks || exit

config_is_whole() {
  works train "$work/run/config.ini" --out "$work/again" &&
    each same_bytes "$work/run" "$work/again" config.ini model.safetensors
}
check "the resolved config.ini trains the same model" config_is_whole

evaluate_works() {
  works evaluate "$work/run" &&
    has "$work/run" {metrics,examples,histogram,claims,table1,roots,gallery}.tsv heatmaps/pairs.npy
}
check "evaluate writes its tables and heatmaps" evaluate_works

tables_are_tidy() {
  local table bad
  for table in "$work"/run/*.tsv; do
    [[ $(head -n 1 "$table") == "# command: "* ]] || because "$table has no provenance" || return 1
    bad=$(awk -F'\t' '!/^#/ { if (!columns) columns = NF; if (NF != columns || /\t\t|^\t|\t$/) { print NR; exit } }' "$table")
    [[ -z $bad ]] || because "$table:$bad has other columns" || return 1
  done
}
check "every table has provenance and one cell a column" tables_are_tidy

explain_agrees() { # METHOD PAIRS HEATMAPS
  explain_with "$1" "$work/run/heatmaps/$2.npy" "$work/$1.npy" &&
    same_bytes "$work/$1.npy" "$work/run/heatmaps/$3.npy"
}
for method in sensitivity deep-taylor-minmax deep-taylor-free; do
  check "explain and evaluate agree to the last bit: $method" explain_agrees $method pairs $method
done
check "explain and evaluate agree to the last bit: taylor" explain_agrees taylor roots-pairs taylor

count=$(head -n 1 "$pairs" | LC_ALL=C sed -n "s/.*'shape': (\([0-9]*\), 28, 56).*/\1/p")
scores_are_written() {
  local scores=$work/deep-taylor-free.scores.tsv
  [[ $(grep -vc '^#' "$scores") == $((count + 1)) ]] || because "not $count rows" || return 1
  sums_are_f "$scores" '^[0-9]' # training-free relevance is conserved
}
check "scores stand beside the heatmaps, and relevance is conserved" scores_are_written

rules_matter() {
  explain_with deep-taylor-free "$pairs" "$work/w2.npy" --first-rule 'w^2' || return 1
  ! cmp -s "$work/w2.npy" "$work/deep-taylor-free.npy" || because "w^2 gives what zB gives"
}
check "another rule gives other heatmaps" rules_matter

threads_are_no_setting() {
  OMP_NUM_THREADS=1 explain_with deep-taylor-minmax "$pairs" "$work/one.npy" &&
    same_bytes "$work/one.npy" "$work/deep-taylor-minmax.npy"
}
check "heatmaps do not depend on the number of threads" threads_are_no_setting

evaluate_repeats() {
  cp -r "$work/run" "$work/twice"
  works evaluate "$work/twice" &&
    each same_bytes "$work/run" "$work/twice" heatmaps/{deep-taylor-minmax,roots}.npy &&
    each same_rows "$work/run" "$work/twice" {examples,claims,gallery}.tsv
}
check "evaluating again gives the same numbers" evaluate_repeats

evaluates_one_method() {
  local file
  cp -r "$work/run" "$work/single"
  works evaluate "$work/single" evaluation.methods=sensitivity || return 1
  [[ -e $work/single/heatmaps/sensitivity.npy ]] || because "no heatmaps" || return 1
  for file in heatmaps/{taylor,deep-taylor-free,roots,roots-pairs}.npy roots.tsv; do
    [[ ! -e $work/single/$file ]] || because "$file of the evaluation before is left" || return 1
  done
}
check "evaluating one method leaves nothing of others" evaluates_one_method
check "a method that is named needs its relevance model" refuses 2 "no relevance model minmax-pooled" evaluate "$work/single" evaluation.methods=deep-taylor-minmax-pooled

# ---- variants of the network ----

# The whole way of one variant; its layers are in the model.
variant() { # NAME SETTING...
  local out=$work/variant-$1
  shift
  works train "$tiny" "$@" --out "$out" || return 1
  works evaluate "$out" evaluation.{flips=4,repeats=2,slow_repeats=1,roots=1} explanation.root_starts=1 || return 1
  for method in deep-taylor-minmax deep-taylor-free; do
    works explain --model "$out/model.safetensors" --method $method --input "$pairs" --output "$out/x.npy" || return 1
  done
}
# The largest |sum of heatmap - f| / f that explain has left for
# deep-taylor-free; more than any when too few pairs have an f.
largest_loss() {
  awk -F'\t' '!/^#/ && $2 + 0 > 1 { n++; e = ($3 - $2) / $2; if (e < 0) e = -e; if (e > most) most = e }
    END { print n < 5 ? 9 : most + 0 }' "$work/variant-$1/x.scores.tsv"
}
conserves() { # NAME SETTING...
  variant "$@" || return 1
  awk -v e="$(largest_loss "$1")" 'BEGIN { exit !(e < 1e-4) }' || because "loses $(largest_loss "$1") of f"
}
check "max pooling trains, evaluates, explains and conserves" conserves max network.norm="inf 1"
check "so do norms of two in both layers" conserves norm network.norm="2 2"
check "and three layers of different norms" conserves three network.detection="24 12 8" network.pool="2 3 8" network.norm="2 inf 1"
three_are_saved() {
  local header
  header=$(head -c 4000 "$work/variant-three/model.safetensors" | tr -d '\0')
  [[ $header == *'"detection3.weight":{"dtype":"F32","shape":[8,4]'* ]] || because "no detection3.weight (8, 4)"
  [[ $header == *'"minmax.top_down":{"dtype":"F32","shape":[24,12]'* ]] || because "no minmax.top_down (24, 12)"
}
check "three layers are saved with their shapes" three_are_saved
check "other widths, and pools of one" conserves wide network.detection="13 7" network.pool="1 7"
check "weight decay" conserves decay training.weight_decay=50
check "momentum" conserves momentum training.optimiser=momentum training.learning_rate=5e-6 training.kernel=dense
check "Adam" conserves adam training.optimiser=adam training.learning_rate=3e-3 training.kernel=dense
check "other targets" conserves targets data.targets="1 7"
free_biases_cost_conservation() {
  variant free network.nonpositive_biases=no network.deviation=0.02 || return 1
  awk -v e="$(largest_loss free)" 'BEGIN { exit !(e > 1e-3 && e < 1) }' || because "loses $(largest_loss free) of f" || return 1
  grep -q $'^free-conservative\t.*\tdoes not hold\t' "$work/variant-free/claims.tsv" || because "no claim says so"
}
check "free biases cost conservation, and the claims say so" free_biases_cost_conservation
check "momentum on the sparse kernel is refused" refuses 2 "set training.kernel = dense, too" train "$tiny" training.optimiser=momentum --out "$work/x"
check "an optimiser that is none is refused" refuses 2 "not one of sgd, momentum, adam" train "$tiny" training.optimiser=Adam --out "$work/x"
check "a norm below one is refused" refuses 2 "1 to 8 numbers from 1 to inf" train "$tiny" network.norm="0.5 1" --out "$work/x"
check "a layer without a pool is refused" refuses 2 "network.pool: lists 2 values where network.detection lists 3" train "$tiny" network.detection="24 12 8" --out "$work/x"
check "an open top is refused" refuses 2 "the top layer has 2 outputs, not 1" train "$tiny" network.pool="4 4" --out "$work/x"

fashion=/usr/share/datasets/fashion-mnist
if [[ -r $fashion/train-images-idx3-ubyte.gz ]]; then
  check "Fashion-MNIST works as it is" conserves fashion data.directory=$fashion
else
  skip "Fashion-MNIST works as it is" "scripts/install-dependencies.sh --fashion-mnist installs it"
fi

# ---- help ----

helps() { # PROGRAM WORD...
  local program=$1 option word
  shift
  for option in --help --usage --list; do
    works "$program" $option || return 1
    [[ ! -s $work/stderr ]] || because "$option writes to stderr" || return 1
    [[ $(wc -L <"$work/stdout") -le 84 ]] || because "$option prints long lines" || return 1
  done
  "$program" --help >"$work/stdout"
  for word in --list --usage "$@"; do
    grep -q -e "$word" "$work/stdout" || because "$word is not in --help" || return 1
  done
}
check "train --help, --usage and --list inform" helps train --out --resume CONFIG.ini
check "evaluate --help, --usage and --list inform" helps evaluate DIR metrics.tsv
check "explain --help, --usage and --list inform" helps explain --model --method --input --output --png

script_helps() {
  works "scripts/$1" --help && says "scripts/$1" && refuses 2 "see --help" "scripts/$1" --bogus
}
for script in reproduce.sh check.sh install-dependencies.sh run-tests.sh; do
  check "$script helps and refuses unknown options" script_helps $script
done

close_checks
