"""Expected points of a league from rounded attack ratings."""
import math
import random


class Model:
    GOALS = 11

    @staticmethod
    def outcome(home, away):
        win = draw = 0.0
        for h in range(Model.GOALS):
            ph = math.exp(-home) * home ** h / math.factorial(h)
            for a in range(Model.GOALS):
                p = ph * math.exp(-away) * away ** a / math.factorial(a)
                if h > a:
                    win += p
                elif h == a:
                    draw += p
        return win, draw


def season(clubs, rounds):
    points = {c: 0.0 for c in clubs}
    for _ in range(rounds):
        for home, hr in clubs.items():
            for away, ar in clubs.items():
                if home == away:
                    continue
                win, draw = Model.outcome(hr, ar)
                points[home] += 3 * win + draw
                points[away] += 3 * (1 - win - draw) + draw
    return points


rng = random.Random(1863)
clubs = {f"club{i:02d}": round(rng.uniform(0.8, 2.2), 1) for i in range(20)}
table = season(clubs, 80)
for name in sorted(table, key=lambda c: (-table[c], c))[:4]:
    print(name, round(table[name], 3))
