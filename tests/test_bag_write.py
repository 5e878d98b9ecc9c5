"""What `to_textfiles` writes is what was in the bag, whole or not at all."""

from __future__ import annotations

import gzip
import io
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import dask.bag
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

import manycore as mc
from texts import PIECES, folder

pytestmark = pytest.mark.usefixtures("lane")

# Its functions have no types.
db: Any = dask.bag

# What can stand on a line: anything but what ends one in text mode.
LINES = st.lists(PIECES, max_size=8).map(lambda pieces: "".join("".join(pieces).split("\r")))
LINES = LINES.map(lambda line: line.replace("\n", ""))


class Name(str):
    __slots__ = ()


def decompressed(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zst":
        decoder = zstandard.ZstdDecompressor()
        return decoder.stream_reader(io.BytesIO(path.read_bytes())).read()
    return path.read_bytes()


def names(parent: Path) -> list[str]:
    """Give the names of all files below a folder, hidden ones too."""
    return sorted(str(path.relative_to(parent)) for path in parent.rglob("*") if path.is_file())


@given(
    st.lists(LINES, max_size=12),
    st.integers(1, 4),
    st.sampled_from(["", ".gz", ".zst"]),
    st.booleans(),
    st.booleans(),
)
def test_what_is_written_is_read_again(
    strings: list[str], parts: int, suffix: str, last_endline: bool, made: bool
) -> None:
    bag = mc.bag.from_sequence(strings, npartitions=parts)
    if made:
        bag = bag.map(Name)
    partitions = bag.reduction(list, list).compute()
    with folder() as parent:
        paths = bag.to_textfiles(parent / f"*.txt{suffix}", last_endline=last_endline)
        for path, partition in zip(paths, partitions, strict=True):
            end = "\n" if last_endline and partition else ""
            assert decompressed(Path(path)) == ("\n".join(partition) + end).encode()
        found = mc.bag.read_text(paths).map(lambda line: line.removesuffix("\n"))
        # Python's own reader sees no line in an empty last one without an end.
        seen = [
            line
            for partition in partitions
            for line in (partition if last_endline or partition[-1:] != [""] else partition[:-1])
        ]
        assert found.compute() == seen


def test_a_text_goes_through_a_bag_unchanged(tmp_path: Path) -> None:
    text = "".join(f"line {number} é日😀\n" for number in range(50_000))
    source = tmp_path / "source"
    source.write_text(text, encoding="utf-8")
    bag = mc.bag.read_text(source, blocksize="100kB")
    assert bag.npartitions > 10
    lines = bag.str.rstrip("\n")
    paths = lines.to_textfiles(tmp_path / "copy", last_endline=True)
    assert "".join(Path(path).read_text(encoding="utf-8") for path in paths) == text
    assert mc.bag.read_text(tmp_path / "copy").compute() == text.splitlines(keepends=True)


def test_a_folder_gets_a_part_for_each_partition(tmp_path: Path) -> None:
    bag = mc.bag.from_sequence([str(number) for number in range(11)], npartitions=11)
    paths = bag.to_textfiles(tmp_path / "new" / "folder")
    expected = [str(tmp_path / "new" / "folder" / f"{number:02}.part") for number in range(11)]
    assert paths == expected
    assert [Path(path).read_text(encoding="utf-8") for path in paths] == bag.compute()
    assert bag.to_textfiles(f"{tmp_path}/new/folder/") == expected


def test_the_star_becomes_the_partition_s_number_or_what_a_function_makes_of_it(
    tmp_path: Path,
) -> None:
    bag = mc.bag.from_sequence(["a", "b", "c"], npartitions=3)
    bag.to_textfiles(tmp_path / "part-*.txt")
    bag.to_textfiles(str(tmp_path / "*" / "x"), name_function=lambda number: "xyz"[number])
    assert names(tmp_path) == [
        *(f"part-{number}.txt" for number in range(3)),
        *(f"{letter}/x" for letter in "xyz"),
    ]
    assert (tmp_path / "y" / "x").read_text(encoding="utf-8") == "b"


def test_a_list_of_paths_names_each_partition_s_file(tmp_path: Path) -> None:
    bag = mc.bag.from_sequence(["a", "b"], npartitions=2)
    paths: list[str | Path] = [tmp_path / "one", str(tmp_path / "deep" / "two.gz")]
    assert bag.to_textfiles(paths) == [str(path) for path in paths]
    assert decompressed(tmp_path / "one") == b"a"
    assert decompressed(tmp_path / "deep" / "two.gz") == b"b"


def test_files_are_the_bytes_that_dask_writes(tmp_path: Path) -> None:
    strings = ["a", "", "é日", "b c", " "]
    for last_endline in (False, True):
        mc.bag.from_sequence(strings, npartitions=2).to_textfiles(
            tmp_path / "ours-*", last_endline=last_endline
        )
        db.from_sequence(strings, npartitions=2).to_textfiles(
            str(tmp_path / "theirs-*"),
            last_endline=last_endline,
            compute_kwargs={"scheduler": "synchronous"},
        )
        for number in range(2):
            ours, theirs = tmp_path / f"ours-{number}", tmp_path / f"theirs-{number}"
            assert ours.read_bytes() == theirs.read_bytes()


@pytest.mark.parametrize(
    ("compression", "magic"),
    [("gzip", b"\x1f\x8b"), ("zstd", b"\x28\xb5\x2f\xfd"), (None, b"text")],
)
def test_compression_that_is_asked_for_goes_before_the_name(
    compression: Literal["gzip", "zstd"] | None, magic: bytes, tmp_path: Path
) -> None:
    bag = mc.bag.from_sequence(["text"])
    for name in ("plain", "name.gz"):
        (path,) = bag.to_textfiles([tmp_path / name], compression=compression)
        assert Path(path).read_bytes().startswith(magic)
        assert mc.bag.read_text(path, compression=compression).compute() == ["text"]


def test_elements_that_native_steps_and_reductions_made_are_written(tmp_path: Path) -> None:
    bag = mc.bag.from_sequence(["b a", "a"], npartitions=2)
    words = bag.str.split().flatten()
    paths = words.str.upper().to_textfiles(tmp_path / "words")
    assert [Path(path).read_text(encoding="utf-8") for path in paths] == ["B\nA", "A"]
    pairs = words.frequencies(sort=True).map("{0[0]}={0[1]}".format)
    (path,) = pairs.to_textfiles(tmp_path / "counts")
    assert Path(path).read_text(encoding="utf-8") == "a=2\nb=1"
    (path,) = words.distinct().to_textfiles(tmp_path / "distinct")
    assert Path(path).read_text(encoding="utf-8") == "a\nb"


def test_an_empty_partition_makes_an_empty_file(tmp_path: Path) -> None:
    bag = mc.bag.from_sequence(["a", "b", "a"], npartitions=3).filter(lambda x: x == "b")
    paths = bag.to_textfiles(tmp_path, last_endline=True)
    assert [Path(path).read_bytes() for path in paths] == [b"", b"b\n", b""]
    (path,) = mc.bag.from_sequence([]).to_textfiles(tmp_path / "*.gz")
    assert decompressed(Path(path)) == b""


def test_an_existing_file_is_replaced_and_never_written_into(tmp_path: Path) -> None:
    path, reader = tmp_path / "0.part", tmp_path / "reader"
    path.write_text("old and longer", encoding="utf-8")
    os.link(path, reader)  # as somebody who has opened the old file sees it
    mc.bag.from_sequence(["new"]).to_textfiles(tmp_path)
    assert path.read_text(encoding="utf-8") == "new"
    assert reader.read_text(encoding="utf-8") == "old and longer"
    assert names(tmp_path) == ["0.part", "reader"]


class PipelineError(Exception):
    pass


def failing(number: int) -> Callable[[Any], Any]:
    def fail(element: Any) -> Any:
        if element == f"{number}":
            raise PipelineError(element)
        return element

    return fail


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
@pytest.mark.parametrize("size", [1, 7, 100])
def test_nothing_partial_is_left_behind_where_a_function_raises(
    suffix: str, size: int, tmp_path: Path
) -> None:
    for number in range(100):
        (tmp_path / f"{number:02}{suffix}").write_text("old", encoding="utf-8")
    numbers = mc.bag.from_sequence([str(number) for number in range(100)], partition_size=size)
    bag = numbers.map(failing(50))
    paths = [tmp_path / f"{number:02}{suffix}" for number in range(bag.npartitions)]
    with pytest.raises(PipelineError) as raised:
        bag.to_textfiles(paths)
    assert "at the element '50'" in raised.value.__notes__
    # Each file is as it was, or as it was to be; that of the partition that failed is as it was.
    assert names(tmp_path) == [f"{number:02}{suffix}" for number in range(100)]
    assert paths[50 // size].read_bytes() == b"old"
    for path, partition in zip(paths, numbers.reduction(list, list).compute(), strict=True):
        if path.read_bytes() != b"old":
            assert decompressed(path) == "\n".join(partition).encode()


def test_nothing_partial_is_left_behind_where_a_function_raises_after_many_blocks(
    tmp_path: Path,
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    target.mkdir()
    source.write_text("fine\n" * 200_000 + "bad\n", encoding="utf-8")
    bag = mc.bag.read_text(source).str.strip().map(lambda line: {"fine": "x"}[line])
    with pytest.raises(KeyError, match="bad"):
        bag.to_textfiles(target)
    assert names(target) == []


@pytest.mark.parametrize("element", [7, None, b"bytes", ["list"], 1.5], ids=repr)
def test_an_element_that_is_no_string_is_refused_and_shown(element: Any, tmp_path: Path) -> None:
    bag = mc.bag.from_sequence(["fine", element, "fine"], npartitions=1)
    with pytest.raises(TypeError) as raised:
        bag.to_textfiles(tmp_path)
    assert f"at the element {element!r}" in raised.value.__notes__
    assert names(tmp_path) == []


def test_numbers_and_lists_that_native_steps_made_are_refused_and_shown(tmp_path: Path) -> None:
    bag = mc.bag.from_sequence(["a b"])
    for made, shown in (
        (bag.str.len(), "3"),
        (bag.str.contains("a"), "True"),
        (bag.str.split(), "['a', 'b']"),
        (bag.frequencies(), "('a b', 1)"),
    ):
        with pytest.raises(TypeError) as raised:
            made.to_textfiles(tmp_path)
        assert f"at the element {shown}" in raised.value.__notes__
    assert names(tmp_path) == []


def test_a_string_without_an_utf8_form_is_refused_and_shown(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError) as raised:
        mc.bag.from_sequence(["a\ud800"]).to_textfiles(tmp_path)
    assert r"at the element 'a\ud800'" in raised.value.__notes__
    assert names(tmp_path) == []


def test_paths_that_do_not_fit_the_partitions_are_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    bag = mc.bag.from_sequence(["a", "b"], npartitions=2)
    with pytest.raises(ValueError, match="2 partitions need as many paths, not 1"):
        bag.to_textfiles([tmp_path / "one"])
    with pytest.raises(ValueError, match="two partitions have the same path"):
        bag.to_textfiles([tmp_path / "one", tmp_path / "one"])
    with pytest.raises(ValueError, match="two partitions have the same path"):
        bag.to_textfiles(tmp_path / "*", name_function=lambda number: "same")
    with pytest.raises(ValueError, match="encoding must be 'utf-8'"):
        bag.to_textfiles(tmp_path, encoding="latin-1")
    wrong: Any = "bzip2"
    with pytest.raises(ValueError, match="compression must be"):
        bag.to_textfiles(tmp_path / "new", compression=wrong)
    with pytest.raises(ValueError, match="compression must be"):
        bag.to_textfiles(tmp_path / "*.bz2")
    assert names(tmp_path) == []


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "0.part" / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match=r"0\.part"):
        mc.bag.from_sequence(["a"]).to_textfiles(tmp_path)
    assert names(tmp_path) == []


def test_a_source_may_be_written_over_itself(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("a\nb\n" * 100_000, encoding="utf-8")
    mc.bag.read_text(path).str.strip().str.upper().to_textfiles([path], last_endline=True)
    assert path.read_text(encoding="utf-8") == "A\nB\n" * 100_000


def test_of_two_who_write_the_same_file_at_once_one_wins_whole(tmp_path: Path) -> None:
    path = tmp_path / "text"
    together = threading.Barrier(2)
    errors: list[Exception] = []

    def write(bag: mc.Bag) -> None:
        try:
            together.wait()
            bag.to_textfiles([path])
        except Exception as error:
            errors.append(error)

    texts = ["a" * 1_000, "b" * 2_000]
    for _ in range(20):
        threads = [
            threading.Thread(target=write, args=[mc.bag.from_sequence([text] * 500, npartitions=1)])
            for text in texts
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        written = path.read_text(encoding="utf-8").split("\n")
        assert written in ([text] * 500 for text in texts)
    assert names(tmp_path) == ["text"]


def test_a_file_s_name_may_be_as_long_as_the_file_system_allows(tmp_path: Path) -> None:
    path = tmp_path / ("n" * os.pathconf(tmp_path, "PC_NAME_MAX"))
    mc.bag.from_sequence(["a"]).to_textfiles([path])
    assert path.read_text(encoding="utf-8") == "a"


def test_a_folder_is_read_without_what_is_still_being_written_into_it(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_text("a\n" * 200_000 + "last", encoding="utf-8")
    target.mkdir()
    (target / "whole").write_text("one\ntwo\n", encoding="utf-8")
    seen: list[list[Any]] = []

    def look(line: str) -> str:
        if line == "last":
            seen.append([len(list(target.iterdir())), mc.bag.read_text(target).count().compute()])
        return line

    mc.bag.read_text(source).map(look).to_textfiles(target)
    assert seen == [[2, 2]]
