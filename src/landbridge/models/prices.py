"""Price levels of a date: the freight index of its month, the price level of its year.

Both come from rows of the parameters. Where no row speaks of the date, the nearest one is
carried, and `carried` says from when.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from landbridge.parameters import Parameter, Parameters

INDEX = "sea.rate.index_composite_usd_per_feu"
DEFLATOR = "price.deflator_2017_2023_1"
BASE_PRICE_YEAR = 2023
LAST_DEFLATOR_YEAR = 2017
MID_YEAR = 7.0
"""The month at which the mean of a year stands, where months are interpolated."""
ENOUGH_READINGS = 3
"""A year with so many readings of months needs no mean of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreightIndex:
    """The freight index of one month, USD/FEU.

    It is the product of the central values of `rows`, each to its power in `weights` (which add
    up to 1): one row, or the two between which it was interpolated in logs. `carried_from` is the
    key of the row that was carried, '' where the series speaks of the month.
    """

    value: float
    rows: tuple[Parameter, ...]
    weights: tuple[float, ...]
    carried_from: str = ""


def freight_index(parameters: Parameters, day: date) -> FreightIndex:
    """Return the freight index of the month of a day.

    Rows have keys `2022-01` (a month) or `2019` (the mean of a year). A month takes its own row;
    else the mean of its year, unless that year has readings enough to tell its months apart; else
    it is interpolated in logs between the nearest rows before and after. Before the first and
    after the last row, the nearest is carried.
    """
    keys = parameters.keys(INDEX)
    month, year = day.isoformat()[:7], day.isoformat()[:4]
    readings = sum(key.startswith(f"{year}-") for key in keys)
    for key in (month, year if readings < ENOUGH_READINGS else ""):
        if key in keys:
            row = _row(parameters, key)
            return FreightIndex(value=row.central, rows=(row,), weights=(1.0,))
    at = {key: _month_number(key) for key in keys if "-" in key or key != year}
    now = _month_number(month)
    before = max((key for key in at if at[key] <= now), key=lambda key: at[key], default="")
    after = min((key for key in at if at[key] > now), key=lambda key: at[key], default="")
    if not before or not after:
        row = _row(parameters, before or after)
        return FreightIndex(
            value=row.central, rows=(row,), weights=(1.0,), carried_from=before or after
        )
    rows = (_row(parameters, before), _row(parameters, after))
    share = (now - at[before]) / (at[after] - at[before])
    return FreightIndex(
        value=rows[0].central ** (1.0 - share) * rows[1].central ** share,
        rows=rows,
        weights=(1.0 - share, share),
    )


def price_factor(parameters: Parameters, year: int) -> float:
    """Return the price level of a year over that of 2023 for land, handling and fees.

    Only 2017 -> 2023 is known: between them it is interpolated in logs, before 2017 the price
    level of 2017 and after 2023 that of 2023 is carried.
    """
    growth = parameters.lookup(DEFLATOR).central
    if year >= BASE_PRICE_YEAR:
        return 1.0
    years = min(BASE_PRICE_YEAR - year, BASE_PRICE_YEAR - LAST_DEFLATOR_YEAR)
    return math.exp(-math.log(growth) * years / (BASE_PRICE_YEAR - LAST_DEFLATOR_YEAR))


def carried_prices(parameters: Parameters, day: date) -> tuple[str, ...]:
    """Return in words which prices were carried from another date, nothing if none were."""
    lines = []
    if day.year > BASE_PRICE_YEAR:
        lines.append(f"land tariffs, handling and fees at the prices of {BASE_PRICE_YEAR}")
    elif day.year < LAST_DEFLATOR_YEAR:
        lines.append(f"land tariffs, handling and fees at the prices of {LAST_DEFLATOR_YEAR}")
    index = freight_index(parameters, day)
    if index.carried_from:
        lines.append(f"ocean rates at the freight index of {index.carried_from}")
    return tuple(lines)


def _row(parameters: Parameters, key: str) -> Parameter:
    return parameters.lookup(INDEX, key)


def _month_number(key: str) -> float:
    year, _, month = key.partition("-")
    return int(year) * 12.0 + (int(month) if month else MID_YEAR)
