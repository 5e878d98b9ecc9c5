"""How many requests a server takes."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from manycore import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


@dataclass(frozen=True)
class Stream:
    """
    What came of a stream of requests.

    Attributes
    ----------
    rate : float
        Requests a second that were to leave; for a ramp the mean.
    seconds : float
        From the first that was to leave to the last that ended.
    counts : dict of str to int
        How they ended: ``"answered"``, ``"4xx"``, ``"5xx"``, ``"timed out"``, ``"refused"``
        (nobody listened), ``"closed"`` (before the answer was whole), ``"failed"``,
        ``"held back"`` (not sent, because 512 were still waiting for their answers),
        ``"unfinished"`` (ended by Ctrl-C).
    throughput : float
        Answers a second.
    concurrency : float
        Requests that were being answered at one time, on average (Little's law).
    p50, p90, p99, p999 : float or None
        Seconds within which such a share of all requests was answered, counted from when each was
        to leave. What was not answered counts as slower than all that was; None if the quantile is
        there.
    mean : float or None
        Mean latency of those that were answered.
    lag : float
        How many seconds late the client itself was, at worst but for one request in a hundred.
    """

    rate: float
    seconds: float
    counts: dict[str, int]
    throughput: float
    concurrency: float
    p50: float | None
    p90: float | None
    p99: float | None
    p999: float | None
    mean: float | None
    lag: float

    @property
    def errors(self) -> int:
        """Requests that were not answered as they should be."""
        return sum(self.counts.values()) - self.counts["answered"] - self.counts["unfinished"]


@dataclass(frozen=True)
class Load:
    """
    What `load` found.

    Attributes
    ----------
    words : str
        The answer in a sentence, which is its ``str()``.
    streams : tuple of Stream
        In the order in which they were sent.
    interrupted : bool
        Whether Ctrl-C ended it early.
    goal : str or None
        Such as ``"p99 < 50 ms"``; None if the rate was given.
    held : float or None
        The highest rate that met the goal.
    failed : float or None
        The lowest rate above it that did not.
    bottleneck : str or None
        What keeps the server from taking more.
    law : tuple of float, or None
        Answers a second to requests one by one, contention and coherency of the universal
        scalability law over requests at one time. None where there is too little to fit it.
    noise : str or None
        What else ran: ``"quiet"``, or ``"not certain: ..."``.
    """

    words: str
    streams: tuple[Stream, ...]
    interrupted: bool
    goal: str | None = None
    held: float | None = None
    failed: float | None = None
    bottleneck: str | None = None
    law: tuple[float, float, float] | None = None
    noise: str | None = None

    def __str__(self) -> str:
        noise = f"\nthe machine: {self.noise}" if self.noise else ""
        return f"{self.words}{noise}"

    def json(self) -> str:
        """Return all of it as JSON."""
        import json

        return json.dumps(asdict(self), indent=2)

    def html(self, title: str = "Load") -> str:
        """
        Return a report: the answer, latency against rate, and what came of each stream.

        Parameters
        ----------
        title : str, default "Load"

        Returns
        -------
        str
            An HTML page that needs nothing else.
        """
        from manycore import _charts, _report

        ordered = sorted(self.streams, key=lambda stream: stream.rate)
        curves = []
        for name in ("p50", "p90", "p99"):
            known = [(s.rate, getattr(s, name)) for s in ordered if getattr(s, name) is not None]
            if known:
                curves.append((name, [rate for rate, _ in known], [time for _, time in known]))
        heads = ["requests/s", "answers/s", "p50 ms", "p90 ms", "p99 ms", "at one time", "errors"]
        rows = [
            (
                f"{s.rate:,.1f}",
                f"{s.throughput:,.1f}",
                *("none" if t is None else f"{t * 1e3:,.1f}" for t in (s.p50, s.p90, s.p99)),
                f"{s.concurrency:.1f}",
                ", ".join(f"{n} {k}" for k, n in s.counts.items() if n and k != "answered") or "0",
            )
            for s in ordered
        ]
        pictures = [_charts.latency(curves)] if curves else []
        return _report.scaling_page(title, [self.words], pictures, heads, rows, self.noise or "")


def load(
    url: str,
    body: bytes | str = b"",
    *,
    method: str | None = None,
    headers: Mapping[str, str] | None = None,
    p99: float = 0.05,
    quantile: float = 0.99,
    seconds: float = 30.0,
    max_requests: int = 1_000_000,
    timeout: float | None = None,
    rate: float | tuple[float, float] | None = None,
    i_own_this_host: bool = False,
    watch: Callable[[str], object] | None = None,
) -> Load:
    """
    Find how many requests a second a server takes, or send a given number of them.

    Requests leave when their time has come, whether or not those before them have been answered,
    and latency counts from then: a server that stalls does not hide what it keeps waiting.

    Parameters
    ----------
    url : str
        Such as ``http://127.0.0.1:8000/predict``.
    body : bytes or str, optional
    method : str, optional
        ``"POST"`` if there is a body, else ``"GET"``.
    headers : mapping of str to str, optional
    p99 : float, default 0.05
        The latency that must be kept, in seconds; of the `quantile` if that is another.
    quantile : float, default 0.99
        The share of requests that must keep it.
    seconds : float, default 30
        How long it may take; it ends at most a `timeout` later.
    max_requests : int, default 1,000,000
        How many requests it may send.
    timeout : float, optional
        Seconds to wait for an answer; 20 times `p99`, but 1 to 10 seconds, by default.
    rate : float or (float, float), optional
        Send so many requests a second, or ever more from the one to the other, instead of
        searching.
    i_own_this_host : bool, default False
        Whether a host other than this machine may be asked. It can be put out of service.
    watch : callable, optional
        Called with a line of text when a stream of requests has ended.

    Returns
    -------
    Load
        Its ``str()`` is the answer. Ctrl-C ends it with what was measured until then.

    Raises
    ------
    ValueError
        If the URL is not HTTP's, its host another machine that is not said to be the caller's, or a
        number is out of its range.

    Notes
    -----
    The law is that of N. J. Gunther, "Guerrilla Capacity Planning", 2007, over the requests at one
    time that follow from rate and latency (J. D. C. Little, "A Proof for the Queuing Formula
    L = λW", 1961).

    Examples
    --------
    >>> mc.load("http://192.0.2.1/")
    Traceback (most recent call last):
        ...
    ValueError: 192.0.2.1 is not this machine (192.0.2.1): load can put a server out of service, ...
    """
    data = body.encode() if isinstance(body, str) else bytes(body)
    if max_requests < 1:
        raise ValueError(f"max_requests must be at least 1, not {max_requests}")
    if timeout is None:
        timeout = min(max(20 * p99, 1.0), 10.0) if math.isfinite(p99) else 10.0
    rates = None
    if rate is not None:
        rates = (float(rate), float(rate)) if isinstance(rate, (int, float)) else rate
    found = _core.load(
        url,
        method or ("POST" if data else "GET"),
        list((headers or {}).items()),
        data,
        i_own_this_host,
        timeout,
        rates,
        (quantile, p99),
        seconds,
        max_requests,
        watch,
    )
    return _result(found)


def _result(found: dict[str, Any]) -> Load:
    return Load(
        words=found["words"],
        streams=tuple(Stream(**stream) for stream in found["streams"]),
        interrupted=found["is_stopped"],
        **{
            name: found.get(name)
            for name in ("goal", "held", "failed", "bottleneck", "law", "noise")
        },
    )
