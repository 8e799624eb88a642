"""Cutting one part of a graph: components, directions, and the least separator between its ends.

Used by `order`. Everything here works on a part numbered 0..m-1 with adjacency arrays of its own.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from landbridge.routing.shortest import Array

ENDS_SHARE = 0.25
"""Share of a part that is source, and that is sink, of the flow: the cut is this balanced."""
N_ANGLES = 4
WIDE = 0.9
"""A part whose mean point lies this near the globe's surface (of radius 1) is nearly flat."""
HOPS_FROM = 32
"""Parts of fewer nodes are not also cut by hops: directions do as well there."""


@numba.njit(cache=True, nogil=True)
def cut_part(
    first: Array, near: Array, space: Array, part: Array, local: Array
) -> Array:  # pragma: no cover - compiled
    """Return the piece that each node of `part` belongs to; -1 for the separator.

    A part in several components falls into these, without a separator. `local` is scratch of
    shape (n_nodes,), -1 throughout, and is left so.
    """
    m = len(part)
    start, other = _inside(first, near, part, local)
    piece, n_pieces, queue = _components(start, other)
    if n_pieces > 1:
        parts: Array = piece
        return parts
    side: Array = np.zeros(m, np.int32)
    least = m + 1
    ends = max(1, int(m * ENDS_SHARE))
    flow_in = np.empty(m, np.int32)
    flow_out = np.empty(m, np.int32)
    level = np.empty(2 * m, np.int32)
    work = np.empty(2 * m, np.int32)
    cursor = np.empty(2 * m, np.int32)
    is_end = np.empty(m, np.int8)
    flat, n_flat = _axes(space, part)
    n_hops = 1 if (m >= HOPS_FROM or n_flat == 0) else 0
    best_min = -1
    for k in range(n_flat + n_hops):
        key = flat[k] if k < n_flat else _hops_apart(start, other, queue)
        rank = np.argsort(key)
        is_end[:] = 0
        for i in range(ends):
            is_end[rank[i]] = 1
            is_end[rank[m - 1 - i]] = 2
        cut = _flow(start, other, is_end, rank, ends, flow_in, flow_out, level, work, cursor, least)
        if cut > least:
            continue
        n_left = 0
        for v in range(m):
            if level[2 * v + 1] >= 0:
                n_left += 1
        smaller = min(n_left, m - n_left - cut)
        if cut == least and smaller <= best_min:
            continue
        least, best_min = cut, smaller
        for v in range(m):
            if level[2 * v + 1] >= 0:
                side[v] = 0
            elif level[2 * v] >= 0:
                side[v] = -1
            else:
                side[v] = 1
    return side


@numba.njit(cache=True, nogil=True)
def _inside(
    first: Array, near: Array, part: Array, local: Array
) -> tuple[Array, Array]:  # pragma: no cover - compiled
    """Return the adjacency arrays of the subgraph of `part`, in its own numbers."""
    m = len(part)
    for v in range(m):
        local[part[v]] = v
    start = np.zeros(m + 1, np.int32)
    size = 0
    for v in range(m):
        for a in range(first[part[v]], first[part[v] + 1]):
            if local[near[a]] >= 0:
                size += 1
        start[v + 1] = size
    other = np.empty(size, np.int32)
    size = 0
    for v in range(m):
        for a in range(first[part[v]], first[part[v] + 1]):
            w = local[near[a]]
            if w >= 0:
                other[size] = w
                size += 1
    for v in range(m):
        local[part[v]] = -1
    return start, other


@numba.njit(cache=True, nogil=True)
def _components(
    start: Array, other: Array
) -> tuple[Array, int, Array]:  # pragma: no cover - compiled
    """Return the component of each node, how many there are, and the nodes as reached."""
    m = len(start) - 1
    piece = np.full(m, -1, np.int32)
    queue = np.empty(m, np.int32)
    n_pieces = 0
    done = 0
    for root in range(m):
        if piece[root] >= 0:
            continue
        piece[root] = n_pieces
        queue[done] = root
        size = done + 1
        while done < size:
            v = queue[done]
            done += 1
            for a in range(start[v], start[v + 1]):
                w = other[a]
                if piece[w] < 0:
                    piece[w] = n_pieces
                    queue[size] = w
                    size += 1
        n_pieces += 1
    return piece, n_pieces, queue


@numba.njit(cache=True, nogil=True)
def _axes(space: Array, part: Array) -> tuple[Array, int]:  # pragma: no cover - compiled
    """Return the place of each node of `part` along some directions, and how many these are."""
    m = len(part)
    width = space.shape[1]
    if width == 0:
        return np.empty((0, m)), 0
    flat = np.empty((N_ANGLES + 3, m))
    east = np.zeros(3)
    north = np.zeros(3)
    n_more = 0
    if width == 3:
        mean = np.zeros(3)
        for v in range(m):
            for k in range(3):
                mean[k] += space[part[v], k] / m
        if math.sqrt(mean[0] ** 2 + mean[1] ** 2 + mean[2] ** 2) < WIDE:
            n_more = 3
        across = math.hypot(mean[0], mean[1])
        if across < 1e-9:
            east[0] = 1.0
            north[1] = 1.0
        else:
            east[0], east[1] = -mean[1] / across, mean[0] / across
            north[0] = -mean[2] * east[1]
            north[1] = mean[2] * east[0]
            north[2] = mean[0] * east[1] - mean[1] * east[0]
            size = math.sqrt(north[0] ** 2 + north[1] ** 2 + north[2] ** 2)
            for k in range(3):
                north[k] /= size
    else:
        east[0] = 1.0
        north[1] = 1.0
    for angle in range(N_ANGLES):
        c, s = math.cos(math.pi * angle / N_ANGLES), math.sin(math.pi * angle / N_ANGLES)
        for v in range(m):
            place = 0.0
            for k in range(width):
                place += (c * east[k] + s * north[k]) * space[part[v], k]
            flat[angle, v] = place
    for k in range(n_more):
        for v in range(m):
            flat[N_ANGLES + k, v] = space[part[v], k]
    return flat, N_ANGLES + n_more


@numba.njit(cache=True, nogil=True)
def _hops(
    start: Array, other: Array, root: int
) -> tuple[Array, int]:  # pragma: no cover - compiled
    """Return the hops of every node from `root`, and a farthest node."""
    m = len(start) - 1
    hops = np.full(m, -1, np.int32)
    queue = np.empty(m, np.int32)
    hops[root] = 0
    queue[0] = root
    done, size = 0, 1
    while done < size:
        v = queue[done]
        done += 1
        for a in range(start[v], start[v + 1]):
            w = other[a]
            if hops[w] < 0:
                hops[w] = hops[v] + 1
                queue[size] = w
                size += 1
    return hops, queue[size - 1]


@numba.njit(cache=True, nogil=True)
def _hops_apart(start: Array, other: Array, queue: Array) -> Array:  # pragma: no cover - compiled
    """Return per node how much nearer (in hops) it is to one far end than to the other."""
    one = queue[len(queue) - 1]
    from_one, two = _hops(start, other, one)
    from_two, _ = _hops(start, other, two)
    apart: Array = (from_one - from_two).astype(np.float64)
    return apart


@numba.njit(cache=True, nogil=True)
def _flow(
    start: Array,
    other: Array,
    is_end: Array,
    rank: Array,
    ends: int,
    flow_in: Array,
    flow_out: Array,
    level: Array,
    work: Array,
    cursor: Array,
    most: int,
) -> int:  # pragma: no cover - compiled
    """Return the size of a least node separator between sources (1) and sinks (2) of `is_end`.

    Every node carries one path, so a flow is a predecessor and a successor per node: -1 none, -2
    the source or sink itself. States are 2v (entering v) and 2v + 1 (leaving v). Stops early
    once the flow exceeds `most`. In the end `level` is >= 0 for the states on the source's side.
    """
    m = len(start) - 1
    flow_in[:] = -1
    flow_out[:] = -1
    total = 0
    path = np.empty(2 * m + 2, np.int32)
    while True:
        # layers of states by breadth first search over what is left of the capacities
        level[:] = -1
        size = 0
        for i in range(ends):
            s = rank[i]
            level[2 * s] = 0
            if flow_in[s] == -1:
                level[2 * s + 1] = 0
                work[size] = 2 * s + 1
                size += 1
        done = 0
        reached = -1
        while done < size:
            state = work[done]
            done += 1
            v = state >> 1
            depth = level[state]
            if state & 1:
                if is_end[v] == 2:
                    reached = depth
                    break
                if flow_in[v] >= 0 and level[2 * v] < 0:
                    level[2 * v] = depth + 1
                    work[size] = 2 * v
                    size += 1
                for a in range(start[v], start[v + 1]):
                    w = other[a]
                    if is_end[w] == 1 or flow_out[v] == w or level[2 * w] >= 0:
                        continue
                    level[2 * w] = depth + 1
                    work[size] = 2 * w
                    if flow_in[w] == -1:
                        level[2 * w + 1] = depth + 1
                        work[size] = 2 * w + 1
                    size += 1
            else:
                u = flow_in[v]
                if u >= 0 and level[2 * u + 1] < 0:
                    level[2 * u + 1] = depth + 1
                    work[size] = 2 * u + 1
                    size += 1
        if reached < 0:
            return total
        # paths along the layers, none of whose states is tried twice
        for v in range(m):
            cursor[2 * v] = 0
            cursor[2 * v + 1] = start[v]
        for i in range(ends):
            s = rank[i]
            if flow_in[s] != -1:
                continue
            if _augment(start, other, is_end, flow_in, flow_out, level, cursor, path, 2 * s + 1):
                total += 1
                if total > most:
                    return total


@numba.njit(cache=True, nogil=True)
def _augment(
    start: Array,
    other: Array,
    is_end: Array,
    flow_in: Array,
    flow_out: Array,
    level: Array,
    cursor: Array,
    path: Array,
    root: int,
) -> bool:  # pragma: no cover - compiled
    """Send one more path from leaving state `root` to a sink; return whether there was one."""
    path[0] = root
    size = 1
    found = False
    while size > 0:
        state = path[size - 1]
        v = state >> 1
        depth = level[state]
        step = -1
        if state & 1:
            if is_end[v] == 2:
                found = True
                break
            while cursor[state] < start[v + 1]:
                w = other[cursor[state]]
                cursor[state] += 1
                if is_end[w] == 1 or flow_out[v] == w:
                    continue
                if flow_in[w] == -1:
                    if level[2 * w + 1] == depth + 1:
                        step = 2 * w + 1
                        break
                elif level[2 * w] == depth + 1:
                    step = 2 * w
                    break
            if step < 0 and cursor[state] == start[v + 1]:
                cursor[state] += 1
                if flow_in[v] >= 0 and level[2 * v] == depth + 1:
                    step = 2 * v
        elif cursor[state] == 0:
            cursor[state] = 1
            u = flow_in[v]
            if u >= 0 and level[2 * u + 1] == depth + 1:
                step = 2 * u + 1
        if step < 0:
            level[state] = -1
            size -= 1
            continue
        path[size] = step
        size += 1
    if not found:
        return False
    _lay(path, size, flow_in, flow_out, level)
    return True


@numba.njit(cache=True, nogil=True)
def _lay(
    path: Array, size: int, flow_in: Array, flow_out: Array, level: Array
) -> None:  # pragma: no cover - compiled
    """Write an augmenting path into predecessors and successors."""
    for k in range(size):
        level[path[k]] = -1
    v = path[0] >> 1
    flow_in[v] = -2
    k = 1
    while k < size:
        w = path[k] >> 1
        if path[k] & 1:  # w was free: v leads on to w
            flow_out[v] = w
            flow_in[w] = v
            v = w
            k += 1
        elif w == v:  # v gives up its path; its predecessor looks for another way
            u = flow_in[v]
            flow_in[v] = -1
            flow_out[v] = -1
            v = u
            k += 2
        else:  # v takes the rest of w's path over; w's predecessor looks for another way
            u = flow_in[w]
            flow_out[v] = w
            flow_in[w] = v
            v = u
            k += 2
    flow_out[v] = -2
