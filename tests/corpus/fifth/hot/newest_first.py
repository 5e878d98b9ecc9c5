import random
from dataclasses import dataclass

KEEP = 50_000


@dataclass
class Alert:
    host: str
    level: int
    at: int


def alerts(n, seed=12):
    rng = random.Random(seed)
    hosts = [f"db{i}" for i in range(30)]
    for t in range(n):
        yield Alert(rng.choice(hosts), rng.randrange(5), t)


def feed(stream):
    shown = []
    evicted = 0
    for alert in stream:
        if alert.level == 0:
            continue
        shown.insert(0, alert)
        if len(shown) > KEEP:
            shown.pop()
            evicted += 1
    return shown, evicted


shown, evicted = feed(alerts(115_000))
print(len(shown), evicted, shown[0], shown[-1].at)
print(sum(a.level for a in shown))
