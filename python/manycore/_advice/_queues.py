"""Rewrites of lists that are used at their front, as deques."""

from __future__ import annotations

import ast
import copy

from manycore._advice._spot import Spot, binds, dotted, statement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def queue(spot: Spot) -> bool:
    """Rewrite a list that is used at its front, in all of a loop."""
    for node in spot.hot((ast.Call, ast.Delete, ast.Assign)):
        name = at_front(node)
        for block, index in spot.loops() if name else ():
            ends = Ends(name)
            new = ends.visit(copy.deepcopy(block[index]))
            if name in binds(new) or name.partition(".")[0] in binds(new):
                continue
            given = spot.function is not None and name in binds(spot.function.args)
            if given and name not in binds(block[index]):
                # The caller's own list is to end as it would have.
                whole = spot.fresh(f"{name}_list")
                first = f"{whole}, {name} = {name}, deque({name})"
                ended = [f"{whole}[:] = {name}", f"{name} = {whole}"]
            else:
                first, ended = f"{name} = deque({name})", [f"{name} = list({name})"]
            block[index : index + 1] = [statement(first), new, *map(statement, ended)]
            spot.imports.append("from collections import deque")
            return True
    return False


def at_front(node: ast.AST) -> str:
    """Return the list that a statement or call changes at its front; nothing if there is none."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        at_zero = node.func.attr in ("pop", "insert") and ast.unparse(node.args[0]) == "0"
        return dotted(node.func.value) if at_zero else ""
    if isinstance(node, ast.Delete) and len(node.targets) == 1:
        [target] = node.targets
        if isinstance(target, ast.Subscript) and ast.unparse(target.slice) == "0":
            return dotted(target.value)
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        [target] = node.targets
        pairs = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=False))
        for pair in pairs:
            name, steps = _shifted(*pair)
            if steps:
                return name
    return ""


def _shifted(target: ast.expr, value: ast.expr) -> tuple[str, list[str]]:
    """Match an assignment that moves a list's items by one: return the list, and a deque's way."""
    name = dotted(target)
    if isinstance(target, ast.Subscript) and ast.unparse(target.slice) in (":0", "0:0"):
        name = dotted(target.value)  # name[:0] = [one]
        one = _one(value)
        return name, [f"{name}.appendleft({one})"] if name and one else []
    if not name:
        return "", []
    if ast.unparse(value) == f"{name}[1:]":
        return name, [f"{name}.popleft()"]
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        left, right = value.left, value.right
        if dotted(right) == name and _one(left):
            return name, [f"{name}.appendleft({_one(left)})"]
        if ast.unparse(left) == f"{name}[1:]" and _one(right):
            return name, [f"{name}.popleft()", f"{name}.append({_one(right)})"]
    return name, []


def _one(node: ast.expr) -> str:
    """Match a list display of one item."""
    return ast.unparse(node.elts[0]) if isinstance(node, ast.List) and len(node.elts) == 1 else ""


class Ends(ast.NodeTransformer):
    """Writes what changes a list at its front as a deque's methods."""

    def __init__(self, name: str) -> None:
        self.name = name

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if at_front(node) == self.name:
            assert isinstance(node.func, ast.Attribute)
            node.func.attr = {"pop": "popleft", "insert": "appendleft"}[node.func.attr]
            node.args = node.args[1:]
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.AST:
        return statement(f"{self.name}.popleft()") if at_front(node) == self.name else node

    def visit_Assign(self, node: ast.Assign) -> Any:
        [target, *_] = node.targets
        if at_front(node) != self.name:
            return self.generic_visit(node)
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            others = [
                (left, right)
                for left, right in zip(target.elts, node.value.elts, strict=True)
                if dotted(left) != self.name
            ]
            if len(others) != 1 or ast.unparse(others[0][1]) != f"{self.name}[0]":
                return node
            return statement(f"{ast.unparse(others[0][0])} = {self.name}.popleft()")
        return [statement(step) for step in _shifted(target, node.value)[1]]
