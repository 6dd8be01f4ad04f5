#!/usr/bin/env bash
# Checks what no compiler does: links, names in texts, the version, and lengths.
#
#   scripts/check-tree.sh
#
# Every relative link of a text leads to a file, and every dtd_ name in one
# stands in a source. CITATION.cff and CHANGELOG.md have the version of
# src/base/version.h. No function has more than 60 lines, no shell script more
# than 250, and README.md at most 12 000 bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ ${1-} == --help ]]; then
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "scripts/${0##*/}"
  exit 0
fi

bad=0
complain() {
  echo "check-tree: $*" >&2
  bad=1
}

mapfile -t texts < <(find . \( -path ./build -o -path ./results \) -prune -o -name '*.md' -printf '%P\n')
# A text without its blocks of code.
# shellcheck disable=SC2016 # the backquotes are Markdown's
prose() { sed '/^```/,/^```/d' "$1"; }
for text in "${texts[@]}"; do
  while read -r link; do
    [[ -e $(dirname "$text")/$link ]] || complain "$text: no file $link to link to"
  done < <(prose "$text" | grep -oE '\]\([^)#]+' | sed 's/^](//' | grep -vE '^[a-z]+:' || true)
  while read -r name; do
    grep -rqw --include='*.[ch]' -e "$name" src experiments || complain "$text: $name is in no source"
  done < <(prose "$text" | grep -oE '\bdtd_[a-z0-9_]+\b' | sort -u)
done

version=$(sed -n 's/^#define DTD_VERSION "\(.*\)"$/\1/p' src/base/version.h)
grep -qx "version: $version" CITATION.cff || complain "CITATION.cff: the version is not $version"
[[ $(grep -m 1 '^## \[[0-9]' CHANGELOG.md) == "## [$version] - "* ]] || complain "CHANGELOG.md: its latest version is not $version"

# The body of a function opens with the first line outside that ends in `) {`.
while read -r where; do complain "$where"; done < <(
  find src experiments -name '*.[ch]' -print0 | xargs -0 awk '
    FNR == 1 { start = 0 }
    !start && /\) \{$/ { start = FNR }
    start && /^}/ {
      if (FNR - start >= 60) print FILENAME ":" start ": a function of " FNR - start + 1 " lines (60 at most)"
      start = 0
    }')
for script in scripts/*.sh .ci/run; do
  lines=$(wc -l <"$script")
  ((lines <= 250)) || complain "$script: $lines lines (250 at most)"
done
bytes=$(wc -c <README.md)
((bytes <= 12000)) || complain "README.md: $bytes bytes (12 000 at most)"
((bad == 0)) && echo "tree: links, version and lengths are as they should be"
exit $bad
