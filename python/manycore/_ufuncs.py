"""
NumPy ufuncs of Python functions: ``@mc.vectorize`` and ``@mc.guvectorize``.

With signatures the result is a `numpy.ufunc`. Without, it is a `Vectorized`, which compiles a loop
for each combination of types that it meets and hands everything on to a ufunc of these.
"""

from __future__ import annotations

import itertools
from threading import RLock
from weakref import WeakValueDictionary

from manycore import _core
from manycore._jit import Compiled, check_numba, jit, name_of, prange, signature_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FunctionType
    from typing import Any, Protocol, overload

    from numpy import ufunc

__all__ = ["GUVectorized", "Vectorized", "guvectorize", "vectorize"]

# NumPy's numbers for what an empty reduction gives.
_IDENTITIES = {0: 0, 1: 1, -1: 2, None: -1, "reorderable": -2}

_numbers = itertools.count(1)


def _define(source: str, names: dict[str, Any]) -> FunctionType:
    """Define a function whose source can be found, as that of a notebook's cell can."""
    import linecache

    file = f"<manycore ufunc {next(_numbers)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), names)
    loop: FunctionType = names["loop"]
    return loop


# A loop as `_core.make_ufunc` wants it: the operands' types, which of them are arrays of one
# element, and what compiles it for the patterns of letters in which the operands' elements follow
# each other.
if TYPE_CHECKING:
    _Loop = tuple[list[str], list[bool], Callable[[str], Compiled]]

# What computes one element of a ufunc that `vectorize` has made: arrays have it in their kernels.
scalars: WeakValueDictionary[Any, Compiled] = WeakValueDictionary()

# One behind the other; one for all; anyhow; anyhow, and the rounds read what others have written.
_DENSE, _SINGLE, _STRIDED, _FOLDED = "csaf"


class _Rounds:
    """A loop that calls a function once for each round."""

    def __init__(
        self, kernel: Compiled, types: Sequence[str], dims: Sequence[int], nin: int
    ) -> None:
        self._kernel = kernel
        self._types = types
        self._dims = dims
        self._nin = nin
        # A function of numbers returns its result, one of arrays writes it.
        self._returns = kernel.py_func.__code__.co_argcount == nin

    def __call__(self, pattern: str) -> Compiled:
        """Compile the loop for operands whose elements follow each other in that pattern."""
        names = [f"x{index}" for index in range(len(self._types))]
        source = [f"def loop(count, {', '.join(names)}):"]
        terms = []
        for name, letter in zip(names, pattern, strict=True):
            if letter == _SINGLE:
                # Once, before anything is written.
                source.append(f"    {name}_ = {name}[0]")
            terms.append(f"{name}_" if letter == _SINGLE else f"{name}[i]")
        is_parallel = self._kernel._options["parallel"] and _FOLDED not in pattern
        source.append(f"    for i in {'prange' if is_parallel else 'range'}(count):")
        if self._returns:
            source.append(f"        {terms[-1]} = function({', '.join(terms[:-1])})")
        else:
            source.append(f"        function({', '.join(terms)})")
        loop = _define("\n".join([*source, ""]), {"function": self._kernel, "prange": prange})
        made = Compiled(loop, self._kernel._options | {"boundscheck": False})
        arrays = [
            f"array({kind}, {1 + dims}d, {'A' if letter in (_STRIDED, _FOLDED) else 'C'})"
            for kind, dims, letter in zip(self._types, self._dims, pattern, strict=True)
        ]
        made.compile(f"(int64, {', '.join(arrays)})")
        return made


class _Growing:
    """A ufunc that is made anew, with one loop more, when it meets new types."""

    def __init__(self, kernel: Compiled) -> None:
        self._kernel = kernel
        self._loops: dict[tuple[str, ...], _Loop] = {}
        self._lock = RLock()
        self._made: Any = None
        # Kinds of arguments for which there is a loop.
        self._met: set[int] = set()
        function = kernel.py_func
        self.py_func = self.__wrapped__ = function
        for name in ("__name__", "__qualname__", "__module__", "__doc__"):
            setattr(self, name, getattr(function, name))

    if TYPE_CHECKING:
        __name__: str
        __qualname__: str

    def _loop(self, types: Sequence[str], results: Sequence[str] | None) -> _Loop:
        raise NotImplementedError

    def _build(self) -> Any:
        raise NotImplementedError

    def _sorted(self) -> list[_Loop]:
        """Return the loops, the smaller types first: NumPy takes the first that arguments fit."""
        import numpy as np

        def size(key: tuple[str, ...]) -> list[int]:
            return [np.dtype(kind).num for kind in self._loops[key][0]]

        return [self._loops[key] for key in sorted(self._loops, key=size)]

    def _learn(self, types: Sequence[Any], results: Sequence[str] | None = None) -> None:
        """See to it that there is a loop for inputs of these types."""
        key = tuple(map(str, types))
        if key not in self._loops:
            with _LEARNING:
                if key not in self._loops:
                    self._loops[key] = self._loop(key, results)
                    self._made = self._build()

    @property
    def ufunc(self) -> Any:
        """The `numpy.ufunc` of all loops that there are so far."""
        if self._made is None:
            self._made = self._build()
        return self._made

    @property
    def types(self) -> list[str]:
        """The types of the loops, as `numpy.ufunc.types` writes them."""
        return list(self.ufunc.types) if self._loops else []

    @property
    def ntypes(self) -> int:
        """How many loops there are."""
        return len(self._loops)


_LEARNING = RLock()


class Vectorized(_Growing):
    """
    A function of numbers that takes arrays, as ufuncs do: what `vectorize` returns.

    With signatures, that is a `numpy.ufunc` itself; this has its attributes and methods.

    Attributes
    ----------
    py_func : function
        The Python function.
    nin, nout, nargs : int
        How many arguments it takes, results it has, both.
    identity
        What a reduction of nothing gives.
    """

    nout = 1
    signature = None

    def __init__(self, kernel: Compiled, identity: Any) -> None:
        if identity not in _IDENTITIES:
            message = f'identity must be 0, 1, -1, None or "reorderable", not {identity!r}'
            raise ValueError(message)
        super().__init__(kernel)
        self.identity = None if identity == "reorderable" else identity
        self._identity = identity
        self.nin = kernel.py_func.__code__.co_argcount
        self.nargs = self.nin + 1

    def __repr__(self) -> str:
        return f"<vectorized function {self.__qualname__}>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the ufunc, with its keywords: ``out``, ``where``, ``dtype``, ``casting``, …."""
        kinds = None if "dtype" in kwargs else _core.kinds(args, self.nin)
        if kinds not in self._met:
            self._meet(args[: self.nin], kwargs.get("dtype"))
            if kinds is not None:
                self._met.add(kinds)
        return self._made(*args, **kwargs)

    def _meet(self, inputs: Sequence[Any], dtype: Any) -> None:
        """See to it that there is a loop for inputs, or for those of a type that is asked for."""
        if dtype is not None:
            import numpy as np

            self._learn([np.dtype(dtype)] * self.nin)
        elif len(inputs) == self.nin:
            self._learn(_dtypes(inputs))
        self._made = self.ufunc

    def _loop(self, types: Sequence[str], results: Sequence[str] | None) -> _Loop:
        if results is None:
            result = self._kernel._lower(_core.Types.parse(f"({', '.join(types)},)")).result
            if not result.isalnum() or result == "None":
                message = f"{self.__name__} returns {result}, and a ufunc's function a number"
                raise TypeError(message)
            results = [result]
        every = [*types, *results]
        dims = [0] * len(every)
        return every, [False] * len(every), _Rounds(self._kernel, every, dims, self.nin)

    def _build(self) -> Any:
        cores: list[list[int]] = [[] for _ in range(self.nargs)]
        identity = _IDENTITIES[self._identity]
        ufunc = _core.make_ufunc(
            self.__name__,
            self.__doc__ or "",
            self.nin,
            1,
            identity,
            None,
            cores,
            self._sorted(),
        )
        scalars[ufunc] = self._kernel
        return ufunc

    def add(self, signature: Any) -> None:
        """
        Compile a loop for types, without a call.

        Parameters
        ----------
        signature : str or tuple
            As for `vectorize`.
        """
        types = _core.Types.parse(signature_text(signature))
        self._learn(types.names, None if types.returns is None else [types.returns])

    def reduce(self, array: Any, *args: Any, **kwargs: Any) -> Any:
        """Combine elements along axes, as `numpy.ufunc.reduce`."""
        self._learn(_dtypes((array,)) * 2)
        return self.ufunc.reduce(array, *args, **kwargs)

    def accumulate(self, array: Any, *args: Any, **kwargs: Any) -> Any:
        """Combine elements one by one, as `numpy.ufunc.accumulate`."""
        self._learn(_dtypes((array,)) * 2)
        return self.ufunc.accumulate(array, *args, **kwargs)

    def reduceat(self, array: Any, indices: Any, *args: Any, **kwargs: Any) -> Any:
        """Combine slices, as `numpy.ufunc.reduceat`."""
        self._learn(_dtypes((array,)) * 2)
        return self.ufunc.reduceat(array, indices, *args, **kwargs)

    def outer(self, first: Any, second: Any, /, **kwargs: Any) -> Any:
        """Apply to all pairs, as `numpy.ufunc.outer`."""
        self._learn(_dtypes((first, second)))
        return self.ufunc.outer(first, second, **kwargs)

    def at(self, array: Any, indices: Any, *operand: Any) -> None:
        """Apply in place to some elements, as `numpy.ufunc.at`."""
        self._learn(_dtypes((array, *operand)))
        self.ufunc.at(array, indices, *operand)

    def __reduce__(self) -> Any:
        """Pickle by name where the other side can import it, else by the Python function."""
        return name_of(self) or (Vectorized, (self._kernel, self._identity))


class GUVectorized(_Growing):
    """
    A function of arrays that takes stacks of them: what `guvectorize` returns without types.

    Attributes
    ----------
    py_func : function
        The Python function.
    signature : str
        The operands' core dimensions.
    nin, nout, nargs : int
        How many arguments it takes, results it has, both.
    """

    identity = None

    def __init__(self, kernel: Compiled, signature: str) -> None:
        super().__init__(kernel)
        self.signature = signature.replace(" ", "")
        inputs, outputs = _parse(self.signature)
        self.nin, self.nout = len(inputs), len(outputs)
        self.nargs = self.nin + self.nout
        self._cores = [*inputs, *outputs]
        if kernel.py_func.__code__.co_argcount != self.nargs:
            raise ValueError(
                f"{self.__name__} takes {kernel.py_func.__code__.co_argcount} arguments, and "
                f"{signature!r} has {self.nargs} operands, results among them"
            )

    def __repr__(self) -> str:
        return f"<vectorized function {self.__qualname__} {self.signature}>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the ufunc, with its keywords: ``out``, ``axes``, ``axis``, ``keepdims``, …."""
        kinds = None if kwargs else _core.kinds(args, self.nargs)
        if kinds not in self._met:
            self._meet(args, kwargs)
            if kinds is not None:
                self._met.add(kinds)
        return self._made(*args, **kwargs)

    def _meet(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """See to it that there is a loop for arguments."""
        import numpy as np

        outputs = kwargs.get("out", args[self.nin :])
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        if len(args) >= self.nin:
            types = _dtypes(args[: self.nin])
            common = np.result_type(*types)
            given = [common if output is None else output.dtype for output in outputs]
            given += [common] * (self.nout - len(given))
            self._learn(types, list(map(str, given)))
        self._made = self.ufunc

    def _loop(self, types: Sequence[str], results: Sequence[str] | None) -> _Loop:
        every = [*types, *(results or ())]
        declared = [kind.removeprefix("array(").partition(",")[0] for kind in every]
        # A result without core dimensions is an array of one element, as is what is declared as
        # one.
        cells = [
            not cores and (index >= self.nin or kind.startswith("array("))
            for index, (kind, cores) in enumerate(zip(every, self._cores, strict=True))
        ]
        dims = [len(cores) + is_cell for cores, is_cell in zip(self._cores, cells, strict=True)]
        return declared, cells, _Rounds(self._kernel, declared, dims, self.nin)

    def _build(self) -> Any:
        return _core.make_ufunc(
            self.__name__,
            self.__doc__ or "",
            self.nin,
            self.nout,
            _IDENTITIES[None],
            self.signature,
            self._cores,
            self._sorted(),
        )

    def add(self, signature: Any) -> None:
        """
        Compile a loop for types, without a call.

        Parameters
        ----------
        signature : str or tuple
            As for `guvectorize`.
        """
        names = _core.Types.parse(signature_text(signature)).names
        self._learn(names[: self.nin], names[self.nin :])

    def __reduce__(self) -> Any:
        """Pickle by name where the other side can import it, else by the Python function."""
        return name_of(self) or (GUVectorized, (self._kernel, self.signature))


# Python's own numbers, which take the types of NumPy's beside them.
_WEAK = frozenset({bool, int, float, complex})


def _dtypes(values: Sequence[Any]) -> list[Any]:
    """Return the types of a loop for values; Python's own numbers take those of the others."""
    import numpy as np

    def dtype_of(value: Any) -> Any:
        # Of arrays that are lazy too, without computing them.
        dtype = getattr(value, "dtype", None)
        return dtype if isinstance(dtype, np.dtype) else np.asarray(value).dtype

    known = [None if type(value) in _WEAK else dtype_of(value) for value in values]
    strong = [dtype for dtype in known if dtype is not None]
    found = []
    for value, dtype in zip(values, known, strict=True):
        if dtype is not None:
            found.append(dtype)
        elif strong and type(value) is not bool:
            found.append(np.result_type(*strong, value))
        else:
            found.append(np.asarray(value).dtype)
    return found


def _parse(signature: str) -> tuple[list[list[int]], list[list[int]]]:
    """Give core dimensions numbers, in the order in which they appear; return each operand's."""
    import re

    operand = r"\((?:[\w?]+(?:,[\w?]+)*)?\)"
    if not re.fullmatch(rf"{operand}(?:,{operand})*->{operand}(?:,{operand})*", signature):
        raise ValueError(f'{signature!r} is no layout of operands; write one like "(n),(n)->()"')
    numbers: dict[str, int] = {}
    sides = []
    for side in signature.split("->"):
        groups = [group[1:-1] for group in re.findall(operand, side)]
        dims = [[name.rstrip("?") for name in group.split(",") if name] for group in groups]
        sides.append([[numbers.setdefault(n, len(numbers)) for n in names] for names in dims])
    return sides[0], sides[1]


if TYPE_CHECKING:
    _Types = str | tuple[Any, ...] | list[Any]

    class _Vectorize(Protocol):
        """What type checkers are told of `vectorize`."""

        @overload
        def __call__(self, function: Callable[..., Any], /) -> Vectorized: ...
        @overload
        def __call__(
            self, signatures: None = None, /, **options: Any
        ) -> Callable[[Callable[..., Any]], Vectorized]: ...
        @overload
        def __call__(
            self, signatures: _Types, /, **options: Any
        ) -> Callable[[Callable[..., Any]], ufunc]: ...

    class _GUVectorize(Protocol):
        """What type checkers are told of `guvectorize`."""

        @overload
        def __call__(
            self, layout: str, /, **options: Any
        ) -> Callable[[Callable[..., Any]], GUVectorized]: ...
        @overload
        def __call__(
            self, signatures: _Types, layout: str, /, **options: Any
        ) -> Callable[[Callable[..., Any]], ufunc]: ...


def _typed(function: Any) -> _Vectorize:
    typed: _Vectorize = function
    return typed


def _gu_typed(function: Any) -> _GUVectorize:
    typed: _GUVectorize = function
    return typed


@_typed
def vectorize(
    signatures_or_function: Any = None,
    /,
    *,
    identity: Any = None,
    target: str = "cpu",
    parallel: bool = False,
    fastmath: bool = False,
    cache: bool = True,
    nopython: bool = True,
    **numba: Any,
) -> Any:
    """
    Make a ufunc of a function of numbers.

    It broadcasts, and has ``out=``, ``where=``, ``reduce``, ``accumulate``, ``outer`` and ``at``.

    Parameters
    ----------
    signatures_or_function : function, str, tuple or list, optional
        The function; or types to compile for, such as ``"f8(f8, f8)"`` or a list of such. Without
        types, it is compiled for those that it is called with.
    identity : {0, 1, -1, None, "reorderable"}, optional
        What a reduction of nothing gives; "reorderable" if it may go over several axes.
    target : {"cpu", "parallel"}, optional
        "parallel" means ``parallel=True``.
    parallel : bool, optional
        Whether arrays are split over all cores.
    fastmath, cache, nopython, **numba : optional
        As for `jit`. Division by zero gives infinity or NaN, as in NumPy.

    Returns
    -------
    Vectorized or numpy.ufunc
        A `numpy.ufunc` if types were given. A decorator, if no function was.

    Examples
    --------
    >>> import math
    >>> import numpy as np
    >>> import manycore as mc
    >>> @mc.vectorize
    ... def hypotenuse(a, b):
    ...     return math.sqrt(a * a + b * b)
    >>> hypotenuse(np.array([3.0, 6.0]), np.array([[4.0], [8.0]]))
    array([[ 5.        ,  7.21110255],
           [ 8.54400375, 10.        ]])
    >>> hypotenuse.reduce(np.array([2.0, 3.0, 6.0]))
    np.float64(7.0)
    """
    check_numba(nopython, numba)
    kernel = _kernel(target, parallel, fastmath, cache)
    first = signatures_or_function
    if callable(first) and not isinstance(first, type):
        return Vectorized(kernel(first), identity)

    def vectorized(function: Any) -> Any:
        made = Vectorized(kernel(function), identity)
        signatures = [] if first is None else first if isinstance(first, list) else [first]
        for signature in signatures:
            made.add(signature)
        return made.ufunc if signatures else made

    return vectorized


@_gu_typed
def guvectorize(
    signatures: Any,
    layout: str | None = None,
    /,
    *,
    target: str = "cpu",
    parallel: bool = False,
    fastmath: bool = False,
    cache: bool = True,
    nopython: bool = True,
    **numba: Any,
) -> Any:
    """
    Make a generalised ufunc of a function of arrays.

    The function writes its results to its last arguments.

    Parameters
    ----------
    signatures : str, tuple or list, optional
        Types to compile for, such as ``"f8[:], f8[:], f8[:]"`` in parentheses, or a list of such.
        May be left out; then it is compiled for those that it is called with, and results are of
        the arguments' common type unless there is ``out=``.
    layout : str
        The operands' core dimensions, such as ``"(n),(n)->()"``. A result without any is an array
        of one element.
    target, parallel, fastmath, cache, nopython, **numba : optional
        As for `vectorize`.

    Returns
    -------
    callable
        A decorator, which returns a `numpy.ufunc` if types were given, else a `GUVectorized`.

    Examples
    --------
    >>> import numpy as np
    >>> import manycore as mc
    >>> @mc.guvectorize("(n),(n)->()")
    ... def dot(a, b, result):
    ...     total = 0.0
    ...     for i in range(a.shape[0]):
    ...         total += a[i] * b[i]
    ...     result[0] = total
    >>> dot(np.arange(6.0).reshape(2, 3), np.ones(3))
    array([ 3., 12.])
    """
    check_numba(nopython, numba)
    kernel = _kernel(target, parallel, fastmath, cache)
    if layout is None:
        signatures, layout = [], signatures
    if not isinstance(layout, str):
        raise TypeError('the operands\' layout is missing; write one like "(n),(n)->()"')
    every = signatures if isinstance(signatures, list) else [signatures]

    def vectorized(function: Any) -> Any:
        made = GUVectorized(kernel(function), layout)
        for signature in every:
            made.add(signature)
        return made.ufunc if every else made

    return vectorized


def _kernel(target: str, parallel: bool, fastmath: bool, cache: bool) -> Callable[[Any], Compiled]:
    if target not in ("cpu", "parallel"):
        raise ValueError(f'target must be "cpu" or "parallel", not {target!r}')
    made: Callable[[Any], Compiled] = jit(
        parallel=parallel or target == "parallel",
        fastmath=fastmath,
        cache=cache,
        error_model="numpy",
    )
    return made
