"""Rules about DataFrames: rows one by one."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator, Sequence

from manycore._advice.candidate import Candidate, Heat, count_of, expression, span, text
from manycore._advice.observe import Calls, Names, Observations
from manycore._advice.scopes import (
    MUTATORS,
    Function,
    Model,
    carried,
    loaded,
    path_of,
    stored,
    targets,
)

ROWS = 300
"""Rows from which a loop over them shows."""

_FRAME = "pandas.DataFrame"


@dataclasses.dataclass(frozen=True)
class _Rows:
    """A place that does something for each row of a table."""

    frame: str
    lines: tuple[int, int]
    static: str
    after: str
    factor: float = 30.0
    calls: Calls | Names | None = None
    """What is called for each row; None if the lines themselves are run for each."""


def columns(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find work on the rows of a table whose columns could be computed whole."""
    for way in (_loops, _applications, _handed_rows, _comprehensions):
        for rows in way(model):
            yield _candidate(heat, rows)


def _loops(model: Model) -> Iterator[_Rows]:
    for loop in model.walk((ast.For, ast.While)):
        assert isinstance(loop, (ast.For, ast.While))
        frame = _rows_of(model, loop)
        if frame is not None and _is_by_row(model, loop):
            yield _Rows(frame, span(loop), f"`{_brief(loop)}`", _by_columns(loop, frame))


def _applications(model: Model) -> Iterator[_Rows]:
    """Find ``frame.apply(function, axis=1)``."""
    for node in model.calls:
        loops = model.loops(node)
        if loops and isinstance(loops[0], (ast.ListComp, ast.GeneratorExp)):
            continue
        frame = _applied(node)
        if frame is None or not node.args:
            continue
        function = model.handed(node.args[0])
        if function is not None and model.impurity(function):
            continue
        yield _Rows(
            frame,
            span(model.statement(node)),
            f"`{text(node)[:80]}` calls Python once a row",
            _applied_whole(model, node, frame, function),
            calls=Calls(function.lineno, function.name) if function is not None else None,
        )


def _handed_rows(model: Model) -> Iterator[_Rows]:
    """Find ``function(frame.iterrows())`` with a function of the script's own."""
    for node in model.calls:
        function = model.callee(node)
        handed = {each: frame for each in node.args if (frame := _by_method(each)) is not None}
        if function is None or not handed or model.impurity(function):
            continue
        new: dict[ast.AST, ast.AST] = {each: expression(frame) for each, frame in handed.items()}
        yield _Rows(
            next(iter(handed.values())),
            span(node),
            f"`{text(node)[:80]}` goes over the rows",
            f"{text(node, new)}  # {function.name} gets the table: its columns are arrays",
            calls=Names(function.body[0].lineno, span(function)[1], ()),
        )


def _comprehensions(model: Model) -> Iterator[_Rows]:
    for comp in model.walk((ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp)):
        assert isinstance(comp, (ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp))
        frame = _by_method(comp.generators[0].iter) or _by_key(comp, targets(comp))
        if frame is not None:
            after = f"# the same from whole columns\n{frame}.to_dict('records')"
            yield _Rows(frame, span(comp), f"`{text(comp)[:80]}`", after, 10.0)


def _candidate(heat: Heat, rows: _Rows) -> Candidate:
    """Judge lines that do something for each row, or whose calls do."""
    frame = rows.frame
    wish = Names(*rows.lines, (frame,))
    counted = wish if rows.calls is None else rows.calls

    def judge(seen: Observations) -> Sequence[str] | None:
        looked = seen[wish]
        look = looked.last(frame)
        # The table may be long, and what is gone over a few of its rows.
        if look is None or look.get("len", 0) < ROWS or seen[counted].events < ROWS:
            return None
        if look["type"] == "pandas.Series":
            return (f"{frame} is a Series of {count_of(look['len'])} values ({look['dtype']})",)
        if look["type"] != _FRAME:
            return None
        odd = [
            kind
            for kind in look["columns"].values()
            if kind.startswith("object of ") and kind != "object of str"
        ]
        if odd:
            return None  # Python objects: columns of them are no faster
        kinds = ", ".join(f"{name}: {kind}" for name, kind in list(look["columns"].items())[:6])
        return (f"{frame} has {count_of(look['len'])} rows ({kinds})",)

    return Candidate(
        "dataframe-columns",
        f"compute with whole columns of {frame}",
        *rows.lines,
        heat.share(*rows.lines),
        (rows.static,),
        (wish,) if rows.calls is None else (wish, rows.calls),
        judge,
        rows.after,
        rows.factor,
    )


def _rows_of(model: Model, loop: ast.For | ast.While) -> str | None:
    """Return the table that a loop goes over by rows."""
    if isinstance(loop, ast.For):
        source = loop.iter
        if model.called(source) in ("enumerate", "zip") and isinstance(source, ast.Call):
            source = source.args[0] if source.args else source
        frame = _by_method(source)
        if frame is not None:
            return frame
        keys = targets(loop)
    else:
        keys = _steps(loop)
    return _by_key(loop, keys)


def _by_key(loop: ast.AST, keys: set[str]) -> str | None:
    """Return the table whose rows are taken by keys: ``t.loc[i, ...]``, ``t["a"].iloc[i]``."""
    for node in ast.walk(loop):
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr in ("loc", "iloc", "at", "iat")
            and keys & loaded(node.slice)
        ):
            frame = frame_of(node.value.value)
            if frame is not None:
                return frame
    return None


def _by_method(node: ast.expr) -> str | None:
    """Return the table of ``frame.iterrows()`` and the like."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in ("iterrows", "itertuples"):
            return frame_of(node.func.value)
        if node.func.attr == "to_dict" and any(
            isinstance(each, ast.Constant) and each.value == "records"
            for each in (*node.args, *(keyword.value for keyword in node.keywords))
        ):
            return frame_of(node.func.value)
    return None


def frame_of(node: ast.expr) -> str | None:
    """Return the table behind a column, a selection or what a method made of it."""
    while True:
        if isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func.value
        elif isinstance(node, ast.Attribute) and node.attr in ("loc", "iloc"):
            node = node.value
        else:
            return path_of(node)


def _steps(loop: ast.While) -> set[str]:
    """Return the names that a loop counts up by one."""
    return {
        node.target.id
        for node in loop.body
        if isinstance(node, ast.AugAssign)
        and isinstance(node.op, ast.Add)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Constant)
        and node.value.value == 1
    }


def _is_by_row(model: Model, loop: ast.For | ast.While) -> bool:
    """Tell whether no row needs what the rows before it left, sums and lists of results apart."""
    again = carried(loop)
    if isinstance(loop, ast.While):
        again -= _steps(loop)
    for name in again:
        if not (_is_sum(loop, name) or _is_of_row(loop, name, again)):
            return False
    fresh = stored(loop) | targets(loop)
    for node in ast.walk(loop):
        if isinstance(node, ast.While) and node is not loop:
            return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            path = path_of(node.func.value)
            root = (path or "").partition(".")[0]
            if node.func.attr in MUTATORS and node.func.attr != "append" and root not in fresh:
                return False
        callee = model.callee(node)
        if model.is_loud(node) or (callee is not None and model.impurity(callee)):
            return False
    return True


def _is_of_row(loop: ast.For | ast.While, name: str, again: set[str]) -> bool:
    """Tell whether a name holds what the row before had: `shift` gives that as a column."""
    values = [
        node.value
        for node in ast.walk(loop)
        if isinstance(node, ast.Assign) and name in {path_of(each) for each in node.targets}
    ]
    count = sum(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for node in ast.walk(loop)
    )
    return len(values) == count and not any(loaded(value) & again for value in values)


def _is_sum(loop: ast.For | ast.While, name: str) -> bool:
    """Tell whether a name is only added to in a loop."""
    for node in ast.walk(loop):
        if isinstance(node, ast.Name) and node.id == name:
            holder = next(
                (
                    each
                    for each in ast.walk(loop)
                    if isinstance(each, (ast.AugAssign, ast.Assign)) and node in ast.walk(each)
                ),
                None,
            )
            if isinstance(holder, ast.AugAssign) and holder.target is node:
                continue
            if isinstance(holder, ast.Assign) and path_of(holder.targets[0]) == name:
                value = holder.value
                if isinstance(value, ast.BinOp) and name in (
                    path_of(value.left),
                    path_of(value.right),
                ):
                    continue
                if (
                    isinstance(value, ast.Call)
                    and path_of(value.func) in ("min", "max")
                    and name in map(path_of, value.args)
                ):
                    continue
            return False
    return True


def _applied(node: ast.Call) -> str | None:
    """Return the table of ``frame.apply(f, axis=1)``, also of some of its columns."""
    if not (
        isinstance(node.func, ast.Attribute) and node.func.attr in ("apply", "agg", "transform")
    ):
        return None
    axis = next((each.value for each in node.keywords if each.arg == "axis"), None)
    if axis is None and len(node.args) > 1:
        axis = node.args[1]
    if not (isinstance(axis, ast.Constant) and axis.value in (1, "columns")):
        return None
    return frame_of(node.func.value)


def _applied_whole(model: Model, node: ast.Call, frame: str, function: Function | None) -> str:
    """Write the call with whole columns: a row's name stands for the table."""
    value = node.args[0]
    if isinstance(value, ast.Lambda) and len(value.args.args) == 1:
        row = value.args.args[0].arg
        new: dict[ast.AST, ast.AST] = {
            each: expression(frame)
            for each in ast.walk(value.body)
            if isinstance(each, ast.Name) and each.id == row
        }
        return text(
            model.statement(node), {node: ast.parse(text(value.body, new), mode="eval").body}
        )
    name = function.name if function is not None else text(value)
    return text(model.statement(node), {node: expression(f"{name}({frame})")}) + (
        f"\n# {name} gets the table: its columns are arrays, and `if` becomes np.where or np.select"
    )


def _brief(loop: ast.For | ast.While) -> str:
    return text(loop).partition("\n")[0]


def _by_columns(loop: ast.For | ast.While, frame: str) -> str:
    """Write a loop over rows with the table in the place of the row."""
    if isinstance(loop, ast.While):
        body = [each for each in loop.body if not isinstance(each, ast.AugAssign)]
        return "\n".join(["# with whole columns instead of items of them", *map(text, body)])
    rows = loop.target.elts[-1] if isinstance(loop.target, ast.Tuple) else loop.target
    row = path_of(rows) or "row"
    lines = [f"{row} = {frame}  # whole columns instead of one row"]
    is_range = not (isinstance(loop.iter, ast.Call) and isinstance(loop.iter.func, ast.Attribute))
    for statement in loop.body:
        if (
            isinstance(statement, ast.AugAssign)
            and isinstance(statement.op, ast.Add)
            and not is_range
        ):
            lines.append(f"{text(statement.target)} += ({text(statement.value)}).sum()")
        elif isinstance(statement, ast.If) and not is_range:
            lines.append(f"where = {text(statement.test)}  # rows of which this holds")
            lines += [f"# for {row}[where]: {line}" for line in text(statement).splitlines()[1:]]
        else:
            lines.append(text(statement))
    return "\n".join(lines)


RULES = (columns,)
