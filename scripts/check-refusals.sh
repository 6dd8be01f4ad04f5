#!/usr/bin/env bash
# Calls the programs wrongly, on bad files, and where they cannot write.
#
#   scripts/check-refusals.sh
#
# Each call must end in one line and leave nothing, in a temporary folder. One
# line a check, then counts; status 1 when one failed. BUILD says where the
# programs are (build).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/checking.sh
source scripts/tiny-network.sh
takes_no_arguments "$@"
needs train evaluate explain export

tiny_run
# ---- wrong usage ----

check "train alone asks for a configuration" refuses 2 "CONFIG.ini: no configuration" train
check "train without --out asks for it" refuses 2 "--out" train "$tiny"
check "train refuses an unknown option" refuses 2 "--bogus" train "$tiny" --bogus --out "$work/x"
check "train refuses an option without its argument" refuses 2 "--out" train "$tiny" --out
check "an unknown key suggests the nearest" refuses 2 "the nearest is training.iterations" train "$tiny" training.iteration=3 --out "$work/x"
check "a value out of range says the range" refuses 2 "a whole number from 1 to 10000" train "$tiny" training.batch=0 --out "$work/x"
check "a word that is no setting is refused" refuses 2 "section.key=value" train "$tiny" fast --out "$work/x"
check "evaluate alone asks for a folder" refuses 2 "DIR: no result folder" evaluate
check "evaluate refuses an unknown option" refuses 2 "--bogus" evaluate "$work/run" --bogus
check "evaluate refuses an unknown key" refuses 2 "the nearest is evaluation.pairs" evaluate "$work/run" evaluation.pair=3
check "explain alone asks for a model" refuses 2 "--model" explain
check "explain refuses an unknown option" refuses 2 "--bogus" explain --bogus
check "explain refuses a word without option" refuses 2 "extra" explain extra
check "an unknown method lists those there are" refuses_to_explain 2 "sensitivity, taylor, deep-taylor-minmax, deep-taylor-free" "$model" deep-taylor "$pairs" "$work/x.npy"
check "an unknown rule lists those there are" refuses 2 "w^2, z+, zB" explain --model "$model" --method deep-taylor-free --input "$pairs" --output "$work/x.npy" --first-rule zb
check "export asks for both its files" refuses 2 "FILE.onnx: no file to write" "$BUILD/bin/export" "$work/run"
check "export wants a file .onnx" refuses 2 "x.safetensors: does not end in .onnx" "$BUILD/bin/export" "$work/run" "$work/x.safetensors"
check "an output that is no .npy is refused" refuses_to_explain 2 "FILE.npy" "$model" taylor "$pairs" "$work/x.txt"
nothing_made() { [[ ! -e $work/x && ! -e $work/x.npy ]] || because "something was written"; }
check "none of these wrote anything" nothing_made

# ---- bad files ----

check "a missing configuration is named" refuses 1 "absent.ini: cannot be read" train "$work/absent.ini" --out "$work/x"
check "a configuration without settings is refused" refuses 1 "holds no settings" train /dev/null --out "$work/x"
check "a model is no configuration" refuses 1 "give a text file of settings" train "$model" --out "$work/x"
mkdir "$work/nothing" "$work/corrupt"
check "data that are not there are named" refuses 1 "$work/nothing: this folder has no train-images-idx3-ubyte" train "$tiny" data.directory="$work/nothing" --out "$work/x"
cp data/*.gz "$work/corrupt"
head -c 500000 data/train-images-idx3-ubyte.gz >"$work/corrupt/train-images-idx3-ubyte.gz"
check "truncated data are refused" refuses 1 "train-images-idx3-ubyte.gz" train "$tiny" data.directory="$work/corrupt" --out "$work/x"
cp data/t10k-labels-idx1-ubyte.gz "$work/corrupt/train-images-idx3-ubyte.gz"
check "labels are no images" refuses 1 "train-images-idx3-ubyte.gz" train "$tiny" data.directory="$work/corrupt" --out "$work/x"
check "evaluate names the configuration that is missing" refuses 1 "$work/nothing/config.ini" evaluate "$work/nothing"
cp "$work/run/config.ini" "$work/nothing"
check "evaluate names the model that is missing" refuses 1 "$work/nothing/model.safetensors" evaluate "$work/nothing"

# bad_model NAME WORDS: what stands on stdin is refused as a model.
bad_model() {
  cat >"$work/bad.safetensors"
  check "$1" refuses_to_explain 1 "$2" "$work/bad.safetensors" deep-taylor-minmax "$pairs" "$work/x.npy"
}
check "a missing model is named" refuses_to_explain 1 "absent.safetensors" "$work/absent.safetensors" taylor "$pairs" "$work/x.npy"
check "a folder is no model" refuses_to_explain 1 "$work/nothing" "$work/nothing" taylor "$pairs" "$work/x.npy"
size=$(wc -c <"$model")
bad_model "an empty model is refused" "bad.safetensors: *truncated" </dev/null
bad_model "a model that lacks a byte is refused" "bad.safetensors: *truncated: tensor minmax" < <(head -c $((size - 1)) "$model")
bad_model "half a model is refused" "bad.safetensors: *truncated: tensor" < <(head -c $((size / 2)) "$model")
bad_model "a model with a byte too many is refused" "bad.safetensors: *no tensor claims" < <(cat "$model" && printf x)
bad_model "random bytes are no model" "bad.safetensors: *no safetensors file" < <(gzip -c "$model" | head -c 5000)
bad_model "a picture is no model" "bad.safetensors: *no safetensors file" <plots/readme-scaling.png
bad_model "weights that are no numbers are refused" "bad.safetensors: *holds nan at element" < <(
  head -c $((size - 400)) "$model" && printf '\0\0\xc0\x7f' && tail -c 396 "$model")
# Images; src/files/npy_test.c and picture_test.c have every other reason.
bad_input() { # NAME WORDS SUFFIX: what stands on stdin is refused as images
  cat >"$work/bad.$3"
  check "$1" refuses_to_explain 1 "$work/bad.$3: $2" "$model" deep-taylor-free "$work/bad.$3" "$work/x.npy"
}
check "a missing input is named" refuses_to_explain 1 "absent.npy" "$model" taylor "$work/absent.npy" "$work/x.npy"
bad_input "a text is no input" "is not an .npy file" npy <"$tiny"
bad_input "a truncated input is refused" "truncated" npy < <(head -c 3000 "$pairs")
bad_input "an overlong input is refused" "too long" npy < <(cat "$pairs" && printf x)
bad_input "an .npy called .png is refused" "is not a PNG" png <"$pairs"
flat() {
  works train "$tiny" network.detection=8 network.pool=8 network.norm=1 --out "$work/flat"
}
check "a network of one layer trains without a relevance model" flat
check "a model without min-max tensors refuses to explain by them" refuses_to_explain 2 "deep-taylor-minmax" "$work/flat/model.safetensors" deep-taylor-minmax "$pairs" "$work/x.npy"
flat_explains() {
  works explain --model "$work/flat/model.safetensors" --method deep-taylor-free --input "$pairs" --output "$work/flat.npy"
}
check "but explains by its own weights" flat_explains

# ---- outputs that cannot be written ----

# Root may write anywhere, but nobody below a regular file.
touch "$work/file"
check "train needs a folder it can make" refuses 1 "$work/file" train "$tiny" --out "$work/file/run"
check "explain needs a folder that is there" refuses_to_explain 1 "$work/file/x.npy: cannot create" "$model" taylor "$pairs" "$work/file/x.npy"
check "explain draws where it can make a folder" refuses 1 "$work/file" explain --model "$model" --method deep-taylor-free --input "$pairs" --output "$work/x.npy" --png "$work/file/png"
rm -f "$work/x.npy" "$work/x.scores.tsv"

# The command fails where no file grows beyond 64 KiB.
fails_on_a_full_disk() {
  local why
  why=$(trap '' XFSZ && ulimit -f 64 && ends 1 "$@" || echo "$reason")
  [[ -z $why ]] || because "$why"
}

explain_on_a_full_disk() {
  explain_with deep-taylor-free "$pairs" "$work/heatmaps.npy" || return 1
  cp "$work/heatmaps.npy" "$work/kept.npy"
  fails_on_a_full_disk explain --model "$model" --method sensitivity --input "$pairs" --output "$work/kept.npy" &&
    complains explain "$work/kept.npy: cannot write: File too large" &&
    same_bytes "$work/kept.npy" "$work/heatmaps.npy" || return 1
  [[ ! -e $work/kept.scores.tsv ]] || because "scores without heatmaps"
}
check "on a full disk explain leaves the earlier file" explain_on_a_full_disk

evaluate_on_a_full_disk() {
  cp -r "$work/run" "$work/kept"
  fails_on_a_full_disk evaluate "$work/kept" evaluation.pairs=30 || return 1
  warns '^evaluate: .*: cannot write: File too large (free some space' || return 1
  same_bytes "$work/run/gallery.tsv" "$work/kept/gallery.tsv"
}
check "on a full disk evaluate leaves the earlier tables" evaluate_on_a_full_disk

train_on_a_full_disk() {
  fails_on_a_full_disk train "$tiny" training.checkpoint_every=100 --out "$work/full" || return 1
  warns "^train: $work/full/checkpoint.safetensors: cannot write: File too large" || return 1
  [[ ! -e $work/full/checkpoint.safetensors ]] || because "half a checkpoint is left" || return 1
  works train "$tiny" --out "$work/full" && same_bytes "$work/full/model.safetensors" "$model"
}
check "on a full disk train stops, and begins anew with space" train_on_a_full_disk

close_checks
