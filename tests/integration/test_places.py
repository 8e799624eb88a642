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


def test_the_500_largest_cities_resolve_by_name_country_or_id(gazetteer: Gazetteer) -> None:
    from heapq import nlargest

    weight, kind = gazetteer._array("weight"), gazetteer._array("kind")
    towns = [n for n in range(len(gazetteer)) if kind[n] == 3]
    refused_bare: list[str] = []
    refused_with_country: list[str] = []
    for number in nlargest(500, towns, key=lambda n: (int(weight[n]), -n)):
        place = gazetteer.place(number)
        assert gazetteer.resolve(place.id, where="origin") == place
        for written, refused in (
            (place.name, refused_bare),
            (f"{place.name}, {place.country}", refused_with_country),
        ):
            try:
                assert gazetteer.resolve(written, where="origin", kinds=DOORS) == place
            except RequestError:
                refused.append(written)
    assert len(refused_bare) <= 18, refused_bare
    assert len(refused_with_country) <= 10, refused_with_country


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
