"""
Faults: workers that die at random moments, calls that never end, what can't be pickled or raises.

``MANYCORE_FAULT_RUNS=200`` makes the random suite longer.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import random
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

import manycore as mc
from children import output

Lane = Literal["inline", "threads", "processes", "mixed"]
LANES: list[Lane] = ["inline", "threads", "processes", "mixed"]
RUNS = int(os.environ.get("MANYCORE_FAULT_RUNS", "40"))
SECONDS = 20.0


def below() -> dict[int, tuple[int, str]]:
    """Find all processes below this one: each one's parent and state."""
    known: dict[int, tuple[int, str]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, *_ = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it is gone
        known[int(stat.parent.name)] = (int(parent), state)
    found: dict[int, tuple[int, str]] = {}
    waiting = [os.getpid()]
    while waiting:
        above = waiting.pop()
        children = {pid: entry for pid, entry in known.items() if entry[0] == above}
        found |= children
        waiting += children
    return found


def workers() -> list[int]:
    """Find the worker processes: what started them is a process below this one, too."""
    found = below()
    return [pid for pid, (parent, _) in found.items() if parent in found]


def shared() -> set[Path]:
    """List what has a name in shared memory, but for what joblib puts there for other tests."""
    return {path for path in Path("/dev/shm").iterdir() if not path.name.startswith("joblib_")}


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_left_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("temporary")
    before = shared()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", None)
        mc.delayed(abs)(1).compute(lane="processes", workers=1)  # those with 2 will be new
        yield
    assert list(folder.iterdir()) == []
    assert shared() <= before


def graph(chance: random.Random, folder: Path, count: int) -> tuple[list[Any], list[int]]:
    """Make a random graph of calls, some of which die the first time; and what they give."""

    # By value, so that a new worker need not import this file.
    def call(number: int, how: str | None, inputs: list[int]) -> int:
        if how is not None:
            try:
                (folder / str(number)).mkdir()
            except FileExistsError:
                pass  # this is another try
            else:
                if how == "exit":
                    os._exit(7)
                if how == "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
                ctypes.string_at(0)
        return (number + 3 * sum(inputs)) % 1_000_003

    lazy_call = mc.delayed(call)
    ends = ["exit", "kill", "crash"]
    doomed = {chance.randrange(count): chance.choice(ends) for _ in range(chance.randint(0, 3))}
    lazy: list[Any] = []
    expected: list[int] = []
    for number in range(count):
        sources = [chance.randrange(max(number - 100, 0), number) for _ in range(min(number, 3))]
        lazy.append(lazy_call(number, doomed.get(number), [lazy[source] for source in sources]))
        expected.append(call(number, None, [expected[source] for source in sources]))
    return lazy, expected


class Killer(threading.Thread):
    """Kills a worker process at each of some moments."""

    def __init__(self, moments: list[float]) -> None:
        super().__init__()
        self.moments = moments

    def run(self) -> None:
        for moment in self.moments:
            time.sleep(moment)
            for pid in random.sample(found := workers(), min(len(found), 1)):
                with contextlib.suppress(ProcessLookupError):  # it has just gone by itself
                    os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("seed", range(RUNS))
def test_a_graph_survives_the_death_of_workers(seed: int, tmp_path: Path) -> None:
    before = len(workers())
    chance = random.Random(seed)
    lazy, expected = graph(chance, tmp_path, 1000)
    killer = Killer([chance.uniform(0, 0.05) for _ in range(chance.randint(0, 2))])
    killer.start()
    # Somebody else's last moment may be a task's, more than once.
    values = mc.compute(*lazy, lane="processes", workers=2, retries=6)
    killer.join()
    assert list(values) == expected
    assert len(workers()) <= before + 2, "other tests' pools may be warm"


def test_submitted_calls_survive_the_death_of_workers() -> None:
    with mc.Executor(2, retries=6) as executor:
        killer = Killer([0.05, 0.02, 0.03])
        killer.start()
        futures = [executor.submit(pow, n, 2) for n in range(3000)]
        assert [future.result(SECONDS) for future in futures] == [n**2 for n in range(3000)]
        killer.join()


def test_killing_what_starts_the_workers_stops_nothing() -> None:
    def slow(number: int) -> int:
        time.sleep(0.001)
        return number

    lazy = [mc.delayed(slow)(number) for number in range(200)]
    with mc.config(lane="processes", workers=2):
        assert mc.compute(*lazy) == (*range(200),)
        before = workers()
        for pid, (parent, _) in below().items():
            if parent == os.getpid():
                os.kill(pid, signal.SIGKILL)
        assert mc.compute(*lazy) == (*range(200),)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        assert mc.compute(*lazy, retries=2) == (*range(200),)
        assert not set(workers()) & set(before)


def test_nothing_is_left_when_the_program_ends() -> None:
    pids = output("""
        import os, signal
        import manycore as mc
        def work(n):
            if n == 50 and os.getpid() == first:
                os.kill(os.getpid(), signal.SIGKILL)
            return n, os.getpid()
        mc.config(lane="processes", workers=2)
        first = mc.delayed(os.getpid)().compute()
        results = mc.compute(*[mc.delayed(work)(n) for n in range(100)], retries=1)
        assert [n for n, _ in results] == list(range(100))
        print(first, *{pid for _, pid in results})
    """)
    deadline = time.monotonic() + 2
    for pid in pids.split():
        while Path(f"/proc/{pid}").exists():
            assert time.monotonic() < deadline, f"{pid} still there"
            time.sleep(0.01)


@pytest.mark.parametrize(
    ("kill", "says"),
    [
        (lambda: os._exit(7), "exit code 7"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "signal 9"),
        (lambda: ctypes.string_at(0), "signal 11"),
    ],
    ids=["exit", "kill", "crash"],
)
@pytest.mark.parametrize("lane", ["processes", "mixed"])
def test_without_retries_it_is_said_how_the_worker_died_and_in_what(
    lane: Lane, kill: Any, says: str
) -> None:
    def fatal(*args: Any) -> None:
        kill()

    with pytest.raises(mc.WorkerDied, match=says) as caught:
        mc.compute(mc.delayed(fatal)("a/path", 3), mc.delayed(abs)(-1), lane=lane)
    assert "fatal('a/path', 3)" in str(caught.value)
    assert mc.delayed(abs)(-1).compute(lane=lane) == 1


def test_a_call_that_kills_its_worker_each_time_fails_after_its_retries(tmp_path: Path) -> None:
    def fatal() -> None:
        (tmp_path / str(len(list(tmp_path.iterdir())))).touch()
        os._exit(1)

    with pytest.raises(mc.WorkerDied, match="exit code 1"):
        mc.delayed(fatal)().compute(lane="processes", retries=2)
    assert len(list(tmp_path.iterdir())) == 3


def test_what_raised_is_tried_again(tmp_path: Path) -> None:
    def flaky(name: str) -> str:
        if not (tmp_path / name).exists():
            (tmp_path / name).touch()
            raise OSError("not yet")
        return name

    for lane in LANES:
        assert mc.delayed(flaky)(lane).compute(lane=lane, retries=1) == lane
        (tmp_path / lane).unlink()
        with pytest.raises(OSError, match="not yet"):
            mc.delayed(flaky)(lane).compute(lane=lane)


@pytest.mark.parametrize("lane", ["processes", "mixed"])
def test_a_call_that_takes_too_long_is_stopped(lane: Lane) -> None:
    start = time.monotonic()
    with pytest.raises(TimeoutError, match=r"sleep\(60,\) took longer than 0\.5 s"):
        mc.delayed(time.sleep)(60).compute(lane=lane, timeout=0.5)
    assert time.monotonic() - start < 10
    assert mc.delayed(abs)(-1).compute(lane=lane, timeout=20) == 1


@pytest.mark.parametrize("lane", LANES)
def test_exceptions_arrive_whole(lane: Lane) -> None:
    def fail(x: int) -> None:
        try:
            raise ValueError("the cause")
        except ValueError as cause:
            error = KeyError("gone", x)
            error.add_note("the user's note")
            raise error from cause

    lazy = mc.delayed(fail)(mc.delayed(abs)(-5))
    with pytest.raises(KeyError) as caught:
        (lazy + 1).compute(lane=lane)
    error = caught.value
    assert error.args == ("gone", 5)
    assert "the user's note" in error.__notes__
    shown = "".join(__import__("traceback").format_exception(error))
    assert "ValueError: the cause" in shown
    assert "in fail" in shown


@pytest.mark.parametrize("lane", LANES)
def test_an_exception_that_cannot_be_pickled_still_arrives(lane: Lane) -> None:
    class OddError(Exception):
        def __init__(self, a: int, b: int) -> None:
            super().__init__(f"{a} and {b}")

    def fail() -> None:
        raise OddError(1, 2)

    with pytest.raises(Exception, match="1 and 2") as caught:
        mc.delayed(fail)().compute(lane=lane)
    assert "OddError" in "".join(__import__("traceback").format_exception(caught.value))


def test_what_cannot_be_pickled_is_named_or_runs_in_place() -> None:
    lock = threading.Lock()

    def use(what: Any = None) -> bool:
        return lock.locked()

    for lazy in (mc.delayed(use)(), mc.delayed(id)(lock)):
        with pytest.raises((TypeError, pickle.PicklingError), match="lock") as caught:
            lazy.compute(lane="processes")
        assert isinstance(lazy.compute(lane="mixed"), int)
        assert any("use" in note or "id" in note for note in caught.value.__notes__)
    # A result can't be, either: that is known only when it is there.
    with pytest.raises((TypeError, pickle.PicklingError), match="lock"):
        mc.delayed(threading.Lock)().compute(lane="processes")
