"""Rules about work side by side: processes, threads, external programs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from manycore._advice.candidate import Candidate, Heat, count_of, expression, span, text
from manycore._advice.observe import Calls, Names, Observations
from manycore._advice.scopes import (
    COMPREHENSIONS,
    FUNCTIONS,
    MUTATORS,
    Function,
    Loop,
    Model,
    carried,
    changed,
    changes,
    inside,
    loaded,
    path_of,
    reads,
    root_of,
    stored,
    targets,
)

CALL = 4e-5
"""Seconds of a call from which it is worth the way to another process."""

SAVED = 0.15
"""Seconds from which work is worth the start of processes."""

BATCH = 1e-2
"""Seconds of one round of calls from which its way to the processes pays."""

FILES = 16
"""Files from which reading them side by side pays."""

WAITED = 4
"""Waits for others from which doing them side by side pays."""

PARALLEL = (
    "multiprocessing.",
    "concurrent.futures.",
    "joblib.",
    "manycore.Pool",
    "manycore.map",
    "manycore.run_all",
    "asyncio.",
)

WAITS = (
    "time.sleep",
    "urllib.request.",
    "requests.",
    "httpx.",
    "http.client.",
    "socket.",
    "ftplib.",
    "smtplib.",
    "select.",
)
"""Calls that wait for somebody else."""

FILE_CALLS = (
    "open",
    "io.open",
    "gzip.open",
    "bz2.open",
    "lzma.open",
    "gzip.decompress",
    "zlib.decompress",
    "bz2.decompress",
    "lzma.decompress",
    "shutil.copy",
    "shutil.copyfile",
    "os.stat",
    "os.path.getsize",
    "os.fsync",
    "os.replace",
    "os.rename",
    "numpy.load",
    "numpy.save",
    "zipfile.ZipFile",
)
"""Calls about files; reading, unpacking and hashing let go of the GIL."""

_FILE_METHODS = frozenset(["read_text", "read_bytes", "write_text", "write_bytes"])

_FREE = ("hashlib.", "zlib.", "gzip.", "bz2.", "lzma.", "os.", "shutil.", "numpy.")


def _is_parallel(model: Model) -> bool:
    if any(f"{name}.".startswith(PARALLEL) for name in (*model.aliases.values(), *model.modules)):
        return True
    return any(
        model.called(call).startswith(PARALLEL)
        or (model.called(call) == "threading.Thread" and model.loops(call))
        for call in model.calls
    )


def _lines_of(model: Model, call: ast.Call, loop: Loop) -> tuple[int, int]:
    return span(loop)


def _is_by_item(model: Model, call: ast.Call, loop: Loop) -> bool:
    """Tell whether a call depends on the loop's items and on nothing that rounds change."""
    depends = set(targets(loop))
    if not isinstance(loop, COMPREHENSIONS):
        assert isinstance(loop, (ast.For, ast.AsyncFor, ast.While))
        before = carried(loop)
        for node in ast.walk(loop):
            if isinstance(node, ast.Assign) and loaded(node.value) & depends:
                depends |= {name for each in node.targets for name in stored(each)} - before
        if before & _argument_names(call):
            return False
        if isinstance(loop, ast.While):
            return False
        if any(isinstance(node, ast.Break) for node in ast.walk(loop)):
            return False
        # What the call reads must not be changed by the loop.
        others = changed(loop) - stored(loop)
        if "self" in others and not _own_fields(loop) & _own_reads(model, call):
            others.discard("self")
        if others & _argument_names(call):
            return False
    return bool(depends & _argument_names(call))


def _depends(call: ast.Call, loop: ast.For) -> bool:
    """Tell whether a call's arguments come from the loop's items."""
    items = set(targets(loop))
    for node in ast.walk(loop):
        if isinstance(node, ast.Assign) and loaded(node.value) & items:
            items |= {name for each in node.targets for name in stored(each)}
    return bool(items & _argument_names(call))


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


def _argument_names(call: ast.Call) -> set[str]:
    names: set[str] = set()
    for each in (*call.args, *(keyword.value for keyword in call.keywords)):
        names |= loaded(each)
    if isinstance(call.func, ast.Attribute):
        names |= loaded(call.func.value)
    return names


def _repeated_calls(model: Model) -> Iterator[tuple[ast.Call, Function, Loop]]:
    """Return the calls of the script's own functions in loops, also through `map`."""
    for call in model.calls:
        function = model.callee(call)
        loops = model.loops(call)
        if function is not None and loops:
            yield call, function, loops[0]


def pool(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find a pure, slow function that is called for one item after the other."""
    if _is_parallel(model):
        return
    for call, function, loop in _repeated_calls(model):
        if _is_apart(model, function) and _is_by_item(model, call, loop):
            found = _pool(model, heat, call, function, loop)
            if found is not None:
                yield found
    for call, value in _higher_calls(model):
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


_HIGHER = ("map", "filter", "itertools.starmap")


def _higher_calls(model: Model) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Return the calls that call what they are given once for each item, and that."""
    for call in model.calls:
        name = model.called(call)
        if name in _HIGHER and len(call.args) >= 2:
            yield call, call.args[0]
        elif name in ("sorted", "min", "max") or (
            isinstance(call.func, ast.Attribute) and call.func.attr == "sort"
        ):
            for each in call.keywords:
                if each.arg == "key":
                    yield call, each.value


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
    for looks in looked.looks.values():
        if any(look.get("nbytes", 0) > 1 << 20 for look in looks):
            return None  # the way of the data costs more than it brings
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
        _side_by_side(model, call, function, loop, "pool"),
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


def _side_by_side(model: Model, call: ast.Call, function: Function, loop: Loop, how: str) -> str:
    """Write a loop of calls with a pool's map: processes or threads."""
    if how == "pool":
        head, opens = "import manycore as mc", "with mc.Pool() as pool:"
    else:
        head = "from concurrent.futures import ThreadPoolExecutor"
        opens = "with ThreadPoolExecutor(max_workers=16) as pool:"
    arguments = ", ".join(
        [
            *(text(each) for each in call.args),
            *(f"{each.arg}={text(each.value)}" for each in call.keywords),
        ]
    )
    target = text(call.func)
    if isinstance(loop, COMPREHENSIONS):
        generators = " ".join(_generator(each) for each in loop.generators)
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
            work = f"    futures = [pool.submit({target}, {arguments}) {generators}]"
            if how == "pool":
                work = f"    futures = [pool.apply_async({target}, ({arguments},)) {generators}]"
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
    else:
        work = f"results = pool.starmap({target}, [({arguments},) for {item} in items])"
        if how != "pool":
            work = (
                f"futures = [pool.submit({target}, {arguments}) for {item} in items]\n"
                "    results = [each.result() for each in futures]"
            )
    body = [text(each, {call: expression("result")}) for each in loop.body]
    inner = "\n".join("        " + line for each in body for line in each.splitlines())
    return (
        f"{head}\nitems = list({items})\n{opens}\n    {work}\n"
        f"    for {item}, result in zip(items, results):\n{inner}"
    )


def _generator(each: ast.comprehension) -> str:
    ifs = "".join(f" if {text(test)}" for test in each.ifs)
    return f"for {text(each.target)} in {text(each.iter)}{ifs}"


def _io(model: Model, call: ast.Call) -> str | None:
    """Return what a call waits for: 'wait', 'file' or nothing."""
    name = model.called(call)
    if name.startswith(WAITS):
        return "wait"
    if name in FILE_CALLS or name.startswith("pandas.read_"):
        return "file"
    if isinstance(call.func, ast.Attribute) and call.func.attr in _FILE_METHODS:
        return "file"
    if isinstance(call.func, ast.Attribute) and call.func.attr in (
        "recv",
        "getresponse",
        "urlopen",
    ):
        return "wait"
    return None


def threads(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find many waits, or small files, one after the other."""
    if _is_parallel(model):
        return
    for call, function, loop in _repeated_calls(model):
        yield from _waiting(model, heat, call, function, loop)
    for call in model.calls:
        if model.called(call) in _HIGHER and len(call.args) >= 2:
            own = model.handed(call.args[0])
            if own is not None:
                yield from _waiting(model, heat, call, own, None)
        elif model.loops(call) and _io(model, call) and model.callee(call) is None:
            yield from _inline(model, heat, call)


def _waiting(
    model: Model, heat: Heat, call: ast.Call, function: Function, loop: Loop | None
) -> Iterator[Candidate]:
    """Judge a loop of calls of a function that waits."""
    kinds = {kind for each in model.reached(function, 2) if (kind := _io(model, each))}
    if not kinds:
        return
    # A method that changes its own object: each round has another one.
    own = set()
    if (
        loop is not None
        and isinstance(call.func, ast.Attribute)
        and model.is_method(function)
        and root_of(call.func.value) in targets(loop)
    ):
        own = {function.args.args[0].arg}
    if not own and not _returns(function):
        return
    if kinds == {"file"} and isinstance(loop, ast.For) and not _depends(call, loop):
        return  # the same file in each round
    if loop is not None and not _may_overlap(model, call, loop):
        return
    if _changes_shared(model, function, own):
        return
    if loop is None or isinstance(loop, COMPREHENSIONS):
        first, last = span(loop or model.statement(call))
    else:
        first, last = span(loop)
    yield _threads(model, heat, call, function.name, kinds, first, last, [function], loop)


def _inline(model: Model, heat: Heat, call: ast.Call) -> Iterator[Candidate]:
    """Judge a loop that reads files or asks others itself."""
    loop = model.loops(call)[0]
    kind = _io(model, call)
    if kind is None or model.called(call) == "time.sleep" or _writes(call):
        return  # a sleep in the loop itself is there to space its rounds
    if not isinstance(loop, COMPREHENSIONS):
        if not _result_is_apart(model, call, loop):
            return
        if not isinstance(loop, ast.While) and (
            carried(loop) & _argument_names(call)
            or any(isinstance(node, ast.Break) for node in ast.walk(loop))
        ):
            return
    if not targets(loop) & _argument_names(call) and isinstance(loop, COMPREHENSIONS):
        return
    first, last = span(loop)
    yield _threads(model, heat, call, text(call.func), {kind}, first, last, [], loop)


def _writes(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Attribute) and call.func.attr.startswith("write"):
        return True
    return any(
        isinstance(each, ast.Constant)
        and isinstance(each.value, str)
        and set(each.value) & set("wax")
        and len(each.value) < 4
        for each in (*call.args[1:], *(keyword.value for keyword in call.keywords))
    )


def _returns(function: Function) -> bool:
    return any(isinstance(node, ast.Return) and node.value is not None for node in inside(function))


def _may_overlap(model: Model, call: ast.Call, loop: Loop) -> bool:
    """Tell whether the next call needs nothing of the last one's result."""
    if isinstance(loop, ast.While):
        return _result_is_apart(model, call, loop)
    if isinstance(loop, COMPREHENSIONS):
        return True
    return _is_by_item(model, call, loop) or _result_is_apart(model, call, loop)


def _result_is_apart(model: Model, call: ast.AST, loop: ast.For | ast.AsyncFor | ast.While) -> bool:
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


def _changes_shared(model: Model, function: Function, given: set[str] | None = None) -> bool:
    """Tell whether a function changes what other calls of it see, tallies of calls apart."""
    own = model.local_names(function) | (given or set())
    tallies = _tallies(function)
    for node in inside(function):
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            return True
        if (
            isinstance(node, (ast.Attribute, ast.Subscript))
            and isinstance(node.ctx, (ast.Store, ast.Del))
            and root_of(node) not in own
            and node not in tallies
        ):
            return True
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in MUTATORS
            and root_of(node.func.value) is not None
            and root_of(node.func.value) not in own
        ):
            return True
        callee = model.callee(node)
        if callee is not None and callee is not function and callee.name != "__init__":
            assert isinstance(node, ast.Call)
            receiver = root_of(node.func.value) if isinstance(node.func, ast.Attribute) else None
            mine = {each.arg for each in callee.args.args[:1]} if receiver in own else set()
            if _changes_shared(model, callee, mine):
                return True
        if isinstance(node, ast.Call) and model.called(node).startswith(
            ("random.", "numpy.random.")
        ):
            return True
    return False


def _tallies(function: Function) -> dict[ast.AST, str]:
    """Return the fields that a function only counts up, as a client does with its requests."""
    found: dict[ast.AST, str] = {}
    for node in inside(function):
        if (
            isinstance(node, ast.AugAssign)
            and isinstance(node.op, ast.Add)
            and isinstance(node.target, ast.Attribute)
            and (
                (isinstance(node.value, ast.Constant) and isinstance(node.value.value, int))
                or (isinstance(node.value, ast.Call) and path_of(node.value.func) == "len")
            )
        ):
            found[node.target] = text(node.target)
    read = [text(node) for node in inside(function) if isinstance(node, ast.Attribute)]
    return {node: name for node, name in found.items() if read.count(name) == 1}


def _threads(
    model: Model,
    heat: Heat,
    call: ast.Call,
    name: str,
    kinds: set[str],
    first: int,
    last: int,
    functions: list[Function],
    loop: Loop | None,
) -> Candidate:
    body = loop if loop is not None and not isinstance(loop, COMPREHENSIONS) else None
    start = body.body[0].lineno if body is not None else first
    wish = (
        Calls(first_line(functions[0]), functions[0].name) if functions else Names(start, start, ())
    )
    # The lines that wait or let go of the GIL, of all that a round does.
    free: set[int] = set()
    bodies: list[ast.AST] = [*functions, *([loop] if loop is not None else [])]
    for each in (each for node in bodies or [call] for each in model.reached(node, 3)):
        if _io(model, each) or model.called(each).startswith(_FREE) or _is_read(each):
            free |= set(range(each.lineno, (each.end_lineno or each.lineno) + 1))
    part = heat.within(free, first, last)
    seconds = heat.seconds(first, last)
    own = {each for function in functions for each in (function, *model.helpers(function))}
    locks = {name for each in own for name in _tallies(each).values()}

    def judge(seen: Observations) -> Sequence[str] | None:
        looked = seen[wish]
        if looked.events < (WAITED if "wait" in kinds else FILES) or part < 0.5:
            return None
        if "wait" in kinds and seconds < SAVED:
            return None
        if "wait" not in kinds and seconds / looked.events > 0.05:
            return None  # large files: a disk is not faster for threads
        what = "waits" if "wait" in kinds else "small files"
        return (
            f"{count_of(looked.events)} {what}, one after the other, "
            f"{seconds / looked.events * 1e3:.2g} ms each",
            f"{part:.0%} of the time is outside of Python's lock",
        )

    return Candidate(
        "threads",
        f"{name} in threads, several at a time",
        first,
        last,
        heat.share(first, last),
        (f"{name} waits for {'others' if 'wait' in kinds else 'files'} in a loop",),
        (wish,),
        judge,
        _side_by_side(model, call, functions[0], loop, "threads")
        if functions and loop is not None
        else f"from concurrent.futures import ThreadPoolExecutor\n"
        f"with ThreadPoolExecutor(max_workers=16) as pool:\n"
        f"    results = list(pool.map({name}, items))",
        8.0,
        f"a lock around {', '.join(sorted(locks))}"
        if locks
        else "the other side may be asked several things at a time",
    )


def _is_read(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in (
        "read",
        "readline",
        "readlines",
        "write",
        "recv",
        "hexdigest",
        "digest",
        "update",
        *_FILE_METHODS,
    )


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
    if _is_parallel(model):
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
            not _result_is_apart(model, place, scope)
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

        def judge(seen: Observations, wish: Calls | Names = wish) -> Sequence[str] | None:
            count = seen[wish].events
            if count < 3:
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
            (wish,),
            judge,
            _all_programs(scope, command),
            cores(),
            "programs that do not need one another's results",
        )


def _all_programs(scope: ast.AST, command: str) -> str:
    if isinstance(scope, COMPREHENSIONS):
        generators = " ".join(_generator(each) for each in scope.generators)
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
        & _argument_names(call)
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
    needs = _argument_names(call)
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


RULES = (pool, threads, programs)
