"""``manycore run``: run the commands in a file, so many at a time."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import manycore as mc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from manycore._commands import Commands


def add(commands: Commands) -> None:
    """Describe the command."""
    own = commands.add_parser("run", help="run the commands in a file, so many at a time")
    own.add_argument(
        "file", metavar="FILE", help="a command for /bin/sh on each line; - for standard input"
    )
    own.add_argument("-j", "--jobs", type=int, metavar="N", help="at a time (default: the cores)")
    own.add_argument("--timeout", type=float, metavar="S", help="seconds that a command may take")
    own.add_argument(
        "--retries", type=int, default=0, metavar="N", help="try a command that fails N times more"
    )
    own.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the programs, and say what failed."""
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
