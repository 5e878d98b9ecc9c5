"""`mc.submit` and what waits for its futures."""

from __future__ import annotations

import collections
import concurrent.futures
import dataclasses
import os
import pickle
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import manycore as mc
from children import output

Lane = Literal["mixed", "processes", "threads", "inline"]
LANES: list[Lane] = ["mixed", "processes", "threads", "inline"]
SECONDS = 20.0


def double(x: int) -> int:
    return 2 * x


def add(a: Any, b: Any) -> Any:
    return a + b


def fail(message: str) -> None:
    raise KeyError(message)


@pytest.fixture(params=LANES)
def lane(request: pytest.FixtureRequest) -> Iterator[Lane]:
    """Each lane, as the setting that `submit` follows."""
    with mc.config(lane=request.param, workers=2):
        yield request.param


# Submitting


def test_a_call_gives_a_result(lane: Lane) -> None:
    future = mc.submit(add, 1, b=2)
    assert isinstance(future, mc.Future)
    assert isinstance(future, concurrent.futures.Future)
    assert future.result(SECONDS) == 3
    assert (future.status, future.done(), future.exception()) == ("finished", True, None)
    assert future.traceback() is None


def test_futures_stand_for_their_values_wherever_they_are(lane: Lane) -> None:
    @dataclasses.dataclass
    class Pair:
        a: Any
        b: Any

    one, two = mc.submit(double, 1), mc.submit(double, 2)
    three = mc.submit(add, one, two)
    assert three.result(SECONDS) == 6
    assert mc.submit(sum, [one, two, three]).result(SECONDS) == 12
    nested = mc.submit(dict, a={"b": (one, [two])}, c=Pair(one, two))
    assert nested.result(SECONDS) == {"a": {"b": (2, [4])}, "c": Pair(2, 4)}
    threads = concurrent.futures.ThreadPoolExecutor(1)
    assert mc.submit(add, threads.submit(double, 5), one).result(SECONDS) == 12
    threads.shutdown()


def test_calls_run_where_the_lane_says() -> None:
    here = {lane: mc.submit(os.getpid, lane=lane).result(SECONDS) == os.getpid() for lane in LANES}
    assert here == {"mixed": False, "processes": False, "threads": True, "inline": True}
    with mc.config(lane="inline"):
        assert mc.submit(threading.get_ident).result() == threading.get_ident()


def test_graphs_and_submitted_calls_share_their_worker_processes() -> None:
    with mc.config(lane="processes", workers=1):
        pid = mc.submit(os.getpid).result(SECONDS)
        assert mc.delayed(os.getpid)().compute() == pid
        assert mc.submit(os.getpid).result(SECONDS) == pid


def test_what_cannot_be_pickled_runs_in_a_thread() -> None:
    lock = threading.Lock()
    with mc.config(lane="mixed"):
        assert mc.submit(lambda: (lock.locked(), os.getpid())).result(SECONDS)[1] == os.getpid()
        assert mc.submit(lambda _: os.getpid(), lock).result(SECONDS) == os.getpid()
        locked = mc.submit(threading.Lock, lane="threads")
        assert mc.submit(lambda _: os.getpid(), locked).result(SECONDS) == os.getpid()
        with pytest.raises((TypeError, pickle.PicklingError), match="pickle"):
            mc.submit(lambda: lock, lane="processes")
        with pytest.raises((TypeError, pickle.PicklingError), match="pickle"):
            mc.submit(id, lock, lane="processes").result(SECONDS)


def test_an_array_goes_from_call_to_call(lane: Lane) -> None:
    array = mc.submit(np.arange, 100_000)
    assert mc.submit(np.sum, array).result(SECONDS) == np.arange(100_000).sum()


def test_a_failure_is_the_failure_of_what_needs_it(lane: Lane) -> None:
    bad = mc.submit(fail, "gone")
    last = mc.submit(add, mc.submit(double, 1), bad)
    for _ in range(3):
        last = mc.submit(add, last, 1)
    error = last.exception(SECONDS)
    assert isinstance(error, KeyError)
    assert error.args == ("gone",)
    assert (bad.status, last.status) == ("error", "error")
    with pytest.raises(KeyError, match="gone"):
        last.result()
    if lane in ("threads", "inline"):
        assert bad.traceback() is not None
    else:
        assert "in fail" in str(error.__cause__)


def test_a_long_chain_needs_no_deep_stack() -> None:
    gate = concurrent.futures.Future[int]()
    future = mc.submit(double, gate, lane="inline")
    for _ in range(3_000):
        future = mc.submit(add, future, 1, lane="inline")
    gate.set_result(1)
    assert future.result(SECONDS) == 3_002
    gate = concurrent.futures.Future[int]()
    future = mc.submit(double, gate)
    for _ in range(3_000):
        future = mc.submit(add, future, 1)
    gate.set_exception(KeyError("gone"))
    with pytest.raises(KeyError):
        future.result(SECONDS)


def test_cancelling_what_waits_cancels_what_needs_it(lane: Lane) -> None:
    gate = concurrent.futures.Future[int]()
    waiting = mc.submit(double, gate)
    needs = mc.submit(add, waiting, 1)
    assert waiting.status == "pending"
    assert waiting.cancel()
    assert (waiting.status, waiting.cancelled()) == ("cancelled", True)
    assert needs.cancelled()
    with pytest.raises(concurrent.futures.CancelledError):
        needs.result(SECONDS)
    done, _ = concurrent.futures.wait([waiting, needs], timeout=SECONDS)
    assert done == {waiting, needs}
    gate.set_result(1)
    assert waiting.cancelled()


def test_callbacks_are_called() -> None:
    called = threading.Event()
    mc.submit(double, 1).add_done_callback(lambda future: called.set())
    assert called.wait(SECONDS)


def test_keys() -> None:
    assert mc.submit(double, 1).key.startswith("double-")
    assert mc.submit(double, 1).key != mc.submit(double, 1).key
    future = mc.submit(double, 1, key="mine")
    assert future.key == "mine"
    future.result(SECONDS)
    assert repr(future) == "<Future: finished, key: mine>"


def test_an_equal_pure_call_is_the_same_future() -> None:
    one = mc.submit(double, 1, pure=True)
    assert mc.submit(double, 1, pure=True) is one
    assert mc.submit(double, 2, pure=True) is not one
    needs = mc.submit(add, [one], [1], pure=True)
    assert mc.submit(add, [one], [1], pure=True) is needs
    named = mc.submit(double, 1, key="a"), mc.submit(double, 2, key="a")
    pair = [mc.submit(double, future, pure=True) for future in named]
    assert mc.gather(pair) == [4, 8]
    bad = mc.submit(fail, "x", pure=True)
    bad.exception(SECONDS)
    assert mc.submit(fail, "x", pure=True) is not bad


def test_submit_all_is_like_map(lane: Lane) -> None:
    futures = mc.submit_all(add, [1, mc.submit(double, 1)], [10, 20])
    assert mc.gather(futures) == [11, 22]
    assert mc.gather(mc.submit_all(dict, [[("a", 1)]], b=mc.submit(double, 1))) == [
        {"a": 1, "b": 2}
    ]


# Faults


def test_a_worker_that_dies_fails_the_call_and_is_replaced() -> None:
    with mc.config(lane="processes"):
        dead = mc.submit(os._exit, 3)
        with pytest.raises(mc.WorkerDied, match="exit code 3"):
            dead.result(SECONDS)
        assert mc.submit(double, 1).result(SECONDS) == 2


def test_retries_and_time_limits(tmp_path: Any) -> None:
    def once() -> str:
        try:
            (tmp_path / "done").mkdir()
        except FileExistsError:
            return "again"
        os.kill(os.getpid(), signal.SIGKILL)
        return "never"

    assert mc.submit(once, retries=1, lane="processes").result(SECONDS) == "again"
    with pytest.raises(TimeoutError, match="took longer than"):
        mc.submit(time.sleep, 60, timeout=0.5, lane="processes").result(SECONDS)
    assert mc.submit(abs, -1).result(SECONDS) == 1


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"lane": "gpu"}, ValueError, "lane must be .* not 'gpu'"),
        ({"retries": -1}, ValueError, "retries must be at least 0, not -1"),
        ({"timeout": -1}, ValueError, "timeout must be more than 0 seconds, not -1"),
        ({"timeout": 1, "lane": "threads"}, ValueError, "no way to stop"),
    ],
)
def test_options_that_cannot_be_are_refused(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        mc.submit(double, 1, **options)


def test_what_cannot_be_called_is_refused() -> None:
    not_callable: Any = 3
    with pytest.raises(TypeError, match="3 is not callable"):
        mc.submit(not_callable)


def test_a_container_that_contains_itself_is_shown() -> None:
    cycle: list[Any] = [mc.submit(double, 1)]
    cycle.append(cycle)
    with pytest.raises(ValueError, match=r"contains itself: .*\[\.\.\.\]"):
        mc.submit(sum, cycle)


# Gathering


def test_gather_puts_results_in_their_places() -> None:
    Point = collections.namedtuple("Point", "x y")
    one, two = mc.submit(double, 1), mc.submit(double, 2)
    assert mc.gather(one) == 2
    assert mc.gather([one, (two, {"a": one, two: {"b"}}), Point(one, 5)]) == [
        2,
        (4, {"a": 2, 4: {"b"}}),
        Point(2, 5),
    ]
    assert mc.gather([]) == []
    assert mc.gather(5) == 5


def test_gather_raises_or_skips() -> None:
    good, bad = mc.submit(double, 1), mc.submit(fail, "gone")
    with pytest.raises(KeyError, match="gone"):
        mc.gather([good, [bad]])
    nested = {"a": [good, bad], "b": bad, "c": (bad,), "d": {good, bad}}
    assert mc.gather(nested, errors="skip") == {"a": [2], "c": (), "d": {2}}
    assert mc.gather(bad, errors="skip") is None
    how: Any = "ignore"
    with pytest.raises(ValueError, match="errors must be 'raise' or 'skip', not 'ignore'"):
        mc.gather([good], errors=how)


# Waiting


def test_as_completed_gives_each_once() -> None:
    futures = mc.submit_all(double, range(20))
    given = list(mc.as_completed([*futures, *futures]))
    assert len(given) == 20
    assert set(given) == set(futures)
    assert sorted(result for _, result in mc.as_completed(futures, with_results=True)) == [
        2 * n for n in range(20)
    ]


def test_as_completed_gives_first_what_ends_first() -> None:
    gates = [concurrent.futures.Future[int]() for _ in range(2)]
    ended = mc.as_completed([mc.submit(double, gate) for gate in gates])
    assert ended.count() == 2
    gates[1].set_result(1)
    assert next(ended).result() == 2
    ended.add(mc.submit(double, 5))
    assert next(ended).result() == 10
    gates[0].set_result(0)
    assert [future.result() for future in ended] == [0]
    assert ended.is_empty()


def test_as_completed_raises_what_a_call_raised_or_that_it_is_late() -> None:
    with pytest.raises(KeyError):
        list(mc.as_completed([mc.submit(fail, "x")], with_results=True))
    never = concurrent.futures.Future[int]()
    with pytest.raises(TimeoutError, match=r"1 calls went on after 0\.05 s"):
        list(mc.as_completed([mc.submit(double, 1), mc.submit(double, never)], timeout=0.05))


def test_wait_waits_for_all_or_for_the_first() -> None:
    never = concurrent.futures.Future[int]()
    one, waiting = mc.submit(double, 1), mc.submit(double, never)
    assert mc.wait([one, {"a": one}]) == ({one}, set())
    assert mc.wait([one, waiting], return_when="FIRST_COMPLETED") == ({one}, {waiting})
    bad = mc.submit(fail, "x")
    assert mc.wait([bad, waiting], SECONDS, return_when="FIRST_EXCEPTION") == ({bad}, {waiting})
    with pytest.raises(TimeoutError, match=r"1 of 2 calls went on after 0\.05 s"):
        mc.wait([one, waiting], timeout=0.05)


def test_a_program_with_calls_under_way_ends() -> None:
    assert (
        output("""
        import manycore as mc, time
        mc.config(workers=3)
        mc.submit(time.sleep, 60, lane="processes")
        mc.submit(time.sleep, 60)
        print(mc.submit(abs, -1).result())
        """)
        == "1\n"
    )


@st.composite
def programs(draw: st.DrawFn) -> list[list[int]]:
    """For each call, which earlier ones it reads."""
    count = draw(st.integers(1, 15))
    return [
        draw(st.lists(st.integers(0, number - 1), max_size=3)) if number else []
        for number in range(count)
    ]


@pytest.mark.parametrize("where", LANES)
@settings(max_examples=15)
@given(reads=programs())
def test_any_program_gives_what_plain_calls_give(where: Lane, reads: list[list[int]]) -> None:
    def call(number: int, inputs: list[int]) -> int:
        return (number + 3 * sum(inputs)) % 1009

    expected: list[int] = []
    futures: list[Any] = []
    for number, sources in enumerate(reads):
        expected.append(call(number, [expected[source] for source in sources]))
        futures.append(mc.submit(call, number, [futures[s] for s in sources], lane=where))
    assert mc.gather(futures) == expected
