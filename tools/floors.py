"""
Checks that every crate keeps to its floor, that files stay small and that unsafe code stays put.

The plan of the house is only true while a machine checks it: `dev.py lint` runs this file, which
reads ``cargo metadata`` and the sources and prints one sentence for each breach.

Examples
--------
``python tools/floors.py`` prints nothing and exits with 0 when the house is in order.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

# Lowest floor first. A crate may dev-depend on what stands on its own floor or below it.
FLOORS = (
    ("channel", "graph", "trace", "kernel", "programs", "random"),
    ("engine", "linalg"),
    ("array", "bag", "frame", "sparse", "measure"),
    ("manycore",),
    ("python",),
)

COLLECTION = frozenset({"graph", "engine", "kernel"})

# Which of our crates each of our crates may import. A crate that is not named here is a breach.
MAY_IMPORT: dict[str, frozenset[str]] = {
    "channel": frozenset(),
    "graph": frozenset(),
    "trace": frozenset(),
    "kernel": frozenset(),
    "programs": frozenset(),
    "random": frozenset(),
    "linalg": frozenset({"kernel"}),
    "engine": frozenset({"channel", "graph", "trace"}),
    "array": COLLECTION | {"random"},
    "bag": COLLECTION,
    "frame": COLLECTION,
    "sparse": COLLECTION,
    "measure": frozenset({"graph", "trace", "engine"}),
    "manycore": frozenset(crate for floor in FLOORS[:3] for crate in floor),
    "python": frozenset({"manycore"}),
}

# What talks to the Python interpreter, by the beginning of its name, and the one crate that may.
PYTHON_BINDINGS = ("pyo3", "numpy")
PYTHON_CRATE = "python"

# Files and folders where memory or machine code is the subject.
UNSAFE_ALLOWED = (
    "crates/array/src/copy.rs",
    "crates/array/src/interpret",
    "crates/array/src/interpret.rs",
    "crates/array/src/view.rs",
    "crates/bag/src/simd.rs",
    "crates/channel/src/marker.rs",
    "crates/channel/src/segment.rs",
    "crates/kernel/src/abi.rs",
    "crates/kernel/src/interpret/libm.rs",
    "crates/kernel/src/interpret/memory.rs",
    "crates/kernel/src/list.rs",
    "crates/kernel/tests/interpreter/runtime.rs",
    "crates/linalg/src/callback.rs",
    "crates/linalg/src/gemm.rs",
    "crates/linalg/src/product.rs",
    "crates/linalg/tests/callback.rs",
    "crates/linalg/tests/product.rs",
    "crates/measure/src/profile/clock.rs",
    "crates/measure/src/profile/memory.rs",
    "crates/programs/src/session.rs",
    "crates/programs/src/start.rs",
    "crates/python",
)

MAX_LINES = 1_000

# Comments and literals, in which `unsafe` is only a word. Block comments nest in Rust; one level
# is enough for this check.
NOT_CODE = re.compile(
    r"""
      //[^\n]*
    | /\*.*?\*/
    | \b[bc]?r(?P<hashes>\#*)".*?"(?P=hashes)
    | "(?:\\.|[^"\\])*"
    | '(?:\\.[^']*|[^'\\])'
    """,
    re.DOTALL | re.VERBOSE,
)


def noun(package: str) -> str | None:
    """Return a crate's noun ("graph" for "manycore-graph"), or None when it is not one of ours."""
    if package == "manycore":
        return package
    prefix, _, rest = package.partition("-")
    return rest if prefix == "manycore" else None


def height(crate: str) -> int:
    """Return the number of floors below a crate's own."""
    return next(level for level, floor in enumerate(FLOORS) if crate in floor)


def import_breaches(metadata: dict[str, Any]) -> Iterator[str]:
    """
    Find the dependencies that the plan forbids.

    Parameters
    ----------
    metadata : dict
        What ``cargo metadata --no-deps`` prints.

    Yields
    ------
    str
        A sentence for each breach.
    """
    for package in metadata["packages"]:
        crate = noun(package["name"])
        if crate not in MAY_IMPORT:
            yield f"crate `{package['name']}` has no floor; give it one in tools/floors.py"
            continue
        for dependency in package["dependencies"]:
            name = dependency["name"]
            if name.startswith(PYTHON_BINDINGS) and crate != PYTHON_CRATE:
                yield f"`{crate}` depends on `{name}`; only `{PYTHON_CRATE}` may talk to Python"
            imported = noun(name)
            if imported is None:
                continue
            if imported not in MAY_IMPORT:
                yield f"`{crate}` depends on `{name}`, which has no floor in tools/floors.py"
            elif dependency["kind"] == "dev":
                if height(imported) > height(crate):
                    yield f"`{crate}` dev-depends on `{imported}`, which stands on a higher floor"
            elif imported not in MAY_IMPORT[crate]:
                allowed = ", ".join(sorted(MAY_IMPORT[crate])) or "none of our crates"
                yield f"`{crate}` may not import `{imported}` (it may import: {allowed})"


def is_test(path: Path) -> bool:
    """Tell whether a source file, relative to the root, holds only tests."""
    return "tests" in path.parts or path.stem == "tests"


def sources(root: Path) -> Iterator[Path]:
    """Yield the Rust and Python files of the project, relative to its root."""
    found = [root / "dev.py"]
    for folder, pattern in (
        ("crates", "*.rs"),
        ("python", "*.py"),
        ("bench", "*.py"),
        ("tools", "*.py"),
    ):
        found += sorted((root / folder).rglob(pattern))
    for path in found:
        relative = path.relative_to(root)
        if path.is_file() and "target" not in relative.parts:
            yield relative


def code_lines(path: Path) -> int:
    """Count a file's lines, leaving out Python docstrings, which a reader skips at will."""
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    if path.suffix != ".py":
        return lines
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            docstring = node.body[0]
            lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return lines


def size_breaches(root: Path) -> Iterator[str]:
    """Find the source files that should be split, outside the tests."""
    for path in sources(root):
        if not is_test(path) and (lines := code_lines(root / path)) > MAX_LINES:
            yield f"{path} has {lines} lines (docstrings apart); split it before {MAX_LINES}"


def rust_code(path: Path) -> str:
    """Read a Rust file without its comments and literals, each line in its place."""
    return NOT_CODE.sub(lambda found: "\n" * found[0].count("\n"), path.read_text(encoding="utf-8"))


def unsafe_breaches(root: Path) -> Iterator[str]:
    """Find unsafe code outside its places, and the crates that don't forbid it to themselves."""
    allowed = [Path(place) for place in UNSAFE_ALLOWED]
    for path in sources(root):
        if path.suffix != ".rs" or any(path.is_relative_to(place) for place in allowed):
            continue
        for number, line in enumerate(rust_code(root / path).split("\n"), start=1):
            if re.search(r"\bunsafe\b", line):
                yield f"{path}:{number} is unsafe; move it to {', '.join(UNSAFE_ALLOWED)}"
    for library in sorted(root.glob("crates/*/src/lib.rs")):
        crate = library.parent.parent.relative_to(root)
        if any(place.is_relative_to(crate) for place in allowed):
            continue
        if not re.search(r"#!\[forbid\([^)]*\bunsafe_code\b", rust_code(library)):
            yield f"{crate} may hold no unsafe code; add #![forbid(unsafe_code)] to its lib.rs"


def main() -> int:
    """Print every breach; return the exit status."""
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--locked"]
    output = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    breaches = [*import_breaches(json.loads(output)), *size_breaches(ROOT), *unsafe_breaches(ROOT)]
    for breach in breaches:
        print(f"floors: {breach}", file=sys.stderr)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
