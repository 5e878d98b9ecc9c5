"""Rounds of a loop that may run side by side: what they take, share and leave."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from manycore._advice.candidate import expression, text
from manycore._advice.scopes import (
    COMPREHENSIONS,
    MUTATORS,
    Function,
    Loop,
    Model,
    carried,
    changed,
    changes,
    loaded,
    path_of,
    reads,
    stored,
    targets,
)

SAVED = 0.15
"""Seconds from which work is worth the start of processes."""

PARALLEL = (
    "multiprocessing.",
    "concurrent.futures.",
    "joblib.",
    "manycore.Pool",
    "manycore.map",
    "manycore.run_all",
    "asyncio.",
)


def is_parallel(model: Model) -> bool:
    if any(f"{name}.".startswith(PARALLEL) for name in (*model.aliases.values(), *model.modules)):
        return True
    return any(
        model.called(call).startswith(PARALLEL)
        or (
            model.called(call) == "threading.Thread"
            and model.loops(call)
            and not _serves(model, call)
        )
        for call in model.calls
    )


def _serves(model: Model, call: ast.Call) -> bool:
    """Tell whether a thread answers others' requests, as a server in the same script does."""
    targets = [model.handed(each.value) for each in call.keywords if each.arg == "target"]
    return any(
        isinstance(each.func, ast.Attribute) and each.func.attr in ("accept", "serve_forever")
        for target in targets
        if target is not None
        for each in model.reached(target)
    )


def is_by_item(model: Model, call: ast.Call, loop: Loop) -> bool:
    """Tell whether a call depends on the loop's items and on nothing that rounds change."""
    depends = set(targets(loop))
    if not isinstance(loop, COMPREHENSIONS):
        assert isinstance(loop, (ast.For, ast.AsyncFor, ast.While))
        before = carried(loop)
        for node in ast.walk(loop):
            if isinstance(node, ast.Assign) and loaded(node.value) & depends:
                depends |= {name for each in node.targets for name in stored(each)} - before
        if before & argument_names(call):
            return False
        if isinstance(loop, ast.While):
            return False
        if any(isinstance(node, ast.Break) for node in ast.walk(loop)):
            return False
        # What the call reads must not be changed by the loop.
        others = changed(loop) - stored(loop)
        if "self" in others and not _own_fields(loop) & _own_reads(model, call):
            others.discard("self")
        if others & argument_names(call):
            return False
    return bool(depends & argument_names(call))


def _own_fields(loop: ast.AST) -> set[str]:
    """Return the fields of `self` that a loop changes."""
    found = set()
    for node in ast.walk(loop):
        base: ast.AST = node
        while isinstance(base, ast.Subscript):
            base = base.value
        if isinstance(base, ast.Attribute) and path_of(base.value) == "self":
            up = isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(
                node.ctx, ast.Load
            )
            if up:
                found.add(base.attr)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in MUTATORS
            and isinstance(node.func.value, ast.Attribute)
        ):
            found.add(node.func.value.attr)
    return found


def _own_reads(model: Model, call: ast.Call) -> set[str]:
    """Return the fields that a call of a method may read."""
    bodies: list[ast.AST] = [call]
    bodies += [each for inner in model.reached(call) if (each := model.callee(inner)) is not None]
    return {
        node.attr
        for body in bodies
        for node in ast.walk(body)
        if isinstance(node, ast.Attribute) and path_of(node.value) == "self"
    }


def argument_names(call: ast.Call) -> set[str]:
    names: set[str] = set()
    for each in (*call.args, *(keyword.value for keyword in call.keywords)):
        names |= loaded(each)
    if isinstance(call.func, ast.Attribute):
        names |= loaded(call.func.value)
    return names


def repeated_calls(model: Model) -> Iterator[tuple[ast.Call, Function, Loop]]:
    """Return the calls of the script's own functions in loops, also through `map`."""
    for call in model.calls:
        function = model.callee(call)
        loops = model.loops(call)
        if function is not None and loops:
            yield call, function, loops[0]


HIGHER = ("map", "filter", "itertools.starmap")


def higher_calls(model: Model) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Return the calls that call what they are given once for each item, and that."""
    for call in model.calls:
        name = model.called(call)
        if name in HIGHER and len(call.args) >= 2:
            yield call, call.args[0]
        elif name in ("sorted", "min", "max") or (
            isinstance(call.func, ast.Attribute) and call.func.attr == "sort"
        ):
            for each in call.keywords:
                if each.arg == "key":
                    yield call, each.value


def cores() -> float:
    import os

    return float(
        max(
            2,
            len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else os.cpu_count() or 2,
        )
    )


def first_line(function: Function) -> int:
    """Return the line that the code object of a function begins on."""
    return min([function.lineno, *(each.lineno for each in function.decorator_list)])


def side_by_side(model: Model, call: ast.Call, function: Function, loop: Loop, how: str) -> str:
    """Write a loop of calls with a pool's map: processes or threads."""
    if how == "pool":
        head, opens = "import manycore as mc", "with mc.Pool() as pool:"
    else:
        head = "from concurrent.futures import ThreadPoolExecutor"
        opens = "with ThreadPoolExecutor(max_workers=16) as pool:"
    positional = [text(each) for each in call.args]
    keywords = [f"{each.arg}={text(each.value)}" for each in call.keywords]
    arguments = ", ".join([*positional, *keywords])
    packed = f"({positional[0]},)" if len(positional) == 1 else f"({', '.join(positional)})"
    target = text(call.func)
    submit = f"pool.submit({', '.join([target, *positional, *keywords])})"
    if isinstance(loop, COMPREHENSIONS):
        generators = " ".join(generator(each) for each in loop.generators)
        if len(call.args) == 1 and not call.keywords and isinstance(call.args[0], ast.Name):
            values = f"({arguments} {generators})"
            if (
                len(loop.generators) == 1
                and not loop.generators[0].ifs
                and text(loop.generators[0].target) == arguments
            ):
                values = text(loop.generators[0].iter)
            work = f"    results = list(pool.map({target}, {values}))"
        else:
            work = f"    futures = [{submit} {generators}]"
            if how == "pool":
                named = f", dict({', '.join(keywords)})" if keywords else ""
                work = f"    futures = [pool.apply_async({target}, {packed}{named}) {generators}]"
            work += (
                "\n    results = [each.result() for each in futures]"
                if how != "pool"
                else "\n    results = [each.get() for each in futures]"
            )
        statement = model.statement(loop)
        if (
            isinstance(loop, ast.ListComp)
            and loop.elt is call
            and not isinstance(statement, (ast.For, ast.While, ast.If, ast.With))
        ):
            return f"{head}\n{opens}\n{work}\n{text(statement, {loop: expression('results')})}"
        return f"{head}\n{opens}\n{work}"
    assert isinstance(loop, (ast.For, ast.AsyncFor, ast.While))
    if isinstance(loop, ast.While):
        return f"{head}\n{opens}\n    results = list(pool.map({target}, items))"
    items = text(loop.iter)
    item = text(loop.target)
    if isinstance(loop.target, ast.Name) and arguments == item:
        work = f"results = pool.map({target}, items)"
    elif how == "pool" and (keywords or targets(loop) & loaded(call.func)) and is_flat(loop):
        # mc.Pool takes lambdas, and what they stand for travels once.
        many = "starmap" if isinstance(loop.target, ast.Tuple) else "map"
        names = item.strip("()")
        work = f"results = pool.{many}(lambda {names}: {text(call)}, items)"
    else:
        work = f"results = pool.starmap({target}, [{packed} for {item} in items])"
        if how != "pool":
            work = (
                f"futures = [{submit} for {item} in items]\n"
                "    results = [each.result() for each in futures]"
            )
    body = [text(each, {call: expression("result")}) for each in loop.body]
    inner = "\n".join("        " + line for each in body for line in each.splitlines())
    return (
        f"{head}\nitems = list({items})\n{opens}\n    {work}\n"
        f"    for {item}, result in zip(items, results):\n{inner}"
    )


def is_flat(loop: ast.For | ast.AsyncFor) -> bool:
    """Tell whether a loop's items are a name or several, as a function's parameters are."""
    target = loop.target
    parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
    return all(isinstance(each, ast.Name) for each in parts)


def generator(each: ast.comprehension) -> str:
    ifs = "".join(f" if {text(test)}" for test in each.ifs)
    return f"for {text(each.target)} in {text(each.iter)}{ifs}"


def result_is_apart(model: Model, call: ast.AST, loop: ast.For | ast.AsyncFor | ast.While) -> bool:
    """Tell whether no result of a call reaches the next call, the loop's test or a `break`."""
    tainted: set[str] = set()
    for _ in range(3):
        for node in ast.walk(loop):
            if isinstance(node, ast.Assign):
                source = any(each is call for each in ast.walk(node.value))
                if source or reads(node.value) & tainted:
                    for target in node.targets:
                        tainted |= stored(target)
                        tainted |= changes(target)
            elif isinstance(node, ast.AugAssign):
                if (
                    any(each is call for each in ast.walk(node.value))
                    or reads(node.value) & tainted
                ):
                    tainted |= changes(node.target)
            elif isinstance(node, (ast.If, ast.While)) and node is not loop:
                if any(each is call for each in ast.walk(node.test)) or reads(node.test) & tainted:
                    for each in (*node.body, *node.orelse):
                        tainted |= changes(each)
                        if any(
                            isinstance(inner, (ast.Break, ast.Return)) for inner in ast.walk(each)
                        ):
                            return False
            elif isinstance(node, ast.withitem) and node.optional_vars is not None:
                if any(each is call for each in ast.walk(node.context_expr)):
                    tainted |= stored(node.optional_vars)
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in MUTATORS
                and (
                    set().union(*(reads(each) for each in node.args), set()) & tainted
                    or any(each is call for argument in node.args for each in ast.walk(argument))
                )
            ):
                tainted |= changes(node)
    before = carried(loop) | (changes(loop) - stored(loop))
    if isinstance(call, ast.Call):
        names = set().union(
            *(reads(each) for each in (*call.args, *(keyword.value for keyword in call.keywords)))
        )
        if isinstance(call.func, ast.Attribute):
            names |= reads(call.func.value)
            if path_of(call.func.value) == "self" and model.callee(call) is not None:
                names |= {f"self.{each}" for each in _own_reads(model, call)}
        # Through the names that the loop makes of others.
        for _ in range(3):
            for node in ast.walk(loop):
                if (
                    isinstance(node, ast.Assign)
                    and set().union(*(stored(each) for each in node.targets)) & names
                    and not any(each is call for each in ast.walk(node.value))
                ):
                    names |= reads(node.value)
        if names & tainted & before:
            return False
    if not isinstance(loop, ast.While):
        return True
    return not (reads(loop.test) & tainted or any(each is call for each in ast.walk(loop.test)))
