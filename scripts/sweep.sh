#!/usr/bin/env bash
# Runs a sweep: an experiment's variants over their seeds, then compares them.
#
#   scripts/sweep.sh FILE [--out DIR] [--jobs N]
#   scripts/sweep.sh --slurm FILE [--out DIR] [--threads N] [-- SBATCH_OPTION ...]
#   scripts/sweep.sh --collect DIR
#
# FILE lists values of settings and seeds; `build/bin/sweep --help` shows what
# stands in it. Each run is trained and evaluated in a folder of its own,
# DIR/RUN (DIR is results/FILE without .ini), and logged in DIR/RUN/log. Here, N
# run side by side (as many as there are processors) under GNU parallel and
# share the processors as threads. Finished runs are kept, interrupted ones go on
# from their checkpoint; one that fails is reported and stops no other, and makes
# the status 1 at the end. Runs that only explain or evaluate otherwise share one
# training: the others link to its model. Then the variants are compared, or the
# relevance models where settings do not differ and there are several, as FILE
# and build/bin/compare --help say: DIR/compare.tsv and DIR/figures/compare.*.
#
# --slurm submits the same as a job array of N threads a task (1), and a job
# that compares when all of them have ended; --collect is what it runs. BUILD
# says where the programs are; without it they are built.
set -euo pipefail
here=$PWD
script=$(realpath "$0")
cd "$(dirname "$script")/.."

complain() { # STATUS WORDS
  echo "sweep.sh: $2" >&2
  exit "$1"
}
from_here() {
  case $1 in /*) echo "$1" ;; *) echo "$here/$1" ;; esac
}

mode=here file='' out='' jobs='' threads='' run='' list='' options=()
while (($#)); do
  case $1 in
    --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$script"; exit 0 ;;
    --slurm) mode=slurm ;;
    --collect)
      mode=collect
      [[ ${2-} ]] || complain 2 "--collect needs a folder (see --help)"
      out=$(from_here "$2")
      shift ;;
    --run | --task) # for parallel: DIR RUN; for Slurm: DIR LIST
      mode=${1#--} out=${2?} run=${3?} list=${3?}
      shift 2 ;;
    --out)
      [[ ${2-} ]] || complain 2 "--out needs a folder (see --help)"
      out=$(from_here "$2")
      shift ;;
    --jobs | --threads)
      [[ ${2-} =~ ^[1-9][0-9]{0,3}$ ]] || complain 2 "$1 needs a number of at least 1 (see --help)"
      if [[ $1 == --jobs ]]; then jobs=$2; else threads=$2; fi
      shift ;;
    --) shift && options=("$@") && break ;;
    -*) complain 2 "$1: unknown option (see --help)" ;;
    *)
      [[ -z $file ]] || complain 2 "$1: one sweep file at a time (see --help)"
      file=$(from_here "$1") ;;
  esac
  shift
done
bin=$PWD/${BUILD:-build}/bin
case ${BUILD-} in /*) bin=$BUILD/bin ;; esac

# ---- one run ----

# A run's cell in runs.tsv, whose columns are run, variant, seed, digest and the
# run that trains for it.
cell() { awk -F'\t' -v run="$1" -v column="$2" '$1 == run { print $column }' "$out/runs.tsv"; }
rows() { sed '/^#/d' "$out/runs.tsv" | tail -n +2; }

is_finished() { # RUN DIGEST
  [[ -r $out/$1/model.safetensors ]] && grep -qsx "# config: $2" "$out/$1/evaluation.ini"
}

# Trains in the folder of a run, unless that is done. Another process that trains
# there ends first.
train_in() {
  exec 8>"$out/$1/training.lock"
  flock 8
  "$bin/train" "$out/$1/config.ini" --out "$out/$1" --resume || return
  exec 8>&-
  [[ -e $out/$1/model.safetensors ]] || { echo "interrupted" && return 1; }
}

# Links what the training of another run left. The model comes last: where it is,
# the rest is complete.
share() { # RUN WITH
  local file
  for file in training.tsv model.safetensors; do
    ln -f "$out/$1/$file" "$out/$2/$file" 2>/dev/null ||
      { cp "$out/$1/$file" "$out/$2/$file.partial" && mv "$out/$2/$file.partial" "$out/$2/$file"; } || return
  done
  echo "trained as $1"
}

work_on() { # RUN
  local from=$1
  [[ -e $out/$1/model.safetensors ]] || from=$(cell "$1" 5)
  train_in "$from" || return
  [[ $from == "$1" ]] || share "$from" "$1" || return
  "$bin/evaluate" "$out/$1"
}

# Trains and evaluates; one line says how it ended. Another process that works on
# the same run ends first.
one_run() {
  local name=$1 folder=$out/$1 digest start=$SECONDS
  digest=$(cell "$name" 4)
  [[ $digest ]] || { echo "$name: failed: no such run in $out/runs.tsv" && return 1; }
  exec 9>"$folder/lock"
  flock 9
  if is_finished "$name" "$digest"; then
    echo "$name: was finished"
    return
  fi
  if work_on "$name" >"$folder/log" 2>&1; then
    echo "$name: done in $((SECONDS - start)) s"
  else
    echo "$name: failed: $(tail -n 1 "$folder/log")"
    return 1
  fi
}

# The same as a job that gets only the first TERM: parallel may send several, and
# a second one would end train before its checkpoint is written.
one_run_gently() {
  local asked='' job status=0
  trap 'asked=1' TERM
  set -m # a process group of its own
  (set +m && trap : TERM && one_run "$1") &
  job=$!
  set +m
  trap 'asked=1 && trap "" TERM && kill -TERM -- "-$job"' TERM
  [[ -z $asked ]] || kill -TERM $$ # it has come in between
  wait "$job" || status=$?
  [[ -z $asked ]] || wait "$job" || status=$?
  return $status
}

# ---- the comparison ----

collect() {
  local status=0 name digest unfinished=0 runs=0 options=()
  while IFS=$'\t' read -r name _ _ digest _; do
    runs=$((runs + 1))
    is_finished "$name" "$digest" || unfinished=$((unfinished + 1))
  done < <(rows)
  ((unfinished < runs)) || complain 1 "no run is finished (see $out/*/log, and run the sweep again)"
  [[ ! -e $out/compare.options ]] || mapfile -t options <"$out/compare.options"
  "$bin/compare" "$out" --out "$out" "${options[@]}" || status=1
  ((status)) || scripts/plot.sh "$out" compare || status=1
  ((unfinished == 0)) || complain 1 "$unfinished runs are not finished (see $out/*/log, and run the sweep again)"
  return $status
}

case $mode in
  run) one_run_gently "$run"; exit ;;
  task) one_run "$(sed -n "${SLURM_ARRAY_TASK_ID?}p" "$list")"; exit ;;
  collect)
    [[ -r $out/runs.tsv ]] || complain 1 "$out: holds no sweep (give the folder of one)"
    collect
    exit ;;
esac

# ---- a sweep ----

[[ $file ]] || complain 2 "no sweep file is given (see --help)"
[[ $out ]] || out=$PWD/results/$(basename "$file" .ini)
cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
if [[ -z ${BUILD-} ]]; then
  scripts/install-dependencies.sh
  make --silent -j "$cores" all
fi

# How many run side by side, and with how many threads each.
if [[ $mode == slurm ]]; then
  command -v sbatch >/dev/null || complain 1 "sbatch is missing (submit where Slurm is installed)"
  threads=${threads:-1}
else
  parallel --version 2>/dev/null | grep -q '^GNU parallel' ||
    complain 1 "GNU parallel is missing (scripts/install-dependencies.sh installs it)"
  count=$("$bin/sweep" "$file" | wc -l) || exit
  jobs=${jobs:-$cores}
  if ((jobs > count)); then jobs=$count; fi
  threads=${threads:-$((cores > jobs ? cores / jobs : 1))}
fi
"$bin/sweep" "$file" --out "$out" --threads "$threads" >/dev/null

left=$(mktemp "$out/left-XXXXXX") # another sweep may run here
trap 'rm -f "$left"' EXIT
kept=0
while IFS=$'\t' read -r name _ _ digest _; do
  if is_finished "$name" "$digest"; then
    kept=$((kept + 1))
  else
    echo "$name" >>"$left"
  fi
done < <(rows)
total=$(wc -l <"$left")
echo "$(basename "$file"): $((total + kept)) runs, $kept of them finished"

number() { # lines, as they come
  local n=0 line
  while IFS= read -r line; do echo "[$((n += 1))/$total] $line"; done
}

here() {
  local status=0 pid numbered numbering stopped=
  exec {numbered}> >(number)
  numbering=$!
  HOME=${HOME-/tmp} PARALLEL_SHELL=$BASH parallel --will-cite --jobs "$jobs" --termseq TERM,60000,KILL,25 --arg-file "$left" \
    "$script" --run "$out" >&"$numbered" {numbered}>&- &
  pid=$!
  exec {numbered}>&-
  # parallel ends its jobs on TERM, but not while it starts, and older versions
  # only on the second; train then leaves a checkpoint.
  trap 'stopped=1; while kill -TERM "$pid" 2>/dev/null; do sleep 0.5; done' INT TERM
  wait "$pid" || status=1
  trap - INT TERM
  [[ -z $stopped ]] || complain 1 "stopped (run it again to go on)"
  wait "$numbering"
  collect || status=1
  return $status
}

submit() {
  local array after quoted
  mkdir -p "$out/slurm"
  printf -v quoted '%q ' "$script" --collect "$out"
  if ((total)); then
    local list
    list=$(mktemp "$out/slurm/runs-XXXXXX")
    mv "$left" "$list"
    printf -v array '%q ' "$script" --task "$out" "$list"
    array=$(sbatch --parsable --job-name="${out##*/}" --array="1-$total" --cpus-per-task="$threads" \
      --output="$out/slurm/%A-%a.log" --chdir="$PWD" "${options[@]}" --wrap "exec $array")
    array=${array%%;*}
    after=--dependency=afterany:$array
    echo "array job $array: $total tasks, logs in $out/slurm"
  fi
  array=$(sbatch --parsable --job-name="${out##*/}-compare" ${after:+"$after"} --output="$out/slurm/%j.log" \
    --chdir="$PWD" "${options[@]}" --wrap "exec $quoted")
  echo "job ${array%%;*} compares them when they have ended: $out/compare.tsv"
}

if [[ $mode == slurm ]]; then submit; else here; fi
