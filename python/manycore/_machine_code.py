"""
From LLVM's text to addresses of functions, with what was compiled before on the disk.

LLVM is asked only about what is new: importing llvmlite takes longer than all else that a function
needs which has been compiled before.
"""

from __future__ import annotations

import functools

from manycore import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


def _find_compiler() -> str | None:
    """
    Return what machine code depends on beside its source, or nothing where llvmlite is missing.

    That is llvmlite, each version of which has one of LLVM, what we ask of it, and the processor.
    """
    try:
        import llvmlite
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "llvmlite":
            raise
        return None
    folder, _, suffix = __file__.rpartition("_machine_code")
    with open(f"{folder}_llvm{suffix}", "rb") as file:  # noqa: PTH123 - pathlib takes 5 ms
        asked = file.read().hex()
    return "\n".join((llvmlite.__version__, _core.processor() or _llvm().processor(), asked))


compiler = functools.cache(_find_compiler)


def make(
    text: str, names: Sequence[str], *, use_cache: bool, symbols: Mapping[str, int] | None = None
) -> tuple[Mapping[str, int], bool]:
    """
    Compile LLVM's text, or take it from the cache.

    Returns
    -------
    tuple
        The names' addresses, in what keeps the code in memory; and whether it was in the cache.
    """
    code, key = None, ""
    if use_cache:
        key = _core.cache_key(text, compiler() or "")
        code = _core.cache_load(key)
    is_cached = code is not None
    if code is None:
        code = _llvm().compile(text)
        if use_cache:
            _core.cache_store(key, code)
    # LLVM knows more kinds of objects than we do.
    library: Any = _core.MachineCode.load(code, symbols or {})
    return library or _llvm().link(code, names, symbols or {}), is_cached


def _llvm() -> Any:
    from manycore import _llvm

    return _llvm
