import random


def thread(n, seed):
    r = random.Random(seed)
    kids = [[] for _ in range(n)]
    for i in range(1, n):
        kids[r.randrange(max(0, i - 500), i)].append(i)
    return kids


def depths(kids):
    todo = [(0, 0)]
    deepest = total = 0
    while todo:
        node, d = todo.pop()
        total += d
        if d > deepest:
            deepest = d
        for k in kids[node]:
            todo.append((k, d + 1))
    return deepest, total


tree = thread(350_000, 33)
for _ in range(8):
    res = depths(tree)
print(*res)
