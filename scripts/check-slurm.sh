#!/usr/bin/env bash
# Runs a sweep under a Slurm of one node.
#
#   scripts/check-slurm.sh
#
# Starts munged, slurmctld and slurmd on ports of their own, with their state
# below build/slurm, and ends them; no cluster that this machine belongs to is
# touched. Skips where Slurm is not installed or does not start. One line a
# check, then counts; status 1 when one failed. BUILD says where the programs are
# (build).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/checking.sh
source scripts/tiny-network.sh
takes_no_arguments "$@"
needs train evaluate sweep compare
sockets='' daemons=()
stop_daemons() {
  local pid
  for pid in "${daemons[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${daemons[@]}"; do wait "$pid" 2>/dev/null || true; done
  daemons=()
}
clean_up() {
  stop_daemons
  rm -rf "$work" "$sockets" || true
}
trap clean_up EXIT

# ---- a cluster of one node ----

cluster_is_missing() { # says why
  local program
  for program in munged slurmctld slurmd sbatch sinfo setpriv; do
    command -v "$program" >/dev/null || { echo "$program is not installed (scripts/install-dependencies.sh --developer installs it on Debian)" && return; }
  done
  if [[ $(id -u) != 0 ]]; then
    echo "its daemons must be started by root"
  elif ! id munge >/dev/null 2>&1; then
    echo "there is no user munge"
  fi
}

# Starts the daemons on ports that may be taken.
start_cluster() {
  local state=$BUILD/slurm port=$((20000 + RANDOM % 12000)) host tick pid
  host=$(uname -n)
  host=${host%%.*}
  # munge trusts no folder that others may write, and sockets have short paths
  sockets=$(mktemp -d /run/dtd-slurm-XXXXXX) || return
  rm -rf "$state"
  mkdir -p "$state/ctld" "$state/d"
  chmod 755 "$sockets"
  head -c 128 /dev/urandom >"$sockets/key"
  chmod 600 "$sockets/key"
  chown -R munge "$sockets"
  setpriv --reuid munge --regid munge --clear-groups munged --foreground --key-file="$sockets/key" \
    --socket="$sockets/munge" --pid-file="$sockets/pid" --seed-file="$sockets/seed" --log-file="$sockets/log" 2>/dev/null &
  daemons+=($!)

  cat >"$state/slurm.conf" <<CONF
ClusterName=check
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$sockets/munge
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmctldPidFile=$state/slurmctld.pid
SlurmdPidFile=$state/slurmd.pid
StateSaveLocation=$state/ctld
SlurmdSpoolDir=$state/d
SlurmctldLogFile=$state/slurmctld.log
SlurmdLogFile=$state/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0,bf_interval=1
MinJobAge=300
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=check Nodes=$host Default=YES State=UP
CONF
  export SLURM_CONF=$state/slurm.conf
  slurmctld -D >"$state/slurmctld.out" 2>&1 &
  daemons+=($!)
  slurmd -D -N "$host" >"$state/slurmd.out" 2>&1 &
  daemons+=($!)
  for ((tick = 0; tick < 600; tick++)); do
    [[ $(sinfo -h -o %T 2>/dev/null || true) != idle ]] || return 0
    for pid in "${daemons[@]}"; do kill -0 "$pid" 2>/dev/null || return; done
    sleep 0.1
  done
  return 1
}
cluster_runs() {
  local _
  for _ in 1 2 3; do
    ! start_cluster || return 0
    stop_daemons
    rm -rf "$sockets"
  done
  return 1
}

queue_is_empty() { [[ -z $(squeue -h 2>&1) ]]; }
# All jobs have ended, and the last has drawn its figures.
jobs_end() {
  wait_until queue_is_empty || because "still there: $(squeue -h 2>&1 | head -n 3)" || return 1
  [[ -s $work/queue/figures/compare.png ]] || because "no figure: $(tail -q -n 1 "$work"/queue/slurm/*.log | tr '\n' ' ')"
}

slurm_works() {
  local run
  ends 0 scripts/sweep.sh --slurm "$work/queue.ini" --out "$work/queue" || return 1
  says "array job [0-9]*: 4 tasks" && says "job [0-9]* compares them" || return 1
  jobs_end || return 1
  for run in "${small[@]}"; do
    grep -q "^$run: done in" "$work"/queue/slurm/*-[1-4].log || because "$run is not in the logs" || return 1
    same_tensors "$work/queue/$run/model.safetensors" "$work/local/$run/model.safetensors" || return 1
  done
}

# One run is gone and another, whose folder is spoilt, fails.
slurm_goes_on() {
  rm -r "$work/queue/${small[1]}" "$work/queue/figures" "$work/queue/${small[2]}/evaluation.ini"
  printf x >"$work/queue/${small[2]}/model.safetensors"
  ends 0 scripts/sweep.sh --slurm "$work/queue.ini" --out "$work/queue" -- --comment again || return 1
  says "4 runs, 2 of them finished" && says "array job [0-9]*: 2 tasks" || return 1
  jobs_end || return 1
  grep -q "^${small[2]}: failed: train: " "$work"/queue/slurm/*-2.log || because "the failed run is not reported" || return 1
  grep -qs "^sweep.sh: 1 runs are not finished" "$work"/queue/slurm/*.log || because "nor counted at the end"
}

missing=$(cluster_is_missing)
if [[ $missing ]]; then
  skip "a sweep under Slurm" "$missing"
elif ! cluster_runs; then
  skip "a sweep under Slurm" "its daemons do not come up here (see $BUILD/slurm/*.log)"
else
  small_sweeps
  sweep_file queue "seeds = 1 2\n$two"
  "$BUILD/bin/sweep" "$work/queue.ini" --out "$work/local" >/dev/null
  for run in "${small[@]}"; do
    "$BUILD/bin/train" "$work/local/$run/config.ini" --out "$work/local/$run" 2>/dev/null
  done
  check "a job array trains and evaluates, a dependent job compares" slurm_works
  check "submitted again, it runs what is not finished and reports what fails" slurm_goes_on
fi

close_checks
