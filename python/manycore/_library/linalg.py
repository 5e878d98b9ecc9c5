"""Linear algebra: products of arrays, and what the Rust kernels do with matrices."""

# ruff: noqa: B905, D401, N803, RET503, SIM103, SIM108
# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel


def matmul(a, b):
    a = np.asarray(a)
    b = np.asarray(b)
    if a.ndim == 0 or b.ndim == 0:
        kernel.fail("matmul of a number: use *")
    if a.ndim == 1 and b.ndim == 1:
        return np.dot(a, b)
    if a.ndim == 1:
        return np.matmul(a[None], b)[..., 0, :]
    if b.ndim == 1:
        return np.matmul(a, b[:, None])[..., 0]
    kind = kernel.promote(a.dtype, b.dtype)
    if a.shape[-1] != b.shape[-2]:
        raise ValueError(
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
            f" (n?,k),(k,m?)->(n?,m?) (size {b.shape[-2]} is different from {a.shape[-1]})"
        )
    if a.ndim == 2 and b.ndim == 2:
        result = np.zeros((a.shape[0], b.shape[1]), kind)
        if kernel.is_float(kind) or kernel.is_complex(kind):
            kernel.matmul(np.asarray(a, kind), np.asarray(b, kind), result)
        else:
            for i in range(a.shape[0]):
                for k in range(a.shape[1]):
                    factor = kind(a[i, k])
                    for j in range(b.shape[1]):
                        result[i, j] += factor * kind(b[k, j])
        return result
    if a.ndim == b.ndim:
        if a.shape[:-2] != b.shape[:-2]:
            raise ValueError("matmul: stacks of matrices must be of one shape in compiled code")
        result = np.empty((*a.shape[:-1], b.shape[-1]), kind)
        for place in np.ndindex(a.shape[:-2]):
            result[place] = np.matmul(a[place], b[place])
        return result
    if b.ndim == 2:
        result = np.empty((*a.shape[:-1], b.shape[-1]), kind)
        for place in np.ndindex(a.shape[:-2]):
            result[place] = np.matmul(a[place], b)
        return result
    if a.ndim == 2:
        result = np.empty((*b.shape[:-2], a.shape[0], b.shape[-1]), kind)
        for place in np.ndindex(b.shape[:-2]):
            result[place] = np.matmul(a, b[place])
        return result
    kernel.fail("matmul of stacks of matrices with different numbers of dimensions")


def outer(a, b):
    return np.asarray(np.ravel(np.asarray(a))[:, None] * np.ravel(np.asarray(b)))


def vdot(a, b):
    return np.dot(np.conj(np.asarray(a).ravel()), np.asarray(b).ravel())


def inner(a, b):
    a = np.asarray(a)
    b = np.asarray(b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    if b.ndim == 1:
        return np.dot(a, b)
    return np.dot(a, np.swapaxes(b, -1, -2))


def kron(a, b):
    a = np.asarray(a)
    b = np.asarray(b)
    if a.ndim < b.ndim:
        return np.kron(a[None], b)
    if a.ndim > b.ndim:
        return np.kron(a, b[None])
    ones = (1,) * a.ndim
    spread = a.reshape(in_turn(a.shape, ones)) * b.reshape(in_turn(ones, b.shape))
    return spread.reshape([i * k for i, k in zip(a.shape, b.shape)])


def in_turn(one, two):
    """The items of two tuples, one of each at a time."""
    if len(one) == 0:
        return ()
    return (one[0], two[0], *in_turn(one[1:], two[1:]))


def size_of(shape):
    size = 1
    for count in shape:
        size *= count
    return size


def tensordot(a, b, axes=2):
    a = np.asarray(a)
    b = np.asarray(b)
    if kernel.is_tuple(axes):
        return tensordot_along(a, b, axes[0], axes[1])
    if axes == 0:
        return np.outer(a, b).reshape((*a.shape, *b.shape))
    rest = [*a.shape[: a.ndim - axes], *b.shape[axes:]]
    size = size_of(b.shape[:axes])
    if a.shape[a.ndim - axes :] != b.shape[:axes]:
        raise ValueError("shape-mismatch for sum")
    rows = a.reshape((size_of(a.shape[: a.ndim - axes]), size))
    product = np.dot(rows, b.reshape((size, size_of(b.shape[axes:]))))
    if len(rest) == 0:
        return product[0, 0]
    return product.reshape(rest)


def tensordot_along(a, b, one, two):
    if kernel.is_tuple(one):
        first = np.transpose(a, (*others_than(one, 0, a.ndim), *from_front(one, a.ndim)))
        second = np.transpose(b, (*from_front(two, b.ndim), *others_than(two, 0, b.ndim)))
        return np.tensordot(first, second, len(one))
    return np.tensordot(np.moveaxis(a, one, -1), np.moveaxis(b, two, 0), 1)


def from_front(axes, ndim):
    """Axes counted from the first."""
    if len(axes) == 0:
        return ()
    return (axes[0] if axes[0] >= 0 else axes[0] + ndim, *from_front(axes[1:], ndim))


def stands_in(numbers, one):
    if len(numbers) == 0:
        return False
    if numbers[0] == one:
        return True
    return stands_in(numbers[1:], one)


def others_than(axes, i, ndim):
    """The axes from one on that are not among some."""
    if i == ndim:
        return ()
    if stands_in(from_front(axes, ndim), i):
        return others_than(axes, i + 1, ndim)
    return (i, *others_than(axes, i + 1, ndim))


def linalg_norm(x, ord=None, axis=None, keepdims=False):
    x = np.asarray(x)
    kind = kernel.floating(x.dtype)
    size = np.abs(np.asarray(x, kind))
    if ord is None and axis is None:
        return np.sqrt(np.sum(size * size))
    if axis is None and x.ndim == 2:
        if ord == "fro":
            return np.sqrt(np.sum(size * size))
        if ord == 1:
            return np.max(np.sum(size, axis=0))
        if ord == -1:
            return np.min(np.sum(size, axis=0))
        if ord == np.inf:
            return np.max(np.sum(size, axis=1))
        if ord == -np.inf:
            return np.min(np.sum(size, axis=1))
        if not kernel.is_complex(kind):
            if ord == "nuc":
                return np.sum(np.linalg.svd(x, compute_uv=False))
            if ord == 2:
                return np.max(np.linalg.svd(x, compute_uv=False))
            if ord == -2:
                return np.min(np.linalg.svd(x, compute_uv=False))
        raise ValueError("Invalid norm order for matrices.")
    if ord is None or ord == 2:
        return np.sqrt(np.sum(size * size, axis=axis, keepdims=keepdims))
    if ord == np.inf:
        return np.max(size, axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return np.min(size, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum((size != 0).astype(size.dtype), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(size, axis=axis, keepdims=keepdims)
    return np.sum(size ** kind(ord), axis=axis, keepdims=keepdims) ** (kind(1) / kind(ord))


def of_matrices(function, a):
    """Call a function that makes a matrix of a matrix for each of a stack."""
    first = function(a[(0,) * (a.ndim - 2)])
    results = np.empty((*a.shape[:-2], *first.shape), first.dtype)
    for place in np.ndindex(a.shape[:-2]):
        results[place] = function(a[place])
    return results


def square_matrix(a):
    """A copy of a square matrix, in C order, of a floating-point type."""
    a = np.asarray(a)
    if a.ndim != 2:
        kernel.fail("linear algebra of an array that is not of 2 dimensions")
    if a.shape[0] != a.shape[1]:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")
    return np.array(a, kernel.floating(a.dtype))


def linalg_det(a):
    a = np.asarray(a)
    if a.ndim > 2:
        results = np.empty(a.shape[:-2], kernel.floating(a.dtype))
        for place in np.ndindex(a.shape[:-2]):
            results[place] = np.linalg.det(a[place])
        return results
    matrix = square_matrix(a)
    if kernel.is_complex(matrix.dtype):
        return eliminated(matrix)
    return matrix.dtype.type(kernel.determinant(matrix))


def eliminated(matrix):
    """The determinant of a matrix, which is overwritten: the product of the pivots."""
    result = matrix.dtype.type(1)
    for k in range(matrix.shape[0]):
        pivot = k + np.argmax(np.abs(matrix[k:, k]))
        if matrix[pivot, k] == 0:
            return matrix.dtype.type(0)
        if pivot != k:
            row = matrix[k].copy()
            matrix[k] = matrix[pivot]
            matrix[pivot] = row
            result = -result
        result *= matrix[k, k]
        for i in range(k + 1, matrix.shape[0]):
            matrix[i, k:] -= matrix[i, k] / matrix[k, k] * matrix[k, k:]
    return result


def linalg_slogdet(a):
    _, r = np.linalg.qr(square_matrix(a))
    found = np.linalg.det(a)
    return np.sign(found), np.sum(np.log(np.abs(np.diagonal(r))))


def linalg_inv(a):
    a = np.asarray(a)
    if a.ndim > 2:
        return of_matrices(np.linalg.inv, a)
    matrix = square_matrix(a)
    result = np.empty(matrix.shape, matrix.dtype)
    if kernel.inverse(matrix, result) != 0:
        raise np.linalg.LinAlgError("Singular matrix")
    return result


def linalg_solve(a, b):
    a = np.asarray(a)
    b = np.asarray(b)
    if a.ndim > 2:
        if b.ndim == 1 or (b.ndim > 2 and b.shape[:-2] != a.shape[:-2]):
            raise ValueError("solve: stacks must be of one shape in compiled code")
        columns = np.broadcast_to(b, (*a.shape[:-2], *b.shape[-2:]))
        results = np.empty(columns.shape, kernel.floating(kernel.promote(a.dtype, b.dtype)))
        for place in np.ndindex(a.shape[:-2]):
            results[place] = np.linalg.solve(a[place], columns[place])
        return results
    if b.ndim == 1:
        return np.linalg.solve(a, b[:, None])[:, 0].copy()
    matrix = square_matrix(a)
    kind = kernel.floating(kernel.promote(a.dtype, b.dtype))
    if b.shape[0] != a.shape[0]:
        raise ValueError(
            "solve: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
            f" (m,m),(m,n)->(m,n) (size {b.shape[0]} is different from {a.shape[0]})"
        )
    result = np.empty(b.shape, kind)
    if kernel.solve(np.asarray(matrix, kind), np.array(b, kind), result) != 0:
        raise np.linalg.LinAlgError("Singular matrix")
    return result


def linalg_cholesky(a):
    a = np.asarray(a)
    if a.ndim > 2:
        return of_matrices(np.linalg.cholesky, a)
    matrix = square_matrix(a)
    result = np.zeros(matrix.shape, matrix.dtype)
    if kernel.cholesky(matrix, result) != 0:
        raise np.linalg.LinAlgError("Matrix is not positive definite")
    return result


def linalg_eigh(a, UPLO="L"):
    a = np.asarray(a)
    if a.ndim > 2:
        all_values = np.empty(a.shape[:-1], kernel.floating(a.dtype))
        all_vectors = np.empty(a.shape, kernel.floating(a.dtype))
        for place in np.ndindex(a.shape[:-2]):
            all_values[place], all_vectors[place] = np.linalg.eigh(a[place], UPLO)
        return all_values, all_vectors
    matrix = square_matrix(a)
    if kernel.is_complex(matrix.dtype):
        kernel.fail("eigenvalues of a complex matrix")
    # Only one triangle counts.
    for i in range(matrix.shape[0]):
        for j in range(i):
            if UPLO == "L":
                matrix[j, i] = matrix[i, j]
            else:
                matrix[i, j] = matrix[j, i]
    values = np.empty(matrix.shape[0], matrix.dtype)
    vectors = np.empty(matrix.shape, matrix.dtype)
    if kernel.eigh(matrix, values, vectors) != 0:
        raise np.linalg.LinAlgError("Eigenvalues did not converge")
    return values, vectors


def linalg_eigvalsh(a, UPLO="L"):
    values, _ = np.linalg.eigh(a, UPLO)
    return values


def linalg_svd(a, full_matrices=True, compute_uv=True):
    if not compute_uv:
        _, values, _ = np.linalg.svd(a, False)
        return values
    a = np.asarray(a)
    if a.ndim != 2:
        kernel.fail("linear algebra of an array that is not of 2 dimensions")
    matrix = np.array(a, kernel.floating(a.dtype))
    if kernel.is_complex(matrix.dtype):
        kernel.fail("the singular values of a complex matrix")
    m, n = matrix.shape
    k = min(m, n)
    u = np.empty((m, k), matrix.dtype)
    s = np.empty(k, matrix.dtype)
    vt = np.empty((k, n), matrix.dtype)
    if kernel.svd(matrix, u, s, vt) != 0:
        raise np.linalg.LinAlgError("SVD did not converge")
    if full_matrices:
        return completed(u), s, np.swapaxes(completed(np.swapaxes(vt, 0, 1)), 0, 1).copy()
    return u, s, vt


def completed(u):
    """The orthonormal columns, and more of them until they are a basis."""
    n, k = u.shape
    result = np.zeros((n, n), u.dtype)
    result[:, :k] = u
    for j in range(k, n):
        best = result[:, j].copy()
        size = u.dtype.type(-1)
        # What remains of the axis that is least spanned is long enough to have an exact direction.
        for i in range(n):
            left = 1 - np.sum(result[i, :j] ** 2)
            if left > size:
                size = left
                best[:] = 0
                best[i] = 1
        for _ in range(2):
            for i in range(j):
                best -= result[:, i] * np.sum(result[:, i] * best)
        result[:, j] = best / np.sqrt(np.sum(best * best))
    return result


def linalg_qr(a, mode="reduced"):
    a = np.asarray(a)
    if a.ndim != 2:
        kernel.fail("linear algebra of an array that is not of 2 dimensions")
    matrix = np.array(a, kernel.floating(a.dtype))
    m, n = matrix.shape
    k = min(m, n)
    q = np.zeros((m, k), matrix.dtype)
    r = np.zeros((k, n), matrix.dtype)
    kernel.qr(matrix, q, r)
    if mode == "r":
        return r
    if mode == "complete":
        below = np.zeros((m, n), r.dtype)
        below[:k] = r
        return completed(q), below
    if mode != "reduced":
        kernel.fail("qr() of another mode than 'reduced', 'complete' and 'r'")
    return q, r


def inverses(s, least):
    """The inverses of singular values, zeros of those that count as zeros."""
    result = np.zeros(s.size, s.dtype)
    for i in range(s.size):
        if s[i] > least:
            result[i] = 1 / s[i]
    return result


def linalg_pinv(a, rcond=None):
    u, s, vt = np.linalg.svd(a, False)
    most = s[0] if s.size > 0 else s.dtype.type(0)
    if rcond is None:
        least = most * max(u.shape[0], vt.shape[1]) * epsilon(s.dtype)
    else:
        least = most * rcond
    return np.dot(np.swapaxes(vt, 0, 1) * inverses(s, least), np.swapaxes(u, 0, 1))


def epsilon(kind):
    """The distance from 1 to the next number of a type."""
    return np.nextafter(kind(1), kind(2)) - kind(1)


def linalg_matrix_rank(A, tol=None):
    u, s, vt = np.linalg.svd(A, False)
    most = s[0] if s.size > 0 else s.dtype.type(0)
    if tol is None:
        return np.sum(s > most * max(u.shape[0], vt.shape[1]) * epsilon(s.dtype))
    return np.sum(s > tol)


def linalg_lstsq(a, b, rcond=None):
    a = np.asarray(a)
    b = np.asarray(b)
    if b.ndim == 1:
        x, residuals, rank, s = np.linalg.lstsq(a, b[:, None], rcond)
        return x[:, 0].copy(), residuals, rank, s
    if a.shape[0] != b.shape[0]:
        raise np.linalg.LinAlgError("Incompatible dimensions")
    u, s, vt = np.linalg.svd(a, False)
    most = s[0] if s.size > 0 else s.dtype.type(0)
    if rcond is None:
        least = most * max(a.shape[0], a.shape[1]) * epsilon(s.dtype)
    else:
        least = most * rcond
    rank = np.sum(s > least)
    part = np.dot(np.swapaxes(u, 0, 1), b) * inverses(s, least)[:, None]
    x = np.dot(np.swapaxes(vt, 0, 1), part)
    errors = np.abs(b - np.dot(a, x))
    residuals = np.sum(errors * errors, axis=0)
    if rank < a.shape[1] or a.shape[0] <= a.shape[1]:
        return x, residuals[:0], rank, s
    return x, residuals, rank, s


def linalg_cond(x, p=None):
    if p is not None and p != 2 and p != -2:
        return np.linalg.norm(x, p) * np.linalg.norm(np.linalg.inv(x), p)
    s = np.linalg.svd(x, compute_uv=False)
    if p is not None and p == -2:
        return s[s.size - 1] / s[0]
    return s[0] / s[s.size - 1]


def linalg_matrix_power(a, n):
    a = np.asarray(a)
    if a.shape[0] != a.shape[1]:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")
    if kernel.is_integer(a.dtype):
        if n < 0:
            raise TypeError("exponent must not be negative: the inverse is not of integers")
        power = a.copy()
    else:
        power = np.linalg.inv(a) if n < 0 else a.copy()
    result = np.eye(a.shape[0], dtype=a.dtype)
    left = abs(n)
    while left > 0:
        if left % 2 == 1:
            result = np.matmul(result, power)
        left //= 2
        if left > 0:
            power = np.matmul(power, power)
    return result


def linalg_multi_dot(arrays):
    if len(arrays) == 1:
        return arrays[0]
    return np.linalg.multi_dot((np.dot(arrays[0], arrays[1]), *arrays[2:]))


def linalg_outer(x1, x2):
    return np.outer(x1, x2)


def linalg_cross(x1, x2):
    return np.cross(x1, x2)


def linalg_matmul(x1, x2):
    return np.matmul(x1, x2)


def linalg_trace(x, offset=0):
    return np.trace(x, offset)


def linalg_diagonal(x, offset=0):
    return np.diagonal(x, offset)


def linalg_tensordot(x1, x2, axes=2):
    return np.tensordot(x1, x2, axes)


def linalg_svdvals(x):
    return np.linalg.svd(x, compute_uv=False)


def linalg_vector_norm(x, axis=None, keepdims=False, ord=2):
    if axis is None and not keepdims:
        return np.linalg.norm(np.asarray(x).ravel(), ord)
    return np.linalg.norm(x, ord, axis, keepdims)


def linalg_matrix_norm(x, ord="fro"):
    return np.linalg.norm(x, ord)
