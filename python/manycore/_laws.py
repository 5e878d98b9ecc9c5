"""What measured times say about more cores or larger sizes: the results of `manycore.scaling`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from manycore import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

# As far as intervals were compared with times that had been held out.
_CALIBRATED = 4.0
_CURVE = 33


def _short(number: float) -> str:
    """Write three digits, and no more zeros than there are."""
    if number == 0 or not math.isfinite(number):
        return f"{number:g}"
    if 0.001 <= abs(number) < 1e5:
        digits = max(0, 2 - math.floor(math.log10(abs(number))))
        return f"{number:,.{digits}f}"
    return f"{number:.2e}"


def _count(cores: float) -> str:
    return "1 core" if cores == 1 else f"{cores:g} cores"


@dataclass(frozen=True)
class Parameter:
    """
    A parameter of a law, and its 90 % interval.

    Attributes
    ----------
    value, low, high : float
    """

    value: float
    low: float
    high: float

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        return f"{_short(self.value)} ({_short(self.low)}-{_short(self.high)})"


@dataclass(frozen=True)
class Prediction:
    """
    A time that was not measured.

    Attributes
    ----------
    seconds : float
        The median.
    low, high : float
        The 90 % interval: one in twenty times is below, one in twenty above.
    law : str
        The law that weighs most in the average.
    warning : str
        What to know before it is believed; empty if there is nothing.
    """

    seconds: float
    low: float
    high: float
    law: str
    warning: str

    def __str__(self) -> str:
        warning = f"; {self.warning}" if self.warning else ""
        return (
            f"{_short(self.seconds)} s ({_short(self.low)}-{_short(self.high)}, 90 %), "
            f"mostly by {self.law}{warning}"
        )


@dataclass(frozen=True)
class Amdahl:
    """
    Amdahl's law, fitted: a share of the work gets no faster.

    Attributes
    ----------
    one_core : float
        The law's seconds on one core.
    serial_fraction : Parameter
        The share of them that does not get faster.
    spread : float
        How far the times lie from the law: 0.02 is 2 %.
    """

    one_core: float
    serial_fraction: Parameter
    spread: float

    @property
    def limit(self) -> float:
        """The speed-up that no number of cores exceeds."""
        serial = self.serial_fraction.value
        return 1 / serial if serial > 0 else math.inf


@dataclass(frozen=True)
class Gustafson:
    """
    Gustafson's law, fitted: throughput grows along a straight line with the cores.

    Attributes
    ----------
    one_core : float
        The law's seconds on one core.
    serial_fraction : Parameter
        The serial share of work that grows with the cores.
    spread : float
        How far the times lie from the law: 0.02 is 2 %.
    """

    one_core: float
    serial_fraction: Parameter
    spread: float


@dataclass(frozen=True)
class Usl:
    """
    Gunther's universal scalability law, fitted.

    Attributes
    ----------
    gamma : float
        Runs a second on one core.
    sigma : Parameter
        Contention: the share that waits for what only one may use.
    kappa : Parameter
        Coherency: what each pair of cores costs.
    peak : float
        The number of cores past which it gets slower; infinite if there is none.
    spread : float
        How far the times lie from the law: 0.02 is 2 %.
    """

    gamma: float
    sigma: Parameter
    kappa: Parameter
    peak: float
    spread: float


class Cores:
    """
    Times over numbers of cores, and the laws that they follow.

    Attributes
    ----------
    cores, seconds : tuple of float
        What was measured; a number of cores may come more than once.
    noise : str
        ``"quiet"``, or ``"not certain: ..."`` and why; ``"not measured here"`` for times from
        elsewhere.

    Notes
    -----
    A prediction averages over laws (Amdahl's, the universal scalability law, a cost for each
    doubling, a limit that is reached smoothly or at once, a power of the cores, Gustafson's), each
    by how well it explains the times, and lets the truth drift away from all of them, more with
    each doubling beyond the data. Its 90 % intervals hold 89 % of 178 points held out of
    22 published sets up to four times beyond the fit; intervals by resampling (the bootstrap) held
    37 %, because which law is right is uncertain, and not only the noise.

    References
    ----------
    G. Amdahl, "Validity of the single processor approach", AFIPS 1967. J. Gustafson, "Reevaluating
    Amdahl's law", CACM 31(5), 1988. N. Gunther, "Guerrilla Capacity Planning", Springer 2007.
    A. Karp and H. Flatt, "Measuring parallel processor performance", CACM 33(5), 1990.
    """

    def __init__(
        self, cores: Sequence[float], seconds: Sequence[float], noise: str = "not measured here"
    ) -> None:
        self.cores = tuple(float(n) for n in cores)
        self.seconds = tuple(float(t) for t in seconds)
        self.noise = noise
        self._core = _core.CoreTimes(self.cores, self.seconds)

    @cached_property
    def _levels(self) -> list[tuple[float, float, int]]:
        return self._core.levels()

    @cached_property
    def amdahl(self) -> Amdahl:
        """Amdahl's law, fitted to at least 3 times on at least 2 numbers of cores."""
        one, serial, spread, _ = self._core.amdahl([])
        return Amdahl(one, Parameter(*serial), spread)

    @cached_property
    def gustafson(self) -> Gustafson:
        """Gustafson's law, fitted to at least 3 times on at least 2 numbers of cores."""
        one, serial, spread, _ = self._core.gustafson([])
        return Gustafson(one, Parameter(*serial), spread)

    @cached_property
    def usl(self) -> Usl:
        """The universal scalability law, of at least 4 times on at least 3 numbers of cores."""
        gamma, sigma, kappa, peak, spread, _ = self._core.usl([])
        return Usl(gamma, Parameter(*sigma), Parameter(*kappa), peak, spread)

    @property
    def karp_flatt(self) -> dict[float, float]:
        """
        The serial fraction that each number of cores shows by itself.

        If it grows with the cores, overheads do; if it stays, the rest is serial.
        """
        times = {at: seconds for at, seconds, _ in self._levels}
        if 1.0 not in times or len(times) < 2:
            measured = ", ".join(f"{at:g}" for at in times) or "none"
            raise ValueError(
                f"Karp and Flatt's metric needs times on 1 core and on more, not on {measured}"
            )
        return {
            at: _core.karp_flatt(times[1.0] / seconds, at)
            for at, seconds in times.items()
            if at > 1
        }

    @property
    def best(self) -> str:
        """
        The law that weighs most in predictions.

        ``"Amdahl"``, ``"USL"``, ``"Gustafson"``, ``"overhead"`` (a cost for each doubling),
        ``"knee"`` (a limit that is reached smoothly), ``"saturation"`` (one that is reached at
        once) or ``"power"``.
        """
        return self._core.best()

    def predict(self, cores: float) -> Prediction:
        """
        Predict the time on a number of cores, from times on at least 3 numbers.

        Parameters
        ----------
        cores : float

        Returns
        -------
        Prediction

        Raises
        ------
        ValueError
            If `cores` is less than 1, or there are too few times.

        Examples
        --------
        >>> s = mc.scaling.fit(cores=[1, 2, 4, 8], seconds=[10, 5.5, 3.3, 2.2])
        >>> ahead = s.predict(cores=16)
        >>> ahead.low < ahead.seconds < ahead.high
        True
        >>> ahead.warning
        'it was measured on up to 8 cores'
        """
        seconds, low, high = self._core.predict(cores)
        warning = _beyond(cores, self._levels[-1][0], "on up to {} cores")
        return Prediction(seconds, low, high, self._core.best(), warning)

    @cached_property
    def _one_core(self) -> float:
        """Seconds on one core: as they were measured, or else as they are predicted."""
        at, seconds, _ = self._levels[0]
        return seconds if at == 1 else self._core.predict(1.0)[0]

    def speedup(self, cores: float) -> Parameter:
        """
        Predict how many times as fast it is on a number of cores as on one.

        Parameters
        ----------
        cores : float

        Returns
        -------
        Parameter
            With its 90 % interval.
        """
        seconds, low, high = self._core.predict(cores)
        one = self._one_core
        return Parameter(one / seconds, one / high, one / low)

    def words(self, cores: float | None = None) -> str:
        """
        Say what to expect of more cores.

        Parameters
        ----------
        cores : float, optional
            Twice as many as were measured if not given.

        Returns
        -------
        str

        Examples
        --------
        >>> n = [1, 2, 4, 8, 16]
        >>> s = mc.scaling.fit(cores=n, seconds=[8 / mc.usl(0.02, 1e-3, k) for k in n])
        >>> s.words(cores=16).startswith("on 16 cores 10.4 x (")
        True
        >>> s.words().endswith("; past 31 cores it gets slower")
        True
        """
        most = self._levels[-1][0]
        cores = 2 * most if cores is None else cores
        ahead = self.speedup(cores)
        text = f"on {_count(cores)} {_short(ahead.value)} x"
        text += f" ({_short(ahead.low)}-{_short(ahead.high)})"
        return text + self._past()

    def _past(self) -> str:
        """Name the peak, if there is one beyond doubt."""
        if len(self.seconds) < 4 or len(self._levels) < 3 or self.usl.kappa.low <= 0:
            return ""
        return f"; past {_count(round(self.usl.peak))} it gets slower"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        """Lay out what was measured."""
        one = self._one_core if self._levels[0][0] == 1 or len(self._levels) > 2 else math.nan
        rows = [
            [f"{at:g}", _short(seconds), str(repeats), _short(one / seconds)]
            for at, seconds, repeats in self._levels
        ]
        return ["cores", "seconds", "repeats", "speed-up"], rows

    def _sentences(self) -> list[str]:
        """Say what the laws say, as far as there are times enough for them."""
        said = []
        if len(self._levels) >= 3:
            said.append(self.words())
        if len(self._levels) >= 2 and len(self.seconds) >= 3:
            said.append(f"serial fraction (Amdahl) {self.amdahl.serial_fraction}")
        if len(self._levels) >= 3 and len(self.seconds) >= 4:
            law = self.usl
            said.append(f"contention {law.sigma}, coherency {law.kappa} (USL)")
        if len(self._levels) < 3:
            said.append("times on 3 numbers of cores are needed to predict others")
        return [*said, f"noise: {self.noise}"]

    def __str__(self) -> str:
        from manycore._table import text_columns

        heads, rows = self._table()
        return "\n".join([text_columns(heads, rows, left=0), *self._sentences()])

    def __repr__(self) -> str:
        return f"<manycore.scaling.Cores: {self._sentences()[0]}>"

    def chart(self) -> str:
        """
        Draw the speed-up: measured, ideal, predicted and its interval.

        Returns
        -------
        str
            SVG.
        """
        from manycore import _charts

        levels, one = self._levels, self._one_core
        at = _between(1.0, 4 * levels[-1][0]) if len(levels) >= 3 else []
        ahead = [self.speedup(n) for n in at]
        return _charts.speedup(
            self.cores,
            [one / seconds for seconds in self.seconds],
            at=at,
            fitted=[one.value for one in ahead],
            low=[one.low for one in ahead] or None,
            high=[one.high for one in ahead] or None,
            law=self.best if at else "",
        )

    def plot(self, path: str | PathLike[str]) -> None:
        """
        Write the chart of the speed-up as SVG.

        Parameters
        ----------
        path : str or path-like
        """
        _write(path, self.chart())

    def _repr_html_(self) -> str:
        return _html(self, "Scaling over cores")


class Sizes:
    """
    Times over sizes, and the shape that they follow.

    Attributes
    ----------
    sizes, seconds : tuple of float
        What was measured; a size may come more than once.
    noise : str
        ``"quiet"``, or ``"not certain: ..."`` and why; ``"not measured here"`` for times from
        elsewhere.

    Notes
    -----
    The shapes are those of the performance-model normal form, ``n^i log^j(n)`` and sums of two,
    and such shapes with a step or a bend where the data leave a cache. A prediction averages over
    them as one over cores does.

    References
    ----------
    A. Calotoiu, T. Hoefler, M. Poke and F. Wolf, "Using automated performance modeling to find
    scalability bugs in complex codes", SC 2013.
    """

    def __init__(
        self,
        sizes: Sequence[float],
        seconds: Sequence[float],
        element: float | None = None,
        noise: str = "not measured here",
    ) -> None:
        self.sizes = tuple(float(n) for n in sizes)
        self.seconds = tuple(float(t) for t in seconds)
        self.noise = noise
        self._core = _core.SizeTimes(self.sizes, self.seconds, element)

    @cached_property
    def _levels(self) -> list[tuple[float, float, int]]:
        return self._core.levels()

    @property
    def best(self) -> str:
        """The shape that weighs most, such as ``"n log n"`` or ``"n, a step at 1.2e+05"``."""
        return self._core.best()

    def predict(self, size: float) -> Prediction:
        """
        Predict the time at a size.

        Parameters
        ----------
        size : float

        Returns
        -------
        Prediction

        Raises
        ------
        ValueError
            If `size` is not more than 0.

        Examples
        --------
        >>> n = [1e4, 2e4, 4e4, 8e4]
        >>> g = mc.scaling.fit(sizes=n, seconds=[1e-8 * k**2 for k in n])
        >>> g.best
        'n²'
        >>> round(g.predict(1.6e5).seconds)
        256
        """
        seconds, low, high = self._core.predict(size)
        warning = _beyond(size, self._levels[-1][0], "at sizes up to {}")
        return Prediction(seconds, low, high, self._core.best(), warning)

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [f"{at:,.15g}", _short(seconds), str(repeats)] for at, seconds, repeats in self._levels
        ]
        return ["size", "seconds", "repeats"], rows

    def _sentences(self) -> list[str]:
        size = 4 * self._levels[-1][0]
        ahead = self.predict(size)
        return [
            f"time grows as {self.best}",
            f"at size {size:,.15g} {_short(ahead.seconds)} s "
            f"({_short(ahead.low)}-{_short(ahead.high)})",
            f"noise: {self.noise}",
        ]

    def __str__(self) -> str:
        from manycore._table import text_columns

        heads, rows = self._table()
        return "\n".join([text_columns(heads, rows, left=0), *self._sentences()])

    def __repr__(self) -> str:
        return f"<manycore.scaling.Sizes: {self._sentences()[0]}>"

    def chart(self) -> str:
        """
        Draw the times: measured, predicted and its interval.

        Returns
        -------
        str
            SVG.
        """
        from manycore import _charts

        at = _between(self._levels[0][0], 4 * self._levels[-1][0])
        ahead = [self._core.predict(n) for n in at]
        return _charts.sizes(
            self.sizes,
            self.seconds,
            at=at,
            fitted=[seconds for seconds, _, _ in ahead],
            low=[low for _, low, _ in ahead],
            high=[high for _, _, high in ahead],
            law=self.best,
        )

    def plot(self, path: str | PathLike[str]) -> None:
        """
        Write the chart as SVG.

        Parameters
        ----------
        path : str or path-like
        """
        _write(path, self.chart())

    def _repr_html_(self) -> str:
        return _html(self, "Scaling over sizes")


def _beyond(place: float, most: float, measured: str) -> str:
    """Warn of what is beyond the data."""
    if place <= most:
        return ""
    warning = f"it was measured {measured.format(f'{most:,.15g}')}"
    if place > _CALIBRATED * most:
        warning += (
            f", and intervals were tested up to {_CALIBRATED:g} times beyond what is measured"
        )
    return warning


def _between(low: float, high: float) -> list[float]:
    """Place the points of a curve: each doubling gets as many."""
    return [low * (high / low) ** (step / (_CURVE - 1)) for step in range(_CURVE)]


def _write(path: str | PathLike[str], text: str) -> None:
    from pathlib import Path

    Path(path).write_text(text, encoding="utf-8")


def _html(result: Cores | Sizes, title: str) -> str:
    from html import escape

    from manycore._table import html_columns

    heads, rows = result._table()
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in result._sentences())
    return html_columns(title, heads, rows, left=0) + said + result.chart()
