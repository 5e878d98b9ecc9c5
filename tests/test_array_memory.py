"""How much memory arrays take: no operation more than its plan says, nor more than the budget."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from children import output

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

MB = 1_000_000
# For code that is loaded late, threads and what the allocator keeps.
BESIDE = 24 * MB

# Everything runs once with little, so that code, threads and kernels are there; then the highest
# so far is forgotten.
MEASURE = """
import json, sys
import numpy as np
import manycore as mc
ma = mc.array

def status(name):
    with open("/proc/self/status") as file:
        [line] = [line for line in file if line.startswith(name)]
    return int(line.split()[1]) * 1024

def make(size):
    rng = ma.random.default_rng(0)
    folder, rows = sys.argv[1], size // 8000
    x = rng.random(size=(rows, 1000))
    return {operation}

def finish(made):
    if isinstance(made, tuple):
        return ma.compute(*made)
    return made() if callable(made) else made.compute()

size, budget = int(sys.argv[2]), int(sys.argv[3]) or (16 << 30)
with mc.config(workers=2, memory=budget):
    finish(make(size // 16))
    made = make(size)
    peak = 0
    if not callable(made):
        plan = ma.explain(*(made if isinstance(made, tuple) else (made,)))
        peak = plan.peak
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    before = status("VmRSS:")
    result = finish(made)
    needed = status("VmHWM:") - before
print(json.dumps([needed, peak]))
"""


def measure(operation: str, folder: Path, size: int, budget: int = 0) -> tuple[int, int]:
    """Run an operation in a process of its own; how much it took, and how much it said."""
    code = MEASURE.replace("{operation}", operation)
    needed, peak = json.loads(output(code, folder, size, budget))
    return needed, peak


# Of an array x of 1,000 columns.
OPERATIONS = {
    "chain": "ma.sin(x) * 2 + x ** 2",
    "chain and sum": "(ma.sin(x) * 2 + x ** 2).sum()",
    "sum of columns": "x.sum(axis=0)",
    "sum of rows": "x.sum(axis=1)",
    "variance": "x.var(axis=0)",
    "standardise": "(((x - x.mean(axis=0)) / x.std(axis=0)) ** 2).sum()",
    "largest": "x.argmax(axis=0)",
    "transpose": "x.T",
    "transpose and sum": "x.T.sum(axis=0)",
    "reshape": "x.reshape(1000, -1).sum(axis=1)",
    "rechunk": "x.rechunk((-1, 20)).map_blocks(np.sort).sum(axis=0)",
    "concatenate": "ma.concatenate([x, x + 1], axis=1)[:, ::2].sum(axis=0)",
    "slice": "x[::3, ::-2]",
    "matmul": "x.T @ x",
    "matmul of columns": "(x @ x[:1000].T).sum()",
    "qr": "tuple(ma.linalg.qr(x.reshape(-1, 50)))",
    "svd": "ma.linalg.svd(x.reshape(-1, 50)).S",
    "sort": "ma.sort(x, axis=0)[::100]",
    "cumsum": "ma.cumsum(x, axis=0)[::100]",
    "histogram": "ma.histogram(x, bins=100, range=(0, 1))[0]",
    "fft": "abs(ma.fft.fft(x, axis=1)).sum()",
    "overlap": "x.map_overlap(lambda b: b[::-1], depth=1).sum()",
    "random": "x",
    "mask": "x[x > 0.9]",
    "take": "x[rng.integers(0, rows, 5000).compute()]",
    "quantile": "ma.median(x, axis=1)",
    "save": "lambda: x.save(folder + '/x.npy')",
    "save columns": "lambda: x.rechunk((-1, 1)).save(folder + '/x.npy')",
    "zarr": "lambda: x.to_zarr(folder + '/x.zarr', overwrite=True)",
}
