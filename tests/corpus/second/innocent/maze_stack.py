import random


def carve(w, h, seed):
    rng = random.Random(seed)
    shuffled = []
    for _ in range(200):
        d = [(0, 1), (1, 0), (0, -1), (-1, 0)]
        rng.shuffle(d)
        shuffled.append(tuple(d))
    seen = {(0, 0)}
    queue = [(0, 0)]
    dead_ends = 0
    deepest = 0
    while queue:
        x, y = queue[-1]
        for dx, dy in shuffled[(x * 31 + y * 17 + len(seen)) % 200]:
            cell = (x + dx, y + dy)
            if 0 <= cell[0] < w and 0 <= cell[1] < h and cell not in seen:
                seen.add(cell)
                queue.append(cell)
                break
        else:
            queue.pop()
            dead_ends += 1
        deepest = max(deepest, len(queue))
    return len(seen), deepest, dead_ends


for seed in (1, 2):
    print(seed, *carve(480, 420, seed))
