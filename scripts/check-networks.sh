#!/usr/bin/env bash
# Explains our own network as ONNX, and holds it to what it is as it was trained.
#
#   scripts/check-networks.sh
#
# Works in a temporary folder; takes about ten seconds. One line a check, then
# counts; status 1 when one failed. BUILD says where the programs are (build).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/checking.sh
source scripts/tiny-network.sh
takes_no_arguments "$@"
needs train evaluate export explain

tiny_run
net=$work/net.onnx
works "$BUILD/bin/export" "$work/run" "$net" || { echo "check-networks.sh: no network: $reason" >&2; exit 1; }
explain_net() { # METHOD INPUT OUTPUT [OPTION...]
  local method=$1 input=$2 output=$3
  shift 3
  works explain --model "$net" --method "$method" --input "$input" --output "$output" "$@"
}

# ---- the same heatmaps ----

numbers() { tail -c +129 "$1" | od -An -v -tf4 -w4; } # of an .npy
# Within 1e-6 in the L1 norm, over all pairs.
near() { # HEATMAPS WANTED
  paste <(numbers "$1") <(numbers "$2") | awk '
    { d = $1 - $2; off += d < 0 ? -d : d; all += $2 < 0 ? -$2 : $2 }
    END { exit !(NR > 1000 && all > 0 && off <= 1e-6 * all) }' || because "$1 and $2 differ"
}
agrees() { # METHOD
  explain_with "$1" "$pairs" "$work/native.npy" && explain_net "$1" "$pairs" "$work/$1.npy" &&
    near "$work/$1.npy" "$work/native.npy"
}
for method in sensitivity deep-taylor-free gradient-x-input integrated-gradients smoothgrad guided-backpropagation random constant; do
  check "the graph explains as the network does: $method" agrees $method
done

by_rule() { # RULE
  explain_with deep-taylor-free "$pairs" "$work/native.npy" --first-rule "$1" &&
    explain_net deep-taylor-free "$pairs" "$work/rule.npy" --first-rule "$1" && near "$work/rule.npy" "$work/native.npy" &&
    explain_net deep-taylor-free "$pairs" "$work/node.npy" --rule "detection1=$1" && same_bytes "$work/node.npy" "$work/rule.npy"
}
check "by another rule, of a place or of a node" by_rule 'w^2'
check "and by one with a parameter" by_rule 'alpha-beta(2)'

threads_are_no_setting() {
  OMP_NUM_THREADS=1 explain_net deep-taylor-free "$pairs" "$work/one.npy" &&
    same_bytes "$work/one.npy" "$work/deep-taylor-free.npy"
}
check "heatmaps of graphs do not depend on the number of threads" threads_are_no_setting

folder_is_model() {
  works explain --model "$work/run" --method sensitivity --input "$pairs" --output "$work/folder.npy" &&
    explain_with sensitivity "$pairs" "$work/file.npy" && same_bytes "$work/folder.npy" "$work/file.npy"
}
check "a result folder stands for its model" folder_is_model

# ---- tables and pictures ----

tables_are_whole() {
  local table bad
  explain_net deep-taylor-free "$pairs" "$work/t.npy" --png "$work/png" || return 1
  has "$work" t.scores.tsv t.ledger.tsv png/00000.png png/00019.png || return 1
  for table in "$work"/t.*.tsv; do
    [[ $(head -n 1 "$table") == "# command: "* ]] || because "$table has no provenance" || return 1
    bad=$(awk -F'\t' '!/^#/ { if (!columns) columns = NF; if (NF != columns || /\t\t|^\t|\t$/) { print NR; exit } }' "$table")
    [[ -z $bad ]] || because "$table:$bad has other columns" || return 1
  done
  [[ ! -e $work/t.classes.tsv ]] || because "a single score has classes" || return 1
  grep -q $'^pairs.npy\\[3\\]\tNA\tNA\tNA\t' "$work/t.scores.tsv" || because "a single score is a class"
}
check "tables and pictures are written, without empty cells" tables_are_whole

# What enters the node that computes f, and what enters each below.
ledger_closes() {
  awk -F'\t' '/^#/ || $1 == "image" { next } $2 == "f" { f = $4 }
    { n++; off = $4 - f; if (off < 0) off = -off; if (off > 1e-5 * f) bad = 1 }
    END { exit !(n == 20 * 9 && !bad) }' "$work/t.ledger.tsv" || because "relevance is lost"
}
check "the ledger of each node is balanced" ledger_closes

# ---- listings ----

lists_nodes() {
  works explain --model "$net" --list && says '9 nodes, ' && says '^ *2  Gemm  *16 .* detection1$'
}
check "--list prints a network node by node" lists_nodes
lists_composites() { works explain --list && says '^Composites$' && says '^  epsilon-plus-flat '; }
check "--list prints composites" lists_composites

# ---- what cannot be ----

refuses_net() { # STATUS WORDS INPUT [OPTION...]
  local wanted=$1 words=$2 input=$3
  shift 3
  refuses "$wanted" "$words" explain --model "$net" --method sensitivity --input "$input" --output "$work/x.npy" "$@"
}
check "a method that needs a trained model says so" refuses 2 "relevance model of detection-pooling networks, which $net is not" explain --model "$net" --method deep-taylor-minmax --input "$pairs" --output "$work/x.npy"
check "so does one that searches for roots" refuses 2 "taylor: searches for roots" explain --model "$net" --method taylor --input "$pairs" --output "$work/x.npy"
check "a class that is none is refused" refuses_net 2 "1" "$pairs" --class 1
check "a composite that is none lists those there are" refuses 2 "deep-taylor, epsilon-plus" explain --model "$net" --method deep-taylor-free --input "$pairs" --output "$work/x.npy" --composite plus
check "a rule of no node is refused" refuses 2 "detection3" explain --model "$net" --method deep-taylor-free --input "$pairs" --output "$work/x.npy" --rule detection3=z+
check "a method's setting may be given" explain_net occlusion "$pairs" "$work/blocks.npy" explanation.occlusion_side=14
check "another setting may not" refuses_net 2 "training.batch=3: stands after no option" "$pairs" training.batch=3
check "settings of photos are no matter of a trained model" refuses 2 "--class: is for networks from ONNX" explain --model "$model" --method sensitivity --input "$pairs" --output "$work/x.npy" --class 3
# { head } of an .npy with this shape, then as many zeros
npy() { # SHAPE COUNT FILE
  local head="{'descr': '<f4', 'fortran_order': False, 'shape': ($1), }"
  { printf '\x93NUMPY\x01\x00\x76\x00%-117s\n' "$head" && head -c $((4 * $2)) /dev/zero; } >"$3"
}
npy "2, 1, 28, 28" 1568 "$work/small.npy"
check "images of another size are refused" refuses_net 1 "small.npy: its shape is (2, 1, 28, 28), not (N, 1, 28, 56)" "$work/small.npy"
{ npy "1, 28, 56" 1567 "$work/nan.npy" && printf '\0\0\xc0\x7f' >>"$work/nan.npy"; }
check "values that are no numbers are refused" refuses_net 1 "value 1567 of example 0 is" "$work/nan.npy"
check "a picture of another size is refused" refuses_net 1 "readme-scaling.png: has" plots/readme-scaling.png
head -c 200000 "$net" >"$work/half.onnx"
check "half a network is refused" refuses 1 "$work/half.onnx: " explain --model "$work/half.onnx" --method sensitivity --input "$pairs" --output "$work/x.npy"
cp "$net" "$work/bare.onnx"
check "a network of pictures without settings is refused" refuses 1 "bare.onnx: there are no settings of its input" explain --model "$work/bare.onnx" --method sensitivity --input "$pairs" --output "$work/x.npy"
with_settings() {
  works explain --model "$work/bare.onnx" --input-settings "$work/net.ini" --method sensitivity --input "$pairs" --output "$work/named.npy" &&
    same_bytes "$work/named.npy" "$work/sensitivity.npy"
}
check "unless they are named" with_settings
nothing_made() { [[ ! -e $work/x.npy ]] || because "something was written"; }
check "none of the refused wrote anything" nothing_made

close_checks
