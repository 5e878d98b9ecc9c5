"""Random programs do the same compiled and interpreted: values, dtypes, arrays and failures."""

from __future__ import annotations

import itertools
import linecache
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import manycore as mc
from manycore import _jit

pytest.importorskip("llvmlite")

DTYPES = [
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float32", "float64"),
]
NAMES = "abcd"
NUMBER = itertools.count()

# Exact in both: they round as IEEE 754 says, or not at all.
BINARY = ["+", "-", "*", "//", "%", "/", "==", "!=", "<", "<=", ">", ">="]
BITWISE = ["&", "|", "^", "<<", ">>"]
FUNCTIONS = ["np.floor", "np.ceil", "np.sqrt", "np.isnan", "abs", "-", "not ", "float", "int", "~"]
CASTS = [f"np.{dtype}" for dtype in DTYPES[1:]]


def kernel(source: str, **options: Any) -> Callable[..., Any]:
    """Compile a function from text, which `inspect` then finds."""
    file = f"<oracle {next(NUMBER)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {"np": np, "math": math, "mc": mc}
    exec(compile(source, file, "exec"), namespace)
    return mc.jit(**options)(namespace["f"])


@contextmanager
def interpreted() -> Iterator[None]:
    """What is first called in here, is interpreted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_jit, "_INTERPRETED", True)
        yield


def outcome(function: Callable[..., Any], arguments: list[Any]) -> tuple[Any, ...]:
    """What a call does, in a form that compares: NaN with NaN, 0.0 not with -0.0."""
    given = [np.array(one) if isinstance(one, np.ndarray) else one for one in arguments]
    try:
        result = function(*given)
    except mc.CompileError as error:
        return ("refused", error.message)
    except (ArithmeticError, ValueError, IndexError) as error:
        return (type(error), str(error))

    def plain(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(plain, value))
        if isinstance(value, np.ndarray):
            return value.dtype, value.shape, [plain(one) for one in value.ravel()]
        return type(value), repr(value).replace("-nan", "nan")

    return (plain(result), [plain(one) for one in given if isinstance(one, np.ndarray)])


def same(source: str, arguments: list[Any], **options: Any) -> tuple[Any, ...]:
    """Run a program both ways; return what it did."""
    compiled = outcome(kernel(source, **options), arguments)
    with interpreted():
        found = outcome(kernel(source, **options), arguments)
    assert compiled == found, source
    return found


def values(dtype: str) -> st.SearchStrategy[Any]:
    """Numbers of a dtype, those at its edges among them."""
    scalar = np.dtype(dtype).type
    if dtype == "bool":
        return st.booleans().map(np.bool_)
    if dtype.startswith(("int", "uint")):
        limits = np.iinfo(dtype)
        near = st.sampled_from([0, 1, 2, 3, 7, limits.min, limits.max, limits.max - 1])
        return (near | st.integers(int(limits.min), int(limits.max))).map(scalar)
    floats = st.sampled_from([0.0, -0.0, 1.0, -1.5, 2.5, 1e10, math.inf, -math.inf, math.nan])
    floats |= st.floats(-100, 100)
    if dtype == "complex128":
        return st.builds(complex, floats, floats).map(scalar)
    return floats.map(scalar)


def expressions(
    operators: list[str] = BINARY + BITWISE, functions: list[str] = FUNCTIONS + CASTS
) -> st.SearchStrategy[str]:
    """Texts of expressions of four variables."""
    leaves = st.sampled_from(NAMES) | st.sampled_from(["0", "1", "2", "-3", "0.5", "1e3", "True"])
    extremes = ["min", "max"] if "<" in operators else []
    binary, unary = st.sampled_from(operators), st.sampled_from(functions)

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds("({} {} {})".format, inner, binary, inner),
            st.builds("({}({}))".format, unary, inner),
            st.builds("({} if {} else {})".format, inner, inner, inner),
            st.builds("({} and {})".format, inner, inner),
            *(st.builds(f"{name}({{}}, {{}})".format, inner, inner) for name in extremes),
        )

    return st.recursive(leaves, grown, max_leaves=8)


@st.composite
def scalars(draw: st.DrawFn) -> list[Any]:
    """A value for each variable."""
    dtypes = draw(st.lists(st.sampled_from(DTYPES), min_size=4, max_size=4))
    return [draw(values(dtype)) for dtype in dtypes]


@st.composite
def numbers(draw: st.DrawFn) -> list[Any]:
    """The same, one of them complex."""
    return [draw(values("complex128")), *draw(scalars())[1:]]


@settings(max_examples=100)
@given(expressions(), scalars())
def test_an_expression_of_numbers(expression: str, arguments: list[Any]) -> None:
    same(f"def f({', '.join(NAMES)}):\n    return {expression}\n", arguments)


# Complex numbers have no order.
COMPLEX = expressions(["+", "-", "*", "/", "==", "!="], ["abs", "-", "np.isnan"])


@settings(max_examples=60)
@given(COMPLEX, numbers())
def test_an_expression_of_complex_numbers(expression: str, arguments: list[Any]) -> None:
    same(f"def f({', '.join(NAMES)}):\n    return {expression}\n", arguments)


@settings(max_examples=60)
@given(expressions(), st.sampled_from(DTYPES), st.data())
def test_an_expression_of_arrays(expression: str, dtype: str, data: st.DataObject) -> None:
    shapes = [(3, 4), (4,), (3, 1), ()]
    arguments = []
    for shape in shapes:
        count = math.prod(shape)
        row = data.draw(st.lists(values(dtype), min_size=count, max_size=count))
        arguments.append(np.array(row, dtype).reshape(shape) if shape else row[0])
    if len(arguments[0].shape) == 2 and data.draw(st.booleans()):
        arguments[0] = arguments[0].T.copy().T
    same(f"def f({', '.join(NAMES)}):\n    return {expression}\n", arguments)


STATEMENTS = [
    "    x = {e}\n",
    "    x += {e}\n",
    "    x = x * 0.5 + {e}\n",
    "    out[i % 5] += x\n",
    "    out[-1 - i % 5] = {e}\n",
    "    if {e}:\n        x -= 1\n    else:\n        out[0] = x\n",
    "    if i > 7:\n        continue\n",
    "    if x > 1e6:\n        break\n",
    "    out = out[::-1]\n",
    "    out = out + {e}\n",
    "    j = int(x) if abs(x) < 50 else 0\n    x = out[j]\n",
    "    t = (x, i)\n    x = t[0] + t[1]\n",
]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(STATEMENTS), expressions()), min_size=1, max_size=5),
    st.lists(st.sampled_from(["int64", "float64", "int8", "bool"]), min_size=4, max_size=4),
    st.data(),
)
def test_a_loop_over_statements(
    body: list[tuple[str, str]], dtypes: list[str], data: st.DataObject
) -> None:
    arguments = [data.draw(values(dtype)) for dtype in dtypes]
    statements = "".join(text.format(e=f"float({e})") for text, e in body)
    inner = "".join(f"    {line}\n" for line in statements.splitlines())
    source = (
        f"def f({', '.join(NAMES)}, out):\n    x = 1.0\n    for i in range(12):\n{inner}"
        "    return x, out\n"
    )
    same(source, [*arguments, np.arange(5.0)])


@settings(max_examples=20)
@given(
    st.integers(0, 300),
    st.sampled_from(["+=", "*="]),
    st.sampled_from(["random.random()", "i * 0.5", "x[i % 7]", "1.0 / (i + 1)"]),
)
def test_a_parallel_loop_on_any_number_of_cores(count: int, operator: str, term: str) -> None:
    source = (
        "import random\n"
        "def f(n, x):\n    random.seed(5)\n    total = 0.25\n    counts = np.zeros(3)\n"
        "    for i in mc.prange(n):\n"
        f"        total {operator} {term}\n        counts[i % 3] += random.random()\n"
        "    return total, counts, random.random()\n"
    )
    result = same(source, [count, np.linspace(0.5, 1.5, 7)], parallel=True)
    assert result[0] != "refused"
