r"""
Rewrites that need no thought: technique by technique, from hot lines to new source.

Each of `_RULES` changes the tree of a `Spot` and says whether it could. Whether the new code does
the same is not argued here: `prove` runs both.

>>> source = "total = ''\nfor word in words:\n    total += word\n"
>>> print(mechanical(source, "list-append", 3, 3).new)
total_parts = []
for word in words:
    total_parts.append(word)
total = ''.join(total_parts)
<BLANKLINE>
"""

from __future__ import annotations

import ast
import copy
import dataclasses

from manycore._advice import _classes, _environment, _growth, _hoist, _queues, _rows, _starts
from manycore._advice._spot import (
    FUNCTIONS,
    LOOPS,
    Spot,
    binds,
    dotted,
    expression,
    insert_after,
    reads,
    statement,
)
from manycore._advice.compiles import extract
from manycore._advice.scopes import Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from manycore._advice.rewrite import Rewrite


def mechanical(source: str, technique: str, first: int, last: int) -> Rewrite | None:
    """
    Rewrite hot lines by a technique.

    Parameters
    ----------
    source : str
        The script.
    technique : str
        As in ``Advice.technique``.
    first, last : int
        The hot lines.

    Returns
    -------
    Rewrite or None
        None where it takes a person.
    """
    return next(alternatives(source, technique, first, last), None)


def alternatives(source: str, technique: str, first: int, last: int) -> Iterator[Rewrite]:
    """
    Yield all rewrites of hot lines by a technique, the best first.

    Which one does the same in less time is for `prove` to say. The parameters are `mechanical`'s.
    """
    if technique == "cache":
        first, last = _called(source, first, last)
    places = [(first, last)]
    if technique in ("pool", "threads", "run-all"):
        places += _callers(source, first, last)
    for place in places:
        for rule in _RULES.get(technique, ()):
            spot = Spot(source, *place)
            if (spot.chain or spot.function) and rule(spot) and (found := spot.rewrite()):
                yield dataclasses.replace(found, whole=technique in _UNSEEN)
    if technique == "blas-threads":
        made = _environment.one_thread(source)
    else:
        made = _classes.rewritten(source, technique, first, last)
    if made:
        yield made


_UNSEEN = frozenset({"run-all"})
"""Techniques for what can't be seen from inside, so that the script is run as a whole."""


def _called(source: str, first: int, last: int) -> tuple[int, int]:
    """Return the lines of the function that hot lines call, where they aren't its own."""
    spot = Spot(source, first, last)
    functions = {each.name: each for each in spot.tree.body if isinstance(each, ast.FunctionDef)}
    for node in spot.hot(ast.Call):
        assert isinstance(node, ast.Call)
        called = functions.get(dotted(node.func))
        takes = called is not None and (called.args.args or called.args.vararg)
        if called is not None and takes and called is not spot.function:
            return called.body[0].lineno, called.end_lineno or 0
    return first, last


def _callers(source: str, first: int, last: int) -> list[tuple[int, int]]:
    """Return the lines that call the function that hot lines stand in."""
    function = Spot(source, first, last).function
    if function is None:
        return []
    inside = {id(each) for each in ast.walk(function)}
    return [
        (node.lineno, node.lineno)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and dotted(node.func) == function.name
        and id(node) not in inside
    ]


_REPEATS = (ast.For, ast.While, ast.comprehension, ast.Lambda)


def _membership(spot: Spot) -> bool:
    found = _any_equal(spot)
    for node in spot.hot(ast.Compare):
        assert isinstance(node, ast.Compare)
        name = dotted(node.comparators[0])
        if not name or not isinstance(node.ops[0], (ast.In, ast.NotIn)) or len(node.ops) > 1:
            continue
        block, index = spot.before(name, node)
        here = block[index]
        if not any(isinstance(each, _REPEATS) for each in ast.walk(here)):
            continue  # the loop is the caller's: a set made here would serve but once
        hashed = spot.fresh(f"{name}_set")
        for each in list(ast.walk(here)):
            grown = _method_call(each, name)
            if grown is None:
                continue
            call, method = grown
            adder = {"append": "add", "extend": "update"}.get(method)
            if adder is None:
                if method in ("remove", "pop", "insert", "clear", "sort", "reverse"):
                    return False
                continue
            assert isinstance(each, ast.Expr)
            line = statement(f"{hashed}.{adder}({ast.unparse(call.args[0])})")
            insert_after(here, each, line)
        node.comparators[0] = expression(hashed)
        block.insert(block.index(here), statement(f"{hashed} = set({name})"))
        found = True
    return found


def _any_equal(spot: Spot) -> bool:
    """Rewrite ``any(item == each for each in items)`` as a look into a set."""
    for node in spot.hot(ast.Call):
        assert isinstance(node, ast.Call)
        if dotted(node.func) != "any" or not isinstance(node.args[0], ast.GeneratorExp):
            continue
        [generator, *more] = node.args[0].generators
        test, each = node.args[0].elt, dotted(generator.target)
        name = dotted(generator.iter)
        if more or generator.ifs or not (each and name) or not isinstance(test, ast.Compare):
            continue
        sides = [test.left, *test.comparators]
        item = [side for side in sides if dotted(side) != each]
        if len(sides) != 2 or len(item) != 1 or not isinstance(test.ops[0], ast.Eq):
            continue
        if each in reads(item[0]):
            continue
        block, index = spot.before(name, node)
        if not isinstance(block[index], LOOPS):
            continue
        hashed = spot.fresh(f"{name}_set")
        spot.replace(node, expression(f"{ast.unparse(item[0])} in {hashed}"))
        block.insert(index, statement(f"{hashed} = set({name})"))
        return True
    return False


def _method_call(node: ast.AST, name: str) -> tuple[ast.Call, str] | None:
    """Match the statement ``name.method(...)``, or any such call whose result is used."""
    call = node.value if isinstance(node, ast.Expr) else None
    if (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and dotted(call.func.value) == name
    ):
        return call, call.func.attr
    return None


def _counts(spot: Spot) -> bool:
    """Rewrite ``items.count(item)``, made for each item, as one pass."""
    for node in spot.hot(ast.Call):
        assert isinstance(node, ast.Call)
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr == "count"
            and len(node.args) == 1
        ):
            name = dotted(node.func.value)
            if not name:
                continue
            block, index = spot.before(name, node)
            counts = spot.fresh(f"{name}_counts")
            spot.replace(node, expression(f"{counts}[{ast.unparse(node.args[0])}]"))
            block.insert(index, statement(f"{counts} = Counter({name})"))
            spot.imports.append("from collections import Counter")
            return True
    return False


def _counter(spot: Spot) -> bool:
    """Rewrite a loop that only counts."""
    for loop in reversed(spot.loops()):
        block, index = loop
        node = block[index]
        if not isinstance(node, ast.For) or node.orelse:
            continue
        body, condition = node.body, ""
        if len(body) == 1 and isinstance(body[0], ast.If) and not body[0].orelse:
            condition = f" if {ast.unparse(body[0].test)}"
            if _counted(body) is None:
                body = body[0].body
            else:
                condition = ""
        body = _inlined(body)
        place = _counted(body)
        if place is None:
            continue
        name, key = dotted(place.value), ast.unparse(place.slice)
        if not name or name in reads(node.iter) or (condition and name in condition):
            continue
        target, items = ast.unparse(node.target), ast.unparse(node.iter)
        plain = key == target and not condition
        what = items if plain else f"{key} for {target} in {items}{condition}"
        spot.imports.append("from collections import Counter")
        start = spot.start(loop, name)
        if start is not None and ast.unparse(start.value) in ("{}", "dict()", "defaultdict(int)"):
            block[index] = statement(f"{name} = Counter({what})")
            block.remove(start)
        else:
            key_name, count = spot.fresh("key"), spot.fresh("count")
            block[index] = statement(
                f"for {key_name}, {count} in Counter({what}).items():\n"
                f"    {name}[{key_name}] = {name}.get({key_name}, 0) + {count}"
            )
        return True
    return False


def _inlined(body: list[ast.stmt]) -> list[ast.stmt]:
    """Write the value of a name that a body only counts where it counts it."""
    first = body[0]
    if len(body) < 2 or not isinstance(first, ast.Assign) or len(first.targets) != 1:
        return body
    name, value = first.targets[0], first.value
    read = dotted(name)
    if not isinstance(name, ast.Name) or any(read in binds(each) for each in body[1:]):
        return body

    class Visitor(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return copy.deepcopy(value) if node.id == read else node

    return [Visitor().visit(copy.deepcopy(each)) for each in body[1:]]


def _counted(body: list[ast.stmt]) -> ast.Subscript | None:
    """Match a body that adds one to a place of a dictionary; return the place."""
    texts = [ast.unparse(each) for each in body]
    for each in ast.walk(ast.Module(body, [])):
        if not isinstance(each, ast.Subscript) or isinstance(each.ctx, ast.Load):
            continue
        place, name, key = ast.unparse(each), ast.unparse(each.value), ast.unparse(each.slice)
        add, one, zero = f"{place} += 1", f"{place} = 1", f"{place} = 0"
        forms = [
            [add],
            [f"{place} = {name}.get({key}, 0) + 1"],
            [f"{place} = 1 + {name}.get({key}, 0)"],
            [f"if {key} in {name}:\n    {add}\nelse:\n    {one}"],
            [f"if {key} not in {name}:\n    {one}\nelse:\n    {add}"],
            [f"if {key} not in {name}:\n    {zero}", add],
            [f"{name}.setdefault({key}, 0)", add],
            [f"try:\n    {add}\nexcept KeyError:\n    {one}"],
        ]
        if texts in forms:
            return each
    return None


def _decorate(decorator: str, imported: str) -> Callable[[Spot], bool]:
    def rule(spot: Spot) -> bool:
        if not isinstance(spot.function, ast.FunctionDef) or spot.function.decorator_list:
            return False
        if decorator == "mc.jit" and "." in spot.unit:
            return False  # compiled functions take no objects
        node = expression(decorator)
        node.written = False  # type: ignore[attr-defined]
        spot.function.decorator_list.insert(0, node)
        spot.imports.append(imported)
        return True

    return rule


def _extracted(spot: Spot) -> bool:
    """Make a function of a loop, and compile that."""
    model = Model(spot.source, "script")
    for block, index in spot.loops():
        loop = block[index]
        same = [
            each
            for each in model.walk((ast.For, ast.While))
            if isinstance(each, (ast.For, ast.While)) and each.lineno == loop.lineno
        ]
        made = extract(model, same[0]) if same else None
        if made is None:
            continue
        lines = ast.parse(made.after).body
        imports = [each for each in lines if isinstance(each, (ast.Import, ast.ImportFrom))]
        block[index : index + 1] = [each for each in lines if each not in imports]
        spot.imports.extend(map(ast.unparse, imports))
        return True
    return False


def _chunksize(spot: Spot) -> bool:
    """Let a pool choose, or choose for those that take one item at a time by themselves."""
    # The loop over the results may be hot, rather than what makes them.
    nodes = [*spot.hot(ast.Call), *ast.walk(spot.function or ast.Module([], []))]
    for node in nodes:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        method = node.func.attr
        if method not in ("map", "starmap", "map_async", "imap", "imap_unordered"):
            continue
        if not method.startswith("imap") and len(node.args) == 3:
            del node.args[2]
            return True
        given = [word for word in node.keywords if word.arg == "chunksize"]
        number = ast.unparse(given[0].value) if given else ""
        if number.isdigit() and not 1 <= int(number) <= 64:
            continue
        node.keywords = [word for word in node.keywords if word.arg != "chunksize"]
        if not given or method.startswith("imap"):
            node.keywords.append(ast.keyword("chunksize", ast.Constant(256)))
        return True
    return False


def _sparse(spot: Spot) -> bool:
    """Rewrite products of a matrix that stays as it is, and solutions."""
    for node in spot.hot((ast.BinOp, ast.Call)):
        if solved := _solved(node):
            spot.replace(node, expression(solved))
            spot.imports.append("import scipy.sparse.linalg")
            return True
        matrix, other = _product(node)
        if matrix is None or other is None or not (name := dotted(matrix)):
            continue
        base = name.removesuffix(".T")
        with_itself = base == dotted(other).removesuffix(".T")
        kept = base if with_itself else name
        block, index = spot.before(kept, node)
        sparse = spot.fresh(f"{kept}_sparse")
        if with_itself:
            sides = (f"{sparse}{dotted(side).removeprefix(base)}" for side in (matrix, other))
            spot.replace(node, expression(f"({' @ '.join(sides)}).toarray()"))
        else:
            spot.replace(node, ast.BinOp(expression(sparse), ast.MatMult(), other))
        block.insert(index, statement(f"{sparse} = scipy.sparse.csr_array({kept})"))
        spot.imports.append("import scipy.sparse")
        return True
    return False


def _solved(node: ast.AST) -> str:
    """Write ``solve(matrix, right)`` for a sparse matrix; nothing for anything else."""
    if not isinstance(node, ast.Call) or dotted(node.func).rpartition(".")[2] != "solve":
        return ""
    if len(node.args) != 2 or node.keywords:
        return ""
    matrix, right = map(ast.unparse, node.args)
    return f"scipy.sparse.linalg.spsolve(scipy.sparse.csc_array({matrix}), {right})"


def _product(node: ast.AST) -> tuple[ast.expr | None, ast.expr | None]:
    """Match a product of two matrices."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return node.left, node.right
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "dot" and len(node.args) == 1:
            return node.func.value, node.args[0]
        if node.func.attr in ("dot", "matmul") and len(node.args) == 2:
            return node.args[0], node.args[1]
    return None, None


def _converted(
    line: str, result: str, *imports: str, loops: bool = False
) -> Callable[[Spot], bool]:
    """Convert a function's arrays on the way in, and its results on the way out."""
    barred = FUNCTIONS if loops else (*LOOPS, *FUNCTIONS)

    def rule(spot: Spot) -> bool:
        function = spot.function
        if not isinstance(function, ast.FunctionDef) or any(
            isinstance(each, barred) for each in ast.walk(ast.Module(function.body, []))
        ):
            return False
        names = [each.arg for each in function.args.args if each.arg != "self"]
        returns = [
            each for each in ast.walk(function) if isinstance(each, ast.Return) and each.value
        ]
        for each in returns:
            assert each.value is not None
            each.value = expression(result.format(ast.unparse(each.value)))
        function.body[:0] = [statement(line.format(name)) for name in names]
        spot.imports.extend(imports)
        return bool(names and returns)

    return rule


def _lazy(spot: Spot) -> bool:
    """Make statements lazy: arrays on their way in, and what is read later on its way out."""
    block, index, end = _longest_run(spot)
    run = block[index:end]
    called = {
        dotted(each.func) for part in run for each in ast.walk(part) if isinstance(each, ast.Call)
    }
    around = {root for name in called for root in (name, name.partition(".")[0])}
    inputs: list[str] = []
    bound: set[str] = set()
    for each in run:
        read = {name for name in reads(each) if "." not in name} - bound - around
        inputs += sorted(read - set(inputs))
        bound |= binds(each)
    inside = {id(node) for each in run for node in ast.walk(each)}
    later = {
        node.id
        for node in ast.walk(spot.function or spot.tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in inside
    }
    outputs = sorted(bound & (later | set(inputs)))
    if not (inputs and outputs):
        return False
    lazy = {name: spot.fresh(f"{name}_lazy") for name in inputs}
    first = [
        statement(
            f"{new} = mc.array.asarray({name}) if isinstance({name}, numpy.ndarray) else {name}"
        )
        for name, new in lazy.items()
    ]

    class Visitor(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            if isinstance(node.ctx, ast.Load) and node.id in lazy:
                node.id = lazy[node.id]
            return node

    made: set[str] = set()
    for each in run:
        Visitor().visit(each)
        made |= binds(each)
        for name in made & lazy.keys():
            del lazy[name]  # from here on it is what the statements have made
    text = ", ".join(outputs)
    computed = f"{text} = mc.compute({text})" + ("[0]" if len(outputs) == 1 else "")
    block.insert(end, statement(computed))
    block[index:index] = first
    spot.imports.extend(("import numpy", "import manycore as mc"))
    return True


def _longest_run(spot: Spot) -> tuple[list[ast.stmt], int, int]:
    """Return the most hot statements in a row that give names their values, by their place."""
    best: tuple[list[ast.stmt], int, int] = ([], 0, 0)
    for node in ast.walk(spot.function or spot.tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if not isinstance(block, list):
                continue
            start = 0
            for place, each in enumerate(block):
                hot = spot.first <= each.lineno <= (each.end_lineno or 0) <= spot.last
                if not (hot and _is_plain(each)):
                    start = place + 1
                elif place + 1 - start > best[2] - best[1]:
                    best = block, start, place + 1
    return best


def _is_plain(node: ast.stmt) -> bool:
    """Whether a statement gives one name a value."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return isinstance(node, (ast.Assign, ast.AugAssign)) and all(
        isinstance(each, ast.Name) for each in targets
    )


_RULES: dict[str, tuple[Callable[[Spot], bool], ...]] = {
    "membership-set": (_membership,),
    "counter": (_counter, _counts),
    "list-append": (_growth.growth, _growth.concat),
    "deque": (_queues.queue,),
    "concat": (_growth.concat, _growth.rows),
    "dataframe-columns": (
        *(_rows.columns, _rows.positions, _rows.tuples, _rows.records, _rows.named),
    ),
    "jit": (_decorate("mc.jit", "import manycore as mc"), _extracted),
    "cache": (_decorate("functools.cache", "import functools"),),
    "pool": (_hoist.pool,),
    "threads": (_hoist.threads, _hoist.few_threads),
    "run-all": (_starts.programs, _starts.functions),
    "chunksize": (_chunksize,),
    "sparse": (_sparse,),
    "array": (
        _converted(
            "{0} = mc.array.asarray({0}) if isinstance({0}, numpy.ndarray) else {0}",
            "mc.compute({})[0]",
            "import numpy",
            "import manycore as mc",
        ),
        _lazy,
    ),
    "float32": (
        _converted(
            "{0} = {0}.astype('float32') if getattr({0}, 'dtype', None) == 'float64' else {0}",
            "{}",
            loops=True,
        ),
    ),
}
