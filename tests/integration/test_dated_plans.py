from __future__ import annotations

from typing import Any

import pytest

from landbridge.domain.itinerary import Plan
from landbridge.report import ask
from landbridge.scenarios.case import Case


@pytest.fixture(scope="module")
def plan(case: Case) -> Any:
    def ask_for(start: str, end: str, depart: str | None = None, **more: Any) -> Plan:
        return ask.plan(start, end, depart=depart, case=case, **more)

    return ask_for


def passages(answer: Plan) -> set[str]:
    assert answer.best is not None, answer.blockers
    return set(answer.best.passages)


def told(answer: Plan) -> str:
    assert answer.best is None
    return " ".join(f"{blocker.what}: {blocker.why}" for blocker in answer.blockers)


def test_a_railway_opened_in_2014_is_not_there_in_2012(plan: Any) -> None:
    corridor = ["instc-east-incheborun"]
    early = plan("Mumbai", "Moscow", "2012-06-01", corridors=corridor)
    assert "since 2014-12-03; EV007, TASS" in told(early)
    assert "not yet on 2012-06-01" in told(early)
    assert plan("Mumbai", "Moscow", "2016-06-01", corridors=corridor).best is not None


def test_a_link_that_is_not_there_yet_is_gone_from_the_haul_tables(plan: Any) -> None:
    before = plan("DRY-TEHRAN", "DRY-RASHT", "2018-06-01", modes=["rail"], scope="terminal")
    after = plan("DRY-TEHRAN", "DRY-RASHT", "2020-06-01", modes=["rail"], scope="terminal")
    assert "Qazvin-Rasht railway opens" in told(before)
    assert after.best is not None
    assert 250.0 < after.best.distance_km < 450.0


def test_tables_without_a_link_are_longer_where_it_was_a_short_cut(plan: Any) -> None:
    # Bafq-Mashhad, opened in December 2004, cuts 800 km between Sarakhs and Bandar Abbas
    way = {"modes": ["rail"], "scope": "terminal"}
    before, after = (
        plan("PORT-BANDARABBAS", "DRY-SARAKHS", day, **way) for day in ("2003-06-01", "2005-06-01")
    )
    assert before.best is not None
    assert after.best is not None
    assert 600.0 < before.best.distance_km - after.best.distance_km < 1100.0


def test_liner_networks_leave_the_red_sea_in_december_2023(plan: Any) -> None:
    suez = ["suez-northsea"]
    assert "suez" in passages(plan("Shanghai", "Rotterdam", "2023-06-01", corridors=suez))
    later = plan("Singapore", "Rotterdam", "2024-02-01", modes=["sea", "road"])
    assert "cape" in passages(later)


def test_without_a_date_disruptions_are_flagged_and_not_applied(plan: Any) -> None:
    answer = plan("Shanghai", "Rotterdam", modes=["sea", "road"])
    assert "suez" in passages(answer)
    texts = [flag.text for flag in answer.best.flags if flag.evidence == "EV030"]
    assert len(texts) == 1
    assert "not applied, since no --depart is given" in texts[0]


def test_hormuz_is_shut_from_the_end_of_february_2026(plan: Any) -> None:
    question = {"corridors": ["instc-caspian-amirabad"]}
    assert "hormuz" in passages(plan("Mumbai", "Moscow", "2026-01-10", **question))
    shut = plan("Mumbai", "Moscow", "2026-03-10", **question)
    assert shut.best is None or "hormuz" not in passages(shut)
    only_sea = plan("Mumbai", "Bandar Abbas", "2026-03-10", modes=["sea", "road"],
                    via=["hormuz"])  # fmt: skip
    assert "EV047" in told(only_sea)


def test_a_canal_is_judged_at_the_arrival_there(plan: Any) -> None:
    # three weeks from Shanghai: ready on 1 March the ship comes while Ever Given lies across
    blocked = plan("Shanghai", "Rotterdam", "2021-03-01", corridors=["suez-northsea"])
    assert "Ever Given" in told(blocked)
    free = plan("Shanghai", "Rotterdam", "2021-03-15", corridors=["suez-northsea"])
    assert "suez" in passages(free)


def test_a_frontier_closed_in_2022_was_open_in_2019(plan: Any) -> None:
    question = {"modes": ["road"], "via": ["B094"]}
    assert plan("Kharkiv", "Belgorod", "2019-06-01", **question).best is not None
    closed = plan("Kharkiv", "Belgorod", "2023-06-01", **question)
    assert "since 2022-02-24" in told(closed)


def test_a_service_runs_within_its_dates_only(plan: Any) -> None:
    def services(day: str) -> set[str]:
        answer = plan("Rotterdam", "PORT-STPETERSBURG", day, modes=["sea", "road"])
        return {leg.service for leg in answer.best.legs} if answer.best else set()

    assert "V033" not in services("2023-06-01")


def test_what_was_carried_is_said(plan: Any) -> None:
    carried = plan("Mumbai", "Jebel Ali", "2030-01-10").provenance.carried
    assert any("as last known" in line for line in carried)
    assert any("prices of 2023" in line for line in carried)
    assert plan("Mumbai", "Jebel Ali", "2023-06-01").provenance.carried == ()


def test_a_row_of_one_year_holds_in_that_year_alone(case: Case) -> None:
    def dwell_h(depart: str) -> float:
        answer = ask.plan(
            "DRY-KHORGOS", "PORT-ALAT", via=["PORT-AKTAU"], avoid=["RU", "IR", "TM", "PORT-KURYK"],
            depart=depart, case=case,
        )  # fmt: skip
        assert answer.best is not None
        (leg,) = [x for x in answer.best.legs if x.kind == "transfer"
                  and x.origin.id == "PORT-AKTAU"]  # fmt: skip
        return leg.time_h.p50

    assert dwell_h("2022-07-01") > 1.5 * dwell_h("2023-07-01")
    assert dwell_h("2021-07-01") == pytest.approx(dwell_h("2023-07-01"), rel=0.2)


@pytest.mark.parametrize(
    ("origin", "destination", "is_there"),
    [
        ("Kinshasa", "Brazzaville", False),
        ("Dar es Salaam", "Lubumbashi", False),
        ("Kigali", "Goma", True),
        ("Kampala", "Goma", True),
        ("Kinshasa", "Goma", True),
        ("Kigali", "Bukavu", True),
    ],
)
def test_fighting_in_one_region_is_told_of_ways_to_that_region_alone(
    case: Case, origin: str, destination: str, is_there: bool
) -> None:
    best = ask.plan(origin, destination, samples=20, case=case).best
    assert best is not None
    assert any("Goma" in flag.text for flag in best.flags) == is_there
