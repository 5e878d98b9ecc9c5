"""What comes back when the user's own function raises: their exception, and where it happened."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

import manycore as mc


class NeedyError(Exception):
    """Can't be made of its message alone, so that no copy of it can be raised instead."""

    def __init__(self, first: int, second: str) -> None:
        super().__init__(f"{first} and {second}")
        self.first = first
        self.second = second


class Own(BaseException):
    """No `Exception`."""


def fail(item: Any) -> NoReturn:
    raise NeedyError(item, "more")


def fail_at_three(item: int) -> int:
    if item == 3:
        raise NeedyError(item, "more")
    return item


def fail_in_a_list(items: list[int]) -> list[int]:
    return [fail_at_three(item) for item in items]


def notes(error: BaseException) -> list[str]:
    return list(getattr(error, "__notes__", []))


@pytest.fixture(params=["threads", "inline"], autouse=True)
def _lane(request: pytest.FixtureRequest) -> Iterator[None]:
    with mc.config(lane=request.param, workers=2):
        yield


def numbers() -> mc.Bag:
    return mc.bag.from_sequence(range(10), npartitions=5)


OPERATIONS: dict[str, Callable[[mc.Bag], Any]] = {
    "map": lambda bag: bag.map(fail_at_three),
    "filter": lambda bag: bag.filter(fail_at_three),
    "remove": lambda bag: bag.remove(fail_at_three),
    "fold": lambda bag: bag.map(lambda x: x).fold(lambda total, item: total + fail_at_three(item)),
    "topk": lambda bag: bag.topk(2, key=fail_at_three),
    "distinct": lambda bag: bag.distinct(key=fail_at_three),
    "reduction": lambda bag: bag.reduction(
        lambda items: [fail_at_three(item) for item in items], sum
    ),
    "take": lambda bag: Taken(bag.map(fail_at_three)),
    "persist": lambda bag: Persisted(bag.map(fail_at_three)),
}


class Taken:
    def __init__(self, bag: mc.Bag) -> None:
        self.bag = bag

    def compute(self) -> object:
        return self.bag.take(5, npartitions=-1)


class Persisted(Taken):
    def compute(self) -> object:
        return self.bag.persist()


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_users_own_exception_comes_back_with_its_frames_and_partition(name: str) -> None:
    result = OPERATIONS[name](numbers())
    with pytest.raises(NeedyError, match="3 and more") as caught:
        result.compute()
    assert (caught.value.first, caught.value.second) == (3, "more")
    frames = [frame.name for frame in traceback.extract_tb(caught.tb)]
    assert "fail_at_three" in frames
    assert any(note.startswith("in partition 1 of ") for note in notes(caught.value))


@pytest.mark.parametrize("name", ["map", "filter", "remove", "fold", "take", "persist"])
def test_the_element_is_named(name: str) -> None:
    with pytest.raises(NeedyError) as caught:
        OPERATIONS[name](numbers()).compute()
    assert "at the element 3" in notes(caught.value)


def test_the_engine_works_after_a_failure() -> None:
    with pytest.raises(NeedyError):
        numbers().map(fail_at_three).compute()
    assert numbers().map(lambda x: x * 2).compute() == [*range(0, 20, 2)]


def test_the_file_of_the_partition_is_named(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"{number}\n")

    def fail_at_one(line: str) -> str:
        if line == "1\n":
            raise NeedyError(1, line)
        return line

    with pytest.raises(NeedyError) as caught:
        mc.bag.read_text(tmp_path).map(fail_at_one).compute()
    assert notes(caught.value) == [
        "at the element '1\\n'",
        f"in partition 1 ({tmp_path / '1.txt'}) of read_text+map(fail_at_one)+collect",
    ]


def test_the_bytes_of_a_part_of_a_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("12345\n" * 10)
    with pytest.raises(NeedyError) as caught:
        mc.bag.read_text(path, blocksize=30).map(fail).compute()
    assert f"({path}, bytes " in notes(caught.value)[-1]


def test_a_long_element_is_cut_at_two_hundred_characters() -> None:
    with pytest.raises(NeedyError) as caught:
        mc.bag.from_sequence(["é" * 1000]).map(fail).compute()
    assert notes(caught.value)[0] == "at the element '" + "é" * 199 + "…"
    with pytest.raises(NeedyError) as caught:
        mc.bag.from_sequence([10**199]).map(fail).compute()
    assert notes(caught.value)[0] == f"at the element {10**199}"


class Shy:
    """An element that can't be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")


@pytest.mark.parametrize("name", ["map", "fold"])
def test_an_element_that_cannot_be_shown_does_not_hide_the_error(name: str) -> None:
    bag = mc.bag.from_sequence([Shy(), Shy()], npartitions=1)

    def refuse(*items: object) -> NoReturn:
        raise NeedyError(len(items), "shy")

    with pytest.raises(NeedyError, match="shy"):
        (bag.map(refuse) if name == "map" else bag.fold(refuse)).compute()


class ClosedError(Exception):
    """Takes no note."""

    def add_note(self, _: str) -> NoReturn:
        raise TypeError("no notes")


def test_an_exception_that_takes_no_note_comes_back_without() -> None:
    def refuse(_: object) -> NoReturn:
        raise ClosedError

    with pytest.raises(ClosedError):
        numbers().map(refuse).compute()
    with pytest.raises(ClosedError):
        numbers().fold(lambda total, item: refuse(item)).compute()


@pytest.mark.parametrize(
    "kind", [SystemExit, KeyboardInterrupt, GeneratorExit, Own, StopIteration, MemoryError]
)
def test_any_exception_comes_back_as_it_is(kind: type[BaseException]) -> None:
    def leave(item: int) -> int:
        if item == 3:
            raise kind("left")
        return item

    with pytest.raises(kind, match="left") as caught:
        numbers().map(leave).compute()
    assert type(caught.value) is kind
    with pytest.raises(kind, match="left"):
        numbers().reduction(lambda items: [leave(item) for item in items], len).compute()
    assert numbers().count().compute() == 10


def test_the_cause_and_context_of_an_exception_stay() -> None:
    def chain(item: int) -> int:
        try:
            return 1 // item
        except ZeroDivisionError as error:
            raise NeedyError(item, "chained") from error

    with pytest.raises(NeedyError) as caught:
        mc.bag.from_sequence([0]).map(chain).compute()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_one_exception_object_raised_in_all_partitions_comes_back() -> None:
    error = NeedyError(1, "shared")

    def fail_alike(_: object) -> NoReturn:
        raise error

    with pytest.raises(NeedyError) as caught:
        numbers().map(fail_alike).compute()
    assert caught.value is error


def test_what_cannot_be_flattened_is_a_type_error_with_the_element() -> None:
    bag = mc.bag.from_sequence([[1], 7], npartitions=1)
    with pytest.raises(TypeError, match="'int' object is not iterable") as caught:
        bag.flatten().compute()
    assert notes(caught.value)[0] == "at the element 7"


def test_an_iterable_that_fails_midway_is_the_users_error() -> None:
    def generate(item: int) -> Iterator[int]:
        yield item
        raise NeedyError(item, "midway")

    with pytest.raises(NeedyError, match="midway"):
        numbers().map(generate).flatten().compute()


def test_an_entry_that_is_not_there_is_named_with_its_element() -> None:
    people = mc.bag.from_sequence([{"name": "Ada"}, {"age": 41}], npartitions=1)
    with pytest.raises(KeyError, match="name") as caught:
        people.pluck("name").compute()
    assert notes(caught.value)[0] == "at the element {'age': 41}"
    with pytest.raises(IndexError):
        mc.bag.from_sequence([(1, 2), (1,)]).pluck(1).compute()


def test_a_partition_that_cannot_be_made_is_named() -> None:
    def refuse() -> NoReturn:
        raise NeedyError(2, "no partition")

    with pytest.raises(NeedyError, match="no partition") as caught:
        mc.bag.from_delayed([lambda: [1], refuse]).count().compute()
    assert notes(caught.value)[-1].startswith("in partition 1 of from_delayed")
    with pytest.raises(TypeError, match="not iterable") as failed:
        mc.bag.from_delayed([lambda: 7]).count().compute()
    assert notes(failed.value)[-1].startswith("in partition 0 of from_delayed")


def test_an_element_that_is_no_string_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError) as caught:
        mc.bag.from_sequence([1, "a"]).to_textfiles(tmp_path / "out")
    assert notes(caught.value)[0] == "at the element 1"
    assert not list((tmp_path / "out").glob("*"))


@pytest.mark.parametrize("stage", ["combine", "aggregate"])
def test_an_error_where_partitions_meet_comes_back(stage: str) -> None:
    def meet(*parts: Any) -> NoReturn:
        raise NeedyError(len(parts), stage)

    if stage == "combine":
        item = numbers().fold(lambda total, item: total + item, combine=meet)
    else:
        item = numbers().reduction(sum, meet)
    with pytest.raises(NeedyError, match=stage) as caught:
        item.compute()
    assert "meet" in [frame.name for frame in traceback.extract_tb(caught.tb)]


def test_a_value_that_has_no_truth_is_the_filters_error() -> None:
    class Moot:
        def __bool__(self) -> bool:
            raise NeedyError(0, "no truth")

    with pytest.raises(NeedyError, match="no truth"):
        numbers().filter(lambda _: Moot()).compute()
