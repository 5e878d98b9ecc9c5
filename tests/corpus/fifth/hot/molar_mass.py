# Assign reagents of a reaction log to their most abundant mass
import random

ISOTOPES = {
    "C": ((12.0, 0.9893), (13.00335, 0.0107)),
    "H": ((1.00783, 0.99988), (2.0141, 0.00012)),
    "O": ((15.99491, 0.99757), (17.99916, 0.00205)),
    "Cl": ((34.96885, 0.7576), (36.9659, 0.2424)),
}


def pattern(formula, cutoff):
    peaks = {0.0: 1.0}
    for symbol, count in formula:
        for _ in range(count):
            grown = {}
            for mass, share in peaks.items():
                for m, s in ISOTOPES[symbol]:
                    key = round(mass + m, 3)
                    grown[key] = grown.get(key, 0.0) + share * s
            peaks = {m: s for m, s in grown.items() if s > cutoff}
    return peaks


def base_peak(formula, cutoff=1e-5):
    peaks = pattern(formula, cutoff)
    return max(peaks.items(), key=lambda kv: kv[1])


REAGENTS = [(("C", c), ("H", 2 * c + 1), ("Cl", k), ("O", 1)) for c in range(2, 9) for k in (1, 2, 3)]


def weigh(log):
    total = 0.0
    for formula, amount in log:
        mass, share = base_peak(formula)
        total += mass * amount * share
    return total


rng = random.Random(71)
log = [(rng.choice(REAGENTS), rng.randrange(1, 9)) for _ in range(9000)]
print(len(log), f"{weigh(log):.4f}")
