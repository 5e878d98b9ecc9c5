"""`machine()` against what Python and the kernel say of the same machine."""

from __future__ import annotations

import os
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import manycore as mc
from children import output
from manycore import _core

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module")
def machine() -> mc.Machine:
    return mc.machine(bandwidth=False)


@pytest.fixture(scope="module")
def measured() -> mc.Machine:
    return mc.machine()


def meminfo(name: str) -> int:
    with open("/proc/meminfo") as file:  # noqa: PTH123
        match = re.search(rf"^{name}: +(\d+) kB$", file.read(), re.MULTILINE)
    assert match
    return int(match[1]) * 1024


def test_cores_are_those_that_the_system_counts(machine: mc.Machine) -> None:
    assert machine.logical_cores == os.cpu_count()
    assert 1 <= machine.physical_cores <= machine.logical_cores
    assert 1 <= machine.usable_cores <= machine.affinity_cores <= machine.logical_cores


@linux
def test_affinity_is_the_systems(machine: mc.Machine) -> None:
    assert machine.affinity_cores == len(os.sched_getaffinity(0))
    if machine.cgroup_quota is None:
        assert machine.usable_cores == machine.affinity_cores
    else:
        assert machine.cgroup_quota > 0


@linux
def test_a_process_that_is_bound_to_a_core_may_use_one() -> None:
    code = """
import os
import manycore as mc
core = min(os.sched_getaffinity(0))
os.sched_setaffinity(0, {core})
machine = mc.machine(bandwidth=False)
print(machine.usable_cores, machine.affinity_cores, machine.logical_cores == os.cpu_count())
with mc.config() as settings:
    print(settings.workers)
"""
    assert output(code) == "1 1 True\n1\n"


@linux
def test_a_process_that_was_started_on_one_core_may_use_one() -> None:
    code = """
import os, subprocess, sys
code = '''
import manycore as mc
print(mc.machine(bandwidth=False).usable_cores, mc.config().workers)
'''
core = min(os.sched_getaffinity(0))
bind = lambda: os.sched_setaffinity(0, {core})
subprocess.run([sys.executable, "-c", code], preexec_fn=bind, check=True)
"""
    assert output(code) == "1 1\n"


@linux
def test_memory_is_the_kernels(machine: mc.Machine) -> None:
    assert machine.memory_total == meminfo("MemTotal")
    # It changes while we look.
    assert machine.memory_available == pytest.approx(meminfo("MemAvailable"), rel=0.2)
    limit = machine.memory_limit
    assert limit is None or limit > 0
    assert machine.usable_memory == min(machine.memory_total, limit or machine.memory_total)


@linux
def test_the_processors_name_and_instructions_are_the_kernels(machine: mc.Machine) -> None:
    with open("/proc/cpuinfo") as file:  # noqa: PTH123
        text = file.read()
    model = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    flags = re.search(r"^flags\s*: (.*)$", text, re.MULTILINE)
    if model is None or flags is None:
        pytest.skip("no x86")
    assert machine.model == " ".join(model[1].split())
    assert machine.vector
    assert set(map(plain, machine.vector)) <= set(map(plain, flags[1].split()))


def plain(instructions: str) -> str:
    """Leave out of a name what intel, the kernel and others write differently: avx512_vnni."""
    return re.sub(r"[^a-z0-9]", "", instructions.lower())


def test_caches_grow_with_their_level(machine: mc.Machine) -> None:
    largest: dict[int, int] = {}
    for cache in machine.caches:
        assert cache.kind in ("data", "instruction", "unified")
        assert cache.bytes >= 1024
        assert cache.line_bytes in (16, 32, 64, 128, 256)
        assert 1 <= cache.shared_by <= machine.logical_cores
        assert 1 <= cache.instances <= machine.logical_cores
        largest[cache.level] = max(largest.get(cache.level, 0), cache.bytes)
    assert list(largest) == sorted(largest)
    assert list(largest.values()) == sorted(largest.values())


def test_bandwidth_is_that_of_a_memory_and_not_of_a_disk_or_a_cache(measured: mc.Machine) -> None:
    assert measured.read_bandwidth is not None
    assert measured.copy_bandwidth is not None
    assert measured.bandwidth_spread is not None
    assert 1e9 < measured.read_bandwidth < 5e12
    assert 0.5e9 < measured.copy_bandwidth < 5e12
    assert measured.bandwidth_spread >= 0


def test_bandwidth_is_not_measured_unless_asked_for(machine: mc.Machine) -> None:
    assert machine.read_bandwidth is None
    assert machine.copy_bandwidth is None
    assert machine.bandwidth_spread is None


@linux
def test_the_allowed_cores_are_the_systems(machine: mc.Machine) -> None:
    assert set(machine.allowed) == os.sched_getaffinity(0)
    assert len(machine.allowed) == machine.affinity_cores


@linux
def test_load_and_steal_are_the_kernels(measured: mc.Machine) -> None:
    assert measured.load == pytest.approx(os.getloadavg()[0], abs=1.0)
    assert measured.steal is not None
    assert 0 <= measured.steal < 1


@linux
def test_bandwidth_is_kept_until_the_machine_starts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measurements = []

    def measure(threads: int) -> tuple[int, float, float, float]:
        measurements.append(threads)
        return threads, 2e9, 1e9, 0.1 if len(measurements) > 1 else 0.9

    monkeypatch.setenv("MANYCORE_CACHE", str(tmp_path))
    monkeypatch.setattr(_core, "bandwidth", measure)
    assert mc.machine().bandwidth_spread == 0.9
    assert list(tmp_path.iterdir()) == []  # it was busy
    for _ in range(3):
        assert (mc.machine().read_bandwidth, len(measurements)) == (2e9, 2)
    mc.machine(fresh=True)
    assert len(measurements) == 3
    (file,) = tmp_path.iterdir()
    file.write_text("[1")
    mc.machine()
    assert len(measurements) == 4
    file.unlink()
    tmp_path.rmdir()
    tmp_path.touch()  # no folder can be made here
    assert mc.machine().read_bandwidth == 2e9


def test_the_repr_is_a_table_of_what_was_found(measured: mc.Machine) -> None:
    lines = repr(measured).splitlines()
    assert repr(measured) == str(measured)
    assert lines[0].split(maxsplit=1) == ["processor", measured.model]
    assert f"{measured.usable_cores} usable" in lines[1]
    assert lines[-1].startswith("copy bandwidth")
    # The values stand in one column.
    assert len({re.match(r".*?  +", line).end() for line in lines}) == 1  # type: ignore[union-attr]
    assert sum(line.startswith("L") for line in lines) == len(measured.caches)


def test_the_notebooks_table_has_the_same_rows(measured: mc.Machine) -> None:
    class Cells(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []
            self.cells: dict[str, list[str]] = {"th": [], "td": [], "caption": []}

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

        def handle_data(self, data: str) -> None:
            self.cells[self.open[-1]].append(data)

    parser = Cells()
    parser.feed(measured._repr_html_())
    parser.close()
    assert parser.open == []
    assert parser.cells["caption"] == ["manycore machine"]
    rows = [re.split(r"  +", line, maxsplit=1) for line in repr(measured).splitlines()]
    assert [parser.cells["th"], parser.cells["td"]] == [
        list(column) for column in zip(*rows, strict=True)
    ]


def test_a_machine_is_a_value(machine: mc.Machine) -> None:
    assert machine == mc.Machine(**vars(machine))
    with pytest.raises(AttributeError):
        machine.model = "another"  # type: ignore[misc]
