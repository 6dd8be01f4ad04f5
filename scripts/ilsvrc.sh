#!/usr/bin/env bash
# Explains photos by networks from ONNX, as section 6.2 of the paper does.
#
#   scripts/ilsvrc.sh [--out DIR] [--models DIR] [--photos DIR]
#
# Takes the networks NAME.onnx of --models (data/models), and the photos (PNG and
# JPEG) of data/photos and of --photos, explains each photo by sensitivity
# analysis and deep Taylor decomposition, judges what section 6.2 says, draws its
# figures and writes DIR/ilsvrc.html (results/ilsvrc). data/README.md says where
# networks are from. Where there is none, our own network of section 6.1 is
# exported to ONNX and explains test pairs by the same code: that of
# results/paper or results/quick, or else a new one, trained first.
set -euo pipefail
started=$SECONDS
here=$PWD
cd "$(dirname "$0")/.."

out=results/ilsvrc models=data/models more=
while (($#)); do
  case $1 in
    --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "scripts/${0##*/}"; exit 0 ;;
    --out | --models | --photos)
      [[ ${2-} ]] || { echo "ilsvrc.sh: $1 needs a folder" >&2; exit 2; }
      case $2 in /*) folder=$2 ;; *) folder=$here/$2 ;; esac
      [[ $1 == --out || -d $folder ]] || { echo "ilsvrc.sh: $2: no such folder" >&2; exit 2; }
      case $1 in --out) out=$folder ;; --models) models=$folder ;; --photos) more=$folder ;; esac
      shift ;;
    *) echo "ilsvrc.sh: $1: unknown option (see --help)" >&2; exit 2 ;;
  esac
  shift
done

scripts/install-dependencies.sh
echo "building"
make --silent -j "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)" all

shopt -s nullglob nocaseglob
networks=("$models"/*.onnx)
photos=() named=
for folder in "$more" data/photos; do
  [[ $folder ]] || continue
  for file in "$folder"/*.png "$folder"/*.jpg "$folder"/*.jpeg; do
    name=$(basename "${file%.*}")
    [[ $folder != data/photos || $named != *"/$name/"* ]] || continue # another one of that name
    photos+=(--photo "$file") named+=/$name/
  done
done
mkdir -p "$out"
if ((!${#networks[@]})); then
  echo "no NAME.onnx in $models (data/README.md says where networks are from)"
  for own in results/paper results/quick "$out/network"; do [[ ! -r $own/heatmaps/pairs.npy ]] || break; done
  if [[ ! -r $own/heatmaps/pairs.npy ]]; then # its pairs are all that is wanted of evaluate
    build/bin/train experiments/quick.ini --out "$own" --resume
    OMP_WAIT_POLICY=passive build/bin/evaluate "$own" evaluation.methods=deep-taylor-free evaluation.scores=8 evaluation.pairs=8 \
      evaluation.roots=1 evaluation.flips=1 evaluation.repeats=1 evaluation.slow_repeats=1 evaluation.bootstrap=10 >/dev/null
  fi
  echo "explaining test pairs by the network of $own, exported"
  build/bin/export "$own" "$out/own.onnx"
  networks=("$out/own.onnx")
  photos=(--photo "$own/heatmaps/pairs.npy" --first 8)
fi

echo "explaining"
build/bin/photos "${networks[@]}" "${photos[@]}" --out "$out"
echo "drawing"
scripts/plot.sh "$out"
build/bin/report "$out"
echo
echo "done in $((SECONDS - started)) s: $out/ilsvrc.html"
