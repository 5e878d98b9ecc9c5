import argparse
import numpy as np


def vibration(n, seed):
    rng = np.random.default_rng(seed)
    t = np.arange(n) / 1000
    return np.sin(t * 3.3) * np.sin(t * 0.31) + 0.2 * rng.standard_normal(n)


def gate(x, lo, hi, alpha):
    out = np.zeros(x.shape[0])
    state = False
    env = 0.0
    for i in range(x.shape[0]):
        env = alpha * env + (1 - alpha) * abs(x[i])
        if state and env < lo:
            state = False
        elif not state and env > hi:
            state = True
        out[i] = x[i] if state else 0.0
    return out


def main(argv=None):
    p = argparse.ArgumentParser(description="noise gate")
    p.add_argument("-n", type=int, default=2_500_000)
    p.add_argument("--alpha", type=float, default=0.995)
    a = p.parse_args(argv)
    x = vibration(a.n, 21)
    y = gate(x, 0.2, 0.35, a.alpha)
    print(f"open {np.count_nonzero(y) / a.n:.5f}")
    print(f"energy {float(np.dot(y, y)):.4f} of {float(np.dot(x, x)):.4f}")


if __name__ == "__main__":
    main()
