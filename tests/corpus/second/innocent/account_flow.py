"""Net flow per account, in cents, from a list of bookings."""
import random
from typing import NamedTuple


class Booking(NamedTuple):
    account: str
    cents: int


def journal(n):
    rng = random.Random(8)
    page = [Booking(f"DE{rng.randrange(2500):05d}", rng.randint(-90_000, 100_000)) for _ in range(15_000)]
    return page * (n // 15_000)


def net(bookings):
    flow = {}
    for b in bookings:
        flow[b.account] = flow.get(b.account, 0) + b.cents
    return flow


flow = net(journal(6_000_000))
worst = min(flow, key=lambda a: (flow[a], a))
print("accounts", len(flow), "sum", sum(flow.values()))
print("worst", worst, flow[worst] / 100)
