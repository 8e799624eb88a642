from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest

from landbridge.models.prices import INDEX, carried_prices, freight_index, price_factor
from landbridge.parameters import Parameters, load_defaults

BASE = load_defaults()


def index(day: str, base: Parameters = BASE) -> float:
    return freight_index(base, date.fromisoformat(day)).value


@pytest.mark.parametrize(
    ("day", "usd"),
    [
        ("2019-06-01", 1420.0),  # the mean of the year
        ("2022-01-31", 9544.66),  # a reading of the month
        ("2022-06-01", 6800.0),
        ("2023-06-01", 1680.0),
        ("2023-08-15", 1761.33),
        ("2024-08-01", 5551.0),
        ("2025-03-01", 2368.0),
    ],
)
def test_readings_and_yearly_means(day: str, usd: float) -> None:
    assert index(day) == pytest.approx(usd, rel=1e-3)


def test_the_pandemic_and_the_red_sea_are_peaks() -> None:
    before, peak, after = index("2019-09-01"), index("2021-09-01"), index("2023-12-01")
    assert peak > 5 * before
    assert peak > 5 * after
    assert index("2024-08-01") > 3 * after
    assert index("2025-03-01") < index("2024-08-01") / 2


def test_months_between_readings_lie_between_them_in_logs() -> None:
    found = freight_index(BASE, date(2024, 6, 20))
    may, august = (BASE.lookup(INDEX, key).central for key in ("2024-05", "2024-08"))
    assert found.value == pytest.approx(may ** (2 / 3) * august ** (1 / 3))
    assert found.weights == pytest.approx((2 / 3, 1 / 3))
    assert [row.key for row in found.rows] == ["2024-05", "2024-08"]
    product = math.prod(r.central**w for r, w in zip(found.rows, found.weights, strict=True))
    assert product == pytest.approx(found.value)


def test_days_of_one_month_have_one_index() -> None:
    assert freight_index(BASE, date(2024, 6, 1)) == freight_index(BASE, date(2024, 6, 30))


def test_the_nearest_is_carried_and_said_so() -> None:
    late, early = freight_index(BASE, date(2030, 1, 1)), freight_index(BASE, date(2010, 1, 1))
    assert (late.value, late.carried_from) == (2368.0, "2025-03")
    assert (early.value, early.carried_from) == (1500.0, "2017")
    assert freight_index(BASE, date(2024, 2, 1)).carried_from == ""


def test_a_users_row_for_a_month_is_taken() -> None:
    row = replace(BASE.lookup(INDEX, "2025-03"), key="2026-03", low=2900, central=3000, high=3100)
    mine = BASE.overlaid([row])
    assert index("2026-03-10", mine) == 3000.0
    assert index("2025-09-10", mine) == pytest.approx(math.sqrt(2368.0 * 3000.0))


def test_carried_prices_are_told() -> None:
    assert carried_prices(BASE, date(2023, 6, 1)) == ()
    assert carried_prices(BASE, date(2019, 6, 1)) == ()
    late = carried_prices(BASE, date(2026, 3, 1))
    assert any("2023" in line for line in late)
    assert any("2025-03" in line for line in late)
    assert len(carried_prices(BASE, date(2005, 1, 1))) == 2


def test_the_price_level_grows_from_2017_to_2023() -> None:
    growth = BASE.lookup("price.deflator_2017_2023_1").central
    assert price_factor(BASE, 2023) == price_factor(BASE, 2026) == 1.0
    assert price_factor(BASE, 2017) == pytest.approx(1.0 / growth)
    assert price_factor(BASE, 2010) == price_factor(BASE, 2017)
    assert price_factor(BASE, 2020) == pytest.approx(1.0 / math.sqrt(growth))
