"""How much memory arrays take: no operation more than its plan says, nor more than the budget."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import manycore as mc
from children import output
from manycore.array import _sorting

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

MB = 1_000_000
SIZE = 64 * MB
# For code that is loaded late, threads, and what NumPy makes on its way through a chunk:
# the data are much more, so that whatever is whole in memory is found.
BESIDE = 12 * MB
# Of a budget, for the same.
MOST = 1.15

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

size, budget = int(sys.argv[2]), int(sys.argv[3])
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
asked = plan.result if peak else 0
print(json.dumps([needed, peak, asked]))
"""


def measure(operation: str, folder: Path, size: int, budget: int) -> tuple[int, int, int]:
    """Run an operation in a process of its own: what it took, what its plan said, its result."""
    code = MEASURE.replace("{operation}", operation)
    needed, peak, result = json.loads(output(code, folder, size, budget))
    return needed, peak, result


# Of an array x of 1,000 columns.
LAZY = {
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
    "qr": "tuple(ma.linalg.qr(x.reshape(-1, 50)))",
    "svd": "ma.linalg.svd(x.reshape(-1, 50)).S",
    "sort": "ma.sort(x, axis=0)[::100]",
    "sort of one line": "ma.sort(x.reshape(-1))[::1000]",
    "columns of a result": "ma.cumsum(x, axis=1).rechunk((-1, 10)).map_blocks(np.sort).sum(axis=0)",
    "cumsum": "ma.cumsum(x, axis=0)[::100]",
    "histogram": "ma.histogram(x, bins=100, range=(0, 1))[0]",
    "fft": "abs(ma.fft.fft(x, axis=1)).sum()",
    "overlap": "x.map_overlap(lambda b: b[::-1], depth=1).sum()",
    "random": "x",
    "mask": "x[x > 0.9]",
    "take": "x[rng.integers(0, rows, 5000).compute()]",
    "quantile": "ma.median(x, axis=1)",
}
WRITERS = {
    "save": "lambda: x.save(folder + '/x.npy')",
    "save columns": "lambda: x.rechunk((-1, 1)).save(folder + '/x.npy')",
    "save columns of a result": "lambda: ma.cumsum(x, 1).rechunk((-1, 5)).save(folder + '/x.npy')",
    "save columns of a file": "lambda: (x.save(folder + '/x.npy'), "
    "mc.open_npy(folder + '/x.npy').rechunk((-1, 20)).map_blocks(np.sort).save(folder + '/y.npy'))",
    "save compressed": "lambda: ma.savez_compressed(folder + '/x.npz', a=x)",
    "zarr": "lambda: x.to_zarr(folder + '/x.zarr', overwrite=True)",
}


def test_what_is_held_is_seen(tmp_path: Path) -> None:
    needed, _, _ = measure("x", tmp_path, SIZE, 1 << 34)
    assert needed > SIZE, "or the other tests can't fail"


@pytest.mark.parametrize("name", LAZY)
def test_no_more_than_the_plan_says(name: str, tmp_path: Path) -> None:
    needed, peak, _ = measure(LAZY[name], tmp_path, SIZE, 1 << 34)
    assert needed <= peak + BESIDE, f"{needed / MB:.1f} MB, and the plan says {peak / MB:.1f}"


@pytest.mark.parametrize("name", [*LAZY, *WRITERS])
def test_no_more_than_the_budget(name: str, tmp_path: Path) -> None:
    if name == "zarr":
        pytest.importorskip("zarr")
    budget = SIZE // 8
    needed, peak, result = measure((LAZY | WRITERS)[name], tmp_path, SIZE, budget)
    beside = needed - result
    assert beside <= MOST * budget + BESIDE / 2, f"{beside / MB:.1f} MB, of {budget / MB:.1f}"
    assert not peak or needed <= peak + BESIDE, f"{needed / MB:.1f}; planned {peak / MB:.1f}"


def test_pieces_are_what_the_chunks_have_there(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x = rng.random((2000, 1000))
    np.save(tmp_path / "x.npy", x)
    ma = mc.array
    with mc.config(memory=4 * MB, workers=2):
        stored = mc.open_npy(tmp_path / "x.npy")
        sums, wanted = ma.cumsum(stored, axis=1), np.cumsum(x, axis=1)
        columns = [each.rechunk((-1, 50)) for each in (stored, sums)]
        cases = [
            (ma.sort(columns[0], axis=0), np.sort(x, axis=0)),
            (columns[1].map_blocks(np.sort, axis=0), np.sort(wanted, axis=0)),
            (columns[1][::-3, 5:900:7].T, wanted[::-3, 5:900:7].T),
            (ma.argsort(columns[0], axis=0), np.argsort(x, axis=0, kind="stable")),
        ]
        for got, expected in cases:
            assert "piece" in [stage["kind"] for stage in ma.explain(got).stages]
            np.testing.assert_allclose(got.compute(), expected, rtol=1e-12)


def test_shares_of_a_sorted_line_are_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sorting, "LONG", 1)
    x = np.random.default_rng(0).random(2_000_000)
    with mc.config(memory=4 * MB, workers=2):
        line = mc.array.from_array(x, chunks=100_000)
        np.testing.assert_array_equal(mc.array.sort(line).compute(), np.sort(x))
        found = mc.array.argsort(line).compute()
        np.testing.assert_array_equal(found, np.argsort(x, kind="stable"))
