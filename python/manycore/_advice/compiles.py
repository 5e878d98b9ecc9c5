"""A loop of the user's as a function by itself, and whether `mc.jit` compiles that."""

from __future__ import annotations

import ast
import builtins
import dataclasses

from manycore._advice.candidate import expression, replaced, span, text
from manycore._advice.observe import Seen
from manycore._advice.scopes import (
    Function,
    Model,
    carried,
    changed,
    loaded,
    path_of,
    stored,
    targets,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SHORT = 16
"""Elements of a tuple up to which `mc.jit` is to take it as one."""

_SCALARS = {
    "float": "float64",
    "int": "int64",
    "bool": "boolean",
    "complex": "complex128",
}


@dataclasses.dataclass(frozen=True)
class Extract:
    """A function made from a loop: its source, and what its parameters are in the user's code."""

    source: str
    paths: tuple[str, ...]
    after: str
    altered: frozenset[str]
    """Names whose objects it changes: an array made of a list would not change the list."""
    name: str = "run_loop"

    def compiles(self, seen: Seen) -> str | None:
        """Say why it does not compile with the types that were seen; None when it does."""
        types = []
        for path in self.paths:
            kind = _type(seen.first(path), path not in self.altered)
            if kind is None:
                return f"{path} is no number or array"
            types.append(kind)
        return _refusal(self.source, self.name, types)


def _refusal(source: str, name: str, types: list[str]) -> str | None:
    """Say why a function of a source does not compile for some types; None when it does."""
    import tempfile
    from pathlib import Path

    from manycore import _core, _jit

    with tempfile.TemporaryDirectory() as folder:
        # The compiler reads the source from a file, as with any function.
        file = Path(folder) / "advice_loop.py"
        file.write_text(source, encoding="utf-8")
        space: dict[str, Any] = {"__name__": "advice_loop"}
        try:
            exec(compile(source, str(file), "exec"), space)
            kernel = space[name]
            kernel._lower(_core.Types.parse(_jit.signature_text(tuple(types))))
        except Exception as error:
            return str(error)
    return None


def _type(look: dict[str, Any] | None, is_read: bool) -> str | None:
    """Return a value's type as `mc.jit` writes it; of a list that is only read, an array's."""
    if look is None:
        return None
    name = look["type"]
    is_long = name == "list" or (name == "tuple" and look["len"] > SHORT)
    if is_read and is_long and look.get("element") in ("float", "int"):
        return "float64[::1]" if look["element"] == "float" else "int64[::1]"
    if name == "numpy.ndarray":
        if look["dtype"] == "object" or not look["shape"]:
            return None
        axes = [":"] * len(look["shape"])
        if look["contiguous"]:
            axes[-1] = "::1"
        return f"{look['dtype']}[{','.join(axes)}]"
    if name == "int" and look.get("bits", 0) > 62:
        return None
    if name.startswith("numpy."):
        return str(name[6:])
    return _SCALARS.get(name)


def extract(model: Model, loop: ast.For | ast.While) -> Extract | None:
    """Write a loop as a function of what it reads; None where it can't be one."""
    for node in ast.walk(loop):
        if isinstance(
            node, (ast.Yield, ast.YieldFrom, ast.Await, ast.JoinedStr, ast.Return, ast.Lambda)
        ):
            return None
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
            return None
    new: dict[ast.AST, ast.AST] = {}
    fields: dict[str, str] = {}
    for node in ast.walk(loop):
        path = path_of(node)
        if (
            isinstance(node, ast.Attribute)
            and path
            and path.startswith("self.")
            and path.count(".") == 1
        ):
            if not isinstance(node.ctx, ast.Load):
                return None
            up = model.parents[node]
            if isinstance(up, ast.Call) and up.func is node:
                return None
            fields[path] = path.replace(".", "_")
            new[node] = expression(fields[path])
    body = replaced(loop, new)
    own = stored(body)
    again = carried(body)
    helpers: dict[str, Function] = {}
    inputs: dict[str, str] = {}
    back = {name: path for path, name in fields.items()}
    modules = set()
    constants: list[str] = []
    whole = model.function_of(loop) or model.tree
    mine = own if isinstance(whole, ast.Module) else model.local_names(whole)
    for name in sorted(loaded(body) | again):
        if name in model.aliases:
            modules.add(name)
        elif name in model.functions:
            if any(model.is_method(each) for each in model.functions[name]):
                return None
            helpers[name] = model.functions[name][0]
        elif (name in own and name not in again) or (name not in own and hasattr(builtins, name)):
            continue
        elif name not in mine and (tuples := _constant(model, name)) and _is_tuple(tuples.value):
            constants.append(text(tuples))  # what the loop can't be given, it can see
        else:
            inputs[name] = back.get(name, name)
    if "self" in inputs:
        return None
    later = {
        node.id
        for node in ast.walk(whole)
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Load)
        and node.lineno > span(loop)[1]
    }
    around = {name for each in model.loops(loop) for name in loaded(each)}
    outputs = sorted((own - targets(loop)) & (later | (around & again)))
    lines = ["import manycore as mc", "", *constants, ""]
    for name, helper in helpers.items():
        lines += ["@mc.jit", text(helper), ""]
        modules |= loaded(helper) & set(model.aliases)
        if loaded(helper) & set(model.functions) - {name}:
            return None
    lines[1:2] = _imports(model, modules) or [""]
    lines += ["@mc.jit", f"def run_loop({', '.join(inputs)}):"]
    lines += ["    " + line for line in text(body).splitlines()]
    if outputs:
        lines.append(f"    return {', '.join(outputs)}")
    source = "\n".join(lines) + "\n"
    call = f"run_loop({', '.join(inputs.values())})"
    after = source + "\n" + (f"{', '.join(outputs)} = {call}" if outputs else call)
    return Extract(source, tuple(inputs.values()), after, frozenset(changed(loop)))


def _imports(model: Model, names: set[str]) -> list[str]:
    found = []
    for name in sorted(names):
        whole = model.aliases[name]
        module, _, last = whole.rpartition(".")
        if module and whole not in ("numpy.linalg", "os.path"):
            found.append(f"from {module} import {last} as {name}")
        else:
            found.append(f"import {whole} as {name}")
    return found


def _constant(model: Model, name: str) -> ast.Assign | None:
    """Return the script's only binding of a global name, where it is of numbers or tuples."""
    bound = [
        node
        for node in ast.walk(model.tree)
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
    ]
    if len(bound) != 1:
        return None
    node = model.statement(bound[0])
    plain = (ast.Constant, ast.Tuple, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop, ast.Load)
    if not isinstance(node, ast.Assign) or node not in model.tree.body:
        return None
    if node.targets != bound or not all(isinstance(each, plain) for each in ast.walk(node.value)):
        return None
    return node


def _is_tuple(node: ast.expr) -> bool:
    return isinstance(node, ast.Tuple)


def whole(model: Model, function: Function) -> Extract | None:
    """Write a function of the script as a compiled one, with what it needs around it."""
    arguments = function.args
    if model.is_method(function) or function.decorator_list or arguments.vararg or arguments.kwarg:
        return None
    names = [each.arg for each in (*arguments.args, *arguments.kwonlyargs)]
    helpers: list[Function] = []
    todo = [function]
    modules: set[str] = set()
    constants: list[str] = []
    while todo:
        each = todo.pop()
        for name in sorted(loaded(each) - model.local_names(each)):
            if name in model.aliases:
                modules.add(name)
            elif name in model.functions and model.functions[name][0] not in (*helpers, function):
                helpers.append(model.functions[name][0])
                todo.append(model.functions[name][0])
            elif (constant := _constant(model, name)) is not None:
                constants.append(text(constant))
    lines = ["import manycore as mc", *_imports(model, modules), *dict.fromkeys(constants), ""]
    for each in (*reversed(helpers), function):
        lines += ["", "@mc.jit", text(each), ""]
    source = "\n".join(lines) + "\n"
    after = f"@mc.jit\n{text(function)}"
    altered = frozenset().union(*(changed(each) for each in function.body))
    return Extract(source, tuple(names), after, altered, function.name)
