import random


def games(n, seed):
    gen = random.Random(seed)
    players = ["Tal", "Petrosian", "Keres", "Polgar", "Larsen", "Bronstein", "Hou"]
    return list(zip(gen.choices(players, k=n), gen.choices("1=0", (4, 3, 3), k=n)))


class Season:
    def __init__(self, results):
        self.results = results

    def streaks(self, run, best):
        for player, mark in self.results:
            if mark == "0":
                run[player] = 0
            else:
                run[player] = run.get(player, 0) + 1
                if run[player] > best.get(player, 0):
                    best[player] = run[player]
        return best


if __name__ == "__main__":
    pool = games(100_000, 6)
    run, best = {}, {}
    for year in range(60):
        best = Season(pool[year * 500:]).streaks(run, best)
    for player in sorted(best):
        print(player, best[player])
