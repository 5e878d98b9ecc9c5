"""`mc.Executor`: the standard library's executor, on every lane."""

from __future__ import annotations

import asyncio
import concurrent.futures
import gc
import itertools
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

import manycore as mc
from children import output

Lane = Literal["processes", "threads", "mixed", "inline"]
LANES: list[Lane] = ["processes", "threads", "mixed", "inline"]
SECONDS = 20.0


def double(x: int) -> int:
    return 2 * x


def fail(x: int) -> None:
    error = KeyError("gone", x)
    error.add_note("the user's note")
    raise error from ValueError("why")


@pytest.fixture(scope="module", params=LANES)
def executor(request: pytest.FixtureRequest) -> Iterator[mc.Executor]:
    """Each lane."""
    with mc.Executor(2, lane=request.param) as executor:
        yield executor


@pytest.fixture(scope="module")
def processes() -> Iterator[mc.Executor]:
    with mc.Executor(2) as executor:
        yield executor


# Every lane


def test_calls_give_results(executor: mc.Executor) -> None:
    assert executor.submit(pow, 2, 8).result() == 256
    assert executor.submit(dict, a=1, fn=2, self=3).result() == {"a": 1, "fn": 2, "self": 3}
    offset = 5
    assert executor.submit(lambda x: x + offset, 1).result() == 6


def test_map_is_like_map(executor: mc.Executor) -> None:
    assert list(executor.map(pow, range(10), itertools.repeat(2))) == [n**2 for n in range(10)]
    assert list(executor.map(double, range(10), chunksize=3)) == list(map(double, range(10)))
    assert list(executor.map(double, [])) == []


def test_map_with_a_buffer_reads_no_further_than_that(executor: mc.Executor) -> None:
    read = []

    def numbers() -> Iterator[int]:
        for number in itertools.count():
            read.append(number)
            yield number

    results = executor.map(double, numbers(), buffersize=3)
    assert len(read) == 3
    assert list(itertools.islice(results, 5)) == [0, 2, 4, 6, 8]
    assert len(read) <= 9
    results = executor.map(double, range(100), buffersize=2, chunksize=7)
    assert list(results) == list(range(0, 200, 2))


def test_exceptions_arrive_whole(executor: mc.Executor) -> None:
    future = executor.submit(fail, 1)
    error: Any = future.exception(SECONDS)
    assert isinstance(error, KeyError)
    assert error.args == ("gone", 1)
    assert "the user's note" in error.__notes__
    with pytest.raises(KeyError):
        future.result()
    shown = "".join(__import__("traceback").format_exception(error))
    assert "in fail" in shown
    assert "ValueError: why" in shown
    results = executor.map(divmod, [1, 1], [1, 0])
    assert next(results) == (1, 0)
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_the_standard_library_waits_for_its_futures(executor: mc.Executor) -> None:
    futures = [executor.submit(double, n) for n in range(20)]
    done, rest = concurrent.futures.wait(futures, timeout=SECONDS)
    assert (done, rest) == (set(futures), set())
    futures = [executor.submit(double, n) for n in range(20)]
    assert sorted(f.result() for f in concurrent.futures.as_completed(futures)) == [
        2 * n for n in range(20)
    ]
    done, _ = concurrent.futures.wait(futures[:1], return_when="FIRST_COMPLETED")
    assert done == {futures[0]}


def test_callbacks_are_called_once_before_or_after_the_end(executor: mc.Executor) -> None:
    called: list[Any] = []
    arrived = threading.Event()
    future = executor.submit(double, 4)
    future.add_done_callback(called.append)
    future.add_done_callback(lambda _: arrived.set())
    assert arrived.wait(SECONDS)
    future.add_done_callback(called.append)
    assert called == [future, future]
    assert future.done()
    assert not future.running()
    assert not future.cancel()


def test_asyncio_awaits_its_calls(executor: mc.Executor) -> None:
    async def program() -> list[int]:
        loop = asyncio.get_running_loop()
        calls = [loop.run_in_executor(executor, double, n) for n in range(10)]
        return await asyncio.gather(*calls)

    assert asyncio.run(program()) == list(range(0, 20, 2))


def test_retries_try_again(tmp_path: Path) -> None:
    def once(path: Path) -> str:
        if not path.exists():
            path.touch()
            raise OSError("not yet")
        return "now"

    for lane in LANES:
        with mc.Executor(1, lane=lane, retries=1) as executor:
            assert executor.submit(once, tmp_path / lane).result(SECONDS) == "now"
        (tmp_path / lane).unlink()
        with mc.Executor(1, lane=lane) as executor, pytest.raises(OSError, match="not yet"):
            executor.submit(once, tmp_path / lane).result(SECONDS)


def test_an_initializer_runs_before_the_calls() -> None:
    def start(value: str) -> None:
        threading.current_thread().name = value

    for lane in LANES:
        with mc.Executor(1, None, start, ("started",), lane=lane) as executor:
            assert executor.submit(lambda: threading.current_thread().name).result() == "started"
    threading.current_thread().name = "MainThread"


def test_an_initializers_exception_is_the_calls(executor: mc.Executor) -> None:
    def start() -> None:
        raise ValueError("no start")

    with (
        mc.Executor(1, initializer=start, lane=executor._lane) as broken,
        pytest.raises(ValueError, match="no start"),
    ):
        broken.submit(double, 1).result(SECONDS)


def test_after_shutdown_no_more_calls_are_taken() -> None:
    for lane in LANES:
        executor = mc.Executor(1, lane=lane)
        future = executor.submit(double, 1)
        executor.shutdown(wait=False)
        executor.shutdown()
        assert future.result(SECONDS) == 2
        with pytest.raises(RuntimeError, match="after shutdown"):
            executor.submit(double, 1)
        with pytest.raises(RuntimeError, match="after shutdown"):
            executor.map(double, [1])


def test_what_a_call_holds_is_let_go(executor: mc.Executor) -> None:
    class Thing:
        def method(self) -> int:
            return 1

    thing = Thing()
    gone = threading.Event()
    weakref.finalize(thing, gone.set)
    future = executor.submit(thing.method)
    del thing
    assert future.result(SECONDS) == 1
    deadline = time.monotonic() + SECONDS
    while not gone.wait(0.01):
        gc.collect()
        assert time.monotonic() < deadline


# Worker processes


def test_calls_run_in_other_processes(processes: mc.Executor) -> None:
    found = {processes.submit(os.getpid).result() for _ in range(20)}
    assert os.getpid() not in found
    assert len(found) <= 2


def test_arrays_arrive_without_a_copy(processes: mc.Executor) -> None:
    array = np.arange(1_000_000)
    total, writeable = processes.submit(lambda a: (a.sum(), a.flags.writeable), array).result()
    assert (total, writeable) == (array.sum(), False)


def test_a_call_that_waits_can_be_cancelled_and_one_under_way_cannot() -> None:
    with mc.Executor(1) as executor:
        executor.submit(double, 1).result()
        first = executor.submit(time.sleep, 0.3)
        later = [executor.submit(double, n) for n in range(50)]
        deadline = time.monotonic() + SECONDS
        while not first.running():
            assert time.monotonic() < deadline
        called: list[Any] = []
        later[-1].add_done_callback(called.append)
        assert not first.cancel()
        assert later[-1].cancel()
        assert later[-1].cancel()
        assert later[-1].cancelled()
        assert called == [later[-1]]
        with pytest.raises(concurrent.futures.CancelledError):
            later[-1].result()
        done, _ = concurrent.futures.wait([first, *later], timeout=SECONDS)
        assert done == {first, *later}
        assert [future.result() for future in later[:-1]] == list(range(0, 98, 2))


def test_cancelled_calls_are_never_made(tmp_path: Path) -> None:
    executor = mc.Executor(1)
    executor.submit(time.sleep, 0.2)
    futures = [executor.submit((tmp_path / str(n)).touch) for n in range(100)]
    executor.shutdown(cancel_futures=True)
    cancelled = [future.cancelled() for future in futures]
    assert any(cancelled)
    assert [not (tmp_path / str(n)).exists() for n in range(100)] == cancelled


def test_results_that_nobody_wants_are_not_computed() -> None:
    with mc.Executor(1) as executor:
        start = time.monotonic()
        results = executor.map(time.sleep, [0.1] * 100)
        next(results)
        del results
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(("end", "says"), [(7, "exit code 7"), (-9, "signal 9")])
def test_a_worker_that_dies_fails_its_call_and_no_other(end: int, says: str) -> None:
    def die() -> None:
        if end > 0:
            os._exit(end)
        os.kill(os.getpid(), -end)

    with mc.Executor(2) as executor:
        before = [executor.submit(double, n) for n in range(100)]
        dead = executor.submit(die)
        after = [executor.submit(double, n) for n in range(100)]
        with pytest.raises(mc.WorkerDied, match=says):
            dead.result(SECONDS)
        assert isinstance(dead.exception(), BrokenProcessPool)
        assert [future.result(SECONDS) for future in before + after] == [*range(0, 200, 2)] * 2


def test_a_call_that_takes_too_long_is_stopped() -> None:
    with mc.Executor(1, timeout=0.7) as executor:
        with pytest.raises(TimeoutError, match=r"sleep\(60,\) took longer than 0\.7 s"):
            executor.submit(time.sleep, 60).result(SECONDS)
        assert executor.submit(abs, -1).result(SECONDS) == 1


def test_the_start_of_a_worker_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "slow_to_import.py").write_text(
        "import time\ntime.sleep(1)\ndef double(x):\n    return 2 * x\n"
    )

    class Imported:
        """A function that the worker imports for its first call."""

        def __reduce__(self) -> Any:
            code = f"__import__('sys').path.append({str(tmp_path)!r}) or __import__"
            return eval, (f"({code})('slow_to_import').double",)

        def __call__(self, x: int) -> int:
            raise AssertionError("it is called in the worker only")

    with mc.Executor(1, initializer=time.sleep, initargs=(1,), timeout=0.5) as executor:
        start = time.monotonic()
        assert executor.submit(abs, -1).result(SECONDS) == 1
        assert executor.submit(Imported(), 2).result(SECONDS) == 4
        assert time.monotonic() - start > 2
        with pytest.raises(TimeoutError):
            executor.submit(time.sleep, 60).result(SECONDS)


def test_waiting_has_a_timeout(processes: mc.Executor) -> None:
    future = processes.submit(time.sleep, 0.3)
    with pytest.raises(TimeoutError):
        future.result(timeout=0.01)
    with pytest.raises(TimeoutError):
        list(processes.map(time.sleep, [0, 0.5], timeout=0.1))
    assert future.result(SECONDS) is None


def test_what_cannot_be_pickled_is_refused_or_runs_in_a_thread(processes: mc.Executor) -> None:
    lock = threading.Lock()
    with pytest.raises((TypeError, pickle.PicklingError), match="pickle"):
        processes.submit(lambda: lock)
    with pytest.raises((TypeError, pickle.PicklingError), match="pickle"):
        processes.submit(id, lock).result(SECONDS)
    with mc.Executor(1, lane="mixed") as executor:
        assert executor.submit(os.getpid).result(SECONDS) != os.getpid()
        assert executor.submit(lambda: (lock.locked(), os.getpid())).result() == (
            False,
            os.getpid(),
        )
        assert executor.submit(lambda _: os.getpid(), lock).result(SECONDS) == os.getpid()
        # What the function raises is not taken for that.
        with pytest.raises(TypeError, match="user's"):
            executor.submit(lambda: (_ for _ in ()).throw(TypeError("user's"))).result(SECONDS)


def test_a_dropped_executor_finishes_its_calls() -> None:
    executor = mc.Executor(1)
    pid = executor.submit(os.getpid).result()
    futures = [executor.submit(time.sleep, 0.05), executor.submit(double, 2)]
    del executor
    gc.collect()
    assert futures[1].result(SECONDS) == 4
    assert futures[0].result(SECONDS) is None
    wait_until_gone([pid])


def wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + SECONDS
    for pid in pids:
        while Path(f"/proc/{pid}").exists():
            assert time.monotonic() < deadline, f"{pid} still there"
            time.sleep(0.01)


def test_a_fork_refuses_calls_instead_of_waiting_for_ever() -> None:
    executor = mc.Executor(1)
    executor.submit(double, 1).result()
    child = os.fork()
    if child == 0:
        try:
            executor.submit(double, 1)
        except RuntimeError as error:
            os._exit(0 if "fork" in str(error) else 1)
        os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert executor.submit(double, 1).result() == 2
    executor.shutdown()


def test_a_program_ends_after_its_calls() -> None:
    assert (
        output("""
        import manycore as mc, time
        executor = mc.Executor(2)
        executor.submit(lambda: (time.sleep(0.3), print("made", flush=True)))
        print("end", flush=True)
        """)
        == "end\nmade\n"
    )
    assert (
        output("""
        import manycore as mc, time
        executor = mc.Executor(2)
        executor.submit(lambda: (time.sleep(0.3), print("made", flush=True)))
        executor.shutdown(wait=False)
        """)
        == "made\n"
    )


def test_a_call_after_the_end_is_refused() -> None:
    assert (
        output("""
        import atexit
        @atexit.register
        def late():
            try:
                executor.submit(abs, 1)
            except RuntimeError as error:
                print(error)
        import manycore as mc
        executor = mc.Executor(1)
        """)
        == "cannot schedule new futures after shutdown\n"
    )


def test_ctrl_c_while_it_waits_for_its_calls_ends_them() -> None:
    program = """
        import manycore as mc, os, time
        with mc.Executor(2) as executor:
            print(executor.submit(os.getpid).result(), flush=True)
            executor.submit(time.sleep, 60)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert child.stdout is not None
    worker = int(child.stdout.readline())
    time.sleep(0.2)  # it waits, or will in a moment: either way it must stop
    start = time.monotonic()
    os.killpg(child.pid, signal.SIGINT)
    _, said = child.communicate(timeout=SECONDS)
    assert time.monotonic() - start < 2
    assert "KeyboardInterrupt" in said
    wait_until_gone([worker])


# Bad arguments


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"max_workers": 0}, ValueError, "max_workers must be greater than 0, not 0"),
        ({"max_workers": -1}, ValueError, "max_workers must be greater than 0"),
        ({"initializer": 3}, TypeError, "initializer must be a callable, not 3"),
        ({"lane": "gpu"}, ValueError, "lane must be .* not 'gpu'"),
        ({"retries": -1}, ValueError, "retries must be at least 0, not -1"),
        ({"timeout": 0}, ValueError, "timeout must be more than 0 seconds, not 0"),
        ({"timeout": 1, "lane": "threads"}, ValueError, "no way to stop"),
    ],
)
def test_options_that_cannot_be_are_refused(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        mc.Executor(**options)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"chunksize": 0}, ValueError, "chunksize must be >= 1"),
        ({"buffersize": 0}, ValueError, "buffersize must be None or > 0"),
        ({"buffersize": "2"}, TypeError, "buffersize must be an integer or None"),
    ],
)
def test_maps_options_that_cannot_be_are_refused(
    processes: mc.Executor, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        processes.map(double, [1], **options)


def test_many_threads_wait_for_the_same_futures() -> None:
    # The race between a future's end and the first one to watch it.
    with mc.Executor(2) as executor:
        for _ in range(30):
            futures = [executor.submit(double, n) for n in range(50)]
            totals: list[int] = []

            def add(futures: list[Any] = futures, totals: list[int] = totals) -> None:
                concurrent.futures.wait(futures, timeout=SECONDS)
                totals.append(sum(future.result(SECONDS) for future in futures))

            threads = [threading.Thread(target=add) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert totals == [50 * 49] * 4
