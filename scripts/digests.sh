#!/usr/bin/env bash
# Prints the digests of a result folder's results, or compares them with others.
#
#   scripts/digests.sh DIR
#   scripts/digests.sh DIR FILE
#
# A line a file, as sha256sum writes them: tables without their "#" lines and
# without times, heatmaps, and the model's tensors in order of name. They are the
# same on every machine (src/linear/README.md). With FILE, says whether all files
# listed there have the digests listed there, or which differ.
set -eu # not pipefail: head closes its input early
if [[ ${1-} == --help ]]; then
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
  exit 0
fi
(($# == 1 || $# == 2)) || { echo "digests.sh: give a result folder (see --help)" >&2; exit 2; }
[[ -d $1 ]] || { echo "digests.sh: $1: no such folder" >&2; exit 1; }
[[ ! ${2-} || -r $2 ]] || { echo "digests.sh: $2: cannot be read" >&2; exit 1; }

# Rows and columns called seconds are times, and what Table 1 calls fast rests on
# them.
table() {
  awk -F '\t' -v OFS='\t' '
    /^#/ { next }
    !head++ { for (c = 1; c <= NF; c++) { time[c] = $c == "seconds"; if ($c == "metric" || $c == "property") key = c } }
    key && ($key == "seconds" || $key == "fast") { next }
    { line = ""; for (c = 1; c <= NF; c++) if (!time[c]) line = line OFS $c; print line }
  ' "$1"
}
# The header, whose length is in the first eight bytes, says where each tensor
# begins and ends, counted from its end.
tensors() {
  local header first last
  header=$(od -An -tu8 -N8 "$1")
  head -c $((8 + header)) "$1" | tail -c +9 | grep -oE '"[^"]+":\{"dtype":[^}]*\}' | LC_ALL=C sort |
    sed -E 's/.*"data_offsets":\[([0-9]+),([0-9]+)\].*/\1 \2/' | while read -r first last; do
    tail -c +$((9 + header + first)) "$1" | head -c $((last - first))
  done
}

digest() { sha256sum | cut -d ' ' -f 1; }
digests() {
  local file
  cd "$1"
  for file in model.safetensors *.tsv heatmaps/*.npy; do
    [[ -f $file ]] || continue
    case $file in
      *.tsv) echo "$(table "$file" | digest)  $file" ;;
      *.npy) echo "$(digest <"$file")  $file" ;;
      *) echo "$(tensors "$file" | digest)  $file" ;;
    esac
  done
}

if [[ ! ${2-} ]]; then
  digests "$1"
  exit 0
fi
found=$(digests "$1")
differing=$(grep -v '^#' "$2" | grep -vxF "$found" | sed 's/^[0-9a-f]*  //' | tr '\n' ' ' || true)
if [[ $differing ]]; then
  echo "not the published bits: $differing"
  exit 1
fi
echo "the published bits: all $(grep -vc '^#' "$2") files"
