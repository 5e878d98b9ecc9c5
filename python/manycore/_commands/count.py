"""``manycore count``: count the words of text files, on every core."""

from __future__ import annotations

import argparse
import glob
import time
from pathlib import Path

import manycore as mc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from manycore._commands import Commands


def add(commands: Commands) -> None:
    """Describe the command."""
    count = commands.add_parser("count", help="count the words of text files, on every core")
    count.add_argument("path", nargs="+", help="a file, a folder or a quoted pattern")
    count.add_argument("--top", type=int, default=0, metavar="N", help="show the N commonest words")
    count.add_argument("--lower", action="store_true", help="take no notice of case")
    count.add_argument("--pattern", help="which files of a folder, such as '**/*.txt'")
    count.add_argument(
        "--errors",
        choices=["strict", "replace", "ignore"],
        default="strict",
        help="what to do with bytes that are not UTF-8 (default: stop)",
    )
    count.set_defaults(run=run)


def _matching(path: str, pattern: str | None) -> str | Path:
    """Put a pattern behind a folder, whose own name is none."""
    folder = Path(path)
    return Path(glob.escape(path)) / pattern if pattern and folder.is_dir() else path


def run(arguments: argparse.Namespace) -> int:
    """Count, and print the sum."""
    if arguments.top < 0:
        raise ValueError(f"--top must be at least 0, not {arguments.top}")
    paths = [_matching(path, arguments.pattern) for path in arguments.path]
    documents = mc.bag.read_text(paths, errors=arguments.errors)
    if arguments.lower:
        documents = documents.str.lower()
    words = documents.str.split().flatten()
    start = time.perf_counter()
    if arguments.top:
        frequencies = words.frequencies(sort=True).persist()
        total = frequencies.pluck(1).sum().compute()
        seconds = time.perf_counter() - start
        top = frequencies.take(arguments.top, warn=False)
        width = max((len(f"{count:,}") for _, count in top), default=0)
        for word, count in top:
            print(f"{count:>{width},}  {word}")
    else:
        total = words.count().compute()
        seconds = time.perf_counter() - start
    size, files = documents._core.size or (0, 0)
    rate = size / seconds / 1e6
    print(f"{total:,} words in {files:,} files, {size / 1e6:,.1f} MB ({rate:,.0f} MB/s)")
    return 0
