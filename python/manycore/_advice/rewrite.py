"""
What an advice would put in place of the user's code, so that `prove` can run both.

A rewrite replaces one *unit*: a function or method as a whole (with its decorators), or some
statements that follow one another, outside of loops (of a function that prints, say, those that
don't), or what only a run of the whole script can tell of: a class, programs that are started.
Whatever is hot inside of a nested function is rewritten as the outermost function, because only
that one can be called again with copies of its arguments.

>>> rewrite = Rewrite("half", first=1, last=2, old="half = n / 2", new="half = n // 2")
>>> rewrite.is_function
True
"""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass


@dataclass(frozen=True)
class Rewrite:
    """
    Old and new source of one unit.

    Attributes
    ----------
    unit : str
        ``"function"`` or ``"Class.method"`` of the script; ``""`` for statements.
    first, last : int
        Lines of the old source in the script, from the first decorator on.
    old, new : str
        Complete source of the unit, before and after, dedented: it parses by itself (a method as a
        plain function). A new function has the name and the parameters of the old one; new
        statements leave the names that the rest of the script reads.
    imports : tuple of str
        Statements that the new source needs at the top of the script, such as
        ``"from collections import Counter"``. A name that the script has for something else is
        refused.
    unordered : bool
        True where the order of a dictionary's keys isn't compared, because the old code's own
        order came from a set.
    whole : bool
        True where the script is run as a whole: what changes is a class, say.
    """

    unit: str
    first: int
    last: int
    old: str
    new: str
    imports: tuple[str, ...] = ()
    unordered: bool = False
    whole: bool = False

    @property
    def is_function(self) -> bool:
        """Whether the unit is a function, so that calls are compared."""
        return bool(self.unit) and not self.whole

    def applied(self, source: str) -> str:
        r"""
        Return the script with the new code in it.

        >>> Rewrite("", 2, 2, "b = 1\n", "b = 2\n").applied("a = 1\nb = 1\nc = 1\n")
        'a = 1\nb = 2\nc = 1\n'
        """
        lines = source.splitlines(keepends=True)
        indent = " " * (len(lines[self.first - 1]) - len(lines[self.first - 1].lstrip()))
        lines[self.first - 1 : self.last] = [textwrap.indent(self.new, indent)]
        top = 0
        for node in ast.parse(source).body:
            is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
            if not (is_text or future):
                break
            top = node.end_lineno or 0
        lines[top:top] = [f"{each}\n" for each in self.imports]
        return "".join(lines)


@dataclass(frozen=True)
class Proof:
    """
    What came of running old and new code on the same input.

    Attributes
    ----------
    equal : bool
        Whether results, and what the code leaves behind, were the same.
    speedup, low, high : float
        Old time over new time: the median over pairs of runs, and a 90 % interval of it.
    old_seconds, new_seconds : float
        Medians.
    tolerance : str
        How equality was asked: ``"exact"`` or ``"rtol 1e-09"``.
    repeats : int
        How many pairs were timed.
    verdict : str
        ``"quiet"``, or ``"not certain: <why>"`` where the machine was noisy.
    reason : str
        Why the advice is withdrawn; empty if it stands.
    whole : bool
        Whether the script was run as a whole, and what it printed compared.
    """

    equal: bool
    speedup: float = 0.0
    low: float = 0.0
    high: float = 0.0
    old_seconds: float = 0.0
    new_seconds: float = 0.0
    tolerance: str = "exact"
    repeats: int = 0
    verdict: str = ""
    reason: str = ""
    whole: bool = False

    @property
    def stands(self) -> bool:
        """Whether the advice is kept."""
        return self.equal and not self.reason

    def __str__(self) -> str:
        if not self.stands:
            return f"withdrawn: {self.reason}"
        what = "x of the whole script measured" if self.whole else "x measured"
        same = "same output" if self.whole else f"same result ({self.tolerance})"
        return (
            f"{self.speedup:.1f} {what} ({self.low:.1f}-{self.high:.1f}, {self.repeats} pairs "
            f"of runs, {self.verdict}); {same}"
        )
