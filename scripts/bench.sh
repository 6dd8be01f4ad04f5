#!/usr/bin/env bash
# Times training, explanation and root search beside PyTorch and the machine.
#
#   scripts/bench.sh [--scaling] [--rounds N] [--network FILE.onnx] [--out DIR]
#
# Trains a model of experiments/quick.ini in DIR/bench-model, unless it is there
# (DIR: results), then prints a table and writes it as DIR/bench.tsv: see
# experiments/bench/benchmark.h. Takes two to three minutes on two cores, on which
# nothing else should run. PyTorch takes part when Debian's python3-torch is
# installed (scripts/install-dependencies.sh --bench). --scaling writes
# DIR/scaling.tsv instead and draws DIR/figures/scaling.*: see
# experiments/bench/scaling.h. Each contender takes N turns (15). Photos of
# data/photos are explained by --network (data/models/googlenet*.onnx, where that is
# there; data/README.md says where from), another minute.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "scripts/${0##*/}"; }
complain() {
  echo "bench.sh: $1" >&2
  exit 2
}
out=results rounds=15 scaling="" network=""
while (($#)); do
  case $1 in
    --help) usage; exit 0 ;;
    --scaling) scaling=1 ;;
    --rounds)
      [[ ${2-} =~ ^[1-9][0-9]{0,2}$ ]] || complain "--rounds needs a number from 1 to 999"
      rounds=$2
      shift ;;
    --network)
      [[ -r ${2-} ]] || complain "--network needs a file that can be read"
      case $2 in /*) network=$2 ;; *) network=$here/$2 ;; esac
      shift ;;
    --out)
      [[ ${2-} ]] || complain "--out needs a folder"
      case $2 in /*) out=$2 ;; *) out=$here/$2 ;; esac
      shift ;;
    *) complain "$1: unknown option (see --help)" ;;
  esac
  shift
done

scripts/install-dependencies.sh
make --silent -j "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)" all
build/bin/train experiments/quick.ini --out "$out/bench-model" --resume

if [[ $scaling ]]; then
  build/bin/bench "$out/bench-model" --scaling --rounds "$rounds" --out "$out/scaling.tsv"
  scripts/plot.sh "$out" scaling
  exit 0
fi
torch=()
if /usr/bin/python3 -c 'import torch, numpy' 2>/dev/null; then
  torch=(--torch scripts/bench-torch.py)
else
  echo "bench.sh: without PyTorch, which is not there (scripts/install-dependencies.sh --bench)" >&2
fi
if [[ ! $network ]]; then
  for network in data/models/googlenet*.onnx; do :; done
fi
if [[ -r $network ]]; then
  photos=(--network "$network")
  for photo in data/photos/*; do photos+=(--photo "$photo"); done
  [[ ! ${torch[*]} ]] || photos+=(--torch-network scripts/bench-torch-network.py)
else
  photos=()
  echo "bench.sh: without photos, as there is no $network (see data/README.md, and --network)" >&2
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
build/bin/bench "$out/bench-model" --scratch "$scratch" "${torch[@]}" "${photos[@]}" --rounds "$rounds" --out "$out/bench.tsv"
