"""
The charts of reports, as SVG text.

Each function says what belongs into its chart; `_core.chart` draws it. A chart is whole in itself,
and has a dark form for dark screens.
"""

from __future__ import annotations

from manycore import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Numbers = Sequence[float]
    Mark = tuple[str, str, str, Numbers, Numbers, Numbers | Sequence[str] | None]

_SIZE = (720, 420)

# Inks after the first, for charts of several of a kind.
_INKS = ("measured", "fitted", "other", "another")


def _law(
    name: str, at: Numbers, fitted: Numbers, low: Numbers | None, high: Numbers | None
) -> list[Mark]:
    """Draw a law as a line, over its band if it has one."""
    marks: list[Mark] = []
    if low is not None and high is not None:
        marks.append(("band", "90 % interval", "fitted", at, low, high))
    marks.append(("line", name, "fitted", at, fitted, None))
    return marks


def speedup(
    cores: Numbers,
    speedups: Numbers,
    *,
    at: Numbers = (),
    fitted: Numbers = (),
    low: Numbers | None = None,
    high: Numbers | None = None,
    law: str = "fitted",
    title: str = "Speed-up",
) -> str:
    """
    Draw how many times as fast it is on more cores.

    Parameters
    ----------
    cores, speedups : sequence of float
        The measured points; a core may have several.
    at, fitted : sequence of float, optional
        Cores, and the law's speed-up on them.
    low, high : sequence of float, optional
        The law's 90 % interval at the same cores.
    law : str, default "fitted"
        The law's name.
    title : str, default "Speed-up"

    Returns
    -------
    str
        SVG.

    Raises
    ------
    ValueError
        If there is no point, or sequences that belong together differ in length.

    Examples
    --------
    >>> from manycore._charts import speedup
    >>> speedup([1, 2, 4], [1, 1.9, 3.4]).startswith("<svg")
    True
    """
    # The ideal line ends at a tenth above what there is to see: else it flattens all the rest.
    most = max([*cores, *at], default=1)
    tallest = max([*speedups, *fitted, *(high or ())], default=1) * 1.1
    end = max(min(most, tallest), 1)
    marks: list[Mark] = [("dashed", "ideal", "ideal", [1, end], [1, end], None)] if end > 1 else []
    if fitted:
        marks += _law(law, at, fitted, low, high)
    marks.append(("points", "measured", "measured", cores, speedups, None))
    return _core.chart(
        marks, title, ("cores", False, False), ("times as fast", False, False), _SIZE
    )


def sizes(
    sizes: Numbers,
    seconds: Numbers,
    *,
    at: Numbers = (),
    fitted: Numbers = (),
    low: Numbers | None = None,
    high: Numbers | None = None,
    law: str = "fitted",
    title: str = "Time over size",
) -> str:
    """
    Draw how the time grows with the size; both axes are logarithmic, so a power is a straight line.

    Parameters
    ----------
    sizes, seconds : sequence of float
        The measured points.
    at, fitted : sequence of float, optional
        Sizes, and the law's seconds for them.
    low, high : sequence of float, optional
        The law's 90 % interval at the same sizes.
    law : str, default "fitted"
        The law's name.
    title : str, default "Time over size"

    Returns
    -------
    str
        SVG.

    Raises
    ------
    ValueError
        If there is no point, a number is not above 0, or lengths differ.

    Examples
    --------
    >>> from manycore._charts import sizes
    >>> sizes([1e4, 2e4], [0.1, 0.2]).startswith("<svg")
    True
    """
    marks = _law(law, at, fitted, low, high) if fitted else []
    marks.append(("points", "measured", "measured", sizes, seconds, None))
    return _core.chart(marks, title, ("size", True, False), ("time", True, True), _SIZE)


def roofline(
    names: Sequence[str],
    intensities: Numbers,
    rates: Numbers,
    *,
    bandwidth: float,
    peak: float,
    cache: float,
    title: str = "Roofline",
) -> str:
    """
    Draw what loops reach of what the machine allows them.

    Parameters
    ----------
    names : sequence of str
        The loops.
    intensities : sequence of float
        Operations for each byte that a loop asks for.
    rates : sequence of float
        Operations a second that it reached.
    bandwidth : float
        The memory's, in bytes a second, as `manycore.machine` measures it.
    peak : float
        Operations a second of all cores.
    cache : float
        Bytes a second that they read from their first-level caches.
    title : str, default "Roofline"

    Returns
    -------
    str
        SVG.

    Raises
    ------
    ValueError
        If there is no loop, a number is not above 0, or lengths differ.

    Notes
    -----
    S. Williams, A. Waterman and D. Patterson, "Roofline: An Insightful Visual Performance Model for
    Multicore Architectures", 2009.

    Examples
    --------
    >>> from manycore._charts import roofline
    >>> roofs = {"bandwidth": 1e10, "peak": 5e10, "cache": 2e11}
    >>> roofline(["sum"], [0.125], [1e9], **roofs).startswith("<svg")
    True
    """
    for name, speed in (("bandwidth", bandwidth), ("peak", peak), ("cache", cache)):
        if speed <= 0:
            raise ValueError(f"{name} must be above 0, not {speed}")
    left = min([*intensities, 0.1]) / 2
    right = max([*intensities, 10.0, peak / bandwidth * 2]) * 2

    def roof(speed: float) -> tuple[list[float], list[float]]:
        ridge = min(max(peak / speed, left), right)
        across = [left, ridge, right]
        return across, [min(peak, speed * x) for x in across]

    marks: list[Mark] = [
        ("dashed", "from first-level caches", "other", *roof(cache), None),
        ("line", "from memory", "ideal", *roof(bandwidth), None),
        ("labels", "reached", "measured", intensities, rates, names),
    ]
    return _core.chart(
        marks,
        title,
        ("operations for each byte", True, False),
        ("operations a second", True, False),
        _SIZE,
    )


def cost(
    names: Sequence[str],
    seconds: Numbers,
    prices: Numbers,
    *,
    chosen: str | None = None,
    currency: str = "USD",
    title: str = "Cost against time",
) -> str:
    """
    Draw what a job costs and how long it takes on each type of instance.

    Parameters
    ----------
    names : sequence of str
        The types; an empty name is not written.
    seconds, prices : sequence of float
        How long the job takes there, and what that costs.
    chosen : str, optional
        The type to point out.
    currency : str, default "USD"
    title : str, default "Cost against time"

    Returns
    -------
    str
        SVG. The names that stand are those of the types that no other beats in both time and cost:
        all of them would hide each other.

    Raises
    ------
    ValueError
        If there is no type, a number is not above 0, or lengths differ.

    Examples
    --------
    >>> from manycore._charts import cost
    >>> cost(["t3.large", "c7i.large"], [3600, 1800], [0.08, 0.05]).startswith("<svg")
    True
    """
    if not len(names) == len(seconds) == len(prices):
        counts = f"{len(names)}, {len(seconds)} and {len(prices)}"
        raise ValueError(f"names, seconds and prices must be as many of each, not {counts}")
    best: list[tuple[float, float, str]] = []
    rest: list[tuple[float, float, str]] = []
    for point in zip(seconds, prices, names, strict=True):
        beaten = any(
            time <= point[0] and price <= point[1] and (time, price) != point[:2]
            for time, price in zip(seconds, prices, strict=True)
        )
        (rest if beaten else best).append(point)
    marks: list[Mark] = []
    for label, ink, points in (
        ("another is faster and cheaper", "ideal", rest),
        ("none is both faster and cheaper", "measured", [p for p in best if p[2] != chosen]),
        ("chosen", "fitted", [p for p in [*best, *rest] if p[2] == chosen and chosen]),
    ):
        if points:
            written = ["" if ink == "ideal" else name for _, _, name in points]
            across, up = [point[0] for point in points], [point[1] for point in points]
            marks.append(("labels", label, ink, across, up, written))
    return _core.chart(
        marks, title, ("time", True, True), (f"cost, {currency}", True, False), _SIZE
    )


def latency(
    curves: Sequence[tuple[str, Numbers, Numbers]],
    *,
    limit: float | None = None,
    title: str = "Latency",
    x: str = "requests a second",
) -> str:
    """
    Draw how long requests take as more of them come.

    Parameters
    ----------
    curves : sequence of (name, rates, seconds)
        Such as ``("p50", ...)`` and ``("p99", ...)``; at most four.
    limit : float, optional
        The latency that must not be passed, in seconds.
    title : str, default "Latency"
    x : str, default "requests a second"
        What the curves go over.

    Returns
    -------
    str
        SVG.

    Raises
    ------
    ValueError
        If there is nothing to draw, or a number of seconds is not above 0.

    Examples
    --------
    >>> from manycore._charts import latency
    >>> latency([("p99", [100, 200], [0.01, 0.02])], limit=0.05).startswith("<svg")
    True
    """
    marks: list[Mark] = []
    for ink, (name, rates, seconds) in zip(_INKS, curves, strict=False):
        marks.append(("line", name, ink, rates, seconds, None))
        marks.append(("points", "", ink, rates, seconds, None))
    if limit is not None and marks:
        ends = [rate for _, rates, _ in curves for rate in rates]
        across = [min(ends), max(ends)]
        marks.append(("dashed", f"limit {limit * 1e3:g} ms", "ideal", across, [limit] * 2, None))
    return _core.chart(marks, title, (x, False, False), ("latency", True, True), _SIZE)
