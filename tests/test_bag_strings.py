"""Each method of `.str` is the method of `str`, whatever holds the strings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import manycore as mc
from texts import ASSIGNED, CASED, WHITE, file_of, lines

pytestmark = pytest.mark.usefixtures("lane")


class Shout(str):
    """A string of another class, one of whose methods means something else."""

    __slots__ = ()

    def lower(self) -> Shout:
        return Shout(super().upper() + "!")


# Few characters, so that arguments occur in the strings, and often twice.
CHARACTERS = st.one_of(
    st.sampled_from(["a", "b", "A", " ", "-", "é", "日", "😀", "\n", "\t"]),
    st.sampled_from(WHITE),
    st.sampled_from(CASED),
    ASSIGNED,
)
STRINGS = st.lists(CHARACTERS, max_size=12).map("".join)
SURROGATES = st.lists(CHARACTERS | st.sampled_from(["\ud800", "\udfff"]), max_size=6).map("".join)
ARGUMENTS = st.one_of(
    st.text("ab -é日", max_size=3), STRINGS, st.sampled_from(["", "\ud800", "a\udfff"])
)
COUNTS = st.one_of(st.integers(-2, 4), st.sampled_from([2**31, 2**63 - 1, -(2**63)]))
BOUNDS = st.lists(st.none() | st.integers(-4, 4), max_size=2)

Call = tuple[str, tuple[Any, ...], dict[str, Any]]


def call(name: str, *args: Any, **kwargs: Any) -> Call:
    return name, args, kwargs


CALLS: st.SearchStrategy[Call] = st.one_of(
    st.sampled_from([call("lower"), call("upper"), call("split"), call("strip"), call("len")]),
    st.builds(call, st.sampled_from(["strip", "lstrip", "rstrip"]), st.none() | ARGUMENTS),
    st.builds(call, st.just("split"), st.none() | ARGUMENTS),
    st.builds(call, st.just("split"), st.none() | ARGUMENTS, COUNTS),
    st.builds(call, st.just("split"), sep=st.none() | ARGUMENTS, maxsplit=COUNTS),
    st.builds(call, st.just("split"), maxsplit=COUNTS),
    st.builds(call, st.just("contains"), ARGUMENTS),
    st.builds(
        lambda name, affix, bounds: call(name, affix, *bounds),
        st.sampled_from(["startswith", "endswith"]),
        ARGUMENTS | st.lists(ARGUMENTS, max_size=3).map(tuple),
        BOUNDS,
    ),
    st.builds(call, st.just("replace"), ARGUMENTS, ARGUMENTS),
    st.builds(call, st.just("replace"), ARGUMENTS, ARGUMENTS, COUNTS),
    # By Python's own methods.
    st.sampled_from(
        [call(name) for name in ("title", "isdigit", "casefold", "swapcase", "splitlines")]
        + [call("zfill", 8), call("center", 9, "*"), call("rsplit", " ", maxsplit=1)]
        + [call("partition", "a"), call("count", "a"), call("encode", "utf-8", "surrogatepass")]
        + [call("expandtabs", tabsize=3), call("join", "123"), call("find", "b", 1)]
    ),
)


def by_python(string: str, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Call a method of `.str` on one string, as plain Python does."""
    if name == "len":
        return len(string)
    if name == "contains":
        return args[0] in string
    return getattr(string, name)(*args, **kwargs)


def check(bag: mc.Bag, strings: Sequence[str], calls: Sequence[Call]) -> None:
    """Hold each method on a bag of `strings` against that of each of them."""
    for name, args, kwargs in calls:
        try:
            expected = [by_python(string, name, args, kwargs) for string in strings]
        except ValueError as error:
            # Such as an empty separator, which may be refused before there is a string.
            with pytest.raises(type(error)):
                getattr(bag.str, name)(*args, **kwargs).compute()
            continue
        if name == "split" and "" in (*args[:1], kwargs.get("sep")):
            continue
        found = getattr(bag.str, name)(*args, **kwargs).compute()
        assert found == expected
        assert [type(one) for one in found] == [type(one) for one in expected]


MANY_CALLS = st.lists(CALLS, min_size=1, max_size=8)


@given(st.lists(STRINGS, max_size=12), MANY_CALLS)
def test_methods_of_strings_in_memory(strings: list[str], calls: list[Call]) -> None:
    check(mc.bag.from_sequence(strings, npartitions=3), strings, calls)


@given(STRINGS.map(lambda text: text * 5), MANY_CALLS)
def test_methods_of_the_lines_of_a_file(text: str, calls: list[Call]) -> None:
    with file_of(text.encode()) as path:
        check(mc.bag.read_text(path), lines(text.encode()), calls)


@given(STRINGS.map(lambda text: text * 5), MANY_CALLS)
def test_methods_of_the_words_of_a_file(text: str, calls: list[Call]) -> None:
    with file_of(text.encode()) as path:
        check(mc.bag.read_text(path).str.split().flatten(), text.split(), calls)


@given(st.lists(STRINGS, max_size=12), st.text("a -", min_size=1, max_size=2), MANY_CALLS)
def test_methods_of_the_parts_of_split_strings(
    strings: list[str], sep: str, calls: list[Call]
) -> None:
    parts = [part for string in strings for part in string.split(sep)]
    bag = mc.bag.from_sequence(strings, npartitions=2).str.split(sep).flatten()
    check(bag, parts, calls)


@given(st.lists(STRINGS, max_size=12), MANY_CALLS)
def test_methods_of_strings_that_a_python_function_made(
    strings: list[str], calls: list[Call]
) -> None:
    made = [string + "a" for string in strings]
    check(mc.bag.from_sequence(strings).map(lambda string: string + "a"), made, calls)


@given(st.lists(STRINGS, max_size=12), MANY_CALLS)
def test_methods_of_strings_that_a_python_function_kept(
    strings: list[str], calls: list[Call]
) -> None:
    kept = [string for string in strings if len(string) % 2]
    check(mc.bag.from_sequence(strings).filter(lambda string: len(string) % 2), kept, calls)


@given(st.lists(STRINGS.map(Shout) | STRINGS, max_size=12), MANY_CALLS)
@example([Shout("a b")], [call("lower"), call("split"), call("strip")])
def test_methods_of_strings_of_another_class(strings: list[str], calls: list[Call]) -> None:
    check(mc.bag.from_sequence(strings), strings, calls)


@given(st.lists(SURROGATES, max_size=8), MANY_CALLS)
@example(["a\ud800b\ud800"], [call("contains", "\ud800"), call("replace", "\ud800", "x")])
def test_methods_of_strings_without_an_utf8_form(strings: list[str], calls: list[Call]) -> None:
    check(mc.bag.from_sequence(strings), strings, calls)


TABLE = [
    *(call(name) for name in ("lower", "upper", "len", "split", "strip", "lstrip", "rstrip")),
    *(
        call(name, chars)
        for name in ("strip", "lstrip", "rstrip")
        for chars in (None, "", "a", " a", "é日", "\n\r ")
    ),
    *(
        call("split", sep, maxsplit)
        for sep in (None, " ", ",", "ab", "\u3000", "aa")
        for maxsplit in (-2, -1, 0, 1, 2, 99)
    ),
    *(
        call(name, affix, *bounds)
        for name in ("startswith", "endswith")
        for affix in ("a", "", "ab", "é", ("b", ""), ("b", "\n"), ())
        for bounds in ((), (1,), (None, 1), (-1, None), (1, 2), (2, 1), (99,))
    ),
    *(call("contains", pat) for pat in ("", "a", "aa", "b,", "日", "\n", "\x85")),
    *(
        call("replace", old, new, *count)
        for old in ("", "a", "aa", ",,", "日")
        for new in ("", "-", "aa", "日本")
        for count in ((), (-1,), (0,), (1,), (3,))
    ),
]


def test_all_arguments_of_the_native_methods_mean_what_they_mean_in_python() -> None:
    strings = [
        "",
        "a",
        "ab",
        "aaa",
        " a b  c ",
        "a,b,,c,",
        "日本é日",
        "\u3000x\x85\n",
        "\r\n",
        "Σ ΑΣ",
    ]
    native = mc.bag.from_sequence(strings, npartitions=3)
    check(native, strings, TABLE)
    check(native.map(str), strings, TABLE)


@pytest.mark.parametrize(
    "chosen",
    [
        call("contains", "\ud800"),
        call("strip", "\ud800a"),
        call("split", "\ud800"),
        call("startswith", "\ud800"),
        call("endswith", ("\ud800", "b")),
        call("replace", "a", "\ud800"),
        call("replace", "\ud800", "a"),
    ],
)
def test_an_argument_without_an_utf8_form_means_what_it_means_in_python(chosen: Call) -> None:
    check(mc.bag.from_sequence(["ab", "ba", ""]), ["ab", "ba", ""], [chosen])


@pytest.mark.parametrize("limit", [2**63 - 1, 2**64 - 1])
def test_a_limit_beyond_any_string_is_none(limit: int) -> None:
    assert mc.bag.from_sequence(["a,b,c"]).str.split(",", limit).compute() == [["a", "b", "c"]]
    assert mc.bag.from_sequence(["a b  c"]).str.split(None, limit).compute() == [["a", "b", "c"]]
    assert mc.bag.from_sequence(["aa"]).str.replace("a", "b", limit).compute() == ["bb"]


@pytest.mark.parametrize(
    "refused",
    [
        call("replace", "a", None),
        call("replace", None, "a"),
        call("replace", "a", "b", 1.0),
        call("replace", "a", 1),
        call("split", 1),
        call("split", maxsplit=1.0),
        call("split", maxsplit=None),
        call("strip", 1),
        call("contains", None),
        call("contains", 1),
        call("startswith", None),
        call("startswith", ("a", 1)),
        call("endswith", b"a"),
        call("lower", 1),
        call("zfill", "1"),
    ],
    ids=str,
)
@pytest.mark.parametrize("made", [False, True], ids=["native", "made by Python"])
def test_an_argument_that_str_refuses_is_refused(refused: Call, made: bool) -> None:
    bag = mc.bag.from_sequence(["abc", "b"])
    name, args, kwargs = refused
    with pytest.raises(TypeError):
        getattr((bag.map(str) if made else bag).str, name)(*args, **kwargs).compute()


def test_match_keeps_what_a_pattern_of_file_names_matches(tmp_path: Path) -> None:
    (tmp_path / "names").write_text("a.py\nb.txt\nc.py", encoding="utf-8")
    names = mc.bag.read_text(tmp_path).str.strip()
    assert names.str.match("[ab].*").compute() == ["a.py", "b.txt"]
    assert names.map(str).str.match("*.py").count().compute() == 2


def test_what_str_does_not_have_the_namespace_does_not_have() -> None:
    strings = mc.bag.from_sequence(["a"]).str
    with pytest.raises(AttributeError, match="str has no method 'findall'"):
        strings.findall  # noqa: B018, an attribute is the test
    assert not hasattr(strings, "_repr_html_")
    assert {"lower", "contains", "len", "zfill", "removeprefix"} <= set(dir(strings))


def test_a_method_on_an_element_that_is_no_string_names_the_element() -> None:
    with pytest.raises(AttributeError, match="'int' object has no attribute 'lower'") as raised:
        mc.bag.from_sequence(["a", 7]).str.lower().compute()
    assert "at the element 7" in raised.value.__notes__
