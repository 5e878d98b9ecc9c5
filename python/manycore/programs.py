"""
Many external programs, so many at a time: pipes, return codes, timeouts, nothing left behind.

`run_all` is `subprocess.run` for a list of commands. What a program starts is stopped with it, and
all of it ends with this process, whichever way that ends.

Examples
--------
>>> results = mc.run_all(["printf 'to be'", ["printf", "%s", "or not"], "false"], jobs=2)
>>> [result.stdout for result in results]
['to be', 'or not', '']
>>> [result.returncode for result in results]
[0, 0, 1]
"""

from __future__ import annotations

import codecs
import errno
import math
import operator
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from manycore import _core
from manycore._progress import Count
from manycore._table import html_columns, text_columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TextIO, TypeAlias

    # One argument of a program; a program with its arguments.
    _Argument: TypeAlias = str | bytes | os.PathLike[str] | os.PathLike[bytes]
    _Command: TypeAlias = str | os.PathLike[str] | os.PathLike[bytes] | Sequence[_Argument]

__all__ = ["Completed", "Results", "run_all"]

# What stands in a command for itself: an escaped character, a quoted string.
_QUOTED = re.compile(r"""\\.|'[^']*'|"(?:\\.|[^"\\])*\"""", re.DOTALL)
# What a shell would not pass on as it is: operators, expansions, patterns, the home folder.
_SHELL = re.compile(r"[|&;<>()$`*?\r\n\\]|(?<!\S)[~#]|\S\[[^\s\]]+\]|^\w+=")
# What it acts on between double quotes, where `shlex` keeps the backslash that would hide it.
_EXPANDED = re.compile(r"[$`]|\\\n")

# A table shows so many programs: the failed ones, if there are more.
_ROWS = 20
_COMMAND_WIDTH = 60


@dataclass(frozen=True)
class Completed:
    """
    How a program ended, with the names of `subprocess.CompletedProcess`.

    Attributes
    ----------
    args : str, PathLike or sequence
        The command as it was given.
    returncode : int or None
        What the program returned; -N if signal N ended it; None if it was not started.
    stdout, stderr : str or bytes
        What it wrote at its last attempt: bytes if that can't be decoded.
    seconds : float
        What it took, all attempts together.
    attempts : int
        How often it was tried.
    error : Exception or None
        Why the return code is not the whole story: `subprocess.TimeoutExpired`, or an `OSError`
        such as `FileNotFoundError` if it was not started.
    """

    args: _Command
    returncode: int | None
    stdout: str | bytes
    stderr: str | bytes
    seconds: float
    attempts: int
    error: Exception | None

    @property
    def failed(self) -> bool:
        """Whether it returned something else than 0, was not started or timed out."""
        return self.error is not None or self.returncode != 0

    def check_returncode(self) -> None:
        """
        Raise an exception if the program failed.

        Raises
        ------
        OSError
            If it was not started.
        subprocess.TimeoutExpired
            If it took too long.
        subprocess.CalledProcessError
            If it returned something else than 0; the end of its standard error is in a note.
        """
        if self.error is not None:
            raise self.error
        if self.returncode:
            error = subprocess.CalledProcessError(
                self.returncode, self.args, self.stdout, self.stderr
            )
            if self.stderr:
                error.add_note(_tail(self.stderr))
            raise error

    def _status(self) -> str:
        """Say in two words how it ended."""
        if isinstance(self.error, subprocess.TimeoutExpired):
            return "timed out"
        if self.error is not None:
            return type(self.error).__name__
        if self.returncode is None or self.returncode >= 0:
            return f"{self.returncode}"
        try:
            return signal.Signals(-self.returncode).name
        except ValueError:  # a real-time signal
            return f"signal {-self.returncode}"


class Results(list[Completed]):
    """The results of `run_all`, a list in the order of the commands; its repr is a table."""

    @property
    def failed(self) -> list[Completed]:
        """The results of the programs that failed."""
        return [result for result in self if result.failed]

    def check_returncode(self) -> None:
        """
        Raise an exception if a program failed: that of the first one.

        Raises
        ------
        OSError, subprocess.TimeoutExpired, subprocess.CalledProcessError
            As `Completed.check_returncode` does; a note says how many others failed.
        """
        failed = self.failed
        if not failed:
            return
        try:
            failed[0].check_returncode()
        except Exception as error:
            if len(failed) > 1:
                error.add_note(f"{len(failed):,} of {len(self):,} programs failed")
            raise

    def _title(self) -> str:
        noun = "program" if len(self) == 1 else "programs"
        return f"{len(self):,} {noun}, {len(self.failed):,} failed"

    def _rows(self) -> list[list[str]]:
        numbered = list(enumerate(self))
        if len(numbered) > _ROWS:
            numbered = [entry for entry in numbered if entry[1].failed][:_ROWS]
        return [
            [
                f"{index}",
                result._status(),
                f"{result.seconds:.2f}",
                f"{result.attempts}",
                _shown(result.args),
            ]
            for index, result in numbered
        ]

    _HEADS = ("", "status", "seconds", "attempts", "command")

    def __repr__(self) -> str:
        rows = self._rows()
        table = text_columns(self._HEADS, rows, len(self._HEADS))
        return f"{self._title()}\n{table}" if rows else self._title()

    def _repr_html_(self) -> str:
        return html_columns(self._title(), self._HEADS, self._rows(), len(self._HEADS))


def run_all(
    commands: Iterable[_Command],
    *,
    jobs: int | None = None,
    timeout: float | None = None,
    retries: int = 0,
    input: str | bytes | os.PathLike[str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    env: Mapping[str, str] | Mapping[bytes, bytes] | None = None,
    shell: bool = False,
    check: bool = False,
    live: bool = False,
    capture_output: bool = True,
    callback: Callable[[Completed], object] | None = None,
    progress: bool | None = None,
    encoding: str | None = "utf-8",
) -> Results:
    """
    Run external programs, so many at a time, and wait for all of them.

    A program has a session of its own and no terminal. When it ends, what it has left running in
    its process group is killed; when it is stopped, all of its session is.

    Parameters
    ----------
    commands : iterable of str or of sequences
        A sequence is a program and its arguments; a str is split as a shell would (`shlex.split`),
        but no shell runs it.
    jobs : int, optional
        Programs that run at one time at most; the workers of `manycore.config` by default.
    timeout : float, optional
        Seconds that a program may take. It is then asked to end (SIGTERM), with all that it has
        started, and killed after 0.2 seconds.
    retries : int, default 0
        How often a program that returns something else than 0 or times out is tried again.
    input : str, bytes or PathLike, optional
        What each program reads: a text, bytes, or a file; nothing by default.
    cwd : str or PathLike, optional
        The folder that the programs run in; the current one by default.
    env : mapping, optional
        Their whole environment; ours by default.
    shell : bool, default False
        Run each command, a str, as ``/bin/sh -c``.
    check : bool, default False
        Raise an exception if a program failed, once all have ended.
    live : bool, default False
        Also write each line to `sys.stdout` or `sys.stderr` as it comes, behind its program's
        number in the results.
    capture_output : bool, default True
        Whether to keep the output; where it isn't, `stdout` and `stderr` are empty.
    callback : callable, optional
        Called in this thread with each `Completed`, when it is there.
    progress : bool, optional
        Whether to show how many are done. By default after a second, on a terminal, and not with
        `live`.
    encoding : str or None, default "utf-8"
        Output that can be decoded is a str, with its line ends as they are; None keeps all bytes.

    Returns
    -------
    Results
        A list of `Completed`, in the order of the commands.

    Raises
    ------
    TypeError, ValueError
        If a command is none, is a str with shell syntax, or an option has a value that can't work;
        before anything runs.
    OSError
        If `cwd` or `input` can't be opened; before anything runs.
    OSError, subprocess.TimeoutExpired, subprocess.CalledProcessError
        With ``check=True``: what the first program that failed got (first in order).

    Notes
    -----
    A program that doesn't exist does not stop the others: its entry has a `FileNotFoundError` for
    its error, and no return code. Ctrl-C, and an exception of the callback, stop all programs.

    Examples
    --------
    >>> results = mc.run_all(["cat", "no-such-program"], input="to be")
    >>> results[0].stdout, results[1].error
    ('to be', FileNotFoundError(2, 'No such file or directory'))
    >>> mc.run_all(["sleep 10"], timeout=0.1)[0].error.timeout
    0.1
    >>> mc.run_all(["echo a b | wc -w"], shell=True)[0].stdout.strip()
    '2'
    """
    if isinstance(commands, str | bytes | os.PathLike):
        raise TypeError(
            f"commands must be a list of commands, not {commands!r}; write [{commands!r}]"
        )
    commands = list(commands)
    arguments = [_arguments(command, shell) for command in commands]
    jobs = _core.configuration()[1] if jobs is None else operator.index(jobs)
    if jobs < 1:
        raise ValueError(f"jobs must be at least 1, not {jobs}")
    if timeout is not None and not timeout > 0:
        raise ValueError(f"timeout must be more than 0 seconds, not {timeout}")
    if operator.index(retries) < 0:
        raise ValueError(f"retries must be at least 0, not {retries}")
    if encoding is not None:
        codecs.lookup(encoding)
    if cwd is not None and not stat.S_ISDIR(Path(cwd).stat().st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), os.fspath(cwd))

    with Count(len(commands), False if live else progress, "programs") as bar:
        collector = _Collector(commands, timeout, encoding, callback, bar)
        _core.run_programs(
            arguments,
            jobs,
            None if timeout is None or math.isinf(timeout) else timeout,
            retries,
            _input(input, encoding),
            None if cwd is None else os.fsdecode(cwd),
            None if env is None else _environment(env),
            capture_output,
            live,
            collector,
        )
    results = Results(collector.results[index] for index in range(len(commands)))
    if check:
        results.check_returncode()
    return results


class _Collector:
    """Takes what happens in a run: lines to show, and results."""

    def __init__(
        self,
        commands: Sequence[_Command],
        timeout: float | None,
        encoding: str | None,
        callback: Callable[[Completed], object] | None,
        bar: Count,
    ) -> None:
        self.commands = commands
        self.timeout = timeout
        self.encoding = encoding
        self.callback = callback
        self.bar = bar
        self.results: dict[int, Completed] = {}
        self.failed = 0

    def __call__(
        self, lines: Sequence[tuple[int, bool, bytes]], ended: Sequence[_core._Ended]
    ) -> None:
        for index, is_error, data in lines:
            _show(index, sys.stderr if is_error else sys.stdout, data)
        for index, code, output, errors, seconds, attempts, not_started, timed_out in ended:
            command = self.commands[index]
            stdout, stderr = _text(output, self.encoding), _text(errors, self.encoding)
            error: Exception | None = not_started
            if timed_out:
                error = subprocess.TimeoutExpired(command, self.timeout or 0.0, stdout, stderr)
            result = Completed(command, code, stdout, stderr, seconds, attempts, error)
            self.results[index] = result
            self.failed += result.failed
            if self.callback is not None:
                self.callback(result)
        self.bar(len(self.results), self.failed)


def _show(index: int, stream: TextIO | None, data: bytes) -> None:
    """Write lines of a program, each behind its number."""
    if stream is None:  # as pythonw and some services have it
        return
    lines = data.decode("utf-8", "backslashreplace").removesuffix("\n").split("\n")
    text = "".join(f"[{index}] {line}\n" for line in lines)
    try:
        stream.write(text)
    except UnicodeEncodeError as error:
        stream.write(text.encode(error.encoding, "backslashreplace").decode(error.encoding))
    stream.flush()


def _arguments(command: object, shell: bool) -> list[str]:
    """Make a command a program and its arguments."""
    if shell:
        if not isinstance(command, str):
            raise TypeError(f"with shell=True a command must be a str, not {command!r}")
        if not command.strip():
            raise ValueError(f"a command must name a program; {command!r} doesn't")
        return ["/bin/sh", "-c", command]
    if isinstance(command, str):
        words = _split(command)
    elif isinstance(command, os.PathLike):
        words = [os.fsdecode(command)]
    elif isinstance(command, bytes | bytearray) or not isinstance(command, Sequence):
        raise TypeError(f"a command must be a str or a list of arguments, not {command!r}")
    else:
        try:
            words = [os.fsdecode(argument) for argument in command]
        except TypeError as error:
            raise TypeError(f"{error}, in the command {command!r}") from None
    if not words or not words[0]:
        raise ValueError(f"a command must name a program; {command!r} doesn't")
    return words


def _split(command: str) -> list[str]:
    """Split a command as a shell would, if it holds nothing else that a shell would do."""
    bare = _QUOTED.sub(_unquoted, command).strip(" \t\n")
    if syntax := _SHELL.search(bare):
        raise ValueError(
            f"{command!r} has shell syntax ({syntax[0]!r}); pass shell=True to run it with "
            "/bin/sh, or quote it, or write a list of arguments"
        )
    try:
        return shlex.split(command)
    except ValueError as error:
        raise ValueError(f"{command!r}: {error}") from None


def _unquoted(quoted: re.Match[str]) -> str:
    """Give what a shell would still act on in an escaped character or a quoted string."""
    text = quoted[0]
    may_expand = text.startswith('"') or text == "\\\n"
    expanded = _EXPANDED.search(text) if may_expand else None
    return expanded[0] if expanded else "."


def _input(input: str | bytes | os.PathLike[str] | None, encoding: str | None) -> bytes | str:
    """Give bytes, or the name of the file, which must be readable."""
    if input is None:
        return os.devnull
    if isinstance(input, str):
        return input.encode(encoding or "utf-8")
    if isinstance(input, bytes | bytearray | memoryview):
        return bytes(input)
    if isinstance(input, os.PathLike):
        with Path(input).open("rb"):
            return os.fspath(input)
    raise TypeError(f"input must be str, bytes or a path, not {input!r}")


def _environment(env: Mapping[str, str] | Mapping[bytes, bytes]) -> list[tuple[str, str]]:
    pairs = [(os.fsdecode(name), os.fsdecode(value)) for name, value in env.items()]
    for name, _ in pairs:
        if not name or "=" in name:
            raise ValueError(f"{name!r} can't name an environment variable")
    return pairs


def _text(data: bytes, encoding: str | None) -> str | bytes:
    if encoding is None:
        return data
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data


def _shown(command: _Command) -> str:
    """Write a command on one line, cut short."""
    if isinstance(command, str):
        text = command
    elif isinstance(command, os.PathLike):
        text = os.fsdecode(command)
    else:
        text = shlex.join(map(os.fsdecode, command))
    text = " ".join(text.split())
    return text if len(text) <= _COMMAND_WIDTH else f"{text[: _COMMAND_WIDTH - 1]}…"


def _tail(errors: str | bytes) -> str:
    """Give the last lines that a program wrote to its standard error."""
    text = errors if isinstance(errors, str) else errors.decode("utf-8", "backslashreplace")
    return "\n".join(text[-2000:].splitlines()[-10:])
