"""How figures are written for people: days, thousands, ranges. Never used for data formats."""

from __future__ import annotations

import math
from collections.abc import Sequence

from landbridge.domain.itinerary import Bounds, Percentiles

HOURS_PER_DAY = 24.0
UNKNOWN = "-"


def whole(value: float) -> str:
    """Return a figure without decimals, thousands parted by a comma."""
    return UNKNOWN if math.isnan(value) else f"{value:,.0f}"


def days(hours: float) -> str:
    """Return hours as days: one decimal below ten, none from there on."""
    if math.isnan(hours):
        return UNKNOWN
    value = hours / HOURS_PER_DAY
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"


def days_span(time_h: Percentiles) -> str:
    """Return P50 with P10 and P90 in parentheses, in days."""
    if math.isnan(time_h.p50):
        return UNKNOWN
    return f"{days(time_h.p50)} ({days(time_h.p10)}-{days(time_h.p90)})"


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
        step = 0 if largest < 1e3 else 1 if largest < 1e6 else 2
        self.unit = units[step]
        self._factor = 1e3**step
        scaled = largest / self._factor
        self._decimals = (
            0 if not step or scaled >= 99.95 else 2 if step == 2 and scaled < 9.995 else 1
        )

    def figure(self, value: float) -> str:
        """Return one amount."""
        if math.isnan(value):
            return UNKNOWN
        return f"{value / self._factor:,.{self._decimals}f}"

    def span(self, amount: Bounds) -> str:
        """Return the central amount with low and high in parentheses."""
        if math.isnan(amount.central):
            return UNKNOWN
        low, high = self.figure(amount.low), self.figure(amount.high)
        return f"{self.figure(amount.central)} ({low}-{high})"
