"""
`mc.delayed`: the interface and the meaning of `dask.delayed`.

Most programs here are run twice, with our names and with Dask's, and must give the same.
"""

from __future__ import annotations

import collections
import copy
import dataclasses
import functools
import operator
import os
import pickle
import random
import re
import threading
import time
import types
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import cloudpickle
import dask.base
import numpy as np
import pytest
from dask.delayed import delayed as dasks_delayed
from hypothesis import given
from hypothesis import strategies as st

import manycore as mc
from children import output

Lane = Literal["inline", "threads", "processes", "mixed"]
LANES: list[Lane] = ["inline", "threads", "processes", "mixed"]


class Peer(NamedTuple):
    """Whose names a program uses."""

    delayed: Any
    compute: Any


OURS = Peer(mc.delayed, mc.compute)
DASKS = Peer(dasks_delayed, functools.partial(dask.base.compute, scheduler="sync"))


def same(program: Callable[[Peer], Any]) -> Any:
    """Run a program with both, and return what both give."""
    ours, dasks = program(OURS), program(DASKS)
    assert type(ours) is type(dasks)
    assert ours == dasks
    return ours


def add(a: Any, b: Any) -> Any:
    return a + b


class Point(NamedTuple):
    x: Any
    y: Any


@dataclasses.dataclass(frozen=True)
class Frozen:
    a: Any


@dataclasses.dataclass
class Open:
    a: Any
    b: Any = 2


# What programs give


PROGRAMS: dict[str, Callable[[Peer], Any]] = {
    "a call": lambda m: m.delayed(add)(1, 2).compute(),
    "a call of a call": lambda m: m.delayed(add)(m.delayed(add)(1, 2), 3).compute(),
    "an object": lambda m: m.delayed([1, 2]).compute(),
    "None": lambda m: m.delayed(None).compute(),
    "keywords": lambda m: m.delayed(dict)(a=m.delayed(1), b=[m.delayed(2), 0]).compute(),
    "keywords that are not lazy": lambda m: m.delayed(sorted)([1, 3, 2], reverse=True).compute(),
    "a list": lambda m: m.delayed(sum)([m.delayed(1), m.delayed(2)]).compute(),
    "lists in lists": lambda m: m.delayed(max)(
        [[m.delayed(1), 10], [m.delayed(2), 20]], key=lambda x: x[0]
    )[1].compute(),
    "a tuple": lambda m: m.delayed((m.delayed(1), 2)).compute(),
    "a set": lambda m: m.delayed({m.delayed(1), 2}).compute(),
    "keys of a dict": lambda m: m.delayed({m.delayed("k"): m.delayed(1), "x": 2}).compute(),
    "a dict's item": lambda m: m.delayed({"a": m.delayed(1)})["a"].compute(),
    "a lazy key": lambda m: m.delayed({1: "a"})[m.delayed(1)].compute(),
    "a slice": lambda m: m.delayed([1, 2, 3])[: m.delayed(2)].compute(),
    "a named tuple": lambda m: m.delayed({"p": Point(m.delayed(1), [m.delayed(2)])}).compute(),
    "a named tuple in a call": lambda m: m.delayed(sum)(Point(m.delayed(1), 2)).compute(),
    "a dataclass": lambda m: m.delayed([Open(m.delayed(3))]).compute(),
    "a frozen dataclass": lambda m: m.delayed(Frozen([m.delayed(3)])).compute(),
    "a dataclass in a call": lambda m: m.delayed(dataclasses.astuple)(Open(m.delayed(3))).compute(),
    "iterators": lambda m: [
        m.delayed(sum)(iter(kind([m.delayed(1), m.delayed(2)]))).compute()
        for kind in (list, tuple, set)
    ],
    "a subclass of dict is an object": lambda m: m.delayed(collections.Counter("aab"))[
        "a"
    ].compute(),
    "an attribute": lambda m: (m.delayed(2 + 1j).real + m.delayed(2 + 1j).imag).compute(),
    "methods": lambda m: (
        m.delayed("a b c d e").upper().replace("B", "A").split().count("A").compute()
    ),
    "a method with keywords": lambda m: m.delayed("a b c").split(maxsplit=m.delayed(1)).compute(),
    "a method's lazy argument": lambda m: m.delayed("a-b").split(m.delayed("-")).compute(),
    "a method descriptor": lambda m: m.delayed(bytes.decode)(b"x").compute(),
    "a lazy function": lambda m: m.delayed({"f": add})["f"](1, b=m.delayed(2)).compute(),
    "a partial": lambda m: m.delayed(functools.partial(add, 10))(m.delayed(1)).compute(),
    "nout": lambda m: [x.compute() for x in m.delayed(divmod, nout=2)(7, 3)],
    "nout of an object": lambda m: len(list(m.delayed([1, 2, 3], nout=3))),
    "nout of nothing": lambda m: m.delayed(tuple, nout=0)().compute(),
    "nout of lazy items": lambda m: [x.compute() for x in m.delayed([m.delayed(1), 2], nout=2)],
    "several at a time": lambda m: m.compute(m.delayed(1) + 1, 5, m.delayed(add)(1, 2)),
    "compute in containers": lambda m: m.compute(
        {"a": [m.delayed(1), (m.delayed(2),)], "b": Point(m.delayed(3), 4)},
        Open(m.delayed(5)),
        {m.delayed(6)},
        collections.OrderedDict(a=m.delayed(7)),
        iter([m.delayed(8), 9]),
    ),
    "compute of nothing lazy": lambda m: m.compute([1, {"a": 2}], "b"),
    "compute without looking": lambda m: m.compute(m.delayed(1), [2], traverse=False),
    "a decorator": lambda m: m.delayed(pure=True)(add)(1, 2).compute(),
    "an array": lambda m: (m.delayed(np.arange(4)) + 1).sum().compute().item(),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_gives_what_it_gives_with_dask(name: str) -> None:
    same(PROGRAMS[name])


BINARY = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    operator.pow,
    operator.and_,
    operator.or_,
    operator.xor,
    operator.lshift,
    operator.rshift,
    operator.eq,
    operator.ne,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
]


@pytest.mark.parametrize("function", BINARY, ids=lambda function: function.__name__)
def test_an_operator_works_from_both_sides(function: Callable[[Any, Any], Any]) -> None:
    left, right = mc.delayed(13), mc.delayed(3)
    expected = function(13, 3)
    assert mc.compute(function(left, right), function(left, 3), function(13, right)) == (
        expected,
        expected,
        expected,
    )


def test_matrices_are_multiplied_from_both_sides() -> None:
    matrix = np.array([[1, 2], [3, 4]])
    lazy = mc.delayed(matrix)
    for product in mc.compute(lazy @ lazy, lazy @ matrix, matrix @ lazy):
        np.testing.assert_array_equal(product, matrix @ matrix)


def test_an_array_leaves_operators_to_a_lazy_value() -> None:
    total = np.arange(3) + mc.delayed(1)
    assert isinstance(total, mc.Delayed)  # with Dask: an array of lazy values
    np.testing.assert_array_equal(total.compute(), [1, 2, 3])


def test_unary_operators() -> None:
    x = mc.delayed(-5)
    assert mc.compute(-x, +x, abs(x), ~x) == (5, -5, 5, 4)


# Keys


def test_keys_tell_what_a_node_is() -> None:
    assert mc.delayed(1).key.startswith("int-")
    assert mc.delayed(add).key.startswith("add-")
    assert mc.delayed(add)(1, 2).key.startswith("add-")
    assert mc.delayed(lambda: 1)().key.startswith("lambda-")
    assert mc.delayed(functools.partial(add, 1))(2).key.startswith("add-")
    assert mc.delayed([mc.delayed(1)]).key.startswith("list-")
    assert mc.delayed("a").upper().key.startswith("upper-")
    assert mc.delayed("a").upper.key.startswith("getattr-")
    assert (mc.delayed(1) + 1).key.startswith("add-")
    assert repr(mc.delayed(1, name="one")) == "Delayed('one')"
    assert "one" in mc.delayed(1, name="one")._repr_html_()


def test_a_key_can_be_given() -> None:
    assert mc.delayed(1, name="X").key == "X"
    assert mc.delayed([mc.delayed(1)], name="Y").key == "Y"
    assert mc.delayed(add)(1, 2, dask_key_name="three").key == "three"
    assert mc.delayed("a b").split(" ", dask_key_name="words").key == "words"
    assert mc.delayed({"f": add})["f"](1, 2, dask_key_name="called").key == "called"


def test_a_given_key_is_only_a_label() -> None:
    three = mc.delayed(add)(1, 2, dask_key_name="sum")
    four = mc.delayed(add)(2, 2, dask_key_name="sum")
    assert mc.compute(three, four) == (3, 4)
    double = mc.delayed(lambda x: 2 * x, pure=True)
    assert mc.compute(double(three), double(four)) == (6, 8)
    assert pickle.loads(cloudpickle.dumps(mc.delayed([three, four]))).compute() == [3, 4]


def test_keys_of_impure_calls_differ() -> None:
    f = mc.delayed(random.random)
    assert f().key != f().key
    assert mc.delayed(1).key != mc.delayed(1).key
    assert mc.delayed([1, 2]).index(1).key != mc.delayed([1, 2]).index(1).key
    data = mc.delayed([1, 2, 3])
    assert data.index(1).key != data.index(1).key
    lit = (data, 3)
    assert mc.delayed(lit).key != mc.delayed(lit).key


def test_keys_of_pure_calls_follow_from_their_content() -> None:
    f = mc.delayed(add, pure=True)
    assert f(1, 2).key == f(1, 2).key
    assert f(1, 2).key != f(2, 1).key
    assert f(1, 2, pure=False).key != f(1, 2, pure=False).key
    assert mc.delayed(add)(1, 2, pure=True).key == f(1, 2).key
    assert mc.delayed([1], pure=True).key == mc.delayed([1], pure=True).key
    data = mc.delayed([1, 2, 3])
    assert data.index(1, pure=True).key == data.index(1, pure=True).key
    lit = (data, 3)
    assert mc.delayed(lit, pure=True).key == mc.delayed(lit, pure=True).key
    g = mc.delayed(lambda **k: k, pure=True)
    c = [mc.delayed(3, name="three"), 0]
    assert g(a=1, c=c, d=f(2, 2)).key == g(a=1, c=c, d=f(2, 2)).key
    assert g(a=1, c=c, d=f(2, 2)).key != g(a=1, c=c, d=f(2, 3)).key
    assert g(a=1, c=c, d=4).key != g(a=2, c=c, d=4).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, 1.0),
        ("1", 1),
        (b"a", "a"),
        ([1], (1,)),
        ([1, [2]], [[1], 2]),
        ({"a": 1}, {"a": 2}),
        ({1, 2}, {1, 3}),
        (np.arange(4), np.arange(4.0)),
        (np.arange(4), np.arange(4).reshape(2, 2)),
        (np.arange(4), np.array([0, 1, 2, 4])),
        (np.zeros(2), np.array([0.0, -0.0])),
        (np.array([1, "a"], object), np.array([1, "b"], object)),
        (functools.partial(add, 1), functools.partial(add, 2)),
        (lambda: 1, lambda: 2),
        (Open(1), Open(2)),
        (Open(1), Frozen(1)),
        (Point(1, 2), (1, 2)),
        (int, float),
        (slice(1), slice(2)),
        (0.0, -0.0),
        (2**5000, 2**5000 + 1),
    ],
    ids=repr,
)
def test_different_values_have_different_tokens(one: Any, other: Any) -> None:
    f = mc.delayed(add, pure=True)
    assert f(one, 0).key != f(other, 0).key


EQUAL: dict[str, Callable[[], Any]] = {
    "nested": lambda: {"x": 1, "y": [1, 2, {"z": None}]},
    "a dict in another order": lambda: dict(random.sample([("a", 1), ("b", 2), ("c", 3)], 3)),
    "a set": lambda: {f"item {n}" for n in random.sample(range(20), 20)},
    "an array with gaps": lambda: np.arange(10.0)[::2],
    "a scalar": lambda: np.float64(1.5),
    "a dtype": lambda: np.dtype("f8"),
    "an array of objects": lambda: np.array(["a", 1], object),
    "a record": lambda: np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]),
    "a partial": lambda: functools.partial(add, b=3),
    "a dataclass": lambda: Open([1]),
    "a range": lambda: range(3),
    "a ufunc": lambda: np.add,
    "an object": lambda: types.SimpleNamespace(a=1),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_values_have_equal_tokens(name: str) -> None:
    f = mc.delayed(add, pure=True)
    assert len({f(EQUAL[name](), 0).key for _ in range(8)}) == 1


def test_what_has_no_content_to_tell_is_like_nothing_else() -> None:
    f = mc.delayed(add, pure=True)
    lock = threading.Lock()
    assert f(lock, 0).key != f(lock, 0).key


def test_magic_methods_are_pure() -> None:
    data = mc.delayed([1, 2, 3])
    assert data.index.key == data.index.key
    assert data[0].key == data[0].key
    assert (data[0] + data[0]).key == (data[0] + data[0]).key
    assert (data[0] + data[1]).key != (data[1] + data[0]).key
    x = mc.delayed(2 + 1j)
    assert x.real.key == x.real.key
    assert x.real.key != x.imag.key


def test_the_key_of_a_deep_graph_needs_no_deep_stack() -> None:
    x = mc.delayed(0)
    for _ in range(10_000):
        x = x + 1
    assert x.key.startswith("add-")
    assert x.compute() == 10_000


def test_equal_pure_calls_are_made_once() -> None:
    made = []

    def slow(x: int) -> int:
        made.append(x)
        return x

    pure = mc.delayed(slow, pure=True)
    assert mc.compute(pure(1), [pure(1) + pure(1)], lane="inline") == (1, [2])
    assert made == [1]
    impure = mc.delayed(slow)
    assert mc.compute(impure(1), impure(1), lane="inline") == (1, 1)
    assert made == [1, 1, 1]


def test_what_two_results_need_is_computed_once() -> None:
    made = []

    def slow(x: int) -> int:
        made.append(x)
        return x

    x = mc.delayed(slow)(1)
    assert mc.compute(x, x + 1, [x, (x,)], lane="threads") == (1, 2, [1, (1,)])
    assert made == [1]


# What is refused


def test_a_lazy_value_is_immutable_and_has_no_truth_value() -> None:
    a: Any = mc.delayed([1, 2, 3])
    with pytest.raises(TypeError, match="immutable"):
        a.foo = 1
    with pytest.raises(TypeError, match="immutable"):
        a[1] = 0
    with pytest.raises(TypeError):
        1 in a  # noqa: B015
    with pytest.raises(TypeError, match="not iterable; give nout="):
        list(a)
    with pytest.raises(TypeError, match="no len"):
        len(a)
    with pytest.raises(TypeError, match="Truth"):
        bool(a)
    with pytest.raises(AttributeError, match="_hidden"):
        a._hidden()
    with pytest.raises((TypeError, ValueError)):
        np.dtype(a)


@pytest.mark.parametrize("nout", [-1, True, 1.0, "2"])
def test_nout_is_a_number_of_items(nout: Any) -> None:
    with pytest.raises(ValueError, match="nout must be None or a non-negative integer"):
        mc.delayed(add, nout=nout)


def test_unpacked_items_have_no_length_of_their_own() -> None:
    a, b = mc.delayed(lambda x: (x, -x), nout=2, pure=True)(1)
    assert mc.compute(a, b) == (1, -1)
    for item in (a, b):
        with pytest.raises(TypeError):
            len(item)


def test_what_cannot_be_called_is_refused_where_it_is_called() -> None:
    with pytest.raises(TypeError, match="not callable"):
        mc.delayed(3)(1)


def test_a_container_that_contains_itself_is_shown() -> None:
    x = mc.delayed(1)
    inner: list[Any] = [1, x]
    inner.append({"again": inner})
    for make in (
        lambda: mc.delayed(len)(inner),
        lambda: mc.delayed(len)(a=inner),
        lambda: mc.delayed(inner),
        lambda: mc.compute(inner),
        lambda: mc.persist({"in": inner}),
        lambda: x + inner,
    ):
        with pytest.raises(ValueError, match=r"contains itself: .*'again': \[\.\.\.\]"):
            make()


def test_a_container_that_stands_twice_is_no_cycle() -> None:
    twice = [mc.delayed(1)]
    assert mc.compute([twice, (twice, {"a": twice})]) == ([[1], ([1], {"a": [1]})],)


def test_dataclasses_that_cannot_be_made_again_are_refused() -> None:
    @dataclasses.dataclass
    class Custom:
        a: Any

        def __init__(self, b: Any) -> None:
            self.a = b

    @dataclasses.dataclass
    class Late:
        a: Any
        b: Any = dataclasses.field(init=False)

    with pytest.raises(TypeError, match=r"Custom.*custom __init__ is not supported"):
        mc.delayed({"data": Custom(mc.delayed(3))})
    late = Late(mc.delayed(3))
    assert mc.delayed(lambda d: d.a)(late).compute() == 3
    late.b = 4
    with pytest.raises(ValueError, match=r"Late.*`init=False` are not supported"):
        mc.delayed(late)
    custom = Custom(3)
    assert mc.delayed({"data": custom})["data"].compute(lane="inline") is custom


def test_visualise_is_a_typo() -> None:
    x = mc.delayed(add)(1, 2)
    with pytest.warns(UserWarning, match="Perhaps you meant `visualize`"):
        x.visualise  # noqa: B018


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lane": "gpu"}, "gpu"),
        ({"scheduler": "dask"}, "scheduler must be one of .* not 'dask'"),
        ({"scheduler": "threads", "lane": "threads"}, "not both"),
        ({"workers": 0}, "workers must be at least 1, not 0"),
        ({"workers": -1}, "workers must be at least 1, not -1"),
        ({"retries": -1}, "retries must be at least 0, not -1"),
        ({"timeout": 0}, "timeout must be more than 0 seconds, not 0"),
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mc.delayed(add)(1, 2).compute(**options)


@pytest.mark.parametrize("scheduler", ["threads", "processes", "sync", "single-threaded"])
def test_dasks_names_of_schedulers_are_lanes(scheduler: str) -> None:
    here = mc.delayed(os.getpid)().compute(scheduler=scheduler) == os.getpid()
    assert here == (scheduler != "processes")


def test_a_bar_counts_tasks_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    naps = [mc.delayed(time.sleep)(0.05) for _ in range(6)]
    mc.compute(naps, lane="threads", workers=1)
    assert capsys.readouterr().err == ""  # no terminal
    mc.compute(naps, lane="threads", workers=1, progress=True)
    assert re.search(r"\|#+-*\| +\d+% [1-5]/6 tasks \d+ s left", capsys.readouterr().err)


# Objects, functions, methods


def test_traverse_false_leaves_a_container_as_it_is() -> None:
    def fail() -> None:
        raise ValueError("shouldn't have computed")

    a = mc.delayed(fail)()
    x = [a, (fail, a), 3]
    back = mc.delayed(x, traverse=False).compute(lane="inline")
    assert back[0] is a
    assert back[1][1] is a
    assert mc.delayed(mc.delayed(1), traverse=False).compute() == 1


def test_a_lazy_value_is_its_own_lazy_value() -> None:
    a = mc.delayed(1)
    assert mc.delayed(a) is a


def test_an_objects_calls_attributes_and_self() -> None:
    class Counter:
        def __init__(self) -> None:
            self.inputs = 7

        def __call__(self) -> int:
            return 2

    counter = Counter()
    f = mc.delayed(counter)
    assert f.compute(lane="inline") is counter
    assert f.inputs.compute() == 7
    assert f().compute() == 2


def test_decorated_functions_keep_their_names() -> None:
    @mc.delayed
    def documented(x: int) -> int:
        """Say so."""
        return x + 1

    assert documented.__name__ == "documented"
    assert documented.__doc__ == "Say so."
    assert documented.__wrapped__(1) == 2


def test_decorated_methods_are_methods() -> None:
    class A:
        base = 10

        def __init__(self, base: int) -> None:
            self.base = base

        @mc.delayed
        def method(self, x: int) -> int:
            return self.base + x

        @classmethod
        @mc.delayed
        def of_class(cls, x: int) -> int:
            return cls.base + x

        @staticmethod
        @mc.delayed
        def static(x: int) -> int:
            return x

    a: Any = A(100)
    assert a.method(3).compute() == A.method(a, 3).compute() == 103
    assert a.of_class(3).compute() == A.of_class(3).compute() == 13
    assert a.static(3).compute() == A.static(3).compute() == 3
    assert isinstance(a.method, types.MethodType)
    assert isinstance(A.static, mc.Delayed)


def test_attributes_of_attributes_are_lazy() -> None:
    x = mc.delayed(123)
    assert isinstance(x.a.b.c, mc.Delayed)
    assert isinstance(x.inputs, mc.Delayed)
    assert isinstance(x.function, mc.Delayed)


# Copies and pickles


PICKLED: dict[str, Callable[[], Any]] = {
    "nout": lambda: mc.delayed(divmod, nout=2, pure=True)(1, 2),
    "an object": lambda: mc.delayed(1j + 2),
    "an attribute": lambda: mc.delayed(1j + 2).real,
    "a method": lambda: mc.delayed("a b").split(maxsplit=1),
    "a container": lambda: mc.delayed({"a": [mc.delayed(1)]}),
    "a dataclass": lambda: mc.delayed(Open(mc.delayed(1))),
    "a key": lambda: mc.delayed(add)(1, 2, dask_key_name="named"),
    "keywords": lambda: mc.delayed(dict)(a=mc.delayed(add)(1, 2)),
    "a value": lambda: mc.delayed(add)(np.arange(3), 1).persist(),
}


@pytest.mark.parametrize("name", PICKLED)
def test_a_pickled_graph_is_the_same_graph(name: str) -> None:
    x = PICKLED[name]()
    back = pickle.loads(cloudpickle.dumps(x))
    # And in another process, where nothing is known about the node.
    with mc.Pool(1) as pool:
        key, length, value = pool.apply(lambda y: (y.key, y._length, y.compute()), (x,))
    assert (back.key, back._length) == (key, length) == (x.key, x._length)
    np.testing.assert_equal(back.compute(), x.compute())
    np.testing.assert_equal(value, x.compute())


def test_a_pickle_here_gives_the_same_node() -> None:
    x = mc.delayed(random.random)()
    y = x + 1
    again_y, again_x = pickle.loads(pickle.dumps((y, x)))
    assert again_x is x
    first, second = mc.compute(again_y, x)
    assert first == second + 1


def test_a_deep_graph_is_pickled_flat() -> None:
    x = mc.delayed(0)
    for _ in range(5_000):
        x = x + 1
    assert pickle.loads(pickle.dumps(x)).compute() == 5_000


def test_copies_are_the_node_itself() -> None:
    x = mc.delayed([1])[0]
    assert copy.copy(x) is x
    assert copy.deepcopy([x])[0] is x


# Bags among lazy values


def test_bags_and_items_are_lazy_values_too() -> None:
    bag = mc.bag.from_sequence([1, 2, 3], npartitions=2)
    total = mc.delayed(sum)([bag.sum(), 10, mc.delayed(1)])
    assert total.compute() == 17
    assert mc.delayed(sum)(bag).compute() == 6
    assert mc.delayed(bag.map(str)).compute() == ["1", "2", "3"]
    assert mc.compute(total, [bag.count(), bag], 5) == (17, [3, [1, 2, 3]], 5)


# Persist


def test_persisted_values_are_not_computed_again() -> None:
    made = []

    def make() -> list[int]:
        made.append(1)
        return [1, 2]

    x = mc.delayed(make, nout=2)()
    kept, (same_kept, plain), bag = mc.persist(
        x, [x, 3], mc.bag.from_sequence([1]).map(float), lane="threads"
    )
    assert kept is same_kept
    assert (kept.key, plain) == (x.key, 3)
    a, b = kept
    assert mc.compute(a, b, kept) == (1, 2, [1, 2])
    assert made == [1]
    assert bag.compute() == [1.0]
    assert mc.delayed(5).persist().compute() == 5
    (count,) = mc.persist(mc.bag.from_sequence("ab").count())
    assert count.compute() == 2


# Random graphs on all lanes


FUNCTIONS: list[Callable[..., Any]] = [
    lambda *args: sum(args) % 1009,
    lambda *args: max(args, default=3) * 3 % 1009,
    lambda *args, **kwargs: (len(args) + sum(kwargs.values())) % 1009,
]


@st.composite
def graphs(draw: st.DrawFn) -> list[tuple[int, list[Any], dict[str, int]]]:
    """Nodes in order: a function, its arguments (of nodes so far, nested), its keywords."""
    nodes: list[tuple[int, list[Any], dict[str, int]]] = []
    for number in range(draw(st.integers(1, 25))):
        known = st.integers(0, number - 1) if number else st.nothing()
        count = draw(st.integers(0, min(3, number)))
        arguments: list[Any] = [draw(known) for _ in range(count)]
        keywords = {"k": draw(known)} if number and draw(st.booleans()) else {}
        function = draw(st.integers(0, 2))
        if function != 2:
            keywords = {}
        nodes.append((function, arguments, keywords))
    return nodes


def build(nodes: list[tuple[int, list[Any], dict[str, int]]], wrap: Callable[[Any], Any]) -> Any:
    """Make all nodes, by plain calls or lazy ones."""
    values: list[Any] = []
    for number, (function, arguments, keywords) in enumerate(nodes):
        args = [number, *(values[argument] for argument in arguments)]
        if len(args) > 2:
            # One of them nested.
            args[-1] = wrap(operator.itemgetter("in"))({"in": args[-1], "out": [args[0]]})
        kwargs = {name: values[place] for name, place in keywords.items()}
        values.append(wrap(FUNCTIONS[function])(*args, **kwargs))
    return values


@pytest.mark.parametrize("lane", LANES)
@given(nodes=graphs())
def test_any_graph_gives_what_plain_calls_give(lane: Lane, nodes: Any) -> None:
    expected = build(nodes, lambda function: function)
    lazy = build(nodes, mc.delayed)
    assert mc.compute(lazy, lane=lane, workers=2) == (expected,)
    assert mc.compute(lazy[-1], lane=lane, workers=2) == (expected[-1],)


@pytest.mark.parametrize("lane", ["inline", "threads", "processes", "mixed"])
def test_a_call_of_many_others_fails_as_one_of_few_does(lane: str) -> None:
    # In a process of its own, where no call of many others has been sent to a worker yet.
    program = f"""
        import manycore as mc

        def fail(numbers):
            raise OverflowError(*numbers)

        many = [mc.delayed(abs)(number) for number in range(20)]
        try:
            mc.delayed(fail)(many).compute(lane={lane!r})
        except OverflowError as error:
            print(error.args == (*range(20),))
    """
    assert output(program) == "True\n"
