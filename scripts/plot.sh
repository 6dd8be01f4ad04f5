#!/usr/bin/env bash
# Draws the figures of a result folder with gnuplot: SVG, PDF and PNG of each.
#
#   scripts/plot.sh DIR [FIGURE ...]
#
# Reads DIR/*.tsv, writes DIR/figures/NAME.{svg,pdf,png}: the named figures, or
# every one whose tables are there. A figure newer than its script and tables is
# kept.
set -euo pipefail
here=$PWD
cd "$(dirname "$(realpath "$0")")/.." # of the source, or share/dtd
if [[ ${1-} == --help ]]; then
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' scripts/plot.sh
  exit 0
fi
(($#)) || { echo "plot.sh: which result folder? (see --help)" >&2; exit 2; }
case $1 in /*) results=$1 ;; *) [[ -d $1 ]] && results=$1 || results=$here/$1 ;; esac
shift

# Each figure, the tables it reads, and what writes them.
report=${BUILD:-build}/bin/report
[[ -x $report ]] || report=../../bin/dtd-report # installed
[[ -x $report ]] || { echo "plot.sh: $report: missing (run make first)" >&2; exit 1; }
declare -A tables writers
order=()
while IFS=$'\t' read -r name own writer; do
  order+=("$name") tables[$name]=$own writers[$name]=$writer
done < <("$report" --figures)

# The first table of a figure that is not there.
missing_table() {
  local table
  for table in ${tables[$1]}; do
    [[ -r $results/$table.tsv ]] || { echo "$results/$table.tsv" && return; }
  done
}

for name in "$@"; do
  [[ ${tables[$name]-} ]] || { echo "plot.sh: $name: no such figure (there are: ${order[*]})" >&2; exit 2; }
  missing=$(missing_table "$name")
  [[ -z $missing ]] || { echo "plot.sh: $missing: missing (run ${writers[$name]} first)" >&2; exit 1; }
done
figures=("$@")
if ((!$#)); then
  for name in "${order[@]}"; do [[ $(missing_table "$name") ]] || figures+=("$name"); done
  if ((!${#figures[@]})); then
    echo "plot.sh: $results: holds no table of a figure (run build/bin/train and build/bin/evaluate first)" >&2
    exit 1
  fi
fi

# Whether a file is older than what it is drawn from.
is_stale() {
  local output=$1 name=$2 table script
  for script in style tables methods photos "$name"; do
    [[ $output -nt plots/$script.gp ]] || return 0
  done
  for table in ${tables[$name]}; do
    [[ $output -nt $results/$table.tsv ]] || return 0
  done
  return 1
}

# Text as gnuplot quotes it: an apostrophe stands twice.
quoted() { echo "'${1//\'/\'\'}'"; }

partial=
trap '[[ -z $partial ]] || rm -f "$partial"' EXIT
mkdir -p "$results/figures"
for name in "${figures[@]}"; do
  for format in svg pdf png; do
    output=$results/figures/$name.$format
    is_stale "$output" "$name" || continue
    partial=$output.partial
    if ! messages=$(gnuplot -e "results = $(quoted "$results"); format = '$format'; output = $(quoted "$partial")" "plots/$name.gp" 2>&1); then
      echo "plot.sh: $output: gnuplot failed: ${messages//$'\n'/ }" >&2
      exit 1
    fi
    mv "$partial" "$output"
    partial=
    echo "  $output"
  done
done
