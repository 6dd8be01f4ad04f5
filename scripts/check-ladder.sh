#!/usr/bin/env bash
# Checks that modules include only what stands on their rung or below.
#
#   scripts/check-ladder.sh [SOURCE_FOLDER]
#
# The ladder, lowest rung first. Within a rung a module includes only those
# written before it, so that no cycle can hide.
set -euo pipefail

ladder=(
  "die memory registry output arguments processor vector_kernel rng rank mat stopwatch machine child"
  "input idx parts ink pairs npy safetensors table table_reader picture explained_images ini_file"
  "folded_kernel folded network optimiser optimisers/ mean_gradient image_batch plane_function plane_root natural_decomposition trainer checkpoint"
  "rule rules/ propagator_kernel propagator unit_root relevance_model models/ decomposition relevance_learner"
  "root_problem smooth_network rectifiers projected_bfgs root_descent root_restoration root_search nlopt_root nearest_root method methods/ model vector_field plane_tables root_comparison"
  "student sign_flip measure root_audit metric ledger flipping continuity randomisation evaluation claims table1 evaluation_tables config evaluated compared_runs compared_variants comparison sweep uniqueness progress listing run result_folder training_job heatmap_job benchmark scaling"
)
# Each outside header has one module that may include it, so that a library can
# be replaced in one place.
only=("argp.h arguments" "cblas.h mat" "omp.h mat" "Random123/philox.h rng" "zlib.h idx"
  "cjson/cJSON.h safetensors" "png.h picture" "nlopt.h nlopt_root"
  "ini.h ini_file")

if [[ ${1-} == --help ]]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0"
  exit 0
fi
cd "${1:-$(dirname "$0")/../src}"

declare -A place
n=0
for rung in "${ladder[@]}"; do
  for module in $rung; do place[$module]=$((n++)); done
done

bad=0
complain() {
  echo "check-ladder: $*" >&2
  bad=1
}

# The module a file belongs to: its folder for rules/, models/ and methods/.
module_of() {
  local path=${1#./}
  case $path in
    */registry.h) echo "${path%/*}/" ;;
    */*) echo "${path%%/*}/" ;;
    *) path=${path%.[ch]} && echo "${path%_test}" ;;
  esac
}

for file in *.[ch] */*.[ch]; do
  [[ -e $file ]] || continue
  case $file in assert_dies.h | plain_*.h | test_*.h) continue ;; esac
  own=$(module_of "$file")
  if [[ -z ${place[$own]-} ]]; then
    complain "$file: no rung of the ladder holds $own (add it in scripts/check-ladder.sh)"
    continue
  fi
  while read -r header; do
    header=${header#../}
    case $header in assert_dies.h | plain_*.h | test_*.h) continue ;; esac
    other=$(module_of "$header")
    if [[ -z ${place[$other]-} ]]; then
      complain "$file includes $header, which no rung holds"
    elif [[ $file == *_test.c ]]; then
      continue
    elif [[ $header == */registry.h ]] && ((place[$other] == place[$own] + 1)); then
      continue # a family's head lists its members, which stand right after it
    elif ((place[$other] > place[$own])); then
      complain "$file includes $header from above"
    fi
  done < <(sed -n 's/^#include "\(.*\)"/\1/p' "$file")
  [[ $file == *_test.c ]] && continue
  for rule in "${only[@]}"; do
    read -r header owner <<<"$rule"
    if [[ $own != "$owner" ]] && grep -q "^#include <$header>" "$file"; then
      complain "$file includes <$header>, which only $owner may"
    fi
  done
done

for file in *.c; do
  case $file in *_test.c) continue ;; esac
  [[ -e ${file%.c}.h ]] || complain "$file has no header ${file%.c}.h"
  [[ -e ${file%.c}_test.c ]] || complain "$file has no test ${file%.c}_test.c"
done
((bad == 0)) && echo "ladder: every module includes only what stands below it"
exit $bad
