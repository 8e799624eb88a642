"""The Pareto set of a corridor: itineraries that no other beats in time, cost and emissions.

The search adds up mean hours, expected dollars and CO2e of every arc: running, borders, gauge
changes, transfers, waits for services and lateness are all in them. What is known only of a whole
chain (the empty box's way back, percentiles) is priced after the search; itineraries that are
then beaten in what the reader sees are dropped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from landbridge.domain.itinerary import Flag, Itinerary, Plan, Selection
from landbridge.planning.build import arcs_of
from landbridge.planning.candidates import Candidate
from landbridge.planning.hunt import WITHIN_RATIO, Hunt
from landbridge.routing.pareto import MOST_LABELS, pareto_set, undominated
from landbridge.routing.states import StateGraph
from landbridge.units import FloatArray

TRUNCATED = Flag(
    kind="pareto_truncated",
    severity="none",
    text="the search stopped at its limit of labels: other itineraries may be missing",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Epsilon:
    """How much worse an itinerary may be than one it stands for, as shares; 0 for the exact set."""

    time_share: float = 0.01
    cost_share: float = 0.01
    emissions_share: float = 0.02

    @classmethod
    def of(cls, share: float) -> Epsilon:
        """Return `share` for time and cost and twice that for emissions, which are known worse."""
        return cls(time_share=share, cost_share=share, emissions_share=2.0 * share)


@dataclass(frozen=True, slots=True)
class Figure:
    """What itineraries are judged by: the name of a column and its value."""

    name: str
    value: Callable[[Itinerary], float]


FIGURES = (
    Figure("time", lambda itinerary: itinerary.lead_time_h.p50),
    Figure("cost", lambda itinerary: itinerary.cost_usd.central),
    Figure("emissions", lambda itinerary: itinerary.emissions_wtw_kgco2e.central),
)
GENERALIZED = Figure("generalized cost", lambda itinerary: itinerary.generalized_cost_usd)
NEVER_BEST = frozenset({"prohibited", "closed", "infeasible"})
BALANCE = "no single figure: none of the others is as good in all three"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoChooser:
    """Chooses the Pareto set of a hunt; called by the planner."""

    epsilon: Epsilon = Epsilon()
    most_labels: int = MOST_LABELS

    def __call__(self, hunt: Hunt) -> tuple[tuple[Itinerary, ...], Selection]:
        """Return the set of a hunt, in the order in which it was found."""
        shares = self.epsilon
        is_whole = True

        def find(states: StateGraph) -> Sequence[Sequence[int]]:
            nonlocal is_whole
            found = pareto_set(
                states,
                (shares.time_share, shares.cost_share, shares.emissions_share),
                most_labels=self.most_labels,
            )
            is_whole = is_whole and found.is_complete
            return found.paths

        candidates = list(hunt.gather(find)) or [hunt.best]
        costs = np.array([_costs(hunt, candidate) for candidate in candidates])
        itineraries = [hunt.build(candidates[k]) for k in undominated(costs)]
        selection = Selection(
            kind="pareto",
            within_ratio=WITHIN_RATIO,
            epsilon_time_share=shares.time_share,
            epsilon_cost_share=shares.cost_share,
            epsilon_emissions_share=shares.emissions_share,
            is_truncated=not is_whole,
        )
        if not is_whole:
            itineraries = [replace(one, flags=(*one.flags, TRUNCATED)) for one in itineraries]
        return tuple(itineraries), selection

    def judged(self, plan: Plan) -> Plan:
        """Return the plan with the itineraries that no other beats, by rising generalized cost."""
        return replace(plan, itineraries=said(plan.itineraries))


def _costs(hunt: Hunt, candidate: Candidate) -> FloatArray:
    rows = hunt.field.prices.rows(arcs_of(candidate))
    total: FloatArray = rows.sum(axis=0)[: len(FIGURES)]
    return total


def said(itineraries: Sequence[Itinerary]) -> tuple[Itinerary, ...]:
    """Return those that no other beats in the figures shown, by status and generalized cost.

    Each says in what it is the best of all or, if in nothing, for which two figures no other is
    better in both ("time for its cost").
    One that is prohibited or closed beats no open one and is the best in nothing.
    """
    figures = np.array(
        [
            [float(one.status in NEVER_BEST), *(figure.value(one) for figure in FIGURES)]
            for one in itineraries
        ],
        float,
    ).reshape(-1, 1 + len(FIGURES))
    order = sorted(
        undominated(figures),
        key=lambda k: (figures[k, 0], itineraries[k].generalized_cost_usd, k),
    )
    mine = [itineraries[k] for k in order]
    fair = [one for one in mine if one.status not in NEVER_BEST]
    return tuple(replace(one, best_in=_best_in(one, fair)) for one in mine)


def _best_in(one: Itinerary, others: Sequence[Itinerary]) -> tuple[str, ...]:
    """Return in what an itinerary is the best of `others`, itself among them."""
    if one.status in NEVER_BEST:
        return ()
    texts = [
        figure.name
        for figure in (*FIGURES, GENERALIZED)
        if all(figure.value(one) <= figure.value(other) for other in others)
    ]
    if not texts:
        texts = [
            f"{what.name} for its {within.name}"
            for what, within in combinations(FIGURES, 2)
            if not any(_beats(other, one, (what, within)) for other in others)
        ]
    return tuple(texts) or (BALANCE,)


def _beats(one: Itinerary, other: Itinerary, figures: Sequence[Figure]) -> bool:
    """Return whether `one` is no worse in any figure and better in some."""
    pairs = [(figure.value(one), figure.value(other)) for figure in figures]
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


def merged(plans: Sequence[Plan]) -> Plan:
    """Return one plan of the Pareto sets of several corridors, without those beaten by others."""
    answered = [plan for plan in plans if plan.itineraries]
    if len(answered) < 2:
        return (answered or list(plans))[0]
    itineraries = said([one for plan in answered for one in plan.itineraries])
    first = min(answered, key=_least_usd)
    selections = [plan.selection for plan in answered if plan.selection is not None]
    return replace(
        first,
        itineraries=itineraries,
        selection=replace(
            selections[0], is_truncated=any(selection.is_truncated for selection in selections)
        ),
    )


def _least_usd(plan: Plan) -> float:
    return min((one.generalized_cost_usd for one in plan.itineraries), default=math.inf)
