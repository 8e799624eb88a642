"""The published journeys run again on the embedded network, beside the last recorded figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from landbridge.validation import recorded, times
from landbridge.validation.journeys import read_journeys
from landbridge.validation.page import validation_page

if TYPE_CHECKING:
    from landbridge.scenarios.case import Case
    from landbridge.validation.times import TimesReport


@pytest.fixture(scope="module")
def report(case: Case) -> TimesReport:
    """The rows that judge, once."""
    return recorded.judged(case)


def test_scores_are_those_recorded(report: TimesReport) -> None:
    """If this fails, look at what moved; then `python -m landbridge.validation.recorded`."""
    assert recorded.differences(recorded.figures(report), recorded.recorded()) == ()


def test_a_worse_model_is_noticed() -> None:
    before = recorded.recorded()
    worse = {**before, "all": {**before["all"], "median_abs_error_percent": 40.0}}
    assert recorded.differences(worse, before) == (
        f"all, median_abs_error_percent: {before['all']['median_abs_error_percent']:g} is now 40",
    )


def test_every_row_is_answered_or_left_out_with_a_reason(report: TimesReport) -> None:
    assert report.problems == ()
    assert all(row.why for row in report.rows if row.status == "left out")


def test_editions_are_scored_apart_and_together(report: TimesReport) -> None:
    first, later = report.by_edition["of the first edition"], report.by_edition["found later"]
    assert first.rows + later.rows == report.judged.rows
    assert first.rows >= 22
    assert later.rows >= 15


def test_suez_closed(report: TimesReport) -> None:
    assert all(row.is_close for row in report.suez)
    assert all(8.0 <= row.days <= 14.0 for row in report.suez)


def test_schedules_do_not_know_lateness(case: Case) -> None:
    from dataclasses import replace

    journeys = [row for row in read_journeys() if row.id == "TT091"]
    offered = times.run(case, journeys).rows[0].compared
    observed = times.run(case, [replace(journeys[0], evidence="observed")]).rows[0].compared
    assert offered is not None
    assert observed is not None
    assert offered.p90 < observed.p90 - 24.0


def test_the_report_is_json_and_a_page(report: TimesReport) -> None:
    plain = report.to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == json.loads(json.dumps(plain))
    page = validation_page({"times": plain}, digest="0" * 64)
    assert page.startswith("<!doctype html>")
    assert "<svg" in page
    assert "TT009" in page
    assert "src=" not in page


def test_the_tables_show_rows_scores_and_misses(report: TimesReport) -> None:
    from landbridge.cli.scores import times_text
    from landbridge.report.page import Paper

    plain = {
        **report.to_dict(),
        "missed_targets": ["days: too slow"],
        "freight_rates_month_left_out_error_percent": 41.9,
    }
    text = times_text(plain, Paper(width=140))
    assert "TT063" in text
    assert "Middle Corridor" in text
    assert "Hamburg - Singapore" in text
    assert "missed: days: too slow" in text
    assert "41.9 % off" in text
