import random
import pandas as pd

KINDS = ("view", "cart", "buy")


def batch(day, rng):
    n = rng.randint(6, 14)
    return pd.DataFrame({
        "day": [day] * n,
        "user": [rng.randrange(300) for _ in range(n)],
        "kind": [rng.choice(KINDS) for _ in range(n)],
        "value": [rng.random() for _ in range(n)],
    })


class Warehouse:
    def __init__(self):
        self.facts = batch(-1, random.Random(0))
        self.loads = 0

    def load(self, frame):
        self.facts = pd.concat([self.facts, frame], ignore_index=True)
        self.loads += 1


rng = random.Random(17)
days = [batch(d, rng) for d in range(500)] * 4
wh = Warehouse()
for frame in days:
    wh.load(frame)
print(wh.loads, wh.facts.shape)
print(wh.facts.groupby("kind")["value"].sum().round(4).to_dict())
