"""
Compiles Python functions: ``@mc.jit``.

A function of numbers and arrays becomes machine code when it is first called, for the types of the
arguments that it is called with. What is in it reads as NumPy and Python; what it can't be, a
`CompileError` shows with its line.

>>> import manycore as mc
>>> @mc.jit
... def collatz(n):
...     steps = 0
...     while n != 1:
...         n = n // 2 if n % 2 == 0 else 3 * n + 1
...         steps += 1
...     return steps
>>> collatz(27)
111
>>> collatz.signatures
[('int64',)]
"""

from __future__ import annotations

import os
import sys
import time
from threading import RLock
from weakref import WeakValueDictionary

from manycore import _core
from manycore._source import file_lines, keep, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import FunctionType
    from typing import Any, Protocol, TextIO, overload

    from manycore.types import Signature

__all__ = ["CompileError", "Compiled", "jit", "prange"]


class CompileError(TypeError):
    """
    A function, or something in it, can't be compiled.

    Attributes
    ----------
    message : str
        What is wrong, with names and types.
    hint : str or None
        What to write instead.
    file, line, column, function
        Where it stands; lines count from 1, columns from 0.

    Examples
    --------
    >>> import manycore as mc
    >>> @mc.jit
    ... def f(x):
    ...     with x:
    ...         return 1
    >>> try:
    ...     f(1.0)
    ... except mc.CompileError as error:
    ...     print(error.line, error.function)
    3 f
    """

    def __init__(
        self, message: str, hint: str | None = None, place: tuple[str, int, int, str] | None = None
    ) -> None:
        super().__init__(message, hint, place)
        self.message = message
        self.hint = hint
        self.file, self.line, self.column, self.function = place or ("", 0, 0, "")

    def __str__(self) -> str:
        text = self.message
        if self.file:
            text += f'\n  File "{self.file}", line {self.line}, in {self.function}'
            lines = file_lines(self.file)
            if 0 < self.line <= len(lines):
                line = lines[self.line - 1].rstrip()
                # Columns count bytes of UTF-8.
                before = len(line.encode()[: self.column].decode(errors="ignore"))
                indent = len(line) - len(line.lstrip())
                text += f"\n    {line.lstrip()}\n    {' ' * (before - indent)}^"
        if self.hint:
            text += f"\n  hint: {self.hint}"
        return text


class prange:  # noqa: N801 - a function to its users, as `range` is
    """
    ``range`` whose rounds may run at one time.

    On all cores, in a function compiled with ``parallel=True``. The rounds must not depend on each
    other, but for sums and the like: ``total += x``, also ``-=``, ``*=``, ``min``, ``max``, ``&=``,
    ``|=``. Outside of compiled functions it is ``range``.

    Examples
    --------
    >>> import manycore as mc
    >>> @mc.jit(parallel=True)
    ... def total(n):
    ...     result = 0
    ...     for i in mc.prange(n):
    ...         result += i
    ...     return result
    >>> total(1000)
    499500
    """

    def __new__(cls, *arguments: int) -> range:  # type: ignore[misc]
        """Return a range."""
        return range(*arguments)


# Whether functions are interpreted, as where llvmlite is missing; tests compare the two.
_INTERPRETED = False

# One compiles at a time: LLVM's binding has a lock of its own, and whoever waits for the same
# function finds it compiled.
_COMPILING = RLock()


class Compiled(_core.Kernel):
    """
    A function that is compiled for the types that it is called with: what `jit` returns.

    Attributes
    ----------
    py_func : function
        The Python function.
    """

    def __new__(cls, function: FunctionType, options: Mapping[str, Any]) -> Compiled:
        """Make one; nothing is compiled yet."""
        return super().__new__(
            cls,
            function,
            parallel=bool(options["parallel"]),
            fastmath=bool(options["fastmath"]),
            boundscheck=options["boundscheck"] is not False,
            numpy_errors=options["error_model"] == "numpy",
            sums=bool(options.get("sums")),
            counted=bool(options.get("counted")),
        )

    def __init__(self, function: FunctionType, options: Mapping[str, Any]) -> None:
        self._options = dict(options)
        self._declared: list[str] = []
        self._address: Mapping[str, int] | None = None
        self._is_open = True
        self._is_python = False
        self._lowered: dict[tuple[str, ...], _core.Lowered] = {}
        self._times: dict[tuple[str, ...], tuple[float, float, bool]] = {}
        for name in ("__name__", "__qualname__", "__module__", "__doc__"):
            setattr(self, name, getattr(function, name))
        self.__wrapped__ = function

    if TYPE_CHECKING:
        __name__: str
        __qualname__: str
        _number: str

    def __repr__(self) -> str:
        return f"<compiled function {self.__qualname__}>"

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """Bind to an instance, as functions do."""
        if instance is None:
            return self
        from types import MethodType

        return MethodType(self, instance)

    @property
    def signatures(self) -> list[tuple[str, ...]]:
        """The types of the arguments that it has been compiled for, in order."""
        return list(self._lowered)

    def compile(self, signature: Any) -> None:
        """
        Compile for types, without a call.

        Parameters
        ----------
        signature : str or tuple
            As for `jit`.

        Examples
        --------
        >>> import manycore as mc
        >>> @mc.jit
        ... def double(x):
        ...     return 2 * x
        >>> double.compile("f8(f8)")
        >>> double.signatures
        [('float64',)]
        """
        types = _core.Types.parse(signature_text(signature))
        code = self.__wrapped__.__code__
        wanted = code.co_argcount + code.co_kwonlyargcount
        if len(types.names) != wanted:
            given = f"{signature_text(signature)!r} has {len(types.names)}"
            raise TypeError(f"{self.__name__} takes {wanted} arguments, and {given}")
        self._make(types)

    def _counted(self) -> Compiled:
        """Return the same function as one that counts what it does."""
        with _COMPILING:
            counted: Compiled | None = self.__dict__.get("_counting")
            if counted is None:
                counted = Compiled(self.__wrapped__, {**self._options, "counted": True})
                if not self._is_open:
                    _declare(counted, self._declared or self.signatures)
                self._counting = counted
        return counted

    def disable_compile(self) -> None:
        """Have calls with types that it has not been compiled for fail."""
        self._is_open = False

    def _specialise(self, types: _core.Types) -> bool:
        """Compile for types that a call came with; tell whether there is code then."""
        if self._is_python:
            return False
        if not self._is_open:
            known = ", ".join(f"({', '.join(types)})" for types in self._lowered)
            raise TypeError(f"{self.__name__} takes {known}, and was given {types}")
        try:
            self._make(types)
        except CompileError as error:
            if not self._options["fallback"]:
                raise
            import warnings

            self._is_python = True
            message = f"{self.__name__} runs in Python, as it can't be compiled: {error}"
            warnings.warn(message, RuntimeWarning, stacklevel=3)
            return False
        return True

    def _make(self, types: _core.Types) -> None:
        with _COMPILING:
            if self._knows(types):
                return
            begin = time.perf_counter()
            lowered = self._lower(types)
            inferred = time.perf_counter()
            address, keeper, is_cached = _code(lowered, bool(self._options["cache"]))
            self._install(lowered, address, keeper)
            signature = tuple(lowered.arguments)
            self._lowered[signature] = lowered
            end = time.perf_counter()
            self._times[signature] = (inferred - begin, end - inferred, is_cached)

    def _asked(self, signature: Any) -> Iterator[tuple[tuple[str, ...], _core.Lowered]]:
        if signature is None:
            yield from self._lowered.items()
            return
        wanted = tuple(_core.Types.parse(signature_text(signature)).names)
        if wanted not in self._lowered:
            raise KeyError(f"{self.__name__} has not been compiled for ({', '.join(wanted)})")
        yield wanted, self._lowered[wanted]

    def inspect_types(self, file: TextIO | None = None, signature: Any = None) -> None:
        """
        Print the source with the types that were inferred.

        Parameters
        ----------
        file : file, optional
            Where to; standard output if not given.
        signature : str or tuple, optional
            For which arguments; all that it has been compiled for if not given.

        Examples
        --------
        >>> import manycore as mc
        >>> @mc.jit
        ... def area(r):
        ...     square = r * r
        ...     return 3.14 * square
        >>> area(1)
        3.14
        >>> area.inspect_types()
        area(r: int64) -> float64
        ...
        """
        for types, lowered in self._asked(signature):
            code = self.__wrapped__.__code__
            names = code.co_varnames[: len(types)]
            given = ", ".join(f"{name}: {kind}" for name, kind in zip(names, types, strict=True))
            print(f"{self.__name__}({given}) -> {lowered.result}", file=file)
            notes: dict[int, list[str]] = {}
            for name, line, kind in lowered.variables:
                notes.setdefault(line, []).append(f"{name}: {kind}")
            lines = file_lines(code.co_filename)
            last = max([code.co_firstlineno, *(line for *_, line in code.co_lines() if line)])
            for number in range(code.co_firstlineno, min(last, len(lines)) + 1):
                note = f"  # {', '.join(notes[number])}" if number in notes else ""
                print(f"{number:5} {lines[number - 1].rstrip()}{note}", file=file)

    def inspect_llvm(self, signature: Any = None) -> Any:
        """
        Return LLVM's text after optimisation.

        Parameters
        ----------
        signature : str or tuple, optional
            For which arguments.

        Returns
        -------
        str, or dict of str by signature if none is given
        """
        return self._inspect(signature, 0)

    def inspect_asm(self, signature: Any = None) -> Any:
        """
        Return the machine code in assembly language.

        Parameters
        ----------
        signature : str or tuple, optional
            For which arguments.

        Returns
        -------
        str, or dict of str by signature if none is given
        """
        return self._inspect(signature, 1)

    def _inspect(self, signature: Any, which: int) -> Any:
        from manycore import _llvm

        found = {
            types: _llvm.optimised(lowered.text)[which] for types, lowered in self._asked(signature)
        }
        return found if signature is None else next(iter(found.values()))

    def report(self, file: TextIO | None = None) -> None:
        """
        Print what was inferred, fused and run in parallel, and how long it took to compile.

        Parameters
        ----------
        file : file, optional
            Where to; standard output if not given.

        Examples
        --------
        >>> import manycore as mc
        >>> @mc.jit
        ... def double(x):
        ...     return 2 * x
        >>> double(21)
        42
        >>> double.report()
        double(int64) -> int64
          inferred in ... ms, ...
        """
        for types, lowered in self._lowered.items():
            infer, compiled, is_cached = self._times[types]
            how = "taken from the cache" if is_cached else "compiled"
            print(f"{self.__name__}({', '.join(types)}) -> {lowered.result}", file=file)
            print(
                f"  inferred in {1e3 * infer:.1f} ms, {how} in {1e3 * compiled:.1f} ms", file=file
            )
            for line, note in lowered.notes:
                print(f"  line {line}: {note}", file=file)

    @property
    def address(self) -> int:
        """
        The address of a C function that calls it, for ``ctypes`` and `scipy.LowLevelCallable`.

        It must have been compiled for one signature, of numbers.

        Examples
        --------
        >>> import ctypes
        >>> import manycore as mc
        >>> @mc.jit("f8(f8, i4)")
        ... def power(x, n):
        ...     return x**n
        >>> c_type = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_int32)
        >>> c_type(power.address)(2.0, 10)
        1024.0
        """
        if self._address is None:
            from manycore import _c_function

            if len(self._lowered) != 1:
                known = ", ".join(f"({', '.join(types)})" for types in self._lowered) or "none"
                message = f"{self.__name__}.address needs one signature, and there are: {known}"
                raise TypeError(message)
            ((types, lowered),) = self._lowered.items()
            parts = self._c_parts(0)
            assert parts is not None
            self._address = _c_function.make(self.__name__, types, lowered.result, *parts)
        return self._address["function"]

    def __reduce__(self) -> Any:
        """Pickle by name where the other side can import it, else by the Python function."""
        return name_of(self) or _travel(self)


def name_of(thing: Any) -> str | None:
    """Return the name by which another process can import something, if it can."""
    found: Any = sys.modules.get(thing.__module__)
    for name in thing.__qualname__.split("."):
        found = getattr(found, name, None)
    return thing.__qualname__ if found is thing and thing.__module__ != "__main__" else None


def _code(lowered: _core.Lowered, use_cache: bool) -> tuple[int | None, object, bool]:
    """Compile, or take from the cache: the entry's address, what keeps it, whether it was there."""
    if _INTERPRETED:
        return None, None, False
    from manycore import _machine_code

    if _machine_code.compiler() is None:
        return None, None, False
    library, is_cached = _machine_code.make(lowered.text, ["entry"], use_cache=use_cache)
    return library["entry"], library, is_cached


# Compiled functions on their way to another process, by numbers that they get for it. One that
# refers to itself, or to one that refers to it, is met again while it is being pickled: then only
# its number travels. Those that have arrived stay compiled for as long as somebody has them.
_under_way: set[str] = set()
_arrived: WeakValueDictionary[str, Compiled] = WeakValueDictionary()


def _travel(kernel: Compiled) -> tuple[Any, ...]:
    import cloudpickle

    number: str | None = kernel.__dict__.get("_number")
    if number is None:
        number = kernel._number = os.urandom(16).hex()
        _arrived[number] = kernel
    if number in _under_way:
        return _Later, (number,)
    _under_way.add(number)
    try:
        function = cloudpickle.dumps(kernel.__wrapped__)
    finally:
        _under_way.discard(number)
    sources = texts(kernel.__wrapped__)
    return _arrive, (number, function, kernel._options, kernel._declared, sources)


def _arrive(
    number: str,
    code: bytes,
    options: dict[str, Any],
    declared: list[str],
    sources: dict[str, list[str]],
) -> Compiled:
    kernel = _arrived.get(number)
    if kernel is None:
        import pickle

        keep(sources)

        kernel = Compiled(pickle.loads(code), options)
        kernel._number = number
        # Two threads may have unpickled it at one time.
        kernel = _arrived.setdefault(number, kernel)
        if declared and not kernel.signatures:
            _declare(kernel, declared)
    return kernel


class _Later:
    """Stands for a compiled function that has not arrived as a whole."""

    def __init__(self, number: str) -> None:
        self._number = number

    @property
    def py_func(self) -> Any:
        return _arrived[self._number].py_func

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _arrived[self._number](*args, **kwargs)


def signature_text(signature: Any) -> str:
    """Write a signature as text: a text itself, or types of Python's, NumPy's, ours and Numba's."""
    if isinstance(signature, str):
        return f"({signature})" if _is_list(signature) else signature
    if isinstance(signature, tuple):
        return f"({', '.join(map(_type_text, signature))})"
    if hasattr(signature, "return_type"):
        return _type_text(signature.return_type) + signature_text(tuple(signature.args))
    return f"({_type_text(signature)})"


def _is_list(text: str) -> bool:
    """Whether types stand side by side, without parentheses around them."""
    depth = 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            return True
    return False


def _type_text(kind: Any) -> str:
    if kind is None:
        return "none"
    if isinstance(kind, str):
        return kind
    items = kind if isinstance(kind, tuple) else getattr(kind, "types", None)
    if isinstance(items, tuple):
        return f"Tuple({signature_text(items)})"
    # `float`, `numpy.float64`, `numpy.dtype("f8")`; numba's types are shown as they are written.
    name = getattr(kind, "name", None) or getattr(kind, "__name__", None) or str(kind)
    return str(name)


def _declare(kernel: Compiled, signatures: Sequence[Any]) -> None:
    for signature in signatures:
        kernel.compile(signature)
    kernel._declared = [signature_text(signature) for signature in signatures]
    kernel.disable_compile()


if TYPE_CHECKING:

    class _Jit(Protocol):
        """What type checkers are told of `jit`."""

        @overload
        def __call__(self, function: Callable[..., Any], /, **options: Any) -> Compiled: ...
        @overload
        def __call__(
            self,
            signatures: str | tuple[Any, ...] | list[Any] | Signature | None = None,
            /,
            *,
            parallel: bool = False,
            fastmath: bool = False,
            cache: bool = True,
            boundscheck: bool | None = True,
            error_model: str = "python",
            fallback: bool = False,
            nopython: bool = True,
            **numba: Any,
        ) -> Callable[[Callable[..., Any]], Compiled]: ...


# What to write for what is no function, by its type's name.
_INSTEAD = {
    "builtin_function_or_method": "; call it in a function that is compiled",
    "classmethod": "; make it a staticmethod",
    "partial": "; compile a function that calls it: lambda x: f(2, x)",
    "type": "; compile functions, and give them what they need of its objects",
    "ufunc": "; call it in a function that is compiled",
    "_lru_cache_wrapper": "; decorate the compiled function by what keeps its results",
}

# What Numba can be told that changes nothing here.
_NUMBA = frozenset(
    {
        *("nogil", "inline", "debug", "looplift", "forceobj", "locals", "target", "boundscheck"),
        *("error_model", "no_cpython_wrapper", "no_cfunc_wrapper", "writable_args"),
    }
)


def check_numba(nopython: bool, options: Mapping[str, Any]) -> None:
    """Refuse what Numba can be told and we can't, and what nobody knows."""
    if unknown := options.keys() - _NUMBA:
        raise TypeError(f"got an unexpected keyword argument {min(unknown)!r}")
    if not nopython or options.get("forceobj"):
        given = "forceobj=True" if nopython else "nopython=False"
        raise ValueError(f"{given} is not supported; fallback=True runs a function in Python")
    if options.get("locals"):
        message = "locals= is not supported; give a variable its type with its value: "
        raise ValueError(f"{message}x = np.float32(0)")


def _typed(function: Any) -> _Jit:
    typed: _Jit = function
    return typed


@_typed
def jit(
    signature_or_function: Any = None,
    /,
    *,
    parallel: bool = False,
    fastmath: bool = False,
    cache: bool = True,
    boundscheck: bool | None = True,
    error_model: str = "python",
    fallback: bool = False,
    nopython: bool = True,
    **numba: Any,
) -> Any:
    """
    Compile a function to machine code.

    With or without parentheses: ``@mc.jit``, ``@mc.jit(parallel=True)``, ``@mc.jit("f8(f8[:])")``.
    Without signatures, it is compiled when it is called with arguments of types that are new; with
    signatures at once, and for no others.

    Parameters
    ----------
    signature_or_function : function, str, tuple, signature or list, optional
        The function; or types to compile for, with the result's in front or without: ``"f8(f8[:],
        i8)"``, ``"(f8[:, ::1],)"``, ``(float, np.int64)``, ``mc.float64(mc.int64)``; or a list of
        such.
    parallel : bool, optional
        Whether ``prange``, array expressions and reductions run on all cores. The answer does not
        depend on how many there are.
    fastmath : bool, optional
        Whether floating-point arithmetic may be reordered, and NaN and infinity left out of
        account.
    cache : bool, optional
        Whether machine code is kept on disk for the next process. It is never out of date: its name
        is a hash of all that it depends on.
    boundscheck : bool, optional
        Whether indices are checked; without that, one that is out of range reads or writes memory
        that belongs to something else.
    error_model : {"python", "numpy"}, optional
        What a division by zero does: raise ``ZeroDivisionError``, or give infinity or NaN.
    fallback : bool, optional
        Whether a function that can't be compiled runs in Python instead, with one warning.
    nopython, **numba : optional
        Accepted for Numba's sake: ``nogil``, ``inline``, ``debug``, ``looplift``, and others that
        say nothing here. A function never calls Python, always releases the GIL, and LLVM decides
        what is inlined.

    Returns
    -------
    Compiled
        The function, compiled when it is called; or a decorator, if no function was given.

    Raises
    ------
    CompileError
        If a function can't be compiled for its arguments: here with signatures, else when it is
        called.

    See Also
    --------
    prange : a loop on all cores

    Notes
    -----
    A function may take and return numbers, texts, None, NumPy's arrays and random generators, and
    tuples, named ones too, of these; other functions and dtypes are compiled in. Inside, there are
    loops with ``else``, comprehensions, ``match`` over constants, ``:=``, closures, lambdas,
    ``*args``, recursion, calls of other Python functions, exceptions that are raised, NumPy,
    ``math``, ``random``, ``heapq`` and ``bisect``.

    Lists grow and are shared as Python's are, go to other functions and are returned; the items of
    one are of one type: after ``xs.append(1)`` and ``xs.append(0.5)`` both are floats. There are no
    dictionaries, sets, classes, generators and ``try``.

    Examples
    --------
    >>> import numpy as np
    >>> import manycore as mc
    >>> @mc.jit
    ... def moving_maximum(values, width):
    ...     result = np.empty(len(values) - width + 1)
    ...     for i in range(len(result)):
    ...         result[i] = values[i : i + width].max()
    ...     return result
    >>> moving_maximum(np.array([1.0, 3.0, 2.0, 0.0, 1.0]), 2)
    array([3., 3., 2., 1.])

    With a signature:

    >>> @mc.jit("f8(i8)")
    ... def half(n):
    ...     return n / 2
    >>> half(3)
    1.5
    """
    if error_model not in ("python", "numpy"):
        message = f'error_model must be "python" or "numpy", not {error_model!r}'
        raise ValueError(message)
    check_numba(nopython, numba)
    options = {
        "parallel": parallel,
        "fastmath": fastmath,
        "cache": cache,
        "boundscheck": boundscheck,
        "error_model": error_model,
        "fallback": fallback,
    }

    def compiled(function: Any) -> Any:
        # A method that is static remains it.
        if isinstance(function, staticmethod):
            return staticmethod(compiled(function.__func__))
        if isinstance(function, _core.Kernel):
            function = function.py_func
        if not hasattr(function, "__code__"):
            name = type(function).__name__
            message = f"only functions written in Python can be compiled, not a {name}"
            raise TypeError(message + _INSTEAD.get(name, ""))
        kernel = Compiled(function, options)
        if signatures:
            _declare(kernel, signatures)
        return kernel

    first = signature_or_function
    if first is None or isinstance(first, (str, tuple)) or hasattr(first, "return_type"):
        signatures = [] if first is None else [first]
        return compiled
    if isinstance(first, list):
        signatures = first
        return compiled
    signatures = []
    return compiled(first)


njit = jit
