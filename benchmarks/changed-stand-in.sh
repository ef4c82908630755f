#!/usr/bin/env bash
# Shows that a slower restart is caught: runs a row four times with the stand-in's engine starting in 2 s and four times in 6 s. The gate
# must let the first run pass and stop the second, and Compare must say that the pod was ready later. About three minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
row=agg-tp-1-dp-1-decode_worker
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stamp=$(date -u +%Y%m%d-%H%M%S)

# The repository's scenarios with another start, and one check more: the pod is ready again within 4.5 s.
scenarios() {
  sed -E -e "s#(\"STANDIN_ENGINE_START_SECONDS\": )\"3\"#\1\"$1\"#" -e "s#\"deployments/#\"$PWD/deployments/#" \
    -e 's#("checks": \[)#\1 { "recoveryAtMost": { "pod_ready": 4.5 } },#' scenarios.json >"$work/$1.json"
}

run() {
  scenarios "$1"
  ./build.sh FaultMatrix --scenarios-file "$work/$1.json" --scenario "$row" --trials 4 --parallelism 2 --gate --run "$2" >"$work/$1.log" 2>&1
}

fail() {
  echo "not caught: $1" >&2
  cat "$work"/*.log >&2
  exit 1
}

run 2 "$stamp-fast" || fail "the run with the quick start does not pass its own gate"
code=0
run 6 "$stamp-slow" || code=$?
[ "$code" -eq 1 ] || fail "the gate gave exit code $code for the slow start, not 1"
grep -q 'FT0820.*pod_ready at most 4.5 s: fail' "$work/6.log" || fail "the gate does not name the check"
./build.sh Compare --runs "$stamp-fast" "$stamp-slow" >"$work/compare.log" 2>&1 || fail "the comparison failed"
grep -E '\* Pod ready: .* longer \(95 % interval \+' "results/$stamp-slow/compare-$stamp-fast.txt" || fail "the comparison does not tell that the pod was ready later"
grep -E 'FT0820' "$work/6.log" | head -n 1
