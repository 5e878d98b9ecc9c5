import bz2

import numpy as np


def calibrate(readings):
    centred = readings - readings.mean()
    scaled = centred / readings.std()
    return 0.5 * scaled + 0.1 * scaled**2


def archive(curve, copies):
    text = " ".join(f"{value:.4f}" for value in curve) * copies
    return len(bz2.compress(text.encode(), 9)) > 0


curve = calibrate(np.linspace(3.0, 9.0, 30) ** 1.5)
print(round(float(curve.sum()), 9), archive(curve, 9_000))
