"""Chances and resampled totals on the embedded network: what must hold whatever the data."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from landbridge.report import ask, pictures
from landbridge.report.charts.drawing import to_svg
from landbridge.report.csvtable import itineraries_csv

if TYPE_CHECKING:
    from landbridge.report.compare import Comparison
    from landbridge.scenarios.case import Case

CORRIDORS = ("instc-west", "suez-baltic", "cape")


@pytest.fixture(scope="module")
def plain(case: Case) -> Comparison:
    return ask.compare("Mumbai", "Moscow", corridors=CORRIDORS, case=case)


def test_the_chance_of_a_percentile_is_its_share(case: Case, plain: Comparison) -> None:
    # each option asked anew with a deadline just beyond its own P10, P50 and P90
    option = next(o for o in plain.options if o.corridor == "instc-west")
    for share, hours in (
        (0.1, option.lead_time_h.p10), (0.5, option.lead_time_h.p50), (0.9, option.lead_time_h.p90)
    ):  # fmt: skip
        day = plain.request.depart + timedelta(days=int(hours // 24))
        chances = []
        for late in (0, 1):
            plan = ask.plan(
                "Mumbai", "Moscow", corridors=["instc-west"], case=case,
                deadline=day + timedelta(days=late),
            )  # fmt: skip
            assert plan.best is not None
            chances.append(plan.best.probability_by_deadline or 0.0)
        assert chances[0] <= share <= chances[1]


def test_faster_and_slower_add_up_to_one(plain: Comparison) -> None:
    size = len(plain.options)
    for a in range(size):
        for b in range(size):
            assert plain.faster[a][b] + plain.faster[b][a] == pytest.approx(1.0)
    answer = plain.to_dict()
    first = answer["options"][0]["probability_faster_than"]
    assert set(first) == {option.corridor for option in plain.options[1:]}
    assert "probability_by_deadline" not in answer["options"][0]
    json.dumps(answer, allow_nan=False)


def test_the_cape_is_hardly_ever_faster(plain: Comparison) -> None:
    at = {option.corridor: k for k, option in enumerate(plain.options)}
    assert plain.faster[at["cape"]][at["suez-baltic"]] < 0.1


def test_a_deadline_shows_in_every_form(case: Case, plain: Comparison) -> None:
    found = ask.compare("Mumbai", "Moscow", corridors=CORRIDORS, case=case, deadline="2025-08-05")
    assert found.to_dict()["request"]["deadline"] == "2025-08-05"
    for option in found.options:
        assert 0.0 <= (option.probability_by_deadline or 0.0) <= 1.0
        assert option.to_dict()["probability_by_deadline"] == option.probability_by_deadline
    header, row, *_ = itineraries_csv(found.options).splitlines()
    at = header.split(",").index("probability_by_deadline")
    assert float(row.split(",")[at]) == found.options[0].probability_by_deadline
    # the deadline changes nothing else
    assert [o.lead_time_h for o in found.options] == [o.lead_time_h for o in plain.options]


def test_more_draws_move_totals_a_little_and_legs_not_at_all(case: Case, plain: Comparison) -> None:
    many = ask.compare("Mumbai", "Moscow", corridors=CORRIDORS, case=case, samples=30_000)
    assert many.request.samples == 30_000
    few = {option.corridor: option for option in plain.options}
    for option in many.options:
        other = few[option.corridor]
        assert option.legs == other.legs
        assert option.cost_usd.central == other.cost_usd.central
        assert option.lead_time_h != other.lead_time_h
        assert option.lead_time_h.p50 == pytest.approx(other.lead_time_h.p50, rel=0.02)
        assert option.lead_time_h.p90 == pytest.approx(other.lead_time_h.p90, rel=0.04)


def test_another_seed_is_other_luck(case: Case, plain: Comparison) -> None:
    other = ask.compare("Mumbai", "Moscow", corridors=CORRIDORS, case=case, seed=7)
    assert other.provenance.seed == 7
    pairs = zip(plain.options, other.options, strict=True)
    assert all(a.lead_time_h != b.lead_time_h for a, b in pairs if a.corridor == b.corridor)


def test_legs_add_up_to_the_charts_totals(case: Case, plain: Comparison) -> None:
    for option in plain.options:
        found = pictures.sensitivities(case, plain.request, [option])[0]
        assert sum(leg.mean_h for leg in option.legs) == pytest.approx(found.mean_h)
        assert found.cost_usd.central == pytest.approx(
            sum(leg.cost_usd.central for leg in option.legs)
        )


@pytest.mark.parametrize("kind", pictures.CHARTS)
def test_charts_are_drawn_for_any_answer(case: Case, plain: Comparison, kind: str) -> None:
    svg = to_svg(pictures.chart_of_comparison(kind, plain, case))
    assert svg.startswith("<svg")
    assert "INSTC, western branch" in svg


def test_the_last_line_names_assumed_parameters_of_the_answer(
    case: Case, plain: Comparison
) -> None:
    quality = {row.label: row.quality for row in case.parameters}
    assert len(plain.basis.heaviest) == 4
    for name in plain.basis.heaviest:
        assert quality[name] == "assumed"
        assert name in plain.basis.line()
