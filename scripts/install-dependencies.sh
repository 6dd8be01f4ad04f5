#!/usr/bin/env bash
# Installs what building and running the workbench needs, if it is missing.
#
#   scripts/install-dependencies.sh [--developer] [--bench] [--fashion-mnist]
#
# On Debian and its kin it installs with apt when it may (as root, or with sudo
# that asks for no password); elsewhere it prints the command to type and stops
# with status 1. When nothing is missing it does nothing. --developer adds what
# scripts/check.sh can use besides: clang, clang-format, valgrind, shellcheck,
# help2man, chromium, NumPy and, on Debian and its kin, Slurm, PyTorch, pandas
# and onnx. --bench adds what scripts/bench.sh compares with: PyTorch for the
# system's Python. --fashion-mnist adds the data set of experiments/fashion.ini.
set -euo pipefail

debian="build-essential pkg-config libopenblas-dev librandom123-dev zlib1g-dev libinih-dev libcjson-dev libjpeg-dev libpng-dev libnlopt-dev libprotobuf-c-dev protobuf-c-compiler libonnx-dev gnuplot-nox fonts-dejavu-core libcmocka-dev parallel"
fedora="gcc make pkgconf-pkg-config openblas-devel Random123-devel zlib-devel inih-devel cjson-devel libjpeg-turbo-devel libpng-devel NLopt-devel protobuf-c-devel protobuf-c-compiler python3-onnx gnuplot dejavu-sans-fonts libcmocka-devel parallel"
arch="base-devel openblas random123 zlib libinih cjson libjpeg-turbo libpng nlopt protobuf-c python-onnx gnuplot ttf-dejavu cmocka parallel"
brew="gcc make pkg-config openblas random123 zlib inih cjson jpeg-turbo libpng nlopt protobuf-c onnx gnuplot argp-standalone cmocka parallel"

developer='' bench='' fashion='' data=${DATASETS:-/usr/share/datasets}
while (($#)); do
  case $1 in
    --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --developer)
      developer=1
      debian+=" clang libomp-dev clang-format valgrind shellcheck help2man chromium python3-numpy python3-onnx python3-pandas python3-torch slurm-wlm munge"
      fedora+=" clang libomp-devel clang-tools-extra valgrind ShellCheck help2man chromium python3-numpy"
      arch+=" clang openmp valgrind shellcheck help2man chromium python-numpy"
      brew+=" llvm libomp clang-format shellcheck help2man numpy" ;;
    --bench)
      bench=1
      debian+=" python3-torch python3-numpy"
      fedora+=" python3-torch python3-numpy"
      arch+=" python-pytorch python-numpy"
      brew+=" pytorch numpy" ;;
    --fashion-mnist)
      fashion=1
      debian+=" dataset-fashion-mnist" ;;
    *) echo "install-dependencies.sh: $1: unknown option (see --help)" >&2; exit 2 ;;
  esac
  shift
done

have() { command -v "$1" >/dev/null 2>&1; }

# What a build, or an option, needs and does not find.
missing_parts() {
  local part
  for part in "${CC:-gcc}" make pkg-config protoc-c gnuplot parallel; do
    have "$part" || echo "$part"
  done
  if have pkg-config; then
    for part in openblas inih libcjson libjpeg libpng libprotobuf-c nlopt zlib cmocka; do
      pkg-config --exists "$part" || echo "$part"
    done
  fi
  if have "${CC:-gcc}"; then
    for part in Random123/philox.h argp.h; do
      echo "#include <$part>" | "${CC:-gcc}" -fsyntax-only -x c - >/dev/null 2>&1 || echo "$part"
    done
    "$(dirname "$0")/onnx-schema.sh" >/dev/null || echo onnx.proto
  fi
  if [[ $bench ]]; then
    /usr/bin/python3 -c 'import torch, numpy' 2>/dev/null || echo torch
  fi
  if [[ $fashion && ! -r $data/fashion-mnist/train-images-idx3-ubyte.gz ]]; then
    echo dataset-fashion-mnist
  fi
  if [[ $developer ]]; then
    for part in clang clang-format valgrind shellcheck help2man chromium; do
      have "$part" || echo "$part"
    done
    if have apt-get; then
      have sbatch || echo slurm
      for part in torch pandas onnx; do
        /usr/bin/python3 -c "import $part" 2>/dev/null || echo "$part"
      done
    fi
    for part in python3 /usr/bin/python3; do
      "$part" -c 'import numpy' 2>/dev/null && return
    done
    echo numpy
  fi
}

missing=$(missing_parts | tr '\n' ' ')
if [[ -z $missing ]]; then
  echo "dependencies: all there"
  exit 0
fi
echo "dependencies: missing ${missing% }"

system=
if [[ -r ${OS_RELEASE:-/etc/os-release} ]]; then
  # shellcheck disable=SC1090 # the file is the system's
  system=$(. "${OS_RELEASE:-/etc/os-release}" && echo "${ID-} ${ID_LIKE-}")
elif [[ $(uname) == Darwin ]]; then
  system=brew
fi

suggest() {
  echo "install-dependencies.sh: cannot install them here; please run (then start again):" >&2
  local apt="sudo apt-get update && sudo apt-get install $debian"
  case " $system " in
    *" debian "* | *" ubuntu "*) echo "  $apt" >&2 ;;
    *" fedora "* | *" rhel "*) echo "  sudo dnf install $fedora" >&2 ;;
    *" arch "*) echo "  sudo pacman -S --needed $arch" >&2 ;;
    *" brew "*) echo "  brew install $brew" >&2 ;;
    *)
      {
        echo "  Debian, Ubuntu: $apt"
        echo "  Fedora:         sudo dnf install $fedora"
        echo "  Arch:           sudo pacman -S --needed $arch"
        echo "  Homebrew:       brew install $brew"
      } >&2 ;;
  esac
  [[ ! $fashion || " $system " == *" debian "* ]] ||
    echo "  Fashion-MNIST: the four files of github.com/zalandoresearch/fashion-mnist into $data/fashion-mnist" >&2
  exit 1
}

have apt-get || suggest
case " $system " in *" debian "* | *" ubuntu "*) ;; *) suggest ;; esac
as_root=()
if [[ $(id -u) != 0 ]]; then
  if ! have sudo || ! sudo -n true 2>/dev/null; then suggest; fi
  as_root=(sudo -n)
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "dependencies: installing with apt-get"
# shellcheck disable=SC2086 # the list is meant to be split
if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" apt-get install -y --no-install-recommends $debian; } >"$log" 2>&1; then
  tail -n 5 "$log" >&2
  echo "install-dependencies.sh: apt-get failed (check the network, or install by hand: $debian)" >&2
  exit 1
fi
missing=$(missing_parts | tr '\n' ' ')
if [[ $missing ]]; then
  echo "install-dependencies.sh: still missing ${missing% }" >&2
  exit 1
fi
echo "dependencies: installed"
