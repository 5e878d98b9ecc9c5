"""
Lazy arrays larger than a core and larger than memory: NumPy's interface over chunks.

Names and meaning are NumPy's, those of the Python array API standard 2024.12, and, for what has to
do with chunks, Dask Array's. Operations build expressions; `Array.compute`, ``numpy.asarray`` and
what needs a number compute them, chunk by chunk, on all cores.

What looks like a change in place gives an array a new expression: ``x[0] = 1`` and ``x += 1``
change `x` and no other array, also none that was made of `x` before.

Where a shape depends on values, as that of ``x[x > 0]``, these are counted when the shape is first
asked for.

Examples
--------
>>> x = mc.array.from_array(np.arange(12.0).reshape(3, 4), chunks=2)
>>> z = (x - x.mean(axis=0)) / x.std(axis=0)
>>> z.shape
(3, 4)
>>> float((z**2).sum())
12.0
"""

from __future__ import annotations

from manycore.array import (
    _apply,
    _array,
    _assignment,
    _blockwise,
    _creation,
    _dtypes,
    _einsum,
    _files,
    _functions,
    _gufunc,
    _histograms,
    _indexing,
    _manipulation,
    _nan,
    _overlap,
    _pad,
    _products,
    _quantiles,
    _reductions,
    _scans,
    _sets,
    _signal,
    _sorting,
    _statistics,
    _ufuncs,
    _zarr,
    fft,
    linalg,
    overlap,
    random,
)
from manycore.array._apply import *
from manycore.array._array import *
from manycore.array._assignment import *
from manycore.array._blockwise import *
from manycore.array._creation import *
from manycore.array._dtypes import *
from manycore.array._einsum import *
from manycore.array._files import *
from manycore.array._functions import *
from manycore.array._gufunc import *
from manycore.array._histograms import *
from manycore.array._indexing import *
from manycore.array._manipulation import *
from manycore.array._nan import *
from manycore.array._overlap import *
from manycore.array._pad import *
from manycore.array._products import *
from manycore.array._quantiles import *
from manycore.array._reductions import *
from manycore.array._scans import *
from manycore.array._sets import *
from manycore.array._signal import *
from manycore.array._sorting import *
from manycore.array._statistics import *
from manycore.array._ufuncs import *
from manycore.array._zarr import *

__array_api_version__ = "2024.12"

__all__ = ["fft", "linalg", "overlap", "random"]
__all__ += _apply.__all__
__all__ += _array.__all__
__all__ += _assignment.__all__
__all__ += _blockwise.__all__
__all__ += _creation.__all__
__all__ += _dtypes.__all__
__all__ += _einsum.__all__
__all__ += _files.__all__
__all__ += _functions.__all__
__all__ += _gufunc.__all__
__all__ += _histograms.__all__
__all__ += _indexing.__all__
__all__ += _manipulation.__all__
__all__ += _nan.__all__
__all__ += _overlap.__all__
__all__ += _pad.__all__
__all__ += _products.__all__
__all__ += _quantiles.__all__
__all__ += _reductions.__all__
__all__ += _scans.__all__
__all__ += _sets.__all__
__all__ += _signal.__all__
__all__ += _sorting.__all__
__all__ += _statistics.__all__
__all__ += _ufuncs.__all__
__all__ += _zarr.__all__
