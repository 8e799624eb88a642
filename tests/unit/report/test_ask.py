from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fakes import answers, world
from landbridge.domain.network import Mode, Place
from landbridge.errors import RequestError
from landbridge.report import ask


@pytest.fixture(autouse=True)
def made_up_world(monkeypatch: pytest.MonkeyPatch) -> None:
    world.install(monkeypatch)


def asked(**options: Any) -> Any:
    return ask.plan("Mumbai", "Moscow", **options).request


def test_defaults_are_those_of_the_contract() -> None:
    request = asked()
    assert request.consignment.cargo_mass_t == 20.0, "10 t per TEU, a 40-foot box is two"
    assert (request.depart, request.is_depart_given) == (date(2025, 7, 1), False)
    assert request.modes == tuple(Mode)
    assert (request.scope, request.objective) == ("door", "generalized")


@pytest.mark.parametrize(
    ("unit", "units", "mass_t"), [("20ft", 1, 10.0), ("40hc", 3, 60.0), ("45ft", 2, 45.0)]
)
def test_the_default_mass_follows_the_boxes(unit: str, units: int, mass_t: float) -> None:
    assert asked(unit=unit, units=units).consignment.cargo_mass_t == mass_t


def test_limits_reach_the_request_checked_and_sorted() -> None:
    request = asked(depart=date(2026, 1, 2), modes=["rail", "sea", "rail"], via=["suez"])
    assert request.is_depart_given
    assert request.modes == (Mode.SEA, Mode.RAIL)
    assert [place.id for place in request.via] == ["suez"]
    assert asked(avoid=["ir", "SUEZ", "b003", "IR"]).avoid == ("B003", "IR", "suez")


def test_an_azerbaijani_crossing_makes_its_country_known() -> None:
    assert asked(avoid=["AZ"]).avoid == ("AZ",)


def test_places_may_be_given_as_objects() -> None:
    answer = ask.plan(answers.MUMBAI, answers.MOSCOW)
    assert answer.request.origin is answers.MUMBAI


@pytest.mark.parametrize(("lat", "is_refused"), [(19.0701, True), (19.07, True), (19.09, False)])
def test_places_less_than_a_kilometre_apart_are_one(lat: float, *, is_refused: bool) -> None:
    beside = Place(id="beside", name="Beside", country="IN", lat=lat, lon=72.88, kind="town")
    if is_refused:
        with pytest.raises(RequestError, match="same place"):
            ask.plan(answers.MUMBAI, beside)
    else:
        assert ask.plan(answers.MUMBAI, beside).itineraries


@pytest.mark.parametrize("given", ["free", "instc-west"])
def test_corridors_asked_for_are_those_compared(given: str) -> None:
    found = ask.compare("Mumbai", "Moscow", corridors=[given])
    assert {option.corridor for option in found.options} == {"free", given}
    assert found.not_applicable == ()


def test_all_corridors_are_compared_otherwise() -> None:
    found = ask.compare("Mumbai", "Moscow")
    told = {row.corridor for row in (*found.options, *found.not_applicable)}
    assert told == {"free", *(rule.id for rule in world.Dataset.corridors)}


def test_the_basis_covers_the_rows_shown() -> None:
    found = ask.compare("Mumbai", "Moscow")
    assert (found.basis.published, found.basis.estimated) == (1, 1)
    assert found.basis.assumed > 0


@pytest.mark.parametrize("goods", ["military", "arms", "Arms", "weapons", "nuclear_missile"])
def test_arms_are_refused_at_the_request(goods: str) -> None:
    with pytest.raises(RequestError, match="not planned for"):
        asked(goods=goods)


def test_goods_may_be_written_with_underscores() -> None:
    assert asked(goods="dual_use").consignment.goods == "dual-use"


def test_refusals_offer_the_nearest_right_thing() -> None:
    with pytest.raises(RequestError) as caught:
        asked(corridors=["instc_west"])
    assert caught.value.hint == "did you mean instc-west?"
    assert ask.nearest("zzzz", ["suez"]) == ""
    assert ask.nearest("x" * 100_000, ["suez"]) == ""


def test_what_is_gone_through_is_not_avoided() -> None:
    with pytest.raises(RequestError, match=r"--avoid: .*asked for as --via, is to be avoided too"):
        asked(via=["suez"], avoid=["SUEZ"])
