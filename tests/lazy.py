"""Lazy arrays in odd chunks, and how their results are held against NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np

import manycore as mc


def lazy(array: Any, size: int = 3) -> mc.array.Array:
    """Make an array of chunks of `size`, and a shorter one at the end of each axis."""
    array = np.asarray(array)
    return mc.array.from_array(array, chunks=size if array.ndim else None)


def same(got: Any, want: Any, rtol: float = 0.0, atol: float = 0.0) -> None:
    """Hold one result, or several, against NumPy's: shapes, dtypes, and values."""
    if isinstance(want, tuple | list):
        assert len(got) == len(want)
        for one, other in zip(got, want, strict=True):
            same(one, other, rtol, atol)
        return
    want = np.asarray(want)
    declared = (got.dtype, got.ndim)
    computed = np.asarray(got)
    assert (computed.dtype, computed.shape) == (want.dtype, want.shape)
    assert declared == (want.dtype, want.ndim)
    if rtol or atol:
        np.testing.assert_allclose(computed, want, rtol=rtol, atol=atol)
    else:
        np.testing.assert_array_equal(computed, want)


def refuses(ours: Any, theirs: Any) -> None:
    """Expect NumPy's error, of the same type and text, when the expression is built."""
    try:
        theirs()
    except Exception as error:
        expected = error
    else:
        raise AssertionError("NumPy doesn't refuse it")
    try:
        ours()
    except Exception as error:
        assert type(error) is type(expected), error
        assert str(error) == str(expected)
    else:
        raise AssertionError(f"not refused: {expected}")
