"""Chances: of arriving by a deadline, and of one option being faster than another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from landbridge.domain.itinerary import Itinerary, Plan
from landbridge.domain.request import DEFAULT_SAMPLES, Request
from landbridge.errors import RequestError
from landbridge.models.draws import Draws
from landbridge.models.pricing import Pricing
from landbridge.montecarlo.percentiles import faster_shares, share_within
from landbridge.montecarlo.run import arcs_of, resampled, sample_hours
from landbridge.report.compare import Comparison
from landbridge.report.figures import percent


def checked_deadline(deadline: date | None, depart: date) -> date | None:
    """Return the deadline; refuse one before the day of readiness."""
    if deadline is not None and deadline < depart:
        raise RequestError(
            f"{deadline} is before the cargo is ready, {depart}",
            where="--deadline",
            hint="name a later day, or an earlier --depart",
        )
    return deadline


def draws_of(request: Request, pricing: Pricing) -> Draws:
    """Return the draws a request asks for: those of the pricing if it asks for no others."""
    if request.samples == DEFAULT_SAMPLES:
        return pricing.draws
    return Draws(seed=request.seed, samples=request.samples)


def hours_to_deadline(request: Request) -> float:
    """Return the time from readiness to the deadline, h: whole days between the two dates."""
    if request.deadline is None:
        return math.inf
    return 24.0 * (request.deadline - request.depart).days


def plan_with_draws(plan: Plan, pricing: Pricing, draws: Draws) -> Plan:
    """Return the plan with totals from these draws, and its chance to meet the deadline."""
    if draws is not pricing.draws:
        plan = resampled(plan, pricing, draws)
    if plan.request.deadline is None:
        return plan
    limit_h = hours_to_deadline(plan.request)
    itineraries = tuple(
        replace(
            itinerary,
            probability_by_deadline=share_within(
                sample_hours(pricing, arcs_of(itinerary), draws), limit_h
            ),
        )
        for itinerary in plan.itineraries
    )
    return replace(plan, itineraries=itineraries)


def with_chances(comparison: Comparison, pricing: Pricing, draws: Draws) -> Comparison:
    """Return the comparison with, per pair of options, which is faster how often."""
    known = [k for k, option in enumerate(comparison.options) if option.legs]
    hours = [sample_hours(pricing, arcs_of(comparison.options[k]), draws) for k in known]
    shares = faster_shares(hours)
    size = len(comparison.options)
    whole = [[math.nan] * size for _ in range(size)]
    for row, a in enumerate(known):
        for column, b in enumerate(known):
            whole[a][b] = shares[row][column]
    return replace(comparison, faster=tuple(tuple(row) for row in whole))


def faster_line(comparison: Comparison) -> str:
    """Return how often each other option is faster than the first, the most frequent first."""
    first = _first(comparison.options)
    if not comparison.faster or first is None:
        return ""
    best = comparison.options[first]
    rivals = sorted(
        (
            (-share[first], option.title)
            for option, share in zip(comparison.options, comparison.faster, strict=True)
            if option.legs and option.legs != best.legs and not math.isnan(share[first])
        ),
    )
    if not rivals:
        return ""
    told = "; ".join(f"{title} {percent(-share)}" for share, title in rivals)
    return f"Chance to be faster than {best.title}, same luck for all: {told}."


def _first(options: Sequence[Itinerary]) -> int | None:
    return next((k for k, option in enumerate(options) if option.legs), None)
