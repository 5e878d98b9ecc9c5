"""The rule about calls that run side by side in processes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from manycore._advice.candidate import Candidate, Heat, count_of, span, text
from manycore._advice.observe import Calls, Names, Observations
from manycore._advice.rounds import (
    SAVED,
    cores,
    first_line,
    higher_calls,
    is_by_item,
    is_parallel,
    repeated_calls,
    side_by_side,
)
from manycore._advice.scopes import (
    COMPREHENSIONS,
    FUNCTIONS,
    Function,
    Loop,
    Model,
    inside,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


CALL = 4e-5
"""Seconds of a call from which it is worth the way to another process."""

BATCH = 1e-2
"""Seconds of one round of calls from which its way to the processes pays."""

PICKLED = {"float": 1.3e9, "int": 7e8, "tuple": 4e8, "": 3e8}
"""Bytes in memory of lists that are pickled and unpickled in a second, by their elements."""

WAY = 0.35
"""Share of a call's time that the way of its data may take."""


def pool(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find a pure, slow function that is called for one item after the other."""
    if is_parallel(model):
        return
    for call, function, loop in repeated_calls(model):
        if _is_apart(model, function) and is_by_item(model, call, loop):
            found = _pool(model, heat, call, function, loop)
            if found is not None:
                yield found
    for call, value in higher_calls(model):
        own = model.handed(value)
        if own is not None and _is_apart(model, own):
            found = _mapped(model, heat, call, value, own)
            if found is not None:
                yield found


def _is_apart(model: Model, function: Function) -> bool:
    """Tell whether calls of a function may run in any order, in processes that use one core."""
    return not (
        model.impurity(function)
        or model.unsteady(function)
        or any(
            (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult))
            or "linalg" in model.called(node)  # BLAS has threads of its own
            for node in inside(function)
        )
    )


def _rounds(model: Model, node: ast.AST) -> tuple[Names | Calls, ...]:
    """Return what to count to know how often a node's statement runs; nothing if it runs once."""
    loop = next(iter(model.loops(node)), None)
    if isinstance(loop, (ast.For, ast.AsyncFor, ast.While)):
        simple = (each for each in loop.body if not isinstance(each, (ast.For, ast.While)))
        line = next(simple, loop.body[0]).lineno
        return (Names(line, line, ()),)
    function = model.function_of(node)
    if function is None or any(isinstance(e, (ast.Yield, ast.YieldFrom)) for e in inside(function)):
        return ()  # a generator's frame is called for each of its values
    return (Calls(first_line(function), function.name),)


def _sending(look: dict[str, Any]) -> float:
    """Return the seconds that a value takes to be pickled and unpickled, if it can be."""
    if not look.get("sends", True):
        return float("inf")
    rate: float = PICKLED.get(look.get("element", ""), PICKLED[""])
    size: int = look.get("bytes", 0)
    return size / rate


def _judge_calls(
    wish: Calls, seconds: float, seen: Observations, rounds: tuple[Names | Calls, ...]
) -> Sequence[str] | None:
    looked = seen[wish]
    count = looked.events
    if count < 8 or seconds / count < CALL:
        return None
    if seconds / max([1, *(seen[each].events for each in rounds)]) < BATCH:
        return None  # the way to the processes and back is as long as a round
    if 0 < looked.different < 0.5 * looked.watched:
        return None  # repeated: a cache does more
    way = 0.0
    for looks in looked.looks.values():
        if any(look.get("nbytes", 0) > 1 << 20 for look in looks):
            return None  # the way of the data costs more than it brings
        way += max(map(_sending, looks), default=0.0)
    if way > WAY * seconds / count:
        return None
    return (
        f"{count_of(count)} calls of about {seconds / count * 1e3:.2g} ms each; "
        "none needs what another leaves",
    )


def _pool(
    model: Model, heat: Heat, call: ast.Call, function: Function, loop: Loop
) -> Candidate | None:
    first, last = span(loop)
    inner = span(model.statement(call)) if not isinstance(loop, COMPREHENSIONS) else (first, last)
    body = function.body[0].lineno, span(function)[1]
    seconds = min(heat.seconds(*inner), heat.seconds(*body))
    if seconds < SAVED or heat.share(*inner) < 0.4:
        return None
    wish = Calls(first_line(function), function.name)
    rounds = _rounds(model, loop)

    def judge(seen: Observations) -> Sequence[str] | None:
        return _judge_calls(wish, seconds, seen, rounds)

    return Candidate(
        "pool",
        f"{function.name} on all cores with mc.Pool",
        inner[0],
        inner[1],
        heat.share(*inner),
        (f"{function.name} is pure: it changes nothing, reads no clock, file or random number",),
        (wish, *rounds),
        judge,
        side_by_side(model, call, function, loop, "pool"),
        cores(),
        "functions and data that can be pickled, and a __main__ guard",
    )


def _mapped(
    model: Model, heat: Heat, call: ast.Call, value: ast.expr, function: Function
) -> Candidate | None:
    first, last = span(model.statement(call))
    if isinstance(model.statement(call), (ast.With, *FUNCTIONS, ast.For)):
        first, last = span(call)
    # Of the function alone: the rest of the statement may be busy too, and `map` is lazy.
    body = function.body[0].lineno, span(function)[1]
    seconds = heat.seconds(*body)
    if seconds < SAVED or heat.share(*body) < 0.4:
        return None
    calls = Calls(first_line(function), function.name)
    rounds = _rounds(model, call)

    def judge(seen: Observations) -> Sequence[str] | None:
        return _judge_calls(calls, seconds, seen, rounds)

    items = ", ".join(text(each) for each in (call.args[1:] if value in call.args else call.args))
    how = "starmap" if model.called(call) == "itertools.starmap" or "," in items else "map"
    results = f"results = pool.{how}({text(value)}, {items or 'items'})"
    if "," in items:
        results = f"results = pool.starmap({text(value)}, zip({items}))"
    return Candidate(
        "pool",
        f"{function.name} on all cores with mc.Pool",
        first,
        last,
        heat.share(*body),
        (f"{function.name} is pure: it changes nothing, reads no clock, file or random number",),
        (calls, *rounds),
        judge,
        f"import manycore as mc\nwith mc.Pool() as pool:\n    {results}",
        cores(),
        "functions and data that can be pickled, and a __main__ guard",
    )


RULES = (pool,)
