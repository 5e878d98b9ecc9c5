"""What ran, where and when: `mc.trace`."""

from __future__ import annotations

import json
import math
import os
import signal
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import manycore as mc
from children import output
from manycore import _core


def count(text: str = "to be or not", partitions: int = 2) -> int:
    bag = mc.bag.from_sequence([text] * 8, npartitions=partitions)
    words: int = bag.str.split().flatten().count().compute()
    return words


def pid_after_a_nap(_: int) -> int:
    time.sleep(0.02)
    return os.getpid()


def twice(number: int) -> int:
    return 2 * number


def total_length(*parts: bytes) -> int:
    return sum(map(len, parts))


def fail_twice(marks: str) -> str:
    with Path(marks).open("a+") as file:
        file.write("x")
        file.seek(0)
        tries = len(file.read())
    if tries < 3:
        raise ValueError(tries)
    return "third"


def events(trace: mc.Trace, phase: str = "X") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(trace.chrome())["traceEvents"]
    return [event for event in found if event["ph"] == phase]


def row_names(trace: mc.Trace) -> dict[tuple[int, int], str]:
    return {
        (event["pid"], event["tid"]): event["args"]["name"]
        for event in events(trace, "M")
        if event["name"] == "thread_name"
    }


def test_every_event_has_the_keys_of_the_trace_event_format(lane: tuple[str, int]) -> None:
    with mc.trace() as t:
        assert count() == 32
        assert count("a", 3) == 8
    document = json.loads(t.chrome())
    assert set(document) == {"displayTimeUnit", "traceEvents"}
    for event in document["traceEvents"]:
        assert event["ph"] in "MXbe"
        assert {"pid", "tid", "name", "args"} <= set(event)
        assert event["ph"] == "M" or event["ts"] >= 0
    tasks = events(t)
    assert len(tasks) == t.summary().tasks == 2 + 3 + 2
    names = row_names(t)
    home = "inline" if lane[0] == "inline" else "threads"
    kind = "caller" if home == "inline" else "thread"
    for task in tasks:
        assert task["cat"] == home
        assert task["dur"] >= 0
        assert set(task["args"]) == {"run", "task", "partition", "bytes"}
        assert names[task["pid"], task["tid"]].startswith(f"{kind} ")
    pipelines = [task for task in tasks if task["name"].startswith("from_sequence+str.split")]
    assert sorted(task["args"]["partition"] for task in pipelines) == [0, 0, 1, 1, 2]
    begun, ended = events(t, "b"), events(t, "e")
    assert [run["id"] for run in begun] == [run["id"] for run in ended] == [0, 1]
    for run in range(2):
        start, end = begun[run]["ts"], ended[run]["ts"]
        own = [task for task in tasks if task["args"]["run"] == run]
        assert len(own) == begun[run]["args"]["tasks"]
        assert all(start <= task["ts"] <= task["ts"] + task["dur"] <= end for task in own)


def test_the_summary_adds_up_to_the_events(lane: tuple[str, int]) -> None:
    with mc.trace() as t:
        count()
        mc.bag.range(1000, npartitions=7).map(lambda n: n % 3).frequencies().compute()
    summary, tasks = t.summary(), events(t)
    assert summary.runs == 2
    for op in summary.ops:
        own = [task for task in tasks if task["name"] == op.op]
        assert len(own) == op.tasks
        assert math.isclose(sum(task["dur"] for task in own) / 1e6, op.seconds, abs_tol=1e-9)
        assert math.isclose(max(task["dur"] for task in own) / 1e6, op.longest, abs_tol=1e-9)
        assert sum(task["args"]["bytes"] for task in own) == op.bytes
    assert [op.seconds for op in summary.ops] == sorted(
        (op.seconds for op in summary.ops), reverse=True
    )
    (only,) = summary.lanes
    home = "inline" if lane[0] == "inline" else "threads"
    assert (only.lane, only.workers, only.tasks) == (home, lane[1], len(tasks))
    assert math.isclose(only.busy, sum(op.seconds for op in summary.ops), abs_tol=1e-9)
    assert 0 <= only.idle <= only.workers * summary.seconds - only.busy
    assert (summary.spilled, summary.copied, summary.notes) == (0, 0, ())


def test_the_critical_path_goes_through_the_slowest_partition(lane: tuple[str, int]) -> None:
    def nap(number: int) -> int:
        time.sleep(0.03 if number == 2 else 0.001)
        return number

    with mc.trace() as t:
        bag = mc.bag.from_sequence(range(5), npartitions=5).map(nap)
        assert bag.sum().compute() == 10
        assert bag.max().compute() == 4
    path = t.critical_path()
    # One run after the other: from each the slowest partition, and what makes the result of them.
    assert [step.partition for step in path.rows] == [2, 0, 2, 0]
    assert [step.op for step in path.rows][1::2] == ["sum-finish", "max-finish"]
    assert path.seconds == sum(step.seconds for step in path.rows)
    assert 0.06 <= path.seconds <= path.trace_seconds == t.summary().seconds
    assert repr(path).count("nap") == 2


def test_runs_of_several_threads_do_not_wait_for_each_other() -> None:
    def run() -> None:
        mc.bag.from_sequence([0.05]).map(time.sleep).compute()

    with mc.trace() as t:
        run()
        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert t.summary().runs == 4
    assert len(t.critical_path().rows) == 1


def test_what_runs_within_a_task_stands_below_it(lane: tuple[str, int]) -> None:
    def inner(number: int) -> int:
        total: int = mc.bag.range(100 * number, npartitions=2).sum().compute()
        return total

    with mc.trace() as t:
        outer = mc.bag.from_sequence([1, 2, 3], npartitions=3).map(inner)
        assert outer.compute() == [4950, 19900, 44850]
    tasks = events(t)
    outer_tasks = [task for task in tasks if task["args"]["run"] == 0]
    within = [task for task in tasks if task["args"]["run"] > 0]
    assert (len(outer_tasks), len(within)) == (3, 9)
    for task in within:
        around = [
            outer
            for outer in outer_tasks
            if (outer["pid"], outer["tid"]) == (task["pid"], task["tid"])
            and outer["ts"] <= task["ts"]
            and task["ts"] + task["dur"] <= outer["ts"] + outer["dur"] + 1e-6
        ]
        assert len(around) == 1
    (only,) = t.summary().lanes
    union = sum(task["dur"] for task in outer_tasks) / 1e6
    assert math.isclose(only.busy, union, abs_tol=1e-9), "no time is counted twice"
    assert len(t.critical_path().rows) == 1


def test_traces_overlap_and_each_has_the_runs_that_start_in_it() -> None:
    first, second, third = mc.trace(), mc.trace(), mc.trace()
    with first:
        count()
        with second:
            count()
            count()
            third.__enter__()
            count()
        count()
    count()
    third.__exit__(None, None, None)
    count()
    assert [t.summary().runs for t in (first, second, third)] == [5, 3, 3]
    for t in (first, second, third):
        begun = events(t, "b")
        assert [run["id"] for run in begun] == list(range(len(begun)))
        assert {task["args"]["run"] for task in events(t)} == set(range(len(begun)))


def test_a_trace_sees_the_runs_of_all_threads() -> None:
    def work() -> None:
        for _ in range(20):
            with mc.trace() as own:
                assert count() == 32
            assert own.summary().runs >= 1

    with mc.trace() as t:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert t.summary().runs == 80
    assert t.summary().tasks == len(events(t)) == 80 * 3


def test_an_open_trace_tells_what_has_run_so_far() -> None:
    with mc.trace() as t:
        assert t.summary().runs == 0
        count()
        assert t.summary().runs == 1
        assert "1 run, 3 tasks" in repr(t)
        count()
    count()
    assert t.summary().runs == 2


def test_an_empty_trace_has_everything_but_rows() -> None:
    with mc.trace() as t:
        pass
    summary, path = t.summary(), t.critical_path()
    assert (summary.runs, summary.tasks, summary.lanes, summary.ops) == (0, 0, (), ())
    assert repr(summary).startswith("manycore trace: ")
    assert "<table>" in summary._repr_html_()
    assert (path.rows, path.seconds) == ((), 0)
    assert repr(path).startswith("critical path: 0 tasks")
    assert "<table>" in path._repr_html_()
    assert {event["ph"] for event in json.loads(t.chrome())["traceEvents"]} == {"M"}


def test_nothing_is_recorded_before_the_block() -> None:
    t = mc.trace()
    assert "not started" in repr(t)
    for ask in (t.summary, t.critical_path, t.chrome):
        with pytest.raises(RuntimeError, match="nothing is recorded yet"):
            ask()
    with t:
        pass
    with pytest.raises(RuntimeError, match="once"):
        t.__enter__()


def test_the_block_saves_a_whole_file_under_its_name_only(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text("old")
    with mc.trace(path) as t:
        count()
        assert path.read_text() == "old"
    assert path.read_text(encoding="utf-8") == t.chrome()
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.json"]
    t.save(str(tmp_path / "again.json"))
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


def test_an_exception_in_the_block_is_raised_and_the_trace_is_saved(tmp_path: Path) -> None:
    def divide(number: int) -> float:
        return 1 / number

    path = tmp_path / "run.json"
    bag = mc.bag.from_sequence([1, 0], npartitions=2).map(divide)
    with pytest.raises(ZeroDivisionError), mc.trace(path):
        bag.compute()
    names = [event["name"] for event in json.loads(path.read_text())["traceEvents"]]
    assert any("divide" in name for name in names), "also the run that failed"


def test_a_file_that_cannot_be_saved_leaves_the_old_one_and_no_other(tmp_path: Path) -> None:
    # A file may not grow past 10 kB here: the disk is full in the middle of writing.
    code = """
        import resource, sys
        import manycore as mc

        def work():
            for _ in range(100):
                mc.bag.range(10, npartitions=4).sum().compute()

        path = sys.argv[1]
        with mc.trace() as t:
            work()
        assert len(t.chrome()) > 50_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        try:
            t.save(path)
        except OSError as error:
            print(error.strerror, error.filename == path)
        try:
            with mc.trace(path):
                work()
                raise KeyError("the user's")
        except KeyError as error:
            print(*error.__notes__)
    """
    path = tmp_path / "run.json"
    path.write_text("old")
    saving, noted = output(code, path).splitlines()
    assert saving == "File too large True"
    assert noted.startswith("and the trace could not be saved: ")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.parametrize("name", ["none/run.json", "folder"])
def test_a_wrong_path_is_refused_before_anything_runs(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    kind = IsADirectoryError if name == "folder" else FileNotFoundError
    ran = False
    with pytest.raises(kind) as caught, mc.trace(tmp_path / name):
        ran = True
    assert not ran
    assert str(tmp_path) in str(caught.value.filename)
    with mc.trace() as t:
        count()
    assert t.summary().runs == 1


def test_a_fork_that_leaves_the_block_saves_nothing(tmp_path: Path) -> None:
    code = """
        import os, sys
        import manycore as mc
        path = sys.argv[1]
        with mc.trace(path) as t:
            total = mc.bag.range(10, npartitions=2).sum().compute()
            child = os.fork()
            if child == 0:
                total += mc.bag.range(10, npartitions=2).sum().compute()
            else:
                _, status = os.waitpid(child, 0)
        if child == 0:
            os._exit(total == 90 and not os.path.exists(path))
        print(os.waitstatus_to_exitcode(status), t.summary().runs, os.path.exists(path))
    """
    quiet = ["-W", "ignore::DeprecationWarning"]  # from Python 3.12 on, a fork among threads warns
    assert output(code, tmp_path / "run.json", flags=quiet) == "1 1 True\n"


def test_long_tables_are_cut_and_names_are_escaped() -> None:
    with mc.trace() as t:
        bag = mc.bag.from_sequence([1])
        for _ in range(30):
            bag = bag.map(lambda n: n)
            bag.compute()
    summary, path = t.summary(), t.critical_path()
    assert len(summary.ops) == 30
    assert "and 10 more operations" in repr(summary)
    assert "lambda" in repr(summary)
    for text in (summary._repr_html_(), path._repr_html_()):
        assert "&lt;lambda&gt;" in text
        assert "<lambda>" not in text
    assert len(path.rows) == 30
    assert "… 10 more" in repr(path)
    assert max(map(len, repr(summary).splitlines())) < 120


def test_worker_processes_have_rows_by_their_number_and_tell_what_was_copied() -> None:
    with mc.Pool(2) as pool:
        with mc.trace() as t:
            pids = set(pool.map(pid_after_a_nap, range(8), chunksize=1))
            assert pool.apply(bytes, (1_000_000,)) == bytes(1_000_000)
        pool.map(abs, range(10))
    tasks, names = events(t), row_names(t)
    assert {task["cat"] for task in tasks} == {"processes"}
    assert [task["name"] for task in tasks].count("pid_after_a_nap") == 8
    rows = {names[task["pid"], task["tid"]] for task in tasks}
    assert {int(row.partition("(pid ")[2].rstrip(")")) for row in rows} == pids
    for row in sorted(names):
        own = sorted(
            (task for task in tasks if (task["pid"], task["tid"]) == row),
            key=lambda task: task["ts"],
        )
        for before, after in pairwise(own):
            assert before["ts"] + before["dur"] <= after["ts"] + 1e-6, "one after the other"
    summary = t.summary()
    (only,) = summary.lanes
    assert (only.lane, only.workers, only.tasks) == ("processes", 2, 9)
    naps = next(op for op in summary.ops if op.op == "pid_after_a_nap")
    assert naps.seconds >= 8 * 0.02
    assert summary.copied > 1_000_000
    notes = {note.kind: note for note in summary.notes}
    assert notes["start"].count == 2
    assert notes["copy"].bytes == summary.copied
    assert summary.copied == sum(
        event["args"]["bytes"]
        for phase in "ib"
        for event in events(t, phase)
        if event["cat"] == "copy"
    )


def test_the_death_of_a_worker_process_stands_in_its_row() -> None:
    with mc.Pool(1) as pool, mc.trace() as t:
        with pytest.raises(mc.WorkerDied):
            pool.apply(os.kill, (pool.apply(os.getpid), signal.SIGKILL))
        assert pool.apply(abs, (-1,)) == 1
    (death,) = (event for event in events(t, "i") if event["cat"] == "death")
    names = row_names(t)
    first, second = sorted(names.values())
    assert names[death["pid"], death["tid"]] in (first, second)
    assert death["name"] == "died of signal 9"
    assert {first[:14], second[:14]} == {"process 0 (pid"}
    assert first != second


def test_what_the_mixed_lane_decides_is_told() -> None:
    nodes = [_core.Node(twice, (number,)) for number in range(300)]
    with mc.trace() as t:
        values = _core.compute(nodes, False, "mixed", 2, None, None, None)
    assert values == [2 * number for number in range(300)]
    summary = t.summary()
    moves = [text for text in summary.decisions if text.startswith("twice moves to this process")]
    assert moves
    assert moves[0] in repr(summary)
    assert {lane.lane for lane in summary.lanes} == {"processes", "threads"}
    assert moves[0] in [event["name"] for event in events(t, "i")]


def test_each_try_of_a_task_is_an_event(tmp_path: Path) -> None:
    marks = str(tmp_path / "tries")
    with mc.trace() as t:
        values = _core.compute(
            [_core.Node(fail_twice, (marks,))], False, "processes", 1, 2, None, None
        )
    assert values == ["third"]
    assert [task["name"] for task in events(t)] == ["fail_twice"] * 3
    assert len(t.critical_path().rows) == 1
    assert [text.rpartition(" is ")[2] for text in t.summary().decisions] == [
        "tried again, 1 of 2",
        "tried again, 2 of 2",
    ]


def test_what_goes_to_disk_and_comes_back_is_told(tmp_path: Path) -> None:
    size = 1_000_000
    parts = [_core.Node(bytes, (size,)) for _ in range(12)]
    total = _core.Node(total_length, tuple(parts))
    with mc.config(memory="4MB", spill=tmp_path), mc.trace() as t:
        (length,) = _core.compute([total], True, "threads", 2, None, None, None)
    assert length == 12 * size
    summary = t.summary()
    notes = {note.kind: note for note in summary.notes}
    assert summary.spilled == notes["spill"].bytes >= 8 * size
    assert size <= notes["load"].bytes <= summary.spilled
    assert "spill: " in repr(summary)
    begun = [event for event in events(t, "b") if event["cat"] == "spill"]
    assert sum(event["args"]["bytes"] for event in begun) == summary.spilled
