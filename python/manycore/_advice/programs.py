"""The rule about external programs one after the other."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from manycore._advice.candidate import Candidate, Heat, count_of, span, text
from manycore._advice.observe import Calls, Names, Observations
from manycore._advice.rounds import (
    argument_names,
    cores,
    first_line,
    generator,
    is_parallel,
    result_is_apart,
)
from manycore._advice.scopes import (
    COMPREHENSIONS,
    Model,
    carried,
    loaded,
    path_of,
    stored,
    targets,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PROGRAMS = (
    "subprocess.run",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "subprocess.Popen",
    "os.system",
    "os.popen",
    "os.spawnlp",
)


def programs(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find external programs that are run one by one."""
    if is_parallel(model):
        return
    for call in model.calls:
        name = model.called(call)
        if name not in _PROGRAMS:
            continue
        place: ast.Call = call
        scope: ast.AST | None = None
        # In a loop, or in a function that is called from one.
        for _ in range(3):
            loops = model.loops(place)
            if loops:
                scope = (
                    loops[-1] if isinstance(loops[0], ast.While) and len(loops) == 1 else loops[0]
                )
                break
            function = model.function_of(place)
            callers = model.callers(function) if function is not None else []
            if function is not None and len(callers) != 1:
                mapped = [
                    each
                    for each in model.calls
                    if model.called(each) == "map"
                    and each.args
                    and model.own(each.args[0]) is function
                ]
                if mapped:
                    scope = place = mapped[0]
                break
            if not callers:
                break
            place = callers[0]
        if scope is None:
            continue
        if isinstance(scope, (ast.For, ast.AsyncFor, ast.While)) and (
            not result_is_apart(model, place, scope)
            or _feeds(model, place, scope)
            or _is_passed_on(place, scope)
        ):
            continue
        if any(
            isinstance(each, ast.Constant) and isinstance(each.value, str) and ">>" in each.value
            for each in ast.walk(call)
        ):
            continue  # all append to one file
        if name in ("subprocess.Popen", "os.popen") and not _is_waited_for(
            model, call, place, scope
        ):
            continue
        first, last = span(scope)
        if isinstance(scope, (ast.For, ast.AsyncFor, ast.While)):
            first, last = scope.lineno, last
        inner = model.function_of(call)
        wish = (
            Calls(first_line(inner), inner.name)
            if inner is not None and not model.loops(call)
            else Names(call.lineno, call.lineno, ())
        )

        handed = {path for each in ast.walk(call) if (path := path_of(each)) is not None}
        files = Names(*span(call), tuple(sorted(handed - set(model.aliases))))

        def judge(
            seen: Observations, wish: Calls | Names = wish, files: Names = files
        ) -> Sequence[str] | None:
            count = seen[wish].events
            if count < 3 or any(map(_is_rewritten, seen[files].looks.values())):
                return None
            return (f"{count_of(count)} programs, each started when the one before had ended",)

        command = text(call.args[0]) if call.args else "command"
        yield Candidate(
            "run-all",
            "mc.run_all starts the programs side by side",
            first,
            last,
            heat.share(first, last),
            (f"`{text(call)[:80]}` is waited for in each round",),
            (wish, files),
            judge,
            _all_programs(scope, command),
            cores(),
            "programs that do not need one another's results",
        )


def _is_rewritten(looks: Sequence[dict[str, Any]]) -> bool:
    """Tell whether a name stood for one file that each program, or the script, has changed."""
    versions = {tuple(look["version"]) for look in looks if "version" in look}
    return len(versions) > len({inode for inode, _, _ in versions})


def _all_programs(scope: ast.AST, command: str) -> str:
    if isinstance(scope, COMPREHENSIONS):
        generators = " ".join(generator(each) for each in scope.generators)
    elif isinstance(scope, (ast.For, ast.AsyncFor)):
        generators = f"for {text(scope.target)} in {text(scope.iter)}"
    else:
        generators = "for item in items"
    return (
        "import manycore as mc\n"
        f"commands = [{command} {generators}]\n"
        "done = mc.run_all(commands)  # in the order of the commands"
    )


def _feeds(model: Model, call: ast.Call, loop: ast.For | ast.AsyncFor | ast.While) -> bool:
    """Tell whether a name that the call reads is one that the round before has set."""
    result: set[str] = set()
    for node in ast.walk(loop):
        if isinstance(node, ast.Assign) and any(each is call for each in ast.walk(node.value)):
            result |= {name for each in node.targets for name in stored(each)}
    return bool(
        carried(loop)
        & argument_names(call)
        & (stored(loop) - targets(loop))
        & _derived(loop, result)
    )


def _is_passed_on(call: ast.Call, loop: ast.For | ast.AsyncFor | ast.While) -> bool:
    """Tell whether a call reads what the round before has named: a file, perhaps, that it made."""
    counted = {
        node.target.id
        for node in ast.walk(loop)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    }
    needs = argument_names(call)
    made = [
        node
        for node in ast.walk(loop)
        if isinstance(node, ast.Assign) and not any(each is call for each in ast.walk(node))
    ]
    for node in made * 3:
        if needs & set().union(*(stored(each) for each in node.targets)):
            needs |= loaded(node.value)
    return bool(needs & carried(loop) - counted)


def _derived(loop: ast.AST, names: set[str]) -> set[str]:
    found = set(names)
    for _ in range(3):
        for node in ast.walk(loop):
            if isinstance(node, ast.Assign) and loaded(node.value) & found:
                found |= {name for each in node.targets for name in stored(each)}
    return found


def _is_waited_for(model: Model, call: ast.Call, place: ast.Call, scope: ast.AST) -> bool:
    """Tell whether a program that is started is waited for before the next one starts."""
    if place is not call:
        function = model.function_of(call)
        return function is not None and _waits_inside(function)
    if isinstance(scope, COMPREHENSIONS):
        up = model.parents.get(call)
        return isinstance(up, ast.Attribute) and up.attr in ("communicate", "wait", "read")
    return _waits_inside(scope)


def _waits_inside(scope: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("communicate", "wait", "read", "readlines")
        for node in ast.walk(scope)
    )


RULES = (programs,)
