"""
Reports as one HTML page each, which needs nothing else: no network, no font from elsewhere.

A page follows the reader's light or dark screen, and its tables and sources scroll on a telephone.
"""

from __future__ import annotations

import html

from manycore import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, Protocol

    from manycore._roofline import Roofline

    class _Line(Protocol):
        @property
        def file(self) -> str: ...
        @property
        def line(self) -> int: ...
        @property
        def function(self) -> str: ...
        @property
        def seconds(self) -> float: ...
        @property
        def share(self) -> float: ...
        @property
        def own_share(self) -> float: ...

    class _Function(_Line, Protocol):
        @property
        def python(self) -> float: ...
        @property
        def native(self) -> float: ...
        @property
        def gil_wait(self) -> float: ...

    class _Thread(Protocol):
        @property
        def name(self) -> str: ...
        @property
        def seconds(self) -> float: ...
        @property
        def python(self) -> float: ...
        @property
        def native(self) -> float: ...
        @property
        def gil_wait(self) -> float: ...
        @property
        def idle(self) -> float: ...

    Stack = tuple[Sequence[tuple[str, str, int]], float]

    class _Profile(Protocol):
        @property
        def seconds(self) -> float: ...
        @property
        def cpu_seconds(self) -> float: ...
        @property
        def samples(self) -> int: ...
        @property
        def hz(self) -> float: ...
        @property
        def dropped(self) -> int: ...

        def lines(self) -> Sequence[_Line]: ...
        def functions(self) -> Sequence[_Function]: ...
        def threads(self) -> Sequence[_Thread]: ...
        def stacks(self) -> Sequence[Stack]: ...


_STYLE = """
:root{color-scheme:light dark;--ground:#fff;--ink:#1f2328;--faint:#59636e;--edge:#d8dee4;
--sheet:#f6f8fa;--heat:213 94 0}
@media (prefers-color-scheme:dark){:root{--ground:#0d1117;--ink:#e6edf3;--faint:#9aa4af;
--edge:#30363d;--sheet:#161b22;--heat:240 136 62}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.2rem 1rem 3rem;max-width:64rem;background:var(--ground);
color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.2;margin:.2rem 0 .6rem}
h2{font-size:1.2rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--edge);padding-bottom:.2rem}
h3{font-size:1rem;margin:1.2rem 0 .4rem}
p{margin:.4rem 0}
.faint,footer{color:var(--faint);font-size:.9rem}
.wide{overflow-x:auto;overflow-wrap:normal}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
th,td{padding:.2rem .7rem .2rem 0;white-space:nowrap;border-bottom:1px solid var(--edge)}
th{font-weight:600}
caption{text-align:left;color:var(--faint)}
pre{margin:0;padding:.6rem .8rem;background:var(--sheet);border:1px solid var(--edge);
border-radius:6px;overflow-x:auto;font:13px/1.45 ui-monospace,monospace}
.source{padding:0;background:none}
.source span{display:block;width:max-content;min-width:100%;padding:0 .6rem}
.source i{display:inline-block;width:6.2em;color:var(--faint);font-style:normal;
user-select:none}
.source .gap{color:var(--faint);border-top:1px dashed var(--edge);height:.4rem}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:.8rem}
.card{border:1px solid var(--edge);border-radius:8px;padding:.4rem 1rem 1rem;margin:1rem 0}
figure{margin:1rem 0}
""".strip().replace("\n", "")


def page(title: str, parts: Iterable[tuple[str, str]], note: str = "") -> str:
    """
    Write a page of parts, each of which has a heading and HTML.

    Parameters
    ----------
    title : str
    parts : iterable of (str, str)
        A heading, which is text, and what stands below it, which is HTML. A part that has nothing
        below it is left out.
    note : str, optional
        A line of text below the title.

    Returns
    -------
    str
        A whole document.

    Examples
    --------
    >>> page("A & B", [("Answer", "<p>42</p>")]).count("<h2>Answer</h2><p>42</p>")
    1
    """
    escaped = html.escape(title)
    body = "".join(
        f"<section><h2>{html.escape(heading)}</h2>{inside}</section>"
        for heading, inside in parts
        if inside
    )
    faint = f"<p class=faint>{html.escape(note)}</p>" if note else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escaped}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escaped}</h1>{faint}{body}"
        "<footer><p>made by manycore</p></footer></body></html>"
    )


def words(sentences: Iterable[str]) -> str:
    """
    Write sentences as paragraphs.

    Examples
    --------
    >>> words(["1 < 2"])
    '<p>1 &lt; 2</p>'
    """
    return "".join(f"<p>{html.escape(sentence)}</p>" for sentence in sentences)


def columns(heads: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """
    Write rows below heads; nothing if there are no rows.

    Examples
    --------
    >>> columns(["a"], [])
    ''
    """
    from manycore._table import html_columns

    return f"<div class=wide>{html_columns('', heads, rows, left)}</div>" if rows else ""


def figures(pictures: Iterable[str]) -> str:
    """
    Put SVG pictures below each other.

    Examples
    --------
    >>> figures(["<svg/>"])
    '<figure class=wide><svg/></figure>'
    """
    return "".join(f"<figure class=wide>{picture}</figure>" for picture in pictures)


def collapse(stacks: Iterable[Stack]) -> str:
    """
    Write stacks in the format of flame graphs' tools: ``root;caller;callee 1.5`` on each line.

    Examples
    --------
    >>> collapse([([("a.py", "main", 3), ("a.py", "f", 9)], 0.25)])
    'main (a.py:3);f (a.py:9) 0.25'
    """
    lines = []
    for frames, weight in stacks:
        names = (f"{function} ({_base(file)}:{line})" for file, function, line in frames)
        lines.append(f"{';'.join(_plain(name) for name in names)} {weight:.9g}")
    return "\n".join(lines)


def _plain(name: str) -> str:
    """Take out of a name what separates stacks and frames."""
    return name.replace(";", ",").replace("\n", " ").replace("\r", " ")


def _base(file: str) -> str:
    """Return a file's name in its package or folder, which tells the many ``__init__.py`` apart."""
    pieces = file.replace("\\", "/").split("/")
    return "/".join(pieces[-2:]) if pieces[-1] == "__init__.py" else pieces[-1]


def flame(stacks: Iterable[Stack], title: str = "Where the time went") -> str:
    """
    Draw the flame graph of stacks.

    Parameters
    ----------
    stacks : iterable of (frames, seconds)
        A frame is a file, a function and a line, the root first.
    title : str, optional

    Returns
    -------
    str
        SVG, as wide as there is room; a click on a box makes it that wide.

    Raises
    ------
    ValueError
        If there are no samples.

    Examples
    --------
    >>> "f (a.py:9): 100.0 % (0.25)" in flame([([("a.py", "f", 9)], 0.25)])
    True
    """
    return _core.flame(collapse(stacks), title)


def heat(lines: Sequence[_Line], *, files: int = 4, around: int = 3) -> str:
    """
    Write the sources of the hottest files, each line the redder the more time it took.

    Parameters
    ----------
    lines : sequence of LineTime
        As a profile has them.
    files : int, default 4
        How many files to write.
    around : int, default 3
        Lines to write above and below each line that took time.

    Returns
    -------
    str
        HTML; a file that can't be read is left out.
    """
    import linecache

    by_file: dict[str, dict[int, _Line]] = {}
    for line in lines:
        # A line of several functions (a lambda and its owner) shows the one that took most.
        best = by_file.setdefault(line.file, {})
        if line.line not in best or best[line.line].share < line.share:
            best[line.line] = line
    # Files in which time was spent come before those that only called.
    hottest = sorted(by_file, key=lambda file: -sum(x.own_share for x in by_file[file].values()))
    written: list[str] = []
    for file in hottest:
        source = linecache.getlines(file)
        if not source or len(written) == files:
            continue
        warm = {number: line for number, line in by_file[file].items() if line.share >= 0.002}
        near = {at for number in warm for at in range(number - around, number + around + 1)}
        rows, before = [], 0
        for number in sorted(near & set(range(1, len(source) + 1))):
            if before and number > before + 1:
                rows.append("<span class=gap></span>")
            before = number
            rows.append(_source_row(number, source[number - 1], warm.get(number)))
        if rows:
            name = html.escape(file)
            written.append(f"<h3>{name}</h3><pre class=source>{''.join(rows)}</pre>")
    return "".join(written)


def _source_row(number: int, text: str, line: _Line | None) -> str:
    share = 0.0 if line is None else line.share
    says = f"{share:6.1%}" if line is not None else ""
    style = f' style="background:rgb(var(--heat)/{share * 0.55:.3f})"' if share else ""
    tip = (
        f' title="{line.seconds:.3g} s, {line.own_share:.1%} in the line itself"'
        if line is not None
        else ""
    )
    code = html.escape(text.rstrip()) or " "
    return f"<span{style}{tip}><i>{number}</i><i>{says}</i>{code}</span>"


def profile_page(
    profile: _Profile, title: str = "Profile", roofline: Roofline | None = None
) -> str:
    """
    Write the report of a profile: flame graph, sources by heat, functions and threads.

    Parameters
    ----------
    profile : Profile
    title : str, default "Profile"
        Such as the script's name.
    roofline : Roofline, optional
        What compiled functions reach.

    Returns
    -------
    str
        HTML.
    """
    dropped = f", {profile.dropped:,} dropped" if profile.dropped else ""
    note = (
        f"{profile.seconds:.2f} s, of processors {profile.cpu_seconds:.2f} s; "
        f"{profile.samples:,} samples at {profile.hz:g} Hz{dropped}"
    )
    stacks = [(frames, weight) for frames, weight in profile.stacks() if weight > 0]
    functions = sorted(profile.functions(), key=lambda function: -function.own_share)[:25]
    rows = [
        (
            f"{function.function} ({_base(function.file)}:{function.line})",
            f"{function.share:.1%}",
            f"{function.own_share:.1%}",
            f"{function.seconds:.3f}",
            f"{function.python:.3f}",
            f"{function.native:.3f}",
            f"{function.gil_wait:.3f}",
        )
        for function in functions
    ]
    threads = [
        (
            thread.name,
            f"{thread.seconds:.3f}",
            f"{thread.python:.3f}",
            f"{thread.native:.3f}",
            f"{thread.gil_wait:.3f}",
            f"{thread.idle:.3f}",
        )
        for thread in profile.threads()
    ]
    kinds = ["Python s", "native s", "GIL wait s"]
    parts = [
        ("Flame graph", figures([flame(stacks)]) if stacks else words(["There are no samples."])),
        ("Lines", heat(profile.lines())),
        ("Functions", columns(["function", "share", "own", "seconds", *kinds], rows)),
        ("Threads", columns(["thread", "seconds", *kinds, "idle s"], threads)),
    ]
    if roofline is not None:
        parts.append(("Roofline", _roofs(roofline)))
    return page(title, parts, note)


def _roofs(roofline: Roofline) -> str:
    """Write what compiled functions reach."""
    drawn = any(kernel.bytes for kernel in roofline.kernels)
    chart = figures([roofline.chart()]) if drawn else ""
    table = columns(*roofline._table()) if roofline.kernels else ""
    return chart + table + words(roofline._notes())


def advice_page(
    advice: Sequence[Any],
    profile: _Profile | None = None,
    title: str = "Advice",
    withdrawn: Sequence[str] = (),
) -> str:
    """
    Write the report of advice: each with its evidence, its code before and after, and its proof.

    Parameters
    ----------
    advice : sequence of Advice
    profile : Profile, optional
        The one that it follows from; its sources and flame graph follow the advice.
    title : str, default "Advice"
    withdrawn : sequence of str, optional
        What didn't stand the proof, and why.

    Returns
    -------
    str
        HTML.
    """
    cards = "".join(map(_card, advice)) or words(["Nothing here is known to be made faster."])
    parts = [("What to change", cards)]
    if withdrawn:
        parts.append(("Withdrawn", words(withdrawn)))
    if profile is not None:
        stacks = [(frames, weight) for frames, weight in profile.stacks() if weight > 0]
        parts.append(("Lines", heat(profile.lines())))
        parts.append(("Flame graph", figures([flame(stacks)]) if stacks else ""))
    return page(title, parts)


def _card(advice: Any) -> str:
    limit = "" if advice.share >= 1 else f", at most {1 / (1 - advice.share):.3g} times as fast"
    said = [f"{_base(advice.file)}:{advice.line}, {advice.share:.1%} of the time{limit}"]
    said += advice.evidence
    if advice.needs:
        said.append(f"It needs: {advice.needs}")
    proof = advice.proof
    if proof is not None:
        measured = f"{proof.speedup:.3g} times as fast ({proof.low:.3g} to {proof.high:.3g})"
        equal = "the whole script, with the same output" if proof.whole else "with equal results"
        same = equal if proof.equal else "but with other results"
        reason = f": {proof.reason}" if proof.reason else ""
        said.append(f"Proof: {proof.verdict}, {measured} {same}{reason}")
    pair = "".join(
        f"<div><p class=faint>{name}</p><pre>{html.escape(code)}</pre></div>"
        for name, code in (("before", advice.before), ("after", advice.after))
        if code
    )
    title = html.escape(advice.title)
    return f"<div class=card><h3>{title}</h3>{words(said)}<div class=pair>{pair}</div></div>"


def scaling_page(
    title: str,
    sentences: Sequence[str],
    pictures: Sequence[str],
    heads: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    note: str = "",
) -> str:
    """
    Write the report of a scaling laboratory or of a load: the answer, its charts, its numbers.

    Parameters
    ----------
    title : str
    sentences : sequence of str
        The answer in words.
    pictures : sequence of str
        SVG, as `manycore._charts` draws it.
    heads, rows : sequence, optional
        A table of what was measured.
    note : str, optional
        The verdict on the noise.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> "11.2 times" in scaling_page("work", ["On 32 cores 11.2 times"], [])
    True
    """
    parts = [
        ("Answer", words(sentences)),
        ("Pictures", figures(pictures)),
        ("Measured", columns(heads, rows)),
    ]
    return page(title, parts, note)
