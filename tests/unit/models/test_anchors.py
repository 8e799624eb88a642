"""Bands of published figures that single arcs must stay within (docs/concepts/model.md)."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from landbridge.domain.arcs import Arc, BorderArc, HaulArc, PassageArc, TransferArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.request import Scope
from landbridge.models.pricing import Outcome, Pricing
from landbridge.parameters import load_defaults

NM = 1.852


def _outcome(*arcs: Arc, unit: str = "20ft", origin: str = "IN", year: int = 2023) -> Outcome:
    return Pricing(
        load_defaults(),
        consignment=Consignment(unit=unit, units=1, cargo_mass_t=10, goods="general"),
        depart=date(year, 7, 1),
        scope=Scope.TERMINAL,
        origin_country=origin,
    ).outcome(arcs)


def _centrals_h(*arcs: Arc) -> float:
    return sum(p.central for arc in _outcome(*arcs).per_arc for p in arc.time_parts)


def _freight_usd(*arcs: Arc, unit: str = "20ft", origin: str = "IN", year: int = 2023) -> float:
    outcome = _outcome(*arcs, unit=unit, origin=origin, year=year)
    return sum(
        part.central
        for arc in outcome.per_arc
        for part in arc.cost_parts
        if " rate" in part.name or part.name in ("rail tariff", "railway entered, fixed part")
    )


def _rail(country: str, km: float, vehicle: str = "block") -> HaulArc:
    return HaulArc(mode="rail", country=country, vehicle=vehicle, distance_km=km)


def _sea(vehicle: str, nm: float) -> HaulArc:
    return HaulArc(mode="sea", country="", vehicle=vehicle, distance_km=nm * NM)


def _load(vehicle: str, market: str = "") -> TransferArc:
    return TransferArc(
        terminal="PORT-X",
        country="XX",
        role="origin",
        mode_from="",
        mode_to="sea",
        vehicle_to=vehicle,
        market_to=market,
    )


def _border(mode: str, a: str, b: str, gauge_b: int = 1520) -> BorderArc:
    return BorderArc(
        crossing="X",
        mode=mode,
        country_from=a,
        country_to=b,
        gauge_from_mm=1520,
        gauge_to_mm=gauge_b,
    )


SUEZ = PassageArc(passage="suez", vehicle="mainline", distance_km=193)
SUEZ_REGIONAL = PassageArc(passage="suez", vehicle="regional", distance_km=193)
BOSPORUS = PassageArc(passage="bosporus", vehicle="feeder", distance_km=31)


@pytest.mark.parametrize(
    ("arcs", "low_h", "high_h"),
    [
        pytest.param((_rail("RU", 1000),), 1000 / 1060 * 24, 1000 / 520 * 24, id="RU block"),
        pytest.param((_rail("RU", 345, "wagonload"),), 23, 25, id="RU average"),
        pytest.param((_rail("KZ", 3260),), 5 * 24, 12 * 24, id="KZ Altynkol-Aktau"),
        pytest.param((_rail("TM", 560),), 30, 48, id="TM Sarakhs-Farap"),
        pytest.param((_border("rail", "CN", "KZ", 1435),), 54, 78, id="Dostyk inbound"),
        pytest.param((_border("road", "UZ", "KG"),), 8, 28, id="CAREC road, both sides"),
        pytest.param((SUEZ,), 12, 24, id="Suez in and out"),
        pytest.param((_rail("RU", 9200, "express_block"),), 156, 228, id="Vostochny-Moscow"),
        pytest.param((_sea("feeder", 4126), SUEZ, BOSPORUS), 360, 432, id="Novorossiysk direct"),
        pytest.param((_sea("regional", 7185), SUEZ_REGIONAL), 528, 624, id="Mundra-St Petersburg"),
        pytest.param((_sea("mainline", 10_420), SUEZ), 27 * 24, 35 * 24, id="Shanghai-Rotterdam"),
        pytest.param((_sea("mainline", 5_700),), 12 * 24, 18 * 24, id="Shanghai-Los Angeles"),
    ],
)
def test_hours(arcs: tuple[Arc, ...], low_h: float, high_h: float) -> None:
    assert low_h <= _centrals_h(*arcs) <= high_h


def test_the_cape_takes_8_to_14_days_more() -> None:
    # Shanghai-Rotterdam, the lane the published figures speak of; from India it is 14.0 days
    by_suez_h = _centrals_h(_sea("mainline", 10_420), SUEZ)
    by_cape_h = _centrals_h(_sea("mainline", 13_950))
    assert 8 * 24 <= by_cape_h - by_suez_h <= 14 * 24


def test_bandar_abbas_dwell() -> None:
    arc = TransferArc(
        terminal="PORT-BANDARABBAS",
        country="IR",
        role="transfer",
        mode_from="sea",
        mode_to="rail",
        vehicle_from="roro",
        vehicle_to="block",
    )
    time = _outcome(arc).per_arc[0].time_h
    assert time.p10 >= 3 * 24 * 0.97
    assert time.p90 <= 14 * 24 * 1.03


@pytest.mark.parametrize(
    ("arcs", "unit", "origin", "low_usd", "high_usd"),
    [
        pytest.param(
            (_load("mainline"), _sea("mainline", 6337)),
            "20ft",
            "IN",
            450,
            1250,
            id="Nhava Sheva-Rotterdam TEU 2023",
        ),
        pytest.param(
            (_load("mainline"), _sea("mainline", 10_525)),
            "40ft",
            "CN",
            1400,
            1900,
            id="Shanghai-Rotterdam FEU 2023",
        ),
        pytest.param(
            (
                _load("caspian_feeder"),
                HaulArc(mode="sea", country="", vehicle="caspian_feeder", distance_km=1000),
            ),
            "40ft",
            "IR",
            500,
            1500,
            id="Iran-Astrakhan FEU",
        ),
        pytest.param(
            (
                _load("caspian_feeder"),
                HaulArc(mode="sea", country="", vehicle="caspian_feeder", distance_km=470),
            ),
            "20ft",
            "KZ",
            300,
            800,
            id="Aktau-Baku TEU",
        ),
        pytest.param(
            (_load("regional"), _sea("regional", 1070)),
            "20ft",
            "IN",
            200,
            900,
            id="Nhava Sheva-Bandar Abbas TEU",
        ),
        pytest.param(
            (_rail("KZ", 2700), _rail("RU", 2120), _rail("BY", 610)),
            "40ft",
            "CN",
            2800,
            3300,
            id="Dostyk-Brest FEU 2024",
        ),
        pytest.param(
            (_rail("KZ", 900), _rail("TM", 700), _rail("IR", 2300)),
            "20ft",
            "RU",
            585,
            1300,
            id="eastern INSTC, with wagons",
        ),
    ],
)
def test_freight(
    arcs: tuple[Arc, ...], unit: str, origin: str, low_usd: float, high_usd: float
) -> None:
    assert low_usd <= _freight_usd(*arcs, unit=unit, origin=origin) <= high_usd


@pytest.mark.parametrize(
    ("country", "vehicle", "is_longer"),
    [("AZ", "caspian_feeder", True), ("AZ", "roro", True), ("BG", "roro", False)],
)
def test_ships_of_the_caspian_wait_for_weather_and_a_berth(
    country: str, vehicle: str, is_longer: bool
) -> None:
    arc = TransferArc(
        terminal=f"PORT-X-{country}",
        country=country,
        role="destination",
        mode_from="sea" if vehicle == "caspian_feeder" else "ferry",
        mode_to="",
        vehicle_from=vehicle,
        vehicle_to="",
    )
    hours = [part.central for part in _outcome(arc).per_arc[0].time_parts]
    assert hours == ([8.0] if is_longer else [])
    south = dataclasses.replace(arc, terminal="PORT-ASTRAKHAN", country="RU")
    if vehicle == "caspian_feeder":
        assert _outcome(south).per_arc[0].time_parts[0].central > hours[0]
