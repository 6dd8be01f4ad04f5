#!/usr/bin/env bash
# Installs into an empty folder, uses what is there, and removes it again.
#
#   scripts/check-install.sh
#
# Compiles the C program of src/README.md with pkg-config's flags and runs it on
# a network that the installed programs have trained. One line a check, then
# counts; status 1 when one failed. BUILD says where the programs are (build).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/checking.sh
takes_no_arguments "$@"
needs train evaluate explain
here=$PWD stage=$work/stage prefix=$work/stage/opt/dtd
# What is built is taken as it is: all, made with whichever flags, is not remade.
make_it() { works make --silent -o all BUILD="$BUILD" DESTDIR="$stage" PREFIX=/opt/dtd "$1"; }
files() { find "$stage" -type f -o -type l | sort; }

installs() {
  make_it install || return 1
  diff <(files | sed "s,^$prefix/,,") <({ cat "$prefix/share/doc/dtd/installed"; echo share/doc/dtd/installed; } | sort) >/dev/null ||
    because "other files than are listed"
}
programs_are_there() {
  local program
  for program in experiments/*.c; do
    program=$(basename "$program" .c)
    [[ $program != bench ]] || continue
    works "$prefix/bin/dtd-$program" --version && says "^dtd-$program [0-9.]* ([0-9a-zA-Z.-]*)$" || return 1
    works "$prefix/bin/dtd-$program" --help && says "^Usage: dtd-$program " || return 1
  done
}
pages_are_there() {
  local program page
  for program in "$prefix"/bin/*; do
    [[ ! -L $program ]] || continue
    page=$prefix/share/man/man1/${program##*/}.1
    grep -q "^${program##*/} \\\\- [A-Z].*[a-z]" "$page" && grep -q '^\.SH SYNOPSIS' "$page" && grep -qF '\-\-version' "$page" ||
      because "$page is no page of it" || return 1
  done
}

check "make install puts what it lists, and no more" installs
check "each program is dtd-NAME, and says so" programs_are_there
if command -v help2man >/dev/null; then
  check "each has a man page" pages_are_there
else
  skip "each has a man page" "help2man is not installed (scripts/install-dependencies.sh --developer installs it)"
fi

# ---- programs, from a folder of their own ----

cd "$work"
tiny=(training.threads=1 training.iterations=200 training.evaluate_every=100 training.evaluation_pairs=50
  network.detection="16 8" network.pool="4 8" data.directory="$here/data")
programs_work() {
  works "$prefix/bin/dtd-train" "$prefix/share/dtd/quick.ini" "${tiny[@]}" --out run &&
    works "$prefix/bin/dtd-evaluate" run evaluation.{scores=50,pairs=10,roots=1,flips=1,repeats=1,slow_repeats=1,bootstrap=20} &&
    works "$prefix/bin/dtd-explain" --model run/model.safetensors --method deep-taylor-free --input run/heatmaps/pairs.npy --output r.npy &&
    works "$prefix/bin/dtd-plot" run && works "$prefix/bin/dtd-report" run || return 1
  [[ -s r.npy && -s run/report.html ]] || because "no heatmaps, or no report"
}
check "the programs work from any folder" programs_work

# A network without settings is told where they were looked for.
settings_are_installed() {
  [[ -r $prefix/share/dtd/input/googlenet.ini ]] || because "there is no googlenet.ini" || return 1
  works "$prefix/bin/dtd-export" run unknown.onnx && rm -f unknown.ini || return 1
  ends 1 "$prefix/bin/dtd-explain" --model unknown.onnx --method sensitivity --input run/heatmaps/pairs.npy --output s.npy &&
    warns "nor in .*, $prefix/share/dtd/input (write them"
}
check "input settings of known networks are there" settings_are_installed

# ---- the library ----

flags() { pkg-config --define-variable=prefix="$prefix" "$@" dtd; }
# shellcheck disable=SC2046 # flags are words
compiles() { # NAME: NAME.c to NAME
  works "${CC:-cc}" -std=c11 -Wall -Wextra -Werror "$1.c" $(flags --cflags --libs) -o "$1"
}
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
version_is_known() {
  works flags --modversion || return 1
  [[ $("$prefix/bin/dtd-train" --version) == "dtd-train $(<stdout) ("* ]] || because "pkg-config says $(<stdout)"
}
headers_compile() {
  (cd "$prefix/include/dtd" && find . -name '*.h' | sed 's,^\./\(.*\),#include "\1",') >headers.c
  ! grep -E '/(test|plain_|assert_)' headers.c || because "a test's header is among them" || return 1
  (($(wc -l <headers.c) > 50)) || because "only $(wc -l <headers.c) headers" || return 1
  while IFS= read -r line; do
    # shellcheck disable=SC2046 # flags are words
    works "${CC:-cc}" -std=c11 -Wall -Wextra -Werror -fsyntax-only $(flags --cflags) -x c - <<<"$line" || return 1
  done <headers.c
  echo "int main(void) { return 0; }" >>headers.c
  compiles headers
}
example_is_printed() {
  # shellcheck disable=SC2016 # the backquotes are Markdown's
  sed -n '/^## From C/,/^## /{/^```c$/,/^```$/p}' "$here/src/README.md" | sed '/^```/d' >explain_one.c
  grep -q '^int main' explain_one.c || because "src/README.md prints no program"
}
example_runs() {
  works ./explain_one run/model.safetensors run/heatmaps/pairs.npy || return 1
  awk '{ gsub(",", ""); d = $3 - $NF; if (d < 0) d = -d; exit !($1 == "f" && $3 + 0 > 0 && d <= 1e-4 * $3) }' stdout ||
    because "says $(<stdout)"
}
check "pkg-config knows its version" version_is_known
check "each header compiles by itself, and all together" headers_compile
check "src/README.md prints a program" example_is_printed
check "it compiles without a warning" compiles explain_one
check "and prints a sum of relevance that is f" example_runs

# ---- and away ----

removes() {
  touch "$prefix/bin/another" "$prefix/include/another.h"
  make_it uninstall || return 1
  [[ $(files) == "$prefix/bin/another"$'\n'"$prefix/include/another.h" ]] || because "left, or lost: $(files | head -n 3 | tr '\n' ' ')"
}
cd "$here"
check "make uninstall removes all of it and nothing else" removes
check "once more, it says that nothing is there" ends 2 make --silent -o all BUILD="$BUILD" DESTDIR="$stage" PREFIX=/opt/dtd uninstall
close_checks
