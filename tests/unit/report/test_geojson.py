from __future__ import annotations

import json
from dataclasses import replace

import pytest

from fakes import answers
from landbridge.report.geojson import chord, itineraries_geojson


def collection(*itineraries: object) -> dict[str, object]:
    return itineraries_geojson(
        itineraries, request=answers.request(), provenance=answers.PROVENANCE
    )


def test_one_feature_per_leg_lines_for_movements_points_for_stops() -> None:
    features = collection(answers.itinerary("free", "F"))["features"]
    assert [f["geometry"]["type"] for f in features] == [
        "LineString", "LineString", "Point", "LineString", "Point", "LineString", "LineString",
    ]  # fmt: skip
    sea = features[1]
    assert sea["geometry"]["coordinates"] == [[72.95, 18.95], [62.0, 22.0], [56.1, 27.1]]
    assert sea["properties"]["corridor"] == "free"
    assert sea["properties"]["leg"] == 2
    assert sea["properties"]["from"]["id"] == "PORT-NHAVASHEVA"
    json.dumps(features, allow_nan=False)


def test_a_leg_without_shape_is_marked_as_one_chord() -> None:
    features = collection(answers.itinerary("free", "F"))["features"]
    assert features[1]["properties"]["chord_km"] == 0.0
    assert features[3]["properties"]["chord_km"] == features[3]["properties"]["distance_km"]


def test_a_shape_in_two_pieces_is_a_multilinestring() -> None:
    pieces = (((170.0, -18.0), (180.0, -16.0)), ((-180.0, -16.0), (-171.8, -13.8)))
    leg = answers.leg("haul", "sea", answers.SUVA, answers.APIA, km=1200.0, shape=pieces)
    itinerary = replace(answers.itinerary("free", "F"), legs=(leg,))
    (feature,) = collection(itinerary)["features"]
    assert feature["geometry"]["type"] == "MultiLineString"
    assert len(feature["geometry"]["coordinates"]) == 2


def test_a_drayage_of_no_length_is_a_point() -> None:
    leg = answers.leg("drayage", "road", answers.MOSCOW, answers.MOSCOW)
    itinerary = replace(answers.itinerary("free", "F"), legs=(leg,))
    (feature,) = collection(itinerary)["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [37.62, 55.75]}


@pytest.mark.parametrize(("start", "end"), [("SUVA", "APIA"), ("APIA", "SUVA")])
def test_a_chord_over_the_antimeridian_is_cut_there(start: str, end: str) -> None:
    origin, destination = getattr(answers, start), getattr(answers, end)
    first, second = chord(origin, destination)
    assert first[0] == (origin.lon, origin.lat)
    assert second[1] == (destination.lon, destination.lat)
    assert abs(first[1][0]) == abs(second[0][0]) == 180.0
    assert first[1][0] == -second[0][0]
    assert first[1][1] == second[0][1]
    assert -18.1 < first[1][1] < -13.8
    assert first[1][0] * first[0][0] > 0, "each piece stays on its side"
