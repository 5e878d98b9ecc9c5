"""
Whether two results are the same: NaN equals NaN, order counts where a container has one.

`difference` says where they differ, in the words of an index expression, so that a withdrawn advice
can be looked into: ``result['total'][3] is 1.0, not 2.0``.

>>> difference([1.0, float("nan")], [1.0, float("nan")], 0.0)
''
>>> difference({"a": (1, 2)}, {"a": (1, 3)}, 0.0)
"result['a'][1] is 3, not 2"
"""

from __future__ import annotations

import math
import sys
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Compared by what they are, not by what they hold.
_ATOMS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.ModuleType,
    type,
)


def difference(
    old: Any, new: Any, tolerance: float, *, narrower: bool = False, unordered: bool = False
) -> str:
    """
    Say where `new` differs from `old`; nothing if it doesn't.

    Parameters
    ----------
    old, new : object
        Two results.
    tolerance : float
        Relative; for an array relative to its largest value. 0 asks for equal numbers.
    narrower : bool, default False
        Whether `new` may have fewer digits: float32 for float64, complex64 for complex128.
    unordered : bool, default False
        Whether the order of a dictionary's keys is not compared.
    """
    return _Comparison(tolerance, narrower, unordered).compare(old, new, "result")


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _scalar(value: Any) -> Any:
    """Make Python's own number of NumPy's."""
    numpy = sys.modules.get("numpy")
    return value.item() if numpy is not None and isinstance(value, numpy.generic) else value


class _Comparison:
    def __init__(self, tolerance: float, narrower: bool, unordered: bool) -> None:
        self.tolerance = tolerance
        self.narrower = narrower
        self.unordered = unordered
        self.seen: set[tuple[int, int]] = set()

    def compare(self, old: Any, new: Any, place: str) -> str:
        if old is new:
            return ""
        if (id(old), id(new)) in self.seen:
            return ""  # being compared further up, or done
        plain, other = _scalar(old), _scalar(new)
        if type(plain) in (bool, int, float, complex, str, bytes, type(None)):
            return self._scalars(plain, other, place)
        self.seen.add((id(old), id(new)))
        if not self._related(old, new):
            return f"{place} is a {type(new).__name__}, not a {type(old).__name__}"
        numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
        if numpy is not None and isinstance(old, numpy.ndarray):
            return self._arrays(old, new, place)
        if pandas is not None and isinstance(old, pandas.DataFrame | pandas.Series | pandas.Index):
            return self._tables(old, new, place)
        return self._containers(old, new, place)

    def _related(self, old: Any, new: Any) -> bool:
        """Whether the new value can stand where the old one stood."""
        if isinstance(old, dict):
            return isinstance(new, dict)
        pandas = sys.modules.get("pandas")
        if pandas is not None and isinstance(old, pandas.Index):
            return isinstance(new, pandas.Index)  # a range is an index too
        return type(old) is type(new)

    def _scalars(self, old: Any, new: Any, place: str) -> str:
        same = type(old) is type(new)
        if same and isinstance(old, float | complex):
            same = self._close(old, new)
        elif same:
            same = old == new
        return "" if same else f"{place} is {_shown(new)}, not {_shown(old)}"

    def _close(self, old: Any, new: Any) -> bool:
        if isinstance(old, complex):
            return self._close(old.real, new.real) and self._close(old.imag, new.imag)
        if math.isnan(old) or math.isnan(new):
            return math.isnan(old) and math.isnan(new)
        return old == new or math.isclose(old, new, rel_tol=self.tolerance, abs_tol=0.0)

    def _arrays(self, old: Any, new: Any, place: str) -> str:
        import numpy

        if old.shape != new.shape:
            return f"{place} has the shape {new.shape}, not {old.shape}"
        fewer = self.narrower and (old.dtype.str[1:], new.dtype.str[1:]) in {
            ("f8", "f4"),
            ("c16", "c8"),
        }
        if old.dtype != new.dtype and not fewer:
            return f"{place} has the dtype {new.dtype}, not {old.dtype}"
        if old.dtype.hasobject:
            return self._sequences(old.ravel().tolist(), new.ravel().tolist(), place)
        if old.dtype.kind not in "fc":
            wrong = old != new
            if old.dtype.kind in "mM":
                wrong &= ~(numpy.isnat(old) & numpy.isnat(new))
        else:
            wrong = ~((old == new) | (numpy.isnan(old) & numpy.isnan(new)))
            if self.tolerance and wrong.any():
                finite = numpy.isfinite(old) & numpy.isfinite(new)
                largest = numpy.abs(old[finite]).max(initial=0.0)
                with numpy.errstate(invalid="ignore"):
                    near = finite & (numpy.abs(old - new) <= self.tolerance * largest)
                wrong &= ~near
        if not wrong.any():
            return ""
        first = tuple(int(index) for index in numpy.argwhere(wrong)[0])
        where = f"[{', '.join(map(str, first))}]" if first else ""
        return f"{place}{where} is {_shown(new[first])}, not {_shown(old[first])}"

    def _tables(self, old: Any, new: Any, place: str) -> str:
        import pandas

        if isinstance(old, pandas.DataFrame):
            columns = list(old.columns), list(new.columns)
            if columns[0] != columns[1]:
                return f"{place} has the columns {_shown(columns[1])}, not {_shown(columns[0])}"
            found = self.compare(old.index, new.index, f"{place}.index")
            for number, name in enumerate(columns[0]):
                if found:
                    break
                pair = old.iloc[:, number], new.iloc[:, number]
                found = self._tables(*pair, f"{place}[{name!r}]")
            return found
        if old.dtype != new.dtype and not (self.narrower and new.dtype == "float32"):
            return f"{place} has the dtype {new.dtype}, not {old.dtype}"
        found = ""
        if isinstance(old, pandas.Series):
            if old.name != new.name:
                return f"{place} has the name {_shown(new.name)}, not {_shown(old.name)}"
            found = self.compare(old.index, new.index, f"{place}.index")
        elif list(old.names) != list(new.names):
            return f"{place} has the names {_shown(new.names)}, not {_shown(old.names)}"
        return found or self._arrays(old.to_numpy(), new.to_numpy(), place)

    def _containers(self, old: Any, new: Any, place: str) -> str:
        if isinstance(old, dict):
            return self._dictionaries(old, new, place)
        if isinstance(old, set | frozenset):
            if old == new:
                return ""
            return f"{place} has {_shown(new - old)}, lacks {_shown(old - new)}"
        if isinstance(old, list | tuple) or type(old).__name__ == "deque":
            return self._sequences(list(old), list(new), place)
        if isinstance(old, _ATOMS):
            return f"{place} is {_shown(new)}, not {_shown(old)}"
        return self._objects(old, new, place)

    def _sequences(self, old: list[Any], new: list[Any], place: str) -> str:
        if len(old) != len(new):
            return f"{place} has {len(new):,} items, not {len(old):,}"
        types = list(map(type, old))
        if set(types) <= {int, str, bytes} and types == list(map(type, new)) and old == new:
            return ""  # at the speed of C
        for index, pair in enumerate(zip(old, new, strict=True)):
            if found := self.compare(*pair, f"{place}[{index}]"):
                return found
        return ""

    def _dictionaries(self, old: dict[Any, Any], new: dict[Any, Any], place: str) -> str:
        if old.keys() != new.keys():
            return (
                f"{place} has the keys {_shown(list(new.keys() - old.keys()))} more, "
                f"{_shown(list(old.keys() - new.keys()))} less"
            )
        if not self.unordered and list(old) != list(new):
            return f"{place} has its keys in another order"
        for key, value in old.items():
            if found := self.compare(value, new[key], f"{place}[{key!r}]"):
                return found
        return ""

    def _objects(self, old: Any, new: Any, place: str) -> str:
        if type(old) is object:
            return ""  # a mark, of which a copy is as good
        trouble = ""
        try:
            if (old == new) is True:
                return ""
        except Exception as error:  # arrays inside of a dataclass, say: these are compared below
            trouble = f"{place} can't be compared: {error}"
        try:
            pair = _state(old), _state(new)
        except Exception:
            return trouble or f"{place} is {_shown(new)}, not {_shown(old)}"
        return self.compare(*pair, place)


def _state(value: Any) -> Any:
    """Ask an object what it consists of; None if that is nothing. It may raise anything."""
    if hasattr(value, "bit_generator"):  # NumPy's generators of random numbers
        return value.bit_generator.state
    method = getattr(value, "getstate", None) or value.__getstate__
    return method()
