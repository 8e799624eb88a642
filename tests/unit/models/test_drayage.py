"""What the search takes drayage for is what its terms add up to, to the last bit."""

from __future__ import annotations

from datetime import date

import pytest

from landbridge.domain.arcs import DrayageArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.request import Scope
from landbridge.models.pricing import Pricing
from landbridge.parameters import load_defaults

LENGTHS_KM = (1e-3, 0.05, 1.0, 17.35, 149.99999, 150.0, 150.00001, 333.3, 1234.5678)
"""On both sides of a day's drayage."""


@pytest.mark.parametrize("scope", [Scope.DOOR, Scope.TERMINAL])
@pytest.mark.parametrize(
    ("goods", "value_usd", "units", "unit"),
    [("general", None, 1, "40ft"), ("general", 81234.5, 3, "20ft"), ("reefer", 5e5, 7, "45ft")],
)
def test_sums_are_those_of_the_terms(
    goods: str, value_usd: float | None, units: int, unit: str, scope: Scope
) -> None:
    cargo = Consignment(
        unit=unit, units=units, cargo_mass_t=13.7 * units, value_usd=value_usd, goods=goods
    )
    pricing = Pricing(load_defaults(), consignment=cargo, depart=date(2025, 3, 7), scope=scope)
    for country in ("CN", "DE", "RU", "US", "KZ", "IN", ""):
        for role in ("origin", "destination"):
            for km in LENGTHS_KM:
                arc = DrayageArc(country=country, distance_km=km, role=role)
                (own,) = pricing.terms([arc])
                assert pricing.expected(arc) == own.expected
