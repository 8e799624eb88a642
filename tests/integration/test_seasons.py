from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from landbridge.domain.arcs import HaulArc, PassageArc
from landbridge.domain.itinerary import Itinerary
from landbridge.parameters.seasons import ice_links, seasons
from landbridge.report import ask
from landbridge.scenarios.case import Case


def across(case: Case, day: str) -> Itinerary:
    """Return the way over the Caspian to the port that freezes."""
    answer = ask.plan("PORT-CASPIAN", "PORT-ASTRAKHAN", modes=["sea"], depart=day, case=case)
    assert answer.best is not None, answer.blockers
    return answer.best


def caspian_h(option: Itinerary) -> float:
    return sum(
        leg.time_h.p50 for leg in option.legs
        if any(isinstance(arc, HaulArc) and arc.vehicle == "caspian_feeder" for arc in leg.arcs)
    )  # fmt: skip


def test_ice_slows_the_northern_caspian_in_winter_only(case: Case) -> None:
    # one price month and no fact between: only the ice differs
    november, december = across(case, "2025-11-20"), across(case, "2025-12-01")
    assert caspian_h(december) > caspian_h(november) + 2.0
    assert december.distance_km == pytest.approx(november.distance_km)
    under = [a for leg in december.legs for a in leg.arcs if getattr(a, "winter_ice", False)]
    assert 100.0 < sum(a.distance_km for a in under if isinstance(a, HaulArc | PassageArc)) < 400.0
    assert not any(getattr(a, "winter_ice", False) for leg in november.legs for a in leg.arcs)
    assert "caspian-north" in {flag.subject for flag in december.flags if flag.kind == "season"}


def test_the_southern_caspian_has_no_ice(case: Case) -> None:
    option = ask.plan("Turkmenbashi", "Baku", depart="2025-01-15", case=case)
    assert option.best is not None
    assert not any(getattr(a, "winter_ice", False) for leg in option.best.legs for a in leg.arcs)


def test_the_northern_sea_route_is_closed_in_winter_and_says_so(case: Case) -> None:
    answer = ask.plan(
        "Shanghai", "Murmansk", corridors=["northern-sea-route"], depart="2025-01-15", case=case
    )
    assert answer.best is None
    assert {blocker.kind for blocker in answer.blockers} == {"season"}
    assert "07-15 to 10-31" in answer.blockers[0].why


def test_every_season_has_months_and_a_row_of_its_shift(case: Case) -> None:
    for season in seasons():
        assert season.months
        assert set(season.months) <= set(range(1, 13))
        assert case.parameters.exactly("season.shift_z_1", season.key) is not None
        assert season.evidence or season.quality == "assumed"
    assert ice_links(1)
    assert ice_links(7) == ()


def test_moving_the_day_within_a_month_without_events_changes_nothing(case: Case) -> None:
    # between 2025-02-04 and 2025-02-20 no fact begins or ends, no season, no price
    first, later = (
        ask.compare("Mumbai", "Moscow", depart=date(2025, 2, day), case=case) for day in (4, 20)
    )
    assert [replace(option, flags=()) for option in first.options] == [
        replace(option, flags=()) for option in later.options
    ]
    assert first.not_applicable == later.not_applicable
    assert first.provenance == later.provenance


def remarks(case: Case, port: str, day: str) -> dict[str, tuple[str, str]]:
    """Return kind and severity of the remarks on a port, by their text."""
    best = ask.plan(port, "Rotterdam", modes=["sea"], depart=day, case=case).best
    assert best is not None
    return {f.text: (f.kind, f.severity) for f in best.flags if f.subject == port}


def test_ice_of_a_port_is_remarked_in_its_season_with_the_name_of_the_port(case: Case) -> None:
    assert remarks(case, "PORT-GDANSK", "2025-07-01") == {}
    assert remarks(case, "PORT-GDANSK", "2025-01-15") == {
        "Gdansk: ice restriction": ("season", "none")
    }


def test_what_holds_of_a_port_at_all_times_is_for_the_record(case: Case) -> None:
    found = remarks(case, "PORT-BANDARABBAS", "2025-07-01")
    name = "Shahid Rajaee (Bandar Abbas)"
    assert found[f"{name}: inside the Strait of Hormuz"] == ("event", "none")
    chabahar = remarks(case, "PORT-CHABAHAR", "2025-07-01")
    assert chabahar["Chabahar (Shahid Beheshti): US sanctions waiver conditional"][1] == "none"
    assert not any(" see " in text for text in (*found, *chabahar))
