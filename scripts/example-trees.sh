# Copies the source tree twice, and puts the printed examples into one of the copies.
# shellcheck shell=bash disable=SC2154
#
# To be sourced by scripts/check-examples.sh, which sets `work`, `build`, `copied`,
# `kinds`, `folder` and `tests` and has what is printed below $work/printed.

with=$work/with without=$work/without
copy_tree() {
  mkdir "$without"
  if [[ -e .git ]]; then
    git ls-files -z | xargs -0 cp -a --parents -t "$without"
  else
    tar -c --exclude=./build --exclude=./results . | tar -x -C "$without"
  fi
  cp -a "$without" "$with"
}
add_examples() {
  local kind
  for kind in "${kinds[@]}"; do
    cp "$(file_of "$kind")" "$with/${folder[$kind]}"
    cat "$work/printed/${folder[$kind]}/registry.h" >>"$with/${folder[$kind]}/registry.h"
  done
}
nothing_else_changed() {
  diff -r "$without" "$with" >"$work/difference" || :
  [[ $(grep -c '^Only in ' "$work/difference") == 3 ]] || because "not three new files" || return 1
  [[ $(grep -c '^[<>]' "$work/difference") == 3 ]] || because "not three new lines" || return 1
  [[ $(grep -cE '^> DTD_(RULE|MODEL|METHOD)\([a-z_]+\)$' "$work/difference") == 3 ]] || because "other lines than a registry's"
}

# The largest first: they take longest.
tests_of_registries() {
  local test
  grep -lE 'dtd_(rules|methods|model_kinds)\b' src/*/*_test.c src/*/*/*_test.c | xargs ls -S | while read -r test; do
    echo "$copied/test/${test%.c}"
  done
}
# Objects that the examples do not touch are taken over.
build_with() {
  if [[ $build == "$copied" ]]; then
    { find "$build/src" "$build/experiments" -name '*.[od]' -print0 && printf '%s\0' "$build/flags"; } | xargs -0 cp -a --parents -t "$with"
  fi
  make -C "$with" --silent -j "$(getconf _NPROCESSORS_ONLN)" BUILD="$copied" CC="$(cut -d ' ' -f 1 "$build/flags")" \
    "$copied"/bin/{train,evaluate,explain,compare,report} "${tests[@]}" || return 1
  ! grep 'warning: ' "$work/log" || because "$(grep -m 1 'warning: ' "$work/log")"
}

is_formatted() { find "$work/printed" -name '*.c' -exec clang-format --dry-run --Werror --style="file:$PWD/.clang-format" {} +; }
