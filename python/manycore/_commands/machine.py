"""``manycore machine``: describe cores, caches, memory and bandwidth."""

from __future__ import annotations

import argparse

import manycore as mc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from manycore._commands import Commands


def add(commands: Commands) -> None:
    """Describe the command."""
    own = commands.add_parser("machine", help="describe cores, caches, memory and bandwidth")
    own.add_argument("--quick", action="store_true", help="do not measure the bandwidth")
    own.add_argument("--fresh", action="store_true", help="measure the bandwidth again")
    own.add_argument("--json", action="store_true", help="print JSON")
    own.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what the machine has."""
    found = mc.machine(bandwidth=not arguments.quick, fresh=arguments.fresh)
    print(found.json() if arguments.json else found)
    return 0
