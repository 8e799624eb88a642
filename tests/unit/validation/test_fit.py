"""The fit against answers that can be worked out on paper."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from landbridge.validation.fit import HUBER, Linear, solve


def problem(**changes: Any) -> Linear:
    """Return one row that says `beta = 0.3` with sd 0.2, prior sd 0.1."""
    facts: dict[str, Any] = {
        "log_published": np.array([0.3]),
        "log_model": np.array([0.0]),
        "slope": np.array([[1.0]]),
        "weight": np.array([1.0]),
        "sd": np.array([0.2]),
        "beta0": np.zeros(1),
        "tau": np.array([0.1]),
    }
    return Linear(**{**facts, **changes})


def test_one_row_against_its_prior() -> None:
    # residual 0.3 / 0.2 = 1.5 is not beyond Huber: (0.3 / 0.04) / (1 / 0.04 + 1 / 0.01)
    found = solve(problem())
    assert found.beta[0] == pytest.approx(0.06)
    assert found.learned[0] == pytest.approx((125.0**-0.5) / 0.1)


def test_an_outlier_pulls_no_harder_than_the_bend() -> None:
    far = solve(problem(log_published=np.array([3.0]))).beta[0]
    farther = solve(problem(log_published=np.array([9.0]))).beta[0]
    # stationary: pull HUBER / sd equals beta / tau^2
    assert far == pytest.approx(HUBER / 0.2 * 0.1**2)
    assert farther == pytest.approx(far)


def test_what_no_row_touches_keeps_its_prior() -> None:
    found = solve(problem(slope=np.array([[0.0]])))
    assert found.beta[0] == 0.0
    assert found.learned[0] == pytest.approx(1.0)


def test_multipliers_that_are_not_free_stay() -> None:
    data = problem(
        slope=np.array([[1.0, 1.0]]), beta0=np.array([0.0, 0.05]), tau=np.array([0.1, 0.1])
    )
    found = solve(data, free=np.array([True, False]))
    assert found.beta[1] == 0.0
    assert found.beta[0] > 0.0


def test_where_it_is_linearised_does_not_matter() -> None:
    there = problem(log_model=np.array([0.04]), beta0=np.array([0.04]))
    assert solve(there).beta[0] == pytest.approx(solve(problem()).beta[0])
