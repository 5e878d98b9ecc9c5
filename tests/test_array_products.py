"""Products of lazy arrays: NumPy's results, dtypes and errors, in tiles of any size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import manycore as mc
from manycore import _core
from manycore.array import _products, _tiles
from manycore.array._array import _wrap

ma: Any = mc.array
DTYPES = ["?", "i2", "u4", "i8", "f2", "f4", "f8", "F", "D"]


@pytest.fixture(params=["whole", "tiles"])
def tiles(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Products in one task, and in many."""
    if request.param == "tiles":
        monkeypatch.setattr(_tiles, "_LEAST_BYTES", 1 << 9)
        monkeypatch.setattr(_tiles, "_MOST_BYTES", 1 << 9)
        monkeypatch.setattr(_products, "_LEAST_WORK", 8)
        monkeypatch.setattr(_products, "_SMALL_BYTES", 0)
    _products._tile_shape.cache_clear()
    yield
    _products._tile_shape.cache_clear()


def numbers(shape: tuple[int, ...], dtype: str, seed: int = 0) -> np.ndarray[Any, Any]:
    """Make numbers whose products are exact in every type."""
    random = np.random.default_rng([seed, *shape])
    values = random.integers(0, 2 if dtype == "?" else 4, shape)
    if dtype in "FD":
        return (values + 1j * random.integers(0, 4, shape)).astype(dtype)
    return values.astype(dtype)


def alike(ours: Any, theirs: Any, *arguments: Any, **options: Any) -> None:
    """Compare results, or errors."""
    try:
        wanted = np.asarray(theirs(*arguments, **options))
    except (ValueError, TypeError, IndexError) as error:
        with pytest.raises(type(error), match=f"^{re.escape(str(error))}$"):
            ours(*arguments, **options)
        return
    lazy = ours(*arguments, **options)
    found = np.asarray(lazy)
    assert (lazy.shape, lazy.dtype) == (found.shape, found.dtype) == (wanted.shape, wanted.dtype)
    np.testing.assert_array_equal(found, wanted)


@pytest.mark.usefixtures("tiles")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("left", "right"),
    [
        *(((4,), (4,)), ((4,), (4, 3)), ((3, 4), (4,)), ((17, 23), (23, 31))),
        *(((2, 3, 4), (4, 5)), ((3, 4), (2, 4, 5)), ((2, 3, 4), (4,)), ((4,), (2, 4, 5))),
        *(((5, 1, 3, 4), (2, 4, 3)), ((1, 3, 4), (6, 4, 2)), ((6, 3, 4), (6, 4, 2))),
        *(((0, 4), (4, 3)), ((3, 0), (0, 4)), ((0,), (0,)), ((2, 0, 3), (3, 2)), ((1, 1), (1, 1))),
        *(((3, 4), (3, 4)), ((), (3,)), ((3,), ()), ((2, 3, 4), (3, 4, 5)), ((3,), (4, 2))),
    ],
)
def test_matmul_is_numpys(left: Any, right: Any, dtype: str) -> None:
    alike(ma.matmul, np.matmul, numbers(left, dtype), numbers(right, dtype, 1))


@pytest.mark.parametrize("left", DTYPES)
@pytest.mark.parametrize("right", DTYPES)
@pytest.mark.parametrize("name", ["matmul", "dot", "vecdot", "outer", "inner", "vdot", "kron"])
def test_types_are_promoted_as_numpys(name: str, left: str, right: str) -> None:
    alike(getattr(ma, name), getattr(np, name), numbers((3,), left), numbers((3,), right, 1))


@pytest.mark.usefixtures("tiles")
@pytest.mark.parametrize("dtype", ["i8", "f8", "D"])
@pytest.mark.parametrize(
    ("left", "right"),
    [
        *(((3,), (3,)), ((2, 3), (3,)), ((2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((), (2, 3))),
        *(
            ((2, 3), ()),
            ((), ()),
            ((2, 3), (2, 3)),
            ((7, 2, 3), (3,)),
            ((3,), (2, 3)),
            ((0,), (0,)),
        ),
    ],
)
def test_dot_inner_vdot_vecdot_and_outer_are_numpys(left: Any, right: Any, dtype: str) -> None:
    pair = numbers(left, dtype), numbers(right, dtype, 1)
    for name in ("dot", "inner", "outer"):
        alike(getattr(ma, name), getattr(np, name), *pair)
    if len(left) and len(right):
        for name in ("vecdot", "matvec", "vecmat"):
            alike(getattr(ma, name), getattr(np, name), *pair)
    if pair[0].size == pair[1].size:
        alike(ma.vdot, np.vdot, *pair)


def test_vecdot_takes_an_axis() -> None:
    left, right = numbers((3, 4, 2), "D"), numbers((3, 1, 2), "D", 1)
    alike(ma.vecdot, np.linalg.vecdot, left, right, axis=0)


def test_vdot_of_different_sizes_is_refused() -> None:
    with pytest.raises(ValueError, match="size 4"):
        ma.vdot(np.ones(3), np.ones((2, 2)))


@pytest.mark.parametrize(
    "pair", [((2, 3), (3, 2)), ((4,), (2, 3)), ((2, 1, 2), (2, 3)), ((), (2,))]
)
@pytest.mark.parametrize("dtype", ["i2", "f8", "D"])
def test_kron_is_numpys(pair: Any, dtype: str) -> None:
    alike(ma.kron, np.kron, numbers(pair[0], dtype), numbers(pair[1], dtype, 1))


@pytest.mark.parametrize(
    ("left", "right", "options"),
    [
        *(
            ((3,), (3,), {}),
            ((4, 3), (3,), {}),
            ((4, 1, 3), (5, 3), {}),
            ((3, 4), (3, 4), {"axis": 0}),
        ),
        ((3, 4), (4, 3), {"axisa": 0}),
        ((3, 4), (4, 3), {"axisa": 0, "axisc": 0}),
        ((4, 3), (4, 3), {"axisc": 2}),
    ],
)
def test_cross_is_numpys(left: Any, right: Any, options: dict[str, int]) -> None:
    alike(ma.cross, np.cross, numbers(left, "i8"), numbers(right, "f4", 1), **options)


def test_cross_of_other_than_three_dimensions_is_refused() -> None:
    with pytest.raises(ValueError, match="incompatible dimensions for cross product"):
        ma.cross(np.ones(2), np.ones(2))


@pytest.mark.usefixtures("tiles")
@pytest.mark.parametrize(
    ("left", "right", "axes"),
    [
        *(((3, 4, 5), (4, 5, 2), 2), ((3, 4), (4, 3), 1), ((3, 4), (2,), 0), ((3, 4), (3, 4), 2)),
        *(((3, 4, 5), (5, 3, 2), ([0, 2], [1, 0])), ((3, 4), (4, 3), (0, 1)), ((2, 2), (2, 2), 3)),
        *(((3, 4), (4, 3), ([-1], [-2])), ((3, 4), (3, 3), 1), ((3, 4), (4, 3), ([5], [0]))),
        *(((0, 4), (4, 0), 1), ((3, 0), (0, 3), 1)),
    ],
)
def test_tensordot_is_numpys(left: Any, right: Any, axes: Any) -> None:
    alike(ma.tensordot, np.tensordot, numbers(left, "f8"), numbers(right, "f8", 1), axes=axes)


def test_a_matrix_and_its_transpose_are_read_once() -> None:
    x = numbers((3000, 7), "f8")
    read = []

    def watched(block: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        read.append(block.size)
        return block

    lazy = _wrap(_core.Array.call(watched, [ma.asarray(x)._core], x.dtype, "watched"))
    by_axes, by_name = ma.tensordot(lazy, lazy, (0, 0)), ma.einsum("ki,kj->ij", lazy, lazy)
    for found in (lazy.T @ lazy, by_axes, by_name):
        read.clear()
        np.testing.assert_array_equal(found.compute(), x.T @ x)
        assert sum(read) <= x.size
    few = ma.asarray(x[:99])
    for found in (few @ few.T, ma.tensordot(few, few, (1, 1))):
        np.testing.assert_array_equal(found.compute(), x[:99] @ x[:99].T)


def test_a_transpose_that_was_changed_is_none_any_more() -> None:
    x = numbers((5, 3), "f8")
    lazy = ma.asarray(x)
    turned = lazy.T
    turned += 1
    np.testing.assert_array_equal((turned @ lazy).compute(), (x.T + 1) @ x)
    turned = lazy.T
    lazy += 1
    np.testing.assert_array_equal((turned @ lazy).compute(), x.T @ (x + 1))


def test_a_product_that_does_not_fit_into_a_task_is_split() -> None:
    with mc.config(memory="16 MiB", workers=2):
        a, b = numbers((300, 40_000), "f8"), numbers((40_000, 200), "f8", 1)
        found = ma.matmul(a, b)
        np.testing.assert_array_equal(found.compute(), a @ b)


_GRAMS = ("ik,jk->ij", "ki,kj->ij")


@pytest.mark.parametrize("dtype", ["?", "i8", "f2", "f4", "f8", "D"])
@pytest.mark.parametrize(
    "subscripts", ["ik,kj->ij", "ik,kj->ji", "lik,lkj->lij", "ik,jk->ij", "ki,kj->ij"]
)
def test_a_sum_that_is_long_is_added_to_part_by_part(subscripts: str, dtype: str) -> None:
    shapes = {"k": 3001, "i": 190, "j": 190 if subscripts in _GRAMS else 170, "l": 1}
    left, right = (
        numbers(tuple(shapes[label] for label in labels), dtype)
        for labels in subscripts.split("->")[0].split(",")
    )
    if dtype == "f2":
        left, right = left % 2, right % 2  # sums up to 2,048 are exact

    def call(xp: Any, one: Any, other: Any) -> Any:
        return xp.einsum(subscripts, one, one if subscripts in _GRAMS else other)

    with mc.config(memory="1 MiB", workers=2):
        found = call(ma, ma.asarray(left), ma.asarray(right))
        stages = {stage["kind"] for stage in ma.explain(found).stages}
        assert dtype == "f2" or "sum" in stages
        np.testing.assert_array_equal(found.compute(), call(np, left, right))


def test_a_sum_is_the_same_each_time() -> None:
    x = np.random.default_rng(0).normal(size=(20_000, 100))
    lazy = ma.asarray(x)
    with mc.config(memory="1 MiB", workers=2):
        first = (lazy.T @ lazy).compute()
        np.testing.assert_allclose(first, x.T @ x, atol=1e-9)
        for _ in range(5):
            np.testing.assert_array_equal((lazy.T @ lazy).compute(), first)


def test_an_error_while_a_sum_is_added_to_is_the_users() -> None:
    def fails(block: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        if block[0, 0] > 15_000:
            raise RuntimeError("the disk is full")
        return block

    x = np.arange(20_000.0)[:, None] * np.ones(100)
    lazy = _wrap(_core.Array.call(fails, [ma.asarray(x)._core], x.dtype, "fails"))
    with (
        mc.config(memory="1 MiB", workers=2),
        pytest.raises(RuntimeError, match=r"^the disk is full\nin partition \d+ of product$"),
    ):
        (lazy.T @ lazy).compute()


@pytest.mark.parametrize("axis", [0, 1])
def test_a_square_too_large_to_be_kept_is_put_together(axis: int) -> None:
    x = numbers((400, 2000) if axis == 0 else (2000, 400), "f8")
    lazy = ma.asarray(x)
    with mc.config(memory="1 MiB", workers=2):
        found = lazy @ lazy.T if axis == 0 else lazy.T @ lazy
        wanted = x @ x.T if axis == 0 else x.T @ x
        np.testing.assert_array_equal(found.compute(), wanted)


def test_an_out_array_gets_the_product() -> None:
    x = numbers((3, 3), "f8")
    out = np.empty((3, 3))
    assert ma.matmul(x, x, out=out) is out
    np.testing.assert_array_equal(out, x @ x)
    lazy = ma.asarray(np.zeros((3, 3)))
    assert ma.dot(x, x, out=lazy) is lazy
    np.testing.assert_array_equal(lazy.compute(), x @ x)


# ---------------------------------------------------------------- einsum

SUBSCRIPTS: list[Any] = [
    *(("ij->ji", [(3, 4)]), ("ij->i", [(3, 4)]), ("ij->", [(3, 4)]), ("ii->i", [(3, 3)])),
    *(("ii", [(3, 3)]), ("ba", [(3, 4)]), ("iij->ij", [(3, 3, 2)]), ("i...->...", [(2, 3)])),
    *(("i,i->", [(4,), (4,)]), ("i,j->ij", [(3,), (4,)]), ("i,j->ji", [(3,), (4,)])),
    *(("ij,jk->ik", [(3, 4), (4, 2)]), ("ij,jk", [(3, 4), (4, 2)])),
    *(("ki,kj->ij", [(3, 4), (3, 2)]), ("ij,j->i", [(3, 4), (4,)])),
    *(("ij,ij->i", [(3, 4), (3, 4)]), ("ij, ij -> ", [(3, 4), (3, 4)])),
    *(("bij,bjk->bik", [(2, 3, 4), (2, 4, 3)]), ("ijk,jil->kl", [(2, 3, 4), (3, 2, 5)])),
    *(("ijkl,kl->ij", [(2, 3, 4, 2), (4, 2)]), ("ijk,k->ij", [(2, 3, 4), (4,)])),
    ("bhqd,bhkd->bhqk", [(2, 2, 3, 4), (2, 2, 5, 4)]),
    *(("...ij,jk->...ik", [(2, 3, 4), (4, 2)]), ("...i,...i->...", [(2, 3), (2, 3)])),
    *(("ij,jk,kl->il", [(3, 4), (4, 2), (2, 3)]), ("i,ij,j->", [(3,), (3, 4), (4,)])),
    *(("a,b,c->abc", [(2,), (3,), (4,)]), ("ij,ik,il->jkl", [(5, 2), (5, 3), (5, 4)])),
    ("ij,jk,kl,lm->im", [(3, 4), (4, 2), (2, 3), (3, 2)]),
    *(
        ("ij,jk->ik", [(3, 0), (0, 2)]),
        ("ij,ij->ij", [(1, 3), (2, 1)]),
        ("...,...", [(1, 3), (2, 1)]),
    ),
    *(("i...j,j...i", [(2, 3, 4), (4, 2)]), ("ijj,jk->k", [(2, 3, 3), (3, 2)])),
    *(("iii->i", [(3, 3, 3)]), ("", [()]), (",", [(), ()]), ("i->", [(0,)])),
    ("ij,j,k->ik", [(2, 3), (3,), (4,)]),
    # What NumPy refuses.
    *(("ii->i", [(1, 3)]), ("ij,jk", [(2, 3), (2, 4)]), ("ij->ijj", [(2, 3)]), ("ij->k", [(2, 3)])),
    *(("i?", [(2, 3)]), ("i", [(2, 3)]), ("ij,jk", [(2, 3)]), ("...i->i", [(2, 3)])),
    *(("ij->...", [(2, 3)]), ("i.j", [(2, 3)]), ("ijk", [(2, 3)])),
]


@pytest.mark.usefixtures("tiles")
@pytest.mark.parametrize("dtype", ["?", "i2", "f4", "D"])
@pytest.mark.parametrize(("subscripts", "shapes"), SUBSCRIPTS)
def test_einsum_is_numpys(subscripts: str, shapes: list[tuple[int, ...]], dtype: str) -> None:
    operands = [numbers(shape, dtype, seed) for seed, shape in enumerate(shapes)]
    alike(ma.einsum, np.einsum, subscripts, *operands)


def test_einsum_takes_lists_of_integers() -> None:
    x, y = numbers((3, 4), "f8"), numbers((4, 5), "f8", 1)
    alike(ma.einsum, np.einsum, x, [0, 1], y, [1, 2], [2, 0])
    alike(ma.einsum, np.einsum, x, [1, 0], y, [0, 2])
    alike(ma.einsum, np.einsum, x, [0, ...], y[:, 0], [...])
    alike(ma.einsum, np.einsum, x, [0, 99])


def test_einsum_computes_in_the_type_that_is_asked_for() -> None:
    x = numbers((3, 4), "i2")
    alike(ma.einsum, np.einsum, "ij,ij->i", x, x, dtype="f8")
    with pytest.raises(TypeError, match="safe"):
        ma.einsum("ij->i", x.astype("f8"), dtype="i2")
    with pytest.raises(TypeError, match="invalid data type for einsum"):
        ma.einsum("ij->i", x.astype("m8[s]"))


@pytest.mark.parametrize("optimize", [False, True, "optimal", ["einsum_path", (1, 2), (0, 1)]])
def test_einsum_multiplies_in_any_order(optimize: Any) -> None:
    operands = [numbers(shape, "i8") for shape in ((3, 4), (4, 5), (5, 2))]
    alike(ma.einsum, np.einsum, "ij,jk,kl->li", *operands, optimize=optimize)


def test_einsum_path_asks_for_no_elements() -> None:
    x = ma.asarray(np.broadcast_to(1.0, (10**6, 10**6)))
    assert ma.einsum_path("ij,jk,kl->il", x, x, x)[0] == ["einsum_path", (0, 1), (0, 1)]


@given(st.data())
def test_einsum_of_any_subscripts(data: st.DataObject) -> None:
    lengths = {letter: data.draw(st.integers(0, 4)) for letter in "abcd"}
    terms = data.draw(st.lists(st.text("abcd", max_size=3), min_size=1, max_size=3))
    used = sorted(set("".join(terms)))
    made = "".join(data.draw(st.permutations(used)))[: data.draw(st.integers(0, 4))]
    operands = [
        numbers(tuple(lengths[letter] for letter in term), "i8", seed)
        for seed, term in enumerate(terms)
    ]
    alike(ma.einsum, np.einsum, ",".join(terms) + "->" + made, *operands)
