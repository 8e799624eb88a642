"""Seaports of the world: the World Port Index joined with the ports table of searoute-py.

A port is kept if a container could plausibly use it: the index gives it a container facility or
a Medium or Large harbour, or searoute marks it as served by liner ships; besides, every country
and territory with a coast keeps at least its best one. Codes that the index misspells or leaves
out are mended where searoute has a port of that name at that place.
"""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from landbridge.domain.network import Terminal
from landbridge.errors import SourceError
from landbridge.sources.unlocode import read_parents, read_table

WPI_EVIDENCE = "WPI 2024"
SEAROUTE_EVIDENCE = "searoute 1.6.0 ports"

_SAME_PORT_KM = 8.0
_SAME_QUAY_KM = 2.0
_CODE_REPAIR_KM = 15.0
_COAST_KM = 35.0
_SIMILAR = 80.0
_SIZE_RANK = {"Large": 3, "Medium": 2, "Small": 1}
_CODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")
_NOISE = re.compile(
    r"\b(port|puerto|porto|port of|harbou?r|terminal|bandar|bandar-e|ko|new|old|the|of|de|el|al)\b"
)
_NOT_FOR_BOXES = re.compile(
    r"\b(oil|lng|lpg|marine|offshore|fpso|gas|field|crude)\b", re.IGNORECASE
)
_LAKES = ("lake", "great lakes")
_WPI_NAMES = {
    "Burma": "MM",
    "Congo (Brazzaville)": "CG",
    "Congo (Kinshasa)": "CD",
    "Cote D'Ivoire": "CI",
    "Falkland Islands (Islas Malvinas)": "FK",
    "Federated States of Micronesia": "FM",
    "Macau": "MO",
    "Midway Islands": "UM",
    "Johnson Atoll": "UM",
    "Wake Island": "UM",
    "Saint Helena, Ascension, and Tristan da Cunha": "SH",
    "Svalbard": "SJ",
    "The Bahamas": "BS",
    "Saint Vincent and the Grenadines (Windward Islands)": "VC",
    "The Gambia": "GM",
    "South Georgia and South Sandwich Islands": "GS",
    "Caribbean Netherlands": "BQ",
    "Timor-Leste": "TL",
    "Cabo Verde": "CV",
    "Sint Maarten": "SX",
    "Netherlands": "NL",
    "Reunion": "RE",
    "Curacao": "CW",
    "Turkey": "TR",
    "U.S. Virgin Islands": "VI",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Port:
    code: str
    name: str
    aliases: tuple[str, ...]
    country: str
    lat: float
    lon: float
    draught_m: float
    rank: int
    wanted: bool
    is_wpi: bool


def port_classes(curated: Path) -> dict[str, str]:
    """Return UN/LOCODE -> `hub` or `mainline`; a port not listed is a `feeder`.

    The list is recalled from published top-100 tables of container ports (`ports_mainline.csv`).
    """
    path = curated / "ports_mainline.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for line, row in enumerate(rows, start=2):
        if row["port_class"] not in ("hub", "mainline") or not _CODE.fullmatch(row["unlocode"]):
            raise SourceError(f"bad row {row}", where=f"{path.name}:{line}")
    return {row["unlocode"]: row["port_class"] for row in rows}


def read_ports(
    raw: Path, supplement_terminals: Sequence[Terminal], *, curated: Path | None = None
) -> list[Terminal]:
    """Return ports that the supplement lacks, sorted by id (`PORT-<UN/LOCODE>`).

    Parameters
    ----------
    raw
        Folder with `ports_wpi/`, `sea_searoute_py/`, `places_geonames/`, `unlocode/`.
    supplement_terminals
        Terminals already known; a port with the same code (or the code of a sub-location of it),
        or within 8 km under a similar name, is not repeated.
    curated
        Folder with `ports_mainline.csv` and `ports_wanted.csv` (ports kept whatever the index
        says of their size); without it every port is a `feeder`.
    """
    countries = read_table(
        (raw / "places_geonames" / "countries.csv.gz").read_bytes(),
        columns=("iso", "name", "population"),
        where="countries.csv.gz",
    )
    iso_by_name = {row["name"].casefold(): row["iso"] for row in countries}
    iso_by_name.update({name.casefold(): iso for name, iso in _WPI_NAMES.items()})
    parents = read_parents((raw / "unlocode" / "parents.csv.gz").read_bytes())
    searoute = _read_searoute(raw / "sea_searoute_py" / "ports.csv.gz")
    index = _read_wpi(raw / "ports_wpi" / "wpi_pub150.csv.gz", iso_by_name, searoute)
    merged = _merge(index, _by_the_sea(searoute, index, raw))
    if curated is not None:
        named = {row["unlocode"] for row in _wanted_rows(curated)}
        merged = [replace(port, wanted=port.wanted or port.code in named) for port in merged]
    chosen = _choose(merged)
    inhabited = {row["iso"] for row in countries if int(float(row["population"] or 0)) > 0}
    classes = port_classes(curated) if curated is not None else {}
    ports = _without_known(chosen, supplement_terminals, parents, inhabited)
    return sorted((_terminal(port, classes) for port in ports), key=lambda terminal: terminal.id)


def _wanted_rows(curated: Path) -> list[dict[str, str]]:
    path = curated / "ports_wanted.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the great-circle distance (haversine, radius 6,371 km)."""
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    half_lat, half_lon = (phi_b - phi_a) / 2, math.radians(lon_b - lon_a) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(half_lon) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(chord)))


def similarity(name_a: str, name_b: str) -> float:
    """Return 0..100: how alike two port names are, words such as 'port of' left out."""
    from rapidfuzz import fuzz

    return float(fuzz.token_set_ratio(_plain(name_a), _plain(name_b)))


def _plain(name: str) -> str:
    from anyascii import anyascii

    lowered = re.sub(r"[^a-z0-9]+", " ", anyascii(name).lower()).strip()
    return " ".join(_NOISE.sub(" ", lowered).split()) or lowered


def _read_searoute(path: Path) -> list[_Port]:
    rows = read_table(
        path.read_bytes(),
        columns=("unlocode", "name", "lat", "lon", "trade_countries", "t"),
        where=path.name,
    )
    ports = []
    for row in rows:
        if not _CODE.fullmatch(row["unlocode"]):
            continue
        is_served = bool(row["trade_countries"])
        ports.append(
            _Port(
                code=row["unlocode"],
                name=row["name"].strip(),
                aliases=(),
                country=row["unlocode"][:2],
                lat=float(row["lat"]),
                lon=float(row["lon"]),
                draught_m=math.nan,
                rank=(2 if is_served else 0) + (row["t"] in ("1", "1.0")),
                wanted=is_served and not _NOT_FOR_BOXES.search(row["name"]),
                is_wpi=False,
            )
        )
    return sorted(ports, key=lambda port: (port.code, port.name))


def _read_wpi(path: Path, iso_by_name: dict[str, str], searoute: list[_Port]) -> list[_Port]:
    rows = read_table(
        path.read_bytes(),
        columns=(
            "World Port Index Number",
            "Main Port Name",
            "Alternate Port Name",
            "UN/LOCODE",
            "Country Code",
            "World Water Body",
            "Region Name",
            "Maximum Vessel Draft (m)",
            "Harbor Size",
            "Facilities - Container",
            "Latitude",
            "Longitude",
        ),
        where=path.name,
    )
    grid = _Grid(searoute)
    ports = []
    for row in rows:
        country = iso_by_name.get(row["Country Code"].casefold(), "")
        water = row["World Water Body"].casefold()
        if not row["Latitude"] or country == "AQ" or any(lake in water for lake in _LAKES):
            continue
        name, lat, lon = row["Main Port Name"], float(row["Latitude"]), float(row["Longitude"])
        own_code = row["UN/LOCODE"].replace(" ", "").upper()
        code = _mended_code(own_code, name, country, grid.within(lat, lon, _CODE_REPAIR_KM))
        has_boxes = row["Facilities - Container"] == "Yes"
        size = _SIZE_RANK.get(row["Harbor Size"], 0)
        draught_m = float(row["Maximum Vessel Draft (m)"] or 0)
        aliases = [part.strip() for part in row["Alternate Port Name"].split(";")]
        ports.append(
            _Port(
                code=code,
                name=name,
                aliases=tuple(alias for alias in aliases if alias),
                country=code[:2] or country,
                lat=lat,
                lon=lon,
                draught_m=draught_m if draught_m > 0 else math.nan,
                rank=size + (3 if has_boxes else 0),
                wanted=(has_boxes or size >= 2) and not _NOT_FOR_BOXES.search(name),
                is_wpi=True,
            )
        )
    coded = {port.country for port in ports if port.code}
    ports = [port for port in ports if port.code or port.country not in coded]
    ports = [port if port.code else replace(port, wanted=False) for port in ports if port.country]
    return sorted(ports, key=lambda port: (port.code, -port.rank, port.name, port.lat))


def _mended_code(code: str, name: str, country: str, near: list[_Port]) -> str:
    """Return the row's own code unless a namesake close by says otherwise; '' if there is none."""
    if not _CODE.fullmatch(code) or (country and code[:2] != country and _is_odd(code, country)):
        code = ""
    namesakes = [(similarity(name, port.name), port) for port in near]
    if any(port.code == code and alike >= 60.0 for alike, port in namesakes):
        return code
    best = max(
        (pair for pair in namesakes if not country or pair[1].country == country),
        key=lambda pair: (pair[0], pair[1].code),
        default=None,
    )
    if best is not None and best[0] >= (90.0 if code else _SIMILAR):
        return best[1].code
    return code


def _is_odd(code: str, country: str) -> bool:
    """Return whether a code of another country is a mistake and not a territory's own code."""
    territories = {
        "US": {"PR", "VI", "GU", "AS", "MP", "UM"},
        "FR": {"GP", "MQ", "RE", "GF", "YT", "PM"},
        "NO": {"SJ"},
        "NL": {"BQ"},
        "FI": {"AX"},
        "GB": {"GG", "JE", "IM"},
        "CN": {"HK", "MO"},
    }
    pair = {code[:2], country}
    return not any(pair == {main, sub} for main, subs in territories.items() for sub in subs)


class _Grid:
    """Ports by degree cell, for neighbours within some tens of kilometres."""

    def __init__(self, ports: Sequence[_Port]) -> None:
        self._cells: dict[tuple[int, int], list[_Port]] = defaultdict(list)
        for port in ports:
            self._cells[math.floor(port.lat), math.floor(port.lon)].append(port)

    def within(self, lat: float, lon: float, radius_km: float) -> list[_Port]:
        """Return the ports within `radius_km`, nearest first."""
        reach_lat = math.ceil(radius_km / 111.0)
        shrink = max(0.1, math.cos(math.radians(min(89.0, abs(lat)))))
        reach_lon = math.ceil(radius_km / (111.0 * shrink))
        found = []
        for row in range(math.floor(lat) - reach_lat, math.floor(lat) + reach_lat + 1):
            for column in range(math.floor(lon) - reach_lon, math.floor(lon) + reach_lon + 1):
                wrapped = (column + 180) % 360 - 180
                for port in self._cells.get((row, wrapped), ()):
                    gap_km = distance_km(lat, lon, port.lat, port.lon)
                    if gap_km <= radius_km:
                        found.append((gap_km, port.code, port.name, port))
        return [port for *_, port in sorted(found, key=lambda item: item[:3])]


def _by_the_sea(searoute: list[_Port], index: list[_Port], raw: Path) -> list[_Port]:
    """Return searoute's ports; wanted ones far from the coast lose the claim to be kept.

    The table contains river and inland ports (Berlin, Kehl, Toulouse): without an entry in the
    World Port Index a port counts as a seaport only within 35 km of the coast of the 50m land.
    """
    import geopandas as gpd
    import shapely

    land = gpd.read_parquet(raw / "natural_earth" / "ne_50m_land.parquet")
    coast = shapely.boundary(land.geometry.to_numpy())
    tree = shapely.STRtree(coast)
    known = {port.code for port in index}
    kept = []
    for port in searoute:
        if port.code not in known:
            width = _COAST_KM / 111.0 / max(0.2, math.cos(math.radians(port.lat)))
            box = shapely.box(
                port.lon - width,
                port.lat - _COAST_KM / 111.0,
                port.lon + width,
                port.lat + _COAST_KM / 111.0,
            )
            is_coastal = len(tree.query(box, predicate="intersects")) > 0
            if not is_coastal:
                kept.append(replace(port, wanted=False, rank=-1))
                continue
        kept.append(port)
    return kept


def _merge(index: list[_Port], searoute: list[_Port]) -> list[_Port]:
    """Return one port per code: the index row, wanted if either table wants it."""
    merged: dict[str, _Port] = {}
    for number, port in enumerate(index):
        if not port.code:
            merged[f"{port.country}?{number:04d}"] = port
            continue
        first = merged.setdefault(port.code, port)
        if first is not port and port.wanted and not first.wanted:
            merged[port.code] = port
    for port in searoute:
        known = merged.get(port.code)
        if known is None:
            merged[port.code] = port
            continue
        gap_km = distance_km(port.lat, port.lon, known.lat, known.lon)
        if gap_km > 60.0 and similarity(port.name, known.name) < _SIMILAR:
            continue
        aliases = (*known.aliases, port.name) if port.name != known.name else known.aliases
        merged[port.code] = replace(
            known,
            aliases=tuple(dict.fromkeys(aliases)),
            rank=known.rank + max(0, port.rank),
            wanted=known.wanted or port.wanted,
        )
    return [merged[code] for code in sorted(merged) if not _in_caspian(merged[code])]


def _in_caspian(port: _Port) -> bool:
    """Return whether the port lies on the Caspian or lower Volga, which the supplement covers."""
    return 46.0 <= port.lon <= 55.0 and 36.3 <= port.lat <= 49.0


def _choose(ports: list[_Port]) -> list[_Port]:
    """Return the wanted ports and, of each country with none, the best; no two at one quay."""
    by_country: dict[str, list[_Port]] = defaultdict(list)
    for port in ports:
        by_country[port.country].append(port)
    chosen: list[_Port] = []
    for country in sorted(by_country):
        group = sorted(by_country[country], key=lambda port: (-port.rank, port.code))
        wanted = [port for port in group if port.wanted]
        if not wanted:
            wanted = [port for port in group if port.rank >= 0][:1]
        kept: list[_Port] = []
        for port in wanted:
            twin = next((other for other in kept if _is_same(port, other)), None)
            if twin is None:
                kept.append(port)
            elif similarity(port.name, twin.name) >= _SIMILAR:
                names = dict.fromkeys((*twin.aliases, port.name, *port.aliases))
                names.pop(twin.name, None)
                kept[kept.index(twin)] = replace(twin, aliases=tuple(names))
        chosen.extend(kept)
    return chosen


def _is_same(port: _Port, other: _Port) -> bool:
    gap_km = distance_km(port.lat, port.lon, other.lat, other.lon)
    if gap_km < _SAME_QUAY_KM:
        return True
    return gap_km < _SAME_PORT_KM and similarity(port.name, other.name) >= _SIMILAR


def _without_known(
    ports: list[_Port],
    terminals: Sequence[Terminal],
    parents: dict[str, str],
    inhabited: set[str],
) -> list[_Port]:
    known_codes = {terminal.unlocode for terminal in terminals if terminal.unlocode}
    known_codes |= {parents[code] for code in sorted(known_codes) if code in parents}
    seaports = [terminal for terminal in terminals if "sea" in terminal.modes]
    kept = []
    for port in ports:
        if port.country not in inhabited:
            continue
        if port.code in known_codes or parents.get(port.code) in known_codes:
            continue
        is_known = False
        for terminal in seaports:
            gap_km = distance_km(port.lat, port.lon, terminal.lat, terminal.lon)
            names = (terminal.name, *terminal.aliases)
            if gap_km < _SAME_QUAY_KM or (
                gap_km < _SAME_PORT_KM
                and max(similarity(port.name, name) for name in names) >= _SIMILAR
            ):
                is_known = True
                break
        if not is_known:
            kept.append(port)
    return kept


def _terminal(port: _Port, classes: dict[str, str]) -> Terminal:
    return Terminal(
        id=f"PORT-{port.code or port.country + '-1'}",
        name=port.name,
        aliases=tuple(alias for alias in port.aliases if alias and alias != port.name),
        country=port.country,
        lat=port.lat,
        lon=port.lon,
        kind="seaport",
        modes=("sea", "road"),
        unlocode=port.code,
        gauges_mm=(),
        status="operational",
        max_draught_m=port.draught_m,
        restriction="",
        port_class="feeder" if port.country == "RU" else classes.get(port.code, "feeder"),
        quality="published" if port.is_wpi else "estimated",
        evidence=WPI_EVIDENCE if port.is_wpi else SEAROUTE_EVIDENCE,
    )
