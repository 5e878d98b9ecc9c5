import random


def events(n, seed=5):
    rng = random.Random(seed)
    hosts = [f"web{i:02d}" for i in range(40)]
    return list(zip(rng.choices(hosts, k=n), rng.choices([200, 200, 503, 504], k=n)))


class Breaker:
    """Opens after `limit` failures in a row on one host."""

    def __init__(self, limit):
        self.limit = limit
        self.opened = []

    def replay(self, stream):
        failing = {}
        for i, (host, status) in enumerate(stream):
            if status < 500:
                failing[host] = 0
            else:
                failing[host] = failing.get(host, 0) + 1
                if failing[host] == self.limit:
                    self.opened.append((i, host))


stream = events(700_000)
for limit in range(3, 15):
    breaker = Breaker(limit)
    breaker.replay(stream)
    print(limit, len(breaker.opened), breaker.opened[0] if breaker.opened else "-")
