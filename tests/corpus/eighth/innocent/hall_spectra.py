"""Loudest bands of six long recordings of a hall's response."""
import numpy as np


def recording(seat, n):
    rng = np.random.default_rng(seat)
    return rng.standard_normal(n).cumsum()


def bands(sound, k):
    power = np.abs(np.fft.rfft(sound))
    return np.sort(power)[-k:]


n = 1_400_000
loud = np.zeros(6)
for seat in range(6):
    sound = recording(seat, n)
    top = bands(sound - sound.mean(), 1000)
    loud[seat] = top.sum() / top[-1]
print(np.round(loud, 3).tolist())
print("best seat", int(loud.argmax()))
