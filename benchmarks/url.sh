#!/usr/bin/env bash
# Latency, TTFT and ITL of a load by address against the server's own stamps, at 10 and 100 clients and at 50 requests a second.
#   benchmarks/url.sh            the table; needs python3 and a built checkout. HTTP=2 takes one version, ONLY=rate-50 one load; FIRST=100
#                                and GAP=20 are the milliseconds to the first token and from each to the next
# The server is the tests' own: TLS with an authority of its own, an API key, a prefix; HTTP/1.1 and HTTP/2. It stamps each request on the
# machine's monotonic clock. The first 5 s count on neither side: a client's latency holds the making of a new connection, of which the server
# has no stamp. Server and load share the machine's processors: how busy it was stands beside each load, and figures of one that has nothing
# left say nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
first=${FIRST:-100} gap=${GAP:-20}
dotnet build benchmarks/LoadBench -c Release -v q -nologo -m:2 >&2
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT

load() { # name, HTTP's version, the load's keys
  [[ $1 == *${ONLY:-}* ]] || return 0
  cat > "$work/$1.json" << JSON
{ "deployments": {}, "failures": {}, "profiles": { "quick": { "load": "l" } },
  "loads": { "l": { "inputTokens": 10, "outputTokens": 20, "stream": true, "timeout": 30, "warmUp": 5, $3 } } }
JSON
  : > "$work/server"
  artifacts/bin/LoadBench/release/LoadBench url-server --folder "$work" --http "$2" --first "$first" --gap "$gap" > "$work/server" & server=$!
  for _ in $(seq 200); do
    grep -q ready "$work/server" && break
    kill -0 "$server"
    sleep 0.1
  done
  timeout -s KILL 300 ./build.sh Load --url "$(sed 's/.*"url":"\([^"]*\)".*/\1/' "$work/server")" --model tiny --http "$2" --ca-file "$work/ca.pem" \
    --api-key-file "$work/key" --scenarios-file "$work/$1.json" --results "$work/$1" --no-logo > "$work/$1.txt" || cat "$work/$1.txt"
  kill "$server"
  wait "$server" || true
  server=
  python3 - "$1" "$work/stamps" "$work/$1"/*/summary.json << 'PY'
import json, math, sys
name, stamps, summary = sys.argv[1:4]
rows = [json.loads(line) for line in open(stamps)]
rows = [row for row in rows if row[3] >= min(other[3] for other in rows[:200]) + 5]
def at(values, share): return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
row = json.load(open(summary))["scenarios"][0]
whole = row["numbers"]["whole"]
for what, values in (("latency", [r[0] for r in rows]), ("ttft", [r[1] for r in rows]), ("itl", [g for r in rows for g in r[2]])):
    for point, share in (("p50", 0.5), ("p99", 0.99)):
        server, told = at(values, share), whole[f"{what}_{point}"]
        off = abs(told - server)
        print(f"{name:20} {what:8} {point}  server {1000 * server:9.2f} ms  told {1000 * told:9.2f} ms  off {1000 * off:7.2f} ms  "
              f"{'within 1 ms or 2 %' if off <= max(0.001, 0.02 * server) else 'BEYOND'}")
print(f"{name:20} {len(rows)} requests, processors used to {row['generator'].get('machineBusy') or 0:.0%}, generator {'sound' if row['generator']['valid'] else 'NOT SOUND: ' + '; '.join(row['generator']['reasons'])}")
PY
}

for http in ${HTTP:-1.1 2}; do
  load "http-$http-clients-10" "$http" '"clients": 10, "requestsPerClient": 60, "ratePerClient": 1000'
  load "http-$http-clients-100" "$http" '"clients": 100, "requestsPerClient": 60, "ratePerClient": 1000'
  load "http-$http-rate-50" "$http" '"clients": 10, "requestsPerClient": 150, "ratePerClient": 5, "mode": "open"'
done
