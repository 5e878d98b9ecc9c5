"""What worker processes are started with: the command, its environment, and what they are told."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

from manycore import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def program(
    processes: int,
    initializer: Callable[..., Any] | None = None,
    initargs: Iterable[Any] = (),
) -> tuple[list[str], list[tuple[str, str]], bytes]:
    """
    Describe how to start one of several worker processes.

    Returns
    -------
    tuple
        The command, environment variables on top of ours, and the greeting, which makes the worker
        like this process: its paths, its folder, the user's initializer.
    """
    hello = None
    if initializer is not None:
        import cloudpickle

        hello = cloudpickle.dumps((initializer, tuple(initargs)), 5)
    greeting = pickle.dumps((sys.path, str(Path.cwd()), hello), 5)
    package = str(Path(_core.__file__).resolve().parent.parent)
    known = os.environ.get("PYTHONPATH")
    path = package if not known else os.pathsep.join((package, known))
    environment = [("PYTHONPATH", path)]
    # Libraries that start threads of their own would oversubscribe the cores.
    threads = max(_core.configuration()[1] // processes, 1)
    environment += [(name, str(threads)) for name in _THREADS if name not in os.environ]
    command = [sys.executable, "-c", "from manycore._worker import main; main()"]
    return command, environment, greeting
