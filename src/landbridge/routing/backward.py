"""Least weights from everywhere to some ends of a product graph, whatever the rule.

One search over the whole graph, backwards; its dense runs are what costs. In Dijkstra's order each
member of a block would look at all the others one by one, and the heap would take most of the time.
So blocks stand in the heap, not nodes: when a block's turn comes, all its members that got nearer
since are gone through, row by row without a branch, and what gets nearer later is gone through
again (a fifth of the rows). The result is that of Dijkstra's method to the last bit: the
least of the sums along all paths, each added up from its end.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from landbridge.routing.heap import pop, push
from landbridge.routing.lanes import lanes_of
from landbridge.routing.native import kernel

if TYPE_CHECKING:
    from landbridge.routing.product import ProductGraph, ProductWeights

Array = npt.NDArray[Any]
HEAP_FULL = -2


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """Sparse arcs and rides of a product graph by their heads; all read-only.

    Those that end at node v stand at `first_arc[v]:first_arc[v + 1]`: they begin at `arc_tail` and
    are `arc_order` in the graph's own order. So with rides.
    """

    first_arc: Array
    arc_tail: Array
    arc_order: Array
    first_ride: Array
    ride_tail: Array
    ride_order: Array


def turned(n: int, first: Array, head: Array) -> tuple[Array, Array, Array]:
    """Return adjacency arrays with every arc turned round, and the order of the old arcs."""
    tail = np.repeat(np.arange(n), np.diff(first))
    order = np.argsort(head, kind="stable")
    back = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(head, minlength=n), out=back[1:])
    return back, tail[order], order


def _onward(
    node: int,
    here: float,
    first_arc: Array,
    arc_tail: Array,
    arc_weight: Array,
    place: Array,
    group: Array,
    arriving: Array,
    is_fresh: Array,
    waits: Array,
    heap_key: Array,
    heap_item: Array,
    size: int,
) -> int:
    """Take the arcs that lead to a node's departing half; return the heap's size."""
    for arc in range(first_arc[node], first_arc[node + 1]):
        tail = arc_tail[arc]
        new = here + arc_weight[arc]
        at = place[tail]
        if new < arriving[at]:
            arriving[at] = new
            is_fresh[at] = 1
            own = group[tail]
            if new < waits[own]:
                waits[own] = new
                if size == len(heap_key):
                    return -2
                size = push(heap_key, heap_item, size, new, own)
    return size


@kernel(
    "int64[:], int64[:], float64[:], int64[:], int64[:], float64[:], int64[:], int64[:], "
    "int64[:], int64[:], int64[:], float32[:], float64[:], float64[:], float64[:], float64[:], "
    "int8[:], float64[:], float64[:], int64[:]",
    helpers=(push, pop, _onward),
)
def _spread(
    first_arc: Array,
    arc_tail: Array,
    arc_weight: Array,
    first_ride: Array,
    ride_tail: Array,
    ride_weight: Array,
    place: Array,
    node_at: Array,
    group: Array,
    block_first: Array,
    lane_first: Array,
    lane_length: Array,
    block_weight: Array,
    arriving: Array,
    departing: Array,
    told: Array,
    is_fresh: Array,
    waits: Array,
    heap_key: Array,
    heap_item: Array,
) -> int:  # pragma: no cover - compiled
    """Spread what `arriving` holds; return 0 or `HEAP_FULL`.

    Groups are the blocks, then one for each node: that of a node in no block. `arriving` and
    `departing` go by places; `told` is what arcs were last taken with, `waits` (n_groups,) the
    least of a group's fresh members.
    """
    n_blocks = len(block_weight)
    size = 0
    for at in range(len(place)):
        if arriving[at] < np.inf:
            is_fresh[at] = 1
            own = group[node_at[at]]
            if arriving[at] < waits[own]:
                waits[own] = arriving[at]
                if size == len(heap_key):
                    return -2
                size = push(heap_key, heap_item, size, arriving[at], own)
    while size > 0:
        key = heap_key[0]
        own = heap_item[0]
        size = pop(heap_key, heap_item, size)
        if key > waits[own]:
            continue
        waits[own] = np.inf
        if own < n_blocks:
            begin, end = block_first[own], block_first[own + 1]
        else:
            begin = place[own - n_blocks]
            end = begin + 1
        count = end - begin
        reached = departing[begin:end]
        for member in range(count):
            at = begin + member
            if is_fresh[at] == 0:
                continue
            is_fresh[at] = 0
            here = arriving[at]
            if own < n_blocks:
                weight = block_weight[own]
                first = lane_first[own] + member * count
                lane = lane_length[first : first + count]
                for m in range(count):
                    new = here + lane[m] * weight
                    old = reached[m]
                    reached[m] = min(old, new)
            node = node_at[at]
            for ride in range(first_ride[node], first_ride[node + 1]):
                tail = ride_tail[ride]
                new = here + ride_weight[ride]
                to = place[tail]
                if new < departing[to]:
                    departing[to] = new
                    told[to] = new
                    size = _onward(
                        tail, new, first_arc, arc_tail, arc_weight, place, group, arriving,
                        is_fresh, waits, heap_key, heap_item, size,
                    )  # fmt: skip
                    if size < 0:
                        return -2
        for at in range(begin, end):
            if departing[at] < told[at]:
                told[at] = departing[at]
                size = _onward(
                    node_at[at], told[at], first_arc, arc_tail, arc_weight, place, group, arriving,
                    is_fresh, waits, heap_key, heap_item, size,
                )  # fmt: skip
                if size < 0:
                    return -2
    return 0


class _Heap(threading.local):
    """Room for the entries of one search per thread: made once, grown when needed."""

    def __init__(self) -> None:
        self.rows = np.empty(1 << 15), np.empty(1 << 15, np.int64)


_heap = _Heap()


def behind(graph: ProductGraph, weights: ProductWeights, ends: Array, end_weight: Array) -> Array:
    """Return the least weight from every half node to any of some ends, whatever the rule.

    Shape (2 n_nodes,) as of `lower_bounds`. `ends` are nodes in their arriving half.
    """
    n, n_blocks = graph.n_nodes, len(graph.block_offset)
    lanes, back = graph.lanes or lanes_of(graph), graph.turned or turned_of(graph)
    group = np.where(graph.node_block >= 0, graph.node_block, np.arange(n_blocks, n_blocks + n))
    least = np.full(n, np.inf)
    np.minimum.at(least, ends, end_weight)
    arc_weight = weights.arc_weight[back.arc_order]
    ride_weight = weights.ride_weight[back.ride_order]
    while True:
        arriving, departing, told = least[lanes.node], np.full(n, np.inf), np.full(n, np.inf)
        done = _spread(
            back.first_arc, back.arc_tail, arc_weight, back.first_ride, back.ride_tail, ride_weight,
            lanes.place, lanes.node, group, graph.block_first, lanes.first,
            lanes.length, weights.block_weight, arriving, departing, told, np.zeros(n, np.int8),
            np.full(n_blocks + n, np.inf), *_heap.rows,
        )  # fmt: skip
        if done != HEAP_FULL:
            break
        room = 4 * len(_heap.rows[0])
        _heap.rows = np.empty(room), np.empty(room, np.int64)
    bound = np.empty((n, 2))
    bound[lanes.node, 0], bound[lanes.node, 1] = departing, arriving
    bound *= 1.0 - 1e-12
    bound.flags.writeable = False
    return bound.reshape(-1)


def turned_of(graph: ProductGraph) -> Turned:
    """Return the arcs and rides of a graph by their heads."""
    arcs = turned(graph.n_nodes, graph.first_arc, graph.arc_head)
    rides = turned(graph.n_nodes, graph.first_ride, graph.ride_head)
    return Turned(
        first_arc=arcs[0],
        arc_tail=arcs[1],
        arc_order=arcs[2],
        first_ride=rides[0],
        ride_tail=rides[1],
        ride_order=rides[2],
    )
