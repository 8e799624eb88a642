"""Many to many: the best free way of every pair, with what the search of `plan` expects of each.

What `plan` settles afterwards (full trains, ice, dues and quotes of scenarios) is not in it.

One virtual network holds the doors of all places. For each origin the product kernel grows one
tree to all ends, and the sums of the ways are read off the tree. What a pair's own network would
not hold is ruled out afterwards, so that each answer is that of `plan`:

- prices depend on the country of loading: one weighting of the network per kind of country;
- the empty box's way back is paid from the last discharge on (`returns`), and not searched for;
- small terminals enter a network only as touches of its own two doors: a way through a small
  terminal of a third door is astray, and its pair is asked again without those;
- a way that meets something dated (a season, a dated fact) is checked on its expected arrival, and
  its pair asked again if that is shut then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.domain.arcs import Arc
from landbridge.domain.network import Place
from landbridge.domain.request import Request, Scope
from landbridge.models.context import loading_row
from landbridge.planning.bans import asked_ban, ban_of, barred, shut_between
from landbridge.planning.build import arcs_of, ids_of, shut_on_arrival
from landbridge.planning.candidates import Candidate, Ends, Field
from landbridge.planning.doors import Door, open_doors, open_station
from landbridge.planning.plan import MOST_TRIES, Closures, Planner
from landbridge.planning.pricebook import PriceBook
from landbridge.planning.prices import USD
from landbridge.planning.returns import Returns
from landbridge.routing.product import ProductWeights, search
from landbridge.routing.tree import Rows, Tree, grow, ways
from landbridge.units import FloatArray, great_circle_km_many

SAME_PLACE_KM = 1.0
"""Two places nearer than this are one place."""
MANY_DOORS = 500
"""From so many doors on, hierarchies take the place of walks; fewer do not pay for kernels."""
CHUNK = 8
"""Origins whose trees are grown before progress is told, per thread."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Expected values of the best free way per pair, each of shape (n_origins, n_destinations).

    `lead_time_h` is the mean, `cost_usd` and `emissions_wtw_kgco2e` are central values of the whole
    consignment; all are NaN where `has_way` is False (no way, or one and the same place, where
    `is_same` is True). `asked_again` counts the pairs whose first way was not theirs to go.
    """

    origins: tuple[Place, ...]
    destinations: tuple[Place, ...]
    lead_time_h: FloatArray
    cost_usd: FloatArray
    emissions_wtw_kgco2e: FloatArray
    distance_km: FloatArray
    has_way: npt.NDArray[np.bool_]
    is_same: npt.NDArray[np.bool_]
    asked_again: int
    ways: dict[tuple[int, int], tuple[Field, Candidate]] | None = None


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


def plan_matrix(
    planner: Planner,
    request: Request,
    origins: Sequence[Place],
    destinations: Sequence[Place],
    *,
    n_threads: int = 1,
    progress: Tell | None = None,
    with_ways: bool = False,
) -> Matrix:
    """Return the matrix between places; `request` says all but the two ends.

    Parameters
    ----------
    n_threads
        Trees grown side by side; the answer does not depend on it.
    progress
        Told how many origins are done, and of how many.
    with_ways
        Also keep each pair's way, for legs.
    """
    fan = _Fan(planner, request, (*origins, *destinations))
    table = np.full((len(origins), len(destinations), 4), np.nan)
    kept: dict[tuple[int, int], tuple[Field, Candidate]] = {}
    is_same = same_places(origins, destinations)
    done = asked_again = 0
    groups: dict[str, list[int]] = {}
    for i, place in enumerate(origins):
        country = fan.door(place).country
        groups.setdefault(loading_row(planner.case.parameters, country).label, []).append(i)
    with ThreadPoolExecutor(n_threads) as pool:
        for _, members in sorted(groups.items()):
            group = _Group(fan, fan.door(origins[members[0]]).country, destinations)

            def one(i: int, group: _Group = group) -> int:
                return group.fill(i, origins[i], table[i], ~is_same[i], kept if with_ways else None)

            for begin in range(0, len(members), CHUNK * n_threads):
                part = members[begin : begin + CHUNK * n_threads]
                asked_again += sum(pool.map(one, part))
                done += len(part)
                if progress is not None:
                    progress(done, len(origins))
    return Matrix(
        origins=tuple(origins),
        destinations=tuple(destinations),
        lead_time_h=table[:, :, 0],
        cost_usd=table[:, :, 1],
        emissions_wtw_kgco2e=table[:, :, 2],
        distance_km=table[:, :, 3],
        has_way=np.isfinite(table[:, :, 0]),
        is_same=is_same,
        asked_again=asked_again,
        ways=kept if with_ways else None,
    )


class _Fan:
    """The virtual network with the doors of all places."""

    def __init__(self, planner: Planner, request: Request, places: Sequence[Place]) -> None:
        self.planner, self.request = planner, request
        each = list(dict.fromkeys(places))
        is_many = len(each) >= MANY_DOORS
        with planner.geography.for_many() if is_many else nullcontext():
            self._doors = self._opened(each)
            doors = list(self._doors.values())
            touches = tuple(touch for door in doors for touch in door.touches)
            one = replace(doors[0], touches=touches)
            self.field = planner.field_between(request, one, replace(doors[0], touches=()))
        self.closures: Closures = planner.closures(self.field)
        ends = np.cumsum([0, *(len(door.touches) for door in doors)]).tolist()
        at = self.field.positions[0]
        self.positions = {
            place: at[a:b] for place, (a, b) in zip(self._doors, pairwise(ends), strict=True)
        }
        self.owner = self._owners(set(at).difference(*map(set, self.field.positions[2:])))

    def door(self, place: Place) -> Door:
        """Return the door of a place."""
        return self._doors[place]

    def _opened(self, places: list[Place]) -> dict[Place, Door]:
        geography = self.planner.geography
        if self.request.scope is Scope.DOOR:
            doors = open_doors(geography, places, ())
        else:
            doors = [open_station(geography, place, self.request.modes) for place in places]
        return dict(zip(places, doors, strict=True))

    def _owners(self, touched: set[int]) -> npt.NDArray[np.int64]:
        """Return per node the attachment that owns it alone, -1 for nodes of every network."""
        own = np.full(len(self.field.virtual.node_attachment), -1, np.int64)
        base = self.field.virtual.n_everywhere
        for node, position in enumerate(self.field.virtual.node_attachment):
            if position >= base and position in touched:
                own[node] = position
        own.flags.writeable = False
        return own


class _Group:
    """All origins of like countries of loading: they share prices."""

    def __init__(self, fan: _Fan, country: str, destinations: Sequence[Place]) -> None:
        self.fan, self.destinations = fan, destinations
        planner, request = fan.planner, fan.request
        pricing = planner.pricing(request, country)
        book = PriceBook(planner.case.parameters, request, country)
        self.field = fan.field.repriced(pricing, book)
        standing = self.field.geography.standing
        self.weights: ProductWeights = self.field.ruled(
            None, asked_ban(request), fan.closures.crossings, fan.closures.passages
        )
        self.returns = Returns(pricing)
        self._dated = standing.dated_ids
        self._no_bound = _frozen(np.zeros(2 * self.field.graph.n_nodes))
        self.goals = self._all_goals()
        self.rows = self._marked_rows()

    def fill(
        self,
        i: int,
        origin: Place,
        table: FloatArray,
        wanted: npt.NDArray[np.bool_],
        kept: dict[tuple[int, int], tuple[Field, Candidate]] | None,
    ) -> int:
        """Fill one origin's row, (n_destinations, 4); return how many pairs were asked again."""
        starts = self.field.ends(self.fan.door(origin), self.fan.positions[origin], "origin")
        if not starts:
            return 0
        in_order = sorted(starts.items())
        prices = self.field.prices
        start_rows = np.array([prices.rows(facts).sum(axis=0) for _, (_, facts) in in_order])
        tree = grow(
            self.field.graph,
            replace(
                self.weights,
                source_node=_frozen(np.array([node for node, _ in in_order], np.int64)),
                source_weight=_frozen(np.array([row[0] for _, row in in_order], float)),
            ),
        )
        columns, chosen = self._best_ends(tree, wanted)
        states = tree.end_states(self.goals.node[chosen])
        found = ways(self.field.graph, tree, states, self.rows)
        goals = self.goals
        table[columns] = found.sums[:, :4] + start_rows[found.source] + goals.rows[chosen]
        back = found.share * (found.sums[:, 4] + goals.back_per_share[chosen])
        table[columns, USD] += np.where(goals.is_discharge[chosen], goals.back_usd[chosen], back)
        is_uneven = found.is_block_marked & (found.share == 0.0) & ~goals.is_discharge[chosen]
        doubted = found.is_marked | found.is_astray | goals.is_dated[chosen] | is_uneven
        doubted |= kept is not None
        doubted |= self._is_barred(origin, columns)
        again = 0
        for k in np.flatnonzero(doubted).tolist():
            j = int(columns[k])
            pair = self._pair(origin, starts, j)
            source, steps = tree.steps_to(int(states[k]))
            way: Candidate | None = pair.candidate(float(tree.best[states[k]]), source, steps)
            if shut_between(pair.request, pair.geography.standing):
                table[j], way = np.nan, None
            elif way is None or not self._holds(pair, way):
                again += 1
                way = self._again(pair)
                table[j] = np.nan
                if way is not None:
                    table[j] = prices.rows(arcs_of(way)).sum(axis=0)
                    table[j, USD] += self.returns.chain_usd(arcs_of(way))
            elif is_uneven[k]:
                table[j, USD] += self.returns.chain_usd(arcs_of(way))
            if kept is not None and way is not None:
                kept[i, j] = (pair, way)
        return again

    def _pair(self, origin: Place, starts: Ends, j: int) -> Field:
        """Return the common network with one pair's ends."""
        end = self.destinations[j]
        return self.field.between(
            self.fan.door(origin),
            starts,
            self.fan.door(end),
            self.goals.ends[j],
            replace(self.fan.request, origin=origin, destination=end),
        )

    def _foreign(self, pair: Field) -> npt.NDArray[np.bool_]:
        """Return which nodes a pair's own network does not hold."""
        positions, request = self.fan.positions, pair.request
        own = [*positions[request.origin], *positions[request.destination]]
        return (self.fan.owner >= 0) & ~np.isin(self.fan.owner, own)

    def _holds(self, pair: Field, way: Candidate) -> bool:
        """Return whether `plan` could and would go this way."""
        inner = [move.head for move in way.moves if move.head >= 0]
        crossed = {getattr(arc, "country", "") for arc in arcs_of(way)}
        return (
            not self._foreign(pair)[inner].any()
            and not shut_on_arrival(pair, way)
            and not crossed & ban_of(pair.request, pair.geography.standing).countries
        )

    def _is_barred(self, origin: Place, columns: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Return which of the destinations share with the origin a country that bars them."""
        standing, asked = self.field.geography.standing, self.fan.request
        return np.array(
            [
                bool(barred(replace(asked, origin=origin, destination=end), standing))
                for end in (self.destinations[j] for j in columns.tolist())
            ],
            bool,
        )

    def _again(self, pair: Field) -> Candidate | None:
        """Return the best way in a pair's own network, open on arrival: `Planner.search`."""
        closures = self.fan.closures
        ban = ban_of(pair.request, pair.geography.standing)
        foreign = self._foreign(pair)
        shut = closures.passages
        for _ in range(MOST_TRIES):
            weights = pair.ruled(None, ban, closures.crossings, shut)
            allowed = weights.node_next.copy()
            allowed[foreign] = -1
            weights = replace(weights, node_next=_frozen(allowed))
            weight, source, steps = search(pair.graph, weights, self._no_bound)
            if not np.isfinite(weight):
                return None
            way = pair.candidate(weight, source, steps)
            late = shut_on_arrival(pair, way)
            if not late:
                return way
            shut = shut | late.keys()
        return None

    def _best_ends(
        self, tree: Tree, wanted: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the destinations with a way, and the best end (position in goals) of each."""
        goals = self.goals
        total = tree.best[tree.end_states(goals.node)] + goals.weight
        columns, chosen = [], []
        for j, (a, b) in enumerate(pairwise(goals.first.tolist())):
            if a < b and wanted[j]:
                k = a + int(np.argmin(total[a:b]))
                if np.isfinite(total[k]):
                    columns.append(j)
                    chosen.append(k)
        return np.array(columns, np.int64), np.array(chosen, np.int64)

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
            is_dated=np.array([self._is_dated(facts, is_ride=False) for *_, facts in flat], bool),
        )

    def _is_dated(self, facts: Sequence[Arc], *, is_ride: bool) -> bool:
        """Return whether arcs meet anything that may be shut on some day."""
        return any(id_ in self._dated for arc in facts for id_ in ids_of(arc, is_ride=is_ride))

    def _marked_rows(self) -> Rows:
        """Return rows of prices with the way back, and which arcs meet something dated."""
        field, virtual, returns = self.field, self.field.virtual, self.returns
        arc_mark = np.zeros(len(field.arc_order), np.int8)
        arc_share, arc_back = np.zeros(len(arc_mark)), np.zeros(len(arc_mark))
        for k, position in enumerate(field.arc_order.tolist()):
            if position < len(virtual.arcs):
                facts = virtual.arcs[position].facts
                arc_mark[k] = self._is_dated((facts,), is_ride=False)
                arc_back[k] = returns.per_share(facts)
                arc_share[k] = returns.share((facts,))[0]
        ride_mark = np.zeros(len(field.ride_order), np.int8)
        for k, position in enumerate(field.ride_order.tolist()):
            ride_mark[k] = self._is_dated(virtual.rides[position].facts, is_ride=True)
        runs = [field.run_arc(k, 1.0) for k in range(len(virtual.blocks))]
        uneven = {country: returns.is_uneven(country) for country in {r.country for r in runs}}
        arc, ride, block = field.rows
        return Rows(
            arc=_frozen(np.column_stack([arc, arc_back])),
            ride=_frozen(np.column_stack([ride, np.zeros(len(ride))])),
            block=_frozen(np.column_stack([block, [returns.per_share(run) for run in runs]])),
            arc_share=_frozen(arc_share),
            arc_mark=_frozen(arc_mark),
            ride_mark=_frozen(ride_mark),
            block_mark=_frozen(np.array([uneven[run.country] for run in runs], np.int8)),
            node_owner=self.fan.owner,
        )


def same_places(one: Sequence[Place], other: Sequence[Place]) -> npt.NDArray[np.bool_]:
    """Return which places are one and the same, (n_one, n_other): by id, or nearer than 1 km."""
    ids_a, lon_a, lat_a = _columns(one)
    ids_b, lon_b, lat_b = _columns(other)
    km = great_circle_km_many(lon_a[:, None], lat_a[:, None], lon_b[None, :], lat_b[None, :])
    return np.asarray((ids_a[:, None] == ids_b[None, :]) | (km < SAME_PLACE_KM), bool)


def _columns(places: Sequence[Place]) -> tuple[npt.NDArray[Any], FloatArray, FloatArray]:
    ids = np.array([place.id for place in places], str)
    lonlat = np.array([(place.lon, place.lat) for place in places], float).reshape(-1, 2)
    return ids, lonlat[:, 0], lonlat[:, 1]


def _frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
