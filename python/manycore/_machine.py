"""What the machine has: cores, caches, memory, and how fast its memory is."""

from __future__ import annotations

from dataclasses import dataclass

from manycore import _core
from manycore._sizes import format_bytes
from manycore._table import html_table


def _binary(size: int) -> str:
    """Write a cache's size, which is a power of two more often than not."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024 or unit == "GiB":
            break
        size = size // 1024 if size % 1024 == 0 else round(size / 1024)
    return f"{size} {unit}"


@dataclass(frozen=True)
class Cache:
    """
    One level of cache.

    Attributes
    ----------
    level : int
        1 is the nearest to the core.
    kind : str
        ``"data"``, ``"instruction"`` or ``"unified"``.
    bytes : int
        Size of one instance.
    shared_by : int
        Logical cores that share an instance.
    line_bytes : int
        Size of a cache line.
    instances : int
        How many there are.
    """

    level: int
    kind: str
    bytes: int
    shared_by: int
    line_bytes: int
    instances: int


@dataclass(frozen=True)
class Machine:
    """
    What this process can use of the machine, as `machine` found it.

    Attributes
    ----------
    model : str
        The processor's name.
    physical_cores, logical_cores : int
        What the machine has.
    usable_cores : int
        What this process may use, by affinity and cgroup quota; at least 1.
    affinity_cores : int
        What its affinity allows.
    cgroup_quota : float or None
        What its cgroup allows, in cores; None for no limit.
    caches : tuple of Cache
        Empty where the machine doesn't tell.
    memory_total, memory_available : int
        Bytes.
    memory_limit : int or None
        The cgroup's limit in bytes; None for no limit.
    usable_memory : int
        The smaller of total and limit, in bytes.
    vector : tuple of str
        Vector instruction sets that the processor has.
    read_bandwidth, copy_bandwidth : float or None
        Bytes a second, measured on all usable cores (STREAM's method; a copy counts what is read
        and what is written). None if not measured.
    bandwidth_spread : float or None
        (largest - smallest) / median over the measurement's repeats of reading; much above 0.1 says
        that the machine was busy.
    """

    model: str
    physical_cores: int
    logical_cores: int
    usable_cores: int
    affinity_cores: int
    cgroup_quota: float | None
    caches: tuple[Cache, ...]
    memory_total: int
    memory_available: int
    memory_limit: int | None
    usable_memory: int
    vector: tuple[str, ...]
    read_bandwidth: float | None = None
    copy_bandwidth: float | None = None
    bandwidth_spread: float | None = None

    def _rows(self) -> list[tuple[str, str]]:
        quota = "no quota" if self.cgroup_quota is None else f"quota {self.cgroup_quota:g}"
        rows = [
            ("processor", self.model),
            (
                "cores",
                f"{self.physical_cores} physical, {self.logical_cores} logical, "
                f"{self.usable_cores} usable (affinity {self.affinity_cores}, {quota})",
            ),
        ]
        for cache in self.caches:
            shared = f", shared by {cache.shared_by}" if cache.shared_by > 1 else ""
            rows.append(
                (
                    f"L{cache.level} {cache.kind}",
                    f"{_binary(cache.bytes)} x {cache.instances}{shared}",
                )
            )
        limit = "no limit" if self.memory_limit is None else f"limit {self.memory_limit:,}"
        total, free = format_bytes(self.memory_total), format_bytes(self.memory_available)
        rows.append(("memory", f"{total}, {free} available, {limit}"))
        rows.append(("vector", " ".join(self.vector) or "none"))
        if self.read_bandwidth is not None and self.copy_bandwidth is not None:
            noise = f"spread {self.bandwidth_spread:.0%}"
            rows.append(("read bandwidth", f"{self.read_bandwidth / 1e9:.1f} GB/s, {noise}"))
            rows.append(("copy bandwidth", f"{self.copy_bandwidth / 1e9:.1f} GB/s"))
        return rows

    def __str__(self) -> str:
        rows = self._rows()
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return html_table("manycore machine", self._rows())


def machine(*, bandwidth: bool = True) -> Machine:
    """
    Look up what the machine has, and measure how fast its memory is.

    Parameters
    ----------
    bandwidth : bool, default True
        Whether to measure the bandwidth, which takes some tenths of a second and memory of four
        times the last-level cache.

    Returns
    -------
    Machine
        Its repr is a table.

    Notes
    -----
    Bandwidth follows J. D. McCalpin, "Memory Bandwidth and Machine Balance in Current High
    Performance Computers", 1995: arrays that fit no cache, the best of several passes.

    Examples
    --------
    >>> mc.machine(bandwidth=False).usable_cores >= 1
    True
    """
    found = _core.machine()
    caches = tuple(Cache(**cache) for cache in found.pop("caches"))
    result = Machine(caches=caches, vector=tuple(found.pop("vector")), **found)
    if not bandwidth:
        return result
    _, read, copy, spread = _core.bandwidth(result.usable_cores)
    measured = {"read_bandwidth": read, "copy_bandwidth": copy, "bandwidth_spread": spread}
    return Machine(**(result.__dict__ | measured))
