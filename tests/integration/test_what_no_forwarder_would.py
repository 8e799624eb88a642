"""Ways that a stranger found and no forwarder would take; each was the best answer once."""

from __future__ import annotations

import pytest

import landbridge
from landbridge.scenarios.case import Case


@pytest.mark.parametrize(
    ("origin", "destination", "asked", "never"),
    [
        # lorries over the Himalaya and through Tibet
        ("Mumbai", "Moscow", {"goods": "reefer"}, {"NP"}),
        ("Mumbai", "Moscow", {"goods": "dual_use"}, {"NP"}),
        # lorries through Attari while only Afghan goods passed, one way
        ("Mumbai", "Moscow", {"depart": "2022-06-15"}, {"PK", "AF"}),
        # lorries through Kachin and over the Pangsau Pass
        ("Kunming", "Kolkata", {}, {"MM"}),
    ],
)
def test_the_best_way_keeps_out_of(
    case: Case, origin: str, destination: str, asked: dict[str, str], never: set[str]
) -> None:
    best = landbridge.plan(origin, destination, case=case, **asked).itineraries[0]  # type: ignore[arg-type]
    assert not never & set(best.countries)


def test_lorries_still_run_from_india_to_pakistan_in_2018_and_from_nepal_to_tibet(
    case: Case,
) -> None:
    assert landbridge.plan("Delhi", "Lahore", depart="2018-01-05", case=case).itineraries[
        0
    ].countries == ("IN", "PK")
    lhasa = landbridge.plan("Kathmandu", "Lhasa", case=case).itineraries[0]
    assert lhasa.countries == ("NP", "CN")
    assert lhasa.lead_time_h.p50 > 7 * 24
