"""Native pipelines make no Python object per element; what a bag shows of itself."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import manycore as mc

VOCABULARY = [f"Word{number}é" for number in range(200)] + ["a-word-of-more-than-sixteen-bytes"]

Pipeline = Callable[[mc.Bag], Any]

NATIVE: dict[str, Pipeline] = {
    "lower split flatten frequencies": lambda lines: (
        lines.str.lower().str.split().flatten().frequencies().compute()
    ),
    "split flatten count": lambda lines: lines.str.split().flatten().count().compute(),
    "split flatten distinct": lambda lines: lines.str.split().flatten().distinct().compute(),
    "split flatten upper max": lambda lines: (
        lines.str.split().flatten().str.upper().max().compute()
    ),
    "split flatten len sum": lambda lines: lines.str.split().flatten().str.len().sum().compute(),
    "split flatten topk": lambda lines: lines.str.split().flatten().topk(5).compute(),
    "split at a separator": lambda lines: (
        lines.str.split(" ", 3).flatten().str.strip("a\n").frequencies(sort=True).take(3)
    ),
    "replace contains mean": lambda lines: (
        lines.str.replace("W", "V").str.contains("Vord1").mean().compute()
    ),
    "startswith max": lambda lines: lines.str.strip().str.startswith("Word").max().compute(),
}

# Each makes a list of what a block holds, or more.
PYTHON: dict[str, Pipeline] = {
    "map": lambda lines: lines.str.split().flatten().map(str.lower).count().compute(),
    "another method of str": lambda lines: lines.str.split().flatten().str.title().max().compute(),
    "fold": lambda lines: lines.str.split().flatten().fold(max).compute(),
}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A text and one of 100 times its words, which are the same ones."""
    parent = tmp_path_factory.mktemp("texts")
    text = " ".join(VOCABULARY) + "\n"
    (parent / "short").write_text(text * 4, encoding="utf-8")
    (parent / "long").write_text(text * 400, encoding="utf-8")
    return parent / "short", parent / "long"


def peak(pipeline: Pipeline, path: Path) -> int:
    """Give the most memory that Python's objects took at one time."""
    lines = mc.bag.read_text(path, blocksize="1MB")
    pipeline(lines)
    tracemalloc.start()
    try:
        pipeline(lines)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", NATIVE)
def test_a_native_pipeline_makes_no_object_per_word(
    name: str, texts: tuple[Path, Path], lane: tuple[str, int]
) -> None:
    short, long = texts
    assert peak(NATIVE[name], long) < peak(NATIVE[name], short) + 20_000


@pytest.mark.parametrize("name", PYTHON)
def test_a_python_step_makes_objects_and_the_measure_sees_them(
    name: str, texts: tuple[Path, Path], lane: tuple[str, int]
) -> None:
    short, long = texts
    assert peak(PYTHON[name], long) > peak(PYTHON[name], short) + 200_000


def rows(bag: mc.Bag) -> dict[str, str]:
    """Give the rows that a notebook shows of a bag, as they stand in the HTML."""
    return dict(re.findall(r"<th[^>]*>([^<]*)</th>\s*<td[^>]*>([^<]*)</td>", bag._repr_html_()))


def elements(bag: mc.Bag) -> str:
    """Give the type that a bag says its elements are of."""
    return rows(bag)["elements"]


def test_a_bag_knows_its_elements_type_before_anything_runs() -> None:
    bag = mc.bag.from_sequence(["a b"])
    assert elements(bag) == "str"
    assert elements(bag.str.split()) == elements(bag.str.split(",", 2)) == "list[str]"
    assert elements(bag.str.split().flatten().str.upper()) == "str"
    assert elements(bag.str.len()) == "int"
    assert elements(bag.str.contains("a")) == elements(bag.str.endswith("b")) == "bool"
    assert elements(bag.frequencies()) == "tuple[str, int]"
    assert elements(bag.filter(bool).distinct()) == elements(bag.topk(1)) == "str"
    assert elements(bag.str.len().topk(1)) == "int"
    for made in (bag.map(str), bag.str.title(), bag.str.startswith(("a", "b")), bag.flatten()):
        assert elements(made) == "object"
    assert elements(mc.bag.from_sequence(["a", 1])) == "object"


def test_a_repr_shows_the_pipeline() -> None:
    def function(element: str) -> str:
        return element

    bag = mc.bag.from_sequence(["a b"] * 3)
    words = bag.str.lower().str.split().flatten()
    assert repr(words) == ("Bag(from_sequence -> str.lower -> str.split -> flatten, npartitions=3)")
    assert repr(words.frequencies(sort=True).pluck(1)) == (
        "Bag(from_sequence -> str.lower -> str.split -> flatten -> frequencies -> pluck(1), "
        "npartitions=1)"
    )
    assert repr(words.str.zfill(3).map(function).remove(len).persist().sum()) == (
        "Item(persist -> sum)"
    )
    assert repr(mc.bag.range(4, 2).map(function).filter(bool).fold(max)) == (
        "Item(from_delayed -> map(function) -> filter(bool) -> fold)"
    )


def test_a_notebook_shows_source_elements_and_pipeline(tmp_path: Path) -> None:
    (tmp_path / "a&b.txt").write_text("x" * 1_500, encoding="utf-8")
    (tmp_path / "c.txt").write_text("y" * 500, encoding="utf-8")
    words = mc.bag.read_text(tmp_path / "a&b.txt").str.split().flatten()
    assert rows(words) == {
        "source": f"{tmp_path}/a&amp;b.txt",
        "elements": "str",
        "partitions": "1",
        "input": "1 file, 1.5 kB",
        "pipeline": "read_text → str.split → flatten",
    }
    assert rows(mc.bag.read_text(tmp_path).map(lambda line: line)) == {
        "source": f"{tmp_path}/a&amp;b.txt … {tmp_path}/c.txt",
        "elements": "object",
        "partitions": "2",
        "input": "2 files, 2 kB",
        "pipeline": "read_text → map(&lt;lambda&gt;)",
    }
    assert rows(mc.bag.range(3_000, npartitions=3_000).str.len()) == {
        "source": "from_delayed",
        "elements": "object",
        "partitions": "3,000",
        "pipeline": "from_delayed → map(len)",
    }
