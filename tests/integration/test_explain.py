from __future__ import annotations

import json

import pytest

from landbridge.domain.itinerary import Plan
from landbridge.evidence import sources
from landbridge.report import ask
from landbridge.report.explain import explained_dict, explained_table
from landbridge.report.page import Paper
from landbridge.scenarios.case import Case


@pytest.fixture(scope="module")
def answer(case: Case) -> Plan:
    return ask.plan("Mumbai", "Moscow", corridors=["instc-west"], case=case)


def test_parts_add_up_to_the_legs_money_and_gases(answer: Plan, case: Case) -> None:
    written = explained_dict(answer, case.parameters)
    legs = [leg for itinerary in written["itineraries"] for leg in itinerary["legs"]]
    assert legs
    for leg in legs:
        for figure in ("cost_usd", "emissions_wtw_kgco2e"):
            parts = sum(part["central"] for part in leg["parts"][figure])
            assert parts == pytest.approx(leg[figure]["central"], abs=1e-6)


def test_each_parameter_and_source_is_given_in_full(answer: Plan, case: Case) -> None:
    written = explained_dict(answer, case.parameters)
    rows = {row.label: row for row in case.parameters}
    labels = {
        label
        for itinerary in written["itineraries"]
        for leg in itinerary["legs"]
        for parts in leg["parts"].values()
        for part in parts
        for label in part["parameters"]
    }
    assert labels - set(rows) <= {"service.headway_h[network]"}
    assert set(written["parameters"]) == labels & set(rows)
    for label, row in written["parameters"].items():
        assert (row["central"], row["unit"]) == (rows[label].central, rows[label].unit)
        assert row["evidence"] or row["quality"] == "assumed" or row["note"]
    cited = {id_ for row in written["parameters"].values() for id_ in row["evidence"]}
    assert set(written["sources"]) == cited & set(sources())
    json.dumps(written, allow_nan=False)


def test_the_price_level_of_another_year_is_told(case: Case) -> None:
    old = ask.plan("Mumbai", "Moscow", corridors=["instc-west"], depart="2019-06-01", case=case)
    written = explained_dict(old, case.parameters)
    assert 0.8 < written["price_factor"] < 1.0
    assert "price.deflator_2017_2023_1[default]" in written["parameters"]
    assert "of the level of 2023" in explained_table(old, case.parameters, Paper(width=80))


def test_legs_carry_the_evidence_of_their_parts(answer: Plan) -> None:
    for itinerary in answer.itineraries:
        for leg in itinerary.legs:
            of_parts = {
                label
                for part in (*leg.time_parts, *leg.cost_parts, *leg.emission_parts)
                for label in part.parameters
            }
            assert of_parts <= set(leg.evidence)


def test_the_table_names_every_parameter_and_fits_eighty_columns(answer: Plan, case: Case) -> None:
    text = explained_table(answer, case.parameters, Paper(width=80), services=case.dataset.services)
    assert max(map(len, text.splitlines())) <= 80
    whole = " ".join(text.split())
    written = explained_dict(answer, case.parameters)
    for label, row in written["parameters"].items():
        assert f"{label}:" in whole.replace(" ", "") or f"{label}:" in whole
        assert row["quality"] in whole
    for id_ in written["sources"]:
        assert id_ in whole
    assert "Where the figures come from" in text
