"""
Computes lazy values, several at a time.

They are calls of `delayed` functions, bags and their results, arrays, and collections of Dask's,
and may stand anywhere in lists, tuples, sets, dictionaries, named tuples and dataclasses, beside
ordinary values.

Examples
--------
>>> total = mc.delayed(sum)([1, 2, 3])
>>> words = mc.bag.from_sequence(["to be", "or not"]).str.split().flatten()
>>> mc.compute(total, {"words": words.count(), "language": "en"})
(6, {'words': 4, 'language': 'en'})
"""

from __future__ import annotations

from collections.abc import Iterator

from manycore import _core
from manycore._containers import Collect, is_array, is_dask, put
from manycore._delayed import Delayed, delayed
from manycore._progress import Tasks
from manycore.bag import Bag, Item
from manycore.configuration import check, config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Literal

    _Lane = Literal["mixed", "threads", "processes", "inline"]


__all__ = ["compute", "persist"]

# Dask's names for the lanes.
_SCHEDULERS: dict[str, _Lane] = {
    "threads": "threads",
    "threading": "threads",
    "processes": "processes",
    "multiprocessing": "processes",
    "sync": "inline",
    "synchronous": "inline",
    "single-threaded": "inline",
}


class _Collect(Collect):
    """Finds lazy values; reads iterators."""

    kinds = (Delayed, Bag, Item)

    def is_wanted(self, value: Any) -> bool:
        return super().is_wanted(value) or is_array(value) or is_dask(value)

    def __call__(self, value: Any) -> Any:
        return super().__call__(list(value) if isinstance(value, Iterator) else value)


def _lane(lane: _Lane | None, scheduler: str | None) -> _Lane | None:
    """Give the lane that is meant."""
    if scheduler is None:
        return lane
    if lane is not None:
        raise ValueError(f"give lane or scheduler, not both: {lane!r} and {scheduler!r}")
    known = _SCHEDULERS.get(scheduler)
    if known is None:
        raise ValueError(f"scheduler must be one of {sorted(_SCHEDULERS)}, not {scheduler!r}")
    return known


def compute(
    *args: Any,
    traverse: bool = True,
    lane: _Lane | None = None,
    workers: int | None = None,
    retries: int | None = None,
    timeout: float | None = None,
    progress: bool | None = None,
    scheduler: str | None = None,
) -> tuple[Any, ...]:
    """
    Compute lazy values together: what several of them need is computed once.

    Parameters
    ----------
    *args : object
        Lazy values (`Delayed`, `Bag`, `Item`, `Array`, Dask's collections), containers of such, or
        anything else, which is returned as it is. Iterators are returned as lists.
    traverse : bool, default True
        Whether to look for lazy values in containers.
    lane : {"mixed", "threads", "processes", "inline"}, optional
        Where calls run, as in `manycore.config`, whose setting is the default. ``"inline"`` runs
        them here, one after the other, so that ``pdb`` works.
    workers : int, optional
        Tasks that run at one time; `manycore.config`'s setting by default.
    retries : int, optional
        How often a call that raised, or whose worker process died, is made again; likewise.
    timeout : float, optional
        Seconds that one call may take in a worker process, which is stopped then; no limit by
        default. The worker's start and what it imports don't count. On the mixed lane, all calls
        that can travel then run in worker processes.
    progress : bool, optional
        Whether to show a progress bar; by default after a second, if on a terminal.
    scheduler : str, optional
        The lane in Dask's words: ``"threads"``, ``"processes"``, ``"sync"``, ``"synchronous"`` or
        ``"single-threaded"``.

    Returns
    -------
    tuple
        The arguments, computed.

    Raises
    ------
    Exception
        What a call raised; if that was in a worker process, with the traceback there as its cause.
    WorkerDied
        If a worker process died in a call, more often than `retries` allows.
    TimeoutError
        If a call took longer than `timeout`, likewise.
    ValueError
        If an option isn't one of the above, or a container contains itself.

    Examples
    --------
    >>> square = mc.delayed(lambda x: x * x)
    >>> mc.compute(square(3), [square(4), "five"])
    (9, [16, 'five'])
    """
    options = _Options(lane, workers, retries, timeout, progress, scheduler)
    collect = _Collect()
    places = [collect(arg) if traverse else collect.leaf(arg) for arg in args]
    results = options.run(
        collect.values,
        _core.compute,
        lambda bag: bag.compute(progress=progress),
        lambda dask: dask.compute,
        lambda arrays: _compute_arrays(arrays, progress),
    )
    return tuple(put(place, results) for place in places)


def persist(
    *args: Any,
    traverse: bool = True,
    lane: _Lane | None = None,
    workers: int | None = None,
    retries: int | None = None,
    timeout: float | None = None,
    progress: bool | None = None,
    scheduler: str | None = None,
) -> tuple[Any, ...]:
    """
    Compute lazy values together, and give lazy values again, which now have their results.

    Parameters
    ----------
    *args : object
        As in `compute`.
    traverse, lane, workers, retries, timeout, progress, scheduler
        As in `compute`.

    Returns
    -------
    tuple
        The arguments, with a `Delayed` of the same key for each `Delayed`, a `Bag` for a `Bag`, a
        `Delayed` for an `Item`, an `Array` for an `Array`, and a collection of Dask's for one.

    Raises
    ------
    Exception
        As `compute`.

    Examples
    --------
    >>> table = mc.delayed(dict)(a=1, b=2)
    >>> (table,) = mc.persist(table)
    >>> mc.compute(table["a"], table["b"])  # the table is not made again
    (1, 2)
    """
    options = _Options(lane, workers, retries, timeout, progress, scheduler)
    collect = _Collect()
    places = [collect(arg) if traverse else collect.leaf(arg) for arg in args]

    def keep(collection: Bag | Item) -> Any:
        if isinstance(collection, Bag):
            return collection.persist(progress=progress)
        return delayed(collection.compute(progress=progress), traverse=False)

    results = options.run(
        collect.values,
        _core.persist,
        keep,
        lambda dask: dask.persist,
        lambda arrays: [array.persist() for array in arrays],
    )
    for number, (lazy, result) in enumerate(zip(collect.values, results, strict=True)):
        if isinstance(lazy, Delayed):
            results[number] = lazy._with_value(result)
    return tuple(put(place, results) for place in places)


def _compute_arrays(arrays: list[Any], progress: bool | None) -> list[Any]:
    """Compute arrays in one graph."""
    from manycore import array

    return list(array.compute(*arrays, progress=progress))


class _Options:
    """How to compute, with the process's settings for what isn't said."""

    def __init__(
        self,
        lane: _Lane | None,
        workers: int | None,
        retries: int | None,
        timeout: float | None,
        progress: bool | None,
        scheduler: str | None,
    ) -> None:
        check(workers, retries)
        self.lane = _lane(lane, scheduler)
        self.workers = workers
        self.retries = retries
        self.timeout = timeout
        self.progress = progress

    def run(
        self,
        lazy: list[Any],
        core: Callable[..., list[Any]],
        collection: Callable[[Bag | Item], Any],
        host: Callable[[Any], Callable[..., Any]],
        together: Callable[[list[Any]], list[Any]],
    ) -> list[Any]:
        """Run what is lazy: nodes in one graph, Dask's collections in one, then the others."""
        results: list[Any] = [None] * len(lazy)
        nodes = [place for place, value in enumerate(lazy) if isinstance(value, Delayed)]
        if nodes:
            how = (self.lane, self.workers, self.retries, self.timeout)
            with Tasks(self.progress) as bar:
                values = core([lazy[place] for place in nodes], False, *how, bar)
            for place, value in zip(nodes, values, strict=True):
                results[place] = value
        if len(nodes) == len(lazy):
            return results
        with config(lane=self.lane, workers=self.workers, retries=self.retries):
            guests = [place for place, value in enumerate(lazy) if is_dask(value)]
            if guests:
                import dask

                from manycore.dask import get

                values = host(dask)(*[lazy[place] for place in guests], scheduler=get)
                for place, value in zip(guests, values, strict=True):
                    results[place] = value
            for place, value in enumerate(lazy):
                if isinstance(value, Bag | Item):
                    results[place] = collection(value)
            arrays = [place for place, value in enumerate(lazy) if is_array(value)]
            if arrays:
                for place, value in zip(arrays, together([lazy[at] for at in arrays]), strict=True):
                    results[place] = value
        return results
