"""Functions of the compiler's library do as NumPy's do: values, dtypes, shapes, failures."""

from __future__ import annotations

import importlib
import itertools
import linecache
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import manycore as mc
from manycore import _kernel_library as library

pytest.importorskip("llvmlite")

NUMBER = itertools.count()
NAN, INF = np.nan, np.inf


def test_a_name_is_one_function() -> None:
    """What is found for a path of NumPy's must not depend on the order of the modules."""
    places: dict[str, list[str]] = {}
    for module in library._MODULES:
        for name, value in vars(importlib.import_module(f"manycore._library.{module}")).items():
            if getattr(value, "__module__", "") == f"manycore._library.{module}":
                places.setdefault(name, []).append(module)
    assert {name: of for name, of in places.items() if len(of) > 1} == {}
    # Names are found without importing the modules, by their lines.
    assert {name: of[0] for name, of in places.items()}.items() <= library._homes().items()


def pair(text: str, arguments: list[Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """A function of `a`, `b` and `c` that returns an expression, and the same compiled."""
    source = f"def f({', '.join('abc'[: len(arguments)])}):\n"
    *statements, last = text.split("; ")
    source += "".join(f"    {line}\n" for line in [*statements, f"return {last}"])
    file = f"<library {next(NUMBER)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {"np": np, "NAN": NAN}
    exec(compile(source, file, "exec"), namespace)
    return namespace["f"], mc.jit(namespace["f"])


def assert_same(found: Any, wanted: Any) -> None:
    if isinstance(wanted, tuple):
        assert isinstance(found, tuple)
        assert len(found) == len(wanted)
        for one, two in zip(found, wanted, strict=True):
            assert_same(one, two)
        return
    assert np.shape(found) == np.shape(wanted)
    if np.ndim(wanted) > 0:
        assert found.dtype == wanted.dtype
    else:
        # Numbers are returned as Python's own.
        assert np.asarray(found).dtype.kind == np.asarray(wanted).dtype.kind.replace("u", "i")
    is_narrow = np.asarray(wanted).dtype in ("float32", "complex64")
    rtol, atol = (1e-5, 1e-6) if is_narrow else (1e-12, 1e-13)
    np.testing.assert_allclose(found, wanted, rtol=rtol, atol=atol)


def given(arguments: list[Any]) -> list[Any]:
    return [np.array(one) if isinstance(one, np.ndarray) else one for one in arguments]


def check(text: str, *arguments: Any) -> None:
    plain, compiled = pair(text, list(arguments))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = plain(*given(list(arguments)))
    assert_same(compiled(*given(list(arguments))), wanted)


def random(shape: Any, dtype: str) -> Any:
    generator = np.random.default_rng(0)
    if dtype == "bool":
        return generator.random(shape) < 0.5
    if dtype.startswith(("int", "uint")):
        return generator.integers(0 if dtype.startswith("u") else -5, 6, shape).astype(dtype)
    values = generator.standard_normal(shape)
    if dtype.startswith("complex"):
        return (values + 1j * generator.standard_normal(shape)).astype(dtype)
    return values.astype(dtype)


LINE = random(23, "float64")
CUBE = random((3, 4, 5), "float64")
HOLES = np.where(CUBE > 1, NAN, CUBE)
ROWS = random((4, 6), "int32")
DTYPES = ["bool", "int8", "uint8", "int32", "int64", "uint64", "float32", "float64"]
ARRAYS = {
    "line": LINE,
    "cube": CUBE,
    "turned": np.asfortranarray(random((4, 6), "float32")),
    "stepped": random((8, 9), "int64")[::2, ::-3],
    **{dtype: random((3, 7), dtype) for dtype in DTYPES},
}
arrays = pytest.mark.parametrize("a", ARRAYS.values(), ids=ARRAYS)
axes = pytest.mark.parametrize("axis", ["", "axis=0", "axis=-1"])


@arrays
@axes
@pytest.mark.parametrize("name", ["cumsum", "cumprod", "argmin", "argmax", "var", "std", "median"])
def test_along_axes(name: str, a: Any, axis: str) -> None:
    check(f"np.{name}(a, {axis})", a)


@arrays
@axes
def test_ptp_and_order(a: Any, axis: str) -> None:
    check(f"np.sort(a, {axis})", a)
    check(f"np.argsort(a, {axis or 'axis=-1'}, kind='stable')", a)
    if a.dtype != "bool":
        check(f"np.ptp(a, {axis})", a)


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_complex(dtype: str) -> None:
    a = random((5, 4), dtype)
    for text in [
        "np.cumsum(a, 0)",
        "np.cumprod(a)",
        "np.var(a)",
        "np.std(a, axis=1)",
        "np.sort(a)",
        "np.diff(a)",
        "np.isclose(a, a * (1 + 1e-7))",
        "np.nonzero(a)",
    ]:
        check(text, a)
    check("np.convolve(a, b)", a[0], a[1])
    check("np.correlate(a, b, 'full')", a[0], a[1])


CASES: list[tuple[Any, ...]] = [
    ("np.cumsum(a, 1)", CUBE),
    ("np.cumsum(a, axis=0, out=b); b", CUBE, np.zeros((3, 4, 5))),
    ("np.clip(a, 0, 1, out=a); a", CUBE),
    ("np.nanmax(a, axis=1, keepdims=True), np.nanmean(a, keepdims=True)", HOLES),
    ("np.cumsum(a, axis=1, dtype=np.float32)", ROWS),
    ("np.cumsum(a, dtype=np.int16)", ROWS),
    ("np.cumprod(a, 1, np.float64)", ROWS),
    ("np.cumsum([1, 2, 3])",),
    ("np.cumsum(a)", np.zeros(0)),
    ("np.cumsum(a, 0)", np.zeros((0, 3))),
    ("a.cumsum()", ROWS),
    ("np.argmin(a, axis=1)", CUBE),
    ("np.argmax(a)", np.array([1.0, NAN, 3.0, NAN])),
    ("np.argmin(a)", np.array([1.0, NAN, 0.0])),
    ("a.argmax(), a.argmin(0)", CUBE),
    ("np.ptp(a, axis=1)", CUBE),
    ("np.var(a, ddof=1), np.std(a, ddof=1)", CUBE),
    ("np.var(a, axis=1, ddof=1, keepdims=True)", CUBE),
    ("np.std(a, axis=(0, 2), keepdims=True)", CUBE),
    ("np.std(a, keepdims=True)", CUBE),
    ("np.var(a, ddof=1)", np.array([3.0])),
    ("np.var(a)", np.zeros(0)),
    ("a.std(), a.var(1)", CUBE),
    ("np.median(a, axis=1)", CUBE),
    ("np.median(a)", np.array([3.0, NAN, 1.0])),
    ("np.median(a, axis=0)", HOLES),
    ("np.median(a)", np.zeros(0)),
    ("np.median([3, 1, 2, 9])",),
    ("np.average(a)", ROWS),
    ("np.average(a, axis=1)", CUBE),
    ("np.average(a, weights=b)", LINE, LINE**2),
    ("np.average(a, axis=1, weights=b)", CUBE, np.array([1, 2, 3, 4])),
    ("np.average(a, axis=0, weights=b)", CUBE, CUBE**2),
    ("np.percentile(a, 30)", LINE),
    ("np.percentile(a, 30.5, axis=1)", CUBE),
    ("np.percentile(a, b)", LINE, np.array([0, 25, 50, 99.5, 100])),
    ("np.percentile(a, [25, 75], axis=0)", ROWS),
    ("np.quantile(a, 0.3)", LINE),
    ("np.quantile(a, 0.3)", LINE.astype("float32")),
    ("np.quantile(a, b, axis=-1)", CUBE, np.array([0.1, 0.9])),
    ("np.quantile(a, 1.0)", np.array([1.0, NAN])),
    *((f"np.nan{name}(a)", HOLES) for name in ["min", "max", "sum", "mean", "std", "var", "prod"]),
    *((f"np.nan{name}(a, axis=1)", HOLES) for name in ["min", "max", "sum", "mean", "std", "prod"]),
    *((f"np.nan{name}(a)", ROWS) for name in ["min", "max", "sum", "mean", "std", "prod"]),
    *(
        (f"np.nan{name}(a, axis=0)", HOLES.astype("float32"))
        for name in ["min", "max", "sum", "mean", "std", "prod"]
    ),
    ("np.nanmin(a), np.nansum(a), np.nanmean(a)", np.array([NAN, NAN])),
    ("np.nanargmin(a), np.nanargmax(a)", np.array([NAN, 2.0, 1.0, 1.0, NAN, 2.0])),
    ("np.nanargmin(a, axis=0)", np.array([[NAN, 2.0], [1.0, 1.0]])),
    ("np.nanargmax(a, axis=1)", np.array([[NAN, 2.0], [1.0, 1.0]])),
    ("np.nanargmax(a)", ROWS),
    ("np.sort(a)", np.array([2.0, NAN, -INF, 1.0, NAN, INF, -0.0])),
    ("np.sort(a, axis=1)", CUBE),
    ("np.sort(a, axis=None)", CUBE),
    ("np.sort(a)", np.zeros(0)),
    ("np.sort([3, 1, 2])",),
    ("np.sort(a)", random(1000, "float64")),
    ("np.sort(a)", np.arange(300)[::-1]),
    ("a.sort(); a", LINE),
    ("a.sort(axis=0); a", CUBE),
    ("a[::2].sort(); a", LINE),
    ("np.argsort(a)", np.array([2.0, NAN, -INF, 1.0, NAN, INF])),
    ("np.argsort(a, kind='stable')", random(1000, "int8")),
    ("np.argsort(a, axis=None, kind='stable')", CUBE),
    ("np.argsort(a, axis=1, kind='stable')", CUBE),
    ("a.argsort()", LINE),
    ("np.partition(a, 4)[4]", LINE),
    ("np.searchsorted(a, b)", np.array([1, 2, 2, 3]), np.array([[0, 2, 5], [1, 3, 4]])),
    ("np.searchsorted(a, b, side='right')", np.array([1, 2, 2, 3]), np.array([0, 2, 5])),
    ("np.searchsorted(a, b, 'right')", np.array([1, 2, 2, 3]), 2.0),
    ("np.searchsorted(a, 2)", np.array([1, 2, 2, 3])),
    ("np.searchsorted(a, [2, NAN])", np.array([1, 2, 2, NAN])),
    ("np.searchsorted(a, b)", np.zeros(0), np.array([1.0])),
    ("a.searchsorted(2.5)", np.arange(5)),
    ("np.unique(a)", ROWS),
    ("np.unique(a)", np.array([2.0, NAN, 1.0, NAN])),
    ("np.unique(a)", np.zeros(0, "int32")),
    ("np.unique(a, return_counts=True)", ROWS),
    ("np.unique(a, return_index=True)", ROWS[0]),
    ("np.unique(a, return_inverse=True)", ROWS[0]),
    ("np.unique(a, return_index=True, return_inverse=True, return_counts=True)", ROWS[0]),
    ("np.bincount(a)", np.array([0, 1, 1, 3, 2, 1, 7])),
    ("np.bincount(a, minlength=10)", np.array([0, 1, 1], "uint8")),
    ("np.bincount(a, weights=b)", np.array([0, 1, 1, 2]), np.array([0.3, 0.5, 0.2, 0.7])),
    ("np.bincount(a, b, 6)", np.array([0, 1, 1, 2]), np.array([3, 5, 2, 7])),
    ("np.bincount(a)", np.zeros(0, "int64")),
    ("np.histogram(a)", LINE),
    ("np.histogram(a, bins=7)", ROWS),
    ("np.histogram(a, 5, range=(-1.0, 1.0))", LINE),
    ("np.histogram(a, bins=b)", LINE, np.array([-1.0, -0.5, 0.25, 1.5])),
    ("np.histogram(a, bins=[0, 1, 2, 5])", ROWS),
    ("np.histogram(a, 4)", np.array([2.0, 2.0])),
    ("np.histogram(a, 4)", np.zeros(0)),
    ("np.histogram(a, 4)", LINE.astype("float32")),
    ("np.histogram(a, 5, density=True)", LINE),
    ("np.histogram(a, 5, weights=b)", LINE, LINE**2),
    ("np.digitize(a, b)", LINE, np.array([-1.0, 0.0, 0.5])),
    ("np.digitize(a, b, right=True)", np.array([0, 1, 2, 3]), np.array([0, 2, 3])),
    ("np.digitize(a, b)", np.array([0, 1, 2, 3]), np.array([3, 2, 0])),
    ("np.digitize(a, b)", 0.7, np.array([0, 1.0])),
    ("np.clip(a, -0.5, 0.5)", CUBE),
    ("np.clip(a, 0, None)", ROWS),
    ("np.clip(a, None, 2)", ROWS),
    ("np.clip(a, b, 2)", ROWS, ROWS[0]),
    ("np.clip(a, 0.0, 1.0)", 2.5),
    ("a.clip(0, 3)", ROWS),
    ("np.diff(a)", CUBE),
    ("np.diff(a, axis=0)", CUBE),
    ("np.diff(a, axis=1)", CUBE),
    ("np.diff(a, n=3)", LINE),
    ("np.diff(a, 2, 0)", ROWS),
    ("np.diff(a)", np.array([True, False, False])),
    ("np.diff(a)", np.zeros(0)),
    ("np.diff(a)", np.array([3, 1, 2], "uint8")),
    ("np.ediff1d(a)", ROWS),
    ("np.ediff1d(a, to_end=99, to_begin=b)", ROWS, np.array([7, 8], "int32")),
    ("np.ediff1d(a)", np.zeros(0)),
    ("np.gradient(a)", LINE),
    ("np.gradient(a, 0.5)", LINE),
    ("np.gradient(a)", np.array([1, 4, 9, 16])),
    ("np.gradient(a, b)", LINE, np.sort(LINE)),
    ("np.gradient(a)", LINE.astype("float32")),
    ("np.interp(a, b, c)", LINE, np.array([-1.0, 0.0, 1.0]), np.array([3.0, 1.0, 2.0])),
    ("np.interp(0.25, a, b)", np.array([0, 1]), np.array([3, 9])),
    ("np.interp(a, b, c, left=-7, right=7)", LINE, np.array([-1.0, 1.0]), np.array([3.0, 1.0])),
    ("np.interp(a, b, c)", np.array([NAN, 0.0]), np.array([-1.0, 1.0]), np.array([3.0, 1.0])),
    ("np.interp([0, 1, 5], [0, 2, 4], [1, 3, 2])",),
    ("np.trapezoid(a)", LINE),
    ("np.trapezoid(a, dx=0.5)", ROWS),
    ("np.trapezoid(a, b)", LINE, np.sort(LINE)),
    ("np.trapezoid(a, axis=0)", CUBE),
    ("np.trapezoid(a, b, axis=1)", CUBE, np.array([0.0, 1.0, 3.0, 4.0])),
    *(
        (f"np.{name}(a, b, '{mode}')", one, two)
        for name in ["convolve", "correlate"]
        for mode in ["full", "same", "valid"]
        for one, two in [(LINE, LINE[:4]), (LINE[:5], LINE[:8]), (ROWS[0], ROWS[1, :3])]
    ),
    ("np.convolve(a, b)", LINE, ROWS[0]),
    ("np.correlate(a, b)", LINE[:4], LINE[:4]),
    ("np.nonzero(a)", ROWS),
    ("np.nonzero(a)", LINE > 0),
    ("np.nonzero(a > 0.5)", CUBE),
    ("a.nonzero()", ROWS),
    ("np.where(a > 0)", LINE),
    ("np.argwhere(a > 0)", CUBE),
    ("np.argwhere(a)", np.zeros(3)),
    ("np.flatnonzero(a)", ROWS),
    ("np.isclose(a, b)", np.array([1.0, NAN, INF, 1e-9]), np.array([1 + 1e-7, NAN, INF, 0])),
    ("np.isclose(a, b, equal_nan=True)", np.array([1.0, NAN]), np.array([1.1, NAN])),
    ("np.isclose(a, 2, rtol=0.5)", np.array([1, 2, 3], "uint8")),
    ("np.isclose(1.0, a)", 1 + 1e-9),
    ("np.allclose(a, b)", LINE, LINE + 1e-12),
    ("np.allclose(a, b)", LINE, LINE + 1e-3),
    ("np.allclose(a, b, atol=1e-2)", LINE, LINE + 1e-3),
    ("np.array_equal(a, b)", LINE, LINE),
    ("np.array_equal(a, b)", LINE, LINE[:4]),
    ("np.array_equal(a, b)", LINE, CUBE),
    ("np.array_equal(a, b)", np.array([NAN]), np.array([NAN])),
    ("np.array_equal(a, b, equal_nan=True)", np.array([NAN]), np.array([NAN])),
    ("np.nan_to_num(a)", np.array([1.0, NAN, INF, -INF])),
    ("np.nan_to_num(a)", np.array([1.0, NAN, INF, -INF], "float32")),
    ("np.nan_to_num(a, nan=3.0, posinf=7.0, neginf=-1.0)", np.array([NAN, INF, -INF])),
    ("np.nan_to_num(a)", ROWS),
    ("np.nan_to_num(a)", NAN),
    ("np.round(a)", np.array([0.5, 1.5, -2.5, NAN])),
    ("np.round(a, 2)", LINE),
    ("np.round(a, -1)", 100 * LINE),
    ("np.around(a, decimals=1)", LINE.astype("float32")),
    ("np.round(a, 1)", ROWS),
    ("np.round(a, -1)", 17 * ROWS),
    ("np.round(a, 3)", 2.71828),
    ("a.round(1)", LINE),
    ("np.fix(a)", 3 * LINE),
    ("np.fix(a)", -1.5),
    ("np.sinc(a)", np.array([-1.5, 0.0, 0.25, 3.0])),
    ("np.sinc(a)", np.array([-1.5, 0.0, 0.25], "float32")),
    ("np.sinc(0.3)",),
    ("np.cov(a)", CUBE[0]),
    ("np.cov(a)", LINE),
    ("np.cov(a, b)", LINE, LINE**2),
    ("np.cov(a, rowvar=False)", ROWS),
    ("np.cov(a, bias=True)", CUBE[0]),
    ("np.cov(a, ddof=0)", CUBE[0]),
    ("np.corrcoef(a)", CUBE[0]),
    ("np.corrcoef(a, b)", LINE, LINE**2),
    ("np.cross(a, b)", np.array([1.0, 2.0, 3.0]), np.array([4, 5, 7])),
    ("np.cross(a, b)", CUBE[:, :, :3], np.array([4, 5, 7])),
    ("np.cross(a, b)", CUBE[:, :, :3], CUBE[:, :, 2:]),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{i}-{case[0]}" for i, case in enumerate(CASES)])
def test_as_numpy_does(case: tuple[Any, ...]) -> None:
    text, *arguments = case
    check(text, *arguments)


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("np.argmin(a)", [np.zeros(0)]),
        ("np.argmax(a, axis=0)", [np.zeros((0, 2))]),
        ("np.ptp(a)", [np.zeros(0)]),
        ("np.bincount(a)", [np.array([1, -1])]),
        ("np.bincount(a, b)", [np.array([1, 2]), np.array([1.0])]),
        ("np.gradient(a)", [np.zeros(1)]),
        ("np.interp(0.5, a, b)", [np.zeros(2), np.zeros(3)]),
        ("np.interp(0.5, a, b)", [np.zeros(0), np.zeros(0)]),
        ("np.convolve(a, b)", [np.zeros(0), np.zeros(2)]),
        ("np.nanargmin(a)", [np.array([NAN, NAN])]),
        ("np.percentile(a, 101)", [LINE]),
        ("np.quantile(a, -0.5)", [LINE]),
        ("np.digitize(a, b)", [LINE, np.array([1.0, 3.0, 2.0])]),
        ("np.histogram(a, b)", [LINE, 0]),
        ("np.histogram(a, [2, 1])", [LINE]),
        ("np.histogram(a, 3, (2.0, 1.0))", [LINE]),
        ("np.histogram(a, 3)", [np.array([1.0, NAN])]),
        ("np.average(a, weights=b)", [LINE, np.zeros(23)]),
    ],
)
def test_failures(text: str, arguments: list[Any]) -> None:
    plain, compiled = pair(text, arguments)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises((ValueError, ZeroDivisionError)) as wanted:
            plain(*arguments)
    with pytest.raises(wanted.type):
        compiled(*arguments)


def test_nothing_else_is_changed() -> None:
    a = np.array([3, 1, 2])
    for text in [
        "np.sort(a)",
        "np.argsort(a)",
        "np.median(a)",
        "np.partition(a, 1)",
        "np.cumsum(a)",
        "np.unique(a)",
    ]:
        _, compiled = pair(text, [a])
        compiled(a)
    assert a.tolist() == [3, 1, 2]
