"""Random numbers in compiled code: distributions, ranges and shapes, and that seeds repeat them."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import manycore as mc

pytest.importorskip("llvmlite")
stats = pytest.importorskip("scipy.stats")

COUNT = 20_000
# A right distribution fails such a test once in a million seeds, and the seeds are fixed.
LEAST = 1e-6

CONTINUOUS = [
    (lambda n: np.random.random(n), stats.uniform()),
    (lambda n: np.random.rand(n), stats.uniform()),
    (lambda n: np.random.random_sample(n), stats.uniform()),
    (lambda n: np.random.uniform(2, 5, n), stats.uniform(2, 3)),
    (lambda n: np.random.randn(n), stats.norm()),
    (lambda n: np.random.standard_normal(n), stats.norm()),
    (lambda n: np.random.normal(1.0, 3.0, n), stats.norm(1, 3)),
    (lambda n: np.random.normal(np.full(n, 2.0), 0.5), stats.norm(2, 0.5)),
    (lambda n: np.random.lognormal(0.5, 0.7, n), stats.lognorm(0.7, scale=np.exp(0.5))),
    (lambda n: np.random.exponential(2.0, n), stats.expon(scale=2)),
    (lambda n: np.random.standard_exponential(n), stats.expon()),
    (lambda n: np.random.gamma(3.5, 2.0, n), stats.gamma(3.5, scale=2)),
    (lambda n: np.random.gamma(0.3, 1.0, n), stats.gamma(0.3)),
    (lambda n: np.random.standard_gamma(1, n), stats.gamma(1)),
    (lambda n: np.random.chisquare(3, n), stats.chi2(3)),
    (lambda n: np.random.beta(2.0, 0.5, n), stats.beta(2, 0.5)),
    (lambda n: np.random.rayleigh(2.0, n), stats.rayleigh(scale=2)),
    (lambda n: np.random.weibull(1.5, n), stats.weibull_min(1.5)),
    (lambda n: np.random.pareto(3.0, n), stats.pareto(3, loc=-1)),
    (lambda n: np.random.laplace(1.0, 2.0, n), stats.laplace(1, 2)),
    (lambda n: np.random.logistic(1.0, 2.0, n), stats.logistic(1, 2)),
    (lambda n: np.random.gumbel(1.0, 2.0, n), stats.gumbel_r(1, 2)),
    (lambda n: np.random.power(3.0, n), stats.powerlaw(3)),
    (lambda n: np.random.standard_cauchy(n), stats.cauchy()),
    (lambda n: np.random.standard_t(3, n), stats.t(3)),
    (lambda n: np.random.f(3, 7.5, n), stats.f(3, 7.5)),
    (lambda n: np.random.noncentral_chisquare(3, 2.5, n), stats.ncx2(3, 2.5)),
    (lambda n: np.random.noncentral_f(3, 9, 2.5, n), stats.ncf(3, 9, 2.5)),
    (lambda n: np.random.triangular(1, 2, 5, n), stats.triang(0.25, 1, 4)),
    (lambda n: np.random.vonmises(0.5, 2.0, n), stats.vonmises(2.0, loc=0.5)),
    (lambda n: np.random.vonmises(0.0, 1e-6, n), stats.uniform(-np.pi, 2 * np.pi)),
    (lambda n: np.random.wald(2.0, 3.0, n), stats.invgauss(2 / 3, scale=3)),
    (lambda n: np.random.gamma(np.full(n, 2.5), 2.0), stats.gamma(2.5, scale=2)),
    (lambda n: np.random.beta(2.0, np.full(n, 3.0)), stats.beta(2, 3)),
    (lambda n: np.random.dirichlet([1.0, 2.0, 3.0], n)[:, 1], stats.beta(2, 4)),
    (
        lambda n: np.random.multivariate_normal([1.0, 2.0], [[4.0, 2.0], [2.0, 1.0]], n)[:, 0],
        stats.norm(1, 2),
    ),
    (lambda n: np.array([random.paretovariate(3.0) for _ in range(n)]), stats.pareto(3)),
    (
        lambda n: np.array([random.weibullvariate(2.0, 1.5) for _ in range(n)]),
        stats.weibull_min(1.5, scale=2),
    ),
    (
        lambda n: np.array([random.vonmisesvariate(np.pi, 2.0) for _ in range(n)]),
        stats.vonmises(2.0, loc=np.pi),
    ),
    (lambda n: np.array([random.random() for _ in range(n)]), stats.uniform()),
    (lambda n: np.array([random.uniform(1.0, 3.0) for _ in range(n)]), stats.uniform(1, 2)),
    (lambda n: np.array([random.gauss(1.0, 2.0) for _ in range(n)]), stats.norm(1, 2)),
    (lambda n: np.array([random.normalvariate(1, 2) for _ in range(n)]), stats.norm(1, 2)),
    (lambda n: np.array([random.expovariate(2.0) for _ in range(n)]), stats.expon(scale=0.5)),
    (
        lambda n: np.array([random.gammavariate(2.0, 3.0) for _ in range(n)]),
        stats.gamma(2, scale=3),
    ),
    (lambda n: np.array([random.betavariate(2.0, 3.0) for _ in range(n)]), stats.beta(2, 3)),
    (lambda n: np.array([random.lognormvariate(0, 1) for _ in range(n)]), stats.lognorm(1)),
    (lambda n: np.array([random.triangular(1, 5, 2) for _ in range(n)]), stats.triang(0.25, 1, 4)),
]

DISCRETE = [
    (lambda n: np.random.randint(6, size=n), stats.randint(0, 6)),
    (lambda n: np.random.randint(-3, 8, n), stats.randint(-3, 8)),
    (lambda n: np.random.choice(7, n), stats.randint(0, 7)),
    (lambda n: np.random.choice(np.arange(4), n, p=[0.25, 0.25, 0.25, 0.25]), stats.randint(0, 4)),
    (lambda n: np.random.choice(2, n, p=np.array([0.8, 0.2])), stats.bernoulli(0.2)),
    (lambda n: np.random.poisson(2.5, n), stats.poisson(2.5)),
    (lambda n: np.random.poisson(0, n), stats.poisson(0)),
    (lambda n: np.random.poisson(80.0, n), stats.poisson(80)),
    (lambda n: np.random.binomial(12, 0.3, n), stats.binom(12, 0.3)),
    (lambda n: np.random.geometric(0.3, n), stats.geom(0.3)),
    (lambda n: np.random.binomial(1000, 0.3, n), stats.binom(1000, 0.3)),
    (lambda n: np.random.binomial(100, np.full(n, 0.995)), stats.binom(100, 0.995)),
    (lambda n: np.random.poisson(np.full(n, 3.5)), stats.poisson(3.5)),
    (lambda n: np.random.randint(np.zeros(n, np.int64), 6), stats.randint(0, 6)),
    (lambda n: np.random.zipf(2.5, n), stats.zipf(2.5)),
    (lambda n: np.random.logseries(0.7, n), stats.logser(0.7)),
    (lambda n: np.random.negative_binomial(3, 0.4, n), stats.nbinom(3, 0.4)),
    (lambda n: np.random.hypergeometric(7, 5, 6, n), stats.hypergeom(12, 7, 6)),
    (lambda n: np.random.multinomial(20, [0.2, 0.3, 0.5], n)[:, 1].copy(), stats.binom(20, 0.3)),
    (lambda n: np.array([random.randint(1, 6) for _ in range(n)]), stats.randint(1, 7)),
    (lambda n: np.array([random.randrange(5) for _ in range(n)]), stats.randint(0, 5)),
    (lambda n: np.array([random.randrange(3, 9) for _ in range(n)]), stats.randint(3, 9)),
    (lambda n: np.array([random.randrange(2, 12, 5) // 5 for _ in range(n)]), stats.randint(0, 2)),
    (lambda n: np.array([random.choice((0, 1, 2)) for _ in range(n)]), stats.randint(0, 3)),
    (lambda n: np.array([random.getrandbits(3) for _ in range(n)]), stats.randint(0, 8)),
]

OF_A_GENERATOR = [
    (lambda g, n: g.random(n), stats.uniform()),
    (lambda g, n: g.uniform(1.0, 3.0, n), stats.uniform(1, 2)),
    (lambda g, n: g.standard_normal(n), stats.norm()),
    (lambda g, n: g.normal(1.0, 2.0, size=n), stats.norm(1, 2)),
    (lambda g, n: g.lognormal(0.0, 1.0, n), stats.lognorm(1)),
    (lambda g, n: g.exponential(2.0, n), stats.expon(scale=2)),
    (lambda g, n: g.standard_exponential(n), stats.expon()),
    (lambda g, n: g.gamma(2.0, 3.0, n), stats.gamma(2, scale=3)),
    (lambda g, n: g.standard_gamma(2.0, n), stats.gamma(2)),
    (lambda g, n: g.chisquare(4.0, n), stats.chi2(4)),
    (lambda g, n: g.beta(2.0, 3.0, n), stats.beta(2, 3)),
    (lambda g, n: g.integers(6, size=n), stats.randint(0, 6)),
    (lambda g, n: g.integers(1, 6, n, endpoint=True), stats.randint(1, 7)),
    (lambda g, n: g.choice(4, n), stats.randint(0, 4)),
    (lambda g, n: g.poisson(30.0, n), stats.poisson(30)),
    (lambda g, n: g.binomial(9, 0.6, n), stats.binom(9, 0.6)),
    (lambda g, n: g.geometric(0.4, n), stats.geom(0.4)),
    (lambda g, n: g.logistic(1.0, 2.0, n), stats.logistic(1, 2)),
    (lambda g, n: g.triangular(1.0, 2.0, 5.0, n), stats.triang(0.25, 1, 4)),
    (lambda g, n: g.standard_t(4.0, n), stats.t(4)),
    (lambda g, n: g.negative_binomial(3, 0.4, n), stats.nbinom(3, 0.4)),
    (lambda g, n: g.multinomial(20, [0.2, 0.8], n)[:, 0].copy(), stats.binom(20, 0.2)),
    (lambda g, n: g.dirichlet([1.0, 5.0], n)[:, 0].copy(), stats.beta(1, 5)),
]


def fits(drawn: np.ndarray, wanted: Any) -> None:
    """Fail unless the numbers are of a distribution, as far as so many can tell."""
    assert drawn.shape == (COUNT,)
    if hasattr(wanted.dist, "pdf"):
        assert drawn.dtype == np.float64
        assert stats.kstest(drawn, wanted.cdf).pvalue > LEAST
        return
    assert drawn.dtype == np.int64
    values, found = np.unique(drawn, return_counts=True)
    chances = wanted.pmf(values)
    assert np.all(chances > 0)
    # What is rare counts as one.
    often = chances * COUNT >= 5
    expected = np.append(chances[often], 1 - chances[often].sum()) * COUNT
    counts = np.append(found[often], COUNT - found[often].sum())
    there = expected > 1e-6
    assert counts[~there].sum() == 0
    if there.sum() > 1:
        expected = expected[there] * counts[there].sum() / expected[there].sum()
        assert stats.chisquare(counts[there], expected).pvalue > LEAST


def seeded(seed: int) -> None:
    """Begin the compiled functions' stream anew."""

    @mc.jit
    def begin(seed):  # type: ignore[no-untyped-def]
        np.random.seed(seed)

    begin(seed)


@pytest.mark.parametrize("number", range(len(CONTINUOUS + DISCRETE)))
def test_distributions(number: int) -> None:
    function, wanted = (CONTINUOUS + DISCRETE)[number]
    draw = mc.jit(function)
    draw(3)
    seeded(number + 1)
    fits(draw(COUNT), wanted)


@pytest.mark.parametrize("number", range(len(OF_A_GENERATOR)))
def test_generators(number: int) -> None:
    function, wanted = OF_A_GENERATOR[number]
    draw = mc.jit(function)
    first = draw(np.random.default_rng(number), COUNT)
    fits(first, wanted)
    np.testing.assert_array_equal(first, draw(np.random.default_rng(number), COUNT))
    assert not np.array_equal(first, draw(np.random.default_rng(number + 1), COUNT))


def test_generators_go_on() -> None:
    draw = mc.jit(lambda g: g.random(5))
    g = np.random.default_rng(3)
    assert not np.array_equal(draw(g), draw(g))


def test_seeds_repeat() -> None:
    @mc.jit
    def draw(seed):  # type: ignore[no-untyped-def]
        np.random.seed(seed)
        return np.random.normal(0.0, 1.0, 4), np.random.randint(0, 1000, 4), random.random()

    one, two, other = draw(7), draw(7), draw(8)
    for a, b, c in zip(one, two, other, strict=True):
        np.testing.assert_array_equal(a, b)
        assert not np.array_equal(a, c)


@pytest.mark.parametrize(
    ("function", "shape", "dtype"),
    [
        (lambda: np.random.rand(2, 3), (2, 3), "float64"),
        (lambda: np.random.randn(2, 3, 4), (2, 3, 4), "float64"),
        (lambda: np.random.random((4,)), (4,), "float64"),
        (lambda: np.random.randint(0, 9, (2, 2), dtype=np.int8), (2, 2), "int8"),
        (lambda: np.random.uniform(0.0, 1.0, (0, 3)), (0, 3), "float64"),
        (lambda: np.random.choice(5, (2, 3)), (2, 3), "int64"),
        (lambda: np.random.normal(np.zeros((2, 1)), np.ones(3)), (2, 3), "float64"),
        (lambda: np.random.gamma(np.ones((2, 1)), np.ones(3)), (2, 3), "float64"),
        (lambda: np.random.multinomial(5, [0.5, 0.5]), (2,), "int64"),
        (lambda: np.random.dirichlet([1.0, 2.0], (3, 4)), (3, 4, 2), "float64"),
        (lambda: np.random.multivariate_normal([0.0, 1.0], np.eye(2)), (2,), "float64"),
    ],
)
def test_shapes(function: Any, shape: tuple[int, ...], dtype: str) -> None:
    result = mc.jit(function)()
    assert (result.shape, result.dtype) == (shape, dtype)


def test_single_numbers() -> None:
    for function in (
        *(lambda: np.random.rand(), lambda: np.random.normal(), lambda: np.random.exponential()),
        *(lambda: random.random(), lambda: random.gauss(0, 1)),
    ):
        assert isinstance(mc.jit(function)(), float)
    for function in (lambda: np.random.randint(4), lambda: random.randint(0, 3)):
        assert mc.jit(function)() in range(4)


def test_permutations_are_all_as_likely() -> None:
    @mc.jit
    def count(n):  # type: ignore[no-untyped-def]
        np.random.seed(5)
        found = np.zeros(27, np.int64)
        for _ in range(n):
            a = np.random.permutation(3)
            found[a[0] * 9 + a[1] * 3 + a[2]] += 1
        return found

    found = count(COUNT)
    assert np.count_nonzero(found) == 6
    assert stats.chisquare(found[found > 0]).pvalue > LEAST


def test_shuffles() -> None:
    def shuffle(a):  # type: ignore[no-untyped-def]
        np.random.shuffle(a)

    def other(a):  # type: ignore[no-untyped-def]
        random.shuffle(a)

    for function in (shuffle, other):
        a = np.arange(50)
        mc.jit(function)(a)
        assert not np.array_equal(a, np.arange(50))
        np.testing.assert_array_equal(np.sort(a), np.arange(50))
    rows = np.arange(60).reshape(20, 3)
    mc.jit(shuffle)(rows)
    assert not np.array_equal(rows[:, 0], np.arange(20) * 3)
    np.testing.assert_array_equal(rows - rows[:, :1], np.tile([0, 1, 2], (20, 1)))
    np.testing.assert_array_equal(np.sort(rows[:, 0]), np.arange(20) * 3)


def test_different_ones_are_chosen() -> None:
    draw = mc.jit(lambda: np.random.choice(np.arange(10) * 2, 10, replace=False))
    np.testing.assert_array_equal(np.sort(draw()), np.arange(10) * 2)


@pytest.mark.parametrize(
    ("function", "error", "text"),
    [
        (lambda: np.random.randint(3, 3), ValueError, "low >= high"),
        (lambda: np.random.normal(0.0, -1.0), ValueError, "scale < 0"),
        (lambda: np.random.poisson(-1.0), ValueError, "lam < 0"),
        (lambda: np.random.choice(0), ValueError, "a must be greater than 0"),
        (
            lambda: np.random.choice(3, 4, replace=False),
            ValueError,
            "larger sample than population",
        ),
        (lambda: np.random.choice(2, 4, p=[0.5, 0.4]), ValueError, "do not sum to 1"),
        (lambda: np.random.choice(2, 4, p=[0.5, 0.4, 0.1]), ValueError, "must have same size"),
        (lambda: random.randint(3, 2), ValueError, "empty range"),
        (lambda: np.random.standard_t(0.0), ValueError, "df <= 0"),
        (lambda: np.random.triangular(1.0, 0.0, 2.0), ValueError, "left > mode"),
        (lambda: np.random.zipf(1.0), ValueError, "a <= 1"),
        (lambda: np.random.hypergeometric(2, 2, 5), ValueError, r"ngood \+ nbad < nsample"),
        (lambda: np.random.multinomial(3, [0.9, 0.9, 0.1]), ValueError, r"sum\(pvals\[:-1\]"),
        (lambda: np.random.dirichlet([1.0, -1.0]), ValueError, "alpha <= 0"),
        (lambda: np.random.binomial(3, [0.5, 1.5]), ValueError, "p > 1"),
    ],
)
def test_wrong_arguments(function: Any, error: type[Exception], text: str) -> None:
    for one in (mc.jit(function), function):
        with pytest.raises(error, match=text):
            one()
