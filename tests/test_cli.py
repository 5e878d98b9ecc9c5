"""The commands `manycore` and the demonstration, as a user types them."""

from __future__ import annotations

import fcntl
import gzip
import io
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

import pytest

import manycore as mc
from children import DEADLINE, run
from manycore import cli

COUNT = re.compile(r"([\d,]+) words in ([\d,]+) files, [\d,.]+ MB \([\d,]+ MB/s\)\n")


def command(*arguments: object, module: str = "cli") -> list[str]:
    return [sys.executable, "-m", f"manycore.{module}", *map(os.fsdecode, map(bytes_of, arguments))]


def bytes_of(argument: object) -> bytes:
    return argument if isinstance(argument, bytes) else os.fsencode(str(argument))


def manycore(*arguments: object, module: str = "cli") -> tuple[int, str, str]:
    ended = subprocess.run(
        command(*arguments, module=module),
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=DEADLINE,
        stdin=subprocess.DEVNULL,
    )
    return ended.returncode, ended.stdout, ended.stderr


def counted(output: str) -> tuple[int, int]:
    match = COUNT.fullmatch(output)
    assert match, output
    words, files = (int(group.replace(",", "")) for group in match.groups())
    return words, files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    (folder / "more").mkdir(parents=True)
    (folder / "a.txt").write_text("to be or not to be\n")
    (folder / "b.md").write_text("that is THE question The\n")
    (folder / "more" / "c.txt").write_text("the end")
    return folder


# manycore count


def test_count_tells_words_files_and_speed_of_a_folder(folder: Path) -> None:
    status, said, errors = manycore("count", folder)
    assert (status, errors) == (0, "")
    assert counted(said) == (13, 3)


def test_count_takes_several_paths_and_patterns(folder: Path) -> None:
    assert counted(manycore("count", folder / "a.txt", folder / "b.md")[1]) == (11, 2)
    assert counted(manycore("count", folder / "**" / "*.txt")[1]) == (8, 2)


def test_count_takes_some_files_of_a_folder(folder: Path) -> None:
    assert counted(manycore("count", folder, "--pattern", "*.txt")[1]) == (6, 1)
    assert counted(manycore("count", "--pattern", "**/*.txt", folder)[1]) == (8, 2)
    status, said, errors = manycore("count", folder, "--pattern", "*.rst")
    assert (status, said) == (1, "")
    assert errors == f"manycore: [Errno 2] No file matches: '{folder}/*.rst'\n"


@pytest.mark.parametrize("name", [b"[docs]", b"do*cs", b"do?cs", b"d\xe9cs", b"line\nbreak"])
def test_count_takes_a_folder_of_any_name(tmp_path: Path, name: bytes) -> None:
    folder = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118
    os.mkdir(folder)  # noqa: PTH102
    with open(os.path.join(folder, b"a.txt"), "w") as file:  # noqa: PTH118, PTH123
        file.write("to be")
    (tmp_path / "doXcs").mkdir()  # which the names match, if they are taken for patterns
    (tmp_path / "doXcs" / "a.txt").write_text("not this one")
    assert counted(manycore("count", folder)[1]) == (2, 1)
    assert counted(manycore("count", folder, "--pattern", "*.txt")[1]) == (2, 1)


def test_count_shows_the_commonest_words(folder: Path) -> None:
    status, said, errors = manycore("count", folder, "--top", "3", "--lower")
    assert (status, errors) == (0, "")
    *top, total = said.splitlines(keepends=True)
    assert top == ["3  the\n", "2  be\n", "2  to\n"]
    assert counted(total) == (13, 3)
    assert manycore("count", folder, "--top", "1")[1].startswith("2  be\n")


def test_count_lines_up_the_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("often " * 1234 + "seldom")
    assert manycore("count", tmp_path, "--top", "2")[1].startswith("1,234  often\n    1  seldom\n")


def test_count_shows_all_words_if_there_are_fewer(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "b.txt").write_text("")
    status, said, errors = manycore("count", tmp_path, "--top", "5")
    assert (status, errors) == (0, "")
    assert said.startswith("1  one\n")
    (tmp_path / "a.txt").write_text("")
    status, said, errors = manycore("count", tmp_path, "--top", "5")
    assert (status, errors, counted(said)) == (0, "", (0, 2))


def test_count_stops_at_bad_bytes_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"good b\xffd \xff\n")
    status, said, errors = manycore("count", tmp_path)
    assert (status, said) == (1, "")
    assert errors.count("\n") == 1
    assert f"{path}, byte offset 6" in errors
    assert counted(manycore("count", tmp_path, "--errors", "replace")[1]) == (3, 1)
    assert counted(manycore("count", tmp_path, "--errors", "ignore")[1]) == (2, 1)


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(b"cut")[:-5]])
def test_count_names_a_damaged_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(content)
    status, said, errors = manycore("count", tmp_path)
    assert (status, said) == (1, "")
    assert errors.startswith(f"manycore: {path}: ")
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("missing", "[Errno 2] No such file or directory: '{}'"),
        ("missing/*.txt", "[Errno 2] No file matches: '{}'"),
        ("a**b", "is not a pattern of file names"),
        ("a.bz2", "compression must be gzip or zstd"),
    ],
)
def test_a_mistake_is_one_line_and_status_1(tmp_path: Path, path: str, why: str) -> None:
    (tmp_path / "a.bz2").write_text("")
    status, said, errors = manycore("count", tmp_path / path)
    assert (status, said) == (1, "")
    assert errors.startswith("manycore: ")
    assert why.format(tmp_path / path) in errors
    assert errors.count("\n") == 1


def test_a_negative_number_of_words_is_a_mistake(folder: Path) -> None:
    status, said, errors = manycore("count", folder, "--top", "-1")
    assert (status, said) == (1, "")
    assert errors == "manycore: --top must be at least 0, not -1\n"


def test_a_pipe_that_closes_early_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" ".join(f"word{number}" for number in range(100_000)))
    with subprocess.Popen(
        command("count", tmp_path, "--top", "100000"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout
        assert child.stderr
        assert child.stdout.readline() == "1  word0\n"
        child.stdout.close()
        assert child.stderr.read() == ""
        assert child.wait(DEADLINE) in (0, 1, 141)


def test_ctrl_c_is_status_130_and_one_line(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with (
        subprocess.Popen(
            command("count", pipe), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as child,
        pipe.open("wb", buffering=0) as writer,
    ):  # opens once the child reads
        writer.write(b"to be\n")
        child.send_signal(signal.SIGINT)
        said, errors = child.communicate(timeout=DEADLINE)
    assert (child.returncode, said, errors) == (130, "", "manycore: interrupted\n")


# The progress bar.


def terminal(arguments: list[str], columns: int, feed: Path | None = None) -> tuple[int, str]:
    """Run with a terminal for standard error; what it showed there, and the exit status."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    if feed is not None:
        with feed.open("wb", buffering=0) as writer:
            end = time.monotonic() + 1.5  # the bar shows after a second
            while time.monotonic() < end:
                writer.write(b"to be or not to be\n" * 100)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # Linux says EIO where other systems end the file
        pass
    os.close(ours)
    with child:
        return child.wait(DEADLINE), shown.decode()


def screen(shown: str, columns: int) -> list[str]:
    """Give the lines that a terminal of that width shows in the end."""
    lines = [[" "] * columns]
    column = 0
    for character in shown:
        if character == "\r":
            column = 0
        elif character == "\n":
            lines.append([" "] * columns)
        else:
            if column == columns:  # it goes on in the next line
                lines.append([" "] * columns)
                column = 0
            lines[-1][column] = character
            column += 1
    return ["".join(line).rstrip() for line in lines]


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_long_run_shows_a_bar_on_a_terminal_and_clears_it(tmp_path: Path, columns: int) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    status, shown = terminal(command("count", pipe), columns, feed=pipe)
    assert status == 0
    drawn = [line for line in shown.split("\r") if line.strip()]
    assert drawn
    assert all("words" in line for line in drawn)
    assert max(map(len, drawn)) < columns
    assert screen(shown, columns) == [""]


@pytest.mark.parametrize("columns", [60, 120])
def test_the_bar_of_files_tells_share_files_and_time_left(tmp_path: Path, columns: int) -> None:
    code = """
import sys, time
import manycore as mc
mc.config(workers=1)
mc.bag.read_text(sys.argv[1]).map(lambda line: time.sleep(0.1) or line).count().compute()
"""
    for number in range(15):
        (tmp_path / f"{number:02}.txt").write_text("a\n")
    status, shown = terminal([sys.executable, "-c", code, str(tmp_path)], columns)
    whole = r"\|#+-*\| +\d+% \d+/15 files \d+ B of 30 B \d+ items/s \d+ s left"
    drawn = [line.rstrip() for line in shown.split("\r") if line.strip()]
    assert status == 0
    assert drawn
    if columns == 120:
        assert all(re.fullmatch(whole, line) for line in drawn), drawn
    assert max(map(len, drawn)) < columns
    assert screen(shown, columns) == [""]


def test_a_standard_error_that_is_none_shows_no_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = io.StringIO()
    closed.close()
    for stream in (None, closed, object()):
        monkeypatch.setattr(sys, "stderr", stream)
        assert mc.bag.range(10, 2).sum().compute() == 45
    monkeypatch.setattr(sys, "stderr", None)  # as pythonw and some services have it
    assert mc.bag.range(10, 2).map(wait).sum().compute(progress=True) == 45
    assert capsys.readouterr().out == ""


def wait(item: int) -> int:
    time.sleep(0.01)  # so that the bar would be drawn
    return item


def test_a_short_run_shows_no_bar(folder: Path) -> None:
    assert terminal(command("count", folder), 80) == (0, "")


def test_no_bar_is_shown_where_there_is_no_terminal(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(
        command("count", pipe), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        with pipe.open("wb", buffering=0) as writer:
            end = time.monotonic() + 1.3
            while time.monotonic() < end:
                writer.write(b"to be or not to be\n" * 100)
        _, errors = child.communicate(timeout=DEADLINE)
    assert (child.returncode, errors) == (0, b"")


# manycore run


def test_run_runs_each_line_in_a_shell_and_shows_its_output(tmp_path: Path) -> None:
    file = tmp_path / "commands"
    file.write_bytes(b"# a comment\n\necho a | tr a b\n  echo err >&2\nprintf '%s' \xff | wc -c\n")
    status, said, errors = manycore("run", "-j", "1", file)
    assert (status, said, errors) == (0, "[0] b\n[2] 1\n", "[1] err\n")


def test_run_takes_commands_from_standard_input(tmp_path: Path) -> None:
    lines = "".join(f"echo {number}\n" for number in range(100)) + "cat"
    ended = subprocess.run(
        command("run", "-"), input=lines, capture_output=True, text=True, timeout=DEADLINE
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert sorted(ended.stdout.splitlines()) == sorted(f"[{n}] {n}" for n in range(100))


def test_run_fails_if_a_program_does_and_says_which(tmp_path: Path) -> None:
    file = tmp_path / "commands"
    file.write_text(f"true\nexit 3\necho x >> {tmp_path}/tries; false\nsleep 60\n")
    status, said, errors = manycore("run", "--retries", "2", "--timeout", "0.2", file)
    assert (status, said) == (1, "")
    lines = errors.splitlines()
    assert lines[0] == "manycore: 4 programs, 3 failed"
    assert [line.split()[1] for line in lines[2:]] == ["0", "3", "1", "timed"]
    assert (tmp_path / "tries").read_text() == "x\n" * 3


def test_run_says_what_is_wrong_with_its_options(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    errors = f"manycore: [Errno 2] No such file or directory: '{missing}'\n"
    assert manycore("run", missing) == (1, "", errors)
    (tmp_path / "empty").touch()
    assert manycore("run", tmp_path / "empty") == (0, "", "")
    errors = "manycore: jobs must be at least 1, not 0\n"
    assert manycore("run", "-j", "0", tmp_path / "empty") == (1, "", errors)


def test_run_stops_all_at_ctrl_c(tmp_path: Path) -> None:
    file = tmp_path / "commands"
    file.write_text("echo started; exec sleep 600\n")
    with subprocess.Popen(
        command("run", file), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        assert child.stdout.readline() == "[0] started\n"
        child.send_signal(signal.SIGINT)
        said, errors = child.communicate(timeout=DEADLINE)
    assert (child.returncode, said, errors) == (130, "", "manycore: interrupted\n")


def test_a_long_run_of_programs_shows_how_many_are_done() -> None:
    code = "import manycore as mc; mc.run_all(['sleep 0.3'] * 4 + ['false'] * 4, jobs=1)"
    status, shown = terminal([sys.executable, "-c", code], 80)
    drawn = [line.rstrip() for line in shown.split("\r") if line.strip()]
    assert status == 0
    assert drawn
    whole = r"\|#+-*\| +\d+% \d/8 programs(, \d failed)?( \d s left)?"
    assert all(re.fullmatch(whole, line) for line in drawn), drawn
    assert screen(shown, 80) == [""]


# manycore machine


def test_machine_describes_the_machine() -> None:
    status, said, errors = manycore("machine", "--quick")
    assert (status, errors) == (0, "")
    names = [line.split("  ")[0] for line in said.splitlines()]
    assert names[:2] == ["processor", "cores"]
    assert names[-2:] == ["memory", "vector"]
    assert "bandwidth" not in said


def test_machine_measures_unless_it_must_be_quick() -> None:
    status, said, errors = manycore("machine")
    assert (status, errors) == (0, "")
    assert re.search(r"^read bandwidth  +[\d.]+ GB/s, spread \d+%$", said, re.MULTILINE)
    assert re.search(r"^copy bandwidth  +[\d.]+ GB/s$", said, re.MULTILINE)


def test_machine_as_json() -> None:
    status, said, errors = manycore("machine", "--quick", "--json")
    assert (status, errors) == (0, "")
    facts = json.loads(said)
    assert facts["usable_cores"] == mc.machine(bandwidth=False).usable_cores
    assert facts["threads_per_core"] >= 1
    assert facts["read_bandwidth"] is None
    assert isinstance(facts["caches"], list)


# Help, and mistakes in the command line.


@pytest.mark.parametrize("arguments", [[], ["count"], ["run"], ["machine"]])
def test_help_names_every_option(arguments: list[str]) -> None:
    status, said, errors = manycore(*arguments, "--help")
    assert (status, errors) == (0, "")
    assert said.startswith("usage: manycore")
    options = {
        "": ["count", "run", "machine"],
        "count": ["--top N", "--lower", "--pattern", "--errors {strict,replace,ignore}"],
        "run": ["--jobs N", "--timeout S", "--retries N", "FILE"],
        "machine": ["--quick", "--fresh", "--json"],
    }
    assert all(option in said for option in options["".join(arguments)])


@pytest.mark.parametrize(
    "arguments",
    [[], ["count"], ["walk"], ["count", "--top", "many", "."], ["run"], ["machine", "extra"]],
)
def test_a_wrong_command_line_is_status_2_with_the_usage(arguments: list[str]) -> None:
    status, said, errors = manycore(*arguments)
    assert (status, said) == (2, "")
    assert errors.startswith("usage: manycore")


def test_the_command_is_installed() -> None:
    script = Path(sys.executable).with_name("manycore")
    ended = subprocess.run([script, "--help"], capture_output=True, text=True, timeout=DEADLINE)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == cli.parser().format_help()


def test_the_package_is_the_command_too(folder: Path) -> None:
    def by_package(*arguments: object) -> tuple[int, str, str]:
        ended = subprocess.run(
            [sys.executable, "-m", "manycore", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )
        return ended.returncode, ended.stdout, ended.stderr

    for arguments in (["--help"], ["profile", "--help"], [], ["walk"], ["count", "nowhere"]):
        assert by_package(*arguments) == manycore(*arguments)
    assert counted(by_package("count", folder)[1]) == counted(manycore("count", folder)[1])


# The demonstration.


def demo(*arguments: object) -> tuple[int, str, str]:
    return manycore(*arguments, module="demo")


def test_the_demonstration_shows_words_and_four_checked_times(folder: Path) -> None:
    status, said, errors = demo(folder)
    assert (status, errors) == (0, "")
    assert said.startswith(f"3 documents, 51 B, of {folder}\n")
    assert "13 words; the ten most frequent:" in said
    assert re.search(r"^  be +2$", said, re.MULTILINE)
    row = r"\s+[\d.]+\s+[\d,]+\s+[\d.]+x\s+[\d.]+%$"
    for name in ("plain Python loop", r"multiprocessing.Pool\(\d+\)", "manycore, 1 core"):
        assert re.search(f"^{name}{row}", said, re.MULTILINE), said
    assert re.search(rf"^manycore, \d+ cores?{row}", said, re.MULTILINE)
    assert "All four gave the same answer." in said


def test_the_demonstration_takes_any_folder(tmp_path: Path) -> None:
    # Compressed files are no text; the rest is counted alike by all four.
    (tmp_path / "image.png").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "lines.txt").write_bytes("a\r\nb\rc\u2028d\x1ce\u00a0f".encode())
    (tmp_path / ".hidden").write_text("unseen")
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "[odd] name.txt").write_text("g")
    for name in ("a.gz", "a.zst", "a.bz2", "a.xz", "a.lz4"):
        (tmp_path / name).write_bytes(b"no archive at all")
    status, said, errors = demo(tmp_path)
    assert (status, errors) == (0, "")
    assert said.startswith("4 documents")
    assert "All four gave the same answer." in said


def test_the_demonstration_without_a_folder_takes_the_standard_library() -> None:
    status, said, errors = demo()
    assert (status, errors) == (0, "")
    assert " of the Python standard library (" in said
    assert "All four gave the same answer." in said


def test_the_demonstration_of_a_file_that_cannot_be_read_is_one_line() -> None:
    code = """
import gettext, locale, os, shutil, sys  # what argparse imports later, from where nobody may look
from manycore import demo
if os.geteuid() == 0:
    os.seteuid(65534)  # nobody, whom permissions bind
sys.exit(demo.main(sys.argv[1:]))
"""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        closed = Path(folder) / "a.txt"
        closed.touch(mode=0)
        child = run(code, folder)
    assert child.returncode == 1
    assert child.stderr == f"demo: [Errno 13] Permission denied: '{closed}'\n"


def test_the_demonstration_says_what_is_wrong_with_a_folder(tmp_path: Path) -> None:
    assert demo(tmp_path / "missing") == (1, "", f"demo: {tmp_path / 'missing'} is no folder\n")
    assert demo(tmp_path) == (1, "", f"demo: there is no file below {tmp_path}\n")
    (tmp_path / "a.txt").write_text("a")
    assert demo(tmp_path / "a.txt") == (1, "", f"demo: {tmp_path / 'a.txt'} is no folder\n")
