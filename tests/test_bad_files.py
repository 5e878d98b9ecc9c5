"""Files that are damaged or change while they are read: an error with a name, or the whole text."""

from __future__ import annotations

import gzip
import os
import threading
from pathlib import Path

import pytest

import manycore as mc
from children import output

read = mc.bag.read_text
TEXT = "".join(f"line {number} of the text, naïvely\n" for number in range(300))
WORDS = len(TEXT.split())


LANES = [(lane, blocksize) for lane in ("threads", "inline") for blocksize in (None, "1kB")]


# Bytes that are no text.


def test_a_binary_file_is_a_decode_error_with_file_and_offset(tmp_path: Path) -> None:
    path = tmp_path / "image.txt"
    path.write_bytes(b"head\n" + bytes(range(256)) * 100)
    with pytest.raises(UnicodeDecodeError) as caught:
        read(path).count().compute()
    assert str(path) in caught.value.reason
    assert f"byte offset {5 + 128}" in caught.value.reason
    assert caught.value.object[caught.value.start] == 128


@pytest.mark.parametrize("blocksize", [None, "64kB"])
def test_the_offset_of_a_decode_error_counts_from_the_start_of_the_file(
    tmp_path: Path, blocksize: str | None
) -> None:
    path = tmp_path / "a.txt"
    text = TEXT.encode() * 50
    path.write_bytes(text + b"\xff\n" + text)
    with pytest.raises(UnicodeDecodeError, match=f"byte offset {len(text)}\\)"):
        read(path, blocksize=blocksize).str.split().flatten().count().compute()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (b"\x80", "invalid start byte"),
        (b"\xe2\x82", "unexpected end of data"),
        (b"\xe2\x28\xa1", "invalid continuation byte"),
        (b"\xed\xa0\x80", "invalid continuation byte"),
    ],
)
def test_the_reason_of_a_decode_error_is_pythons(
    tmp_path: Path, damage: bytes, reason: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"good " + damage)
    with pytest.raises(UnicodeDecodeError) as expected:
        (b"good " + damage).decode()
    with pytest.raises(UnicodeDecodeError) as caught:
        read(path).compute()
    assert expected.value.reason == reason
    assert caught.value.reason.startswith(reason)
    assert (caught.value.start, caught.value.end) == (expected.value.start, expected.value.end)


# Damaged compressed files.


def zstd(folder: Path, text: str) -> bytes:
    [path] = mc.bag.from_sequence([text]).to_textfiles([folder / "made.zst"])
    data = Path(path).read_bytes()
    Path(path).unlink()
    return data


def compressed(name: str, folder: Path) -> bytes:
    return gzip.compress(TEXT.encode()) if name == "gz" else zstd(folder, TEXT)


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_a_compressed_file_that_is_cut_anywhere_is_an_end_of_file_error(
    tmp_path: Path, kind: str
) -> None:
    data = compressed(kind, tmp_path)
    path = tmp_path / f"a.{kind}"
    path.write_bytes(data)
    assert read(path).str.split().flatten().count().compute() == WORDS
    for cut in {*range(1, 40), *range(40, len(data) - 12, 97), *range(len(data) - 12, len(data))}:
        path.write_bytes(data[:cut])
        with pytest.raises(EOFError) as caught:
            read(path).str.split().flatten().count().compute()
        assert str(path) in str(caught.value)


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_an_empty_compressed_file_is_an_empty_text(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    path.write_bytes(b"")
    assert read(path).compute() == []


def test_text_that_is_called_gz_is_no_gzip_file(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(gzip.BadGzipFile) as caught:
        read(path).compute()
    assert str(path) in str(caught.value)


def test_text_that_is_called_zst_is_an_error_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.zst"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(OSError, match="not a valid zstd file") as caught:
        read(path).compute()
    assert str(path) in str(caught.value)


def test_a_gzip_file_whose_bytes_were_changed_is_an_error(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(TEXT.encode()))
    data[-6] ^= 1  # in the checksum
    path = tmp_path / "a.gz"
    path.write_bytes(data)
    with pytest.raises(gzip.BadGzipFile, match=r"a\.gz"):
        read(path).compute()
    data[-6] ^= 1
    data[len(data) // 2] ^= 0xFF  # in the data
    path.write_bytes(data)
    with pytest.raises((gzip.BadGzipFile, UnicodeDecodeError, EOFError), match=r"a\.gz"):
        read(path).compute()


def test_garbage_behind_a_gzip_file_is_an_error_and_zeros_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    data = gzip.compress(TEXT.encode())
    path.write_bytes(data + b"garbage, and more of it")
    with pytest.raises(gzip.BadGzipFile) as caught:
        read(path).compute()
    assert str(path) in str(caught.value)
    for zeros in (1, 9, 10, 512):  # `gzip -d` and Python's gzip let them pass: tapes are padded
        path.write_bytes(data + bytes(zeros))
        assert "".join(read(path).compute()) == TEXT


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_several_compressed_texts_in_one_file_are_one_text(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    path.write_bytes(compressed(kind, tmp_path) * 3)
    assert "".join(read(path).compute()) == TEXT * 3


def test_the_first_error_leaves_no_answer_of_the_other_files(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "10.txt").write_bytes(b"\xff")
    for bag in (read(tmp_path), read(tmp_path, blocksize="1kB")):
        for result in (bag.count(), bag.str.split().flatten().frequencies(), bag.map(len)):
            with pytest.raises(UnicodeDecodeError, match=r"10\.txt"):
                result.compute()


# Files that go, shrink and grow.


@pytest.mark.parametrize(("lane", "blocksize"), LANES)
def test_a_file_that_is_gone_when_it_is_read_is_named(
    tmp_path: Path, lane: str, blocksize: str | None
) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    gone = tmp_path / "b.txt"
    gone.write_text(TEXT, encoding="utf-8")
    words = read(tmp_path, blocksize=blocksize).str.split().flatten().count()
    gone.unlink()
    with mc.config(lane=lane), pytest.raises(FileNotFoundError) as caught:  # type: ignore[arg-type]
        words.compute()
    assert caught.value.filename == str(gone)


@pytest.mark.parametrize(("lane", "blocksize"), LANES)
@pytest.mark.parametrize("left", [0, 1, 1000, len(TEXT.encode()) - 1])
def test_a_file_that_was_cut_before_it_is_read_shrank(
    tmp_path: Path, lane: str, blocksize: str | None, left: int
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    bag = read(path, blocksize=blocksize)
    os.truncate(path, left)
    results = (bag.count(), bag.str.split().flatten().count(), bag.map(len), bag.frequencies())
    for result in results:
        with mc.config(lane=lane), pytest.raises(OSError, match="shrank") as caught:  # type: ignore[arg-type]
            result.compute()
        assert str(path) in str(caught.value)


@pytest.mark.parametrize(("lane", "blocksize"), LANES)
def test_a_file_that_is_cut_while_it_is_read_is_an_error_and_no_crash(
    tmp_path: Path, lane: str, blocksize: str | None
) -> None:
    # Larger than any block that is read at once, so that something is left to be missed.
    code = """
        import os, sys
        import manycore as mc
        path, lane, blocksize = sys.argv[1:]
        def cut(line):
            os.truncate(path, 300_000)
            return line
        bag = mc.bag.read_text(path, blocksize=None if blocksize == "None" else "500 kB").map(cut)
        try:
            with mc.config(lane=lane, workers=1):
                print(bag.count().compute())
        except OSError as error:
            print(error)
    """
    path = tmp_path / "a.txt"
    path.write_text(TEXT * 200, encoding="utf-8")
    said = output(code, path, lane, blocksize)
    assert "shrank while it was read" in said
    assert str(path) in said


@pytest.mark.parametrize(("lane", "blocksize"), LANES)
def test_a_file_that_grows_while_it_is_read_gives_at_least_what_was_there(
    tmp_path: Path, lane: str, blocksize: str | None
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT * 50, encoding="utf-8")
    grown = threading.Event()

    def grow(line: str) -> str:
        if not grown.is_set():
            grown.set()
            with path.open("a", encoding="utf-8") as file:
                file.write("more\n" * 100)
        return line

    with mc.config(lane=lane, workers=1):  # type: ignore[arg-type]
        bag = read(path, blocksize=None if blocksize is None else "200 kB")
        lines = bag.map(grow).compute()
    before = (TEXT * 50).splitlines(keepends=True)
    assert lines[: len(before)] == before
    assert set(lines[len(before) :]) <= {"more\n"}


def test_an_empty_file_that_is_filled_before_it_is_read_is_read(tmp_path: Path) -> None:
    for kind in ("txt", "gz", "zst"):
        path = tmp_path / f"a.{kind}"
        path.write_bytes(b"")
        bag = read(path)
        path.write_bytes(TEXT.encode() if kind == "txt" else compressed(kind, tmp_path))
        assert "".join(bag.compute()) == TEXT


def test_a_file_that_became_a_folder_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    for blocksize in (None, "1kB"):
        bag = read(path, blocksize=blocksize)
        path.unlink()
        path.mkdir()
        with pytest.raises(IsADirectoryError) as caught:
            bag.count().compute()
        assert caught.value.filename == str(path)
        path.rmdir()
        path.write_text(TEXT, encoding="utf-8")


# Pipes.


@pytest.mark.parametrize("kind", ["txt", "gz", "zst"])
def test_a_named_pipe_is_read_to_its_end(tmp_path: Path, kind: str) -> None:
    pipe = tmp_path / f"pipe.{kind}"
    data = TEXT.encode() if kind == "txt" else compressed(kind, tmp_path)
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(data,))
    writer.start()
    assert read(pipe).str.split().flatten().count().compute() == WORDS
    writer.join()
