"""Proofs that run the script as a whole: its output, exit code and files are compared."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest

import manycore as mc
from manycore import cli
from manycore._advice.prove import first_proved, prove
from manycore._advice.rewrite import Proof, Rewrite

DESK = """
    # A desk with a queue.
    import {imported}

    class Desk:
        def __init__(self, people):
            self.waiting = list(people)

        def next(self):
            return self.waiting.pop(0)

    desk = Desk(range(60_000))
    total = 0
    while desk.waiting:
        total = (total * 7 + desk.next()) % 1_000_003
    {effect}
    print(total)
"""
BETTER = """
    class Desk:
        def __init__(self, people):
            self.waiting = deque(people)

        def next(self):
            {change}return self.waiting.popleft()
"""


def tried(
    folder: Path, *, effect: str = "pass", change: str = "", timeout: float = 30.0
) -> tuple[Proof, str]:
    script = folder / "desk.py"
    script.write_text(textwrap.dedent(DESK).format(imported="random, time, sys", effect=effect))
    lines = script.read_text().splitlines(keepends=True)
    old, new = "".join(lines[4:10]), textwrap.dedent(BETTER[1:]).format(change=change)
    rewrite = Rewrite("", 5, 10, old, new, ("from collections import deque",), whole=True)
    [proof] = prove([("deque", rewrite)], str(script), timeout=timeout, budget=0.5)
    return proof, rewrite.applied(script.read_text())


def test_a_class_is_proved_by_what_the_script_prints(tmp_path: Path) -> None:
    proof, new = tried(tmp_path)
    assert proof.stands, proof.reason
    assert proof.whole
    assert proof.low > 1.1
    assert proof.repeats >= 3
    assert "x of the whole script measured" in str(proof)
    assert "same output" in str(proof)
    assert new.startswith("from collections import deque\n\n# A desk")
    assert [each.name for each in tmp_path.iterdir()] == ["desk.py"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("self.waiting.rotate(1); ", "another result: with new code, the script prints something"),
        ("self.tired(); ", "another result: with new code, the script ends with another exit"),
        ("open('new.txt', 'w').close(); ", "the script writes other files"),
        ("sum(range(900)); ", "not faster: "),
        ("time.sleep(60); ", "timeout: the new code ran for more than 5 s"),
    ],
)
def test_a_wrong_class_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    proof, _ = tried(tmp_path, change=change, timeout=5.0)
    assert not proof.stands
    assert reason in proof.reason


@pytest.mark.parametrize(
    ("effect", "reason"),
    [
        ("print(time.perf_counter_ns())", "not repeatable: run again, the script prints something"),
        ("open('log.txt', 'a').write('x')", "not repeatable: run again, the script writes other"),
        ("sys.exit(time.perf_counter_ns() % 10**9 % 251)", "not repeatable: run again, the script"),
    ],
)
def test_a_script_that_does_not_repeat_itself_proves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, effect: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    proof, _ = tried(tmp_path, effect=effect)
    assert not proof.stands
    assert reason in proof.reason


def test_files_that_are_written_alike_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    proof, _ = tried(tmp_path, effect="open('total.txt', 'w').write(str(total))")
    assert proof.stands, proof.reason


def test_what_does_not_stand_has_others_tried_for_it(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "def total(xs):\n    return sum([x for x in xs if x not in xs[:0]] * 40)\n"
        "print(total(list(range(9_000))))\n"
    )
    wrong, right = (
        Rewrite("total", 1, 2, script.read_text().partition("print")[0], new)
        for new in ("def total(xs):\n    return 1\n", "def total(xs):\n    return sum(xs) * 40\n")
    )
    tasks = [("counter", [wrong, right]), ("counter", [wrong]), ("memory", [])]
    found = first_proved(tasks, str(script), budget=0.3)
    assert [each for each, _ in found] == [right, wrong, None]
    assert [proof.stands for _, proof in found] == [True, False, False]
    assert found[1][1].reason.startswith("another result")
    assert "what it saves is memory" in found[2][1].reason


def test_the_advisor_proves_a_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "desk.py"
    script.write_text(textwrap.dedent(DESK).format(imported="random, time", effect="pass"))
    [advice] = mc.advise(script, prove=True)
    assert (advice.technique, advice.line) == ("deque", 10)
    assert advice.proof is not None
    assert advice.proof.whole
    assert advice.rewrite is not None
    assert "self.waiting = deque(list(people))" in advice.rewrite.new
    assert cli.main(["advise", "--prove", "--json", str(script)]) == 0
    [told] = json.loads(capsys.readouterr().out)["advice"]
    assert told["proof"]["whole"] is True
