"""
Old and new version of a unit, each prepared with fresh copies, run, and asked for what it left.

`World` is what they could change besides: the globals that they read, themselves or through the
functions that they call.
"""

from __future__ import annotations

import ast
import copy
import copyreg
import datetime
import dis
import enum
import io
import itertools
import re
import sys
import textwrap
import threading
import types
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath
from uuid import UUID

from manycore._advice._equal import difference
from manycore._advice._script import first_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from manycore._advice.rewrite import Rewrite

ITEMS = 1_000_000
"""Items of an iterator that are drawn so that they can be given twice."""

SAVED = frozenset({"cache"})
"""Techniques that save calls, so that a call must not change its arguments at all."""

_ITERATORS: tuple[type[Iterator[Any]], ...] = (
    *(types.GeneratorType, map, filter, zip, enumerate, reversed, itertools.chain),
    type(iter([])),
)
_IMMUTABLE = (
    *(bool, int, float, complex, str, bytes, type(None), frozenset, range),
    *(Fraction, Decimal, PurePath, UUID, datetime.date, datetime.time, datetime.timedelta),
    *(enum.Enum, types.FunctionType, types.BuiltinFunctionType, re.Pattern),
)
_FLAT = frozenset({bool, int, float, complex, str, bytes, type(None)})
_SERVICES = frozenset(
    {
        "multiprocessing.pool.Pool",
        "concurrent.futures._base.Executor",
        "manycore.pool.Pool",
        "joblib.parallel.Parallel",
        "socketserver.BaseServer",
        "threading.Thread",
    }
)
_CODE = (
    *(types.FunctionType, types.BuiltinFunctionType, types.MethodType),
    *(types.ModuleType, type),
)


class Refused(Exception):  # noqa: N818 (an answer rather than an error)
    """Why an advice is withdrawn."""


def copy_locks() -> None:
    """Let the copy of an object with a lock have a lock of its own, in this process."""
    for new in (threading.Lock, threading.RLock):
        copyreg.pickle(type(new()), lambda _, new=new: (new, ()))  # type: ignore[misc]


def clone(value: Any) -> Any:
    """Copy something deeply; lists of plain values at the speed of C, services not at all."""
    if _is_service(value):
        return value
    if type(value) in (tuple, list, set) and _FLAT.issuperset(map(type, value)):
        return value.copy() if type(value) is not tuple else value
    if type(value) in (tuple, list) and len(value) < 100:
        return type(value)(map(clone, value)) if _are_separate(value) else copy.deepcopy(value)
    return copy.deepcopy(value)


def _are_separate(values: Any) -> bool:
    """Whether values are flat themselves, so that none of them holds another."""
    flat = (
        type(each) in _FLAT or (type(each) in (tuple, list) and _FLAT.issuperset(map(type, each)))
        for each in values
    )
    return all(flat) and len({id(each) for each in values}) == len(values)


def copied(value: Any, what: str, copy_of: Callable[[Any], Any] = clone) -> Any:
    """Copy something deeply, or refuse."""
    try:
        return copy_of(value)
    except Exception as error:
        raise Refused(f"{what} can't be copied: {error}") from None


def _is_service(value: Any) -> bool:
    """Whether something has workers or connections, rather than a state."""
    names = {f"{each.__module__}.{each.__qualname__}" for each in type(value).__mro__}
    return not names.isdisjoint(_SERVICES)


class Copies:
    """
    Copies arguments, the object whose method is cached but once: a cache knows it by identity.

    Parameters
    ----------
    technique : str
        As in ``Advice.technique``.
    is_method : bool
        Whether the first argument is such an object.
    """

    def __init__(self, technique: str, *, is_method: bool) -> None:
        self._shares = is_method and technique in SAVED
        self._copies: dict[int, tuple[Any, Any]] = {}  # with what was copied, which so lives on

    def of(self, value: Any, index: int) -> Any:
        """Copy the argument at an index."""
        if index or not self._shares:
            return clone(value)
        if id(value) not in self._copies:
            self._copies[id(value)] = value, clone(value)
        return self._copies[id(value)][1]


class Drawn:
    """The items of an iterator, so that it can be given twice."""

    def __init__(self, items: list[Any]) -> None:
        self.items = items


def drawn(value: Any) -> Any:
    """Draw an iterator's items; anything else stays what it is."""
    if not isinstance(value, _ITERATORS):
        return value
    items = list(itertools.islice(value, ITEMS))
    if len(items) == ITEMS:
        raise Refused(f"an iterator gives more than {ITEMS:,} items")
    return Drawn(items)


class Side:
    """One version of the unit: prepared with fresh copies, run, asked for what it left."""

    def __init__(self, source: str, file: str) -> None:
        import linecache

        # `@mc.jit` reads a function's source, and so does a traceback.
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)

    def codes(self) -> list[types.CodeType]:
        """Return the code, for the names that it reads."""
        raise NotImplementedError

    def stale(self, inner: set[str]) -> str:
        """Name a global that it changes, and that functions read where they don't see it."""
        return ""

    def prepare(self, world: World) -> None:
        """Copy the input."""
        raise NotImplementedError

    def run(self) -> None:
        """Do what is timed."""
        raise NotImplementedError

    def outcome(self, who: str, *, shared: bool) -> Left:
        """Return what is to be compared."""
        raise NotImplementedError


class Function(Side):
    """A function or method, with the calls that it is replayed with."""

    def __init__(
        self,
        rewrite: Rewrite,
        name: str,
        file: str,
        main: dict[str, Any],
        owner: type | None,
        inputs: list[tuple[tuple[Any, ...], dict[str, Any]]],
        technique: str,
    ) -> None:
        source = rewrite.old if name == "old" else rewrite.new
        super().__init__(source, file)
        self.name = rewrite.unit.rpartition(".")[2]
        self.home: Any = main if owner is None else owner
        self.inputs = inputs
        self.technique = technique
        self.method = owner is not None
        try:
            tree = ast.parse(source, file)
            scratch: dict[str, Any] = {}
            exec(compile(tree, file, "exec", dont_inherit=True), main, scratch)
        except SyntaxError as error:
            raise Refused(f"the {name} code is no Python: {error}") from None
        except Exception as error:
            raise Refused(
                f"the {name} code raised {type(error).__name__} where it is defined: {error}"
            ) from None
        self.function = scratch[self.name]

    def codes(self) -> list[types.CodeType]:
        code = getattr(self.function, "__code__", None)
        code = code or getattr(getattr(self.function, "__wrapped__", None), "__code__", None)
        return [code] if code else []

    def prepare(self, world: World) -> None:
        if isinstance(self.home, dict):
            self.home[self.name] = self.function
        else:
            setattr(self.home, self.name, self.function)
        world.forget()
        if hasattr(self.function, "cache_clear"):
            self.function.cache_clear()
        copies = Copies(self.technique, is_method=self.method)
        self.calls = [
            (
                tuple(copies.of(value, index) for index, value in enumerate(args)),
                {name: clone(value) for name, value in options.items()},
            )
            for args, options in self.inputs
        ]
        self.given = [
            ([iter(value.items) if isinstance(value, Drawn) else value for value in args], kwargs)
            for args, kwargs in self.calls
        ]
        self.results: list[Any] = []

    def run(self) -> None:
        function = self.function
        self.results = [drawn(function(*args, **kwargs)) for args, kwargs in self.given]

    def outcome(self, who: str, *, shared: bool) -> Left:
        for result in self.results:
            if isinstance(result, (types.CoroutineType, io.IOBase)):
                raise Refused(f"not comparable: {who} returns a {type(result).__name__}")
            if shared and not _is_immutable(result):
                kind = type(result).__name__
                raise Refused(f"its result is a {kind}, which callers that share it could change")
        changed = {}
        for number, ((before, named), (after, options)) in enumerate(
            zip(self.inputs, self.calls, strict=True)
        ):
            for index, pair in enumerate(zip(before, after, strict=True)):
                # A method may change its own object, and a kernel the array that it fills: both
                # are compared. Calls that are saved would change nothing.
                own = (index == 0 and self.method) or _is_filled(pair[0], self.technique)
                if own and self.technique not in SAVED:
                    changed[f"argument {index + 1} after call {number}"] = pair[1]
                elif found := difference(*pair, 0.0):
                    where = found.replace("result", f"argument {index + 1}", 1)
                    raise Refused(f"impure: {who} changes its arguments: {where}")
            if found := difference(named, options, 0.0):
                raise Refused(f"impure: {who} changes its arguments: {found}")
        results = {f"result {number}": result for number, result in enumerate(self.results)}
        return Left(results, changed)


class Block(Side):
    """
    Statements, with the variables that they read: at module level, or inside of a function.

    Parameters
    ----------
    rewrite, name, file
        Which side, and the file name of its code.
    scope : dict
        The variables where the statements stand: globals, or a function's own.
    main : dict
        The script's globals.
    tree : ast.Module
        The script.
    """

    def __init__(
        self,
        rewrite: Rewrite,
        name: str,
        file: str,
        scope: dict[str, Any],
        main: dict[str, Any],
        tree: ast.Module,
    ) -> None:
        source = rewrite.old if name == "old" else rewrite.new
        self.scope = scope
        self.main = main
        self.is_local = scope is not main
        try:
            parsed = [ast.parse(text) for text in (rewrite.old, rewrite.new)]
        except SyntaxError as error:
            raise Refused(f"the {name} code is no Python: {error}") from None
        self.tree = parsed[name == "new"]
        used = {node.id for each in parsed for node in ast.walk(each) if isinstance(node, ast.Name)}
        self.live: dict[str, Any] = {}
        self.inputs: dict[str, Any] = {}
        for key in sorted(used & scope.keys()):
            self._take(key, scope[key])
        if self.is_local:
            # A function, because its variables are faster than globals.
            names = [*self.inputs, *self.live]
            body = textwrap.indent(source, "    ")
            source = f"def block({', '.join(names)}):\n{body}\n    return locals()\n"
        super().__init__(source, file)
        self.code = compile(source, file, "exec", dont_inherit=True)
        if self.is_local:
            made: dict[str, Any] = {}
            exec(self.code, main, made)
            self.block = made["block"]
            self.code = self.block.__code__
        self.results = sorted(_loads_outside(tree, rewrite) & used)

    def _take(self, key: str, value: Any) -> None:
        """Keep a copy of a variable; code, modules and classes stay what they are."""
        if isinstance(value, _CODE) or _is_service(value):
            if self.is_local and getattr(value, "__closure__", None):
                raise Refused(f"the local function {key!r} reads variables of its surroundings")
            self.live[key] = value
            return
        try:
            value = drawn(value)
            self.inputs[key] = copied(value, f"the variable {key!r}")
        except Refused as refusal:
            raise Refused(f"not captured: {refusal}") from None
        if isinstance(value, Drawn):
            self.scope[key] = iter(value.items)

    def codes(self) -> list[types.CodeType]:
        return [self.code]

    def stale(self, inner: set[str]) -> str:
        """Name a global that it changes, and that functions read where they don't see it."""
        if self.is_local:
            return ""
        sets = {
            node.id
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        for key in sorted(inner & self.names.keys()):
            if key in sets or (
                key in self.inputs and difference(self.inputs[key], self.names[key], 0.0)
            ):
                return key
        return ""

    def prepare(self, world: World) -> None:
        world.forget()
        self.names = dict(self.live if self.is_local else self.main)
        for key, value in self.inputs.items():
            value = clone(value)
            self.names[key] = iter(value.items) if isinstance(value, Drawn) else value

    def run(self) -> None:
        if self.is_local:
            self.names = self.block(**self.names)
        else:
            exec(self.code, self.names)

    def outcome(self, who: str, *, shared: bool) -> Left:
        return Left({key: drawn(self.names.get(key)) for key in self.results}, {})


class Left:
    """What a run left: its results, and what it may change of its input."""

    def __init__(self, results: dict[str, Any], changed: dict[str, Any]) -> None:
        self.results = results
        self.changed = changed


def _is_filled(value: Any, technique: str) -> bool:
    """
    Whether what a function changes of an argument is compared, rather than refused.

    Filling arrays and frames, and using up a queue, is what such functions are for; threads
    change the same objects that the loop did.
    """
    if technique == "threads" or (technique == "deque" and isinstance(value, list)):
        return True
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    kinds = (*((numpy.ndarray,) if numpy else ()), *((pandas.DataFrame,) if pandas else ()))
    return isinstance(value, kinds)


def _is_immutable(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_immutable, value))
    numpy = sys.modules.get("numpy")
    return isinstance(value, _IMMUTABLE) or (numpy is not None and isinstance(value, numpy.generic))


def _loads_outside(tree: ast.Module, rewrite: Rewrite) -> set[str]:
    """Return the names that its function, or the script, reads outside of the unit."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.stmt) and rewrite.first <= first_line(node) <= rewrite.last:
            return
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
            found.add(node.id)
        for child in ast.iter_child_nodes(node):
            visit(child)

    around: ast.AST = tree
    for each in ast.walk(tree):
        if (
            not rewrite.is_function
            and isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))
            and each.lineno < rewrite.first <= (each.end_lineno or 0)
        ):
            around = each
            break
    visit(around)
    return found


class World:
    """
    The script's globals that some code reads, itself or through the functions that it calls.

    Parameters
    ----------
    codes : iterable of code
        Where to begin.
    main : dict
        The script's globals.
    unit : str
        Whose own name doesn't count.

    Attributes
    ----------
    inner : set of str
        The names that functions read, rather than the first code itself.
    """

    def __init__(self, codes: Iterable[types.CodeType], main: dict[str, Any], unit: str) -> None:
        self.main = main
        self.inner: set[str] = set()
        self.values: dict[str, Any] = {}
        self.caches: list[Any] = []
        todo = [(code, False) for code in codes]
        names = {unit}
        while todo:
            code, inner = todo.pop()
            todo += [(each, inner) for each in code.co_consts if isinstance(each, types.CodeType)]
            read = {
                each.argval
                for each in dis.get_instructions(code)
                if each.opname in ("LOAD_GLOBAL", "LOAD_NAME")
            }
            self.inner |= read if inner else set()
            for name in read - names:
                names.add(name)
                todo += [(each, True) for each in self._codes(main.get(name))]
        self.names = sorted((names - {unit}) & main.keys())
        self.values = self._look()

    def _codes(self, value: Any) -> list[types.CodeType]:
        if hasattr(value, "cache_clear"):
            self.caches.append(value)
        value = getattr(value, "__wrapped__", value)
        if isinstance(value, type):
            return [code for member in vars(value).values() for code in self._codes_of(member)]
        return self._codes_of(value)

    def _codes_of(self, value: Any) -> list[types.CodeType]:
        if value is not None and getattr(value, "__module__", None) == "__main__":
            code = getattr(value, "__code__", None)
            return [code] if isinstance(code, types.CodeType) else []
        return []

    def _look(self) -> dict[str, Any]:
        found = {}
        for name in self.names:
            value = self.main[name]
            if isinstance(value, type) and value.__module__ == "__main__":
                value = {
                    key: member
                    for key, member in vars(value).items()
                    if not key.startswith("__") and not callable(member)
                }
            elif isinstance(value, types.FunctionType) and value.__module__ == "__main__":
                value = (value.__defaults__, value.__kwdefaults__, vars(value))
            elif isinstance(value, io.IOBase):
                value = value.tell() if value.seekable() else None
            elif isinstance(value, _CODE):
                continue
            try:
                found[name] = copy.deepcopy(value)
            except Exception:
                continue  # a lock, a connection: nothing to compare
        return found

    def forget(self) -> None:
        """Empty the caches of functions that are called, so that no run profits from another."""
        for function in self.caches:
            function.cache_clear()

    def changes(self) -> str:
        """Name a global that isn't what it was; nothing if there is none."""
        now = self._look()
        for name, value in self.values.items():
            if name in now and (found := difference(value, now[name], 0.0)):
                return found.replace("result", name, 1)
        return ""
