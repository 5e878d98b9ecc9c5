"""
Containers that users pass: taken apart, looked through, and put together again.

Lists, tuples, sets, dictionaries, slices, named tuples and dataclasses may hold lazy values at any
depth. Of iterators, those over lists, tuples and sets count too; they are read.
"""

from __future__ import annotations

import collections
import operator
import sys

from manycore._core import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

# What nothing can be in. Asked first, because it is what most arguments are.
ATOMS: frozenset[type] = frozenset({bool, int, float, complex, str, bytes, type(None), type(...)})

_COLLECTIONS = frozenset({list, tuple, set, frozenset})
_MAPPINGS = frozenset({dict, collections.OrderedDict})
_ITERATORS: dict[type, type] = {type(iter([])): list, type(iter(())): tuple, type(iter(set())): set}


class Build:
    """
    Puts a container together from its items.

    Parameters
    ----------
    kind : type
        The container's.
    names : sequence of str
        Of a dataclass: the fields that the items are.
    """

    __slots__ = ("kind", "names")

    def __init__(self, kind: type, names: Sequence[str] = ()) -> None:
        self.kind = kind
        self.names = names

    def __call__(self, items: list[Any]) -> Any:
        kind: Any = self.kind
        if self.names:
            return kind(**dict(zip(self.names, items, strict=True)))
        if kind in _MAPPINGS:
            half = len(items) // 2
            return kind(zip(items[:half], items[half:], strict=True))
        return kind(items) if kind in _COLLECTIONS else kind(*items)

    def without(self, missing: object, items: list[Any]) -> list[Any]:
        """Leave out items that are missing, or say None where each has its place."""
        if self.kind in _COLLECTIONS:
            return [item for item in items if item is not missing]
        if self.kind in _MAPPINGS:
            half = len(items) // 2
            pairs = zip(items[:half], items[half:], strict=True)
            kept = [pair for pair in pairs if pair[0] is not missing and pair[1] is not missing]
            return [*(key for key, _ in kept), *(value for _, value in kept)]
        return [None if item is missing else item for item in items]

    @property
    def __name__(self) -> str:
        return self.kind.__name__

    def __reduce__(self) -> tuple[type[Build], tuple[type, Sequence[str]]]:
        return Build, (self.kind, self.names)


def split(value: Any) -> tuple[list[Any], Build] | None:
    """
    Take a container apart.

    Returns
    -------
    tuple or None
        Its items and what puts them together; None of what is no container.
    """
    kind = type(value)
    if kind in _COLLECTIONS:
        return list(value), Build(kind)
    if kind in _MAPPINGS:
        return [*value, *value.values()], Build(kind)
    if kind in _ITERATORS:
        return list(value), Build(_ITERATORS[kind])
    if kind is slice:
        return [value.start, value.stop, value.step], Build(slice)
    if hasattr(kind, "__dataclass_fields__"):
        names = [name for name in _fields(kind) if hasattr(value, name)]
        return [getattr(value, name) for name in names], Build(kind, names)
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return list(value), Build(kind)
    return None


def _fields(kind: Any) -> list[str]:
    import dataclasses

    return [field.name for field in dataclasses.fields(kind)]


class Walk:
    """
    A way through containers.

    Subclasses say in `leaf` what becomes of what is no container, and in `join` what becomes of a
    container whose items may have changed. Leaves of the types `found_types` stay as they are and
    are what is looked for.
    """

    found_types: frozenset[type] = frozenset()

    def __init__(self) -> None:
        self.found = 0
        self._path: list[Any] = []

    def leaf(self, value: Any) -> Any:
        """Return what takes a leaf's place; count in `found` what was looked for."""
        raise NotImplementedError

    def join(self, build: Build, items: list[Any], found: bool) -> Any:
        """Return what takes the place of a container with other items, or with what was found."""
        raise NotImplementedError

    def __call__(self, value: Any) -> Any:
        """
        Go through a value.

        Raises
        ------
        ValueError
            If a container contains itself.
        """
        kind = type(value)
        if kind in ATOMS:
            return value
        taken = None if issubclass(kind, Node) else split(value)
        if taken is None:
            return self.leaf(value)
        items, build = taken
        before = self.found
        is_same = kind is build.kind  # and not an iterator, of which nothing is left
        kinds = set(map(type, items)) - ATOMS
        if kinds and kinds <= self.found_types:
            self.found += 1
        elif kinds:
            if any(value is outer for outer in self._path):
                raise ValueError(
                    f"a {kind.__name__} contains itself: {_shorten(repr(value))}; "
                    "pass a copy without the cycle, or traverse=False"
                )
            self._path.append(value)
            old, items = items, [self(item) for item in items]
            self._path.pop()
            is_same = is_same and all(map(operator.is_, old, items))
        found = self.found > before
        return value if is_same and not found else self.join(build, items, found)


class Collect(Walk):
    """
    Takes values of some kinds out of containers, for `put` to put others in their places.

    Attributes
    ----------
    values : list
        What was found, each once.
    """

    kinds: tuple[type, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self.values: list[Any] = []
        self._slots: dict[int, _Slot] = {}

    def is_wanted(self, value: Any) -> bool:
        """Whether a leaf is to be taken out."""
        return isinstance(value, self.kinds)

    def leaf(self, value: Any) -> Any:
        if not self.is_wanted(value):
            return value
        self.found += 1
        slot = self._slots.get(id(value))
        if slot is None:
            slot = self._slots[id(value)] = _Slot(len(self.values))
            self.values.append(value)
        return slot

    def join(self, build: Build, items: list[Any], found: bool) -> Any:
        return _Later(build, items) if found else build(items)


class _Slot:
    """The place of a value."""

    def __init__(self, number: int) -> None:
        self.number = number


class _Later:
    """A container that is put together when the values are there."""

    def __init__(self, build: Build, items: list[Any]) -> None:
        self.build = build
        self.items = items


def is_dask(value: Any) -> bool:
    """Whether a value is a collection of Dask's."""
    return hasattr(type(value), "__dask_graph__")


def is_array(value: Any) -> bool:
    """Whether a value is a lazy array; without importing what makes them."""
    module = sys.modules.get("manycore.array._array")
    return module is not None and isinstance(value, module.Array)


def put(place: Any, values: list[Any], missing: object = None) -> Any:
    """Put values in the places that `Collect` left; what is `missing` is left out."""
    if isinstance(place, _Slot):
        return values[place.number]
    if isinstance(place, _Later):
        items = [put(item, values, missing) for item in place.items]
        if missing is not None and any(item is missing for item in items):
            items = place.build.without(missing, items)
        return place.build(items)
    return place


def _shorten(text: str, most: int = 200) -> str:
    return text if len(text) <= most else text[:most] + "…"
