"""
Einstein's sums: subscripts are read, operands paired, and each pair contracted.

Which pair is next is NumPy's choice (`numpy.einsum_path`), by shapes alone. Each pair becomes tiles
of a product, or an elementwise expression, so nothing larger than operands and results is ever
made, and nothing is computed before it is asked for.
"""

from __future__ import annotations

import string

import numpy as np

from manycore.array._array import _wrap, asarray
from manycore.array._elementwise import _write, cast
from manycore.array._products import _sum, contract, diagonal_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from typing import Any

    Labels = tuple[Hashable, ...]

__all__ = ["einsum", "einsum_path"]

_LETTERS = frozenset(string.ascii_letters)


class _MisreadError(Exception):
    """Subscripts that make no sense: NumPy says why."""


def einsum(
    subscripts: Any,
    *operands: Any,
    out: Any = None,
    dtype: Any = None,
    casting: str = "safe",
    optimize: Any = "greedy",
) -> Any:
    """
    Multiply arrays, and sum over axes, by Einstein's convention.

    Parameters
    ----------
    subscripts : str
        Such as ``"ij,jk->ik"``: a letter for each axis; repeated letters are multiplied along, and
        what isn't in the result is summed over. ``...`` stands for axes that broadcast. Or, as in
        NumPy: operands and lists of integers in turn.
    *operands : array_like
        The arrays.
    out : Array or numpy.ndarray, optional
        What gets the result.
    dtype : dtype, optional
        The type that is computed in.
    casting : str, default "safe"
        What may be cast to `dtype`.
    optimize : {False, True, "greedy", "optimal"} or path, default "greedy"
        In which order more than two operands are multiplied: see `numpy.einsum_path`. They always
        are in pairs.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If the subscripts can't be read or don't fit the operands.

    Examples
    --------
    >>> x = mc.array.asarray([[1, 2], [3, 4]])
    >>> mc.array.einsum("ij,kj->ik", x, x).compute()
    array([[ 5, 11],
           [11, 25]])
    """
    given = (subscripts, *operands)
    cores: list[Any] = []
    try:
        terms, result, values = _read(given)
        cores = [asarray(value)._core for value in values]
        labels = [_label(term, core.ndim) for term, core in zip(terms, cores, strict=True)]
        made = _result_labels(result, labels)
        sizes = _sizes(labels, cores)
    except _MisreadError:
        raise _refusal(given) from None
    wanted = np.result_type(*(core.dtype for core in cores)) if dtype is None else np.dtype(dtype)
    for core in cores:
        if not np.can_cast(core.dtype, wanted, casting):  # type: ignore[arg-type]
            raise TypeError(
                f"Iterator operand required casting from {core.dtype!r} to {wanted!r}, "
                f"which the rule {casting!r} does not allow"
            )
    if wanted.kind not in "biufc":
        raise TypeError("invalid data type for einsum")
    path = _path(labels, made, cores, optimize) if len(cores) > 2 else []
    pending = [
        _prepared(cast(core, wanted), each, sizes) for core, each in zip(cores, labels, strict=True)
    ]
    core = _contract_all(pending, made, path)
    return _wrap(core) if out is None else _write(None, core, out)


def einsum_path(*operands: Any, optimize: Any = "greedy") -> Any:
    """
    Say in which order `einsum` would multiply: `numpy.einsum_path`, by shapes alone.

    Parameters
    ----------
    *operands
        Subscripts and arrays, as in `einsum`.
    optimize : optional
        As in `numpy.einsum_path`.

    Returns
    -------
    tuple
        The path, and a text about it.

    Examples
    --------
    >>> x = mc.array.ones((2, 2))
    >>> mc.array.einsum_path("ij,jk,kl->il", x, x, x)[0]
    ['einsum_path', (0, 1), (0, 1)]
    """
    return np.einsum_path(*map(_without_memory, operands), optimize=optimize)


# ---------------------------------------------------------------- reading


def _read(given: Sequence[Any]) -> tuple[list[list[Any]], list[Any] | None, list[Any]]:
    """Take apart what was given: tokens of operands, those of the result if any, operands."""
    if isinstance(given[0], str):
        text = given[0].replace(" ", "")
        inputs, arrow, output = text.partition("->")
        terms = [_tokens(term) for term in inputs.split(",")]
        operands = list(given[1:])
        if len(terms) != len(operands):
            raise _MisreadError
        return terms, _tokens(output) if arrow else None, operands
    operands = list(given[: len(given) // 2 * 2 : 2])
    lists = list(given[1::2])
    if len(given) % 2:
        lists.append(given[-1])
    try:
        tokens = [[_letter(each) for each in entry] for entry in lists]
    except TypeError:
        raise _MisreadError from None
    return tokens[: len(operands)], tokens[-1] if len(given) % 2 else None, operands


def _tokens(term: str) -> list[Any]:
    before, dots, after = term.partition("...")
    if not _LETTERS.issuperset(before + after):
        raise _MisreadError
    return [*before, *([...] if dots else []), *after]


def _letter(entry: Any) -> Any:
    """Name an integer of a sublist, as NumPy does."""
    if entry is Ellipsis:
        return entry
    if not 0 <= entry < 52:
        raise _MisreadError
    return (string.ascii_uppercase + string.ascii_lowercase)[entry]


def _label(tokens: list[Any], ndim: int) -> Labels:
    """Name each axis of an operand; broadcast ones by their distance from the last of them."""
    named = len(tokens) - tokens.count(...)
    if tokens.count(...) > 1 or named > ndim or (named < ndim and ... not in tokens):
        raise _MisreadError
    labels: list[Hashable] = []
    for token in tokens:
        labels += range(named - ndim, 0) if token is ... else [token]
    return tuple(labels)


def _result_labels(tokens: list[Any] | None, labels: Sequence[Labels]) -> Labels:
    every = [label for each in labels for label in each]
    dots = min((label for label in every if isinstance(label, int)), default=0)
    if tokens is None:
        once = sorted(
            label for label in set(every) if isinstance(label, str) and every.count(label) == 1
        )
        return (*range(dots, 0), *once)
    made: list[Hashable] = []
    for token in tokens:
        made += range(dots, 0) if token is ... else [token]
    if len(set(made)) != len(made) or not set(every).issuperset(made):
        raise _MisreadError
    if dots and ... not in tokens:
        raise _MisreadError
    return tuple(made)


def _sizes(labels: Sequence[Labels], cores: Sequence[Any]) -> dict[Hashable, int]:
    """Find the length of each label; lengths of one broadcast."""
    sizes: dict[Hashable, int] = {}
    for each, core in zip(labels, cores, strict=True):
        own: dict[Hashable, int] = {}
        for label, length in zip(each, core.shape, strict=True):
            if own.setdefault(label, length) != length:
                raise _MisreadError
            if length != 1 and sizes.get(label, 1) not in (1, length):
                raise _MisreadError
            if length != 1 or label not in sizes:
                sizes[label] = length
    return sizes


def _without_memory(value: Any) -> Any:
    """Make an array of the same shape that costs nothing; leave subscripts as they are."""
    if isinstance(value, str | list | tuple):
        return value
    core = asarray(value)._core
    return np.broadcast_to(np.empty((), core.dtype), core.shape)


def _refusal(given: Sequence[Any]) -> Exception:
    """Have NumPy say what is wrong."""
    try:
        np.einsum(*map(_without_memory, given))
    except (ValueError, TypeError) as error:
        return error.with_traceback(None)
    raise AssertionError(f"NumPy can read {given!r}")


# ---------------------------------------------------------------- contracting


def _path(labels: Sequence[Labels], made: Labels, cores: Sequence[Any], optimize: Any) -> Any:
    """Ask NumPy which operands come next, and next."""
    letters: dict[Hashable, str] = {}
    for each in (*labels, made):
        for label in each:
            letters.setdefault(label, chr(0x100 + len(letters)))
    terms = ["".join(letters[label] for label in each) for each in labels]
    # einsum_path takes letters only.
    text = ",".join(terms) + "->" + "".join(letters[label] for label in made)
    known = sorted(set(text) - set(",->"))
    if len(known) > 52:
        return [tuple(range(len(cores)))]
    text = text.translate(
        {ord(letter): string.ascii_letters[place] for place, letter in enumerate(known)}
    )
    shapes = [np.broadcast_to(np.empty((), core.dtype), core.shape) for core in cores]
    return np.einsum_path(text, *shapes, optimize=optimize or "greedy")[0][1:]


def _prepared(core: Any, labels: Labels, sizes: dict[Hashable, int]) -> tuple[Any, Labels]:
    """Take diagonals where a label is repeated, and leave out what broadcasts."""
    while len(set(labels)) < len(labels):
        label = next(each for each in labels if labels.count(each) > 1)
        one = labels.index(label)
        other = labels.index(label, one + 1)
        core = diagonal_of(core, one, other)
        rest = [each for axis, each in enumerate(labels) if axis not in (one, other)]
        labels = (*rest, label)
    kept = [axis for axis, label in enumerate(labels) if core.shape[axis] == sizes[label]]
    if len(kept) < len(labels):
        core = core.axes(kept)
        labels = tuple(labels[axis] for axis in kept)
    return core, labels


def _contract_all(
    pending: list[tuple[Any, Labels]], made: Labels, path: Sequence[Sequence[int]]
) -> Any:
    """Contract operands in the order of a path, then what is left of them."""
    for places in path:
        chosen = [pending.pop(place) for place in sorted(places, reverse=True)][::-1]
        pending.append(_merge(chosen, pending, made))
    core, labels = _merge(pending, [], made)
    order = [labels.index(label) for label in made]
    return core if order == list(range(core.ndim)) else core.axes(order)


def _merge(
    chosen: list[tuple[Any, Labels]], others: list[tuple[Any, Labels]], made: Labels
) -> tuple[Any, Labels]:
    """Contract some of the operands; what the others or the result need is kept."""
    while True:
        needed = set(made).union(*(labels for _, labels in others))
        (a, a_labels), *rest = chosen
        rest_labels = set().union(*(labels for _, labels in rest))
        a, a_labels = _summed(a, a_labels, needed | rest_labels)
        if not rest:
            return a, a_labels
        b, b_labels = rest.pop(0)
        beyond = needed.union(*(labels for _, labels in rest))
        b, b_labels = _summed(b, b_labels, beyond | set(a_labels))
        every = dict.fromkeys((*a_labels, *b_labels))
        kept = tuple(label for label in every if label in beyond)
        if set(kept) == set(made):
            kept = made
        chosen = [(contract(a, a_labels, b, b_labels, kept), kept), *rest]


def _summed(core: Any, labels: Labels, needed: set[Any]) -> tuple[Any, Labels]:
    """Sum over what nobody needs."""
    axes = [axis for axis, label in enumerate(labels) if label not in needed]
    if not axes:
        return core, labels
    return _sum(core, axes), tuple(label for label in labels if label in needed)
