from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest

from fakes import answers
from golden import worked_example as example
from landbridge.domain.cargo import Consignment
from landbridge.domain.itinerary import Itinerary
from landbridge.domain.request import Scope
from landbridge.models.distribution import Z90
from landbridge.models.draws import Draws
from landbridge.models.pricing import Pricing
from landbridge.montecarlo.sensitivity import (
    Effect,
    Sensitivity,
    assumed_first,
    ignorance_parts,
    sensitivity,
)
from landbridge.parameters import Parameters, load_defaults

DEFAULTS = load_defaults()


def _pricing(parameters: Parameters = DEFAULTS, scope: Scope = Scope.TERMINAL) -> Pricing:
    return Pricing(
        parameters,
        consignment=Consignment(unit="20ft", units=1, cargo_mass_t=10.0, goods="general"),
        depart=date(2023, 6, 1),
        scope=scope,
        origin_country="IN",
    )


def _itinerary(pricing: Pricing) -> Itinerary:
    bare = answers.itinerary("instc-west", "INSTC")
    chain = example.western_branch()
    legs = tuple(replace(leg, arcs=chain if k == 0 else ()) for k, leg in enumerate(bare.legs))
    planned = pricing.outcome(chain)
    return replace(bare, legs=legs, cost_usd=planned.cost_usd, lead_time_h=planned.lead_time_h)


def _found(pricing: Pricing) -> Sensitivity:
    return sensitivity(pricing, _itinerary(pricing), Draws())


def _effect(found: Sensitivity, name: str) -> Effect:
    return next(effect for effect in found.effects if effect.name == name)


def test_the_dwell_in_bandar_abbas_moves_the_time_most() -> None:
    pricing = _pricing()
    found = _found(pricing)
    first = found.by_time()[0]
    assert first.name == "dwell.transit_h[IR:BANDARABBAS]"
    # at its low and high the dwell is 72 and 336 h, on average its margin's mean
    dwell = next(
        term
        for own in pricing.terms(example.western_branch())
        for term in own.time
        if term.parameters()[0].label == first.name
    )
    assert first.time_h == pytest.approx((72 - dwell.mean, 336 - dwell.mean), abs=1e-6)
    shares = [e.time_share for e in found.effects if not math.isnan(e.time_share)]
    assert first.time_share == max(shares)
    assert found.mean_h == pytest.approx(pricing.outcome(example.western_branch()).mean_h)


def test_a_slow_train_takes_longer_and_costs_hire() -> None:
    effect = _effect(_found(_pricing()), "rail.speed.block_km_per_d[IR]")
    assert effect.time_h[0] > 0 > effect.time_h[1]
    assert effect.cost_usd[0] > 0 > effect.cost_usd[1]


def test_a_tariff_moves_cost_by_its_range_and_time_not_at_all() -> None:
    # a lane row: 100 % of it is in the cost, once
    row = DEFAULTS.lookup("sea.rate_usd_per_teu", "IN-IR")
    effect = _effect(_found(_pricing()), row.label)
    assert effect.time_h == (0.0, 0.0)
    assert effect.cost_usd == pytest.approx((row.low - row.central, row.high - row.central))
    assert effect.cost_share > 0.05


def test_parameters_at_their_central_value_inside_a_scale_count_too() -> None:
    # return days of the box are not drawn, but nobody knows them
    effect = _effect(_found(_pricing()), "container.return_d[land]")
    assert effect.cost_span_usd > 10
    assert math.isnan(effect.cost_share)


def test_luck_is_no_ignorance() -> None:
    found = _found(_pricing(scope=Scope.DOOR))
    late = _effect(found, "lateness of the ship")
    wait = _effect(found, "wait for the first departure")
    for effect in (late, wait):
        assert effect.parameter is None
        assert effect.ignorance_time_h == (0.0, 0.0)
    # one week's headway: uniform, P10 to P90 is 0.8 of it
    assert wait.time_span_h == pytest.approx(0.8 * 168)
    assert wait.time_share > 0.01


@pytest.mark.parametrize(("grade", "share"), [("A", 0.2), ("C", 0.4), ("E", 0.6)])
def test_ignorance_is_the_stated_share_of_the_log_variance(grade: str, share: float) -> None:
    row = replace(
        DEFAULTS.lookup("lift_usd"),
        low=100 * math.exp(-0.5), central=100.0, high=100 * math.exp(0.5),
        quality="estimated", grade=grade,
    )  # fmt: skip
    # lognormal with sigma 0.5 / 1.28: of its log-variance a share is ignorance
    sigma = 0.5 / Z90 * math.sqrt(share)
    expected_low = (100 - 100 * math.exp(-Z90 * sigma)) / (100 - row.low)
    expected_high = (100 * math.exp(Z90 * sigma) - 100) / (row.high - 100)
    assert ignorance_parts(row) == pytest.approx((expected_low, expected_high))


def test_ignorance_is_a_part_of_the_swing() -> None:
    for effect in _found(_pricing()).effects:
        for part, whole in (
            (effect.ignorance_time_h, effect.time_h), (effect.ignorance_cost_usd, effect.cost_usd)
        ):  # fmt: skip
            assert abs(part[0]) <= abs(whole[0]) + 1e-9
            assert abs(part[1]) <= abs(whole[1]) + 1e-9


def test_stronger_common_factors_widen_the_total() -> None:
    half, double = _found(_pricing()).loadings
    assert (half.scale, double.scale) == (0.5, 2.0)
    spread = [run.lead_time_h.p90 - run.lead_time_h.p10 for run in (half, double)]
    assert spread[0] < spread[1]
    assert half.cost_usd.high < double.cost_usd.high


def test_what_weighs_most_comes_first_and_is_assumed() -> None:
    pricing = _pricing()
    names = assumed_first(pricing, [_itinerary(pricing)])
    quality = {row.label: row.quality for row in DEFAULTS}
    assert {quality.get(name, "assumed") for name in names} == {"assumed"}
    # ten times the box hire: it leads
    dear = _pricing(DEFAULTS.with_value("container.hire_usd_per_teud", "default", 20.0))
    assert assumed_first(dear, [_itinerary(dear)])[0] == "container.hire_usd_per_teud[default]"
    assert assumed_first(pricing, []) == ()


def test_the_quick_weight_agrees_with_the_exact_swing() -> None:
    # both rank the assumed parameters of cost; the quick way sees no box hire in time
    pricing = _pricing()
    found = _found(pricing)
    exact = {e.name: e.cost_span_usd + pricing.usd_per_h * e.time_span_h for e in found.effects}
    quick = [name for name in assumed_first(pricing, [_itinerary(pricing)]) if name in exact]
    assert exact[quick[0]] >= 0.7 * max(exact[name] for name in quick)
    top = sorted(quick, key=lambda name: -exact[name])[:5]
    assert set(top) <= set(quick[:9])
