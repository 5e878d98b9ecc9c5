"""What the machine has: cores, caches, memory, and how fast its memory is."""

from __future__ import annotations

import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

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


_SMT = (", no SMT", ", SMT: two threads share a core's units")

# Above this spread the machine was too busy for its bandwidth to be kept.
_KEPT_SPREAD = 0.2

# The kernel counts the time in hundredths of a second; over less than this, shares mean nothing.
_LEAST_SECONDS = 0.2


def _ranges(numbers: tuple[int, ...]) -> str:
    """
    Write sorted numbers as the kernel does.

    Examples
    --------
    >>> _ranges((0, 1, 2, 5))
    '0-2,5'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _read(path: str | Path) -> str | None:
    """Return a small file's text; None if there is none."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        return None


def _ticks() -> tuple[int, int] | None:
    """Return what the hypervisor took of the machine's time since it started, and all of it."""
    fields = (_read("/proc/stat") or "").partition("\n")[0].split()
    if len(fields) < 9 or fields[0] != "cpu":
        return None
    # user nice system idle iowait irq softirq steal; what guests got is in user already.
    ticks = [int(field) for field in fields[1:9]]
    return ticks[7], sum(ticks)


def _kept(result: Machine) -> Path | None:
    """Return where the bandwidth of this machine, since it started, is kept; None for nowhere."""
    boot = (_read("/proc/sys/kernel/random/boot_id") or "").strip()
    if not boot:
        return None
    given = os.environ.get("MANYCORE_CACHE")
    try:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:  # a user without a home
        return None
    # What is allowed to another process on the same machine is another question.
    name = f"bandwidth-{boot}-{result.usable_cores}-{_ranges(result.allowed)}.json"
    return (Path(given) if given else Path(base, "manycore")) / name


def _bandwidth(result: Machine, fresh: bool) -> tuple[float, float, float]:
    """Measure how fast memory is read and copied, unless it is known since the machine started."""
    import json

    path = _kept(result)
    try:
        read, copy, spread = map(float, json.loads((path and not fresh and _read(path)) or "[]"))
    except (ValueError, TypeError):  # not there, or no longer whole: it is measured again
        pass
    else:
        return read, copy, spread
    _, read, copy, spread = _core.bandwidth(result.usable_cores)
    if path is not None and spread <= _KEPT_SPREAD:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Renamed when it is whole, because another process may read it now.
            written = path.with_suffix(f".{os.getpid()}")
            written.write_text(json.dumps([read, copy, spread]), encoding="utf-8")
            written.replace(path)
        except OSError:  # a home that can't be written to: it is measured each time
            pass
    return read, copy, spread


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
    allowed : tuple of int
        The numbers of the cores that its affinity allows; empty where the machine doesn't tell.
    gpus : tuple of str
        Graphics processors that could compute, by name.
    load : float or None
        Load average of the last minute. None where the machine doesn't tell.
    steal : float or None
        The share of the machine's time that the hypervisor gave to others while the bandwidth was
        looked up or measured. None if it was not, or where the machine doesn't tell.
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
    allowed: tuple[int, ...] = ()
    gpus: tuple[str, ...] = ()
    load: float | None = None
    steal: float | None = None
    read_bandwidth: float | None = None
    copy_bandwidth: float | None = None
    bandwidth_spread: float | None = None

    @property
    def threads_per_core(self) -> int:
        """Threads that a core runs at once: 2 or more is simultaneous multithreading (SMT)."""
        return max(1, round(self.logical_cores / self.physical_cores))

    def json(self) -> str:
        """
        Return all of it as JSON.

        Examples
        --------
        >>> import json
        >>> json.loads(mc.machine(bandwidth=False).json())["usable_cores"] >= 1
        True
        """
        import json

        facts = asdict(self) | {"threads_per_core": self.threads_per_core}
        return json.dumps(facts, indent=2)

    def _rows(self) -> list[tuple[str, str]]:
        quota = "no quota" if self.cgroup_quota is None else f"quota {self.cgroup_quota:g}"
        rows = [
            ("processor", self.model),
            (
                "cores",
                f"{self.physical_cores} physical, {self.logical_cores} logical, "
                f"{self.usable_cores} usable (affinity {self.affinity_cores}, {quota})",
            ),
            ("threads a core", f"{self.threads_per_core}{_SMT[self.threads_per_core > 1]}"),
        ]
        if self.allowed:
            rows.append(("allowed cores", _ranges(self.allowed)))
        if self.load is not None:
            stolen = "" if self.steal is None else f", {self.steal:.1%} stolen by the hypervisor"
            rows.append(("now", f"load {self.load:.2f}{stolen}"))
        rows += [("gpu", name) for name in self.gpus]
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


def machine(*, bandwidth: bool = True, fresh: bool = False) -> Machine:
    """
    Look up what the machine has, and measure how fast its memory is.

    Parameters
    ----------
    bandwidth : bool, default True
        Whether to say the bandwidth. It is measured once after the machine has started, which takes
        some tenths of a second and memory of four times the last-level cache, and kept in the
        user's folder for caches (`MANYCORE_CACHE` names another). What was measured while the
        machine was busy (a spread above 0.2) is not kept.
    fresh : bool, default False
        Whether to measure it again.

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
    found |= {name: tuple(found[name]) for name in ("vector", "allowed", "gpus")}
    try:
        load: float | None = os.getloadavg()[0]
    except OSError:
        load = None
    result = Machine(caches=caches, load=load, **found)
    if not bandwidth:
        return result
    before, begun = _ticks(), time.monotonic()
    read, copy, spread = _bandwidth(result, fresh)
    time.sleep(max(0.0, _LEAST_SECONDS - (time.monotonic() - begun)))
    after = _ticks()
    steal = None
    if before and after and after[1] > before[1]:
        steal = (after[0] - before[0]) / (after[1] - before[1])
    measured = {
        "read_bandwidth": read,
        "copy_bandwidth": copy,
        "bandwidth_spread": spread,
        "steal": steal,
    }
    return Machine(**(result.__dict__ | measured))
