from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from landbridge.dataset.gazetteer_build import CountryNames, Entry, write_gazetteer
from landbridge.dataset.gazetteer_evidence import is_district, scripts
from landbridge.dataset.gazetteer_files import GazetteerFiles
from landbridge.dataset.gazetteer_keys import key, script
from landbridge.dataset.gazetteer_rank import LEAD, OWN, Candidate, clusters, ranked
from landbridge.dataset.gazetteer_regions import Region, Regions, region_keys, region_line

CITY = Candidate(
    place=1, kind="town", tier=OWN, country="CN", lat=36.0, lon=115.0, weight=600_000, scripts=5
)
"""A city that five scripts name."""
VILLAGE = replace(CITY, place=2, lat=29.0, lon=120.0, weight=3_000_000, scripts=2)
"""A village with the people of the whole of the city's district."""


def _ids(*candidates: Candidate) -> tuple[list[int], list[int]]:
    """Return the places in rank order, and those among them that the name may mean."""
    order = ranked(clusters(candidates))
    return [c.representative.place for c in order], [
        c.representative.place for c in order if c.is_rival
    ]


def test_a_village_with_a_citys_people_is_no_rival_of_the_city() -> None:
    assert _ids(CITY, VILLAGE) == ([1, 2], [1])
    assert _ids(VILLAGE, CITY) == ([1, 2], [1])


@pytest.mark.parametrize(
    "village",
    [
        replace(VILLAGE, country="TW"),
        replace(VILLAGE, is_district=True),
        replace(VILLAGE, scripts=3),
        replace(VILLAGE, scripts=0),
        replace(VILLAGE, weight=499_999),
        replace(VILLAGE, tier=LEAD),
    ],
)
def test_a_population_without_cause_for_doubt_is_believed(village: Candidate) -> None:
    assert 2 in _ids(CITY, village)[1]


def test_a_far_smaller_namesake_casts_no_doubt() -> None:
    assert _ids(replace(CITY, weight=299_999), VILLAGE) == ([2, 1], [2])


def test_the_same_figure_twice_belongs_to_the_better_known() -> None:
    twin = replace(VILLAGE, weight=CITY.weight, scripts=4)
    assert _ids(CITY, twin) == ([1, 2], [1])
    assert _ids(CITY, replace(twin, scripts=5))[1] == [1, 2]
    assert _ids(replace(CITY, weight=0), replace(twin, weight=0))[1] == [1, 2]


def test_what_was_hidden_by_a_doubted_lead_is_judged_by_the_new_one() -> None:
    third = replace(CITY, place=3, lat=46.0, lon=131.0, weight=70_000)
    assert _ids(CITY, VILLAGE, third) == ([1, 3, 2], [1, 3])


def _entry(number: int, **values: object) -> Entry:
    entry = Entry(
        id=f"TOWN-{number}",
        name="Aba",
        country="CN",
        lat=30.0,
        lon=179.9,
        kind="town",
        weight=1_000_000,
        is_lead_name=False,
        names=("Aba",),
        alternates=("Абa", "阿巴", "Abba"),
        region="CN.01",
    )
    return replace(entry, **values)  # type: ignore[arg-type]


def test_scripts_and_districts_are_read_from_the_arrays(tmp_path: Path) -> None:
    entries = [
        _entry(1),
        _entry(2, lat=30.4, lon=-179.8, weight=5_000_000, alternates=()),
        _entry(3, lat=31.2, region="CN.02", weight=100),
        _entry(4, lat=32.0, weight=100),
    ]
    write_gazetteer(entries, [CountryNames(iso2="CN", iso3="CHN", name="China")], tmp_path)
    files = GazetteerFiles(tmp_path)
    assert [scripts(files, number) for number in range(4)] == [3, 1, 3, 3]
    near = [is_district(files, n, division="region", n_specials=0) for n in range(4)]
    assert near == [True, False, False, False]
    assert not is_district(files, 3, division="country", n_specials=0)


@pytest.mark.parametrize(
    ("text", "name"),
    [("Mumbai", "latin"), ("Мумбаи", "cyrillic"), ("苏州", "cjk"), ("수원", "hangul"), ("7", "")],
)
def test_the_script_of_a_key(text: str, name: str) -> None:
    assert script(key(text)) == name


REGIONS = Regions(
    [
        region_line(code, name)
        for code, name in (
            ("CN.04", "Jiangsu"),
            ("GE.04", ""),
            ("IR.08", "Gilan Province"),
            ("US.GA", "Georgia"),
        )
    ]
)


@pytest.mark.parametrize(
    ("text", "country", "numbers"),
    [
        ("jiangsu", "", {1}),
        ("Jiangsu Province", "CN", {1}),
        ("Jiangsu", "US", set()),
        ("04", "", set()),
        ("04", "CN", {1}),
        ("04", "GE", {2}),
        ("Gilan", "", {3}),
        ("Province", "", set()),
        ("ga", "", {4}),
        ("State of Georgia", "", {4}),
        ("", "", set()),
    ],
)
def test_regions_by_name_and_code(text: str, country: str, numbers: set[int]) -> None:
    assert REGIONS.named(text, country) == numbers


def test_a_region_without_a_name_is_called_by_its_code() -> None:
    assert REGIONS[2] == Region(country="GE", code="04", name="")
    assert [REGIONS[n].title for n in (1, 2, 4)] == ["Jiangsu", "04", "Georgia"]


def test_a_name_of_kind_words_only_keeps_them() -> None:
    assert region_keys("Region") == ("region",)
    assert region_keys("Moscow Oblast") == ("moscowoblast", "moscow")
    assert region_keys("") == ()
