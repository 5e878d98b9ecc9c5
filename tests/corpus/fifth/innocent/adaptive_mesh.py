# Adaptive refinement: always split the interval with the largest estimated error
import heapq
import math


def integrand(x):
    return math.sin(1 / (x + 0.002)) + math.exp(-x) * math.cos(40 * x)


def simpson(a, b, n=16):
    h = (b - a) / n
    total = integrand(a) + integrand(b)
    for k in range(1, n):
        total += (4 if k % 2 else 2) * integrand(a + k * h)
    return total * h / 3


def estimate(a, b):
    whole = simpson(a, b)
    mid = (a + b) / 2
    halves = simpson(a, mid) + simpson(mid, b)
    return abs(whole - halves), halves


def refine(a, b, budget):
    err, value = estimate(a, b)
    heap = [(-err, a, b, value)]
    for _ in range(budget):
        _, lo, hi, _ = heapq.heappop(heap)
        mid = (lo + hi) / 2
        for piece in ((lo, mid), (mid, hi)):
            err, value = estimate(*piece)
            heapq.heappush(heap, (-err, *piece, value))
    return math.fsum(item[3] for item in heap), len(heap)


print(*refine(0.0, 3.0, 32_000))
