"""Runs a command and tells, for each row that it measured with a load from the cluster, what the load was and what used the processors.

    share.py RESULTS COMMAND [WORD ...]

RESULTS is the folder that the command writes its run to. The node of the cluster is this machine: the pods are among its processes. Twice a second
every process is looked at: its processor time by part, and how many connections the frontend has open (/proc/PID/net/tcp, the frontend's own
network). What is printed is of the time from load.started to load.ended in the row's timeline.
"""
import datetime, json, os, pathlib, subprocess, sys, time

TICK = os.sysconf("SC_CLK_TCK")
EVERY = 0.5
PORT = f"{8000:04X}"
OPEN = "01"
PARTS = (
    ("frontend", ("dynamo.frontend",)),
    ("worker", ("dynamo.vllm",)),
    ("engine core", ("EngineCore",)),
    ("load pods", ("LoadWorker",)),
    ("runner", ("faultmatrix.dll", "MSBuild.dll")),
)
OTHERS = "cluster and others"


def line_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read(4096).decode(errors="replace")
    except OSError:
        return ""


def connections(pid):
    count = 0
    for name in ("tcp", "tcp6"):
        try:
            with open(f"/proc/{pid}/net/{name}", encoding="ascii") as file:
                next(file)
                count += sum(1 for words in map(str.split, file) if words[1].endswith(":" + PORT) and words[3] == OPEN)
        except OSError:
            pass
    return count


def look(lines):
    sums, open_now = {}, 0
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                fields = file.read().rsplit(b")", 1)[1].split()
        except OSError:
            continue
        key = name, fields[19]
        if not lines.get(key):
            lines[key] = line_of(name)
        part = next((part for part, words in PARTS if any(word in lines[key] for word in words)), OTHERS)
        sums[key] = part, (int(fields[11]) + int(fields[12])) / TICK
        if part == "frontend":
            open_now = max(open_now, connections(name))
    return time.time(), sums, open_now


def instant(text):
    whole, _, fraction = text.rstrip("Z").partition(".")
    return datetime.datetime.fromisoformat(whole + "+00:00").timestamp() + float("0." + (fraction or "0"))


def tell(row, looks):
    events = [json.loads(line) for line in (row / "timeline.jsonl").read_text().splitlines()]
    one = lambda name: next((event for event in reversed(events) if event["event"] == name), None)
    started, ended, health, spread = one("load.started"), one("load.ended"), one("load.health"), one("load.spread")
    if not (started and ended and health):
        print(f"{row.name}: no load was measured")
        return
    during = [entry for entry in looks if instant(started["at"]) <= entry[0] <= instant(ended["at"])]
    if len(during) < 2:
        print(f"{row.name}: the load was over before it could be looked at twice")
        return
    # What had ended by the second look is in neither, which is little: nothing of the service ends in a load without a fault.
    first, last = during[0], during[-1]
    used = {}
    for key, (part, seconds) in last[1].items():
        used[part] = used.get(part, 0) + seconds - first[1].get(key, (part, 0))[1]
    wall, total = last[0] - first[0], sum(used.values())
    print(f"{row.name}: {health['valid'] and 'sound' or 'not sound: ' + '; '.join(health['reasons'])}")
    print(f"  requests: planned {ended['planned']}, sent {ended['sent']}, succeeded {ended['succeeded']}, failed {ended['failed']}, not sent {ended['notSent']}")
    print(f"  requests/s: asked for {health['askedRate']:.0f}, sent {health['achievedRate']:.0f}; sent late p99 {1000 * health['sendLagP99']:.1f} ms")
    print(f"  connections of the frontend, at most: {max(entry[2] for entry in during)}")
    if spread:
        print(f"  pods {spread['pods']}, started within {1000 * spread['spread']:.1f} ms (± {1000 * spread['uncertainty']:.1f} ms)")
    shares = ", ".join(f"{part} {100 * seconds / total:.0f} %" for part, seconds in sorted(used.items(), key=lambda item: -item[1]))
    print(f"  processors used {100 * total / wall / os.cpu_count():.0f} % of {os.cpu_count()}; of that {shares}")


def main(results, command):
    process, looks, lines = subprocess.Popen(command, stdin=subprocess.DEVNULL), [], {}
    while process.poll() is None:
        looks.append(look(lines))
        time.sleep(EVERY)
    for row in sorted(pathlib.Path(results).glob("*/test_fault_scenario*")):
        tell(row, looks)
    sys.exit(process.returncode)


main(sys.argv[1], sys.argv[2:])
