#!/usr/bin/env bash
# Installs the programs and the library, or removes what was installed.
#
#   make install [PREFIX=/usr/local] [DESTDIR=]
#   make uninstall [PREFIX=/usr/local] [DESTDIR=]
#
# Below PREFIX: bin/dtd-NAME for each program but the benchmark, lib/libdtd.a,
# the modules' headers in include/dtd/, lib/pkgconfig/dtd.pc, man pages (where
# help2man is installed), configurations in share/dtd/, bin/dtd-plot for
# scripts/plot.sh, and texts in share/doc/dtd/. share/doc/dtd/installed lists the files, and uninstall removes
# those. DESTDIR is put before PREFIX in the names of files that are written.
# The Makefile passes BUILD, PACKAGES and HEADERS.
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1-} in
  --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "scripts/${0##*/}"; exit 0 ;;
  install | uninstall) ;;
  *) echo "install.sh: ${1-}: install or uninstall? (see --help)" >&2; exit 2 ;;
esac
PREFIX=${PREFIX:-/usr/local}
[[ $PREFIX == /* ]] || { echo "install.sh: PREFIX=$PREFIX: not an absolute path (begin it with /)" >&2; exit 2; }
to=${DESTDIR-}$PREFIX
list=$to/share/doc/dtd/installed
version=$(sed -n 's/^#define DTD_VERSION "\(.*\)"$/\1/p' src/base/version.h)

if [[ $1 == uninstall ]]; then
  [[ -r $list ]] || { echo "install.sh: $list: missing (nothing of this PREFIX and DESTDIR to remove)" >&2; exit 1; }
  while IFS= read -r file; do rm -f "$to/$file"; done <"$list"
  rm -f "$list"
  for folder in include/dtd share/dtd share/doc/dtd; do
    [[ ! -d $to/$folder ]] || find "$to/$folder" -depth -type d -empty -delete
  done
  echo "removed from $to"
  exit
fi

# put MODE FILE [NAME]: FILE as NAME below PREFIX, or stdin for -.
put() {
  mkdir -p "$to/$(dirname "$3")"
  if [[ $2 == - ]]; then
    cat >"$to/$3"
    chmod "$1" "$to/$3"
  else
    install -m "$1" "$2" "$to/$3"
  fi
  echo "$3" >>"$list"
}
remove() { "scripts/${0##*/}" uninstall >/dev/null; }
[[ ! -r $list ]] || remove # another version
mkdir -p "$(dirname "$list")"
: >"$list"
trap remove EXIT # until all is there

for program in experiments/*.c; do
  program=$(basename "$program" .c)
  [[ $program == bench ]] || put 755 "$BUILD/bin/$program" "bin/dtd-$program"
done
put 644 "$BUILD/libdtd.a" lib/libdtd.a
for header in $HEADERS; do put 644 "$header" "include/dtd/${header#src/}"; done
put 644 - lib/pkgconfig/dtd.pc <<PC
prefix=$PREFIX
includedir=\${prefix}/include
libdir=\${prefix}/lib

Name: dtd
Description: Deep Taylor decomposition of neural networks
Version: $version
Requires: $PACKAGES
Cflags: -I\${includedir}/dtd -fopenmp
Libs: -L\${libdir} -ldtd -fopenmp -lm
PC
put 755 scripts/plot.sh share/dtd/scripts/plot.sh
for file in plots/*.gp; do put 644 "$file" "share/dtd/$file"; done
ln -sf ../share/dtd/scripts/plot.sh "$to/bin/dtd-plot"
echo bin/dtd-plot >>"$list"
for file in experiments/*.ini; do put 644 "$file" "share/dtd/${file##*/}"; done
for file in experiments/input/*.ini; do put 644 "$file" "share/dtd/input/${file##*/}"; done
for file in README.md CHANGELOG.md CITATION.cff LICENSE; do put 644 "$file" "share/doc/dtd/$file"; done

# The first paragraph of a program's --help, behind its usage, without its stop.
purpose() { "$1" --help | awk 'NR > 1 && /^$/ { exit } !/^(Usage:|  or: )/ { printf "%s%s", gap, $0; gap = " " }' | sed 's/\.$//'; }
# help2man joins indented lines unless they begin with a prompt, which is taken
# out of the page again. Programs have the names that they are installed by.
man_page() {
  help2man --no-info --version-string="$version" --name="$(purpose "$1")" \
    --help-option="--help | sed -E '/^Mandatory/,\$ { s/:\$/&\\n/; s/^  +/  > /; }; s,build/bin/,dtd-,g; s,scripts/plot\.sh,dtd-plot,g'" "$1" |
    sed -e 's/^\\f(CW> /\\f(CW/' -e '/^\.TH/a .ad l'
}
if command -v help2man >/dev/null; then
  while IFS= read -r program; do
    [[ $program != bin/dtd-* || -L $to/$program ]] || man_page "$to/$program" | put 644 - "share/man/man1/${program##*/}.1"
  done < <(cat "$list")
else
  echo "install.sh: without man pages, for help2man is missing (scripts/install-dependencies.sh --developer installs it)" >&2
fi
trap - EXIT
echo "installed below $to"
