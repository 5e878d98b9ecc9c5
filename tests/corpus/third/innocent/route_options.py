import random


def grid(n, seed):
    r = random.Random(seed)
    return {(i, j): r.randint(1, 9) for i in range(n) for j in range(n)}


WEIGHTS = grid(9, 4)


def options(cell, reach):
    i, j = cell
    found = []
    for di in range(-reach, reach + 1):
        for dj in range(-reach, reach + 1):
            w = WEIGHTS.get((i + di, j + dj))
            if w is not None and (di or dj):
                found.append((w * (abs(di) + abs(dj)), (i + di, j + dj)))
    found.sort(reverse=True)
    return found


def wander(start, steps, salt):
    here, cost, seen = start, 0, {}
    for k in range(steps):
        plans = options(here, 3)
        while plans:
            w, nxt = plans.pop()
            if seen.get(nxt, -99) < k - 20:
                break
        seen[here] = k
        here, cost = nxt, cost + w + (k ^ salt) % 3
    return cost, here


total = 0
for salt in range(20):
    cost, end = wander((salt % 9, 0), 2500, salt)
    total += cost
print(total, end)
