"""
Pickling for worker processes: protocol 5, large buffers out of band, functions by content.

Functions, classes and instances that a worker could import travel by name; those of ``__main__``,
of a notebook, lambdas and closures by value, with cloudpickle. That is imported only when there is
something for it.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import pickle
import sys
import types
import weakref

from manycore import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any


class Numbers:
    """A list of numbers on its way, which becomes itself when it is unpickled."""

    __slots__ = ("are_floats", "data")

    def __init__(self, data: bytes, are_floats: bool) -> None:
        self.data = data
        self.are_floats = are_floats

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return _core.unpack, (pickle.PickleBuffer(self.data), self.are_floats)


# What is shorter is pickled as quickly.
_MANY = 64


def packed(items: Any) -> Any:
    """Return what travels for a list: if it is long and of numbers, these side by side."""
    numbers = _core.pack(items) if len(items) >= _MANY else None
    return items if numbers is None else Numbers(*numbers)


# Types that the standard pickler does justice to: those with nothing in them, then all.
_ATOMS = {int, float, complex, bool, str, bytes, type(None)}
PLAIN = {*_ATOMS, Numbers}


def dumps(value: Any) -> tuple[bytes, list[Any]]:
    """
    Pickle a value.

    Returns
    -------
    tuple
        The pickle, and the buffers that stand beside it.

    Raises
    ------
    TypeError, pickle.PicklingError
        If something in it can't be pickled.
    """
    kind = type(value)
    if kind in _ATOMS:
        return pickle.dumps(value, 5), []
    buffers: list[Any] = []
    if kind is list:
        value = packed(value)
    if _is_plain(value):
        return pickle.dumps(value, 5, buffer_callback=lambda buffer: keep(buffers, buffer)), buffers
    import cloudpickle

    file = io.BytesIO()
    cloudpickle.Pickler(file, 5, lambda buffer: keep(buffers, buffer)).dump(value)
    return file.getvalue(), buffers


def keep(buffers: list[Any], buffer: Any) -> bool:
    """Keep a buffer out of band if it is worth it; contiguous ones only."""
    try:
        raw = buffer.raw()
    except BufferError:
        return True
    if raw.nbytes < 1024:
        return True
    buffers.append(raw)
    return False


def _is_plain(value: Any, depth: int = 3) -> bool:
    """Whether nothing in a value is of a kind that cloudpickle would treat otherwise."""
    kind = type(value)
    if kind in PLAIN:
        return True
    if kind is not tuple and kind is not list:
        return False
    if len(value) > 8:
        # Chunks of numbers are the common case: this must be quick for long ones.
        return set(map(type, value)) <= PLAIN
    for item in value:
        if type(item) not in PLAIN and not (depth and _is_plain(item, depth - 1)):
            return False
    return True


def loads(data: bytes | memoryview, buffers: list[Any]) -> Any:
    """Unpickle what `dumps` made; arrays share read-only memory, but within `writable`."""
    if _writers:
        buffers = list(map(bytearray, buffers))
    return pickle.loads(data, buffers=buffers)


# One for each run whose tasks may write to what they are given.
_writers: list[None] = []


@contextlib.contextmanager
def writable() -> Iterator[None]:
    """Unpickle arrays into memory of their own meanwhile, as if nobody had pickled them."""
    _writers.append(None)
    try:
        yield
    finally:
        _writers.pop()


_FUNCTIONS: weakref.WeakKeyDictionary[Any, tuple[int, bytes]] = weakref.WeakKeyDictionary()


def dump_function(function: Callable[..., Any]) -> tuple[int, bytes]:
    """
    Pickle a function.

    Returns
    -------
    tuple
        A number that stands for the content, and the pickle.

    Raises
    ------
    TypeError, pickle.PicklingError
        If the function can't be pickled: with its name.
    """
    try:
        return _FUNCTIONS[function]
    except (KeyError, TypeError):
        pass  # not yet, or not to be remembered
    try:
        import hashlib

        import cloudpickle

        data = cloudpickle.dumps(function, 5)
    except Exception as error:
        error.add_note(f"while sending {function!r} to worker processes")
        raise
    dumped = (int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little"), data)
    if isinstance(function, types.FunctionType | types.BuiltinFunctionType):
        # Others may change, and then mean something else.
        _FUNCTIONS[function] = dumped
    return dumped


class Hole:
    """The place of a task's input in its arguments."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> tuple[type[Hole], tuple[int]]:
        return Hole, (self.number,)

    def __repr__(self) -> str:
        return "…"


HOLES = [Hole(number) for number in range(8)]


def holes(count: int) -> list[Hole]:
    """Return places for so many inputs."""
    while len(HOLES) < count:
        HOLES.append(Hole(len(HOLES)))
    return HOLES[:count]


def fill(value: Any, inputs: list[Any]) -> Any:
    """Put inputs in their places, wherever these stand in lists, tuples, sets and dictionaries."""
    kind = type(value)
    if kind is Hole:
        return inputs[value.number]
    if kind is list or kind is tuple or kind is set or kind is frozenset:
        return kind([fill(item, inputs) for item in value])
    if kind is dict:
        return {fill(key, inputs): fill(item, inputs) for key, item in value.items()}
    return value


_SAMPLE = 16


def size_of(value: Any) -> int:
    """
    Estimate the bytes that a value keeps alive.

    What types tell of themselves (``nbytes``) counts whole; of the elements of long lists, sets and
    dictionaries, of arrays of objects, and of the columns of frames a few stand for all.
    """
    kind = type(value)
    if kind is str or kind is bytes or kind is bytearray:
        return sys.getsizeof(value)
    if kind is list or kind is tuple or kind is set or kind is frozenset or kind is dict:
        total = sys.getsizeof(value)
        if not value:
            return total
        items: Any = value
        if kind is dict:
            items = [item for pair in itertools.islice(value.items(), _SAMPLE) for item in pair]
            share = len(value) / min(len(value), _SAMPLE)
        else:
            items = list(itertools.islice(value, _SAMPLE))
            share = len(value) / len(items)
        return total + int(sum(map(size_of, items)) * share)
    try:
        total = int(value.nbytes) + 128
        if getattr(value.dtype, "hasobject", False) and value.size:
            items = list(itertools.islice(getattr(value, "flat", value), _SAMPLE))
            total += int(sum(map(size_of, items)) * value.size / len(items))
        return total
    except Exception:
        pass  # no array
    try:
        count = len(value.columns)
        columns = [column for _, column in itertools.islice(value.items(), _SAMPLE)]
        return int(sum(map(size_of, columns)) * count / len(columns)) + 128
    except Exception:
        pass  # no frame
    try:
        return sys.getsizeof(value)
    except Exception:
        return 64
