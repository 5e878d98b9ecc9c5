"""The rule about calls that are made again with the same arguments."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from manycore._advice.candidate import Candidate, Heat, count_of, expression, span, text
from manycore._advice.observe import Calls, Observations
from manycore._advice.rounds import first_line
from manycore._advice.scopes import FUNCTIONS, Function, Model, path_of, words

CALLS = 50
"""Calls from which a cache pays."""

CHEAP = 1.5e-6
"""Seconds of a call under which a look-up costs as much."""

_VALUES = {
    "datetime.date",
    "datetime.datetime",
    "datetime.timedelta",
    "decimal.Decimal",
    "fractions.Fraction",
    "numpy.float64",
    "numpy.int64",
    "numpy.bool",
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
        static = [path_of(each) for each in function.decorator_list] in ([], ["staticmethod"])
        if not static or not function.args.args or model.impurity(function):
            continue
        arguments = function.args
        if arguments.vararg or arguments.kwarg or _is_memo(function):
            continue
        if model.unsteady(function):
            continue
        calls = model.callers(function)
        if not (
            any(model.repeats(call) for call in calls)
            or _recurses(model, function)
            or model.is_handed(function)
        ):
            continue
        first, last = span(function)
        seconds = heat.seconds(function.body[0].lineno, last)
        wish = Calls(first_line(function), function.name)
        recurses = _recurses(model, function)

        def judge(
            seen: Observations,
            wish: Calls = wish,
            seconds: float = seconds,
            recurses: bool = recurses,
            kept: bool = not model.is_handed(function)
            and all(_is_only_read(model, call) for call in calls),
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
            results = looked.types("return")
            if not results or not results <= (_VALUES | _SHARED if kept else _VALUES):
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
            f"import functools\n\n{text(_cached(function))}",
            20.0,
            "memory for one result of each different argument",
        )


def _cached(function: Function) -> Function:
    """Return a function with `cache` next to it, within what else decorates it."""
    decorated = copy.copy(function)
    decorated.decorator_list = [*function.decorator_list, expression("functools.cache")]
    return decorated


def _is_only_read(model: Model, call: ast.Call) -> bool:
    """Tell whether what a call returns is read where it stands, or by a name, and goes nowhere."""
    up = model.parents[call]
    if isinstance(up, ast.Subscript):
        return up.value is call and isinstance(up.ctx, ast.Load)
    if isinstance(up, (ast.For, ast.comprehension)):
        return True
    if isinstance(up, ast.Call):
        return call in up.args and model.called(up) in _READERS
    function = model.function_of(call)
    if not isinstance(up, ast.Assign) or len(up.targets) != 1 or function is None:
        return False
    target = up.targets[0]
    if not isinstance(target, ast.Name):
        return False
    uses = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id == target.id and node is not target
    ]
    return all(
        (
            isinstance(
                model.parents[node], (ast.For, ast.comprehension, ast.Subscript, ast.Compare)
            )
            and isinstance(getattr(model.parents[node], "ctx", ast.Load()), ast.Load)
        )
        or model.called(model.parents[node]) in _READERS
        for node in uses
    )


_READERS = words("len sum min max sorted any all enumerate zip map filter list tuple set dict")

_SHARED = words("list dict set numpy.ndarray")
"""What may be kept where nobody changes it: all callers get the same one."""


def _is_memo(function: Function) -> bool:
    return any(isinstance(each, (ast.Dict, ast.Call)) for each in function.args.defaults)


def _recurses(model: Model, function: Function) -> bool:
    return any(model.callee(node) is function for node in ast.walk(function))


RULES = (repeated,)
