"""NumPy's ufuncs, lazily."""

from __future__ import annotations

from inspect import Parameter, Signature

import numpy as np

from manycore.array._elementwise import elementwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# The names of ufuncs, in the groups of NumPy's documentation.
_MATH = (
    "add subtract multiply divide true_divide floor_divide remainder mod fmod divmod power pow "
    "float_power negative positive absolute abs fabs rint sign heaviside conj conjugate exp exp2 "
    "expm1 log log2 log10 log1p logaddexp logaddexp2 sqrt cbrt square reciprocal gcd lcm"
)
_TRIGONOMETRY = (
    "sin cos tan arcsin asin arccos acos arctan atan arctan2 atan2 hypot sinh cosh tanh arcsinh "
    "asinh arccosh acosh arctanh atanh degrees radians deg2rad rad2deg"
)
_BITS = (
    "bitwise_and bitwise_or bitwise_xor bitwise_not bitwise_invert invert bitwise_left_shift "
    "left_shift bitwise_right_shift right_shift bitwise_count"
)
_COMPARISONS = (
    "greater greater_equal less less_equal equal not_equal logical_and logical_or logical_xor "
    "logical_not maximum minimum fmax fmin"
)
_FLOATS = (
    "isfinite isinf isnan isnat signbit copysign nextafter spacing modf frexp ldexp floor ceil "
    "trunc"
)
_NAMES = " ".join((_MATH, _TRIGONOMETRY, _BITS, _COMPARISONS, _FLOATS)).split()


def _lazy(ufunc: np.ufunc, name: str) -> Callable[..., Any]:
    """Make the lazy function of a ufunc."""

    def function(*inputs: Any, **options: Any) -> Any:
        extra = inputs[ufunc.nin :]
        if extra:  # NumPy takes `out` by its place as well
            if len(extra) > ufunc.nout or "out" in options:
                most = ufunc.nin + ufunc.nout
                message = f"{name}() takes from {ufunc.nin} to {most} positional arguments"
                raise TypeError(f"{message} but {len(inputs)} were given")
            options["out"] = extra + (None,) * (ufunc.nout - len(extra))
            inputs = inputs[: ufunc.nin]
        return elementwise(ufunc, *inputs, **options)

    names = ["x"] if ufunc.nin == 1 else [f"x{number + 1}" for number in range(ufunc.nin)]
    function.__name__ = function.__qualname__ = name
    function.__module__ = "manycore.array"
    function.__doc__ = (
        f"Apply `numpy.{ufunc.__name__}` to each element, lazily.\n\n"
        f"Parameters, dtypes and errors are those of `numpy.{ufunc.__name__}`, ``out``, ``where``, "
        f"``dtype`` and ``casting`` included.\n"
    )
    function.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            *(Parameter(name, Parameter.POSITIONAL_ONLY) for name in names),
            Parameter("out", Parameter.POSITIONAL_OR_KEYWORD, default=None),
            Parameter("where", Parameter.KEYWORD_ONLY, default=True),
            Parameter("casting", Parameter.KEYWORD_ONLY, default="same_kind"),
            Parameter("dtype", Parameter.KEYWORD_ONLY, default=None),
        ]
    )
    return function


UFUNCS: dict[str, Callable[..., Any]] = {name: _lazy(getattr(np, name), name) for name in _NAMES}
globals().update(UFUNCS)

__all__ = list(UFUNCS)
