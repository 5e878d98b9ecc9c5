"""
Results of many calls, each given as soon as it is there: what ``Pool.imap`` returns.

Calls are begun as the iterable gives their arguments, which may go on for ever; the results that
are there by then are given meanwhile.
"""

from __future__ import annotations

import collections
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from manycore import _core
    from manycore._progress import Count

    _End = Callable[[list[Any] | None, BaseException | None], None]

# Seconds between two looks at the progress bar.
_LOOK = 0.05


class _Chunk:
    """Calls that travel together."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.has_ended = error is not None
        self.error = error
        self.results: list[Any] = []
        # Until they have ended.
        self.running: _core.Running | None = None


class Stream:
    """
    An iterator over results, with multiprocessing's ``next(timeout)``.

    Parameters
    ----------
    send : callable
        Begins the calls of a chunk: ``send(chunk, end)``; `end` is told the outcome, on another
        thread.
    cancel : callable
        Ends them again.
    is_ordered : bool
        Whether results come in the order of the calls, or as they are there.
    bar : Count
        The progress bar, which stands until all results are given.
    """

    def __init__(
        self,
        send: Callable[[Any, _End], _core.Running],
        cancel: Callable[[_core.Running], None],
        is_ordered: bool,
        bar: Count,
    ) -> None:
        self._send = send
        self._cancel = cancel
        self._is_ordered = is_ordered
        self._bar = bar
        self._changed = threading.Condition()
        # Those to be given, in that order: as they were begun, or as they have ended.
        self._chunks: collections.deque[_Chunk] = collections.deque()
        self._under_way: set[_Chunk] = set()
        self._is_fed = False
        self._is_stopped = False
        # What is left of a chunk's results.
        self._items: Iterator[Any] = iter(())
        self._begun = self._ended = 0

    def feed(self, chunks: Iterator[Any]) -> None:
        """
        Begin the calls of all chunks.

        What the iterator raises comes after the results of what it gave before.
        """
        try:
            while not self._is_stopped:
                try:
                    chunk = next(chunks, None)
                except Exception as error:
                    self.fail(error)
                    return
                if chunk is None:
                    return
                self._begin(chunk)
        finally:
            with self._changed:
                self._is_fed = True
                self._changed.notify_all()

    def fail(self, error: BaseException) -> None:
        """Have an exception given."""
        with self._changed:
            self._chunks.append(_Chunk(error))
            self._changed.notify_all()

    def _begin(self, items: Any) -> None:
        chunk = _Chunk()

        def end(results: list[Any] | None, error: BaseException | None) -> None:
            with self._changed:
                chunk.has_ended, chunk.running = True, None
                chunk.error = error
                chunk.results = [] if results is None else results[0]
                self._under_way.discard(chunk)
                if not self._is_ordered:
                    self._chunks.append(chunk)
                self._ended += len(items)
                self._changed.notify_all()

        with self._changed:
            self._under_way.add(chunk)
            if self._is_ordered:
                self._chunks.append(chunk)
            self._begun += len(items)
        try:
            running = self._send(items, end)
        except BaseException:
            with self._changed:
                self._under_way.discard(chunk)
                if self._is_ordered:
                    self._chunks.remove(chunk)
            raise
        with self._changed:
            chunk.running = None if chunk.has_ended else running
            is_stopped = self._is_stopped
        if is_stopped:
            self._cancel(running)

    def __iter__(self) -> Iterator[Any]:
        return self

    def next(self, timeout: float | None = None) -> Any:
        """
        Wait for the next result.

        Parameters
        ----------
        timeout : float, optional
            Seconds.

        Raises
        ------
        TimeoutError
            If it is not there in time; it may be asked for again.
        StopIteration
            If there are no more.
        Exception
            What the call raised. The results of others come after it.
        """
        while True:
            for item in self._items:
                return item
            self._items = iter(self._take(timeout))

    def __next__(self) -> Any:
        return self.next()

    def _take(self, timeout: float | None) -> list[Any]:
        """Wait for the next chunk."""
        try:
            with self._changed:
                is_in_time = self._wait(timeout)
                chunk = self._chunks.popleft() if is_in_time and self._chunks else None
        except BaseException:
            self._stop()
            raise
        if not is_in_time:
            from manycore.pool import TimeoutError

            raise TimeoutError(f"no result after {timeout} s")
        if chunk is None:
            self._bar.__exit__(None, None, None)
            raise StopIteration
        if chunk.error is not None:
            raise chunk.error
        return chunk.results

    def _wait(self, timeout: float | None) -> bool:
        """Wait until the next chunk is there, or there is none; tell whether that was in time."""
        if not self._bar.wanted:
            return self._changed.wait_for(self._is_settled, timeout)
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            self._bar.count = self._begun
            self._bar(self._ended, 0)
            left = _LOOK if deadline is None else max(deadline - time.monotonic(), 0.0)
            if self._changed.wait_for(self._is_settled, min(left, _LOOK)):
                return True
            if left == 0.0:
                return False

    def _is_settled(self) -> bool:
        if self._chunks:
            return self._chunks[0].has_ended
        return self._is_fed and not self._under_way

    def _stop(self) -> None:
        """End the calls under way, and begin no more: the wait for them was interrupted."""
        with self._changed:
            self._is_stopped = True
            running = [chunk.running for chunk in self._under_way]
        for calls in running:
            if calls is not None:
                self._cancel(calls)
        self._bar.__exit__(None, None, None)
