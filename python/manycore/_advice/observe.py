"""
Dynamic evidence: what stands behind the names at the hot lines of a script.

A second, bounded run of the script with `sys.settrace`, limited to the wanted lines and functions. The
values are looked at when the count of a line's events is a power of two, so that growth shows and the
cost stays small; a line that has had its events is no longer traced.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any

    Look = dict[str, Any]

EVENTS = 150_000
"""Events of a line, and calls of a function, after which it is no longer looked at."""

KEYS = 20_000
"""Different arguments of a function that are told apart."""

SAMPLE = 200_000
"""Numbers of an array that are looked at."""


@dataclasses.dataclass(frozen=True)
class Names:
    """A wish: what the names are when the lines run, or, with `after`, when they have run."""

    first: int
    last: int
    names: tuple[str, ...]
    after: bool = False


@dataclasses.dataclass(frozen=True)
class Calls:
    """A wish: how often the function that starts at the line is called, and with what."""

    line: int
    name: str


Wish = Names | Calls


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
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        _describe_array(look, value, numpy)
    elif look["type"] == "pandas.DataFrame":
        _describe_frame(look, value)
    elif isinstance(value, (list, tuple, set, frozenset, dict, str, bytes, bytearray, range)) or (
        look["type"] == "collections.deque"
    ):
        look["len"] = len(value)  # type: ignore[arg-type]
        if isinstance(value, (list, tuple)) and value:
            ends = [*value[:8], *value[-8:]]
            look["hashable"] = all(_is_hashable(each) for each in ends)
            look["element"] = type_name(value[0])
            look["bytes"] = sys.getsizeof(value) + int(
                len(value) * sum(sys.getsizeof(each) for each in ends) / len(ends)
            )
        elif isinstance(value, (str, bytes, bytearray)):
            look["bytes"] = sys.getsizeof(value)
            if len(value) < 4096 and isinstance(value, str) and os.path.isfile(value):
                look["file"] = os.path.getsize(value)
        if isinstance(value, range):
            look["element"] = "int"
    elif isinstance(value, (bool, int, float, complex)):
        if isinstance(value, int):
            look["bits"] = value.bit_length()
    elif isinstance(value, os.PathLike) and os.path.isfile(value):
        look["file"] = os.path.getsize(value)
    return look


def _is_hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
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

    def __init__(self, path: str, wishes: Iterable[Wish], seconds: float = 20.0) -> None:
        self.path = path
        self.seen: dict[Wish, Seen] = {wish: Seen() for wish in wishes}
        self._lines: dict[int, list[Names]] = {}
        self._calls: dict[int, Calls] = {}
        for wish in self.seen:
            if isinstance(wish, Calls):
                self._calls[wish.line] = wish
            else:
                for line in range(wish.first, wish.last + 1):
                    self._lines.setdefault(line, []).append(wish)
        self._keys: dict[Calls, set[int]] = {}
        self._kept: dict[tuple[Wish, str], object] = {}
        self._wanted: dict[CodeType, bool] = {}
        self._due: dict[int, list[Names]] = {}
        self._seconds = seconds
        self._end = 0.0

    def start(self) -> None:
        """Begin; in threads that start from now on, too."""
        import threading

        self._end = time.monotonic() + self._seconds
        os.register_at_fork(after_in_child=lambda: sys.settrace(None))
        threading.settrace(self._call)
        sys.settrace(self._call)

    def stop(self) -> Observations:
        """End and return what was seen."""
        import threading

        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]
        # The end of what grew in place, where its events were not all looked at.
        for (wish, name), value in self._kept.items():
            self.seen[wish].looks.setdefault(name, []).append(describe(value))
        for wish, keys in self._keys.items():
            self.seen[wish].different = len(keys)
        return Observations(self.seen)

    def _call(self, frame: FrameType, event: str, argument: object) -> Any:
        code = frame.f_code
        if code.co_filename != self.path:
            return None
        if time.monotonic() > self._end:
            sys.settrace(None)
            return None
        wish = self._calls.get(code.co_firstlineno)
        counts = wish is not None and wish.name == code.co_name and self._count(wish, frame)
        wanted = self._wanted.get(code)
        if wanted is None:
            lines = {line for _, _, line in code.co_lines() if line is not None}
            wanted = self._wanted[code] = not lines.isdisjoint(self._lines)
        if not (wanted or counts):
            return None
        frame.f_trace_lines = wanted
        return self._line

    def _count(self, wish: Calls, frame: FrameType) -> bool:
        """Count a call; tell whether its result is worth a look."""
        seen = self.seen[wish]
        # A generator's frame is called again for each value.
        seen.events += 1
        count = seen.events
        if count > EVENTS:
            return False
        code = frame.f_code
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        values = [frame.f_locals.get(name) for name in names]
        keys = self._keys.setdefault(wish, set())
        if len(keys) < KEYS and seen.different >= 0:
            try:
                keys.add(hash((code.co_name, *((type(value), value) for value in values))))
                seen.watched += 1
            except TypeError:
                seen.different = -1
                keys.clear()
        if _is_round(count):
            for name, value in zip(names, values, strict=True):
                seen.looks.setdefault(name, []).append(describe(value))
            return True
        return False

    def _line(self, frame: FrameType, event: str, argument: object) -> Any:
        due = self._due.pop(id(frame), None) if self._due else None
        if due:
            for wish in due:
                self._look(wish, frame)
        if event == "return":
            code = frame.f_code
            wish = self._calls.get(code.co_firstlineno)
            if wish is not None and wish.name == code.co_name:
                self.seen[wish].looks.setdefault("return", []).append(describe(argument))
            return None
        if event != "line":
            return self._line
        for names in self._lines.get(frame.f_lineno, ()):
            seen = self.seen[names]
            seen.events += 1
            if seen.events > EVENTS:
                frame.f_trace_lines = time.monotonic() < self._end and len(self._lines) > 1
            elif _is_round(seen.events):
                if names.after:
                    self._due.setdefault(id(frame), []).append(names)
                else:
                    self._look(names, frame)
        return self._line

    def _look(self, wish: Names, frame: FrameType) -> None:
        for name in wish.names:
            value = _value(name, frame)
            if value is not _MISSING:
                self.seen[wish].looks.setdefault(name, []).append(describe(value))
                if isinstance(value, list):
                    self._kept[wish, name] = value


_MISSING = object()


def _value(name: str, frame: FrameType) -> object:
    """Return what a dotted name stands for in a frame; no property is run."""
    first, *rest = name.split(".")
    value: Any = frame.f_locals.get(first, _MISSING)
    if value is _MISSING:
        value = frame.f_globals.get(first, _MISSING)
    for attribute in rest:
        fields = getattr(value, "__dict__", {})
        if attribute not in fields:
            return _MISSING
        value = fields[attribute]
    return value


def _is_round(count: int) -> bool:
    return count < 4 or count & (count - 1) == 0


def collect(path: str, argv: Sequence[str], wishes: Iterable[Wish]) -> Observations:
    """Run a script as ``__main__`` in this process and return what was seen at the wanted places."""
    import types

    with open(path, "rb") as source:
        code = compile(source.read(), path, "exec")
    module = types.ModuleType("__main__")
    module.__file__ = path
    old_main, old_argv = sys.modules["__main__"], sys.argv
    sys.modules["__main__"] = module
    sys.argv = [path, *argv]
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
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
