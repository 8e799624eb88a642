"""Slow, obvious searches: the oracle that judges the compiled kernels."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from landbridge.routing.product import ProductGraph, ProductWeights
from landbridge.routing.shortest import Array
from landbridge.routing.states import ProductCosts

State = tuple[int, bool, int]
"""Node, whether on its arriving half, step of the rule."""


def one_to_all(
    first_arc: Array, head_idx: Array, length: Array, source: int
) -> npt.NDArray[np.float64]:
    """Return the distance from `source` to every node, shape (n_nodes,), inf where unreached."""
    distance = np.full(len(first_arc) - 1, np.inf)
    distance[source] = 0.0
    queue = [(0.0, source)]
    while queue:
        key, node = heapq.heappop(queue)
        if key > distance[node]:
            continue
        for arc in range(int(first_arc[node]), int(first_arc[node + 1])):
            head, new = int(head_idx[arc]), key + float(length[arc])
            if new < distance[head]:
                distance[head] = new
                heapq.heappush(queue, (new, head))
    return distance


def product_weight(graph: ProductGraph, weights: ProductWeights) -> float:
    """Return the least weight of a path that obeys the rule, inf where there is none.

    Bellman and Ford over all states: no heap, no early end, no bound.
    """
    last = weights.node_next.shape[1] - 1
    best: dict[State, float] = {}
    for node, weight in zip(
        weights.source_node.tolist(), weights.source_weight.tolist(), strict=True
    ):
        step = int(weights.node_next[node, 0])
        if step >= 0:
            state = (node, False, step)
            best[state] = min(weight, best.get(state, np.inf))
    changed = set(best)
    while changed:
        following: set[State] = set()
        for state in sorted(changed):
            for other, cost in _moves(graph, weights, state):
                new = best[state] + cost
                if new < best.get(other, np.inf):
                    best[other] = new
                    following.add(other)
        changed = following
    ends = [
        weight + float(weights.target_weight[node])
        for (node, is_arriving, step), weight in best.items()
        if is_arriving and step == last
    ]
    return min(ends, default=float("inf"))


def product_pareto(
    graph: ProductGraph, weights: ProductWeights, costs: ProductCosts, *, limit: float = np.inf
) -> list[tuple[float, ...]]:
    """Return every cost vector of a path lighter than `limit` that no other such path beats.

    All labels of all states, until nothing changes: no order, no bound, no epsilon. A label is
    (weight, cost, cost, cost); the weight counts in the limit only, and must not fall where all
    costs rise.
    """
    last = weights.node_next.shape[1] - 1
    known: dict[State, set[tuple[float, ...]]] = {}
    changed: set[State] = set()
    for k, node in enumerate(weights.source_node.tolist()):
        step = int(weights.node_next[node, 0])
        if step >= 0:
            label = (float(weights.source_weight[k]), *costs.source[k].tolist())
            known.setdefault((node, False, step), set()).add(label)
            changed.add((node, False, step))
    while changed:
        following: set[State] = set()
        for state in sorted(changed):
            for label in sorted(known[state]):
                for other, move in _priced_moves(graph, weights, costs, state):
                    new = tuple(a + b for a, b in zip(label, move, strict=True))
                    labels = known.setdefault(other, set())
                    if any(_is_no_worse(old[1:], new[1:]) for old in labels):
                        continue
                    labels -= {old for old in labels if _is_no_worse(new[1:], old[1:])}
                    labels.add(new)
                    following.add(other)
        changed = following
    ends = {
        tuple(
            a + b
            for a, b in zip(
                label,
                (float(weights.target_weight[node]), *costs.target[node].tolist()),
                strict=True,
            )
        )
        for (node, is_arriving, step), labels in known.items()
        if is_arriving and step == last and np.isfinite(weights.target_weight[node])
        for label in labels
    }
    rows = {end[1:] for end in ends if end[0] < limit}
    return sorted(row for row in rows if not any(o != row and _is_no_worse(o, row) for o in rows))


def _is_no_worse(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))


def _moves(
    graph: ProductGraph, weights: ProductWeights, state: State
) -> Iterator[tuple[State, float]]:
    """Yield the states that one move reaches and what the move weighs."""
    for other, kind, index, length in _steps(graph, weights, state):
        table = (weights.arc_weight, weights.block_weight, weights.ride_weight)[kind]
        yield other, length * float(table[index])


def _priced_moves(
    graph: ProductGraph, weights: ProductWeights, costs: ProductCosts, state: State
) -> Iterator[tuple[State, tuple[float, ...]]]:
    """Yield the states that one move reaches, with its weight and costs."""
    for other, kind, index, length in _steps(graph, weights, state):
        table = (weights.arc_weight, weights.block_weight, weights.ride_weight)[kind]
        rows = (costs.arc, costs.block, costs.ride)[kind]
        yield (
            other,
            (
                length * float(table[index]),
                *(length * cost for cost in rows[index].tolist()),
            ),
        )


def _steps(
    graph: ProductGraph, weights: ProductWeights, state: State
) -> Iterator[tuple[State, int, int, float]]:
    """Yield the states that one move reaches: the move's kind, index and length (1 off blocks)."""
    node, is_arriving, step = state
    if is_arriving:
        for arc in range(int(graph.first_arc[node]), int(graph.first_arc[node + 1])):
            other = _after(weights, int(graph.arc_head[arc]), int(weights.arc_next[arc, step]))
            if other is not None:
                yield (other[0], False, other[1]), 0, arc, 1.0
        return
    block = int(graph.node_block[node])
    if block >= 0 and weights.block_next[block, step] >= 0:
        for m in range(int(graph.block_first[block]), int(graph.block_first[block + 1])):
            head = int(graph.member_node[m])
            length = float(
                graph.matrix[
                    graph.block_offset[block]
                    + graph.node_column[node] * graph.block_stride[block]
                    + graph.member_column[m]
                ]
            )
            other = _after(weights, head, step)
            if head != node and length <= graph.block_range[block] and other is not None:
                yield (head, True, other[1]), 1, block, length
    for ride in range(int(graph.first_ride[node]), int(graph.first_ride[node + 1])):
        other = _after(weights, int(graph.ride_head[ride]), int(weights.ride_next[ride, step]))
        if other is not None:
            yield (other[0], True, other[1]), 2, ride, 1.0


def _after(weights: ProductWeights, head: int, step: int) -> tuple[int, int] | None:
    """Return the head and the step after arriving there; None where that is not allowed."""
    after = int(weights.node_next[head, step]) if step >= 0 else -1
    return None if after < 0 else (head, after)
