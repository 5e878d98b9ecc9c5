"""
Rewrites of what an object holds: a deque for a list, a set beside it, pieces for what they make.

What one method grows, others read: the class is rewritten as a whole, and the script is run as a
whole to prove it.
"""

from __future__ import annotations

import ast
import textwrap

from manycore._advice._growth import grown, joined, kind_of
from manycore._advice._queues import Ends, at_front
from manycore._advice._script import first_line
from manycore._advice._spot import dotted, expression, insert_after, put, statement
from manycore._advice.rewrite import Rewrite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_GROWING = frozenset({"concatenate", "vstack", "hstack", "row_stack", "concat"})
_OF_DEQUES = frozenset(
    {"append", "appendleft", "popleft", "extend", "clear", "remove", "index", "count", "copy"}
)
_ASKING = frozenset({"len", "iter", "list", "tuple", "set", "sum", "min", "max", "any", "all"})
_ASKING |= {"enumerate", "sorted", "reversed", "bool", "zip", "map", "filter"}


def rewritten(source: str, technique: str, first: int, last: int) -> Rewrite | None:
    """
    Rewrite the class that holds hot lines; None where that takes a person.

    The parameters are those of `mechanical`.
    """
    tree = ast.parse(source)
    owners = [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.lineno <= first <= (node.end_lineno or 0)
    ]
    rule = _RULES.get(technique)
    if rule is None or not owners or owners[0].decorator_list:
        return None
    [owner] = owners
    begin, end = first_line(owner), owner.end_lineno or 0
    hot = [
        node
        for node in ast.walk(owner)
        if isinstance(node, (ast.stmt, ast.expr))
        and node.lineno <= last
        and (node.end_lineno or 0) >= first
    ]
    imports = rule(_Held(tree, owner), hot)
    if imports is None:
        return None
    ast.fix_missing_locations(owner)
    old = textwrap.dedent("\n".join(source.splitlines()[begin - 1 : end]))
    return Rewrite("", begin, end, f"{old}\n", f"{ast.unparse(owner)}\n", imports, whole=True)


class _Held:
    """The attributes of a class, and who uses them."""

    def __init__(self, tree: ast.Module, owner: ast.ClassDef) -> None:
        self.owner = owner
        self.parents = {
            child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)
        }
        inside = {id(node) for node in ast.walk(owner)}
        attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
        self.own = [node for node in attributes if id(node) in inside and _is_own(node)]
        self.others = [node for node in attributes if node not in self.own]
        self.taken = {node.attr for node in attributes}
        self.taken |= {node.id for node in ast.walk(owner) if isinstance(node, ast.Name)}
        self.is_slotted = "__slots__" in self.taken

    def uses(self, name: str) -> Iterator[ast.Attribute]:
        """Yield what the class's methods do with ``self.name``, named as ``"self.name"``."""
        for node in self.own:
            if dotted(node) == name:
                yield node

    def is_private(self, name: str) -> bool:
        """Whether nobody else gives the attribute another value, and the class body doesn't."""
        attribute = name.partition(".")[2]
        return (
            not self.is_slotted
            and all(
                node.attr != attribute or isinstance(node.ctx, ast.Load) for node in self.others
            )
            and not any(
                isinstance(each, (ast.Assign, ast.AnnAssign)) and attribute in ast.unparse(each)
                for each in self.owner.body
            )
        )

    def called(self, node: ast.Attribute) -> str:
        """Return the method of an attribute's object that is called; nothing if none is."""
        above = self.parents[node]
        if isinstance(above, ast.Attribute) and isinstance(self.parents[above], ast.Call):
            call = self.parents[above]
            return above.attr if isinstance(call, ast.Call) and call.func is above else ""
        return ""


def _is_own(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def _is_simple_store(node: ast.AST, name: str) -> bool:
    return (
        isinstance(node, ast.Assign) and len(node.targets) == 1 and dotted(node.targets[0]) == name
    )


def _pieces(held: _Held, hot: list[Any]) -> tuple[str, ...] | None:
    """Keep the pieces of what attributes grow by, and join them in properties."""
    found = {step[0]: step[2] for node in hot if (step := _step(node)) is not None}
    kept = [
        _kept(held, name, end)
        for name, end in found.items()
        if name.startswith("self.") and name.count(".") == 1
    ]
    return () if any(kept) else None


def _kept(held: _Held, name: str, end: str) -> bool:
    """Keep the pieces of one attribute; False where its class does more with it."""
    attribute = name.removeprefix("self.")
    parts = f"_{attribute.lstrip('_')}_parts"
    if parts in held.taken or not held.is_private(name):
        return False
    stores = {held.parents[each] for each in held.uses(name) if not isinstance(each.ctx, ast.Load)}
    steps = {each: step for each in stores if (step := _step(each)) is not None}
    if any(step[0] != name or step[2] != end for step in steps.values()) or not all(
        each in steps or _is_simple_store(each, name) for each in stores
    ):
        return False
    starts = [each for each in stores if each not in steps and isinstance(each, ast.Assign)]
    if end == "JOIN":
        kinds = [kind_of(each.value) for each in starts]
        kinds += [kind_of(step[1]) for step in steps.values()]
        empty = next(filter(None, kinds), "self.{0}[0][:0]")
        end = f"{empty}.join(self.{{0}})"
    new = {each: f"self.{parts}.append({ast.unparse(step[1])})" for each, step in steps.items()}
    new |= {each: f"self.{parts} = [{ast.unparse(each.value)}]" for each in starts}
    put(held.owner, {each: statement(text) for each, text in new.items()})
    held.owner.body.append(
        statement(
            f"@property\ndef {attribute}(self):\n"
            f"    if len(self.{parts}) > 1:\n"
            f"        self.{parts} = [{end.format(parts)}]\n"
            f"    return self.{parts}[0]\n"
        )
    )
    return True


def _step(node: ast.AST) -> tuple[str, ast.expr, str] | None:
    """Match what makes an attribute grow: return it, the piece, and how all are joined."""
    call = joined(node)
    if call is not None and call.function.rpartition(".")[2] in _GROWING:
        flat = f"[{call.flat}(part) for part in self.{{0}}]" if call.flat else "self.{0}"
        return call.name, call.piece, call.all_of(flat)
    step = grown(node)
    if step is None or step.at_front or isinstance(step.piece, (ast.Tuple, ast.List)):
        return None
    return step.name, step.piece, "JOIN"


def _deque(held: _Held, hot: list[Any]) -> tuple[str, ...] | None:
    """Make a deque of a list that is used at its front."""
    name = next((found for node in hot if (found := at_front(node)).startswith("self.")), "")
    if name.count(".") != 1 or not held.is_private(name):
        return None
    attribute = name.removeprefix("self.")
    wrapped = []
    for node in [*held.uses(name), *(each for each in held.others if each.attr == attribute)]:
        if not isinstance(node.ctx, ast.Load) or _is_asked(held, node):
            continue
        method = held.called(node)
        if method == "pop" or method == "insert":
            continue  # at the front, or as a deque's own
        if method and method not in _OF_DEQUES:
            return None
        if not method and not _is_moved(held, node):
            if node not in held.own:
                return None
            wrapped.append(node)
    stores = [held.parents[each] for each in held.uses(name) if isinstance(each.ctx, ast.Store)]
    starts = [each for each in stores if not at_front(each)]
    if not starts or not all(_is_simple_store(each, name) for each in starts):
        return None
    put(held.owner, {node: expression(f"list({name})") for node in wrapped})
    for each in starts:
        assert isinstance(each, ast.Assign)
        each.value = expression(f"deque({ast.unparse(each.value)})")
    Ends(name).visit(held.owner)
    return ("from collections import deque",)


def _is_moved(held: _Held, node: ast.Attribute) -> bool:
    """Whether an attribute stands where a list is used at its front."""
    above: ast.AST | None = held.parents[node]
    for _ in range(3):
        if above is not None and at_front(above):
            return True
        above = held.parents.get(above) if above is not None else None
    return False


def _is_asked(held: _Held, node: ast.Attribute) -> bool:
    """Whether a list is asked what a deque answers too."""
    above = held.parents[node]
    if isinstance(above, ast.Subscript):
        return above.value is node and not isinstance(above.slice, ast.Slice)
    if isinstance(above, ast.Call):
        return dotted(above.func) in _ASKING or (
            isinstance(above.func, ast.Attribute) and above.func.attr == "join"
        )
    if isinstance(above, (ast.For, ast.comprehension)):
        return above.iter is node
    if isinstance(above, ast.Compare):
        return isinstance(above.ops[0], (ast.In, ast.NotIn)) and above.comparators[0] is node
    tests = (ast.If, ast.While, ast.BoolOp, ast.UnaryOp, ast.IfExp, ast.Starred)
    return isinstance(above, tests)


def _set(held: _Held, hot: list[Any]) -> tuple[str, ...] | None:
    """Keep a set beside a list that is searched."""
    for node in hot:
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], (ast.In, ast.NotIn)):
            continue
        name = dotted(node.comparators[0])
        if not name.startswith("self.") or name.count(".") != 1 or not held.is_private(name):
            continue
        attribute = name.removeprefix("self.")
        hashed = f"_{attribute.lstrip('_')}_set"
        if hashed in held.taken:
            return None
        if any(each.attr == attribute and held.called(each) for each in held.others):
            return None
        lines: list[tuple[ast.stmt, str]] = []
        for each in held.uses(name):
            above = held.parents[each]
            if not isinstance(each.ctx, ast.Load):
                if not isinstance(above, ast.Assign) or not _is_simple_store(above, name):
                    return None
                lines.append((above, f"self.{hashed} = set({name})"))
                continue
            adder = {"append": "add", "extend": "update"}.get(held.called(each))
            if adder is None:
                if held.called(each) not in ("", "index", "count", "copy"):
                    return None
                continue
            call = held.parents[above]
            line = held.parents[call]
            if not isinstance(call, ast.Call) or not isinstance(line, ast.Expr):
                return None
            lines.append((line, f"self.{hashed}.{adder}({ast.unparse(call.args[0])})"))
        if not lines:
            return None
        for old, new in lines:
            insert_after(held.owner, old, statement(new))
        node.comparators[0] = expression(f"self.{hashed}")
        return ()
    return None


_RULES: dict[str, Callable[[_Held, list[Any]], tuple[str, ...] | None]] = {
    "list-append": _pieces,
    "concat": _pieces,
    "deque": _deque,
    "membership-set": _set,
}
