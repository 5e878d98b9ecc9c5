import subprocess
import sys

SOURCE = """
import time
for i in range(30):
    time.sleep(0.025)
    print(i, i * 37 % 11, i * 53 % 7, flush=True)
"""


def ticker():
    with subprocess.Popen([sys.executable, "-c", SOURCE], stdout=subprocess.PIPE, text=True) as p:
        for line in p.stdout:
            yield tuple(map(int, line.split()))


score = {"home": 0, "away": 0}
lead_changes, leader = 0, None
for minute, a, b in ticker():
    score["home"] += a > 8
    score["away"] += b > 5
    now = max(score, key=score.get)
    lead_changes += now != leader
    leader = now
print(score, lead_changes)
