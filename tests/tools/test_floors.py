from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import floors

Tree = Callable[[dict[str, str]], Path]


def metadata(**crates: list[str]) -> dict[str, Any]:
    """Make what `cargo metadata` prints; a dependency "dev:graph" is a dev-dependency."""

    def package(noun: str) -> str:
        return noun if noun == "manycore" else f"manycore-{noun}"

    def dependency(text: str) -> dict[str, Any]:
        kind, _, name = text.rpartition(":")
        return {"name": package(name) if name in OURS else name, "kind": kind or None}

    return {
        "packages": [
            {"name": package(crate), "dependencies": [dependency(text) for text in dependencies]}
            for crate, dependencies in crates.items()
        ]
    }


OURS = {*floors.MAY_IMPORT, "attic"}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def test_the_plan_itself_has_no_breach() -> None:
    planned = {crate: sorted(imports) for crate, imports in floors.MAY_IMPORT.items()}
    planned["python"] += ["pyo3", "numpy"]
    assert list(floors.import_breaches(metadata(**planned))) == []


def test_every_crate_of_the_plan_has_one_floor_and_imports_only_from_below() -> None:
    crates = [crate for floor in floors.FLOORS for crate in floor]
    assert sorted(crates) == sorted(floors.MAY_IMPORT)
    for crate, imports in floors.MAY_IMPORT.items():
        assert all(floors.height(imported) < floors.height(crate) for imported in imports)


@pytest.mark.parametrize(
    ("crate", "imported"),
    [
        ("graph", "trace"),
        ("trace", "graph"),
        ("kernel", "graph"),
        ("engine", "kernel"),
        ("engine", "bag"),
        ("bag", "array"),
        ("bag", "measure"),
        ("bag", "trace"),
        ("measure", "bag"),
        ("measure", "kernel"),
        ("manycore", "python"),
        ("python", "bag"),
        ("python", "engine"),
        ("bag", "build:array"),
    ],
)
def test_an_import_outside_the_plan_is_reported(crate: str, imported: str) -> None:
    (breach,) = floors.import_breaches(metadata(**{crate: [imported]}))
    assert breach.startswith(f"`{crate}` may not import `{imported.removeprefix('build:')}`")


@pytest.mark.parametrize("imported", ["dev:trace", "dev:graph", "dev:kernel"])
def test_a_dev_dependency_on_the_same_floor_or_below_is_fine(imported: str) -> None:
    assert list(floors.import_breaches(metadata(graph=[imported], engine=[imported]))) == []


def test_a_dev_dependency_on_a_higher_floor_is_reported() -> None:
    (breach,) = floors.import_breaches(metadata(graph=["dev:engine"]))
    assert breach == "`graph` dev-depends on `engine`, which stands on a higher floor"


@pytest.mark.parametrize("name", ["pyo3", "pyo3-ffi", "numpy", "dev:pyo3", "build:pyo3-ffi"])
def test_python_bindings_outside_the_python_crate_are_reported(name: str) -> None:
    (breach,) = floors.import_breaches(metadata(manycore=[name]))
    assert "only `python` may talk to Python" in breach
    assert list(floors.import_breaches(metadata(python=[name]))) == []


def test_a_crate_without_a_floor_is_reported() -> None:
    (breach,) = floors.import_breaches(metadata(attic=[]))
    assert breach.startswith("crate `manycore-attic` has no floor")


def test_a_package_that_is_not_named_after_the_project_is_reported() -> None:
    foreign = {"packages": [{"name": "attic", "dependencies": []}]}
    (breach,) = floors.import_breaches(foreign)
    assert breach.startswith("crate `attic` has no floor")


def test_a_dependency_without_a_floor_is_reported() -> None:
    (breach,) = floors.import_breaches(metadata(bag=["attic"]))
    assert breach == "`bag` depends on `manycore-attic`, which has no floor in tools/floors.py"


def test_other_peoples_crates_are_nobodys_business() -> None:
    assert list(floors.import_breaches(metadata(graph=["rayon", "dev:proptest"]))) == []


@pytest.mark.parametrize(
    "name", ["crates/bag/src/lib.rs", "python/manycore/bag.py", "bench/words.py", "dev.py"]
)
def test_a_file_over_the_limit_is_reported(tree: Tree, name: str) -> None:
    root = tree({name: "\n" * (floors.MAX_LINES + 1)})
    (breach,) = floors.size_breaches(root)
    assert breach.startswith(f"{name} has 1001 lines")


def test_a_file_at_the_limit_and_long_tests_are_fine(tree: Tree) -> None:
    root = tree(
        {
            "crates/bag/src/lib.rs": "\n" * floors.MAX_LINES,
            "crates/bag/src/words/tests.rs": "\n" * 2_000,
            "crates/bag/tests/words.rs": "\n" * 2_000,
        }
    )
    assert list(floors.size_breaches(root)) == []


def test_docstrings_do_not_count_as_lines_but_code_does(tree: Tree) -> None:
    docstring = '"""Words.' + "\n" * 2_000 + '"""\n'
    body = f"def f():\n    {docstring}    return 1\n"
    root = tree({"python/manycore/bag.py": docstring + body + "x = 1\n" * 998})
    assert list(floors.size_breaches(root)) == []
    tree({"python/manycore/bag.py": docstring + body + "x = 1\n" * 999})
    (breach,) = floors.size_breaches(root)
    assert "has 1001 lines" in breach


FORBIDS = "#![forbid(unsafe_code)]\n"


@pytest.mark.parametrize(
    "place",
    [
        "crates/engine/src/pool.rs",
        "crates/engine/examples/run.rs",
        "crates/bag/src/read.rs",
        "crates/bag/src/simd.rs.rs",
    ],
)
def test_unsafe_code_outside_its_places_is_reported(tree: Tree, place: str) -> None:
    root = tree({"crates/engine/src/lib.rs": FORBIDS, place: "\nfn f() { unsafe { g() } }\n"})
    (breach,) = floors.unsafe_breaches(root)
    assert breach.startswith(f"{place}:2 is unsafe")


def test_unsafe_code_in_its_places_is_fine(tree: Tree) -> None:
    code = "unsafe fn f() {}\n"
    root = tree(
        {
            "crates/bag/src/lib.rs": "",
            "crates/bag/src/simd.rs": code,
            "crates/channel/src/segment.rs": code,
            "crates/python/src/lib.rs": code,
        }
    )
    assert list(floors.unsafe_breaches(root)) == []


def test_the_word_unsafe_in_comments_and_literals_is_not_code(tree: Tree) -> None:
    text = r"""
        //! Nothing unsafe here.
        #![forbid(unsafe_code)]
        /* nor is this
           unsafe */
        const WORDS: [&str; 3] = ["unsafe \" unsafe", r#"unsafe " unsafe"#, "\\"];
        const QUOTES: (char, u8, char) = ('"', b'\'', '\u{22}');
        fn f<'a>(x: &'a str) -> &'a str { x } // unsafe
    """
    assert list(floors.unsafe_breaches(tree({"crates/graph/src/lib.rs": text}))) == []


def test_code_after_a_literal_is_still_code(tree: Tree) -> None:
    text = FORBIDS + "fn f<'a>(x: &'a str) { let q = '\"'; unsafe { g(\"\\\\\") } }\n"
    (breach,) = floors.unsafe_breaches(tree({"crates/graph/src/lib.rs": text}))
    assert breach.startswith("crates/graph/src/lib.rs:2 is unsafe")


@pytest.mark.parametrize("text", ["", "// #![forbid(unsafe_code)]\n", "#![deny(unsafe_code)]\n"])
def test_a_crate_that_does_not_forbid_unsafe_code_is_reported(tree: Tree, text: str) -> None:
    (breach,) = floors.unsafe_breaches(tree({"crates/graph/src/lib.rs": text}))
    assert breach.startswith("crates/graph may hold no unsafe code")


def test_a_breach_makes_the_command_fail(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    manifest = '[package]\nname = "manycore-graph"\nversion = "0.1.0"\nedition = "2024"\n'
    lock = 'version = 4\n\n[[package]]\nname = "manycore-graph"\nversion = "0.1.0"\n'
    root = tree(
        {
            "Cargo.toml": '[workspace]\nresolver = "3"\nmembers = ["crates/*"]\n',
            "Cargo.lock": lock,
            "crates/graph/Cargo.toml": manifest,
            "crates/graph/src/lib.rs": FORBIDS,
        }
    )
    monkeypatch.setattr(floors, "ROOT", root)
    assert floors.main() == 0
    tree({"crates/graph/src/lib.rs": ""})
    assert floors.main() == 1
    assert "floors: crates/graph may hold no unsafe code" in capfd.readouterr().err
