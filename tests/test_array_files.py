"""Arrays in NumPy's files and in zarr's, against NumPy and the package zarr."""

import io
import os
import signal
import subprocess
import sys
import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from zarr import codecs

import manycore as mc

DTYPES = [
    *("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"),
    *("S3", "U5", "M8[ns]", "m8[s]", "M8[D]"),
]
SHAPES = [(), (0,), (1,), (7,), (3, 5), (0, 4), (2, 0, 3), (2, 3, 4), (1, 1, 6)]


def filled(shape: tuple[int, ...], dtype: Any) -> np.ndarray[Any, Any]:
    numbers = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    kind = np.dtype(dtype).kind
    if kind == "c":
        return (numbers - 1j * numbers).astype(dtype)
    return (numbers % 100).astype(dtype)


def same(a: Any, b: Any) -> bool:
    a, b = np.asarray(a), np.asarray(b)
    return a.dtype == b.dtype and a.shape == b.shape and bool((a == b).all())


# .npy


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_we_open_what_numpy_saves(tmp_path: Path, dtype: str, shape: tuple[int, ...]) -> None:
    order: Any
    layout: Any
    for order in "<>":
        for layout in "CF":
            x = np.asarray(filled(shape, np.dtype(dtype).newbyteorder(order)), order=layout)
            np.save(tmp_path / "x.npy", x)
            opened = mc.open_npy(tmp_path / "x.npy")
            assert opened.dtype == x.dtype.newbyteorder("=")
            assert same(opened, x.astype(opened.dtype))
            if x.size > 3:
                chunked = mc.open_npy(tmp_path / "x.npy", chunks=2)
                assert max(max(lengths) for lengths in chunked.chunks) <= 2
                assert same(chunked, x.astype(opened.dtype))
                part = (*(slice(None, None, 2) for _ in shape[1:]), slice(-1, None))
                assert same(opened[part], x.astype(opened.dtype)[part])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_numpy_opens_what_we_save(tmp_path: Path, dtype: str, shape: tuple[int, ...]) -> None:
    x = filled(shape, dtype)
    for chunks in ("auto", 2):
        array = mc.array.from_array(x, chunks=chunks)
        mc.array.save(tmp_path / "x", array)
        assert same(np.load(tmp_path / "x.npy"), x)
        for save in (mc.savez, mc.savez_compressed):
            save(tmp_path / "x.npz", array, named=array)
            with np.load(tmp_path / "x.npz") as archive:
                assert archive.files == ["named", "arr_0"]
                assert same(archive["named"], x)
                assert same(archive["arr_0"], x)
            opened = mc.open_npz(tmp_path / "x.npz")
            assert list(opened) == ["named", "arr_0"]
            assert same(opened["named"], x)
            assert same(opened["arr_0"], x)


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_versions_of_headers(tmp_path: Path, version: tuple[int, int]) -> None:
    x = filled((4, 3), "f8")
    with (tmp_path / "x.npy").open("wb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # older NumPys can't read the later ones
        np.lib.format.write_array(file, x, version)
    assert same(mc.open_npy(tmp_path / "x.npy"), x)


@settings(max_examples=40, deadline=None)
@given(x=hnp.arrays(np.float64, hnp.array_shapes(max_dims=4, max_side=9)), data=st.data())
def test_parts_of_files(tmp_path_factory: Any, x: np.ndarray[Any, Any], data: Any) -> None:
    folder = tmp_path_factory.mktemp("parts")
    np.save(folder / "x.npy", x)
    mc.savez(folder / "x.npz", x=x, y=mc.array.from_array(x, chunks=3))
    chunks = data.draw(st.sampled_from([None, 1, 2, -1]))
    part = data.draw(hnp.basic_indices(x.shape, allow_newaxis=False))
    for opened in (
        mc.open_npy(folder / "x.npy", chunks),
        mc.open_npz(folder / "x.npz", chunks)["x"],
        mc.open_npz(folder / "x.npz", chunks)["y"],
    ):
        assert np.array_equal(np.asarray(opened[part]), x[part], equal_nan=True)


def test_columns_of_a_wide_file(tmp_path: Path) -> None:
    # Runs that are read together with the gaps between them, and runs that aren't.
    for width in (300, 100_000):
        x = np.arange(20 * width, dtype=np.int32).reshape(20, width)
        np.save(tmp_path / "x.npy", x)
        opened = mc.open_npy(tmp_path / "x.npy")
        assert same(opened[:, 7:9], x[:, 7:9])
        assert same(opened[3:15, width // 2 :], x[3:15, width // 2 :])
        assert same(opened[::-2, -1], x[::-2, -1])


def test_saving_onto_the_file_that_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    np.save(path, np.arange(100_000.0))
    (mc.open_npy(path, chunks=999) + 1).save(path)
    assert same(np.load(path), np.arange(1, 100_001.0))


def npy(x: Any, **options: Any) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(x), **options)
    return file.getvalue()


BAD_NPY = [
    ("truncated", npy(np.arange(100.0))[:-1], "truncated"),
    ("no elements", npy(np.arange(100.0))[:128], "truncated"),
    ("no header", npy(np.arange(100.0))[:60], "no array"),
    ("empty", b"", "no array"),
    ("a text", b"to be or not to be, that is the question", "no array"),
    ("a version to come", b"\x93NUMPY\x09\x00" + bytes(100), "no array"),
    ("a header that lies", npy([1.0]).replace(b"'shape'", b"'shaqe'"), "no array"),
    ("objects", npy([None, {}], allow_pickle=True), "pickle"),
    ("a structure", npy(np.zeros(2, "i4,f8")), "structured"),
]


@pytest.mark.parametrize(
    ("data", "words"), [case[1:] for case in BAD_NPY], ids=[c[0] for c in BAD_NPY]
)
def test_bad_npy(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "bad.npy"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=words) as raised:
        mc.open_npy(path)
    assert "bad.npy" in str(raised.value)
    with zipfile.ZipFile(tmp_path / "bad.npz", "w") as archive:
        archive.writestr("x.npy", data)
    opened = mc.open_npz(tmp_path / "bad.npz")
    with pytest.raises(ValueError, match=words) as raised:
        opened["x"]
    assert "bad.npz" in str(raised.value)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for open_it in (mc.open_npy, mc.open_npz, mc.array.load, mc.open_zarr, mc.array.from_zarr):
        with pytest.raises(FileNotFoundError, match="nothing"):
            open_it(tmp_path / "nothing")
    with pytest.raises(FileNotFoundError):
        mc.array.save(tmp_path / "no folder" / "x.npy", np.ones(3))


def test_a_file_that_gets_shorter(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    np.save(path, np.arange(1000.0))
    x = mc.open_npy(path)
    os.truncate(path, 4000)
    assert same(x[:100], np.arange(100.0))
    with pytest.raises(OSError, match=r"x\.npy.*shorter"):
        x.compute()


def test_load_looks_at_the_file(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.ones(3))
    np.savez(tmp_path / "b.npz", x=np.ones(3))
    loaded = mc.array.load(tmp_path / "a.npy")
    assert isinstance(loaded, mc.array.Array)
    assert isinstance(mc.array.load(tmp_path / "b.npz"), mc.array.NpzFile)


# .npz


def many() -> np.ndarray[Any, Any]:
    # More than one chunk of what is read at a time, and compressible.
    return np.arange(3_000_000).reshape(1000, 3000) // 7


@pytest.mark.parametrize(
    "saver",
    [np.savez, np.savez_compressed, mc.savez, mc.savez_compressed],
    ids=["numpy", "numpy compressed", "ours", "ours compressed"],
)
def test_large_archives(tmp_path: Path, saver: Any) -> None:
    x = many()
    saver(tmp_path / "x.npz", x=x, f=np.asfortranarray(x), small=np.array(5))
    archive = mc.open_npz(tmp_path / "x.npz")
    assert archive["small"].compute() == 5
    opened = archive["x"]
    assert same(opened[-3:, 7], x[-3:, 7])  # which comes last in a stream
    assert same(opened, x)
    assert same(opened[::50], x[::50])  # and now from where the stream was come to
    assert same(archive["f"], x)
    with np.load(tmp_path / "x.npz") as loaded:
        assert same(loaded["x"], x)
    with zipfile.ZipFile(tmp_path / "x.npz") as plain:
        assert plain.testzip() is None


def test_archives_as_mappings(tmp_path: Path) -> None:
    mc.savez(tmp_path / "x", np.ones(2), b=np.zeros(3))
    with mc.open_npz(tmp_path / "x.npz") as archive:
        assert archive.files == ["b", "arr_0"]
        assert len(archive) == 2
        assert "b" in archive
        assert same(archive["b.npy"], np.zeros(3))
        assert "keys: b, arr_0" in repr(archive)
        with pytest.raises(KeyError, match="c is not a file in the archive"):
            archive["c"]
    with pytest.raises(ValueError, match="Cannot use un-named variables and keyword arr_0"):
        mc.savez(tmp_path / "x", np.ones(2), arr_0=np.zeros(3))


@pytest.mark.parametrize("saver", [np.savez, np.savez_compressed])
def test_a_damaged_member(tmp_path: Path, saver: Any) -> None:
    path = tmp_path / "x.npz"
    saver(path, x=np.random.default_rng(0).random(100_000))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x40
    path.write_bytes(data)
    opened = mc.open_npz(path)["x"]
    for _ in range(2):
        with pytest.raises(zipfile.BadZipFile, match=r"x\.npz.*'x\.npy' is damaged"):
            opened.compute()


def test_a_truncated_archive(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    np.savez(path, x=np.ones(1000))
    path.write_bytes(path.read_bytes()[:4000])
    with pytest.raises(zipfile.BadZipFile, match=r"x\.npz"):
        mc.open_npz(path)
    path.write_bytes(b"")
    with pytest.raises(zipfile.BadZipFile, match=r"x\.npz"):
        mc.open_npz(path)


@pytest.mark.parametrize("saver", [mc.savez, mc.savez_compressed])
def test_archives_of_more_than_4_gib(tmp_path: Path, saver: Any, monkeypatch: Any) -> None:
    # What a 32-bit number can't say stands elsewhere: here from 1,000 on.
    monkeypatch.setattr("manycore.array._zip._LIMIT", 1000)
    real = 0xFFFFFFFF
    x = np.arange(5000, dtype=np.uint8) % 7
    saver(tmp_path / "x.npz", a=x, b=np.arange(3))
    data = (tmp_path / "x.npz").read_bytes()
    thousand = (1000).to_bytes(4, "little")
    patched = data.replace(thousand, real.to_bytes(4, "little"))
    (tmp_path / "x.npz").write_bytes(patched)
    with np.load(tmp_path / "x.npz") as archive:
        assert same(archive["a"], x)
        assert same(archive["b"], np.arange(3))


# What fails or is killed


class Broken:
    """Numbers of which the later ones can't be read."""

    shape = (1000,)
    dtype = np.dtype(float)

    def __getitem__(self, box: tuple[slice]) -> Any:
        if box[0].start > 500:
            raise ArithmeticError("on purpose")
        return np.zeros(box[0].stop - box[0].start)


WRITERS: dict[str, Callable[[Any, Path], Any]] = {
    "x.npy": lambda x, path: x.save(path),
    "x.npz": lambda x, path: mc.savez(path, x),
    "compressed.npz": lambda x, path: mc.savez_compressed(path, x=x),
    "x.zarr": lambda x, path: mc.array.to_zarr(x, path, overwrite=True),
}


@pytest.mark.parametrize("is_there", [False, True], ids=["new", "there"])
@pytest.mark.parametrize("name", WRITERS)
def test_a_write_that_fails_leaves_what_was(tmp_path: Path, name: str, is_there: bool) -> None:
    path = tmp_path / name
    before = np.arange(5.0)
    if is_there:
        WRITERS[name](mc.array.from_array(before), path)
    with pytest.raises(ArithmeticError, match="on purpose"):
        WRITERS[name](mc.array.from_array(Broken(), chunks=100), path)
    assert [each.name for each in tmp_path.iterdir()] == ([name] if is_there else [])
    if name == "x.npy" and is_there:
        assert same(mc.open_npy(path), before)
    if name == "x.zarr" and is_there:
        assert same(mc.open_zarr(path), before)


def test_a_component_that_fails_leaves_its_group(tmp_path: Path) -> None:
    path = tmp_path / "x.zarr"
    mc.array.to_zarr(np.ones(3), path, component="a")
    with pytest.raises(ArithmeticError, match="on purpose"):
        mc.array.to_zarr(mc.array.from_array(Broken(), chunks=100), path, component="b")
    assert list(mc.open_zarr(path)) == ["a"]


KILLED = """
import sys, time
import numpy as np
import manycore as mc
class Slow:
    shape = (1000,)
    dtype = np.dtype(float)
    def __getitem__(self, box):
        if box[0].start:
            print("begun", flush=True)
            time.sleep(60)
        return np.zeros(box[0].stop - box[0].start)
x = mc.array.from_array(Slow(), chunks=100)
path = sys.argv[1]
writers = {"npy": x.save, "npz": lambda path: mc.savez(path, x), "zarr": x.to_zarr}
writers[path.rsplit(".")[-1]](path)
"""


@pytest.mark.parametrize("suffix", ["npy", "npz", "zarr"])
def test_a_write_that_is_killed_leaves_nothing_that_looks_whole(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"x.{suffix}"
    child = subprocess.Popen([sys.executable, "-c", KILLED, path], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.read(5) == b"begun"
    time.sleep(0.1)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert not path.exists()
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".x.")
    assert left.name.endswith(".partial")


# Zarr


@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize("dtype", ["?", "i1", "u2", "i8", "f2", "f4", "f8", "c16"])
def test_zarr_there_and_back(tmp_path: Path, zarr_format: int, dtype: str) -> None:
    for number, shape in enumerate([(), (0,), (7,), (3, 50), (20, 3, 4)]):
        path = tmp_path / f"{number}.zarr"
        x = filled(shape, dtype)
        thirds = tuple(max(length // 3, 1) for length in shape)
        chunks: dict[str, Any] = {"chunks": thirds} if number else {}
        mc.array.to_zarr(x, path, zarr_format=zarr_format, **chunks)
        assert same(zarr.open_array(path, mode="r")[...], x)
        assert same(mc.open_zarr(path), x)
        assert same(mc.array.from_zarr(path, chunks=2), x)


CODECS = [
    {"zarr_format": 3},
    {"zarr_format": 3, "compressors": None},
    {"zarr_format": 3, "compressors": codecs.GzipCodec(level=1)},
    {"zarr_format": 3, "compressors": codecs.BloscCodec(cname="lz4")},
    {"zarr_format": 3, "shards": (40, 50)},
    {"zarr_format": 3, "shards": (40, 50), "compressors": codecs.ZstdCodec(level=3)},
    {"zarr_format": 2},
    {"zarr_format": 2, "compressors": None, "order": "F"},
    {"zarr_format": 2, "dtype": ">i4"},
]


@pytest.mark.parametrize("options", CODECS, ids=range(len(CODECS)))
def test_codecs_and_shards(tmp_path: Path, options: dict[str, Any]) -> None:
    x = np.arange(120 * 95, dtype="i4").reshape(120, 95)
    made = zarr.create_array(
        tmp_path / "theirs", shape=x.shape, chunks=(20, 25), **{"dtype": "i4"} | options
    )
    made[...] = x
    opened = mc.open_zarr(tmp_path / "theirs")
    assert opened.dtype == np.int32
    assert same(opened, x)
    assert same(opened[10:90:7, ::-3], x[10:90:7, ::-3])
    if "dtype" in options:
        return
    array = mc.array.from_array(x, chunks=(33, 33))
    mc.array.to_zarr(array, tmp_path / "ours", chunks=(20, 25), **options)
    ours = zarr.open_array(tmp_path / "ours", mode="r")
    assert (ours.chunks, ours.shards) == (made.chunks, made.shards)
    assert same(ours[...], x)


def test_a_missing_chunk_is_the_fill_value(tmp_path: Path) -> None:
    made = zarr.create_array(
        tmp_path / "x", shape=(10,), chunks=(4,), dtype="f8", fill_value=np.nan
    )
    made[:4] = 1
    expected = np.array([1.0] * 4 + [np.nan] * 6)
    assert np.array_equal(np.asarray(mc.open_zarr(tmp_path / "x")), expected, equal_nan=True)


def test_groups_and_components(tmp_path: Path) -> None:
    path = tmp_path / "group.zarr"
    x, y = np.arange(6.0), np.eye(3)
    mc.array.to_zarr(x, path, component="x")
    mc.array.to_zarr(y, path, component="deep/down/y")
    group = mc.open_zarr(path)
    assert isinstance(group, mc.array.ZarrGroup)
    assert list(group) == ["deep", "x"]
    assert "keys: deep, x" in repr(group)
    assert same(group["x"], x)
    assert same(mc.open_zarr(path, "deep/down/y"), y)
    assert same(zarr.open_array(path / "deep" / "down" / "y", mode="r")[...], y)
    with pytest.raises(ValueError, match="component="):
        mc.array.from_zarr(path)
    with pytest.raises(KeyError):
        group["z"]
    with pytest.raises(FileExistsError):
        mc.array.to_zarr(y, path, component="x")
    mc.array.to_zarr(y, path, component="x", overwrite=True)
    assert same(mc.open_zarr(path, "x"), y)


def test_overwriting_zarr(tmp_path: Path) -> None:
    path = tmp_path / "x"
    mc.array.to_zarr(np.ones(3), path)
    with pytest.raises(FileExistsError, match="overwrite"):
        mc.array.to_zarr(np.ones(3), path)
    (mc.open_zarr(path) + 1).to_zarr(path, overwrite=True)
    assert same(mc.open_zarr(path), np.full(3, 2.0))
    assert [each.name for each in tmp_path.iterdir()] == ["x"]


def test_into_an_array_of_zarr_that_is_there(tmp_path: Path) -> None:
    target = zarr.create_array(tmp_path / "x", shape=(10, 10), chunks=(4, 4), dtype="f8")
    x = np.arange(100.0).reshape(10, 10)
    mc.array.to_zarr(mc.array.from_array(x, chunks=3), target)
    assert same(target[...], x)
    mc.array.to_zarr(mc.array.zeros((3, 5), chunks=2), target, region=(slice(2, 5), slice(1, 6)))
    x[2:5, 1:6] = 0
    assert same(target[...], x)
    with pytest.raises(ValueError, match="doesn't fit"):
        mc.array.to_zarr(np.ones((3, 3)), target)
    later = mc.array.to_zarr(np.ones((10, 10)), target, compute=False)
    assert same(target[...], x)
    later.compute()
    assert same(target[...], np.ones((10, 10)))


def test_bad_zarr(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="empty is no zarr"):
        mc.open_zarr(tmp_path / "empty")
    made = zarr.create_array(tmp_path / "x", shape=(10,), chunks=(5,), dtype="f8")
    made[...] = 1
    metadata = tmp_path / "x" / "zarr.json"
    text = metadata.read_text()
    metadata.write_text(text.replace("zstd", "unheard-of"))
    with pytest.raises(ValueError, match=r"x can't be opened as zarr: .*unheard-of"):
        mc.open_zarr(tmp_path / "x")
    metadata.write_text(text[: len(text) // 2])
    with pytest.raises(ValueError, match="x can't be opened as zarr"):
        mc.open_zarr(tmp_path / "x")
    metadata.write_text(text)
    (tmp_path / "x" / "c" / "1").write_bytes(b"no chunk")
    opened = mc.open_zarr(tmp_path / "x")
    with pytest.raises((ValueError, OSError), match="x"):
        opened.compute()


# store


def test_store() -> None:
    x = np.arange(60.0).reshape(6, 10)
    array = mc.array.from_array(x, chunks=(4, 3))
    a, b = np.zeros((6, 10)), np.zeros((6, 10))
    assert mc.array.store([array, array + 1], [a, b]) is None
    assert same(a, x)
    assert same(b, x + 1)
    c = np.zeros((10, 2, 10))
    mc.array.store(array, c, regions=(slice(1, 7), 1))
    assert same(c[1:7, 1], x)
    assert c.sum() == x.sum()
    d = np.zeros((12, 10))
    mc.array.store(array, d, regions=slice(0, 12, 2))
    assert same(d[::2], x)
    e = np.zeros((6, 10))
    mc.array.store(array, e, regions=slice(None, None, -1))
    assert same(e[::-1], x)
    later = array.store(np.zeros((6, 10)), compute=False)
    assert later.compute() is None
    (stored,) = mc.array.store([array], [a], return_stored=True)
    assert same(stored, x)


def test_bad_store() -> None:
    array = mc.array.ones((2, 3))
    with pytest.raises(ValueError, match="doesn't fit"):
        mc.array.store(array, np.zeros((3, 2)))
    with pytest.raises(ValueError, match="doesn't fit"):
        mc.array.store(array, np.zeros((3, 3)), regions=slice(0, 1))
    with pytest.raises(ValueError, match="Different number"):
        mc.array.store([array], [])
    with pytest.raises(ValueError, match="arrays of manycore"):
        mc.array.store([np.ones(3)], [np.ones(3)])
