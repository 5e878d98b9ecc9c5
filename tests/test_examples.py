"""The examples, each of which checks its own answer: they run as their users would run them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "examples"

# What makes them small.
EXAMPLES = {
    "array/heat.py": ["--side", "200", "--steps", "40"],
    "array/image_filter.py": ["--side", "300"],
    "array/option_pricing.py": ["--draws", "200_000"],
    "array/pca.py": ["--rows", "100_000", "--memory", "8MB"],
}


def test_there_are_no_others() -> None:
    found = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.py")}
    assert found == set(EXAMPLES)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_prints_one_line(name: str) -> None:
    command = [sys.executable, "-W", "error", str(FOLDER / name), *EXAMPLES[name]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    assert not done.stderr
