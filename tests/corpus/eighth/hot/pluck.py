"""A plucked harp string, sample by sample."""
import sys
import numpy as np

RATE = 44_100


def pluck(freq, seconds, damping, noise):
    n = int(RATE * seconds)
    period = int(RATE / freq)
    ring = noise[:period].copy()
    out = np.empty(n)
    last = 0.0
    k = 0
    for t in range(n):
        cur = ring[k]
        new = damping * 0.5 * (cur + last)
        out[t] = cur
        ring[k] = new
        last = cur
        k += 1
        if k == period:
            k = 0
    return out


def chord(freqs):
    rng = np.random.default_rng(440)
    mix = 0.0
    for i, f in enumerate(freqs):
        noise = rng.uniform(-1, 1, RATE)
        mix = mix + pluck(f, 4.0, 0.996 - 0.001 * i, noise)
    return mix / len(freqs)


if __name__ == "__main__":
    sound = chord([98.0, 123.47, 146.83, 196.0, 246.94, 293.66])
    rms = np.sqrt(np.mean(sound ** 2))
    sys.stdout.write(f"{sound.size} {rms:.6f} {sound[:2000].max():.6f}\n")
