"""The answer: legs, itineraries, flags, blockers, plans."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from landbridge.domain.applied import Applied, scenario_dict, scenario_line
from landbridge.domain.arcs import Arc, TransferArc
from landbridge.domain.network import Place
from landbridge.domain.request import Request

NOTICE = "A screen, not legal advice."
"""What every screened answer says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentiles:
    """P10, P50 and P90 of an elapsed time over consignments, h."""

    p10: float
    p50: float
    p90: float

    def to_dict(self) -> dict[str, float]:
        """Return the contract's object."""
        return {"p10": self.p10, "p50": self.p50, "p90": self.p90}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Low, central and high of an amount (USD or kg CO2e)."""

    low: float
    central: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """Return the contract's object."""
        return {"low": self.low, "central": self.central, "high": self.high}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something the reader must know about an itinerary, with its source."""

    kind: str
    severity: str
    text: str
    subject: str = ""
    jurisdiction: str = ""
    measure: str = ""
    instrument: str = ""
    since: str = ""
    evidence: str = ""

    def to_dict(self) -> dict[str, str]:
        """Return the contract's object."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "jurisdiction": self.jurisdiction,
            "measure": self.measure,
            "subject": self.subject,
            "instrument": self.instrument,
            "since": self.since,
            "text": self.text,
            "evidence": self.evidence,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """One reason why there is no itinerary: which mask, on what, and why."""

    kind: str
    what: str
    why: str

    def to_dict(self) -> dict[str, str]:
        """Return the contract's object."""
        return {"kind": self.kind, "what": self.what, "why": self.why}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One named part of a leg's time, cost or emissions, with the parameters that made it."""

    name: str
    low: float
    central: float
    high: float
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One haul, drayage, transfer, border or wait of an itinerary.

    `shape` holds (lon, lat) polylines, cut at the antimeridian, empty until asked for;
    `chord_km` is the length drawn as straight chords over 20 km; `mean_h` the expected time, which
    unlike percentiles adds up over legs.
    """

    kind: str
    mode: str
    origin: Place
    destination: Place
    distance_km: float
    time_h: Percentiles
    cost_usd: Bounds
    emissions_wtw_kgco2e: Bounds
    countries: tuple[str, ...]
    passages: tuple[str, ...] = ()
    service: str = ""
    evidence: tuple[str, ...] = ()
    time_parts: tuple[Part, ...] = ()
    cost_parts: tuple[Part, ...] = ()
    emission_parts: tuple[Part, ...] = ()
    shape: tuple[tuple[tuple[float, float], ...], ...] = ()
    chord_km: float = 0.0
    arcs: tuple[Arc, ...] = ()
    mean_h: float = math.nan

    @property
    def heading(self) -> str:
        """What happens, in a word: the mode of a haul, and at the two ends loading and unloading.

        A wait before the first departure holds the loading and its charges, and what comes after
        the last arrival is no change of vehicle.
        """
        if self.kind == "haul":
            return self.mode
        if self.kind == "wait":
            return "loading"
        last = self.arcs[-1] if self.arcs else None
        if isinstance(last, TransferArc) and last.role == "destination":
            return "unloading"
        return self.kind

    def to_dict(self) -> dict[str, Any]:
        """Return the contract's leg object."""
        return {
            "kind": self.kind,
            "mode": self.mode,
            "from": self.origin.to_dict(),
            "to": self.destination.to_dict(),
            "distance_km": self.distance_km,
            "time_h": self.time_h.to_dict(),
            "cost_usd": self.cost_usd.to_dict(),
            "emissions_wtw_kgco2e": self.emissions_wtw_kgco2e.to_dict(),
            "countries": list(self.countries),
            "passages": list(self.passages),
            "service": self.service,
            "evidence": list(self.evidence),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Itinerary:
    """Ordered legs for one consignment, timed and priced."""

    corridor: str
    title: str
    status: str
    distance_km: float
    lead_time_h: Percentiles
    cost_usd: Bounds
    emissions_wtw_kgco2e: Bounds
    generalized_cost_usd: float
    border_crossings: int
    transfers: int
    countries: tuple[str, ...]
    passages: tuple[str, ...]
    legs: tuple[Leg, ...]
    flags: tuple[Flag, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    probability_by_deadline: float | None = None
    """Share of draws delivered by the request's deadline; None where it names none."""
    best_in: tuple[str, ...] = ()
    """Of a Pareto set: in what this one is the best, and among which."""
    differs_by: tuple[str, ...] = ()
    """Of alternatives: in what this one differs from the first."""

    def to_dict(self) -> dict[str, Any]:
        """Return the contract's itinerary object."""
        return {
            "corridor": self.corridor,
            "title": self.title,
            "status": self.status,
            "blockers": [blocker.to_dict() for blocker in self.blockers],
            "distance_km": self.distance_km,
            "lead_time_h": self.lead_time_h.to_dict(),
            "cost_usd": self.cost_usd.to_dict(),
            "emissions_wtw_kgco2e": self.emissions_wtw_kgco2e.to_dict(),
            "generalized_cost_usd": self.generalized_cost_usd,
            **self._chance(),
            "border_crossings": self.border_crossings,
            "transfers": self.transfers,
            "countries": list(self.countries),
            "passages": list(self.passages),
            "flags": [flag.to_dict() for flag in self.flags],
            **self.said(),
            "legs": [leg.to_dict() for leg in self.legs],
        }

    def said(self) -> dict[str, list[str]]:
        """Return what is said of one itinerary among several, if anything."""
        said = {"best_in": self.best_in, "differs_by": self.differs_by}
        return {name: list(texts) for name, texts in said.items() if texts}

    def _chance(self) -> dict[str, float]:
        if self.probability_by_deadline is None:
            return {}
        return {"probability_by_deadline": self.probability_by_deadline}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What an answer depends on: version and digests.

    `carried` says in words which prices, and which state of the network, are those of another
    date than the one asked for. `changes` are those of the scenarios applied, in order.
    """

    version: str
    dataset: str
    parameters: str
    rulebook: str
    case: str
    seed: int
    carried: tuple[str, ...] = ()
    changes: tuple[Applied, ...] = ()

    def carried_line(self) -> str:
        """Return what was carried from another date in one line, '' if nothing was."""
        return f"Of other dates: {'; '.join(self.carried)}." if self.carried else ""

    def scenario_line(self) -> str:
        """Return what scenarios changed in one line, '' if none were applied."""
        return scenario_line(self.changes)

    def to_dict(self) -> dict[str, object]:
        """Return the contract's object."""
        return {
            "version": self.version,
            "dataset": self.dataset,
            "parameters": self.parameters,
            "rulebook": self.rulebook,
            "case": self.case,
            "seed": self.seed,
            "carried": list(self.carried),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which itineraries were asked for where more than the best are, and how many were left out.

    `kind` is `pareto` or `alternatives`. `epsilon_*` say how much worse, as a share, an itinerary
    of the Pareto set may be than one it stands for. None was looked for that weighs more than
    `within_ratio` times the best. `is_truncated` marks a search that stopped at its limit.
    """

    kind: str
    within_ratio: float
    epsilon_time_share: float | None = None
    epsilon_cost_share: float | None = None
    epsilon_emissions_share: float | None = None
    asked: int | None = None
    is_truncated: bool = False

    def to_dict(self) -> dict[str, object]:
        """Return the contract's object."""
        if self.kind == "alternatives":
            return {"kind": self.kind, "within_ratio": self.within_ratio, "asked": self.asked}
        return {
            "kind": self.kind,
            "within_ratio": self.within_ratio,
            "epsilon_time_share": self.epsilon_time_share,
            "epsilon_cost_share": self.epsilon_cost_share,
            "epsilon_emissions_share": self.epsilon_emissions_share,
            "pareto_truncated": self.is_truncated,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """A way found that is too dear for an itinerary of its own: what it costs, and its arcs."""

    generalized_cost_usd: float
    arcs: tuple[Arc, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The itineraries that answer one request in one corridor, or the reasons there are none."""

    request: Request
    corridor: str
    title: str
    itineraries: tuple[Itinerary, ...]
    blockers: tuple[Blocker, ...]
    provenance: Provenance
    selection: Selection | None = None
    beyond: Beyond | None = None
    """In place of an itinerary where only what is not far dearer than the best was asked for."""

    @property
    def best(self) -> Itinerary | None:
        """The first itinerary, or None."""
        return self.itineraries[0] if self.itineraries else None

    def to_dict(self) -> dict[str, Any]:
        """Return the `landbridge/plan/1` object."""
        return {
            "schema": "landbridge/plan/1",
            "provenance": self.provenance.to_dict(),
            "request": self.request.to_dict(),
            **scenario_dict(self.provenance.changes),
            **({} if self.selection is None else {"selection": self.selection.to_dict()}),
            "itineraries": [itinerary.to_dict() for itinerary in self.itineraries],
            "blockers": [blocker.to_dict() for blocker in self.blockers],
            "notice": NOTICE,
        }
