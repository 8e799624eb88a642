"""Itineraries as GeoJSON (RFC 7946): lines for movements, points for transfers and crossings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from landbridge.domain.applied import scenario_dict
from landbridge.domain.itinerary import Itinerary, Leg, Provenance
from landbridge.domain.network import Place
from landbridge.domain.request import Request

LonLat = tuple[float, float]
MOVING_KINDS = frozenset({"haul", "drayage"})


def itineraries_geojson(
    itineraries: Iterable[Itinerary], *, request: Request, provenance: Provenance
) -> dict[str, Any]:
    """Return a FeatureCollection: one line per moving leg, one point per transfer and crossing.

    Lines follow the true link shapes, cut at the antimeridian. `chord_km` in the properties is
    the length drawn as straight chords over 20 km, where the source keeps no shape; a leg
    without any shape is drawn as one chord and `chord_km` is then its whole length.
    """
    return {
        "type": "FeatureCollection",
        "provenance": provenance.to_dict(),
        "request": request.to_dict(),
        **scenario_dict(provenance.changes),
        "features": [
            _feature(itinerary, position, number, leg)
            for position, itinerary in enumerate(itineraries, start=1)
            for number, leg in enumerate(itinerary.legs, start=1)
        ],
    }


def _feature(itinerary: Itinerary, position: int, number: int, leg: Leg) -> dict[str, Any]:
    lines = [line for line in leg.shape if len(line) > 1]
    chord_km = leg.chord_km
    if leg.kind in MOVING_KINDS and not lines and _lonlat(leg.origin) != _lonlat(leg.destination):
        lines = list(chord(leg.origin, leg.destination))
        chord_km = leg.distance_km
    return {
        "type": "Feature",
        "geometry": _geometry(leg, lines),
        "properties": {
            "corridor": itinerary.corridor,
            "title": itinerary.title,
            "status": itinerary.status,
            "itinerary": position,
            **itinerary.said(),
            "leg": number,
            **leg.to_dict(),
            "chord_km": chord_km,
        },
    }


def _geometry(leg: Leg, lines: list[tuple[LonLat, ...]]) -> dict[str, Any]:
    if leg.kind not in MOVING_KINDS or not lines:
        return {"type": "Point", "coordinates": list(_lonlat(leg.origin))}
    drawn = [[[lon, lat] for lon, lat in line] for line in lines]
    if len(drawn) == 1:
        return {"type": "LineString", "coordinates": drawn[0]}
    return {"type": "MultiLineString", "coordinates": drawn}


def _lonlat(place: Place) -> LonLat:
    return (place.lon, place.lat)


def chord(origin: Place, destination: Place) -> tuple[tuple[LonLat, ...], ...]:
    """Return the straight line between two places, cut in two where it meets 180 degrees."""
    start, end = _lonlat(origin), _lonlat(destination)
    turn = end[0] - start[0]
    if abs(turn) <= 180.0:
        return ((start, end),)
    # The short way round crosses the antimeridian: unroll the end, then cut.
    end_lon = end[0] + (360.0 if turn < 0 else -360.0)
    edge = 180.0 if end_lon > start[0] else -180.0
    share = (edge - start[0]) / (end_lon - start[0])
    lat = start[1] + share * (end[1] - start[1])
    return ((start, (edge, lat)), ((-edge, lat), end))
