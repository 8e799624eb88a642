"""Alternatives that differ in a meaning: another passage, crossing, terminal, mode or service.

Candidates are the Pareto set and, for every terminal, crossing side and gate of the corridor's
graph, the best way that leads through it: the two trees of the graph hold all of these at once
(via-node alternatives; Abraham, Delling, Goldberg and Werneck 2013). Of one signature the better
is kept; what goes the same way for over 80 % of the cheaper one's cost is the same too, unless
passages or status differ. None is a jitter of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from landbridge.domain.itinerary import Itinerary, Plan, Selection
from landbridge.domain.request import Objective
from landbridge.planning.build import arcs_of
from landbridge.planning.candidates import Candidate
from landbridge.planning.hunt import WITHIN_RATIO, Hunt
from landbridge.planning.pareto import NEVER_BEST, Epsilon
from landbridge.planning.settle import settled
from landbridge.planning.signature import (
    Signature,
    differences,
    is_roundabout,
    shared_usd,
    signature_of,
)
from landbridge.routing.pareto import pareto_set
from landbridge.routing.states import StateGraph

SAME_SHARE = 0.8
"""Ways that share more than this of the cheaper one's cost are one (model.md, section 6)."""
MOST_PRICED = 60
"""Signatures that are priced exactly, the best by the additive weight."""
MOST_WAYS = 400
"""Ways taken from the trees of one graph, the lightest."""
MOST_ALTERNATIVES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Option:
    candidate: Candidate
    signature: Signature
    rank: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativesChooser:
    """Chooses up to `most` itineraries of a hunt that differ in a meaning; the best comes first."""

    most: int

    def __call__(self, hunt: Hunt) -> tuple[tuple[Itinerary, ...], Selection]:
        """Return the best itinerary and those that differ from it and from each other."""
        chosen: list[tuple[_Option, Itinerary]] = []
        for option in _options(hunt):
            if len(chosen) == self.most:
                break
            built: Itinerary | None = None
            is_same = False
            for kept, itinerary in chosen:
                if not _goes_the_same_way(hunt, option, kept):
                    continue
                built = built or hunt.build(option.candidate)
                if built.status == itinerary.status:
                    is_same = True
                    break
            if not is_same:
                chosen.append((option, built or hunt.build(option.candidate)))
        selection = Selection(kind="alternatives", within_ratio=WITHIN_RATIO, asked=self.most)
        names = _names(hunt)
        first = chosen[0][0].signature
        return (
            chosen[0][1],
            *(
                replace(itinerary, differs_by=differences(option.signature, first, names))
                for option, itinerary in chosen[1:]
            ),
        ), selection

    def judged(self, plan: Plan) -> Plan:
        """Return the plan with what is prohibited or closed at the end."""
        order = sorted(plan.itineraries, key=lambda one: one.status in NEVER_BEST)
        return replace(plan, itineraries=tuple(order))


def _options(hunt: Hunt) -> list[_Option]:
    """Return one option per signature, the best by its exact price first."""
    best_of: dict[Signature, Candidate] = {}
    for candidate in sorted(
        (*hunt.gather(_ways), hunt.best), key=lambda candidate: candidate.weight
    ):
        if not is_roundabout(hunt.field, candidate):
            best_of.setdefault(signature_of(hunt.field, candidate), candidate)
    if not best_of:  # places of `--via` may ask for just that
        best_of[signature_of(hunt.field, hunt.best)] = hunt.best
    light = sorted(best_of.items(), key=lambda item: item[1].weight)[:MOST_PRICED]
    by_weight = hunt.field.request.objective is not Objective.GENERALIZED
    options = [
        _Option(
            candidate=candidate,
            signature=signature,
            rank=candidate.weight if by_weight else _exact_usd(hunt, candidate),
        )
        for signature, candidate in light
    ]
    return sorted(options, key=lambda option: option.rank)


def _exact_usd(hunt: Hunt, candidate: Candidate) -> float:
    """Return the generalized cost of the candidate as it will be built."""
    field = hunt.field
    return field.pricing.ranking_usd(arcs_of(settled(field, candidate)))


def _ways(states: StateGraph) -> Sequence[Sequence[int]]:
    """Return the Pareto set and the lightest way through every state, each way once."""
    epsilon = Epsilon()
    found = pareto_set(states, (epsilon.time_share, epsilon.cost_share, epsilon.emissions_share))
    ways: dict[tuple[int, ...], None] = dict.fromkeys(found.paths)
    through = states.ahead + states.behind
    is_covered = np.zeros(len(through), bool)
    n = 0
    for state in np.argsort(through, kind="stable").tolist():
        if n == MOST_WAYS or not through[state] < states.limit:
            break
        if is_covered[state]:
            continue
        path = tuple(states.path_to(state) + states.path_from(state))
        heads = states.head[list(path)]
        is_covered[heads[through[heads] >= through[state] * (1.0 - 1e-12)]] = True
        ways[path] = None
        n += 1
    return list(ways)


def _goes_the_same_way(hunt: Hunt, one: _Option, other: _Option) -> bool:
    if one.signature.passages != other.signature.passages:
        return False
    shared = shared_usd(hunt.field, one.candidate, other.candidate)
    return shared > SAME_SHARE * min(one.candidate.weight, other.candidate.weight)


def _names(hunt: Hunt) -> dict[str, str]:
    dataset = hunt.field.geography.dataset
    names = {passage.id: passage.name for passage in dataset.passages}
    names |= {crossing.id: crossing.name for crossing in dataset.crossings}
    names |= {service.id: service.name or service.id for service in dataset.services}
    return names | {terminal.id: terminal.name for terminal in dataset.terminals}
