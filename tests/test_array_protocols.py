"""How `mc.array` speaks with NumPy, with other libraries, with Python and with manycore."""

from __future__ import annotations

import copy
import operator
import pickle
import sys
from typing import Any

import numpy as np
import pytest

import manycore as mc

WHOLE = np.arange(12.0).reshape(3, 4)


def lazy(array: Any = WHOLE) -> mc.array.Array:
    return mc.array.from_array(array, chunks=2)


def test_numpy_reads_it() -> None:
    x = lazy() + 1
    np.testing.assert_array_equal(np.asarray(x), WHOLE + 1)
    assert np.asarray(x, dtype="f4").dtype == np.float32
    np.testing.assert_array_equal(np.array(x[0]), WHOLE[0] + 1)
    np.testing.assert_array_equal(x.to_numpy(), WHOLE + 1)
    with pytest.raises(ValueError, match="no memory"):
        np.asarray(x, copy=False)


def test_numpys_functions_are_dispatched() -> None:
    x = lazy()
    calls: list[tuple[Any, ...]] = [
        (np.concatenate, [x, x], 1),
        (np.transpose, x),
        (np.where, x > 3, x, 0),
        (np.clip, x, 2, 5),
        (np.round, x, 1),
        (np.flip, x, 0),
        (np.broadcast_to, x, (2, 3, 4)),
        (np.take, x, [0, 2], 1),
        (np.zeros_like, x),
        (np.result_type, x, np.int8),
    ]
    for function, *arguments in calls:
        found = function(*arguments)
        plain = [
            [np.asarray(each) for each in part]
            if isinstance(part, list) and not isinstance(part[0], int)
            else np.asarray(part)
            if isinstance(part, mc.array.Array)
            else part
            for part in arguments
        ]
        expected = function(*plain)
        if function is not np.result_type:
            assert isinstance(found, mc.array.Array), function.__name__
        np.testing.assert_array_equal(np.asarray(found), expected)
    assert np.shape(x) == (3, 4)
    assert np.ndim(x) == 2


def test_functions_that_are_not_there_are_refused() -> None:
    with pytest.raises(TypeError, match=r"numpy\.polyfit is not there for lazy arrays.*asarray"):
        np.polyfit(lazy(), lazy(), 1)
    with pytest.raises(TypeError, match=r"add\.at is not there"):
        np.add.at(lazy(), [0], 1)
    with pytest.raises(TypeError, match=r"add\.reduceat is not there"):
        np.add.reduceat(lazy(), [0])


def test_ufunc_methods() -> None:
    x = lazy()
    found = np.multiply.outer(x[0], x[1])
    np.testing.assert_array_equal(np.asarray(found), np.multiply.outer(WHOLE[0], WHOLE[1]))
    for ufunc in (np.add, np.multiply, np.maximum, np.logical_or, np.hypot):
        for axis in (0, 1):
            np.testing.assert_allclose(
                np.asarray(ufunc.reduce(x, axis=axis)), ufunc.reduce(WHOLE, axis=axis)
            )
            np.testing.assert_allclose(
                np.asarray(ufunc.accumulate(x, axis)), ufunc.accumulate(WHOLE, axis)
            )
    np.testing.assert_array_equal(np.asarray(np.matmul(x, x.T)), WHOLE @ WHOLE.T)


def test_numpys_scalars_and_arrays_on_the_left() -> None:
    for left in (np.float32(2), WHOLE, WHOLE[0], np.array(3)):
        found = left * lazy()
        assert isinstance(found, mc.array.Array)
        np.testing.assert_array_equal(np.asarray(found), left * WHOLE)


def test_compiled_ufuncs() -> None:
    pytest.importorskip("llvmlite")

    @mc.vectorize(["float64(float64, float64)"])
    def declared(x: Any, y: Any) -> Any:
        return x * y + 1

    @mc.vectorize
    def grown(x: Any, y: Any) -> Any:
        return x * y + 1

    for function in (declared, grown):
        found = function(lazy(), 2.0)
        assert isinstance(found, mc.array.Array)
        np.testing.assert_array_equal(np.asarray(found), WHOLE * 2 + 1)


def test_the_array_api_namespace() -> None:
    x = lazy()
    assert x.__array_namespace__() is mc.array
    assert x.__array_namespace__(api_version="2024.12") is mc.array
    assert mc.array.__array_api_version__ == "2024.12"
    with pytest.raises(ValueError, match="version"):
        x.__array_namespace__(api_version="1999.01")
    info = mc.array.__array_namespace_info__()
    assert info.default_device() == x.device == "cpu"
    assert info.dtypes(kind="bool") == {"bool": np.dtype(bool)}
    assert set(info.dtypes(kind=("signed integer", "complex floating"))) == {
        *("int8", "int16", "int32", "int64", "complex64", "complex128")
    }
    assert info.default_dtypes()["indexing"] == np.dtype("i8")
    assert x.to_device("cpu") is x
    with pytest.raises(ValueError, match="device"):
        x.to_device("gpu")


def test_dlpack() -> None:
    np.testing.assert_array_equal(np.from_dlpack(lazy()), WHOLE)
    assert lazy().__dlpack_device__() == (1, 0)
    memory = np.arange(3)
    x = mc.array.from_dlpack(memory)
    np.testing.assert_array_equal(np.asarray(x), memory)
    assert mc.array.from_dlpack(x) is x


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python asks for __buffer__ from 3.12 on")
def test_buffer() -> None:
    assert memoryview(lazy()).shape == (3, 4)


def test_pythons_numbers() -> None:
    one = mc.array.asarray([[7]])[0, 0]
    assert (int(one), float(one), complex(one), bool(one)) == (7, 7.0, 7 + 0j, True)
    assert operator.index(one) == 7
    assert [10, 20][mc.array.asarray(1)] == 20
    assert f"{mc.array.asarray(1.5):.2f}" == "1.50"
    assert lazy().item(5) == lazy().item(1, 1) == 5.0
    assert lazy()[0].tolist() == [0, 1, 2, 3]
    assert lazy().tobytes() == WHOLE.tobytes()
    calls: list[tuple[Any, Any]] = [
        (bool, WHOLE),
        (int, WHOLE),
        (float, WHOLE[:1, :1]),
        (operator.index, np.array([1])),
        (operator.index, np.array(1.0)),
        (lambda given: given.item(), WHOLE),
        (lambda given: given.item(99), WHOLE),
        (bool, np.array([])),
        (len, np.array(1)),
        (iter, np.array(1)),
    ]
    for function, array in calls:
        with pytest.raises((TypeError, ValueError, IndexError)) as expected:
            function(array)
        with pytest.raises(expected.type) as raised:
            function(mc.array.asarray(array))
        assert str(raised.value) == str(expected.value)


def test_sequences() -> None:
    x = lazy()
    assert len(x) == 3
    assert [row.compute().tolist() for row in x] == WHOLE.tolist()
    first, *_ = x
    assert isinstance(first, mc.array.Array)
    assert 5.0 in x
    assert 5.5 not in x


def test_not_hashable_as_numpys() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(lazy())


def test_copies_are_independent() -> None:
    x = lazy() * 1
    for made in (copy.copy(x), copy.deepcopy(x), x.copy(), mc.array.copy(x)):
        made[0] = -1
        np.testing.assert_array_equal(np.asarray(x), WHOLE)
        assert np.asarray(made)[0, 0] == -1


def test_pickles_bring_the_elements() -> None:
    x = lazy() + 1
    found = pickle.loads(pickle.dumps(x))
    assert isinstance(found, mc.array.Array)
    assert found.chunks == x.chunks
    np.testing.assert_array_equal(np.asarray(found), WHOLE + 1)


def test_persist_keeps_chunks() -> None:
    x = (lazy() + 1).persist()
    assert x.chunks == ((2, 1), (2, 2))
    np.testing.assert_array_equal(np.asarray(x), WHOLE + 1)


def test_with_the_rest_of_manycore() -> None:
    x = lazy()
    total, words, number = mc.compute(x + 1, {"first": x[0, 1]}, mc.delayed(sum)([1, 2]))
    np.testing.assert_array_equal(total, WHOLE + 1)
    assert words == {"first": 1.0}
    assert number == 3
    (kept,) = mc.persist(x * 2)
    assert isinstance(kept, mc.array.Array)
    np.testing.assert_array_equal(np.asarray(kept), WHOLE * 2)
    assert mc.delayed(lambda given: type(given).__name__)(x).compute() == "ndarray"


def test_delayed_chunks() -> None:
    chunks = (lazy() + 1).to_delayed()
    assert chunks.shape == (2, 2)
    np.testing.assert_array_equal(chunks[1, 1].compute(), WHOLE[2:, 2:] + 1)


def test_repr_says_what_it_is_and_computes_nothing() -> None:
    def fails(block: Any) -> Any:
        raise AssertionError("computed")

    x = mc.array.piecewise(lazy(), [lazy() > 0], [fails])
    assert repr(x) == "mc.array<shape=(3, 4), dtype=float64, chunks=(2, 2)>"
    html = x._repr_html_()
    assert "<svg" in html
    assert "(3, 4)" in html
    assert "float64" in html


@pytest.mark.parametrize(
    "shape", [(), (0,), (5,), (5, 3), (2, 3, 4), (2, 3, 4, 5), (2,) * 7], ids=str
)
def test_drawings_are_whole(shape: tuple[int, ...]) -> None:
    from xml.etree import ElementTree

    html = mc.array.zeros(shape, chunks=2)._repr_html_()
    tree = ElementTree.fromstring(html)
    pictures = tree.findall(".//svg")
    assert len(pictures) == (-(-len(shape) // 3) if 0 not in shape else 0)
    assert all(picture.findall(".//line") for picture in pictures)


def test_many_chunks_are_drawn_with_few_lines() -> None:
    html = mc.array.zeros((1000, 1000), chunks=1)._repr_html_()
    assert html.count("<line") < 100
    assert "1,000,000 chunks" in html


def test_types() -> None:
    x = mc.array.ones(2, dtype="f4")
    assert mc.array.result_type(x, 1.5) == np.float32
    assert mc.array.result_type(x, np.float64) == np.float64
    assert mc.array.can_cast(x, "f8")
    assert not mc.array.can_cast("f8", "f4")
    assert mc.array.finfo(x).bits == 32
    assert isinstance(mc.array.finfo("f4").eps, float)
    assert mc.array.iinfo("i1").max == 127
    assert mc.array.isdtype(x.dtype, "real floating")
    assert mc.array.astype(x, int).dtype == np.int64
    assert mc.array.min_scalar_type(x) == np.float32
    assert mc.array.float32 is np.float32
    assert mc.array.bool is np.bool_


def test_progress_is_shown_if_asked_for(capfd: pytest.CaptureFixture[str]) -> None:
    x = mc.array.ones(5_000_000, chunks=10)[: 10 * 20_000] + 1

    def shown(compute: Any) -> bool:
        compute()
        return "tasks" in capfd.readouterr().err

    assert shown(lambda: mc.compute(x.sum(), progress=True))
    assert shown(lambda: mc.array.compute(x.sum(), progress=True))
    assert shown(lambda: x.sum().compute(progress=True))
    assert not shown(lambda: mc.compute(x.sum(), progress=False))
