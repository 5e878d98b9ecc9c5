"""
The advisor on its corpus: planted hot spots that it names, look-alikes that it leaves alone.

Each script of `tests/corpus` is profiled and observed in processes of its own. The rules were
written with the development half in view; the other half, by a hash of the file's name, was looked
at only when they were done: that first look (commit 1c536ec) named 38 of 40 hot spots and left 36
of 40 look-alikes alone. The six faults that it showed are mended since, so that a run of today
is no longer held out. Its code had not been read by then, but its scripts' names and CHECKS.md had,
and guided some rules: it is no blind test. Run it as
``python bench/advice.py [--half development|held-out|all] [NAME ...]``.

`tests/corpus/second` and those behind it are each by another author, who saw neither the rules nor
any other corpus. Each one's CHECKS.md has the first look at it, before the rules were mended by
what it showed: ``python bench/advice.py --corpus tests/corpus/second``.
"""

from __future__ import annotations

import argparse
import ast
import functools
import hashlib
import json
import os
import shutil
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from manycore import _advice
from manycore._advice import _run
from manycore._advice._run import Profiled
from manycore._advice.observe import Observations, Wish

FIRST = Path(__file__).resolve().parent.parent / "tests" / "corpus"
PROFILES = os.environ.get("ADVICE_PROFILES")
"""A folder of profiles by py-spy (``--rate 200 --idle -t -f raw``), instead of our profiler."""

Stack = tuple[tuple[str, str, int], ...]


def part_of(corpus: Path, name: str) -> str:
    """Return the half that a script of the first corpus belongs to; other corpora have none."""
    if corpus != FIRST:
        return "whole"
    even = hashlib.sha256(name.encode()).digest()[0] % 2 == 0
    return "development" if even else "held-out"


def cases(corpus: Path) -> list[dict[str, Any]]:
    """Return a corpus's manifest."""
    loaded = tomllib.loads((corpus / "manifest.toml").read_text(encoding="utf-8"))
    return list(loaded["case"])


def from_py_spy(path: Path, script: Path, rate: float = 200.0) -> Profiled:
    """Read what py-spy wrote."""
    stacks: list[tuple[Stack, float]] = []
    for row in path.read_text(encoding="utf-8").splitlines():
        text, _, count = row.rpartition(" ")
        frames: list[tuple[str, str, int]] = []
        for part in text.split(";"):
            function, bracket, place = part.rpartition(" (")
            file, _, line = place.rstrip(")").rpartition(":")
            if not bracket or not line.isdigit():
                continue
            frames.append((str(script) if file == script.name else file, function, int(line)))
        stacks.append((tuple(frames), int(count) / rate))
    # Of the main thread: the others' time is beside it.
    seconds = sum(
        weight
        for stack, weight in stacks
        if any(function in ("<module>", "_find_and_load") for _, function, _ in stack)
    )
    return Profiled(seconds, seconds, 0, stacks)


def sampled(script: Path) -> Profiled:
    """Profile a script: with our profiler, or as py-spy has done it."""
    if PROFILES:
        return from_py_spy(Path(PROFILES) / f"{script.parent.name}-{script.name}.raw", script)
    profile, ended = _run.profile(str(script), [], 100.0, 250.0)
    if profile is None:
        raise RuntimeError(f"{script.name}: {ended.stderr}")
    return profile


def observed(script: Path, wishes: Iterable[Wish]) -> Observations:
    """Run a script once more and look at what is wished for."""
    return _run.observe(str(script), [], wishes, 200.0)


def _size(text: str) -> int:
    return int(text[:-2]) << {"MB": 20, "GB": 30}[text[-2:]]


def judge(case: dict[str, Any], advice: list[_advice.Advice]) -> tuple[bool, list[str]]:
    """Tell whether the advice for a script is right, and say what it was."""
    said = [f"{each.technique}@{each.line}-{each.last_line}" for each in advice]
    if case["kind"] == "hot":
        wanted = {case["technique"], *case.get("also", [])}
        places = [case["line"], *case.get("also_lines", [])]
        right = any(
            each.technique in wanted
            and any(each.line <= last and first <= each.last_line for first, last in places)
            for each in advice
        )
        return right, said
    allowed = set(case.get("allowed", []))
    return all(each.technique in allowed for each in advice), said


def linted(corpus: Path, parts: tuple[str, ...]) -> str:
    """Say what ruff's rules for performance find; whether it is the right idea isn't asked."""
    found = shutil.which("ruff")
    if found is None:
        return "ruff is not installed; tests/corpus/PEERS.md has its figures and perflint's"
    command = [found, "check", "--isolated", "--no-cache", "--preview", "--output-format", "json"]
    options = ["--select", "PERF,FURB,PD", "--target-version", "py311", str(corpus)]
    run = subprocess.run([*command, *options], stdout=subprocess.PIPE, check=False)
    rows: dict[str, list[int]] = {}
    for message in json.loads(run.stdout):
        rows.setdefault(message["filename"], []).append(message["location"]["row"])
    counts: Counter[str] = Counter()
    for case in cases(corpus):
        if part_of(corpus, Path(case["file"]).name) not in parts:
            continue
        lines = rows.get(str(corpus / case["file"]), [])
        places = [case["line"], *case.get("also_lines", [])]
        counts[case["kind"]] += 1
        if case["kind"] == "hot":
            counts["named"] += any(a <= line <= b for line in lines for a, b in places)
        else:
            counts["flagged"] += bool(lines)
    return (
        f"ruff PERF,FURB,PD: a message on the right lines of {counts['named']} of "
        f"{counts['hot']} hot scripts, {counts['flagged']} of {counts['innocent']} look-alikes "
        "flagged (perflint: tests/corpus/PEERS.md)"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=FIRST, help="another folder like it")
    parser.add_argument("--half", choices=("development", "held-out", "all"), default="all")
    parser.add_argument("--quiet", action="store_true", help="only the sums")
    parser.add_argument("names", nargs="*", help="only scripts with these in their names")
    arguments = parser.parse_args()
    corpus: Path = arguments.corpus.resolve()
    if corpus != FIRST:
        parts: tuple[str, ...] = ("whole",)
    elif arguments.half == "all":
        parts = ("development", "held-out")
    else:
        parts = (arguments.half,)
    right: Counter[tuple[str, str, str]] = Counter()
    total: Counter[tuple[str, str, str]] = Counter()
    for case in cases(corpus):
        script = corpus / case["file"]
        part = part_of(corpus, script.name)
        if part not in parts:
            continue
        if arguments.names and not any(name in case["file"] for name in arguments.names):
            continue
        advice = _advice.advise(
            str(script),
            sampled(script),
            functools.partial(observed, script),
            memory=_size(case["memory"]) if "memory" in case else None,
        )
        good, said = judge(case, advice)
        for each in advice:
            ast.parse(each.after)  # a snippet that is no Python is a fault of ours
        key = (part, case["kind"], case["technique"])
        right[key] += good
        total[key] += 1
        if not good or not arguments.quiet:
            print(
                f"{'' if good else 'WRONG '}{case['file']} {case['technique']}: {said}", flush=True
            )
    print()
    for kind, word in (("hot", "named"), ("innocent", "left alone")):
        for part in parts:
            of = sum(count for key, count in total.items() if key[:2] == (part, kind))
            ok = sum(count for key, count in right.items() if key[:2] == (part, kind))
            if of:
                print(f"{part}: {kind} {word} {ok} of {of} ({ok / of:.1%})")
    for technique in dict.fromkeys(key[2] for key in total):
        cells = []
        for part in parts:
            for kind in ("hot", "innocent"):
                key = (part, kind, technique)
                cells.append(f"{part} {kind} {right[key]}/{total[key]}")
        print(f"  {technique:18} {', '.join(cells)}")
    print(linted(corpus, parts))


if __name__ == "__main__":
    main()
