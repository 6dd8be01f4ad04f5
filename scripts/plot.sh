#!/usr/bin/env bash
# Draws the figures of a result folder with gnuplot: SVG, PDF and PNG of each.
#
#   scripts/plot.sh DIR [FIGURE ...]
#
# Reads DIR/*.tsv, writes DIR/figures/NAME.{svg,pdf,png}: the named figures, or
# those of an evaluated model. A figure newer than its script and tables is kept.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
if [[ ${1-} == --help ]]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0"
  exit 0
fi
(($#)) || { echo "plot.sh: which result folder? (see --help)" >&2; exit 2; }
case $1 in /*) results=$1 ;; *) [[ -d $1 ]] && results=$1 || results=$here/$1 ;; esac

# Each figure and the tables it reads.
figures=("heatmaps gallery gallery-scale" "conservation examples histogram"
  "ledger ledger" "training training" "flipping flipping"
  "randomisation randomisation")
elsewhere=("floor floor")
shift
if (($#)); then
  wanted=("$@") all=("${figures[@]}" "${elsewhere[@]}") figures=()
  for name in "${wanted[@]}"; do
    found=
    for figure in "${all[@]}"; do
      [[ ${figure%% *} == "$name" ]] && figures+=("$figure") found=1
    done
    [[ $found ]] || { echo "plot.sh: $name: no such figure" >&2; exit 2; }
  done
fi

partial=
trap '[[ -z $partial ]] || rm -f "$partial"' EXIT
mkdir -p "$results/figures"
for figure in "${figures[@]}"; do
  read -r name tables <<<"$figure"
  for format in svg pdf png; do
    output=$results/figures/$name.$format
    stale=
    for input in plots/style.gp "plots/$name.gp" $(printf "%s.tsv " $tables); do
      case $input in plots/*) ;; *) input=$results/$input ;; esac
      if [[ ! -r $input ]]; then
        echo "plot.sh: $input: missing (run build/bin/train and build/bin/evaluate first)" >&2
        exit 1
      fi
      [[ $output -nt $input ]] || stale=1
    done
    [[ $stale ]] || continue
    partial=$output.partial
    if ! messages=$(gnuplot -e "results = '$results'; format = '$format'; output = '$partial'" "plots/$name.gp" 2>&1); then
      echo "plot.sh: $output: gnuplot failed: ${messages//$'\n'/ }" >&2
      exit 1
    fi
    mv "$partial" "$output"
    partial=
    echo "  $output"
  done
done
