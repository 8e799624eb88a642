"""Kinds of arcs: what follows from the terms of one, made when first wanted and kept with it.

Hauls of one kind have the terms of one kilometre; of another arc each is its own kind. A chain is
a list of kinds, each taken so many times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from landbridge.domain.arcs import Arc
from landbridge.domain.itinerary import Percentiles
from landbridge.models import cost as costs
from landbridge.models.draws import Draws, percentile
from landbridge.models.outcome import ArcOutcome, bounds_around
from landbridge.models.terms import Term
from landbridge.parameters import Parameter
from landbridge.units import FloatArray

SHARES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Expected:
    """Mean hours, central cost and central WTW emissions of the whole consignment.

    `spread_h` is P90 less P50 of the hours, term by term: what they come to with one luck for all.
    """

    hours: float
    cost_usd: float
    kgco2e: float
    spread_h: float

    def __add__(self, other: Expected) -> Expected:
        return Expected(
            self.hours + other.hours,
            self.cost_usd + other.cost_usd,
            self.kgco2e + other.kgco2e,
            self.spread_h + other.spread_h,
        )


NOTHING = Expected(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class ArcTerms:
    """What one arc's hours, dollars and CO2e are the sums of."""

    time: tuple[Term, ...]
    cost: tuple[Term, ...]
    emissions: tuple[Term, ...]

    def scaled(self, by: float) -> ArcTerms:
        """Return the terms `by` times as large."""
        return ArcTerms(
            tuple(term.scaled(by) for term in self.time),
            tuple(term.scaled(by) for term in self.cost),
            tuple(term.scaled(by) for term in self.emissions),
        )

    @property
    def expected(self) -> Expected:
        """Mean hours, central cost and central emissions, and the spread of the hours."""
        return Expected(
            sum(term.mean for term in self.time),
            sum(term.central for term in self.cost),
            sum(term.central for term in self.emissions),
            sum(term.spread for term in self.time),
        )


class Kind:
    """One kind of arc; nothing that it gives is to be written to.

    Parameters
    ----------
    terms
        Its terms.
    draws
        The luck of its percentiles.
    like
        A kind with the same times, if there is one.

    `spans` and `luck` are for whoever ranks parameters, or sums random quantities, of many chains;
    they do not concern it otherwise.
    """

    __slots__ = (
        "_amounts", "_draws", "_expected", "_hours", "_inventory_usd", "_labels", "_like",
        "_outcome", "luck", "spans", "terms",
    )  # fmt: skip

    def __init__(self, terms: ArcTerms, draws: Draws, like: Kind | None = None) -> None:
        self.terms = terms
        self._draws, self._like = draws, like
        self._expected: Expected | None = None
        self._inventory_usd: float | None = None
        self._hours: FloatArray | None = None
        self._amounts: FloatArray | None = None
        self._outcome: ArcOutcome | None = None
        self._labels: frozenset[str] | None = None
        self.spans: tuple[tuple[str, float], ...] | None = None
        self.luck: Any = None

    @property
    def expected(self) -> Expected:
        """Mean hours, central cost and central emissions, and the spread of the hours."""
        if self._expected is None:
            self._expected = self.terms.expected
        return self._expected

    @property
    def inventory_usd(self) -> float:
        """The part of the cost that is the capital bound in the cargo, USD."""
        if self._inventory_usd is None:
            self._inventory_usd = inventory_usd([self.terms])
        return self._inventory_usd

    @property
    def hours(self) -> FloatArray:
        """The time in every replication, h, shape (samples,)."""
        if self._hours is None:
            self._hours = self._sum(self.terms.time) if self._like is None else self._like.hours
        return self._hours

    @property
    def amounts(self) -> FloatArray:
        """The cost, USD, and the emissions, kg, in every replication, shape (2, samples)."""
        if self._amounts is None:
            self._amounts = np.stack([self._sum(self.terms.cost), self._sum(self.terms.emissions)])
        return self._amounts

    @property
    def outcome(self) -> ArcOutcome:
        """The outcome, explained: a sum of one plain term has the points of its margin."""
        if self._outcome is None:
            self._outcome = self._explained()
        return self._outcome

    @property
    def rows(self) -> tuple[Parameter, ...]:
        """The parameters behind it, each once."""
        terms = (*self.terms.time, *self.terms.cost, *self.terms.emissions)
        return tuple({row.label: row for term in terms for row in term.parameters()}.values())

    @property
    def labels(self) -> frozenset[str]:
        """The names of the parameters behind it."""
        if self._labels is None:
            self._labels = frozenset(row.label for row in self.rows)
        return self._labels

    def _sum(self, terms: Sequence[Term]) -> FloatArray:
        self._draws.lent += 1
        total = np.zeros(self._draws.samples)
        for term in terms:
            total += term.draws(self._draws)
        return total

    def _explained(self) -> ArcOutcome:
        own = self.terms
        time, cost, emissions = (
            _points_of(group, rows)
            for group, rows in (
                (own.time, lambda: self.hours),
                (own.cost, lambda: self.amounts[0]),
                (own.emissions, lambda: self.amounts[1]),
            )
        )
        expected = self.expected
        return ArcOutcome(
            time_h=Percentiles(p10=time[0], p50=time[1], p90=time[2]),
            mean_h=expected.hours,
            cost_usd=bounds_around(cost, expected.cost_usd),
            emissions_wtw_kgco2e=bounds_around(emissions, expected.kgco2e),
            time_parts=tuple(term.part() for term in own.time),
            cost_parts=tuple(term.part() for term in own.cost),
            emission_parts=tuple(term.part() for term in own.emissions),
            parameters=tuple(row.label for row in self.rows),
        )


class Chain:
    """A chain of arcs as it is priced: position k is `scales[k]` times `kinds[k]`.

    Nothing that it gives is to be written to but new arrays.
    """

    __slots__ = ("_points_h", "_samples", "arcs", "kinds", "scales")

    def __init__(
        self, arcs: tuple[Arc, ...], kinds: list[Kind], scales: list[float], samples: int
    ) -> None:
        self.arcs, self.kinds, self.scales = arcs, kinds, scales
        self._samples = samples
        self._points_h: tuple[float, float, float] | None = None

    @property
    def hours(self) -> FloatArray:
        """The elapsed time in every replication, h, shape (samples,), a new array."""
        total = np.zeros(self._samples)
        part = np.empty_like(total)
        for kind, scale in zip(self.kinds, self.scales, strict=True):
            total += kind.hours if scale == 1.0 else np.multiply(kind.hours, scale, out=part)
        return total

    @property
    def amounts(self) -> FloatArray:
        """Cost and emissions in every replication, shape (2, samples), a new array."""
        total = np.zeros((2, self._samples))
        part = np.empty_like(total)
        for kind, scale in zip(self.kinds, self.scales, strict=True):
            total += kind.amounts if scale == 1.0 else np.multiply(kind.amounts, scale, out=part)
        return total

    @property
    def points_h(self) -> tuple[float, float, float]:
        """P10, P50 and P90 of the elapsed time, h."""
        if self._points_h is None:
            self._points_h = points(self.hours)
        return self._points_h


def inventory_usd(terms: Sequence[ArcTerms]) -> float:
    """Return the capital bound in the cargo meanwhile, USD."""
    return sum(term.central for own in terms for term in own.cost if term.name == costs.INVENTORY)


def points(values: FloatArray) -> tuple[float, float, float]:
    """Return P10, P50 and P90 of one row of draws, which is sorted in place."""
    values.sort()
    p10, p50, p90 = (float(percentile(values, share)) for share in SHARES)
    return p10, p50, p90


def _points_of(group: Sequence[Term], draws: Any) -> tuple[float, float, float]:  # noqa: ANN401
    """Return the points of a sum of terms, by draws where they are not known without."""
    if not group:
        return (0.0, 0.0, 0.0)
    known = group[0].points() if len(group) == 1 else None
    return known or points(draws().copy())
