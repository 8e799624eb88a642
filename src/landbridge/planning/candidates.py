"""The search within one corridor: arrays, masks and the rule, handed to the product kernel.

This module sees facts, prices and physics; it never sees the rulebook.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from landbridge.dataset.network import Net
from landbridge.domain.arcs import Arc, HaulArc
from landbridge.domain.network import Corridor
from landbridge.domain.request import Request
from landbridge.graph.topology import Topology
from landbridge.graph.virtual import (
    extended,
)
from landbridge.models.pricing import Pricing
from landbridge.planning.doors import Door
from landbridge.planning.ends import Ends, ends_at, ends_with_spread
from landbridge.planning.frame import Frame, ends_of, run_arc
from landbridge.planning.geography import Geography
from landbridge.planning.ground import Grounds
from landbridge.planning.hauls import extended_hauls
from landbridge.planning.pricebook import PriceBook
from landbridge.planning.prices import KM, N_COLUMNS, Prices
from landbridge.planning.rule import (
    Ban,
    Index,
)
from landbridge.routing.product import (
    ProductGraph,
    ProductWeights,
    Step,
    search,
)
from landbridge.routing.states import ProductCosts, StateGraph, unfold
from landbridge.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move of a candidate: its arcs' facts and the virtual nodes it joins (-1 a door)."""

    kind: str
    facts: tuple[Arc, ...]
    tail: int
    head: int
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A path through the virtual network, from door to door."""

    weight: float
    moves: tuple[Move, ...]


class Field:
    """One request's virtual network with weights: build once, search once per corridor."""

    def __init__(
        self,
        geography: Geography,
        request: Request,
        pricing: Pricing,
        origin: Door,
        destination: Door,
        vias: Sequence[Door],
        *,
        length_factor: Callable[[str, str], float],
        frame: Frame,
        book: PriceBook,
    ) -> None:
        self.geography, self.request, self.pricing = geography, request, pricing
        self.frame, self.links_off = frame, frame.links_off
        self._undated: Field | None = None
        self.book = book
        self.origin, self.destination, self.vias = origin, destination, vias
        self.length_factor, self.shut_passages = length_factor, frame.shut_passages
        touches = [t for door in (origin, destination, *vias) for t in door.touches]
        self.virtual, at = extended(
            frame.virtual, geography.dataset, [t.attachment for t in touches]
        )
        spans = np.cumsum([0] + [len(d.touches) for d in (origin, destination, *vias)]).tolist()
        self.positions = [at[a:b] for a, b in pairwise(spans)]
        self.nodes_of_attachment = frame.nodes_of_attachment.copy()
        n_shared = len(frame.virtual.node_attachment)
        for node, position in enumerate(self.virtual.node_attachment[n_shared:], start=n_shared):
            self.nodes_of_attachment.setdefault(position, []).append(node)
        self._pass_through: list[tuple[int, int]] = self._via_arcs()
        self.index = Index(self.virtual, geography.dataset, frame.index)
        self.graph = self._compile()
        self.prices = Prices(pricing, book, request.objective)
        self.weights = self._weigh()
        self._ids_closed: dict[tuple[frozenset[int], frozenset[str]], frozenset[str]] = {}
        self._end_moves: dict[tuple[str, int], Move] = {}
        self.starts = self.ends(origin, self.positions[0], "origin")
        self.goals = self.ends(destination, self.positions[1], "destination")
        self.grounds = Grounds(self)

    def undated(self) -> Field:
        """Return the field with the links, services and sea markets of all dates at once."""
        if self._undated is None:
            self._undated = Field(
                self.geography,
                self.request,
                self.pricing,
                self.origin,
                self.destination,
                self.vias,
                length_factor=self.length_factor,
                frame=self.frame.undated(),
                book=self.book,
            )
        return self._undated

    def seen_from(self, geography: Geography) -> Field:
        """Return the same network, judged by the dated facts of another geography."""
        other = copy(self)
        other.geography, other._undated = geography, None  # noqa: SLF001
        other.grounds = self.grounds.seen_by(other)
        return other

    def repriced(self, pricing: Pricing, book: PriceBook) -> Field:
        """Return the same network with the weights of another pricing, and no ends."""
        other = copy(self)
        other.pricing, other.book, other._undated = pricing, book, None  # noqa: SLF001
        other._end_moves = {}  # noqa: SLF001
        other.prices = Prices(pricing, book, self.request.objective)
        other.weights = other._weigh()  # noqa: SLF001 - one of us
        other.starts, other.goals = {}, {}
        other.grounds = Grounds(other)
        return other

    def with_spread(self) -> Field:
        """Return the same, weighed by `Prices.with_spread`, for rules that require nothing.

        No weight is less than it was: what bounds the one search bounds the other. Tables of
        corridors are those of the weights without: none is to be made of these.
        """
        other, add = copy(self), self.prices.with_spread
        rows = zip(self.weights, self.rows, strict=True)
        arc, ride, block = (_frozen(add(weight, own)) for weight, own in rows)
        other.weights, other.weights_digest = (arc, ride, block), self.weights_digest + b" spread"
        other.starts, other.goals = ends_with_spread((self.starts, self.goals), self.pricing)
        other._undated, other.grounds = None, self.grounds.seen_by(other)  # noqa: SLF001
        return other

    def between(
        self, origin: Door, starts: Ends, destination: Door, goals: Ends, request: Request
    ) -> Field:
        """Return the same network with other ends, as `ends` gives them."""
        other = copy(self)
        other.origin, other.destination, other.request = origin, destination, request
        other._undated, other._end_moves = None, {}  # noqa: SLF001
        other.starts, other.goals = starts, goals
        other.grounds = Grounds(other)
        return other

    @property
    def rows(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return rows of prices of sparse arcs, rides, and blocks per km, as the kernel counts."""
        return self._arc_rows, self._ride_rows, self._block_rows

    def topology(self, net: Net) -> Topology:
        """Return the network of the day, without what is not there, shut or out of season."""
        return self.frame.topology(net)

    # ---- nodes at the ends -------------------------------------------------------------------

    def _via_arcs(self) -> list[tuple[int, int]]:
        """Let a load pass via places and named inland terminals: arriving to departing half."""
        vias = [node for k in range(len(self.vias)) for node in sorted(self.via_nodes(k))]
        return [(node, node) for node in (*vias, *self.frame.passed)]

    def via_nodes(self, k: int) -> set[int]:
        """Return the virtual nodes that count as the k-th via place."""
        return {
            node
            for position in self.positions[2 + k]
            for node in self.nodes_of_attachment[position]
        }

    def ends(self, door: Door, positions: Sequence[int], role: str) -> Ends:
        """Return per node at a door: the weight of starting (ending) there and its arcs."""
        return ends_at(self, door, positions, role)

    def mode(self, node: int) -> str:
        """Return the mode of a virtual node."""
        return self.virtual.carriages[self.virtual.node_carriage[node]].mode

    # ---- arrays ------------------------------------------------------------------------------

    def _compile(self) -> ProductGraph:
        frame, virtual = self.frame, self.virtual
        hauls = extended_hauls(
            frame.hauls,
            self.geography,
            virtual,
            from_position=len(frame.virtual.attachments),
            topology_of=self.topology,
            ends=frozenset((*self.positions[0], *self.positions[1])),
        )
        graph, self.arc_order = frame.arrays.with_touches(
            virtual,
            hauls,
            own_ends=ends_of(virtual, len(frame.arc_ends)),
            through=self._pass_through,
        )
        self.ride_order = frame.arrays.ride_order
        return graph

    # ---- weights -----------------------------------------------------------------------------

    def run_arc(self, block: int, km: float) -> HaulArc:
        """Return the facts of a run of `km` network kilometres in a run block."""
        return run_arc(self.virtual, self.geography.dataset, self.length_factor, block, km)

    def _weigh(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        prices, virtual = self.prices, self.virtual
        shared = self.frame.priced(prices, self.length_factor)
        self.weights_digest = shared.digest
        self._own_rows = prices.kept_rows(arc.facts for arc in virtual.arcs[len(shared.arcs) :])
        own = prices.weights(self._own_rows)
        fresh = range(len(shared.blocks), len(virtual.blocks))
        self._block_rows = np.concatenate(
            [shared.blocks, prices.rows(self.run_arc(k, 1.0) for k in fresh)]
        )
        arc_weight = np.concatenate([shared.arc_weight, own, np.zeros(len(self._pass_through))])
        return (
            arc_weight[self.arc_order],
            shared.ride_weight[self.ride_order],
            prices.weights(self._block_rows),
        )

    @property
    def _arc_rows(self) -> FloatArray:
        shared = self.frame.priced(self.prices, self.length_factor).arcs
        idle = np.zeros((len(self._pass_through), N_COLUMNS))
        rows: FloatArray = np.concatenate([shared, self._own_rows, idle])[self.arc_order]
        return rows

    @property
    def _ride_rows(self) -> FloatArray:
        rows: FloatArray = self.frame.priced(self.prices, self.length_factor).rides[self.ride_order]
        return rows

    def costs(self) -> ProductCosts:
        """Return mean hours, USD and kg CO2e of everything that has a weight."""
        prices = self.prices
        target = np.zeros((self.graph.n_nodes, 3))
        for node, (_, facts) in self.goals.items():
            target[node] = prices.rows(facts).sum(axis=0)[:KM]
        sources = [
            prices.rows(facts).sum(axis=0)[:KM] for _, (_, facts) in sorted(self.starts.items())
        ]
        return ProductCosts(
            arc=_frozen(self._arc_rows[:, :KM]),
            ride=_frozen(self._ride_rows[:, :KM]),
            block=_frozen(self._block_rows[:, :KM]),
            source=_frozen(np.array(sources).reshape(-1, 3)),
            target=_frozen(target),
        )

    # ---- search ------------------------------------------------------------------------------

    def search(
        self,
        corridor: Corridor | None,
        ban: Ban,
        *,
        shut_crossings: frozenset[int],
        shut_passages: frozenset[str],
        limit: float = np.inf,
    ) -> Candidate | None:
        """Return the least-weight candidate that obeys the rule and uses nothing banned.

        Candidates of weight `limit` or more are not looked for.
        """
        if not self.starts or not self.goals:
            return None
        closed = self._closed(shut_crossings, shut_passages)
        ground = self.grounds.of(corridor, ban, closed)
        if not ground.approach.least < np.inf or ground.approach.least > limit:
            return None
        weight, source, steps = search(
            self.graph,
            ground.weights,
            self.grounds.bounds(ground.weights)[1],
            limit=limit,
            approach=ground.approach,
        )
        if not np.isfinite(weight) or source < 0:
            if limit == np.inf:
                self.grounds.no_way(corridor, ban, closed)
            return None
        return self.candidate(weight, source, steps)

    def likelier_first(
        self,
        ways: Sequence[Corridor | None],
        ban: Ban,
        shut_crossings: frozenset[int],
        shut_passages: frozenset[str],
    ) -> Sequence[Corridor | None]:
        """Return a corridor's two ways, that first which may be lighter: it limits the other."""
        if not self.starts or not self.goals:
            return ways
        closed = self._closed(shut_crossings, shut_passages)
        grounds = [self.grounds.of(way, ban, closed) for way in ways]
        is_first = grounds[0].approach.least <= grounds[-1].approach.least
        return ways if is_first else ways[::-1]

    def unfolded(
        self,
        corridor: Corridor | None,
        ban: Ban,
        *,
        shut_crossings: frozenset[int],
        shut_passages: frozenset[str],
        limit: float,
    ) -> StateGraph | None:
        """Return the graph of every path lighter than `limit`, None if there is none."""
        if not self.starts or not self.goals:
            return None
        weights = self.ruled(corridor, ban, shut_crossings, shut_passages)
        bound = self.grounds.bounds(weights)[0]
        return unfold(self.graph, weights, self.costs(), bound, limit=limit)

    def ruled(
        self,
        corridor: Corridor | None,
        ban: Ban,
        shut_crossings: frozenset[int],
        shut_passages: frozenset[str],
    ) -> ProductWeights:
        """Return what the kernel searches with: weights, ends, and the rule's step tables."""
        return self.grounds.ruled(corridor, ban, self._closed(shut_crossings, shut_passages))

    def _closed(
        self, shut_crossings: frozenset[int], shut_passages: frozenset[str]
    ) -> frozenset[str]:
        """Return the ids of what is shut."""
        key = shut_crossings, shut_passages
        if key not in self._ids_closed:
            crossings = self.geography.dataset.crossings
            self._ids_closed[key] = shut_passages.union(crossings[k].id for k in shut_crossings)
        return self._ids_closed[key]

    def candidate(self, weight: float, source: int, steps: Sequence[Step]) -> Candidate:
        """Return the candidate of a path: its source (position in `starts`, sorted) and steps."""
        start = int(self.grounds.ends[0][source])
        moves = [self._end_move("start", start)]
        moves += [move for move in map(self._move, steps) if move is not None]
        moves.append(self._end_move("end", moves[-1].head))
        return Candidate(weight=weight, moves=tuple(moves))

    def _end_move(self, kind: str, node: int) -> Move:
        """Return the move between a door and a node, the same for every way."""
        known = self._end_moves.get((kind, node))
        if known is None:
            if kind == "start":
                known = Move(kind=kind, facts=self.starts[node][1], tail=-1, head=node)
            else:
                known = Move(kind=kind, facts=self.goals[node][1], tail=node, head=-1)
            self._end_moves[kind, node] = known
        return known

    def _move(self, step: Step) -> Move | None:
        """Return the move of a step, None for one on the spot; those of the frame are kept."""
        frame, ends = self.frame, (step.tail, step.head)
        km, factor, index = 0.0, 1.0, step.index
        if step.kind == 0:
            index = self.arc_order.item(index)
            if index >= len(self.virtual.arcs):
                return None
            is_shared = index < len(frame.virtual.arcs)
        elif step.kind == 1:
            km, factor = self._run_km(step), self._length_factor(index)
            is_shared = index < len(frame.virtual.blocks) and max(ends) < frame.n_nodes
        else:
            index, is_shared = self.ride_order.item(index), True
        key = (step.kind, index, *ends, km, factor)
        known = frame.moves.get(key) if is_shared else None
        if known is None:
            known = self._made_move(step, index, km)
            if is_shared:
                known = frame.moves.put(key, known)
        return known

    def _made_move(self, step: Step, index: int, km: float) -> Move:
        tail, head = step.tail, step.head
        if step.kind == 1:
            return Move(kind="run", facts=(self.run_arc(index, km),), tail=tail, head=head)
        if step.kind != 0:
            ride = self.virtual.rides[index]
            return Move(kind="ride", facts=ride.facts, tail=tail, head=head, service=ride.service)
        arc = self.virtual.arcs[index]
        kind = "border" if arc.crossing_idx >= 0 else "passage" if arc.passage else "transfer"
        return Move(kind=kind, facts=(arc.facts,), tail=tail, head=head)

    def _length_factor(self, block: int) -> float:
        """Return true km per network km in a run block: planners of one frame may differ in it."""
        run, dataset = self.virtual.blocks[block], self.geography.dataset
        mode = self.virtual.carriages[run.carriage].mode
        return self.length_factor(mode, dataset.blocks[run.block_idx].country)

    def _run_km(self, step: Step) -> float:
        graph = self.graph
        block = step.index
        column = graph.node_column.item
        row = graph.block_offset.item(block) + column(step.tail) * graph.block_stride.item(block)
        return float(graph.matrix.item(row + column(step.head)))


def _frozen(array: np.ndarray) -> np.ndarray:
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
