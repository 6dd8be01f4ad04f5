#!/usr/bin/env bash
# Runs train again, stops it, kills it, and lets it go on.
#
#   scripts/check-resume.sh
#
# Trains small networks for some thousand steps in a temporary folder. One line
# a check, then counts; status 1 when one failed. BUILD says where the programs
# are (build).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/checking.sh
source scripts/tiny-network.sh
takes_no_arguments "$@"
needs train

works train "$tiny" --out "$work/run" || { echo "$me: no tiny network: $reason" >&2 && exit 1; }

# ---- run again, stop and resume ----

finished_stays() {
  snapshot "$work/run" >"$work/before"
  works train "$tiny" --out "$work/run" && works train "$tiny" --out "$work/run" --resume || return 1
  warns "is finished; nothing to do" || return 1
  snapshot "$work/run" | cmp -s - "$work/before" || because "files were written"
}
check "a finished run is left alone" finished_stays
check "another configuration does not overwrite it" refuses 2 "differs in training.batch" train "$tiny" training.batch=5 --out "$work/run"
check "nor with --resume" refuses 2 "differs in training.iterations" train "$tiny" training.iterations=301 --out "$work/run" --resume

long=(training.iterations=2000 training.evaluate_every=700 training.checkpoint_every=100 training.batch=5)
long_run() { # NAME THREADS [OPTION...]
  local name=$1 threads=$2
  shift 2
  works train "$tiny" "${long[@]}" training.threads="$threads" --out "$work/$name" "$@"
}
check "an uninterrupted run, to compare with" long_run whole 1
threads_agree() {
  long_run two 2 && same_tensors "$work"/{whole,two}/model.safetensors && same_rows "$work"/{whole,two}/training.tsv
}
check "two threads train what one trains" threads_agree

# Starts a long run and, as soon as it has a checkpoint and another DELAY
# seconds have passed, sends the signal: interrupt SIGNAL NAME THREADS DELAY
exec {never}<> <(:) # nothing comes from here, so reading it waits
interrupt() {
  local signal=$1 name=$2 threads=$3 delay=$4 pid
  rm -rf "${work:?}/$name"
  train "$tiny" "${long[@]}" training.threads="$threads" --out "$work/$name" 2>"$work/stderr" &
  pid=$!
  until [[ -e $work/$name/checkpoint.safetensors ]] || ! kill -0 "$pid" 2>/dev/null; do
    read -rt 0.002 -u "$never" || true
  done
  sleep "$delay"
  kill -s "$signal" "$pid" 2>/dev/null || true
  status=0
  wait "$pid" 2>/dev/null || status=$?
}

# The same until the run is unfinished: the signal may come when it is done or
# writes its model. Random moments are tried first, which may be too late.
leave_unfinished() { # SIGNAL NAME THREADS
  local trial delay
  for ((trial = 0; trial < 100; trial++)); do
    delay=0
    ((trial >= 5)) || delay=0.0$((RANDOM % 10))
    interrupt "$@" "$delay"
    [[ ! -e $work/$2/checkpoint.safetensors || -e $work/$2/model.safetensors ]] || return 0
  done
  because "no signal came before the end of a run"
}

same_as_whole() { # NAME THREADS
  local whole=whole
  [[ $2 == 1 ]] || whole=two
  same_bytes "$work/$1/model.safetensors" "$work/$whole/model.safetensors" &&
    same_rows "$work/$1/training.tsv" "$work/$whole/training.tsv" || return 1
  [[ ! -e $work/$1/checkpoint.safetensors ]] || because "the checkpoint is left"
}

stops_and_resumes() { # SIGNAL THREADS
  local name=$1-$2 again=(train "$tiny" "${long[@]}" training.threads="$2" --out "$work/$1-$2")
  leave_unfinished "$1" "$name" "$2" || return 1
  [[ $status == 0 ]] || because "status $status" || return 1
  warns '^stopped after iteration [0-9]*; --resume goes on' || return 1
  refuses 2 "holds an unfinished run" "${again[@]}" || return 1
  refuses 2 "differs in training.seed" "${again[@]}" training.seed=2 --resume || return 1
  long_run "$name" "$2" --resume || return 1
  warns '^resuming after iteration [1-9]' || return 1
  same_as_whole "$name" "$2"
}
for threads in 1 2; do
  check "Ctrl-C stops, and --resume gives the same model with $threads threads" stops_and_resumes INT $threads
  check "SIGTERM stops, and --resume gives the same model with $threads threads" stops_and_resumes TERM $threads
done

killed_and_resumed() {
  leave_unfinished KILL killed 1 || return 1
  [[ $status == 137 ]] || because "status $status" || return 1
  long_run killed 1 --resume && same_as_whole killed 1
}
check "after kill -9, --resume gives the same model" killed_and_resumed

resume_refuses_damage() {
  leave_unfinished INT damaged 1 || return 1
  cp "$work/damaged/checkpoint.safetensors" "$work/checkpoint"
  head -c 10000 "$work/checkpoint" >"$work/damaged/checkpoint.safetensors"
  refuses 1 "damaged/checkpoint.safetensors" train "$tiny" "${long[@]}" training.threads=1 --out "$work/damaged" --resume || return 1
  cp "$work/whole/model.safetensors" "$work/damaged/checkpoint.safetensors"
  refuses 1 "damaged/checkpoint.safetensors" train "$tiny" "${long[@]}" training.threads=1 --out "$work/damaged" --resume
}
check "--resume refuses a damaged checkpoint and a model in its place" resume_refuses_damage

close_checks
