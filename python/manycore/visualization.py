"""
Draws graphs of lazy calls: as SVG, without any other program, or as text for Graphviz.

Calls are rounded and coloured by function, values are boxes, results have a thick border; inputs
stand above what reads them.
"""

from __future__ import annotations

import collections
import html
import operator
from pathlib import Path

from manycore import _graph
from manycore._containers import Collect
from manycore._delayed import Delayed, Method
from manycore._layout import Layout, longest_ways
from manycore.bag import Bag, Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

__all__ = ["Picture", "visualize"]

# A graph of more nodes is drawn with one for all calls of a function in a layer.
LARGEST = 2_000

_SYMBOLS = {
    operator.abs: "abs",
    operator.neg: "−",
    operator.pos: "+",
    operator.invert: "~",
    operator.add: "+",
    operator.sub: "−",
    operator.mul: "×",
    operator.matmul: "@",
    operator.truediv: "/",
    operator.floordiv: "//",
    operator.mod: "%",
    operator.pow: "**",
    operator.and_: "&",
    operator.or_: "|",
    operator.xor: "^",
    operator.lshift: "<<",
    operator.rshift: ">>",
    operator.eq: "==",
    operator.ne: "!=",
    operator.lt: "<",
    operator.le: "<=",
    operator.gt: ">",
    operator.ge: ">=",
}
# Light, apart from each other, and readable under black (ColorBrewer's Set3 and Pastel1).
_COLOURS = [
    *("#8dd3c7", "#ffffb3", "#bebada", "#fb8072", "#80b1d3", "#fdb462"),
    *("#b3de69", "#fccde5", "#bc80bd", "#ccebc5", "#ffed6f", "#b3cde3"),
]
_VALUE = "#f0f0f0"


class _Shape:
    """A node as it is drawn."""

    def __init__(self, label: str, title: str, is_call: bool) -> None:
        self.label = label if len(label) <= 24 else label[:23] + "…"
        self.title = title
        self.is_call = is_call
        self.is_result = False
        self.count = 1

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.label if self.count == 1 else f"{self.label} × {self.count:,}"


class Picture:
    """
    A graph, drawn.

    Attributes
    ----------
    svg : str
        The picture. Notebooks show it.
    dot : str
        The graph in Graphviz's language.
    """

    def __init__(self, shapes: list[_Shape], edges: list[tuple[int, int]]) -> None:
        self._shapes = shapes
        self._edges = edges
        self.svg = _svg(shapes, edges)

    @property
    def dot(self) -> str:
        """The graph in Graphviz's language."""
        return _dot(self._shapes, self._edges)

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<Picture: {len(self._shapes):,} nodes, edges: {len(self._edges):,}>"


def visualize(
    *args: Any, filename: str | PathLike[str] | None = "graph.svg", traverse: bool = True
) -> Picture:
    """
    Draw the graph of lazy values.

    Parameters
    ----------
    *args : object
        Lazy values, or containers of such.
    filename : path or None, default "graph.svg"
        Where to write it: ``.svg``, or ``.dot`` for Graphviz. None writes nothing.
    traverse : bool, default True
        Whether to look for lazy values in containers.

    Returns
    -------
    Picture
        Which notebooks show. In a graph of more than 2,000 nodes, calls of one function in one
        layer are drawn as one.

    Raises
    ------
    ValueError
        If the name ends otherwise, or there is nothing lazy to draw.

    Examples
    --------
    >>> x = mc.delayed(sum)([mc.delayed(len)("ab"), 1])
    >>> mc.visualize(x, filename=None)
    <Picture: 2 nodes, edges: 1>
    """
    path = None if filename is None else Path(filename)
    if path is not None and path.suffix.lower() not in (".svg", ".dot"):
        raise ValueError(
            f"filename must end in .svg or .dot, not {str(path)!r}; other programs make other "
            "formats of these"
        )
    collect = _Lazy()
    for arg in args:
        if traverse:
            collect(arg)
        else:
            collect.leaf(arg)
    if not collect.values:
        raise ValueError(f"there is nothing lazy to draw among {args!r}"[:200])
    picture = Picture(*_collapsed(*_graph_of(collect.values)))
    if path is not None:
        text = picture.dot if path.suffix.lower() == ".dot" else picture.svg
        path.write_text(text, encoding="utf-8")
    return picture


class _Lazy(Collect):
    kinds = (Delayed, Bag, Item)


def _graph_of(values: list[Any]) -> tuple[list[_Shape], list[tuple[int, int]]]:
    """List the nodes, inputs first, and the edges."""
    shapes: list[_Shape] = []
    edges: list[tuple[int, int]] = []
    outputs = [value for value in values if isinstance(value, Delayed)]
    place: dict[int, int] = {}
    for node in _graph.sort(outputs):
        function, inputs, arguments, _ = node._parts
        place[id(node)] = len(shapes)
        edges += [(place[id(source)], len(shapes)) for source in inputs]
        is_call = function is not None
        label = _call_label(function, arguments) if is_call else _value_label(arguments[0])
        shapes.append(_Shape(label, node.key, is_call))
    for output in outputs:
        shapes[place[id(output)]].is_result = True
    for collection in values:
        if not isinstance(collection, Delayed):
            for number, step in enumerate(collection._core.pipeline):
                if number:
                    edges.append((len(shapes) - 1, len(shapes)))
                shapes.append(_Shape(step, step, True))
            shapes[-1].is_result = True
    return shapes, edges


def _call_label(function: Any, arguments: tuple[Any, ...]) -> str:
    """Write a call as the user did."""
    constant = arguments[1] if len(arguments) == 2 else None
    if function is getattr:
        return f".{constant}"
    if function is operator.getitem and isinstance(constant, str | int):
        return f"[{constant!r}]"
    if isinstance(function, Method):
        return f".{function.__name__}()"
    return _SYMBOLS.get(function) or _graph.label(function, arguments)


def _value_label(value: Any) -> str:
    if value is None or isinstance(value, bool | int | float | complex | str):
        return repr(value)
    shape = getattr(value, "shape", None)
    return type(value).__name__ + (f" {shape}" if isinstance(shape, tuple) else "")


def _collapsed(
    shapes: list[_Shape], edges: list[tuple[int, int]]
) -> tuple[list[_Shape], list[tuple[int, int]]]:
    """Draw calls of one function in one layer as one, if there are too many."""
    if len(shapes) <= LARGEST:
        return shapes, edges
    layers = longest_ways(len(shapes), edges)
    groups: dict[tuple[int, str, bool, bool], list[int]] = collections.defaultdict(list)
    for number, shape in enumerate(shapes):
        groups[layers[number], shape.label, shape.is_call, shape.is_result].append(number)
    together = []
    group_of = [0] * len(shapes)
    for number, ((layer, label, is_call, is_result), members) in enumerate(sorted(groups.items())):
        shape = _Shape(label, f"{label}, layer {layer}", is_call)
        shape.is_result = is_result
        shape.count = len(members)
        together.append(shape)
        for member in members:
            group_of[member] = number
    if len(together) > LARGEST:
        raise ValueError(
            f"{len(shapes):,} nodes, of {len(together):,} functions and layers, are too many to "
            "draw; draw a part of the graph"
        )
    return together, sorted({(group_of[source], group_of[target]) for source, target in edges})


_HEIGHT = 26
_ROW = 60
_MARGIN = 10


def _width(shape: _Shape) -> float:
    return max(7.0 * len(shape.text) + 16, 2 * _HEIGHT)


def _svg(shapes: list[_Shape], edges: list[tuple[int, int]]) -> str:
    """Draw."""
    layout = Layout([_width(shape) for shape in shapes], edges)
    width = layout.width + 2 * _MARGIN
    height = max(layout.layer) * _ROW + _HEIGHT + 2 * _MARGIN
    colours: dict[str, str] = {}
    nodes = []
    for shape, x, layer in zip(shapes, layout.x, layout.layer, strict=True):
        colour = _VALUE
        if shape.is_call:
            colour = colours.setdefault(shape.label, _COLOURS[len(colours) % len(_COLOURS)])
        nodes.append(_node(shape, x + _MARGIN, _middle(layer), colour))
    # Attributes instead of a style sheet: the plainest SVG is understood by most programs.
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}">',
        '<marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><polygon points="0,1 8,4 0,7" fill="#777"/></marker>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
        '<g fill="none" stroke="#777">',
        *map(_path, layout.routes),
        '</g>\n<g stroke="#444" font-family="sans-serif" font-size="12" text-anchor="middle">',
        *nodes,
        "</g>\n</svg>",
    ]
    return "\n".join(parts)


def _middle(layer: int) -> float:
    return layer * _ROW + _HEIGHT / 2 + _MARGIN


def _node(shape: _Shape, x: float, y: float, colour: str) -> str:
    width = _width(shape)
    corner = _HEIGHT / 2 if shape.is_call else 0
    line = 2.5 if shape.is_result else 1
    return (
        f"<g><title>{html.escape(shape.title)}</title>"
        f'<rect x="{x - width / 2:.1f}" y="{y - _HEIGHT / 2:.1f}" width="{width:.1f}" '
        f'height="{_HEIGHT}" rx="{corner:g}" fill="{colour}" stroke-width="{line}"/>'
        f'<text x="{x:.1f}" y="{y + 4:.1f}" stroke="none">{html.escape(shape.text)}</text></g>'
    )


def _path(route: list[tuple[float, int]]) -> str:
    """Draw an edge: from the lower side of a node through the joints to the upper side of one."""
    points = [(x + _MARGIN, _middle(layer)) for x, layer in route]
    points[0] = (points[0][0], points[0][1] + _HEIGHT / 2)
    points[-1] = (points[-1][0], points[-1][1] - _HEIGHT / 2)
    x, y = points[0]
    steps = [f"M{x:.1f} {y:.1f}"]
    for next_x, next_y in points[1:]:
        bend = (next_y - y) / 2
        steps.append(
            f"C{x:.1f} {y + bend:.1f} {next_x:.1f} {next_y - bend:.1f} {next_x:.1f} {next_y:.1f}"
        )
        x, y = next_x, next_y
    return f'<path d="{"".join(steps)}" marker-end="url(#arrow)"/>'


def _dot(shapes: list[_Shape], edges: list[tuple[int, int]]) -> str:
    """Write the graph for Graphviz."""

    def quote(text: str) -> str:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'

    lines = []
    for number, shape in enumerate(shapes):
        style = "rounded" if shape.is_call else "solid"
        style += ",bold" if shape.is_result else ""
        lines.append(
            f"n{number} [label={quote(shape.text)} tooltip={quote(shape.title)} "
            f'shape=box style="{style}"]'
        )
    lines += [f"n{source} -> n{target}" for source, target in edges]
    return "\n".join(("digraph {", *lines, "}\n"))
