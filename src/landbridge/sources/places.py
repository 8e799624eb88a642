"""All that has a name: terminals, crossings, passages, towns and codes, made one gazetteer."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from landbridge.dataset.gazetteer_build import CountryNames, Entry, town_id, write_gazetteer
from landbridge.dataset.gazetteer_keys import key
from landbridge.domain.network import BorderCrossing, Passage, Terminal
from landbridge.errors import SourceError
from landbridge.sources.geonames import Country, Town, read_countries, read_regions, read_towns
from landbridge.sources.unlocode import Locode, read_names, read_parents

_TERMINAL_WEIGHT = {"hub": 1_000_000, "mainline": 300_000}
_PLAIN_WEIGHT = 30_000
_DERIVED_PREFIXES = ("RAIL-", "FERRY-", "RIVER-")
_EARTH_RADIUS_KM = 6371.0
_REGION_REACH_KM = 50.0
_AFFIX = re.compile(
    r"^(port of|puerto de|puerto|porto de|porto|icd|bandar-e)\s+"
    r"|\s+(port|station|dry port|rail terminal|terminal|junction|harbou?r|big port|seaport"
    r"|international seaport|logistics centre|cargo centre|intermodal|ko)$",
    re.IGNORECASE,
)
_QUALIFIER = re.compile(r"\b(road|rail|terminal|old port|free zone|lhs|stop)\b", re.IGNORECASE)


def build_gazetteer(
    raw: Path,
    curated: Path,
    terminals: Sequence[Terminal],
    crossings: Sequence[BorderCrossing],
    passages: Sequence[Passage],
    out: Path,
) -> None:
    """Write the gazetteer of all places into directory `out`.

    Parameters
    ----------
    raw
        Folder with `places_geonames/` and `unlocode/`.
    curated
        Folder with `aliases.csv`: names that the sources lack or get wrong.
    """
    towns = read_towns((raw / "places_geonames" / "cities5000.parquet").read_bytes())
    countries = read_countries((raw / "places_geonames" / "countries.csv.gz").read_bytes())
    regions = read_regions((raw / "places_geonames" / "regions.csv.gz").read_bytes())
    locodes = read_names((raw / "unlocode" / "unlocode_2015_names.csv.gz").read_bytes())
    parents = read_parents((raw / "unlocode" / "parents.csv.gz").read_bytes())
    aliases = read_aliases((curated / "aliases.csv").read_bytes())
    entries = gazetteer_entries(
        towns=towns,
        countries=countries,
        locodes=locodes,
        parents=parents,
        aliases=aliases,
        terminals=terminals,
        crossings=crossings,
        passages=passages,
    )
    names = [CountryNames(iso2=c.iso2, iso3=c.iso3, name=c.name) for c in countries]
    write_gazetteer(entries, names, out, regions)


def read_aliases(data: bytes, *, where: str = "aliases.csv") -> dict[str, tuple[str, ...]]:
    """Return place id -> further names, from columns alias, target, source_kind.

    Raises
    ------
    SourceError
        A row lacks an alias or a target, or repeats another.
    """
    aliases: dict[str, list[str]] = defaultdict(list)
    rows = csv.DictReader(data.decode("utf-8").splitlines())
    for line, row in enumerate(rows, start=2):
        alias, target = (row.get("alias") or "").strip(), (row.get("target") or "").strip()
        if not alias or not target or not row.get("source_kind"):
            raise SourceError("needs alias, target and source_kind", where=f"{where}:{line}")
        if alias in aliases[target]:
            raise SourceError(f"{alias!r} is given twice", where=f"{where}:{line}")
        aliases[target].append(alias)
    return {target: tuple(names) for target, names in sorted(aliases.items())}


def gazetteer_entries(
    *,
    towns: Sequence[Town],
    countries: Sequence[Country],
    locodes: Sequence[Locode],
    parents: dict[str, str],
    aliases: dict[str, tuple[str, ...]],
    terminals: Sequence[Terminal],
    crossings: Sequence[BorderCrossing],
    passages: Sequence[Passage],
) -> list[Entry]:
    """Return one entry per place; aliases that point nowhere are left out."""
    country_keys = {key(country.name) for country in countries}
    taken = {terminal.unlocode for terminal in terminals if terminal.unlocode}
    town_codes = _town_codes(towns, locodes, parents, taken)
    regions = nearest_regions(terminals, towns)
    entries = [
        _terminal(t, aliases.get(t.id, ()), country_keys, region)
        for t, region in zip(terminals, regions, strict=True)
    ]
    for crossing in crossings:
        names = (crossing.name_a, crossing.name_b, crossing.name, *aliases.get(crossing.id, ()))
        entries.append(
            Entry(
                id=crossing.id,
                name=crossing.name,
                country=crossing.country_a,
                lat=crossing.lat,
                lon=crossing.lon,
                kind="crossing",
                weight=0,
                is_lead_name=False,
                names=(*names, crossing.id),
            )
        )
    entries.extend(
        Entry(
            id=passage.id,
            name=passage.name,
            country="",
            lat=passage.lat,
            lon=passage.lon,
            kind="passage",
            weight=_PLAIN_WEIGHT,
            is_lead_name=True,
            names=(*_split(passage.name)[0], *aliases.get(passage.id, ())),
        )
        for passage in passages
    )
    for town in towns:
        extra = aliases.get(town_id(town.geonameid), ())
        entries.append(
            Entry(
                id=town_id(town.geonameid),
                name=town.name,
                country=town.country,
                lat=town.lat,
                lon=town.lon,
                kind="town",
                weight=town.population,
                is_lead_name=bool(extra),
                names=(town.name if key(town.name) else str(town.geonameid), *extra),
                alternates=town.alternates,
                codes=town_codes.get(town.geonameid, ()),
                region=town.region,
            )
        )
    return entries


def nearest_regions(terminals: Sequence[Terminal], towns: Sequence[Town]) -> list[str]:
    """Return the region of each terminal: that of the nearest town of its country.

    Estimated: no source gives the region of a terminal. '' if no town lies within 50 km, or the
    nearest has no region.
    """
    import numpy as np

    by_country: dict[str, list[Town]] = defaultdict(list)
    for town in towns:
        by_country[town.country].append(town)
    positions = {
        country: np.radians(np.array([(town.lat, town.lon) for town in group]))
        for country, group in by_country.items()
    }
    regions = []
    for terminal in terminals:
        group = by_country.get(terminal.country)
        if not group:
            regions.append("")
            continue
        lat, lon = positions[terminal.country].T
        own_lat, own_lon = np.radians((terminal.lat, terminal.lon))
        turn = (lon - own_lon + np.pi) % (2.0 * np.pi) - np.pi
        gap_km = _EARTH_RADIUS_KM * np.hypot(lat - own_lat, turn * np.cos(own_lat))
        nearest = int(np.argmin(gap_km))
        regions.append(group[nearest].region if gap_km[nearest] <= _REGION_REACH_KM else "")
    return regions


def _terminal(
    terminal: Terminal, aliases: tuple[str, ...], country_keys: set[str], region: str
) -> Entry:
    """Return the entry of a terminal; a derived feeder port's other spellings are alternates."""
    is_derived = terminal.id.startswith(_DERIVED_PREFIXES)
    names, asides = _split(terminal.name)
    others = [aside for aside in asides if key(aside) not in country_keys]
    known_as = [form for alias in terminal.aliases for form in _split(alias)[0]]
    if terminal.id == f"PORT-{terminal.unlocode}" and terminal.port_class == "feeder":
        others, known_as = [*others, *known_as], []
    return Entry(
        id=terminal.id,
        name=terminal.name,
        country=terminal.country,
        lat=terminal.lat,
        lon=terminal.lon,
        kind="terminal",
        weight=_TERMINAL_WEIGHT.get(terminal.port_class, _PLAIN_WEIGHT),
        is_lead_name=not is_derived,
        names=(*names, *known_as, *aliases),
        alternates=tuple(others),
        codes=(terminal.unlocode,) if terminal.unlocode else (),
        region=region,
    )


def _split(name: str) -> tuple[list[str], list[str]]:
    """Return the forms of a terminal's name, and the asides in brackets that may name it too.

    `Shahid Rajaee (Bandar Abbas)` -> [whole, `Shahid Rajaee`], [`Bandar Abbas`];
    `Port of Olya` -> [whole, `Olya`].
    """
    head, _, tail = name.partition("(")
    aside = tail.rpartition(")")[0].strip()
    forms = [name]
    for part in head.split(" / "):
        bare = part.strip()
        forms.append(bare)
        while bare:
            shorter = _AFFIX.sub("", bare).strip()
            if shorter == bare:
                break
            forms.append(shorter)
            bare = shorter
    asides = [aside] if aside and not _QUALIFIER.search(aside) else []
    return [form for form in dict.fromkeys(forms) if key(form)], asides


def _town_codes(
    towns: Sequence[Town],
    locodes: Sequence[Locode],
    parents: dict[str, str],
    taken: set[str],
) -> dict[int, tuple[str, ...]]:
    """Return geonameid -> UN/LOCODEs, where country and name leave one town, or one by far.

    Namesakes within a country are told apart by state in the United States only (elsewhere the
    two tables number their subdivisions differently); else the largest counts if it has ten
    times the population of the next.
    """
    by_name: dict[tuple[str, str], dict[int, Town]] = defaultdict(dict)
    by_alternate: dict[tuple[str, str], dict[int, Town]] = defaultdict(dict)
    for town in towns:
        by_name[town.country, key(town.name)][town.geonameid] = town
        for alternate in town.alternates:
            by_alternate[town.country, key(alternate)][town.geonameid] = town
    found: dict[str, int] = {}
    for locode in locodes:
        if locode.code in taken or not locode.code.isascii() or not locode.code.isalnum():
            continue
        name = key(locode.name.partition("(")[0].partition("/")[0])
        if not name:
            continue
        for table in (by_name, by_alternate):
            group = list(table.get((locode.country, name), {}).values())
            if locode.country == "US" and locode.subdivision:
                group = [town for town in group if town.admin1 == locode.subdivision]
            group.sort(key=lambda town: (-town.population, town.geonameid))
            if group and (len(group) == 1 or group[0].population >= 10 * group[1].population):
                found[locode.code] = group[0].geonameid
                break
    for code, parent in sorted(parents.items()):
        if parent in found and code not in found and code not in taken and code.isalnum():
            found[code] = found[parent]
    codes: dict[int, list[str]] = defaultdict(list)
    for code in sorted(found):
        codes[found[code]].append(code)
    return {geonameid: tuple(group) for geonameid, group in codes.items()}
