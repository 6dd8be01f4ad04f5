#!/usr/bin/env bash
# Runs every test and every check, and closes with one line of counts.
#
#   scripts/check.sh
#
# Installs what is missing, builds, then checks formatting and shell scripts
# (where clang-format and shellcheck are installed), the module ladder and the
# data, and runs all tests: of modules, of programs and of their installation.
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ ${1-} == --help ]]; then
  sed -n '2,8s/^# \{0,1\}//p' "$0"
  exit 0
fi
(($# == 0)) || { echo "check.sh: $1: takes no arguments (see --help)" >&2; exit 2; }

scripts/install-dependencies.sh
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
make --silent -j "$jobs" all tests

if command -v clang-format >/dev/null; then
  find src experiments -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run --Werror
  echo "format: clean"
fi
if command -v shellcheck >/dev/null; then
  shellcheck scripts/*.sh .ci/run
  echo "scripts: clean"
fi
scripts/check-ladder.sh
scripts/check-tree.sh
(cd data && sha256sum --check --quiet SHA256SUMS && echo "data: checksums agree")
make --silent check
