"""
Ufuncs on lazy arrays: their types, their shapes, and ``out=`` and ``where=``.

A ufunc's loop is chosen by NumPy itself (`numpy.ufunc.resolve_dtypes`), once for each combination
of types; so results have NumPy's dtypes, and what NumPy refuses is refused with its own errors, at
the line that builds the expression.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from manycore import _core
from manycore.array import _array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    _Loop = tuple[tuple[np.dtype[Any], ...], tuple[np.dtype[Any], ...]]

# Python's numbers take the type of the array beside them (NEP 50).
_WEAK = frozenset((int, float, complex))

# What `out` may be, besides lazy arrays.
_OUTPUTS = (np.ndarray, type(None))

_COMPARISONS = frozenset(
    (np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal)
)

# The dtypes of inputs and outputs of a ufunc's loop, by the ufunc and the types of its arguments.
_loops: dict[Any, _Loop] = {}

# Ufuncs that the core knows by name; others are called as they are.
_names: dict[np.ufunc, str | None] = {}


def _loop(ufunc: np.ufunc, kinds: tuple[Any, ...]) -> _Loop:
    """Find the loop for arguments of these types: dtypes, or classes of Python's numbers."""
    key = (ufunc, kinds)
    found = _loops.get(key)
    if found is None:
        dtypes = ufunc.resolve_dtypes((*kinds, *(None,) * ufunc.nout))
        found = _loops[key] = (dtypes[: ufunc.nin], dtypes[ufunc.nin :])
    return found


def _asked_loop(
    ufunc: np.ufunc,
    kinds: tuple[Any, ...],
    outputs: Sequence[Any],
    signature: Any,
    casting: Any,
) -> _Loop:
    """Find the loop where a dtype, a signature, a casting rule or the outputs are given."""
    out = tuple(None if output is None else output.dtype for output in outputs)
    options: dict[str, Any] = {} if signature is None else {"signature": signature}
    found = ufunc.resolve_dtypes(
        (*kinds, *(out or (None,) * ufunc.nout)), casting=casting, **options
    )
    return found[: ufunc.nin], found[ufunc.nin :]


def cast(core: Any, dtype: np.dtype[Any]) -> Any:
    """Cast an expression of the core, if it needs to be."""
    return core if core.dtype == dtype else _core.Array.map("cast", [core], dtype)


def broadcast_shapes(shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Broadcast shapes as ufuncs do; NumPy's error if they don't fit."""
    first = shapes[0]
    if all(shape == first for shape in shapes):
        return first
    result = [1] * max(map(len, shapes))
    for shape in shapes:
        for place, length in enumerate(reversed(shape), 1):
            if length == 1:
                continue
            if result[-place] not in (1, length):
                text = " ".join(str(shape).replace(" ", "") for shape in shapes)
                raise ValueError(f"operands could not be broadcast together with shapes {text} ")
            result[-place] = length
    return tuple(result)


def elementwise(
    ufunc: np.ufunc,
    *inputs: Any,
    out: Any = None,
    where: Any = True,
    dtype: Any = None,
    casting: str = "same_kind",
    signature: Any = None,
    order: str = "K",
    subok: bool = True,
) -> Any:
    """
    Apply a ufunc lazily.

    Parameters
    ----------
    ufunc : numpy.ufunc
        One of NumPy's, or another one, which is called once for each chunk.
    *inputs : array_like
        Its inputs. Python's numbers take the type of the arrays beside them.
    out : Array, numpy.ndarray or tuple, optional
        What gets the result: an `Array` gets a new expression, memory is written to at once.
    where : array_like of bool, default True
        Where the result is wanted; elsewhere it is what `out` was, or zero.
    dtype, signature : optional
        Which loop to use, as in NumPy.
    casting : str, default "same_kind"
        What may be cast to the loop's types, and its result to `out`'s.
    order, subok
        Without meaning for lazy arrays.

    Returns
    -------
    Array or tuple of Array
        One for each of the ufunc's outputs.
    """
    if len(inputs) != ufunc.nin:
        given = len(inputs)
        raise TypeError(
            f"{ufunc.__name__}() takes {ufunc.nin} positional arguments but {given} were given"
        )
    kinds: list[Any] = []
    values: list[Any] = []
    for value in inputs:
        kind = type(value)
        if kind in _WEAK:
            kinds.append(kind)
            values.append(value)
        else:
            core = value._core if kind is _array.Array else _array.asarray(value)._core
            kinds.append(core.dtype)
            values.append(core)
    if out is None and where is True and dtype is None and signature is None:
        if casting == "same_kind":
            types, results = _loop(ufunc, tuple(kinds))
        else:
            types, results = _asked_loop(ufunc, tuple(kinds), (), None, casting)
        cores = _apply(ufunc, values, types, results)
        if len(cores) == 1:
            return _array._wrap(cores[0])
        return tuple(map(_array._wrap, cores))

    outputs = out if isinstance(out, tuple) else (out,) * (ufunc.nout if out is None else 1)
    if len(outputs) != ufunc.nout:
        raise ValueError("The 'out' tuple must have exactly one entry per ufunc output")
    if not all(isinstance(each, (*_OUTPUTS, _array.Array)) for each in outputs):
        raise TypeError("return arrays must be of ArrayType")
    if dtype is not None:
        if signature is not None:
            raise TypeError("cannot specify both 'signature' and 'dtype'")
        signature = (None,) * ufunc.nin + (np.dtype(dtype),) * ufunc.nout
    types, results = _asked_loop(ufunc, tuple(kinds), outputs, signature, casting)
    cores = _apply(ufunc, values, types, results)
    mask = None if where is True else _array.asarray(where)._core
    if mask is not None and mask.dtype != np.bool_:
        raise TypeError(
            f"Cannot cast array data from {mask.dtype!r} to dtype('bool') "
            "according to the rule 'safe'"
        )
    written = tuple(map(partial(_write, mask), cores, outputs))
    return written if ufunc.nout > 1 else written[0]


def _apply(
    ufunc: np.ufunc,
    values: list[Any],
    types: Sequence[np.dtype[Any]],
    results: Sequence[np.dtype[Any]],
) -> list[Any]:
    """Make the expressions of a ufunc's outputs; its inputs are the core's, or Python's numbers."""
    for dtype in results:
        if dtype.hasobject:
            raise TypeError(f"{ufunc.__name__} makes Python objects, which are not supported")
    original = tuple(values)
    shape = None
    for place, dtype in enumerate(types):
        value = values[place]
        if type(value) in _WEAK:
            try:
                # In an array of one element, as the conversion of a lone number warns of overflow.
                number = np.array(value, dtype)
            except OverflowError:
                constant = _beyond(ufunc, values, dtype)
                if constant is None:
                    raise
                return [constant]
            values[place] = _core.Array.full((), number)
        else:
            if shape is None:
                shape = value.shape
            elif shape != value.shape and shape != () and value.shape != ():
                broadcast_shapes([core.shape for core in values if type(core) not in _WEAK])
            if value.dtype != dtype:
                values[place] = _core.Array.map("cast", [value], dtype)
    if ufunc is np.power and types[0].kind in "iu":
        _refuse_negative(original)
    name = _names.get(ufunc)
    if name is None and ufunc not in _names:
        known = getattr(np, ufunc.__name__, None) is ufunc and ufunc.nout == 1
        name = _names[ufunc] = ufunc.__name__ if known else None
    if name is not None:
        return [_core.Array.map(name, values, results[0])]
    if ufunc is np.divmod:
        return [
            _core.Array.map(part, values, dtype)
            for part, dtype in zip(("floor_divide", "remainder"), results, strict=True)
        ]
    if ufunc.nout == 1:
        return [_core.Array.call(ufunc, values, results[0], ufunc.__name__)]
    return [
        _core.Array.call(partial(_output, ufunc, place), values, dtype, ufunc.__name__)
        for place, dtype in enumerate(results)
    ]


def _refuse_negative(values: Sequence[Any]) -> None:
    """Refuse an integer to a negative integer power."""
    if type(values[1]) is int and values[1] < 0:
        raise ValueError("Integers to negative integer powers are not allowed.")


def _output(ufunc: np.ufunc, place: int, *arrays: np.ndarray[Any, Any]) -> Any:
    """Compute one of a ufunc's several outputs."""
    return ufunc(*arrays)[place]


def _beyond(ufunc: np.ufunc, values: list[Any], dtype: np.dtype[Any]) -> Any:
    """Compare with a Python integer that the array's type can't hold: all elements are alike."""
    if ufunc not in _COMPARISONS or dtype.kind not in "iu":
        return None
    shape = next(value.shape for value in values if type(value) not in _WEAK)
    numbers = [value if type(value) in _WEAK else 0 for value in values]
    # As Python's integers: zero lies within each type.
    answer = ufunc(*(np.array(number, object) for number in numbers))
    return _core.Array.full(shape, np.array(bool(answer)))


def _write(mask: Any, core: Any, out: Any) -> Any:
    """Give ``out`` the values of an expression, where a mask says so."""
    if out is None:
        if mask is None:
            return _array._wrap(core)
        zero = _core.Array.full((), np.zeros((), core.dtype))
        broadcast_shapes([mask.shape, core.shape])
        return _array._wrap(_core.Array.map("where", [mask, core, zero], core.dtype))
    if isinstance(out, np.ndarray):
        arrays = [core] if mask is None else [core, mask]
        result, *where = _core.compute_arrays(arrays)
        np.copyto(out, result, casting="unsafe", where=where[0] if where else True)
        return out
    before = out._core
    shape = core.shape if mask is None else broadcast_shapes([core.shape, mask.shape])
    if broadcast_shapes([shape, before.shape]) != before.shape:
        text = [str(shape).replace(" ", "") for shape in (before.shape, shape)]
        raise ValueError(
            f"non-broadcastable output operand with shape {text[0]} "
            f"doesn't match the broadcast shape {text[1]}"
        )
    core = cast(core, before.dtype)
    if mask is not None:
        core = _core.Array.map("where", [mask, core, before], before.dtype)
    out._core = core if core.shape == before.shape else core.broadcast_to(before.shape)
    return out
