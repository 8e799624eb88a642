"""Lead time, cost and emissions of fixed itineraries in many draws, paired across options.

Draw i has the same luck in every itinerary sampled with one seed and one number of draws: the
stream of a term is keyed by what it is (a row at a terminal, a crossing, a country's railway),
not by where in a chain or in which corridor or scenario it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from landbridge.domain.arcs import Arc
from landbridge.domain.itinerary import Itinerary, Plan
from landbridge.errors import RequestError
from landbridge.models.draws import Draws
from landbridge.models.luck import Name, name_of
from landbridge.models.pricing import ArcTerms, Pricing, bounds_around
from landbridge.models.terms import Term
from landbridge.montecarlo.percentiles import points, time_points
from landbridge.units import FloatArray

MOST_SAMPLES = 1_000_000
"""More draws than this would need gigabytes and tell nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Totals of one itinerary in every draw, shape (samples,) each."""

    lead_time_h: FloatArray
    cost_usd: FloatArray
    emissions_wtw_kgco2e: FloatArray


def checked_samples(samples: int) -> int:
    """Return the number of draws; refuse none, and too many.

    Raises
    ------
    RequestError
        If it is not between 1 and `MOST_SAMPLES`.
    """
    if not 1 <= samples <= MOST_SAMPLES:
        raise RequestError(
            f"{samples} draws asked for",
            where="--samples",
            hint=f"1 to {MOST_SAMPLES:,}; 2000 is the default",
        )
    return samples


def arcs_of(itinerary: Itinerary) -> tuple[Arc, ...]:
    """Return the arcs of an itinerary in order."""
    return tuple(arc for leg in itinerary.legs for arc in leg.arcs)


def sample(pricing: Pricing, arcs: Sequence[Arc], draws: Draws) -> Sample:
    """Return a chain's totals in every draw."""
    terms = pricing.terms(arcs)
    return Sample(
        lead_time_h=total(_times(terms), draws),
        cost_usd=total((term for own in terms for term in own.cost), draws),
        emissions_wtw_kgco2e=total((term for own in terms for term in own.emissions), draws),
    )


def sample_hours(pricing: Pricing, arcs: Sequence[Arc], draws: Draws) -> FloatArray:
    """Return a chain's lead time in every draw, h, shape (samples,)."""
    if draws is pricing.draws:
        return pricing.luck.hours(pricing.chain(arcs))
    return total(_times(pricing.terms(arcs)), draws)


def total(terms: Iterable[Term], draws: Draws) -> FloatArray:
    """Return the sum of terms in every draw, shape (samples,), whatever their order.

    Terms with the same random part are drawn once, and the sum is taken in the order of their
    names, so that it is the same to the last bit for any order of the legs.
    """
    constant = 0.0
    merged: dict[Name, Term] = {}
    scales: dict[Name, list[float]] = {}
    for term in terms:
        if not term.factors:
            constant += term.scale
            continue
        key = name_of(term)
        merged.setdefault(key, term)
        scales.setdefault(key, []).append(term.scale)
    result = np.full(draws.samples, constant)
    for key in sorted(merged):
        result += sum(sorted(scales[key])) * merged[key].unit_draws(draws)
    return result


def resampled(plan: Plan, pricing: Pricing, draws: Draws) -> Plan:
    """Return the plan with the totals of its itineraries from these draws.

    What a leg takes by itself stays as planned; only totals depend on the number of draws.
    """
    return replace(
        plan,
        itineraries=tuple(
            resampled_itinerary(itinerary, pricing, draws) for itinerary in plan.itineraries
        ),
    )


def resampled_itinerary(itinerary: Itinerary, pricing: Pricing, draws: Draws) -> Itinerary:
    """Return the itinerary with totals from these draws; see `resampled`."""
    arcs = arcs_of(itinerary)
    drawn = sample(pricing, arcs, draws)
    lead_time = time_points(drawn.lead_time_h)
    return replace(
        itinerary,
        lead_time_h=lead_time,
        cost_usd=bounds_around(points(drawn.cost_usd), itinerary.cost_usd.central),
        emissions_wtw_kgco2e=bounds_around(
            points(drawn.emissions_wtw_kgco2e), itinerary.emissions_wtw_kgco2e.central
        ),
        generalized_cost_usd=pricing.generalized_of(
            pricing.terms(arcs), unreliability_h=lead_time.p90 - lead_time.p50
        ),
    )


def _times(terms: Sequence[ArcTerms]) -> Iterable[Term]:
    return (term for own in terms for term in own.time)
