"""What a screen judges: the facts of a journey, however it was found."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from landbridge.compliance.regions import regions_of
from landbridge.domain.itinerary import Itinerary
from landbridge.domain.network import Place
from landbridge.domain.request import Request

WATER = frozenset({"sea", "iww", "ferry"})
NODES = frozenset({"terminal", "crossing"})
PORT_CODE = re.compile(r"PORT-([A-Z]{2}[A-Z0-9]{3})")
NOTHING_STATED: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A journey's facts: where, by what, with what, when, and what the user says of those in it.

    `countries` holds all that are touched, both ends included; `terminals` holds ids of terminals
    and crossings. `stated` maps a key of the rulebook (operator, vessel_flag, haulier_country, ...)
    to the values given for it. `arrive_by` is P90 of arrival, None where unknown. `names` are names
    of the terminals used, by id. `vessels` are names or IMO numbers.
    """

    id: str
    origin: str
    destination: str
    countries: frozenset[str]
    terminals: frozenset[str]
    passages: frozenset[str]
    modes: frozenset[str]
    goods: str
    depart: date
    regions: frozenset[str] = frozenset()
    stated: Mapping[str, frozenset[str]] = field(default_factory=lambda: NOTHING_STATED)
    vessels: tuple[str, ...] = ()
    arrive_by: date | None = None
    is_depart_given: bool = True
    names: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)
    """What a measure's geographic conditions are held against, by their names."""

    def __post_init__(self) -> None:
        facts = {
            "terminals": self.terminals,
            "regions": self.regions,
            "passages": self.passages,
            "origins": frozenset({self.origin}),
            "destinations": frozenset({self.destination}),
            "ends": frozenset({self.origin, self.destination}),
            "transits": self.transits,
            "countries": self.countries,
        }
        object.__setattr__(self, "facts", facts)

    @property
    def transits(self) -> frozenset[str]:
        """Countries that are neither origin nor destination."""
        return self.countries - {self.origin, self.destination}

    @property
    def places(self) -> frozenset[str]:
        """Whatever a measure may name as a place: countries, terminals, passages, regions."""
        ends = (self.origin, self.destination)
        return self.countries.union(ends, self.terminals, self.passages, self.regions)

    @property
    def ports(self) -> frozenset[str]:
        """UN/LOCODEs that the ids of the journey's ports carry."""
        found = (PORT_CODE.fullmatch(id_) for id_ in self.terminals)
        return frozenset(match.group(1) for match in found if match)


def journey_of(itinerary: Itinerary, request: Request) -> Journey:
    """Return the facts of one itinerary of one request."""
    places = [request.origin, request.destination]
    for leg in itinerary.legs:
        places += [leg.origin, leg.destination]
    hours = itinerary.lead_time_h.p90
    days = None if math.isnan(hours) else timedelta(hours=hours)
    modes = frozenset(
        leg.mode for leg in itinerary.legs if leg.kind in {"haul", "drayage"} and leg.mode
    )
    stated = stated_by(request.operator, request.flag, modes)
    return journey_through(
        places,
        id_=itinerary.corridor,
        countries=itinerary.countries,
        passages=itinerary.passages,
        modes=modes,
        goods=request.consignment.goods,
        depart=request.depart,
        is_depart_given=request.is_depart_given,
        arrive_by=None if days is None else request.depart + days,
        stated=stated,
        vessels=(request.vessel,) if request.vessel else (),
    )


def journey_through(
    places: list[Place],
    *,
    id_: str,
    countries: Iterable[str],
    passages: Iterable[str],
    modes: frozenset[str],
    goods: str,
    depart: date,
    is_depart_given: bool,
    arrive_by: date | None,
    stated: Mapping[str, frozenset[str]],
    vessels: tuple[str, ...],
) -> Journey:
    """Return the facts of a journey through these places, the first two being its ends."""
    nodes = [place for place in places if place.kind in NODES]
    touched = {place.country for place in places} | set(countries)
    return Journey(
        id=id_,
        origin=places[0].country,
        destination=places[1].country,
        countries=frozenset(touched - {""}),
        terminals=frozenset(place.id for place in nodes),
        names={place.id: place.name for place in nodes if place.kind == "terminal"},
        regions=regions_of(places),
        passages=frozenset(passages),
        modes=modes,
        goods=goods,
        depart=depart,
        is_depart_given=is_depart_given,
        arrive_by=arrive_by,
        stated=stated,
        vessels=vessels,
    )


def stated_by(operator: str, flag: str, modes: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return what `--operator` and `--flag` state.

    A flag is that of the vessels; on a journey without water it is the country in which trucks and
    their haulier are registered.
    """
    stated: dict[str, frozenset[str]] = {}
    if operator:
        stated["operator"] = frozenset({operator})
    if flag:
        key = "vessel_flag" if modes & WATER else "haulier_country"
        stated[key] = frozenset({flag.upper()})
    return stated
