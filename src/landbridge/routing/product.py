"""Label setting on a product graph: a network times the states of an ordered rule.

A state is (node, step): `step` counts how many of a rule's required sets were met, in order.
Two kinds of arcs: sparse ones (adjacency arrays) and dense runs inside a block, whose lengths
stand in a square matrix. Every node has a departing half (even, may run) and an arriving half
(odd, may change): two runs never follow each other without something between them.

The method is Dijkstra's on the product of graph and automaton, exact for rules of ordered sets
(Barrett, Jacob and Marathe 2000, Formal-language-constrained path problems).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.routing.heap import pop, push
from landbridge.routing.native import kernel

Array = npt.NDArray[Any]
NO_END = -1
HEAP_FULL = -2
FIRST_HEAP = 1 << 18
"""Room of the first heap, entries; pages that are not touched cost nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductGraph:
    """The arrays a search needs; all read-only.

    Nodes are numbered 0..n-1 without halves. Sparse arcs join an arriving half to a departing
    half: `first_arc` (n + 1,), `arc_head` (n_arcs,). Node v runs in block `node_block[v]` (-1
    none) and has row and column `node_column[v]` of its matrix. Block b has members
    `block_first[b]:block_first[b + 1]` in `member_node`, matrix rows of `block_stride[b]` lengths
    from `block_offset[b]` on in `matrix`, and `member_column` names each member's column. Dense
    runs longer than `block_range[b]` are none. Ride arcs (departing to arriving half) have
    `first_ride`, `ride_head`.
    """

    n_nodes: int
    first_arc: Array
    arc_head: Array
    first_ride: Array
    ride_head: Array
    node_block: Array
    node_column: Array
    block_first: Array
    block_offset: Array
    block_stride: Array
    block_range: Array
    member_node: Array
    member_column: Array
    matrix: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductWeights:
    """Weights and rule of one search; all read-only.

    `arc_weight` (n_arcs,), `ride_weight` (n_rides,), `block_weight` (n_blocks,) per unit length;
    `arc_next` (n_arcs, n_steps), `ride_next` (n_rides, n_steps), `node_next` (n_nodes, n_steps)
    and `block_next` (n_blocks, n_steps) give the step after, -1 where not allowed.
    `source_node`, `source_weight` (departing halves); `target_weight` (n_nodes,) is what it costs
    to end at a node's arriving half, inf where no end.
    """

    arc_weight: Array
    ride_weight: Array
    block_weight: Array
    arc_next: Array
    ride_next: Array
    node_next: Array
    block_next: Array
    source_node: Array
    source_weight: Array
    target_weight: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One move of a found path: `kind` 0 sparse arc, 1 dense run, 2 ride; `index` arc or block."""

    kind: int
    index: int
    tail: int
    head: int


@kernel(
    "int, int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], "
    "int64[:], float64[:], int64[:], int64[:], float32[:], float64[:], float64[:], float64[:], "
    "int8[:,:], int8[:,:], int8[:,:], int8[:,:], int64[:], float64[:], float64[:], float64[:], "
    "float, float64[:], int64[:], int64[:], float64[:], int64[:], float64[:]",
    helpers=(push, pop),
)
def _search(
    n_steps: int,
    first_arc: Array,
    arc_head: Array,
    first_ride: Array,
    ride_head: Array,
    node_block: Array,
    node_column: Array,
    block_first: Array,
    block_offset: Array,
    block_stride: Array,
    block_range: Array,
    member_node: Array,
    member_column: Array,
    matrix: Array,
    arc_weight: Array,
    ride_weight: Array,
    block_weight: Array,
    arc_next: Array,
    ride_next: Array,
    node_next: Array,
    block_next: Array,
    source_node: Array,
    source_weight: Array,
    target_weight: Array,
    bound: Array,
    limit: float,
    best: Array,
    via: Array,
    previous: Array,
    heap_key: Array,
    heap_state: Array,
    goal_weight: Array,
) -> int:  # pragma: no cover - compiled
    """Return the end state, `NO_END` or `HEAP_FULL`; `goal_weight[0]` is the path's weight."""
    room = len(heap_key)
    size = 0
    last = n_steps - 1
    for k in range(len(source_node)):
        node = source_node[k]
        step = node_next[node, 0]
        if step < 0:
            continue
        state = (2 * node) * n_steps + step
        if source_weight[k] + bound[2 * node] > limit:
            continue
        if source_weight[k] < best[state]:
            best[state] = source_weight[k]
            via[state] = -2 - k
            ahead = source_weight[k] + bound[2 * node]
            if size == room:
                return HEAP_FULL
            size = push(heap_key, heap_state, size, ahead, state)
    goal = limit
    goal_state = NO_END
    while size > 0:
        estimate = heap_key[0]
        state = heap_state[0]
        size = pop(heap_key, heap_state, size)
        if estimate >= goal:
            break
        half = state // n_steps
        step = state - half * n_steps
        node = half >> 1
        key = best[state]
        if estimate > key + bound[half]:
            continue
        if half & 1:
            if step == last and key + target_weight[node] < goal:
                goal = key + target_weight[node]
                goal_state = state
            for arc in range(first_arc[node], first_arc[node + 1]):
                after = arc_next[arc, step]
                if after < 0:
                    continue
                head = arc_head[arc]
                after = node_next[head, after]
                if after < 0:
                    continue
                new = key + arc_weight[arc]
                ahead = new + bound[2 * head]
                if ahead >= goal:
                    continue
                to = (2 * head) * n_steps + after
                if new < best[to]:
                    best[to], via[to], previous[to] = new, 3 * arc, state
                    if size == room:
                        return HEAP_FULL
                    size = push(heap_key, heap_state, size, ahead, to)
        else:
            block = node_block[node]
            if block >= 0 and block_next[block, step] >= 0:
                row = block_offset[block] + node_column[node] * block_stride[block]
                weight = block_weight[block]
                longest = block_range[block]
                for m in range(block_first[block], block_first[block + 1]):
                    length = matrix[row + member_column[m]]
                    if length > longest:
                        continue
                    new = key + length * weight
                    head = member_node[m]
                    ahead = new + bound[2 * head + 1]
                    if head == node or ahead >= goal:
                        continue
                    after = node_next[head, step]
                    if after < 0:
                        continue
                    to = (2 * head + 1) * n_steps + after
                    if new < best[to]:
                        best[to], via[to], previous[to] = new, 3 * block + 1, state
                        if size == room:
                            return HEAP_FULL
                        size = push(heap_key, heap_state, size, ahead, to)
            for ride in range(first_ride[node], first_ride[node + 1]):
                after = ride_next[ride, step]
                if after < 0:
                    continue
                head = ride_head[ride]
                after = node_next[head, after]
                if after < 0:
                    continue
                new = key + ride_weight[ride]
                ahead = new + bound[2 * head + 1]
                if ahead >= goal:
                    continue
                to = (2 * head + 1) * n_steps + after
                if new < best[to]:
                    best[to], via[to], previous[to] = new, 3 * ride + 2, state
                    if size == room:
                        return HEAP_FULL
                    size = push(heap_key, heap_state, size, ahead, to)
    goal_weight[0] = goal
    return goal_state


def _run(n_nodes: int, n_steps: int, *given: Any) -> tuple[float, int, Array, Array, Array]:  # noqa: ANN401
    """Run the kernel with as large a heap as it takes; return weight, end state and labels."""
    n_states = 2 * n_nodes * n_steps
    room = FIRST_HEAP
    goal = np.empty(1)
    while True:
        best = np.full(n_states, np.inf)
        via = np.full(n_states, -1, np.int64)
        previous = np.full(n_states, -1, np.int64)
        heap_key, heap_state = np.empty(room), np.empty(room, np.int64)
        end = _search(
            n_steps, *given, best, via, previous, heap_key, heap_state, goal
        )  # fmt: skip
        if end != HEAP_FULL:
            return float(goal[0]), end, via, previous, best
        room *= 4


def lower_bounds(graph: ProductGraph, weights: ProductWeights) -> Array:
    """Return the least weight from every half node to an end, whatever the rule.

    Shape (2 n_nodes,): departing halves even, arriving halves odd; inf where no end is reached.
    One search backwards over the whole graph: arcs turned round, halves swapped, no rule. Dense
    runs are as long one way as the other.
    """
    n = graph.n_nodes
    back_arc, arc_tail, arc_order = _turned(n, graph.first_arc, graph.arc_head)
    back_ride, ride_tail, ride_order = _turned(n, graph.first_ride, graph.ride_head)
    ends = np.flatnonzero(np.isfinite(weights.target_weight))
    none = np.zeros(2 * n)
    *_, best = _run(
        n,
        1,
        back_arc,
        arc_tail,
        back_ride,
        ride_tail,
        graph.node_block,
        graph.node_column,
        graph.block_first,
        graph.block_offset,
        graph.block_stride,
        graph.block_range,
        graph.member_node,
        graph.member_column,
        graph.matrix,
        _frozen(weights.arc_weight[arc_order]),
        _frozen(weights.ride_weight[ride_order]),
        weights.block_weight,
        _frozen(np.zeros((len(arc_tail), 1), np.int8)),
        _frozen(np.zeros((len(ride_tail), 1), np.int8)),
        _frozen(np.zeros((n, 1), np.int8)),
        _frozen(np.zeros((len(graph.block_offset), 1), np.int8)),
        _frozen(ends),
        _frozen(weights.target_weight[ends]),
        _frozen(np.full(n, np.inf)),
        _frozen(none),
        np.inf,
    )
    bound = best.reshape(n, 2)[:, ::-1].reshape(-1) * (1.0 - 1e-12)
    return _frozen(bound)


def labels(
    graph: ProductGraph, weights: ProductWeights, bound: Array, *, limit: float = np.inf
) -> tuple[Array, Array, Array]:
    """Return least weight, last move and previous state of all states that a search settles."""
    _, _, via, previous, best = _searched(graph, weights, bound, limit)
    return best, via, previous


def _searched(
    graph: ProductGraph, weights: ProductWeights, bound: Array, limit: float
) -> tuple[float, int, Array, Array, Array]:
    return _run(
        graph.n_nodes,
        weights.node_next.shape[1],
        graph.first_arc,
        graph.arc_head,
        graph.first_ride,
        graph.ride_head,
        graph.node_block,
        graph.node_column,
        graph.block_first,
        graph.block_offset,
        graph.block_stride,
        graph.block_range,
        graph.member_node,
        graph.member_column,
        graph.matrix,
        weights.arc_weight,
        weights.ride_weight,
        weights.block_weight,
        weights.arc_next,
        weights.ride_next,
        weights.node_next,
        weights.block_next,
        weights.source_node,
        weights.source_weight,
        weights.target_weight,
        bound,
        limit,
    )


def _turned(n: int, first: Array, head: Array) -> tuple[Array, Array, Array]:
    """Return adjacency arrays with every arc turned round, and the order of the old arcs."""
    tail = np.repeat(np.arange(n), np.diff(first))
    order = np.argsort(head, kind="stable")
    back = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(head, minlength=n), out=back[1:])
    return _frozen(back), _frozen(tail[order]), order


def _frozen(array: Array) -> Array:
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array


def search(
    graph: ProductGraph, weights: ProductWeights, bound: Array, *, limit: float = np.inf
) -> tuple[float, int, list[Step]]:
    """Return the least weight, the source taken (-1 if none) and the steps of the path.

    `bound` (2 n_nodes,) never overstates what is left to an end (A*: Hart, Nilsson, Raphael
    1968); see `lower_bounds`. Paths of `limit` or more are none: the weight is inf then, and the
    list empty.
    """
    n_steps = weights.node_next.shape[1]
    goal, state, via, previous, _ = _searched(graph, weights, bound, limit)
    if state < 0:
        return float("inf"), -1, []
    steps: list[Step] = []
    while previous[state] >= 0:
        before = int(previous[state])
        code = int(via[state])
        steps.append(
            Step(
                kind=code % 3,
                index=code // 3,
                tail=(before // n_steps) >> 1,
                head=(int(state) // n_steps) >> 1,
            )
        )
        state = before
    return goal, -2 - int(via[state]), steps[::-1]
