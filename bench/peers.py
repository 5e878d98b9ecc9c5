"""
Counts words as people do today: a process pool, ``wc -w``, and a program that only reads.

Each peer is written to be at its best: pools are started before the clock and kept warm, the
largest files go first, and a worker makes one Counter for all its files, because each further
Counter of a large vocabulary costs more to send and merge than it balances.
"""

from __future__ import annotations

import heapq
import json
import math
import multiprocessing
import os
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

from measurement import Contender

Ranking = list[tuple[str, int]]


def find_files(folder: Path) -> list[Path]:
    """
    List a corpus, largest file first.

    Parameters
    ----------
    folder : Path
        The corpus.

    Returns
    -------
    list of Path
        All ``*.txt`` below it.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    sizes = {path: path.stat().st_size for path in sorted(folder.rglob("*.txt"))}
    if not sizes:
        raise FileNotFoundError(f"no *.txt in {folder}; write a corpus with bench/corpus.py")
    return sorted(sizes, key=lambda path: -sizes[path])


def start_pool(cores: int) -> tuple[Pool, float]:
    """
    Start a pool and wait until every worker has worked.

    Parameters
    ----------
    cores : int
        Number of workers.

    Returns
    -------
    pool : multiprocessing.pool.Pool
        To be closed by the caller.
    seconds : float
        What the start took.
    """
    started = time.perf_counter()
    barrier = multiprocessing.Barrier(cores)
    pool = multiprocessing.Pool(cores, _share_barrier, (barrier,))
    pool.map(_meet, range(cores), chunksize=1)
    return pool, time.perf_counter() - started


def pool_count(pool: Pool, cores: int, files: Sequence[Path]) -> Contender:
    """Count words with ``len(text.split())`` in a pool."""
    # Few enough messages to cost nothing, enough of them to end together.
    chunk = max(1, len(files) // (64 * cores))
    return Contender(
        "multiprocessing.Pool",
        lambda: sum(pool.imap_unordered(_count_words, files, chunksize=chunk)),
    )


def wc_count(cores: int, folder: Path, files: int) -> Contender:
    """Count words with ``wc -w``, one process per core."""
    command = 'find "$1" -name "*.txt" -print0 | LC_ALL=C.UTF-8 xargs -0 -P "$2" -n "$3" wc -w'
    share = str(math.ceil(files / cores))

    def call() -> list[str]:
        arguments = ["sh", "-c", command, "sh", str(folder), str(cores), share]
        return subprocess.run(
            arguments, check=True, capture_output=True, text=True
        ).stdout.splitlines()

    def answer(lines: Sequence[str]) -> int:
        rows = (line.split(maxsplit=1) for line in lines)
        return sum(int(words) for words, name in rows if name != "total")

    return Contender("wc -w", call, answer)


def read_sum(program: Path, cores: int, folder: Path) -> Contender:
    """Read all files and add up their bytes: nobody who reads them can be faster."""

    def call() -> dict[str, Any]:
        arguments = [str(program), str(folder), str(cores)]
        output = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
        document: dict[str, Any] = json.loads(output)
        return document

    return Contender(
        "Rust, reading only",
        call,
        answer=lambda document: document["bytes"],
        wall=lambda document: float(document["seconds"]),
    )


def counter_frequencies(pool: Pool, cores: int, files: Sequence[Path]) -> Contender:
    """Find the ten most frequent words with one ``Counter`` per worker."""
    shares = _balanced_shares(files, cores)

    def call() -> tuple[Ranking, Counter[str]]:
        total: Counter[str] = Counter()
        for counter in pool.imap_unordered(_count_share, shares):
            if total:
                total.update(counter)
            else:
                total = counter
        return total.most_common(10), total

    def answer(result: tuple[Ranking, Counter[str]]) -> Ranking:
        top, total = result
        ordered = heapq.nsmallest(10, total.items(), key=lambda item: (-item[1], item[0]))
        if [count for _, count in top] != [count for _, count in ordered]:
            raise AssertionError(f"most_common gave {top}, sorting gave {ordered}")
        return ordered

    return Contender("Counter in a Pool", call, answer)


def warm_page_cache(files: Sequence[Path]) -> None:
    """Read every file once, so that no contender pays for the disk."""
    buffer = bytearray(1 << 20)
    for path in files:
        with path.open("rb", buffering=0) as file:
            while file.readinto(buffer):
                pass


def _balanced_shares(files: Sequence[Path], number: int) -> list[list[Path]]:
    """Deal files, largest first, each to the share with the fewest bytes."""
    shares: list[tuple[int, int, list[Path]]] = [(0, index, []) for index in range(number)]
    for path in files:
        size, index, share = heapq.heappop(shares)
        share.append(path)
        heapq.heappush(shares, (size + path.stat().st_size, index, share))
    return [share for _, _, share in shares if share]


_barrier: Any = None


def _share_barrier(barrier: Any) -> None:
    global _barrier
    _barrier = barrier


def _meet(_: int) -> int:
    _barrier.wait()
    return os.getpid()


def _count_words(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").split())


def _count_share(paths: Sequence[Path]) -> Counter[str]:
    counter: Counter[str] = Counter()
    for path in paths:
        with path.open(encoding="utf-8") as file:
            # By line: a tenth faster here than the whole text, whose words leave the cache.
            for line in file:
                counter.update(line.split())
    return counter
