import os
import tempfile

import numpy as np


def write_archive(path, rows, width):
    archive = np.lib.format.open_memmap(path, mode="w+", dtype=np.int32, shape=(rows, width))
    archive[::1_000] = np.arange(width, dtype=np.int32)
    archive.flush()


def lookups(path, count):
    archive = np.load(path, mmap_mode="r")
    total = 0
    for number in range(count):
        row = archive[(number * 48_271) % 64 * 1_000]
        total += int(np.sort(row, kind="stable")[-1]) + int(row[number % len(row)])
    return total


folder = tempfile.mkdtemp()
path = os.path.join(folder, "archive.npy")
write_archive(path, 64_000, 500)
print(lookups(path, 100_000))
os.remove(path)
os.rmdir(folder)
