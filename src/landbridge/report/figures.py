"""How figures are written for people: days, thousands, ranges. Never used for data formats."""

from __future__ import annotations

import math
from collections.abc import Sequence

from landbridge.domain.itinerary import Bounds, Percentiles

HOURS_PER_DAY = 24.0
UNKNOWN = "-"
MOST_IN_UNIT = 1e5
"""A column whose largest amount reaches this goes over to thousands, then to millions."""
COARSENESS = 10.0
"""Amounts of dollars and kilograms are rounded to tens: the last digit would mean nothing."""


def whole(value: float) -> str:
    """Return a figure without decimals, thousands parted by a comma."""
    return UNKNOWN if math.isnan(value) else f"{value:,.0f}"


def tens(value: float) -> str:
    """Return a figure rounded to tens, below ten to the nearest whole."""
    if math.isnan(value):
        return UNKNOWN
    if abs(value) < COARSENESS:
        return f"{value:.0f}"
    return f"{round(value / COARSENESS) * COARSENESS:,.0f}"


def percent(share: float | None) -> str:
    """Return a share as a whole percentage; none and all only where it is exactly so."""
    if share is None or math.isnan(share):
        return UNKNOWN
    if 0.0 < share < 0.01:
        return "<1 %"
    if 0.99 < share < 1.0:
        return ">99 %"
    return f"{100.0 * share:.0f} %"


def days(hours: float) -> str:
    """Return hours as days with one decimal."""
    return UNKNOWN if math.isnan(hours) else f"{hours / HOURS_PER_DAY:,.1f}"


def days_range(time_h: Percentiles) -> str:
    """Return P10 and P90 in days."""
    if math.isnan(time_h.p50):
        return UNKNOWN
    return f"{days(time_h.p10)}-{days(time_h.p90)}"


def days_span(time_h: Percentiles) -> str:
    """Return P50 with P10 and P90 in parentheses, in days."""
    if math.isnan(time_h.p50):
        return UNKNOWN
    return f"{days(time_h.p50)} ({days_range(time_h)})"


def days_triple(time_h: Percentiles) -> str:
    """Return P10, P50 and P90 in days, parted by slashes."""
    return f"{days(time_h.p10)}/{days(time_h.p50)}/{days(time_h.p90)}"


class Scale:
    """One scale for all amounts of a column, so that its figures can be compared at a glance.

    Parameters
    ----------
    amounts
        Low, central and high of each row, in one unit.
    units
        The unit, and what it is called in thousands and in millions (`USD`, `kUSD`, `MUSD`).
    """

    def __init__(self, amounts: Sequence[Bounds], *, units: tuple[str, str, str]) -> None:
        largest = max((a.high for a in amounts if not math.isnan(a.high)), default=0.0)
        step = 0 if largest < MOST_IN_UNIT else 1 if largest < MOST_IN_UNIT * 1e3 else 2
        self.unit = units[step]
        self._factor = 1e3**step

    def figure(self, value: float) -> str:
        """Return one amount."""
        if math.isnan(value):
            return UNKNOWN
        return tens(value) if self._factor == 1.0 else f"{value / self._factor:,.1f}"

    def range(self, amount: Bounds) -> str:
        """Return low and high."""
        if math.isnan(amount.central):
            return UNKNOWN
        return f"{self.figure(amount.low)}-{self.figure(amount.high)}"

    def span(self, amount: Bounds) -> str:
        """Return the central amount with low and high in parentheses."""
        if math.isnan(amount.central):
            return UNKNOWN
        return f"{self.figure(amount.central)} ({self.range(amount)})"
