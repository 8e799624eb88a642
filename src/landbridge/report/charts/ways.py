"""An itinerary as a climb: where distance, hours and dollars are spent, leg by leg."""

from __future__ import annotations

import math
from dataclasses import dataclass

from landbridge.domain.itinerary import Itinerary, Leg
from landbridge.report.charts.drawing import BLUE, GREEN, INK, ORANGE, PURPLE, SKY, VERMILION

STAND, BORDER = "terminals: waiting, handling, papers", "frontiers"
COLOURS = {
    "sea": BLUE,
    "rail": GREEN,
    "road": ORANGE,
    "inland waterway": SKY,
    "ferry": PURPLE,
    STAND: INK,
    BORDER: VERMILION,
}
"""What a stretch is called in the legend, and its colour."""
HOURS_PER_DAY = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One leg: where, in which way of the legend, and how much of each."""

    place: str
    way: str
    km: float
    days: float
    usd: float


def stretches(itinerary: Itinerary) -> tuple[Stretch, ...]:
    """Return the legs with expected days and central dollars, which add up to the totals."""
    return tuple(
        Stretch(
            place=leg.origin.name,
            way=_way(leg),
            km=leg.distance_km,
            days=_mean_h(leg) / HOURS_PER_DAY,
            usd=leg.cost_usd.central,
        )
        for leg in itinerary.legs
    )


def _way(leg: Leg) -> str:
    if leg.kind == "border":
        return BORDER
    if leg.kind in ("transfer", "wait"):
        return STAND
    return "inland waterway" if leg.mode == "iww" else leg.mode


def _mean_h(leg: Leg) -> float:
    return leg.time_h.p50 if math.isnan(leg.mean_h) else leg.mean_h
