import math
from functools import reduce


def step(state, dt):
    x, v = state
    a = -9.81 - 0.02 * v * abs(v)
    v2 = v + a * dt
    x2 = x + v2 * dt
    if x2 < 0:
        x2, v2 = -x2, -0.999 * v2
    return x2, v2


def advance(carry, _):
    state, trail = carry
    new = step(state, 0.001)
    return new, trail + (new[0],)


def simulate(n):
    (x, v), trail = reduce(advance, range(n), ((2.0, 0.0), ()))
    return x, v, trail


x, v, trail = simulate(33_000)
rises = sum(1 for a, b in zip(trail, trail[1:]) if b > a)
print(f"x={x:.6f} v={v:.6f} len={len(trail)}")
print("rising steps", rises, "rms", f"{math.sqrt(sum(p * p for p in trail) / len(trail)):.5f}")
