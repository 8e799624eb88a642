"""Random quantities: what the times of chains have in common, drawn once and summed in one order.

A quantity is the random part of a term, without its scale. The sum over a chain is taken in the
order of the quantities' names, so that it is the same to the last bit for any order of the legs.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import numpy as np

from landbridge.models.draws import Draws
from landbridge.models.kinds import Chain, Kind
from landbridge.models.terms import Factor, Term
from landbridge.units import FloatArray

Name = tuple[Any, ...]
"""What makes two terms one random quantity; such tuples can be sorted."""


class Quantity:
    """One random quantity of one set of draws."""

    __slots__ = ("_draws", "_term", "_values", "name")

    def __init__(self, name: Name, term: Term, draws: Draws) -> None:
        self.name = name
        self._term, self._draws = term, draws
        self._values: FloatArray | None = None

    @property
    def values(self) -> FloatArray:
        """Its value in every draw, shape (samples,), not to be written to."""
        if self._values is None:
            self._values = self._term.unit_draws(self._draws)
            if self._term.kind != "product" or len(self._term.factors) > 1:
                self._draws.lent += 1
        return self._values


class Luck:
    """The random quantities of one pricing's times, by name; safe to use from several threads."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self._known: dict[Name, Quantity] = {}

    def hours(self, chain: Chain) -> FloatArray:
        """Return a chain's elapsed time in every draw, h, shape (samples,)."""
        constant = 0.0
        scales: dict[Quantity, list[float]] = {}
        for kind, times in zip(chain.kinds, chain.scales, strict=True):
            for quantity, scale in self._of(kind) if kind.luck is None else kind.luck:
                if quantity is None:
                    constant += scale * times
                elif quantity in scales:
                    scales[quantity].append(scale * times)
                else:
                    scales[quantity] = [scale * times]
        result = np.full(self._draws.samples, constant)
        part = np.empty_like(result)
        for quantity in sorted(scales, key=attrgetter("name")):
            own = scales[quantity]
            by = own[0] if len(own) == 1 else sum(sorted(own))
            result += np.multiply(quantity.values, by, out=part)
        return result

    def _of(self, kind: Kind) -> tuple[tuple[Quantity | None, float], ...]:
        """Return the quantities of a kind's times with their scales, None for what is certain."""
        found = tuple((self._quantity(term), term.scale) for term in kind.terms.time)
        kind.luck = found
        return found

    def _quantity(self, term: Term) -> Quantity | None:
        if not term.factors:
            return None
        name = name_of(term)
        known = self._known.get(name)
        return known or self._known.setdefault(name, Quantity(name, term, self._draws))


def name_of(term: Term) -> Name:
    """Return what makes two terms one random quantity."""
    return (term.kind, term.reference_h, *(_identity(factor) for factor in term.factors))


def _identity(factor: Factor) -> Name:
    margin = factor.margin
    return (
        factor.stream,
        factor.loadings,
        (margin.theta, margin.k, margin.sigma, margin.sign, margin.floor, margin.cap),
        factor.central,
    )
