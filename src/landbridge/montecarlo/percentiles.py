"""What many draws say: percentiles, chances of arriving in time, chances of being the faster."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from landbridge.domain.itinerary import Percentiles
from landbridge.models.draws import percentile
from landbridge.units import FloatArray


def points(draws: FloatArray) -> tuple[float, float, float]:
    """Return P10, P50 and P90 of draws, shape (n,), in any order (Hazen's positions)."""
    rising = np.sort(draws)
    p10, p50, p90 = (float(percentile(rising, share)) for share in (0.1, 0.5, 0.9))
    return p10, p50, p90


def time_points(hours: FloatArray) -> Percentiles:
    """Return P10, P50 and P90 of elapsed times, h."""
    p10, p50, p90 = points(hours)
    return Percentiles(p10=p10, p50=p50, p90=p90)


def share_within(hours: FloatArray, limit_h: float) -> float:
    """Return the share of draws that take no longer than `limit_h`, 0 to 1."""
    return float(np.count_nonzero(hours <= limit_h)) / len(hours)


def faster_shares(options: Sequence[FloatArray]) -> tuple[tuple[float, ...], ...]:
    """Return, per option, the share of paired draws in which it is faster than each other one.

    Parameters
    ----------
    options
        Elapsed time per option, h, each of shape (n,), paired: draw i has one luck in all.

    Returns
    -------
    Row a, column b: `P(T_a < T_b)`; equal times count half, so that a row and its mirror add up
    to one, and an option against itself is one half.
    """
    n = len(options[0]) if options else 1
    size = len(options)
    shares = [[0.5] * size for _ in range(size)]
    for a in range(size):
        for b in range(a + 1, size):
            wins = int(np.count_nonzero(options[a] < options[b]))
            ties = int(np.count_nonzero(options[a] == options[b]))
            shares[a][b] = (wins + 0.5 * ties) / n
            shares[b][a] = 1.0 - shares[a][b]
    return tuple(tuple(row) for row in shares)
