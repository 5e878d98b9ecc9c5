"""Rules about DataFrames: rows one by one."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from manycore._advice.candidate import Candidate, Heat, count_of, expression, span, text
from manycore._advice.observe import Names, Observations
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


def columns(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find loops over the rows of a table whose columns could be computed whole."""
    for loop in model.walk(ast.For):
        assert isinstance(loop, ast.For)
        frame = _rows_of(model, loop)
        if frame is None or not _is_by_row(model, loop):
            continue
        first, last = span(loop)
        yield _candidate(
            model,
            heat,
            frame,
            first,
            last,
            f"`for {text(loop.target)} in {text(loop.iter)}`",
            _by_columns(loop, frame),
            30.0,
        )
    for node in model.calls:
        loops = model.loops(node)
        if loops and isinstance(loops[0], (ast.ListComp, ast.GeneratorExp)):
            continue
        frame = _applied(node)
        if frame is None or not node.args:
            continue
        function = model.own(node.args[0])
        if function is not None and model.impurity(function):
            continue
        first, last = span(model.statement(node))
        yield _candidate(
            model,
            heat,
            frame,
            first,
            last,
            f"`{text(node)[:80]}` calls Python once a row",
            _applied_whole(model, node, frame, function),
            30.0,
        )
    for comp in model.walk((ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp)):
        assert isinstance(comp, (ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp))
        head = comp.generators[0].iter
        if (
            isinstance(head, ast.Call)
            and isinstance(head.func, ast.Attribute)
            and head.func.attr in ("iterrows", "itertuples")
        ):
            frame = path_of(head.func.value)
            if frame is not None:
                first, last = span(comp)
                yield _candidate(
                    model,
                    heat,
                    frame,
                    first,
                    last,
                    f"`{text(comp)[:80]}`",
                    f"# the same from whole columns\n{frame}.to_dict('records')",
                    10.0,
                )


def _candidate(
    model: Model,
    heat: Heat,
    frame: str,
    first: int,
    last: int,
    static: str,
    after: str,
    factor: float,
) -> Candidate:
    wish = Names(first, last, (frame,))

    def judge(seen: Observations) -> Sequence[str] | None:
        look = seen[wish].last(frame)
        if look is None or look["type"] != _FRAME or look["len"] < ROWS:
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
        first,
        last,
        heat.share(first, last),
        (static,),
        (wish,),
        judge,
        after,
        factor,
    )


def _rows_of(model: Model, loop: ast.For) -> str | None:
    """Return the table that a loop goes over by rows."""
    source = loop.iter
    if (
        isinstance(source, ast.Call)
        and model.called(source) in ("enumerate", "zip")
        and source.args
    ):
        source = source.args[0]
    if (
        isinstance(source, ast.Call)
        and isinstance(source.func, ast.Attribute)
        and source.func.attr in ("iterrows", "itertuples")
    ):
        return path_of(source.func.value)
    # for i in range(len(frame)) or frame.index, with frame.loc[i, ...] inside
    names = {path_of(node) for node in ast.walk(loop.iter)} - {None}
    for node in ast.walk(loop):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
            frame = path_of(node.value.value)
            if (
                node.value.attr in ("loc", "iloc", "at", "iat")
                and (frame in names or model.called(loop.iter) == "range")
                and targets(loop)
                & {each.id for each in ast.walk(node.slice) if isinstance(each, ast.Name)}
            ):
                return frame
            # frame["a"].iloc[i]
            if node.value.attr in ("iloc", "loc", "iat", "at") and isinstance(
                node.value.value, ast.Subscript
            ):
                frame = path_of(node.value.value.value)
                if frame is not None:
                    return frame
    return None


def _is_by_row(model: Model, loop: ast.For) -> bool:
    """Tell whether no row needs what the rows before it left, sums and lists of results apart."""
    again = carried(loop)
    for name in again:
        if not (_is_sum(loop, name) or _is_of_row(loop, name, again)):
            return False
    fresh = stored(loop) | targets(loop)
    for node in ast.walk(loop):
        if isinstance(node, ast.While):
            return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            path = path_of(node.func.value)
            root = (path or "").partition(".")[0]
            if node.func.attr in MUTATORS and node.func.attr != "append" and root not in fresh:
                return False
        callee = model.callee(node)
        if callee is not None and model.impurity(callee):
            return False
    return True


def _is_of_row(loop: ast.For, name: str, again: set[str]) -> bool:
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


def _is_sum(loop: ast.For, name: str) -> bool:
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
    base = node.func.value
    while isinstance(base, ast.Subscript):
        base = base.value
    return path_of(base)


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


def _by_columns(loop: ast.For, frame: str) -> str:
    """Write a loop over rows with the table in the place of the row."""
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
