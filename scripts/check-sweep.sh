#!/usr/bin/env bash
# Runs sweeps on this machine: kept, killed, failing, and compared.
#
#   scripts/check-sweep.sh
#
# Trains tiny networks on a few hundred digits in a temporary folder; takes about
# half a minute. One line a check, then counts; status 1 when one failed. BUILD
# says where the programs are (build).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/checking.sh
source scripts/tiny-network.sh
takes_no_arguments "$@"
needs train evaluate sweep compare
if ! parallel --version 2>/dev/null | grep -q '^GNU parallel'; then
  skip "sweeps on this machine" "GNU parallel is not installed (scripts/install-dependencies.sh installs it)"
  close_checks
  exit
fi
small_sweeps
sweep_file small "seeds = 1 2\n$two"

# ---- sweeps ----

sweep_works() {
  ends 0 scripts/sweep.sh "$work/small.ini" --out "$work/small" --jobs 2 || return 1
  local run
  for run in "${small[@]}"; do
    says "/4\] $run: done in" || return 1
    [[ -s $work/small/$run/metrics.tsv ]] || because "no metrics of $run" || return 1
    grep -q '^threads = 1$' "$work/small/$run/config.ini" || because "$run has several threads" || return 1
  done
  [[ $(grep -vc '^#' "$work/small/compare.tsv") -gt 8 && -s $work/small/figures/compare.svg ]] || because "no comparison"
}
check "a sweep trains, evaluates and compares its runs" sweep_works

finished_stay() {
  snapshot "$work/small" '*.safetensors' >"$work/before"
  ends 0 scripts/sweep.sh "$work/small.ini" --out "$work/small" || return 1
  says "4 runs, 4 of them finished" || return 1
  snapshot "$work/small" '*.safetensors' | cmp -s - "$work/before" || because "models were written again"
}
check "run again, it keeps what is finished" finished_stay

more_seeds() {
  sweep_file small "seeds = 1..3\n$two"
  ends 0 scripts/sweep.sh "$work/small.ini" --out "$work/small" || return 1
  says "6 runs, 4 of them finished" && says "^\[2/2\] " || return 1
  grep -q '	3	[-0-9.e]*	[-0-9.e]*	' "$work/small/compare.tsv" || because "compares other than 3 seeds"
}
check "another seed adds its runs and no more" more_seeds

other_measures() {
  sweep_file small "seeds = 1 2\n$two\n[set]\nevaluation.pairs = 11"
  snapshot "$work/small" 'model.safetensors' >"$work/before"
  ends 0 scripts/sweep.sh "$work/small.ini" --out "$work/small" || return 1
  says "4 runs, 0 of them finished" && grep -q '^pairs = 11$' "$work/small/${small[0]}/evaluation.ini" || because "not evaluated again" || return 1
  snapshot "$work/small" 'model.safetensors' | cmp -s - "$work/before" || because "trained again"
}
check "other measures evaluate the same models again" other_measures
check "another training is not written over it" refuses 2 "differs in training.iterations" "$BUILD/bin/sweep" --out "$work/small" <(sed 's/^base.*/base = '"${work//\//\\/}"'\/tiny.ini/; s/evaluation.pairs.*/training.iterations = 301/' "$work/small.ini")

one_training() {
  local run
  sweep_file rules "seeds = 1 2\n[vary]\nexplanation.first_rule = zB w^2 flat"
  ends 0 scripts/sweep.sh "$work/rules.ini" --out "$work/rules" --jobs 2 || return 1
  [[ $(find "$work/rules" -name model.safetensors -printf '%i\n' | sort -u | wc -l) == 2 ]] || because "other than 2 trainings" || return 1
  for run in w^2 flat; do
    grep -q '^trained as explanation.first_rule=zB,seed=2$' "$work/rules/explanation.first_rule=$run,seed=2/log" || because "$run was trained" || return 1
    grep -q "^first_rule = $(printf %s "$run" | sed 's/\^/\\^/')\$" "$work/rules/explanation.first_rule=$run,seed=2/evaluation.ini" || because "$run is not explained by its rule" || return 1
  done
  # the run that trains is gone: another's model is still there
  rm -r "$work/rules/explanation.first_rule=zB,seed=1" "$work/rules/explanation.first_rule=flat,seed=1/evaluation.ini"
  ends 0 scripts/sweep.sh "$work/rules.ini" --out "$work/rules" --jobs 2 && says "6 runs, 4 of them finished" || return 1
  cmp -s <(tensors "$work/rules/explanation.first_rule=zB,seed=1/model.safetensors") <(tensors "$work/rules/explanation.first_rule=flat,seed=1/model.safetensors") || because "trained otherwise"
}
check "runs that only explain otherwise share one training" one_training

models_compared() {
  sweep_file models "seeds = 1 2\nbaseline = minmax-pooled\n[set]\nrelevance.models = minmax minmax-pooled"
  ends 0 scripts/sweep.sh "$work/models.ini" --out "$work/models" --jobs 2 || return 1
  grep -q '^model	rms	scores	minmax	2	.*	minmax-pooled	2	' "$work/models/compare.tsv" || because "models are not compared" || return 1
  ends 0 "$BUILD/bin/compare" "$work/models" --across methods --baseline deep-taylor-minmax --out "$work/models" || return 1
  grep -q '^method	target_share	one-target	deep-taylor-minmax-pooled	2	' "$work/models/compare.tsv" || because "methods are not compared"
}
check "relevance models of one network are compared with one another" models_compared

one_fails() {
  sweep_file fails "seeds = 1 2\n[variant good]\ndata.translation = 1\n[variant bad]\ndata.directory = nowhere"
  ends 1 scripts/sweep.sh "$work/fails.ini" --out "$work/fails" || return 1
  says "good,seed=1: done" && says "good,seed=2: done" && says "bad,seed=1: failed: train: nowhere: " || return 1
  grep -q '^sweep.sh: 2 runs are not finished' "$work/stderr" || because "$(<"$work/stderr")" || return 1
  grep -q '	good	2	' "$work/fails/compare.tsv" || because "the good ones are not compared"
}
check "a run that fails is reported and stops no other" one_fails

all_fail() {
  sweep_file all "seeds = 1 2\n[set]\ndata.directory = nowhere"
  ends 1 scripts/sweep.sh "$work/all.ini" --out "$work/all" || return 1
  complains sweep.sh "no run is finished" || return 1
  says "tiny,seed=1: failed: train: nowhere: " && says "tiny,seed=2: failed: train: nowhere: "
}
check "when all fail, one line says so" all_fail

count_finished() { find "$work/killed" -name evaluation.ini 2>/dev/null | wc -l; }

another_is_finished() { (($(count_finished) > $1)); }
has_ended() { ! kill -0 "$1" 2>/dev/null; }

# Kills what there is of a session; true when there is nothing.
is_killed() { # SESSION
  local pids
  mapfile -t pids < <(ps -e -o pid=,sess=,stat= | awk -v session="$1" '$2 == session && $3 !~ /^Z/ { print $1 }')
  ((${#pids[@]})) || return 0
  kill -s KILL "${pids[@]}" 2>/dev/null
  return 1
}

# Starts a sweep in a session of its own and kills all of it at a random moment
# after another run has been finished.
kill_sweep() {
  local pid before
  before=$(count_finished)
  setsid scripts/sweep.sh "$work/long.ini" --out "$work/killed" --jobs 2 >"$work/stdout" 2>&1 &
  pid=$!
  disown # bash would report its end
  until another_is_finished "$before" || has_ended "$pid"; do sleep 0.02; done
  sleep "0.$((RANDOM % 7))$((RANDOM % 10))"
  wait_until is_killed "$pid"
}
# Whether there was something left to do, which a quick machine may not leave.
killed_twice() {
  local try
  rm -rf "$work/killed"
  for try in 1 2; do
    kill_sweep
    find "$work/killed" -name evaluation.ini -printf '%h\n' | sort >"$work/finished-$try"
    snapshot "$work/killed" evaluation.ini >"$work/before-$try"
  done
  (($(wc -l <"$work/finished-2") < 8))
}
ends_as_if_never_killed() {
  local run
  sweep_file long "seeds = 1..4\n$two\n[set]\ntraining.iterations = 1500"
  wait_until killed_twice || because "was not interrupted" || return 1
  ends 0 scripts/sweep.sh "$work/long.ini" --out "$work/killed" --jobs 2 || return 1
  says "8 runs, $(wc -l <"$work/finished-2") of them finished" || return 1
  snapshot "$work/killed" evaluation.ini >"$work/after"
  cat "$work/before-1" "$work/before-2" | sort -u | comm -23 - "$work/after" >"$work/lost"
  [[ ! -s $work/lost ]] || because "lost: $(<"$work/lost")" || return 1
  ends 0 scripts/sweep.sh "$work/long.ini" --out "$work/whole" --jobs 2 || return 1
  for run in "$work"/whole/*seed=*; do
    same_tensors "$run/model.safetensors" "$work/killed/${run##*/}/model.safetensors" || return 1
  done
  same_rows "$work/whole/compare.tsv" "$work/killed/compare.tsv"
}
check "killed twice, a sweep loses no finished run and ends as if never" ends_as_if_never_killed

both_have_checkpoints() { [[ -e $work/endless/tiny,seed=1/checkpoint.safetensors && -e $work/endless/tiny,seed=2/checkpoint.safetensors ]]; }
ended_in_time() {
  local pid
  sweep_file endless "seeds = 1..3\n[set]\ntraining.iterations = 100000000"
  scripts/sweep.sh "$work/endless.ini" --out "$work/endless" --jobs 2 >"$work/stdout" 2>"$work/stderr" &
  pid=$!
  until both_have_checkpoints || has_ended "$pid"; do sleep 0.1; done
  kill -s TERM "$pid"
  status=0
  wait "$pid" || status=$?
  [[ $status == 1 && $(<"$work/stderr") == "sweep.sh: stopped (run it again to go on)" ]] || because "status $status: $(<"$work/stderr")" || return 1
  grep -q '^stopped after iteration' "$work/endless/tiny,seed=1/log" || because "train was not asked to stop" || return 1
  ! pgrep -f "$work/endless" >/dev/null || because "something still runs" || return 1
  [[ ! -e $work/endless/tiny,seed=3/checkpoint.safetensors ]] || because "another run was begun"
}
check "terminated, it stops its runs with a checkpoint and begins no other" ended_in_time

# ---- compare ----

compare() { "$BUILD/bin/compare" "$@" --out "$work/compared"; }
runs=("$work/whole/minmax.learning_rate="{1e-3,2e-3}",seed="{1,2})
check "compare takes any folders, and a baseline" ends 0 compare "${runs[@]}" --baseline learning_rate=0.002
check "compare asks for folders" refuses 2 "no result folder" compare
check "an unknown baseline lists those there are" refuses 2 "there are: learning_rate=0.001, learning_rate=0.002" compare "${runs[@]}" --baseline x
check "an unknown metric is refused" refuses 2 "no metric of these runs" compare "${runs[@]}" --metric 'nothing:*'
check "runs that were evaluated otherwise are not mixed in" refuses 2 "evaluation.pairs differs" compare "${runs[@]}" "$work/small/${small[0]}"
check "unless that is asked for" ends 0 compare "${runs[@]}" "$work/small/${small[0]}" --mixed
cp -r "$work/whole/minmax.learning_rate=1e-3,seed=1" "$work/old"
rm "$work/old/evaluation.ini"
check "a folder of an older format is refused" refuses 1 "no evaluation.ini, so it is of an older format" compare "$work/old"

# ---- wrong usage ----

sweep_file none "seeds ="
sweep_file twice "seeds = 1 1"
printf 'include = tiny.ini\n' >"$work/configuration.ini"
sweep_file key "[vary]\nminmax.learning_rat = 1 2"
for bad in "none seeds lists none" "twice two runs are called tiny,seed=1" "key the nearest is minmax.learning_rate" "configuration train takes configurations"; do
  check "refused before anything runs: ${bad#* }" refuses 2 "${bad#* }" scripts/sweep.sh "$work/${bad%% *}.ini" --out "$work/bad"
done
check "a missing sweep file is named" refuses 1 "absent.ini: cannot be read" scripts/sweep.sh "$work/absent.ini" --out "$work/bad"
check "sweep.sh asks for a file" refuses 2 "no sweep file" scripts/sweep.sh
check "sweep.sh refuses unknown options" refuses 2 "see --help" scripts/sweep.sh --bogus
nothing_made() { [[ ! -e $work/bad ]] || because "something was written"; }
check "none of these wrote anything" nothing_made

close_checks
