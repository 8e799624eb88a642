from __future__ import annotations

import gzip
import math
from pathlib import Path

import pytest

from landbridge.errors import SourceError
from landbridge.sources.geonames import read_countries, read_towns
from landbridge.sources.places import read_aliases
from landbridge.sources.ports import (
    distance_km,
    port_classes,
    read_ports,
    similarity,
)
from landbridge.sources.unlocode import read_names, read_parents

ROOT = Path(__file__).parents[3]
RAW, CURATED = ROOT / "data" / "raw", ROOT / "data" / "curated"


def test_ports_of_the_world() -> None:
    pytest.importorskip("geopandas")
    ports = read_ports(RAW, [], curated=CURATED)
    by_id = {port.id: port for port in ports}
    assert 900 <= len(ports) <= 1_300
    assert list(by_id) == sorted(by_id)
    assert len(by_id) == len(ports)
    assert by_id["PORT-NLRTM"].port_class == "hub"
    assert by_id["PORT-SEGOT"].quality == "published"
    assert all(port.id == f"PORT-{port.unlocode}" for port in ports if port.unlocode)
    assert all(port.port_class == "feeder" for port in ports if port.country == "RU")
    assert all(math.isnan(p.max_draught_m) or 1.0 < p.max_draught_m < 40.0 for p in ports)
    coastal = {"JP", "FJ", "TO", "WS", "NR", "TV", "KI", "MV", "PW", "MH", "CV", "IS", "SO", "ER"}
    assert coastal <= {port.country for port in ports}
    assert not {"AT", "CH", "HU", "KZ", "TM", "AQ"} & {port.country for port in ports}


def test_a_known_port_is_not_repeated() -> None:
    pytest.importorskip("geopandas")
    ports = read_ports(RAW, [])
    rotterdam = next(port for port in ports if port.id == "PORT-NLRTM")
    rest = {port.id for port in read_ports(RAW, [rotterdam])}
    assert rest == {port.id for port in ports} - {"PORT-NLRTM"}


def test_distance_and_likeness() -> None:
    assert distance_km(0.0, 0.0, 0.0, 1.0) == pytest.approx(111.195, abs=0.01)
    assert distance_km(0.0, 179.5, 0.0, -179.5) == pytest.approx(111.195, abs=0.01)
    assert similarity("Port of Poti", "Poti") == 100.0
    assert similarity("Puerto San Antonio", "Valparaiso") < 60.0


def test_port_classes_are_checked(tmp_path: Path) -> None:
    classes = port_classes(CURATED)
    assert classes["SGSIN"] == "hub"
    assert classes["INNSA"] == "mainline"
    assert not any(code.startswith("RU") for code in classes)
    (tmp_path / "ports_mainline.csv").write_text(
        "unlocode,name,port_class,source_kind\nXX,bad,hub,recalled\n", encoding="utf-8"
    )
    with pytest.raises(SourceError, match="ports_mainline"):
        port_classes(tmp_path)


def test_readers_take_bytes_and_refuse_others() -> None:
    rows = gzip.compress(b"country,subdivision,location,name\nIN,MH,BOM,Mumbai (ex Bombay)\n")
    assert read_names(rows)[0].code == "INBOM"
    assert read_parents(gzip.compress(b"Unlocode,Parent\nAEJEA,AEDXB\n")) == {"AEJEA": "AEDXB"}
    with pytest.raises(SourceError, match="column missing: Parent"):
        read_parents(gzip.compress(b"Unlocode\nAEJEA\n"))
    with pytest.raises(SourceError, match="gzip"):
        read_names(b"plain text")
    data = gzip.compress(b"iso,iso3,name,population\nNA,NAM,Namibia,2448255\n")
    assert read_countries(data)[0].iso2 == "NA"


def test_towns_need_a_parquet_table() -> None:
    pytest.importorskip("pyarrow")
    with pytest.raises(SourceError, match="Parquet"):
        read_towns(b"not a table")


def test_aliases_are_checked() -> None:
    good = b"alias,target,source_kind,note\nBombay,PORT-MUMBAI,recalled,\n"
    assert read_aliases(good) == {"PORT-MUMBAI": ("Bombay",)}
    with pytest.raises(SourceError, match=r"aliases.csv:2"):
        read_aliases(b"alias,target,source_kind,note\nBombay,,recalled,\n")
    with pytest.raises(SourceError, match="given twice"):
        read_aliases(good + b"Bombay,PORT-MUMBAI,recalled,\n")
