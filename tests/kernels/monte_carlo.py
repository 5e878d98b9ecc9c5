"""Random numbers: areas, prices, walks, spins."""

import math
import random

import numpy as np


def pi(samples):
    inside = 0
    for _ in range(samples):
        x = random.random()
        y = random.random()
        if (x**2 + y**2) < 1.0:
            inside += 1
    return 4.0 * inside / samples


def pi_of_arrays(samples):
    x = np.random.random(samples)
    y = np.random.random(samples)
    return 4.0 * np.sum(x**2 + y**2 < 1.0) / samples


def pi_of_generator(rng, samples):
    inside = 0
    for _ in range(samples):
        x = rng.random()
        y = rng.random()
        inside += x * x + y * y < 1.0
    return 4.0 * inside / samples


def call_price(spot, strike, rate, sigma, time, paths):
    total = 0.0
    for _ in range(paths):
        z = np.random.normal(0.0, 1.0)
        last = spot * math.exp((rate - 0.5 * sigma**2) * time + sigma * math.sqrt(time) * z)
        total += max(last - strike, 0.0)
    return math.exp(-rate * time) * total / paths


def asian_price(spot, strike, rate, sigma, time, steps, paths):
    dt = time / steps
    payoff = np.zeros(paths)
    for p in range(paths):
        z = np.random.standard_normal(steps)
        path = spot * np.exp(np.cumsum((rate - 0.5 * sigma**2) * dt + sigma * np.sqrt(dt) * z))
        payoff[p] = max(path.mean() - strike, 0.0)
    return np.exp(-rate * time) * np.mean(payoff)


def random_walk(steps, walkers):
    total = 0.0
    for _ in range(walkers):
        x = 0
        for _ in range(steps):
            if np.random.rand() < 0.5:
                x -= 1
            else:
                x += 1
        total += x * x
    return total / walkers / steps


def lattice_walk(steps, walkers):
    moves = np.array([[0, 1], [1, 0], [0, -1], [-1, 0]])
    squares = 0.0
    for _ in range(walkers):
        place = np.zeros(2, dtype=np.int64)
        for _ in range(steps):
            place += moves[np.random.randint(0, 4)]
        squares += (place**2).sum()
    return squares / (walkers * steps)


def ising(n, beta, sweeps):
    spins = np.ones((n, n), dtype=np.int8)
    magnet = 0.0
    for sweep in range(sweeps):
        for _ in range(n * n):
            i = np.random.randint(n)
            j = np.random.randint(n)
            around = (
                spins[(i + 1) % n, j] + spins[i - 1, j] + spins[i, (j + 1) % n] + spins[i, j - 1]
            )
            energy = 2 * spins[i, j] * around
            if energy <= 0 or np.random.random() < np.exp(-beta * energy):
                spins[i, j] = -spins[i, j]
        if sweep >= sweeps // 4:
            magnet += abs(spins.sum()) / (n * n)
    return magnet / (sweeps - sweeps // 4)


def metropolis(samples, width):
    x = 0.0
    total, squares = 0.0, 0.0
    for _ in range(samples):
        new = x + random.uniform(-width, width)
        if random.random() < math.exp(0.5 * (x * x - new * new)):
            x = new
        total += x
        squares += x * x
    mean = total / samples
    return squares / samples - mean * mean


def buffon(needles):
    crossed = 0
    for _ in range(needles):
        middle = random.uniform(0.0, 0.5)
        angle = random.uniform(0.0, math.pi / 2)
        if middle <= 0.5 * math.sin(angle):
            crossed += 1
    return 2 * needles / crossed


def shuffled(n):
    x = np.arange(n)
    for i in range(n - 1, 0, -1):
        j = random.randint(0, i)
        x[i], x[j] = x[j], x[i]
    return x


def bootstrap(x, rounds):
    means = np.empty(rounds)
    for r in range(rounds):
        total = 0.0
        for _ in range(x.size):
            total += x[np.random.randint(x.size)]
        means[r] = total / x.size
    return means.std()


def brownian_bridge(steps, paths, seed):
    np.random.seed(seed)
    high = 0.0
    for _ in range(paths):
        w = np.cumsum(np.random.normal(0.0, 1.0 / np.sqrt(steps), steps))
        t = np.arange(1, steps + 1) / steps
        high += np.max(np.abs(w - t * w[-1]))
    return high / paths
