"""Names against the embedded dataset."""

from __future__ import annotations

import pytest

from landbridge.dataset.gazetteer import DOORS, Gazetteer
from landbridge.errors import RequestError

COUNTRY = {
    "Mumbai": "IN",
    "Bombay": "IN",
    "Мумбаи": "IN",
    "INNSA": "IN",
    "Nhava Sheva": "IN",
    "JNPT": "IN",
    "Mundra": "IN",
    "Kandla": "IN",
    "Chennai": "IN",
    "Bandar Abbas": "IR",
    "بندرعباس": "IR",
    "Chabahar": "IR",
    "Anzali": "IR",
    "Enzeli": "IR",
    "Amirabad": "IR",
    "Баку": "AZ",
    "Астрахань": "RU",
    "Olya": "RU",
    "Makhachkala": "RU",
    "Aktau": "KZ",
    "Kuryk": "KZ",
    "Turkmenbashi": "TM",
    "Krasnovodsk": "TM",
    "Sankt-Peterburg": "RU",
    "Saint-Pétersbourg": "RU",
    "Mourmansk": "RU",
    "Moumbai": "IN",
    "Téhéran": "IR",
    "Moscou": "RU",
    "Rotterdam": "NL",
    "Hamburg": "DE",
    "Novorossiysk": "RU",
    "Poti": "GE",
    "Constanța": "RO",
    "Dostyk": "KZ",
    "Vladivostok": "RU",
    "Kabul": "AF",
    "Herat": "AF",
    "Tashkent": "UZ",
    "Almaty": "KZ",
    "Minsk": "BY",
    "Helsinki": "FI",
    "Kotka": "FI",
}
LARGEST = (
    ("Shanghai", "CN"),
    ("Beijing", "CN"),
    ("Shenzhen", "CN"),
    ("Kinshasa", "CD"),
    ("Lagos", "NG"),
    ("Istanbul", "TR"),
    ("Karachi", "PK"),
    ("Tokyo", "JP"),
    ("Moscow", "RU"),
    ("Sao Paulo", "BR"),
    ("Jakarta", "ID"),
    ("Lima", "PE"),
    ("Cairo", "EG"),
    ("Mexico City", "MX"),
    ("London", "GB"),
    ("New York", "US"),
    ("Tehran", "IR"),
    ("Bogota", "CO"),
    ("Santiago", "CL"),
    ("Riyadh", "SA"),
    ("Singapore", "SG"),
    ("San Antonio", "US"),
    ("Barcelona", "ES"),
    ("Odessa", "UA"),
    ("Hong Kong", "HK"),
    ("Santos", "BR"),
    ("Vancouver", "CA"),
    ("Madras", "IN"),
)


@pytest.mark.parametrize("name", sorted(COUNTRY))
def test_the_names_of_the_main_job_resolve(gazetteer: Gazetteer, name: str) -> None:
    assert gazetteer.resolve(name, where="origin", kinds=DOORS).country == COUNTRY[name]


@pytest.mark.parametrize(("name", "country"), LARGEST)
def test_great_cities_resolve(gazetteer: Gazetteer, name: str, country: str) -> None:
    assert gazetteer.resolve(name, where="origin", kinds=DOORS).country == country


@pytest.mark.parametrize(
    ("name", "countries"),
    [("Astara", {"AZ", "IR"}), ("Khorgos", {"KZ", "CN"}), ("Alat", {"AZ", "UZ"})],
)
def test_twins_list_their_candidates(gazetteer: Gazetteer, name: str, countries: set[str]) -> None:
    with pytest.raises(RequestError, match="several places") as caught:
        gazetteer.resolve(name, where="origin", kinds=DOORS)
    for country in sorted(countries):
        assert f", {country} (" in str(caught.value)
        place = gazetteer.resolve(f"{name}, {country}", where="origin", kinds=DOORS)
        assert place.country == country


DOUBTED = {"TOWN-1798425", "TOWN-1270926"}
"""Puyang (Zhejiang) and Gorakhpur (Haryana): villages with the population of a namesake city."""


def test_the_500_largest_cities_resolve_by_name_country_region_or_id(gazetteer: Gazetteer) -> None:
    from heapq import nlargest

    weight, kind = gazetteer._array("weight"), gazetteer._array("kind")
    towns = [n for n in range(len(gazetteer)) if kind[n] == 3]
    refused: dict[str, list[str]] = {"name": [], "country": [], "region": []}
    for number in nlargest(500, towns, key=lambda n: (int(weight[n]), -n)):
        place = gazetteer.place(number)
        assert gazetteer.resolve(place.id, where="origin") == place
        region = gazetteer._region_title(place)
        ways = {
            "name": place.name,
            "country": f"{place.name}, {place.country}",
            "region": f"{place.name}, {region}" if region else place.id,
        }
        for way, written in ways.items():
            try:
                found = gazetteer.resolve(written, where="origin", kinds=DOORS)
            except RequestError:
                refused[way].append(written)
            else:
                assert found == place or (place.id in DOUBTED and way != "region"), written
    assert len(refused["name"]) <= 14, refused["name"]
    assert len(refused["country"]) <= 6, refused["country"]
    assert not refused["region"]


def test_a_port_is_had_by_its_code(gazetteer: Gazetteer) -> None:
    for code, place_id in (
        ("INNSA", "PORT-NHAVASHEVA"),
        ("NLRTM", "PORT-ROTTERDAM"),
        ("RUVYP", "PORT-VOSTOCHNY"),
        ("DEHAM", "PORT-HAMBURG"),
        ("USSAV", "PORT-SAVANNAH"),
        ("BRSSZ", "PORT-SANTOS"),
    ):
        assert gazetteer.resolve(code, where="origin").id == place_id


def test_a_place_s_own_name_is_suggested_before_the_old_name_of_another(
    gazetteer: Gazetteer,
) -> None:
    # Dnipro was Novorossiysk from 1796 to 1802, and has more people
    with pytest.raises(RequestError, match=r"did you mean Novorossiysk, RU"):
        gazetteer.resolve("Novorosiysk", where="ORIGIN")


def test_codes_of_airports_are_no_near_miss(gazetteer: Gazetteer) -> None:
    # IXX is the airport of Bidar
    with pytest.raises(RequestError, match=r"no place 'INXXX'$"):
        gazetteer.resolve("INXXX", where="ORIGIN")
