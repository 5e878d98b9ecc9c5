"""Random arrays against SciPy's distributions and NumPy's errors, whatever the chunks."""

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

import manycore as mc

SEED = 20_260_101
MANY = 40_000

# NumPy's parameters, and the distribution that SciPy says it is.
CONTINUOUS = [
    ("uniform", (-2.0, 5.0), stats.uniform(-2, 7)),
    ("normal", (3.0, 2.0), stats.norm(3, 2)),
    ("lognormal", (0.5, 0.7), stats.lognorm(0.7, scale=np.exp(0.5))),
    ("exponential", (2.5,), stats.expon(scale=2.5)),
    ("gamma", (0.3, 2.0), stats.gamma(0.3, scale=2)),
    ("gamma", (1.0, 2.0), stats.gamma(1, scale=2)),
    ("gamma", (7.5, 2.0), stats.gamma(7.5, scale=2)),
    ("beta", (0.5, 0.5), stats.beta(0.5, 0.5)),
    ("beta", (2.0, 5.0), stats.beta(2, 5)),
    ("chisquare", (3.5,), stats.chi2(3.5)),
    ("noncentral_chisquare", (3.0, 2.0), stats.ncx2(3, 2)),
    ("noncentral_chisquare", (0.5, 2.0), stats.ncx2(0.5, 2)),
    ("f", (3.0, 8.0), stats.f(3, 8)),
    ("noncentral_f", (3.0, 8.0, 1.5), stats.ncf(3, 8, 1.5)),
    ("standard_t", (4.0,), stats.t(4)),
    ("standard_cauchy", (), stats.cauchy()),
    ("pareto", (3.0,), stats.lomax(3)),
    ("power", (2.5,), stats.powerlaw(2.5)),
    ("weibull", (1.7,), stats.weibull_min(1.7)),
    ("laplace", (1.0, 2.0), stats.laplace(1, 2)),
    ("logistic", (1.0, 2.0), stats.logistic(1, 2)),
    ("gumbel", (1.0, 2.0), stats.gumbel_r(1, 2)),
    ("rayleigh", (2.0,), stats.rayleigh(scale=2)),
    ("triangular", (-1.0, 0.5, 4.0), stats.triang(0.3, -1, 5)),
    ("triangular", (0.0, 0.0, 1.0), stats.triang(0, 0, 1)),
    ("vonmises", (0.5, 2.0), stats.vonmises(2, 0.5)),
    ("vonmises", (0.0, 1e-6), stats.uniform(-np.pi, 2 * np.pi)),
    ("vonmises", (0.0, 1e7), stats.norm(0, 1e-3 / np.sqrt(10))),
    ("wald", (3.0, 2.0), stats.invgauss(1.5, scale=2)),
    ("random", (), stats.uniform()),
    ("standard_normal", (), stats.norm()),
    ("standard_exponential", (), stats.expon()),
    ("standard_gamma", (2.5,), stats.gamma(2.5)),
]

DISCRETE = [
    ("binomial", (10, 0.3), stats.binom(10, 0.3)),
    ("binomial", (400, 0.8), stats.binom(400, 0.8)),
    ("negative_binomial", (3.5, 0.4), stats.nbinom(3.5, 0.4)),
    ("poisson", (2.5,), stats.poisson(2.5)),
    ("poisson", (250.0,), stats.poisson(250)),
    ("geometric", (0.15,), stats.geom(0.15)),
    ("geometric", (0.9,), stats.geom(0.9)),
    ("hypergeometric", (5, 9, 6), stats.hypergeom(14, 5, 6)),
    ("hypergeometric", (9, 5, 8), stats.hypergeom(14, 9, 8)),
    ("hypergeometric", (100, 300, 120), stats.hypergeom(400, 100, 120)),
    ("hypergeometric", (300, 100, 310), stats.hypergeom(400, 300, 310)),
    ("hypergeometric", (10**8, 10**8, 400), stats.binom(400, 0.5)),
    ("logseries", (0.8,), stats.logser(0.8)),
    ("zipf", (2.5,), stats.zipf(2.5)),
    ("integers", (3, 9), stats.randint(3, 9)),
]

NAMES = sorted({name for name, *_ in CONTINUOUS + DISCRETE})
PARAMETERS = {name: parameters for name, parameters, _ in CONTINUOUS + DISCRETE}


def draw(name: str, *args: Any, seed: int = SEED, **options: Any) -> Any:
    return np.asarray(getattr(mc.random.default_rng(seed), name)(*args, **options))


def ids(cases: list[Any]) -> list[str]:
    return [f"{name}{parameters}" for name, parameters, _ in cases]


@pytest.mark.parametrize(("name", "parameters", "expected"), CONTINUOUS, ids=ids(CONTINUOUS))
def test_continuous_numbers_are_of_their_distribution(
    name: str, parameters: tuple[float, ...], expected: Any
) -> None:
    numbers = draw(name, *parameters, size=MANY)
    assert numbers.dtype == np.float64
    assert stats.kstest(numbers, expected.cdf).pvalue > 1e-3
    # Neighbours have nothing to do with each other.
    assert abs(stats.spearmanr(numbers[1:], numbers[:-1]).statistic) < 4 / MANY**0.5


@pytest.mark.parametrize(("name", "parameters", "expected"), DISCRETE, ids=ids(DISCRETE))
def test_counts_are_of_their_distribution(
    name: str, parameters: tuple[float, ...], expected: Any
) -> None:
    numbers = draw(name, *parameters, size=MANY)
    assert numbers.dtype == np.int64
    # Bins in which at least some are expected; what lies outside of them makes two more.
    low, high = (int(expected.ppf(q)) for q in (2e-3, 1 - 2e-3))
    edges = np.unique(np.linspace(low, high + 1, min(high - low + 1, 30) + 1).astype(int))
    observed = np.histogram(numbers, [-np.inf, *edges, np.inf])[0]
    chances = np.diff([0, *expected.cdf(edges - 1), 1])
    kept = chances > 1e-12
    assert observed[~kept].sum() == 0
    assert stats.chisquare(observed[kept], chances[kept] * MANY).pvalue > 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_numbers_do_not_depend_on_chunks(name: str) -> None:
    shape = (7, 30, 11)
    whole = draw(name, *PARAMETERS[name], size=shape, chunks=-1)
    for chunks in (None, 3, (1, 30, 11), ((2, 5), 4, (10, 1)), (7, 7, -1)):
        assert np.array_equal(draw(name, *PARAMETERS[name], size=shape, chunks=chunks), whole)


@pytest.mark.parametrize("name", NAMES)
def test_a_parameter_for_each_element_draws_the_same(name: str) -> None:
    parameters = PARAMETERS[name]
    if not parameters:
        pytest.skip("it has no parameters")
    once = draw(name, *parameters, size=(6, 5))
    column, *others = (np.full((6, 1), value) for value in parameters)
    row = [other[0] for other in others]
    assert np.array_equal(draw(name, column, *row, size=(6, 5), chunks=4), once)
    if name != "integers":
        lazy = mc.array.asarray(column)
        assert np.array_equal(draw(name, lazy, *row, size=(6, 5), chunks=4), once)


def test_parameters_broadcast() -> None:
    assert draw("normal", np.zeros((3, 1)), np.ones(4)).shape == (3, 4)
    loc = np.array([[0.0], [1000.0]])
    x = draw("normal", loc, [1, 2, 3], size=(5, 2, 3))
    assert (np.abs(x - loc) < 100).all()
    assert draw("poisson", [0.0, 1e6], size=(100, 2)).max(axis=0)[0] == 0
    with pytest.raises(ValueError, match="not compatible"):
        mc.random.default_rng(0).normal(np.zeros((2, 3)), 1, size=3)
    with pytest.raises(ValueError, match="mismatch"):
        mc.random.default_rng(0).normal(np.zeros(3), 1, size=(3, 2))
    with pytest.raises(ValueError, match="mismatch"):
        mc.random.default_rng(0).normal(np.zeros(3), np.ones(2))


def test_draws_differ_and_seeds_repeat_them() -> None:
    rng = mc.random.default_rng(5)
    first, second = rng.random(1000).compute(), rng.random(1000).compute()
    assert not (first == second).any()
    rng = mc.random.default_rng(5)
    assert np.array_equal(rng.random(1000).compute(), first)
    # The order in which they are computed does not matter.
    copy = pickle.loads(pickle.dumps(rng))
    assert np.array_equal(copy.random(1000).compute(), second)
    assert np.array_equal(rng.random(1000).compute(), second)
    x = rng.random(10)
    assert np.array_equal(x.compute(), x.compute())


def test_spawned_generators_are_their_own() -> None:
    def numbers() -> list[Any]:
        parent = mc.random.default_rng(np.random.SeedSequence(1))
        children = parent.spawn(3)
        return [rng.random(100).compute() for rng in [parent, *children, *parent.spawn(1)]]

    drawn, again = numbers(), numbers()
    assert np.array_equal(drawn, again)
    assert len(np.unique(np.concatenate(drawn))) == 500


def test_seeds() -> None:
    x = mc.random.default_rng([1, 2]).random(4).compute()
    assert np.array_equal(
        mc.random.default_rng(np.random.SeedSequence([1, 2])).random(4).compute(), x
    )
    assert np.array_equal(mc.random.default_rng(np.random.PCG64([1, 2])).random(4).compute(), x)
    rng = mc.random.default_rng(1)
    assert mc.random.default_rng(rng) is rng
    assert not np.array_equal(mc.random.default_rng().random(4), mc.random.default_rng().random(4))
    with pytest.raises(ValueError, match="non-negative"):
        mc.random.default_rng(-1)
    with pytest.raises(TypeError):
        mc.random.default_rng("seed")


@pytest.mark.parametrize("name", ["random", "standard_normal", "standard_exponential"])
def test_single_precision(name: str) -> None:
    x = draw(name, 10_000, dtype=np.float32)
    assert x.dtype == np.float32
    assert x.max() < 1 or name != "random"
    cdf = {"random": stats.uniform.cdf, "standard_normal": stats.norm.cdf}
    assert stats.kstest(x, cdf.get(name, stats.expon.cdf)).pvalue > 1e-3
    with pytest.raises(TypeError, match="Unsupported dtype"):
        draw(name, 3, dtype=np.int32)


@pytest.mark.parametrize("size", [None, (), 0, 1, (3, 0), (0, 2), (1, 1), 1025])
def test_sizes(size: Any) -> None:
    shape = np.random.default_rng(0).normal(size=size)
    for name in ("random", "normal", "integers"):
        args = (5,) if name == "integers" else ()
        x = getattr(mc.random.default_rng(0), name)(*args, size=size)
        assert x.shape == np.shape(shape) == x.compute().shape
    assert mc.random.default_rng(0).dirichlet([1, 2], size=size).compute().shape == (
        *np.shape(shape),
        2,
    )


DTYPES = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_integers_of_every_type(dtype: str) -> None:
    info = np.iinfo("u1") if dtype == "?" else np.iinfo(dtype)
    low, high = (0, 1) if dtype == "?" else (int(info.min), int(info.max))
    x = draw("integers", low, high, size=20_000, dtype=dtype, endpoint=True)
    assert x.dtype == np.dtype(dtype)
    places = (x.astype(float) - low) / (float(high) - low)
    assert abs(places.mean() - 0.5) < 0.02
    assert abs(places.std() - (0.5 if dtype == "?" else 12**-0.5)) < 0.01
    one = draw("integers", high, high, size=5, dtype=dtype, endpoint=True)
    assert (one == high).all()


def test_integers_between_arrays() -> None:
    low, high = np.array([-5, 0, 2**62]), np.array([-4, 7, 2**63 - 1])
    x = draw("integers", low, high, size=(1000, 3))
    assert (x >= low).all()
    assert (x < high).all()
    assert set(x[:, 1].tolist()) == set(range(7))
    big = draw("integers", np.zeros(3, np.uint64), 2**64, size=(1000, 3), dtype="u8")
    assert big.max() > 2**63


ERRORS: list[Callable[[Any], Any]] = [
    lambda rng: rng.normal(0, -1),
    lambda rng: rng.normal(0, [1, -1]),
    lambda rng: rng.normal("a", 1),
    lambda rng: rng.uniform(0, np.inf),
    lambda rng: rng.exponential(-1.0, size=3),
    lambda rng: rng.gamma(-1),
    lambda rng: rng.beta(0, 1),
    lambda rng: rng.triangular(0, 5, 3),
    lambda rng: rng.vonmises(0, -1),
    lambda rng: rng.wald(0, 1),
    lambda rng: rng.power(0),
    lambda rng: rng.binomial(10, 1.5),
    lambda rng: rng.binomial(-1, 0.5),
    lambda rng: rng.poisson(-1),
    lambda rng: rng.poisson(1e20),
    lambda rng: rng.geometric(0),
    lambda rng: rng.hypergeometric(3, 4, 10),
    lambda rng: rng.logseries(1.0),
    lambda rng: rng.zipf(1.0),
    lambda rng: rng.negative_binomial(0, 0.5),
    lambda rng: rng.integers(5, 5),
    lambda rng: rng.integers(0, 300, dtype=np.uint8),
    lambda rng: rng.integers([0, 9], 5),
    lambda rng: rng.integers(0, 2**65),
    lambda rng: rng.integers(0, 5, dtype=np.float64),
    lambda rng: rng.random((2, -1)),
    lambda rng: rng.random(2.5),
    lambda rng: rng.multinomial(3, [0.9, 0.6, 0.1]),
    lambda rng: rng.multinomial(-1, [0.5, 0.5]),
    lambda rng: rng.dirichlet([-1, 2]),
    lambda rng: rng.multivariate_hypergeometric([3, 4], 10),
    lambda rng: rng.multivariate_normal([0, 0], np.eye(3)),
    lambda rng: rng.choice(0, 3),
    lambda rng: rng.choice(3, 5, replace=False),
    lambda rng: rng.choice(3, 2, p=[0.5, 0.5]),
    lambda rng: rng.choice(3, 2, p=[0.5, 0.5, 0.5]),
    lambda rng: rng.choice(3, 3, replace=False, p=[0.5, 0.5, 0]),
    lambda rng: rng.choice([1, 2], 3, axis=1),
    lambda rng: rng.permutation([1, 2], axis=1),
]


@pytest.mark.parametrize("call", ERRORS, ids=range(len(ERRORS)))
def test_bad_parameters_get_numpys_error(call: Callable[[Any], Any]) -> None:
    with pytest.raises(Exception) as expected:  # noqa: PT011, NumPy says which
        call(np.random.default_rng(0))
    with pytest.raises(expected.type):
        call(mc.random.default_rng(0))


def test_bad_parameters_that_are_lazy_are_seen_when_computed() -> None:
    scale = mc.array.asarray([1.0, -1.0])
    with pytest.raises(ValueError, match="scale < 0"):
        mc.random.default_rng(0).normal(0, scale).compute()


def test_multinomial() -> None:
    p = [0.1, 0.2, 0.3, 0.4]
    x = draw("multinomial", 1000, p, size=(40, 50))
    assert x.shape == (40, 50, 4)
    assert x.dtype == np.int64
    assert (x.sum(axis=-1) == 1000).all()
    assert np.allclose(x.mean(axis=(0, 1)), np.multiply(p, 1000), atol=2)
    assert np.allclose(x.var(axis=(0, 1)), [90, 160, 210, 240], rtol=0.15)
    assert np.array_equal(draw("multinomial", 1000, p, size=(40, 50), chunks=(7, 9, 4)), x)
    assert np.array_equal(draw("multinomial", [1000] * 50, [p], size=(40, 50), chunks=(7, 9)), x)
    many = draw("multinomial", [[1], [100]], [p, p[::-1]], size=(2, 2))
    assert many.sum(axis=-1).tolist() == [[1, 1], [100, 100]]


def test_multivariate_hypergeometric() -> None:
    colors = np.array([50, 30, 20])
    x = draw("multivariate_hypergeometric", colors, 40, size=3000)
    assert (x.sum(axis=-1) == 40).all()
    assert ((x >= 0) & (x <= colors)).all()
    assert np.allclose(x.mean(axis=0), [20, 12, 8], atol=0.2)
    chunked = draw("multivariate_hypergeometric", colors, 40, size=3000, chunks=77)
    assert np.array_equal(chunked, x)


@pytest.mark.parametrize("alpha", [[0.5, 1.5, 8.0], [0.02, 0.05, 0.01]])
def test_dirichlet(alpha: list[float]) -> None:
    x = draw("dirichlet", alpha, size=20_000)
    total = sum(alpha)
    assert np.allclose(x.sum(axis=-1), 1)
    assert np.allclose(x.mean(axis=0), np.divide(alpha, total), atol=0.02)
    expected = stats.beta(alpha[0], total - alpha[0])
    if alpha[0] > 0.1:
        assert stats.kstest(x[:, 0], expected.cdf).pvalue > 1e-3
    assert np.array_equal(draw("dirichlet", alpha, size=20_000, chunks=999), x)


@pytest.mark.parametrize("method", ["svd", "eigh", "cholesky"])
def test_multivariate_normal(method: str) -> None:
    mean, cov = np.array([1.0, -2.0, 5.0]), np.array([[2, 0.5, 0], [0.5, 1, -0.3], [0, -0.3, 3]])
    x = draw("multivariate_normal", mean, cov, size=20_000, method=method)
    assert np.allclose(x.mean(axis=0), mean, atol=0.05)
    assert np.allclose(np.cov(x.T), cov, atol=0.1)
    y = draw("multivariate_normal", mean, cov, size=20_000, method=method, chunks=(999, 3))
    assert np.allclose(x, y, rtol=1e-13)


def test_choice() -> None:
    rng = mc.random.default_rng(1)
    letters = np.array(["a", "b", "c"])
    p = [0.2, 0.5, 0.3]
    x = rng.choice(letters, (100, 90), p=p).compute()
    shares = [(x == letter).mean() for letter in letters]
    assert np.allclose(shares, p, atol=0.03)
    assert set(rng.choice(letters.tolist(), 100).compute()) == set("abc")
    assert rng.choice(4).compute() in range(4)
    matrix = np.arange(12).reshape(3, 4)
    columns = rng.choice(matrix, 6, axis=1).compute()
    assert columns.shape == (3, 6)
    assert set(map(tuple, columns.T)) <= set(map(tuple, matrix.T))


@pytest.mark.parametrize(("length", "size"), [(10, 10), (10, 4), (100_000, 50), (5, 0)])
def test_choice_without_replacement(length: int, size: int) -> None:
    x = mc.random.default_rng(1).choice(length, size, replace=False).compute()
    assert len(set(x.tolist())) == size == len(x)
    assert set(x.tolist()) <= set(range(length))


def test_choice_of_few_is_fair() -> None:
    rng = mc.random.default_rng(1)
    p = np.array([0.5, 0.3, 0.15, 0.05, 0])
    firsts = [rng.choice(5, 2, replace=False, p=p).compute() for _ in range(3000)]
    counts = np.bincount(np.array(firsts)[:, 0], minlength=5)
    assert counts[4] == 0
    assert stats.chisquare(counts[:4], p[:4] * 3000).pvalue > 1e-3


def test_permutations() -> None:
    rng = mc.random.default_rng(2)
    counts: dict[tuple[int, ...], int] = {}
    for _ in range(2400):
        order = tuple(rng.permutation(4).compute().tolist())
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 24
    assert stats.chisquare(list(counts.values())).pvalue > 1e-3
    x = np.arange(60).reshape(12, 5)
    y = rng.permutation(x, axis=1).compute()
    assert sorted(map(tuple, y.T)) == sorted(map(tuple, x.T))
    z = mc.array.asarray(x)
    rng.shuffle(z)
    assert not np.array_equal(z.compute(), x)
    assert sorted(map(tuple, z.compute())) == sorted(map(tuple, x))
    own = x.copy()
    rng.shuffle(own)
    assert sorted(map(tuple, own)) == sorted(map(tuple, x))
    items = list(range(50))
    rng.shuffle(items)
    assert sorted(items) == list(range(50)) != items
    assert np.array_equal(np.sort(rng.permuted(x, axis=1).compute(), axis=1), x)
    assert np.array_equal(np.sort(rng.permuted(x).compute().ravel()), x.ravel())


def test_the_module_is_a_generator_that_all_share() -> None:
    mc.random.seed(3)
    x = mc.random.normal(size=3).compute(), mc.random.randint(0, 9, 4).compute()
    mc.random.seed(3)
    assert np.array_equal(mc.random.normal(size=3), x[0])
    assert np.array_equal(mc.random.randint(0, 9, 4), x[1])
    assert mc.random.rand(2, 3).shape == (2, 3)
    assert mc.random.randn(2).shape == (2,)
    assert mc.random.random_sample(2).shape == (2,)
    assert set(mc.random.random_integers(3, size=200).compute().tolist()) == {1, 2, 3}
    state = mc.random.RandomState(3)
    assert np.array_equal(state.normal(size=3), x[0])
    assert len(mc.random.bytes(7)) == 7
    assert mc.random is mc.array.random
