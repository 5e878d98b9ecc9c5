"""Tables, as terminals and notebooks show them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence


def html_table(caption: str, rows: Iterable[tuple[str, str]]) -> str:
    """
    Write rows of a name and a value as HTML.

    Examples
    --------
    >>> html_table("a & b", [("one", "<1>")]).count("&lt;1&gt;")
    1
    """
    cells = "".join(f"<tr>{_cell('th', name)}{_cell('td', value)}</tr>" for name, value in rows)
    return f"<table>{_cell('caption', caption)}{cells}</table>"


def html_list(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """
    Write rows below the names of their columns as HTML.

    Examples
    --------
    >>> html_list("", ["a", "b"], [["1", "2"], ["3", "<4>"]]).count("</td>")
    4
    """
    head = "".join(_cell("th", name) for name in heads)
    body = "".join(f"<tr>{''.join(_cell('td', value) for value in row)}</tr>" for row in rows)
    return f"<table>{_cell('caption', caption)}<tr>{head}</tr>{body}</table>"


def text_list(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """
    Write rows below the names of their columns, for a terminal.

    Examples
    --------
    >>> print(text_list(["", "name"], [["1", "one"], ["12", "twelve"]]))
        name
    1   one
    12  twelve
    """
    lines = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cell(tag: str, text: str) -> str:
    return f"<{tag} style='text-align:left'>{html.escape(text)}</{tag}>"
