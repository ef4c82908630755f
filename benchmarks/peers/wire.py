"""Reads streamed completions off a capture: seconds from a request's first packet to the first packet with a token, and to the last packet."""
import struct


def packets(path):
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    nano = data[:4] in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d")
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, length, _ = struct.unpack_from(order + "IIII", data, at)
        yield seconds + fraction / (1e9 if nano else 1e6), data[at + 16:at + 16 + length]
        at += 16 + length


def streams(path, port):
    """(latency, time to the first token) of each streamed completion, in the order in which they ended."""
    open_, seen, ended = {}, set(), []
    for at, frame in packets(path):
        if frame[12:14] != b"\x08\x00" or frame[23] != 6:
            continue
        head = 14 + (frame[14] & 15) * 4
        source, target, sequence = struct.unpack_from(">HHI", frame, head)
        whole = 14 + struct.unpack_from(">H", frame, 16)[0]
        payload = frame[head + (frame[head + 12] >> 4) * 4:whole]
        if not payload or (source, target, sequence, len(payload)) in seen:
            continue
        seen.add((source, target, sequence, len(payload)))
        if target == port:
            if payload.startswith(b"POST "):
                open_[source] = [at, None, None]
        elif source == port and target in open_:
            stream = open_[target]
            if stream[1] is None and b"data: {" in payload and b'"content":"' in payload.replace(b'": "', b'":"').replace(b'"content":""', b""):
                stream[1] = at
            stream[2] = at
            if b"data: [DONE]" in payload:
                stream.append(True)
            if len(stream) > 3 and payload.endswith(b"0\r\n\r\n"):
                ended.append((stream[2] - stream[0], (stream[1] or stream[2]) - stream[0]))
                del open_[target]
    return ended
