"""In which order to contract a graph: nested dissection by inertial flow.

A small set of nodes (a separator) cuts a graph in two; contracted last, it is the only way between
the halves. Each half is cut again, down to single nodes:

    ┌───────────┬─┬───────────┐      rank of a node = its place in
    │  left     │s│   right   │
    ├────┬─┬────┤e├────┬─┬────┤      [ left | right | separator ]
    │    │s│    │p│    │s│    │
    └────┴─┴────┴─┴────┴─┴────┘      and so on inside left and right

Separators are found as Schild and Sommer do (On Balanced Separators in Road Networks, SEA 2015):
sort the nodes along a direction, take the first and the last quarter for source and sink, and cut
as few nodes as possible in between (Menger 1927; Dinitz 1970). Of several directions the smallest
cut stays. Besides directions of the map (if there is one), each part is also sorted by the
difference of hops from two far ends, which needs no map.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from landbridge.routing.dissect import cut_part
from landbridge.routing.shortest import Array

SIMPLE = 3
"""Parts of fewer nodes need no cut."""
N_PARTS = 16
"""Parts smaller than this share of all are cut by threads side by side."""


def neighbours(n_nodes: int, tail: Array, head: Array) -> tuple[Array, Array]:
    """Return the adjacency arrays of the simple undirected graph below `tail`, `head`.

    Self loops and parallel arcs are dropped. `first` has shape (n_nodes + 1,); `near` holds the
    neighbours of node v, ascending, at `first[v]:first[v + 1]`.
    """
    key = np.concatenate([tail, head]).astype(np.int64) * n_nodes + np.concatenate([head, tail])
    key = np.unique(key[np.concatenate([tail != head, tail != head])])
    first = np.searchsorted(key, np.arange(n_nodes + 1, dtype=np.int64) * n_nodes)
    return first.astype(np.int32), (key % max(n_nodes, 1)).astype(np.int32)


def dissection_order(
    n_nodes: int,
    tail: Array,
    head: Array,
    *,
    lon: Array | None = None,
    lat: Array | None = None,
    x: Array | None = None,
    y: Array | None = None,
) -> npt.NDArray[np.int32]:
    """Return the nodes in the order of contraction, shape (n_nodes,); last is most important.

    Parameters
    ----------
    tail, head
        Ends of the arcs, shape (n_arcs,); their direction does not matter.
    lon, lat
        Degrees, for a graph on the globe: cut along great circles, so neither the antimeridian
        nor the poles are special.
    x, y
        For a graph in the plane. Without coordinates the graph alone decides.
    """
    first, near = neighbours(n_nodes, np.asarray(tail), np.asarray(head))
    return order_of_adjacency(first, near, _space(n_nodes, lon=lon, lat=lat, x=x, y=y))


def order_of_adjacency(first: Array, near: Array, space: Array) -> npt.NDArray[np.int32]:
    """Return the order of a simple undirected graph; `space` is (n_nodes, 0, 2 or 3)."""
    n = len(first) - 1
    order = np.arange(n, dtype=np.int32)
    space = np.ascontiguousarray(space, np.float64)
    parts = _dissect(first, near, space, order, 0, n, n // N_PARTS)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda part: _dissect(first, near, space, order, *part, 0), parts.tolist()))
    return order


def _space(
    n: int, *, lon: Array | None, lat: Array | None, x: Array | None, y: Array | None
) -> npt.NDArray[np.float64]:
    if lon is not None and lat is not None:
        east, north = np.radians(np.asarray(lon, float)), np.radians(np.asarray(lat, float))
        flat = np.cos(north)
        return np.column_stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)])
    if x is not None and y is not None:
        return np.column_stack([np.asarray(x, float), np.asarray(y, float)])
    return np.zeros((n, 0))


@numba.njit(cache=True, nogil=True)
def _dissect(
    first: Array, near: Array, space: Array, order: Array, begin: int, end: int, smallest: int
) -> Any:  # noqa: ANN401  # pragma: no cover - compiled
    """Reorder `order[begin:end]` in place: cut it, put the pieces in place, cut the pieces.

    Return begin and end of the pieces of at most `smallest` nodes, (n_pieces, 2), still to do.
    """
    local = np.full(len(order), -1, np.int32)
    stack = [(begin, end)]
    left = [(0, 0)]
    left.clear()
    while len(stack) > 0:
        begin, end = stack.pop()
        if end - begin < SIMPLE:
            continue
        if end - begin <= smallest:
            left.append((begin, end))
            continue
        part = order[begin:end].copy()
        side = cut_part(first, near, space, part, local)
        n_pieces = 0
        for v in range(len(part)):
            n_pieces = max(n_pieces, side[v] + 1)
        # pieces first, in turn; the separator (-1) last
        size = np.zeros(n_pieces + 2, np.int64)
        for v in range(len(part)):
            size[(side[v] if side[v] >= 0 else n_pieces) + 1] += 1
        for k in range(n_pieces + 1):
            size[k + 1] += size[k]
        at = size[:-1].copy()
        for v in range(len(part)):
            k = side[v] if side[v] >= 0 else n_pieces
            order[begin + at[k]] = part[v]
            at[k] += 1
        for k in range(n_pieces):
            if size[k + 1] - size[k] < len(part):
                stack.append((begin + size[k], begin + size[k + 1]))  # noqa: PERF401 - compiled
    found = np.empty((len(left), 2), np.int64)
    for k in range(len(left)):
        found[k, 0], found[k, 1] = left[k]
    return found
