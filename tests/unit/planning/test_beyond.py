"""What is far dearer than the best is not built, and costs what it would cost if it were."""

from __future__ import annotations

import pytest

from landbridge.planning.build import arcs_of
from landbridge.planning.settle import settled
from landbridge.planning.ways import FREE, ways_of
from unit.planning.test_frame import planner, question

REQUEST = question(0.2, 1.6)


def test_a_far_dearer_way_has_a_cost_and_no_itinerary() -> None:
    by = planner()
    corridors = by.case.dataset.corridors
    whole = by.compare(REQUEST, corridors)
    free = whole[0].best
    assert free is not None
    costs = {plan.corridor: plan.best.generalized_cost_usd for plan in whole if plan.best}
    bare = by.compare(REQUEST, corridors, far_off_ratio=0.0)
    for plan in bare:
        if plan.corridor == FREE or plan.corridor not in costs:
            assert plan.beyond is None
            continue
        assert plan.best is None
        assert plan.beyond is not None
        assert plan.beyond.generalized_cost_usd == pytest.approx(costs[plan.corridor], rel=1e-12)
        assert plan.beyond.arcs
    assert any(plan.beyond for plan in bare)


def test_nothing_within_the_ratio_is_left_out() -> None:
    by = planner()
    corridors = by.case.dataset.corridors
    assert by.compare(REQUEST, corridors, far_off_ratio=1e9) == by.compare(REQUEST, corridors)


def test_the_way_searched_first_changes_nothing() -> None:
    by = planner()
    field = by.field(REQUEST)
    for corridor in by.case.dataset.corridors:
        found = by.search(field, corridor, by.closures(field))
        each = [by.search(field, way, by.closures(field)) for way in ways_of(corridor)]
        least = min((way.weight for way in each if way), default=None)
        assert (found.weight if found else None) == least


def test_ranking_is_the_cost_of_the_whole_outcome() -> None:
    by = planner()
    field = by.field(REQUEST)
    way = by.search(field, None, by.closures(field))
    assert way is not None
    arcs = arcs_of(settled(field, way))
    outcome = field.pricing.outcome(arcs)
    assert field.pricing.ranking_usd(arcs) == pytest.approx(outcome.generalized_cost_usd, rel=1e-12)
    names = {row.label for row in outcome.parameters}
    assert field.pricing.labels(arcs) == names
