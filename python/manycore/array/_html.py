"""An array in a notebook: a table of its measures, and a drawing of its chunks."""

from __future__ import annotations

import math

from manycore._sizes import format_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from manycore.array._array import Array

    _Point = tuple[float, float]

# The side of the drawing's longest axis, in pixels; and how many lines an axis gets at most.
_SIDE = 120.0
_LINES = 24
# How far back the third axis is drawn.
_DEPTH = 0.45


def describe(array: Array) -> str:
    """Make HTML of an array's measures and chunks."""
    if array._later is not None:
        return f"<pre>{str(array).replace('<', '&lt;').replace('>', '&gt;')}</pre>"
    count = math.prod(array.numblocks)
    largest = math.prod(array.chunksize) * array.itemsize
    rows = [
        ("Bytes", format_bytes(array.nbytes), format_bytes(largest)),
        ("Shape", _text(array.shape), _text(array.chunksize)),
        ("Count", f"{array.size:,} elements", f"{count:,} chunk{'s' if count != 1 else ''}"),
        ("Type", str(array.dtype), "numpy.ndarray"),
    ]
    body = "".join(
        f"<tr><th>{name}</th><td>{whole}</td><td>{chunk}</td></tr>" for name, whole, chunk in rows
    )
    table = (
        "<table><thead><tr><th></th><th>Array</th><th>Chunk</th></tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
    return (
        f'<table><tr><td>{table}</td><td style="text-align: left">{draw(array)}</td></tr></table>'
    )


def _text(lengths: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, lengths))}{',' if len(lengths) == 1 else ''})"


def draw(array: Array) -> str:
    """Draw the chunks of an array as SVG: three axes in one picture, one picture beside another."""
    if not array.ndim or not array.size:
        return ""
    axes = list(range(array.ndim))
    # From the last axes on; the first picture has what is left.
    pictures: list[list[int]] = []
    while axes:
        pictures.insert(0, axes[-3:])
        del axes[-3:]
    return "".join(_picture(array, picture) for picture in pictures)


def _picture(array: Array, axes: list[int]) -> str:
    longest = max(array.shape[axis] for axis in axes)
    sides = [max(_SIDE * (array.shape[axis] / longest) ** 0.5, 12.0) for axis in axes]
    lines = [_places(array.chunks[axis], side) for axis, side in zip(axes, sides, strict=True)]
    if len(axes) == 1:
        sides, lines = [20.0, *sides], [[0.0, 20.0], *lines]
    depth = sides[0] * _DEPTH if len(sides) == 3 else 0.0
    height, width = sides[-2:]
    drawn = list(_face(lines[-2], lines[-1], (1, 0), (0, 1), (depth, depth)))
    if depth:
        back = [place * _DEPTH for place in lines[0]]
        drawn += _face(back, lines[-1], (1, 1), (0, 1), (0, 0), slanted=True)
        drawn += _face(back, lines[-2], (1, 1), (1, 0), (0, 0), slanted=True)
    texts = [
        (depth + width / 2, depth + height + 16, "middle", array.shape[axes[-1]]),
    ]
    if len(axes) > 1:
        texts.append((depth + width + 6, depth + height / 2 + 4, "start", array.shape[axes[-2]]))
    if depth:
        texts.append((depth / 2 - 4, depth / 2 + height + 12, "end", array.shape[axes[0]]))
    labels = "".join(
        f'<text x="{x + 30:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}">{length}</text>'
        for x, y, anchor, length in texts
    )
    return (
        f'<svg width="{width + depth + 90:.0f}" height="{height + depth + 30:.0f}" '
        'style="stroke: rgb(0, 0, 0); stroke-width: 1">'
        f'{"".join(drawn)}<g style="stroke: none; font-size: 12px">{labels}</g></svg>'
    )


def _places(lengths: tuple[int, ...], side: float) -> list[float]:
    """Give the places of an axis's lines in a drawing; not all, if there are many."""
    ends = [0]
    for length in lengths:
        ends.append(ends[-1] + length)
    if len(ends) > _LINES + 1:
        ends = [ends[round(place * (len(ends) - 1) / _LINES)] for place in range(_LINES + 1)]
    return [side * end / (ends[-1] or 1) for end in ends]


def _face(
    down: list[float],
    right: list[float],
    down_step: tuple[int, int],
    right_step: tuple[int, int],
    origin: _Point,
    slanted: bool = False,
) -> Iterable[str]:
    """Draw one side of a box: its area, and the lines between chunks. Steps are (y, x)."""

    def point(along: float, across: float) -> _Point:
        y = origin[0] + along * down_step[0] + across * right_step[0]
        x = origin[1] + along * down_step[1] + across * right_step[1]
        return x + 30, y + 4

    corners = [
        point(down[0], right[0]),
        point(down[0], right[-1]),
        point(down[-1], right[-1]),
        point(down[-1], right[0]),
    ]
    outline = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    color = "#d9b38a" if slanted else "#ecc9a0"
    yield f'<polygon points="{outline}" style="fill: {color}; stroke-width: 0"/>'
    segments = [(point(place, right[0]), point(place, right[-1])) for place in down]
    segments += [(point(down[0], place), point(down[-1], place)) for place in right]
    for (x1, y1), (x2, y2) in segments:
        yield f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
