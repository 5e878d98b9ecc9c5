"""SIR model with waning immunity and a seasonal contact rate."""
import math
from dataclasses import dataclass


@dataclass
class Scenario:
    name: str
    beta: float
    gamma: float
    wane: float


def integrate(beta, gamma, wane, days, per_day):
    s, i, r = 0.999, 0.001, 0.0
    h = 1.0 / per_day
    top = 0.0
    top_at = 0
    for k in range(days * per_day):
        b = beta * (1.0 + 0.2 * math.cos(2 * math.pi * k * h / 365.0))
        new = b * s * i
        out = gamma * i
        back = wane * r
        s += h * (back - new)
        i += h * (new - out)
        r += h * (out - back)
        if i > top:
            top = i
            top_at = k
    return s, i, r, top, top_at // per_day


SCENARIOS = [
    Scenario("mild", 0.25, 0.12, 0.004),
    Scenario("flu", 0.5, 0.25, 0.01),
    Scenario("severe", 0.9, 0.2, 0.002),
]

for sc in SCENARIOS:
    s, i, r, top, day = integrate(sc.beta, sc.gamma, sc.wane, 3650, 200)
    print(f"{sc.name:8s} {s:.6f} {i:.6f} {r:.6f} peak {top:.4f} on day {day}")
