import tempfile
import numpy as np


def capture(f, n, seed):
    rng = np.random.default_rng(seed)
    (-5.0 * np.log1p(-rng.random(n))).tofile(f)
    f.flush()
    f.seek(0)


def robust(values):
    ordered = np.sort(values, kind="stable")
    n = ordered.size
    med = ordered[n // 2]
    dev = np.sort(np.abs(values - med), kind="stable")
    return med, dev[n // 2], ordered[n // 1000], ordered[-n // 1000]


with tempfile.TemporaryFile() as f:
    capture(f, 1_300_000, 64)
    x = np.fromfile(f)
    for trim in (0.0, 0.5, 1.0, 2.0):
        stats = robust(x[x >= trim])
        print(trim, " ".join(f"{float(s):.8f}" for s in stats))
