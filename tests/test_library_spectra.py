"""Fourier transforms in compiled code are NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import manycore as mc

pytest.importorskip("llvmlite")

generator = np.random.default_rng(0)
# Powers, products of small primes, primes, products of large ones.
LENGTHS = [1, 2, 3, 4, 5, 6, 8, 12, 15, 16, 17, 30, 64, 77, 97, 100, 221, 289, 1000, 1009, 1024]


def same(found: Any, wanted: Any) -> None:
    assert found.dtype == wanted.dtype
    size = np.abs(wanted).max(initial=1.0)
    eps = np.finfo(wanted.dtype).eps
    np.testing.assert_allclose(found, wanted, rtol=0, atol=30 * eps * size)


@mc.jit
def forth(a: Any) -> Any:
    return np.fft.fft(a)


@mc.jit
def back(a: Any) -> Any:
    return np.fft.ifft(a)


@mc.jit
def half(a: Any) -> Any:
    return np.fft.rfft(a)


@mc.jit
def whole(a: Any, n: int) -> Any:
    return np.fft.irfft(a, n)


@pytest.mark.parametrize("length", LENGTHS)
def test_lengths(length: int) -> None:
    a = generator.random(length) + 1j * generator.random(length)
    same(forth(a), np.fft.fft(a))
    same(back(a), np.fft.ifft(a))
    same(half(a.real.copy()), np.fft.rfft(a.real))
    same(whole(np.fft.rfft(a.real), length), a.real)


def test_of_spectra_the_part_of_real_numbers_counts() -> None:
    a = generator.random(9) + 1j * generator.random(9)
    for count in (5, 16, 17, 30):
        same(whole(a, count), np.fft.irfft(a, count))


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int64", "float32", "complex64"])
def test_dtypes(dtype: str) -> None:
    a = (10 * generator.random(12)).astype(dtype)
    same(forth(a), np.fft.fft(a))
    same(back(a), np.fft.ifft(a))


@pytest.mark.parametrize("norm", ["backward", "ortho", "forward", None])
def test_norms(norm: Any) -> None:
    @mc.jit
    def there_and_back(a: Any) -> Any:
        there = np.fft.fft(a, norm=norm)
        return there, np.fft.ifft(there, norm=norm), np.fft.ihfft(a, norm=norm)

    a = generator.random(10)
    there, again, other = there_and_back(a)
    same(there, np.fft.fft(a, norm=norm))
    same(again, a.astype(complex))
    same(other, np.fft.ihfft(a, norm=norm))


def test_axes_and_sizes() -> None:
    @mc.jit
    def transforms(a: Any) -> Any:
        return np.fft.fft(a, axis=0), np.fft.fft(a, 5), np.fft.fft(a, 9, 0), np.fft.rfft(a, axis=1)

    a = generator.random((6, 8))
    wanted = np.fft.fft(a, axis=0), np.fft.fft(a, 5), np.fft.fft(a, 9, 0), np.fft.rfft(a, axis=1)
    for given in (a, np.asfortranarray(a), np.repeat(a, 2, axis=1)[:, ::2]):
        for one, two in zip(transforms(given), wanted, strict=True):
            same(one, two)


def test_several_axes() -> None:
    @mc.jit
    def transforms(a: Any) -> Any:
        return np.fft.fft2(a), np.fft.ifftn(a), np.fft.rfft2(a, (3, 4)), np.fft.fftn(a, axes=(1,))

    @mc.jit
    def of_spectrum(a: Any) -> Any:
        return np.fft.irfft2(a), np.fft.irfftn(a, (5, 6), axes=(1, 0)), np.fft.hfft(a[0], 6)

    a = generator.random((5, 6))
    wanted = np.fft.fft2(a), np.fft.ifftn(a), np.fft.rfft2(a, (3, 4)), np.fft.fftn(a, axes=(1,))
    for one, two in zip(transforms(a), wanted, strict=True):
        same(one, two)
    c = np.fft.rfft2(a)
    backwards = np.fft.irfft2(c), np.fft.irfftn(c, (5, 6), axes=(1, 0)), np.fft.hfft(c[0], 6)
    for one, other in zip(of_spectrum(c), backwards, strict=True):
        same(one, other)


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_frequencies_and_their_order(count: int) -> None:
    @mc.jit
    def frequencies(n: int) -> Any:
        own = np.fft.fftfreq(n, 0.5)
        square = np.outer(own, own)
        shifted = np.fft.fftshift(square), np.fft.ifftshift(square, axes=0)
        return own, np.fft.rfftfreq(n), np.fft.fftshift(own), *shifted

    for one, two in zip(frequencies(count), frequencies.py_func(count), strict=True):
        same(one, two)


def test_refusals() -> None:
    with pytest.raises(ValueError, match=r"Invalid number of FFT data points \(0\) specified"):
        forth(np.zeros(0))
    with pytest.raises(mc.CompileError, match="a norm that is not"):
        mc.jit(lambda a: np.fft.fft(a, norm="unit"))(np.zeros(3))  # type: ignore[arg-type]
    with pytest.raises(mc.CompileError, match="rfft of complex numbers"):
        half(np.zeros(3, complex))
