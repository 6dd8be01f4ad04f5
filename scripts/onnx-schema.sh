#!/usr/bin/env bash
# Prints where ONNX's schema is, of which the Makefile makes C.
#
#   scripts/onnx-schema.sh
#
# It is where the compiler (CC) finds <onnx/onnx.proto>, as Debian's libonnx-dev
# puts it, or in Python's package onnx. Prints nothing, with status 1, when it is
# in neither.
set -euo pipefail
if [[ ${1-} == --help ]]; then
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
  exit 0
fi

# shellcheck disable=SC2086 # CC may be several words
found=$(echo '#include <onnx/onnx.proto>' | ${CC:-gcc} -E -M -x c - 2>/dev/null | tr ' ' '\n' | grep '/onnx\.proto$') ||
  found=$(python3 -c 'import importlib.util as u; print(u.find_spec("onnx").submodule_search_locations[0] + "/onnx.proto")' 2>/dev/null) ||
  exit 1
echo "$found"
