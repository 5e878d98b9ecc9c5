"""Einstein's sums: compiled as NumPy has them."""

from __future__ import annotations

import numpy as np
import pytest

from test_library_linalg import close
from test_library_shapes import compiled

pytest.importorskip("llvmlite")


@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128", "int32"])
@pytest.mark.parametrize(
    ("subscripts", "shapes"),
    [
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
        ("a,b,c->abc", [(2,), (3,), (4,)]),
        ("ij,jk,kl,lm->im", [(3, 4), (4, 2), (2, 3), (3, 2)]),
        ("ij,jk->ik", [(3, 0), (0, 2)]),
    ],
)
def test_einsum(subscripts: str, shapes: list[tuple[int, ...]], dtype: str) -> None:
    random = np.random.default_rng(3)
    names = ["a", "b", "c", "d"][: len(shapes)]
    given = {
        name: random.integers(-5, 6, shape).astype(dtype) / (2 if "int" not in dtype else 1)
        for name, shape in zip(names, shapes, strict=True)
    }
    arrays = {name: one.astype(dtype) for name, one in given.items()}
    fast, slow = compiled(f"np.einsum({subscripts!r}, {', '.join(names)})", ", ".join(names))
    close(fast(**arrays), slow(**arrays))


def test_einsum_that_does_not_fit() -> None:
    for f in compiled("np.einsum('ij,jk->ik', a, b)", "a, b"):
        with pytest.raises(ValueError, match=r"dimension|shape|match"):
            f(np.zeros((3, 4)), np.zeros((3, 4)))
