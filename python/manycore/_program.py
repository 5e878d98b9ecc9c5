"""What workers are started with: a zygote's command, its environment, and what they are told."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

from manycore import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

# Libraries that take long to import: a zygote does it for its workers if this process has done so.
# With threads of their own it could not be forked.
_LARGE = ("numpy",)

# How many threads BLAS, OpenMP and their kin may use: each library's own variable, as joblib sets
# them too. They start one a core unless they are told otherwise, when they are loaded.
_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)

# Beginnings of the variables that are read once: when an interpreter starts, or loads a library.
_READ_BY_INTERPRETERS = ("PYTHON", "LD_", "LC_", "LANG", "TZ", "MALLOC_", "GLIBC_")
_READ_BY_LIBRARIES = ("OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "BLIS_", "NPY_")


def program(
    processes: int,
    initializer: Callable[..., Any] | None = None,
    initargs: Iterable[Any] = (),
    environment: Mapping[str, str] | None = None,
) -> tuple[list[str], list[tuple[str, str]], bytes, bytes]:
    """
    Describe how to start one of several worker processes, as like this one as can be.

    Returns
    -------
    tuple
        The command that starts a zygote; its environment; what must be the same for a zygote to be
        used again; the greeting, which tells a worker all else: its paths, its folder, the user's
        initializer.
    """
    from subprocess import _args_from_interpreter_flags  # type: ignore[attr-defined]

    variables = {**os.environ, **(environment or {})}
    # More would oversubscribe the cores.
    cores = min(_core.configuration()[1], len(os.sched_getaffinity(0)))
    for name in _THREADS:
        variables.setdefault(name, str(max(cores // processes, 1)))
    if _core.configuration()[0][2] is not None:
        # Freed arrays go back to the system: see object.rs.
        variables.setdefault("MALLOC_MMAP_THRESHOLD_", str(1 << 20))
    is_single = all(variables[name] == "1" for name in _THREADS)
    libraries = [name for name in _LARGE if is_single and name in sys.modules]
    package = str(Path(__file__).resolve().parent.parent)
    path = sys.path if package in sys.path else [*sys.path, package]
    start = (
        "import _signal, sys; _signal.signal(_signal.SIGINT, _signal.SIG_IGN); "
        f"sys.path[:] = {path}; from manycore._zygote import main; main({libraries})"
    )
    command = [sys.executable, *_args_from_interpreter_flags(), "-c", start]
    read_once = _READ_BY_INTERPRETERS + (_READ_BY_LIBRARIES if libraries else ())
    decisive = [item for item in variables.items() if item[0].startswith(read_once)]
    key = repr((command, sorted(decisive), _inherited())).encode("utf-8", "surrogateescape")
    start_up = None
    if initializer is not None:
        import cloudpickle

        start_up = cloudpickle.dumps((initializer, tuple(initargs)), 5)
    greeting = (variables, sys.path, sys.argv, str(Path.cwd()), start_up)
    # A zygote has no thread, so it takes part in no profile.
    inherited = [item for item in variables.items() if item[0] != "MANYCORE_PROFILE"]
    return command, inherited, key, pickle.dumps(greeting, 5)


def _inherited() -> tuple[object, ...]:
    """Gather what a process inherits and keeps, apart from its environment and its folder."""
    import resource

    limits = [getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")]
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return (
        [line for line in status.splitlines() if line.startswith(("Umask:", "Uid:", "Gid:"))],
        os.getpriority(os.PRIO_PROCESS, 0),
        sorted(os.sched_getaffinity(0)),
        [resource.getrlimit(limit) for limit in limits],
    )
