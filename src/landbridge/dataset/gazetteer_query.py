"""The text a person types for a place: checked, and read as coordinates where it is some."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read a query: a name, in a country ('' for any) and in regions (none for any).

    `is_second` marks what is tried only because the first reading finds nothing: a code that is
    a country's is read as a region's (`Birmingham, AL`).
    """

    name: str
    country: str = ""
    regions: frozenset[int] = frozenset()
    is_second: bool = False


def readings(
    text: str,
    country_of: Callable[[str], str],
    regions_of: Callable[[str, str], frozenset[int]],
) -> list[Reading]:
    """Return the ways to read a query, in order.

    The whole as a name or `Name, CC`; then `Name, Region` or `Name, Region, CC`; last `Name, CC`
    with the country's code or name read as a region's.

    Parameters
    ----------
    country_of
        Gives the alpha-2 code of the country that a text names, or ''.
    regions_of
        Gives the regions that a text names, within a country ('' for all).
    """
    before, comma, after = text.rpartition(",")
    country = country_of(after) if comma and key(before) else ""
    whole = before.strip() if country else text
    found = [Reading(name=whole, country=country)]
    name, comma, last = whole.rpartition(",")
    regions = regions_of(last, country) if comma and key(name) else frozenset()
    if regions:
        found.append(Reading(name=name.strip(), country=country, regions=regions))
    namesakes = regions_of(after, "") if country else frozenset()
    if namesakes:
        found.append(Reading(name=whole, regions=namesakes, is_second=True))
    return found


def country_codes(countries: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return alpha-2 codes by the keys of what people write, from rows (alpha-2, alpha-3, name)."""
    codes = dict(COUNTRY_ALIASES)
    for iso2, iso3, name in countries:
        codes[key(name)] = iso2
        codes[key(iso3)] = iso2
    for iso2, _, _ in countries:
        codes[key(iso2)] = iso2
    return {text: iso2 for text, iso2 in codes.items() if text}


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


def choice(labels: Sequence[str]) -> str:
    """Return `a`, `a or b` or `a, b or c`."""
    head, last = ", ".join(labels[:-1]), labels[-1]
    return f"{head} or {last}" if head else last
