"""A candidate: a spot where a technique may help, what to look at there, and how to judge it."""

from __future__ import annotations

import ast
import copy
import dataclasses
import os
from collections.abc import Callable, Iterable, Mapping, Sequence

from manycore._advice.observe import Observations, Wish

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    class Profiled(Protocol):
        """What the advisor reads of a profile."""

        seconds: float
        cpu_seconds: float

        def stacks(self) -> Sequence[tuple[tuple[tuple[str, str, int], ...], float]]:
            """Return stacks, root first, and their seconds."""

    Judge = Callable[[Observations], "Sequence[str] | None"]


@dataclasses.dataclass(frozen=True)
class Candidate:
    """
    A spot that looks as if a technique would help.

    `judge` sees what the wishes brought and returns evidence, or None where it speaks against.
    `before` are whole lines of the script, and `after` is what to write instead of them.
    """

    technique: str
    title: str
    first: int
    last: int
    share: float
    evidence: tuple[str, ...]
    wishes: tuple[Wish, ...]
    judge: Judge
    after: str
    factor: float
    needs: str = "nothing"


class Heat:
    """
    Where a script's time goes, by its lines.

    Shares count a line while it is anywhere on the stack, over the time that does not go into
    imports: a script of one second must not be cold because pandas took another to load.
    """

    def __init__(self, profile: Profiled, file: str) -> None:
        self._weights: dict[frozenset[int], float] = {}
        wanted = os.path.realpath(file)
        known: dict[str, bool] = {}
        self.imports = 0.0
        for stack, weight in profile.stacks():
            lines = set()
            is_main = is_import = False
            for path, function, line in stack:
                if path not in known:
                    known[path] = os.path.realpath(path) == wanted
                if known[path]:
                    lines.add(line)
                    is_main |= function == "<module>"
                elif path.startswith("<frozen importlib") or function == "_find_and_load":
                    is_import = True
            if is_import:
                self.imports += weight
            elif is_main:
                key = frozenset(lines)
                self._weights[key] = self._weights.get(key, 0.0) + weight
        self.busy = sum(self._weights.values())
        self.total = self.busy + self.imports
        # While a pool works, our profiler does not count the main thread, which waits for it.
        self.absent = max(0.0, profile.seconds - self.total)

    def seconds(self, first: int, last: int) -> float:
        """Return the seconds with any of the lines on the stack."""
        lines = range(first, last + 1)
        return sum(
            weight for key, weight in self._weights.items() if any(line in lines for line in key)
        )

    def share(self, first: int, last: int) -> float:
        """Return the share of the time with any of the lines on the stack."""
        return self.seconds(first, last) / self.busy if self.busy else 0.0

    def waited(self, first: int, last: int) -> tuple[float, float]:
        """Return the seconds and the share of lines that wait for a pool, the wait included."""
        seconds = self.seconds(first, last) + self.absent
        whole = self.busy + self.absent
        return seconds, seconds / whole if whole else 0.0

    def within(self, lines: Iterable[int], first: int, last: int) -> float:
        """Return the share of the time of some lines in the time of a range that holds them."""
        wanted = frozenset(lines)
        span = range(first, last + 1)
        both = whole = 0.0
        for key, weight in self._weights.items():
            if any(line in span for line in key):
                whole += weight
                both += weight * (not wanted.isdisjoint(key))
        return both / whole if whole else 0.0


def span(node: ast.AST) -> tuple[int, int]:
    """Return the first and the last line of a node."""
    return node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]


def replaced(node: Any, new: Mapping[ast.AST, ast.AST]) -> Any:
    """Copy a tree with other nodes in some places; the tree itself stays as it is."""
    if isinstance(node, list):
        return [replaced(each, new) for each in node]
    if not isinstance(node, ast.AST):
        return node
    if node in new:
        return copy.deepcopy(new[node])
    fields = {name: replaced(value, new) for name, value in ast.iter_fields(node)}
    return ast.copy_location(type(node)(**fields), node)


def text(node: ast.AST, new: Mapping[ast.AST, ast.AST] | None = None) -> str:
    """Write a statement or expression, with other nodes in some places."""
    return ast.unparse(ast.fix_missing_locations(replaced(node, new or {})))


def expression(source: str) -> ast.expr:
    """Parse an expression."""
    return ast.parse(source, mode="eval").body


def count_of(number: int) -> str:
    """Write a count for people: 12,000."""
    return f"{number:,}"
