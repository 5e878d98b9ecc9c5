"""
Products of arrays: a task makes a tile of the result.

All of them are contractions of two arrays over labelled axes, as in ``einsum``: an axis is of both
and of the result (one product for each of its elements), of one and of the result, or of both and
summed over. Sums over long axes are split: a task makes the product of a part, or, if there are
many parts, adds it to a sum that stays in memory; the few sums are then added up. What sums over
nothing, or makes no more than one number of a pair of vectors, is no task of its own but an
elementwise expression, which is fused with what is around it.
"""

from __future__ import annotations

import math
import operator
from collections import namedtuple
from functools import lru_cache, reduce

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from manycore import _core
from manycore.array import _tiles
from manycore.array._array import _wrap, asarray
from manycore.array._elementwise import _write, broadcast_shapes, cast, elementwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from typing import Any

    from manycore.array._array import Array

    Labels = tuple[Hashable, ...]

__all__ = [
    "cross",
    "dot",
    "inner",
    "kron",
    "matmul",
    "matvec",
    "outer",
    "tensordot",
    "vdot",
    "vecdot",
    "vecmat",
]

# Products of fewer multiplications than this are not worth a task of their own.
_LEAST_WORK = 1 << 22
# Operands of fewer bytes are not worth a thought about tiles.
_SMALL_BYTES = 1 << 17


def _multiply(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Multiply two matrices, or two stacks of them, that are in memory, on one core."""
    # NumPy's own would have all cores at work in each of the tasks.
    if a.ndim == b.ndim == 2:
        result: np.ndarray[Any, Any] | None = _core.multiply(a, b)
        if result is not None:
            return result
    elif math.prod(a.shape[1:]) * b.shape[2] >= _LEAST_WORK:
        return np.stack([_multiply(one, other) for one, other in zip(a, b, strict=True)])
    product: np.ndarray[Any, Any] = np.matmul(a, b)
    return product


def _add_product(
    out: np.ndarray[Any, Any], a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]
) -> None:
    if _core.multiply(a, b, out) is None:
        out += np.matmul(a, b)


# ---------------------------------------------------------------- contraction


def contract(a: Any, a_labels: Labels, b: Any, b_labels: Labels, labels: Labels) -> Any:
    """
    Multiply two expressions of the core, and sum over the labels that the result lacks.

    Parameters
    ----------
    a, b : _core.Array
        Of one dtype.
    a_labels, b_labels : tuple
        What their axes are called; no label twice in one of them. What only one of them has must
        be in the result.
    labels : tuple
        The result's.

    Returns
    -------
    _core.Array
    """
    in_a, in_b, in_result = set(a_labels), set(b_labels), set(labels)
    summed = tuple(label for label in a_labels if label not in in_result)
    rows = tuple(label for label in labels if label not in in_b)
    columns = tuple(label for label in labels if label not in in_a)
    if not summed:
        return _multiplied(a, a_labels, b, b_labels, labels)
    if not rows and not columns:
        kept = len(labels)
        terms = _multiplied(a, a_labels, b, b_labels, labels + summed)
        return _sum(terms, list(range(kept, kept + len(summed))))
    if a is b and a.ndim == 2 and labels == rows + columns:
        axis = a_labels.index(rows[0])
        if b_labels[axis] == columns[0]:
            return gram(a, axis)
    stack = tuple(label for label in labels if label in in_a and label in in_b)
    return _contract_tiles(a, a_labels, b, b_labels, labels, _Roles(stack, rows, columns, summed))


def _multiplied(a: Any, a_labels: Labels, b: Any, b_labels: Labels, labels: Labels) -> Any:
    factors = [_arranged(a, a_labels, labels), _arranged(b, b_labels, labels)]
    return _core.Array.map("multiply", factors, a.dtype)


def _arranged(core: Any, labels: Labels, wanted: Labels) -> Any:
    """Transpose to the wanted order, with axes of length one for what isn't there."""
    if labels == wanted:
        return core
    place = {label: axis for axis, label in enumerate(labels)}
    return core.axes([place.get(label) for label in wanted])


def _sum(core: Any, axes: list[int]) -> Any:
    """Sum over axes in the type of the elements, as products do."""
    dtype = core.dtype
    if dtype.kind == "b":
        return core.reduce("logical_or", axes, dtype)
    if dtype == np.float16:
        single = np.dtype(np.float32)
        return cast(cast(core, single).reduce("add", axes, single), dtype)
    return core.reduce("add", axes, dtype)


# Numbers of an element's that one loop adds up.
_FEW = 16


def _sum_of_parts(core: Any) -> Any:
    """Sum over the first axis, which has a chunk for each part."""
    count, *shape = core.shape
    if count > _FEW or core.dtype == np.float16:
        return _sum(core, [0])
    # One loop over all of them, in several tasks: a reduction would begin with a copy of each.
    chunks = _tiles.cut_evenly(core.chunks[1:], 2 * _tiles.workers())
    whole = [(0, 1, length) for length in shape]
    axes = list(range(1, core.ndim))
    parts = [core.slice([(part, 1, 1), *whole]).axes(axes).rechunk(chunks) for part in range(count)]
    add = "logical_or" if core.dtype.kind == "b" else "add"
    return reduce(lambda one, other: _core.Array.map(add, [one, other], core.dtype), parts)


# Which part labels play: of stacks, rows, columns, and those that are summed over.
_Roles = namedtuple("_Roles", ["stack", "rows", "columns", "summed"])


class _Tile:
    """The product of two blocks: axes are moved and joined until it is one of matrices."""

    def __init__(
        self, a_labels: Labels, b_labels: Labels, labels: Labels, roles: _Roles, is_partial: bool
    ) -> None:
        stack, rows, columns, summed = roles.stack, roles.rows, roles.columns, roles.summed
        self.left = [a_labels.index(label) for label in stack + rows + summed]
        self.right = [b_labels.index(label) for label in stack + summed + columns]
        made = stack + rows + columns
        self.back = [made.index(label) for label in labels]
        self.stack = len(stack)
        self.rows = len(stack) + len(rows)
        self.summed = len(stack) + len(summed)
        self.is_partial = is_partial

    def add(
        self, out: np.ndarray[Any, Any], a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]
    ) -> None:
        """Add the product to what there is."""
        if self.stack or self.back != sorted(self.back):
            out += self(a, b)
            return
        a, b = a.transpose(self.left), b.transpose(self.right)
        rows, inside = math.prod(a.shape[: self.rows]), math.prod(a.shape[self.rows :])
        columns = math.prod(b.shape[self.summed :])
        # The sum is in C order: what is reshaped is no copy.
        whole = out.reshape(rows, columns)
        _add_product(whole, a.reshape(rows, inside), b.reshape(inside, columns))

    def __call__(self, a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        a, b = a.transpose(self.left), b.transpose(self.right)
        shape = a.shape[: self.rows] + b.shape[self.summed :]
        stack = (math.prod(a.shape[: self.stack]),) if self.stack else ()
        rows, inside = math.prod(a.shape[self.stack : self.rows]), math.prod(a.shape[self.rows :])
        columns = math.prod(b.shape[self.summed :])
        result = _multiply(a.reshape(*stack, rows, inside), b.reshape(*stack, inside, columns))
        result = result.reshape(shape).transpose(self.back)
        return result[np.newaxis] if self.is_partial else result


_tile_of = lru_cache(256)(_Tile)


def _contract_tiles(
    a: Any, a_labels: Labels, b: Any, b_labels: Labels, labels: Labels, roles: _Roles
) -> Any:
    """Make a product tile by tile; a small one at once, which is quicker to say."""
    if a.size * b.size <= _LEAST_WORK and a.nbytes + b.nbytes <= _SMALL_BYTES:
        lengths = dict(zip(a_labels, a.shape, strict=True)) | dict(
            zip(b_labels, b.shape, strict=True)
        )
        tile = _tile_of(a_labels, b_labels, labels, roles, False)
        whole = tuple([(lengths[label],) for label in labels])
        return _core.Array.blocks(tile, [a, b], ["all", "all"], [(a.dtype, whole)], "product")[0]
    chunks = dict(zip(a_labels, a.chunks, strict=True))
    for label, sizes in zip(b_labels, b.chunks, strict=True):
        # Where the two differ, the finer one: its chunks can be joined.
        chunks[label] = max(sizes, chunks.get(label, ()), key=len)
    groups = (roles.stack, roles.rows, roles.columns, roles.summed)
    counts = tuple(math.prod(sum(chunks[label]) for label in group) for group in groups)
    limit, workers = _tiles.limits()
    item = a.dtype.itemsize
    shape = _tile_shape(counts, limit // item, _tiles.sum_bytes() // item, workers)
    parts: dict[Hashable, tuple[int, ...]] = {}
    for group, most in zip(groups, shape, strict=True):
        regrouped = _tiles.regroup_axes([chunks[label] for label in group], most)
        parts.update(zip(group, regrouped, strict=True))

    inside = list(_tiles.boxes([parts[label] for label in roles.summed]))
    made: tuple[tuple[int, ...], ...] = tuple(parts[label] for label in labels)
    tiles = list(_tiles.boxes(made))
    largest = math.prod(max(sizes) for sizes in made)
    sums, calls = _sums_of(len(inside), len(tiles), largest * item, a.dtype)
    left, right = [], []
    for place in range(calls):
        for number in range(sums):
            # What there is no more of is a box without elements.
            part = place * sums + number
            summed = inside[part] if part < len(inside) else ((0, 0),) * len(roles.summed)
            for box in tiles:
                where = dict(zip(roles.summed + labels, summed + box, strict=True))
                left.append(tuple([where[label] for label in a_labels]))
                right.append(tuple([where[label] for label in b_labels]))
    tile = _tile_of(a_labels, b_labels, labels, roles, sums > 1)
    if sums > 1:
        made = ((1,) * sums, *made)
    result = _made(tile, tile.add, [a, b], [left, right], (a.dtype, made), calls)
    return _sum_of_parts(result) if sums > 1 else result


def _sums_of(parts: int, tiles: int, size: int, dtype: np.dtype[Any]) -> tuple[int, int]:
    """Choose how many sums a tile's parts are added to, and how many to each, one by one."""
    if dtype == np.float16:
        return parts, 1
    workers = _tiles.workers()
    room = max(workers * _tiles.sum_bytes() // max(size, 1), 1)
    sums = max(min(parts, -(-2 * workers // tiles), room), 1)
    return sums, -(-parts // sums)


def _made(
    function: Callable[..., Any],
    add: Callable[..., Any],
    inputs: list[Any],
    regions: list[Any],
    output: tuple[Any, Any],
    calls: int,
) -> Any:
    """Have each chunk made by one call, or so many add to it."""
    if calls > 1:
        return _core.Array.sums(add, inputs, regions, output, calls, "product")
    return _core.Array.blocks(function, inputs, regions, [output], "product")[0]


@lru_cache(256)
def _tile_shape(counts: tuple[int, ...], elements: int, kept: int, workers: int) -> tuple[int, ...]:
    """
    Choose how many matrices, rows, columns and products inside a task has.

    Its input and output have no more than ``elements``; or, if it adds to a sum, its input has no
    more than half as many, and the sum no more than ``kept``.
    """
    stack, rows, columns, inside = counts
    work = math.prod(counts)
    if not work:
        return counts
    tasks = min(max(work // _LEAST_WORK, 1), 4 * workers)
    area = max(min(stack * rows * columns // tasks, elements // 3), 64 * 64)
    tile_rows, tile_columns = _tile_sides(rows, columns, area)
    if (tile_rows + tile_columns) * inside > elements // 2:
        # The larger a tile is, the less often the same is read.
        area = max(min(stack * rows * columns, kept), area)
        tile_rows, tile_columns = (
            min(side, max(elements // 4, 1)) for side in _tile_sides(rows, columns, area)
        )
    tile_inside = min(inside, max(elements // 2 // (tile_rows + tile_columns), 1))
    tiles = stack * -(-rows // tile_rows) * -(-columns // tile_columns)
    if tiles < tasks:
        tile_inside = min(tile_inside, max(-(-inside * tiles // tasks), tile_rows, tile_columns))
    one = (tile_rows + tile_columns) * tile_inside + tile_rows * tile_columns
    tile_stack = max(min(elements // one, area // (rows * columns)), 1)
    return tile_stack, tile_rows, tile_columns, tile_inside


def _tile_sides(rows: int, columns: int, area: int) -> tuple[int, int]:
    """Cut a matrix into tiles of an area that are as square as can be."""
    if rows * columns <= area:
        return rows, columns
    tile_columns = min(columns, max(math.isqrt(area), area // rows))
    return min(rows, max(area // tile_columns, 1)), tile_columns


# ---------------------------------------------------------------- x.T @ x


def gram(core: Any, axis: int) -> Any:
    """
    Multiply a matrix with its transpose, reading it once.

    A block gives a symmetric product, half of which need not be computed.

    Parameters
    ----------
    core : _core.Array
        A matrix.
    axis : int
        The axis that the result has twice; the sum goes over the other one.
    """
    length, inside = core.shape[axis], core.shape[1 - axis]
    if length * length * core.dtype.itemsize > _tiles.sum_bytes():
        return _gram_of_halves(core, axis)
    elements = _tiles.task_bytes() // core.dtype.itemsize
    # Each adds a whole product to the others.
    tasks = min(max(length * length * inside // _LEAST_WORK, 1), 2 * _tiles.workers())
    most = min(max(-(-inside // tasks), length), max(elements // 2 // max(length, 1), 1))
    spans = _tiles.ranges(_tiles.regroup(core.chunks[1 - axis], most))
    sums, calls = _sums_of(len(spans), 1, length * length * core.dtype.itemsize, core.dtype)
    # What there is no more of is a span without elements.
    spans += [(0, 0)] * (sums * calls - len(spans))
    regions = [((0, length), span) if axis == 0 else (span, (0, length)) for span in spans]

    def factors(x: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        return (x, x.T) if axis == 0 else (x.T, x)

    def block(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return _multiply(*factors(x))[np.newaxis]

    def add(out: np.ndarray[Any, Any], x: np.ndarray[Any, Any]) -> None:
        _add_product(out[0], *factors(x))

    chunks = ((1,) * sums, (length,), (length,))
    result = _made(block, add, [core], [regions], (core.dtype, chunks), calls)
    return _sum_of_parts(result) if sums > 1 else result.axes([1, 2])


def _gram_of_halves(core: Any, axis: int) -> Any:
    """Put a product together that is too large to be added to by each worker."""
    length, other = core.shape[axis], (0, 1, core.shape[1 - axis])
    half = _tiles.regroup(core.chunks[axis], -(-length // 2))[0]
    first, last = (
        core.slice([own, other] if axis == 0 else [other, own])
        for own in ((0, 1, half), (half, 1, length - half))
    )
    left, right = (("row", "inside"), ("column", "inside"))
    if axis == 1:
        left, right = left[::-1], right[::-1]
    below = contract(last, left, first, right, ("row", "column"))
    rows = ([gram(first, axis), below.axes([1, 0])], [below, gram(last, axis)])
    join = _core.Array.concatenate
    return join([join(row, 1) for row in rows], 0)


# ---------------------------------------------------------------- diagonals


# Rows of the squares that are read for a diagonal.
_SQUARE = 256


def diagonal_of(core: Any, axis1: int, axis2: int, offset: int = 0) -> Any:
    """Take a diagonal of two axes, which becomes the last axis; only squares around it are read."""
    rows, columns = core.shape[axis1], core.shape[axis2]
    down, right = max(-offset, 0), max(offset, 0)
    length = max(min(rows - down, columns - right), 0)
    others = [axis for axis in range(core.ndim) if axis not in (axis1, axis2)]
    core = core.axes([*others, axis1, axis2])
    side = max(min(_SQUARE, length), 1)
    most = _tiles.task_bytes() // (core.dtype.itemsize * side * side)
    stack = _tiles.regroup_axes(core.chunks[:-2], most)
    chunks = (*stack, _tiles.split_evenly(length, side))
    regions = [
        (*box[:-1], (start + down, stop + down), (start + right, stop + right))
        for box in _tiles.boxes(chunks)
        for start, stop in box[-1:]
    ]
    (result,) = _core.Array.blocks(
        _block_diagonal, [core], [regions], [(core.dtype, chunks)], "diagonal"
    )
    return result


def _block_diagonal(block: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.diagonal(block, axis1=-2, axis2=-1)


# ---------------------------------------------------------------- NumPy's products


def _refuse(function: Callable[..., Any], *arrays: Any, **options: Any) -> Exception:
    """Have NumPy say what is wrong with shapes, by arrays of theirs that have no memory."""
    try:
        function(
            *(np.broadcast_to(np.empty((), core.dtype), core.shape) for core in arrays), **options
        )
    except (ValueError, TypeError, IndexError) as error:
        return error.with_traceback(None)
    raise AssertionError(f"NumPy takes what {function.__name__} of ours refuses")


@lru_cache(256)
def _product_dtype(ufunc: np.ufunc, first: np.dtype[Any], second: np.dtype[Any]) -> np.dtype[Any]:
    """Find the type of a product by the loop that NumPy chooses."""
    return ufunc.resolve_dtypes((first, second, None))[-1]


def _operands(ufunc: np.ufunc, first: Any, second: Any) -> tuple[Any, Any]:
    a, b = asarray(first)._core, asarray(second)._core
    dtype = _product_dtype(ufunc, a.dtype, b.dtype)
    return cast(a, dtype), cast(b, dtype)


def _stacked(
    ufunc: np.ufunc, first: Any, second: Any, a_inner: str, b_inner: str, inner: str
) -> Array:
    """Apply a product of matrices and vectors to stacks of them, which broadcast."""
    a, b = _operands(ufunc, first, second)
    if a.ndim < len(a_inner) or b.ndim < len(b_inner):
        raise _refuse(ufunc, a, b)
    lengths = dict(zip(a_inner, a.shape[a.ndim - len(a_inner) :], strict=True))
    for label, length in zip(b_inner, b.shape[b.ndim - len(b_inner) :], strict=True):
        if lengths.setdefault(label, length) != length:
            raise _refuse(ufunc, a, b)
    a_stack, b_stack = a.shape[: a.ndim - len(a_inner)], b.shape[: b.ndim - len(b_inner)]
    if a_stack == b_stack == ():
        return _wrap(contract(a, tuple(a_inner), b, tuple(b_inner), tuple(inner)))
    try:
        stack = broadcast_shapes([a_stack, b_stack])
    except ValueError:
        raise _refuse(ufunc, a, b) from None
    labels = tuple(range(-len(stack), 0))
    a, a_labels = _without_ones(a, labels[len(stack) - len(a_stack) :] + tuple(a_inner), stack)
    b, b_labels = _without_ones(b, labels[len(stack) - len(b_stack) :] + tuple(b_inner), stack)
    return _wrap(contract(a, a_labels, b, b_labels, labels + tuple(inner)))


def _without_ones(core: Any, labels: Labels, stack: tuple[int, ...]) -> tuple[Any, Labels]:
    """Leave out axes of length one that broadcast."""
    kept = [
        axis
        for axis, label in enumerate(labels)
        if not isinstance(label, int) or core.shape[axis] == stack[label]
    ]
    if len(kept) == core.ndim:
        return core, labels
    return core.axes(kept), tuple(labels[axis] for axis in kept)


def matmul(x1: Any, x2: Any, /, out: Any = None, *, dtype: Any = None) -> Any:
    """
    Multiply matrices, or stacks of matrices.

    Parameters
    ----------
    x1, x2 : array_like
        Of at least one axis. One axis is a vector, more than two are a stack of matrices.
    out : Array or numpy.ndarray, optional
        What gets the result.
    dtype : dtype, optional
        The result's type, and the one that is computed in.

    Returns
    -------
    Array
        Tiles of it are computed at one time; an axis that is summed over and does not fit into
        memory is split.

    Raises
    ------
    ValueError
        If a shape has no axis, or the shapes do not fit.

    Examples
    --------
    >>> x = mc.array.asarray([[1.0, 2.0], [3.0, 4.0]])
    >>> mc.array.matmul(x, x).compute()
    array([[ 7., 10.],
           [15., 22.]])
    """
    if dtype is not None:
        x1, x2 = (_wrap(cast(asarray(x)._core, np.dtype(dtype))) for x in (x1, x2))
    a, b = asarray(x1), asarray(x2)
    for one, other, axis in ((a, b, 1), (b, a, 0)):
        if _is_transpose(one, other):
            _product_dtype(np.matmul, a.dtype, b.dtype)  # refuses what has no products
            square = gram(other._core, axis)
            return _wrap(square) if out is None else _write(None, square, out)
    inner = ("k" if a.ndim == 1 else "ik", "k" if b.ndim == 1 else "kj")
    kept = ("" if a.ndim == 1 else "i") + ("" if b.ndim == 1 else "j")
    result = _stacked(np.matmul, a, b, *inner, kept)
    return result if out is None else _write(None, result._core, out)


def _is_transpose(one: Array, other: Array) -> bool:
    """Whether an array is the transpose of a matrix, made by ``.T`` and not changed since."""
    core, matrix = getattr(one, "_turned", _UNTURNED)
    return core is one._core and matrix is other._core and one.ndim == 2


_UNTURNED = (None, None)


def matvec(x1: Any, x2: Any, /) -> Array:
    """
    Multiply matrices with vectors; stacks of them broadcast.

    Parameters
    ----------
    x1, x2 : array_like
        Matrices in the last two axes, vectors in the last axis.

    Returns
    -------
    Array

    Examples
    --------
    >>> mc.array.matvec([[1, 2], [3, 4]], [[1, 0], [0, 1]]).compute()
    array([[1, 3],
           [2, 4]])
    """
    return _stacked(np.matvec, x1, x2, "ik", "k", "i")


def vecmat(x1: Any, x2: Any, /) -> Array:
    """
    Multiply vectors, conjugated, with matrices; stacks of them broadcast.

    Parameters
    ----------
    x1, x2 : array_like
        Vectors in the last axis, matrices in the last two axes.

    Returns
    -------
    Array

    Examples
    --------
    >>> mc.array.vecmat([1, 1], [[1, 2], [3, 4]]).compute()
    array([4, 6])
    """
    return _stacked(np.vecmat, _conjugated(x1), x2, "k", "kj", "j")


def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Array:
    """
    Multiply vectors, the first of them conjugated; the other axes broadcast.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays of vectors.
    axis : int, default -1
        Where the vectors lie, in both.

    Returns
    -------
    Array

    Examples
    --------
    >>> mc.array.vecdot([[1, 2], [3, 4]], [1, 1]).compute()
    array([3, 7])
    """
    a, b = asarray(x1), asarray(x2)
    if axis != -1 and a.ndim and b.ndim:
        a = _axis_last(a, normalize_axis_index(operator.index(axis), a.ndim))
        b = _axis_last(b, normalize_axis_index(operator.index(axis), b.ndim))
    return _stacked(np.vecdot, _conjugated(a), b, "k", "k", "")


def _axis_last(array: Array, axis: int) -> Array:
    order = [place for place in range(array.ndim) if place != axis]
    return _wrap(array._core.axes([*order, axis]))


def _conjugated(value: Any) -> Array:
    array = asarray(value)
    return elementwise(np.conjugate, array) if array.dtype.kind == "c" else array


@lru_cache(256)
def _dot_dtype(first: np.dtype[Any], second: np.dtype[Any]) -> np.dtype[Any]:
    """Find the type of a dot product; NumPy's error if there is none."""
    dtype: np.dtype[Any] = np.dot(np.empty(0, first), np.empty(0, second)).dtype
    return dtype


def _dot_operands(first: Any, second: Any) -> tuple[Any, Any]:
    a, b = asarray(first)._core, asarray(second)._core
    dtype = _dot_dtype(a.dtype, b.dtype)
    return cast(a, dtype), cast(b, dtype)


def _contract_axes(a: Any, b: Any, a_axes: Sequence[int], b_axes: Sequence[int]) -> Array:
    """Sum over pairs of axes; the result has the other axes of the first, then of the second."""
    a_labels: list[Hashable] = [("a", axis) for axis in range(a.ndim)]
    b_labels: list[Hashable] = [("b", axis) for axis in range(b.ndim)]
    for number, (one, other) in enumerate(zip(a_axes, b_axes, strict=True)):
        a_labels[one] = b_labels[other] = number
    labels = [label for label in a_labels + b_labels if not isinstance(label, int)]
    return _wrap(contract(a, tuple(a_labels), b, tuple(b_labels), tuple(labels)))


def dot(a: Any, b: Any, out: Any = None) -> Any:
    """
    Sum over the last axis of the first array and the last but one of the second.

    Parameters
    ----------
    a, b : array_like
        Vectors, matrices, or arrays of more axes; without axes it is a multiplication.
    out : Array or numpy.ndarray, optional
        What gets the result.

    Returns
    -------
    Array
        With the other axes of `a`, then those of `b`.

    Raises
    ------
    ValueError
        If the two axes differ in length.

    Examples
    --------
    >>> mc.array.dot([1, 2, 3], [4, 5, 6]).compute()
    np.int64(32)
    """
    first, second = _dot_operands(a, b)
    if not first.ndim or not second.ndim:
        result = elementwise(np.multiply, _wrap(first), _wrap(second))
    else:
        inside = max(second.ndim - 2, 0)
        if first.shape[-1] != second.shape[inside]:
            raise _refuse(np.dot, first, second)
        result = _contract_axes(first, second, [first.ndim - 1], [inside])
    return result if out is None else _write(None, result._core, out)


def inner(a: Any, b: Any, /) -> Array:
    """
    Sum over the last axes of two arrays.

    Parameters
    ----------
    a, b : array_like
        Their last axes are of one length.

    Returns
    -------
    Array
        With the other axes of `a`, then those of `b`.

    Raises
    ------
    ValueError
        If the two axes differ in length.

    Examples
    --------
    >>> mc.array.inner([[1, 2], [3, 4]], [1, 1]).compute()
    array([3, 7])
    """
    first, second = _dot_operands(a, b)
    if not first.ndim or not second.ndim:
        return elementwise(np.multiply, _wrap(first), _wrap(second))  # type: ignore[no-any-return]
    if first.shape[-1] != second.shape[-1]:
        raise _refuse(np.inner, first, second)
    return _contract_axes(first, second, [first.ndim - 1], [second.ndim - 1])


def vdot(a: Any, b: Any, /) -> Array:
    """
    Multiply two arrays as if they were vectors, the first of them conjugated.

    Parameters
    ----------
    a, b : array_like
        Of the same number of elements.

    Returns
    -------
    Array
        Without axes.

    Raises
    ------
    ValueError
        If they differ in size.

    Examples
    --------
    >>> mc.array.vdot([1j, 2], [1j, 1]).compute()
    np.complex128(3+0j)
    """
    first, second = _dot_operands(_conjugated(a), b)
    if first.size != second.size:
        raise ValueError(f"cannot reshape array of size {second.size} into shape ({first.size},)")
    if first.shape != second.shape:
        first, second = first.reshape((first.size,)), second.reshape((second.size,))
    axes = range(first.ndim)
    if not first.ndim:
        return elementwise(np.multiply, _wrap(first), _wrap(second))  # type: ignore[no-any-return]
    return _contract_axes(first, second, axes, axes)


def outer(a: Any, b: Any) -> Array:
    """
    Multiply each element of one array with each of another.

    Parameters
    ----------
    a, b : array_like
        Taken as vectors.

    Returns
    -------
    Array
        A matrix.

    Examples
    --------
    >>> mc.array.outer([1, 2], [3, 4]).compute()
    array([[3, 4],
           [6, 8]])
    """
    x, y = asarray(a)._core, asarray(b)._core
    if x.ndim != 1:
        x = x.reshape((x.size,))
    if y.ndim != 1:
        y = y.reshape((y.size,))
    return elementwise(np.multiply, _wrap(x.axes([0, None])), _wrap(y))  # type: ignore[no-any-return]


def kron(a: Any, b: Any) -> Array:
    """
    Make blocks of the second array, each multiplied with an element of the first.

    Parameters
    ----------
    a, b : array_like
        The one with fewer axes gets axes of length one in front.

    Returns
    -------
    Array
        As long along each axis as the product of both.

    Examples
    --------
    >>> mc.array.kron([1, 10], [1, 2, 3]).compute()
    array([ 1,  2,  3, 10, 20, 30])
    """
    x, y = asarray(a)._core, asarray(b)._core
    ndim = max(x.ndim, y.ndim)
    x = x.axes([None] * (ndim - x.ndim) + list(range(x.ndim)))
    y = y.axes([None] * (ndim - y.ndim) + list(range(y.ndim)))
    for axis, (many, few) in enumerate(zip(x.shape, y.shape, strict=True)):
        places = np.arange(many * few, dtype=np.int64)
        if few != 1:
            x = x.take(places // max(few, 1), axis)
        if many != 1:
            y = y.take(places % max(few, 1), axis)
    return elementwise(np.multiply, _wrap(x), _wrap(y))  # type: ignore[no-any-return]


def cross(
    a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Array:
    """
    Multiply vectors of three dimensions so that the result stands upright on both.

    Parameters
    ----------
    a, b : array_like
        Arrays of vectors; the other axes broadcast.
    axisa, axisb : int, default -1
        Where the vectors lie in `a` and in `b`.
    axisc : int, default -1
        Where they lie in the result.
    axis : int, optional
        In place of the other three.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If the vectors have not three dimensions. (Two, which NumPy has deprecated, are not taken.)

    Examples
    --------
    >>> mc.array.cross([1, 0, 0], [0, 1, 0]).compute()
    array([0, 0, 1])
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    x, y = asarray(a), asarray(b)
    if not x.ndim or not y.ndim:
        raise ValueError("At least one array has zero dimension")
    x = _axis_last(x, normalize_axis_index(axisa, x.ndim, "axisa"))
    y = _axis_last(y, normalize_axis_index(axisb, y.ndim, "axisb"))
    if x.shape[-1] != 3 or y.shape[-1] != 3:
        raise ValueError(
            "incompatible dimensions for cross product\n"
            f"(dimension must be 3, not {x.shape[-1]} and {y.shape[-1]})"
        )

    def turned(array: Array, *places: int) -> Array:
        return _wrap(array._core.take(np.array(places, np.int64), array.ndim - 1))

    dtype = np.promote_types(x.dtype, y.dtype)
    x, y = _wrap(cast(x._core, dtype)), _wrap(cast(y._core, dtype))
    first = elementwise(np.multiply, turned(x, 1, 2, 0), turned(y, 2, 0, 1))
    second = elementwise(np.multiply, turned(x, 2, 0, 1), turned(y, 1, 2, 0))
    result: Array = elementwise(np.subtract, first, second)
    place = normalize_axis_index(axisc, result.ndim, "axisc")
    order = list(range(result.ndim - 1))
    order.insert(place, result.ndim - 1)
    return _wrap(result._core.axes(order))


def tensordot(a: Any, b: Any, axes: Any = 2) -> Array:
    """
    Sum over pairs of axes of two arrays.

    Parameters
    ----------
    a, b : array_like
        The arrays.
    axes : int or pair of axes or of sequences of axes, default 2
        How many of the last axes of `a` and the first of `b`; or which of `a`, and which of `b`.

    Returns
    -------
    Array
        With the other axes of `a`, then those of `b`.

    Raises
    ------
    ValueError
        If the two axes of a pair differ in length.

    Examples
    --------
    >>> x = mc.array.ones((2, 3, 4))
    >>> mc.array.tensordot(x, x, axes=([0, 2], [0, 2])).shape
    (3, 3)
    """
    first, second = _dot_operands(a, b)
    try:
        pair = iter(axes)
    except TypeError:
        count = operator.index(axes)
        left, right = list(range(-count, 0)), list(range(count))
    else:
        left, right = (
            list(each) if isinstance(each, tuple | list | np.ndarray) else [each] for each in pair
        )
    try:
        left = list(normalize_axis_tuple([operator.index(axis) for axis in left], first.ndim))
        right = list(normalize_axis_tuple([operator.index(axis) for axis in right], second.ndim))
    except (ValueError, TypeError):
        raise _refuse(np.tensordot, first, second, axes=axes) from None
    if [first.shape[axis] for axis in left] != [second.shape[axis] for axis in right]:
        raise _refuse(np.tensordot, first, second, axes=axes)
    return _contract_axes(first, second, left, right)
