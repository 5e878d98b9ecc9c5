"""
Spells the words of the benchmark corpus, the most frequent one first.

Invented words, because a list of real ones would have to be downloaded. They keep what a word
counter can feel: short when frequent, longer when rare, and some in other alphabets.

Only raw PCG64 output is used: NumPy promises that stream for ever, and does not promise it for
``Generator``'s methods (NEP 19).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

_LATIN = ("eeaaooiu", "tttnnnsssrrrlllhhddccmmppfgbvwky")
_GREEK = ("αεηιουωά", "βγδζθκλμνξπρστφχ")
_CYRILLIC = ("аеиоуыяю", "бвгдзклмнпрстхчш")
_ACCENTS = {
    "a": "áàâäãå",
    "c": "ç",
    "e": "éèêë",
    "i": "íìîï",
    "n": "ñ",
    "o": "óòôöõø",
    "u": "úùûü",
    "y": "ýÿ",
}
_IDEOGRAPHS = (0x4E00, 20_902)
"""First code point and number of the CJK unified ideographs of Unicode 1.1."""

_FOREIGN_EVERY = 28
"""One rank in so many is not ASCII; the frequent ranks before the first make it 2-3 % of a text."""

_BLOCK = 1 << 16


def raw_integers(*key: int) -> Iterator[int]:
    """
    Yield an endless, reproducible stream of 64-bit integers.

    Parameters
    ----------
    *key : int
        Non-negative integers that name the stream.

    Yields
    ------
    int
        From 0 to 2**64 - 1.
    """
    generator = np.random.PCG64(np.random.SeedSequence(key))
    while True:
        yield from generator.random_raw(_BLOCK).tolist()


def vocabulary(size: int, seed: int) -> list[str]:
    """
    Spell ``size`` different lower-case words.

    Parameters
    ----------
    size : int
        Number of words.
    seed : int
        Same seed, same words.

    Returns
    -------
    list of str
        By rank: the first is to be the most frequent word of the text.
    """
    stream = raw_integers(seed, 1)
    words: dict[str, None] = {}
    for rank in range(1, size + 1):
        attempts = 0
        word = _word(rank, stream, 0)
        while word in words:
            attempts += 1
            word = _word(rank, stream, attempts // 4)
        words[word] = None
    return list(words)


def _word(rank: int, stream: Iterator[int], longer: int) -> str:
    bits = next(stream)
    bits, wobble = divmod(bits, 16)
    length = max(1, (9 * rank.bit_length() + 10 * (wobble // 4 + wobble % 4)) // 20 + longer)
    if rank % _FOREIGN_EVERY:
        return _spell(bits, length, *_LATIN)
    script = rank // _FOREIGN_EVERY % 10
    if script < 6:
        return _accent(_spell(bits, length, *_LATIN), next(stream))
    if script < 8:
        return _spell(bits, length, *_CYRILLIC)
    if script < 9:
        return _spell(bits, length, *_GREEK)
    return _ideographs(bits, (length + 1) // 2)


def _spell(bits: int, length: int, vowels: str, consonants: str) -> str:
    """Alternate vowels and consonants, so that the word can be pronounced."""
    bits, turn = divmod(bits, 2)
    letters = []
    for position in range(length):
        alphabet = vowels if (position + turn) % 2 else consonants
        bits, letter = divmod(bits, len(alphabet))
        letters.append(alphabet[letter])
    return "".join(letters)


def _accent(word: str, bits: int) -> str:
    places = [place for place, letter in enumerate(word) if letter in _ACCENTS]
    if not places:
        return word + "é"
    bits, choice = divmod(bits, len(places))
    place = places[choice]
    accents = _ACCENTS[word[place]]
    return word[:place] + accents[bits % len(accents)] + word[place + 1 :]


def _ideographs(bits: int, length: int) -> str:
    first, number = _IDEOGRAPHS
    letters = []
    for _ in range(length):
        bits, letter = divmod(bits, number)
        letters.append(chr(first + letter))
    return "".join(letters)
