# Traffic matrix of a small network: how many packets went from a to b
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Capture:
    flow: list
    size: list
    names: list


def capture(n, hosts, seed):
    rng = random.Random(seed)
    names = [f"node{i}" for i in range(hosts)]
    return Capture(rng.choices(range(hosts * hosts), k=n),
                   rng.choices([64, 576, 1500], k=n), names)


def matrix(cap):
    m = {}
    for pair in cap.flow:
        if pair not in m:
            m[pair] = 0
        m[pair] += 1
    return m


def busiest(m, k=2):
    return sorted(m.items(), key=lambda item: (-item[1], item[0]))[:k]


cap = capture(700_000, 14, 6)
volume = sum(cap.size)
for sweep in range(25):
    m = matrix(cap)
for pair, n in busiest(m):
    a, b = (cap.names[k] for k in divmod(pair, 14))
    print(a, "->", b, n)
print("bytes", volume)
