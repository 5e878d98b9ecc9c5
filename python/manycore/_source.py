"""
Finds a function's source: the node of its syntax tree, by the line that its code begins in.

Without `inspect` and `ast`, which take longer to import than a small function takes to compile.
"""

from __future__ import annotations

import contextlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FunctionType
    from typing import Any

# `ast.PyCF_ONLY_AST`.
_ONLY_AST = 0x400


def find(function: FunctionType) -> tuple[Any, int]:
    """
    Find a function's node.

    Returns
    -------
    tuple
        A ``FunctionDef`` or ``Lambda`` node, and what to add to its line numbers to get the file's.

    Raises
    ------
    CompileError
        If there is no source, or it is not that of the function any more.
    """
    code = function.__code__
    lines = file_lines(code.co_filename)
    if code.co_filename == "<string>" and not _is_in(code, "".join(lines)):
        lines = []
    if code.co_firstlineno > len(lines):
        raise _unreadable(function, "there is no source of it")
    found = _lambda(code, lines) if code.co_name == "<lambda>" else _definition(code, lines)
    if found is None:
        raise _unreadable(function, "its source has changed since it was loaded")
    return found


def file_lines(file: str) -> list[str]:
    """Read a file's lines, or those of a notebook's cell; without a source, there are none."""
    if not file.startswith("<"):
        try:
            # Without pathlib, which may not have been imported.
            with open(file, encoding="utf-8") as source:  # noqa: PTH123
                return source.readlines()
        except (OSError, UnicodeDecodeError):
            pass
    import linecache

    return linecache.getlines(file) or _command_lines(file)


def texts(function: FunctionType) -> dict[str, list[str]]:
    """
    Return the lines of a function's source, and of those that it names, that are in no file.

    A notebook's cells are in the memory of its own process only: whoever sends a function to
    another sends them, too.
    """
    found: dict[str, list[str]] = {}
    seen: set[int] = set()
    functions: list[Any] = [function]
    while functions:
        one = functions.pop()
        one = getattr(one, "py_func", one)
        code = getattr(one, "__code__", None)
        if code is None or id(one) in seen:
            continue
        seen.add(id(one))
        is_file = _is_file(code.co_filename)
        if not is_file and (lines := file_lines(code.co_filename)):
            found[code.co_filename] = lines
        # A library's functions name hundreds, all of which are in files.
        if not is_file or one.__module__ == "__main__":
            functions += [one.__globals__.get(name) for name in code.co_names]
        for cell in one.__closure__ or ():
            with contextlib.suppress(ValueError):  # nothing is in it yet
                functions.append(cell.cell_contents)
    return found


def keep(found: dict[str, list[str]]) -> None:
    """Have the lines of another process's cells where `file_lines` looks for them."""
    if found:
        import linecache

        for file, lines in found.items():
            size = sum(map(len, lines))
            linecache.cache.setdefault(file, (size, None, lines, file))


def _is_file(file: str) -> bool:
    import os

    return not file.startswith("<") and os.path.isfile(file)  # noqa: PTH113 - as above


def _command_lines(file: str) -> list[str]:
    """Return the lines of ``python -c``: those of its argument."""
    import sys

    if file != "<string>" or "-c" not in sys.orig_argv[:-1] or sys.argv[:1] != ["-c"]:
        return []
    return sys.orig_argv[sys.orig_argv.index("-c") + 1].splitlines(keepends=True)


def _is_in(code: CodeType, text: str) -> bool:
    """Whether a code object is of a text: any text that was executed may be called ``<string>``."""
    codes = [compile(text, code.co_filename, "exec", dont_inherit=True)]
    while codes:
        one = codes.pop()
        if one == code:
            return True
        codes += [part for part in one.co_consts if hasattr(part, "co_consts")]
    return False


def _parse(text: str, file: str) -> Any:
    import warnings

    with warnings.catch_warnings():
        # Python has said what it thinks of the source when it loaded it.
        warnings.simplefilter("ignore")
        return compile(text, file, "exec", _ONLY_AST, dont_inherit=True)


def _definition(code: CodeType, lines: list[str]) -> tuple[Any, int] | None:
    """Parse the block that begins with the function's first line, and no more than that."""
    start = code.co_firstlineno - 1
    indent = _indent(lines[start])
    # An indented block is put into another, so that its columns and texts stay as they are.
    head, shift = ("if 1:\n", start - 1) if indent else ("", start)
    for end in _ends(lines, start, indent):
        try:
            tree = _parse(head + "".join(lines[start:end]), code.co_filename)
        except SyntaxError:
            continue
        node = tree.body[0].body[0] if indent else tree.body[0]
        is_it = type(node).__name__ == "FunctionDef" and node.name == code.co_name
        return (node, shift) if is_it and _names(node) == _parameters(code) else None
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _ends(lines: list[str], start: int, indent: int) -> Iterator[int]:
    """Yield where a block may end: in front of lines that are indented as little as its first."""
    for number in range(start + 1, len(lines)):
        text = lines[number].lstrip()
        if text and not text.startswith("#") and _indent(lines[number]) <= indent:
            yield number
    yield len(lines)


def _lambda(code: CodeType, lines: list[str]) -> tuple[Any, int] | None:
    """Find the lambda whose body stands where the code says that it does."""
    places = {place for place in code.co_positions() if place[0] is not None}
    for node in _walk(_parse("".join(lines), code.co_filename)):
        if type(node).__name__ == "Lambda":
            body = node.body
            place = (body.lineno, body.end_lineno, body.col_offset, body.end_col_offset)
            if place in places and _names(node) == _parameters(code):
                return node, 0
    return None


def _walk(node: Any) -> Iterator[Any]:
    yield node
    for field in node._fields:
        value = getattr(node, field, None)
        for item in value if isinstance(value, list) else [value]:
            if hasattr(item, "_fields"):
                yield from _walk(item)


def _names(node: Any) -> list[str]:
    """Return the names of a definition's parameters."""
    arguments = node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [argument.arg for argument in named]


def _parameters(code: CodeType) -> list[str]:
    return list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def _unreadable(function: FunctionType, reason: str) -> Exception:
    from manycore._jit import CompileError

    code = function.__code__
    is_nowhere = code.co_filename.startswith("<")
    nowhere = "write it in a file or a notebook's cell, or put its text into linecache.cache"
    hint = nowhere if is_nowhere else "load it again"
    place = (code.co_filename, code.co_firstlineno, 0, function.__name__)
    return CompileError(f"{function.__name__} can't be read: {reason}", hint, place)
