"""What is marked on a map: ends, terminals, frontiers, changes of gauge, passages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from landbridge.domain.arcs import BorderArc, TransferArc
from landbridge.domain.itinerary import Itinerary, Leg
from landbridge.domain.network import Passage, Place
from landbridge.domain.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One mark: `end`, `terminal`, `border`, `gauge` or `passage`; `said` is its full text."""

    kind: str
    id: str
    name: str
    said: str
    lon: float
    lat: float


def stops_of(
    request: Request, options: Iterable[Itinerary], passages: Mapping[str, Passage]
) -> list[Stop]:
    """Return the marks of itineraries, each once."""
    stops = [
        _stop("end", place, place.name, f"{role}: {_full(place)}")
        for role, place in (("origin", request.origin), ("destination", request.destination))
    ]
    for option in options:
        for leg in option.legs:
            stops += _of_leg(leg)
        for known in (passages[id_] for id_ in option.passages if id_ in passages):
            stops.append(_stop("passage", known.place(), known.name, f"passage: {known.name}"))
    return list(dict.fromkeys(stops))


def _of_leg(leg: Leg) -> list[Stop]:
    place = leg.origin
    change = next((arc for arc in leg.arcs if isinstance(arc, BorderArc | TransferArc)), None)
    is_change = (
        change is not None
        and change.gauge_from_mm != change.gauge_to_mm
        and min(change.gauge_from_mm, change.gauge_to_mm) > 0
    )
    if is_change and change is not None:
        gauges = f"{change.gauge_from_mm} to {change.gauge_to_mm} mm"
        return [_stop("gauge", place, place.name, f"change of gauge, {gauges}: {_full(place)}")]
    if leg.kind == "border":
        if isinstance(change, BorderArc) and change.is_inner:
            return []
        countries = f"{leg.origin.country} to {leg.destination.country}"
        return [_stop("border", place, place.name, f"frontier {countries}: {place.name}")]
    if leg.kind in {"transfer", "wait"}:
        return [_stop("terminal", place, place.name, f"terminal: {_full(place)}")]
    return []


def _stop(kind: str, place: Place, name: str, said: str) -> Stop:
    return Stop(kind=kind, id=place.id, name=name, said=said, lon=place.lon, lat=place.lat)


def _full(place: Place) -> str:
    return f"{place.name}, {place.country}" if place.country else place.name
