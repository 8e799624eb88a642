"""A comparison for a page: the answer, its lines on the map, and charts of one of its options."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from landbridge.domain.itinerary import Itinerary, Leg, Plan
from landbridge.errors import RequestError
from landbridge.report.charts.drawing import Drawing
from landbridge.report.compare import Comparison
from landbridge.report.geojson import MOVING_KINDS, chord
from landbridge.report.html.outline import outline
from landbridge.report.pictures import chart_of_comparison, chart_of_plan
from landbridge.scenarios.case import Case

DECIMALS = 3
"""Of a degree in lines on a page's map: some 100 m."""


def drawn(comparison: Comparison) -> dict[str, Any]:
    """Return `comparison` as in its JSON, and `lines`: one object per moving leg.

    A line names its option by place in `options` and its leg by place in `legs`, both from 0;
    its coordinates are a list of parts, cut at the antimeridian, each a list of [lon, lat],
    degrees.
    """
    return {
        "comparison": comparison.to_dict(),
        "lines": [
            {
                "option": position,
                "leg": number,
                "mode": str(leg.mode),
                "coordinates": [
                    [[round(lon, DECIMALS), round(lat, DECIMALS)] for lon, lat in part]
                    for part in _parts(leg)
                ],
            }
            for position, option in enumerate(comparison.options)
            for number, leg in enumerate(option.legs)
            if leg.kind in MOVING_KINDS
        ],
    }


def chart_of_corridor(kind: str, comparison: Comparison, corridor: str, case: Case) -> Drawing:
    """Return the chart `kind` (tcd, tornado) of one option, or of all where `corridor` is ''.

    Parameters
    ----------
    case
        The case that the comparison answers for, scenarios applied.

    Raises
    ------
    RequestError
        If the comparison has no option of this corridor.
    """
    if not corridor:
        return chart_of_comparison(kind, comparison, case)
    option = _option(comparison, corridor)
    if kind == "tornado":
        return chart_of_comparison(kind, replace(comparison, options=(option,)), case)
    plan = Plan(
        request=comparison.request,
        corridor=option.corridor,
        title=option.title,
        itineraries=(option,) if option.legs else (),
        blockers=option.blockers,
        provenance=comparison.provenance,
    )
    return chart_of_plan(kind, plan, case)


def land() -> dict[str, Any]:
    """Return the ground under a map as GeoJSON: features of kind land, lake and frontier.

    Coordinates are [lon, lat], degrees, to a hundredth; rings are closed.
    """
    world = outline()
    rings = [("land", ring) for ring in world.land] + [("lake", ring) for ring in world.lakes]
    frontiers = [_rounded(line) for line in world.frontiers]
    return {
        "type": "FeatureCollection",
        "features": [
            *(_feature(kind, "Polygon", [_rounded(ring)]) for kind, ring in rings),
            _feature("frontier", "MultiLineString", frontiers),
        ],
    }


def labels() -> list[list[Any]]:
    """Return where the names of countries stand: alpha-2 code, lon and lat, degrees."""
    return [[code, *map(float, at)] for code, at in sorted(outline().labels.items())]


def _feature(kind: str, type_: str, coordinates: list[Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"kind": kind},
        "geometry": {"type": type_, "coordinates": coordinates},
    }


def _option(comparison: Comparison, corridor: str) -> Itinerary:
    for option in comparison.options:
        if option.corridor == corridor:
            return option
    known = ", ".join(option.corridor for option in comparison.options)
    raise RequestError(
        f"no option '{corridor}' in this answer", where="corridor", hint=f"one of {known}"
    )


def _parts(leg: Leg) -> list[Any]:
    parts = [part for part in leg.shape if len(part) > 1]
    return parts or list(chord(leg.origin, leg.destination))


def _rounded(line: Any) -> list[list[float]]:  # noqa: ANN401 - a numpy array of two columns
    return [[round(float(lon), 2), round(float(lat), 2)] for lon, lat in line]
