import numpy as np


def prepare(n, steps, seed):
    rng = np.random.default_rng(seed)
    spins = rng.choice(np.array([-1, 1]), (n, n))
    where = rng.integers(0, n, (steps, 2))
    luck = rng.random(steps)
    return spins, where, luck


def anneal(spins, where, luck, beta):
    n = spins.shape[0]
    energy = 0.0
    flips = 0
    for k in range(where.shape[0]):
        i = where[k, 0]
        j = where[k, 1]
        field = (spins[(i + 1) % n, j] + spins[i - 1, j]
                 + spins[i, (j + 1) % n] + spins[i, j - 1])
        cost = 2.0 * spins[i, j] * field
        if cost <= 0.0 or luck[k] < np.exp(-beta * cost):
            spins[i, j] = -spins[i, j]
            energy += cost
            flips += 1
    return energy, flips


def main():
    spins, where, luck = prepare(64, 300_000, 4)
    energy, flips = anneal(spins, where, luck, 0.44)
    print(f"dE {energy:.1f} flips {flips} m {abs(spins.mean()):.4f}")


if __name__ == "__main__":
    main()
