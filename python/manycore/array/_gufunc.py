"""Generalized universal functions: functions of whole core dimensions, called chunk by chunk."""

from __future__ import annotations

import re

import numpy as np

from manycore.array._array import Array, _wrap, asarray
from manycore.array._nodes import axis_tuple, whole
from manycore.array._plans import Call, Tiled, grid_of, infer, run_plan
from manycore.array._shapes import normalize_axis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from typing import Any

    _Dimensions = list[tuple[str, ...]]

__all__ = ["apply_gufunc", "as_gufunc", "gufunc", "vectorize"]

_GROUP = r"\((?:\w+(?:,\w+)*,?)?\)"
_SIGNATURE = re.compile(rf"(?:{_GROUP}(?:,{_GROUP})*)?->({_GROUP}(?:,{_GROUP})*),?")


def _parsed(signature: Any) -> tuple[_Dimensions, _Dimensions, bool]:
    """Give the core dimensions of inputs and outputs, and whether there is a tuple of outputs."""
    if not isinstance(signature, str):
        raise TypeError("`signature` has to be of type string")
    text = re.sub(r"\s+", "", signature)
    if not _SIGNATURE.fullmatch(text):
        raise ValueError(f"Not a valid gufunc signature: {signature}")
    sides = []
    for side in text.split("->"):
        sides.append([tuple(re.findall(r"\w+", group)) for group in re.findall(_GROUP, side)])
    several = len(sides[1]) > 1 or text.endswith(",")
    return sides[0], sides[1], several


def apply_gufunc(
    func: Callable[..., Any],
    signature: str,
    *args: Any,
    axes: list[Any] | None = None,
    axis: int | None = None,
    keepdims: bool = False,
    output_dtypes: Any = None,
    output_sizes: dict[str, int] | None = None,
    vectorize: bool = False,
    allow_rechunk: bool = False,
    meta: Any = None,
    **kwargs: Any,
) -> Any:
    """
    Call a function of core dimensions for all others, as in ``dask.array.apply_gufunc``.

    Parameters
    ----------
    func : callable
        Gets arrays whose last axes are the core dimensions, whole, and whose other axes are
        broadcast; returns an array, or a tuple of them.
    signature : str
        The core dimensions of arguments and results, such as ``"(i,j),(j)->(i)"``.
    *args : array_like
        The arguments.
    axes : list of tuples of int, optional
        Where the core dimensions of each argument (and result) are; by default they come last.
    axis : int, optional
        Where the only core dimension of all is.
    keepdims : bool, default False
        Whether the axes of core dimensions stay, with length 1.
    output_dtypes : dtype or sequence of dtype, optional
        Of the results, which are cast to them; by default, the function is called with arrays of
        one element to find them.
    output_sizes : dict, optional
        The lengths of core dimensions that only results have.
    vectorize : bool, default False
        Whether the function takes core dimensions only, so that `numpy.vectorize` has to loop.
    allow_rechunk : bool
        Without meaning: chunks of core dimensions are joined whenever there are several.
    meta : array_like or sequence of array_like, optional
        Arrays of the results' dtypes.
    **kwargs
        Passed on to the function.

    Returns
    -------
    Array or tuple of Array
        The results.

    Examples
    --------
    >>> x = mc.array.arange(6).reshape(2, 3)
    >>> def spread(row):
    ...     return row.min(axis=-1), row.max(axis=-1)
    >>> low, high = mc.array.apply_gufunc(spread, "(i)->(),()", x)
    >>> low.compute(), high.compute()
    (array([0, 3]), array([2, 5]))
    """
    ins, outs, several = _parsed(signature)
    if len(args) != len(ins):
        raise ValueError(
            f"According to `signature`, `func` requires {len(ins)} arguments, but {len(args)} given"
        )
    arrays = [asarray(value) for value in args]
    given = _placed(axes, axis, keepdims, ins, outs)
    dtypes = _dtypes(func, signature, arrays, kwargs, output_dtypes, meta, several, vectorize, outs)
    declared = output_dtypes is not None or meta is not None
    if vectorize:
        func = np.vectorize(func, signature=re.sub(r"\s+", "", signature), otypes=dtypes)
    inputs, sizes = _core_last(arrays, ins, given[: len(ins)])
    sizes.update(output_sizes or {})
    # Loop dimensions are labelled by numbers, from the last one.
    loops = max(
        (tiled.core.ndim - len(dims) for (tiled, _), dims in zip(inputs, ins, strict=True)),
        default=0,
    )
    out: tuple[Hashable, ...] = tuple(range(loops))[::-1]
    aligned, chunks = grid_of(inputs, True)
    call = Call(func, list(range(len(inputs))), dict(kwargs), "apply_gufunc", declared)
    call.several = several
    grid = tuple(chunks[label] for label in out)
    for dtype, dims in zip(dtypes, outs, strict=True):
        missing = [name for name in dims if name not in sizes]
        if missing:
            raise ValueError(
                f"the length of output dimension {missing[0]!r} isn't known: "
                f"give output_sizes={{{missing[0]!r}: ...}}"
            )
        call.outputs.append((np.dtype(dtype), (*grid, *((sizes[name],) for name in dims))))
    results = [_wrap(core) for core in run_plan(call, aligned, out, chunks)]
    placed = []
    for result, dims, where in zip(results, outs, given[len(ins) :], strict=True):
        placed.append(_moved_back(result, len(dims), where, keepdims))
    return tuple(placed) if several else placed[0]


def _placed(
    axes: Any, axis: int | None, keepdims: bool, ins: _Dimensions, outs: _Dimensions
) -> list[tuple[int, ...]]:
    """Say where the core dimensions of each argument and result are."""
    if axes is not None and axis is not None:
        raise ValueError("Only one of `axis` or `axes` keyword arguments should be given")
    scalars = not any(outs)
    if keepdims:
        if not scalars:
            raise ValueError("`keepdims` can only be used for scalar outputs")
        if any(dims != ins[0] for dims in ins):
            raise ValueError("To use `keepdims`, all core dimensions have to be equal")
    behind = [ins[0] for _ in outs] if keepdims and ins else outs
    if axis is not None:
        if not isinstance(axis, int | np.integer):
            raise ValueError("`axis` argument has to be an integer value")
        filled = [dims for dims in ins if dims]
        if any(len(dims) != 1 for dims in filled):
            raise ValueError("`axis` can be used only, if one core dimension is present")
        if any(dims != filled[0] for dims in filled):
            raise ValueError("To use `axis`, all core dimensions have to be equal")
        return [(int(axis),) if dims else () for dims in (*ins, *behind)]
    if axes is None:
        return [tuple(range(-len(dims), 0)) for dims in (*ins, *behind)]
    if not isinstance(axes, list):
        raise ValueError("`axes` has to be of type list")
    tuples = [(each,) if isinstance(each, int) else tuple(each) for each in axes]
    if len(tuples) == len(ins) and scalars:
        tuples += [tuples[0] if keepdims else () for _ in outs]
    if len(tuples) != len(ins) + len(outs):
        raise ValueError(
            "The number of `axes` entries is not equal the number of input and output arguments"
        )
    for number, (each, dims) in enumerate(zip(tuples, (*ins, *behind), strict=True)):
        if len(each) != len(dims):
            raise ValueError(
                f"The number of `axes` entries for argument #{number} is not equal "
                "the number of respective core dimensions in signature"
            )
    return tuples


def _dtypes(
    func: Callable[..., Any],
    signature: str,
    arrays: list[Array],
    options: dict[str, Any],
    output_dtypes: Any,
    meta: Any,
    several: bool,
    vectorize: bool,
    outs: _Dimensions,
) -> list[np.dtype[Any]]:
    """Find the dtypes of results."""
    if meta is not None:
        if output_dtypes is not None:
            raise ValueError("Only one of `meta` and `output_dtypes` should be given.")
        parts = meta if isinstance(meta, tuple | list) else [meta]
        output_dtypes = [np.asarray(part).dtype for part in parts]
    if output_dtypes is None:
        looped = np.vectorize(func, signature=re.sub(r"\s+", "", signature)) if vectorize else func
        result = infer(looped, list(arrays), options, "apply_gufunc", "output_dtypes")
        results = result if several else (result,)
        if not isinstance(results, tuple | list):
            raise ValueError(
                f"according to its signature, the function makes {len(outs)} arrays, "
                f"but it returned {result!r:.80}"
            )
        output_dtypes = [np.asarray(part).dtype for part in results]
    if not isinstance(output_dtypes, tuple | list):
        output_dtypes = [output_dtypes]
    if len(output_dtypes) != len(outs):
        raise ValueError(
            f"For a function with {len(outs)} outputs, must give {len(outs)} items for "
            f"`output_dtypes`/`meta`, not {len(output_dtypes)}."
        )
    return [np.dtype(dtype) for dtype in output_dtypes]


def _core_last(
    arrays: list[Array], ins: _Dimensions, places: list[tuple[int, ...]]
) -> tuple[list[tuple[Tiled, tuple[Hashable, ...]]], dict[str, int]]:
    """Put core dimensions last, whole, and find their lengths."""
    inputs: list[tuple[Tiled, tuple[Hashable, ...]]] = []
    sizes: dict[str, int] = {}
    for number, (array, dims, where) in enumerate(zip(arrays, ins, places, strict=True)):
        core = array._core
        if core.ndim < len(dims):
            raise ValueError(
                f"argument #{number} has {core.ndim} axes, but its signature has {len(dims)} "
                f"core dimensions: {dims}"
            )
        last = axis_tuple(where, core.ndim)
        loop = [axis for axis in range(core.ndim) if axis not in last]
        core = core.axes([*loop, *last]) if [*loop, *last] != list(range(core.ndim)) else core
        core = whole(core, range(len(loop), core.ndim))
        for name, length in zip(dims, core.shape[len(loop) :], strict=True):
            if sizes.setdefault(name, length) != length:
                if 1 not in (length, sizes[name]):
                    raise ValueError(f"Dimension `'{name}'` with different lengths in arrays")
                sizes[name] = max(length, sizes[name])
        labels: tuple[Hashable, ...] = tuple(range(len(loop)))[::-1]
        inputs.append((Tiled(core), (*labels, *dims)))
    return inputs, sizes


def _moved_back(result: Array, count: int, where: tuple[int, ...], keepdims: bool) -> Array:
    """Put the core dimensions of a result where they are wanted."""
    core = result._core
    if keepdims:
        loops: list[int | None] = list(range(core.ndim))
        count, ndim = len(where), core.ndim + len(where)
        core = core.axes([*loops, *(None for _ in where)])
    ndim = core.ndim
    if not count or where == tuple(range(-count, 0)):
        return _wrap(core)
    targets = [normalize_axis(axis, ndim) for axis in where]
    order: list[int | None] = []
    rest = iter(range(ndim - count))
    for axis in range(ndim):
        order.append(ndim - count + targets.index(axis) if axis in targets else next(rest))
    return _wrap(core.axes(order))


class gufunc:  # noqa: N801, dask.array's name
    """
    A function of core dimensions, which `apply_gufunc` calls.

    Parameters
    ----------
    pyfunc : callable
        The function.
    signature : str
        The core dimensions of arguments and results.
    vectorize, axes, axis, keepdims, output_sizes, output_dtypes, allow_rechunk, meta
        As in `apply_gufunc`.

    Examples
    --------
    >>> inner = mc.array.gufunc(lambda a, b: (a * b).sum(-1), signature="(i),(i)->()")
    >>> inner([1, 2], [[3, 4], [5, 6]]).compute()
    array([11, 17])
    """

    def __init__(self, pyfunc: Callable[..., Any], *, signature: str, **options: Any) -> None:
        _parsed(signature)
        unknown = set(options) - _OPTIONS
        if unknown:
            raise TypeError(f"gufunc() got an unexpected keyword argument {min(unknown)!r}")
        self.pyfunc = pyfunc
        self.signature = signature
        self.options = options
        self.__doc__ = pyfunc.__doc__
        self.__name__ = getattr(pyfunc, "__name__", type(pyfunc).__name__)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function, lazily."""
        return apply_gufunc(self.pyfunc, self.signature, *args, **{**self.options, **kwargs})


_OPTIONS = {
    "allow_rechunk",
    "axes",
    "axis",
    "keepdims",
    "meta",
    "output_dtypes",
    "output_sizes",
    "vectorize",
}


def as_gufunc(signature: str, **options: Any) -> Callable[[Callable[..., Any]], gufunc]:
    """
    Make a function one of core dimensions.

    Parameters
    ----------
    signature : str
        The core dimensions of arguments and results.
    **options
        As in `gufunc`.

    Returns
    -------
    callable
        A decorator.

    Examples
    --------
    >>> @mc.array.as_gufunc("(i)->()")
    ... def spread(a):
    ...     return a.max(axis=-1) - a.min(axis=-1)
    >>> spread([[1, 5], [2, 4]]).compute()
    array([4, 2])
    """

    def decorate(pyfunc: Callable[..., Any]) -> gufunc:
        return gufunc(pyfunc, signature=signature, **options)

    return decorate


class vectorize:  # noqa: N801, NumPy's name
    """
    A function of scalars, called for each element, as `numpy.vectorize` does.

    It is Python for each element: `manycore.vectorize` compiles what it can.

    Parameters
    ----------
    pyfunc : callable
        The function.
    otypes : str or list of dtype, optional
        The dtypes of results; by default, the function is called once to find them.
    doc : str, optional
        Its docstring.
    excluded : set of str or int, optional
        Arguments that are passed on as they are.
    cache : bool
        Without meaning for lazy arrays.
    signature : str, optional
        Core dimensions, as in `apply_gufunc`.

    Examples
    --------
    >>> sign = mc.array.vectorize(lambda a, b: a if a > b else b)
    >>> sign([1, 5], [3, 4]).compute()
    array([3, 5])
    """

    def __init__(
        self,
        pyfunc: Callable[..., Any],
        otypes: Any = None,
        doc: str | None = None,
        excluded: Any = None,
        cache: bool = False,
        signature: str | None = None,
    ) -> None:
        if signature is not None:
            _parsed(signature)
        self.pyfunc = pyfunc
        self.otypes = None if otypes is None else [np.dtype(otype) for otype in otypes]
        self.excluded = set(excluded or ())
        self.signature = signature
        self.__doc__ = pyfunc.__doc__ if doc is None else doc

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function for each element, lazily."""
        places = [number for number in range(len(args)) if number not in self.excluded]
        names = [name for name in kwargs if name not in self.excluded]
        function = self.pyfunc

        def call(*values: Any) -> Any:
            filled = list(args)
            for number, value in zip(places, values, strict=False):
                filled[number] = value
            named = dict(zip(names, values[len(places) :], strict=True))
            return function(*filled, **{**kwargs, **named})

        arrays = [asarray(args[number]) for number in places]
        arrays += [asarray(kwargs[name]) for name in names]
        signature = self.signature
        dtypes = self.otypes
        if signature is None:
            if dtypes is None:
                tiny = [np.zeros(1, array.dtype)[0] for array in arrays]
                result = infer(call, tiny, {}, "vectorize", "otypes")
                parts = result if isinstance(result, tuple) else (result,)
                dtypes = [np.asarray(part).dtype for part in parts]
            outputs = ",".join(["()"] * len(dtypes))
            signature = f"{','.join(['()'] * len(arrays))}->{outputs}"
        return apply_gufunc(call, signature, *arrays, vectorize=True, output_dtypes=dtypes)
