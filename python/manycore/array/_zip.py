"""
Zip archives of arrays, as ``numpy.savez`` makes them, read and written chunk by chunk.

The chunks of an array are compressed on all cores: a deflate stream may be flushed anywhere, and
pieces that were flushed make one stream, one behind the other. The CRC-32 of a whole is computed
from those of its parts. `zipfile` can do neither, so archives are written here; it reads them.
"""

from __future__ import annotations

import os
import struct
import threading
import zipfile
import zlib

from manycore.array._writing import as_bytes, read_at, write_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Any, Self

__all__: list[str] = []

_POLYNOMIAL = 0xEDB88320


def _multiply(a: int, b: int) -> int:
    """Multiply two polynomials modulo CRC-32's, the highest bit being the constant."""
    product = 0
    for _ in range(32):
        if a & 0x80000000:
            product ^= b
        a = a << 1 & 0xFFFFFFFF
        b = b >> 1 ^ (_POLYNOMIAL if b & 1 else 0)
    return product


def combine_crc(first: int, second: int, length: int) -> int:
    """
    Compute the CRC-32 of two parts behind one another.

    Parameters
    ----------
    first, second : int
        The parts' own.
    length : int
        Bytes of the second one.

    Examples
    --------
    >>> import zlib
    >>> combine_crc(zlib.crc32(b"ab"), zlib.crc32(b"cde"), 3) == zlib.crc32(b"abcde")
    True
    """
    power, factor = 0x80000000, 0x00800000  # 1, and x to the 8th: a byte
    while length:
        if length & 1:
            power = _multiply(power, factor)
        factor = _multiply(factor, factor)
        length >>= 1
    return _multiply(first, power) ^ second


class _Parts:
    """The checksums of an array's chunks, which come in any order."""

    def __init__(self, start: int, count: int) -> None:
        self._lock = threading.Lock()
        self._crc = start
        self._next = 0
        self._count = count
        self._waiting: dict[int, tuple[int, int]] = {}

    def add(self, number: int, crc: int, length: int) -> int | None:
        """Note a chunk's; give the whole's once all are there."""
        with self._lock:
            if number >= self._next:
                self._waiting[number] = crc, length
            while self._next in self._waiting:
                self._crc = combine_crc(self._crc, *self._waiting.pop(self._next))
                self._next += 1
            return self._crc if self._next == self._count else None


class Member:
    """
    An array in an archive: bytes that are read by chunks.

    Parameters
    ----------
    path : Path
        The archive.
    info : zipfile.ZipInfo
        The member.
    header : bytes
        What the member begins with, before the elements.
    bounds : list of int
        Where each chunk begins, in bytes behind the header, and where the last one ends.
    """

    def __init__(self, path: Path, info: zipfile.ZipInfo, header: bytes, bounds: list[int]) -> None:
        self.path = path
        self.info = info
        self.skip = len(header)
        self.bounds = bounds
        self.count = len(bounds) - 1
        self._descriptor = os.open(path, os.O_RDONLY)
        self._offset = _data_offset(self._descriptor, path, info)
        self._parts = _Parts(zlib.crc32(header), self.count)
        self._lock = threading.Lock()
        # For each chunk that was come to, how to go on from there.
        self._points = {0: _Point(zlib.decompressobj(-15), self._offset, b"", zlib.crc32(header))}
        self._is_begun = False

    def __del__(self) -> None:
        if hasattr(self, "_descriptor"):
            os.close(self._descriptor)

    def damaged(self, what: str) -> zipfile.BadZipFile:
        """Make the error for a member that isn't what it should be."""
        return zipfile.BadZipFile(f"{self.path}: the member {self.info.filename!r} {what}")

    def _check(self, crc: int | None) -> None:
        """Compare the CRC-32, once it is known."""
        if crc not in (None, self.info.CRC):
            raise self.damaged(f"is damaged: its CRC-32 is {crc:#010x}, not {self.info.CRC:#010x}")

    def read(self, number: int, into: memoryview) -> None:
        """Read a chunk."""
        if self.info.compress_type == zipfile.ZIP_STORED:
            offset = self._offset + self.skip + self.bounds[number]
            if read_at(self._descriptor, into, offset) < len(into):
                raise self.damaged("is truncated")
            self._check(self._parts.add(number, zlib.crc32(into), len(into)))
            return
        try:
            self._inflate_chunk(number, into)
        except zlib.error as error:
            raise self.damaged(f"is damaged: {error}") from error

    def _inflate_chunk(self, number: int, into: memoryview) -> None:
        with self._lock:
            point = self._points.get(number)
            if point is None:
                self._go_on_to(number)
                point = self._points[number]
            if number + 1 not in self._points:
                # The first time: whoever comes after us waits for where we stop.
                self._advance(number, into)
                return
        point.copy().inflate(self, into)

    def _go_on_to(self, number: int) -> None:
        """Inflate what comes before a chunk that was not come to yet."""
        for before in range(max(self._points), number):
            length = self.bounds[before + 1] - self.bounds[before]
            self._advance(before, memoryview(bytearray(length)))

    def _advance(self, number: int, into: memoryview) -> None:
        """Inflate a chunk that was not come to yet."""
        point = self._points[number].copy()
        if not self._is_begun:
            point.inflate(self, memoryview(bytearray(self.skip)), has_crc=False)
            self._points[0] = point.copy()
            self._is_begun = True
        point.inflate(self, into)
        if number + 1 == self.count:
            self._check(point.crc)
        self._points[number + 1] = point


class _Point:
    """A place in a deflate stream from where one can go on."""

    def __init__(self, state: Any, offset: int, rest: bytes, crc: int) -> None:
        self.state = state
        self.offset = offset
        self.rest = rest
        self.crc = crc

    def copy(self) -> _Point:
        return _Point(self.state.copy(), self.offset, self.rest, self.crc)

    def inflate(self, member: Member, into: memoryview, has_crc: bool = True) -> None:
        """Fill a buffer."""
        end = member._offset + member.info.compress_size
        done = 0
        while done < len(into):
            if not self.rest and not self.state.eof:
                # No more than about what is needed, for the rest is kept.
                piece = memoryview(bytearray(min(1 << 18, end - self.offset)))
                count = read_at(member._descriptor, piece, self.offset)
                self.rest = bytes(piece[:count])
                self.offset += count
            data = self.state.decompress(self.rest, len(into) - done)
            if not data and not self.rest:
                raise member.damaged("is truncated")
            self.rest = self.state.unconsumed_tail
            into[done : done + len(data)] = data
            done += len(data)
        if has_crc:
            self.crc = zlib.crc32(into, self.crc)


def _data_offset(descriptor: int, path: Path, info: zipfile.ZipInfo) -> int:
    """Find where a member's own bytes begin."""
    header = os.pread(descriptor, 30, info.header_offset)
    if len(header) < 30 or header[:4] != b"PK\3\4":
        raise zipfile.BadZipFile(f"{path}: the member {info.filename!r} has no header")
    name, extra = struct.unpack("<HH", header[26:30])
    return info.header_offset + 30 + name + extra  # type: ignore[no-any-return]


_STORED, _DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
_LIMIT = 0xFFFFFFFF
_DATE = 1 << 5 | 1  # the first of January 1980, as NumPy's


class Writer:
    """
    Writes an archive; a context manager, after which it is complete.

    Parameters
    ----------
    path : Path
        A new file.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        self._end = 0
        self._entries: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._finish()
        finally:
            os.close(self._descriptor)

    def begin(self, name: str, header: bytes, count: int, level: int | None) -> Entry:
        """Begin an entry of so many chunks; None for no compression."""
        return Entry(self, name, header, count, level)

    def _finish(self) -> None:
        directory = b"".join(self._entries)
        count, size, start = len(self._entries), len(directory), self._end
        end = directory
        if count > 0xFFFE or start > _LIMIT - 1 or size > _LIMIT - 1:
            end += struct.pack(
                "<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start
            ) + struct.pack("<4sIQI", b"PK\6\7", 0, start + size, 1)
        few = min(count, 0xFFFF)
        end += struct.pack(
            "<4sHHHHIIH", b"PK\5\6", 0, 0, few, few, min(size, _LIMIT), min(start, _LIMIT), 0
        )
        write_at(self._descriptor, memoryview(end), start)


class Entry:
    """An array that is written into an archive, chunk by chunk in any order."""

    def __init__(
        self, writer: Writer, name: str, header: bytes, count: int, level: int | None
    ) -> None:
        self._writer = writer
        self._name = name.encode()
        self._level = level
        self._count = count
        self._start = writer._end
        self._data = self._start + 30 + len(self._name) + 20
        self._parts = _Parts(zlib.crc32(header), count)
        self._crc = zlib.crc32(header)
        self._size = len(header)
        self._lock = threading.Lock()
        self._next = 0
        self._waiting: dict[int, bytes] = {}
        self._end = self._data
        self._skip = len(header)
        self._append(header if level is None else _deflate(memoryview(header), level, False))

    def write(self, number: int, offset: int, chunk: Any) -> None:
        """Write a chunk, whose first byte is that many behind the first chunk's."""
        data = as_bytes(chunk)
        crc = self._parts.add(number, zlib.crc32(data), len(data))
        if self._level is None:
            write_at(self._writer._descriptor, data, self._data + self._skip + offset)
            packed = b""
        else:
            packed = _deflate(data, self._level, number + 1 == self._count)
        with self._lock:
            self._size += len(data)
            if crc is not None:
                self._crc = crc
            # Those that come early wait for their place.
            self._waiting[number] = packed
            while self._next in self._waiting:
                self._append(self._waiting.pop(self._next))
                self._next += 1

    def _append(self, data: bytes) -> None:
        write_at(self._writer._descriptor, memoryview(data), self._end)
        self._end += len(data)

    def finish(self) -> None:
        """Complete the entry, all of whose chunks are there."""
        if self._level is None:
            self._end = self._data + self._size
        packed = self._end - self._data
        method = _STORED if self._level is None else _DEFLATED
        flags = 0x800 if not self._name.isascii() else 0
        about = struct.pack("<HHHHI", flags, method, 0, _DATE, self._crc)
        # The true sizes are in the extra field, as they might not fit here.
        extra = struct.pack("<HHQQ", 1, 16, self._size, packed)
        names = struct.pack("<HH", len(self._name), len(extra))
        local = struct.pack("<4sH", b"PK\3\4", 45) + about + struct.pack("<II", _LIMIT, _LIMIT)
        write_at(
            self._writer._descriptor, memoryview(local + names + self._name + extra), self._start
        )
        self._writer._entries.append(self._directory_entry(about, packed))
        self._writer._end = self._end

    def _directory_entry(self, about: bytes, packed: int) -> bytes:
        large = [number for number in (self._size, packed, self._start) if number >= _LIMIT]
        extra = b""
        if large:
            extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large)
        sizes = struct.pack("<II", min(packed, _LIMIT), min(self._size, _LIMIT))
        lengths = struct.pack("<HHHHH", len(self._name), len(extra), 0, 0, 0)
        place = struct.pack("<II", 0o600 << 16, min(self._start, _LIMIT))
        start = struct.pack("<4sHH", b"PK\1\2", 3 << 8 | 45, 45)
        return start + about + sizes + lengths + place + self._name + extra


def _deflate(data: memoryview, level: int, is_last: bool) -> bytes:
    """Compress a piece of a deflate stream."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    packed = packer.compress(data)
    return packed + packer.flush(zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH)
