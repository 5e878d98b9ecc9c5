"""
Random expressions over `mc.array`, held against NumPy, which evaluates them step by step.

With each value goes a bound of its error: zero as long as only operations came together that are
rounded correctly, or select, count or compare. Those that would make a small error a large one
(comparisons, floors, indices of extremes) are only applied to values without any.
"""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import manycore as mc

Many = settings(max_examples=500, suppress_health_check=list(HealthCheck))

NUMBERS = ["?", "i1", "u1", "i2", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16"]
DTYPES = [*NUMBERS, "M8[D]", "M8[s]", "m8[h]", "m8[s]"]
SCALARS: list[Any] = [0, 1, 2, -3, True, 0.5, -2.0, 1j, np.int8(3), np.float32(0.25), np.uint64(7)]
ERRORS = (TypeError, ValueError, IndexError, OverflowError)
# Beyond this the order of additions decides about what is infinite.
LARGEST = 1e4


class Value(NamedTuple):
    """What NumPy has, a bound of the error of each element, and the array that is held to it."""

    expected: np.ndarray[Any, Any]
    error: np.ndarray[Any, Any]
    lazy: Any

    @property
    def is_exact(self) -> bool:
        return not self.error.any()


Draw = Callable[[Any], Any]


def epsilon(array: Any) -> float:
    kind = np.asarray(array).dtype
    return float(np.finfo(kind).eps) if kind.kind in "fc" else 0.0


def size_of(array: Any) -> Any:
    """Absolute values, as far as they are finite."""
    array = np.asarray(array)
    if array.dtype.kind in "mM":
        return np.zeros(array.shape)
    sizes = np.abs(array.astype("c16" if array.dtype.kind == "c" else "f8"))
    return np.where(np.isfinite(sizes), sizes, 0.0)


def call(function: Callable[[], Any]) -> Any:
    """Call a function; return the error in place of a result."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return function()
        except ERRORS as error:
            return error


def check(value: Value, got: Any, what: str) -> None:
    """Hold a computed array against NumPy's."""
    got, expected = np.asarray(got), value.expected
    assert (got.dtype, got.shape) == (expected.dtype, expected.shape), what
    if value.is_exact or expected.dtype.kind not in "fc":
        np.testing.assert_array_equal(got, expected, err_msg=what)
        return
    with np.errstate(all="ignore"):
        near = np.abs(got.astype("c16") - expected.astype("c16")) <= value.error
    same = near | (got == expected) | (np.isnan(got) & np.isnan(expected))
    assert same.all(), (what, got[~same][:3], expected[~same][:3], value.error[~same][:3])


# ---------------------------------------------------------------- leaves


def fill(generator: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    """Make small numbers, which a sum in any order is exact of, and now and then others."""
    if dtype.kind in "mM":
        array = generator.integers(-40, 40, shape).astype("i8").view(dtype)
        special = np.array("NaT", dtype)
    elif dtype.kind == "c":
        parts = generator.integers(-4, 5, (2, *shape))
        array = (parts[0] + 1j * parts[1]).astype(dtype)
        special = np.array(complex("nan"), dtype)
    elif dtype.kind == "f":
        array = (generator.integers(-8, 9, shape) / 2).astype(dtype)
        special = generator.choice(np.array([np.nan, np.inf, -np.inf, -0.0], dtype))
    else:
        low = 0 if dtype.kind in "ub" else -5
        return np.asarray(generator.integers(low, 6, shape)).astype(dtype)
    array = np.asarray(array)
    if generator.random() < 0.3:
        array = np.where(generator.random(shape) < 0.1, special, array)
    return array


def layout(draw: Draw, array: Any) -> Any:
    """Have the elements lie otherwise in memory."""
    kind = draw(st.sampled_from(["C", "F", "strided", "backwards", "repeated"]))
    if kind == "F":
        return array.copy(order="F")
    if kind == "strided":
        wide = np.zeros([2 * size + 1 for size in array.shape], array.dtype)
        odd: Any = (..., *(slice(1, None, 2) for _ in array.shape))
        view = wide[odd]
        view[...] = array
        return view
    if kind == "backwards":
        turned = (..., *(slice(None, None, -1),) * array.ndim)
        return array[turned].copy()[turned]
    if kind == "repeated" and array.ndim and array.size:
        return np.broadcast_to(array[:1], array.shape)
    return array


def chunks_of(draw: Draw, shape: tuple[int, ...]) -> Any:
    """Choose odd chunks, other ones for each axis."""
    chunks = []
    for length in shape:
        left, sizes = length, []
        while left:
            sizes.append(draw(st.integers(1, left)))
            left -= sizes[-1]
        chunks.append(tuple(sizes) or (0,))
    return tuple(chunks)


def leaf(draw: Draw, shape: tuple[int, ...], dtypes: list[str] = DTYPES) -> Value:
    dtype = np.dtype(draw(st.sampled_from(dtypes)))
    generator = np.random.default_rng(draw(st.integers(0, 1 << 20)))
    kind = draw(st.sampled_from(["memory"] * 4 + ["full", "arange"]))
    chunks = draw(st.sampled_from([None, "odd"]))
    if kind == "arange" and dtype.kind in "iuf":
        count = int(np.prod(shape))
        array = np.arange(-3 if dtype.kind != "u" else 0, 60, dtype=dtype)[:count]
        if array.size == count:
            lazy = mc.array.arange(array[0] if count else 0, 60, dtype=dtype)[:count]
            return Value(array.reshape(shape), np.zeros(shape), lazy.reshape(shape))
    array = fill(generator, shape, dtype)
    if kind == "full":
        value = fill(generator, (), dtype)
        return Value(np.full(shape, value), np.zeros(shape), mc.array.full(shape, value[()]))
    array = layout(draw, array)
    odd = chunks_of(draw, shape) if chunks else None
    return Value(array, np.zeros(shape), mc.array.from_array(array, chunks=odd))


# ---------------------------------------------------------------- operations
#
# Each draws what it needs, and returns the expected error bound together with a function that is
# called with NumPy's arrays, and then with lazy ones. None: it does not fit these values.

Step = tuple[str, Callable[..., Any], Callable[[Any], Any]] | None

SMOOTH_UNARY: dict[Any, Callable[[Any, Any], Any]] = {
    # The derivative's size for values of a size, and their error.
    np.negative: lambda size, error: error,
    np.conjugate: lambda size, error: error,
    np.absolute: lambda size, error: error,
    np.sin: lambda size, error: error,
    np.cos: lambda size, error: error,
    np.tanh: lambda size, error: error,
    np.arctan: lambda size, error: error,
    np.square: lambda size, error: error * (2 * size + error),
}
EXACT_UNARY = [
    np.sqrt,
    np.exp,
    np.log1p,
    np.cbrt,
    np.sign,
    np.floor,
    np.rint,
    np.isnan,
    np.isfinite,
    np.signbit,
    np.invert,
    np.logical_not,
    np.reciprocal,
    np.positive,
]
SMOOTH_BINARY: dict[Any, Callable[..., Any]] = {
    operator.add: lambda a, b, one, other: one + other,
    operator.sub: lambda a, b, one, other: one + other,
    operator.mul: lambda a, b, one, other: one * b + other * a + one * other,
    np.maximum: lambda a, b, one, other: one + other,
    np.fmin: lambda a, b, one, other: one + other,
}
EXACT_BINARY = [
    operator.truediv,
    operator.floordiv,
    operator.mod,
    operator.lt,
    operator.ge,
    operator.eq,
    operator.ne,
    operator.and_,
    operator.xor,
    np.logical_or,
    np.arctan2,
    np.hypot,
    np.copysign,
    np.gcd,
    np.fmod,
    np.heaviside,
]
# Rounded correctly, or not at all, if they are real: the same everywhere, to the last bit.
CORRECT = {
    np.negative,
    np.conjugate,
    np.positive,
    np.sqrt,
    np.square,
    np.reciprocal,
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    np.maximum,
    np.fmin,
}
# Of which results have few ulps of error; NumPy's own, of single and half precision, as well.
ULPS = 8


def rounded(function: Any, result: Any) -> Any:
    """What rounding adds to the error."""
    kind = np.asarray(result).dtype.kind
    is_correct = function in CORRECT or kind not in "fc"
    if is_correct and kind != "c":
        return 0.0
    if function in {operator.add, operator.sub, np.negative, np.conjugate, np.positive}:
        return 0.0
    return ULPS * epsilon(result) * np.maximum(size_of(result), epsilon(result))


def unary(draw: Draw, value: Value) -> Step:
    names = [*SMOOTH_UNARY, *(EXACT_UNARY if value.is_exact else [])]
    function = draw(st.sampled_from(names))

    def error(result: Any) -> Any:
        grown = 0.0
        if not value.is_exact:
            grown = SMOOTH_UNARY[function](size_of(value.expected), value.error)
        return grown + rounded(function, result)

    return function.__name__, function, error


def binary(draw: Draw, one: Value, other: Any) -> Step:
    is_exact = one.is_exact and (not isinstance(other, Value) or other.is_exact)
    function = draw(st.sampled_from([*SMOOTH_BINARY, *(EXACT_BINARY if is_exact else [])]))

    def error(result: Any) -> Any:
        grown: Any = 0.0
        if not is_exact:
            second = other.expected if isinstance(other, Value) else other
            errors = other.error if isinstance(other, Value) else 0.0
            sizes = size_of(one.expected), size_of(second)
            grown = SMOOTH_BINARY[function](*sizes, one.error, errors)
        return grown + rounded(function, result)

    return function.__name__, function, error


def where(draw: Draw, condition: Value, one: Value, other: Any) -> Step:
    if not condition.is_exact:
        return None
    errors = other.error if isinstance(other, Value) else 0.0

    def error(result: Any) -> Any:
        return np.maximum(one.error, errors) + np.zeros(result.shape)

    return "where", lambda a, b, c: np.where(a != a.dtype.type(0), b, c), error


def cast(draw: Draw, value: Value) -> Step:
    source, target = value.expected.dtype, np.dtype(draw(st.sampled_from(NUMBERS)))
    if source.kind in "mM" or (source.kind == "c" and target.kind != "c"):
        return None
    if source.kind == "f" and target.kind not in "fc":
        # What isn't in range, or isn't finite, is anything.
        low = 0 if target.kind == "u" else -100
        known = np.isfinite(value.expected) & (value.expected >= low) & (value.expected <= 100)
        if not value.is_exact or not known.all():
            return None

    def error(result: Any) -> Any:
        own = 0.0 if value.is_exact else ULPS * epsilon(result) * size_of(result)
        return value.error + own

    return f"astype {target}", lambda a: a.astype(target), error


def structural(
    name: str, function: Callable[..., Any], *errors: Any, also: Callable[..., Any] | None = None
) -> Step:
    """What moves elements moves their errors."""
    return name, function, lambda result: (also or function)(*errors)


def slices(draw: Draw, value: Value) -> Step:
    items: list[Any] = []
    for length in value.expected.shape:
        kind = draw(st.sampled_from(["slice"] * 6 + ["index", "new"]))
        if kind == "new":
            items.append(None)
        if kind == "index":
            # Now and then too large.
            items.append(draw(st.integers(-length, length)))
        else:
            bounds = st.none() | st.integers(-length - 1, length + 1)
            step = draw(st.sampled_from([None, 1, 2, 3, -1, -2]))
            items.append(slice(draw(bounds), draw(bounds), step))
    index = tuple(items)
    return structural(f"[{index}]", lambda a: a[index], value.error)


def transpose(draw: Draw, value: Value) -> Step:
    axes = tuple(draw(st.permutations(range(value.expected.ndim))))
    return structural(f"transpose {axes}", lambda a: a.transpose(axes), value.error)


def reshape(draw: Draw, value: Value) -> Step:
    size = value.expected.size
    factors = [n for n in range(1, size + 1) if size % n == 0] or [0]
    first = draw(st.sampled_from(factors))
    shapes = [(-1,), (first, -1) if first else (0, 3), (first, 1, size // max(first, 1)), (size, 2)]
    shape = draw(st.sampled_from(shapes))
    return structural(f"reshape {shape}", lambda a: a.reshape(shape), value.error)


def broadcast(draw: Draw, value: Value) -> Step:
    shape = [3 if size == 1 and draw(st.booleans()) else size for size in value.expected.shape]
    full = (*draw(st.sampled_from([(), (2,), (0,)])), *shape)
    return structural(f"broadcast {full}", lambda a: np.broadcast_to(a, full), value.error)


def join(draw: Draw, one: Value, other: Value) -> Step:
    function = draw(st.sampled_from([np.concatenate, np.stack]))
    axis = draw(st.integers(-one.expected.ndim - 1, one.expected.ndim))
    name = f"{function.__name__} axis={axis}"

    def joined(*arrays: Any) -> Any:
        return function([arrays[0], *arrays[1:]], axis=axis)

    return structural(name, joined, one.error, other.error)


def take(draw: Draw, value: Value) -> Step:
    ndim = value.expected.ndim
    if not ndim:
        return None
    axis = draw(st.integers(0, ndim - 1))
    length = value.expected.shape[axis]
    # Now and then too large.
    places = draw(st.lists(st.integers(-length, max(length - 1, 0)), max_size=6))
    indices = np.array(places, np.int64)
    kind = draw(st.sampled_from(["take", "fancy", "fancy and slice", "mask", "mask of values"]))
    if not value.expected.size and len(places):
        return None
    if kind == "take":
        return structural(f"take {places}", lambda a: np.take(a, indices, axis), value.error)
    if kind == "mask of values" and value.is_exact:
        return "[a == a]", lambda a: a[a == a], lambda result: 0.0
    index: Any = (slice(None),) * axis + (indices,)
    if kind == "mask":
        mask = np.array(draw(st.lists(st.booleans(), min_size=length, max_size=length)), np.bool_)
        index = (slice(None),) * axis + (mask,)
    elif kind == "fancy and slice" and axis + 1 < ndim:
        index += (slice(None, None, -2),)
    return structural(f"[{index}]", lambda a: a[index], value.error)


def assign(draw: Draw, value: Value, other: Any) -> Step:
    if isinstance(other, Value) and other.expected.dtype.kind in "fcmM":
        other = draw(st.sampled_from([0, 1, True]))
    box: list[Any] = []
    for length in value.expected.shape:
        bounds = st.none() | st.integers(-length - 1, length + 1)
        box.append(slice(draw(bounds), draw(bounds), draw(st.sampled_from([None, 2, -1]))))
    index = (*box[: draw(st.integers(0, len(box)))], ...)
    if value.expected.dtype.kind not in "iufcb":
        return None

    def assigned(a: Any, *b: Any) -> Any:
        a = a.copy()
        a[index] = b[0] if b else other
        return a

    def error(result: Any) -> Any:
        errors = value.error.copy()
        errors[index] = 0.0
        return errors

    return f"a[{index}] = ...", assigned, error


REDUCTIONS = ["sum", "prod", "min", "max", "mean", "var", "std", "any", "all", "argmin", "argmax"]


def reduce(draw: Draw, value: Value) -> Step:
    ndim, array = value.expected.ndim, value.expected
    name = draw(st.sampled_from(REDUCTIONS))
    options: dict[str, Any] = {"keepdims": draw(st.booleans())}
    if name.startswith("arg"):
        axis: Any = draw(st.none() | st.integers(-ndim, ndim))
    else:
        # Also such that there is none of.
        axis = draw(st.none() | st.integers(-ndim - 1, ndim))
        if ndim and draw(st.booleans()):
            axis = tuple(draw(st.sets(st.integers(0, ndim - 1), max_size=ndim)))
    if not value.is_exact and name not in ("sum", "min", "max", "mean"):
        return None
    if name in ("var", "std"):
        options["ddof"] = draw(st.sampled_from([0, 1]))

    def function(a: Any) -> Any:
        return getattr(np, name)(a, axis=axis, **options)

    if array.dtype.kind not in "fc" and name not in ("mean", "var", "std"):
        return f"{name} axis={axis}", function, lambda result: np.zeros(np.shape(result))
    if name in ("min", "max", "any", "all", "argmin", "argmax"):
        return f"{name} axis={axis}", function, lambda result: value.error.max(initial=0.0)

    def error(result: Any) -> Any:
        sizes, own = size_of(array), epsilon(result)
        keep = options["keepdims"]
        total = np.sum(sizes, axis=axis, keepdims=keep)
        grown = np.sum(value.error, axis=axis, keepdims=keep)
        count = max(array.size // max(np.size(result), 1), 1)
        if name == "sum":
            return grown + count * own * total
        if name == "mean":
            return (grown + count * own * total) / count + own * size_of(result)
        if name == "prod":
            return 2 * count * own * size_of(result)
        largest = np.max(sizes, axis=axis, keepdims=keep, initial=0.0)
        # The squares of distances; what they are of is as large as the largest, twice.
        error = 16 * count * own * (2 * largest) ** 2
        if name == "var":
            return error
        return np.minimum(np.sqrt(error), error / np.maximum(size_of(result), 1e-300))

    if array.dtype.kind in "fc" and np.sum(size_of(array)) > LARGEST:
        return None
    if name in ("prod", "var", "std") and epsilon(array) > 1e-4:
        return None
    return f"{name} axis={axis} {options}", function, error


def accumulate(draw: Draw, value: Value) -> Step:
    array = value.expected
    if not array.ndim or array.dtype.kind in "M" or np.sum(size_of(array)) > LARGEST:
        return None
    axis = draw(st.integers(-array.ndim, array.ndim))

    def function(a: Any) -> Any:
        return np.cumsum(a, axis=axis)

    def error(result: Any) -> Any:
        total = np.cumsum(size_of(array), axis=axis)
        return np.cumsum(value.error, axis=axis) + array.shape[axis] * epsilon(result) * total

    return f"cumsum axis={axis}", function, error


def draw_step(draw: Draw, values: list[Value]) -> tuple[Step, list[Any]]:
    """Choose an operation, and what it is applied to."""
    one, other, third = (values[draw(st.integers(0, len(values) - 1))] for _ in range(3))
    kinds: list[tuple[Any, list[Any]]] = [
        (unary, [one]),
        (binary, [one, other]),
        (binary, [one, draw(st.sampled_from(SCALARS))]),
        (where, [one, other, third]),
        (cast, [one]),
        (slices, [one]),
        (transpose, [one]),
        (reshape, [one]),
        (broadcast, [one]),
        (join, [one, other]),
        (take, [one]),
        (assign, [one, other]),
        (reduce, [one]),
        (accumulate, [one]),
    ]
    make, operands = draw(st.sampled_from(kinds))
    step = make(draw, *operands)
    if make is assign and other.expected.dtype.kind in "fcmM":
        operands = operands[:1]
    return step, operands


def apply(step: Step, operands: list[Any], values: list[Value]) -> None:
    """Apply an operation both ways, and hold what can be seen at once."""
    assert step is not None
    name, function, error = step
    theirs = [each.expected if isinstance(each, Value) else each for each in operands]
    ours = [each.lazy if isinstance(each, Value) else each for each in operands]
    shown = [
        f"{each.expected.dtype}{each.expected.shape}" if isinstance(each, Value) else repr(each)
        for each in operands
    ]
    what = f"{name}({', '.join(shown)})"
    note(what)
    expected = call(lambda: function(*theirs))
    found = call(lambda: function(*ours))
    if isinstance(expected, Exception):
        assert isinstance(found, Exception), f"{what}: NumPy raises {expected!r}"
        is_same = isinstance(expected, type(found)) or isinstance(found, type(expected))
        # Where both the type and the axis are wrong, either may be said.
        has_times = any(getattr(each, "dtype", np.dtype(int)).kind in "mM" for each in theirs)
        assert is_same or has_times, f"{what}: {found!r}, and NumPy {expected!r}"
        return
    assert not isinstance(found, Exception), f"{what}: {found!r}"
    expected = np.asarray(expected)
    assert isinstance(found, mc.array.Array), what
    assert found.dtype == expected.dtype, f"{what}: {found.dtype}, and NumPy {expected.dtype}"
    assert found.shape == expected.shape, f"{what}: {found.shape}, and NumPy {expected.shape}"
    with np.errstate(all="ignore"):
        bound = np.broadcast_to(np.asarray(error(expected), float), expected.shape)
        bound = np.where(np.isfinite(bound), bound, 0.0)
    if bound.any() and (size_of(expected).max(initial=0.0) > LARGEST or bound.max() > 0.1):
        return
    if expected.size < 5000:
        values.append(Value(expected, bound, found))


@given(st.data())
@Many
def test_random_expressions(data: Any) -> None:
    draw = data.draw
    count = draw(st.integers(2, 5))
    shapes = draw(
        hnp.mutually_broadcastable_shapes(num_shapes=count, min_side=0, max_side=5, max_dims=4)
    ).input_shapes
    values = [leaf(draw, shape) for shape in shapes]
    for number, value in enumerate(values):
        note(f"leaf {number}: {value.expected.dtype}{value.expected.shape} {value.lazy.chunks}")
    for _ in range(draw(st.integers(1, 10))):
        step, operands = draw_step(draw, values)
        if step is not None:
            apply(step, operands, values)
    # All of them together, which share what they have in common; and each for itself.
    together = mc.array.compute(*(value.lazy for value in values))
    for number, (value, got) in enumerate(zip(values, together, strict=True)):
        check(value, got, f"value {number}, computed with the others")
    last = values[-1]
    check(last, last.lazy.compute(lane="inline"), "inline")
    check(last, last.lazy.compute(lane="threads", workers=2), "on two threads")


# ---------------------------------------------------------------- compiled
#
# Kernels are compiled for large arrays, and then used for whatever has the same operations. So the
# plan of the same expression of large arrays, which nobody computes, has the kernels compiled.

COMPILED = ["f8", "f4", "i8", "i4", "u1", "?", "c16"]
SMALL = (4, 5, 7)
SMALL_CHUNKS = {1: (1,), 4: (2, 2), 5: (3, 2), 7: (4, 3)}
# By the number of axes: of so many elements that kernels are compiled.
LARGE = {1: (30_000_000,), 2: (5500, 5500), 3: (312, 312, 312)}


def twins(draw: Draw, ndim: int, is_whole: bool) -> tuple[Value, Any]:
    """Make a small leaf and, without taking memory, a large one that broadcasts alike."""
    first = 0 if is_whole else draw(st.integers(0, ndim - 1))
    ones = [not is_whole and draw(st.integers(0, 3)) == 0 for _ in range(first, ndim)]

    def cut(shape: tuple[int, ...]) -> tuple[int, ...]:
        pairs = zip(shape[first:], ones, strict=True)
        return tuple(1 if is_one else length for length, is_one in pairs)

    shape, dtype = cut(SMALL[:ndim]), np.dtype(draw(st.sampled_from(COMPILED)))
    generator = np.random.default_rng(draw(st.integers(0, 1 << 20)))
    array = layout(draw, fill(generator, shape, dtype))
    chunks = tuple(SMALL_CHUNKS[length] for length in shape)
    lazy = mc.array.from_array(array, chunks=chunks)
    large = np.broadcast_to(np.ones((1,) * len(shape), dtype), cut(LARGE[ndim]))
    return Value(array, np.zeros(shape), lazy), mc.array.from_array(large)


def loops(values: list[Value]) -> list[bool]:
    """For each loop that would run, whether it is compiled."""
    stages = mc.array.explain(*(value.lazy for value in values)).stages
    return [stage["compiled"] for stage in stages if stage["fused"]]


@pytest.fixture(scope="module")
def seen() -> Iterator[list[bool]]:
    """Gather the loops of all examples: many of them must have been machine code."""
    found: list[bool] = []
    yield found
    assert sum(found) > len(found) / 2, f"{sum(found)} of {len(found)} loops were compiled"


@given(st.data())
@settings(Many, max_examples=60)
def test_compiled_expressions(seen: list[bool], data: Any) -> None:
    pytest.importorskip("llvmlite")
    draw = data.draw
    ndim = draw(st.integers(1, 3))
    values, larges = map(
        list, zip(*(twins(draw, ndim, not number) for number in range(3)), strict=True)
    )
    for value in values:
        note(f"leaf: {value.expected.dtype}{value.expected.shape}")
    for _ in range(draw(st.integers(1, 5))):
        last = len(values) - 1
        places = [draw(st.sampled_from([0, last]))]  # mostly what is as large as can be
        places += [draw(st.integers(0, last)) for _ in range(2)]
        one, other, third = (values[place] for place in places)
        kinds: list[tuple[Any, list[Any]]] = [
            (unary, [one]),
            (binary, [one, other]),
            (binary, [one, draw(st.sampled_from(SCALARS))]),
            (where, [one, other, third]),
            (cast, [one]),
            (reduce, [one]),
        ]
        make, operands = draw(st.sampled_from(kinds))
        step = make(draw, *operands)
        if step is None or not all(value.expected.ndim for value in (one, other, third)):
            continue
        before = len(values)
        apply(step, operands, values)
        if len(values) > before:
            longer = [larges[place] for place in places[: len(operands)]]
            if make is binary and operands[1] is not other:
                longer[1] = operands[1]
            larges.append(call(partial(step[1], *longer)))
    plan = mc.array.explain(*larges[3:])
    note(repr(plan))
    made = values[3:]
    seen += loops(made) if made else []
    for number, (value, got) in enumerate(
        zip(made, mc.array.compute(*(value.lazy for value in made)), strict=True)
    ):
        check(value, got, f"result {number}")
