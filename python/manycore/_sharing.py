"""
Pickles for calls that share their arrays.

joblib's users pass the same large arrays to every call, and rely on what its own backends do: a
large array arrives read-only and is written once, not once a call; a small one arrives as a copy
that the call may change; one that is mapped from a file (`numpy.memmap`) arrives as that map.
Results may be changed.

An array that is sent a second time is written into shared memory without a name, and stays there
until it dies or all calls are done. This process holds the descriptor; a worker finds it in /proc.
What is sent once goes through the channel and leaves nothing behind.
"""

from __future__ import annotations

import collections
import contextlib
import fcntl
import functools
import io
import mmap
import os
import pickle
import threading
import weakref
from pickle import PickleBuffer

import cloudpickle
from joblib import _memmapping_reducer as joblib_arrays

from manycore import _pickle

try:
    import numpy as np

    _ARRAYS: tuple[type, ...] = (np.ndarray, np.memmap)
except ImportError:
    _ARRAYS = ()  # joblib does without them, and so do we

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar

# What is mapped stays there. Nobody but this process may write, and it doesn't; to seal that too
# may fail with EBUSY, while the kernel holds a page for reasons of its own.
_SEALS = fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK


class Segment:
    """A buffer in shared memory, for as long as this is not closed."""

    def __init__(self, buffer: memoryview) -> None:
        self._process = os.getpid()
        self._descriptor = os.memfd_create("manycore-joblib", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        rest = buffer
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        fcntl.fcntl(self._descriptor, fcntl.F_ADD_SEALS, _SEALS)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        number = os.fstat(self._descriptor).st_ino
        return _attach, (self._process, self._descriptor, number)

    def close(self) -> None:
        """Free the memory, when nobody maps it any more."""
        os.close(self._descriptor)


def _attach(process: int, descriptor: int, number: int) -> mmap.mmap:
    """Map another process's segment, read-only."""
    path = f"/proc/{process}/fd/{descriptor}"
    file = os.open(path, os.O_RDONLY)
    try:
        if os.fstat(file).st_ino != number:
            raise FileNotFoundError(f"the shared memory behind {path} has gone")
        return mmap.mmap(file, 0, prot=mmap.PROT_READ)
    finally:
        os.close(file)


class Segments:
    """The arrays that several calls read."""

    # Each holds a descriptor, of which a process has some hundreds.
    _MOST = 128

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # By address and size; while who owns the memory lives, they stand for its content.
        self._owners: dict[tuple[int, int], weakref.ref[Any]] = {}
        self._segments: dict[tuple[int, int], Segment] = {}

    def share(self, buffer: memoryview) -> Segment | PickleBuffer:
        """Give what is to be sent: the buffer the first time, its segment from then on."""
        if not _ARRAYS:
            return PickleBuffer(buffer)
        place = (np.frombuffer(buffer, np.uint8).ctypes.data, buffer.nbytes)
        with self._lock:
            if place in self._segments:
                return self._segments[place]
            if place in self._owners and len(self._segments) < self._MOST:
                return self._segments.setdefault(place, Segment(buffer))
            # An owner without weak references would not tell us of its death.
            with contextlib.suppress(TypeError):
                forget = functools.partial(self._forget, place)
                self._owners[place] = weakref.ref(_owner(buffer), forget)
            return PickleBuffer(buffer)

    def _forget(self, place: tuple[int, int], _: object = None) -> None:
        self._owners.pop(place, None)
        if (segment := self._segments.pop(place, None)) is not None:
            segment.close()

    def close(self) -> None:
        """Forget all."""
        for place in list(self._owners):
            self._forget(place)


def _owner(buffer: memoryview) -> Any:
    """Find the object that a buffer's memory belongs to, behind views of it."""
    owner = buffer.obj
    while (base := getattr(owner, "base", None)) is not None:
        owner = base
    return owner


def _reduce_array(array: Any) -> Any:
    """Send an array that is mapped from a file as its place there."""
    mapped = joblib_arrays._get_backing_memmap(array)
    if isinstance(mapped, np.memmap):
        return joblib_arrays._reduce_memmap_backed(array, mapped)
    return array.__reduce_ex__(5)


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    dispatch_table: ClassVar[Any] = collections.ChainMap(
        dict.fromkeys(_ARRAYS, _reduce_array), *cloudpickle.Pickler.dispatch_table.maps
    )


def _dumps(value: Any) -> tuple[bytes, list[memoryview]]:
    buffers: list[memoryview] = []
    file = io.BytesIO()
    _Pickler(file, 5, lambda buffer: _pickle.keep(buffers, buffer)).dump(value)
    return file.getvalue(), buffers


class _Copied:
    """A buffer that arrives in memory of the receiver's own."""

    def __init__(self, buffer: memoryview) -> None:
        self._buffer = buffer

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return bytearray, (PickleBuffer(self._buffer),)


class Results:
    """What calls returned, on its way back: arrives as itself, and may be changed."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        data, buffers = _dumps(self._value)
        return _pickle.loads, (PickleBuffer(data), list(map(self._wrap, buffers)))

    def _wrap(self, buffer: memoryview) -> Any:
        return PickleBuffer(buffer) if buffer.readonly else _Copied(buffer)


class Calls(Results):
    """
    Calls on their way to a worker, where they arrive as themselves.

    Parameters
    ----------
    value : object
        What is pickled when this is.
    description : callable
        Says in an error what that is.
    segments : Segments
        Holds what is shared.
    largest_copy : int, optional
        Arrays of more bytes are shared, and read-only. None: none is.
    """

    def __init__(
        self,
        value: Any,
        description: Callable[[], str],
        segments: Segments,
        largest_copy: int | None,
    ) -> None:
        super().__init__(value)
        self._description = description
        self._segments = segments
        self._largest_copy = largest_copy

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        try:
            return super().__reduce__()
        except Exception as error:
            message = f"could not pickle the task to send to a worker, {self!r}: {error}"
            raise pickle.PicklingError(message) from error

    def _wrap(self, buffer: memoryview) -> Any:
        if self._largest_copy is None or buffer.nbytes <= self._largest_copy:
            return super()._wrap(buffer)
        return self._segments.share(buffer)

    def __repr__(self) -> str:
        return self._description()


# What is in them is pickled by the time that they are.
_pickle.PLAIN.update((Results, Calls))
