"""Arcs of one likeness must price alike: the search relies on it for thousands of arcs."""

from __future__ import annotations

from datetime import date

import pytest

from landbridge.domain.arcs import BorderArc, TransferArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.request import Scope
from landbridge.graph.virtual import build_virtual
from landbridge.models.pricing import Pricing
from landbridge.scenarios.case import Case


@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2019, 1, 15)])
def test_arcs_of_one_likeness_have_one_expected_value(case: Case, day: date) -> None:
    cargo = Consignment(unit="40ft", units=1, cargo_mass_t=20, goods="general", value_usd=50_000)
    pricing = Pricing(
        case.parameters, consignment=cargo, depart=day, scope=Scope.DOOR, origin_country="IN"
    )
    virtual, _ = build_virtual(case.dataset, day, [])
    first: dict[object, tuple[float, float, float]] = {}
    compared = 0
    for arc in virtual.arcs:
        if not isinstance(arc.facts, TransferArc | BorderArc):
            continue
        priced = pricing._terms_of(arc.facts).expected
        own = (priced.hours, priced.cost_usd, priced.kgco2e)
        known = first.setdefault(pricing.likeness.of(arc.facts), own)
        compared += known is not own
        assert own == known, arc.facts
    assert compared > 500
