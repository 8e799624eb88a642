"""Lorry ferries: the same lorry drives on and off, and formalities are those of the line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from landbridge.domain.arcs import HaulArc, TransferArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.request import Scope
from landbridge.models.pricing import Pricing
from landbridge.parameters import load_defaults

BOARDING = TransferArc(
    terminal="FERRY-DOVER", country="GB", role="transfer", mode_from="road", mode_to="ferry",
    vehicle_from="truck", vehicle_to="lorry_ferry", headway_h=(4.0, 4.0, 4.0),
    market_to="lorry-customs",
)  # fmt: skip
LANDING = TransferArc(
    terminal="FERRY-CALAIS", country="FR", role="transfer", mode_from="ferry", mode_to="road",
    vehicle_from="lorry_ferry", vehicle_to="truck", market_from="lorry-customs",
)  # fmt: skip
CROSSING = HaulArc(
    mode="ferry", country="", vehicle="lorry_ferry", distance_km=42.0, market="lorry-customs"
)


def pricing(unit: str = "40ft", units: int = 1) -> Pricing:
    cargo = Consignment(unit=unit, units=units, cargo_mass_t=10.0, goods="general")
    return Pricing(
        load_defaults(), consignment=cargo, depart=date(2025, 7, 1), scope=Scope.DOOR,
        origin_country="GB", seed=0,
    )  # fmt: skip


def names(arc: TransferArc) -> set[str]:
    parts = pricing().outcome([arc]).per_arc[0].cost_parts
    return {part.name for part in parts} - {"container hire"}


def test_nothing_is_lifted_and_no_second_lorry_hired() -> None:
    assert names(BOARDING) == {"ferry fare, fixed part"}
    assert names(LANDING) == {"border fees, both sides", "agent and documents"}


def test_within_one_customs_territory_driving_off_is_free_and_quick() -> None:
    inner = replace(LANDING, market_from="lorry-inner")
    border = replace(LANDING, market_from="lorry-border")
    hours = [pricing().expected(arc).hours for arc in (inner, LANDING, border)]
    assert names(inner) == set()
    assert hours == sorted(hours)
    assert hours[0] < 2.0


def test_boarding_waits_half_a_headway_and_the_check_in() -> None:
    often = pricing().expected(replace(BOARDING, headway_h=(0.0, 0.0, 0.0))).hours
    assert pricing().expected(BOARDING).hours - often == pytest.approx(2.0, abs=0.05)


def test_the_channel_costs_what_a_lorry_pays_whatever_is_in_it() -> None:
    def fare(unit: str, units: int) -> float:
        asked = pricing(unit, units)
        board = {p.name: p.central for p in asked.outcome([BOARDING]).per_arc[0].cost_parts}
        return board["ferry fare, fixed part"] + asked.expected(CROSSING).cost_usd

    assert 150.0 < fare("40ft", 1) < 350.0
    assert fare("40ft", 3) == pytest.approx(3 * fare("40ft", 1), rel=0.02)


def test_the_crossing_runs_at_the_speed_of_a_ferry() -> None:
    assert 0.8 < pricing().expected(CROSSING).hours < 1.8
