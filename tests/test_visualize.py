"""`mc.visualize`: what is drawn, that nothing overlaps, and what is refused."""

from __future__ import annotations

import itertools
import re
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import manycore as mc
from manycore._layout import Layout

SVG = "{http://www.w3.org/2000/svg}"


@mc.delayed
def load(path: str) -> list[int]:
    return [len(path)]


@mc.delayed
def step(*values: Any) -> Any:
    return values


def texts(picture: Any) -> list[str]:
    root = ElementTree.fromstring(picture.svg)
    return sorted(text.text or "" for text in root.iter(f"{SVG}text"))


def test_a_picture_shows_calls_values_and_results(tmp_path: Path) -> None:
    x = load("a<b")
    total = (x[0] + mc.delayed(5)).real.conjugate() @ mc.delayed(np.zeros((3, 4)))
    picture = mc.visualize(total, {"in": [x]}, filename=tmp_path / "graph.svg")
    assert (tmp_path / "graph.svg").read_text(encoding="utf-8") == picture.svg
    assert picture._repr_svg_() == picture.svg
    assert texts(picture) == sorted(
        ["load", "[0]", "+", "5", ".real", ".conjugate()", "@", "ndarray (3, 4)"]
    )
    root = ElementTree.fromstring(picture.svg)
    boxes = [box for box in root.iter(f"{SVG}rect") if box.get("stroke-width")]
    assert [box.get("rx") for box in boxes].count("0") == 2
    assert [box.get("stroke-width") for box in boxes].count("2.5") == 2
    assert len(list(root.iter(f"{SVG}path"))) == 7
    assert repr(picture) == "<Picture: 8 nodes, edges: 7>"


def test_titles_are_keys_and_everything_is_escaped() -> None:
    x = load("p", dask_key_name='<"&>')
    picture = mc.delayed("<tag>").join([x]).visualize(filename=None)
    root = ElementTree.fromstring(picture.svg)
    assert '<"&>' in [title.text for title in root.iter(f"{SVG}title")]
    assert "'<tag>'" in texts(picture)
    assert r'tooltip="<\"&>"' in picture.dot


def test_graphviz_gets_the_same_graph(tmp_path: Path) -> None:
    picture = step(load("a"), load("b")).visualize(tmp_path / "graph.DOT")
    text = (tmp_path / "graph.DOT").read_text(encoding="utf-8")
    assert text == picture.dot
    labels = dict(re.findall(r'^(n\d+) \[label="(\w+)"', text, re.MULTILINE))
    edges = {(labels[a], labels[b]) for a, b in re.findall(r"^(n\d+) -> (n\d+)$", text, re.M)}
    assert sorted(labels.values()) == ["load", "load", "step"]
    assert edges == {("load", "step")}


def test_bags_are_drawn_as_their_steps() -> None:
    bag = mc.bag.from_sequence(["a b"]).str.split().flatten()
    picture = mc.visualize(bag.count(), load("a"), filename=None)
    assert texts(picture) == sorted(["from_sequence", "str.split", "flatten", "count", "load"])


def test_a_large_graph_is_drawn_by_function_and_layer() -> None:
    row = [load(str(n)) for n in range(60)]
    for _ in range(50):
        row = [step(*row[max(n - 1, 0) : n + 2]) for n in range(60)]
    start = time.monotonic()
    picture = mc.visualize(row, filename=None)
    assert time.monotonic() - start < 5
    assert texts(picture) == sorted(["load × 60", *["step × 60"] * 50])
    deep = load("a")
    for n in range(2500):
        deep = mc.delayed(lambda x: x)(deep, dask_key_name=f"{n}")
    with pytest.raises(ValueError, match=r"2,501 nodes, of 2,501 functions and layers, are too"):
        deep.visualize(filename=None)


def test_what_cannot_be_drawn_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"must end in \.svg or \.dot, not '.*graph\.png'"):
        load("a").visualize(tmp_path / "graph.png")
    with pytest.raises(ValueError, match="nothing lazy to draw"):
        mc.visualize([1, 2], filename=None)
    assert list(tmp_path.iterdir()) == []


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[float], list[tuple[int, int]]]:
    widths = draw(st.lists(st.floats(20, 200), min_size=1, max_size=30))
    pairs = list(itertools.combinations(range(len(widths)), 2))
    edges = draw(st.lists(st.sampled_from(pairs), max_size=60, unique=True)) if pairs else []
    return widths, edges


@given(graph=graphs())
def test_nothing_overlaps_and_every_edge_goes_down(
    graph: tuple[list[float], list[tuple[int, int]]],
) -> None:
    widths, edges = graph
    layout = Layout(widths, edges)
    assert len(layout.x) == len(layout.layer) == len(widths)
    for a, b in itertools.combinations(range(len(widths)), 2):
        if layout.layer[a] == layout.layer[b]:
            assert abs(layout.x[a] - layout.x[b]) >= (widths[a] + widths[b]) / 2
    for node, width in enumerate(widths):
        assert width / 2 - 1e-6 <= layout.x[node] <= layout.width - width / 2 + 1e-6
    for (source, target), route in zip(edges, layout.routes, strict=True):
        assert route[0] == (layout.x[source], layout.layer[source])
        assert route[-1] == (layout.x[target], layout.layer[target])
        layers = [layer for _, layer in route]
        assert layers == list(range(layers[0], layers[-1] + 1))
        assert len(layers) > 1
