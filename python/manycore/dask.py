"""
Dask's graphs on this engine.

Importing this module, or ``mc.dask``, also makes the name known to Dask:
``dask.config.set(scheduler="manycore")``.

>>> import dask
>>> import dask.bag
>>> with dask.config.set(scheduler=mc.dask.get):
...     dask.bag.from_sequence(range(10), npartitions=2).map(lambda x: x**2).sum().compute()
285

Tasks run as those of `manycore.compute` do, on the lane that `manycore.config` says. On the mixed
lane, the default, they run on threads of this process, as Dask's threaded scheduler has it, until
those of one kind turn out long enough to be worth the way to a worker process. What a task does to
objects of this process other than by its result is then lost, as with Dask's distributed scheduler;
``lane="threads"`` keeps all of them here.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool

from dask import base, config, threaded
from dask._expr import FinalizeCompute
from dask.callbacks import local_callbacks
from dask.core import flatten

from manycore import _core, _pickle
from manycore._dask_callbacks import is_told_of_tasks, told
from manycore._dask_graph import convert
from manycore._delayed import Delayed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, MutableMapping
    from typing import Any

__all__ = ["as_delayed", "get"]


def get(
    dsk: Any,
    keys: Any,
    cache: MutableMapping[Hashable, Any] | None = None,
    num_workers: int | None = None,
    pool: Any = None,
    callbacks: Any = None,
    rerun_exceptions_locally: bool | None = None,
    **kwargs: Any,
) -> Any:
    """
    Compute keys of a Dask graph; what Dask calls a scheduler.

    Parameters
    ----------
    dsk : mapping or dask expression
        The graph: ``{key: task}``, in whichever of Dask's forms, or what has a
        ``__dask_graph__``.
    keys : key or list
        What to compute: a key, or lists of keys within lists.
    cache : dict, optional
        Values of keys that are known already.
    num_workers : int, optional
        Tasks that run at one time, by default as `manycore.config` says.
    pool : Executor or Pool, optional
        As many tasks run at one time as this one has workers, in threads if it has threads; it is
        not used otherwise.
    callbacks : iterable of tuple, optional
        Dask's callbacks, instead of those that are active. Where one wants to be told of each task,
        Dask's own loop runs them, on its threads; progress bars and resource profilers don't.
    rerun_exceptions_locally : bool, optional
        Run the tasks in the calling thread, one after the other, so that ``pdb`` works.
    **kwargs
        What other schedulers take is ignored.

    Returns
    -------
    object
        The value of the key; a tuple for a list of keys.

    Raises
    ------
    KeyError
        If there is no such key.
    ValueError
        If a key that others depend on isn't there, or if keys depend on each other in a cycle.

    Examples
    --------
    >>> from operator import add
    >>> graph = {"x": 1, "y": 2, "z": (add, "x", "y"), "w": (sum, ["x", "y", "z"])}
    >>> mc.dask.get(graph, "w")
    6
    >>> mc.dask.get(graph, [["x", "y"], "z"])
    ((1, 2), 3)
    """
    if cache is None:
        cache = config.get("cache", None)
    if rerun_exceptions_locally is None:
        rerun_exceptions_locally = config.get("rerun_exceptions_locally", False)
    pool = pool or config.get("pool", None)
    workers = num_workers or config.get("num_workers", None)
    workers = workers or getattr(pool, "_max_workers", None) or getattr(pool, "_processes", None)
    graph = dsk if isinstance(dsk, Mapping) else dsk.__dask_graph__()
    with local_callbacks(callbacks) as active:
        if any(map(is_told_of_tasks, active)):
            kwargs |= {"callbacks": active, "rerun_exceptions_locally": rerun_exceptions_locally}
            return threaded.get(graph, keys, cache, num_workers, pool, **kwargs)
        flat = _flatten(keys)
        lane = "threads" if isinstance(pool, ThreadPoolExecutor | ThreadPool) else None
        lane = "inline" if rerun_exceptions_locally else lane
        with told(active, graph) as progress, _pickle.writable():
            nodes = convert(graph, flat, cache)
            values = _core.compute(nodes, True, lane, workers, None, None, progress)
    if cache is not None:
        cache.update(zip(flat, values, strict=True))
    return _nest(keys, iter(values))


def _flatten(keys: Any) -> list[Any]:
    """List keys that may be in lists within lists."""
    return list(flatten(keys)) if isinstance(keys, list) else [keys]


def _nest(keys: Any, values: Iterator[Any]) -> Any:
    """Arrange values as their keys are."""
    if isinstance(keys, list):
        return tuple([_nest(key, values) for key in keys])
    return next(values)


def as_delayed(*collections: Any) -> list[Delayed]:
    """
    Make lazy values of Dask's collections.

    Parameters
    ----------
    *collections : dask collection
        They are optimized together, as ``dask.compute`` does it.

    Returns
    -------
    list of Delayed
        One for each collection.

    Examples
    --------
    >>> import dask.bag
    >>> bag = dask.bag.from_sequence([1, 2, 3])
    >>> total, most = mc.dask.as_delayed(bag.sum(), bag.max())
    >>> (total + most).compute()
    9
    """
    expression = FinalizeCompute(base.collections_to_expr(collections)).optimize()
    return convert(expression.__dask_graph__(), _flatten(expression.__dask_keys__()), make=Delayed)


base.named_schedulers["manycore"] = get

# Dask's tracebacks go from the user's call to the user's function; they leave us out too.
_shorten = [*config.get("admin.traceback.shorten"), r"manycore[\\/](dask|_bound|_recipe)\.py"]
config.update_defaults({"admin": {"traceback": {"shorten": _shorten}}})
