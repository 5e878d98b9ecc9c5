"""
The demonstration: count the words of a folder, and show how much faster that was.

``python3 dev.py demo [FOLDER]``. Without a folder it takes the documents that every machine has:
the text of the Python standard library.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import manycore as mc
from manycore._sizes import format_bytes

# No text as they are, and the plain loop could not read them all.
_COMPRESSED = (".gz", ".zst", ".bz2", ".xz", ".lz4")


def count_file(path: str) -> int:
    """Count a file's words in plain Python."""
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        return len(file.read().split())


def _loop(paths: Sequence[str]) -> int:
    """Count in a plain loop."""
    return sum(count_file(path) for path in paths)


def _pool(paths: Sequence[str], cores: int) -> int:
    """``multiprocessing.Pool``, its start included, as in a script."""
    with multiprocessing.Pool(cores) as pool:
        return sum(pool.imap_unordered(count_file, paths, chunksize=8))


def _manycore(paths: Sequence[str], workers: int, *, progress: bool = False) -> int:
    """Our own."""
    with mc.config(workers=workers):
        words = mc.bag.read_text(paths, errors="replace").str.split().flatten()
        return int(words.count().compute(progress=progress or None))


def _timed(function: Callable[[], int], repeats: int) -> tuple[int, float]:
    """Give the answer and the median of some repeats' seconds."""
    seconds = []
    answer = 0
    for _ in range(repeats):
        start = time.perf_counter()
        answer = function()
        seconds.append(time.perf_counter() - start)
    return answer, sorted(seconds)[len(seconds) // 2]


def documents(folder: str | None) -> list[str]:
    """
    Find the documents.

    Parameters
    ----------
    folder : str or None
        Where they are: all files below it but hidden and compressed ones. None takes the Python
        files of the standard library.

    Returns
    -------
    list of str
        Paths, by name.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    root = Path(sysconfig.get_path("stdlib") if folder is None else folder)
    if not root.is_dir():
        raise FileNotFoundError(f"{root} is no folder")
    found = [
        path
        for path in root.rglob("*" if folder else "*.py")
        if path.is_file()
        and path.suffix not in _COMPRESSED
        and not any(
            part.startswith(".") or part == "site-packages" for part in path.relative_to(root).parts
        )
    ]
    if not found:
        raise FileNotFoundError(f"there is no file below {root}")
    return sorted(map(str, found))


def show(folder: str | None) -> int:
    """
    Count the words of the documents, in four ways.

    Parameters
    ----------
    folder : str or None
        As in `documents`.

    Returns
    -------
    int
        The exit status: 1 if the ways don't agree.
    """
    paths = documents(folder)
    size = sum(Path(path).stat().st_size for path in paths)
    where = folder or f"the Python standard library ({sysconfig.get_path('stdlib')})"
    print(f"{len(paths):,} documents, {format_bytes(size)}, of {where}\n")

    # The first pass is what a user sees: cold, with progress, and it warms the page cache for all.
    words = mc.bag.read_text(paths, errors="replace").str.split().flatten()
    total = words.count().compute(progress=sys.stderr.isatty())
    print(f"{total:,} words; the ten most frequent:\n")
    top = words.frequencies(sort=True).take(10, warn=False)
    width = max((len(word) for word, _ in top), default=0)
    for word, count in top:
        print(f"  {word:<{width}}  {count:>10,}")

    machine = mc.machine()
    cores = machine.usable_cores
    rows: list[tuple[str, Callable[[], int], int]] = [
        ("plain Python loop", lambda: _loop(paths), 1),
        (f"multiprocessing.Pool({cores})", lambda: _pool(paths, cores), 1),
        ("manycore, 1 core", lambda: _manycore(paths, 1), 5),
        (f"manycore, {cores} cores", lambda: _manycore(paths, cores), 5),
    ]
    read = machine.read_bandwidth or 0.0
    print(f"\n{'':<26}{'seconds':>9}{'MB/s':>9}{'speed-up':>10}{'of memory':>11}")
    baseline = None
    for name, function, repeats in rows:
        answer, seconds = _timed(function, repeats)
        if answer != total:
            print(f"demo: {name} counted {answer:,} words, not {total:,}", file=sys.stderr)
            return 1
        baseline = baseline or seconds
        share = size / seconds / read if read else 0.0
        print(
            f"{name:<26}{seconds:>9.4f}{size / seconds / 1e6:>9,.0f}"
            f"{baseline / seconds:>9.1f}x{share:>11.1%}"
        )
    print(
        f"\nAll four gave the same answer. 'of memory': share of the {read / 1e9:.1f} GB/s at "
        f"which {cores} cores read memory here."
    )
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the demonstration.

    Parameters
    ----------
    arguments : sequence of str, optional
        ``sys.argv[1:]`` by default: nothing, or a folder.

    Returns
    -------
    int
        The exit status: 0, 1 for an error that the user can mend, 130 after Ctrl-C.
    """
    parser = argparse.ArgumentParser(prog="dev.py demo", description=__doc__)
    parser.add_argument("folder", nargs="?", help="a folder of text files")
    parsed = parser.parse_args(arguments)
    try:
        return show(parsed.folder)
    except OSError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
