"""Which of the regions that measures name a place lies in (ISO 3166-2).

The rulebook names six regions of Ukraine. A place belongs to the region of the nearest town of
GeoNames (cities of 5,000 people or more, CC BY 4.0; `tables/regions.csv`). In the regions of
Donetsk, Luhansk, Kherson and Zaporizhzhia measures cover only what Ukraine does not control: the
line moves, so the whole region is named and the user has to look.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from functools import cache

from landbridge.compliance.tables import path_of
from landbridge.domain.network import Place

WITHIN = frozenset({"UA", "RU"})
LAT, LON = (43.5, 52.0), (31.0, 41.5)
"""Box outside which no place lies in one of the regions, degrees."""
FARTHEST_KM = 80.0


def regions_of(places: Iterable[Place]) -> frozenset[str]:
    """Return the named regions that places of Ukraine and its neighbour lie in."""
    found = set()
    for place in places:
        is_near = LAT[0] <= place.lat <= LAT[1] and LON[0] <= place.lon <= LON[1]
        if is_near and place.country in WITHIN:
            found.add(_region_at(round(place.lat, 3), round(place.lon, 3)))
    return frozenset(found - {""})


@cache
def _region_at(lat: float, lon: float) -> str:
    """Return the region of the nearest town, or nothing where none is near."""
    squeeze = math.cos(math.radians(lat))
    least, region = (FARTHEST_KM / 111.2) ** 2, ""
    for town_lat, town_lon, own in _towns():
        apart = (town_lat - lat) ** 2 + ((town_lon - lon) * squeeze) ** 2
        if apart < least:
            least, region = apart, own
    return region


@cache
def _towns() -> tuple[tuple[float, float, str], ...]:
    with path_of("regions.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        column = {name: k for k, name in enumerate(next(rows))}
        lat, lon, region = column["lat"], column["lon"], column["region"]
        return tuple((float(row[lat]), float(row[lon]), row[region]) for row in rows)
