import random


class League:
    def __init__(self, names):
        self.names = names
        self.streak = {}
        self.longest = {n: 0 for n in names}

    def play(self, results):
        for winner, loser in results:
            n = self.streak.get(winner, 0) + 1
            self.streak[winner] = n
            self.streak[loser] = 0
            if n > self.longest[winner]:
                self.longest[winner] = n


def fixtures(names, n, seed=8):
    rnd = random.Random(seed)
    strength = {t: rnd.random() for t in names}
    out = []
    for _ in range(n):
        a, b = rnd.sample(names, 2)
        out.append((a, b) if strength[a] > strength[b] * rnd.random() * 1.6 else (b, a))
    return out


teams = ["Ajax", "Boca", "Celtic", "Dinamo", "Everton", "Flamengo", "Genk", "Hapoel"]
games = fixtures(teams, 40_000)
league = League(teams)
for _ in range(150):
    league.play(games)
print(sorted(league.longest.items(), key=lambda kv: -kv[1])[:3])
