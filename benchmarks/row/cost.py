"""Runs a command and writes what its processes cost, in processor seconds by part: user time and the kernel's (system time).

    cost.py OUT.json COMMAND [WORD ...]

Every process below the command is looked at every 50 ms, under its last command line. The sum over all of them is the kernel's own
account (getrusage): orphans become children of this program, so that nobody's time is lost. What the looks did not see, processes of less
than 50 ms and the last moments of others, is the sum less what was seen, and stands as 'unseen'. The looks themselves are not counted.
"""
import ctypes, json, os, resource, subprocess, sys, time

TICK = os.sysconf("SC_CLK_TCK")
EVERY = 0.05
PARTS = (
    ("front", ("faultmatrix.dll",)),
    ("engine", ("MSBuild.dll",)),
    ("local cluster", ("FaultTolerance.LocalCluster\0",)),
    ("operator", ("stand-in\0operator",)),
    ("frontend", ("dynamo.frontend",)),
    ("worker", ("dynamo.",)),
    ("engine core", ("EngineCore", "sglang::", "FaultTolerance.StandIn")),
)


def part_of(line):
    return next((part for part, words in PARTS if any(word in line for word in words)), "shells and mounts")


class Looks:
    """What each process of the tree has used, and what it is."""

    def __init__(self):
        self.own = {os.getpid()}
        self.foreign, self.seen = set(), {}

    def look(self):
        there = {int(name) for name in os.listdir("/proc") if name.isdigit()}
        self.foreign &= there
        parents, stats = {}, {}
        for pid in there - self.foreign:
            try:
                with open(f"/proc/{pid}/stat", "rb") as file:
                    fields = file.read().rsplit(b")", 1)[1].split()
            except OSError:
                continue
            parents[pid], stats[pid] = int(fields[1]), (int(fields[19]), int(fields[11]), int(fields[12]))
        for pid, (begun, user, system) in stats.items():
            if pid in self.own:
                continue
            below = self.below(pid, parents)
            if not below:
                # Whose parent ended between two reads may be anybody's until the next look.
                self.foreign.update([pid] if below is False else [])
                continue
            line = self.line(pid) or (self.seen.get((pid, begun)) or (0, 0, ""))[2]
            self.seen[pid, begun] = (user, system, line)

    def below(self, pid, parents):
        while pid in parents and pid not in self.own and pid not in self.foreign:
            pid = parents[pid]
        return True if pid in self.own else False if pid == 0 or pid in self.foreign else None

    @staticmethod
    def line(pid):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                return file.read(4096).decode(errors="replace")
        except OSError:
            return ""


def main(out, command):
    if ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0) != 0:  # PR_SET_CHILD_SUBREAPER
        sys.exit("cost.py: this system gives orphans to nobody but its first process")
    begun, looks = time.monotonic(), Looks()
    looks.look()
    main_process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    code, wall = None, 0
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == main_process.pid:
            code, wall = os.waitstatus_to_exitcode(status), time.monotonic() - begun
        if pid == 0:
            looks.look()
            time.sleep(EVERY)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    parts = {}
    for user, system, line in looks.seen.values():
        sums = parts.setdefault(part_of(line), [0.0, 0.0])
        sums[0] += user / TICK
        sums[1] += system / TICK
    parts["unseen"] = [used.ru_utime - sum(p[0] for p in parts.values()), used.ru_stime - sum(p[1] for p in parts.values())]
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"code": code, "wall": wall, "processors": os.cpu_count(), "parts": parts}, file)
    sys.exit(code)


main(sys.argv[1], sys.argv[2:])
