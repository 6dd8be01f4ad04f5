#!/usr/bin/env bash
# Runs every test and every check, and closes with one line of counts.
#
#   scripts/check.sh
#
# Installs what is missing, builds, then checks formatting and shell scripts
# (where clang-format and shellcheck are installed), the ladder of rooms, texts
# and lengths, and the data, and runs all tests: of modules, of programs and of
# their installation.
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ ${1-} == --help ]]; then
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "scripts/${0##*/}"
  exit 0
fi
(($# == 0)) || { echo "check.sh: $1: takes no arguments (see --help)" >&2; exit 2; }

scripts/install-dependencies.sh
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
make --silent -j "$jobs" all tests

if command -v clang-format >/dev/null && command -v shellcheck >/dev/null; then
  make --silent lint
else
  echo "formatting and scripts: not checked (scripts/install-dependencies.sh --developer installs clang-format and shellcheck)"
  scripts/check-ladder.sh
  scripts/check-tree.sh
fi
(cd data && sha256sum --check --quiet SHA256SUMS && echo "data: checksums agree")
make --silent check
