"""Random numbers, made of the run's stream of them: NumPy's functions and Python's."""

# ruff: noqa: D401
# mypy: ignore-errors

import math

import numpy as np

from manycore._kernel_library import kernel

# Each takes a source of its numbers: a generator, or nothing for the run's own stream.


def uniform(source):
    return kernel.random() if source is None else kernel.random(source)


def bits(source):
    return kernel.random_bits() if source is None else kernel.random_bits(source)


def drawn(draw, size, kind):
    """One number, or an array of as many as the size says."""
    if size is None:
        return draw()
    result = np.empty(size, kind)
    flat = result.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw()
    return result


def sized(size, one, two):
    """The size that is asked for, or that arrays of parameters have."""
    if size is None and not (kernel.is_scalar(one) and kernel.is_scalar(two)):
        return np.asarray(np.asarray(one) + np.asarray(two)).shape
    return size


def drawn_from(draw, one, two, size, kind):
    """A number for each of the parameters, or as many as the size says."""
    if kernel.is_scalar(one) and kernel.is_scalar(two):
        return drawn(lambda: draw(one, two), size, kind)
    result = np.empty(sized(size, one, two), kind)
    ones = np.broadcast_to(np.asarray(one), result.shape)
    twos = np.broadcast_to(np.asarray(two), result.shape)
    for place in np.ndindex(result.shape):
        result[place] = draw(ones[place], twos[place])
    return result


def given(parameter):
    """A number as it is, so that a test of it costs nothing; else an array."""
    return parameter if kernel.is_scalar(parameter) else np.asarray(parameter)


def demand(holds, text):
    """Refuse parameters unless all of them are as they must be."""
    is_right = holds if kernel.is_scalar(holds) else np.all(holds)
    if not is_right:
        raise ValueError(text)


def exponential(source):
    return -np.log1p(-uniform(source))


def normal(source):
    # Box and Muller's: it always takes two numbers, and loops over it need no branch.
    size = np.sqrt(-2.0 * np.log1p(-uniform(source)))
    return size * np.cos(2.0 * np.pi * uniform(source))


def below(count, source):
    """An integer from 0 on, each of them exactly as likely."""
    width = np.uint64(count)
    # Of all numbers of 64 bits, as many are left out as are too many for whole rounds of `width`.
    least = (np.uint64(0) - width) % width
    drawn_bits = bits(source)
    while drawn_bits < least:
        drawn_bits = bits(source)
    return np.int64(drawn_bits % width)


def gamma(shape, source):
    # Marsaglia and Tsang's; a shape below 1 is made of one that is 1 more.
    more = shape if shape >= 1.0 else shape + 1.0
    d = more - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    found = 0.0
    searches = True
    while searches:
        x = normal(source)
        v = (1.0 + c * x) ** 3
        if v > 0.0:
            u = 1.0 - uniform(source)
            if np.log(u) < 0.5 * x * x + d - d * v + d * np.log(v):
                found = d * v
                searches = False
    return found * ((1.0 - uniform(source)) ** (1.0 / shape) if shape < 1.0 else 1.0)


def poisson(lam, source):
    # Many are expected: in parts, the times of which are gamma distributed (Ahrens and Dieter's).
    left = float(lam)
    count = 0
    while left > 16.0:
        part = int(left * 0.875)
        time = gamma(float(part), source)
        if time <= left:
            count += part
            left -= time
        else:
            return count + binomial(part - 1, left / time, source)
    limit = np.exp(-left)
    product = uniform(source)
    while product > limit:
        count += 1
        product *= uniform(source)
    return count


def binomial(n, p, source):
    left = n
    part = p
    count = 0
    # Many are cut in two by the one in the middle of those that are sorted (Ahrens and Dieter's).
    while left > 32:
        middle = left // 2 + 1
        one = gamma(float(middle), source)
        place = one / (one + gamma(float(left + 1 - middle), source))
        if place <= part:
            count += middle
            left -= middle
            part = min(1.0, (part - place) / (1.0 - place)) if place < 1.0 else 0.0
        else:
            left = middle - 1
            part /= place
    for _ in range(left):
        if uniform(source) < part:
            count += 1
    return count


def chisquare(df, source):
    return 2.0 * gamma(0.5 * df, source)


def random_seed(seed):
    kernel.seed(np.int64(seed))


def random_random(size=None, source=None):
    return drawn(lambda: uniform(source), size, np.float64)


random_random_sample = random_ranf = random_sample = random_random


def random_rand(d0=None, d1=None, d2=None, d3=None):
    if d0 is None:
        return np.random.random(None)
    if d1 is None:
        return np.random.random((d0,))
    if d2 is None:
        return np.random.random((d0, d1))
    if d3 is None:
        return np.random.random((d0, d1, d2))
    return np.random.random((d0, d1, d2, d3))


def random_standard_normal(size=None, source=None):
    return drawn(lambda: normal(source), size, np.float64)


def random_randn(d0=None, d1=None, d2=None, d3=None):
    if d0 is None:
        return np.random.standard_normal(None)
    if d1 is None:
        return np.random.standard_normal((d0,))
    if d2 is None:
        return np.random.standard_normal((d0, d1))
    if d3 is None:
        return np.random.standard_normal((d0, d1, d2))
    return np.random.standard_normal((d0, d1, d2, d3))


def random_uniform(low=0.0, high=1.0, size=None, source=None):
    return low + (high - low) * random_random(sized(size, low, high), source=source)


def random_normal(loc=0.0, scale=1.0, size=None, source=None):
    demand(given(scale) >= 0, "scale < 0")
    return loc + scale * random_standard_normal(sized(size, loc, scale), source=source)


def random_lognormal(mean=0.0, sigma=1.0, size=None, source=None):
    return np.exp(random_normal(mean, sigma, size, source=source))


def random_standard_exponential(size=None, source=None):
    return drawn(lambda: exponential(source), size, np.float64)


def random_exponential(scale=1.0, size=None, source=None):
    demand(given(scale) >= 0, "scale < 0")
    return scale * random_standard_exponential(sized(size, scale, 0.0), source=source)


def random_rayleigh(scale=1.0, size=None, source=None):
    return scale * np.sqrt(
        2.0 * random_standard_exponential(sized(size, scale, 0.0), source=source)
    )


def random_weibull(a, size=None, source=None):
    return random_standard_exponential(sized(size, a, 0.0), source=source) ** (1.0 / a)


def random_pareto(a, size=None, source=None):
    return np.expm1(random_standard_exponential(sized(size, a, 0.0), source=source) / a)


def random_laplace(loc=0.0, scale=1.0, size=None, source=None):
    shape = sized(size, loc, scale)
    one = random_standard_exponential(shape, source=source)
    return loc + scale * (one - random_standard_exponential(shape, source=source))


def random_gamma(shape, scale=1.0, size=None, source=None):
    demand(given(shape) >= 0, "shape < 0")
    demand(given(scale) >= 0, "scale < 0")
    return drawn_from(
        lambda one, two: two * gamma(float(one), source), shape, scale, size, np.float64
    )


def random_standard_gamma(shape, size=None, source=None):
    return random_gamma(shape, 1.0, size, source=source)


def random_chisquare(df, size=None, source=None):
    demand(given(df) > 0, "df <= 0")
    return drawn_from(lambda one, _: chisquare(float(one), source), df, 0.0, size, np.float64)


def random_beta(a, b, size=None, source=None):
    demand(given(a) > 0, "a <= 0")
    demand(given(b) > 0, "b <= 0")
    return drawn_from(lambda one, two: beta(float(one), float(two), source), a, b, size, np.float64)


def beta(a, b, source):
    one = gamma(a, source)
    return one / (one + gamma(b, source))


def random_poisson(lam=1.0, size=None, source=None):
    demand(given(lam) >= 0, "lam < 0 or lam is NaN")
    return drawn_from(lambda one, _: np.int64(poisson(one, source)), lam, 0.0, size, np.int64)


def random_binomial(n, p, size=None, source=None):
    demand(given(n) >= 0, "n < 0")
    demand((given(p) >= 0) & (given(p) <= 1), "p < 0, p > 1 or p is NaN")
    return drawn_from(
        lambda count, part: np.int64(binomial(int(count), float(part), source)),
        n,
        p,
        size,
        np.int64,
    )


def random_geometric(p, size=None, source=None):
    demand((given(p) > 0) & (given(p) <= 1), "p <= 0, p > 1 or p contains NaNs")
    return drawn_from(lambda one, _: geometric(float(one), source), p, 0.0, size, np.int64)


def geometric(p, source):
    return np.int64(np.floor(exponential(source) / -np.log1p(-p))) + 1


def random_randint(low, high=None, size=None, dtype=np.int64, source=None):
    if high is None:
        return random_randint(0, low, size, dtype, source=source)
    demand(given(low) < given(high), "low >= high")
    return drawn_from(
        lambda one, two: dtype(int(one) + below(int(two) - int(one), source)),
        low,
        high,
        size,
        dtype,
    )


def random_choice(a, size=None, replace=True, p=None, source=None):
    if kernel.is_scalar(a):
        if a <= 0:
            raise ValueError("a must be greater than 0 unless no samples are taken")
        return choices(a, size, replace, p, source)
    array = np.asarray(a)
    if array.shape[0] == 0:
        raise ValueError("'a' cannot be empty unless no samples are taken")
    return array[choices(array.shape[0], size, replace, p, source)]


def choices(count, size, replace, p, source):
    """Which of so many are chosen."""
    if p is not None:
        if not replace:
            kernel.fail("choice() of different ones by their probabilities")
        if np.asarray(p).shape[0] != count:
            raise ValueError("'a' and 'p' must have same size")
        sums = np.cumsum(np.asarray(p, np.float64))
        if np.abs(sums[count - 1] - 1.0) > 1e-8:
            raise ValueError("Probabilities do not sum to 1.")
        return drawn(lambda: weighted(sums, source), size, np.int64)
    if replace or size is None:
        return drawn(lambda: below(count, source), size, np.int64)
    result = np.empty(size, np.int64)
    if result.size > count:
        raise ValueError("Cannot take a larger sample than population when replace is False")
    result.reshape(-1)[:] = random_permutation(count, source=source)[: result.size]
    return result


def weighted(sums, source):
    """The place of the first sum that is beyond a random number."""
    wanted = uniform(source) * sums[sums.size - 1]
    low = 0
    high = sums.size - 1
    while low < high:
        middle = (low + high) // 2
        beyond = sums[middle] > wanted
        high = middle if beyond else high
        low = low if beyond else middle + 1
    return low


def random_shuffle(x, source=None):
    for i in range(x.shape[0] - 1, 0, -1):
        j = below(i + 1, source)
        if x.ndim == 1:
            one = x[i]
            x[i] = x[j]
            x[j] = one
        else:
            row = x[i].copy()
            x[i] = x[j]
            x[j] = row


def random_permutation(x, source=None):
    if kernel.is_scalar(x):
        places = np.arange(x)
        random_shuffle(places, source=source)
        return places
    result = np.array(x)
    random_shuffle(result, source=source)
    return result


def generator_random(source, size=None):
    return random_random(size, source)


def generator_uniform(source, low=0.0, high=1.0, size=None):
    return random_uniform(low, high, size, source)


def generator_standard_normal(source, size=None):
    return random_standard_normal(size, source)


def generator_normal(source, loc=0.0, scale=1.0, size=None):
    return random_normal(loc, scale, size, source)


def generator_lognormal(source, mean=0.0, sigma=1.0, size=None):
    return random_lognormal(mean, sigma, size, source)


def generator_standard_exponential(source, size=None):
    return random_standard_exponential(size, source)


def generator_exponential(source, scale=1.0, size=None):
    return random_exponential(scale, size, source)


def generator_gamma(source, shape, scale=1.0, size=None):
    return random_gamma(shape, scale, size, source)


def generator_standard_gamma(source, shape, size=None):
    return random_gamma(shape, 1.0, size, source)


def generator_chisquare(source, df, size=None):
    return random_chisquare(df, size, source)


def generator_beta(source, a, b, size=None):
    return random_beta(a, b, size, source)


def generator_poisson(source, lam=1.0, size=None):
    return random_poisson(lam, size, source)


def generator_binomial(source, n, p, size=None):
    return random_binomial(n, p, size, source)


def generator_geometric(source, p, size=None):
    return random_geometric(p, size, source)


def generator_integers(source, low, high=None, size=None, dtype=np.int64, endpoint=False):
    if high is None:
        return generator_integers(source, 0, low, size, dtype, endpoint)
    return random_randint(low, high + (1 if endpoint else 0), size, dtype, source)


def generator_choice(source, a, size=None, replace=True, p=None):
    return random_choice(a, size, replace, p, source)


def generator_permutation(source, x):
    return random_permutation(x, source)


def generator_shuffle(source, x):
    random_shuffle(x, source)


def python_gauss(mu=0.0, sigma=1.0):
    return mu + sigma * normal(None)


python_normalvariate = python_gauss


def python_lognormvariate(mu=0.0, sigma=1.0):
    return np.exp(mu + sigma * normal(None))


def python_expovariate(lambd=1.0):
    return exponential(None) / lambd


def python_gammavariate(alpha, beta):
    return gamma(float(alpha), None) * beta


def python_betavariate(alpha, beta):
    one = gamma(float(alpha), None)
    return one / (one + gamma(float(beta), None))


def python_triangular(low=0.0, high=1.0, mode=None):
    if mode is None:
        return python_triangular(low, high, (low + high) / 2.0)
    u = kernel.random()
    c = (mode - low) / (high - low)
    rising = low + (high - low) * math.sqrt(u * c)
    return rising if u < c else high - (high - low) * math.sqrt((1.0 - u) * (1.0 - c))


def python_randint(a, b):
    if b < a:
        raise ValueError(f"empty range in randrange({a}, {b + 1})")
    return a + int(below(b - a + 1, None))


def python_randrange(start, stop=None, step=1):
    if stop is None:
        return python_randrange(0, start)
    count = len(range(start, stop, step))
    if count <= 0:
        raise ValueError(f"empty range in randrange({start}, {stop})")
    return start + step * int(below(count, None))


def python_getrandbits(k):
    return np.int64(kernel.random_bits() >> np.uint64(64 - k))


def python_choice(seq):
    array = np.asarray(seq)
    if array.shape[0] == 0:
        raise IndexError("Cannot choose from an empty sequence")
    return array[below(array.shape[0], None)]


def python_shuffle(x):
    np.random.shuffle(x)


def random_default_rng(seed=None):
    if seed is None:
        return kernel.generator(kernel.random_bits())
    return kernel.generator(np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1))
