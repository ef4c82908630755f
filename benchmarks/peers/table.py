"""A line of the table: what a tool tells, in milliseconds, beside the wire's, and what it cost. "table.py WORK head" writes the heading."""
import csv, json, math, os, re, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wire

work, name = sys.argv[1:3]
given = dict(one.split("=", 1) for one in sys.argv[3:])
COLUMNS = ["tool", "streams", "latency p50", "(wire)", "p99", "(wire)", "TTFT p50", "(wire)", "p99", "(wire)", "CPU s", "MiB"]


def line(cells):
    print(f"{cells[0]:11}" + "".join(f"{cell:>12}" for cell in cells[1:]), flush=True)


def at(values, share):
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else None


def ms(seconds):
    return "–" if seconds is None else f"{1000 * seconds:.1f}"


def out():
    return open(f"{work}/{name}.out", errors="replace").read()


def span(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s|m)$", text).groups()
    return float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60}[unit]


def told():
    """streams, latency p50 and p99, time to the first token p50 and p99, in seconds; None for what the tool does not tell."""
    if name == "ours":
        whole = json.load(open(given["summary"]))["scenarios"][0]["numbers"]["whole"]
        return whole["succeeded"], whole["latency_p50"], whole["latency_p99"], whole["ttft_p50"], whole["ttft_p99"]
    if name == "wrk":
        text = out()
        point = lambda share: span(re.search(rf"^\s+{share}%\s+(\S+)", text, re.M).group(1))
        return int(re.search(r"(\d+) requests in", text).group(1)), point(50), point(99), None, None
    if name == "hey":
        text = out()
        point = lambda share: float(re.search(rf"{share}%+ in ([\d.]+) secs", text).group(1))
        return int(re.search(r"\[200\]\s+(\d+) responses", text).group(1)), point(50), point(99), None, None
    if name == "autocannon":
        all_ = json.loads(next(text for text in out().splitlines() if text.startswith("{")))
        return all_["2xx"], all_["latency"]["p50"] / 1000, all_["latency"]["p99"] / 1000, None, None
    if name == "locust":
        row = next(row for row in csv.DictReader(open(f"{work}/locust-table_stats.csv")) if row["Name"] == "ask")
        return int(row["Request Count"]) - int(row["Failure Count"]), float(row["50%"]) / 1000, float(row["99%"]) / 1000, None, None
    if name == "aiperf":
        all_ = json.load(open(given["export"]))
        latency, first = all_["request_latency"], all_["time_to_first_token"]
        return (int(all_["request_count"]["avg"]), latency["p50"] / 1000, latency["p99"] / 1000, first["p50"] / 1000, first["p99"] / 1000)
    all_ = json.load(open(given["report"]))["benchmarks"][0]["metrics"]
    latency = all_["request_latency"]["successful"]["percentiles"]
    first = all_["time_to_first_token_ms"]["successful"]["percentiles"]
    return (all_["request_totals"]["successful"], latency["p50"], latency["p99"], first["p50"] / 1000, first["p99"] / 1000)


if name == "head":
    line(COLUMNS)
    sys.exit()
count, *times = told()
capture = f"{work}/{name}.pcap"
seen = wire.streams(capture, int(given.get("port", os.environ.get("PEERS_PORT", "0")))) if os.path.exists(capture) else []
truth = [at([one[which] for one in seen], share) for which in (0, 1) for share in (0.5, 0.99)]
cost = json.load(open(f"{work}/{name}.cost"))
line([name, str(count), *(text for pair in zip(times, truth) for text in (ms(pair[0]), ms(pair[1]))), f"{cost['cpu']:.1f}", f"{cost['memory']:.0f}"])
