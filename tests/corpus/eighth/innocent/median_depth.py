"""Quantiles of the depths in a harbour survey."""
import random
import tempfile


def survey(fh, n):
    rng = random.Random(1795)
    line = "".join(f"{rng.randrange(30, 4000) / 10:.1f}\n" for _ in range(n // 50))
    for shoal in range(50):
        fh.write(line)
    fh.flush()


def quantiles(path, cuts):
    with open(path) as fh:
        depths = sorted(float(s) for s in fh.read().split())
    return {q: depths[int(q * (len(depths) - 1))] for q in cuts}


with tempfile.NamedTemporaryFile("w", suffix=".xyz") as tmp:
    survey(tmp, 900_000)
    for q, depth in quantiles(tmp.name, (0.05, 0.5, 0.95)).items():
        print(q, depth)
