"""Hours, dollars and CO2e of arcs and itineraries, for one consignment on one date."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from landbridge.domain.arcs import Arc, HaulArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.itinerary import Percentiles
from landbridge.domain.request import Request, Scope
from landbridge.models import cost as costs
from landbridge.models import emissions, generalized_cost
from landbridge.models import time as times
from landbridge.models.context import Context
from landbridge.models.draws import Draws, percentile
from landbridge.models.likeness import Likeness
from landbridge.models.outcome import ArcOutcome, Outcome, bounds_around
from landbridge.models.terms import Term
from landbridge.parameters import Parameter, Parameters
from landbridge.units import FloatArray

MOST_TERMS = 50_000
"""Arcs whose terms one pricing keeps, at most about."""
MOST_DRAWS = 8_000
"""Draws that one pricing keeps, 16 kB each, at most about."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Mean hours, central cost and central WTW emissions of the whole consignment."""

    hours: float
    cost_usd: float
    kgco2e: float

    def __add__(self, other: Expected) -> Expected:
        return Expected(
            self.hours + other.hours, self.cost_usd + other.cost_usd, self.kgco2e + other.kgco2e
        )


NOTHING = Expected(0.0, 0.0, 0.0)


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
        """Mean hours, central cost and central emissions."""
        return Expected(
            sum(term.mean for term in self.time),
            sum(term.central for term in self.cost),
            sum(term.central for term in self.emissions),
        )


@dataclass(frozen=True, slots=True)
class _Priced:
    """An arc's outcome with its rows, and its draws: `scale` times those of (3, samples).

    The rows of draws are hours, USD and kg; hauls of one kind share those of one kilometre.
    """

    outcome: ArcOutcome
    draws: FloatArray
    scale: float
    rows: tuple[Parameter, ...]
    inventory_usd: float

    def scaled(self, by: float) -> _Priced:
        """Return what is `by` times as long."""
        return _Priced(
            self.outcome.scaled(by), self.draws, self.scale * by, self.rows, self.inventory_usd * by
        )


class Pricing:
    """Prices arcs and itineraries; caches what it has looked up.

    Parameters
    ----------
    parameters, consignment, depart, scope
        What an answer depends on; `depart` selects price year, freight index and seasons.
    origin_country
        Country of the first loading: selects the 40-foot ratio of ocean rates.
    seed
        Luck of the percentiles; the same seed gives the same numbers.

    `draws` holds the standard draws of this seed, for whoever samples the same terms again; `spans`
    what assumed parameters change in kinds of arcs (see `kinds`), for whoever ranks them.
    """

    def __init__(
        self,
        parameters: Parameters,
        *,
        consignment: Consignment,
        depart: date,
        scope: Scope,
        origin_country: str = "",
        seed: int = 0,
    ) -> None:
        self.context = Context(
            parameters,
            consignment=consignment,
            depart=depart,
            scope=scope,
            origin_country=origin_country,
        )
        self.draws = Draws(seed=seed)
        self._per_km: dict[tuple[object, ...], ArcTerms] = {}
        self._rates: dict[tuple[object, ...], Expected] = {}
        self._terms: dict[Arc, ArcTerms] = {}
        self._expected: dict[Hashable, Expected] = {}
        self._arc_hours: dict[Hashable, FloatArray] = {}
        self._outcomes: dict[tuple[Hashable, str], _Priced] = {}
        self._n_drawn = 0
        self._sums: dict[Hashable, tuple[Expected, float]] = {}
        self._labels: dict[Hashable, frozenset[str]] = {}
        self.spans: dict[Hashable, tuple[tuple[str, float], ...]] = {}
        self.likeness = Likeness(parameters)
        capital = parameters.lookup("gc.capital_percent_per_d").central / 100.0
        self._inventory_usd_per_h = (consignment.value_usd or 0.0) * capital / 24.0
        self._carbon = parameters.lookup("gc.carbon_price_usd_per_t").central / 1000.0
        self._time_value = (
            generalized_cost.value_of_time_usd_per_teud(self.context) / 24.0 * consignment.size_teu
        )

    def expected(self, arc: Arc) -> Expected:
        """Return the additive search weights of one arc; a haul's are linear in its distance."""
        if isinstance(arc, HaulArc):
            key = _haul_key(arc)
            rate = self._rates.get(key)
            if rate is None:
                rate = self._haul_terms_per_km(arc).expected
                self._rates[key] = rate
            km = arc.distance_km
            return Expected(rate.hours * km, rate.cost_usd * km, rate.kgco2e * km)
        like = self.likeness.of(arc)
        found = self._expected.get(like)
        if found is None:
            found = self._arc_terms(arc).expected
            self._expected[like] = found
        return found

    @property
    def is_full(self) -> bool:
        """Whether so much is kept that a fresh one had better take this one's place."""
        kept = self.draws.kept + len(self._arc_hours) + 3 * self._n_drawn
        return max(len(self._terms), len(self._outcomes)) > MOST_TERMS or kept > MOST_DRAWS

    @property
    def usd_per_h(self) -> float:
        """What an hour of the whole consignment is worth, USD."""
        return self._time_value

    @property
    def usd_per_kg(self) -> float:
        """Price of carbon, USD/kg CO2e."""
        return self._carbon

    def generalized_usd(self, expected: Expected) -> float:
        """Return `cost + VOT h TEU / 24 + carbon`, without unreliability: the search surrogate."""
        return (
            expected.cost_usd
            + (self._time_value - self._inventory_usd_per_h) * expected.hours
            + self._carbon * expected.kgco2e
        )

    def outcome(self, arcs: Sequence[Arc]) -> Outcome:
        """Return time, cost and emissions of a whole chain, with every part."""
        priced = [self._priced(arc, share) for arc, share in self._with_shares(arcs)]
        totals = np.zeros((3, self.draws.samples))
        for own in priced:
            totals += own.draws if own.scale == 1.0 else own.scale * own.draws
        hours, money, gases = _points(totals)
        per_arc = tuple(own.outcome for own in priced)
        mean_h = sum(arc.mean_h for arc in per_arc)
        central_usd = sum(arc.cost_usd.central for arc in per_arc)
        central_kg = sum(arc.emissions_wtw_kgco2e.central for arc in per_arc)
        inventory_usd = sum(own.inventory_usd for own in priced)
        return Outcome(
            lead_time_h=Percentiles(p10=hours[0], p50=hours[1], p90=hours[2]),
            mean_h=mean_h,
            cost_usd=bounds_around(money, central_usd),
            emissions_wtw_kgco2e=bounds_around(gases, central_kg),
            generalized_cost_usd=generalized_cost.generalized_cost_usd(
                self.context,
                cost_without_inventory_usd=central_usd - inventory_usd,
                mean_h=mean_h,
                kgco2e=central_kg,
                unreliability_h=hours[2] - hours[1],
            ),
            inventory_usd=inventory_usd,
            per_arc=per_arc,
            rows=tuple(own.rows for own in priced),
        )

    def generalized_of(self, terms: Sequence[ArcTerms], *, unreliability_h: float) -> float:
        """Return the generalized cost of a chain's terms, USD; see `models.generalized_cost`."""
        central_usd = sum(term.central for own in terms for term in own.cost)
        return generalized_cost.generalized_cost_usd(
            self.context,
            cost_without_inventory_usd=central_usd - _inventory_usd(terms),
            mean_h=sum(term.mean for own in terms for term in own.time),
            kgco2e=sum(term.central for own in terms for term in own.emissions),
            unreliability_h=unreliability_h,
        )

    def ranking_usd(self, arcs: Sequence[Arc]) -> float:
        """Return the generalized cost of a whole chain: `outcome(arcs)`'s, at a fifth of the time.

        For ranking many candidates; unreliability and the empty return are in it.
        """
        hours = self.sampled_hours(arcs)
        hours.sort()
        usd = inventory_usd = mean_h = kg = 0.0
        for kind, scale, terms_of in self.kinds(arcs):
            known = self._sums.get(kind)
            if known is None:
                own = terms_of()
                known = self._sums[kind] = (own.expected, _inventory_usd([own]))
            expected, inventory = known
            usd += scale * expected.cost_usd
            inventory_usd += scale * inventory
            mean_h += scale * expected.hours
            kg += scale * expected.kgco2e
        return generalized_cost.generalized_cost_usd(
            self.context,
            cost_without_inventory_usd=usd - inventory_usd,
            mean_h=mean_h,
            kgco2e=kg,
            unreliability_h=float(percentile(hours, 0.9) - percentile(hours, 0.5)),
        )

    def labels(self, arcs: Sequence[Arc]) -> frozenset[str]:
        """Return the names of all parameters behind a chain."""
        found: set[str] = set()
        for kind, _, terms_of in self.kinds(arcs):
            known = self._labels.get(kind)
            if known is None:
                own = terms_of()
                terms = (*own.time, *own.cost, *own.emissions)
                known = frozenset(row.label for term in terms for row in term.parameters())
                self._labels[kind] = known
            found |= known
        return frozenset(found)

    def sampled_hours(self, arcs: Sequence[Arc]) -> FloatArray:
        """Return the chain's elapsed time in every replication, h, shape (samples,).

        Replications are paired: the same one has the same luck in every chain priced here.
        """
        total = np.zeros(self.draws.samples)
        for arc in arcs:
            total += self._hours(arc)
        return total

    def kinds(self, arcs: Sequence[Arc]) -> list[tuple[Hashable, float, Callable[[], ArcTerms]]]:
        """Return per arc what tells its terms from others', and how many times those to take.

        Hauls of one kind have the terms of one kilometre. For what is kept of terms, by whom they
        do not concern otherwise; the third makes them.
        """
        found: list[tuple[Hashable, float, Callable[[], ArcTerms]]] = []
        for arc, share in self._with_shares(arcs):
            label = "" if share is None else share.label
            if isinstance(arc, HaulArc):
                make = partial(self._with_share_of, self._haul_terms_per_km, arc, share)
                found.append(((_haul_key(arc), label), arc.distance_km, make))
            else:
                make = partial(self._with_share_of, self._arc_terms, arc, share)
                found.append(((arc, label), 1.0, make))
        return found

    def _with_share_of(
        self, terms_of: Callable[[Any], ArcTerms], arc: Arc, share: Parameter | None
    ) -> ArcTerms:
        return self._with_share(terms_of(arc), share)

    def terms(self, arcs: Sequence[Arc]) -> list[ArcTerms]:
        """Return the terms of each arc, with its share of the empty box's way back."""
        return [self._own_terms(arc, share) for arc, share in self._with_shares(arcs)]

    def _with_shares(self, arcs: Sequence[Arc]) -> list[tuple[Arc, Parameter | None]]:
        """Return each arc with the share of boxes that go back empty over it, if any do."""
        share, start = costs.empty_return_share(arcs, self.context)
        return [(arc, share if position >= start else None) for position, arc in enumerate(arcs)]

    def _own_terms(self, arc: Arc, share: Parameter | None) -> ArcTerms:
        return self._with_share(self._terms_of(arc), share)

    def _with_share(self, own: ArcTerms, share: Parameter | None) -> ArcTerms:
        if share is None:
            return own
        back = costs.empty_return_terms(own.cost, share, self.context)
        return ArcTerms(own.time, (*own.cost, *back), own.emissions)

    def _hours(self, arc: Arc) -> FloatArray:
        """Return an arc's time in every replication, h, shape (samples,), not to be written to."""
        if isinstance(arc, HaulArc):
            hours: FloatArray = arc.distance_km * self._kept_hours(
                _haul_key(arc), self._haul_terms_per_km(arc)
            )
            return hours
        return self._kept_hours(arc, self._arc_terms(arc))

    def _kept_hours(self, key: Hashable, terms: ArcTerms) -> FloatArray:
        found = self._arc_hours.get(key)
        if found is None:
            found = self._arc_hours[key] = self._sum(terms.time)
        return found

    def _sum(self, terms: Sequence[Term]) -> FloatArray:
        total = np.zeros(self.draws.samples)
        for term in terms:
            total += term.draws(self.draws)
        return total

    def _priced(self, arc: Arc, share: Parameter | None) -> _Priced:
        key = (arc, "" if share is None else share.label)
        found = self._outcomes.get(key)
        if found is not None:
            return found
        if isinstance(arc, HaulArc):
            kind = (_haul_key(arc), key[1])
            known = self._outcomes.get(kind)
            if known is None:
                terms = self._with_share(self._haul_terms_per_km(arc), share)
                known = self._outcomes[kind] = self._drawn(_haul_key(arc), terms)
            found = known.scaled(arc.distance_km)
        else:
            found = self._drawn(arc, self._with_share(self._arc_terms(arc), share))
        self._outcomes[key] = found
        return found

    def _drawn(self, key: Hashable, terms: ArcTerms) -> _Priced:
        self._n_drawn += 1
        draws = np.stack(
            [self._kept_hours(key, terms), self._sum(terms.cost), self._sum(terms.emissions)]
        )
        return _priced_arc(terms, draws)

    def _terms_of(self, arc: Arc) -> ArcTerms:
        if isinstance(arc, HaulArc):
            return self._haul_terms_per_km(arc).scaled(arc.distance_km)
        return self._arc_terms(arc)

    def _haul_terms_per_km(self, arc: HaulArc) -> ArcTerms:
        key = _haul_key(arc)
        found = self._per_km.get(key)
        if found is None:
            time = times.haul_terms_per_km(arc, self.context)
            mean_h = sum(term.mean for term in time)
            found = ArcTerms(
                time,
                (
                    *costs.haul_terms_per_km(arc, self.context),
                    *costs.time_cost_terms(arc, self.context, mean_h=mean_h),
                ),
                emissions.haul_terms_per_km(arc, self.context),
            )
            self._per_km[key] = found
        return found

    def _arc_terms(self, arc: Arc) -> ArcTerms:
        found = self._terms.get(arc)
        if found is None:
            time = times.time_terms(arc, self.context)
            mean_h = sum(term.mean for term in time)
            found = ArcTerms(
                time,
                costs.cost_terms(arc, self.context, mean_h=mean_h),
                emissions.emission_terms(arc, self.context),
            )
            self._terms[arc] = found
        return found


def pricing_of(parameters: Parameters, request: Request, origin_country: str) -> Pricing:
    """Return what prices the arcs of a request whose cargo is loaded in `origin_country`."""
    return Pricing(
        parameters,
        consignment=request.consignment,
        depart=request.depart,
        scope=request.scope,
        origin_country=origin_country,
        seed=request.seed,
    )


def _haul_key(arc: HaulArc) -> tuple[object, ...]:
    return (
        arc.mode,
        arc.country,
        arc.vehicle,
        arc.electrified_share,
        arc.market,
        arc.winter_ice,
        arc.link_speed_km_per_d,
        arc.shoal,
        arc.quoted_usd_per_km,
    )


def _inventory_usd(terms: Sequence[ArcTerms]) -> float:
    return sum(term.central for own in terms for term in own.cost if term.name == costs.INVENTORY)


def _points(rows: FloatArray) -> list[tuple[float, float, float]]:
    """Return P10, P50 and P90 of each row of draws."""
    rising = np.sort(rows, axis=1)
    points = np.stack([percentile(rising, share) for share in (0.1, 0.5, 0.9)], axis=1)
    return [(p10, p50, p90) for p10, p50, p90 in points.tolist()]


def _priced_arc(own: ArcTerms, draws: FloatArray) -> _Priced:
    """Return the outcome of an arc: a sum of one plain term has the points of its margin."""
    groups = (own.time, own.cost, own.emissions)
    points: list[tuple[float, float, float] | None] = [
        (0.0, 0.0, 0.0) if not group else group[0].points() if len(group) == 1 else None
        for group in groups
    ]
    missing = [k for k, known in enumerate(points) if known is None]
    if missing:
        for k, found in zip(missing, _points(draws[missing]), strict=True):
            points[k] = found
    hours, money, gases = (known or (0.0, 0.0, 0.0) for known in points)
    rows = {row.label: row for group in groups for term in group for row in term.parameters()}
    outcome = ArcOutcome(
        time_h=Percentiles(p10=hours[0], p50=hours[1], p90=hours[2]),
        mean_h=sum(term.mean for term in own.time),
        cost_usd=bounds_around(money, sum(term.central for term in own.cost)),
        emissions_wtw_kgco2e=bounds_around(gases, sum(term.central for term in own.emissions)),
        time_parts=tuple(term.part() for term in own.time),
        cost_parts=tuple(term.part() for term in own.cost),
        emission_parts=tuple(term.part() for term in own.emissions),
        parameters=tuple(rows),
    )
    return _Priced(outcome, draws, 1.0, tuple(rows.values()), _inventory_usd([own]))


__all__ = [
    "NOTHING",
    "ArcOutcome",
    "ArcTerms",
    "Expected",
    "Outcome",
    "Pricing",
    "bounds_around",
    "pricing_of",
]
