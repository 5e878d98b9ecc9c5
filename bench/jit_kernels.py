"""The functions that ``jit.py`` gives to both compilers: code as Numba's users write it."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np

from manycore import prange

# What both compilers infer: annotations would only say it to readers.
Array = Any


def monte_carlo_pi(nsamples: int) -> float:
    acc = 0
    for _ in range(nsamples):
        x = random.random()
        y = random.random()
        if (x**2 + y**2) < 1.0:
            acc += 1
    return 4.0 * acc / nsamples


def parallel_pi(nsamples: int) -> float:
    acc = 0
    for _ in prange(nsamples):
        x = random.random()
        y = random.random()
        if (x**2 + y**2) < 1.0:
            acc += 1
    return 4.0 * acc / nsamples


def fused(x: Array, y: Array, z: Array) -> Array:
    return np.sin(x) ** 2 + np.exp(-y) * z


def fused_loop(x: Array, y: Array, z: Array, out: Array) -> None:
    for i in range(len(x)):
        out[i] = math.sin(x[i]) ** 2 + math.exp(-y[i]) * z[i]


def total(x: Array) -> float:
    result = 0.0
    for i in range(len(x)):
        result += x[i]
    return result


def total_of_elements(x: Array) -> float:
    result = 0.0
    for value in x:
        result += value
    return result


def total_of_rows(x: Array) -> float:
    rows, columns = x.shape
    result = 0.0
    for i in range(rows):
        for j in range(columns):
            result += x[i, j]
    return result


def total_of_integers(x: Array) -> int:
    result = 0
    for i in range(len(x)):
        result += x[i]
    return result


def dot(x: Array, y: Array) -> float:
    result = 0.0
    for i in range(len(x)):
        result += x[i] * y[i]
    return result


def stencil(old: Array, new: Array) -> None:
    rows, columns = old.shape
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            new[i, j] = 0.25 * (old[i - 1, j] + old[i + 1, j] + old[i, j - 1] + old[i, j + 1])


def nbody(position: Array, velocity: Array, mass: Array, steps: int, dt: float) -> None:
    n = len(mass)
    for _ in range(steps):
        for i in range(n):
            for j in range(i + 1, n):
                dx = position[i, 0] - position[j, 0]
                dy = position[i, 1] - position[j, 1]
                dz = position[i, 2] - position[j, 2]
                square = dx * dx + dy * dy + dz * dz
                force = dt / (square * math.sqrt(square))
                velocity[i, 0] -= dx * mass[j] * force
                velocity[i, 1] -= dy * mass[j] * force
                velocity[i, 2] -= dz * mass[j] * force
                velocity[j, 0] += dx * mass[i] * force
                velocity[j, 1] += dy * mass[i] * force
                velocity[j, 2] += dz * mass[i] * force
        for i in range(n):
            for k in range(3):
                position[i, k] += dt * velocity[i, k]


def mandelbrot(counts: Array, limit: int) -> None:
    height, width = counts.shape
    for i in range(height):
        for j in range(width):
            c = complex(-2.0 + 3.0 * j / width, -1.5 + 3.0 * i / height)
            z = 0j
            n = 0
            while n < limit and z.real * z.real + z.imag * z.imag <= 4.0:
                z = z * z + c
                n += 1
            counts[i, j] = n


def floyd_warshall(distance: Array) -> None:
    n = distance.shape[0]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                through = distance[i, k] + distance[k, j]
                if through < distance[i, j]:
                    distance[i, j] = through


def product(a: Array, b: Array, c: Array) -> None:
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            result = 0.0
            for k in range(a.shape[1]):
                result += a[i, k] * b[k, j]
            c[i, j] = result


def product_by_rows(a: Array, b: Array, c: Array) -> None:
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            c[i, j] = 0.0
        for k in range(a.shape[1]):
            factor = a[i, k]
            for j in range(b.shape[1]):
                c[i, j] += factor * b[k, j]


def successor(n: int) -> int:
    return n + 1


def sum_of_two(x: float, y: float) -> float:
    return x + y


def pair(x: float) -> tuple[float, float]:
    return x, x + 1.0


def add_to(x: Array, y: Array, out: Array) -> None:
    for i in range(len(x)):
        out[i] = x[i] + y[i]


def doubled(x: Array) -> Array:
    return x * 2.0


def small_arguments(name: str) -> tuple[Any, ...]:
    """Give arguments of the types that a function is measured with, for which it takes no time."""
    return (1000,) if name == "monte_carlo_pi" else (np.ones(8),) * (3 if name == "fused" else 1)


def checksum(*values: Any) -> float:
    """Add up all numbers of a result, and of the arrays that a function has written into."""
    return sum(float(np.sum(value)) for value in values if value is not None)
