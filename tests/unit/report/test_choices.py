from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from fakes import answers
from landbridge.domain.itinerary import Plan, Selection
from landbridge.errors import RequestError
from landbridge.planning.alternatives import AlternativesChooser
from landbridge.planning.pareto import Epsilon, ParetoChooser
from landbridge.report.choices import choices_table, chooser_of, way_text
from landbridge.report.csvtable import legs_csv
from landbridge.report.geojson import itineraries_geojson
from landbridge.report.page import Paper

PARETO = Selection(
    kind="pareto", within_ratio=1.5, epsilon_time_share=0.01, epsilon_cost_share=0.01,
    epsilon_emissions_share=0.02,
)  # fmt: skip
ALTERNATIVES = Selection(kind="alternatives", within_ratio=1.5, asked=3)


def chosen(**given: Any) -> Any:
    columns: dict[str, Any] = {
        "pareto": False, "epsilon": None, "alternatives": None, "objective": "generalized",
        "corridors": (),
    }  # fmt: skip
    return chooser_of(**{**columns, **given})


def test_what_is_asked_is_chosen() -> None:
    assert chosen() is None
    assert chosen(pareto=True) == ParetoChooser(
        epsilon=Epsilon(time_share=0.01, cost_share=0.01, emissions_share=0.02)
    )
    assert chosen(pareto=True, epsilon=0.0).epsilon == Epsilon(
        time_share=0.0, cost_share=0.0, emissions_share=0.0
    )
    assert chosen(alternatives=3, corridors=("a", "a")) == AlternativesChooser(most=3)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"pareto": True, "alternatives": 2}, "--alternatives"),
        ({"alternatives": 0}, "--alternatives"),
        ({"alternatives": 21}, "--alternatives"),
        ({"alternatives": 2, "corridors": ("a", "b")}, "--corridor"),
        ({"epsilon": 0.1}, "--epsilon"),
        ({"epsilon": 0.1, "alternatives": 2}, "--epsilon"),
        ({"pareto": True, "epsilon": 1.0}, "--epsilon"),
        ({"pareto": True, "epsilon": -0.01}, "--epsilon"),
        ({"pareto": True, "epsilon": math.nan}, "--epsilon"),
        ({"pareto": True, "objective": "time"}, "--objective"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(given: dict[str, Any], where: str) -> None:
    with pytest.raises(RequestError) as caught:
        chosen(**given)
    assert caught.value.where == where
    assert "\n" not in str(caught.value)


def plan_of(selection: Selection) -> Plan:
    plans = [plan for plan in answers.plans() if plan.itineraries]
    best = plans[0].itineraries[0]
    other = replace(
        best,
        best_in=("time",) if selection is PARETO else (),
        differs_by=() if selection is PARETO else ("passage Cape, not Suez",),
    )
    first = replace(best, best_in=("cost for its emissions",) if selection is PARETO else ())
    return replace(plans[0], itineraries=(first, other), selection=selection)


@pytest.mark.parametrize("width", [76, 80, 140])
@pytest.mark.parametrize("is_ascii", [False, True])
def test_a_set_is_a_row_each_with_what_it_is_best_in(width: int, *, is_ascii: bool) -> None:
    text = choices_table(plan_of(PARETO), PARETO, Paper(width=width, is_ascii=is_ascii))
    assert max(map(len, text.splitlines())) <= width
    assert text.isascii() or not is_ascii
    assert "best in: time" in text
    assert "best in: cost for its emissions" in text
    flat = " ".join(text.split())
    assert "2 itineraries: each other way within 1.5 times the least generalized cost" in flat
    assert "1 % of time, 1 % of cost and 2 % of emissions" in flat
    assert "Incomplete" not in text
    cut = replace(PARETO, is_truncated=True)
    assert "Incomplete" in choices_table(plan_of(PARETO), cut, Paper(width=width))


def test_alternatives_follow_leg_by_leg_with_what_they_differ_by() -> None:
    plan = plan_of(ALTERNATIVES)
    text = choices_table(plan, ALTERNATIVES, Paper(width=80))
    assert text.count("differs by: passage Cape, not Suez") == 2, "below the row, below the legs"
    assert "2 of 3 asked for" in text
    assert text.count("P10/P50/P90") == 3, "two tables of legs and the note"
    assert f"\n1. {plan.itineraries[0].title}" in text
    assert f"\n2. {plan.itineraries[0].title}" in text


def test_no_way_is_said_as_ever() -> None:
    plan = next(plan for plan in answers.plans() if not plan.itineraries)
    assert "no way through" in choices_table(plan, PARETO, Paper(width=80))


def test_a_way_in_short_names_modes_and_where_they_go() -> None:
    text = way_text(plan_of(PARETO).itineraries[0])
    assert text.startswith("from ")
    assert "sea to " in text


def test_data_formats_tell_itineraries_apart() -> None:
    plan = plan_of(ALTERNATIVES)
    head, *rows = legs_csv(plan.itineraries).splitlines()
    assert head.startswith("itinerary,corridor,leg,")
    assert head.endswith(",differs_by")
    assert {row.split(",")[0] for row in rows} == {"1", "2"}
    features = itineraries_geojson(
        plan.itineraries, request=plan.request, provenance=plan.provenance
    )["features"]
    assert {f["properties"]["itinerary"] for f in features} == {1, 2}
    assert {f["properties"].get("differs_by", [""])[0] for f in features} == {
        "", "passage Cape, not Suez",
    }  # fmt: skip
    one = legs_csv(plan.itineraries[:1]).splitlines()[0]
    assert "differs_by" not in one
    assert plan.to_dict()["selection"] == {
        "kind": "alternatives", "within_ratio": 1.5, "asked": 3,
    }  # fmt: skip
    assert "selection" not in replace(plan, selection=None).to_dict()
