"""
Sets manycore up and runs it: ``python3 dev.py COMMAND``.

Standard library only, because it is what installs everything else: it makes ``.venv``, installs
what pyproject.toml's ``dev`` extra names, and builds the extension in release. Each of these steps
leaves a fingerprint of what it read, and is skipped while that stays the same.

This file must parse on Python 3.7 (so no ``match``, no ``except*``), because an old one should be
told what to do, not fail on the syntax.

Examples
--------
::

    python3 dev.py demo
    python3 dev.py test -- -k bag
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
CACHE = Path.home() / ".cache" / "manycore"
OLDEST_PYTHON = (3, 11)

# A step of the set-up that takes less than this says nothing.
QUIET_SECONDS = 1.0


def say(message: str, end: str = "\n") -> None:
    """Tell the user what goes on, on stderr: stdout belongs to the command."""
    print(f"[manycore] {message}", end=end, file=sys.stderr, flush=True)


def fail(message: str) -> NoReturn:
    """Stop with a message that names the way out."""
    say(message)
    sys.exit(1)


def check_machine() -> None:
    """Stop where something is missing that only the user can install."""
    if not shutil.which("cargo"):
        fail("cargo is missing: install Rust with rustup (https://rustup.rs), then run this again")
    if not any(shutil.which(compiler) for compiler in ("cc", "gcc", "clang")):
        fail(
            "a C compiler is missing: install one (Debian, Ubuntu: apt install build-essential; "
            "Fedora: dnf install gcc; macOS: xcode-select --install), then run this again"
        )


def set_environment() -> None:
    """Set what every command inherits: the virtual environment, and builds outside the clone."""
    os.environ["PATH"] += os.pathsep + str(Path.home() / ".cargo" / "bin")
    os.environ["VIRTUAL_ENV"] = str(VENV)
    os.environ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    target = os.environ.get("CARGO_TARGET_DIR") or CACHE / "target"
    os.environ["CARGO_TARGET_DIR"] = str(Path(target).absolute())
    os.environ.setdefault("PYO3_PYTHON", PYTHON)
    os.environ.pop("PYTHONHOME", None)
    os.environ.pop("CONDA_PREFIX", None)  # maturin refuses to choose between two environments


def step(title: str, *command: str) -> None:
    """Run one step of the set-up: quiet unless it takes long, with its whole log if it fails."""
    start = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        try:
            process.wait(QUIET_SECONDS)
        except subprocess.TimeoutExpired:
            say(f"{title} ...", end=" ")
            process.wait()
            print(f"{time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
        if process.returncode != 0:
            log.seek(0)
            print(log.read(), file=sys.stderr)
            fail(f"{title} failed; the log above says why")


def fingerprint(*parts: str | Path) -> str:
    """Hash texts, and the names and contents of files and of all files below folders."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            digest.update(f"\0{part}\0".encode())
            continue
        for path in sorted(part.rglob("*")) if part.is_dir() else [part]:
            if path.is_file():
                digest.update(f"\0{path}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def is_stamped(stamp: Path, mark: str) -> bool:
    """Tell whether a step was done for this very fingerprint."""
    return stamp.is_file() and stamp.read_text() == mark


@contextlib.contextmanager
def claimed_target() -> Iterator[None]:
    """
    Hold the build folder, which all clones share so that dependencies are compiled once.

    Cargo tells files apart by their path within the workspace and by their time, so that one clone
    would take what another has built later for its own: our crates are cleaned when it changes
    hands, and two commands at once take turns.
    """
    target = Path(os.environ["CARGO_TARGET_DIR"])
    target.mkdir(parents=True, exist_ok=True)
    with (target / "manycore-clone").open("a+", encoding="utf-8") as owner:
        try:
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another dev.py that builds in {target}")
            fcntl.flock(owner, fcntl.LOCK_EX)
        owner.seek(0)
        if owner.read() != str(ROOT):
            for profile in ("dev", "release"):
                clean = ("cargo", "clean", "--workspace", "--profile", profile, "--locked")
                step("removing another clone's build", *clean)
            owner.truncate(0)
            owner.write(str(ROOT))
            owner.flush()
        yield


def set_up() -> None:
    """Make .venv, install the development packages and build the extension, where that is due."""
    packages = extra("dev")
    stamp, mark = VENV / "packages.stamp", fingerprint(*packages)
    if not stamp.is_file() or not Path(PYTHON).exists():  # none, or one that was never finished
        step("making .venv", sys.executable, "-m", "venv", "--clear", str(VENV))
    if not is_stamped(stamp, mark):
        step("installing Python packages", PYTHON, "-m", "pip", "install", *packages)
        stamp.write_text(mark)

    stamp = VENV / "extension.stamp"
    manifests = (ROOT / name for name in ("Cargo.toml", "Cargo.lock", "pyproject.toml"))
    mark = fingerprint(ROOT / "crates", *manifests)
    if not is_stamped(stamp, mark) or not any(ROOT.glob("python/manycore/_core.*so")):
        step("building the extension", PYTHON, "-m", "maturin", "develop", "--release")
        stamp.write_text(mark)


def extra(name: str) -> list[str]:
    """Read what pyproject.toml lists under a name."""
    import tomllib

    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    packages: list[str] = tomllib.loads(text)["project"]["optional-dependencies"][name]
    return packages


def run(*command: str) -> bool:
    """Run a command in the root, its output shown; tell whether it succeeded."""
    shown = " ".join(command).replace(str(ROOT) + os.sep, "")
    say(f"$ {shown}")
    return subprocess.run(command, cwd=ROOT).returncode == 0


def run_all(parts: dict[str, tuple[str, ...]]) -> int:
    """Run all parts, also after one has failed; say how long each took; return the exit status."""
    results = []
    for name, command in parts.items():
        start = time.monotonic()
        succeeded = run(*command)
        results.append((name, succeeded, time.monotonic() - start))
    for name, succeeded, seconds in results:
        say(f"{'passed' if succeeded else 'FAILED'} {seconds:7.1f} s  {name}")
    return 0 if all(succeeded for _, succeeded, _ in results) else 1


def demo(folder: str | None) -> int:
    """Show what manycore does, on the user's own text files when a folder is given."""
    command = [PYTHON, "-m", "manycore.demo", *([folder] if folder else [])]
    return subprocess.run(command).returncode


def test(pytest_arguments: list[str]) -> int:
    """Run the tests of Rust and Python, with the examples in their documentation."""
    return run_all(
        {
            "cargo test": ("cargo", "test", "--locked"),
            "pytest": (PYTHON, "-m", "pytest", *pytest_arguments),
        }
    )


def lint() -> int:
    """Check format, style, types, documentation and the floors."""
    os.environ["RUSTDOCFLAGS"] = "-Dwarnings"
    config = ("--mypy-config-file", "pyproject.toml")
    allowed = ("--allowlist", "tools/stubtest-allowed.txt")
    clippy = ("cargo", "clippy", "--workspace", "--all-targets", "--locked")
    return run_all(
        {
            "cargo fmt": ("cargo", "fmt", "--all", "--check"),
            "cargo clippy": (*clippy, "--", "-D", "warnings"),
            "cargo doc": ("cargo", "doc", "--no-deps", "--locked"),
            "floors": (PYTHON, "tools/floors.py"),
            "ruff check": (PYTHON, "-m", "ruff", "check"),
            "ruff format": (PYTHON, "-m", "ruff", "format", "--check"),
            "mypy": (PYTHON, "-m", "mypy"),
            # With manycore._core, and with what pyproject.toml says of packages without types.
            # Names in manycore.array are made at run time: from NumPy's, for methods, and so on.
            "stubtest": (PYTHON, "-m", "mypy.stubtest", "manycore", *config, *allowed),
        }
    )


def bench() -> int:
    """Measure against the peers; each later benchmark needs the ones before it."""
    corpus = "bench/data/corpus"
    examples = Path(os.environ["CARGO_TARGET_DIR"]) / "release" / "examples"
    crates = ("-p", "manycore", "-p", "manycore-engine")
    build = ("cargo", "build", "--release", "--locked", *crates, "--examples")
    done = (
        run(*build)
        and run(PYTHON, "bench/corpus.py", corpus)
        and run(PYTHON, "bench/words.py", "--corpus", corpus, "--read-sum", f"{examples}/read_sum")
        and run(PYTHON, "bench/tasks.py", "--binary", f"{examples}/tasks")
        and run(PYTHON, "bench/metg.py", "--binary", f"{examples}/metg")
        and run(PYTHON, "bench/pool.py")
        and run(PYTHON, "bench/delayed.py")
        and run(PYTHON, "bench/programs.py")
        and run(PYTHON, "bench/ecosystem.py")
        and run(PYTHON, "bench/dask_graphs.py")
        and run(PYTHON, "bench/start.py")
        # Last, as it brings its own llvmlite.
        and run(PYTHON, "-m", "pip", "install", "--quiet", *extra("bench"))
        and run(PYTHON, "bench/jit.py")
        and run(PYTHON, "bench/arrays.py")
    )
    return 0 if done else 1


def conformance(checkout: str, pytest_arguments: list[str]) -> int:
    """Run the array API standard's tests, which are on no registry, from a checkout."""
    done = run(PYTHON, "-m", "pip", "install", "--quiet", *extra("conformance"))
    script = (PYTHON, "tools/conformance.py", str(Path(checkout).absolute()))
    return 0 if done and run(*script, *pytest_arguments) else 1


def clean(everything: bool) -> int:
    """Remove what the other commands made in the clone, and the builds in the cache if asked."""
    doomed = [VENV, ROOT / "target", ROOT / "bench" / "data"]
    doomed += [ROOT / f".{tool}" for tool in ("hypothesis", "mypy_cache", "pytest_cache")]
    doomed += [ROOT / ".ruff_cache", ROOT / "__pycache__"]
    for folder in ("bench", "examples", "python", "tests", "tools"):
        doomed += (ROOT / folder).rglob("__pycache__")
    doomed += ROOT.glob("python/manycore/_core.*so")
    if everything:
        doomed.append(CACHE / "target")
    for path in doomed:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return 0


def arguments() -> tuple[argparse.Namespace, list[str]]:
    """Read the command line; what follows ``--`` is returned as it is."""
    parser = argparse.ArgumentParser(prog="dev.py", description="Set manycore up and run it.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("build", help="only set up: .venv, its packages, the extension")
    folder = commands.add_parser("demo", help="show what manycore does").add_argument
    folder("folder", nargs="?", metavar="FOLDER", help="a folder of your own text files")
    commands.add_parser("test", help="run all tests; arguments after `--` go to pytest")
    commands.add_parser("lint", help="check format, style, types, documentation and floors")
    commands.add_parser("bench", help="measure against the peers")
    path = commands.add_parser(
        "conformance", help="run the array API standard's tests; arguments after `--` go to pytest"
    ).add_argument
    path("checkout", metavar="PATH", help="a checkout of data-apis/array-api-tests")
    everything = commands.add_parser("clean", help="remove what these commands made").add_argument
    everything("--all", action="store_true", help=f"also the Rust builds in {CACHE}")

    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    options = parser.parse_args(words[:end])
    if words[end:] and options.command not in ("test", "conformance"):
        parser.error("only `test` and `conformance` take arguments after `--`")
    return options, words[end + 1 :]


def main() -> int:
    """Do what the command line asks; return the exit status."""
    if sys.version_info < OLDEST_PYTHON:
        fail(
            "this needs Python {}.{} or newer, and this one is {}.{}: install a newer one, "
            "then run it as e.g. `python3.13 dev.py`".format(*OLDEST_PYTHON, *sys.version_info[:2])
        )
    options, pytest_arguments = arguments()
    set_environment()
    if options.command == "clean":
        return clean(options.all)
    check_machine()
    with claimed_target():
        set_up()
        if options.command == "test":
            return test(pytest_arguments)
        if options.command == "conformance":
            return conformance(options.checkout, pytest_arguments)
        if options.command == "lint":
            return lint()
        if options.command == "bench":
            return bench()
    return demo(options.folder) if options.command == "demo" else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
