"""The kernel of the search on a product graph: labels set by A*, states in two halves.

See `product` for what the arrays are. Bounds come from two sources, neither ever overstated: what
is left to an end whatever the rule (`bound`), and, up to the last set of the rule, what its tables
tell (`before`, `ahead`, `cap`: see `transit`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.routing.heap import pop, push
from landbridge.routing.native import kernel

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approach:
    """The tables as one request finds them.

    `ahead` (n_ways,) is at most the weight from each transit state to an end. A path that goes
    through nodes of the request while the rule is not met leaves them for good some time: at least
    `cap[step]` is to come then, and so before. Every path weighs `least` or more, inf if there is
    none, and the best of them probably not more than `likely`.
    """

    n: int
    before: Array
    ahead: Array
    cap: Array
    least: float
    likely: float


NO_APPROACH = Approach(
    n=0,
    before=np.empty((0, 0), np.float32),
    ahead=np.empty(0),
    cap=np.empty(0),
    least=0.0,
    likely=np.inf,
)
"""Where nothing is known of the rule."""


def rule_bound(
    before: Array, ahead: Array, cap: Array, n_used: int, layer: int, node: int
) -> float:
    """Return the least that is left from a state, as the tables of the rule tell it."""
    least: float = cap[layer >> 1]
    if node < n_used:
        row = layer * n_used + node
        for k in range(len(ahead)):
            least = min(least, before[row, k] + ahead[k])
    return least


MOST = 1.7976931348623157e308
"""The greatest finite number: what weighs inf is never gone."""


def is_before(state: int, via: int, other_state: int, other_via: int) -> bool:
    """Return whether of two moves that weigh the same the first is taken, in whatever order."""
    return state < other_state or (state == other_state and via < other_via)


@kernel(
    "int, int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], "
    "int64[:], float32[:], float64[:], float64[:], float64[:], int8[:,:], int8[:,:], int8[:,:], "
    "int8[:,:], int64[:], float64[:], float64[:], float64[:], float, float64[:], int64[:], "
    "int64[:], float64[:], int64[:], float64[:], int, float32[:,:], float64[:], float64[:]",
    helpers=(push, pop, rule_bound, is_before),
)
def set_labels(
    n_steps: int,
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
    n_used: int,
    before: Array,
    ahead: Array,
    cap: Array,
) -> int:  # pragma: no cover - compiled
    """Return the end state, `NO_END` or `HEAP_FULL`; `goal_weight[0]` is the path's weight.

    State `(2 step + half) n + p` is the node at place p; `bound` (2 n,), departing halves first,
    goes by places too, all else by nodes. Of paths that weigh the same one is taken that depends
    on nothing but the graph: not on the bounds, nor on the order of the search.
    """
    n = len(place)
    room = len(heap_key)
    size = 0
    last = n_steps - 1
    n_ruled = len(cap)
    goal = min(limit, MOST)
    goal_state = -1
    for k in range(len(source_node)):
        at = place[source_node[k]]
        step = node_next[source_node[k], 0]
        if step < 0:
            continue
        state = 2 * step * n + at
        left = bound[at]
        if step < n_ruled:
            left = max(left, rule_bound(before, ahead, cap, n_used, 2 * step, source_node[k]))
        if source_weight[k] + left > goal:
            continue
        if source_weight[k] < best[state]:
            best[state] = source_weight[k]
            via[state] = -2 - k
            previous[state] = -1
            if size == room:
                return -2
            size = push(heap_key, heap_state, size, source_weight[k] + left, state)
    while size > 0:
        estimate = heap_key[0]
        state = heap_state[0]
        size = pop(heap_key, heap_state, size)
        if estimate > goal:
            break
        layer = state // n
        at = state - layer * n
        step = layer >> 1
        key = best[state]
        node = node_at[at]
        half = at + (layer & 1) * n
        left = bound[half]
        if step < n_ruled:
            left = max(left, rule_bound(before, ahead, cap, n_used, layer, node))
        if estimate > key + left:
            continue
        if layer & 1:
            total = key + target_weight[node]
            if step == last and (total < goal or (total == goal and state < goal_state)):
                goal = total
                goal_state = state
            for arc in range(first_arc[node], first_arc[node + 1]):
                after = arc_next[arc, step]
                if after < 0:
                    continue
                after = node_next[arc_head[arc], after]
                if after < 0:
                    continue
                head = place[arc_head[arc]]
                new = key + arc_weight[arc]
                left = bound[head]
                to = 2 * after * n + head
                if new + left > goal or new > best[to]:
                    continue
                if after < n_ruled:
                    least = rule_bound(before, ahead, cap, n_used, 2 * after, arc_head[arc])
                    left = max(left, least)
                    if new + left > goal:
                        continue
                if new == best[to]:
                    if key < new and is_before(state, 3 * arc, previous[to], via[to]):
                        via[to], previous[to] = 3 * arc, state
                    continue
                best[to], via[to], previous[to] = new, 3 * arc, state
                if size == room:
                    return -2
                size = push(heap_key, heap_state, size, new + left, to)
        else:
            block = node_block[node]
            if block >= 0 and block_next[block, step] >= 0:
                begin = block_first[block]
                count = block_first[block + 1] - begin
                row = lane_first[block] + (at - begin) * count
                weight = block_weight[block]
                for m in range(count):
                    head = begin + m
                    new = key + lane_length[row + m] * weight
                    left = bound[n + head]
                    if not new + left <= goal:  # inf times nothing is no number
                        continue
                    after = node_next[node_at[head], step]
                    to = (2 * after + 1) * n + head
                    if after < 0 or new > best[to]:
                        continue
                    if after < n_ruled:
                        layer = 2 * after + 1
                        least = rule_bound(before, ahead, cap, n_used, layer, node_at[head])
                        left = max(left, least)
                        if new + left > goal:
                            continue
                    if new == best[to]:
                        if key < new and is_before(state, 3 * block + 1, previous[to], via[to]):
                            via[to], previous[to] = 3 * block + 1, state
                        continue
                    best[to], via[to], previous[to] = new, 3 * block + 1, state
                    if size == room:
                        return -2
                    size = push(heap_key, heap_state, size, new + left, to)
            for ride in range(first_ride[node], first_ride[node + 1]):
                after = ride_next[ride, step]
                if after < 0:
                    continue
                after = node_next[ride_head[ride], after]
                if after < 0:
                    continue
                head = place[ride_head[ride]]
                new = key + ride_weight[ride]
                left = bound[n + head]
                to = (2 * after + 1) * n + head
                if new + left > goal or new > best[to]:
                    continue
                if after < n_ruled:
                    layer = 2 * after + 1
                    least = rule_bound(before, ahead, cap, n_used, layer, ride_head[ride])
                    left = max(left, least)
                    if new + left > goal:
                        continue
                if new == best[to]:
                    if key < new and is_before(state, 3 * ride + 2, previous[to], via[to]):
                        via[to], previous[to] = 3 * ride + 2, state
                    continue
                best[to], via[to], previous[to] = new, 3 * ride + 2, state
                if size == room:
                    return -2
                size = push(heap_key, heap_state, size, new + left, to)
    goal_weight[0] = goal
    return goal_state
