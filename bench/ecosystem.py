"""
Measures the joblib backend "manycore" against joblib's own, "loky".

Both have as many workers as there are cores, and both are warm but where a whole program is
measured, with its imports. Answers are compared.

Example: ``python bench/ecosystem.py``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from joblib import Parallel, delayed
from measurement import RESULTS, Contender, available_cores, interleave, report, store
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

import manycore  # noqa: F401, it registers the backend

BACKENDS = ("manycore", "loky")


def same(value: Any) -> Any:
    """Return the argument: the task that takes no time."""
    return value


def first(array: np.ndarray[Any, Any]) -> float:
    """Look at one element: the task that is all transfer."""
    return float(array[0])


PROGRAM = """
import manycore
from joblib import Parallel, delayed
print(sum(Parallel(n_jobs={jobs}, backend="{backend}")(delayed(abs)(-n) for n in range(100))))
"""


def start(backend: str, jobs: int) -> int:
    """Run a program that makes one call."""
    program = PROGRAM.format(backend=backend, jobs=jobs)
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    return int(done.stdout)


def search(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], jobs: int) -> list[float]:
    """Find a parameter among ten, in five folds."""
    grid = {"C": np.logspace(-3, 1, 10)}
    model = LogisticRegression(max_iter=100, tol=0.01)
    found = GridSearchCV(model, grid, cv=5, n_jobs=jobs, refit=False).fit(x, y)
    return [round(float(score), 12) for score in found.cv_results_["mean_test_score"]]


def grow(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], jobs: int) -> list[float]:
    """Grow a forest of 100 small trees."""
    forest = RandomForestClassifier(
        100, max_depth=2, max_features=1, random_state=0, n_jobs=jobs
    ).fit(x, y)
    return [round(float(share), 12) for share in forest.feature_importances_]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description='Measure the joblib backend "manycore".')
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, default=RESULTS / "ecosystem.json")
    parser.add_argument("--date", help="default: today")
    options = parser.parse_args(arguments)

    cores = available_cores()
    array = np.ones(1_250_000)
    arrays = [np.full(1_250_000, float(number)) for number in range(100)]
    small_x, small_y = make_classification(1_000, 20, random_state=0)
    large_x, large_y = make_classification(25_000, 50, random_state=0)

    def call(backend: str, calls: Callable[[], Iterable[Any]], **more: Any) -> Contender:
        def run() -> Any:
            return Parallel(n_jobs=cores, backend=backend, **more)(calls())

        return Contender(backend, run, sum)

    def fit(backend: str, task: Callable[..., Any], *data: Any) -> Contender:
        def run() -> Any:
            with joblib.parallel_config(backend=backend):
                return task(*data, cores)

        return Contender(backend, run)

    def each(make: Callable[[str], Contender]) -> list[Contender]:
        return [make(backend) for backend in BACKENDS]

    cases = {
        "10,000 calls that do nothing": each(
            lambda name: call(name, lambda: (delayed(same)(n) for n in range(10_000)))
        ),
        "as many calls as there are cores": each(
            lambda name: call(name, lambda: (delayed(same)(n) for n in range(cores)))
        ),
        "1,000 batches of one call": each(
            lambda name: call(name, lambda: (delayed(same)(n) for n in range(1_000)), batch_size=1)
        ),
        "100 calls, one array of 10 MB": each(
            lambda name: call(name, lambda: (delayed(first)(array) for _ in range(100)))
        ),
        "100 sums of one array of 10 MB": each(
            lambda name: call(name, lambda: (delayed(np.sum)(array) for _ in range(100)))
        ),
        "100 calls, 100 arrays of 10 MB": each(
            lambda name: call(name, lambda: (delayed(first)(one) for one in arrays))
        ),
        "100 results of 10 MB": [
            Contender(contender.name, contender.call, lambda results: sum(map(len, results)))
            for contender in each(
                lambda name: call(name, lambda: (delayed(np.ones)(len(array)) for _ in range(100)))
            )
        ],
        "scikit-learn: a grid search, 50 small fits": each(
            lambda name: fit(name, search, small_x, small_y)
        ),
        "scikit-learn: a forest of 100 trees on 10 MB": each(
            lambda name: fit(name, grow, large_x, large_y)
        ),
        "a program that makes one call": each(
            lambda name: Contender(name, lambda: start(name, cores))
        ),
    }
    document: dict[str, Any] = {"cores_used": cores}
    for title, contenders in cases.items():
        for contender in contenders:
            contender.call()  # workers are there, and have imported what they need
        rows = interleave(contenders, options.rounds, quiet=True)
        if len({str(row.answer) for row in rows}) > 1:
            raise SystemExit(f"{title}: {[(row.name, row.answer) for row in rows]} differ")
        document[title] = report(title, rows, rows[0])
    store(options.output, document, options.date)


if __name__ == "__main__":
    main()
