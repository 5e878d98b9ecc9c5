"""
Measures Task Bench's METG(50 %): how small tasks may be before half of the machine is lost.

After Slaughter et al., "Task Bench: A Parameterized Benchmark for Evaluating Parallel Runtime
Performance", SC20. Of its patterns this is ``stencil_1d``: some columns; a task of each step reads
what its column and both neighbours made in the step before. A task's kernel does nothing but
compute, for a number of iterations that is halved from run to run. For each number,

- *granularity* is wall time × cores / tasks, and
- *efficiency* is iterations a second over the most that were ever reached, by the bare kernel on
  every core or by any contender.

METG(50 %) is the smallest granularity with an efficiency of at least a half, interpolated towards
the next smaller one measured. The clock sees the graph being built and run.

Native tasks run in the Rust example ``metg`` (64 multiply-adds an iteration). Python tasks call a
kernel in C that lets go of the GIL, as Task Bench's own Dask tasks do; here it is PBKDF2, which the
standard library has.

Example: ``python bench/metg.py --binary target/release/examples/metg``.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import itertools
import json
import math
import multiprocessing
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from measurement import RESULTS, available_cores, spread, store, table

# Seconds of the largest kernel of a Python task, which is halved down to the smallest.
LARGEST_KERNEL = 8e-3
SIZES = 11

Answer = tuple[int, int]
Lane = Literal["threads", "processes", "mixed"]


def kernel(iterations: int) -> bytes:
    """Compute without the GIL, proportionally long."""
    return hashlib.pbkdf2_hmac("sha256", b"task", b"bench", iterations)


def neighbours(place: int, width: int) -> range:
    """Give the columns that a column's task reads."""
    return range(max(place - 1, 0), min(place + 2, width))


def task(iterations: int, width: int, step: int, place: int, *inputs: Answer) -> Answer:
    """
    Check what was read, and compute.

    Returns
    -------
    tuple of int
        Step and column: who it is.

    Raises
    ------
    ValueError
        If the inputs are not those of the pattern.
    """
    expected = [(step - 1, column) for column in neighbours(place, width)] if step else []
    if list(inputs) != expected:
        raise ValueError(f"step {step} of column {place} read {inputs}, not {expected}")
    kernel(iterations)
    return step, place


@dataclass(frozen=True)
class Stencil:
    """
    A graph to build and run.

    Attributes
    ----------
    width, steps : int
        Columns, and tasks in each.
    iterations : int
        Of each task's kernel.
    """

    width: int
    steps: int
    iterations: int

    def tasks(self) -> Iterator[tuple[int, int, range]]:
        """Yield each task's step and column, and the columns that it reads of the step before."""
        for step in range(self.steps):
            for place in range(self.width):
                yield step, place, neighbours(place, self.width) if step else range(0)

    def last(self) -> list[Answer]:
        """Give what the tasks of the last step return."""
        return [(self.steps - 1, place) for place in range(self.width)]


# Builds a stencil, runs it, and returns what the last step's tasks do.
Compute = Callable[[Stencil], Sequence[Answer]]


@contextlib.contextmanager
def peers(cores: int) -> Iterator[dict[str, Compute]]:
    """
    Give Dask's schedulers, each with a pool that is started.

    Parameters
    ----------
    cores : int
        Workers of each.

    Yields
    ------
    dict of str to callable
        By name.
    """
    import dask.multiprocessing
    import dask.threaded

    def build(stencil: Stencil) -> tuple[dict[Answer, Any], list[Answer]]:
        size = (stencil.iterations, stencil.width)
        graph = {
            (step, place): (task, *size, step, place, *((step - 1, read) for read in reads))
            for step, place, reads in stencil.tasks()
        }
        return graph, stencil.last()

    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores, mp_context=spawn) as pool:

        def threaded(stencil: Stencil) -> Sequence[Answer]:
            answers: Sequence[Answer] = dask.threaded.get(*build(stencil), num_workers=cores)
            return answers

        def processes(stencil: Stencil) -> Sequence[Answer]:
            # By default six ready tasks go to one process: here, those of a whole step.
            answers: Sequence[Answer] = dask.multiprocessing.get(
                *build(stencil), num_workers=cores, pool=pool, chunksize=1
            )
            return answers

        yield {"dask, threads": threaded, "dask, processes": processes}


def ours(cores: int) -> dict[str, Compute]:
    """
    Give ``mc.delayed`` on its lanes.

    Parameters
    ----------
    cores : int
        Workers of each.

    Returns
    -------
    dict of str to callable
        By name.
    """
    import manycore as mc

    call = mc.delayed(task)

    def on(lane: Lane) -> Compute:
        def compute(stencil: Stencil) -> Sequence[Answer]:
            size = (stencil.iterations, stencil.width)
            row: list[Any] = []
            for _, places in itertools.groupby(stencil.tasks(), key=lambda task: task[0]):
                row = [
                    call(*size, step, place, *(row[read] for read in reads))
                    for step, place, reads in places
                ]
            return mc.compute(*row, lane=lane, workers=cores)

        return compute

    lanes: tuple[Lane, ...] = ("threads", "processes", "mixed")
    return {f"manycore, {lane}": on(lane) for lane in lanes}


def measure_python(
    contenders: Mapping[str, Compute], widths: Sequence[int], steps: int, rounds: int, cores: int
) -> dict[str, Any]:
    """
    Run every contender with every width and size, round after round.

    Parameters
    ----------
    contenders : mapping of str to callable
        By name.
    widths : sequence of int
        Columns.
    steps : int
        Tasks in a column.
    rounds : int
        How often each one counts; one round before doesn't.
    cores : int
        That the contenders use.

    Returns
    -------
    dict
        Bare iterations a second, and for each contender and width its points and METG.

    Raises
    ------
    ValueError
        If a contender's answer is wrong.
    """
    largest = round(LARGEST_KERNEL / seconds_an_iteration())
    sizes = [size for halvings in range(SIZES) if (size := largest >> halvings)]
    cases = [
        (name, Stencil(width, steps, size))
        for name in contenders
        for width in widths
        for size in sizes
    ]
    seconds: dict[tuple[str, Stencil], list[float]] = {case: [] for case in cases}
    bare = []
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        for number in range(rounds + 1):
            speed = bare_speed(pool, cores, largest)
            if number:
                bare.append(speed)
            for name, stencil in cases:
                start = time.perf_counter()
                answers = contenders[name](stencil)
                took = time.perf_counter() - start
                if list(answers) != stencil.last():
                    raise ValueError(f"{name} answered {answers!r}")
                if number:
                    seconds[name, stencil].append(took)
    points = [
        {
            "contender": name,
            "width": stencil.width,
            "steps": stencil.steps,
            "iterations": stencil.iterations,
            "work": stencil.iterations * stencil.width * stencil.steps,
            "seconds": spread(seconds[name, stencil]),
        }
        for name, stencil in cases
    ]
    return evaluate(points, spread(bare)["median"], cores)


def seconds_an_iteration() -> float:
    """Time the kernel: the best of several times, which is nobody else's."""
    iterations = 10_000

    def once() -> float:
        start = time.perf_counter()
        kernel(iterations)
        return (time.perf_counter() - start) / iterations

    return min(once() for _ in range(10))


def bare_speed(pool: Any, cores: int, iterations: int) -> float:
    """Give the iterations a second of the kernel on every core, with nobody in between."""
    times = 20
    start = time.perf_counter()
    pool.map(kernel, [times * iterations] * cores, chunksize=1)
    return cores * times * iterations / (time.perf_counter() - start)


def measure_native(binary: Path, rounds: int, steps: int) -> dict[str, Any]:
    """
    Run the Rust example.

    Parameters
    ----------
    binary : Path
        The compiled example.
    rounds, steps : int
        Its arguments.

    Returns
    -------
    dict
        As of `measure_python`.
    """
    command = [str(binary), str(rounds), str(steps)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    head, *points = (json.loads(line) for line in output.splitlines())
    for point in points:
        point["contender"], point["work"] = "manycore, native", point.pop("flops")
    return evaluate(points, head["bare_flops"], head["cores"])


def evaluate(points: list[dict[str, Any]], bare: float, cores: int) -> dict[str, Any]:
    """
    Add granularity and efficiency to each point, and find each contender's METG for each width.

    Parameters
    ----------
    points : list of dict
        With contender, width, steps, work and seconds, the largest of each contender first.
    bare : float
        Work a second of the bare kernel on every core.
    cores : int
        How many.

    Returns
    -------
    dict
        Peak (work a second), METG in microseconds or None by contender and width, the points.
    """
    peak = max(bare, *(point["work"] / point["seconds"]["median"] for point in points))
    curves: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for point in points:
        seconds = point["seconds"]["median"]
        point["granularity_microseconds"] = (
            seconds * cores / (point["width"] * point["steps"]) * 1e6
        )
        point["efficiency"] = point["work"] / seconds / peak
        curve = curves.setdefault((point["contender"], point["width"]), [])
        curve.append((point["granularity_microseconds"], point["efficiency"]))
    results = [
        {"contender": name, "width": width, "metg_microseconds": metg(curve)}
        for (name, width), curve in curves.items()
    ]
    return {"cores": cores, "bare": bare, "peak": peak, "metg": results, "points": points}


def metg(curve: Sequence[tuple[float, float]], least: float = 0.5) -> float | None:
    """
    Find the smallest granularity that is efficient enough.

    Parameters
    ----------
    curve : sequence of (granularity, efficiency)
        In any order.
    least : float
        Efficiency to reach.

    Returns
    -------
    float or None
        Linear in the granularity's logarithm between the smallest measured one that is efficient
        enough and the next smaller; None if none is.

    Examples
    --------
    >>> metg([(16.0, 0.9), (4.0, 0.6), (1.0, 0.4)])
    2.0
    """
    falling = sorted(curve, reverse=True)
    enough = [index for index, (_, efficiency) in enumerate(falling) if efficiency >= least]
    if not enough:
        return None
    above, high = falling[enough[-1]]
    if enough[-1] + 1 == len(falling):
        return above
    below, low = falling[enough[-1] + 1]
    share = (high - least) / (high - low)
    return above * math.exp(math.log(below / above) * share)


def show(title: str, document: Mapping[str, Any]) -> None:
    """Print the METGs, and the curves they were read from."""
    print(f"\n{title}, {document['cores']} cores")
    most = max(point["granularity_microseconds"] for point in document["points"])
    found = [
        (
            row["contender"],
            row["width"],
            f"{row['metg_microseconds']:,.1f}" if row["metg_microseconds"] else f"> {most:,.0f}",
        )
        for row in document["metg"]
    ]
    print(table(("", "width", "METG(50 %), µs"), found))
    lines = [
        (
            point["contender"],
            point["width"],
            f"{point['iterations']:,}",
            f"{point['granularity_microseconds']:,.1f}",
            f"{point['efficiency']:.0%}",
        )
        for point in document["points"]
    ]
    print(table(("", "width", "iterations", "granularity, µs", "efficiency"), lines))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description="Measure Task Bench's METG(50 %).")
    parser.add_argument("--binary", type=Path, metavar="PATH", help="the Rust example `metg`")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=1000, help="of native columns")
    parser.add_argument("--python-steps", type=int, default=100)
    parser.add_argument("--output", type=Path, default=RESULTS / "metg.json")
    parser.add_argument("--date", help="default: today")
    options = parser.parse_args(arguments)

    document = {}
    if options.binary:
        native = measure_native(options.binary, options.rounds, options.steps)
        show("native tasks", native)
        document["native"] = native
    cores = available_cores()
    with peers(cores) as theirs:
        contenders = ours(cores) | theirs
        widths = [cores, 4 * cores]
        python = measure_python(contenders, widths, options.python_steps, options.rounds, cores)
    show("Python tasks", python)
    document["python"] = python
    store(options.output, document, options.date)


if __name__ == "__main__":
    main()
