"""
Arrays from nothing, from memory and from what can be read piece by piece.

``chunks=`` may stand everywhere: without it they are chosen. Arrays that follow a rule (`arange`,
`eye`, `tri`, …) take no memory: they are computed where they are used.
"""

from __future__ import annotations

import math
import operator

import numpy as np

from manycore import _core
from manycore.array import _array
from manycore.array._array import Array, _wrap
from manycore.array._shapes import (
    blocks_of,
    normalize_chunks,
    normalize_shape,
    sized_chunks,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = [
    "array",
    "asanyarray",
    "asarray",
    "ascontiguousarray",
    "asfortranarray",
    "copy",
    "empty",
    "empty_like",
    "from_array",
    "from_delayed",
    "from_dlpack",
    "full",
    "full_like",
    "ones",
    "ones_like",
    "zeros",
    "zeros_like",
]


def check_device(device: Any) -> None:
    """Refuse devices other than this one."""
    if device not in (None, "cpu"):
        raise ValueError(f"device must be 'cpu' or None, not {device!r}")


def constant(shape: Any, value: Any, dtype: Any = None, chunks: Any = None) -> Array:
    """Make an array of one number."""
    shape = normalize_shape(shape)
    number = np.asarray(value, dtype)
    if number.dtype.hasobject:
        raise TypeError(f"{value!r:.80} is no number, and Python objects are not supported")
    return _wrap(_core.Array.full(shape, number, normalize_chunks(chunks, shape, number.dtype)))


def iota(shape: tuple[int, ...], axis: int, chunks: Any = None) -> Any:
    """Make the core's expression of each element's index along an axis."""
    return _core.Array.iota(shape, axis, normalize_chunks(chunks, shape, np.int64))


def asarray(
    obj: Any,
    /,
    dtype: Any = None,
    order: Any = None,
    *,
    device: Any = None,
    copy: bool | None = None,
    chunks: Any = None,
) -> Array:
    """
    Make an array of anything that NumPy can make one of.

    Memory is not copied: what is written to a NumPy array later is seen by what is computed later.

    Parameters
    ----------
    obj : array_like
        An array, a number, or nested lists of such, of lazy arrays too.
    dtype : dtype, optional
        The type; that of `obj` by default.
    order : optional
        Without meaning for lazy arrays.
    device : {"cpu"}, optional
        Where the array lives.
    copy : bool, optional
        True copies memory; False raises ValueError where a copy is needed.
    chunks : int, tuple, dict or str, optional
        The chunks, as in `Array.rechunk`.

    Returns
    -------
    Array
        Lazy.

    Examples
    --------
    >>> mc.array.asarray([[1, 2], [3, 4]]).sum().compute()
    np.int64(10)
    """
    check_device(device)
    kind = None if dtype is None else np.dtype(dtype)
    if isinstance(obj, Array):
        core = obj._core
        if kind is not None and kind != core.dtype:
            if copy is False:
                raise ValueError(f"a cast from {core.dtype} to {kind} needs a copy")
            core = obj.astype(kind)._core
        made = obj if core is obj._core and not copy else _wrap(core)
        return made if chunks is None else made.rechunk(chunks)
    if isinstance(obj, list | tuple) and _holds_arrays(obj):
        return asarray(_stacked(obj), kind, copy=copy, chunks=chunks)
    if isinstance(obj, np.ma.MaskedArray):
        raise TypeError("masked arrays are not supported: use filled(nan), or an array of the mask")
    memory = np.array(obj, kind, copy=copy)
    return from_array(memory, chunks)


def _holds_arrays(nested: Sequence[Any]) -> bool:
    """Tell whether lists hold lazy arrays, by their first branch and each element of the outer."""
    return any(
        isinstance(each, Array)
        or (isinstance(each, list | tuple) and len(each) > 0 and _holds_arrays(each))
        for each in nested
    )


def _stacked(nested: Any) -> Any:
    """Stack lists of arrays."""
    from manycore.array._joining import stack

    if isinstance(nested, list | tuple):
        return stack([_stacked(each) for each in nested])
    return nested


def asanyarray(
    a: Any, dtype: Any = None, order: Any = None, *, device: Any = None, chunks: Any = None
) -> Array:
    """
    Make an array of anything that NumPy can make one of: `asarray`.

    Examples
    --------
    >>> mc.array.asanyarray([1, 2]).compute()
    array([1, 2])
    """
    return asarray(a, dtype, order, device=device, chunks=chunks)


def ascontiguousarray(a: Any, dtype: Any = None, *, chunks: Any = None) -> Array:
    """
    Make an array of at least one axis; the layout of memory is not the user's matter here.

    Examples
    --------
    >>> mc.array.ascontiguousarray(5).shape
    (1,)
    """
    made = asarray(a, dtype, chunks=chunks)
    return made if made.ndim else made.reshape(1)


asfortranarray = asarray


def array(
    object: Any,
    dtype: Any = None,
    *,
    copy: bool | None = True,
    order: Any = None,
    subok: bool = False,
    ndmin: int = 0,
    chunks: Any = None,
) -> Array:
    """
    Make an array of a copy of anything that NumPy can make an array of.

    Examples
    --------
    >>> mc.array.array([1, 2, 3], dtype="float32", ndmin=2).compute()
    array([[1., 2., 3.]], dtype=float32)
    """
    made = asarray(object, dtype, copy=copy)
    if made.ndim < ndmin:
        core = made._core
        made = _wrap(core.axes([None] * (ndmin - core.ndim) + list(range(core.ndim))))
    return made if chunks is None else made.rechunk(chunks)


def copy(a: Any, order: Any = "K", subok: bool = False) -> Array:
    """
    Make another array of the same elements: writing to one does not change the other.

    Examples
    --------
    >>> x = mc.array.zeros(2)
    >>> y = mc.array.copy(x)
    >>> y[0] = 1
    >>> x.compute(), y.compute()
    (array([0., 0.]), array([1., 0.]))
    """
    return _wrap(_array.asarray(a)._core)


def from_array(
    x: Any,
    chunks: Any = "auto",
    name: Any = None,
    lock: Any = False,
    asarray: bool = True,
    fancy: bool = True,
    getitem: Any = None,
    meta: Any = None,
    inline_array: bool = False,
) -> Array:
    """
    Make an array of a NumPy array, or of anything that is read by slices.

    Parameters
    ----------
    x : array_like
        A NumPy array, which is not copied, or an object with ``shape``, ``dtype`` and
        ``__getitem__``, such as a dataset of h5py's: it is read chunk by chunk, by threads.
    chunks : int, tuple, dict or str, default "auto"
        The chunks, as in `Array.rechunk`; by default multiples of ``x.chunks`` where it has them.
    name, asarray, fancy, meta, inline_array
        Dask's; without meaning here.
    lock : bool or lock, default False
        What is held while `x` is read; True makes a lock.
    getitem : function, optional
        Called with `x` and a tuple of slices in place of ``x[slices]``.

    Returns
    -------
    Array
        Lazy.

    Examples
    --------
    >>> x = np.arange(10)
    >>> mc.array.from_array(x, chunks=4).chunks
    ((4, 4, 2),)
    """
    if isinstance(x, Array):
        return x if chunks == "auto" else x.rechunk(chunks)
    if isinstance(x, np.ndarray | list | tuple | int | float | complex | np.generic):
        memory = np.asarray(x)
        if memory.dtype.hasobject:
            return _array.asarray(memory)  # which refuses it
        plain = normalize_chunks(chunks, memory.shape, memory.dtype)
        return _wrap(_core.Array.from_numpy(memory, plain))
    if not all(hasattr(x, name) for name in ("shape", "dtype", "__getitem__")):
        return from_array(np.asarray(x), chunks)
    shape, dtype = tuple(x.shape), np.dtype(x.dtype)
    if dtype.hasobject:
        raise TypeError(f"dtype {dtype} holds Python objects, which are not supported")
    if isinstance(chunks, str) and chunks == "auto":
        chunks = _multiples(getattr(x, "chunks", None), shape, dtype)
    plain = sized_chunks(chunks, shape, dtype)
    if lock is True:
        from threading import Lock

        lock = Lock()
    boxes = list(blocks_of(plain))
    read = getitem or operator.getitem
    places = dict(boxes)

    def block(index: tuple[int, ...]) -> Any:
        box = tuple(slice(*ends) for ends in places[index])
        if not lock:
            return np.asarray(read(x, box), dtype)
        with lock:
            return np.asarray(read(x, box), dtype)

    (core,) = _core.Array.blocks(block, [], [], [(dtype, plain)], "from_array", index=True)
    return _wrap(core)


def _multiples(stored: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    """Choose chunks that are multiples of those that are stored, of about 64 MiB."""
    if stored is None or len(stored) != len(shape):
        return "64 MiB"
    sizes = [max(each) if isinstance(each, tuple) else int(each) for each in stored]
    room = max((64 << 20) // max(math.prod(sizes) * dtype.itemsize, 1), 1)
    for axis in reversed(range(len(shape))):
        times = min(room, -(-shape[axis] // max(sizes[axis], 1)))
        sizes[axis] *= max(times, 1)
        room //= max(times, 1)
    return tuple(sizes)


def from_delayed(
    value: Any, shape: Any, dtype: Any = None, meta: Any = None, name: Any = None
) -> Array:
    """
    Make an array, of one chunk, of a delayed value.

    Parameters
    ----------
    value : Delayed or function
        What gives the elements: a delayed value, or a function without arguments.
    shape : tuple of int
        Their shape.
    dtype : dtype
        Their type; `meta`'s where that is given.
    meta : array_like, optional
        An array of that type.
    name
        Dask's; without meaning here.

    Returns
    -------
    Array
        Lazy.

    Examples
    --------
    >>> made = mc.delayed(np.arange)(3)
    >>> mc.array.from_delayed(made, (3,), int).sum().compute()
    np.int64(3)
    """
    shape = normalize_shape(shape)
    kind = np.dtype(dtype if meta is None else meta.dtype)

    def block() -> Any:
        made = np.asarray(value.compute() if hasattr(value, "compute") else value())
        if made.shape != shape:
            raise ValueError(f"the delayed value has shape {made.shape}, not {shape} as declared")
        return made.astype(kind, copy=False)

    chunks = tuple((length,) for length in shape)
    (core,) = _core.Array.blocks(block, [], [], [(kind, chunks)], "from_delayed")
    return _wrap(core)


def from_dlpack(x: Any, /, *, device: Any = None, copy: bool | None = None) -> Array:
    """
    Make an array of another library's, without a copy if both can.

    Examples
    --------
    >>> mc.array.from_dlpack(np.arange(3)).compute()
    array([0, 1, 2])
    """
    check_device(device)
    if isinstance(x, Array):
        return _wrap(x._core) if copy else x
    options = {} if copy is None else {"copy": copy}
    return from_array(np.from_dlpack(x, **options))  # type: ignore[arg-type]


def zeros(
    shape: Any, dtype: Any = float, order: Any = "C", *, device: Any = None, chunks: Any = None
) -> Array:
    """
    Make an array of zeros.

    Examples
    --------
    >>> mc.array.zeros((1, 2)).compute()
    array([[0., 0.]])
    """
    check_device(device)
    kind = np.dtype(float if dtype is None else dtype)
    return constant(shape, np.zeros((), kind), kind, chunks)


def ones(
    shape: Any, dtype: Any = float, order: Any = "C", *, device: Any = None, chunks: Any = None
) -> Array:
    """
    Make an array of ones.

    Examples
    --------
    >>> mc.array.ones(3, dtype=int).compute()
    array([1, 1, 1])
    """
    check_device(device)
    kind = np.dtype(float if dtype is None else dtype)
    return constant(shape, np.ones((), kind), kind, chunks)


def empty(
    shape: Any, dtype: Any = float, order: Any = "C", *, device: Any = None, chunks: Any = None
) -> Array:
    """
    Make an array whose elements don't matter: `zeros`, which take no memory.

    Examples
    --------
    >>> mc.array.empty((2, 3)).shape
    (2, 3)
    """
    return zeros(shape, dtype, device=device, chunks=chunks)


def full(
    shape: Any,
    fill_value: Any,
    dtype: Any = None,
    order: Any = "C",
    *,
    device: Any = None,
    chunks: Any = None,
) -> Array:
    """
    Make an array of one value, or of several that are broadcast.

    Examples
    --------
    >>> mc.array.full((2, 2), 7).compute()
    array([[7, 7],
           [7, 7]])
    """
    check_device(device)
    if isinstance(fill_value, Array) or np.ndim(fill_value):
        from manycore.array._manipulation import broadcast_to

        made = broadcast_to(asarray(fill_value, dtype), normalize_shape(shape))
        return made if chunks is None else made.rechunk(chunks)
    return constant(shape, fill_value, dtype, chunks)


def _like(a: Any, dtype: Any, shape: Any, chunks: Any) -> tuple[Any, Any, Any]:
    """Give the dtype, shape and chunks of an array that is to be like another."""
    given = _array.asarray(a)
    kind = given.dtype if dtype is None else np.dtype(dtype)
    if shape is None:
        return kind, given.shape, given.chunks if chunks is None else chunks
    return kind, shape, chunks


def zeros_like(
    a: Any,
    /,
    dtype: Any = None,
    order: Any = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: Any = None,
    chunks: Any = None,
) -> Array:
    """
    Make an array of zeros with another's shape, dtype and chunks.

    Examples
    --------
    >>> mc.array.zeros_like(mc.array.arange(3)).compute()
    array([0, 0, 0])
    """
    kind, shape, chunks = _like(a, dtype, shape, chunks)
    return zeros(shape, kind, device=device, chunks=chunks)


def ones_like(
    a: Any,
    /,
    dtype: Any = None,
    order: Any = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: Any = None,
    chunks: Any = None,
) -> Array:
    """
    Make an array of ones with another's shape, dtype and chunks.

    Examples
    --------
    >>> mc.array.ones_like(mc.array.arange(3)).compute()
    array([1, 1, 1])
    """
    kind, shape, chunks = _like(a, dtype, shape, chunks)
    return ones(shape, kind, device=device, chunks=chunks)


def empty_like(
    a: Any,
    /,
    dtype: Any = None,
    order: Any = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: Any = None,
    chunks: Any = None,
) -> Array:
    """
    Make an array with another's shape, dtype and chunks, whose elements don't matter.

    Examples
    --------
    >>> mc.array.empty_like(mc.array.arange(3)).dtype
    dtype('int64')
    """
    kind, shape, chunks = _like(a, dtype, shape, chunks)
    return zeros(shape, kind, device=device, chunks=chunks)


def full_like(
    a: Any,
    /,
    fill_value: Any,
    dtype: Any = None,
    order: Any = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: Any = None,
    chunks: Any = None,
) -> Array:
    """
    Make an array of one value with another's shape, dtype and chunks.

    Examples
    --------
    >>> mc.array.full_like(mc.array.arange(3), 7).compute()
    array([7, 7, 7])
    """
    kind, shape, chunks = _like(a, dtype, shape, chunks)
    return full(shape, fill_value, kind, device=device, chunks=chunks)
