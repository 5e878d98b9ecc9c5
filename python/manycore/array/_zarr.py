"""
Zarr: chunked arrays in folders.

The package zarr reads and writes them, formats 2 and 3, with all their codecs, and is imported when
the first one is opened. Regions of an array are read and written chunk by chunk on all cores.
"""

from __future__ import annotations

import contextlib
import math
import operator
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from manycore import _core
from manycore.array._array import Array, _wrap, asarray, run
from manycore.array._shapes import normalize_chunks
from manycore.array._writing import Starts, each_chunk, task_bytes, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    _PathLike = str | os.PathLike[str]

__all__ = ["ZarrGroup", "from_zarr", "open_zarr", "store", "to_zarr"]


def _zarr() -> Any:
    """Import the package zarr."""
    try:
        import zarr
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "the package zarr is needed to read and write zarr: pip install zarr", name="zarr"
        ) from error
    return zarr


def _local(place: Any) -> Path | None:
    """Give a path of this machine; None for an address or a store of zarr's own."""
    if isinstance(place, str) and "://" in place:
        return Path(place.removeprefix("file://")) if place.startswith("file://") else None
    return Path(place) if isinstance(place, str | os.PathLike) else None


def _read_only(place: Any, component: str | None, storage_options: Any) -> Any:
    """Open an array or a group of zarr's."""
    zarr = _zarr()
    path = _local(place)
    if path is not None and not path.exists():
        raise FileNotFoundError(f"there is no zarr at {path}")
    target = place if path is None else str(path)
    where = f"{target}/{component}" if component else target
    try:
        return zarr.open(target, mode="r", path=component or "", storage_options=storage_options)
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"{where} is no zarr: it has neither zarr.json nor .zarray nor .zgroup"
        ) from error
    except OSError:
        raise
    except Exception as error:
        raise ValueError(f"{where} can't be opened as zarr: {error}") from error


class ZarrGroup(Mapping[str, "Array | ZarrGroup"]):
    """The arrays and groups of a zarr group by name, read when they are computed."""

    def __init__(self, group: Any, chunks: Any) -> None:
        self._group = group
        self._chunks = chunks

    @property
    def attrs(self) -> dict[str, Any]:
        """The group's attributes."""
        return dict(self._group.attrs)

    def __repr__(self) -> str:
        return f"ZarrGroup {str(self._group.store_path)!r} with keys: {', '.join(self)}"

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._group))

    def __len__(self) -> int:
        return len(self._group)

    def __getitem__(self, name: str) -> Array | ZarrGroup:
        found = self._group[name]
        return _array_of(found, self._chunks) if hasattr(found, "shape") else ZarrGroup(found, None)


def open_zarr(
    store: Any, component: str | None = None, chunks: Any = None, *, storage_options: Any = None
) -> Any:
    """
    Open a zarr array or group: what is asked for is read when it is computed.

    Parameters
    ----------
    store : path, address or zarr store
        The folder; or what the package zarr opens, such as ``"s3://..."`` with fsspec.
    component : str, optional
        The path of an array or group within it.
    chunks : int, str, tuple, optional
        As of `from_array`; by default as stored, or some of those together if they are small.
    storage_options : dict, optional
        For fsspec, if it is an address.

    Returns
    -------
    Array or ZarrGroup
        The array, or the group as a mapping of names to arrays.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ValueError
        If it can't be read: broken metadata, an unknown codec, elements that are no numbers.
    ModuleNotFoundError
        If the package zarr isn't installed.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "x.zarr"
    >>> mc.array.to_zarr(mc.array.arange(6).reshape(2, 3), path)
    >>> mc.open_zarr(path)[1].compute()
    array([3, 4, 5])
    """
    found = _read_only(store, component, storage_options)
    return _array_of(found, chunks) if hasattr(found, "shape") else ZarrGroup(found, chunks)


def from_zarr(
    url: Any,
    component: str | None = None,
    storage_options: Any = None,
    chunks: Any = None,
    name: Any = None,
    inline_array: bool = False,
) -> Array:
    """
    Open a zarr array, as `dask.array.from_zarr` does.

    Parameters
    ----------
    url : path, address, zarr store or zarr.Array
        The folder, or the array itself.
    component : str, optional
        The path of the array within it.
    storage_options : dict, optional
        For fsspec, if it is an address.
    chunks : int, str, tuple, optional
        As of `from_array`; by default as stored, or some of those together if they are small.
    name, inline_array
        Dask's; without meaning here.

    Returns
    -------
    Array
        Lazy.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "x.zarr"
    >>> mc.array.to_zarr(mc.array.ones((4, 4)), path)
    >>> mc.array.from_zarr(path).shape
    (4, 4)
    """
    found = url if _is_zarr(url) else _read_only(url, component, storage_options)
    if not hasattr(found, "shape"):
        raise ValueError(
            f"{url} is a group, of {', '.join(map(repr, sorted(found)))}: name one as component="
        )
    return _array_of(found, chunks)


def _is_zarr(value: Any) -> bool:
    """Tell whether something is an array of zarr's, without importing zarr."""
    return type(value).__module__.partition(".")[0] == "zarr" and hasattr(value, "shape")


def _stored_chunks(array: Any) -> tuple[int, ...]:
    """Find the boxes that are written as one: shards, or chunks."""
    return tuple(getattr(array, "shards", None) or array.chunks)


def _task_chunks(stored: Sequence[int], shape: Sequence[int], itemsize: int) -> Any:
    """Put stored chunks together until they are worth a task, along the last axes first."""
    sizes = [max(size, 1) for size in stored]
    room = max(task_bytes() // max(math.prod(sizes) * itemsize, 1), 1)
    for axis in reversed(range(len(sizes))):
        times = max(min(room, -(-shape[axis] // sizes[axis])), 1)
        sizes[axis] *= times
        room //= times
    return tuple(sizes)


def _array_of(found: Any, chunks: Any) -> Array:
    """Make a lazy array of one of zarr's."""
    dtype, shape = np.dtype(found.dtype), tuple(found.shape)
    where = str(found.store_path)
    if dtype.hasobject or dtype.kind == "T" or dtype.names is not None:
        raise ValueError(f"{where} has elements of {dtype}, and only those of fixed size are read")
    plain = normalize_chunks(chunks, shape, dtype)
    if plain is None:
        plain = normalize_chunks(_task_chunks(found.chunks, shape, dtype.itemsize), shape) or ()
    native = dtype.newbyteorder("=")
    starts = Starts(plain)

    def block(index: tuple[int, ...]) -> Any:
        box = starts.box(index)
        try:
            return np.asarray(found[box], native)
        except OSError:
            raise
        except Exception as error:
            place = ", ".join(f"{part.start}:{part.stop}" for part in box)
            raise ValueError(f"{where}[{place}] can't be read: {error}") from error

    outputs = [(native, plain)]
    return _wrap(_core.Array.blocks(block, [], [], outputs, "open_zarr", index=True)[0])


def to_zarr(
    arr: Any,
    url: Any,
    component: str | None = None,
    storage_options: Any = None,
    region: Any = None,
    compute: bool = True,
    *,
    overwrite: bool = False,
    **kwargs: Any,
) -> Any:
    """
    Compute an array and write it as zarr, chunk by chunk.

    Parameters
    ----------
    arr : array_like
        The array.
    url : path, address, zarr store or zarr.Array
        The folder, which appears when it is complete; or an array of zarr's that is there.
    component : str, optional
        The path of the array within a folder, which is made a group if it isn't there.
    storage_options : dict, optional
        For fsspec, if it is an address.
    region : tuple of slices, optional
        Where in the array that is there.
    compute : bool
        False returns a delayed value that writes when it is computed.
    overwrite : bool
        Whether an array that is there may be replaced.
    **kwargs
        For ``zarr.create_array``: ``chunks``, ``shards``, ``compressors``, ``zarr_format``, ...

    Returns
    -------
    None or Delayed
        Nothing, unless `compute` is False.

    Raises
    ------
    FileExistsError
        If there is something already.
    ModuleNotFoundError
        If the package zarr isn't installed.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "x.zarr"
    >>> mc.array.to_zarr(mc.array.zeros((100, 100)), path, chunks=(10, 100), zarr_format=2)
    >>> mc.array.from_zarr(path).dtype
    dtype('float64')
    """
    if not compute:
        from manycore._delayed import delayed

        # As a function without arguments, or the array would be computed to be one.
        def write() -> None:
            to_zarr(arr, url, component, storage_options, region, overwrite=overwrite, **kwargs)

        return delayed(write, name="to_zarr", pure=False)()
    array = asarray(arr)
    if _is_zarr(url):
        _write(array._core, url, region)
        return None
    if region is not None:
        raise ValueError("a region is a part of an array that is there: give it as a zarr.Array")
    path = _local(url)
    if path is None:
        made = _create(array, url, component, kwargs, storage_options, overwrite)
        _write(array._core, made, None)
        return None
    target = path / component if component else path
    if os.path.lexists(target) and not overwrite:
        raise FileExistsError(f"{target} exists; write elsewhere, or with overwrite=True")
    if component:
        _make_groups(path, Path(component).parent, kwargs.get("zarr_format"))
    with whole(target) as partial:
        made = _create(array, str(partial), None, kwargs, None, False)
        _write(array._core, made, None)
    return None


def _make_groups(path: Path, parents: Path, zarr_format: int | None) -> None:
    """Make a folder, and those on the way to a component, groups."""
    zarr = _zarr()
    inner = [path / parent for parent in [*reversed(parents.parents), parents] if parent.name]
    for folder in [path, *inner]:
        if not any((folder / name).exists() for name in ("zarr.json", ".zgroup")):
            zarr.open_group(str(folder), mode="w-", zarr_format=zarr_format)


def _create(
    array: Array,
    place: Any,
    component: str | None,
    options: dict[str, Any],
    storage_options: Any,
    overwrite: bool,
) -> Any:
    """Make an array of zarr's."""
    given = dict(options)
    given.setdefault("chunks", _even_chunks(array))
    return _zarr().create_array(
        place,
        name=component,
        shape=array.shape,
        dtype=array.dtype,
        overwrite=overwrite,
        storage_options=storage_options,
        **given,
    )


def _even_chunks(array: Array) -> tuple[int, ...]:
    """Choose chunks to store: as large as the largest ones along each axis, but not much larger."""
    sizes = [max(max(lengths), 1) for lengths in array.chunks]
    room = max(task_bytes() // max(array.dtype.itemsize, 1), 1)
    for axis in range(len(sizes)):
        too_many = -(-math.prod(sizes) // room)
        if too_many > 1:
            sizes[axis] = max(sizes[axis] // too_many, 1)
    return tuple(sizes)


def _write(core: Any, target: Any, region: Any) -> None:
    """Compute an array into one of zarr's, or a region of it."""
    if region is None:
        if tuple(target.shape) != core.shape:
            raise ValueError(f"an array of shape {core.shape} doesn't fit into {target.shape}")
        # Tasks write whole chunks, so that no two write into one.
        sizes = _task_chunks(_stored_chunks(target), core.shape, core.dtype.itemsize)
        core = core.rechunk(normalize_chunks(sizes, core.shape, core.dtype))
        sink = [_sink(core, target, None, None)]
    else:
        from threading import Lock

        sink = [_sink(core, target, region, Lock())]
    run(sink)


def _sink(core: Any, target: Any, region: Any, lock: Any) -> Any:
    """Make the array that writes another when it is computed."""
    starts = Starts(core.chunks)
    offsets = None if region is None else _offsets(region, target.shape, core.shape)

    def write(chunk: Any, index: tuple[int, ...]) -> None:
        own = starts.box(index)
        box = own if offsets is None else _moved(own, offsets)
        with lock if lock is not None else contextlib.nullcontext():
            target[box] = chunk

    return each_chunk(core, write, "store")


def _offsets(region: Any, whole_shape: Any, shape: tuple[int, ...]) -> list[slice | int]:
    """Make a region plain: slices with all ends, and integers for axes that the array lacks."""
    given = region if isinstance(region, tuple) else (region,)
    given = (*given, *[slice(None)] * (len(whole_shape) - len(given)))
    plain: list[slice | int] = []
    lengths = []
    for item, length in zip(given, whole_shape, strict=True):
        if isinstance(item, slice):
            item = slice(*item.indices(length))
            lengths.append(len(range(item.start, item.stop, item.step)))
        else:
            item = operator.index(item)
        plain.append(item)
    if tuple(lengths) != shape:
        raise ValueError(f"an array of shape {shape} doesn't fit into a region of {tuple(lengths)}")
    return plain


def _moved(box: tuple[slice, ...], region: list[slice | int]) -> tuple[slice | int, ...]:
    """Find the box of a region's box."""
    parts = iter(box)
    moved: list[slice | int] = []
    for item in region:
        if isinstance(item, slice):
            part, step = next(parts), item.step
            end = item.start + part.stop * step
            item = slice(item.start + part.start * step, end if end >= 0 else None, step)
        moved.append(item)
    return tuple(moved)


def store(
    sources: Any,
    targets: Any,
    lock: Any = True,
    regions: Any = None,
    compute: bool = True,
    return_stored: bool = False,
) -> Any:
    """
    Compute arrays into whatever is written by slices, chunk by chunk.

    Parameters
    ----------
    sources : Array or list of Array
        The arrays; what they share is computed once.
    targets : array_like or list of array_like
        For each, what has ``target[slices] = ndarray``: a NumPy array, a dataset of h5py's, ...
    lock : bool or lock
        What is held while something is written; True makes a lock.
    regions : tuple of slices, or list of those, optional
        For each, where in its target.
    compute : bool
        False returns a delayed value that writes when it is computed.
    return_stored : bool
        Whether arrays that read the targets are returned.

    Returns
    -------
    None, Delayed, or tuple of Array
        Nothing, unless the options say so.

    Examples
    --------
    >>> target = np.zeros(4)
    >>> mc.array.store(mc.array.arange(4.0), target)
    >>> target
    array([0., 1., 2., 3.])
    """
    if isinstance(sources, Array):
        sources, targets = [sources], [targets]
    if any(not isinstance(source, Array) for source in sources):
        raise ValueError("all sources must be arrays of manycore.array")
    if len(sources) != len(targets):
        raise ValueError(
            f"Different number of sources [{len(sources)}] and targets [{len(targets)}]"
        )
    if regions is None or isinstance(regions, tuple | slice):
        regions = [regions] * len(sources)
    if len(regions) != len(sources):
        raise ValueError(
            f"Different number of sources [{len(sources)}] and targets [{len(targets)}] "
            f"than regions [{len(regions)}]"
        )
    if lock is True:
        from threading import Lock

        lock = Lock()
    if not compute:
        from manycore._delayed import delayed

        def write() -> Any:
            return store(sources, targets, lock, regions, True, return_stored)

        return delayed(write, name="store", pure=False)()
    sinks = []
    for source, target, region in zip(sources, targets, regions, strict=True):
        shape = getattr(target, "shape", None)
        if region is None and shape is not None and tuple(shape) != source.shape:
            raise ValueError(f"an array of shape {source.shape} doesn't fit into {tuple(shape)}")
        sinks.append(_sink(source._core, target, region, lock or None))
    run(sinks)
    if not return_stored:
        return None
    from manycore.array._creation import from_array

    stored = zip(targets, regions, strict=True)
    return tuple(
        from_array(target if region is None else np.asarray(target[region]))
        for target, region in stored
    )
