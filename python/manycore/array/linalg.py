"""
Linear algebra: decompositions, systems of equations, norms.

The array API standard's extension with NumPy's other functions and Dask's. What works in blocks
says so; of a stack of matrices, each is one task, or several are. What can't be computed because of
its shape is refused at the line that builds the expression, and what can't because of its values (a
singular matrix) when it is computed, both with `LinAlgError`.

Examples
--------
>>> a = mc.array.asarray([[4.0, 2.0], [2.0, 3.0]])
>>> mc.array.linalg.solve(a, [2.0, 1.0]).compute()
array([0.5, 0. ])
"""

from __future__ import annotations

import math
import operator
from collections import namedtuple
from functools import partial

import numpy as np
from numpy.linalg import LinAlgError

from manycore import _core
from manycore.array import _decompositions as decompositions
from manycore.array import _dense, _products, _tiles
from manycore.array._array import _wrap, asarray
from manycore.array._blas import one_core
from manycore.array._decompositions import (
    by_matrix,
    common_dtype,
    is_small,
    matrices,
    one_task,
    product,
    real_dtype,
    square_matrices,
)
from manycore.array._elementwise import _write, broadcast_shapes, cast, elementwise
from manycore.array._manipulation import matrix_transpose
from manycore.array._norms import cond, matrix_norm, matrix_rank, norm, vector_norm
from manycore.array._products import matmul, tensordot, vecdot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from manycore.array._array import Array

__all__ = [
    "LinAlgError",
    "cholesky",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "inv",
    "lstsq",
    "lu",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "matrix_transpose",
    "multi_dot",
    "norm",
    "outer",
    "pinv",
    "qr",
    "sfqr",
    "slogdet",
    "solve",
    "solve_triangular",
    "svd",
    "svd_compressed",
    "svdvals",
    "tensordot",
    "tensorinv",
    "tensorsolve",
    "trace",
    "tsqr",
    "vecdot",
    "vector_norm",
]

EigResult = namedtuple("EigResult", ["eigenvalues", "eigenvectors"])
EighResult = namedtuple("EighResult", ["eigenvalues", "eigenvectors"])
QRResult = namedtuple("QRResult", ["Q", "R"])
SlogdetResult = namedtuple("SlogdetResult", ["sign", "logabsdet"])
SVDResult = namedtuple("SVDResult", ["U", "S", "Vh"])


# ---------------------------------------------------------------- decompositions


def qr(a: Any, mode: str = "reduced") -> Any:
    """
    Decompose a matrix into orthonormal columns and an upper triangle.

    Parameters
    ----------
    a : array_like
        A matrix, or a stack of matrices.
    mode : {"reduced", "complete", "r", "raw"}, default "reduced"
        ``"r"``: the triangle only. ``"complete"`` and ``"raw"`` are one task for each matrix.

    Returns
    -------
    QRResult, or Array
        ``Q`` and ``R``; signs may differ from LAPACK's. A tall matrix is decomposed by a tree over
        its rows, a wide one by its first columns, others by panels of columns.

    Raises
    ------
    ValueError
        If there is no such mode.
    numpy.linalg.LinAlgError
        If it is no matrix.

    Examples
    --------
    >>> q, r = mc.array.linalg.qr(mc.array.ones((6, 2)))
    >>> q.shape, r.shape
    ((6, 2), (2, 2))
    """
    if mode not in ("reduced", "complete", "r", "raw"):
        raise ValueError(f"Unrecognized mode '{mode}'")
    core = matrices(a)
    length, width = core.shape[-2:]
    inner = min(length, width)
    if core.ndim == 2 and mode in ("reduced", "r"):
        q, r = decompositions.reduced_qr(core, with_q=mode == "reduced")
        return QRResult(_wrap(q), _wrap(r)) if mode == "reduced" else _wrap(r)
    dtype = core.dtype
    function = partial(np.linalg.qr, mode=mode)
    shapes = {
        "reduced": [(length, inner), (inner, width)],
        "complete": [(length, length), (length, width)],
        "r": [(inner, width)],
        "raw": [(width, length), (inner,)],
    }[mode]
    made = by_matrix(function, [core], [(dtype, shape) for shape in shapes], "qr")
    wrapped = [_wrap(each) for each in made]
    if mode == "r":
        return wrapped[0]
    return QRResult(*wrapped) if mode != "raw" else tuple(wrapped)


def tsqr(data: Any, compute_svd: bool = False) -> Any:
    """
    Decompose a matrix of more rows than columns: `qr`, or `svd`, under Dask's name.

    Parameters
    ----------
    data : array_like
        A tall matrix.
    compute_svd : bool, default False
        Whether to compute singular vectors and values.

    Returns
    -------
    QRResult or SVDResult

    Examples
    --------
    >>> q, r = mc.array.linalg.tsqr(mc.array.ones((6, 2)))
    >>> r.shape
    (2, 2)
    """
    return svd(data, coerce_signs=False) if compute_svd else qr(data)


def sfqr(data: Any) -> Any:
    """
    Decompose a matrix of more columns than rows: `qr` under Dask's name.

    Parameters
    ----------
    data : array_like
        A wide matrix.

    Returns
    -------
    QRResult

    Examples
    --------
    >>> q, r = mc.array.linalg.sfqr(mc.array.ones((2, 6)))
    >>> r.shape
    (2, 6)
    """
    return qr(data)


def svd(
    a: Any,
    full_matrices: bool = False,
    compute_uv: bool = True,
    hermitian: bool = False,
    *,
    coerce_signs: bool = True,
) -> Any:
    """
    Decompose a matrix into singular vectors and values.

    Parameters
    ----------
    a : array_like
        A matrix, or a stack of matrices.
    full_matrices : bool, default False
        Whether there are as many singular vectors as rows and columns, rather than as many as there
        are singular values; one task for each matrix then. As in Dask, it is not the default, since
        those of a tall matrix would not fit into memory.
    compute_uv : bool, default True
        Whether the vectors are wanted, too.
    hermitian : bool, default False
        Whether the matrices are hermitian, which is faster; one task for each matrix then.
    coerce_signs : bool, default True
        Whether each vector has the sign that makes the sum of its elements positive: of those on
        the shorter side.

    Returns
    -------
    SVDResult, or Array
        ``U``, ``S`` (in descending order) and ``Vh``. A tall or wide matrix is decomposed as in
        `qr`, and the triangle in one task.

    Raises
    ------
    numpy.linalg.LinAlgError
        If it is no matrix; when computed, if it does not converge.

    Examples
    --------
    >>> u, s, v = mc.array.linalg.svd(mc.array.ones((8, 2)))
    >>> s.compute().round(6)
    array([4., 0.])
    """
    core = matrices(a)
    if not compute_uv:
        return _wrap(decompositions.singular_values(core, hermitian))
    if core.ndim == 2 and not full_matrices and not hermitian and min(core.shape):
        return SVDResult(*map(_wrap, decompositions.thin_svd(core, coerce_signs)))
    length, width = core.shape[-2:]
    inner = min(length, width)
    dtype = core.dtype
    made = by_matrix(
        partial(np.linalg.svd, full_matrices=full_matrices, hermitian=hermitian),
        [core],
        [
            (dtype, (length, length if full_matrices else inner)),
            (real_dtype(dtype), (inner,)),
            (dtype, (width if full_matrices else inner, width)),
        ],
        "svd",
    )
    return SVDResult(*map(_wrap, made))


def svdvals(x: Any, /) -> Array:
    """
    Compute singular values.

    Parameters
    ----------
    x : array_like
        A matrix, or a stack of matrices.

    Returns
    -------
    Array
        In descending order.

    Examples
    --------
    >>> mc.array.linalg.svdvals([[3.0, 0.0], [0.0, 4.0]]).compute()
    array([4., 3.])
    """
    return _wrap(decompositions.singular_values(matrices(x)))


def svd_compressed(
    a: Any,
    k: int,
    iterator: str = "power",
    n_power_iter: int = 0,
    n_oversamples: int = 10,
    seed: Any = None,
    compute: bool = False,
    coerce_signs: bool = True,
) -> Any:
    """
    Find the largest singular values and their vectors, approximately, in a few passes.

    The matrix is multiplied with random vectors, whose products span nearly what its first singular
    vectors span (N. Halko, P.-G. Martinsson, J. A. Tropp, 2011).

    Parameters
    ----------
    a : array_like
        A matrix.
    k : int
        How many singular values are wanted.
    iterator : {"power", "QR"}, default "power"
        How it is multiplied again: as it is, or made orthonormal in between, which is slower and
        loses fewer digits.
    n_power_iter : int, default 0
        How many times more the matrix and its transpose are multiplied: each makes it more exact,
        and reads the matrix twice.
    n_oversamples : int, default 10
        How many more random vectors than `k`.
    seed : int or numpy.random.Generator, optional
        What the random vectors depend on.
    compute : bool, default False
        Whether to compute the products now, so that a matrix that is expensive to make is not made
        again for each pass.
    coerce_signs : bool, default True
        As in `svd`.

    Returns
    -------
    SVDResult
        ``U``, ``S`` and ``Vh`` of the first `k`.

    Examples
    --------
    >>> x = np.outer(np.arange(50.0), np.ones(20))
    >>> u, s, v = mc.array.linalg.svd_compressed(x, 1, seed=0)
    >>> bool(np.isclose(s.compute()[0], np.linalg.norm(x)))
    True
    """
    if iterator not in ("power", "QR"):
        raise ValueError(f"Iterator '{iterator}' not valid, must be one of ['power', 'QR']")
    core = matrices(a)
    if core.ndim != 2:
        raise ValueError(f"the array must be a matrix, and it has {core.ndim} axes")
    length, width = core.shape
    count = min(operator.index(k) + n_oversamples, length, width)
    random = seed if hasattr(seed, "standard_normal") else np.random.default_rng(seed)
    vectors = random.standard_normal((width, count)).astype(real_dtype(core.dtype))
    back = decompositions.adjoint(core)
    spanned = product(core, cast(_core.Array.from_numpy(vectors), core.dtype))
    for _ in range(n_power_iter):
        if iterator == "QR":
            spanned, _r = decompositions.reduced_qr(_known(spanned, compute))
            spanned, _r = decompositions.reduced_qr(_known(product(back, spanned), compute))
        else:
            spanned = product(back, _known(spanned, compute))
        spanned = product(core, _known(spanned, compute))
    q, _r = decompositions.reduced_qr(_known(spanned, compute))
    compressed = _known(product(decompositions.adjoint(q), core), compute)
    u, s, v = decompositions.thin_svd(compressed, coerce_signs)
    u = product(q, decompositions.columns(u, 0, min(k, count)))
    s = _tiles.part(s, ((0, min(k, count)),))
    return SVDResult(_wrap(u), _wrap(s), _wrap(decompositions.rows(v, 0, min(k, count))))


def _known(core: Any, compute: bool) -> Any:
    """Compute an expression now, if that is wanted."""
    return _core.Array.from_numpy(_core.compute_arrays([core])[0]) if compute else core


def lu(a: Any) -> tuple[Array, Array, Array]:
    """
    Decompose a matrix into triangles, with partial pivoting: ``a = p @ l @ u``.

    Parameters
    ----------
    a : array_like
        A matrix.

    Returns
    -------
    p, l, u : Array
        A permutation, a lower triangle with ones in its diagonal, an upper triangle. Panels of
        whole columns are decomposed one after the other, and what is right of them in blocks.

    Raises
    ------
    numpy.linalg.LinAlgError
        If it is no matrix.

    Examples
    --------
    >>> p, l, u = mc.array.linalg.lu([[1.0, 2.0], [4.0, 4.0]])
    >>> (p @ l @ u).compute()
    array([[1., 2.],
           [4., 4.]])
    """
    core = matrices(a)
    if core.ndim != 2:
        raise LinAlgError(f"{core.ndim}-dimensional array given. Array must be two-dimensional")
    order, lower, upper = decompositions.lu_parts(core)
    size = core.shape[0]
    numbers = _core.Array.iota((size, 1), 0)
    places = cast(order.axes([None, 0]), np.dtype(np.int64))
    is_one = _core.Array.map("equal", [numbers, places], np.dtype(bool))
    return _wrap(cast(is_one, core.dtype)), _wrap(lower), _wrap(upper)


def cholesky(a: Any, /, *, upper: bool = False) -> Array:
    """
    Decompose a positive definite matrix into a triangle and its adjoint.

    Parameters
    ----------
    a : array_like
        A hermitian matrix, or a stack of them. Only the lower triangle is read; the upper one if
        `upper`.
    upper : bool, default False
        Whether the triangle is the upper one: ``a = u.conj().T @ u``.

    Returns
    -------
    Array
        By tiles: one on the diagonal, those below it, then all that is right of them.

    Raises
    ------
    numpy.linalg.LinAlgError
        If the matrix is not square; when computed, if it is not positive definite.

    Examples
    --------
    >>> mc.array.linalg.cholesky([[4.0, 2.0], [2.0, 5.0]]).compute()
    array([[2., 0.],
           [1., 2.]])
    """
    core = square_matrices(a)
    if core.ndim > 2:
        function = partial(np.linalg.cholesky, upper=upper)
        (result,) = by_matrix(function, [core], [(core.dtype, core.shape[-2:])], "cholesky")
        return _wrap(result)
    if not upper:
        return _wrap(decompositions.cholesky_lower(core))
    lower = decompositions.cholesky_lower(decompositions.adjoint(core))
    return _wrap(decompositions.adjoint(lower))


def eigh(a: Any, UPLO: str = "L") -> Any:  # noqa: N803
    """
    Find eigenvalues and eigenvectors of a hermitian matrix, in one task for each matrix.

    Parameters
    ----------
    a : array_like
        A matrix, or a stack of matrices.
    UPLO : {"L", "U"}, default "L"
        The triangle that is read.

    Returns
    -------
    EighResult
        Eigenvalues in ascending order, and eigenvectors as columns.

    Examples
    --------
    >>> mc.array.linalg.eigh([[2.0, 0.0], [0.0, 1.0]]).eigenvalues.compute()
    array([1., 2.])
    """
    core, triangle = square_matrices(a), _triangle(UPLO)
    made = [(real_dtype(core.dtype), core.shape[-1:]), (core.dtype, core.shape[-2:])]
    function = partial(np.linalg.eigh, UPLO=triangle)
    return EighResult(*map(_wrap, by_matrix(function, [core], made, "eigh")))


def eigvalsh(a: Any, UPLO: str = "L") -> Array:  # noqa: N803
    """
    Find the eigenvalues of a hermitian matrix, in one task for each matrix.

    Parameters
    ----------
    a : array_like
        A matrix, or a stack of matrices.
    UPLO : {"L", "U"}, default "L"
        The triangle that is read.

    Returns
    -------
    Array
        In ascending order.

    Examples
    --------
    >>> mc.array.linalg.eigvalsh([[2.0, 0.0], [0.0, 1.0]]).compute()
    array([1., 2.])
    """
    core, triangle = square_matrices(a), _triangle(UPLO)
    function = partial(np.linalg.eigvalsh, UPLO=triangle)
    made = [(real_dtype(core.dtype), core.shape[-1:])]
    return _wrap(by_matrix(function, [core], made, "eigvalsh")[0])


def _triangle(name: str) -> str:
    if name.upper() not in ("L", "U"):
        raise ValueError("UPLO argument must be 'L' or 'U'")
    return name.upper()


def eig(a: Any) -> Any:
    """
    Find eigenvalues and eigenvectors, in one task for each matrix.

    Parameters
    ----------
    a : array_like
        A matrix, or a stack of matrices.

    Returns
    -------
    EigResult
        Eigenvalues, and eigenvectors as columns: always complex, since before they are computed
        nobody knows whether they are real.

    Examples
    --------
    >>> mc.array.linalg.eig([[2.0, 0.0], [0.0, 1.0]]).eigenvalues.compute()
    array([2.+0.j, 1.+0.j])
    """
    core = square_matrices(a)
    dtype = np.result_type(core.dtype, np.complex64)

    def block(matrix: np.ndarray[Any, Any]) -> Any:
        values, vectors = np.linalg.eig(matrix)
        return values.astype(dtype, copy=False), vectors.astype(dtype, copy=False)

    made = [(dtype, core.shape[-1:]), (dtype, core.shape[-2:])]
    return EigResult(*map(_wrap, by_matrix(block, [core], made, "eig")))


def eigvals(a: Any) -> Array:
    """
    Find eigenvalues, in one task for each matrix.

    Parameters
    ----------
    a : array_like
        A matrix, or a stack of matrices.

    Returns
    -------
    Array
        Always complex: see `eig`.

    Examples
    --------
    >>> mc.array.linalg.eigvals([[2.0, 0.0], [0.0, 1.0]]).compute()
    array([2.+0.j, 1.+0.j])
    """
    core = square_matrices(a)
    dtype = np.result_type(core.dtype, np.complex64)

    def block(matrix: np.ndarray[Any, Any]) -> Any:
        return np.linalg.eigvals(matrix).astype(dtype, copy=False)

    return _wrap(by_matrix(block, [core], [(dtype, core.shape[-1:])], "eigvals")[0])


# ---------------------------------------------------------------- systems of equations


def solve(a: Any, b: Any, assume_a: str = "gen") -> Array:
    """
    Solve ``a @ x = b``.

    Parameters
    ----------
    a : array_like
        A square matrix, or a stack of them.
    b : array_like
        A vector; or a matrix, or a stack of matrices, of right-hand sides.
    assume_a : {"gen", "pos"}, default "gen"
        ``"pos"``: `a` is hermitian and positive definite, which takes half the work.

    Returns
    -------
    Array
        A large matrix is decomposed by `lu` or `cholesky`; of a stack each is one task.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square; when computed, if it is singular.
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> mc.array.linalg.solve([[2.0, 0.0], [0.0, 4.0]], [1.0, 1.0]).compute()
    array([0.5 , 0.25])
    """
    if assume_a not in ("gen", "pos"):
        raise ValueError(f"assume_a must be 'gen' or 'pos', not {assume_a!r}")
    left, right, is_vector = _system(a, b)
    if left.ndim == 2:
        if is_small(left) and assume_a == "gen":
            result = _solve_whole(left, right)
        elif assume_a == "pos":
            lower = decompositions.cholesky_lower(left)
            half = decompositions.solve_triangle(lower, right, lower=True)
            result = decompositions.solve_triangle(decompositions.adjoint(lower), half, lower=False)
        else:
            result = _solve_lu(left, right)
    else:
        made = [(left.dtype, right.shape[-2:])]
        (result,) = by_matrix(np.linalg.solve, [left, right], made, "solve")
    if is_vector:
        result = result.axes(list(range(result.ndim - 1)))
    return _wrap(result)


def _system(a: Any, b: Any) -> tuple[Any, Any, bool]:
    """Bring both sides to one type and stack; tell whether the right one is a vector."""
    left, right = square_matrices(a), asarray(b)._core
    dtype = common_dtype(left.dtype, right.dtype)
    left, right = cast(left, dtype), cast(right, dtype)
    gufunc = "solve1" if right.ndim == 1 else "solve"
    if not right.ndim:
        raise ValueError(
            "solve: Input operand 1 does not have enough dimensions (has 0, gufunc core with "
            "signature (m,m),(m,n)->(m,n) requires 2)"
        )
    is_vector = right.ndim == 1
    if is_vector:
        right = right.axes([0, None])
    if right.shape[-2] != left.shape[-1]:
        raise ValueError(
            f"{gufunc}: Input operand 1 has a mismatch in its core dimension 0, with gufunc "
            f"signature (m,m),({'m' if is_vector else 'm,n'})->({'m' if is_vector else 'm,n'}) "
            f"(size {right.shape[-2]} is different from {left.shape[-1]})"
        )
    if left.shape[:-2] != right.shape[:-2]:
        stack = broadcast_shapes([left.shape[:-2], right.shape[:-2]])
        left = left.broadcast_to((*stack, *left.shape[-2:]))
        right = right.broadcast_to((*stack, *right.shape[-2:]))
    return left, right, is_vector


def _solve_whole(a: Any, b: Any) -> Any:
    """Solve with a small matrix; right-hand sides go by blocks."""
    size = b.shape[0]
    most = max(_tiles.task_bytes() // (4 * max(size, 1) * b.dtype.itemsize), 1)
    parts = _tiles.regroup(b.chunks[1], most)
    regions = [((0, size), span) for span in _tiles.ranges(parts)]
    made = [(b.dtype, ((size,), parts))]
    whole = one_core(np.linalg.solve)
    (x,) = _core.Array.blocks(whole, [a, b], ["all", regions], made, "solve")
    return x


def _solve_lu(a: Any, b: Any) -> Any:
    size = a.shape[0]
    order, lower, upper = decompositions.lu_parts(a)
    parts = _tiles.regroup(b.chunks[1], decompositions.panel_width(size, b.dtype.itemsize))
    regions = [((0, size), span) for span in _tiles.ranges(parts)]
    made = [(b.dtype, ((size,), parts))]
    (right,) = _core.Array.blocks(_reordered, [b, order], [regions, "all"], made, "take")
    half = decompositions.solve_triangle(lower, right, lower=True, unit=True)
    return decompositions.solve_triangle(upper, half, lower=False)


def _reordered(block: Any, order: Any) -> Any:
    return block[order]


def solve_triangular(a: Any, b: Any, lower: bool = False) -> Array:
    """
    Solve ``a @ x = b`` for a triangular matrix, by substitution, block by block.

    Parameters
    ----------
    a : array_like
        A square matrix; of the other triangle nothing is read but what shares a block.
    b : array_like
        A vector, or a matrix of right-hand sides.
    lower : bool, default False
        Whether `a` is a lower triangle.

    Returns
    -------
    Array

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square; when computed, if an element of its diagonal is zero.
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> mc.array.linalg.solve_triangular([[2.0, 1.0], [0.0, 4.0]], [4.0, 4.0]).compute()
    array([1.5, 1. ])
    """
    left, right, is_vector = _system(a, b)
    if left.ndim > 2:
        function = np.vectorize(
            partial(_triangular, lower), signature="(m,m),(m,n)->(m,n)", otypes=[left.dtype]
        )
        (result,) = by_matrix(function, [left, right], [(left.dtype, right.shape[-2:])], "solve")
    else:
        result = decompositions.solve_triangle(left, right, lower)
    return _wrap(result.axes(list(range(result.ndim - 1))) if is_vector else result)


def _triangular(lower: bool, a: Any, b: Any) -> Any:
    return _dense.solve_triangular(a, b, lower)


def lstsq(a: Any, b: Any, rcond: float | None = None) -> tuple[Array, Array, Array, Array]:
    """
    Find the least-squares solution of ``a @ x = b``, through QR.

    Parameters
    ----------
    a : array_like
        A matrix.
    b : array_like
        A vector, or a matrix of right-hand sides.
    rcond : float, optional
        Singular values of less than this part of the largest count as zero; by default rounding
        times the longer side of `a`.

    Returns
    -------
    x : Array
        The solution; the shortest one if there are several.
    residuals : Array
        The sums of the squares of what is left, for each right-hand side; empty if `a` has no more
        rows than columns. Unlike NumPy's they are there if `a` is of a lower rank, too, since that
        is not known before it is computed.
    rank : Array
        The rank of `a`, without axes.
    s : Array
        Its singular values.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is no matrix, or the shapes do not fit.

    Examples
    --------
    >>> x, residuals, rank, s = mc.array.linalg.lstsq([[1.0], [1.0], [1.0]], [1.0, 2.0, 3.0])
    >>> mc.array.compute(x, residuals, rank)
    (array([2.]), array([2.]), np.int64(1))
    """
    left, right = asarray(a)._core, asarray(b)._core
    is_vector = right.ndim == 1
    if is_vector:
        right = right.axes([0, None])
    for core in (left, right):
        if core.ndim != 2:
            raise LinAlgError(f"{core.ndim}-dimensional array given. Array must be two-dimensional")
    length, width = left.shape
    if length != right.shape[0]:
        raise LinAlgError("Incompatible dimensions")
    dtype = common_dtype(left.dtype, right.dtype)
    left, right = cast(left, dtype), cast(right, dtype)
    if rcond is None:
        rcond = float(np.finfo(np.float64).eps) * max(length, width)
    small, reduced, q = left, right, None
    if not is_small(left):
        if length >= width:
            levels_q, small = decompositions.reduced_qr(left)
            reduced = product(decompositions.adjoint(levels_q), right)
        else:
            q, r = decompositions.reduced_qr(decompositions.adjoint(left))
            small = decompositions.adjoint(r)
    made = [
        (dtype, (small.shape[1], right.shape[1])),
        (np.dtype(np.int64), ()),
        (real_dtype(dtype), (min(length, width),)),
    ]
    # All outputs have one chunk.
    x, rank, s = one_task(partial(_least_squares, rcond), [small, reduced], made, "lstsq")
    if q is not None:
        x = product(q, x)
    if length > width:
        rest = decompositions.minus_product(right, left, x)
        residuals = _sum_of_squares(rest)
    else:
        residuals = decompositions.zeros((0,), real_dtype(dtype))
    solution = x.axes([0]) if is_vector else x
    return _wrap(solution), _wrap(residuals), _wrap(rank), _wrap(s)


def _sum_of_squares(core: Any) -> Any:
    squared = norm(_wrap(core), axis=0)
    return elementwise(np.square, squared)._core


def _least_squares(rcond: float, a: Any, b: Any) -> tuple[Any, Any, Any]:
    x, _, rank, s = np.linalg.lstsq(a, b, rcond)
    return x, np.asarray(rank, np.int64), s


def inv(a: Any) -> Array:
    """
    Invert a matrix.

    Parameters
    ----------
    a : array_like
        A square matrix, or a stack of them.

    Returns
    -------
    Array
        A large one is decomposed by `lu`; of a stack each is one task.

    Raises
    ------
    numpy.linalg.LinAlgError
        If it is not square; when computed, if it is singular.

    Examples
    --------
    >>> mc.array.linalg.inv([[2.0, 0.0], [0.0, 4.0]]).compute()
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """
    core = square_matrices(a)
    if core.ndim == 2 and not is_small(core):
        return _wrap(
            _solve_lu(core, decompositions.identity(core.shape[0], core.shape[1], core.dtype))
        )
    made = [(core.dtype, core.shape[-2:])]
    return _wrap(by_matrix(np.linalg.inv, [core], made, "inv")[0])


def pinv(a: Any, rcond: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Array:
    """
    Compute the Moore-Penrose inverse, through singular values.

    Parameters
    ----------
    a : array_like
        A matrix, or a stack of matrices.
    rcond, rtol : float or array_like, optional
        Singular values of less than this part of the largest count as zero; by default rounding
        times the longer side of the matrix.
    hermitian : bool, default False
        As in `svd`.

    Returns
    -------
    Array

    Examples
    --------
    >>> mc.array.linalg.pinv([[2.0, 0.0], [0.0, 0.0]]).compute()
    array([[0.5, 0. ],
           [0. , 0. ]])
    """
    if rcond is not None and rtol is not None:
        raise ValueError("`rtol` and `rcond` can't be both set.")
    core = matrices(a)
    length, width = core.shape[-2:]
    if not min(length, width):
        return _wrap(decompositions.zeros((*core.shape[:-2], width, length), core.dtype))
    if rcond is None:
        rcond = rtol
    if rcond is None:
        rcond = max(length, width) * np.finfo(core.dtype).eps
    u, s, vh = (each._core for each in svd(_wrap(core), hermitian=hermitian))
    limit = np.asarray(rcond, s.dtype)
    limits = _core.Array.from_numpy(limit[..., np.newaxis])
    scaled = by_matrix(_reciprocals, [s, limits.broadcast_to((*s.shape[:-1], 1))],
                       [(s.dtype, s.shape[-1:])], "pinv", inner=[1, 1])[0]  # fmt: skip
    last = s.ndim
    scaled = cast(scaled.axes([*range(last), None]), core.dtype)
    back = [elementwise(np.conjugate, matrix_transpose(_wrap(each))) for each in (vh, u)]
    return matmul(back[0], elementwise(np.multiply, _wrap(scaled), back[1]))  # type: ignore[no-any-return]


def _reciprocals(s: Any, limits: Any) -> Any:
    """Divide 1 by what isn't zero but for rounding."""
    is_there = s > limits * s.max(axis=-1, keepdims=True)
    return np.divide(1, s, where=is_there, out=np.zeros_like(s))


def slogdet(a: Any) -> Any:
    """
    Compute the sign of the determinant, and the logarithm of its absolute value.

    Parameters
    ----------
    a : array_like
        A square matrix, or a stack of them.

    Returns
    -------
    SlogdetResult
        A large matrix is decomposed by `lu`; of a stack each is one task.

    Raises
    ------
    numpy.linalg.LinAlgError
        If it is not square.

    Examples
    --------
    >>> sign, logarithm = mc.array.linalg.slogdet([[1.0, 0.0], [0.0, -1.0]])
    >>> mc.array.compute(sign, logarithm)
    (np.float64(-1.0), np.float64(0.0))
    """
    core = square_matrices(a)
    made = [(core.dtype, ()), (real_dtype(core.dtype), ())]
    if core.ndim == 2 and not is_small(core):
        order, _, upper = decompositions.lu_parts(core)
        inputs = [order, _products.diagonal_of(upper, 0, 1)]
        return SlogdetResult(*map(_wrap, one_task(_slogdet_of_lu, inputs, made, "slogdet")))
    return SlogdetResult(*map(_wrap, by_matrix(_slogdet, [core], made, "slogdet")))


def _slogdet(a: Any) -> tuple[Any, Any]:
    sign, logarithm = np.linalg.slogdet(a)
    return np.asarray(sign), np.asarray(logarithm)


def _slogdet_of_lu(order: Any, diagonal: Any) -> tuple[Any, Any]:
    with np.errstate(divide="ignore", invalid="ignore"):
        size = abs(diagonal)
        logarithm = np.log(size).sum()
        is_singular = not size.all()
        sign = 0 if is_singular else np.prod(diagonal / size) * _parity(order)
    return np.asarray(sign, diagonal.dtype), np.asarray(logarithm, size.dtype)


def _parity(order: Any) -> int:
    """Tell whether an order is an even number of exchanges, as 1 or -1."""
    order = order.copy()
    sign = 1
    for place in range(len(order)):
        while order[place] != place:
            other = order[place]
            order[place], order[other] = order[other], other
            sign = -sign
    return sign


def det(a: Any) -> Array:
    """
    Compute the determinant.

    Parameters
    ----------
    a : array_like
        A square matrix, or a stack of them.

    Returns
    -------
    Array
        A large matrix is decomposed by `lu`; of a stack each is one task.

    Raises
    ------
    numpy.linalg.LinAlgError
        If it is not square.

    Examples
    --------
    >>> mc.array.linalg.det([[2.0, 0.0], [0.0, 4.0]]).compute().round(6)
    np.float64(8.0)
    """
    core = square_matrices(a)
    if core.ndim == 2 and not is_small(core):
        sign, logarithm = slogdet(_wrap(core))
        size = cast(elementwise(np.exp, logarithm)._core, core.dtype)
        return elementwise(np.multiply, sign, _wrap(size))  # type: ignore[no-any-return]

    def block(matrix: np.ndarray[Any, Any]) -> Any:
        return np.asarray(np.linalg.det(matrix))

    return _wrap(by_matrix(block, [core], [(core.dtype, ())], "det")[0])


def tensorsolve(a: Any, b: Any, axes: Sequence[int] | None = None) -> Array:
    """
    Solve ``tensordot(a, x, x.ndim) = b``.

    Parameters
    ----------
    a, b : array_like
        The coefficients, and the right-hand side.
    axes : sequence of int, optional
        Axes of `a` that go to its end first.

    Returns
    -------
    Array

    Examples
    --------
    >>> mc.array.linalg.tensorsolve(2 * np.eye(4).reshape(2, 2, 4), np.ones((2, 2))).compute()
    array([0.5, 0.5, 0.5, 0.5])
    """
    left, right = asarray(a)._core, asarray(b)._core
    if axes is not None:
        order = list(range(left.ndim))
        for axis in axes:
            order.remove(axis)
            order.append(axis)
        left = left.axes(order)
    shape = left.shape[right.ndim :]
    size = math.prod(shape)
    if left.size != size**2:
        raise LinAlgError(
            "Input arrays must satisfy the requirement             "
            "prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])"
        )
    result = solve(_wrap(left.reshape((size, size))), _wrap(right.reshape((right.size,))))
    return _wrap(result._core.reshape(shape))


def tensorinv(a: Any, ind: int = 2) -> Array:
    """
    Invert an array as to `tensordot`.

    Parameters
    ----------
    a : array_like
        The product of the lengths of its first `ind` axes is that of the others'.
    ind : int, default 2
        How many axes go to the end.

    Returns
    -------
    Array

    Examples
    --------
    >>> mc.array.linalg.tensorinv(2 * np.eye(4).reshape(2, 2, 4), ind=2).shape
    (4, 2, 2)
    """
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    core = asarray(a)._core
    size = math.prod(core.shape[ind:])
    inverse = inv(_wrap(core.reshape((size, core.size // max(size, 1)))))
    return _wrap(inverse._core.reshape((*core.shape[ind:], *core.shape[:ind])))


# ---------------------------------------------------------------- products


def multi_dot(arrays: Sequence[Any], *, out: Any = None) -> Any:
    """
    Multiply several matrices in the order that takes the least work.

    Parameters
    ----------
    arrays : sequence of array_like
        At least two; the first and the last may be vectors.
    out : Array or numpy.ndarray, optional
        What gets the result.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If there are fewer than two.

    Examples
    --------
    >>> mc.array.linalg.multi_dot([[[1, 2]], [[3], [4]], [[5]]]).compute()
    array([[55]])
    """
    if len(arrays) < 2:
        raise ValueError("Expecting at least two arrays.")
    given = [asarray(each) for each in arrays]
    for place, each in enumerate(given):
        if each.ndim != 2 and (each.ndim != 1 or place not in (0, len(given) - 1)):
            raise LinAlgError(f"{each.ndim}-dimensional array given. Array must be two-dimensional")
    sides = [1 if given[0].ndim == 1 else given[0].shape[0]]
    sides += [each.shape[0] for each in given[1:]]
    sides.append(1 if given[-1].ndim == 1 else given[-1].shape[1])
    result = _multiply_chain(given, sides)
    return result if out is None else _write(None, result._core, out)


def _multiply_chain(given: list[Array], sides: list[int]) -> Array:
    """Multiply in the best order, found for short chains first (Cormen et al., 15.2)."""
    count = len(given)
    cost: dict[tuple[int, int], int] = {(place, place): 0 for place in range(count)}
    cut: dict[tuple[int, int], int] = {}
    for length in range(1, count):
        for first in range(count - length):
            last = first + length
            cost[first, last], cut[first, last] = min(
                (
                    cost[first, middle]
                    + cost[middle + 1, last]
                    + sides[first] * sides[middle + 1] * sides[last + 1],
                    middle,
                )
                for middle in range(first, last)
            )

    def multiplied(first: int, last: int) -> Array:
        if first == last:
            return given[first]
        middle = cut[first, last]
        left, right = multiplied(first, middle), multiplied(middle + 1, last)
        return _products.dot(left, right)  # type: ignore[no-any-return]

    return multiplied(0, count - 1)


def matrix_power(a: Any, n: int) -> Array:
    """
    Multiply a matrix with itself, or its inverse.

    Parameters
    ----------
    a : array_like
        A square matrix, or a stack of them.
    n : int
        How often; if it is negative, the inverse is.

    Returns
    -------
    Array

    Raises
    ------
    numpy.linalg.LinAlgError
        If it is not square.
    TypeError
        If `n` is no integer.

    Examples
    --------
    >>> mc.array.linalg.matrix_power([[1, 1], [0, 1]], 5).compute()
    array([[1, 5],
           [0, 1]])
    """
    array = asarray(a)
    if array.ndim < 2:
        square_matrices(array)
    if array.shape[-1] != array.shape[-2]:
        raise LinAlgError("Last 2 dimensions of the array must be square")
    try:
        times = operator.index(n)
    except TypeError as error:
        raise TypeError("exponent must be an integer") from error
    if times == 0:
        one = decompositions.identity(array.shape[-2], array.shape[-1], array.dtype)
        return _wrap(one.broadcast_to(array.shape))
    if times < 0:
        array, times = inv(array), -times
    power, result = array, None
    while True:
        times, is_odd = divmod(times, 2)
        if is_odd:
            result = power if result is None else matmul(result, power)
        if not times:
            assert result is not None
            return result
        power = matmul(power, power)


def outer(x1: Any, x2: Any, /) -> Array:
    """
    Multiply each element of a vector with each of another.

    Parameters
    ----------
    x1, x2 : array_like
        Vectors.

    Returns
    -------
    Array
        A matrix.

    Raises
    ------
    ValueError
        If they are no vectors.

    Examples
    --------
    >>> mc.array.linalg.outer([1, 2], [3, 4]).compute()
    array([[3, 4],
           [6, 8]])
    """
    a, b = asarray(x1), asarray(x2)
    if a.ndim != 1 or b.ndim != 1:
        raise ValueError(
            "Input arrays must be one-dimensional, but they are "
            f"x1.ndim={a.ndim} and x2.ndim={b.ndim}."
        )
    return _products.outer(a, b)


def cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Array:
    """
    Multiply vectors of three dimensions so that the result stands upright on both.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays of vectors; the other axes broadcast.
    axis : int, default -1
        Where the vectors lie.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If they have not three dimensions.

    Examples
    --------
    >>> mc.array.linalg.cross([1, 0, 0], [0, 1, 0]).compute()
    array([0, 0, 1])
    """
    a, b = asarray(x1), asarray(x2)
    if a.ndim and b.ndim and (a.shape[axis] != 3 or b.shape[axis] != 3):
        raise ValueError(
            "Both input arrays must be (arrays of) 3-dimensional vectors, "
            f"but they are {a.shape[axis]} and {b.shape[axis]} dimensional instead."
        )
    return _products.cross(a, b, axis=axis)


def diagonal(x: Any, /, *, offset: int = 0) -> Array:
    """
    Take the diagonals of the matrices in the last two axes.

    Parameters
    ----------
    x : array_like
        Of at least two axes.
    offset : int, default 0
        How far to the right of the main diagonal; below it, if negative.

    Returns
    -------
    Array
        The diagonals lie in the last axis.

    Raises
    ------
    ValueError
        If there are fewer than two axes.

    Examples
    --------
    >>> mc.array.linalg.diagonal([[1, 2], [3, 4]], offset=1).compute()
    array([2])
    """
    core = asarray(x)._core
    if core.ndim < 2:
        raise ValueError("diag requires an array of at least two dimensions")
    return _wrap(_products.diagonal_of(core, core.ndim - 2, core.ndim - 1, operator.index(offset)))


def trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Array:
    """
    Sum the diagonals of the matrices in the last two axes.

    Parameters
    ----------
    x : array_like
        Of at least two axes.
    offset : int, default 0
        As in `diagonal`.
    dtype : dtype, optional
        The type that is summed in, and the result's.

    Returns
    -------
    Array

    Examples
    --------
    >>> mc.array.linalg.trace([[1, 2], [3, 4]]).compute()
    np.int64(5)
    """
    core = diagonal(x, offset=offset)._core
    made = np.dtype(dtype) if dtype is not None else np.empty(0, core.dtype).sum().dtype
    return _wrap(cast(core, made).reduce("add", [core.ndim - 1], made))
