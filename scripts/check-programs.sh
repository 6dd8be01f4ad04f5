#!/usr/bin/env bash
# Runs the programs as their users do and checks files, messages and statuses.
#
#   scripts/check-programs.sh
#
# Trains small networks for a few thousand steps in a temporary folder; takes
# about half a minute. One line a check, then counts; status 1 when one failed.
# BUILD says where the programs are (build).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/checking.sh
takes_no_arguments "$@"
needs train evaluate explain

# ---- making inputs ----

# An .npy header: npy_header SHAPE TYPE [ORDER].
npy_header() {
  local text="{'descr': '$2', 'fortran_order': ${3:-False}, 'shape': $1, }" size
  size=$(((10 + ${#text} + 1 + 63) / 64 * 64 - 10))
  printf '\x93NUMPY\x01\x00'
  printf '%b' "$(printf '\\x%02x\\x%02x' $((size % 256)) $((size / 256)))"
  printf "%-$((size - 1))s\n" "$text"
}

# The bytes behind the header of an .npy of format 1.0.
npy_data() {
  local size
  size=$(od -An -tu2 -j8 -N2 "$1")
  tail -c +$((10 + size + 1)) "$1"
}

big_endian() { printf '%b' "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 >> 24 & 255)) $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255)))"; }

# A PNG chunk: its type, its data from stdin; gzip knows the CRC.
png_chunk() {
  { printf '%s' "$1" && cat; } >"$work/chunk"
  big_endian $(($(wc -c <"$work/chunk") - 4))
  cat "$work/chunk"
  big_endian "$(gzip -c "$work/chunk" | tail -c 8 | od -An -tu4 -N4 --endian=little)"
}

# A PNG of 8 bits a sample: png WIDTH HEIGHT COLOUR_TYPE CHANNELS <bytes
png() {
  local width=$1 height=$2 row stride=$(($1 * $4)) rows=$work/rows
  cat >"$work/samples"
  for ((row = 0; row < height; row++)); do
    printf '\0'
    dd if="$work/samples" bs=$stride skip=$row count=1 status=none
  done >"$rows"
  printf '\x89PNG\r\n\x1a\n'
  { big_endian "$width"; big_endian "$height"; printf '\x08%b\0\0\0' "\\x0$3"; } | png_chunk IHDR
  { # zlib: one stored block, then Adler-32
    local size
    size=$(wc -c <"$rows")
    printf '\x78\x01\x01%b' "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $((size & 255)) $((size >> 8)) $((~size & 255)) $((~size >> 8 & 255)))"
    cat "$rows"
    big_endian "$(od -An -v -tu1 -w1 "$rows" | awk 'BEGIN { a = 1 } { a = (a + $1) % 65521; b = (b + a) % 65521 } END { printf "%.0f", b * 65536 + a }')"
  } | png_chunk IDAT
  png_chunk IEND </dev/null
}

# Two upright bars as 28 x 56 pixels, each on or off: bars OFF ON
bars() {
  local row column text=
  for ((row = 0; row < 28; row++)); do
    for ((column = 0; column < 56; column++)); do
      if ((row > 4 && row < 23 && (column % 28 > 11 && column % 28 < 16))); then
        text+=$2
      else
        text+=$1
      fi
    done
  done
  printf '%b' "$text"
}

cat >"$work/tiny.ini" <<'INI'
# Small enough to train in a second.
[network]
detection = 16 8
pool = 4 8
[training]
iterations = 300
evaluate_every = 100
evaluation_pairs = 50
[evaluation]
scores = 50
pairs = 20
roots = 2
bootstrap = 50
INI
tiny=$work/tiny.ini

# ---- train, evaluate, explain ----

model=$work/run/model.safetensors pairs=$work/run/heatmaps/pairs.npy
explain_with() { # METHOD INPUT OUTPUT [OPTION...]
  local method=$1 input=$2 output=$3
  shift 3
  works explain --model "$model" --method "$method" --input "$input" --output "$output" "$@"
}

train_works() {
  works train "$tiny" --out "$work/run" || return 1
  for file in config.ini model.safetensors training.tsv; do
    [[ -s $work/run/$file ]] || because "no $file" || return 1
  done
  [[ ! -e $work/run/checkpoint.safetensors ]] || because "the checkpoint is left"
}
check "train writes a model" train_works
((!failed)) || close_checks || exit

config_is_whole() {
  works train "$work/run/config.ini" --out "$work/again" || return 1
  same_bytes "$work/run/config.ini" "$work/again/config.ini" &&
    same_bytes "$model" "$work/again/model.safetensors"
}
check "the resolved config.ini trains the same model" config_is_whole

evaluate_works() {
  works evaluate "$work/run" || return 1
  for file in metrics.tsv examples.tsv histogram.tsv claims.tsv table1.tsv roots.tsv gallery.tsv heatmaps/pairs.npy; do
    [[ -s $work/run/$file ]] || because "no $file" || return 1
  done
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
forms_agree() {
  { npy_header "($count, 1568)" '<f4' && npy_data "$pairs"; } >"$work/flat.npy"
  explain_with deep-taylor-free "$work/flat.npy" "$work/from-flat.npy" &&
    same_bytes "$work/from-flat.npy" "$work/deep-taylor-free.npy"
}
check "pairs of (N, 1568) are read as (N, 28, 56)" forms_agree

# The same picture as float32, bytes and PNG: -0.5 is 0x000000bf in the file's
# order, 1.5 is 0x0000c03f.
{ npy_header "(1, 28, 56)" '<f4' && bars '\0\0\0\xbf' '\0\0\xc0\x3f'; } >"$work/bars.npy"
{ npy_header "(1, 28, 56)" '|u1' && bars '\0' '\xff'; } >"$work/bytes.npy"
bars '\0' '\xff' | png 56 28 0 1 >"$work/bars.png"
types_agree() {
  explain_with deep-taylor-free "$work/bars.npy" "$work/from-bars.npy" &&
    explain_with deep-taylor-free "$work/$1" "$work/other.npy" --png "$work/drawn" &&
    same_bytes "$work/from-bars.npy" "$work/other.npy" || return 1
  [[ $(head -c 8 "$work/drawn/00000.png" | od -An -tx1) == " 89 50 4e 47 0d 0a 1a 0a" ]] || because "no PNG is drawn"
}
check "bytes from 0 to 255 are the floats from -0.5 to 1.5" types_agree bytes.npy
check "a PNG is the picture it shows" types_agree bars.png

scores_are_written() {
  local scores=$work/deep-taylor-free.scores.tsv
  [[ $(grep -vc '^#' "$scores") == $((count + 1)) ]] || because "not $count rows" || return 1
  # training-free relevance is conserved: sum_p R_p = f(x)
  awk -F'\t' '!/^#/ && $1 != "example" { d = $2 - $3; if (d < 0) d = -d; if (d > 1e-5 * (1 + $2)) bad = 1 } END { exit bad }' "$scores" ||
    because "sum_r is not f"
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

python=$(python_with numpy)
if [[ $python ]]; then
  numpy_reads() {
    works "$python" - "$work" "$count" <<'PYTHON'
import sys
import numpy as np
work, count = sys.argv[1], int(sys.argv[2])
r = np.load(work + "/deep-taylor-free.npy")
x = np.load(work + "/run/heatmaps/pairs.npy")
assert r.dtype == np.float32 and r.shape == x.shape == (count, 28, 56)
assert r.flags["C_CONTIGUOUS"] and np.isfinite(r).all() and (r >= 0).all()
assert x.min() == -0.5 and x.max() <= 1.5
scores = np.loadtxt(work + "/deep-taylor-free.scores.tsv", skiprows=6)
assert np.allclose(r.reshape(count, -1).sum(1, dtype=float), scores[:, 2], rtol=1e-5)
PYTHON
  }
  check "NumPy loads the heatmaps and finds the sums" numpy_reads
else
  skip "NumPy loads the heatmaps and finds the sums" "no python3 has numpy"
fi

evaluate_repeats() {
  cp -r "$work/run" "$work/twice"
  works evaluate "$work/twice" || return 1
  for file in heatmaps/deep-taylor-minmax.npy heatmaps/roots.npy; do
    same_bytes "$work/run/$file" "$work/twice/$file" || return 1
  done
  for file in examples.tsv claims.tsv gallery.tsv; do
    same_rows "$work/run/$file" "$work/twice/$file" || return 1
  done
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
refuses_to_explain() { # STATUS WORDS MODEL METHOD INPUT OUTPUT
  refuses "$1" "$2" explain --model "$3" --method "$4" --input "$5" --output "$6"
}
check "explain refuses an unknown option" refuses 2 "--bogus" explain --bogus
check "explain refuses a word without option" refuses 2 "extra" explain extra
check "an unknown method lists those there are" refuses_to_explain 2 "sensitivity, taylor, deep-taylor-minmax, deep-taylor-free" "$model" deep-taylor "$pairs" "$work/x.npy"
check "an unknown rule lists those there are" refuses 2 "w^2, z+, zB" explain --model "$model" --method deep-taylor-free --input "$pairs" --output "$work/x.npy" --first-rule zb
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
bad_model "a picture is no model" "bad.safetensors: *no safetensors file" <"$work/bars.png"
bad_model "weights that are no numbers are refused" "bad.safetensors: *holds nan at element" < <(
  head -c $((size - 400)) "$model" && printf '\0\0\xc0\x7f' && tail -c 396 "$model")
flat() {
  works train "$tiny" network.detection=8 network.pool=8 network.norm=1 --out "$work/flat"
}
check "a network of one layer trains without a relevance model" flat
check "a model without min-max tensors refuses to explain by them" refuses_to_explain 2 "deep-taylor-minmax" "$work/flat/model.safetensors" deep-taylor-minmax "$pairs" "$work/x.npy"
flat_explains() {
  works explain --model "$work/flat/model.safetensors" --method deep-taylor-free --input "$pairs" --output "$work/flat.npy"
}
check "but explains by its own weights" flat_explains

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
  grep -q $'^free-conservative\t.*\tdoes not hold$' "$work/variant-free/claims.tsv" || because "no claim says so"
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

# bad_input NAME WORDS [SUFFIX]: what stands on stdin is refused as images.
bad_input() {
  local input=$work/bad.${3-npy}
  cat >"$input"
  check "$1" refuses_to_explain 1 "$input: $2" "$model" deep-taylor-free "$input" "$work/x.npy"
}
float_bars() { bars '\0\0\0\xbf' '\0\0\xc0\x3f'; }
check "a missing input is named" refuses_to_explain 1 "absent.npy" "$model" taylor "$work/absent.npy" "$work/x.npy"
bad_input "an empty input is refused" "truncated" </dev/null
bad_input "an input of another shape is refused" "its shape is (1, 56, 28)" < <(npy_header "(1, 56, 28)" '<f4' && float_bars)
bad_input "a single picture without its axis is refused" "its shape is (28, 56)" < <(npy_header "(28, 56)" '<f4' && float_bars)
bad_input "no pictures are refused" "holds 0 images" < <(npy_header "(0, 28, 56)" '<f4')
bad_input "Fortran's order is refused" "is in Fortran order" < <(npy_header "(1, 28, 56)" '<f4' True && float_bars)
bad_input "big-endian numbers are refused" "its type is '>f4'" < <(npy_header "(1, 28, 56)" '>f4' && float_bars)
bad_input "double precision is refused" "its type is '<f8'" < <(npy_header "(1, 28, 56)" '<f8' && float_bars && float_bars)
bad_input "a truncated input is refused" "truncated" < <(head -c 3000 "$work/bars.npy")
bad_input "an overlong input is refused" "too long" < <(cat "$work/bars.npy" && printf x)
bad_input "more pictures than any memory holds are refused" "holds 1000000000000 images" < <(npy_header "(1000000000000, 28, 56)" '<f4' && float_bars)
bad_input "a pixel that is no number is refused" "pixel 292 of image 0 is nan" < <(npy_header "(1, 28, 56)" '<f4' && bars '\0\0\0\xbf' '\0\0\xc0\x7f')
bad_input "a pixel beyond the range is refused" "pixel 292 of image 0 is 1.625" < <(npy_header "(1, 28, 56)" '<f4' && bars '\0\0\0\xbf' '\0\0\xd0\x3f')
bad_input "a text is no input" "is not an .npy file" <"$tiny"
bad_input "a PNG of another size is refused" "is 28 x 56 pixels, not 56 x 28" png < <(bars '\0' '\xff' | png 28 56 0 1)
bad_input "a PNG in colour is refused" "is a colour PNG" png < <(bars '\0\0\0' '\xff\0\0' | png 56 28 2 3)
bad_input "a truncated PNG is refused" "corrupt" png < <(head -c 800 "$work/bars.png")
bad_input "an .npy called .png is refused" "is not a PNG" png <"$work/bars.npy"

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
  cp "$work/deep-taylor-free.npy" "$work/kept.npy"
  fails_on_a_full_disk explain --model "$model" --method sensitivity --input "$pairs" --output "$work/kept.npy" &&
    complains explain "$work/kept.npy: cannot write: File too large" &&
    same_bytes "$work/kept.npy" "$work/deep-taylor-free.npy" || return 1
  [[ ! -e $work/kept.scores.tsv ]] || because "scores without heatmaps"
}
check "on a full disk explain leaves the earlier file" explain_on_a_full_disk

evaluate_on_a_full_disk() {
  fails_on_a_full_disk evaluate "$work/twice" evaluation.pairs=30 || return 1
  warns '^evaluate: .*: cannot write: File too large (free some space' || return 1
  same_bytes "$work/run/gallery.tsv" <(sed "1s/$(basename "$work")\/twice/$(basename "$work")\/run/" "$work/twice/gallery.tsv")
}
check "on a full disk evaluate leaves the earlier tables" evaluate_on_a_full_disk

train_on_a_full_disk() {
  fails_on_a_full_disk train "$tiny" training.checkpoint_every=100 --out "$work/full" || return 1
  warns "^train: $work/full/checkpoint.safetensors: cannot write: File too large" || return 1
  [[ ! -e $work/full/checkpoint.safetensors ]] || because "half a checkpoint is left" || return 1
  works train "$tiny" --out "$work/full" && same_bytes "$work/full/model.safetensors" "$model"
}
check "on a full disk train stops, and begins anew with space" train_on_a_full_disk

# ---- run again, stop and resume ----

finished_stays() {
  snapshot "$work/run" >"$work/before"
  works train "$tiny" --out "$work/run" && works train "$tiny" --out "$work/run" --resume || return 1
  warns "is finished; nothing to do" || return 1
  snapshot "$work/run" | cmp -s - "$work/before" || because "files were written"
}
check "a finished run is left alone" finished_stays
check "another configuration does not overwrite it" refuses 2 "differs in training.batch" train "$tiny" training.batch=5 --out "$work/run"
check "nor with --resume" refuses 2 "differs in training.iterations" train "$tiny" training.iterations=301 --out "$work/run" --resume

long=(training.iterations=2000 training.evaluate_every=700 training.checkpoint_every=100 training.batch=5)
long_run() { # NAME THREADS [OPTION...]
  local name=$1 threads=$2
  shift 2
  works train "$tiny" "${long[@]}" training.threads="$threads" --out "$work/$name" "$@"
}
check "an uninterrupted run, to compare with" long_run whole 1
threads_agree() {
  long_run two 2 || return 1
  same_tensors "$work/whole/model.safetensors" "$work/two/model.safetensors" &&
    same_rows "$work/whole/training.tsv" "$work/two/training.tsv"
}
check "two threads train what one trains" threads_agree

# Starts a long run and, as soon as it has a checkpoint and another DELAY
# seconds have passed, sends the signal: interrupt SIGNAL NAME THREADS DELAY
exec {never}<> <(:) # nothing comes from here, so reading it waits
interrupt() {
  local signal=$1 name=$2 threads=$3 delay=$4 pid
  rm -rf "${work:?}/$name"
  train "$tiny" "${long[@]}" training.threads="$threads" --out "$work/$name" 2>"$work/stderr" &
  pid=$!
  until [[ -e $work/$name/checkpoint.safetensors ]] || ! kill -0 "$pid" 2>/dev/null; do
    read -rt 0.002 -u "$never" || true
  done
  sleep "$delay"
  kill -s "$signal" "$pid" 2>/dev/null || true
  status=0
  wait "$pid" 2>/dev/null || status=$?
}

# The same until the run is unfinished: the signal may come when it is done or
# writes its model. Random moments are tried first, which may be too late.
leave_unfinished() { # SIGNAL NAME THREADS
  local trial delay
  for ((trial = 0; trial < 100; trial++)); do
    delay=0
    ((trial >= 5)) || delay=0.0$((RANDOM % 10))
    interrupt "$@" "$delay"
    [[ ! -e $work/$2/checkpoint.safetensors || -e $work/$2/model.safetensors ]] || return 0
  done
  because "no signal came before the end of a run"
}

same_as_whole() { # NAME THREADS
  local whole=whole
  [[ $2 == 1 ]] || whole=two
  same_bytes "$work/$1/model.safetensors" "$work/$whole/model.safetensors" &&
    same_rows "$work/$1/training.tsv" "$work/$whole/training.tsv" || return 1
  [[ ! -e $work/$1/checkpoint.safetensors ]] || because "the checkpoint is left"
}

stops_and_resumes() { # SIGNAL THREADS
  local name=$1-$2 again=(train "$tiny" "${long[@]}" training.threads="$2" --out "$work/$1-$2")
  leave_unfinished "$1" "$name" "$2" || return 1
  [[ $status == 0 ]] || because "status $status" || return 1
  warns '^stopped after iteration [0-9]*; --resume goes on' || return 1
  refuses 2 "holds an unfinished run" "${again[@]}" || return 1
  refuses 2 "differs in training.seed" "${again[@]}" training.seed=2 --resume || return 1
  long_run "$name" "$2" --resume || return 1
  warns '^resuming after iteration [1-9]' || return 1
  same_as_whole "$name" "$2"
}
for threads in 1 2; do
  check "Ctrl-C stops, and --resume gives the same model with $threads threads" stops_and_resumes INT $threads
  check "SIGTERM stops, and --resume gives the same model with $threads threads" stops_and_resumes TERM $threads
done

killed_and_resumed() {
  leave_unfinished KILL killed 1 || return 1
  [[ $status == 137 ]] || because "status $status" || return 1
  long_run killed 1 --resume && same_as_whole killed 1
}
check "after kill -9, --resume gives the same model" killed_and_resumed

resume_refuses_damage() {
  leave_unfinished INT damaged 1 || return 1
  cp "$work/damaged/checkpoint.safetensors" "$work/checkpoint"
  head -c 10000 "$work/checkpoint" >"$work/damaged/checkpoint.safetensors"
  refuses 1 "damaged/checkpoint.safetensors" train "$tiny" "${long[@]}" training.threads=1 --out "$work/damaged" --resume || return 1
  cp "$work/whole/model.safetensors" "$work/damaged/checkpoint.safetensors"
  refuses 1 "damaged/checkpoint.safetensors" train "$tiny" "${long[@]}" training.threads=1 --out "$work/damaged" --resume
}
check "--resume refuses a damaged checkpoint and a model in its place" resume_refuses_damage

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
