"""The embedded network against published distances: the targets it was built to reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from landbridge.validation.distances import (
    DistanceReport,
    measure,
    missed_targets,
    read_published,
    run,
)

if TYPE_CHECKING:
    from landbridge.planning.plan import Planner
    from landbridge.scenarios.case import Case


@pytest.fixture(scope="module")
def report(case: Case) -> DistanceReport:
    """The whole run, once."""
    return run(case)


def test_targets_are_reached(report: DistanceReport) -> None:
    assert report.problems == ()


def test_every_row_is_answered_or_left_out_with_a_reason(report: DistanceReport) -> None:
    rows = report.to_dict()["rows"]
    assert len(rows) == len(read_published())
    assert [row["id"] for row in rows if row["status"] == "not found"] == []
    assert all(row["why"] for row in rows if row["status"] == "left out")


def test_problems_follow_from_the_summary(report: DistanceReport) -> None:
    worse = {
        mode: {**figures, "mean_abs_error_percent": 50.0}
        for mode, figures in report.summary.items()
    }
    assert {line.split(":")[0] for line in missed_targets(worse)} == {"rail", "road", "sea"}


def test_a_closure_of_the_row_is_obeyed(planner: Planner) -> None:
    """Moscow - Vladivostok without `avoid` would cut through Manchuria."""
    from dataclasses import replace

    row = next(row for row in read_published() if row.id == "DI025")
    free = measure(planner, replace(row, avoid=()))
    bound = measure(planner, row)
    assert free.model_km is not None
    assert bound.model_km is not None
    assert free.model_km < bound.model_km - 500.0
