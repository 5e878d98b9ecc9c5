from fractions import Fraction


def strength(p, q):
    x = Fraction(p, p + q)
    term, total = Fraction(1), Fraction(0)
    for k in range(1, 16):
        term = term * x * Fraction(2 * k - 1, 2 * k)
        total += term
    return total


def pairs(count):
    a, b = 17, 5
    for _ in range(count):
        a, b = (a * 31 + b) % 1009, (b * 17 + a) % 997
        yield a % 7 + 1, b % 7 + 1


def survey(count):
    tally = {}
    for n, (p, q) in enumerate(pairs(count)):
        s = strength(p, q)
        zone = "inner" if p > q else "outer"
        if s > tally.get(zone, (Fraction(0), 0))[0]:
            tally[zone] = (s, n)
    return tally


for zone, (s, n) in sorted(survey(14_000).items()):
    print(zone, n, float(s), s.denominator.bit_length())
