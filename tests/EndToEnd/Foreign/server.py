"""A server of the tests that is nobody's stand-in: OpenAI's paths, and trouble by order of the environment.

HOST (default POD_IP), PORT (8000)  where it listens
STREAM    "endless": a streamed answer has no end; PAUSE seconds between two tokens (0: as fast as they are taken)
METRICS   "endless": /metrics has no end; else the text of a file of that name
MODELS    "endless": the list of models has no end
IDLE      seconds after which a kept connection is closed that carried nothing
REASONING "1": answers are reasoning, and have no content
"""
import json
import os
import socket
import threading
import time

ENV = os.environ.get
PAUSE = float(ENV("PAUSE", "0"))
IDLE = float(ENV("IDLE", "0")) or None
KEY = "reasoning" if ENV("REASONING") == "1" else "content"


def head(connection, kind, length=None):
    framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{framing}\r\n\r\n".encode())


def chunk(connection, text):
    body = text.encode()
    connection.sendall(b"%X\r\n" % len(body) + body + b"\r\n")


def answer(connection, value):
    body = json.dumps(value).encode()
    head(connection, "application/json", len(body))
    connection.sendall(body)


def endless(connection, kind, first, text):
    head(connection, kind)
    chunk(connection, first)
    while True:
        chunk(connection, text)


def chat(connection, asked):
    tokens = asked.get("max_tokens", 100)
    if asked.get("stream"):
        token = "data: " + json.dumps({"id": "c", "choices": [{"index": 0, "delta": {KEY: "tok "}}]}) + "\n\n"
        head(connection, "text/event-stream")
        sent = 0
        while sent < tokens or ENV("STREAM") == "endless":
            chunk(connection, token)
            sent += 1
            if PAUSE:
                time.sleep(PAUSE)
        usage = {"id": "c", "choices": [], "usage": {"completion_tokens": tokens}}
        chunk(connection, "data: " + json.dumps(usage) + "\n\ndata: [DONE]\n\n")
        connection.sendall(b"0\r\n\r\n")
        return
    message = {"role": "assistant", "content": None, KEY: "tok " * tokens}
    answer(connection, {"id": "c", "object": "chat.completion", "choices": [{"index": 0, "message": message}],
                        "usage": {"completion_tokens": tokens}})


def serve(connection):
    held = b""
    connection.settimeout(IDLE)
    try:
        while True:
            while b"\r\n\r\n" not in held:
                more = connection.recv(65536)
                if not more:
                    return
                held += more
            request, held = held.split(b"\r\n\r\n", 1)
            lines = request.decode("latin1").split("\r\n")
            path = lines[0].split(" ")[1]
            length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
            while len(held) < length:
                held += connection.recv(65536)
            body, held = held[:length], held[length:]
            if path == "/v1/models" and ENV("MODELS") == "endless":
                endless(connection, "application/json", '{"object":"list","data":[', '{"id":"m","object":"model"},' * 500)
            elif path == "/v1/models":
                answer(connection, {"object": "list", "data": [{"id": "m", "object": "model"}]})
            elif path == "/metrics" and ENV("METRICS") == "endless":
                endless(connection, "text/plain", "# HELP n n\n", 'n{path="/v1/chat/completions"} 1\n' * 500)
            elif path == "/metrics" and ENV("METRICS"):
                with open(ENV("METRICS"), "rb") as file:
                    text = file.read()
                head(connection, "text/plain", len(text))
                connection.sendall(text)
            elif path == "/v1/chat/completions":
                chat(connection, json.loads(body))
            else:
                answer(connection, {"status": "ok"})
    except OSError:
        pass
    finally:
        connection.close()


listener = socket.create_server((ENV("HOST") or ENV("POD_IP", "127.0.0.1"), int(ENV("PORT", "8000"))), backlog=128)
print("listening", flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
