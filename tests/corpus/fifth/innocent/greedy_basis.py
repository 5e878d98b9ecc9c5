"""Pick the most different spectra of a library (pivoted Gram-Schmidt)."""
import numpy as np


def library(n, channels, seed):
    g = np.random.default_rng(seed)
    centres = g.uniform(0, channels, (n, 3))
    x = np.arange(channels)
    return np.exp(-((x[None, None, :] - centres[:, :, None]) / 25) ** 2).sum(axis=1)


def pick(spectra, count):
    basis = np.empty((0, spectra.shape[1]))
    chosen = []
    for _ in range(count):
        rest = spectra - (spectra @ basis.T) @ basis
        norms = (rest * rest).sum(axis=1)
        best = int(norms.argmax())
        chosen.append(best)
        basis = np.vstack([basis, rest[best] / np.sqrt(norms[best])])
    return chosen, float(norms.max())


spectra = library(1500, 600, 20)
chosen, left = pick(spectra, 70)
print(chosen[:8], len(set(chosen)), f"{left:.9f}")
