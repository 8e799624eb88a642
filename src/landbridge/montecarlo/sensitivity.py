"""What moves lead time and cost: each parameter at its low and high, ignorance apart from luck.

Two measures. The **swing** is exact and one at a time: the chain is priced anew with the parameter
at its low and at its high and all else as expected. The **share** is first order, over the draws:
the squared rank correlation between the parameter's own quantity and the total.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from landbridge.domain.arcs import Arc
from landbridge.domain.itinerary import Bounds, Itinerary, Percentiles
from landbridge.models.distribution import Z90, fit
from landbridge.models.draws import Draws
from landbridge.models.pricing import ArcTerms, Pricing, bounds_around
from landbridge.models.terms import Term
from landbridge.montecarlo.percentiles import points, time_points
from landbridge.montecarlo.run import arcs_of, sample
from landbridge.parameters import Parameter, Parameters
from landbridge.units import FloatArray

IGNORANCE_SHARE = {"A": 0.2, "B": 0.2, "C": 0.4, "D": 0.4, "E": 0.6}
"""Share of a row's log-variance that is what we do not know, by grade (model.md 2.6; assumed)."""
LOADING_SCALES = (0.5, 2.0)
"""Loadings on common factors are assumed: the totals are drawn with half and with double."""
NO_EFFECT_H, NO_EFFECT_USD = 0.01, 0.05
"""Swings below this are none: a hundredth of an hour, five cents."""
Swing = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one parameter, or one piece of luck, does to an itinerary's totals.

    Swings are changes of expected lead time (h) and central cost (USD) with the parameter at its
    low and at its high; `ignorance_*` is the part that better knowledge could take away, the rest
    varies from one consignment to the next. `parameter` is None for luck that is no parameter:
    the wait for a departure, the lateness of a ship. `*_share` is the squared rank correlation
    with the total, NaN for a parameter that stays at its central value in the draws.
    """

    name: str
    parameter: Parameter | None
    time_h: Swing
    ignorance_time_h: Swing
    cost_usd: Swing
    ignorance_cost_usd: Swing
    time_share: float
    cost_share: float

    @property
    def time_span_h(self) -> float:
        """The width of the swing in time, h."""
        return abs(self.time_h[1] - self.time_h[0])

    @property
    def cost_span_usd(self) -> float:
        """The width of the swing in cost, USD."""
        return abs(self.cost_usd[1] - self.cost_usd[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadingRun:
    """Totals with all loadings on common factors scaled."""

    scale: float
    lead_time_h: Percentiles
    cost_usd: Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """The effects on one itinerary, those on time first, the largest first."""

    title: str
    mean_h: float
    lead_time_h: Percentiles
    cost_usd: Bounds
    effects: tuple[Effect, ...]
    loadings: tuple[LoadingRun, ...]

    def by_time(self) -> tuple[Effect, ...]:
        """Return the effects that move the lead time, the widest swing first."""
        found = [effect for effect in self.effects if effect.time_span_h > NO_EFFECT_H]
        return tuple(sorted(found, key=lambda effect: (-effect.time_span_h, effect.name)))

    def by_cost(self) -> tuple[Effect, ...]:
        """Return the effects that move the cost, the widest swing first."""
        found = [effect for effect in self.effects if effect.cost_span_usd > NO_EFFECT_USD]
        return tuple(sorted(found, key=lambda effect: (-effect.cost_span_usd, effect.name)))


def sensitivity(pricing: Pricing, itinerary: Itinerary, draws: Draws) -> Sensitivity:
    """Return what moves the lead time and the cost of an itinerary.

    Parameters
    ----------
    pricing
        Prices the request that the itinerary answers.
    itinerary
        A fixed chain; it is priced anew but not searched anew.
    draws
        Draws for the shares and for the loadings at half and double.
    """
    arcs = arcs_of(itinerary)
    terms = pricing.terms(arcs)
    drawn = sample(pricing, arcs, draws)
    times = _shares((t for own in terms for t in own.time), drawn.lead_time_h, draws)
    costs = _shares((t for own in terms for t in own.cost), drawn.cost_usd, draws)
    base_h, base_usd = _expected(terms)
    effects = [
        *_parameter_effects(pricing, arcs, (base_h, base_usd), times, costs),
        *_luck_effects(terms, times),
    ]
    return Sensitivity(
        title=itinerary.title,
        mean_h=base_h,
        lead_time_h=itinerary.lead_time_h,
        cost_usd=itinerary.cost_usd,
        effects=tuple(effects),
        loadings=tuple(_loading_run(pricing, arcs, draws, scale) for scale in LOADING_SCALES),
    )


def assumed_first(
    pricing: Pricing, itineraries: Iterable[Itinerary], more: Iterable[Sequence[Arc]] = ()
) -> tuple[str, ...]:
    """Return the assumed parameters of itineraries, the largest effect first.

    The effect is local and cheap: the change of generalized cost, low to high, all else at its
    central value, taken together over the itineraries. Inside a term it is a product, so the
    change is the term's amount times the parameter's relative range. `more` are chains without an
    itinerary.
    """
    usd: dict[str, float] = {}
    for arcs in (*map(arcs_of, itineraries), *more):
        per: dict[str, float] = {}
        chain = pricing.chain(arcs)
        for kind, scale in zip(chain.kinds, chain.scales, strict=True):
            known = kind.spans
            if known is None:
                known = kind.spans = _spans(pricing, kind.terms)
            for label, amount in known:
                per[label] = per.get(label, 0.0) + scale * amount
        for label, amount in per.items():
            usd[label] = usd.get(label, 0.0) + abs(amount)
    return tuple(sorted(usd, key=lambda label: (-usd[label], label)))


def _spans(pricing: Pricing, own: ArcTerms) -> tuple[tuple[str, float], ...]:
    """Return what each assumed parameter changes in an arc from low to high, USD."""
    per: dict[str, float] = {}
    spans: dict[tuple[str, float, bool], float] = {}
    for group, price in (
        (own.time, pricing.usd_per_h),
        (own.cost, 1.0),
        (own.emissions, pricing.usd_per_kg),
    ):
        for term in group:
            _add_spans(term, price, per, spans)
    return tuple(per.items())


def _add_spans(
    term: Term,
    price: float,
    per: dict[str, float],
    spans: dict[tuple[str, float, bool], float],
) -> None:
    """Add to `per` the change of a term between low and high of each of its assumed rows."""
    amount = None
    for position, row in enumerate(term.parameters()):
        if row.quality != "assumed":
            continue
        k = position - len(term.factors)
        if k < 0:
            factor = term.factors[position]
            key = (row.label, factor.central, True)
            if key not in spans:
                spans[key] = (factor.high - factor.low) / factor.central if factor.central else 0.0
        else:
            power = term.powers[k] if k < len(term.powers) else 1.0
            key = (row.label, power, False)
            if key not in spans:
                low = max(row.low, 1e-9 * row.central) / row.central if row.central else 1.0
                high = row.high / row.central if row.central else 1.0
                spans[key] = high**power - low**power
        if amount is None:
            amount = price * (term.mean if term.kind == "late" else term.central)
        per[row.label] = per.get(row.label, 0.0) + amount * spans[key]


class _Traced(Parameters):
    """Parameters that remember which rows were asked for."""

    __slots__ = ("used",)

    def __init__(self, base: Parameters) -> None:
        super().__init__(base, groups=base.groups)
        self.used: dict[str, Parameter] = {}

    def find(self, name: str, *keys: str) -> Parameter | None:
        return self._noted(super().find(name, *keys))

    def exactly(self, name: str, key: str) -> Parameter | None:
        return self._noted(super().exactly(name, key))

    def require(self, names: Iterable[str], rows: Iterable[tuple[str, str]] = ()) -> None:
        """Do nothing: the base was checked, and a check is no use of a row."""

    def _noted(self, row: Parameter | None) -> Parameter | None:
        if row is not None:
            self.used[row.label] = row
        return row


def _repriced(pricing: Pricing, parameters: Parameters) -> Pricing:
    context = pricing.context
    return Pricing(
        parameters,
        consignment=context.consignment,
        depart=context.depart,
        scope=context.scope,
        origin_country=context.origin_country,
        seed=pricing.draws.seed,
    )


def _expected(terms: Sequence[ArcTerms]) -> tuple[float, float]:
    """Return the mean hours and the central cost of terms."""
    return (
        sum(term.mean for own in terms for term in own.time),
        sum(term.central for own in terms for term in own.cost),
    )


def _parameter_effects(
    pricing: Pricing,
    arcs: Sequence[Arc],
    base: tuple[float, float],
    times: dict[str, float],
    costs: dict[str, float],
) -> list[Effect]:
    traced = _Traced(pricing.context.parameters)
    _repriced(pricing, traced).terms(arcs)
    effects: list[Effect] = []
    for label, row in sorted(traced.used.items()):
        if row.low == row.high:
            continue
        ends = []
        for value in (row.low, row.high):
            fixed = replace(row, low=value, central=value, high=value)
            other = _repriced(pricing, pricing.context.parameters.replace(fixed))
            hours, usd = _expected(other.terms(arcs))
            ends.append((hours - base[0], usd - base[1]))
        time_h, cost_usd = (ends[0][0], ends[1][0]), (ends[0][1], ends[1][1])
        if (
            max(abs(time_h[0]), abs(time_h[1])) < NO_EFFECT_H
            and max(abs(cost_usd[0]), abs(cost_usd[1])) < NO_EFFECT_USD
        ):
            continue
        parts = ignorance_parts(row)
        effects.append(
            Effect(
                name=label,
                parameter=row,
                time_h=time_h,
                ignorance_time_h=(time_h[0] * parts[0], time_h[1] * parts[1]),
                cost_usd=cost_usd,
                ignorance_cost_usd=(cost_usd[0] * parts[0], cost_usd[1] * parts[1]),
                time_share=times.get(label, math.nan),
                cost_share=costs.get(label, math.nan),
            )
        )
    return effects


def ignorance_parts(row: Parameter) -> Swing:
    """Return how far towards its low and its high a row goes by ignorance alone, 0 to 1 each.

    With a share s of the log-variance, P10 and P90 of ignorance lie at scores of
    `-/+ 1.28 sqrt(s)`.
    """
    reach = Z90 * math.sqrt(IGNORANCE_SHARE[row.grade])
    margin = fit(row.low, row.central, row.high)
    down, up = row.central - row.low, row.high - row.central
    low = (row.central - margin.at(-reach)) / down if down > 0 else 0.0
    high = (margin.at(reach) - row.central) / up if up > 0 else 0.0
    return min(low, 1.0), min(high, 1.0)


def _luck_effects(terms: Sequence[ArcTerms], times: dict[str, float]) -> list[Effect]:
    """Return the swings of waits and lateness, P10 to P90 around their mean; all of it is luck."""
    effects: list[Effect] = []
    for term in (term for own in terms for term in own.time if term.kind != "product"):
        low, _, high = term.bounds()
        effects.append(
            Effect(
                name=term.name,
                parameter=None,
                time_h=(low - term.mean, high - term.mean),
                ignorance_time_h=(0.0, 0.0),
                cost_usd=(0.0, 0.0),
                ignorance_cost_usd=(0.0, 0.0),
                time_share=times.get(_luck_key(term), 0.0),
                cost_share=0.0,
            )
        )
    return effects


def _luck_key(term: Term) -> str:
    return f"{term.name}/{term.factors[0].stream}"


def _shares(terms: Iterable[Term], total: FloatArray, draws: Draws) -> dict[str, float]:
    """Return per parameter (and wait) the squared rank correlation of its quantities."""
    ranks = _ranks(total)
    found: dict[tuple[str, str], float] = {}
    for term in terms:
        if term.kind != "product":
            key = _luck_key(term)
            found.setdefault((key, ""), _correlation(term.unit_draws(draws), ranks))
            continue
        for factor in term.factors:
            both = (factor.parameter.label, factor.stream)
            if both not in found and factor.margin.k > 0.0:
                values = draws.values(factor.margin, factor.stream, factor.loadings)
                found[both] = _correlation(values, ranks)
    shares: dict[str, float] = {}
    for (label, _), correlation in found.items():
        shares[label] = min(1.0, shares.get(label, 0.0) + correlation**2)
    return shares


def _ranks(values: FloatArray) -> FloatArray:
    """Return ranks from 0, equal values in order, as floats."""
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks


def _correlation(values: FloatArray, ranks: FloatArray) -> float:
    """Return the rank correlation of values with ranks (0 where there is nothing to rank)."""
    n = len(values)
    if n < 2:
        return 0.0
    middle = (n - 1) / 2.0
    product = float(np.dot(_ranks(values) - middle, ranks - middle))
    return product / (n * (n * n - 1) / 12.0)


def _loading_run(pricing: Pricing, arcs: Sequence[Arc], draws: Draws, scale: float) -> LoadingRun:
    drawn = sample(
        pricing, arcs, Draws(seed=draws.seed, samples=draws.samples, loading_scale=scale)
    )
    central = sum(term.central for own in pricing.terms(arcs) for term in own.cost)
    return LoadingRun(
        scale=scale,
        lead_time_h=time_points(drawn.lead_time_h),
        cost_usd=bounds_around(points(drawn.cost_usd), central),
    )
