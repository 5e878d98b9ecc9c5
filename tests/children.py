"""Child processes: for tests of what a whole process does."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from subprocess import CompletedProcess

DEADLINE = 30.0


def run(
    code: str,
    *arguments: object,
    flags: Sequence[str] = (),
    environment: dict[str, str] | None = None,
) -> CompletedProcess[str]:
    """Run Python code in a process of its own; a hang is a failure."""
    command = [sys.executable, *flags, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=DEADLINE,
        env=os.environ | (environment or {}),
        stdin=subprocess.DEVNULL,
    )


def output(
    code: str,
    *arguments: object,
    flags: Sequence[str] = (),
    environment: dict[str, str] | None = None,
) -> str:
    """Run Python code that must exit with 0 and say nothing on stderr; return what it printed."""
    child = run(code, *arguments, flags=flags, environment=environment)
    assert (child.returncode, child.stderr) == (0, ""), child
    return child.stdout
