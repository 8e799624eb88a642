"""Pareto sets and alternatives: a tiny multimodal world by brute force, the real one by law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.domain.cargo import Consignment
from landbridge.domain.itinerary import Plan
from landbridge.domain.network import Mode, Place
from landbridge.domain.request import Request, Scope
from landbridge.parameters.load import load_defaults
from landbridge.planning.alternatives import AlternativesChooser
from landbridge.planning.build import arcs_of
from landbridge.planning.hunt import WITHIN_RATIO, Hunt
from landbridge.planning.pareto import FIGURES, TRUNCATED, Epsilon, ParetoChooser, merged, said
from landbridge.planning.plan import Planner
from landbridge.planning.signature import (
    Signature,
    differences,
    is_roundabout,
    shared_usd,
    signature_of,
)
from landbridge.report import ask
from landbridge.routing.pareto import pareto_set
from landbridge.routing.reference import product_pareto
from landbridge.scenarios.case import Case
from worlds import strait

EXACT = Epsilon.of(0.0)


class Kept:
    """A chooser that keeps the ground it was given."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.hunt: Any = None

    def __call__(self, hunt: Hunt) -> Any:
        self.hunt = hunt
        return self.inner(hunt)

    def judged(self, plan: Plan) -> Plan:
        return self.inner.judged(plan)


@pytest.fixture(scope="module")
def small() -> Planner:
    case = Case(
        dataset=strait.dataset(service_markets={}),
        parameters=load_defaults(),
        gazetteer=None,  # type: ignore[arg-type]
        digest="made up",
    )
    return Planner(case)


def town(lon: float) -> Place:
    country = "AA" if lon <= 1.0 else "BB"
    return Place(id=f"T{lon}", name="Town", country=country, lat=0.0, lon=lon, kind="town")


def question(start: Place, end: Place, **given: Any) -> Request:
    columns: dict[str, Any] = {
        "consignment": Consignment(unit="40ft", units=1, cargo_mass_t=20.0, goods="general"),
        "depart": date(2025, 5, 1),
    }
    return Request(origin=start, destination=end, **{**columns, **given})


@settings(max_examples=40, deadline=None)
@given(
    start=st.sampled_from([0.0, 0.2, 0.4]), end=st.sampled_from([1.4, 1.6, 2.0]),
    units=st.integers(1, 6), tonnes=st.sampled_from([2.0, 20.0, 26.0]),
    value=st.sampled_from([None, 1e4, 1e6]),
    day=st.sampled_from([date(2025, 5, 1), date(2025, 8, 1)]), scope=st.sampled_from(Scope),
    modes=st.sampled_from([tuple(Mode), (Mode.SEA, Mode.ROAD), (Mode.RAIL,)]),
    ruled=st.booleans(), back=st.booleans(),
)  # fmt: skip
def test_the_exact_set_of_a_multimodal_world_is_that_of_brute_force(
    small: Planner, start: float, end: float, units: int, tonnes: float, value: float | None,
    day: date, scope: Scope, modes: tuple[Mode, ...], *, ruled: bool, back: bool,
) -> None:  # fmt: skip
    cargo = Consignment(
        unit="20ft", units=units, cargo_mass_t=tonnes * units, goods="general", value_usd=value
    )
    ends = (town(end), town(start)) if back else (town(start), town(end))
    request = question(*ends, consignment=cargo, depart=day, scope=scope, modes=modes)
    keep = Kept(ParetoChooser(epsilon=EXACT))
    plan = small.plan(request, small.case.dataset.corridors[0] if ruled else None, choose=keep)
    if keep.hunt is None:
        assert plan.blockers
        assert not plan.itineraries
        return
    hunt, field = keep.hunt, keep.hunt.field
    limit = hunt.best.weight * WITHIN_RATIO
    closed = {"shut_crossings": hunt.shut_crossings, "shut_passages": hunt.shut_passages}
    for way in hunt.ways:
        weights = field.ruled(way, hunt.ban, *closed.values())
        brute = product_pareto(field.graph, weights, field.costs(), limit=limit)
        states = field.unfolded(way, hunt.ban, **closed, limit=limit)
        found = [] if states is None else pareto_set(states, (0.0, 0.0, 0.0)).cost.tolist()
        assert np.array(sorted(found)) == pytest.approx(np.array(brute), rel=1e-7)
    assert plan.itineraries
    assert plan.selection is not None
    assert not plan.selection.is_truncated


def test_what_is_shown_is_beaten_by_nothing_shown(planner: Planner, mumbai_moscow: Request) -> None:
    plan = planner.plan(mumbai_moscow, choose=ParetoChooser())
    assert len(plan.itineraries) > 5
    costs = [one.generalized_cost_usd for one in plan.itineraries]
    assert costs == sorted(costs)
    best = planner.plan(mumbai_moscow).best
    assert best is not None
    assert costs[0] <= best.generalized_cost_usd * (1 + 1e-9)
    for one, other in combinations(plan.itineraries, 2):
        pairs = [(figure.value(one), figure.value(other)) for figure in FIGURES]
        assert any(a < b for a, b in pairs)
        assert any(a > b for a, b in pairs)
    assert all(one.best_in for one in plan.itineraries)
    for figure in FIGURES:
        least = min(plan.itineraries, key=figure.value)
        assert figure.name in least.best_in
    coarse = planner.plan(mumbai_moscow, choose=ParetoChooser(epsilon=Epsilon.of(0.1)))
    assert 1 < len(coarse.itineraries) < len(plan.itineraries)


def test_without_room_the_set_says_that_it_is_incomplete(
    planner: Planner, mumbai_moscow: Request
) -> None:
    plan = planner.plan(mumbai_moscow, choose=ParetoChooser(epsilon=EXACT, most_labels=60))
    assert plan.itineraries
    assert plan.selection is not None
    assert plan.selection.is_truncated
    assert plan.to_dict()["selection"]["pareto_truncated"] is True
    assert all(TRUNCATED in one.flags for one in plan.itineraries)


def test_sets_of_two_corridors_are_one_set(planner: Planner, mumbai_moscow: Request) -> None:
    rules = {row.id: row for row in planner.case.dataset.corridors}
    choose = ParetoChooser(epsilon=Epsilon.of(0.05))
    plans = [
        planner.plan(mumbai_moscow, rules[name], choose=choose)
        for name in ("instc-west", "suez-baltic")
    ]
    whole = merged(plans)
    both = [one for plan in plans for one in plan.itineraries]
    assert {one.corridor for one in whole.itineraries} == {"instc-west", "suez-baltic"}
    assert len(whole.itineraries) <= len(both)
    for one in both:
        assert any(
            all(figure.value(own) <= figure.value(one) for figure in FIGURES)
            for own in whole.itineraries
        )


def test_a_prohibited_way_hides_no_lawful_one(planner: Planner, mumbai_moscow: Request) -> None:
    one, two, *_ = planner.plan(mumbai_moscow, choose=ParetoChooser()).itineraries
    slower = replace(
        two, lead_time_h=one.lead_time_h, cost_usd=one.cost_usd,
        emissions_wtw_kgco2e=replace(one.emissions_wtw_kgco2e, central=1e9),
    )  # fmt: skip
    assert said([one, slower]) == said([one])
    banned = replace(one, status="prohibited")
    lawful, last = said([banned, slower])
    assert (lawful.status, last.status) == (slower.status, "prohibited")
    assert "time" in lawful.best_in
    assert last.best_in == ()


@pytest.mark.parametrize("corridor", [None, "instc-west"])
def test_alternatives_differ_in_a_meaning(
    planner: Planner, mumbai_moscow: Request, corridor: str | None
) -> None:
    rules = {row.id: row for row in planner.case.dataset.corridors}
    keep = Kept(AlternativesChooser(most=5))
    plan = planner.plan(mumbai_moscow, rules[corridor] if corridor else None, choose=keep)
    assert 2 <= len(plan.itineraries) <= 5
    costs = [one.generalized_cost_usd for one in plan.itineraries]
    assert costs == sorted(costs)
    assert costs[-1] < 2.0 * costs[0]
    assert [bool(one.differs_by) for one in plan.itineraries] == [False] + [True] * (len(costs) - 1)
    assert len({one.differs_by for one in plan.itineraries}) == len(costs)
    alone = planner.plan(mumbai_moscow, rules[corridor] if corridor else None).best
    assert alone is not None
    assert costs[0] <= alone.generalized_cost_usd * (1 + 1e-9)


def test_where_every_way_comes_to_one_place_twice_the_best_is_given(planner: Planner) -> None:
    plan = ask.plan("Shanghai", "Mumbai", via=["Dubai"], alternatives=3, planner=planner)
    assert plan.itineraries


def test_a_way_is_shared_with_itself_and_in_part_with_others(
    planner: Planner, mumbai_moscow: Request
) -> None:
    keep = Kept(ParetoChooser())
    planner.plan(mumbai_moscow, choose=keep)
    hunt = keep.hunt
    found = list(hunt.gather(lambda states: pareto_set(states, (0.05, 0.05, 0.1)).paths))
    field = hunt.field
    for one in found:
        whole = field.prices.weight(arcs_of(one))
        assert whole == pytest.approx(one.weight, rel=1e-9)
        assert shared_usd(field, one, one) == pytest.approx(whole, rel=1e-9)
        assert not is_roundabout(field, one)
        there_and_back = replace(one, moves=(*one.moves, *one.moves))
        assert is_roundabout(field, there_and_back)
        for other in found:
            assert 0.0 <= shared_usd(field, one, other) <= whole * (1 + 1e-9)
    assert len({signature_of(field, one) for one in found}) > 1


SIGNATURE = Signature(
    passages=("suez",), crossings=("B1",), terminals=("P1", "P2"), modes=("sea", "rail"),
    services=("sea mainline", "rail block"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        ({}, ()),
        ({"passages": ("cape",)}, ("passage Cape, not Suez",)),
        ({"passages": ()}, ("no passage Suez",)),
        ({"terminals": ("P2", "P1")}, ("order of terminals",)),
        ({"crossings": ("B1", "B2")}, ("crossing B2",)),
        ({"modes": ("rail",), "services": ("rail block",)}, ("modes rail, not sea - rail",)),
        ({"services": ("V1", "rail block")}, ("service Line 1, not sea mainline",)),
        (
            {"services": ("sea feeder", "rail block"), "terminals": ("P1", "P3")},
            ("terminal P3, not P2", "service sea feeder, not sea mainline"),
        ),
    ],
)
def test_differences_in_words(given: dict[str, Any], texts: tuple[str, ...]) -> None:
    names = {"suez": "Suez", "cape": "Cape", "V1": "Line 1"}
    assert differences(replace(SIGNATURE, **given), SIGNATURE, names) == texts
