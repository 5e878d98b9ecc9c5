import random
from datetime import date, timedelta
from typing import NamedTuple

HOLIDAYS = {(1, 1), (5, 1), (12, 25), (12, 26)}


class Trade(NamedTuple):
    dealt: date
    matures: date
    nominal: int


def open_days(start, end):
    day, n = start, 0
    while day < end:
        if day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS:
            n += 1
        day += timedelta(days=1)
    return n


def blotter(n):
    rng = random.Random(55)
    base = date(2024, 1, 2)
    issues = [base + timedelta(days=91 * q) for q in range(1, 13)]
    for _ in range(n):
        dealt = base + timedelta(days=rng.randrange(25))
        yield Trade(dealt, rng.choice(issues), rng.randint(1, 50) * 1000)


def accrued(trades, rate=0.031):
    return sum(t.nominal * rate * open_days(t.dealt, t.matures) / 252 for t in trades)


trades = list(blotter(3_000))
print("trades", len(trades), "nominal", sum(t.nominal for t in trades))
print("accrued", round(accrued(trades), 2))
