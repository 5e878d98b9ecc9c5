"""Compiled functions as Python sees them: arguments, results, names, errors, inspection."""

from __future__ import annotations

import ctypes
import enum
import io
import math
import random
import traceback
import warnings
from array import array
from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np
import pytest

import manycore as mc
from manycore import _jit

pytestmark = pytest.mark.usefixtures("way")


def same(value: Any) -> Any:
    return value


# ---- arguments and results


@pytest.mark.parametrize(
    "value",
    [True, False, 0, -7, 2**63 - 1, -(2**63), 2**64 - 1, 1.5, -0.0, 1 + 2j, None, "", "grüße"],
)
def test_a_value_comes_back_as_it_is(value: Any) -> None:
    result = mc.jit(same)(value)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    "dtype",
    [
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float32",
        "float64",
        "complex64",
        "complex128",
    ],
)
def test_a_number_of_numpys_comes_back_as_pythons(dtype: str) -> None:
    number = np.array([1], dtype)[0]
    function = mc.jit(same)
    assert function(number) == number.item()
    assert type(function(number)) is type(number.item())
    assert function.signatures == [(dtype,)]
    edge = np.array(-1 if dtype.startswith(("int", "float")) else 1).astype(dtype)[()]
    assert function(edge) == edge.item()


def test_a_nan_comes_back() -> None:
    assert math.isnan(mc.jit(same)(math.nan))


def test_an_integer_too_large_says_so() -> None:
    with pytest.raises(OverflowError, match=r'argument "value" is 18446744073709551616, which'):
        mc.jit(same)(2**64)


class Colour(enum.IntEnum):
    RED = 3


def test_a_subclass_of_int_is_an_int() -> None:
    assert mc.jit(same)(Colour.RED) == 3


def test_an_array_comes_back_as_the_very_object() -> None:
    values = np.arange(6.0).reshape(2, 3)
    assert mc.jit(same)(values) is values
    assert mc.jit(same)(values.T) is not None


def test_a_part_of_an_array_shares_its_memory() -> None:
    @mc.jit
    def tail(values: Any) -> Any:
        return values[1:, ::2]

    values = np.arange(12.0).reshape(3, 4)
    part = tail(values)
    assert part.tolist() == values[1:, ::2].tolist()
    part[0, 0] = 100
    assert values[1, 0] == 100


def test_a_new_array_lives_as_long_as_it_is_held() -> None:
    @mc.jit
    def twice(values: Any) -> Any:
        result = values * 2
        return result, result[1:]

    for _ in range(100):
        whole, part = twice(np.arange(1000.0))
        del whole
        assert part[998] == 1998
        assert part.ctypes.data % 8 == 0


def test_a_new_array_can_be_written_to_and_starts_where_vectors_like_it() -> None:
    @mc.jit
    def ones(n: int) -> Any:
        return np.ones((n, 2))

    made = ones(5)
    made[0, 0] = 7
    assert made.sum() == 16
    assert made.ctypes.data % 64 == 0
    assert made.flags.c_contiguous
    assert made.flags.writeable


@pytest.mark.parametrize("layout", ["C", "F", "A", "0d", "empty", "readonly"])
def test_an_array_is_taken_in_any_layout(layout: str) -> None:
    @mc.jit
    def total(values: Any) -> Any:
        return values.sum()

    values = np.arange(24.0).reshape(4, 6)
    if layout == "F":
        values = np.asfortranarray(values)
    elif layout == "A":
        values = values[::-2, ::3]
    elif layout == "0d":
        values = np.array(3.0)
    elif layout == "empty":
        values = values[:0]
    elif layout == "readonly":
        values.flags.writeable = False
    assert total(values) == values.sum()


def test_an_array_that_may_not_be_written_to_is_not() -> None:
    @mc.jit
    def clear(values: Any) -> None:
        values[0] = 0

    values = np.ones(3)
    clear(values)
    assert values.tolist() == [0, 1, 1]
    values.flags.writeable = False
    with pytest.raises((mc.CompileError, ValueError)):
        clear(values)
    assert values.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    "given", [b"abc", bytearray(b"abc"), array("b", b"abc"), memoryview(b"abc")]
)
def test_whatever_gives_its_memory_is_an_array(given: Any) -> None:
    @mc.jit
    def total(values: Any) -> Any:
        result = 0
        for i in range(len(values)):
            result += values[i]
        return result

    assert total(given) == sum(b"abc")


Point = namedtuple("Point", "x y")


class Place(NamedTuple):
    x: float
    name: str


@pytest.mark.parametrize(
    "value", [(), (1,), (1, 2.0, (True, None)), Point(1, 2.5), Place(0.5, "here"), (Point(1, 2), 3)]
)
def test_a_tuple_comes_back_as_what_it_is(value: Any) -> None:
    result = mc.jit(same)(value)
    assert result == value
    assert type(result) is type(value)


def test_two_named_tuples_of_one_shape_are_two() -> None:
    @mc.jit
    def x(point: Any) -> Any:
        return point.x

    other = namedtuple("other", "y x")
    assert [x(Point(1, 2)), x(other(1, 2)), x(Point(3, 4))] == [1, 2, 3]


def test_defaults_and_keywords_are_those_of_the_function() -> None:
    @mc.jit
    def f(a: Any, b: Any = 2, *, c: Any = 3.5) -> Any:
        return a * 100 + b * 10 + c

    assert f(1) == 123.5
    assert f(1, 3) == f(1, b=3) == f(b=3, a=1) == 133.5
    assert f(1, c=0) == 120
    # A keyword is known by its letters, whichever object it is.
    assert mc.jit(lambda value: -value)(**{"".join(["val", "ue"]): 1}) == -1
    wrong: list[tuple[tuple[int, ...], dict[str, int]]]
    wrong = [((), {}), ((1, 2, 3), {}), ((1,), {"d": 1}), ((1,), {"a": 1})]
    for args, kwargs in wrong:
        with pytest.raises(TypeError, match="argument"):
            f(*args, **kwargs)


class Pretender:
    """Says that it is an array, as proxies do; it has none of an array's fields."""

    __class__: Any = np.ndarray


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([1, 2], r'argument "value" is a list, .*numpy\.array'),
        ({1: 2}, r'argument "value" is a dict'),
        ((1, [2]), r'argument "value"\[1\] is a list'),
        (object(), r'argument "value" is a object'),
        (Pretender(), r'argument "value" is a .*Pretender'),
        (np.array(["a"]), r"dtype <U1"),
        (np.array([1], dtype=">i4"), r"other order"),
        (np.array([None]), r"dtype object"),
        (np.float16(1), r"numpy\.float16"),
        (np.ma.array([1.0], mask=[True]), r"MaskedArray"),
        (np.array([(1, 2)], "i4,i4"), r"dtype"),
        (np.ndarray(3, "f8", bytearray(25), 1), r"not aligned"),
    ],
)
def test_what_can_not_be_taken_says_why(value: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        mc.jit(same)(value)


# ---- names

SCALE = 3
TABLE = np.array([1.0, 10.0, 100.0])
LIMITS = (2, 5)


def test_globals_and_cells_are_constants() -> None:
    offset = 0.25

    @mc.jit
    def f(x: Any) -> Any:
        return x * SCALE + offset + LIMITS[1]

    assert f(2) == 11.25


def test_a_global_array_is_an_argument_more() -> None:
    @mc.jit
    def f(i: int) -> Any:
        return TABLE[i]

    assert [f(i) for i in range(3)] == [1, 10, 100]
    with pytest.raises(IndexError):
        f(3)


def test_modules_and_functions_are_known_by_any_name() -> None:
    from math import sin as sine

    from numpy import exp as power_of_e

    m = math

    @mc.jit
    def f(x: float) -> Any:
        return sine(x) + m.cos(x) + power_of_e(x) + np.sqrt(x) + abs(x)

    assert f(0.5) == pytest.approx(math.sin(0.5) + math.cos(0.5) + math.exp(0.5) + 0.5**0.5 + 0.5)


def helper(x: Any) -> Any:
    return x + 1


@mc.jit
def jitted(x: Any) -> Any:
    return helper(x) * 2


def test_functions_call_functions() -> None:
    @mc.jit
    def f(x: Any) -> Any:
        return jitted(x) + helper(x)

    assert f(3) == 12
    assert f(0.5) == 4.5


def test_a_function_calls_itself() -> None:
    @mc.jit
    def fib(n: int) -> Any:
        if n < 2:
            return n
        return fib(n - 1) + fib(n - 2)

    def factorial(n: int) -> Any:
        return 1 if n <= 1 else n * factorial(n - 1)

    assert fib(20) == 6765
    assert mc.jit(factorial)(10) == math.factorial(10)


def test_a_name_that_is_not_there_is_named() -> None:
    @mc.jit
    def f(x: Any) -> Any:
        return x + missing  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(mc.CompileError, match="missing"):
        f(1)


def test_lambdas_on_one_line_are_told_apart() -> None:
    one, two = mc.jit(lambda x: x + 1), mc.jit(lambda x: x + 2)
    assert (one(0), two(0)) == (1, 2)


def test_a_lambda_in_an_expression_of_many_lines_is_found() -> None:
    functions = {
        "a": mc.jit(lambda x: x * 2),
        "b": mc.jit(
            lambda x, y: (
                x
                - y
            )
        ),
    }  # fmt: skip
    assert functions["a"](4) == 8
    assert functions["b"](4, 1) == 3


def test_texts_that_are_not_indented_do_not_end_a_function() -> None:
    @mc.jit
    def f(x: Any) -> Any:
        """
First column.
        """  # fmt: skip
        text = """
also here"""
        # a comment
        # another
        if text == "":
            return 0
        return (x +
1)  # fmt: skip

    assert f(1) == 2


# ---- errors


def test_a_compile_error_shows_the_line_and_where_in_it() -> None:
    @mc.jit
    def f(x: Any) -> Any:
        y = x + 1
        with y:
            return 1

    with pytest.raises(mc.CompileError) as caught:
        f(1)
    error = caught.value
    assert error.file == __file__
    assert error.function == "f"
    lines = str(error).splitlines()
    shown = next(index for index, line in enumerate(lines) if "with y:" in line)
    assert lines[shown - 1].strip() == f'File "{__file__}", line {error.line}, in f'
    assert lines[shown].index("with") == lines[shown + 1].index("^")


def test_a_parameter_with_two_stars_is_refused_with_its_name() -> None:
    with pytest.raises(mc.CompileError, match=r"\*\*rest"):
        mc.jit(lambda **rest: 1)()


def test_an_exception_has_a_traceback_to_its_line() -> None:
    @mc.jit
    def f(values: Any, index: int) -> Any:
        start = 0
        return values[index] + start

    with pytest.raises(
        IndexError, match="index 7 is out of bounds for axis 0 with size 3"
    ) as caught:
        f(np.zeros(3), 7)
    frame = traceback.extract_tb(caught.tb)[-1]
    assert (frame.filename, frame.name) == (__file__, "f")
    assert frame.line == "return values[index] + start"


@pytest.mark.parametrize(
    "kind",
    [ValueError, TypeError, KeyError, RuntimeError, NotImplementedError, OverflowError],
)
def test_exceptions_that_are_raised_arrive(kind: type[Exception]) -> None:
    @mc.jit
    def f(x: Any) -> Any:
        if x > 1:
            raise kind("too much")
        return x

    assert f(1) == 1
    with pytest.raises(kind, match="too much"):
        f(2)


def test_a_division_by_zero_is_pythons_or_numpys() -> None:
    def f(x: Any, y: Any) -> Any:
        return x / y

    with pytest.raises(ZeroDivisionError):
        mc.jit(f)(1.0, 0.0)
    assert mc.jit(error_model="numpy")(f)(1.0, 0.0) == math.inf


def test_a_function_that_can_not_be_compiled_falls_back_with_one_warning() -> None:
    @mc.jit(fallback=True)
    def f(x: Any) -> Any:
        return {"x": x}

    with pytest.warns(RuntimeWarning, match="f runs in Python"):
        assert f(1) == {"x": 1}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert f(2.0) == {"x": 2.0}


@pytest.mark.parametrize("thing", [print, 3, int, np.sin])
def test_only_functions_of_pythons_can_be_compiled(thing: Any) -> None:
    with pytest.raises(TypeError, match="only functions written in Python"):
        mc.jit()(thing)


def test_options_that_mean_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="error_model"):
        mc.jit(error_model="c")
    with pytest.raises(ValueError, match="nopython"):
        mc.jit(nopython=False)


# ---- signatures


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("f8(i8)", ("int64",)),
        ("(i4, u1, b1)", ("int32", "uint8", "bool")),
        ("f8(f8[:], f4[:, ::1], c16[::1, :])",
         ("array(float64, 1d, A)", "array(float32, 2d, C)", "array(complex128, 2d, F)")),
        ("(Tuple((f8, i8)), UniTuple(f8, 2))",
         ("(float64, int64)", "(float64, float64)")),
        ("void(array(float64, 1d, C, readonly))", ("array(float64, 1d, C, readonly)",)),
        ("float64(types.float64, np.int32)", ("float64", "int32")),
        ((float, np.float32, np.dtype("i2")), ("float64", "float32", "int16")),
    ],
)  # fmt: skip
def test_signatures_are_read(text: Any, names: tuple[str, ...]) -> None:
    from manycore import _core

    assert tuple(_core.Types.parse(_jit.signature_text(text)).names) == names


@pytest.mark.parametrize("text", ["f8(", "f8(f9)", "", "f8(f8) x", "f8[;]", "Tuple(f8"])
def test_what_is_no_signature_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no signature"):
        mc.jit(text)(same)


def test_with_a_signature_arguments_are_converted_and_nothing_else_is_compiled() -> None:
    @mc.jit("f8(f8, i4)")
    def f(x: Any, n: Any) -> Any:
        return x * n

    assert f.signatures == [("float64", "int32")]
    assert f(2, 3) == 6.0
    assert type(f(2, 3)) is float
    assert f(np.float32(0.5), np.int16(4)) == 2
    assert f(True, 4) == 4
    with pytest.raises(OverflowError, match="does not fit int32"):
        f(1.0, 2**40)
    with pytest.raises(TypeError, match=r"f takes \(float64, int32\), and was given"):
        f(1.0, 2.5)
    assert f.signatures == [("float64", "int32")]


def test_with_several_signatures_the_first_that_fits_is_taken() -> None:
    @mc.jit(["i8(i8)", "f8(f8)"])
    def f(x: Any) -> Any:
        return x + 1

    assert (type(f(1)), type(f(1.0)), type(f(np.float32(1)))) == (int, float, float)


def test_an_array_of_any_layout_fits_a_signature_with_colons() -> None:
    @mc.jit("f8(f8[:])")
    def f(x: Any) -> Any:
        return x[0]

    assert f(np.ones(3)) == f(np.ones(6)[::2]) == 1
    with pytest.raises(TypeError, match="was given"):
        f(np.ones(3, "f4"))


def test_a_result_that_is_not_what_the_signature_says_is_refused() -> None:
    with pytest.raises(TypeError, match="returns"):
        mc.jit("f8(c16)")(same)


# ---- as functions are


def test_it_looks_like_the_function() -> None:
    assert jitted.__name__ == "jitted"
    assert jitted.__module__ == __name__
    assert jitted.py_func(3) == 8
    assert repr(jitted) == "<compiled function jitted>"
    import inspect

    assert str(inspect.signature(jitted)) == "(x: 'Any') -> 'Any'"


class Holder:
    @staticmethod
    @mc.jit
    def one(x: Any) -> Any:
        return x + 1

    two = mc.jit(staticmethod(lambda x: x + 2))


def test_it_is_a_static_method() -> None:
    assert Holder.one(1) == Holder().one(1) == 2
    assert Holder.two(1) == Holder().two(1) == 3


def test_it_is_compiled_again_for_other_options() -> None:
    again = mc.jit(fastmath=True)(jitted)
    assert again is not jitted
    assert again(1.0) == 4


# ---- what it tells of itself


def test_types_are_shown_with_the_source() -> None:
    @mc.jit
    def f(n: int) -> Any:
        total = 0.0
        for i in range(n):
            total += i
        return total

    f(3)
    shown = io.StringIO()
    f.inspect_types(shown)
    text = shown.getvalue()
    assert text.startswith("f(n: int64) -> float64\n")
    assert "total = 0.0  # " in text
    assert "total: float64" in text
    assert "return total" in text
    with pytest.raises(KeyError, match="float64"):
        f.inspect_types(signature="(f8,)")


def test_llvm_and_assembly_are_shown(way: str) -> None:
    f = mc.jit(lambda x: x * 2.5)
    f(1.0)
    assert list(f.inspect_llvm()) == [("float64",)]
    assert "fmul" in f.inspect_llvm("(f8,)")
    assert "mul" in f.inspect_asm("(f8,)")


def test_a_report_says_what_was_done(way: str) -> None:
    @mc.jit
    def f(values: Any) -> Any:
        return values * 2 + 1

    f(np.ones(3))
    shown = io.StringIO()
    f.report(shown)
    assert "f(array(float64, 1d, C)) -> array(float64, 1d, C)" in shown.getvalue()
    assert "ms" in shown.getvalue()


def test_c_code_calls_it(way: str) -> None:
    @mc.jit("f4(f8, i1, u2, f4, b1)")
    def f(a: Any, b: Any, c: Any, d: Any, e: Any) -> Any:
        return np.float32(a + b + c + d + e)

    if way == "interpreted":
        pytest.skip("C functions need a compiler")
    kinds = (ctypes.c_double, ctypes.c_int8, ctypes.c_uint16, ctypes.c_float, ctypes.c_bool)
    call = ctypes.CFUNCTYPE(ctypes.c_float, *kinds)(f.address)
    assert call(1000.0, -3, 60000, 0.5, True) == 60998.5
    assert f.address == f.address
    with pytest.raises(TypeError, match="needs one signature"):
        mc.jit(same).address  # noqa: B018
    with pytest.raises(TypeError, match="no number that C passes"):
        mc.jit("(f8[:],)")(same).address  # noqa: B018


# ---- printing, chance, cores


def test_print_is_seen_where_python_prints(capsys: pytest.CaptureFixture[str]) -> None:
    @mc.jit
    def f(x: Any) -> None:
        print("x", x, x > 1, None)
        print(1 + 2j, "ä")
        print()

    f(1.5)
    assert capsys.readouterr().out == "x 1.5 True None\n(1+2j) ä\n\n"


def test_a_seed_begins_the_same_stream_again() -> None:
    @mc.jit
    def seed(n: int) -> None:
        random.seed(n)

    @mc.jit
    def draw() -> Any:
        return random.random()

    seed(7)
    first = [draw() for _ in range(3)]
    seed(7)
    assert [draw() for _ in range(3)] == first
    assert len(set(first)) == 3
    assert all(0 <= number < 1 for number in first)


def test_a_generator_s_seed_decides() -> None:
    @mc.jit
    def draw(rng: Any) -> Any:
        return rng.random() + rng.random()

    one, two = (np.random.default_rng(3) for _ in range(2))
    assert draw(one) == draw(two)
    assert draw(one) != draw(np.random.default_rng(3))


@mc.jit(parallel=True)
def monte_carlo_pi(n: int) -> Any:
    hits = 0
    for _ in mc.prange(n):
        x = random.random()
        y = random.random()
        if x * x + y * y < 1.0:
            hits += 1
    return 4.0 * hits / n


def test_a_parallel_loop_gives_the_same_on_any_number_of_cores() -> None:
    @mc.jit
    def seed(n: int) -> None:
        random.seed(n)

    found = set()
    for workers in [1, 2, 4]:
        with mc.config(workers=workers):
            seed(1)
            found.add(monte_carlo_pi(20_000))
    assert len(found) == 1
    assert found.pop() == pytest.approx(math.pi, abs=0.1)


def test_the_first_of_a_parallel_loops_exceptions_is_raised() -> None:
    @mc.jit(parallel=True)
    def f(n: int, bad: int) -> Any:
        total = 0
        for i in mc.prange(n):
            if i >= bad:
                raise ValueError("a bad round")
            total += i
        return total

    with mc.config(workers=4):
        assert f(1000, 1000) == 499500
        for _ in range(20):
            with pytest.raises(ValueError, match="a bad round"):
                f(1000, 500)


def test_prange_is_range_in_python() -> None:
    assert list(mc.prange(1, 7, 2)) == [1, 3, 5]


# What a variable is where ways meet.


def test_both_ways_of_a_branch_give_a_variable_its_value() -> None:
    @mc.jit
    def either(w: float) -> float:
        if w < 1:  # noqa: SIM108 - the branches are what is tested
            v = 2.0
        else:
            v = 3.0
        if w < 2:  # noqa: SIM108
            u = 1
        else:
            u = 2.5  # type: ignore[assignment]
        return v + u

    assert [either(w) for w in (0.0, 1.0, 2.0)] == [3.0, 4.0, 5.5]


def test_a_list_display_that_is_another_one_in_each_round_is_a_list() -> None:
    @mc.jit
    def grows(n: int) -> object:
        found: list[int] = []
        for i in range(n):
            found = [*found, i]
        return found

    assert grows(3) == [0, 1, 2]


def test_a_function_that_is_chosen_at_run_time_is_refused() -> None:
    @mc.jit
    def chosen(x: float) -> float:
        if x > 0:  # noqa: SIM108
            f = np.sin
        else:
            f = np.cos  # type: ignore[assignment]
        return float(f(x))

    with pytest.raises(mc.CompileError):
        chosen(1.0)


def test_a_parameter_may_become_another_number() -> None:
    @mc.jit
    def root(parents: np.ndarray, i: int) -> int:
        while parents[i] != i:
            i = parents[i]
        return i

    assert root(np.array([0, 0, 1, 2]), 3) == 0


def test_a_variable_is_none_until_something_is_found() -> None:
    @mc.jit
    def smallest(a: np.ndarray) -> float:
        best = None
        for x in a:
            if best is None or x < best:
                best = x
        if best is None:
            return -1.0
        return float(best)

    assert smallest(np.array([3.0, 1.0, 2.0])) == 1.0
    assert smallest(np.array([])) == -1.0


def test_counts_along_several_axes_are_added_up() -> None:
    a = np.arange(24).reshape(2, 3, 4) % 5

    @mc.jit
    def counts(a: np.ndarray) -> np.ndarray:
        return np.asarray(np.count_nonzero(a, axis=(0, 2)))

    np.testing.assert_array_equal(counts(a), np.count_nonzero(a, axis=(0, 2)))
