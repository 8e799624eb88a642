r"""Weights for a hierarchy: one pass over its triangles, or only over those that a change touches.

An edge (x, y), x below y, is as short as its original arcs or as the way over some z below both:

         y
       / |      climb[x,y]   = min(arcs x to y, over all z: descend[z,x] + climb[z,y])
      z  |      descend[x,y] = min(arcs y to x, over all z: descend[z,y] + climb[z,x])
       \ |
         x      "climb" goes to the higher end, "descend" comes from it

Taken by rising x, all edges below are final. Beside its weight every direction keeps a witness:
the original arc, or the edge (z, x) of the triangle that it goes over, and how many edges further
on (z, y) stands. Witnesses unpack paths, and tell which edges can change at all when one grows
longer: those that go over it.
"""

from __future__ import annotations

import numba
import numpy as np

from landbridge.routing.hierarchy import edge_between
from landbridge.routing.shortest import Array

NO_WITNESS = -2147483648
"""Witness of a direction with no way. Else an arc a is kept as ~a, and a lower edge as itself.

Witnesses (`via`) and steps (`step`), (2 m,), of edge e stand at 2 e for climbing, 2 e + 1 for
descending.
"""
STEP_BITS = 16


@numba.njit(cache=True, nogil=True)
def customize_ranges(
    begins: Array,
    ends: Array,
    up_first: Array,
    up_depth: Array,
    n_levels: int,
    down_first: Array,
    down_edge: Array,
    down_last: Array,
    edge_first: Array,
    edge_arc: Array,
    arc_edge: Array,
    weight: Array,
    climb: Array,
    descend: Array,
    via: Array,
    step: Array,
) -> None:  # pragma: no cover - compiled
    """Set weights and witnesses of all edges up from ranks `begins[k]` to `ends[k]`, in turn.

    `weight` (n_arcs,) are the original ones. Edges up from the descendants of these ranks must be
    final, or be set here before.
    """
    # heads of edges up from x, and from what is below it, are ancestors of x: one per depth. Rows
    # by depth stay in the nearest cache; a witness is one number, edge and step, until x is done
    up, down = np.empty(n_levels), np.empty(n_levels)
    up_by, down_by = np.empty(n_levels, np.int64), np.empty(n_levels, np.int64)
    for part in range(len(begins)):
        for x in range(begins[part], ends[part]):
            a, b = up_first[x], up_first[x + 1]
            for e in range(a, b):
                to_y, from_y = np.inf, np.inf
                to_by, from_by = NO_WITNESS, NO_WITNESS
                for k in range(edge_first[e], edge_first[e + 1]):
                    arc = edge_arc[k]
                    w = weight[arc]
                    if arc_edge[arc] >= 0:
                        if w < to_y:
                            to_y, to_by = w, ~arc
                    elif w < from_y:
                        from_y, from_by = w, ~arc
                d = up_depth[e]
                up[d], up_by[d] = to_y, to_by
                down[d], down_by[d] = from_y, from_by
            for k in range(down_first[x], down_first[x + 1]):
                zx = down_edge[k]
                to_x, from_x = climb[zx], descend[zx]
                if to_x == np.inf and from_x == np.inf:
                    continue
                code = (np.int64(zx) << STEP_BITS) - zx
                for zy in range(zx + 1, down_last[k]):
                    d = up_depth[zy]
                    new = from_x + climb[zy]
                    if new < up[d]:
                        up[d], up_by[d] = new, code + zy
                    new = descend[zy] + to_x
                    if new < down[d]:
                        down[d], down_by[d] = new, code + zy
            for e in range(a, b):
                d = up_depth[e]
                climb[e], descend[e] = up[d], down[d]
                via[2 * e], step[2 * e] = _apart(up_by[d])
                via[2 * e + 1], step[2 * e + 1] = _apart(down_by[d])


@numba.njit(cache=True, nogil=True)
def _apart(code: int) -> tuple[int, int]:  # pragma: no cover - compiled
    """Return witness and step: that of an arc, or of none, is negative and has no step."""
    if code < 0:
        return code, 0
    return code >> STEP_BITS, code & ((1 << STEP_BITS) - 1)


@numba.njit(cache=True, nogil=True)
def _best_way(
    e: int,
    up_head: Array,
    edge_tail: Array,
    down_first: Array,
    down_edge: Array,
    edge_first: Array,
    edge_arc: Array,
    arc_edge: Array,
    weight: Array,
    climb: Array,
    descend: Array,
) -> tuple[float, int, int, float, int, int]:  # pragma: no cover - compiled
    """Return weight, witness and step of edge `e` both ways, from its arcs and lower triangles."""
    x, y = edge_tail[e], up_head[e]
    up, down = np.inf, np.inf
    up_via, down_via = NO_WITNESS, NO_WITNESS
    for k in range(edge_first[e], edge_first[e + 1]):
        arc = edge_arc[k]
        w = weight[arc]
        if arc_edge[arc] >= 0:
            if w < up:
                up, up_via = w, ~arc
        elif w < down:
            down, down_via = w, ~arc
    up_step, down_step = 0, 0
    # both lists rise by the lower end, so one walk along them meets all common ones
    i, i_end = down_first[x], down_first[x + 1]
    j, j_end = down_first[y], down_first[y + 1]
    while i < i_end and j < j_end:
        zx, zy = down_edge[i], down_edge[j]
        a, b = edge_tail[zx], edge_tail[zy]
        if a < b:
            i += 1
        elif b < a:
            j = _first_from(down_edge, edge_tail, j, j_end, a)
        else:
            new = descend[zx] + climb[zy]
            if new < up:
                up, up_via, up_step = new, zx, zy - zx
            new = descend[zy] + climb[zx]
            if new < down:
                down, down_via, down_step = new, zx, zy - zx
            i += 1
            j += 1
    return up, up_via, up_step, down, down_via, down_step


@numba.njit(cache=True, nogil=True)
def _first_from(
    down_edge: Array, edge_tail: Array, j: int, end: int, low: int
) -> int:  # pragma: no cover - compiled
    """Return the first position from `j` on whose edge has a lower end of `low` or more."""
    stride = 1
    while j + stride < end and edge_tail[down_edge[j + stride]] < low:
        j += stride
        stride <<= 1
    last = min(end, j + stride)
    while j < last:
        middle = (j + last) >> 1
        if edge_tail[down_edge[middle]] < low:
            j = middle + 1
        else:
            last = middle
    return j


@numba.njit(cache=True, nogil=True)
def customize_changed(
    arcs: Array,
    up_first: Array,
    up_head: Array,
    edge_tail: Array,
    down_first: Array,
    down_edge: Array,
    edge_first: Array,
    edge_arc: Array,
    arc_edge: Array,
    weight: Array,
    climb: Array,
    descend: Array,
    via: Array,
    step: Array,
    queued: Array,
) -> int:  # pragma: no cover - compiled
    """Make weights and witnesses right again after `weight[arcs]` changed; return edges looked at.

    Edges are taken by rising number from a queue: an edge is looked at after all edges that it
    may go over. `queued` (n_edges,) bool is scratch, all False, and is left so.
    """
    heap = [0]
    heap.clear()
    for k in range(len(arcs)):
        e = arc_edge[arcs[k]]
        e = e if e >= 0 else ~e
        if e < len(up_head) and not queued[e]:
            queued[e] = True
            _heap_push(heap, e)
    looked_at = 0
    while len(heap) > 0:
        e = _heap_pop(heap)
        queued[e] = False
        looked_at += 1
        up, up_via, up_step, down, down_via, down_step = _best_way(
            e,
            up_head,
            edge_tail,
            down_first,
            down_edge,
            edge_first,
            edge_arc,
            arc_edge,
            weight,
            climb,
            descend,
        )
        up_before, down_before = climb[e], descend[e]
        climb[e], via[2 * e], step[2 * e] = up, up_via, up_step
        descend[e], via[2 * e + 1], step[2 * e + 1] = down, down_via, down_step
        if up == up_before and down == down_before:
            continue
        # e = (x, y) is a lower side of the triangles x, y, w for every other upper end w of x
        x = edge_tail[e]
        for other in range(up_first[x], up_first[x + 1]):
            if other == e:
                continue
            low, high = (other, e) if other < e else (e, other)
            top = edge_between(up_first, up_head, up_head[low], up_head[high])
            if queued[top]:
                continue
            new_up = descend[low] + climb[high]
            new_down = descend[high] + climb[low]
            if (
                new_up < climb[top]
                or new_down < descend[top]
                or (via[2 * top] == low and new_up != climb[top])
                or (via[2 * top + 1] == low and new_down != descend[top])
            ):
                queued[top] = True
                _heap_push(heap, top)
    return looked_at


@numba.njit(cache=True, nogil=True)
def _heap_push(heap: list[int], item: int) -> None:  # pragma: no cover - compiled
    heap.append(item)
    i = len(heap) - 1
    while i > 0:
        p = (i - 1) >> 1
        if heap[p] <= item:
            break
        heap[i] = heap[p]
        i = p
    heap[i] = item


@numba.njit(cache=True, nogil=True)
def _heap_pop(heap: list[int]) -> int:  # pragma: no cover - compiled
    least = heap[0]
    item = heap.pop()
    n = len(heap)
    if n == 0:
        return least
    i = 0
    while True:
        c = 2 * i + 1
        if c >= n:
            break
        if c + 1 < n and heap[c + 1] < heap[c]:
            c += 1
        if heap[c] >= item:
            break
        heap[i] = heap[c]
        i = c
    heap[i] = item
    return least
