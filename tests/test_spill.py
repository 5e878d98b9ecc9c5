"""Values that the memory budget has no room for go to disk and come back."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import manycore as mc

BYTES, COUNT = 10_000_000, 40
BUDGET = BYTES * COUNT // 10

# Forty arrays, each read by two tasks far apart, and all results read at the end: without a budget
# they would all be in memory at one time. Says when the workers are warm, goes on when it is told.
PROGRAM = f"""
import sys, time
import numpy as np
import manycore as mc

BYTES, COUNT, BUDGET = {BYTES}, {COUNT}, {BUDGET}

def make(number):
    return np.full(BYTES // 8, number, dtype=float)

def combine(first, second):
    result = first.copy()
    result += second
    return result

def total(*arrays):
    return [float(array[0]) for array in arrays]

def warm(_):
    import numpy
    time.sleep(0.05)

mc.config(lane=sys.argv[1], workers=2, memory=BUDGET)
mc.compute(*[mc.delayed(warm)(number) for number in range(4)])
print("warm", flush=True)
sys.stdin.readline()
arrays = [mc.delayed(make)(number) for number in range(COUNT)]
pairs = [mc.delayed(combine)(arrays[n], arrays[COUNT - 1 - n]) for n in range(COUNT)]
answers = mc.compute(*[mc.delayed(total)(pair) for pair in pairs])
print(answers == ([float(COUNT - 1)],) * COUNT, flush=True)
sys.stdin.readline()
"""


def tree(root: int) -> list[int]:
    """List a process and all below it."""
    found = [root]
    for pid in found:
        with contextlib.suppress(OSError):  # it has ended
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                found += map(int, children.read_text().split())
    return found


def held(root: int) -> int:
    """Count the bytes that a process and all below it hold in memory, each page once."""
    processes, total = tree(root), 0
    # They stand still meanwhile, so that what goes from one to another is not counted twice.
    for pid in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    for pid in processes:
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += sum(int(kb) for kb in re.findall(r"^Pss: +(\d+) kB", rollup, re.MULTILINE))
    for pid in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    return total * 1024


@pytest.mark.parametrize("lane", ["inline", "threads", "processes", "mixed"])
def test_a_graph_of_ten_times_the_budget_stays_within_it(lane: str) -> None:
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", PROGRAM, lane]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == "warm\n"
        before = most = held(child.pid)
        print(file=child.stdin, flush=True)
        while not select.select([child.stdout], [], [], 0.003)[0]:
            most = max(most, held(child.pid))
        assert child.stdout.readline() == "True\n"
    assert most - before < 1.15 * BUDGET


def test_what_has_spilled_comes_back_as_it_was() -> None:
    values = [{"number": n, "text": "é" * 500_000, "list": list(range(1000))} for n in range(20)]
    with mc.config(memory="5MB", lane="threads"):
        nodes = [mc.delayed(lambda value: value)(value) for value in values]
        assert mc.compute(*nodes) == tuple(values)


def test_a_full_disk_is_an_os_error_that_names_the_folder(tmp_path: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("mounts a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(tmp_path)], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("may not mount")
    try:
        large = [mc.delayed(bytes)(2_000_000) for _ in range(20)]
        small = mc.config(memory="5MB", lane="threads", spill=tmp_path)
        with small, pytest.raises(OSError, match="No space left") as caught:
            mc.compute(*large)
        assert caught.value.errno == errno.ENOSPC
        assert str(tmp_path) in str(caught.value)
        assert not list(tmp_path.iterdir())
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_spilling_leaves_no_file(tmp_path: Path) -> None:
    program = (
        "import manycore as mc, os, sys\n"
        "with mc.config(memory='5MB', lane='threads', spill=sys.argv[1]):\n"
        "    mc.compute(*[mc.delayed(bytes)(2_000_000) for _ in range(20)])\n"
        "    print(os.listdir(sys.argv[1]))\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (-9, "[]\n"), done.stderr
    assert not list(tmp_path.iterdir())


def test_a_spill_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with pytest.raises(ValueError, match="spill must be a folder that exists") as caught:
        mc.config(spill=missing)
    assert str(missing) in str(caught.value)
