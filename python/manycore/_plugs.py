"""
Tells other libraries of manycore when they are there, and imports none of them.

joblib knows a backend, and Dask a scheduler, by its name once somebody has registered it. If such
a library is imported after manycore, that happens at the end of its import: a finder steps aside
after that one module.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any


def _make_backend(**options: Any) -> Any:
    """Make a joblib backend; what it needs is imported when somebody asks for one."""
    from manycore._joblib import ManycoreBackend

    return ManycoreBackend(**options)


def _register_backend(parallel: ModuleType) -> None:
    parallel.register_parallel_backend("manycore", _make_backend)


def _get(*args: Any, **kwargs: Any) -> Any:
    """Compute keys of a Dask graph; what that needs is imported when somebody asks for it."""
    from manycore.dask import get

    return get(*args, **kwargs)


def _register_scheduler(base: ModuleType) -> None:
    base.named_schedulers["manycore"] = _get


# Whom to tell, and how.
_HOSTS: dict[str, Callable[[ModuleType], None]] = {
    "dask.base": _register_scheduler,
    "joblib.parallel": _register_backend,
}


class _Finder:
    """Finds a module as the others do, and registers us after its import."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self.name:
            return None
        for finder in sys.meta_path:
            if isinstance(finder, _Finder):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Loader(spec.loader, self)  # type: ignore[assignment]
                return spec
        return None


class _Loader:
    """Loads a module as another loader does, and then is forgotten."""

    def __init__(self, loader: Any, finder: _Finder) -> None:
        self._loader = loader
        self._finder = finder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        _HOSTS[self._finder.name](module)
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)


def plug_in() -> None:
    """Register ourselves with those that are there, and with the others when they are imported."""
    for name, register in _HOSTS.items():
        if name in sys.modules:
            register(sys.modules[name])
        else:
            sys.meta_path.insert(0, _Finder(name))
