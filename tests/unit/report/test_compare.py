from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from fakes import answers
from landbridge.errors import InvariantError
from landbridge.report.basis import Basis, basis_of, parameters_of
from landbridge.report.compare import compare


def test_options_are_sorted_by_status_then_generalized_cost() -> None:
    found = compare(answers.plans())
    assert [(o.corridor, o.status) for o in found.options] == [
        ("suez-baltic", "open"),
        ("free", "open"),
        ("instc-west", "open"),
        ("instc-caspian-anzali", "prohibited"),
    ]
    # dearer than the others, yet open: before the prohibited one
    shown = compare(answers.plans(), show_all=True)
    assert [o.corridor for o in shown.options][3:5] == ["cape-baltic", "instc-caspian-anzali"]


def test_the_best_of_each_column_is_never_a_prohibited_option() -> None:
    found = compare(answers.plans())
    by_corridor = [o.corridor for o in found.options]
    best = {
        name: {by_corridor[position] for position in winners}
        for name, winners in found.best().items()
    }
    # the prohibited option has fewer kilometres still
    assert best["distance_km"] == {"instc-west"}
    assert best["lead_time_h"] == {"instc-west"}
    assert best["cost_usd"] == {"suez-baltic", "free"}
    assert best["border_crossings"] == {"suez-baltic", "free"}
    assert best["transfers"] == set(), "all alike: no best"


def test_one_option_alone_is_not_the_best_of_anything() -> None:
    assert not any(compare(answers.plans()[:1]).best().values())


def test_far_off_corridors_are_told_not_shown() -> None:
    reasons = {row.corridor: row.why for row in compare(answers.plans()).not_applicable}
    assert reasons["cape-baltic"] == "3.5 times the generalized cost of the best"
    assert reasons["northern-sea-route"] == ("northeast: closed 1 December to 30 June (and 1 more)")


def test_exactly_as_dear_as_allowed_still_has_a_row() -> None:
    plans = (
        answers.plan("free", "Free", answers.itinerary("free", "Free", value_usd=1000.0)),
        answers.plan("x", "X", answers.itinerary("x", "X", value_usd=2500.0)),
        answers.plan("y", "Y", answers.itinerary("y", "Y", value_usd=2501.0)),
    )
    found = compare(plans)
    assert [o.corridor for o in found.options] == ["free", "x"]
    assert [row.corridor for row in found.not_applicable] == ["y"]


def test_free_without_a_way_has_a_row_with_its_blockers() -> None:
    found = compare((answers.plan("free", "No corridor rule"),))
    (option,) = found.options
    assert option.status == "infeasible"
    assert option.blockers[0].why == "no way through"
    text = json.dumps(found.to_dict(), allow_nan=False)
    assert json.loads(text)["options"][0]["lead_time_h"] == {"p10": None, "p50": None, "p90": None}


def test_json_figures_are_not_rounded() -> None:
    value = 6890.123456789
    plans = (answers.plan("free", "F", answers.itinerary("free", "F", km=value)),)
    assert compare(plans).to_dict()["options"][0]["distance_km"] == value


def test_plans_of_two_questions_do_not_compare() -> None:
    other = answers.plan("x", "X", asked=answers.request(units=2))
    with pytest.raises(InvariantError, match="one request"):
        compare((answers.plan("free", "F"), other))
    with pytest.raises(InvariantError, match="at least one"):
        compare(())


def test_basis_counts_each_parameter_once_and_the_unknown_as_assumed() -> None:
    itinerary = answers.itinerary("free", "F")
    names = parameters_of([itinerary, itinerary])
    assert names == tuple(sorted(set(names)))
    assert "rate[IR]" in names
    basis = basis_of([itinerary], {"rate[IR]": "published", "haul.speed[world]": "estimated"})
    assert (basis.published, basis.estimated, basis.assumed) == (1, 1, len(names) - 2)
    assert basis.line() == (
        f"The figures rest on {len(names)} parameters: {len(names) - 2} assumed, "
        "1 estimated, 1 published."
    )
    assert "no parameters" in Basis().line()


def test_nan_never_wins() -> None:
    plans = list(answers.plans())
    lost = replace(plans[0].itineraries[0], distance_km=math.nan, status="infeasible")
    plans[0] = answers.plan("free", "Free", lost)
    found = compare(plans, show_all=True)
    names = [o.corridor for o in found.options]
    assert {names[i] for i in found.best()["distance_km"]} == {"instc-west"}
