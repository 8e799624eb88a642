"""Run a published journey again: find its way once, price it as often as needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from landbridge.domain.arcs import Arc, HaulArc, PassageArc, TransferArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.network import Mode, Place
from landbridge.domain.request import Objective, Request, Scope
from landbridge.errors import RequestError
from landbridge.models.pricing import Pricing
from landbridge.parameters import Parameters
from landbridge.planning.build import arcs_of
from landbridge.planning.plan import Planner
from landbridge.validation.journeys import Asked, Journey

FREIGHT_PARTS = frozenset(
    {
        "ocean rate of the lane", "ocean rate, fixed part", "ocean rate per mile",
        "caspian rate, fixed part", "caspian rate per km", "ferry rate, fixed part",
        "ferry rate per km", "rail tariff", "railway entered, fixed part", "truck tariff",
        "truck, fixed part", "waterway rate", "waterway rate, fixed part",
    }
)  # fmt: skip
"""Cost parts that a freight rate holds (mask F)."""
NEVER_LATE = ("sea.late_share_1", "default", 0.0)
"""A schedule does not know that ships come late."""
POINTS = (0.1, 0.5, 0.9)
OCEAN_SHIPS = ("mainline", "regional", "feeder", "ice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One way through the network under a row's conditions, ready to be priced."""

    arcs: tuple[Arc, ...]
    baseline: tuple[Arc, ...]
    consignment: Consignment
    depart: date
    origin_country: str
    is_offered: bool
    mask: str

    @property
    def distance_km(self) -> float:
        """Length of the way, km."""
        return _length_km(self.arcs)

    @property
    def extra_km(self) -> float:
        """How much longer the way is than the baseline, km; 0 without one."""
        return _length_km(self.arcs) - _length_km(self.baseline) if self.baseline else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the model says: P10, P50, P90 (hours or USD), and the rows that made it."""

    p10: float
    p50: float
    p90: float
    labels: frozenset[str]


def chains_of(planner: Planner, journey: Journey) -> tuple[Chain, ...]:
    """Return the ways of one row, one per pair of its origins and destinations.

    Raises
    ------
    LandbridgeError
        If a place is unknown or there is no way.
    """
    asked = journey.asked
    pairs = [(o, d) for o in asked.origins for d in asked.destinations]
    return tuple(_chain(planner, journey, origin, destination) for origin, destination in pairs)


def figures_of(chains: Sequence[Chain], parameters: Parameters, *, kind: str) -> Figures:
    """Return the model's figures of a row, averaged over its ways.

    Parameters
    ----------
    kind
        `time` or `delta` (h), or `cost` (USD, by the chain's mask).
    """
    priced = [_priced(chain, parameters, kind=kind) for chain in chains]
    points = np.mean([(f.p10, f.p50, f.p90) for f in priced], axis=0).tolist()
    return Figures(
        p10=points[0],
        p50=points[1],
        p90=points[2],
        labels=frozenset().union(*(f.labels for f in priced)),
    )


def point_of(chains: Sequence[Chain], parameters: Parameters, *, kind: str, point: float) -> float:
    """Return one point of a row's model (h or USD): quicker than `figures_of`.

    Parameters
    ----------
    point
        The quantile of a time, 0 to 1; costs are central.
    """
    if kind == "cost":
        return figures_of(chains, parameters, kind=kind).p50
    found = []
    for chain in chains:
        pricing = _pricing(chain, parameters, kind=kind)
        hours = pricing.sampled_hours(chain.arcs)
        if kind == "delta":
            hours = hours - pricing.sampled_hours(chain.baseline)
        found.append(float(np.quantile(hours, point)))
    return float(np.mean(found))


def _pricing(chain: Chain, parameters: Parameters, *, kind: str) -> Pricing:
    if chain.is_offered and kind != "cost":
        name, key, share = NEVER_LATE
        parameters = parameters.with_value(name, key, share, low=share, high=share)
    return Pricing(
        parameters,
        consignment=chain.consignment,
        depart=chain.depart,
        scope=Scope.TERMINAL,
        origin_country=chain.origin_country,
    )


def _priced(chain: Chain, parameters: Parameters, *, kind: str) -> Figures:
    pricing = _pricing(chain, parameters, kind=kind)
    outcome = pricing.outcome(chain.arcs)
    labels = frozenset(row.label for row in outcome.parameters)
    if kind == "cost":
        if chain.mask == "F":
            central = sum(
                part.central
                for arc in outcome.per_arc
                for part in arc.cost_parts
                if part.name in FREIGHT_PARTS
            )
            return Figures(p10=central, p50=central, p90=central, labels=labels)
        cost = outcome.cost_usd
        return Figures(p10=cost.low, p50=cost.central, p90=cost.high, labels=labels)
    if kind == "delta":
        hours = pricing.sampled_hours(chain.arcs) - pricing.sampled_hours(chain.baseline)
        low, middle, high = _points(hours)
        return Figures(p10=low, p50=middle, p90=high, labels=labels)
    lead = outcome.lead_time_h
    return Figures(p10=lead.p10, p50=lead.p50, p90=lead.p90, labels=labels)


def _points(hours: NDArray[np.float64]) -> list[float]:
    found: list[float] = np.quantile(hours, POINTS).tolist()
    return found


def _chain(planner: Planner, journey: Journey, origin: str, destination: str) -> Chain:
    asked = journey.asked
    request = _request(planner, asked, origin, destination, asked.via)
    arcs = _way(planner, asked, request)
    baseline: tuple[Arc, ...] = ()
    if asked.baseline_via:
        before = _request(planner, asked, origin, destination, asked.baseline_via)
        usual = replace(before, depart=asked.baseline_depart or before.depart)
        baseline = _way(planner, asked, usual)
    return Chain(
        arcs=arcs,
        baseline=baseline,
        consignment=request.consignment,
        depart=request.depart,
        origin_country=request.origin.country,
        is_offered=journey.evidence == "offered",
        mask=asked.mask,
    )


def _request(
    planner: Planner, asked: Asked, origin: str, destination: str, via: Sequence[str]
) -> Request:
    if asked.depart is None:
        raise RequestError("the row has no date", where="depart")
    return Request(
        origin=place_of(planner, origin, "origin"),
        destination=place_of(planner, destination, "destination"),
        consignment=Consignment(
            unit=asked.unit, units=1, cargo_mass_t=asked.tonnes, goods="general"
        ),
        depart=asked.depart,
        is_depart_given=True,
        modes=tuple(Mode(mode) for mode in asked.modes),
        via=tuple(planner.via_place(place_of(planner, v, "via")) for v in via),
        avoid=asked.avoid,
        scope=Scope.TERMINAL,
        objective=Objective.GENERALIZED,
    )


def place_of(planner: Planner, text: str, where: str) -> Place:
    """Return the place of an id or a name; an id of a passage goes before a town's name."""
    for passage in planner.case.dataset.passages:
        if passage.id == text:
            return passage.place()
    return planner.case.gazetteer.resolve(
        text, where=where, country_at=planner.geography.country_at
    )


def _way(planner: Planner, asked: Asked, request: Request) -> tuple[Arc, ...]:
    if asked.ship:
        found = planner.shortest(request)
        if found is None:
            raise RequestError("no open way by sea", where="ship")
        return tuple(_sailed(arc, asked.ship) for arc in arcs_of(found))
    plan = planner.plan(request)
    if plan.best is None:
        why = "; ".join(f"{b.what}: {b.why}" for b in plan.blockers)
        raise RequestError(f"no way ({why})")
    return tuple(arc for leg in plan.best.legs for arc in leg.arcs)


def _sailed(arc: Arc, ship: str) -> Arc:
    """Return the arc in the class of ship that the row's own line runs."""
    if isinstance(arc, HaulArc | PassageArc) and arc.vehicle in OCEAN_SHIPS:
        return replace(arc, vehicle=ship)
    if isinstance(arc, TransferArc):
        return replace(
            arc,
            vehicle_from=ship if arc.vehicle_from in OCEAN_SHIPS else arc.vehicle_from,
            vehicle_to=ship if arc.vehicle_to in OCEAN_SHIPS else arc.vehicle_to,
        )
    return arc


def _length_km(arcs: Sequence[Arc]) -> float:
    return sum(arc.distance_km for arc in arcs if isinstance(arc, HaulArc | PassageArc))
