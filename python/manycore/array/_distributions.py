"""NumPy's distributions of single numbers, as methods of a generator."""

from __future__ import annotations

from manycore.array._draws import draw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from manycore.array._array import Array

    _Size = int | tuple[int, ...] | None

__all__: list[str] = []

# Distributions over the integers.
_COUNTED = frozenset(
    {
        "binomial",
        "geometric",
        "hypergeometric",
        "logseries",
        "negative_binomial",
        "poisson",
        "zipf",
    }
)


class Distributions:
    """The methods that draw numbers, each of which is independent of all others."""

    def _key(self) -> Any:
        """Give what the next draw's numbers depend on."""
        raise NotImplementedError

    def _draw(self, name: str, parameters: tuple[Any, ...], size: Any, chunks: Any) -> Array:
        dtype = "int64" if name in _COUNTED else "float64"
        return draw(name, parameters, size, chunks, self._key(), dtype)

    def uniform(
        self, low: Any = 0.0, high: Any = 1.0, size: _Size = None, *, chunks: Any = None
    ) -> Array:
        """
        Draw from the uniform distribution over [low, high).

        Parameters
        ----------
        low : float or array_like, default 0.0
            The lower end, which may come up.
        high : float or array_like, default 1.0
            The upper end, which does not.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).uniform(-1, 1, size=3).compute().round(3)
        array([-0.901,  0.46 ,  0.181])
        """
        return self._draw("uniform", (low, high), size, chunks)

    def normal(
        self, loc: Any = 0.0, scale: Any = 1.0, size: _Size = None, *, chunks: Any = None
    ) -> Array:
        """
        Draw from the normal distribution.

        Parameters
        ----------
        loc : float or array_like, default 0.0
            The mean.
        scale : float or array_like, default 1.0
            The standard deviation.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).normal(10, 2, size=3).compute().round(3)
        array([ 7.756, 12.179, 10.244])
        """
        return self._draw("normal", (loc, scale), size, chunks)

    def lognormal(
        self, mean: Any = 0.0, sigma: Any = 1.0, size: _Size = None, *, chunks: Any = None
    ) -> Array:
        """
        Draw numbers whose logarithms are normally distributed.

        Parameters
        ----------
        mean : float or array_like, default 0.0
            The mean of the logarithm.
        sigma : float or array_like, default 1.0
            The standard deviation of the logarithm.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).lognormal(0, 0.5, size=3).compute().round(3)
        array([0.571, 1.724, 1.063])
        """
        return self._draw("lognormal", (mean, sigma), size, chunks)

    def exponential(self, scale: Any = 1.0, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from the exponential distribution.

        Parameters
        ----------
        scale : float or array_like, default 1.0
            The mean.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).exponential(2.0, size=3).compute().round(3)
        array([0.117, 5.156, 0.507])
        """
        return self._draw("exponential", (scale,), size, chunks)

    def gamma(
        self, shape: Any, scale: Any = 1.0, size: _Size = None, *, chunks: Any = None
    ) -> Array:
        """
        Draw from the gamma distribution.

        Parameters
        ----------
        shape : float or array_like
            The shape.
        scale : float or array_like, default 1.0
            The scale.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).gamma(2.0, size=3).compute().round(3)
        array([0.597, 3.506, 1.829])
        """
        return self._draw("gamma", (shape, scale), size, chunks)

    def beta(self, a: Any, b: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from the beta distribution.

        Parameters
        ----------
        a : float or array_like
            Alpha.
        b : float or array_like
            Beta.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).beta(2, 3, size=3).compute().round(3)
        array([0.088, 0.561, 0.459])
        """
        return self._draw("beta", (a, b), size, chunks)

    def chisquare(self, df: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from the chi-square distribution.

        Parameters
        ----------
        df : float or array_like
            Degrees of freedom.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).chisquare(3, size=3).compute().round(3)
        array([0.652, 5.567, 2.607])
        """
        return self._draw("chisquare", (df,), size, chunks)

    def noncentral_chisquare(
        self, df: Any, nonc: Any, size: _Size = None, *, chunks: Any = None
    ) -> Array:
        """
        Draw from the noncentral chi-square distribution.

        Parameters
        ----------
        df : float or array_like
            Degrees of freedom.
        nonc : float or array_like
            Non-centrality.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).noncentral_chisquare(3, 1.5, size=3).compute().round(3)
        array([3.968, 8.074, 2.07 ])
        """
        return self._draw("noncentral_chisquare", (df, nonc), size, chunks)

    def f(self, dfnum: Any, dfden: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from Fisher's F distribution.

        Parameters
        ----------
        dfnum : float or array_like
            Degrees of freedom of the numerator.
        dfden : float or array_like
            Degrees of freedom of the denominator.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).f(3, 8, size=3).compute().round(3)
        array([0.186, 3.756, 1.081])
        """
        return self._draw("f", (dfnum, dfden), size, chunks)

    def noncentral_f(
        self, dfnum: Any, dfden: Any, nonc: Any, size: _Size = None, *, chunks: Any = None
    ) -> Array:
        """
        Draw from the noncentral F distribution.

        Parameters
        ----------
        dfnum : float or array_like
            Degrees of freedom of the numerator.
        dfden : float or array_like
            Degrees of freedom of the denominator.
        nonc : float or array_like
            Non-centrality of the numerator.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).noncentral_f(3, 8, 1, size=3).compute().round(3)
        array([0.893, 4.964, 0.646])
        """
        return self._draw("noncentral_f", (dfnum, dfden, nonc), size, chunks)

    def standard_t(self, df: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from Student's t distribution.

        Parameters
        ----------
        df : float or array_like
            Degrees of freedom.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).standard_t(5, size=3).compute().round(3)
        array([-0.956,  1.001,  0.13 ])
        """
        return self._draw("standard_t", (df,), size, chunks)

    def standard_cauchy(self, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from the Cauchy distribution with mode 0.

        Parameters
        ----------
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).standard_cauchy(size=3).compute().round(3)
        array([-6.358,  0.883,  0.292])
        """
        return self._draw("standard_cauchy", (), size, chunks)

    def pareto(self, a: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from the Pareto II (Lomax) distribution.

        Parameters
        ----------
        a : float or array_like
            The shape.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).pareto(3, size=3).compute().round(3)
        array([0.02 , 1.362, 0.088])
        """
        return self._draw("pareto", (a,), size, chunks)

    def power(self, a: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from [0, 1] with a density that is a power.

        Parameters
        ----------
        a : float or array_like
            The exponent, plus 1.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).power(2, size=3).compute().round(3)
        array([0.238, 0.961, 0.473])
        """
        return self._draw("power", (a,), size, chunks)

    def weibull(self, a: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from the Weibull distribution of scale 1.

        Parameters
        ----------
        a : float or array_like
            The shape.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).weibull(2, size=3).compute().round(3)
        array([0.242, 1.606, 0.504])
        """
        return self._draw("weibull", (a,), size, chunks)

    def laplace(
        self, loc: Any = 0.0, scale: Any = 1.0, size: _Size = None, *, chunks: Any = None
    ) -> Array:
        """
        Draw from the Laplace (double exponential) distribution.

        Parameters
        ----------
        loc : float or array_like, default 0.0
            The mean.
        scale : float or array_like, default 1.0
            The exponential decay.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).laplace(size=3).compute().round(3)
        array([-2.309,  0.617,  0.199])
        """
        return self._draw("laplace", (loc, scale), size, chunks)

    def logistic(
        self, loc: Any = 0.0, scale: Any = 1.0, size: _Size = None, *, chunks: Any = None
    ) -> Array:
        """
        Draw from the logistic distribution.

        Parameters
        ----------
        loc : float or array_like, default 0.0
            The mean.
        scale : float or array_like, default 1.0
            The scale.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).logistic(size=3).compute().round(3)
        array([-2.952,  0.996,  0.366])
        """
        return self._draw("logistic", (loc, scale), size, chunks)

    def gumbel(
        self, loc: Any = 0.0, scale: Any = 1.0, size: _Size = None, *, chunks: Any = None
    ) -> Array:
        """
        Draw from the Gumbel distribution.

        Parameters
        ----------
        loc : float or array_like, default 0.0
            The mode.
        scale : float or array_like, default 1.0
            The scale.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).gumbel(size=3).compute().round(3)
        array([ 2.841, -0.947,  1.372])
        """
        return self._draw("gumbel", (loc, scale), size, chunks)

    def rayleigh(self, scale: Any = 1.0, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from the Rayleigh distribution.

        Parameters
        ----------
        scale : float or array_like, default 1.0
            The mode.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).rayleigh(size=3).compute().round(3)
        array([0.342, 2.271, 0.712])
        """
        return self._draw("rayleigh", (scale,), size, chunks)

    def triangular(
        self, left: Any, mode: Any, right: Any, size: _Size = None, *, chunks: Any = None
    ) -> Array:
        """
        Draw from the triangular distribution.

        Parameters
        ----------
        left : float or array_like
            The lower end.
        mode : float or array_like
            Where the density is highest.
        right : float or array_like
            The upper end.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).triangular(0, 1, 4, size=3).compute().round(3)
        array([0.446, 2.201, 1.783])
        """
        return self._draw("triangular", (left, mode, right), size, chunks)

    def vonmises(self, mu: Any, kappa: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw angles in [-pi, pi] from the von Mises distribution.

        Parameters
        ----------
        mu : float or array_like
            The mode, an angle in radians.
        kappa : float or array_like
            The concentration.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).vonmises(0, 2, size=3).compute().round(3)
        array([ 0.055, -0.311, -0.875])
        """
        return self._draw("vonmises", (mu, kappa), size, chunks)

    def wald(self, mean: Any, scale: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from the Wald (inverse Gaussian) distribution.

        Parameters
        ----------
        mean : float or array_like
            The mean.
        scale : float or array_like
            The scale.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of float64.

        Examples
        --------
        >>> mc.random.default_rng(0).wald(1, 2, size=3).compute().round(3)
        array([2.168, 2.122, 0.917])
        """
        return self._draw("wald", (mean, scale), size, chunks)

    def binomial(self, n: Any, p: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw numbers of successes in `n` trials.

        Parameters
        ----------
        n : float or array_like
            Trials.
        p : float or array_like
            The probability of success.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of int64.

        Examples
        --------
        >>> mc.random.default_rng(0).binomial(10, 0.3, size=3).compute()
        array([1, 4, 3])
        """
        return self._draw("binomial", (n, p), size, chunks)

    def negative_binomial(self, n: Any, p: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw numbers of failures before the `n`-th success.

        Parameters
        ----------
        n : float or array_like
            Successes.
        p : float or array_like
            The probability of success.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of int64.

        Examples
        --------
        >>> mc.random.default_rng(0).negative_binomial(3, 0.5, size=3).compute()
        array([2, 3, 2])
        """
        return self._draw("negative_binomial", (n, p), size, chunks)

    def poisson(self, lam: Any = 1.0, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from the Poisson distribution.

        Parameters
        ----------
        lam : float or array_like, default 1.0
            The mean.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of int64.

        Examples
        --------
        >>> mc.random.default_rng(0).poisson(4, size=3).compute()
        array([1, 5, 4])
        """
        return self._draw("poisson", (lam,), size, chunks)

    def geometric(self, p: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw numbers of trials up to the first success.

        Parameters
        ----------
        p : float or array_like
            The probability of success.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of int64.

        Examples
        --------
        >>> mc.random.default_rng(0).geometric(0.2, size=3).compute()
        array([ 1, 12,  2])
        """
        return self._draw("geometric", (p,), size, chunks)

    def hypergeometric(
        self, ngood: Any, nbad: Any, nsample: Any, size: _Size = None, *, chunks: Any = None
    ) -> Array:
        """
        Draw numbers of good ones in samples of an urn.

        Parameters
        ----------
        ngood : float or array_like
            Good ones in the urn.
        nbad : float or array_like
            Bad ones in the urn.
        nsample : float or array_like
            How many are drawn.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of int64.

        Examples
        --------
        >>> mc.random.default_rng(0).hypergeometric(10, 20, 15, size=3).compute()
        array([6, 6, 5])
        """
        return self._draw("hypergeometric", (ngood, nbad, nsample), size, chunks)

    def logseries(self, p: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from the logarithmic series distribution.

        Parameters
        ----------
        p : float or array_like
            The parameter, in [0, 1).
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of int64.

        Examples
        --------
        >>> mc.random.default_rng(0).logseries(0.8, size=3).compute()
        array([11,  1,  1])
        """
        return self._draw("logseries", (p,), size, chunks)

    def zipf(self, a: Any, size: _Size = None, *, chunks: Any = None) -> Array:
        """
        Draw from the Zipf (zeta) distribution.

        Parameters
        ----------
        a : float or array_like
            The exponent, more than 1.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters, broadcast, by default.
        chunks : int, str, tuple, optional
            As of `from_array`; chosen by default. The numbers don't depend on it.

        Returns
        -------
        Array
            Of int64.

        Examples
        --------
        >>> mc.random.default_rng(0).zipf(2, size=3).compute()
        array([1, 1, 1])
        """
        return self._draw("zipf", (a,), size, chunks)
