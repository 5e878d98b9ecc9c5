"""
Rewrites of loops over the rows of a frame: arithmetic on columns, or the columns as lists.

pandas takes a thousand times longer than Python to give one value of a frame or to set it. What
can't be written as arithmetic on whole columns goes on row by row, over lists that the columns are
turned into once.
"""

from __future__ import annotations

import ast

from manycore._advice._spot import (
    LOOPS,
    SIMPLE,
    Spot,
    binds,
    dotted,
    expression,
    reads,
    statement,
    target,
)

_ARITHMETIC = (
    *(ast.BinOp, ast.operator, ast.UnaryOp, ast.USub, ast.Subscript, ast.Attribute),
    *(ast.Name, ast.Constant, ast.expr_context),
)
_APPLY = ("apply", "agg", "aggregate", "transform")


def columns(spot: Spot) -> bool:
    """Rewrite ``frame.apply(lambda row: arithmetic, axis=1)`` as arithmetic on columns."""
    for node in spot.hot(ast.Call):
        if not (parts := _applied(node)):
            continue
        call, frame, function = parts
        if not isinstance(function, ast.Lambda):
            continue
        if not all(isinstance(each, _ARITHMETIC) for each in ast.walk(function.body)):
            continue
        row = function.args.args[0].arg
        for each in list(ast.walk(function.body)):
            if isinstance(each, ast.Name) and each.id == row:
                each.id = frame
        text = ast.unparse(function.body)
        spot.replace(call, expression(text if isinstance(function.body, ast.Name) else f"({text})"))
        return True
    return False


def _applied(node: ast.AST) -> tuple[ast.Call, str, ast.expr] | None:
    """Match ``frame.apply(function, axis=1)``, by any of its names."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    axis = [ast.unparse(word.value) for word in node.keywords if word.arg == "axis"]
    frame = dotted(node.func.value)
    if node.func.attr not in _APPLY or not frame or len(node.args) != 1 or len(node.keywords) != 1:
        return None
    return (node, frame, node.args[0]) if axis in (["1"], ["'columns'"]) else None


def named(spot: Spot) -> bool:
    """Rewrite ``frame.apply(function, axis=1)`` of a function that reads ``row.column``."""
    for node in spot.hot(ast.Call):
        parts = _applied(node)
        if parts is None or isinstance(parts[2], ast.Lambda):
            continue
        call, frame, function = parts
        _series(spot, call, ast.unparse(function), frame, "itertuples(index=False)")
        return True
    return False


def _series(spot: Spot, call: ast.Call, function: str, frame: str, rows: str) -> None:
    """Put a series of what a function makes of each row in a call's place."""
    row = spot.fresh("row")
    made = f"[{function}({row}) for {row} in {frame}.{rows}]"
    spot.imports.append("import pandas")
    spot.replace(call, expression(f"pandas.Series({made}, index={frame}.index)"))


def records(spot: Spot) -> bool:
    """Rewrite row loops over a frame as loops over plain dictionaries, columns converted once."""
    for node in spot.hot(ast.Call):
        if parts := _applied(node):
            call, frame, function = parts
            text = ast.unparse(function)
            if isinstance(function, ast.Lambda):
                _subscripts(function.body, function.args.args[0].arg)
                text = f"({ast.unparse(function)})"
            _series(spot, call, text, frame, "to_dict('records')")
            return True
    for loop in reversed(spot.loops()):
        outer = loop[0][loop[1]]
        if not isinstance(outer, ast.For):
            continue
        text = ast.unparse(outer.iter)
        if not text.endswith(".iterrows()") or not isinstance(outer.target, ast.Tuple):
            continue
        row_ = outer.target.elts[1]
        frame = text.removesuffix(".iterrows()")
        if isinstance(row_, ast.Name):
            for each in outer.body:
                _subscripts(each, row_.id)
        outer.iter = expression(f"zip({frame}.index, {frame}.to_dict('records'))")
        return True
    return False


def _subscripts(tree: ast.AST, row: str) -> None:
    """Write ``row.name`` as ``row['name']``."""

    class Visitor(ast.NodeTransformer):
        def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
            self.generic_visit(node)
            if isinstance(node.value, ast.Name) and node.value.id == row:
                return ast.Subscript(node.value, ast.Constant(node.attr), node.ctx)
            return node

    Visitor().visit(tree)


def _place(node: ast.AST) -> tuple[str, ast.expr, ast.expr, bool] | None:
    """
    Match one value of a frame: return frame, column, row, and whether the row is a label.

    It is written ``frame.at[row, column]``, ``frame.iloc[row][column]`` or
    ``frame[column].iloc[row]``, with ``loc`` and ``iat`` too.
    """
    if not isinstance(node, ast.Subscript):
        return None
    base, key = node.value, node.slice
    if isinstance(base, ast.Subscript):  # frame.iloc[row][column]
        row = _row(base)
        return None if row is None else (row[0], key, row[1], row[2])
    if not isinstance(base, ast.Attribute) or base.attr not in ("at", "loc", "iat", "iloc"):
        return None
    is_label = base.attr in ("at", "loc")
    if isinstance(key, ast.Tuple):
        frame = dotted(base.value)
        if len(key.elts) != 2 or not is_label or not frame:
            return None
        return frame, key.elts[1], key.elts[0], True
    if isinstance(base.value, ast.Subscript) and not isinstance(key, ast.Slice):
        frame = dotted(base.value.value)
        return (frame, base.value.slice, key, is_label) if frame else None
    return None


def _row(node: ast.AST) -> tuple[str, ast.expr, bool] | None:
    """Match one row of a frame, ``frame.iloc[row]``: return frame, row, whether it is a label."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Attribute):
        return None
    frame = dotted(node.value.value)
    if node.value.attr not in ("loc", "iloc") or not frame:
        return None
    if isinstance(node.slice, (ast.Slice, ast.Tuple)):
        return None
    return frame, node.slice, node.value.attr == "loc"


class _Lists(ast.NodeTransformer):
    """Writes values of a frame as elements of lists, a list a column."""

    def __init__(self, spot: Spot, label: str, position: str) -> None:
        self.spot = spot
        self.label, self.position = label, position
        self.frames: set[str] = set()
        self.lists: dict[str, str] = {}
        self.columns: list[ast.expr] = []
        self.written: set[str] = set()
        self.rows: dict[str, tuple[str, ast.expr, bool]] = {}

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Drop ``row = frame.iloc[i]``, and keep in mind what it is."""
        [target, *_] = node.targets
        pairs = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=False))
        found = [(name, _row(value)) for name, value in pairs]
        if all(isinstance(name, ast.Name) and row is not None for name, row in found):
            self.rows |= {dotted(name): row for name, row in found if row is not None}
            return ast.Pass()
        return self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        place = _place(node)
        if place is None and isinstance(node.value, ast.Name) and node.value.id in self.rows:
            frame, row, is_label = self.rows[node.value.id]
            place = frame, node.slice, row, is_label
        return self.generic_visit(node) if place is None else self._element(*place, node.ctx)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id in self.rows:
            frame, row, is_label = self.rows[node.value.id]
            return self._element(frame, ast.Constant(node.attr), row, is_label, node.ctx)
        return self.generic_visit(node)

    def _element(
        self, frame: str, column: ast.expr, row: ast.expr, is_label: bool, ctx: ast.expr_context
    ) -> ast.AST:
        key = ast.unparse(column)
        if key not in self.lists:
            plain = isinstance(column, ast.Constant) and str(column.value).isidentifier()
            name = str(column.value) if isinstance(column, ast.Constant) and plain else f"{key}s"
            self.lists[key] = self.spot.fresh(name if name.isidentifier() else "column")
            self.columns.append(column)
        self.frames.add(frame)
        if not isinstance(ctx, ast.Load):
            self.written.add(key)
        if is_label and dotted(row) == self.label:
            row = expression(self.position)
        return ast.Subscript(expression(self.lists[key]), row, ctx)


def positions(spot: Spot) -> bool:
    """Rewrite a loop that takes and sets values of a frame one by one as one over lists."""
    # A loop, the innermost first; or the statement that holds a comprehension.
    for block, index in reversed(spot.chain):
        here = block[index]
        if isinstance(here, ast.For) and isinstance(here.target, ast.Name):
            by_index = ast.unparse(here.iter).endswith(".index")
            label = here.target.id
            position = spot.fresh("position") if by_index else label
        elif isinstance(here, LOOPS) or (isinstance(here, SIMPLE) and not spot.loops()):
            by_index, label, position = False, "", ""
        else:
            continue
        before = binds(here)
        lists = _Lists(spot, label, position)
        new = lists.visit(here)
        if not lists.lists:
            continue
        [frame, *more] = lists.frames
        if more or not isinstance(new, ast.stmt) or not _is_free(new, frame, lists, before):
            return False
        if by_index:
            assert isinstance(new, ast.For)
            used = any(label in reads(each) for each in new.body)
            new.iter = expression(f"enumerate({frame}.index)" if used else f"range(len({frame}))")
            targets = f"{position}, {label}" if used else position
            new.target = target(targets)
        for part in ast.walk(new):
            body = getattr(part, "body", None)
            if isinstance(body, list) and len(body) > 1:
                body[:] = [each for each in body if not isinstance(each, ast.Pass)] or body[:1]
        block[index] = new
        keys = [ast.unparse(each) for each in lists.columns]
        block[index + 1 : index + 1] = [
            statement(f"{frame}[{key}] = {lists.lists[key]}")
            for key in keys
            if key in lists.written
        ]
        block[index:index] = [
            statement(f"{lists.lists[key]} = {frame}[{key}].tolist()") for key in keys
        ]
        return True
    return False


def _is_free(new: ast.AST, frame: str, lists: _Lists, bound: set[str]) -> bool:
    """Whether a loop no longer asks a frame for more than its length and labels."""
    text = ast.unparse(new)
    for harmless in (f"len({frame})", f"len({frame}.index)", f"{frame}.index", f"{frame}.shape[0]"):
        text = text.replace(harmless, "0")
    left = ast.parse(text)
    names = reads(left) | binds(left)
    keys = {name for each in lists.columns for name in reads(each)}
    return not (
        frame in names
        or frame in bound
        or keys & bound
        or names & lists.rows.keys()
        or any(not isinstance(each, (ast.Constant, ast.Name)) for each in lists.columns)
    )


def tuples(spot: Spot) -> bool:
    """Rewrite ``for row in frame.itertuples()`` as a loop over the columns that it reads."""
    for block, index in reversed(spot.loops()):
        loop = block[index]
        if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name):
            continue
        frame, method, _ = ast.unparse(loop.iter).rpartition(".itertuples(")
        if not method or not frame.replace(".", "").isidentifier():
            continue
        row = loop.target.id
        body = ast.Module(loop.body, [])
        fields = {
            id(each.value): each.attr
            for each in ast.walk(body)
            if isinstance(each, ast.Attribute) and dotted(each.value) == row
        }
        whole = [each for each in ast.walk(body) if dotted(each) == row and id(each) not in fields]
        if whole or not fields or "Index" in fields.values() or frame in binds(body):
            return False
        names = {field: spot.fresh(field) for field in dict.fromkeys(fields.values())}

        class Visitor(ast.NodeTransformer):
            def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
                if dotted(node.value) == row:  # noqa: B023 (used within the turn)
                    return ast.Name(names[node.attr], node.ctx)  # noqa: B023
                return self.generic_visit(node)

        loop.body = [Visitor().visit(each) for each in loop.body]
        columns = [f"{frame}[{field!r}].tolist()" for field in names]
        loop.target = target(", ".join(names.values()))
        loop.iter = expression(columns[0] if len(columns) == 1 else f"zip({', '.join(columns)})")
        return True
    return False
