"""
Pools that stay warm between the calls that use them.

To start workers and import libraries in them takes longer than many a call. So a pool that nobody
uses any more is kept for the next who wants the same, for some minutes; one at the most, because
workers hold memory.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import threading
import time

import cloudpickle

from manycore.pool import Pool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any


class WarmPool:
    """
    A pool that several may use.

    Attributes
    ----------
    pool : Pool
        The workers.
    """

    def __init__(self, key: tuple[int, bytes], pool: Pool) -> None:
        self.pool = pool
        self._key = key
        self._users = 1
        # When it ends if nobody uses it till then, and when its watch looks whether that is so.
        self._end_time = self._look_time = math.inf
        self._watch: threading.Timer | None = None

    def give_back(self, patience: float) -> None:
        """Need it no more; it ends when nobody has needed it for `patience` seconds."""
        with _lock:
            self._users -= 1
            if self._users or self not in _warm:
                return  # others use it, or it is the pool of the process we were forked from
            for idle in [other for other in _warm if other is not self and not other._users]:
                idle._end()
            self._end_time = time.monotonic() + patience
            self._look(self._end_time)

    def _look(self, when: float) -> None:
        """Look at some time whether it is still idle, with one thread for many calls."""
        if self._watch is not None:
            if self._look_time <= when:
                return
            self._watch.cancel()
        self._look_time = when
        seconds = max(when - time.monotonic(), 0)
        self._watch = threading.Timer(seconds, self._end_if_idle)
        self._watch.daemon = True
        self._watch.start()

    def _end_if_idle(self) -> None:
        with _lock:
            if threading.current_thread() is not self._watch:
                return  # another looks
            self._watch = None
            if self._users:
                return
            if time.monotonic() < self._end_time:
                self._look(self._end_time)
            else:
                self._end()

    def _end(self) -> None:
        """Let the workers leave; whoever holds the lock may do so."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self in _warm:
            _warm.remove(self)
        self.pool.close()


# The garbage collector may end a joblib generator, which gives its pool back, wherever Python runs:
# also while this thread has the lock.
_lock = threading.RLock()
_warm: list[WarmPool] = []


def _forget() -> None:
    """Leave the pools of the process that this one was forked from to their owner."""
    global _lock, _warm
    _lock, _warm = threading.RLock(), []


os.register_at_fork(after_in_child=_forget)


def borrow(
    processes: int,
    environment: Mapping[str, str],
    initializer: Callable[..., Any] | None = None,
    initargs: Sequence[Any] = (),
) -> WarmPool:
    """
    Take a pool that is warm, or a new one.

    Parameters
    ----------
    processes : int
        How many workers.
    environment : mapping
        Environment variables on top of this process's.
    initializer : callable, optional
        What each calls when it starts, with `initargs`.

    Returns
    -------
    WarmPool
        To be given back.
    """
    # What the initializer is given may be a manager's proxy, which connects when it is unpickled.
    start = None if initializer is None else cloudpickle.dumps((initializer, tuple(initargs)), 5)
    initial = (bytes(multiprocessing.current_process().authkey), start)
    key = (processes, pickle.dumps((sorted(environment.items()), initial), 5))
    with _lock:
        for warm in _warm:
            if warm._key == key:
                warm._users += 1
                return warm
        for idle in [other for other in _warm if not other._users]:
            idle._end()
        warm = WarmPool(key, Pool(processes, _begin, initial, environment=environment))
        _warm.append(warm)
        return warm


def _begin(secret: bytes, start: bytes | None) -> None:
    """Become a worker of such a pool."""
    # Proxies of a multiprocessing.Manager ask for it.
    multiprocessing.current_process().authkey = secret
    if start is not None:
        initializer, initargs = pickle.loads(start)
        initializer(*initargs)
