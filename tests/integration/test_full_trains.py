"""Full trains: which stretches go by them, and what that changes."""

from __future__ import annotations

from typing import Any

import pytest

from landbridge.domain.arcs import BorderArc, HaulArc, TransferArc
from landbridge.planning.trains import FULL_TRAIN
from landbridge.report import ask
from landbridge.scenarios.case import Case


@pytest.fixture(scope="module")
def case() -> Case:
    return Case.load()


def arcs(case: Case, origin: str, destination: str, **limits: Any) -> list[Any]:
    plan = ask.plan(origin, destination, case=case, modes=["rail"], scope="terminal", **limits)
    assert plan.best is not None
    return [arc for leg in plan.best.legs for arc in leg.arcs]


def full(found: list[Any]) -> set[bool]:
    running = [arc for arc in found if isinstance(arc, HaulArc | BorderArc) and arc.mode == "rail"]
    assert running
    return {arc.vehicle == FULL_TRAIN for arc in running}


@pytest.mark.parametrize(
    ("origin", "destination", "limits", "is_full"),
    [
        ("DRY-XIAN", "DRY-MALASZEWICZE", {"via": ["B062"]}, True),
        ("Shanghai", "DRY-DUISBURG", {"via": ["B062"]}, True),  # starts where no row names a stop
        ("DRY-NAKHODKAV", "DRY-ELEKTROUGLI", {}, True),
        ("DRY-VORSINO", "DRY-APRIN", {"via": ["B017"]}, False),  # a train in ten days
        ("PORT-NOVOROSSIYSK", "DRY-ELEKTROUGLI", {}, False),  # a row that was only recalled
        ("DRY-XIAN", "DRY-MALASZEWICZE", {"via": ["B062"], "depart": "2010-06-01"}, False),
        ("DRY-NAKHODKAV", "Rostov", {}, False),  # no stop of the service near
    ],
)
def test_the_class_follows_the_services(
    case: Case, origin: str, destination: str, limits: dict[str, Any], is_full: bool
) -> None:
    assert full(arcs(case, origin, destination, **limits)) == {is_full}


def test_a_way_goes_by_one_class_from_boarding_to_leaving(case: Case) -> None:
    found = arcs(case, "DRY-XIAN", "DRY-MALASZEWICZE", via=["B062"])
    ends = [arc for arc in found if isinstance(arc, TransferArc)]
    assert {arc.vehicle_to for arc in ends if arc.mode_to == "rail"} <= {FULL_TRAIN}
    assert {arc.vehicle_from for arc in ends if arc.mode_from == "rail"} <= {FULL_TRAIN}


def test_full_trains_wait_less_and_run_as_far(case: Case) -> None:
    def asked(depart: str) -> tuple[float, float]:
        plan = ask.plan(
            "DRY-XIAN", "DRY-MALASZEWICZE", case=case, modes=["rail"], scope="terminal",
            via=["B062"], depart=depart,
        )  # fmt: skip
        assert plan.best is not None
        return plan.best.lead_time_h.p50, plan.best.distance_km

    before, after = asked("2010-06-01"), asked("2014-06-01")
    assert after[1] == pytest.approx(before[1], rel=0.02)
    assert after[0] < before[0] - 24


def test_a_matrix_takes_the_trains_that_plan_takes(case: Case) -> None:
    import landbridge

    table = landbridge.matrix(["Xi'an"], ["Duisburg"], case=case)
    plan = ask.plan("Xi'an", "Duisburg", case=case)
    assert plan.best is not None
    planned_h = sum(leg.mean_h for leg in plan.best.legs)
    assert table.lead_time_h[0, 0] == pytest.approx(planned_h)  # decision 0089
