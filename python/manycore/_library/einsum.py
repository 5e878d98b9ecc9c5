"""Einstein's sums: the letters of dimensions are known when a call is compiled."""

# ruff: noqa: D401
# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel
from manycore._library.linalg import size_of


def common(one, two):
    """The letters of one that are among those of two."""
    if len(one) == 0:
        return ""
    if one[0] in two:
        return one[0] + common(one[1:], two)
    return common(one[1:], two)


def without(one, two):
    """The letters of one that are not among those of two."""
    if len(one) == 0:
        return ""
    if one[0] in two:
        return without(one[1:], two)
    return one[0] + without(one[1:], two)


def once(alphabet, inputs):
    """The letters that occur once, in the order of the alphabet."""
    if len(alphabet) == 0:
        return ""
    if inputs.count(alphabet[0]) == 1:
        return alphabet[0] + once(alphabet[1:], inputs)
    return once(alphabet[1:], inputs)


def places_of(letters, term):
    if len(letters) == 0:
        return ()
    return (term.index(letters[0]), *places_of(letters[1:], term))


def term_of(term, ndim):
    """A term whose dots are digits, the same ones for the same dimensions counted from the last."""
    if "..." not in term:
        if len(term) != ndim:
            raise ValueError(
                "einstein sum subscripts string does not fit the dimensions of operand"
            )
        return term
    return term.replace("...", "0123456789"[10 - (ndim + 3 - len(term)) :])


def longest(one, two):
    return two if len(two) > len(one) else one


def on_diagonals(term, a):
    """A term in which no letter is repeated, and what is on the diagonals of those that are."""
    if len(term) == 0:
        return term, a
    return diagonals_from(term, a, 0)


def diagonals_from(term, a, i):
    if i == len(term):
        return term, a
    if term[i] not in term[i + 1 :]:
        return diagonals_from(term, a, i + 1)
    return diagonal_of(term, a, i, i + 1 + term[i + 1 :].index(term[i]))


def diagonal_of(term, a, i, k):
    if a.shape[i] != a.shape[k]:
        raise ValueError("dimensions in operand for collapsing index don't match")
    moved = np.moveaxis(np.moveaxis(a, k, a.ndim - 1), i, a.ndim - 1)
    result = np.empty(moved.shape[:-1], a.dtype)
    for place in range(a.shape[i]):
        result[..., place] = moved[..., place, place]
    rest = term[:i] + term[i + 1 : k] + term[k + 1 :] + term[i]
    return diagonals_from(rest, result, i)


def summed(term, a, output):
    """The sums over the letters that are not in the output, and which letters remain."""
    if len(without(term, output)) == 0:
        return term, a
    total = np.sum(a, axis=places_of(without(term, output), term), dtype=a.dtype)
    return common(term, output), total


def in_order(term, a, output):
    if term == output:
        return a
    return np.transpose(a, places_of(output, term))


def product(one, a, two, b, keep):
    """The product of two arrays, summed over the letters that nothing needs any more."""
    one, a = summed(one, a, two + keep)
    two, b = summed(two, b, one + keep)
    shared = common(common(one, two), keep)
    gone = without(common(one, two), keep)
    left = without(one, two)
    right = without(two, one)
    first = in_order(one, a, shared + left + gone)
    second = in_order(two, b, shared + gone + right)
    if len(gone) > 0 and len(shared) == 0:
        return left + right, np.tensordot(first, second, len(gone))
    if len(gone) > 0 and len(left) > 0 and len(right) > 0:
        many = size_of(first.shape[: len(shared)])
        inner = size_of(second.shape[len(shared) : len(shared) + len(gone)])
        rows = size_of(first.shape[len(shared) : len(shared) + len(left)])
        columns = size_of(second.shape[len(shared) + len(gone) :])
        stack = np.matmul(
            first.reshape((many, rows, inner)), second.reshape((many, inner, columns))
        )
        shape = (*first.shape[: len(shared) + len(left)], *second.shape[len(shared) + len(gone) :])
        return shared + left + right, stack.reshape(shape)
    # Dimensions that only one of them has are of size one in the other.
    first = in_order(one, a, shared + left + gone)[
        (slice(None),) * (len(shared) + len(left))
        + (None,) * len(right)
        + (slice(None),) * len(gone)
    ]
    second = in_order(two, b, shared + right + gone)[
        (slice(None),) * len(shared)
        + (None,) * len(left)
        + (slice(None),) * (len(right) + len(gone))
    ]
    term = shared + left + right + gone
    return summed(term, first * second, shared + left + right)


def einsum(subscripts, one, two=None, three=None, four=None, optimize=False):
    text = subscripts.replace(" ", "")
    if "->" not in text:
        if "..." in text:
            kernel.fail("einsum of subscripts with dots but without ->")
        capital = once("ABCDEFGHIJKLM", text) + once("NOPQRSTUVWXYZ", text)
        small = once("abcdefghijklm", text) + once("nopqrstuvwxyz", text)
        return np.einsum(text + "->" + capital + small, one, two, three, four)
    inputs, output = text.split("->")
    terms = inputs.split(",")
    a = np.asarray(one)
    if two is None:
        if len(terms) != 1:
            raise ValueError("fewer operands provided to einstein sum function than terms")
        term = term_of(terms[0], a.ndim)
        if "..." in output:
            return np.einsum(term + "->" + output.replace("...", common("0123456789", term)), a)
        term, a = on_diagonals(term, a)
        term, a = summed(term, a, output)
        return in_order(term, a, output)
    b = np.asarray(two)
    if len(terms) < 2:
        raise ValueError("more operands provided to einstein sum function than terms")
    term = term_of(terms[0], a.ndim)
    other = term_of(terms[1], b.ndim)
    dots = longest(common("0123456789", term), common("0123456789", other))
    term, a = on_diagonals(term, a)
    other, b = on_diagonals(other, b)
    if three is None:
        wanted = output.replace("...", dots)
        term, a = product(term, a, other, b, wanted)
        return in_order(term, a, wanted)
    if "..." in text:
        kernel.fail("einsum of more than two operands with dots")
    rest = inputs[len(terms[0]) + len(terms[1]) + 2 :]
    term, a = product(term, a, other, b, output + rest)
    return np.einsum(term + "," + rest + "->" + output, a, three, four)
