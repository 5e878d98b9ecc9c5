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
from manycore.array._elementwise import cast
from manycore.array._shapes import (
    blocks_of,
    normalize_axis,
    normalize_chunks,
    normalize_shape,
    sized_chunks,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = [
    "arange",
    "array",
    "asanyarray",
    "asarray",
    "ascontiguousarray",
    "asfortranarray",
    "copy",
    "diag",
    "diag_indices",
    "diag_indices_from",
    "diagflat",
    "diagonal",
    "empty",
    "empty_like",
    "eye",
    "from_array",
    "from_delayed",
    "from_dlpack",
    "fromfunction",
    "full",
    "full_like",
    "geomspace",
    "identity",
    "indices",
    "linspace",
    "logspace",
    "meshgrid",
    "ones",
    "ones_like",
    "tri",
    "tril",
    "tril_indices",
    "tril_indices_from",
    "triu",
    "triu_indices",
    "triu_indices_from",
    "vander",
    "zeros",
    "zeros_like",
]

# The side of the squares that a diagonal is read from.
_DIAGONAL = 256


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


def _iota(shape: tuple[int, ...], axis: int, chunks: Any = None) -> Any:
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
    from manycore.array._manipulation import stack

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


def arange(
    start: Any,
    /,
    stop: Any = None,
    step: Any = 1,
    dtype: Any = None,
    *,
    device: Any = None,
    chunks: Any = None,
) -> Array:
    """
    Make an array of evenly spaced numbers within a half-open interval.

    Parameters
    ----------
    start : number
        The first number; `stop`, with 0 as the first, if `stop` is left out.
    stop : number, optional
        Where to stop; it is not in the array.
    step : number, default 1
        From one number to the next.
    dtype : dtype, optional
        The type, by default NumPy's for these numbers.
    device : {"cpu"}, optional
        Where the array lives.
    chunks : int, tuple, dict or str, optional
        The chunks, as in `Array.rechunk`.

    Returns
    -------
    Array
        Lazy: it takes no memory.

    Examples
    --------
    >>> mc.array.arange(2, 10, 3).compute()
    array([2, 5, 8])
    """
    check_device(device)
    if stop is None:
        start, stop = type(start)(0) if isinstance(start, np.timedelta64) else 0, start
    if step is None:
        step = 1
    kind: np.dtype[Any] = _arange_type(start, stop, step, dtype)
    if kind.kind in "mMcb" or not step or not np.isfinite(stop - start) or not np.isfinite(step):
        # What is short as a rule, and what NumPy refuses.
        numbers: Any = np.arange(start, stop, step, dtype)  # type: ignore[call-overload]
        return from_array(numbers, chunks)
    if all(isinstance(each, int | np.integer) for each in (start, stop, step)):
        length = -((int(start) - int(stop)) // int(step))
    else:
        length = math.ceil((stop - start) / step)
    # NumPy goes by the first two numbers, once they have the array's type.
    first = np.array(start if length > 0 else 0, kind)
    second = np.array(start + step if length > 1 else 0, kind)
    shape = (max(length, 0),)
    index = _core.Array.iota(shape, 0, normalize_chunks(chunks, shape, kind))
    with np.errstate(over="ignore"):
        return _wrap(_line(index, first, second - first, kind))


def _arange_type(start: Any, stop: Any, step: Any, dtype: Any) -> Any:
    """Give NumPy's dtype for a range."""
    if dtype is not None:
        return np.dtype(dtype)
    kinds = [np.asarray(number).dtype for number in (start, stop, step)]
    if any(kind.kind in "mMU" for kind in kinds):
        return np.arange(start, stop, step).dtype
    return np.result_type(np.int64, *kinds)


def _line(index: Any, first: Any, delta: Any, dtype: np.dtype[Any]) -> Any:
    """Make the core's expression ``first + index * delta``."""
    kind = np.dtype(np.float32) if dtype == np.float16 else dtype
    start = _core.Array.full((), np.asarray(first, kind))
    slope = _core.Array.full((), np.asarray(delta, kind))
    line = _core.Array.map("multiply", [cast(index, kind), slope], kind)
    return cast(_core.Array.map("add", [line, start], kind), dtype)


def linspace(
    start: Any,
    stop: Any,
    /,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    *,
    device: Any = None,
    chunks: Any = None,
) -> Any:
    """
    Make an array of numbers evenly spaced over an interval.

    Parameters
    ----------
    start, stop : array_like
        The interval's ends; they may be arrays, of which each gets an interval of its own.
    num : int, default 50
        How many numbers.
    endpoint : bool, default True
        Whether `stop` is the last of them.
    retstep : bool, default False
        Whether to return the step as well.
    dtype : dtype, optional
        The type; floating point by default.
    axis : int, default 0
        Along which axis the numbers lie, if the ends are arrays.
    device : {"cpu"}, optional
        Where the array lives.
    chunks : int, tuple, dict or str, optional
        The chunks, as in `Array.rechunk`.

    Returns
    -------
    Array
        Lazy; with `retstep` a tuple of it and the step.

    Examples
    --------
    >>> mc.array.linspace(0, 1, 5).compute()
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    check_device(device)
    num = operator.index(num)
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    first, last = np.asarray(start) * 1.0, np.asarray(stop) * 1.0
    kind = np.result_type(first, last, float(num))
    wanted = kind if dtype is None else np.dtype(dtype)
    delta = np.subtract(last, first, dtype=kind)
    intervals = num - 1 if endpoint else num
    step = np.asarray(delta / intervals if intervals > 0 else np.full(delta.shape, np.nan))
    shape = (num, *delta.shape)
    numbers = _wrap(cast(_iota(shape, 0, chunks if delta.ndim == 0 else None), _real(kind)))
    if intervals <= 0:
        made = numbers * delta
    elif np.any(step == 0):  # where subnormal numbers are too coarse
        made = numbers / intervals * delta
    else:
        made = numbers * step
    made = made + first
    if endpoint and num > 1:
        from manycore.array._indexing import where

        made = where(_wrap(_iota(shape, 0)) == num - 1, last, made)
    if np.issubdtype(wanted, np.integer):
        from manycore.array._elementwise import elementwise

        made = elementwise(np.floor, made)
    made = made.astype(wanted)
    if delta.ndim and normalize_axis(axis, made.ndim):
        from manycore.array._manipulation import moveaxis

        made = moveaxis(made, 0, axis)
    if delta.ndim and chunks is not None:
        made = made.rechunk(chunks)
    return (made, step if step.ndim else step[()]) if retstep else made


def _real(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Give the type of a complex number's parts."""
    return np.zeros((), dtype).real.dtype


def logspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    base: Any = 10.0,
    dtype: Any = None,
    axis: int = 0,
    *,
    chunks: Any = None,
) -> Array:
    """
    Make an array of numbers evenly spaced on a logarithmic scale, from ``base**start`` on.

    Examples
    --------
    >>> mc.array.logspace(0, 3, 4).compute()
    array([   1.,   10.,  100., 1000.])
    """
    from manycore.array._elementwise import elementwise

    if np.ndim(base):
        lengths = np.broadcast_shapes(np.shape(start), np.shape(stop), np.shape(base))
        start, stop = np.broadcast_to(start, lengths), np.broadcast_to(stop, lengths)
        base = np.expand_dims(np.broadcast_to(base, lengths), axis)
    exponents = linspace(start, stop, num, endpoint, axis=axis, chunks=chunks)
    made: Array = elementwise(np.power, base, exponents)
    return made if dtype is None else made.astype(dtype)


def geomspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    dtype: Any = None,
    axis: int = 0,
    *,
    chunks: Any = None,
) -> Array:
    """
    Make an array of numbers of which each is the one before times a constant.

    Examples
    --------
    >>> mc.array.geomspace(1, 1000, 4).compute()
    array([   1.,   10.,  100., 1000.])
    """
    first, last = np.asarray(start), np.asarray(stop)
    if np.any(first == 0) or np.any(last == 0):
        raise ValueError("Geometric sequence cannot include zero")
    kind = np.result_type(first, last, float(num), np.zeros((), dtype))
    wanted = kind if dtype is None else np.dtype(dtype)
    first, last = (np.array(end, kind) for end in np.broadcast_arrays(first, last))
    sign = np.sign(first)
    exponents = np.log10(first / sign), np.log10(last / sign)
    made = logspace(*exponents, num, endpoint, dtype=kind, chunks=chunks if not sign.ndim else None)
    from manycore.array._indexing import where

    place = _wrap(_iota((num, *sign.shape), 0))
    made = where(place == 0, first / sign, made)
    if endpoint and num > 1:
        made = where(place == num - 1, last / sign, made)
    made = made * sign
    if sign.ndim and normalize_axis(axis, made.ndim):
        from manycore.array._manipulation import moveaxis

        made = moveaxis(made, 0, axis)
    if sign.ndim and chunks is not None:
        made = made.rechunk(chunks)
    return made.astype(wanted)


def _grid(rows: int, columns: int, chunks: Any = None) -> tuple[Array, Array]:
    """Make the indices of rows and of columns."""
    shape = (max(rows, 0), max(columns, 0))
    return _wrap(_iota(shape, 0, chunks)), _wrap(_iota(shape, 1, chunks))


def eye(
    N: int,  # noqa: N803, NumPy's and the standard's names
    M: int | None = None,  # noqa: N803
    /,
    k: int = 0,
    dtype: Any = float,
    order: Any = "C",
    *,
    device: Any = None,
    chunks: Any = None,
) -> Array:
    """
    Make a matrix with ones on a diagonal, and zeros elsewhere.

    Examples
    --------
    >>> mc.array.eye(2, 3, k=1).compute()
    array([[0., 1., 0.],
           [0., 0., 1.]])
    """
    check_device(device)
    columns = operator.index(N if M is None else M)
    row, column = _grid(operator.index(N), columns, chunks)
    on: Array = row + operator.index(k) == column
    return on.astype(float if dtype is None else dtype)


def identity(n: int, dtype: Any = None, *, chunks: Any = None) -> Array:
    """
    Make an identity matrix.

    Examples
    --------
    >>> mc.array.identity(2).compute()
    array([[1., 0.],
           [0., 1.]])
    """
    return eye(n, dtype=dtype, chunks=chunks)


def tri(
    N: int,  # noqa: N803
    M: int | None = None,  # noqa: N803
    k: int = 0,
    dtype: Any = float,
    *,
    chunks: Any = None,
) -> Array:
    """
    Make a matrix with ones at and below a diagonal.

    Examples
    --------
    >>> mc.array.tri(2, 3, dtype=int).compute()
    array([[1, 0, 0],
           [1, 1, 0]])
    """
    row, column = _grid(N, N if M is None else M, chunks)
    return (row + k >= column).astype(dtype)


def tril(m: Any, /, k: int = 0) -> Array:
    """
    Keep what is at and below a diagonal of matrices; zeros elsewhere.

    Examples
    --------
    >>> mc.array.tril(mc.array.ones((2, 2))).compute()
    array([[1., 0.],
           [1., 1.]])
    """
    return _triangle(m, k, True)


def triu(m: Any, /, k: int = 0) -> Array:
    """
    Keep what is at and above a diagonal of matrices; zeros elsewhere.

    Examples
    --------
    >>> mc.array.triu(mc.array.ones((2, 2))).compute()
    array([[1., 1.],
           [0., 1.]])
    """
    return _triangle(m, k - 1, False)


def _triangle(m: Any, k: int, lower: bool) -> Array:
    """Keep one side of a diagonal."""
    given = _array.asarray(m)
    if given.ndim == 1:
        from manycore.array._manipulation import broadcast_to

        given = broadcast_to(given, given.shape * 2)
    elif given.ndim == 0:
        raise IndexError("tuple index out of range: a triangle needs at least one axis")
    core = given._core
    row, column = _grid(*core.shape[-2:])
    low = (row + k >= column)._core
    zero = _core.Array.full((), np.zeros((), core.dtype))
    sides = (core, zero) if lower else (zero, core)
    return _wrap(_core.Array.map("where", [low, *sides], core.dtype))


def tril_indices(n: int, k: int = 0, m: int | None = None) -> tuple[Array, Array]:
    """
    Give the indices of what is at and below a diagonal.

    Examples
    --------
    >>> rows, columns = mc.array.tril_indices(2)
    >>> rows.compute(), columns.compute()
    (array([0, 1, 1]), array([0, 0, 1]))
    """
    rows, columns = np.tril_indices(n, k, m)
    return from_array(rows), from_array(columns)


def triu_indices(n: int, k: int = 0, m: int | None = None) -> tuple[Array, Array]:
    """
    Give the indices of what is at and above a diagonal.

    Examples
    --------
    >>> rows, columns = mc.array.triu_indices(2)
    >>> rows.compute(), columns.compute()
    (array([0, 0, 1]), array([0, 1, 1]))
    """
    rows, columns = np.triu_indices(n, k, m)
    return from_array(rows), from_array(columns)


def _sides(arr: Any) -> tuple[int, int]:
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return arr.shape  # type: ignore[no-any-return]


def tril_indices_from(arr: Any, k: int = 0) -> tuple[Array, Array]:
    """
    Give the indices of what is at and below a diagonal of an array.

    Examples
    --------
    >>> mc.array.tril_indices_from(mc.array.ones((2, 2)))[0].compute()
    array([0, 1, 1])
    """
    rows, columns = _sides(arr)
    return tril_indices(rows, k, columns)


def triu_indices_from(arr: Any, k: int = 0) -> tuple[Array, Array]:
    """
    Give the indices of what is at and above a diagonal of an array.

    Examples
    --------
    >>> mc.array.triu_indices_from(mc.array.ones((2, 2)))[0].compute()
    array([0, 0, 1])
    """
    rows, columns = _sides(arr)
    return triu_indices(rows, k, columns)


def diag_indices(n: int, ndim: int = 2) -> tuple[Array, ...]:
    """
    Give the indices of the main diagonal.

    Examples
    --------
    >>> [index.compute().tolist() for index in mc.array.diag_indices(2)]
    [[0, 1], [0, 1]]
    """
    return (arange(n),) * ndim


def diag_indices_from(arr: Any) -> tuple[Array, ...]:
    """
    Give the indices of an array's main diagonal.

    Examples
    --------
    >>> len(mc.array.diag_indices_from(mc.array.ones((2, 2))))
    2
    """
    if arr.ndim < 2:
        raise ValueError("input array must be at least 2-d")
    if len(set(arr.shape)) != 1:
        raise ValueError("All dimensions of input must be of equal length")
    return diag_indices(arr.shape[0], arr.ndim)


def diag(v: Any, k: int = 0) -> Array:
    """
    Take a diagonal of a matrix, or make a matrix of its diagonal.

    Examples
    --------
    >>> mc.array.diag([1, 2]).compute()
    array([[1, 0],
           [0, 2]])
    """
    given = _array.asarray(v)
    if given.ndim == 2:
        return diagonal(given, k)
    if given.ndim != 1:
        raise ValueError("Input must be 1- or 2-d.")
    core = given._core
    before = _core.Array.full((max(k, 0),), np.zeros((), core.dtype))
    after = _core.Array.full((max(-k, 0),), np.zeros((), core.dtype))
    # Each column has at most one element that isn't zero.
    line = _core.Array.concatenate([before, core, after], 0) if k else core
    row, column = _grid(line.shape[0], line.shape[0])
    on = (row + k == column)._core
    zero = _core.Array.full((), np.zeros((), core.dtype))
    return _wrap(_core.Array.map("where", [on, line, zero], core.dtype))


def diagflat(v: Any, k: int = 0) -> Array:
    """
    Make a matrix whose diagonal is an array, flattened.

    Examples
    --------
    >>> mc.array.diagflat([[1], [2]]).compute()
    array([[1, 0],
           [0, 2]])
    """
    return diag(_array.asarray(v).ravel(), k)


def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Array:
    """
    Take a diagonal of matrices: only the squares around it are computed.

    Examples
    --------
    >>> mc.array.diagonal(mc.array.arange(9).reshape(3, 3)).compute()
    array([0, 4, 8])
    """
    core = _array.asarray(a)._core
    if core.ndim < 2:
        raise ValueError("diag requires an array of at least two dimensions")
    first = normalize_axis(axis1, core.ndim, "axis1")
    second = normalize_axis(axis2, core.ndim, "axis2")
    if first == second:
        raise ValueError("axis1 and axis2 cannot be the same")
    offset = operator.index(offset)
    rest = [axis for axis in range(core.ndim) if axis not in (first, second)]
    core = core.axes([*rest, first, second])
    down, right = max(-offset, 0), max(offset, 0)
    length = max(min(core.shape[-2] - down, core.shape[-1] - right), 0)
    lead = core.shape[:-2]
    chunks = (*core.chunks[:-2], normalize_chunks(_DIAGONAL, (length,))[0])  # type: ignore[index]
    if not length or 0 in lead:
        return zeros((*lead, length), core.dtype)
    regions = [
        (
            *box[:-1],
            (box[-1][0] + down, box[-1][1] + down),
            (box[-1][0] + right, box[-1][1] + right),
        )
        for _, box in blocks_of(chunks)
    ]

    def block(square: Any) -> Any:
        return np.diagonal(square, axis1=-2, axis2=-1)

    (made,) = _core.Array.blocks(block, [core], [regions], [(core.dtype, chunks)], "diagonal")
    return _wrap(made)


def vander(x: Any, N: int | None = None, increasing: bool = False) -> Array:  # noqa: N803
    """
    Make a Vandermonde matrix: the powers of a column.

    Examples
    --------
    >>> mc.array.vander([1, 2, 3], 3).compute()
    array([[1, 1, 1],
           [4, 2, 1],
           [9, 3, 1]])
    """
    column = _array.asarray(x)
    if column.ndim != 1:
        raise ValueError("x must be a one-dimensional array or sequence.")
    count = column.shape[0] if N is None else N
    powers = arange(count) if increasing else arange(count - 1, -1, -1)
    kind = np.promote_types(column.dtype, int)
    return column.astype(kind)[:, None] ** powers  # type: ignore[no-any-return]


def meshgrid(
    *xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy"
) -> tuple[Array, ...]:
    """
    Make coordinate grids of coordinates along each axis.

    Examples
    --------
    >>> x, y = mc.array.meshgrid([1, 2], [3, 4, 5])
    >>> x.shape, y.shape
    ((3, 2), (3, 2))
    """
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    from manycore.array._manipulation import broadcast_arrays, swapaxes

    ndim = len(xi)
    grids = []
    for place, given in enumerate(xi):
        core = _array.asarray(given).ravel()._core
        axes: list[int | None] = [None] * ndim
        axes[place] = 0
        grids.append(_wrap(core.axes(axes)))
    if indexing == "xy" and ndim > 1:
        grids = [swapaxes(grid, 0, 1) for grid in grids]
    return tuple(grids) if sparse or not grids else tuple(broadcast_arrays(*grids))


def indices(
    dimensions: Sequence[int], dtype: Any = int, sparse: bool = False, *, chunks: Any = None
) -> Any:
    """
    Make the indices of a grid.

    Examples
    --------
    >>> rows, columns = mc.array.indices((2, 2))
    >>> columns.compute()
    array([[0, 1],
           [0, 1]])
    """
    shape = normalize_shape(tuple(dimensions))
    kind = np.dtype(dtype)
    if sparse:
        lines = [
            [length if axis == place else 1 for axis, length in enumerate(shape)]
            for place in range(len(shape))
        ]
        return tuple(
            _wrap(cast(_iota(tuple(line), place), kind)) for place, line in enumerate(lines)
        )
    from manycore.array._manipulation import stack

    grids = [_wrap(cast(_iota(shape, axis, chunks), kind)) for axis in range(len(shape))]
    return stack(grids) if grids else zeros((0,), kind)


def fromfunction(
    function: Callable[..., Any],
    shape: Any,
    *,
    dtype: Any = float,
    chunks: Any = None,
    **kwargs: Any,
) -> Array:
    """
    Make an array of a function of each element's indices.

    Parameters
    ----------
    function : function
        Called for each chunk with the indices along each axis, as NumPy arrays, and first for the
        first element alone, to learn the result's type.
    shape : int or tuple of int
        The shape.
    dtype : dtype, default float
        The type of the indices.
    chunks : int, tuple, dict or str, optional
        The chunks, as in `Array.rechunk`.
    **kwargs
        What the function gets besides.

    Returns
    -------
    Array
        Lazy.

    Examples
    --------
    >>> mc.array.fromfunction(lambda i, j: 10 * i + j, (2, 3), dtype=int).compute()
    array([[ 0,  1,  2],
           [10, 11, 12]])
    """
    shape = normalize_shape(shape)
    grids = [_wrap(cast(_iota(shape, axis, chunks), np.dtype(dtype))) for axis in range(len(shape))]
    one = [np.zeros((1,) * len(shape), dtype) for _ in shape]
    kind = np.asarray(function(*one, **kwargs)).dtype

    def block(*given: Any) -> Any:
        made = np.asarray(function(*given, **kwargs))
        whole = np.broadcast_shapes(*(each.shape for each in given)) if given else ()
        return np.broadcast_to(made, whole).astype(kind, copy=False)

    name = getattr(function, "__name__", "fromfunction")
    return _wrap(_core.Array.call(block, [grid._core for grid in grids], kind, name))
