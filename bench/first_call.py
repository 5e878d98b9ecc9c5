"""
Calls a compiled function for the first time, in a process that ``jit.py`` has started for it.

Prints the CPU seconds and the answer. ``tiny``: to import the compiler and call a function of one
line. Else a function of ``jit_kernels.py``, all imported before, so that it is the call alone.
"""

from __future__ import annotations

import argparse
import importlib
import time
from typing import Any


def increment(x: int) -> int:
    return x + 1


def main() -> None:
    """Call, and print."""
    parser = argparse.ArgumentParser(description="Time a first call.")
    parser.add_argument("compiler", choices=["manycore", "numba"])
    parser.add_argument("function")
    parser.add_argument("--cache", action="store_true")
    options = parser.parse_args()
    if options.function == "tiny":
        begin = time.process_time()
        jit = importlib.import_module(options.compiler).jit
        answer = jit(cache=options.cache)(increment)(1)
    else:
        import jit_kernels as kernels

        jit = importlib.import_module(options.compiler).jit
        arguments = kernels.small_arguments(options.function)
        function: Any = jit(cache=options.cache)(getattr(kernels, options.function))
        begin = time.process_time()
        answer = kernels.checksum(function(*arguments))
    print((time.process_time() - begin, answer))


if __name__ == "__main__":
    main()
