import subprocess
import sys

STAGE = """
import sys
vals = [int(v) for v in sys.stdin.read().split()]
k = int(sys.argv[1])
for _ in range(60000):
    vals = [vals[-1] + k & 65535] + [v ^ vals[0] for v in vals[:-1]]
print(*vals)
"""


def stage(feed, k):
    p = subprocess.run([sys.executable, "-S", "-c", STAGE, str(k)], input=feed,
                       capture_output=True, text=True, check=True)
    return p.stdout


feed = "17 5 998 40 3 77 12 6"
for name, k in [("crush", 3), ("mill", 11), ("float", 2), ("thicken", 29), ("filter", 8), ("dry", 5), ("bag", 1)]:
    feed = stage(feed, k)
    print(f"{name:8s}", *feed.split()[:3])
