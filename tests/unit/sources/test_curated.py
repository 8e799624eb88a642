"""Our own rows: river ports, waterways, lorry ferries, and countries on the map."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from landbridge.dataset.network import Net
from landbridge.domain.network import FERRY_PORT
from landbridge.errors import SourceError
from landbridge.sources import curated
from landbridge.sources.tables import read_csv
from landbridge.units import great_circle_km

TERMINALS = """\
terminal_id,name,aliases,country,lat,lon,kind,modes,source_kind,note
RIVER-NANJING,Nanjing river port,Longtan|Xinshengwei,CN,32.16,118.85,river_port,iww|road,recalled,
"""
PORTS = """\
terminal_id,name,country,lat,lon,source_kind
FERRY-DOVER,Dover lorry ferry,GB,51.12,1.33,recalled
FERRY-CALAIS,Calais lorry ferry,FR,50.97,1.87,recalled
FERRY-ISLE,Isle lorry ferry,FR,47.0,-2.0,recalled
"""
FERRIES = """\
service_id,terminals,length_km,headway_low_h,headway_central_h,headway_high_h,market,status,from,to,source_kind,note
L001,FERRY-DOVER;FERRY-CALAIS,42,0.3,0.5,1.5,lorry-customs,operational,,,recalled,
L002,FERRY-CALAIS;FERRY-ISLE,500,12,24,48,lorry-inner,operational,,,recalled,
"""
MODES = """\
terminal_id,mode,source_kind,note
RIVER-NANJING,rail,recalled,
"""
WATERWAYS = """\
reach_id,system,from,to,lonlat,length_km,source_kind,note
W01,Pearl River,Nansha,Guangzhou,113.6 22.7|113.25 23.05,60,retrieved,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (
        ("terminals", TERMINALS), ("lorry_ferry_ports", PORTS), ("lorry_ferries", FERRIES),
        ("terminal_modes", MODES), ("waterways", WATERWAYS),
    ):  # fmt: skip
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_ferry_port_touches_the_road_only(folder: Path) -> None:
    nanjing, dover, *_ = curated.read_terminals(folder)
    assert nanjing.modes == ("iww", "road")
    assert nanjing.aliases == ("Longtan", "Xinshengwei")
    assert (dover.kind, dover.modes, dover.port_class) == (FERRY_PORT, ("road",), "")
    assert dover.quality == "assumed"


def test_rows_add_modes_and_name_what_they_do_not_know(folder: Path) -> None:
    nanjing, *_ = curated.with_modes(curated.read_terminals(folder), folder)
    assert nanjing.modes == ("iww", "rail", "road")
    with pytest.raises(SourceError, match="RIVER-NANJING"):
        curated.with_modes([], folder)


def test_a_line_needs_both_its_ports_on_the_road(folder: Path) -> None:
    ferries = curated.read_lorry_ferries(folder, {"FERRY-DOVER", "FERRY-CALAIS"})
    (line,), (leg,) = ferries.services, ferries.legs
    assert line.name == "Dover - Calais lorry ferry"
    assert line.headway_h == (0.3, 0.5, 1.5)
    assert ferries.markets == {"L001": "lorry-customs"}
    assert (leg.net, leg.open_km, leg.passages) == (int(Net.ROAD), 42.0, ())


def test_a_reach_keeps_its_length_and_grade(folder: Path) -> None:
    (reach,) = curated.read_waterways(folder)
    assert (reach.length_km, reach.source_kind) == (60.0, "retrieved")
    assert reach.lonlat == ((113.6, 22.7), (113.25, 23.05))


def test_a_polygon_closed_round_the_world_owns_nothing() -> None:
    shapely = pytest.importorskip("shapely")
    from landbridge.sources.countries import _parts

    sound, wrong = shapely.box(30, 50, 170, 70), shapely.box(-180, 64, 30, 69)
    line = shapely.LineString([(0, 0), (1, 1)])
    mixed = shapely.GeometryCollection([shapely.MultiPolygon([sound, wrong]), line])
    parts, owner = _parts(np.array([shapely.box(-24, 63, -13, 67), mixed]))
    assert owner.tolist() == [0, 1]
    assert parts[1].equals(sound)


def test_no_lorry_ferry_is_shorter_than_the_straight_line() -> None:
    folder = Path(__file__).parents[3] / "data" / "curated"
    ports = {row["terminal_id"]: row for row in read_csv(folder / "lorry_ferry_ports.csv")}
    lines = [
        (row["service_id"], float(row["length_km"]), row["terminals"].split(";"))
        for row in read_csv(folder / "lorry_ferries.csv")
    ]
    assert len(lines) > 50
    for line, length_km, stops in lines:
        lonlat = [(float(ports[stop]["lon"]), float(ports[stop]["lat"])) for stop in stops]
        straight_km = sum(great_circle_km(*a, *b) for a, b in pairwise(lonlat))
        assert length_km >= straight_km, line
