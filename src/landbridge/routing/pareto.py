"""Pareto sets over three costs: every path that no other path beats in all of them.

Label setting (Martins 1984, On a multicriteria shortest path problem) on a `StateGraph`, best
weight first, with three things that keep it small:

- *Bounds*: one reverse search per cost tells the least that is still to come (Tung and Chew 1992).
- *Dominance at a state*, exact: a label is dropped if another at the same state is no worse in any
  cost. States hold the rule's step, so what follows is the same for both.
- *Dominance at the target*, within epsilon: a label is dropped if a known path beats, in each cost,
  `1 + epsilon` times the least that the label can come to. Since nothing is rounded on the way,
  errors do not add up over the steps: every path lighter than the limit is matched, in each cost
  to within `1 + epsilon`, by a path of the set.

The fastest, the cheapest and the cleanest path come from the reverse searches; they are known, and
prune, from the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.routing.heap import pop, push
from landbridge.routing.native import kernel
from landbridge.routing.states import CRITERIA, StateGraph, tree

Array = npt.NDArray[Any]
EQUAL_SHARE = 1e-9
"""Costs this close to each other, relatively, are equal: rounding must not make two of one."""
MOST_PATHS = 4096
MOST_LABELS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoSet:
    """Paths, as arcs of the state graph, with their costs.

    `cost` has shape (n_paths, 3). `is_complete` is False where the search ran out of room for
    labels or paths: each path is real then, but others may be missing.
    """

    paths: tuple[tuple[int, ...], ...]
    cost: Array
    is_complete: bool
    labels: int


@kernel(
    "int64[:], int64[:], float64[:], float64[:,:], float64[:,:], float64[:], int, int, float, "
    "float64[:], int64[:], float64[:,:], float64[:], int64[:], int64[:], int64[:], int8[:], "
    "int64[:], float64[:], int64[:], float64[:,:], int64[:], int, int64[:]",
    helpers=(push, pop),
)
def _labels(
    first: Array,
    head: Array,
    weight: Array,
    cost: Array,
    bound: Array,
    weight_bound: Array,
    source: int,
    target: int,
    limit: float,
    factor: Array,
    label_state: Array,
    label_cost: Array,
    label_weight: Array,
    label_before: Array,
    label_arc: Array,
    label_next: Array,
    label_dead: Array,
    bag: Array,
    heap_key: Array,
    heap_label: Array,
    found_cost: Array,
    found_label: Array,
    n_found: int,
    counts: Array,
) -> int:  # pragma: no cover - compiled
    """Return 1 if the set is whole, 0 if room ran out; counts[0] labels, counts[1] paths found.

    A state's labels hang together: `bag` holds the first, `label_next` the one after.
    """
    room = len(label_state)
    label_state[0], label_before[0], label_arc[0] = source, -1, -1
    label_weight[0], label_next[0] = 0.0, -1
    for k in range(3):
        label_cost[0, k] = 0.0
    bag[source] = 0
    n = 1
    size = push(heap_key, heap_label, 0, weight_bound[source], 0)
    is_whole = 1
    while size > 0 and is_whole:
        label = heap_label[0]
        size = pop(heap_key, heap_label, size)
        if label_dead[label]:
            continue
        state = label_state[label]
        a, b, c = label_cost[label, 0], label_cost[label, 1], label_cost[label, 2]
        x = (a + bound[state, 0]) * factor[0]
        y = (b + bound[state, 1]) * factor[1]
        z = (c + bound[state, 2]) * factor[2]
        is_beaten = False
        for k in range(n_found):
            if found_cost[k, 0] <= x and found_cost[k, 1] <= y and found_cost[k, 2] <= z:
                is_beaten = True
                break
        if is_beaten:
            continue
        if state == target:
            if n_found == len(found_label):
                is_whole = 0
                break
            found_cost[n_found, 0] = a
            found_cost[n_found, 1] = b
            found_cost[n_found, 2] = c
            found_label[n_found] = label
            n_found += 1
            continue
        for arc in range(first[state], first[state + 1]):
            to = head[arc]
            own = label_weight[label] + weight[arc]
            if own + weight_bound[to] >= limit:
                continue
            p, q, r = a + cost[arc, 0], b + cost[arc, 1], c + cost[arc, 2]
            x = (p + bound[to, 0]) * factor[0]
            y = (q + bound[to, 1]) * factor[1]
            z = (r + bound[to, 2]) * factor[2]
            is_beaten = False
            for k in range(n_found):
                if found_cost[k, 0] <= x and found_cost[k, 1] <= y and found_cost[k, 2] <= z:
                    is_beaten = True
                    break
            if is_beaten:
                continue
            before = -1
            other = bag[to]
            while other >= 0:
                u, v, w = label_cost[other, 0], label_cost[other, 1], label_cost[other, 2]
                following = label_next[other]
                if u <= p and v <= q and w <= r:
                    is_beaten = True
                    break
                if p <= u and q <= v and r <= w:
                    label_dead[other] = 1
                    if before < 0:
                        bag[to] = following
                    else:
                        label_next[before] = following
                else:
                    before = other
                other = following
            if is_beaten:
                continue
            if n == room:
                is_whole = 0
                break
            label_state[n], label_before[n], label_arc[n] = to, label, arc
            label_weight[n], label_dead[n] = own, 0
            label_cost[n, 0], label_cost[n, 1], label_cost[n, 2] = p, q, r
            label_next[n] = bag[to]
            bag[to] = n
            size = push(heap_key, heap_label, size, own + weight_bound[to], n)
            n += 1
    counts[0], counts[1] = n, n_found
    return is_whole


def pareto_set(
    states: StateGraph,
    epsilon: tuple[float, float, float],
    *,
    most_labels: int = MOST_LABELS,
) -> ParetoSet:
    """Return the paths that no path lighter than the graph's limit beats in all three costs.

    Parameters
    ----------
    states
        The unfolded graph; its weights must not fall where all costs rise.
    epsilon
        How much worse in each cost, relatively, a path of the set may be than one it stands for;
        0 for the exact set, each cost vector once.
    most_labels
        Labels after which the search stops with what it has, marked incomplete.
    """
    n = len(states.node)
    bound = np.empty((n, CRITERIA))
    known: list[tuple[int, ...]] = [tuple(states.path_from(states.source))]
    for k in range(CRITERIA):
        bound[:, k], via = tree(n, states.head, states.tail, states.cost[:, k], states.target)
        path, state = [], states.source
        while state != states.target:
            path.append(int(via[state]))
            state = int(states.head[path[-1]])
        if sum(states.weight[path].tolist()) < states.limit:
            known.append(tuple(path))
    bound *= 1.0 - 1e-12
    found_cost = np.empty((MOST_PATHS, CRITERIA))
    for k, known_way in enumerate(known):
        found_cost[k] = _sum(states.cost, known_way)
    found_label = np.full(MOST_PATHS, -1, np.int64)
    factor = 1.0 + np.maximum(np.array(epsilon, float), EQUAL_SHARE)
    room = most_labels
    label_state, before, arc, after = (np.empty(room, np.int64) for _ in range(4))
    counts = np.zeros(2, np.int64)
    is_whole = _labels(
        states.first, states.head, states.weight, states.cost, bound,
        states.behind * (1.0 - 1e-12), states.source, states.target, states.limit, factor,
        label_state, np.empty((room, CRITERIA)), np.empty(room), before, arc, after,
        np.zeros(room, np.int8), np.full(n, -1, np.int64), np.empty(room + 1),
        np.empty(room + 1, np.int64), found_cost, found_label, len(known), counts,
    )  # fmt: skip
    paths = list(known)
    for label in found_label[len(known) : counts[1]].tolist():
        way: list[int] = []
        while before[label] >= 0:
            way.append(int(arc[label]))
            label = int(before[label])  # noqa: PLW2901 - walking back
        paths.append(tuple(way[::-1]))
    kept = undominated(found_cost[: counts[1]])
    return ParetoSet(
        paths=tuple(paths[k] for k in kept),
        cost=found_cost[kept],
        is_complete=bool(is_whole),
        labels=int(counts[0]),
    )


def undominated(cost: Array, *, equal_share: float = EQUAL_SHARE) -> list[int]:
    """Return the rows, in order, that no other row beats or equals; of equal rows the first.

    Parameters
    ----------
    cost
        Shape (n, criteria); lower is better.
    equal_share
        Costs this close, relatively, are equal.
    """
    kept: list[int] = []
    for k in range(len(cost)):
        no_worse = (cost <= cost[k] * (1.0 + equal_share)).all(axis=1)
        better = (cost < cost[k] * (1.0 - equal_share)).any(axis=1)
        beaten = no_worse & better
        twin = no_worse & ~better
        if not beaten.any() and not twin[:k].any():
            kept.append(k)
    return kept


def _sum(cost: Array, arcs: tuple[int, ...]) -> Array:
    """Return the costs of a path, added in its order as the labels add them."""
    total = np.zeros(cost.shape[1])
    for arc in arcs:
        total = total + cost[arc]
    return total
