"""
Lazy calls: ``dask.delayed``'s interface.

A `Delayed` is a node of a graph: a call that has not been made, and what it reads. Making one costs
less than a microsecond, so its key, by which users tell nodes apart, is made when somebody asks.

Examples
--------
>>> @mc.delayed
... def increment(x):
...     return x + 1
>>> total = mc.delayed(sum)([increment(1), increment(2)])
>>> (total * 10).compute()
50
"""

from __future__ import annotations

import operator
import types
import warnings

from manycore import _core, _graph
from manycore._containers import ATOMS, Build, Walk, is_array, is_dask, split
from manycore._pickle import fill
from manycore._tokens import name_of, token
from manycore._worker import apply
from manycore.bag import Bag, Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator
    from typing import Any

    from manycore.visualization import Picture

__all__ = ["Delayed", "delayed"]

_NOTHING: Any = object()


def _operation(function: Callable[..., Any]) -> Callable[..., Delayed]:
    """Make a method of an operator."""

    def method(self: Delayed, *others: Any) -> Delayed:
        return Operation(function, (self, *_captured(others)))

    return method


def _operations(
    function: Callable[[Any, Any], Any],
) -> tuple[Callable[[Any, Any], Delayed], Callable[[Any, Any], Delayed]]:
    """Make two methods of an operator: the second for when the lazy value stands on the right."""

    def reflected(self: Delayed, other: Any) -> Delayed:
        return Operation(function, _captured((other, self)))

    return _operation(function), reflected


class Delayed(_core.Node):
    """
    A value that is not computed yet; made by `delayed`, and by what is done to other such values.

    Attributes, methods, indices and operators give further lazy values. There is no truth value,
    and no length and no iteration unless ``nout`` says how many there are.

    Attributes
    ----------
    key : str
        The node's name.
    """

    __slots__ = ("_key",)

    _key: str
    # Whether equal nodes are the same.
    _is_pure = False
    _length: int | None = None
    # What a subclass has besides.
    _state: tuple[str, ...] = ()

    # NumPy arrays leave operators to us, instead of trying each of their elements.
    __array_ufunc__ = None

    @property
    def key(self) -> str:
        """The node's name."""
        try:
            return self._key
        except AttributeError:
            _graph.make_keys(self)
            return self._key

    def compute(self, **options: Any) -> Any:
        """
        Compute the value.

        Parameters
        ----------
        **options
            As in `manycore.compute`.

        Returns
        -------
        object
            The value.

        Examples
        --------
        >>> mc.delayed(max)([1, 3, 2]).compute(lane="threads")
        3
        """
        from manycore.computing import compute

        return compute(self, traverse=False, **options)[0]

    def persist(self, **options: Any) -> Delayed:
        """
        Compute the value and keep it in memory.

        Parameters
        ----------
        **options
            As in `manycore.compute`.

        Returns
        -------
        Delayed
            Of the same key, whose value is there.

        Examples
        --------
        >>> x = mc.delayed(sorted)([3, 1, 2]).persist()
        >>> x[0].compute(), x[-1].compute()
        (1, 3)
        """
        from manycore.computing import persist

        value: Delayed = persist(self, traverse=False, **options)[0]
        return value

    def visualize(self, filename: str | os.PathLike[str] | None = "graph.svg") -> Picture:
        """
        Draw the graph.

        Parameters
        ----------
        filename : path or None, default "graph.svg"
            As in `manycore.visualize`.

        Returns
        -------
        Picture
            Which notebooks show.

        Examples
        --------
        >>> (mc.delayed(1) + 2).visualize(filename=None)
        <Picture: 2 nodes, edges: 1>
        """
        from manycore.visualization import visualize

        return visualize(self, filename=filename, traverse=False)

    def _with_value(self, node: _core.Node) -> Delayed:
        """Make a node of the same name that is a value."""
        return _call(None, (node,), None, None, self.key, self._length)

    def __call__(
        self, *args: Any, pure: bool | None = None, dask_key_name: str | None = None, **kwargs: Any
    ) -> Delayed:
        """Call the value, once it is there."""
        arguments = (self, _captured(args), *([_captured_named(kwargs)] if kwargs else ()))
        return _call(apply, arguments, None, pure, dask_key_name)

    def __getattr__(self, name: str) -> Delayed:
        if name.startswith("_"):
            raise AttributeError(f"Attribute {name} not found")
        if name == "visualise":
            warnings.warn(
                "dask.delayed objects have no `visualise` method. Perhaps you meant `visualize`?",
                stacklevel=2,
            )
        attribute = DelayedAttr(getattr, (self, name))
        attribute._attr = name
        return attribute

    def __setattr__(self, name: str, value: Any) -> None:
        try:
            object.__setattr__(self, name, value)
        except AttributeError:
            raise TypeError(f"Delayed objects are immutable: {name!r} can't be set") from None

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError(f"Delayed objects are immutable: item {index!r} can't be set")

    def __iter__(self) -> Iterator[Delayed]:
        if self._length is None:
            raise TypeError("Delayed objects of unspecified length are not iterable; give nout=")
        return map(self.__getitem__, range(self._length))

    def __len__(self) -> int:
        if self._length is None:
            raise TypeError("Delayed objects of unspecified length have no len(); give nout=")
        return self._length

    def __bool__(self) -> bool:
        raise TypeError("Truth of Delayed objects is not supported")

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def __dir__(self) -> list[str]:
        return dir(type(self))

    def __copy__(self) -> Delayed:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Delayed:
        return self

    def __reduce__(self) -> tuple[Callable[..., Delayed], tuple[Any, ...]]:
        return _graph.load, (_graph.dump(self),)

    def __repr__(self) -> str:
        return f"Delayed({self.key!r})"

    def _repr_html_(self) -> str:
        from manycore._table import html_table

        return html_table("manycore delayed", [("key", self.key)])

    __abs__ = _operation(operator.abs)
    __neg__ = _operation(operator.neg)
    __pos__ = _operation(operator.pos)
    __invert__ = _operation(operator.invert)
    __getitem__ = _operation(operator.getitem)
    __add__, __radd__ = _operations(operator.add)
    __sub__, __rsub__ = _operations(operator.sub)
    __mul__, __rmul__ = _operations(operator.mul)
    __matmul__, __rmatmul__ = _operations(operator.matmul)
    __truediv__, __rtruediv__ = _operations(operator.truediv)
    __floordiv__, __rfloordiv__ = _operations(operator.floordiv)
    __mod__, __rmod__ = _operations(operator.mod)
    __pow__, __rpow__ = _operations(operator.pow)
    __and__, __rand__ = _operations(operator.and_)
    __or__, __ror__ = _operations(operator.or_)
    __xor__, __rxor__ = _operations(operator.xor)
    __lshift__, __rlshift__ = _operations(operator.lshift)
    __rshift__, __rrshift__ = _operations(operator.rshift)
    __eq__ = _operation(operator.eq)  # type: ignore[assignment]
    __ne__ = _operation(operator.ne)  # type: ignore[assignment]
    __lt__ = _operation(operator.lt)
    __le__ = _operation(operator.le)
    __gt__ = _operation(operator.gt)
    __ge__ = _operation(operator.ge)
    __hash__ = object.__hash__


class Operation(Delayed):
    """What an operator or an attribute gives: the same whenever it is asked for."""

    __slots__ = ()

    _is_pure = True


class DelayedAttr(Operation):
    """An attribute; called, it is a method."""

    __slots__ = ("_attr",)

    _state = ("_attr",)
    _attr: str

    def __getattr__(self, name: str) -> Delayed:
        if name == "dtype" and self._attr == "dtype":
            # NumPy asks a dtype for its dtype, and what it gets for that, until the stack ends.
            raise AttributeError("Attribute dtype not found")
        return super().__getattr__(name)

    def __call__(
        self, *args: Any, pure: bool | None = None, dask_key_name: str | None = None, **kwargs: Any
    ) -> Delayed:
        """Call the method."""
        _, inputs, _, _ = self._parts
        arguments = (*inputs, *_captured(args))
        kwargs = _captured_named(kwargs)
        return _call(Method(self._attr), arguments, kwargs, pure, dask_key_name)


class DelayedSequence(Delayed):
    """A value of so many items as ``nout`` said."""

    __slots__ = ("_length",)

    _state = ("_length",)
    _length: int | None


class DelayedLeaf(Delayed):
    """A value that is there: a function whose calls are lazy, or any object."""

    __slots__ = ("_length", "_obj", "_pure")

    _state = ("_length", "_obj", "_pure")
    _length: int | None
    _obj: Any
    _pure: bool | None

    def __call__(
        self, *args: Any, pure: bool | None = None, dask_key_name: str | None = None, **kwargs: Any
    ) -> Delayed:
        """Call the function with these arguments when the result is computed."""
        args = _captured(args)
        if kwargs:
            kwargs = _captured_named(kwargs)
        if pure is None:
            pure = self._pure
        if not pure and dask_key_name is None and self._length is None:
            return Delayed(self._obj, args, kwargs)
        return _call(self._obj, args, kwargs, pure, dask_key_name, self._length)

    @property
    def __name__(self) -> str:
        name: str = self._obj.__name__
        return name

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        doc: str | None = self._obj.__doc__
        return doc

    @property
    def __wrapped__(self) -> Any:
        return self._obj


class Method:
    """
    A call of a value's method.

    Parameters
    ----------
    name : str
        The method's.
    """

    __slots__ = ("__name__",)

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, value: Any, /, *args: Any, **kwargs: Any) -> Any:
        return getattr(value, self.__name__)(*args, **kwargs)

    def __reduce__(self) -> tuple[type[Method], tuple[str]]:
        return Method, (self.__name__,)


# What an argument may be that needs no preparation.
_SIMPLE: frozenset[type] = ATOMS | {
    Delayed,
    Operation,
    DelayedAttr,
    DelayedSequence,
    DelayedLeaf,
}


class _Capture(Walk):
    """Makes lazy what holds lazy values and is more than a list, tuple, set or dictionary."""

    found_types = _SIMPLE - ATOMS

    def leaf(self, value: Any) -> Any:
        if isinstance(value, Delayed):
            self.found += 1
            return value
        if isinstance(value, Bag | Item) or is_array(value):
            self.found += 1
            return Delayed(_compute, (value,))
        if is_dask(value):
            from manycore.dask import as_delayed

            self.found += 1
            return as_delayed(value)[0]
        return value

    def join(self, build: Build, items: list[Any], found: bool) -> Any:
        if not found or build.kind in _LOOKED_INTO:
            return build(items)
        if build.names:
            _check_dataclass(build, items)
        return Delayed(build, (items,))


# The core finds nodes in these.
_LOOKED_INTO = frozenset({list, tuple, set, frozenset, dict})


def _captured(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Prepare arguments: what is lazy in them are nodes, in places where the core finds them."""
    for argument in arguments:
        if type(argument) not in _SIMPLE:
            captured: tuple[Any, ...] = _Capture()(arguments)
            return captured
    return arguments


def _captured_named(arguments: dict[str, Any]) -> dict[str, Any]:
    """Prepare keyword arguments in the same way."""
    return dict(zip(arguments, _captured(tuple(arguments.values())), strict=True))


def _compute(collection: Any) -> Any:
    return collection.compute(progress=False)


def _check_dataclass(build: Build, items: list[Any]) -> None:
    """Refuse a dataclass that can't be made from its fields, where the user has one."""
    import dataclasses

    try:
        build(items)
    except (TypeError, ValueError) as error:
        fields = dataclasses.fields(build.kind)
        if any(field.name in build.names and not field.init for field in fields):
            raise ValueError(
                f"a {build.kind.__name__} of lazy values can't be made: "
                "fields with `init=False` are not supported"
            ) from error
        raise TypeError(
            f"a {build.kind.__name__} of lazy values can't be made: "
            "a custom __init__ is not supported"
        ) from error


def _call(
    function: Callable[..., Any] | None,
    args: tuple[Any, ...],
    kwargs: dict[str, Any] | None,
    pure: bool | None,
    key: str | None,
    nout: int | None = None,
) -> Delayed:
    """Make a node; the same one for equal pure calls that are alive."""
    if nout is None:
        node = Delayed(function, args, kwargs)
    else:
        node = DelayedSequence(function, args, kwargs)
        node._length = nout
    if key is not None:
        node._key = _graph.Label(key)
    elif pure:
        return _graph.make_pure(node)
    return node


def delayed(
    obj: Any = _NOTHING,
    name: str | None = None,
    pure: bool | None = None,
    nout: int | None = None,
    traverse: bool = True,
) -> Any:
    """
    Make calls of a function, or what is done to an object, lazy.

    Parameters
    ----------
    obj : object
        A function, or any object; containers may hold lazy values at any depth. Without one, a
        decorator is returned: ``@delayed(nout=2)``.
    name : str, optional
        The key of the lazy object (not of calls of it, which take ``dask_key_name=``).
    pure : bool, optional
        Whether calls with equal arguments give equal results, so that one is enough. Their keys
        then follow from the content of function and arguments.
    nout : int, optional
        How many items a call's result has; it can then be unpacked.
    traverse : bool, default True
        Whether to look for lazy values in `obj`, if it is a container.

    Returns
    -------
    Delayed
        Calling it with any arguments, lazy ones among them, gives another `Delayed`. In calls,
        ``dask_key_name=`` gives the key and ``pure=`` overrides what was said here.

    Raises
    ------
    ValueError
        If `nout` is neither None nor an integer of at least 0, or a container contains itself.
    TypeError, ValueError
        If a dataclass that holds lazy values can't be made from its fields.

    See Also
    --------
    manycore.compute : Computes several at a time.

    Examples
    --------
    >>> @mc.delayed(nout=2)
    ... def halves(text):
    ...     return text[: len(text) // 2], text[len(text) // 2 :]
    >>> left, right = halves("manycore")
    >>> (right.upper() + left).compute()
    'COREmany'
    >>> mc.delayed({"a": [left, 1]}).compute()
    {'a': ['many', 1]}
    """
    if obj is _NOTHING:
        return lambda obj: delayed(obj, name, pure, nout, traverse)
    if isinstance(obj, Delayed):
        return obj
    if not (nout is None or (type(nout) is int and nout >= 0)):
        raise ValueError(f"nout must be None or a non-negative integer, got {nout}")
    value = obj
    if traverse or isinstance(obj, Bag | Item) or is_dask(obj) or is_array(obj):
        walk = _Capture()
        value = walk(obj)
        if walk.found:
            return _literal(value, name, pure, nout)
    leaf = DelayedLeaf(None, (value,))
    leaf._obj, leaf._pure, leaf._length = value, pure, nout
    if name is not None:
        leaf._key = _graph.Label(name)
    elif pure:
        leaf._key = f"{name_of(value)}-{token(value, nout)}"
    return leaf


def _literal(value: Any, name: str | None, pure: bool | None, nout: int | None) -> Delayed:
    """Make a node of a container that holds lazy values."""
    if isinstance(value, Delayed):
        function, inputs, arguments, _ = value._parts
        arguments = fill(arguments, inputs)
    else:
        items, function = split(value) or ([], None)
        arguments = (items,)
    return _call(function, arguments, None, pure, name, nout)
