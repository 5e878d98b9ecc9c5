"""Reductions of `mc.array`, held against NumPy's."""

from __future__ import annotations

import itertools
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import manycore as mc
from lazy import lazy, refuses, same
from manycore.array import _selection

DTYPES = ["?", "i1", "u1", "i4", "u8", "i8", "f2", "f4", "f8", "c8", "c16", "m8[s]", "M8[s]"]
REDUCTIONS = [
    "sum",
    "prod",
    "min",
    "max",
    "amin",
    "amax",
    "any",
    "all",
    "mean",
    "std",
    "var",
    "ptp",
    "argmin",
    "argmax",
    "count_nonzero",
    "median",
    "nansum",
    "nanprod",
    "nanmin",
    "nanmax",
    "nanmean",
    "nanstd",
    "nanvar",
    "nanmedian",
]
TOLERANCE = {"e": 2e-2, "f": 1e-5, "F": 1e-5}


def tolerance(name: str, *values: Any) -> float:
    """Allow for another order of additions; extremes and tests are exact."""
    if "min" in name or "max" in name or name in ("any", "all", "count_nonzero"):
        return 0.0
    return max(TOLERANCE.get(np.asarray(value).dtype.char, 1e-12) for value in values)


def numbers(dtype: str, shape: tuple[int, ...], seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    whole = rng.integers(0, 5, shape)
    if dtype in ("c8", "c16"):
        return (whole + 1j * rng.integers(0, 5, shape)).astype(dtype)
    return whole.astype(dtype)


def numpy(name: str, *args: Any, **options: Any) -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        return getattr(np, name)(*args, **options)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", REDUCTIONS)
def test_reductions_have_numpys_types_values_and_errors(name: str, dtype: str) -> None:
    ours = getattr(mc.array, name)
    for shape in [(7,), (1,), (4, 5), ()]:
        x = numbers(dtype, shape)
        axes: list[Any] = [None, *range(len(shape))]
        for axis in axes:
            try:
                want = numpy(name, x, axis=axis)
            except Exception as error:
                with pytest.raises(type(error)):
                    ours(lazy(x), axis=axis)
                continue
            if np.asarray(want).dtype.kind in "mM":
                want = np.asarray(want)
                got = np.asarray(ours(lazy(x), axis=axis))
                assert got.dtype == want.dtype
                np.testing.assert_array_equal(got, want)
            else:
                same(ours(lazy(x), axis=axis), want, rtol=tolerance(name, x, want))


@pytest.mark.parametrize("name", REDUCTIONS)
def test_keepdims_and_negative_axes(name: str) -> None:
    x = numbers("f8", (4, 5, 3))
    ours = getattr(mc.array, name)
    for axis in (None, -1, 1):
        want = numpy(name, x, axis=axis, keepdims=True)
        same(ours(lazy(x), axis=axis, keepdims=True), want, rtol=tolerance(name, want))


@pytest.mark.parametrize("name", sorted(set(REDUCTIONS) - {"argmin", "argmax"}))
def test_several_axes(name: str) -> None:
    x = numbers("f4", (4, 5, 3))
    for axis in [(0, 1), (2, 0), (-1, 1, 0), ()]:
        if axis == () and "median" in name:
            continue
        want = numpy(name, x, axis=axis)
        got = getattr(mc.array, name)(lazy(x), axis=axis)
        same(got, want, rtol=tolerance(name, x, want), atol=1e-6)


@pytest.mark.parametrize("name", REDUCTIONS)
def test_nan(name: str) -> None:
    x = numbers("f8", (6, 7))
    x[x == 2] = np.nan
    x[0] = 1.0
    x[:, 0] = np.inf
    for axis in (None, 0, 1):
        want = numpy(name, x, axis=axis)
        same(getattr(mc.array, name)(lazy(x), axis=axis), want, rtol=tolerance(name, want))


@pytest.mark.parametrize("name", ["nanmin", "nanmax", "nanmean", "nanmedian", "nanvar", "nansum"])
def test_nothing_but_nan_is_nan_without_a_warning(name: str) -> None:
    x = np.full((4, 2), np.nan)
    x[:, 1] = 3
    same(getattr(mc.array, name)(lazy(x), axis=0), numpy(name, x, axis=0))


def test_positions_among_nothing_but_nan_are_refused_when_computed() -> None:
    x = np.full((4, 2), np.nan)
    with pytest.raises(ValueError, match="All-NaN slice encountered"):
        mc.array.nanargmax(lazy(x), axis=0).compute()


def test_not_a_time_is_left_out() -> None:
    x = numbers("M8[s]", (7,))
    x[2] = "NaT"
    for name in ("nanmin", "nanmax"):
        same(getattr(mc.array, name)(lazy(x)), np.asarray(getattr(np, name)(x)))
    x[5] = "NaT"
    for name in ("argmin", "argmax"):
        same(getattr(mc.array, name)(lazy(x)), getattr(np, name)(x))
    same(mc.array.min(lazy(x)), np.asarray(x.min()))


@pytest.mark.parametrize("name", ["sum", "prod", "any", "all", "mean", "std", "var", "nansum"])
def test_where(name: str) -> None:
    x = numbers("f8", (5, 7))
    mask = numbers("i8", (5, 7), seed=1) > 2
    for axis, where in itertools.product((None, 0, (0, 1)), (mask, mask[0], mask[:, :1], False)):
        want = numpy(name, x, axis=axis, where=where)
        same(getattr(mc.array, name)(lazy(x), axis=axis, where=where), want, rtol=1e-12)


@pytest.mark.parametrize("name", ["sum", "prod", "min", "max", "nanmin"])
def test_initial(name: str) -> None:
    x = numbers("i4", (5, 7))
    mask = x > 1
    for axis, initial in itertools.product((None, 1), (0, 3, -2)):
        ours, theirs = getattr(mc.array, name), getattr(np, name)
        same(ours(lazy(x), axis=axis, initial=initial), theirs(x, axis=axis, initial=initial))
        want = theirs(x, axis=axis, initial=initial, where=mask)
        same(ours(lazy(x), axis=axis, initial=initial, where=lazy(mask)), want)
    empty = np.empty((0, 3), "i4")
    same(getattr(mc.array, name)(lazy(empty), 0, initial=4), getattr(np, name)(empty, 0, initial=4))


@pytest.mark.parametrize("dtype", ["f4", "f8", "i8", "c16", "i2"])
def test_dtype(dtype: str) -> None:
    x = numbers("u1", (5, 7))
    for name in ("sum", "prod", "cumsum"):
        ours, theirs = getattr(mc.array, name), getattr(np, name)
        same(ours(lazy(x), axis=0, dtype=dtype), theirs(x, axis=0, dtype=dtype))
    if dtype[0] in "fc":
        same(mc.array.mean(lazy(x), dtype=dtype), np.mean(x, dtype=dtype), rtol=1e-6)


@pytest.mark.parametrize("name", ["sum", "mean", "min", "var", "argmax", "any", "cumsum", "median"])
def test_out(name: str) -> None:
    x = numbers("f8", (5, 7))
    want = getattr(np, name)(x, axis=1)
    memory = np.empty_like(want)
    assert getattr(mc.array, name)(lazy(x), axis=1, out=memory) is memory
    np.testing.assert_allclose(memory, want)
    target = lazy(np.zeros_like(want))
    assert getattr(mc.array, name)(lazy(x), axis=1, out=target) is target
    same(target, want, rtol=1e-12)


def test_empty_arrays() -> None:
    for shape, axis in [((0,), None), ((0, 3), 0), ((0, 3), 1), ((3, 0, 2), 1), ((0, 0), 0)]:
        x = np.empty(shape)
        for name in REDUCTIONS:
            ours = getattr(mc.array, name)
            try:
                want = numpy(name, x, axis=axis)
            except ValueError as error:
                with pytest.raises(ValueError, match=str(error).split(":")[0][:30]):
                    ours(lazy(x), axis=axis)
                continue
            same(ours(lazy(x), axis=axis), want)


def test_what_numpy_refuses_is_refused_when_it_is_built() -> None:
    x = np.arange(6).reshape(2, 3)
    for name in ("sum", "min", "mean", "cumsum", "argmax", "median", "any"):
        ours, theirs = getattr(mc.array, name), getattr(np, name)
        refuses(lambda f=ours: f(lazy(x), axis=2), lambda f=theirs: f(x, axis=2))
    refuses(lambda: mc.array.sum(lazy(x), (0, 0)), lambda: np.sum(x, (0, 0)))
    refuses(lambda: mc.array.min(lazy(x), where=x > 1), lambda: np.min(x, where=x > 1))
    refuses(lambda: mc.array.min(lazy(x[:0])), lambda: np.min(x[:0]))
    refuses(lambda: mc.array.argmin(lazy(x[:0]), 0), lambda: np.argmin(x[:0], 0))
    refuses(
        lambda: mc.array.var(lazy(x), ddof=1, correction=1), lambda: np.var(x, ddof=1, correction=1)
    )
    dates = x.astype("M8[s]")
    refuses(lambda: mc.array.sum(lazy(dates)), lambda: np.sum(dates))


def test_variance_of_a_given_mean_and_fewer_degrees_of_freedom() -> None:
    x = numbers("c16", (5, 7))
    center = x.mean(0, keepdims=True)
    same(mc.array.var(lazy(x), 0, ddof=1), np.var(x, 0, ddof=1), rtol=1e-12)
    same(mc.array.std(lazy(x), 0, correction=2), np.std(x, 0, correction=2), rtol=1e-12)
    same(mc.array.var(lazy(x), 0, mean=lazy(center)), np.var(x, 0, mean=center), rtol=1e-12)
    far = 1e9 + np.arange(1000.0)
    same(mc.array.var(lazy(far, 7)), np.var(far), rtol=1e-9)


@pytest.mark.parametrize("name", ["cumsum", "cumprod", "nancumsum", "nancumprod"])
@pytest.mark.parametrize("dtype", ["?", "i1", "u4", "f4", "f8", "c16"])
def test_running_totals(name: str, dtype: str) -> None:
    ours, theirs = getattr(mc.array, name), getattr(np, name)
    for shape in [(10,), (1,), (0,), (4, 5), (2, 0), ()]:
        x = numbers(dtype, shape)
        if dtype[0] == "f" and x.ndim and x.size > 3:
            x.reshape(-1)[3] = np.nan
        for axis in (None, *range(len(shape))):
            want = theirs(x, axis=axis)
            same(ours(lazy(x), axis=axis), want, rtol=TOLERANCE.get(want.dtype.char, 1e-12))


def test_cumulative_functions_of_the_array_api() -> None:
    x = numbers("i4", (4, 5))
    for initial, axis in itertools.product((False, True), (0, -1)):
        for name in ("cumulative_sum", "cumulative_prod"):
            ours, theirs = getattr(mc.array, name), getattr(np, name)
            options: Any = {"axis": axis, "include_initial": initial}
            same(ours(lazy(x), **options), theirs(x, **options))
    refuses(lambda: mc.array.cumulative_sum(lazy(x)), lambda: np.cumulative_sum(x))


UFUNCS = [
    np.add,
    np.maximum,
    np.fmin,
    np.subtract,
    np.logaddexp,
    np.logical_xor,
    np.hypot,
]


@pytest.mark.parametrize("ufunc", UFUNCS, ids=lambda ufunc: str(ufunc.__name__))
def test_ufuncs_reduce_and_accumulate(ufunc: np.ufunc) -> None:
    x = 1 + np.random.default_rng(0).random((8, 7))
    for axis in (0, 1):
        got = ufunc.accumulate(lazy(x), axis)
        assert isinstance(got, mc.array.Array)
        same(got, ufunc.accumulate(x, axis), rtol=1e-12)
        same(ufunc.reduce(lazy(x), axis), ufunc.reduce(x, axis), rtol=1e-12)
    assert np.asarray(ufunc.reduce(lazy(x), 0, keepdims=True)).shape == (1, 7)


def test_integer_ufuncs_reduce() -> None:
    x = 6 * numbers("i8", (8, 7))
    for ufunc in (np.gcd, np.bitwise_or, np.bitwise_and):
        for axis in (None, 0, (0, 1)):
            same(ufunc.reduce(lazy(x), axis), ufunc.reduce(x, axis))
    refuses(lambda: np.subtract.reduce(lazy(x), (0, 1)), lambda: np.subtract.reduce(x, (0, 1)))
    refuses(lambda: np.fmin.reduce(lazy(x[:0])), lambda: np.fmin.reduce(x[:0]))


METHODS = [
    "linear",
    "lower",
    "higher",
    "nearest",
    "midpoint",
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "median_unbiased",
    "normal_unbiased",
]


@pytest.fixture(params=["sorted", "selected"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How order statistics of all elements are found: in one block, or digit by digit."""
    if request.param == "selected":
        monkeypatch.setattr(_selection, "MANY", 1)
    return str(request.param)


@pytest.mark.parametrize("method", METHODS)
def test_quantiles_by_all_methods(way: str, method: str) -> None:
    rng = np.random.default_rng(0)
    for dtype in ("f8", "f4", "i8", "u1", "i2"):
        x = (rng.normal(size=(7, 9)) * 50).astype(dtype)
        for q in (0.3, [0, 0.25, 0.5, 0.81, 1], [[0.1], [0.9]]):
            want = np.quantile(x, q, method=method)
            same(mc.array.quantile(lazy(x, 4), q, method=method), want, rtol=1e-6, atol=1e-6)


def test_quantiles_along_axes(way: str) -> None:
    x = np.random.default_rng(0).normal(size=(5, 6, 4))
    for axis, keepdims in itertools.product((None, 0, (0, 2), -1), (False, True)):
        options: Any = {"axis": axis, "keepdims": keepdims}
        same(mc.array.median(lazy(x), **options), np.median(x, **options))
        want = np.percentile(x, [10, 90], **options)
        same(mc.array.percentile(lazy(x), [10, 90], **options), want, rtol=1e-12)


@given(
    x=hnp.arrays(
        st.sampled_from([np.float64, np.float32, np.float16, np.int64, np.uint16, np.bool_]),
        hnp.array_shapes(max_dims=2, max_side=9),
    ),
    data=st.data(),
)
def test_elements_are_selected_by_rank(x: Any, data: Any) -> None:
    if x.dtype.kind == "f":
        x = np.where(np.isinf(x), x.dtype.type(1), x)
    rank = data.draw(st.integers(0, x.size - 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_selection, "MANY", 1)
        q = rank / max(x.size - 1, 1)
        if x.dtype.kind != "b":
            want = np.quantile(x, q, method="nearest")
            np.testing.assert_array_equal(
                mc.array.quantile(lazy(x, 2), q, method="nearest").compute(), want
            )
        with np.errstate(all="ignore"):
            np.testing.assert_array_equal(mc.array.median(lazy(x, 2)).compute(), np.median(x))


def test_quantiles_leave_nan_out_or_are_nan(way: str) -> None:
    x = np.random.default_rng(0).normal(size=(7, 9))
    x[2, 3] = x[0, 0] = np.nan
    x[1, 1] = -np.nan
    same(mc.array.nanquantile(lazy(x), [0.2, 0.5]), np.nanquantile(x, [0.2, 0.5]), rtol=1e-12)
    same(mc.array.nanmedian(lazy(x)), np.nanmedian(x))
    assert np.isnan(mc.array.quantile(lazy(x), 0.5).compute())
    assert np.isnan(mc.array.median(lazy(x)).compute())
    empty = np.full((7,), np.nan)
    assert np.isnan(mc.array.nanmedian(lazy(empty)).compute())


def test_many_quantiles_at_once(way: str) -> None:
    x = np.random.default_rng(0).normal(size=1000)
    q = np.linspace(0, 1, 321)
    same(mc.array.quantile(lazy(x, 300), q), np.quantile(x, q), rtol=1e-12)


def test_weighted_quantiles() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 5, 6))
    options: Any = {"method": "inverted_cdf", "axis": 1}
    want = np.quantile(x, 0.3, weights=w**2, **options)
    same(mc.array.quantile(lazy(x), 0.3, weights=lazy(w**2), **options), want)
    refuses(
        lambda: mc.array.quantile(lazy(x), 0.3, weights=w),
        lambda: np.quantile(x, 0.3, weights=w),
    )


def test_approximate_quantiles_keep_their_error(way: str) -> None:
    x = np.random.default_rng(0).lognormal(size=50_000)
    q = np.linspace(0, 1, 101)
    got = mc.array.quantile(lazy(x, 1000), q, method="approximate").compute()
    ranks = np.searchsorted(np.sort(x), got) / x.size
    assert np.abs(ranks - q).max() <= 3 / 4096
    with pytest.raises(ValueError, match="approximate"):
        mc.array.quantile(lazy(x.reshape(2, -1)), 0.5, axis=0, method="approximate")


def test_wrong_quantiles_are_refused_when_built() -> None:
    x = np.arange(6.0)
    refuses(lambda: mc.array.quantile(lazy(x), 2), lambda: np.quantile(x, 2))
    refuses(lambda: mc.array.percentile(lazy(x), -1), lambda: np.percentile(x, -1))
    refuses(
        lambda: mc.array.quantile(lazy(x), 0.5, method="best"),
        lambda: np.quantile(x, 0.5, method="best"),
    )


def test_average() -> None:
    x, w = numbers("i8", (5, 7)), 1 + numbers("f8", (5, 7), seed=1)
    for axis in (None, 0, (0, 1)):
        same(mc.array.average(lazy(x), axis), np.average(x, axis), rtol=1e-12)
        want = np.average(x, axis, w, returned=True)
        same(mc.array.average(lazy(x), axis, lazy(w), returned=True), want, rtol=1e-12)
    same(mc.array.average(lazy(x), 1, w[0]), np.average(x, 1, w[0]), rtol=1e-12)
    want = np.average(x, 1, w[0], keepdims=True)
    same(mc.array.average(lazy(x), 1, w[0], keepdims=True), want, rtol=1e-12)
    refuses(lambda: mc.array.average(lazy(x), None, w[0]), lambda: np.average(x, None, w[0]))
    with pytest.raises(ZeroDivisionError, match="Weights sum to zero"):
        mc.array.average(lazy(x), weights=np.zeros_like(w)).compute()


def test_covariance_and_correlation() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 4, 9))
    counts = rng.integers(1, 4, 9)
    options: list[Any] = [
        {},
        {"y": y},
        {"rowvar": False},
        {"bias": True},
        {"ddof": 2},
        {"fweights": counts},
        {"fweights": counts, "aweights": rng.random(9)},
    ]
    for each in options:
        same(mc.array.cov(lazy(x), **each), np.cov(x, **each), rtol=1e-10, atol=1e-12)
    same(mc.array.cov(lazy(x[0])), np.cov(x[0]), rtol=1e-12)
    same(mc.array.corrcoef(lazy(x), y), np.corrcoef(x, y), rtol=1e-10, atol=1e-12)
    z = x + 1j * y
    same(mc.array.cov(lazy(z)), np.cov(z), rtol=1e-10, atol=1e-12)
    same(mc.array.corrcoef(lazy(z)), np.corrcoef(z), rtol=1e-10, atol=1e-12)
    refuses(lambda: mc.array.cov(lazy(x[None])), lambda: np.cov(x[None]))


def test_moments() -> None:
    x = np.random.default_rng(0).normal(size=(5, 7))
    third = ((x - x.mean(0)) ** 3).mean(0)
    same(mc.array.moment(lazy(x), 3, axis=0), third, rtol=1e-10)
    same(mc.array.moment(lazy(x), 0), np.float64(1))
    with pytest.raises(ValueError, match="order"):
        mc.array.moment(lazy(x), -1)


def test_traces() -> None:
    x = numbers("i4", (5, 7, 3))
    for offset in (-6, -2, 0, 3, 9):
        same(mc.array.trace(lazy(x), offset), np.trace(x, offset))
    same(mc.array.trace(lazy(x), 1, -1, 0), np.trace(x, 1, -1, 0))
    refuses(lambda: mc.array.trace(lazy(x[0, 0])), lambda: np.trace(x[0, 0]))


def test_numpys_functions_call_ours() -> None:
    x = numbers("f8", (5, 7))
    for name in ("sum", "mean", "median", "nanmax", "cumsum", "percentile", "trace", "cov"):
        args = (50,) if name == "percentile" else ()
        got = getattr(np, name)(lazy(x), *args)
        assert isinstance(got, mc.array.Array)
        same(got, getattr(np, name)(x, *args), rtol=1e-10, atol=1e-12)
