"""CPython's own tests of `concurrent.futures`, run against `mc.Executor` and its futures."""

from __future__ import annotations

import importlib
import unittest
from typing import Any
from unittest import mock

import pytest

import manycore as mc
from manycore.executor import Future

pytest.importorskip("test.test_concurrent_futures", reason="this CPython has no tests")


def find(module: str, name: str) -> Any:
    """Find a class of CPython's tests: one file up to 3.11, a package since."""
    for home in (f"test.test_concurrent_futures.{module}", "test.test_concurrent_futures"):
        try:
            found = importlib.import_module(home)
        except ModuleNotFoundError:
            continue
        if hasattr(found, name):
            return getattr(found, name)
    raise LookupError(name)


# What tests CPython's internals, or what is meant otherwise here, and why.
OTHERWISE = {
    "test_interpreter_shutdown": "makes an executor by name in another process; tested by us",
    "test_submit_after_interpreter_shutdown": "likewise",
    "test_hang_gh83386": "likewise",
    "test_cancel_futures_wait_false": "likewise",
    "test_done_callback_raises": "looks for the log on stderr, but pytest has it",
    "test_done_callback_raises_already_succeeded": "likewise",
}


class Mixin:
    executor_type = mc.Executor
    worker_count = 2
    executor: Any

    def setUp(self) -> None:
        self.executor = self.executor_type(max_workers=self.worker_count)

    def tearDown(self) -> None:
        self.executor.shutdown()


class TestExecutor(Mixin, find("executor", "ExecutorTest"), unittest.TestCase):  # type: ignore[misc]
    pass


class TestWait(Mixin, find("test_wait", "WaitTests"), unittest.TestCase):  # type: ignore[misc]
    pass


class TestAsCompleted(Mixin, find("test_as_completed", "AsCompletedTests"), unittest.TestCase):  # type: ignore[misc]
    pass


class TestShutdown(Mixin, find("test_shutdown", "ExecutorShutdownTest"), unittest.TestCase):  # type: ignore[misc]
    pass


class TestFuture(find("test_future", "FutureTests")):  # type: ignore[misc]
    """Of futures that nobody has submitted."""

    def setUp(self) -> None:
        super().setUp()
        names = self.test_cancel.__func__.__globals__

        def create_future(state: str = "PENDING", exception: Any = None, result: Any = None) -> Any:
            future = Future()
            future._state, future._exception, future._result = state, exception, result
            return future

        replaced = {
            name: create_future(value._state, value._exception, value._result)
            for name, value in names.items()
            if name.endswith("_FUTURE")
        }
        replaced |= {"Future": Future, "create_future": create_future}
        patch = mock.patch.dict(names, replaced)
        patch.start()
        self.addCleanup(patch.stop)


for _name, _reason in OTHERWISE.items():
    for _case in (TestExecutor, TestWait, TestAsCompleted, TestShutdown, TestFuture):
        if hasattr(_case, _name):
            setattr(_case, _name, unittest.skip(_reason)(getattr(_case, _name)))
del _case
