"""Elementwise functions that are no ufuncs of NumPy's: made of such, or of calls for each chunk."""

from __future__ import annotations

from functools import partial
from math import pi

import numpy as np

from manycore import _core
from manycore.array import _array
from manycore.array._array import Array, _wrap
from manycore.array._elementwise import broadcast_shapes, elementwise
from manycore.array._indexing import assign_out, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = [
    "allclose",
    "angle",
    "around",
    "array_equal",
    "array_equiv",
    "clip",
    "fix",
    "i0",
    "imag",
    "interp",
    "isclose",
    "iscomplex",
    "iscomplexobj",
    "isneginf",
    "isposinf",
    "isreal",
    "isrealobj",
    "nan_to_num",
    "piecewise",
    "real",
    "round",
    "sinc",
]


def _called(function: Callable[..., Any], inputs: Sequence[Array], dtype: Any, name: str) -> Array:
    """Call a function of NumPy's for each chunk."""
    cores = [array._core for array in inputs]
    return _wrap(_core.Array.call(function, cores, np.dtype(dtype), name))


def _given(array: Array, out: Any) -> Array:
    return array if out is None else assign_out(array, out)


def real(x: Any, /) -> Array:
    """
    Give the real parts.

    Examples
    --------
    >>> mc.array.real([1 + 2j]).compute()
    array([1.])
    """
    given = _array.asarray(x)
    if given.dtype.kind != "c":
        return given
    return _called(np.real, [given], np.zeros((), given.dtype).real.dtype, "real")


def imag(x: Any, /) -> Array:
    """
    Give the imaginary parts.

    Examples
    --------
    >>> mc.array.imag([1 + 2j]).compute()
    array([2.])
    """
    given = _array.asarray(x)
    if given.dtype.kind != "c":
        return _wrap(_core.Array.full(given.shape, np.zeros((), given.dtype)))
    return _called(np.imag, [given], np.zeros((), given.dtype).imag.dtype, "imag")


def angle(z: Any, deg: bool = False) -> Array:
    """
    Give the angles of complex numbers.

    Examples
    --------
    >>> mc.array.angle([1j], deg=True).compute()
    array([90.])
    """
    given = _array.asarray(z)
    parts = (imag(given), real(given)) if given.dtype.kind == "c" else (0, given)
    angles: Array = elementwise(np.arctan2, *parts)
    return angles * (180 / pi) if deg else angles


def clip(
    x: Any,
    /,
    min: Any = None,
    max: Any = None,
    out: Any = None,
    *,
    a_min: Any = None,
    a_max: Any = None,
    **options: Any,
) -> Array:
    """
    Keep elements within limits.

    Parameters
    ----------
    x : array_like
        The elements.
    min, max : array_like, optional
        The limits; None for no limit.
    out : Array or numpy.ndarray, optional
        What gets the result.
    a_min, a_max : array_like, optional
        Other names of the limits.
    **options
        As ufuncs have them: ``where``, ``dtype``, ``casting``.

    Returns
    -------
    Array
        Lazy.

    Examples
    --------
    >>> mc.array.clip([1, 5, 9], 2, 6).compute()
    array([2, 5, 6])
    """
    low = a_min if min is None else min
    high = a_max if max is None else max
    if low is None and high is None:
        return elementwise(np.positive, x, out=out, **options)  # type: ignore[no-any-return]
    if high is None:
        return elementwise(np.maximum, x, low, out=out, **options)  # type: ignore[no-any-return]
    if low is None:
        return elementwise(np.minimum, x, high, out=out, **options)  # type: ignore[no-any-return]
    raised = elementwise(np.maximum, x, low)
    return elementwise(np.minimum, raised, high, out=out, **options)  # type: ignore[no-any-return]


def round(x: Any, /, decimals: int = 0, out: Any = None) -> Array:
    """
    Round to so many decimals.

    Examples
    --------
    >>> mc.array.round([1.25, 3.75], 1).compute()
    array([1.2, 3.8])
    """
    given = _array.asarray(x)
    kind = given.dtype.kind
    if kind in "iu" and decimals >= 0:
        return _given(given, out)
    if kind == "f" and decimals == 0:
        return elementwise(np.rint, given, out=out)  # type: ignore[no-any-return]
    if kind == "f" and given.dtype.itemsize >= 4 and 0 < decimals <= 22:
        scale = 10.0**decimals
        return _given(elementwise(np.rint, given * scale) / scale, out)
    dtype = np.round(np.ones(1, given.dtype), decimals).dtype
    rounded = _called(partial(np.round, decimals=decimals), [given], dtype, "round")
    return _given(rounded, out)


around = round


def fix(x: Any, /, out: Any = None) -> Array:
    """
    Round towards zero.

    Examples
    --------
    >>> mc.array.fix([-1.7, 1.7]).compute()
    array([-1.,  1.])
    """
    return elementwise(np.trunc, x, out=out)  # type: ignore[no-any-return]


def isclose(a: Any, b: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: bool = False) -> Array:
    """
    Tell which elements are nearly equal.

    Examples
    --------
    >>> mc.array.isclose([1.0, 2.0], [1.0 + 1e-9, 2.1]).compute()
    array([ True, False])
    """
    x, y = _array.asarray(a), _array.asarray(b)
    if y.dtype.kind != "m":
        y = y.astype(np.result_type(y.dtype, 1.0), copy=False)
    near = elementwise(np.absolute, x - y) <= atol + rtol * elementwise(np.absolute, y)
    close: Array = near & elementwise(np.isfinite, y) | (x == y)
    if equal_nan:
        close = close | (elementwise(np.isnan, x) & elementwise(np.isnan, y))
    return close


def _all(array: Array) -> Array:
    axes = list(range(array.ndim))
    return _wrap(array._core.reduce("logical_and", axes, np.dtype(bool)))


def allclose(
    a: Any, b: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: bool = False
) -> Array:
    """
    Tell whether all elements are nearly equal.

    Examples
    --------
    >>> bool(mc.array.allclose([1.0, 2.0], [1.0, 2.0 + 1e-9]))
    True
    """
    return _all(isclose(a, b, rtol, atol, equal_nan))


def array_equal(a1: Any, a2: Any, equal_nan: bool = False) -> Array:
    """
    Tell whether arrays have the same shape and elements.

    Examples
    --------
    >>> bool(mc.array.array_equal([1, 2], [1, 2]))
    True
    """
    x, y = _array.asarray(a1), _array.asarray(a2)
    if x.shape != y.shape:
        return _wrap(_core.Array.full((), np.array(False)))
    same: Array = x == y
    if equal_nan and all(array.dtype.kind in "fcmM" for array in (x, y)):
        same = same | (elementwise(np.isnan, x) & elementwise(np.isnan, y))
    return _all(same)


def array_equiv(a1: Any, a2: Any) -> Array:
    """
    Tell whether arrays have the same elements once they are broadcast.

    Examples
    --------
    >>> bool(mc.array.array_equiv([1, 1], 1))
    True
    """
    x, y = _array.asarray(a1), _array.asarray(a2)
    try:
        broadcast_shapes([x.shape, y.shape])
    except ValueError:
        return _wrap(_core.Array.full((), np.array(False)))
    return _all(x == y)


def isposinf(x: Any, /, out: Any = None) -> Array:
    """
    Tell which elements are positive infinity.

    Examples
    --------
    >>> mc.array.isposinf([np.inf, 1.0]).compute()
    array([ True, False])
    """
    positive = ~elementwise(np.signbit, x)
    return elementwise(np.logical_and, elementwise(np.isinf, x), positive, out=out)  # type: ignore[no-any-return]


def isneginf(x: Any, /, out: Any = None) -> Array:
    """
    Tell which elements are negative infinity.

    Examples
    --------
    >>> mc.array.isneginf([-np.inf, 1.0]).compute()
    array([ True, False])
    """
    negative = elementwise(np.signbit, x)
    return elementwise(np.logical_and, elementwise(np.isinf, x), negative, out=out)  # type: ignore[no-any-return]


def isreal(x: Any) -> Array:
    """
    Tell which elements have no imaginary part.

    Examples
    --------
    >>> mc.array.isreal([1 + 1j, 2]).compute()
    array([False,  True])
    """
    return imag(x) == 0  # type: ignore[no-any-return]


def iscomplex(x: Any) -> Array:
    """
    Tell which elements have an imaginary part.

    Examples
    --------
    >>> mc.array.iscomplex([1 + 1j, 2]).compute()
    array([ True, False])
    """
    return imag(x) != 0  # type: ignore[no-any-return]


def iscomplexobj(x: Any) -> bool:
    """
    Tell whether an array's type is complex.

    Examples
    --------
    >>> mc.array.iscomplexobj(mc.array.ones(2))
    False
    """
    return bool(_array.asarray(x).dtype.kind == "c")


def isrealobj(x: Any) -> bool:
    """
    Tell whether an array's type is not complex.

    Examples
    --------
    >>> mc.array.isrealobj(mc.array.ones(2))
    True
    """
    return not iscomplexobj(x)


def nan_to_num(
    x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None
) -> Array:
    """
    Replace what is no number, and infinities: by the largest numbers if nothing else is given.

    Examples
    --------
    >>> mc.array.nan_to_num([np.nan, np.inf], posinf=9).compute()
    array([0., 9.])
    """
    given = _array.asarray(x)
    kind = given.dtype.kind
    if kind == "c":
        function = partial(np.nan_to_num, nan=nan, posinf=posinf, neginf=neginf)
        return _called(function, [given], given.dtype, "nan_to_num")
    if kind != "f":
        return given
    limits = np.finfo(given.dtype)
    high = limits.max if posinf is None else posinf
    low = limits.min if neginf is None else neginf
    values = [np.asarray(value).astype(given.dtype) for value in (nan, high, low)]
    made = where(elementwise(np.isnan, given), values[0], given)
    made = where(given == np.inf, values[1], made)
    return where(given == -np.inf, values[2], made)  # type: ignore[no-any-return]


def sinc(x: Any, /) -> Array:
    """
    Compute ``sin(pi x) / (pi x)``.

    Examples
    --------
    >>> mc.array.sinc([0.0, 0.5]).compute()
    array([1.        , 0.63661977])
    """
    given = _array.asarray(x)
    if given.dtype.kind not in "fc":
        given = given.astype(float)
    tiny = 1e-20 if given.dtype.itemsize > 2 else float(np.finfo(given.dtype).tiny)
    scaled = pi * where(given == 0, tiny, given)
    return elementwise(np.sin, scaled) / scaled  # type: ignore[no-any-return]


def i0(x: Any, /) -> Array:
    """
    Compute the modified Bessel function of the first kind, order 0.

    Examples
    --------
    >>> mc.array.i0([0.0]).compute()
    array([1.])
    """
    given = _array.asarray(x)
    if given.dtype.kind == "c":
        raise TypeError("i0 not supported for complex values")
    if given.dtype.kind != "f":
        given = given.astype(float)
    return _called(np.i0, [given], given.dtype, "i0")


def piecewise(x: Any, condlist: Any, funclist: Sequence[Any], *args: Any, **kwargs: Any) -> Array:
    """
    Compute a function that is defined piece by piece.

    Parameters
    ----------
    x : array_like
        The elements.
    condlist : array_like of bool, or list of such
        Where each piece is.
    funclist : list of function or number
        What each piece is: a number, or a function that gets a chunk's elements of the piece. One
        more than conditions is for all other places.
    *args, **kwargs
        What the functions get besides.

    Returns
    -------
    Array
        Lazy, of `x`'s type.

    Examples
    --------
    >>> x = mc.array.arange(-2, 3)
    >>> mc.array.piecewise(x, [x < 0, x >= 0], [lambda v: -v, lambda v: 10 * v]).compute()
    array([ 2,  1,  0, 10, 20])
    """
    given = _array.asarray(x)
    single = not isinstance(condlist, list | tuple) or np.isscalar(condlist[0])
    conditions = [
        _array.asarray(each).astype(bool) for each in ([condlist] if single else condlist)
    ]
    if len(funclist) - len(conditions) not in (0, 1):
        count = len(conditions)
        raise ValueError(
            f"with {count} condition(s), either {count} or {count + 1} functions are expected"
        )

    def block(values: Any, *pieces: Any) -> Any:
        whole = [np.broadcast_to(piece, values.shape) for piece in pieces]
        return np.piecewise(values, whole, funclist, *args, **kwargs)

    return _called(block, [given, *conditions], given.dtype, "piecewise")


def interp(
    x: Any,
    xp: Any,
    fp: Any,
    left: Any = None,
    right: Any = None,
    period: Any = None,
) -> Array:
    """
    Interpolate linearly between points; the points are computed at once if they are lazy.

    Examples
    --------
    >>> mc.array.interp([0.5, 1.5], [0, 1, 2], [0, 10, 30]).compute()
    array([ 5., 20.])
    """
    given = _array.asarray(x)
    places, values = np.asarray(xp), np.asarray(fp)
    sample = np.interp(np.zeros(1), places, values, left, right, period)  # with NumPy's errors
    if given.dtype.kind == "c":
        raise TypeError(
            "Cannot cast array data from dtype('complex128') to dtype('float64') "
            "according to the rule 'safe'"
        )
    function = partial(np.interp, xp=places, fp=values, left=left, right=right, period=period)
    return _called(lambda block: np.asarray(function(block)), [given], sample.dtype, "interp")
