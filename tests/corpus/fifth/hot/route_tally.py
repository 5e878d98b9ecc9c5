"""Hits per route, from an access log kept in memory."""
import random

ROUTES = [f"/api/v{v}/{thing}" for v in (1, 2, 3)
          for thing in ("users", "orders", "cart", "search", "health", "img")]


class Access:
    def __init__(self, seed):
        rng = random.Random(seed)
        weights = [1 + i % 7 for i in range(len(ROUTES))]
        self.routes = rng.choices(ROUTES, weights, k=1_200_000)
        self.elapsed = 0.0

    def popular(self, top):
        hits = {}
        for route in self.routes:
            hits.setdefault(route, 0)
            hits[route] += 1
        return sorted(hits.items(), key=lambda kv: (-kv[1], kv[0]))[:top]


def banner(title):
    print(title)
    print("-" * len(title))


access = Access(2)
banner("most popular")
for days in range(12):
    access.routes.reverse()
    best = access.popular(3)
for route, n in best:
    print(f"{n:8d} {route}")
