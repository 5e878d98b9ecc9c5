"""Rules about pools of workers that are there already: their chunks, and BLAS in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from manycore._advice.candidate import Candidate, Heat, count_of, expression, span, text
from manycore._advice.containers import is_one
from manycore._advice.observe import Calls, Names, Observations
from manycore._advice.parallel import cores, first_line
from manycore._advice.scopes import Model, path_of, words

TASK = 1e-3
"""Seconds of a task under which its way through the queue costs more than it does."""

TASKS = 500
"""Tasks from which their way through the queue shows."""

SMALL = 8
"""Tasks of a chunk up to which their way through the queue shows."""

TINY = 16_384
"""Bytes of a matrix under which BLAS works on one core."""

_MAPS = words("map imap imap_unordered starmap map_async starmap_async submit apply apply_async")

_POOLS = ("Pool", "ThreadPool", "ProcessPoolExecutor", "ThreadPoolExecutor")


def _pools(model: Model) -> dict[str, tuple[str, ast.Call]]:
    """Return the names of pools, with the pool's class and the call that makes it."""
    found: dict[str, tuple[str, ast.Call]] = {}
    for node in ast.walk(model.tree):
        pairs: list[tuple[ast.expr, ast.expr]] = []
        if isinstance(node, ast.withitem) and node.optional_vars is not None:
            pairs.append((node.optional_vars, node.context_expr))
        elif isinstance(node, ast.Assign):
            pairs += [(each, node.value) for each in node.targets]
        for target, value in pairs:
            name = path_of(target)
            if name is None or not isinstance(value, ast.Call):
                continue
            last = (
                value.func.attr
                if isinstance(value.func, ast.Attribute)
                else model.called(value).rpartition(".")[2]
            )
            if last in _POOLS:
                found[name] = (last, value)
    return found


def _pool_calls(model: Model) -> Iterator[tuple[ast.Call, str, str, ast.Call]]:
    """Return calls of pools' methods: the call, its method, the pool's class and its making."""
    known = _pools(model)
    for call in model.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _MAPS and call.args:
            name = path_of(call.func.value)
            if name in known:
                kind, made = known[name]
                yield call, call.func.attr, kind, made
            elif name is not None and len(known) == 1 and _is_pools_name(name):
                [(kind, made)] = known.values()  # handed to a function
                yield call, call.func.attr, kind, made
            elif isinstance(call.func.value, ast.Call):
                inner = call.func.value
                last = (
                    inner.func.attr
                    if isinstance(inner.func, ast.Attribute)
                    else model.called(inner).rpartition(".")[2]
                )
                if last in _POOLS:
                    yield call, call.func.attr, last, inner


def _is_pools_name(name: str) -> bool:
    last = name.rpartition(".")[2].lower()
    return any(word in last for word in ("pool", "exec", "worker"))


def chunks(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find a pool that gets many tiny tasks one at a time."""
    for call, method, kind, made in _pool_calls(model):
        if kind in ("ThreadPoolExecutor", "ThreadPool"):
            continue
        size = next((each.value for each in call.keywords if each.arg == "chunksize"), None)
        if size is None and method != "submit" and kind == "Pool" and len(call.args) > 2:
            size = call.args[2]
        given = size.value if isinstance(size, ast.Constant) else None
        single = method in ("submit", "apply", "apply_async")
        if (
            size is None
            and kind == "Pool"
            and method in ("map", "starmap", "map_async", "starmap_async")
        ):
            continue  # fair by default
        said = path_of(size) if size is not None else None
        if size is not None and said is None and not (isinstance(given, int) and given <= SMALL):
            continue
        if single and not model.loops(call):
            continue
        statement = model.statement(call)
        first, last = span(statement)
        loop = next((each for each in model.loops(call)), None)
        if single and loop is not None:
            first, last = span(loop)
        wishes: list[Names | Calls] = []
        if single:
            wishes.append(Names(call.lineno, call.lineno, ()))
        elif isinstance(statement, ast.For):
            wishes.append(Names(statement.lineno, statement.lineno, ()))
            last = span(statement)[1]
        begin = first if isinstance(statement, ast.For) else last
        names: list[str] = []
        literal = 0
        for each in call.args[1:] if not single else []:
            for source in _sources(model, each):
                path = path_of(source)
                maker = model.callee(source)
                literal = max(literal, _length(source))
                names += [each for each in (path, _bound(source)) if each is not None]
                if maker is not None:
                    wishes.append(Calls(first_line(maker), maker.name))
        wishes.append(Names(first, begin, (*dict.fromkeys(names),)))
        chosen = Names(first, last, (said,)) if said is not None else None
        workers = 2.0
        for each in (*made.args, *(keyword.value for keyword in made.keywords)):
            if isinstance(each, ast.Constant) and isinstance(each.value, int):
                workers = float(each.value)
                break
        seconds, share = heat.waited(first, last)

        def judge(
            seen: Observations,
            wishes: tuple[Names | Calls, ...] = tuple(wishes),
            literal: int = literal,
            seconds: float = seconds,
            workers: float = workers,
            chosen: Names | None = chosen,
        ) -> Sequence[str] | None:
            if chosen is not None:
                look = seen[chosen].last(chosen.names[0]) or {}
                if not look.get("value", SMALL + 1) <= SMALL:
                    return None
            count = literal
            for wish in wishes:
                looked = seen[wish]
                if isinstance(wish, Names) and wish.names:
                    for each in wish.names:
                        look = looked.last(each) or {}
                        count = max(count, looked.longest(each), look.get("value", 0))
                elif isinstance(wish, Calls):
                    back = looked.longest("return")
                    count = max(count, back, looked.events)
                else:
                    count = max(count, looked.events)
            if count < TASKS or seconds * workers / count > TASK:
                return None
            return (
                f"{count_of(count)} tasks in {seconds:.2g} s: {seconds / count * 1e6:.0f} µs each, "
                "which is the way through the queue rather than the work",
            )

        fair = 256
        if single:
            after = f"results = pool.map({text(call.args[0])}, items, chunksize={fair})"
        else:
            keywords = [each for each in call.keywords if each.arg != "chunksize"]
            positional = call.args[:2] if kind == "Pool" else call.args
            arguments = [text(each) for each in positional]
            arguments += [f"{each.arg}={text(each.value)}" for each in keywords]
            new = expression(f"{text(call.func)}({', '.join(arguments)}, chunksize={fair})")
            after = text(statement, {call: new})
        single_tasks = given if isinstance(given, int) else 1
        yield Candidate(
            "chunksize",
            "larger chunks for the pool",
            first,
            last,
            share,
            (f"`{text(call)[:80]}` sends {single_tasks} task at a time",),
            (*wishes, *([chosen] if chosen is not None else [])),
            judge,
            after,
            8.0,
        )


def _sources(model: Model, node: ast.expr) -> Iterator[ast.expr]:
    """Return what the items of an expression come from, through `zip` and comprehensions."""
    if isinstance(node, ast.Starred):
        yield from _sources(model, node.value)
    elif isinstance(node, (ast.GeneratorExp, ast.ListComp)):
        yield from _sources(model, node.generators[0].iter)
    elif isinstance(node, ast.Call) and model.called(node) in _THROUGH:
        for each in node.args:
            yield from _sources(model, each)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        yield node.func.value  # values.tolist(), table.items()
        yield node
    else:
        yield node


_THROUGH = words(
    "zip enumerate list tuple sorted reversed iter map itertools.islice itertools.chain"
)


def _bound(node: ast.expr) -> str | None:
    """Return the name of the bound of a ``range``."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and path_of(each.func) == "range" and each.args:
            return path_of(each.args[-1 if len(each.args) < 3 else 1])
    return None


def _length(node: ast.expr) -> int:
    """Return the length of ``range(n)`` and of literals, 0 where the text does not say."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        bounds = [each.value for each in node.args if isinstance(each, ast.Constant)]
        if len(bounds) == len(node.args) and all(isinstance(each, int) for each in bounds):
            return len(range(*(int(str(each)) for each in bounds)))
    if isinstance(node, (ast.GeneratorExp, ast.ListComp)) and len(node.generators) == 1:
        return _length(node.generators[0].iter)
    return 0


_BLAS = (
    "numpy.dot",
    "numpy.matmul",
    "numpy.inner",
    "numpy.tensordot",
    "numpy.linalg.",
    "scipy.linalg.",
    "sklearn.",
)


def _workers(model: Model) -> Iterator[tuple[ast.Call, str, str, ast.Call, ast.expr]]:
    """Return pools' calls, threads and processes that a loop makes, and what each of them calls."""
    for call, method, kind, made in _pool_calls(model):
        yield call, method, kind, made, call.args[0]
    for call in model.calls:
        kind = (model.called(call) or "").rpartition(".")[2]
        if kind in ("Thread", "Process") and model.loops(call):
            for each in call.keywords:
                if each.arg == "target":
                    yield call, "submit", f"{kind}s", call, each.value


def blas(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find BLAS with its own threads in each of several workers."""
    if any(word in model.source for word in ("NUM_THREADS", "threadpoolctl", "threadpool_limits")):
        return
    for call, method, kind, made, bound in _workers(model):
        options = [each for each in made.keywords if each.arg in ("processes", "max_workers")]
        counts = [*made.args[:1], *(each.value for each in options)]
        if counts and is_one(counts[0], 1):
            continue
        said = path_of(counts[0]) if counts else None
        function = model.handed(bound)
        body: ast.AST | None = function
        if body is None and isinstance(bound, ast.Lambda):
            body = bound
        if body is None:
            continue
        uses = [
            text(each)
            for each in _reached_nodes(model, body)
            if (isinstance(each, ast.BinOp) and isinstance(each.op, ast.MatMult))
            or model.called(each).startswith(_BLAS)
            or (
                isinstance(each, ast.Call)
                and isinstance(each.func, ast.Attribute)
                and each.func.attr == "dot"
            )
        ]
        if not uses:
            continue
        statement = model.statement(call)
        first, last = span(statement)
        loop = next(iter(model.loops(call)), None)
        if loop is not None and method in ("submit", "apply_async"):
            first, last = span(loop)
        elif isinstance(statement, (ast.With, ast.FunctionDef)):
            first, last = span(call)
        own = function
        workers = Names(*span(model.statement(made)), (said,) if said else ())
        names = {each.id for each in ast.walk(body) if isinstance(each, ast.Name)}
        inner = Names(*span(body), tuple(sorted(names)))

        def judge(
            seen: Observations,
            uses: list[str] = uses,
            kind: str = kind,
            workers: Names = workers,
            inner: Names = inner,
        ) -> Sequence[str] | None:
            said = [look.get("value") for looks in seen[workers].looks.values() for look in looks]
            if said and said[-1] == 1:
                return None
            # What processes do is not seen; what threads do is.
            sizes = [
                look["nbytes"]
                for looks in seen[inner].looks.values()
                for look in looks
                if "nbytes" in look
            ]
            if sizes and max(sizes) < TINY:
                return None
            count = int(cores())
            return (
                f"`{uses[0][:60]}` runs in BLAS, which starts {count} threads in each worker "
                f"of the {kind}",
                "no OPENBLAS_NUM_THREADS or the like is set",
            )

        # The time may stand in the lines that wait for the results.
        share = heat.waited(first, last)[1]
        end = model.function_of(call)
        block = model.parents.get(statement)
        if share < 0.2 and isinstance(block, ast.With):
            first, last = span(block)
            share = heat.share(first, last)
        if share < 0.2 and end is not None:
            share = heat.share(*span(end))
        yield Candidate(
            "blas-threads",
            "one BLAS thread a worker",
            first,
            last,
            share,
            (f"`{text(call)[:80]}` runs {own.name if own else 'it'} in several workers",),
            (workers, inner),
            judge,
            "import os\n"
            'os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is imported\n'
            'os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"\n'
            f"{text(statement) if not isinstance(statement, (ast.With, ast.For)) else text(call)}",
            1.5,
            "threads of BLAS that are set before NumPy is imported",
        )


def _reached_nodes(model: Model, body: ast.AST) -> Iterator[ast.AST]:
    seen: set[ast.AST] = set()
    todo = [body]
    while todo:
        each = todo.pop()
        if each in seen:
            continue
        seen.add(each)
        for node in ast.walk(each):
            yield node
            callee = model.callee(node)
            if callee is not None:
                todo.append(callee)


RULES = (chunks, blas)
