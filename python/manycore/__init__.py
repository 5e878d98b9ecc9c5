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

from manycore import bag
from manycore.bag import Bag, Item
from manycore.configuration import config

# A script that starts in 20 ms should not start in 80. What a first import doesn't need comes with
# its first use, and `typing` not at all: type checkers take this name for True.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from manycore._machine import Cache, Machine, machine

__all__ = ["Bag", "Cache", "Item", "Machine", "bag", "config", "machine"]


def __getattr__(name: str) -> object:
    if name not in ("Cache", "Machine", "machine"):
        raise AttributeError(f"module 'manycore' has no attribute {name!r}")
    from manycore import _machine

    value: object = getattr(_machine, name)
    globals()[name] = value
    return value
