"""How workers start: as forks of a zygote, like the process that asks for them, and how all end."""

from __future__ import annotations

import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import manycore as mc
from children import output

SECONDS = 20.0


def state(process: int) -> list[str]:
    """Return what /proc says of a process, from its state on; nothing of one that is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return []


def is_alive(process: int) -> bool:
    return state(process)[:1] not in ([], ["Z"], ["X"])


def wait_until(condition: Callable[[], bool], what: str, seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def ask(function: Callable[[], Any]) -> Any:
    """Call a function in a worker of a new pool."""
    with mc.Pool(1) as pool:
        return pool.apply(function)


def from_each(pool: mc.Pool, function: Callable[[], Any]) -> list[Any]:
    """Call a function in each of two of a pool's workers, or more."""

    def call(_: int) -> tuple[int, Any]:
        time.sleep(0.05)
        return os.getpid(), function()

    answers: dict[int, Any] = {}
    wait_until(
        lambda: len(answers) >= 2 or answers.update(pool.map(call, range(4), 1)) is not None,
        "one worker did everything",
    )
    return list(answers.values())


def zygote() -> int:
    return int(ask(os.getppid))


# How fast.


def test_a_warm_pool_answers_in_less_than_a_millisecond() -> None:
    times = []
    with mc.Pool(1) as pool:
        pool.apply(abs, (-1,))
        for _ in range(200):
            begin = time.perf_counter()
            pool.apply(abs, (-1,))
            times.append(time.perf_counter() - begin)
    assert statistics.median(times) < 0.001


def test_a_second_pool_starts_no_interpreter() -> None:
    first = zygote()
    assert first != os.getpid()
    assert zygote() == first
    assert state(first)[17] == "1", "a zygote has one thread"


# Like the parent.


def test_a_worker_has_the_parents_environment_path_arguments_and_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MANYCORE_TEST_OLD", "here")
    ask(os.getpid)
    monkeypatch.delenv("MANYCORE_TEST_OLD")
    monkeypatch.setenv("MANYCORE_TEST_NEW", "\udcff ü")
    monkeypatch.setattr(sys, "argv", ["program", "argument"])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "only_here.py").write_text("VALUE = 5")
    monkeypatch.syspath_prepend(tmp_path)

    def look() -> tuple[object, ...]:
        import only_here  # type: ignore[import-not-found]

        variables = [os.environ.get(f"MANYCORE_TEST_{name}") for name in ("OLD", "NEW")]
        shell = subprocess.check_output(["sh", "-c", 'printf %s "$MANYCORE_TEST_NEW"'])
        return variables, shell, sys.argv, sys.path, str(Path.cwd()), only_here.VALUE

    assert ask(look) == (
        [None, "\udcff ü"],
        "\udcff ü".encode("utf-8", "surrogateescape"),
        ["program", "argument"],
        sys.path,
        str(tmp_path),
        5,
    )


def test_a_worker_inherits_what_its_parent_would_pass_on_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import resource

    def look() -> tuple[object, ...]:
        mask = os.umask(0)
        os.umask(mask)
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        return mask, sorted(os.sched_getaffinity(0)), limit, time.strftime("%z", time.gmtime(0))

    def zone() -> int:
        return time.localtime(0).tm_gmtoff

    ask(os.getpid)
    mask = os.umask(0o123)
    cores = os.sched_getaffinity(0)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        os.sched_setaffinity(0, [max(cores)])
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit[0] - 1, limit[1]))
        assert ask(look)[:3] == (0o123, [max(cores)], (limit[0] - 1, limit[1]))
    finally:
        os.umask(mask)
        os.sched_setaffinity(0, cores)
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)
    monkeypatch.setenv("TZ", "Etc/GMT-9")
    assert ask(zone) == 9 * 3600


def test_a_worker_writes_where_its_parent_writes_now(capfd: pytest.CaptureFixture[str]) -> None:
    def write() -> None:
        print("to the output")
        print("to the errors", file=sys.stderr)
        os.system("echo from a shell")

    pool = mc.Pool(1)
    pool.apply(write)
    pool.close()
    pool.join()
    printed = capfd.readouterr()
    assert sorted(printed.out.splitlines()) == ["from a shell", "to the output"]
    assert printed.err == "to the errors\n"


@pytest.mark.parametrize("flags", [["-O"], ["-I"], ["-E", "-X", "dev"], ["-W", "error"]])
def test_a_worker_has_the_flags_of_its_parents_interpreter(flags: list[str]) -> None:
    code = """
        import sys
        import manycore as mc
        with mc.Pool(1) as pool:
            there = pool.apply(lambda: (*sys.flags, __debug__, sys.warnoptions, sys._xoptions))
        print(there == (*sys.flags, __debug__, sys.warnoptions, sys._xoptions))
    """
    assert output(code, flags=flags) == "True\n"


def test_a_workers_signals_are_as_in_a_fresh_interpreter_but_for_ctrl_c() -> None:
    def look() -> tuple[object, ...]:
        names = ("SIGINT", "SIGTERM", "SIGPIPE", "SIGCHLD", "SIGHUP")
        handlers = [signal.getsignal(getattr(signal, name)) for name in names]
        return handlers, signal.pthread_sigmask(signal.SIG_BLOCK, [])

    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        handlers, mask = ask(look)
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
    ignored, default = signal.SIG_IGN, signal.SIG_DFL
    assert (handlers, mask) == ([ignored, default, ignored, default, default], set())


def test_nothing_is_to_be_read_from_a_workers_standard_input() -> None:
    assert ask(lambda: (sys.stdin.read(), os.read(0, 1))) == ("", b"")


def test_random_numbers_differ_between_workers() -> None:
    import numpy as np

    # The zygote imports what its parent has imported when it has nothing else to do.
    with mc.Pool(cores := len(os.sched_getaffinity(0))) as pool:
        maps = Path(f"/proc/{pool.apply(os.getppid)}/maps")
    wait_until(lambda: "numpy" in maps.read_text(), "the zygote has not imported numpy")

    def draw() -> tuple[float, float, bool]:
        return random.random(), np.random.random(), "numpy" in sys.modules

    with mc.Pool(max(cores, 2)) as pool:
        one, other, *_ = from_each(pool, draw)
    assert one[0] != other[0]
    assert one[1] != other[1]
    assert one[2]
    assert other[2]


# The end.


def test_a_worker_leaves_like_a_program(tmp_path: Path) -> None:
    path = tmp_path / "left"

    def prepare() -> None:
        import atexit

        def wait_and_write() -> None:
            time.sleep(0.05)
            path.with_suffix(".thread").write_text("waited for")

        atexit.register(path.write_text, "called")
        threading.Thread(target=wait_and_write).start()

    pool = mc.Pool(1)
    pool.apply(prepare)
    pool.close()
    pool.join()
    assert path.read_text() == "called"
    assert path.with_suffix(".thread").read_text() == "waited for"


def test_sys_exit_ends_a_worker_with_its_code() -> None:
    with mc.Pool(1) as pool, pytest.raises(mc.WorkerDied, match="exit code 5"):
        pool.apply(sys.exit, (5,))


def test_a_zygote_that_is_killed_is_replaced_and_its_workers_work_on() -> None:
    first = zygote()
    with mc.Pool(1) as pool:
        worker = pool.apply(os.getpid)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: not is_alive(first), "it lives")
        assert pool.apply(os.getpid) == worker
        second = zygote()
        assert second != first
        with pytest.raises(mc.WorkerDied):
            pool.apply(os._exit, (1,))
        assert pool.apply(os.getppid) == second


def test_a_fork_of_the_parent_has_a_zygote_of_its_own() -> None:
    mine = zygote()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            other = zygote()
            assert other != mine
            assert state(other)[1] == str(os.getpid())
            os.write(writer, b"%d" % other)
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as end:
        other = int(end.read())
    os.waitpid(child, 0)
    wait_until(lambda: not is_alive(other), "the fork's zygote outlives it", 2)
    assert zygote() == mine


def test_a_zygote_and_its_workers_end_with_a_program_that_forgets_them() -> None:
    code = """
        import os
        import manycore as mc
        pool = mc.Pool(1)
        print(os.getpid(), *pool.apply(lambda: (os.getppid(), os.getpid())))
    """
    processes = output(code, flags=["-W", "ignore::ResourceWarning"]).split()
    # The program has waited for them.
    assert not any(map(is_alive, map(int, processes)))


def test_all_are_gone_soon_after_a_parent_is_killed_though_its_fork_lives_on() -> None:
    code = (
        "import manycore as mc, os, time\n"
        "pool = mc.Pool(1)\n"
        "print(*pool.apply(lambda: (os.getppid(), os.getpid())), flush=True)\n"
        "child = os.fork()\n"
        "if child: print(child, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    with parent.stdout:
        both = [int(word) for word in parent.stdout.readline().split()]
        fork = int(parent.stdout.readline())
        try:
            parent.kill()
            parent.wait()
            wait_until(lambda: not any(map(is_alive, both)), "they outlive their parent", 2)
            assert is_alive(fork)
        finally:
            os.kill(fork, signal.SIGKILL)


# Nothing left.


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_what_the_parent_left_open_for_its_children_is_not_kept_open(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    os.set_inheritable(pipe[1], True)
    # So that it is a new zygote, which inherits the pipe.
    monkeypatch.setenv("PYTHONMANYCORETEST", "1")
    target = Path(f"/proc/self/fd/{pipe[1]}").readlink()

    def held(process: int) -> list[Path]:
        return [path.readlink() for path in Path(f"/proc/{process}/fd").iterdir()]

    with mc.Pool(1) as pool:
        processes = pool.apply(lambda: (os.getppid(), os.getpid()))
        for process in processes:
            assert target not in held(process)
        # A zygote holds no terminal and no pipe, or who waits for the pipe's end would wait for it.
        standard = {Path(f"/proc/{processes[0]}/fd/{number}").readlink() for number in range(3)}
        assert standard == {Path(os.devnull)}


def test_pools_that_come_and_go_leave_no_process_and_no_descriptor() -> None:
    def descriptors(process: int | str) -> int:
        return len(list(Path(f"/proc/{process}/fd").iterdir()))

    def children(process: int) -> list[str]:
        return Path(f"/proc/{process}/task/{process}/children").read_text().split()

    mine = zygote()
    before, his = descriptors("self"), descriptors(mine)
    for _ in range(10):
        pool = mc.Pool(2)
        pool.map(abs, range(8), 1)
        pool.close()
        pool.join()
    for _ in range(10):
        with mc.Pool(2) as pool:
            pool.map_async(time.sleep, [60, 60], 1)
        pool.join()
    assert zygote() == mine
    wait_until(lambda: not children(mine), "a worker or what is left of it")
    assert descriptors("self") <= before
    assert descriptors(mine) <= his
