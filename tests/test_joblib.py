"""joblib's backend "manycore": what its users see, and what it costs nobody."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from joblib import Parallel, delayed, parallel_config
from joblib.parallel import get_active_backend

import manycore as mc
from children import output
from test_pool import is_alive, wait_until_gone

SECONDS = 20.0
LARGE = 1_000_000  # elements of eight bytes: more than joblib's max_nbytes


def parallel(**options: Any) -> Any:
    return Parallel(**{"n_jobs": 2, "backend": "manycore"} | options)


def square(x: int) -> int:
    return x * x


def process(seconds: float = 0.0) -> int:
    time.sleep(seconds)
    return os.getpid()


def fail(x: int) -> None:
    raise KeyError("no", x)


# Registration.


@pytest.mark.parametrize(
    "imports",
    [
        "import manycore, joblib",
        "import joblib, manycore",
        "import joblib.parallel, manycore",
        "import manycore; from joblib import Parallel; import joblib",
        "import manycore, sklearn, joblib",
    ],
)
def test_the_backend_has_its_name_in_whatever_order_things_are_imported(imports: str) -> None:
    code = f"""
{imports}
calls = [joblib.delayed(abs)(-number) for number in range(3)]
print(joblib.Parallel(n_jobs=2, backend="manycore")(calls))
with joblib.parallel_config(backend="manycore", n_jobs=2):
    print(joblib.Parallel()(calls))
"""
    assert output(code) == "[0, 1, 2]\n[0, 1, 2]\n"


def test_manycore_does_not_import_joblib_and_leaves_no_trace_in_its_import() -> None:
    code = """
import sys
before = list(sys.meta_path)
import manycore
hooks = len(sys.meta_path) - len(before)
print("joblib" in sys.modules)
import joblib.parallel, importlib, inspect
print(len(sys.meta_path) - len(before) == hooks - 1, type(joblib.parallel.__loader__).__name__)
print(joblib.parallel.__spec__.loader is joblib.parallel.__loader__)
print("manycore._joblib" in sys.modules, inspect.getsource(joblib.parallel)[:3] == '"' * 3)
importlib.reload(joblib.parallel)
"""
    printed = "False\nTrue SourceFileLoader\nTrue\nFalse True\n"
    assert output(code) == printed


def test_where_there_is_no_joblib_its_import_fails_as_ever() -> None:
    code = """
import sys
sys.path = [path for path in sys.path if "site-packages" not in path]
import manycore
try:
    import joblib.parallel
except ModuleNotFoundError as error:
    print(error)
"""
    package = str(Path(mc.__file__).parent.parent)
    printed = output(code, environment={"PYTHONPATH": package})
    assert printed == "No module named 'joblib'\n"


# Calls.


def test_results_come_in_order_and_from_other_processes() -> None:
    assert parallel()(delayed(square)(x) for x in range(100)) == [x * x for x in range(100)]
    assert os.getpid() not in parallel()(delayed(process)() for _ in range(10))
    assert parallel()([]) == []


def test_lambdas_closures_and_keywords_travel() -> None:
    offset = 3
    assert parallel()(delayed(lambda x, y: x + y + offset)(x, y=x) for x in range(3)) == [3, 5, 7]


def test_a_function_sees_its_globals_as_they_are_when_it_is_called() -> None:
    code = """
import manycore
from joblib import Parallel, delayed
def get(_):
    return value
value = "old"
print(Parallel(n_jobs=2, backend="manycore")(delayed(get)(x) for x in range(2)))
value = "new"
print(Parallel(n_jobs=2, backend="manycore")(delayed(get)(x) for x in range(2)))
"""
    assert output(code) == "['old', 'old']\n['new', 'new']\n"


def test_workers_stay_for_the_next_call() -> None:
    first = set(parallel()(delayed(process)(0.01) for _ in range(20)))
    second = set(parallel()(delayed(process)(0.01) for _ in range(20)))
    with parallel() as managed:
        third = {*managed(delayed(process)() for _ in range(20))}
        third |= {*managed(delayed(process)() for _ in range(20))}
    assert len(first | second | third) == 2


def test_short_tasks_travel_together() -> None:
    p = parallel()
    assert p(delayed(square)(x) for x in range(10_000)) == [x * x for x in range(10_000)]
    assert p.n_dispatched_batches < 500
    fixed = parallel(batch_size=7)
    fixed(delayed(square)(x) for x in range(70))
    assert fixed.n_dispatched_batches >= 10


def test_long_tasks_do_not_wait_for_each_other_in_one_batch() -> None:
    p = parallel()
    p(delayed(time.sleep)(0.1) for _ in range(8))
    assert p.n_dispatched_batches == 8


def test_tasks_are_taken_from_the_iterator_when_they_are_due() -> None:
    taken: list[int] = []

    def produce() -> Iterator[Any]:
        for number in range(50):
            taken.append(number)
            yield delayed(square)(number)

    results = parallel(batch_size=1, return_as="generator")(produce())
    assert len(taken) < 50
    assert list(results) == [x * x for x in range(50)]


def test_generators_give_results_as_they_come() -> None:
    ordered = parallel(return_as="generator")(delayed(square)(x) for x in range(20))
    assert next(ordered) == 0
    assert list(ordered) == [x * x for x in range(1, 20)]
    seconds = [3.0] + [0.0] * 9
    unordered = parallel(return_as="generator_unordered", pre_dispatch="all", batch_size=1)
    start = time.monotonic()
    results = unordered(delayed(process)(time) for time in seconds)
    assert [next(results) for _ in range(9)]
    assert time.monotonic() - start < 2.5
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # joblib says that a task was cancelled
        del results
        gc.collect()


def test_a_call_that_does_next_to_nothing_ends_before_joblib_would_look() -> None:
    parallel()(delayed(square)(x) for x in range(2))
    seconds = []
    for _ in range(20):
        start = time.perf_counter()
        parallel()(delayed(square)(x) for x in range(2))
        seconds.append(time.perf_counter() - start)
    # joblib sleeps for 10 ms between two looks.
    assert min(seconds) < 0.008


def test_two_calls_go_on_at_one_time_in_one_configuration() -> None:
    with parallel_config(backend="manycore", n_jobs=2):
        outer = Parallel(return_as="generator")(delayed(square)(x) for x in range(50))
        assert next(outer) == 0
        assert Parallel()(delayed(square)(x) for x in range(5)) == [0, 1, 4, 9, 16]
        with pytest.raises(KeyError):
            Parallel()(delayed(fail)(x) for x in range(5))
        assert list(outer) == [x * x for x in range(1, 50)]


def test_threads_call_at_one_time() -> None:
    results: list[Any] = []

    def call(start: int) -> None:
        results.append(parallel()(delayed(square)(x) for x in range(start, start + 200)))

    threads = [threading.Thread(target=call, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    expected = [[x * x for x in range(start, start + 200)] for start in range(4)]
    assert sorted(results) == expected


# Numbers of jobs.


@pytest.mark.parametrize("n_jobs", [1, 2, 3, -1, -2, -100, None])
def test_numbers_of_jobs_mean_what_they_mean_to_loky(n_jobs: int | None) -> None:
    counts = []
    for backend in ("loky", "manycore"):
        with parallel_config(backend=backend, n_jobs=n_jobs):
            counts.append(joblib.effective_n_jobs(None))
    assert counts[0] == counts[1]


def test_all_jobs_are_no_more_than_the_configured_workers() -> None:
    with mc.config(workers=1), parallel_config(backend="manycore"):
        assert joblib.effective_n_jobs(-1) == 1


def test_zero_jobs_are_refused() -> None:
    with pytest.raises(ValueError, match="n_jobs == 0"):
        parallel(n_jobs=0)([delayed(square)(1)])


def test_one_job_stays_in_this_process() -> None:
    assert set(parallel(n_jobs=1)(delayed(process)() for _ in range(3))) == {os.getpid()}


def test_more_jobs_than_cores_are_as_many_processes() -> None:
    assert len(set(parallel(n_jobs=5, batch_size=1)(delayed(process)(0.2) for _ in range(5)))) == 5


def test_hints_and_constraints_choose_as_they_do_for_loky() -> None:
    with parallel_config(backend="manycore", n_jobs=2):
        preferred = set(Parallel(prefer="threads")(delayed(process)() for _ in range(4)))
        shared = set(Parallel(n_jobs=2, require="sharedmem")(delayed(process)() for _ in range(4)))
    assert os.getpid() not in preferred
    assert shared == {os.getpid()}
    with pytest.raises(ValueError, match="shared memory"):
        parallel(require="sharedmem")


# Nested calls.


def nested(levels: int) -> list[tuple[str, int]]:
    with Parallel(n_jobs=2) as p:
        here = [(type(p._backend).__name__, p._backend.nesting_level)]
        return here + (p([delayed(nested)(levels - 1)])[0] if levels else [])


def test_nested_calls_run_on_threads_and_then_in_sequence() -> None:
    with parallel_config(backend="manycore"):
        levels = nested(3)
    threads, sequence = "ThreadingBackend", "SequentialBackend"
    assert levels == [("ManycoreBackend", 0), (threads, 1), (sequence, 2), (sequence, 2)]


def jobs_here() -> tuple[int, int]:
    return Parallel()._effective_n_jobs(), get_active_backend()[0].nesting_level


def test_a_nested_call_has_one_job_unless_it_asks_for_more() -> None:
    assert parallel()(delayed(jobs_here)() for _ in range(2)) == [(1, 1), (1, 1)]


def explicit(levels: int) -> list[int]:
    deeper = parallel()(delayed(explicit)(levels - 1) for _ in range(2)) if levels else [[]]
    return [os.getpid(), *deeper[0]]


def test_processes_within_processes_must_be_asked_for_and_stop_at_two_levels() -> None:
    processes = parallel()(delayed(explicit)(3) for _ in range(2))[0]
    assert len(set(processes)) == 2
    assert os.getpid() not in processes


def test_threads_share_the_workers() -> None:
    def inner() -> list[int]:
        return list(parallel()(delayed(process)(0.01) for _ in range(8)))

    groups = Parallel(n_jobs=2, backend="threading")(delayed(inner)() for _ in range(2))
    processes = {number for group in groups for number in group}
    assert len(processes) == 2
    assert os.getpid() not in processes


# Errors.


def test_an_exception_has_its_type_and_the_workers_traceback() -> None:
    with pytest.raises(KeyError) as caught:
        parallel()(delayed(fail)(x) for x in range(10))
    assert caught.value.args[0] == "no"
    assert "in fail" in str(caught.value.__cause__)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_what_ends_a_program_ends_the_call_and_not_the_worker(error: type[BaseException]) -> None:
    def stop() -> None:
        raise error(3)

    before = set(parallel()(delayed(process)(0.01) for _ in range(20)))
    with pytest.raises(error) as caught:
        parallel(pre_dispatch=1)([delayed(stop)()])
    assert "in stop" in str(caught.value.__cause__)
    assert set(parallel()(delayed(process)(0.01) for _ in range(20))) == before


def test_an_error_stops_what_else_runs() -> None:
    start = time.monotonic()
    with pytest.raises(KeyError):
        parallel(batch_size=1)([delayed(time.sleep)(SECONDS), *[delayed(fail)(0)] * 9])
    assert time.monotonic() - start < SECONDS / 2
    assert parallel()(delayed(square)(x) for x in range(4)) == [0, 1, 4, 9]


def test_an_error_in_the_iterator_is_the_calls_error() -> None:
    def produce(last: int) -> Iterator[Any]:
        for number in range(last):
            yield delayed(square)(number)
        raise ValueError("nothing left")

    for last in (0, 5, 300):
        with pytest.raises(ValueError, match="nothing left"):
            parallel()(produce(last))


def kill_itself(number: int) -> None:
    os.kill(os.getpid(), number)


def test_a_worker_that_dies_is_an_error_that_names_the_call() -> None:
    with pytest.raises(mc.WorkerDied, match=r"signal 9 .*kill_itself\(9\)"):
        parallel()([delayed(kill_itself)(signal.SIGKILL.value)])
    assert parallel()(delayed(square)(x) for x in range(4)) == [0, 1, 4, 9]


def test_what_cannot_be_pickled_is_refused_by_name() -> None:
    with pytest.raises(pickle.PicklingError, match=r"square\(<unlocked _th.*cannot pickle"):
        parallel()(delayed(square)(threading.Lock()) for _ in range(10))
    with pytest.raises(TypeError, match=r"cannot pickle '_thread\.lock'"):
        parallel()(delayed(threading.Lock)() for _ in range(10))
    assert parallel()(delayed(square)(x) for x in range(4)) == [0, 1, 4, 9]


@pytest.mark.parametrize("return_as", ["list", "generator", "generator_unordered"])
def test_a_task_that_takes_too_long_is_a_timeout(return_as: str) -> None:
    start = time.monotonic()
    with pytest.raises(multiprocessing.TimeoutError):
        list(parallel(timeout=0.1, return_as=return_as)(delayed(time.sleep)(60) for _ in range(4)))
    assert time.monotonic() - start < SECONDS
    assert parallel(timeout=SECONDS)(delayed(square)(x) for x in range(4)) == [0, 1, 4, 9]


def test_a_call_after_one_that_was_stopped_has_its_own_results_only() -> None:
    class Slow(list):  # type: ignore[type-arg]
        """Is asked for its length when joblib has forgotten that the call before was stopped."""

        def __len__(self) -> int:
            time.sleep(0.2)
            return super().__len__()

    interval = sys.getswitchinterval()
    with parallel() as p:
        sys.setswitchinterval(SECONDS)  # other threads run when this one sleeps, and only then
        try:
            with pytest.raises(KeyError):
                p([delayed(fail)(1)] + [delayed(time.sleep)(60)] * 3)
            assert p(Slow([delayed(square)(2)] * 2)) == [4, 4]
        finally:
            sys.setswitchinterval(interval)


def test_batches_that_a_stopped_call_has_not_sent_are_gone() -> None:
    def late(x: int) -> None:
        time.sleep(0.2)
        raise KeyError("late", x)

    # When the second has ended, joblib cuts two more batches and sends one.
    p = parallel(pre_dispatch=2, batch_size=1)
    with pytest.raises(KeyError, match="late"):
        p([delayed(late)(1), delayed(square)(2), delayed(time.sleep)(60), delayed(square)(3)])
    assert p([delayed(square)(4)]) == [16]


def test_ctrl_c_ends_a_call_and_leaves_no_process() -> None:
    program = """
import os, time, manycore
from joblib import Parallel, delayed
def process():
    time.sleep(0.05)
    return os.getpid()
p = Parallel(n_jobs=2, backend="manycore")
print(*set(p(delayed(process)() for _ in range(8))), flush=True)
try:
    p(delayed(time.sleep)(60) for _ in range(4))
except KeyboardInterrupt:
    print("interrupted", p([delayed(abs)(-1)] * 2), flush=True)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        assert child.stdout is not None
        processes = [int(word) for word in child.stdout.readline().split()]
        assert len(processes) == 2
        time.sleep(0.2)  # the second call is under way
        start = time.monotonic()
        os.killpg(child.pid, signal.SIGINT)
        out, err = child.communicate(timeout=SECONDS)
        assert (out, err, child.returncode) == ("interrupted [1, 1]\n", "", 0)
        assert time.monotonic() - start < 5
    wait_until_gone(processes, 2)


# Arrays.


def describe(array: np.ndarray[Any, Any]) -> tuple[float, bool, str]:
    base: Any = array
    while isinstance(base, np.ndarray | memoryview):
        base = base.base if isinstance(base, np.ndarray) else base.obj
    return float(array.sum()), array.flags.writeable, type(base).__name__


def shared_memory() -> list[str]:
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(entry.readlink()))
        except FileNotFoundError:  # the listing's own
            continue
    return [name for name in found if "memfd:manycore-joblib" in name]


def wait_until_freed() -> None:
    # Memory that is free waits a second for the next call.
    deadline = time.monotonic() + 5
    while shared_memory():
        assert time.monotonic() < deadline, shared_memory()
        time.sleep(0.05)


def test_a_large_array_that_many_calls_read_is_written_once_and_is_gone_afterwards(
    tmp_path: Path,
) -> None:
    def describe_when_asked(array: np.ndarray[Any, Any]) -> tuple[float, bool, str]:
        while not (tmp_path / "asked").exists():
            time.sleep(0.01)
        return describe(array)

    array = np.ones(LARGE)
    # The last one keeps the call from being over.
    descriptions = [delayed(describe)] * 49 + [delayed(describe_when_asked)]
    calls = parallel(batch_size=1, return_as="generator")(call(array) for call in descriptions)
    results = [next(calls) for _ in range(20)]
    # The segment, and perhaps the first call's copy, still on its way.
    assert 1 <= len(shared_memory()) <= 2
    (tmp_path / "asked").touch()
    results += list(calls)
    assert {result[:2] for result in results} == {(LARGE, False)}
    # All but the first of each worker read the one segment.
    assert [kind for _, _, kind in results].count("mmap") >= 48
    wait_until_freed()


@pytest.mark.parametrize(
    "view",
    [
        lambda array: array[1000:],
        lambda array: array.reshape(1000, -1).T,
        lambda array: np.asfortranarray(array.reshape(1000, -1)),
        lambda array: array.reshape(1000, -1)[:, ::2],
        lambda array: array.astype([("a", "f8")]),
    ],
    ids=["slice", "transposed", "fortran", "strided", "structured"],
)
def test_views_arrive_as_they_are(view: Any) -> None:
    array = view(np.arange(LARGE, dtype=float))
    for back in parallel(batch_size=1)(delayed(np.asarray)(array) for _ in range(6)):
        np.testing.assert_array_equal(back, array)
        assert back.dtype == array.dtype


def test_arrays_that_come_and_go_are_not_taken_for_each_other() -> None:
    def produce() -> Iterator[Any]:
        for number in range(40):
            # The memory of one is soon that of another.
            yield delayed(np.mean)(np.full(LARGE, float(number)))

    assert parallel(batch_size=1)(produce()) == list(range(40))
    wait_until_freed()


def total(*arrays: np.ndarray[Any, Any]) -> float:
    return sum(float(array[-1]) for array in arrays)


def test_more_arrays_than_there_are_descriptors_for_arrive_too() -> None:
    arrays = [np.full(200_000, float(number)) for number in range(300)]
    with parallel(batch_size=1, return_as="generator") as p:
        results = p(delayed(total)(*arrays) for _ in range(6))
        assert next(results) == sum(range(300))
        assert len(shared_memory()) <= 128 + 2  # and one on its way to each worker
        assert list(results) == [sum(range(300))] * 5
    wait_until_freed()


def test_the_next_call_sees_what_changed_in_an_array() -> None:
    array = np.ones(LARGE)
    with parallel() as managed:
        assert managed(delayed(np.sum)(array) for _ in range(8)) == [LARGE] * 8
        array[:] = 2
        assert managed(delayed(np.sum)(array) for _ in range(8)) == [2 * LARGE] * 8


def add_one(array: np.ndarray[Any, Any]) -> float:
    array += 1
    return float(array.sum())


def test_a_call_may_change_small_arrays_and_large_ones_if_asked() -> None:
    small, large = np.zeros(10_000), np.zeros(LARGE)
    assert parallel()(delayed(add_one)(small) for _ in range(4)) == [10_000] * 4
    with pytest.raises(ValueError, match="read-only"):
        parallel()(delayed(add_one)(large) for _ in range(4))
    for options in ({"max_nbytes": None}, {"max_nbytes": "1G"}, {"mmap_mode": "c"}):
        p = parallel(batch_size=1, **options)
        assert p(delayed(add_one)(large) for _ in range(4)) == [LARGE] * 4
    assert not small.any()
    assert not large.any()


@pytest.mark.parametrize("size", [10, 10_000, LARGE])
def test_results_may_be_changed(size: int) -> None:
    for result in parallel()(delayed(np.zeros)(size) for _ in range(4)):
        assert add_one(result) == size


def write(array: np.ndarray[Any, Any], index: int) -> None:
    array[index] = index


def test_an_array_in_a_file_arrives_as_that_file(tmp_path: Path) -> None:
    array = np.memmap(tmp_path / "numbers", np.int64, "w+", shape=(100,))
    parallel()(delayed(write)(array, index) for index in range(50))
    parallel()(delayed(write)(array[50:], index) for index in range(50))
    np.testing.assert_array_equal(array, [*range(50), *range(50)])
    read_only = np.memmap(tmp_path / "numbers", np.int64, "r", shape=(100,))
    with pytest.raises(ValueError, match="read-only"):
        parallel()(delayed(write)(read_only, index) for index in range(2))


# Workers.


def start(value: str) -> None:
    os.environ["MANYCORE_TEST"] = value


def started() -> str | None:
    return os.environ.get("MANYCORE_TEST")


def test_an_initializer_runs_in_each_worker() -> None:
    calls = [delayed(started)()] * 10
    assert parallel(initializer=start, initargs=("a",))(calls) == ["a"] * 10
    with parallel_config(backend="manycore", n_jobs=2, initializer=start, initargs=("b",)):
        assert Parallel()(calls) == ["b"] * 10
    assert parallel()(calls) == [None] * 10


def test_an_unknown_parameter_of_the_backend_is_refused() -> None:
    with pytest.raises(TypeError, match="n_threads"):
        parallel_config(backend="manycore", n_threads=2)


def test_workers_that_nobody_uses_end() -> None:
    p = parallel(idle_worker_timeout=0.3)
    processes = list(set(p(delayed(process)(0.01) for _ in range(20))))
    assert all(map(is_alive, processes))
    wait_until_gone(processes, SECONDS)
    assert p(delayed(square)(x) for x in range(4)) == [0, 1, 4, 9]


def test_only_one_pool_that_nobody_uses_is_kept() -> None:
    processes = set(parallel(n_jobs=2)(delayed(process)(0.01) for _ in range(20)))
    others = set(parallel(n_jobs=3)(delayed(process)(0.01) for _ in range(20)))
    assert not processes & others
    wait_until_gone(list(processes), SECONDS)


def put(queue: Any, item: int) -> None:
    queue.put(item)


@pytest.mark.filterwarnings("ignore:resource_tracker:UserWarning")  # loky's, of other tests
def test_a_managers_queue_works_in_workers() -> None:
    with multiprocessing.get_context("spawn").Manager() as manager:
        queue: Any = manager.Queue()
        starts = {"initializer": put, "initargs": (queue, -1)}
        parallel(**starts)(delayed(put)(queue, item) for item in range(10))
        items = [queue.get() for _ in range(queue.qsize())]
        assert sorted(items)[-11:] == list(range(-1, 10))


def test_a_fork_has_workers_of_its_own() -> None:
    code = """
import os, manycore
from joblib import Parallel, delayed
p = Parallel(n_jobs=2, backend="manycore")
def process():
    return os.getpid()
parents = set(p(delayed(process)() for _ in range(20)))
child = os.fork()
if child == 0:
    own = set(p(delayed(process)() for _ in range(20)))
    os._exit(bool(own & parents))
print(os.waitpid(child, 0)[1], set(p(delayed(process)() for _ in range(20))) <= parents)
"""
    flags = ["-X", "dev", "-W", "error", "-W", "ignore::DeprecationWarning"]
    assert output(code, flags=flags) == "0 True\n"
