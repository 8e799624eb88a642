"""What all requests of one day share: the virtual network, its index, its hauls, its prices.

Made once per day and kept by the planner; a request adds its own touches to copies (`Field`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from landbridge.dataset.network import Net, NetworkDataset
from landbridge.domain.arcs import HaulArc
from landbridge.domain.itinerary import Leg
from landbridge.domain.network import Corridor
from landbridge.domain.request import Objective
from landbridge.graph.carrying import VirtualNetwork
from landbridge.graph.topology import Topology
from landbridge.graph.virtual import priced_market, virtual_of_day
from landbridge.kept import Kept
from landbridge.models.pricing import Pricing
from landbridge.planning.assembly import DayArrays
from landbridge.planning.ends import MOST_LOADINGS, Loadings
from landbridge.planning.geography import Geography
from landbridge.planning.hauls import haul_matrix
from landbridge.planning.prices import N_COLUMNS, Prices
from landbridge.planning.rule import Ban, Index, Rule, compile_rule, passed_nodes
from landbridge.planning.traits import KnownTraits
from landbridge.units import FloatArray

if TYPE_CHECKING:
    from landbridge.planning.candidates import Move

MOST_PRICED = 4
"""So many pricings are kept side by side; the oldest goes."""
MOST_RULES = 384
"""So many rules are kept, some 60 kB each; that goes which was not asked for the longest."""
MOST_LEGS = 4000
"""So many legs are kept per pricing, some 3 kB each; the oldest goes."""
MOST_MOVES = 20_000
"""So many moves of ways that were found are kept, some 400 bytes each; the oldest goes."""
KeptLegs = Kept[tuple[Hashable, ...], Leg]
LengthFactor = Callable[[str, str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedFrame:
    """Rows of prices (see `Prices`) of arcs, rides, blocks per km; what arcs and rides weigh.

    `digest` tells weights from others, those of blocks included.
    """

    arcs: FloatArray
    arc_weight: FloatArray
    rides: FloatArray
    ride_weight: FloatArray
    blocks: FloatArray
    digest: bytes


class Frame:
    """The virtual network of a day with what follows from it; nothing in it is ever changed.

    Parameters
    ----------
    shut_passages
        Passages that rivers and the Caspian lack.
    is_physical, is_undated
        See `virtual_of_day`; with `is_undated` no link is missing either.
    """

    def __init__(
        self,
        geography: Geography,
        day: date,
        *,
        is_given: bool,
        shut_passages: frozenset[str],
        is_physical: bool = False,
        is_undated: bool = False,
    ) -> None:
        self.geography, self.day, self.is_given = geography, day, is_given
        self.shut_passages, self.is_undated = shut_passages, is_undated
        self.links_off = {} if is_undated else geography.standing.links_off(day, is_given=is_given)
        dataset = geography.dataset
        self.virtual = virtual_of_day(dataset, day, is_physical=is_physical, is_undated=is_undated)
        self.index = Index(self.virtual, dataset)
        self.passed = passed_nodes(self.virtual, self.index, dataset)
        self.arc_ends = ends_of(self.virtual, 0)
        self.ride_ends = np.array(
            [(ride.tail, ride.head) for ride in self.virtual.rides], np.int64
        ).reshape(-1, 2)
        self.nodes_of_attachment: dict[int, list[int]] = {}
        for node, position in enumerate(self.virtual.node_attachment):
            self.nodes_of_attachment.setdefault(position, []).append(node)
        self.hauls = haul_matrix(
            geography, self.virtual, topology_of=self.topology, links_off=self.links_off
        )
        self.n_nodes = len(self.virtual.node_attachment)
        self._arrays: DayArrays | None = None
        self._priced: dict[tuple[int, Objective], tuple[Pricing, PricedFrame]] = {}
        self._legs: Kept[int, tuple[Pricing, KeptLegs]] = Kept(MOST_PRICED)
        self._loadings: Kept[tuple[int, Objective], tuple[Pricing, Loadings]] = Kept(MOST_PRICED)
        self._traits: Kept[int, KnownTraits] = Kept(MOST_PRICED)
        self._rules: dict[tuple[object, ...], Rule] = {}
        self._undated: Frame | None = None
        self.moves: Kept[tuple[Hashable, ...], Move] = Kept(MOST_MOVES)
        """Moves of ways that were found, by what tells them from others: see `Field.candidate`."""
        self.in_trains: Kept[tuple[Hashable, ...], tuple[Move, Move]] = Kept(MOST_MOVES)
        """Moves with what they are where full trains go: see `planning.trains`."""

    def undated(self) -> Frame:
        """Return the frame with the links, services and sea markets of all dates at once."""
        if self._undated is None:
            self._undated = Frame(
                self.geography,
                self.day,
                is_given=self.is_given,
                shut_passages=self.shut_passages,
                is_undated=True,
            )
        return self._undated

    @property
    def arrays(self) -> DayArrays:
        """The product graph of the day, made at first use."""
        if self._arrays is None:
            self._arrays = DayArrays(self.virtual, self.hauls, self.arc_ends, self.ride_ends)
        return self._arrays

    def loadings(self, prices: Prices) -> Loadings:
        """Return what loading at terminals is and weighs with a pricing, as far as asked for."""
        pricing = prices.pricing
        key = (id(pricing), prices.objective)
        return self._loadings.made(key, lambda: (pricing, Kept(MOST_LOADINGS)))[1]

    def legs(self, pricing: Pricing) -> KeptLegs:
        """Return the legs made so far on this day's network with a pricing, with what priced them.

        A pricing is kept with its legs, and with it the kinds of its arcs: no other gets their ids.
        """
        return self._legs.made(id(pricing), lambda: (pricing, Kept(MOST_LEGS)))[1]

    def traits(self, pricing: Pricing) -> KnownTraits:
        """Return the traits of moves with a pricing, which is kept with them."""
        return self._traits.made(id(pricing), lambda: KnownTraits(pricing, MOST_MOVES))

    def lacks_as(self, geography: Geography) -> bool:
        """Return whether on the frame's day the same links are missing in another geography."""
        if self.is_undated:
            return True
        theirs = geography.standing.links_off(self.day, is_given=self.is_given)
        return theirs.keys() == self.links_off.keys() and all(
            np.array_equal(off, self.links_off[net]) for net, off in theirs.items()
        )

    def topology(self, net: Net) -> Topology:
        """Return the network of the day, without what is not there, shut or out of season."""
        off = self.links_off.get(net)
        if net in (Net.CASPIAN, Net.IWW):
            return self.geography.inland(net, self.day, self.shut_passages, off)
        return self.geography.topology(net) if off is None else self.geography.without(net, off)

    def rule(
        self, corridor: Corridor | None, ban: Ban, modes: frozenset[str], shut: frozenset[str]
    ) -> Rule:
        """Return the step tables of a rule without via places (see `compile_rule`), kept.

        The arcs of `passed` stand behind the others; rides stand in the order of the graph's.
        """
        key = (corridor, ban, modes, shut)
        rule = self._rules.pop(key, None)
        if rule is None:
            rule = compile_rule(
                self.virtual,
                self.geography.dataset,
                self.index,
                n_arcs=len(self.arc_ends) + len(self.passed),
                corridor=corridor,
                vias=(),
                ban=ban,
                modes=modes,
                shut=shut,
                passed=self.passed,
            )
            rule = replace(rule, ride_next=rule.ride_next[self.arrays.ride_order])
        self._rules[key] = rule
        for old in list(self._rules)[:-MOST_RULES] if len(self._rules) > MOST_RULES else ():
            self._rules.pop(old, None)
        return rule

    def priced(self, prices: Prices, length_factor: LengthFactor) -> PricedFrame:
        """Return the rows of the whole frame; those of the last few pricings are kept."""
        key = (id(prices.pricing), prices.objective)
        known = self._priced.get(key)
        if known is not None:
            return known[1]
        virtual, dataset = self.virtual, self.geography.dataset
        chains = [prices.rows(ride.facts) for ride in virtual.rides]
        arcs = prices.kept_rows(arc.facts for arc in virtual.arcs)
        arc_weight = prices.weights(arcs)
        ride_weight = np.array([sum(prices.weights(chain).tolist()) for chain in chains], float)
        blocks = prices.rows(
            run_arc(virtual, dataset, length_factor, block, 1.0)
            for block in range(len(virtual.blocks))
        )
        weights = np.concatenate([arc_weight, ride_weight, prices.weights(blocks)])
        fresh = PricedFrame(
            arcs=arcs,
            arc_weight=arc_weight,
            rides=np.array([chain.sum(axis=0) for chain in chains]).reshape(-1, N_COLUMNS),
            ride_weight=ride_weight,
            blocks=blocks,
            digest=hashlib.blake2b(weights.tobytes(), digest_size=16).digest(),
        )
        # the pricing is kept with its rows: its id is no other's as long as it lives
        self._priced[key] = prices.pricing, fresh
        for old in list(self._priced)[:-MOST_PRICED]:
            self._priced.pop(old, None)
        return fresh


def inland_passages(dataset: NetworkDataset) -> frozenset[str]:
    """Return the passages on rivers and the Caspian: shut, they change a frame."""
    nets = (Net.CASPIAN, Net.IWW)
    rows = {row for net in nets for row in np.asarray(dataset.networks[net].passage_idx).tolist()}
    return frozenset(dataset.passages[row].id for row in rows if row >= 0)


def ends_of(virtual: VirtualNetwork, first: int) -> np.ndarray:
    """Return tail and head of every sparse arc from `first` on, shape (n, 2)."""
    pairs = [(arc.tail, arc.head) for arc in virtual.arcs[first:]]
    return np.array(pairs, np.int64).reshape(-1, 2)


def run_arc(
    virtual: VirtualNetwork,
    dataset: NetworkDataset,
    length_factor: LengthFactor,
    block: int,
    km: float,
) -> HaulArc:
    """Return the facts of a run of `km` network kilometres in a run block."""
    run = virtual.blocks[block]
    carriage = virtual.carriages[run.carriage]
    country = dataset.blocks[run.block_idx].country
    return HaulArc(
        mode=carriage.mode,
        country=country,
        vehicle=carriage.vehicle,
        distance_km=km * length_factor(carriage.mode, country),
        market=priced_market(dataset, carriage),
    )
