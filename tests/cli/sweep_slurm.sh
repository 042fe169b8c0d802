#!/bin/sh
# A Slurm of this machine's own (munged, slurmctld, slurmd), two nodes: an array of four tasks makes the
# results of one process, also when a task is killed and the array is submitted again.
. "$(dirname "$0")/lib.sh"
. "$SOURCE_DIR/tests/need.sh"

for program in munged slurmctld slurmd sbatch scancel; do
    need $program "tools/setup --full installs Slurm and munge"
done
mountpoint -q /sys/fs/cgroup || refused_here "no cgroups are mounted here, without which slurmd does not start"
PATH=$PATH:/usr/sbin
slurm=$cli_state/slurm
mkdir -m 755 "$slurm" "$slurm/state" "$slurm/n1" "$slurm/n2"
chmod 755 "$cli_state"
daemons=
# shellcheck disable=SC2317
stop_daemons() {
    # shellcheck disable=SC2086
    [ -z "$daemons" ] || kill $daemons 2>/dev/null
    sleep 1
    # shellcheck disable=SC2086
    [ -z "$daemons" ] || kill -KILL $daemons 2>/dev/null
    rm -rf "$cli_state"
}
trap stop_daemons EXIT

host=$(hostname -s)
cores=$(nproc)
port=$((20000 + $$ % 20000))
dd if=/dev/urandom of="$slurm/key" bs=1024 count=1 2>/dev/null
chmod 400 "$slurm/key"
cat >"$slurm/slurm.conf" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$slurm/munge.socket
CredType=cred/munge
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/%n
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd-%n.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1
KillWait=2
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=$cores RealMemory=65536
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=$cores RealMemory=65536
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
END
SLURM_CONF=$slurm/slurm.conf
export SLURM_CONF

# start NAME COMMAND...: a daemon in the foreground, its log in NAME.log
start() {
    name=$1
    shift
    "$@" >"$slurm/$name.log" 2>&1 &
    daemons="$daemons $!"
}
start munged munged --foreground --force --key-file "$slurm/key" --socket "$slurm/munge.socket" \
    --pid-file "$slurm/munged.pid" --log-file "$slurm/munged.log2" --seed-file "$slurm/seed"
sleep 1
start slurmctld slurmctld -D
start slurmd1 slurmd -D -N n1
start slurmd2 slurmd -D -N n2
tries=0
while [ "$(sinfo -h -N -t idle -o %N 2>/dev/null | wc -l)" -lt 2 ] && [ $tries -lt 60 ]; do
    sleep 1
    tries=$((tries + 1))
done
[ "$(sinfo -h -N -t idle -o %N | wc -l)" -eq 2 ] || {
    echo 'FAIL: the nodes do not come up'
    tail -n 20 "$slurm"/*.log
    exit 1
}

sweep=$SOURCE_DIR/scenarios/sweeps/quick.yaml
export MCASIM
same_results() { # DIR
    for file in sweep.csv groups.csv pareto.csv layers.csv sweep.json; do
        cmp -s "whole/$file" "$1/$file" || fail "$1: $file differs"
    done
}
submit() { # DIR [option]...
    dir=$1
    shift
    sbatch --parsable --array=1-4 --cpus-per-task=1 --output="$PWD/%A_%a.txt" "$@" \
        "$SOURCE_DIR/scenarios/cluster/sweep.sbatch" "$sweep" "$PWD/$dir"
}
wait_for() { # JOB
    tries=0
    while [ -n "$(squeue -h -j "$1" 2>/dev/null)" ] && [ $tries -lt 40 ]; do
        sleep 1
        tries=$((tries + 1))
    done
}

"$MCASIM" sweep "$sweep" -o whole --quiet || fail 'one process'
job=$(submit array) || fail 'sbatch'
wait_for "$job"
grep -q '^shard 2/4 of 64 points (SLURM_ARRAY_TASK_ID)$' ./*_2.txt || fail "task 2: $(cat ./*_2.txt)"
[ -e array/sweep.csv ] || fail "no results: $(cat ./*.txt)"
same_results array

# killed at work, submitted again
job=$(submit killed)
tries=0
while [ "$(find killed/points -name summary.json 2>/dev/null | wc -l)" -eq 0 ] && [ $tries -lt 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
scancel --signal=KILL "$job"
wait_for "$job"
echo "killed with $(find killed/points -mindepth 2 -maxdepth 2 -name summary.json | wc -l) points done"
job=$(submit killed)
wait_for "$job"
[ -e killed/sweep.csv ] || fail "no results after a kill: $(cat ./"$job"_*.txt)"
same_results killed
finish
