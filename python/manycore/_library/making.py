"""Arrays of numbers in a row, of ones on a diagonal, of grids."""

# ruff: noqa: N803, SIM108
# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel


def arange(start, stop=None, step=None, dtype=None):
    if stop is None:
        return np.arange(0, start, step, dtype)
    if step is None:
        return np.arange(start, stop, 1, dtype)
    if dtype is None:
        kind = kernel.promote(np.int64, start.dtype, stop.dtype, step.dtype)
    else:
        kind = dtype
    if step == 0:
        raise ZeroDivisionError("division by zero")
    if kernel.is_float(kernel.promote(start.dtype, stop.dtype, step.dtype)):
        size = max(0, int(np.ceil((stop - start) / step)))
    elif step > 0:
        size = max(0, (stop - start + step - 1) // step)
    else:
        size = max(0, (start - stop - step - 1) // -step)
    result = np.empty(size, kind)
    first = np.asarray(start).astype(kind)[()]
    # As NumPy has it: the second number is rounded, and what it is from the first is the step.
    width = np.asarray(start + step).astype(kind)[()] - first
    for i in range(size):
        result[i] = first + i * width
    return result


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None):
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    work = kernel.floating(kernel.promote(start.dtype, stop.dtype))
    if dtype is None:
        kind = work
    else:
        kind = dtype
    parts = num - 1 if endpoint else num
    first = work(start)
    width = work(stop) - first
    result = np.empty(num, kind)
    step = width / work(max(parts, 1))
    for i in range(num):
        # As NumPy has it: if the step is too small to be a number, the width comes last.
        part = work(i) * step if step != 0 else work(i) / work(max(parts, 1)) * width
        value = work(stop) if endpoint and num > 1 and i == num - 1 else part + first
        if kernel.is_integer(kind):
            result[i] = kind(np.floor(value))
        else:
            result[i] = value
    if retstep:
        return result, step
    return result


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None):
    result = np.power(base, np.linspace(start, stop, num, endpoint))
    if dtype is None:
        return np.asarray(result)
    return np.asarray(result, dtype)


def geomspace(start, stop, num=50, endpoint=True, dtype=None):
    if start == 0 or stop == 0:
        raise ValueError("Geometric sequence cannot include zero")
    low = float(start)
    powers = np.linspace(0.0, np.log10(float(stop) / low), num, endpoint)
    result = low * np.power(10.0, powers)
    if num > 0:
        result[0] = low
    if num > 1 and endpoint:
        result[num - 1] = stop
    if dtype is None:
        return np.asarray(result)
    return np.asarray(result, dtype)


def ndarray(shape, dtype=float):
    return np.empty(shape, dtype)


def eye(N, M=None, k=0, dtype=float):
    if M is None:
        return np.eye(N, N, k, dtype)
    result = np.zeros((N, M), dtype)
    for i in range(max(0, -k), min(N, M - k)):
        result[i, i + k] = 1
    return result


def identity(n, dtype=float):
    return np.eye(n, n, 0, dtype)


def diag(v, k=0):
    v = np.asarray(v)
    if v.ndim == 1:
        size = v.size + abs(k)
        result = np.zeros((size, size), v.dtype)
        for i in range(v.size):
            result[i + max(0, -k), i + max(0, k)] = v[i]
        return result
    return np.diagonal(v, k).copy()


def diagflat(v, k=0):
    return np.diag(np.ravel(np.asarray(v)), k)


def diagonal(a, offset=0):
    a = np.asarray(a)
    if a.ndim != 2:
        kernel.fail("a diagonal of an array that is not of 2 dimensions")
    rows = max(0, -offset)
    columns = max(0, offset)
    size = max(0, min(a.shape[0] - rows, a.shape[1] - columns))
    result = np.empty(size, a.dtype)
    for i in range(size):
        result[i] = a[i + rows, i + columns]
    return result


def trace(a, offset=0):
    return np.sum(np.diagonal(np.asarray(a), offset))


def tri(N, M=None, k=0, dtype=float):
    if M is None:
        return np.tri(N, N, k, dtype)
    result = np.zeros((N, M), dtype)
    for i in range(N):
        result[i, : max(0, min(M, i + k + 1))] = 1
    return result


def tril(m, k=0):
    m = np.asarray(m)
    if m.ndim == 1:
        return np.tril(np.broadcast_to(m, (m.size, m.size)), k)
    result = m.copy()
    for i in range(m.shape[-2]):
        result[..., i, max(0, min(m.shape[-1], i + k + 1)) :] = 0
    return result


def triu(m, k=0):
    m = np.asarray(m)
    if m.ndim == 1:
        return np.triu(np.broadcast_to(m, (m.size, m.size)), k)
    result = m.copy()
    for i in range(m.shape[-2]):
        result[..., i, : max(0, min(m.shape[-1], i + k))] = 0
    return result


def meshgrid(x, y, z=None, indexing="xy", sparse=False):
    x = np.asarray(x)
    y = np.asarray(y)
    if sparse:
        if z is None:
            return (x[:, None], y[None]) if indexing == "ij" else (x[None], y[:, None])
        z = np.asarray(z)
        if indexing == "ij":
            return x[:, None, None], y[None, :, None], z[None, None]
        return x[None, :, None], y[:, None, None], z[None, None]
    if z is None:
        if indexing == "ij":
            shape = (x.size, y.size)
            return np.broadcast_to(x[:, None], shape), np.broadcast_to(y, shape)
        shape = (y.size, x.size)
        return np.broadcast_to(x, shape), np.broadcast_to(y[:, None], shape)
    z = np.asarray(z)
    if indexing == "ij":
        shape = (x.size, y.size, z.size)
        return (
            np.broadcast_to(x[:, None, None], shape),
            np.broadcast_to(y[:, None], shape),
            np.broadcast_to(z, shape),
        )
    shape = (y.size, x.size, z.size)
    return (
        np.broadcast_to(x[:, None], shape),
        np.broadcast_to(y[:, None, None], shape),
        np.broadcast_to(z, shape),
    )


def indices(dimensions, dtype=np.int64):
    if len(dimensions) > 3:
        kernel.fail("indices of more than 3 dimensions")
    result = np.empty((len(dimensions), *dimensions), dtype)
    for place in np.ndindex(dimensions):
        for i, index in enumerate(place):
            result[(i, *place)] = index
    return result


def vander(x, N=None, increasing=False):
    x = np.asarray(x)
    if N is None:
        return np.vander(x, x.size, increasing)
    kind = kernel.promote(x.dtype, np.int64)
    result = np.empty((x.size, N), kind)
    for i in range(x.size):
        power = kind(1)
        for j in range(N):
            result[i, j if increasing else N - 1 - j] = power
            power *= kind(x[i])
    return result
