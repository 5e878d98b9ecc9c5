import random


def ring_cost(order, weights):
    return sum(weights[a][b] for a, b in zip(order, order[1:] + order[:1]))


def anneal(job):
    seed, n, rounds = job
    rng = random.Random(seed)
    weights = [[(i * 31 + j * 17 + i * j) % 97 for j in range(n)] for i in range(n)]
    order = list(range(n))
    rng.shuffle(order)
    best = cost = ring_cost(order, weights)
    heat = 40.0
    for _ in range(rounds):
        i, j = sorted(rng.sample(range(n), 2))
        trial = order[:i] + order[i:j + 1][::-1] + order[j + 1:]
        c = ring_cost(trial, weights)
        if c < cost or rng.random() < 2.718 ** ((cost - c) / heat):
            order, cost = trial, c
            best = min(best, c)
        heat *= 0.998
    return {"seed": seed, "best": best, "head": tuple(order[:4])}


if __name__ == "__main__":
    jobs = [(s, 40, 5000) for s in range(40, 56)]
    runs = list(map(anneal, jobs))
    runs.sort(key=lambda r: (r["best"], r["seed"]))
    print(len(runs), runs[0])
