"""How much memory a process needs: the peak of its resident set, in child processes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from children import output

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

MB = 1_000_000
ALLOWED = 30 * MB

# What a computation needs beyond what stands after the import; the peak is reset before it.
MEASURE = """
import json, sys
import manycore as mc

def status(name):
    with open("/proc/self/status") as file:
        [line] = [line for line in file if line.startswith(name)]
    return int(line.split()[1]) * 1024

path, workers = sys.argv[1], int(sys.argv[2])
mc.config(workers=workers)
before = status("VmRSS:")
result = {expression}
print(json.dumps([result, status("VmHWM:") - before]))
"""


def measure(expression: str, path: Path, workers: int) -> tuple[object, int]:
    result, needed = json.loads(output(MEASURE.replace("{expression}", expression), path, workers))
    return result, needed


def write(path: Path, megabytes: int, distinct: int = 1000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    words = [f"word{number}" for number in range(distinct)]
    lines = [" ".join(words[start : start + 10]) + "\n" for start in range(0, distinct, 10)]
    block = "".join(lines)
    path.write_text(block * (megabytes * MB // len(block)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("large") / "large.txt", 80)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("folder")
    for number in range(40):
        write(folder / f"{number}.txt", 2, distinct=5000)
    return folder


def test_what_is_held_is_seen(large: Path) -> None:
    _, needed = measure("len(mc.bag.read_text(path).compute())", large, 1)
    assert needed > 80 * MB, "or the other tests can't fail"


EXPRESSIONS = {
    "count": "mc.bag.read_text(path).str.split().flatten().count().compute()",
    "lines": "mc.bag.read_text(path).count().compute()",
    "frequencies": "len(mc.bag.read_text(path).str.split().flatten().frequencies().compute())",
    "length": "mc.bag.read_text(path).str.lower().str.len().sum().compute()",
    "filter": "mc.bag.read_text(path).str.strip().filter(bool).count().compute()",
    "take": "len(mc.bag.read_text(path).str.split().flatten().take(5))",
}


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_a_folder_is_read_in_little_memory(folder: Path, name: str, workers: int) -> None:
    _, needed = measure(EXPRESSIONS[name], folder, workers)
    assert needed < ALLOWED, f"{needed / MB:.0f} MB"


@pytest.mark.parametrize("name", ["count", "lines", "frequencies", "length", "filter"])
def test_a_large_file_is_streamed(large: Path, name: str) -> None:
    whole = EXPRESSIONS[name].replace("(path)", "(path, blocksize=None)")
    _, needed = measure(whole, large, 1)
    assert needed < ALLOWED, f"{needed / MB:.0f} MB"


@pytest.mark.parametrize("step", ["map(len).sum()", "filter(bool).count()", "fold(lambda a, b: a)"])
def test_python_functions_need_no_more_for_a_larger_file(large: Path, step: str) -> None:
    expression = f"mc.bag.read_text(path, blocksize=None).str.strip().{step}.compute()"
    _, needed = measure(expression, large, 1)
    _, little = measure(expression, write(large.parent / "small.txt", 20), 1)
    assert needed < little + 20 * MB, f"{needed / MB:.0f} MB, {little / MB:.0f} MB for a quarter"


def test_a_compressed_file_is_streamed(large: Path) -> None:
    expression = """[
        mc.bag.read_text(path).to_textfiles([path + ".zst", path + ".2.zst"]) and 0,
        mc.bag.read_text(path + ".zst").str.split().flatten().count().compute(),
    ][1]"""
    words, needed = measure(expression, large, 1)
    assert isinstance(words, int)
    assert words > 1_000_000
    assert needed < ALLOWED, f"{needed / MB:.0f} MB"


def test_memory_comes_back_after_a_run(folder: Path) -> None:
    expression = """[
        [mc.bag.read_text(path).str.split().flatten().frequencies().compute() for _ in range(5)],
        status("VmRSS:") - before,
    ][1]"""
    left, _ = measure(expression, folder, 2)
    assert isinstance(left, int)
    assert left < ALLOWED, f"{left / MB:.0f} MB"
