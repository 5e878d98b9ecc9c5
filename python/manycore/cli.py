"""The command ``manycore``: count the words of a folder, run programs, describe the machine."""

from __future__ import annotations

import argparse
import glob
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import manycore as mc


def _matching(path: str, pattern: str | None) -> str | Path:
    """Put a pattern behind a folder, whose own name is none."""
    folder = Path(path)
    return Path(glob.escape(path)) / pattern if pattern and folder.is_dir() else path


def _count(arguments: argparse.Namespace) -> int:
    """``manycore count``."""
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


def _machine(arguments: argparse.Namespace) -> int:
    """``manycore machine``."""
    print(mc.machine(bandwidth=not arguments.quick))
    return 0


def _run(arguments: argparse.Namespace) -> int:
    """``manycore run``."""
    data = sys.stdin.buffer.read() if arguments.file == "-" else Path(arguments.file).read_bytes()
    lines = [line.strip() for line in os.fsdecode(data).split("\n")]
    results = mc.run_all(
        [line for line in lines if line and not line.startswith("#")],
        shell=True,
        jobs=arguments.jobs,
        timeout=arguments.timeout,
        retries=arguments.retries,
        live=True,
        capture_output=False,
    )
    if results.failed:
        sys.stdout.flush()
        print(f"manycore: {results}", file=sys.stderr)
    return 1 if results.failed else 0


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    top = argparse.ArgumentParser(prog="manycore", description=__doc__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")

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
    count.set_defaults(run=_count)

    run = commands.add_parser("run", help="run the commands in a file, so many at a time")
    run.add_argument(
        "file", metavar="FILE", help="a command for /bin/sh on each line; - for standard input"
    )
    run.add_argument("-j", "--jobs", type=int, metavar="N", help="at a time (default: the cores)")
    run.add_argument("--timeout", type=float, metavar="S", help="seconds that a command may take")
    run.add_argument(
        "--retries", type=int, default=0, metavar="N", help="try a command that fails N times more"
    )
    run.set_defaults(run=_run)

    machine = commands.add_parser("machine", help="describe cores, caches, memory and bandwidth")
    machine.add_argument("--quick", action="store_true", help="do not measure the bandwidth")
    machine.set_defaults(run=_machine)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        ``sys.argv[1:]`` by default.

    Returns
    -------
    int
        The exit status: 0, 1 for an error that the user can mend or a program that failed, 130
        after Ctrl-C, 141 if nobody reads the output.
    """
    parsed = parser().parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads has seen enough, as in `| head`: Python must not try again when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141  # as the shell shows a program that SIGPIPE ended
    except (OSError, EOFError, UnicodeError, ValueError) as error:
        print(f"manycore: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("manycore: interrupted", file=sys.stderr)
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main())
