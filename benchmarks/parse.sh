#!/usr/bin/env bash
# What reading a run of 1,000,000 attempts costs: wall and CPU time of the parser, and the process's peak memory (targets: 2 s, 300 MB).
# Two sizes of answer: the stand-in's (800 characters, 1.6 GB of logs) and short ones (100 characters, 0.9 GB). Medians of RUNS runs (default 3).
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${RUNS:-3} count=${COUNT:-1000000}
dotnet build benchmarks/LoadBench -c Release -v q -nologo -m:2 >&2
bench=artifacts/bin/LoadBench/release/LoadBench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
key() { sed "s/.*\"$1\":\([-0-9.e]*\).*/\1/"; }

for characters in 100 800; do
    rm -rf "$work/run"
    "$bench" make-logs --run "$work/run" --count "$count" --characters "$characters"
    "$bench" parse --run "$work/run" >/dev/null # The files into the page cache: the disk is not what is measured.
    for _ in $(seq "$runs"); do "$bench" parse --run "$work/run"; done | tee "$work/raw" >&2
    for k in wallSeconds cpuSeconds peakMiB reportSeconds peakWithReportsMiB; do
        printf '%s attempts, answers of %s characters: %-18s %s\n' "$count" "$characters" "$k" "$(key "$k" <"$work/raw" | median)"
    done
done
echo "load average: $(cut -d' ' -f1-3 /proc/loadavg)"
