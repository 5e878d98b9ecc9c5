"""Rules about containers: membership, counting by hand, growth, queues."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

from manycore._advice.candidate import Candidate, Heat, count_of, expression, span, text
from manycore._advice.observe import Names, Observations
from manycore._advice.scopes import (
    COMPREHENSIONS,
    Model,
    inside,
    path_of,
    place_of,
    same,
    stored,
    targets,
)

LONG = 24
"""Elements from which a scan of a list costs more than a hash."""

QUEUE = 200
"""Elements from which moving them all costs more than a deque's steps."""

GROWN = 60
"""Pieces from which growth by copies shows."""


def _spot(model: Model, node: ast.AST, heat: Heat) -> tuple[int, int]:
    """Return the lines of the statement of a node: a comprehension's, or a simple one's."""
    loops = model.loops(node)
    if loops and isinstance(loops[0], COMPREHENSIONS):
        return span(loops[0])
    statement = model.statement(node)
    first, last = span(statement)
    if isinstance(statement, (ast.If, ast.While)):
        last = span(statement.test)[1]
    elif isinstance(statement, (ast.For, ast.With)):
        last = first
    return first, last


def membership(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find a test for membership in a long list that is made again and again."""
    for node in model.walk(ast.Compare):
        assert isinstance(node, ast.Compare)
        if not isinstance(node.ops[0], (ast.In, ast.NotIn)) or len(node.ops) > 1:
            continue
        name = place_of(node.comparators[0])
        if name is None or not model.repeats(node):
            continue
        first, last = _spot(model, node, heat)
        share = heat.share(first, last)
        scope = model.function_of(node) or model.tree
        wish = Names(first, last, (name, *_left(node.left)))

        def judge(seen: Observations, wish: Names = wish, name: str = name) -> Sequence[str] | None:
            looked = seen[wish]
            length = looked.longest(name)
            last = looked.last(name)
            if last is None or not looked.types(name) <= {"list", "tuple"} or length < LONG:
                return None
            if last.get("hashable") is False or looked.events < LONG:
                return None
            if any(
                look["type"] in ("list", "dict", "set", "numpy.ndarray")
                for other in wish.names[1:]
                for look in looked.looks.get(other, [])
            ):
                return None
            return (
                f"{name} is a {last['type']} of up to {count_of(length)} "
                f"elements of type {last.get('element')}, all of which a test may compare with",
                f"the test is made at least {count_of(looked.events)} times",
            )

        hashed = plain(name) + "_set"
        statement = model.statement(node)
        new: dict[ast.AST, ast.AST] = {node.comparators[0]: expression(hashed)}
        changers = [
            call
            for call in inside(scope)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and place_of(call.func.value) == name
            and call.func.attr in ("remove", "pop", "insert", "sort", "clear")
        ]
        if changers:
            continue
        adds = [
            f"{hashed}.{'add' if call.func.attr == 'append' else 'update'}({text(call.args[0])})"
            for call in inside(scope)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and place_of(call.func.value) == name
            and call.func.attr in ("append", "extend")
            and call.args
        ]
        after = f"{hashed} = set({name})  # before the loop\n{text(statement, new)}"
        if adds:
            after += f"\n{adds[0]}  # wherever {name} grows"
        yield Candidate(
            "membership-set",
            f"a set for the test of membership in {name}",
            first,
            last,
            share,
            (f"`{text(node)}` in a loop",),
            (wish,),
            judge,
            after,
            20.0,
            "elements with a hash; a set beside the list where the order matters",
        )


def plain(name: str) -> str:
    """Write a place as a name."""
    return "".join(each if each.isalnum() else "_" for each in name).strip("_")


def _left(node: ast.expr) -> tuple[str, ...]:
    name = path_of(node)
    return () if name is None else (name,)


def _is_one(node: ast.AST | None, value: int) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value == value


def _counts(node: ast.stmt, block: list[ast.stmt]) -> tuple[ast.Subscript, list[ast.stmt]] | None:
    """Match a statement that counts; return the counter's place and all statements of it."""
    # d[k] = d.get(k, 0) + 1
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        place = node.targets[0]
        value = node.value
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
            for get, one in ((value.left, value.right), (value.right, value.left)):
                if (
                    _is_one(one, 1)
                    and isinstance(get, ast.Call)
                    and isinstance(get.func, ast.Attribute)
                    and get.func.attr in ("get", "setdefault")
                    and len(get.args) == 2
                    and _is_one(get.args[1], 0)
                    and same(get.func.value, place.value)
                    and same(get.args[0], place.slice)
                ):
                    return place, [node]
                if _is_one(one, 1) and isinstance(get, ast.Subscript) and same(get, place):
                    return place, [node]
    # if k in d: d[k] += 1, else: d[k] = 1, or the other way round
    if isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and len(node.body) == 1:
        adds = [_plus_one(each) for each in (*node.body, *node.orelse)]
        sets = [_set_one(each) for each in (*node.body, *node.orelse)]
        place_ = next((each for each in adds if each), None)
        other = next((each for each in sets if each), None)
        if place_ and other and len(node.orelse) == 1 and same(place_, other):
            return place_, [node]
    if isinstance(node, ast.Try) and len(node.body) == 1 and len(node.handlers) == 1:
        place_ = _plus_one(node.body[0])
        handler = node.handlers[0].body
        other = _set_one(handler[0]) if len(handler) == 1 else None
        if place_ and other and same(place_, other):
            return place_, [node]
    # d[k] += 1 of a defaultdict, or after `if k not in d: d[k] = 0` or d.setdefault(k, 0)
    place_ = _plus_one(node)
    if place_:
        index = block.index(node)
        whole = [node]
        if index and _is_preparation(block[index - 1], place_):
            whole.insert(0, block[index - 1])
        return place_, whole
    return None


def _is_preparation(node: ast.stmt, place: ast.Subscript) -> bool:
    if isinstance(node, ast.If) and len(node.body) == 1 and not node.orelse:
        each = node.body[0]
        return (
            isinstance(each, ast.Assign) and _is_one(each.value, 0) and same(each.targets[0], place)
        )
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr == "setdefault"
        and same(node.value.func.value, place.value)
    )


def _plus_one(node: ast.stmt) -> ast.Subscript | None:
    if (
        isinstance(node, ast.AugAssign)
        and isinstance(node.op, ast.Add)
        and _is_one(node.value, 1)
        and isinstance(node.target, ast.Subscript)
    ):
        return node.target
    return None


def _set_one(node: ast.stmt) -> ast.Subscript | None:
    if (
        isinstance(node, ast.Assign)
        and _is_one(node.value, 1)
        and isinstance(node.targets[0], ast.Subscript)
    ):
        return node.targets[0]
    return None


def counter(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find counting by hand."""
    for loop in model.walk(ast.For):
        assert isinstance(loop, ast.For)
        for statement, block in _in_branches(loop.body):
            found = _counts(statement, block)
            if found is None:
                continue
            place, statements = found
            name = place_of(place.value)
            if name is None or not (
                stored(loop) & {n.id for n in ast.walk(place.slice) if isinstance(n, ast.Name)}
            ):
                continue
            others = [each for each in loop.body if each not in statements]
            # In a branch: the rest of the branch and its test are the others.
            counted = {id(each) for whole in statements for each in ast.walk(whole)}
            if any(
                path_of(each) == name and id(each) not in counted
                for other in loop.body
                for each in ast.walk(other)
            ):
                continue  # the count so far is used: a Counter at the end is not the same
            first, last = span(loop)
            line, end = statements[0].lineno, span(statements[-1])[1]
            # The rest of the loop stays: only the counting itself becomes faster.
            share = heat.share(line, end) if others else heat.share(first, last)
            wish = Names(line, end, (name,))

            def judge(
                seen: Observations, wish: Names = wish, name: str = name
            ) -> Sequence[str] | None:
                looked = seen[wish]
                if looked.events < 1000:
                    return None
                if not looked.types(name) <= {"dict", "collections.defaultdict"}:
                    return None
                return (f"{name} is a dict that counts at least {count_of(looked.events)} times",)

            yield Candidate(
                "counter",
                f"collections.Counter for {name}",
                first if not others else line,
                last if not others else end,
                share,
                ("a dictionary is counted up one by one in Python",),
                (wish,),
                judge,
                _counted(model, loop, place, others),
                3.0,
            )
    yield from _count_in_list(model, heat)


def _in_branches(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, list[ast.stmt]]]:
    """Return the statements of a loop's round, those in its branches too, and their blocks."""
    for each in body:
        yield each, body
        if isinstance(each, ast.If):
            yield from _in_branches(each.body)
            yield from _in_branches(each.orelse)


def _counted(model: Model, loop: ast.For, place: ast.Subscript, others: list[ast.stmt]) -> str:
    name, key = text(place.value), text(place.slice)
    simple = all(isinstance(each, ast.Assign) for each in others)
    values = text(loop.iter)
    if not others:
        if key != text(loop.target):
            values = f"({key} for {text(loop.target)} in {values})"
    elif simple and len(others) == 1 and isinstance(others[0], ast.Assign):
        value = text(others[0].value)
        values = f"({value} for {text(loop.target)} in {values})"
    else:
        kept = "\n    ".join("\n".join(text(each) for each in others).splitlines())
        return (
            f"from collections import Counter\nkeys = []\nfor {text(loop.target)} in {values}:\n"
            f"    {kept}\n    keys.append({key})\n{name} = Counter(keys)"
        )
    fresh = isinstance(place.value, ast.Name) and _is_fresh(model, loop, name)
    if fresh:
        return f"from collections import Counter\n{name} = Counter({values})"
    return (
        "from collections import Counter\n"
        f"{name}.update(Counter({values}))  # where {name} = Counter() to begin with"
    )


def _is_fresh(model: Model, loop: ast.stmt, name: str) -> bool:
    block = model.block(loop)
    index = block.index(loop)
    return index > 0 and name in stored(block[index - 1])


def _count_in_list(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find `values.count(x)` for one value after the other."""
    for node in model.calls:
        if not (isinstance(node.func, ast.Attribute) and node.func.attr == "count"):
            continue
        name = path_of(node.func.value)
        loops = model.loops(node)
        if name is None or not loops or len(node.args) != 1:
            continue
        if name in {each for loop in loops for each in targets(loop)}:
            continue
        key = node.args[0]
        if not targets(loops[0]) & {n.id for n in ast.walk(key) if isinstance(n, ast.Name)}:
            continue
        first, last = _spot(model, node, heat)
        wish = Names(first, last, (name,))

        def judge(seen: Observations, wish: Names = wish, name: str = name) -> Sequence[str] | None:
            looked = seen[wish]
            if not looked.types(name) <= {"list", "tuple"} or looked.longest(name) < QUEUE:
                return None
            if (looked.last(name) or {}).get("hashable") is False or looked.events < 4:
                return None
            return (
                f"{name} has {count_of(looked.longest(name))} elements, read whole for each count",
            )

        counts = f"{plain(name)}_counts"
        statement = model.statement(node)
        yield Candidate(
            "counter",
            f"one collections.Counter of {name} for all counts",
            first,
            last,
            heat.share(first, last),
            (f"`{text(node)}` reads the whole of {name} in each round",),
            (wish,),
            judge,
            f"from collections import Counter\n{counts} = Counter({name})\n"
            + text(statement, {node: expression(f"{counts}[{text(key)}]")}),
            20.0,
        )


_GROWERS = {
    "numpy.append": "list-append",
    "numpy.concatenate": "concat",
    "numpy.vstack": "concat",
    "numpy.hstack": "concat",
    "numpy.dstack": "concat",
    "numpy.column_stack": "concat",
    "numpy.row_stack": "concat",
    "numpy.stack": "concat",
    "numpy.insert": "list-append",
    "numpy.resize": "concat",
    "pandas.concat": "concat",
}


def growth(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find a list, string, array or table that is copied whole to grow by a piece."""
    for node in model.walk((ast.Assign, ast.AugAssign)):
        assert isinstance(node, (ast.Assign, ast.AugAssign))
        if not model.repeats(node):
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        name = place_of(target)
        found = _growth(model, node, target)
        if found is None or name is None:
            continue
        technique, piece, how = found
        if technique == "list-append" and how == "plain" and isinstance(node, ast.AugAssign):
            kinds = {"bytes", "tuple"}
        else:
            kinds = {"list", "tuple", "bytes"}
        if not (isinstance(target, ast.Name) and _is_in_place(model, node, target)):
            kinds.add("str")  # CPython grows only a function's own string in place
        is_array = how != "plain"
        first, last = span(node)
        wish = Names(first, last, (name,), after=True)

        def judge(
            seen: Observations,
            wish: Names = wish,
            name: str = name,
            kinds: set[str] = kinds,
            is_array: bool = is_array,
        ) -> Sequence[str] | None:
            looked = seen[wish]
            first, last = looked.first(name), looked.last(name)
            if first is None or last is None or looked.events < GROWN:
                return None
            size = "nbytes" if is_array else "len"
            if is_array:
                if not looked.types(name) <= {"numpy.ndarray", "pandas.DataFrame", "pandas.Series"}:
                    return None
            elif not looked.types(name) <= kinds:
                return None
            sizes = [int(look.get(size) or look.get("len", 0)) for look in looked.looks[name]]
            # It must have grown step by step, all through the loop.
            grown = sum(one < other for one, other in pairwise(sizes))
            if max(sizes) < 20 * max(1, sizes[0]) and max(sizes) < 20 * min(sizes[1:] or [1]):
                return None
            if grown < 0.6 * (len(sizes) - 1) or max(sizes) < GROWN:
                return None
            unit = "bytes" if is_array else "elements"
            return (
                f"{name} is a {last['type']} that grows to {count_of(max(sizes))} {unit}; "
                f"each of at least {count_of(looked.events)} steps copies all of it",
            )

        yield Candidate(
            technique,
            f"grow {name} as a list and join it once",
            first,
            last,
            heat.share(first, last),
            (f"`{text(node)}` makes a new object in each round",),
            (wish,),
            judge,
            _grown(model, node, name, piece, how),
            10.0,
        )
    yield from _rows(model, heat)


def _growth(
    model: Model, node: ast.Assign | ast.AugAssign, target: ast.expr
) -> tuple[str, str, str] | None:
    """Match ``x = x + piece``: the technique, the piece and the function that joins."""
    if isinstance(node, ast.AugAssign):
        if isinstance(node.op, ast.Add) and not _is_number(node.value):
            return "list-append", text(node.value), "plain"
        return None
    value = node.value
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        parts = _sum(value)
        if any(same(each, target) for each in parts) and not any(map(_is_number, parts)):
            rest = [each for each in parts if not same(each, target)]
            return "list-append", " + ".join(text(each) for each in rest), "plain"
        return None
    # f"{x}{piece}"
    if isinstance(value, ast.JoinedStr) and len(value.values) > 1:
        inner = [each.value for each in value.values if isinstance(each, ast.FormattedValue)]
        if any(same(each, target) for each in inner):
            rest = [
                each
                for each in value.values
                if not (isinstance(each, ast.FormattedValue) and same(each.value, target))
            ]
            return "list-append", text(ast.JoinedStr(rest)), "plain"
    if isinstance(value, (ast.List, ast.Tuple)):
        if any(isinstance(each, ast.Starred) and same(each.value, target) for each in value.elts):
            rest = [
                each
                for each in value.elts
                if not (isinstance(each, ast.Starred) and same(each.value, target))
            ]
            return "list-append", f"[{', '.join(text(each) for each in rest)}]", "plain"
        return None
    name = model.called(value)
    if name in _GROWERS and isinstance(value, ast.Call) and value.args:
        head = value.args[0]
        parts = list(head.elts) if isinstance(head, (ast.List, ast.Tuple)) else list(value.args[:2])
        if any(same(each, target) for each in parts):
            rest = [each for each in parts if not same(each, target)]
            return _GROWERS[name], ", ".join(text(each) for each in rest), text(value.func)
    if isinstance(value, ast.Subscript) and model.dotted(value.value) in ("numpy.r_", "numpy.c_"):
        parts = value.slice.elts if isinstance(value.slice, ast.Tuple) else [value.slice]
        if any(same(each, target) for each in parts):
            rest = [each for each in parts if not same(each, target)]
            return "concat", ", ".join(text(each) for each in rest), text(value.value)
    # frame = frame.append(row), frame = frame._append(row), frame.join(...)
    if (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in ("append", "_append")
        and same(value.func.value, target)
        and value.args
    ):
        return "concat", text(value.args[0]), "pd.concat"
    return None


def _is_in_place(model: Model, node: ast.Assign | ast.AugAssign, target: ast.Name) -> bool:
    """Tell whether CPython grows a string in place: ``s += piece`` of a function's own name."""
    if model.function_of(node) is None:
        return False
    if isinstance(node, ast.AugAssign):
        return True
    value = node.value
    return isinstance(value, ast.BinOp) and same(value.left, target)


def _sum(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_sum(node.left), *_sum(node.right)]
    return [node]


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float, complex))


def _grown(model: Model, node: ast.stmt, name: str, piece: str, how: str) -> str:
    pieces = f"{plain(name)}_pieces"
    if how == "plain":
        value = node.value if isinstance(node, (ast.Assign, ast.AugAssign)) else None
        ends = _sum(value) if value is not None else []
        if any(isinstance(each, (ast.List, ast.ListComp)) for each in ends):
            only = [each for each in ends if isinstance(each, ast.List)]
            if len(only) == 1 and len(only[0].elts) == 1:
                return f"{name}.append({text(only[0].elts[0])})"
            return f"{name}.extend({piece})"
        return (
            f"{pieces} = []  # before the loop\n{pieces}.append({piece})  # in the loop\n"
            f'{name} += "".join({pieces})  # after it; b"".join for bytes'
        )
    if how.endswith("concat"):
        return (
            f"{pieces} = [{name}]  # before the loop\n{pieces}.append({piece})  # in the loop\n"
            f"{name} = {how}({pieces}, ignore_index=True)  # after it"
        )
    if how.endswith(("append", "_")):
        how = f"{how.rpartition('.')[0]}.concatenate"
        piece = f"np.atleast_1d({piece})"
    return (
        f"{pieces} = [{name}]  # before the loop\n{pieces}.append({piece})  # in the loop\n"
        f"{name} = {how}({pieces})  # after it"
    )


def _rows(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find ``frame.loc[len(frame)] = row`` in a loop."""
    for node in model.walk(ast.Assign):
        assert isinstance(node, ast.Assign)
        target = node.targets[0]
        if not (
            isinstance(target, ast.Subscript)
            and isinstance(target.value, ast.Attribute)
            and target.value.attr in ("loc", "at")
            and model.repeats(node)
        ):
            continue
        name = path_of(target.value.value)
        key = target.slice.elts[0] if isinstance(target.slice, ast.Tuple) else target.slice
        if name is None:
            continue
        first, last = span(node)
        wish = Names(first, last, (name,), after=True)

        def judge(seen: Observations, wish: Names = wish, name: str = name) -> Sequence[str] | None:
            looked = seen[wish]
            last = looked.last(name)
            if last is None or looked.types(name) != {"pandas.DataFrame"}:
                return None
            lengths = [look["len"] for look in looked.looks[name]]
            if lengths[-1] < GROWN or lengths[-1] < 10 * max(1, lengths[0]):
                return None
            return (f"{name} grows to {count_of(lengths[-1])} rows, and is copied for each",)

        yield Candidate(
            "concat",
            f"collect the rows of {name} in a list",
            first,
            last,
            heat.share(first, last),
            (f"`{text(target)} = ...` enlarges a DataFrame by one row (key {text(key)})",),
            (wish,),
            judge,
            f"rows = []  # before the loop\nrows.append({text(node.value)})  # in the loop\n"
            f"{name} = pd.DataFrame(rows, columns={name}.columns)  # after it",
            20.0,
        )


def queue(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find a list that is used as a queue: its head comes and goes, and all others move."""
    for node, name, new in _head_moves(model):
        if not model.repeats(node):
            continue
        first, last = _spot(model, node, heat)
        wish = Names(first, last, (name,))
        sliced = any(
            isinstance(each, ast.Subscript)
            and isinstance(each.slice, ast.Slice)
            and (path_of(each.value) or "").rpartition(".")[2] == name.rpartition(".")[2]
            for each in model.walk(ast.Subscript)
        )

        def judge(seen: Observations, wish: Names = wish, name: str = name) -> Sequence[str] | None:
            looked = seen[wish]
            length = looked.longest(name)
            if looked.types(name) != {"list"} or length < QUEUE or looked.events < QUEUE:
                return None
            return (
                f"{name} is a list of up to {count_of(length)} elements, all of which move "
                f"at each of at least {count_of(looked.events)} steps",
            )

        yield Candidate(
            "deque",
            f"collections.deque for {name}",
            first,
            last,
            heat.share(first, last),
            (f"`{text(node)}` works at the head of a list",),
            (wish,),
            judge,
            f"from collections import deque\n{name} = deque({name})  # where {name} is made\n{new}",
            20.0,
            "itertools.islice instead of slices of it" if sliced else "nothing",
        )


def _head_moves(model: Model) -> Iterator[tuple[ast.AST, str, str]]:
    for node in model.walk((ast.Call, ast.Delete, ast.Assign)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            name = place_of(node.func.value)
            if name is None or not _is_one(node.args[0], 0):
                continue
            statement = model.statement(node)
            if node.func.attr == "pop" and len(node.args) == 1:
                yield node, name, _brief(statement, {node: expression(f"{name}.popleft()")})
            elif node.func.attr == "insert" and len(node.args) == 2:
                yield node, name, f"{name}.appendleft({text(node.args[1])})"
        elif isinstance(node, ast.Delete) and isinstance(node.targets[0], ast.Subscript):
            place = node.targets[0]
            name = place_of(place.value)
            is_head = _is_one(place.slice, 0) or (
                isinstance(place.slice, ast.Slice)
                and (place.slice.lower is None or _is_one(place.slice.lower, 0))
                and _is_one(place.slice.upper, 1)
            )
            if name is not None and is_head:
                yield node, name, f"{name}.popleft()"
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript):
            name = place_of(node.targets[0])
            cut = node.value.slice
            if (
                name is not None
                and place_of(node.value.value) == name
                and isinstance(cut, ast.Slice)
                and _is_one(cut.lower, 1)
                and cut.upper is None
                and cut.step is None
            ):
                yield node, name, f"{name}.popleft()"


def _brief(statement: ast.stmt, new: dict[ast.AST, ast.AST]) -> str:
    """Write a statement; of a compound one only the head."""
    if isinstance(statement, (ast.If, ast.While, ast.For, ast.With)):
        return text(statement, new).partition("\n")[0] + "\n    ..."
    return text(statement, new)


RULES = (membership, counter, growth, queue)
