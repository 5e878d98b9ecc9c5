"""Object files in memory, without LLVM's linker."""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manycore import _core

_llvm = pytest.importorskip("manycore._llvm")

pytestmark = pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="LLVM links there"
)

CALLS = """
declare double @fmod(double, double)
declare i64 @outside(i64)
@table = private constant [4 x i64] [i64 2, i64 3, i64 5, i64 7]

define double @rest(double %x) {
  %y = call double @fmod(double %x, double 4.0)
  %z = fadd double %y, 0.5
  ret double %z
}
define i64 @prime(i64 %n) {
  %address = getelementptr [4 x i64], ptr @table, i64 0, i64 %n
  %found = load i64, ptr %address
  ret i64 %found
}
define i64 @both(i64 %n) {
  %one = call i64 @outside(i64 %n)
  %two = call i64 @prime(i64 %one)
  ret i64 %two
}
define ptr @where() {
  ret ptr @outside
}
"""


def load(text: str, symbols: Mapping[str, int] | None = None) -> Any:
    return _core.MachineCode.load(_llvm.compile(text), symbols or {})


def function(code: Any, name: str, *types: Any) -> Any:
    return ctypes.CFUNCTYPE(*types)(code[name])


INT, DOUBLE = ctypes.c_int64, ctypes.c_double
successor = ctypes.CFUNCTYPE(INT, INT)(lambda n: n + 1)
SUCCESSOR = ctypes.cast(successor, ctypes.c_void_p).value or 0


def test_code_finds_its_data_the_process_and_what_it_is_given() -> None:
    code = load(CALLS, {"outside": SUCCESSOR})
    assert function(code, "rest", DOUBLE, DOUBLE)(27.0) == 3.5
    assert [function(code, "prime", INT, INT)(n) for n in range(4)] == [2, 3, 5, 7]
    assert function(code, "both", INT, INT)(1) == 5
    assert function(code, "where", ctypes.c_void_p)() == SUCCESSOR
    with pytest.raises(KeyError, match="nothing"):
        code["nothing"]


def test_what_is_not_known_is_left_to_llvm() -> None:
    assert load(CALLS) is None
    # A variable would have to be written to.
    variable = """
    @count = global i64 0
    define i64 @next() {
      %old = load i64, ptr @count
      %new = add i64 %old, 1
      store i64 %new, ptr @count
      ret i64 %new
    }
    """
    assert load(variable) is None
    linked = _llvm.link(_llvm.compile(variable), ["next"], {})
    assert function(linked, "next", INT)() == 1


def test_code_can_not_be_written_to() -> None:
    code = load(CALLS, {"outside": SUCCESSOR})
    place = code["rest"]
    with Path("/proc/self/maps").open(encoding="ascii") as maps:
        for line in maps:
            low, high = (int(end, 16) for end in line.split()[0].split("-"))
            if low <= place < high:
                assert line.split()[1].startswith("r-x")
                return
    raise AssertionError(hex(place))


OBJECT = _llvm.compile(CALLS)


@given(st.integers(0, len(OBJECT)))
def test_a_part_of_an_object_does_no_harm(size: int) -> None:
    _core.MachineCode.load(OBJECT[:size], {"outside": SUCCESSOR})


@given(st.lists(st.tuples(st.integers(0, len(OBJECT) - 1), st.integers(0, 255)), max_size=8))
def test_a_damaged_object_does_no_harm(changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(OBJECT)
    for place, byte in changes:
        damaged[place] = byte
    _core.MachineCode.load(bytes(damaged), {"outside": SUCCESSOR})
