"""The way with no rule is the best by generalized cost, in `compare` and in `plan` alone."""

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


@pytest.mark.parametrize(
    ("origin", "destination", "depart", "avoid"),
    [("Dubai", "Hamburg", "2025-11-15", ()), ("Karachi", "Hamburg", None, ("suez",)),
     ("Istanbul", "Almaty", None, ()), ("Mumbai", "Moscow", "2025-11-15", ())],
)  # fmt: skip
def test_no_way_of_the_pareto_set_beats_plan(
    origin: str, destination: str, depart: str | None, avoid: tuple[str, ...]
) -> None:
    alone = landbridge.plan(origin, destination, depart=depart, avoid=avoid).best
    several = landbridge.plan(origin, destination, depart=depart, avoid=avoid, pareto=True)
    assert alone is not None
    least = min(one.generalized_cost_usd for one in several.itineraries)
    assert alone.generalized_cost_usd <= least * 1.003
