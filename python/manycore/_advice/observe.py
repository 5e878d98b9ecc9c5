"""
Dynamic evidence: what stands behind the names at the hot lines of a script.

A second, bounded run of the script with `sys.settrace`, limited to the wanted lines and functions.
The values are looked at when the count of a line's events is a power of two, so that growth shows
and the cost stays small; a line that has had its events is no longer traced.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from types import CodeType, FrameType
    from typing import IO, Any

    Look = dict[str, Any]

EVENTS = 60_000
"""Events of a line, and calls of a function, after which it is no longer looked at."""

COUNTED = 2_000_000
"""Calls of a function after which they are no longer counted."""

KEYS = 20_000
"""Different arguments of a function that are told apart."""

SAMPLE = 200_000
"""Numbers of an array that are looked at."""


_UNSENT = frozenset(["generator", "module", "map", "filter", "coroutine", "memoryview"])
"""Types of values that can't be pickled."""

_OPEN = ("_io.", "_thread.", "threading.", "socket.", "sqlite3.", "subprocess.")
"""Modules whose objects can't: what is open or locked is so in one process."""


@dataclasses.dataclass(frozen=True)
class Names:
    """
    A wish: what the names are when the lines run, or, with `after`, when they have run.

    With `workers`, in forked processes too; what is seen there is told of, and not counted.
    """

    first: int
    last: int
    names: tuple[str, ...]
    after: bool = False
    workers: bool = False


@dataclasses.dataclass(frozen=True)
class Scans:
    """A wish: how far a test for membership has to look, of an item and in a sequence."""

    first: int
    last: int
    item: str
    holder: str


@dataclasses.dataclass(frozen=True)
class Calls:
    """A wish: how often the function that starts at the line is called, and with what."""

    line: int
    name: str


Wish = Names | Calls | Scans


@dataclasses.dataclass
class Seen:
    """What a wish brought: the count of events and, in order, the looks at each name."""

    events: int = 0
    looks: dict[str, list[Look]] = dataclasses.field(default_factory=dict)
    different: int = 0
    """Calls: how many different arguments there were (0 where they can't be hashed)."""
    watched: int = 0
    """Calls: how many calls that was told of."""

    def first(self, name: str) -> Look | None:
        """Return the first look at a name."""
        looks = self.looks.get(name)
        return looks[0] if looks else None

    def last(self, name: str) -> Look | None:
        """Return the last look at a name."""
        looks = self.looks.get(name)
        return looks[-1] if looks else None

    def longest(self, name: str) -> int:
        """Return the greatest length that a name had."""
        return max((look.get("len", 0) for look in self.looks.get(name, [])), default=0)

    def types(self, name: str) -> set[str]:
        """Return the names of the types that a name had."""
        return {look["type"] for look in self.looks.get(name, [])}


class Observations:
    """What all wishes brought."""

    def __init__(self, seen: Mapping[Wish, Seen] | None = None) -> None:
        self._seen = dict(seen or {})

    def __getitem__(self, wish: Wish) -> Seen:
        return self._seen.get(wish) or Seen()

    def to_json(self) -> str:
        """Write them as text, for the way between processes."""
        import json

        rows = [
            [type(wish).__name__, dataclasses.asdict(wish), dataclasses.asdict(seen)]
            for wish, seen in self._seen.items()
        ]
        return json.dumps(rows)

    @classmethod
    def from_json(cls, text: str) -> Observations:
        """Read what `to_json` wrote."""
        import json

        return cls({_wish(kind, wish): Seen(**seen) for kind, wish, seen in json.loads(text)})


def wishes_to_json(wishes: Iterable[Wish]) -> str:
    """Write wishes as text."""
    import json

    return json.dumps([[type(wish).__name__, dataclasses.asdict(wish)] for wish in wishes])


def wishes_from_json(text: str) -> list[Wish]:
    """Read what `wishes_to_json` wrote."""
    import json

    return [_wish(kind, fields) for kind, fields in json.loads(text)]


def _wish(kind: str, fields: dict[str, Any]) -> Wish:
    if kind == "Calls":
        return Calls(**fields)
    if kind == "Scans":
        return Scans(**fields)
    return Names(**{**fields, "names": tuple(fields["names"])})


def type_name(value: object) -> str:
    """Return the name of a value's type, with its module unless that is builtins."""
    kind = type(value)
    # pandas 3 says `pandas.DataFrame`, pandas 2 `pandas.core.frame.DataFrame`
    module = kind.__module__.split(".")[0]
    return kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"


def describe(value: object) -> Look:
    """Say what a value is, in plain numbers and strings."""
    look: Look = {"type": type_name(value)}
    if look["type"] in _UNSENT or look["type"].startswith(_OPEN):
        look["sends"] = False
    # Of an object that can't be looked at, the type is what is known.
    with contextlib.suppress(Exception):
        _describe(look, value)
    return look


def _describe(look: Look, value: object) -> None:
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        _describe_array(look, value, numpy)
    elif look["type"] == "pandas.DataFrame":
        _describe_frame(look, value)
    elif look["type"] == "pandas.Series":
        look.update(len=len(value), dtype=str(value.dtype), nbytes=int(value.memory_usage()))  # type: ignore[attr-defined, arg-type]
    elif isinstance(value, (list, tuple, set, frozenset, dict, str, bytes, bytearray, range)) or (
        look["type"] == "collections.deque"
    ):
        look["len"] = len(value)  # type: ignore[arg-type]
        if isinstance(value, dict):
            few = [each for _, each in zip(range(16), value.values(), strict=False)]
            each_bytes = sum(map(_bytes_of, few)) / max(1, len(few))
            look["bytes"] = sys.getsizeof(value) + int(len(value) * each_bytes)
        elif isinstance(value, (list, tuple)) and value:
            ends = [*value[:8], *value[-8:]]
            look["hashable"] = all(_is_hashable(each) for each in ends)
            look["element"] = type_name(value[0])
            look["bytes"] = sys.getsizeof(value) + int(
                len(value) * sum(map(_bytes_of, ends)) / len(ends)
            )
        elif isinstance(value, (str, bytes, bytearray)):
            look["bytes"] = sys.getsizeof(value)
            if isinstance(value, str):
                _describe_file(look, value)
        if isinstance(value, range):
            look["element"] = "int"
    elif isinstance(value, (bool, int, float, complex)):
        if isinstance(value, int):
            look["bits"] = value.bit_length()
            if look["bits"] < 63:
                look["value"] = int(value)
    elif look["type"].startswith("_io.") and isinstance(getattr(value, "name", None), str):
        _describe_file(look, value.name)  # type: ignore[attr-defined]
    elif isinstance(value, os.PathLike):
        _describe_file(look, str(value))
    elif isinstance(getattr(value, "__dict__", None), dict):
        _describe_fields(look, value.__dict__)


def _describe_file(look: Look, path: str) -> None:
    """Add the size of the file that a string or path names, if it does."""
    from pathlib import Path

    if len(path) > 1024 or "\n" in path:
        return
    try:
        if Path(path).is_file():
            status = Path(path).stat()
            look["file"] = status.st_size
            look["version"] = [status.st_ino, status.st_size, status.st_mtime_ns]
    except (OSError, ValueError):
        pass  # no name of a file


def _describe_fields(look: Look, fields: dict[str, object]) -> None:
    """Add the bytes of an object's arrays and of its other fields, and if it can be sent."""
    for value in fields.values():
        field = {"type": type_name(value)} if hasattr(value, "__dict__") else describe(value)
        if field.get("sends") is False:
            look["sends"] = False
        for kind in ("nbytes", "bytes"):
            if kind in field:
                look[kind] = look.get(kind, 0) + field[kind]


def _bytes_of(value: object) -> int:
    """Return an object's size with what lies directly in it."""
    size = sys.getsizeof(value)
    if isinstance(value, dict):
        size += sum(map(sys.getsizeof, value)) + sum(map(sys.getsizeof, value.values()))
    elif isinstance(value, (list, tuple)) and len(value) < 1000:
        size += sum(map(sys.getsizeof, value))
    return size


def _is_hashable(value: object) -> bool:
    try:
        hash(value)
    except Exception:  # the user's own __hash__ may raise anything
        return False
    return True


def _describe_array(look: Look, value: Any, numpy: Any) -> None:
    look.update(
        type="numpy.ndarray",
        dtype=str(value.dtype),
        shape=list(value.shape),
        len=len(value) if value.ndim else 0,
        nbytes=int(value.nbytes),
        contiguous=bool(value.flags.c_contiguous),
    )
    if value.size == 0 or value.dtype.kind not in "fiub":
        return
    # A stride that is odd, so that it does not fall in step with the columns.
    flat = value.reshape(-1) if value.flags.c_contiguous else value.ravel()
    part = flat[:: max(1, value.size // SAMPLE) | 1]
    look["zeros"] = float((part == 0).mean())
    if value.dtype.kind == "f":
        with numpy.errstate(all="ignore"):
            look["mean"] = float(part.mean())
            look["std"] = float(part.std())
            look["max"] = float(abs(part).max())


def _describe_frame(look: Look, value: Any) -> None:
    columns = {}
    for name, kind in value.dtypes.items():
        text = str(kind)
        if text == "object" and len(value):
            text = f"object of {type_name(value[name].iloc[0])}"
        columns[str(name)] = text
    look.update(len=len(value), columns=columns, nbytes=int(value.memory_usage().sum()))


class Observer:
    """
    Traces the wanted lines and functions of one script in this process.

    Parameters
    ----------
    path : str
        The script; code of other files is not traced.
    wishes : iterable of Names and Calls
        What is wanted.
    seconds : float
        Time after which nothing is traced any more.
    """

    def __init__(self, path: str, wishes: Iterable[Wish], seconds: float = 10.0) -> None:
        self.path = path
        self.seen: dict[Wish, Seen] = {wish: Seen() for wish in wishes}
        self._lines: dict[int, list[Names | Scans]] = {}
        self._calls: dict[int, Calls] = {}
        for wish in self.seen:
            if isinstance(wish, Calls):
                self._calls[wish.line] = wish
            else:
                for line in range(wish.first, wish.last + 1):
                    self._lines.setdefault(line, []).append(wish)
        self._keys: dict[Calls, set[int]] = {}
        self._kept: dict[tuple[Wish, str], object] = {}
        self._plans: dict[CodeType, tuple[Calls | None, set[int]]] = {}
        self._events = 0
        self._due: dict[int, list[Names | Scans]] = {}
        self._order = list(self.seen)
        self._told: IO[bytes] | None = None
        self._is_child = False
        self._seconds = seconds
        self._end = 0.0

    def start(self) -> None:
        """Begin; in threads that start from now on, too."""
        import tempfile
        import threading

        self._end = time.monotonic() + self._seconds
        # Without a name and unbuffered: forked children write to it, and leave nothing behind.
        self._told = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        _forks()
        _current.append(self)
        threading.settrace(self._call)
        sys.settrace(self._call)

    def stop(self) -> Observations:
        """End and return what was seen."""
        import threading

        sys.settrace(None)
        threading.settrace(None)
        _current.remove(self)
        self._hear()
        # The end of what grew in place, where its events were not all looked at.
        for (wish, name), value in self._kept.items():
            if isinstance(value, tuple):
                continue
            self.seen[wish].looks.setdefault(name, []).append(describe(value))
        for wish, keys in self._keys.items():
            self.seen[wish].different = len(keys)
        return Observations(self.seen)

    def in_child(self) -> None:
        """Look in a forked child only for what is wanted of workers."""
        import threading

        self._is_child = True
        self._calls = {}
        self._due = {}
        for line, wishes in tuple(self._lines.items()):
            wishes[:] = [each for each in wishes if isinstance(each, Names) and each.workers]
            if not wishes:
                del self._lines[line]
        self._plans = {}
        if not self._lines:
            threading.settrace(None)
            sys.settrace(None)

    def _note(self, wish: Wish, name: str, look: Look) -> None:
        """Write a look down; a child does it where its parent finds it."""
        if not self._is_child:
            self.seen[wish].looks.setdefault(name, []).append(look)
        elif self._told is not None:
            import json

            row = json.dumps([self._order.index(wish), name, look])
            # They share its position, which one write moves in one step: rows don't mix.
            self._told.write(row.encode() + b"\n")

    def _hear(self) -> None:
        """Take what children have told."""
        import json

        assert self._told is not None
        with self._told as told:
            told.seek(0)
            for row in told:
                index, name, look = json.loads(row)
                self.seen[self._order[index]].looks.setdefault(name, []).append(look)
        self._told = None

    def _call(self, frame: FrameType, event: str, argument: object) -> Any:
        code = frame.f_code
        plan = self._plans.get(code)
        if plan is None:
            plan = self._plans[code] = self._plan(code)
        wish, wanted = plan
        if wish is None and not wanted:
            return None
        self._events += 1
        if self._events & 255 == 0 and time.monotonic() > self._end:
            sys.settrace(None)
            return None
        counts = wish is not None and self._count(wish, frame)
        if not (wanted or counts):
            return None
        frame.f_trace_lines = bool(wanted)
        return self._line

    def _plan(self, code: CodeType) -> tuple[Calls | None, set[int]]:
        """Return what is wanted of a code object: its calls, and some of its lines."""
        if code.co_filename != self.path:
            return None, set()
        wish = self._calls.get(code.co_firstlineno)
        if wish is not None and wish.name != code.co_name:
            wish = None
        lines = {line for _, _, line in code.co_lines() if line is not None}
        return wish, lines & self._lines.keys()

    def _count(self, wish: Calls, frame: FrameType) -> bool:
        """Count a call; tell whether its result is worth a look."""
        seen = self.seen[wish]
        # A generator's frame is called again for each value.
        seen.events += 1
        count = seen.events
        code = frame.f_code
        if count >= EVENTS:
            # Only counted from here on: the cost of one call needs all of them.
            if count >= COUNTED:
                self._plans[code] = None, self._plans[code][1]
                self._is_done()
            return False
        values = frame.f_locals
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        keys = self._keys.setdefault(wish, set())
        if len(keys) < KEYS and seen.different >= 0:
            try:
                keys.add(
                    hash((code.co_name, *((type(values.get(n)), values.get(n)) for n in names)))
                )
                seen.watched += 1
            except Exception:  # the user's own __hash__ may raise anything
                seen.different = -1
                keys.clear()
        if _is_round(count):
            for name in names:
                seen.looks.setdefault(name, []).append(describe(values.get(name)))
            return True
        return False

    def _line(self, frame: FrameType, event: str, argument: object) -> Any:
        due = self._due.pop(id(frame), None) if self._due else None
        if due:
            for wish in due:
                self._look(wish, frame)
        if event == "line":
            wishes = self._lines.get(frame.f_lineno)
            if wishes:
                self._count_line(wishes, frame)
            return self._line
        if event == "return":
            code = frame.f_code
            called = self._calls.get(code.co_firstlineno)
            if called is not None and called.name == code.co_name:
                self.seen[called].looks.setdefault("return", []).append(describe(argument))
        return self._line

    def _count_line(self, wishes: list[Names | Scans], frame: FrameType) -> None:
        for wish in tuple(wishes):
            seen = self.seen[wish]
            seen.events += 1
            if _is_round(seen.events):
                if isinstance(wish, Names) and wish.after:
                    self._due.setdefault(id(frame), []).append(wish)
                else:
                    self._look(wish, frame)
            elif seen.events >= EVENTS:
                self._forget(wish, frame)

    def _forget(self, wish: Names | Scans, frame: FrameType) -> None:
        """Look at a wish's lines no longer: nor at the frame's, where none is left to look at."""
        for line in range(wish.first, wish.last + 1):
            wishes = self._lines.get(line)
            if wishes and wish in wishes:
                wishes.remove(wish)
                if not wishes:
                    del self._lines[line]
        self._plans = {
            code: (plan[0], plan[1] & self._lines.keys()) for code, plan in self._plans.items()
        }
        if not self._plans.get(frame.f_code, (None, ()))[1]:
            frame.f_trace_lines = False
        self._is_done()

    def _is_done(self) -> None:
        """End the tracing when there is nothing left to see."""
        if not self._lines and all(
            self.seen[wish].events >= COUNTED for wish in self._calls.values()
        ):
            sys.settrace(None)

    def _look(self, wish: Names | Scans, frame: FrameType) -> None:
        if isinstance(wish, Scans):
            far = _scanned(_value(wish.item, frame), _value(wish.holder, frame))
            if far is not None:
                self._note(wish, wish.holder, {"type": "int", "value": far})
            return
        for name in wish.names:
            value = _value(name, frame)
            if value is not _MISSING:
                look = describe(value)
                if isinstance(value, (list, tuple)):
                    look["same"] = self._kept.get((wish, name)) is value
                    self._kept[wish, name] = value
                self._note(wish, name, look)


_PLAIN = frozenset([int, float, bool, str, bytes, tuple, type(None)])
"""Types whose comparison runs no code of the user's; of tuples the first level is looked at."""


def _scanned(item: object, holder: object) -> int | None:
    """Return how many elements ``item in holder`` compares with; None where it isn't known."""
    if not isinstance(holder, (list, tuple)) or not _is_plain(item):
        return None
    for count, each in enumerate(holder, 1):
        if not _is_plain(each):
            return None
        if each == item:
            return count
    return len(holder)


def _is_plain(value: object) -> bool:
    if type(value) is tuple:
        return all(type(each) in _PLAIN for each in value)
    return type(value) in _PLAIN


_MISSING: Any = object()
_TREES: dict[str, ast.expr] = {}


def _value(name: str, frame: FrameType) -> object:
    """Return what a place stands for in a frame; no property or other method is run."""
    import ast

    tree = _TREES.get(name)
    if tree is None:
        tree = _TREES[name] = ast.parse(name, mode="eval").body
    return _look_up(tree, frame)


def _look_up(node: ast.expr, frame: FrameType) -> Any:
    import ast

    if isinstance(node, ast.Name):
        value = frame.f_locals.get(node.id, _MISSING)
        return frame.f_globals.get(node.id, _MISSING) if value is _MISSING else value
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Attribute):
        return _field(_look_up(node.value, frame), node.attr)
    if isinstance(node, ast.Subscript):
        holder, key = _look_up(node.value, frame), _look_up(node.slice, frame)
        if issubclass(type(holder), (dict, list, tuple)):
            try:
                # Not through `__missing__`: a look must not make an item.
                return dict.get(holder, key, _MISSING) if isinstance(holder, dict) else holder[key]
            except (LookupError, TypeError):
                return _MISSING
        if type_name(holder) == "pandas.DataFrame" and isinstance(key, str):
            return holder.get(key, _MISSING)
    return _MISSING


def _field(value: object, name: str) -> object:
    fields = getattr(value, "__dict__", None)
    if isinstance(fields, dict) and name in fields:
        return fields[name]
    for kind in type(value).__mro__:
        found = kind.__dict__.get(name, _MISSING)
        if found is not _MISSING:
            # Slots and named tuples' fields are the object's; what else has a getter may run code.
            if type(found).__name__ in ("member_descriptor", "_tuplegetter"):
                return getattr(value, name, _MISSING)
            return _MISSING if hasattr(type(found), "__get__") else found
    return _MISSING


def _is_round(count: int) -> bool:
    return count < 4 or count & (count - 1) == 0


_current: list[Observer] = []
"""The observer that traces this process."""


@functools.cache
def _forks() -> None:
    def after() -> None:
        for each in _current:
            each.in_child()

    os.register_at_fork(after_in_child=after)


def collect(path: str, argv: Sequence[str], wishes: Iterable[Wish]) -> Observations:
    """Run a script as ``__main__`` in this process; return what was seen at the wanted places."""
    import types
    from pathlib import Path

    code = compile(Path(path).read_bytes(), path, "exec")
    module = types.ModuleType("__main__")
    module.__file__ = path
    old_main, old_argv = sys.modules["__main__"], sys.argv
    sys.modules["__main__"] = module
    sys.argv = [path, *argv]
    sys.path.insert(0, str(Path(path).resolve().parent))
    observer = Observer(path, wishes)
    try:
        observer.start()
        exec(code, module.__dict__)
    except (SystemExit, Exception):
        pass  # what was seen before is evidence all the same
    finally:
        seen = observer.stop()
        sys.modules["__main__"], sys.argv = old_main, old_argv
        del sys.path[0]
    return seen
