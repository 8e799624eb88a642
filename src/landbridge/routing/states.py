"""The product of a network and a rule, unfolded into one plain graph of what can matter.

The scalar search walks the product without writing it down. Whoever asks for many paths walks it
many times: then it pays to write down, once, the states and arcs that lie on some path lighter
than a limit, with every cost beside the weight. Halves, steps, blocks and rides are gone after
that: what is left is a graph with one source and one target, 5,000 states and 50,000 arcs of the
world network's 10,000 and 300,000.

Two trees come with it: the least weight from the source to each state, and from each state to the
target. A state's best path joins the two (Abraham, Delling, Goldberg and Werneck 2013,
Alternative routes in road networks).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.routing.heap import pop, push
from landbridge.routing.native import kernel
from landbridge.routing.product import ProductGraph, ProductWeights, Step, labels

Array = npt.NDArray[Any]
CRITERIA = 3
"""Costs beside the weight; what they mean is the caller's affair."""
END = -1
"""Code of an arc into the target; arcs out of the source have codes from -2 down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCosts:
    """Three costs, all >= 0, of everything that has a weight in `ProductWeights`.

    `arc` (n_arcs, 3), `ride` (n_rides, 3), `block` (n_blocks, 3) per unit length, `source`
    (n_sources, 3), `target` (n_nodes, 3), read only where a target weight is finite.
    """

    arc: Array
    ride: Array
    block: Array
    source: Array
    target: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class StateGraph:
    """States and arcs of every path from source to target lighter than `limit`.

    The source is state n - 2, the target n - 1. Arcs in adjacency order: `first` (n + 1,),
    `tail`, `head`, `weight` and `code` (m,), `cost` (m, 3). `node` (n,) is each state's network
    node, -1 for source and target. `ahead` (n,) is the least weight from the source, `ahead_arc`
    the arc it comes by; `behind` and `behind_arc` lead to the target.
    """

    limit: float
    first: Array
    tail: Array
    head: Array
    weight: Array
    cost: Array
    code: Array
    node: Array
    ahead: Array
    ahead_arc: Array
    behind: Array
    behind_arc: Array

    @property
    def source(self) -> int:
        """The state that every path starts from."""
        return len(self.node) - 2

    @property
    def target(self) -> int:
        """The state that every path ends at."""
        return len(self.node) - 1

    def path_to(self, state: int) -> list[int]:
        """Return the arcs of the lightest path from the source to a state."""
        arcs: list[int] = []
        while state != self.source:
            arcs.append(int(self.ahead_arc[state]))
            state = int(self.tail[arcs[-1]])
        return arcs[::-1]

    def path_from(self, state: int) -> list[int]:
        """Return the arcs of the lightest path from a state to the target."""
        arcs: list[int] = []
        while state != self.target:
            arcs.append(int(self.behind_arc[state]))
            state = int(self.head[arcs[-1]])
        return arcs

    def steps_of(self, arcs: list[int]) -> tuple[int, list[Step]]:
        """Return a path's source, and its moves between network nodes."""
        source = -2 - int(self.code[arcs[0]])
        steps = [
            Step(
                kind=int(self.code[arc]) % 3,
                index=int(self.code[arc]) // 3,
                tail=int(self.node[self.tail[arc]]),
                head=int(self.node[self.head[arc]]),
            )
            for arc in arcs[1:-1]
        ]
        return source, steps


@kernel(
    "int, int, int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], "
    "int64[:], float64[:], int64[:], int64[:], float32[:], float64[:], float64[:], float64[:], "
    "int8[:,:], int8[:,:], int8[:,:], int8[:,:], float64[:], float64[:,:], float64[:,:], "
    "float64[:,:], float64[:,:], float64[:], float64[:], float, int64[:], int64[:], float64[:], "
    "float64[:,:], int64[:]"
)
def _unfold(
    n_nodes: int,
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
    target_weight: Array,
    arc_cost: Array,
    ride_cost: Array,
    block_cost: Array,
    target_cost: Array,
    bound: Array,
    ahead: Array,
    limit: float,
    out_tail: Array,
    out_head: Array,
    out_weight: Array,
    out_cost: Array,
    out_code: Array,
) -> int:  # pragma: no cover - compiled
    """Write the arcs out of every state reached, by state; return how many there are.

    Arcs beyond the room of `out_tail` are counted and not written.
    """
    room = len(out_tail)
    target = 2 * n_nodes * n_steps + 1
    last = n_steps - 1
    n = 0
    for state in range(2 * n_nodes * n_steps):
        key = ahead[state]
        if key >= limit:
            continue
        half = state // n_steps
        step = state - half * n_steps
        node = half >> 1
        if half & 1:
            if step == last and key + target_weight[node] < limit:
                if n < room:
                    out_tail[n], out_head[n], out_code[n] = state, target, -1
                    out_weight[n] = target_weight[node]
                    for k in range(3):
                        out_cost[n, k] = target_cost[node, k]
                n += 1
            for arc in range(first_arc[node], first_arc[node + 1]):
                after = arc_next[arc, step]
                if after < 0:
                    continue
                head = arc_head[arc]
                after = node_next[head, after]
                if after < 0 or key + arc_weight[arc] + bound[2 * head] >= limit:
                    continue
                if n < room:
                    out_tail[n], out_head[n] = state, 2 * head * n_steps + after
                    out_code[n], out_weight[n] = 3 * arc, arc_weight[arc]
                    for k in range(3):
                        out_cost[n, k] = arc_cost[arc, k]
                n += 1
        else:
            block = node_block[node]
            if block >= 0 and block_next[block, step] >= 0:
                row = block_offset[block] + node_column[node] * block_stride[block]
                weight = block_weight[block]
                longest = block_range[block]
                for m in range(block_first[block], block_first[block + 1]):
                    length = matrix[row + member_column[m]]
                    head = member_node[m]
                    if (
                        length > longest
                        or head == node
                        or key + length * weight + bound[2 * head + 1] >= limit
                    ):
                        continue
                    after = node_next[head, step]
                    if after < 0:
                        continue
                    if n < room:
                        out_tail[n], out_head[n] = state, (2 * head + 1) * n_steps + after
                        out_code[n], out_weight[n] = 3 * block + 1, length * weight
                        for k in range(3):
                            out_cost[n, k] = length * block_cost[block, k]
                    n += 1
            for ride in range(first_ride[node], first_ride[node + 1]):
                after = ride_next[ride, step]
                if after < 0:
                    continue
                head = ride_head[ride]
                after = node_next[head, after]
                if after < 0 or key + ride_weight[ride] + bound[2 * head + 1] >= limit:
                    continue
                if n < room:
                    out_tail[n], out_head[n] = state, (2 * head + 1) * n_steps + after
                    out_code[n], out_weight[n] = 3 * ride + 2, ride_weight[ride]
                    for k in range(3):
                        out_cost[n, k] = ride_cost[ride, k]
                n += 1
    return n


@kernel(
    "int64[:], int64[:], int64[:], float64[:], int, float64[:], int64[:], float64[:], int64[:]",
    helpers=(push, pop),
)
def _tree(
    first: Array,
    head: Array,
    arc_at: Array,
    weight: Array,
    source: int,
    distance: Array,
    via: Array,
    heap_key: Array,
    heap_item: Array,
) -> int:  # pragma: no cover - compiled
    """Fill `distance` (inf so far) and `via` (-1 so far); row k of the adjacency is `arc_at[k]`."""
    size = push(heap_key, heap_item, 0, 0.0, source)
    distance[source] = 0.0
    while size > 0:
        key = heap_key[0]
        state = heap_item[0]
        size = pop(heap_key, heap_item, size)
        if key > distance[state]:
            continue
        for row in range(first[state], first[state + 1]):
            arc = arc_at[row]
            new = key + weight[arc]
            if new < distance[head[arc]]:
                distance[head[arc]] = new
                via[head[arc]] = arc
                size = push(heap_key, heap_item, size, new, head[arc])
    return 0


def unfold(
    graph: ProductGraph,
    weights: ProductWeights,
    costs: ProductCosts,
    bound: Array,
    *,
    limit: float,
) -> StateGraph | None:
    """Return the graph of every path lighter than `limit`, None if there is no path.

    Parameters
    ----------
    bound
        Least weights left to an end, shape (2 n_nodes,): see `product.lower_bounds`.
    limit
        Paths of this weight or more are left out; finite, or the graph holds every state.
    """
    n_steps = weights.node_next.shape[1]
    shape = (
        graph.n_nodes, n_steps, graph.first_arc, graph.arc_head, graph.first_ride,
        graph.ride_head, graph.node_block, graph.node_column, graph.block_first,
        graph.block_offset, graph.block_stride, graph.block_range, graph.member_node,
        graph.member_column, graph.matrix, weights.arc_weight, weights.ride_weight,
        weights.block_weight, weights.arc_next, weights.ride_next, weights.node_next,
        weights.block_next,
    )  # fmt: skip
    endless = replace(weights, target_weight=np.full(graph.n_nodes, np.inf))
    ahead, _, _ = labels(graph, endless, bound, limit=limit)
    given = (
        *shape, weights.target_weight, costs.arc, costs.ride, costs.block, costs.target, bound,
        ahead, limit,
    )  # fmt: skip
    room = 1 << 17
    while True:
        tail, head, code = (np.empty(room, np.int64) for _ in range(3))
        weight, cost = np.empty(room), np.empty((room, CRITERIA))
        n = _unfold(*given, tail, head, weight, cost, code)
        if n <= room:
            break
        room = n
    n_states = 2 * graph.n_nodes * n_steps
    after = weights.node_next[weights.source_node, 0].astype(np.int64)
    is_start = np.flatnonzero(after >= 0)
    starts = 2 * weights.source_node[is_start] * n_steps + after[is_start]
    tail = np.concatenate([tail[:n], np.full(len(is_start), n_states)])
    head = np.concatenate([head[:n], starts])
    code = np.concatenate([code[:n], -2 - is_start])
    weight = np.concatenate([weight[:n], weights.source_weight[is_start]])
    cost = np.concatenate([cost[:n], costs.source[is_start]])
    return _trimmed(tail, head, weight, cost, code, n_states, n_steps, limit)


def _trimmed(
    tail: Array,
    head: Array,
    weight: Array,
    cost: Array,
    code: Array,
    n_states: int,
    n_steps: int,
    limit: float,
) -> StateGraph | None:
    """Return the graph of the arcs that lie on a path lighter than the limit, renumbered."""
    source, target = n_states, n_states + 1
    ahead, _ = tree(n_states + 2, tail, head, weight, source)
    behind, _ = tree(n_states + 2, head, tail, weight, target)
    if not ahead[target] < limit:
        return None
    kept = ahead[tail] + weight + behind[head] < limit * (1.0 + 1e-12)
    tail, head, weight, cost, code = (
        np.ascontiguousarray(array[kept]) for array in (tail, head, weight, cost, code)
    )
    is_used = np.zeros(n_states + 2, bool)
    is_used[tail] = is_used[head] = True
    old = np.flatnonzero(is_used)
    new = np.cumsum(is_used) - 1
    node = np.where(old < n_states, old // n_steps >> 1, -1)
    # the source's arcs were written last, but its number is the last but one: order by tail
    order = np.argsort(new[tail], kind="stable")
    tail, head = new[tail][order], new[head][order]
    weight, cost, code = weight[order], np.ascontiguousarray(cost[order]), code[order]
    n = len(old)
    first = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(tail, minlength=n), out=first[1:])
    ahead, ahead_arc = tree(n, tail, head, weight, n - 2)
    behind, behind_arc = tree(n, head, tail, weight, n - 1)
    return StateGraph(
        limit=limit,
        first=first,
        tail=tail,
        head=head,
        weight=weight,
        cost=cost,
        code=code,
        node=node,
        ahead=ahead,
        ahead_arc=ahead_arc,
        behind=behind,
        behind_arc=behind_arc,
    )


def tree(n: int, tail: Array, head: Array, weight: Array, source: int) -> tuple[Array, Array]:
    """Return least weights from a state to all, (n,), and the arcs they come by, -1 for none.

    With tails and heads exchanged: from all to a state.
    """
    first = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(tail, minlength=n), out=first[1:])
    distance, via = np.full(n, np.inf), np.full(n, -1, np.int64)
    room = len(tail) + 2
    _tree(
        first, head, np.argsort(tail, kind="stable"), np.ascontiguousarray(weight), source,
        distance, via, np.empty(room), np.empty(room, np.int64),
    )  # fmt: skip
    return distance, via
