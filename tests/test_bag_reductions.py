"""Reductions: Python's own answers, and dask.bag's, with the elements' types kept."""

from __future__ import annotations

import heapq
import math
import operator
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import dask.bag
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import manycore as mc

pytestmark = pytest.mark.usefixtures("lane")

# Its functions have no types.
db: Any = dask.bag


class Name(str):
    """A string of another class, equal to the string that it is."""

    __slots__ = ()


STRINGS = st.text("ab é日😀\n", max_size=4)
NUMBERS = st.one_of(st.integers(-5, 5), st.integers(), st.booleans(), st.sampled_from([0.5, 1.0]))
# Equal ones of several types, which must stay of the type that came first.
MIXED = st.one_of(
    st.sampled_from([0, 1, 2, True, False, 0.0, 1.0, 2.0, "a", "b", Name("a"), Name("b")]),
    st.integers(0, 3),
)
PARTS = st.integers(1, 5)


def typed(elements: Any) -> list[tuple[type, Any]]:
    return [(type(element), element) for element in elements]


@given(st.lists(STRINGS, max_size=20), PARTS)
def test_strings_reduce_as_in_python(strings: list[str], parts: int) -> None:
    bag = mc.bag.from_sequence(strings, npartitions=parts)
    counts = Counter(strings)
    assert bag.count().compute() == len(strings)
    assert bag.frequencies().compute() == sorted(counts.items())
    by_count = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    assert bag.frequencies(sort=True).compute() == by_count
    assert bag.distinct().compute() == sorted(counts)
    for k in (0, 1, 3, 100):
        assert bag.topk(k).compute() == heapq.nlargest(k, strings)
        assert bag.topk(k, key=len).compute() == heapq.nlargest(k, strings, key=len)
        assert bag.frequencies(sort=True).take(k, warn=False) == tuple(by_count[:k])
        assert bag.frequencies().take(k, warn=False) == tuple(sorted(counts.items())[:k])
    if strings:
        assert bag.min().compute() == min(strings)
        assert bag.max().compute() == max(strings)


@given(st.lists(NUMBERS, min_size=1, max_size=20), PARTS)
@example([1, True, 1.0], 3)
@example([1.0, True, 0.0, False, 0, 1], 3)
def test_numbers_reduce_as_in_python(numbers: list[Any], parts: int) -> None:
    bag = mc.bag.from_sequence(numbers, npartitions=parts)
    assert bag.sum().compute() == pytest.approx(sum(numbers))
    assert bag.mean().compute() == pytest.approx(sum(numbers) / len(numbers))
    assert typed([bag.min().compute()]) == typed([min(numbers)])
    assert typed([bag.max().compute()]) == typed([max(numbers)])
    assert typed(bag.topk(3).compute()) == typed(heapq.nlargest(3, numbers))


@given(st.lists(st.integers(), max_size=20), PARTS)
def test_integers_are_added_exactly(numbers: list[int], parts: int) -> None:
    bag = mc.bag.from_sequence(numbers, npartitions=parts)
    assert bag.sum().compute() == sum(numbers)
    assert bag.map(lambda number: number * 10**30).sum().compute() == sum(numbers) * 10**30


@given(st.lists(MIXED, max_size=20), PARTS)
def test_of_equal_elements_the_first_stays_as_it_is(elements: list[Any], parts: int) -> None:
    bag = mc.bag.from_sequence(elements, npartitions=parts)
    counts = Counter(elements)
    assert typed(bag.compute()) == typed(elements)
    frequencies = bag.frequencies().compute()
    assert frequencies == list(counts.items())
    assert bag.frequencies(sort=True).compute() == counts.most_common()
    if {type(element) for element in elements} != {str}:
        assert typed(bag.distinct().compute()) == typed(dict.fromkeys(elements))
        assert typed(element for element, _ in frequencies) == typed(counts)
    by_text: dict[str, Any] = {}
    for element in elements:
        by_text.setdefault(str(element), element)
    assert typed(bag.distinct(key=str).compute()) == typed(by_text.values())
    largest = heapq.nlargest(4, elements, key=str)
    assert typed(bag.topk(4, key=str).compute()) == typed(largest)


def test_objects_that_nothing_changes_are_the_same_objects() -> None:
    elements = [object(), [], {}, Name("a"), 1.0, True, None, float("nan"), (1,)]
    bag = mc.bag.from_sequence(elements, npartitions=4)
    ways: list[Callable[[], Any]] = [
        bag.compute,
        bag.filter(lambda element: True).compute,
        bag.persist().compute,
        lambda: bag.take(9, npartitions=-1),
        lambda: list(bag),
        bag.map(lambda element: [element]).flatten().compute,
        bag.distinct(key=id).compute,
        bag.map(lambda element: {"key": element}).pluck("key").compute,
    ]
    for way in ways:
        assert list(map(id, way())) == list(map(id, elements))


@given(st.lists(STRINGS, min_size=1, max_size=30), st.integers(1, 30))
def test_fold_joins_in_the_order_of_the_elements(strings: list[str], size: int) -> None:
    bag = mc.bag.from_sequence(strings, partition_size=size)
    assert bag.fold(operator.add).compute() == "".join(strings)
    assert bag.fold(operator.add, initial="").compute() == "".join(strings)
    gathered = bag.fold(lambda total, x: [*total, x], operator.add, initial=[])
    assert gathered.compute() == strings


def test_fold_keeps_the_order_of_many_partitions() -> None:
    # Merged in a tree, sixteen at a time: three levels.
    words = [f"{number}," for number in range(16 * 16 + 3)]
    bag = mc.bag.from_sequence(words, partition_size=1)
    assert bag.npartitions == len(words)
    assert bag.fold(operator.add).compute() == "".join(words)
    assert bag.reduction(list, lambda parts: parts).compute() == [[word] for word in words]


def test_fold_starts_each_partition_with_initial() -> None:
    bag = mc.bag.range(6, npartitions=3)
    assert bag.fold(operator.add, initial=100).compute() == sum(range(6)) + 300
    theirs = db.range(6, 3).fold(operator.add, initial=100)
    assert computed(theirs) == sum(range(6)) + 300
    assert bag.fold(lambda total, x: total or x, initial=None).compute() == 1


def test_fold_skips_empty_partitions_without_an_initial_total() -> None:
    bag = mc.bag.range(10, npartitions=10).filter(lambda x: x in (3, 7))
    assert bag.fold(lambda total, x: f"({total}+{x})").compute() == "(3+7)"
    nothing = bag.filter(lambda x: False)
    assert nothing.fold(operator.add, initial=5).compute() == 50
    with pytest.raises(ValueError, match="fold of a bag without elements; pass initial"):
        nothing.fold(operator.add).compute()


def test_an_error_in_a_fold_names_the_element() -> None:
    bag = mc.bag.from_sequence([1, 2, "three", 4], npartitions=1)
    with pytest.raises(TypeError) as raised:
        bag.fold(operator.add).compute()
    assert "at the element 'three'" in raised.value.__notes__


@given(st.lists(st.integers(), max_size=20), PARTS)
def test_reduction_sees_whole_partitions_in_order(numbers: list[int], parts: int) -> None:
    bag = mc.bag.from_sequence(numbers, npartitions=parts)
    size = math.ceil(len(numbers) / parts) or 1
    expected = [numbers[start : start + size] for start in range(0, len(numbers), size)] or [[]]
    assert bag.reduction(list, list).compute() == expected
    assert bag.reduction(sum, sum).compute() == sum(numbers)
    last = bag.reduction(lambda part: part[-1:], lambda ends: ends[-1]).compute()
    assert last == numbers[-1:]


def test_reduction_sees_a_partition_of_many_blocks_as_one(tmp_path: Any) -> None:
    path = tmp_path / "text"
    path.write_text("0123456789\n" * 50_000, encoding="utf-8")
    lengths = mc.bag.read_text(path).map(len)
    assert lengths.reduction(len, list).compute() == [50_000]


@pytest.mark.parametrize("kind", ["no element", "no element in any partition", "no native string"])
def test_a_bag_without_elements_reduces_as_nothing(kind: str) -> None:
    bag = mc.bag.from_sequence([])
    if kind == "no element in any partition":
        bag = mc.bag.range(9, npartitions=3).filter(lambda x: False)
    if kind == "no native string":
        bag = mc.bag.from_sequence(["", " "], npartitions=2).str.split().flatten()
    assert bag.compute() == []
    assert bag.count().compute() == 0
    assert bag.frequencies().compute() == []
    assert bag.frequencies(sort=True).take(1, warn=False) == ()
    assert bag.distinct().compute() == []
    assert bag.distinct(key=len).compute() == []
    assert bag.topk(2).compute() == []
    assert bag.persist().count().compute() == 0
    assert list(bag) == []
    assert bag.str.len().sum().compute() == 0
    assert bag.str.contains("a").sum().compute() == 0
    for item in (bag.min(), bag.max(), bag.str.len().min(), bag.str.len().max()):
        with pytest.raises(ValueError, match="of a bag without elements"):
            item.compute()
    for item in (bag.map(len).mean(), bag.str.len().mean()):
        with pytest.raises(ZeroDivisionError):
            item.compute()


def test_numbers_that_native_steps_made_reduce_as_python_s() -> None:
    strings = ["a", "", "日本", "aab", "b" * 40]
    bag = mc.bag.from_sequence(strings, npartitions=3)
    lengths, flags = bag.str.len(), bag.str.contains("a")
    sizes, hits = [len(s) for s in strings], ["a" in s for s in strings]
    assert typed([lengths.sum().compute()]) == [(int, sum(sizes))]
    assert typed([lengths.mean().compute()]) == [(float, sum(sizes) / 5)]
    assert typed([flags.sum().compute()]) == [(int, 2)]
    assert typed([flags.mean().compute()]) == [(float, 0.4)]
    assert typed([flags.max().compute(), flags.min().compute()]) == [(bool, True), (bool, False)]
    assert lengths.topk(2).compute() == [40, 3]
    assert lengths.topk(2, key=operator.neg).compute() == [0, 1]
    assert flags.topk(3).compute() == [True, True, False]
    assert lengths.distinct().compute() == list(dict.fromkeys(sizes))
    assert flags.frequencies().compute() == list(Counter(hits).items())
    assert lengths.topk(0).compute() == []
    assert lengths.topk(0).sum().compute() == 0
    assert lengths.topk(3).max().compute() == 40
    assert lengths.topk(3).topk(1).compute() == [40]


def test_pluck_takes_the_default_where_there_is_no_such_entry() -> None:
    records = [{"a": 1, "b": 2}, {"b": 3}, {}, {"a": None}]
    bag = mc.bag.from_sequence(records, npartitions=2)
    assert bag.pluck("a", default=0).compute() == [1, 0, 0, None]
    assert bag.pluck(["b", "a"], "?").compute() == [(2, 1), (3, "?"), ("?", "?"), ("?", None)]
    assert bag.pluck("a", None).compute() == [1, None, None, None]
    assert mc.bag.from_sequence([(1, 2), (), [3]]).pluck(1, "?").compute() == [2, "?", "?"]
    assert mc.bag.from_sequence(["ab", ""]).pluck([1, 0], "?").compute() == [("b", "a"), ("?", "?")]
    with pytest.raises(KeyError, match="a") as raised:
        mc.bag.from_sequence(records[:2]).pluck("a").compute()
    assert "at the element {'b': 3}" in raised.value.__notes__
    with pytest.raises(IndexError):
        mc.bag.from_sequence([(1,), ()]).pluck([0]).compute()
    with pytest.raises(TypeError):
        mc.bag.from_sequence([1]).pluck(0, "?").compute()


def test_topk_and_distinct_take_an_entry_for_a_key() -> None:
    pairs = [("a", 3), ("b", 1), ("a", 9), ("c", 3), ("b", 9)]
    bag = mc.bag.from_sequence(pairs, npartitions=3)
    assert bag.topk(3, key=1).compute() == [("a", 9), ("b", 9), ("a", 3)]
    assert bag.distinct(key=0).compute() == [("a", 3), ("b", 1), ("c", 3)]
    records = mc.bag.from_sequence([{"n": 1}, {"n": 5}, {"n": 1}], npartitions=2)
    assert records.topk(1, key="n").compute() == [{"n": 5}]
    assert records.distinct(key="n").compute() == [{"n": 1}, {"n": 5}]
    lines = mc.bag.from_sequence(["b2", "a1", "c1"])
    assert lines.topk(1, key=1).compute() == ["b2"]
    assert lines.distinct(key=1).compute() == ["b2", "a1"]


def test_elements_that_cannot_be_hashed_or_compared_are_refused_by_python_itself() -> None:
    with pytest.raises(TypeError, match="unhashable type: 'list'"):
        mc.bag.from_sequence([[1], [2]]).frequencies().compute()
    with pytest.raises(TypeError, match="unhashable type: 'list'"):
        mc.bag.from_sequence([[1], [2]]).distinct().compute()
    with pytest.raises(TypeError, match="not supported between instances"):
        mc.bag.from_sequence([1, "a"]).max().compute()
    with pytest.raises(TypeError, match="unsupported operand"):
        mc.bag.from_sequence(["a", "b"]).sum().compute()


def both(elements: list[Any], parts: int) -> tuple[mc.Bag, Any]:
    """Make the same bag twice: ours, and dask's."""
    return (
        mc.bag.from_sequence(elements, npartitions=parts),
        db.from_sequence(elements, npartitions=parts),
    )


def computed(theirs: Any) -> Any:
    return theirs.compute(scheduler="synchronous")


@settings(max_examples=10)
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=20), PARTS)
def test_numbers_reduce_as_in_dask(numbers: list[int], parts: int) -> None:
    ours, theirs = both(numbers, parts)
    for name in ("count", "sum", "mean", "min", "max"):
        assert getattr(ours, name)().compute() == computed(getattr(theirs, name)()), name
    assert ours.topk(3).compute() == computed(theirs.topk(3))
    assert ours.topk(3, key=operator.neg).compute() == computed(theirs.topk(3, key=operator.neg))
    assert sorted(ours.distinct().compute()) == sorted(computed(theirs.distinct()))
    assert sorted(ours.frequencies().compute()) == sorted(computed(theirs.frequencies()))
    assert ours.npartitions == theirs.npartitions
    assert ours.fold(max, min).compute() == computed(theirs.fold(max, min))
    assert ours.reduction(sum, max).compute() == computed(theirs.reduction(sum, max))
    with_initial = theirs.fold(operator.add, initial=7)
    assert ours.fold(operator.add, initial=7).compute() == computed(with_initial)


@settings(max_examples=10)
@given(st.lists(STRINGS, min_size=1, max_size=20), PARTS)
def test_strings_reduce_as_in_dask(strings: list[str], parts: int) -> None:
    ours, theirs = both(strings, parts)
    assert ours.str.upper().compute() == computed(theirs.str.upper())
    assert ours.str.split().flatten().compute() == computed(theirs.str.split().flatten())
    frequent = ours.frequencies(sort=True).compute()
    expected = computed(theirs.frequencies(sort=True))
    assert sorted(frequent) == sorted(expected)
    assert [count for _, count in frequent] == [count for _, count in expected]
    assert ours.fold(operator.add).compute() == computed(theirs.fold(operator.add))
    assert ours.pluck(0, "?").compute() == computed(theirs.pluck(0, "?"))
    assert ours.str.match("a*").compute() == computed(theirs.str.match("a*"))


def test_results_do_not_depend_on_chance() -> None:
    chance = random.Random(2)
    words = ["".join(chance.choices("abc", k=chance.randint(1, 4))) for _ in range(5_000)]
    bag = mc.bag.from_sequence(words, npartitions=50)
    results = {
        repr(
            (
                bag.frequencies().compute(),
                bag.frequencies(sort=True).take(20),
                bag.distinct().compute(),
                bag.map(str).frequencies().compute(),
                bag.map(str).topk(20, key=len).compute(),
                bag.fold(operator.add).compute(),
            )
        )
        for _ in range(5)
    }
    assert len(results) == 1
