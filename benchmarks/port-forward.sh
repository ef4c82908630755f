#!/usr/bin/env bash
# What a port-forward costs beside the service's own address: the same load on the same graph of the local cluster, in turn.
#   benchmarks/port-forward.sh        medians of RUNS runs (default 3) of each: 40 clients that keep their connections, then one that does not
# The load is closed and asks again at once, so the rate is what these processors give the load, the cluster and the stand-ins together.
# Processor seconds are those of the process that sends. A port-forward goes through the API server and the kubelet, here one process.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${RUNS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
env='{ "STANDIN_ENGINE_START_SECONDS": "0.5", "STANDIN_PREFILL_MS": "1", "STANDIN_TOKEN_MS": "0.1" }'
probes='{ "frontend": { "readinessProbe": { "httpGet": { "path": "/health", "port": 8000 }, "periodSeconds": 1 } } }'
load='"inputTokens": 10, "outputTokens": 2, "ratePerClient": 10000, "timeout": 30, "maxSendLag": 30'
cat > "$work/scenarios.json" << JSON
{ "deployments": { "agg": { "manifest": "$PWD/deployments/agg.yaml", "replicas": 1, "roles": ["frontend", "decode"] } },
  "failures": { "none": {} },
  "profiles": {
    "kept": { "load": "kept", "environment": $env, "services": $probes }, "new": { "load": "new", "environment": $env, "services": $probes } },
  "loads": {
    "kept": { "clients": 40, "requestsPerClient": ${REQUESTS:-500}, $load },
    "new": { "clients": 1, "requestsPerClient": ${REQUESTS:-500}, "connections": "perRequest", $load } },
  "matrix": [ { "deployments": ["agg"], "failures": ["none"] } ] }
JSON
for run in $(seq "$runs"); do
  for profile in kept new; do
    for transport in service portforward; do
      timeout -s KILL 300 ./build.sh FaultMatrix --scenarios-file "$work/scenarios.json" --load-profile "$profile" --transport "$transport" \
        --results "$work/$transport-$profile-$run" --no-logo > "$work/out" 2>&1 || { cat "$work/out"; exit 1; }
    done
  done
done
python3 - "$work" << 'PY'
import glob, json, os, statistics, sys
work = sys.argv[1]
def figures(transport, profile):
    for summary in glob.glob(f"{work}/{transport}-{profile}-*/*/summary.json"):
        row = json.load(open(summary))["scenarios"][0]
        whole = row["numbers"]["whole"]
        timeline = [json.loads(line) for folder in os.scandir(os.path.dirname(summary)) if folder.is_dir() and folder.name.startswith("test_")
                    for line in open(f"{folder.path}/timeline.jsonl")]
        health = [event for event in timeline if event["event"] == "load.health"][-1]
        spent = health["cpuShare"] * os.cpu_count() * health["duration"]
        yield {"requests a second": whole["request_throughput"], "requests a processor second of the sender": whole["requests"] / spent,
               "latency p50, ms": 1000 * whole["latency_p50"], "latency p99, ms": 1000 * whole["latency_p99"],
               "a connection p50, ms": 1000 * (row["connections"]["connectP50"] or 0)}
for profile, left in (("kept", ["a connection p50, ms"]), ("new", ["requests a processor second of the sender"])):
    service, forward = ([*figures(transport, profile)] for transport in ("service", "portforward"))
    for name in service[0]:
        if name not in left:
            a, b = (statistics.median(one[name] for one in all) for all in (service, forward))
            print(f"{profile:5} {name:42} service {a:10.2f}   port-forward {b:10.2f}   {b / a:6.2f} times")
PY
echo "load average: $(cut -d' ' -f1-3 /proc/loadavg)"
