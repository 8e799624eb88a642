"""Errors, tolerances, summaries and targets of the published distances."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landbridge.validation.distances import (
    MOST_RAIL_LEFT_OUT,
    DistanceRow,
    PublishedDistance,
    missed_targets,
    read_published,
    summarise,
)

ROW = PublishedDistance(
    id="T001",
    mode="rail",
    modes=("rail",),
    origin="A",
    destination="B",
    origin_place="A",
    destination_place="B",
    via=(),
    avoid=(),
    low=None,
    central=1000.0,
    high=None,
    trust="B",
    tolerance=None,
    excluded="",
    remark="",
    source="nobody",
)


def done(error: float | None, *, status: str = "close", **changes: object) -> DistanceRow:
    """Return a row whose model is `error` % too long."""
    row = replace(ROW, **changes)  # type: ignore[arg-type]
    km = None if error is None else row.central * (1.0 + error / 100.0)
    return DistanceRow(published=row, model_km=km, status=status, why="")


def test_error_is_signed_percent_of_the_published_length() -> None:
    assert done(-12.5).error == pytest.approx(-12.5)
    assert done(None).error is None


@pytest.mark.parametrize(
    ("trust", "tolerance", "error", "is_right"),
    [
        ("E", 10.0, 9.9, True),
        ("E", 10.0, 10.1, False),
        ("E", None, 0.1, False),
        ("D", 10.0, 1.0, False),
    ],
)
def test_only_a_row_of_trust_e_may_use_its_own_tolerance(
    trust: str, tolerance: float | None, error: float, is_right: bool
) -> None:
    assert done(error, trust=trust, tolerance=tolerance).is_right is is_right


def test_a_row_of_trust_e_is_right_between_its_low_and_high() -> None:
    assert done(15.0, trust="E", low=900.0, high=1200.0).is_right
    assert not done(25.0, trust="E", low=900.0, high=1200.0).is_right


def test_summary_of_known_errors() -> None:
    rows = [
        done(1.0),
        done(-3.0),
        done(20.0),
        done(None, status="left out"),
        done(None, status="not found"),
    ]
    rail = summarise(rows)["rail"]
    assert rail["rows"] == 5
    assert rail["left_out"] == 1
    assert rail["not_found"] == 1
    assert rail["mean_abs_error_percent"] == 8.0
    assert rail["median_abs_error_percent"] == 3.0
    assert rail["bias_percent"] == 6.0
    # two of the four that were asked; the one without a way counts as wrong
    assert rail["share_within_percent"] == 50.0


def test_own_tolerance_counts_for_the_share_but_not_for_the_mean() -> None:
    rows = [done(9.0, mode="sea", trust="E", tolerance=10.0), done(1.0, mode="sea")]
    sea = summarise(rows)["sea"]
    assert sea["share_within_percent"] == 100.0
    assert sea["mean_abs_error_percent"] == 5.0


def test_each_missed_target_is_named() -> None:
    good = {"rail": summarise([done(1.0)])["rail"]}
    assert missed_targets(good) == ()
    bad = summarise([done(15.0), done(None, status="not found")])
    text = "\n".join(missed_targets(bad))
    assert "1 rows have no way" in text
    assert "mean" in text
    assert "median" in text
    assert "within 10 %" in text


def test_leaving_out_too_many_rail_rows_is_a_problem() -> None:
    rows = [done(0.0)] + [done(None, status="left out")] * (MOST_RAIL_LEFT_OUT + 1)
    assert any("left out" in line for line in missed_targets(summarise(rows)))


def test_published_rows_are_whole() -> None:
    rows = read_published()
    assert len(rows) == 100
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.central > 0 and row.source for row in rows)
    assert {row.mode for row in rows} == {"sea", "rail", "road", "iww", "corridor"}
    assert sum(bool(r.excluded) for r in rows if r.mode == "rail") <= MOST_RAIL_LEFT_OUT


def test_nautical_miles_become_kilometres() -> None:
    row = next(row for row in read_published() if row.id == "DI051")
    assert row.central == pytest.approx(6337 * 1.852)
    assert row.via == ("suez",)
