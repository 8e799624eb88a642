"""One origin's best ways of a matrix under one search, and each way as `plan` would settle it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from landbridge.domain.network import Place
from landbridge.planning.build import arcs_of, shut_on_arrival
from landbridge.planning.candidates import Candidate, Field
from landbridge.planning.ends import Ends
from landbridge.planning.plan import MOST_TRIES
from landbridge.planning.prices import N_COLUMNS, USD
from landbridge.planning.rivals import Rival
from landbridge.planning.rule import Ban
from landbridge.planning.settle import settled
from landbridge.routing.product import search
from landbridge.routing.tree import grow, ways
from landbridge.units import FloatArray

if TYPE_CHECKING:
    from landbridge.planning.group import Group

DATED, UNEVEN, RAIL, ICE, SHIP = 1, 2, 4, 8, 16
"""What a way may meet: something dated, a country with a way back of its own, ..."""


@dataclass(frozen=True, kw_only=True)
class SettledWay:
    """A pair's way with its values once settled."""

    pair: Field
    way: Candidate
    row: FloatArray

    @cached_property
    def rank_usd(self) -> float:
        """What `plan` ranks it by."""
        return self.pair.pricing.ranking_usd(arcs_of(settled(self.pair, self.way)))


class Answers:
    """One origin's best ways under one rule: values before settling, marks, ways when asked for.

    `columns` are the destinations that have a way; the rest has one entry per column.
    """

    def __init__(
        self,
        group: Group,
        origin: Place,
        starts: Ends,
        wanted: npt.NDArray[np.bool_],
        rival: Rival,
        ban: Ban,
    ) -> None:
        self._group, self._origin, self._starts, self.rival = group, origin, starts, rival
        self.asked_again = 0
        in_order = sorted(starts.items())
        field, goals = group.field, group.goals
        start_rows = np.array([field.prices.rows(facts).sum(axis=0) for _, (_, facts) in in_order])
        weight = np.array([row[0] for _, row in in_order], float)
        self._tree = grow(
            field.graph,
            replace(
                group.ruled(rival, ban),
                source_node=frozen(np.array([node for node, _ in in_order], np.int64)),
                source_weight=frozen(group.with_spread(weight, start_rows, rival)),
            ),
        )
        self.columns, chosen, self.total = self._best_ends(wanted)
        self._states = self._tree.end_states(goals.node[chosen])
        found = ways(field.graph, self._tree, self._states, group.rows)
        self.rows = found.sums[:, :N_COLUMNS] + start_rows[found.source] + goals.rows[chosen]
        back = found.share * (found.sums[:, N_COLUMNS] + goals.back_per_share[chosen])
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

    @cached_property
    def may_charge(self) -> npt.NDArray[np.bool_]:
        """Which ways go through a country that makes land bridges of them."""
        crossing: npt.NDArray[np.bool_] = (self.marks & UNEVEN) > 0
        return crossing

    def at(self, columns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return which answer is that of each destination, -1 for none."""
        at = np.full(len(self._group.destinations), -1)
        at[self.columns] = np.arange(len(self.columns))
        found: npt.NDArray[np.int64] = at[columns]
        return found

    def settled(self, k: int) -> SettledWay | None:
        """Return the k-th way as `plan` would find and settle it, None if there is none."""
        group, settler = self._group, self._group.settler
        pair = self._pair(int(self.columns[k]))
        state = int(self._states[k])
        source, steps = self._tree.steps_to(state)
        way = pair.candidate(float(self._tree.best[state]), source, steps)
        if self._is_checked[k]:
            ban, is_shut = group.fan.ban(self._origin, pair.request.destination)
            ban = self.rival.ban(ban)
            if is_shut:
                return None
            if not self._holds(pair, way, ban):
                self.asked_again += 1
                other = self._again(pair, ban)
                if other is None:
                    return None
                return SettledWay(pair=pair, way=other, row=settler.row(pair, other))
        row = self.rows[k].copy()
        if self._is_uneven[k]:
            row[USD] += group.returns.chain_usd(arcs_of(way))
        if settler.is_for_all or self.marks[k] & (RAIL | ICE):
            row += settler.more(pair, way, is_icy=bool(self.marks[k] & ICE))
        return SettledWay(pair=pair, way=way, row=row)

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

    def _again(self, pair: Field, ban: Ban) -> Candidate | None:
        """Return the best way in a pair's own network, open on arrival: `Planner.search`."""
        closures = self._group.fan.closures
        foreign = self._group.fan.foreign_to(pair.request.origin, pair.request.destination)
        shut = closures.passages
        if self.rival.has_spread:
            pair = pair.with_spread()
        for _ in range(MOST_TRIES):
            weights = pair.ruled(self.rival.rule, ban, closures.crossings, shut)
            allowed = weights.node_next.copy()
            allowed[foreign] = -1
            weights = replace(weights, node_next=frozen(allowed))
            weight, source, steps = search(pair.graph, weights, self._group.no_bound)
            if not np.isfinite(weight):
                return None
            way = pair.candidate(weight, source, steps)
            late = shut_on_arrival(pair, way)
            if not late:
                return way
            shut = shut.union(late)
        return None

    def _best_ends(
        self, wanted: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], FloatArray]:
        """Return the destinations with a way, and the best end (position in goals) of each.

        The third is what the way there weighs.
        """
        goals = self._group.goals
        weight = self._group.with_spread(goals.weight, goals.rows, self.rival)
        total = self._tree.best[self._tree.end_states(goals.node)] + weight
        columns, chosen = [], []
        for j, (a, b) in enumerate(pairwise(goals.first.tolist())):
            if a < b and wanted[j]:
                k = a + int(np.argmin(total[a:b]))
                if np.isfinite(total[k]):
                    columns.append(j)
                    chosen.append(k)
        ends = np.array(chosen, np.int64)
        return np.array(columns, np.int64), ends, total[ends]


def frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the array contiguous and read-only, as kernels want it."""
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
