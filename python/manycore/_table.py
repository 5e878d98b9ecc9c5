"""Two-column tables, as notebooks show them."""

from __future__ import annotations

import html
from collections.abc import Iterable


def html_table(caption: str, rows: Iterable[tuple[str, str]]) -> str:
    """
    Write rows of a name and a value as HTML.

    Examples
    --------
    >>> html_table("a & b", [("one", "<1>")]).count("&lt;1&gt;")
    1
    """
    left = "style='text-align:left'"
    cells = "".join(
        f"<tr><th {left}>{html.escape(name)}</th><td {left}>{html.escape(value)}</td></tr>"
        for name, value in rows
    )
    return f"<table><caption {left}>{html.escape(caption)}</caption>{cells}</table>"
