"""The recipe: mask, weigh, search within the corridor, build, price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from landbridge import __version__
from landbridge.dataset.network import Net
from landbridge.domain.itinerary import Blocker, Itinerary, Plan, Provenance
from landbridge.domain.network import Corridor, Mode, Place
from landbridge.domain.request import Objective, Request, Scope
from landbridge.errors import RequestError
from landbridge.graph.supply import closed_passages, in_season
from landbridge.models.pricing import Pricing
from landbridge.planning.build import arcs_of, build_itinerary, out_of_season
from landbridge.planning.candidates import Candidate, Field
from landbridge.planning.doors import Door, open_door, open_station
from landbridge.planning.geography import Geography
from landbridge.planning.pricebook import PriceBook
from landbridge.planning.rule import Ban
from landbridge.scenarios.case import Case

FREE = "free"
SEASON_HORIZON_D = 60
"""A passage shut on the day of readiness may be reached in season within this many days."""
MOST_SEASON_TRIES = 3
INLAND_NETS = (Net.RAIL, Net.ROAD, Net.IWW)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closures:
    crossings: frozenset[int]
    passages: frozenset[str]


class Planner:
    """Answers requests on one case; what it compiles is kept for the next request."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.geography = Geography(case.dataset)
        self._factors: dict[tuple[str, str], float] = {}
        self._never = closed_passages(case.dataset)

    def plan(
        self, request: Request, corridor: Corridor | None = None, *, with_shapes: bool = False
    ) -> Plan:
        """Return the best itinerary in `corridor` (None: no rule), or the blockers."""
        corridors = () if corridor is None else (corridor,)
        field = self.field(request, corridors)
        return self._plan(field, corridor, with_shapes=with_shapes)

    def compare(
        self, request: Request, corridors: Sequence[Corridor], *, with_shapes: bool = False
    ) -> tuple[Plan, ...]:
        """Return one plan without a rule, then one per corridor."""
        field = self.field(request, corridors)
        rules: list[Corridor | None] = [None, *corridors]
        return tuple(self._plan(field, rule, with_shapes=with_shapes) for rule in rules)

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

    # ---- stages ------------------------------------------------------------------------------

    def field(
        self, request: Request, corridors: Sequence[Corridor] = (), *, is_physical: bool = False
    ) -> Field:
        """Return the weighted virtual network of one request."""
        if request.scope is Scope.DOOR:
            origin = open_door(self.geography, request.origin, corridors)
            destination = open_door(self.geography, request.destination, corridors)
        else:
            origin = open_station(self.geography, request.origin, request.modes)
            destination = open_station(self.geography, request.destination, request.modes)
        vias = [self._via_door(place, request) for place in request.via]
        pricing = Pricing(
            self.case.parameters,
            consignment=request.consignment,
            depart=request.depart,
            scope=request.scope,
            origin_country=origin.country,
            seed=request.seed,
        )
        return Field(
            self.geography,
            request,
            pricing,
            origin,
            destination,
            vias,
            length_factor=self.length_factor,
            book=PriceBook(self.case.parameters, request, origin.country),
            shut_passages=frozenset(request.avoid) | self._never,
            is_physical=is_physical,
        )

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

    def _plan(self, field: Field, corridor: Corridor | None, *, with_shapes: bool) -> Plan:
        request = field.request
        id_ = corridor.id if corridor else FREE
        title = corridor.title if corridor else "Best with no corridor rule"
        closures = self._closures(field)
        candidate = self._search(field, corridor, closures)
        itineraries: tuple[Itinerary, ...] = ()
        blockers: tuple[Blocker, ...] = ()
        if candidate is None:
            blockers = self._blockers(field, corridor, closures)
        else:
            itineraries = (
                build_itinerary(
                    field, candidate, corridor=id_, title=title, with_shapes=with_shapes
                ),
            )
        return Plan(
            request=request,
            corridor=id_,
            title=title,
            itineraries=itineraries,
            blockers=blockers,
            provenance=self._provenance(request),
        )

    def _provenance(self, request: Request) -> Provenance:
        return Provenance(
            version=__version__,
            dataset=self.case.dataset.digest,
            parameters=self.case.parameters.digest,
            rulebook="",
            case=self.case.digest,
            seed=request.seed,
        )

    def _closures(self, field: Field) -> _Closures:
        """Return what is shut: closed crossings, and passages out of season all the way."""
        dataset, day = self.case.dataset, field.request.depart
        crossings = frozenset(
            k
            for k, row in enumerate(dataset.crossings)
            if row.status in ("closed", "under_construction")
        )
        passages = frozenset(
            row.id
            for row in dataset.passages
            if row.id in self._never
            or not any(
                in_season(day + timedelta(days=d), row.season_open, row.season_close)
                for d in range(0, SEASON_HORIZON_D + 1, 5)
            )
        )
        return _Closures(crossings=crossings, passages=passages)

    def _search(
        self, field: Field, corridor: Corridor | None, closures: _Closures
    ) -> Candidate | None:
        """Return the best candidate either way through the corridor, in season on arrival."""
        request = field.request
        ban = Ban(
            ids=frozenset(a for a in request.avoid if not _is_country(a)),
            countries=frozenset(a for a in request.avoid if _is_country(a)),
        )
        ways = [corridor] if corridor is None else [corridor, corridor.reversed()]
        if corridor is not None and len(corridor.required) == 1 and len(set(corridor.modes)) == 1:
            ways = [corridor]
        best: Candidate | None = None
        for way in ways:
            shut = closures.passages
            for _ in range(MOST_SEASON_TRIES):
                found = field.search(
                    way,
                    ban,
                    shut_crossings=closures.crossings,
                    shut_passages=shut,
                    limit=best.weight if best else np.inf,
                )
                late = out_of_season(field, arcs_of(found)) if found else frozenset()
                if not late:
                    break
                shut = shut | late
                found = None
            if found is not None and (best is None or found.weight < best.weight):
                best = found
        return best

    def _blockers(
        self, field: Field, corridor: Corridor | None, closures: _Closures
    ) -> tuple[Blocker, ...]:
        """Return what stands in the way: each mask lifted in turn, and what it opens."""
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
        none = frozenset[int]()
        lifted = (
            ("season", _Closures(crossings=closures.crossings, passages=self._never)),
            ("status", _Closures(crossings=none, passages=closures.passages)),
            ("season and status", _Closures(crossings=none, passages=self._never)),
        )
        for kind, open_ in lifted:
            found = field.search(
                corridor,
                Ban(ids=frozenset(field.request.avoid), countries=frozenset()),
                shut_crossings=open_.crossings,
                shut_passages=open_.passages,
            )
            if found is not None:
                return self._named(kind, found, closures)
        what = corridor.title if corridor else "any way"
        return (
            Blocker(
                kind="network",
                what=what,
                why="no chain of open links, crossings and services joins the two places"
                + (" under the corridor's rule" if corridor else ""),
            ),
        )

    def _named(self, kind: str, found: Candidate, closures: _Closures) -> tuple[Blocker, ...]:
        dataset = self.case.dataset
        passages = {row.id: row for row in dataset.passages}
        crossings = {row.id: row for row in dataset.crossings}
        shut = {dataset.crossings[k].id for k in closures.crossings}
        blockers = []
        for arc in arcs_of(found):
            passage, crossing = getattr(arc, "passage", ""), getattr(arc, "crossing", "")
            if passage in closures.passages:
                row = passages[passage]
                blockers.append(
                    Blocker(
                        kind="season",
                        what=passage,
                        why=f"{row.name} is open {row.season_open} to {row.season_close}",
                    )
                )
            if crossing in shut:
                border = crossings[crossing]
                since = f" since {border.closed}" if border.closed else ""
                blockers.append(
                    Blocker(
                        kind="status",
                        what=crossing,
                        why=f"{border.name} is {border.status}{since}",
                    )
                )
        return tuple(blockers) or (Blocker(kind=kind, what="", why="opens if lifted"),)

    # ---- the network by itself ---------------------------------------------------------------

    def shortest(self, request: Request) -> Candidate | None:
        """Return the way of least length that any ship, train or truck could go, if there is one.

        This measures the network: no service has to run and no ship line to call.
        """
        field = self.field(replace(request, objective=Objective.DISTANCE), is_physical=True)
        return self._search(field, None, self._closures(field))


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isupper()
