"""How far it is at least to the gates of a corridor: what keeps a search from looking elsewhere.

A corridor's rule leads through sets of gates in order (passages, crossings, terminals). Least
weights from everywhere to each set depend on no request: they are found once per day and pricing,
on the network without the touches of a request, and serve all corridors that name the set. From a
state that has met j sets there is at least

    weight to set j + 1  +  from there to set j + 2  +  ...  +  from the last set to an end

to come, whatever the rule forbids. What a request adds to the network (terminals near its doors)
is measured with it; where that brings any of the rest nearer to a set, the set is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from landbridge.graph.carrying import VirtualNetwork
from landbridge.kept import Kept
from landbridge.planning.rule import Index
from landbridge.routing.backward import behind
from landbridge.routing.lanes import Lanes
from landbridge.routing.product import GateBounds, ProductGraph, ProductWeights
from landbridge.units import FloatArray, IntArray

Ids = tuple[str, ...]
MOST_SETS = 64
"""So many sets are kept per pricing, 80 kB each; the oldest goes."""
SAFE = 1.0 - 1e-9
"""Sums in another order differ by less; bounds must not overstate."""


class Gates:
    """Least weights to sets of gates on the network of a day, with one pricing and objective.

    Parameters
    ----------
    virtual, index, arc_ends, ride_ends
        The network of the day, without the touches of any request.
    arc_weight, ride_weight
        What its arcs and rides weigh, in their own order.
    """

    def __init__(
        self,
        virtual: VirtualNetwork,
        index: Index,
        *,
        arc_ends: IntArray,
        ride_ends: IntArray,
        arc_weight: FloatArray,
        ride_weight: FloatArray,
    ) -> None:
        self._virtual, self._index = virtual, index
        self._arc_ends, self._ride_ends = arc_ends, ride_ends
        self._arc_weight, self._ride_weight = arc_weight, ride_weight
        self.n_nodes = len(virtual.node_attachment)
        self._behind: Kept[Ids, FloatArray] = Kept(MOST_SETS)
        self._between: Kept[tuple[Ids, Ids], float] = Kept(MOST_SETS * 4)

    def behind(self, ids: Ids, graph: ProductGraph, weights: ProductWeights) -> FloatArray:
        """Return the least weight from each half node to a set of gates, shape (2 n_nodes,).

        Parameters
        ----------
        graph, weights
            Those of any request of the day: what it adds is not gone through.
        """
        return self._behind.made(ids, lambda: self._measured(ids, graph, weights))

    def _measured(self, ids: Ids, graph: ProductGraph, weights: ProductWeights) -> FloatArray:
        nodes, arcs, rides = self._places(ids)
        least = np.full(self.n_nodes, np.inf)
        least[nodes] = 0.0
        into = np.isin(self._arc_ends[:, 1], nodes)
        into[arcs] = True
        np.minimum.at(least, self._arc_ends[into, 0], self._arc_weight[into])
        # a ride is boarded in the half that departs: its seeds are the arcs that lead there
        boarded = np.full(self.n_nodes, np.inf)
        boarded[nodes] = 0.0
        np.minimum.at(boarded, self._ride_ends[rides, 0], self._ride_weight[rides])
        head = self._arc_ends[:, 1]
        np.minimum.at(least, self._arc_ends[:, 0], self._arc_weight + boarded[head])
        ends = np.flatnonzero(np.isfinite(least))
        found = behind(graph, weights, ends, least[ends], n_used=self.n_nodes)
        halves = found[: 2 * self.n_nodes].reshape(-1, 2).copy()
        np.minimum(halves[:, 0], boarded, out=halves[:, 0])
        halves.flags.writeable = False
        return halves.reshape(-1)

    def _places(self, ids: Ids) -> tuple[IntArray, IntArray, IntArray]:
        """Return the nodes, arcs and rides that meet a set."""
        index = self._index
        nodes = [index.nodes_of_id[id_] for id_ in ids if id_ in index.nodes_of_id]
        arcs = [index.arcs_of_id[id_] for id_ in ids if id_ in index.arcs_of_id]
        kinds = [k for k, (_, passages) in enumerate(index.ride_kinds) if set(passages) & set(ids)]
        none = np.zeros(0, np.int64)
        return (
            np.concatenate([none, *nodes]),
            np.concatenate([none, *arcs]),
            np.flatnonzero(np.isin(index.kind_of_ride, kinds)),
        )

    def met(self, ids: Ids) -> IntArray:
        """Return the half nodes in which a path is that has just met a set."""
        nodes, arcs, rides = self._places(ids)
        return np.concatenate(
            [
                2 * nodes,
                2 * nodes + 1,
                2 * self._arc_ends[arcs, 1],
                2 * self._ride_ends[rides, 1] + 1,
            ]
        )

    def between(self, one: Ids, other: Ids, graph: ProductGraph, weights: ProductWeights) -> float:
        """Return the least weight from having met one set to meeting another."""

        def least() -> float:
            both = [set(passages) for _, passages in self._index.ride_kinds]
            if any(passages & set(one) and passages & set(other) for passages in both):
                return 0.0  # one ride meets both
            met = self.met(one)
            return float(self.behind(other, graph, weights)[met].min()) if len(met) else np.inf

        return self._between.made((one, other), least)


class FieldGates:
    """The gates as one request finds them: with its touches, and the way on to its ends.

    Parameters
    ----------
    bound
        Least weight from each half node to an end of the request, see `lower_bounds`.
    index
        Index of the request's network.
    """

    def __init__(
        self,
        gates: Gates,
        graph: ProductGraph,
        weights: ProductWeights,
        bound: FloatArray,
        index: Index,
    ) -> None:
        self._gates, self._graph, self._weights = gates, graph, weights
        self._bound, self._index = bound, index
        self._row_of: dict[Ids, int] = {}
        self._rows = np.empty((0, 2 * graph.n_nodes))

    def prepare(self, sets: Sequence[Ids]) -> None:
        """Measure sets of gates, all at once."""
        graph, lanes, gates = self._graph, self._graph.lanes, self._gates
        fresh = [ids for ids in dict.fromkeys(sets) if ids not in self._row_of]
        if lanes is None or not fresh:
            return
        n, shared = graph.n_nodes, gates.n_nodes
        base = np.array([gates.behind(ids, graph, self._weights) for ids in fresh])
        rows = np.full((len(fresh), 2, n), np.inf)
        place = lanes.place[:shared]
        rows[:, 0, place], rows[:, 1, place] = base[:, 0::2], base[:, 1::2]
        is_sound = _with_touches(rows, graph, lanes, self._weights, shared)
        first = len(self._rows)
        self._rows = np.concatenate([self._rows, rows.reshape(len(fresh), -1)])
        for k, ids in enumerate(fresh):
            self._row_of[ids] = first + k if is_sound[k] else -1

    def bounds(self, required: Sequence[Ids]) -> GateBounds:
        """Return what is before a path at each step of a rule that leads through these sets."""
        gates, n_steps = self._gates, len(required) + 1
        row = np.full(n_steps, -1)
        rest = np.zeros(n_steps)
        fresh = self._index.fresh_nodes_of_id  # a gate among the touches of a door
        if required and not any(id_ in fresh for ids in required for id_ in ids):
            self.prepare(required)
            met = gates.met(required[-1])
            onwards = [float(self._bound[met].min()) if len(met) else np.inf]
            for one, other in reversed(list(pairwise(required))):
                is_sound = self._row_of.get(other, -1) >= 0
                least = gates.between(one, other, self._graph, self._weights) if is_sound else 0.0
                onwards.append(onwards[-1] + least)
            rest[:-1] = np.array(onwards[::-1]) * SAFE
            row[:-1] = [self._row_of.get(ids, -1) for ids in required]
        return GateBounds(bound=self._rows, row=row, rest=rest)


def _with_touches(
    rows: FloatArray,
    graph: ProductGraph,
    lanes: Lanes,
    weights: ProductWeights,
    shared: int,
) -> list[bool]:
    """Fill in the touches of a request; return for which sets nothing else comes nearer by them.

    `rows`, shape (n_sets, 2, n_nodes), go by places; nodes from `shared` on are the touches.
    """
    is_sound = np.ones(len(rows), bool)
    touches = range(shared, graph.n_nodes)
    runs = []
    for node in touches:
        block = int(graph.node_block[node])
        begin, end = graph.block_first[block], graph.block_first[block + 1]
        at, count = int(lanes.place[node]), int(end - begin)
        own = lanes.first[block] + (at - begin) * count
        length = lanes.length[own : own + count] * weights.block_weight[block]
        runs.append((at, int(begin), int(end), length))
    tail = np.repeat(np.arange(graph.n_nodes), np.diff(graph.first_arc))
    changes = np.flatnonzero((tail >= shared) | (graph.arc_head >= shared))
    arcs = [
        (int(lanes.place[tail[k]]), int(lanes.place[graph.arc_head[k]]), weights.arc_weight[k])
        for k in changes.tolist()
    ]
    is_touch = np.zeros(graph.n_nodes, bool)
    is_touch[lanes.place[shared:]] = True
    for _ in range(2):
        for at, begin, end, length in runs:
            rows[:, 0, at] = np.minimum(
                rows[:, 0, at], (rows[:, 1, begin:end] + length).min(axis=1)
            )
        for a, b, weight in arcs:
            if is_touch[a]:
                rows[:, 1, a] = np.minimum(rows[:, 1, a], rows[:, 0, b] + weight)
    # what is left to gain by a touch, also by one from another, makes the set unsound
    for at, begin, end, length in runs:
        gain = rows[:, 1, at, None] + length < rows[:, 0, begin:end] * SAFE
        is_sound &= ~gain.any(axis=1)
    for a, b, weight in arcs:
        is_sound &= ~(rows[:, 0, b] + weight < rows[:, 1, a] * SAFE)
    return [bool(sound) for sound in is_sound]
