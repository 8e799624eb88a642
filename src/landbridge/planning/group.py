"""Ways from many origins that share their prices, each to all destinations of a matrix.

What a pair's own network would not hold is ruled out afterwards, so that each answer is that of
`plan`:

- prices depend on the country of loading: one weighting of the network per kind of country;
- the empty box's way back is paid from the last discharge on (`returns`), and not searched for;
- small terminals enter a network only as touches of its own two doors: a way through a small
  terminal of a third door is astray, and its pair is asked again without those;
- a way that meets something dated (a season, a dated fact) is checked on its expected arrival, and
  its pair asked again if that is shut then;
- beside the best way its rivals are settled (`rivals`), and the best of them taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landbridge.dataset.network import Net
from landbridge.domain.arcs import Arc, HaulArc
from landbridge.domain.network import Place
from landbridge.domain.request import Objective
from landbridge.models.pricing import Expected
from landbridge.planning.answers import DATED, ICE, RAIL, SHIP, UNEVEN, Answers, SettledWay, frozen
from landbridge.planning.bans import asked_ban
from landbridge.planning.build import arcs_of
from landbridge.planning.candidates import Candidate, Field
from landbridge.planning.ends import Ends
from landbridge.planning.fan import Fan
from landbridge.planning.pricebook import PriceBook
from landbridge.planning.prices import HOURS, KG, KM, N_COLUMNS, USD
from landbridge.planning.returns import Returns
from landbridge.planning.rivals import FIRST, RIVALS, Rival, around, charged
from landbridge.planning.rule import Ban
from landbridge.planning.stretches import Settler
from landbridge.planning.traits import ids_of
from landbridge.planning.ways import BY_LAND
from landbridge.routing.product import ProductWeights
from landbridge.routing.tree import Rows
from landbridge.units import FloatArray

LAND_MODES = frozenset(BY_LAND.modes[0])
SPREADS = (0.1, 1.2)
"""P90 less P50 of a way lies within these shares of its mean (measured: 0.19 to 0.97)."""
FEW = 4
"""So few destinations to which goods avoid more than is asked are asked one by one."""
MOST_SAVED = 0.15
"""Settling takes no larger share off a way's generalized cost (measured: up to 0.085)."""

Kept = dict[tuple[int, int], tuple[Field, Candidate]]


@dataclass(slots=True)
class _Goals:
    """Where ways may end, all doors one behind the other; prices are those of one country."""

    ends: list[Ends]
    node: npt.NDArray[np.int64]
    weight: FloatArray
    rows: FloatArray
    back_usd: FloatArray
    back_per_share: FloatArray
    is_discharge: npt.NDArray[np.bool_]
    first: npt.NDArray[np.int64]
    is_dated: npt.NDArray[np.bool_]


class Group:
    """All origins of like countries of loading: they share prices."""

    def __init__(self, fan: Fan, country: str, destinations: Sequence[Place]) -> None:
        self.fan, self.destinations = fan, destinations
        planner, request = fan.planner, fan.request
        pricing = planner.pricing(request, country)
        book = PriceBook(planner.case.parameters, request, country)
        self.field = fan.field.repriced(pricing, book)
        self._dear = self.field.with_spread()
        self.returns = Returns(pricing)
        self.settler = Settler(self.field, self.returns)
        self.dated = self.field.geography.standing.dated_ids
        self.has_rivals = request.objective is Objective.GENERALIZED
        self._ruled: dict[tuple[Rival, Ban], ProductWeights] = {}
        self.usd_per_h_spread = pricing.usd_per_h_spread
        self.goals = self._all_goals()
        self.rows = self._marked_rows()
        self.no_bound = frozen(np.zeros(2 * self.field.graph.n_nodes))

    def ruled(self, rival: Rival, ban: Ban) -> ProductWeights:
        """Return the weights of a search, without what goods avoid."""
        found = self._ruled.get((rival, ban))
        if found is None:
            closures = self.fan.closures
            field = self._dear if rival.has_spread else self.field
            found = field.ruled(rival.rule, rival.ban(ban), closures.crossings, closures.passages)
            self._ruled[rival, ban] = found
        return found

    def with_spread(self, weights: FloatArray, rows: FloatArray, rival: Rival) -> FloatArray:
        """Return weights as a search has them, shape (n,)."""
        return self.field.prices.with_spread(weights, rows) if rival.has_spread else weights

    def fill(
        self,
        i: int,
        origin: Place,
        table: FloatArray,
        wanted: npt.NDArray[np.bool_],
        kept: Kept | None,
    ) -> int:
        """Fill one origin's row, (n_destinations, 4); return how many pairs were asked again."""
        starts = self.field.ends(self.fan.door(origin), self.fan.positions[origin], "origin")
        if not starts:
            return 0
        parts = self._by_ban(origin, wanted).items()
        return sum(self._part(i, origin, starts, table, own, ban, kept) for ban, own in parts)

    def _by_ban(
        self, origin: Place, wanted: npt.NDArray[np.bool_]
    ) -> dict[Ban, npt.NDArray[np.bool_]]:
        """Return the destinations by what goods to them avoid; a few go with what is asked."""
        asked = asked_ban(self.fan.request)
        columns: dict[Ban, list[int]] = {}
        for j in np.flatnonzero(wanted).tolist():
            columns.setdefault(self.fan.ban(origin, self.destinations[j])[0], []).append(j)
        parts: dict[Ban, npt.NDArray[np.bool_]] = {}
        for ban, own in columns.items():
            taken = ban if len(own) > FEW else asked
            parts.setdefault(taken, np.zeros(len(wanted), bool))[own] = True
        return parts

    def _part(
        self,
        i: int,
        origin: Place,
        starts: Ends,
        table: FloatArray,
        wanted: npt.NDArray[np.bool_],
        ban: Ban,
        kept: Kept | None,
    ) -> int:
        free = Answers(self, origin, starts, wanted, FIRST, ban)
        table[free.columns] = free.rows[:, : KM + 1]
        rivals = [
            answers
            for rival in (RIVALS if self.has_rivals else ())
            if (own := self._asked(free, rival)).any()
            and len((answers := Answers(self, origin, starts, own, rival, ban)).columns)
        ]
        is_open = (free.marks & (RAIL | ICE)) > 0
        is_open |= free.is_doubted | self.settler.is_for_all | (kept is not None)
        may_charge = free.may_charge & self.has_rivals
        for answers in rivals:
            r = answers.at(free.columns)
            may_charge |= answers.may_charge[r] & (r >= 0)
        beside = [(answers, *self._worth(free, answers, may_charge)) for answers in rivals]
        for _, _, is_worth in beside:
            is_open |= is_worth
        chosen: dict[int, SettledWay] = {}
        dear: dict[frozenset[str], list[int]] = {}
        for k in np.flatnonzero(is_open | may_charge).tolist():
            ways = self._ways(
                free, k, [(own, int(r[k])) for own, r, is_worth in beside if is_worth[k]]
            )
            if not ways:
                table[free.columns[k]] = np.nan
                continue
            chosen[k] = self._least(ways)
            countries = charged(self.returns, [one.way for one in ways]) if beside else None
            if countries:
                dear.setdefault(countries, []).append(k)
        n_again = sum(answers.asked_again for answers in (free, *rivals))
        for countries, cells in dear.items():
            own = np.zeros(len(wanted), bool)
            own[free.columns[cells]] = True
            last = Answers(self, origin, starts, own, around(countries), ban)
            for k, r in zip(cells, last.at(free.columns[cells]).tolist(), strict=True):
                other = last.settled(r) if r >= 0 else None
                chosen[k] = self._least([chosen[k], other]) if other else chosen[k]
            n_again += last.asked_again
        for k, one in chosen.items():
            j = int(free.columns[k])
            table[j] = one.row[: KM + 1]
            if kept is not None:
                kept[i, j] = (one.pair, one.way)
        return n_again

    def _asked(self, free: Answers, rival: Rival) -> npt.NDArray[np.bool_]:
        """Return the destinations for which a rival may be another way, (n_destinations,)."""
        own = np.zeros(len(self.destinations), bool)
        own[free.columns] = True if rival.rule is None else free.may_sail
        return own

    def _worth(
        self, free: Answers, other: Answers, may_charge: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Return per free way which other answer is the pair's, and if it may be better.

        It may once settled, or where ways `may_charge` for what it shows.
        """
        at, prices = other.at(free.columns), self.field.prices
        weight = prices.with_spread(prices.weights(free.rows), free.rows)
        weight *= other.rival.most_weight(1.0) * (1.0 + 1e-9)
        least = self.generalized_usd(other.rows)[at] * (1.0 - MOST_SAVED)
        most = self.generalized_usd(free.rows) + self.spread_usd(free.rows, SPREADS[1])
        # what is doubted may turn out worse than its row: it never rules a rival out
        is_worth = (other.total[at] < weight) & (least <= most)
        return at, (is_worth | free.is_doubted | may_charge) & (at >= 0)

    def _ways(
        self, free: Answers, k: int, beside: Sequence[tuple[Answers, int]]
    ) -> list[SettledWay]:
        """Return a pair's first way and others to be settled beside it; none without a first."""
        first = free.settled(k)
        if first is None:
            return []
        ways, prices = [first], first.pair.prices
        for answers, r in beside:
            other = answers.settled(r)
            if other is None or any(other.way.moves == one.way.moves for one in ways):
                continue
            mine, its = (prices.weight_with_spread(arcs_of(one.way)) for one in (first, other))
            if its < answers.rival.most_weight(mine):
                ways.append(other)
        return ways

    def _least(self, ways: Sequence[SettledWay]) -> SettledWay:
        """Return the best way, as `plan` ranks them; the first of equals."""
        best = ways[0]
        for other in ways[1:]:
            usd = [self.generalized_usd(one.row[None])[0] for one in (best, other)]
            spread = [
                [self.spread_usd(one.row[None], s)[0] for s in SPREADS] for one in (best, other)
            ]
            if usd[0] + spread[0][1] <= usd[1] + spread[1][0]:
                continue
            if usd[1] + spread[1][1] < usd[0] + spread[0][0] or other.rank_usd < best.rank_usd:
                best = other
        return best

    def generalized_usd(self, rows: FloatArray) -> FloatArray:
        """Return the generalized cost of rows of values but for unreliability, shape (n,)."""
        expected = Expected(rows[:, HOURS], rows[:, USD], rows[:, KG], 0.0)  # type: ignore[arg-type]
        return np.asarray(self.field.pricing.generalized_usd(expected))

    def spread_usd(self, rows: FloatArray, share: float) -> FloatArray:
        """Return what unreliability costs where P90 less P50 is a share of the mean, (n,)."""
        return share * rows[:, HOURS] * self.usd_per_h_spread

    def is_dated(self, facts: Sequence[Arc], *, is_ride: bool) -> bool:
        """Return whether arcs meet anything that may be shut on some day."""
        return any(id_ in self.dated for arc in facts for id_ in ids_of(arc, is_ride=is_ride))

    def _all_goals(self) -> _Goals:
        prices = self.field.prices
        ends = [
            self.field.ends(self.fan.door(place), self.fan.positions[place], "destination")
            for place in self.destinations
        ]
        flat = [(node, *end) for door in ends for node, end in sorted(door.items())]
        shares = [self.returns.share(facts) for *_, facts in flat]
        return _Goals(
            ends=ends,
            node=np.array([node for node, _, _ in flat], np.int64),
            weight=np.array([weight for _, weight, _ in flat], float),
            rows=np.array([prices.rows(facts).sum(axis=0) for *_, facts in flat]).reshape(
                -1, N_COLUMNS
            ),
            back_usd=np.array([self.returns.chain_usd(facts) for *_, facts in flat], float),
            back_per_share=np.array(
                [sum(map(self.returns.per_share, facts)) for *_, facts in flat], float
            ),
            is_discharge=np.array([share > 0.0 for share, _ in shares], bool),
            first=np.cumsum([0, *(len(door) for door in ends)]),
            is_dated=np.array([self.is_dated(facts, is_ride=False) for *_, facts in flat], bool),
        )

    def _marked_rows(self) -> Rows:
        """Return rows of prices with the way back, and what each arc meets."""
        field, virtual, returns = self.field, self.field.virtual, self.returns
        arc_mark = np.zeros(len(field.arc_order), np.int8)
        arc_share, arc_back = np.zeros(len(arc_mark)), np.zeros(len(arc_mark))
        for k, position in enumerate(field.arc_order.tolist()):
            if position < len(virtual.arcs):
                facts = virtual.arcs[position].facts
                arc_mark[k] = DATED * self.is_dated((facts,), is_ride=False)
                arc_back[k] = returns.per_share(facts)
                arc_share[k] = returns.share((facts,))[0]
        ride_mark = np.zeros(len(field.ride_order), np.int8)
        for k, position in enumerate(field.ride_order.tolist()):
            ride = virtual.rides[position]
            ride_mark[k] = DATED * self.is_dated(ride.facts, is_ride=True)
            ride_mark[k] |= self._kind(ride.facts, self._net(ride.tail))
        runs = [field.run_arc(k, 1.0) for k in range(len(virtual.blocks))]
        uneven = {country: returns.is_uneven(country) for country in {r.country for r in runs}}
        nets = [field.geography.dataset.blocks[block.block_idx].net for block in virtual.blocks]
        marks = [
            UNEVEN * uneven[run.country] | self._kind((run,), net)
            for run, net in zip(runs, nets, strict=True)
        ]
        arc, ride, block = field.rows
        return Rows(
            arc=frozen(np.column_stack([arc, arc_back])),
            ride=frozen(np.column_stack([ride, np.zeros(len(ride))])),
            block=frozen(np.column_stack([block, [returns.per_share(run) for run in runs]])),
            arc_share=frozen(arc_share),
            arc_mark=frozen(arc_mark),
            ride_mark=frozen(ride_mark),
            block_mark=frozen(np.array(marks, np.int8)),
            node_owner=self.fan.owner,
        )

    def _net(self, node: int) -> int:
        virtual = self.field.virtual
        return virtual.attachments[virtual.node_attachment[node]].net

    def _kind(self, facts: Sequence[Arc], net: int) -> int:
        modes = {arc.mode for arc in facts if isinstance(arc, HaulArc)}
        is_icy = net == Net.CASPIAN and self.settler.has_ice
        return RAIL * ("rail" in modes) | SHIP * bool(modes - LAND_MODES) | ICE * is_icy
