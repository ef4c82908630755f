#!/usr/bin/env bash
# Latency, TTFT and ITL of a load by address against the server's own stamps, at 10 and 100 clients and at 50 requests a second.
#   benchmarks/url.sh            the table; needs python3 and a built checkout
# The server is plain HTTP/1.1 on loopback and stamps each request on the machine's monotonic clock, the load's own.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null; rm -rf "$work"' EXIT
port=${PORT:-28473}

cat > "$work/server.py" << 'PY'
import asyncio, json, sys, time
port, stamps = int(sys.argv[1]), open(sys.argv[2], "w", buffering=1)
async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            taken = time.monotonic()
            fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
            body = await reader.readexactly(int(fields.get(b"Content-Length", 0)))
            if head.startswith(b"GET"):
                answer = b'{"data": [{"id": "tiny"}]}'
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))
                continue
            asked = json.loads(body)
            tokens = asked["max_tokens"]
            if not asked["stream"]:
                answer = json.dumps({"choices": [{"message": {"content": "abcd " * tokens}}], "usage": {"completion_tokens": tokens}}).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))
                continue
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            times = []
            def say(text):
                data = b"data: " + text.encode() + b"\n\n"
                writer.write(b"%x\r\n%s\r\n" % (len(data), data))
            await asyncio.sleep(0.05)
            for _ in range(tokens):
                say('{"choices": [{"delta": {"content": "abcd "}}]}')
                times.append(time.monotonic())
                await asyncio.sleep(0.01)
            say(json.dumps({"choices": [], "usage": {"completion_tokens": tokens}}))
            say("[DONE]")
            writer.write(b"0\r\n\r\n")
            ended = time.monotonic()
            stamps.write(json.dumps([ended - taken, times[0] - taken, [b - a for a, b in zip(times, times[1:])]]) + "\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
async def main():
    await (await asyncio.start_server(serve, "127.0.0.1", port)).serve_forever()
asyncio.run(main())
PY

load() { # name, the load's keys
  cat > "$work/$1.json" << JSON
{ "deployments": {}, "failures": {}, "profiles": { "quick": { "load": "l" } },
  "loads": { "l": { "inputTokens": 10, "outputTokens": 20, "stream": true, "timeout": 30, $2 } } }
JSON
  : > "$work/stamps"
  python3 "$work/server.py" "$port" "$work/stamps" & server=$!
  for _ in $(seq 50); do (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null && break; sleep 0.1; done
  ./build.sh Load --url "http://127.0.0.1:$port" --model tiny --scenarios-file "$work/$1.json" --results "$work/$1" --no-logo > "$work/$1.txt" || true
  kill "$server"; wait "$server" 2> /dev/null || true; server=
  python3 - "$1" "$work/stamps" "$work/$1"/*/summary.json << 'PY'
import json, math, sys
name, stamps, summary = sys.argv[1:4]
rows = [json.loads(line) for line in open(stamps)]
def at(values, share): return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
row = json.load(open(summary))["scenarios"][0]
whole = row["numbers"]["whole"]
for what, values in (("latency", [r[0] for r in rows]), ("ttft", [r[1] for r in rows]), ("itl", [g for r in rows for g in r[2]])):
    for point, share in (("p50", 0.5), ("p99", 0.99)):
        server, told = at(values, share), whole[f"{what}_{point}"]
        off = abs(told - server)
        print(f"{name:12} {what:8} {point}  server {1000 * server:9.2f} ms  told {1000 * told:9.2f} ms  off {1000 * off:7.2f} ms  "
              f"{'within 1 ms or 2 %' if off <= max(0.001, 0.02 * server) else 'BEYOND'}")
print(f"{name:12} generator {'sound' if row['generator']['valid'] else 'NOT SOUND: ' + '; '.join(row['generator']['reasons'])}")
PY
}

load clients-10 '"clients": 10, "requestsPerClient": 30, "ratePerClient": 1000'
load clients-100 '"clients": 100, "requestsPerClient": 10, "ratePerClient": 1000'
load rate-50 '"clients": 10, "requestsPerClient": 50, "ratePerClient": 5, "mode": "open"'
