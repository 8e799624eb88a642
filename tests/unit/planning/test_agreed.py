"""Requests whose parts contradict each other."""

from __future__ import annotations

import pytest

from landbridge.domain.cargo import Consignment
from landbridge.domain.network import Place
from landbridge.domain.request import Request, agreed
from landbridge.errors import RequestError


def place(id_: str, country: str) -> Place:
    return Place(id=id_, name=id_.title(), country=country, lat=0.0, lon=0.0, kind="town")


def request(*avoid: str, via: tuple[Place, ...] = ()) -> Request:
    cargo = Consignment(unit="40ft", units=1, cargo_mass_t=20.0, goods="general")
    return Request(
        origin=place("mumbai", "IN"),
        destination=place("moscow", "RU"),
        consignment=cargo,
        via=via,
        avoid=avoid,
    )


def test_a_request_in_agreement_is_returned_as_it_is() -> None:
    asked = request("suez", "IR", via=(place("minsk", "BY"),))
    assert agreed(asked) is asked


@pytest.mark.parametrize(
    ("avoid", "via", "says"),
    [
        ("suez", (place("suez", ""),), "Suez, asked for as --via, is to be avoided"),
        ("BY", (place("minsk", "BY"),), "Minsk, asked for as --via, lies in BY"),
        ("RU", (), "Moscow, asked for as destination, lies in RU"),
        ("IN", (), "Mumbai, asked for as origin, lies in IN"),
    ],
)
def test_what_is_asked_for_cannot_be_avoided(avoid: str, via: tuple[Place, ...], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        agreed(request(avoid, via=via))
