"""What pricing says of an arc and of a whole chain."""

from __future__ import annotations

from dataclasses import dataclass

from landbridge.domain.itinerary import Bounds, Part, Percentiles
from landbridge.parameters import Parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcOutcome:
    """One arc of an itinerary, explained; its percentiles do not add up to the total's."""

    time_h: Percentiles
    mean_h: float
    cost_usd: Bounds
    emissions_wtw_kgco2e: Bounds
    time_parts: tuple[Part, ...]
    cost_parts: tuple[Part, ...]
    emission_parts: tuple[Part, ...]
    parameters: tuple[str, ...]

    def scaled(self, by: float) -> ArcOutcome:
        """Return the outcome of an arc `by` times as long."""
        return ArcOutcome(
            time_h=Percentiles(
                p10=self.time_h.p10 * by, p50=self.time_h.p50 * by, p90=self.time_h.p90 * by
            ),
            mean_h=self.mean_h * by,
            cost_usd=_scaled_bounds(self.cost_usd, by),
            emissions_wtw_kgco2e=_scaled_bounds(self.emissions_wtw_kgco2e, by),
            time_parts=_scaled_parts(self.time_parts, by),
            cost_parts=_scaled_parts(self.cost_parts, by),
            emission_parts=_scaled_parts(self.emission_parts, by),
            parameters=self.parameters,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Time, cost, emissions and reliability of one itinerary."""

    lead_time_h: Percentiles
    mean_h: float
    cost_usd: Bounds
    emissions_wtw_kgco2e: Bounds
    generalized_cost_usd: float
    inventory_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Totals):
    """The totals of one itinerary, with its parts and parameters."""

    per_arc: tuple[ArcOutcome, ...]
    rows: tuple[tuple[Parameter, ...], ...]
    """The parameters of each arc."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """All parameters, each once, by their names."""
        used = {row.label: row for rows in self.rows for row in rows}
        return tuple(used[label] for label in sorted(used))


def bounds_around(spread: tuple[float, float, float], central: float) -> Bounds:
    """Return P10 and P90 of draws around the sum of centrals, which they always contain."""
    return Bounds(low=min(spread[0], central), central=central, high=max(spread[2], central))


def _scaled_bounds(bounds: Bounds, by: float) -> Bounds:
    return Bounds(low=bounds.low * by, central=bounds.central * by, high=bounds.high * by)


def _scaled_parts(parts: tuple[Part, ...], by: float) -> tuple[Part, ...]:
    return tuple(
        Part(
            name=part.name,
            low=part.low * by,
            central=part.central * by,
            high=part.high * by,
            parameters=part.parameters,
        )
        for part in parts
    )
