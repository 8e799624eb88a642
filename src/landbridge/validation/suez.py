"""Suez closed: how much longer the way round the Cape is, against published lengths."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from landbridge.domain.arcs import HaulArc, PassageArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.network import Mode
from landbridge.domain.request import Objective, Request, Scope
from landbridge.errors import RequestError
from landbridge.planning.build import arcs_of
from landbridge.planning.plan import Planner
from landbridge.validation.rerun import place_of

KM_PER_NM = 1.852
DAY = date(2023, 6, 1)
WITHIN_PERCENT = 3.0
PUBLISHED_DAYS = (8.0, 14.0)
"""Added days as published for 2021 to 2026 (TT077-TT082)."""
PAIRS = (
    ("PORT-HAMBURG", "PORT-SINGAPORE", 11864.0 - 8377.0, "DI031 less DI030"),
    ("PORT-ROTTERDAM", "PORT-SINGAPORE", 3500.0, "DI034, 'nearly 3,500'"),
)
"""Origin, destination, published extra length (nm) and its rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuezRow:
    """Extra length round the Cape, nm, and what it takes at the ship's speed, d."""

    pair: str
    rows: str
    published_nm: float
    model_nm: float
    error_percent: float
    days: float
    published_days: tuple[float, float] = PUBLISHED_DAYS

    @property
    def is_close(self) -> bool:
        """Whether the extra length is within 3 % of the published one."""
        return abs(self.error_percent) <= WITHIN_PERCENT


def suez_closed(planner: Planner) -> tuple[SuezRow, ...]:
    """Return the extra length of each published pair; days = extra miles / speed parameter."""
    parameters = planner.case.parameters
    knots = parameters.lookup("sea.speed.mainline_kn").central
    factor = parameters.lookup("sea.distance_factor_1").central
    found = []
    for origin, destination, published_nm, rows in PAIRS:
        extra = _nm(planner, origin, destination, "cape") - _nm(
            planner, origin, destination, "suez"
        )
        found.append(
            SuezRow(
                pair=f"{origin.removeprefix('PORT-').title()} - "
                f"{destination.removeprefix('PORT-').title()}",
                rows=rows,
                published_nm=published_nm,
                model_nm=round(extra, 1),
                error_percent=round(100.0 * (extra / published_nm - 1.0), 2),
                days=round(extra * factor / knots / 24.0, 2),
            )
        )
    return tuple(found)


def _nm(planner: Planner, origin: str, destination: str, passage: str) -> float:
    found = planner.shortest(
        Request(
            origin=place_of(planner, origin, "origin"),
            destination=place_of(planner, destination, "destination"),
            consignment=Consignment(unit="40ft", units=1, cargo_mass_t=20.0, goods="general"),
            depart=DAY,
            is_depart_given=True,
            modes=(Mode.SEA,),
            via=(planner.via_place(place_of(planner, passage, "via")),),
            scope=Scope.TERMINAL,
            objective=Objective.DISTANCE,
        )
    )
    if found is None:
        raise RequestError(f"no way by {passage}", where=f"{origin} - {destination}")
    arcs = arcs_of(found)
    return sum(arc.distance_km for arc in arcs if isinstance(arc, HaulArc | PassageArc)) / KM_PER_NM
