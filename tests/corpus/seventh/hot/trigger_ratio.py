import numpy as np


def synthetic(n, seed=17):
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, n)
    for start in range(40_000, n - 3000, 110_000):
        x[start:start + 2500] *= np.linspace(9, 1, 2500)
    return x


def detect(trace, csta, clta, on, off):
    sta = lta = 1e-9
    active = False
    picks = np.zeros(1000, dtype=np.int64)
    found = 0
    for k in range(trace.shape[0]):
        energy = trace[k] * trace[k]
        sta += csta * (energy - sta)
        lta += clta * (energy - lta)
        ratio = sta / lta
        if k > 10_000:
            if not active and ratio > on:
                active = True
                picks[found] = k
                found += 1
            elif active and ratio < off:
                active = False
    return picks[:found]


if __name__ == "__main__":
    trace = synthetic(2_400_000)
    picks = detect(trace, 1 / 100, 1 / 4000, 5.0, 1.5)
    gaps = np.diff(picks)
    print(len(picks), picks[:3].tolist(), int(np.median(gaps)))
