"""
Proves advice: the user's code and its rewrite run on the same input, and are compared.

What changes the result, leaves something else changed, or isn't faster by a tenth, is withdrawn
with the reason. `_trial` is what runs in the script's own process.
"""

from __future__ import annotations

import dataclasses
import time

from manycore import _core
from manycore._advice import _run
from manycore._advice.rewrite import Proof

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from manycore._advice.rewrite import Rewrite

LEAST = 1.1
"""The speed-up below which an advice is withdrawn."""

TOLERANCES = {
    # Sums in another order, fused multiplications, another library's sine.
    "jit": 1e-9,
    "array": 1e-9,
    "sparse": 1e-9,
    "dataframe-columns": 1e-9,
    "blas-threads": 1e-9,
    "float32": 1e-4,
}
"""Relative tolerance by technique; others must give the same result exactly."""


NO_REWRITE = {
    "": "not provable here: no mechanical rewrite",
    "memory": "not provable here: what it saves is memory, which a faster run doesn't show",
}
"""Why there is nothing to run, by technique."""


def prove(
    tasks: Sequence[tuple[str, Rewrite | None]],
    path: str,
    argv: Sequence[str] = (),
    *,
    timeout: float = 60.0,
    budget: float = 5.0,
    patience: float = 10.0,
) -> list[Proof]:
    """
    Run old and new code of each rewrite of a script.

    Parameters
    ----------
    tasks : sequence of (str, Rewrite or None)
        Techniques, and what they would put in place of the user's code.
    path, argv : str, sequence of str
        The script and its arguments.
    timeout : float, default 60.0
        Seconds that a run of the script may take.
    budget : float, default 5.0
        Seconds to spend on the timing of a rewrite.
    patience : float, default 10.0
        Seconds that the new code may take once, if the old code took less.

    Returns
    -------
    list of Proof
        In the order of the tasks; ``proof.stands`` says which are to be kept.
    """
    options = [(technique, [] if each is None else [each]) for technique, each in tasks]
    limits = {"timeout": timeout, "budget": budget, "patience": patience}
    return [proof for _, proof in first_proved(options, path, argv, **limits)]


def first_proved(
    tasks: Sequence[tuple[str, Sequence[Rewrite]]],
    path: str,
    argv: Sequence[str] = (),
    *,
    timeout: float = 60.0,
    budget: float = 5.0,
    patience: float = 10.0,
) -> list[tuple[Rewrite | None, Proof]]:
    """
    Try the rewrites of each spot in turn, until one stands.

    Parameters
    ----------
    tasks : sequence of (str, sequence of Rewrite)
        Techniques, and all that they would put in place of the user's code, the best first.
    path, argv, timeout, budget, patience
        As `prove` takes them.

    Returns
    -------
    list of (Rewrite or None, Proof)
        What stands, or what was tried first and the reason why it doesn't.
    """
    units = {_unit(each): each for _, options in tasks for each in options if each.is_function}
    calls = _calls(units, path, argv, timeout)
    limits = {"timeout": timeout, "budget": budget, "patience": patience}
    done: list[tuple[Rewrite | None, Proof]] = []
    for technique, options in tasks:
        tried: list[tuple[Rewrite | None, Proof]] = []
        for rewrite in options:
            if isinstance(calls, str):
                proof = Proof(equal=False, reason=calls)
            else:
                seconds = calls.get(_unit(rewrite), [])
                proof = _prove(rewrite, technique, path, argv, seconds, **limits)
            tried.append((rewrite, proof))
            if proof.stands:
                break
        if not tried:
            reason = NO_REWRITE.get(technique, NO_REWRITE[""])
            done.append((None, Proof(equal=False, reason=reason)))
        else:
            done.append(tried[-1] if tried[-1][1].stands else tried[0])
    return done


def _unit(rewrite: Rewrite) -> tuple[str, int]:
    """Return what tells the functions of a script from each other."""
    return rewrite.unit, rewrite.first


def _calls(
    units: dict[tuple[str, int], Rewrite], path: str, argv: Sequence[str], timeout: float
) -> dict[tuple[str, int], list[float]] | str:
    """Time the calls of all functions in one run; a str says why that wasn't possible."""
    if not units:
        return {}
    rewrites = dict(enumerate(units.values()))
    ended = _run.run("calls", timeout, path=path, argv=list(argv), rewrites=rewrites)
    if ended.answer is not None:
        return dict(zip(units, ended.answer.values(), strict=True))
    if ended.timed_out:
        return f"timeout: the script ran for more than {timeout:.3g} s"
    return f"not captured: {_last_line(ended.stderr) or 'the script ended early'}"


def _prove(
    rewrite: Rewrite,
    technique: str,
    path: str,
    argv: Sequence[str],
    seconds: list[float],
    *,
    timeout: float,
    budget: float,
    patience: float,
) -> Proof:
    from manycore._advice._trial import choose

    if rewrite.whole:
        return _prove_whole(rewrite, path, argv, timeout=timeout, budget=budget)
    if rewrite.is_function and not seconds:
        return Proof(equal=False, reason="not captured: the script doesn't call it")
    tolerance = TOLERANCES.get(technique, 0.0)
    noise = _core.noise()
    ended = _run.run(
        "trial",
        timeout + 12 * budget + 6 * patience,
        path=path,
        argv=list(argv),
        rewrite=rewrite,
        technique=technique,
        tolerance=tolerance,
        wanted=choose(seconds, sequence=technique == "cache") if seconds else [],
        budget=budget,
        patience=patience,
    )
    if ended.answer is None:
        if ended.timed_out:
            reason = "timeout: the trial didn't come to an end"
        else:
            reason = f"not captured: {_last_line(ended.stderr) or 'the script ended before'}"
        return Proof(equal=False, reason=reason)
    proof = Proof(
        **{"equal": False, **ended.answer},
        tolerance=f"rtol {tolerance:g}" if tolerance else "exact",
    )
    if not proof.equal:
        return proof
    verdict = noise.verdict((proof.high - proof.low) / proof.speedup)[0]
    return dataclasses.replace(proof, verdict=verdict, reason=_slow(proof))


def _prove_whole(
    rewrite: Rewrite, path: str, argv: Sequence[str], *, timeout: float, budget: float
) -> Proof:
    """Run the script as it is and as it would be, in turns, and compare what they print."""
    import statistics
    import tokenize

    from manycore._advice._trial import interval

    with tokenize.open(path) as file:
        source = file.read()
    sources = {"old": source, "new": rewrite.applied(source)}
    noise = _core.noise()
    begin = time.perf_counter()
    first: list[Any] = []
    times: dict[str, list[float]] = {"old": [], "new": []}

    def run(side: str) -> str:
        ended = _run.run("whole", timeout, path=path, argv=list(argv), source=sources[side])
        if ended.answer is None:
            late = ended.timed_out and f"timeout: the {side} code ran for more than {timeout:.3g} s"
            return late or f"not captured: {_last_line(ended.stderr) or 'the script ended early'}"
        seconds, *left = ended.answer
        times[side].append(seconds)
        first[:] = first or left
        if first != left:
            why = "not repeatable: run again" if side == "old" else "another result: with new code"
            return f"{why}, the script {_other(first, left)}"
        return ""

    order = ["old", "old", "new", "new"]  # the first two say whether it repeats itself
    while True:
        for side in order:
            if reason := run(side):
                return Proof(equal=False, reason=reason, whole=True)
        order = ["old", "new"] if order[0] == "new" else ["new", "old"]
        pairs = list(zip(times["old"], times["new"], strict=True))
        speedup, low, high = interval(pairs)
        late = (time.perf_counter() - begin) / budget
        if late > 12 or (len(pairs) >= 3 and (low > 1 or late > 4)):
            break
    proof = Proof(
        equal=True,
        speedup=speedup,
        low=low,
        high=high,
        old_seconds=statistics.median(times["old"]),
        new_seconds=statistics.median(times["new"]),
        repeats=len(pairs),
        verdict=noise.verdict((high - low) / speedup)[0],
        whole=True,
    )
    return dataclasses.replace(proof, reason=_slow(proof))


def _other(old: list[Any], new: list[Any]) -> str:
    """Say in what a script's runs differ."""
    names = ("ends with another exit code", "prints something else", "writes other files")
    return next(
        (name for name, *pair in zip(names, old, new, strict=True) if pair[0] != pair[1]), ""
    )


def _slow(proof: Proof) -> str:
    """Say that the new code isn't worth it; nothing if it is."""
    if proof.speedup >= LEAST and proof.low > 1.0:
        return ""
    return (
        f"not faster: {proof.speedup:.2f} x measured ({proof.low:.2f}-{proof.high:.2f}, "
        f"{proof.repeats} pairs of runs), at least {LEAST} x asked"
    )


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""
