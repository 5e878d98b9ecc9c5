"""
manycore takes a data scientist's Python to the speed of the machine.

Count the words of a folder of documents on every core:

>>> import manycore as mc
>>> folder = getfixture("documents")
>>> words = mc.bag.read_text(folder).str.split().flatten()
>>> words.count().compute()
9
>>> words.frequencies(sort=True).take(2)
(('be', 2), ('to', 2))
"""

from manycore import _plugs, bag
from manycore._core import WorkerDied
from manycore.bag import Bag, Item
from manycore.configuration import config

# A script that starts in 20 ms should not start in 80. What a first import doesn't need comes with
# its first use, and `typing` not at all: type checkers take this name for True.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from manycore._machine import Cache, Machine, machine
    from manycore.pool import Pool

__all__ = ["Bag", "Cache", "Item", "Machine", "Pool", "WorkerDied", "bag", "config", "machine"]

_plugs.plug_in()


def __getattr__(name: str) -> object:
    homes = {"Cache": "_machine", "Machine": "_machine", "machine": "_machine", "Pool": "pool"}
    if name not in homes:
        raise AttributeError(f"module 'manycore' has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"manycore.{homes[name]}"), name)
    globals()[name] = value
    return value
