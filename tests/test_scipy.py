"""SciPy's `workers=`: a pool's `map` gives what SciPy computes alone."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy import integrate, optimize

import manycore as mc
from manycore.pool import Pool


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with mc.Pool(2) as pool:
        yield pool


def rosenbrock(x: np.ndarray[Any, Any]) -> float:
    return float(optimize.rosen(x))


def bowl(x: np.ndarray[Any, Any], a: float, b: float) -> float:
    return float((x[0] - a) ** 2 + (x[1] - b) ** 2)


def test_differential_evolution(pool: Pool) -> None:
    options: dict[str, Any] = {"seed": 7, "maxiter": 40, "updating": "deferred", "polish": False}
    bounds = [(-2.0, 2.0)] * 3
    alone = optimize.differential_evolution(rosenbrock, bounds, **options)
    ours = optimize.differential_evolution(rosenbrock, bounds, workers=pool.map, **options)
    np.testing.assert_array_equal(ours.x, alone.x)
    assert (ours.fun, ours.nfev, ours.nit) == (alone.fun, alone.nfev, alone.nit)


def test_differential_evolution_with_a_closure_and_polish(pool: Pool) -> None:
    centre = np.array([0.3, -0.7])
    found = optimize.differential_evolution(
        lambda x: float(((x - centre) ** 2).sum()),
        [(-1.0, 1.0)] * 2,
        workers=pool.map,
        updating="deferred",
        seed=1,
    )
    np.testing.assert_allclose(found.x, centre, atol=1e-6)


def test_brute(pool: Pool) -> None:
    ranges = (slice(-1, 1, 0.1), slice(-1, 1, 0.1))
    options: dict[str, Any] = {"args": (0.3, -0.2), "full_output": True, "finish": None}
    alone = optimize.brute(bowl, ranges, **options)
    ours = optimize.brute(bowl, ranges, workers=pool.map, **options)
    for mine, theirs in zip(ours, alone, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def waves(x: float) -> Any:
    return np.sin(np.arange(1, 200) * x)


def test_quad_vec(pool: Pool) -> None:
    alone = integrate.quad_vec(waves, 0, 3, epsabs=1e-10)
    ours = integrate.quad_vec(waves, 0, 3, epsabs=1e-10, workers=pool.map)
    np.testing.assert_allclose(ours[0], alone[0], atol=1e-10)
    np.testing.assert_allclose(ours[0], (1 - np.cos(3 * np.arange(1, 200))) / np.arange(1, 200))


def test_jacobians(pool: Pool) -> None:
    # least_squares differentiates numerically, one call a parameter.
    x = np.linspace(0, 1, 50)
    y = 2.5 * np.exp(-1.3 * x)
    found = optimize.least_squares(
        lambda p: p[0] * np.exp(-p[1] * x) - y, [1.0, 1.0], workers=pool.map
    )
    np.testing.assert_allclose(found.x, [2.5, 1.3], atol=1e-6)


def test_what_the_function_raises_is_raised(pool: Pool) -> None:
    def fail(x: np.ndarray[Any, Any]) -> float:
        raise ZeroDivisionError("no value here")

    with pytest.raises(ZeroDivisionError, match="no value here"):
        optimize.brute(fail, (slice(0, 1, 0.5),), workers=pool.map, finish=None)


def test_low_level_callable() -> None:
    """SciPy calls the compiled function's C address: no Python between two evaluations."""
    pytest.importorskip("llvmlite")
    from scipy import LowLevelCallable, integrate

    def density(x):  # type: ignore[no-untyped-def]
        return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)

    fast = mc.jit("f8(f8)")(density)
    function = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(fast.address)
    got = integrate.quad(LowLevelCallable(function), -1.0, 1.0)
    assert got == pytest.approx(integrate.quad(density, -1.0, 1.0), rel=1e-12)
    assert got[0] == pytest.approx(math.erf(1 / math.sqrt(2)))
