"""
LLVM by way of llvmlite's public binding: text in, the address of machine code out.

Imported when the first function is compiled; llvmlite needs 35 ms for that, and the first object
some more. The binding releases the GIL while LLVM works.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter

import llvmlite.binding as llvm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

_numbers = itertools.count()

# Between a module and the definitions of functions, each with its name, that it only declares:
# see crates/kernel/src/llvm/vector.rs.
_MARK = "\n;; "
_CALL = re.compile(r"call [^@]*@([\w.]+)\(")


def _make_machine() -> tuple[Any, str]:
    """Make LLVM's idea of this processor; with it, that as a text."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    triple = llvm.get_process_triple()
    name, features = llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    machine = llvm.Target.from_triple(triple).create_target_machine(
        cpu=name, features=features, opt=3, reloc="pic", codemodel="small", jit=True
    )
    return machine, "\n".join((triple, name, features))


def _make_linker() -> Any:
    return llvm.create_lljit_compiler(_machine()[0], use_jit_link=True, suppress_errors=True)


_machine = functools.cache(_make_machine)
_linker = functools.cache(_make_linker)


def processor() -> str:
    """Return what LLVM knows of the processor."""
    return _machine()[1]


def optimised(text: str) -> tuple[str, str]:
    """Return LLVM's text after optimisation, and the assembly language."""
    with _Module(text) as module:
        return str(module), _machine()[0].emit_assembly(module)


def compile(text: str) -> bytes:
    """Compile LLVM's text to an object file."""
    with _Module(text) as module:
        return bytes(_machine()[0].emit_object(module))


class _Module:
    """A module, verified and optimised, for as long as it is needed."""

    def __init__(self, text: str) -> None:
        text, *parts = text.split(_MARK)
        self._context = llvm.create_context()
        self._module = llvm.parse_assembly(text, self._context)
        self._module.verify()
        tuning = llvm.create_pipeline_tuning_options(speed_level=3)
        tuning.loop_vectorization = tuning.slp_vectorization = True
        tuning.loop_interleaving = tuning.loop_unrolling = True
        builder = llvm.create_pass_builder(_machine()[0], tuning)
        passes = builder.getModulePassManager()
        passes.run(self._module, builder)
        passes.close()
        if parts:
            self._add(dict(part.split("\n", 1) for part in parts))
            passes = llvm.create_new_module_pass_manager()
            passes.add_always_inliner_pass()
            passes.run(self._module, builder)
            passes.close()
        builder.close()

    def _add(self, parts: dict[str, str]) -> None:
        """Link the functions that are still called, to be inlined where that makes less code."""
        called = Counter(_CALL.findall(str(self._module)))
        waiting = [name for name in called if name in parts]
        texts = {}
        while waiting:
            name = waiting.pop()
            if name not in texts:
                texts[name] = parts[name]
                waiting += [other for other in _CALL.findall(parts[name]) if other in parts]
        for name, count in called.items():
            if name in texts:
                is_vector = texts[name].startswith("define internal <")
                is_inlined = is_vector or count == 1
                linkage = "available_externally" if is_inlined else "linkonce_odr hidden"
                text = texts[name].replace("internal", linkage, 1)
                texts[name] = text if is_inlined else text.replace("alwaysinline", "noinline", 1)
        self._module.link_in(llvm.parse_assembly("".join(texts.values()), self._context))

    def __enter__(self) -> Any:
        return self._module

    def __exit__(self, *_: object) -> None:
        self._module.close()
        self._context.close()


def link(code: bytes, names: Sequence[str], symbols: Mapping[str, int]) -> Any:
    """
    Put an object file into memory, if `_core.MachineCode` can't.

    Returns
    -------
    mapping
        The names' addresses. The code stays in memory for as long as this does.
    """
    builder = llvm.JITLibraryBuilder().add_object_img(code).add_current_process()
    for name, address in symbols.items():
        builder.import_symbol(name, address)
    for name in names:
        builder.export_symbol(name)
    return builder.link(_linker(), f"manycore-{next(_numbers)}")
