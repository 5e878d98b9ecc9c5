"""The rule about calls that are made again with the same arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from manycore._advice.candidate import Candidate, Heat, count_of, span, text
from manycore._advice.observe import Calls, Observations
from manycore._advice.scopes import FUNCTIONS, Function, Model

CALLS = 50
"""Calls from which a cache pays."""

CHEAP = 1.5e-6
"""Seconds of a call under which a look-up costs as much."""

_VALUES = {
    "int",
    "float",
    "bool",
    "str",
    "bytes",
    "complex",
    "tuple",
    "frozenset",
    "NoneType",
    "range",
}


def repeated(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find a pure function that is called again and again with the same arguments."""
    for function in model.walk(FUNCTIONS):
        assert isinstance(function, FUNCTIONS)
        if function.decorator_list or not function.args.args or model.impurity(function):
            continue
        arguments = function.args
        if arguments.vararg or arguments.kwarg or _is_memo(function):
            continue
        if model.unsteady(function):
            continue
        calls = model.callers(function)
        if not any(model.repeats(call) for call in calls) and not _recurses(model, function):
            continue
        first, last = span(function)
        seconds = heat.seconds(function.body[0].lineno, last)
        wish = Calls(function.lineno, function.name)
        recurses = _recurses(model, function)

        def judge(
            seen: Observations,
            wish: Calls = wish,
            seconds: float = seconds,
            recurses: bool = recurses,
        ) -> Sequence[str] | None:
            looked = seen[wish]
            count, watched = looked.events, looked.watched
            if count < CALLS or looked.different < 1:
                return None
            # What a recursion repeats is a tree of calls, however cheap one is.
            if seconds / count < CHEAP and not recurses:
                return None
            if looked.different > 0.5 * watched:
                return None
            if not looked.types("return") <= _VALUES or not looked.types("return"):
                return None
            return (
                f"at least {count_of(watched)} calls with {count_of(looked.different)} "
                f"different arguments",
                f"{wish.name} is pure and returns a {sorted(looked.types('return'))[0]}",
            )

        outside = [call for call in calls if model.function_of(call) is not function]
        spots = [span(model.statement(call)) for call in outside if model.repeats(call)]
        spot = spots[0] if spots and not recurses else (first, last)
        statement = model.statement(outside[0]) if outside else None
        if isinstance(statement, (ast.For, ast.While, ast.With, ast.If)):
            spot = (first, last)
        yield Candidate(
            "cache",
            f"@functools.cache for {function.name}",
            *(spot if heat.share(*spot) else (first, last)),
            heat.share(function.body[0].lineno, last),
            (f"{function.name} depends on nothing but its arguments",),
            (wish,),
            judge,
            f"import functools\n\n@functools.cache\n{text(function)}",
            20.0,
            "memory for one result of each different argument",
        )


def _is_memo(function: Function) -> bool:
    return any(isinstance(each, (ast.Dict, ast.Call)) for each in function.args.defaults)


def _recurses(model: Model, function: Function) -> bool:
    return any(model.callee(node) is function for node in ast.walk(function))


RULES = (repeated,)
