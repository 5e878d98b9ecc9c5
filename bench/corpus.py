"""
Writes the benchmark corpus: prose-like text files, the same bytes on every machine.

Word frequencies follow Zipf's law with exponent 17/16, because ``k ** (1 / 16)`` is four square
roots: IEEE 754 rounds +, -, *, / and sqrt exactly, where the last bit of ``pow`` and ``exp``
depends on the machine's maths library. Words are drawn through an alias table in integers (Vose
1991, https://doi.org/10.1109/32.92917), from a random stream that each file names for itself, so
that the number of processes writing cannot be seen in the text.

Example: ``python bench/corpus.py bench/data/corpus`` writes the full gigabyte.
"""

from __future__ import annotations

import argparse
import functools
import json
import math
import multiprocessing
import os
import re
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from measurement import available_cores
from numpy.typing import NDArray
from vocabulary import vocabulary

FORMAT = 1
"""Raised whenever the same parameters give other bytes than before."""

FOLDERS = 8

_FREQUENT = 4000
"""Punctuation and capitals go to the most frequent words only: else each would be a new word."""

_DECORATIONS = ("{}", "{},", "{}.", "{Capital}", "{Capital},", "{Capital}.", "“{}”", "{}…")
_COMMA, _STOP, _CAPITAL, _QUOTED, _ELLIPSIS = 1, 2, 3, 6, 7
_DASH = "—"

_SEPARATORS = (" ", "\n\n", "\u00a0", "\u2009", "\u3000")
_PARAGRAPH, _UNICODE_SPACES = 1, 2

_SPACE, _NEWLINE = 0x20, 0x0A


@dataclass(frozen=True)
class Parameters:
    """
    What decides every byte of a corpus.

    Attributes
    ----------
    bytes : int
        Size of all files together; a file stops at the last whole word.
    files : int
        Number of files; their sizes are about log-normally distributed.
    vocabulary : int
        Number of words to draw from; punctuation and capitals add a few per cent.
    seed : int
        Another seed gives other words, texts and file sizes.
    """

    bytes: int = 10**9
    files: int = 2000
    vocabulary: int = 700_000
    seed: int = 0


FULL = Parameters()
SMALL = Parameters(bytes=20 * 10**6, files=100, vocabulary=50_000)

Manifest = dict[str, Any]


def ensure(
    folder: str | os.PathLike[str],
    parameters: Parameters = FULL,
    *,
    processes: int | None = None,
) -> Manifest:
    """
    Write the corpus unless ``folder`` already holds it.

    The files are written to a folder beside, which is renamed when complete. The manifest lies
    beside too, as ``folder`` + ``.json``: what is inside is text and nothing else.

    Parameters
    ----------
    folder : path
        Where the corpus is to be; its parents are made.
    parameters : Parameters
        What to write.
    processes : int, optional
        Writers; all cores of this process by default.

    Returns
    -------
    dict
        The manifest: parameters, bytes, words, distinct words, share of words that are not ASCII,
        files, and the seconds it took to write.

    Raises
    ------
    FileExistsError
        If ``folder`` holds something that no manifest describes.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    if manifest is not None and _matches(manifest, parameters) and _is_complete(folder, manifest):
        return manifest
    if manifest is None and folder.exists() and any(folder.iterdir()):
        raise FileExistsError(
            f"{folder} is not empty and has no manifest {manifest_path(folder)}; "
            "remove the folder or choose another"
        )
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    manifest = _write(partial, parameters, processes or available_cores())

    manifest_path(folder).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    written = manifest_path(partial)
    written.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    partial.rename(folder)
    written.rename(manifest_path(folder))
    return manifest


def manifest_path(folder: Path) -> Path:
    """Give the path of a corpus's manifest, which lies beside its folder."""
    return folder.with_name(folder.name + ".json")


def read_manifest(folder: Path) -> Manifest | None:
    """
    Read what is known about a corpus.

    Parameters
    ----------
    folder : Path
        The corpus.

    Returns
    -------
    dict or None
        The manifest, or None if there is none.
    """
    try:
        manifest: Manifest = json.loads(manifest_path(folder).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return manifest


def _matches(manifest: Manifest, parameters: Parameters) -> bool:
    wanted = {"format": FORMAT, "parameters": asdict(parameters)}
    return {name: manifest[name] for name in wanted} == wanted


def _is_complete(folder: Path, manifest: Manifest) -> bool:
    sizes = [path.stat().st_size for path in folder.rglob("*.txt")]
    return (len(sizes), sum(sizes)) == (manifest["files"], manifest["bytes"])


def _write(folder: Path, parameters: Parameters, processes: int) -> Manifest:
    started = time.perf_counter()
    for number in range(FOLDERS):
        (folder / f"shelf-{number}").mkdir()
    writer = Writer(parameters)
    sizes = _file_sizes(parameters)
    by_size = sorted(range(parameters.files), key=lambda index: -sizes[index])
    shares = [by_size[first :: 8 * processes] for first in range(8 * processes)]
    with multiprocessing.Pool(processes, _hire, (writer, folder, sizes)) as pool:
        tallies = list(pool.imap_unordered(_write_share, shares))
    used = functools.reduce(np.logical_or, (tally.used for tally in tallies))
    words = sum(tally.words for tally in tallies)
    return {
        "format": FORMAT,
        "parameters": asdict(parameters),
        "bytes": sum(tally.bytes for tally in tallies),
        "files": parameters.files,
        "words": words,
        "distinct_words": len({writer.tokens[token] for token in np.flatnonzero(used)}),
        "vocabulary_used": int(used[: parameters.vocabulary].sum()) / parameters.vocabulary,
        "non_ascii_words": sum(tally.non_ascii for tally in tallies) / words,
        "seconds_to_write": round(time.perf_counter() - started, 1),
    }


def _file_sizes(parameters: Parameters) -> list[int]:
    """Multiply 16 uniform factors: log-normal in the limit, and exact on every machine."""
    raw = _raw(parameters.files * 16, parameters.seed, 2).reshape(16, parameters.files)
    sizes = np.ones(parameters.files)
    for uniform in (raw >> np.uint64(11)) / 2**53:
        sizes *= 0.65 + 0.7 * uniform
    scale = parameters.bytes / math.fsum(sizes)
    return [int(size) for size in sizes * scale]


@dataclass
class Tally:
    """What some files hold, counted while writing them."""

    used: NDArray[np.bool_]
    bytes: int = 0
    words: int = 0
    non_ascii: int = 0


class Writer:
    """
    Makes the text of one file after the other.

    Parameters
    ----------
    parameters : Parameters
        The corpus.
    """

    def __init__(self, parameters: Parameters) -> None:
        words = vocabulary(parameters.vocabulary, parameters.seed)
        frequent = words[: min(_FREQUENT, len(words) // 10)]
        tokens = words + [
            decoration.format(word, Capital=word.capitalize())
            for decoration in _DECORATIONS[1:]
            for word in frequent
        ]
        tokens.append(_DASH)
        spelled = [token.encode() + b" " for token in tokens]
        self.seed = parameters.seed
        self.words = len(words)
        self.frequent = len(frequent)
        self.tokens = tokens
        self.blob = np.frombuffer(b"".join(spelled) + b"   ", dtype=np.uint8)
        self.lengths = np.array([len(token) - 1 for token in spelled])
        self.offsets = np.cumsum(self.lengths + 1) - self.lengths - 1
        self.is_non_ascii = np.array([not token.isascii() for token in tokens])
        self.separator_lengths = np.array([len(separator.encode()) for separator in _SEPARATORS])
        self.threshold, self.alias = _alias_table(_zipf(len(words)))

    def compose(self, index: int, size: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """
        Make one file's text.

        Parameters
        ----------
        index : int
            Number of the file: the same text for the same number.
        size : int
            Bytes; the text is shorter by less than a word.

        Returns
        -------
        text : array of uint8
            UTF-8.
        tokens : array of int
            Which token each word of the text is.
        """
        number = size // 5 + 64
        dice = _raw(number, self.seed, 4, index)
        tokens, separators = self._punctuate(self._draw(number, index), dice)
        ends = np.cumsum(self._widths(tokens, separators))
        kept = max(1, int(np.searchsorted(ends, size, side="right")))
        tokens, separators = tokens[:kept], separators[:kept]
        separators[-1] = 0
        widths = self._widths(tokens, separators)
        ends = np.cumsum(widths)
        # A gather from one blob: joining a list of bytes objects misses the cache at every word.
        begins = self.offsets[tokens] - ends + widths
        text = self.blob[np.arange(ends[-1]) + np.repeat(begins, widths)]
        for kind, separator in enumerate(_SEPARATORS[1:], start=1):
            places = ends[separators == kind]
            for distance, byte in enumerate(reversed(separator.encode()), start=1):
                text[places - distance] = byte
        text[-1] = _NEWLINE
        _wrap(text, ends[separators == _PARAGRAPH], 66 + int(dice[0] % np.uint64(29)))
        return text, tokens

    def _widths(self, tokens: NDArray[np.int64], separators: NDArray[np.int8]) -> NDArray[np.int64]:
        widths: NDArray[np.int64] = self.lengths[tokens] + self.separator_lengths[separators]
        return widths

    def _draw(self, number: int, index: int) -> NDArray[np.int64]:
        raw = _raw(number, self.seed, 3, index)
        column = ((raw >> np.uint64(32)) * np.uint64(self.words)) >> np.uint64(32)
        column = column.astype(np.int64)
        keep = raw.astype(np.uint32) < self.threshold[column]
        return np.where(keep, column, self.alias[column])

    def _punctuate(
        self, drawn: NDArray[np.int64], dice: NDArray[np.uint64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
        """Choose each word's decoration and the separator after it."""
        mark, rare, after = (
            ((dice >> np.uint64(shift)) & np.uint64(0xFFFF)).astype(np.uint16)
            for shift in (0, 16, 32)
        )
        dash = rare < 200  # of 65,536: about one word in 330
        frequent = (drawn < self.frequent) & ~dash
        stop = frequent & (mark < 8_000)
        stop[:-1] &= frequent[1:]
        start = np.ones(len(drawn), dtype=bool)
        start[1:] = stop[:-1]

        decoration = np.where(stop, _STOP, np.where(mark > 60_000, _COMMA, 0))
        decoration += _CAPITAL * start
        decoration[(rare > 65_400) & (decoration == 0)] = _QUOTED
        decoration[(rare > 65_500) & (decoration == _QUOTED)] = _ELLIPSIS
        decorated = frequent & (decoration > 0)
        tokens = np.where(decorated, self.words + (decoration - 1) * self.frequent + drawn, drawn)
        tokens[dash] = len(self.tokens) - 1

        separators = np.zeros(len(drawn), dtype=np.int8)
        separators[stop & (after < 6_500)] = _PARAGRAPH
        unicode_space = ~stop & (after < 18)  # about one in 3,900
        separators[unicode_space] = _UNICODE_SPACES + after[unicode_space] % 3
        return tokens, separators


def _zipf(size: int) -> list[int]:
    """Give integer weights that sum to exactly ``size * 2**32``."""
    rank = np.arange(1, size + 1, dtype=np.float64)
    weights = 1 / (rank * np.sqrt(np.sqrt(np.sqrt(np.sqrt(rank)))))
    whole = size << 32
    scaled: list[int] = (weights * (whole / math.fsum(weights))).astype(np.int64).tolist()
    scaled[0] += whole - sum(scaled)
    return scaled


def _alias_table(weights: list[int]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    one = 1 << 32
    threshold = [one - 1] * len(weights)
    alias = list(range(len(weights)))
    small = [index for index, weight in enumerate(weights) if weight < one]
    large = [index for index, weight in enumerate(weights) if weight >= one]
    while small and large:
        less, more = small.pop(), large.pop()
        threshold[less] = weights[less]
        alias[less] = more
        weights[more] -= one - weights[less]
        (small if weights[more] < one else large).append(more)
    return np.array(threshold, dtype=np.uint32), np.array(alias, dtype=np.int64)


def _wrap(text: NDArray[np.uint8], paragraphs: NDArray[np.int64], width: int) -> None:
    """Turn the last space before each ``width`` bytes of a paragraph into a line's end."""
    spaces = np.flatnonzero(text == _SPACE)
    begins = np.concatenate(([0], paragraphs))
    lines = np.diff(begins, append=len(text)) // width
    firsts = np.repeat(np.cumsum(lines) - lines, lines)
    places = np.repeat(begins, lines) + width * (1 + np.arange(lines.sum()) - firsts)
    chosen = np.searchsorted(spaces, places, side="right") - 1
    text[spaces[chosen[chosen >= 0]]] = _NEWLINE


def _raw(number: int, *key: int) -> NDArray[np.uint64]:
    return np.random.PCG64(np.random.SeedSequence(key)).random_raw(number)


_job: tuple[Writer, Path, list[int]]


def _hire(writer: Writer, folder: Path, sizes: list[int]) -> None:
    global _job
    _job = (writer, folder, sizes)


def _write_share(indices: Sequence[int]) -> Tally:
    writer, folder, sizes = _job
    tally = Tally(np.zeros(len(writer.tokens), dtype=bool))
    for index in indices:
        text, tokens = writer.compose(index, sizes[index])
        (folder / f"shelf-{index % FOLDERS}" / f"text-{index:05}.txt").write_bytes(text.tobytes())
        tally.used[tokens] = True
        tally.bytes += len(text)
        tally.words += len(tokens)
        tally.non_ascii += int(writer.is_non_ascii[tokens].sum())
    return tally


def parse_bytes(text: str) -> int:
    """
    Read a size as people write it.

    Parameters
    ----------
    text : str
        A number, with or without kB, MB or GB (powers of 1000).

    Returns
    -------
    int
        Bytes.

    Raises
    ------
    ValueError
        If it is not such a size.

    Examples
    --------
    >>> parse_bytes("20MB")
    20000000
    """
    match = re.fullmatch(r"\s*([0-9.]+)\s*([kMG]?)B?\s*", text)
    if match is None:
        raise ValueError(f"cannot read {text!r} as a size; write it like 500MB or 1GB")
    return int(float(match[1]) * {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}[match[2]])


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a corpus from the command line, and print its manifest."""
    parser = argparse.ArgumentParser(description="Write the benchmark corpus.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", action="store_true", help="20 MB, for tests")
    parser.add_argument("--bytes", type=parse_bytes, metavar="SIZE", help="default 1GB")
    parser.add_argument("--files", type=int, help=f"default {FULL.files}")
    parser.add_argument("--vocabulary", type=int, help=f"words; default {FULL.vocabulary}")
    parser.add_argument("--seed", type=int, help=f"default {FULL.seed}")
    options = vars(parser.parse_args(arguments))
    folder, small = options.pop("folder"), options.pop("small")
    given = {name: value for name, value in options.items() if value is not None}
    manifest = ensure(folder, replace(SMALL if small else FULL, **given))
    json.dump(manifest, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
