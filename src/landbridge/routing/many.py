"""Many to many: climbs from the sources, then one sweep down to the targets for many lanes at once.

A sweep visits the ancestors of the targets only (RPHAST), by falling rank. Falling rank is a
preorder of the elimination tree: when a node is visited, its ancestors are the nodes visited last
at each smaller depth. So the sweep keeps one row per *depth*, of one number per lane (source):

    depth 0   ████████  root           row[d] = min over edges up from the node to depth k < d:
          1   ████████  ...                     row[k] + descend[edge]
          2   ████████  visited now
          3   ▒▒▒▒▒▒▒▒  left over from a node visited before; never read

The rows fit a core's own cache whatever the graph, and the inner loop runs along the lanes.
"""

from __future__ import annotations

import numba
import numpy as np

from landbridge.routing.query import climb_from
from landbridge.routing.shortest import Array

LANES = 64
"""Sources swept together: 8 rows of a cache line per node, and masks fit the widest registers."""


@numba.njit(cache=True, nogil=True)
def ancestors(ranks: Array, parent: Array) -> Array:  # pragma: no cover - compiled
    """Return `ranks` and all their ancestors, falling, without repetition."""
    seen = np.zeros(len(parent), np.bool_)
    size = 0
    for i in range(len(ranks)):
        v = ranks[i]
        while v >= 0 and not seen[v]:
            seen[v] = True
            size += 1
            v = parent[v]
    found = np.empty(size, np.int32)
    for v in range(len(parent)):
        if seen[v]:
            size -= 1
            found[size] = v
    return found


@numba.njit(cache=True, nogil=True)
def gather(
    visits: Array,
    n_nodes: int,
    targets: Array,
    depth: Array,
    up_first: Array,
    up_depth: Array,
    descend: Array,
) -> tuple[Array, Array, Array, Array, Array, Array]:  # pragma: no cover - compiled
    """Return the part of a hierarchy that a sweep reads, in the order it reads it.

    Returns
    -------
    Depth of each visited node, its first edge (one more at the end), depths and weights of the
    edges (those without a way left out), and per visit the first of its columns in the list of
    targets sorted by visit (one more at the end), and that list.
    """
    visit_of = np.full(n_nodes, -1, np.int32)
    n_edges = 0
    for k in range(len(visits)):
        visit_of[visits[k]] = k
        n_edges += up_first[visits[k] + 1] - up_first[visits[k]]
    at = np.empty(len(visits), np.int32)
    first = np.empty(len(visits) + 1, np.int64)
    edge_depth = np.empty(n_edges, up_depth.dtype)
    edge_weight = np.empty(n_edges, descend.dtype)
    size = 0
    for k in range(len(visits)):
        v = visits[k]
        at[k] = depth[v]
        first[k] = size
        for e in range(up_first[v], up_first[v + 1]):
            if descend[e] < np.inf:
                edge_depth[size] = up_depth[e]
                edge_weight[size] = descend[e]
                size += 1
    first[len(visits)] = size
    column_first = np.zeros(len(visits) + 1, np.int32)
    for j in range(len(targets)):
        column_first[visit_of[targets[j]] + 1] += 1
    for k in range(len(visits)):
        column_first[k + 1] += column_first[k]
    fill = column_first[:-1].copy()
    column = np.empty(len(targets), np.int32)
    for j in range(len(targets)):
        k = visit_of[targets[j]]
        column[fill[k]] = j
        fill[k] += 1
    return at, first, edge_depth[:size], edge_weight[:size], column_first, column


@numba.njit(cache=True, nogil=True)
def sweep(
    sources: Array,
    tree: Array,
    depth: Array,
    up_depth: Array,
    climb: Array,
    visits: Array,
    at: Array,
    first: Array,
    edge_depth: Array,
    edge_weight: Array,
    column_first: Array,
    column: Array,
    n_levels: int,
    result: Array,
) -> None:  # pragma: no cover - compiled
    """Write the weights from at most `LANES` sources (ranks) to all targets into `result`.

    `result` has shape (len(sources), n_targets).
    """
    n = len(sources)
    who = np.full((n_levels, LANES), -1, np.int32)
    start = np.full((n_levels, LANES), np.inf)
    one = np.empty(n_levels)
    for lane in range(n):
        v, d = sources[lane], depth[sources[lane]]
        climb_from(v, d, tree, up_depth, climb, one)
        while v >= 0:
            who[d, lane] = v
            start[d, lane] = one[d]
            v = tree[v, 1]
            d -= 1
    rows = np.full((n_levels, LANES), np.inf)
    now = np.empty(LANES)
    for k in range(len(visits)):
        v = visits[k]
        d = at[k]
        for lane in range(LANES):
            now[lane] = start[d, lane] if who[d, lane] == v else np.inf
        e, end = first[k], first[k + 1]
        while e + 3 < end:  # four edges at once: `now` is read and written once for all four
            w0, w1 = edge_weight[e], edge_weight[e + 1]
            w2, w3 = edge_weight[e + 2], edge_weight[e + 3]
            row0, row1 = rows[edge_depth[e]], rows[edge_depth[e + 1]]
            row2, row3 = rows[edge_depth[e + 2]], rows[edge_depth[e + 3]]
            for lane in range(LANES):
                new0, new1 = row0[lane] + w0, row1[lane] + w1
                new2, new3 = row2[lane] + w2, row3[lane] + w3
                new0 = min(new1, new0)
                new2 = min(new3, new2)
                new0 = min(new2, new0)
                old = now[lane]
                now[lane] = min(old, new0)
            e += 4
        while e < end:
            w0 = edge_weight[e]
            row0 = rows[edge_depth[e]]
            for lane in range(LANES):
                new0 = row0[lane] + w0
                old = now[lane]
                now[lane] = min(old, new0)
            e += 1
        for lane in range(LANES):
            rows[d, lane] = now[lane]
        for j in range(column_first[k], column_first[k + 1]):
            c = column[j]
            for lane in range(n):
                result[lane, c] = now[lane]
