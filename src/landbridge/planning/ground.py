"""What the searches of one request stand on: weights under a rule, ends, bounds, tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING
from weakref import proxy

import numpy as np

from landbridge.domain.network import Corridor
from landbridge.planning.rule import (
    Additions,
    Ban,
    Rule,
    Via,
    compile_rule,
    extended_rule,
    in_order,
)
from landbridge.planning.transits import Making, Question
from landbridge.routing.approach import Touches, approach_of, touches_of
from landbridge.routing.labelling import NO_APPROACH, Approach
from landbridge.routing.product import ProductWeights, by_places, frozen, lower_bounds
from landbridge.routing.transit import transit_of
from landbridge.units import FloatArray, IntArray

if TYPE_CHECKING:
    from landbridge.planning.candidates import Field

Ids = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One corridor as the kernel searches it, with what its tables tell."""

    weights: ProductWeights
    approach: Approach = NO_APPROACH


class Grounds:
    """The grounds of one field; each is made once."""

    def __init__(self, field: Field) -> None:
        # the field holds its grounds: no cycle, so that what a request took comes back at once
        self._field: Field = proxy(field)
        self._known: dict[tuple[Corridor | None, Ban, Ids], Ground] = {}
        self._bounds: tuple[FloatArray, FloatArray] | None = None
        self._touches: Touches | None = None
        self.modes = frozenset(mode.value for mode in field.request.modes)

    def of(self, corridor: Corridor | None, ban: Ban, closed: Ids) -> Ground:
        """Return the ground of a corridor where `closed` is shut."""
        key = (corridor, ban, closed)
        known = self._known.get(key)
        if known is None:
            known = Ground(weights=self.ruled(corridor, ban, closed))
            if corridor is not None and corridor.required and not self._field.vias:
                known = self._with_tables(known.weights, corridor, ban, closed)
            self._known[key] = known
        return known

    def no_way(self, corridor: Corridor | None, ban: Ban, closed: Ids) -> None:
        """Take note that there turned out to be no way, for all that tables tell."""
        if corridor is not None and self.of(corridor, ban, closed).approach is not NO_APPROACH:
            transits = self._field.geography.kept.transits
            transits.missed(self._question(corridor), closed, ban, self._making(corridor, closed))

    def ruled(self, corridor: Corridor | None, ban: Ban, closed: Ids) -> ProductWeights:
        """Return what the kernel searches with: weights, ends, and the rule's step tables."""
        field = self._field
        if not field.vias:
            return self._weights(self._rule(corridor, ban, closed))
        vias = [
            Via(id=door.place.id, nodes=frozenset(field.via_nodes(k)))
            for k, door in enumerate(field.vias)
        ]
        rule = compile_rule(
            field.virtual,
            field.geography.dataset,
            field.index,
            n_arcs=len(field.arc_order),
            corridor=corridor,
            ban=ban,
            modes=self.modes,
            vias=vias,
            shut=closed,
            passed=field.frame.passed,
        )
        return self._weights(replace(rule, ride_next=rule.ride_next[field.ride_order]))

    def bounds(self, weights: ProductWeights) -> tuple[FloatArray, FloatArray]:
        """Return the least weights to an end whatever the rule, by half nodes and by places."""
        if self._bounds is None:
            bound = lower_bounds(self._field.graph, weights)
            self._bounds = bound, by_places(self._field.graph, bound)
        return self._bounds

    def seen_by(self, field: Field) -> Grounds:
        """Return the grounds of a field with the same network, weights and ends."""
        other = Grounds(field)
        other._bounds = self._bounds
        return other

    def _with_tables(
        self,
        weights: ProductWeights,
        corridor: Corridor,
        ban: Ban,
        closed: Ids,
    ) -> Ground:
        """Return the ground of a corridor with its tables as this request finds them."""
        field, n = self._field, self._field.frame.n_nodes
        if self._additions.has_any(corridor.required):
            return Ground(weights=weights)  # tables know nothing of nodes that a set names

        found = field.geography.kept.transits.of(
            self._question(corridor), closed, ban, self._making(corridor, closed)
        )
        if found is None:
            return Ground(weights=weights)
        if self._touches is None:
            self._touches = touches_of(field.graph, weights, self.bounds(weights)[1], n=n)
        approach = approach_of(found, field.graph, weights, self._touches)
        return Ground(weights=weights, approach=approach)

    def _question(self, corridor: Corridor) -> Question:
        field = self._field
        return Question(
            frame=field.frame, weights=field.weights_digest, corridor=corridor, modes=self.modes
        )

    def _making(self, corridor: Corridor, closed: Ids) -> Callable[[Ban], Making]:
        """Return what returns, for a ban, what makes the tables with just this banned and shut."""

        def make(ban: Ban) -> Making:
            without_ends = self._weights(self._rule(corridor, ban, closed))
            return partial(transit_of, self._field.graph, without_ends, n=self._field.frame.n_nodes)

        return make

    def _rule(self, corridor: Corridor | None, ban: Ban, closed: Ids) -> Rule:
        """Return the frame's rule with what the request adds to the network."""
        known = self._field.frame.rule(corridor, ban, self.modes, closed)
        return extended_rule(known, self._additions, corridor=corridor, ban=ban, shut=closed)

    @cached_property
    def _additions(self) -> Additions:
        field, n = self._field, self._field.frame.n_nodes
        origin, destination = (
            [
                node - n
                for position in positions
                for node in field.nodes_of_attachment[position]
                if node >= n
            ]
            for positions in field.positions[:2]
        )
        blocks = field.virtual.blocks[len(field.frame.virtual.blocks) :]
        return Additions(
            field.index,
            n_nodes=field.graph.n_nodes - n,
            n_arcs=len(field.arc_order) - len(field.frame.arc_ends) - len(field.frame.passed),
            n_passed=len(field.frame.passed),
            origin=origin,
            destination=destination,
            block_modes=[field.virtual.carriages[block.carriage].mode for block in blocks],
            block_countries=[
                field.geography.dataset.blocks[block.block_idx].country for block in blocks
            ],
        )

    @cached_property
    def ends(self) -> tuple[IntArray, FloatArray, FloatArray]:
        """Nodes and weights of the starts, and the weight of ending at each node."""
        field = self._field
        target = np.full(field.graph.n_nodes, np.inf)
        for node, (weight, _) in field.goals.items():
            target[node] = weight
        starts = sorted(field.starts.items())
        nodes = np.array([node for node, _ in starts], np.int64)
        weights = np.array([row[0] for _, row in starts], float)
        return frozen(nodes), frozen(weights), frozen(target)

    def _weights(self, rule: Rule) -> ProductWeights:
        field = self._field
        sources, source_weight, target_weight = self.ends
        arc_weight, ride_weight, block_weight = field.weights
        return ProductWeights(
            arc_weight=arc_weight,
            ride_weight=ride_weight,
            block_weight=block_weight,
            arc_next=frozen(in_order(rule.arc_next, field.arc_order)),
            ride_next=frozen(rule.ride_next),
            node_next=frozen(rule.node_next),
            block_next=frozen(rule.block_next),
            source_node=sources,
            source_weight=source_weight,
            target_weight=target_weight,
        )
