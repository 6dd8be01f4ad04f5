#!/usr/bin/env bash
# Gives explain images of every form that it takes, and of many that it refuses.
#
#   scripts/check-images.sh
#
# Writes .npy and PNG files byte by byte, for a tiny network trained in a
# temporary folder. One line a check, then counts; status 1 when one failed.
# BUILD says where the programs are (build).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/checking.sh
source scripts/tiny-network.sh
takes_no_arguments "$@"
needs train evaluate explain

# ---- writing images ----

# An .npy header: npy_header SHAPE TYPE [ORDER].
npy_header() {
  local text="{'descr': '$2', 'fortran_order': ${3:-False}, 'shape': $1, }" size
  size=$(((10 + ${#text} + 1 + 63) / 64 * 64 - 10))
  printf '\x93NUMPY\x01\x00'
  printf '%b' "$(printf '\\x%02x\\x%02x' $((size % 256)) $((size / 256)))"
  printf "%-$((size - 1))s\n" "$text"
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

# ---- what is read ----

tiny_run
count=$(head -n 1 "$pairs" | LC_ALL=C sed -n "s/.*'shape': (\([0-9]*\), 28, 56).*/\1/p")
forms_agree() {
  explain_with deep-taylor-free "$pairs" "$work/heatmaps.npy" || return 1
  { npy_header "($count, 1568)" '<f4' && npy_data "$pairs"; } >"$work/flat.npy"
  explain_with deep-taylor-free "$work/flat.npy" "$work/from-flat.npy" &&
    same_bytes "$work/from-flat.npy" "$work/heatmaps.npy"
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

# ---- what is refused ----

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

close_checks
