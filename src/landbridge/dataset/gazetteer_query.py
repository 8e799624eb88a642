"""The text a person types for a place: checked, and read as coordinates where it is some."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable

from landbridge.dataset.gazetteer_keys import key
from landbridge.domain.network import Place, PlaceKind
from landbridge.errors import RequestError

MAX_QUERY_LENGTH = 200
_DEGREES = r"([+-]?[0-9]{1,9}(?:\.[0-9]{0,15})?)"
COORDINATE = re.compile(rf"(?:geo:)?\s*{_DEGREES}\s*,\s*{_DEGREES}")
COUNTRY_ALIASES = {
    "usa": "US",
    "unitedstatesofamerica": "US",
    "america": "US",
    "uk": "GB",
    "britain": "GB",
    "greatbritain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "uae": "AE",
    "emirates": "AE",
    "turkiye": "TR",
    "turkey": "TR",
    "russianfederation": "RU",
    "islamicrepublicofiran": "IR",
    "korea": "KR",
    "republicofkorea": "KR",
    "holland": "NL",
    "thenetherlands": "NL",
    "czechrepublic": "CZ",
    "ivorycoast": "CI",
    "cotedivoire": "CI",
    "burma": "MM",
    "swaziland": "SZ",
    "drc": "CD",
    "drcongo": "CD",
    "congokinshasa": "CD",
    "congobrazzaville": "CG",
    "macedonia": "MK",
    "capeverde": "CV",
    "easttimor": "TL",
    "vietnam": "VN",
    "syria": "SY",
    "laos": "LA",
    "persia": "IR",
    "macau": "MO",
    "palestine": "PS",
}
"""What people write for a country beside its codes and its name in GeoNames."""


def shown(text: str) -> str:
    """Return the text fit for one line of an error message."""
    safe = "".join(c if c.isprintable() else "?" for c in text)
    return safe if len(safe) <= 60 else f"{safe[:57]}..."


def clean(query: str, *, where: str) -> str:
    """Return the query without outer blanks, or refuse it."""
    text = query.strip()
    if not text:
        raise RequestError("no place given: write a name, UN/LOCODE, id or lat,lon", where=where)
    if len(text) > MAX_QUERY_LENGTH:
        raise RequestError(
            f"place name of {len(text)} characters: at most {MAX_QUERY_LENGTH}", where=where
        )
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text):
        raise RequestError(f"control character in place name '{shown(text)}'", where=where)
    if not key(text):
        raise RequestError(f"no letter or digit in place name '{shown(text)}'", where=where)
    return text


def coordinate_place(
    lat_text: str,
    lon_text: str,
    *,
    where: str,
    country_at: Callable[[float, float], str] | None,
) -> Place:
    """Return the place at two typed numbers, or refuse numbers that are out of range."""
    lat, lon = float(lat_text) + 0.0, float(lon_text) + 0.0
    if not -90.0 <= lat <= 90.0:
        raise RequestError(
            f"latitude {lat_text} is not within -90..90", where=where, hint="write lat,lon"
        )
    if not -180.0 <= lon <= 180.0:
        raise RequestError(f"longitude {lon_text} is not within -180..180", where=where)
    written = f"{_degrees(lat)},{_degrees(lon)}"
    return Place(
        id=f"geo:{written}",
        name=written,
        country=country_at(lat, lon) if country_at else "",
        lat=lat,
        lon=lon,
        kind=PlaceKind.COORDINATE,
    )


def _degrees(value: float) -> str:
    """Return degrees to 5 decimals (1 m), without trailing zeros."""
    return f"{round(value, 5) + 0.0:.5f}".rstrip("0").rstrip(".")


def is_close(place: Place, other: Place) -> bool:
    """Return whether two places of one country lie within half a degree."""
    gap_deg = math.hypot(place.lat - other.lat, place.lon - other.lon)
    return place.country == other.country and gap_deg < 0.5


def position(place: Place) -> str:
    """Return the position, to tell namesakes of one country apart."""
    return f" at {place.lat:.1f},{place.lon:.1f}"
