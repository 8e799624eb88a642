"""Emissions of one chain worked step by step with the published factors.

One 40-foot box (2 TEU) with 24 t of cargo, Mumbai to Vorsino by the western branch, as a sum that
can be done on paper. Factors: EM052/EM079 main line 8 g/tkm at 10 t a slot, EM081 regional 12,
EM077 distance x 1.15 at sea, EM003 truck 95 g/tkm x EM078 1.05, EM054 diesel train 26 g/tkm,
EM055/EM087 electric train 0.024 kWh/tkm, Russian grid 440 g/kWh x 1.15, EM082 port 1.1 kg/t,
EM083 inland terminal 0.6 kg/t, tare EM076 2.2 t/TEU.
"""

from __future__ import annotations

from datetime import date

import pytest

from landbridge.domain.arcs import Arc, HaulArc, TransferArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.request import Scope
from landbridge.models.pricing import Pricing
from landbridge.parameters import load_defaults

TEU, CARGO_T = 2.0, 24.0
ON_LAND_T = CARGO_T + 2.2 * TEU  # 28.4 t: the box counts as goods
SLOTS_T = 10.0 * TEU  # 20 t: a ship is shared by slots, not by weight

SEA_KM, TRUCK_KM, DIESEL_KM, ELECTRIC_KM = 2_000.0, 180.0, 1_700.0, 2_200.0

SHIP_KG = SLOTS_T * SEA_KM * 1.15 * 12.0 / 1000.0  # 552.0
PORT_KG = ON_LAND_T * 1.1  # 31.2
DIESEL_KG = ON_LAND_T * DIESEL_KM * 26.0 / 1000.0  # 1,255.3
YARD_KG = ON_LAND_T * 0.6  # 17.0
TRUCK_KG = ON_LAND_T * TRUCK_KM * 1.05 * 95.0 / 1000.0  # 509.9
ELECTRIC_KG = ON_LAND_T * ELECTRIC_KM * 0.024 * 440.0 * 1.15 / 1000.0  # 758.8

CHAIN: tuple[Arc, ...] = (
    HaulArc(mode="sea", country="", vehicle="regional", distance_km=SEA_KM),
    TransferArc(
        terminal="PORT-BANDARABBAS", country="IR", role="transfer", mode_from="sea",
        mode_to="rail", vehicle_from="regional", vehicle_to="block",
    ),
    HaulArc(mode="rail", country="TM", vehicle="block", distance_km=DIESEL_KM),
    TransferArc(
        terminal="DRY-RASHT", country="IR", role="transfer", mode_from="rail", mode_to="road",
        vehicle_from="block", vehicle_to="truck",
    ),
    HaulArc(mode="road", country="AZ", vehicle="truck", distance_km=TRUCK_KM),
    TransferArc(
        terminal="DRY-ASTARA-AZ", country="AZ", role="transfer", mode_from="road",
        mode_to="rail", vehicle_from="truck", vehicle_to="block",
    ),
    HaulArc(
        mode="rail", country="RU", vehicle="block", distance_km=ELECTRIC_KM, electrified_share=1.0
    ),
)  # fmt: skip
BY_HAND_KG = (SHIP_KG, PORT_KG, DIESEL_KG, YARD_KG, TRUCK_KG, YARD_KG, ELECTRIC_KG)


@pytest.fixture(scope="module")
def per_arc_kg() -> list[float]:
    pricing = Pricing(
        load_defaults(),
        consignment=Consignment(unit="40ft", units=1, cargo_mass_t=CARGO_T, goods="general"),
        depart=date(2023, 6, 1),
        scope=Scope.TERMINAL,
    )
    outcome = pricing.outcome(CHAIN)
    return [arc.emissions_wtw_kgco2e.central for arc in outcome.per_arc]


def test_each_step(per_arc_kg: list[float]) -> None:
    # 10 % is the promise; with the same factors nothing but rounding should part them
    assert per_arc_kg == pytest.approx(list(BY_HAND_KG), rel=0.01)


def test_the_whole(per_arc_kg: list[float]) -> None:
    assert sum(BY_HAND_KG) == pytest.approx(3_141, abs=1.0)
    assert sum(per_arc_kg) == pytest.approx(sum(BY_HAND_KG), rel=0.01)
