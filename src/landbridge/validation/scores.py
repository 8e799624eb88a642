"""Scores of a model against published figures: coverage, error, sharpness, bias."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

Z95 = 1.959963984540054
"""The standard normal's 97.5 % point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What rows of one kind come to; shares and errors in %, None without rows.

    `share_below` counts published values below the model's P50, with its 95 % Wilson interval;
    half is right.
    """

    rows: int
    inside_percent: float | None
    median_abs_error_percent: float | None
    mean_abs_error_percent: float | None
    median_error_percent: float | None
    median_sharpness: float | None
    below_percent: float | None
    below_from_percent: float | None
    below_to_percent: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One published value beside the model's P10, P50 and P90, in the same unit."""

    published: float
    p10: float
    p50: float
    p90: float

    @property
    def error_percent(self) -> float:
        """How much the model's P50 is above the published value, % of the latter."""
        return 100.0 * (self.p50 / self.published - 1.0)

    @property
    def is_inside(self) -> bool:
        """Whether the published value lies between P10 and P90."""
        return self.p10 <= self.published <= self.p90

    @property
    def sharpness(self) -> float:
        """`(P90 - P10) / P50`."""
        return (self.p90 - self.p10) / self.p50


def score(rows: Sequence[Compared]) -> Score:
    """Return the scores of some rows."""
    n = len(rows)
    if not n:
        return Score(
            rows=0,
            inside_percent=None,
            median_abs_error_percent=None,
            mean_abs_error_percent=None,
            median_error_percent=None,
            median_sharpness=None,
            below_percent=None,
            below_from_percent=None,
            below_to_percent=None,
        )
    errors = [row.error_percent for row in rows]
    below = sum(row.published < row.p50 for row in rows)
    low, high = wilson(below, n)
    return Score(
        rows=n,
        inside_percent=round(100.0 * sum(row.is_inside for row in rows) / n, 1),
        median_abs_error_percent=round(statistics.median(abs(e) for e in errors), 1),
        mean_abs_error_percent=round(statistics.fmean(abs(e) for e in errors), 1),
        median_error_percent=round(statistics.median(errors), 1),
        median_sharpness=round(statistics.median(row.sharpness for row in rows), 2),
        below_percent=round(100.0 * below / n, 1),
        below_from_percent=round(100.0 * low, 1),
        below_to_percent=round(100.0 * high, 1),
    )


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a share, (0, 1) without trials."""
    if n == 0:
        return 0.0, 1.0
    share, z2 = hits / n, Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def concordant_pairs(published: Sequence[float], model: Sequence[float]) -> tuple[int, int]:
    """Return how many pairs the model ranks as published, and how many pairs there are."""
    right = pairs = 0
    for i in range(len(published)):
        for j in range(i):
            if published[i] == published[j]:
                continue
            pairs += 1
            right += (published[i] > published[j]) == (model[i] > model[j])
    return right, pairs


def leave_one_out_error_percent(keys: Sequence[str], ratios: Sequence[float]) -> float | None:
    """Return the median absolute error when each key's level is set by the others, %.

    Parameters
    ----------
    keys
        What is left out together, for instance the month of a freight rate.
    ratios
        Model over published, one per row.

    Notes
    -----
    The level is the geometric mean of the other keys' ratios. None with fewer than two keys.
    """
    if len(set(keys)) < 2:
        return None
    errors = []
    for key, ratio in zip(keys, ratios, strict=True):
        others = [math.log(r) for k, r in zip(keys, ratios, strict=True) if k != key]
        errors.append(abs(100.0 * (ratio / math.exp(statistics.fmean(others)) - 1.0)))
    return round(statistics.median(errors), 1)
