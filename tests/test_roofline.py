"""The roofline: what kernels count against what their sources say, and the roofs above them."""

from __future__ import annotations

import math
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import manycore as mc
from children import DEADLINE
from manycore import _core, _jit

N = 1_000
RISING = np.arange(1.0, N + 1)


@mc.jit
def axpy(a: float, x: Any, y: Any) -> None:
    for i in range(len(x)):
        y[i] = a * x[i] + y[i]


@mc.jit
def total(x: Any) -> float:
    result = 0.0
    for value in x:
        result += value
    return result


@mc.jit
def stencil(a: Any, b: Any) -> None:
    for i in range(1, a.shape[0] - 1):
        for j in range(1, a.shape[1] - 1):
            b[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])


@mc.jit
def squares_above(x: Any, least: float) -> float:
    result = 0.0
    for i in range(len(x)):
        if x[i] > least:
            result += x[i] * x[i]
    return result


@mc.jit
def up_to(x: Any, most: float) -> float:
    result = 0.0
    for value in x:
        if value > most:
            return result * 0.5
        result += value
    return result


@mc.jit
def root(x: float) -> float:
    return math.sqrt(x) if x > 0 else 0.0


@mc.jit
def both(a: Any) -> Any:
    return a[0] > 1.0 and a[1] * a[2] > 1.0


@mc.jit
def expression(a: Any, b: Any) -> Any:
    return np.exp(a) * b + 1.0


@mc.jit
def product(a: Any, b: Any) -> Any:
    return a @ b


@mc.jit
def rotated(z: Any) -> complex:
    result = 0j
    for i in range(len(z)):
        result += z[i] * z[i]
    return result


@mc.jit
def fibonacci(n: int) -> Any:
    if n < 2:
        return 1.0
    return fibonacci(n - 1) + fibonacci(n - 2)


@mc.jit
def halves(x: Any) -> float:
    result = 0.0
    for i in range(len(x)):
        result += root(x[i])
    return result


@mc.jit(parallel=True)
def doubled(x: Any, y: Any) -> None:
    for i in mc.prange(len(x)):
        if x[i] > 500.0:
            y[i] = x[i] * 2.0


@mc.jit
def whole(x: Any) -> int:
    result = 0
    for value in x:
        result += value
    return result


@mc.jit
def inverse(a: Any) -> Any:
    return np.linalg.inv(a)


@mc.jit
def checked(x: Any) -> float:
    result = 0.0
    for value in x:
        if value < 0:
            raise ValueError("negative")
        result += value
    return result


SQUARE = np.ones((30, 20))
INSIDE = 28 * 18

KNOWN = [
    (axpy, (2.0, RISING, np.ones(N)), 2 * N, 24 * N),
    (axpy, (np.float32(2), np.ones(N, "f4"), np.ones(N, "f4")), 2 * N, 12 * N),
    (axpy, (2.0, RISING[:0], RISING[:0]), 0, 0),
    (total, (RISING,), N, 8 * N),
    (total, (RISING[::3],), 334, 8 * 334),
    (stencil, (SQUARE, SQUARE.copy()), 4 * INSIDE, 40 * INSIDE),
    # All are looked at; those that are added are asked for again.
    (squares_above, (RISING, 900.0), 2 * 100, 8 * N + 8 * 100),
    (up_to, (RISING, 10.0), 10 + 1, 8 * 11),
    (root, (4.0,), 1, 0),
    (root, (-4.0,), 0, 0),
    (both, (RISING + 1,), 1, 24),
    (both, (RISING - 1,), 0, 8),
    (expression, (RISING / N, RISING), (8 + 1 + 1) * N, 24 * N),
    (product, (SQUARE, SQUARE.T.copy()), 2 * 30 * 20 * 30, 8 * (600 + 600 + 900)),
    (rotated, (RISING + 1j,), (6 + 2) * N, 16 * N),
    (fibonacci, (5,), 7, 0),
    (halves, (RISING - 501.0,), N + 499, 8 * N),
    (doubled, (RISING, RISING.copy()), 500, 8 * N + 16 * 500),
    (whole, (np.arange(10),), 0, 80),
]


def counts(work: Callable[[], object]) -> dict[str, tuple[int, int, int]]:
    """Calls, operations and bytes of each function that `work` calls."""
    _core.kernel_counts()
    _core.count_kernels(True)
    try:
        work()
    finally:
        _core.count_kernels(False)
    return {name: counted for (name, _), counted, _ in _core.kernel_counts()}


@pytest.mark.parametrize("interpreted", [False, True])
@pytest.mark.parametrize(("kernel", "arguments", "operations", "moved"), KNOWN)
def test_counts_are_what_the_source_says(
    kernel: Any,
    arguments: tuple[Any, ...],
    operations: int,
    moved: int,
    interpreted: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_jit, "_INTERPRETED", interpreted)
    monkeypatch.delitem(kernel.__dict__, "_counting", raising=False)
    found = counts(lambda: kernel(*arguments))
    assert found == {kernel.__name__: (1, operations, moved)}


def test_what_counts_returns_and_writes_what_it_does_otherwise() -> None:
    written = np.ones(N), np.ones(N)
    axpy(3.0, RISING, written[0])
    plain = [total(RISING), up_to(RISING, 10.0), root(4.0), expression(RISING / N, RISING)]
    with mc.profile(roofline=True):
        axpy(3.0, RISING, written[1])
        counting = [total(RISING), up_to(RISING, 10.0), root(4.0), expression(RISING / N, RISING)]
    assert np.array_equal(*written)
    assert plain[:3] == counting[:3]
    assert np.array_equal(plain[3], counting[3])


def test_calls_of_all_threads_are_added_up() -> None:
    def work() -> None:
        threads = [threading.Thread(target=total, args=(RISING,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert counts(work) == {"total": (8, 8 * N, 64 * N)}


def test_nothing_is_counted_without_a_profile_and_calls_that_fail_are_not() -> None:
    _core.kernel_counts()
    total(RISING)
    assert _core.kernel_counts() == []

    def work() -> None:
        checked(RISING)
        with pytest.raises(ValueError, match="negative"):
            checked(-RISING)

    assert counts(work) == {"checked": (1, N, 8 * N)}
    total(RISING)
    assert _core.kernel_counts() == []


def test_code_that_counts_is_apart_from_code_that_does_not() -> None:
    with mc.profile(roofline=True):
        total(RISING)
    apart = total._counted()
    assert apart is total._counted()
    assert apart is not total
    total(RISING)
    [(plain,), (counting,)] = ([*each._lowered.values()] for each in (total, apart))
    # The name on the disk is a hash of the text.
    assert plain.text != counting.text
    assert "_counting" not in plain.text
    again = mc.jit(total.py_func)
    again(RISING)
    assert [each.text for each in again._lowered.values()] == [plain.text]


def test_types_that_are_declared_stay_the_only_ones() -> None:
    twice = mc.jit("f8(f8)")(lambda x: x * 2.0)
    closed = mc.jit(lambda x: x * 2.0)
    closed(1.0)
    closed.disable_compile()
    for kernel in (twice, closed):
        with mc.profile(roofline=True):
            assert kernel(2.0) == 4.0
            with pytest.raises(TypeError, match="float64"):
                kernel(np.ones(2))


def test_roofs_are_plausible_and_nothing_is_far_above_them() -> None:
    x, y = np.ones(2_000_000), np.ones(2_000_000)
    near = np.ones(1_000), np.ones(1_000)
    with mc.profile(roofline=True) as p:
        for _ in range(5):
            axpy(2.0, x, y)
            total(x)
            squares_above(x, 0.5)
        for _ in range(2_000):
            stencil(SQUARE, SQUARE)
            expression(*near)
        product(np.ones((300, 300)), np.ones((300, 300)))
    roofs = p.roofline()
    assert roofs.cores == mc.machine().usable_cores
    # A core does something at least, and 2 x 8 fused operations at 7 GHz at most.
    assert 1e8 < roofs.peak / roofs.cores < 2 * 8 * 2 * 7e9
    assert 1e8 < roofs.bandwidth < roofs.cache_bandwidth < roofs.cores * 3 * 64 * 7e9
    assert {kernel.function for kernel in roofs.kernels} == {
        "axpy",
        "total",
        "squares_above",
        "stencil",
        "expression",
        "product",
    }
    for kernel in roofs.kernels:
        # A cache is written to while it is read, and the machine may have been disturbed.
        assert 0 < kernel.rate < 2 * roofs.roof(kernel), kernel
        assert kernel.intensity == kernel.operations / kernel.bytes
    seconds = [kernel.seconds for kernel in roofs.kernels]
    assert seconds == sorted(seconds, reverse=True)


def test_what_is_bound_by_what() -> None:
    from manycore._roofline import KernelCounts, Roofline

    def kernel(operations: int, moved: int, seconds: float) -> KernelCounts:
        return KernelCounts("f", "f.py", 1, operations, moved, seconds)

    roofs = Roofline((), (), peak=100e9, bandwidth=10e9, cache_bandwidth=50e9, cores=2)
    far, near = kernel(10**9, 10**10, 2.0), kernel(10**9, 10**10, 0.5)
    many, none = kernel(10**9, 10**7, 1.0), kernel(10**9, 0, 1.0)
    found = [roofs.bound(each) for each in (far, near, many, none)]
    assert found == ["memory", "caches", "cores", "cores"]
    allowed = [roofs.roof(each) for each in (far, near, many, none)]
    assert allowed == [1e9, 5e9, 100e9, 100e9]
    assert none.intensity == math.inf
    with pytest.raises(ValueError, match="nothing to draw"):
        roofs.chart()


def row_of(kernel: str, text: str) -> list[str]:
    """What the roofline says of a kernel that adds up float64: calls, then times and speeds."""
    row: str
    [row] = re.findall(rf"^{kernel} +(.* 0\.125 .*)$", text, re.MULTILINE)
    return row.split()


def test_it_is_shown_as_text_in_notebooks_and_in_reports(tmp_path: Path) -> None:
    with mc.profile(roofline=True) as p:
        total(RISING)
        total(RISING)
        whole(np.arange(10))
        inverse(np.eye(3))
    text = str(p)
    assert "compiled function  calls" in text
    assert row_of("total", text)[0] == "2"
    others = "without operations on floats that can be counted: "
    [rest] = [line for line in text.splitlines() if others in line]
    assert set(rest.partition(others)[2].split(", ")) == {"whole", "inverse"}
    assert "GB/s from first-level caches" in text

    shown = p._repr_html_()
    assert "<caption" in shown
    assert ">roofline</caption>" in shown
    assert "from first-level caches" in shown
    p.html(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Roofline" in page
    assert "operations for each byte" in page
    assert "operations for each byte" in p.roofline().chart()


def test_without_kernels_it_says_so(tmp_path: Path) -> None:
    with mc.profile(roofline=True) as p:
        pass
    assert "no compiled function (mc.jit) was called\n" in str(p.roofline())
    assert "no compiled function (mc.jit) was called" in p._repr_html_()
    p.html(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "no compiled function (mc.jit) was called" in page

    with mc.profile(roofline=True) as p:
        whole(np.arange(10))
    assert str(p.roofline()).startswith(
        "called without operations on floats that can be counted: w"
    )


def test_misuse() -> None:
    with mc.profile() as p:
        total(RISING)
    with pytest.raises(RuntimeError, match=r"mc\.profile\(roofline=True\)"):
        p.roofline()
    assert "Gop/s" not in str(p)
    p = mc.profile(roofline=True)
    with pytest.raises(RuntimeError, match="there is no profile yet"):
        p.roofline()


SCRIPT = """
import sys
import numpy as np
import manycore as mc

@mc.jit
def total(x):
    result = 0.0
    for value in x:
        result += value
    return result

total(np.ones(1000))
sys.exit(int(sys.argv[1]))
"""


@pytest.mark.parametrize("module", ["manycore", "manycore.cli"])
@pytest.mark.parametrize("status", [0, 3])
def test_the_command_shows_it_and_keeps_the_scripts_status(
    tmp_path: Path, module: str, status: int
) -> None:
    script, report = tmp_path / "script.py", tmp_path / "report.html"
    script.write_text(SCRIPT)
    command = ["profile", "--roofline", "--html", str(report), str(script), str(status)]
    ended = subprocess.run(
        [sys.executable, "-m", module, *command], capture_output=True, text=True, timeout=DEADLINE
    )
    assert ended.returncode == status, ended
    assert ended.stdout == ""
    assert row_of("total", ended.stderr)[0] == "1"
    assert "from first-level caches" in report.read_text(encoding="utf-8")
