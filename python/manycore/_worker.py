"""
A worker process: receives functions and tasks, sends results back.

It is a fork of the zygote (`_zygote.py`). It ends when its channel to the parent does; a task that
runs then is not waited for.
"""

from __future__ import annotations

import io
import os
import pickle
import struct
import sys

from manycore import _core, _pickle
from manycore._bound import Bound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

GREETING, FUNCTION, TASK, RESULT, ERROR, NOTICE = range(6)


def _with_cause(error: BaseException, text: str) -> BaseException:
    """Put an exception together again in the parent, the worker's traceback as its cause."""
    from multiprocessing import pool

    error.__cause__ = pool.RemoteTraceback(  # type: ignore[attr-defined]
        f'\n"""\n{text}"""'
    )
    return error


class _Raised:
    """An exception on its way, which becomes itself when it is unpickled."""

    def __init__(self, error: BaseException, text: str) -> None:
        self.error = error
        self.text = text

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return _with_cause, (self.error, self.text)


def _dump_error(error: BaseException) -> tuple[bytes, list[Any]]:
    """Pickle an exception; as text, if it can't be pickled or unpickled."""
    import traceback

    text = "".join(traceback.format_exception(error))
    try:
        data, buffers = _pickle.dumps(_Raised(error, text))
        _pickle.loads(data, buffers)
    except Exception as reason:
        kind = type(error)
        message = (
            f"{kind.__module__}.{kind.__qualname__}: {error} (it can't be pickled: {reason!r})"
        )
        return _pickle.dumps(_Raised(RuntimeError(message), text))
    return data, buffers


def map_chunk(function: Callable[..., Any], chunk: Sequence[Any]) -> list[Any]:
    """Call a function with each item."""
    return list(map(function, chunk))


def starmap_chunk(function: Callable[..., Any], chunk: Sequence[Any]) -> list[Any]:
    """Call a function with each item's items."""
    return [function(*items) for items in chunk]


def apply(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any] | None = None
) -> Any:
    """Call a function once."""
    return function(*args, **(kwargs or {}))


# How a function meets its arguments: a task's first item.
_FORMS = (apply, map_chunk, starmap_chunk)
_MAP = 1

# A map whose items stand side by side behind the pickle, which says how long they are.
_STRINGS = 3


def _call(
    functions: dict[int, Any],
    tag: int,
    data: bytes,
    buffers: list[Any],
    begin: Callable[[], None],
) -> tuple[int, int, bytes, list[Any]]:
    """Do one task: a function's number, its inputs, and a pickle with holes for these."""
    try:
        number, count = _HEADER.unpack_from(data)
        function = functions[number]
        if isinstance(function, bytes):
            function = functions[number] = pickle.loads(function)
        start = _HEADER.size
        view = memoryview(data)
        if type(function) is Bound:
            # It may write to arrays; those that arrive are shared and read-only.
            buffers = list(map(bytearray, buffers))
        if count:
            sizes = struct.unpack_from(f"<{count}I", data, start)
            start += 4 * count
            buffers, inputs = _inputs(sizes, buffers)
            form, *arguments = _pickle.fill(_pickle.loads(view[start:], buffers), inputs)
        else:
            form, *arguments = pickle.loads(view[start:], buffers=buffers)
        if form == _STRINGS:
            form, arguments = _MAP, [_core.split(data, *arguments)]
        begin()
        result = _FORMS[form](function, *arguments)
    except Exception as error:
        return ERROR, tag, *_dump_error(error)
    try:
        return RESULT, tag, *_pickle.dumps(result)
    except Exception as error:
        error.add_note(
            "the result can't be sent back from a worker process: lane='threads' (of compute or "
            "mc.config) keeps the function in this process"
        )
        return ERROR, tag, *_dump_error(error)


_HEADER = struct.Struct("<QI")


def _inputs(sizes: Sequence[int], buffers: list[Any]) -> tuple[list[Any], list[Any]]:
    """Put inputs together, each a pickle and so many buffers, behind the task's own buffers."""
    at = len(buffers) - sum(sizes) - len(sizes)
    own = buffers[:at]
    inputs = []
    for size in sizes:
        end = at + 1 + size
        inputs.append(_pickle.loads(buffers[at], buffers[at + 1 : end]))
        at = end
    return own, inputs


def main(output: int, errors: int, descriptor: int) -> None:
    """
    Work until the channel closes.

    Parameters
    ----------
    output, errors : int
        Descriptors of the parent's standard streams.
    descriptor : int
        Of this process's end of the channel.
    """
    for standard, number in ((output, 1), (errors, 2)):
        os.dup2(standard, number)
        os.close(standard)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=sys.stdout.isatty())
    random = sys.modules.get("numpy.random")
    if random is not None:
        # Or all workers would draw the same numbers. Python does so for its own `random`.
        random.seed()
    # A task that computes a graph of its own has this process for it, and no more.
    _core.configure("inline", 1, None, 0, None)
    channel = _core.Channel(descriptor)
    functions: dict[int, Any] = {}
    failed: BaseException | None = None
    while (parcel := channel.next()) is not None:
        kind, tag, data, buffers = parcel
        del parcel
        if kind == TASK:
            if failed is None:
                kind, tag, data, buffers = _call(functions, tag, data, buffers, channel.begin)
            else:
                kind, (data, buffers) = ERROR, _dump_error(failed)
            channel.answer(kind, data, buffers)
        elif kind == FUNCTION:
            functions[tag] = data
        elif kind == NOTICE:
            from manycore import _sampling

            _sampling.join(data.decode())
        else:
            failed = _greet(data)
        # Neither arguments nor results are held while the next task is waited for.
        del data, buffers


def _greet(data: bytes) -> BaseException | None:
    """Become like the parent, then call the user's initializer."""
    try:
        environment, path, sys.argv[:], folder, initializer = pickle.loads(data)
        for name in os.environ.keys() - environment.keys():
            del os.environ[name]
        for name, value in environment.items():
            if os.environ.get(name) != value:
                os.environ[name] = value
        sys.path[:] = path
        os.chdir(folder)
        if told := os.environ.get("MANYCORE_PROFILE"):
            from manycore import _sampling

            _sampling.join(told)
        if initializer is not None:
            function, arguments = pickle.loads(initializer)
            function(*arguments)
    except Exception as error:
        return error
    return None
