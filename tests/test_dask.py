"""Dask's collections on our engine: what they answer is what Dask's threads answer."""

from __future__ import annotations

import contextvars
import os
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import dask
import dask.array as da
import dask.bag as db
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from dask.callbacks import Callback
from dask.diagnostics import Profiler, ProgressBar
from threadpoolctl import threadpool_limits

import manycore as mc
from children import output

SECONDS = 20.0
LONG = 0.005  # so long takes a task that is worth the way to a worker


@pytest.fixture(autouse=True)
def _scheduler() -> Iterator[None]:
    # For as little work as these tests have, cold workers are not waited for.
    mc.delayed(abs)(-1).compute(lane="processes")
    with dask.config.set(scheduler=mc.dask.get):
        yield


def spin(seconds: float = LONG) -> int:
    """Compute for so long, and say in which process."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
    return os.getpid()


def spin_and_add(number: int) -> int:
    spin()
    return number + 1


def fail_if_large(number: int) -> int:
    if number > 5:
        raise OverflowError("too large", number)
    return number


def frame() -> pd.DataFrame:
    count = 1000
    numbers = np.arange(count)
    return pd.DataFrame(
        {
            "key": numbers * 7919 % 13,
            "name": [f"n{number % 7}" for number in numbers],
            "value": np.where(numbers % 10, numbers / 3, np.nan),
            "time": pd.date_range("2026-01-01", periods=count, freq="h"),
        }
    )


def array() -> da.Array:
    return da.from_array(np.arange(10_000.0).reshape(100, 100), chunks=(30, 40))


def frames() -> Any:
    return dd.from_pandas(frame(), npartitions=5)


def numbers() -> db.Bag:
    return db.from_sequence(range(1000), npartitions=7)


PROGRAMS: dict[str, Callable[[], Any]] = {
    "array: element by element": lambda: (array() + 1) * array().T[:1],
    "array: reductions": lambda: array().sum(axis=0) + array().mean(axis=1).max() + array().std(),
    "array: product": lambda: array() @ array().T,
    "array: slices": lambda: array()[5:90:3, ::-1][:, [1, 5, 3]],
    "array: condition": lambda: da.where(array() % 3 > 1, array(), -1),
    "array: unknown sizes": lambda: array()[array() > 5000],
    "array: blocks with their place": lambda: array().map_blocks(
        lambda block, block_info: block + block_info[0]["chunk-location"][0], dtype=float
    ),
    "array: overlap": lambda: array().map_overlap(lambda block: block * 2, depth=1),
    "array: rechunk and reshape": lambda: array().rechunk((100, 7)).reshape(-1).cumsum(axis=0),
    "array: random numbers": lambda: da.random.default_rng(1).normal(size=(50, 50), chunks=20),
    "array: linear algebra": lambda: da.linalg.svd(array().rechunk((30, 100)))[1],
    "array: histogram": lambda: da.histogram(array(), bins=10, range=(0, 9999))[0],
    "array: apply along an axis": lambda: da.apply_along_axis(np.median, 0, array()),
    "bag: map, filter, pluck": lambda: (
        numbers().map(lambda n: {"n": n, "odd": n % 2}).filter(lambda d: d["odd"]).pluck("n")
    ),
    "bag: fold": lambda: numbers().fold(lambda a, b: a + b, split_every=3),
    "bag: groups": lambda: numbers().groupby(lambda n: n % 3).map(lambda g: (g[0], sum(g[1]))),
    "bag: foldby": lambda: numbers().foldby(lambda n: n % 5, lambda a, b: a + b, 0),
    "bag: frequencies": lambda: numbers().map(lambda n: n % 4).frequencies(),
    "bag: partitions": lambda: numbers().map_partitions(lambda part: [sum(part)]),
    "bag: join, zip, product": lambda: db.zip(numbers(), numbers().map(str)).topk(5, key=0),
    "bag: accumulate": lambda: numbers().accumulate(lambda a, b: a + b),
    "bag: to a frame": lambda: numbers().map(lambda n: {"n": n}).to_dataframe().n.sum(),
    "frame: mean by group": lambda: frames().groupby("key").value.mean(),
    "frame: several by group": lambda: frames().groupby(["name", "key"]).value.agg(["sum", "max"]),
    "frame: own function by group": lambda: (
        frames().groupby("key").value.apply(lambda s: s.max(), meta=("value", float))
    ),
    "frame: filter and assign": lambda: frames()[frames().value > 10].assign(
        new=lambda d: d.key + 1
    ),
    # Through files, which leave the order of rows to chance, Dask's own as well.
    "frame: merge": lambda: frames().merge(frames(), on="key").groupby("name_x").key.count(),
    "frame: a new index": lambda: frames().set_index("value", drop=False).key,
    "frame: sorted": lambda: frames().sort_values("value"),
    "frame: rolling": lambda: frames().value.rolling(3).sum(),
    "frame: rows in Python": lambda: frames().apply(
        lambda row: f"{row['name']}{row['key']}", axis=1, meta=(None, str)
    ),
    "frame: values' counts": lambda: frames().name.value_counts(),
    "frame: resampled": lambda: frames().set_index("time").value.resample("1D").sum(),
    "frame: to an array": lambda: (
        frames()[["key", "value"]].to_dask_array(lengths=True).sum(axis=0)
    ),
    "frame: description": lambda: frames().describe(),
    "frame: partitions": lambda: frames().map_partitions(lambda part, n: part.head(n), 2),
    "delayed: calls": lambda: dask.delayed(sum)([dask.delayed(abs)(n) for n in range(-5, 5)]),
    "delayed: containers": lambda: dask.delayed(
        {"a": [dask.delayed(1), (dask.delayed(2), 3)], "b": {dask.delayed(4)}}
    ),
    "delayed: attributes and methods": lambda: dask.delayed("a,b").split(",")[1].upper(),
    "delayed: from an array": lambda: dask.delayed(np.sum)(array()),
    "delayed: frames": lambda: dd.from_delayed(
        [dask.delayed(frame)() for _ in range(3)]
    ).value.sum(),
}


def equal(ours: Any, theirs: Any) -> None:
    assert type(ours) is type(theirs)
    if isinstance(ours, np.ndarray):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
    elif isinstance(ours, pd.DataFrame):
        pd.testing.assert_frame_equal(ours, theirs)
    elif isinstance(ours, pd.Series):
        pd.testing.assert_series_equal(ours, theirs)
    else:
        assert ours == theirs


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_answer_what_dasks_threads_answer(name: str) -> None:
    program = PROGRAMS[name]
    equal(program().compute(), program().compute(scheduler="threads"))


@pytest.mark.parametrize("lane", ["inline", "threads", "processes"])
@pytest.mark.parametrize(
    "name",
    [
        "array: product",
        "array: blocks with their place",
        "bag: map, filter, pluck",
        "bag: frequencies",
        "frame: mean by group",
        "frame: rows in Python",
        "frame: merge",
        "delayed: containers",
    ],
)
def test_every_lane_gives_that_answer(name: str, lane: Any) -> None:
    program = PROGRAMS[name]
    with mc.config(lane=lane), dask.config.set({"dataframe.shuffle.method": "tasks"}):
        equal(program().compute(), program().compute(scheduler="threads"))


def test_several_collections_are_computed_together() -> None:
    collections = (array().sum(), {"a": [numbers().max()]}, dask.delayed(len)("abc"))
    assert dask.compute(*collections) == dask.compute(*collections, scheduler="threads")
    kept = array().persist()
    equal((kept + 1).compute(), (array() + 1).compute(scheduler="threads"))


@pytest.mark.parametrize(
    "program",
    [
        lambda: numbers().map(fail_if_large),
        lambda: array().map_blocks(fail_if_large),
        lambda: frames().key.map(fail_if_large, meta=("key", int)),
        lambda: dask.delayed(fail_if_large)(dask.delayed(9)),
        lambda: dask.delayed(int)("x"),
        lambda: frames().map_partitions(lambda part: part.nothing, meta=("x", int)),
    ],
    ids=["bag", "array", "frame", "delayed", "builtin", "attribute"],
)
def test_programs_that_fail_do_so_alike(program: Callable[[], Any]) -> None:
    with pytest.raises(Exception) as theirs:  # noqa: PT011
        program().compute(scheduler="threads")
    with pytest.raises(theirs.type) as ours:
        program().compute()
    # Which of several tasks fails first is left to chance.
    assert ours.value.args[:1] == theirs.value.args[:1]


# Worker processes.


def test_python_s_own_work_goes_to_worker_processes() -> None:
    processes = set(numbers().map_partitions(lambda part: [spin()]).compute())
    more = set(db.from_sequence(range(60), npartitions=60).map(lambda _: spin()).compute())
    assert len(processes | more) > 1


def nap(_: int) -> int:
    time.sleep(LONG)
    return os.getpid()


def multiply(_: int) -> int:
    matrix = np.ones((400, 400))
    for _ in range(2):
        np.dot(matrix, matrix)
    return os.getpid()


def spin_for(_: int) -> int:
    return spin()


@pytest.mark.parametrize(
    ("function", "lanes"),
    [(nap, {"threads"}), (multiply, {"threads"}), (spin_for, {"threads", "processes"})],
)
def test_what_needs_the_interpreter_for_long_goes_and_what_waits_or_lets_go_of_it_stays(
    function: Callable[[int], int], lanes: set[str]
) -> None:
    graph = {("x", number): (function, number) for number in range(60)}
    for _ in range(4):
        with mc.trace() as trace, threadpool_limits(1):
            processes = mc.dask.get(graph, list(graph))
        entries = {entry.lane for entry in trace.summary().ops}
        if entries == lanes:
            break  # else the machine was busy, or the workers were not there yet
    assert entries == lanes
    assert (set(processes) == {os.getpid()}) == (lanes == {"threads"})


def test_few_tasks_do_not_wait_for_cold_workers() -> None:
    program = """
        import os, time
        import manycore as mc
        import manycore.dask

        def spin(number):
            end = time.thread_time() + 0.01
            while time.thread_time() < end:
                pass
            return os.getpid()

        def run(count):
            graph = {("x", number): (spin, number) for number in range(count)}
            return len(set(mc.dask.get(graph, list(graph))))

        print(run(20), run(300) > 1, run(40) > 1)
    """
    assert output(textwrap.dedent(program)) == "1 True True\n"


def test_array_work_stays() -> None:
    # Long enough to move, if it were Python's.
    convolve = partial(np.convolve, v=np.ones(3000), mode="same")
    with mc.trace() as trace:
        da.ones(400_000, chunks=20_000).map_blocks(convolve).compute()
    used = [lane.lane for lane in trace.summary().lanes if lane.tasks]
    assert used
    assert "processes" not in used


def test_methods_stay_with_the_objects_that_they_change() -> None:
    class Counter:
        count = 0

        def see(self, _: int) -> int:
            self.count += 1
            return spin()

    counter, seen = Counter(), list[int]()
    processes = dask.compute(*[dask.delayed(counter.see)(number) for number in range(20)])
    processes += tuple(db.from_sequence(range(20), npartitions=20).map(counter.see).compute())
    db.from_sequence(range(20), npartitions=4).map(seen.append).compute()
    assert set(processes) == {os.getpid()}
    assert counter.count == 40
    assert sorted(seen) == list(range(20))


@pytest.mark.parametrize("lane", ["mixed", "threads", "processes"])
def test_tasks_may_write_to_what_they_are_given(lane: Any) -> None:
    def clip(block: Any) -> Any:
        spin()
        block[block > 50] = 50
        return block

    def program() -> Any:
        ones = da.ones((4000, 10), chunks=(100, 10)).map_blocks(lambda block: block * 100)
        return ones.map_blocks(clip).map_blocks(clip)

    with mc.config(lane=lane):
        result = program().compute()
    equal(result, program().compute(scheduler="threads"))


@pytest.mark.parametrize("lane", ["mixed", "processes"])
def test_results_may_be_written_to(lane: Any) -> None:
    def load(number: int) -> tuple[Any, Any]:
        spin()
        return np.full(5000, number), pd.DataFrame({"a": np.full(5000, number)})

    with mc.config(lane=lane):
        results = dask.compute(*[dask.delayed(load)(number) for number in range(10)])
    for number, (values, table) in enumerate(results):
        values[0] += 1
        table.iloc[0, 0] = -1
        assert (values[0], table.a[0], table.a[1]) == (number + 1, -1, number)


def test_what_is_stored_to_is_the_caller_s_array() -> None:
    def slow(block: Any) -> Any:
        spin()
        return block + 1

    target = np.zeros((100, 100))
    da.store(array().map_blocks(slow), target)
    np.testing.assert_array_equal(target, array().compute(scheduler="threads") + 1)


def test_groups_of_a_bag_with_a_slow_key_are_whole() -> None:
    def key(number: int) -> int:
        spin(0.0002)
        return number % 3

    groups = numbers().groupby(key, shuffle="disk").compute()
    assert {name: sorted(items) for name, items in groups} == {
        name: list(range(name, 1000, 3)) for name in range(3)
    }


def test_a_locked_write_stays_in_this_process() -> None:
    seen = []

    def write(number: int, lock: Any) -> int:
        with lock:
            spin()
            seen.append(number)
        return os.getpid()

    lock = dask.utils.SerializableLock()
    processes = dask.compute(*[dask.delayed(write)(number, lock) for number in range(20)])
    assert set(processes) == {os.getpid()}
    assert sorted(seen) == list(range(20))


def test_a_graph_within_a_task_is_computed_there() -> None:
    def inner(number: int) -> int:
        return int(db.from_sequence(range(number), npartitions=2).sum().compute())

    assert dask.compute(*[dask.delayed(inner)(n) for n in range(20)]) == tuple(
        sum(range(n)) for n in range(20)
    )


VARIABLE: contextvars.ContextVar[int] = contextvars.ContextVar("variable", default=0)


def test_tasks_see_their_caller_s_context() -> None:
    token = VARIABLE.set(7)
    try:
        assert dask.compute(*[dask.delayed(VARIABLE.get)() for _ in range(5)]) == (7,) * 5
        with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
            (1 / da.zeros(10, chunks=5)).compute()
    finally:
        VARIABLE.reset(token)


def test_threads_may_compute_at_the_same_time() -> None:
    answers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(numbers().sum().compute(scheduler="manycore"))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert answers == [sum(range(1000))] * 8


# What schedulers are told.


@pytest.mark.parametrize("name", ["manycore", "MANYCORE"])
def test_the_scheduler_has_a_name(name: str) -> None:
    with dask.config.set(scheduler=name):
        assert numbers().sum().compute() == sum(range(1000))


@pytest.mark.parametrize(
    "imports",
    ["import manycore, dask.bag", "import dask.bag, manycore", "import dask.bag, manycore.dask"],
)
def test_the_name_is_known_in_whatever_order_libraries_are_imported(imports: str) -> None:
    code = f"""
        {imports}
        import dask
        with dask.config.set(scheduler="manycore"):
            print(dask.bag.range(10, 2).sum().compute())
        """
    assert output(code).split() == ["45"]


def test_importing_manycore_imports_no_dask() -> None:
    assert output("import manycore, sys; print('dask' in sys.modules)").split() == ["False"]


def test_a_number_of_workers_is_kept_to() -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def watch() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1

    for options in ({"num_workers": 3}, {"pool": ThreadPoolExecutor(3)}):
        most = 0
        dask.compute(*[dask.delayed(watch)() for _ in range(30)], **options)
        assert most == 3
    with dask.config.set(num_workers=1):
        most = 0
        dask.compute(*[dask.delayed(watch)() for _ in range(5)])
        assert most == 1


def test_a_cache_has_values_and_gets_them() -> None:
    cache: dict[Any, Any] = {"x": 10}
    graph = {"x": (fail_if_large, 9), "y": (spin_and_add, "x")}
    assert mc.dask.get(graph, "y", cache=cache) == 11
    assert cache == {"x": 10, "y": 11}


def test_exceptions_can_be_had_in_the_calling_thread() -> None:
    def where() -> int:
        return threading.get_ident()

    with dask.config.set(rerun_exceptions_locally=True):
        assert dask.delayed(where)().compute() == threading.get_ident()


def test_callbacks_are_called_as_dask_calls_them() -> None:
    def told(**options: Any) -> list[Any]:
        calls: list[Any] = []
        callback = Callback(
            start=lambda graph: calls.append(("start", len(graph))),
            start_state=lambda graph, state: calls.append(("state", len(state["ready"]))),
            pretask=lambda key, graph, state: calls.append(("pre", key)),
            posttask=lambda key, result, *_: calls.append(("post", key, result)),
            finish=lambda graph, state, failed: calls.append(("finish", failed)),
        )
        graph = {"x": 1, "y": (spin_and_add, "x"), "z": (spin_and_add, "y")}
        with callback:
            assert options["get"](graph, "z") == 3
        return calls

    assert told(get=mc.dask.get) == told(get=dask.threaded.get)


def test_a_callback_that_wants_the_ends_only_leaves_tasks_to_the_engine() -> None:
    calls = []
    program = db.from_sequence(range(60), npartitions=60).map(lambda _: spin())
    with Callback(
        start=lambda graph: calls.append("start"),
        finish=lambda graph, state, failed: calls.append(failed),
    ):
        assert len(set(program.compute())) > 1
        with pytest.raises(OverflowError):
            numbers().map(fail_if_large).compute()
    assert calls == ["start", False, "start", True]


def test_a_progress_bar_shows_progress() -> None:
    out = StringIO()
    program = db.from_sequence(range(60), npartitions=60).map(lambda _: spin(0.01))
    with ProgressBar(dt=0.02, out=out):
        assert len(set(program.compute())) > 1, "a progress bar keeps nothing from the workers"
    shown = [int(part.split("%")[0]) for part in out.getvalue().split("| ")[1:] if "%" in part]
    assert shown == sorted(shown)
    assert shown[-1] == 100
    assert any(0 < percent < 100 for percent in shown)


def test_profilers_profile() -> None:
    with Profiler() as profiler:
        numbers().sum().compute()
    assert len(profiler.results) > 7


def test_a_traceback_goes_from_the_caller_to_the_task() -> None:
    with pytest.raises(OverflowError) as raised:
        dask.delayed(fail_if_large)(dask.delayed(9)).compute()
    names = [entry.name for entry in raised.traceback]
    assert names[-1] == "fail_if_large"
    assert not {"get", "__call__", "_nest"} & set(names)


# Beside our own lazy values.


def test_our_compute_takes_collections_of_dask_s() -> None:
    mine = mc.delayed(spin_and_add)(1)
    answer = mc.compute(array().sum(), {"mine": mine, "bag": numbers().max()}, [1, "one"])
    assert answer == (sum(range(10_000)), {"mine": 2, "bag": 999}, [1, "one"])
    (kept,) = mc.persist(array() + 1, lane="threads")
    assert isinstance(kept, da.Array)
    equal(kept.compute(), (array() + 1).compute(scheduler="threads"))
    equal(mc.compute(frames(), lane="inline")[0], frames().compute(scheduler="threads"))


@pytest.mark.parametrize("lane", ["mixed", "threads", "inline"])
def test_our_delayed_calls_take_collections_of_dask_s(lane: Any) -> None:
    together = mc.delayed(lambda *values: values, pure=True)
    both = together(array().sum(), [frames()], {"double": dask.delayed(spin_and_add)(2)})
    total, [table], double = both.compute(lane=lane)
    assert total == sum(range(10_000))
    equal(table, frames().compute(scheduler="threads"))
    assert double == {"double": 3}
    assert mc.delayed(numbers().sum()).compute(lane=lane) == sum(range(1000))


def test_tasks_of_dask_s_are_seen_in_our_graphs() -> None:
    total, most = mc.dask.as_delayed(numbers().sum(), numbers().max())
    assert (total - most).compute() == sum(range(999))
    assert "finalize" in (total + 1).visualize(filename=None).svg


def test_files_are_written_by_tasks(tmp_path: Path) -> None:
    numbers().map(str).to_textfiles(str(tmp_path / "*.txt"))
    assert db.read_text(str(tmp_path / "*.txt")).map(int).sum().compute() == sum(range(1000))
    frames().to_csv(tmp_path / "*.csv")
    assert dd.read_csv(tmp_path / "*.csv").key.sum().compute() == frame().key.sum()
