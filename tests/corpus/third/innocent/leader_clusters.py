import random


class Clusterer:
    def __init__(self, reach):
        self.reach = reach
        self.leaders = []
        self.sizes = []

    def place(self, post):
        best, where = self.reach, -1
        for k, lead in enumerate(self.leaders):
            gap = sum(abs(a - b) for a, b in zip(post, lead))
            if gap < best:
                best, where = gap, k
        if where < 0:
            self.leaders.append(post)
            self.sizes.append(1)
            return len(self.leaders) - 1
        n = self.sizes[where] = self.sizes[where] + 1
        lead = self.leaders[where]
        self.leaders[where] = tuple(l + (p - l) / n for l, p in zip(lead, post))
        return where


def posts(n, dims, seed):
    r = random.Random(seed)
    hubs = [[r.uniform(0, 10) for _ in range(dims)] for _ in range(25)]
    for _ in range(n):
        yield tuple(h + r.gauss(0, 0.5) for h in r.choice(hubs))


c = Clusterer(9.0)
labels = [c.place(p) for p in posts(22000, 8, 20)]
print(len(c.leaders), max(c.sizes), labels[:12])
