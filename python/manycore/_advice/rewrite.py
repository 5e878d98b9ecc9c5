"""
What an advice would put in place of the user's code, so that `prove` can run both.

A rewrite replaces one *unit*: a function or method as a whole (with its decorators), or some
statements that follow one another, outside of loops (of a function that prints, say, those that
don't). Whatever is hot inside of a nested function is rewritten as the outermost function, because
only that one can be called again with copies of its arguments.

>>> rewrite = Rewrite("half", first=1, last=2, old="half = n / 2", new="half = n // 2")
>>> rewrite.is_function
True
"""

from __future__ import annotations

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
    """

    unit: str
    first: int
    last: int
    old: str
    new: str
    imports: tuple[str, ...] = ()
    unordered: bool = False

    @property
    def is_function(self) -> bool:
        """Whether the unit is a function, so that calls are compared."""
        return bool(self.unit)


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

    @property
    def stands(self) -> bool:
        """Whether the advice is kept."""
        return self.equal and not self.reason

    def __str__(self) -> str:
        if not self.stands:
            return f"withdrawn: {self.reason}"
        return (
            f"{self.speedup:.1f} x measured ({self.low:.1f}-{self.high:.1f}, {self.repeats} pairs "
            f"of runs, {self.verdict}); same result ({self.tolerance})"
        )
