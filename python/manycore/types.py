"""
Types for the signatures of compiled functions, as Numba writes them.

They mean what texts do: ``mc.float64(mc.float64[:, ::1], mc.int64)`` is ``"f8(f8[:, ::1], i8)"``.

>>> import manycore as mc
>>> @mc.jit(mc.float64(mc.float64[:], mc.int64))
... def power_sum(values, exponent):
...     return (values**exponent).sum()
>>> power_sum.signatures
[('array(float64, 1d, A)', 'int64')]
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, overload


class Type:
    """
    A type of values in compiled functions.

    Indexed by slices it is the type of arrays: ``float64[:, :]``, or contiguous ones:
    ``float64[:, ::1]`` and ``float64[::1, :]``. Called with types it is a signature, and called
    with a value it converts that.

    Attributes
    ----------
    name : str
        The type in the notation of signatures.

    Examples
    --------
    >>> import manycore as mc
    >>> mc.float64[:, ::1]
    array(float64, 2d, C)
    >>> mc.int32(7.9)
    np.int32(7)
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def __name__(self) -> str:
        """The name by which compiled code knows it."""
        return self.name

    def __repr__(self) -> str:
        return self.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Type) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __getitem__(self, index: Any) -> Type:
        slices = index if isinstance(index, tuple) else (index,)
        steps = [one.step if isinstance(one, slice) else index for one in slices]
        if not all(step in (None, 1) for step in steps):
            message = f"{self.name}[...] takes slices such as :, ::1, not {index!r}"
            raise TypeError(message)
        layout = "C" if steps[-1] else "F" if steps[0] else "A"
        return Array(self, len(slices), layout)

    if TYPE_CHECKING:

        @overload
        def __call__(self, *arguments: Type) -> Signature: ...
        @overload
        def __call__(self, value: object, /) -> Any: ...

    def __call__(self, *arguments: Any) -> Any:
        """Make a signature with this result, or convert a value."""
        if len(arguments) == 1 and not isinstance(arguments[0], Type):
            import numpy as np

            return np.dtype(self.name).type(arguments[0])
        return Signature(self, arguments)


class Signature:
    """
    The types of a function's arguments and of its result.

    Attributes
    ----------
    return_type : Type
        The result's.
    args : tuple of Type
        The arguments'.
    """

    __slots__ = ("args", "return_type")

    def __init__(self, return_type: Type, args: tuple[Type, ...]) -> None:
        self.return_type = return_type
        self.args = args

    def __repr__(self) -> str:
        return f"{self.return_type}({', '.join(map(repr, self.args))})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Signature) and repr(other) == repr(self)

    def __hash__(self) -> int:
        return hash(repr(self))


def Array(dtype: Type, ndim: int, layout: str, readonly: bool = False) -> Type:  # noqa: N802
    """
    Return the type of arrays.

    Parameters
    ----------
    dtype : Type
        The elements'.
    ndim : int
        How many dimensions they have.
    layout : {"C", "F", "A"}
        Whether they are contiguous, in which order; or any.
    readonly : bool, optional
        Whether nothing can be written to them.
    """
    if not dtype.name.isalnum():
        raise TypeError(f"arrays have elements of numbers, not of {dtype}")
    return Type(f"array({dtype}, {ndim}d, {layout}{', readonly' if readonly else ''})")


def Tuple(types: Iterable[Type]) -> Type:  # noqa: N802
    """Return the type of tuples of items of these types."""
    return Type(f"Tuple(({', '.join(map(repr, types))}))")


def UniTuple(dtype: Type, count: int) -> Type:  # noqa: N802
    """Return the type of tuples of so many items of one type."""
    return Type(f"UniTuple({dtype}, {count})")


boolean = bool_ = b1 = Type("bool_")
int8 = i1 = char = Type("int8")
int16 = i2 = short = Type("int16")
int32 = i4 = intc = Type("int32")
int64 = i8 = intp = int_ = long_ = longlong = ssize_t = Type("int64")
uint8 = u1 = byte = uchar = Type("uint8")
uint16 = u2 = ushort = Type("uint16")
uint32 = u4 = uintc = Type("uint32")
uint64 = u8 = uintp = uint = ulong = ulonglong = size_t = Type("uint64")
float32 = f4 = Type("float32")
float64 = f8 = double = Type("float64")
complex64 = c8 = Type("complex64")
complex128 = c16 = Type("complex128")
void = none = Type("none")
string = unicode_type = Type("unicode_type")
