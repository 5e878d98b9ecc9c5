"""
Arrays in NumPy's files: ``.npy`` and ``.npz``.

Files are read chunk by chunk where they are asked for, and written chunk by chunk, to another name
that becomes the file's at the end.
"""

from __future__ import annotations

import io
import itertools
import math
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from manycore import _core
from manycore.array._array import Array, _wrap, asarray, run
from manycore.array._shapes import blocks_of, normalize_chunks
from manycore.array._writing import Starts, as_bytes, each_chunk, runs_of, whole, write_at
from manycore.array._zip import Member, Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType
    from typing import IO, Any, Self

    _PathLike = str | os.PathLike[str]

__all__ = ["NpzFile", "load", "open_npy", "open_npz", "save", "savez", "savez_compressed"]


class _Header:
    """What a ``.npy`` file says of its elements."""

    def __init__(self, file: IO[bytes], name: object) -> None:
        try:
            version = np.lib.format.read_magic(file)
            if version == (1, 0):
                read = np.lib.format.read_array_header_1_0(file)
            elif version in ((2, 0), (3, 0)):
                # They differ in the encoding of the names of fields, and we take no fields.
                read = np.lib.format.read_array_header_2_0(file)
            else:
                raise ValueError(f"its format is version {version}, and 1.0 to 3.0 are known")
        except ValueError as error:
            raise ValueError(f"{name} is no array of NumPy's: {error}") from error
        self.shape, self.is_fortran, self.dtype = read
        if self.dtype.hasobject:
            raise ValueError(
                f"{name} holds Python objects, which are pickles, and those are never loaded; if "
                "you trust the file, give from_array what numpy.load makes of it, as numbers"
            )
        if self.dtype.names is not None or self.dtype.subdtype is not None:
            raise ValueError(
                f"{name} has structured elements, {self.dtype}; "
                "load it with numpy.load and take its fields one by one"
            )
        self.offset = file.tell()
        self.nbytes = math.prod(self.shape) * self.dtype.itemsize
        # The elements lie in C order if the axes are turned round.
        self.is_turned = self.is_fortran and len(self.shape) > 1
        self.c_shape = self.shape[::-1] if self.is_turned else self.shape

    def chunks(self, chunks: Any) -> Any:
        """Make chunks as users give them plain, for the elements in C order."""
        plain = normalize_chunks(chunks, self.shape, self.dtype)
        return plain[::-1] if plain is not None and self.is_turned else plain

    def wrap(self, core: Any) -> Array:
        """Make an array of the elements in C order."""
        if self.is_turned:
            core = core.axes(list(range(core.ndim))[::-1])
        return _wrap(core)


def open_npy(path: _PathLike, chunks: Any = None) -> Array:
    """
    Open a ``.npy`` file: what is asked for is read when it is computed.

    Parameters
    ----------
    path : path
        The file. It must stay as it is for as long as the array is used.
    chunks : int, str, tuple, optional
        As of `from_array`; chosen by default.

    Returns
    -------
    Array
        Of the file's shape and dtype; numbers in the other byte order are turned round.

    Raises
    ------
    OSError
        If the file can't be read.
    ValueError
        If it is no array, is truncated, or holds Python objects or structured elements.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "x.npy"
    >>> np.save(path, np.arange(6).reshape(2, 3))
    >>> mc.open_npy(path)[:, 1].compute()
    array([1, 4])
    """
    path = Path(path)
    with path.open("rb") as file:
        header = _Header(file, path)
        size = os.fstat(file.fileno()).st_size - header.offset
    if size < header.nbytes:
        raise ValueError(
            f"{path} is truncated: {header.shape} elements of {header.dtype} take {header.nbytes} "
            f"bytes, and {size} are there"
        )
    native = header.dtype.newbyteorder("=")
    plain = header.chunks(chunks)
    width = None if native == header.dtype else _width(native)
    return header.wrap(
        _core.Array.from_file(str(path), header.offset, native, header.c_shape, plain, width)
    )


def _width(dtype: np.dtype[Any]) -> int:
    """Count the bytes of one number of an element."""
    if dtype.kind == "c":
        return dtype.itemsize // 2
    return 4 if dtype.kind == "U" else dtype.itemsize


class NpzFile(Mapping[str, Array]):
    """
    The arrays of a ``.npz`` file by name, each of which is read when it is computed.

    Attributes
    ----------
    files : list of str
        The names.
    """

    def __init__(self, path: _PathLike, chunks: Any = None) -> None:
        self.path = Path(path)
        self._chunks = chunks
        try:
            with zipfile.ZipFile(self.path) as archive:
                members = archive.infolist()
        except zipfile.BadZipFile as error:
            raise zipfile.BadZipFile(f"{self.path}: {error}") from error
        self._members = {info.filename.removesuffix(".npy"): info for info in members}

    @property
    def files(self) -> list[str]:
        """The names."""
        return list(self._members)

    def __repr__(self) -> str:
        return f"NpzFile {str(self.path)!r} with keys: {', '.join(self._members)}"

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Do nothing: a file is closed when no array needs it."""

    def __getitem__(self, name: str) -> Array:
        info = self._members.get(name) or self._members.get(name.removesuffix(".npy"))
        if info is None:
            raise KeyError(f"{name} is not a file in the archive")
        where = f"{self.path}, member {info.filename!r},"
        with zipfile.ZipFile(self.path) as archive:
            try:
                with archive.open(info) as file:
                    head = io.BytesIO(file.read(1 << 16))
            except zipfile.BadZipFile as error:
                raise zipfile.BadZipFile(f"{where}: {error}") from error
            except (NotImplementedError, RuntimeError) as error:
                raise ValueError(f"{where} can't be read: {error}") from error
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{where} is compressed by a method that NumPy doesn't use")
        header = _Header(head, where)
        if info.file_size < header.offset + header.nbytes:
            raise ValueError(
                f"{where} is truncated: {header.shape} elements of {header.dtype} take "
                f"{header.nbytes} bytes, and {info.file_size - header.offset} are there"
            )
        native = header.dtype.newbyteorder("=")
        core = self._open(info, header, head.getvalue()[: header.offset], native)
        array = header.wrap(core)
        chunks = header.chunks(self._chunks)
        return array if chunks is None else _wrap(array._core.rechunk(chunks))

    def _open(self, info: zipfile.ZipInfo, header: _Header, head: bytes, dtype: Any) -> Any:
        """Make the expression that reads a member in its own order."""
        chunks = runs_of(header.c_shape, dtype.itemsize)
        boxes = [box for _, box in blocks_of(chunks)]
        sizes = [math.prod(stop - start for start, stop in box) for box in boxes]
        bounds = [number * dtype.itemsize for number in itertools.accumulate(sizes, initial=0)]
        member = Member(self.path, info, head, bounds)
        blocks = [len(lengths) for lengths in chunks]

        def block(index: tuple[int, ...]) -> Any:
            number = _number(index, blocks)
            out = np.empty([stop - start for start, stop in boxes[number]], header.dtype)
            if out.nbytes:
                member.read(number, as_bytes(out))
            return out.astype(dtype, copy=False)

        return _core.Array.blocks(block, [], [], [(dtype, chunks)], "open_npz", index=True)[0]


def open_npz(path: _PathLike, chunks: Any = None) -> NpzFile:
    """
    Open a ``.npz`` file: its arrays are read when they are computed.

    A chunk of a member that is not compressed is read by itself. A compressed member is inflated
    from its beginning once; from then on each chunk is inflated by itself, too.

    Parameters
    ----------
    path : path
        The file. It must stay as it is for as long as its arrays are used.
    chunks : int, str, tuple, optional
        As of `from_array`, for each array; chosen by default.

    Returns
    -------
    NpzFile
        A mapping of names to arrays.

    Raises
    ------
    OSError
        If the file can't be read.
    zipfile.BadZipFile
        If it is no zip archive, or when a damaged array is computed.
    ValueError
        If an array that is taken from it holds Python objects or structured elements.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "x.npz"
    >>> np.savez_compressed(path, a=np.arange(3), b=np.eye(2))
    >>> arrays = mc.open_npz(path)
    >>> list(arrays), arrays["a"].compute()
    (['a', 'b'], array([0, 1, 2]))
    """
    return NpzFile(path, chunks)


def load(file: _PathLike, chunks: Any = None) -> Array | NpzFile:
    """
    Open a ``.npy`` or ``.npz`` file, by how it begins.

    Parameters
    ----------
    file : path
        The file.
    chunks : int, str, tuple, optional
        As of `from_array`; chosen by default.

    Returns
    -------
    Array or NpzFile
        As `open_npy` and `open_npz` return.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "x.npy"
    >>> mc.array.save(path, mc.array.arange(4))
    >>> mc.array.load(path).compute()
    array([0, 1, 2, 3])
    """
    with Path(file).open("rb") as opened:
        is_archive = opened.read(2) == b"PK"
    return open_npz(file, chunks) if is_archive else open_npy(file, chunks)


def _number(index: tuple[int, ...], blocks: Sequence[int]) -> int:
    """Count the blocks before one, in C order."""
    number = 0
    for at, count in zip(index, blocks, strict=True):
        number = number * count + at
    return number


def _core_to_write(array: Array) -> Any:
    """Cut an array into chunks that can be written one behind the other."""
    core = array._core
    # Only the first axis that has more than one element may be cut.
    cut = [axis for axis, lengths in enumerate(core.chunks) if len(lengths) > 1]
    if len(cut) > 1 or (cut and any(length > 1 for length in core.shape[: cut[0]])):
        core = core.rechunk(runs_of(core.shape, core.dtype.itemsize))
    return core


def _header_of(core: Any) -> bytes:
    """Write the beginning of a ``.npy`` file."""
    file = io.BytesIO()
    described = {
        "descr": np.lib.format.dtype_to_descr(core.dtype),
        "fortran_order": False,
        "shape": core.shape,
    }
    np.lib.format.write_array_header_1_0(file, described)
    return file.getvalue()


def _path_to(file: _PathLike, suffix: str) -> Path:
    path = Path(file)
    return path if path.name.endswith(suffix) else path.with_name(path.name + suffix)


def save(file: _PathLike, arr: Any) -> None:
    """
    Compute an array and write it into a ``.npy`` file, chunk by chunk.

    Parameters
    ----------
    file : path
        The file; ``.npy`` is put behind its name if it isn't there. It appears when it is complete.
    arr : array_like
        The array.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "x.npy"
    >>> mc.array.save(path, mc.array.arange(4) ** 2)
    >>> np.load(path)
    array([0, 1, 4, 9])
    """
    core = _core_to_write(asarray(arr))
    starts, shape, size = Starts(core.chunks), core.shape, core.dtype.itemsize
    header = _header_of(core)
    with whole(_path_to(file, ".npy")) as partial:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:

            def write(chunk: Any, index: tuple[int, ...]) -> None:
                offset = len(header) + starts.first(index, shape) * size
                write_at(descriptor, as_bytes(chunk), offset)

            write_at(descriptor, memoryview(header), 0)
            run([each_chunk(core, write, "save")])
        finally:
            os.close(descriptor)


def savez(file: _PathLike, *args: Any, **kwds: Any) -> None:
    """
    Compute arrays and write them into a ``.npz`` file, chunk by chunk.

    Parameters
    ----------
    file : path
        The file; ``.npz`` is put behind its name if it isn't there. It appears when it is complete.
    *args : array_like
        Arrays, which are called ``arr_0``, ``arr_1`` and so on.
    **kwds : array_like
        Arrays by name.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "x.npz"
    >>> mc.array.savez(path, mc.array.arange(3), b=mc.array.ones(2))
    >>> np.load(path)["b"]
    array([1., 1.])
    """
    _save_archive(file, args, kwds, None)


def savez_compressed(file: _PathLike, *args: Any, **kwds: Any) -> None:
    """
    Compute arrays, compress them on all cores and write them into a ``.npz`` file.

    Parameters
    ----------
    file : path
        The file; ``.npz`` is put behind its name if it isn't there. It appears when it is complete.
    *args : array_like
        Arrays, which are called ``arr_0``, ``arr_1`` and so on.
    **kwds : array_like
        Arrays by name.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "x.npz"
    >>> mc.array.savez_compressed(path, a=mc.array.arange(3))
    >>> np.load(path)["a"]
    array([0, 1, 2])
    """
    _save_archive(file, args, kwds, 6)


def _save_archive(
    file: _PathLike, args: tuple[Any, ...], kwds: dict[str, Any], level: int | None
) -> None:
    arrays = dict(kwds)
    for number, value in enumerate(args):
        name = f"arr_{number}"
        if name in arrays:
            raise ValueError(f"Cannot use un-named variables and keyword {name}")
        arrays[name] = value
    cores = {name: _core_to_write(asarray(value)) for name, value in arrays.items()}
    with whole(_path_to(file, ".npz")) as partial, Writer(partial) as writer:
        for name, core in cores.items():
            _save_member(writer, f"{name}.npy", core, level)


def _save_member(writer: Writer, name: str, core: Any, level: int | None) -> None:
    starts, shape, size = Starts(core.chunks), core.shape, core.dtype.itemsize
    blocks = core.numblocks
    entry = writer.begin(name, _header_of(core), math.prod(blocks), level)

    def write(chunk: Any, index: tuple[int, ...]) -> None:
        entry.write(_number(index, blocks), starts.first(index, shape) * size, chunk)

    run([each_chunk(core, write, "savez")])
    entry.finish()
