"""`config`: what it refuses, what it takes back, and that the settings are what happens."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import manycore as mc
from children import DEADLINE, output
from manycore import _core


@pytest.fixture(autouse=True)
def _settings() -> Iterator[None]:
    before, *_ = _core.configuration()
    yield
    _core.configure(*before)


def settings() -> tuple[str, int, int | None]:
    now = mc.config()
    return now.lane, now.workers, now.memory


# Mistakes.


@pytest.mark.parametrize("workers", [0, -1])
def test_fewer_than_one_worker_is_refused(workers: int) -> None:
    before = settings()
    with pytest.raises(ValueError, match=f"workers must be at least 1, not {workers}"):
        mc.config(workers=workers, lane="inline", memory="1GB")
    assert settings() == before


@pytest.mark.parametrize("memory", [0, -1, "0", "0.1 B"], ids=repr)
def test_less_than_a_byte_of_memory_is_refused(memory: int | str) -> None:
    before = settings()
    with pytest.raises(ValueError, match="memory must be at least 1 byte") as caught:
        mc.config(memory=memory)
    assert repr(memory) in str(caught.value)
    assert settings() == before


@pytest.mark.parametrize("memory", ["", "much", "4 XB", "-1GB", "1,5 GB", "GB"])
def test_a_memory_that_is_no_size_is_refused(memory: str) -> None:
    with pytest.raises(ValueError, match="is not a size; write a number of bytes") as caught:
        mc.config(memory=memory)
    assert repr(memory) in str(caught.value)


def test_an_unknown_lane_is_refused_by_name() -> None:
    before = settings()
    with pytest.raises(ValueError, match=r"lane must be .* not \"cluster\""):
        mc.config(lane="cluster", workers=1)  # type: ignore[arg-type]
    assert settings() == before


def test_settings_of_a_wrong_type_are_refused() -> None:
    before = settings()
    for wrong in ({"workers": "two"}, {"workers": 1.5}, {"memory": [1]}, {"lane": 1}):
        with pytest.raises(TypeError):
            mc.config(**wrong)
    with pytest.raises(TypeError):
        mc.config("inline")  # type: ignore[call-arg]
    assert settings() == before


# What is set, and taken back.


@pytest.mark.parametrize(
    ("memory", "size"),
    [
        (1, 1),
        (4_000_000_000, 4_000_000_000),
        ("4GB", 4 * 10**9),
        ("4 gb", 4 * 10**9),
        ("4G", 4 * 10**9),
        ("1.5GiB", 3 * 2**29),
        ("64 MiB", 2**26),
        ("100kB", 100_000),
        ("2KiB", 2048),
        ("1TB", 10**12),
        (" 7 ", 7),
        ("12B", 12),
    ],
    ids=repr,
)
def test_memory_is_a_number_or_a_size(memory: int | str, size: int) -> None:
    assert mc.config(memory=memory).memory == size


def test_what_is_not_given_stays() -> None:
    mc.config(lane="inline", workers=3, memory="1GB")
    assert settings() == ("inline", 3, 10**9)
    mc.config(workers=2)
    assert settings() == ("inline", 2, 10**9)
    mc.config(lane="threads")
    assert settings() == ("threads", 2, 10**9)


def test_the_defaults_are_every_usable_core_and_most_of_the_memory() -> None:
    code = """
import manycore as mc
machine, now = mc.machine(bandwidth=False), mc.config()
print(now.lane, now.workers == machine.usable_cores)
print(now.memory <= machine.usable_memory * 0.8, now.memory > machine.usable_memory * 0.79)
"""
    assert output(code) == "mixed True\nTrue True\n"


def test_a_block_takes_its_settings_back_also_after_an_exception() -> None:
    mc.config(lane="threads", workers=2, memory="1GB")
    with mc.config(lane="inline", workers=5, memory="2GB") as now:
        assert (now.lane, now.workers, now.memory) == ("inline", 5, 2 * 10**9)
        assert settings() == ("inline", 5, 2 * 10**9)
        with mc.config(workers=6):
            assert settings() == ("inline", 6, 2 * 10**9)
        assert settings() == ("inline", 5, 2 * 10**9)
    assert settings() == ("threads", 2, 10**9)
    with pytest.raises(KeyError), mc.config(lane="inline"):
        raise KeyError
    assert settings() == ("threads", 2, 10**9)
    with pytest.raises(ZeroDivisionError), mc.config(lane="inline"):
        mc.bag.from_sequence([0]).map(lambda x: 1 / x).compute()
    assert settings() == ("threads", 2, 10**9)


def test_a_block_gives_back_a_default_and_not_its_value() -> None:
    code = """
import manycore as mc
from manycore import _core
with mc.config(workers=3, memory="1GB"):
    assert _core.configuration()[0][:3] == ("mixed", 3, 10**9)
print(_core.configuration()[0][:3])
"""
    assert output(code) == "('mixed', None, None)\n"


def test_the_repr_tells_all() -> None:
    now = mc.config(lane="inline", workers=2, memory="1.5GB")
    assert repr(now) == "<manycore: lane 'inline', 2 workers, memory 1.5 GB>"


# What the settings do.


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("workers", [1, 2, 5])
def test_as_many_threads_work_as_are_set_and_they_have_names(workers: int) -> None:
    code = """
import os, sys, threading
import manycore as mc

def names():
    found = []
    for task in os.listdir("/proc/self/task"):
        with open(f"/proc/self/task/{task}/comm") as file:
            found.append(file.read().strip())
    return sorted(name for name in found if name.startswith("manycore-"))

workers = int(sys.argv[1])
together = threading.Barrier(workers, timeout=20)

def meet(item):
    together.wait()  # none goes on before all are there
    return threading.get_ident()

mc.config(workers=workers, lane="threads")
threads = mc.bag.range(workers, workers).map(meet).compute()
print(len(set(threads)), threading.get_ident() in threads, *names())
"""
    expected = " ".join(f"manycore-{number}" for number in range(workers))
    assert output(code, workers) == f"{workers} False {expected}\n"


def test_no_more_tasks_run_at_one_time_than_there_are_workers() -> None:
    inside, most = 0, 0
    lock = threading.Lock()
    busy = threading.Event()

    def work(item: int) -> int:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
            if inside == 2:
                busy.set()
        busy.wait(0.2 if most > 2 else DEADLINE)
        with lock:
            inside -= 1
        return item

    with mc.config(workers=2):
        assert mc.bag.range(20, 20).map(work).sum().compute() == 190
    assert most == 2


def test_a_changed_number_of_workers_is_used_by_the_next_run() -> None:
    def threads(workers: int) -> int:
        together = threading.Barrier(workers, timeout=DEADLINE)

        def meet(_: int) -> int:
            together.wait()
            return threading.get_ident()

        with mc.config(workers=workers):
            return len(set(mc.bag.range(workers, workers).map(meet).compute()))

    assert [threads(workers) for workers in (2, 4, 1, 3)] == [2, 4, 1, 3]


def test_the_inline_lane_runs_in_the_calling_thread_in_order() -> None:
    seen: list[tuple[int, int]] = []

    def note(item: int) -> int:
        seen.append((item, threading.get_ident()))
        return item

    with mc.config(lane="inline", workers=4):
        assert mc.bag.range(100, 10).map(note).sum().compute() == 4950
    assert seen == [(number, threading.get_ident()) for number in range(100)]


def test_the_inline_lane_shows_the_users_own_stack() -> None:
    callers: list[str] = []

    def look(item: int) -> int:
        frame = sys._getframe()
        while frame.f_back is not None:
            frame = frame.f_back
            callers.append(frame.f_code.co_name)
        return item

    with mc.config(lane="inline"):
        mc.bag.from_sequence([1]).map(look).compute()
    assert "test_the_inline_lane_shows_the_users_own_stack" in callers


@pytest.mark.parametrize("memory", [1, "1kB", "1GB"])
def test_any_budget_gives_the_same_answer(tmp_path: Path, memory: int | str) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.txt").write_text(f"{number} to be\n" * 100)
    bag = mc.bag.read_text(tmp_path)
    with mc.config(memory=memory, workers=2):
        assert len(bag.compute()) == 2000
        assert bag.str.split().flatten().frequencies(sort=True).take(1) == (("be", 2000),)
        assert bag.map(len).sum().compute() == sum(100 * len(f"{n} to be\n") for n in range(20))


def test_threads_see_the_settings_of_the_process() -> None:
    found: list[tuple[str, int, int | None]] = []
    with mc.config(lane="inline", workers=3, memory="1GB"):
        other = threading.Thread(target=lambda: found.append(settings()))
        other.start()
        other.join(DEADLINE)
    assert found == [("inline", 3, 10**9)]


def test_an_environment_without_proc_or_home_still_starts() -> None:
    code = "import manycore as mc; print(mc.bag.range(3, 1).sum().compute())"
    assert output(code, environment={"HOME": os.devnull, "LANG": "C", "LC_ALL": "C"}) == "3\n"


def test_it_is_known_whether_the_interpreter_has_a_lock() -> None:
    has_lock = getattr(sys, "_is_gil_enabled", lambda: True)
    assert _core.is_free_threaded() == (not has_lock())
