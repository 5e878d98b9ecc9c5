"""
Places for the nodes of a graph, layer by layer, after Sugiyama, Tagawa and Toda (1981).

A node's layer is the longest way to it. Edges that skip layers get a joint in each of them. Nodes
are ordered within a layer by the mean place of their neighbours, some sweeps down and up, which
leaves few crossings; then they are moved as near to that place as their order and widths allow.
"""

from __future__ import annotations

import itertools
from statistics import fmean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SWEEPS = 8
_GAP = 14.0
_JOINT = 2.0
_LIGHT = 0.01
_LONGEST = 50


class Layout:
    """
    Where to draw what.

    Parameters
    ----------
    widths : sequence of float
        Of the nodes.
    edges : sequence of pairs
        Numbers of nodes; the first one of a pair has a smaller number than the second.

    Attributes
    ----------
    x : list of float
        The middle of each node, from 0 on.
    layer : list of int
        The layer of each node, from 0 on.
    routes : list of list
        For each edge the points ``(x, layer)`` that it goes through, its ends included.
    width : float
        Of the whole.
    """

    def __init__(self, widths: Sequence[float], edges: Sequence[tuple[int, int]]) -> None:
        self.layer = longest_ways(len(widths), edges)
        self._widths = list(widths)
        count = len(widths)
        # Between neighbouring layers; joints have numbers behind the nodes'.
        self._above: list[list[int]] = [[] for _ in range(count)]
        self._below: list[list[int]] = [[] for _ in range(count)]
        chains = [self._chain(source, target) for source, target in edges]
        self._rows: list[list[int]] = [[] for _ in range(max(self.layer, default=-1) + 1)]
        for node, layer in enumerate(self.layer):
            self._rows[layer].append(node)
        self._order()
        self.x = self._positions()
        self.routes = [[(self.x[node], self.layer[node]) for node in chain] for chain in chains]
        rights = (x + width / 2 for x, width in zip(self.x, self._widths, strict=True))
        self.width = max(rights, default=0.0)
        del self.x[count:], self.layer[count:]

    def _chain(self, source: int, target: int) -> list[int]:
        """Connect two nodes, with a joint in each layer between them if these are not too many."""
        if self.layer[target] - self.layer[source] > _LONGEST:
            return [source, target]
        chain = [source]
        for layer in range(self.layer[source] + 1, self.layer[target]):
            chain.append(len(self.layer))
            self.layer.append(layer)
            self._widths.append(_JOINT)
            self._above.append([])
            self._below.append([])
        chain.append(target)
        for upper, lower in itertools.pairwise(chain):
            self._below[upper].append(lower)
            self._above[lower].append(upper)
        return chain

    def _order(self) -> None:
        """Order each layer by the mean place of its neighbours in the one before."""
        place = {node: number for row in self._rows for number, node in enumerate(row)}
        for sweep in range(_SWEEPS):
            for row, neighbours in self._sweep(sweep):
                means = {n: _mean([place[m] for m in neighbours[n]], place[n]) for n in row}
                row.sort(key=means.__getitem__)
                place.update((node, number) for number, node in enumerate(row))

    def _sweep(self, number: int) -> Iterator[tuple[list[int], list[list[int]]]]:
        """Go down, then up, then down again: give rows, and the nodes' neighbours in the last."""
        if number % 2 == 0:
            return ((row, self._above) for row in self._rows)
        return ((row, self._below) for row in reversed(self._rows))

    def _positions(self) -> list[float]:
        """Move nodes towards their neighbours."""
        x = [0.0] * len(self.layer)
        for row in self._rows:
            for node, offset in zip(row, self._offsets(row), strict=True):
                x[node] = offset
        # The last sweep goes down: what reads much stands in the middle of it.
        for sweep in range(_SWEEPS + 1):
            for row, neighbours in self._sweep(sweep):
                wanted = [_mean([x[n] for n in neighbours[node]], x[node]) for node in row]
                # What has no neighbours there gives way.
                weights = [len(neighbours[node]) or _LIGHT for node in row]
                offsets = self._offsets(row)
                free = [want - offset for want, offset in zip(wanted, offsets, strict=True)]
                starts = _ascending(free, weights)
                for node, start, offset in zip(row, starts, offsets, strict=True):
                    x[node] = start + offset
        lefts = [position - width / 2 for position, width in zip(x, self._widths, strict=True)]
        least = min(lefts, default=0.0)
        return [position - least for position in x]

    def _offsets(self, row: list[int]) -> list[float]:
        """Place a layer's nodes side by side."""
        offsets = []
        right = 0.0
        for node in row:
            width = self._widths[node]
            offsets.append(right + width / 2)
            right += width + _GAP
        return offsets


def _mean(values: list[float], otherwise: float) -> float:
    return fmean(values) if values else otherwise


def longest_ways(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """
    Give each node a layer: the length of the longest way to it.

    What reads nothing is put right above its first reader.
    """
    layer = [0] * count
    has_input = [False] * count
    # In the order of their targets, whose sources are all done then.
    for source, target in sorted(edges, key=lambda edge: edge[1]):
        layer[target] = max(layer[target], layer[source] + 1)
        has_input[target] = True
    nearest: dict[int, int] = {}
    for source, target in edges:
        if not has_input[source]:
            nearest[source] = min(nearest.get(source, count), layer[target] - 1)
    for source, place in nearest.items():
        layer[source] = place
    return layer


def _ascending(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """
    Find the ascending numbers nearest to these: least squares, by pooling adjacent violators.

    Examples
    --------
    >>> _ascending([1.0, 4.0, 2.0, 5.0], [1, 1, 3, 1])
    [1.0, 2.5, 2.5, 5.0]
    """
    pools: list[tuple[float, float, int]] = []
    for value, heavy in zip(values, weights, strict=True):
        mean, weight, count = value, heavy, 1
        while pools and pools[-1][0] > mean:
            other, other_weight, others = pools.pop()
            mean = (mean * weight + other * other_weight) / (weight + other_weight)
            weight += other_weight
            count += others
        pools.append((mean, weight, count))
    return [mean for mean, _, count in pools for _ in range(count)]
