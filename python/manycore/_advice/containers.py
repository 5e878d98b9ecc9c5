"""Rules about containers: membership, growth, queues."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

from manycore._advice.candidate import Candidate, Heat, count_of, expression, span, text
from manycore._advice.observe import Names, Observations, Scans
from manycore._advice.scopes import (
    COMPREHENSIONS,
    FUNCTIONS,
    Function,
    Model,
    inside,
    loaded,
    path_of,
    place_of,
    root_of,
    same,
    targets,
)

LONG = 24
"""Elements from which a scan of a list costs more than a hash."""

SCANS = 4
"""Tests for membership that say how far such tests look."""

QUEUE = 200
"""Elements from which moving them all costs more than a deque's steps."""

GROWN = 60
"""Pieces from which growth by copies shows."""


def spot_of(model: Model, node: ast.AST, heat: Heat) -> tuple[int, int]:
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
    for node, left, scanned in _tests(model):
        if not model.repeats(node):
            continue
        names, kinds = _holder(model, scanned)
        scope = model.function_of(node) or model.tree
        if not names or any(_is_changed(scope, name) for name in names):
            continue
        loop = next(iter(model.loops(node)), None)
        if place_of(scanned) is None and loop is not None and targets(loop) & loaded(scanned):
            continue  # another one in each round
        first, last = spot_of(model, node, heat)
        wish = Names(first, last, (*names, *_left(left)))
        item = place_of(left)
        scans = tuple(Scans(first, last, item, each) for each in names if item is not None)

        def judge(
            seen: Observations,
            wish: Names = wish,
            names: tuple[str, ...] = names,
            kinds: frozenset[str] = kinds,
            scans: tuple[Scans, ...] = scans,
        ) -> Sequence[str] | None:
            looked = seen[wish]
            name = next((each for each in names if looked.looks.get(each)), names[0])
            length = looked.longest(name)
            last = looked.last(name)
            if last is None or not looked.types(name) <= kinds or length < LONG:
                return None
            if last.get("hashable") is False or looked.events < LONG:
                return None
            if len(last.get("shape", [1])) > 1 or last.get("dtype") == "object":
                return None
            if _is_fresh(looked.looks[name]):
                return None
            far = [
                look["value"] for each in scans for look in seen[each].looks.get(each.holder, [])
            ]
            if len(far) >= SCANS and sum(far) < LONG * len(far):
                return None  # what is looked for stands near the head
            if any(
                look["type"] in ("list", "dict", "set", "numpy.ndarray")
                for other in wish.names[len(names) :]
                for look in looked.looks.get(other, [])
            ):
                return None
            return (
                f"{name} is a {last['type']} of up to {count_of(length)} "
                f"elements, all of which a test may compare with",
                f"the test is made at least {count_of(looked.events)} times",
            )

        yield Candidate(
            "membership-set",
            f"a set for the test of membership in {text(scanned)}",
            first,
            last,
            heat.share(first, last),
            (f"`{text(node)}` in a loop",),
            (wish, *scans),
            judge,
            _hashed(model, node, left, scanned, names[0], scope),
            20.0,
            "elements with a hash; a set beside the list where the order matters",
        )


def _tests(model: Model) -> Iterator[tuple[ast.expr, ast.expr, ast.expr]]:
    """Return the tests for membership: the test, what is looked for, and in what."""
    for node in model.walk((ast.Compare, ast.Call)):
        if isinstance(node, ast.Compare):
            if isinstance(node.ops[0], (ast.In, ast.NotIn)) and len(node.ops) == 1:
                yield node, node.left, node.comparators[0]
        elif isinstance(node, ast.Call) and model.called(node) == "any" and node.args:
            # any(each == x for each in values)
            inner = node.args[0]
            if not (
                isinstance(inner, ast.GeneratorExp)
                and isinstance(inner.elt, ast.Compare)
                and isinstance(inner.elt.ops[0], ast.Eq)
                and len(inner.generators) == 1
                and not inner.generators[0].ifs
            ):
                continue
            sides = [inner.elt.left, inner.elt.comparators[0]]
            for own, other in (sides, sides[::-1]):
                is_element = path_of(own) is not None and root_of(own) in targets(inner)
                if is_element and not targets(inner) & loaded(other):
                    yield node, other, inner.generators[0].iter


def _holder(model: Model, node: ast.expr) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the places that may hold what a test scans, and the types of which it is slow."""
    sequences = frozenset(("list", "tuple", "collections.deque", "numpy.ndarray"))
    tables = frozenset(("numpy.ndarray", "pandas.Series"))
    place = place_of(node)
    if isinstance(node, ast.Attribute) and node.attr in ("values", "array") and place is not None:
        inner = place_of(node.value)
        return ((place,) if inner is None else (place, inner)), sequences | {"pandas.Series"}
    if place is not None:
        return (place,), sequences
    inner_place: str | None = None
    kinds = sequences
    if isinstance(node, ast.Call) and model.called(node) in ("list", "tuple", "sorted"):
        if len(node.args) == 1:
            inner_place = place_of(node.args[0])
            kinds = sequences | tables | {"set", "frozenset", "dict"}
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        inner_place = place_of(node.func.value)
        kinds = frozenset(("dict",)) if node.func.attr == "values" else frozenset()
        if node.func.attr in ("tolist", "to_list", "to_numpy", "unique"):
            kinds = tables
    elif isinstance(node, ast.ListComp) and len(node.generators) == 1:
        inner_place = place_of(node.generators[0].iter)
        kinds = sequences | {"set", "frozenset", "dict", "pandas.Series"}
    return (() if inner_place is None or not kinds else (inner_place,)), kinds


def _is_changed(scope: ast.AST, name: str) -> bool:
    """Tell whether elements of a list go, move or are others: a set beside it would not follow."""
    for node in inside(scope):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and place_of(node.func.value) == name
            and node.func.attr in ("remove", "pop", "popleft", "insert", "sort", "clear", "rotate")
        ):
            return True
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, (ast.Store, ast.Del))
            and place_of(node.value) == name
        ):
            return True
    return False


def _is_fresh(looks: Sequence[dict[str, object]]) -> bool:
    """Tell whether each test is in another list, so that its set would serve but once."""
    known = [look["same"] for look in looks[1:] if "same" in look]
    lengths = [int(str(look.get("len", 0))) for look in looks]
    grows = lengths[-1] >= 2 * max(1, lengths[0])
    return len(known) > 2 and not any(known) and not grows


def _hashed(
    model: Model, node: ast.expr, left: ast.expr, scanned: ast.expr, name: str, scope: ast.AST
) -> str:
    """Write the statement of a test with a set."""
    hashed = plain(name) + "_set"
    test = expression(f"{text(left)} in {hashed}")
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.NotIn):
        test = expression(f"{text(left)} not in {hashed}")
    values = text(scanned)
    if isinstance(node, ast.Call):
        inner = node.args[0]
        assert isinstance(inner, ast.GeneratorExp)
        assert isinstance(inner.elt, ast.Compare)
        own = inner.elt.left if same(inner.elt.comparators[0], left) else inner.elt.comparators[0]
        if not isinstance(own, ast.Name):
            values = f"{text(own)} for {text(inner.generators[0].target)} in {values}"
    after = f"{hashed} = set({values})  # before the loop\n"
    after += _brief(model.statement(node), {node: test})
    adds = [
        f"{hashed}.{'add' if call.func.attr == 'append' else 'update'}({text(call.args[0])})"
        for call in inside(scope)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and place_of(call.func.value) == name
        and call.func.attr in ("append", "extend")
        and call.args
    ]
    return after + (f"\n{adds[0]}  # wherever {name} grows" if adds else "")


def plain(name: str) -> str:
    """Write a place as a name."""
    return "".join(each if each.isalnum() else "_" for each in name).strip("_")


def _left(node: ast.expr) -> tuple[str, ...]:
    name = path_of(node)
    return () if name is None else (name,)


def is_one(node: ast.AST | None, value: int) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value == value


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
        needed = _is_needed(model, node, name)
        first, last = span(node)
        wish = Names(first, last, (name,), after=True)

        def judge(
            seen: Observations,
            wish: Names = wish,
            name: str = name,
            kinds: set[str] = kinds,
            is_array: bool = is_array,
            needed: bool = needed,
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
            if needed and last["type"] != "list":
                return None  # what it has grown to is read in each round
            if last["type"].startswith("pandas."):
                size = "len"
            sizes = [int(look.get(size) or look.get("len", 0)) for look in looked.looks[name]]
            # It must have grown step by step, all through the loop.
            grown = sum(one < other for one, other in pairwise(sizes))
            if max(sizes) < 20 * max(1, sizes[0]) and max(sizes) < 20 * min(sizes[1:] or [1]):
                return None
            if grown < 0.6 * (len(sizes) - 1) or max(sizes) < GROWN:
                return None
            unit = "bytes" if size == "nbytes" else "elements"
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
    yield from _folds(model, heat)
    for function in model.walk(FUNCTIONS):
        assert isinstance(function, FUNCTIONS)
        if any(model.repeats(call) for call in model.callers(function)):
            yield from _carried_growth(model, heat, function, False)


def _folds(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find ``sum(lists, [])`` and ``reduce`` with a function that joins two."""
    for node in model.calls:
        called = model.called(node)
        if called == "sum" and len(node.args) == 2:
            if not isinstance(node.args[1], (ast.List, ast.Tuple)):
                continue
            technique, values = "list-append", node.args[0]
            after = f"from itertools import chain\nlist(chain.from_iterable({text(values)}))"
        elif called == "functools.reduce" and len(node.args) >= 2:
            way, values = node.args[0], node.args[1]
            inner = way.body if isinstance(way, ast.Lambda) else way
            joins = model.dotted(inner.func if isinstance(inner, ast.Call) else inner) or ""
            if joins in ("operator.add", "operator.concat", "operator.iadd") or (
                isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add)
            ):
                technique = "list-append"
                after = f"from itertools import chain\nlist(chain.from_iterable({text(values)}))"
            elif joins in _GROWERS:
                technique, after = _GROWERS[joins], f"{joins}(list({text(values)}))"
            else:
                yield from _carried_growth(model, heat, model.handed(way), True)
                continue
        else:
            continue
        first, last = spot_of(model, node, heat)
        name = path_of(values)
        if name is None:
            continue
        wish = Names(first, last, (name,))

        def judge(seen: Observations, wish: Names = wish, name: str = name) -> Sequence[str] | None:
            look = seen[wish].last(name) or {}
            kinds = ("list", "tuple", "str", "bytes", "numpy.ndarray", "pandas.DataFrame")
            if look.get("len", 0) < GROWN or look.get("element") not in kinds:
                return None
            return (f"{name} has {count_of(look['len'])} pieces: all before are copied for each",)

        yield Candidate(
            technique,
            f"join {name} at once",
            first,
            last,
            heat.share(first, last),
            (f"`{text(node)[:80]}` makes a new object for each piece",),
            (wish,),
            judge,
            after,
            10.0,
        )


_JOINED = {"list", "tuple", "numpy.ndarray", "pandas.DataFrame", "pandas.Series"}


def _carried_growth(
    model: Model, heat: Heat, function: Function | None, is_reduced: bool
) -> Iterator[Candidate]:
    """Find ``return values + (piece,)``, which the next call gets: what is carried is copied."""
    for node in () if function is None else inside(function):
        found = _joined(model, node)
        if found is None or not isinstance(model.statement(node), ast.Return):
            continue
        if not is_reduced and found[0] != "list-append":
            continue  # what joins arrays may need the whole in each round
        technique, name, pieces = found
        first, last = span(model.statement(node))
        wish = Names(first, last, (name,))

        def judge(seen: Observations, wish: Names = wish, name: str = name) -> Sequence[str] | None:
            looked = seen[wish]
            length = looked.longest(name)
            if not looked.types(name) <= _JOINED or length < GROWN:
                return None
            lengths = [look.get("len", 0) for look in looked.looks[name]]
            drops = sum(new < old for old, new in pairwise(lengths))
            if 4 * drops > len(lengths) or looked.events < GROWN:  # what begins anew may drop
                return None
            return (
                f"{name} grows to at least {count_of(length)} elements, "
                f"all of which each of {count_of(looked.events)} steps copies",
            )

        piece = text(pieces[0]) if len(pieces) == 1 else ", ".join(map(text, pieces)).join("[]")
        verb = "append" if len(pieces) == 1 else "extend"
        last_step = "" if technique == "list-append" else f"\n{name} = {text(node.func)}({name})"  # type: ignore[attr-defined]
        yield Candidate(
            technique,
            f"a loop that appends to {name}",
            first,
            last,
            heat.share(first, last),
            (f"`{text(node)}` makes a new object for each piece",),
            (wish,),
            judge,
            f"{name} = []  # before a loop instead of reduce\n"
            f"{name}.{verb}({piece})  # in the loop{last_step}",
            10.0,
        )


def _joined(model: Model, node: ast.AST) -> tuple[str, str, list[ast.expr]] | None:
    """Match what joins pieces to a name's end: the technique, the name and the pieces."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        technique, whole = "list-append", node.left
        pieces = node.right.elts if isinstance(node.right, (ast.Tuple, ast.List)) else []
    elif isinstance(node, (ast.Tuple, ast.List)) and isinstance(
        node.elts[0] if node.elts else None, ast.Starred
    ):
        first = node.elts[0]
        assert isinstance(first, ast.Starred)
        technique, whole, pieces = "list-append", first.value, node.elts[1:]
    elif model.called(node) in _GROWERS and isinstance(node, ast.Call) and node.args:
        parts = node.args[0].elts if isinstance(node.args[0], (ast.Tuple, ast.List)) else node.args
        technique, whole, pieces = _GROWERS[model.called(node)], parts[0], parts[1:]
    else:
        return None
    name = path_of(whole)
    return (technique, name, pieces) if name is not None and pieces else None


def _is_needed(model: Model, node: ast.stmt, name: str) -> bool:
    """Tell whether a round reads what has grown so far, its length and last element apart."""
    loop = next(iter(model.loops(node)), None)
    if not isinstance(loop, (ast.For, ast.While)):
        return False
    grows = {id(each) for each in ast.walk(node)}
    for each in ast.walk(loop):
        if id(each) in grows or place_of(each) != name:
            continue
        up = model.parents[each]
        if isinstance(up, (ast.Subscript, ast.Attribute)) and isinstance(up.ctx, ast.Load):
            small = isinstance(up, ast.Attribute) and up.attr in ("shape", "size", "empty")
            if small or (isinstance(up, ast.Subscript) and not isinstance(up.slice, ast.Slice)):
                continue
        is_read = isinstance(getattr(each, "ctx", None), ast.Load)
        if is_read and model.called(up) != "len" and not isinstance(up, (ast.Compare, ast.If)):
            return True
    return False


def _growth(
    model: Model, node: ast.Assign | ast.AugAssign, target: ast.expr
) -> tuple[str, str, str] | None:
    """Match ``x = x + piece``: the technique, the piece and the function that joins."""
    if isinstance(node, ast.AugAssign):
        if isinstance(node.op, ast.Add) and not _is_number(node.value):
            return "list-append", text(node.value), "plain"
        return None
    value = node.value
    if isinstance(value, ast.IfExp):
        ways = (ast.Assign([target], each) for each in (value.body, value.orelse))
        return next((found for each in ways if (found := _growth(model, each, target))), None)
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
        if not model.repeats(node) or _is_ordered(model, name):
            continue
        first, last = spot_of(model, node, heat)
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


def _is_ordered(model: Model, name: str) -> bool:
    """Tell whether a list is sorted, searched by halves or a heap: a deque can't be."""
    own = name.rpartition(".")[2]
    for call in model.calls:
        called = model.called(call)
        if called.startswith(("bisect.", "heapq.")) and call.args:
            holder = call.args[0]
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "sort":
            holder = call.func.value
        else:
            continue
        if (path_of(holder) or "").rpartition(".")[2] == own:
            return True
    return False


def _head_moves(model: Model) -> Iterator[tuple[ast.AST, str, str]]:
    """Return what takes or puts the head of a list: where, of which list, and a deque's step."""
    for node in model.walk((ast.Call, ast.Delete, ast.Assign)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            yield from _head_calls(model, node, node.func)
        elif isinstance(node, ast.Delete):
            for place in node.targets:
                name = place_of(place.value) if isinstance(place, ast.Subscript) else None
                if name is not None and _is_first(place.slice):  # type: ignore[attr-defined]
                    yield node, name, f"{name}.popleft()"
        elif isinstance(node, ast.Assign):
            for target, value in _pairs(node):
                name = place_of(target)
                if isinstance(target, ast.Subscript) and _is_before(target.slice):
                    name = place_of(target.value)
                    if name is not None:
                        yield node, name, f"{name}.extendleft(reversed({text(value)}))"
                elif name is not None and _is_rest(value, name):
                    yield node, name, f"{name}.popleft()"
                elif name is not None and (new := _slid(value, name)) is not None:
                    yield node, name, new


def _slid(value: ast.expr, name: str) -> str | None:
    """Match a window that moves by one: ``name[1:] + [x]``; return a deque's steps."""
    if not (
        isinstance(value, ast.BinOp)
        and isinstance(value.op, ast.Add)
        and isinstance(value.right, ast.List)
        and _is_rest(value.left, name)
        and len(value.right.elts) == 1
    ):
        return None
    return f"{name}.popleft()\n{name}.append({text(value.right.elts[0])})"


def _head_calls(
    model: Model, node: ast.Call, called: ast.Attribute
) -> Iterator[tuple[ast.AST, str, str]]:
    """Return a method's step at the head of a list; ``(a if x else b).pop(0)`` is of both."""
    holder = called.value
    for each in (holder.body, holder.orelse) if isinstance(holder, ast.IfExp) else (holder,):
        name = place_of(each)
        if name is None:
            continue
        statement = model.statement(node)
        method, first = called.attr, node.args[0]
        if method == "pop" and len(node.args) == 1 and is_one(first, 0):
            yield node, name, _brief(statement, {node: expression(f"{name}.popleft()")})
        elif method == "insert" and len(node.args) == 2 and is_one(first, 0):
            yield node, name, f"{text(each)}.appendleft({text(node.args[1])})"
        elif method == "remove" and _is_head(model, first, name):
            yield node, name, f"{name}.popleft()"


def _pairs(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Return the targets of an assignment and their values; of ``a, *b = b``, ``b[1:]``."""
    target, value = node.targets[0], node.value
    if not isinstance(target, (ast.Tuple, ast.List)):
        yield target, value
    elif isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
        yield from zip(target.elts, value.elts, strict=True)
    elif len(target.elts) == 2 and isinstance(target.elts[1], ast.Starred):
        yield target.elts[1].value, expression(f"({text(value)})[1:]")


def _is_first(cut: ast.expr) -> bool:
    """Tell whether an index stands for the first element alone: ``0``, ``:1``."""
    if isinstance(cut, ast.Slice):
        return (cut.lower is None or is_one(cut.lower, 0)) and is_one(cut.upper, 1)
    return is_one(cut, 0)


def _is_before(cut: ast.expr) -> bool:
    """Tell whether a slice is the empty one before the first element: ``:0``, ``0:0``."""
    return (
        isinstance(cut, ast.Slice)
        and (cut.lower is None or is_one(cut.lower, 0))
        and is_one(cut.upper, 0)
    )


def _is_rest(value: ast.expr, name: str) -> bool:
    """Tell whether a value is the list without its first element: ``name[1:]``."""
    return (
        isinstance(value, ast.Subscript)
        and place_of(value.value) == name
        and isinstance(value.slice, ast.Slice)
        and is_one(value.slice.lower, 1)
        and value.slice.upper is None
        and value.slice.step is None
    )


def _is_head(model: Model, value: ast.expr, name: str) -> bool:
    """Tell whether a value is ``name[0]``, also by the name that the line before gives it."""
    if isinstance(value, ast.Name):
        block = model.block(model.statement(value))
        values = [
            each.value
            for each in block[: block.index(model.statement(value))]
            if isinstance(each, ast.Assign) and path_of(each.targets[0]) == value.id
        ]
        value = values[-1] if values else value
    return (
        isinstance(value, ast.Subscript)
        and place_of(value.value) == name
        and is_one(value.slice, 0)
    )


def _brief(statement: ast.stmt, new: dict[ast.AST, ast.AST]) -> str:
    """Write a statement; of a compound one only the head."""
    if isinstance(statement, (ast.If, ast.While, ast.For, ast.With)):
        return text(statement, new).partition("\n")[0] + "\n    ..."
    return text(statement, new)


RULES = (membership, growth, queue)
