"""Tables of a rule: how far it is to and from the places through which every path must pass.

A rule of ordered sets leads every path through its last set: through one of its *transit states*
(node, half and step just after the set was met). Least weights from every state before them, and
from them to every state behind, depend on no request. With both in tables a request knows at once
what its best path weighs at least, and a search has almost perfect bounds (transit-node routing:
Bast, Funke, Matijevic, Sanders and Schultes 2007; here the transit nodes are given by the rule).

    doors --> [ steps 0 .. top ] --> transit state --> [ last step ] --> doors
                `Transit.before`                       `Transit.behind`

How a request uses them: `approach`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.routing.backward import turned_of
from landbridge.routing.heap import pop, push
from landbridge.routing.lanes import lanes_of
from landbridge.routing.native import Kernel, kernel
from landbridge.routing.product import (
    FIRST_HEAP,
    HEAP_FULL,
    ProductGraph,
    ProductWeights,
    frozen,
)

Array = npt.NDArray[Any]


@kernel(
    "int, int, int, int, int, int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], "
    "int64[:], int64[:], int64[:], int64[:], int64[:], float32[:], float64[:], float64[:], "
    "float64[:], int8[:,:], int8[:,:], int8[:,:], int8[:,:], float64[:], float64[:], int64[:]",
    helpers=(push, pop),
)
def _before(
    n: int,
    top: int,
    entry_node: int,
    entry_half: int,
    entry_step: int,
    back_first: Array,
    back_tail: Array,
    back_arc: Array,
    back_first_ride: Array,
    back_ride_tail: Array,
    back_ride: Array,
    node_block: Array,
    block_first: Array,
    place: Array,
    node_at: Array,
    lane_first: Array,
    lane_length: Array,
    arc_weight: Array,
    ride_weight: Array,
    block_weight: Array,
    arc_next: Array,
    ride_next: Array,
    node_next: Array,
    block_next: Array,
    least: Array,
    heap_key: Array,
    heap_item: Array,
) -> int:  # pragma: no cover - compiled
    """Fill `least` ((top + 1) 2 n,), inf so far: weight from state (2 step + half) n + node."""
    room = len(heap_key)
    size = push(heap_key, heap_item, 0, 0.0, -1)
    while size > 0:
        key = heap_key[0]
        state = heap_item[0]
        size = pop(heap_key, heap_item, size)
        if state < 0:
            head, half, after = entry_node, entry_half, entry_step
        else:
            if key > least[state]:
                continue
            layer = state // n
            head = state - layer * n
            half = layer & 1
            after = layer >> 1
        steps = min(after, top) + 1
        if half == 0:
            for k in range(back_first[head], back_first[head + 1]):
                tail = back_tail[k]
                if tail >= n:
                    continue
                arc = back_arc[k]
                new = key + arc_weight[arc]
                for step in range(steps):
                    to = (2 * step + 1) * n + tail
                    if new >= least[to]:
                        continue
                    met = arc_next[arc, step]
                    if met < 0 or node_next[head, met] != after:
                        continue
                    least[to] = new
                    if size == room:
                        return -2
                    size = push(heap_key, heap_item, size, new, to)
        else:
            block = node_block[head]
            for step in range(steps if block >= 0 else 0):
                if block_next[block, step] < 0 or node_next[head, step] != after:
                    continue
                begin = block_first[block]
                count = block_first[block + 1] - begin
                row = lane_first[block] + (place[head] - begin) * count
                for m in range(count):
                    tail = node_at[begin + m]
                    if tail >= n:
                        continue
                    new = key + lane_length[row + m] * block_weight[block]
                    to = 2 * step * n + tail
                    if new < least[to]:
                        least[to] = new
                        if size == room:
                            return -2
                        size = push(heap_key, heap_item, size, new, to)
            for k in range(back_first_ride[head], back_first_ride[head + 1]):
                tail = back_ride_tail[k]
                ride = back_ride[k]
                new = key + ride_weight[ride]
                for step in range(steps):
                    to = 2 * step * n + tail
                    if new >= least[to]:
                        continue
                    met = ride_next[ride, step]
                    if met < 0 or node_next[head, met] != after:
                        continue
                    least[to] = new
                    if size == room:
                        return -2
                    size = push(heap_key, heap_item, size, new, to)
    return 0


@kernel(
    "int, int, int, int, int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], "
    "int64[:], int64[:], float32[:], float64[:], float64[:], float64[:], int8[:,:], int8[:,:], "
    "int8[:,:], int8[:,:], float64[:], float64[:], int64[:]",
    helpers=(push, pop),
)
def _behind(
    n: int,
    entry_node: int,
    entry_half: int,
    entry_step: int,
    first_arc: Array,
    arc_head: Array,
    first_ride: Array,
    ride_head: Array,
    node_block: Array,
    block_first: Array,
    place: Array,
    node_at: Array,
    lane_first: Array,
    lane_length: Array,
    arc_weight: Array,
    ride_weight: Array,
    block_weight: Array,
    arc_next: Array,
    ride_next: Array,
    node_next: Array,
    block_next: Array,
    least: Array,
    heap_key: Array,
    heap_item: Array,
) -> int:  # pragma: no cover - compiled
    """Fill `least` (n_steps 2 n,), inf so far: weight to state (2 step + half) n + node."""
    room = len(heap_key)
    start = (2 * entry_step + entry_half) * n + entry_node
    least[start] = 0.0
    size = push(heap_key, heap_item, 0, 0.0, start)
    while size > 0:
        key = heap_key[0]
        state = heap_item[0]
        size = pop(heap_key, heap_item, size)
        if key > least[state]:
            continue
        layer = state // n
        node = state - layer * n
        step = layer >> 1
        if layer & 1:
            for arc in range(first_arc[node], first_arc[node + 1]):
                head = arc_head[arc]
                after = arc_next[arc, step]
                if head >= n or after < 0:
                    continue
                after = node_next[head, after]
                if after < 0:
                    continue
                new = key + arc_weight[arc]
                to = 2 * after * n + head
                if new < least[to]:
                    least[to] = new
                    if size == room:
                        return -2
                    size = push(heap_key, heap_item, size, new, to)
        else:
            block = node_block[node]
            if block >= 0 and block_next[block, step] >= 0:
                begin = block_first[block]
                count = block_first[block + 1] - begin
                row = lane_first[block] + (place[node] - begin) * count
                for m in range(count):
                    head = node_at[begin + m]
                    if head >= n:
                        continue
                    after = node_next[head, step]
                    if after < 0:
                        continue
                    new = key + lane_length[row + m] * block_weight[block]
                    to = (2 * after + 1) * n + head
                    if new < least[to]:
                        least[to] = new
                        if size == room:
                            return -2
                        size = push(heap_key, heap_item, size, new, to)
            for ride in range(first_ride[node], first_ride[node + 1]):
                head = ride_head[ride]
                after = ride_next[ride, step]
                if after < 0:
                    continue
                after = node_next[head, after]
                if after < 0:
                    continue
                new = key + ride_weight[ride]
                to = (2 * after + 1) * n + head
                if new < least[to]:
                    least[to] = new
                    if size == room:
                        return -2
                    size = push(heap_key, heap_item, size, new, to)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Transit:
    """The tables of one rule on one network with one set of weights, rounded down.

    `before` (2 n_sets n, n_ways) is the weight from state `(2 step + half) n + node` to each
    transit state, for the steps before the last; `behind` (2 n, n_ways) that from each transit
    state to `half n + node` in the last step. Nodes are the `n` that all requests share.
    """

    n: int
    before: Array
    behind: Array

    @property
    def n_bytes(self) -> int:
        """How much memory the tables take."""
        return self.before.nbytes + self.behind.nbytes


def transit_of(graph: ProductGraph, weights: ProductWeights, *, n: int) -> Transit:
    """Return the tables of a rule.

    Parameters
    ----------
    graph, weights
        Those of any request: its own nodes, from `n` on, and its ends are not looked at.
    """
    lanes = graph.lanes or lanes_of(graph)
    n_steps = weights.node_next.shape[1]
    last = n_steps - 1
    back = graph.turned or turned_of(graph)
    shared = (
        graph.node_block, graph.block_first, lanes.place, lanes.node, lanes.first, lanes.length,
        weights.arc_weight, weights.ride_weight, weights.block_weight, weights.arc_next,
        weights.ride_next, weights.node_next, weights.block_next,
    )  # fmt: skip
    around = (
        back.first_arc, back.arc_tail, back.arc_order,
        back.first_ride, back.ride_tail, back.ride_order,
    )  # fmt: skip
    adjacency = graph.first_arc, graph.arc_head, graph.first_ride, graph.ride_head
    before, behind = [], []
    for node, half in _entries(graph, weights, n):
        least = _filled(2 * last * n, _before, n, last - 1, node, half, last, *around, *shared)
        if np.isfinite(least).any():
            before.append(_lowered(least))
            onwards = _filled(2 * n_steps * n, _behind, n, node, half, last, *adjacency, *shared)
            behind.append(_lowered(onwards[-2 * n :]))
    n_ways = len(before)
    return Transit(
        n=n,
        before=frozen(np.array(before, np.float32).reshape(n_ways, 2 * last * n).T),
        behind=frozen(np.array(behind, np.float32).reshape(n_ways, 2 * n).T),
    )


def _filled(size: int, kernel: Kernel, *given: Any) -> Array:  # noqa: ANN401 - as kernels take it
    """Return what a kernel fills, with as large a heap as it takes."""
    room = FIRST_HEAP
    while True:
        least = np.full(size, np.inf)
        if kernel(*given, least, np.empty(room), np.empty(room, np.int64)) != HEAP_FULL:
            return least
        room *= 4


def _entries(graph: ProductGraph, weights: ProductWeights, n: int) -> list[tuple[int, int]]:
    """Return the states (node, half) in which a path is that has just come to the last step."""
    node_next, last = weights.node_next, weights.node_next.shape[1] - 1
    tail = np.repeat(np.arange(graph.n_nodes), np.diff(graph.first_arc))
    found: set[tuple[int, int]] = set()
    for step in range(last):
        found.update((node, 1) for node in np.flatnonzero(node_next[:n, step] == last).tolist())
        for head, after, is_shared, half in (
            (graph.arc_head, weights.arc_next[:, step], (graph.arc_head < n) & (tail < n), 0),
            (graph.ride_head, weights.ride_next[:, step], True, 1),
        ):
            met = (after >= 0) & is_shared & (node_next[head, after] == last)
            found.update((node, half) for node in head[met].tolist())
    return sorted(found)


def _lowered(weight: Array) -> Array:
    """Return weights as 32-bit floats, rounded down; inf stays."""
    near = weight.astype(np.float32)
    return np.where(np.isfinite(weight), np.nextafter(near, np.float32(-np.inf)), near)
