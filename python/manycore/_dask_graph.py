"""
From Dask's graphs to nodes: one for each task, so that the engine sees the functions themselves.

A task with plain arguments becomes a call of its function. What has calls within, nested or fused,
becomes a call of a `Recipe`, one for all tasks of that shape.
"""

from __future__ import annotations

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

from manycore._core import Node
from manycore._dask_order import sort
from manycore._dask_place import FUNCTIONS, Binder, is_lock
from manycore._dask_recipe import CALLS, CONTAINERS, PLAIN, RecipeBuilder, literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
    from typing import Any


def convert(
    graph: Mapping[Hashable, Any],
    keys: Iterable[Hashable],
    known: Mapping[Hashable, Any] | None = None,
    make: type[Node] = Node,
) -> list[Any]:
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
    make : type, optional
        What nodes are made of.

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
        nodes[key] = make(None, (value,))
    keys = list(keys)
    converter = _Converter(nodes, make)
    for key, task in sort(keys, nodes, lambda key, reader: _find(graph, key, reader)):
        nodes[key] = converter.node(task)
    return [nodes[key] for key in keys]


def _find(graph: Mapping[Hashable, Any], key: Any, reader: Hashable) -> Any:
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


_BUILDERS: dict[type, Callable[..., Any]] = {List: list, Tuple: tuple, Set: set}


class _NestedError(Exception):
    """An argument is more than a value."""


class _Converter:
    """Makes a node of each task, those that it depends on having been made."""

    def __init__(self, nodes: Mapping[Hashable, Node], make: type[Node]) -> None:
        self.nodes = nodes
        self.make = make
        self.binder = Binder()
        self.recipes: dict[Any, Callable[..., Any]] = {}

    def node(self, task: Any) -> Node:
        """Make the node of a task."""
        kind = type(task)
        if kind is Alias:
            return self.nodes[task.target]
        if kind is DataNode:
            return self.make(None, (task.value,))
        if kind not in CALLS:
            # Somebody's own kind of task: a function of what it depends on.
            inputs = {key: self.nodes[key] for key in task.dependencies}
            return self.make(self.binder.bind(task), (inputs,))
        function = task.func
        if function is not _execute_subgraph:
            try:
                arguments = tuple([self.argument(argument) for argument in task.args])
                keywords = task.kwargs
                if keywords:
                    for value in keywords.values():
                        if type(value) not in PLAIN and self.argument(value) is not value:
                            raise _NestedError
                return self.make(self.binder.bind(function), arguments, keywords)
            except _NestedError:
                pass
        builder = RecipeBuilder(self.nodes, task, self.make)
        shape = builder.shape()
        recipe = self.recipes.get(shape)
        if recipe is None:
            recipe = self.recipes[shape] = builder.build(self.binder)
        return self.make(recipe, tuple(builder.arguments))

    def argument(self, value: Any) -> Any:
        """Return what stands for a task's argument, if no function and no call is within."""
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind is TaskRef:
            return self.nodes[value.key]
        if kind is Alias:
            return self.nodes[value.target]
        if kind in _BUILDERS:
            return _BUILDERS[kind]([self.argument(item) for item in value.args])
        if kind is Task and value.func is _identity_cast and value.kwargs["typ"] in CONTAINERS:
            return value.kwargs["typ"]([self.argument(item) for item in value.args])
        if kind is Dict:
            items = [self.argument(item) for item in value.args]
            return dict(zip(items[::2], items[1::2], strict=True))
        if kind is DataNode:
            return literal(value.value, self.make)
        if kind in FUNCTIONS or isinstance(value, GraphNode) or is_lock(kind):
            raise _NestedError
        return literal(value, self.make)
