import hashlib
import heapq

import numpy as np
import pandas as pd

HOTELS = {"Alba": 40, "Brise": 25, "Corso": 60}


def requests(n):
    rng = np.random.default_rng(14)
    return pd.DataFrame({
        "hotel": pd.Series([sorted(HOTELS)[c] for c in rng.integers(0, 3, n)], dtype=object),
        "day": np.sort(rng.integers(0, 3650, n)),
        "nights": rng.integers(1, 9, n),
        "guest": np.arange(n) % 997,
    })


def desk(frame):
    leaving = {h: [] for h in HOTELS}
    refused = {}
    house = "Alba"
    moved = 0
    seal = b""
    for req in frame.itertuples(index=False):
        queue = leaving[req.hotel]
        while queue and queue[0][0] <= req.day:
            heapq.heappop(queue)
        if len(queue) < HOTELS[req.hotel] and req.guest not in refused:
            heapq.heappush(queue, (req.day + req.nights, req.guest))
        elif len(leaving[house]) < HOTELS[house]:
            heapq.heappush(leaving[house], (req.day + 1, req.guest))
            moved += 1
        else:
            refused[req.guest] = req.day
        if moved % 100 == 99:
            refused.clear()
        line = b"%d:%d:%d" % (req.guest, req.day, len(queue))
        seal = hashlib.sha512(seal + line * 3).digest()
        seal = hashlib.sha512(line + seal).digest()
    return leaving, seal.hex()[:12], moved


frame = requests(160_000)
leaving, seal, moved = desk(frame)
print(len(frame), moved, seal, {h: len(q) for h, q in leaving.items()})
