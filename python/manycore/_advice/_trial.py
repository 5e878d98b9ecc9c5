"""
Runs old and new code on copies of what the script gives them, in the middle of the script.

There rather than later and elsewhere: files of a temporary folder still exist, a server thread
still answers, and whatever can be copied can be an argument. A first run of the script (`Calls`)
times the calls; the second one stops where the trial has what it needs.

The trial asks, in this order: can the input be copied; does the old code do nothing but return
a value, and the same one when it is run again; does the new code the same, with the same value; and
how long do they take, one after the other, as often as there is time for.
"""

from __future__ import annotations

import ast
import functools
import gc
import math
import os
import statistics
import sys
import threading
import time
import types

from manycore._advice._effects import Effects, Impure
from manycore._advice._equal import difference
from manycore._advice._script import Finished
from manycore._advice._sides import (
    Block,
    Copies,
    Drawn,
    Function,
    Refused,
    World,
    copied,
    copy_locks,
    drawn,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from manycore._advice._sides import Left, Side
    from manycore._advice.rewrite import Rewrite

CALLS = 5_000
"""Calls that are replayed at most."""

PAIRS = 101
"""Pairs of runs at most."""


class Calls:
    """
    Times the calls of a unit.

    Attributes
    ----------
    seconds : list of float
        Of each outermost call.
    """

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._running = False

    def hook(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap the unit's function."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            if self._running:  # a call within a call is part of it
                return function(*args, **kwargs)
            self._running = True
            start = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds.append(time.perf_counter() - start)
                self._running = False

        return _alike(timed, function)


def choose(seconds: list[float], *, sequence: bool) -> list[int]:
    """
    Choose the calls to replay: the longest and a typical one, with neighbours if they are short.

    >>> choose([1.0, 5.0, 1.1, 1.2], sequence=False)
    [1, 2]
    """
    if sequence:
        return list(range(min(len(seconds), CALLS)))
    order = sorted(range(len(seconds)), key=seconds.__getitem__)
    chosen = {order[-1], order[(len(order) - 1) // 2]}
    total = sum(seconds[index] for index in chosen)
    for distance in range(1, len(seconds)):
        if total > 0.02 or len(chosen) > CALLS - 2:
            break
        for index in (order[-1] - distance, order[-1] + distance):
            if 0 <= index < len(seconds) and index not in chosen:
                chosen.add(index)
                total += seconds[index]
    return sorted(chosen)


def _alike(wrapper: Callable[..., Any], function: Any) -> Callable[..., Any]:
    if not isinstance(function, types.FunctionType) and not hasattr(function, "__wrapped__"):
        raise Refused(f"a {type(function).__name__} can't be called again by itself")
    return functools.wraps(function)(wrapper)


class Trial:
    """
    Both versions of one unit, and the calls that they are tried with.

    Parameters
    ----------
    rewrite : Rewrite
        What is tried.
    technique : str
        Of the advice: ``"cache"`` asks for immutable results, ``"float32"`` allows fewer digits.
    tolerance : float
        Relative, of results.
    path, tree : str, ast.Module
        The script.
    wanted : list of int
        Numbers of the calls to replay.
    budget : float
        Seconds that the timing may take.
    patience : float
        Seconds that one run of the new code may take.
    answer : callable
        Takes the outcome: a dict of what `Proof` holds.
    """

    def __init__(
        self,
        rewrite: Rewrite,
        technique: str,
        tolerance: float,
        path: str,
        tree: ast.Module,
        wanted: list[int],
        budget: float,
        patience: float,
        answer: Callable[[dict[str, Any]], None],
    ) -> None:
        self.rewrite = rewrite
        self.technique = technique
        self.tolerance = tolerance
        self.tree = tree
        self.wanted = wanted
        self.budget = budget
        self.patience = patience
        self.answer = answer
        self.files = {side: f"<manycore {side} code>" for side in ("old", "new")}
        copy_locks()
        self.effects = Effects({path, *self.files.values()})
        self._count = 0
        self._running = False
        self._copies = Copies(technique, is_method="." in rewrite.unit)
        self._inputs: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    # Where the script meets the trial.

    def before(self, variables: dict[str, Any]) -> None:
        """Stand before the unit's statements."""
        if not self._running:
            self._conclude(variables, None)

    def hook(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap the unit's function."""

        def watched(*args: Any, **kwargs: Any) -> Any:
            if self._running:
                return function(*args, **kwargs)
            self._running = True
            try:
                if self._count in self.wanted:
                    args, kwargs = self._capture(function, args, kwargs)
                    if self._count == self.wanted[-1]:
                        owner = type(args[0]) if "." in self.rewrite.unit else None
                        self._conclude({}, owner)
                self._count += 1
                return function(*args, **kwargs)
            finally:
                self._running = False

        return _alike(watched, function)

    def _capture(
        self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Keep copies of a call's arguments; what an iterator gives is kept and given again."""
        code = getattr(function, "__code__", None)
        names = code.co_varnames[: code.co_argcount] if code else ()
        kept = []
        given = []
        try:
            for index, value in enumerate(args):
                name = names[index] if index < len(names) else f"number {index}"
                value = drawn(value)
                copy_of = functools.partial(self._copies.of, index=index)
                kept.append(copied(value, f"its argument {name!r}", copy_of))
                given.append(iter(value.items) if isinstance(value, Drawn) else value)
            options = {
                name: copied(value, f"its argument {name!r}") for name, value in kwargs.items()
            }
        except Refused as refusal:
            self._end({"reason": f"not captured: {refusal}"})
        self._inputs.append((tuple(kept), options))
        return tuple(given), kwargs

    def _conclude(self, variables: dict[str, Any], owner: type | None) -> None:
        self._running = True
        main = sys.modules["__main__"].__dict__
        try:
            outcome = self._try(variables, main, owner)
        except Refused as refusal:
            outcome = {"reason": str(refusal)}
        except Exception as error:  # say it: what the script prints here goes nowhere
            outcome = {"reason": f"not captured: {type(error).__name__}: {error}"}
        self._end(outcome)

    def _end(self, outcome: dict[str, Any]) -> None:
        self.answer(outcome)
        # The script unwinds, and has a moment for that: a thread of its own may not let it end.
        end = threading.Timer(1.0, os._exit, (0,))
        end.daemon = True
        end.start()
        raise Finished

    # The questions, in order.

    def _try(
        self, variables: dict[str, Any], main: dict[str, Any], owner: type | None
    ) -> dict[str, Any]:
        for line in self.rewrite.imports:
            self._import(line, main)
        sides: dict[str, Side]
        if self.rewrite.is_function:
            given = (main, owner, self._inputs, self.technique)
            sides = {
                name: Function(self.rewrite, name, self.files[name], *given)
                for name in ("old", "new")
            }
        else:
            sides = {
                name: Block(self.rewrite, name, self.files[name], variables, main, self.tree)
                for name in ("old", "new")
            }
        old, new = sides["old"], sides["new"]
        world = World([*old.codes(), *new.codes()], main, self.rewrite.unit)
        first, seconds = self._first(old, "the old code", world)
        if stale := old.stale(world.inner):
            raise Refused(f"the functions that it calls read {stale!r}, which it changes")
        again, _ = self._first(old, "the old code", world)
        if found := self._difference(first, again):
            raise Refused(f"not repeatable: run again on the same input, the old code's {found}")
        limit = max(self.patience, 5 * seconds)
        other, _ = self._first(new, "the new code", world, limit)
        if found := self._difference(first, other):
            raise Refused(f"another result: the new code's {found}")
        return {"equal": True, **self._timed(old, new, world)}

    def _import(self, line: str, main: dict[str, Any]) -> None:
        scratch: dict[str, Any] = {}
        try:
            exec(compile(line, "<manycore imports>", "exec"), scratch)
        except ImportError as error:
            raise Refused(f"it needs what isn't installed: {error}") from None
        scratch.pop("__builtins__")
        for name, value in scratch.items():
            if main.get(name, value) is not value:
                raise Refused(f"the script has the name {name!r} for something else")
        main.update(scratch)

    def _difference(self, old: Left, new: Left) -> str:
        """Say where runs differ, in what they return and in what they leave changed."""
        for left, right in ((old.results, new.results), (old.changed, new.changed)):
            for key, value in left.items():
                found = difference(
                    value,
                    right.get(key),
                    self.tolerance,
                    narrower=self.technique == "float32",
                    unordered=self.rewrite.unordered,
                )
                if found:
                    return found.replace("result", key, 1)
        return ""

    def _first(
        self, side: Side, who: str, world: World, limit: float = math.inf
    ) -> tuple[Left, float]:
        """Run a side once, watched; return what it leaves and the time it took."""
        side.prepare(world)
        watchdog = threading.Timer(min(limit, threading.TIMEOUT_MAX), self._hung, (limit,))
        watchdog.daemon = True
        watchdog.start()
        try:
            with self.effects:
                start = time.perf_counter()
                side.run()
                seconds = time.perf_counter() - start
        except Impure as impure:
            raise Refused(f"impure: {who} {impure}") from None
        except Exception as error:
            if self.effects.found:
                raise Refused(f"impure: {who} {self.effects.found}") from None
            raise Refused(f"{who} raised {type(error).__name__}: {error}") from None
        finally:
            watchdog.cancel()
        if changed := world.changes():
            raise Refused(f"impure: {who} changes the global {changed}")
        return side.outcome(who, shared=self.technique == "cache"), seconds

    def _hung(self, limit: float) -> None:
        self.answer({"reason": f"timeout: the new code ran for more than {limit:.3g} s"})
        os._exit(0)

    def _timed(self, old: Side, new: Side, world: World) -> dict[str, Any]:
        """Time pairs of runs, in turns, until the ratio is known or the budget is spent."""
        pairs: list[tuple[float, float]] = []
        end = time.perf_counter() + self.budget
        while len(pairs) < PAIRS:
            times = {}
            for side in (old, new) if len(pairs) % 2 == 0 else (new, old):
                side.prepare(world)
                gc.collect()
                start = time.perf_counter()
                side.run()
                times[side] = time.perf_counter() - start
            pairs.append((times[old], times[new]))
            _, low, high = interval(pairs)
            late = (time.perf_counter() - end) / self.budget
            doubtful = low <= 1.0 < high  # one disturbed run must not decide
            tight = high - low < 0.05 * low
            enough = len(pairs) >= 5 and (tight or (late > 0 and not doubtful))
            # Runs that take long are given more time, as few pairs say little: one disturbed run
            # of less than seven is an end of their interval.
            if enough or late > (1 if len(pairs) >= (7 if doubtful else 3) else 4):
                break
        speedup, low, high = interval(pairs)
        return {
            "speedup": speedup,
            "low": low,
            "high": high,
            "old_seconds": statistics.median(pair[0] for pair in pairs),
            "new_seconds": statistics.median(pair[1] for pair in pairs),
            "repeats": len(pairs),
        }


def interval(pairs: list[tuple[float, float]]) -> tuple[float, float, float]:
    """
    Return the median of old over new, and its 90 % interval from the order of the ratios.

    >>> interval([(2.0, 1.0), (3.0, 1.0), (4.0, 1.0)])
    (3.0, 2.0, 4.0)
    """
    ratios = sorted(old / max(new, 1e-9) for old, new in pairs)
    # The median lies between ranks n/2 +- 1.645 sqrt(n)/2, as signs are binomial.
    half = 0.8225 * len(ratios) ** 0.5
    low = max(0, int(len(ratios) / 2 - half))
    high = min(len(ratios) - 1, int(len(ratios) / 2 + half))
    return statistics.median(ratios), ratios[low], ratios[high]
