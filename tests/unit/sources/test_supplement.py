"""Readers of the supplement on recorded rows of it."""
# ruff: noqa: E501 - rows of tables are as wide as they are

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from landbridge.errors import SourceError
from landbridge.sources import supplement

TERMINALS = """\
terminal_id,name,alt_names,country,lat,lon,kind,modes,unlocode,gauge_mm,status,max_draft_m,ro_ro,rail_ferry,restriction,source,source_title,source_kind
PORT-OLYA,Port of Olya,Оля|Olia,RU,45.78,47.55,river_seaport,"sea,river,rail,road",RUOYA,1520,operational,4.5,yes,no,Canal limits,by hand,TASS,retrieved
DRY-INCHEBORUN,Incheh Borun,,IR,37.45,54.72,border_station,"rail,road",,1435/1520,operational,,no,no,,by hand,,recalled
"""
CROSSINGS = """\
crossing_id,name_a,country_a,name_b,country_b,lat,lon,mode,gauge_a_mm,gauge_b_mm,change,status,opened,closed,restriction,source,source_title,source_kind
B003,Astara,IR,Astara,AZ,38.44,48.87,rail,1435,1520,transshipment,operational,2018-03,,,by hand,ADY,retrieved
B002,Yarag-Kazmalyar,RU,Samur,AZ,41.78,48.52,road,,,none,operational,,,queues,by hand,,recalled
"""
PASSAGES = """\
passage_id,name,lat,lon,length_km,max_draft_m,season_open,season_close,toll,status,restriction,source,source_title
suez,Suez Canal,30.59,32.32,193,20.1,,,yes,open,,by hand,Suez Canal information
northeast,Northern Sea Route,75,100,,,07-01,11-15,yes,seasonal,ice,by hand,
"""
SERVICES = """\
service_id,name,mode,terminals,headway_low_h,headway_central_h,headway_high_h,transit_low_days,transit_central_days,transit_high_days,status,date_from,date_to,source_title
V002,Nhava Sheva - Chabahar,container_ship,PORT-NHAVASHEVA;PORT-CHABAHAR,168,336,720,4,5,7,operational,2023-09,,Tehran Times
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (
        ("terminals", TERMINALS), ("border_crossings", CROSSINGS), ("passages", PASSAGES),
        ("services", SERVICES),
    ):  # fmt: skip
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_terminals_come_sorted_with_modes_gauges_and_quality(folder: Path) -> None:
    break_, olya = supplement.read_terminals(folder)
    assert (break_.id, olya.id) == ("DRY-INCHEBORUN", "PORT-OLYA")
    # a river is mode iww, and a ro-ro berth makes a ferry terminal
    assert olya.modes == ("ferry", "iww", "rail", "road", "sea")
    assert olya.aliases == ("Оля", "Olia")
    assert (olya.max_draught_m, olya.port_class, olya.quality) == (4.5, "feeder", "published")
    assert break_.gauges_mm == (1435, 1520)
    assert math.isnan(break_.max_draught_m)
    assert (break_.port_class, break_.quality, break_.evidence) == ("", "assumed", "by hand")


def test_a_later_row_takes_the_place_of_its_id_and_a_new_one_joins(folder: Path) -> None:
    later = folder / "later"
    later.mkdir()
    header, *rows = TERMINALS.strip().splitlines()
    olya = next(row for row in rows if row.startswith("PORT-OLYA"))
    new = olya.replace("PORT-OLYA", "PORT-NEW")
    shut = olya.replace("operational", "closed")
    (later / "terminals.csv").write_text(f"{header}\n{shut}\n{new}\n", encoding="utf-8")
    found = {row.id: row.status for row in supplement.read_terminals(folder, later)}
    assert found["PORT-OLYA"] == "closed"
    assert set(found) == {"DRY-INCHEBORUN", "PORT-OLYA", "PORT-NEW"}
    assert len(supplement.read_services(folder, {}, later)) == 1  # a table without later rows


def test_crossings_keep_gauges_and_say_none_as_nothing(folder: Path) -> None:
    road, rail = supplement.read_crossings(folder)
    assert (rail.id, rail.gauge_a_mm, rail.gauge_b_mm) == ("B003", 1435, 1520)
    assert (rail.change, rail.opened, rail.quality) == ("transshipment", "2018-03", "published")
    assert rail.name == "Astara"
    assert (road.gauge_a_mm, road.change, road.quality) == (0, "", "assumed")
    assert road.name == "Yarag-Kazmalyar / Samur"


def test_passages_know_their_season_draught_and_feeders(folder: Path) -> None:
    north, suez = supplement.read_passages(folder, frozenset({"suez"}))
    assert (suez.max_draught_m, suez.length_km, suez.feeder) == (20.1, 193.0, True)
    assert (north.season_open, north.season_close, north.feeder) == ("07-01", "11-15", False)
    assert math.isnan(north.max_draught_m)
    assert north.length_km == 0.0


def test_services_keep_stop_order_headway_and_passages(folder: Path) -> None:
    (row,) = supplement.read_services(folder, {"V002": ("cape",)})
    assert row.terminals == ("PORT-NHAVASHEVA", "PORT-CHABAHAR")
    assert row.headway_h == (168.0, 336.0, 720.0)
    assert row.transit_d == (4.0, 5.0, 7.0)
    assert (row.kind, row.date_from, row.date_to) == ("container_ship", "2023-09", "")
    assert row.passages == ("cape",)


def feature(id_: str, key: str, **given: Any) -> dict[str, Any]:
    properties = {"name": "A line", "length_km": 162.0, "status": "under_construction"}
    return {
        "type": "Feature", "properties": {key: id_, **properties, **given},
        "geometry": {"type": "LineString", "coordinates": [[49.6, 37.3], [48.9, 38.4]]},
    }  # fmt: skip


def test_lines_come_sorted_and_ferries_over_the_caspian_are_services(tmp_path: Path) -> None:
    features = [
        feature("R018", "link_id"), feature("R002", "link_id", gauge_mm=1520),
        feature("R001", "link_id", gauge_mm=1435, open_year=2029, source_kind="retrieved"),
    ]  # fmt: skip
    (tmp_path / "rail_links.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    one, two = supplement.read_rail_links(tmp_path)
    assert (one.id, two.id) == ("R001", "R002")
    assert (one.gauge_mm, one.open_year, one.status) == (1435, 2029, "under_construction")
    assert one.lonlat == ((49.6, 37.3), (48.9, 38.4))
    assert (one.source_kind, two.source_kind) == ("retrieved", "recalled")
    assert math.isnan(one.max_draught_m)


def test_a_row_cut_short_names_the_file(folder: Path) -> None:
    (folder / "passages.csv").write_text("passage_id,name\nsuez\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"passages\.csv:2"):
        supplement.read_passages(folder, frozenset())


def test_the_supplement_itself_reads(pytestconfig: pytest.Config) -> None:
    real = pytestconfig.rootpath / "data" / "raw" / "supplement"
    if not real.is_dir():
        pytest.skip("no raw data here")
    terminals = {row.id: row for row in supplement.read_terminals(real)}
    assert terminals["PORT-BANDARABBAS"].country == "IR"
    crossings = supplement.read_crossings(real)
    assert len({row.id for row in crossings}) == len(crossings) > 100
    assert {row.mode for row in crossings} <= {"rail", "road"}
    assert {row.id for row in supplement.read_passages(real, frozenset())} >= {"suez", "cape"}
    stops = {stop for row in supplement.read_services(real, {}) for stop in row.terminals}
    assert stops <= set(terminals)
    assert all(line.length_km > 0 for line in supplement.read_caspian_lanes(real))
    assert all(line.status for line in supplement.read_waterways(real))
