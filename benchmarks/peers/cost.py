"""Runs a command and writes what it and its children cost: processor seconds, the largest one's peak memory in MiB, wall seconds."""
import json, resource, subprocess, sys, time

begun = time.monotonic()
code = subprocess.call(sys.argv[2:], stdin=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump({"cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024, "wall": time.monotonic() - begun}, file)
sys.exit(code)
