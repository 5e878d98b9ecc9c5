"""
What a function does besides returning: files, output, processes, connections, random state.

An audit hook sees all of these before they happen (PEP 578) and forbids them, so that nothing is
written twice. It can't be taken away again: `Effects` is for a process of its own.

What the engine does on behalf of new code (compiled objects kept on disk, worker processes) is not
the function's doing: the nearest frame that is either the user's or a library's for parallel work
tells which.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

# Audit events of the standard library, and what they mean.
_EVENTS = {
    "os.chmod": "changes files",
    "os.link": "changes files",
    "os.mkdir": "changes files",
    "os.remove": "removes files",
    "os.rename": "renames files",
    "os.rmdir": "removes files",
    "os.symlink": "changes files",
    "os.truncate": "changes files",
    "os.utime": "changes files",
    "os.chdir": "changes the current folder",
    "os.putenv": "changes the environment",
    "os.unsetenv": "changes the environment",
    "os.system": "starts a program",
    "os.posix_spawn": "starts a program",
    "os.exec": "starts a program",
    "subprocess.Popen": "starts a program",
    "sqlite3.connect": "opens a database",
    "signal.pthread_kill": "sends a signal",
    "os.kill": "sends a signal",
}
_PACKAGE = str(Path(__file__).resolve().parent.parent) + os.sep
_OWN = str(Path(__file__).resolve().parent) + os.sep
_PARALLEL = tuple(
    f"{os.sep}{name}{os.sep}" for name in ("multiprocessing", "concurrent", "joblib", "llvmlite")
)


class Impure(Exception):  # noqa: N818 (a finding rather than an error)
    """A function does something besides returning a value."""


class _Sink(io.RawIOBase):
    """Where output goes: nowhere, but for its count."""

    def __init__(self, file: int) -> None:
        self.file = file
        self.written = 0

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.file

    def write(self, data: Any) -> int:
        self.written += len(data)
        return len(data)


class Effects:
    """
    Watches what the code inside of ``with`` does; its first effect is an `Impure`.

    Parameters
    ----------
    files : set of str
        The file names of the user's code, as its code objects have them.
    """

    def __init__(self, files: set[str]) -> None:
        self.files = files
        self.found = ""
        self._active = False
        self._bystanders: set[int] = set()
        self._sink = _Sink(os.open(os.devnull, os.O_WRONLY))
        buffer = io.BufferedWriter(self._sink)
        sys.stdout = sys.stderr = io.TextIOWrapper(buffer, encoding="utf-8", write_through=True)
        sys.addaudithook(self._audit)

    def __enter__(self) -> None:
        self.found = ""
        self._bystanders = {thread.ident or 0 for thread in threading.enumerate()}
        self._bystanders.discard(threading.get_ident())
        sys.stdout.flush()
        self._written = self._sink.written
        self._random = _random_state()
        self._active = True

    def __exit__(self, *error: object) -> None:
        self._active = False
        sys.stdout.flush()
        if not self.found and self._sink.written != self._written:
            self.found = "prints"
        random = _random_state()
        if not self.found and any(random[name] != self._random[name] for name in self._random):
            self.found = "draws from the random numbers that all of the program shares"
        if self.found:
            raise Impure(self.found) from None

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._active or threading.get_ident() in self._bystanders:
            return
        what = _meaning(event, arguments)
        if what and self._is_users(sys._getframe(1)):
            self.found = self.found or what
            raise Impure(what)

    def _is_users(self, frame: FrameType | None) -> bool:
        while frame is not None:
            file = frame.f_code.co_filename
            if file in self.files:
                return True
            if file.startswith(_PACKAGE) and not file.startswith(_OWN):
                return False
            if any(part in file for part in _PARALLEL):
                return False
            frame = frame.f_back
        return True


class Written:
    """
    Remembers the files that a script writes, but for temporary ones.

    Parameters
    ----------
    folder : str
        Where temporary files are.
    """

    def __init__(self, folder: str) -> None:
        self._folder = os.path.realpath(folder) + os.sep
        self._files: set[str] = set()
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and _meaning(event, arguments):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not path.startswith(self._folder):
                self._files.add(path)

    def digests(self) -> dict[str, str]:
        """Return what is in these files now, as digests by path."""
        import hashlib

        return {
            path: hashlib.sha256(Path(path).read_bytes()).hexdigest()
            for path in sorted(self._files)
            if Path(path).is_file()
        }


def _meaning(event: str, arguments: tuple[Any, ...]) -> str:
    """Say what an audit event does to the world; nothing if it only looks."""
    if event == "open":
        path, mode, flags = arguments
        writes = set(mode or "") & set("wax+") or (flags or 0) & _WRITES
        if not writes or isinstance(path, int) or path in (os.devnull, os.fsencode(os.devnull)):
            return ""
        return f"writes the file {os.fsdecode(path)!r}"
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"
        return "" if host in ("127.0.0.1", "::1", "localhost") else f"connects to {host}"
    if event.startswith("shutil.") and event != "shutil.get_terminal_size":
        return "changes files"
    return _EVENTS.get(event, "")


def _random_state() -> dict[str, object]:
    """Return the state of the generators that a whole program shares."""
    import random

    states: dict[str, object] = {"random": random.getstate()}
    if "numpy.random" in sys.modules:
        state = sys.modules["numpy.random"].get_state()
        states["numpy"] = (state[0], state[1].tobytes(), *state[2:])
    return states
