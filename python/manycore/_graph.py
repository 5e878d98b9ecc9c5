"""
Graphs of lazy calls as wholes: their keys, their order, their pickles.

None of this is recursive, because a graph may be deeper than any stack.
"""

from __future__ import annotations

import weakref

from manycore._pickle import Hole, fill
from manycore._tokens import name_of, token, unique
from manycore._worker import apply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from manycore._delayed import Delayed

# Nodes by the keys that were made for them, which tell them apart.
_KNOWN: weakref.WeakValueDictionary[str, Delayed] = weakref.WeakValueDictionary()
_SESSION = unique()


class Label(str):
    """A key that the user gave: others may have the same."""

    __slots__ = ()


def label(function: Any, arguments: tuple[Any, ...]) -> str:
    """Name a call; one whose keywords are lazy goes through `apply`."""
    if function is apply and len(arguments) == 3:
        function = arguments[0]
    return name_of(arguments[0] if function is None else function)


def _content_key(node: Delayed) -> str:
    """Make a pure node's key, from its inputs' keys."""
    function, inputs, arguments, keywords = node._parts
    named = fill(arguments, [(Hole, _identity(source)) for source in inputs])
    return f"{label(function, arguments)}-{token(function, named, keywords, node._length)}"


def _identity(node: Delayed) -> str:
    """Tell a node from all others that are alive."""
    return f"{_SESSION}-{id(node)}" if isinstance(node.key, Label) else node.key


def make_pure(node: Delayed) -> Delayed:
    """Give a new node the key that follows from its content; return the one that has it already."""
    for source in node._parts[1]:
        make_keys(source)
    node._key = _content_key(node)
    return _KNOWN.setdefault(node._key, node)


def make_keys(node: Delayed) -> None:
    """Make a node's key, and those that it depends on."""
    stack = [node]
    # Not recursive: a graph may be deeper than the stack.
    while stack:
        node = stack[-1]
        if _has_key(node):
            stack.pop()
            continue
        function, inputs, arguments, _ = node._parts
        if not node._is_pure:
            node._key = f"{label(function, arguments)}-{unique()}"
        elif missing := [source for source in inputs if not _has_key(source)]:
            stack += missing
            continue
        else:
            node._key = _content_key(node)
        _KNOWN.setdefault(node._key, node)


def _has_key(node: Delayed) -> bool:
    return hasattr(node, "_key")


def sort(nodes: list[Delayed]) -> list[Delayed]:
    """List what nodes depend on and the nodes themselves, each behind its inputs."""
    done: set[int] = set()
    order: list[Delayed] = []
    stack = [(node, False) for node in reversed(nodes)]
    while stack:
        node, is_left = stack.pop()
        if is_left:
            order.append(node)
        elif id(node) not in done:
            done.add(id(node))
            stack.append((node, True))
            stack += [(source, False) for source in reversed(node._parts[1])]
    return order


def dump(node: Delayed) -> list[tuple[Any, ...]]:
    """List a node's graph, flat: a pickle of nested nodes would be as deep as the graph."""
    order = sort([node])
    place = {id(node): number for number, node in enumerate(order)}
    entries = []
    for node in order:
        function, inputs, arguments, keywords = node._parts
        state = [getattr(node, name) for name in node._state]
        sources = [place[id(source)] for source in inputs]
        head = (type(node), node.key, state)
        entries.append((*head, function, sources, arguments, keywords))
    return entries


def load(entries: list[tuple[Any, ...]]) -> Delayed:
    """Make a node's graph again, of nodes that are here already where their keys say so."""
    nodes: list[Delayed] = []
    for kind, key, state, function, sources, arguments, keywords in entries:
        is_label = isinstance(key, Label)
        node = None if is_label else _KNOWN.get(key)
        if node is None:
            if sources:
                arguments = fill(arguments, [nodes[place] for place in sources])
            node = kind(function, arguments, keywords)
            node._key = key
            for name, value in zip(kind._state, state, strict=True):
                setattr(node, name, value)
            if not is_label:
                node = _KNOWN.setdefault(key, node)
        nodes.append(node)
    return nodes[-1]
