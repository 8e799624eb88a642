"""Ships as they are stated: names pass, numbers must be those of ships."""

from __future__ import annotations

import pytest

from landbridge.compliance.vessel import checked_vessel
from landbridge.errors import RequestError


@pytest.mark.parametrize(
    "stated",
    ["", "Some  Ship", "9074729", "IMO9074729", "imo no. 9074729", "ZZ, IMO: 9074729", "IMO Star",
     "Hull 12", "SIMO 3", "Любовь Орлова"],
)  # fmt: skip
def test_names_and_numbers_of_ships_pass(stated: str) -> None:
    assert checked_vessel(stated) == " ".join(stated.split())


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ("IMO 12", "seven digits"),
        ("IMO9074728", "check digit"),
        ("9074728", "check digit"),
        ("Some Ship (9074728)", "check digit"),
        ("90747290", "seven digits"),
        ("907-4729", "seven digits"),
        ("IMO 907472X", "seven digits"),
    ],
)
def test_numbers_that_no_ship_has_are_refused(stated: str, why: str) -> None:
    with pytest.raises(RequestError, match=f"--vessel: .*is no IMO number: .*{why}"):
        checked_vessel(stated)
