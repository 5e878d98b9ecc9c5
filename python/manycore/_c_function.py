"""C functions that call compiled ones: a few lines of LLVM's text around `_core`'s own."""

from __future__ import annotations

from manycore import _machine_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# LLVM's type for each of ours, and how it comes to fill 64 bits.
_TYPES = {
    "bool": ("i8", "zext"),
    "int8": ("i8", "sext"),
    "int16": ("i16", "sext"),
    "int32": ("i32", "sext"),
    "int64": ("i64", ""),
    "uint8": ("i8", "zext"),
    "uint16": ("i16", "zext"),
    "uint32": ("i32", "zext"),
    "uint64": ("i64", ""),
    "float32": ("float", "zext"),
    "float64": ("double", ""),
    "None": ("void", ""),
}

# How a caller in C finds small integers extended.
_EXTENSIONS = {"sext": " signext", "zext": " zeroext"}


def make(
    name: str, arguments: Sequence[str], result: str, specialisation: int, call: int
) -> Mapping[str, int]:
    """
    Make a C function.

    Returns
    -------
    mapping
        The address of ``"function"``, which stays there for as long as this does.

    Raises
    ------
    TypeError
        If C knows an argument or the result by no name.
    """
    for kind in (*arguments, result):
        if kind not in _TYPES:
            message = f"{name} can't be a C function: {kind} is no number that C passes by value"
            raise TypeError(message)
    lines = []
    for index, kind in enumerate(arguments):
        there, extension = _TYPES[kind]
        value = f"%{index}"
        if kind == "float32":
            lines.append(f"%b{index} = bitcast float {value} to i32")
            there, value = "i32", f"%b{index}"
        if extension:
            lines.append(f"%w{index} = {extension} {there} {value} to i64")
            there, value = "i64", f"%w{index}"
        lines.append(f"%p{index} = getelementptr i64, ptr %arguments, i64 {index}")
        lines.append(f"store {there} {value}, ptr %p{index}")
    lines.append(f"call void @call(i64 {specialisation}, ptr %arguments, ptr %result)")
    back, extension = _TYPES[result]
    if result == "None":
        lines.append("ret void")
    else:
        lines += [f"%back = load {back}, ptr %result", f"ret {back} %back"]
    parameters = ", ".join(f"{_TYPES[kind][0]} %{n}" for n, kind in enumerate(arguments))
    attribute = _EXTENSIONS.get(extension, "") if back.startswith("i") else ""
    text = "\n  ".join(
        [
            "declare void @call(i64, ptr, ptr)",
            f"define{attribute} {back} @function({parameters}) {{",
            f"%arguments = alloca i64, i64 {max(len(arguments), 1)}",
            "%result = alloca i64",
            "store i64 0, ptr %result",
            *lines,
        ]
    )
    # The text has an address in it, so the cache would never be asked for it again.
    library, _ = _machine_code.make(
        f"{text}\n}}\n", ["function"], use_cache=False, symbols={"call": call}
    )
    return library
