"""What the plan of an array does, before it runs: as a table on the terminal, as SVG elsewhere."""

from __future__ import annotations

import html
import math
from pathlib import Path

from manycore import _core
from manycore._sizes import format_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

    from manycore.array._array import Array

__all__ = ["Explanation", "explain"]

# What becomes of a stage's results.
_KINDS = {
    "result": "into the result",
    "store": "chunks that are kept",
    "partial": "partial results",
    "merge": "fewer partial results",
    "finish": "the reduction's result",
    "blocks": "chunks that are kept",
    "sum": "sums that are kept",
    "piece": "what readers need of chunks",
}


class Explanation:
    """
    What a plan does: `explain` makes one.

    Attributes
    ----------
    stages : list of dict
        In the order in which they are made; many run at one time. A stage is all tasks that do the
        same to different chunks: its ``name``, its ``kind``, how many ``tasks``, the operations
        that are ``fused`` into one loop, whether that is ``compiled``, the ``dtype`` and ``shape``
        of the array, the ``chunk`` shape, the bytes ``read`` of sources, ``received`` of other
        stages and ``written``, and the most bytes that a ``task`` has in memory.
    result : int
        Bytes of what was asked for.
    peak : int
        The most bytes of memory, beside what was there before, that computing it takes.
    memory : int or None
        The budget.
    """

    def __init__(
        self, stages: list[dict[str, Any]], result: int, peak: int, memory: int | None
    ) -> None:
        self.stages = stages
        self.result = result
        self.peak = peak
        self.memory = memory

    @property
    def read(self) -> int:
        """Bytes that are read of arrays in memory, files and generators."""
        return sum(stage["read"] for stage in self.stages)

    @property
    def _seen(self) -> list[dict[str, Any]]:
        """Of the stages those that do something: to take one output of several is nothing."""
        return [stage for stage in self.stages if stage["kind"] not in ("pick", "zeros")]

    def __repr__(self) -> str:
        """Draw the table."""
        head = ("stage", "tasks", "chunk", "reads", "receives", "writes", "task")
        rows = [head, *(_row(stage) for stage in self._seen)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        lines = [
            "  ".join(
                text.ljust(width) if column in (0, 2) else text.rjust(width)
                for column, (text, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ]
        return "\n".join([*lines, self._summary()])

    def _summary(self) -> str:
        budget = "no budget" if self.memory is None else f"budget {format_bytes(self.memory)}"
        return (
            f"result {format_bytes(self.result)}, at most {format_bytes(self.peak)} of memory "
            f"({budget})"
        )

    def svg(self) -> str:
        """
        Draw the stages, one under the other, as SVG.

        Returns
        -------
        str
        """
        width, step, edge = 680, 82, 20
        stages = self._seen
        height = step * len(stages) + 30
        largest = max([stage["written"] for stage in stages] or [1]) or 1
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">'
        ]
        for number, stage in enumerate(stages):
            top = number * step + 8
            # As wide as what it writes, on a scale on which a thousandth can still be seen.
            share = max(1 + math.log10(max(stage["written"], 1) / largest) / 4, 0.02)
            colour = "#8dd3c7" if stage["compiled"] else "#fdb462" if stage["fused"] else "#bebada"
            tasks = f"{stage['tasks']:,} task{'s' if stage['tasks'] != 1 else ''}"
            lines = [
                (stage["name"], tasks, 'font-weight="bold"'),
                (_chunks(stage), _loop(stage), 'fill="#444"'),
                (_measures(stage), f"{format_bytes(stage['task'])} a task", 'fill="#444"'),
            ]
            parts.append(
                f'<rect x="8" y="{top}" width="{width - 16}" height="{step - 10}" rx="6" '
                f'fill="#f6f6f6" stroke="#999"/>'
                f'<rect x="{edge}" y="{top + step - 21}" height="5" rx="2.5" '
                f'width="{(width - 2 * edge) * share:.0f}" fill="{colour}"/>'
            )
            for line, (left, right, style) in enumerate(lines):
                y = top + 17 + 17 * line
                room = 100 - len(right)
                parts.append(
                    f'<text x="{edge}" y="{y}" {style}>{_text(left, room)}</text>'
                    f'<text x="{width - edge}" y="{y}" fill="#444" text-anchor="end">{right}</text>'
                )
        parts.append(
            f'<text x="8" y="{height - 8}" fill="#777">{html.escape(self._summary())}</text></svg>'
        )
        return "".join(parts)

    def _repr_html_(self) -> str:
        return self.svg()

    def save(self, path: str | PathLike[str]) -> None:
        """
        Write the drawing into a file.

        Parameters
        ----------
        path : path
            Whose name ends with ``.svg``.
        """
        if Path(path).suffix != ".svg":
            raise ValueError(f"the drawing is SVG: the name must end with .svg, not {str(path)!r}")
        Path(path).write_text(self.svg(), encoding="utf-8")


def _text(text: str, most: int) -> str:
    return html.escape(text if len(text) <= most else text[: most - 1] + "…")


def _shape(lengths: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, lengths))}{',' if len(lengths) == 1 else ''})"


def _row(stage: dict[str, Any]) -> tuple[str, ...]:
    name = stage["name"] if len(stage["name"]) <= 48 else stage["name"][:47] + "…"
    how = " compiled" if stage["compiled"] else ""
    sizes = (stage["read"], stage["received"], stage["written"], stage["task"])
    return (
        f"{name}{how}",
        f"{stage['tasks']:,}",
        f"{_shape(stage['chunk'])} {stage['dtype']}",
        *(format_bytes(size) if size else "-" for size in sizes),
    )


def _chunks(stage: dict[str, Any]) -> str:
    if not stage["shape"]:
        return f"one {stage['dtype']}"
    return f"chunks {_shape(stage['chunk'])} of {_shape(stage['shape'])} {stage['dtype']}"


def _loop(stage: dict[str, Any]) -> str:
    if not stage["fused"]:
        return ""
    count = len(stage["fused"])
    loop = "compiled loop" if stage["compiled"] else "loop"
    return f"{count} operation{'s' if count != 1 else ''} in one {loop}"


def _measures(stage: dict[str, Any]) -> str:
    """Say what goes in, and what comes out."""
    moved = [
        f"{verb} {format_bytes(stage[key])}"
        for verb, key in (("reads", "read"), ("receives", "received"))
        if stage[key]
    ]
    return ", ".join([*moved, f"writes {format_bytes(stage['written'])}: {_KINDS[stage['kind']]}"])


def explain(*arrays: Array) -> Explanation:
    """
    Say what computing arrays together would do; nothing is computed.

    Parameters
    ----------
    *arrays : Array

    Returns
    -------
    Explanation
        A table where it is printed, a drawing in notebooks.

    Notes
    -----
    The peak is a bound, made of the tasks that run at one time, the results of stages as far as the
    budget lets them be in memory, and what was asked for; what functions of your own allocate is
    taken to be as much as they are given and return.

    Examples
    --------
    >>> x = mc.array.ones((1000, 1000))
    >>> plan = mc.array.explain(((x - x.mean(axis=0)) ** 2).sum())
    >>> [stage["name"] for stage in plan.stages][-1]
    'sum-finish'
    >>> plan.peak < 50e6
    True
    """
    stages, result, peak, memory = _core.explain_arrays([array._core for array in arrays])
    return Explanation(stages, result, peak, memory)
