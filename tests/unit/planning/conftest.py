"""A question that several tests of planning share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from landbridge.domain.cargo import Consignment
from landbridge.domain.request import Request

if TYPE_CHECKING:
    from landbridge.dataset.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def mumbai_moscow(gazetteer: Gazetteer) -> Request:
    """One 40-foot box from Mumbai to Moscow, door to door."""
    return Request(
        origin=gazetteer.resolve("Mumbai", where="origin"),
        destination=gazetteer.resolve("Moscow", where="destination"),
        consignment=Consignment(unit="40ft", units=1, cargo_mass_t=20.0, goods="general"),
    )
