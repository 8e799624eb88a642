from __future__ import annotations

import gzip
import math

import pytest

from landbridge.domain.network import Terminal
from landbridge.errors import SourceError
from landbridge.sources.geonames import Town, read_regions
from landbridge.sources.places import nearest_regions


def _packed(text: str) -> bytes:
    return gzip.compress(text.encode("utf-8"))


def test_regions_are_read_by_code() -> None:
    data = _packed("code,name\nCN.04,Jiangsu\nVN.00,\nIR.08, Gilan  Province \n")
    assert read_regions(data) == {"CN.04": "Jiangsu", "VN.00": "", "IR.08": "Gilan Province"}


@pytest.mark.parametrize("row", ["CHN.04,Jiangsu", "CN04,Jiangsu", "CN.,x", "CN.01,twice"])
def test_a_wrong_region_code_is_refused_with_its_line(row: str) -> None:
    with pytest.raises(SourceError, match=r"regions.csv.gz:3"):
        read_regions(_packed(f"code,name\nCN.01,Anhui\n{row}\n"))


def test_a_region_table_without_names_is_refused() -> None:
    with pytest.raises(SourceError, match="column missing: name"):
        read_regions(_packed("code\nCN.04\n"))


def _town(admin1: str, lat: float, lon: float, country: str = "FJ") -> Town:
    return Town(
        geonameid=1,
        name="A",
        alternates=(),
        country=country,
        admin1=admin1,
        lat=lat,
        lon=lon,
        population=1,
    )


def _terminal(lat: float, lon: float, country: str = "FJ") -> Terminal:
    return Terminal(
        id="PORT-A",
        name="A",
        aliases=(),
        country=country,
        lat=lat,
        lon=lon,
        kind="seaport",
        modes=("sea",),
        unlocode="",
        gauges_mm=(),
        status="operational",
        max_draught_m=math.nan,
        restriction="",
        port_class="",
        quality="published",
        evidence="test",
    )


def test_a_terminal_is_in_the_region_of_the_nearest_town_of_its_country() -> None:
    towns = [
        _town("01", 0.0, 179.9),
        _town("02", 1.0, 179.9),
        _town("03", 0.0, -179.9, country="TV"),
        _town("00", 10.0, 100.0),
    ]
    terminals = [
        _terminal(0.1, -179.95),
        _terminal(0.6, 179.9),
        _terminal(0.1, -179.95, country="TV"),
        _terminal(3.0, 179.9),
        _terminal(10.0, 100.0),
        _terminal(0.0, 0.0, country="XX"),
    ]
    assert nearest_regions(terminals, towns) == ["FJ.01", "FJ.02", "TV.03", "", "", ""]
