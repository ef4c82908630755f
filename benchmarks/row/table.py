"""Prints what benchmarks/row.sh found: medians over its runs.

    table.py FOLDER ROW SIDE [SIDE]

FOLDER holds SIDE-WHAT-RUN.json, which cost.py wrote, and in SIDE-WHAT-RUN the run's summary.json; WHAT is how many of the row ran at a
time, or matrix. The load has no process of its own: its share is what its process used between its first and its last request (load.health:
cpuShare, duration), the faults and the watch of that time among it, and is taken off front and engine.
"""
import json, pathlib, statistics, sys

PARTS = ("front and engine", "load", "local cluster", "operator", "frontend", "worker", "engine core", "shells and mounts", "unseen")
SHOWN = (("start-up, s", "startup"), ("latency before, ms", "latency"), ("outage, s", "outage"))


def read(path):
    cost = json.loads(path.read_text())
    rows = json.loads((path.with_suffix("") / "summary.json").read_text())["scenarios"]
    health = [row["generator"] for row in rows if (row.get("generator") or {}).get("cpuShare")]
    load = sum(one["cpuShare"] * one["duration"] for one in health) * cost["processors"]
    parts = {part: tuple(times) for part, times in cost["parts"].items()}
    engine = [sum(times) for times in zip(parts.pop("front", (0, 0)), parts.pop("engine", (0, 0)))]
    # What the load reports is user and system time in one.
    sums = {"front and engine": sum(engine) - load, "load": load} | {part: sum(times) for part, times in parts.items()}
    kernel = engine[1] + sum(times[1] for times in parts.values())
    seconds = {part: sums.get(part, 0) / len(rows) for part in PARTS}
    seconds |= {"in all": sum(sums.values()) / len(rows), "of that the kernel": kernel / len(rows)}
    seconds |= {"wall time of the whole run": cost["wall"]}
    return seconds | {"rows": rows, "measured": sum(row["state"] == "Measured" for row in rows)}


def is_row(row, name):
    return row["scenario"] in (name, f"{name}.{row['trial']}")


def figures(row):
    outage = row["recovery"].get("outage") or row.get("damage", {}).get("outage") or {}
    latency = row["legacy"]["latencyBefore"]
    return {"startup": row["legacy"]["startup"], "latency": latency and 1000 * latency, "outage": outage.get("seconds")}


def median(values):
    known = [value for value in values if value is not None]
    return f"{statistics.median(known):.2f}" if known else "-"


def line(name, cells):
    print(f"{name:28}" + "".join(f"{cell:>16}" for cell in cells))


def main(folder, name, sides):
    runs = {}
    for path in sorted(pathlib.Path(folder).glob("*-*-*.json")):
        side, what, _ = path.stem.split("-")
        runs.setdefault((what, side), []).append(read(path))
    columns = [(what, side) for what in ("1", "4", "8", "matrix") for side in sides if (what, side) in runs]
    print(f"{name}, medians of {max(map(len, runs.values()))} run(s)")
    line("", [("the matrix" if what == "matrix" else f"{what} at a time") for what, _ in columns])
    line("processor seconds a row", [side for _, side in columns])
    for part in (*PARTS, "in all", "of that the kernel", "wall time of the whole run"):
        line(part, [median(run[part] for run in runs[column]) for column in columns])
    line("rows measured", [f"{sum(r['measured'] for r in runs[c])} of {sum(len(r['rows']) for r in runs[c])}" for c in columns])
    for title, key in SHOWN:
        line(title, [median(figures(row)[key] for run in runs[column] for row in run["rows"] if is_row(row, name))
                     for column in columns])


main(sys.argv[1], sys.argv[2], sys.argv[3:])
