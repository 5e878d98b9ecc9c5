"""`mc.run_all`: what `subprocess.run` gives, for many; bounded, stopped whole, nothing left."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import manycore as mc
from children import DEADLINE, output, run


class Sleep:
    """A time that nobody else sleeps, so that its processes are found by their arguments."""

    _numbers = iter(range(1000, 10_000))

    def __init__(self) -> None:
        self.seconds = f"{next(self._numbers)}.{os.getpid()}"

    def __str__(self) -> str:
        return f"sleep {self.seconds}"

    def processes(self) -> list[int]:
        found = []
        for process in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
            try:
                arguments = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
            except OSError:  # it has ended meanwhile
                continue
            if arguments[0] == b"sleep" and self.seconds.encode() in arguments:
                found.append(int(process))
        return found

    def wait(self, count: int, seconds: float = DEADLINE) -> None:
        """Wait until so many processes sleep it."""
        deadline = time.monotonic() + seconds
        while len(self.processes()) != count:
            assert time.monotonic() < deadline, f"{self.processes()}, not {count}"
            time.sleep(0.005)


@pytest.fixture
def sleep() -> Iterator[Sleep]:
    sleep = Sleep()
    yield sleep
    left = sleep.processes()
    for process in left:
        os.kill(process, signal.SIGKILL)
    assert not left


def left() -> tuple[int, int]:
    """Count this process's descriptors and threads."""
    return len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task"))  # noqa: PTH208


# What `subprocess.run` gives.

COMMANDS: dict[str, list[str]] = {
    "output": ["echo", "to be"],
    "nothing": ["true"],
    "a return code": ["sh", "-c", "exit 3"],
    "the largest return code": ["sh", "-c", "exit 255"],
    "a signal": ["sh", "-c", "kill -SEGV $$"],
    "a signal that Python ignores": ["sh", "-c", "kill -PIPE $$"],
    "another that Python ignores": ["sh", "-c", "kill -XFSZ $$"],
    "a signal that Python handles": ["sh", "-c", "kill -INT $$"],
    "both streams": ["sh", "-c", "echo out; echo err >&2; echo more; exit 1"],
    "input": ["cat"],
    "input in pieces": ["sh", "-c", "read a; read b; echo $b $a"],
    "more input than it reads": ["head", "-c", "2"],
    "odd arguments": ["printf", "%s|", "", " ", "a b", "'", '"', "\\", "$HOME", "*", "ä\n", "😀"],
    "a path": ["/bin/echo", "-n", "x"],
    "bytes that are no text": ["printf", r"\377\000\n"],
    "the environment": ["sh", "-c", "env | sort | grep -v ^_="],
    "the folder": ["pwd"],
    "what a child writes at the end": ["sh", "-c", "(sleep 0.1; echo late) &"],
    "a pipeline": ["sh", "-c", "yes | head -3"],
    "signals": ["grep", "^Sig[BI]", "/proc/self/status"],
    "limits": ["sh", "-c", "ulimit -a; umask"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_program_gives_what_subprocess_gives(name: str) -> None:
    command, text = COMMANDS[name], b"first\nsecond\n"
    expected = subprocess.run(command, input=text, capture_output=True)
    [result] = mc.run_all([command], input=text, encoding=None)
    assert result.args == command
    assert (result.returncode, result.stdout, result.stderr) == (
        expected.returncode,
        expected.stdout,
        expected.stderr,
    )
    assert (result.error, result.attempts) == (None, 1)


@given(st.binary(max_size=200_000))
def test_any_bytes_go_in_and_out(data: bytes) -> None:
    [result] = mc.run_all(["cat"], input=data, encoding=None)
    assert result.stdout == data
    [result] = mc.run_all(["cat"], input=data)
    try:
        assert result.stdout == data.decode()
    except UnicodeDecodeError:
        assert result.stdout == data


ARGUMENT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(st.lists(ARGUMENT, max_size=5))
def test_any_arguments_arrive_also_quoted_in_a_str(arguments: list[str]) -> None:
    command = ["printf", r"%s\0", *arguments]
    results = mc.run_all([command, shlex.join(command)], jobs=1)
    expected = "".join(f"{argument}\0" for argument in arguments or [""])
    assert [result.stdout for result in results] == [expected, expected]


# More often than not such a text has no syntax that only a shell knows; now and then it has.
SHELLISH = st.one_of(
    st.text("ab =[]{}!'\"\\/-.,%^\t:~#*?$`|&;<>()\n\r", max_size=3),
    st.sampled_from(
        ["'a $b'", '"a b"', '"a\\"b"', "\\ ", "\\$", "a=b", "a~", "[ ]", "'", '"', " "]
    ),
)


@given(st.lists(SHELLISH, max_size=4).map("".join))
@example('"\\$a"')
@example('a"b\\\nc"')
@example("a\\\nb")
@example("'a'=1")
@example("a'~'b ~ ")
@example("\r")
def test_a_str_without_shell_syntax_is_what_a_shell_makes_of_it(words: str) -> None:
    command = f"printf %s, {words}"
    try:
        [result] = mc.run_all([command])
    except ValueError:
        assume(False)
    assert result.stdout == mc.run_all([command], shell=True)[0].stdout, command


@pytest.mark.parametrize("megabytes", [10])
def test_full_pipes_wait_for_nobody(megabytes: int) -> None:
    size = megabytes * 1_000_000
    script = f"cat & yes e | head -c {size} >&2; wait"
    [result] = mc.run_all(
        [["sh", "-c", "exec 3<&0; " + script.replace("cat", "cat <&3")]], input=b"i" * size
    )
    assert result.stdout == "i" * size
    assert result.stderr == "e\n" * (size // 2)


def test_a_program_need_not_read_its_input() -> None:
    [result] = mc.run_all(["true"], input=b"x" * 10_000_000)
    assert (result.returncode, result.error) == (0, None)


def test_sigpipe_kills_nobody_who_has_it_at_its_default() -> None:
    code = """
import signal
import manycore as mc
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
print(mc.run_all(["true"] * 20, input=b"x" * 1_000_000).failed)
"""
    assert output(code) == "[]\n"


def test_output_is_a_str_if_it_can_be_decoded() -> None:
    commands = [["printf", text] for text in (r"\344", r"\303\244", "a\r\nb\n")]
    assert [result.stdout for result in mc.run_all(commands)] == [b"\xe4", "ä", "a\r\nb\n"]
    latin = mc.run_all(commands, encoding="latin-1")
    assert [result.stdout for result in latin] == ["ä", "Ã¤", "a\r\nb\n"]
    raw = mc.run_all(commands, encoding=None)
    assert [result.stdout for result in raw] == [b"\xe4", b"\xc3\xa4", b"a\r\nb\n"]


def test_input_is_a_text_bytes_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "input"
    file.write_text("from a file")
    assert mc.run_all(["cat"], input="ä")[0].stdout == "ä"
    assert mc.run_all(["cat"], input=b"b")[0].stdout == "b"
    assert mc.run_all(["cat"])[0].stdout == ""
    # Each reads it from the start.
    results = mc.run_all(["cat"] * 3, input=file)
    assert [result.stdout for result in results] == ["from a file"] * 3
    assert mc.run_all(["wc -c"], input="ä", encoding="latin-1")[0].stdout == "1\n"


def test_folder_and_environment_are_the_given_ones(tmp_path: Path) -> None:
    (tmp_path / "hello").write_text("#!/bin/sh\necho hello $NAME\n")
    (tmp_path / "hello").chmod(0o755)
    environment = {"PATH": str(tmp_path), "NAME": "ä"}
    assert mc.run_all(["hello"], env=environment)[0].stdout == "hello ä\n"
    assert mc.run_all(["./hello"], cwd=tmp_path)[0].stdout == "hello\n"
    assert mc.run_all(["/bin/pwd"], cwd=tmp_path, env={})[0].stdout == f"{tmp_path}\n"
    raw = mc.run_all(["/usr/bin/env"], env={b"A": b"\xff"}, encoding=None)
    assert raw[0].stdout == b"A=\xff\n"


def test_a_command_may_be_of_paths_and_bytes(tmp_path: Path) -> None:
    script = tmp_path / "odd name"
    script.write_text('#!/bin/sh\necho "$#" $1\n')
    script.chmod(0o755)
    commands: list[Any] = [script, [script, b"\xff"], (os.fsencode(script), Path("a"))]
    results = mc.run_all(commands, encoding=None)
    assert [result.stdout for result in results] == [b"0\n", b"1 \xff\n", b"1 a\n"]


# A program that can't be started.


def test_a_program_that_does_not_exist_fails_and_the_others_run(tmp_path: Path) -> None:
    locked, text = tmp_path / "locked", tmp_path / "text"
    locked.write_text("#!/bin/sh\n")
    text.write_text("no script")
    text.chmod(0o755)
    commands = [["no-such-program"], ["echo", "on"], [str(locked)], [str(text)], ["/"]]
    missing, echo, *others = mc.run_all(commands, retries=3)
    assert isinstance(missing.error, FileNotFoundError)
    assert missing.error.filename == "no-such-program"
    assert (missing.returncode, missing.attempts) == (None, 1)
    assert missing.stdout == missing.stderr == ""
    assert (echo.returncode, echo.stdout) == (0, "on\n")
    for command, result in zip(commands[2:], others, strict=True):
        with pytest.raises(OSError) as expected:  # noqa: PT011, the errno is compared
            subprocess.run(command)
        assert isinstance(result.error, type(expected.value))
        assert isinstance(result.error, OSError)
        assert result.error.errno == expected.value.errno
        assert result.error.filename == command[0]


def test_a_status_that_somebody_else_took_is_an_error() -> None:
    code = """
import signal
import manycore as mc
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
[result] = mc.run_all(["echo done"])
print(repr(result.returncode), repr(result.stdout), type(result.error).__name__)
"""
    assert output(code) == "None 'done\\n' ChildProcessError\n"


# Timeouts and retries.


def test_a_program_out_of_time_is_stopped_with_all_that_it_has_started(sleep: Sleep) -> None:
    # In the background, in a process group of its own, below a program that doesn't listen.
    script = f"echo so far; {sleep} & timeout 999 {sleep} & trap '' TERM; {sleep}; {sleep}"
    begin = time.monotonic()
    [result] = mc.run_all([script], shell=True, timeout=0.3)
    assert 0.3 < time.monotonic() - begin < 1.5
    assert isinstance(result.error, subprocess.TimeoutExpired)
    assert (result.error.cmd, result.error.timeout) == (script, 0.3)
    assert result.stdout == result.error.output == "so far\n"
    assert result.returncode == -signal.SIGKILL
    assert 0.3 < result.seconds < 1.5
    assert result.failed
    assert not sleep.processes()


def test_a_program_out_of_time_may_end_in_its_own_way() -> None:
    script = "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.01; done"
    [result] = mc.run_all([script], shell=True, timeout=0.5)
    assert isinstance(result.error, subprocess.TimeoutExpired)
    assert (result.returncode, result.stdout) == (7, "ready\nbye\n")


def test_one_who_left_the_session_and_goes_on_writing_holds_nobody() -> None:
    [result] = mc.run_all(["setsid yes"], shell=True, timeout=0.3)
    assert isinstance(result.error, subprocess.TimeoutExpired)
    assert result.seconds < 2
    assert len(result.stdout) > 1000


def test_only_what_is_late_times_out(sleep: Sleep) -> None:
    results = mc.run_all([str(sleep), "echo in time", str(sleep)], jobs=3, timeout=0.3)
    assert [result.error is None for result in results] == [False, True, False]


@pytest.mark.parametrize("timeout", [1e300, float("inf"), 1e10])
def test_a_timeout_may_be_as_long_as_it_likes(timeout: float) -> None:
    assert not mc.run_all(["true"], timeout=timeout).failed


def test_what_fails_is_tried_again(tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    second = f"echo x >> {tries}; echo try $(wc -l < {tries}); test $(wc -l < {tries}) = 2"
    results = mc.run_all([second, "exit 5", "true"], shell=True, retries=2, jobs=1)
    assert [(result.returncode, result.attempts) for result in results] == [(0, 2), (5, 3), (0, 1)]
    assert results[0].stdout == "try 2\n"  # of the last attempt


def test_what_times_out_is_tried_again(tmp_path: Path, sleep: Sleep) -> None:
    tried = tmp_path / "tried"
    script = f"test -e {tried} || {{ touch {tried}; exec {sleep}; }}"
    [result] = mc.run_all([script], shell=True, retries=1, timeout=0.3)
    assert (result.returncode, result.error, result.attempts) == (0, None, 2)
    assert result.seconds > 0.3


# Many.


def test_a_thousand_programs_end_in_order() -> None:
    commands = [["printf", f"{number}"] for number in range(1000)]
    results = mc.run_all(commands, jobs=16)
    assert [result.stdout for result in results] == [str(number) for number in range(1000)]
    assert not results.failed


def test_the_order_is_that_of_the_commands_not_of_the_ends() -> None:
    ended: list[object] = []
    commands = [f"sleep 0.{5 - number}" for number in range(5)]
    results = mc.run_all(commands, jobs=5, callback=lambda result: ended.append(result.args))
    assert [result.args for result in results] == commands
    assert ended == commands[::-1]


@pytest.mark.parametrize("jobs", [1, 3])
def test_no_more_run_at_one_time_than_there_are_jobs(tmp_path: Path, jobs: int) -> None:
    script = f"mkdir {tmp_path}/$$; ls {tmp_path} | wc -l; sleep 0.05; rmdir {tmp_path}/$$"
    results = mc.run_all([script] * 12, shell=True, jobs=jobs)
    assert max(int(result.stdout) for result in results) == jobs


def test_more_jobs_than_descriptors_are_as_many_as_there_is_room_for() -> None:
    code = """
import resource
import manycore as mc
resource.setrlimit(resource.RLIMIT_NOFILE, (150, 150))
results = mc.run_all(["sleep 0.02"] * 200, jobs=200)
print(results)
"""
    assert output(code) == "200 programs, 0 failed\n"


def test_several_threads_run_programs_at_once() -> None:
    def echo(number: int) -> list[str | bytes]:
        results = mc.run_all([f"echo {number} {index}" for index in range(20)], jobs=2)
        return [result.stdout for result in results]

    with ThreadPoolExecutor(8) as executor:
        for number, said in enumerate(executor.map(echo, range(16))):
            assert said == [f"{number} {index}\n" for index in range(20)]


def test_programs_run_while_python_does() -> None:
    ticks = 0
    done = threading.Event()

    def count() -> None:
        nonlocal ticks
        while not done.wait(0.01):
            ticks += 1

    thread = threading.Thread(target=count)
    thread.start()
    mc.run_all(["sleep 0.5"])
    done.set()
    thread.join()
    assert ticks > 10


def test_a_forked_child_runs_programs_too() -> None:
    code = """
import os
import manycore as mc
assert not mc.run_all(["true"] * 4).failed
child = os.fork()
if child == 0:
    os._exit(len(mc.run_all(["false"] * 3).failed))
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
"""
    assert output(code, flags=["-W", "ignore::DeprecationWarning"]) == ""


# Nothing left behind.


def test_no_descriptor_and_no_thread_is_left(sleep: Sleep) -> None:
    def once() -> None:
        mc.run_all(["cat", "false", "no-such-program"] * 10, jobs=8, input="x")
        mc.run_all([str(sleep)], timeout=0.05)
        with pytest.raises(ZeroDivisionError):
            mc.run_all(["true"] * 10, callback=lambda _: 1 // 0)

    once()
    before = left()
    for _ in range(5):
        once()
    deadline = time.monotonic() + 1  # the last instructions of a thread
    while any(now > then for now, then in zip(left(), before, strict=True)):
        assert time.monotonic() < deadline, (left(), before)


def test_no_zombie_is_left() -> None:
    mc.run_all(["true", "false", "no-such-program"] * 10)
    with contextlib.suppress(ChildProcessError):  # other tests leave a child that lives
        assert os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def test_what_a_program_leaves_running_is_killed_with_its_end(sleep: Sleep) -> None:
    [result] = mc.run_all([f"{sleep} >/dev/null 2>&1 & echo started"], shell=True)
    assert (result.returncode, result.stdout) == (0, "started\n")
    sleep.wait(0, 1)


def test_a_program_inherits_no_descriptor() -> None:
    with open(os.devnull) as file:  # noqa: PTH123
        os.set_inheritable(file.fileno(), True)
        # One more is the folder itself, as `ls` reads it.
        [result] = mc.run_all(["ls /proc/self/fd"])
    assert isinstance(result.stdout, str)
    assert result.stdout.split() == ["0", "1", "2", "3"]


def test_programs_run_where_this_process_has_no_streams() -> None:
    code = """
import os, sys
import manycore as mc
answer = os.dup(1)
for descriptor in (0, 1, 2):
    os.close(descriptor)
[result] = mc.run_all([["sh", "-c", "cat; echo err >&2"]], input="in")
os.write(answer, repr((result.returncode, result.stdout, result.stderr)).encode())
os._exit(0)
"""
    assert output(code) == "(0, 'in', 'err\\n')"


def test_a_program_has_no_terminal() -> None:
    [result] = mc.run_all(["true </dev/tty"], shell=True)
    assert result.returncode != 0


# The scripts of other processes: what is left of them when they end.

SCRIPT = """
import os, signal, sys, threading, time
import manycore as mc
sleep = sys.argv[1]
python = [sys.executable, "-c"]
commands = [
    sleep,
    ["sh", "-c", f"{sleep} & {sleep}; true"],
    ["sh", "-c", f"trap '' TERM HUP INT; {sleep}; {sleep}"],
    [*python, "import subprocess, sys; subprocess.run(sys.argv[1].split())", sleep],
    # One whose first process has ended, and one that closes what it has inherited.
    [*python, "import subprocess, sys; subprocess.Popen(sys.argv[1].split())", sleep],
    [*python, "import os, sys; os.closerange(3, 999); os.system('exec ' + sys.argv[1])", sleep],
]
def run():
    mc.run_all(commands, jobs=len(commands))
"""
SLEEPERS = 7


def script(code: str, sleep: Sleep) -> subprocess.Popen[str]:
    """Start a script; returns when all of its programs run."""
    child = subprocess.Popen(
        [sys.executable, "-c", f"{SCRIPT}\n{code}", str(sleep)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    sleep.wait(SLEEPERS)
    return child


def test_ctrl_c_stops_all_in_half_a_second(sleep: Sleep) -> None:
    code = """
try:
    run()
except KeyboardInterrupt:
    print("interrupted", flush=True)
time.sleep(60)
"""
    child = script(code, sleep)
    begin = time.monotonic()
    child.send_signal(signal.SIGINT)
    assert child.stdout
    assert child.stdout.readline() == "interrupted\n"
    assert time.monotonic() - begin < 0.5
    # At once, not by and by.
    assert not sleep.processes()
    child.kill()
    child.communicate()


def test_ctrl_c_uncaught_ends_the_script_as_python_does(sleep: Sleep) -> None:
    child = script("run()", sleep)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=DEADLINE)
    assert child.returncode in (-signal.SIGINT, 130)
    assert errors.rstrip().endswith("KeyboardInterrupt")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_script_that_is_killed_leaves_nothing(sleep: Sleep, number: signal.Signals) -> None:
    child = script("run()", sleep)
    child.send_signal(number)
    sleep.wait(0, 2)
    child.communicate(timeout=DEADLINE)


def test_a_script_that_is_killed_at_any_moment_leaves_nothing(sleep: Sleep) -> None:
    code = "mc.run_all([['sh', '-c', f'{sleep}; {sleep}']] * 100, jobs=100)"
    for delay in range(20):
        child = subprocess.Popen([sys.executable, "-c", f"{SCRIPT}\n{code}", str(sleep)])
        deadline = time.monotonic() + DEADLINE
        while not sleep.processes():
            assert time.monotonic() < deadline
        time.sleep(delay / 1000)
        child.kill()
        child.wait()
        sleep.wait(0, 2)


def test_a_script_that_is_killed_leaves_nothing_though_its_fork_lives_on(sleep: Sleep) -> None:
    code = """
threading.Thread(target=run, daemon=True).start()
sys.stdin.readline()
if os.fork() == 0:
    print("forked", flush=True)
    time.sleep(60)
else:
    time.sleep(60)
"""
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", f"{SCRIPT}\n{code}", str(sleep)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    sleep.wait(SLEEPERS)
    assert child.stdin
    assert child.stdout
    child.stdin.write("\n")
    child.stdin.flush()
    assert child.stdout.readline() == "forked\n"
    child.kill()
    try:
        sleep.wait(0, 2)
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def test_a_script_may_exit_while_a_daemon_thread_runs_programs(sleep: Sleep) -> None:
    code = "threading.Thread(target=run, daemon=True).start()\nsys.stdin.readline()"
    child = subprocess.Popen(
        [sys.executable, "-c", f"{SCRIPT}\n{code}", str(sleep)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    sleep.wait(SLEEPERS)
    begin = time.monotonic()
    _, errors = child.communicate(b"\n", timeout=DEADLINE)
    assert (child.returncode, errors) == (0, b"")
    assert time.monotonic() - begin < 2
    sleep.wait(0, 1)


def test_a_handler_that_raises_stops_all(sleep: Sleep) -> None:
    class Late(Exception):  # noqa: N818, what it says
        pass

    def ring(number: int, frame: object) -> None:
        raise Late

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(Late):
            mc.run_all([str(sleep)] * 3, jobs=2)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert not sleep.processes()


def test_an_exception_of_the_callback_stops_all(sleep: Sleep) -> None:
    with pytest.raises(ZeroDivisionError):
        mc.run_all(["true", str(sleep)], jobs=2, callback=lambda _: 1 // 0)
    assert not sleep.processes()


# Live output.


def test_live_output_has_each_line_behind_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    scripts = ["echo one; echo two", "echo bad >&2", "printf 'no end'", r"printf '\377\n\n'"]
    results = mc.run_all(scripts, shell=True, live=True, jobs=1)
    shown = capsys.readouterr()
    assert shown.out == "[0] one\n[0] two\n[2] no end\n[3] \\xff\n[3] \n"
    assert shown.err == "[1] bad\n"
    assert [result.stdout for result in results] == ["one\ntwo\n", "", "no end", b"\xff\n\n"]


def test_live_output_comes_at_once_and_whole_lines_at_a_time() -> None:
    code = """
import sys
import manycore as mc
mc.run_all(["printf 'a'; sleep 0.2; echo b; cat /dev/zero"] * 2, shell=True, live=True, jobs=2)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert sorted(child.stdout.readline() for _ in range(2)) == ["[0] ab\n", "[1] ab\n"]
        child.kill()


def test_output_that_is_not_captured_is_not_kept(capsys: pytest.CaptureFixture[str]) -> None:
    [result] = mc.run_all(["echo seen"], live=True, capture_output=False)
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)
    assert capsys.readouterr().out == "[0] seen\n"
    [result] = mc.run_all(["yes | head -c 10000000"], shell=True, capture_output=False)
    assert (result.stdout, result.returncode) == ("", 0)


def test_live_output_that_nobody_reads_stops_all(sleep: Sleep) -> None:
    code = f"""
import sys
import manycore as mc
try:
    mc.run_all(["yes", "{sleep}"], jobs=2, live=True, capture_output=False)
except BrokenPipeError:
    sys.stderr.write("broken")
    sys.stderr.flush()
    import os
    os._exit(0)
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        assert child.stderr
        assert child.stdout.readline() == "[0] y\n"
        child.stdout.close()
        assert child.stderr.read() == "broken"


def test_the_screen_may_lack_characters() -> None:
    code = """
import manycore as mc
mc.run_all(["echo ä€"], live=True)
"""
    child = run(code, environment={"PYTHONIOENCODING": "latin-1"})
    assert (child.returncode, child.stderr) == (0, "")
    assert child.stdout.encode("utf-8", "surrogateescape") == b"[0] \xe4\\u20ac\n"


# Failures, shown and raised.


def test_check_raises_what_the_first_failure_in_order_got(sleep: Sleep) -> None:
    slow = "sleep 0.1; seq 20 >&2; exit 4"
    with pytest.raises(subprocess.CalledProcessError) as caught:
        mc.run_all(["true", slow, "exit 5"], shell=True, jobs=3, check=True)
    assert (caught.value.returncode, caught.value.cmd) == (4, slow)
    assert caught.value.stderr.endswith("20\n")
    notes = caught.value.__notes__
    assert notes == ["\n".join(map(str, range(11, 21))), "2 of 3 programs failed"]
    with pytest.raises(FileNotFoundError, match="no-such-program"):
        mc.run_all(["no-such-program", "false"], check=True)
    with pytest.raises(subprocess.TimeoutExpired):
        mc.run_all([str(sleep)], timeout=0.05, check=True)
    assert len(mc.run_all(["true"] * 3, check=True)) == 3


def test_each_result_checks_its_return_code() -> None:
    good, bad, missing = mc.run_all(["true", "false", "no-such-program"])
    good.check_returncode()
    with pytest.raises(subprocess.CalledProcessError, match="returned non-zero exit status 1"):
        bad.check_returncode()
    with pytest.raises(FileNotFoundError):
        missing.check_returncode()


def test_results_are_a_list_whose_repr_is_a_table(sleep: Sleep) -> None:
    results = mc.run_all(
        ["true", "false", ["sh", "-c", "kill -9 $$"], "no-such-program", str(sleep)], timeout=0.2
    )
    assert isinstance(results, list)
    assert results.failed == results[1:]
    lines = repr(results).splitlines()
    assert lines[0] == "5 programs, 4 failed"
    assert lines[1].split() == ["status", "seconds", "attempts", "command"]
    words = [line.split() for line in lines[2:]]
    assert [(row[0], row[1]) for row in words] == [
        ("0", "0"),
        ("1", "1"),
        ("2", "SIGKILL"),
        ("3", "FileNotFoundError"),
        ("4", "timed"),
    ]
    assert lines[4].endswith("sh -c 'kill -9 $$'")
    html = results._repr_html_()
    assert html.count("<tr>") == 6
    assert "sh -c &#x27;kill -9 $$&#x27;" in html


def test_the_table_of_many_shows_the_failed_ones() -> None:
    commands = [*["true"] * 30, "false", "printf %s " + "x" * 200]
    assert repr(mc.run_all(commands[:30])) == "30 programs, 0 failed"
    lines = repr(mc.run_all(commands)).splitlines()
    assert len(lines) == 3
    assert lines[2].split()[0] == "30"
    assert len(repr(mc.run_all(commands[-1:])).splitlines()[2]) < 100


def test_no_commands_have_no_results() -> None:
    assert mc.run_all([]) == []
    assert repr(mc.run_all(iter([]))) == "0 programs, 0 failed"


# Bad input: at once, with the value, before anything runs.


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"jobs": 0}, ValueError, "jobs must be at least 1, not 0"),
        ({"jobs": -3}, ValueError, "jobs must be at least 1, not -3"),
        ({"jobs": 1.5}, TypeError, "float"),
        ({"timeout": -1}, ValueError, "timeout must be more than 0 seconds, not -1"),
        ({"timeout": 0}, ValueError, "timeout must be more than 0 seconds, not 0"),
        ({"timeout": float("nan")}, ValueError, "timeout must be more than 0 seconds, not nan"),
        ({"retries": -1}, ValueError, "retries must be at least 0, not -1"),
        ({"retries": 0.5}, TypeError, "float"),
        ({"input": 5}, TypeError, "input must be str, bytes or a path, not 5"),
        ({"input": Path("no-such-file")}, FileNotFoundError, "no-such-file"),
        ({"cwd": "no-such-folder"}, FileNotFoundError, "no-such-folder"),
        ({"cwd": "/etc/passwd"}, NotADirectoryError, "/etc/passwd"),
        ({"env": {"a=b": "c"}}, ValueError, "'a=b' can't name an environment variable"),
        ({"env": {"a": "\0"}}, ValueError, "null byte"),
        ({"env": {"a": 1}}, TypeError, "int"),
        ({"encoding": "no-such-encoding"}, LookupError, "no-such-encoding"),
    ],
)
def test_a_bad_option_is_refused(
    tmp_path: Path, options: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        mc.run_all([["touch", tmp_path / "ran"]], **options)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("command", "error", "says"),
    [
        ("", ValueError, "a command must name a program; '' doesn't"),
        ("  ", ValueError, "a command must name a program"),
        ([], ValueError, r"a command must name a program; \[\] doesn't"),
        (["", "a"], ValueError, "a command must name a program"),
        (5, TypeError, "a command must be a str or a list of arguments, not 5"),
        (b"ls", TypeError, "a command must be a str or a list of arguments, not b'ls'"),
        (None, TypeError, "a command must be a str or a list of arguments, not None"),
        (["ls", 5], TypeError, r"int, in the command \['ls', 5\]"),
        (["ls", "a\0b"], ValueError, "null byte"),
        ("ls 'a", ValueError, '"ls \'a": No closing quotation'),
        ("ls | wc", ValueError, r"'ls \| wc' has shell syntax \('\|'\); pass shell=True"),
        *(
            (command, ValueError, "has shell syntax")
            for command in (
                *("ls > a", "ls < a", "ls 2>&1", "a && b", "a; b", "ls &", "(ls)", "ls *.c"),
                *("ls a?", "ls a[0-9]", "echo $HOME", 'echo "$HOME"', "echo `ls`", "ls ~/a"),
                *("A=1 ls", "a\nb", 'echo "`ls`"', "ls # all"),
            )
        ),
    ],
)
def test_a_bad_command_is_refused_before_anything_runs(
    tmp_path: Path, command: Any, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        mc.run_all([["touch", tmp_path / "ran"], command])
    assert not (tmp_path / "ran").exists()


def test_a_shell_takes_commands_that_are_texts() -> None:
    with pytest.raises(TypeError, match=r"with shell=True a command must be a str, not \['ls'\]"):
        mc.run_all([["ls"]], shell=True)
    with pytest.raises(ValueError, match="a command must name a program; ' ' doesn't"):
        mc.run_all([" "], shell=True)


@pytest.mark.parametrize("commands", ["ls -l", b"ls", Path("ls")])
def test_a_single_command_is_no_list_of_commands(commands: Any) -> None:
    with pytest.raises(TypeError, match="commands must be a list of commands, not"):
        mc.run_all(commands)


def test_quoted_and_harmless_signs_are_no_shell_syntax() -> None:
    command = r"""printf %s, 'a|b' "c;d" e\*f {} g=h [ -x ] i~j % +k @l ^m 'n'"o" """
    [result] = mc.run_all([command])
    assert result.stdout == "a|b,c;d,e*f,{},g=h,[,-x,],i~j,%,+k,@l,^m,no,"
