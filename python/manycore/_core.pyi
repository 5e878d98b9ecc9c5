from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Self, final

from typing_extensions import disjoint_base

__all__ = [
    "Array",
    "Bag",
    "Buffer",
    "Channel",
    "CoreTimes",
    "Item",
    "Kernel",
    "Lowered",
    "MachineCode",
    "Node",
    "NoiseWatch",
    "Profile",
    "Requests",
    "Running",
    "SizeTimes",
    "Stage",
    "Trace",
    "Types",
    "WorkerDied",
    "Workers",
    "amdahl",
    "bandwidth",
    "cache_key",
    "cache_load",
    "cache_store",
    "chart",
    "compute",
    "compute_arrays",
    "configuration",
    "configure",
    "count_kernels",
    "explain_arrays",
    "flame",
    "gustafson",
    "is_free_threaded",
    "karp_flatt",
    "kernel_counts",
    "kinds",
    "load",
    "machine",
    "make_ufunc",
    "multiply",
    "noise",
    "offers",
    "pack",
    "peak",
    "persist",
    "processor",
    "profile_close",
    "profile_leave",
    "profile_open",
    "profile_start",
    "profile_stop",
    "profile_work",
    "random_dirichlet",
    "random_integers",
    "random_multinomial",
    "random_multivariate_hypergeometric",
    "random_numbers",
    "random_permutation",
    "run_programs",
    "split",
    "unpack",
    "usl",
]

_Progress = Callable[[int, int, int, int, int], None] | None
_Ended = tuple[int, int | None, bytes, bytes, float, int, OSError | None, bool]

_Chunks = Sequence[Sequence[int]]
_Box = Sequence[tuple[int, int, int]]

@final
class Array:
    @staticmethod
    def from_numpy(array: Any, chunks: _Chunks | None = None) -> Array: ...
    @staticmethod
    def full(shape: Sequence[int], value: Any, chunks: _Chunks | None = None) -> Array: ...
    @staticmethod
    def iota(shape: Sequence[int], axis: int, chunks: _Chunks | None = None) -> Array: ...
    @staticmethod
    def from_file(
        path: str,
        offset: int,
        dtype: Any,
        shape: Sequence[int],
        chunks: _Chunks | None = None,
        swapped: int | None = None,
    ) -> Array: ...
    @staticmethod
    def random(
        name: str,
        parameters: Sequence[float],
        draw: _Draw,
        dtype: Any,
        shape: Sequence[int],
        chunks: _Chunks | None = None,
    ) -> Array: ...
    @staticmethod
    def random_integers(
        low: int,
        range: int,
        draw: _Draw,
        dtype: Any,
        shape: Sequence[int],
        chunks: _Chunks | None = None,
    ) -> Array: ...
    @staticmethod
    def map(op: str, inputs: Sequence[Array], dtype: Any) -> Array: ...
    @staticmethod
    def call(
        function: Callable[..., Any], inputs: Sequence[Array], dtype: Any, name: str
    ) -> Array: ...
    @staticmethod
    def concatenate(arrays: Sequence[Array], axis: int) -> Array: ...
    @staticmethod
    def blocks(
        function: Callable[..., Any],
        inputs: Sequence[Array],
        regions: Sequence[Any],
        outputs: Sequence[tuple[Any, _Chunks]],
        name: str,
        index: bool = False,
    ) -> list[Array]: ...
    @staticmethod
    def sums(
        function: Callable[..., Any],
        inputs: Sequence[Array],
        regions: Sequence[Any],
        output: tuple[Any, _Chunks],
        calls: int,
        name: str,
    ) -> Array: ...
    def slice(self, items: _Box) -> Array: ...
    def axes(self, axes: Sequence[int | None]) -> Array: ...
    def broadcast_to(self, shape: Sequence[int]) -> Array: ...
    def reshape(self, shape: Sequence[int]) -> Array: ...
    def rechunk(self, chunks: _Chunks) -> Array: ...
    def take(self, indices: Any, axis: int) -> Array: ...
    def put(self, items: _Box, value: Array) -> Array: ...
    def reduce(self, kind: str, axes: Sequence[int], dtype: Any, ddof: float = 0.0) -> Array: ...
    @property
    def dtype(self) -> Any: ...
    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def chunks(self) -> tuple[tuple[int, ...], ...]: ...
    @property
    def numblocks(self) -> tuple[int, ...]: ...
    @property
    def ndim(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def nbytes(self) -> int: ...
    @property
    def name(self) -> str: ...

@final
class Bag:
    @staticmethod
    def read_text(
        paths: Sequence[str | PathLike[str]],
        blocksize: int | None,
        is_auto: bool,
        compression: str,
        errors: str,
    ) -> Bag: ...
    @staticmethod
    def from_lists(lists: Sequence[list[Any]]) -> Bag: ...
    @staticmethod
    def from_calls(callables: Sequence[Callable[[], Any]]) -> Bag: ...
    @property
    def npartitions(self) -> int: ...
    @property
    def element(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def pipeline(self) -> list[str]: ...
    @property
    def size(self) -> tuple[int, int] | None: ...
    def map(
        self,
        name: str,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
    ) -> Bag: ...
    def filter(self, name: str, predicate: Callable[[Any], Any]) -> Bag: ...
    def flatten(self) -> Bag: ...
    def strings(self) -> Bag: ...
    def string(
        self,
        name: str,
        text: str | None = None,
        new: str | None = None,
        number: int | None = None,
    ) -> Bag | None: ...
    def reduce_native(self, name: str, number: int = 0, flag: bool = False) -> Item | None: ...
    def accumulate(self, name: str, accumulator: object) -> Item: ...
    def compute(self, progress: _Progress = None) -> list[Any]: ...
    def persist(self, progress: _Progress = None) -> Bag: ...
    def take(self, count: int, first: int, last: int) -> list[Any]: ...
    def to_textfiles(
        self,
        paths: Sequence[str | PathLike[str]],
        last_endline: bool,
        compression: str,
        progress: _Progress = None,
    ) -> None: ...

@final
class Item:
    @property
    def pipeline(self) -> list[str]: ...
    @property
    def size(self) -> tuple[int, int] | None: ...
    def to_bag(self) -> Bag: ...
    def compute(self, progress: _Progress = None) -> list[Any]: ...

@final
class Buffer:
    def __len__(self) -> int: ...

@final
class Stage:
    def __new__(cls, bytes: bytes) -> Stage: ...
    def __call__(self, *parcel: Any) -> tuple[Any, ...]: ...

@final
class Channel:
    def __new__(cls, descriptor: int) -> Channel: ...
    def next(self) -> tuple[int, int, Any, list[Buffer]] | None: ...
    def begin(self) -> None: ...
    def answer(self, kind: int, bytes: bytes, buffers: Sequence[Any]) -> None: ...

@final
class Requests:
    def __new__(cls, descriptor: int) -> Requests: ...
    def is_quiet(self, seconds: float) -> bool: ...
    def receive(self) -> tuple[int, int, list[int]] | None: ...
    def forked(self, number: int) -> None: ...
    def ended(self, status: int) -> None: ...
    def failed(self, number: int) -> None: ...

@final
class Running:
    def withdraw(self) -> bool: ...
    @property
    def done(self) -> int: ...
    @property
    def is_under_way(self) -> bool: ...

_OnEnd = Callable[[list[Any] | None, BaseException | None], None]

@final
class Workers:
    def __new__(
        cls,
        count: int,
        program: tuple[list[str], list[tuple[str, str]], bytes, bytes],
        tasks: int | None = None,
    ) -> Workers: ...
    @staticmethod
    def common(count: int | None) -> Workers: ...
    def map(
        self,
        form: str,
        function: Callable[..., Any],
        chunks: Sequence[Any],
        on_end: _OnEnd,
        batch: int | None,
        retries: int,
        timeout: float | None,
    ) -> Running: ...
    def apply(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any] | None,
        on_end: _OnEnd,
        retries: int,
        timeout: float | None,
    ) -> Running: ...
    def cancel(self, running: Running) -> None: ...
    def close(self) -> None: ...
    def terminate(self) -> None: ...
    def join(self) -> None: ...

@disjoint_base
class Node:
    def __new__(
        cls,
        function: Callable[..., Any] | None,
        arguments: tuple[Any, ...],
        keywords: dict[str, Any] | None = None,
    ) -> Self: ...
    @property
    def _parts(
        self,
    ) -> tuple[Callable[..., Any] | None, list[Self], tuple[Any, ...], dict[str, Any] | None]: ...

def compute(
    nodes: Sequence[Node],
    is_trusted: bool,
    lane: str | None,
    workers: int | None,
    retries: int | None,
    timeout: float | None,
    progress: _Progress,
) -> list[Any]: ...
def compute_arrays(
    arrays: Sequence[Array],
    lane: str | None = None,
    workers: int | None = None,
    progress: _Progress = None,
) -> list[Any]: ...
def explain_arrays(
    arrays: Sequence[Array],
) -> tuple[list[dict[str, Any]], int, int, int | None]: ...
def multiply(a: Any, b: Any, out: Any = None) -> Any: ...
def persist(
    nodes: Sequence[Node],
    is_trusted: bool,
    lane: str | None,
    workers: int | None,
    retries: int | None,
    timeout: float | None,
    progress: _Progress,
) -> list[Node]: ...

@final
class Trace:
    def __new__(cls) -> Trace: ...
    def stop(self) -> None: ...
    def size(self) -> tuple[int, int, float]: ...
    def summary(
        self,
    ) -> tuple[
        list[tuple[str, int, int, float, float]],
        list[tuple[str, str, int, float, float, int]],
        list[tuple[str, int, float, int]],
        list[str],
    ]: ...
    def critical_path(self) -> list[tuple[str, int, float]]: ...
    def chrome(self) -> str: ...
    def save(self, path: str | PathLike[str]) -> None: ...

class WorkerDied(RuntimeError): ...  # noqa: N818, what it says

def split(data: Any, lengths: bytes, is_text: bool) -> list[Any]: ...
def pack(items: Sequence[Any]) -> tuple[bytes, bool] | None: ...
def unpack(data: Any, are_floats: bool) -> list[int] | list[float]: ...

_Set = tuple[str, int | None, int | None, int, Path | None]

def configure(
    lane: str,
    workers: int | None,
    memory: int | None,
    retries: int,
    spill: str | PathLike[str] | None,
) -> None: ...
def configuration() -> tuple[_Set, int, int | None, Path]: ...
def is_free_threaded() -> bool: ...
def machine() -> dict[str, Any]: ...
def bandwidth(threads: int) -> tuple[int, float, float, float]: ...
def peak(threads: int) -> tuple[float, float]: ...

_Wide = tuple[float, float, float]
_Level = tuple[float, float, int]

@final
class CoreTimes:
    def __new__(cls, cores: Sequence[float], seconds: Sequence[float]) -> CoreTimes: ...
    def levels(self) -> list[_Level]: ...
    def amdahl(self, places: Sequence[float]) -> tuple[float, _Wide, float, list[float]]: ...
    def gustafson(self, places: Sequence[float]) -> tuple[float, _Wide, float, list[float]]: ...
    def usl(
        self, places: Sequence[float]
    ) -> tuple[float, _Wide, _Wide, float, float, list[float]]: ...
    def predict(self, cores: float) -> _Wide: ...
    def best(self) -> str: ...

@final
class SizeTimes:
    def __new__(
        cls, sizes: Sequence[float], seconds: Sequence[float], element: float | None
    ) -> SizeTimes: ...
    def levels(self) -> list[_Level]: ...
    def predict(self, size: float) -> _Wide: ...
    def best(self) -> str: ...

@final
class NoiseWatch:
    def verdict(
        self, spread: float | None
    ) -> tuple[str, float | None, float | None, float | None]: ...

def noise() -> NoiseWatch: ...
def amdahl(p: float, n: float) -> float: ...
def gustafson(s: float, n: float) -> float: ...
def usl(sigma: float, kappa: float, n: float) -> float: ...
def karp_flatt(speedup: float, cores: float) -> float: ...

_Offer = tuple[str, str, int, int, float, str | None, _Wide, _Wide, bool, list[str], str, str]

def offers(
    times: CoreTimes,
    hours: float | None,
    patterns: str,
    table: str | None,
    gib: float | None,
    deadline: float | None,
    standard: bool,
) -> list[_Offer]: ...
def chart(
    marks: Sequence[
        tuple[
            str, str, str, Sequence[float], Sequence[float], Sequence[float] | Sequence[str] | None
        ]
    ],
    title: str,
    x: tuple[str, bool, bool],
    y: tuple[str, bool, bool],
    size: tuple[int, int],
) -> str: ...
def flame(collapsed: str, title: str) -> str: ...
def load(
    url: str,
    method: str,
    headers: Sequence[tuple[str, str]],
    body: bytes,
    is_mine: bool,
    patience: float,
    rates: tuple[float, float] | None,
    goal: tuple[float, float],
    seconds: float,
    most: int,
    watch: Callable[[str], object] | None,
) -> dict[str, Any]: ...
def run_programs(
    commands: Sequence[Sequence[str]],
    jobs: int,
    timeout: float | None,
    retries: int,
    input: bytes | str,
    directory: str | None,
    environment: Sequence[tuple[str, str]] | None,
    keep: bool,
    lines: bool,
    watch: Callable[[list[tuple[int, bool, bytes]], list[_Ended]], None],
) -> None: ...

@final
class Types:
    @staticmethod
    def parse(text: str) -> Types: ...
    @property
    def names(self) -> list[str]: ...
    @property
    def returns(self) -> str | None: ...

@final
class Lowered:
    @property
    def text(self) -> str: ...
    @property
    def symbols(self) -> list[str]: ...
    @property
    def name(self) -> str: ...
    @property
    def arguments(self) -> list[str]: ...
    @property
    def result(self) -> str: ...
    @property
    def variables(self) -> list[tuple[str, int, str]]: ...
    @property
    def notes(self) -> list[tuple[int, str]]: ...

@final
class MachineCode:
    @staticmethod
    def load(code: bytes, symbols: Mapping[str, int]) -> MachineCode | None: ...
    def __getitem__(self, key: str, /) -> int: ...

def cache_key(text: str, compiler: str) -> str: ...
def cache_load(name: str) -> bytes | None: ...
def cache_store(name: str, code: bytes) -> None: ...
def processor() -> str | None: ...

@disjoint_base
class Kernel:
    def __new__(
        cls,
        function: Any,
        *,
        parallel: bool,
        fastmath: bool,
        boundscheck: bool,
        numpy_errors: bool,
        sums: bool = False,
        counted: bool = False,
    ) -> Self: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    @property
    def py_func(self) -> Any: ...
    def _lower(self, types: Types) -> Lowered: ...
    def _knows(self, types: Types) -> bool: ...
    def _install(self, lowered: Lowered, address: int | None, keeper: object) -> None: ...
    def _c_parts(self, number: int) -> tuple[int, int] | None: ...

def count_kernels(kept: bool) -> None: ...
def kernel_counts() -> list[tuple[tuple[str, str], tuple[int, int, int], float]]: ...
def kinds(arguments: tuple[Any, ...], count: int) -> int | None: ...
def make_ufunc(
    name: str,
    doc: str,
    inputs: int,
    outputs: int,
    identity: int,
    signature: str | None,
    cores: Sequence[list[int]],
    loops: Sequence[tuple[list[str], list[bool], Callable[[str], Kernel]]],
) -> Any: ...

_Draw = tuple[tuple[int, ...], int]

def random_numbers(
    name: str,
    parameters: Sequence[Any],
    draw: _Draw,
    shape: Sequence[int],
    starts: Sequence[int],
    out: Any,
) -> None: ...
def random_integers(
    low: Any, range: Any, draw: _Draw, shape: Sequence[int], starts: Sequence[int], out: Any
) -> None: ...
def random_multinomial(
    n: Any, probabilities: Any, draw: _Draw, shape: Sequence[int], starts: Sequence[int], out: Any
) -> None: ...
def random_multivariate_hypergeometric(
    colors: Any, sample: int, draw: _Draw, shape: Sequence[int], starts: Sequence[int], out: Any
) -> None: ...
def random_dirichlet(
    alpha: Any, draw: _Draw, shape: Sequence[int], starts: Sequence[int], out: Any
) -> None: ...
def random_permutation(draw: _Draw, out: Any) -> None: ...

_Times = tuple[float, float, float, float, float]
_Row = tuple[tuple[str, int, str, bool], _Times, int, int]
_Stack = list[tuple[str, str, int]]

def profile_start(names: list[tuple[str, int]], hz: float, memory: bool, main: int) -> None: ...
def profile_stop() -> Profile | None: ...
def profile_open(folder: str | PathLike[str], told: str) -> None: ...
def profile_close(folder: str | PathLike[str], limit: float) -> list[Profile]: ...
def profile_work(
    folder: str | PathLike[str],
    names: list[tuple[str, int]],
    hz: float,
    memory: bool,
    main: int,
    is_child: bool,
) -> None: ...
def profile_leave() -> None: ...

@final
class Profile:
    @staticmethod
    def seen(
        seen: Sequence[tuple[str, _Stack, bool, tuple[float, float], int]],
        seconds: float,
        processor: float,
        samples: int,
    ) -> Profile: ...
    @staticmethod
    def loaded(bytes: bytes) -> Profile: ...
    def figures(self) -> tuple[tuple[float, float, float, float, float], tuple[int, int, int]]: ...
    def merged(self, workers: list[Profile]) -> Profile: ...
    def without(self, file: str) -> Profile: ...
    def named(self, names: dict[int, str]) -> Profile: ...
    def lines(self, libraries: list[str]) -> list[_Row]: ...
    def functions(self, libraries: list[str]) -> list[_Row]: ...
    def threads(
        self,
    ) -> list[tuple[int, str, bool, tuple[float, float, float, float, float, float]]]: ...
    def stacks(self) -> list[tuple[_Stack, float]]: ...
    def collapsed(self) -> str: ...
    def speedscope(self, name: str) -> str: ...
    def chrome(self) -> str: ...
