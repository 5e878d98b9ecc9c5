import datetime as dt
import random
from typing import NamedTuple


class Invoice(NamedTuple):
    number: int
    issued: dt.date
    terms: int
    amount: float


def easter(year):
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return dt.date(year, f // 31, f % 31 + 1)


def closed(day):
    if day.weekday() >= 5:
        return True
    e = easter(day.year)
    return day in {e + dt.timedelta(k) for k in (-2, 1, 39, 50)} or (day.month, day.day) in {(1, 1), (12, 25), (12, 26)}


def due(issued, terms):
    day = issued
    while terms:
        day += dt.timedelta(1)
        if not closed(day):
            terms -= 1
    return day


rnd = random.Random(1)
start = dt.date(2025, 1, 2)
invoices = [
    Invoice(n, start + dt.timedelta(rnd.randrange(90)), rnd.choice((5, 10, 20)), rnd.randint(10, 9999) / 4)
    for n in range(14_000)
]
by_day = {}
for inv in invoices:
    d = due(inv.issued, inv.terms)
    by_day[d] = by_day.get(d, 0.0) + inv.amount
top = max(by_day, key=by_day.get)
print(len(by_day), "days, most due on", top, by_day[top])
