"""
Texts in which whatever ends a line or a word meets its near misses, and Python's answers to them.

The references are what users trust: `open` for lines, `str.split` for words, `bytes.decode` for
errors.
"""

from __future__ import annotations

import gzip
import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import zstandard
from hypothesis import strategies as st

WHITE = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
LINE_ENDS = ["\n", "\r", "\r\n"]

# Neighbours of white space; what shares its first bytes in UTF-8; what other languages take for it.
NEAR_MISSES = sorted(
    {
        chr(code)
        for white in map(ord, WHITE)
        for code in (white - 1, white + 1, white + 0x40, white + 0x1000)
        if not chr(code).isspace()
    }
    | set("\0\x7f\x80\u180e\u200b\u200c\u200d\u2060\ufeff\U00010000\U000e0020\U0010ffff")
)

# Unicode got (or changed) these characters' upper case or their part in the rule of the final sigma
# after Python 3.11's version of it.
LATER_CASES = "\u019b\u0264\u0295\ua7d3\ua7d5\U0001171e"

# What the running Python knows, so that its case mappings are those of any later Unicode.
ASSIGNED = st.characters(exclude_categories=["Cs", "Cn"], exclude_characters=LATER_CASES)
# Case mappings that grow, shrink, depend on their neighbours, or have a third case.
CASED = [*"ßİΣςǄǅǆŉﬃᾳΐᲐ'\xad", "\u0131", "\u03c3", "\u017f", "\u212a", "\u0301"]

PIECES = st.one_of(
    st.sampled_from(["a", "B", "word", "é", "日", "😀", ""]),
    st.sampled_from(WHITE),
    st.sampled_from(NEAR_MISSES),
    st.sampled_from([*LINE_ENDS, " ", "\t", "\ufeff", "\0"]),
    st.sampled_from(CASED),
    ASSIGNED,
)
TEXTS = st.lists(PIECES, max_size=60).map("".join)

# Invalid in every way that the decoder tells apart, and halves that may make a whole.
BROKEN = [
    *(bytes([byte]) for byte in (0x80, 0xBF, 0xC0, 0xC2, 0xE0, 0xE2, 0xED, 0xF0, 0xF4, 0xF5, 0xFF)),
    b"\xe2\x80",
    b"\xed\xa0\x80",
    b"\xe0\x80\x80",
    b"\xf0\x9f\x98",
    b"\xf0\x80",
    b"\xf4\x90\x80\x80",
    b"\xc2\xc2\x85",
]
BROKEN_BYTES = st.lists(
    st.one_of(
        PIECES.map(str.encode),
        st.sampled_from([b"\r", b"\n", b"\r\n", b" ", b"a"]),
        st.sampled_from(BROKEN),
        st.binary(max_size=3),
    ),
    max_size=40,
).map(b"".join)


def lines(data: bytes, errors: str = "strict") -> list[str]:
    """Give the lines of `data` as text mode gives them."""
    return list(io.TextIOWrapper(io.BytesIO(data), "utf-8", errors, newline=None))


def words(data: bytes, errors: str = "strict") -> list[str]:
    """Give the words of `data` as `str.split` gives them."""
    return data.decode("utf-8", errors).split()


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder for one example; pytest's ``tmp_path`` is one for all of a test's examples."""
    with tempfile.TemporaryDirectory(prefix="manycore-") as name:
        yield Path(name)


@contextmanager
def file_of(content: bytes, name: str = "text") -> Iterator[Path]:
    """Make a file for one example."""
    with folder() as parent:
        path = parent / name
        path.write_bytes(content)
        yield path


def pack(content: bytes, kind: str, cuts: list[int]) -> bytes:
    """Compress `content`, each stretch between `cuts` as a gzip member or zstd frame of its own."""
    bounds = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    parts = [content[start:end] for start, end in pairwise(bounds)]
    if kind == "gz":
        return b"".join(gzip.compress(part, compresslevel=1) for part in parts)
    if kind == "zst":
        return b"".join(zstandard.compress(part) for part in parts)
    return content
