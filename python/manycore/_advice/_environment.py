"""Rewrites of what a script begins with: the environment that its libraries are loaded in."""

from __future__ import annotations

import ast

from manycore._advice.rewrite import Rewrite

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def one_thread(source: str) -> Rewrite | None:
    r"""
    Let each worker's BLAS have one thread: said before a library is loaded.

    >>> print(one_thread("import numpy as np\n").new)
    import os
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["MKL_NUM_THREADS"] = "1"
    import numpy as np
    <BLANKLINE>
    """
    imports = [
        node
        for node in ast.parse(source).body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and getattr(node, "module", "") != "__future__"
    ]
    if not imports:
        return None
    first, last = imports[0].lineno, imports[0].end_lineno or 0
    old = "\n".join(source.splitlines()[first - 1 : last])
    lines = [f'os.environ["{name}"] = "1"' for name in _THREADS]
    new = "\n".join(["import os", *lines, old])
    return Rewrite("", first, last, f"{old}\n", f"{new}\n", whole=True)
