"""
The scaling laboratory: measure over cores or sizes, fit the laws, predict, price.

>>> n = [1, 2, 4, 8]
>>> s = mc.scaling.fit(cores=n, seconds=[10 / mc.amdahl(0.95, k) for k in n])
>>> round(s.amdahl.serial_fraction.value, 3)
0.05
>>> s.predict(cores=16).warning
'it was measured on up to 8 cores'
"""

from __future__ import annotations

import math
import statistics
import sys
import time

from manycore import _core
from manycore._laws import Amdahl, Cores, Gustafson, Parameter, Prediction, Sizes, Usl
from manycore._price import Costs, Offer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from os import PathLike
    from typing import Any, Literal

__all__ = [
    "Amdahl",
    "Cores",
    "Costs",
    "Gustafson",
    "Offer",
    "Parameter",
    "Prediction",
    "Sizes",
    "Usl",
    "amdahl",
    "cores",
    "cost",
    "fit",
    "gustafson",
    "sizes",
    "usl",
]

# Shorter ones are repeated in one timing: the clock and the calls around it would show.
_LEAST_TIMING = 0.01
# No more repeats, however long the budget.
_MOST_REPEATS = 50
# Times are settled when their means are known to this share, with 90 % confidence.
_PRECISION = 0.02


def amdahl(p: float, n: float) -> float:
    """
    Work out the speed-up by Amdahl's law.

    Parameters
    ----------
    p : float
        The share of the work that is parallel, from 0 to 1.
    n : float
        Cores.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If `p` is no share or `n` less than 1.

    References
    ----------
    G. Amdahl, "Validity of the single processor approach to achieving large scale computing
    capabilities", AFIPS 1967.

    Examples
    --------
    >>> round(mc.amdahl(p=0.95, n=32), 2)
    12.55
    """
    return _core.amdahl(_share("p", p), _cores(n))


def gustafson(s: float, n: float) -> float:
    """
    Work out the scaled speed-up by Gustafson's law: of work that grows with the cores.

    Parameters
    ----------
    s : float
        The serial share of the time on `n` cores, from 0 to 1.
    n : float
        Cores.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If `s` is no share or `n` less than 1.

    References
    ----------
    J. Gustafson, "Reevaluating Amdahl's law", Communications of the ACM 31(5), 1988.

    Examples
    --------
    >>> mc.gustafson(s=0.05, n=32)
    30.45
    """
    return _core.gustafson(_share("s", s), _cores(n))


def usl(sigma: float, kappa: float, n: float) -> float:
    """
    Work out the speed-up by Gunther's universal scalability law.

    Parameters
    ----------
    sigma : float
        Contention: the share that waits for what only one may use.
    kappa : float
        Coherency: what each pair of cores costs.
    n : float
        Cores, or clients.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a parameter is negative or `n` less than 1.

    References
    ----------
    N. Gunther, "Guerrilla Capacity Planning", Springer 2007.

    Examples
    --------
    >>> round(mc.usl(sigma=0.02, kappa=0.0005, n=32), 2)
    15.12
    """
    for name, value in (("sigma", sigma), ("kappa", kappa)):
        if not 0 <= value < math.inf:
            raise ValueError(f"{name} must be at least 0, not {value!r}")
    return _core.usl(sigma, kappa, _cores(n))


def _share(name: str, value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must be between 0 and 1, not {value!r}")
    return value


def _cores(n: float) -> float:
    if not 1 <= n < math.inf:
        raise ValueError(f"a number of cores must be at least 1, not {n!r}")
    return n


def fit(
    *,
    cores: Sequence[float] | None = None,
    sizes: Sequence[float] | None = None,
    seconds: Sequence[float],
    element: float | None = None,
) -> Any:
    """
    Fit laws to times that were measured elsewhere.

    Parameters
    ----------
    cores, sizes : sequence of float
        One of both: the numbers of cores, or the sizes, of the times. One that was measured more
        than once comes as often.
    seconds : sequence of float
        The times.
    element : float, optional
        With `sizes`: bytes of one element, so that this machine's caches are where the shape may
        break. It may break between any two sizes if not given.

    Returns
    -------
    Cores or Sizes

    Raises
    ------
    ValueError
        If a time, a number of cores or a size can't be one, or there are too few: the message says
        how many are needed.

    Examples
    --------
    >>> mc.scaling.fit(cores=[1, 2], seconds=[1.0, 0.6]).predict(4)
    Traceback (most recent call last):
    ValueError: a prediction over cores needs at least 3 times over 3 numbers of cores, and there \
are 2 times over 2 numbers of cores
    """
    if (cores is None) == (sizes is None):
        raise TypeError("fit() takes either cores= or sizes=, and seconds=")
    if cores is not None:
        return Cores(cores, seconds)
    return Sizes(sizes or (), seconds, element)


def cores(
    work: Callable[[], object],
    cores: Iterable[int] | None = None,
    *,
    repeats: int = 3,
    budget: float = 60.0,
    progress: bool | None = None,
) -> Cores:
    """
    Measure a function on different numbers of cores.

    It is called once to warm up, and then in rounds over all numbers of cores, up and down in
    turns, so that a machine that slows down slows all of them. Of each number's times the faster
    half counts, because what disturbs a run only ever makes it slower.

    Parameters
    ----------
    work : callable
        Called without arguments while the engine has so many workers (`mc.config`): what it does
        with manycore runs on as many cores.
    cores : iterable of int, optional
        1, 2, 4 and so on to the usable cores by default.
    repeats : int, default 3
        The fewest rounds, as far as the budget allows. There are more until each time is known to
        2 %.
    budget : float, default 60.0
        Seconds after which no new round starts. The first one always ends.
    progress : bool, optional
        Write a line for each round to standard error; on a terminal by default.

    Returns
    -------
    Cores

    Raises
    ------
    ValueError
        If an argument can't be what it is.

    Notes
    -----
    Code that brings its own threads, such as a BLAS, does not follow the engine's workers.

    Examples
    --------
    >>> work = lambda: mc.bag.from_sequence(range(1000)).sum().compute()
    >>> s = mc.scaling.cores(work, cores=[1, 2], repeats=2, budget=5)
    >>> sorted(set(s.cores))
    [1.0, 2.0]
    """
    usable = int(_core.machine()["usable_cores"])
    if cores is None:
        powers = {2**power for power in range(usable.bit_length())}
        counts = sorted({n for n in powers if n <= usable} | {usable})
    else:
        counts = sorted({_whole("cores", n) for n in cores})
    if not counts:
        raise ValueError("cores must name at least one number of cores")

    def timed(count: float) -> float:
        from manycore.configuration import config

        with config(workers=int(count)):
            start = time.perf_counter()
            work()
            return time.perf_counter() - start

    def name(count: float) -> str:
        return f"{count:g} {'core' if count == 1 else 'cores'}"

    times, verdict = _rounds(counts, timed, name, repeats, budget, progress)
    if counts[-1] > usable:
        more = f"{counts[-1]} workers had {name(usable)}"
        verdict = f"{verdict}, {more}" if verdict != "quiet" else f"not certain: {more}"
    return Cores(*_flat(times), noise=verdict)


def sizes(
    function: Callable[[Any], object],
    sizes: Iterable[float],
    *,
    setup: Callable[[Any], object] | None = None,
    element: float | None = None,
    repeats: int = 5,
    budget: float = 60.0,
    clock: Callable[[], float] = time.perf_counter,
    progress: bool | None = None,
) -> Sizes:
    """
    Measure a function at different sizes.

    Parameters
    ----------
    function : callable
        Called with a size, which is an int if it is whole; or with what `setup` made of it.
    sizes : iterable of float
        At least four. Each twice the one before is a good choice.
    setup : callable, optional
        Makes a size's data, which are new in each repeat; its time is not counted.
    element : float, optional
        Bytes of one element, so that this machine's caches are where the shape may break.
    repeats : int, default 5
        The fewest rounds, as far as the budget allows. There are more until each time is known to
        2 %.
    budget : float, default 60.0
        Seconds after which no new round starts. The first one always ends.
    clock : callable, default time.perf_counter
        What seconds are; `time.process_time` counts processor time, which other programs disturb
        less.
    progress : bool, optional
        Write a line for each round to standard error; on a terminal by default.

    Returns
    -------
    Sizes

    Raises
    ------
    ValueError
        If an argument can't be what it is, or there are fewer than four sizes.

    Examples
    --------
    >>> from random import random
    >>> make = lambda n: [random() for _ in range(n)]
    >>> g = mc.scaling.sizes(sorted, [1e3, 2e3, 4e3, 8e3], setup=make, budget=2)
    >>> g.predict(3.2e4).seconds > g.predict(8e3).seconds
    True
    """
    asked = sorted({float(size) for size in sizes})
    if len(asked) < 4:
        raise ValueError(f"a prediction over sizes needs at least 4 sizes, and these are {asked}")
    for size in asked:
        if not 0 < size < math.inf:
            raise ValueError(f"a size must be more than 0, not {size!r}")
    loops: dict[float, int] = {}

    def timed(size: float) -> float:
        whole = int(size) if size.is_integer() else size
        given = whole if setup is None else setup(whole)
        # New data serve one call: it may change them.
        calls = loops.get(size, 1) if setup is None else 1
        start = clock()
        for _ in range(calls):
            function(given)
        seconds = (clock() - start) / calls
        loops.setdefault(size, max(1, round(_LEAST_TIMING / max(seconds, 1e-9))))
        return seconds

    times, verdict = _rounds(
        asked, timed, lambda size: f"size {size:,.15g}", repeats, budget, progress
    )
    at, seconds = _flat(times)
    return Sizes(at, seconds, element, verdict)


def cost(
    scaling: Cores,
    *,
    hours: float | None = None,
    instances: str = "*",
    deadline: float | None = None,
    memory: int | str | None = None,
    burst: Literal["unlimited", "standard"] = "unlimited",
    table: str | PathLike[str] | None = None,
) -> Costs:
    """
    Work out what a run costs on machines that can be rented, the cheapest first.

    Parameters
    ----------
    scaling : Cores
        How the work scales: its time on an instance is that on as many physical cores here.
    hours : float, optional
        How long all of the work takes on one core here; as long as one measured run by default.
    instances : str, default "*"
        Their names, such as ``"t3.*"`` or ``"c7i.*, m7i.large"``.
    deadline : float, optional
        Hours within which the work must end. An instance meets it if the upper end of the interval
        does.
    memory : int or str, optional
        What the work needs, such as ``"12GB"``; instances with less are left out.
    burst : {"unlimited", "standard"}, default "unlimited"
        What a burstable instance does in a long full load: run on and bill surplus credits, or fall
        to its baseline. Credits that it has at the start are not counted.
    table : str or path-like, optional
        A TOML file of your own instances, ``[[instance]]`` with the keys of ours; its rows replace
        ours of the same name. The environment variable MANYCORE_INSTANCES by default.

    Returns
    -------
    Costs

    Raises
    ------
    ValueError
        If nothing fits, the table is wrong, or there are too few times to predict others.

    Examples
    --------
    >>> n = [1, 2, 4, 8]
    >>> s = mc.scaling.fit(cores=n, seconds=[10 / mc.amdahl(0.99, k) for k in n])
    >>> offers = mc.scaling.cost(s, hours=8, instances="a1.*", deadline=2)
    >>> offers.cheapest.in_time
    True
    """
    from manycore._price import offers

    if not isinstance(scaling, Cores):
        kind = type(scaling).__name__
        raise TypeError(f"cost() needs times over cores, as scaling.cores gives them, not {kind}")
    return offers(scaling, hours, instances, deadline, memory, burst, table)


def _whole(name: str, number: object) -> int:
    from operator import index

    value = index(number)  # type: ignore[arg-type]
    if value < 1:
        raise ValueError(f"{name} must be at least 1, not {value}")
    return value


def _rounds(
    places: Sequence[float],
    timed: Callable[[float], float],
    name: Callable[[float], str],
    repeats: int,
    budget: float,
    progress: bool | None,
) -> tuple[dict[float, list[float]], str]:
    """Time all places in rounds; give the faster half of each one's times, and the noise."""
    repeats = _whole("repeats", repeats)
    if not budget > 0:
        raise ValueError(f"budget must be more than 0 seconds, not {budget!r}")
    show = sys.stderr.isatty() if progress is None else progress
    times: dict[float, list[float]] = {place: [] for place in places}
    end = time.perf_counter() + budget
    for place in reversed(places):
        timed(place)
        if time.perf_counter() > end - budget / 4:
            break
    watch = _core.noise()
    rounds = 0
    while rounds < _MOST_REPEATS and (rounds == 0 or time.perf_counter() < end):
        for place in places if rounds % 2 == 0 else reversed(places):
            times[place].append(timed(place))
        rounds += 1
        if show:
            now = ", ".join(f"{name(at)} {min(some):.3g} s" for at, some in times.items())
            print(f"round {rounds}: {now}", file=sys.stderr)
        if rounds >= repeats and all(_settled(some) for some in times.values()):
            break
    kept = {place: _faster(some) for place, some in times.items()}
    spread = max((max(some) - min(some)) / statistics.median(some) for some in kept.values())
    verdict = watch.verdict(spread if rounds > 1 else None)[0]
    if rounds == 1:
        single = "there is one time of each, so nothing is known of their spread"
        verdict = f"not certain: {single}" if verdict == "quiet" else f"{verdict}, {single}"
    return kept, verdict


def _faster(times: Sequence[float]) -> list[float]:
    """Keep the faster half, but two if there are two."""
    return sorted(times)[: max(min(2, len(times)), (len(times) + 1) // 2)]


def _settled(times: Sequence[float]) -> bool:
    """Tell whether the mean of what counts is known well enough."""
    kept = _faster(times)
    if len(kept) < 2:
        return False
    # Two standard errors are a 90 % interval of a few times.
    error = statistics.stdev(kept) / math.sqrt(len(kept))
    return 2 * error <= _PRECISION * statistics.mean(kept)


def _flat(times: dict[float, list[float]]) -> tuple[list[float], list[float]]:
    at = [float(place) for place, some in times.items() for _ in some]
    return at, [seconds for some in times.values() for seconds in some]
