"""
How many threads the libraries in a worker process may use.

BLAS, OpenMP and their kin start a thread for each core unless they are told otherwise, when they
are loaded. In workers that share the cores, that is processes × cores threads.
"""

from __future__ import annotations

import os

from manycore import _core

# Each library's own variable, as joblib sets them.
_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


def environment(processes: int) -> list[tuple[str, str]]:
    """
    Give each of some processes its share of the cores.

    Parameters
    ----------
    processes : int
        How many work at one time.

    Returns
    -------
    list of tuple
        Names and values of environment variables; those that the user has set are left alone.
    """
    cores = min(_core.configuration()[3], len(os.sched_getaffinity(0)))
    share = str(max(cores // processes, 1))
    return [(name, share) for name in _VARIABLES if name not in os.environ]
