#!/usr/bin/env bash
# Trains and evaluates one configuration with several seeds: means and spread.
#
#   scripts/seeds.sh CONFIG.ini SEEDS [--out DIR] [-- section.key=value ...]
#
# Runs seeds 1 to SEEDS below DIR (results/seeds-CONFIG), as many at once as
# there are processors, one thread each; finished ones are kept. Then prints and
# writes DIR/seeds.tsv: mean, standard deviation, least and greatest value of
# the main metrics.
set -euo pipefail
cd "$(dirname "$0")/.."
usage() { sed -n '2,9s/^# \{0,1\}//p' "$0"; }
[[ ${1-} == --help ]] && { usage; exit 0; }
[[ -r ${1-} && ${2-} =~ ^[1-9][0-9]*$ ]] || { usage >&2; exit 2; }
config=$1 seeds=$2 out=results/seeds-$(basename "$1" .ini)
shift 2
if [[ ${1-} == --out ]]; then
  out=${2?--out needs a folder}
  shift 2
fi
if [[ ${1-} == -- ]]; then shift; fi

scripts/install-dependencies.sh
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
make --silent -j "$jobs" all
mkdir -p "$out"

run_seed() {
  local dir=$out/seed-$1
  shift
  if ! build/bin/train "$config" "training.seed=${dir##*-}" training.threads=1 "$@" \
      --out "$dir" --resume >"$dir.log" 2>&1; then
    echo "seed ${dir##*-}: failed: $(tail -n 1 "$dir.log")" >&2
    return 1
  fi
  if [[ ! $dir/metrics.tsv -nt $dir/model.safetensors ]]; then
    build/bin/evaluate "$dir" >>"$dir.log" 2>&1 || return 1
  fi
  echo "seed ${dir##*-}: done"
}

failed=0
for ((seed = 1; seed <= seeds; seed++)); do
  while (($(jobs -rp | wc -l) >= jobs)); do wait -n || failed=1; done
  run_seed "$seed" "$@" &
done
while (($(jobs -p | wc -l))); do wait -n || failed=1; done
((failed == 0)) || exit 1

metrics="network mse|network accuracy|minmax rms|minmax correlation"
for method in sensitivity taylor deep-taylor-minmax deep-taylor-free; do
  metrics+="|$method target_share"
done
for ((seed = 1; seed <= seeds; seed++)); do
  grep -v '^#' "$out/seed-$seed/metrics.tsv"
done | awk -F'\t' -v wanted="$metrics" -v OFS='\t' '
  $2 != "metric" {
    key = $1 " " $2; n[key]++; sum[key] += $4; squares[key] += $4 * $4
    if (n[key] == 1 || $4 < least[key]) least[key] = $4
    if (n[key] == 1 || $4 > most[key]) most[key] = $4
  }
  END {
    print "subject", "metric", "seeds", "mean", "deviation", "least", "most"
    count = split(wanted, order, "|")
    for (i = 1; i <= count; i++) {
      key = order[i]; mean = sum[key] / n[key]
      spread = n[key] > 1 ? (squares[key] - n[key] * mean * mean) / (n[key] - 1) : 0
      split(key, part, " ")
      print part[1], part[2], n[key], sprintf("%.5g", mean), sprintf("%.3g", sqrt(spread > 0 ? spread : 0)), sprintf("%.5g", least[key]), sprintf("%.5g", most[key])
    }
  }' >"$out/seeds.tsv.partial"
mv "$out/seeds.tsv.partial" "$out/seeds.tsv"
expand -t 22 "$out/seeds.tsv"
