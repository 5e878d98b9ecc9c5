"""Where tests run: a bag's on every lane, and inline; compiled functions' both ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from hypothesis import settings

import manycore as mc
from manycore import _jit

# A run that is short on time must not fail for it, and each test runs once a lane.
settings.register_profile("manycore", deadline=None, max_examples=40)
settings.load_profile("manycore")

LANES: list[tuple[Literal["inline", "threads"], int]] = [
    ("inline", 1),
    ("threads", 1),
    ("threads", 2),
    ("threads", 4),
]


@pytest.fixture(scope="module", params=LANES, ids=lambda lane: f"{lane[0]}-{lane[1]}")
def lane(request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    """Each lane, and several numbers of workers."""
    name, workers = request.param
    with mc.config(lane=name, workers=workers):
        yield name, workers


@pytest.fixture(params=["compiled", "interpreted"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of running the same compiled function."""
    monkeypatch.setattr(_jit, "_INTERPRETED", request.param == "interpreted")
    return str(request.param)
