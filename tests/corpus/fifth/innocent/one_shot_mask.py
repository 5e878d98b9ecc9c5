import json
import random

import numpy as np


def readings(n, seed):
    rng = random.Random(seed)
    for i in range(n):
        yield json.dumps({"bus": rng.randrange(400), "load": round(rng.random() * 9, 3),
                          "tags": {"phase": i % 3, "crew": rng.choice("xyz")}})


def incidence(buses, lines, seed):
    rng = random.Random(seed)
    m = np.zeros((lines, buses))
    for row in range(lines):
        a, b = rng.sample(range(buses), 2)
        m[row, a], m[row, b] = 1, -1
    return m


def main():
    load = np.zeros(400)
    for text in readings(90_000, 1):
        rec = json.loads(text)
        if rec["tags"]["phase"] != 2:
            load[rec["bus"]] += rec["load"]
    m = incidence(400, 700, 2)
    flow = m @ load
    print(f"{load.sum():.3f} {np.abs(flow).max():.3f} {flow.mean():.4f}")


main()
