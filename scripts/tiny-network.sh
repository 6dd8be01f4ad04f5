# A network that trains in a second, and sweeps of it, for scripts that check.
# shellcheck shell=bash disable=SC2034,SC2154 # variables are theirs, or checking.sh's
#
# To be sourced behind scripts/checking.sh. `tiny` is its configuration, `model`
# what tiny_run trains, `pairs` what it explains.

tiny=$work/tiny.ini # trains in a second, and is evaluated in another
model=$work/run/model.safetensors pairs=$work/run/heatmaps/pairs.npy
cat >"$tiny" <<'INI'
[network]
detection = 16 8
pool = 4 8
[training]
iterations = 300
evaluate_every = 100
evaluation_pairs = 50
[minmax]
rise = 30
deviation = 0.03
top_down_deviation = 0.005
[evaluation]
scores = 50
pairs = 20
roots = 2
flips = 4
repeats = 2
slow_repeats = 1
bootstrap = 50
INI

# Trains it in $work/run and evaluates it, or ends the script.
tiny_run() {
  if ! { works train "$tiny" --out "$work/run" && works evaluate "$work/run"; }; then
    echo "$me: no tiny network: $reason" >&2
    exit 1
  fi
}

explain_with() { # METHOD INPUT OUTPUT [OPTION...]
  local method=$1 input=$2 output=$3
  shift 3
  works explain --model "$model" --method "$method" --input "$input" --output "$output" "$@"
}

refuses_to_explain() { # STATUS WORDS MODEL METHOD INPUT OUTPUT
  refuses "$1" "$2" explain --model "$3" --method "$4" --input "$5" --output "$6"
}

# ---- sweeps of it ----

# The configuration becomes one of 400 digits of each part, evaluated briefly.
small_sweeps() {
  local part
  mkdir "$work/data"
  for part in train t10k; do
    { printf '\0\0\x08\x03\0\0\x01\x90' && gzip -dc "data/$part-images-idx3-ubyte.gz" | tail -c +9 | head -c $((8 + 400 * 784)); } >"$work/data/$part-images-idx3-ubyte" || true
    { printf '\0\0\x08\x01\0\0\x01\x90' && gzip -dc "data/$part-labels-idx1-ubyte.gz" | tail -c +9 | head -c 400; } >"$work/data/$part-labels-idx1-ubyte" || true
  done
  mv "$tiny" "$work/usual.ini"
  printf 'include = usual.ini\n[data]\ndirectory = %s\n[training]\ncheckpoint_every = 20\n[explanation]\nroot_starts = 1\n[evaluation]\npairs = 10\nroots = 1\nflips = 1\nrepeats = 1\n' "$work/data" >"$tiny"
}
sweep_file() { printf '[sweep]\nbase = tiny.ini\n%b\n' "$2" >"$work/$1.ini"; } # NAME LINES
two='[vary]\nminmax.learning_rate = 1e-3 2e-3'
small=("minmax.learning_rate=1e-3,seed="{1,2} "minmax.learning_rate=2e-3,seed="{1,2}) # their runs
