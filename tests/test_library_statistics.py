"""NumPy's statistics, differences and histograms: compiled as NumPy has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from test_library_linalg import close
from test_library_shapes import compiled

pytest.importorskip("llvmlite")

RANDOM = np.random.default_rng(1)
GIVEN: dict[str, Any] = {
    "x": RANDOM.random(9),
    "y": np.sort(RANDOM.random(9)),
    "a": RANDOM.random((5, 6)),
    "b": RANDOM.random((3, 4, 5)).astype(np.float32),
    "k": RANDOM.integers(0, 5, 9),
    "h": np.where(RANDOM.random(9) < 0.3, np.nan, RANDOM.random(9)),
    "w": np.where(RANDOM.random((5, 6)) < 0.3, np.nan, RANDOM.random((5, 6))),
}


def agree(expression: str) -> None:
    """Fail unless an expression of what is given is compiled as NumPy has it."""
    fast, slow = compiled(expression, ", ".join(GIVEN))
    close(fast(**GIVEN), slow(**GIVEN))


@pytest.mark.parametrize(
    "expression",
    [
        *("np.gradient(x)", "np.gradient(x, 0.5)", "np.gradient(x, y)", "np.gradient(k)"),
        *("np.gradient(x, edge_order=2)", "np.gradient(x, y, edge_order=2)", "np.gradient(x, 2)"),
        *("np.gradient(a)", "np.gradient(a, 0.5)", "np.gradient(a, 0.5, 2.0)", "np.gradient(b)"),
        *("np.gradient(a, axis=0)", "np.gradient(a, 0.1, axis=-1)", "np.gradient(b, axis=(0, 2))"),
        *("np.gradient(b, 1.0, 2.0, 0.5)", "np.gradient(a, y[:5], y[:6])"),
    ],
)
def test_gradients(expression: str) -> None:
    agree(expression)


@pytest.mark.parametrize(
    "expression",
    [
        *("np.histogram2d(x, y)", "np.histogram2d(x, y, 4)", "np.histogram2d(x, y, bins=(4, 5))"),
        "np.histogram2d(x, y, bins=[3, 4], range=[[0.2, 0.9], [0.0, 1.0]])",
        *("np.histogram2d(x, y, bins=(np.linspace(0, 1, 4), np.array([0.0, 0.1, 0.9])))",),
        *("np.histogram2d(x, y, 3, weights=x)", "np.histogram2d(x, y, 3, density=True)"),
        *("np.histogram_bin_edges(x, 5)", "np.histogram_bin_edges(k)"),
        *("np.histogram(x, 7)", "np.histogram(x, np.array([0.0, 0.3, 0.35, 0.9]))"),
    ],
)
def test_histograms(expression: str) -> None:
    agree(expression)


@pytest.mark.parametrize("method", ["linear", "lower", "higher", "nearest", "midpoint"])
@pytest.mark.parametrize("q", ["0.3", "0", "1", "0.5", "0.25", "[0.1, 0.625]"])
def test_methods_of_quantiles(method: str, q: str) -> None:
    agree(f"np.quantile(x, {q}, method={method!r})")


@pytest.mark.parametrize(
    "expression",
    [
        *("np.median(a, axis=0, keepdims=True)", "np.median(a, keepdims=True)"),
        *("np.quantile(a, 0.3, axis=1, keepdims=True)", "np.percentile(b, 30, axis=1)"),
        *(
            "np.percentile(x, [30, 60])",
            "np.percentile(k, 30)",
            "np.percentile(a, (5, 95), axis=0)",
        ),
        *("np.nanmedian(h)", "np.nanmedian(w, axis=0)", "np.nanmedian(w, axis=1, keepdims=True)"),
        *("np.nanpercentile(h, 30)", "np.nanquantile(w, 0.3, axis=1)", "np.nanquantile(h, [0, 1])"),
        *("np.nanmedian(k)", "np.nancumsum(h)", "np.nancumprod(h)", "np.nancumsum(w, axis=1)"),
        *("np.cov(a, aweights=y[:6])", "np.cov(a, fweights=k[:6])", "np.cov(a, bias=True)"),
        *("np.cov(a, fweights=k[:6], aweights=x[:6])", "np.cov(a, ddof=0)", "np.cov(x, y)"),
        *("np.apply_along_axis(np.sum, 0, a)", "np.apply_along_axis(np.sort, 1, a)"),
        *("np.apply_along_axis(np.cumsum, 0, b)", "np.apply_along_axis(np.max, -1, b)"),
        *("np.unwrap(20 * x)", "np.unwrap(20 * a, axis=0)", "np.unwrap(9 * x, period=4.0)"),
        "np.unwrap(20 * x, discont=4)",
        *("np.diff(x, prepend=0)", "np.diff(a, axis=1, append=0)", "np.diff(k, prepend=k[:2])"),
        *("np.diff(x, prepend=x[0], append=y)", "np.diff(a, 2, axis=0, prepend=a[:1])"),
        *("np.interp(x, y, x, period=0.7)", "np.interp(3 * x, k, y, period=5)"),
    ],
)
def test_statistics(expression: str) -> None:
    agree(expression)


@pytest.mark.parametrize("expression", ["np.quantile(x, 1.5)", "np.percentile(x, [50, 101])"])
def test_quantiles_out_of_range(expression: str) -> None:
    for f in compiled(expression, "x"):
        with pytest.raises(ValueError, match="must be in the range"):
            f(GIVEN["x"])
