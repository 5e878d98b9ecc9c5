"""Matrices that follow a rule, diagonals, triangles, and grids of indices."""

from __future__ import annotations

import operator

import numpy as np

from manycore import _core
from manycore.array import _array
from manycore.array._array import Array, _wrap
from manycore.array._creation import check_device, from_array, iota, zeros
from manycore.array._elementwise import cast
from manycore.array._ranges import arange
from manycore.array._shapes import (
    blocks_of,
    normalize_axis,
    normalize_chunks,
    normalize_shape,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = [
    "diag",
    "diag_indices",
    "diag_indices_from",
    "diagflat",
    "diagonal",
    "eye",
    "fromfunction",
    "identity",
    "indices",
    "meshgrid",
    "tri",
    "tril",
    "tril_indices",
    "tril_indices_from",
    "triu",
    "triu_indices",
    "triu_indices_from",
    "vander",
]


# The side of the squares that a diagonal is read from.
_DIAGONAL = 256


def diagonal_number(k: Any) -> int:
    """Give the number of a diagonal; those that lie beyond any matrix are all alike."""
    return max(min(operator.index(k), 1 << 62), -(1 << 62))


def _grid(rows: int, columns: int, chunks: Any = None) -> tuple[Array, Array]:
    """Make the indices of rows and of columns."""
    shape = (max(rows, 0), max(columns, 0))
    return _wrap(iota(shape, 0, chunks)), _wrap(iota(shape, 1, chunks))


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
    on: Array = row + diagonal_number(k) == column
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
    return (row + diagonal_number(k) >= column).astype(dtype)


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
    low = (row + diagonal_number(k) >= column)._core
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
            _wrap(cast(iota(tuple(line), place), kind)) for place, line in enumerate(lines)
        )
    from manycore.array._joining import stack

    grids = [_wrap(cast(iota(shape, axis, chunks), kind)) for axis in range(len(shape))]
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
    grids = [_wrap(cast(iota(shape, axis, chunks), np.dtype(dtype))) for axis in range(len(shape))]
    one = [np.zeros((1,) * len(shape), dtype) for _ in shape]
    kind = np.asarray(function(*one, **kwargs)).dtype

    def block(*given: Any) -> Any:
        made = np.asarray(function(*given, **kwargs))
        whole = np.broadcast_shapes(*(each.shape for each in given)) if given else ()
        return np.broadcast_to(made, whole).astype(kind, copy=False)

    name = getattr(function, "__name__", "fromfunction")
    return _wrap(_core.Array.call(block, [grid._core for grid in grids], kind, name))
