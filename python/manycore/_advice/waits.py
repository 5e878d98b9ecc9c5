"""The rule about waits and files that threads overlap."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from manycore._advice.candidate import Candidate, Heat, count_of, span, text
from manycore._advice.observe import Calls, Names, Observations
from manycore._advice.rounds import (
    HIGHER,
    SAVED,
    argument_names,
    first_line,
    is_by_item,
    is_parallel,
    repeated_calls,
    result_is_apart,
    side_by_side,
)
from manycore._advice.scopes import (
    COMPREHENSIONS,
    MUTATORS,
    Function,
    Loop,
    Model,
    carried,
    inside,
    loaded,
    path_of,
    root_of,
    stored,
    targets,
)

FILES = 16
"""Files from which reading them side by side pays."""

WAITED = 4
"""Waits for others from which doing them side by side pays."""

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


def _depends(call: ast.Call, loop: ast.For) -> bool:
    """Tell whether a call's arguments come from the loop's items."""
    items = set(targets(loop))
    for node in ast.walk(loop):
        if isinstance(node, ast.Assign) and loaded(node.value) & items:
            items |= {name for each in node.targets for name in stored(each)}
    return bool(items & argument_names(call))


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
    if is_parallel(model):
        return
    for call, function, loop in repeated_calls(model):
        yield from _waiting(model, heat, call, function, loop)
    for call in model.calls:
        if model.called(call) in HIGHER and len(call.args) >= 2:
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
        if not result_is_apart(model, call, loop):
            return
        if not isinstance(loop, ast.While) and (
            carried(loop) & argument_names(call)
            or any(isinstance(node, ast.Break) for node in ast.walk(loop))
        ):
            return
    if not targets(loop) & argument_names(call) and isinstance(loop, COMPREHENSIONS):
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
        return result_is_apart(model, call, loop)
    if isinstance(loop, COMPREHENSIONS):
        return True
    return is_by_item(model, call, loop) or result_is_apart(model, call, loop)


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
        side_by_side(model, call, functions[0], loop, "threads")
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


RULES = (threads,)
