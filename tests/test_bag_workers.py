"""A bag's Python functions in worker processes: the answers are those of this process."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import manycore as mc

Compute = Callable[[Any], Any]


@pytest.fixture(autouse=True)
def processes() -> Iterator[None]:
    with mc.config(lane="processes", workers=2):
        yield


def square(number: int) -> int:
    return number * number


def is_even(number: int) -> bool:
    return number % 2 == 0


def pid(_: object) -> int:
    return os.getpid()


def test_functions_run_in_worker_processes_and_native_steps_here() -> None:
    pids = mc.bag.range(8, 4).map(pid).compute()
    assert os.getpid() not in pids
    assert mc.bag.from_sequence(["a b", "c"]).str.upper().compute() == ["A B", "C"]


OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "map": lambda bag: bag.map(square).compute(),
    "map with arguments": lambda bag: bag.map(pow, 2).compute(),
    "map with keywords": lambda bag: bag.map(lambda x, *, add: x + add, add=3).compute(),
    "filter": lambda bag: bag.filter(is_even).compute(),
    "map, filter": lambda bag: bag.map(square).filter(is_even).map(str).compute(),
    "flatten": lambda bag: bag.map(lambda x: [x] * (x % 3)).flatten().compute(),
    "count": lambda bag: bag.filter(is_even).count().compute(),
    "sum": lambda bag: bag.map(square).sum().compute(),
    "fold": lambda bag: bag.fold(lambda a, b: a + b, initial=0).compute(),
    "frequencies": lambda bag: sorted(bag.map(lambda x: x % 3).frequencies().compute()),
    "sorted": lambda bag: bag.map(lambda x: x % 3).frequencies(sort=True).compute(),
    "distinct": lambda bag: bag.map(lambda x: x % 5).distinct().compute(),
    "distinct by key": lambda bag: bag.distinct(key=is_even).compute(),
    "topk": lambda bag: bag.map(square).topk(4).compute(),
    "topk by key": lambda bag: bag.topk(4, key=lambda x: -x).compute(),
    "reduction": lambda bag: bag.map(square).reduction(len, sum).compute(),
    "strings": lambda bag: bag.map(str).str.zfill(3).compute(),
    "native behind": lambda bag: bag.map(str).str.contains("1").compute(),
    "native reduction": lambda bag: sorted(bag.map(str).str.upper().frequencies().compute()),
    "native count": lambda bag: bag.map(str).str.split().flatten().count().compute(),
    "persist": lambda bag: bag.map(square).persist().map(square).compute(),
    "persist, count": lambda bag: bag.map(square).persist().count().compute(),
    "of a result": lambda bag: bag.map(str).frequencies().map(lambda pair: pair[1]).compute(),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
@settings(max_examples=15, deadline=None)
@given(numbers=st.lists(st.integers(-50, 50), max_size=30), partitions=st.integers(1, 6))
def test_workers_give_what_threads_give(
    operation: Callable[[Any], Any], numbers: list[int], partitions: int
) -> None:
    bag = mc.bag.from_sequence(numbers, npartitions=partitions)
    answers = []
    for lane in ("inline", "processes", "mixed"):
        mc.config(lane=lane)
        answers.append(operation(bag))
    assert answers[0] == answers[1] == answers[2]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(), max_size=20))
def test_any_text_travels(texts: list[str]) -> None:
    bag = mc.bag.from_sequence(texts, npartitions=3)
    assert bag.map(lambda text: text + text).compute() == [text + text for text in texts]
    assert bag.filter(str.isalpha).compute() == list(filter(str.isalpha, texts))


def test_extremes_of_nothing_fail_as_they_do_here() -> None:
    bag = mc.bag.range(4, 2).filter(lambda _: False)
    with pytest.raises(ValueError, match="max of a bag without elements"):
        bag.max().compute()
    with pytest.raises(ValueError, match="fold of a bag without elements"):
        bag.fold(max).compute()
    some = mc.bag.range(4, 2).filter(lambda x: x == 3)
    assert (some.max().compute(), some.fold(max).compute()) == (3, 3)


def test_files_are_read_where_the_function_runs(tmp_path: Path) -> None:
    strange = Path(os.fsdecode(os.fsencode(tmp_path) + b"/not-\xff-utf8.txt"))
    strange.write_text("one two\nthree\n" * 1000)
    (tmp_path / "second.txt").write_text("four\n")
    words = mc.bag.read_text(str(tmp_path), blocksize=1000).str.split().flatten()
    expected = Counter(["one", "two", "three"] * 1000 + ["four"])
    assert dict(words.map(str.upper).frequencies().compute()) == {
        word.upper(): count for word, count in expected.items()
    }
    assert words.filter(lambda word: word != "two").count().compute() == 2001


def test_what_a_worker_reads_counts_in_the_progress(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text("a line\n" * 100)
    seen: list[tuple[int, ...]] = []

    def linger(line: str) -> int:
        if line.startswith("last"):
            time.sleep(0.3)
        return len(line)

    (tmp_path / "9.txt").write_text("last\n")
    lines = mc.bag.read_text(str(tmp_path)).map(linger)
    lines.count()._core.compute(lambda *done: seen.append(done))
    # Bytes, files: for a while all but those of the file that keeps its worker busy.
    assert (2100, 3) in {done[:2] for done in seen}


def test_a_missing_file_is_the_same_error(tmp_path: Path) -> None:
    path = tmp_path / "gone.txt"
    path.write_text("text")
    bag = mc.bag.read_text(str(path)).map(len)
    path.unlink()
    with pytest.raises(FileNotFoundError) as error:
        bag.compute()
    assert error.value.filename == str(path)


def test_arrays_come_back_whole() -> None:
    bag = mc.bag.from_sequence(range(4), npartitions=4)
    arrays = bag.map(lambda number: np.full(100_000, number)).compute()
    for number, array in enumerate(arrays):
        np.testing.assert_array_equal(array, np.full(100_000, number))
    sums = mc.bag.from_sequence(arrays, npartitions=2).map(np.sum).compute()
    assert sums == [0, 100_000, 200_000, 300_000]


def test_an_exception_is_the_users_own_and_says_where() -> None:
    with pytest.raises(ZeroDivisionError) as error:
        mc.bag.range(8, 4).map(lambda x: 1 // (x - 5)).compute()
    notes = error.value.__notes__
    assert notes[0] == "at the element 5"
    assert notes[1].endswith("+map(<lambda>)+collect")
    assert notes[1].startswith("in partition 2 of ")


def test_a_worker_that_dies_fails_its_partition_and_no_other_run() -> None:
    def die(number: int) -> int:
        if number == 5:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    bag = mc.bag.range(8, 4)
    with pytest.raises(mc.WorkerDied, match=r"signal 9 in .*map.die.*2"):
        bag.map(die).compute()
    assert bag.map(square).sum().compute() == 140


def test_retries_repeat_a_partition_whose_worker_died(tmp_path: Path) -> None:
    def die_once(number: int) -> int:
        try:
            (tmp_path / str(number)).touch(exist_ok=False)
        except FileExistsError:
            return number
        os._exit(3)

    with mc.config(retries=8):
        assert mc.bag.range(4, 4).map(die_once).compute() == [0, 1, 2, 3]


@pytest.mark.parametrize("lane", ["inline", "threads", "processes", "mixed"])
def test_a_partition_that_is_tried_again_counts_once(
    lane: Literal["inline", "threads", "processes", "mixed"], tmp_path: Path
) -> None:
    def fail_once(word: str) -> bool:
        if word == "unlucky":
            (tmp_path / str(len(list(tmp_path.iterdir())))).mkdir()
            if len(list(tmp_path.iterdir())) < 4:
                raise OSError("not yet")
        return True

    words = ["a", "b", "a", "unlucky", "b", "a"] * 3
    with mc.config(lane=lane, retries=9):
        kept = mc.bag.from_sequence(words, npartitions=9).filter(fail_once)
        assert dict(kept.frequencies().compute()) == Counter(words)


@pytest.mark.parametrize("lane", ["inline", "threads"])
def test_what_fails_where_partitions_meet_is_not_tried_again(
    lane: Literal["inline", "threads"],
) -> None:
    def combine(one: int, two: int) -> int:
        raise ValueError(f"{one} and {two}")

    with mc.config(lane=lane, retries=3), pytest.raises(ValueError, match="and"):
        mc.bag.range(9, 3).fold(max, combine).compute()


def test_what_cannot_travel_runs_here_on_the_mixed_lane_and_is_refused_by_workers() -> None:
    lock = threading.Lock()

    def guarded(number: int) -> int:
        with lock:
            return number + 1

    bag = mc.bag.range(4, 2).map(guarded)
    with pytest.raises(TypeError, match="lock") as error:
        bag.compute()
    assert any("guarded" in note for note in error.value.__notes__)
    mc.config(lane="mixed")
    assert bag.compute() == [1, 2, 3, 4]
    elements = mc.bag.from_sequence([lock], npartitions=1).map(type)
    assert elements.compute() == [type(lock)]


def test_callables_of_from_delayed_run_in_workers() -> None:
    first, second = mc.delayed(lambda: [os.getpid()])(), mc.delayed(lambda: [7, 8])()
    pid, *others = mc.bag.from_delayed([first, second, lambda: "x"]).compute()
    assert pid != os.getpid()
    assert others == [7, 8, "x"]


def test_take_calls_the_function_for_no_more_than_a_partitions_first_batches(
    tmp_path: Path,
) -> None:
    def note(number: int) -> int:
        (tmp_path / str(number)).touch()
        return number

    assert mc.bag.range(1000, 100).map(note).take(3) == (0, 1, 2)
    assert len(list(tmp_path.iterdir())) <= 10


def test_text_files_are_written_from_what_workers_made(tmp_path: Path) -> None:
    paths = mc.bag.range(6, 3).map(lambda x: f"line {x}").to_textfiles(str(tmp_path / "*.txt"))
    assert [Path(path).read_text() for path in paths] == [
        f"line {2 * part}\nline {2 * part + 1}" for part in range(3)
    ]


def test_short_functions_come_home_on_the_mixed_lane() -> None:
    mc.config(lane="mixed")
    with mc.trace() as trace:
        mc.bag.range(400, 400).map(square).sum().compute()
    assert "moves to this process" in str(trace.summary())


def test_a_result_that_cannot_be_sent_is_an_error_that_says_what_to_do() -> None:
    mc.config(lane="mixed")
    bag = mc.bag.range(3, 1).map(lambda x: (i for i in range(x)))
    assert bag.flatten().compute() == [0, 0, 1], "it need not be sent"
    with pytest.raises(TypeError, match="generator") as error:
        bag.compute()
    assert any("lane='threads'" in note for note in error.value.__notes__)
    mc.config(lane="threads")
    assert [list(items) for items in bag.compute()] == [[], [0], [0, 1]]


def test_workers_see_the_folder_and_the_environment_as_they_are_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = mc.bag.range(1, 1)
    assert bag.map(lambda _: str(Path.cwd())).compute() == [str(Path.cwd())]
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("two words\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MANYCORE_TEST", "set later")
    assert mc.bag.read_text("docs").map(len).compute() == [10]
    assert bag.map(lambda _: os.environ["MANYCORE_TEST"]).compute() == ["set later"]
