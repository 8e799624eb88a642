from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from fakes import answers
from golden import worked_example as example
from landbridge.domain.arcs import Arc, BorderArc, HaulArc, TransferArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.request import Scope
from landbridge.errors import RequestError
from landbridge.models.distribution import Z90, fit
from landbridge.models.draws import MOST_COMMON_SHARE, Draws
from landbridge.models.pricing import Pricing
from landbridge.models.terms import Factor, Term
from landbridge.montecarlo.percentiles import faster_shares, points, share_within, time_points
from landbridge.montecarlo.run import (
    MOST_SAMPLES,
    arcs_of,
    checked_samples,
    resampled_itinerary,
    sample,
    sample_hours,
    total,
)
from landbridge.parameters import load_defaults

DEFAULTS = load_defaults()
CHAIN = example.western_branch()


def _pricing(seed: int = 0, **facts: object) -> Pricing:
    return Pricing(
        DEFAULTS,
        consignment=Consignment(unit="20ft", units=1, cargo_mass_t=10.0, goods="general"),
        depart=date(2023, 6, 1),
        scope=Scope.TERMINAL,
        origin_country="IN",
        seed=seed,
        **facts,  # type: ignore[arg-type]
    )


def _term(low: float, central: float, high: float, stream: str, **facts: object) -> Term:
    row = DEFAULTS.lookup("lift_usd")
    margin = fit(low, central, high)
    return Term("x", 1.0, (Factor(row, margin, central, stream, **facts),))  # type: ignore[arg-type]


@pytest.mark.parametrize("n", [200, 2000, 100_000])
def test_percentiles_of_one_margin_are_its_three_points(n: int) -> None:
    for triple in ((3.0, 7.0, 14.0), (0.2, 0.9, 1.0), (5.0, 10.0, 15.0)):
        drawn = total([_term(*triple, "a")], Draws(samples=n))
        # between two strata the quantile is taken as straight
        assert points(drawn) == pytest.approx(triple, rel=2e-3 if n < 2000 else 2e-5)


def test_numbers_are_fixed_to_nine_digits() -> None:
    # recorded once; any machine, any NumPy, any order of terms must give these
    ocean, border = (("ocean", 0.6),), (("border", 0.5),)
    late = replace(
        _term(0.3, 0.38, 0.5, "sea.late_share_1/PORT-A", loadings=ocean), kind="late", scale=24.0
    )
    days = _term(3.0, 5.0, 8.0, "sea.late_mean_d").factors[0]
    wait = replace(_term(84.0, 168.0, 336.0, "hw/PORT-A"), kind="wait", reference_h=84.0)
    terms = [
        _term(70.0, 80.0, 95.0, "sea.speed/mainline", loadings=ocean),
        _term(72.0, 168.0, 336.0, "dwell/PORT-A", loadings=(("country:IR", 0.5),)),
        _term(6.0, 48.0, 240.0, "border/B003", loadings=border),
        _term(0.2, 0.9, 1.0, "mirror"),
        replace(late, factors=(*late.factors, days)),
        wait,
    ]
    for order in (terms, terms[::-1]):
        found = points(total(order, Draws(seed=11, samples=5000)))
        assert found == pytest.approx((252.8133594838, 425.4705703733, 749.3644985238), rel=1e-9)


def test_the_order_of_legs_does_not_matter() -> None:
    pricing = _pricing()
    turned = tuple(reversed(CHAIN))
    straight = total((t for own in pricing.terms(CHAIN) for t in own.time), Draws(samples=500))
    other = total((t for own in pricing.terms(turned) for t in own.time), Draws(samples=500))
    assert straight.tolist() == other.tolist()


def test_kept_quantities_are_the_same_luck() -> None:
    pricing = _pricing()
    for chain in (CHAIN, example.suez_with_hub(), (*CHAIN, *example.western_branch())):
        times = (term for own in pricing.terms(chain) for term in own.time)
        kept = sample_hours(pricing, chain, pricing.draws)
        assert kept.tolist() == total(times, pricing.draws).tolist()


def test_a_further_leg_shifts_nobodys_luck() -> None:
    pricing, draws = _pricing(), Draws(samples=500)
    longer: tuple[Arc, ...] = (*CHAIN, *example.suez_with_hub())
    more = sample_hours(pricing, longer, draws)
    apart = sample_hours(pricing, CHAIN, draws) + sample_hours(
        pricing, example.suez_with_hub(), draws
    )
    assert more == pytest.approx(apart, rel=1e-12)


def test_the_mean_is_the_formulas() -> None:
    pricing = _pricing()
    for chain in (CHAIN, example.suez_with_hub()):
        hours = sample_hours(pricing, chain, Draws(samples=100_000))
        assert hours.mean() == pytest.approx(pricing.outcome(chain).mean_h, rel=2e-3)


def test_standard_draws_give_the_planned_percentiles() -> None:
    pricing = _pricing(seed=5)
    planned = pricing.outcome(CHAIN)
    drawn = sample(pricing, CHAIN, Draws(seed=5))
    assert time_points(drawn.lead_time_h).p90 == pytest.approx(planned.lead_time_h.p90)
    assert points(drawn.cost_usd)[2] == pytest.approx(planned.cost_usd.high)


def test_legs_that_share_a_factor_are_correlated_as_stated() -> None:
    ocean = (("ocean", 0.6),)
    draws = Draws(samples=100_000)
    scores = [draws.scores(name, ocean) for name in ("a", "b")]
    assert np.corrcoef(scores)[0, 1] == pytest.approx(0.36, abs=0.01)
    together = total(
        [_term(5, 10, 15, "a", loadings=ocean), _term(5, 10, 15, "b", loadings=ocean)], draws
    )
    # two normals of spread s with correlation 0.36: sd s sqrt(2 x 1.36)
    sd = 5 / Z90 * math.sqrt(2 * 1.36)
    assert points(together) == pytest.approx((20 - Z90 * sd, 20, 20 + Z90 * sd), abs=0.1)


def test_freight_market_follows_the_ocean_a_little() -> None:
    draws = Draws(samples=100_000)
    found = np.corrcoef(draws.stream("factor/ocean"), draws.stream("factor/freight_market"))[0, 1]
    assert found == pytest.approx(0.2, abs=0.01)
    assert draws.stream("factor/freight_market").std() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(("scale", "share"), [(0.5, 0.09), (2.0, MOST_COMMON_SHARE)])
def test_scaled_loadings_stay_possible(scale: float, share: float) -> None:
    draws = Draws(samples=50_000, loading_scale=scale)
    found = np.corrcoef([draws.scores(name, (("ocean", 0.6),)) for name in ("a", "b")])[0, 1]
    assert found == pytest.approx(share, abs=0.01)


def test_few_and_odd_numbers_of_draws_work() -> None:
    for n in (1, 2, 3, 7):
        hours = sample_hours(_pricing(), CHAIN, Draws(samples=n))
        assert hours.shape == (n,)
        assert np.isfinite(hours).all()
        p10, p50, p90 = points(hours)
        assert p10 <= p50 <= p90


def test_resampling_changes_totals_and_leaves_legs() -> None:
    pricing = _pricing()
    bare = answers.itinerary("instc-west", "INSTC")
    legs = tuple(replace(leg, arcs=CHAIN if k == 0 else ()) for k, leg in enumerate(bare.legs))
    planned = pricing.outcome(CHAIN)
    itinerary = replace(bare, legs=legs, cost_usd=planned.cost_usd)
    assert arcs_of(itinerary) == CHAIN
    same = resampled_itinerary(itinerary, pricing, Draws())
    assert same.lead_time_h.p50 == pytest.approx(planned.lead_time_h.p50)
    assert same.generalized_cost_usd == pytest.approx(planned.generalized_cost_usd)
    other = resampled_itinerary(itinerary, pricing, Draws(samples=30_000))
    assert other.lead_time_h.p50 != same.lead_time_h.p50
    assert other.lead_time_h.p50 == pytest.approx(same.lead_time_h.p50, rel=0.02)
    assert other.cost_usd.central == itinerary.cost_usd.central
    assert other.legs == itinerary.legs


@pytest.mark.parametrize("samples", [0, -5, MOST_SAMPLES + 1])
def test_an_impossible_number_of_draws_is_refused(samples: int) -> None:
    with pytest.raises(RequestError, match=r"--samples"):
        checked_samples(samples)


def test_shares_of_paired_draws() -> None:
    a, b = np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 2.0, 2.0, 9.0])
    # a is faster in the first and the last, equal in the second
    assert faster_shares([a, b]) == ((0.5, 0.625), (0.375, 0.5))
    assert faster_shares([]) == ()
    assert share_within(a, 3.0) == 0.75
    assert share_within(a, 0.0) == 0.0


LAND, COUNTRY = 0.6**2, 0.5**2
"""Squares of the loadings: what two scores with a common factor are correlated by."""


def test_trains_of_one_country_share_more_luck_than_those_of_two() -> None:
    # all that happens on land has one factor, a country another (ranks are a little less alike)
    shared, abroad = LAND + COUNTRY, LAND
    pricing, draws = _pricing(), Draws(samples=50_000)
    rail = HaulArc(mode="rail", country="RU", vehicle="block", distance_km=1000)
    truck = HaulArc(mode="road", country="RU", vehicle="truck", distance_km=1000)
    other = HaulArc(mode="road", country="KZ", vehicle="truck", distance_km=1000)
    ranks = [
        np.argsort(np.argsort(sample_hours(pricing, [arc], draws))) for arc in (rail, truck, other)
    ]
    found = np.corrcoef(ranks)
    assert found[0, 1] == pytest.approx(6 / math.pi * math.asin(shared / 2), abs=0.015)
    assert found[0, 2] == pytest.approx(6 / math.pi * math.asin(abroad / 2), abs=0.015)


def test_a_gauge_change_has_the_luck_of_frontiers_wherever_it_stands() -> None:
    shared = LAND + COUNTRY  # the factor of frontiers loads as a country's
    pricing, draws = _pricing(), Draws(samples=50_000)
    reload = TransferArc(
        terminal="DRY-X", country="PL", role="transfer", mode_from="rail", mode_to="rail",
        vehicle_from="block", vehicle_to="block", gauge_from_mm=1520, gauge_to_mm=1435,
    )  # fmt: skip
    border = BorderArc(crossing="B001", mode="rail", country_from="AZ", country_to="RU")
    ranks = [
        np.argsort(np.argsort(sample_hours(pricing, [arc], draws))) for arc in (reload, border)
    ]
    assert np.corrcoef(ranks)[0, 1] == pytest.approx(6 / math.pi * math.asin(shared / 2), abs=0.02)


def test_kept_draws_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    from landbridge.models import draws as module

    whole = sample(_pricing(), CHAIN, Draws(samples=500))
    monkeypatch.setattr(module, "MOST_KEPT_BYTES", 40_000)
    small = Draws(samples=500)
    again = sample(_pricing(), CHAIN, small)
    assert again.lead_time_h.tolist() == whole.lead_time_h.tolist()
    assert small._kept_bytes <= 40_000
