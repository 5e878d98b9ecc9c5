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

from dask import config
from dask.base import collections_to_expr, named_schedulers
from dask.callbacks import Callback
from dask.core import flatten

from manycore import _core
from manycore._dask_graph import convert

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, MutableMapping, Sequence
    from typing import Any


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
        As many workers as this one has; it is not used otherwise.
    callbacks : optional
        Dask's callbacks, instead of those that are registered.
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
    found = dsk if isinstance(dsk, Mapping) else dsk.__dask_graph__()
    flat = list(flatten(keys)) if isinstance(keys, list) else [keys]
    cache = config.get("cache", None) if cache is None else cache
    nodes = convert(found, flat, cache)
    values = iter(_core.compute(nodes, True, None, num_workers, None, None, None))
    return _nest(keys, values)


def _nest(keys, values):
    if isinstance(keys, list):
        return tuple([_nest(key, values) for key in keys])
    return next(values)
