import numpy as np


def prints(n, dims, seed):
    rng = np.random.default_rng(seed)
    return np.round(rng.normal(0, 1, (n, dims)), 2)


class Register:
    def __init__(self, known):
        self.known = known
        self.length = np.sqrt((known * known).sum(axis=1))

    def closest(self, calls):
        likeness = calls @ self.known.T / self.length
        return likeness.argmax(axis=1)


known = prints(5_500, 512, 1)
noise = np.random.default_rng(2)
who = noise.integers(0, len(known), 4_500)
calls = np.round(known[who] + noise.normal(0, 0.5, (who.size, 512)), 2)
found = Register(known).closest(calls)
print("recognised", int((found == who).sum()), "of", who.size)
