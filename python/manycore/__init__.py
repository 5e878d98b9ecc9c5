"""
manycore takes a data scientist's Python to the speed of the machine.

Count the words of a folder of documents on every core:

>>> import manycore as mc
>>> folder = getfixture("documents")
>>> words = mc.bag.read_text(folder).str.split().flatten()
>>> words.count().compute()
9
>>> words.frequencies(sort=True).take(2)
(('be', 2), ('to', 2))
"""

from os import environ as _environ

from manycore import _plugs, bag
from manycore._core import WorkerDied
from manycore.bag import Bag, Item
from manycore.configuration import config, get_num_threads, set_num_threads

# A script that starts in 20 ms should not start in 80. What a first import doesn't need comes with
# its first use, and `typing` not at all: type checkers take this name for True.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from manycore import array, dask, scaling, types
    from manycore._advise import Advices, advise
    from manycore._delayed import Delayed, delayed
    from manycore._jit import Compiled, CompileError, jit, njit, prange
    from manycore._load import Load, load
    from manycore._machine import Cache, Machine, machine
    from manycore._profile import Profile, profile
    from manycore._trace import Trace, trace
    from manycore._ufuncs import GUVectorized, Vectorized, guvectorize, vectorize
    from manycore.array import (
        fft,
        linalg,
        open_npy,
        open_npz,
        open_zarr,
        random,
        savez,
        savez_compressed,
    )
    from manycore.array._einsum import einsum
    from manycore.computing import compute, persist
    from manycore.executor import Executor
    from manycore.futures import Future, as_completed, gather, submit, submit_all, wait
    from manycore.pool import Pool
    from manycore.programs import Completed, run_all
    from manycore.scaling import amdahl, gustafson, usl
    from manycore.types import (
        boolean,
        complex64,
        complex128,
        float32,
        float64,
        int8,
        int16,
        int32,
        int64,
        intp,
        uint8,
        uint16,
        uint32,
        uint64,
        void,
    )
    from manycore.visualization import Picture, visualize

__all__ = [
    "Advices",
    "Bag",
    "Cache",
    "CompileError",
    "Compiled",
    "Completed",
    "Delayed",
    "Executor",
    "Future",
    "GUVectorized",
    "Item",
    "Load",
    "Machine",
    "Picture",
    "Pool",
    "Profile",
    "Trace",
    "Vectorized",
    "WorkerDied",
    "advise",
    "amdahl",
    "array",
    "as_completed",
    "bag",
    "boolean",
    "complex64",
    "complex128",
    "compute",
    "config",
    "dask",
    "delayed",
    "einsum",
    "fft",
    "float32",
    "float64",
    "gather",
    "get_num_threads",
    "gustafson",
    "guvectorize",
    "int8",
    "int16",
    "int32",
    "int64",
    "intp",
    "jit",
    "linalg",
    "load",
    "machine",
    "njit",
    "open_npy",
    "open_npz",
    "open_zarr",
    "persist",
    "prange",
    "profile",
    "random",
    "run_all",
    "savez",
    "savez_compressed",
    "scaling",
    "set_num_threads",
    "submit",
    "submit_all",
    "trace",
    "types",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "usl",
    "vectorize",
    "visualize",
    "void",
    "wait",
]

# What comes with its first use, and the module that it comes from.
_HOMES = {
    "linalg": "array",
    "fft": "array",
    "einsum": "array",
    "Advices": "_advise",
    "Cache": "_machine",
    "CompileError": "_jit",
    "Compiled": "_jit",
    "Completed": "programs",
    "Delayed": "_delayed",
    "Executor": "executor",
    "Future": "futures",
    "GUVectorized": "_ufuncs",
    "Load": "_load",
    "Machine": "_machine",
    "Picture": "visualization",
    "Pool": "pool",
    "Profile": "_profile",
    "Trace": "_trace",
    "Vectorized": "_ufuncs",
    "advise": "_advise",
    "amdahl": "scaling",
    "array": "array",
    "as_completed": "futures",
    "boolean": "types",
    "complex128": "types",
    "complex64": "types",
    "compute": "computing",
    "dask": "dask",
    "delayed": "_delayed",
    "float32": "types",
    "float64": "types",
    "gather": "futures",
    "gustafson": "scaling",
    "guvectorize": "_ufuncs",
    "int16": "types",
    "int32": "types",
    "int64": "types",
    "int8": "types",
    "intp": "types",
    "jit": "_jit",
    "load": "_load",
    "machine": "_machine",
    "njit": "_jit",
    "open_npy": "array",
    "open_npz": "array",
    "open_zarr": "array",
    "persist": "computing",
    "prange": "_jit",
    "profile": "_profile",
    "random": "array",
    "run_all": "programs",
    "savez": "array",
    "savez_compressed": "array",
    "scaling": "scaling",
    "submit": "futures",
    "submit_all": "futures",
    "trace": "_trace",
    "types": "types",
    "uint16": "types",
    "uint32": "types",
    "uint64": "types",
    "uint8": "types",
    "usl": "scaling",
    "vectorize": "_ufuncs",
    "visualize": "visualization",
    "void": "types",
    "wait": "futures",
    # As signatures write them.
    **dict.fromkeys(
        ["b1", "c8", "c16", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"], "types"
    ),
}

_plugs.plug_in()


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'manycore' has no attribute {name!r}")
    from importlib import import_module

    module = import_module(f"manycore.{_HOMES[name]}")
    value: object = module if name == _HOMES[name] else getattr(module, name)
    globals()[name] = value
    return value


def load_ipython_extension(ipython: object) -> None:
    """Give IPython the cell magic ``%%mc_profile``: what ``%load_ext manycore`` calls."""
    from manycore import _profile

    _profile.add_magic(ipython)


# The child of a process that is being profiled takes part.
if "MANYCORE_PROFILE" in _environ:
    from manycore import _sampling

    _sampling.join_as_child()
