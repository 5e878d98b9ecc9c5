"""`mc.Pool`: functions of all kinds, arrays without a copy, workers that die, no leftovers."""

from __future__ import annotations

import math
import os
import pickle
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import manycore as mc
from manycore.pool import Pool

SECONDS = 20.0


def double(x: int) -> int:
    return 2 * x


def die(how: str) -> None:
    if how == "exit":
        os._exit(7)
    os.kill(os.getpid(), signal.SIGKILL)


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(processes: list[int], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while any(map(is_alive, processes)):
        assert time.monotonic() < deadline, f"{[p for p in processes if is_alive(p)]} still there"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = mc.Pool(2)
    yield pool
    pool.terminate()
    pool.join()


def test_lambdas_closures_and_methods_travel(pool: Pool) -> None:
    offset = 5
    assert pool.map(lambda x: x + offset, range(4)) == [5, 6, 7, 8]
    assert pool.map(str.upper, ["a", "b"]) == ["A", "B"]
    assert pool.apply("{}-{k}".format, (1,), {"k": 2}) == "1-2"


def test_tasks_run_in_other_processes_that_stay(pool: Pool) -> None:
    processes = set(pool.map(lambda _: os.getpid(), range(64), chunksize=1))
    again = set(pool.map(lambda _: os.getpid(), range(64), chunksize=1))
    assert os.getpid() not in processes
    assert len(processes | again) <= 2


def test_an_array_arrives_without_a_copy_and_read_only(pool: Pool) -> None:
    array = np.arange(1_000_000, dtype=np.float64)
    total, writeable = pool.apply(lambda a: (a.sum(), a.flags.writeable), (array,))
    assert (total, writeable) == (array.sum(), False)
    back = pool.apply(lambda a: a * 2, (array,))
    np.testing.assert_array_equal(back, array * 2)
    assert not back.flags.writeable
    assert not back.flags.owndata


@pytest.mark.parametrize(
    "items",
    [
        [bytes([n]) * 3000 for n in range(40)],
        [str(n % 10) * 3000 for n in range(40)],
        ["ü" * 3000, "\udcff" * 3000, "a" * 3000],
        [b"a" * 5000, "b" * 5000, b"c" * 5000],
        [b"", b"a" * 500_000, b"", b"b" * 70_000],
        ["", "a" * 100_000],
        [bytearray(b"x" * 5000), memoryview(b"y" * 5000).tobytes()],
        (b"t" * 5000, b"u" * 5000),
    ],
    ids=["bytes", "ascii", "other text", "mixed", "uneven", "uneven text", "bytearray", "tuple"],
)
@pytest.mark.parametrize("chunksize", [None, 1, 7])
def test_long_strings_arrive_as_they_were(
    pool: Pool, items: list[bytes | str], chunksize: int | None
) -> None:
    back = pool.map(lambda item: (type(item), item), items, chunksize)
    assert back == [(type(item), item) for item in items]


def test_a_subclass_of_a_string_stays_one(pool: Pool) -> None:
    items = [np.str_("a" * 5000), np.bytes_(b"b" * 5000)]
    assert pool.map(type, items, 2) == [np.str_, np.bytes_]


NUMBERS = list(range(-50, 50))


@pytest.mark.parametrize(
    "items",
    [
        [*NUMBERS, -(2**63), 2**63 - 1],
        [*NUMBERS, 2**63],
        [*NUMBERS, -(2**63) - 1],
        [*NUMBERS, True],
        [False, *NUMBERS],
        [*NUMBERS, 1.0],
        [0.5, *NUMBERS],
        [*map(float, NUMBERS), -0.0, math.inf, -math.inf, sys.float_info.min / 2**52],
        [*NUMBERS, np.int64(3)],
        [*map(float, NUMBERS), np.float64(3)],
        [*NUMBERS, signal.SIGTERM],
        tuple(NUMBERS),
        [*NUMBERS, None],
    ],
    ids=lambda items: f"{type(items).__name__} from {items[0]!r} to {items[-1]!r}",
)
@pytest.mark.parametrize("chunksize", [None, 200])
def test_many_numbers_arrive_as_they_were(
    pool: Pool, items: list[object], chunksize: int | None
) -> None:
    exact = [(type(item), repr(item)) for item in items]
    assert pool.map(lambda item: (type(item), repr(item)), items, chunksize) == exact
    back = pool.map(lambda item: item, items, chunksize)
    assert [(type(item), repr(item)) for item in back] == exact
    again = pool.apply(lambda all_of_them: all_of_them, (items,))
    assert type(again) is type(items)
    assert [(type(item), repr(item)) for item in again] == exact


def test_a_nan_keeps_its_bits(pool: Pool) -> None:
    bits = [0x7FF8_0000_0000_0000 + payload for payload in range(100)]
    items = [struct.unpack("<d", struct.pack("<Q", number))[0] for number in bits]
    back = pool.map(lambda item: item, items, 100)
    assert [struct.unpack("<Q", struct.pack("<d", item))[0] for item in back] == bits


def test_a_list_of_numbers_may_be_changed_while_it_is_used_again(pool: Pool) -> None:
    items = list(range(100_000))
    result = pool.apply(list, (items,))
    assert result == items
    result.append(None)
    assert pool.apply(len, (result,)) == 100_001


def test_long_messages_may_go_both_ways_at_one_time(pool: Pool) -> None:
    blobs = [bytes([n]) * 1_000_000 for n in range(60)]
    results = [pool.apply_async(bytes.upper, (blob,)) for blob in blobs]
    assert [result.get(SECONDS) for result in results] == [blob.upper() for blob in blobs]


def test_arrays_that_came_from_workers_are_sent_on_without_a_copy(pool: Pool) -> None:
    def segments(array: np.ndarray) -> tuple[str, np.ndarray]:
        return memory(array), array

    def memory(array: np.ndarray) -> str:
        """Name what an array's memory is mapped from."""
        for line in Path("/proc/self/maps").read_text().splitlines():
            place, _, _, _, inode, *_ = line.split()
            start, end = (int(number, 16) for number in place.split("-"))
            if start <= array.ctypes.data < end:
                return inode
        raise AssertionError("it is in no memory")

    there, back = pool.apply(segments, (np.arange(100_000),))
    assert memory(back) == there
    # Also a part of it, and by way of another worker.
    again = pool.map(segments, [back[1000:90_000]] * 8, 1)
    assert {inode for inode, _ in again} == {there}
    assert all((array == back[1000:90_000]).all() for _, array in again)


def test_an_array_stays_what_it_was_however_much_memory_is_used_again(pool: Pool) -> None:
    kept = []
    for number in range(30):
        array = pool.apply(np.full, (50_000, number))
        if number % 3 == 0:
            kept.append(array[number:])
        del array
    assert [set(array.tolist()) for array in kept] == [{number} for number in range(0, 30, 3)]


def test_a_fork_keeps_the_arrays_that_its_parent_lets_go(pool: Pool) -> None:
    array = pool.apply(np.full, (100_000, 7))
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.read(reader, 1)
            os._exit(int((array == 7).all()))
        finally:
            os._exit(2)
    del array
    for _ in range(6):
        pool.apply(np.full, (100_000, 8))
    os.write(writer, b"x")
    status = os.waitpid(child, 0)[1]
    os.close(reader)
    os.close(writer)
    assert os.waitstatus_to_exitcode(status) == 1


def test_an_exception_has_its_type_arguments_notes_and_the_workers_traceback(pool: Pool) -> None:
    def fail(x: int) -> None:
        error = KeyError("gone", x)
        error.add_note("the user's note")
        raise error

    with pytest.raises(KeyError) as caught:
        pool.map(fail, [1])
    assert caught.value.args == ("gone", 1)
    assert "the user's note" in caught.value.__notes__
    assert "in fail" in str(caught.value.__cause__)


def test_an_exception_that_cannot_be_pickled_arrives_as_text(pool: Pool) -> None:
    class OddError(Exception):
        def __init__(self, a: int, b: int) -> None:
            super().__init__(f"{a} and {b}")

    def fail(_: int) -> None:
        raise OddError(1, 2)

    with pytest.raises(RuntimeError, match="OddError: 1 and 2"):
        pool.map(fail, [0])


def test_what_cannot_be_pickled_is_refused_with_its_name(pool: Pool) -> None:
    lock = __import__("threading").Lock()
    with pytest.raises((TypeError, pickle.PicklingError)) as caught:
        pool.map(lambda _: lock, [1])
    assert any("worker processes" in note for note in caught.value.__notes__)
    with pytest.raises((TypeError, pickle.PicklingError)):
        pool.map(double, [lock])
    assert pool.map(double, [1]) == [2]


@pytest.mark.parametrize(("how", "says"), [("exit", "exit code 7"), ("kill", "signal 9")])
def test_a_worker_that_dies_fails_its_tasks_and_the_pool_lives_on(how: str, says: str) -> None:
    with mc.Pool(2) as pool:
        with pytest.raises(mc.WorkerDied, match=says):
            pool.apply(die, (how,))
        assert pool.map(double, range(100)) == list(range(0, 200, 2))


def test_a_result_that_does_not_come_in_time_is_a_timeout(pool: Pool) -> None:
    import multiprocessing

    result = pool.apply_async(time.sleep, (0.3,))
    with pytest.raises(TimeoutError):
        result.get(timeout=0.01)
    with pytest.raises(multiprocessing.TimeoutError):
        result.get(timeout=0.01)
    assert result.get(SECONDS) is None


def test_an_interrupted_map_stops_and_the_pool_goes_on() -> None:
    with mc.Pool(2) as pool:
        pool.map(double, range(2))

        def alarm(*_: object) -> None:
            raise InterruptedError("enough")

        signal.signal(signal.SIGALRM, alarm)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        start = time.monotonic()
        with pytest.raises(InterruptedError, match="enough"):
            pool.map(time.sleep, [60, 60, 60], chunksize=1)
        assert time.monotonic() - start < 5
        assert pool.map(double, range(10)) == list(range(0, 20, 2))


def test_a_closed_pool_finishes_what_it_has_and_leaves_no_process() -> None:
    pool = mc.Pool(2)
    processes = pool.map(lambda _: os.getpid(), range(8), chunksize=1)
    result = pool.map_async(double, range(1000))
    pool.close()
    pool.join()
    assert result.get(SECONDS) == list(range(0, 2000, 2))
    wait_until_gone(processes, 2)
    with pytest.raises(ValueError, match="not running"):
        pool.map(double, [1])


def test_shared_memory_leaves_nothing_behind() -> None:
    before = set(Path("/dev/shm").iterdir())
    with mc.Pool(2) as pool:
        array = np.ones(1_000_000)
        assert pool.map(np.sum, [array] * 4, chunksize=1) == [1_000_000] * 4
        with pytest.raises(mc.WorkerDied):
            pool.apply(lambda a: os._exit(1), (array,))
    assert set(Path("/dev/shm").iterdir()) == before


def test_workers_do_not_outlive_a_killed_parent() -> None:
    program = (
        "import manycore as mc, os, time\n"
        "pool = mc.Pool(2)\n"
        "print(*pool.map(lambda _: (time.sleep(0.05), os.getpid())[1], range(8), 1), flush=True)\n"
        "pool.map(time.sleep, [60, 60], 1)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, stderr=subprocess.PIPE
    )
    assert parent.stdout is not None
    processes = [int(word) for word in parent.stdout.readline().split()]
    assert len(set(processes)) == 2
    parent.kill()
    parent.communicate()
    wait_until_gone(processes, 2)


def test_a_pool_that_nobody_closes_ends_with_its_program() -> None:
    program = (
        "import manycore as mc, time\n"
        "pool = mc.Pool(2)\n"
        "result = pool.map_async(time.sleep, [60, 60], 1)\n"
        "print(pool.apply_async(abs, (-1,)).ready())\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore::ResourceWarning", "-c", program],
        timeout=SECONDS,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "False\n", "")


def test_a_fork_leaves_its_parents_workers_alone() -> None:
    with mc.Pool(2) as pool:
        before = set(pool.map(lambda _: os.getpid(), range(16), chunksize=1))
        child = os.fork()
        if child == 0:
            del pool
            os._exit(0)
        os.waitpid(child, 0)
        assert all(map(is_alive, before))
        assert pool.map(double, range(4)) == [0, 2, 4, 6]


def test_an_initializer_runs_once_in_each_worker() -> None:
    def start(value: int) -> None:
        os.environ["MANYCORE_TEST"] = str(value)

    with mc.Pool(2, start, (42,)) as pool:
        values = pool.map(lambda _: os.environ.get("MANYCORE_TEST"), range(8), chunksize=1)
    assert set(values) == {"42"}


def test_an_initializer_that_fails_is_the_tasks_exception() -> None:
    def start() -> None:
        raise ValueError("no start")

    with mc.Pool(1, start) as pool, pytest.raises(ValueError, match="no start"):
        pool.map(double, [1])


def test_zero_workers_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        mc.Pool(0)
