"""Scores against values worked by hand."""

from __future__ import annotations

import math

import pytest

from landbridge.validation.scores import (
    Compared,
    concordant_pairs,
    leave_one_out_error_percent,
    score,
    wilson,
)


def test_wilson_interval_of_known_shares() -> None:
    assert wilson(10, 20) == pytest.approx((0.2993, 0.7007), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_scores_of_three_rows() -> None:
    rows = [
        Compared(published=10.0, p10=8.0, p50=11.0, p90=16.0),  # inside, +10 %, below P50
        Compared(published=20.0, p10=8.0, p50=10.0, p90=12.0),  # outside, -50 %
        Compared(published=4.0, p10=4.0, p50=5.0, p90=9.0),  # on P10: inside, +25 %
    ]
    found = score(rows)
    assert found.rows == 3
    assert found.inside_percent == pytest.approx(66.7)
    assert found.median_abs_error_percent == pytest.approx(25.0)
    assert found.mean_abs_error_percent == pytest.approx(28.3)
    assert found.median_error_percent == pytest.approx(10.0)
    assert found.median_sharpness == pytest.approx(0.73)
    assert found.below_percent == pytest.approx(66.7)
    assert found.below_from_percent == pytest.approx(20.8, abs=0.1)


def test_no_rows_have_no_scores() -> None:
    found = score([])
    assert found.rows == 0
    assert found.inside_percent is None


def test_pairs_that_agree() -> None:
    # published a < b < c; the model swaps a and b; ties are no pair
    assert concordant_pairs([1, 2, 3], [2, 1, 3]) == (2, 3)
    assert concordant_pairs([1, 1], [2, 1]) == (0, 0)


def test_leaving_months_out() -> None:
    # one month twice as high as the other: each is foretold from the other alone
    error = leave_one_out_error_percent(["a", "a", "b"], [1.0, 1.0, 2.0])
    assert error == pytest.approx(50.0)
    assert leave_one_out_error_percent(["a", "a"], [1.0, 2.0]) is None
    assert leave_one_out_error_percent(["a", "b"], [math.e, math.e]) == 0.0
