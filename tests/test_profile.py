"""Profiles against what is known of a program, and the command that makes them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

import manycore as mc
from children import DEADLINE, output
from manycore import _core, _profile, _sampling

# Samples that make a share certain to three points, so many in a second.
ENOUGH = 1_100
HZ = 500.0
POINTS = 0.03

DATA = np.random.default_rng(0).random(20_000)


def hot_python(count: int) -> int:
    total = 0
    for number in range(count * 400):
        total += number
    return total


def hot_numpy(count: int) -> None:
    for _ in range(count):
        np.sort(DATA)


def cold(count: int) -> None:
    seen = {}
    for number in range(count * 200):
        seen[number & 255] = number


def unit(function: Callable[[int], object]) -> float:
    """Measure what one step of a function takes."""
    best = 1.0
    for _ in range(5):
        start = time.perf_counter()
        function(20)
        best = min(best, (time.perf_counter() - start) / 20)
    return best


class Planted:
    """Spends a share of its time in one function, the rest in another; knows what it did."""

    def __init__(self, hot: Callable[[int], object], share: float) -> None:
        self.hot = hot
        cycle = 0.04
        self.steps = max(1, round(cycle * share / unit(hot)))
        self.others = max(1, round(cycle * (1 - share) / unit(cold)))
        self.seconds = [0.0, 0.0]

    def run(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        now = time.perf_counter()
        while now < end:
            self.hot(self.steps)
            between = time.perf_counter()
            cold(self.others)
            self.seconds[0] += between - now
            now, before = time.perf_counter(), between
            self.seconds[1] += now - before

    @property
    def share(self) -> float:
        return self.seconds[0] / sum(self.seconds)


def seen_share(profile: mc.Profile, hot: str) -> float:
    seconds = {row.function: row.seconds for row in profile.functions()}
    return seconds[hot] / (seconds[hot] + seconds.get("cold", 0.0))


def error_of(hot: Callable[[int], object], share: float, threads: int) -> float:
    """Profile a planted function; return by how much the profile is wrong."""
    planted = [Planted(hot, share) for _ in range(max(threads, 1))]
    seconds = (ENOUGH + 50) / HZ
    with mc.profile(hz=HZ) as p:
        if threads:
            running = [
                threading.Thread(target=each.run, args=(seconds,), name="planted")
                for each in planted
            ]
            for thread in running:
                thread.start()
            for thread in running:
                thread.join()
        else:
            planted[0].run(seconds)
    known = sum(each.seconds[0] for each in planted) / sum(sum(each.seconds) for each in planted)
    return seen_share(p, hot.__name__) - known


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
@pytest.mark.parametrize(
    ("hot", "threads"), [(hot_python, 0), (hot_numpy, 0), (hot_python, 2)], ids=str
)
def test_shares_are_true_to_three_points(
    hot: Callable[[int], object], threads: int, share: float
) -> None:
    errors = []
    # Once, another process may have taken the processor at the wrong times.
    for _ in range(2):
        errors.append(error_of(hot, share, threads))
        if abs(errors[-1]) <= POINTS:
            break
    assert min(map(abs, errors)) <= POINTS, errors


def test_lines_functions_and_what_their_time_goes_to() -> None:
    def sleeper() -> None:
        time.sleep(0.3)

    def sorter() -> None:
        end = time.perf_counter() + 0.3
        while time.perf_counter() < end:
            np.sort(DATA)

    def looper() -> None:
        end = time.perf_counter() + 0.3
        while time.perf_counter() < end:
            hot_python(10)

    with mc.profile(hz=HZ) as p:
        sleeper()
        sorter()
        looper()
    rows = {row.function.rpartition(".")[2]: row for row in p.functions()}
    assert rows["sleeper"].waiting > 0.8 * rows["sleeper"].seconds
    assert rows["sorter"].native > 0.6 * rows["sorter"].seconds
    assert rows["hot_python"].python > 0.7 * rows["hot_python"].seconds
    for name in ("sleeper", "sorter", "looper"):
        assert 0.2 < rows[name].share < 0.5, rows
    slept = next(row for row in p.lines() if row.function.endswith("sleeper"))
    assert _profile.source(slept) == "time.sleep(0.3)"
    assert slept.file == __file__
    # What a library is called for is its caller's; asked for, libraries have lines of their own.
    assert not any("numpy" in row.file for row in p.lines())
    assert sum(row.own_share for row in p.lines()) == pytest.approx(1, abs=0.02)
    assert any("numpy" in row.file for row in p.lines(libraries=True))
    assert not any(row.file == _profile.__file__ for row in p.lines(libraries=True))
    assert p.method == "frames"
    assert p.warning is None
    assert p.samples > 100
    assert 0 < p.own_seconds < 0.2 * p.seconds


def test_threads_wait_for_the_gil_and_have_names() -> None:
    def spin() -> None:
        end = time.perf_counter() + 0.5
        while time.perf_counter() < end:
            hot_python(1)

    with mc.profile(hz=HZ) as p:
        threads = [threading.Thread(target=spin, name=f"spinner {number}") for number in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    rows = {row.name: row for row in p.threads()}
    for name in ("spinner 1", "spinner 2"):
        assert rows[name].gil_wait > 0.2 * rows[name].seconds
        assert rows[name].python > 0.2 * rows[name].seconds
    main = rows["MainThread"]
    assert main.idle > 0.8 * (main.idle + main.seconds)
    assert threading.Thread._bootstrap_inner.__name__ == "_bootstrap_inner"  # type: ignore[attr-defined]


def test_compiled_functions_and_the_engines_tasks_have_names() -> None:
    @mc.jit
    def kernel(count: int) -> float:
        total = 0.0
        for number in range(count):
            total += number**0.5
        return total

    kernel(3)
    with mc.profile(hz=HZ) as p:
        end = time.perf_counter() + 0.3
        while time.perf_counter() < end:
            kernel(1_000_000)
        mc.bag.range(200_000, npartitions=4).map(str).count().compute()
    (row,) = p.kernels()
    assert row.function == "kernel [mc.jit]"
    assert row.native > 0.25
    line = p.lines()[0]
    assert _profile.source(line) == "kernel(1_000_000)"
    assert line.native > 0.9 * line.seconds
    assert p.tasks()


def tasks_of(stacks: list[Any], op: str) -> list[tuple[tuple[str, ...], float]]:
    """Return the stacks, by functions, that a task of an op is in, and their seconds."""
    named = [(tuple(frame[1] for frame in frames), seconds) for frames, seconds in stacks]
    return [(names, seconds) for names, seconds in named if f"manycore: {op}" in names]


def test_the_engines_tasks_are_frames_below_the_line_that_waits_for_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("to be or not to be\n" * 2_000_000)
    words = mc.bag.read_text(tmp_path / "a.txt", blocksize=1_000_000).str.split().flatten()
    with mc.profile(hz=HZ) as p:
        counted = words.frequencies().compute()
        middle = time.perf_counter()
        while time.perf_counter() < middle + 0.05:
            hot_python(1)
    assert dict(counted)["to"] == 4_000_000
    (task,) = [task for task in p.tasks() if task.op.startswith("read_text")]
    assert task.seconds > 0.1
    found = tasks_of(p.stacks(), task.op)
    function = "test_the_engines_tasks_are_frames_below_the_line_that_waits_for_them"
    assert all(names[-1] == f"manycore: {task.op}" for names, _ in found)
    assert all(function in names for names, _ in found)
    # The time of the tasks, once: not that of the thread that waits for them too.
    seconds = sum(seconds for _, seconds in found)
    assert seconds == pytest.approx(task.seconds, rel=0.25, abs=0.03)
    line = max(p.lines(), key=lambda row: row.native)
    assert _profile.source(line) == "counted = words.frequencies().compute()"
    assert seconds - 1e-9 <= line.seconds < seconds + 0.3 * p.seconds  # sums round
    assert not any(row.name.startswith("manycore: ") for row in p.threads())
    at_work = [row for row in p.threads() if row.native > 0.02 and row.name != "MainThread"]
    assert sum(row.native for row in at_work) == pytest.approx(seconds, rel=0.1, abs=0.02)
    assert sum(row.seconds for row in p.threads()) == pytest.approx(p.busy_seconds, rel=0.05)
    # They are in what is drawn, in the tables and in the files.
    assert f"manycore: {task.op}" in str(p)
    assert f"manycore: {task.op}" in p.collapsed()
    assert f"manycore: {task.op}" in p._repr_html_()
    assert p.kernels() == []
    speedscope = json.loads(p.speedscope())
    named = [frame["name"] for frame in speedscope["shared"]["frames"]]
    task_number = named.index(f"manycore: {task.op}")
    weights = [
        weight
        for each in speedscope["profiles"]
        for stack, weight in zip(each["samples"], each["weights"], strict=True)
        if stack[-1] == task_number
    ]
    assert sum(weights) == pytest.approx(seconds, rel=0.3, abs=0.03)
    events = json.loads(p.chrome())["traceEvents"]
    hot = [event for event in events if event["name"] == f"manycore: {task.op}"]
    assert sum(event["dur"] for event in hot) / 1e6 == pytest.approx(seconds, rel=0.3, abs=0.03)


@pytest.mark.parametrize("lane", ["threads", "inline"])
def test_python_tasks_count_once_and_are_named_where_they_are_not_the_callers_own(
    lane: Literal["threads", "inline"],
) -> None:
    calls = [mc.delayed(spend)(0.1) for _ in range(4)]
    with mc.profile(hz=HZ) as p:
        known = mc.compute(*calls, lane=lane)
    (task,) = p.tasks()
    rows = {row.function: row for row in p.functions()}
    assert rows["spend"].seconds == near(sum(known))
    found = tasks_of(p.stacks(), task.op)
    if lane == "inline":
        assert found == []
        assert p.busy_seconds == near(rows["spend"].seconds)
    else:
        main = next(row for row in p.threads() if row.name == "MainThread")
        # While they are at it, their caller is not.
        assert main.idle > 0.5 * max(known)
        # Now and then a task is seen before it has come to its function.
        spent = [(names, seconds) for names, seconds in found if "spend" in names]
        named = sum(seconds for _, seconds in spent)
        assert named == pytest.approx(rows["spend"].seconds, rel=0.05)
        assert all(names.index("spend") > names.index(f"manycore: {task.op}") for names, _ in spent)


def spend(seconds: float) -> float:
    """Work so long; return how long it was, as others may have had the processor at the end."""
    start = time.perf_counter()
    while time.perf_counter() < start + seconds:
        hot_python(1)
    return time.perf_counter() - start


def near(seconds: float) -> Any:
    """Compare seconds of few samples, which a machine at work makes fewer."""
    return pytest.approx(seconds, rel=0.25, abs=0.1)


def test_workers_profiles_are_part_of_it() -> None:
    with mc.profile(hz=HZ) as p, mc.Pool(2) as pool:
        known = sum(pool.map(spend, [0.15] * 6))
        # The block's end kills the workers, who write down what they saw twenty times a second.
        time.sleep(0.2)
    assert p.workers == 2
    rows = {row.function: row for row in p.functions()}
    assert rows["spend"].seconds == near(known)
    names = [row.name for row in p.threads()]
    assert len({name.partition(":")[0] for name in names if name.startswith("worker ")}) == 2
    # Nothing of the workers' own loop.
    assert not any("_worker.py" in row.file for row in p.lines(libraries=True))
    assert _sampling._VARIABLE not in os.environ


def spent(profile: mc.Profile) -> float:
    """Return the seconds of `spend`."""
    return sum(row.seconds for row in profile.functions() if row.function == "spend")


def of_pool() -> tuple[Callable[[int], list[float]], Callable[[], object]]:
    pool = mc.Pool(2)
    return lambda count: pool.map(spend, [0.1] * count, chunksize=1), pool.terminate


def of_compute() -> tuple[Callable[[int], list[float]], Callable[[], object]]:
    def work(count: int) -> list[float]:
        return list(mc.compute(*[mc.delayed(spend)(0.1) for _ in range(count)], lane="processes"))

    return work, lambda: None


def of_joblib() -> tuple[Callable[[int], list[float]], Callable[[], object]]:
    import joblib

    def work(count: int) -> list[float]:
        calls = (joblib.delayed(spend)(0.1) for _ in range(count))
        return list(joblib.Parallel(2, backend="manycore")(calls))

    return work, lambda: None


@pytest.mark.parametrize("of", [of_pool, of_compute, of_joblib])
def test_workers_that_were_there_before_are_part_of_it(
    of: Callable[[], tuple[Callable[[int], list[float]], Callable[[], object]]],
) -> None:
    work, close = of()
    work(4)
    for count in (6, 4):
        with mc.profile(hz=HZ) as p:
            known = sum(work(count))
        assert spent(p) == near(known)
        assert 1 <= p.workers <= 2
        assert not any("_worker.py" in row.file for row in p.lines(libraries=True))
    with mc.profile(hz=HZ) as idle:
        hot_python(1_000)
    assert idle.workers == 0
    close()


FORKS = """
import json, os, sys, time
import manycore as mc

def spend(seconds):
    start = time.perf_counter()
    total = 0
    while time.perf_counter() < start + seconds:
        total += 1
    with open("spent", "a") as known:
        print(time.perf_counter() - start, file=known)

def plain(count):
    # A fork, one that ends like a program, and one that forks.
    for number in range(count):
        if (pid := os.fork()) == 0:
            if number == 2 and os.fork():
                os.wait()
                os._exit(0)
            spend(0.2)
            os._exit(0) if number else sys.exit(0)
        assert os.waitpid(pid, 0)[1] == 0

def processes(method):
    import multiprocessing

    context = multiprocessing.get_context(method)
    def run(count):
        children = [context.Process(target=spend, args=(0.2,)) for _ in range(count)]
        for child in children:
            child.start()
        for child in children:
            child.join()
    return run

def executor(method):
    import concurrent.futures, multiprocessing

    context = multiprocessing.get_context(method)
    def run(count):
        with concurrent.futures.ProcessPoolExecutor(2, context) as pool:
            list(pool.map(spend, [0.2] * count))
    return run

def killed(count):
    import multiprocessing, signal

    child = multiprocessing.get_context("fork").Process(target=spend, args=(30,))
    child.start()
    time.sleep(0.2 * count)
    child.kill()
    child.join()

def program(count):
    # Not ours: it takes no part.
    import subprocess

    code = "import time\\nwhile time.process_time() < 0.5: pass"
    subprocess.run([sys.executable, "-S", "-c", code], check=True)

if __name__ == "__main__":
    with mc.profile(hz=500) as p:
        eval(sys.argv[1])(3)
    seconds = {row.function: row.seconds for row in p.functions()}
    notes = [note for note in p._notes() if "child processes" in note]
    roots = {frames[0][1] for frames, _ in p.stacks() if frames[-1][1] == "spend"}
    print(json.dumps([seconds.get("spend", 0), p.workers, notes, sorted(roots)]))
"""


@pytest.fixture
def forks(tmp_path: Path) -> Callable[[str], tuple[float, int, list[str], list[str]]]:
    path = tmp_path / "forks.py"
    path.write_text(FORKS)

    def profiled(what: str) -> Any:
        # From 3.12 on Python warns of forks: the sampler is a thread.
        ended = subprocess.run(
            [sys.executable, "-W", "ignore", path, what],
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=True,
            cwd=tmp_path,
        )
        assert ended.stderr == ""
        return json.loads(ended.stdout)

    return profiled


@pytest.mark.parametrize(
    ("what", "workers"),
    [
        ("plain", (4, 4)),
        ("processes('fork')", (3, 3)),
        ("processes('spawn')", (3, 3)),
        ("processes('forkserver')", (3, 3)),
        ("executor('fork')", (1, 2)),
        ("executor('spawn')", (1, 2)),
    ],
)
def test_children_are_part_of_it(
    forks: Callable[[str], tuple[float, int, list[str], list[str]]],
    tmp_path: Path,
    what: str,
    workers: tuple[int, int],
) -> None:
    seconds, seen, notes, roots = forks(what)
    assert seconds == near(sum(map(float, (tmp_path / "spent").read_text().split())))
    assert workers[0] <= seen <= workers[1]
    assert "spawn" in what or "forkserver" in what or notes == []
    # What a child of `multiprocessing` does is no part of the line that forked it.
    begins = {"plain": "<module>", "executor": "_process_worker", "processes": "spend"}
    assert roots == [begins[what.partition("(")[0]]]


def test_what_is_known_of_children_that_are_not_part_of_it(
    forks: Callable[[str], tuple[float, int, list[str], list[str]]],
) -> None:
    seconds, workers, notes, _ = forks("killed")
    # It had written down what it saw, but for the last moments.
    assert seconds == near(0.6)
    assert (workers, notes) == (1, [])
    _, workers, (note,), _ = forks("program")
    assert workers == 0
    took = float(note.removeprefix("child processes took ").split()[0])
    assert 400 < took < 1_000
    assert " ms of processor time that is not in this profile" in note


def test_memory_is_charged_to_the_line_that_grows() -> None:
    with mc.profile(hz=HZ, memory=True) as p:
        kept = [np.ones(250_000) for _ in range(100)]
        hot_python(2_000)
    rows = {_profile.source(row): row for row in p.lines()}
    grown = rows["kept = [np.ones(250_000) for _ in range(100)]"].memory_bytes
    assert grown is not None
    assert 100e6 < grown < 220e6
    assert sum(row.memory_bytes or 0 for row in p.lines()) < 230e6
    assert len(kept) == 100
    assert "memory" in str(p)


def test_allocations() -> None:
    with mc.profile(tracemalloc=True) as p:
        kept = [str(number) for number in range(20_000)]
    first = p.allocations()[0]
    assert first.file == __file__
    assert first.bytes > 20_000 * 50
    assert len(kept) == 20_000
    assert "pieces" in str(p)
    with mc.profile() as other:
        pass
    with pytest.raises(RuntimeError, match="tracemalloc=True"):
        other.allocations()


def test_exports_are_read_by_what_reads_them() -> None:
    with mc.profile(hz=HZ) as p:
        hot_python(3_000)
        np.sort(np.random.default_rng(0).random(1_000_000))
    total = p.busy_seconds
    lines = [line.rpartition(" ") for line in p.collapsed().splitlines()]
    assert sum(int(number) for *_, number in lines) == pytest.approx(total * 1e6, rel=0.01)
    assert any("hot_python (test_profile.py:" in names for names, *_ in lines)
    speedscope = json.loads(p.speedscope())
    (main,) = speedscope["profiles"]
    assert len(main["samples"]) == len(main["weights"])
    # A timeline is cut at moments, a sample stands for a whole period.
    assert sum(main["weights"]) == pytest.approx(total, rel=0.2)
    names = [frame["name"] for frame in speedscope["shared"]["frames"]]
    assert all(0 <= number < len(names) for sample in main["samples"] for number in sample)
    events = json.loads(p.chrome())["traceEvents"]
    hot = [event for event in events if event["name"] == "hot_python"]
    assert sum(event["dur"] for event in hot) > 1_000
    assert sum(seconds for _, seconds in p.stacks()) == pytest.approx(total, rel=0.001)
    assert "<svg" in p.flame()
    page = p._repr_html_()
    assert "hot_python" in page
    assert "<svg" in page


@pytest.mark.parametrize("hz", [0, -1, 1e9, float("nan")])
def test_hz_is_checked(hz: float) -> None:
    with (
        pytest.raises(ValueError, match=r"hz must be samples in a second, .*, not"),
        mc.profile(hz),
    ):
        pass


def test_misuse() -> None:
    p = mc.profile()
    assert repr(p) == "<manycore profile: not made yet>"
    with pytest.raises(RuntimeError, match="there is no profile yet"):
        p.lines()
    with p, pytest.raises(RuntimeError, match="being made already"), mc.profile():
        pass
    with pytest.raises(RuntimeError, match="is made once"), p:
        pass
    # What was refused has left nothing behind.
    again = mc.profile()
    assert again(max, 3, 4) == 4
    assert repr(again).startswith("<manycore profile: ")


def test_a_profile_may_begin_where_a_class_is_called_often() -> None:
    class Profiled:
        def __init__(self, begins: bool) -> None:
            if begins:
                with mc.profile(hz=HZ) as self.profile:
                    hot_python(1_000)

    # The interpreter replaces the call by one that has a frame of its own.
    for begins in [False] * 100 + [True]:
        made = Profiled(begins)
    assert made.profile.method == "frames"
    files = {row.file for row in made.profile.lines(libraries=True)}
    assert __file__ in files
    assert "__init__" not in files


def test_an_exception_passes_through() -> None:
    def fail() -> None:
        hot_python(1_000)
        raise ZeroDivisionError

    p = mc.profile(hz=HZ)
    with pytest.raises(ZeroDivisionError):
        p(fail)
    assert p.functions()


def test_a_fork_within_the_block_goes_on() -> None:
    assert (
        output(
            """
            import os
            import manycore as mc
            with mc.profile(hz=500) as p:
                pid = os.fork()
                if pid == 0:
                    sum(range(10**6))
            if pid == 0:
                os._exit(5)
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), p.samples >= 0)
            """,
            flags=["-W", "ignore"],
        )
        == "5 True\n"
    )


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this an interpreter whose frames can't be read."""

    def refuse(*_: object) -> None:
        raise RuntimeError("frames of Python 3.99.0 can't be read")

    monkeypatch.setattr(_core, "profile_start", refuse)


@pytest.mark.usefixtures("unreadable")
def test_where_frames_cannot_be_read_python_samples_itself(tmp_path: Path) -> None:
    # Its worker waits for work all the time.
    with ThreadPoolExecutor(1) as idle, mc.profile(hz=HZ) as p:
        idle.submit(int).result()
        ended = threading.Thread(target=spend, args=(0.3,), name="ended before")
        ended.start()
        ended.join()
        hot_python(4_000)
    assert p.method == "current_frames"
    assert p.warning is not None
    assert "3.99.0" in p.warning
    assert p.warning in str(p)
    rows = {row.function: row for row in p.functions()}
    assert rows["hot_python"].seconds > 0.3
    assert rows["spend"].seconds == near(0.3)
    threads = {row.name: row for row in p.threads()}
    assert threads["ended before"].seconds == near(0.3)
    # Who waits for a thread is idle.
    assert threads["MainThread"].idle == near(0.3)
    total = p.busy_seconds
    assert sum(seconds for _, seconds in p.stacks()) == pytest.approx(total, rel=0.001)
    assert total <= 1.1 * p.seconds
    assert p.cpu_seconds > 0.1
    lines = [line.rpartition(" ") for line in p.collapsed().splitlines()]
    assert sum(int(number) for *_, number in lines) == pytest.approx(total * 1e6, rel=0.01)
    speedscope = json.loads(p.speedscope())
    weights = [sum(each["weights"]) for each in speedscope["profiles"]]
    assert sum(weights) == pytest.approx(total, rel=0.01)
    events = json.loads(p.chrome())["traceEvents"]
    hot = [event for event in events if event["name"] == "hot_python"]
    assert sum(event["dur"] for event in hot) / 1e6 == near(rows["hot_python"].seconds)
    p.html(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert "<svg" in page
    assert "hot_python" in page
    assert "<svg" in p._repr_html_()


@pytest.mark.usefixtures("unreadable")
@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
@pytest.mark.parametrize(
    ("hot", "threads"), [(hot_python, 0), (hot_numpy, 0), (hot_python, 2)], ids=str
)
def test_shares_that_python_samples_are_as_true_as_it_says(
    hot: Callable[[int], object], threads: int, share: float
) -> None:
    # It says by half; where no native code lets go of the GIL they are truer.
    assert abs(error_of(hot, share, threads)) < (0.5 if hot is hot_numpy else 0.2)


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def profiled(text: str, *arguments: object, **options: Any) -> Any:
        path = tmp_path / "script.py"
        path.write_text(text)
        before = [str(option) for pair in options.items() for option in (f"--{pair[0]}", pair[1])]
        command = [sys.executable, "-m", "manycore.cli", "profile", *before, str(path)]
        return subprocess.run(
            [*command, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            cwd=tmp_path,
            check=False,
        )

    return profiled


WORK = """
import sys
import helper
def work():
    total = 0
    for number in range(3_000_000):
        total += number
    return total
work()
print(__name__, sys.argv, __file__, sys.path[0], helper.NAME)
"""


def test_a_script_runs_as_python_runs_it(script: Any, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("NAME = 'helped'\n")
    files = {name: tmp_path / f"out.{name}" for name in ("html", "speedscope", "chrome")}
    ended = script(WORK, "--hz", "x y", hz=500, collapsed=tmp_path / "out.txt", **files)
    assert ended.returncode == 0, ended
    plain = subprocess.run(
        [sys.executable, tmp_path / "script.py", "--hz", "x y"],
        capture_output=True,
        text=True,
        check=True,
        timeout=DEADLINE,
    )
    assert ended.stdout == plain.stdout
    assert "manycore profile: " in ended.stderr
    assert "total += number" in ended.stderr
    assert "<svg" in files["html"].read_text()
    for name in ("speedscope", "chrome"):
        json.loads(files[name].read_text())
    assert "work (script.py:" in (tmp_path / "out.txt").read_text()


FAILURE = """
def fail():
    total = sum(range(3_000_000))
    raise KeyError("größe")
fail()
"""


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (FAILURE, 1),
        ("import sys\nsum(range(10**7))\nsys.exit(7)", 7),
        ("raise SystemExit('a message')", 1),
        ("import sys\nsys.exit()", 0),
        ("x = (", 1),
        ("raise KeyboardInterrupt", 130),
    ],
)
def test_a_script_that_fails_is_profiled_up_to_its_failure(
    script: Any, tmp_path: Path, text: str, status: int
) -> None:
    ended = script(text, hz=500)
    assert ended.returncode == status, ended
    said, _, shown = ended.stderr.partition("manycore profile: ")
    assert "samples at 500 Hz" in shown
    by_python = subprocess.run(
        [sys.executable, tmp_path / "script.py"],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert said == by_python.stderr


def test_a_scripts_threads_are_waited_for(script: Any) -> None:
    ended = script(
        "import threading, time\n"
        "def late():\n    time.sleep(0.3)\n    print('late')\n"
        "threading.Thread(target=late, name='latecomer').start()\n"
    )
    assert (ended.returncode, ended.stdout) == (0, "late\n")
    assert "latecomer" in ended.stderr


def test_a_script_that_is_not_there(script: Any, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "manycore.cli", "profile", tmp_path / "none.py"],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert ended.returncode == 1
    assert "none.py" in ended.stderr
    assert "Traceback" not in ended.stderr
    ended = script("print('ran')", html=tmp_path / "no" / "folder.html")
    assert ended.returncode == 1
    assert "no such folder" in ended.stderr
    assert ended.stdout == ""


def test_the_notebooks_magic(tmp_path: Path) -> None:
    said = output(
        """
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        shell = InteractiveShell(config=config)
        shell.run_cell("%load_ext manycore").raise_error()
        shell.run_cell('''%%mc_profile 500
        def hot(count):
            total = 0
            for number in range(count):
                total += number
            return total
        ten = hot(10)
        total = hot(5_000_000)''').raise_error()
        p = shell.user_ns["_"]
        print()
        print(p.hz, shell.user_ns["ten"], p.lines()[0].function, round(p.lines()[0].share, 1) > 0.3)
        # The cell's own frames, and none of IPython's around them.
        (hot, *_) = [frames for frames, _ in p.stacks() if frames[-1][1] == "hot"]
        files = {row.file for row in p.lines(libraries=True)}
        print([frame[1] for frame in hot], any("interactiveshell" in file for file in files))
        shown, _ = shell.display_formatter.format(p)
        print("total += number" in shown["text/html"], "<svg" in shown["text/html"])
        print(shown["text/plain"].startswith("<manycore profile: "))
        # A cell that fails has been profiled up to its failure, and shown as IPython shows it.
        shell.run_cell("%%mc_profile 500\\nhot(5_000_000)\\nraise KeyError('planted')")
        print("hot" in [row.function for row in shell.user_ns["_"].functions()])
        failed = shell.run_cell("%%mc_profile fast\\npass")
        print(repr(failed.error_in_exec))
        """,
        environment={"IPYTHONDIR": str(tmp_path)},
    )
    lines = said.splitlines()
    assert lines[0].startswith("Out[0]: <manycore profile: ")
    assert lines[1:6] == ["", "500.0 45 hot True", "['<module>', 'hot'] False", "True True", "True"]
    assert "KeyError: 'planted'" in said
    last = [line for line in lines if line.startswith(("True", "ValueError("))]
    assert last[-2] == "True"
    assert last[-1] == (
        'ValueError("%%mc_profile takes samples in a second, such as %%mc_profile 500, '
        "not 'fast'\")"
    )
