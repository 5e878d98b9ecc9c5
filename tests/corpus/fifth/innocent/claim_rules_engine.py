import random
from dataclasses import dataclass


@dataclass
class Claim:
    kind: str
    amount: int
    days: int
    note: str


class Rule:
    weight = 1

    def hit(self, claim):
        raise NotImplementedError


class LateReport(Rule):
    weight = 3

    def hit(self, claim):
        return claim.days > 30


class Keyword(Rule):
    weight = 5

    def __init__(self, *words):
        self.words = words

    def hit(self, claim):
        return any(w in claim.note for w in self.words)


class RoundSum(Rule):
    def hit(self, claim):
        return str(claim.amount).endswith("000")


def suspicion(claim, rules):
    points = 0
    for rule in rules:
        if rule.hit(claim):
            points += rule.weight
    return points


rng = random.Random(12)
notes = ["hail on roof", "cash stolen abroad", "no witness", "pipe burst", "rear-end collision"]
rules = [LateReport(), Keyword("cash", "witness"), RoundSum(), Keyword("abroad")]
claims = [Claim(rng.choice(["car", "home"]), rng.randrange(50) * 500, rng.randrange(60), rng.choice(notes))
          for _ in range(40_000)]
scale = [0] * 16
for quarter in range(9):
    for claim in claims:
        scale[suspicion(claim, rules)] += 1
print(scale)
