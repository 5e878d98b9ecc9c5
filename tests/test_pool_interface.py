"""`mc.Pool` beside `multiprocessing.Pool`: names, iterators, workers' lives, the progress bar."""

from __future__ import annotations

import inspect
import itertools
import multiprocessing
import multiprocessing.pool
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

import manycore as mc
from children import DEADLINE
from manycore.pool import AsyncResult, Pool
from test_pool import wait_until_gone

SECONDS = 20.0

Imap = Literal["imap", "imap_unordered"]
BOTH: list[Imap] = ["imap", "imap_unordered"]


def double(x: int) -> int:
    return 2 * x


def half(x: int) -> float:
    return 1 / x


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with mc.Pool(2) as pool:
        yield pool


# Names.


def public(kind: type) -> dict[str, Any]:
    return {
        name: value
        for name, value in inspect.getmembers(kind, callable)
        if not name.startswith("_") and name != "Process"  # how CPython starts a worker
    }


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [(multiprocessing.pool.Pool, Pool), (multiprocessing.pool.AsyncResult, AsyncResult)],
)
def test_every_method_is_there_with_its_parameters(theirs: type, ours: type) -> None:
    for name, method in public(theirs).items():
        parameters = list(inspect.signature(method).parameters)
        assert list(inspect.signature(getattr(ours, name)).parameters) == parameters, name


def test_a_pool_is_made_with_the_same_arguments() -> None:
    theirs = list(inspect.signature(multiprocessing.pool.Pool).parameters)
    assert list(inspect.signature(Pool).parameters)[: len(theirs)] == theirs
    context = multiprocessing.get_context("spawn")
    with mc.Pool(1, None, (), 5, context) as pool:
        assert repr(pool) == "<manycore.Pool state=RUN pool_size=1>"
        assert pool.apply(double, (2,)) == 4
    assert repr(pool) == "<manycore.Pool state=TERMINATE pool_size=1>"
    with pytest.raises(ValueError, match="Pool not running"), pool:
        pass


def test_the_type_of_a_result_can_be_named() -> None:
    kind: Any = AsyncResult
    assert kind[int].__args__ == (int,)


def test_a_terminated_pool_stays_so_when_it_is_closed() -> None:
    pool = mc.Pool(1)
    pool.terminate()
    pool.close()
    assert "TERMINATE" in repr(pool)


# imap.


@pytest.mark.parametrize("chunksize", [1, 3])
@pytest.mark.parametrize("imap", BOTH)
def test_results_come_as_from_multiprocessing(pool: Pool, imap: Imap, chunksize: int) -> None:
    results = getattr(pool, imap)(double, range(20), chunksize)
    assert iter(results) is results
    assert sorted(results) == list(range(0, 40, 2))
    with pytest.raises(StopIteration):
        next(results)
    assert list(getattr(pool, imap)(double, [])) == []


@pytest.mark.parametrize("imap", BOTH)
def test_a_result_that_is_not_there_in_time_can_be_asked_for_again(pool: Pool, imap: Imap) -> None:
    results = getattr(pool, imap)(time.sleep, [0.3])
    for kind in (multiprocessing.TimeoutError, TimeoutError):
        with pytest.raises(kind, match=r"no result after 0\.01 s"):
            results.next(0.01)
    assert results.next(timeout=SECONDS) is None
    with pytest.raises(StopIteration):
        results.next(0)


def test_results_come_in_order_or_as_they_are_there(pool: Pool) -> None:
    pool.map(double, range(2), 1)
    naps = [0.3, 0.0]

    def nap(seconds: float) -> float:
        time.sleep(seconds)
        return seconds

    assert list(pool.imap(nap, naps)) == [0.3, 0.0]
    assert list(pool.imap_unordered(nap, naps)) == [0.0, 0.3]


@pytest.mark.parametrize("imap", BOTH)
def test_an_error_is_one_result_among_others(pool: Pool, imap: Imap) -> None:
    results = getattr(pool, imap)(half, [1, 0, 2])
    found: list[object] = []
    for _ in range(3):
        try:
            found.append(next(results))
        except ZeroDivisionError:
            found.append("error")
    assert sorted(map(str, found)) == ["0.5", "1.0", "error"]
    with pytest.raises(StopIteration):
        next(results)


@pytest.mark.parametrize("imap", BOTH)
def test_an_iterable_without_end_gives_results(imap: Imap) -> None:
    with mc.Pool(2) as pool:
        results = getattr(pool, imap)(double, itertools.count(), 2)
        assert {next(results) for _ in range(5)} <= set(range(0, 1_000_000, 2))


@pytest.mark.parametrize("imap", BOTH)
def test_a_result_is_there_before_the_iterable_has_more(pool: Pool, imap: Imap) -> None:
    has_more = threading.Event()

    def numbers() -> Iterator[int]:
        yield 1
        assert has_more.wait(SECONDS)
        yield 2

    results = getattr(pool, imap)(double, numbers())
    assert results.next(SECONDS) == 2
    with pytest.raises(TimeoutError):
        results.next(0.01)
    has_more.set()
    assert list(results) == [4]


@pytest.mark.parametrize("imap", BOTH)
def test_what_an_iterable_raises_comes_after_its_results(pool: Pool, imap: Imap) -> None:
    def numbers() -> Iterator[int]:
        yield 1
        raise KeyError("no more")

    results = getattr(pool, imap)(double, numbers())
    outcomes: list[object] = []
    for _ in range(2):
        try:
            outcomes.append(next(results))
        except KeyError as error:
            outcomes.append(error.args)
    assert sorted(map(str, outcomes)) == ["('no more',)", "2"]
    assert list(results) == []


def test_a_closed_pool_reads_its_iterables_to_the_end() -> None:
    def numbers() -> Iterator[int]:
        for number in range(4):
            time.sleep(0.05)
            yield number

    pool = mc.Pool(2)
    results = pool.imap(double, numbers())
    pool.close()
    with pytest.raises(ValueError, match="Pool not running"):
        pool.imap(double, [])
    pool.join()
    assert list(results) == [0, 2, 4, 6]


@pytest.mark.parametrize("items", [[1], iter([1])], ids=["list", "iterator"])
def test_a_function_that_cannot_be_pickled_is_named(pool: Pool, items: Any) -> None:
    lock = threading.Lock()
    with pytest.raises(TypeError, match="lock"):
        list(pool.imap(lambda x: (x, lock), items))


def test_an_interrupted_wait_ends_what_is_under_way() -> None:
    with mc.Pool(2) as pool:
        pool.map(double, range(2), 1)
        results = pool.imap(time.sleep, [60] * 4)

        def alarm(*_: object) -> None:
            raise InterruptedError("enough")

        signal.signal(signal.SIGALRM, alarm)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(InterruptedError, match="enough"):
            next(results)
        start = time.monotonic()
        assert pool.map(double, range(4), 1) == [0, 2, 4, 6]
        assert time.monotonic() - start < SECONDS


# Workers' lives.


@pytest.mark.parametrize(("items", "chunksize", "most"), [(30, 1, 3), (30, 5, 2), (8, 2, 1)])
def test_a_worker_is_replaced_after_so_many_tasks(items: int, chunksize: int, most: int) -> None:
    with mc.Pool(2, maxtasksperchild=most) as pool:
        done = Counter(pool.map(lambda _: os.getpid(), range(items), chunksize))
        assert len(done) >= items // chunksize // most
        assert max(done.values()) <= most * chunksize
        # Those that are done leave, also when there is nothing more to do.
        pids = {pool.apply(os.getpid) for _ in range(4 * most)}
        gone = sorted(pids)[:-2]
        wait_until_gone(gone, SECONDS)


def test_a_worker_that_is_replaced_ends_in_its_own_way(tmp_path: Path) -> None:
    def begin() -> None:
        import atexit

        atexit.register((tmp_path / str(os.getpid())).touch)

    with mc.Pool(1, begin, maxtasksperchild=1) as pool:
        pids = [pool.apply(os.getpid) for _ in range(3)]
        assert len(set(pids)) == 3
        # The last one may still be on its way.
        assert {str(pid) for pid in pids[:2]} <= {path.name for path in tmp_path.iterdir()}


def test_workers_that_do_one_task_each_do_many() -> None:
    with mc.Pool(2, maxtasksperchild=1) as pool:
        results = [pool.apply_async(abs, (-number,)) for number in range(50)]
        assert [result.get(SECONDS) for result in results] == list(range(50))


@pytest.mark.parametrize("count", [0, -1, 0.5, "12"])
def test_a_number_of_tasks_that_cannot_be_is_refused(count: Any) -> None:
    with pytest.raises(ValueError, match=f"positive int or None, not {count!r}"):
        mc.Pool(1, maxtasksperchild=count)


# The progress bar.


@pytest.mark.parametrize("method", ["map", "starmap", *BOTH])
def test_a_bar_is_shown_if_asked_for(method: str, capsys: pytest.CaptureFixture[str]) -> None:
    with mc.Pool(2, progress=True) as pool:
        items = [(0.05,)] * 16 if method == "starmap" else [0.05] * 16
        assert list(getattr(pool, method)(time.sleep, items, 2)) == [None] * 16
    drawn = [line.strip() for line in capsys.readouterr().err.split("\r")]
    shown = [int(found[1]) for line in drawn if (found := re.search(r"% (\d+)/16 items", line))]
    assert shown == sorted(shown)
    assert shown[0] == 0
    assert any(0 < number < 16 for number in shown), drawn
    assert drawn[-1] == "", "it is gone at the end"


def test_no_bar_is_shown_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with mc.Pool(2) as pool:
        pool.map(time.sleep, [0.4] * 6, 1)
    with mc.Pool(2, progress=False) as pool:
        pool.map(time.sleep, [0.1] * 4, 1)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("seconds", "is_shown"), [(0.4, True), (0.0, False)])
def test_a_terminal_shows_a_bar_of_a_map_that_takes_long(seconds: float, is_shown: bool) -> None:
    program = f"""
import manycore as mc, time
with mc.Pool(2) as pool:
    pool.map(time.sleep, [{seconds}] * 8, 1)
    list(pool.imap(time.sleep, [{seconds}] * 8))
"""
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", program], stderr=theirs, timeout=DEADLINE, check=True)
    os.close(theirs)
    drawn = b""
    while True:
        try:
            read = os.read(ours, 1 << 16)
        except OSError:  # that is the end
            break
        if not read:
            break
        drawn += read
    os.close(ours)
    assert (b"/8 items" in drawn) == is_shown, drawn
