"""What arcs cost, as rows of numbers: hours, USD, kg CO2e, km, and the spread of the hours.

What the search minimises is a sum over rows. By generalized cost that leaves unreliability out: of
a whole way it is less than the sum over its arcs, and more than nothing. `with_spread` is the other
end, as if one luck ruled them all.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

import numpy as np

from landbridge.domain.arcs import Arc, DrayageArc, HaulArc, PassageArc
from landbridge.domain.request import Objective
from landbridge.models.pricing import Expected, Pricing
from landbridge.planning.pricebook import PriceBook
from landbridge.units import FloatArray

TIE_USD_PER_KM = 1e-6
"""Keeps a path of no weight (scope terminal, objective time) from wandering."""
Amount = TypeVar("Amount", float, FloatArray)
HOURS, USD, KG, KM, SPREAD = range(5)
"""Columns of a row."""
N_COLUMNS = 5


class Prices:
    """Rows of arcs, shape (n, N_COLUMNS), and their weights, shape (n,)."""

    def __init__(self, pricing: Pricing, book: PriceBook, objective: Objective) -> None:
        self.pricing, self._book, self.objective = pricing, book, objective

    def rows(self, arcs: Iterable[Arc]) -> FloatArray:
        """Return the rows of any arcs."""
        rows = [_row(self.pricing.expected(arc), arc) for arc in arcs]
        return np.array(rows, float).reshape(-1, N_COLUMNS)

    def kept_rows(self, arcs: Iterable[Arc]) -> FloatArray:
        """Return the rows of transfers, borders and passages by the price book; close the book."""
        known: dict[Hashable, tuple[float, ...]] = {}
        rows = []
        for arc in arcs:
            like = self.pricing.likeness.of(arc)
            row = known.get(like)
            if row is None:
                expected = self._book.expected(like)
                if expected is None:
                    expected = self.pricing.expected(arc)
                    self._book.keep(like, expected)
                known[like] = row = _row(expected, arc)
            rows.append(row)
        self._book.close()
        return np.array(rows, float).reshape(-1, N_COLUMNS)

    def weights(self, rows: FloatArray) -> FloatArray:
        """Return what the search minimises, per row."""
        return self._weight(rows[:, HOURS], rows[:, USD], rows[:, KG], rows[:, KM])

    def with_spread(self, weight: FloatArray, rows: FloatArray) -> FloatArray:
        """Return weights by generalized cost with unreliability arc by arc, shape (n,)."""
        return weight + self.pricing.usd_per_h_spread * rows[:, SPREAD]

    def weight(self, arcs: Iterable[Arc]) -> float:
        """Return the weight of a chain."""
        total = 0.0
        for arc in arcs:
            total += self._weight(*_row(self.pricing.expected(arc), arc)[:SPREAD])
        return total

    def _weight(self, hours: Amount, usd: Amount, kg: Amount, km: Amount) -> Amount:
        if self.objective is Objective.DISTANCE:
            return km + 1e-4 * hours
        tie = TIE_USD_PER_KM * km
        if self.objective is Objective.TIME:
            return hours + tie
        if self.objective is Objective.COST:
            return usd + tie
        if self.objective is Objective.EMISSIONS:
            return kg + tie
        return self.pricing.generalized_usd(Expected(hours, usd, kg, 0.0)) + tie  # type: ignore[arg-type]

    def weight_with_spread(self, arcs: Iterable[Arc]) -> float:
        """Return the weight of a chain with the spread of each arc."""
        rows = self.rows(arcs)
        return float(sum(self.with_spread(self.weights(rows), rows).tolist()))


def _row(expected: Expected, arc: Arc) -> tuple[float, ...]:
    km = arc.distance_km if isinstance(arc, HaulArc | PassageArc | DrayageArc) else 0.0
    return expected.hours, expected.cost_usd, expected.kgco2e, km, expected.spread_h
