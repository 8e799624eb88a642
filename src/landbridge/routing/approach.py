"""The tables of a rule as one request finds them: bounds for its search (see `transit`).

Nodes that the request adds to the network stand in no table. What they may shorten is bounded,
never overlooked: a path that goes through some of them while the rule is not met leaves them for
good some time, and what is to come from there is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.routing.labelling import Approach, rule_bound
from landbridge.routing.lanes import lanes_of
from landbridge.routing.native import kernel
from landbridge.routing.product import ProductGraph, ProductWeights
from landbridge.routing.transit import Transit

Array = npt.NDArray[Any]
SAFE = 1.0 - 1e-9
"""Sums in another order differ by less."""
LIKELY = 1.0 + 1e-6
"""Tables of 32-bit floats are short by less."""


def may_use(b: int, step: int, own_first: Array, own_node: Array, node_next: Array) -> bool:
    """Return whether any of the request's nodes in a touched block may be used in a step."""
    for i in range(own_first[b], own_first[b + 1]):  # noqa: SIM110 - compiled
        if node_next[own_node[i], step] >= 0:
            return True
    return False


@kernel(
    "int, int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], "
    "int64[:], int64[:], int64[:], float32[:], float64[:], float64[:], int8[:,:], int8[:,:], "
    "int8[:,:], int64[:], float64[:], int64[:], float64[:], float64[:], float32[:,:], "
    "float32[:,:], float64[:], float64[:], float64[:], float64[:]",
    helpers=(rule_bound, may_use),
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
        if block_next[block, last] < 0 or not may_use(b, last, own_first, own_node, node_next):
            continue
        begin = block_first[block]
        count = block_first[block + 1] - begin
        most = 0.0
        for k in range(n_ways):
            most = max(most, ahead[k])
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
            if more < most:
                for k in range(n_ways):
                    ahead[k] = min(ahead[k], behind[node, k] + more)

    for step in range(last - 1, -1, -1):
        cap[step] = np.inf
        for i in range(len(left_own)):
            left_own[i] = np.inf
        for b in range(len(touched)):
            block = touched[b]
            if block_next[block, step] < 0 or not may_use(b, step, own_first, own_node, node_next):
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
                # most members lead away: what is left from them whatever the rule tells
                left = bound[n_all + begin + m]
                is_near = False
                for i in range(own_first[b], own_first[b + 1]):
                    own = lane_first[block] + (place[own_node[i]] - begin) * count
                    new = lane_length[own + m] * block_weight[block] + left
                    is_near = is_near or new < left_own[own_node[i] - n]
                if not is_near:
                    continue
                if after < last:
                    left = rule_bound(before, ahead, cap, n, 2 * after + 1, node)
                for i in range(own_first[b], own_first[b + 1]):
                    own = lane_first[block] + (place[own_node[i]] - begin) * count
                    new = lane_length[own + m] * block_weight[block] + left
                    if new < np.inf:  # inf times nothing is no number
                        left_own[own_node[i] - n] = min(left_own[own_node[i] - n], new)
        for node in range(n, n_all):
            if node_next[node, step] < 0:
                continue
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
    n_ways = transit.before.shape[1]
    room = np.full(n_ways + n_sets + touches.n_own + 2, np.inf)
    ahead, cap = room[:n_ways], room[n_ways : n_ways + n_sets]
    left_own, found = room[n_ways + n_sets : -2], room[-2:]
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
