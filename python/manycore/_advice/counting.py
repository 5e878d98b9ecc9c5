"""The rule about counting by hand."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from manycore._advice.candidate import Candidate, Heat, count_of, expression, span, text
from manycore._advice.containers import QUEUE, is_one, plain, spot_of
from manycore._advice.observe import Names, Observations
from manycore._advice.scopes import (
    FUNCTIONS,
    Function,
    Model,
    inside,
    path_of,
    place_of,
    same,
    stored,
    targets,
)

COUNTED = 1000
"""Counts from which counting in C shows."""

_Step = ast.For | ast.While | Function


def _counts(node: ast.stmt, block: list[ast.stmt]) -> tuple[ast.Subscript, list[ast.stmt]] | None:
    """Match a statement that counts; return the counter's place and all statements of it."""
    # d[k] = d.get(k, 0) + 1
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        place = node.targets[0]
        value = node.value
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
            for get, one in ((value.left, value.right), (value.right, value.left)):
                if (
                    is_one(one, 1)
                    and isinstance(get, ast.Call)
                    and isinstance(get.func, ast.Attribute)
                    and get.func.attr in ("get", "setdefault")
                    and len(get.args) == 2
                    and is_one(get.args[1], 0)
                    and same(get.func.value, place.value)
                    and same(get.args[0], place.slice)
                ):
                    return place, [node]
                if is_one(one, 1) and isinstance(get, ast.Subscript) and same(get, place):
                    return place, [node]
        # d[k] = d[k] + 1 if k in d else 1, or the other way round
        if isinstance(value, ast.IfExp):
            for more, one in ((value.body, value.orelse), (value.orelse, value.body)):
                if (
                    is_one(one, 1)
                    and isinstance(more, ast.BinOp)
                    and isinstance(more.op, ast.Add)
                    and is_one(more.right, 1)
                    and same(more.left, place)
                ):
                    return place, [node]
    # if k in d: d[k] += 1, else: d[k] = 1, or the other way round
    if isinstance(node, ast.If) and len(node.body) == 1:
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
            isinstance(each, ast.Assign) and is_one(each.value, 0) and same(each.targets[0], place)
        )
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr == "setdefault"
        and same(node.value.func.value, place.value)
    )


def _plus_one(node: ast.stmt) -> ast.Subscript | None:
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add) and is_one(node.value, 1):
        return node.target if isinstance(node.target, ast.Subscript) else None
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        place, value = node.targets[0], node.value
        if not (isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add)):
            return None
        return place if same(value.left, place) and is_one(value.right, 1) else None
    return None


def _set_one(node: ast.stmt) -> ast.Subscript | None:
    if (
        isinstance(node, ast.Assign)
        and is_one(node.value, 1)
        and isinstance(node.targets[0], ast.Subscript)
    ):
        return node.targets[0]
    return None


def counter(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find counting by hand."""
    for step, spot, around in _steps(model):
        for statement, block in _in_branches(step.body):
            found = _counts(statement, block)
            if found is not None:
                yield from _counting(model, heat, step, spot, around, *found)
    yield from _count_in_list(model, heat)


def _steps(model: Model) -> Iterator[tuple[_Step, ast.AST, list[ast.stmt]]]:
    """Return what may count in each round: its lines to be named, and the round's statements."""
    for loop in model.walk((ast.For, ast.While)):
        assert isinstance(loop, (ast.For, ast.While))
        yield loop, loop, loop.body
    for function in model.walk(FUNCTIONS):
        assert isinstance(function, FUNCTIONS)
        for call in model.callers(function):
            outer = next(iter(model.loops(call)), None)
            if isinstance(outer, (ast.For, ast.While)) and isinstance(
                model.parents[call], ast.Expr
            ):
                yield function, call, [*function.body, *outer.body]
                break


def _counting(
    model: Model,
    heat: Heat,
    step: _Step,
    spot: ast.AST,
    around: list[ast.stmt],
    place: ast.Subscript,
    statements: list[ast.stmt],
) -> Iterator[Candidate]:
    """Judge statements that count in a place, in a loop or in a function called from one."""
    name = place_of(place.value)
    bound = stored(step) if not isinstance(step, FUNCTIONS) else stored(ast.Module(step.body, []))
    if isinstance(step, FUNCTIONS):
        bound |= {each.arg for each in step.args.args}
    keys = {each.id for each in ast.walk(place.slice) if isinstance(each, ast.Name)}
    if name is None or not bound & keys:
        return
    counted = {id(each) for whole in statements for each in ast.walk(whole)}
    if any(
        _last(each) == name.rpartition(".")[2] and id(each) not in counted
        for other in around
        for each in ast.walk(other)
    ):
        return  # the count so far is used: a Counter at the end is not the same
    function = model.function_of(place)
    if function is not None and name.partition(".")[0] not in model.local_names(function):
        # It lives on between the calls of the function, which must not look at it.
        uses = (each for each in inside(function) if id(each) not in counted)
        if any(_is_use(model, each, name) for each in uses):
            return
    # In a branch: the rest of the branch and its test are the others.
    others = [each for each in step.body if each not in statements and not _is_docstring(each)]
    # The rest of the loop stays: only the counting itself becomes faster.
    lines = (statements[0].lineno, span(statements[-1])[1]) if others else span(spot)
    own = statements[0].lineno, span(statements[-1])[1]
    wish = Names(*own, (name,))
    # What the loop goes over may take longer to come than to be counted.
    is_cold = heat.share(*own) < 0.4 * heat.share(*lines)

    def judge(seen: Observations) -> Sequence[str] | None:
        looked = seen[wish]
        if looked.events < COUNTED or is_cold:
            return None
        if not looked.types(name) <= {"dict", "collections.defaultdict"}:
            return None
        return (f"{name} is a dict that counts at least {count_of(looked.events)} times",)

    yield Candidate(
        "counter",
        f"collections.Counter for {name}",
        *lines,
        heat.share(*lines),
        ("a dictionary is counted up one by one in Python",),
        (wish,),
        judge,
        _counted(model, step, place, others),
        3.0,
    )


def _is_use(model: Model, node: ast.AST, name: str) -> bool:
    """Tell whether a node reads a dictionary's counts, or sets them to something else."""
    if isinstance(node, ast.Subscript):
        return place_of(node.value) == name
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return place_of(node.func.value) == name
    return False


def _last(node: ast.AST) -> str | None:
    """Return the last part of a place's name."""
    name = place_of(node)
    return None if name is None else name.rpartition(".")[2]


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _in_branches(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, list[ast.stmt]]]:
    """Return the statements of a loop's round, those in its branches too, and their blocks."""
    for each in body:
        yield each, body
        if isinstance(each, ast.If):
            yield from _in_branches(each.body)
            yield from _in_branches(each.orelse)


def _counted(model: Model, loop: _Step, place: ast.Subscript, others: list[ast.stmt]) -> str:
    name, key = text(place.value), text(place.slice)
    if not isinstance(loop, ast.For):
        return f"from collections import Counter\n{name}.update(keys)  # all {key} at once"
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


def _counted_in(model: Model, call: ast.Call) -> tuple[str, ast.expr] | None:
    """
    Match what counts the elements that are equal to a key: where, and the key.

    ``values.count(key)``, ``sum(each == key for each in values)`` and with 1 or a list.
    """
    if isinstance(call.func, ast.Attribute) and call.func.attr == "count" and len(call.args) == 1:
        name = path_of(call.func.value)
        return None if name is None else (name, call.args[0])
    if model.called(call) not in ("sum", "len") or len(call.args) != 1:
        return None
    inner = call.args[0]
    if not isinstance(inner, (ast.GeneratorExp, ast.ListComp)) or len(inner.generators) != 1:
        return None
    generator = inner.generators[0]
    test = generator.ifs[0] if len(generator.ifs) == 1 else inner.elt
    name = path_of(generator.iter)
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq) or name is None:
        return None
    sides = [test.left, test.comparators[0]]
    keys = [each for each in sides if not same(each, generator.target)]
    return (name, keys[0]) if len(keys) == 1 else None


def _count_in_list(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find a pass over all values for the count of one after the other."""
    for node in model.calls:
        found = _counted_in(model, node)
        loops = model.loops(node)
        if found is None or not loops:
            continue
        name, key = found
        if name in {each for loop in loops for each in targets(loop)}:
            continue
        if not targets(loops[0]) & {n.id for n in ast.walk(key) if isinstance(n, ast.Name)}:
            continue
        first, last = spot_of(model, node, heat)
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


RULES = (counter,)
