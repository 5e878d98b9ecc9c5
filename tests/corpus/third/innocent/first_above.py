import numpy as np


def onset(x, threshold):
    for i in range(len(x)):
        if x[i] > threshold:
            return i
    return -1


def window_stats(x):
    ordered = np.sort(x, kind="stable")
    k = len(ordered)
    return ordered[k // 20], ordered[k // 2], ordered[-k // 20]


rng = np.random.default_rng(7)
log = []
for shot in range(60):
    x = rng.standard_normal(120_000) + 0.5
    lo, med, hi = window_stats(x)
    log.append((onset(x, med), lo, hi))
first = [f for f, _, _ in log]
print("max onset", max(first), "sum", sum(first))
print(f"{np.mean([l for _, l, _ in log]):.6f} {np.mean([h for _, _, h in log]):.6f}")
