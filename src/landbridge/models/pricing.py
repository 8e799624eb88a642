"""Hours, dollars and CO2e of arcs and itineraries, for one consignment on one date."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date

from landbridge.domain.arcs import Arc, DrayageArc, HaulArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.itinerary import Percentiles
from landbridge.domain.request import Request, Scope
from landbridge.kept import Kept
from landbridge.models import cost as costs
from landbridge.models import emissions, generalized_cost
from landbridge.models import time as times
from landbridge.models.context import Context
from landbridge.models.draws import Draws
from landbridge.models.drayage import DrayageRates
from landbridge.models.kinds import (
    NOTHING,
    ArcTerms,
    Chain,
    Expected,
    Kind,
    inventory_usd,
    points,
)
from landbridge.models.likeness import Likeness
from landbridge.models.luck import Luck
from landbridge.models.outcome import ArcOutcome, Outcome, Totals, bounds_around
from landbridge.parameters import Parameter, Parameters
from landbridge.units import FloatArray

MOST_KINDS = 50_000
"""Kinds of arcs that one pricing keeps, at most about."""
MOST_CHAINS = 64
"""So many chains are kept by one pricing; the oldest goes."""
MOST_DRAWS = 8_000
"""Draws that one pricing keeps, 16 kB each, at most about."""


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

    `draws` holds the standard draws of this seed, for whoever samples the same terms again.
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
        self.luck = Luck(self.draws)
        self._kinds: dict[Hashable, Kind] = {}
        self._drayage: dict[tuple[str, str], DrayageRates] = {}
        self._expected: dict[Hashable, Expected] = {}
        self._chains: Kept[tuple[int, ...], Chain] = Kept(MOST_CHAINS)
        self._weights: generalized_cost.Weights | None = None
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
            rate = self._kind(arc).expected
            km = arc.distance_km
            return Expected(
                rate.hours * km, rate.cost_usd * km, rate.kgco2e * km, rate.spread_h * km
            )
        if isinstance(arc, DrayageArc) and arc.distance_km > 0.0 and self.context.is_door:
            place = arc.country, arc.role
            drayage = self._drayage.get(place)
            if drayage is None:
                drayage = self._drayage[place] = DrayageRates(self.context, *place)
            return Expected(*drayage.expected(arc.distance_km))
        like = self.likeness.of(arc)
        found = self._expected.get(like)
        if found is None:
            found = self._expected[like] = self._kind(arc).expected
        return found

    @property
    def is_full(self) -> bool:
        """Whether so much is kept that a fresh one had better take this one's place."""
        return len(self._kinds) > MOST_KINDS or self.draws.kept > MOST_DRAWS

    @property
    def usd_per_h(self) -> float:
        """What an hour of the whole consignment is worth, USD."""
        return self._time_value

    @property
    def usd_per_kg(self) -> float:
        """Price of carbon, USD/kg CO2e."""
        return self._carbon

    @property
    def usd_per_h_spread(self) -> float:
        """What an hour between P50 and P90 of the whole consignment costs, USD."""
        return self._time_value * self.context.row("gc.reliability_weight_1").central

    def generalized_usd(self, expected: Expected) -> float:
        """Return `cost + VOT h TEU / 24 + carbon`, without unreliability: the search surrogate."""
        return (
            expected.cost_usd
            + (self._time_value - self._inventory_usd_per_h) * expected.hours
            + self._carbon * expected.kgco2e
        )

    def outcome(self, arcs: Sequence[Arc]) -> Outcome:
        """Return time, cost and emissions of a whole chain, with every part."""
        chain = self.chain(arcs)
        totals = self.totals(chain)
        return Outcome(
            lead_time_h=totals.lead_time_h,
            mean_h=totals.mean_h,
            cost_usd=totals.cost_usd,
            emissions_wtw_kgco2e=totals.emissions_wtw_kgco2e,
            generalized_cost_usd=totals.generalized_cost_usd,
            inventory_usd=totals.inventory_usd,
            per_arc=tuple(
                kind.outcome.scaled(scale) if isinstance(arc, HaulArc) else kind.outcome
                for arc, kind, scale in zip(arcs, chain.kinds, chain.scales, strict=True)
            ),
            rows=tuple(kind.rows for kind in chain.kinds),
        )

    def totals(self, chain: Chain) -> Totals:
        """Return time, cost and emissions of a whole chain."""
        own = list(zip(chain.kinds, chain.scales, strict=True))
        hours = chain.points_h
        money, gases = map(points, chain.amounts)
        mean_h = sum(kind.expected.hours * scale for kind, scale in own)
        central_usd = sum(kind.expected.cost_usd * scale for kind, scale in own)
        central_kg = sum(kind.expected.kgco2e * scale for kind, scale in own)
        inventory = sum(kind.inventory_usd * scale for kind, scale in own)
        return Totals(
            lead_time_h=Percentiles(p10=hours[0], p50=hours[1], p90=hours[2]),
            mean_h=mean_h,
            cost_usd=bounds_around(money, central_usd),
            emissions_wtw_kgco2e=bounds_around(gases, central_kg),
            generalized_cost_usd=self._generalized_usd(
                central_usd - inventory, mean_h, central_kg, hours[2] - hours[1]
            ),
            inventory_usd=inventory,
        )

    def generalized_of(self, terms: Sequence[ArcTerms], *, unreliability_h: float) -> float:
        """Return the generalized cost of a chain's terms, USD; see `models.generalized_cost`."""
        central_usd = sum(term.central for own in terms for term in own.cost)
        return self._generalized_usd(
            central_usd - inventory_usd(terms),
            sum(term.mean for own in terms for term in own.time),
            sum(term.central for own in terms for term in own.emissions),
            unreliability_h,
        )

    def _generalized_usd(
        self, without_inventory_usd: float, mean_h: float, kg: float, unreliability_h: float
    ) -> float:
        if self._weights is None:
            self._weights = generalized_cost.weights_of(self.context)
        return self._weights.total_usd(
            cost_without_inventory_usd=without_inventory_usd,
            mean_h=mean_h,
            kgco2e=kg,
            unreliability_h=unreliability_h,
        )

    def ranking_usd(self, arcs: Sequence[Arc]) -> float:
        """Return the generalized cost of a whole chain: `outcome(arcs)`'s, at a fifth of the time.

        For ranking many candidates; unreliability and the empty return are in it.
        """
        return self.ranking_of(self.chain(arcs))

    def ranking_of(self, chain: Chain) -> float:
        """Return the generalized cost of a whole chain; see `ranking_usd`."""
        usd = inventory = mean_h = kg = 0.0
        for kind, scale in zip(chain.kinds, chain.scales, strict=True):
            expected = kind.expected
            usd += scale * expected.cost_usd
            inventory += scale * kind.inventory_usd
            mean_h += scale * expected.hours
            kg += scale * expected.kgco2e
        _, p50, p90 = chain.points_h
        return self._generalized_usd(usd - inventory, mean_h, kg, p90 - p50)

    def labels(self, arcs: Sequence[Arc]) -> frozenset[str]:
        """Return the names of all parameters behind a chain."""
        return frozenset().union(*(kind.labels for kind in self.chain(arcs).kinds))

    def sampled_hours(self, arcs: Sequence[Arc]) -> FloatArray:
        """Return the chain's elapsed time in every replication, h, shape (samples,).

        Replications are paired: the same one has the same luck in every chain priced here.
        """
        return self.chain(arcs).hours

    def chain(self, arcs: Sequence[Arc]) -> Chain:
        """Return the chain of kinds of these arcs, each with its share of the box's way back.

        Chains are asked for several times in a row, so the last few are kept, by their very arcs.
        """
        # a kept chain holds its arcs: their ids are no others' meanwhile
        return self._chains.made(tuple(map(id, arcs)), lambda: self._made_chain(tuple(arcs)))

    def _made_chain(self, arcs: tuple[Arc, ...]) -> Chain:
        share, start = costs.empty_return_share(arcs, self.context)
        known = self._kinds
        kinds: list[Kind] = []
        scales: list[float] = []
        for position, arc in enumerate(arcs):
            key: Hashable
            if isinstance(arc, HaulArc):
                key, scale = _haul_key(arc), arc.distance_km
            else:
                key, scale = arc, 1.0
            if share is None or position < start:
                kind = known.get(key) or self._kind(arc)
            else:
                kind = known.get((key, share.label)) or self._kind(arc, share)
            kinds.append(kind)
            scales.append(scale)
        return Chain(arcs, kinds, scales, self.draws.samples)

    def terms(self, arcs: Sequence[Arc]) -> list[ArcTerms]:
        """Return the terms of each arc, with its share of the empty box's way back."""
        chain = self.chain(arcs)
        return [
            kind.terms.scaled(scale) if isinstance(arc, HaulArc) else kind.terms
            for arc, kind, scale in zip(arcs, chain.kinds, chain.scales, strict=True)
        ]

    def _kind(self, arc: Arc, share: Parameter | None = None) -> Kind:
        """Return the kind of an arc, with a share of boxes that go back empty if there is one."""
        key: Hashable = _haul_key(arc) if isinstance(arc, HaulArc) else arc
        whole = key if share is None else (key, share.label)
        found = self._kinds.get(whole)
        if found is None:
            if share is None:
                found = Kind(self._terms_of(arc), self.draws)
            else:
                found = self._with_share(self._kind(arc), share)
            found = self._kinds.setdefault(whole, found)
        return found

    def _with_share(self, own: Kind, share: Parameter) -> Kind:
        terms = own.terms
        back = costs.empty_return_terms(terms.cost, share, self.context)
        if not back:
            return own
        whole = ArcTerms(terms.time, (*terms.cost, *back), terms.emissions)
        return Kind(whole, self.draws, like=own)

    def _terms_of(self, arc: Arc) -> ArcTerms:
        """Return the terms of an arc without a way back: those of one km of a haul."""
        if isinstance(arc, HaulArc):
            time = times.haul_terms_per_km(arc, self.context)
            mean_h = sum(term.mean for term in time)
            return ArcTerms(
                time,
                (
                    *costs.haul_terms_per_km(arc, self.context),
                    *costs.time_cost_terms(arc, self.context, mean_h=mean_h),
                ),
                emissions.haul_terms_per_km(arc, self.context),
            )
        time = times.time_terms(arc, self.context)
        mean_h = sum(term.mean for term in time)
        return ArcTerms(
            time,
            costs.cost_terms(arc, self.context, mean_h=mean_h),
            emissions.emission_terms(arc, self.context),
        )


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


__all__ = [
    "NOTHING",
    "ArcOutcome",
    "ArcTerms",
    "Chain",
    "Expected",
    "Kind",
    "Outcome",
    "Pricing",
    "bounds_around",
    "pricing_of",
]
