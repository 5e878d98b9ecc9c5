"""Lines are those of `open`, words those of `str.split`, however the files are cut."""

from __future__ import annotations

import bisect
import gzip
import io
import math
import re
from collections import Counter
from pathlib import Path

import pytest
import zstandard
from hypothesis import example, given
from hypothesis import strategies as st

import manycore as mc
from texts import LINE_ENDS, TEXTS, file_of, folder, lines, pack, words

pytestmark = pytest.mark.usefixtures("lane")

# Every end of a line beside every other, and beside what is cut with it.
TRICKY = "a\r\n\r\r\n\n\rb\n\r\n\u3000\r\né\r日\n\n\r\r\r\n\n\x1c\x0b\x85\u2028c d\r\n"


@given(TEXTS)
@example("")
@example("\ufeffa\n\ufeff")
@example("\0\n\0\0\r\0")
@example("\n")
@example("\r")
@example("no end")
@example(TRICKY)
def test_a_file_has_the_lines_of_open_and_the_words_of_split(text: str) -> None:
    data = text.encode()
    with file_of(data) as path:
        bag = mc.bag.read_text(path)
        with path.open(encoding="utf-8", newline=None) as file:
            assert bag.compute() == list(file)
        assert bag.count().compute() == len(lines(data))
        assert bag.str.split().compute() == [line.split() for line in lines(data)]
        found = bag.str.split().flatten()
        assert found.compute() == text.split()
        assert found.count().compute() == len(text.split())
        assert dict(found.frequencies().compute()) == Counter(text.split())


@given(
    st.lists(
        st.tuples(
            TEXTS,
            st.sampled_from(["txt", "gz", "zst"]),
            st.lists(st.integers(0, 100), max_size=3),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_folder_has_the_lines_of_its_files_one_after_the_other(
    files: list[tuple[str, str, list[int]]],
) -> None:
    expected = [line for text, _, _ in files for line in lines(text.encode())]
    with folder() as parent:
        for number, (text, kind, cuts) in enumerate(files):
            content = pack(text.encode(), kind, cuts)
            (parent / f"{number}.{kind}").write_bytes(content)
        bag = mc.bag.read_text(parent)
        assert bag.npartitions == len(files)
        assert bag.compute() == expected
        assert bag.str.split().flatten().compute() == [w for line in expected for w in line.split()]


@given(TEXTS, st.lists(st.integers(0, 100), max_size=3))
def test_compressed_files_have_the_lines_that_python_reads_from_them(
    text: str, cuts: list[int]
) -> None:
    with folder() as parent:
        gz, zst = parent / "a.gz", parent / "a.zst"
        gz.write_bytes(pack(text.encode(), "gz", cuts))
        zst.write_bytes(pack(text.encode(), "zst", cuts))
        with gzip.open(gz, "rt", encoding="utf-8") as file:
            assert mc.bag.read_text(gz).compute() == list(file)
        decoder = zstandard.ZstdDecompressor()
        with zst.open("rb") as raw:
            reader = decoder.stream_reader(raw, read_across_frames=True)
            expected = list(io.TextIOWrapper(io.BytesIO(reader.read()), "utf-8"))
        assert mc.bag.read_text(zst).compute() == expected


@given(TEXTS, st.integers(1, 400))
def test_no_blocksize_loses_or_doubles_a_line_or_a_word(text: str, blocksize: int) -> None:
    data = text.encode()
    with file_of(data) as path:
        bag = mc.bag.read_text(path, blocksize=blocksize)
        assert bag.npartitions == max(math.ceil(len(data) / blocksize), 1)
        assert bag.compute() == lines(data)
        assert bag.count().compute() == len(lines(data))
        found = bag.str.split().flatten()
        assert found.compute() == words(data)
        assert found.count().compute() == len(words(data))


@given(TEXTS, st.integers(1, 400))
@example("ab\n" * 4, 3)
@example("ab\r\n" * 4, 4)
def test_a_part_of_a_file_has_the_lines_that_start_in_it(text: str, blocksize: int) -> None:
    data = text.encode()
    count = max(math.ceil(len(data) / blocksize), 1)
    bounds = [len(data) * number // count for number in range(1, count)]
    expected: list[list[str]] = [[] for _ in range(count)]
    start = 0
    for raw in re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", data):
        expected[bisect.bisect_right(bounds, start)].extend(lines(raw))
        start += len(raw)
    with file_of(data) as path:
        bag = mc.bag.read_text(path, blocksize=blocksize)
        assert bag.reduction(list, list).compute() == expected


@pytest.mark.parametrize("text", [TRICKY, "\r\n" * 20, "\r" * 30, "\n\r" * 20, "x" * 60])
def test_every_blocksize_gives_the_lines_of_the_whole_file(text: str, tmp_path: Path) -> None:
    data = text.encode()
    path = tmp_path / "text"
    path.write_bytes(data)
    for blocksize in range(1, len(data) + 2):
        bag = mc.bag.read_text(path, blocksize=blocksize)
        assert bag.compute() == lines(data), blocksize
        assert bag.str.split().flatten().compute() == words(data), blocksize


@pytest.mark.parametrize("end", LINE_ENDS)
def test_an_end_of_a_line_is_found_where_a_search_for_it_goes_on_in_its_next_buffer(
    end: str, tmp_path: Path
) -> None:
    # The start of a line is looked for 4 KiB at a time, from one byte before each bound on.
    path = tmp_path / "text"
    for length in range(4090, 4102):
        data = ("x" * length + end + "y" * 5000 + end).encode()
        path.write_bytes(data)
        for blocksize in (1 + len(data) // 2, 1 + len(data) // 3, len(data) - 1):
            bag = mc.bag.read_text(path, blocksize=blocksize)
            assert bag.compute() == lines(data), (length, blocksize)
