"""Reports are pages that need nothing else, and say what was measured."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from manycore import _charts, _core, _report
from manycore._advice.rewrite import Proof

VOID = {"meta", "br"}


class Balance(HTMLParser):
    """Notes tags that are not closed by their own name, and what a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag]
        self.open.pop()


def check_page(text: str) -> None:
    """Fail unless the page is whole and loads nothing."""
    reader = Balance()
    reader.feed(text)
    assert reader.open == []
    assert reader.loads == []
    addresses = set(re.findall(r"https?://[^\"')\s]+", text))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in text
    assert "url(" not in text
    assert "prefers-color-scheme:dark" in text
    assert "width=device-width" in text


@pytest.fixture
def profile(tmp_path: Path) -> SimpleNamespace:
    """A profile of a script with one hot line."""
    script = tmp_path / "script.py"
    script.write_text(
        "def hot(n):\n    return sum(a < n for a in range(n))\n\n\nhot(9)\n" + "\n" * 40
    )
    file = str(script)
    common = {"file": file, "python": 0.8, "native": 0.1, "gil_wait": 0.1, "memory_bytes": None}
    lines = [
        SimpleNamespace(line=2, function="hot", seconds=0.9, share=0.9, own_share=0.9, **common),
        SimpleNamespace(
            line=5, function="<module>", seconds=1.0, share=1.0, own_share=0.1, **common
        ),
    ]
    thread = SimpleNamespace(
        name="MainThread", seconds=1.0, python=0.8, native=0.1, gil_wait=0.1, idle=0.0
    )
    stacks = [([(file, "<module>", 5), (file, "hot", 2)], 0.9), ([(file, "<module>", 5)], 0.1)]
    return SimpleNamespace(
        seconds=1.0,
        cpu_seconds=0.9,
        samples=100,
        hz=100.0,
        dropped=3,
        lines=lambda: lines,
        functions=lambda: lines,
        threads=lambda: [thread],
        stacks=lambda: stacks,
    )


def test_profile_page(profile: SimpleNamespace) -> None:
    text = _report.profile_page(profile, "script.py <1>")
    check_page(text)
    assert "script.py &lt;1&gt;" in text
    assert "100 samples at 100 Hz, 3 dropped" in text
    assert "sum(a &lt; n for a in range(n))" in text
    assert re.search(r"<i>2</i><i> 90\.0%</i>", text)
    assert "hot (script.py:2): 90.0 % (0.9)" in text
    assert "MainThread" in text


def test_profile_without_samples(profile: SimpleNamespace) -> None:
    profile.stacks = profile.lines = profile.functions = list
    text = _report.profile_page(profile)
    check_page(text)
    assert "There are no samples." in text


def test_heat_leaves_out_what_is_cold_and_what_is_gone(profile: SimpleNamespace) -> None:
    lines = profile.lines()
    text = _report.heat(lines)
    assert "<i>8</i>" in text
    assert "<i>9</i>" not in text
    lines[0].file = lines[1].file = "/nowhere/gone.py"
    assert _report.heat(lines) == ""


def test_advice_page(profile: SimpleNamespace) -> None:
    proof = Proof(speedup=8.1, low=7.5, high=8.8, equal=True, verdict="proved")
    advice = SimpleNamespace(
        file="script.py",
        line=2,
        title="Look up in a set",
        evidence=("x in names: a list of 20,000",),
        before="if x in names:",
        after="if x in wanted:  # a < b",
        share=0.75,
        needs="hashable items",
        proof=proof,
    )
    text = _report.advice_page([advice], profile)
    check_page(text)
    assert "75.0% of the time, at most 4 times as fast" in text
    assert "proved, 8.1 times as fast (7.5 to 8.8) with equal results" in text
    assert "# a &lt; b" in text
    check_page(_report.advice_page([]))


def test_scaling_page() -> None:
    pictures = [
        _charts.speedup([1, 2], [1, 1.8], at=[1, 2, 4], fitted=[1, 1.8, 3], law="Amdahl"),
        _charts.sizes(
            [10, 100], [0.1, 1.2], at=[10, 1000], fitted=[0.1, 13], low=[0.1, 11], high=[0.1, 15]
        ),
        _charts.roofline(["a"], [0.5], [1e9], bandwidth=1e10, peak=5e10, cache=1e11),
        _charts.cost(["t3.large", "c7i.large"], [100, 50], [0.1, 0.2], chosen="t3.large"),
        _charts.latency([("p50", [10, 20], [0.001, 0.002])], limit=0.05),
    ]
    for picture in pictures:
        ElementTree.fromstring(picture)
    text = _report.scaling_page(
        "work", ["On 32 cores 11.2 times"], pictures, ["cores", "s"], [("1", "2.0")], "quiet"
    )
    check_page(text)
    assert text.count("<svg") == len(pictures)


def test_flame_is_a_file_of_its_own() -> None:
    picture = _report.flame([([("a.py", "f; rm\n", 1)], 1.0)], "<t>")
    ElementTree.fromstring(picture)
    assert "f, rm  (a.py:1): 100.0 % (1)" in picture


def test_cost_names_only_what_nothing_beats() -> None:
    picture = _charts.cost(["slow.dear", "fast.cheap"], [100, 50], [2, 1])
    assert "fast.cheap" in picture
    assert "slow.dear" not in picture


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: _charts.speedup([], []), "at least one point"),
        (lambda: _charts.speedup([1, 2], [1]), "2 values of x and 1"),
        (lambda: _charts.sizes([1, 0], [1, 1]), "'measured' has the value 0"),
        (lambda: _charts.cost(["a"], [1, 2], [1]), "as many of each, not 1, 2 and 1"),
        (
            lambda: _charts.roofline(["a"], [1], [1], bandwidth=0, peak=1, cache=1),
            "must be above 0, not 0",
        ),
        (lambda: _report.flame([]), "no samples"),
        (lambda: _core.flame("a;b", ""), "line 1 of the stacks"),
        (
            lambda: _core.chart(
                [("dots", "", "measured", [1], [1], None)],
                "",
                ("", False, False),
                ("", False, False),
                (9, 9),
            ),
            'not "dots"',
        ),
    ],
)
def test_what_can_not_be_drawn_says_why(call: object, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        call()  # type: ignore[operator]
