"""What the examples in docstrings and in the README may use: `mc`, `Path`, and some documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import manycore


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Make a folder of two small documents."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("to be or not to be\n", encoding="utf-8")
    (folder / "b.txt").write_text("that is\nThat", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def _readme(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.name == "README.md":
        # Its reader has a folder `docs`.
        monkeypatch.chdir(request.getfixturevalue("documents").parent)


@pytest.fixture(autouse=True)
def _names(doctest_namespace: dict[str, Any]) -> None:
    doctest_namespace["mc"] = manycore
    doctest_namespace["Path"] = Path
