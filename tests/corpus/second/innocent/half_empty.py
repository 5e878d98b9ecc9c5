import numpy as np


def payoff(players, rng):
    m = rng.standard_normal((players, players))
    m[rng.random(m.shape) < 0.45] = 0.0
    return m / np.sqrt(players)


def iterate(m, rounds):
    power = m
    norms = []
    for _ in range(rounds):
        power = power @ m
        norms.append(float(np.linalg.norm(power)))
    return power, norms


rng = np.random.default_rng(50)
m = payoff(900, rng)
print("empty cells", round(float((m == 0).mean()), 2))
power, norms = iterate(m, 12)
print("norms", [f"{x:.9e}" for x in norms[:3]])
print("trace", f"{np.trace(power):.9e}")
