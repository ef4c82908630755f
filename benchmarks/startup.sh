#!/usr/bin/env bash
# What a warm ./build.sh costs: medians of wall time in milliseconds, and beside them the up-to-date `dotnet build` that a NUKE script
# makes each time before it starts. Usage: benchmarks/startup.sh [REPEATS]
set -euo pipefail
cd "$(dirname "$0")/.."
repeats=${1:-15}

measure() {
  local name=$1 i start end times=()
  shift
  for ((i = 0; i < repeats; i++)); do
    start=$(date +%s%N)
    "$@" > /dev/null 2>&1 || true
    end=$(date +%s%N)
    times+=($(((end - start) / 1000000)))
  done
  mapfile -t times < <(printf '%s\n' "${times[@]}" | sort -n)
  printf '%-34s median %4d ms   min %4d   max %4d' "$name" "${times[repeats / 2]}" "${times[0]}" "${times[repeats - 1]}"
  if [ -n "${base:-}" ]; then printf '   %3d %% of the build\n' $((times[repeats / 2] * 100 / base)); else echo; fi
  median=${times[repeats / 2]}
}

./build.sh --help > /dev/null
printf 'load %s, %s repeats\n' "$(cut -d' ' -f1 /proc/loadavg 2> /dev/null || echo '?')" "$repeats"
measure 'dotnet build, up to date' dotnet build build/_build.csproj -c Release -nologo -v:q -nodeReuse:false --tl:off
base=$median
measure './build.sh --help' ./build.sh --help
measure './build.sh Schema (a no-op)' ./build.sh Schema
measure './build.sh --list (engine, no-op)' ./build.sh --list
