"""Distances from any node to a few fixed ones, by a contracted graph and labels.

Where the same targets are asked for again and again, from another node each time, most of a walk
is work done before. The graph is contracted once (a hierarchy with one weight per edge, both ways
alike), and each target gets a label: the nodes above it that best ways go through at their
highest, with the distance. A question climbs from its node and looks through the labels:

    distance(s, t) = min over the nodes h of t's label of  climb(s, h) + label(t, h)

(Dibbelt, Strasser, Wagner 2016, Customizable contraction hierarchies; Abraham et al. 2012,
Hierarchical hub labelings.) Sums are of the same lengths as a walk's, in another order: equal to
the last bit where they are exact, as those of 32-bit lengths are in 64 bits.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.routing.native import kernel

Array = npt.NDArray[Any]
NO_ROOM = -1


@kernel(
    "int32[:], int32[:], float32[:], int, int32[:], int32[:], int32[:], int32[:], float64[:], "
    "int32[:], int32[:], int32[:], int32[:], float64[:]"
)
def _contract(
    first_arc: Array,
    head_idx: Array,
    length: Array,
    begin: int,
    node: Array,
    rank: Array,
    up_first: Array,
    up_head: Array,
    up_weight: Array,
    seen: Array,
    waiting: Array,
    after: Array,
    at: Array,
    value: Array,
) -> int:  # pragma: no cover - compiled
    """Write the edges up from each rank; return how many there are, or `NO_ROOM`.

    Ranks wait at the lowest end of theirs edges not gone through yet: `waiting`, `after` are lists
    (-1 none), `at` the edge. When it is its turn, a rank gets the edges of all who wait for it.
    """
    n = len(node)
    room = len(up_head)
    size = 0
    up_first[0] = 0
    for v in range(n):
        own = begin + node[v]
        for arc in range(first_arc[own], first_arc[own + 1]):
            local = head_idx[arc] - begin
            if local < 0 or local >= n:
                continue
            w = rank[local]
            if w <= v:
                continue
            if seen[w] != v:
                seen[w] = v
                value[w] = length[arc]
                if size == room:
                    return -1
                up_head[size] = w
                size += 1
            elif length[arc] < value[w]:
                value[w] = length[arc]
        u = waiting[v]
        while u >= 0:
            following = after[u]
            edge = at[u]
            last = up_first[u + 1]
            across = up_weight[edge]
            for e in range(edge + 1, last):
                w = up_head[e]
                new = across + up_weight[e]
                if seen[w] != v:
                    seen[w] = v
                    value[w] = new
                    if size == room:
                        return -1
                    up_head[size] = w
                    size += 1
                elif new < value[w]:
                    value[w] = new
            if edge + 1 < last:
                at[u] = edge + 1
                to = up_head[edge + 1]
                after[u] = waiting[to]
                waiting[to] = u
            u = following
        low = up_first[v]
        up_first[v + 1] = size
        gap = 1
        while 3 * gap + 1 < size - low:
            gap = 3 * gap + 1
        while gap > 0:  # Shell (1959): in place
            for i in range(low + gap, size):
                w = up_head[i]
                j = i
                while j >= low + gap and up_head[j - gap] > w:
                    up_head[j] = up_head[j - gap]
                    j -= gap
                up_head[j] = w
            gap //= 3
        for e in range(low, size):
            up_weight[e] = value[up_head[e]]
        if size > low:
            at[v] = low
            to = up_head[low]
            after[v] = waiting[to]
            waiting[to] = v
    return size


@kernel(
    "int32[:], int32[:], float64[:], int32[:], float64[:], int32[:], int32[:], int32[:], float64[:]"
)
def _label(
    up_first: Array,
    up_head: Array,
    up_weight: Array,
    target: Array,
    value: Array,
    chain: Array,
    label_first: Array,
    label_hub: Array,
    label_weight: Array,
) -> int:  # pragma: no cover - compiled
    """Write the labels of targets (ranks); return their size, or `NO_ROOM`."""
    room = len(label_hub)
    size = 0
    label_first[0] = 0
    for k in range(len(target)):
        v = target[k]
        n_chain = 0
        value[v] = 0.0
        while v >= 0:
            chain[n_chain] = v
            n_chain += 1
            here = value[v]
            low, last = up_first[v], up_first[v + 1]
            for e in range(low, last):
                new = here + up_weight[e]
                value[up_head[e]] = min(value[up_head[e]], new)
            v = up_head[low] if last > low else -1
        is_full = False
        for i in range(n_chain - 1, -1, -1):
            v = chain[i]
            least = np.inf
            for e in range(up_first[v], up_first[v + 1]):
                new = value[up_head[e]] + up_weight[e]
                least = min(least, new)
            if least <= value[v]:
                value[v] = least
            elif size < room:
                label_hub[size] = v
                label_weight[size] = value[v]
                size += 1
            else:
                is_full = True
        for i in range(n_chain):
            value[chain[i]] = np.inf
        if is_full:
            return -1
        label_first[k + 1] = size
    return size


@kernel(
    "int32[:], int32[:], float64[:], int, float64[:], int32[:], int32[:], float64[:], float64[:]"
)
def _look_up(
    up_first: Array,
    up_head: Array,
    up_weight: Array,
    source: int,
    value: Array,
    label_first: Array,
    label_hub: Array,
    label_weight: Array,
    result: Array,
) -> int:  # pragma: no cover - compiled
    """Write the distances from a rank to all that have labels."""
    v = source
    value[v] = 0.0
    while v >= 0:
        here = value[v]
        low, last = up_first[v], up_first[v + 1]
        for e in range(low, last):
            new = here + up_weight[e]
            value[up_head[e]] = min(value[up_head[e]], new)
        v = up_head[low] if last > low else -1
    for k in range(len(result)):
        least = np.inf
        for i in range(label_first[k], label_first[k + 1]):
            new = value[label_hub[i]] + label_weight[i]
            least = min(least, new)
        result[k] = least
    v = source
    while v >= 0:
        value[v] = np.inf
        low = up_first[v]
        v = up_head[low] if up_first[v + 1] > low else -1
    return 0


class _Scratch(threading.local):
    """Distances by rank, inf between two questions: one row per thread, as long as needed."""

    def __init__(self) -> None:
        self.value = np.full(1024, np.inf)
        self.chain = np.empty(1024, np.int32)

    def rows(self, n: int) -> tuple[Array, Array]:
        if len(self.value) < n:
            self.value, self.chain = np.full(n, np.inf), np.empty(n, np.int32)
        return self.value, self.chain


_scratch = _Scratch()


class Contracted:
    """Part of a graph with arcs as long both ways, contracted, and labels of its targets.

    Parameters
    ----------
    first_arc, head_idx, length
        Adjacency arrays of the whole graph (int32, int32, float32).
    begin
        Its first node; those of the part follow each other.
    rank
        Of the nodes of the part, (n,): in which order they are contracted.
    targets
        Nodes of the part, (n_targets,), by their number in the whole graph.
    """

    __slots__ = ("_begin", "_edges", "_labels", "_rank", "n_bytes")

    def __init__(
        self,
        first_arc: Array,
        head_idx: Array,
        length: Array,
        *,
        begin: int,
        rank: Array,
        targets: Array,
    ) -> None:
        n = len(rank)
        self._begin, self._rank = begin, np.ascontiguousarray(rank, np.int32)
        node = np.empty(n, np.int32)
        node[self._rank] = np.arange(n, dtype=np.int32)
        room = 2 * int(first_arc[begin + n] - first_arc[begin]) + 64
        while True:
            up_first, up_head, up_weight = _empty(n + 1, room)
            none = [np.full(n, -1, np.int32) for _ in range(3)]
            work = (*none, np.empty(n, np.int32), np.empty(n))
            size = _contract(
                first_arc, head_idx, length, begin, node, self._rank, up_first, up_head, up_weight,
                *work,
            )  # fmt: skip
            if size != NO_ROOM:
                break
            room *= 2
        self._edges = (up_first, up_head[:size].copy(), up_weight[:size].copy())
        self._labels = self._labelled(targets)
        self.n_bytes = sum(row.nbytes for row in (*self._edges, *self._labels, self._rank))

    def to_targets(self, source: int) -> Array:
        """Return the distances from a node to all targets, (n_targets,), inf where no way is."""
        return self._looked_up(source, self._labels)

    def between(self, sources: Array, targets: Array) -> Array:
        """Return the distances between nodes of the part, (n_sources, n_targets)."""
        labels = self._labelled(targets)
        rows = [self._looked_up(source, labels) for source in sources.tolist()]
        return np.array(rows).reshape(len(sources), len(targets))

    def _looked_up(self, source: int, labels: tuple[Array, Array, Array]) -> Array:
        value, _ = _scratch.rows(len(self._rank))
        result = np.empty(len(labels[0]) - 1)
        _look_up(*self._edges, int(self._rank[source - self._begin]), value, *labels, result)
        return result

    def _labelled(self, targets: Array) -> tuple[Array, Array, Array]:
        own = self._rank[targets - self._begin]
        value, chain = _scratch.rows(len(self._rank))
        room = 160 * len(own) + 1024
        while True:
            first, hub, weight = _empty(len(own) + 1, room)
            size = _label(*self._edges, own, value, chain, first, hub, weight)
            if size != NO_ROOM:
                return first, hub[:size].copy(), weight[:size].copy()
            room *= 2


def _empty(n: int, room: int) -> tuple[Array, Array, Array]:
    return np.empty(n, np.int32), np.empty(room, np.int32), np.empty(room)
