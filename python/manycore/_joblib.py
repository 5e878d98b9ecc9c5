"""
joblib's backend ``"manycore"``: `joblib.Parallel`, and so scikit-learn's ``n_jobs``, on `mc.Pool`.

Importing manycore is enough to select it by name. It does what joblib's own process backend does
(numbers of jobs, batches, nested calls, arrays, exceptions) and differs in what it costs: batches
are shorter, because sending one costs less; the end of a call is noticed at once, where joblib
looks for it a hundred times a second; and an error ends one call, not the workers of others.

Examples
--------
>>> import joblib
>>> with joblib.parallel_config(backend="manycore", n_jobs=2):
...     joblib.Parallel()(joblib.delayed(abs)(number) for number in [-1, 2, -3])
[1, 2, 3]
"""

from __future__ import annotations

import contextlib
import functools
import pickle
import queue
import reprlib
import threading
import weakref
from abc import ABCMeta
from multiprocessing import pool as processes

from joblib._multiprocessing_helpers import mp
from joblib.parallel import (
    FallbackToBackend,
    ParallelBackendBase,
    SequentialBackend,
    cpu_count,
    parallel_config,
)

from manycore import _core, _warm
from manycore._sharing import Calls, Results, Segments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from manycore.pool import AsyncResult, Pool

    _Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]

# Seconds after which workers that nobody uses end.
_PATIENCE = 300.0

# How many seconds a batch should take from dispatch to completion, about half of which it waits;
# what a batch of nothing takes of them; and how much larger a batch may be than any before.
_BATCH_SECONDS = 0.1
_BATCH_OVERHEAD = 0.0005
_BATCH_GROWTH = 8


class _Flight:
    """The batches of one call that are on their way."""

    def __init__(self, pool: Pool, parallel: Any) -> None:
        self.segments = Segments()
        self._pool = pool
        self._parallel = parallel
        # Every landing takes joblib's own lock anyway. So does the next call of the same object
        # before it forgets that this one was stopped.
        self._landing: threading.RLock = getattr(parallel, "_lock", None) or threading.RLock()
        self._changed = threading.Condition()
        self._flying = 0
        self._is_over = False
        self._is_stopped = False
        # By the order of submission.
        self._number = 0
        self._results: weakref.WeakValueDictionary[int, AsyncResult] = weakref.WeakValueDictionary()

    def send(self, calls: Calls, land: Callable[[Any], None]) -> AsyncResult | None:
        """Send a batch; `land` is called with its outcome, mostly on another thread."""

        def end(outcome: Any) -> None:
            try:
                with self._landing:
                    # joblib takes what lands after a call was stopped for the next one's.
                    if not self._is_stopped:
                        land(outcome)
            finally:
                with self._changed:
                    self._flying -= 1
                    # When joblib says so no more, it looks for the end of a call itself.
                    self._is_over |= getattr(self._parallel, "_aborting", True)
                    if self._is_over or not self._flying:
                        self._changed.notify_all()

        with self._changed:
            self._flying += 1
        try:
            result = self._pool.apply_async(_call, (calls,), None, end, end)
        except Exception as error:
            # Not raised: it may be another thread than the user's that comes here.
            end(error)
            return None
        with self._changed:
            self._number += 1
            self._results[self._number] = result
        if self._is_stopped:
            self._cancel(result)
        return result

    def wait(self) -> None:
        """Wait until all have landed, or one has failed."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or not self._flying)

    def stop(self) -> None:
        """Kill what runs, start nothing more."""
        with self._changed:
            self._is_stopped = True
            results = list(self._results.items())
        # The latest first: they wait, and would start once the workers of others are gone.
        for _, result in sorted(results, reverse=True):
            self._cancel(result)

    def _cancel(self, result: AsyncResult) -> None:
        if (running := result._running) is not None:
            self._pool._workers.cancel(running)


class ManycoreBackend(ParallelBackendBase, metaclass=ABCMeta):  # type: ignore[misc]
    """
    Runs joblib's batches in worker processes that stay warm between calls.

    Parameters
    ----------
    nesting_level : int, optional
        How many parallel calls this one is in.
    inner_max_num_threads : int, optional
        Threads that BLAS, OpenMP and such may use in a worker; each worker's share of the cores by
        default.
    initializer : callable, optional
        Called once in each worker, with `initargs`.
    initargs : sequence, optional
        Its arguments.
    idle_worker_timeout : float, optional
        Seconds after which workers that nobody uses end; 300 by default.
    """

    supports_retrieve_callback = True
    supports_inner_max_num_threads = True
    supports_sharedmem = False
    uses_threads = False

    def __init__(
        self,
        nesting_level: int | None = None,
        inner_max_num_threads: int | None = None,
        initializer: Callable[..., Any] | None = None,
        initargs: Sequence[Any] = (),
        idle_worker_timeout: float | None = None,
    ) -> None:
        super().__init__(nesting_level, inner_max_num_threads)
        self._initializer = initializer
        self._initargs = initargs
        self._patience = idle_worker_timeout
        # There from `configure` to `terminate`.
        self._warm: _warm.WarmPool | None = None
        self._forget_batches()

    def effective_n_jobs(self, n_jobs: int | None) -> int:
        """
        Say how many batches run at one time.

        Parameters
        ----------
        n_jobs : int or None
            Negative numbers count back from all cores, -1; None means 1.

        Raises
        ------
        ValueError
            If it is 0.
        """
        if n_jobs == 0:
            raise ValueError("n_jobs == 0 in Parallel has no meaning")
        # Two levels of processes are as many as joblib's own rule has of threads.
        if n_jobs is None or mp is None or (self.nesting_level or 0) > 1:
            return 1
        if n_jobs < 0:
            cores: int = min(cpu_count(), _core.configuration()[1])
            return max(cores + 1 + n_jobs, 1)
        return n_jobs

    def configure(
        self,
        n_jobs: int | None = 1,
        parallel: Any = None,
        prefer: str | None = None,
        require: str | None = None,
        *,
        max_nbytes: int | None = 1 << 20,
        mmap_mode: str | None = "r",
        initializer: Callable[..., Any] | None = None,
        initargs: Sequence[Any] = (),
        idle_worker_timeout: float | None = None,
        **others: Any,
    ) -> int:
        """
        Get ready for calls of `parallel`.

        Parameters
        ----------
        n_jobs : int or None
            How many workers.
        parallel : joblib.Parallel
            Whose batches are going to be submitted.
        max_nbytes : int, optional
            Arrays of more bytes are shared by calls and read-only. None: none is.
        mmap_mode : str, optional
            ``"r"``, or every call gets a copy that it may change.
        initializer, initargs, idle_worker_timeout
            Instead of the constructor's.
        **others
            What other backends take.

        Returns
        -------
        int
            How many workers there are.
        """
        workers = self.effective_n_jobs(n_jobs)
        if workers == 1:
            raise FallbackToBackend(SequentialBackend(nesting_level=self.nesting_level))
        if initializer is None:
            initializer, initargs = self._initializer, self._initargs
        if idle_worker_timeout is None:
            idle_worker_timeout = self._patience
        if self._warm is not None:
            # Inside one `parallel_config` there is one backend, and another call goes on in it.
            raise FallbackToBackend(
                ManycoreBackend(
                    self.nesting_level,
                    self.inner_max_num_threads,
                    initializer,
                    initargs,
                    idle_worker_timeout,
                )
            )
        self._idle = _PATIENCE if idle_worker_timeout is None else idle_worker_timeout
        environment = self._prepare_worker_env(workers)
        self._warm = _warm.borrow(workers, environment, initializer, initargs)
        self._largest_copy = max_nbytes if mmap_mode == "r" else None
        self.parallel = parallel
        return workers

    def start_call(self) -> None:
        """Begin a call."""
        assert self._warm is not None
        self._flight = _Flight(self._warm.pool, self.parallel)
        # joblib cuts batches ahead, and what a call that was stopped has left of them it would send
        # with this call's.
        left: queue.Queue[Any] | None = getattr(self.parallel, "_ready_batches", None)
        while left is not None and not left.empty():
            left.get()
        # For all batches.
        self._nested = pickle.dumps(self.get_nested_backend(), 5)

    def submit(self, func: Any, callback: Callable[[Any], None]) -> AsyncResult | None:
        """
        Send a batch on its way.

        Parameters
        ----------
        func : joblib.parallel.BatchedCalls
            The batch.
        callback : callable
            Is called with its outcome on another thread, and submits what comes next.
        """
        flight, batch = self._flight, (self._nested, func.items)
        description = functools.partial(_describe, func.items)
        calls = Calls(batch, description, flight.segments, self._largest_copy)
        return flight.send(calls, callback)

    # Its name before joblib 1.5.
    apply_async = submit

    def retrieve_result_callback(self, out: Any) -> Any:
        """Return what a batch returned, or raise what it raised."""
        if isinstance(out, BaseException):
            raise out
        return out

    @contextlib.contextmanager
    def retrieval_context(self) -> Iterator[None]:
        """Wait for the end of a call, unless it is joblib that must see how it goes on."""
        if self.parallel.timeout is None and not self.parallel.return_generator:
            self._flight.wait()
        yield

    def abort_everything(self, ensure_ready: bool = True) -> None:
        """Stop a call; the pool lives on, for its other users too."""
        self._flight.stop()

    def stop_call(self) -> None:
        """End a call."""
        self._flight.segments.close()

    def terminate(self) -> None:
        """Need the pool no more."""
        if self._warm is not None:
            self._warm.give_back(self._idle)
            self._warm = None
        self._forget_batches()

    def _forget_batches(self) -> None:
        self._task_seconds = 0.0
        self._largest_batch = 0

    def batch_completed(self, batch_size: int, duration: float) -> None:
        """Learn from a batch how long tasks take."""
        now = max(duration - _BATCH_OVERHEAD, 0) / batch_size
        # Quick to believe that tasks are long, slower to believe that they are short.
        known = self._task_seconds
        self._task_seconds = now if now > known else (now + known) / 2
        self._largest_batch = max(self._largest_batch, batch_size)

    def compute_batch_size(self) -> int:
        """Say how many tasks are to be sent together."""
        if not self._largest_batch:
            return 1
        wanted = _BATCH_SECONDS / max(self._task_seconds, 1e-9)
        return max(int(min(wanted, _BATCH_GROWTH * self._largest_batch)), 1)


def _call(batch: tuple[bytes, Sequence[_Call]]) -> Any:
    """Do a batch in a worker."""
    try:
        nested, calls = batch
        backend, n_jobs = pickle.loads(nested)
        with parallel_config(backend=backend, n_jobs=n_jobs):
            return Results([function(*args, **kwargs) for function, args, kwargs in calls])
    except Exception:
        raise
    except BaseException as error:
        # A call may raise KeyboardInterrupt or SystemExit: the user's loop ends, not the worker.
        return processes.ExceptionWithTraceback(  # type: ignore[attr-defined]
            error, error.__traceback__
        )


def _describe(calls: Sequence[_Call]) -> str:
    """Name a batch's calls."""
    function, args, kwargs = calls[0]
    words = list(map(reprlib.repr, args))
    words += [f"{name}={reprlib.repr(value)}" for name, value in kwargs.items()]
    name = getattr(function, "__name__", repr(function))
    more = f" and {len(calls) - 1} more" if len(calls) > 1 else ""
    return f"{name}({', '.join(words)}){more}"
