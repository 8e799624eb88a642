"""The hand-compiled supplement: terminals, crossings, passages, services and named lines."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from landbridge.dataset.contribution import NamedLine
from landbridge.domain.network import BorderCrossing, Passage, Service, Terminal
from landbridge.sources.tables import read_csv

_MODE_OF = {
    "sea": ("sea",),
    "river": ("iww",),
    "rail": ("rail",),
    "road": ("road",),
    "rail_ferry": ("ferry",),
    "road_ferry": ("ferry",),
    "air": (),
}


def _number(text: str) -> float:
    return float(text) if text else math.nan


def _rows(name: str, folder: Path, later: Path | None) -> list[dict[str, str]]:
    """Return the rows of a table, those of the same id in `later` in their places, others added."""
    rows = read_csv(folder / name)
    if later is None or not (later / name).exists():
        return rows
    key = next(iter(rows[0]))
    by_id = {row[key]: row for row in rows} | {row[key]: row for row in read_csv(later / name)}
    return list(by_id.values())


def read_terminals(folder: Path, later: Path | None = None) -> list[Terminal]:
    """Return the terminals table, sorted by id; `later` has rows found since it was compiled."""
    rows = []
    for row in _rows("terminals.csv", folder, later):
        modes = {mode for word in row["modes"].split(",") for mode in _MODE_OF[word.strip()]}
        if row["rail_ferry"] == "yes" or row["ro_ro"] == "yes":
            modes.add("ferry")
        aliases = [name for name in row["alt_names"].split("|") if name]
        gauges = tuple(int(gauge) for gauge in row["gauge_mm"].split("/") if gauge)
        rows.append(
            Terminal(
                id=row["terminal_id"],
                name=row["name"],
                aliases=tuple(aliases),
                country=row["country"],
                lat=float(row["lat"]),
                lon=float(row["lon"]),
                kind=row["kind"],
                modes=tuple(sorted(modes)),
                unlocode=row["unlocode"],
                gauges_mm=gauges,
                status=row["status"],
                max_draught_m=_number(row["max_draft_m"]),
                restriction=row["restriction"],
                port_class="feeder" if modes & {"sea", "iww", "ferry"} else "",
                quality="published" if row["source_kind"] == "retrieved" else "assumed",
                evidence=row["source_title"] or row["source"],
            )
        )
    return sorted(rows, key=lambda terminal: terminal.id)


def read_crossings(folder: Path) -> list[BorderCrossing]:
    """Return the border crossings table, sorted by id."""
    rows = [
        BorderCrossing(
            id=row["crossing_id"],
            name_a=row["name_a"],
            country_a=row["country_a"],
            name_b=row["name_b"],
            country_b=row["country_b"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            mode=row["mode"],
            gauge_a_mm=int(row["gauge_a_mm"] or 0),
            gauge_b_mm=int(row["gauge_b_mm"] or 0),
            change="" if row["change"] == "none" else row["change"],
            status=row["status"],
            opened=row["opened"],
            closed=row["closed"],
            restriction=row["restriction"],
            quality="published" if row["source_kind"] == "retrieved" else "assumed",
            evidence=row["source_title"] or row["source"],
        )
        for row in read_csv(folder / "border_crossings.csv")
    ]
    return sorted(rows, key=lambda crossing: crossing.id)


def read_passages(folder: Path, feeder_passages: frozenset[str]) -> list[Passage]:
    """Return the passages table; `feeder_passages` are those a feeder trip may use."""
    rows = [
        Passage(
            id=row["passage_id"],
            name=row["name"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            length_km=float(row["length_km"] or 0),
            max_draught_m=_number(row["max_draft_m"]),
            season_open=row["season_open"],
            season_close=row["season_close"],
            toll=row["toll"],
            status=row["status"],
            restriction=row["restriction"],
            feeder=row["passage_id"] in feeder_passages,
            evidence=row["source_title"] or row["source"],
        )
        for row in read_csv(folder / "passages.csv")
    ]
    return sorted(rows, key=lambda passage: passage.id)


def read_services(
    folder: Path, passages_of: dict[str, tuple[str, ...]], later: Path | None = None
) -> list[Service]:
    """Return the services table; `passages_of` names the passages a string must use.

    `later` has rows found since the table was compiled.
    """
    rows = [
        Service(
            id=row["service_id"],
            name=row["name"],
            kind=row["mode"],
            terminals=tuple(row["terminals"].split(";")),
            headway_h=(
                float(row["headway_low_h"]),
                float(row["headway_central_h"]),
                float(row["headway_high_h"]),
            ),
            transit_d=(
                float(row["transit_low_days"]),
                float(row["transit_central_days"]),
                float(row["transit_high_days"]),
            ),
            status=row["status"],
            date_from=row["date_from"],
            date_to=row["date_to"],
            passages=passages_of.get(row["service_id"], ()),
            evidence=row["source_title"] or "recalled",
        )
        for row in _rows("services.csv", folder, later)
    ]
    return sorted(rows, key=lambda service: service.id)


def _line(feature: dict[str, Any], key: str, mode: str) -> NamedLine:
    properties = feature["properties"]
    return NamedLine(
        id=properties[key],
        name=str(properties.get("name") or ""),
        mode=mode,
        status=properties["status"],
        length_km=float(properties["length_km"]),
        gauge_mm=int(properties.get("gauge_mm") or 0),
        open_year=int(properties.get("open_year") or 0),
        season_open=str(properties.get("season_open") or ""),
        season_close=str(properties.get("season_close") or ""),
        max_draught_m=float(properties.get("max_draft_m") or math.nan),
        from_id=str(properties.get("from") or ""),
        to_id=str(properties.get("to") or ""),
        system=str(properties.get("system") or ""),
        lonlat=tuple((float(x), float(y)) for x, y in feature["geometry"]["coordinates"]),
        source_kind=str(properties.get("source_kind") or "recalled"),
    )


def _read_lines(path: Path, key: str, mode: str) -> list[NamedLine]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return sorted((_line(f, key, mode) for f in features), key=lambda line: line.id)


def read_rail_links(folder: Path) -> list[NamedLine]:
    """Return rail links (rail ferries over lakes too) missing from the open network."""
    rows = _read_lines(folder / "rail_links.geojson", "link_id", "rail")
    return [row for row in rows if row.id not in _CASPIAN_RAIL_FERRIES]


_CASPIAN_RAIL_FERRIES = {"R018", "R019"}
"""Crossings of the Caspian: services V020 and V021 carry them, not the railway."""


def read_road_links(folder: Path) -> list[NamedLine]:
    """Return roads missing from the open network."""
    return _read_lines(folder / "road_links.geojson", "link_id", "road")


def read_caspian_lanes(folder: Path) -> list[NamedLine]:
    """Return Caspian lanes between terminals and way points."""
    return _read_lines(folder / "caspian_lanes.geojson", "lane_id", "sea")


def read_waterways(folder: Path) -> list[NamedLine]:
    """Return river and canal reaches."""
    return _read_lines(folder / "inland_waterways.geojson", "reach_id", "iww")
