#!/usr/bin/env bash
# What a load of pods of a cluster bears on this machine: streams held open, and requests a second; with the share of the processors that
# the server, the pods of the load and the cluster itself used. The server is the stand-in on the same node.
#   .ci/real-cluster -- benchmarks/pods.sh
# STREAMS (10000), RATE (20000) requests a second asked for in all, PODS (4), SECONDS_HELD (20). Needs python3 and kubectl, and
# FAULTMATRIX_KUBECONFIG, which the first line sets; it makes a namespace and deletes it.
set -euo pipefail
cd "$(dirname "$0")/.."
streams=${STREAMS:-10000} rate=${RATE:-20000} pods=${PODS:-4} held=${SECONDS_HELD:-20}
work=$(mktemp -d) space=ft-pods-$RANDOM
kubectl() { command kubectl --kubeconfig "$FAULTMATRIX_KUBECONFIG" "$@"; }
finish() {
  kubectl delete namespace "$space" --timeout=120s > /dev/null || true
  rm -rf "$work"
}
trap finish EXIT
kubectl create namespace "$space" > /dev/null
# Until 1.24 a pod is refused while its service account has no token.
for _ in $(seq 100); do
  [ -z "$(kubectl -n "$space" get serviceaccount default -o 'jsonpath={.secrets}' 2> /dev/null)" ] || break
  read -rt 0.1 <> <(:) || true
done

# The streams' clients begin within ten seconds and hold theirs open together for SECONDS_HELD: a token a second, and as many as that takes.
cat > "$work/scenarios.json" << END
{
  "defaultProfile": "streams",
  "deployments": {
    "agg": { "manifest": "$PWD/deployments/plain-agg.yaml", "replicas": 1, "tensorParallel": 1, "roles": ["frontend", "decode"] }
  },
  "failures": { "none": {} },
  "loads": {
    "streams": {
      "clients": $streams, "requestsPerClient": 1, "inputTokens": 1, "outputTokens": $((10 + held)), "ratePerClient": 0.1, "stream": true,
      "attempts": 1, "retryDelay": 1, "timeout": $((60 + held)), "maxSendLag": 2, "from": "cluster", "pods": $pods
    },
    "rate": {
      "mode": "open", "clients": 400, "requestsPerClient": $((rate * held / 400)), "ratePerClient": $((rate / 400)), "inputTokens": 1,
      "outputTokens": 1, "attempts": 1, "retryDelay": 1, "timeout": 5, "maxSendLag": 2, "from": "cluster", "pods": $pods
    }
  },
  "profiles": {
    "streams": {
      "load": "streams", "parallelism": 1,
      "environment": { "STANDIN_ENGINE_START_SECONDS": "0.5", "STANDIN_TOKEN_MS": "1000", "STANDIN_PREFILL_MS": "5", "STANDIN_JITTER": "0",
        "STANDIN_MAX_RUNNING": "$streams" }
    },
    "rate": {
      "load": "rate", "parallelism": 1,
      "environment": { "STANDIN_ENGINE_START_SECONDS": "0.5", "STANDIN_TOKEN_MS": "0", "STANDIN_PREFILL_MS": "0", "STANDIN_JITTER": "0" }
    }
  },
  "matrix": [ { "deployments": ["agg"], "failures": ["*"] } ]
}
END
for profile in ${ONLY:-streams rate}; do
  python3 benchmarks/pods/share.py "$work/$profile" ./build.sh FaultMatrix --no-logo --scenarios-file "$work/scenarios.json" --load-profile "$profile" \
    --kubeconfig "$FAULTMATRIX_KUBECONFIG" --namespace "$space" --results "$work/$profile" > "$work/$profile.txt" 2>&1 \
    || echo "$profile: the run says that its row is not sound" >&2
  grep -E 'ERR|FT[0-9]{4}' "$work/$profile.txt" | cut -c1-300 | head -n 5 >&2 || true
  sed -n '/^test_fault_scenario/,$p' "$work/$profile.txt"
done
