"""Bytes that are not UTF-8 are replaced, left out or refused as by `bytes.decode`."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import manycore as mc
from texts import BROKEN, BROKEN_BYTES, PIECES, file_of, lines, pack, words

pytestmark = pytest.mark.usefixtures("lane")

Lenient = Literal["replace", "ignore"]
lenient = pytest.mark.parametrize("errors", ["replace", "ignore"])
BLOCK = 128 << 10


def check_lenient(path: Path, data: bytes, errors: Lenient, blocksize: int | None = None) -> None:
    """Hold lines and words against Python's."""
    expected = lines(data, errors)
    bag = mc.bag.read_text(path, blocksize=blocksize, errors=errors)
    assert bag.compute() == expected
    assert bag.count().compute() == len(expected)
    assert bag.str.split().flatten().compute() == words(data, errors)


def check_strict(path: Path, data: bytes, *, blocksize: int | None = None) -> None:
    """Hold the error against that of `bytes.decode`, which knows no file and no block."""
    with pytest.raises(UnicodeDecodeError) as expected:
        data.decode()
    bag = mc.bag.read_text(path, blocksize=blocksize)
    for item in (bag.count(), bag.str.split().flatten().count(), bag.map(len).sum()):
        with pytest.raises(UnicodeDecodeError) as raised:
            item.compute()
        error = raised.value
        assert error.encoding == "utf-8"
        assert error.object[error.start : error.end] == _invalid(expected.value)
        assert error.reason.startswith(f"{expected.value.reason} (")
        assert f"({path}, byte offset {expected.value.start})" in str(error)


def _invalid(error: UnicodeDecodeError) -> bytes:
    return error.object[error.start : error.end]


def is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@lenient
@given(data=BROKEN_BYTES, blocksize=st.none() | st.integers(1, 200))
@example(data=b"a\r\xff\nb", blocksize=None)
@example(data=b"a\r\xff\nb", blocksize=2)
@example(data=b"a\r\xff\nb", blocksize=3)
@example(data=b"a\r\xe2\x80", blocksize=2)
def test_invalid_bytes_are_replaced_or_left_out_as_in_decode(
    errors: Lenient, data: bytes, blocksize: int | None
) -> None:
    with file_of(data) as path:
        check_lenient(path, data, errors, blocksize)


@lenient
@given(
    data=BROKEN_BYTES,
    kind=st.sampled_from(["gz", "zst"]),
    cuts=st.lists(st.integers(0, 100), max_size=3),
)
def test_invalid_bytes_of_compressed_files_are_replaced_or_left_out_as_in_decode(
    errors: Lenient, data: bytes, kind: str, cuts: list[int]
) -> None:
    with file_of(pack(data, kind, cuts), f"text.{kind}") as path:
        check_lenient(path, data, errors)


@lenient
@settings(max_examples=25)
@given(data=BROKEN_BYTES, before=st.integers(-24, 2), start=st.sampled_from([b"", b"a\n", b"\r"]))
@example(data=b"\r\xff\nb", before=-2, start=b"")
@example(data=b"\r\xe2\x80\nb", before=-2, start=b"")
@example(data=b"\r\xe2\x80\nb", before=-3, start=b"")
@example(data=b"\r\xff\r\xff\n", before=-4, start=b"")
def test_invalid_bytes_at_the_end_of_a_block_are_replaced_or_left_out_as_in_decode(
    errors: Lenient, data: bytes, before: int, start: bytes
) -> None:
    whole = start + b"x" * (BLOCK + before - len(start)) + data + (b"y" * 999 + b"\n") * 150
    with file_of(whole) as path:
        check_lenient(path, whole, errors)


@given(BROKEN_BYTES)
@example(b"\xe2\x80")
@example(b"a\n\xff")
@example(b"\xed\xa0\x80")
def test_a_strict_error_has_the_reason_the_file_and_the_offset_of_decode_s(data: bytes) -> None:
    assume(not is_utf8(data))
    with file_of(data) as path:
        check_strict(path, data)


@given(
    st.lists(PIECES, max_size=20).map("".join),
    st.sampled_from(BROKEN),
    st.lists(PIECES, max_size=20).map("".join),
    st.integers(1, 200),
)
def test_a_strict_error_has_the_offset_in_the_file_and_not_in_the_part(
    before: str, broken: bytes, after: str, blocksize: int
) -> None:
    # Of several wrong parts the first to fail is heard of, so only one line is wrong.
    data = before.encode() + b"\n" + broken + b"\n" + after.encode()
    with file_of(data) as path:
        check_strict(path, data, blocksize=blocksize)


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("start", [b"", b"a b\r\n"])
def test_a_strict_error_around_the_end_of_a_block_has_the_offset_in_the_file(
    broken: bytes, start: bytes, tmp_path: Path
) -> None:
    for before in range(BLOCK - len(broken) - 1, BLOCK + 2):
        for after in (b"", b"\n" + b"z" * (BLOCK // 4)):
            data = start + b"x" * (before - len(start)) + broken + after
            path = tmp_path / "text"
            path.write_bytes(data)
            check_strict(path, data)


@pytest.mark.parametrize("broken", [b"\xff", b"\xe2\x80"])
def test_a_strict_error_around_the_end_of_a_block_has_the_offset_in_the_decompressed_text(
    broken: bytes, tmp_path: Path
) -> None:
    for before in range(BLOCK - len(broken) - 1, BLOCK + 2):
        data = b"a b\r\n" + b"x" * (before - 5) + broken + b"\n" + b"z" * (BLOCK // 4)
        path = tmp_path / "text.gz"
        path.write_bytes(gzip.compress(data, compresslevel=1))
        check_strict(path, data)


@given(BROKEN_BYTES, st.lists(st.integers(0, 100), max_size=3), st.sampled_from(["gz", "zst"]))
def test_a_strict_error_in_a_compressed_file_has_the_offset_in_its_text(
    data: bytes, cuts: list[int], kind: str
) -> None:
    assume(not is_utf8(data))
    with file_of(pack(data, kind, cuts), f"text.{kind}") as path:
        check_strict(path, data)


def test_a_file_that_is_not_utf8_is_named_among_those_that_are(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}").write_bytes(b"fine\n" if number != 13 else b"na\xefve\n")
    with pytest.raises(UnicodeDecodeError, match=r"/13, byte offset 2\)"):
        mc.bag.read_text(tmp_path).count().compute()
