from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from fakes import answers
from landbridge.compliance.journey import Journey, journey_of, stated_by
from landbridge.compliance.measure import Severity
from landbridge.compliance.operators import operator_codes
from landbridge.compliance.regions import regions_of
from landbridge.compliance.rulebook import checked_codes, goods_and_parents, load_rulebook
from landbridge.compliance.saved import read_saved
from landbridge.compliance.screen import graver_status, judge, screen, with_screening
from landbridge.compliance.settlement import settlement_flags
from landbridge.domain.network import Place
from landbridge.errors import RequestError

CASES = Path(__file__).parents[2] / "data" / "compliance" / "screen_cases.csv"
BOOK = load_rulebook()
ROWS = {row["id"]: row for row in csv.DictReader(CASES.read_text(encoding="utf-8").splitlines())}
SAVED = {saved.journey.id: saved for saved in read_saved(CASES, BOOK).journeys}
CONTRADICTS_ITSELF = {"CS041"}
"""Names SM114 both among what must fire and what must not; its verdict asks for it."""


def journey(**changes: object) -> Journey:
    plain = Journey(
        id="j", origin="IN", destination="RU", countries=frozenset({"IN", "IR", "RU"}),
        terminals=frozenset({"PORT-ANZALI"}), passages=frozenset(),
        modes=frozenset({"sea", "road"}), goods="general", depart=date(2025, 6, 1),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_all_worked_cases_are_there() -> None:
    assert len(ROWS) == 63
    assert set(ROWS) == set(SAVED)


@pytest.mark.parametrize("id_", sorted(ROWS))
def test_worked_case_comes_out_as_stated(id_: str) -> None:
    row, saved = ROWS[id_], SAVED[id_]
    (code,) = saved.codes
    found = judge(saved.journey, BOOK, code)
    fired = set(found.fired)
    assert found.verdict == row["expected_verdict"]
    assert fired == {item for item in row["must_fire"].split("|") if item}
    if id_ not in CONTRADICTS_ITSELF:
        assert fired.isdisjoint(row["must_not_fire"].split("|"))


def test_both_days_of_a_span_count_and_none_beyond() -> None:
    # SM011: 2025-10-29 to 2026-04-26
    at_chabahar = journey(terminals=frozenset({"PORT-CHABAHAR"}))
    for day, is_in in (
        (date(2025, 10, 28), False), (date(2025, 10, 29), True),
        (date(2026, 4, 26), True), (date(2026, 4, 27), False),
    ):  # fmt: skip
        fired = judge(replace(at_chabahar, depart=day), BOOK, "us_secondary").fired
        assert ("SM011" in fired) is is_in


def test_without_a_jurisdiction_nothing_is_more_than_a_warning() -> None:
    found = screen(journey(), BOOK)
    assert found.status == "open"
    assert found.verdict == "warning"
    assert {flag.severity for flag in found.flags} == {"none", "warning"}
    assert {"us", "eu", "us_secondary"} <= {flag.jurisdiction for flag in found.flags}
    ids = [flag.measure for flag in found.flags if flag.kind == "sanctions"]
    assert len(ids) == len(set(ids)), "each measure once"


def test_with_a_jurisdiction_its_verdict_is_the_status() -> None:
    found = screen(journey(), BOOK, ["eu"])
    assert (found.verdict, found.status) == ("prohibited", "prohibited")
    assert screen(journey(), BOOK, ["uk"]).status == "open", "UK: reminders only"
    assert screen(journey(goods="medical"), BOOK, ["us"]).status == "restricted"
    assert {flag.jurisdiction for flag in found.flags if flag.kind == "sanctions"} == {"eu"}


def test_a_status_only_ever_gets_graver() -> None:
    assert graver_status("closed", "prohibited") == "closed"
    assert graver_status("open", "restricted") == "restricted"
    bare = answers.itinerary("x", "X", status="restricted")
    assert with_screening(bare, screen(journey(), BOOK, ["uk"])).status == "restricted"


def test_screening_twice_leaves_one_set_of_flags() -> None:
    once = with_screening(
        answers.itinerary("x", "X", flags=(answers.WAR,)), screen(journey(), BOOK)
    )
    twice = with_screening(once, screen(journey(), BOOK))
    assert twice == once
    assert answers.WAR in once.flags


def test_what_begins_or_ends_on_the_way_is_said() -> None:
    # SM070 closes Olya on 2026-07-24; SM057 ends on 2026-07-17
    way = journey(
        terminals=frozenset({"PORT-OLYA"}), depart=date(2026, 7, 10), arrive_by=date(2026, 8, 20)
    )
    flags = {flag.measure: flag for flag in screen(way, BOOK, ["eu"]).flags}
    assert flags["SM070"].severity == "warning"
    assert "starts 2026-07-24, on the way" in flags["SM070"].text
    assert "SM070" not in judge(way, BOOK, "eu").fired
    assert judge(way, BOOK, "eu").verdict == "warning"
    early = replace(way, arrive_by=date(2026, 7, 23))
    assert "SM070" not in {flag.measure for flag in screen(early, BOOK, ["eu"]).flags}
    oil = journey(
        origin="IR", destination="IN", countries=frozenset({"IR", "IN"}), goods="oil",
        depart=date(2026, 7, 10), arrive_by=date(2026, 7, 18),
    )  # fmt: skip
    ending = {flag.measure: flag for flag in screen(oil, BOOK, ["us"]).flags}
    assert "ends 2026-07-17, on the way" in ending["SM057"].text


def test_what_began_after_the_reference_date_is_for_the_record() -> None:
    undated = journey(is_depart_given=False, depart=date(2025, 7, 1))
    flags = {flag.measure: flag for flag in screen(undated, BOOK, ["eu"]).flags}
    assert flags["SM126"].severity == "none"
    assert "after the reference date" in flags["SM126"].text
    assert "SM126" not in {
        flag.measure for flag in screen(journey(depart=date(2025, 7, 1)), BOOK, ["eu"]).flags
    }


def test_what_nobody_stated_is_a_question_and_weighs_nothing() -> None:
    found = judge(journey(), BOOK, "us_secondary")
    assert "SM003" in found.questions, "an insurer, that no request can name"
    assert "SM003" not in found.fired
    elsewhere = journey(countries=frozenset({"IN", "EG", "RU"}), terminals=frozenset())
    assert "SM003" not in judge(elsewhere, BOOK, "us_secondary").questions
    on_rails = journey(modes=frozenset({"rail"}))
    assert "SM114" not in judge(replace(on_rails, origin="DE"), BOOK, "ru").questions
    german = journey(origin="DE", countries=frozenset({"DE", "RU"}), modes=frozenset({"road"}))
    assert "SM114" in judge(german, BOOK, "ru").questions
    text = next(f.flag().text for f in found.findings if f.measure.id == "SM003")
    assert "only if service is insurance" in text
    assert "unverified" in text
    insured = journey(stated={"service": frozenset({"insurance"})})
    fired = judge(insured, BOOK, "us_secondary")
    assert "SM003" in fired.fired
    subject = next(f.flag().subject for f in fired.findings if f.measure.id == "SM003")
    assert subject == "service insurance, IR"


def test_lifted_measures_never_trigger() -> None:
    damascus = journey(
        destination="SY", countries=frozenset({"IN", "SY"}), terminals=frozenset(),
        depart=date(2025, 6, 29),
    )  # fmt: skip
    assert judge(damascus, BOOK, "us").verdict == "prohibited"
    after = judge(replace(damascus, depart=date(2025, 6, 30)), BOOK, "us")
    assert after.verdict == "none"
    assert "SM067" not in after.fired


def test_a_class_matches_through_its_parent_and_easing_never_frees() -> None:
    assert goods_and_parents("dangerous-3") == {"dangerous-3", "dangerous"}
    to_iran = journey(destination="IR", countries=frozenset({"IN", "IR"}), goods="dangerous-3")
    assert "SM007" in judge(to_iran, BOOK, "us_secondary").fired
    eased = judge(journey(goods="food", terminals=frozenset({"PORT-OLYA"}),
                          depart=date(2026, 8, 1)), BOOK, "eu")  # fmt: skip
    olya = next(f for f in eased.findings if f.measure.id == "SM070")
    assert (olya.severity, olya.is_eased) == (Severity.WARNING, True)


@pytest.mark.parametrize("goods", ["arms", "nuclear-missile"])
def test_arms_are_refused_everywhere(goods: str) -> None:
    peaceful = journey(destination="CL", countries=frozenset({"IN", "CL"}), goods=goods)
    for code in BOOK.codes:
        found = judge(peaceful, BOOK, code)
        assert (found.verdict, found.fired) == ("refused", ())
    assert screen(peaceful, BOOK, ["un"]).status == "prohibited"


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("IRISL", {"IRISL"}),
        ("irisl co., ltd", {"IRISL"}),
        ("Islamic Republic of Iran Shiping Lines", {"IRISL"}),
        ("E Sail", {"E-SAIL"}),
        ("Совкомфлот", {"SOVCOMFLOT"}),
        ("ПАО «Совкомфлот»", {"SOVCOMFLOT"}),
        ("Gazprom Neft PJSC", {"GAZPROM-NEFT"}),
        ("Maersk", set()),
        ("RAPID", set()),
        ("Russian Railways", set()),
        ("", set()),
    ],
)
def test_operators_are_known_by_code_alias_and_script(name: str, codes: set[str]) -> None:
    assert operator_codes([name] if name else [], BOOK) == codes


def test_a_flag_is_that_of_ships_or_else_of_trucks() -> None:
    assert stated_by("", "ru", frozenset({"sea", "road"})) == {"vessel_flag": frozenset({"RU"})}
    assert stated_by("", "RU", frozenset({"road"})) == {"haulier_country": frozenset({"RU"})}
    assert stated_by("", "", frozenset({"road"})) == {}


@pytest.mark.parametrize(
    ("name", "lat", "lon", "country", "region"),
    [
        ("Sevastopol", 44.6, 33.5, "UA", "UA-40"),
        ("Kerch", 45.36, 36.47, "UA", "UA-43"),
        ("Kerch, as some maps have it", 45.36, 36.47, "RU", "UA-43"),
        ("Donetsk", 48.0, 37.8, "UA", "UA-14"),
        ("Kherson", 46.63, 32.62, "UA", "UA-65"),
        ("Novorossiysk", 44.72, 37.79, "RU", ""),
        ("Taman", 45.21, 36.72, "RU", ""),
        ("Kyiv", 50.45, 30.52, "UA", ""),
        ("Odesa", 46.48, 30.73, "UA", ""),
        ("Sevastopol's place in a third country", 44.6, 33.5, "TR", ""),
    ],
)
def test_regions_are_told_by_the_nearest_town(
    name: str, lat: float, lon: float, country: str, region: str
) -> None:
    place = Place(id="p", name=name, country=country, lat=lat, lon=lon, kind="town")
    assert regions_of([place]) == ({region} if region else frozenset())


def test_crimea_is_prohibited_for_both() -> None:
    there = journey(
        destination="UA", countries=frozenset({"TR", "UA"}), regions=frozenset({"UA-40"}),
        terminals=frozenset(),
    )  # fmt: skip
    assert judge(there, BOOK, "eu").verdict == "prohibited"
    assert judge(there, BOOK, "us").verdict == "prohibited"
    assert judge(replace(there, regions=frozenset()), BOOK, "eu").verdict == "none"


def test_an_itinerary_becomes_its_facts() -> None:
    way = journey_of(answers.itinerary("x", "X", days=30), answers.request())
    assert way.terminals == {"PORT-NHAVASHEVA", "PORT-BANDARABBAS", "B003", "PORT-ROCND"}
    assert way.names["PORT-BANDARABBAS"] == "Bandar Abbas"
    assert "B003" not in way.names
    assert way.ports == {"ROCND"}
    assert (way.origin, way.destination) == ("IN", "RU")
    assert way.transits == {"IR", "AZ", "RO"}
    assert way.modes == {"sea", "rail", "road"}
    assert way.arrive_by == date(2025, 7, 1) + timedelta(days=45)


def test_a_closed_port_is_known_by_its_code() -> None:
    mariupol = journey(terminals=frozenset({"PORT-UAMPW"}), countries=frozenset({"TR", "UA"}))
    assert "SM113" in judge(mariupol, BOOK, "ua").fired
    odesa = judge(replace(mariupol, terminals=frozenset({"PORT-ODESA"})), BOOK, "ua")
    assert (odesa.fired, odesa.questions) == ((), ())
    assert judge(replace(mariupol, terminals=frozenset()), BOOK, "ua").questions == ("SM113",)


def test_payment_channels_are_facts_between_payer_and_paid() -> None:
    found = {f.measure: f for f in settlement_flags(journey(), BOOK.channels, BOOK.blocs, ())}
    assert found["SC036"].severity == "none", "rupee accounts between India and Russia are open"
    assert found["SC039"].severity == "warning", "no bank clears dollars for Iran"
    assert "SC012" not in found, "nobody in the EU pays or is paid"
    assert "SC001" not in found, "ended in 2016"
    asked = {f.measure for f in settlement_flags(journey(), BOOK.channels, BOOK.blocs, ["eu"])}
    assert {"SC012", "SC016"} <= asked
    assert "SC053" not in asked
    home = journey(destination="IN", countries=frozenset({"IN"}))
    assert settlement_flags(home, BOOK.channels, BOOK.blocs, ()) == ()


def test_jurisdictions_are_checked() -> None:
    assert checked_codes(["EU", "us", "eu"], BOOK) == ("eu", "us")
    with pytest.raises(RequestError, match=r"--jurisdiction.*did you mean us_secondary"):
        checked_codes(["us_secundary"], BOOK)


def test_every_measure_tells_where_it_comes_from() -> None:
    assert len(BOOK.measures) == 117
    for measure in BOOK.measures:
        assert measure.source
        assert measure.is_verified is ("unverified" not in measure.source)
    assert sum(not measure.is_verified for measure in BOOK.measures) == 18


def test_kept_verdicts_are_those_of_a_rulebook_never_asked() -> None:
    # arrivals around every day on which a measure changes, and places that measures name
    measures = [measure for measure in BOOK.measures if measure.placed][::6]
    for measure in measures:
        for day in (measure.in_force_from, measure.in_force_to or date(2026, 1, 1)):
            for days in (-1, 0, 1):
                by = day + timedelta(days)
                asked = [
                    journey(arrive_by=by, depart=by - timedelta(20)),
                    journey(arrive_by=by, depart=by, countries=frozenset({*measure.targets, "IN"})),
                    journey(
                        arrive_by=by,
                        depart=by - timedelta(20),
                        terminals=measure.terminals | {"PORT-IRBND"},
                        passages=measure.passages,
                        regions=measure.regions,
                        countries=measure.countries | measure.transits | {"IN", "RU"},
                    ),
                ]
                fresh = replace(BOOK)
                for code in {measure.jurisdiction, "us_secondary", "eu"}:
                    for one in asked:
                        assert judge(one, BOOK, code) == judge(one, fresh, code)
