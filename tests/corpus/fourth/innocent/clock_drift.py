"""Drift of a station clock against satellite time, from time stamps."""
import numpy as np


def stamps(n):
    k = np.arange(n)
    sat = 1_760_000_000.0 + k * 0.5
    own = sat + 0.000012 * (k % 997) + k * 0.5 * 3e-9
    return sat, own


def drift(sat, own):
    off = own - sat
    t = sat - sat.mean()
    slope = (t * (off - off.mean())).sum() / (t * t).sum()
    rest = off - off.mean() - slope * t
    return slope, np.sqrt((rest * rest).mean())


sat, own = stamps(6_000_000)
for part in range(4):
    s, r = drift(sat[part * 100_000:], own[part * 100_000:])
    print(part, f"{s * 1e9:.4f} ns/s", f"{r * 1e6:.3f} us")
