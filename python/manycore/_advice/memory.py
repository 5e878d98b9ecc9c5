"""The rule about data that is loaded whole, and takes more memory than there is."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from manycore._advice.candidate import Candidate, Heat, span, text
from manycore._advice.observe import Calls, Names, Observations
from manycore._advice.scopes import Model, path_of

FACTOR = 0.5
"""Share of the memory from which data is 'past' it: a copy or two no longer fit."""

_LOADERS = {
    "pandas.read_csv": ("mc.frame or pd.read_csv(..., chunksize=...)", "chunksize"),
    "pandas.read_table": ("pd.read_table(..., chunksize=...)", "chunksize"),
    "pandas.read_json": ("pd.read_json(..., lines=True, chunksize=...)", "chunksize"),
    "pandas.read_parquet": ("mc.frame", "columns"),
    "numpy.load": ("np.load(..., mmap_mode='r')", "mmap_mode"),
    "numpy.fromfile": ("np.memmap", ""),
    "numpy.loadtxt": ("mc.array, or the lines one by one", "max_rows"),
    "numpy.genfromtxt": ("mc.array, or the lines one by one", "max_rows"),
    "json.load": ("mc.bag of lines", ""),
    "pickle.load": ("mc.bag", ""),
}

_METHODS = {
    "readlines": "a loop over the file",
    "read": "a loop over the file, or mc.bag",
    "read_text": "a loop over the open file, or mc.bag",
    "read_bytes": "mmap, or reading in pieces",
    "splitlines": "a loop over the file",
    "fetchall": "a loop over the cursor",
}


def machine_memory() -> int:
    """Return the bytes that this process may use."""
    import os

    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def whole_files(model: Model, heat: Heat, memory: int | None) -> Iterator[Candidate]:
    """Find data that is loaded whole and does not fit."""
    limit = machine_memory() if memory is None else memory
    for statement in model.walk(
        (ast.Assign, ast.AnnAssign, ast.Return, ast.For, ast.With, ast.Expr)
    ):
        assert isinstance(statement, ast.stmt)
        found = _loads(model, statement)
        if found is None:
            continue
        call, instead = found
        first, last = span(statement)
        if isinstance(statement, (ast.For, ast.With)):
            last = first
        target = None
        if isinstance(statement, ast.Assign):
            target = path_of(statement.targets[0])
        made: Names | Calls | None = None
        if target:
            made = Names(first, last, (target,), after=True)
        function = model.function_of(statement)
        if isinstance(statement, ast.Return) and function is not None:
            made, target = Calls(function.lineno, function.name), "return"
        read = Names(
            first, last, tuple({path for node in ast.walk(call) if (path := path_of(node))})
        )

        def judge(
            seen: Observations,
            made: Names | Calls | None = made,
            target: str | None = target,
            read: Names = read,
        ) -> Sequence[str] | None:
            size = 0
            if made is not None and target is not None:
                for look in seen[made].looks.get(target, []):
                    size = max(size, look.get("nbytes", 0), look.get("bytes", 0))
            for looks in seen[read].looks.values():
                size = max(size, *(look.get("file", 0) for look in looks), 0)
            if size < FACTOR * limit:
                return None
            return (
                f"{'the data' if target in (None, 'return') else target} takes "
                f"{size / 1e6:.0f} MB at once, "
                f"of {limit / 1e6:.0f} MB that there are",
            )

        # Where all is read once, the loop's share does not matter: it may not run at all.
        yield Candidate(
            "memory",
            "read in pieces rather than whole",
            first,
            last,
            heat.share(first, last),
            (f"`{text(call)[:80]}` loads all of it",),
            tuple(each for each in (made, read) if each is not None),
            judge,
            _pieces(model, statement, call, instead),
            1.5,
            "work that goes over the data once, or by blocks",
        )


def _loads(model: Model, statement: ast.stmt) -> tuple[ast.Call, str] | None:
    value: ast.AST | None = getattr(statement, "value", None)
    if isinstance(statement, ast.For):
        value = statement.iter
    elif isinstance(statement, ast.With):
        return None
    if value is None:
        return None
    for node in ast.walk(value):
        if not isinstance(node, ast.Call):
            continue
        name = model.called(node)
        if name in _LOADERS:
            instead, option = _LOADERS[name]
            if option and any(each.arg == option for each in node.keywords):
                return None
            return node, instead
        if isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
            if node.func.attr == "read" and node.args:
                return None
            return node, _METHODS[node.func.attr]
        if name in ("list", "sorted", "tuple") and len(node.args) == 1:
            return node, "a loop over the generator, or mc.bag"
    for node in ast.walk(value):
        if isinstance(node, ast.ListComp) and isinstance(statement, ast.Assign):
            call = next((each for each in ast.walk(node) if isinstance(each, ast.Call)), None)
            if call is not None:
                return call, "a generator, or mc.bag"
    return None


def _pieces(model: Model, statement: ast.stmt, call: ast.Call, instead: str) -> str:
    name = model.called(call)
    if name.startswith("pandas.read_"):
        target = text(statement.targets[0]) if isinstance(statement, ast.Assign) else "part"
        arguments = ", ".join(
            [text(each) for each in call.args]
            + [f"{each.arg}={text(each.value)}" for each in call.keywords]
        )
        head = f"for {target} in {text(call.func)}({arguments}, chunksize=100_000):"
        return f"{head}\n    ...  # one block of rows at a time"
    if isinstance(call.func, ast.Attribute) and call.func.attr in ("readlines", "read"):
        return f"for line in {text(call.func.value)}:\n    ...  # one line at a time"
    if name == "numpy.load":
        return text(statement).replace(text(call), text(call)[:-1] + ", mmap_mode='r')")
    return f"import manycore as mc\n{text(statement)}  # instead: {instead}"
