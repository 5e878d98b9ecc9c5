"""Functions called with the blocks of arrays: `map_blocks` and `blockwise`."""

from __future__ import annotations

import numbers
from functools import partial

import numpy as np

from manycore.array._array import Array, _wrap, asarray
from manycore.array._nodes import axis_tuple, offsets
from manycore.array._plans import Call, Tiled, grid_of, infer, run_plan, takes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from typing import Any

    from manycore.array._nodes import Chunks

    _Labels = tuple[Hashable, ...]

__all__ = ["blockwise", "map_blocks"]


def blockwise(
    func: Callable[..., Any],
    out_ind: Iterable[Hashable],
    *args: Any,
    name: str | None = None,
    token: str | None = None,
    dtype: Any = None,
    adjust_chunks: dict[Any, Any] | None = None,
    new_axes: dict[Any, Any] | None = None,
    align_arrays: bool = True,
    concatenate: bool | None = None,
    meta: Any = None,
    **kwargs: Any,
) -> Array:
    """
    Call a function with blocks that an index notation picks, as in ``dask.array.blockwise``.

    Parameters
    ----------
    func : callable
        Gets a block of each array, and returns a block of the result.
    out_ind : iterable
        An index for each axis of the result, such as ``"ij"`` or ``(0, 1)``.
    *args
        Pairs of an array and its indices; or of another value and None.
    name, token
        A name for errors and plans.
    dtype : dtype, optional
        Of the result, which is cast to it; by default, the function is called with arrays of one
        element to find it.
    adjust_chunks : dict, optional
        By index, what the function makes of the lengths of blocks: a function of the length, a
        length, or a tuple of all lengths.
    new_axes : dict, optional
        By index, the length (or lengths of blocks) of an axis that only the result has.
    align_arrays : bool, default True
        Whether to cut arrays wherever another one is cut. If not, their blocks are paired.
    concatenate : bool, optional
        How blocks come along an index that the result doesn't have: concatenated if True, else as
        lists of blocks.
    meta : array_like, optional
        An array of the result's dtype.
    **kwargs
        Passed on to the function; arrays among them whole.

    Returns
    -------
    Array
        The blocks that the function returned.

    Examples
    --------
    >>> x = mc.array.arange(3)
    >>> mc.array.blockwise(np.outer, "ij", x, "i", x, "j").compute()
    array([[0, 0, 0],
           [0, 1, 2],
           [0, 2, 4]])
    """
    if len(args) % 2:
        raise ValueError(
            "blockwise needs pairs of an array and its indices, or of a value and None"
        )
    pairs = []
    for value, ind in zip(args[::2], args[1::2], strict=True):
        labels = None if ind is None else tuple(ind)
        pairs.append((value if labels is None else asarray(value), labels))
    return plan_blocks(
        func,
        tuple(out_ind),
        pairs,
        kwargs,
        name or token or "blockwise",
        dtype if meta is None or dtype is not None else np.asarray(meta).dtype,
        adjust_chunks or {},
        new_axes or {},
        align_arrays,
        bool(concatenate),
    )


def plan_blocks(
    function: Callable[..., Any],
    out: _Labels,
    pairs: list[tuple[Any, _Labels | None]],
    options: dict[str, Any],
    name: str,
    dtype: Any,
    adjust: dict[Any, Any],
    new_axes: dict[Any, Any],
    align: bool,
    concatenate: bool,
    prepare: Callable[[Call, list[Tiled], Chunks], None] | None = None,
) -> Array:
    """
    Make the array of a function called with blocks.

    Parameters
    ----------
    pairs : list
        Values and their labels; those with labels are an `Array` or `Tiled`, others are passed on.
    prepare : callable, optional
        Gets the call, the arrays as they are cut, and the chunks of the result, to add to the call.
    """
    if len(set(out)) != len(out):
        raise ValueError(f"Repeated elements not allowed in output index {out!r}")
    known = {label for _, labels in pairs if labels is not None for label in labels}
    unknown = set(out) - known - set(new_axes)
    if unknown:
        raise ValueError(f"Unknown dimension {unknown!r}: no array has it, and new_axes neither")
    arguments: list[Any] = []
    inputs: list[tuple[Tiled, _Labels]] = []
    for value, labels in pairs:
        if labels is None and not isinstance(value, Array):
            arguments.append((value,))
            continue
        tiled = value if isinstance(value, Tiled) else Tiled(value._core)
        if labels is None:
            # The whole array: no label of it is the result's.
            labels = tuple(object() for _ in tiled.spans)
        elif len(labels) != tiled.core.ndim:
            raise ValueError(
                f"Index string {labels!r} does not match array dimension {tiled.core.ndim}"
            )
        arguments.append(len(inputs))
        inputs.append((tiled, labels))
    call = Call(function, arguments, {}, name, dtype is not None)
    inputs, chunks = grid_of(inputs, align)
    for label, lengths in new_axes.items():
        chunks[label] = lengths if isinstance(lengths, tuple) else (lengths,)
    if not concatenate:
        for place, (tiled, labels) in enumerate(inputs):
            given = pairs[arguments.index(place)][1]
            if given is not None and any(label not in out for label in labels):
                call.lists[place] = [
                    None if label in out else offsets(sizes)[1:-1]
                    for label, sizes in zip(labels, tiled.chunks, strict=True)
                ]
    arrays = [tiled for tiled, _ in inputs]
    for key, value in options.items():
        if isinstance(value, Array):
            call.whole_options.append((key, len(inputs)))
            inputs.append((Tiled(value._core), tuple(object() for _ in range(value.ndim))))
        else:
            call.options[key] = value
    made = tuple(_adjusted(label, chunks[label], adjust) for label in out)
    if prepare is not None:
        prepare(call, arrays, made)
    if dtype is None:
        dtype = _inferred(call, pairs, options, len(out))
    final = made if call.untrimmed is None else call.outputs[0][1]
    call.outputs = [(np.dtype(dtype), final)]
    return _wrap(run_plan(call, inputs, out, chunks)[0])


def _inferred(
    call: Call, pairs: list[tuple[Any, _Labels | None]], options: dict[str, Any], ndim: int
) -> Any:
    """Find the dtype of what a function makes of small arrays."""
    values = [_wrap(value.core) if isinstance(value, Tiled) else value for value, _ in pairs]
    for place, argument in enumerate(call.arguments):
        cuts = None if type(argument) is tuple else call.lists.get(argument)
        if cuts is not None:
            # Lists of blocks: of one each.
            array = values[place]
            nested: Any = np.zeros((1,) * array.ndim, array.dtype)
            for cut in cuts:
                nested = nested if cut is None else [nested]
            values[place] = nested
    first = {name: make((0,) * ndim) for name, make in call.index_options.items()}
    result = infer(call.function, values, {**options, **first}, call.name)
    return np.asarray(result).dtype


def _adjusted(label: Hashable, lengths: tuple[int, ...], adjust: dict[Any, Any]) -> tuple[int, ...]:
    """Give the lengths of the result's blocks along an axis."""
    rule = adjust.get(label)
    if rule is None:
        return lengths
    if callable(rule):
        return tuple(int(rule(length)) for length in lengths)
    if isinstance(rule, numbers.Integral):
        return (int(rule),) * len(lengths)
    if isinstance(rule, tuple | list):
        if len(rule) != len(lengths):
            raise ValueError(
                f"Dimension {label!r} has {len(lengths)} blocks, but there are {len(rule)} lengths "
                f"of chunks for it: {tuple(rule)!r}"
            )
        return tuple(map(int, rule))
    raise TypeError(f"chunks must be a function, an integer or a tuple of them, not {rule!r}")


def map_blocks(
    func: Callable[..., Any],
    *args: Any,
    name: str | None = None,
    token: str | None = None,
    dtype: Any = None,
    chunks: Any = None,
    drop_axis: Any = None,
    new_axis: Any = None,
    enforce_ndim: bool = False,
    meta: Any = None,
    **kwargs: Any,
) -> Array:
    """
    Call a function with each block of arrays, as in ``dask.array.map_blocks``.

    Parameters
    ----------
    func : callable
        Gets a block of each array, as `numpy.ndarray`, which must not be written to; returns a
        block of the result. If it takes ``block_id``, it gets the place of the block in the grid;
        if it takes ``block_info``, a dict: for the place of each array among the arguments, and for
        the result under None, of ``shape``, ``num-chunks``, ``array-location``, ``chunk-location``,
        and for the result also ``chunk-shape`` and ``dtype``.
    *args
        Arrays, which are broadcast by their blocks, and other values, which are passed on.
    name, token
        A name for errors and plans.
    dtype : dtype, optional
        Of the result, which is cast to it; by default, the function is called with arrays of one
        element to find it.
    chunks : tuple, optional
        The lengths of the result's blocks along each axis, or one length for all of an axis; by
        default those of the arrays.
    drop_axis : int or iterable of int, optional
        Axes that the function removes; blocks are whole along them.
    new_axis : int or iterable of int, optional
        Axes that the function adds, after others are removed; of length 1 without `chunks`.
    enforce_ndim : bool
        The shapes of blocks are always checked.
    meta : array_like, optional
        An array of the result's dtype.
    **kwargs
        Passed on to the function; arrays among them whole.

    Returns
    -------
    Array
        The blocks that the function returned.

    Raises
    ------
    ValueError
        If the function fails with arrays of one element, and `dtype` isn't given. When computed, if
        it returns a block of another shape than it should.

    Examples
    --------
    >>> x = mc.array.arange(6).rechunk(3)
    >>> mc.array.map_blocks(lambda block: block[::-1], x).compute()
    array([2, 1, 0, 5, 4, 3])
    >>> mc.array.map_blocks(lambda block: block.sum(keepdims=True), x, chunks=(1,)).compute()
    array([ 3, 12])
    """
    if isinstance(func, Array) and args:
        # As a method of the array.
        func, args = args[0], (func, *args[1:])
    if not callable(func):
        raise TypeError(f"map_blocks needs a function first, not {func!r:.80}")
    if meta is not None and dtype is None:
        dtype = np.asarray(meta).dtype
    pairs = [(value, _labels(value.ndim) if isinstance(value, Array) else None) for value in args]
    return map_tiles(
        func, pairs, kwargs, name or token or "map_blocks", dtype, chunks, drop_axis, new_axis
    )


def _labels(ndim: int) -> _Labels:
    """Label axes from the last one, so that arrays are broadcast as NumPy does."""
    return tuple(range(ndim))[::-1]


def map_tiles(
    function: Callable[..., Any],
    pairs: list[tuple[Any, _Labels | None]],
    options: dict[str, Any],
    name: str,
    dtype: Any,
    chunks: Any,
    drop_axis: Any,
    new_axis: Any,
    trim: Callable[[Call, _Labels, Chunks], None] | None = None,
) -> Array:
    """Call a function with the blocks of arrays; what `map_blocks` and `map_overlap` share."""
    ndim = max((len(labels) for _, labels in pairs if labels is not None), default=0)
    out = _labels(ndim)
    if drop_axis is not None and drop_axis != []:
        try:
            dropped = axis_tuple(drop_axis, ndim)
        except np.exceptions.AxisError:
            raise ValueError(
                f"drop_axis out of range (drop_axis={drop_axis}, but output is {ndim}d)."
            ) from None
        out = tuple(label for axis, label in enumerate(out) if axis not in dropped)
    if chunks is not None:
        chunks = tuple(chunks) if isinstance(chunks, tuple | list) else (chunks,)
    added: Any = () if new_axis is None else new_axis
    added = (added,) if isinstance(added, numbers.Integral) else tuple(added)
    if new_axis is None and chunks is not None and len(out) < len(chunks):
        added = tuple(range(len(chunks) - len(out)))
    new_axes: dict[Any, Any] = {}
    labels: list[Hashable] = list(out)
    for number, axis in enumerate(sorted(added)):
        if not 0 <= axis <= len(labels):
            raise ValueError(f"new_axis {axis} leaves a gap: the result has {len(labels)} axes yet")
        label = ndim + number
        labels.insert(axis, label)
        new_axes[label] = 1
    out = tuple(labels)
    if chunks is not None:
        if len(chunks) != len(out):
            raise ValueError(f"Provided chunks have {len(chunks)} dims; expected {len(out)} dims")
        for axis, name_of in enumerate(out):
            if name_of in new_axes:
                given = chunks[axis]
                new_axes[name_of] = tuple(given) if isinstance(given, tuple | list) else given
    adjust = {} if chunks is None else dict(zip(out, chunks, strict=True))

    def prepare(call: Call, arrays: list[Tiled], made: Chunks) -> None:
        if takes(function, "block_id"):
            call.index_options["block_id"] = tuple
        if takes(function, "block_info"):
            numbers_of = [place for place, (_, given) in enumerate(pairs) if given is not None]
            named = [given for _, given in pairs if given is not None]
            call.index_options["block_info"] = partial(
                _block_info, call, numbers_of, arrays, named, out, made
            )
        if trim is not None:
            trim(call, out, made)

    return plan_blocks(
        function, out, pairs, options, name, dtype, adjust, new_axes, False, True, prepare
    )


def _block_info(
    call: Call,
    places: list[int],
    arrays: list[Tiled],
    labels: list[_Labels],
    out: _Labels,
    chunks: Chunks,
    index: tuple[int, ...],
) -> dict[Any, Any]:
    """Describe a block, as Dask does."""
    where = dict(zip(out, index, strict=True))
    info: dict[Any, Any] = {}
    for place, tiled, names in zip(places, arrays, labels, strict=True):
        # Axes that the result doesn't have come in one piece.
        spans = [
            axis if name in where else [(axis[0][0], axis[-1][1])]
            for axis, name in zip(tiled.spans, names, strict=True)
        ]
        numbers_in = tuple(
            where.get(name, 0) if len(axis) > 1 else 0
            for axis, name in zip(spans, names, strict=True)
        )
        info[place] = {
            "shape": tiled.core.shape,
            "num-chunks": tuple(map(len, spans)),
            "array-location": [axis[at] for axis, at in zip(spans, numbers_in, strict=True)],
            "chunk-location": numbers_in,
        }
    edges = [offsets(sizes) for sizes in chunks]
    info[None] = {
        "shape": tuple(map(sum, chunks)),
        "num-chunks": tuple(map(len, chunks)),
        "array-location": [(axis[at], axis[at + 1]) for axis, at in zip(edges, index, strict=True)],
        "chunk-location": tuple(index),
        "chunk-shape": tuple(sizes[at] for sizes, at in zip(chunks, index, strict=True)),
        "dtype": call.outputs[0][0] if call.outputs else None,
    }
    return info
