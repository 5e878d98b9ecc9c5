"""Runs a user's script as ``__main__``, with calls of ours between its statements."""

from __future__ import annotations

import ast
import sys
import traceback
import types
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from manycore._advice.rewrite import Rewrite

HOOK = "__manycore_hook_{}__"


class Finished(BaseException):
    """We have seen enough: unwinds the script, so that what it opened is closed."""


def instrument(source: str, rewrites: Mapping[int, Rewrite]) -> ast.Module:
    """
    Put a call before each statement block, and one around each function, that has a rewrite.

    Raises
    ------
    LookupError
        If a unit isn't in the source.
    """
    tree = ast.parse(source)
    for number, rewrite in rewrites.items():
        name = HOOK.format(number)
        place = _find(tree, rewrite)
        if place is None:
            raise LookupError(f"lines {rewrite.first}-{rewrite.last} are no whole statements")
        body, index = place
        statement = body[index]
        if rewrite.is_function:
            function = rewrite.unit.rpartition(".")[2]
            call = ast.parse(f"{function} = {name}({function})").body[0]
            index += 1
        else:
            call = ast.parse(f"{name}(locals())").body[0]
        for node in ast.walk(call):
            ast.copy_location(node, statement)
        body.insert(index, call)
    return ast.fix_missing_locations(tree)


def first_line(statement: ast.stmt) -> int:
    """Return the line that a statement begins on, its decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _find(tree: ast.Module, rewrite: Rewrite) -> tuple[list[ast.stmt], int] | None:
    """Find the list of statements that the unit is in, and its place there."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    lists: list[list[ast.stmt]] = [tree.body]
    while lists:
        body = lists.pop()
        for index, statement in enumerate(body):
            named = getattr(statement, "name", None) == rewrite.unit.rpartition(".")[2]
            if first_line(statement) == rewrite.first:
                if isinstance(statement, kinds) == rewrite.is_function and (
                    named or not rewrite.is_function
                ):
                    return body, index
            elif not (isinstance(statement, kinds) and rewrite.is_function):
                for field in ("body", "orelse", "finalbody"):
                    if inner := getattr(statement, field, None):
                        lists.append(inner)
    return None


def run_main(
    path: str,
    argv: Sequence[str],
    tree: ast.Module | None = None,
    names: Mapping[str, Callable[..., Any]] | None = None,
) -> int:
    """Run a script as Python would, and return its exit code."""
    code = compile(tree or ast.parse(Path(path).read_bytes()), path, "exec")
    main = types.ModuleType("__main__")
    main.__dict__.update({"__file__": path, "__builtins__": __builtins__} | dict(names or {}))
    sys.modules["__main__"] = main
    sys.argv = [path, *argv]
    sys.path[0] = str(Path(path).resolve().parent)
    try:
        exec(code, main.__dict__)
    except Finished:
        return 0
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException as error:
        trace = error.__traceback__
        traceback.print_exception(error.with_traceback(trace and trace.tb_next))
        return 1
    return 0
