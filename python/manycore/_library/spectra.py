"""Fourier transforms: `numpy.fft`."""

# ruff: noqa: D401
# mypy: ignore-errors

import numpy as np

from manycore._jit import jit
from manycore._kernel_library import kernel

# The functions that are compiled for themselves are so in the program that uses them, too: once,
# not at every call. What depends on the length of a transform alone is made once for all rows.


@jit
def factor(count):
    """A small factor to go on with, or 0."""
    if count % 4 == 0:
        return 4
    for one in range(2, 14):
        if count % one == 0:
            return one
    return 0


@jit
def is_smooth(count):
    """Whether all factors are small."""
    rest = count
    while rest > 1:
        one = factor(rest)
        if one == 0:
            return False
        rest //= one
    return True


@jit
def roots_of_unity(count, sign):
    result = np.empty(count, np.complex128)
    half = count // 2 + 1
    for i in range(half):
        angle = 2.0 * np.pi * i / count
        result[i] = complex(np.cos(angle), sign * np.sin(angle))
    for i in range(half, count):
        result[i] = np.conj(result[count - i])
    return result


@jit
def transform(row, spare, roots):
    """
    Transform a row in place: Stockham's algorithm, which leaves everything in its order.

    Transforms of `size` elements, `stride` of which stand side by side, become ones of a p-th of
    that with every step, and p times as many.
    """
    count = row.size
    size = count
    stride = 1
    old = row
    new = spare
    is_spare = False
    while size > 1:
        p = factor(size)
        size //= p
        step = size * stride
        if p == 4:
            sign = roots[count // 4].imag
            for k in range(size):
                one = roots[k * stride]
                two = roots[2 * k * stride]
                three = roots[3 * k * stride]
                for j in range(k * stride, (k + 1) * stride):
                    a = old[j]
                    b = old[j + step]
                    c = old[j + 2 * step]
                    d = old[j + 3 * step]
                    turned = complex(sign * (d.imag - b.imag), sign * (b.real - d.real))
                    place = j + 3 * k * stride
                    new[place] = (a + c) + (b + d)
                    new[place + stride] = ((a - c) + turned) * one
                    new[place + 2 * stride] = ((a + c) - (b + d)) * two
                    new[place + 3 * stride] = ((a - c) - turned) * three
        elif p == 2:
            for k in range(size):
                one = roots[k * stride]
                for j in range(k * stride, (k + 1) * stride):
                    a = old[j]
                    b = old[j + step]
                    new[j + k * stride] = a + b
                    new[j + (k + 1) * stride] = (a - b) * one
        else:
            for k in range(size):
                for j in range(stride):
                    for r in range(p):
                        total = old[k * stride + j]
                        for q in range(1, p):
                            part = old[k * stride + j + q * step]
                            total += part * roots[q * r % p * (count // p)]
                        new[(p * k + r) * stride + j] = total * roots[k * r * stride]
        stride *= p
        old, new = new, old
        is_spare = not is_spare
    if is_spare:
        row[:] = spare


@jit
def transform_rows(rows, sign):
    """Transform each row in place; their length has small factors only."""
    count = rows.shape[1]
    roots = roots_of_unity(count, sign)
    spare = np.empty(count, np.complex128)
    for i in range(rows.shape[0]):
        transform(rows[i], spare, roots)


@jit
def transform_any_rows(rows, sign):
    """
    Transform each row in place.

    Bluestein's algorithm does it for any length, as a convolution with a chirp: by transforms of a
    power of two.
    """
    count = rows.shape[1]
    if is_smooth(count):
        transform_rows(rows, sign)
        return
    length = 1
    while length < 2 * count - 1:
        length *= 2
    # The square is taken modulo the period, in which it is exact.
    roots = roots_of_unity(2 * count, sign)
    # The last row is the chirp itself.
    work = np.zeros((rows.shape[0] + 1, length), np.complex128)
    last = rows.shape[0]
    for k in range(count):
        chirp = roots[k * k % (2 * count)]
        for i in range(last):
            work[i, k] = rows[i, k] * chirp
        work[last, k] = np.conj(chirp)
        work[last, (length - k) % length] = np.conj(chirp)
    transform_rows(work, -1.0)
    # The transform of what is conjugate is that back.
    for i in range(last):
        for k in range(length):
            work[i, k] = np.conj(work[i, k] * work[last, k])
    transform_rows(work, -1.0)
    for k in range(count):
        chirp = roots[k * k % (2 * count)] / length
        for i in range(last):
            rows[i, k] = np.conj(work[i, k]) * chirp


def rows_of(a, count, axis, kind):
    """The rows along an axis, cut or padded to a length."""
    moved = np.moveaxis(a, axis, -1)
    if count < 1:
        raise ValueError(f"Invalid number of FFT data points ({count}) specified.")
    used = min(count, moved.shape[-1])
    rows = np.empty((*moved.shape[:-1], count), kind)
    rows[..., :used] = moved[..., :used]
    rows[..., used:] = 0
    return rows


@jit
def transform_real_rows(rows, spectra):
    """Write the first halves of the rows' transforms, the other halves of which are conjugate."""
    count = rows.shape[1]
    half = count // 2
    if count % 2 == 1:
        work = rows.astype(np.complex128)
        transform_any_rows(work, -1.0)
        spectra[:] = work[:, : half + 1]
        return
    # Two neighbours are the parts of one number: the even ones have the conjugate symmetry, and
    # the odd ones its opposite.
    work = np.empty((rows.shape[0], half), np.complex128)
    for i in range(rows.shape[0]):
        for k in range(half):
            work[i, k] = complex(rows[i, 2 * k], rows[i, 2 * k + 1])
    transform_any_rows(work, -1.0)
    roots = roots_of_unity(count, -1.0)
    for i in range(rows.shape[0]):
        for k in range(half + 1):
            one = work[i, k % half]
            other = np.conj(work[i, (half - k) % half])
            spectra[i, k] = 0.5 * (one + other) + complex(0.0, -0.5) * (one - other) * roots[k]


def scaled(norm, count, is_inverse):
    """What a transform is multiplied with."""
    if norm is None or norm == "backward":
        return 1.0 / count if is_inverse else 1.0
    if norm == "ortho":
        return 1.0 / np.sqrt(count)
    if norm == "forward":
        return 1.0 if is_inverse else 1.0 / count
    kernel.fail('a norm that is not "backward", "ortho" or "forward"')


def scale(rows, factor):
    if factor != 1.0:
        rows *= factor


def transformed(a, n, axis, norm, is_inverse):
    a = np.asarray(a)
    count = a.shape[axis] if n is None else int(n)
    rows = rows_of(a, count, axis, np.complex128)
    transform_any_rows(rows.reshape(-1, count), 1.0 if is_inverse else -1.0)
    scale(rows, scaled(norm, count, is_inverse))
    kind = kernel.promote(kernel.floating(a.dtype), np.complex64)
    return np.moveaxis(np.asarray(rows, kind), -1, axis)


def fft_fft(a, n=None, axis=-1, norm=None):
    return transformed(a, n, axis, norm, False)


def fft_ifft(a, n=None, axis=-1, norm=None):
    return transformed(a, n, axis, norm, True)


def fft_rfft(a, n=None, axis=-1, norm=None):
    a = np.asarray(a)
    if kernel.is_complex(a.dtype):
        kernel.fail("rfft of complex numbers")
    count = a.shape[axis] if n is None else int(n)
    rows = rows_of(a, count, axis, np.float64)
    half = count // 2 + 1
    spectra = np.empty((*rows.shape[:-1], half), np.complex128)
    transform_real_rows(rows.reshape(-1, count), spectra.reshape(-1, half))
    scale(spectra, scaled(norm, count, False))
    kind = kernel.promote(kernel.floating(a.dtype), np.complex64)
    return np.moveaxis(np.asarray(spectra, kind), -1, axis)


def fft_irfft(a, n=None, axis=-1, norm=None):
    a = np.asarray(a)
    count = 2 * (a.shape[axis] - 1) if n is None else int(n)
    half = count // 2 + 1
    moved = np.moveaxis(a, axis, -1)
    used = min(half, moved.shape[-1])
    whole = np.zeros((*moved.shape[:-1], count), np.complex128)
    # The other half is what real numbers have there.
    for k in range(used):
        whole[..., k] = moved[..., k]
    for k in range(1, min(used, (count + 1) // 2)):
        whole[..., count - k] = np.conj(moved[..., k])
    whole[..., 0] = whole[..., 0].real
    if count % 2 == 0:
        whole[..., count // 2] = whole[..., count // 2].real
    kind = kernel.floating(a.real.dtype)
    return np.moveaxis(np.asarray(transformed(whole, None, -1, norm, True).real, kind), -1, axis)


def fft_hfft(a, n=None, axis=-1, norm=None):
    count = 2 * (np.asarray(a).shape[axis] - 1) if n is None else int(n)
    return np.fft.irfft(np.conj(a), count, axis, turned(norm))


def fft_ihfft(a, n=None, axis=-1, norm=None):
    return np.conj(np.fft.rfft(a, n, axis, turned(norm)))


def turned(norm):
    if norm is None or norm == "backward":
        return "forward"
    if norm == "forward":
        return "backward"
    return norm


def along_each(function, a, sizes, axes, norm):
    """A transform along one axis after the other, the last first."""
    if len(axes) == 0:
        return a
    size = None if sizes is None else sizes[-1]
    rest = None if sizes is None else sizes[:-1]
    return along_each(function, function(a, size, axes[-1], norm), rest, axes[:-1], norm)


def every_axis(ndim):
    return () if ndim == 0 else (*every_axis(ndim - 1), ndim - 1)


def chosen_axes(a, s, axes):
    if axes is not None:
        return tuple(axes)
    if s is None:
        return every_axis(a.ndim)
    return every_axis(a.ndim)[a.ndim - len(s) :]


def fft_fftn(a, s=None, axes=None, norm=None):
    a = np.asarray(a)
    return along_each(np.fft.fft, a, s, chosen_axes(a, s, axes), norm)


def fft_ifftn(a, s=None, axes=None, norm=None):
    a = np.asarray(a)
    return along_each(np.fft.ifft, a, s, chosen_axes(a, s, axes), norm)


def fft_fft2(a, s=None, axes=(-2, -1), norm=None):
    return np.fft.fftn(a, s, axes, norm)


def fft_ifft2(a, s=None, axes=(-2, -1), norm=None):
    return np.fft.ifftn(a, s, axes, norm)


def fft_rfftn(a, s=None, axes=None, norm=None):
    a = np.asarray(a)
    return real_along_each(a, s, chosen_axes(a, s, axes), norm)


def real_along_each(a, sizes, axes, norm):
    half = np.fft.rfft(a, None if sizes is None else sizes[-1], axes[-1], norm)
    return along_each(np.fft.fft, half, None if sizes is None else sizes[:-1], axes[:-1], norm)


def fft_irfftn(a, s=None, axes=None, norm=None):
    a = np.asarray(a)
    return real_of_each(a, s, chosen_axes(a, s, axes), norm)


def real_of_each(a, sizes, axes, norm):
    rest = None if sizes is None else sizes[:-1]
    whole = along_each(np.fft.ifft, a, rest, axes[:-1], norm)
    return np.fft.irfft(whole, None if sizes is None else sizes[-1], axes[-1], norm)


def fft_rfft2(a, s=None, axes=(-2, -1), norm=None):
    return np.fft.rfftn(a, s, axes, norm)


def fft_irfft2(a, s=None, axes=(-2, -1), norm=None):
    return np.fft.irfftn(a, s, axes, norm)


def fft_fftfreq(n, d=1.0):
    result = np.empty(n, np.float64)
    positive = (n - 1) // 2 + 1
    for i in range(n):
        result[i] = (i if i < positive else i - n) * (1.0 / (n * d))
    return result


def fft_rfftfreq(n, d=1.0):
    return np.arange(n // 2 + 1) * (1.0 / (n * d))


def shifted(a, axes, sign):
    if len(axes) == 0:
        return a
    size = a.shape[axes[0]]
    shift = size // 2 if sign > 0 else -(size // 2)
    return shifted(np.roll(a, shift, axes[0]), axes[1:], sign)


def axes_of(a, axes):
    if axes is None:
        return every_axis(a.ndim)
    if kernel.is_scalar(axes):
        return (axes,)
    return tuple(axes)


def fft_fftshift(x, axes=None):
    x = np.asarray(x)
    return shifted(x, axes_of(x, axes), 1)


def fft_ifftshift(x, axes=None):
    x = np.asarray(x)
    return shifted(x, axes_of(x, axes), -1)
