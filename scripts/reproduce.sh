#!/usr/bin/env bash
# Reproduces the paper's MNIST experiment, from nothing to a report.
#
#   scripts/reproduce.sh [--quick] [--out DIR]
#
# Installs what is missing, builds, trains the network and the min-max relevance
# model (experiments/paper.ini, or quick.ini with --quick), explains test pairs
# with all methods, audits the roots, measures what raises the heatmaps' floor
# (not with --quick), draws the figures and writes DIR/report.html. Ends by saying
# whether the results are the published ones, bit for bit. DIR is results/paper,
# or results/quick with --quick. Files that are up to date are kept; an interrupted
# training goes on where it stopped.
set -euo pipefail
started=$SECONDS
here=$PWD
cd "$(dirname "$0")/.."

config=experiments/paper.ini out=
while (($#)); do
  case $1 in
    --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "scripts/${0##*/}"; exit 0 ;;
    --quick) config=experiments/quick.ini ;;
    --out)
      [[ ${2-} ]] || { echo "reproduce.sh: --out needs a folder" >&2; exit 2; }
      case $2 in /*) out=$2 ;; *) out=$here/$2 ;; esac
      shift ;;
    *) echo "reproduce.sh: $1: unknown option (see --help)" >&2; exit 2 ;;
  esac
  shift
done
out=${out:-results/$(basename "$config" .ini)}

scripts/install-dependencies.sh
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
echo "building"
make --silent -j "$jobs" all

echo "training ($config)"
# Threads wait for each other three times a step. Short waits are spent spinning;
# longer ones leave the processor to other programs.
GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-2000} build/bin/train "$config" --out "$out" --resume

newer() { [[ $1 -nt $2 && $1 -nt $3 ]]; }
if newer "$out/metrics.tsv" "$out/model.safetensors" build/bin/evaluate; then
  echo "evaluation is up to date"
else
  echo "evaluating" # its threads seldom wait for each other: none spins
  OMP_WAIT_POLICY=passive build/bin/evaluate "$out"
fi
newer "$out/audit.tsv" "$out/model.safetensors" build/bin/audit || build/bin/audit "$out"
[[ $out/figure1.tsv -nt build/bin/figure1 ]] || build/bin/figure1 --out "$out"
if [[ $config == experiments/paper.ini ]]; then
  echo "measuring what raises the floor"
  BUILD=build scripts/sweep.sh experiments/floor.ini --out "$out/floor" | grep -E '^\[|^floor.ini: ' # not its comparison
fi
echo "drawing"
scripts/plot.sh "$out"
build/bin/report "$out"
echo
echo "done in $((SECONDS - started)) s: $out/report.html"
case $config in
  *quick*) scripts/digests.sh "$out" experiments/published-quick.sha256 || true ;;
  *) scripts/digests.sh "$out" experiments/published.sha256 || true ;;
esac
