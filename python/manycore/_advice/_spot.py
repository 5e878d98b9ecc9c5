"""
A place in a script, and what stands around it: for rewrites to work on.

A rewrite changes a copy of the script's tree; `Spot.rewrite` finds what has become different and
writes it down as a `Rewrite` of the smallest unit that holds it.
"""

from __future__ import annotations

import ast
import copy
import textwrap
from collections.abc import Callable, Iterator, Mapping

from manycore._advice._script import first_line
from manycore._advice.rewrite import Rewrite

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LOOPS = (ast.For, ast.While)
SIMPLE = (ast.Assign, ast.Return, ast.Expr, ast.AugAssign)
_WORKERS = ("Pool(", "Executor(")


def dotted(node: ast.AST) -> str:
    """Return ``"a.b"`` for a name or an attribute of one; nothing for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (first := dotted(node.value)):
        return f"{first}.{node.attr}"
    return ""


def expression(text: str) -> ast.expr:
    """Parse an expression."""
    return ast.parse(text, mode="eval").body


def statement(text: str) -> ast.stmt:
    """Parse a statement."""
    return ast.parse(text).body[0]


def target(text: str) -> ast.expr:
    """Parse what a loop or an assignment gives values to."""
    made = statement(f"{text} = None")
    assert isinstance(made, ast.Assign)
    return made.targets[0]


def binds(node: ast.AST) -> set[str]:
    """Return the names, dotted ones included, that something gives a value."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, (ast.Name, ast.Attribute)) and not isinstance(each.ctx, ast.Load):
            found.add(dotted(each))
        elif isinstance(each, ast.arg):
            found.add(each.arg)
        elif isinstance(each, FUNCTIONS):
            found.add(each.name)
    return found - {""}


def reads(node: ast.AST) -> set[str]:
    """Return the names, dotted ones included, that something reads."""
    found = {
        dotted(each)
        for each in ast.walk(node)
        if isinstance(each, (ast.Name, ast.Attribute)) and isinstance(each.ctx, ast.Load)
    }
    return found - {""}  # an attribute of what has no name


class _Replacer(ast.NodeTransformer):
    def __init__(self, new: Mapping[ast.AST, ast.AST]) -> None:
        self.new = new

    def visit(self, node: ast.AST) -> ast.AST:
        if node in self.new:
            return self.new[node]
        visited: ast.AST = super().generic_visit(node)
        return visited


def put(tree: ast.AST, new: Mapping[ast.AST, ast.AST]) -> None:
    """Put nodes in the places of others, in the tree itself."""
    _Replacer(new).visit(tree)


def insert_after(tree: ast.AST, old: ast.stmt, new: ast.stmt) -> None:
    """Insert a statement after another, wherever that stands in a tree."""
    for each in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(each, field, None)
            if isinstance(block, list) and old in block:
                block.insert(block.index(old) + 1, new)
                return


class Spot:
    """
    Hot lines of a script.

    Parameters
    ----------
    source : str
        The script.
    first, last : int
        The lines.

    Attributes
    ----------
    chain : list of (list of statements, int)
        The statements that hold the lines, from the unit's own down to the innermost: each as its
        place in a list of statements.
    function : FunctionDef or None
        The outermost function around them.
    imports : list of str
        What a rewrite needs at the top of the script.
    unordered : bool
        Whether a rewrite may change the order of a dictionary.
    """

    def __init__(self, source: str, first: int, last: int) -> None:
        self.source = source
        self.first, self.last = first, last
        self.tree = ast.parse(source)
        self.function: ast.FunctionDef | ast.AsyncFunctionDef | None = None
        self.unit = ""
        self.imports: list[str] = []
        self.unordered = False
        self.chain: list[tuple[list[ast.stmt], int]] = []
        self._descend(self.tree, "")
        # Where nothing has changed yet: the unit's statements, and what they were.
        self._block = self._base()
        self._before = list(self._block)
        self._texts = [ast.dump(each) for each in self._block]
        self._frame = self._around()
        self._names = {each.id for each in ast.walk(self.tree) if isinstance(each, ast.Name)}

    def _descend(self, node: ast.AST, owner: str) -> None:
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if not isinstance(block, list):
                continue
            for index, each in enumerate(block):
                if not (first_line(each) <= self.first <= (each.end_lineno or 0)):
                    continue
                if isinstance(each, FUNCTIONS) and self.function is None:
                    self.function = each
                    self.unit = f"{owner}.{each.name}" if owner else each.name
                    self.chain = []
                elif not isinstance(each, ast.ClassDef):
                    self.chain.append((block, index))
                name = each.name if isinstance(each, ast.ClassDef) and not owner else ""
                self._descend(each, name)
                return

    def _base(self) -> list[ast.stmt]:
        """Return the statements in which the unit is looked for."""
        for block, index in self.chain:
            here = block[index]
            # A pool can't be copied, so that what opens it belongs to the unit.
            opens = isinstance(here, ast.With) and any(
                word in ast.unparse(each.context_expr) for each in here.items for word in _WORKERS
            )
            if opens or not isinstance(here, (ast.If, ast.With, ast.Try)):
                return block
        return self.chain[-1][0] if self.chain else self.tree.body

    def hot(self, kind: type[ast.AST] | tuple[type[ast.AST], ...]) -> Iterator[ast.AST]:
        """Yield the nodes of a kind that touch the hot lines."""
        for each in ast.walk(self.function or self.tree):
            if isinstance(each, kind) and hasattr(each, "lineno"):
                end = getattr(each, "end_lineno", None) or each.lineno
                if each.lineno <= self.last and end >= self.first:
                    yield each

    def fresh(self, name: str) -> str:
        """Return a name that the script doesn't have."""
        name = name.replace(".", "_")
        while name in self._names:
            name += "_"
        self._names.add(name)
        return name

    def replace(self, old: ast.AST, new: ast.AST) -> None:
        """Put a node in another's place."""
        put(self.tree, {old: new})

    def loops(self) -> list[tuple[list[ast.stmt], int]]:
        """Return the places of the loops around (or at) the hot lines, outermost first."""
        return [place for place in self.chain if isinstance(place[0][place[1]], LOOPS)]

    def before(self, name: str, node: ast.AST) -> tuple[list[ast.stmt], int]:
        """Return the place outside of all loops around a node that leave a name as it is."""
        path = self._path(node)
        for block, index in path:
            bound = binds(block[index])
            loops = isinstance(block[index], LOOPS)
            if loops and name not in bound and name.partition(".")[0] not in bound:
                return block, index
        return path[-1]

    def _path(self, node: ast.AST) -> list[tuple[list[ast.stmt], int]]:
        """Return the statements that hold a node, outermost first."""
        path: list[tuple[list[ast.stmt], int]] = []
        inside: ast.AST | None = self.function or self.tree
        while inside is not None:
            tree, inside = inside, None
            for field in ("body", "orelse", "finalbody"):
                block = getattr(tree, field, None)
                if not isinstance(block, list):
                    continue
                for index, each in enumerate(block):
                    if any(child is node for child in ast.walk(each)):
                        path.append((block, index))
                        inside = each
        return path or self.chain[-1:]

    def start(self, loop: tuple[list[ast.stmt], int], name: str) -> ast.Assign | None:
        """Return the assignment that gives a name its value before a loop, if nothing reads it."""
        block, index = loop
        for each in reversed(block[:index]):
            if name in binds(each):
                simple = isinstance(each, ast.Assign) and len(each.targets) == 1
                if simple and isinstance(each, ast.Assign) and dotted(each.targets[0]) == name:
                    return each
                return None
            if name in reads(each):
                return None
        return None

    def _around(self) -> str:
        """Return what stands around the unit's statements."""
        if self.function is None:
            return ""
        inner, self._block[:] = list(self._block), []
        text = ast.dump(self.function)
        self._block[:] = inner
        return text

    def rewrite(self) -> Rewrite | None:
        """Write down what has become different."""
        ast.fix_missing_locations(self.tree)
        found = self._changed()
        if self.function is not None and not (
            found and _has(self.function, _says) and not _has(ast.Module(found[0], []), _leaves)
        ):
            first, last = first_line(self._original_function()), self.function.end_lineno or 0
            unit, new = self.unit, ast.unparse(self.function)
        elif found:
            old_statements, new_statements = found
            first, last = first_line(old_statements[0]), old_statements[-1].end_lineno or 0
            unit, new = "", "\n".join(map(ast.unparse, new_statements))
        else:
            return None
        old = textwrap.dedent("\n".join(self.source.splitlines()[first - 1 : last]))
        if ast.dump(ast.parse(old)) == ast.dump(ast.parse(new)):
            return None
        imports = tuple(dict.fromkeys(self.imports))
        return Rewrite(unit, first, last, f"{old}\n", f"{new}\n", imports, self.unordered)

    def _changed(self) -> tuple[list[ast.stmt], list[ast.stmt]] | None:
        """Return the statements that have become different, if nothing around them has."""
        if self._around() != self._frame:
            return None
        texts = [ast.dump(each) for each in self._block]
        shorter = min(len(texts), len(self._texts))
        left = 0
        while left < shorter and texts[left] == self._texts[left]:
            left += 1
        right = 0
        while right < shorter - left and texts[-1 - right] == self._texts[-1 - right]:
            right += 1
        old = self._before[left : len(self._before) - right]
        return (old, self._block[left : len(self._block) - right]) if old else None

    def _original_function(self) -> ast.stmt:
        """Return the function without the decorators that a rewrite has put there."""
        assert self.function is not None
        original = copy.copy(self.function)
        original.decorator_list = [
            each for each in self.function.decorator_list if getattr(each, "written", True)
        ]
        return original


def _has(tree: ast.AST, test: Callable[[ast.AST], bool]) -> bool:
    return any(map(test, ast.walk(tree)))


def _says(node: ast.AST) -> bool:
    """Whether something is for the user's eyes, so that it can't be run again."""
    return isinstance(node, ast.Call) and dotted(node.func) == "print"


def _leaves(node: ast.AST) -> bool:
    """Whether something can't be cut out of its function."""
    leaving = (ast.Return, ast.Yield, ast.YieldFrom, ast.Await, ast.Nonlocal, ast.Global)
    return isinstance(node, leaving) or _says(node)
