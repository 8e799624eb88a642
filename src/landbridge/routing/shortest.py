"""Shortest paths by length over adjacency arrays: Dijkstra (1959) with a binary heap."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@numba.njit(cache=True, nogil=True)
def _push(
    heap_key: Array, heap_node: Array, size: int, key: float, node: int
) -> int:  # pragma: no cover - compiled
    """Add an entry to the heap and return its new size."""
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if heap_key[parent] <= key:
            break
        heap_key[i] = heap_key[parent]
        heap_node[i] = heap_node[parent]
        i = parent
    heap_key[i] = key
    heap_node[i] = node
    return size + 1


@numba.njit(cache=True, nogil=True)
def _pop(heap_key: Array, heap_node: Array, size: int) -> int:  # pragma: no cover - compiled
    """Drop the first entry of the heap and return its new size."""
    size -= 1
    key = heap_key[size]
    node = heap_node[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and heap_key[child + 1] < heap_key[child]:
            child += 1
        if heap_key[child] >= key:
            break
        heap_key[i] = heap_key[child]
        heap_node[i] = heap_node[child]
        i = child
    heap_key[i] = key
    heap_node[i] = node
    return size


@numba.njit(cache=True, nogil=True)
def _grown(array: Array, size: int) -> Array:  # pragma: no cover - compiled
    """Return an array twice as long with the first `size` entries of `array`."""
    bigger = np.empty(2 * len(array), array.dtype)
    bigger[:size] = array[:size]
    return bigger


@numba.njit(cache=True, nogil=True)
def one_to_all(
    first_arc: Array, head_idx: Array, length: Array, source: int, target: int, limit: float
) -> tuple[Array, Array]:  # pragma: no cover - compiled
    """Return the distance from `source` to every node and the arc that reaches it.

    Parameters
    ----------
    first_arc, head_idx, length
        Adjacency arrays; lengths are >= 0.
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
    heap_key = np.empty(1024)
    heap_node = np.empty(1024, np.int64)
    size = _push(heap_key, heap_node, 0, 0.0, source)
    distance[source] = 0.0
    while size > 0:
        key = heap_key[0]
        node = heap_node[0]
        size = _pop(heap_key, heap_node, size)
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
                if size + 1 >= len(heap_key):
                    heap_key = _grown(heap_key, size)
                    heap_node = _grown(heap_node, size)
                size = _push(heap_key, heap_node, size, new, head)
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
