"""Linear algebra of lazy arrays: NumPy's answers and errors, whole and in blocks."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest
import scipy.linalg

import manycore as mc
from manycore.array import _blas, _decompositions, _dense

ma: Any = mc.array
la = ma.linalg
DTYPES = ["f", "d", "F", "D"]
SHAPES = [(20, 20), (100, 7), (7, 100), (64, 40), (40, 64), (1, 1), (5, 1), (33, 33), (2000, 5)]
SQUARES = [(1, 1), (3, 3), (20, 20), (33, 33), (70, 70)]


@pytest.fixture(params=["whole", "blocks"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Matrices in one task, and in blocks."""
    if request.param == "blocks":
        monkeypatch.setattr(_decompositions, "_SIDE", 5)
        monkeypatch.setattr(_decompositions, "_BLOCK_BYTES", 2000)
        monkeypatch.setattr(_dense, "_SMALL", 4)
    return str(request.param)


def matrix(shape: tuple[int, ...], dtype: str = "d") -> np.ndarray[Any, Any]:
    """Make a matrix, or a stack of them."""
    random = np.random.default_rng([7, *shape])
    values: np.ndarray[Any, Any] = random.normal(size=shape)
    if dtype in "FD":
        values = values + 1j * random.normal(size=shape)
    made: np.ndarray[Any, Any] = values.astype(dtype)
    return made


def positive(size: int, dtype: str = "d") -> np.ndarray[Any, Any]:
    """Make a positive definite matrix."""
    x = matrix((size, size), dtype)
    product: np.ndarray[Any, Any] = x @ x.conj().T + np.eye(size, dtype=dtype)
    return product


def close(found: Any, wanted: Any) -> None:
    """Compare shapes and dtypes, and elements but for rounding."""
    found, wanted = np.asarray(found), np.asarray(wanted)
    assert (found.shape, found.dtype) == (wanted.shape, wanted.dtype)
    tolerance = 2e-3 if wanted.dtype.char in "fF" else 1e-8
    np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance)


def computed(results: Any) -> list[Any]:
    """Compute several arrays, and look whether they are what they said they would be."""
    values = [np.asarray(value) for value in ma.compute(*results)]
    for lazy, value in zip(results, values, strict=True):
        assert (lazy.shape, lazy.dtype) == (value.shape, value.dtype)
    return values


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_qr_gives_orthonormal_columns_and_a_triangle(shape: tuple[int, int], dtype: str) -> None:
    x = matrix(shape, dtype)
    q, r = computed(la.qr(x))
    close(q @ r, x)
    close(q.conj().T @ q, np.eye(min(shape), dtype=dtype))
    np.testing.assert_array_equal(r, np.triu(r))
    close(abs(la.qr(x, mode="r").compute()), abs(r))


def test_qr_of_a_matrix_of_low_rank_is_orthonormal_still() -> None:
    for x in (np.ones((80, 60)), np.zeros((80, 60)), np.ones((300, 7))):
        q, r = computed(la.qr(x))
        close(q @ r, x)
        close(q.T @ q, np.eye(x.shape[1]))


@pytest.mark.parametrize("mode", ["complete", "raw", "r", "reduced"])
@pytest.mark.parametrize("shape", [(6, 3), (3, 6), (2, 3, 4, 3)])
def test_qr_has_numpys_modes(shape: tuple[int, ...], mode: Any) -> None:
    x = matrix(shape)
    wanted: Any = np.linalg.qr(x, mode=mode)
    found = la.qr(x, mode=mode)
    if mode == "r":
        close(abs(found.compute()), abs(wanted))
        return
    for one, other in zip(found, wanted, strict=True):
        close(abs(one.compute()), abs(other))


def test_qr_under_dasks_names() -> None:
    x = matrix((90, 4))
    q, r = computed(la.tsqr(x))
    close(q @ r, x)
    u, s, v = computed(la.tsqr(x, compute_svd=True))
    close((u * s) @ v, x)
    q, r = computed(la.sfqr(x.T))
    close(q @ r, x.T)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_svd_gives_singular_vectors_and_values(shape: tuple[int, int], dtype: str) -> None:
    x = matrix(shape, dtype)
    u, s, v = computed(la.svd(x))
    inner = min(shape)
    close((u * s) @ v, x)
    close(s, np.linalg.svd(x, compute_uv=False))
    close(u.conj().T @ u, np.eye(inner, dtype=dtype))
    close(v @ v.conj().T, np.eye(inner, dtype=dtype))
    close(la.svdvals(x), s)
    sums = v.sum(axis=1) if shape[0] >= shape[1] else u.sum(axis=0)
    assert (sums.real >= 0).all()


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (2, 4, 3), (0, 3), (3, 0)])
def test_svd_of_full_matrices_and_stacks(shape: tuple[int, ...], full: bool) -> None:
    x = matrix(shape)
    wanted = np.linalg.svd(x, full_matrices=full)
    found = la.svd(x, full_matrices=full)
    for one, other in zip(computed(found), wanted, strict=True):
        close(abs(one), abs(other))
    close(la.svd(x, compute_uv=False), wanted[1])


@pytest.mark.parametrize("iterator", ["power", "QR"])
@pytest.mark.parametrize("compute", [False, True])
@pytest.mark.parametrize("dtype", ["f", "D"])
def test_svd_compressed_finds_the_largest(iterator: str, compute: bool, dtype: str) -> None:
    x = matrix((300, 4), dtype) @ matrix((4, 50), dtype)
    u, s, v = computed(
        la.svd_compressed(x, 4, iterator=iterator, n_power_iter=1, seed=1, compute=compute)
    )
    close((u * s) @ v, x)
    close(s, np.linalg.svd(x, compute_uv=False)[:4])
    again = la.svd_compressed(x, 4, iterator=iterator, n_power_iter=1, seed=1).S
    np.testing.assert_array_equal(again.compute(), s)
    with pytest.raises(ValueError, match="Iterator 'none' not valid"):
        la.svd_compressed(x, 4, iterator="none")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [*SHAPES, (0, 3), (3, 0)])
def test_lu_pivots(shape: tuple[int, int], dtype: str) -> None:
    x = matrix(shape, dtype)
    p, lower, upper = computed(la.lu(x))
    close(p @ lower @ upper, x)
    if not x.size:
        return
    wanted = scipy.linalg.lu(x)
    for found, other in zip((p, lower, upper), wanted, strict=True):
        close(found, other.astype(dtype))


def test_lu_of_a_singular_matrix_is_no_error() -> None:
    x = np.ones((40, 40))
    p, lower, upper = computed(la.lu(x))
    close(p @ lower @ upper, x)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SQUARES)
def test_cholesky_is_numpys(shape: tuple[int, int], dtype: str) -> None:
    x = positive(shape[0], dtype)
    close(la.cholesky(x), np.linalg.cholesky(x))
    close(la.cholesky(x, upper=True), np.linalg.cholesky(x, upper=True))
    close(la.cholesky(np.tril(x)), np.linalg.cholesky(x))
    close(la.cholesky(np.triu(x), upper=True), np.linalg.cholesky(x, upper=True))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SQUARES)
def test_systems_of_equations(shape: tuple[int, int], dtype: str) -> None:
    size = shape[0]
    a, b = matrix(shape, dtype), matrix((size, 3), dtype)
    for right in (b, b[:, 0], b[:, :0]):
        close(la.solve(a, right), np.linalg.solve(a, right))
    g = positive(size, dtype)
    close(la.solve(g, b, assume_a="pos"), np.linalg.solve(g, b))
    t = a + 3 * np.sqrt(size) * np.eye(size, dtype=dtype)
    for right in (b, b[:, 0]):
        close(la.solve_triangular(t, right, lower=True), np.linalg.solve(np.tril(t), right))
        close(la.solve_triangular(t, right), np.linalg.solve(np.triu(t), right))
    close(la.inv(t), np.linalg.inv(t))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SQUARES)
def test_determinants(shape: tuple[int, int], dtype: str) -> None:
    a = matrix(shape, dtype) / np.asarray(shape[0] ** 0.5, dtype=dtype)
    close(la.det(a), np.linalg.det(a))
    for found, wanted in zip(la.slogdet(a), np.linalg.slogdet(a), strict=True):
        close(found, wanted)
    singular = np.ones((30, 30), dtype)
    sign, logarithm = computed(la.slogdet(singular))
    assert (sign, logarithm) == (0, -np.inf)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(100, 7), (7, 100), (20, 20), (5, 1), (60, 40)])
def test_least_squares(shape: tuple[int, int], dtype: str) -> None:
    a, b = matrix(shape, dtype), matrix((shape[0], 2), dtype)
    for right in (b, b[:, 0]):
        wanted = np.linalg.lstsq(a, right)
        found = la.lstsq(a, right)
        for one, other in zip(found, wanted, strict=True):
            close(one, np.asarray(other, one.dtype))
    close(la.pinv(a), np.linalg.pinv(a))
    low = a.copy()
    low[:, -1] = low[:, 0]
    assert la.matrix_rank(low).compute() == np.linalg.matrix_rank(low)


def test_stacks_go_by_matrix() -> None:
    x, b = matrix((3, 2, 4, 4)), matrix((2, 4, 5))
    g = x @ x.swapaxes(-1, -2) + np.eye(4)
    close(la.solve(x, b), np.linalg.solve(x, b))
    close(la.solve(x, b[0, :, 0]), np.linalg.solve(x, b[0, :, 0]))
    close(la.inv(x), np.linalg.inv(x))
    close(la.det(x), np.linalg.det(x))
    close(la.cholesky(g), np.linalg.cholesky(g))
    close(la.cholesky(g, upper=True), np.linalg.cholesky(g, upper=True))
    close(la.pinv(x), np.linalg.pinv(x))
    close(la.matrix_rank(x), np.linalg.matrix_rank(x))
    close(la.svdvals(x), np.linalg.svdvals(x))
    close(la.matrix_power(x, 3), np.linalg.matrix_power(x, 3))
    close(la.solve_triangular(g, b, lower=True), np.linalg.solve(np.tril(g), b))
    for one, other in zip(la.slogdet(x), np.linalg.slogdet(x), strict=True):
        close(one, other)
    for p in (None, -2, 1, "fro"):
        close(la.cond(x, p), np.linalg.cond(x, p))


@pytest.mark.parametrize("dtype", DTYPES)
def test_eigenvalues(dtype: str) -> None:
    x, g = matrix((6, 6), dtype), positive(6, dtype)
    triangles: list[Literal["L", "U"]] = ["L", "U"]
    for triangle in triangles:
        values, vectors = computed(la.eigh(g, triangle))
        close(values, np.linalg.eigvalsh(g, triangle))
        close(g @ vectors, vectors * values)
        close(la.eigvalsh(g, triangle), values)
    values, vectors = computed(la.eig(x))
    close(x.astype(values.dtype) @ vectors, vectors * values)
    close(np.sort(la.eigvals(x).compute()), np.sort(np.linalg.eigvals(x).astype(values.dtype)))
    with pytest.raises(ValueError, match="UPLO"):
        la.eigh(g, "X")


@pytest.mark.parametrize("x", [matrix((4, 5)), matrix((5, 4), "F"), np.arange(6).reshape(2, 3)])
@pytest.mark.parametrize("order", [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf, 0, 3, "no"])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1), (1, 0), (0, 0), (0, 1, 0), "x", 5])
@pytest.mark.parametrize("keepdims", [False, True])
def test_norms_are_numpys(x: Any, order: Any, axis: Any, keepdims: bool) -> None:
    try:
        with np.errstate(divide="ignore"):
            wanted = np.linalg.norm(x, order, axis, keepdims)
    except (ValueError, TypeError, IndexError) as error:
        with pytest.raises(type(error)):
            la.norm(x, order, axis, keepdims)
        return
    close(la.norm(x, order, axis, keepdims), wanted)


@pytest.mark.parametrize("order", [1, 2, 3, np.inf, -np.inf, 0, 0.5, -2])
@pytest.mark.parametrize("axis", [None, 0, (0, 2), (-1, 0, 1)])
def test_vectors_norms_are_numpys(order: float, axis: Any) -> None:
    x = matrix((2, 3, 4))
    for keepdims in (False, True):
        options = {"ord": order, "axis": axis, "keepdims": keepdims}
        close(la.vector_norm(x, **options), np.linalg.vector_norm(x, **options))


@pytest.mark.parametrize("order", ["fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf])
def test_matrices_norms_are_numpys(order: Any) -> None:
    x = matrix((2, 3, 4))
    close(la.matrix_norm(x, ord=order), np.linalg.matrix_norm(x, ord=order))
    close(
        la.matrix_norm(x, ord=order, keepdims=True),
        np.linalg.matrix_norm(x, ord=order, keepdims=True),
    )


def test_norms_of_nothing() -> None:
    x = np.ones((0, 3))
    for order in (1, 2, "fro", "nuc", np.inf):
        close(la.norm(x, order), np.linalg.norm(x, order))
    for order in (-1, -2, -np.inf):
        with pytest.raises(ValueError, match="zero-size array to reduction operation minimum"):
            la.norm(x.T, order, axis=(0, 1) if order == -1 else (1, 0))


def test_condition_numbers() -> None:
    for x in (matrix((20, 20)), np.zeros((3, 3)), np.diag([1.0, 0.0])):
        for p in (None, 2, -2, 1, np.inf, "fro"):
            close(la.cond(x, p), np.linalg.cond(x, p))
    close(la.cond(np.array([[np.nan, 1], [1, 2]]), 1), np.nan)
    with pytest.raises(la.LinAlgError, match="empty"):
        la.cond(np.ones((0, 3)))
    with pytest.raises(la.LinAlgError, match="square"):
        la.cond(np.ones((2, 3)), 1)


def test_products_of_chains_and_powers() -> None:
    chain = [matrix((10, 30)), matrix((30, 5)), matrix((5, 60)), matrix((60, 4))]
    close(la.multi_dot(chain), np.linalg.multi_dot(chain))
    ends = [chain[0][0], *chain[1:-1], chain[-1][:, 0]]
    close(la.multi_dot(ends), np.linalg.multi_dot(ends))
    close(la.multi_dot(chain[:2]), chain[0] @ chain[1])
    x = np.array([[1, 2], [3, 5]])
    for n in (0, 1, 2, 3, 7, -1, -3):
        close(la.matrix_power(x, n), np.linalg.matrix_power(x, n))
    with pytest.raises(TypeError, match="exponent must be an integer"):
        la.matrix_power(x, 1.5)
    with pytest.raises(ValueError, match="at least two arrays"):
        la.multi_dot([x])


def test_tensors_are_solved_and_inverted() -> None:
    a, b = matrix((2, 3, 6)), matrix((2, 3))
    close(la.tensorsolve(a, b), np.linalg.tensorsolve(a, b))
    turned = a.transpose(2, 0, 1)
    close(la.tensorsolve(turned, b, (0,)), np.linalg.tensorsolve(turned, b, (0,)))
    a = matrix((6, 2, 3))
    close(la.tensorinv(a, 1), np.linalg.tensorinv(a, 1))
    with pytest.raises(ValueError, match="Invalid ind"):
        la.tensorinv(a, 0)


@pytest.mark.parametrize("offset", [0, 1, -2, 9, -9])
@pytest.mark.parametrize("shape", [(3, 4), (600, 500), (2, 3, 3), (0, 3)])
@pytest.mark.parametrize("dtype", ["i4", "d"])
def test_diagonals_and_traces(shape: tuple[int, ...], dtype: str, offset: int) -> None:
    x = (matrix(shape) * 9).astype(dtype)
    close(la.diagonal(x, offset=offset), np.linalg.diagonal(x, offset=offset))
    close(la.trace(x, offset=offset), np.linalg.trace(x, offset=offset))
    close(la.trace(x, dtype="f4"), np.linalg.trace(x, dtype="f4"))


def test_vectors_products() -> None:
    x, y = matrix((4, 3)), matrix((3,))
    close(la.cross(x, y), np.linalg.cross(x, y))
    close(la.outer(y, y), np.linalg.outer(y, y))
    close(la.vecdot(x, y), np.linalg.vecdot(x, y))
    close(la.matrix_transpose(x), x.T)
    with pytest.raises(ValueError, match="Input arrays must be one-dimensional"):
        la.outer(x, y)
    with pytest.raises(ValueError, match="3-dimensional vectors"):
        la.cross(x[:, :2], y[:2])


ALL = ["qr", "svd", "svdvals", "lu"]
SQUARE = ["cholesky", "eig", "eigh", "eigvals", "eigvalsh", "inv", "det", "slogdet"]


@pytest.mark.parametrize("name", ALL + SQUARE)
def test_shapes_and_types_are_refused_at_once(name: str) -> None:
    function = getattr(la, name)
    with pytest.raises(la.LinAlgError, match="1-dimensional array given"):
        function(np.ones(3))
    with pytest.raises(TypeError, match="array type float16 is unsupported in linalg"):
        function(np.ones((2, 2), "f2"))
    if name in SQUARE:
        with pytest.raises(la.LinAlgError, match="Last 2 dimensions of the array must be square"):
            function(np.ones((2, 3)))


def test_systems_that_do_not_fit_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="mismatch in its core dimension 0"):
        la.solve(np.eye(3), np.ones(4))
    with pytest.raises(ValueError, match="mismatch in its core dimension 0"):
        la.solve_triangular(np.eye(3), np.ones((4, 2)))
    with pytest.raises(la.LinAlgError, match="Incompatible dimensions"):
        la.lstsq(np.ones((3, 2)), np.ones(4))
    with pytest.raises(la.LinAlgError, match="square"):
        la.matrix_power(np.ones((2, 3)), 2)
    with pytest.raises(ValueError, match="Unrecognized mode 'x'"):
        la.qr(np.eye(2), mode="x")


@pytest.mark.parametrize("size", [3, 60])
def test_what_has_no_answer_is_an_error_when_it_is_computed(size: int) -> None:
    singular = np.zeros((size, size))
    for function in (la.solve, la.solve_triangular, lambda a, b: la.inv(a)):
        with pytest.raises(la.LinAlgError, match="Singular matrix"):
            function(singular, np.ones(size)).compute()
    with pytest.raises(la.LinAlgError, match="not positive definite"):
        la.cholesky(np.diag([1.0] * (size - 1) + [-1.0])).compute()


def test_integers_are_computed_as_floats() -> None:
    x = np.array([[2, 1], [1, 3]], "i2")
    close(la.inv(x), np.linalg.inv(x))
    close(la.det(x), np.linalg.det(x))
    close(la.cholesky(x), np.linalg.cholesky(x))
    close(la.svdvals(x), np.linalg.svdvals(x))


def test_a_decomposition_of_a_large_matrix_is_never_whole(way: str) -> None:
    if way == "whole":
        return
    x = ma.asarray(matrix((2000, 5)))
    q, r = la.qr(x)
    assert q.numblocks[0] > 4
    assert r.numblocks == (1, 1)


@pytest.mark.parametrize("size", [1, 4, 5, 31])
def test_dense_decompositions(size: int) -> None:
    for shape in ((size, size), (size + 7, size), (size, size + 7)):
        for dtype in DTYPES:
            x = matrix(shape, dtype)
            order, lower, upper = _dense.lu(x)
            close(lower @ upper, x[order])
            if shape[0] >= size == shape[1]:
                v, t, r = _dense.reflectors(x)
                whole = np.eye(len(v), dtype=dtype) - v @ t @ v.conj().T
                close(whole @ np.vstack([r, np.zeros((len(v) - len(r), size), dtype)]), x)


def test_blas_has_its_threads_again_after_a_task() -> None:
    found = _blas._openblas()
    if found is None:
        pytest.skip("NumPy has another BLAS")
    threads, _ = found
    before = threads()
    assert _blas.one_core(threads)() == 1
    assert threads() == before
    with pytest.raises(la.LinAlgError, match="Singular"):
        la.inv(np.zeros((3, 3))).compute()
    assert threads() == before
