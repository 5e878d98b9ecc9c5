"""NumPy's ufuncs, lazily."""

from __future__ import annotations

from inspect import Parameter, Signature

import numpy as np

from manycore.array._elementwise import elementwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = [
    "abs",
    "absolute",
    "acos",
    "acosh",
    "add",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "bitwise_and",
    "bitwise_count",
    "bitwise_invert",
    "bitwise_left_shift",
    "bitwise_not",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "cbrt",
    "ceil",
    "conj",
    "conjugate",
    "copysign",
    "cos",
    "cosh",
    "deg2rad",
    "degrees",
    "divide",
    "divmod",
    "equal",
    "exp",
    "exp2",
    "expm1",
    "fabs",
    "float_power",
    "floor",
    "floor_divide",
    "fmax",
    "fmin",
    "fmod",
    "frexp",
    "gcd",
    "greater",
    "greater_equal",
    "heaviside",
    "hypot",
    "invert",
    "isfinite",
    "isinf",
    "isnan",
    "isnat",
    "lcm",
    "ldexp",
    "left_shift",
    "less",
    "less_equal",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "logaddexp2",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "maximum",
    "minimum",
    "mod",
    "modf",
    "multiply",
    "negative",
    "nextafter",
    "not_equal",
    "positive",
    "pow",
    "power",
    "rad2deg",
    "radians",
    "reciprocal",
    "remainder",
    "right_shift",
    "rint",
    "sign",
    "signbit",
    "sin",
    "sinh",
    "spacing",
    "sqrt",
    "square",
    "subtract",
    "tan",
    "tanh",
    "true_divide",
    "trunc",
]


def _lazy(ufunc: np.ufunc, name: str = "") -> Callable[..., Any]:
    """Make the lazy function of a ufunc, under its own name or another one."""
    name = name or ufunc.__name__

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


# Arithmetic, powers and logarithms.
add = _lazy(np.add)
subtract = _lazy(np.subtract)
multiply = _lazy(np.multiply)
divide = _lazy(np.divide)
true_divide = _lazy(np.true_divide, "true_divide")
floor_divide = _lazy(np.floor_divide)
remainder = _lazy(np.remainder)
mod = _lazy(np.mod, "mod")
fmod = _lazy(np.fmod)
divmod = _lazy(np.divmod)
power = _lazy(np.power)
pow = _lazy(np.pow, "pow")
float_power = _lazy(np.float_power)
negative = _lazy(np.negative)
positive = _lazy(np.positive)
absolute = _lazy(np.absolute)
abs = _lazy(np.abs, "abs")
fabs = _lazy(np.fabs)
rint = _lazy(np.rint)
sign = _lazy(np.sign)
heaviside = _lazy(np.heaviside)
conj = _lazy(np.conj, "conj")
conjugate = _lazy(np.conjugate)
exp = _lazy(np.exp)
exp2 = _lazy(np.exp2)
expm1 = _lazy(np.expm1)
log = _lazy(np.log)
log2 = _lazy(np.log2)
log10 = _lazy(np.log10)
log1p = _lazy(np.log1p)
logaddexp = _lazy(np.logaddexp)
logaddexp2 = _lazy(np.logaddexp2)
sqrt = _lazy(np.sqrt)
cbrt = _lazy(np.cbrt)
square = _lazy(np.square)
reciprocal = _lazy(np.reciprocal)
gcd = _lazy(np.gcd)
lcm = _lazy(np.lcm)

# Trigonometry.
sin = _lazy(np.sin)
cos = _lazy(np.cos)
tan = _lazy(np.tan)
arcsin = _lazy(np.arcsin)
asin = _lazy(np.asin, "asin")
arccos = _lazy(np.arccos)
acos = _lazy(np.acos, "acos")
arctan = _lazy(np.arctan)
atan = _lazy(np.atan, "atan")
arctan2 = _lazy(np.arctan2)
atan2 = _lazy(np.atan2, "atan2")
hypot = _lazy(np.hypot)
sinh = _lazy(np.sinh)
cosh = _lazy(np.cosh)
tanh = _lazy(np.tanh)
arcsinh = _lazy(np.arcsinh)
asinh = _lazy(np.asinh, "asinh")
arccosh = _lazy(np.arccosh)
acosh = _lazy(np.acosh, "acosh")
arctanh = _lazy(np.arctanh)
atanh = _lazy(np.atanh, "atanh")
degrees = _lazy(np.degrees)
radians = _lazy(np.radians)
deg2rad = _lazy(np.deg2rad)
rad2deg = _lazy(np.rad2deg)

# Bits.
bitwise_and = _lazy(np.bitwise_and)
bitwise_or = _lazy(np.bitwise_or)
bitwise_xor = _lazy(np.bitwise_xor)
bitwise_not = _lazy(np.bitwise_not, "bitwise_not")
bitwise_invert = _lazy(np.bitwise_invert, "bitwise_invert")
invert = _lazy(np.invert)
bitwise_left_shift = _lazy(np.bitwise_left_shift, "bitwise_left_shift")
left_shift = _lazy(np.left_shift)
bitwise_right_shift = _lazy(np.bitwise_right_shift, "bitwise_right_shift")
right_shift = _lazy(np.right_shift)
bitwise_count = _lazy(np.bitwise_count)

# Comparisons, logic, extremes.
greater = _lazy(np.greater)
greater_equal = _lazy(np.greater_equal)
less = _lazy(np.less)
less_equal = _lazy(np.less_equal)
equal = _lazy(np.equal)
not_equal = _lazy(np.not_equal)
logical_and = _lazy(np.logical_and)
logical_or = _lazy(np.logical_or)
logical_xor = _lazy(np.logical_xor)
logical_not = _lazy(np.logical_not)
maximum = _lazy(np.maximum)
minimum = _lazy(np.minimum)
fmax = _lazy(np.fmax)
fmin = _lazy(np.fmin)

# What floating-point numbers are made of.
isfinite = _lazy(np.isfinite)
isinf = _lazy(np.isinf)
isnan = _lazy(np.isnan)
isnat = _lazy(np.isnat)
signbit = _lazy(np.signbit)
copysign = _lazy(np.copysign)
nextafter = _lazy(np.nextafter)
spacing = _lazy(np.spacing)
modf = _lazy(np.modf)
frexp = _lazy(np.frexp)
ldexp = _lazy(np.ldexp)
floor = _lazy(np.floor)
ceil = _lazy(np.ceil)
trunc = _lazy(np.trunc)
