"""
``multiprocessing.Pool``'s interface over the processes lane.

Change the import, keep the code. Workers are forks of an interpreter that does nothing else (never
of this process, which may have threads); functions travel once to each, also lambdas, closures and
those of ``__main__`` or a notebook; large arrays travel through shared memory and arrive read-only.

Examples
--------
>>> with mc.Pool(2) as pool:
...     pool.map(abs, [-1, 2, -3])
[1, 2, 3]
"""

from __future__ import annotations

import atexit
import builtins
import itertools
import multiprocessing
import os
import threading
import types
import warnings
import weakref

from manycore import _core
from manycore._program import program
from manycore._progress import Count
from manycore._stream import Stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import TracebackType
    from typing import Any

__all__ = ["AsyncResult", "Pool", "TimeoutError"]


# Seconds between two looks at the progress bar.
_LOOK = 0.05

# Pools that nobody closed; ended before the interpreter is torn down, whose threads they use.
_POOLS: weakref.WeakSet[Pool] = weakref.WeakSet()


def _end_pools() -> None:
    for pool in list(_POOLS):
        if pool._process != os.getpid():
            continue  # a fork has no right to end its parent's workers
        pool.terminate()
        pool.join()


atexit.register(_end_pools)


class TimeoutError(multiprocessing.TimeoutError, builtins.TimeoutError):
    """A result was not there in time."""


class AsyncResult:
    """A result that may not be there yet."""

    def __init__(
        self,
        pool: Pool,
        finish: Callable[[list[Any]], Any],
        callback: Callable[[Any], Any] | None = None,
        error_callback: Callable[[BaseException], Any] | None = None,
    ) -> None:
        self._pool = pool
        self._finish = finish
        self._callback = callback
        self._error_callback = error_callback
        self._event = threading.Event()
        self._value: Any = None
        self._error: BaseException | None = None
        self._running: _core.Running | None = None

    def _end(self, results: list[Any] | None, error: BaseException | None) -> None:
        """Take the outcome; called once, on another thread."""
        if error is None and results is not None:
            self._value = self._finish(results)
            called = self._callback
        else:
            self._error = error
            called = self._error_callback
        try:
            if called is not None:
                called(self._value if error is None else error)
        finally:
            self._pool._forget(self)
            self._event.set()
            # It holds the arguments.
            self._running = None

    def ready(self) -> bool:
        """Whether it is there."""
        return self._event.is_set()

    def successful(self) -> bool:
        """
        Whether it is there and no exception.

        Raises
        ------
        ValueError
            If it is not there yet.
        """
        if not self.ready():
            raise ValueError(f"{self!r} not ready")
        return self._error is None

    def wait(self, timeout: float | None = None) -> None:
        """Wait until it is there, or for some seconds."""
        self._event.wait(timeout)

    def get(self, timeout: float | None = None) -> Any:
        """
        Wait for the result.

        Parameters
        ----------
        timeout : float, optional
            Seconds.

        Raises
        ------
        TimeoutError
            If it is not there in time.
        Exception
            What the call raised, with the worker's traceback as its cause.
        """
        if not self._event.wait(timeout):
            raise TimeoutError(f"no result after {timeout} s")
        if self._error is not None:
            raise self._error
        return self._value

    def __class_getitem__(cls, item: Any) -> types.GenericAlias:
        """Name the type of a result's value, as in ``AsyncResult[int]``."""
        return types.GenericAlias(cls, item)


def _chunks(items: Iterable[Any], size: int) -> Iterator[tuple[Any, ...]]:
    """Cut an iterable into tuples."""
    iterator = iter(items)
    while chunk := tuple(itertools.islice(iterator, size)):
        yield chunk


class Pool:
    """
    A pool of worker processes.

    Parameters
    ----------
    processes : int, optional
        How many; as many as there are usable cores by default.
    initializer : callable, optional
        Called once in each worker, with `initargs`.
    initargs : iterable, optional
        Its arguments.
    maxtasksperchild : int, optional
        How many tasks a worker does before a fresh one takes its place; any number by default. A
        chunk of a map is one task.
    context : object, optional
        Ignored: workers are forks of a fresh interpreter, whatever this process is.
    environment : mapping, optional
        Environment variables of the workers, on top of this process's. Where neither says how many
        threads BLAS and OpenMP may use, each worker has its share of the cores.
    progress : bool, optional
        Whether `map`, `starmap`, `imap` and `imap_unordered` show a progress bar. By default the
        first two do after a second, if on a terminal; the others don't, as the loop over their
        results may print or have a bar of its own.

    Raises
    ------
    ValueError
        If `processes` or `maxtasksperchild` is less than 1.
    TypeError
        If `initializer` is not callable.
    """

    def __init__(
        self,
        processes: int | None = None,
        initializer: Callable[..., Any] | None = None,
        initargs: Iterable[Any] = (),
        maxtasksperchild: int | None = None,
        context: object = None,
        *,
        environment: Mapping[str, str] | None = None,
        progress: bool | None = None,
    ) -> None:
        if processes is None:
            processes = _core.configuration()[1]
        if processes < 1:
            raise ValueError("Number of processes must be at least 1")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        is_count = isinstance(maxtasksperchild, int) and maxtasksperchild > 0
        if maxtasksperchild is not None and not is_count:
            message = "maxtasksperchild must be a positive int or None"
            raise ValueError(f"{message}, not {maxtasksperchild!r}")
        self._processes = processes
        self._state = "RUN"
        self._lock = threading.Lock()
        self._pending: set[AsyncResult] = set()
        # Calls of `imap` whose arguments still come.
        self._feeding = 0
        self._progress = progress
        described = program(processes, initializer, initargs, environment)
        self._workers = _core.Workers(processes, described, maxtasksperchild)
        self._process = os.getpid()
        _POOLS.add(self)

    def _submit(
        self, result: AsyncResult, submit: Callable[..., _core.Running], *arguments: Any
    ) -> AsyncResult:
        """Send calls on their way."""
        self._check_running()
        with self._lock:
            self._pending.add(result)
        try:
            running = submit(*arguments)
            result._running = None if result.ready() else running
        except BaseException:
            self._forget(result)
            raise
        return result

    def _forget(self, result: AsyncResult) -> None:
        """Note that a result is there."""
        with self._lock:
            self._pending.discard(result)

    def _check_running(self) -> None:
        if self._state != "RUN":
            raise ValueError("Pool not running")

    def _get(self, result: AsyncResult, draw: Callable[[int], None] | None = None) -> Any:
        """Wait for a result, and draw how many calls are done; interrupted, nothing goes on."""
        try:
            while draw is not None and not result._event.wait(_LOOK):
                running = result._running
                if running is not None:
                    draw(running.done)
            return result.get()
        except BaseException:
            if not result.ready() and result._running is not None:
                self._workers.cancel(result._running)
            raise

    def _chunk_size(self, count: int, chunksize: int | None) -> int:
        if chunksize is None:
            return max(-(-count // (self._processes * 8)), 1)
        if chunksize < 1:
            raise ValueError(f"Chunksize must be 1+, not {chunksize:n}")
        return chunksize

    def apply(
        self,
        func: Callable[..., Any],
        args: Iterable[Any] = (),
        kwds: Mapping[str, Any] | None = None,
    ) -> Any:
        """Call a function in a worker, and wait for its result."""
        return self._get(self.apply_async(func, args, kwds))

    def apply_async(
        self,
        func: Callable[..., Any],
        args: Iterable[Any] = (),
        kwds: Mapping[str, Any] | None = None,
        callback: Callable[[Any], Any] | None = None,
        error_callback: Callable[[BaseException], Any] | None = None,
    ) -> AsyncResult:
        """Call a function in a worker."""
        result = AsyncResult(self, lambda results: results[0], callback, error_callback)
        keywords = dict(kwds) if kwds else None
        submit = self._workers.apply
        return self._submit(result, submit, func, tuple(args), keywords, result._end, 0, None)

    def map(
        self, func: Callable[[Any], Any], iterable: Iterable[Any], chunksize: int | None = None
    ) -> list[Any]:
        """Call a function with each item, and wait for the list of results."""
        return self._map("map", func, iterable, chunksize)

    def map_async(
        self,
        func: Callable[[Any], Any],
        iterable: Iterable[Any],
        chunksize: int | None = None,
        callback: Callable[[Any], Any] | None = None,
        error_callback: Callable[[BaseException], Any] | None = None,
    ) -> AsyncResult:
        """Call a function with each item."""
        return self._map_async("map", func, iterable, chunksize, callback, error_callback)

    def starmap(
        self,
        func: Callable[..., Any],
        iterable: Iterable[Iterable[Any]],
        chunksize: int | None = None,
    ) -> list[Any]:
        """Call a function with each item's items, and wait for the list of results."""
        return self._map("starmap", func, iterable, chunksize)

    def starmap_async(
        self,
        func: Callable[..., Any],
        iterable: Iterable[Iterable[Any]],
        chunksize: int | None = None,
        callback: Callable[[Any], Any] | None = None,
        error_callback: Callable[[BaseException], Any] | None = None,
    ) -> AsyncResult:
        """Call a function with each item's items."""
        return self._map_async("starmap", func, iterable, chunksize, callback, error_callback)

    def _map(
        self,
        form: str,
        func: Callable[..., Any],
        iterable: Iterable[Any],
        chunksize: int | None,
    ) -> list[Any]:
        """Wait for the results of a map, and show how far it is."""
        items = iterable if isinstance(iterable, list | tuple | range) else list(iterable)
        size = self._chunk_size(len(items), chunksize)
        result = self._map_async(form, func, items, chunksize, None, None)
        with Count(len(items), self._progress, "items") as bar:
            if not bar.wanted:
                whole: list[Any] = self._get(result)
                return whole

            def draw(calls: int) -> None:
                bar(min(calls * size, len(items)), 0)

            shown: list[Any] = self._get(result, draw)
            return shown

    def _map_async(
        self,
        form: str,
        func: Callable[..., Any],
        iterable: Iterable[Any],
        chunksize: int | None,
        callback: Callable[[Any], Any] | None,
        error_callback: Callable[[BaseException], Any] | None,
    ) -> AsyncResult:
        self._check_running()
        items = iterable if isinstance(iterable, list | tuple | range) else list(iterable)
        size = self._chunk_size(len(items), chunksize)
        chunks = [items[start : start + size] for start in range(0, len(items), size)]

        def flatten(results: list[list[Any]]) -> list[Any]:
            flat: list[Any] = []
            for chunk in results:
                flat += chunk
            return flat

        result = AsyncResult(self, flatten, callback, error_callback)
        batch = None if chunksize is None else 1
        submit = self._workers.map
        return self._submit(result, submit, form, func, chunks, result._end, batch, 0, None)

    def imap(
        self, func: Callable[[Any], Any], iterable: Iterable[Any], chunksize: int = 1
    ) -> Stream:
        """Call a function with each item; results come in order, each as soon as it is there."""
        return self._stream(func, iterable, chunksize, True)

    def imap_unordered(
        self, func: Callable[[Any], Any], iterable: Iterable[Any], chunksize: int = 1
    ) -> Stream:
        """Call a function with each item; results come as they are there."""
        return self._stream(func, iterable, chunksize, False)

    def _stream(
        self,
        func: Callable[[Any], Any],
        iterable: Iterable[Any],
        chunksize: int,
        is_ordered: bool,
    ) -> Stream:
        """Send each chunk by itself."""
        self._check_running()
        size = self._chunk_size(0, chunksize)

        def send(chunk: Any, end: Callable[..., None]) -> _core.Running:
            return self._workers.map("map", func, [chunk], end, None, 0, None)

        # The loop over the results may print lines or have a bar of its own: ours only if asked.
        bar = Count(0, bool(self._progress), "items")
        stream = Stream(send, self._workers.cancel, is_ordered, bar)
        if hasattr(iterable, "__len__"):
            stream.feed(_chunks(iterable, size))
        else:
            # It may take its time for each item, or never end.
            with self._lock:
                self._feeding += 1
            feed = threading.Thread(
                target=self._feed, args=(stream, _chunks(iterable, size)), daemon=True
            )
            feed.start()
        return stream

    def _feed(self, stream: Stream, chunks: Iterator[Any]) -> None:
        """Send chunks as they come, on a thread of its own, also after the pool was closed."""
        try:
            stream.feed(chunks)
        except Exception as error:
            stream.fail(error)
        with self._lock:
            self._feeding -= 1
            is_last = not self._feeding and self._state != "RUN"
        if is_last:
            self._workers.close()

    def close(self) -> None:
        """Take no more calls; those under way go on."""
        with self._lock:
            if self._state != "RUN":
                return
            self._state = "CLOSE"
            is_fed = not self._feeding
        if is_fed:
            self._workers.close()

    def terminate(self) -> None:
        """End everything now; what is not there never will be."""
        self._state = "TERMINATE"
        self._workers.terminate()

    def join(self) -> None:
        """
        Wait until all workers have ended.

        Raises
        ------
        ValueError
            If the pool is neither closed nor terminated.
        """
        if self._state == "RUN":
            raise ValueError("Pool is still running")
        self._workers.join()

    def __enter__(self) -> Pool:
        self._check_running()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.terminate()

    def __del__(self) -> None:
        if getattr(self, "_state", None) == "RUN" and self._process == os.getpid():
            message = f"unclosed running multiprocessing pool {self!r}"
            warnings.warn(message, ResourceWarning, source=self, stacklevel=1)

    def __reduce__(self) -> Any:
        raise NotImplementedError("pool objects cannot be passed between processes or pickled")

    def __repr__(self) -> str:
        return f"<manycore.Pool state={self._state} pool_size={self._processes}>"
