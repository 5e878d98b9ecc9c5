"""The command ``manycore``: count, run, measure and decide."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from manycore._commands import advise, count, load, machine, profile, run, scaling


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    top = argparse.ArgumentParser(prog="manycore", description=__doc__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for command in (count, run, machine, profile, advise, scaling, load):
        command.add(commands)
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
