"""Find the revision that broke the build, by bisection with an external test."""
import subprocess
import sys
from functools import partial

TEST = "import sys, time; time.sleep(0.06); sys.exit(int(sys.argv[1]) >= int(sys.argv[2]))"


def broken(revision, culprit):
    p = subprocess.run([sys.executable, "-S", "-c", TEST, str(revision), str(culprit)])
    return p.returncode != 0


def bisect(test, good, bad):
    runs = 0
    while bad - good > 1:
        mid = (good + bad) // 2
        runs += 1
        if test(mid):
            bad = mid
        else:
            good = mid
    return bad, runs


tests = 0
found, runs = bisect(partial(broken, culprit=5113), 0, 16384)
tests += runs
print("first bad revision", found, "after", tests, "runs")
