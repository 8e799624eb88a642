"""Ways from many origins that share their prices, each to all destinations of a matrix.

What a pair's own network would not hold is ruled out afterwards, so that each answer is that of
`plan`:

- prices depend on the country of loading: one weighting of the network per kind of country;
- the empty box's way back is paid from the last discharge on (`returns`), and not searched for;
- small terminals enter a network only as touches of its own two doors: a way through a small
  terminal of a third door is astray, and its pair is asked again without those;
- a way that meets something dated (a season, a dated fact) is checked on its expected arrival, and
  its pair asked again if that is shut then;
- where the best way goes by sea, the best by land is settled beside it, and the better one taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.dataset.network import Net
from landbridge.domain.arcs import Arc, HaulArc
from landbridge.domain.network import Corridor, Place
from landbridge.domain.request import Objective
from landbridge.models.pricing import Expected
from landbridge.planning.bans import asked_ban
from landbridge.planning.build import arcs_of, shut_on_arrival
from landbridge.planning.candidates import Candidate, Field
from landbridge.planning.ends import Ends
from landbridge.planning.fan import Fan
from landbridge.planning.plan import MOST_TRIES
from landbridge.planning.pricebook import PriceBook
from landbridge.planning.prices import HOURS, KG, USD
from landbridge.planning.returns import Returns
from landbridge.planning.rule import Ban
from landbridge.planning.settle import settled
from landbridge.planning.stretches import Settler
from landbridge.planning.traits import ids_of
from landbridge.planning.ways import BY_LAND
from landbridge.routing.product import ProductWeights, search
from landbridge.routing.tree import Rows, grow, ways
from landbridge.units import FloatArray

DATED, UNEVEN, RAIL, ICE, SHIP = 1, 2, 4, 8, 16
"""What a way may meet: something dated, a country with a way back of its own, ..."""
LAND_MODES = frozenset(BY_LAND.modes[0])
SPREAD = (0.1, 1.2)
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
        self.returns = Returns(pricing)
        self.settler = Settler(self.field, self.returns)
        self.dated = self.field.geography.standing.dated_ids
        self.has_rivals = request.objective is Objective.GENERALIZED
        self._ruled: dict[tuple[str, Ban], ProductWeights] = {}
        row = pricing.context.row("gc.reliability_weight_1")
        self.usd_per_h_spread = row.central * pricing.usd_per_h
        self.goals = self._all_goals()
        self.rows = self._marked_rows()
        self.no_bound = frozen(np.zeros(2 * self.field.graph.n_nodes))

    def ruled(self, rule: Corridor | None, ban: Ban) -> ProductWeights:
        """Return the weights under a rule, without what goods avoid."""
        key = (rule.title if rule else "", ban)
        found = self._ruled.get(key)
        if found is None:
            closures = self.fan.closures
            found = self.field.ruled(rule, ban, closures.crossings, closures.passages)
            self._ruled[key] = found
        return found

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
        free = _Answers(self, origin, starts, wanted, None, ban)
        land: _Answers | None = None
        if self.has_rivals and free.may_sail.any():
            by_ship = np.zeros(len(wanted), bool)
            by_ship[free.columns[free.may_sail]] = True
            land = _Answers(self, origin, starts, by_ship, BY_LAND, ban)
        rival = self._rivals(free, land)
        table[free.columns] = free.rows
        is_open = (free.marks & (RAIL | ICE)) > 0
        is_open |= free.is_doubted | (rival >= 0) | self.settler.is_for_all | (kept is not None)
        for k in np.flatnonzero(is_open).tolist():
            j = int(free.columns[k])
            chosen = free.settled(k)
            if chosen is not None and land is not None and rival[k] >= 0:
                chosen = self._better(chosen, land, int(rival[k])) or chosen
            table[j] = np.nan if chosen is None else chosen.row
            if kept is not None and chosen is not None:
                kept[i, j] = (chosen.pair, chosen.way)
        return free.asked_again + (land.asked_again if land else 0)

    def _rivals(self, free: _Answers, land: _Answers | None) -> npt.NDArray[np.int64]:
        """Return per way by ship which answer by land may be better once settled, -1 for none."""
        rival = np.full(len(free.columns), -1)
        if land is None or not len(land.columns):
            return rival
        at = np.full(len(self.destinations), -1)
        at[land.columns] = np.arange(len(land.columns))
        rival = np.where(free.may_sail, at[free.columns], -1)
        least = self.generalized_usd(land.rows)[rival] * (1.0 - MOST_SAVED)
        most = self.generalized_usd(free.rows) + self.spread_usd(free.rows, SPREAD[1])
        # what is doubted may turn out worse than its row: it never rules a rival out
        return np.where((least <= most) | free.is_doubted, rival, -1)

    def _better(self, mine: _Settled, land: _Answers, r: int) -> _Settled | None:
        """Return the answer by land if it is better than the free one, as `plan` ranks them."""
        most = self.generalized_usd(mine.row[None]) + self.spread_usd(mine.row[None], SPREAD[1])
        other = land.settled(r, limit=float(most[0]) / (1.0 - MOST_SAVED))
        if other is None or mine.way.moves == other.way.moves:
            return None
        usd = [self.generalized_usd(one.row[None])[0] for one in (mine, other)]
        spread = [[self.spread_usd(one.row[None], s)[0] for s in SPREAD] for one in (mine, other)]
        if usd[0] + spread[0][1] <= usd[1] + spread[1][0]:
            return None
        if usd[1] + spread[1][1] < usd[0] + spread[0][0]:
            return other
        ranks = [
            one.pair.pricing.ranking_usd(arcs_of(settled(one.pair, one.way)))
            for one in (mine, other)
        ]
        return other if ranks[1] < ranks[0] else None

    def generalized_usd(self, rows: FloatArray) -> FloatArray:
        """Return the generalized cost of rows of values but for unreliability, shape (n,)."""
        expected = Expected(rows[:, HOURS], rows[:, USD], rows[:, KG])  # type: ignore[arg-type]
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
            rows=np.array([prices.rows(facts).sum(axis=0) for *_, facts in flat]).reshape(-1, 4),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settled:
    """A pair's way with its values once settled."""

    pair: Field
    way: Candidate
    row: FloatArray


class _Answers:
    """One origin's best ways under one rule: values before settling, marks, ways when asked for.

    `columns` are the destinations that have a way; the rest has one entry per column.
    """

    def __init__(
        self,
        group: Group,
        origin: Place,
        starts: Ends,
        wanted: npt.NDArray[np.bool_],
        rule: Corridor | None,
        ban: Ban,
    ) -> None:
        self._group, self._origin, self._starts, self._rule = group, origin, starts, rule
        self.asked_again = 0
        in_order = sorted(starts.items())
        field, goals = group.field, group.goals
        self._tree = grow(
            field.graph,
            replace(
                group.ruled(rule, ban),
                source_node=frozen(np.array([node for node, _ in in_order], np.int64)),
                source_weight=frozen(np.array([row[0] for _, row in in_order], float)),
            ),
        )
        self.columns, chosen = self._best_ends(wanted)
        self._states = self._tree.end_states(goals.node[chosen])
        found = ways(field.graph, self._tree, self._states, group.rows)
        start_rows = np.array([field.prices.rows(facts).sum(axis=0) for _, (_, facts) in in_order])
        self.rows = found.sums[:, :4] + start_rows[found.source] + goals.rows[chosen]
        back = found.share * (found.sums[:, 4] + goals.back_per_share[chosen])
        is_last = goals.is_discharge[chosen]
        self.rows[:, USD] += np.where(is_last, goals.back_usd[chosen], back)
        self.marks = found.marks
        self._is_uneven = ((found.marks & UNEVEN) > 0) & (found.share == 0.0) & ~is_last
        self._is_checked = ((found.marks & DATED) > 0) | found.is_astray | goals.is_dated[chosen]
        self._is_checked |= self._is_barred(ban)

    @cached_property
    def is_doubted(self) -> npt.NDArray[np.bool_]:
        """Which rows hold only once their ways have been looked at."""
        doubted: npt.NDArray[np.bool_] = self._is_checked | self._is_uneven
        return doubted

    @cached_property
    def may_sail(self) -> npt.NDArray[np.bool_]:
        """Which ways go by ship, or may once they have been looked at."""
        sailing: npt.NDArray[np.bool_] = ((self.marks & SHIP) > 0) | self._is_checked
        return sailing

    def settled(self, k: int, limit: float = np.inf) -> _Settled | None:
        """Return the k-th way as `plan` would find and settle it, None if there is none.

        A way that has to be asked again is looked for below a weight of `limit` only.
        """
        group, settler = self._group, self._group.settler
        pair = self._pair(int(self.columns[k]))
        state = int(self._states[k])
        source, steps = self._tree.steps_to(state)
        way = pair.candidate(float(self._tree.best[state]), source, steps)
        if self._is_checked[k]:
            ban, is_shut = group.fan.ban(self._origin, pair.request.destination)
            if is_shut:
                return None
            if not self._holds(pair, way, ban):
                self.asked_again += 1
                other = self._again(pair, ban, limit)
                if other is None:
                    return None
                return _Settled(pair=pair, way=other, row=settler.row(pair, other))
        row = self.rows[k].copy()
        if self._is_uneven[k]:
            row[USD] += group.returns.chain_usd(arcs_of(way))
        if settler.is_for_all or self.marks[k] & (RAIL | ICE):
            row += settler.more(pair, way, is_icy=bool(self.marks[k] & ICE))
        return _Settled(pair=pair, way=way, row=row)

    def _pair(self, j: int) -> Field:
        """Return the common network with one pair's ends."""
        group, end = self._group, self._group.destinations[j]
        return group.field.between(
            group.fan.door(self._origin),
            self._starts,
            group.fan.door(end),
            group.goals.ends[j],
            replace(group.fan.request, origin=self._origin, destination=end),
        )

    def _holds(self, pair: Field, way: Candidate, ban: Ban) -> bool:
        """Return whether `plan` could and would go this way."""
        inner = [move.head for move in way.moves if move.head >= 0]
        crossed = {getattr(arc, "country", "") for arc in arcs_of(way)}
        return (
            not self._group.fan.has_foreign(inner, self._origin, pair.request.destination)
            and not crossed & ban.countries
            and not shut_on_arrival(pair, way)
        )

    def _is_barred(self, ban: Ban) -> npt.NDArray[np.bool_]:
        """Return to which destinations no goods go, or goods that avoid something else."""
        group = self._group
        bans = [group.fan.ban(self._origin, group.destinations[j]) for j in self.columns.tolist()]
        return np.array([is_shut or own != ban for own, is_shut in bans], bool)

    def _again(self, pair: Field, ban: Ban, limit: float) -> Candidate | None:
        """Return the best way in a pair's own network, open on arrival: `Planner.search`."""
        closures = self._group.fan.closures
        foreign = self._group.fan.foreign_to(pair.request.origin, pair.request.destination)
        shut = closures.passages
        for _ in range(MOST_TRIES):
            weights = pair.ruled(self._rule, ban, closures.crossings, shut)
            allowed = weights.node_next.copy()
            allowed[foreign] = -1
            weights = replace(weights, node_next=frozen(allowed))
            weight, source, steps = search(pair.graph, weights, self._group.no_bound, limit=limit)
            if not np.isfinite(weight):
                return None
            way = pair.candidate(weight, source, steps)
            late = shut_on_arrival(pair, way)
            if not late:
                return way
            shut = shut | late.keys()
        return None

    def _best_ends(
        self, wanted: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the destinations with a way, and the best end (position in goals) of each."""
        goals = self._group.goals
        total = self._tree.best[self._tree.end_states(goals.node)] + goals.weight
        columns, chosen = [], []
        for j, (a, b) in enumerate(pairwise(goals.first.tolist())):
            if a < b and wanted[j]:
                k = a + int(np.argmin(total[a:b]))
                if np.isfinite(total[k]):
                    columns.append(j)
                    chosen.append(k)
        return np.array(columns, np.int64), np.array(chosen, np.int64)


def frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the array contiguous and read-only, as kernels want it."""
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
