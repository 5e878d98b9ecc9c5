"""What `read_text` says of paths, patterns and options that can't be."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import manycore as mc
from children import output

read = mc.bag.read_text


def write(path: Path, text: str = "a b\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# Nothing there.


@pytest.mark.parametrize("name", ["missing.txt", "missing/", "missing/a.txt"])
def test_a_path_that_is_not_there_is_named_when_the_bag_is_made(tmp_path: Path, name: str) -> None:
    path = f"{tmp_path}/{name}"
    with pytest.raises(FileNotFoundError) as caught:
        read(path)
    assert (caught.value.filename, caught.value.errno) == (path, errno.ENOENT)


def test_one_missing_file_of_many_is_an_error(tmp_path: Path) -> None:
    there, missing = write(tmp_path / "a.txt"), tmp_path / "b.txt"
    with pytest.raises(FileNotFoundError) as caught:
        read([there, missing])
    assert caught.value.filename == str(missing)


def test_a_path_below_a_file_is_no_directory(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt") / "b.txt"
    with pytest.raises(NotADirectoryError) as caught:
        read(path)
    assert caught.value.filename == str(path)


def test_an_empty_folder_is_named_when_the_bag_is_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="No file matches") as caught:
        read(tmp_path)
    assert caught.value.filename == str(tmp_path)


def test_a_folder_of_empty_folders_and_hidden_files_holds_no_file(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    write(tmp_path / ".hidden")
    write(tmp_path / ".folder" / "c.txt")
    with pytest.raises(FileNotFoundError) as caught:
        read(tmp_path)
    assert caught.value.filename == str(tmp_path)


@pytest.mark.parametrize("pattern", ["*.md", "**/*.md", "[xyz].txt", "?", "b*/*", "*.txt/*", "*/"])
def test_a_pattern_without_a_match_is_named_when_the_bag_is_made(
    tmp_path: Path, pattern: str
) -> None:
    write(tmp_path / "a.txt")
    (tmp_path / "folder").mkdir()
    path = f"{tmp_path}/{pattern}"
    with pytest.raises(FileNotFoundError) as caught:
        read(path)
    assert caught.value.filename == path


def test_a_pattern_in_a_folder_that_is_not_there_has_no_match(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        read(tmp_path / "missing" / "*.txt")
    assert caught.value.filename == str(tmp_path / "missing" / "*.txt")


@pytest.mark.parametrize(
    ("pattern", "why"), [("a**b", "recursive"), ("[ab", "range"), ("***", "*")]
)
def test_a_bad_pattern_is_a_value_error_with_pattern_and_reason(
    tmp_path: Path, pattern: str, why: str
) -> None:
    write(tmp_path / "a.txt")
    with pytest.raises(ValueError, match="is not a pattern of file names") as caught:
        read(tmp_path / pattern)
    assert str(tmp_path / pattern) in str(caught.value)
    assert why in str(caught.value)


def test_no_path_at_all_is_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"urlpath must be .* not an empty list"):
        read([])


@pytest.mark.parametrize("path", [7, None, [7], b"a.txt"])
def test_what_is_no_path_is_a_type_error(path: object) -> None:
    with pytest.raises(TypeError):
        read(path)  # type: ignore[arg-type]


def test_a_path_with_a_null_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="NUL byte"):
        read("a\0b")


@pytest.mark.parametrize("path", ["s3://bucket/key", "https://example.org/a.txt", "hdfs://x"])
def test_another_machine_is_refused_by_name(path: str) -> None:
    with pytest.raises(ValueError, match="only files of this machine") as caught:
        read(path)
    assert path in str(caught.value)


# Options.


@pytest.mark.parametrize("blocksize", [0, -1, "0B", "-1B", "abc", "", "64 XB", "1e3"])
def test_a_block_size_that_is_none_is_named(tmp_path: Path, blocksize: int | str) -> None:
    with pytest.raises(ValueError, match="size") as caught:
        read(write(tmp_path / "a.txt"), blocksize=blocksize)
    assert repr(blocksize) in str(caught.value)


@pytest.mark.parametrize("blocksize", [2**64, "99999999999 PB"])
def test_a_block_size_beyond_all_bounds_is_an_overflow(
    tmp_path: Path, blocksize: int | str
) -> None:
    with pytest.raises(OverflowError):
        read(write(tmp_path / "a.txt"), blocksize=blocksize)


@pytest.mark.parametrize("name", ["a.gz", "a.zst"])
def test_a_block_size_for_a_compressed_file_names_the_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="blocksize must be None for compressed") as caught:
        read(write(tmp_path / name), blocksize="1MB")
    assert str(tmp_path / name) in str(caught.value)


@pytest.mark.parametrize("name", ["a.bz2", "a.xz", "a.lz4"])
def test_a_compression_that_is_not_read_is_refused_with_the_file(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name)
    with pytest.raises(ValueError, match="compression must be gzip or zstd") as caught:
        read(tmp_path)
    assert str(path) in str(caught.value)
    assert read(path, compression=None).compute() == ["a b\n"]


def test_unknown_names_of_options_are_refused_by_value(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    with pytest.raises(ValueError, match=r'errors must be .* not "bogus"'):
        read(path, errors="bogus")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r'compression must be .* not "bogus"'):
        read(path, compression="bogus")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"encoding must be .* not 'latin-1'"):
        read(path, encoding="latin-1")


# Links.


def test_a_broken_link_in_a_folder_is_an_error_and_not_left_out(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "nowhere")
    for path in (tmp_path, tmp_path / "*.txt", tmp_path / "**" / "*.txt", tmp_path / "b.txt"):
        with pytest.raises(FileNotFoundError) as caught:
            read(path)
        assert caught.value.filename == str(tmp_path / "b.txt")


def test_a_link_to_itself_is_an_error_with_its_name(tmp_path: Path) -> None:
    link = tmp_path / "loop.txt"
    link.symlink_to(link)
    for path in (link, tmp_path, tmp_path / "*.txt"):
        with pytest.raises(OSError, match="symbolic links") as caught:
            read(path)
        assert (caught.value.errno, caught.value.filename) == (errno.ELOOP, str(link))


@pytest.mark.parametrize("pattern", ["", "**/*.txt", "**/*"])
def test_links_to_folders_above_are_not_followed_round_and_round(
    tmp_path: Path, pattern: str
) -> None:
    write(tmp_path / "folder" / "a.txt")
    (tmp_path / "folder" / "up").symlink_to(tmp_path)
    assert read(tmp_path / pattern).count().compute() == 1


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    target = write(tmp_path / "elsewhere" / "a.txt")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "b.txt").symlink_to(target)
    assert read(tmp_path / "docs").compute() == ["a b\n"]
    assert read(tmp_path / "docs" / "*.txt").compute() == ["a b\n"]


# Names.

NAMES = [
    b"caf\xe9.txt",  # Latin-1, so no UTF-8
    b"\xff\xfe.txt",
    b"line\nbreak.txt",
    b"spa ce.txt",
    b"[brackets].txt",
    b"star*.txt",
    b"question?.txt",
    b"-dash.txt",
    b"{brace}.txt",
    b"back\\slash.txt",
    "grüße 日本.txt".encode(),
]


@pytest.mark.parametrize("name", NAMES)
def test_any_file_name_is_read_alone_from_its_folder_and_by_pattern(
    tmp_path: Path, name: bytes
) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118, Path takes no bytes
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"to be\n")
    assert read(os.fsdecode(path)).compute() == ["to be\n"]
    assert read(tmp_path).compute() == ["to be\n"]
    assert read(tmp_path / "*.txt").compute() == ["to be\n"]
    assert read(tmp_path / "**" / "*").compute() == ["to be\n"]


def test_folders_with_any_name_are_walked_and_matched(tmp_path: Path) -> None:
    for number, name in enumerate(NAMES):
        folder = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118
        os.mkdir(folder)  # noqa: PTH102
        with open(os.path.join(folder, b"x.txt"), "w") as file:  # noqa: PTH118, PTH123
            file.write(f"{number}\n")
    for pattern in ("", "*/*.txt", "*/x.txt", "**/x.txt"):
        numbers = read(tmp_path / pattern).str.strip().map(int).compute()
        assert sorted(numbers) == list(range(len(NAMES)))


def test_a_pattern_takes_files_by_name_and_never_twice(tmp_path: Path) -> None:
    for name in ("b/b/c.txt", "b/c.txt", "a.txt", "c.txt", "b/.hidden/c.txt", ".c.txt", "b/d.md"):
        write(tmp_path / name, f"{name}\n")
    found = read(tmp_path / "**" / "*.txt").str.strip().compute()
    assert found == ["a.txt", "b/b/c.txt", "b/c.txt", "c.txt"]
    assert read(tmp_path / "**" / "b" / "**" / "c.txt").str.strip().compute() == found[1:3]


def test_a_relative_pattern_starts_where_the_process_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "docs" / "a.txt")
    monkeypatch.chdir(tmp_path / "docs")
    assert read("*.txt").compute() == ["a b\n"]
    assert read("./*.txt").compute() == ["a b\n"]
    assert read("../*/a.txt").compute() == ["a b\n"]
    assert read("**/*").compute() == ["a b\n"]


def test_a_file_whose_name_looks_like_a_pattern_is_the_file(tmp_path: Path) -> None:
    write(tmp_path / "[a].txt", "brackets\n")
    write(tmp_path / "a.txt", "plain\n")
    assert read(tmp_path / "[a].txt").compute() == ["brackets\n"]
    assert read(tmp_path / "[[]a].txt").compute() == ["brackets\n"]


# What is there but is no regular file.


def test_an_empty_device_is_an_empty_text() -> None:
    assert read("/dev/null").compute() == []
    assert read("/dev/null").str.split().flatten().count().compute() == 0


# Permission: in children that are not root.

PERMISSION = """
    import os, sys
    import manycore as mc
    if os.geteuid() == 0:
        os.seteuid(65534)  # nobody, whom permissions bind
    words = None
    try:
        words = mc.bag.read_text(sys.argv[1]).str.split().flatten().count()
        print("made")
        words = words.compute()
        print("computed", words)
    except PermissionError as error:
        print(error.filename)
"""


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that other users may enter too (pytest's own is private)."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path, _, _ in os.walk(folder):
        Path(path).chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("pattern", ["", "*.txt", "**/*.txt", "a.txt"])
def test_a_folder_without_permission_is_an_error(shared_folder: Path, pattern: str) -> None:
    folder = shared_folder / "closed"
    write(folder / "a.txt")
    folder.chmod(0)
    named = folder / "a.txt" if pattern == "a.txt" else folder
    assert output(PERMISSION, folder / pattern) == f"{named}\n"


@pytest.mark.parametrize("pattern", ["", "*/*.txt", "*/b.txt", "**/*.txt", "**"])
def test_a_folder_without_permission_inside_another_is_no_smaller_answer(
    shared_folder: Path, pattern: str
) -> None:
    write(shared_folder / "a" / "b.txt")
    write(shared_folder / "closed" / "b.txt")
    (shared_folder / "closed").chmod(0)
    named = shared_folder / "closed" / ("b.txt" if pattern == "*/b.txt" else "")
    assert output(PERMISSION, shared_folder / pattern) == f"{named}\n"


def test_a_folder_that_shows_names_but_opens_no_file_is_an_error(shared_folder: Path) -> None:
    write(shared_folder / "listed" / "a.txt")
    (shared_folder / "listed").chmod(0o444)
    for pattern in ("", "*.txt", "**/*"):
        named = shared_folder / "listed" / "a.txt"
        assert output(PERMISSION, shared_folder / "listed" / pattern) == f"{named}\n"


def test_a_file_without_permission_is_an_error_when_it_is_read(shared_folder: Path) -> None:
    write(shared_folder / "a.txt")
    closed = write(shared_folder / "b.txt")
    closed.chmod(0)
    assert output(PERMISSION, shared_folder) == f"made\n{closed}\n"
