import random
import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    monthly: int
    equity: float
    seed: int


def simulate(plan, years=30, runs=80):
    rng = random.Random(plan.seed)
    finals = []
    for _ in range(runs):
        pots = {"equity": 0.0, "bonds": 0.0}
        for month in range(years * 12):
            pots["equity"] += plan.monthly * plan.equity
            pots["bonds"] += plan.monthly * (1 - plan.equity)
            pots["equity"] *= 1 + rng.gauss(0.005, 0.04)
            pots["bonds"] *= 1 + rng.gauss(0.002, 0.008)
            if month % 12 == 11:
                whole = sum(pots.values())
                pots["equity"] = whole * plan.equity
                pots["bonds"] = whole - pots["equity"]
        finals.append(sum(pots.values()))
    finals.sort()
    return {"p10": finals[len(finals) // 10], "median": statistics.median(finals)}


plans = [Plan(m, e / 10, 100 * m + e) for m in (100, 250, 400) for e in range(0, 11)]
outcome = {}
for plan in plans:
    outcome[plan] = simulate(plan)

safest = max(plans, key=lambda p: outcome[p]["p10"] / p.monthly)
richest = max(plans, key=lambda p: outcome[p]["median"])
print(len(outcome), "plans")
print("safest", safest.equity, round(outcome[safest]["p10"]))
print("richest", richest.equity, round(outcome[richest]["median"]))
