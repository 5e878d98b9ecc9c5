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

from manycore._advice import _hoist
from manycore._advice._spot import (
    FUNCTIONS,
    LOOPS,
    Spot,
    binds,
    dotted,
    expression,
    reads,
    statement,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from manycore._advice.rewrite import Rewrite


_ARITHMETIC = (
    *(ast.BinOp, ast.operator, ast.UnaryOp, ast.USub, ast.Subscript, ast.Attribute),
    *(ast.Name, ast.Constant, ast.expr_context),
)


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
    if technique == "cache":
        first, last = _called(source, first, last)
    for rule in _RULES.get(technique, ()):
        spot = Spot(source, first, last)
        if spot.chain and rule(spot):
            return spot.rewrite()
    return None


def _called(source: str, first: int, last: int) -> tuple[int, int]:
    """Return the lines of the function that hot lines call, where they aren't its own."""
    spot = Spot(source, first, last)
    functions = {each.name: each for each in spot.tree.body if isinstance(each, ast.FunctionDef)}
    for node in spot.hot(ast.Call):
        assert isinstance(node, ast.Call)
        called = functions.get(dotted(node.func))
        if called is not None and called is not spot.function:
            return called.body[0].lineno, called.end_lineno or 0
    return first, last


_REPEATS = (ast.For, ast.While, ast.comprehension, ast.Lambda)


def _membership(spot: Spot) -> bool:
    found = False
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
            _insert_after(here, each, line)
        node.comparators[0] = expression(hashed)
        block.insert(block.index(here), statement(f"{hashed} = set({name})"))
        found = True
    return found


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


def _insert_after(tree: ast.AST, old: ast.stmt, new: ast.stmt) -> None:
    for each in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(each, field, None)
            if isinstance(block, list) and old in block:
                block.insert(block.index(old) + 1, new)
                return


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


def _growth(spot: Spot) -> bool:
    """Rewrite a string, bytes, list or tuple that is grown by ``+``."""
    for node in spot.hot((ast.Assign, ast.AugAssign)):
        name, piece = _grown(node)
        places = [loop for loop in spot.loops() if node is not loop[0][loop[1]]]
        for loop in places:
            start = spot.start(loop, name)
            if start is None or piece is None:
                continue
            assert isinstance(node, ast.stmt)
            empty = ast.unparse(start.value)
            here = loop[0][loop[1]]
            if empty in ("[]", "list()"):
                one = isinstance(piece, ast.List) and len(piece.elts) == 1
                method = "append" if one else "extend"
                what = piece.elts[0] if isinstance(piece, ast.List) and one else piece
                line = statement(f"{name}.{method}({ast.unparse(what)})")
                spot.replace(node, line)
                return True
            ends = {
                "''": ("append", "''.join({})"),
                "b''": ("append", "b''.join({})"),
                "()": ("extend", "tuple({})"),
                "tuple()": ("extend", "tuple({})"),
            }
            if empty not in ends or _others_read(here, node, name):
                continue
            method, end = ends[empty]
            parts = spot.fresh(f"{name}_parts")
            spot.replace(node, statement(f"{parts}.{method}({ast.unparse(piece)})"))
            loop[0].insert(loop[1] + 1, statement(f"{name} = {end.format(parts)}"))
            loop[0][loop[0].index(start)] = statement(f"{parts} = []")
            return True
    return False


def _grown(node: ast.AST) -> tuple[str, ast.expr | None]:
    """Match ``name += piece`` and ``name = name + piece [+ more]``."""
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        return dotted(node.target), node.value
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        name, value = dotted(node.targets[0]), node.value
        pieces: list[ast.expr] = []
        while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
            pieces.insert(0, value.right)
            value = value.left
        if pieces and name and dotted(value) == name:
            whole = pieces[0]
            for each in pieces[1:]:
                whole = ast.BinOp(whole, ast.Add(), each)
            return name, whole
    return "", None


def _others_read(loop: ast.AST, node: ast.AST, name: str) -> bool:
    """Whether anything in a loop but one statement reads a name."""
    own = {id(each) for each in ast.walk(node)}
    return any(
        id(each) not in own and dotted(each) == name
        for each in ast.walk(loop)
        if isinstance(each, (ast.Name, ast.Attribute))
    )


def _deque(spot: Spot) -> bool:
    for node in spot.hot(ast.Call):
        assert isinstance(node, ast.Call)
        text = [ast.unparse(each) for each in node.args]
        if not isinstance(node.func, ast.Attribute):
            continue
        method = node.func.attr
        if not ((method == "pop" and text == ["0"]) or (method == "insert" and text[:1] == ["0"])):
            continue
        name = dotted(node.func.value)
        loops = [loop for loop in spot.loops() if name and name not in binds(loop[0][loop[1]])]
        if not loops:
            continue
        block, index = loops[0]
        for each in ast.walk(block[index]):
            if not isinstance(each, ast.Call) or not isinstance(each.func, ast.Attribute):
                continue
            if dotted(each.func.value) != name:
                continue
            arguments = [ast.unparse(argument) for argument in each.args]
            if each.func.attr == "pop" and arguments == ["0"]:
                each.func.attr, each.args = "popleft", []
            elif each.func.attr == "insert" and arguments[:1] == ["0"]:
                each.func.attr, each.args = "appendleft", each.args[1:]
        block.insert(index + 1, statement(f"{name} = list({name})"))
        block.insert(index, statement(f"{name} = deque({name})"))
        spot.imports.append("from collections import deque")
        return True
    return False


def _concat(spot: Spot) -> bool:
    """Rewrite an array or frame that is grown in a loop."""
    for node in spot.hot(ast.Assign):
        assert isinstance(node, ast.Assign)
        call, name = node.value, dotted(node.targets[0])
        if not isinstance(call, ast.Call) or not name or not call.args:
            continue
        function = dotted(call.func)
        if function.rpartition(".")[2] == "append" and len(call.args) == 2:
            module = function.rpartition(".")[0]
            first, piece = dotted(call.args[0]), f"{module}.ravel({ast.unparse(call.args[1])})"
            end = f"{module}.concatenate({{}})"
        else:
            pair = call.args[0]
            if not isinstance(pair, (ast.List, ast.Tuple)) or len(pair.elts) != 2:
                continue
            first, piece = dotted(pair.elts[0]), ast.unparse(pair.elts[1])
            last = copy.deepcopy(call)
            last.args[0] = ast.Name("PARTS", ast.Load())
            end = ast.unparse(last).replace("PARTS", "{}")
        loops = [loop for loop in spot.loops() if spot.start(loop, name) or loop[1] == 0]
        loops = loops or spot.loops()
        if first != name or not loops:
            continue
        block, index = loops[0]
        if _others_read(block[index], node, name):
            continue
        parts = spot.fresh(f"{name}_parts")
        spot.replace(node, statement(f"{parts}.append({piece})"))
        block.insert(index + 1, statement(f"{name} = {end.format(parts)}"))
        block.insert(index, statement(f"{parts} = [{name}]"))
        return True
    return False


def _decorate(decorator: str, imported: str) -> Callable[[Spot], bool]:
    def rule(spot: Spot) -> bool:
        if not isinstance(spot.function, ast.FunctionDef) or spot.function.decorator_list:
            return False
        node = expression(decorator)
        node.written = False  # type: ignore[attr-defined]
        spot.function.decorator_list.insert(0, node)
        spot.imports.append(imported)
        return True

    return rule


def _chunksize(spot: Spot) -> bool:
    """Let a pool choose, or choose for those that take one item at a time by themselves."""
    for node in spot.hot(ast.Call):
        assert isinstance(node, ast.Call)
        if not isinstance(node.func, ast.Attribute):
            continue
        method = node.func.attr
        if method not in ("map", "starmap", "map_async", "imap", "imap_unordered"):
            continue
        if not method.startswith("imap") and len(node.args) == 3:
            del node.args[2]
            return True
        given = [word for word in node.keywords if word.arg == "chunksize"]
        if given and ast.unparse(given[0].value) not in {str(size) for size in range(1, 65)}:
            continue
        node.keywords = [word for word in node.keywords if word.arg != "chunksize"]
        if not given or method.startswith("imap"):
            node.keywords.append(ast.keyword("chunksize", ast.Constant(256)))
        return True
    return False


def _columns(spot: Spot) -> bool:
    """Rewrite ``frame.apply(lambda row: arithmetic, axis=1)`` as arithmetic on columns."""
    for node in spot.hot(ast.Call):
        if not (parts := _applied(node)):
            continue
        call, frame, function = parts
        if not isinstance(function, ast.Lambda):
            continue
        if not all(isinstance(each, _ARITHMETIC) for each in ast.walk(function.body)):
            continue
        row = function.args.args[0].arg
        for each in list(ast.walk(function.body)):
            if isinstance(each, ast.Name) and each.id == row:
                each.id = frame
        text = ast.unparse(function.body)
        spot.replace(call, expression(text if isinstance(function.body, ast.Name) else f"({text})"))
        return True
    return False


def _applied(node: ast.AST) -> tuple[ast.Call, str, ast.expr] | None:
    """Match ``frame.apply(function, axis=1)``."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    axis = [ast.unparse(word.value) for word in node.keywords if word.arg == "axis"]
    frame = dotted(node.func.value)
    if node.func.attr != "apply" or not frame or len(node.args) != 1 or len(node.keywords) != 1:
        return None
    return (node, frame, node.args[0]) if axis in (["1"], ["'columns'"]) else None


def _records(spot: Spot) -> bool:
    """Rewrite row loops over a frame as loops over plain dictionaries, columns converted once."""
    for node in spot.hot(ast.Call):
        if parts := _applied(node):
            call, frame, function = parts
            text = None
            if isinstance(function, ast.Lambda):
                _subscripts(function.body, function.args.args[0].arg)
                text = f"({ast.unparse(function)})"
            row = spot.fresh("row")
            name = text or ast.unparse(function)
            rows = f"{name}({row}) for {row} in {frame}.to_dict('records')"
            spot.imports.append("import pandas")
            spot.replace(call, expression(f"pandas.Series([{rows}], index={frame}.index)"))
            return True
    for loop in reversed(spot.loops()):
        outer = loop[0][loop[1]]
        if not isinstance(outer, ast.For):
            continue
        call_ = outer.iter
        text = ast.unparse(call_)
        if not text.endswith(".iterrows()") or not isinstance(outer.target, ast.Tuple):
            continue
        row_ = outer.target.elts[1]
        frame = text.removesuffix(".iterrows()")
        if isinstance(row_, ast.Name):
            for each in outer.body:
                _subscripts(each, row_.id)
        outer.iter = expression(f"zip({frame}.index, {frame}.to_dict('records'))")
        return True
    return False


def _subscripts(tree: ast.AST, row: str) -> None:
    """Write ``row.name`` as ``row['name']``."""

    class Visitor(ast.NodeTransformer):
        def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
            self.generic_visit(node)
            if isinstance(node.value, ast.Name) and node.value.id == row:
                return ast.Subscript(node.value, ast.Constant(node.attr), node.ctx)
            return node

    Visitor().visit(tree)


def _sparse(spot: Spot) -> bool:
    """Rewrite products of a matrix that stays as it is."""
    for node in spot.hot((ast.BinOp, ast.Call)):
        matrix: ast.expr | None = None
        other: ast.expr | None = None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            matrix, other = node.left, node.right
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "dot" and len(node.args) == 1:
                matrix, other = node.func.value, node.args[0]
            elif node.func.attr in ("dot", "matmul") and len(node.args) == 2:
                matrix, other = node.args
        if matrix is None or other is None or not (name := dotted(matrix)):
            continue
        block, index = spot.before(name, node)
        sparse = spot.fresh(f"{name}_sparse")
        spot.replace(node, ast.BinOp(expression(sparse), ast.MatMult(), other))
        block.insert(index, statement(f"{sparse} = scipy.sparse.csr_array({name})"))
        spot.imports.append("import scipy.sparse")
        return True
    return False


def _converted(line: str, result: str, *imports: str) -> Callable[[Spot], bool]:
    """Convert a function's arrays on the way in, and its results on the way out."""

    def rule(spot: Spot) -> bool:
        function = spot.function
        if not isinstance(function, ast.FunctionDef) or any(
            isinstance(each, (*LOOPS, *FUNCTIONS))
            for each in ast.walk(ast.Module(function.body, []))
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


_RULES: dict[str, tuple[Callable[[Spot], bool], ...]] = {
    "membership-set": (_membership,),
    "counter": (_counter, _counts),
    "list-append": (_growth,),
    "deque": (_deque,),
    "concat": (_concat,),
    "dataframe-columns": (_columns, _records),
    "jit": (_decorate("mc.jit", "import manycore as mc"),),
    "cache": (_decorate("functools.cache", "import functools"),),
    "pool": (_hoist.pool,),
    "threads": (_hoist.threads,),
    "chunksize": (_chunksize,),
    "sparse": (_sparse,),
    "array": (
        _converted(
            "{0} = mc.array.asarray({0}) if isinstance({0}, numpy.ndarray) else {0}",
            "mc.compute({})[0]",
            "import numpy",
            "import manycore as mc",
        ),
    ),
    "float32": (
        _converted(
            "{0} = {0}.astype('float32') if isinstance({0}, numpy.ndarray) else {0}",
            "{}",
            "import numpy",
        ),
    ),
}
