"""Where bags come from, and what is taken of them: partitions, `take`, `persist`, iteration."""

from __future__ import annotations

import itertools
import math
import operator
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import pytest
from dask.delayed import delayed
from hypothesis import given
from hypothesis import strategies as st

import manycore as mc

pytestmark = pytest.mark.usefixtures("lane")


def partitions(bag: mc.Bag) -> list[list[Any]]:
    return bag.reduction(list, list).compute()  # type: ignore[no-any-return]


@given(st.lists(st.integers(), max_size=30), st.integers(1, 40))
def test_from_sequence_cuts_into_partitions_of_a_size(elements: list[int], size: int) -> None:
    bag = mc.bag.from_sequence(elements, partition_size=size)
    expected = [elements[start : start + size] for start in range(0, len(elements), size)]
    assert partitions(bag) == (expected or [[]])
    assert bag.npartitions == max(len(expected), 1)


@given(st.lists(st.integers(), max_size=300), st.none() | st.integers(1, 400))
def test_from_sequence_cuts_into_no_more_partitions_than_asked_for_and_none_empty(
    elements: list[int], count: int | None
) -> None:
    bag = mc.bag.from_sequence(elements, npartitions=count)
    found = partitions(bag)
    assert list(itertools.chain.from_iterable(found)) == elements
    assert bag.npartitions == len(found) <= (count or 100)
    assert [] not in found or found == [[]]
    assert len({len(part) for part in found[:-1]}) <= 1


@pytest.mark.parametrize(
    "options",
    [{"partition_size": 0}, {"npartitions": 0}, {"npartitions": -1}, {"partition_size": -5}],
    ids=str,
)
def test_from_sequence_refuses_partitions_of_nothing(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be at least 1"):
        mc.bag.from_sequence([1, 2], **options)


def test_from_sequence_takes_partition_size_or_npartitions() -> None:
    with pytest.raises(ValueError, match="give partition_size or npartitions, not both"):
        mc.bag.from_sequence([1, 2], partition_size=1, npartitions=2)


def test_from_sequence_takes_any_iterable_and_what_it_holds_now() -> None:
    assert mc.bag.from_sequence(iter("abc")).compute() == ["a", "b", "c"]
    assert mc.bag.from_sequence({"a": 1, "b": 2}).compute() == ["a", "b"]
    assert mc.bag.from_sequence(number * 2 for number in range(3)).compute() == [0, 2, 4]
    elements = [1, 2]
    bag = mc.bag.from_sequence(elements)
    elements.append(3)
    assert bag.compute() == [1, 2]


def test_what_compute_returns_is_the_caller_s_to_change() -> None:
    for elements in ([1, 2], ["a", "b"]):
        bag = mc.bag.from_sequence(elements, npartitions=1).persist()
        bag.compute().append("more")
        bag.reduction(list.clear, len).compute()
        assert bag.compute() == elements


@given(st.integers(-3, 50), st.integers(1, 60))
def test_range_counts_up_in_at_most_so_many_partitions(n: int, count: int) -> None:
    bag = mc.bag.range(n, npartitions=count)
    assert bag.compute() == list(range(n))
    assert bag.npartitions <= count
    assert partitions(bag.map(lambda x: x)) == partitions(bag)


def test_range_refuses_no_partitions() -> None:
    with pytest.raises(ValueError, match="npartitions must be at least 1, not 0"):
        mc.bag.range(5, npartitions=0)


def test_from_delayed_calls_each_function_when_its_partition_is_due() -> None:
    called: list[int] = []

    def make(number: int) -> Iterator[int]:
        called.append(number)
        yield from range(number)

    bag = mc.bag.from_delayed([lambda n=n: make(n) for n in range(4)])
    assert (bag.npartitions, called) == (4, [])
    assert bag.take(1, warn=False) == ()
    assert called == [0]
    assert partitions(bag) == [[], [0], [0, 1], [0, 1, 2]]


def test_from_delayed_takes_what_dask_delays() -> None:
    values = [delayed(range)(number) for number in range(3)]
    values.append(delayed("ab"))
    with dask.config.set(scheduler="synchronous"):
        bag = mc.bag.from_delayed(values)
        assert partitions(bag) == [[], [0], [0, 1], ["a", "b"]]
        assert bag.count().compute() == 5


def test_from_delayed_of_nothing_is_a_bag_of_nothing() -> None:
    assert mc.bag.from_delayed([]).compute() == []


def test_from_delayed_refuses_what_makes_no_partition() -> None:
    with pytest.raises(TypeError, match=r"must be a function or have compute\(\), not \[1\]"):
        mc.bag.from_delayed([[1]])
    with pytest.raises(TypeError, match="'int' object is not iterable") as raised:
        mc.bag.from_delayed([list, lambda: 7]).compute()
    assert any("partition 1" in note for note in raised.value.__notes__)


def test_an_error_of_a_delayed_function_is_raised_as_it_is() -> None:
    error = LookupError("gone")

    def fail() -> list[int]:
        raise error

    with pytest.raises(LookupError) as raised:
        mc.bag.from_delayed([list, fail]).compute()
    assert raised.value is error


# Partitions 0, 5 and 9 of ten hold something.
def sparse() -> mc.Bag:
    return mc.bag.range(100, npartitions=10).filter(lambda x: x in (3, 50, 51, 99))


def test_take_looks_at_the_first_partition_and_warns_if_it_holds_too_little() -> None:
    bag = mc.bag.from_sequence("abcdef", npartitions=3)
    assert bag.take(2) == ("a", "b")
    assert bag.take(0) == ()
    with pytest.warns(UserWarning, match="3 elements asked for, 2 taken from 1 of 3 partitions"):
        assert bag.take(3) == ("a", "b")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert bag.take(3, warn=False) == ("a", "b")


def test_take_looks_at_as_many_partitions_as_it_is_told() -> None:
    bag = mc.bag.from_sequence("abcdef", npartitions=3)
    assert bag.take(3, npartitions=2) == ("a", "b", "c")
    assert bag.take(6, npartitions=3) == tuple("abcdef")
    assert bag.take(5, npartitions=-1) == tuple("abcde")
    with pytest.warns(UserWarning, match="5 elements asked for, 4 taken from 2 of 3 partitions"):
        assert bag.take(5, npartitions=2) == tuple("abcd")


def test_take_from_all_partitions_that_hold_too_little_does_not_advise_to_take_from_all() -> None:
    bag = mc.bag.from_sequence("abc", npartitions=3)
    with pytest.warns(UserWarning, match="4 elements asked for, 3 taken") as caught:
        assert bag.take(4, npartitions=-1) == ("a", "b", "c")
    assert "npartitions=-1" not in str(caught[0].message)


def test_take_finds_the_little_that_a_filter_leaves() -> None:
    assert sparse().take(1) == (3,)
    assert sparse().take(3, npartitions=-1) == (3, 50, 51)
    assert sparse().take(4, npartitions=-1) == (3, 50, 51, 99)
    assert sparse().take(2, npartitions=6) == (3, 50)
    assert sparse().take(9, npartitions=10, warn=False) == (3, 50, 51, 99)


def test_take_computes_no_partition_behind_those_it_needs() -> None:
    seen: set[int] = set()

    def note(number: int) -> int:
        seen.add(number)
        return number

    bag = mc.bag.range(100, npartitions=100).map(note)
    assert bag.take(3, npartitions=-1) == (0, 1, 2)
    assert seen == {0, 1, 2}


def test_take_reads_no_more_of_a_file_than_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"line\n" * 100_000 + b"\xff\n")
    assert mc.bag.read_text(path).take(3) == ("line\n",) * 3
    assert mc.bag.read_text(path).str.split().flatten().take(2) == ("line", "line")
    with pytest.raises(UnicodeDecodeError):
        mc.bag.read_text(path).take(100_001)


@pytest.mark.parametrize(
    ("k", "npartitions"), [(-1, 1), (1, 0), (1, 4), (1, -2)], ids=lambda value: str(value)
)
def test_take_refuses_what_there_is_not(k: int, npartitions: int) -> None:
    with pytest.raises(ValueError, match="must be"):
        mc.bag.from_sequence("abc", npartitions=3).take(k, npartitions=npartitions)


@given(st.lists(st.text(max_size=3), max_size=20), st.integers(1, 6), st.integers(0, 25))
def test_take_is_the_start_of_what_compute_returns(texts: list[str], parts: int, k: int) -> None:
    strings = mc.bag.from_sequence(texts, npartitions=parts)
    for bag in (
        strings,
        strings.str.upper(),
        strings.map(len),
        strings.str.split(),
        strings.str.split().flatten(),
        strings.filter(bool),
        strings.str.len(),
        strings.str.contains("a"),
        strings.frequencies(),
        strings.frequencies(sort=True),
        strings.distinct(),
        strings.topk(3),
        strings.flatten(),
        strings.persist(),
    ):
        expected = bag.compute()
        assert bag.take(k, npartitions=-1, warn=False) == tuple(expected[:k]), bag
        first = partitions(bag)[0]
        assert bag.take(k, warn=False) == tuple(first[:k]), bag


@given(st.lists(st.text(max_size=3), max_size=20), st.integers(1, 6))
def test_persisted_partitions_are_those_that_were_computed(texts: list[str], parts: int) -> None:
    strings = mc.bag.from_sequence(texts, npartitions=parts)
    for bag in (
        strings.str.lower(),
        strings.str.split(),
        strings.str.split("a"),
        strings.str.split().flatten(),
        strings.str.len(),
        strings.str.startswith("a"),
        strings.map(list),
        strings.frequencies(),
    ):
        kept = bag.persist()
        assert kept.npartitions == bag.npartitions
        assert partitions(kept) == partitions(bag)
        assert kept.compute() == bag.compute()
        assert kept.count().compute() == bag.count().compute()
        assert kept.persist().compute() == bag.compute()
    lists = strings.str.split().persist()
    assert lists.flatten().compute() == strings.str.split().flatten().compute()
    letters = sum(len(word) for text in texts for word in text.split())
    assert lists.flatten().str.len().sum().compute() == letters


def test_a_bag_is_iterated_in_order() -> None:
    bag = mc.bag.range(10, npartitions=4).map(lambda x: x * x)
    assert list(bag) == [x * x for x in range(10)]
    assert dict(zip("ab", bag, strict=False)) == {"a": 0, "b": 1}
    assert 9 in bag


def test_more_partitions_than_workers_and_than_a_merge_takes_keep_their_order() -> None:
    count = 1_000
    bag = mc.bag.range(count, npartitions=count)
    assert bag.npartitions == count
    assert bag.compute() == list(range(count))
    assert bag.map(str).str.len().sum().compute() == sum(len(str(n)) for n in range(count))
    assert bag.fold(operator.add).compute() == math.comb(count, 2)


def test_bags_are_computed_from_several_threads_at_once() -> None:
    bag = mc.bag.range(200, npartitions=20).map(lambda x: x + 1)
    words = mc.bag.from_sequence(["a b", "b"] * 50, npartitions=10).str.split().flatten()
    results: list[Any] = []

    def compute() -> None:
        results.append((bag.sum().compute(), words.frequencies().compute()))

    threads = [threading.Thread(target=compute) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [(20_100, [("a", 50), ("b", 100)])] * 8
