"""Tables of a rule: how far it is to and from the places through which every path must pass.

A rule of ordered sets leads every path through its last set: through one of its *transit states*
(node, half and step just after the set was met). Least weights from every state before them, and
from them to every state behind, depend on no request. With both in tables a request knows at once
what its best path weighs at least, and a search has almost perfect bounds (transit-node routing:
Bast, Funke, Matijevic, Sanders and Schultes 2007; here the transit nodes are given by the rule).

    doors --> [ steps 0 .. top ] --> transit state --> [ last step ] --> doors
                `Transit.before`                       `Transit.behind`

Nodes that a request adds to the network are in no table. What they may shorten is bounded, never
overlooked: see `Approach`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.routing.backward import turned_of
from landbridge.routing.heap import pop, push
from landbridge.routing.labelling import Approach, rule_bound
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
SAFE = 1.0 - 1e-9
"""Sums in another order differ by less."""
LIKELY = 1.0 + 1e-6
"""Tables of 32-bit floats are short by less."""


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


@kernel(
    "int, int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], "
    "int64[:], int64[:], int64[:], float32[:], float64[:], float64[:], int8[:,:], int8[:,:], "
    "int8[:,:], int64[:], float64[:], int64[:], float64[:], float64[:], float32[:,:], "
    "float32[:,:], float64[:], float64[:], float64[:], float64[:]",
    helpers=(rule_bound,),
)
def _approach(
    n: int,
    first_arc: Array,
    arc_head: Array,
    into_arc: Array,
    into_tail: Array,
    touched: Array,
    own_first: Array,
    own_node: Array,
    block_first: Array,
    place: Array,
    node_at: Array,
    lane_first: Array,
    lane_length: Array,
    arc_weight: Array,
    block_weight: Array,
    arc_next: Array,
    node_next: Array,
    block_next: Array,
    source_node: Array,
    source_weight: Array,
    target_node: Array,
    target_weight: Array,
    bound: Array,
    before: Array,
    behind: Array,
    ahead: Array,
    cap: Array,
    left_own: Array,
    found: Array,
) -> int:  # pragma: no cover - compiled
    """Fill `ahead`, `cap` and `found`: `Approach.least` and `likely`; all inf so far.

    Nodes from `n` on are those of the request; `into_*` are the arcs that lead to them from
    others; block `touched[b]` has `own_node[own_first[b]:own_first[b + 1]]` of them. `left_own`
    (n_own,) is room. `bound` goes by places, departing halves first.
    """
    n_all = len(place)
    n_ways = len(ahead)
    last = len(cap)
    for t in range(len(target_node)):
        node = target_node[t]
        if node < n:
            for k in range(n_ways):
                ahead[k] = min(ahead[k], behind[n + node, k] + target_weight[t])
    for i in range(len(into_arc)):
        arc = into_arc[i]
        more = arc_weight[arc] + bound[place[arc_head[arc]]]
        for k in range(n_ways):
            ahead[k] = min(ahead[k], behind[n + into_tail[i], k] + more)
    for b in range(len(touched)):
        block = touched[b]
        if block_next[block, last] < 0:
            continue
        begin = block_first[block]
        count = block_first[block + 1] - begin
        for m in range(count):
            node = node_at[begin + m]
            if node >= n:
                continue
            more = np.inf
            for i in range(own_first[b], own_first[b + 1]):
                own = place[own_node[i]]
                km = lane_length[lane_first[block] + (own - begin) * count + m]
                new = km * block_weight[block] + bound[n_all + own]
                if node_next[own_node[i], last] >= 0 and new < more:
                    more = new
            if more < np.inf:
                for k in range(n_ways):
                    ahead[k] = min(ahead[k], behind[node, k] + more)

    for step in range(last - 1, -1, -1):
        cap[step] = np.inf
        for i in range(len(left_own)):
            left_own[i] = np.inf
        for b in range(len(touched)):
            block = touched[b]
            if block_next[block, step] < 0:
                continue
            begin = block_first[block]
            count = block_first[block + 1] - begin
            for m in range(count):
                node = node_at[begin + m]
                if node >= n:
                    continue
                after = node_next[node, step]
                if after < 0:
                    continue
                if after == last:
                    left = bound[n_all + begin + m]
                else:
                    left = rule_bound(before, ahead, cap, n, 2 * after + 1, node)
                if left < np.inf:
                    for i in range(own_first[b], own_first[b + 1]):
                        own = lane_first[block] + (place[own_node[i]] - begin) * count
                        new = lane_length[own + m] * block_weight[block] + left
                        if new < np.inf:  # inf times nothing is no number
                            left_own[own_node[i] - n] = min(left_own[own_node[i] - n], new)
        for node in range(n, n_all):
            least = np.inf
            for arc in range(first_arc[node], first_arc[node + 1]):
                head = arc_head[arc]
                after = arc_next[arc, step]
                if head >= n or after < 0:
                    continue
                after = node_next[head, after]
                if after < 0:
                    continue
                left = bound[place[head]]
                if after < last:
                    left = rule_bound(before, ahead, cap, n, 2 * after, head)
                least = min(least, arc_weight[arc] + left)
            if node_next[node, step] >= 0:
                cap[step] = min(cap[step], least, left_own[node - n])
        # later than a step comes all that comes in a later one
        if step < last - 1:
            cap[step] = min(cap[step], cap[step + 1])

    for i in range(len(source_node)):
        node = source_node[i]
        step = node_next[node, 0]
        if step < 0:
            continue
        left = bound[place[node]]
        likely = left
        if step < last:
            left = max(left, rule_bound(before, ahead, cap, n, 2 * step, node))
            likely = left_own[node - n] if node >= n else np.inf
            for k in range(n_ways if node < n else 0):
                likely = min(likely, before[2 * step * n + node, k] + ahead[k])
        found[0] = min(found[0], source_weight[i] + left)
        found[1] = min(found[1], source_weight[i] + likely)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Touches:
    """Where a request's own nodes touch the shared network.

    `into_arc` and `into_tail` are the arcs to them from others; block `touched[b]` has
    `own_node[own_first[b]:own_first[b + 1]]` of them. `target_node` and `target_weight` are the
    ends, `bound` the least weight from every half node to an end, by places (see `by_places`).
    """

    n_own: int
    into_arc: Array
    into_tail: Array
    touched: Array
    own_first: Array
    own_node: Array
    target_node: Array
    target_weight: Array
    bound: Array


def touches_of(graph: ProductGraph, weights: ProductWeights, bound: Array, *, n: int) -> Touches:
    """Return where the nodes from `n` on touch the others; `bound` goes by places."""
    into = np.flatnonzero(graph.arc_head >= n)
    tail = np.searchsorted(graph.first_arc, into, side="right") - 1
    block = graph.node_block[n:]
    own = n + np.argsort(block, kind="stable")
    own = own[graph.node_block[own] >= 0]
    touched, first = np.unique(graph.node_block[own], return_index=True)
    targets = np.flatnonzero(np.isfinite(weights.target_weight))
    return Touches(
        n_own=graph.n_nodes - n,
        into_arc=into[tail < n],
        into_tail=tail[tail < n],
        touched=touched,
        own_first=np.append(first, len(own)),
        own_node=own,
        target_node=targets,
        target_weight=weights.target_weight[targets],
        bound=bound,
    )


def approach_of(
    transit: Transit, graph: ProductGraph, weights: ProductWeights, touches: Touches
) -> Approach:
    """Return the tables as one request finds them."""
    lanes = graph.lanes or lanes_of(graph)
    n_sets = weights.node_next.shape[1] - 1
    room = np.full(transit.before.shape[1] + n_sets + touches.n_own + 2, np.inf)
    ends = np.cumsum([transit.before.shape[1], n_sets, touches.n_own])
    ahead, cap, left_own, found = np.split(room, ends)
    _approach(
        transit.n, graph.first_arc, graph.arc_head, touches.into_arc, touches.into_tail,
        touches.touched, touches.own_first, touches.own_node, graph.block_first, lanes.place,
        lanes.node, lanes.first, lanes.length, weights.arc_weight, weights.block_weight,
        weights.arc_next, weights.node_next, weights.block_next, weights.source_node,
        weights.source_weight, touches.target_node, touches.target_weight, touches.bound,
        transit.before, transit.behind, ahead, cap, left_own, found,
    )  # fmt: skip
    least, likely = found.tolist()
    return Approach(
        n=transit.n,
        before=transit.before,
        ahead=ahead,
        cap=cap,
        least=least * SAFE,
        likely=likely * LIKELY,
    )


def is_apart(weights: ProductWeights, n: int) -> bool:
    """Return whether no node from `n` on is one that the rule asks for."""
    own = weights.node_next[n:]
    return not ((own >= 0) & (own != np.arange(own.shape[1]))).any()
