"""
Matrices in memory: what the blocks of larger ones need.

What NumPy does not have halves a matrix until it is small, so that nearly all work is products.
"""

from __future__ import annotations

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Matrix = np.ndarray[Any, Any]

# Matrices of as many columns are no longer halved.
_SMALL = 32


def qr(a: Matrix) -> tuple[Matrix, Matrix]:
    """Decompose into orthonormal columns and an upper triangle."""
    return np.linalg.qr(a)


def triangle_of_qr(a: Matrix) -> Matrix:
    """Make the upper triangle only."""
    triangle: Any = np.linalg.qr(a, mode="r")
    return triangle  # type: ignore[no-any-return]


def svd(a: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Decompose into singular vectors and values; no more vectors than values."""
    return np.linalg.svd(a, full_matrices=False)


def reflectors(a: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """
    Decompose by Householder's reflections, as products of which their blocks are applied.

    Returns
    -------
    tuple
        ``v``, ``t`` and ``r``, such that ``(I - v @ t @ v.conj().T) @ [r; 0]`` is ``a``
        (R. Schreiber and C. Van Loan, 1989).
    """
    h, tau = np.linalg.qr(a, mode="raw")
    work = h.T
    columns = len(tau)
    v = np.tril(work[:, :columns], -1)
    np.fill_diagonal(v, 1)
    v[:, tau == 0] = 0
    # t is the inverse of a triangle: of the products of the vectors, with 1 / tau as the diagonal.
    inverse = np.triu(v.conj().T @ v, 1)
    np.fill_diagonal(inverse, 1 / np.where(tau == 0, 1, tau))
    t = solve_triangular(inverse, np.eye(columns, dtype=v.dtype), lower=False)
    return v, t, np.triu(work[:columns])


def lu(a: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """
    Decompose a matrix into triangles, with partial pivoting.

    Returns
    -------
    tuple
        The order of the rows, and the lower and the upper triangle of the rows in that order.

    Examples
    --------
    >>> order, lower, upper = lu(np.array([[1.0, 2.0], [4.0, 4.0]]))
    >>> order, lower @ upper
    (array([1, 0]), array([[4., 4.], [1., 2.]]))
    """
    work = np.array(a)
    order = np.arange(len(work))
    _decompose(work, order)
    inner = min(work.shape)
    lower = np.tril(work[:, :inner], -1)
    np.fill_diagonal(lower, 1)
    return order, lower, np.triu(work[:inner])


def _decompose(work: Matrix, order: Matrix) -> None:
    """Put both triangles into the place of a matrix, and reorder ``order`` as its rows."""
    columns = min(work.shape)
    if columns <= _SMALL:
        for k in range(columns):
            pivot = k + int(np.argmax(_size(work[k:, k])))
            if pivot != k:
                work[[k, pivot]] = work[[pivot, k]]
                order[[k, pivot]] = order[[pivot, k]]
            if work[k, k] != 0:
                work[k + 1 :, k] /= work[k, k]
                work[k + 1 :, k + 1 :] -= work[k + 1 :, k, np.newaxis] * work[k, k + 1 :]
        return
    half = columns // 2
    first = np.arange(len(work))
    _decompose(work[:, :half], first)
    work[:, half:] = work[first, half:]
    order[:] = order[first]
    work[:half, half:] = solve_triangular(work[:half, :half], work[:half, half:], True, True)
    work[half:, half:] -= work[half:, :half] @ work[:half, half:]
    second = np.arange(len(work) - half)
    _decompose(work[half:, half:], second)
    work[half:, :half] = work[half:, :half][second]
    order[half:] = order[half:][second]


def _size(column: Matrix) -> Matrix:
    """Measure elements as LAPACK does for pivots, without a square root."""
    return abs(column.real) + abs(column.imag) if column.dtype.kind == "c" else abs(column)


def solve_triangular(a: Matrix, b: Matrix, lower: bool, unit: bool = False) -> Matrix:
    """
    Solve ``a @ x = b``, where only one triangle of ``a`` is looked at.

    Raises
    ------
    numpy.linalg.LinAlgError
        If an element of the diagonal is zero.

    Examples
    --------
    >>> solve_triangular(np.array([[2.0, 9.0], [2.0, 1.0]]), np.array([[2.0], [3.0]]), lower=True)
    array([[1.], [1.]])
    """
    size = len(a)
    if size <= _SMALL:
        triangle = np.tril(a) if lower else np.triu(a)
        if unit:
            np.fill_diagonal(triangle, 1)
        elif not np.diagonal(triangle).all():
            raise np.linalg.LinAlgError("Singular matrix")
        return _substitute(triangle, b, lower)
    half = size // 2
    first, second = slice(half), slice(half, size)
    if not lower:
        first, second = second, first
    x = np.empty(b.shape, np.result_type(a, b))
    x[first] = solve_triangular(a[first, first], b[first], lower, unit)
    x[second] = solve_triangular(
        a[second, second], b[second] - a[second, first] @ x[first], lower, unit
    )
    return x


def _substitute(triangle: Matrix, b: Matrix, lower: bool) -> Matrix:
    """Substitute row by row: other than by inverting, errors stay as small as the data's."""
    x = np.array(b, np.result_type(triangle, b))
    rows = range(len(x)) if lower else range(len(x) - 1, -1, -1)
    for row in rows:
        known = slice(row) if lower else slice(row + 1, None)
        x[row] -= triangle[row, known] @ x[known]
        x[row] /= triangle[row, row]
    return x
