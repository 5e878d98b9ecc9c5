import math
import random


def profile(nm, centre, sigma, gamma):
    total = 0.0
    for k in range(-60, 61):
        t = k * 0.1
        d = nm - centre - sigma * t
        total += math.exp(-0.5 * t * t) * gamma / (d * d + gamma * gamma)
    return total * 0.1 / (math.pi * math.sqrt(2 * math.pi))


LINES = [(393.37, 0.04), (396.85, 0.05), (422.67, 0.03), (430.79, 0.02)]


def flux(nm):
    depth = 0.0
    for centre, strength in LINES:
        depth += strength * profile(nm, centre, 0.3, 0.12)
    return math.exp(-depth)


rng = random.Random(90)
samples = sorted(390 + 45 * rng.random() for _ in range(14000))
spectrum = [flux(nm) for nm in samples]
low = min(range(len(samples)), key=spectrum.__getitem__)
print("points", len(samples))
print("deepest at %.4f nm, flux %.6f" % (samples[low], spectrum[low]))
