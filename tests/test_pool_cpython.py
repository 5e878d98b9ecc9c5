"""CPython's own tests of `multiprocessing.Pool`, run against `mc.Pool`."""

from __future__ import annotations

import multiprocessing
import unittest

import pytest

import manycore as mc
from manycore.pool import TimeoutError

cases = pytest.importorskip("test._test_multiprocessing", reason="this CPython has no tests")

# What tests CPython's internals, and why it says nothing about us.
INTERNALS = {"test_make_pool": "looks into Pool._pool; a wrong number of processes is tested by us"}


class TestPool(cases._TestPool, unittest.TestCase):  # type: ignore[misc,name-defined]
    TYPE = "processes"
    Pool = staticmethod(mc.Pool)
    TimeoutError = TimeoutError
    Value = staticmethod(multiprocessing.Value)


for _name, _reason in INTERNALS.items():
    setattr(TestPool, _name, unittest.skip(_reason)(getattr(TestPool, _name)))
