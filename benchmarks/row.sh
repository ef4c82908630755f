#!/usr/bin/env bash
# What a row costs: processor seconds by part (front and engine, load, local cluster, operator, frontend, worker, engine core), and the
# kernel's share, for one row alone and for a row of the matrix; and start-up, latency before and outage of the same row alone, at 4 and at
# 8 at a time.
#   benchmarks/row.sh                 medians of RUNS runs (default 3); about five minutes a run on two idle cores
#   BASE=COMMIT benchmarks/row.sh     the same of another commit beside it, the two in turn; BASE may be the folder of another checkout
# ROW names another row, ONLY="1 matrix" takes some of what is run (1, 4, 8, matrix), PARALLELISM is that of the matrix, KEEP a folder for
# what was measured. Needs python3; BASE needs git. On a busy machine wall times say nothing, and processor times are too long as well.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${RUNS:-3} row=${ROW:-disagg-tp-1-dp-2-decode_worker} only=${ONLY:-1 4 8 matrix}
work=$(mktemp -d)
here=$PWD
finish() {
  if [ -e "$work/base" ]; then git worktree remove --force "$work/base" || true; fi
  rm -rf "$work"
}
trap finish EXIT

sides=(today)
base=$work/base
if [ -n "${BASE:-}" ]; then
  if [ -d "$BASE" ]; then base=$BASE; else git worktree add --quiet --detach "$base" "$BASE"; fi
  sides=(base today)
fi
checkout() { if [ "$1" = base ]; then echo "$base"; else echo "$here"; fi; }
for side in "${sides[@]}"; do
  "$(checkout "$side")/build.sh" --list > /dev/null
done

# measure SIDE RUN WHAT: a run's cost, and its tables
measure() {
  local name="$work/$1-$3-$2" words=(FaultMatrix --no-logo --results "$work/results")
  if [ "$3" != matrix ]; then
    words+=(--scenario "$row" --trials "$3" --parallelism "$3")
  elif [ -n "${PARALLELISM:-}" ]; then
    words+=(--parallelism "$PARALLELISM")
  fi
  rm -rf "$work/results"
  # From its own folder, which is where the tool takes its programs and images from.
  (cd "$(checkout "$1")" && python3 "$here/benchmarks/row/cost.py" "$name.json" ./build.sh "${words[@]}") > "$name.txt" 2>&1 \
    || { echo "$1, $3, run $2: exit code $?" >&2; grep -E 'ERR|FT[0-9]{4}' "$name.txt" | head -n 5 >&2 || true; }
  mkdir "$name"
  cp "$work"/results/*/summary.json "$name"
  for file in "$work"/results/*/trials.csv; do [ ! -e "$file" ] || cp "$file" "$name"; done
}

for run in $(seq "$runs"); do
  for what in $only; do
    for side in "${sides[@]}"; do measure "$side" "$run" "$what"; done
  done
done
if [ -n "${KEEP:-}" ]; then cp -r "$work"/*-*-* "$KEEP"; fi
python3 benchmarks/row/table.py "$work" "$row" "${sides[@]}"
echo "load average: $(cut -d' ' -f1-3 /proc/loadavg)"
