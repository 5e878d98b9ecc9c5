"""Round robin between little bots, each match in a process of its own."""
import itertools
import subprocess
import sys
from collections import Counter

REFEREE = r'''
import sys, time
a, b = sys.argv[1:3]
piles = [7 + len(a), 5 + len(b), 9]
turn = 0
while any(piles):
    time.sleep(0.004)
    k = max(range(3), key=lambda i: (piles[i], i * (len(a) - len(b))))
    piles[k] -= min(piles[k], 1 + (len((a, b)[turn]) + piles[k]) % 3)
    turn ^= 1
print((a, b)[turn ^ 1])
'''


class League:
    def __init__(self, bots):
        self.bots = bots
        self.wins = Counter()

    def play(self):
        for home, away in itertools.combinations(self.bots, 2):
            match = subprocess.Popen([sys.executable, "-c", REFEREE, home, away], stdout=subprocess.PIPE, text=True)
            winner, _ = match.communicate()
            if match.returncode:
                raise RuntimeError((home, away))
            self.wins[winner.strip()] += 1


league = League(["greedy", "mirror", "rnd", "lookahead", "lazy", "bookworm"])
league.play()
for bot, n in sorted(league.wins.items(), key=lambda kv: (-kv[1], kv[0])):
    print(f"{bot:10s}{n:3d}")
