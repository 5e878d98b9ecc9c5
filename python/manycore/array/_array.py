"""
The class `Array`, and what makes one.

An `Array` holds an expression of the core, ``_core``, which is never changed: operations make new
expressions, and what looks like a change of an array in place (``x[0] = 1``, ``x += 1``) gives the
same `Array` a new expression. An array whose shape is only known when something is counted (a
boolean mask has selected it) gets its expression when it is first asked for.
"""

from __future__ import annotations

import operator
from importlib import import_module

import numpy as np

from manycore import _core
from manycore._progress import Tasks
from manycore.array._operators import Operators
from manycore.array._protocols import Protocols
from manycore.array._shapes import normalize_axis, sized_chunks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from manycore.array._explain import Explanation

    _Chunks = tuple[tuple[int, ...], ...]

__all__ = ["Array", "compute"]


class _Method:
    """A method that is a function of its name, or of another, in the namespace or a module."""

    def __init__(self, module: str = "", function: str = "") -> None:
        self.module = f"manycore.array.{module}" if module else "manycore.array"
        self.function = function

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type) -> Any:
        function = getattr(import_module(self.module), self.function or self.name)
        setattr(owner, self.name, function)  # from now on an ordinary method
        return function if instance is None else function.__get__(instance, owner)


class _Later:
    """An expression that is made when it is asked for; its dtype and dimensions are known."""

    def __init__(self, make: Callable[[], Any], dtype: np.dtype[Any], ndim: int) -> None:
        self.make = make
        self.dtype = dtype
        self.ndim = ndim


class Array(Operators, Protocols):
    """
    A lazy, chunked n-dimensional array: what the functions of `manycore.array` make and take.

    Attributes
    ----------
    dtype : numpy.dtype
        The type of the elements.
    shape : tuple of int
        The length of each axis.
    chunks : tuple of tuples of int
        The lengths of the chunks along each axis.

    Examples
    --------
    >>> x = mc.array.arange(6).reshape(2, 3)
    >>> (x * 2).sum(axis=0).compute()
    array([ 6, 10, 14])
    """

    __slots__ = ("__weakref__", "_core", "_later", "_turned")
    __hash__ = None  # type: ignore[assignment]

    _core: Any
    _later: _Later | None
    _turned: tuple[Any, Any]  # of `x.T`: its expression, and that of `x`, for `x.T @ x`

    def __getattr__(self, name: str) -> Any:
        # Only what isn't there comes here: the expression of an array that is made later.
        if name == "_core" and self._later is not None:
            core = self._core = self._later.make()
            self._later = None
            return core
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        later = self._later
        return self._core.dtype if later is None else later.dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        later = self._later
        return self._core.ndim if later is None else later.ndim

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self._core.shape  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._core.size  # type: ignore[no-any-return]

    @property
    def itemsize(self) -> int:
        """The bytes of one element."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """The bytes of all elements."""
        return self._core.nbytes  # type: ignore[no-any-return]

    @property
    def chunks(self) -> _Chunks:
        """The lengths of the chunks along each axis."""
        return self._core.chunks  # type: ignore[no-any-return]

    @property
    def chunksize(self) -> tuple[int, ...]:
        """The length of the longest chunk along each axis."""
        return tuple(max(lengths) for lengths in self._core.chunks)

    @property
    def numblocks(self) -> tuple[int, ...]:
        """The number of chunks along each axis."""
        return self._core.numblocks  # type: ignore[no-any-return]

    @property
    def npartitions(self) -> int:
        """The number of chunks."""
        count = 1
        for blocks in self._core.numblocks:
            count *= blocks
        return count

    def __repr__(self) -> str:
        """Say what it is, without computing it."""
        if self._later is not None:
            return f"mc.array<ndim={self.ndim}, dtype={self.dtype}, shape not counted yet>"
        return f"mc.array<shape={self.shape}, dtype={self.dtype}, chunks={self.chunksize}>"

    def save(self, file: Any) -> None:
        """
        Compute the elements and write them into a ``.npy`` file, chunk by chunk.

        Parameters
        ----------
        file : path
            The file; ``.npy`` is put behind its name if it isn't there.

        Examples
        --------
        >>> path = getfixture("tmp_path") / "x.npy"
        >>> mc.array.arange(3).save(path)
        >>> np.load(path)
        array([0, 1, 2])
        """
        import_module("manycore.array").save(file, self)

    def compute(
        self,
        *,
        lane: str | None = None,
        workers: int | None = None,
        progress: bool | None = None,
        **options: Any,
    ) -> Any:
        """
        Compute the elements, on all cores.

        Parameters
        ----------
        lane : {"mixed", "threads", "processes", "inline"}, optional
            Where tasks run; ``"inline"`` runs them here, one after the other.
        workers : int, optional
            Tasks that run at one time.
        progress : bool, optional
            Whether to show a progress bar; by default after a second, if on a terminal.
        **options
            Others of `manycore.compute`; without meaning for arrays.

        Returns
        -------
        numpy.ndarray or numpy.generic
            An array, or a scalar if there are no axes.

        Examples
        --------
        >>> mc.array.ones((2, 2)).sum().compute()
        np.float64(4.0)
        """
        result = run([self._core], lane, workers, progress)[0]
        return result if result.ndim else result[()]

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self) -> Iterator[Array]:
        if not self.ndim:
            raise TypeError("iteration over a 0-d array")
        return (self[index] for index in range(self.shape[0]))

    __getitem__ = _Method("_indexing", "getitem")
    __setitem__ = _Method("_assignment", "setitem")

    @property
    def T(self) -> Array:  # noqa: N802, NumPy's and the standard's name
        """The array with its axes reversed."""
        transpose = _wrap(self._core.axes(list(range(self.ndim - 1, -1, -1))))
        transpose._turned = (transpose._core, self._core)
        return transpose

    @property
    def mT(self) -> Array:  # noqa: N802
        """The array with its last two axes swapped."""
        count = self.ndim
        if count < 2:
            raise ValueError("matrix transpose with ndim < 2 is undefined")
        return _wrap(self._core.axes([*range(count - 2), count - 1, count - 2]))

    @property
    def real(self) -> Array:
        """The real parts."""
        from manycore.array._functions import real

        return real(self)

    @real.setter
    def real(self, value: Any) -> None:
        self[...] = value + 1j * self.imag if self.dtype.kind == "c" else value

    @property
    def imag(self) -> Array:
        """The imaginary parts."""
        from manycore.array._functions import imag

        return imag(self)

    @imag.setter
    def imag(self, value: Any) -> None:
        if self.dtype.kind != "c":
            raise TypeError("array does not have imaginary part to set")
        self[...] = self.real + 1j * value

    @property
    def device(self) -> str:
        """Where the elements are: ``"cpu"``."""
        return "cpu"

    @property
    def flat(self) -> Array:
        """The elements along one axis: `ravel`."""
        return self.reshape(-1)

    @property
    def vindex(self) -> Any:
        """An index of points: ``x.vindex[[0, 1], [2, 3]]`` is ``x[0, 2]`` and ``x[1, 3]``."""
        from manycore.array._indexing import PointwiseIndexer

        return PointwiseIndexer(self)

    @property
    def blocks(self) -> Any:
        """An index of chunks: ``x.blocks[0, 1]`` is a chunk, as an array."""
        from manycore.array._indexing import BlockIndexer

        return BlockIndexer(self)

    @property
    def partitions(self) -> Any:
        """The same as `blocks`."""
        return self.blocks

    def to_device(self, device: str, /, *, stream: Any = None) -> Array:
        """Return the array; there is no other device than ``"cpu"``."""
        if device != "cpu":
            raise ValueError(f"device must be 'cpu', not {device!r}")
        if stream is not None:
            raise ValueError("there are no streams on the device 'cpu'")
        return self

    def astype(
        self,
        dtype: Any,
        order: str = "K",
        casting: Any = "unsafe",
        subok: bool = True,
        copy: bool = True,
        *,
        device: Any = None,
    ) -> Array:
        """
        Convert the elements to another type.

        Parameters
        ----------
        dtype : dtype
            The type.
        casting : str, default "unsafe"
            What may be converted to what, as in NumPy.
        copy : bool, default True
            False gives the array itself if it has the type already.
        order, subok, device
            Without meaning for lazy arrays.

        Returns
        -------
        Array
            Lazy.

        Examples
        --------
        >>> mc.array.asarray([1.7, 2.2]).astype(int).compute()
        array([1, 2])
        """
        from manycore.array._dtypes import converted

        core = converted(self._core, dtype, casting)
        return self if core is self._core and not copy else _wrap(core)

    def rechunk(self, chunks: Any = "auto", **options: Any) -> Array:
        """
        Choose other chunks.

        Parameters
        ----------
        chunks : int, tuple, dict or str, default "auto"
            One length for all axes; for each axis a length, the lengths of its chunks, or -1 for
            one chunk; a dictionary of such by axis, which leaves the other axes as they are;
            ``"auto"``; or the bytes of a chunk, such as ``"64 MiB"``.
        **options
            Dask's; without meaning here.

        Returns
        -------
        Array
            Lazy. Chunks are only how work is divided: results don't depend on them.

        Examples
        --------
        >>> x = mc.array.ones((6, 4), chunks=3)
        >>> x.rechunk({0: 2, 1: -1}).chunks
        ((2, 2, 2), (4,))
        """
        core = self._core
        if isinstance(chunks, dict):
            given = {normalize_axis(axis, core.ndim): size for axis, size in chunks.items()}
            chunks = tuple(given.get(axis, core.chunks[axis]) for axis in range(core.ndim))
        elif isinstance(chunks, tuple | list) and len(chunks) == core.ndim:
            sizes = zip(chunks, core.chunks, strict=True)
            chunks = tuple(own if size is None else size for size, own in sizes)
        plain = sized_chunks(chunks, core.shape, core.dtype)
        return self if plain == core.chunks else _wrap(core.rechunk(plain))

    def explain(self) -> Explanation:
        """
        Say what computing it would do: what is fused, the chunks, bytes read and written, memory.

        See `mc.array.explain`, which takes several.

        Examples
        --------
        >>> x = mc.array.ones(10) + 1
        >>> len(x.explain().stages)
        1
        """
        from manycore.array._explain import explain

        return explain(self)

    def persist(self, **options: Any) -> Array:
        """
        Compute the elements now, and return an array of them, with the same chunks.

        Examples
        --------
        >>> x = (mc.array.arange(4) ** 2).persist()
        >>> x.sum().compute()
        np.int64(14)
        """
        core = self._core
        return _wrap(_core.Array.from_numpy(run([core])[0], core.chunks))

    def compute_chunk_sizes(self) -> Array:
        """
        Count what a mask has selected, now; otherwise it is counted when it is asked for.

        Examples
        --------
        >>> x = mc.array.arange(5)
        >>> x[x > 2].compute_chunk_sizes().shape
        (2,)
        """
        _ = self._core
        return self

    def to_delayed(self, optimize_graph: bool = True) -> np.ndarray[Any, Any]:
        """
        Make a delayed value of each chunk.

        Parameters
        ----------
        optimize_graph
            Dask's; without meaning here.

        Returns
        -------
        numpy.ndarray
            Of delayed values, in the shape of `numblocks`.

        Examples
        --------
        >>> chunks = mc.array.arange(4, chunks=2).to_delayed()
        >>> chunks[1].compute()
        array([2, 3])
        """
        from manycore._delayed import delayed

        made = np.empty(self.numblocks, object)
        for index in np.ndindex(*self.numblocks):
            made[index] = delayed(self.blocks[index])
        return made

    def to_numpy(self) -> np.ndarray[Any, Any]:
        """
        Compute the elements.

        Examples
        --------
        >>> mc.array.arange(3).to_numpy()
        array([0, 1, 2])
        """
        return np.asarray(self)

    def item(self, *args: Any) -> Any:
        """
        Compute one element, as a Python number.

        Examples
        --------
        >>> mc.array.asarray([[1, 2]]).item(1)
        2
        """
        if not args:
            if self.size != 1:
                raise ValueError("can only convert an array of size 1 to a Python scalar")
            return np.asarray(self).item()
        index = args[0] if len(args) == 1 and isinstance(args[0], tuple) else args
        if len(index) == 1 and self.ndim != 1:
            place = operator.index(index[0])
            if not -self.size <= place < self.size:
                raise IndexError(f"index {place} is out of bounds for size {self.size}")
            index = np.unravel_index(place % max(self.size, 1), self.shape)
        elif len(index) != self.ndim:
            raise ValueError("incorrect number of indices for array")
        return np.asarray(self[tuple(index)]).item()

    def tolist(self) -> Any:
        """Compute the elements, as nested lists of Python numbers."""
        return np.asarray(self).tolist()

    def tobytes(self, order: Any = "C") -> bytes:
        """Compute the elements, as their bytes."""
        return np.asarray(self).tobytes(order)

    def reshape(self, *shape: Any, order: str = "C", copy: bool | None = None) -> Array:
        """
        Give the array another shape.

        Examples
        --------
        >>> mc.array.arange(6).reshape(2, -1).shape
        (2, 3)
        """
        from manycore.array._manipulation import reshape

        return reshape(self, shape[0] if len(shape) == 1 else shape, order, copy=copy)

    def transpose(self, *axes: Any) -> Array:
        """
        Permute the axes; reverse them by default.

        Examples
        --------
        >>> mc.array.ones((2, 3, 4)).transpose(2, 0, 1).shape
        (4, 2, 3)
        """
        from manycore.array._manipulation import transpose

        if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], tuple | list)):
            return transpose(self, axes[0])
        return transpose(self, axes or None)

    def flatten(self, order: str = "C") -> Array:
        """
        Flatten the array.

        Examples
        --------
        >>> mc.array.ones((2, 3)).flatten().shape
        (6,)
        """
        from manycore.array._manipulation import ravel

        return ravel(self, order)

    def copy(self, order: str = "C") -> Array:
        """
        Make another array of the same elements.

        Examples
        --------
        >>> mc.array.arange(3).copy().compute()
        array([0, 1, 2])
        """
        return _wrap(self._core)

    def view(self, dtype: Any = None) -> Array:
        """
        Read the elements' bytes as another type of the same size.

        Examples
        --------
        >>> mc.array.asarray([-1]).view("u8").compute()
        array([18446744073709551615], dtype=uint64)
        """
        core = self._core
        kind = core.dtype if dtype is None else np.dtype(dtype)
        if kind == core.dtype:
            return _wrap(core)
        if kind.itemsize != core.dtype.itemsize:
            raise ValueError(
                f"a lazy array of {core.dtype} can be viewed as a type of "
                f"{core.dtype.itemsize} bytes, not as {kind}: use map_blocks"
            )
        return _wrap(_core.Array.call(lambda block: block.view(kind), [core], kind, "view"))

    def fill(self, value: Any) -> None:
        """
        Replace all elements by a value.

        Examples
        --------
        >>> x = mc.array.zeros(2)
        >>> x.fill(3)
        >>> x.compute()
        array([3., 3.])
        """
        self[...] = value

    def sort(self, axis: int = -1, kind: Any = None, *, stable: bool | None = None) -> None:
        """
        Sort along an axis: the array gets a new expression, as by an assignment.

        Examples
        --------
        >>> x = mc.array.asarray([3, 1, 2])
        >>> x.sort()
        >>> x.compute()
        array([1, 2, 3])
        """
        self._core = import_module("manycore.array").sort(self, axis=axis)._core

    def compress(self, condition: Any, axis: int | None = None, out: Any = None) -> Array:
        """
        Select what lies along an axis by a condition of its indices.

        Examples
        --------
        >>> mc.array.asarray([1, 2, 3]).compress([True, False, True]).compute()
        array([1, 3])
        """
        from manycore.array._choices import compress

        return compress(condition, self, axis, out)

    def _repr_html_(self) -> str:
        from manycore.array._html import describe

        return describe(self)

    all = _Method()
    any = _Method()
    argmax = _Method()
    argmin = _Method()
    argpartition = _Method()
    argsort = _Method()
    argtopk = _Method()
    choose = _Method()
    clip = _Method()
    conj = _Method()
    conjugate = _Method()
    cumprod = _Method()
    cumsum = _Method()
    diagonal = _Method()
    dot = _Method()
    max = _Method()
    mean = _Method()
    min = _Method()
    moment = _Method()
    nonzero = _Method()
    prod = _Method()
    put = _Method()
    ravel = _Method()
    repeat = _Method()
    round = _Method()
    searchsorted = _Method()
    squeeze = _Method()
    std = _Method()
    store = _Method()
    sum = _Method()
    swapaxes = _Method()
    take = _Method()
    to_zarr = _Method()
    topk = _Method()
    trace = _Method()
    var = _Method()

    def map_blocks(self, func: Callable[..., Any], *args: Any, **options: Any) -> Array:
        """Call a function with each block: see `manycore.array.map_blocks`."""
        from manycore.array._blockwise import map_blocks

        return map_blocks(func, self, *args, **options)

    def map_overlap(self, func: Callable[..., Any], *args: Any, **options: Any) -> Array:
        """Call a function with each block and what is around it: see `mc.array.map_overlap`."""
        from manycore.array._overlap import map_overlap

        return map_overlap(func, self, *args, **options)


def _wrap(core: Any) -> Array:
    """Make an array of an expression of the core."""
    array = _new(Array)
    array._core = core
    array._later = None
    return array


_new = object.__new__


def _wrap_later(make: Callable[[], Any], dtype: np.dtype[Any], ndim: int) -> Array:
    """Make an array of an expression that ``make`` makes when the shape is first asked for."""
    array = _new(Array)
    array._later = _Later(make, dtype, ndim)
    return array


def asarray(value: Any) -> Array:
    """Make an array of anything that NumPy can make one of, without a copy where it can."""
    if isinstance(value, Array):
        return value
    array = np.asarray(value)
    if array.dtype.hasobject:
        raise TypeError(
            f"{value!r:.80} has dtype {array.dtype}, and Python objects are not supported: "
            "use a NumPy array for them, or mc.bag"
        )
    return _wrap(_core.Array.from_numpy(array))


def run(
    cores: list[Any],
    lane: str | None = None,
    workers: int | None = None,
    progress: bool | None = None,
) -> list[Any]:
    """Compute expressions of the core, and show how far that is if it takes more than a second."""
    with Tasks(progress) as bar:
        return _core.compute_arrays(cores, lane, workers, bar)


def compute(*arrays: Any, progress: bool | None = None) -> tuple[Any, ...]:
    """
    Compute several arrays together: what they share is computed once.

    Parameters
    ----------
    *arrays : Array or object
        What to compute; what is no array is returned as it is.
    progress : bool, optional
        Whether to show a progress bar; by default after a second, if on a terminal.

    Returns
    -------
    tuple
        NumPy's arrays, and scalars for arrays without axes.

    Examples
    --------
    >>> x = mc.array.arange(4)
    >>> mc.array.compute(x.min(), x.max())
    (np.int64(0), np.int64(3))
    """
    lazy = [value._core for value in arrays if isinstance(value, Array)]
    results = iter(run(lazy, progress=progress))
    computed = (next(results) if isinstance(value, Array) else value for value in arrays)
    return tuple(
        value[()] if isinstance(value, np.ndarray) and not value.ndim else value
        for value in computed
    )
