"""The row with no rule is never worse than a corridor of the same answer."""

from __future__ import annotations

import pytest

import landbridge


@pytest.mark.parametrize(
    ("origin", "destination", "depart"),
    [("Dubai", "Hamburg", "2025-11-25"), ("Nhava Sheva", "Saint Petersburg", "2025-11-25"),
     ("Mumbai", "Moscow", None), ("Karachi", "Hamburg", None)],
)  # fmt: skip
def test_no_corridor_beats_the_way_without_a_rule(
    origin: str, destination: str, depart: str | None
) -> None:
    answer = landbridge.compare(origin, destination, depart=depart)
    cost_usd = {option.corridor: option.generalized_cost_usd for option in answer.options}
    assert len(cost_usd) > 3
    assert cost_usd["free"] == min(cost_usd.values())
