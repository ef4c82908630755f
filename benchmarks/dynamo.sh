#!/usr/bin/env bash
# What streams cost this load beside wrk on a real Dynamo (frontend, router, mocker): processor seconds for a thousand streams of 100 tokens,
# and what the load's program costs before and after them. wrk reads the same streams and keeps nothing of them.
#   benchmarks/dynamo.sh ENVIRONMENT MODEL     a Python environment with ai-dynamo, and the folder of a small model with its tokenizer
# Medians of RUNS runs (default 3), the two in turn; CLIENTS at a time (100), 20 streams each. Needs python3, and wrk, which it installs.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,5s/^# *//p' "$0" >&2; exit 2; }
dynamo=$(realpath "$1") model=$(realpath "$2") runs=${RUNS:-3} clients=${CLIENTS:-100}
cd "$(dirname "$0")/.."
command -v wrk > /dev/null || { apt-get update -qq && apt-get install -y -qq wrk > /dev/null; }
work=$(mktemp -d)
started=()
trap 'kill "${started[@]}" 2> /dev/null || true; wait; rm -rf "$work"' EXIT

export DYN_DISCOVERY_BACKEND=file DYN_FILE_KV="$work/kv" DYN_REQUEST_PLANE=tcp DYN_EVENT_PLANE=zmq
export DYN_HTTP_HOST=127.0.0.1 DYN_SYSTEM_HOST=127.0.0.1 DYN_TCP_RPC_HOST=127.0.0.1 DYN_EVENT_PLANE_HOST=127.0.0.1
export DYN_TCP_RESPONSE_STREAM_HOST=127.0.0.1
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$dynamo/bin/python3" -m dynamo.frontend --http-port "$port" > "$work/frontend.log" 2>&1 & started+=($!)
"$dynamo/bin/python3" -m dynamo.mocker --model-path "$model" --model-name tiny --speedup-ratio 10 > "$work/mocker.log" 2>&1 & started+=($!)
for _ in $(seq 600); do
  if python3 -c "import urllib.request as u; exit(b'tiny' not in u.urlopen('http://127.0.0.1:$port/v1/models', timeout=5).read())" 2> /dev/null; then
    break
  fi
  kill -0 "${started[@]}"
  sleep 0.1
done

./build.sh --list > /dev/null
cat > "$work/scenarios.json" << JSON
{ "deployments": {}, "failures": {}, "profiles": { "quick": { "load": "l" } },
  "loads": { "l": { "clients": $clients, "requestsPerClient": 20, "ratePerClient": 1000, "inputTokens": 100, "outputTokens": 100, "stream": true,
    "timeout": 60, "maxSendLag": 30 } } }
JSON
cat > "$work/post.lua" << 'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"model":"tiny","messages":[{"role":"user","content":"' .. string.rep("a ", 100)
  .. '"}],"max_tokens":100,"stream":true,"ignore_eos":true,"stream_options":{"include_usage":true}}'
LUA
for run in $(seq "$runs"); do
  python3 - "$work/ours-$run" timeout -s KILL 300 ./build.sh Load --url "http://127.0.0.1:$port" --model tiny --scenarios-file "$work/scenarios.json" \
    --results "$work/run-$run" --no-logo << 'PY'
import json, resource, subprocess, sys
with open(sys.argv[1] + ".txt", "w") as told:
    code = subprocess.call(sys.argv[2:], stdout=told, stderr=told)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
json.dump({"cpu": used.ru_utime + used.ru_stime}, open(sys.argv[1], "w"))
if code: print(open(sys.argv[1] + ".txt").read(), file=sys.stderr)
sys.exit(code)
PY
  python3 - "$work/wrk-$run" wrk -t1 -c"$clients" -d15s --timeout 60s -s "$work/post.lua" "http://127.0.0.1:$port/v1/chat/completions" << 'PY'
import json, re, resource, subprocess, sys
told = subprocess.run(sys.argv[2:], capture_output=True, text=True, check=True).stdout
used = resource.getrusage(resource.RUSAGE_CHILDREN)
bad = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: .*", told)
if bad: sys.exit("wrk: " + bad.group(0))
json.dump({"cpu": used.ru_utime + used.ru_stime, "streams": int(re.search(r"(\d+) requests in", told).group(1))}, open(sys.argv[1], "w"))
PY
done
python3 - "$work" "$runs" << 'PY'
import glob, json, os, statistics, sys
work, runs = sys.argv[1], int(sys.argv[2])
ours, before, wrk = [], [], []
for run in range(1, runs + 1):
    folder = os.path.dirname(glob.glob(f"{work}/run-{run}/*/summary.json")[0])
    row = json.load(open(f"{folder}/summary.json"))["scenarios"][0]
    whole, health = row["numbers"]["whole"], row["generator"]
    assert not row["requests"]["failed"], f"{row['requests']['failed']} streams failed"
    load = health["cpuShare"] * health["duration"] * os.cpu_count()
    ours.append(1000 * load / whole["requests"])
    before.append(json.load(open(f"{work}/ours-{run}"))["cpu"] - load)
    other = json.load(open(f"{work}/wrk-{run}"))
    wrk.append(1000 * other["cpu"] / other["streams"])
    print(f"run {run}: {whole['requests']} streams, {ours[-1]:.2f} processor seconds a thousand ({100_000 / ours[-1]:,.0f} tokens each); wrk "
          f"{other['streams']} streams, {wrk[-1]:.2f} ({100_000 / wrk[-1]:,.0f}); the program beside its streams {before[-1]:.2f} s")
a, b = statistics.median(ours), statistics.median(wrk)
print(f"medians: {a:.2f} and {b:.2f} processor seconds for a thousand streams of 100 tokens: {a / b:.2f} times wrk's (target 2)")
print(f"the program beside its streams: {statistics.median(before):.2f} processor seconds (target 0.5)")
PY
echo "load average: $(cut -d' ' -f1-3 /proc/loadavg)"
