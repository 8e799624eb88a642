from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from landbridge.dataset.gazetteer import DOORS, Gazetteer
from landbridge.dataset.gazetteer_build import (
    CountryNames,
    Entry,
    complete_gazetteer,
    write_gazetteer,
)
from landbridge.dataset.gazetteer_keys import ascii_key, key, key_hash
from landbridge.domain.network import BorderCrossing, Passage, Terminal
from landbridge.errors import DatasetError, RequestError
from landbridge.sources.geonames import Country, Town
from landbridge.sources.places import gazetteer_entries, read_aliases
from landbridge.sources.unlocode import Locode

SAMPLE = Path(__file__).parents[2] / "data" / "places"
CURATED = Path(__file__).parents[3] / "data" / "curated"
COUNTRIES = [
    Country(iso2=iso2, iso3=iso3, name=name, population=1)
    for iso2, iso3, name in (
        ("AZ", "AZE", "Azerbaijan"),
        ("CL", "CHL", "Chile"),
        ("CN", "CHN", "China"),
        ("GB", "GBR", "United Kingdom"),
        ("IN", "IND", "India"),
        ("IR", "IRN", "Iran"),
        ("JP", "JPN", "Japan"),
        ("PE", "PER", "Peru"),
        ("PK", "PAK", "Pakistan"),
        ("RU", "RUS", "Russia"),
        ("SG", "SGP", "Singapore"),
        ("US", "USA", "United States"),
        ("UZ", "UZB", "Uzbekistan"),
    )
]

REGIONS = {
    "CN.01": "Anhui",
    "CN.04": "Jiangsu",
    "IN.16": "Maharashtra",
    "IR.08": "Gilan Province",
    "JP.10": "Gunma",
    "US.AL": "Alabama",
    "US.GA": "Georgia",
    "US.IL": "Illinois",
    "US.MO": "Missouri",
    "US.OR": "Oregon",
}
"""Names of some regions; the others are known by their codes only."""


def _rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _entries() -> list[Entry]:
    towns = [
        Town(
            geonameid=int(row["geonameid"]),
            name=row["name"],
            country=row["country"],
            admin1=row["admin1"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            population=int(row["population"]),
            alternates=tuple(row["alternates"].split("|")),
        )
        for row in _rows("towns.tsv")
    ]
    terminals = [
        Terminal(
            id=row["id"],
            name=row["name"],
            aliases=tuple(filter(None, row["aliases"].split("|"))),
            country=row["country"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            kind="seaport",
            modes=tuple(row["modes"].split(",")),
            unlocode=row["unlocode"],
            gauges_mm=(),
            status="operational",
            max_draught_m=math.nan,
            restriction="",
            port_class=row["port_class"],
            quality="published",
            evidence="sample",
        )
        for row in _rows("terminals.tsv")
    ]
    crossing = BorderCrossing(
        id="B003",
        name_a="Astara",
        country_a="AZ",
        name_b="Astara",
        country_b="IR",
        lat=38.438,
        lon=48.849,
        mode="rail",
        gauge_a_mm=1520,
        gauge_b_mm=1435,
        change="transshipment",
        status="operational",
        opened="",
        closed="",
        restriction="",
        quality="published",
        evidence="sample",
    )
    suez = Passage(
        id="suez",
        name="Suez Canal",
        lat=30.59,
        lon=32.32,
        length_km=193.0,
        max_draught_m=20.1,
        season_open="",
        season_close="",
        toll="yes",
        status="open",
        restriction="",
        feeder=True,
        evidence="sample",
    )
    return gazetteer_entries(
        towns=towns,
        countries=COUNTRIES,
        locodes=[
            Locode(code="INBOM", country="IN", subdivision="MH", name="Mumbai (ex Bombay)"),
            Locode(code="RUMOW", country="RU", subdivision="MOW", name="Moskva"),
            Locode(code="USSPI", country="US", subdivision="IL", name="Springfield"),
            Locode(code="INHYD", country="IN", subdivision="", name="Hyderabad"),
        ],
        parents={"RUZZZ": "RUMOW"},
        aliases=read_aliases((CURATED / "aliases.csv").read_bytes()),
        terminals=terminals,
        crossings=[crossing],
        passages=[suez],
    )


def _write(directory: Path) -> Path:
    names = [CountryNames(iso2=c.iso2, iso3=c.iso3, name=c.name) for c in COUNTRIES]
    write_gazetteer(_entries(), names, directory, REGIONS)
    return directory


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    directory = _write(tmp_path_factory.mktemp("gazetteer"))
    complete_gazetteer(directory)
    return Gazetteer.open(directory)


@pytest.mark.parametrize(
    ("query", "place_id"),
    [
        ("Mumbai", "TOWN-1275339"),
        ("  mumbai ", "TOWN-1275339"),
        ("Bombay", "TOWN-1275339"),
        ("Мумбаи", "TOWN-1275339"),
        ("Moumbai", "TOWN-1275339"),
        ("INNSA", "PORT-NHAVASHEVA"),
        ("IN NSA", "PORT-NHAVASHEVA"),
        ("innsa", "PORT-NHAVASHEVA"),
        ("INBOM", "PORT-MUMBAI"),
        ("Nhava Sheva", "PORT-NHAVASHEVA"),
        ("JNPT", "PORT-NHAVASHEVA"),
        ("Mundra", "PORT-MUNDRA"),
        ("Kandla", "PORT-KANDLA"),
        ("Bandar Abbas", "TOWN-141681"),
        ("بندرعباس", "TOWN-141681"),
        ("بندر عباس", "TOWN-141681"),
        ("Olya", "PORT-OLYA"),
        ("port-olya", "PORT-OLYA"),
        ("Port of Rotterdam", "PORT-ROTTERDAM"),
        ("Rotterdam", "TOWN-2747891"),
        ("Баку", "TOWN-587084"),
        ("Астрахань", "TOWN-580497"),
        ("Enzeli", "TOWN-141679"),
        ("Krasnovodsk", "PORT-TURKMENBASHI"),
        ("Saint-Pétersbourg", "TOWN-498817"),
        ("Sankt-Peterburg", "TOWN-498817"),
        ("Téhéran", "TOWN-112931"),
        ("Moscou", "TOWN-524901"),
        ("RUMOW", "TOWN-524901"),
        ("RUZZZ", "TOWN-524901"),
        ("Poti", "PORT-POTI"),
        ("Dostyk", "DRY-DOSTYK"),
        ("Astara, IR", "TOWN-142676"),
        ("Astara, AZE", "DRY-ASTARA-AZ"),
        ("Astara, azerbaijan", "DRY-ASTARA-AZ"),
        ("Khorgos, CN", "DRY-KHORGOS-CN"),
        ("Alat, AZ", "PORT-ALAT"),
        ("Alat, UZ", "TOWN-1217907"),
        ("B003", "B003"),
        ("b003", "B003"),
        ("suez", "suez"),
        ("Suez", "TOWN-359796"),
        ("Suez Canal", "suez"),
        ("TOWN-1275339", "TOWN-1275339"),
        ("Singapore", "TOWN-1880252"),
        ("Hyderabad, PK", "TOWN-1176734"),
        ("Zeebrugge", "PORT-ZEEBRUGGE"),
        ("San Antonio", "TOWN-4726206"),
        ("Santiago", "TOWN-3871336"),
        ("San Antonio, CL", "TOWN-3872395"),
        ("Amirabad", "PORT-AMIRABAD"),
        ("DELHI", "TOWN-1273294"),
        ("Paris", "TOWN-2988507"),
        ("Suzhou, Anhui", "TOWN-1793743"),
        ("Suzhou, Jiangsu province", "TOWN-1886760"),
        ("Сучжоу, Jiangsu, CN", "TOWN-1886760"),
        ("Portland, OR", "TOWN-5746545"),
        ("Portland, oregon, USA", "TOWN-5746545"),
        ("Portland, ME", "TOWN-4975802"),
        ("Springfield, il", "TOWN-4250542"),
        ("Birmingham, AL", "TOWN-4049979"),
        ("Birmingham, Alabama", "TOWN-4049979"),
        ("Atlanta, Georgia", "TOWN-4180439"),
        ("Nhava Sheva, Maharashtra", "PORT-NHAVASHEVA"),
        ("Astara, Gilan, IR", "TOWN-142676"),
        ("Taizhou, 02, CN", "TOWN-8400694"),
        ("Changsha", "TOWN-1815577"),
        ("Puyang", "TOWN-9181182"),
        ("Puyang, 02, CN", "TOWN-1798425"),
        ("Gorakhpur, IN", "TOWN-1270927"),
        ("Sahiwal", "TOWN-1166548"),
    ],
)
def test_a_name_code_or_id_gives_one_place(places: Gazetteer, query: str, place_id: str) -> None:
    assert places.resolve(query, where="origin").id == place_id
    assert places.search(query)[0].place.id == place_id


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("Astara", ["TOWN-142676", "DRY-ASTARA-AZ"]),
        ("Khorgos", ["DRY-KHORGOS", "DRY-KHORGOS-CN"]),
        ("Alat", ["PORT-ALAT", "TOWN-1217907"]),
        ("Hyderabad", ["TOWN-1269843", "TOWN-1176734"]),
        ("Birmingham", ["TOWN-2655603", "TOWN-4049979"]),
        ("AZBAK", ["PORT-ALAT", "PORT-BAKU"]),
        ("Suzhou, CN", ["TOWN-1886760", "TOWN-1793743"]),
        ("Taizhou", ["TOWN-1793505", "TOWN-8400694"]),
        ("Ota", ["TOWN-8469289", "TOWN-1853677"]),
        ("Jinzhou, CN", ["TOWN-2036427", "TOWN-1805298"]),
    ],
)
def test_namesakes_of_like_rank_are_listed(places: Gazetteer, query: str, ids: list[str]) -> None:
    with pytest.raises(RequestError, match="several places") as caught:
        places.resolve(query, where="origin")
    assert all(place_id in str(caught.value) for place_id in ids)
    assert "\n" not in str(caught.value)
    assert caught.value.where == "origin"
    assert set(ids) <= {match.place.id for match in places.search(query)}


@pytest.mark.parametrize(
    ("query", "said", "hint"),
    [
        ("Suzhou", "Suzhou, Jiangsu, CN (TOWN-1886760); Suzhou, Anhui, CN", "'Suzhou, Jiangsu' or"),
        ("Сучжоу, CN", "Suzhou, Anhui, CN (TOWN-1793743)", "'Сучжоу, Jiangsu' or"),
        ("Taizhou", "Taizhou, 02, CN (TOWN-8400694)", "'Taizhou, Jiangsu' or"),
        ("Hyderabad", "Hyderabad, IN (TOWN-1269843); Hyderabad, PK", "'Hyderabad, IN' or"),
        ("Jinzhou", "Jinzhou, 19, CN (TOWN-1805298) at 39.1,121.7", "write an id such as TOWN-"),
    ],
)
def test_namesakes_of_a_country_are_told_apart_by_region(
    places: Gazetteer, query: str, said: str, hint: str
) -> None:
    with pytest.raises(RequestError) as caught:
        places.resolve(query, where="origin")
    assert said in str(caught.value)
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("Suzhoo, Jiangsu", "did you mean Suzhou, Jiangsu, CN (TOWN-1886760)?"),
        ("Suzhou, Maharashtra", "did you mean Suzhou, Jiangsu, CN"),
        ("Suzhou, 01", "no place 'Suzhou, 01'"),
        ("Mumbai, Atlantis", "did you mean Mumbai, IN"),
    ],
)
def test_a_name_not_of_that_region_is_not_taken(places: Gazetteer, query: str, said: str) -> None:
    with pytest.raises(RequestError) as caught:
        places.resolve(query, where="origin")
    assert said in str(caught.value)


def test_a_country_goes_before_a_region_of_that_code(places: Gazetteer) -> None:
    assert places.resolve("Hyderabad, IN", where="origin").country == "IN"
    assert places.search("Suzhou")[0].region == "Jiangsu"
    assert places.search("Portland, ME")[0].region == "ME"
    assert places.search("Singapore")[0].region == ""


def test_a_gazetteer_without_regions_opens_and_answers(tmp_path: Path) -> None:
    names = [CountryNames(iso2=c.iso2, iso3=c.iso3, name=c.name) for c in COUNTRIES]
    write_gazetteer(_entries(), names, tmp_path)
    head = json.loads((tmp_path / "gazetteer.json").read_text(encoding="utf-8"))
    del head["n_regions"]
    (tmp_path / "gazetteer.json").write_text(json.dumps(head), encoding="utf-8")
    (tmp_path / "region.npy").unlink()
    (tmp_path / "regions.npy").unlink()
    places = Gazetteer.open(tmp_path)
    assert places.resolve("Puyang, CN", where="o").id == "TOWN-9181182"
    assert places.search("Mumbai")[0].region == ""
    with pytest.raises(RequestError, match=r"Suzhou, CN \(TOWN-1886760\) at 31.3,120.6"):
        places.resolve("Suzhou", where="o")
    with pytest.raises(RequestError, match="no place 'Suzhou, Jiangsu'"):
        places.resolve("Suzhou, Jiangsu", where="o")


def test_a_near_miss_is_named_but_never_taken(places: Gazetteer) -> None:
    with pytest.raises(RequestError, match=r"no place 'Rotterdan'.*Rotterdam, NL"):
        places.resolve("Rotterdan", where="origin")
    best = places.search("Rotterdan")[0]
    assert (best.place.name, best.reason) == ("Rotterdam", "alike")
    assert 80.0 < best.score < 95.0


def test_the_kinds_asked_for_decide(places: Gazetteer) -> None:
    assert places.resolve("suez", where="origin", kinds=DOORS).id == "TOWN-359796"
    assert places.resolve("Mumbai", where="via", kinds=("terminal",)).id == "PORT-MUMBAI"


def test_a_country_is_not_a_place(places: Gazetteer) -> None:
    for country in ("India", "Iran", "Peru"):
        with pytest.raises(RequestError, match="is a country"):
            places.resolve(country, where="origin")


@pytest.mark.parametrize(
    ("query", "lat", "lon", "place_id"),
    [
        ("18.95,72.95", 18.95, 72.95, "geo:18.95,72.95"),
        ("geo:-0.0, 180", 0.0, 180.0, "geo:0,180"),
        ("+90,-180.0", 90.0, -180.0, "geo:90,-180"),
        ("10,20", 10.0, 20.0, "geo:10,20"),
    ],
)
def test_coordinates(places: Gazetteer, query: str, lat: float, lon: float, place_id: str) -> None:
    place = places.resolve(query, where="o", country_at=lambda la, lo: f"{la:.0f}{lo:.0f}"[:2])
    assert (place.lat, place.lon, place.id, place.kind) == (lat, lon, place_id, "coordinate")
    assert place.country == f"{lat:.0f}{lon:.0f}"[:2]
    assert places.resolve(place.id, where="o").id == place.id


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "x" * 201,
        "a\x00b",
        "a\nb",
        "\N{GRINNING FACE}",
        ",,,",
        "91,0",
        "-90.5,0",
        "0,181",
        "0,-999",
        "\ud800",
        "Mumbai, Atlantis",
        "---",
    ],
)
def test_bad_input_gets_one_clear_line(places: Gazetteer, query: str) -> None:
    with pytest.raises(RequestError) as caught:
        places.resolve(query, where="origin")
    assert len(str(caught.value)) < 400
    assert str(caught.value).isprintable()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=240))
@example("\u0130")
@example("\u200c")
@example(", IR")
@example("999999999,1")
def test_arbitrary_text_resolves_or_is_refused(places: Gazetteer, query: str) -> None:
    try:
        matches = places.search(query)
    except RequestError:
        with pytest.raises(RequestError, match=r"\A[^\n]*\Z"):
            places.resolve(query, where="origin")
        return
    assert [m.score for m in matches if m.reason == "alike"] == sorted(
        (m.score for m in matches if m.reason == "alike"), reverse=True
    )
    try:
        place = places.resolve(query, where="origin")
    except RequestError:
        with pytest.raises(RequestError, match=r"\A[^\n]*\Z"):
            places.resolve(query, where="origin")
        return
    assert matches[0].place.id == place.id


@given(st.text(alphabet="abcxyzäñßжбگي 9-.'", min_size=1, max_size=40))
def test_a_key_is_its_own_key(name: str) -> None:
    assert key(key(name)) == key(name)
    assert key(name.upper()) == key(key(name).upper())
    assert ascii_key(name).isascii()


def test_hashes_of_a_column_agree_with_hashes_of_one(places: Gazetteer) -> None:
    hashes = set(places._array("index_key_hash").tolist())
    assert {key_hash(text) for text in ("mumbai", "мумбаи", "بندرعباس")} <= hashes
    assert key_hash("nosuchtown") not in hashes


def test_same_entries_same_bytes_and_no_index_needed(places: Gazetteer, tmp_path: Path) -> None:
    directory = _write(tmp_path / "again")
    names = sorted(path.name for path in directory.iterdir())
    assert not any(name.startswith("index_") for name in names)
    for name in names:
        assert (directory / name).read_bytes() == (places._directory / name).read_bytes()
    assert Gazetteer.open(directory).resolve("Mumbai", where="o").id == "TOWN-1275339"


def test_a_damaged_index_is_not_used(tmp_path: Path) -> None:
    directory = _write(tmp_path / "damaged")
    complete_gazetteer(directory)
    path = directory / "index_key_hash.npy"
    data = bytearray(path.read_bytes())
    data[200:] = bytes(len(data) - 200)
    path.write_bytes(bytes(data))
    (directory / "index_name_start.npy").write_bytes(b"cut")
    assert Gazetteer.open(directory).resolve("Mumbai", where="o").name == "Mumbai"


def test_every_place_is_found_by_its_id(places: Gazetteer) -> None:
    for number in range(len(places)):
        place = places.place(number)
        assert places.by_id(place.id) == place


def test_positions_survive_to_the_stated_precision(places: Gazetteer) -> None:
    for row in _rows("towns.tsv"):
        place = places.by_id(f"TOWN-{row['geonameid']}")
        assert place is not None
        assert abs(place.lat - float(row["lat"])) <= 0.00051
        assert abs(place.lon - float(row["lon"])) <= 0.00051


def test_bad_entries_are_reported_together(tmp_path: Path) -> None:
    bad = Entry(
        id="A",
        name="-",
        country="",
        lat=0.0,
        lon=0.0,
        kind="terminal",
        weight=0,
        is_lead_name=True,
        names=("-",),
    )
    with pytest.raises(DatasetError) as caught:
        write_gazetteer([bad, bad], [], tmp_path)
    assert len(caught.value.problems) == 3


def test_a_foreign_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no gazetteer"):
        Gazetteer.open(tmp_path)
    (tmp_path / "gazetteer.json").write_text('{"format": "other"}', encoding="utf-8")
    with pytest.raises(DatasetError, match="not of format"):
        Gazetteer.open(tmp_path)
