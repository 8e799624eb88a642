"""The recipe: mask, weigh, search within the corridor, build, price, screen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date

import numpy as np

from landbridge import __version__
from landbridge.compliance.screener import Screener
from landbridge.dataset.network import Net
from landbridge.domain.itinerary import Beyond, Blocker, Itinerary, Plan, Provenance, Selection
from landbridge.domain.network import Corridor, Mode, Place
from landbridge.domain.request import Objective, Request, Scope
from landbridge.errors import RequestError
from landbridge.graph.standing import Shut
from landbridge.graph.supply import closed_passages
from landbridge.models.context import loading_row
from landbridge.models.prices import carried_prices
from landbridge.models.pricing import Pricing, pricing_of
from landbridge.planning.bans import Closures, Limits, asked_ban, ban_of, closures_of, limits_of
from landbridge.planning.build import arcs_of, build_itinerary, build_settled, shut_on_arrival
from landbridge.planning.candidates import Candidate, Field
from landbridge.planning.doors import Door, open_door, open_station
from landbridge.planning.frame import MOST_PRICED, Frame, inland_passages
from landbridge.planning.geography import Geography
from landbridge.planning.hunt import Chooser, Hunt
from landbridge.planning.losses import lost_to_dates
from landbridge.planning.pricebook import PriceBook
from landbridge.planning.rivals import best_of
from landbridge.planning.rule import Ban
from landbridge.planning.settle import settled
from landbridge.planning.ways import named, ways_of
from landbridge.scenarios.case import Case

MOST_TRIES = 6
"""How often a way is sought anew because something on it is shut when the cargo comes."""
MOST_FRAMES = 4
"""So many days are kept compiled side by side; the oldest goes."""
INLAND_NETS = (Net.RAIL, Net.ROAD, Net.IWW)


class Planner:
    """Answers requests on one case; what it compiles is kept for the next request.

    Parameters
    ----------
    base
        The planner of the case that scenarios made this one of: what both have in common is
        shared.
    """

    def __init__(self, case: Case, base: Planner | None = None) -> None:
        self.case = case
        self._twin = base if base is not None and _is_same_supply(base.case, case) else None
        shared: Geography | None = base.geography if base else None
        self.geography: Geography = Geography(case.dataset, shared)
        self._factors: dict[tuple[str, str], float] = {}
        self._never = closed_passages(case.dataset)
        self._prices: dict[tuple[object, ...], tuple[Pricing, PriceBook]] = {}
        if base is not None and base.case.parameters is case.parameters:
            self._prices = base._prices  # noqa: SLF001 - one of us
        self._carried_on: tuple[date, tuple[str, ...]] | None = None
        self._inland = inland_passages(case.dataset)
        self._frames: dict[tuple[object, ...], Frame] = {}
        self._last: tuple[tuple[object, ...], Field] | None = None
        self.screener = Screener(case.rulebook)

    def plan(
        self,
        request: Request,
        corridor: Corridor | None = None,
        *,
        with_shapes: bool = False,
        choose: Chooser | None = None,
    ) -> Plan:
        """Return the best itinerary in `corridor` (None: no rule), or the blockers.

        `choose` takes more than the best: a Pareto set, or alternatives.
        """
        corridors = () if corridor is None else (corridor,)
        field = self.field(request, corridors)
        return self._plan(field, corridor, with_shapes=with_shapes, choose=choose)

    def compare(
        self,
        request: Request,
        corridors: Sequence[Corridor],
        *,
        with_shapes: bool = False,
        far_off_ratio: float = math.inf,
    ) -> tuple[Plan, ...]:
        """Return one plan without a rule, then one per corridor.

        What is dearer than the best without a rule (the best of all, if there is none) by more
        than `far_off_ratio` in generalized cost has no itinerary: see `Plan.beyond`.
        """
        field = self.field(request, corridors)
        rules: list[Corridor | None] = [None, *corridors]
        limits = self._limits(field)
        sought = [self.sought(field, rule, limits) for rule in rules]
        settled_ways = [way and settled(field, way) for way, _ in sought]
        chains = [field.pricing.chain(arcs_of(way)) if way else None for way in settled_ways]
        costs = [field.pricing.ranking_of(chain) if chain else None for chain in chains]
        known = [cost for cost in costs if cost is not None]
        if costs[0] is not None and request.objective is Objective.GENERALIZED:
            # the search adds up what the whole is not the sum of: a corridor's way may be better
            least = costs.index(min(known))
            settled_ways[0], chains[0] = settled_ways[least], chains[least]
            costs[0] = costs[least]
        limit = far_off_ratio * (min(known, default=0.0) if costs[0] is None else costs[0])
        plans = []
        for rule, way, chain, cost, (_, blockers) in zip(
            rules, settled_ways, chains, costs, sought, strict=True
        ):
            if way is not None and cost is not None and cost > limit and rule is not None:
                beyond = Beyond(generalized_cost_usd=cost, arcs=arcs_of(way))
                plans.append(self._empty_plan(request, rule, (), beyond=beyond))
            elif way is None:
                plans.append(self._empty_plan(request, rule, blockers))
            else:
                id_, title = named(rule)
                itinerary = build_settled(
                    field, way, corridor=id_, title=title, with_shapes=with_shapes, chain=chain
                )
                plan = self._empty_plan(request, rule, ())
                plans.append(self.screener.screened(replace(plan, itineraries=(itinerary,))))
        return tuple(plans)

    def sought(
        self,
        field: Field,
        corridor: Corridor | None,
        limits: Limits,
        *,
        has_rivals: bool = True,
    ) -> tuple[Candidate | None, tuple[Blocker, ...]]:
        """Return the best way through a corridor, or what stands in the way.

        Without one, its rivals are looked at too (see `rivals`), if so wished.
        """
        closures = replace(limits.closures, why=dict(limits.closures.why))  # a search adds to it
        between = limits.between
        candidate = None if between else self.search(field, corridor, closures, limits.ban)
        if candidate is None:
            return None, between or self._blockers(field, corridor, closures)
        if corridor is None and has_rivals:
            candidate = best_of(field, candidate, closures, limits.ban, self.search)
        return candidate, ()

    def _empty_plan(
        self,
        request: Request,
        corridor: Corridor | None,
        blockers: tuple[Blocker, ...],
        beyond: Beyond | None = None,
    ) -> Plan:
        id_, title = named(corridor)
        return Plan(
            request=request,
            corridor=id_,
            title=title,
            itineraries=(),
            blockers=blockers,
            provenance=self.provenance(request),
            beyond=beyond,
        )

    def via_place(self, place: Place) -> Place:
        """Return the place if a route can be led through it.

        Raises
        ------
        RequestError
            If no network lies near it.
        """
        if place.kind in ("terminal", "crossing", "passage"):
            return place
        door = open_station(self.geography, place, tuple(Mode))
        if not door.touches:
            raise RequestError(
                f"{place.name} lies off the network", where="--via", hint=door.why_not
            )
        return place

    def pricing(self, request: Request, origin_country: str = "") -> Pricing:
        """Return what prices a request's arcs; requests that differ only in place share it."""
        return self._priced(request, origin_country)[0]

    def _priced(self, request: Request, origin_country: str = "") -> tuple[Pricing, PriceBook]:
        place, parameters = request.origin, self.case.parameters
        country = origin_country or place.country or self.geography.country_at(place.lat, place.lon)
        key = (
            request.consignment,
            request.depart,
            request.scope,
            request.seed,
            loading_row(parameters, country).label,
        )
        known = self._prices.pop(key, None)
        if known is None or known[0].is_full:
            known = (
                pricing_of(parameters, request, country),
                PriceBook(parameters, request, country),
            )
        self._prices[key] = known
        for old in list(self._prices)[:-MOST_PRICED]:
            self._prices.pop(old, None)
        return known

    # ---- stages ------------------------------------------------------------------------------

    def field(
        self, request: Request, corridors: Sequence[Corridor] = (), *, is_physical: bool = False
    ) -> Field:
        """Return the weighted virtual network of one request."""
        key = (request, tuple(corridor.id for corridor in corridors), is_physical)
        shared = self._shared_field(key, request, is_physical=is_physical)
        if shared is not None:
            return shared
        if request.scope is Scope.DOOR:
            origin = open_door(self.geography, request.origin, corridors)
            destination = open_door(self.geography, request.destination, corridors)
        else:
            origin = open_station(self.geography, request.origin, request.modes)
            destination = open_station(self.geography, request.destination, request.modes)
        made = self.field_between(request, origin, destination, is_physical=is_physical)
        self._last = key, made
        return made

    def _shared_field(
        self, key: tuple[object, ...], request: Request, *, is_physical: bool
    ) -> Field | None:
        """Return the field that the base made for this very question, if it would be the same."""
        last = self._twin._last if self._twin is not None else None  # noqa: SLF001 - one of us
        if last is None or last[0] != key:
            return None
        frame = self._frame(request, is_physical=is_physical)
        pricing = self.pricing(request, last[1].origin.country)
        if last[1].frame is not frame or last[1].pricing is not pricing:
            return None
        return last[1].seen_from(self.geography)

    def field_between(
        self, request: Request, origin: Door, destination: Door, *, is_physical: bool = False
    ) -> Field:
        """Return the weighted virtual network of one request between opened doors."""
        vias = [self._via_door(place, request) for place in request.via]
        pricing, book = self._priced(request, origin.country)
        return Field(
            self.geography,
            request,
            pricing,
            origin,
            destination,
            vias,
            length_factor=self.length_factor,
            book=book,
            frame=self._frame(request, is_physical=is_physical),
        )

    def _frame(self, request: Request, *, is_physical: bool) -> Frame:
        """Return what all requests of the day share; that of the last few days is kept."""
        shut = (self._never | set(request.avoid) | self._passages_off(request)) & self._inland
        key = (request.depart, request.is_depart_given, shut, is_physical)
        frame = self._frames.get(key)
        if frame is None and self._twin is not None:
            frame = self._twin._frames.get(key)  # noqa: SLF001 - one of us
            if frame is not None and not frame.lacks_as(self.geography):
                frame = None
        if frame is None:
            frame = Frame(
                self.geography,
                request.depart,
                is_given=request.is_depart_given,
                shut_passages=shut,
                is_physical=is_physical,
            )
            self._frames[key] = frame
            for old in list(self._frames)[:-MOST_FRAMES]:
                self._frames.pop(old, None)
        return frame

    def _passages_off(self, request: Request) -> frozenset[str]:
        """Return passages that a fact shuts on the day of readiness, for rivers and the Caspian."""
        day, is_given = request.depart, request.is_depart_given
        ids = (row.id for row in self.case.dataset.passages)
        standing = self.geography.standing
        return frozenset(id_ for id_ in ids if standing.masked_by(id_, day, is_given=is_given))

    def _via_door(self, place: Place, request: Request) -> Door:
        if place.kind in ("crossing", "passage"):
            return Door(place=place, country=place.country, touches=(), road_node=-1)
        door = open_station(self.geography, place, request.modes)
        if place.kind != "terminal":
            return door
        # trains, trucks and barges pass through a terminal; a ship passes where it may transship
        inland = tuple(t for t in door.touches if t.attachment.net in INLAND_NETS)
        return replace(door, touches=inland)

    def length_factor(self, mode: str, country: str) -> float:
        """Return true km per network km for a mode in a country (1 on water)."""
        key = (mode, country)
        if key not in self._factors:
            name = f"{mode}.length_factor_1"
            parameters = self.case.parameters
            self._factors[key] = (
                parameters.lookup(name, country).central if mode in ("rail", "road") else 1.0
            )
        return self._factors[key]

    def _plan(
        self,
        field: Field,
        corridor: Corridor | None,
        *,
        with_shapes: bool,
        choose: Chooser | None = None,
    ) -> Plan:
        request = field.request
        id_, title = named(corridor)
        limits = self._limits(field)
        candidate, blockers = self.sought(field, corridor, limits, has_rivals=choose is None)
        itineraries: tuple[Itinerary, ...] = ()
        selection: Selection | None = None
        if candidate is not None and choose is not None:
            hunt = Hunt(
                field=field,
                ways=ways_of(corridor),
                ban=limits.ban,
                shut_crossings=limits.closures.crossings,
                shut_passages=limits.closures.passages,
                best=candidate,
                corridor=id_,
                title=title,
                with_shapes=with_shapes,
            )
            itineraries, selection = choose(hunt)
        elif candidate is not None:
            itineraries = (
                build_itinerary(
                    field, candidate, corridor=id_, title=title, with_shapes=with_shapes
                ),
            )
        plan = Plan(
            request=request,
            corridor=id_,
            title=title,
            itineraries=itineraries,
            blockers=blockers,
            provenance=self.provenance(request),
            selection=selection,
        )
        screened = self.screener.screened(plan)
        return screened if choose is None else choose.judged(screened)

    def provenance(self, request: Request) -> Provenance:
        """Return what answers to a request rest on."""
        return Provenance(
            version=__version__,
            dataset=self.case.dataset.digest,
            parameters=self.case.parameters.digest,
            rulebook=self.screener.digest,
            case=self.case.digest,
            seed=request.seed,
            carried=self._carried(request.depart),
            changes=self.case.changes,
        )

    def _carried(self, day: date) -> tuple[str, ...]:
        """Return which prices and which state of the network are those of another date."""
        if self._carried_on is None or self._carried_on[0] != day:
            prices = carried_prices(self.case.parameters, day)
            self._carried_on = day, (*prices, *self.geography.standing.carried(day))
        return self._carried_on[1]

    def _limits(self, field: Field) -> Limits:
        return limits_of(field.request, self.geography.standing, self._never)

    def closures(self, field: Field) -> Closures:
        """Return what is shut all the way from readiness on, and why."""
        return self._limits(field).closures

    def search(
        self,
        field: Field,
        corridor: Corridor | None,
        closures: Closures,
        ban: Ban | None = None,
        limit: float = np.inf,
    ) -> Candidate | None:
        """Return the best candidate either way through the corridor, in season on arrival.

        `ban` is what the request avoids and what bars its goods if None; weights of `limit`
        or more are none.
        """
        ban = ban or ban_of(field.request, self.geography.standing)
        best: Candidate | None = None
        ways = ways_of(corridor)
        for way in field.likelier_first(ways, ban, closures.crossings, closures.passages):
            shut = closures.passages
            # of two ways that weigh the same the corridor's own is taken, whichever came first
            wins_ties = best is not None and way is ways[0]
            least = best.weight if best else limit
            for _ in range(MOST_TRIES):
                found = field.search(
                    way,
                    ban,
                    shut_crossings=closures.crossings,
                    shut_passages=shut,
                    limit=least * (1.0 + 1e-9) if wins_ties else least,
                )
                late = shut_on_arrival(field, found) if found else {}
                if not late:
                    break
                shut = shut.union(late)
                closures.why.update(late)
                found = None
            if found is not None and (found.weight, not wins_ties) <= (least, False):
                best = found
        return best

    def _blockers(
        self, field: Field, corridor: Corridor | None, closures: Closures
    ) -> tuple[Blocker, ...]:
        """Return what stands in the way: a door without network, or what is shut."""
        for door, name in ((field.origin, "origin"), (field.destination, "destination")):
            if not door.touches:
                return (Blocker(kind="network", what=door.place.name, why=door.why_not),)
            if not (field.starts if name == "origin" else field.goals):
                return (
                    Blocker(
                        kind="mode",
                        what=door.place.name,
                        why="no terminal there for the allowed modes",
                    ),
                )
        return lost_to_dates(self, field, corridor, closures.why) or (
            Blocker(
                kind="network",
                what=corridor.title if corridor else "any way",
                why="no chain of open links, crossings and services joins the two places"
                + (" under the corridor's rule" if corridor else ""),
            ),
        )

    def without(
        self, field: Field, corridor: Corridor | None, shut: dict[str, Shut]
    ) -> Candidate | None:
        """Return the best way with only this much shut, whatever is shut on arrival."""
        closures = closures_of(shut, self.geography.standing, self._never)
        return field.search(
            corridor,
            ban_of(field.request, self.geography.standing),
            shut_crossings=closures.crossings,
            shut_passages=closures.passages,
        )

    # ---- the network by itself ---------------------------------------------------------------

    def shortest(self, request: Request) -> Candidate | None:
        """Return the way of least length that any ship, train or truck could go, if there is one.

        This measures the network: no service has to run and no ship line to call, and no
        disruption is applied.
        """
        asked = replace(request, objective=Objective.DISTANCE, is_depart_given=False)
        field = self.field(asked, is_physical=True)
        return self.search(field, None, self.closures(field), asked_ban(asked))


def _is_same_supply(one: Case, other: Case) -> bool:
    """Return whether two cases differ in no table of the network, only in what is shut."""
    return all(
        getattr(one.dataset, part.name) is getattr(other.dataset, part.name)
        for part in fields(one.dataset)
        if part.name not in ("conditions", "digest")
    )
