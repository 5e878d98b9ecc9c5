"""Shapes, joining and padding of `mc.array`, held against NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import manycore as mc

WHOLE = np.arange(60).reshape(5, 4, 3)
CUBE = np.arange(8.0).reshape(2, 2, 2)
LINE = np.arange(7)
SINGLE = np.arange(5).reshape(1, 5, 1)
EMPTY = np.zeros((3, 0))
SCALAR = np.array(4)


def lazily(value: Any) -> Any:
    """Make lazy what is an array; lists of arrays too."""
    if isinstance(value, list) and any(isinstance(each, np.ndarray) for each in value):
        return [lazily(each) for each in value]
    return mc.array.from_array(value, chunks=2) if isinstance(value, np.ndarray) else value


def alike(found: Any, expected: Any) -> None:
    """Hold lazy arrays against NumPy's."""
    if isinstance(expected, list | tuple):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            alike(one, other)
        return
    assert isinstance(found, mc.array.Array)
    assert found.dtype == expected.dtype
    assert found.shape == expected.shape
    np.testing.assert_array_equal(np.asarray(found), expected)


CALLS: list[tuple[Any, ...]] = [
    ("reshape", WHOLE, (10, -1)),
    ("reshape", WHOLE, -1),
    ("reshape", WHOLE, (3, 2, 10), "F"),
    ("reshape", EMPTY, (0, 7)),
    ("reshape", SCALAR, (1, 1)),
    ("ravel", WHOLE),
    ("ravel", WHOLE, "F"),
    ("transpose", WHOLE),
    ("transpose", WHOLE, (1, 2, 0)),
    ("transpose", WHOLE, (-1, 0, 1)),
    ("permute_dims", WHOLE, (1, 2, 0)),
    ("matrix_transpose", WHOLE),
    ("moveaxis", WHOLE, 0, -1),
    ("moveaxis", WHOLE, (0, 2), (1, 0)),
    ("rollaxis", WHOLE, 2),
    ("rollaxis", WHOLE, 0, 3),
    ("swapaxes", WHOLE, 0, -1),
    ("squeeze", SINGLE),
    ("squeeze", SINGLE, 0),
    ("squeeze", SINGLE, (0, -1)),
    ("expand_dims", LINE, 0),
    ("expand_dims", WHOLE, (0, -1)),
    ("atleast_1d", SCALAR),
    ("atleast_2d", LINE),
    ("atleast_3d", LINE),
    ("atleast_3d", WHOLE[0]),
    ("broadcast_to", LINE, (3, 7)),
    ("broadcast_to", SINGLE, (2, 5, 4)),
    ("broadcast_to", SCALAR, (2, 0)),
    ("broadcast_arrays", LINE, LINE[:, None], 1),
    ("concatenate", [WHOLE, -WHOLE]),
    ("concatenate", [WHOLE, WHOLE[:, :2] * 0.5], 1),
    ("concatenate", [WHOLE, SCALAR], None),
    ("concat", [LINE, LINE.astype("f4")]),
    ("stack", [LINE, -LINE]),
    ("stack", [CUBE, WHOLE[:2, :2, :2]], -1),
    ("vstack", [LINE, LINE]),
    ("hstack", [LINE, LINE[:2]]),
    ("hstack", [WHOLE, WHOLE[:, :1]]),
    ("dstack", [LINE, LINE]),
    ("column_stack", [LINE, LINE]),
    ("column_stack", [WHOLE[:, :, 0], WHOLE[:, 0, 0]]),
    ("split", LINE[:6], 3),
    ("split", LINE, [2, 5]),
    ("split", WHOLE, [1, -1], 1),
    ("split", LINE, [5, 2, 30]),
    ("array_split", LINE, 3),
    ("array_split", LINE, 10),
    ("hsplit", WHOLE, 2),
    ("vsplit", WHOLE, [1, 3]),
    ("dsplit", WHOLE, 3),
    ("unstack", WHOLE),
    ("flip", WHOLE),
    ("flip", WHOLE, (0, 2)),
    ("flip", EMPTY),
    ("fliplr", WHOLE),
    ("flipud", LINE),
    ("rot90", WHOLE),
    ("rot90", WHOLE, 2),
    ("rot90", WHOLE, -1, (2, 1)),
    ("roll", LINE, 2),
    ("roll", WHOLE, -7),
    ("roll", WHOLE, (1, -9), (0, 1)),
    ("roll", WHOLE, 2, (0, 0)),
    ("roll", EMPTY, 1, 1),
    ("tile", LINE, 3),
    ("tile", WHOLE, (2, 1, 1, 2)),
    ("tile", LINE, (20, 2)),
    ("tile", LINE, 0),
    ("repeat", WHOLE, 2),
    ("repeat", WHOLE, 3, 1),
    ("repeat", WHOLE, [0, 2, 1, 1, 3], 0),
    ("repeat", SCALAR, 3),
    ("append", WHOLE, LINE),
    ("append", WHOLE, WHOLE[:1], 0),
    ("delete", LINE, 2),
    ("delete", LINE, [0, -1]),
    ("delete", LINE, slice(1, 4)),
    ("delete", LINE, slice(None, None, 3)),
    ("delete", LINE, slice(4, 1, -1)),
    ("delete", WHOLE, [1, 2], 1),
    ("delete", WHOLE, 3),
    ("delete", LINE, LINE > 3),
    ("insert", LINE, 2, 99),
    ("insert", LINE, [1, 1, 6], [7, 8, 9]),
    ("insert", LINE, [3, -7], 5),
    ("insert", WHOLE, 1, -1, 1),
    ("insert", WHOLE, 1, LINE[:3], 1),
    ("insert", WHOLE, [0, 2], LINE[:3], 1),
    ("insert", WHOLE, 1, WHOLE[:, 0], 1),
    ("insert", LINE, slice(0, 3), 5),
    ("resize", LINE, (4, 5)),
    ("resize", WHOLE, 7),
    ("resize", EMPTY, (2, 2)),
    ("trim_zeros", np.array([0, 0, 1, 0, 2, 0])),
    ("trim_zeros", np.array([0, 0, 1, 0, 2, 0]), "f"),
    ("trim_zeros", np.zeros(3)),
]


@pytest.mark.parametrize("call", CALLS, ids=[f"{c[0]}-{i}" for i, c in enumerate(CALLS)])
def test_functions(call: Any) -> None:
    name, *arguments = call
    if name == "stack" and len(arguments) > 1:
        alike(mc.array.stack(lazily(arguments[0]), axis=arguments[1]), np.stack(*arguments))
        return
    expected = getattr(np, name)(*arguments)
    alike(getattr(mc.array, name)(*map(lazily, arguments)), expected)
    first, *rest = map(lazily, arguments)
    alike(getattr(np, name)(first, *rest), expected)


def test_block() -> None:
    a, b = WHOLE[:2, :2, 0], WHOLE[:2, :1, 0]
    alike(mc.array.block([[lazily(a), lazily(b)], [b * 2, a]]), np.block([[a, b], [b * 2, a]]))
    alike(mc.array.block([LINE, 5]), np.block([LINE, 5]))
    alike(mc.array.block(lazily(LINE)), np.block(LINE))
    nested: list[tuple[Any, type[Exception]]] = [
        (([a], [b]), TypeError),
        ([[a], b], ValueError),
        ([], ValueError),
    ]
    for bad, kind in nested:
        with pytest.raises(kind) as expected:
            np.block(bad)
        with pytest.raises(kind) as raised:
            mc.array.block(bad)
        assert str(raised.value) == str(expected.value)


BAD: list[tuple[Any, ...]] = [
    ("reshape", WHOLE, (7, -1)),
    ("reshape", WHOLE, (-1, -1)),
    ("reshape", WHOLE, (7, 7)),
    ("reshape", LINE, 3),
    ("transpose", WHOLE, (0, 1)),
    ("transpose", WHOLE, (0, 0, 1)),
    ("moveaxis", WHOLE, [0, 1], [0]),
    ("moveaxis", WHOLE, 5, 0),
    ("swapaxes", WHOLE, 0, 9),
    ("squeeze", WHOLE, 0),
    ("expand_dims", WHOLE, 7),
    ("broadcast_to", WHOLE, (3,)),
    ("broadcast_to", WHOLE, (5, 4, 7)),
    ("concatenate", []),
    ("concatenate", [WHOLE, LINE]),
    ("concatenate", [WHOLE, WHOLE[:, :2]]),
    ("concatenate", [SCALAR]),
    ("concatenate", [WHOLE, WHOLE], 5),
    ("stack", [WHOLE, LINE]),
    ("stack", []),
    ("split", LINE, 2),
    ("split", LINE, 0),
    ("hsplit", SCALAR, 1),
    ("flip", WHOLE, 3),
    ("fliplr", LINE),
    ("rot90", LINE),
    ("roll", WHOLE, 1, 3),
    ("repeat", LINE, -1),
    ("repeat", LINE, [1, 2]),
    ("delete", LINE, 9),
    ("insert", LINE, 9, 0),
    ("pad", LINE, -1),
    ("pad", LINE, 1.5),
    ("pad", LINE, 1, "nothing"),
    ("pad", WHOLE, [(1, 1), (2, 2)]),
    ("pad", EMPTY, 1, "edge"),
]


@pytest.mark.parametrize("call", BAD, ids=[f"{c[0]}-{i}" for i, c in enumerate(BAD)])
def test_bad_calls_get_numpys_errors(call: Any) -> None:
    name, *arguments = call
    with pytest.raises((ValueError, TypeError, IndexError, ZeroDivisionError)) as expected:
        getattr(np, name)(*arguments)
    with pytest.raises(expected.type) as raised:
        getattr(mc.array, name)(*map(lazily, arguments))
    if expected.type is not np.exceptions.AxisError:
        assert str(raised.value) == str(expected.value)


PADS: list[tuple[Any, str, dict[str, Any]]] = [
    (2, "constant", {}),
    ((1, 3), "constant", {"constant_values": (7, -1)}),
    ([(1, 0), (0, 2), (3, 3)], "constant", {"constant_values": [(1, 2), (3, 4), (5, 6)]}),
    (3, "edge", {}),
    ((2, 5), "wrap", {}),
    (2, "reflect", {}),
    ((9, 4), "reflect", {}),
    (2, "symmetric", {}),
    (7, "symmetric", {}),
    (2, "reflect", {"reflect_type": "odd"}),
    (2, "symmetric", {"reflect_type": "odd"}),
    (2, "maximum", {}),
    (2, "minimum", {"stat_length": 2}),
    ((0, 2), "mean", {}),
    (2, "median", {"stat_length": (1, 3)}),
    (3, "linear_ramp", {"end_values": (5, -4)}),
    ({1: (1, 2)}, "edge", {}),
]


@pytest.mark.parametrize(("width", "mode", "options"), PADS, ids=str)
@pytest.mark.parametrize("array", [WHOLE, WHOLE * 0.5], ids=["int", "float"])
def test_pad(array: Any, width: Any, mode: Any, options: Any) -> None:
    if isinstance(width, dict):
        expected = np.pad(array, [width.get(axis, (0, 0)) for axis in range(3)], mode)
    else:
        expected = np.pad(array, width, mode, **options)
    found = mc.array.pad(lazily(array), width, mode, **options)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-14)


def test_pad_by_a_function() -> None:
    def ends(vector: Any, width: Any, axis: int, kwargs: Any) -> None:
        vector[: width[0]] = kwargs.get("value", 10)
        vector[vector.size - width[1] :] = axis

    alike(
        mc.array.pad(lazily(WHOLE), 1, ends, value=4),
        np.pad(WHOLE, 1, ends, value=4),
    )
    assert mc.array.pad(lazily(WHOLE), 1, "empty").shape == (7, 6, 5)
    with pytest.raises(ValueError, match="unsupported keyword"):
        mc.array.pad(lazily(WHOLE), 1, "edge", end_values=1)


@given(st.data())
def test_random_reshapes_and_transposes(data: Any) -> None:
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4))
    memory = np.arange(int(np.prod(shape))).reshape(shape)
    x = mc.array.from_array(memory, chunks=data.draw(st.integers(1, 3)))
    order = data.draw(st.permutations(range(len(shape))))
    alike(x.transpose(*order), memory.transpose(*order))
    target = data.draw(st.permutations(memory.transpose(*order).shape))
    letter = data.draw(st.sampled_from("CF"))
    alike(
        x.transpose(*order).reshape(*target, order=letter),
        memory.transpose(*order).reshape(*target, order=letter),
    )


def test_methods() -> None:
    x = lazily(WHOLE)
    alike(x.T, WHOLE.T)
    alike(x.mT, WHOLE.mT)
    alike(x.flatten(), WHOLE.flatten())
    alike(x.flat, WHOLE.ravel())
    alike(x.swapaxes(0, 1), WHOLE.swapaxes(0, 1))
    alike(x.repeat(2, axis=0), WHOLE.repeat(2, axis=0))
    alike(lazily(SINGLE).squeeze(), SINGLE.squeeze())
    alike(x.transpose((2, 1, 0)), WHOLE.transpose((2, 1, 0)))
    with pytest.raises(ValueError, match="ndim < 2"):
        lazily(LINE).mT  # noqa: B018
    assert mc.array.shape(x) == (5, 4, 3)
    assert mc.array.ndim(x) == 3
    assert mc.array.size(x) == 60
    assert mc.array.size(x, 1) == 4
