"""Puts together what a task of Dask's with calls within is: a recipe and its arguments."""

from __future__ import annotations

from functools import partial

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
    _execute_subgraph,
)

from manycore._dask_order import sort
from manycore._dask_place import FUNCTIONS, SHARES, is_lock
from manycore._recipe import Recipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
    from typing import Any

    from manycore._bound import Bound
    from manycore._core import Node
    from manycore._dask_place import Binder

    _Call = tuple[Callable[..., Any], list[int], list[tuple[str, int]]]

# What is passed as it is, without a further look.
PLAIN = frozenset({int, float, complex, bool, str, bytes, type(None), slice, type})
CONTAINERS = frozenset({list, tuple, set, frozenset, dict})
# Dask's calls; its containers are calls of their constructors.
CALLS = frozenset({Task, List, Tuple, Set, Dict})
# A chain of so many calls may be followed without a stack of our own.
_DEEP = 100


def literal(value: Any, make: type[Node]) -> Any:
    """Return a value as an argument of a node, in which the engine looks for nodes."""
    if type(value) in CONTAINERS and not _is_short(value):
        return make(None, (value,))
    return value


def _is_short(value: Any, most: int = 8) -> bool:
    """Whether it takes no time to look into a container."""
    if len(value) > most:
        return False
    items = value.values() if type(value) is dict else value
    return CONTAINERS.isdisjoint(map(type, items)) or all(
        type(item) not in CONTAINERS or _is_short(item, most // 2) for item in items
    )


def _same(value: Any) -> Any:
    return value


def _evaluate(task: Any, keys: Iterable[Hashable], *inputs: Any) -> Any:
    return task(dict(zip(keys, inputs, strict=True)))


class _Scope(dict[object, int]):
    """The numbers that a recipe has for the keys of a graph within a task."""

    __slots__ = ("builder", "graph")

    def __init__(self, builder: RecipeBuilder, graph: Mapping[Hashable, Any]) -> None:
        self.builder = builder
        self.graph = graph

    def __missing__(self, key: Any) -> int:
        number = self[key] = self.builder.value(self.graph[key], self)
        return number


class _Nodes(_Scope):
    """The numbers that it has for nodes, which are its arguments."""

    __slots__ = ()

    def __missing__(self, key: Any) -> int:
        number = self[key] = self.builder.add(self.graph[key])
        return number


class RecipeBuilder:
    """Puts the calls of one task in order."""

    def __init__(self, nodes: Mapping[Hashable, Node], task: Any, make: type[Node]) -> None:
        self.make = make
        self.count = 0
        self.arguments: list[Any] = []
        self.constants: list[tuple[int, Any]] = []
        self.calls: list[_Call] = []
        self.traits = 0
        result = self.call(task, _Nodes(self, nodes))
        if result != -len(self.calls):
            # Nothing but one of the arguments.
            self.calls.append((_same, [result], []))

    def shape(self) -> Any:
        """Return what tasks have in common that are calls of the same recipe."""
        return (
            self.count,
            self.traits,
            tuple([(place, id(constant)) for place, constant in self.constants]),
            tuple([(id(call), tuple(args), tuple(kwargs)) for call, args, kwargs in self.calls]),
        )

    def build(self, binder: Binder) -> Bound:
        """Make the recipe."""
        functions = [call[0] for call in self.calls] + [value for _, value in self.constants]
        recipe = Recipe(self.count, self.constants, self.calls)
        return binder.bind_all(recipe, functions, self.traits)

    def call(self, task: Any, scope: _Scope) -> int:
        """Add a task's calls, and return the number of its result."""
        function = task.func
        if function is _execute_subgraph:
            return self.subgraph(*task.args, scope=scope)
        arguments = [self.value(argument, scope) for argument in task.args]
        keywords = [(name, self.value(value, scope)) for name, value in task.kwargs.items()]
        self.calls.append((function, arguments, keywords))
        return -len(self.calls)

    def subgraph(
        self,
        graph: Mapping[Hashable, Any],
        output: Hashable,
        names: Iterable[Hashable],
        *inputs: Any,
        scope: _Scope,
    ) -> int:
        """Add the calls of a fused task."""
        inner = _Scope(self, graph)
        for name, value in zip(names, inputs, strict=True):
            inner[name] = self.value(value, scope)
        if len(graph) > _DEEP:
            for key, _ in sort([output], inner, lambda key, _: graph[key]):
                inner[key]  # looks it up, when all that it needs is there
        return inner[output]

    def value(self, value: Any, scope: _Scope) -> int:
        """Return the number of what a task or an argument stands for."""
        kind = type(value)
        if kind is TaskRef:
            return scope[value.key]
        if kind in PLAIN:
            return self.add(value)
        if kind is Alias:
            return scope[value.target]
        if kind in CALLS:
            return self.call(value, scope)
        if kind is DataNode:
            value = value.value
        elif isinstance(value, GraphNode):
            keys = tuple(value.dependencies)
            inputs = [scope[key] for key in keys]
            self.calls.append((partial(_evaluate, value, keys), inputs, []))
            return -len(self.calls)
        elif kind in FUNCTIONS:
            self.constants.append((self.count, value))
            self.count += 1
            return self.count - 1
        if is_lock(kind):
            self.traits |= SHARES
        return self.add(literal(value, self.make))

    def add(self, argument: Any) -> int:
        self.arguments.append(argument)
        self.count += 1
        return self.count - 1
