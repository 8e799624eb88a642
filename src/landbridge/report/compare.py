"""One question across corridors, side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from landbridge.compliance.measure import NOTICE
from landbridge.domain.applied import scenario_dict
from landbridge.domain.itinerary import Blocker, Bounds, Itinerary, Percentiles, Plan, Provenance
from landbridge.domain.request import Request
from landbridge.errors import InvariantError
from landbridge.report.basis import Basis

if TYPE_CHECKING:
    from landbridge.scenarios.case import Case

SCHEMA = "landbridge/comparison/1"
FREE = "free"
FAR_OFF_RATIO = 2.5
"""A corridor this many times dearer (generalized cost) than `free` gets no row unless asked."""

STATUS_RANK = {"open": 0, "restricted": 1, "prohibited": 2, "closed": 2, "infeasible": 3}
NEVER_BEST = frozenset({"prohibited", "closed", "infeasible"})
SAME_SHARE = 1e-6
"""Two figures this close to each other, relative to the larger, are equally good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplicable:
    """A corridor without a row, and why, in one line."""

    corridor: str
    title: str
    why: str
    ratio: float = 0.0
    """How many times dearer than the best, where that is why; else 0."""

    def to_dict(self) -> dict[str, str]:
        """Return the contract's object."""
        return {"corridor": self.corridor, "title": self.title, "why": self.why}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The best itinerary of each corridor, and the corridors that have none.

    `options` are sorted by status, then generalized cost. An option of status `infeasible` has
    blockers in place of figures (its figures are NaN, null in JSON).
    """

    request: Request
    options: tuple[Itinerary, ...]
    not_applicable: tuple[NotApplicable, ...]
    provenance: Provenance
    basis: Basis = field(default_factory=Basis)
    faster: tuple[tuple[float, ...], ...] = ()
    """Row a, column b: the share of paired draws in which option a is faster than option b."""

    def best(self) -> dict[str, frozenset[int]]:
        """Return, per column, the positions in `options` that are the best in it.

        Lower is better in every column but that of chances. Prohibited, closed and infeasible
        options are never the best. A column in which all candidates are equal has no best.
        """
        candidates = [
            (position, option)
            for position, option in enumerate(self.options)
            if option.status not in NEVER_BEST
        ]
        marks: dict[str, frozenset[int]] = {}
        for name, figure in COLUMN_FIGURES.items():
            figures = [(position, figure(option)) for position, option in candidates]
            least = min((value for _, value in figures), default=math.nan)
            winners = frozenset(
                position
                for position, value in figures
                if math.isclose(value, least, rel_tol=SAME_SHARE, abs_tol=1e-9)
            )
            marks[name] = winners if len(winners) < len(candidates) else frozenset()
        return marks

    def to_html(self, case: Case | None = None) -> str:
        """Return the answer as one HTML document; see `report.document.render`.

        Without a case, the embedded one is opened for the evidence if the answer came from it.
        """
        from landbridge.report.document import render
        from landbridge.scenarios.case import Case

        if case is None:
            embedded = Case.load()
            case = embedded if embedded.digest == self.provenance.case else None
        return render(self, case=case)

    def to_dict(self) -> dict[str, Any]:
        """Return the `landbridge/comparison/1` object."""
        return {
            "schema": SCHEMA,
            "provenance": self.provenance.to_dict(),
            "request": self.request.to_dict(),
            **scenario_dict(self.provenance.changes),
            "options": [
                nan_to_none({**option.to_dict(), **self._faster_dict(number)})
                for number, option in enumerate(self.options)
            ],
            "not_applicable": [row.to_dict() for row in self.not_applicable],
            "notice": NOTICE,
        }

    def _faster_dict(self, number: int) -> dict[str, dict[str, float]]:
        """Return the chances of one option against each other one, by corridor."""
        if not self.faster:
            return {}
        shares = zip(self.options, self.faster[number], strict=True)
        return {
            "probability_faster_than": {
                other.corridor: share
                for k, (other, share) in enumerate(shares)
                if k != number and not math.isnan(share)
            }
        }


COLUMN_FIGURES: Mapping[str, Callable[[Itinerary], float]] = {
    "distance_km": lambda option: option.distance_km,
    "lead_time_h": lambda option: option.lead_time_h.p50,
    "cost_usd": lambda option: option.cost_usd.central,
    "emissions_wtw_kgco2e": lambda option: option.emissions_wtw_kgco2e.central,
    "generalized_cost_usd": lambda option: option.generalized_cost_usd,
    "probability_by_deadline": lambda option: -(option.probability_by_deadline or 0.0),
    "border_crossings": lambda option: float(option.border_crossings),
    "transfers": lambda option: float(option.transfers),
}
"""The figure by which options are judged, per column."""


def compare(
    plans: Sequence[Plan], *, basis: Basis | None = None, show_all: bool = False
) -> Comparison:
    """Return the plans of one request, one per corridor, side by side.

    Parameters
    ----------
    plans
        One plan per corridor, all of one request. The plan of `free` always has a row.
    basis
        How many parameters of which quality the figures rest on; None for unknown.
    show_all
        Give a row also to corridors without an itinerary or far dearer than `free`; those for which
        the planner built none have none.
    """
    if not plans:
        raise InvariantError("a comparison needs at least one plan")
    request = plans[0].request
    if any(plan.request != request for plan in plans):
        raise InvariantError("a comparison needs plans of one request")
    reference_usd = _reference_cost_usd(plans)
    options: list[Itinerary] = []
    rows: list[NotApplicable] = []
    for plan in plans:
        itinerary = plan.best
        why, ratio = "", 0.0
        if plan.beyond is not None:
            ratio = plan.beyond.generalized_cost_usd / reference_usd
            why = _far_off(ratio)
            rows.append(
                NotApplicable(corridor=plan.corridor, title=plan.title, why=why, ratio=ratio)
            )
            continue
        if itinerary is None:
            itinerary, why = infeasible(plan), why_blocked(plan.blockers, but=plan.title)
        elif itinerary.generalized_cost_usd > FAR_OFF_RATIO * reference_usd:
            ratio = itinerary.generalized_cost_usd / reference_usd
            why = _far_off(ratio)
        if why and not show_all and plan.corridor != FREE:
            rows.append(
                NotApplicable(corridor=plan.corridor, title=plan.title, why=why, ratio=ratio)
            )
        else:
            options.append(itinerary)
    return Comparison(
        request=request,
        options=tuple(sorted(_twins_named(options), key=_rank)),
        not_applicable=tuple(rows),
        provenance=plans[0].provenance,
        basis=basis or Basis(),
    )


def _far_off(ratio: float) -> str:
    return f"{ratio:.1f} times the generalized cost of the best"


def _far_off_row(plan: Plan, ratio: float) -> NotApplicable:
    return NotApplicable(corridor=plan.corridor, title=plan.title, why=_far_off(ratio), ratio=ratio)


def _twins_named(options: Sequence[Itinerary]) -> list[Itinerary]:
    """Return the options, `free` named after the corridor that it coincides with, if any."""
    twins: dict[tuple[object, ...], str] = {}
    for option in options:
        if option.corridor != FREE and option.legs:
            twins.setdefault(_way(option), option.corridor)
    return [
        replace(option, title=f"{FREE} (= {twins[_way(option)]})")
        if option.corridor == FREE and _way(option) in twins
        else option
        for option in options
    ]


def _way(option: Itinerary) -> tuple[object, ...]:
    """Return what tells two ways apart: each leg's kind, mode, ends, service and length."""
    return tuple(
        (leg.kind, leg.mode, leg.origin.id, leg.destination.id, leg.service, leg.distance_km)
        for leg in option.legs
    )


def why_blocked(blockers: Sequence[Blocker], *, but: str = "") -> str:
    """Return in one line why there is no itinerary; `but` is a subject that goes without saying."""
    if not blockers:
        return "no way through"
    first = blockers[0]
    text = " ".join(first.why.split()) or first.kind
    if first.what not in {"", "any way", but} and first.what not in text:
        text = f"{first.what}: {text}"
    others = len(blockers) - 1
    return f"{text} (and {others} more)" if others else text


def infeasible(plan: Plan) -> Itinerary:
    """Return the row of a plan without itineraries: blockers, and NaN for each figure."""
    unknown = Bounds(low=math.nan, central=math.nan, high=math.nan)
    blockers = plan.blockers or (Blocker(kind="network", what="", why="no way through"),)
    return Itinerary(
        corridor=plan.corridor,
        title=plan.title,
        status="infeasible",
        distance_km=math.nan,
        lead_time_h=Percentiles(p10=math.nan, p50=math.nan, p90=math.nan),
        cost_usd=unknown,
        emissions_wtw_kgco2e=unknown,
        generalized_cost_usd=math.nan,
        border_crossings=0,
        transfers=0,
        countries=(),
        passages=(),
        legs=(),
        blockers=blockers,
    )


def nan_to_none(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with NaN, which JSON does not have, turned to None."""
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, dict):
        return {key: nan_to_none(item) for key, item in value.items()}
    if isinstance(value, list):
        return [nan_to_none(item) for item in value]
    return value


def _reference_cost_usd(plans: Sequence[Plan]) -> float:
    """Return the generalized cost of `free`, else the least of all, else infinity."""
    costs = [
        (plan.corridor != FREE, way.generalized_cost_usd)
        for plan in plans
        for way in (plan.best or plan.beyond,)
        if way is not None
    ]
    return min(costs)[1] if costs else math.inf


def _rank(option: Itinerary) -> tuple[int, float, bool, str]:
    cost_usd = option.generalized_cost_usd
    return (
        STATUS_RANK[option.status],
        math.inf if math.isnan(cost_usd) else cost_usd,
        option.corridor == FREE,
        option.corridor,
    )
