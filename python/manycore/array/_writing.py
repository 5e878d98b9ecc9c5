"""Files and folders that look whole only when they are, and chunks that are written one by one."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import shutil
from pathlib import Path

import numpy as np

from manycore import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    _Chunks = tuple[tuple[int, ...], ...]

__all__: list[str] = []

# A chunk that is written or read at a time, where the budget has room for many.
_BYTES = 16 << 20
_PART = 16


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """
    Give a name beside a path under which to write what takes its place at the end.

    What has failed, or was interrupted, leaves nothing behind; what was killed leaves the other
    name, which nobody takes for the path's.
    """
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        yield partial
        replace(partial, path)
    finally:
        remove(partial)


def replace(new: Path, old: Path) -> None:
    """Give something the name of something else, which goes away."""
    if not old.is_dir() or old.is_symlink():
        new.replace(old)
        return
    # A folder that isn't empty can't be replaced.
    aside = new.with_name(f".{old.name}.{secrets.token_hex(4)}.removed")
    old.rename(aside)
    try:
        new.rename(old)
    except BaseException:
        aside.rename(old)
        raise
    remove(aside)


def remove(path: Path) -> None:
    """Remove a file or folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def task_bytes() -> int:
    """Tell how many bytes a task writes or reads: some megabytes, or less by the budget."""
    _, workers, memory, _ = _core.configuration()
    most = _BYTES if memory is None else memory // (_PART * workers)
    return max(min(_BYTES, most), 1 << 16)


def runs_of(shape: tuple[int, ...], itemsize: int) -> _Chunks:
    """Choose chunks of some megabytes, the elements of each of which are neighbours in C order."""
    room = max(task_bytes() // max(itemsize, 1), 1)
    chunks: list[tuple[int, ...]] = []
    for length in reversed(shape):
        size = max(min(room, length), 1)
        full, rest = divmod(length, size)
        chunks.append((size,) * full + ((rest,) if rest or not length else ()))
        # As soon as an axis is cut, those before it have one element in each chunk.
        room = room // size if size == length else 1
    return tuple(reversed(chunks))


class Starts:
    """Where the chunks of a grid begin."""

    def __init__(self, chunks: _Chunks) -> None:
        self._axes = [list(itertools.accumulate(lengths, initial=0)) for lengths in chunks]

    def box(self, index: tuple[int, ...]) -> tuple[slice, ...]:
        """Find the box of a chunk."""
        pairs = zip(self._axes, index, strict=True)
        return tuple(slice(starts[at], starts[at + 1]) for starts, at in pairs)

    def first(self, index: tuple[int, ...], shape: tuple[int, ...]) -> int:
        """Count the elements that come before a chunk's first one, in C order."""
        number = 0
        for starts, at, length in zip(self._axes, index, shape, strict=True):
            number = number * length + starts[at]
        return number


def each_chunk(core: Any, write: Callable[[Any, tuple[int, ...]], None], name: str) -> Any:
    """Make the array that calls ``write(chunk, index)`` for each chunk when it is computed."""
    ones = tuple((1,) * len(lengths) for lengths in core.chunks)

    def block(chunk: Any, index: tuple[int, ...]) -> Any:
        write(chunk, index)
        return np.zeros((1,) * len(index), np.bool_)

    outputs = [(np.dtype(np.bool_), ones)]
    return _core.Array.blocks(block, [core], ["same"], outputs, name, index=True)[0]


def as_bytes(chunk: Any) -> memoryview:
    """Give the bytes of a chunk, in C order."""
    flat: Any = np.ascontiguousarray(chunk).reshape(-1).view(np.uint8)
    return memoryview(flat)


def write_at(descriptor: int, data: memoryview, offset: int) -> None:
    """Write all of some bytes at a place of a file."""
    while data:
        written = os.pwrite(descriptor, data, offset)
        data = data[written:]
        offset += written


def read_at(descriptor: int, into: memoryview, offset: int) -> int:
    """Read bytes from a place of a file until there are enough, or no more; count them."""
    done = 0
    while done < len(into):
        count = os.preadv(descriptor, [into[done:]], offset + done)
        if not count:
            break
        done += count
    return done
