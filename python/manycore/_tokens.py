"""
Names for values by their content, so that equal calls of pure functions are made once.

Equal values may get different names, and are then computed twice; different values never get the
same one.
"""

from __future__ import annotations

import functools
import hashlib
import pickle
import sys
import types
import uuid

from manycore._containers import split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def name_of(function: Any) -> str:
    """Name a function as keys do."""
    while isinstance(function, functools.partial):
        function = function.func
    name = getattr(function, "__name__", None) or type(function).__name__
    return "lambda" if name == "<lambda>" else str(name)[:50]


def unique() -> str:
    """Make a name that nothing else has."""
    return str(uuid.uuid4())


def token(*values: Any) -> str:
    """
    Name values by their content.

    Returns
    -------
    str
        32 hexadecimal digits, or a unique name if something's content can't be told.

    Examples
    --------
    >>> token([1, "a"]) == token([1, "a"]), token([1, "a"]) == token((1, "a"))
    (True, False)
    """
    try:
        return _digest(values).hex()
    except Exception:  # anything may refuse to be pickled, in any way
        return unique()


def _digest(value: Any) -> bytes:
    """Hash a value: its type, and what tells it from others of the type."""
    kind = type(value)
    digest = hashlib.blake2b(f"{kind.__module__}.{kind.__qualname__}\0".encode(), digest_size=16)
    if kind in _REPR:
        digest.update(repr(value).encode("utf-8", "surrogatepass"))
    elif hasattr(kind, "__dask_tokenize__"):
        digest.update(_digest(value.__dask_tokenize__()))
    elif isinstance(value, types.FunctionType | types.BuiltinFunctionType | type):
        digest.update(_function(value))
    elif kind is functools.partial:
        digest.update(_digest((value.func, value.args, value.keywords)))
    elif kind.__module__ == "numpy" and hasattr(value, "dtype"):
        _add_array(digest, value)
    elif (taken := split(value)) is not None:
        items, build = taken
        parts = [_digest(item) for item in items]
        if kind is dict:  # their order says nothing
            half = len(parts) // 2
            parts = sorted(map(bytes.__add__, parts[:half], parts[half:]))
        elif kind is set or kind is frozenset:
            parts.sort()
        digest.update(repr(build.names).encode())
        digest.update(b"".join(parts))
    else:
        _add_pickle(digest, value)
    return digest.digest()


_REPR = frozenset({bool, int, float, complex, str, bytes, type(None), type(...), range})


def _function(function: Any) -> bytes:
    """Tell a function or a class: by its name if that leads to it, else by its code."""
    module, name = getattr(function, "__module__", None), function.__qualname__
    if module is not None and module != "__main__":
        found: Any = sys.modules.get(module)
        for part in name.split("."):
            found = getattr(found, part, None)
        if found is function:
            # Its name, and what a reloaded module would change.
            code = getattr(function, "__code__", None)
            constants = [value for value in code.co_consts if type(value) in _REPR] if code else ()
            return repr((module, name, code and code.co_code, constants)).encode()
    from manycore._pickle import dump_function

    number, _ = dump_function(function)
    return number.to_bytes(8, "little")


def _add_array(digest: Any, array: Any) -> None:
    """Add a NumPy array or scalar."""
    import numpy as np

    array = np.asarray(array)
    if array.dtype.hasobject:
        digest.update(_digest((str(array.dtype), array.shape, array.ravel().tolist())))
        return
    digest.update(f"{array.dtype.str if array.dtype.names is None else array.dtype.descr}".encode())
    digest.update(repr(array.shape).encode())
    digest.update(np.ascontiguousarray(array).data.cast("B") if array.size else b"")


def _add_pickle(digest: Any, value: Any) -> None:
    """Add whatever else can be pickled."""
    import io

    import cloudpickle

    buffers: list[pickle.PickleBuffer] = []
    file = io.BytesIO()
    cloudpickle.Pickler(file, 5, buffer_callback=buffers.append).dump(value)
    digest.update(file.getvalue())
    for buffer in buffers:
        digest.update(buffer.raw())
