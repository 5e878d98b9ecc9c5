"""
Machine code on disk, in the user's cache folder.

A file's name is a hash of all that its content depends on: LLVM's text, into which called functions
and constants have been put, LLVM's version and the processor. So nothing in it is ever out of date,
and it matters to nobody who wrote it. Files are written under another name and renamed; what is
damaged is compiled again. What was not used for a month is removed.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from pathlib import Path

_MAGIC = b"manycore kernel 1\n"
_DIGEST = 16
_MONTH = 30 * 24 * 3600
_DAY = 24 * 3600


def folder() -> Path:
    """Return where machine code is kept: ``MANYCORE_CACHE``, or the system's place for caches."""
    if own := os.environ.get("MANYCORE_CACHE"):
        return Path(own)
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "manycore" / "kernels"


def key(text: str, identity: str) -> str:
    """Name the machine code of LLVM's text on a machine."""
    return hashlib.blake2b(f"{identity}\0{text}".encode(), digest_size=20).hexdigest()


def load(name: str) -> bytes | None:
    """Return the code of that name, if it is there and whole."""
    path = folder() / name
    try:
        content = path.read_bytes()
    except OSError:
        return None
    code = content[len(_MAGIC) + _DIGEST :]
    if content != _head(code) + code:
        return None
    try:
        # For whoever removes old ones; on most systems reading does not change a file's times.
        if time.time() - path.stat().st_mtime > _DAY:
            os.utime(path)
    except OSError:
        pass
    return code


def store(name: str, code: bytes) -> None:
    """Keep code; where that is impossible, it is compiled again the next time."""
    try:
        home = folder()
        home.mkdir(parents=True, exist_ok=True)
        other = home / f"{name}.{os.getpid()}.{time.monotonic_ns()}"
        try:
            other.write_bytes(_head(code) + code)
            other.replace(home / name)
        except OSError:
            other.unlink(missing_ok=True)
            raise
        _remove_old(home)
    except (OSError, RuntimeError):  # the latter if there is no home
        pass


def _head(code: bytes) -> bytes:
    return _MAGIC + hashlib.blake2b(code, digest_size=_DIGEST).digest()


def _remove_old(home: Path) -> None:
    """Remove what nobody has used for a month, once a day."""
    stamp, now = home / "swept", time.time()
    try:
        if now - stamp.stat().st_mtime < _DAY:
            return
    except FileNotFoundError:
        pass
    stamp.touch()
    for path in home.iterdir():
        if path != stamp and now - path.stat().st_mtime > _MONTH:
            path.unlink(missing_ok=True)
