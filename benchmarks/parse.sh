#!/usr/bin/env bash
# What it costs to read a run of 1,000,000 attempts and to write all outputs: wall and processor time, and the process's peak memory
# (targets: 2.5 s and 300 MB for all). Two sizes of answer: the stand-in's (800 characters, 1.6 GB of logs) and short ones (100 characters,
# 0.9 GB).
#   benchmarks/parse.sh                    medians of RUNS runs (default 3)
#   benchmarks/parse.sh legacy_parse.py    beside them the reference suite's own parser, which writes no files, on the same folder, by the
#                                          time of whole programs; installs Debian's pandas and tabulate where they are missing
#   BASE=COMMIT benchmarks/parse.sh        beside them another commit's program, in turn; needs git
# COUNT takes fewer attempts, CHARACTERS="100" one size.
set -euo pipefail
reference=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."
runs=${RUNS:-3} count=${COUNT:-1000000}
# As build.sh sets them for Parse; another commit's program runs with them as well.
export DOTNET_TieredPGO=0 DOTNET_TC_CallCountThreshold=0x1000 DOTNET_TC_CallCountingDelayMs=0x14 DOTNET_GCgen0size=0x400000
work=$(mktemp -d)
finish() {
    if [ -e "$work/base" ]; then git worktree remove --force "$work/base" || true; fi
    rm -rf "$work"
}
trap finish EXIT
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
key() { sed "s/.*\"$1\":\([-0-9.e]*\).*/\1/"; }
TIMEFORMAT='{"wholeWall":%R,"wholeUser":%U,"wholeSystem":%S}'

sides=(today)
dotnet build benchmarks/LoadBench -c Release -v q -nologo -m:2 >&2
bench=artifacts/bin/LoadBench/release/LoadBench
if [ -n "${BASE:-}" ]; then
    git worktree add --quiet --detach "$work/base" "$BASE"
    (cd "$work/base" && dotnet build benchmarks/LoadBench -c Release -v q -nologo -m:2 >&2)
    sides=(base today)
fi
if [ -n "$reference" ] && ! /usr/bin/python3 -c 'import pandas, tabulate' 2>/dev/null; then
    if ! apt-get install -y -qq python3-pandas python3-tabulate >/dev/null 2>&1; then
        echo "left out: the reference's parser (no pandas or tabulate)"
        reference=
    fi
fi

program() { if [ "$1" = base ]; then echo "$work/base/artifacts/bin/LoadBench/release/LoadBench"; else echo "$bench"; fi; }
theirs() { { time /usr/bin/python3 "$reference" --log-dir "$work/run" >"$work/theirs.txt" 2>&1; } 2>>"$work/theirs"; }
line() { printf '%s attempts, answers of %s characters: %-40s %s\n' "$count" "$characters" "$@"; }

for characters in ${CHARACTERS:-100 800}; do
    rm -rf "$work/run" "$work"/raw-* "$work/theirs"
    "$bench" make-logs --run "$work/run" --count "$count" --characters "$characters"
    "$bench" parse --run "$work/run" >/dev/null # The files into the page cache: the disk is not what is measured.
    for _ in $(seq "$runs"); do
        for side in "${sides[@]}"; do
            { time "$(program "$side")" parse --run "$work/run" >>"$work/raw-$side"; } 2>>"$work/raw-$side-whole"
        done
        [ -z "$reference" ] || theirs
    done
    for side in "${sides[@]}"; do
        for k in wallSeconds cpuSeconds peakMiB allWallSeconds allCpuSeconds allPeakMiB reportSeconds peakWithReportsMiB; do
            ! grep -q "\"$k\"" "$work/raw-$side" || line "$side $k" "$(key "$k" <"$work/raw-$side" | median)"
        done
        line "$side, the whole program, wall s" "$(key wholeWall <"$work/raw-$side-whole" | median)"
        line "$side, the whole program, processor s" \
            "$(sed 's/.*User":\(.*\),.*System":\(.*\)}/\1 \2/' "$work/raw-$side-whole" | awk '{ print $1 + $2 }' | median)"
        cat "$work/raw-$side" >&2
    done
    if [ -n "$reference" ]; then
        theirs=$(key wholeWall <"$work/theirs" | median)
        line "the reference's parser, wall s" "$theirs"
        line "the reference's parser, user s" "$(key wholeUser <"$work/theirs" | median)"
        line "times as fast, whole programs" \
            "$(key wholeWall <"$work/raw-today-whole" | median | awk -v theirs="$theirs" '{ printf "%.1f", theirs / $1 }')"
    fi
done
echo "load average: $(cut -d' ' -f1-3 /proc/loadavg)"
