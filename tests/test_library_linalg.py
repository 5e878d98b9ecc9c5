"""NumPy's linear algebra: compiled as NumPy has it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from test_library_shapes import compiled, numbers

pytest.importorskip("llvmlite")


def close(got: Any, wanted: Any) -> None:
    """Fail unless both are nearly equal in value, and equal in dtype and shape."""
    if isinstance(wanted, tuple):
        assert len(got) == len(wanted)
        for one, two in zip(got, wanted, strict=True):
            close(one, two)
        return
    wanted = np.asarray(wanted)
    if isinstance(got, np.ndarray):
        assert got.dtype == wanted.dtype
        assert got.shape == wanted.shape
    tolerance = 2e-4 if wanted.dtype in (np.float32, np.complex64) else 1e-9
    np.testing.assert_allclose(got, wanted, rtol=tolerance, atol=tolerance)


def check(expression: str, **given: Any) -> None:
    """Fail unless an expression is compiled as NumPy has it."""
    fast, slow = compiled(expression, ", ".join(given))
    close(fast(**given), slow(**given))


def matrix(dtype: str, *shape: int, seed: int = 0) -> np.ndarray:
    """Random numbers of a floating-point type."""
    random = np.random.default_rng([seed, *shape])
    values = random.standard_normal(shape)
    if dtype.startswith("complex"):
        return (values + 1j * random.standard_normal(shape)).astype(dtype)
    return values.astype(dtype)


def positive(dtype: str, size: int) -> np.ndarray:
    """A positive definite matrix."""
    a = matrix(dtype, size, size)
    result: np.ndarray = (a @ a.conj().T + size * np.eye(size)).astype(dtype)
    return result


PRODUCTS = [
    ("np.matmul(a, b)", (3,), (3,)),
    ("a @ b", (3,), (3, 4)),
    ("a @ b", (2, 3), (3,)),
    ("a @ b", (2, 3), (3, 4)),
    ("a.T @ b[::-1]", (3, 2), (3, 4)),
    ("np.dot(a, b)", (2, 3), (3, 4)),
    ("a.dot(b)", (3,), (3, 2)),
    ("np.matmul(a, b)", (2, 2, 3), (2, 3, 4)),
    ("np.matmul(a, b)", (2, 2, 3), (3, 4)),
    ("np.matmul(a, b)", (2, 3), (4, 3, 2)),
    ("np.matmul(a, b)", (2, 2, 3), (3,)),
    ("np.matmul(a, b)", (2, 0), (0, 3)),
    ("np.outer(a, b)", (3,), (2,)),
    ("np.outer(a, b)", (2, 2), (3,)),
    ("np.inner(a, b)", (3,), (3,)),
    ("np.inner(a, b)", (2, 3), (4, 3)),
    ("np.inner(a, b)", (2, 3), (3,)),
    ("np.kron(a, b)", (2, 3), (3, 2)),
    ("np.kron(a, b)", (2,), (3,)),
    ("np.tensordot(a, b)", (2, 3, 4), (3, 4, 2)),
    ("np.tensordot(a, b, 1)", (2, 3), (3, 4)),
    ("np.tensordot(a, b, 0)", (2,), (3,)),
    ("np.tensordot(a, b, axes=(0, 1))", (3, 2), (4, 3)),
    ("np.tensordot(a, b, axes=([1], [0]))", (2, 3), (3, 4)),
    ("np.tensordot(a, b, axes=([0, 2], [-1, 0]))", (2, 3, 4), (4, 3, 2)),
    ("np.tensordot(a, b, axes=((2, 1), (0, 1)))", (2, 3, 4), (4, 3)),
    ("np.kron(a, b)", (2, 3), (4,)),
    ("np.kron(a, b)", (2,), (2, 1, 3)),
    ("np.cross(a, b)", (3,), (3,)),
    ("np.cross(a, b)", (2, 3), (2, 3)),
]


@pytest.mark.parametrize(
    "types",
    [("float64", "float64"), ("int32", "int64"), ("float32", "float32"), ("complex128", "float64")],
)
@pytest.mark.parametrize(("expression", "one", "two"), PRODUCTS)
def test_products(
    expression: str, one: tuple[int, ...], two: tuple[int, ...], types: tuple[str, str]
) -> None:
    check(expression, a=numbers(types[0], *one), b=numbers(types[1], *two))


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "complex128"])
@pytest.mark.parametrize(
    ("expression", "shape"),
    [
        ("np.linalg.norm(a)", (5,)),
        ("np.linalg.norm(a)", (3, 4)),
        ("np.linalg.norm(a)", (0,)),
        ("np.linalg.norm(a, 1)", (5,)),
        ("np.linalg.norm(a, 2)", (5,)),
        ("np.linalg.norm(a, 3)", (5,)),
        ("np.linalg.norm(a, 0)", (5,)),
        ("np.linalg.norm(a, np.inf)", (5,)),
        ("np.linalg.norm(a, -np.inf)", (5,)),
        ("np.linalg.norm(a, 'fro')", (3, 4)),
        ("np.linalg.norm(a, 1)", (3, 4)),
        ("np.linalg.norm(a, np.inf)", (3, 4)),
        ("np.linalg.norm(a, axis=1)", (3, 4)),
        ("np.linalg.norm(a, axis=-1, keepdims=True)", (3, 4)),
        ("np.linalg.norm(a, 1, axis=0)", (3, 4)),
    ],
)
def test_norms(expression: str, shape: tuple[int, ...], dtype: str) -> None:
    check(expression, a=numbers(dtype, *shape))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    "expression",
    [
        *("np.linalg.det(a)", "np.linalg.inv(a)", "np.linalg.solve(a, b)", "np.linalg.slogdet(a)"),
        *("np.linalg.solve(a, b[:, 0])", "np.linalg.cholesky(a)", "np.linalg.eigvalsh(a)"),
        *("np.linalg.svd(b, compute_uv=False)", "np.linalg.pinv(b)", "np.linalg.pinv(b.T)"),
        *("np.linalg.matrix_rank(a)", "np.linalg.matrix_rank(b @ b.T)", "np.linalg.cond(b)"),
        *("np.linalg.matrix_power(a, 3)", "np.linalg.matrix_power(a, -2)"),
        *("np.linalg.matrix_power(a, 0)", "np.linalg.multi_dot([a, b, b.T])"),
        *("np.linalg.norm(b, 2)", "np.linalg.norm(b, -2)", "np.linalg.norm(b, 'nuc')"),
        *(
            "np.linalg.lstsq(a, b, None)",
            "np.linalg.lstsq(b, a, None)",
            "np.linalg.lstsq(b.T, b.T, None)",
        ),
        "np.linalg.lstsq(b, a[0], None)",
    ],
)
def test_of_matrices(expression: str, dtype: str) -> None:
    check(expression, a=positive(dtype, 5), b=matrix(dtype, 5, 3))


@pytest.mark.parametrize(
    "expression", ["np.linalg.inv(a)", "np.linalg.solve(a, b)", "np.linalg.cholesky(a)", "a @ b"]
)
def test_of_complex_matrices(expression: str) -> None:
    check(expression, a=positive("complex128", 4), b=matrix("complex128", 4, 2))


def test_of_integer_matrices() -> None:
    a = np.array([[4, 1, 0], [1, 5, 2], [0, 2, 6]])
    for expression in (
        *(
            "np.linalg.det(a)",
            "np.linalg.inv(a)",
            "np.linalg.solve(a, a[0])",
            "np.linalg.cholesky(a)",
        ),
        *("np.linalg.matrix_power(a, 5)", "np.linalg.eigvalsh(a)", "np.linalg.matrix_rank(a * 0)"),
    ):
        check(expression, a=a)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("shape", [(4, 4), (5, 3), (3, 5)])
@pytest.mark.parametrize("full", [False, True])
def test_svd(shape: tuple[int, int], dtype: str, full: bool) -> None:
    a = matrix(dtype, *shape)
    fast, slow = compiled(f"np.linalg.svd(a, {full})", "a")
    (u, s, vt), wanted = fast(a), slow(a)
    assert [one.shape for one in (u, s, vt)] == [one.shape for one in wanted]
    assert all(one.dtype == dtype for one in (u, s, vt))
    close(s, wanted[1])
    k = len(s)
    close(((u[:, :k] * s) @ vt[:k]).astype(dtype), a)
    close(u.T @ u, np.eye(u.shape[1], dtype=dtype))
    close(vt @ vt.T, np.eye(vt.shape[0], dtype=dtype))


@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128"])
@pytest.mark.parametrize("shape", [(4, 4), (5, 3), (3, 5)])
def test_qr(shape: tuple[int, int], dtype: str) -> None:
    a = matrix(dtype, *shape)
    fast, slow = compiled("np.linalg.qr(a)", "a")
    (q, r), wanted = fast(a), slow(a)
    assert (q.shape, r.shape) == (wanted[0].shape, wanted[1].shape)
    close(q @ r, a)
    close(q.conj().T @ q, np.eye(q.shape[1], dtype=dtype))
    close(r, np.triu(r))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_eigh(dtype: str) -> None:
    a = positive(dtype, 5)
    # NumPy reads the lower triangle only.
    given = np.tril(a)
    fast, slow = compiled("np.linalg.eigh(a)", "a")
    values, vectors = fast(given)
    close(values, slow(given)[0])
    close(a @ vectors, vectors * values)
    close(vectors.T @ vectors, np.eye(5, dtype=dtype))


@pytest.mark.parametrize(
    ("expression", "error", "text"),
    [
        ("np.linalg.inv(a)", np.linalg.LinAlgError, "must be square"),
        ("np.linalg.det(a)", np.linalg.LinAlgError, "must be square"),
        ("np.linalg.inv(a[:, :2] * 0)", np.linalg.LinAlgError, "Singular matrix"),
        ("np.linalg.solve(a[:, :2] * 0, a)", np.linalg.LinAlgError, "Singular matrix"),
        ("np.linalg.solve(np.eye(3), a)", ValueError, "mismatch in its core dimension"),
        (
            "np.linalg.cholesky(-np.eye(2) * a[0, 1])",
            np.linalg.LinAlgError,
            "not positive definite",
        ),
        (
            "np.linalg.lstsq(a, np.ones((3, 1)), None)",
            np.linalg.LinAlgError,
            "Incompatible dimensions",
        ),
        ("np.matmul(a, a)", ValueError, "mismatch in its core dimension"),
        ("np.linalg.matrix_power(a, 2)", np.linalg.LinAlgError, "must be square"),
    ],
)
def test_wrong_arguments(expression: str, error: type[Exception], text: str) -> None:
    fast, slow = compiled(expression, "a")
    for function in (fast, slow):
        with pytest.raises(error, match=text):
            function(np.arange(6.0).reshape(2, 3))


@pytest.mark.parametrize(
    "expression",
    [
        *("np.linalg.inv(a)", "np.linalg.det(a)", "np.linalg.solve(a, a[::-1])"),
        *("np.linalg.cholesky(a)", "np.linalg.eigh(a)[0]", "np.linalg.solve(a, a[0])"),
        *("np.linalg.cond(a[0], 1)", "np.linalg.cond(a[0], 'fro')", "np.linalg.cond(a[0], -2)"),
        *("np.linalg.vector_norm(a)", "np.linalg.vector_norm(a, axis=1)"),
        *("np.linalg.matrix_norm(a[0])", "np.linalg.svdvals(a[0])", "np.linalg.trace(a[0])"),
        "np.linalg.qr(a[0][:, :2], 'complete')[0].shape",
    ],
)
def test_stacks_and_other_names(expression: str) -> None:
    check(expression, a=np.stack([positive("float64", 3) + i for i in range(3)]))


def test_a_determinant_of_complex_numbers() -> None:
    check("np.linalg.det(a)", a=matrix("complex128", 4, 4))
    check("np.linalg.det(a)", a=np.zeros((3, 3), np.complex64))
