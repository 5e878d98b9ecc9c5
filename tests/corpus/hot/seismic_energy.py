import os
import tempfile

import numpy as np


def record(path, blocks):
    t = np.arange(250_000)
    block = (1_000 * np.sin(t / 50.0)).astype(np.int16).tobytes()
    with open(path, "wb") as target:
        for _ in range(blocks):
            target.write(block)


class Recording:
    def __init__(self, path):
        self.path = path

    def energy(self):
        samples = np.fromfile(self.path, dtype=np.int16)
        volts = samples.astype(np.float64) * 2.5e-4
        power = volts * volts
        return power.size, float(power.sum()), float(np.abs(volts).max())


def main():
    handle, path = tempfile.mkstemp(suffix=".raw")
    os.close(handle)
    record(path, 80)
    size, energy, peak = Recording(path).energy()
    os.remove(path)
    print(size, round(energy, 3), round(peak, 6))


main()
