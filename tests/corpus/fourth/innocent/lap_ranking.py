import numpy as np


def lap_times(n, track):
    rng = np.random.default_rng(track)
    return rng.integers(61_000_000, 95_000_000, n)


def ranks(us):
    net = np.abs(us - 61_000_000) * 2 + 1
    order = np.argsort(net, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    return place


total = 0
for track in range(7):
    t = lap_times(1_500_000, track)
    p = ranks(t)
    total += int(p[:: 1000].sum())
    if track % 3 == 0:
        print("track", track, "first", int(p.argmin()), "time", int(t.min()))
print(total)
