import subprocess
import sys
import time

JOB = "import sys, time; time.sleep(0.3 + int(sys.argv[1]) * 0.08); print(int(sys.argv[1]) ** 3)"


def start(n):
    return subprocess.Popen([sys.executable, "-c", JOB, str(n)], stdout=subprocess.PIPE, text=True)


began = time.monotonic()
builds = [start(n) for n in range(8)]
results = []
for p in builds:
    out, _ = p.communicate()
    results.append(int(out))
fast = time.monotonic() - began < 60
print(results, sum(results), "in time" if fast else "late")
