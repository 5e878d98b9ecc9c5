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
from manycore.machine import Cache, Machine, machine

__all__ = ["Bag", "Cache", "Item", "Machine", "bag", "config", "machine"]
