"""
Calls of a function with blocks: which block goes where, and what comes back.

Axes are named by labels, as in `blockwise`: axes of the same label move together, a label that the
result doesn't have is whole in each call. What blocks an array has is a list of spans for each of
its axes; they may overlap.
"""

from __future__ import annotations

import itertools
from math import prod

import numpy as np

from manycore import _core
from manycore.array._array import Array
from manycore.array._nodes import offsets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from typing import Any

    from manycore.array._nodes import Chunks, Region

    _Spans = list[list[tuple[int, int]]]
    _Labels = tuple[Hashable, ...]


class Tiled:
    """An array, and the spans of its blocks along each axis."""

    def __init__(self, core: _core.Array, spans: _Spans | None = None) -> None:
        self.core = core
        if spans is None:
            spans = [list(itertools.pairwise(offsets(sizes))) for sizes in core.chunks]
        self.spans = spans

    @property
    def chunks(self) -> Chunks:
        """The lengths of the blocks along each axis."""
        return tuple(tuple(stop - start for start, stop in axis) for axis in self.spans)


class Call:
    """A function, and how to call it with blocks: what an engine's thread runs."""

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: list[Any],
        options: dict[str, Any],
        name: str,
        declared: bool,
    ) -> None:
        self.function = function
        # Places in the blocks given, or values within a tuple.
        self.arguments = arguments
        self.options = options
        self.name = name
        self.declared = declared
        self.lists: dict[int, list[list[int] | None]] = {}
        self.whole_options: list[tuple[str, int]] = []
        self.outputs: list[tuple[np.dtype[Any], Chunks]] = []
        self.several = False
        self.index_options: dict[str, Callable[[tuple[int, ...]], Any]] = {}
        self.trim: Callable[[Any, tuple[int, ...]], Any] | None = None
        self.untrimmed: Chunks | None = None

    def __call__(self, *given: Any) -> Any:
        """Call the function with blocks, and check what it returns."""
        *blocks, index = given
        for place, cuts in self.lists.items():
            blocks[place] = _nested(blocks[place], cuts)
        arguments = [
            value[0] if type(value) is tuple else blocks[value] for value in self.arguments
        ]
        options = dict(self.options)
        for name, place in self.whole_options:
            options[name] = blocks[place]
        for name, make in self.index_options.items():
            options[name] = make(index)
        result = self.function(*arguments, **options)
        if not self.several:
            return self._checked(result, 0, index)
        if not isinstance(result, tuple | list) or len(result) != len(self.outputs):
            raise ValueError(
                f"{self.name}: {_named(self.function)} should return {len(self.outputs)} arrays, "
                f"not {result!r:.80}"
            )
        return tuple(self._checked(part, place, index) for place, part in enumerate(result))

    def _checked(self, result: Any, place: int, index: tuple[int, ...]) -> Any:
        dtype, chunks = self.outputs[place]
        array = np.asarray(result)
        # Outputs may have axes of their own, which are in one block, behind those of the grid.
        block = (*index, *(0,) * (len(chunks) - len(index)))[: len(chunks)]
        before = chunks if self.untrimmed is None else self.untrimmed
        shape = tuple(sizes[number] for sizes, number in zip(before, block, strict=True))
        if array.shape != shape:
            raise ValueError(
                f"{self.name}: {_named(self.function)} returned shape {array.shape} for the block "
                f"{index}, which should have shape {shape}; say what shapes it makes, "
                "with chunks=, drop_axis= or new_axis= in map_blocks, or output_sizes="
            )
        if array.dtype != dtype:
            if not self.declared and not np.can_cast(array.dtype, dtype, "same_kind"):
                raise TypeError(
                    f"{self.name}: {_named(self.function)} returned dtype {array.dtype} for the "
                    f"block {index}, but {dtype} for an array of one element; "
                    "say which dtype it makes, with dtype="
                )
            array = array.astype(dtype)
        return array if self.trim is None else self.trim(array, index)


def _named(function: Callable[..., Any]) -> str:
    """Name a function as errors show it."""
    return getattr(function, "__name__", type(function).__name__)


def _nested(block: Any, cuts: list[list[int] | None]) -> Any:
    """Cut a block along whole axes into the blocks that it is made of, as lists within lists."""
    for axis, cut in enumerate(cuts):
        if cut is not None:
            rest = [None] * (axis + 1) + cuts[axis + 1 :]
            return [_nested(part, rest) for part in np.split(block, cut, axis)]
    return block


def grid_of(
    inputs: Sequence[tuple[Tiled, _Labels]], align: bool
) -> tuple[list[tuple[Tiled, _Labels]], dict[Hashable, tuple[int, ...]]]:
    """Find the chunks along each label; cut inputs alike if `align`."""
    sizes: dict[Hashable, int] = {}
    for tiled, labels in inputs:
        for length, label in zip(tiled.core.shape, labels, strict=True):
            if sizes.get(label, 1) == 1:
                sizes[label] = length
            elif length not in (1, sizes[label]):
                raise ValueError(
                    f"arrays differ in length along index {label!r}: {sizes[label]} and {length}; "
                    "shapes do not align"
                )
    if align:
        inputs = [(_aligned(inputs, sizes, tiled, labels), labels) for tiled, labels in inputs]
    chunks: dict[Hashable, tuple[int, ...]] = {}
    for tiled, labels in inputs:
        for lengths, label in zip(tiled.chunks, labels, strict=True):
            known = chunks.get(label)
            if known is None or len(lengths) > len(known):
                chunks[label] = lengths
    for tiled, labels in inputs:
        for axis, label in enumerate(labels):
            count = len(tiled.spans[axis])
            if count not in (1, len(chunks[label])):
                raise ValueError(
                    f"arrays differ in their number of blocks along index {label!r}: "
                    f"{count} and {len(chunks[label])}; rechunk them alike"
                )
    return list(inputs), chunks


def _aligned(
    inputs: Sequence[tuple[Tiled, _Labels]],
    sizes: dict[Hashable, int],
    tiled: Tiled,
    labels: _Labels,
) -> Tiled:
    """Cut an array wherever another one is cut."""
    spans = []
    for axis, label in enumerate(labels):
        if tiled.core.shape[axis] != sizes[label]:
            spans.append(tiled.spans[axis])
            continue
        cuts = {
            edge
            for other, names in inputs
            for place, name in enumerate(names)
            if name == label and other.core.shape[place] == sizes[label]
            for span in other.spans[place]
            for edge in span
        }
        edges = sorted(cuts) if sizes[label] else [0, 0]
        spans.append(list(itertools.pairwise(edges)))
    if spans == tiled.spans:
        return tiled
    chunks = tuple(tuple(stop - start for start, stop in axis) for axis in spans)
    return Tiled(tiled.core.rechunk(chunks), spans)


def regions_of(tiled: Tiled, labels: _Labels, out: _Labels, grid: tuple[int, ...]) -> Any:
    """Say which region of an array each call gets: the core's "same", "all", or a list."""
    core = tiled.core
    whole = [label not in out for label in labels]
    if not prod(grid):
        return []
    tail = out[len(out) - len(labels) :]
    if (
        labels == tail
        and tiled.chunks == core.chunks
        and all(
            len(axis) in (1, count)
            for axis, count in zip(tiled.spans, grid[len(grid) - len(labels) :], strict=True)
        )
    ):
        return "same"
    if all(whole) or not labels:
        return "all"
    axes: list[list[tuple[int, int]]] = []
    places: list[int] = []
    for axis, label in enumerate(labels):
        spans = tiled.spans[axis]
        if whole[axis]:
            axes.append([(spans[0][0], spans[-1][1])] if spans else [(0, 0)])
            places.append(-1)
        else:
            axes.append(spans)
            places.append(out.index(label))
    found: list[Region] = []
    for index in itertools.product(*map(range, grid)):
        found.append(
            tuple(
                spans[index[place]] if place >= 0 and len(spans) > 1 else spans[0]
                for spans, place in zip(axes, places, strict=True)
            )
        )
    return found


def infer(
    function: Callable[..., Any],
    arguments: list[Any],
    options: dict[str, Any],
    name: str,
    option: str = "dtype",
) -> Any:
    """Call a function with arrays of one element each, to see what it makes of them."""
    tiny = [
        np.zeros((1,) * value.ndim, value.dtype) if isinstance(value, Array) else value
        for value in arguments
    ]
    small = {
        key: np.zeros((1,) * value.ndim, value.dtype) if isinstance(value, Array) else value
        for key, value in options.items()
    }
    try:
        with np.errstate(all="ignore"):
            return function(*tiny, **small)
    except Exception as error:
        raise ValueError(
            f"the dtype of what {_named(function)} makes could not be found: called with arrays of "
            f"one element, it raised {type(error).__name__}: {error}\n"
            f"Say which dtype it makes: {name}(..., {option}=...)"
        ) from error


def takes(function: Callable[..., Any], keyword: str) -> bool:
    """Tell whether a function has a parameter of this name."""
    import inspect

    try:
        return keyword in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False


def run_plan(
    call: Call, inputs: list[tuple[Tiled, _Labels]], out: _Labels, chunks: dict[Hashable, Any]
) -> list[_core.Array]:
    """Make the expression of a call for each block of the result."""
    grid = tuple(len(chunks[label]) for label in out)
    regions = [regions_of(tiled, labels, out, grid) for tiled, labels in inputs]
    cores = [tiled.core for tiled, _ in inputs]
    return _core.Array.blocks(call, cores, regions, call.outputs, call.name, True)
