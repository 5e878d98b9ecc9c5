import random


def follows(n, deg, seed):
    r = random.Random(seed)
    return {i: tuple(sorted(r.sample(range(n), deg))) for i in range(n)}


def chains(graph, start, depth):
    layer = [(start,)]
    for _ in range(depth):
        grown = []
        for path in layer:
            for nxt in graph[path[-1]]:
                if nxt != path[0]:
                    grown.append(path + (nxt,))
        layer = grown
        yield len(layer), layer[-1]


g = follows(60, 9, 2)
for s in range(48):
    for size, last in chains(g, s, 5):
        pass
    if s % 12 == 0:
        print(s, size, last)
