"""Terms: what a time, a cost or an emission is the sum of.

A term is `scale * product(factors)`; each factor is one parameter row with its margin. Waits and
lateness have a distribution of their own. Terms know central, mean, draws and their own name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from landbridge.domain.itinerary import Part
from landbridge.models.distribution import Z90, Margin, fit, fit_parameter
from landbridge.models.draws import Draws, Loadings
from landbridge.parameters import Parameter
from landbridge.units import FloatArray


@dataclass(frozen=True, slots=True)
class Factor:
    """One random coefficient: a parameter row, its margin, its stream and its loadings."""

    parameter: Parameter
    margin: Margin
    central: float
    stream: str
    loadings: Loadings = ()

    @property
    def low(self) -> float:
        """P10 of the margin."""
        return self.margin.at(-Z90)

    @property
    def high(self) -> float:
        """P90 of the margin."""
        return self.margin.at(Z90)


@dataclass(frozen=True, slots=True)
class Term:
    """A named amount: `scale * product(factors)`, or a wait or lateness.

    `kind` is `product`; `wait` (a uniform share of the headway's excess over `reference_h`); or
    `late` (factors: share late, mean days late; scale turns days into hours). `also` names
    parameters used at their central value inside `scale`; `powers` says, in their order, to which
    power of each the scale is proportional (1 where it says nothing, 0 where there is none).
    """

    name: str
    scale: float
    factors: tuple[Factor, ...] = ()
    kind: Literal["product", "wait", "late"] = "product"
    reference_h: float = 0.0
    also: tuple[Parameter, ...] = ()
    powers: tuple[float, ...] = ()

    @property
    def central(self) -> float:
        """The value with all parameters at their central value."""
        if self.kind == "wait":
            return self.scale * 0.5 * max(0.0, self.factors[0].central - self.reference_h)
        if self.kind == "late":
            return 0.0
        value = self.scale
        for factor in self.factors:
            value *= factor.central
        return value

    @property
    def mean(self) -> float:
        """The expected value (factors are independent)."""
        if self.kind == "wait":
            return self.scale * 0.5 * self.factors[0].margin.excess(self.reference_h)
        if self.kind == "late":
            return self.scale * self.factors[0].central * self.factors[1].central
        value = self.scale
        for factor in self.factors:
            value *= factor.margin.mean()
        return value

    @property
    def spread(self) -> float:
        """P90 less P50."""
        if self.kind == "wait":
            return 0.8 * self.mean  # of a uniform share
        if self.kind == "product" and len(self.factors) == 1:
            return self.scale * (self.factors[0].high - self.factors[0].central)
        _, central, high = self.bounds()
        return high - central

    def scaled(self, by: float) -> Term:
        """Return the term `by` times as large."""
        return Term(
            self.name,
            self.scale * by,
            self.factors,
            self.kind,
            self.reference_h,
            self.also,
            self.powers,
        )

    def draws(self, draws: Draws) -> FloatArray:
        """Return values in every replication, shape (samples,)."""
        return self.scale * self.unit_draws(draws)

    def unit_draws(self, draws: Draws) -> FloatArray:
        """Return values in every replication for a scale of 1; not to be written to."""
        if self.kind == "wait":
            headway = self.factors[0]
            values = draws.values(headway.margin, headway.stream, headway.loadings)
            if self.reference_h > 0.0:
                values = (values - self.reference_h).clip(min=0.0)
            return draws.uniform(f"wait/{headway.stream}") * values
        if self.kind == "late":
            share, mean = self.factors
            return draws.late_days(share.central, mean.central, share.stream, share.loadings)
        result: FloatArray | None = None
        for factor in self.factors:
            values = draws.values(factor.margin, factor.stream, factor.loadings)
            result = values if result is None else result * values
        if result is None:
            return np.ones(draws.samples)
        return result

    def points(self) -> tuple[float, float, float] | None:
        """Return P10, P50 and P90 where they are known without draws, else None."""
        if self.kind != "product" or len(self.factors) != 1 or self.scale < 0.0:
            return None
        margin = self.factors[0].margin
        return (
            self.scale * margin.at(-Z90),
            self.scale * margin.at(0.0),
            self.scale * margin.at(Z90),
        )

    def bounds(self) -> tuple[float, float, float]:
        """Return the term's own P10, central and P90 (a product's in logs)."""
        central = self.central
        if self.kind == "wait":
            return 0.2 * central, central, 1.8 * central
        if self.kind == "late":
            share, mean = self.factors[0].central, self.factors[1].central
            if share <= 0.1:
                return 0.0, 0.0, 0.0
            return 0.0, 0.0, self.scale * (1.0 + (mean - 1.0) * math.log(share / 0.1))
        if not self.factors or central <= 0.0:
            return central, central, central
        if len(self.factors) == 1:
            return self.scale * self.factors[0].low, central, self.scale * self.factors[0].high
        down = up = 0.0
        for factor in self.factors:
            if factor.central <= 0.0:
                continue
            down += math.log(factor.central / max(factor.low, 1e-9 * factor.central)) ** 2
            up += math.log(max(factor.high, factor.central) / factor.central) ** 2
        return central * math.exp(-math.sqrt(down)), central, central * math.exp(math.sqrt(up))

    def parameters(self) -> tuple[Parameter, ...]:
        """Return every parameter behind the term."""
        return tuple(factor.parameter for factor in self.factors) + self.also

    def part(self) -> Part:
        """Return the term as a line of a leg's explanation."""
        low, central, high = self.bounds()
        return Part(
            name=self.name,
            low=low,
            central=central,
            high=high,
            parameters=tuple(dict.fromkeys(row.label for row in self.parameters())),
        )


def factor(
    parameter: Parameter,
    *,
    stream: str = "",
    loadings: Loadings = (),
    inverse_of: float = 0.0,
    widen: float = 0.0,
    floor: float | None = None,
    shift_z: float = 0.0,
) -> Factor:
    """Return a factor of a parameter row; see `fit_parameter` for `inverse_of` and `widen`."""
    margin = fit_parameter(parameter, inverse_of=inverse_of, widen=widen)
    if floor is not None:
        margin = Margin(
            margin.theta,
            margin.k,
            margin.sigma,
            margin.sign,
            max(floor, 0.0),
            max(margin.cap, floor),
        )
    if shift_z:
        margin = margin.shifted(shift_z)
    return Factor(parameter, margin, margin.at(0.0), stream or parameter.stream, loadings)


def triple(
    name: str, values: tuple[float, float, float], *, stream: str, unit: str = "h"
) -> Factor:
    """Return a factor of three values that come with the network, not with the parameters."""
    low, central, high = values
    row = Parameter(
        name=name,
        key="network",
        low=low,
        central=central,
        high=high,
        unit=unit,
        year=None,
        evidence=(),
        quality="assumed",
        grade="E",
        note="carried by the service table",
    )
    return Factor(row, fit(low, central, high), central, stream)
