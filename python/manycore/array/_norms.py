"""Norms of vectors and matrices, and what is known from singular values."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple
from numpy.linalg import LinAlgError

from manycore import _core
from manycore.array import _decompositions as decompositions
from manycore.array._array import _wrap, asarray
from manycore.array._elementwise import cast, elementwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from manycore.array._array import Array

__all__ = ["cond", "matrix_norm", "matrix_rank", "norm", "vector_norm"]


def _reduced(kind: str, core: Any, axes: Sequence[int], *, may_be_empty: bool = False) -> Any:
    """Reduce along axes; NumPy's error where nothing has no least or greatest element."""
    if kind in ("minimum", "maximum") and not math.prod(core.shape[axis] for axis in axes):
        if not may_be_empty:
            raise ValueError(f"zero-size array to reduction operation {kind} which has no identity")
        kind = "add"  # nothing's norm is 0
    return core.reduce(kind, list(axes), core.dtype)


def _ufunc(ufunc: np.ufunc, *values: Any) -> Any:
    """Apply a ufunc to expressions and numbers."""
    wrapped = (value if isinstance(value, float) else _wrap(value) for value in values)
    return elementwise(ufunc, *wrapped)._core


def _real(core: Any) -> Any:
    """Take the absolute values."""
    return _ufunc(np.absolute, core)


def _squares(core: Any) -> Any:
    """Take the squares of the absolute values."""
    if core.dtype.kind != "c":
        return _core.Array.map("multiply", [core, core], core.dtype)
    dtype = decompositions.real_dtype(core.dtype)
    return _core.Array.call(_square_of_complex, [core], dtype, "square")


def _square_of_complex(block: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    square: np.ndarray[Any, Any] = block.real**2 + block.imag**2
    return square


def _along(core: Any, order: Any, axes: Sequence[int]) -> Any:
    """Compute vectors' norms, over several axes as if they were one."""
    if isinstance(order, str):
        raise ValueError(f"Invalid norm order '{order}' for vectors")
    if order is None or order == 2:
        return _ufunc(np.sqrt, _reduced("add", _squares(core), axes))
    if order == math.inf:
        return _reduced("maximum", _real(core), axes, may_be_empty=True)
    if order == -math.inf:
        return _reduced("minimum", _real(core), axes)
    if order == 0:
        is_there = _ufunc(np.not_equal, core, 0.0)
        return _reduced("add", cast(is_there, _real(core).dtype), axes)
    if order == 1:
        return _reduced("add", _real(core), axes)
    powers = _ufunc(np.power, _real(core), float(order))
    return _ufunc(np.power, _reduced("add", powers, axes), 1 / float(order))


def _of_matrices(core: Any, order: Any, row: int, column: int) -> Any:
    """Compute matrices' norms over two axes."""
    if row == column:
        raise ValueError("Duplicate axes given.")
    if order in (None, "fro", "f"):
        return _along(core, 2, (row, column))
    if order in (1, -1, math.inf, -math.inf):
        first, second = (row, column) if abs(order) == 1 else (column, row)
        sums = _reduced("add", _real(core), (first,))
        kind = "maximum" if order > 0 else "minimum"
        return _reduced(kind, sums, (second - (first < second),), may_be_empty=order > 0)
    if order not in (2, -2, "nuc"):
        raise ValueError("Invalid norm order for matrices.")
    others = [axis for axis in range(core.ndim) if axis not in (row, column)]
    stacked = core.axes([*others, row, column])
    values = decompositions.singular_values(
        cast(stacked, decompositions.common_dtype(stacked.dtype))
    )
    kind = {2: "maximum", -2: "minimum", "nuc": "add"}[order]
    return _reduced(kind, values, (values.ndim - 1,), may_be_empty=order == 2)


def _kept(core: Any, ndim: int, axes: Sequence[int], keepdims: bool) -> Array:
    """Give back reduced axes, of length one."""
    if keepdims:
        rest = iter(range(ndim))
        core = core.axes([None if axis in axes else next(rest) for axis in range(ndim)])
    return _wrap(core)


def _inexact(value: Any) -> Any:
    core = asarray(value)._core
    return core if core.dtype.kind in "fc" else cast(core, np.dtype(np.float64))


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Array:
    """
    Compute a norm of vectors or matrices.

    Parameters
    ----------
    x : array_like
        The array.
    ord : {None, "fro", "nuc", inf, -inf} or number, optional
        Which: see `numpy.linalg.norm`. None: the square root of the sum of the squares.
    axis : int or pair of int, optional
        Where the vectors or matrices lie; all of a vector or matrix by default.
    keepdims : bool, default False
        Keep these axes, with length one.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If there is no such norm.

    Examples
    --------
    >>> mc.array.linalg.norm([[3.0, 0.0], [0.0, 4.0]]).compute()
    np.float64(5.0)
    >>> mc.array.linalg.norm([[3.0, 1.0], [0.0, 4.0]], ord=1, axis=0).compute()
    array([3., 5.])
    """
    core = _inexact(x)
    ndim = core.ndim
    if axis is None:
        axes: tuple[int, ...] = tuple(range(ndim))
        is_plain = ord is None or (ord in ("f", "fro") and ndim == 2) or (ord == 2 and ndim == 1)
        if is_plain:
            return _kept(_along(core, None, axes), ndim, axes, keepdims)
    elif isinstance(axis, tuple):
        axes = axis
    else:
        try:
            axes = (int(axis),)
        except Exception as error:
            raise TypeError("'axis' must be None, an integer or a tuple of integers") from error
    axes = tuple(normalize_axis_index(each, ndim) for each in axes)
    if len(axes) == 1:
        return _kept(_along(core, ord, axes), ndim, axes, keepdims)
    if len(axes) == 2:
        return _kept(_of_matrices(core, ord, *axes), ndim, axes, keepdims)
    raise ValueError("Improper number of dimensions to norm.")


def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Array:
    """
    Compute vectors' norms.

    Parameters
    ----------
    x : array_like
        The array.
    axis : int or tuple of int, optional
        Where the vectors lie; several axes count as one. All by default.
    keepdims : bool, default False
        Keep these axes, with length one.
    ord : number, default 2
        Which: see `numpy.linalg.vector_norm`.

    Returns
    -------
    Array

    Examples
    --------
    >>> mc.array.linalg.vector_norm([[3.0, 0.0], [0.0, 4.0]], ord=1).compute()
    np.float64(7.0)
    """
    core = _inexact(x)
    axes = tuple(range(core.ndim)) if axis is None else normalize_axis_tuple(axis, core.ndim)
    return _kept(_along(core, ord, axes), core.ndim, axes, keepdims)


def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Array:
    """
    Compute the norms of the matrices in the last two axes.

    Parameters
    ----------
    x : array_like
        Of at least two axes.
    keepdims : bool, default False
        Keep these axes, with length one.
    ord : {"fro", "nuc", 1, -1, 2, -2, inf, -inf}, default "fro"
        Which: see `numpy.linalg.matrix_norm`.

    Returns
    -------
    Array

    Examples
    --------
    >>> mc.array.linalg.matrix_norm([[3.0, 0.0], [0.0, 4.0]], ord=2).compute()
    np.float64(4.0)
    """
    return norm(x, ord=ord, axis=(-2, -1), keepdims=keepdims)


def matrix_rank(A: Any, tol: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Array:  # noqa: N803
    """
    Count the singular values that are not zero but for rounding.

    Parameters
    ----------
    A : array_like
        A matrix, or a stack of matrices.
    tol : float or array_like, optional
        What counts as zero.
    hermitian : bool, default False
        Whether they are hermitian, which is faster; one task for each matrix then.
    rtol : float or array_like, optional
        The same as a part of the largest singular value; by default, the longer side of the matrix
        times what rounding is.

    Returns
    -------
    Array
        Of integers.

    Examples
    --------
    >>> mc.array.linalg.matrix_rank([[1.0, 2.0], [2.0, 4.0]]).compute()
    np.int64(1)
    """
    if tol is not None and rtol is not None:
        raise ValueError("`tol` and `rtol` can't be both set.")
    core = asarray(A)._core
    index = np.dtype(np.intp)
    if core.ndim < 2:
        is_there = _ufunc(np.not_equal, core, np_zero(core.dtype))
        return _wrap(
            cast(is_there.reduce("logical_or", list(range(core.ndim)), is_there.dtype), index)
        )
    core = cast(core, decompositions.common_dtype(core.dtype))
    values = decompositions.singular_values(core, hermitian)
    last = values.ndim - 1
    if tol is None:
        if rtol is None:
            rtol = max(core.shape[-2:]) * np.finfo(values.dtype).eps
        largest = _reduced("maximum", values, (last,), may_be_empty=True)
        limit: Any = elementwise(np.multiply, _wrap(largest), rtol)
    else:
        limit = asarray(tol)
    limit = _wrap(limit._core.axes([*range(limit.ndim), None]))
    is_there = elementwise(np.greater, _wrap(values), limit)._core
    return _wrap(cast(is_there, index).reduce("add", [is_there.ndim - 1], index))


def np_zero(dtype: np.dtype[Any]) -> Any:
    """Make an expression of one zero."""
    return _core.Array.full((), np.zeros((), dtype))


def cond(x: Any, p: Any = None) -> Array:
    """
    Compute how much a matrix magnifies errors.

    Parameters
    ----------
    x : array_like
        A matrix, or a stack of matrices.
    p : {None, 1, -1, 2, -2, inf, -inf, "fro", "nuc"}, optional
        Of which norm; None is 2. Of other norms than 2 and -2 each matrix is one task.

    Returns
    -------
    Array

    Raises
    ------
    numpy.linalg.LinAlgError
        If the matrices are empty, or, for other norms than 2, not square.

    Examples
    --------
    >>> mc.array.linalg.cond([[2.0, 0.0], [0.0, 1.0]]).compute()
    np.float64(2.0)
    """
    core = decompositions.matrices(x)
    if not min(core.shape[-2:]):
        raise LinAlgError("cond is not defined on empty arrays")
    dtype = decompositions.real_dtype(core.dtype)
    if p is None or p in (2, -2):
        values = decompositions.singular_values(core)
        last = values.ndim - 1
        return _wrap(_core.Array.call(
            partial(_ratio, p == -2),
            [values.slice([*((0, 1, n) for n in values.shape[:-1]), (place, 1, 1)]).axes(
                list(range(last))) for place in (0, values.shape[-1] - 1)],
            dtype, "cond",
        ))  # fmt: skip
    core = decompositions.square_matrices(x)
    if p not in (1, -1, math.inf, -math.inf, "fro", "nuc"):
        raise ValueError("Invalid norm order for matrices.")

    def block(matrix: np.ndarray[Any, Any]) -> Any:
        return np.asarray(np.linalg.cond(matrix, p), dtype)

    return _wrap(decompositions.by_matrix(block, [core], [(dtype, ())], "cond")[0])


def _ratio(inverted: bool, largest: Any, smallest: Any) -> Any:
    """Divide singular values; those of a matrix of zeros have no bound."""
    with np.errstate(all="ignore"):
        ratio = smallest / largest if inverted else largest / smallest
    # 0 / 0, but not where the matrix has NaN.
    return np.where(np.isnan(ratio) & ~np.isnan(largest), np.inf, ratio).astype(largest.dtype)
