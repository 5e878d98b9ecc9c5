"""
Random arrays: NumPy's `numpy.random.Generator`, block by block on all cores.

A number depends on the seed, on how many draws its generator made before, and on its place in the
array; so the same seed gives the same numbers whatever the chunks, the lane and the number of
workers. The bits are those of Philox 4x32-10, a counter-based generator: they are not NumPy's.

Examples
--------
>>> rng = mc.random.default_rng(42)
>>> x = rng.normal(10, 2, size=(1000, 100))
>>> x.shape
(1000, 100)
>>> rng.integers(1, 7, size=5).compute()
array([2, 5, 1, 4, 6])
"""

from __future__ import annotations

import builtins
import math
import operator
import threading

import numpy as np

from manycore import _core
from manycore.array import _draws
from manycore.array._array import Array, _wrap, asarray
from manycore.array._distributions import Distributions
from manycore.array._shapes import normalize_axis, normalize_shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Literal

    _Size = int | tuple[int, ...] | None

    def __getattr__(name: str) -> Any: ...  # the functions of the module, which are methods


__all__ = ["Generator", "RandomState", "default_rng"]


def default_rng(seed: Any = None) -> Generator:
    """
    Make a generator.

    Parameters
    ----------
    seed : None, int, array_like of int, numpy.random.SeedSequence or Generator
        What the numbers depend on; None takes it from the operating system. A generator is
        returned as it is.

    Returns
    -------
    Generator
        Of random arrays.

    Examples
    --------
    >>> mc.random.default_rng(7).random(3).compute().round(3)
    array([0.188, 0.612, 0.478])
    """
    return seed if isinstance(seed, Generator) else Generator(seed)


class Generator(Distributions):
    """
    Draws random arrays.

    Parameters
    ----------
    seed : None, int, array_like of int, or numpy.random.SeedSequence
        What the numbers depend on; None takes it from the operating system.

    Examples
    --------
    >>> rng = mc.random.Generator(7)
    >>> x, y = rng.random(1000), rng.random(1000)  # independent of each other
    """

    def __init__(self, seed: Any = None) -> None:
        self._lock = threading.Lock()
        self._seed(seed)

    def _seed(self, seed: Any) -> None:
        if isinstance(seed, np.random.Generator):
            seed = seed.bit_generator
        if isinstance(seed, np.random.BitGenerator):
            seed = seed.seed_seq
        is_sequence = isinstance(seed, np.random.SeedSequence)
        self._sequence = seed if is_sequence else np.random.SeedSequence(seed)
        self._state = tuple(self._sequence.generate_state(4, np.uint32).tolist())
        self._draws = 0

    def __getstate__(self) -> dict[str, Any]:
        return {"_sequence": self._sequence, "_state": self._state, "_draws": self._draws}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _lock=threading.Lock())

    def __repr__(self) -> str:
        return f"{type(self).__name__}(Philox4x32, after {self._draws} draws)"

    def _key(self) -> Any:
        with self._lock:
            draw = self._draws
            self._draws += 1
        return self._state, draw

    def spawn(self, n_children: int) -> list[Generator]:
        """
        Make generators that are independent of this one and of each other.

        Parameters
        ----------
        n_children : int
            How many.

        Returns
        -------
        list of Generator
            The new ones.

        Examples
        --------
        >>> a, b = mc.random.default_rng(1).spawn(2)
        >>> bool((a.random(100) == b.random(100)).compute().any())
        False
        """
        return [type(self)(sequence) for sequence in self._sequence.spawn(n_children)]

    def random(self, size: _Size = None, dtype: Any = np.float64, *, chunks: Any = None) -> Array:
        """
        Draw from [0, 1), uniformly.

        Parameters
        ----------
        size : int or tuple of int, optional
            The shape; one number by default.
        dtype : dtype
            float64 or float32.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of that type.

        Examples
        --------
        >>> mc.random.default_rng(0).random(3).compute().round(3)
        array([0.05, 0.73, 0.59])
        """
        return self._standard("random", "random", (), size, dtype, chunks)

    def standard_normal(
        self, size: _Size = None, dtype: Any = np.float64, *, chunks: Any = None
    ) -> Array:
        """
        Draw from the normal distribution of mean 0 and standard deviation 1.

        Parameters
        ----------
        size : int or tuple of int, optional
            The shape; one number by default.
        dtype : dtype
            float64 or float32.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of that type.

        Examples
        --------
        >>> mc.random.default_rng(0).standard_normal(3).compute().round(3)
        array([-1.122,  1.09 ,  0.122])
        """
        return self._standard("standard_normal", "normal", (0.0, 1.0), size, dtype, chunks)

    def standard_exponential(
        self,
        size: _Size = None,
        dtype: Any = np.float64,
        method: str = "zig",
        *,
        chunks: Any = None,
    ) -> Array:
        """
        Draw from the exponential distribution of mean 1.

        Parameters
        ----------
        size : int or tuple of int, optional
            The shape; one number by default.
        dtype : dtype
            float64 or float32.
        method : {"zig", "inv"}
            Taken as NumPy takes it; numbers are always drawn by ziggurat.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of that type.

        Examples
        --------
        >>> mc.random.default_rng(0).standard_exponential(3).compute().round(3)
        array([0.058, 2.578, 0.254])
        """
        return self._standard("standard_exponential", "exponential", (1.0,), size, dtype, chunks)

    def standard_gamma(
        self, shape: Any, size: _Size = None, dtype: Any = np.float64, *, chunks: Any = None
    ) -> Array:
        """
        Draw from the gamma distribution of scale 1.

        Parameters
        ----------
        shape : float or array_like
            The shape parameter.
        size : int or tuple of int, optional
            The shape of the result; that of the parameter by default.
        dtype : dtype
            float64 or float32.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of that type.

        Examples
        --------
        >>> mc.random.default_rng(0).standard_gamma(2, size=3).compute().round(3)
        array([0.597, 3.506, 1.829])
        """
        return self._standard("standard_gamma", "gamma", (shape, 1.0), size, dtype, chunks)

    def _standard(
        self,
        numpy_name: str,
        name: str,
        parameters: tuple[Any, ...],
        size: Any,
        dtype: Any,
        chunks: Any,
    ) -> Array:
        dtype = np.dtype(dtype)
        if dtype not in (np.float64, np.float32):
            raise TypeError(f"Unsupported dtype {dtype!r} for {numpy_name}")
        return _draws.draw(name, parameters, size, chunks, self._key(), dtype)

    def integers(
        self,
        low: Any,
        high: Any = None,
        size: _Size = None,
        dtype: Any = np.int64,
        endpoint: bool = False,
        *,
        chunks: Any = None,
    ) -> Array:
        """
        Draw integers, each of which is as likely as any other.

        Parameters
        ----------
        low : int or array_like of int
            The lowest; or the end, and 0 is the lowest, if there is no `high`.
        high : int or array_like of int, optional
            The end.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        dtype : dtype
            An integer type, or bool.
        endpoint : bool
            Whether the end comes up too.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of that type.

        Examples
        --------
        >>> mc.random.default_rng(0).integers(1, 6, size=5, endpoint=True).compute()
        array([1, 5, 4, 6, 1])
        """
        return _draws.draw_integers(low, high, size, dtype, endpoint, chunks, self._key())

    def bytes(self, length: int) -> builtins.bytes:
        """
        Draw bytes, at once.

        Parameters
        ----------
        length : int
            How many.

        Returns
        -------
        bytes
            So many.

        Examples
        --------
        >>> len(mc.random.default_rng(0).bytes(10))
        10
        """
        drawn = self.integers(0, 256, size=length, dtype=np.uint8).compute()
        return drawn.tobytes()  # type: ignore[no-any-return]

    def choice(
        self,
        a: Any,
        size: _Size = None,
        replace: bool = True,
        p: Any = None,
        axis: int = 0,
        shuffle: bool = True,
        *,
        chunks: Any = None,
    ) -> Array:
        """
        Draw from the elements of an array.

        Parameters
        ----------
        a : int or array_like
            The array; a number stands for ``arange(a)``.
        size : int or tuple of int, optional
            How many are drawn, as a shape; one by default.
        replace : bool
            Whether an element may be drawn again. Without, which ones are drawn is decided at once.
        p : array_like, optional
            The probability of each; all are as likely by default.
        axis : int
            The axis of `a` along which is drawn.
        shuffle : bool
            Taken as NumPy takes it; the order is always random.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            What was drawn.

        Examples
        --------
        >>> rng = mc.random.default_rng(0)
        >>> rng.choice(["a", "b", "c"], size=5, p=[0.5, 0.4, 0.1]).compute()
        array(['a', 'b', 'b', 'c', 'a'], dtype='<U1')
        >>> rng.choice(5, size=3, replace=False).compute()
        array([0, 1, 4])
        """
        shape = () if size is None else normalize_shape(size)
        population = None if np.ndim(a) == 0 and not isinstance(a, Array) else asarray(a)
        if population is None:
            try:
                length = operator.index(np.asarray(a).item())
            except TypeError:
                raise ValueError(
                    "a must be a sequence or an integer, not " + str(type(a))
                ) from None
        else:
            axis = normalize_axis(axis, population.ndim)
            length = population.shape[axis]
        count = math.prod(shape)
        _check_choice(length, count, replace, p)
        if replace:
            indices = self._choose(length, shape, p, chunks)
        else:
            order = self._choose_once(length, count, p).reshape(shape)
            indices = _wrap(_core.Array.from_numpy(order))
        if population is None:
            return indices
        return _take(population, indices, axis)

    def _choose(self, length: int, shape: tuple[int, ...], p: Any, chunks: Any) -> Array:
        """Draw indices that may come up again."""
        if p is None:
            return _draws.draw_integers(
                0, max(length, 1), shape, np.int64, False, chunks, self._key()
            )
        sums = np.cumsum(np.asarray(p, np.float64))
        sums /= sums[-1]
        uniform = self.random(shape, chunks=chunks)
        return _wrap(
            _core.Array.call(
                lambda u: np.asarray(sums.searchsorted(u, side="right"), np.int64),
                [uniform._core],
                np.dtype(np.int64),
                "choice",
            )
        )

    def _choose_once(self, length: int, count: int, p: Any) -> np.ndarray[Any, Any]:
        """Draw indices that are all different."""
        if p is not None:
            # The first to come of independent events at these rates (Efraimidis and Spirakis).
            rates = np.asarray(p, np.float64)
            times = np.asarray(self.standard_exponential(length))
            with np.errstate(divide="ignore"):
                times = np.where(rates > 0, times / rates, np.inf)
            return np.argsort(times, kind="stable")[:count].astype(np.int64)
        if count * 20 >= length:
            return _draws.permutation(length, self._key())[:count]
        # A few of many: those that came up before are left out.
        chosen = np.empty(0, np.int64)
        while len(chosen) < count:
            more = np.asarray(self.integers(0, length, size=count))
            chosen = np.concatenate([chosen, more])
            chosen = chosen[np.sort(np.unique(chosen, return_index=True)[1])]
        return chosen[:count]

    def permutation(self, x: Any, axis: int = 0) -> Array:
        """
        Put elements into a random order, which is decided at once.

        Parameters
        ----------
        x : int or array_like
            The array; a number stands for ``arange(x)``.
        axis : int
            The axis whose elements are put into another order.

        Returns
        -------
        Array
            A new array.

        Examples
        --------
        >>> mc.random.default_rng(0).permutation(5).compute()
        array([4, 2, 1, 3, 0])
        """
        if not isinstance(x, Array) and np.ndim(x) == 0:
            order = _draws.permutation(operator.index(x), self._key())
            return _wrap(_core.Array.from_numpy(order))
        array = asarray(x)
        axis = normalize_axis(axis, array.ndim)
        order = _draws.permutation(array.shape[axis], self._key())
        return _wrap(array._core.take(order, axis))

    def shuffle(self, x: Any, axis: int = 0) -> None:
        """
        Put the elements of an array into a random order, in place.

        Parameters
        ----------
        x : Array or numpy.ndarray
            The array.
        axis : int
            The axis whose elements are put into another order.

        Examples
        --------
        >>> x = mc.array.asarray([1, 2, 3, 4])
        >>> mc.random.default_rng(0).shuffle(x)
        >>> x.compute()
        array([1, 3, 2, 4])
        """
        if isinstance(x, Array):
            shuffled = self.permutation(x, axis)
            x._core, x._later = shuffled._core, None
        elif isinstance(x, np.ndarray):
            axis = normalize_axis(axis, x.ndim)
            x[...] = x.take(_draws.permutation(x.shape[axis], self._key()), axis)
        else:
            order = _draws.permutation(len(x), self._key()).tolist()
            x[:] = [x[index] for index in order]

    def permuted(self, x: Any, axis: int | None = None) -> Array:
        """
        Put the elements of each row of an array into an order of its own.

        Parameters
        ----------
        x : array_like
            The array.
        axis : int, optional
            The axis along which rows lie; None takes all elements as one.

        Returns
        -------
        Array
            A new array.

        Examples
        --------
        >>> x = np.arange(6).reshape(2, 3)
        >>> mc.random.default_rng(0).permuted(x, axis=1).compute()
        array([[0, 2, 1],
               [4, 5, 3]])
        """
        array = asarray(x)
        if axis is None:
            flat = _wrap(array._core.reshape((array.size,)))
            return _wrap(self.permutation(flat)._core.reshape(array.shape))
        axis = normalize_axis(axis, array.ndim)
        whole = (*array.chunks[:axis], (array.shape[axis],), *array.chunks[axis + 1 :])
        keys = self.random(array.shape, chunks=whole)

        def block(values: Any, keys: Any) -> Any:
            return np.take_along_axis(values, keys.argsort(axis=axis, kind="stable"), axis)

        inputs = [array._core.rechunk(whole), keys._core]
        output = [(array.dtype, whole)]
        return _wrap(_core.Array.blocks(block, inputs, ["same"] * 2, output, "permuted")[0])

    def multinomial(self, n: Any, pvals: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw how often each outcome comes up in `n` experiments.

        Parameters
        ----------
        n : int or array_like of int
            The number of experiments.
        pvals : array_like
            The probabilities of the outcomes, along the last axis; the last one is what is left.
        size : int or tuple of int, optional
            The shape of the result without the outcomes; that of the parameters by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of int64; the last axis is that of the outcomes.

        Examples
        --------
        >>> mc.random.default_rng(0).multinomial(20, [1 / 6] * 6).compute()
        array([1, 6, 5, 3, 4, 1])
        """
        _draws.CHECKER.multinomial(n, pvals)
        trials = np.asarray(n, np.int64)
        probabilities = np.ascontiguousarray(pvals, np.float64)
        width = probabilities.shape[-1]
        own = np.broadcast_shapes(trials.shape, probabilities.shape[:-1])
        shape = _draws.broadcast_shape(size, (np.empty(own, bool),)) if own else own
        if not own and size is not None:
            shape = normalize_shape(size)
        key = self._key()

        def fill(*arguments: Any) -> None:
            *given, shape, starts, out = arguments
            here = iter(given)
            if trials.ndim:
                counts = np.ascontiguousarray(np.broadcast_to(next(here)[..., 0], out.shape[:-1]))
            else:
                counts = trials.reshape(1)
            p = probabilities
            if p.ndim > 1:
                p = np.ascontiguousarray(np.broadcast_to(next(here), out.shape))
            _core.random_multinomial(counts, p, key, shape, starts, out)

        inputs: list[Any] = [trials[..., None]] if trials.ndim else []
        inputs += [probabilities] if probabilities.ndim > 1 else []
        return _draws.rows("multinomial", fill, inputs, shape, width, chunks, np.int64)

    def multivariate_hypergeometric(
        self,
        colors: Any,
        nsample: int,
        size: _Size = None,
        method: Literal["marginals", "count"] = "marginals",
        *,
        chunks: Any = None,
    ) -> Array:
        """
        Draw how many balls of each colour are in a sample of an urn.

        Parameters
        ----------
        colors : sequence of int
            The balls of each colour in the urn.
        nsample : int
            How many are drawn.
        size : int or tuple of int, optional
            The shape of the result without the colours.
        method : {"marginals", "count"}
            Taken as NumPy takes it; samples are always drawn colour by colour.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of int64; the last axis is that of the colours.

        Examples
        --------
        >>> mc.random.default_rng(0).multivariate_hypergeometric([16, 8, 4], 6).compute()
        array([1, 3, 2])
        """
        _draws.CHECKER.multivariate_hypergeometric(colors, nsample, size=0, method=method)
        urn = np.ascontiguousarray(colors, np.int64)
        shape = () if size is None else normalize_shape(size)
        key = self._key()

        def fill(shape: Any, starts: Any, out: Any) -> None:
            args = (urn, operator.index(nsample), key, shape, starts, out)
            _core.random_multivariate_hypergeometric(*args)

        name = "multivariate_hypergeometric"
        return _draws.rows(name, fill, [], shape, len(urn), chunks, np.int64)

    def dirichlet(self, alpha: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw shares that sum up to 1.

        Parameters
        ----------
        alpha : sequence of float
            The parameters, one for each share.
        size : int or tuple of int, optional
            The shape of the result without the shares.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64; the last axis is that of the shares.

        Examples
        --------
        >>> mc.random.default_rng(0).dirichlet([1, 2, 3]).compute().round(3)
        array([0.01 , 0.461, 0.529])
        """
        _draws.CHECKER.dirichlet(alpha, size=0)
        parameters = np.ascontiguousarray(alpha, np.float64)
        shape = () if size is None else normalize_shape(size)
        key = self._key()

        def fill(shape: Any, starts: Any, out: Any) -> None:
            _core.random_dirichlet(parameters, key, shape, starts, out)

        return _draws.rows("dirichlet", fill, [], shape, len(parameters), chunks, np.float64)

    def multivariate_normal(
        self,
        mean: Any,
        cov: Any,
        size: _Size = None,
        check_valid: Literal["warn", "raise", "ignore"] = "warn",
        tol: float = 1e-8,
        *,
        method: Literal["svd", "eigh", "cholesky"] = "svd",
        chunks: Any = None,
    ) -> Array:
        """
        Draw from a multivariate normal distribution.

        Parameters
        ----------
        mean : sequence of float
            The mean, of N elements.
        cov : array_like
            The covariance matrix, N by N; it is computed at once.
        size : int or tuple of int, optional
            The shape of the result without the vectors' axis.
        check_valid : {"warn", "raise", "ignore"}
            What to do if `cov` is not positive semidefinite.
        tol : float
            Up to what it is taken for positive semidefinite.
        method : {"svd", "eigh", "cholesky"}
            How `cov` is factored.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64; the last axis is that of the vectors.

        Examples
        --------
        >>> x = mc.random.default_rng(0).multivariate_normal([0, 5], [[1, 0.9], [0.9, 1]], size=2)
        >>> x.compute().round(2)
        array([[ 0.85,  6.34],
               [-0.35,  5.11]])
        """
        mean, cov = np.asarray(mean, np.float64), np.asarray(cov, np.float64)
        _draws.CHECKER.multivariate_normal(mean, cov, 0, check_valid, tol, method=method)
        if method == "cholesky":
            factor = np.linalg.cholesky(cov)
        elif method == "eigh":
            values, vectors = np.linalg.eigh(cov)
            factor = vectors * np.sqrt(np.abs(values))
        else:
            vectors, values, _ = np.linalg.svd(cov)
            factor = vectors * np.sqrt(np.abs(values))
        shape = () if size is None else normalize_shape(size)
        key = self._key()
        unit = [np.zeros(1), np.ones(1)]

        def fill(shape: Any, starts: Any, out: Any) -> None:
            place = ((*shape, len(mean)), [*starts, 0])
            normal = np.empty(out.shape)
            _core.random_numbers("normal", unit, key, *place, normal)
            np.add(normal @ factor.T, mean, out=out)

        name = "multivariate_normal"
        return _draws.rows(name, fill, [], shape, len(mean), chunks, np.float64)


def _check_choice(length: int, count: int, replace: bool, p: Any) -> None:
    """Raise NumPy's errors."""
    if length <= 0 and count:
        raise ValueError("a must be a positive integer unless no samples are taken")
    if p is not None:
        _draws.CHECKER.choice(length, 0 if replace else count, replace=replace, p=p)
    elif not replace and count > length:
        raise ValueError("Cannot take a larger sample than population when replace is False")


def _take(population: Array, indices: Array, axis: int) -> Array:
    """Take elements along an axis, whose place the axes of the indices take."""
    if population.ndim == 1:
        core = _core.Array.blocks(
            np.take,
            [population._core, indices._core],
            ["all", "same"],
            [(population.dtype, indices.chunks)],
            "choice",
        )[0]
        return _wrap(core)
    plain = np.asarray(indices)
    taken = population._core.take(np.ascontiguousarray(plain.reshape(-1)), axis)
    before, after = population.shape[:axis], population.shape[axis + 1 :]
    return _wrap(taken.reshape((*before, *plain.shape, *after)))


class RandomState(Generator):
    """
    The names that NumPy's older `numpy.random.RandomState` has, over the same numbers.

    Parameters
    ----------
    seed : None, int, array_like of int, or numpy.random.SeedSequence
        What the numbers depend on; None takes it from the operating system.

    Examples
    --------
    >>> mc.random.RandomState(0).randint(0, 10, size=4).compute()
    array([0, 7, 5, 9])
    """

    def seed(self, seed: Any = None) -> None:
        """Begin anew with that seed."""
        with self._lock:
            self._seed(seed)

    def random_sample(self, size: _Size = None, *, chunks: Any = None) -> Array:
        """Draw from [0, 1), uniformly."""
        return self.random(size, chunks=chunks)

    def rand(self, *shape: int) -> Array:
        """Draw an array of that shape from [0, 1), uniformly."""
        return self.random(shape)

    def randn(self, *shape: int) -> Array:
        """Draw an array of that shape from the standard normal distribution."""
        return self.standard_normal(shape)

    def randint(
        self,
        low: Any,
        high: Any = None,
        size: _Size = None,
        dtype: Any = np.int64,
        *,
        chunks: Any = None,
    ) -> Array:
        """Draw integers from `low` up to the one below `high`."""
        return self.integers(low, high, size, dtype, chunks=chunks)

    def random_integers(
        self, low: Any, high: Any = None, size: _Size = None, *, chunks: Any = None
    ) -> Array:
        """Draw integers from `low` (1 if it is the only one) up to `high`, which may come up."""
        low, high = (1, low) if high is None else (low, high)
        return self.integers(low, high, size, endpoint=True, chunks=chunks)


_GLOBAL = RandomState()
_NAMES: Sequence[str] = [
    name for name in dir(RandomState) if not name.startswith("_") and name != "spawn"
]
# NumPy's functions of the module: methods of a generator that all share, which `seed` begins anew.
globals().update({name: getattr(_GLOBAL, name) for name in _NAMES})
__all__ += _NAMES
