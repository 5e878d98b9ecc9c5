"""``manycore advise``: name hot spots and the technique for each, and prove it."""

from __future__ import annotations

import argparse
import signal
import sys

import manycore as mc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from manycore._commands import Commands


def add(commands: Commands) -> None:
    """Describe the command."""
    own = commands.add_parser("advise", help="say what would make a script faster, and prove it")
    own.add_argument("--prove", action="store_true", help="run old and new code, and compare")
    own.add_argument(
        "--min-share",
        type=float,
        default=0.05,
        metavar="P",
        help="of the time, that lines must take to be worth advice (default: 0.05)",
    )
    own.add_argument("--json", action="store_true", help="print JSON")
    own.add_argument("--html", metavar="FILE", help="write a page to a file as well")
    own.add_argument("--hz", type=float, metavar="N", help="samples a second")
    own.add_argument(
        "--timeout",
        type=float,
        default=300.0,
        metavar="S",
        help="seconds that a run of the script may take (default: 300)",
    )
    own.add_argument("script", help="a Python script")
    own.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    own.set_defaults(run=run)


def _end(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def run(arguments: argparse.Namespace) -> int:
    """Advise; the exit code is the script's."""
    # So that the script's process and its folder go, as they do after Ctrl-C.
    signal.signal(signal.SIGTERM, _end)
    try:
        found = mc.advise(
            arguments.script,
            arguments.arguments,
            arguments.prove,
            min_share=arguments.min_share,
            hz=arguments.hz,
            timeout=arguments.timeout,
        )
    except SyntaxError as error:
        where = f"{arguments.script}, line {error.lineno}"
        print(f"manycore: {where}: {error.msg}", file=sys.stderr)
        return 1
    if found.exit_code:
        sys.stderr.write(found.error)
    if arguments.json:
        import json

        print(json.dumps(found.to_dict(), indent=2))
    else:
        print(found)
    if arguments.html:
        found.html(arguments.html)
    return found.exit_code
