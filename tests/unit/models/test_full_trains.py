"""A full train waits less at frontiers and ports, and runs no slower than others."""

from __future__ import annotations

from datetime import date

import pytest

from landbridge.domain.arcs import Arc, BorderArc, HaulArc, TransferArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.request import Scope
from landbridge.models.distribution import fit
from landbridge.models.pricing import Pricing
from landbridge.parameters import load_defaults

DEFAULTS = load_defaults()


def hours(arc: Arc) -> float:
    """Return the central hours of one arc."""
    pricing = Pricing(
        DEFAULTS,
        consignment=Consignment(unit="40ft", units=1, cargo_mass_t=20.0, goods="general"),
        depart=date(2024, 6, 1),
        scope=Scope.TERMINAL,
    )
    return sum(part.central for part in pricing.outcome((arc,)).per_arc[0].time_parts)


def border(vehicle: str) -> BorderArc:
    return BorderArc(
        crossing="B047", mode="rail", country_from="CN", country_to="KZ",
        gauge_from_mm=1435, gauge_to_mm=1520, vehicle=vehicle,
    )  # fmt: skip


def port(train: str, ship: str) -> TransferArc:
    return TransferArc(
        terminal="PORT-ALAT", country="AZ", role="transfer", mode_from="rail", mode_to="sea",
        vehicle_from=train, vehicle_to=ship,
    )  # fmt: skip


def test_the_frontier_takes_the_median_of_the_lower_half() -> None:
    row = DEFAULTS.lookup("border.time.rail_gauge_change_h", "CN-KZ")
    z = DEFAULTS.lookup("service.full_train_shift_z_1", "border").central
    expected = fit(row.low, row.central, row.high).at(z)
    assert hours(border("express_block")) == pytest.approx(expected)
    assert hours(border("block")) == hours(border("")) == pytest.approx(row.central)


def test_a_train_meets_its_caspian_ship_but_no_ocean_liner() -> None:
    assert hours(port("express_block", "caspian_feeder")) < 0.5 * hours(
        port("block", "caspian_feeder")
    )
    assert hours(port("express_block", "regional")) == hours(port("block", "regional"))


def test_where_no_express_row_stands_a_full_train_runs_as_a_block_train() -> None:
    def run(country: str, vehicle: str) -> float:
        return hours(HaulArc(mode="rail", country=country, vehicle=vehicle, distance_km=1000.0))

    assert run("KZ", "express_block") == run("KZ", "block")
    assert run("RU", "express_block") == pytest.approx(24.0)
    assert run("RU", "express_block") < run("RU", "block")
