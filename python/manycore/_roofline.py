"""
The roofline: what compiled functions reach of what the machine allows them.

While `profile` is asked for it, functions of `mc.jit` run as ones that count: their operations on
floating-point numbers and the bytes of arrays that they read and write. Operations for each byte
say which roof a function is under, the memory's or the cores'.

References
----------
S. Williams, A. Waterman and D. Patterson, "Roofline: An Insightful Visual Performance Model for
Multicore Architectures", Communications of the ACM 52(4), 2009. A. Ilic, F. Pratas and L. Sousa,
"Cache-aware Roofline Model", IEEE Computer Architecture Letters 13(1), 2014: bytes are those that
the program asks for, wherever they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from manycore import _core
from manycore._table import html_columns, text_columns
from manycore._trace import _format_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Threads, and what they reach; measured once.
_PEAKS: dict[int, tuple[float, float]] = {}


@dataclass(frozen=True)
class KernelCounts:
    """
    What a compiled function did.

    Attributes
    ----------
    function, file : str
        Its name and where it stands.
    calls, operations, bytes : int
        How often it was called and came to its end; what it did and asked for in all calls.
    seconds : float
        Of all calls, without compilation; calls that ran at one time are added up.
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

    A function may be above a roof: vectors of float32 hold twice as many numbers, caches are
    written to while they are read, and a byte that the compiler keeps in a register is counted each
    time that the program asks for it.

    Attributes
    ----------
    kernels : tuple of KernelCounts
        The functions, the slowest first.
    others : tuple of str
        Functions that were called and for which there is nothing to show: without operations on
        floating-point numbers, or with some that nobody counts, such as the inversion of a matrix.
    peak : float
        Operations on float64 a second of all cores, as fused multiplications and additions.
    bandwidth : float
        Bytes a second that all cores read from memory.
    cache_bandwidth : float
        Bytes a second that they read from their first-level caches.
    cores : int
        How many these are.
    """

    kernels: tuple[KernelCounts, ...]
    others: tuple[str, ...]
    peak: float
    bandwidth: float
    cache_bandwidth: float
    cores: int

    def roof(self, kernel: KernelCounts) -> float:
        """
        Return what the machine allows a function, from where `bound` says that its bytes come.

        Parameters
        ----------
        kernel : KernelCounts

        Returns
        -------
        float
            Operations a second.
        """
        is_near = self.bound(kernel) == "caches"
        speed = self.cache_bandwidth if is_near else self.bandwidth
        return min(self.peak, speed * kernel.intensity)

    def bound(self, kernel: KernelCounts) -> str:
        """
        Say what holds a function back.

        Parameters
        ----------
        kernel : KernelCounts

        Returns
        -------
        str
            ``"memory"``; ``"caches"``, if it is faster than memory; or ``"cores"``, if they are the
            lower roof.
        """
        if self.bandwidth * kernel.intensity >= self.peak:
            return "cores"
        return "caches" if kernel.rate > self.bandwidth * kernel.intensity else "memory"

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

        drawn = [kernel for kernel in self.kernels if kernel.bytes]
        if not drawn:
            raise ValueError("no compiled function computed on arrays of floats: nothing to draw")
        return _charts.roofline(
            [kernel.function for kernel in drawn],
            [kernel.intensity for kernel in drawn],
            [kernel.rate for kernel in drawn],
            bandwidth=self.bandwidth,
            peak=self.peak,
            cache=self.cache_bandwidth,
        )

    def _table(self) -> tuple[Sequence[str], list[tuple[str, ...]]]:
        rows: list[tuple[str, ...]] = [
            (
                kernel.function,
                f"{kernel.calls:,}",
                _format_seconds(kernel.seconds),
                _rate(kernel.rate),
                f"{kernel.intensity:.3g}" if kernel.bytes else "",
                f"{kernel.rate / self.roof(kernel):.0%}",
                self.bound(kernel),
            )
            for kernel in self.kernels
        ]
        return _HEADS, rows

    def _notes(self) -> Iterator[str]:
        if self.others:
            others = ", ".join(self.others)
            yield f"called without operations on floats that can be counted: {others}"
        elif not self.kernels:
            yield "no compiled function (mc.jit) was called"
        cores = f"{self.cores} {'core' if self.cores == 1 else 'cores'}"
        yield (
            f"{cores}: {_rate(self.peak)} in float64, {self.bandwidth / 1e9:.3g} GB/s from memory, "
            f"{self.cache_bandwidth / 1e9:.3g} GB/s from first-level caches"
        )

    def __str__(self) -> str:
        table = [text_columns(*self._table())] if self.kernels else []
        return "\n".join([*table, *self._notes()])

    def _repr_html_(self) -> str:
        import html

        chart = self.chart() if any(kernel.bytes for kernel in self.kernels) else ""
        table = html_columns("roofline", *self._table()) if self.kernels else ""
        notes = "".join(f"<div>{html.escape(note)}</div>" for note in self._notes())
        return f"<div>{chart}{table}{notes}</div>"


_HEADS = ("compiled function", "calls", "time", "reached", "op/byte", "of its roof", "roof")


def _rate(operations: float) -> str:
    return f"{operations / 1e9:.3g} Gop/s"


def counted() -> tuple[KernelCounts, ...]:
    """Take what was counted."""
    kernels = (
        KernelCounts(function, file, calls, operations, moved, seconds)
        for (function, file), (calls, operations, moved), seconds in _core.kernel_counts()
    )
    return tuple(sorted(kernels, key=lambda kernel: -kernel.seconds))


def roofline(counted: tuple[KernelCounts, ...]) -> Roofline:
    """Put functions under this machine's roofs, which are measured now if they are not known."""
    from manycore._machine import machine

    found = machine()
    cores = found.usable_cores
    if cores not in _PEAKS:
        _PEAKS[cores] = _core.peak(cores)
    peak, cache = _PEAKS[cores]
    bandwidth = found.read_bandwidth
    assert bandwidth is not None
    kernels = tuple(each for each in counted if each.operations and each.seconds)
    others = tuple(each.function for each in counted if each not in kernels)
    return Roofline(kernels, others, peak, bandwidth, cache, cores)
