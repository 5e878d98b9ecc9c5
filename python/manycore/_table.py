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


def html_columns(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1
) -> str:
    """
    Write rows below heads as HTML, the first `left` columns flushed left.

    Examples
    --------
    >>> html_columns("a & b", ["op", "s"], [("<f>", "1"), ("g", "2")]).count("<tr>")
    3
    """

    def row(tag: str, cells: Sequence[str]) -> str:
        styles = (_LEFT if place < left else _RIGHT for place in range(len(cells)))
        pairs = zip(styles, map(html.escape, cells), strict=True)
        return f"<tr>{''.join(f'<{tag} {style}>{cell}</{tag}>' for style, cell in pairs)}</tr>"

    body = "".join(row("td", cells) for cells in rows)
    caption = f"<caption {_LEFT}>{html.escape(caption)}</caption>"
    return f"<table>{caption}{row('th', heads)}{body}</table>"


def text_columns(heads: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """
    Lay out rows below heads, the first `left` columns flushed left.

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
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
