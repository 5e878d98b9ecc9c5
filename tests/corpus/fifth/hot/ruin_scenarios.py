import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Treaty:
    name: str
    retention: int
    rate: float
    seed: int


def ruin_probability(treaty):
    """Compound Poisson surplus with exponential claims."""
    rng = random.Random(treaty.seed)
    ruined = 0
    for path in range(900):
        surplus, clock = 40.0, 0.0
        while clock < 25:
            wait = rng.expovariate(2.0)
            clock += wait
            claim = min(rng.expovariate(0.5), treaty.retention)
            surplus += treaty.rate * wait - claim
            if surplus < 0:
                ruined += 1
                break
    return ruined / 900


treaties = [Treaty(f"T{i:02d}", 4 + i % 5, 3.0 + 0.05 * i, 100 + i) for i in range(24)]
quotes = {t.name: ruin_probability(t) for t in treaties}
for name in sorted(quotes, key=quotes.get)[:5]:
    print(name, f"{quotes[name]:.4f}")
