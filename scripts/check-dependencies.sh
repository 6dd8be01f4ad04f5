#!/usr/bin/env bash
# Checks install-dependencies.sh on made-up systems; installs nothing.
#
#   scripts/check-dependencies.sh
#
# Each system is a folder of commands that only record how they are called, and
# an os-release file. One line a check, then counts; status 1 when one failed.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/checking.sh
takes_no_arguments "$@"
bash=$(command -v bash)

# ---- made-up systems ----

# fake COMMAND [SCRIPT]: a command that records its call in $work/calls.
fake() {
  printf '#!%s\necho "%s $*" >>"%s/calls"\n%s\n' "$bash" "$1" "$work" "${2-}" >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}

# system ID USER_ID: a bare one, with what the script itself calls.
system() {
  local tool
  rm -rf "${work:?}/bin" "$work/calls" "$work/built"
  mkdir "$work/bin"
  for tool in bash dirname sed tr mktemp rm tail cat grep; do
    ln -s "$(command -v $tool)" "$work/bin/$tool"
  done
  fake id "echo $2"
  fake uname "echo Linux"
  printf '%s\n' "$1" >"$work/os-release"
  : >"$work/calls"
}

# Everything a build needs, once $work/built is there.
tools() {
  for tool in make pkg-config protoc-c gnuplot parallel; do fake $tool "[[ -e '$work/built' ]]"; done
  fake gcc "cat >/dev/null; [[ -e '$work/built' ]] && echo '-: /usr/include/onnx/onnx.proto'"
}

install() {
  call env -i PATH="$work/bin" HOME="$work" TMPDIR="$work" OS_RELEASE="$work/os-release" DATASETS="$work/datasets" \
    "$bash" scripts/install-dependencies.sh "$@"
}

# The command that is printed for a system, and that nothing was installed.
suggests() { # WORDS...
  install
  [[ $status == 1 ]] || because "status $status" || return 1
  local words
  for words in "$@"; do
    grep -qF -e "$words" "$work/stderr" || because "no \"$words\" in: $(<"$work/stderr")" || return 1
  done
  ! grep -qE '^(apt-get|sudo -n apt|dnf|pacman|brew)' "$work/calls" || because "calls $(<"$work/calls")"
}

only_line() {
  [[ $(grep -c '^  ' "$work/stderr") == 1 ]] || because "more than one command: $(<"$work/stderr")"
}

# The list of a system's packages in the script.
list_of() { sed -n "s/^$1=\"\(.*\)\"$/\1/p" scripts/install-dependencies.sh; }

suggests_one() { suggests "$@" && only_line; }

# ---- checks ----

system "ID=fedora" 0
check "Fedora: dnf, with the packages' names there" suggests_one "  sudo dnf install $(list_of fedora)"
system "ID=centos
ID_LIKE=\"rhel fedora\"" 0
check "its kin too" suggests_one "  sudo dnf install $(list_of fedora)"
system "ID=arch" 0
check "Arch: pacman" suggests_one "  sudo pacman -S --needed $(list_of arch)"
system "" 0
rm "$work/os-release"
fake uname "echo Darwin"
check "macOS: Homebrew" suggests_one "  brew install $(list_of brew)"
system "ID=plan9" 0
check "elsewhere: the commands of all" suggests "sudo apt-get update && sudo apt-get install $(list_of debian)" "sudo dnf install $(list_of fedora)" "sudo pacman -S --needed $(list_of arch)" "brew install $(list_of brew)"
system "" 0
rm "$work/os-release"
check "where nothing says what it is: the same" suggests "Debian, Ubuntu:" "Fedora:" "Arch:" "Homebrew:"

system "ID=debian" 1000
fake apt-get
check "Debian without root or sudo: apt-get, for the user to type" suggests_one "  sudo apt-get update && sudo apt-get install $(list_of debian)"
system "ID=linuxmint
ID_LIKE=\"ubuntu debian\"" 1000
fake apt-get
fake sudo "exit 1"
check "nor with a sudo that asks for a password" suggests_one "  sudo apt-get update"

installs() { # HOW
  install
  [[ $status == 0 ]] || because "status $status: $(<"$work/stderr")" || return 1
  diff <(grep -v ' --exists\|^gcc \|^id ' "$work/calls") - >"$work/difference" ||
    because "$(<"$work/difference")"
}
install_succeeds="[[ \$1 != install ]] || : >'$work/built'"
system "ID=debian" 0
tools
fake apt-get "$install_succeeds"
check "Debian as root: apt-get without asking" installs <<CALLS
apt-get update
apt-get install -y --no-install-recommends $(list_of debian)
CALLS
nothing_to_do() {
  : >"$work/calls"
  install
  [[ $status == 0 ]] || because "status $status" || return 1
  [[ $(<"$work/stdout") == "dependencies: all there" ]] || because "says $(<"$work/stdout")" || return 1
  [[ ! -s $work/stderr ]] || because "$(<"$work/stderr")" || return 1
  ! grep -q 'apt-get\|sudo' "$work/calls" || because "calls $(<"$work/calls")"
}
check "again: nothing is installed, and one line says so" nothing_to_do

system "ID=ubuntu
ID_LIKE=debian" 1000
tools
fake apt-get "$install_succeeds"
fake sudo "shift; [[ \$1 == true ]] || \"\$@\""
check "with a sudo that asks for nothing: by it" installs <<CALLS
sudo -n true
sudo -n apt-get update
apt-get update
sudo -n apt-get install -y --no-install-recommends $(list_of debian)
apt-get install -y --no-install-recommends $(list_of debian)
CALLS

fails() { # WORDS
  install
  [[ $status == 1 ]] || because "status $status" || return 1
  grep -q "^install-dependencies.sh: $1" "$work/stderr" || because "$(<"$work/stderr")"
}
system "ID=debian" 0
tools
fake apt-get "echo 'E: no network' >&2; exit 100"
check "an apt-get that fails is reported" fails "apt-get failed (check the network"
system "ID=debian" 0
tools
fake apt-get
check "so is what is still missing behind it" fails "still missing gcc\|still missing .*openblas"

one_is_named() {
  : >"$work/built"
  fake pkg-config "[[ -e '$work/built' && \$2 != libcjson ]]"
  suggests "sudo dnf install"
  [[ $(<"$work/stdout") == "dependencies: missing libcjson" ]] || because "says $(<"$work/stdout")"
}
system "ID=fedora" 0
tools
check "a single library that is missing is named" one_is_named
developer() {
  install --developer
  [[ $status == 1 && $(<"$work/stdout") == *"clang-format"* ]] || because "status $status, $(<"$work/stdout")" || return 1
  grep -qF "$(list_of fedora) clang" "$work/stderr" || because "$(<"$work/stderr")"
}
: >"$work/built"
fake pkg-config
check "--developer asks for its tools besides" developer
bench() {
  install --bench
  grep -qF "$(list_of fedora) python3-torch" "$work/stderr" || [[ $status == 0 ]] || because "status $status, $(<"$work/stderr")"
}
check "--bench asks for PyTorch besides, unless it is there" bench

system "ID=debian" 0
tools
fake apt-get "[[ \$1 != install ]] || mkdir -p '$work/datasets/fashion-mnist/train-images-idx3-ubyte.gz'"
ln -s "$(command -v mkdir)" "$work/bin/mkdir"
: >"$work/built"
fashion() {
  install && [[ $(<"$work/stdout") == "dependencies: all there" ]] || because "missed without the option" || return 1
  install --fashion-mnist
  [[ $status == 0 && $(<"$work/stdout") == *"missing dataset-fashion-mnist"* ]] || because "status $status, $(<"$work/stdout")" || return 1
  grep -qxF "apt-get install -y --no-install-recommends $(list_of debian) dataset-fashion-mnist" "$work/calls" || because "calls $(<"$work/calls")"
}
check "--fashion-mnist, and nothing else, asks for that data set" fashion
fashion_elsewhere() {
  rm -r "$work/datasets"
  install --fashion-mnist --developer
  [[ $status == 1 ]] || because "status $status" || return 1
  grep -q "github.com/zalandoresearch/fashion-mnist into $work/datasets/fashion-mnist" "$work/stderr" || because "$(<"$work/stderr")"
}
system "ID=fedora" 0
tools
: >"$work/built"
check "elsewhere it says where the files are to go" fashion_elsewhere

close_checks
