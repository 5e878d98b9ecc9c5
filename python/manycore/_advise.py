"""Advice for a script: where its time goes, which technique helps there, whether it really does."""

from __future__ import annotations

import ast
import dataclasses
import os
import tokenize
from itertools import islice
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from manycore._advice import Advice


class Advices(list["Advice"]):
    """
    What `advise` found: a list of advice, what helps most first. Its str is a text for terminals.

    Attributes
    ----------
    path : str
        The script.
    seconds : float
        What it took under the profiler.
    exit_code : int
        What it ended with.
    error : str
        What it wrote to its standard error.
    withdrawn : list of Advice
        What did not stand the proof, with the reason in ``proof``.
    """

    def __init__(
        self,
        found: Iterable[Advice] = (),
        *,
        path: str = "",
        seconds: float = 0.0,
        exit_code: int = 0,
        error: str = "",
        withdrawn: Sequence[Advice] = (),
    ) -> None:
        super().__init__(found)
        self.path = path
        self.seconds = seconds
        self.exit_code = exit_code
        self.error = error
        self.withdrawn = list(withdrawn)

    def to_dict(self) -> dict[str, Any]:
        """Return everything in dictionaries, lists, numbers and text, as JSON has them."""
        return {
            "path": self.path,
            "seconds": self.seconds,
            "exit_code": self.exit_code,
            "advice": [dataclasses.asdict(each) for each in self],
            "withdrawn": [dataclasses.asdict(each) for each in self.withdrawn],
        }

    def _title(self) -> str:
        number = len(self)
        noun = "piece" if number == 1 else "pieces"
        what = f"{number} {noun} of advice" if number else "nothing to advise"
        failed = f", exit code {self.exit_code}" if self.exit_code else ""
        return f"{self.path}: {what} ({self.seconds:.2f} s profiled{failed})"

    def __str__(self) -> str:
        blocks = [self._title(), *map(_text, self)]
        blocks += [
            f"withdrawn: {_place(each)} {each.technique}: {each.proof.reason}"
            for each in self.withdrawn
            if each.proof is not None
        ]
        return "\n\n".join(blocks)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        import html

        rows = "".join(
            f"<h4>{html.escape(_place(each))} {html.escape(each.title)}</h4>"
            f"<table>{''.join(_row(name, value) for name, value in _facts(each))}</table>"
            f"<pre>{''.join(_colored(line) for line in _difference(each))}</pre>"
            for each in self
        )
        withdrawn = "".join(
            f"<li>{html.escape(f'{_place(each)} {each.technique}: {each.proof.reason}')}</li>"
            for each in self.withdrawn
            if each.proof is not None
        )
        rest = f"<h4>Withdrawn</h4><ul>{withdrawn}</ul>" if withdrawn else ""
        return f"<h3>{html.escape(self._title())}</h3>{rows}{rest}"

    def html(self, path: str | os.PathLike[str]) -> None:
        """
        Write a page that needs nothing else.

        Parameters
        ----------
        path : str or PathLike
            The file.
        """
        from manycore import _report

        withdrawn = [
            f"{_place(each)} {each.technique}: {each.proof.reason}."
            for each in self.withdrawn
            if each.proof is not None
        ]
        page = _report.advice_page(self, title=self._title(), withdrawn=withdrawn)
        Path(path).write_text(page, encoding="utf-8")


def _place(advice: Advice) -> str:
    return f"{advice.file}:{advice.line}"


def _facts(advice: Advice) -> list[tuple[str, str]]:
    """Return what is known of an advice, by name."""
    lines = "this line is" if advice.line == advice.last_line else "these lines are"
    ceiling = f"at most {advice.limit:.1f} x: {lines} {advice.share:.0%} of the time"
    facts = [("ceiling", f"{ceiling}; {advice.ceiling:.1f} x is usual")]
    facts += [("evidence", each) for each in advice.evidence]
    facts.append(("needs", advice.needs))
    if advice.proof is not None:
        facts.append(("proof", str(advice.proof)))
    return facts


def _difference(advice: Advice) -> list[str]:
    """Return the lines of the code before and after, marked as `diff` does."""
    import difflib

    rewrite = advice.rewrite
    if rewrite is None:
        before, after = advice.before, advice.after
    else:
        # Written as the new code is, so that only what is different differs.
        before = ast.unparse(ast.parse(rewrite.old))
        after = "\n".join([*rewrite.imports, rewrite.new])
    pair = before.rstrip().splitlines(), after.rstrip().splitlines()
    return list(difflib.unified_diff(*pair, lineterm="", n=2))[2:]


def _text(advice: Advice) -> str:
    lines = [f"{_place(advice)}  {advice.technique}: {advice.title}"]
    lines += [f"  {name:<9} {value}" for name, value in _facts(advice)]
    lines += [f"    {line}" for line in _difference(advice) if not line.startswith("@@")]
    return "\n".join(lines)


def _row(name: str, value: str) -> str:
    import html

    return f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>"


def _colored(line: str) -> str:
    import html

    color = {"-": "#a00", "+": "#070"}.get(line[:1])
    style = f" style='color:{color}'" if color else ""
    return f"<span{style}>{html.escape(line)}</span>\n"


def advise(
    path: str | os.PathLike[str],
    args: Sequence[str] = (),
    prove: bool = False,
    *,
    min_share: float = 0.05,
    hz: float | None = None,
    timeout: float = 300.0,
) -> Advices:
    """
    Look for what would make a script faster.

    The script runs in processes of its own: under the profiler, then once more to look at the
    values at its hot lines, and with `prove` a few times more.

    Parameters
    ----------
    path : str or PathLike
        The script.
    args : sequence of str
        Its arguments.
    prove : bool, default False
        Whether to run old and new code on the same input and to keep only what gives the same
        result in less time. A class, programs that are started and threads of libraries are tried
        by running the script as a whole: it must print, return and write the same.
    min_share : float, default 0.05
        Share of the time that lines must take to be worth advice.
    hz : float, optional
        Samples a second of the profiler; its own default otherwise.
    timeout : float, default 300.0
        Seconds that a run of the script may take.

    Returns
    -------
    Advices
        A list, what helps most first; empty where there is nothing to advise.

    Raises
    ------
    OSError
        If the script can't be read.
    TimeoutError
        If it takes longer than `timeout`.
    SyntaxError
        If it is no Python.
    ValueError
        If `min_share` is no share, or `hz` or `timeout` isn't positive.

    Examples
    --------
    >>> script = getfixture("tmp_path") / "tiny.py"
    >>> _ = script.write_text("print(sum(range(10)))")
    >>> len(mc.advise(script))
    0
    """
    from manycore import _advice, _core
    from manycore._advice import _run
    from manycore._advice.mechanical import alternatives

    if not 0 <= min_share <= 1:
        raise ValueError(f"min_share must be between 0 and 1, not {min_share}")
    if hz is not None and not hz > 0:
        raise ValueError(f"hz must be more than 0 samples a second, not {hz}")
    if not timeout > 0:
        raise ValueError(f"timeout must be more than 0 seconds, not {timeout}")
    name = os.fspath(path)
    with tokenize.open(name) as file:
        source = file.read()
    compile(source, name, "exec", dont_inherit=True)
    arguments = [os.fspath(each) for each in args]
    profile, ended = _run.profile(name, arguments, timeout, hz)
    if profile is None:
        if ended.timed_out:
            raise TimeoutError(f"{name} ran for more than {timeout:g} s; allow it a longer timeout")
        raise ChildProcessError(
            f"{name} ended its process before there was a profile: {ended.stderr.strip()}"
        )
    found = _advice.advise(
        name,
        profile,
        lambda wishes: _run.observe(name, arguments, wishes, timeout),
        source=source,
        memory=_core.configuration()[2],
    )
    found = [each for each in found if each.share >= min_share]
    # All of them only for the proof: one is shown.
    many = None if prove else 1
    options = [
        list(islice(alternatives(source, each.technique, each.line, each.last_line), many))
        for each in found
    ]
    withdrawn: list[Advice] = []
    if prove:
        from manycore._advice.prove import first_proved

        tasks = [(each.technique, rewrites) for each, rewrites in zip(found, options, strict=True)]
        proved = first_proved(tasks, name, arguments, timeout=timeout)
        tried = [
            (dataclasses.replace(each, rewrite=rewrite, proof=proof), proof.stands)
            for each, (rewrite, proof) in zip(found, proved, strict=True)
        ]
        found = [each for each, stands in tried if stands]
        withdrawn = [each for each, stands in tried if not stands]
    else:
        found = [
            dataclasses.replace(each, rewrite=next(iter(rewrites), None))
            for each, rewrites in zip(found, options, strict=True)
        ]
    return Advices(
        found,
        path=name,
        seconds=profile.seconds,
        exit_code=profile.exit_code,
        error=ended.stderr,
        withdrawn=withdrawn,
    )
