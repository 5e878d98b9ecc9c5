"""NumPy's functions of places in arrays, and what pads them: compiled as NumPy has them."""

from __future__ import annotations

import numpy as np
import pytest

from test_library_shapes import check, compiled, numbers

pytest.importorskip("llvmlite")


@pytest.mark.parametrize("dtype", ["float64", "int32", "complex128"])
@pytest.mark.parametrize("mode", ["constant", "edge", "wrap", "reflect", "symmetric"])
@pytest.mark.parametrize(
    ("shape", "widths"),
    [
        *(((5,), "2"), ((5,), "(1, 2)"), ((5,), "((0, 3),)"), ((3,), "8"), ((1,), "4")),
        *(((3, 4), "1"), ((3, 4), "((1, 2), (0, 3))"), ((3, 4), "(2, 1)"), ((3, 4), "0")),
        ((2, 3, 4), "((0, 0), (1, 1), (2, 1))"),
    ],
)
def test_padding(shape: tuple[int, ...], widths: str, mode: str, dtype: str) -> None:
    check(f"np.pad(a, {widths}, {mode!r})", a=numbers(dtype, *shape))


@pytest.mark.parametrize(
    "expression",
    [
        *("np.pad(a, 1)", "np.pad(a, 1, mode='constant')", "np.pad(a, 2, constant_values=7)"),
        *("np.pad(a, 1, constant_values=(5, 6))", "np.pad(a, 1, 'constant', constant_values=-1)"),
        "np.pad(a, 1, constant_values=((1, 2), (3, 4)))",
        "np.pad(a, n)",
    ],
)
def test_padding_with_constants(expression: str) -> None:
    given = {"n": 2} if "n)" in expression[-3:] else {}
    check(expression, a=numbers("int64", 3, 4), **given)


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        ("np.pad(a, -1)", "negative"),
        ("np.pad(a[:0], 1, 'edge')", "empty axis"),
    ],
)
def test_padding_that_can_not_be(expression: str, error: str) -> None:
    fast, slow = compiled(expression, "a")
    for f in (fast, slow):
        with pytest.raises(ValueError, match=error):
            f(numbers("float64", 3, 4))


@pytest.mark.parametrize(
    "expression",
    [
        *("np.tril_indices(4)", "np.tril_indices(4, -1)", "np.tril_indices(3, 1, 5)"),
        *("np.triu_indices(4)", "np.triu_indices(4, k=1)", "np.triu_indices(5, -1, 3)"),
        *("np.tril_indices_from(a)", "np.triu_indices_from(a, 1)", "a[np.triu_indices(4, 1)]"),
        *("np.diag_indices(3)", "np.diag_indices(3, 3)", "np.diag_indices_from(a)"),
        *("np.ix_(k, k[:2])", "np.ix_(k > 1, k)", "np.ix_(k, k, k[1:])", "np.ix_(k)"),
        *("a[np.ix_(k, k[:2])]", "a[np.ix_([0, 2], [1, 3])]"),
        *("np.unravel_index(7, (3, 4))", "np.unravel_index(np.argmax(a), a.shape)"),
        *(
            "np.unravel_index(k, (2, 2, 2))",
            "np.unravel_index(3, 9)",
            "a[np.unravel_index(k, (4, 4))]",
        ),
        *("np.ravel_multi_index((1, 2), (3, 4))", "np.ravel_multi_index((k, k), a.shape)"),
        *("np.lexsort((k % 2, k))", "np.lexsort((a[0], k))", "np.lexsort(a)"),
        "np.sort(a[0][np.argpartition(a[0], 2)[:2]])",
    ],
)
def test_places(expression: str) -> None:
    given = {"a": numbers("int64", 4, 4), "k": np.array([3, 0, 2, 1])}
    used = {name: one for name, one in given.items() if f"{name}" in expression.replace("_ma", "")}
    check(expression, **used)


@pytest.mark.parametrize(
    "expression",
    [
        *("np.unravel_index(12, (3, 4))", "np.unravel_index(-1, (3, 4))"),
        *("np.ravel_multi_index((3, 0), (3, 4))", "np.ravel_multi_index((k, k), (3, 4))"),
        *("np.unravel_index(k, (3, 4))",),
    ],
)
def test_places_that_are_not_there(expression: str) -> None:
    for f in compiled(expression, "k"):
        with pytest.raises(ValueError, match=r"out of bounds|invalid entry"):
            f(np.array([1, 12]))


@pytest.mark.parametrize(
    "expression",
    [
        *("np.meshgrid(x, y, sparse=True)", "np.meshgrid(x, y, indexing='ij', sparse=True)"),
        "np.meshgrid(x, y, x, sparse=True)",
    ],
)
def test_open_grids(expression: str) -> None:
    check(expression, x=numbers("float64", 3), y=numbers("float64", 4))


def test_copyto() -> None:
    fast, slow = compiled("(np.copyto(a, b), np.copyto(a, 2, where=m), a)[2]", "a, b, m")
    given = numbers("float64", 4, 3), numbers("int64", 3), numbers("bool", 4, 3)
    np.testing.assert_array_equal(fast(*given), slow(given[0].copy(), *given[1:]))
