import ast
import os
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

import dev


def test_the_file_parses_on_an_old_python() -> None:
    ast.parse(Path(dev.__file__).read_text(), feature_version=(3, 7))


def test_an_old_python_is_told_what_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    with pytest.raises(SystemExit, match="1"):
        dev.main()
    assert "needs Python 3.11 or newer, and this one is 3.10" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("present", "missing"),
    [([], "install Rust with rustup"), (["cargo"], "apt install build-essential")],
)
def test_a_missing_tool_is_named_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    present: list[str],
    missing: str,
) -> None:
    for name in present:
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit):
        dev.check_machine()
    assert missing in capsys.readouterr().err


def test_builds_are_cached_outside_the_clone_unless_the_user_says_where(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environ = {"HOME": "/home/me", "PATH": "/bin", "CARGO_TARGET_DIR": "/elsewhere"}
    monkeypatch.setattr(os, "environ", environ)
    monkeypatch.setattr(dev, "CACHE", Path("/home/me/.cache/manycore"))
    dev.set_environment()
    assert environ["CARGO_TARGET_DIR"] == "/elsewhere"
    del environ["CARGO_TARGET_DIR"]
    dev.set_environment()
    assert environ["CARGO_TARGET_DIR"] == "/home/me/.cache/manycore/target"


def test_a_build_folder_is_cleaned_of_our_crates_when_it_changes_hands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cleaned = []
    monkeypatch.setenv("CARGO_TARGET_DIR", str(tmp_path / "target"))
    monkeypatch.setattr(dev, "step", lambda _, *command: cleaned.append((dev.ROOT.name, *command)))
    for clone in ("one", "one", "another", "another", "one"):
        monkeypatch.setattr(dev, "ROOT", tmp_path / clone)
        with dev.claimed_target():
            pass
    expected = ["one", "another", "one"]
    assert [clone for clone, *command in cleaned if "release" in command] == expected
    assert [clone for clone, *command in cleaned if "dev" in command] == expected
    assert all(command[:3] == ["cargo", "clean", "--workspace"] for _, *command in cleaned)


def test_two_commands_take_turns_with_a_build_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CARGO_TARGET_DIR", str(tmp_path))
    (tmp_path / "manycore-clone").write_text(str(dev.ROOT))
    code = "import dev\nwith dev.claimed_target(): print('mine')"
    with dev.claimed_target():
        other = subprocess.Popen(
            [sys.executable, "-c", code], cwd=dev.ROOT, stdout=PIPE, stderr=PIPE, text=True
        )
        assert other.stderr is not None
        assert "waiting for another dev.py" in other.stderr.readline()
        assert other.poll() is None
    assert other.communicate() == ("mine\n", "")
    assert other.returncode == 0


def test_a_fingerprint_follows_contents_and_names(tmp_path: Path) -> None:
    source = tmp_path / "crates" / "lib.rs"
    source.parent.mkdir()
    source.write_text("one")
    first = dev.fingerprint(tmp_path)
    assert dev.fingerprint(tmp_path) == first
    source.write_text("two")
    second = dev.fingerprint(tmp_path)
    source.rename(source.with_name("main.rs"))
    assert len({first, second, dev.fingerprint(tmp_path)}) == 3
    assert dev.fingerprint("ab", "c") != dev.fingerprint("a", "bc")


def test_a_quick_step_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    dev.step("resting", sys.executable, "-c", "print('a detail')")
    assert capsys.readouterr().err == ""


def test_a_long_step_says_its_name_and_its_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "QUIET_SECONDS", 0)
    dev.step("resting", sys.executable, "-c", "print('a detail')")
    assert capsys.readouterr().err == "[manycore] resting ... 0 s\n"


def test_a_failed_step_shows_its_log(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"):
        dev.step("resting", sys.executable, "-c", "print('a detail'); exit(3)")
    log = capsys.readouterr().err
    assert "a detail" in log
    assert "resting failed" in log


def test_one_failure_fails_the_whole_and_stops_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    fails, passes = (sys.executable, "-c", "exit(1)"), (sys.executable, "-c", "print('ran')")
    assert dev.run_all({"first": fails, "second": passes}) == 1
    out, err = capfd.readouterr()
    assert out == "ran\n"
    assert [line.split()[1] for line in err.splitlines()[-2:]] == ["FAILED", "passed"]
    assert dev.run_all({"second": passes}) == 0


def test_what_follows_the_dashes_is_for_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["dev.py", "test", "--", "-k", "bag"])
    options, rest = dev.arguments()
    assert (options.command, rest) == ("test", ["-k", "bag"])
    monkeypatch.setattr(sys, "argv", ["dev.py", "lint", "--", "-k", "bag"])
    with pytest.raises(SystemExit):
        dev.arguments()


def test_clean_removes_what_was_made_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "CACHE", tmp_path / "cache")
    made = [".venv/bin/python", "bench/data/words.txt", "python/manycore/_core.abi3.so"]
    made += ["python/manycore/__pycache__/bag.pyc", ".mypy_cache/x", ".ruff_cache/x"]
    kept = ["python/manycore/_core.pyi", "bench/words.py", "cache/target/release/lib.so"]
    for name in [*made, *kept]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert dev.clean(everything=False) == 0
    assert [name for name in made if (tmp_path / name).exists()] == []
    assert [name for name in kept if not (tmp_path / name).exists()] == []
    dev.clean(everything=True)
    assert not (tmp_path / "cache" / "target").exists()
