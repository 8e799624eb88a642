from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.models.distribution import Z90, fit, fit_parameter
from landbridge.models.draws import Draws
from landbridge.parameters import load_defaults
from landbridge.randomness import normal_quantile

DEFAULTS = load_defaults()
TRIPLES = [
    (3.0, 9.9, 30.0),
    (24.0, 62.0, 110.0),
    (6.0, 48.0, 240.0),
    (1.0, 2.0, 3.0),
    (0.3, 1.0, 1.0),
    (72.0, 168.0, 336.0),
    (0.4, 0.9, 1.0),
    (5.0, 5.0, 9.0),
]


@given(
    st.floats(0.01, 1e4),
    st.floats(1.001, 20.0),
    st.floats(1.001, 20.0),
)
@settings(max_examples=300)
def test_a_fit_meets_its_three_points(central: float, down: float, up: float) -> None:
    low, high = central / down, central * up
    margin = fit(low, central, high)
    assert margin.at(0.0) == pytest.approx(central, rel=1e-6, abs=1e-9)
    # a symmetric triple (|ln r| < 0.02) is a normal with the mean of both spreads
    tolerance = 0.011 * (high - low)
    assert margin.at(-Z90) == pytest.approx(low, rel=1e-6, abs=tolerance)
    assert margin.at(Z90) == pytest.approx(high, rel=1e-6, abs=tolerance)


def test_a_skewed_fit_is_exact() -> None:
    margin = fit(3, 9.9, 30)
    assert [margin.at(z) for z in (-Z90, 0, Z90)] == pytest.approx([3, 9.9, 30], abs=1e-9)
    mirror = fit(0.2, 0.9, 1.0)
    assert [mirror.at(z) for z in (-Z90, 0, Z90)] == pytest.approx([0.2, 0.9, 1.0], abs=1e-9)
    assert mirror.sign == -1


@pytest.mark.parametrize("triple", TRIPLES)
@pytest.mark.parametrize("level_at", [0.2, 0.9, 1.5])
def test_moments_agree_with_brute_force(
    triple: tuple[float, float, float], level_at: float
) -> None:
    margin = fit(*triple)
    z = normal_quantile((np.arange(40_000) + 0.5) / 40_000)
    draws = Draws(samples=400)
    if margin.sigma == 0.0:
        values = margin.theta + margin.k * z
    else:
        values = margin.theta + margin.sign * margin.k * np.exp(margin.sigma * margin.sign * z)
    values = np.clip(values, margin.floor, margin.cap)
    assert margin.mean() == pytest.approx(values.mean(), rel=0.002)
    level = level_at * triple[1]
    brute = np.maximum(values - level, 0).mean()
    assert margin.excess(level) == pytest.approx(brute, rel=0.02, abs=0.002 * triple[1])
    stratified = draws.values(margin, "x", ())
    assert stratified.mean() == pytest.approx(margin.mean(), rel=0.02)


def test_values_stay_between_floor_and_cap() -> None:
    margin = fit(6, 48, 240)
    assert margin.at(-9) == 0.0
    assert margin.at(9) == 48 + 6 * (240 - 48)


def test_half_sided_rows_get_a_quarter_of_the_other_spread() -> None:
    assert fit(5, 5, 9).at(-Z90) == pytest.approx(4)
    assert fit(0.3, 1.0, 1.0).at(Z90) == pytest.approx(1.175)


def test_three_equal_points_have_no_spread() -> None:
    margin = fit(7, 7, 7)
    assert margin.at(2.0) == margin.mean() == 7.0


def test_speeds_become_hours_first() -> None:
    row = DEFAULTS.lookup("rail.speed.block_km_per_d", "RU")
    pace = fit_parameter(row, inverse_of=24.0)
    assert pace.at(-Z90) == pytest.approx(24 / row.high)
    assert pace.at(0) == pytest.approx(24 / row.central)
    assert pace.at(Z90) == pytest.approx(24 / row.low)


def test_a_season_moves_the_whole_margin_up() -> None:
    margin = fit(48, 120, 288)
    later = margin.shifted(0.7)
    assert later.at(0.0) == pytest.approx(margin.at(0.7))
    assert later.mean() > margin.mean()


def test_streams_are_fixed_distinct_and_uncorrelated() -> None:
    one, again = Draws(seed=3), Draws(seed=3)
    assert (one.stream("a") == again.stream("a")).all()
    assert (one.stream("a") != Draws(seed=4).stream("a")).any()
    assert abs(float(np.corrcoef(one.stream("a"), one.stream("b"))[0, 1])) < 0.05
    assert one.stream("a").mean() == pytest.approx(0, abs=1e-12)
    assert one.stream("a").std() == pytest.approx(1)


def test_loadings_make_the_stated_correlation() -> None:
    draws = Draws()
    loadings = (("ocean", 0.6),)
    together = np.corrcoef(draws.scores("a", loadings), draws.scores("b", loadings))[0, 1]
    assert together == pytest.approx(0.36, abs=0.04)
    assert draws.scores("a", loadings).std() == pytest.approx(1, abs=0.03)


def test_lateness_has_its_share_and_its_mean() -> None:
    late = Draws().late_days(0.38, 5.0, "x", ())
    assert (late > 0).mean() == pytest.approx(0.38, abs=0.002)
    assert late[late > 0].mean() == pytest.approx(5.0, abs=0.05)
    assert late[late > 0].min() >= 1.0
    assert np.quantile(late, 0.9) == pytest.approx(6.34, abs=0.05)
