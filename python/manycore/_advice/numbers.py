"""Rules about arrays: scalar loops, chains of temporaries, zeros, precision."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence

from manycore._advice.candidate import Candidate, Heat, expression, span, text
from manycore._advice.compiles import SHORT, Extract, extract, whole
from manycore._advice.observe import Calls, Names, Observations, Seen, Wish
from manycore._advice.scopes import (
    COMPREHENSIONS,
    Model,
    carried,
    loaded,
    path_of,
    reads,
    stored,
    words,
)

LARGE = 1 << 20
"""Bytes from which an array no longer stays in a core's cache."""

ROUNDS = 3_000
"""Steps of a loop from which compiling it pays."""

MOVED = 2_000
"""Elements of a list from which moving them takes longer than a step in Python."""

CHAIN = 3
"""Operations on arrays from which their temporaries matter."""

UFUNCS = words(
    "sqrt exp log log2 log10 log1p expm1 sin cos tan arcsin arccos arctan arctan2 sinh cosh "
    "tanh abs absolute fabs maximum minimum where clip power square hypot add subtract "
    "multiply divide true_divide floor ceil rint negative sign mod remainder floor_divide "
    "radians degrees deg2rad rad2deg isnan nan_to_num logical_and logical_or logical_not "
    "greater less equal cbrt reciprocal heaviside copysign fmod conj real imag"
)
"""NumPy's functions of one element at a time."""

HEAVY = words(
    "sort argsort unique searchsorted median percentile quantile partition lexsort fft ifft "
    "rfft convolve correlate cumsum cumprod histogram bincount digitize interp dot matmul "
    "einsum tensordot vdot inner outer solve inv eig eigh svd qr det lstsq cholesky pinv"
)
"""Functions whose time is not that of elementwise work."""

SENSITIVE = words(
    "solve inv lstsq det eig eigvals polyfit vander cumsum cumprod var std diff cond pinv "
    "fsum longdouble float128 cov corrcoef allclose isclose spsolve"
)
"""Functions that lose, or are there to keep, the digits that float32 lacks."""

_ELSEWHERE = words(
    "random normal uniform integers standard_normal choice poisson exponential gamma binomial "
    "permutation shuffle sort argsort lexsort unique"
)
"""Functions whose time is not that of the bytes that they read or write."""

_COPIES = words("append concatenate vstack hstack dstack stack tolist save load copy")

ARRAY = "numpy.ndarray"

DIGITS = 7
"""Digits that float32 does not have."""

FED_BACK = 16
"""Rounds up to which the errors of a result that the next round begins with don't add up."""

TOLERANCE = 1e-7
"""Relative precision that float32 does not have."""


def _is_copy(model: Model, call: ast.AST) -> bool:
    """Tell whether a call only copies an array; a list's `append` is none."""
    last = _last_name(model, call)
    return last in _COPIES and (last != "append" or model.called(call).startswith("numpy."))


def _last_name(model: Model, call: ast.AST) -> str:
    """Return the last part of the name that a call calls, a method's too."""
    if not isinstance(call, ast.Call):
        return ""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return model.called(call).rpartition(".")[2]


def jit(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find a loop over the elements of arrays that compiles."""
    loops = [
        node
        for node in model.walk((ast.For, ast.While))
        if isinstance(node, (ast.For, ast.While))
        and not any(isinstance(each, (ast.For, ast.While)) for each in model.loops(node))
    ]
    for loop in loops:
        yield from _compiled(model, heat, loop, 2)


def _compiled(
    model: Model, heat: Heat, loop: ast.For | ast.While, depth: int
) -> Iterator[Candidate]:
    first, last = span(loop)
    share = heat.share(first, last)
    if share < 0.05:
        return
    arrays = _indexed(model, loop)
    if not _has_library(model, loop):
        function = model.function_of(loop)
        ways = [
            (way, wish)
            for way, wish in (
                (
                    (whole(model, function), Calls(function.lineno, function.name))
                    if function is not None
                    else (None, None)
                ),
                (extract(model, loop), None),
            )
            if way is not None
        ]
        if ways:
            yield _jit_candidate(model, loop, arrays, ways, share)
    if depth:
        for inner in ast.walk(loop):
            if inner is not loop and isinstance(inner, (ast.For, ast.While)):
                outer = [
                    each for each in model.loops(inner) if not isinstance(each, COMPREHENSIONS)
                ]
                if outer and outer[0] is loop:
                    yield from _compiled(model, heat, inner, depth - 1)


def _has_library(model: Model, node: ast.AST) -> bool:
    """Tell whether a loop has its time, or its random numbers, from a library."""
    return any(
        (isinstance(each, ast.BinOp) and isinstance(each.op, ast.MatMult))
        or "linalg" in model.called(each)
        or model.called(each).startswith(("scipy.", "pandas.", "random.", "numpy.random."))
        for each in ast.walk(node)
    )


def _indexed(model: Model, loop: ast.For | ast.While) -> dict[str, int]:
    """Return the names that the loop takes elements of, with the count of indices."""
    found: dict[str, int] = {}
    for node in ast.walk(loop):
        if isinstance(node, ast.Subscript):
            count = 0
            base: ast.expr = node
            while isinstance(base, ast.Subscript):
                parts = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
                if any(
                    isinstance(each, (ast.Slice, ast.Constant)) and not _is_index(each)
                    for each in parts
                ):
                    count = -99
                count += len(parts)
                base = base.value
            name = path_of(base)
            if name is not None and count > 0:
                found[name] = max(count, found.get(name, 0))
        elif isinstance(node, ast.For):
            for each in ast.walk(node.iter):
                name = path_of(each)
                if name is not None and model.parents.get(each) is not None:
                    up = model.parents[each]
                    direct = up is node or model.called(up) in ("enumerate", "zip", "numpy.nditer")
                    if direct:
                        found.setdefault(name, 1)
    return found


def _is_index(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def _jit_candidate(
    model: Model,
    loop: ast.For | ast.While,
    arrays: dict[str, int],
    ways: list[tuple[Extract, Calls | None]],
    share: float,
) -> Candidate:
    first, last = span(loop)
    paths = [path for way, called in ways if called is None for path in way.paths]
    inputs = tuple(dict.fromkeys((*paths, *arrays)))
    names = {each.id for each in ast.walk(loop) if isinstance(each, ast.Name)}
    wish = Names(first, last, (*inputs, *sorted(names - set(inputs) - set(model.aliases))))
    wide = any(
        isinstance(each, (ast.BinOp, ast.AugAssign))
        and isinstance(each.op, (ast.Mult, ast.Pow, ast.LShift))
        for each in ast.walk(loop)
    )

    moved = {name for each in ast.walk(loop) if (name := _moved(each)) is not None}

    def judge(seen: Observations) -> Sequence[str] | None:
        looked = seen[wish]
        if looked.events < ROUNDS or any(looked.longest(name) > MOVED for name in moved):
            return None
        scalars = []
        for name, indices in arrays.items():
            look = looked.first(name)
            if look is None or look["type"] != ARRAY or look["dtype"][:3] not in _NUMERIC:
                continue
            row = look["nbytes"] // max(1, look["len"])
            if len(look["shape"]) <= indices or row <= 16_384:
                scalars.append(f"{name} ({look['dtype']}, {'×'.join(map(str, look['shape']))})")
        if not scalars and not _is_of_numbers(looked, wide):
            return None
        if all(
            way.compiles(looked if called is None else seen[called]) is not None
            for way, called in ways
        ):
            return None
        lists = sorted({path for way, called in ways for path in _lists(way, looked, seen, called)})
        what = f"the elements of {', '.join(scalars)}" if scalars else "plain numbers"
        return (
            f"the loop goes over {what}",
            "checked: mc.jit compiles it with these types",
            *(f"{each} is a list or tuple: hand over np.asarray({each})" for each in lists),
        )

    return Candidate(
        "jit",
        "compile the loop with @mc.jit",
        first,
        last,
        share,
        ("a loop in Python over numbers",),
        (wish, *(called for _, called in ways if called is not None)),
        judge,
        ways[0][0].after,
        40.0,
        "NumPy arrays and numbers only; llvmlite",
    )


def _lists(way: Extract, looked: Seen, seen: Observations, called: Calls | None) -> list[str]:
    """Return what a compiled function would take that is a list now."""
    source = looked if called is None else seen[called]
    return [
        path
        for path in way.paths
        if source.types(path) in ({"list"}, {"tuple"}) and source.longest(path) > SHORT
    ]


def _moved(node: ast.AST) -> str | None:
    """Return the list whose elements a step moves or compares with, which are C's loops already."""
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
        return path_of(node.comparators[0])
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("pop", "insert", "remove", "index", "count", "reverse", "sort")
        and (node.args or node.func.attr in ("reverse", "sort"))
    ):
        return path_of(node.func.value)
    return None


def _is_of_numbers(seen: Seen, wide: bool) -> bool:
    """
    Tell whether all that a loop's names have been are numbers, or lists of its own of these.

    Python's integers don't end at 64 bits: products must have been far from there.
    """
    bits = 31 if wide else 62
    for looks in seen.looks.values():
        for look in looks:
            kind = look["type"]
            if kind in ("list", "tuple"):
                kind = look.get("element", "int")
            if kind not in ("int", "float", "bool", "complex", "range", "function", "NoneType"):
                return False
            if look.get("bits", 0) > bits:
                return False
    return bool(seen.looks)


_NUMERIC = ("flo", "int", "uin", "boo", "com")


def _blocks(model: Model) -> Iterator[list[ast.stmt]]:
    """Return the runs of simple statements that follow one another."""
    for node in ast.walk(model.tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if not isinstance(block, list):
                continue
            run: list[ast.stmt] = []
            for statement in block:
                if isinstance(
                    statement, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr)
                ):
                    run.append(statement)
                elif run:
                    yield run
                    run = []
            if run:
                yield run


def _looks(model: Model, statements: Sequence[ast.stmt]) -> Names:
    names: dict[str, None] = {}
    for statement in statements:
        for node in ast.walk(statement):
            name = path_of(node)
            if name is not None and name.partition(".")[0] not in model.aliases:
                names[name] = None
    return Names(statements[0].lineno, span(statements[-1])[1], tuple(names))


def _is_large(look: dict[str, object] | None) -> bool:
    return look is not None and look["type"] == ARRAY and int(str(look["nbytes"])) >= LARGE


class _Chain:
    """Counts the operations of a statement that go over whole large arrays."""

    def __init__(self, model: Model, seen: Seen, least: int = LARGE) -> None:
        self.model = model
        self.large = {
            name
            for name, looks in seen.looks.items()
            if any(look["type"] == ARRAY and look["nbytes"] >= least for look in looks)
        }
        self.count = 0
        self.heavy = False

    def visit(self, node: ast.AST) -> bool:
        """Count under a node; tell whether its value is a large array."""
        name = path_of(node)
        if name is not None and name in self.large:
            return True
        if isinstance(node, ast.BinOp):
            left, right = self.visit(node.left), self.visit(node.right)
            if isinstance(node.op, ast.MatMult):
                self.heavy |= left or right
                return left or right
            return self._step(left or right)
        if isinstance(node, ast.UnaryOp):
            return self._step(self.visit(node.operand))
        if isinstance(node, ast.Compare):
            return self._step(sum(map(self.visit, (node.left, *node.comparators))) > 0)
        if isinstance(node, ast.Subscript):
            self.visit(node.slice)
            return self.visit(node.value)
        if isinstance(node, ast.Attribute):
            return self.visit(node.value) and node.attr in ("T", "real", "imag")
        if isinstance(node, ast.AugAssign):
            # In place: a pass over memory, though without a temporary.
            inner = self.visit(node.value)
            return self._step(self.visit(node.target) or inner)
        if isinstance(node, ast.Call):
            return self._call(node)
        parts = [self.visit(child) for child in ast.iter_child_nodes(node)]
        passed_on = (ast.Starred, ast.keyword, ast.IfExp, ast.Tuple, ast.List)
        return any(parts) and isinstance(node, passed_on)

    def _call(self, node: ast.Call) -> bool:
        arguments = [*node.args, *(each.value for each in node.keywords)]
        large = sum(map(self.visit, arguments)) > 0
        last = _last_name(self.model, node)
        is_method = isinstance(node.func, ast.Attribute) and not self.model.called(node).startswith(
            "numpy."
        )
        if is_method:
            assert isinstance(node.func, ast.Attribute)
            large |= self.visit(node.func.value)
        if last in HEAVY:
            self.heavy |= large
            return large
        if self.model.called(node).startswith("numpy.") and last in UFUNCS:
            return self._step(large)
        if is_method and last in ("clip", "round", "conj"):
            return self._step(large)
        if is_method and last in ("astype", "copy", "reshape", "ravel"):
            return large
        return large and self.model.callee(node) is not None

    def _step(self, large: bool) -> bool:
        self.count += large
        return large


def array(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find a chain of operations on large arrays, each of which makes a temporary."""
    for run in _blocks(model):
        first, last = run[0].lineno, span(run[-1])[1]
        if heat.share(first, last) < 0.15:
            continue
        wish = _looks(model, run)
        parts = [
            (statement, heat.share(*span(statement)))
            for statement in run
            if heat.share(*span(statement)) > 0.02
        ]

        def judge(
            seen: Observations,
            wish: Names = wish,
            parts: list[tuple[ast.stmt, float]] = parts,
            whole: float = heat.share(first, last),
            lines: int = last - first + 1,
        ) -> Sequence[str] | None:
            looked = seen[wish]
            if looked.events > ROUNDS * lines:
                return None  # element by element
            if any(
                look["type"] == ARRAY and look["dtype"] == "object"
                for looks in looked.looks.values()
                for look in looks
            ):
                return None
            count, share = 0, 0.0
            for statement, part in parts:
                chain = _Chain(model, looked)
                chain.visit(statement)
                if chain.count and not chain.heavy:
                    count += chain.count
                    share += part
            if count < CHAIN or share < 0.5 * whole or share < 0.15:
                return None
            chain = _Chain(model, looked)
            sizes = [
                look["nbytes"]
                for name in chain.large
                for look in looked.looks[name]
                if look["type"] == ARRAY
            ]
            return (
                f"{count} operations, each a pass over arrays of up to {max(sizes) / 1e6:.0f} MB",
                f"large: {', '.join(sorted(chain.large))}",
            )

        yield Candidate(
            "array",
            "mc.array evaluates the whole expression in one pass",
            first,
            last,
            heat.share(first, last),
            ("a chain of elementwise operations on arrays",),
            (wish,),
            judge,
            _fused(model, run),
            4.0,
        )


def _fused(model: Model, run: list[ast.stmt]) -> str:
    bound: set[str] = set()
    inputs: dict[str, None] = {}
    for statement in run:
        for name in sorted(loaded(statement)):
            if name not in bound and name not in model.aliases and name not in model.functions:
                inputs[name] = None
        bound |= {
            node.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
    lines = ["import manycore as mc", ""]
    lines += [
        f"{name} = mc.array.asarray({name})  # where it is a large array"
        for name in inputs
        if not hasattr(builtins, name) and name != "self"
    ]
    lines += [text(statement) for statement in run]
    lines.append("# the result's .compute() runs it all on every core")
    return "\n".join(lines)


def _operands(model: Model) -> Iterator[tuple[ast.AST, list[ast.expr], str]]:
    """Return the matrix operations and their operands."""
    for node in model.walk((ast.BinOp, ast.Call)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            yield node, [node.left, node.right], "@"
        elif isinstance(node, ast.Call):
            name = model.called(node)
            if name in ("numpy.dot", "numpy.matmul", "numpy.inner"):
                yield node, node.args[:2], name
            elif name.endswith(
                (
                    "linalg.solve",
                    "linalg.inv",
                    "linalg.lu_factor",
                    "linalg.eigh",
                    "linalg.lstsq",
                )
            ):
                yield node, node.args[:1], name
            elif isinstance(node.func, ast.Attribute) and node.func.attr == "dot":
                yield node, [node.func.value, *node.args[:1]], "dot"
            elif name in ("numpy.einsum",):
                yield node, node.args[1:], name


def _base(node: ast.expr) -> ast.expr:
    """Return what an operand is a view or copy of."""
    while True:
        if isinstance(node, ast.Attribute) and node.attr == "T":
            node = node.value
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("transpose", "copy", "astype")
        ):
            node = node.func.value
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return node


def sparse(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find a matrix that is mostly zeros in products or solutions of dense matrices."""
    for node, operands, how in _operands(model):
        statement = model.statement(node)
        first, last = span(statement)
        if isinstance(statement, (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.FunctionDef)):
            first, last = span(node)
        share = heat.share(first, last)
        for operand in operands:
            base = _base(operand)
            name = path_of(base)
            callee = model.callee(base)
            wish: Wish
            if name is not None:
                wish = Names(first, last, (name,))
                key = name
            elif callee is not None:
                wish = Calls(callee.lineno, callee.name)
                name, key = text(base), "return"
            else:
                continue

            def judge(
                seen: Observations, wish: Wish = wish, key: str = key, name: str = name
            ) -> Sequence[str] | None:
                looks = seen[wish].looks.get(key, [])
                matrices = [
                    look for look in looks if look["type"] == ARRAY and len(look["shape"]) == 2
                ]
                if not matrices or any("zeros" not in look for look in matrices):
                    return None
                share = min(look["zeros"] for look in matrices)
                shape = matrices[-1]["shape"]
                if share < 0.9 or shape[0] * shape[1] < 40_000:
                    return None
                return (
                    f"{share:.1%} of {name} ({shape[0]} × {shape[1]}, "
                    f"{matrices[-1]['nbytes'] / 1e6:.0f} MB) are zeros",
                )

            solves = "solve" in how
            make = "sparse.csc_array" if solves else "sparse.csr_array"
            if solves and isinstance(node, ast.Call):
                body = text(statement, {node.func: expression("spsolve")})
                head = "from scipy import sparse\nfrom scipy.sparse.linalg import spsolve\n"
            else:
                body, head = text(statement), "from scipy import sparse\n"
            plain = name.replace(".", "_") if key != "return" else "matrix"
            new = expression(f"{plain}_sparse")
            body = text(
                statement,
                {
                    operand: new,
                    **(
                        {node.func: expression("spsolve")}
                        if solves and isinstance(node, ast.Call)
                        else {}
                    ),
                },
            )
            yield Candidate(
                "sparse",
                f"a sparse matrix for {name}",
                first,
                last,
                share,
                (f"`{text(node)}` reads the whole matrix",),
                (wish,),
                judge,
                f"{head}{plain}_sparse = {make}({text(operand)})  # once, where it is made\n{body}",
                10.0,
                "scipy.sparse, or mc.sparse",
            )


def _wants_digits(model: Model) -> bool:
    """Tell whether a script prints, rounds or compares to more digits than float32 has."""
    constants = [node for node in ast.walk(model.tree) if isinstance(node, ast.Constant)]
    formats = (
        found
        for node in constants
        if isinstance(node.value, str)
        for found in _FORMAT.findall(node.value)
    )
    # A tolerance; but what is added, or is a lower bound, only guards against a zero.
    tolerances = (
        node
        for node in constants
        if isinstance(node.value, float)
        and 0 < abs(node.value) < TOLERANCE
        and not _is_guard(model, node)
    )
    return (
        any(map(_is_precise, formats))
        or any(tolerances)
        or any(
            model.called(call) in ("round", "numpy.round", "numpy.around")
            and any(
                isinstance(each, ast.Constant)
                and isinstance(each.value, int)
                and each.value >= DIGITS
                for each in call.args[1:]
            )
            for call in model.calls
        )
    )


_FORMAT = re.compile(r"(?:^|[%:])[-+ #0-9<>^,]*\.(\d+)([efgEG])")


def _is_precise(found: tuple[str, str]) -> bool:
    """Tell whether a format asks for more digits than float32 has."""
    return int(found[0]) >= DIGITS - (found[1] in "eE")


def _digits_of_sums(model: Model) -> int | None:
    """Return the decimals with which a script writes sums of all values; None if it doesn't."""
    named = {
        name
        for node in model.walk(ast.Assign)
        if isinstance(node, ast.Assign) and _has_sum(model, node.value)
        for target in node.targets
        for name in stored(target)
    }
    shown = [
        int(digits)
        for node in model.walk(ast.FormattedValue)
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None
        if _has_sum(model, node.value) or named & loaded(node.value)
        for each in ast.walk(node.format_spec)
        if isinstance(each, ast.Constant)
        for digits, _ in _FORMAT.findall(str(each.value))
    ]
    return max(shown, default=None)


def _has_sum(model: Model, node: ast.AST) -> bool:
    """Tell whether there is a sum over all axes; of a comparison it is but a count."""
    return any(
        _last_name(model, call) == "sum"
        and isinstance(call, ast.Call)
        and len(call.args) <= (model.called(call) == "numpy.sum")
        and not call.keywords
        and isinstance(call.func, ast.Attribute)
        and not isinstance(call.func.value, ast.Compare)
        for call in ast.walk(node)
    )


def _is_guard(model: Model, node: ast.AST) -> bool:
    up = model.parents.get(node)
    if isinstance(up, ast.BinOp):
        return isinstance(up.op, ast.Add)
    return _last_name(model, up) in ("max", "maximum", "clip") if up is not None else False


def _is_fed_back(model: Model, statement: ast.stmt) -> bool:
    """Tell whether the statement's result is what its next round begins with: errors add up."""
    loop = next(
        (each for each in model.loops(statement) if isinstance(each, (ast.For, ast.While))), None
    )
    if not isinstance(loop, (ast.For, ast.While)):
        return False
    return bool(carried(loop) & stored(statement) & loaded(statement))


def float32(model: Model, heat: Heat) -> Iterator[Candidate]:
    """Find large arrays of doubles in work that is bound by memory or BLAS and needs few digits."""
    if "float32" in model.source or _wants_digits(model):
        return
    decimals = _digits_of_sums(model)
    for run in _blocks(model):
        for statement in run:
            first, last = span(statement)
            share = heat.share(first, last)
            if share < 0.25:
                continue
            scope = model.function_of(statement) or model.tree
            if any(_last_name(model, call) in SENSITIVE for call in ast.walk(scope)):
                continue
            if any(model.callee(call) is not None for call in ast.walk(statement)):
                continue  # the time is in the function that is called
            if any(_is_copy(model, call) for call in ast.walk(statement)):
                continue
            products = any(isinstance(each, ast.MatMult) for each in ast.walk(statement))
            if not products and any(
                _last_name(model, call) in _ELSEWHERE for call in ast.walk(statement)
            ):
                continue
            wish = _looks(model, run)
            fed_back = _is_fed_back(model, statement)

            def judge(
                seen: Observations,
                wish: Names = wish,
                statement: ast.stmt = statement,
                fed_back: bool = fed_back,
            ) -> Sequence[str] | None:
                looked = seen[wish]
                chain = _Chain(model, looked)
                chain.visit(statement)
                if looked.events > ROUNDS:
                    return None  # element by element: not bound by memory
                if fed_back and looked.events > FED_BACK * (wish.last - wish.first + 1):
                    return None
                own = {path_of(node) for node in ast.walk(statement)}
                doubles = {
                    name: look
                    for name in chain.large & own
                    if (look := looked.last(name))
                    and look["type"] == ARRAY
                    and look["dtype"] == "float64"
                }
                heaviest = {
                    look["dtype"]
                    for name in chain.large & own
                    if (look := looked.last(name)) and look["type"] == ARRAY
                }
                if not doubles or not heaviest <= {"float64", "int64", "bool"}:
                    return None
                # Also what is worked out beside it: a small difference may come from there.
                beside = [
                    look
                    for looks in looked.looks.values()
                    for look in looks[-1:]
                    if _is_large(look) and look["dtype"] == "float64"
                ]
                for look in (*doubles.values(), *beside):
                    mean, std = abs(look.get("mean", 0.0)), look.get("std", 0.0)
                    # Small differences of large numbers need the digits; so do counts beyond 2**24.
                    if not (std >= 0.01 * mean and 0 < look.get("max", 0.0) < 1e6):
                        return None
                    whole = mean * look["nbytes"] / 8
                    if decimals is not None and whole * 10**decimals > 10**DIGITS:
                        return None  # as many digits of their sum are shown
                size = sum(look["nbytes"] for look in doubles.values())
                return (
                    f"{', '.join(sorted(doubles))}: {size / 1e6:.0f} MB of float64, "
                    "of moderate range",
                )

            names = sorted(reads(statement) - set(model.aliases) - set(model.functions) - {"self"})
            yield Candidate(
                "float32",
                "float32 halves the bytes and doubles BLAS's rate",
                first,
                last,
                share,
                (f"`{text(statement)[:80]}` works on doubles",),
                (wish,),
                judge,
                "import numpy as np\n"
                + "\n".join(
                    f"{name} = {name}.astype(np.float32)  # once, where it is made"
                    for name in names
                    if not hasattr(builtins, name)
                )
                + f"\n{text(statement)}",
                2.0,
                "results that need no more than about six digits",
            )


RULES = (jit, array, sparse, float32)
