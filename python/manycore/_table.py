"""Tables, as terminals and notebooks show them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

_LEFT = "style='text-align:left'"
_RIGHT = "style='text-align:right'"


def html_table(caption: str, rows: Iterable[tuple[str, str]]) -> str:
    """
    Write rows of a name and a value as HTML.

    Examples
    --------
    >>> html_table("a & b", [("one", "<1>")]).count("&lt;1&gt;")
    1
    """
    cells = "".join(
        f"<tr><th {_LEFT}>{html.escape(name)}</th><td {_LEFT}>{html.escape(value)}</td></tr>"
        for name, value in rows
    )
    return f"<table><caption {_LEFT}>{html.escape(caption)}</caption>{cells}</table>"


def html_columns(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """
    Write rows below heads as HTML, the first column flushed left.

    Examples
    --------
    >>> html_columns("a & b", ["op", "s"], [("<f>", "1"), ("g", "2")]).count("<tr>")
    3
    """

    def row(tag: str, cells: Sequence[str]) -> str:
        first, *rest = (html.escape(cell) for cell in cells)
        numbers = "".join(f"<{tag} {_RIGHT}>{cell}</{tag}>" for cell in rest)
        return f"<tr><{tag} {_LEFT}>{first}</{tag}>{numbers}</tr>"

    body = "".join(row("td", cells) for cells in rows)
    caption = f"<caption {_LEFT}>{html.escape(caption)}</caption>"
    return f"<table>{caption}{row('th', heads)}{body}</table>"


def text_columns(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """
    Lay out rows below heads, the first column flushed left.

    Examples
    --------
    >>> print(text_columns(["op", "s"], [("load", "1.5"), ("f", "20")]))
    op      s
    load  1.5
    f      20
    """
    lines = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
