"""More distributions of random numbers: those that are made of the simple ones."""

# ruff: noqa: D401
# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel
from manycore._library.randomness import (
    binomial,
    chisquare,
    demand,
    drawn,
    drawn_from,
    exponential,
    gamma,
    given,
    normal,
    poisson,
    sized,
    uniform,
)


def random_logistic(loc=0.0, scale=1.0, size=None, source=None):
    demand(given(scale) >= 0, "scale < 0")
    shape = sized(size, loc, scale)
    one = drawn(lambda: exponential(source), shape, np.float64)
    return loc + scale * np.log(one / drawn(lambda: exponential(source), shape, np.float64))


def random_gumbel(loc=0.0, scale=1.0, size=None, source=None):
    demand(given(scale) >= 0, "scale < 0")
    shape = sized(size, loc, scale)
    return loc - scale * np.log(drawn(lambda: exponential(source), shape, np.float64))


def random_power(a, size=None, source=None):
    demand(given(a) > 0, "a <= 0")
    shape = sized(size, a, 0.0)
    return (-np.expm1(-drawn(lambda: exponential(source), shape, np.float64))) ** (1.0 / a)


def random_standard_cauchy(size=None, source=None):
    return drawn(lambda: np.tan(np.pi * (uniform(source) - 0.5)), size, np.float64)


def random_standard_t(df, size=None, source=None):
    demand(given(df) > 0, "df <= 0")
    return drawn_from(lambda n, _: student(float(n), source), df, 0.0, size, np.float64)


def student(df, source):
    return normal(source) / np.sqrt(chisquare(df, source) / df)


def random_f(dfnum, dfden, size=None, source=None):
    demand(given(dfnum) > 0, "dfnum <= 0")
    demand(given(dfden) > 0, "dfden <= 0")
    return drawn_from(
        lambda n, m: chisquare(float(n), source) / n / (chisquare(float(m), source) / m),
        dfnum,
        dfden,
        size,
        np.float64,
    )


def random_noncentral_chisquare(df, nonc, size=None, source=None):
    demand(given(df) > 0, "df <= 0")
    demand(given(nonc) >= 0, "nonc < 0")
    return drawn_from(
        lambda n, far: noncentral(float(n), float(far), source), df, nonc, size, np.float64
    )


def noncentral(df, nonc, source):
    # A mixture of central ones.
    return chisquare(df + 2.0 * poisson(0.5 * nonc, source), source)


def random_noncentral_f(dfnum, dfden, nonc, size=None, source=None):
    demand(given(nonc) >= 0, "nonc < 0")
    return drawn_from(
        lambda n, m: (
            noncentral(float(n), float(nonc), source) / n / (chisquare(float(m), source) / m)
        ),
        dfnum,
        dfden,
        size,
        np.float64,
    )


def random_triangular(left, mode, right, size=None, source=None):
    demand(given(left) <= given(mode), "left > mode")
    demand(given(mode) <= given(right), "mode > right")
    demand(given(left) < given(right), "left == right")
    u = drawn(lambda: uniform(source), sized(size, left + mode, right), np.float64)
    width = right - left
    rising = left + np.sqrt(u * width * (mode - left))
    falling = right - np.sqrt((1.0 - u) * width * (right - mode))
    return np.where(u * width <= mode - left, rising, falling)


def random_vonmises(mu, kappa, size=None, source=None):
    demand(given(kappa) >= 0, "kappa < 0")
    return drawn_from(
        lambda middle, k: vonmises(float(middle), float(k), source), mu, kappa, size, np.float64
    )


def vonmises(mu, kappa, source):
    # Best and Fisher's: a wrapped Cauchy distribution encloses it.
    if kappa < 1e-8:
        return np.pi * (2.0 * uniform(source) - 1.0)
    spread = 1.0 + np.sqrt(1.0 + 4.0 * kappa * kappa)
    rho = (spread - np.sqrt(2.0 * spread)) / (2.0 * kappa)
    # What that is without cancellation, where there is nearly no concentration.
    s = 1.0 / kappa + kappa if kappa < 1e-5 else (1.0 + rho * rho) / (2.0 * rho)
    cosine = 1.0
    searches = True
    while searches:
        z = np.cos(np.pi * uniform(source))
        cosine = (1.0 + s * z) / (s + z)
        y = kappa * (s - cosine)
        v = 1.0 - uniform(source)
        searches = y * (2.0 - y) < v and np.log(y / v) + 1.0 < y
    angle = np.arccos(min(1.0, max(-1.0, cosine)))
    turned = mu + (angle if uniform(source) < 0.5 else -angle)
    return np.remainder(turned + np.pi, 2.0 * np.pi) - np.pi


def random_wald(mean, scale, size=None, source=None):
    demand(given(mean) > 0, "mean <= 0")
    demand(given(scale) > 0, "scale <= 0")
    return drawn_from(
        lambda middle, k: wald(float(middle), float(k), source), mean, scale, size, np.float64
    )


def wald(mean, scale, source):
    # Michael, Schucany and Haas's, with the smaller root free of cancellation.
    y = mean * normal(source) ** 2
    x = mean * 2.0 * scale / (2.0 * scale + y + np.sqrt(4.0 * scale * y + y * y))
    return x if uniform(source) <= mean / (mean + x) else mean * mean / x


def random_zipf(a, size=None, source=None):
    demand(given(a) > 1, "a <= 1")
    return drawn_from(lambda one, _: zipf(float(one), source), a, 0.0, size, np.int64)


def zipf(a, source):
    # Devroye's.
    less = a - 1.0
    b = 2.0**less
    found = 1
    searches = True
    while searches:
        u = 1.0 - uniform(source)
        x = np.floor(u ** (-1.0 / less))
        if x < 9.2e18 and x >= 1.0:
            t = (1.0 + 1.0 / x) ** less
            searches = uniform(source) * x * (t - 1.0) / (b - 1.0) > t / b
            found = np.int64(x)
    return found


def random_logseries(p, size=None, source=None):
    demand((given(p) >= 0) & (given(p) < 1), "p < 0, p >= 1 or p contains NaNs")
    return drawn_from(lambda one, _: logseries(float(one), source), p, 0.0, size, np.int64)


def logseries(p, source):
    # Kemp's.
    v = uniform(source)
    if v >= p:
        return np.int64(1)
    q = -np.expm1(np.log1p(-p) * (1.0 - uniform(source)))
    if v <= q * q:
        return np.int64(1.0 + np.log(max(v, 1e-300)) / np.log(q))
    return np.int64(1) if v >= q else np.int64(2)


def random_negative_binomial(n, p, size=None, source=None):
    demand(given(n) > 0, "n <= 0")
    demand((given(p) > 0) & (given(p) <= 1), "p <= 0, p > 1 or p contains NaNs")
    return drawn_from(
        lambda count, one: np.int64(poisson(gamma(float(count), source) * (1 - one) / one, source)),
        n,
        p,
        size,
        np.int64,
    )


def random_hypergeometric(ngood, nbad, nsample, size=None, source=None):
    if ngood < 0 or nbad < 0 or nsample < 0:
        raise ValueError("ngood, nbad and nsample must not be negative")
    if ngood + nbad < nsample:
        raise ValueError("ngood + nbad < nsample")
    return drawn(lambda: hypergeometric(ngood, nbad, nsample, source), size, np.int64)


def hypergeometric(good, bad, count, source):
    left = good
    for i in range(count):
        if uniform(source) * (good + bad - i) < left:
            left -= 1
    return np.int64(good - left)


def rows_for(size, length, kind):
    """An array of rows of a length, as many as the size says."""
    if size is None:
        return np.empty((length,), kind)
    if kernel.is_scalar(size):
        return np.empty((size, length), kind)
    return np.empty((*size, length), kind)


def random_multinomial(n, pvals, size=None, source=None):
    parts = np.asarray(pvals, np.float64)
    if np.sum(parts[: parts.size - 1]) > 1.0 + 1e-12:
        raise ValueError("sum(pvals[:-1]) > 1.0")
    demand((parts >= 0) & (parts <= 1), "pvals < 0, pvals > 1 or pvals contains NaNs")
    result = rows_for(size, parts.size, np.int64)
    rows = result.reshape(-1, parts.size)
    for i in range(rows.shape[0]):
        left = n
        share = 1.0
        for k in range(parts.size):
            last = k == parts.size - 1
            part = 1.0 if last else min(1.0, parts[k] / share) if share > 0 else 0.0
            rows[i, k] = binomial(left, part, source)
            left -= rows[i, k]
            share -= parts[k]
    return result


def random_dirichlet(alpha, size=None, source=None):
    shapes = np.asarray(alpha, np.float64)
    demand(shapes > 0, "alpha <= 0")
    result = rows_for(size, shapes.size, np.float64)
    rows = result.reshape(-1, shapes.size)
    for i in range(rows.shape[0]):
        total = 0.0
        for k in range(shapes.size):
            rows[i, k] = gamma(shapes[k], source)
            total += rows[i, k]
        for k in range(shapes.size):
            rows[i, k] /= total
    return result


def random_multivariate_normal(mean, cov, size=None, source=None):
    middle = np.asarray(mean, np.float64)
    spread = np.asarray(cov, np.float64)
    if spread.shape[0] != middle.size or spread.shape[1] != middle.size:
        raise ValueError("mean and cov must have same length")
    # Of covariances that are singular there is a root, too.
    values, vectors = np.linalg.eigh(spread)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    result = rows_for(size, middle.size, np.float64)
    rows = result.reshape(-1, middle.size)
    for i in range(rows.shape[0]):
        rows[i] = middle
        for k in range(middle.size):
            rows[i] += root[:, k] * normal(source)
    return result


def generator_logistic(source, loc=0.0, scale=1.0, size=None):
    return random_logistic(loc, scale, size, source)


def generator_gumbel(source, loc=0.0, scale=1.0, size=None):
    return random_gumbel(loc, scale, size, source)


def generator_power(source, a, size=None):
    return random_power(a, size, source)


def generator_standard_cauchy(source, size=None):
    return random_standard_cauchy(size, source)


def generator_standard_t(source, df, size=None):
    return random_standard_t(df, size, source)


def generator_f(source, dfnum, dfden, size=None):
    return random_f(dfnum, dfden, size, source)


def generator_noncentral_chisquare(source, df, nonc, size=None):
    return random_noncentral_chisquare(df, nonc, size, source)


def generator_noncentral_f(source, dfnum, dfden, nonc, size=None):
    return random_noncentral_f(dfnum, dfden, nonc, size, source)


def generator_triangular(source, left, mode, right, size=None):
    return random_triangular(left, mode, right, size, source)


def generator_vonmises(source, mu, kappa, size=None):
    return random_vonmises(mu, kappa, size, source)


def generator_wald(source, mean, scale, size=None):
    return random_wald(mean, scale, size, source)


def generator_zipf(source, a, size=None):
    return random_zipf(a, size, source)


def generator_logseries(source, p, size=None):
    return random_logseries(p, size, source)


def generator_negative_binomial(source, n, p, size=None):
    return random_negative_binomial(n, p, size, source)


def generator_hypergeometric(source, ngood, nbad, nsample, size=None):
    return random_hypergeometric(ngood, nbad, nsample, size, source)


def generator_multinomial(source, n, pvals, size=None):
    return random_multinomial(n, pvals, size, source)


def generator_dirichlet(source, alpha, size=None):
    return random_dirichlet(alpha, size, source)


def generator_multivariate_normal(source, mean, cov, size=None):
    return random_multivariate_normal(mean, cov, size, source)


def python_vonmisesvariate(mu, kappa):
    return np.remainder(vonmises(float(mu), float(kappa), None), 2.0 * np.pi)


def python_paretovariate(alpha):
    return (1.0 - uniform(None)) ** (-1.0 / alpha)


def python_weibullvariate(alpha, beta):
    return alpha * exponential(None) ** (1.0 / beta)
