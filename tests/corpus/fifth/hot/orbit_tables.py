"""Eccentric anomalies of a handful of comets to 60 digits."""
from decimal import Decimal, getcontext

getcontext().prec = 60


def sine_cosine(x):
    s, c = Decimal(0), Decimal(0)
    term, k = Decimal(1), 0
    while abs(term) > Decimal("1e-62"):
        if k % 2 == 0:
            c += term if k % 4 == 0 else -term
        else:
            s += term if k % 4 == 1 else -term
        k += 1
        term = term * x / k
    return s, c


class Comet:
    def __init__(self, name, eccentricity):
        self.name = name
        self.e = Decimal(eccentricity)

    def solve(self, mean):
        guess = mean + self.e / 2
        for _ in range(60):
            s, c = sine_cosine(guess)
            step = (guess - self.e * s - mean) / (1 - self.e * c)
            guess -= step
            if abs(step) < Decimal("1e-57"):
                break
        return guess


def ephemeris(comet):
    return [comet.solve(Decimal(i) / 40) for i in range(1, 101)]


comets = [Comet(f"C/{2001 + i}", f"0.{80 + i}") for i in range(16)]
tables = []
for comet in comets:
    tables.append(ephemeris(comet))
for comet, table in zip(comets[::5], tables[::5]):
    print(comet.name, str(table[-1])[:40])
