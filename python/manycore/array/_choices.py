"""Functions that choose elements: by conditions, by indices."""

from __future__ import annotations

import numpy as np

from manycore import _core
from manycore.array import _array
from manycore.array._array import Array, _wrap, _wrap_later
from manycore.array._elementwise import broadcast_shapes, cast, elementwise
from manycore.array._indexing import getitem
from manycore.array._keys import bounded
from manycore.array._masks import flatnonzero, nonzero, truth
from manycore.array._shapes import (
    normalize_axis,
    normalize_shape,
    whole_axes,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


__all__ = [
    "choose",
    "compress",
    "extract",
    "ix_",
    "ravel_multi_index",
    "select",
    "take",
    "take_along_axis",
    "unravel_index",
    "where",
]


def where(condition: Any, x: Any = None, y: Any = None, /) -> Any:
    """
    Choose elements of two arrays; or tell where a condition holds, as `nonzero`.

    Parameters
    ----------
    condition : array_like of bool
        Where to take elements of `x`; elsewhere those of `y` are taken.
    x, y : array_like, optional
        Both or none.

    Returns
    -------
    Array or tuple of Array
        The elements; the indices if `x` and `y` are left out.

    Examples
    --------
    >>> x = mc.array.arange(4)
    >>> mc.array.where(x > 1, x, 0).compute()
    array([0, 0, 2, 3])
    """
    if x is None and y is None:
        return nonzero(condition)
    if x is None or y is None:
        raise ValueError("either both or neither of x and y should be given")
    mask = truth(_array.asarray(condition))
    kinds, values = [], []
    for value in (x, y):
        if type(value) in (int, float, complex):
            kinds.append(value)
            values.append(value)
        else:
            core = _array.asarray(value)._core
            kinds.append(core.dtype)
            values.append(core)
    kind = np.result_type(*kinds)
    cores = [
        _core.Array.full((), np.array(value, kind))
        if type(value) in (int, float, complex)
        else cast(value, kind)
        for value in values
    ]
    broadcast_shapes([mask.shape, *(core.shape for core in cores)])
    return _wrap(_core.Array.map("where", [mask, *cores], kind))


def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Array:
    """
    Choose elements by the first of several conditions that holds.

    Examples
    --------
    >>> x = mc.array.arange(5)
    >>> mc.array.select([x < 2, x > 3], [x, 10 * x], -1).compute()
    array([ 0,  1, -1, -1, 40])
    """
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    if len(condlist) == 0:
        raise ValueError("select with an empty condition list is not possible")
    conditions = [_array.asarray(condition) for condition in condlist]
    for place, condition in enumerate(conditions):
        if condition.dtype != np.bool_:
            raise TypeError(f"invalid entry {place} in condlist: should be boolean ndarray")
    choices = [*choicelist, default]
    weak = [type(choice) in (int, float, complex) for choice in choices]
    given = [
        choice if is_weak else _array.asarray(choice)
        for choice, is_weak in zip(choices, weak, strict=True)
    ]
    kind = np.result_type(
        *(choice if is_weak else choice.dtype for choice, is_weak in zip(given, weak, strict=True))
    )
    made = _array.asarray(np.array(default, kind) if weak[-1] else given[-1]).astype(kind)
    for condition, choice in zip(reversed(conditions), reversed(given[:-1]), strict=True):
        value = np.array(choice, kind) if type(choice) in (int, float, complex) else choice
        made = where(condition, value, made)
    return made


def choose(a: Any, choices: Any, out: Any = None, mode: str = "raise") -> Array:
    """
    Choose elements of several arrays by an array of their numbers.

    Examples
    --------
    >>> mc.array.choose([0, 1, 0], [[1, 2, 3], [10, 20, 30]]).compute()
    array([ 1, 20,  3])
    """
    index = _array.asarray(a)
    if not np.can_cast(index.dtype, np.intp, "same_kind"):
        raise TypeError(
            f"Cannot cast array data from {index.dtype!r} to dtype('int64') according to the rule "
            "'safe'"
        )
    options = [_array.asarray(choice)._core for choice in choices]
    kind = np.result_type(*(core.dtype for core in options))
    cores = [cast(index._core, np.dtype(np.intp)), *(cast(core, kind) for core in options)]
    broadcast_shapes([core.shape for core in cores])

    def block(index: Any, *options: Any) -> Any:
        return np.asarray(np.choose(index, [*options], mode=mode))  # type: ignore[call-overload]

    made = _wrap(_core.Array.call(block, cores, kind, "choose"))
    return made if out is None else assign_out(made, out)


def assign_out(array: Array, out: Any) -> Any:
    """Give ``out`` an array's values, as ufuncs do."""
    return elementwise(np.positive, array, out=out, casting="unsafe")


def _indices(indices: Any) -> Any:
    """Make an array of what `take` is given: NumPy's, or lazy."""
    if isinstance(indices, Array):
        given: Any = indices
    else:
        given = np.asarray(indices)
        if given.size == 0 and not isinstance(indices, np.ndarray):
            given = given.astype(np.intp)
    if not np.can_cast(given.dtype, np.intp, "same_kind"):
        raise TypeError(
            f"Cannot cast array data from {given.dtype!r} to dtype('int64') according to the rule "
            "'safe'"
        )
    return given


def take(
    a: Any, indices: Any, /, axis: int | None = None, out: Any = None, mode: str = "raise"
) -> Array:
    """
    Take elements along an axis.

    Parameters
    ----------
    a : array_like
        The array.
    indices : array_like of int
        Which; lazy ones are computed when the result is first used.
    axis : int, optional
        Along which axis; the array is flattened by default.
    out : Array, optional
        What gets the result.
    mode : {"raise", "wrap", "clip"}, default "raise"
        What to do with indices that are out of bounds.

    Returns
    -------
    Array
        Lazy; the axes of `indices` stand where the axis was.

    Examples
    --------
    >>> mc.array.take([10, 20, 30], [2, 0]).compute()
    array([30, 10])
    """
    given = _array.asarray(a)
    if axis is None:
        given = given.ravel()
        axis = 0
    axis = normalize_axis(axis, given.ndim)
    index = _indices(indices)
    if mode not in ("raise", "wrap", "clip"):
        raise ValueError(f"clipmode must be one of 'clip', 'raise', or 'wrap' (got '{mode}')")
    core = given._core
    length = core.shape[axis]

    def make() -> Any:
        places = np.asarray(index)
        if mode == "raise" or not length:
            if not length and places.size:
                raise IndexError("cannot do a non-empty take from an empty axes.")
            places = bounded(places, axis, length)
        elif mode == "wrap":
            places = places.astype(np.int64) % length
        else:
            places = np.clip(places, 0, length - 1).astype(np.int64)
        shape = (*core.shape[:axis], *places.shape, *core.shape[axis + 1 :])
        if places.ndim == 0:
            lead = list(range(axis))
            part = core.slice(
                [
                    (int(places), 1, 1) if each == axis else (0, 1, size)
                    for each, size in enumerate(core.shape)
                ]
            )
            return part.axes([*lead, *range(axis + 1, core.ndim)])
        taken = core.take(np.ascontiguousarray(places.reshape(-1)), axis)
        return taken if places.ndim == 1 else taken.reshape(shape)

    if isinstance(index, Array):
        made = _wrap_later(make, core.dtype, core.ndim - 1 + index.ndim)
    else:
        made = _wrap(make())
    return made if out is None else assign_out(made, out)


def aligned(arr: Any, indices: Any, axis: int | None) -> tuple[Any, Any, int]:
    """Make array and indices of `take_along_axis` alike but along the axis."""
    given, index = _array.asarray(arr), _array.asarray(indices)
    if index.dtype.kind not in "iu":
        raise IndexError("`indices` must be an integer array")
    if axis is None:
        if index.ndim != 1:
            raise ValueError("when axis=None, `indices` must have a single dimension.")
        given = given.ravel()
        axis = 0
    axis = normalize_axis(axis, given.ndim)
    if given.ndim != index.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    shapes = [
        tuple(1 if place == axis else length for place, length in enumerate(each.shape))
        for each in (given, index)
    ]
    try:
        common = broadcast_shapes(shapes)
    except ValueError as error:
        raise IndexError(
            "shape mismatch: indexing arrays could not be broadcast together with shapes "
            f"{given.shape} {index.shape}"
        ) from error
    cores = []
    for core in (given._core, index._core):
        lengths = (*common[:axis], core.shape[axis], *common[axis + 1 :])
        cores.append(core if core.shape == lengths else core.broadcast_to(lengths))
    return cores[0], cores[1], axis


def take_along_axis(arr: Any, indices: Any, /, axis: int | None = -1) -> Array:
    """
    Take elements along an axis by indices that differ from line to line, as `argsort` gives them.

    Indices out of bounds are found when they are computed.

    Examples
    --------
    >>> x = mc.array.asarray([[3, 1], [2, 4]])
    >>> mc.array.take_along_axis(x, [[1, 0], [0, 1]], axis=1).compute()
    array([[1, 3],
           [2, 4]])
    """
    core, index, axis = aligned(arr, indices, axis)
    lines = whole_axes(core, (axis,))
    chunks = (*lines[:axis], (index.shape[axis],), *lines[axis + 1 :])

    def block(values: Any, places: Any) -> Any:
        return np.take_along_axis(values, places, axis)

    inputs = [core.rechunk(lines), index.rechunk(chunks)]
    (made,) = _core.Array.blocks(
        block, inputs, ["same", "same"], [(core.dtype, chunks)], "take_along_axis"
    )
    return _wrap(made)


def compress(condition: Any, a: Any, axis: int | None = None, out: Any = None) -> Array:
    """
    Select what lies along an axis by a condition of its indices.

    Examples
    --------
    >>> mc.array.compress([False, True], [[1, 2], [3, 4]], axis=0).compute()
    array([[3, 4]])
    """
    mask = _array.asarray(condition)
    if mask.ndim != 1:
        raise ValueError("condition must be a 1-d array")
    return take(a, flatnonzero(mask), axis, out)


def extract(condition: Any, arr: Any) -> Array:
    """
    Select the elements for which a condition holds.

    Examples
    --------
    >>> x = mc.array.arange(4)
    >>> mc.array.extract(x % 2 == 0, x).compute()
    array([0, 2])
    """
    given, mask = _array.asarray(arr), _array.asarray(condition)
    if mask.shape == given.shape and mask.ndim:
        return getitem(given, _wrap(truth(mask)))
    return take(given, flatnonzero(mask))


def ix_(*args: Any) -> tuple[np.ndarray[Any, Any], ...]:
    """
    Make an open mesh of indices along each axis; lazy ones are computed.

    Examples
    --------
    >>> x = mc.array.arange(9).reshape(3, 3)
    >>> x[mc.array.ix_([0, 2], [0, 1])].compute()
    array([[0, 1],
           [6, 7]])
    """
    return np.ix_(*(np.asarray(arg) for arg in args))


def unravel_index(indices: Any, shape: Any, order: str = "C") -> tuple[Array, ...]:
    """
    Give the indices along each axis of indices in the flattened array.

    Indices out of bounds are not looked for.

    Examples
    --------
    >>> [index.compute().tolist() for index in mc.array.unravel_index([5, 2], (2, 3))]
    [[1, 0], [2, 2]]
    """
    rest = _array.asarray(indices)
    if rest.dtype.kind not in "iu":
        raise TypeError("only int indices permitted")
    lengths = normalize_shape(shape)
    found: list[Array] = []
    for length in lengths if order == "F" else reversed(lengths):
        found.append(rest % length)
        rest = rest // length
    return tuple(found if order == "F" else reversed(found))


def ravel_multi_index(multi_index: Any, dims: Any, mode: Any = "raise", order: str = "C") -> Array:
    """
    Give the indices in the flattened array of indices along each axis.

    Indices out of bounds are only looked for if `mode` is ``"wrap"`` or ``"clip"``.

    Examples
    --------
    >>> mc.array.ravel_multi_index(([1, 0], [2, 2]), (2, 3)).compute()
    array([5, 2])
    """
    lengths = normalize_shape(dims)
    modes = (mode,) * len(lengths) if isinstance(mode, str) else tuple(mode)
    parts = [_array.asarray(part) for part in multi_index]
    if len(parts) != len(lengths) or len(modes) != len(lengths):
        raise ValueError(f"parameter multi_index must be a sequence of length {len(lengths)}")
    made: Any = 0
    triples = list(zip(parts, lengths, modes, strict=True))
    for part, length, how in reversed(triples) if order == "F" else triples:
        if part.dtype.kind not in "iu":
            raise TypeError("only int indices permitted")
        if how == "wrap":
            part = part % length
        elif how == "clip":
            part = elementwise(np.minimum, elementwise(np.maximum, part, 0), length - 1)
        made = made * length + part.astype(np.int64)
    return made  # type: ignore[no-any-return]
