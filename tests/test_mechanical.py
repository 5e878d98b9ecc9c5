"""Mechanical rewrites of all kinds: what they write, and that it does the same."""

from __future__ import annotations

import ast
import copy
import functools
import os
import struct
import subprocess
import tomllib
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import manycore as mc
from manycore._advice._equal import difference
from manycore._advice.mechanical import alternatives, mechanical
from manycore._advice.rewrite import Rewrite

CORPUS = Path(__file__).parent / "corpus"
TECHNIQUES = (
    *("membership-set", "counter", "list-append", "deque", "concat", "dataframe-columns", "jit"),
    *("cache", "pool", "threads", "run-all", "chunksize", "sparse", "array", "float32"),
    "blas-threads",
)


class Cue:
    body = "a"


def net() -> pd.DataFrame:
    return pd.DataFrame(
        {"amps": [1.0, 4.0, 2.5], "ohm": [2, 1, 3], "loss": 0.0, "over": [0, 5, 0]},
        index=["x", "y", "z"],
    )


# What there is before, by the names of the scripts below.
HERE: dict[str, Any] = {
    "np": np,
    "pd": pd,
    "numpy": np,
    "os": os,
    "subprocess": subprocess,
    "check_output": subprocess.check_output,
    "mc": mc,
    "pandas": pd,
    "functools": functools,
    "struct": struct,
    "Counter": Counter,
    "deque": deque,
    "ThreadPoolExecutor": ThreadPoolExecutor,
}

# Technique, script, hot line, what it needs, and the lines that show that it was rewritten.
SAME: dict[str, tuple[str, str, int, dict[str, Any], str]] = {
    "a text of an attribute": (
        "list-append",
        "for name in names:\n    cue.body += f'<{name}>'\nfound = cue.body\n",
        2,
        {"cue": Cue(), "names": ["b", "c"]},
        "cue.body = ''.join(cue_body_parts)",
    ),
    "bytes with a head": (
        "list-append",
        "blob = struct.pack('<H', 7)\nsize = len(blob)\nfor n in numbers:\n"
        "    blob = blob + n.to_bytes(2, 'big')\n",
        4,
        {"numbers": [1, 700, 3]},
        "blob = b''.join(blob_parts)",
    ),
    "a text at its front": (
        "list-append",
        "other = ''\nfor base in strand:\n    other = base.lower() + other\n",
        3,
        {"strand": "GATTACA"},
        "''.join(reversed(other_parts))",
    ),
    "a tuple by a display": (
        "list-append",
        "trail = ((0, 0),)\nfor step in steps:\n    trail = (*trail, step)\n",
        3,
        {"steps": [(1, 2), (3, 4)]},
        "trail = tuple(trail_parts)",
    ),
    "an array by append": (
        "list-append",
        "for value in values:\n    trace = np.append(trace, value)\n",
        2,
        {"trace": np.zeros(0, dtype=np.int64), "values": [1, 2, 3]},
        "trace = np.concatenate(trace_parts)",
    ),
    "an array by append along an axis": (
        "list-append",
        "for row in rows:\n    table = np.append(table, [row], axis=0)\n",
        2,
        {"table": np.empty((0, 2)), "rows": [[1.0, 2.0], [3.0, 4.0]]},
        "table = np.concatenate(table_parts, axis=0)",
    ),
    "a frame by its next row": (
        "concat",
        "for row in rows:\n    frame.loc[len(frame)] = row\n",
        2,
        {"frame": pd.DataFrame({"a": [1.0], "b": ["x"]}), "rows": [[2.0, "y"], [3.0, "z"]]},
        "frame_rows.append(row)",
    ),
    "a queue whose head is deleted": (
        "deque",
        "while jobs:\n    job = jobs[0]\n    del jobs[0]\n    if job > 2:\n"
        "        jobs.append(job - 2)\n    done.append(job)\n",
        3,
        {"jobs": [5, 1, 4], "done": []},
        "jobs.popleft()",
    ),
    "a queue that is cut": (
        "deque",
        "while queue and len(seen) < 9:\n    (y, x), queue = queue[0], queue[1:]\n"
        "    queue.append((x, y + 1))\n    seen.append(y)\n",
        2,
        {"queue": [(0, 1), (5, 2)], "seen": []},
        "y, x = queue.popleft()",
    ),
    "a queue that is put before": (
        "deque",
        "while asks:\n    ask = asks.pop(0)\n    paid.append(ask)\n    if ask > 1:\n"
        "        asks = [ask - 1] + asks\n",
        2,
        {"asks": [3, 1, 2], "paid": []},
        "asks.appendleft(ask - 1)",
    ),
    "a window that moves": (
        "deque",
        "for x in stream:\n    last = last[1:] + [x]\n    totals.append(sum(last))\n",
        2,
        {"stream": [4, 5, 6], "last": [1, 2, 3], "totals": []},
        "last.popleft()",
    ),
    "values of a frame by label": (
        "dataframe-columns",
        "for name in net.index:\n    amps = net.at[name, 'amps']\n"
        "    net.at[name, 'loss'] = amps * net.at[name, 'ohm']\n    if amps > 2:\n"
        "        net.loc[name, 'over'] += 1\n        late.append(name)\n",
        3,
        {"net": net(), "late": []},
        "for position, name in enumerate(net.index):",
    ),
    "values of a frame by place": (
        "dataframe-columns",
        "i = 1\nwhile i < len(net):\n    here, before = net.iloc[i], net.iloc[i - 1]\n"
        "    if here['amps'] > before.amps:\n        gaps.append(net['ohm'].iloc[i])\n    i += 1\n",
        4,
        {"net": net(), "gaps": []},
        "if amps[i] > amps[i - 1]:",
    ),
    "values of a frame in a comprehension": (
        "dataframe-columns",
        "costs = [net.iloc[i]['amps'] * 2.0 for i in range(len(net)) if net.iloc[i]['ohm'] > 1]\n",
        1,
        {"net": net()},
        "costs = [amps[i] * 2.0 for i in range(len(net)) if ohm[i] > 1]",
    ),
    "a column that an outer loop chooses": (
        "dataframe-columns",
        "for column in ('amps', 'loss'):\n    for key in net.index:\n"
        "        net.at[key, column] = net.at[key, column] * 2 + 1\n",
        3,
        {"net": net()},
        "    net[column] = columns\n",
    ),
    "tuples of a frame": (
        "dataframe-columns",
        "total = 0\nfor row in net.itertuples(index=False):\n    total += row.amps * row.ohm\n",
        3,
        {"net": net()},
        "for amps, ohm in zip(net['amps'].tolist(), net['ohm'].tolist()):",
    ),
    "a function of rows by attributes": (
        "dataframe-columns",
        "def cost(row):\n    return row.amps if row.ohm > 1 else row.loss\n"
        "costs = net.agg(cost, axis='columns')\n",
        3,
        {"net": net()},
        "net.itertuples(index=False)]",
    ),
    "a loop with two variables": (
        "threads",
        "def weigh(tile, base):\n    return len(tile) + base\n"
        "for place, tile in tiles:\n    size = weigh(tile, base)\n"
        "    found.append((size, place))\n",
        4,
        {"tiles": [(1, "ab"), (2, "c")], "base": 10, "found": []},
        "for (place, tile), result in zip(items, results):",
    ),
    "a dictionary of calls": (
        "threads",
        "def price(base, unit):\n    return f'{base} {unit}'\n"
        "prices = {base: price(base, unit) for base, unit in pairs if base}\n",
        3,
        {"pairs": [("a", 1), ("", 2), ("b", 3)]},
        "prices = {base: result for (base, unit), result in zip(items, results)}",
    ),
    "where the function is called": (
        "threads",
        "def reading(link):\n    return link.upper()\nlevels = [reading(link) for link in links]\n",
        2,
        {"links": ["a", "b"]},
        "levels = list(pool.map(reading, links))",
    ),
    "a map": (
        "threads",
        "found = list(map(len, words))\n",
        1,
        {"words": ["a", "bc"]},
        "found = list(pool.map(len, words))",
    ),
    "a map that is gone over": (
        "threads",
        "total = 0\nfor size in map(len, words):\n    total += size\n",
        3,
        {"words": ["a", "bc"]},
        "for size in results:",
    ),
    "any of equals": (
        "membership-set",
        "for who in stream:\n    if any(who == name for name in muted):\n"
        "        found.append(who)\n",
        2,
        {"stream": "abcab", "muted": ["a", "c"], "found": []},
        "if who in muted_set:",
    ),
    "a count of elements": (
        "counter",
        "table = {}\nfor i in range(1, len(tokens)):\n    token = tokens[i]\n"
        "    table[token] = table.get(token, 0) + 1\n",
        4,
        {"tokens": list("banana")},
        "table = Counter(",
    ),
    "a loop outside of functions": (
        "jit",
        "total = 0.5\nfor i in range(x.size):\n    total += x[i] * gain\nprint(total)\n",
        3,
        {"x": np.arange(5.0), "gain": 2.0},
        "def run_loop(",
    ),
    "a chain in a loop": (
        "array",
        "for gain in (1.0, 2.0):\n    r = red * gain\n    near = near + r\n"
        "    ratio = np.sqrt(near) / (near - r)\n    found.append(ratio.sum())\n",
        3,
        {"red": np.arange(5.0), "near": np.arange(9.0, 14.0), "found": []},
        "near = near_lazy + ",
    ),
    "digits": (
        "float32",
        "def mixed(a, b):\n    for _ in range(2):\n        a = a * b[b > 1].sum()\n    return a\n"
        "found = float(mixed(np.ones(3), np.arange(3))[0])\n",
        3,
        {},
        "b = b.astype('float32') if getattr(b, 'dtype', None) == 'float64' else b",
    ),
    "programs of a loop": (
        "run-all",
        "for name in names:\n    word = name.upper()\n"
        "    done = subprocess.run(['echo', word], capture_output=True, text=True, check=True)\n"
        "    found.append((word, done.stdout))\n",
        3,
        {"names": ["a", "b"], "found": []},
        "results = mc.run_all(commands, capture_output=True, check=True)",
    ),
    "programs whose results nobody asks for": (
        "run-all",
        "for name in names:\n    subprocess.run(['touch', name], check=True)\n"
        "found = [os.path.exists(name) for name in names]\n",
        2,
        {"names": ["manycore-a", "manycore-b"]},
        "results = mc.run_all(commands, encoding=None, capture_output=False, check=True)",
    ),
    "programs of a comprehension": (
        "run-all",
        "found = [check_output(['echo', name]).decode() for name in names]\n",
        1,
        {"names": ["a", "b"]},
        "mc.run_all([['echo', name] for name in items], encoding=None, check=True)",
    ),
    "commands of a shell": (
        "run-all",
        "for name in names:\n    if os.system(f'test {name} = b') == 0:\n"
        "        found.append(name)\n",
        2,
        {"names": ["a", "b"], "found": []},
        "if result.returncode == 0:",
    ),
    "programs of a function": (
        "run-all",
        "def echo(name):\n    return check_output(['echo', name])\n"
        "found = [echo(name) for name in names]\n",
        2,
        {"names": ["a", "b"]},
        "with ThreadPoolExecutor(os.cpu_count()) as pool:",
    ),
    "the function itself": (
        "cache",
        "def ways(n):\n    return 1 if n < 2 else ways(n - 1) + ways(n - 2)\n",
        2,
        {},
        "@functools.cache",
    ),
}


def _left(source: str, given: dict[str, Any], file: Path) -> dict[str, Any]:
    """Run a script with its input, and return the values that it leaves."""
    space = {**HERE, **copy.deepcopy(given)}
    file.write_text(source, encoding="utf-8")  # the compiler reads functions from files
    exec(compile(source, str(file), "exec"), space)
    kinds = (Cue, list, dict, tuple, str, bytes, float, int, np.ndarray, pd.DataFrame, pd.Series)
    return {
        name: dict(value) if isinstance(value, Counter) else value
        for name, value in space.items()
        if isinstance(value, kinds) and name != "__builtins__"
    }


@pytest.mark.parametrize("name", SAME)
def test_a_rewrite_does_the_same(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    technique, source, line, given, shown = SAME[name]
    rewrites = [each for each in alternatives(source, technique, line, line) if shown in each.new]
    assert rewrites
    texts = {"old": source, "new": rewrites[0].applied(source)}
    old, new = (_left(text, given, tmp_path / f"{side}.py") for side, text in texts.items())
    assert given.keys() <= new.keys()
    for key in old.keys() & new.keys():  # but for what only goes round the loop
        assert difference(old[key], new[key], 1e-12) == "", key


def test_threads_are_many_or_few() -> None:
    found = alternatives("pages = [read(each) for each in urls]\n", "threads", 1, 1)
    assert [each.new.splitlines()[0] for each in found] == [
        "with ThreadPoolExecutor(16) as pool:",
        "with ThreadPoolExecutor(4) as pool:",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "subprocess.run(['echo', name], input=name)",  # each its own
        "subprocess.run(['echo', name], env={'A': name})",
        "subprocess.run(['echo', last]); last = name",
        "use(name)",
    ],
)
def test_programs_that_need_more_are_not_given_to_run_all(body: str) -> None:
    source = f"for name in names:\n    {body}\n"
    assert not any("run_all" in each.new for each in alternatives(source, "run-all", 2, 2))


def test_libraries_have_one_thread_from_the_first_import_on() -> None:
    source = '"""Doc."""\nfrom __future__ import annotations\nimport numpy as np\nx = 1\n'
    rewrite = mechanical(source, "blas-threads", 4, 4)
    assert rewrite is not None
    assert rewrite.whole
    lines = rewrite.applied(source).splitlines()
    assert lines[:3] == [*source.splitlines()[:2], "import os"]
    assert lines[-2:] == ["import numpy as np", "x = 1"]


@pytest.mark.parametrize(
    "manifest", sorted(CORPUS.rglob("manifest.toml")), ids=lambda p: p.parent.name
)
def test_every_rewrite_of_every_script_is_python(manifest: Path) -> None:
    count = 0
    for case in tomllib.loads(manifest.read_text(encoding="utf-8"))["case"]:
        source = (manifest.parent / case["file"]).read_text(encoding="utf-8")
        # Of techniques that are not for it too: none may fail where it finds something else.
        for technique in TECHNIQUES:
            for rewrite in alternatives(source, technique, *case["line"]):
                ast.parse(rewrite.applied(source))
                count += 1
    assert count > 200


TEXTS = {
    "a lazy map": (
        "pool",
        "played = map(solve, seeds)\nrows = list(zip(seeds, played))\n",
        2,
        "with mc.Pool() as pool:\n    played = iter(pool.map(solve, seeds))\n",
    ),
    "a solution": (
        "sparse",
        "x = np.linalg.solve(matrix(n), b)\n",
        1,
        "x = scipy.sparse.linalg.spsolve(scipy.sparse.csc_array(matrix(n)), b)\n",
    ),
    "a product with itself": (
        "sparse",
        "gram = X.T @ X\n",
        1,
        "X_sparse = scipy.sparse.csr_array(X)\ngram = (X_sparse.T @ X_sparse).toarray()\n",
    ),
    "a loop over results": (
        "chunksize",
        "def main():\n    found = crew.imap(check, codes)\n    for x in found:\n        use(x)\n",
        3,
        "def main():\n    found = crew.imap(check, codes, chunksize=256)\n"
        "    for x in found:\n        use(x)\n",
    ),
    "chunks that an option gives": (
        "chunksize",
        "codes = pool.map(code, towns, chunksize=options.batch)\n",
        1,
        "codes = pool.map(code, towns)\n",
    ),
    "a queue that is given": (
        "deque",
        "def serve(inbox):\n    while inbox:\n        use(inbox.pop(0))\n",
        3,
        "def serve(inbox):\n    inbox_list, inbox = (inbox, deque(inbox))\n    while inbox:\n"
        "        use(inbox.popleft())\n    inbox_list[:] = inbox\n    inbox = inbox_list\n",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_rewrite_reads_so(name: str) -> None:
    technique, source, line, new = TEXTS[name]
    rewrite = mechanical(source, technique, line, line)
    assert rewrite is not None
    assert rewrite.new == new


CLASSES = {
    "a queue": (
        "deque",
        """
class Desk:
    def __init__(self, people):
        self.waiting = sorted(people)
    def next(self):
        return self.waiting.pop(0)
    def first(self, count):
        return self.waiting[:count], len(self.waiting), list(self.waiting)

desk = Desk("dbca")
found = [desk.next(), desk.first(2), desk.next(), bool(desk.waiting)]
""",
        6,
        "return self.waiting.popleft()",
    ),
    "a text": (
        "list-append",
        """
class Page:
    def __init__(self, title):
        self.body = title
    def say(self, text):
        self.body += f"<p>{text}</p>"
    def fresh(self):
        self.body = ""

page = Page("title")
page.say("a"), page.say("b")
found = [page.body]
page.say("c")
found.append(page.body)
page.fresh()
page.say("d")
found.append(page.body)
""",
        6,
        "self._body_parts = [''.join(self._body_parts)]",
    ),
    "two arrays": (
        "list-append",
        """
class Record:
    def __init__(self):
        self.at = np.zeros(0)
        self.height = np.zeros((0, 2))
    def note(self, at, height):
        self.at = np.append(self.at, at); self.height = np.vstack((self.height, height))

record = Record()
for i in range(4):
    record.note(i, [i, 2.0 * i])
found = [record.at, record.height]
""",
        7,
        "self._height_parts = [np.vstack(self._height_parts)]",
    ),
    "a frame": (
        "concat",
        """
class Log:
    def __init__(self, frame):
        self.frame = frame
    def absorb(self, more):
        self.frame = pd.concat([self.frame, more], ignore_index=True)

log = Log(pd.DataFrame({"a": [1]}))
log.absorb(pd.DataFrame({"a": [2, 3]}))
found = [log.frame]
""",
        6,
        "pd.concat(self._frame_parts, ignore_index=True)",
    ),
    "a list that is searched": (
        "membership-set",
        """
class Gate:
    def __init__(self, unpaid):
        self.unpaid = list(unpaid)
    def passes(self, plate):
        if plate in self.unpaid:
            return False
        self.unpaid.append(plate)
        return True

gate = Gate("ab")
found = [gate.passes(each) for each in "acbcd"]
found.append(gate.unpaid)
""",
        6,
        "if plate in self._unpaid_set:",
    ),
}


def _of_class(name: str) -> tuple[str, Rewrite]:
    technique, source, line, shown = CLASSES[name]
    [rewrite] = [each for each in alternatives(source, technique, line, line) if each.whole]
    assert shown in rewrite.new
    return source, rewrite


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_that_is_rewritten_does_the_same(name: str, tmp_path: Path) -> None:
    source, rewrite = _of_class(name)
    texts = {"old": source, "new": rewrite.applied(source)}
    old, new = (_left(text, {}, tmp_path / f"{each}.py")["found"] for each, text in texts.items())
    assert difference(old, new, 1e-12) == ""


@pytest.mark.parametrize(
    ("technique", "source", "line"),
    [
        # Others give the attribute a value, or use it as only a list can be.
        ("deque", "class A:\n  def f(self):\n    self.x = []\n    self.x.pop(0)\na.x = [1]\n", 4),
        ("deque", "class A:\n  def f(self):\n    self.x = []\n    self.x.pop(0)\na.x.sort()\n", 4),
        ("deque", "class A:\n  def f(self):\n    self.x = []\n    self.x.pop(0)\na.x[:2]\n", 4),
        ("list-append", "class A:\n  def f(self):\n    self.x += 'a'\na.x = ''\n", 3),
        ("list-append", "class A:\n  x: str = ''\n  def f(self):\n    self.x += 'a'\n", 4),
        (
            "list-append",
            "class A:\n  __slots__ = ('x',)\n  def f(self):\n    self.x += 'a'\n",
            4,
        ),
        (
            "membership-set",
            "class A:\n  def f(self, y):\n    self.x = []\n    self.x.remove(y)\n"
            "    return y in self.x\n",
            5,
        ),
        # A frame that is asked for more than its values, a row that is used as one.
        ("threads", "while jobs:\n    use(jobs.pop())\n", 2),
        ("threads", "for pause in pattern:\n    switch()\n    time.sleep(pause)\n", 3),
        ("dataframe-columns", "for k in f.index:\n    f.at[k, 'a'] = len(f.dropna())\n", 2),
        ("dataframe-columns", "for r in f.itertuples():\n    use(r)\n", 2),
        ("list-append", "for x in xs:\n    n = n + x\n", 2),
    ],
)
def test_what_is_used_otherwise_is_left_alone(technique: str, source: str, line: int) -> None:
    assert mechanical(source, technique, line, line) is None
