"""One pair: two climbs up the elimination tree, and the way unpacked to original arcs.

All nodes that a climb from v meets are ancestors of v, one per depth: distances of a climb stand
in a row indexed by depth, a few kilobytes whatever the size of the graph, and need no clearing.
The two rows meet in the ancestors that both ends share.
"""

from __future__ import annotations

import numba
import numpy as np

from landbridge.routing.shortest import Array

DENSE_FROM = 8
"""From so many edges on it pays to ask whether a node is joined to all of a run of ancestors."""


@numba.njit(cache=True, nogil=True)
def _relax(
    here: float, a: int, b: int, up_depth: Array, weight: Array, row: Array
) -> None:  # pragma: no cover - compiled
    """Lower `row` by the edges a to b from a node of weight `here`, without branches."""
    if b - a > DENSE_FROM and up_depth[a] - up_depth[b - 1] == b - a - 1:
        low = up_depth[b - 1]
        for i in range(b - a):
            new = here + weight[b - 1 - i]
            old = row[low + i]
            row[low + i] = min(old, new)
    else:
        for e in range(a, b):
            k = up_depth[e]
            new = here + weight[e]
            old = row[k]
            row[k] = min(old, new)


@numba.njit(cache=True, nogil=True)
def _relax_via(
    here: float, a: int, b: int, up_depth: Array, weight: Array, row: Array, via: Array
) -> None:  # pragma: no cover - compiled
    """Lower `row` by the edges a to b, and keep in `via` which edge set an entry last."""
    for e in range(a, b):
        k = up_depth[e]
        new = here + weight[e]
        if new < row[k]:
            row[k] = new
            via[k] = e


@numba.njit(cache=True, nogil=True)
def climb_from(
    v: int, d: int, tree: Array, up_depth: Array, weight: Array, row: Array
) -> None:  # pragma: no cover - compiled
    """Fill `row` up to v's depth `d` with the weights of the best climbs from v to its ancestors.

    `weight` is that of the edges: `climb` for ways from v, `descend` for ways to v.
    """
    row[:d] = np.inf
    row[d] = 0.0
    while v >= 0:
        if row[d] < np.inf:
            _relax(row[d], tree[v, 0], tree[v + 1, 0], up_depth, weight, row)
        v = tree[v, 1]
        d -= 1


@numba.njit(cache=True, nogil=True)
def _last_common(s: int, t: int, tree: Array) -> int:  # pragma: no cover - compiled
    """Return the deepest common ancestor of two ranks, -1 if they have none."""
    while s != t:
        # ranks rise along the way to the root, so the lower of the two has not arrived
        if s < t:
            s = tree[s, 1]
            if s < 0:
                return -1
        else:
            t = tree[t, 1]
            if t < 0:
                return -1
    return s


@numba.njit(cache=True, nogil=True)
def pair_weight(
    s: int, t: int, tree: Array, depth: Array, up_depth: Array, climb: Array, descend: Array
) -> float:  # pragma: no cover - compiled
    """Return the least weight from rank s to rank t, inf where there is no way."""
    best = np.inf
    common = _last_common(s, t, tree)
    if common < 0:
        return best
    # the depth falls by one with every step of a walk
    d, k = depth[s], depth[t]
    up = np.full(d + 1, np.inf)
    down = np.full(k + 1, np.inf)
    up[d] = 0.0
    down[k] = 0.0
    while s != common:
        if up[d] < np.inf:
            _relax(up[d], tree[s, 0], tree[s + 1, 0], up_depth, climb, up)
        s = tree[s, 1]
        d -= 1
    while t != common:
        if down[k] < np.inf:
            _relax(down[k], tree[t, 0], tree[t + 1, 0], up_depth, descend, down)
        t = tree[t, 1]
        k -= 1
    v = common
    while v >= 0:
        from_s, to_t = up[d], down[d]
        best = min(best, from_s + to_t)
        # a climb of `best` or more leads to nothing better
        if from_s < best:
            _relax(from_s, tree[v, 0], tree[v + 1, 0], up_depth, climb, up)
        if to_t < best:
            _relax(to_t, tree[v, 0], tree[v + 1, 0], up_depth, descend, down)
        v = tree[v, 1]
        d -= 1
    return best


@numba.njit(cache=True, nogil=True)
def pair_path(
    s: int,
    t: int,
    tree: Array,
    depth: Array,
    up_depth: Array,
    edge_tail: Array,
    climb: Array,
    descend: Array,
    via: Array,
    step: Array,
) -> tuple[float, Array]:  # pragma: no cover - compiled
    """Return the least weight from rank s to rank t and the original arcs of a best way."""
    best, meet = np.inf, -1
    arcs = np.empty(512, np.int32)
    common = _last_common(s, t, tree)
    if common < 0:
        return best, arcs[:0]
    up = np.full(depth[s] + 1, np.inf)
    down = np.full(depth[t] + 1, np.inf)
    up_via = np.full(depth[s] + 1, -1, np.int32)
    down_via = np.full(depth[t] + 1, -1, np.int32)
    up[depth[s]] = 0.0
    down[depth[t]] = 0.0
    v, d = s, depth[s]
    while v != common:
        if up[d] < np.inf:
            _relax_via(up[d], tree[v, 0], tree[v + 1, 0], up_depth, climb, up, up_via)
        v = tree[v, 1]
        d -= 1
    v, d = t, depth[t]
    while v != common:
        if down[d] < np.inf:
            _relax_via(down[d], tree[v, 0], tree[v + 1, 0], up_depth, descend, down, down_via)
        v = tree[v, 1]
        d -= 1
    while v >= 0:
        from_s, to_t = up[d], down[d]
        if from_s + to_t < best:
            best, meet = from_s + to_t, d
        if from_s < best:
            _relax_via(from_s, tree[v, 0], tree[v + 1, 0], up_depth, climb, up, up_via)
        if to_t < best:
            _relax_via(to_t, tree[v, 0], tree[v + 1, 0], up_depth, descend, down, down_via)
        v = tree[v, 1]
        d -= 1
    if meet < 0:
        return best, arcs[:0]
    # edges still to unpack, those next on the way last: 2e climbs, 2e + 1 descends
    todo = np.empty(256, np.int64)
    n = 0
    d = meet
    while down_via[d] >= 0:
        todo[n] = 2 * down_via[d] + 1
        n += 1
        d = depth[edge_tail[down_via[d]]]
        if n + 2 > len(todo):
            todo = np.concatenate((todo, todo))
    todo[:n] = todo[:n][::-1].copy()
    d = meet
    while up_via[d] >= 0:
        todo[n] = 2 * up_via[d]
        n += 1
        d = depth[edge_tail[up_via[d]]]
        if n + 2 > len(todo):
            todo = np.concatenate((todo, todo))
    size = 0
    while n > 0:
        n -= 1
        code = todo[n]
        witness = via[code]
        if witness < 0:
            if size == len(arcs):
                arcs = np.concatenate((arcs, arcs))
            arcs[size] = ~witness
            size += 1
            continue
        if n + 2 > len(todo):
            todo = np.concatenate((todo, todo))
        # down from one end to the lowest corner of the triangle, then up to the other
        rest = step[code]
        is_down = code & 1
        todo[n] = 2 * (witness + (0 if is_down else rest))
        todo[n + 1] = 2 * (witness + (rest if is_down else 0)) + 1
        n += 2
    return best, arcs[:size].copy()
