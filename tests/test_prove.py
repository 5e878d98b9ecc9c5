"""`prove`: wrong, impure and slow rewrites are refused; honest ones are kept and measured."""

from __future__ import annotations

import ast
import os
import subprocess
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from manycore._advice._equal import difference
from manycore._advice._script import first_line
from manycore._advice.prove import prove
from manycore._advice.rewrite import Proof, Rewrite

pytest.importorskip("cloudpickle")


def lines_of(script: str, unit: str, old: str) -> tuple[int, int]:
    tree = ast.parse(script)
    if unit:
        name = unit.rpartition(".")[2]
        [node] = [each for each in ast.walk(tree) if getattr(each, "name", "") == name]
        assert isinstance(node, ast.FunctionDef)
        return first_line(node), node.end_lineno or 0
    first = script[: script.index(old.splitlines()[0])].count("\n") + 1
    return first, first + len(old.splitlines()) - 1


def tried(
    folder: Path,
    script: str,
    unit: str,
    new: str,
    *,
    technique: str = "membership-set",
    old: str = "",
    imports: tuple[str, ...] = (),
    patience: float = 10.0,
    timeout: float = 30.0,
) -> Proof:
    """Prove one rewrite of a script."""
    script, new, old = map(textwrap.dedent, (script, new, old))
    path = folder / "script.py"
    path.write_text(script, encoding="utf-8")
    first, last = lines_of(script, unit, old)
    before = textwrap.dedent("\n".join(script.splitlines()[first - 1 : last])) + "\n"
    rewrite = Rewrite(unit, first, last, before, new, imports)
    [proof] = prove(
        [(technique, rewrite)],
        str(path),
        timeout=timeout,
        budget=1.0,
        patience=patience,
    )
    return proof


KEEP = """
    import random

    calls = 0

    def keep(panel, unwanted):
        {effect}
        return [gene for gene in panel if gene not in unwanted]

    panel = list(range(4000))
    print(len(keep(panel, panel[::3])))
"""
BETTER = """
    def keep(panel, unwanted):
        {effect}
        unwanted = set(unwanted)
        return [gene for gene in panel if gene not in unwanted]
"""


def test_an_honest_rewrite_is_kept_with_its_speedup(tmp_path: Path) -> None:
    proof = tried(tmp_path, KEEP.format(effect="pass"), "keep", BETTER.format(effect="pass"))
    assert proof.stands, proof
    assert proof.equal
    assert proof.low > 1.1
    assert proof.low <= proof.speedup <= proof.high
    assert proof.old_seconds > proof.new_seconds > 0
    assert proof.tolerance == "exact"
    assert proof.verdict == "quiet" or proof.verdict.startswith("not certain: ")


@pytest.mark.parametrize(
    ("effect", "reason"),
    [
        ("global calls; calls += 1", "global calls is 1, not 0"),
        ("print('keep')", "prints"),
        ("open('log.txt', 'a').write('kept')", "writes the file 'log.txt'"),
        ("panel.append(1)", "changes its arguments: argument 1 has 4,001 items"),
        ("random.random()", "random numbers"),
        ("__import__('os').mkdir('folder')", "changes files"),
        ("__import__('os').environ['KEEP'] = '1'", "changes the environment"),
        ("__import__('subprocess').run(['true'])", "starts a program"),
        ("keep.calls = getattr(keep, 'calls', 0) + 1; panel = [*panel, keep.calls]", "repeat"),
        ("panel = [*panel, random.Random().random()]", "not repeatable"),
    ],
    ids=lambda value: value[:24],
)
def test_an_impure_function_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, effect: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    script, new = (text.format(effect=effect) for text in (KEEP, BETTER))
    proof = tried(tmp_path, script, "keep", new)
    assert not proof.stands
    assert reason in proof.reason


def test_new_code_must_be_pure_too(tmp_path: Path) -> None:
    new = BETTER.format(effect="global calls; calls += 1")
    proof = tried(tmp_path, KEEP.format(effect="pass"), "keep", new)
    assert proof.reason == "impure: the new code changes the global calls is 1, not 0"


ARRAYS = """
    import numpy as np

    def total(values):
        found = []
        for value in values:
            if not value < 0:
                found.append(float(value) * 2)
        return {result}

    values = np.linspace(-1, 5, 40_000)
    values[77] = np.nan
    print(total(values))
"""


@pytest.mark.parametrize(
    ("result", "wrong", "reason"),
    [
        ("np.array(found)", "(values[~(values < 0)] * 2)[1:]", "has the shape"),
        ("np.array(found)", "values[values >= 0] * 2", "has the shape"),  # NaN is dropped
        ("np.array(found)", "np.nan_to_num(values[~(values < 0)] * 2)", "nan"),
        ("np.array(found)", "values[~(values < 0)][::-1] * 2", "[0] is"),
        ("np.array(found)", "(values[~(values < 0)] * 2).astype('f4')", "dtype float32"),
        ("np.array(found)", "(values[~(values < 0)] * 2).tolist()", "is a list"),
        ("len(found)", "int((~(values < 0)).sum()) + 1", "not 33"),
        ("sorted(found)[:9]", "values[~(values < 0)][:9].tolist()", "[1] is"),
    ],
)
def test_a_wrong_rewrite_is_refused(tmp_path: Path, result: str, wrong: str, reason: str) -> None:
    new = f"""
        def total(values):
            return {wrong}
    """
    proof = tried(tmp_path, ARRAYS.format(result=result), "total", new, technique="jit")
    assert not proof.stands
    assert not proof.equal
    assert reason in proof.reason, proof


def test_an_order_that_counts_is_compared(tmp_path: Path) -> None:
    script = """
        def count(words):
            counts = {}
            for word in words:
                counts[word] = counts.get(word, 0) + 1
            return counts

        print(count([str(n % 70) for n in range(9000)]))
    """
    new = """
        def count(words):
            return {word: words.count(word) for word in sorted(set(words))}
    """
    proof = tried(tmp_path, script, "count", new, technique="counter")
    assert "its keys in another order" in proof.reason
    better = """
        def count(words):
            return Counter(words)
    """
    imports = ("from collections import Counter",)
    assert tried(tmp_path, script, "count", better, technique="counter", imports=imports).stands


def test_a_slower_rewrite_is_refused(tmp_path: Path) -> None:
    new = """
        def keep(panel, unwanted):
            unwanted = list(unwanted)
            return [gene for gene in panel if unwanted.count(gene) == 0]
    """
    proof = tried(tmp_path, KEEP.format(effect="pass"), "keep", new)
    assert proof.equal
    assert not proof.stands
    assert proof.reason.startswith("not faster: ")


def test_a_rewrite_that_hangs_ends_in_time_and_leaves_nothing(tmp_path: Path) -> None:
    new = """
        import os

        def keep(panel, unwanted):
            while True:
                pass
    """
    before = processes()
    start = time.monotonic()
    proof = tried(tmp_path, KEEP.format(effect="pass"), "keep", new, patience=1.0)
    assert proof.reason == "timeout: the new code ran for more than 1 s"
    assert time.monotonic() - start < 20
    assert processes() <= before


def test_a_script_that_hangs_ends_in_time(tmp_path: Path) -> None:
    script = KEEP.format(effect="pass") + "\n    while True: pass\n"
    proof = tried(tmp_path, script, "keep", BETTER.format(effect="pass"), timeout=2.0)
    assert proof.reason == "timeout: the script ran for more than 2 s"


def processes() -> set[str]:
    """Return the process numbers of our descendants' kind: this interpreter's."""
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True)
    own = str(os.getpid())
    return {
        line.split()[0]
        for line in listed.stdout.splitlines()
        if "manycore._advice._child" in line and line.split()[0] != own
    }


def test_a_block_of_statements_is_proved_by_the_names_that_are_read_later(tmp_path: Path) -> None:
    script = """
        words = [str(n % 70) for n in range(60_000)]

        if __name__ == "__main__":
            counts = {}
            for word in words:
                if word in counts:
                    counts[word] += 1
                else:
                    counts[word] = 1
            print(counts)
    """
    old = """\
        counts = {}
            for word in words:
                if word in counts:
                    counts[word] += 1
                else:
                    counts[word] = 1
    """
    imports = ("import collections",)
    path = {"technique": "counter", "old": old, "imports": imports}
    kept = tried(tmp_path, script, "", "counts = collections.Counter(words)", **path)  # type: ignore[arg-type]
    assert kept.stands, kept
    wrong = tried(tmp_path, script, "", "counts = collections.Counter(words[:-1])", **path)  # type: ignore[arg-type]
    assert wrong.reason == "another result: the new code's counts['9'] is 857, not 858"


def test_a_method_is_proved_with_what_it_changes_of_its_object(tmp_path: Path) -> None:
    script = """
        class Crawler:
            def __init__(self):
                self.visited = []

            def crawl(self, pages):
                for page in pages:
                    if page not in self.visited:
                        self.visited.append(page)
                return len(self.visited)

        print(Crawler().crawl([n * 7 % 3001 for n in range(5000)]))
    """
    new = """
        def crawl(self, pages):
            seen = set(self.visited)
            for page in pages:
                if page not in seen:
                    seen.add(page)
                    self.visited.append(page)
            return len(self.visited)
    """
    kept = tried(tmp_path, script, "Crawler.crawl", new)
    assert kept.stands, kept
    wrong = tried(tmp_path, script, "Crawler.crawl", new.replace("append(page)", "append(-page)"))
    assert "argument 1 after call 0" in wrong.reason


def test_an_iterator_is_given_twice(tmp_path: Path) -> None:
    script = """
        def join(parts):
            text = b""
            for part in parts:
                text = text + part
            return text

        print(len(join(bytes([n % 251]) * 300 for n in range(3000))))
    """
    new = """
        def join(parts):
            return b"".join(parts)
    """
    proof = tried(tmp_path, script, "join", new, technique="list-append")
    assert proof.stands, proof


def test_what_cannot_be_copied_is_told(tmp_path: Path) -> None:
    script = """
        def wait(file, items):
            return [item for item in items if item in items]

        wait(open(__file__), [1, 2])
    """
    proof = tried(tmp_path, script, "wait", "def wait(file, items): return items")
    assert proof.reason.startswith("not captured: its argument 'file' can't be copied: ")


def test_what_is_not_called_or_fails_is_told(tmp_path: Path) -> None:
    script = "def keep(panel, unwanted):\n    return panel\n"
    proof = tried(tmp_path, script, "keep", BETTER.format(effect="pass"))
    assert proof.reason == "not captured: the script doesn't call it"
    new = BETTER.format(effect="raise RuntimeError('no')")
    proof = tried(tmp_path, KEEP.format(effect="pass"), "keep", new)
    assert proof.reason == "the new code raised RuntimeError: no"
    proof = tried(
        tmp_path,
        KEEP.format(effect="pass"),
        "keep",
        BETTER.format(effect="pass"),
        imports=("import no_such_module",),
    )
    assert "No module named 'no_such_module'" in proof.reason


def test_a_name_that_the_script_has_is_not_taken(tmp_path: Path) -> None:
    proof = tried(
        tmp_path,
        KEEP.format(effect="pass"),
        "keep",
        BETTER.format(effect="pass"),
        imports=("from collections import Counter as panel",),
    )
    assert proof.reason == "the script has the name 'panel' for something else"


def test_a_cache_is_proved_over_calls_and_only_for_results_that_can_be_shared(
    tmp_path: Path,
) -> None:
    script = """
        def cost(item):
            return {result}

        print(sum(len(str(cost(n % 20))) for n in range(400)))
    """
    new = """
        @functools.cache
        def cost(item):
            return {result}
    """
    path = {"technique": "cache", "imports": ("import functools",)}
    total = "sum(n % (item + 1) for n in range(2000))"
    kept = tried(
        tmp_path,
        script.format(result=total),
        "cost",
        new.format(result=total),
        **path,  # type: ignore[arg-type]
    )
    assert kept.stands, kept
    assert kept.speedup > 4
    shared = tried(
        tmp_path,
        script.format(result=f"[{total}]"),
        "cost",
        new.format(result=f"[{total}]"),
        **path,  # type: ignore[arg-type]
    )
    assert "its result is a list" in shared.reason


TECHNIQUES = {
    "jit": (
        """
        import numpy as np

        def total(values):
            found = 0.0
            for i in range(len(values)):
                found += values[i] * 0.5
            return found

        total(np.linspace(0, 1, 200_000))
        """,
        """
        @mc.jit
        def total(values):
            found = 0.0
            for i in range(len(values)):
                found += values[i] * 0.5
            return found
        """,
        ("import manycore as mc",),
    ),
    "float32": (
        """
        import numpy as np

        def total(values):
            return np.exp(np.sin(values))

        total(np.linspace(0, 1, 400_000))
        """,
        """
        def total(values):
            values = values.astype(np.float32)
            return np.exp(np.sin(values))
        """,
        (),
    ),
    "threads": (
        """
        import pathlib, tempfile, time

        def read(path):
            time.sleep(0.01)
            return path.read_text()

        def total(paths):
            return [read(path) for path in paths]

        with tempfile.TemporaryDirectory() as name:
            paths = [pathlib.Path(name) / str(n) for n in range(20)]
            for path in paths:
                path.write_text(path.name)
            total(paths)
        """,
        """
        def total(paths):
            with ThreadPoolExecutor(8) as pool:
                return list(pool.map(read, paths))
        """,
        ("from concurrent.futures import ThreadPoolExecutor",),
    ),
    "deque": (
        """
        def total(jobs):
            jobs = list(jobs)
            done = 0
            while jobs:
                done += jobs.pop(0)
            return done

        total(range(40_000))
        """,
        """
        def total(jobs):
            jobs = deque(jobs)
            done = 0
            while jobs:
                done += jobs.popleft()
            return done
        """,
        ("from collections import deque",),
    ),
    "concat": (
        """
        import numpy as np

        def total(steps):
            trace = np.array([])
            for step in range(steps):
                trace = np.append(trace, step / 3)
            return trace

        total(9000)
        """,
        """
        def total(steps):
            parts = []
            for step in range(steps):
                parts.append(step / 3)
            return np.array(parts)
        """,
        (),
    ),
    "chunksize": (
        """
        import multiprocessing

        def parity(number):
            return bin(number).count("1") & 1

        def total(count):
            with multiprocessing.Pool(2) as pool:
                return pool.map(parity, range(count), chunksize=1)

        if __name__ == "__main__":
            total(6000)
        """,
        """
        def total(count):
            with multiprocessing.Pool(2) as pool:
                return pool.map(parity, range(count))
        """,
        (),
    ),
    "array": (
        """
        import numpy as np

        def total(x):
            return np.sqrt(x * x + 1.0) * np.sin(x) + np.cos(x) * x - np.exp(-x * x) + np.tanh(x)

        total(np.linspace(0, 1, 3_000_000))
        """,
        """
        def total(x):
            x = mc.array.asarray(x)
            sines = mc.array.sqrt(x * x + 1.0) * mc.array.sin(x)
            return (sines + mc.array.cos(x) * x - mc.array.exp(-x * x) + mc.array.tanh(x)).compute()
        """,
        ("import manycore as mc",),
    ),
}


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_a_technique_is_proved(tmp_path: Path, technique: str) -> None:
    script, new, imports = TECHNIQUES[technique]
    proof = tried(tmp_path, script, "total", new, technique=technique, imports=imports)
    assert proof.stands, proof


def test_a_pool_is_proved_equal_and_timed(tmp_path: Path) -> None:
    script = """
        def slow(number):
            return sum(number % (n + 1) for n in range(40_000))

        def total(numbers):
            return [slow(number) for number in numbers]

        if __name__ == "__main__":
            total(list(range(60)))
    """
    new = """
        def total(numbers):
            with mc.Pool() as pool:
                return pool.map(slow, numbers)
    """
    proof = tried(
        tmp_path, script, "total", new, technique="pool", imports=("import manycore as mc",)
    )
    assert proof.equal, proof  # whether two cores are free is the machine's affair
    assert proof.repeats > 0


def test_columns_of_a_frame_are_proved(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    script = """
        import pandas as pd

        def bmi(frame):
            frame = frame.copy()
            frame["bmi"] = frame.apply(lambda row: row["weight"] / row["height"] ** 2, axis=1)
            return frame

        bmi(pd.DataFrame({"weight": range(3000), "height": [1.5 + n / 9000 for n in range(3000)]}))
    """
    new = """
        def bmi(frame):
            frame = frame.copy()
            frame["bmi"] = frame["weight"] / frame["height"] ** 2
            return frame
    """
    kept = tried(tmp_path, script, "bmi", new, technique="dataframe-columns")
    assert kept.stands, kept
    wrong = new.replace("** 2", "* 2")
    refused = tried(tmp_path, script, "bmi", wrong, technique="dataframe-columns")
    assert "result 0['bmi'][1] is" in refused.reason


def test_difference_knows_containers_and_tolerances() -> None:
    values = np.array([1.0, np.nan, 3.0])
    assert difference(values, values.copy(), 0.0) == ""
    assert difference(values, values + 1e-12, 1e-9) == ""
    assert difference(values, values + 1e-12, 0.0).startswith("result[0] is ")
    single = values.astype("f4")
    assert difference(values, single, 1e-4) == "result has the dtype float32, not float64"
    assert difference(values, single, 1e-4, narrower=True) == ""
    assert difference({1, 2}, {2, 1}, 0.0) == ""
    assert difference({1, 2}, {2, 3}, 0.0) == "result has {3}, lacks {1}"
    assert difference([1, 2], (1, 2), 0.0) == "result is a tuple, not a list"
    assert difference(1, True, 0.0) == "result is True, not 1"
    assert difference({"a": 1, "b": 2}, {"b": 2, "a": 1}, 0.0).endswith("in another order")
    assert difference({"a": 1, "b": 2}, {"b": 2, "a": 1}, 0.0, unordered=True) == ""
    cycle: list[object] = [1]
    cycle.append(cycle)
    other: list[object] = [1]
    other.append(other)
    assert difference(cycle, other, 0.0) == ""
