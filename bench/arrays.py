"""
Measures ``mc.array`` against dask.array, NumPy, Numba, and loops in C.

Each row is one expression; its contenders take turns, and their answers are compared before
anything is timed. The C loops (``arrays_loops.c``) are compiled by ``cc -O3 -march=native
-ffast-math`` with OpenMP; their sines and exponentials are libmvec's. Memory is measured in
processes of their own.

Example: ``python bench/arrays.py standardise svd --rounds 3 --scale small``.
"""

from __future__ import annotations

import argparse
import ast
import ctypes
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import dask
import dask.array
import numba
import numpy as np
from measurement import RESULTS, Contender, available_cores, interleave, report, store

import manycore as mc

_C = Path(__file__).parent / "arrays_loops.c"
_OURS, _DASK, _NUMPY, _NUMBA, _LOOP = "manycore", "dask, threads", "numpy", "numba", "C"
_CORES = available_cores()
# Where a small run takes so much less.
_SMALL = 64

ma: Any = mc.array
da: Any = dask.array


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description="Measure mc.array against its peers.")
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", help=f"of {', '.join(_ROWS)}; default: all"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", choices=("full", "small"), default="full")
    parser.add_argument("--output", type=Path, help="default: results/arrays.json, of a full run")
    parser.add_argument("--date", help="default: today")
    options = parser.parse_args(arguments)
    if unknown := set(options.rows) - set(_ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}")

    scale = 1 if options.scale == "full" else _SMALL
    chosen = options.rows or list(_ROWS)
    document = {
        "dask": dask.__version__,
        "numba": numba.__version__,
        "numpy": np.__version__,
        "scale": options.scale,
        **{name: _ROWS[name](scale, options.rounds) for name in chosen},
    }
    output = options.output
    if output is None and len(chosen) == len(_ROWS) and scale == 1:
        output = RESULTS / "arrays.json"
    if output is not None:
        store(output, document, options.date)


# ---------------------------------------------------------------- rows


def standardise(scale: int, rounds: int) -> dict[str, Any]:
    """``((x - x.mean(0)) / x.std(0) ** 2).sum()`` of 2 GB."""
    shape = (250_000 // scale, 1000)
    x = np.random.default_rng(0).normal(3, 2, shape)
    lazy, chunked, loops = ma.asarray(x), da.from_array(x), _loops()

    def expression(x: Any) -> Any:
        return ((x - x.mean(0)) / x.std(0) ** 2).sum()

    calls: dict[str, Callable[[], Any]] = {
        _OURS: lambda: expression(lazy).compute(),
        _LOOP: lambda: loops.standardised(_pointer(x), *shape),
        _DASK: lambda: _dasks(expression(chunked)),
        _NUMPY: lambda: expression(x),
    }
    # A sum that is nearly nothing: its size is that of the terms.
    document = _compare(
        "((x - x.mean(0)) / x.std(0) ** 2).sum()", calls, rounds, atol=1e-7 * x.size
    )
    return {**document, "shape": shape}


def mathematics(scale: int, rounds: int) -> dict[str, Any]:
    """``sin(x)**2 + exp(-y)*z`` of arrays of 1 GB, to a new array."""
    size = 125_000_000 // scale
    generator = np.random.default_rng(0)
    x, y, z = generator.uniform(-3, 3, size), generator.uniform(0, 3, size), generator.random(size)
    lazy = [ma.asarray(each) for each in (x, y, z)]
    chunked = [da.from_array(each) for each in (x, y, z)]
    loops = _loops()

    def ours(x: Any, y: Any, z: Any) -> Any:
        return ma.sin(x) ** 2 + ma.exp(-y) * z

    def theirs(x: Any, y: Any, z: Any) -> Any:
        return np.sin(x) ** 2 + np.exp(-y) * z

    def in_c() -> Any:
        out = np.empty(size)
        loops.fused(*map(_pointer, (x, y, z, out)), size)
        return out

    calls: dict[str, Callable[[], Any]] = {
        _OURS: lambda: ours(*lazy).compute(),
        _LOOP: in_c,
        _NUMBA: partial(_numbas_mathematics, x, y, z),
        _DASK: lambda: _dasks(theirs(*chunked)),
        _NUMPY: lambda: theirs(x, y, z),
    }
    return {**_compare("sin(x)**2 + exp(-y)*z", calls, rounds), "elements": size}


@numba.njit(parallel=True, fastmath=True)  # type: ignore[untyped-decorator]
def _numbas_mathematics(x: Any, y: Any, z: Any) -> Any:
    return np.sin(x) ** 2 + np.exp(-y) * z


def bandwidth(scale: int, rounds: int) -> dict[str, Any]:
    """``x.sum()``: the share of what all cores can read, in the same run."""
    x = np.random.default_rng(0).random(250_000_000 // scale)
    lazy, chunked, loops = ma.asarray(x), da.from_array(x), _loops()
    calls: dict[str, Callable[[], Any]] = {
        _OURS: lambda: lazy.sum().compute(),
        _LOOP: lambda: loops.total(_pointer(x), x.size),
        _DASK: lambda: _dasks(chunked.sum()),
        _NUMPY: x.sum,
    }
    document = _compare("x.sum()", calls, rounds)
    ratio = document["rows"][_LOOP]["ratio_to_base"]["wall"]["of_medians"]
    read = x.nbytes / document["rows"][_LOOP]["wall"]["median"] / 1e9
    print(f"share of the {read:.1f} GB/s that a loop in C reads: {ratio:.2f}")
    return {**document, "bytes": x.nbytes, "share": ratio}


def products(scale: int, rounds: int) -> dict[str, Any]:
    """``x.T @ x`` of 20,000 × 2,000, and a product of 4,000 × 4,000."""
    generator = np.random.default_rng(0)
    side = round(4000 / scale ** (1 / 3))
    x = generator.normal(size=(5 * side, side // 2))
    a, b = generator.normal(size=(2, side, side))
    lazy = [ma.asarray(each) for each in (x, a, b)]
    chunked = [da.from_array(each) for each in (x, a, b)]
    document: dict[str, Any] = {}
    for title, ours, dasks, numpys in (
        (
            "x.T @ x",
            lambda: lazy[0].T @ lazy[0],
            lambda: chunked[0].T @ chunked[0],
            lambda: x.T @ x,
        ),
        ("a @ b", lambda: lazy[1] @ lazy[2], lambda: chunked[1] @ chunked[2], lambda: a @ b),
    ):
        calls: dict[str, Callable[[], Any]] = {
            _OURS: lambda ours=ours: ours().compute(),  # type: ignore[misc]
            _NUMPY: numpys,
            _DASK: lambda dasks=dasks: _dasks(dasks()),  # type: ignore[misc]
        }
        entry = _compare(title, calls, rounds, atol=1e-12 * len(x))
        row = entry["rows"][_OURS]
        cores = row["cpu"]["median"] / row["wall"]["median"]
        print(f"cores that were busy, of {_CORES}: {cores:.2f}")
        document[title] = {**entry, "busy_cores": cores}
    return {**document, "side": side}


def svd(scale: int, rounds: int) -> dict[str, Any]:
    """Decompose 1,000,000 × 50 into singular vectors and values."""
    x = np.random.default_rng(0).normal(size=(1_000_000 // scale, 50))
    lazy = ma.asarray(x)
    rows = -(-len(x) // (4 * _CORES))
    # Dask's needs all columns in one chunk; what "auto" makes of it is one chunk of everything.
    choices = {_DASK: "auto", "dask, more chunks": rows}

    def dasks(rows: Any) -> Any:
        return _dasks(*da.linalg.svd(da.from_array(x, chunks=(rows, 50))))

    calls: dict[str, Callable[[], Any]] = {
        _OURS: lambda: ma.compute(*ma.linalg.svd(lazy)),
        **{name: partial(dasks, rows) for name, rows in choices.items()},
    }

    def check(result: Any) -> Any:
        u, s, v = result
        np.testing.assert_allclose((u[:1000] * s) @ v, x[:1000], atol=1e-8)
        return s

    return {**_compare("svd", calls, rounds, answer=check), "shape": x.shape}


def chunks(scale: int, rounds: int) -> dict[str, Any]:
    """Build and compute a graph of 10,000 tiny chunks."""
    side = 100 if scale == 1 else 25
    x = np.random.default_rng(0).random((10 * side, 10 * side))

    def ours() -> Any:
        return (ma.from_array(x, chunks=10) + 1).compute()

    def dasks() -> Any:
        return _dasks(da.from_array(x, chunks=10) + 1)

    document = _compare(f"{side * side:,} chunks", {_OURS: ours, _DASK: dasks}, rounds)
    for name, row in document["rows"].items():
        row["us_per_chunk"] = row["wall"]["median"] / side**2 * 1e6
        print(f"{name}: {row['us_per_chunk']:.2f} µs a chunk")
    return {**document, "chunks": side * side}


def small(scale: int, rounds: int) -> dict[str, Any]:
    """Five operations on 1,000 elements, warm."""
    x = np.random.default_rng(0).random(1000)
    lazy, chunked = ma.asarray(x), da.from_array(x)
    count = 500 if scale == 1 else 50

    def expression(x: Any) -> Any:
        return ((x + 1) * 2 - x) / 3 + x * x

    def repeated(call: Callable[[], Any]) -> Any:
        for _ in range(count):
            result = call()
        return result

    contenders: dict[str, Callable[[], Any]] = {
        _OURS: lambda: expression(lazy).compute(),
        _DASK: lambda: _dasks(expression(chunked)),
        _NUMPY: lambda: expression(x),
    }
    each: dict[str, Callable[[], Any]] = {
        name: partial(repeated, call) for name, call in contenders.items()
    }
    document = _compare("five operations on 1,000 elements", each, rounds)
    for name, row in document["rows"].items():
        row["us_per_call"] = row["wall"]["median"] / count * 1e6
        print(f"{name}: {row['us_per_call']:.1f} µs a call")
    return {**document, "calls": count}


def memory(scale: int, rounds: int) -> dict[str, Any]:
    """Compute with ten times the data that the budget holds."""
    budget = (1 << 30) // scale
    document: dict[str, Any] = {"budget": budget}
    print(f"\nmemory above start, budget {budget / 1e6:.0f} MB")
    for name in _LARGER:
        with tempfile.TemporaryDirectory(prefix="manycore-") as folder:
            command = [sys.executable, __file__, _CHILD, name, str(budget), folder]
            begin = time.perf_counter()
            output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            seconds = time.perf_counter() - begin
        share = ast.literal_eval(output) / budget
        document[name] = {"share_of_budget": share, "wall": seconds}
        print(f"  {name}: {share:.2f} of the budget, {seconds:.1f} s", flush=True)
    return document


_ROWS: dict[str, Callable[[int, int], dict[str, Any]]] = {
    row.__name__: row
    for row in (standardise, mathematics, bandwidth, products, svd, chunks, small, memory)
}


# ---------------------------------------------------------------- memory

_CHILD = "--larger-than-memory"


def _table(budget: int, columns: int) -> Any:
    """Make ten times as many random numbers as the budget holds."""
    rows = 10 * budget // (8 * columns)
    return ma.random.default_rng(0).normal(3, 2, size=(rows, columns))


def _larger_standardise(budget: int, folder: Path) -> None:
    x = _table(budget, 1000)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    _close((z**2).mean().compute(), 1)


def _larger_transpose(budget: int, folder: Path) -> None:
    x = _table(budget, 1000)
    _close(x.T.sum(axis=0).mean().compute() / 3000, 1)


def _larger_rechunk(budget: int, folder: Path) -> None:
    x = _table(budget, 1000).rechunk((-1, 1))
    x.save(folder / "columns.npy")
    # Not mapped by NumPy: the kernel's large pages of the file would count as the process's.
    stored = mc.open_npy(folder / "columns.npy")
    _close(stored[::1000].mean().compute() / 3, 1)


def _larger_sort(budget: int, folder: Path) -> None:
    x = ma.sort(_table(budget, 100), axis=0)
    _close(x[len(x) // 2].mean().compute() / 3, 1)


def _larger_histogram(budget: int, folder: Path) -> None:
    x = _table(budget, 1000)
    counts, _ = ma.histogram(x, bins=100, range=(-20, 20))
    assert counts.sum().compute() == x.size


def _larger_svd(budget: int, folder: Path) -> None:
    x = _table(budget, 50)
    s = ma.linalg.svd(x).S.compute()
    _close(s[0] / math.sqrt(len(x) * (50 * 9 + 4)), 1)


_LARGER: dict[str, Callable[[int, Path], None]] = {
    "standardise": _larger_standardise,
    "transpose and sum": _larger_transpose,
    "rechunk rows to columns": _larger_rechunk,
    "sort": _larger_sort,
    "histogram": _larger_histogram,
    "svd": _larger_svd,
}


def _close(found: float, wanted: float) -> None:
    if not math.isclose(found, wanted, rel_tol=1e-2):
        raise SystemExit(f"{found} is not {wanted}")


def _child(name: str, budget: int, folder: Path) -> None:
    """Compute in a new process; print how much memory it took above what it had at its start."""
    with mc.config(memory=budget):
        _LARGER[name](budget // 16, folder)  # threads, libraries and kernels are there
    status = Path("/proc/self/status")
    Path("/proc/self/clear_refs").write_text("5")  # the highest so far is forgotten
    before = _kilobytes(status, "VmRSS")
    with mc.config(memory=budget):
        _LARGER[name](budget, folder)
    print((_kilobytes(status, "VmHWM") - before) * 1024)


def _kilobytes(status: Path, field: str) -> int:
    lines = status.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field + ":"))


# ---------------------------------------------------------------- contenders


def _loops() -> Any:
    """Compile the loops in C."""
    with tempfile.TemporaryDirectory(prefix="manycore-") as folder:
        library = Path(folder) / "loops.so"
        flags = ["-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC"]
        subprocess.run(["cc", *flags, str(_C), "-o", str(library), "-lm"], check=True)
        loops = ctypes.CDLL(str(library))
    pointer, number = ctypes.c_void_p, ctypes.c_long
    loops.total.argtypes = [pointer, number]
    loops.fused.argtypes = [pointer] * 4 + [number]
    loops.standardised.argtypes = [pointer, number, number]
    loops.total.restype = loops.standardised.restype = ctypes.c_double
    return loops


def _pointer(array: Any) -> int:
    return int(array.ctypes.data)


def _dasks(*values: Any) -> Any:
    results = dask.compute(*values, scheduler="threads", num_workers=_CORES)
    return results if len(values) > 1 else results[0]


def _compare(
    title: str,
    calls: dict[str, Callable[[], Any]],
    rounds: int,
    *,
    answer: Callable[[Any], Any] = lambda result: result,
    atol: float = 0,
) -> dict[str, Any]:
    """Compare answers, which warms everybody, then take times."""
    wanted = None
    for name, call in calls.items():
        found = answer(call())
        if wanted is None:
            wanted = found
        elif not np.allclose(found, wanted, rtol=1e-9, atol=atol):
            raise SystemExit(f"{title}: {name} answers {found}, and {_OURS} {wanted}")
        del found
    del wanted
    # Sums of threads differ in their last digits from round to round: they were compared above.
    contenders = [Contender(name, call, answer=lambda result: None) for name, call in calls.items()]
    rows = interleave(contenders, rounds, quiet=True)
    return report(title, rows, rows[0])


if __name__ == "__main__":
    if sys.argv[1:2] == [_CHILD]:
        _child(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
