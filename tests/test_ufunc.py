"""Ufuncs of compiled functions, against NumPy's own."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import manycore as mc

SIGNATURES = ["i4(i4, i4)", "i8(i8, i8)", "f4(f4, f4)", "f8(f8, f8)", "c16(c16, c16)"]


def add(x: Any, y: Any) -> Any:
    """Add."""
    return x + y


lazy = mc.vectorize(identity=0)(add)
eager = mc.vectorize(SIGNATURES, identity=0)(add)
parallel = mc.vectorize(target="parallel", identity=0)(add)
all_of_them = pytest.mark.parametrize(
    "ufunc", [lazy, eager, parallel], ids=["lazy", "eager", "parallel"]
)


def test_with_signatures_it_is_a_ufunc() -> None:
    assert isinstance(eager, np.ufunc)
    assert eager.types == ["ii->i", "ll->l", "ff->f", "dd->d", "DD->D"]
    assert (eager.nin, eager.nout, eager.identity, eager.__name__) == (2, 1, 0, "add")
    assert isinstance(lazy.ufunc, np.ufunc)
    assert (lazy.nin, lazy.nout, lazy.identity, lazy.__name__) == (2, 1, 0, "add")
    assert lazy.__doc__ == "Add."
    assert lazy.py_func is add


@all_of_them
@pytest.mark.parametrize("dtype", ["i4", "i8", "f4", "f8", "c16"])
def test_any_arrays_are_added_as_numpy_does(ufunc: Any, dtype: str) -> None:
    x = np.arange(24).astype(dtype).reshape(2, 3, 4)
    for one, two in [
        (x, x),
        (x, x[0]),
        (x[..., ::2], x[:, :1, 1::2]),
        (x.T, x.T[::-1]),
        (np.asfortranarray(x), x),
        (x, x[0, 0, 1]),
        (x[0, 0, 1], x[0, 0, 2]),
        (x[:0], x[:0]),
        (x, 2),
        (np.broadcast_to(x[:1], x.shape), x),
    ]:
        result = ufunc(one, two)
        assert np.array_equal(result, np.add(one, two))
        assert result.dtype == np.add(one, two).dtype


@given(
    arrays=npst.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=4).flatmap(
        lambda shapes: st.tuples(
            *(
                npst.arrays("f8", shape, elements=st.floats(-1e6, 1e6))
                for shape in shapes.input_shapes
            )
        )
    )
)
def test_shapes_broadcast(arrays: tuple[Any, Any]) -> None:
    assert np.array_equal(lazy(*arrays), np.add(*arrays))


def test_lists_are_arrays() -> None:
    assert lazy([1, 2], [3, 4]).tolist() == [4, 6]
    assert lazy([1.5], 1).tolist() == [2.5]
    assert lazy([1], [0.5]).tolist() == [1.5]


@all_of_them
def test_out_and_where(ufunc: Any) -> None:
    x = np.arange(6.0)
    out = np.full(6, -1.0)
    assert ufunc(x, 1, out=out, where=x > 2) is out
    assert out.tolist() == [-1, -1, -1, 4, 5, 6]
    ufunc(x, x, out=x)
    assert x.tolist() == [0, 2, 4, 6, 8, 10]
    ufunc(x[:-1], x[1:], out=x[1:])
    assert x.tolist() == [0, 2, 6, 10, 14, 18]


@all_of_them
def test_a_type_can_be_asked_for(ufunc: Any) -> None:
    assert ufunc(1, 2, dtype="f4").dtype == np.float32


@all_of_them
def test_the_methods_do_what_numpys_do(ufunc: Any) -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    assert np.array_equal(ufunc.reduce(x), np.add.reduce(x))
    assert np.array_equal(ufunc.reduce(x, axis=2, keepdims=True), x.sum(2, keepdims=True))
    assert ufunc.reduce(x[0, 0, :0]) == 0
    assert np.array_equal(ufunc.accumulate(x, axis=1), np.add.accumulate(x, axis=1))
    assert np.array_equal(ufunc.accumulate(np.ones(10_000)), np.arange(1.0, 10_001))
    places = [0, 4, 1]
    assert np.array_equal(ufunc.reduceat(x[0, 0], places[::2]), np.add.reduceat(x[0, 0], [0, 1]))
    assert np.array_equal(ufunc.reduceat(np.arange(8.0), places), [6, 4, 28])
    assert np.array_equal(ufunc.outer([1, 2], [3, 4, 5]), [[4, 5, 6], [5, 6, 7]])
    counts = np.zeros(4)
    ufunc.at(counts, [0, 2, 2], 1)
    assert counts.tolist() == [1, 0, 2, 0]


def test_types_that_are_new_are_compiled_for() -> None:
    square = mc.vectorize(lambda x: x * x)
    assert square.types == []
    assert square(np.arange(3)).dtype == np.int64
    assert square(np.arange(3.0)).dtype == np.float64
    assert square(np.arange(3, dtype="f4")).dtype == np.float32
    assert square(np.float32(3)).dtype == np.float32
    assert square.types == ["l->l", "f->f", "d->d"]
    assert square.ntypes == 3


def test_types_that_were_met_are_not_looked_into_again(monkeypatch: pytest.MonkeyPatch) -> None:
    add = mc.vectorize(lambda x, y: x + y)
    double = mc.guvectorize("(n)->(n)")(doubled)
    doubles, singles = np.arange(3.0), np.arange(3, dtype=np.float32)
    calls: list[Any] = [
        (doubles, doubles),
        (doubles, 1),
        (2, 3),
        (singles, singles),
        (1.5, np.int8(2)),
    ]
    expected = [add(*call) for call in calls]
    written = double(doubles, np.empty(3))
    for ufunc in (add, double):
        monkeypatch.setattr(ufunc, "_learn", None)
    for call, result in zip(calls, expected, strict=True):
        np.testing.assert_array_equal(add(*call), result)
        np.testing.assert_array_equal(result, np.add(*call))
    np.testing.assert_array_equal(double(doubles, np.empty(3)), written)


def doubled(x: Any, out: Any) -> None:
    for i in range(len(x)):
        out[i] = 2 * x[i]


def test_pythons_numbers_take_the_types_of_arrays() -> None:
    f = mc.vectorize(lambda x, y: x * y)
    assert f(np.ones(3, "f4"), 2.0).dtype == np.float32
    assert f(np.ones(3, "f4"), 2).dtype == np.float32
    assert f(np.ones(3, "i2"), 2.5).dtype == np.float64
    assert f(2, 3) == 6


def test_nothing_divides_by_zero() -> None:
    f = mc.vectorize(lambda x, y: x / y)
    with np.errstate(all="ignore"):
        assert f(np.array([1.0, -1.0]), 0.0).tolist() == [math.inf, -math.inf]


def test_exceptions_come_out_of_loops() -> None:
    @mc.vectorize
    def f(x: float) -> Any:
        if x > 2:
            raise ValueError("too large")
        return x

    assert f(np.arange(3.0)).tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="too large"):
        f(np.arange(5.0))
    assert f(np.arange(3.0)).tolist() == [0, 1, 2]


def test_what_can_not_be_compiled_says_so() -> None:
    with pytest.raises(mc.CompileError):
        mc.vectorize(lambda x: {x: x})(np.ones(3))
    with pytest.raises(TypeError, match=r"returns \(float64, float64\)"):
        mc.vectorize(lambda x: (x, x))(np.ones(3))
    with pytest.raises(ValueError, match="identity"):
        mc.vectorize(identity=7)(add)
    with pytest.raises(ValueError, match="target"):
        mc.vectorize(target="cuda")


def test_it_travels() -> None:
    assert pickle.loads(pickle.dumps(lazy))(1, 2) == 3
    assert pickle.loads(pickle.dumps(product)) is product


# ---- generalised


@mc.guvectorize("(m,n),(n,p)->(m,p)")
def product(a: Any, b: Any, result: Any) -> None:
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            total = 0.0
            for k in range(a.shape[1]):
                total += a[i, k] * b[k, j]
            result[i, j] = total


def test_stacks_of_matrices_are_multiplied() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.random((5, 2, 3, 4)), rng.random((2, 4, 6))
    for one, two in [
        (a, b),
        (a[0, 0], b[0]),
        (a.swapaxes(2, 3).copy().swapaxes(2, 3), b),
        (a[::2, :, ::-1], b[..., ::2]),
        (a[:0], b),
    ]:
        assert np.allclose(product(one, two), one @ two)
    assert (product.nin, product.nout, product.signature) == (2, 1, "(m,n),(n,p)->(m,p)")
    out = np.zeros((3, 6))
    assert product(a[0, 0], b[0], out=out) is out
    assert np.allclose(out, a[0, 0] @ b[0])
    with pytest.raises(ValueError, match="mismatch"):
        product(a, b[:, :3])


@pytest.mark.parametrize("target", ["cpu", "parallel"])
@pytest.mark.parametrize("kind", ["(f8[:], f8[:], f8[:], f8[:])", "(f8[:], f8, f8[:], f8[:])"])
def test_operands_without_core_dimensions(target: str, kind: str) -> None:
    def with_cell(values: Any, limit: Any, above: Any, count: Any) -> None:
        count[0] = 0
        for i in range(len(values)):
            above[i] = 0.0
            if values[i] > limit[0]:
                above[i] = values[i]
                count[0] += 1

    def with_number(values: Any, limit: Any, above: Any, count: Any) -> None:
        count[0] = 0
        for i in range(len(values)):
            above[i] = 0.0
            if values[i] > limit:
                above[i] = values[i]
                count[0] += 1

    function = with_number if "f8," in kind else with_cell
    made = mc.guvectorize([kind], "(n),()->(n),()", target=target)(function)
    assert isinstance(made, np.ufunc)
    values = np.arange(6.0).reshape(2, 3)
    above, count = made(values, np.array([0.5, 4.0]))
    assert above.tolist() == [[0, 1, 2], [0, 0, 5]]
    assert count.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("layout", "function", "words"),
    [
        ("(n)->", lambda a, b: None, "is no layout"),
        ("n->n", lambda a, b: None, "is no layout"),
        ("(n)->(n)", lambda a: None, "takes 1 arguments, and .* 2 operands"),
    ],
)
def test_layouts_that_make_no_sense(layout: str, function: Callable[..., Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        mc.guvectorize(layout)(function)
