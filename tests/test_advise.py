"""`manycore advise`: hot lines, the technique for each, and its proof, as a user sees them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

import manycore as mc
from manycore import cli
from manycore._advice import _run
from manycore._advice.mechanical import mechanical
from manycore._advice.observe import Names

KEEP = """
    import sys

    def keep(panel, unwanted):
        kept = []
        for gene in panel:
            if gene not in unwanted:
                kept.append(gene)
        return kept

    panel = [f"gene{number}" for number in range(14_000)]
    print("output of the script", len(keep(panel, panel[::3])))
    sys.exit(int(sys.argv[1]))
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.py"
    path.write_text(textwrap.dedent(KEEP), encoding="utf-8")
    return path


def test_advice_names_the_line_the_technique_and_the_ceiling(script: Path) -> None:
    [advice] = found = mc.advise(script, ["0"])
    assert (advice.line, advice.technique) == (7, "membership-set")
    assert advice.share > 0.5
    assert found.exit_code == 0
    text = str(found)
    assert f"{script}:7  membership-set" in text
    assert "+    unwanted_set = set(unwanted)" in text
    assert "output of the script" not in text
    assert f"this line is {advice.share:.0%} of the time" in text


def test_proved_advice_shows_its_speedup(script: Path) -> None:
    [advice] = found = mc.advise(script, ["0"], prove=True)
    assert advice.proof is not None
    assert advice.proof.stands
    assert advice.proof.speedup > 2
    assert "x measured" in str(found)
    assert found.withdrawn == []


def test_a_script_that_fails_is_advised_and_its_exit_code_kept(
    script: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    assert cli.main(["advise", "--json", "--html", str(page), str(script), "7"]) == 7
    told = json.loads(capsys.readouterr().out)
    assert told["exit_code"] == 7
    assert [each["technique"] for each in told["advice"]] == ["membership-set"]
    HTMLParser().feed(page.read_text(encoding="utf-8"))
    assert "http" not in page.read_text(encoding="utf-8")


def test_a_traceback_is_shown(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["advise", str(script), "seven"]) == 1
    shown = capsys.readouterr()
    assert "ValueError: invalid literal for int() with base 10: 'seven'" in shown.err
    assert "exit code 1" in shown.out


def test_nothing_to_advise_is_an_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tiny.py"
    path.write_text("print(sum(range(1000)))\n", encoding="utf-8")
    assert cli.main(["advise", "--prove", str(path)]) == 0
    assert f"{path}: nothing to advise" in capsys.readouterr().out


def test_bad_input_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wrong.py"
    path.write_text("x = (\n", encoding="utf-8")
    assert cli.main(["advise", str(path)]) == 1
    assert capsys.readouterr().err == f"manycore: {path}, line 1: '(' was never closed\n"
    assert cli.main(["advise", str(tmp_path / "no.py")]) == 1
    assert "No such file" in capsys.readouterr().err
    path.write_text("while True: pass\n", encoding="utf-8")
    assert cli.main(["advise", "--timeout", "1", str(path)]) == 1
    assert "ran for more than 1 s" in capsys.readouterr().err
    with pytest.raises(ValueError, match="min_share must be between 0 and 1, not 2"):
        mc.advise(path, min_share=2)
    with pytest.raises(ValueError, match="hz must be more than 0"):
        mc.advise(path, hz=0)
    with pytest.raises(ValueError, match="timeout must be more than 0"):
        mc.advise(path, timeout=0)


def test_the_command_leaves_the_folder_as_it_was(script: Path) -> None:
    before = sorted(script.parent.iterdir())
    command = [sys.executable, "-m", "manycore.cli", "advise", "--prove", str(script), "0"]
    ended = subprocess.run(
        command, cwd=script.parent, capture_output=True, text=True, timeout=100, env=os.environ
    )
    assert ended.returncode == 0, ended
    assert sorted(script.parent.iterdir()) == before


def test_a_command_that_is_asked_to_end_leaves_nothing(tmp_path: Path) -> None:
    script, folder = tmp_path / "sleeper.py", tmp_path / "temporary"
    folder.mkdir()
    pid = tmp_path / "pid"
    script.write_text(
        f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n"
    )
    command = [sys.executable, "-m", "manycore.cli", "advise", str(script)]
    run = subprocess.Popen(command, env={**os.environ, "TMPDIR": str(folder)})
    end = time.monotonic() + 30
    while not (pid.exists() and pid.read_text()) and time.monotonic() < end:
        time.sleep(0.02)
    assert list(folder.iterdir())
    run.terminate()
    assert run.wait(30) == 143
    assert list(folder.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_observations_come_from_a_process_of_their_own(script: Path) -> None:
    wish = Names(7, 7, ("unwanted",))
    seen = _run.observe(str(script), ["0"], [wish], 60.0)
    assert seen[wish].longest("unwanted") == 4667
    assert seen[wish].events > 1000
    late = _run.observe(str(script), ["0"], [wish], 0.01)
    assert late[wish].events == 0


REWRITTEN = {
    "membership-set": (
        "for x in xs:\n    if x in seen:\n        continue\n    seen.append(x)\n",
        2,
        "seen_set = set(seen)\nfor x in xs:\n    if x in seen_set:\n        continue\n"
        "    seen.append(x)\n    seen_set.add(x)\n",
    ),
    "counter": (
        "counts = {}\nfor x in xs:\n    counts[x] = counts.get(x, 0) + 1\n",
        3,
        "counts = Counter(xs)\n",
    ),
    "list-append": (
        "def f(xs):\n    text = ''\n    for x in xs:\n        text += x\n    return text\n",
        4,
        "def f(xs):\n    text_parts = []\n    for x in xs:\n        text_parts.append(x)\n"
        "    text = ''.join(text_parts)\n    return text\n",
    ),
    "deque": (
        "while jobs:\n    run(jobs.pop(0))\n",
        2,
        "jobs = deque(jobs)\nwhile jobs:\n    run(jobs.popleft())\njobs = list(jobs)\n",
    ),
    "concat": (
        "for x in xs:\n    a = np.concatenate((a, x))\n",
        2,
        "a_parts = [a]\nfor x in xs:\n    a_parts.append(x)\na = np.concatenate(a_parts)\n",
    ),
    "jit": ("def f(x):\n    return x\n", 2, "@mc.jit\ndef f(x):\n    return x\n"),
    "cache": (
        "def f(x):\n    return x\nfor y in ys:\n    f(y)\n",
        4,
        "@functools.cache\ndef f(x):\n    return x\n",
    ),
    "pool": (
        "a = [f(x) for x in xs]\n",
        1,
        "with mc.Pool() as pool:\n    a = list(pool.map(f, xs))\n",
    ),
    "threads": (
        "for x in xs:\n    y = read(base, x)\n    out.append(y)\n",
        2,
        "items = list(xs)\nwith ThreadPoolExecutor(16) as pool:\n"
        "    results = list(pool.map(lambda x: read(base, x), items))\n"
        "for x, result in zip(items, results):\n    y = result\n    out.append(y)\n",
    ),
    "chunksize": ("r = pool.map(f, xs, chunksize=1)\n", 1, "r = pool.map(f, xs)\n"),
    "dataframe-columns": (
        "b = d.apply(lambda row: row['w'] / row.h ** 2, axis=1)\n",
        1,
        "b = d['w'] / d.h ** 2\n",
    ),
    "sparse": (
        "for i in range(9):\n    v = M @ v\n",
        2,
        "M_sparse = scipy.sparse.csr_array(M)\nfor i in range(9):\n    v = M_sparse @ v\n",
    ),
}


@pytest.mark.parametrize("technique", REWRITTEN)
def test_a_rewrite_is_mechanical(technique: str) -> None:
    old, line, new = REWRITTEN[technique]
    rewrite = mechanical(old, technique, line, line)
    assert rewrite is not None
    assert rewrite.new == new


@pytest.mark.parametrize(
    ("technique", "old", "line"),
    [
        ("membership-set", "for x in xs:\n    if x in seen:\n        seen.remove(x)\n", 2),
        ("membership-set", "def is_banned(x):\n    return x in banned\n", 2),
        ("counter", "for x in xs:\n    d[x] = d.get(x, 0) + w\n", 2),
        ("list-append", "t = ''\nfor x in xs:\n    t += x\n    show(t)\n", 3),
        ("concat", "for x in xs:\n    a = np.append(a, x)\n    show(a)\n", 2),
        ("pool", "for x in xs:\n    s = f(x, s)\n", 2),
        ("jit", "for x in xs:\n    s += f'{x}'\n", 2),
        ("blas-threads", "a @ a\n", 1),
    ],
)
def test_what_takes_a_person_is_left_alone(technique: str, old: str, line: int) -> None:
    assert mechanical(old, technique, line, line) is None
