#!/usr/bin/env bash
# This load generator beside others on one server: what each tells of latency and time to the first token, beside what the wire shows of the
# same requests, and what each costs in processor time and memory.
#   benchmarks/peers.sh [TOOL ...]    ours, aiperf, guidellm, locust, wrk, autocannon, hey; all if none is named
# The server is the real Dynamo (frontend, router, mocker) where FAULTMATRIX_DYNAMO names a Python environment with it, or ../shared/dynamo
# can make one; else, and with SERVER=own, the tests' own service. CLIENTS (10) ask REQUESTS (300) streams of 50 tokens each; tools that go by time ask for EACH (15) seconds.
# What is not there is installed from the registries that this machine has; a tool that is not served is left out by name. The wire is read by
# tcpdump, where that may capture. Client and server share the processors: on a busy machine the figures say nothing.
# A generator that fails, or whose figures cannot be read, is left out and the others go on.
# shellcheck disable=SC2015
set -euo pipefail
cd "$(dirname "$0")/.."
clients=${CLIENTS:-10} requests=${REQUESTS:-300} seconds=${EACH:-15} tokens=50
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2> /dev/null || true; wait 2> /dev/null || true; rm -rf "$work"' EXIT
skip() { echo "left out: $1 ($2)"; }
has() { type -P "$1" > /dev/null; }
until_so() { # seconds, command: waits until it succeeds
  local end=$((SECONDS + $1))
  shift
  until "$@" > /dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    read -rt 0.1 <> <(:) || true
  done
}

dotnet build benchmarks/LoadBench -c Release -v q -nologo -m:2 >&2
bench=artifacts/bin/LoadBench/release/LoadBench

dynamo() {
  local python=${FAULTMATRIX_DYNAMO:-$work/dynamo}/bin/python3 model=${FAULTMATRIX_DYNAMO_MODEL:-$work/model}
  [ -x "$python" ] || ../shared/dynamo/setup "$work/dynamo" > "$work/setup" 2>&1 || return 1
  [ -d "$model" ] || dotnet run -c Release --project src/FaultTolerance.StandIn -- model "$model" > "$work/setup" 2>&1 || return 1
  export DYN_DISCOVERY_BACKEND=file DYN_FILE_KV="$work/kv" DYN_REQUEST_PLANE=tcp DYN_EVENT_PLANE=zmq DYN_HTTP_HOST=127.0.0.1 DYN_SYSTEM_HOST=127.0.0.1
  export DYN_TCP_RPC_HOST=127.0.0.1 DYN_EVENT_PLANE_HOST=127.0.0.1 DYN_TCP_RESPONSE_STREAM_HOST=127.0.0.1
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  "$python" -m dynamo.frontend --http-port "$port" > "$work/frontend" 2>&1 & pids+=($!)
  "$python" -m dynamo.mocker --model-path "$model" --model-name tiny > "$work/mocker" 2>&1 & pids+=($!)
  url=http://127.0.0.1:$port tokenizer=$model
  until_so 60 bash -c "curl -s $url/v1/models | grep -q tiny"
}

own() {
  mkdir -p "$work/own"
  "$bench" url-server --folder "$work/own" --tls 0 --gap 5 > "$work/own/out" & pids+=($!)
  until_so 30 grep -q ready "$work/own/out"
  url=$(sed 's/.*"url":"\([^"]*\)".*/\1/' "$work/own/out") tokenizer=
  port=${url##*:} port=${port%%/*}
}

key=none
if [ "${SERVER:-}" != own ] && dynamo; then
  echo "server: Dynamo at $url"
else
  [ ${#pids[@]} -eq 0 ] || { kill "${pids[@]}" 2> /dev/null || true; pids=(); }
  own
  key=$(cat "$work/own/key")
  echo "server: the tests' own service (SERVER=own, or no Dynamo is there)"
fi
body='{"model":"tiny","messages":[{"role":"user","content":"1 2 3 4 5 6 7 8 9 10"}],"max_tokens":'$tokens',"min_tokens":'$tokens
body+=',"ignore_eos":true,"stream":true,"stream_options":{"include_usage":true}}'
endpoint=$url/v1/chat/completions

if ! has tcpdump; then apt-get install -y -qq tcpdump > /dev/null 2>&1 || true; fi
wire=
may_capture() {
  has tcpdump || return 1
  timeout 5 tcpdump -i lo -c 1 -w /dev/null "tcp port $port" > /dev/null 2> "$work/probe" & local probe=$!
  until_so 3 grep -q listening "$work/probe" || true
  curl -s -o /dev/null "$url/v1/models" || true
  wait "$probe"
}
if may_capture; then
  wire=yes
else
  skip "the wire" "tcpdump is not there, or may not capture"
fi

# told NAME KEY=VALUE ...: what a tool tells, beside the wire and its cost
told() { PEERS_PORT=$port python3 benchmarks/peers/table.py "$work" "$@"; }
# run NAME COMMAND ...: runs a tool under the capture; its output is in $work/NAME.out, its cost in $work/NAME.cost
run() {
  local name=$1 dump=
  shift
  if [ -n "$wire" ]; then
    tcpdump -i lo -s 0 -B 65536 -w "$work/$name.pcap" "tcp port $port" 2> "$work/$name.dump" & dump=$!
    until_so 10 grep -q listening "$work/$name.dump" || true
  fi
  local code=0
  timeout -s KILL 300 python3 benchmarks/peers/cost.py "$work/$name.cost" "$@" > "$work/$name.out" 2>&1 || code=$?
  [ -z "$dump" ] || { kill -INT "$dump"; wait "$dump" || true; }
  [ "$code" -eq 0 ] || { skip "$name" "it ended with $code: $(tail -1 "$work/$name.out" | cut -c1-120)"; return 1; }
}
pip_tool() { # name: installs it into an environment of its own
  if has "$1"; then type -P "$1"; return; fi
  python3 -m venv "$work/$1" > /dev/null && "$work/$1/bin/pip" install -q "$1" > "$work/$1.pip" 2>&1 && echo "$work/$1/bin/$1"
}

ours() {
  cat > "$work/ours.json" << JSON
{ "deployments": {}, "failures": {}, "profiles": { "quick": { "load": "l" } },
  "loads": { "l": { "clients": $clients, "requestsPerClient": $((requests / clients)), "ratePerClient": 1000, "inputTokens": 10, "outputTokens": $tokens,
    "stream": true, "timeout": 30 } } }
JSON
  FAULTMATRIX_API_KEY=$key run ours ./build.sh Load --url "$url" --model tiny --scenarios-file "$work/ours.json" \
    --results "$work/ours" --no-logo || return 0
  told ours "summary=$(echo "$work"/ours/*/summary.json)"
}
wrk() {
  has wrk || apt-get install -y -qq wrk > /dev/null 2>&1 || { skip wrk "not served"; return; }
  cat > "$work/post.lua" << LUA
wrk.method = "POST"
wrk.body = [[$body]]
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer $key"
LUA
  run wrk "$(type -P wrk)" -t1 "-c$clients" "-d${seconds}s" --latency -s "$work/post.lua" "$endpoint" && told wrk || true
}
hey() {
  has hey || apt-get install -y -qq hey > /dev/null 2>&1 || { skip hey "not served"; return; }
  run hey "$(type -P hey)" -n "$requests" -c "$clients" -m POST -T application/json -H "Authorization: Bearer $key" -d "$body" "$endpoint" \
    && told hey || true
}
autocannon() {
  has npm && npm install --silent --prefix "$work/npm" autocannon > "$work/npm.out" 2>&1 || { skip autocannon "not served"; return; }
  run autocannon node "$work/npm/node_modules/autocannon/autocannon.js" -j -c "$clients" -a "$requests" -t 60 -m POST \
    -H "Content-Type=application/json" -H "Authorization=Bearer $key" -b "$body" "$endpoint" && told autocannon || true
}
locust() {
  local program
  program=$(pip_tool locust) || { skip locust "not served"; return; }
  cat > "$work/locustfile.py" << PY
from locust import HttpUser, task
class Client(HttpUser):
    @task
    def ask(self):
        self.client.post("$endpoint", data='$body', headers={"Content-Type": "application/json", "Authorization": "Bearer $key"}, name="ask")
PY
  run locust "$program" -f "$work/locustfile.py" --headless -u "$clients" -r "$clients" -t "${seconds}s" --host "$url" --csv "$work/locust-table" \
    && told locust || true
}
aiperf() {
  local program
  program=$(pip_tool aiperf) || { skip aiperf "not served"; return; }
  [ -n "$tokenizer" ] || { skip aiperf "it needs the model's tokenizer"; return; }
  run aiperf "$program" profile --model tiny --tokenizer "$tokenizer" --url "$url" --endpoint-type chat --streaming --concurrency "$clients" \
    --request-count "$requests" --synthetic-input-tokens-mean 10 --output-tokens-mean $tokens --extra-inputs ignore_eos:true \
    --artifact-dir "$work/aiperf-run" --ui none && told aiperf "export=$work/aiperf-run/profile_export_aiperf.json" || true
}
guidellm() {
  local program
  program=$(pip_tool guidellm) || { skip guidellm "not served"; return; }
  [ -n "$tokenizer" ] || { skip guidellm "it needs the model's tokenizer"; return; }
  run guidellm "$program" benchmark --target "$url" --model tiny --processor "$tokenizer" --rate-type concurrent --rate "$clients" \
    --max-requests "$requests" --data "prompt_tokens=10,output_tokens=$tokens" --output-path "$work/guidellm.json" \
    && told guidellm "report=$work/guidellm.json" || true
}

told head
for tool in "${@:-ours}" $([ $# -gt 0 ] || echo aiperf guidellm locust wrk autocannon hey); do
  case $tool in
    ours | aiperf | guidellm | locust | wrk | autocannon | hey) "$tool" ;;
    *) skip "$tool" "not known" ;;
  esac
done
echo "load average: $(cut -d' ' -f1-3 /proc/loadavg)"
