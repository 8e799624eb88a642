"""The price book: kept between processes, never believed when altered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from landbridge.domain.cargo import Consignment
from landbridge.domain.network import Place
from landbridge.domain.request import Request
from landbridge.models.pricing import Expected
from landbridge.parameters.load import load_defaults
from landbridge.planning.pricebook import PriceBook


def _request(tonnes: float = 20.0) -> Request:
    here = Place(id="a", name="a", country="IN", lat=19, lon=73, kind="town")
    cargo = Consignment(unit="40ft", units=1, cargo_mass_t=tonnes, goods="general")
    return Request(origin=here, destination=here, consignment=cargo, depart=date(2025, 7, 1))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path))
    return tmp_path / "compiled"


LIKE = ("IN", "", 168.0, None)
PRICE = Expected(1.25, 1 / 3, 7e-5, 0.1)


def test_a_closed_book_gives_the_same_numbers_to_the_next_process(cache: Path) -> None:
    book = PriceBook(load_defaults(), _request(), "IN")
    assert book.expected(LIKE) is None
    book.keep(LIKE, PRICE)
    book.close()
    assert PriceBook(load_defaults(), _request(), "IN").expected(LIKE) == PRICE


def test_another_cargo_or_country_has_another_book(cache: Path) -> None:
    book = PriceBook(load_defaults(), _request(), "IN")
    book.keep(LIKE, PRICE)
    book.close()
    assert PriceBook(load_defaults(), _request(21.0), "IN").expected(LIKE) is None
    assert PriceBook(load_defaults(), _request(), "CN").expected(LIKE) is None


@pytest.mark.parametrize("harm", ["digit", "cut", "empty"])
def test_an_altered_book_is_not_used(cache: Path, harm: str) -> None:
    book = PriceBook(load_defaults(), _request(), "IN")
    book.keep(LIKE, PRICE)
    book.close()
    (path,) = cache.glob("prices-*.json")
    text = path.read_text()
    harmed = {"digit": text.replace("1.25", "9.25"), "cut": text[:-3], "empty": ""}[harm]
    path.write_text(harmed)
    assert PriceBook(load_defaults(), _request(), "IN").expected(LIKE) is None
    assert not list(cache.glob("*.part"))
