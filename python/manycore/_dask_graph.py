"""
From Dask's graphs to nodes: one for each task, so that the engine sees the functions themselves.

A task with plain arguments becomes a call of its function. What has calls within, nested or fused,
becomes a call of a `Recipe`, one for all tasks of that shape.
"""

from __future__ import annotations

from contextvars import copy_context
from functools import partial
from types import FunctionType, MethodType

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
    _identity_cast,
    convert_legacy_task,
)

from manycore._bound import Here, InContext
from manycore._core import Node, constant
from manycore._recipe import Recipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping
    from typing import Any

    _Call = tuple[Callable[..., Any], list[int], list[tuple[str, int]]]


class CycleError(RuntimeError, ValueError):
    """Keys of a graph depend on each other. A RuntimeError too: that is what Dask raises."""


def convert(
    graph: Mapping[Hashable, Any],
    keys: Iterable[Hashable],
    known: Mapping[Hashable, Any] | None = None,
) -> list[Node]:
    """
    Make nodes of keys and of all that they need.

    Parameters
    ----------
    graph : mapping
        Tasks by their keys, in any of Dask's forms.
    keys : iterable
        The keys.
    known : mapping, optional
        Values of keys that need not be computed.

    Returns
    -------
    list of Node
        One for each of the keys.

    Raises
    ------
    KeyError
        If there is no such key.
    ValueError
        If what a task depends on isn't there, or depends on that task: the message has the cycle.
    """
    nodes: dict[Hashable, Node] = {}
    for key, value in (known or {}).items():
        nodes[key] = constant(value)
    keys = list(keys)
    converter = _Converter(nodes)
    for key, task in _sort(keys, nodes, lambda key, reader: _find(graph, key, reader)):
        nodes[key] = converter.node(task)
    return [nodes[key] for key in keys]


def _find(graph: Mapping[Hashable, Any], key: Hashable, reader: Hashable) -> GraphNode:
    task = graph.get(key)
    if isinstance(task, GraphNode):
        return task
    if key in graph:
        task = convert_legacy_task(key, task, graph)
        if not isinstance(task, GraphNode):
            return DataNode(key, task)
        if not (isinstance(task, Alias) and task.target == key):
            return task
    if reader is None:
        raise KeyError(key)
    raise ValueError(f"Missing dependency {key!r} for dependents {{{reader!r}}}")


def _sort(
    keys: Iterable[Hashable],
    done: Container[Hashable],
    find: Callable[[Hashable, Hashable], GraphNode],
    rank: Callable[[Hashable], Any] | None = None,
) -> Iterator[tuple[Hashable, GraphNode]]:
    """Yield tasks behind those that they depend on; who asks for the next one has done the last."""
    stack = list(keys)
    # The tasks that wait for what is looked at: a cycle would have to run through them.
    path: dict[Hashable, GraphNode] = {}
    while stack:
        key = stack[-1]
        if key in done:
            stack.pop()
            continue
        task = path.get(key)
        if task is None:
            task = find(key, next(reversed(path), None))
        missing = [other for other in task.dependencies if other not in done]
        if not missing:
            stack.pop()
            path.pop(key, None)
            yield key, task
            continue
        path[key] = task
        for other in missing:
            if other in path:
                cycle = [*path][[*path].index(other) :]
                shown = "\n  -> ".join(map(str, [*cycle, other]))
                raise CycleError(f"Cycle detected between the following keys:\n  -> {shown}")
        if rank is not None:
            missing.sort(key=rank)
        stack += missing


# Dask's functions that write to arrays, or to files through buffers, which other tasks have too; each
# with its module.
_SHARING = {
    "_shuffle_group": "dask.dataframe.dask_expr._shuffle",
    "collect": "dask.dataframe.shuffle",
}
# What is passed as it is, without a further look.
_PLAIN = frozenset({int, float, complex, bool, str, bytes, type(None), slice, type})
_CONTAINERS = frozenset({list, tuple, set, frozenset, dict})
# Functions as arguments: a recipe has them within, so that they are sent once and not with each call.
_FUNCTIONS = frozenset({FunctionType, MethodType, partial})
# Dask's tasks; its containers are calls of their constructors.
_CALLS = frozenset({Task, List, Tuple, Set, Dict})
_BUILDERS: dict[type, Callable[..., Any]] = {List: list, Tuple: tuple, Set: set}


def _is_short(value: Any, most: int = 8) -> bool:
    """Whether a container is so small that it may be searched for nodes, which it has none of."""
    items = [*value, *value.values()] if type(value) is dict else value
    return len(items) <= most and all(
        type(item) not in _CONTAINERS or _is_short(item, most // 2) for item in items
    )


def _literal(value: Any) -> Any:
    """Return a value as an argument that the engine need not look into."""
    if type(value) in _CONTAINERS and not _is_short(value):
        return constant(value)
    return value


class _NestedError(Exception):
    """An argument is more than a value."""


class _Converter:
    """Makes a node of each task, those that it depends on having been made."""

    def __init__(self, nodes: Mapping[Hashable, Node]) -> None:
        self.nodes = nodes
        # Functions by their addresses, and recipes by their shapes, which speak of addresses; both
        # with what keeps the functions alive, so that no other can have the address meanwhile.
        self.functions: dict[int, tuple[Callable[..., Any], Callable[..., Any]]] = {}
        self.recipes: dict[Any, Callable[..., Any]] = {}
        context = copy_context()
        self.context = context if len(context) else None

    def node(self, task: GraphNode) -> Node:
        """Make the node of a task."""
        kind = type(task)
        if kind is Alias:
            return self.nodes[task.target]
        if kind is DataNode:
            return constant(task.value)
        if kind not in _CALLS:
            # Somebody's own kind of task: a function of what it depends on.
            inputs = {key: self.nodes[key] for key in task.dependencies}
            return Node(self.function(task), (inputs,))
        function = task.func
        if function is not _execute_subgraph:
            try:
                arguments = tuple([self.argument(argument) for argument in task.args])
                keywords = task.kwargs
                if keywords:
                    for value in keywords.values():
                        if type(value) not in _PLAIN and self.argument(value) is not value:
                            raise _NestedError
                return Node(self.function(function), arguments, keywords)
            except _NestedError:
                pass
        builder = _RecipeBuilder(self.nodes, task)
        shape = builder.shape()
        recipe = self.recipes.get(shape)
        if recipe is None:
            recipe = self.recipes[shape] = builder.build()
        return Node(self.function(recipe), tuple(builder.arguments))

    def argument(self, value: Any) -> Any:
        """Return what stands for a task's argument, if no function and no call is within."""
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is TaskRef:
            return self.nodes[value.key]
        if kind is Alias:
            return self.nodes[value.target]
        if kind in _BUILDERS:
            return _BUILDERS[kind]([self.argument(item) for item in value.args])
        if kind is Task and value.func is _identity_cast and value.kwargs["typ"] in _CONTAINERS:
            return value.kwargs["typ"]([self.argument(item) for item in value.args])
        if kind is Dict:
            items = [self.argument(item) for item in value.args]
            return dict(zip(items[::2], items[1::2], strict=True))
        if kind is DataNode:
            return _literal(value.value)
        if kind in _FUNCTIONS or isinstance(value, GraphNode) or _is_lock(kind):
            raise _NestedError
        return _literal(value)

    def function(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function as it is to be called: where it may be, and in the caller's context."""
        known = self.functions.get(id(function))
        if known is None:
            bound = Here(function) if _is_sharing(function) else function
            if self.context is not None:
                bound = InContext(bound, self.context)
            known = self.functions[id(function)] = (function, bound)
        return known[1]


def _is_sharing(function: Callable[..., Any]) -> bool:
    """Whether a function of Dask's changes what other tasks see."""
    name = getattr(function, "__name__", None)
    return name in _SHARING and function.__module__ == _SHARING[name]


def _is_lock(kind: type) -> bool:
    """Whether values of that kind are locks, which mean something in one process only."""
    return hasattr(kind, "acquire") and hasattr(kind, "release")


def _same(value: Any) -> Any:
    return value


def _evaluate(task: GraphNode, keys: Iterable[Hashable], *inputs: Any) -> Any:
    return task(dict(zip(keys, inputs, strict=True)))


class _RecipeBuilder:
    """Puts the calls of one task in order."""

    def __init__(self, nodes: Mapping[Hashable, Node], task: Task) -> None:
        self.nodes = nodes
        self.count = 0
        self.arguments: list[Any] = []
        self.constants: list[tuple[int, Any]] = []
        self.calls: list[_Call] = []
        self.is_sharing = False
        result = self.call(task, {})
        if result != -len(self.calls):
            # Nothing but one of the arguments.
            self.calls.append((_same, [result], []))

    def shape(self) -> Any:
        """Return what tasks have in common that are calls of the same recipe."""
        return (
            self.count,
            tuple([(place, id(constant)) for place, constant in self.constants]),
            tuple([(id(call), tuple(args), tuple(kwargs)) for call, args, kwargs in self.calls]),
        )

    def build(self) -> Callable[..., Any]:
        """Make the recipe."""
        recipe = Recipe(self.count, self.constants, self.calls)
        return Here(recipe) if self.is_sharing else recipe

    def call(self, task: GraphNode, scope: dict[Hashable, int]) -> int:
        """Add a task's calls, and return the number of its result; `scope` has those of keys."""
        function = task.func
        if function is _execute_subgraph:
            return self.subgraph(*task.args, scope=scope)
        arguments = [self.value(argument, scope) for argument in task.args]
        keywords = [(name, self.value(value, scope)) for name, value in task.kwargs.items()]
        self.is_sharing = self.is_sharing or _is_sharing(function)
        self.calls.append((function, arguments, keywords))
        return -len(self.calls)

    def subgraph(
        self,
        graph: Mapping[Hashable, GraphNode],
        output: Hashable,
        names: Iterable[Hashable],
        *inputs: Any,
        scope: dict[Hashable, int],
    ) -> int:
        """Add the calls of a fused task."""
        scope = {name: self.value(value, scope) for name, value in zip(names, inputs, strict=True)}
        # Sets have no order, but tasks of the same shape have their keys in the same one.
        rank = {key: index for index, key in enumerate(graph)}
        for key, task in _sort([output], scope, lambda key, _: graph[key], rank.get):
            scope[key] = self.value(task, scope)
        return scope[output]

    def value(self, value: Any, scope: dict[Hashable, int]) -> int:
        """Return the number of what a task or an argument stands for."""
        kind = type(value)
        if kind is TaskRef:
            return self.key(value.key, scope)
        if kind is Alias:
            return self.key(value.target, scope)
        if kind in _CALLS:
            return self.call(value, scope)
        if kind is DataNode:
            value = value.value
        elif isinstance(value, GraphNode):
            keys = tuple(value.dependencies)
            inputs = [self.key(key, scope) for key in keys]
            self.calls.append((partial(_evaluate, value, keys), inputs, []))
            return -len(self.calls)
        elif kind in _FUNCTIONS:
            self.constants.append((self.count, value))
            self.count += 1
            return self.count - 1
        self.is_sharing = self.is_sharing or _is_lock(kind)
        return self.add(_literal(value))

    def key(self, key: Hashable, scope: dict[Hashable, int]) -> int:
        if key not in scope:
            scope[key] = self.add(self.nodes[key])
        return scope[key]

    def add(self, argument: Any) -> int:
        self.arguments.append(argument)
        self.count += 1
        return self.count - 1
