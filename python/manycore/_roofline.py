"""
The roofline: what compiled functions reach of what the machine allows them.

While `profile` is asked for it, functions of `mc.jit` run as ones that count: their operations on
floating-point numbers and the bytes of arrays that they read and write. Operations for each byte say
which roof a function is under, the memory's or the cores'.

References
----------
S. Williams, A. Waterman and D. Patterson, "Roofline: An Insightful Visual Performance Model for
Multicore Architectures", Communications of the ACM 52(4), 2009. A. Ilic, F. Pratas and L. Sousa,
"Cache-aware Roofline Model", IEEE Computer Architecture Letters 13(1), 2014: bytes are those that the
program asks for, wherever they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from manycore import _core
from manycore._table import html_columns, text_columns
from manycore._trace import _format_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# Threads, and what they reach; measured once.
_PEAKS: dict[int, tuple[float, float]] = {}


@dataclass(frozen=True)
class HotLoop:
    """
    What a compiled function did.

    Attributes
    ----------
    function, file : str
        Its name and where it stands.
    calls, operations, bytes : int
        How often it was called; what it did and moved in all calls.
    seconds : float
        Of all calls, without compilation.
    """

    function: str
    file: str
    calls: int
    operations: int
    bytes: int
    seconds: float

    @property
    def intensity(self) -> float:
        """Operations for each byte; infinite without bytes."""
        return self.operations / self.bytes if self.bytes else float("inf")

    @property
    def rate(self) -> float:
        """Operations a second."""
        return self.operations / self.seconds


@dataclass(frozen=True)
class Roofline:
    """
    Compiled functions under the machine's roofs.

    Attributes
    ----------
    loops : tuple of HotLoop
        The functions, the slowest first. One without operations on floating-point numbers is not
        among them, and none whose operations are not known, such as one that inverts a matrix.
    peak : float
        Operations on float64 a second of all cores, as fused multiplications and additions.
    bandwidth : float
        Bytes a second that all cores read from memory.
    cache_bandwidth : float
        Bytes a second that they read from their first-level caches.
    cores : int
        How many these are.
    """

    loops: tuple[HotLoop, ...]
    peak: float
    bandwidth: float
    cache_bandwidth: float
    cores: int

    def roof(self, loop: HotLoop) -> float:
        """
        Return what the machine allows a function, from where `bound` says that its bytes come.

        Parameters
        ----------
        loop : HotLoop

        Returns
        -------
        float
            Operations a second.
        """
        is_near = self.bound(loop) == "caches"
        speed = self.cache_bandwidth if is_near else self.bandwidth
        return min(self.peak, speed * loop.intensity)

    def bound(self, loop: HotLoop) -> str:
        """
        Say what holds a function back.

        Parameters
        ----------
        loop : HotLoop

        Returns
        -------
        str
            ``"memory"``; ``"caches"``, if it is faster than memory; or ``"cores"``, if they are the
            lower roof.
        """
        if self.bandwidth * loop.intensity >= self.peak:
            return "cores"
        return "caches" if loop.rate > self.bandwidth * loop.intensity else "memory"

    def chart(self) -> str:
        """
        Draw the functions under the roofs; both axes are logarithmic.

        Returns
        -------
        str
            SVG.

        Raises
        ------
        ValueError
            If there is no function that reads or writes arrays.
        """
        from manycore import _charts

        drawn = [loop for loop in self.loops if loop.bytes]
        if not drawn:
            raise ValueError("no compiled function computed on arrays of floats: nothing to draw")
        return _charts.roofline(
            [loop.function for loop in drawn],
            [loop.intensity for loop in drawn],
            [loop.rate for loop in drawn],
            bandwidth=self.bandwidth,
            peak=self.peak,
            cache=self.cache_bandwidth,
        )

    def _table(self) -> tuple[Sequence[str], list[tuple[str, ...]]]:
        rows = [
            (
                loop.function,
                f"{loop.calls:,}",
                _format_seconds(loop.seconds),
                _rate(loop.rate),
                f"{loop.intensity:.3g}" if loop.bytes else "",
                f"{loop.rate / self.roof(loop):.0%}",
                self.bound(loop),
            )
            for loop in self.loops
        ]
        return _HEADS, rows

    def words(self) -> str:
        """
        Say what the roofs are.

        Returns
        -------
        str
        """
        cores = f"{self.cores} {'core' if self.cores == 1 else 'cores'}"
        return (
            f"{cores}: {_rate(self.peak)}, {self.bandwidth / 1e9:.3g} GB/s from memory, "
            f"{self.cache_bandwidth / 1e9:.3g} GB/s from first-level caches"
        )

    def __str__(self) -> str:
        if not self.loops:
            return f"no compiled function computed on floats\n{self.words()}"
        return f"{text_columns(*self._table())}\n{self.words()}"

    def _repr_html_(self) -> str:
        import html

        chart = self.chart() if any(loop.bytes for loop in self.loops) else ""
        words = f"<div>{html.escape(self.words())}</div>"
        return f"<div>{chart}{html_columns('roofline', *self._table())}{words}</div>"


_HEADS = ("compiled function", "calls", "time", "reached", "op/byte", "of its roof", "roof")


def _rate(operations: float) -> str:
    return f"{operations / 1e9:.3g} Gop/s"


def counted() -> tuple[HotLoop, ...]:
    """Take what was counted."""
    loops = [
        HotLoop(function, file, calls, operations, moved, seconds)
        for (function, file), (calls, operations, moved), seconds in _core.kernel_counts()
        if operations and seconds
    ]
    return tuple(sorted(loops, key=lambda loop: -loop.seconds))


def roofline(loops: tuple[HotLoop, ...]) -> Roofline:
    """Put functions under this machine's roofs, which are measured now if they are not known."""
    from manycore._machine import machine

    found = machine()
    cores = found.usable_cores
    if cores not in _PEAKS:
        _PEAKS[cores] = _core.peak(cores)
    peak, cache = _PEAKS[cores]
    bandwidth = found.read_bandwidth
    assert bandwidth is not None
    return Roofline(loops, peak, bandwidth, cache, cores)
