"""
``concurrent.futures.Executor`` over worker processes, or threads.

Change the import, keep the code. Workers are those of `manycore.Pool`: functions of all kinds
travel, lambdas and closures included. A worker that dies takes one call with it; the executor lives
on.

Examples
--------
>>> with mc.Executor(2) as executor:
...     power = executor.submit(pow, 2, 10)
...     list(executor.map(abs, [-1, 2, -3])), power.result()
([1, 2, 3], 1024)
"""

from __future__ import annotations

import atexit
import collections
import concurrent.futures
import contextlib
import itertools
import os
import threading
import time
import weakref
from concurrent.futures.process import BrokenProcessPool

from manycore import _core
from manycore._program import program
from manycore._worker import starmap_chunk
from manycore.configuration import check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, Literal

__all__ = ["Executor", "Future", "WorkerDied"]

# The standard library's words.
_PENDING, _RUNNING, _FINISHED = "PENDING", "RUNNING", "FINISHED"
_CANCELLED, _CANCELLED_AND_NOTIFIED = "CANCELLED", "CANCELLED_AND_NOTIFIED"

# Held while a future ends, or while somebody begins to watch one: microseconds.
_LOCK = threading.Lock()


class WorkerDied(_core.WorkerDied, BrokenProcessPool):
    """
    A worker process died in a call.

    It is a ``BrokenProcessPool`` for programs that expect one, but nothing else is broken: the
    executor has another worker.
    """


class _WhenAsked:
    """An attribute that is made when somebody asks for it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, future: Any, owner: type) -> Any:
        if future is None:
            return self
        with _LOCK:
            future._is_watched = True
            return future.__dict__.setdefault(self.name, self.make())


class Future(concurrent.futures.Future):  # type: ignore[type-arg]
    """
    The result of a call, once it is there.

    The standard library's, but most of what a future needs for somebody to wait for it or to be
    called back is made when somebody does: that would cost more than a short call.
    """

    _state = _PENDING
    _result = None
    _exception = None
    _condition = _WhenAsked(threading.Condition)
    _waiters = _WhenAsked(list)
    _done_callbacks = _WhenAsked(list)
    _is_watched = False
    # The call, until it has ended.
    _running: _core.Running | None = None
    # The executor's calls that have not ended; None before it has this one.
    _calls: set[Future] | None = None

    def __init__(self) -> None:
        pass  # all is said above

    def _end(self, results: list[Any] | None, error: BaseException | None) -> None:
        """Take the outcome; called once, on another thread."""
        self._running = None
        if self._calls is not None:
            self._calls.discard(self)
        if type(error) is _core.WorkerDied:
            error = WorkerDied(*error.args)
        with _LOCK:
            if not self._is_watched:
                self._result = None if results is None else results[0]
                self._exception = error
                self._state = _FINISHED
                return
        with contextlib.suppress(concurrent.futures.InvalidStateError):  # it was cancelled
            if error is not None:
                self.set_exception(error)
            elif results is not None:
                self.set_result(results[0])

    def _run(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Make the call on this thread."""
        try:
            with self._condition:
                is_wanted = self._state == _PENDING
                if is_wanted:
                    self._state = _RUNNING
            if is_wanted:
                self.set_result(function(*arguments))
        except BaseException as error:
            self.set_exception(error)
            if not isinstance(error, Exception):
                raise
        finally:
            if self._calls is not None:
                self._calls.discard(self)
            del self  # an exception's traceback holds this frame

    def cancel(self) -> bool:
        """
        Cancel the call, if no worker is at it.

        Returns
        -------
        bool
            Whether it is cancelled.
        """
        running = self._running
        with self._condition:
            if self._state != _PENDING:
                return self._state in (_CANCELLED, _CANCELLED_AND_NOTIFIED)
            self._state = _CANCELLED  # or taking it back would end it
            if running is not None and not running.withdraw():
                self._state = _PENDING
                return False
            if self._calls is not None:  # else nobody has it, and nobody will notify
                self.set_running_or_notify_cancel()
            self._condition.notify_all()
        self._invoke_callbacks()  # type: ignore[attr-defined]
        return True

    def running(self) -> bool:
        """
        Tell whether a worker is at the call.

        Returns
        -------
        bool
            Also for calls that wait for the one before in the same worker.
        """
        running = self._running
        return super().running() if running is None else running.is_under_way

    def result(self, timeout: float | None = None) -> Any:
        """
        Wait for the result.

        Parameters
        ----------
        timeout : float, optional
            Seconds.

        Returns
        -------
        object
            What the call returned.

        Raises
        ------
        TimeoutError
            If it is not there in time.
        concurrent.futures.CancelledError
            If the call was cancelled.
        Exception
            What the call raised; the traceback in the worker is its cause.
        """
        if self._state == _FINISHED and self._exception is None:
            return self._result
        return super().result(timeout)


class Executor(concurrent.futures.Executor):
    """
    Makes calls in worker processes, or in threads.

    Parameters
    ----------
    max_workers : int, optional
        How many; as many as there are usable cores by default.
    mp_context : object, optional
        Ignored: workers are fresh interpreters that start as fast as forks.
    initializer : callable, optional
        Called in each worker with `initargs` before its first call. What it raises, calls raise.
    initargs : tuple, optional
        Its arguments.
    lane : {"processes", "threads", "mixed", "inline"}, default "processes"
        Where calls are made. ``"mixed"``: in worker processes if the call can be pickled, else in a
        thread. ``"inline"``: at once, by `submit`.
    retries : int, default 0
        How often a call that raised, or whose worker died, is made again.
    timeout : float, optional
        Seconds that a call may take in a worker process, which is stopped then. The worker's start
        and what it imports don't count.

    Raises
    ------
    ValueError
        If `max_workers`, `retries`, `timeout` or `lane` can't be.
    TypeError
        If `initializer` is not callable.

    Examples
    --------
    >>> executor = mc.Executor(2)
    >>> futures = [executor.submit(pow, n, 2) for n in range(3)]
    >>> [future.result() for future in futures]
    [0, 1, 4]
    >>> executor.shutdown()
    """

    def __init__(
        self,
        max_workers: int | None = None,
        mp_context: object = None,
        initializer: Callable[..., Any] | None = None,
        initargs: Iterable[Any] = (),
        *,
        lane: Literal["processes", "threads", "mixed", "inline"] = "processes",
        retries: int = 0,
        timeout: float | None = None,
    ) -> None:
        if max_workers is None:
            max_workers = _core.configuration()[1]
        if max_workers <= 0:
            raise ValueError(f"max_workers must be greater than 0, not {max_workers}")
        if initializer is not None and not callable(initializer):
            raise TypeError(f"initializer must be a callable, not {initializer!r}")
        if lane not in ("processes", "threads", "mixed", "inline"):
            raise ValueError(
                f"lane must be 'processes', 'threads', 'mixed' or 'inline', not {lane!r}"
            )
        check(None, retries)
        check_timeout(timeout, lane)
        self._max_workers = max_workers
        self._lane = lane
        self._retries = retries
        self._timeout = timeout
        self._start_up = None if initializer is None else (initializer, tuple(initargs))
        self._local = threading.local()
        self._threads: concurrent.futures.ThreadPoolExecutor | None = None
        self._workers: _core.Workers | None = None
        # Why no more calls are taken.
        self._refusal: str | None = None
        self._pending: set[Future] = set()
        self._is_terminated = False
        self._is_free_threaded = _core.is_free_threaded()
        self._way = {
            "processes": Executor._send,
            "mixed": Executor._try_to_send,
            "threads": Executor._use_thread,
            "inline": Executor._make,
        }[lane]
        if lane in ("threads", "mixed"):
            self._threads = concurrent.futures.ThreadPoolExecutor(max_workers, "manycore")
        self._open()

    def _open(self) -> None:
        """Make what has to be closed."""
        if self._lane in ("processes", "mixed"):
            described = program(self._max_workers, *(self._start_up or ()))
            self._workers = _core.Workers(self._max_workers, described)
            # Calls under way keep the workers until they have ended.
            weakref.finalize(self, self._workers.close).atexit = False
        _EXECUTORS.add(self)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        """
        Call a function.

        Parameters
        ----------
        fn : callable
            What to call.
        *args, **kwargs
            Its arguments.

        Returns
        -------
        Future
            The result, once it is there.

        Raises
        ------
        RuntimeError
            After `shutdown`.
        TypeError, pickle.PicklingError
            If `fn` can't be pickled, and the lane is ``"processes"``.
        """
        if self._refusal is not None:
            raise RuntimeError(self._refusal)
        future = Future()
        self._begin(future, fn, args, kwargs, self._retries, self._timeout)
        return future

    def map(
        self,
        fn: Callable[..., Any],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
        buffersize: int | None = None,
    ) -> Iterator[Any]:
        """
        Call a function with the items of iterables, as `map` does.

        Parameters
        ----------
        fn : callable
            Takes as many arguments as there are iterables.
        *iterables : iterable
            Read at once, unless `buffersize` is given.
        timeout : float, optional
            Seconds from now after which waiting for a result ends.
        chunksize : int, default 1
            Items that travel together.
        buffersize : int, optional
            Calls (or chunks) under way at one time at the most; the next one begins when a result
            is asked for.

        Returns
        -------
        iterator
            The results, in order.

        Raises
        ------
        TimeoutError
            When a result is asked for and not there in time.
        Exception
            What a call raised, when its result is asked for; the calls that are left are cancelled.
        ValueError
            If `chunksize` or `buffersize` is less than 1.
        """
        if chunksize < 1:
            raise ValueError(f"chunksize must be >= 1, not {chunksize}")
        if buffersize is not None and not isinstance(buffersize, int):
            raise TypeError(f"buffersize must be an integer or None, not {buffersize!r}")
        if buffersize is not None and buffersize < 1:
            raise ValueError(f"buffersize must be None or > 0, not {buffersize}")
        deadline = None if timeout is None else time.monotonic() + timeout
        items = zip(*iterables, strict=False)
        calls: Iterator[tuple[Any, ...]] = ((fn, *arguments) for arguments in items)
        if chunksize > 1:
            chunks = iter(lambda: tuple(itertools.islice(items, chunksize)), ())
            calls = ((starmap_chunk, fn, chunk) for chunk in chunks)
        begun = itertools.starmap(self.submit, itertools.islice(calls, buffersize))
        # The results don't keep the executor.
        results = _results(collections.deque(begun), calls, weakref.ref(self), deadline)
        return results if chunksize == 1 else itertools.chain.from_iterable(results)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """
        Take no more calls.

        Parameters
        ----------
        wait : bool, default True
            Whether to return only when all calls and workers have ended. An exception that
            interrupts the wait, such as Ctrl-C, ends them.
        cancel_futures : bool, default False
            Whether to cancel the calls that no worker is at.
        """
        self._refusal = self._refusal or "cannot schedule new futures after shutdown"
        pending = list(self._pending)
        if cancel_futures:
            for future in pending:
                future.cancel()
        workers, threads = self._workers, self._threads
        try:
            if wait:
                concurrent.futures.wait(pending)
        except BaseException:
            self._is_terminated = True
            if workers is not None:
                workers.terminate()
            raise
        if workers is not None:
            workers.close()
            if wait:
                workers.join()
        if threads is not None:
            threads.shutdown(wait)

    def _begin(
        self,
        future: Future,
        fn: Callable[..., Any],
        args: Any,
        kwargs: Any,
        retries: int,
        timeout: float | None,
    ) -> None:
        """Begin a call, whose result the future will be."""
        future._calls = self._pending
        self._pending.add(future)
        try:
            self._way(self, future, fn, args, kwargs, retries, timeout)
        except BaseException:
            self._pending.discard(future)
            raise

    def _send(
        self,
        future: Future,
        fn: Callable[..., Any],
        args: Any,
        kwargs: Any,
        retries: int,
        timeout: float | None,
    ) -> None:
        """Make a call in a worker process."""
        workers: Any = self._workers
        future._running = workers.apply(fn, args, kwargs, future._end, retries, timeout)
        if future._state == _FINISHED:
            future._running = None

    def _try_to_send(
        self,
        future: Future,
        fn: Callable[..., Any],
        args: Any,
        kwargs: Any,
        retries: int,
        timeout: float | None,
    ) -> None:
        """
        Make a call in a worker process; in a thread if it can't be pickled.

        Threads serve an interpreter without a lock as well; but they can't be stopped.
        """
        if self._is_free_threaded and timeout is None:
            self._use_thread(future, fn, args, kwargs, retries)
            return
        has_ended = False

        def end(results: list[Any] | None, error: BaseException | None) -> None:
            nonlocal has_ended
            has_ended = True
            if error is None or self._is_terminated or future.done() or _has_travelled(error):
                future._end(results, error)
            else:
                future._running = None
                self._use_thread(future, fn, args, kwargs, retries)

        workers: Any = self._workers
        try:
            running = workers.apply(fn, args, kwargs, end, retries, timeout)
        except Exception:  # the function can't be pickled, and may say so in any way
            self._use_thread(future, fn, args, kwargs, retries)
            return
        future._running = running
        if has_ended:
            future._running = None

    def _use_thread(
        self,
        future: Future,
        fn: Callable[..., Any],
        args: Any,
        kwargs: Any,
        retries: int,
        timeout: float | None = None,
    ) -> None:
        """Make a call in a thread."""
        threads: Any = self._threads
        threads.submit(self._make, future, fn, args, kwargs, retries)

    def _make(
        self,
        future: Future,
        fn: Callable[..., Any],
        args: Any,
        kwargs: Any,
        retries: int,
        timeout: float | None = None,
    ) -> None:
        """Make a call here and now."""
        future._run(self._call, fn, args, kwargs, retries)

    def _call(self, fn: Callable[..., Any], args: Any, kwargs: Any, retries: int) -> Any:
        if self._start_up is not None and not hasattr(self._local, "has_started"):
            initializer, initargs = self._start_up
            initializer(*initargs)
            self._local.has_started = True
        for _ in range(retries):
            with contextlib.suppress(Exception):
                return fn(*args, **kwargs)
        return fn(*args, **kwargs)


def check_timeout(timeout: float | None, lane: str) -> None:
    """Refuse a time limit that can't be."""
    if timeout is None:
        return
    if timeout <= 0:
        raise ValueError(f"timeout must be more than 0 seconds, not {timeout}")
    if lane in ("threads", "inline"):
        raise ValueError(f"lane {lane!r} has no way to stop a call: timeout needs 'processes'")


def _has_travelled(error: BaseException) -> bool:
    """Tell whether a call came as far as a worker process."""
    if isinstance(error, _core.WorkerDied | TimeoutError):
        return True
    from multiprocessing import pool

    return isinstance(error.__cause__, pool.RemoteTraceback)  # type: ignore[attr-defined]


def _results(
    futures: collections.deque[Future],
    calls: Iterator[tuple[Any, ...]],
    executor: weakref.ref[Executor],
    deadline: float | None,
) -> Iterator[Any]:
    """Give results in order, and begin a call for each if there are more."""
    try:
        while futures:
            if (alive := executor()) is not None and (call := next(calls, None)) is not None:
                futures.append(alive.submit(*call))
            del alive
            left = None if deadline is None else deadline - time.monotonic()
            # Nothing here keeps the result, nor its future.
            yield _result_or_cancel(futures.popleft(), left)
    finally:
        for future in futures:
            future.cancel()


def _result_or_cancel(future: Future, timeout: float | None) -> Any:
    try:
        return future.result(timeout)
    finally:
        future.cancel()
        del future  # an exception's traceback holds this frame


# Executors that nobody shut down: a program does not end before its calls.
_EXECUTORS: weakref.WeakSet[Executor] = weakref.WeakSet()


def _end_executors() -> None:
    for executor in list(_EXECUTORS):
        executor.shutdown()


def _forget_executors() -> None:
    """Refuse calls in a fork, which has no workers, and where nobody would give the lock back."""
    global _LOCK
    _LOCK = threading.Lock()
    for executor in list(_EXECUTORS):
        executor._refusal = "cannot schedule new futures in a fork of the executor's process"
        executor._workers = executor._threads = None
    _EXECUTORS.clear()


atexit.register(_end_executors)
os.register_at_fork(after_in_child=_forget_executors)
