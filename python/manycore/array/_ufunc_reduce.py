"""``ufunc.reduce`` for ufuncs that the core has no reduction of: chunk by chunk, then once more."""

from __future__ import annotations

from functools import partial

import numpy as np

from manycore import _core
from manycore.array._array import _wrap, asarray
from manycore.array._elementwise import _write
from manycore.array._nodes import blocks, bounds, cast, constant, quiet, reduced, reduced_axes
from manycore.array._reductions import _IDENTITY, _NONE, _masked, _result, any_empty, fold
from manycore.array._scans import _ASSOCIATIVE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def reduce(
    ufunc: np.ufunc,
    array: Any,
    axis: Any = 0,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = _NONE,
    where: Any = True,
) -> Any:
    """
    Reduce along axes, as ``ufunc.reduce`` does.

    Parameters
    ----------
    ufunc : numpy.ufunc
        Of two inputs and one output.
    array : array_like
        The elements.
    axis : int, tuple of int or None, default 0
        Along which axes; None for all.
    dtype, out, keepdims, initial, where
        As in `sum`.

    Returns
    -------
    Array
        Without the reduced axes, or with length 1 along them.
    """
    name = ufunc.__name__
    if name in _IDENTITY or name in ("minimum", "maximum"):
        return fold(name, array, axis, dtype, out, keepdims, initial, where)
    core = asarray(array)._core
    result = _result(ufunc.reduce, core.dtype, dtype)
    axes = reduced_axes(axis, core.ndim)
    if len(axes) > 1 and ufunc not in _ASSOCIATIVE:
        raise ValueError(
            f"reduction operation '{name}' is not reorderable, so at most one axis may be specified"
        )
    if where is not True:
        start = initial if ufunc.identity is None else ufunc.identity
        core = _masked(name, core, where, start)
    nothing = core.size == 0 and any_empty(core, axes)
    if nothing and ufunc.identity is None and initial is _NONE:
        raise ValueError(f"zero-size array to reduction operation {name} which has no identity")
    if core.size == 0 and initial is not _NONE and ufunc.identity is None:
        ends = [1 if place in axes else length for place, length in enumerate(core.shape)]
        core = _core.Array.full(tuple(ends), np.asarray(initial, core.dtype))
    call = quiet(partial(_reduce_block, ufunc, result))
    if ufunc in _ASSOCIATIVE and core.size:
        core = _partials(call, core, axes, result, name)
    folded = cast(reduced(call, core, axes, result, name, keepdims=keepdims), result)
    if initial is not _NONE:
        folded = _core.Array.map(name, [folded, constant(initial, result)], result)
    return _wrap(folded) if out is None else _write(None, folded, out)


def _partials(
    call: Any, core: _core.Array, axes: tuple[int, ...], dtype: np.dtype[Any], name: str
) -> _core.Array:
    """Reduce each chunk by itself; ones without elements are left out."""
    chunks = [tuple(size for size in sizes if size) for sizes in core.chunks]
    regions = list(bounds(tuple(chunks)))
    ones = tuple((1,) * len(sizes) if axis in axes else sizes for axis, sizes in enumerate(chunks))
    each = partial(call, axis=axes, keepdims=True)
    return blocks(each, [core], dtype, ones, name, [regions])


def _reduce_block(
    ufunc: np.ufunc,
    dtype: np.dtype[Any],
    block: np.ndarray[Any, Any],
    axis: tuple[int, ...],
    keepdims: bool,
) -> Any:
    # A ufunc finds the unit of time itself, and takes none.
    loop = dtype.type if dtype.kind in "mM" else dtype
    return ufunc.reduce(block, axis=axis, dtype=loop, keepdims=keepdims)
