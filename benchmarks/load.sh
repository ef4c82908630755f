#!/usr/bin/env bash
# What the load generator costs, beside its peers on the same server in the same run: wrk, Python's requests, and HttpClient.
# Figures are medians of RUNS runs (default 3), of streams' tokens of TOKEN_RUNS (default 5); ONLY=tokens measures those alone.
# The server has processor 0, whoever asks has processor 1.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${RUNS:-3}
token_runs=${TOKEN_RUNS:-5}

if ! command -v wrk >/dev/null || { [ "${ONLY:-}" != tokens ] && ! /usr/bin/python3 -c 'import requests' 2>/dev/null; }; then
    apt-get update -qq && apt-get install -y -qq wrk python3-requests >/dev/null
fi
dotnet build benchmarks/LoadBench -c Release -v q -nologo -m:2 >&2
bench=artifacts/bin/LoadBench/release/LoadBench
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

# serve NAME PROCESSORS [OPTIONS]: starts a server, sets $port
serve() {
    : >"$work/$1"
    taskset -c "$2" "$bench" "$1" --port 0 "${@:3}" >"$work/$1" &
    servers+=($!)
    until grep -q ready "$work/$1"; do read -rt 0.05 <> <(:) || true; done
    port=$(sed 's/.*"port":\([0-9]*\).*/\1/' "$work/$1")
}
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
key() { sed "s/.*\"$1\":\([-0-9.e]*\).*/\1/"; }
one() { taskset -c 1 "$bench" "$@" --port "$port"; }

printf 'wrk.method = "POST"\nwrk.body = string.rep("1 ", 165)\nwrk.headers["Content-Type"] = "application/json"\n' >"$work/post.lua"
# wrk on the same streams: tokens of those that ended, for each second of its processor time. It reads and counts them, and keeps nothing.
wrk_tokens() {
    local TIMEFORMAT='%U %S'
    { time taskset -c 1 wrk -t1 -c200 -d30s --timeout 10s -s "$work/post.lua" "http://127.0.0.1:$port/v1/chat/completions" >"$work/wrk-out"; } 2>"$work/wrk-time"
    awk -v requests="$(awk '/requests in/ { print $1 }' "$work/wrk-out")" '{ printf "%.0f\n", requests * 100 / ($1 + $2) }' "$work/wrk-time"
}

# What Load/Sockets earns where the load serves, streams: processor time of the client, with it and over .NET's own sockets in turn.
serve token-server 0 --gap 11.2
for _ in $(seq "$token_runs"); do
    one tokens | tee -a "$work/tokens-loop" >&2
    one tokens --plain-sockets 1 | tee -a "$work/tokens-plain" >&2
    wrk_tokens | tee -a "$work/tokens-wrk" >&2
done
kill "${servers[-1]}"
for k in tokensPerCpuSecond streamsPerCore; do
    loop=$(key $k <"$work/tokens-loop" | median) plain=$(key $k <"$work/tokens-plain" | median)
    printf '200 streams, a token each 11.2 ms: %-19s %s, over .NET sockets %s: %s times (target 1.3)\n' \
        "$k" "$loop" "$plain" "$(awk "BEGIN { printf \"%.2f\", $loop / $plain }")"
done
ours=$(key tokensPerCpuSecond <"$work/tokens-loop" | median) wrk=$(median <"$work/tokens-wrk")
echo "the same through wrk, which records nothing: tokensPerCpuSecond $wrk: ours costs $(awk "BEGIN { printf \"%.2f\", $wrk / $ours }") times as much (target 2)"
# Of two processors none is left to serve 10,000 such streams, so it is told from what a token costs.
carried() { awk "BEGIN { printf \"%.0f\", 1.5 * $1 / 50 }"; }
echo "streams of 50 tokens/s that one and a half processors carry: $(carried "$ours"), of wrk $(carried "$wrk") (target 10000)"
if [ "${ONLY:-}" = tokens ]; then exit; fi

serve server 0
http=$port
cat >"$work/peer.py" <<'PY'
import json, resource, sys, time
import requests
url = f"http://127.0.0.1:{sys.argv[1]}//v1/chat/completions"
n = 1000
body = {"model": "m", "messages": [{"role": "user", "content": " ".join("1" * 100)}], "max_tokens": 100}
spent = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
requests.post(url, json=body, timeout=30).json()
before = spent()
with open("/dev/null", "w") as log:
    for i in range(n):
        result = requests.post(url, json=body, timeout=30)
        log.write(json.dumps({"status": result.status_code, "result": result.json()}) + "\n")
print(round(n / (spent() - before)))
PY

for _ in $(seq "$runs"); do
    one closed | tee -a "$work/raw" | key perCpuSecond >>"$work/ours"
    key perSecond <"$work/raw" | tail -1 >>"$work/ours-wall"
    one closed --plain-sockets 1 | key perCpuSecond >>"$work/plain"
    taskset -c 1 wrk -t1 -c10 -d5s -s "$work/post.lua" "http://127.0.0.1:$http/v1/chat/completions" |
        awk '/Requests\/sec/ { print $2 }' >>"$work/wrk"
    one httpclient | key perCpuSecond >>"$work/httpclient"
    taskset -c 1 /usr/bin/python3 "$work/peer.py" "$http" >>"$work/python"
    "$bench" open --port "$http" --rate 1000 --seconds 20 | tee -a "$work/open" >&2
done
ours=$(median <"$work/ours") wall=$(median <"$work/ours-wall") wrk=$(median <"$work/wrk") python=$(median <"$work/python")

echo "recorded requests per CPU second      $ours   (target 40000)"
echo "  over .NET's own sockets             $(median <"$work/plain")"
echo "  HttpClient, nothing recorded        $(median <"$work/httpclient")"
echo "recorded requests per second, 1 core  $wall"
echo "  wrk, same core                      $wrk   ratio $(awk "BEGIN { printf \"%.2f\", $wall / $wrk }") (target 0.5)"
echo "  Python requests per CPU second      $python   ratio $(awk "BEGIN { printf \"%.0f\", $ours / $python }") (target 50)"
for k in lagP50Ms lagP99Ms lagMaxMs floorP50Ms floorP99Ms achieved cpuShare; do
    printf 'open loop, 1000/s: %-18s %s\n' "$k" "$(key "$k" <"$work/open" | median)"
done

serve stream-server 0,1
for count in 5000 10000; do
    for _ in $(seq "$runs"); do "$bench" streams --port "$port" --count "$count"; done | tee "$work/streams" >&2
    echo "open streams: $(key streams <"$work/streams" | median) held, $(key residentKiBPerStream <"$work/streams" | median) KiB resident each (target 24)"
done
echo "load average: $(cut -d' ' -f1-3 /proc/loadavg)"
