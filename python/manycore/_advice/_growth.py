"""
Rewrites of what grows by copies: its pieces are kept in a list, and joined once.

Strings, bytes, lists and tuples that grow by ``+`` or by a display (``(*trail, step)``), arrays
that grow by ``append`` or ``concatenate``, frames that grow by ``concat`` or a row at a time.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from manycore._advice._spot import Spot, binds, dotted, statement

_TEXTS = frozenset({"str", "repr", "chr", "ascii", "format", "hex", "bin", "oct"})
_TO_TEXT = frozenset(
    {"format", "upper", "lower", "title", "decode", "ljust", "rjust", "center", "zfill"}
)
_TO_BYTES = frozenset({"to_bytes", "tobytes", "encode", "pack"})


@dataclass
class Growth:
    """One step of a growth: what grows, by what, and whether at its front."""

    name: str
    piece: ast.expr
    at_front: bool = False


def growth(spot: Spot) -> bool:
    """Rewrite a string, bytes, list or tuple that is grown by ``+``."""
    for node in spot.hot((ast.Assign, ast.AugAssign)):
        step = grown(node)
        if step is None:
            continue
        assert isinstance(node, ast.stmt)
        for place in spot.loops():
            if node is not place[0][place[1]] and _grow_later(spot, node, step, place):
                return True
    return False


def _grow_later(
    spot: Spot, node: ast.stmt, step: Growth, place: tuple[list[ast.stmt], int]
) -> bool:
    """Keep the pieces of a loop's growth in a list; False where it can't be."""
    block, index = place
    name, piece = step.name, step.piece
    start = spot.start(place, name)
    value = None if start is None else start.value
    if isinstance(value, ast.List) or (value is not None and ast.unparse(value) == "list()"):
        if step.at_front:
            return False
        one = isinstance(piece, ast.List) and len(piece.elts) == 1
        what = piece.elts[0] if isinstance(piece, ast.List) and one else piece
        method = "append" if one else "extend"
        spot.replace(node, statement(f"{name}.{method}({ast.unparse(what)})"))
        return True
    is_tuple = isinstance(value, ast.Tuple) or (
        value is not None and ast.unparse(value) == "tuple()"
    )
    joined = "" if is_tuple else (value and kind_of(value)) or kind_of(piece)
    others = [each for each in ast.walk(block[index]) if each is not node]
    bound = any(isinstance(each, ast.stmt) and name in _own_binds(each) for each in others)
    if not (is_tuple or joined) or bound or others_read(block[index], node, name):
        return False
    if is_tuple and step.at_front:
        return False
    parts = spot.fresh(f"{name}_parts")
    order = f"reversed({parts})" if step.at_front else parts
    end = f"tuple({parts})" if is_tuple else f"{joined}.join({order})"
    method = "extend" if is_tuple else "append"
    text = ast.unparse(piece)
    spot.replace(node, statement(f"{parts}.{method}({text})"))
    block.insert(index + 1, statement(f"{name} = {end}"))
    if start is not None and value is not None and ast.unparse(value) in ("''", "b''"):
        block[block.index(start)] = statement(f"{parts} = []")
    elif start is not None and is_tuple:
        assert isinstance(value, (ast.Tuple, ast.Call))
        items = f"[{ast.unparse(value)[1:-1]}]" if isinstance(value, ast.Tuple) else "[]"
        block[block.index(start)] = statement(f"{parts} = {items}")
    else:
        block.insert(index, statement(f"{parts} = [{name}]"))
    return True


def _own_binds(node: ast.stmt) -> set[str]:
    """Return the names that a simple statement gives a value."""
    return binds(node) if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)) else set()


def kind_of(node: ast.expr) -> str:
    """Return ``"''"`` or ``"b''"`` for an expression that is seen to be one; else nothing."""
    if isinstance(node, ast.JoinedStr):
        return "''"
    if isinstance(node, ast.Constant):
        return "''" if isinstance(node.value, str) else "b''" * isinstance(node.value, bytes)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mult)):
        return kind_of(node.left) or kind_of(node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return kind_of(node.left)
    if isinstance(node, ast.IfExp):
        return kind_of(node.body) or kind_of(node.orelse)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return "''" if node.func.id in _TEXTS else "b''" if node.func.id == "bytes" else ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "join":
            return kind_of(node.func.value)
        if node.func.attr in _TO_BYTES:
            return "b''"
        return "''" if node.func.attr in _TO_TEXT else ""
    return ""


def grown(node: ast.AST) -> Growth | None:
    """Match ``name += piece``, ``name = name + piece [+ more]`` and ``name = (*name, piece)``."""
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        name = dotted(node.target)
        return Growth(name, node.value) if name else None
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return None
    name, value = dotted(node.targets[0]), node.value
    if not name:
        return None
    if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) > 1:
        first, *rest = value.elts
        if isinstance(first, ast.Starred) and dotted(first.value) == name:
            return Growth(name, type(value)(rest, ast.Load()))
        return None
    pieces: list[ast.expr] = []
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        pieces.insert(0, value.right)
        value = value.left
    if not pieces:
        return None
    if dotted(value) == name:
        return Growth(name, _sum(pieces))
    if dotted(pieces[-1]) == name:
        return Growth(name, _sum([value, *pieces[:-1]]), at_front=True)
    return None


def _sum(pieces: list[ast.expr]) -> ast.expr:
    whole = pieces[0]
    for each in pieces[1:]:
        whole = ast.BinOp(whole, ast.Add(), each)
    return whole


def others_read(loop: ast.AST, node: ast.AST, name: str) -> bool:
    """Whether anything in a loop but one statement reads a name."""
    own = {id(each) for each in ast.walk(node)}
    return any(
        id(each) not in own and dotted(each) == name
        for each in ast.walk(loop)
        if isinstance(each, (ast.Name, ast.Attribute))
    )


@dataclass
class Joined:
    """One step of a growth by a call: what grows, by what, and the call that joins many."""

    name: str
    piece: ast.expr
    function: str
    words: str
    flat: str = ""
    """What each piece is given to before: ``np.append`` without an axis is for one dimension."""

    def all_of(self, parts: str) -> str:
        """Write the call that joins a list of pieces."""
        return f"{self.function}({parts}{self.words})"


def joined(node: ast.AST) -> Joined | None:
    """Match ``name = np.append(name, piece)`` and ``name = concatenate([name, piece])``."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return None
    call, name = node.value, dotted(node.targets[0])
    function = dotted(call.func)
    module, _, last = function.rpartition(".")
    if not name or not call.args:
        return None
    if last == "append" and len(call.args) == 2:
        pair, more = call.args, call.keywords
        function, flat = f"{module}.concatenate", "" if more else f"{module}.ravel"
        words = "".join(f", {ast.unparse(each)}" for each in more)
    else:
        display = call.args[0]
        if not isinstance(display, (ast.List, ast.Tuple)) or len(display.elts) != 2:
            return None
        pair, flat = display.elts, ""
        words = "".join(f", {ast.unparse(each)}" for each in (*call.args[1:], *call.keywords))
    return Joined(name, pair[1], function, words, flat) if dotted(pair[0]) == name else None


def concat(spot: Spot) -> bool:
    """Rewrite an array or frame that is grown in a loop."""
    for node in spot.hot(ast.Assign):
        step = joined(node)
        if step is None:
            continue
        name = step.name
        loops = [loop for loop in spot.loops() if spot.start(loop, name) or loop[1] == 0]
        loops = loops or spot.loops()
        if not loops:
            continue
        block, index = loops[0]
        if others_read(block[index], node, name):
            continue
        parts = spot.fresh(f"{name}_parts")
        piece = ast.unparse(step.piece)
        piece = f"{step.flat}({piece})" if step.flat else piece
        spot.replace(node, statement(f"{parts}.append({piece})"))
        block.insert(index + 1, statement(f"{name} = {step.all_of(parts)}"))
        block.insert(index, statement(f"{parts} = [{name}]"))
        return True
    return False


def rows(spot: Spot) -> bool:
    """Rewrite ``frame.loc[len(frame)] = row`` as rows of one frame that is joined at the end."""
    for node in spot.hot(ast.Assign):
        assert isinstance(node, ast.Assign)
        [target, *more] = node.targets
        if more or not isinstance(target, ast.Subscript):
            continue
        name = dotted(target.value).removesuffix(".loc")
        at_end = ast.unparse(target.slice) in (f"len({name})", f"len({name}.index)")
        for block, index in spot.loops():
            if not at_end or others_read(block[index], node, name):
                continue
            new = spot.fresh(f"{name}_rows")
            spot.replace(node, statement(f"{new}.append({ast.unparse(node.value)})"))
            joined = (
                f"{name} = pandas.concat([{name}, "
                f"pandas.DataFrame({new}, columns={name}.columns)], ignore_index=True)"
            )
            block.insert(index + 1, statement(joined))
            block.insert(index, statement(f"{new} = []"))
            spot.imports.append("import pandas")
            return True
    return False
