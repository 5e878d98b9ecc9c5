"""Whether a result is Python's."""

from __future__ import annotations

from typing import Any

import numpy as np


def same(found: Any, wanted: Any) -> bool:
    """Whether a result is Python's; numbers that were put into one list are of one type."""
    if isinstance(wanted, (list, tuple)):
        return (
            type(found) is type(wanted)
            and len(found) == len(wanted)
            and all(same(one, two) for one, two in zip(found, wanted, strict=True))
        )
    if isinstance(wanted, np.ndarray):
        return found.dtype == wanted.dtype and np.array_equal(found, wanted)
    return bool(found == wanted)
