"""Shortest paths by length over adjacency arrays: Dijkstra (1959) with a binary heap."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.routing.heap import pop, push
from landbridge.routing.native import kernel

Array = npt.NDArray[Any]


@kernel(
    "int32[:], int32[:], float32[:], int, int, float, float64[:], int32[:], float64[:], int64[:]",
    helpers=(push, pop),
)
def _one_to_all(
    first_arc: Array,
    head_idx: Array,
    length: Array,
    source: int,
    target: int,
    limit: float,
    distance: Array,
    arc_to: Array,
    heap_key: Array,
    heap_node: Array,
) -> int:  # pragma: no cover - compiled
    """Fill `distance` (inf so far) and `arc_to` (-1 so far); the heap has room for every arc."""
    size = push(heap_key, heap_node, 0, 0.0, source)
    distance[source] = 0.0
    while size > 0:
        key = heap_key[0]
        node = heap_node[0]
        size = pop(heap_key, heap_node, size)
        if key > distance[node]:
            continue
        if node == target:
            break
        for arc in range(first_arc[node], first_arc[node + 1]):
            head = head_idx[arc]
            new = key + length[arc]
            if new < distance[head] and new <= limit:
                distance[head] = new
                arc_to[head] = arc
                size = push(heap_key, heap_node, size, new, head)
    return 0


def one_to_all(
    first_arc: Array, head_idx: Array, length: Array, source: int, target: int, limit: float
) -> tuple[Array, Array]:
    """Return the distance from `source` to every node and the arc that reaches it.

    Parameters
    ----------
    first_arc, head_idx, length
        Adjacency arrays (int32, int32, float32); lengths are >= 0.
    target
        Stop once this node is settled; -1 to settle all.
    limit
        Nodes farther than this stay unreached (inf).

    Returns
    -------
    Distances, shape (n_nodes,), inf where unreached, and arcs, shape (n_nodes,), -1 at the
    source and where unreached.
    """
    n = len(first_arc) - 1
    distance = np.full(n, np.inf)
    arc_to = np.full(n, -1, np.int32)
    room = len(head_idx) + 2  # an arc enters the heap once at most; untouched pages cost nothing
    _one_to_all(
        first_arc, head_idx, length, source, target, limit, distance, arc_to,
        np.empty(room), np.empty(room, np.int64),
    )  # fmt: skip
    return distance, arc_to


def path_arcs(arc_to: Array, first_arc: Array, source: int, target: int) -> list[int]:
    """Return the arcs from `source` to `target` in order, as `one_to_all` left them."""
    arcs: list[int] = []
    node = target
    while node != source:
        arc = int(arc_to[node])
        if arc < 0:
            return []
        arcs.append(arc)
        node = int(np.searchsorted(first_arc, arc, side="right")) - 1
    return arcs[::-1]
