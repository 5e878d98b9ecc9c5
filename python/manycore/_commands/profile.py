"""``manycore profile``: run a script, and show where its time goes."""

from __future__ import annotations

import argparse
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from manycore._commands import Commands


def add(commands: Commands) -> None:
    """Describe the command."""
    own = commands.add_parser("profile", help="run a script, and show where its time goes")
    own.add_argument("--hz", type=float, default=100.0, metavar="N", help="samples in a second")
    own.add_argument("--memory", action="store_true", help="show at which lines memory grows")
    own.add_argument(
        "--tracemalloc", action="store_true", help="have Python record its allocations (slow)"
    )
    own.add_argument(
        "--roofline", action="store_true", help="count what compiled functions do for each byte"
    )
    for name, what in (
        ("html", "a page of its own"),
        ("speedscope", "what speedscope opens"),
        ("chrome", "what Perfetto opens"),
        ("collapsed", "what flame graph programs read"),
    ):
        own.add_argument(f"--{name}", type=Path, metavar="FILE", help=f"save {what}")
    own.add_argument("script", help="a Python script")
    own.add_argument("args", nargs=argparse.REMAINDER, help="its arguments")
    own.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the script, show and save its profile, and end as it ended."""
    import sys

    from manycore import _profile

    for name in ("html", "speedscope", "chrome", "collapsed"):
        path = getattr(arguments, name)
        if path is not None and not path.absolute().parent.is_dir():
            # Before the script has run for an hour.
            raise FileNotFoundError(2, "there is no such folder", str(path.parent))
    profile, status = _profile.run_script(
        arguments.script,
        arguments.args,
        hz=arguments.hz,
        memory=arguments.memory,
        tracemalloc=arguments.tracemalloc,
        roofline=arguments.roofline,
    )
    sys.stdout.flush()
    # Beside what the script prints, not within it.
    print(profile, file=sys.stderr)
    if arguments.html is not None:
        profile.html(arguments.html)
    for name in ("speedscope", "chrome", "collapsed"):
        path = getattr(arguments, name)
        if path is not None:
            path.write_text(getattr(profile, name)(), encoding="utf-8")
    return status
