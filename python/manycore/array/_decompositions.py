"""
Decompositions of matrices, block by block.

A tall matrix is decomposed by a tree: blocks of rows give triangles, which are stacked and
decomposed in turn (J. Demmel et al., Communication-optimal QR, 2012). Others are, as in LAPACK, by
panels of columns, one after the other, and after each of them all that is right of it is brought up
to date by products, which is where the work is. Small matrices are one task, and so is each one of
a stack.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.linalg import LinAlgError

from manycore import _core
from manycore.array import _dense, _tiles
from manycore.array._array import asarray
from manycore.array._blas import one_core
from manycore.array._elementwise import cast
from manycore.array._products import _multiply, contract

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from manycore.array._tiles import Chunks

    Matrix = np.ndarray[Any, Any]
    # What a tree keeps: for each level the orthonormal columns of its blocks.
    Levels = list[Any]

# Columns of a panel, and rows of a tile.
_SIDE = 512
# Bytes of a block of rows of a tall matrix: it should stay in the second-level cache.
_BLOCK_BYTES = 4 << 20


# ---------------------------------------------------------------- what is decomposed


def common_dtype(*dtypes: np.dtype[Any]) -> np.dtype[Any]:
    """Find the type that NumPy's linear algebra gives; its error for what it does not take."""
    for dtype in dtypes:
        if dtype.kind not in "biufc" or dtype.char in "egG":
            raise TypeError(f"array type {dtype.name} is unsupported in linalg")
    double = np.dtype(np.float64)
    inexact = [dtype if dtype.kind in "fc" else double for dtype in dtypes]
    return np.result_type(*inexact)


def real_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Give the type of a complex type's parts."""
    return np.dtype(dtype.char.lower())


def matrices(value: Any) -> Any:
    """Take a matrix or a stack of them, in a type that can be decomposed."""
    core = asarray(value)._core
    if core.ndim < 2:
        raise LinAlgError(
            f"{core.ndim}-dimensional array given. Array must be at least two-dimensional"
        )
    return cast(core, common_dtype(core.dtype))


def square_matrices(value: Any) -> Any:
    """Take a square matrix or a stack of them."""
    core = matrices(value)
    if core.shape[-1] != core.shape[-2]:
        raise LinAlgError("Last 2 dimensions of the array must be square")
    return core


def by_matrix(
    function: Callable[..., Any],
    inputs: Sequence[Any],
    outputs: Sequence[tuple[Any, tuple[int, ...]]],
    name: str,
    inner: Sequence[int] | None = None,
) -> list[Any]:
    """
    Call a function of NumPy's for stacks of whole matrices.

    Parameters
    ----------
    function : callable
        Takes stacks, as NumPy's functions do.
    inputs : sequence of _core.Array
        Of the same leading axes.
    outputs : sequence of (dtype, shape)
        The type of each result, and its shape without the leading axes.
    name : str
        Of the step.
    inner : sequence of int, optional
        How many of the last axes of each input are one thing; 2 by default.
    """
    inner = inner or [2] * len(inputs)
    stack = _tiles.stack_chunks(inputs[0], inner[0])
    boxes = list(_tiles.boxes(stack))
    regions = []
    for core, axes in zip(inputs, inner, strict=True):
        rest = tuple((0, length) for length in core.shape[core.ndim - axes :])
        regions.append([box + rest for box in boxes])
    made = [(dtype, (*stack, *_tiles.whole(shape))) for dtype, shape in outputs]
    return list(_core.Array.blocks(one_core(function), list(inputs), regions, made, name))


def one_task(
    function: Callable[..., Any],
    inputs: Sequence[Any],
    outputs: Sequence[tuple[Any, tuple[int, ...]]],
    name: str,
) -> list[Any]:
    """Call a function with whole arrays."""
    made = [(dtype, _tiles.whole(shape)) for dtype, shape in outputs]
    whole = ["all"] * len(inputs)
    return list(_core.Array.blocks(one_core(function), list(inputs), whole, made, name))


def adjoint(core: Any) -> Any:
    """Transpose and conjugate a matrix."""
    core = core.axes([1, 0])
    return _core.Array.map("conjugate", [core], core.dtype) if core.dtype.kind == "c" else core


def product(a: Any, b: Any) -> Any:
    """Multiply two matrices."""
    return contract(a, ("i", "k"), b, ("k", "j"), ("i", "j"))


def rows(core: Any, start: int, stop: int) -> Any:
    """Take some rows of a matrix."""
    return _tiles.part(core, ((start, stop), (0, core.shape[1])))


def columns(core: Any, start: int, stop: int) -> Any:
    """Take some columns of a matrix."""
    return _tiles.part(core, ((0, core.shape[0]), (start, stop)))


def zeros(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    """Make zeros."""
    return _core.Array.full(shape, np.zeros((), dtype))


def is_small(core: Any) -> bool:
    """Whether a matrix is rather decomposed whole."""
    return bool(max(core.shape) <= 2 * _SIDE and 4 * core.nbytes <= _tiles.task_bytes())


def panel_width(length: int, itemsize: int) -> int:
    """Choose how many columns of a length go into one task."""
    return max(min(_SIDE, _tiles.task_bytes() // (4 * max(length, 1) * itemsize)), 16)


def minus_product(a: Any, b: Any, c: Any) -> Any:
    """
    Compute ``a - b @ c`` tile by tile; the inner axis is short.

    It is one step, so that ``a`` is gone when it is done: an expression would keep it, and what it
    was made of, until the end.
    """
    side = _tile_side(a)
    chunks = (_tiles.regroup(a.chunks[0], side), _tiles.regroup(a.chunks[1], side))
    inner = (0, c.shape[0])
    spans = list(_tiles.boxes(chunks))
    regions = [spans, [(row, inner) for row, _ in spans], [(inner, column) for _, column in spans]]
    (result,) = _core.Array.blocks(
        _minus_product, [a, b, c], regions, [(a.dtype, chunks)], "product"
    )
    return result


def _minus_product(a: Matrix, b: Matrix, c: Matrix) -> Matrix:
    result = _multiply(b, c)
    np.subtract(a, result, out=result)
    return result


# ---------------------------------------------------------------- QR


def qr_tree(core: Any, with_q: bool = True) -> tuple[Levels, Any]:
    """
    Decompose a tall matrix by a tree over its rows.

    Returns
    -------
    tuple
        The orthonormal columns of the blocks of each level (see `apply_levels`), and the triangle.
    """
    length, width = core.shape
    item = core.dtype.itemsize
    # The block, its columns, and what LAPACK copies.
    cached = min(_BLOCK_BYTES, _tiles.task_bytes() // 4) // (max(width, 1) * item)
    fair = -(-length // (4 * _tiles.workers()))
    most = max(min(cached, max(fair, 1024)), 4 * width, 1)
    parts = _merge_short(_tiles.regroup(core.chunks[0], most), width)
    whole = (0, width)
    regions = [(span, whole) for span in _tiles.ranges(parts)]
    triangles = (core.dtype, ((width,) * len(parts), (width,)))
    if with_q:
        q, r = _core.Array.blocks(
            one_core(_dense.qr),
            [core],
            [regions],
            [(core.dtype, (parts, (width,))), triangles],
            "qr",
        )
        levels = [q]
    else:
        triangle = one_core(_dense.triangle_of_qr)
        (r,) = _core.Array.blocks(triangle, [core], [regions], [triangles], "qr")
        levels = []
    if len(parts) > 1:
        above, r = qr_tree(r, with_q)
        levels += above
    return levels, r


def _merge_short(parts: Sequence[int], least: int) -> tuple[int, ...]:
    """Join blocks of too few rows with the one before, or the one after."""
    merged: list[int] = []
    for size in parts:
        if merged and (size < least or merged[-1] < least):
            merged[-1] += size
        else:
            merged.append(size)
    return tuple(merged)


def apply_levels(levels: Levels, right: Any) -> Any:
    """Multiply the orthonormal columns of a tree with a matrix, from its root down."""
    width = right.shape[1]
    result = right
    for q in reversed(levels):
        parts, inner = q.chunks[0], q.shape[1]
        blocks = len(parts)
        spans = _tiles.ranges(parts)
        left = [(span, (0, inner)) for span in spans]
        below = [((block * inner, (block + 1) * inner), (0, width)) for block in range(blocks)]
        (result,) = _core.Array.blocks(
            _multiply, [q, result], [left, below], [(q.dtype, (parts, (width,)))], "product"
        )
    return result


def levels_to_q(levels: Levels) -> Any:
    """Make the orthonormal columns themselves."""
    return levels[0] if len(levels) == 1 else apply_levels(levels[:-1], levels[-1])


def is_tall(core: Any) -> bool:
    """Whether a tree is the better way: its tasks hold rows, those of panels whole columns."""
    length, width = core.shape
    if length < width or (width > 2 * _SIDE and length < 8 * width):
        return False
    has_room = 24 * width * width * core.dtype.itemsize <= _tiles.task_bytes()
    return bool(has_room or width * width <= 4 * length)


def reduced_qr(core: Any, with_q: bool = True) -> tuple[Any, Any]:
    """Decompose a matrix of any shape: the orthonormal columns, if wanted, and the triangle."""
    length, width = core.shape
    if is_small(core) or not min(core.shape):
        inner = min(length, width)
        triangle = (core.dtype, (inner, width))
        if with_q:
            made = [(core.dtype, (length, inner)), triangle]
            q, r = one_task(_dense.qr, [core], made, "qr")
            return q, r
        return None, one_task(_dense.triangle_of_qr, [core], [triangle], "qr")[0]
    if length < width:
        # The columns of a first square span all; the others are multiplied (Dask's sfqr).
        q, r = reduced_qr(columns(core, 0, length))
        rest = product(adjoint(q), columns(core, length, width))
        return q, _core.Array.concatenate([r, rest], 1)
    if is_tall(core):
        levels, r = qr_tree(core, with_q)
        return levels_to_q(levels) if with_q else None, r
    return _panel_qr(core, with_q)


def _panel_qr(core: Any, with_q: bool) -> tuple[Any, Any]:
    """Decompose by panels of Householder's reflections, as LAPACK's geqrf and orgqr."""
    length, width = core.shape
    dtype = core.dtype
    side = panel_width(length, dtype.itemsize)
    panels, bands = [], []
    work = core
    for start in range(0, width, side):
        count = min(side, width - start)
        tall = length - start
        v, t, r = one_task(
            _dense.reflectors,
            [columns(work, 0, count)],
            [(dtype, (tall, count)), (dtype, (count, count)), (dtype, (count, count))],
            "qr",
        )
        panels.append((start, v, t))
        parts = [zeros((count, start), dtype), r] if start else [r]
        if start + count < width:
            rest = columns(work, count, work.shape[1])
            inside = product(adjoint(t), product(adjoint(v), rest))
            rest = minus_product(rest, v, inside)
            parts.append(rows(rest, 0, count))
            work = rows(rest, count, tall)
        bands.append(_core.Array.concatenate(parts, 1) if len(parts) > 1 else r)
    triangle = _core.Array.concatenate(bands, 0) if len(bands) > 1 else bands[0]
    if not with_q:
        return None, triangle
    q = None
    for start, v, t in reversed(panels):
        # Of what is to the left and above nothing has become other than the identity.
        corner = identity(length - start, t.shape[0], dtype)
        if q is not None:
            right = _core.Array.concatenate([zeros((t.shape[0], q.shape[1]), dtype), q], 0)
            corner = _core.Array.concatenate([corner, right], 1)
        q = minus_product(corner, v, product(t, product(adjoint(v), corner)))
    return q, triangle


def identity(length: int, width: int, dtype: np.dtype[Any]) -> Any:
    shape = (length, width)
    numbers = [_core.Array.iota(shape, axis) for axis in (0, 1)]
    return cast(_core.Array.map("equal", numbers, np.dtype(bool)), dtype)


# ---------------------------------------------------------------- singular values


def thin_svd(core: Any, coerce_signs: bool = True) -> tuple[Any, Any, Any]:
    """Decompose a matrix into as many singular vectors as it has singular values."""
    length, width = core.shape
    if length < width:
        u, s, v = thin_svd(core.axes([1, 0]), coerce_signs)
        return v.axes([1, 0]), s, u.axes([1, 0])
    dtype = core.dtype
    made = [(dtype, (width, width)), (real_dtype(dtype), (width,)), (dtype, (width, width))]
    function = partial(_signed_svd, coerce_signs)
    if is_small(core):
        made[0] = (dtype, (length, width))
        u, s, v = one_task(function, [core], made, "svd")
        return u, s, v
    if is_tall(core):
        levels, r = qr_tree(core)
        u, s, v = one_task(function, [r], made, "svd")
        return apply_levels(levels, u), s, v
    q, r = reduced_qr(core)
    u, s, v = one_task(function, [r], made, "svd")
    return product(q, u), s, v


def _signed_svd(coerce_signs: bool, a: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Choose of the two signs of each vector the one that makes its elements' sum positive."""
    u, s, v = _dense.svd(a)
    if coerce_signs:
        signs = np.where(v.sum(axis=1).real >= 0, 1, -1).astype(s.dtype)
        u, v = u * signs, v * signs[:, np.newaxis]
    return u, s, v


def singular_values(core: Any, hermitian: bool = False) -> Any:
    """Compute the singular values of a matrix, or of each of a stack."""
    inner = min(core.shape[-2:])
    made = [(real_dtype(core.dtype), (inner,))]
    if core.ndim == 2 and not hermitian and not is_small(core):
        if core.shape[0] < core.shape[1]:
            core = core.axes([1, 0])
        _, core = reduced_qr(core, with_q=False)
    values = partial(np.linalg.svd, compute_uv=False, hermitian=hermitian)
    return by_matrix(values, [core], made, "svd")[0]


# ---------------------------------------------------------------- LU


def lu_parts(core: Any) -> tuple[Any, Any, Any]:
    """
    Decompose a matrix with partial pivoting, by panels of whole columns.

    Returns
    -------
    tuple
        The order of the rows, and the lower and the upper triangle of the rows in that order.
    """
    length, width = core.shape
    inner = min(length, width)
    dtype = core.dtype
    index = np.dtype(np.intp)
    if is_small(core) or not inner:
        made = [(index, (length,)), (dtype, (length, inner)), (dtype, (inner, width))]
        order, lower, upper = one_task(_dense.lu, [core], made, "lu")
        return order, lower, upper
    side = panel_width(length, dtype.itemsize)
    orders, lowers, bands = [], [], []
    work = core
    for start in range(0, inner, side):
        count = min(side, inner - start)
        tall = length - start
        made = [(index, (tall,)), (dtype, (tall, count)), (dtype, (count, count))]
        order, lower, upper = one_task(_dense.lu, [columns(work, 0, count)], made, "lu")
        orders.append(order)
        lowers.append(lower)
        parts = [zeros((count, start), dtype), upper] if start else [upper]
        if work.shape[1] > count:
            rest = columns(work, count, work.shape[1])
            across, work = _update_columns(rest, order, lower, count)
            parts.append(across)
        bands.append(_core.Array.concatenate(parts, 1) if len(parts) > 1 else upper)
    (total,) = one_task(_compose, orders, [(index, (length,))], "lu")
    lower_parts = []
    for number, lower in enumerate(lowers):
        start = number * side
        later = orders[number + 1 :]
        if later:
            (lower,) = one_task(_compose, [lower, *later], [(dtype, lower.shape)], "lu")
        if start:
            above = zeros((start, lower.shape[1]), dtype)
            lower = _core.Array.concatenate([above, lower], 0)
        lower_parts.append(lower)
    if len(bands) == 1:
        return total, lower_parts[0], bands[0]
    return (
        total,
        _core.Array.concatenate(lower_parts, 1),
        _core.Array.concatenate(bands, 0),
    )


def _update_columns(rest: Any, order: Any, lower: Any, count: int) -> tuple[Any, Any]:
    """Bring what is right of a panel up to date: rows of the upper triangle, and the rest."""
    length = rest.shape[0]
    parts = _tiles.regroup(rest.chunks[1], count)
    regions = [((0, length), span) for span in _tiles.ranges(parts)]
    made = [(rest.dtype, ((count,), parts)), (rest.dtype, ((length - count,), parts))]

    def update(block: Matrix, order: Matrix, lower: Matrix) -> tuple[Matrix, Matrix]:
        block = block[order]
        across = _dense.solve_triangular(lower[:count], block[:count], True, True)
        return across, block[count:] - _multiply(lower[count:], across)

    across, work = _core.Array.blocks(
        one_core(update), [rest, order, lower], [regions, "all", "all"], made, "lu"
    )
    return across, work


def _compose(first: Matrix, *later: Matrix) -> Matrix:
    """Reorder rows by one order after the other, each of the last rows."""
    total = first.copy()
    for order in later:
        total[-len(order) :] = total[-len(order) :][order]
    return total


# ---------------------------------------------------------------- Cholesky


def cholesky_lower(core: Any) -> Any:
    """Decompose a positive definite matrix; only its lower triangle is read."""
    size = core.shape[0]
    dtype = core.dtype
    if is_small(core):
        return one_task(np.linalg.cholesky, [core], [(dtype, core.shape)], "cholesky")[0]
    side = _tile_side(core)
    bands = []
    work = core
    for start in range(0, size, side):
        count = min(side, size - start)
        corner = _tiles.part(work, ((0, count), (0, count)))
        (lower,) = one_task(np.linalg.cholesky, [corner], [(dtype, (count, count))], "cholesky")
        parts = [zeros((start, count), dtype), lower] if start else [lower]
        rest = size - start - count
        if rest:
            tiles = _tiles.split_sizes(rest, side)
            below = [((count + a, count + b), (0, count)) for a, b in _tiles.ranges(tiles)]
            made = [(dtype, (tiles, (count,)))]
            solve = one_core(_panel_of_cholesky)
            (panel,) = _core.Array.blocks(solve, [work, lower], [below, "all"], made, "cholesky")
            parts.append(panel)
            work = _update_lower(work, panel, tiles, count)
        bands.append(_core.Array.concatenate(parts, 0) if len(parts) > 1 else lower)
    return _core.Array.concatenate(bands, 1)


def _tile_side(core: Any) -> int:
    """Choose the side of square tiles, some of which a task holds."""
    share = _tiles.task_bytes() // (4 * core.dtype.itemsize)
    return max(min(_SIDE, math.isqrt(share)), 16)


def _panel_of_cholesky(block: Matrix, lower: Matrix) -> Matrix:
    """Solve ``x @ lower.conj().T = block``."""
    return _dense.solve_triangular(lower, block.conj().T, lower=True).conj().T


def _update_lower(work: Any, panel: Any, tiles: tuple[int, ...], count: int) -> Any:
    """Take a panel's products from what is right of it, in the lower triangle of tiles."""
    spans = _tiles.ranges(tiles)
    inner = (0, count)
    nothing = ((0, 0), (0, 0))
    tile, left, right = [], [], []
    for row, (top, bottom) in enumerate(spans):
        for column, (start, stop) in enumerate(spans):
            used = column <= row
            box = ((count + top, count + bottom), (count + start, count + stop))
            tile.append(box if used else nothing)
            left.append(((top, bottom), inner) if used else nothing)
            right.append(((start, stop), inner) if used else nothing)

    def update(tile: Matrix, left: Matrix, right: Matrix, index: tuple[int, ...]) -> Matrix:
        row, column = index
        if column > row:
            return np.zeros((tiles[row], tiles[column]), tile.dtype)
        return _minus_product(tile, left, right.conj().T)

    regions = [tile, left, right]
    (result,) = _core.Array.blocks(
        update, [work, panel, panel], regions, [(work.dtype, (tiles, tiles))], "cholesky", True
    )
    return result


# ---------------------------------------------------------------- triangular systems


def solve_triangle(a: Any, b: Any, lower: bool, unit: bool = False) -> Any:
    """Solve ``a @ x = b`` for a triangle of a matrix ``a`` and a matrix ``b``, by substitution."""
    size = b.shape[0]
    solve = partial(_dense.solve_triangular, lower=lower, unit=unit)
    side = size if is_small(a) else _tile_side(a)
    spans = _tiles.ranges(_tiles.split_sizes(size, side)) if size else [(0, 0)]
    known = []
    left = b  # of the right-hand side, the rows that are not solved yet
    for start, stop in spans if lower else reversed(spans):
        count = stop - start
        tall = left.shape[0]
        mine = (0, count) if lower else (tall - count, tall)
        corner = _tiles.part(a, ((start, stop), (start, stop)))
        x = _by_columns(solve, corner, left, mine, count)
        known.append(x)
        others = (stop, size) if lower else (0, start)
        if others[0] < others[1]:
            factor = _tiles.part(a, (others, (start, stop)))
            remain = rows(left, count, tall) if lower else rows(left, 0, tall - count)
            left = minus_product(remain, factor, x)
    if not lower:
        known.reverse()
    return _core.Array.concatenate(known, 0) if len(known) > 1 else known[0]


def _by_columns(
    solve: Callable[..., Any], a: Any, b: Any, span: tuple[int, int], count: int
) -> Any:
    """Solve for blocks of the columns of a right-hand side, of which some rows are meant."""
    parts = _tiles.regroup(b.chunks[1], _SIDE)
    regions = [(span, columns) for columns in _tiles.ranges(parts)]
    made: list[tuple[Any, Chunks]] = [(b.dtype, ((count,), parts))]
    (x,) = _core.Array.blocks(one_core(solve), [a, b], ["all", regions], made, "solve")
    return x
