import random


def build_graph(people, ties, seed):
    rnd = random.Random(seed)
    adj = {p: [] for p in range(people)}
    for _ in range(ties):
        a, b = rnd.randrange(people), rnd.randrange(people)
        if a != b:
            adj[a].append(b)
            adj[b].append(a)
    return adj


def reach(adj, start, hops):
    found = [start]
    edge = [start]
    sizes = []
    for _ in range(hops):
        nxt = []
        for person in edge:
            for other in adj[person]:
                if other in found:
                    continue
                found.append(other)
                nxt.append(other)
        edge = nxt
        sizes.append(len(edge))
        if not edge:
            break
    return found, sizes


network = build_graph(6500, 14000, 31)
circle, rings = reach(network, 0, 12)
print("reached", len(circle))
print("rings", rings)
print("last five", circle[-5:])
