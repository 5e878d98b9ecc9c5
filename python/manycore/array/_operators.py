"""The operators of arrays: what stands between operands is a ufunc of theirs."""

from __future__ import annotations

from importlib import import_module

import numpy as np

from manycore.array._elementwise import elementwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from manycore.array._array import Array

    _Unary = Callable[[Any], Array]
    _Binary = Callable[[Any, Any], Array]

# Operands that are made arrays of without further ado.
_PLAIN = (int, float, complex, np.ndarray, np.generic, list, tuple)


def _is_other(value: Any, array: type) -> bool:
    """Tell whether a value brings arithmetic of its own."""
    if isinstance(value, (array, *_PLAIN)):
        return False
    return hasattr(type(value), "__array_ufunc__")


def _between(ufunc: np.ufunc, left: Any, right: Any, array: Any, other: Any) -> Any:
    if type(other) is not type(array) and _is_other(other, type(array)):
        if type(other).__array_ufunc__ is None:
            return NotImplemented
        return ufunc(left, right)  # NumPy asks both what to do
    return elementwise(ufunc, left, right)


def _forward(ufunc: np.ufunc) -> _Binary:
    def operator(self: Any, other: Any, /) -> Any:
        return _between(ufunc, self, other, self, other)

    return operator


def _reflected(ufunc: np.ufunc) -> _Binary:
    def operator(self: Any, other: Any, /) -> Any:
        return _between(ufunc, other, self, self, other)

    return operator


def _in_place(ufunc: np.ufunc) -> _Binary:
    def operator(self: Any, other: Any, /) -> Any:
        return elementwise(ufunc, self, other, out=self)

    return operator


def _equality(ufunc: np.ufunc) -> Callable[[Any, Any], Any]:
    def operator(self: Any, other: Any, /) -> Any:
        try:
            return _between(ufunc, self, other, self, other)
        except TypeError:
            # What can't be compared is not equal.
            from manycore.array._creation import full

            shape = np.broadcast_shapes(self.shape, np.shape(other))
            return full(shape, ufunc is np.not_equal)

    return operator


def _unary(ufunc: np.ufunc) -> _Unary:
    def operator(self: Any, /) -> Any:
        return elementwise(ufunc, self)

    return operator


def _power(self: Any, other: Any, /) -> Any:
    # NumPy's shortcuts, which are exact where the general power is not.
    if type(other) in (int, float):
        kind = self.dtype.kind
        if other == 2 and (kind in "fc" or (kind in "biu" and type(other) is int)):
            return elementwise(np.square, self)
        if kind in "fc" and other in _POWERS:
            return elementwise(_POWERS[other], self)
    return _between(np.power, self, other, self, other)


_POWERS = {1: np.positive, -1: np.reciprocal, 0.5: np.sqrt}


def _product(self: Any, other: Any, /) -> Any:
    if _is_other(other, type(self)):
        return NotImplemented if type(other).__array_ufunc__ is None else np.matmul(self, other)
    return import_module("manycore.array").matmul(self, other)


def _reflected_product(self: Any, other: Any, /) -> Any:
    return import_module("manycore.array").matmul(other, self)


def _product_in_place(self: Any, other: Any, /) -> Any:
    made = import_module("manycore.array").matmul(self, other)
    if made.shape != self.shape:
        raise ValueError(
            f"the product's shape {made.shape} is not that of the array, {self.shape}, "
            "so it can't take its place"
        )
    return elementwise(np.positive, made, out=self)


class Operators:
    """What Python's operators do with arrays."""

    __slots__ = ()

    __neg__ = _unary(np.negative)
    __pos__ = _unary(np.positive)
    __abs__ = _unary(np.absolute)
    __invert__ = _unary(np.invert)

    __eq__ = _equality(np.equal)
    __ne__ = _equality(np.not_equal)
    __lt__ = _forward(np.less)
    __le__ = _forward(np.less_equal)
    __gt__ = _forward(np.greater)
    __ge__ = _forward(np.greater_equal)

    __add__ = _forward(np.add)
    __radd__ = _reflected(np.add)
    __iadd__ = _in_place(np.add)
    __sub__ = _forward(np.subtract)
    __rsub__ = _reflected(np.subtract)
    __isub__ = _in_place(np.subtract)
    __mul__ = _forward(np.multiply)
    __rmul__ = _reflected(np.multiply)
    __imul__ = _in_place(np.multiply)
    __truediv__ = _forward(np.true_divide)
    __rtruediv__ = _reflected(np.true_divide)
    __itruediv__ = _in_place(np.true_divide)
    __floordiv__ = _forward(np.floor_divide)
    __rfloordiv__ = _reflected(np.floor_divide)
    __ifloordiv__ = _in_place(np.floor_divide)
    __mod__ = _forward(np.remainder)
    __rmod__ = _reflected(np.remainder)
    __imod__ = _in_place(np.remainder)
    __pow__ = _power
    __rpow__ = _reflected(np.power)
    __ipow__ = _in_place(np.power)
    __and__ = _forward(np.bitwise_and)
    __rand__ = _reflected(np.bitwise_and)
    __iand__ = _in_place(np.bitwise_and)
    __or__ = _forward(np.bitwise_or)
    __ror__ = _reflected(np.bitwise_or)
    __ior__ = _in_place(np.bitwise_or)
    __xor__ = _forward(np.bitwise_xor)
    __rxor__ = _reflected(np.bitwise_xor)
    __ixor__ = _in_place(np.bitwise_xor)
    __lshift__ = _forward(np.left_shift)
    __rlshift__ = _reflected(np.left_shift)
    __ilshift__ = _in_place(np.left_shift)
    __rshift__ = _forward(np.right_shift)
    __rrshift__ = _reflected(np.right_shift)
    __irshift__ = _in_place(np.right_shift)
    __divmod__ = _forward(np.divmod)
    __rdivmod__ = _reflected(np.divmod)
    __matmul__ = _product
    __rmatmul__ = _reflected_product
    __imatmul__ = _product_in_place
