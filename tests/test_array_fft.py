"""Fourier transforms of lazy arrays: NumPy's results, dtypes and errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import manycore as mc

ma: Any = mc.array
fft = ma.fft
ONE_AXIS = ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"]
SEVERAL = ["fftn", "ifftn", "rfftn", "irfftn", "fft2", "ifft2", "rfft2", "irfft2"]
SHAPES = [(6,), (5, 4), (3, 1, 5), (1,), (2, 3)]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def numbers(shape: tuple[int, ...], dtype: str) -> np.ndarray[Any, Any]:
    """Make small numbers."""
    random = np.random.default_rng(3)
    values = random.normal(size=shape) * 4
    if dtype in "FD":
        return (values + 1j * random.normal(size=shape)).astype(dtype)
    return values.astype(dtype)


def alike(name: str, x: np.ndarray[Any, Any], **options: Any) -> None:
    """Compare results, or errors."""
    try:
        wanted = getattr(np.fft, name)(x, **options)
    except (ValueError, TypeError, IndexError) as error:
        with pytest.raises((type(error), np.exceptions.AxisError)):
            getattr(fft, name)(x, **options)
        return
    lazy = getattr(fft, name)(x, **options)
    found = lazy.compute()
    assert (lazy.shape, lazy.dtype) == (found.shape, found.dtype) == (wanted.shape, wanted.dtype)
    loose = {"e": 1e-2, "f": 1e-4, "F": 1e-4}.get(wanted.dtype.char, 1e-12)
    np.testing.assert_allclose(found, wanted, rtol=loose, atol=loose)


@pytest.mark.parametrize("name", ONE_AXIS)
@pytest.mark.parametrize("dtype", list("?bQefdFD"))
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("n", [None, 3, 8])
def test_one_axis_is_numpys(name: str, dtype: str, shape: tuple[int, ...], n: int | None) -> None:
    for axis in range(-len(shape), len(shape)):
        for norm in (None, "backward", "ortho", "forward"):
            alike(name, numbers(shape, dtype), n=n, axis=axis, norm=norm)


@pytest.mark.parametrize("name", SEVERAL)
@pytest.mark.parametrize("dtype", list("?efdFD"))
@pytest.mark.parametrize("shape", SHAPES)
def test_several_axes_are_numpys(name: str, dtype: str, shape: tuple[int, ...]) -> None:
    x = numbers(shape, dtype)
    alike(name, x)
    for s, axes in [
        *(((3, 4), (0, -1)), ((4,), (0,)), ((-1, 3), (-1, 0)), (None, (-1, 0)), (None, (0, 0))),
        *(((2,), None), ((2,), (0, -1)), (None, (7,))),
    ]:
        alike(name, x, s=s, axes=axes, norm="ortho")


@pytest.mark.parametrize("name", [*ONE_AXIS, *SEVERAL])
def test_what_has_no_transform_is_refused_at_once(name: str) -> None:
    x = np.ones((4, 4))
    with pytest.raises(ValueError, match="Invalid norm value"):
        getattr(fft, name)(x, norm="none")
    with pytest.raises((ValueError, IndexError)):
        getattr(fft, name)(np.ones((0, 0)))
    with pytest.raises(TypeError):
        getattr(fft, name)(x.astype("M8[s]"))
    if name in ONE_AXIS:
        with pytest.raises(ValueError, match=r"Invalid number of FFT data points \(0\)"):
            getattr(fft, name)(x, n=0)
        with pytest.raises(np.exceptions.AxisError):
            getattr(fft, name)(x, axis=2)
    if name in ("rfft", "ihfft", "rfftn", "rfft2"):
        with pytest.raises(TypeError, match="not supported for the input types"):
            getattr(fft, name)(x.astype(complex))


def test_blocks_are_cut_over_the_other_axes() -> None:
    x = numbers((400, 1000), "d")
    with mc.config(memory="16 MiB", workers=2):
        found = fft.fft(x, axis=0)
        assert found.numblocks[0] == 1
        assert found.numblocks[1] > 1
        np.testing.assert_allclose(found.compute(), np.fft.fft(x, axis=0), atol=1e-9)
        back = fft.ifft2(fft.fft2(x))
        np.testing.assert_allclose(back.compute(), x, atol=1e-12)


def test_odd_chunks_do_not_matter() -> None:
    x = numbers((7, 6, 5), "d")
    chunked = ma.asarray(x).rechunk(((3, 4), (1, 5), (2, 2, 1)))
    for axis in range(3):
        np.testing.assert_allclose(fft.rfft(chunked, axis=axis), np.fft.rfft(x, axis=axis))
    np.testing.assert_allclose(fft.fftn(chunked), np.fft.fftn(x), atol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 7, 8])
def test_frequencies_are_numpys(n: int) -> None:
    np.testing.assert_array_equal(fft.fftfreq(n, 0.3), np.fft.fftfreq(n, 0.3))
    np.testing.assert_array_equal(fft.rfftfreq(n, 0.3), np.fft.rfftfreq(n, 0.3))
    assert fft.fftfreq(n, dtype=np.float32).dtype == np.float32
    with pytest.raises(ValueError, match="integer"):
        fft.fftfreq(1.5)


@pytest.mark.parametrize("shape", [(6,), (5, 4), (3, 1, 5), (0, 3)])
def test_shifts_are_numpys(shape: tuple[int, ...]) -> None:
    x = numbers(shape, "d")
    for axes in (None, 0, (0, -1)):
        np.testing.assert_array_equal(fft.fftshift(x, axes), np.fft.fftshift(x, axes))
        np.testing.assert_array_equal(fft.ifftshift(x, axes), np.fft.ifftshift(x, axes))
    with pytest.raises(np.exceptions.AxisError):
        fft.fftshift(x, 3)


def test_an_out_array_gets_the_transform() -> None:
    x = numbers((4,), "d")
    out = np.empty(4, complex)
    assert fft.fft(x, out=out) is out
    np.testing.assert_allclose(out, np.fft.fft(x))
