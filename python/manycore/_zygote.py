"""
The zygote: an interpreter with one thread that has imported what workers need, and forks them.

To start an interpreter takes tens of milliseconds, to fork one takes one; but the user's process,
which has threads, can't be forked. So each worker is a fork of a process that does nothing else. It
is started with the first worker, and it ends with the user's process.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# What it is asked for; the parent's names are those of the engine's zygote.rs.
_FORK = 0

# Once it was asked for nothing for so many seconds, it imports the large libraries.
_QUIET = 0.05


def main(libraries: Sequence[str]) -> None:
    """
    Fork workers until the parent is gone.

    Parameters
    ----------
    libraries : sequence of str
        What to import when there is nothing else to do.
    """
    import gc

    from manycore import _core, _worker

    _close_inherited()
    requests = _core.Requests(os.dup(0))
    import cloudpickle  # noqa: F401

    # Each worker is sent its own, and this process holds no folder, no pipe and no terminal.
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    os.close(nothing)
    os.chdir("/")
    while True:
        gc.freeze()
        if libraries and requests.is_quiet(_QUIET):
            _import(libraries)
            libraries = ()
        request = requests.receive()
        if request is None:
            os._exit(0)
        kind, number, descriptors = request
        try:
            if kind == _FORK:
                process = os.fork()
                if process == 0:
                    # The other end must see that the zygote is gone when it is, not its workers.
                    del requests
                    _worker.main(*descriptors)
                    _leave()
                for descriptor in descriptors:
                    os.close(descriptor)
                requests.forked(process)
            else:
                requests.ended(os.waitpid(number, 0)[1])
        except OSError as error:
            requests.failed(error.errno or 0)


def _leave() -> None:
    """End a worker like a program, but leave its memory to the kernel: most is the zygote's too."""
    import atexit
    import threading

    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(0)


def _close_inherited() -> None:
    """Close what C libraries of the parent left open for its children, such as locked files."""
    for path in Path("/proc/self/fd").iterdir():
        # What Python opens, here or in a sitecustomize, is not inheritable. The listing's is gone.
        with contextlib.suppress(OSError):
            if int(path.name) > 2 and os.get_inheritable(int(path.name)):
                os.close(int(path.name))


def _import(libraries: Sequence[str]) -> None:
    import importlib

    for name in libraries:
        # Whoever needs one that can't be imported is told so by its own import.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
