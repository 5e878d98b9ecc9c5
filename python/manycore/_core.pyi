from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, final

__all__ = [
    "Bag",
    "Buffer",
    "Channel",
    "Item",
    "Running",
    "WorkerDied",
    "Workers",
    "bandwidth",
    "configuration",
    "configure",
    "machine",
    "run_programs",
]

_Progress = Callable[[int, int, int], None] | None
_Ended = tuple[int, int | None, bytes, bytes, float, int, OSError | None, bool]

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
class Channel:
    def __new__(cls, descriptor: int) -> Channel: ...
    def receive(self) -> list[tuple[int, int, bytes, list[Buffer]]] | None: ...
    def send(self, parcels: Sequence[tuple[int, int, bytes, Sequence[Any]]]) -> None: ...

@final
class Running: ...

@final
class Workers:
    def __new__(
        cls,
        count: int,
        command: Sequence[str],
        environment: Sequence[tuple[str, str]],
        greeting: bytes,
        pickler: Any,
    ) -> Workers: ...
    def submit(
        self,
        name: str,
        function: tuple[int, bytes],
        arguments: Sequence[Any],
        on_end: Callable[[list[Any] | None, BaseException | None], None],
        batch: int | None = None,
    ) -> Running: ...
    def cancel(self, running: Running) -> None: ...
    def close(self) -> None: ...
    def terminate(self) -> None: ...
    def join(self) -> None: ...

class WorkerDied(RuntimeError): ...  # noqa: N818, what it says

def configure(lane: str, workers: int | None, memory: int | None) -> None: ...
def configuration() -> tuple[str, int | None, int | None, int, int | None]: ...
def machine() -> dict[str, Any]: ...
def bandwidth(threads: int) -> tuple[int, float, float, float]: ...
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
