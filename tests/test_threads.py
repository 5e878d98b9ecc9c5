"""Threads of BLAS and OpenMP in workers: never more than cores."""

from __future__ import annotations

import os
from typing import Any

import pytest
from joblib import Parallel, delayed, parallel_config

import manycore as mc
from children import output

CORES = len(os.sched_getaffinity(0))


def threads(_: object = None) -> dict[str, int]:
    import numpy as np
    import scipy.linalg  # noqa: F401, it has a BLAS of its own
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: F401, it has OpenMP
    from threadpoolctl import threadpool_info

    np.ones((64, 64)) @ np.ones((64, 64))
    return {library["prefix"]: library["num_threads"] for library in threadpool_info()}


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_a_pools_workers_share_the_cores(processes: int) -> None:
    with mc.Pool(processes) as pool:
        found = pool.map(threads, range(processes), chunksize=1)
    share = max(CORES // processes, 1)
    for libraries in found:
        assert libraries.keys() >= {"libgomp", "libscipy_openblas"}
        assert set(libraries.values()) == {share}


def test_a_pools_workers_share_the_configured_workers() -> None:
    with mc.config(workers=1), mc.Pool(1) as pool:
        assert set(pool.apply(threads).values()) == {1}


def test_what_the_user_has_set_is_left_alone() -> None:
    code = """
import os, manycore as mc
names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"]
with mc.Pool(2) as pool:
    print(pool.map(lambda name: os.environ.get(name), names))
"""
    share = str(max(CORES // 2, 1))
    assert output(code, environment={"OMP_NUM_THREADS": "7"}) == f"['7', '{share}']\n"


def test_a_pool_has_the_threads_that_its_environment_says() -> None:
    with mc.Pool(2, environment={"OMP_NUM_THREADS": "5"}) as pool:
        libraries = pool.apply(threads)
    assert libraries["libgomp"] == 5
    assert libraries["libscipy_openblas"] == max(CORES // 2, 1)


@pytest.mark.parametrize("limit", [None, 1, 3])
def test_joblibs_workers_have_the_threads_that_are_asked_for(limit: int | None) -> None:
    with parallel_config(backend="manycore", n_jobs=2, inner_max_num_threads=limit):
        found: Any = Parallel()(delayed(threads)() for _ in range(4))
    expected = limit or max(CORES // 2, 1)
    for libraries in found:
        assert libraries["libgomp"] == expected
        # OpenBLAS uses no more than there are cores, whatever it is asked for.
        assert libraries["libscipy_openblas"] == min(expected, CORES)
