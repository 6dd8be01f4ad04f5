#!/usr/bin/env bash
# Checks that each room of src/ includes only itself and rooms below it.
#
#   scripts/check-ladder.sh [SOURCE_FOLDER]
#
# The rooms are the folders of src/; their order is that of the table in
# src/README.md. Modules are NAME.h, NAME.c and NAME_test.c; inside a room no
# cycle of includes may lead from a module back to it. Tests may include any
# room. Every module has a header and a test. Few modules may end the program.
set -euo pipefail

# Rooms that do not include each other, though one is listed below the other.
apart=("roots relevance")
# Each outside header has one module that may include it, so that a library can
# be replaced in one place.
only=("argp.h base/arguments" "Random123/philox.h base/rng" "cblas.h linear/blas"
  "omp.h linear/threads" "zlib.h files/idx" "cjson/cJSON.h files/safetensors"
  "png.h files/png_file" "jpeglib.h files/jpeg_file" "ini.h files/ini_file" "nlopt.h roots/nlopt_root"
  "protobuf-c/protobuf-c.h files/protobuf" "onnx.pb-c.h files/onnx")
# The modules that may end the program, or jump out of functions.
endings="base/die base/region base/arguments"

if [[ ${1-} == --help ]]; then
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
  exit 0
fi
cd "${1:-$(dirname "$0")/../src}"

bad=0
complain() {
  echo "check-ladder: $*" >&2
  bad=1
}

declare -A floor
n=0
while read -r room; do
  floor[$room]=$((++n))
done < <(sed -nE 's/^\| .([a-z_]+)\/. \|.*/\1/p' README.md)
for room in */; do
  [[ ${floor[${room%/}]-} ]] || complain "$room is no room of the table in src/README.md"
done
for room in "${!floor[@]}"; do
  [[ -d $room ]] || complain "src/README.md lists a room $room/, which is not there"
done
for file in *; do
  [[ -d $file || $file == README.md ]] || complain "$file stands outside the rooms"
done

# Headers for tests alone may be included by tests and each other.
is_test() { [[ $1 == *_test.c || $1 == */plain_*.h || $1 == */test*.h || $1 == */assert_*.h ]]; }

# Lines `FILE HEADER`, one an include that is written from src/.
includes() { grep -RHo --include='*.[ch]' '^#include "[^"]*"' . | sed -E 's|^\./(.*):#include "(.*)"|\1 \2|'; }

edges=$(mktemp)
trap 'rm -f "$edges"' EXIT
while read -r file header; do
  [[ -e $header ]] || { complain "$file includes $header, which is not written from src/"; continue; }
  is_test "$file" && continue
  own=${file%%/*} other=${header%%/*}
  if is_test "$header"; then
    complain "$file includes $header, which is for tests"
  elif [[ $own == "$other" ]]; then
    [[ ${file%.[ch]} == "${header%.h}" ]] || echo "${file%.[ch]} ${header%.h}" >>"$edges"
  elif ((${floor[$other]-0} > ${floor[$own]-0})); then
    complain "$file includes $header from above"
  fi
  for pair in "${apart[@]}"; do
    [[ $pair != "$own $other" && $pair != "$other $own" ]] || complain "$file includes $header: these rooms do not include each other"
  done
done < <(includes)
# A list of members is no module: it names what the head of a family declares.
if ! loop=$(grep -v '/registry$' "$edges" | tsort 2>&1 >/dev/null); then
  complain "a cycle of includes: $(grep -v 'input contains a loop' <<<"${loop//tsort: /}" | tr '\n' ' ')"
fi

for rule in "${only[@]}"; do
  read -r header owner <<<"$rule"
  while read -r file; do
    [[ ${file#./} == "$owner".[ch] ]] || is_test "$file" || complain "$file includes <$header>, which only $owner may"
  done < <(grep -RlF --include='*.[ch]' "#include <$header>" . || true)
done

# What base/ takes in everybody's name is given back after an error.
while IFS=: read -r file line; do
  file=${file#./}
  is_test "$file" || [[ $file == base/* ]] || complain "$file calls $line...), which base/ has a function for"
done < <(grep -RoE --include='*.[ch]' '\b(malloc|calloc|realloc|aligned_alloc|strn?dup|v?asprintf|open_memstream) ?\(' . || true)

while IFS=: read -r file line; do
  file=${file#./}
  is_test "$file" || [[ " $endings " == *" ${file%.[ch]} "* ]] || complain "$file ends the program ($line), which only $endings may"
done < <(grep -RoE --include='*.[ch]' '\b(exit|quick_exit|abort|longjmp) ?\(' . || true)

for file in */*.c; do
  case $file in *_test.c) continue ;; esac
  [[ -e ${file%.c}.h ]] || complain "$file has no header ${file%.c}.h"
  [[ -e ${file%.c}_test.c ]] || complain "$file has no test ${file%.c}_test.c"
done
((bad == 0)) && echo "ladder: every room includes only those below it"
exit $bad
