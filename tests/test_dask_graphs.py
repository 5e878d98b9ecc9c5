"""Dask's graphs on our engine: every form that a graph can have, against Dask's own scheduler."""

from __future__ import annotations

import gc
import weakref
from collections import namedtuple
from collections.abc import Callable
from operator import add, mul, neg
from typing import Any

import dask
import pytest
from dask._task_spec import (
    Alias,
    DataNode,
    Dict,
    GraphNode,
    List,
    Set,
    Task,
    TaskRef,
    Tuple,
)
from dask.highlevelgraph import HighLevelGraph
from dask.threaded import get as threaded_get
from hypothesis import given
from hypothesis import strategies as st

import manycore as mc
from manycore._dask_graph import convert
from manycore._recipe import Recipe

get = mc.dask.get
Pair = namedtuple("Pair", "left right")


def fail(*_: object) -> None:
    raise LookupError("no", 3)


def keywords(**values: Any) -> dict[str, Any]:
    return values


GRAPHS: dict[str, dict[Any, Any]] = {
    "tuples": {"x": 1, "y": 2, "z": (add, "x", "y"), "out": (mul, "z", 10)},
    "tuples in tuples": {"x": 1, "out": (add, (neg, (neg, "x")), (mul, "x", (add, "x", 4)))},
    "lists of keys": {"x": 1, "y": 2, "out": (sum, ["x", "y", (neg, "y")])},
    "a key for a key": {"x": 1, "y": "x", "out": "y"},
    "a list": {"x": 1, "out": ["x", ["x", 2], "no key"]},
    "keys of many types": {("x", 0): 1, 3: 4, b"b": 5, 1.5: 6, "out": (sum, [("x", 0), 3, 1.5])},
    "a named tuple": {"x": 1, "out": (list, Pair("x", (neg, "x")))},
    "what looks like a task's end": {"x": ("y", 1), "out": (len, "x")},
    "a function as a value": {"f": abs, "out": (list, (map, "f", [-1, 2]))},
    "strings that are no keys": {"out": (str.upper, "x")},
    "tasks": {"x": DataNode("x", 1), "out": Task("out", add, TaskRef("x"), 2)},
    "references": {"x": Task("x", neg, 1), "y": Alias("y", "x"), "out": Alias("out", "y")},
    "keywords": {"x": Task("x", neg, 1), "out": Task("out", keywords, a=TaskRef("x"), b=[1, 2])},
    "containers": {
        "x": DataNode("x", 1),
        "out": Task(
            "out",
            lambda *parts: parts,
            List(TaskRef("x"), List(2, TaskRef("x"))),
            Tuple(TaskRef("x"), 3),
            Set(TaskRef("x"), 4),
            Dict({"a": TaskRef("x"), "b": 5}),
        ),
    },
    "a container": {
        "x": DataNode("x", 1),
        "out": List(TaskRef("x"), Task(None, neg, TaskRef("x"))),
    },
    "tasks in tasks": {
        "x": DataNode("x", 3),
        "out": Task("out", add, Task(None, neg, TaskRef("x")), Task(None, mul, TaskRef("x"), 2)),
    },
    "fused": {
        "x": DataNode("x", 3),
        "out": Task.fuse(
            Task("a", neg, TaskRef("x")),
            Task("b", add, TaskRef("a"), TaskRef("x")),
            Task("out", mul, TaskRef("b"), TaskRef("a")),
        ),
    },
    "fused of fused": {
        "x": DataNode("x", 3),
        "out": Task.fuse(
            Task.fuse(Task("a", neg, TaskRef("x")), Task("b", add, TaskRef("a"), 1)),
            DataNode("d", [1, 2]),
            Task("c", lambda b, d: [b, *d], TaskRef("b"), TaskRef("d")),
            Alias("e", "c"),
            Task("out", sum, TaskRef("e")),
        ),
    },
    "long constants": {"out": (len, list(range(1000))), "x": (sum, [[1] * 5] * 0)},
}


@pytest.mark.parametrize("name", GRAPHS)
def test_every_form_of_a_graph_has_dasks_values(name: str) -> None:
    graph = GRAPHS[name]
    keys = [[*graph], "out", [["out"]]]
    assert get(graph, keys) == threaded_get(dict(graph), keys)
    assert get(graph, "out") == threaded_get(dict(graph), "out")


def test_a_layered_graph_is_a_graph() -> None:
    graph = HighLevelGraph({"a": {"x": 1}, "b": {"y": (add, "x", 1)}}, {"a": set(), "b": {"a"}})
    assert get(graph, ["y", "x"]) == (2, 1)


def test_somebodys_own_kind_of_task_is_called_as_dask_calls_it() -> None:
    class Own(GraphNode):  # type: ignore[misc]
        def __init__(self, key: str, *needs: str) -> None:
            self.key = key
            self._dependencies = frozenset(needs)

        def __call__(self, values: Any = ()) -> Any:
            return sorted(values.items())

    graph = {"x": 1, "y": 2, "own": Own("own", "x", "y"), "out": Task("out", len, Own("", "x"))}
    assert get(graph, ["own", "out"]) == ([("x", 1), ("y", 2)], 1)


def test_a_literal_is_the_object_itself() -> None:
    literal: dict[str, list[int]] = {"a": [1]}
    assert get({"x": DataNode("x", literal)}, "x") is literal
    assert get({"x": Task("x", lambda value: value, literal)}, "x") is literal


def test_only_what_is_needed_runs() -> None:
    assert get({"x": (fail,), "y": 1, "z": (neg, "y")}, "z") == -1


@st.composite
def random_graphs(draw: Callable[..., Any]) -> dict[str, Any]:
    """Tasks of both forms that read earlier ones, with calls and lists within."""
    graph: dict[str, Any] = {"k0": draw(st.integers(-3, 3))}

    def argument(depth: int, is_new: bool) -> Any:
        kind = draw(st.sampled_from(["key", "key", "number", "call", "list"][: 5 if depth else 3]))
        if kind == "number":
            return draw(st.integers(-3, 3))
        if kind == "key":
            key = draw(st.sampled_from(sorted(graph)))
            return TaskRef(key) if is_new else key
        parts = [argument(depth - 1, is_new) for _ in range(2)]
        if kind == "list":
            inner = List(*parts) if is_new else parts
            return Task(None, total, inner) if is_new else (total, inner)
        return Task(None, add, *parts) if is_new else (add, *parts)

    for number in range(1, draw(st.integers(2, 12))):
        is_new = draw(st.booleans())
        parts = [argument(2, is_new) for _ in range(2)]
        graph[f"k{number}"] = Task(f"k{number}", mul, *parts) if is_new else (mul, *parts)
    return graph


def total(values: list[int]) -> int:
    return sum(values) % 1000


@given(random_graphs())
def test_random_graphs_have_dasks_values(graph: dict[str, Any]) -> None:
    assert get(graph, list(graph)) == dask.get(dict(graph), list(graph))


@given(random_graphs())
def test_fused_random_graphs_have_dasks_values(graph: dict[str, Any]) -> None:
    from dask._task_spec import convert_legacy_graph, fuse_linear_task_spec

    last = list(graph)[-1]
    fused = fuse_linear_task_spec(convert_legacy_graph(graph), [last])
    assert get(fused, last) == dask.get(dict(graph), last)


# Errors.


@pytest.mark.parametrize(
    "graph",
    [
        {"x": (fail, 1)},
        {"y": 1, "x": (add, (fail, "y"), 1)},
        {"y": (fail,), "x": (add, "y", 1)},
        {"x": (add, 1)},
    ],
)
def test_a_task_s_exception_is_the_one_that_dask_raises(graph: dict[str, Any]) -> None:
    with pytest.raises(Exception) as theirs:  # noqa: PT011
        threaded_get(graph, "x")
    with pytest.raises(theirs.type) as ours:
        get(graph, "x")
    assert ours.value.args == theirs.value.args


def test_a_missing_key_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="z"):
        get({"x": 1}, ["x", "z"])


def test_a_missing_dependency_is_named() -> None:
    graph = {"y": Task("y", neg, TaskRef("x"))}
    with pytest.raises(ValueError, match=r"Missing dependency 'x' for dependents \{'y'\}"):
        get(graph, "y")
    assert get(graph, "y", cache={"x": 1}) == -1


@pytest.mark.parametrize("kind", [ValueError, RuntimeError])
def test_a_cycle_is_shown(kind: type[Exception]) -> None:
    graph = {"a": (neg, "b"), "b": (add, "c", 1), "c": (neg, "b"), "d": 1}
    with pytest.raises(kind, match=r"Cycle[^>]*-> b\n *-> c\n *-> b"):
        get(graph, "a")
    assert get(graph, "d") == 1


def test_a_deep_graph_needs_no_deep_stack() -> None:
    graph: dict[Any, Any] = {("x", n): (add, ("x", n - 1), 1) for n in range(1, 20_000)}
    assert get(graph | {("x", 0): 0}, ("x", 19_999)) == 19_999
    chain = [Task(f"x{n}", add, TaskRef(f"x{n - 1}"), 1) for n in range(1, 3000)]
    assert get({"x0": 0, "out": Task.fuse(*chain, key="out")}, "out") == 2999


# Recipes.


def test_a_recipe_lets_go_of_values_that_nothing_needs_any_more() -> None:
    class Value:
        pass

    alive: list[weakref.ref[Value]] = []

    def make() -> Value:
        value = Value()
        alive.append(weakref.ref(value))
        return value

    def follow(value: Value) -> Value:
        return make()

    def count(value: Value) -> int:
        gc.collect()
        return sum(reference() is not None for reference in alive)

    chain = Recipe(
        0, [], [(make, [], []), (follow, [-1], []), (follow, [-2], []), (count, [-3], [])]
    )
    # The argument of the last call is all that is left.
    assert chain() == 1


def test_a_recipe_passes_keywords_and_constants() -> None:
    recipe = Recipe(3, [(0, 10), (2, 30)], [(keywords, [], [("a", 0), ("b", 1), ("c", 2)])])
    assert recipe(20) == {"a": 10, "b": 20, "c": 30}


def test_tasks_of_the_same_shape_are_calls_of_the_same_recipe() -> None:
    graph: dict[Any, Any] = {"x": 1}
    for number in range(10):
        graph["a", number] = Task.fuse(
            Task(("b", number), neg, TaskRef("x")),
            Task(("c", number), add, TaskRef("x"), number),
            Task(("a", number), mul, TaskRef(("b", number)), TaskRef(("c", number))),
        )
    nodes = convert(graph, [("a", number) for number in range(10)])
    assert len({id(node._parts[0]) for node in nodes}) == 1
