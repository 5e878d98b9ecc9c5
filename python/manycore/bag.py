"""
Lazy, partitioned collections of text and Python objects.

Names and meaning follow ``dask.bag``. Nothing runs before ``compute``, ``persist``, ``take`` or
``to_textfiles``; then partitions run on all cores. Strings read from files, and what the ``.str``
methods make of them, are processed natively, without the GIL and without a Python object for each;
Python functions in ``map``, ``filter`` and ``fold`` get ordinary Python objects.

Examples
--------
>>> folder = getfixture("documents")
>>> docs = mc.bag.read_text(folder)
>>> docs.str.lower().str.split().flatten().frequencies(sort=True).take(3)
(('be', 2), ('that', 2), ('to', 2))
>>> docs.filter(lambda line: "not" in line).map(len).sum().compute()
19
"""

from __future__ import annotations

import builtins
import math
import operator
import os

from manycore import _accumulate, _core
from manycore._progress import Progress
from manycore._sizes import format_bytes, parse_bytes

__all__ = ["Bag", "Item", "StringMethods", "from_delayed", "from_sequence", "range", "read_text"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, Literal

    _PathLike = str | os.PathLike[str]
    _Compression = Literal["infer", "gzip", "zstd"] | None

_NOTHING: Any = object()


def read_text(
    urlpath: _PathLike | Sequence[_PathLike],
    blocksize: int | str | None = "auto",
    compression: _Compression = "infer",
    encoding: str = "utf-8",
    errors: Literal["strict", "replace", "ignore"] = "strict",
) -> Bag:
    r"""
    Read the lines of text files.

    Parameters
    ----------
    urlpath : path or list of paths
        A file, a folder (all files below it but hidden ones), a pattern such as
        ``"docs/**/*.txt"``, or a list of these.
    blocksize : int, str or None, default "auto"
        Bytes of a file in one partition, such as ``"64MB"``; files are split at ends of lines. None
        makes one partition of each file; ``"auto"`` splits files of more than 64 MiB.
    compression : {"infer", "gzip", "zstd"} or None, default "infer"
        ``"infer"`` goes by the name's end, ``.gz`` or ``.zst``. Compressed files are not split.
    encoding : str, default "utf-8"
        Only UTF-8, of which ASCII is a part, is read.
    errors : {"strict", "replace", "ignore"}, default "strict"
        What to do with bytes that are not UTF-8, as in `bytes.decode`.

    Returns
    -------
    Bag
        Of strings: the lines, with their ``"\n"``, in the order of the paths and by name within a
        folder or pattern. ``"\r\n"`` and ``"\r"`` end lines too and become ``"\n"``, as in `open`.

    Raises
    ------
    FileNotFoundError
        If a file isn't there, or a folder or pattern matches none.
    PermissionError
        If a file or folder can't be looked at.
    ValueError
        If an option isn't one of the above, or `blocksize` is given for compressed files.
    UnicodeDecodeError
        When computed, if a file is not UTF-8: with the file and the byte offset.
    EOFError, gzip.BadGzipFile
        When computed, if a compressed file is truncated or damaged.
    OSError
        When computed, if a file can't be read, or gets shorter while it is.

    Examples
    --------
    >>> folder = getfixture("documents")
    >>> mc.bag.read_text(folder / "*.txt").str.strip().compute()
    ['to be or not to be', 'that is', 'That']
    """
    if encoding.lower().replace("_", "-") not in ("utf-8", "utf8", "ascii", "us-ascii"):
        raise ValueError(
            f"encoding must be 'utf-8', not {encoding!r}; "
            f"recode the files, or use from_sequence(paths).map(your own reader).flatten()"
        )
    paths = [urlpath] if isinstance(urlpath, str | os.PathLike) else list(urlpath)
    expanded = [_local(path) for path in paths]
    size = None if blocksize is None or blocksize == "auto" else parse_bytes(blocksize)
    if size is not None and size < 1:
        raise ValueError(f"blocksize must be at least 1 byte, not {blocksize!r}")
    kind = "none" if compression is None else compression
    return Bag(_core.Bag.read_text(expanded, size, blocksize == "auto", kind, errors))


def _local(path: _PathLike) -> str:
    """Give a path of this machine: ``~`` and ``file://`` are understood, other schemes refused."""
    text = os.path.expanduser(os.fspath(path))  # noqa: PTH111, Path would swallow a trailing slash
    if text.startswith("file://"):
        return text.removeprefix("file://")
    if "://" in text:
        raise ValueError(f"only files of this machine are read, not {text!r}; copy them here first")
    return text


def from_sequence(
    seq: Iterable[Any], partition_size: int | None = None, npartitions: int | None = None
) -> Bag:
    """
    Make a bag of a sequence that is in memory.

    Parameters
    ----------
    seq : iterable
        The elements.
    partition_size : int, optional
        Elements in a partition.
    npartitions : int, optional
        How many partitions; about 100, but no empty ones, if neither is given.

    Returns
    -------
    Bag
        Of strings held natively if all elements are `str`, else of the objects as they are.

    Raises
    ------
    ValueError
        If `partition_size` or `npartitions` is less than 1, or both are given.

    Examples
    --------
    >>> mc.bag.from_sequence([1, 2, 3, 4], npartitions=2).sum().compute()
    10
    """
    elements = list(seq)
    if partition_size is not None and npartitions is not None:
        raise ValueError("give partition_size or npartitions, not both")
    for name, value in (("partition_size", partition_size), ("npartitions", npartitions)):
        if value is not None and value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")
    size = partition_size or math.ceil(len(elements) / (npartitions or 100)) or 1
    starts = builtins.range(0, len(elements), size)
    lists = [elements[start : start + size] for start in starts] or [[]]
    return Bag(_core.Bag.from_lists(lists))


def range(n: int, npartitions: int) -> Bag:  # dask.bag's name
    """
    Make a bag of the numbers from 0 to n - 1.

    Parameters
    ----------
    n : int
        How many numbers.
    npartitions : int
        In how many partitions.

    Returns
    -------
    Bag
        Of integers.

    Examples
    --------
    >>> mc.bag.range(5, npartitions=2).compute()
    [0, 1, 2, 3, 4]
    """
    if npartitions < 1:
        raise ValueError(f"npartitions must be at least 1, not {npartitions}")
    size = max(math.ceil(n / npartitions), 1)
    starts = builtins.range(0, n, size)

    def part(start: int) -> Callable[[], builtins.range]:
        return lambda: builtins.range(start, min(start + size, n))

    return from_delayed(part(start) for start in starts)


def from_delayed(values: Iterable[Any]) -> Bag:
    """
    Make a bag whose partitions are made when they are due.

    Parameters
    ----------
    values : iterable
        One for each partition: a function without arguments that returns an iterable, or anything
        with a method ``compute`` that does (such as a ``dask.delayed`` value).

    Returns
    -------
    Bag
        Of objects.

    Raises
    ------
    TypeError
        If a value can neither be called nor computed.

    Examples
    --------
    >>> mc.bag.from_delayed([lambda: "ab", lambda: "c"]).compute()
    ['a', 'b', 'c']
    """
    calls: list[Callable[[], Any]] = []
    for value in values:
        # Compute first: what can be computed may well be callable too, and mean something else.
        call = getattr(value, "compute", value)
        if not callable(call):
            raise TypeError(f"a partition must be a function or have compute(), not {value!r}")
        calls.append(call)
    if not calls:
        return from_sequence([])
    return Bag(_core.Bag.from_calls(calls))


def _name(function: Callable[..., Any]) -> str:
    """Name a function as plans and errors show it."""
    return getattr(function, "__name__", type(function).__name__)


def _callable(function: Any, role: str) -> None:
    """Refuse what can't be called, where the user wrote it."""
    if not callable(function):
        raise TypeError(f"{role} must be callable, not {function!r}")


def _getter(key: Any) -> Callable[[Any], Any]:
    """Make a function of what may be one already, or names an entry."""
    return key if callable(key) else operator.itemgetter(key)


def _noun(pipeline: list[str]) -> str:
    """Name what a run counts, in the plural."""
    return "words" if pipeline[-3:-1] == ["str.split", "flatten"] else "items"


class Item:
    """
    One result, not computed yet: a bag's count, sum and the like.

    Examples
    --------
    >>> item = mc.bag.from_sequence("abc").count()
    >>> item
    Item(from_sequence -> count)
    >>> item.compute()
    3
    """

    def __init__(self, core: _core.Item) -> None:
        self._core = core

    def compute(self, *, progress: bool | None = None) -> Any:
        """
        Compute the result.

        Parameters
        ----------
        progress : bool, optional
            Whether to show a progress bar; by default after a second, if on a terminal.

        Returns
        -------
        object
            The result.
        """
        with Progress(self._core.size, progress, _noun(self._core.pipeline)) as bar:
            return self._core.compute(bar)[0]

    def __repr__(self) -> str:
        return f"Item({' -> '.join(self._core.pipeline)})"


class Bag:
    """
    A lazy, partitioned collection.

    Bags are made by `read_text`, `from_sequence`, `range` and `from_delayed`, and by the methods
    of other bags.

    Attributes
    ----------
    npartitions : int
        How many partitions there are.
    str : StringMethods
        String methods, one result for each element.
    """

    def __init__(self, core: _core.Bag) -> None:
        self._core = core

    @property
    def npartitions(self) -> int:
        """How many partitions there are."""
        return self._core.npartitions

    @property
    def str(self) -> StringMethods:
        """String methods, one result for each element."""
        return StringMethods(self)

    def map(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> Bag:
        """
        Call a function with each element.

        Parameters
        ----------
        func : callable
            Called as ``func(element, *args, **kwargs)``. One that `manycore.jit` compiles is called
            without the GIL and without a Python object per element, if the elements are strings,
            integers, floats or booleans and its results are numbers; it is compiled here, so that
            the results' type is known.
        *args, **kwargs
            The same for all elements.

        Returns
        -------
        Bag
            Of what the function returns.

        Raises
        ------
        TypeError
            If `func` can't be called, or an argument is a bag.
        manycore.CompileError
            If `func` is to be compiled for such elements and can't be.

        Examples
        --------
        >>> mc.bag.from_sequence([1, 2]).map(pow, 2).compute()
        [1, 4]
        >>> @mc.jit
        ... def halved(x):
        ...     return x / 2
        >>> mc.bag.from_sequence([1, 2]).map(halved).sum().compute()
        1.5
        """
        _callable(func, "func")
        for argument in (*args, *kwargs.values()):
            if isinstance(argument, Bag | Item):
                raise TypeError(f"map takes plain arguments, not {argument!r}; compute it first")
        return Bag(self._core.map(f"map({_name(func)})", func, args, kwargs))

    def filter(self, predicate: Callable[[Any], Any]) -> Bag:
        """
        Keep the elements for which a function is true.

        Parameters
        ----------
        predicate : callable
            Called with each element; a compiled one natively, as by `map`.

        Returns
        -------
        Bag
            Of the elements kept.

        Examples
        --------
        >>> mc.bag.from_sequence([1, 2, 3]).filter(lambda x: x % 2).compute()
        [1, 3]
        """
        _callable(predicate, "predicate")
        return Bag(self._core.filter(f"filter({_name(predicate)})", predicate))

    def remove(self, predicate: Callable[[Any], Any]) -> Bag:
        """
        Leave out the elements for which a function is true.

        Parameters
        ----------
        predicate : callable
            Called with each element.

        Returns
        -------
        Bag
            Of the other elements.

        Examples
        --------
        >>> mc.bag.from_sequence([1, 2, 3]).remove(lambda x: x % 2).compute()
        [2]
        """
        _callable(predicate, "predicate")
        return Bag(
            self._core.filter(f"remove({_name(predicate)})", lambda item: not predicate(item))
        )

    def flatten(self) -> Bag:
        """
        Make one bag of the elements' elements.

        Returns
        -------
        Bag
            Of all elements of all elements, in order.

        Examples
        --------
        >>> mc.bag.from_sequence([[1], [2, 3]]).flatten().compute()
        [1, 2, 3]
        """
        return Bag(self._core.flatten())

    def pluck(self, key: Any, default: Any = _NOTHING) -> Bag:
        """
        Take one entry, or several, of each element.

        Parameters
        ----------
        key : object or list
            An index or key; a list takes a tuple of entries.
        default : object, optional
            What to take where there is no such entry.

        Returns
        -------
        Bag
            Of the entries.

        Raises
        ------
        KeyError, IndexError
            When computed, if there is no such entry and no default.

        Examples
        --------
        >>> people = mc.bag.from_sequence([{"name": "Ada", "age": 36}, {"name": "Alan"}])
        >>> people.pluck("name").compute()
        ['Ada', 'Alan']
        >>> people.pluck(["name", "age"], default=0).compute()
        [('Ada', 36), ('Alan', 0)]
        """

        def entry(element: Any, key: Any) -> Any:
            if default is _NOTHING:
                return element[key]
            try:
                return element[key]
            except (KeyError, IndexError):
                return default

        def pluck(element: Any) -> Any:
            if isinstance(key, list):
                return tuple(entry(element, one) for one in key)
            return entry(element, key)

        return Bag(self._core.map(f"pluck({key!r})", pluck, (), {}))

    def fold(
        self,
        binop: Callable[[Any, Any], Any],
        combine: Callable[[Any, Any], Any] | None = None,
        initial: Any = _NOTHING,
    ) -> Item:
        """
        Reduce with a function of two arguments, in the partitions and then over them.

        Parameters
        ----------
        binop : callable
            Called as ``binop(total, element)`` within each partition.
        combine : callable, optional
            Called as ``combine(total, total)`` over the partitions, in their order; `binop` by
            default. It must be associative.
        initial : object, optional
            Each partition's first total; its first element by default. All partitions get the same
            object, so `binop` must not change it.

        Returns
        -------
        Item
            The last total.

        Raises
        ------
        ValueError
            When computed, if there is no element and no initial total.

        Examples
        --------
        >>> mc.bag.range(5, npartitions=2).fold(lambda total, x: total + x).compute()
        10
        >>> mc.bag.range(5, 2).fold(lambda s, x: s | {x % 2}, set.union, initial=set()).compute()
        {0, 1}
        """
        _callable(binop, "binop")
        combine = binop if combine is None else combine
        _callable(combine, "combine")
        return self._accumulate("fold", _accumulate.Fold(binop, combine, _initial(initial)))

    def reduction(
        self,
        perpartition: Callable[[list[Any]], Any],
        aggregate: Callable[[list[Any]], Any],
    ) -> Item:
        """
        Reduce each partition with one function, and its results with another.

        Parameters
        ----------
        perpartition : callable
            Called with the list of a partition's elements.
        aggregate : callable
            Called with the list of what `perpartition` returned, in the partitions' order.

        Returns
        -------
        Item
            What `aggregate` returns.

        Examples
        --------
        >>> mc.bag.range(5, npartitions=2).reduction(sum, max).compute()
        7
        """
        _callable(perpartition, "perpartition")
        _callable(aggregate, "aggregate")
        return self._accumulate("reduction", _accumulate.Reduction(perpartition, aggregate))

    def count(self) -> Item:
        """
        Count the elements.

        Returns
        -------
        Item
            An integer.

        Examples
        --------
        >>> mc.bag.from_sequence("abc").count().compute()
        3
        """
        return self._reduce("count", None)

    def sum(self) -> Item:
        """
        Add the elements.

        Returns
        -------
        Item
            The sum; 0 for no element.

        Examples
        --------
        >>> mc.bag.from_sequence(["one", "three"]).str.len().sum().compute()
        8
        """
        return self._reduce("sum", _accumulate.Sum())

    def mean(self) -> Item:
        """
        Average the elements.

        Returns
        -------
        Item
            The arithmetic mean.

        Raises
        ------
        ZeroDivisionError
            When computed, if there is no element.

        Examples
        --------
        >>> mc.bag.from_sequence([1, 2]).mean().compute()
        1.5
        """
        return self._reduce("mean", _accumulate.Mean())

    def min(self) -> Item:
        """
        Find the smallest element.

        Returns
        -------
        Item
            The element.

        Raises
        ------
        ValueError
            When computed, if there is no element.

        Examples
        --------
        >>> mc.bag.from_sequence([2, 1]).min().compute()
        1
        """
        return self._reduce("min", _accumulate.Extreme(builtins.min))

    def max(self) -> Item:
        """
        Find the largest element.

        Returns
        -------
        Item
            The element.

        Raises
        ------
        ValueError
            When computed, if there is no element.

        Examples
        --------
        >>> mc.bag.from_sequence([2, 1]).max().compute()
        2
        """
        return self._reduce("max", _accumulate.Extreme(builtins.max))

    def frequencies(self, *, sort: bool = False) -> Bag:
        """
        Count how often each distinct element occurs.

        Parameters
        ----------
        sort : bool, default False
            Whether to put the most frequent first. Equally frequent strings are ordered by code
            points, other objects by first appearance.

        Returns
        -------
        Bag
            Of tuples (element, count), in one partition.

        Examples
        --------
        >>> mc.bag.from_sequence("abca").frequencies(sort=True).compute()
        [('a', 2), ('b', 1), ('c', 1)]
        """
        return self._reduce_to_bag("frequencies", _accumulate.Frequencies(sort), flag=sort)

    def topk(self, k: int, key: Any = None) -> Bag:
        """
        Take the k largest elements.

        Parameters
        ----------
        k : int
            How many.
        key : callable or object, optional
            Compare by ``key(element)``, or by ``element[key]`` if it is no callable.

        Returns
        -------
        Bag
            Of at most k elements, the largest first, in one partition.

        Raises
        ------
        ValueError
            If `k` is negative.

        Examples
        --------
        >>> mc.bag.from_sequence(["pear", "fig"]).frequencies().topk(1, key=1).compute()
        [('fig', 1)]
        """
        if k < 0:
            raise ValueError(f"k must be at least 0, not {k}")
        accumulator = _accumulate.Top(k, None if key is None else _getter(key))
        return self._reduce_to_bag("topk", accumulator, number=k, native=key is None)

    def distinct(self, key: Any = None) -> Bag:
        """
        Take each distinct element once.

        Parameters
        ----------
        key : callable or object, optional
            Elements with equal ``key(element)`` (or ``element[key]``) are one; the first stays.

        Returns
        -------
        Bag
            Of strings by code points, of other objects by first appearance, in one partition.

        Examples
        --------
        >>> mc.bag.from_sequence("banana").distinct().compute()
        ['a', 'b', 'n']
        """
        accumulator = _accumulate.Distinct(None if key is None else _getter(key))
        return self._reduce_to_bag("distinct", accumulator, native=key is None)

    def take(self, k: int, npartitions: int = 1, *, warn: bool = True) -> tuple[Any, ...]:
        """
        Compute the first k elements.

        Parameters
        ----------
        k : int
            How many.
        npartitions : int, default 1
            How many partitions, from the first on, to take them from; -1 for as many as it needs.
        warn : bool, default True
            Whether to warn if there are fewer.

        Returns
        -------
        tuple
            At most k elements.

        Raises
        ------
        ValueError
            If `k` is negative, or `npartitions` is more than there are.

        Examples
        --------
        >>> mc.bag.from_sequence("abc").take(2, npartitions=-1)
        ('a', 'b')
        """
        if k < 0:
            raise ValueError(f"k must be at least 0, not {k}")
        available = self.npartitions
        if npartitions > available or npartitions < -1 or npartitions == 0:
            raise ValueError(f"npartitions must be -1 or 1 to {available}, not {npartitions}")
        last = available if npartitions == -1 else npartitions
        taken: list[Any] = []
        first, width = 0, 1 if npartitions == -1 else last
        while first < last and len(taken) < k:
            # Twice as many each time: where a filter leaves little, all cores look for it.
            end = min(first + width, last)
            taken += self._core.take(k - len(taken), first, end)
            first, width = end, width * 2
        if warn and len(taken) < k:
            import warnings

            way_out = "; npartitions=-1 takes from all" if last < available else ""
            warnings.warn(
                f"{k} elements asked for, {len(taken)} taken from {last} of {available} "
                f"partitions{way_out}",
                stacklevel=2,
            )
        return tuple(taken)

    def compute(self, *, progress: bool | None = None) -> list[Any]:
        """
        Compute the elements.

        Parameters
        ----------
        progress : bool, optional
            Whether to show a progress bar; by default after a second, if on a terminal.

        Returns
        -------
        list
            All elements, in order.

        Examples
        --------
        >>> mc.bag.from_sequence(["A", "b"]).str.lower().compute()
        ['a', 'b']
        """
        with Progress(self._core.size, progress) as bar:
            return self._core.compute(bar)

    def persist(self, *, progress: bool | None = None) -> Bag:
        """
        Compute the elements and keep them in memory.

        Parameters
        ----------
        progress : bool, optional
            Whether to show a progress bar; by default after a second, if on a terminal.

        Returns
        -------
        Bag
            Of the same elements, in the same partitions.

        Examples
        --------
        >>> numbers = mc.bag.from_sequence([1, 2]).map(lambda x: x + 1).persist()
        >>> numbers.sum().compute(), numbers.max().compute()
        (5, 3)
        """
        with Progress(self._core.size, progress) as bar:
            return Bag(self._core.persist(bar))

    def to_textfiles(
        self,
        path: _PathLike | Sequence[_PathLike],
        name_function: Callable[[int], builtins.str] | None = None,
        compression: _Compression = "infer",
        encoding: builtins.str = "utf-8",
        *,
        last_endline: bool = False,
        progress: bool | None = None,
    ) -> list[builtins.str]:
        """
        Write each partition to a text file, one element a line.

        Parameters
        ----------
        path : path or list of paths
            A pattern such as ``"out/part-*.txt"`` (the star becomes the partition's number), a
            folder (the files are called ``0.part`` and so on), or a path for each partition.
            Folders are made.
        name_function : callable, optional
            Makes what stands for the star of a partition's number.
        compression : {"infer", "gzip", "zstd"} or None, default "infer"
            ``"infer"`` goes by the name's end, ``.gz`` or ``.zst``.
        encoding : str, default "utf-8"
            Only UTF-8 is written.
        last_endline : bool, default False
            Whether a file's last line gets an end too.
        progress : bool, optional
            Whether to show a progress bar; by default after a second, if on a terminal.

        Returns
        -------
        list of str
            The files' paths. A file appears under its name when it is whole.

        Raises
        ------
        TypeError
            If an element is no string.
        ValueError
            If there are not as many paths as partitions, or two are the same.
        OSError
            If a file can't be written.

        Examples
        --------
        >>> folder = getfixture("tmp_path")
        >>> paths = mc.bag.from_sequence("ab", npartitions=2).to_textfiles(folder / "*.txt")
        >>> [Path(path).name for path in paths], Path(paths[1]).read_text()
        (['0.txt', '1.txt'], 'b')
        """
        if encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
            raise ValueError(f"encoding must be 'utf-8', not {encoding!r}")
        paths = self._paths(path, name_function)
        for folder in {os.path.dirname(path) for path in paths} - {""}:  # noqa: PTH120
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103, pathlib costs its import
        kind = "none" if compression is None else compression
        with Progress(self._core.size, progress) as bar:
            self._core.strings().to_textfiles(paths, last_endline, kind, bar)
        return paths

    def _paths(
        self,
        path: _PathLike | Sequence[_PathLike],
        name_function: Callable[[int], builtins.str] | None,
    ) -> list[builtins.str]:
        """Give each partition's path."""
        if isinstance(path, builtins.str | os.PathLike):
            pattern = os.fspath(path)
            if "*" not in pattern:
                pattern = os.path.join(pattern, "*.part")  # noqa: PTH118, stays a str
            width = len(builtins.str(max(self.npartitions - 1, 0)))
            name = name_function or (lambda number: builtins.str(number).zfill(width))
            numbers = builtins.range(self.npartitions)
            paths = [pattern.replace("*", name(number)) for number in numbers]
        else:
            paths = [os.fspath(one) for one in path]
        if len(paths) != self.npartitions:
            raise ValueError(f"{self.npartitions} partitions need as many paths, not {len(paths)}")
        if len(set(paths)) != len(paths):
            raise ValueError(f"two partitions have the same path: {sorted(paths)[:4]}")
        return paths

    def __iter__(self) -> Iterator[Any]:
        return iter(self.compute())

    def __repr__(self) -> builtins.str:
        return f"Bag({' -> '.join(self._core.pipeline)}, npartitions={self.npartitions})"

    def _repr_html_(self) -> builtins.str:
        rows = [("elements", self._core.element), ("partitions", f"{self.npartitions:,}")]
        if source := self._core.description:
            rows.insert(0, ("source", source))
        if size := self._core.size:
            files = "1 file" if size[1] == 1 else f"{size[1]:,} files"
            rows.append(("input", f"{files}, {format_bytes(size[0])}"))
        rows.append(("pipeline", " → ".join(self._core.pipeline)))
        from manycore._table import html_table

        return html_table("manycore bag", rows)

    def _accumulate(self, name: builtins.str, accumulator: object) -> Item:
        return Item(self._core.accumulate(name, accumulator))

    def _reduce(self, name: builtins.str, accumulator: object, **options: Any) -> Item:
        """Reduce natively if the elements allow it, else by Python."""
        native = self._core.reduce_native(name, **options)
        return self._accumulate(name, accumulator) if native is None else Item(native)

    def _reduce_to_bag(
        self, name: builtins.str, accumulator: object, *, native: bool = True, **options: Any
    ) -> Bag:
        """Reduce to several results."""
        if native:
            item = self._reduce(name, accumulator, **options)
        else:
            item = self._accumulate(name, accumulator)
        return Bag(item._core.to_bag())


def _initial(value: Any) -> Any:
    """Say "no initial total" in the accumulators' words."""
    return _accumulate._NOTHING if value is _NOTHING else value


class StringMethods:
    """
    String methods of a bag's elements, as in ``bag.str.lower()``.

    The methods below run natively on strings that no Python function made; any other method of
    `str`, and strings that a Python function made, take Python's own methods.

    Examples
    --------
    >>> mc.bag.from_sequence(["ab", "c"]).str.center(4, "-").compute()
    ['-ab-', '-c--']
    """

    def __init__(self, bag: Bag) -> None:
        self._bag = bag

    def _method(
        self,
        name: str,
        *args: Any,
        text: Any = None,
        new: Any = None,
        number: int | None = None,
        native: bool = True,
    ) -> Bag:
        """Apply a method of `str`: natively if it can be, else by Python."""
        if native and all(isinstance(given, str | None) for given in (text, new)):
            core = self._bag._core.string(name, text, new, number)
            if core is not None:
                return Bag(core)
        method = operator.methodcaller(name, *args)
        return Bag(self._bag._core.map(f"str.{name}", method, (), {}))

    def lower(self) -> Bag:
        """
        Convert to lower case, as `str.lower`.

        Natively by a newer version of Unicode than an older Python's: a handful of characters that
        got their case since then are mapped already.

        Examples
        --------
        >>> mc.bag.from_sequence(["ÀB"]).str.lower().compute()
        ['àb']
        """
        return self._method("lower")

    def upper(self) -> Bag:
        """
        Convert to upper case, as `str.upper`.

        Natively by a newer version of Unicode than an older Python's: a handful of characters that
        got their case since then are mapped already.

        Examples
        --------
        >>> mc.bag.from_sequence(["maß"]).str.upper().compute()
        ['MASS']
        """
        return self._method("upper")

    def strip(self, chars: str | None = None) -> Bag:
        r"""
        Take characters off both ends, as `str.strip`.

        Parameters
        ----------
        chars : str, optional
            The characters; white space by default.

        Examples
        --------
        >>> mc.bag.from_sequence([" a\n"]).str.strip().compute()
        ['a']
        """
        return self._method("strip", chars, text=chars)

    def lstrip(self, chars: str | None = None) -> Bag:
        """
        Take characters off the start, as `str.lstrip`.

        Parameters
        ----------
        chars : str, optional
            The characters; white space by default.

        Examples
        --------
        >>> mc.bag.from_sequence([" a "]).str.lstrip().compute()
        ['a ']
        """
        return self._method("lstrip", chars, text=chars)

    def rstrip(self, chars: str | None = None) -> Bag:
        """
        Take characters off the end, as `str.rstrip`.

        Parameters
        ----------
        chars : str, optional
            The characters; white space by default.

        Examples
        --------
        >>> mc.bag.from_sequence([" a "]).str.rstrip().compute()
        [' a']
        """
        return self._method("rstrip", chars, text=chars)

    def split(self, sep: str | None = None, maxsplit: int = -1) -> Bag:
        """
        Split into lists of strings, as `str.split`.

        Parameters
        ----------
        sep : str, optional
            What to split at; runs of white space by default.
        maxsplit : int, default -1
            How often at most; -1 for no limit.

        Returns
        -------
        Bag
            Of lists of strings. Split at white space with no limit, they are not made unless
            something needs them: ``split().flatten()`` only says what counts as an element.

        Raises
        ------
        ValueError
            If `sep` is empty.

        Examples
        --------
        >>> mc.bag.from_sequence(["a b  c", ""]).str.split().compute()
        [['a', 'b', 'c'], []]
        """
        number = None if maxsplit < 0 else maxsplit
        return self._method("split", sep, maxsplit, text=sep, number=number)

    def len(self) -> Bag:
        """
        Count each string's characters, as `len`.

        Examples
        --------
        >>> mc.bag.from_sequence(["naïve"]).str.len().compute()
        [5]
        """
        core = self._bag._core.string("len")
        return self._bag.map(builtins.len) if core is None else Bag(core)

    def contains(self, pat: str) -> Bag:
        """
        Test whether each string contains another, as ``pat in string``.

        Parameters
        ----------
        pat : str
            What to look for; no regular expression.

        Returns
        -------
        Bag
            Of booleans.

        Examples
        --------
        >>> mc.bag.from_sequence(["to do", "done"]).str.contains("do").compute()
        [True, True]
        """
        core = self._bag._core.string("contains", pat)
        return self._bag.map(operator.contains, pat) if core is None else Bag(core)

    def startswith(self, prefix: str | tuple[str, ...], *bounds: int) -> Bag:
        """
        Test how each string starts, as `str.startswith`.

        Parameters
        ----------
        prefix : str or tuple of str
            The start, or several.
        *bounds : int
            Where to look: start and end, as in `str.startswith`.

        Returns
        -------
        Bag
            Of booleans.

        Examples
        --------
        >>> mc.bag.from_sequence(["ab", "b"]).str.startswith("a").compute()
        [True, False]
        """
        return self._method("startswith", prefix, *bounds, text=prefix, native=not bounds)

    def endswith(self, suffix: str | tuple[str, ...], *bounds: int) -> Bag:
        """
        Test how each string ends, as `str.endswith`.

        Parameters
        ----------
        suffix : str or tuple of str
            The end, or several.
        *bounds : int
            Where to look: start and end, as in `str.endswith`.

        Returns
        -------
        Bag
            Of booleans.

        Examples
        --------
        >>> mc.bag.from_sequence(["ab", "b"]).str.endswith(("a", "b")).compute()
        [True, True]
        """
        return self._method("endswith", suffix, *bounds, text=suffix, native=not bounds)

    def replace(self, old: str, new: str, count: int = -1) -> Bag:
        """
        Replace one string by another, as `str.replace`.

        Parameters
        ----------
        old, new : str
            What to replace, and by what.
        count : int, default -1
            How many occurrences, from the left; -1 for all.

        Examples
        --------
        >>> mc.bag.from_sequence(["a-b-c"]).str.replace("-", "+", 1).compute()
        ['a+b-c']
        """
        number = None if count < 0 else count
        return self._method("replace", old, new, count, text=old, new=new, number=number)

    def match(self, pattern: str) -> Bag:
        """
        Keep the strings that match a pattern of file names.

        Parameters
        ----------
        pattern : str
            As in `fnmatch.fnmatch`.

        Examples
        --------
        >>> mc.bag.from_sequence(["a.py", "b.txt"]).str.match("*.py").compute()
        ['a.py']
        """
        import fnmatch

        return self._bag.filter(lambda name: fnmatch.fnmatch(name, pattern))

    def __getattr__(self, name: str) -> Callable[..., Bag]:
        if name.startswith("_") or not callable(getattr(str, name, None)):
            raise AttributeError(f"str has no method {name!r}", name=name, obj=self)

        def method(*args: Any, **kwargs: Any) -> Bag:
            call = operator.methodcaller(name, *args, **kwargs)
            return Bag(self._bag._core.map(f"str.{name}", call, (), {}))

        method.__name__ = name
        method.__doc__ = getattr(str, name).__doc__
        return method

    def __dir__(self) -> list[str]:
        methods = (name for name in dir(str) if not name.startswith("_"))
        return sorted({*super().__dir__(), *methods})
