#!/usr/bin/env bash
# Runs each program once, whole: a tiny network from its training to comparisons.
#
#   scripts/check-each-program.sh
#
# What `make sanitize` runs beside the tests. A program of experiments/ that is
# not run here, the benchmark aside, fails. One line a check, then counts; status
# 1 when one failed. BUILD says where the programs are (build).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/checking.sh
source scripts/tiny-network.sh
takes_no_arguments "$@"

left=$(find experiments -maxdepth 1 -name '*.c' ! -name bench.c -printf '%f ' | sed 's/\.c / /g')
# runs FILE PROGRAM ARGUMENT...: it works and writes the file.
runs() {
  local file=$1
  shift
  left=${left/"${1##*/} "/} # export is a word of the shell, too
  works "$@" || return 1
  [[ -s $file ]] || because "$file is not written"
}

draws() { works scripts/plot.sh "$work/run" && runs "$work/run/report.html" report "$work/run"; }

cat >"$work/small.ini" <<'INI'
[sweep]
base = tiny.ini
seeds = 1 2
[vary]
explanation.first_rule = zB alpha-beta
INI
check "train" runs "$model" train "$tiny" relevance.models="minmax minmax-pooled" --out "$work/run"
check "evaluate, by all methods" runs "$work/run/metrics.tsv" evaluate "$work/run" evaluation.methods=all evaluation.pairs=4
check "explain" runs "$work/drawn/00000.png" explain --model "$model" --method taylor --input "$pairs" --output "$work/r.npy" --png "$work/drawn"
check "export" runs "$work/run.onnx" "$BUILD/bin/export" "$work/run" "$work/run.onnx"
check "photos" runs "$work/photos/photos.tsv" photos "$work/run.onnx" --photo "$pairs" --first 2 --out "$work/photos"
check "audit" runs "$work/run/audit.tsv" audit "$work/run" --pairs 3
check "roots" runs "$work/run/roots-comparison.tsv" roots "$work/run" --restarts 2
check "report, of drawn figures" draws
check "figure1" runs "$work/figure1/figure1.tsv" figure1 --out "$work/figure1" --grid 4
check "sweep" runs "$work/sweep/runs.tsv" sweep "$work/small.ini" --out "$work/sweep"
check "compare" runs "$work/compared/compare.tsv" compare "$work/run" --out "$work/compared" --across methods
is_none() { [[ -z ${left// /} ]] || because "no run of $left"; }
check "no program is left out" is_none

close_checks
