"""Label setting on a product graph: a network times the states of an ordered rule.

A state is (node, step): `step` counts how many of a rule's required sets were met, in order.
Two kinds of arcs: sparse ones (adjacency arrays) and dense runs inside a block, whose lengths
stand in a square matrix. Every node has a departing half (even, may run) and an arriving half
(odd, may change): two runs never follow each other without something between them.

The method is Dijkstra's on the product of graph and automaton, exact for rules of ordered sets
(Barrett, Jacob and Marathe 2000, Formal-language-constrained path problems).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.routing.backward import Turned, behind
from landbridge.routing.labelling import NO_APPROACH, Approach, set_labels
from landbridge.routing.lanes import Lanes, lanes_of

Array = npt.NDArray[Any]
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
    lanes: Lanes | None = None
    """Made at each search where absent."""
    turned: Turned | None = None
    """Made at each `lower_bounds` where absent."""


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


class _Scratch(threading.local):
    """Room for the labels of one search per thread: made once, grown when needed."""

    def __init__(self) -> None:
        self.rows = np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64)
        self.heap = np.empty(FIRST_HEAP), np.empty(FIRST_HEAP, np.int64)

    def labels(self, n: int) -> tuple[Array, Array, Array]:
        """Return weights (inf), moves and previous states (anything yet) of n states."""
        if len(self.rows[0]) < n:
            self.rows = np.empty(n), np.empty(n, np.int64), np.empty(n, np.int64)
        best, via, previous = (row[:n] for row in self.rows)
        best.fill(np.inf)
        return best, via, previous


_scratch = _Scratch()


@dataclass(frozen=True, slots=True)
class _Found:
    """The labels of one search, by states of places; valid until the thread's next search."""

    goal: float
    end: int
    best: Array
    via: Array
    previous: Array


def _run(
    lanes: Lanes,
    adjacency: tuple[Array, Array, Array, Array],
    blocks: tuple[Array, Array],
    weights: ProductWeights,
    bound: Array,
    limit: float,
    approach: Approach = NO_APPROACH,
) -> _Found:
    """Run the kernel with as large a heap as it takes; `bound` goes by places."""
    n, n_steps = len(lanes.place), weights.node_next.shape[1]
    goal = np.empty(1)
    while True:
        best, via, previous = _scratch.labels(2 * n * n_steps)
        end = set_labels(
            n_steps, *adjacency, *blocks, lanes.place, lanes.node, lanes.first, lanes.length,
            weights.arc_weight, weights.ride_weight, weights.block_weight, weights.arc_next,
            weights.ride_next, weights.node_next, weights.block_next, weights.source_node,
            weights.source_weight, weights.target_weight, bound, limit, best, via, previous,
            *_scratch.heap, goal, approach.n, approach.before, approach.ahead, approach.cap,
        )  # fmt: skip
        if end != HEAP_FULL:
            return _Found(float(goal[0]), end, best, via, previous)
        room = 4 * len(_scratch.heap[0])
        _scratch.heap = np.empty(room), np.empty(room, np.int64)


def lower_bounds(graph: ProductGraph, weights: ProductWeights) -> Array:
    """Return the least weight from every half node to an end, whatever the rule.

    Shape (2 n_nodes,): departing halves even, arriving halves odd; inf where no end is reached.
    One search backwards over the whole graph: arcs turned round, halves swapped, no rule. Dense
    runs are as long one way as the other.
    """
    ends = np.flatnonzero(np.isfinite(weights.target_weight))
    return behind(graph, weights, ends, weights.target_weight[ends])


def labels(
    graph: ProductGraph, weights: ProductWeights, bound: Array, *, limit: float = np.inf
) -> tuple[Array, Array, Array]:
    """Return least weight, last move and previous state of all states that a search settles.

    State `half n_steps + step`, halves numbered as in `bound`; -1 where there is no previous one.
    """
    lanes = graph.lanes or lanes_of(graph)
    found = _searched(graph, lanes, weights, by_places(graph, bound), limit)
    n, n_steps = graph.n_nodes, weights.node_next.shape[1]
    is_reached = np.isfinite(found.best)
    via = np.where(is_reached, found.via, -1)
    previous = np.where(is_reached, found.previous, -1)
    layer, at = np.divmod(previous, n)
    named = (2 * lanes.node[at] + (layer & 1)) * n_steps + (layer >> 1)
    previous = np.where(previous >= 0, named, -1)

    def by_state(row: Array) -> Array:
        whole = np.empty((n, 2, n_steps), row.dtype)
        whole[lanes.node] = row.reshape(n_steps, 2, n).transpose(2, 1, 0)
        return whole.reshape(-1)

    return by_state(found.best), by_state(via), by_state(previous)


def _searched(
    graph: ProductGraph,
    lanes: Lanes,
    weights: ProductWeights,
    bound: Array,
    limit: float,
    approach: Approach = NO_APPROACH,
) -> _Found:
    return _run(
        lanes,
        (graph.first_arc, graph.arc_head, graph.first_ride, graph.ride_head),
        (graph.node_block, graph.block_first),
        weights,
        bound,
        limit,
        approach,
    )


def by_places(graph: ProductGraph, bound: Array) -> Array:
    """Return what goes by half nodes, (2 n_nodes,), by places: departing halves first."""
    lanes = graph.lanes or lanes_of(graph)
    return frozen(bound.reshape(-1, 2)[lanes.node].T).reshape(-1)


def frozen(array: Array) -> Array:
    """Return the array contiguous and read-only."""
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array


def search(
    graph: ProductGraph,
    weights: ProductWeights,
    bound: Array,
    *,
    limit: float = np.inf,
    approach: Approach = NO_APPROACH,
) -> tuple[float, int, list[Step]]:
    """Return the least weight, the source taken (-1 if none) and the steps of the path.

    `bound` (2 n_nodes,) never overstates what is left to an end (A*: Hart, Nilsson, Raphael
    1968); see `lower_bounds` and `by_places`. `approach` tells more while the rule is not met.
    Paths of `limit` or more are none: the weight is inf then, and the list empty.
    """
    n, lanes = graph.n_nodes, graph.lanes or lanes_of(graph)
    likely = min(limit, approach.likely)
    found = _searched(graph, lanes, weights, bound, likely, approach)
    if found.end < 0 and likely < limit:
        found = _searched(graph, lanes, weights, bound, limit, approach)
    state = found.end
    if state < 0:
        return float("inf"), -1, []
    steps: list[Step] = []
    while found.previous[state] >= 0:
        before = int(found.previous[state])
        code = int(found.via[state])
        steps.append(
            Step(
                kind=code % 3,
                index=code // 3,
                tail=int(lanes.node[before % n]),
                head=int(lanes.node[state % n]),
            )
        )
        state = before
    return found.goal, -2 - int(found.via[state]), steps[::-1]
