#!/usr/bin/env bash
# Finds what raises the floor that deep Taylor heatmaps stand on.
#
#   scripts/floor.sh [--iterations N] [--out DIR] [-- section.key=value ...]
#
# Trains short runs of experiments/quick.ini that differ in one thing at a time
# from N iterations (20000) with its learning rate and initial weights: the
# length of training, the network's learning rate, and the standard deviation of
# the initial weights (the relevance model's v_ij in proportion). They are a
# sweep below DIR (results/floor); finished ones are kept. Then writes
# DIR/floor.tsv, a row for each factor, value and method, and draws
# DIR/figures/floor.*: the share of relevance on the target's half, and the
# share of what stands above the mean of the pixels that never have ink.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
usage() { sed -n '2,15s/^# \{0,1\}//p' "$0"; }
complain() {
  echo "floor.sh: $1" >&2
  exit 2
}
base=20000 out=results/floor
while (($#)); do
  case $1 in
    --help) usage; exit 0 ;;
    --iterations)
      [[ ${2-} =~ ^[1-9][0-9]{2,8}$ ]] || complain "--iterations needs a number of at least 100"
      base=$2
      shift ;;
    --out)
      [[ ${2-} ]] || complain "--out needs a folder"
      case $2 in /*) out=$2 ;; *) out=$here/$2 ;; esac
      shift ;;
    --) shift; break ;;
    *) complain "$1: unknown option (see --help)" ;;
  esac
  shift
done

# Each run: iterations, learning rate, deviation; the longest first, so that
# no processor waits for it at the end.
rate=5e-5 deviation=0.05
runs=("$((2 * base)) $rate $deviation" "$base $rate $deviation"
  "$base 2.5e-5 $deviation" "$base 1e-4 $deviation"
  "$base $rate 0.025" "$base $rate 0.1"
  "$((base / 2)) $rate $deviation" "$((base / 4)) $rate $deviation")

# Named by what is different.
variant() {
  if [[ $1 != "$base" ]]; then
    echo "iterations-$1"
  elif [[ $2 != "$rate" ]]; then
    echo "rate-$2"
  elif [[ $3 != "$deviation" ]]; then
    echo "deviation-$3"
  else
    echo usual
  fi
}

# As a sweep; v_ij deviates by 0.03 where w_pj does by 0.05.
sweep() {
  local point own
  printf '[sweep]\nbase = %s/experiments/quick.ini\n[set]\n' "$PWD"
  printf '%s\n' evaluation.{pairs=500,roots=2,flips=1,repeats=1} "$@"
  for point in "${runs[@]}"; do
    read -ra own <<<"$point"
    printf '[variant %s]\n' "$(variant "${own[@]}")"
    printf '%s\n' "training.iterations = ${own[0]}" "training.learning_rate = ${own[1]}" "network.deviation = ${own[2]}" \
      "minmax.deviation = $(awk -v d="${own[2]}" 'BEGIN { print 0.6 * d }')"
  done
}
mkdir -p "$out"
sweep "$@" >"$out/floor.ini"
scripts/sweep.sh "$out/floor.ini" --out "$out" | grep -E '^\[|^floor.ini: ' # not its comparison

# The rows of one run under one factor.
rows() {
  local factor=$1 value=$2
  shift 2
  awk -F'\t' -v OFS='\t' -v about="$factor	$value	$1	$2	$3" '
    { value[$1, $2] = $4; low[$1, $2] = $5; high[$1, $2] = $6 }
    END {
      n = split("sensitivity deep-taylor-minmax deep-taylor-free", method, " ")
      for (i = 1; i <= n; i++) {
        m = method[i]
        print about, m, value[m, "target_share"], low[m, "target_share"], high[m, "target_share"], value[m, "floor_share"], value[m, "target_share_above_floor"], value["network", "mse"], value["network", "accuracy"]
      }
    }' "$(table "$@")"
}
table() { echo "$out/$(variant "$@"),seed=1/metrics.tsv"; }

partial=$out/floor.tsv.partial
trap 'rm -f "$partial"' EXIT
{
  echo "# command: scripts/floor.sh --iterations $base${*:+ -- $*}"
  grep '^# source:' "$(table "$base" "$rate" "$deviation")"
  printf '%s\t' factor value iterations learning_rate deviation method \
    target_share low high floor_share target_share_above_floor mse
  echo accuracy
  for iterations in $((base / 4)) $((base / 2)) "$base" $((2 * base)); do
    rows iterations "$iterations" "$iterations" "$rate" "$deviation"
  done
  for value in 2.5e-5 "$rate" 1e-4; do
    rows learning_rate "$value" "$base" "$value" "$deviation"
  done
  for value in 0.025 "$deviation" 0.1; do
    rows deviation "$value" "$base" "$rate" "$value"
  done
} >"$partial"
mv "$partial" "$out/floor.tsv"
scripts/plot.sh "$out" floor
grep -v '^#' "$out/floor.tsv" | cut -f 1,2,6,7,10,11,12 | expand -t 16,26,46,60,74,100
