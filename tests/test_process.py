"""The engine among other things of a process: forks, threads, runs within runs, and its exit."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import manycore as mc
from children import DEADLINE, output, run

# Imports.


def test_the_import_brings_no_large_library() -> None:
    code = """
        import sys
        before = set(sys.modules)
        import manycore
        print(*sorted(name for name in set(sys.modules) - before if "." not in name))
    """
    brought = set(output(code).split())
    assert "manycore" in brought
    large = {"numpy", "asyncio", "dask", "multiprocessing", "concurrent", "pandas", "logging"}
    assert not brought & large


@pytest.mark.parametrize("flags", [["-X", "dev", "-W", "error"], ["-I"], ["-O"], ["-B", "-E"]])
def test_a_process_ends_without_a_warning(flags: list[str]) -> None:
    code = """
        import manycore as mc
        print(mc.bag.range(10, 3).map(lambda x: x + 1).sum().compute())
        print(mc.machine(bandwidth=False).usable_cores >= 1)
    """
    assert output(code, flags=flags) == "55\nTrue\n"


# Forks.

# From Python 3.12 on, a fork among threads warns.
QUIET = ["-W", "ignore::DeprecationWarning"]

COMPUTE = """
import os, sys, threading, time, multiprocessing
import manycore as mc

def total(number=0):
    words = mc.bag.from_sequence(["a b", "c"] * 50).str.split().flatten().count().compute()
    return mc.bag.range(1000, 10).map(lambda x: x + number).sum().compute() + words
"""


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_a_forked_child_computes_after_its_parent_did(workers: int) -> None:
    code = f"""{COMPUTE}
mc.config(workers={workers})
assert total() == 499650
for _ in range(3):
    child = os.fork()
    if child == 0:
        assert total() == 499650
        grandchild = os.fork()
        if grandchild == 0:
            os._exit(total() != 499650)
        os._exit(os.waitpid(grandchild, 0)[1] != 0)
    assert os.waitpid(child, 0)[1] == 0
    assert total() == 499650
print("done")
"""
    assert output(code, flags=QUIET) == "done\n"


def test_a_child_that_was_forked_while_other_threads_compute_works() -> None:
    # What the other threads compute is native: while threads that are not Python's come and go in
    # Python callables, CPython itself may hang in the child (PyOS_AfterFork_Child waits for a lock
    # of the parent's, seen on 3.11).
    code = f"""{COMPUTE}
stop = threading.Event()
words = mc.bag.from_sequence(["a b", "c"] * 50).str.split().flatten().count()
def compute():
    while not stop.is_set():
        words.compute()
threads = [threading.Thread(target=compute) for _ in range(2)]
for thread in threads:
    thread.start()
for _ in range(10):
    child = os.fork()
    if child == 0:
        os._exit(total() != 499650)
    assert os.waitpid(child, 0)[1] == 0
stop.set()
for thread in threads:
    thread.join()
print("done")
"""
    assert output(code, flags=QUIET) == "done\n"


def test_a_forked_child_ends_as_any_process_does() -> None:
    code = f"""{COMPUTE}
assert total() == 499650
child = os.fork()
if child == 0:
    assert total() == 499650
    sys.exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
"""
    assert output(code, flags=QUIET) == ""


def test_a_function_on_a_worker_may_fork() -> None:
    code = f"""{COMPUTE}
def fork(item):
    child = os.fork()
    if child == 0:
        os._exit(total() != 499650)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(mc.bag.range(4, 4).map(fork).compute())
"""
    assert output(code, flags=QUIET) == "[0, 0, 0, 0]\n"


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_pool_of_processes_computes(tmp_path: Path, method: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"""{COMPUTE}
if __name__ == "__main__":
    assert total() == 499650
    context = multiprocessing.get_context({method!r})
    with context.Pool(2) as pool:
        print(pool.map(total, range(3)))
    assert total() == 499650
"""
    )
    child = subprocess.run(
        [sys.executable, *QUIET, script], capture_output=True, text=True, timeout=DEADLINE
    )
    assert (child.returncode, child.stderr) == (0, "")
    assert child.stdout == "[499650, 500650, 501650]\n"


# The exit, while something runs.

EXIT = """
import atexit, sys, threading, time
import manycore as mc

started = threading.Event()

def endless(item):
    started.set()
    while True:
        pass

def short(item):
    started.set()
    return item + 1

def sleep(item):
    started.set()
    time.sleep(60)

def again(compute):
    def loop():
        while True:
            compute()
            started.set()
    return loop

numbers = mc.bag.range(10_000, 50)
words = mc.bag.from_sequence(["to be or not to be"] * 10_000).str.split().flatten()
runs = {
    "endless": numbers.map(endless).count().compute,
    "short": again(numbers.map(short).count().compute),
    "sleep": numbers.map(sleep).count().compute,
    "fold": again(numbers.fold(lambda total, item: total + short(item)).compute),
    "native": again(words.count().compute),
    "frequencies": again(words.frequencies().compute),
    "take": again(lambda: words.take(3)),
    "read": again(lambda: mc.bag.read_text(sys.argv[1])),
}
lane, run = sys.argv[2:]
mc.config(lane=lane, workers=2)
"""


@pytest.mark.parametrize("lane", ["threads", "inline"])
@pytest.mark.parametrize(
    "name", ["endless", "short", "sleep", "fold", "native", "frequencies", "take", "read"]
)
def test_the_process_ends_at_once_while_a_daemon_thread_computes(
    tmp_path: Path, lane: str, name: str
) -> None:
    (tmp_path / "a.txt").write_text("a\n")
    code = f"""{EXIT}
threading.Thread(target=runs[run], daemon=True).start()
started.wait()
print("end", flush=True)
"""
    begin = time.monotonic()
    assert output(code, tmp_path, lane, name) == "end\n"
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize("name", ["endless", "short"])
def test_the_process_keeps_its_status_while_a_daemon_thread_computes(
    tmp_path: Path, name: str
) -> None:
    code = f"""{EXIT}
threading.Thread(target=runs[run], daemon=True).start()
started.wait()
sys.exit(7)
"""
    child = run(code, tmp_path, "threads", name)
    assert (child.returncode, child.stderr) == (7, "")


def test_the_process_waits_for_a_thread_that_is_no_daemon(tmp_path: Path) -> None:
    code = """
import threading
import manycore as mc

def compute():
    go_on.wait()
    print(mc.bag.range(10, 5).map(lambda x: x + 1).sum().compute())

go_on = threading.Event()
threading.Thread(target=compute).start()
threading.Timer(0.1, go_on.set).start()
"""
    assert output(code) == "55\n"


def test_exit_functions_may_compute(tmp_path: Path) -> None:
    code = f"""
import atexit
@atexit.register
def early():  # runs last, behind manycore's own
    print("early", mc.bag.range(10, 5).map(lambda x: x + 1).sum().compute())
{EXIT}
@atexit.register
def late():
    print("late", mc.bag.range(10, 5).map(lambda x: x + 1).sum().compute())
threading.Thread(target=runs[run], daemon=True).start()
started.wait()
"""
    assert output(code, tmp_path, "threads", "short") == "late 55\nearly 55\n"


# Threads.


@pytest.mark.parametrize(("lane", "workers"), [("threads", 1), ("threads", 2), ("inline", 1)])
def test_several_threads_compute_at_once(tmp_path: Path, lane: str, workers: int) -> None:
    (tmp_path / "a.txt").write_text("to be or not to be\n" * 1000)

    def compute(number: int) -> tuple[int, int, object]:
        words = mc.bag.read_text(tmp_path, blocksize="1kB").str.split().flatten()
        return (
            mc.bag.range(1000, 10).map(lambda x: x * number).sum().compute(),
            words.count().compute(),
            words.frequencies(sort=True).take(2),
        )

    with mc.config(lane=lane, workers=workers), ThreadPoolExecutor(8) as executor:  # type: ignore[arg-type]
        results = list(executor.map(compute, range(40)))
    assert results == [(499500 * n, 6000, (("be", 2000), ("to", 2000))) for n in range(40)]


def test_a_failure_in_one_thread_does_not_touch_the_others() -> None:
    both = threading.Barrier(2, timeout=DEADLINE)

    def fail(item: int) -> int:
        if item == 500:
            both.wait()
            raise ValueError("mine")
        return item

    def succeed(item: int) -> int:
        if item == 0:
            both.wait()
        return item

    numbers = mc.bag.range(1000, 10)
    with mc.config(workers=2), ThreadPoolExecutor(2) as executor:
        failing = executor.submit(numbers.map(fail).sum().compute)
        working = executor.submit(numbers.map(succeed).sum().compute)
        assert working.result(DEADLINE) == 499500
        with pytest.raises(ValueError, match="mine"):
            failing.result(DEADLINE)


def test_one_bag_is_computed_by_several_threads_at_once() -> None:
    item = mc.bag.range(1000, 10).map(lambda x: x + 1).filter(lambda x: x % 2).sum()
    with mc.config(workers=2), ThreadPoolExecutor(8) as executor:
        futures = [executor.submit(item.compute) for _ in range(40)]
        assert {future.result(DEADLINE) for future in futures} == {250000}


# Runs within runs.


@pytest.mark.parametrize(("lane", "workers"), [("threads", 1), ("threads", 2), ("inline", 1)])
def test_a_function_may_compute_a_bag_of_its_own(lane: str, workers: int) -> None:
    def inner(number: int) -> int:
        return int(mc.bag.range(number, 4).map(lambda x: x + 1).sum().compute())

    def middle(number: int) -> int:
        return int(mc.bag.from_sequence([number, number]).map(inner).sum().compute())

    with mc.config(lane=lane, workers=workers):  # type: ignore[arg-type]
        assert mc.bag.range(20, 10).map(inner).sum().compute() == sum(
            n * (n + 1) // 2 for n in range(20)
        )
        assert mc.bag.from_sequence([3, 4], npartitions=2).map(middle).compute() == [12, 20]


def test_an_error_within_a_run_within_a_run_comes_out_once() -> None:
    def inner(number: int) -> object:
        return mc.bag.from_sequence([1, 0]).map(lambda x: number // x).compute()

    with mc.config(workers=2), pytest.raises(ZeroDivisionError) as caught:
        mc.bag.from_sequence([5]).map(inner).compute()
    notes = caught.value.__notes__
    assert notes[0] == "at the element 0"
    assert "at the element 5" in notes


def test_a_run_within_a_run_reads_files(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text("a b c\n" * number)

    def count(number: int) -> int:
        path = tmp_path / f"{number}.txt"
        return int(mc.bag.read_text(path).str.split().flatten().count().compute())

    with mc.config(workers=2):
        assert mc.bag.range(4, 4).map(count).compute() == [0, 3, 6, 9]
