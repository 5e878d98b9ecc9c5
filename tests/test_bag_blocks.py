"""Texts longer than the block they are read in (128 KiB), with what matters at its ends."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import manycore as mc
from texts import file_of, lines, words

pytestmark = pytest.mark.usefixtures("lane")

BLOCK = 128 << 10
FILLERS = ["x", "é", "日", "😀", "xy\u2014", "ab "]
PIECES = ["\r\n", "\r", "\n", "\r\r\n", "\n\r", " ", "\x1c", "\x85", "\xa0", "\u3000", "\u2028"]
NEAR_MISSES = ["\u200b", "\u3001", "\xc2", "\ufeff", "\0", "é", "日", "😀"]

# How many bytes stand between two pieces: such that a piece crosses 64, or what a block may hold.
GAPS = st.one_of(
    st.integers(0, 3),
    st.integers(58, 67),
    st.integers(125, 129),
    *(st.integers(bound - 6, bound + 2) for bound in (BLOCK // 2, BLOCK, 2 * BLOCK)),
)


def fill(filler: str, size: int) -> str:
    """Make a text of `size` bytes of `filler`, topped up with ASCII."""
    count, rest = divmod(size, len(filler.encode()))
    return filler * count + "z" * rest


LONG_TEXTS = st.builds(
    lambda stretches, end: "".join(fill(f, gap) + piece for f, gap, piece in stretches) + end,
    st.lists(
        st.tuples(st.sampled_from(FILLERS), GAPS, st.sampled_from(PIECES + NEAR_MISSES)),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["", "end", "\n"]),
)


def check(path: Path, data: bytes, blocksize: int | None = None) -> None:
    """Hold lines and words against Python's."""
    expected_lines, expected_words = lines(data), words(data)
    bag = mc.bag.read_text(path, blocksize=blocksize)
    assert bag.compute() == expected_lines
    assert bag.count().compute() == len(expected_lines)
    found = bag.str.split().flatten()
    assert found.compute() == expected_words
    assert found.count().compute() == len(expected_words)
    assert dict(found.frequencies().compute()) == Counter(expected_words)


@settings(max_examples=25)
@given(LONG_TEXTS)
@example("\r" * (2 * BLOCK + 1))
@example("\r\n" * BLOCK)
@example("\n" * (BLOCK + 1))
@example("\u3000" * BLOCK)
@example("a " * BLOCK)
def test_a_text_of_several_blocks_has_python_s_lines_and_words(text: str) -> None:
    with file_of(text.encode()) as path:
        check(path, text.encode())


@pytest.mark.parametrize("piece", PIECES + NEAR_MISSES)
def test_what_stands_around_the_end_of_a_block_is_read_once(piece: str, tmp_path: Path) -> None:
    path = tmp_path / "text"
    for before in range(BLOCK - len(piece.encode()) - 1, BLOCK + 2):
        # With a start, the first block ends behind it, and the next one holds all of the piece.
        for start in ("", "a b\n"):
            text = (
                start
                + fill("x", before - len(start))
                + piece
                + "y\n"
                + fill("日", BLOCK // 4)
                + "\n"
            )
            path.write_bytes(text.encode())
            check(path, text.encode())


@settings(max_examples=10)
@given(LONG_TEXTS, st.integers(BLOCK // 2, 2 * BLOCK))
def test_a_file_cut_into_parts_of_about_a_block_has_the_same_lines(text: str, size: int) -> None:
    with file_of(text.encode()) as path:
        check(path, text.encode(), blocksize=size)


@settings(max_examples=10)
@given(LONG_TEXTS)
def test_a_compressed_text_of_several_blocks_has_the_same_lines(text: str) -> None:
    with file_of(gzip.compress(text.encode(), compresslevel=1), "text.gz") as path:
        check(path, text.encode())


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("lower", ()),
        ("upper", ()),
        ("strip", ()),
        ("strip", ("xé日",)),
        ("lstrip", ("xy",)),
        ("rstrip", ("z\n",)),
        ("replace", ("zy", " ")),
        ("replace", ("\n", "x")),
        ("title", ()),
    ],
    ids=str,
)
@settings(max_examples=10)
@given(text=LONG_TEXTS)
@example(text="a\rxb\rz y\rxzy")
def test_words_of_several_blocks_are_changed_as_python_changes_their_lines(
    method: str, arguments: tuple[str, ...], text: str
) -> None:
    with file_of(text.encode()) as path:
        changed = getattr(mc.bag.read_text(path).str, method)(*arguments)
        expected = [getattr(line, method)(*arguments) for line in lines(text.encode())]
        assert changed.compute() == expected
        counts = changed.str.split().flatten().frequencies().compute()
        assert dict(counts) == Counter(word for line in expected for word in line.split())


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")

# Prints what was asked for, and by how many bytes the process grew for it at the most. (Not by
# `getrusage`, whose maximum a process inherits from the one that started it.)
MEASURED = """
import sys
from pathlib import Path
import manycore as mc

def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024

path, lane, workers, pipeline = sys.argv[1:]
mc.config(lane=lane, workers=int(workers))
lines = mc.bag.read_text(path, blocksize=None)
words = lines.str.split().flatten()
before = peak()
print(eval(pipeline))
print(peak() - before)
"""


@pytest.fixture(scope="module")
def long_line(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Counter[str]]:
    """A file of 100 MB without an end of a line, and how often each word occurs in it."""
    vocabulary = [f"word{number}é" for number in range(1_000)] + ["日本" * 20, "a"]
    text = "\t".join(vocabulary) + " "
    repeats = 100_000_000 // len(text.encode()) + 1
    path = tmp_path_factory.mktemp("long") / "line"
    path.write_bytes(text.encode() * repeats)
    return path, Counter(dict.fromkeys(vocabulary, repeats))


def measured(path: Path, lane: tuple[str, int], pipeline: str) -> tuple[str, int]:
    """Evaluate a pipeline in a process of its own."""
    command = [sys.executable, "-c", MEASURED, str(path), lane[0], str(lane[1]), pipeline]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    answer, grown = result.stdout.splitlines()
    return answer, int(grown)


@needs_proc
def test_the_words_of_a_line_of_100_mb_are_counted_in_the_memory_of_some_blocks(
    long_line: tuple[Path, Counter[str]], lane: tuple[str, int]
) -> None:
    path, counts = long_line
    answer, grown = measured(path, lane, "words.count().compute()")
    assert int(answer) == counts.total()
    assert grown < 4_000_000
    answer, grown = measured(path, lane, "sorted(words.frequencies().compute())")
    assert answer == str(sorted(counts.items()))
    assert grown < 4_000_000


@needs_proc
def test_a_line_of_100_mb_is_held_twice_at_the_most(
    long_line: tuple[Path, Counter[str]], lane: tuple[str, int]
) -> None:
    path, _ = long_line
    size = path.stat().st_size
    answer, grown = measured(path, lane, "lines.count().compute()")
    assert answer == "1"
    assert grown < 2.2 * size
    answer, grown = measured(path, lane, "lines.str.len().compute()")
    assert answer == str([len(path.read_text(encoding="utf-8"))])
    assert grown < 2.2 * size
