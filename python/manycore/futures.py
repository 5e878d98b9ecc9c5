"""
Calls that begin at once: the names and the meaning of ``distributed.Client``, in this process.

`submit` begins a call and gives its future; a future among the arguments of another call stands for
its value, and the call begins when all of them are there.

Examples
--------
>>> squares = mc.submit_all(pow, [1, 2, 3], [2, 2, 2])
>>> total = mc.submit(sum, squares)
>>> total.result()
14
>>> mc.gather({"squares": squares, "total": total})
{'squares': [1, 4, 9], 'total': 14}
"""

from __future__ import annotations

import concurrent.futures
import os
import queue
import threading
import time
import weakref

from manycore import _core
from manycore._containers import Collect, put
from manycore._graph import Label
from manycore._tokens import name_of, token, unique
from manycore.configuration import check
from manycore.executor import Executor, check_timeout
from manycore.executor import Future as _Future

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType
    from typing import Any, Literal

    _Lane = Literal["mixed", "threads", "processes", "inline"]

__all__ = ["Future", "as_completed", "gather", "submit", "submit_all", "wait"]


class Future(_Future):
    """
    The result of a call that `submit` has begun.

    It is a ``concurrent.futures.Future``, so that whatever waits for these waits for it.

    Attributes
    ----------
    key : str
        The call's name.
    status : {"pending", "finished", "error", "cancelled"}
        What has become of it.
    """

    _key: str | None = None
    _function: Any = None

    @property
    def key(self) -> str:
        """The call's name."""
        if self._key is None:
            self._key = f"{name_of(self._function)}-{unique()}"
        return self._key

    @property
    def status(self) -> str:
        """What has become of the call."""
        if not self.done():
            return "pending"
        if self.cancelled():
            return "cancelled"
        return "finished" if self.exception() is None else "error"

    def traceback(self, timeout: float | None = None) -> TracebackType | None:
        """
        Wait for the end, and give the traceback of what the call raised.

        Parameters
        ----------
        timeout : float, optional
            Seconds.

        Returns
        -------
        traceback or None
            None if it raised nothing. A worker process's traceback is the text of the exception's
            ``__cause__``.
        """
        error = self.exception(timeout)
        return None if error is None else error.__traceback__

    def __repr__(self) -> str:
        return f"<Future: {self.status}, key: {self.key}>"


class _Futures(Collect):
    """Finds futures in containers."""

    kinds = (concurrent.futures.Future,)


# Executors by lane and number of workers. Their worker processes are those of all graphs.
_EXECUTORS: dict[tuple[str, int], Executor] = {}
# Pure calls that are remembered, by key.
_KNOWN: weakref.WeakValueDictionary[str, Future] = weakref.WeakValueDictionary()

os.register_at_fork(after_in_child=_EXECUTORS.clear)  # a fork has none of the threads


class _Common(Executor):
    """An executor that needs no end: its worker processes are not its own."""

    def _open(self) -> None:
        pass


def _executor(lane: _Lane | None) -> Executor:
    """Return the executor of a lane."""
    (configured, *_), workers, _, _ = _core.configuration()
    name: Any = lane or configured
    executor = _EXECUTORS.get((name, workers))
    if executor is None:
        executor = _EXECUTORS.setdefault((name, workers), _Common(workers, lane=name))
    if name in ("processes", "mixed"):
        executor._workers = _core.Workers.common(workers)
    return executor


def submit(
    function: Callable[..., Any],
    /,
    *args: Any,
    key: str | None = None,
    pure: bool = False,
    lane: _Lane | None = None,
    retries: int | None = None,
    timeout: float | None = None,
    **kwargs: Any,
) -> Future:
    """
    Begin a call.

    Parameters
    ----------
    function : callable
        What to call.
    *args, **kwargs
        Its arguments. Futures, also those in containers, stand for their values: the call begins
        when all of them are there, and fails if one of them failed.
    key : str, optional
        The future's name.
    pure : bool, default False
        Whether equal arguments give equal results, so that the future of an equal call that is
        alive and has not failed will do.
    lane : {"mixed", "threads", "processes", "inline"}, optional
        Where the call is made; `manycore.config`'s lane by default. ``"mixed"``: in a worker
        process if the call can be pickled, else in a thread. ``"inline"``: here, before `submit`
        returns.
    retries : int, optional
        How often a call that raised, or whose worker process died, is made again;
        `manycore.config`'s setting by default.
    timeout : float, optional
        Seconds that the call may take in a worker process, which is stopped then. The worker's
        start and what it imports don't count.

    Returns
    -------
    Future
        The result, once it is there.

    Raises
    ------
    TypeError
        If `function` is not callable, or can't be pickled and the lane is ``"processes"``.
    ValueError
        If an option can't be.

    Examples
    --------
    >>> one = mc.submit(abs, -1)
    >>> mc.submit(sum, [one, 2]).result()
    3
    """
    if not callable(function):
        raise TypeError(f"{function!r} is not callable")
    if retries is None:
        retries = _core.configuration()[0][3]
    check(None, retries)
    executor = _executor(lane)
    check_timeout(timeout, executor._lane)
    collect = _Futures()
    place = collect((args, kwargs))
    future = Future()
    future._function = function
    if key is not None:
        future._key = Label(key)
    elif pure:
        future._key = _content_key(function, place, collect.values)
        known = _KNOWN.setdefault(future._key, future)
        if known is not future and known.status in ("pending", "finished"):
            return known
        _KNOWN[future._key] = future
    how = (retries, timeout)
    if collect.values:
        _Waiting(executor, future, function, place, collect.values, how)
    else:
        executor._begin(future, function, args, kwargs, *how)
    return future


def _content_key(function: Callable[..., Any], place: Any, inputs: list[Any]) -> str:
    """Name a pure call by its content."""

    def identity(source: Any) -> tuple[type, str]:
        # Others may have a key that the user gave.
        is_known = isinstance(source, Future) and not isinstance(source.key, Label)
        return Future, source.key if is_known else unique()

    return f"{name_of(function)}-{token(function, put(place, list(map(identity, inputs))))}"


class _Waiting:
    """A call that waits for its inputs."""

    def __init__(
        self,
        executor: Executor,
        future: Future,
        function: Callable[..., Any],
        place: Any,
        inputs: list[concurrent.futures.Future[Any]],
        how: tuple[int, float | None],
    ) -> None:
        self.executor = executor
        self.future = future
        self.function = function
        self.place = place
        self.inputs = inputs
        self.how = how
        self.missing = len(inputs)
        self.lock = threading.Lock()
        future._calls = executor._pending  # so that it can be cancelled
        for source in inputs:
            source.add_done_callback(self.arrive)

    def arrive(self, _: object) -> None:
        """Take note of an input."""
        with self.lock:
            self.missing -= 1
            if self.missing:
                return
        # Not recursive: a chain of calls that fail may be longer than the stack is deep.
        queue = _LOCAL.__dict__.setdefault("queue", [])
        queue.append(self)
        if len(queue) == 1:
            while queue:
                queue[0].begin()
                del queue[0]

    def begin(self) -> None:
        """Begin the call, with its inputs' values."""
        if self.future.done():
            return  # it was cancelled
        try:
            args, kwargs = put(self.place, [source.result() for source in self.inputs])
            self.executor._begin(self.future, self.function, args, kwargs, *self.how)
        except concurrent.futures.CancelledError:
            self.future.cancel()
        except BaseException as error:  # whoever waits for the future is told
            self.future._end(None, error)


_LOCAL = threading.local()


def submit_all(
    function: Callable[..., Any],
    /,
    *iterables: Iterable[Any],
    pure: bool = False,
    lane: _Lane | None = None,
    retries: int | None = None,
    timeout: float | None = None,
    **kwargs: Any,
) -> list[Future]:
    """
    Begin a call for the items of iterables, as `map` does; distributed's ``Client.map``.

    Parameters
    ----------
    function : callable
        Takes as many arguments as there are iterables.
    *iterables : iterable
        Items, futures among them, or containers of such.
    pure, lane, retries, timeout
        As in `submit`.
    **kwargs
        The same for all calls.

    Returns
    -------
    list of Future
        The results, once they are there.

    Examples
    --------
    >>> mc.gather(mc.submit_all(pow, [2, 3], [3, 2]))
    [8, 9]
    """
    return [
        submit(function, *items, pure=pure, lane=lane, retries=retries, timeout=timeout, **kwargs)
        for items in zip(*iterables, strict=False)
    ]


def gather(futures: Any, errors: Literal["raise", "skip"] = "raise") -> Any:
    """
    Wait for futures, and put their results in their places.

    Parameters
    ----------
    futures : object
        A future, or futures in containers at any depth, beside anything else.
    errors : {"raise", "skip"}, default "raise"
        ``"skip"`` leaves out what failed or was cancelled: of lists, tuples and sets the item, of
        dictionaries the entry; elsewhere None takes its place.

    Returns
    -------
    object
        The same with results.

    Raises
    ------
    Exception
        What the first call that failed raised.
    ValueError
        If `errors` is neither.

    Examples
    --------
    >>> half = mc.submit_all(lambda n: 1 / n, [1, 0, 2])
    >>> mc.gather(half, errors="skip")
    [1.0, 0.5]
    """
    if errors not in ("raise", "skip"):
        raise ValueError(f"errors must be 'raise' or 'skip', not {errors!r}")
    collect = _Futures()
    place = collect(futures)
    if errors == "raise":
        return put(place, [future.result() for future in collect.values])
    results = [_MISSING if _has_failed(future) else future.result() for future in collect.values]
    gathered = put(place, results, _MISSING)
    return None if gathered is _MISSING else gathered


_MISSING = object()


def _has_failed(future: concurrent.futures.Future[Any]) -> bool:
    try:
        return future.exception() is not None
    except concurrent.futures.CancelledError:
        return True


def wait(
    futures: Any, timeout: float | None = None, return_when: str = "ALL_COMPLETED"
) -> concurrent.futures._base.DoneAndNotDoneFutures[Any]:
    """
    Wait for futures.

    Parameters
    ----------
    futures : object
        A future, or futures in containers at any depth.
    timeout : float, optional
        Seconds.
    return_when : {"ALL_COMPLETED", "FIRST_COMPLETED", "FIRST_EXCEPTION"}
        What to wait for.

    Returns
    -------
    named tuple
        The sets ``done`` and ``not_done``.

    Raises
    ------
    TimeoutError
        If that was not so in time.

    Examples
    --------
    >>> done, not_done = mc.wait(mc.submit_all(abs, [-1, -2]))
    >>> len(done), len(not_done)
    (2, 0)
    """
    collect = _Futures()
    collect(futures)
    start = time.monotonic()
    waited = concurrent.futures.wait(collect.values, timeout, return_when)
    is_late = timeout is not None and time.monotonic() - start >= timeout
    if waited.not_done and is_late and (return_when != "FIRST_COMPLETED" or not waited.done):
        raise TimeoutError(
            f"{len(waited.not_done)} of {len(collect.values)} calls went on after {timeout} s"
        )
    return waited


class as_completed:  # noqa: N801, distributed's name
    """
    Give futures as they end.

    Parameters
    ----------
    futures : iterable of Future
        Each is given once.
    with_results : bool, default False
        Whether to give pairs of a future and its result.
    timeout : float, optional
        Seconds from now after which waiting for one ends.

    Raises
    ------
    TimeoutError
        By the iteration, if the next one does not end in time.
    Exception
        By the iteration with results: what the call raised.

    Examples
    --------
    >>> sorted(result for _, result in mc.as_completed(mc.submit_all(abs, [-1, -2]), True))
    [1, 2]
    """

    def __init__(
        self,
        futures: Iterable[concurrent.futures.Future[Any]] = (),
        with_results: bool = False,
        timeout: float | None = None,
    ) -> None:
        self._with_results = with_results
        self._timeout = timeout
        self._deadline = None if timeout is None else time.monotonic() + timeout
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._left = 0
        self.update(dict.fromkeys(futures))

    def add(self, future: concurrent.futures.Future[Any]) -> None:
        """Have one more future given; also while an iteration goes on."""
        self._left += 1
        future.add_done_callback(self._ended.put)

    def update(self, futures: Iterable[concurrent.futures.Future[Any]]) -> None:
        """Have more futures given."""
        for future in futures:
            self.add(future)

    def count(self) -> int:
        """Count the futures that were not given yet."""
        return self._left

    def is_empty(self) -> bool:
        """Tell whether all were given."""
        return self._left == 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if not self._left:
            raise StopIteration
        left = None if self._deadline is None else max(self._deadline - time.monotonic(), 0)
        try:
            future = self._ended.get(timeout=left)
        except queue.Empty:
            raise TimeoutError(f"{self._left} calls went on after {self._timeout} s") from None
        self._left -= 1
        return (future, future.result()) if self._with_results else future
