"""The native string methods on each character of Unicode."""

from __future__ import annotations

import unicodedata

import pytest

import manycore as mc
from texts import LATER_CASES, WHITE

EVERY = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
KNOWN = [
    character
    for character in EVERY
    if unicodedata.category(character) != "Cn" and character not in LATER_CASES
]


def test_all_white_space_of_unicode_separates_words_and_nothing_else_does() -> None:
    apart = mc.bag.from_sequence([f"x{character}y" for character in EVERY]).str.split()
    counts = map(len, apart.compute())
    assert [c for c, count in zip(EVERY, counts, strict=True) if count == 2] == WHITE


def test_all_white_space_of_unicode_is_stripped_and_nothing_else_is() -> None:
    kept = mc.bag.from_sequence(EVERY).str.strip().compute()
    assert [c for c, rest in zip(EVERY, kept, strict=True) if not rest] == WHITE


@pytest.mark.parametrize("method", ["lower", "upper"])
def test_each_character_has_the_case_that_python_gives_it(method: str) -> None:
    changed = getattr(mc.bag.from_sequence(KNOWN).str, method)().compute()
    assert changed == [getattr(character, method)() for character in KNOWN]


@pytest.mark.parametrize("context", ["a{}Σ", "aΣ{}", "aΣ{}b"])
def test_each_character_plays_the_part_in_a_final_sigma_that_it_plays_in_python(
    context: str,
) -> None:
    texts = [context.format(character) for character in KNOWN]
    assert mc.bag.from_sequence(texts).str.lower().compute() == [text.lower() for text in texts]


def test_characters_are_counted_and_not_bytes() -> None:
    texts = [f"{character}x" for character in EVERY]
    assert mc.bag.from_sequence(texts).str.len().sum().compute() == 2 * len(texts)
