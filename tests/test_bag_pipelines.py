"""Random pipelines give what the same steps give on lists, partition by partition."""

from __future__ import annotations

import functools
import itertools
import operator
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import manycore as mc
from texts import TEXTS, folder, lines

pytestmark = pytest.mark.usefixtures("lane")

Partition = list[Any]


class Step(NamedTuple):
    """A step of a bag, and what it does to the elements of a partition."""

    name: str
    takes: str
    makes: str
    on_bag: Callable[[mc.Bag], mc.Bag]
    on_list: Callable[[Partition], Partition]

    def __repr__(self) -> str:
        return self.name


def method(name: str, *args: Any, takes: str = "str", makes: str = "str") -> Step:
    call = operator.methodcaller(name, *args)
    return Step(
        f".str.{name}{args}", takes, makes, lambda bag: call(bag.str), lambda xs: [*map(call, xs)]
    )


def mapped(name: str, takes: str, makes: str, function: Callable[[Any], Any]) -> Step:
    return Step(
        f".map({name})",
        takes,
        makes,
        lambda bag: bag.map(function),
        lambda xs: [*map(function, xs)],
    )


def kept(name: str, takes: str, test: Callable[[Any], Any]) -> list[Step]:
    return [
        Step(
            f".filter({name})",
            takes,
            takes,
            lambda bag: bag.filter(test),
            lambda xs: [*filter(test, xs)],
        ),
        Step(
            f".remove({name})",
            takes,
            takes,
            lambda bag: bag.remove(test),
            lambda xs: [*itertools.filterfalse(test, xs)],
        ),
    ]


def flattened(takes: str) -> Step:
    return Step(
        ".flatten()",
        takes,
        "str",
        lambda bag: bag.flatten(),
        lambda xs: [*itertools.chain.from_iterable(xs)],
    )


def plucked(takes: str, makes: str, key: Any, default: Any, pick: Callable[[Any], Any]) -> Step:
    return Step(
        f".pluck({key}, {default!r})",
        takes,
        makes,
        lambda bag: bag.pluck(key, default),
        lambda xs: [*map(pick, xs)],
    )


STEPS = [
    method("lower"),
    method("upper"),
    method("strip"),
    method("lstrip", "ab "),
    method("rstrip", "\n"),
    method("split", makes="list"),
    method("split", " ", makes="list"),
    method("split", None, 2, makes="list"),
    method("split", "a", 1, makes="list"),
    method("replace", "a", "  "),
    method("replace", "", "-", 2),
    method("title"),
    method("isdigit", makes="bool"),
    method("startswith", "a", makes="bool"),
    method("endswith", ("b", "\n"), makes="bool"),
    Step(".str.len()", "str", "int", lambda bag: bag.str.len(), lambda xs: [*map(len, xs)]),
    Step(
        ".str.contains('a')",
        "str",
        "bool",
        lambda bag: bag.str.contains("a"),
        lambda xs: ["a" in x for x in xs],
    ),
    mapped("doubled", "str", "str", lambda x: x + x),
    mapped("len", "str", "int", len),
    mapped("sorted", "str", "list", sorted),
    mapped("to_pair", "str", "pair", lambda x: (x, len(x))),
    mapped("sorted", "list", "list", sorted),
    mapped("len", "list", "int", len),
    mapped("str", "int", "str", str),
    mapped("negated", "int", "int", operator.neg),
    mapped("str", "bool", "str", str),
    mapped("int", "bool", "int", int),
    *kept("len % 2", "str", lambda x: len(x) % 2),
    *kept("len > 1", "list", lambda x: len(x) > 1),
    *kept("even", "int", lambda x: x % 2 == 0),
    *kept("itself", "bool", bool),
    *kept("long", "pair", lambda x: x[1] > 2),
    flattened("list"),
    flattened("str"),
    plucked("str", "str", 0, "?", lambda x: x[0] if x else "?"),
    plucked("list", "str", -1, "", lambda x: x[-1] if x else ""),
    plucked("list", "list", [0, 9], "~", lambda x: (x[0] if x else "~", x[9] if x[9:] else "~")),
    plucked("pair", "str", 0, "", operator.itemgetter(0)),
    plucked("pair", "int", 1, 0, operator.itemgetter(1)),
    Step(
        ".persist()", "any", "any", lambda bag: bag.persist(), lambda xs: xs
    ),
]  # fmt: skip


@st.composite
def pipelines(draw: st.DrawFn, takes: str = "str") -> tuple[list[Step], str]:
    """Draw steps that fit, and the type of the elements that they make."""
    steps: list[Step] = []
    for _ in range(draw(st.integers(0, 6))):
        step = draw(st.sampled_from([step for step in STEPS if step.takes in (takes, "any")]))
        takes = takes if step.makes == "any" else step.makes
        steps.append(step)
    return steps, takes


def run(
    steps: list[Step], bag: mc.Bag, partitions: list[Partition]
) -> tuple[mc.Bag, list[Partition]]:
    for step in steps:
        bag = step.on_bag(bag)
        partitions = [step.on_list(partition) for partition in partitions]
    return bag, partitions


def types(elements: list[Any]) -> list[Any]:
    """Give the type of each element, and of each element's elements."""
    return [
        (type(element), [type(one) for one in element] if isinstance(element, list | tuple) else 0)
        for element in elements
    ]


def check_reductions(bag: mc.Bag, partitions: list[Partition], kind: str) -> None:
    """Reduce in each way that fits the elements."""
    elements = [element for partition in partitions for element in partition]
    assert bag.count().compute() == len(elements)
    assert bag.take(3, npartitions=-1, warn=False) == tuple(elements[:3])
    folded = bag.map(repr).fold(operator.add, initial="")
    assert folded.compute() == "".join(map(repr, elements))
    sizes = bag.reduction(len, list).compute()
    assert sizes == [len(partition) for partition in partitions]
    if kind != "list":
        counts = Counter(elements)
        assert Counter(dict(bag.frequencies().compute())) == counts
        frequent = bag.frequencies(sort=True)
        assert [n for _, n in frequent.compute()] == sorted(counts.values(), reverse=True)
        assert frequent.take(2, warn=False) == tuple(frequent.compute()[:2])
        assert sorted(bag.distinct().compute()) == sorted(counts)
    if kind in ("int", "bool"):
        assert bag.sum().compute() == sum(elements)
    if not elements:
        with pytest.raises(ValueError, match="max of a bag without elements"):
            bag.max().compute()
        return
    assert bag.max().compute() == max(elements)
    assert bag.min().compute() == min(elements)
    assert bag.topk(2).compute() == sorted(elements, reverse=True)[:2]
    assert bag.topk(2, key=repr).compute() == sorted(elements, key=repr, reverse=True)[:2]
    if kind in ("int", "bool"):
        assert bag.mean().compute() == sum(elements) / len(elements)


def check(bag: mc.Bag, partitions: list[Partition], kind: str) -> None:
    expected = [element for partition in partitions for element in partition]
    found = bag.compute()
    assert found == expected
    assert types(found) == types(expected)
    assert bag.npartitions == len(partitions)
    check_reductions(bag, partitions, kind)


@settings(max_examples=60)
@given(st.lists(TEXTS, min_size=1, max_size=3), pipelines())
def test_a_pipeline_on_files_gives_what_its_steps_give_on_lists(
    texts: list[str], pipeline: tuple[list[Step], str]
) -> None:
    with folder() as parent:
        for number, text in enumerate(texts):
            (parent / str(number)).write_bytes(text.encode())
        steps, kind = pipeline
        partitions = [lines(text.encode()) for text in texts]
        check(*run(steps, mc.bag.read_text(parent), partitions), kind)


@settings(max_examples=60)
@given(st.lists(TEXTS, min_size=1, max_size=9), st.integers(1, 4), pipelines())
def test_a_pipeline_on_strings_gives_what_its_steps_give_on_lists(
    texts: list[str], size: int, pipeline: tuple[list[Step], str]
) -> None:
    steps, kind = pipeline
    partitions = [texts[start : start + size] for start in range(0, len(texts), size)]
    check(*run(steps, mc.bag.from_sequence(texts, partition_size=size), partitions), kind)


@given(st.lists(st.integers(), max_size=9), st.integers(1, 4), pipelines("int"))
def test_a_pipeline_on_objects_gives_what_its_steps_give_on_lists(
    numbers: list[int], size: int, pipeline: tuple[list[Step], str]
) -> None:
    steps, kind = pipeline
    partitions = [numbers[start : start + size] for start in range(0, len(numbers), size)] or [[]]
    check(*run(steps, mc.bag.from_sequence(numbers, partition_size=size), partitions), kind)


@given(st.lists(TEXTS, min_size=1, max_size=9), pipelines("pair"))
def test_a_pipeline_goes_on_behind_a_reduction(
    texts: list[str], pipeline: tuple[list[Step], str]
) -> None:
    steps, kind = pipeline
    words = mc.bag.from_sequence(texts, npartitions=3).str.split().flatten()
    counts = Counter(word for text in texts for word in text.split())
    check(*run(steps, words.frequencies(), [sorted(counts.items())]), kind)


def test_bags_may_be_computed_within_a_function_of_a_bag() -> None:
    def count(number: int) -> Any:
        return mc.bag.range(number, npartitions=3).map(str).str.len().sum().compute()

    numbers = mc.bag.range(30, npartitions=5)
    expected = [sum(len(str(n)) for n in range(number)) for number in range(30)]
    assert numbers.map(count).compute() == expected


def test_a_bag_is_computed_anew_each_time_and_a_persisted_one_is_not() -> None:
    calls: list[int] = []

    def note(number: int) -> int:
        calls.append(number)
        return number

    bag = mc.bag.range(4, npartitions=2).map(note)
    assert calls == []
    assert bag.compute() == bag.compute() == [0, 1, 2, 3]
    assert sorted(calls) == [0, 0, 1, 1, 2, 2, 3, 3]
    kept = bag.persist()
    assert kept.npartitions == 2
    calls.clear()
    assert kept.sum().compute() == 6
    assert kept.compute() == [0, 1, 2, 3]
    assert calls == []


def test_steps_make_new_bags_and_leave_the_old_one_as_it_was() -> None:
    bag = mc.bag.from_sequence(["b A", "a"])
    upper, split = bag.str.upper(), bag.str.split()
    flat = split.flatten()
    assert bag.compute() == ["b A", "a"]
    assert upper.compute() == ["B A", "A"]
    assert split.compute() == [["b", "A"], ["a"]]
    assert flat.compute() == ["b", "A", "a"]
    assert functools.reduce(lambda done, _: done.str.upper(), range(50), flat).compute() == [
        "B",
        "A",
        "A",
    ]
