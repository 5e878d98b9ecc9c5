"""Functions called with blocks, held against Dask's and NumPy's."""

from __future__ import annotations

import itertools
from typing import Any

import dask.array as da
import numpy as np
import pytest

import manycore as mc
from lazy import lazy, same


def pair(shape: tuple[int, ...], chunks: Any) -> tuple[Any, Any, mc.array.Array]:
    """Make the same array NumPy's, Dask's and ours, in the same chunks."""
    x = np.random.default_rng(len(shape)).integers(0, 99, shape).astype(float)
    theirs = da.from_array(x, chunks)
    return x, theirs, mc.array.from_array(x, chunks=theirs.chunks)


def alike(ours: Any, theirs: Any, chunks: bool = True) -> None:
    """Hold a result against Dask's: values, dtype, and chunks."""
    same(ours, theirs.compute())
    if chunks:
        assert ours.chunks == theirs.chunks


def both(name: str, function: Any, arrays: list[Any], **options: Any) -> tuple[Any, Any]:
    """Call ours and Dask's, which can't find dtypes as often as ours."""
    ours = [array[1] if isinstance(array, tuple) else array for array in arrays]
    theirs = [array[0] if isinstance(array, tuple) else array for array in arrays]
    asked = {"dtype": float, **options}
    return getattr(mc.array, name)(function, *ours, **options), getattr(da, name)(
        function, *theirs, **asked
    )


A = pair((11, 7), (4, 3))[1:]
B = pair((7,), (3,))[1:]


def test_map_blocks() -> None:
    alike(*both("map_blocks", lambda a: a + 1, [A]))
    alike(*both("map_blocks", lambda a, b: a + b, [A, B]))
    alike(*both("map_blocks", lambda a, k, b: a * k + b, [A, 3, B]))
    alike(*both("map_blocks", lambda a, k=0: a * k, [A], k=2))
    alike(*both("map_blocks", lambda a: a.sum(1), [A], drop_axis=1))
    alike(*both("map_blocks", lambda a: a.sum((0, 1)), [A], drop_axis=[0, 1]))
    alike(*both("map_blocks", lambda a: a[:, None], [A], new_axis=1))
    alike(*both("map_blocks", lambda a: a.max(keepdims=True), [A], chunks=(1, 1)))
    alike(*both("map_blocks", lambda a: np.repeat(a, 2, 0), [A], chunks=((8, 8, 6), (3, 3, 1))))
    alike(
        *both("map_blocks", lambda a: np.stack([a, a]), [A], new_axis=0, chunks=(2, *A[0].chunks))
    )


def test_map_blocks_gives_the_place_of_blocks() -> None:
    def place(block: Any, block_id: Any = None) -> Any:
        return block + 10 * block_id[0] + block_id[1]

    alike(*both("map_blocks", place, [A]))
    made = mc.array.map_blocks(
        lambda block_id=None: np.full(2, block_id[0]), chunks=((2, 2, 2),), dtype=int
    )
    same(made, np.array([0, 0, 1, 1, 2, 2]))


def test_map_blocks_describes_blocks_as_dask_does() -> None:
    found: dict[str, dict[Any, Any]] = {"ours": {}, "theirs": {}}

    def recorder(which: str) -> Any:
        def record(a: Any, b: Any, block_info: Any = None) -> Any:
            if isinstance(block_info, dict) and block_info:
                key = block_info[None]["chunk-location"]
                found[which][key] = {
                    name: {**info, "array-location": [tuple(x) for x in info["array-location"]]}
                    for name, info in block_info.items()
                }
            return a + b

        return record

    da.map_blocks(recorder("theirs"), A[0], B[0], dtype=float).compute()
    mc.array.map_blocks(recorder("ours"), A[1], B[1], dtype=float).compute()
    assert found["ours"] == found["theirs"]


def test_arrays_among_keywords_come_whole() -> None:
    x, y = np.arange(6.0), np.arange(4.0)
    got = mc.array.map_blocks(lambda block, other: block + other.sum(), lazy(x), other=lazy(y))
    same(got, x + y.sum())


def test_errors_of_map_blocks_say_what_to_do() -> None:
    def picky(block: Any) -> Any:
        return block[[3]]

    with pytest.raises(ValueError, match=r"(?s)picky.*dtype=\.\.\."):
        mc.array.map_blocks(picky, A[1])
    with pytest.raises(ValueError, match=r"shape \(1, 3\).*\(4, 3\).*chunks="):
        mc.array.map_blocks(lambda block: block[:1], A[1]).compute()
    with pytest.raises(TypeError, match="returned dtype float64"):
        mc.array.map_blocks(lambda b: b * 0.5 if b.size > 1 else b.astype(int), A[1]).compute()
    with pytest.raises(ValueError, match="number of blocks"):
        mc.array.map_blocks(lambda a, b: a, A[1], lazy(np.arange(7.0), 2))
    with pytest.raises(ValueError, match="expected 2 dims"):
        mc.array.map_blocks(lambda a: a, A[1], chunks=(1,), new_axis=[])
    with pytest.raises(ValueError, match="drop_axis out of range"):
        mc.array.map_blocks(lambda a: a, A[1], drop_axis=2)
    with pytest.raises(TypeError, match="function first"):
        mc.array.map_blocks(A[1], lambda a: a)
    with pytest.raises(ZeroDivisionError):
        mc.array.map_blocks(lambda a: 1 // 0, A[1], dtype=float).compute()


def test_declared_dtypes_are_cast_to() -> None:
    got = mc.array.map_blocks(lambda block: block * 1.5, A[1], dtype="i4")
    assert np.asarray(got).dtype == np.int32


def test_blocks_are_read_only() -> None:
    def spoil(block: Any) -> Any:
        block[:] = 0
        return block

    with pytest.raises(ValueError, match="read-only"):
        mc.array.map_blocks(spoil, A[1], dtype=float).compute()


def test_blockwise() -> None:
    def dot(lefts: Any, rights: Any) -> Any:
        return sum(a @ b for a, b in zip(lefts, rights, strict=True))

    def double(block: Any) -> Any:
        return np.repeat(block, 2, 0)

    cases: list[tuple[Any, str, list[Any], dict[str, Any]]] = [
        (lambda a, b: a @ b, "ik", ["A", "ij", "T", "jk"], {"concatenate": True}),
        (dot, "ik", ["A", "ij", "T", "jk"], {}),
        (lambda a, b: a + b, "ij", ["A", "ij", 5, None], {}),
        (lambda a, b: a + b.T, "ij", ["A", "ij", "T", "ji"], {}),
        (np.outer, "ij", ["B", "i", "B", "j"], {}),
        (double, "ij", ["A", "ij"], {"adjust_chunks": {"i": lambda n: 2 * n}}),
        (lambda a: a[:, :1], "ij", ["A", "ij"], {"adjust_chunks": {"j": 1}}),
        (lambda a: a[..., None] * np.ones(5), "ijz", ["A", "ij"], {"new_axes": {"z": 5}}),
    ]  # fmt: skip
    arrays = {"A": A, "B": B, "T": (A[0].T, A[1].T.rechunk(A[0].T.chunks))}
    for function, out, given, options in cases:
        values = [[arrays.get(str(value), (value, value)) for value in given[::2]]] * 2
        ours, theirs = (
            [
                part
                for value, ind in zip(each, given[1::2], strict=True)
                for part in (value[place], ind)
            ]
            for place, each in zip((1, 0), values, strict=True)
        )
        alike(
            mc.array.blockwise(function, out, *ours, dtype=float, **options),
            da.blockwise(function, out, *theirs, dtype=float, **options),
        )


def test_blockwise_cuts_arrays_alike_or_refuses() -> None:
    x, _, ours = pair((11, 7), (4, 3))
    other = mc.array.from_array(x, chunks=(5, 7))
    same(mc.array.blockwise(np.add, "ij", ours, "ij", other, "ij"), x + x)
    with pytest.raises(ValueError, match="number of blocks"):
        mc.array.blockwise(np.add, "ij", ours, "ij", other.rechunk(6), "ij", align_arrays=False)
    with pytest.raises(ValueError, match="do not align"):
        mc.array.blockwise(np.add, "ij", ours, "ij", other[:5], "ij")
    with pytest.raises(ValueError, match="Unknown dimension"):
        mc.array.blockwise(np.add, "ik", ours, "ij", other, "ij")
    with pytest.raises(ValueError, match="does not match array dimension"):
        mc.array.blockwise(np.sin, "i", ours, "i")


BOUNDARIES: list[Any] = ["none", "reflect", "periodic", "nearest", 7, {0: "reflect", 1: 3}]


@pytest.mark.parametrize("boundary", BOUNDARIES, ids=str)
def test_map_overlap(boundary: Any) -> None:
    def smooth(block: Any) -> Any:
        return sum(np.roll(block, step, axis) for step in (-1, 1) for axis in (0, 1))

    depths: list[Any] = [1, {0: 1}, (1, 1), 2, {0: 2, 1: 1}]
    for depth in depths:
        options: dict[str, Any] = {"depth": depth, "boundary": boundary}
        alike(*both("map_overlap", lambda b: b * 2, [A], **options), chunks=False)
        if depth == 1:
            alike(*both("map_overlap", smooth, [A], **options))
            untrimmed = both("map_overlap", smooth, [A], trim=False, **options)
            alike(*untrimmed, chunks=False)


@pytest.mark.parametrize("boundary", BOUNDARIES, ids=str)
def test_overlap_and_trim_overlap(boundary: Any) -> None:
    for depth in (1, {0: 1}):
        ours = mc.array.overlap.overlap(A[1], depth, boundary)
        theirs = da.overlap.overlap(A[0], depth, boundary)
        alike(ours, theirs)
        alike(
            mc.array.overlap.trim_overlap(ours, depth, boundary),
            da.overlap.trim_overlap(theirs, depth, boundary),
        )


def test_a_filter_by_overlap_is_the_filter_of_the_whole() -> None:
    x = np.random.default_rng(0).normal(size=(20, 17))

    def smooth(block: Any) -> Any:
        padded = np.pad(block, 2, mode="edge")
        return np.lib.stride_tricks.sliding_window_view(padded, (5, 5)).mean((2, 3))

    for size in (1, 3, 7, 30):
        got = mc.array.map_overlap(smooth, lazy(x, size), depth=2, boundary="nearest")
        same(got, smooth(x), rtol=1e-12)
        assert got.chunks == lazy(x, size).chunks


def test_overlaps_of_uneven_sides_and_several_arrays() -> None:
    options: dict[str, Any] = {"depth": {0: (1, 0), 1: (0, 2)}, "boundary": "none"}
    alike(*both("map_overlap", lambda b: b * 2, [A], **options), chunks=False)
    got = mc.array.map_overlap(np.add, A[1], B[1], depth=[{0: 1, 1: 1}, 1], boundary="reflect")
    same(got, np.asarray(A[1]) + np.asarray(B[1]))
    options = {"depth": {0: 1}, "boundary": 0, "drop_axis": 1}
    alike(*both("map_overlap", lambda b: b.sum(1), [A], **options))


def test_overlaps_that_are_refused() -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"depth": 20, "boundary": "reflect"}, "larger than your array"),
        ({"depth": -1}, "at least 0"),
        ({"depth": None}, "depth is needed"),
        ({"depth": 1, "boundary": "mirror"}, "mirror"),
        ({"depth": {5: 1}}, "axis 5"),
        ({"depth": (1, 1, 1)}, "each of 2 axes"),
    ]
    for options, message in wrong:
        with pytest.raises(ValueError, match=message):
            mc.array.map_overlap(lambda b: b, A[1], **options)


def test_apply_gufunc() -> None:
    x, _, m = pair((6, 5, 4), (3, 2, 4))
    y, _, n = pair((5, 4), (3, 4))
    gufunc = mc.array.apply_gufunc
    same(gufunc(lambda a, b: (a * b).sum(-1), "(i),(i)->()", m, n), (x * y).sum(-1))
    same(gufunc(lambda a: a.sum((-1, -2)), "(i,j)->()", m, axes=[(0, 1), ()]), x.sum((0, 1)))
    same(gufunc(lambda a: a.sum(-1), "(i)->()", m, axis=1), x.sum(1))
    got = gufunc(lambda a: a.sum(-1), "(i)->()", m, axis=1, keepdims=True)
    same(got, x.sum(1, keepdims=True))
    same(gufunc(np.matmul, "(i,j),(j,k)->(i,k)", m, n.T), x @ y.T)
    got = gufunc(lambda a: np.cumsum(a, -1), "(i)->(i)", m, axes=[(0,), (1,)])
    same(got, np.moveaxis(np.cumsum(x, 0), 0, 1))
    low, head = gufunc(
        lambda a: (a.min(-1), a[..., :2].astype("i4")), "(i)->(),(k)", m, output_sizes={"k": 2}
    )
    same(low, x.min(-1))
    same(head, x[..., :2].astype("i4"))
    got = gufunc(np.outer, "(i),(j)->(i,j)", n, [1.0, 2.0], vectorize=True)
    same(got, y[..., None] * np.array([1.0, 2.0]))
    same(gufunc(lambda: np.array(3.0), "->()"), np.array(3.0))


def test_gufuncs_as_objects() -> None:
    x, _, m = pair((6, 5), (3, 2))

    @mc.array.as_gufunc("(i)->()", output_dtypes="f4")
    def spread(a: Any) -> Any:
        """Tell how wide it is."""
        return np.ptp(a, axis=-1)

    assert spread.__doc__ == "Tell how wide it is."
    same(spread(m), np.ptp(x, -1).astype("f4"))
    same(spread(m, axis=0), np.ptp(x, 0).astype("f4"))
    clip = mc.array.vectorize(lambda a, least: max(a, least), excluded=["least"])
    same(clip(m, least=50.0), np.maximum(x, 50.0))


def test_gufuncs_that_are_refused() -> None:
    _, _, m = pair((6, 5), (3, 2))
    gufunc = mc.array.apply_gufunc
    with pytest.raises(ValueError, match="Not a valid gufunc signature"):
        gufunc(np.sum, "i->()", m)
    with pytest.raises(ValueError, match="requires 2 arguments, but 1 given"):
        gufunc(np.sum, "(i),(j)->()", m)
    with pytest.raises(ValueError, match="different lengths"):
        gufunc(np.add, "(i),(i)->(i)", m, [1.0, 2.0])
    with pytest.raises(ValueError, match="Only one of"):
        gufunc(np.sum, "(i)->()", m, axis=0, axes=[(0,), ()])
    with pytest.raises(ValueError, match="output_sizes"):
        gufunc(lambda a: a, "(i)->(k)", m)
    with pytest.raises(ValueError, match="scalar outputs"):
        gufunc(lambda a: a, "(i)->(i)", m, keepdims=True)
    with pytest.raises(TypeError, match="unexpected"):
        mc.array.gufunc(np.sum, signature="(i)->()", color="red")


def test_apply_along_and_over_axes() -> None:
    x, _, m = pair((6, 5, 4), (3, 2, 4))
    functions: list[Any] = [np.diff, np.sum, lambda a: np.outer(a[:2], a), lambda a: a[0] > 50]
    for function, axis in itertools.product(functions, (0, 1, -1)):
        same(mc.array.apply_along_axis(function, axis, m), np.apply_along_axis(function, axis, x))
    for axes in (0, [0, 2], [-1]):
        same(np.apply_over_axes(np.sum, m, axes), np.apply_over_axes(np.sum, x, axes))
    with pytest.raises(np.exceptions.AxisError):
        mc.array.apply_along_axis(np.sum, 3, m)


@pytest.mark.parametrize("axis", [None, 0, 1, (0, 1)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_reduction(axis: Any, keepdims: bool) -> None:
    x, _, m = pair((50, 40), (2, 3))
    options: dict[str, Any] = {"axis": axis, "keepdims": keepdims}

    def root(parts: Any, **how: Any) -> Any:
        return np.sqrt(np.sum(parts, **how))

    got = mc.array.reduction(m, np.sum, root, combine=np.sum, **options)
    same(got, np.sqrt(np.sum(x, **options)), rtol=1e-12)
    same(mc.array.reduction(m, np.max, np.max, split_every=2, **options), np.max(x, **options))


def test_coarsen() -> None:
    x, theirs, m = pair((50, 40), (20, 20))
    alike(
        mc.array.coarsen(np.mean, m, {0: 5, 1: 4}),
        da.coarsen(np.mean, theirs, {0: 5, 1: 4}),
        chunks=False,
    )
    want = x[:49, :39].reshape(7, 7, 13, 3).mean((1, 3))
    same(mc.array.coarsen(np.mean, m, {0: 7, 1: 3}, trim_excess=True), want)
    with pytest.raises(ValueError, match="trim_excess"):
        mc.array.coarsen(np.mean, m, {0: 7})
