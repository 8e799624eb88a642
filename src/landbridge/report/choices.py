"""More than the best: what may be asked for together, and the tables of sets and alternatives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from landbridge.domain.itinerary import Itinerary, Plan, Selection
from landbridge.domain.request import Objective
from landbridge.errors import RequestError
from landbridge.planning.alternatives import MOST_ALTERNATIVES, AlternativesChooser
from landbridge.planning.hunt import Chooser
from landbridge.planning.pareto import Epsilon, ParetoChooser, merged
from landbridge.report.basis import Basis
from landbridge.report.compare import Comparison
from landbridge.report.flags import legend
from landbridge.report.page import Paper, Table, Text
from landbridge.report.tables import BEST, heading, options_rows, plan_table

MOST_EPSILON = 0.5
"""Beyond this a set of "no worse than half again" says nothing."""


def chooser_of(
    *,
    pareto: bool,
    epsilon: float | None,
    alternatives: int | None,
    objective: str,
    corridors: Sequence[str],
) -> Chooser | None:
    """Return what chooses the itineraries of each corridor, None where the best is all.

    Raises
    ------
    RequestError
        If the options contradict each other or lie outside their limits.
    """
    if pareto and alternatives is not None:
        raise RequestError(
            "a Pareto set and alternatives are two questions",
            where="--alternatives",
            hint="ask for --pareto or for --alternatives",
        )
    if epsilon is not None and not pareto:
        raise RequestError("it belongs to --pareto", where="--epsilon", hint="add --pareto")
    if alternatives is not None:
        if not 1 <= alternatives <= MOST_ALTERNATIVES:
            raise RequestError(
                f"must be 1 to {MOST_ALTERNATIVES}, got {alternatives}", where="--alternatives"
            )
        if len(dict.fromkeys(corridors)) > 1:
            raise RequestError(
                "alternatives are sought within one corridor, or within none",
                where="--corridor",
                hint="'landbridge compare' sets corridors side by side",
            )
        return AlternativesChooser(most=alternatives)
    if not pareto:
        return None
    if objective != Objective.GENERALIZED.value:
        raise RequestError(
            f"a Pareto set minimises time, cost and emissions at once, not {objective} alone",
            where="--objective",
            hint="leave it out",
        )
    if epsilon is None:
        return ParetoChooser()
    if math.isnan(epsilon) or not 0.0 <= epsilon <= MOST_EPSILON:
        raise RequestError(
            f"must be a share from 0 to {MOST_EPSILON}, got {epsilon:g}",
            where="--epsilon",
            hint="1 % is 0.01",
        )
    return ParetoChooser(epsilon=Epsilon.of(epsilon))


def one_answer(plans: Sequence[Plan]) -> Plan | None:
    """Return the one plan that Pareto sets of several corridors make, None for other plans."""
    is_set = any(plan.selection is not None and plan.selection.kind == "pareto" for plan in plans)
    return merged(plans) if is_set else None


def choices_table(
    plan: Plan, selection: Selection, paper: Paper, *, basis: Basis | None = None
) -> str:
    """Return one row per itinerary with its way and what is said of it.

    Alternatives follow leg by leg; the legs of a Pareto set are left to the data formats.
    """
    if not plan.itineraries:
        return plan_table(plan, paper, basis=basis)
    has_corridors = len({one.corridor for one in plan.itineraries}) > 1
    numbered = tuple(
        replace(one, title=f"{number}. {one.title}" if has_corridors else f"{number}.")
        for number, one in enumerate(plan.itineraries, start=1)
    )
    side_by_side = Comparison(
        request=plan.request, options=numbered, not_applicable=(), provenance=plan.provenance
    )
    table = replace(
        options_rows(side_by_side, paper), notes=[_notes(one) for one in plan.itineraries]
    )
    parts: list[str | Text | Table] = [
        f"{heading(plan.request)}{plan.title}\n" if not has_corridors else heading(plan.request),
        table,
        "",
        f"B border crossings, T transfers. {BEST} best of its column. {legend(numbered)}".rstrip(),
        *_said(selection, len(numbered), plan.request.objective),
    ]
    if selection.kind == "pareto":
        parts.append("Legs and flags in full: --format json, csv or geojson.")
        if basis is not None:
            parts.append(basis.line())
        return paper.draw(*parts)
    titled = replace(
        plan,
        itineraries=tuple(
            replace(one, title=f"{number}. {one.title}")
            for number, one in enumerate(plan.itineraries, start=1)
        ),
    )
    legs = plan_table(titled, paper, basis=basis).split("\n\n", 1)[1]
    return paper.draw(*parts, "") + legs


def _said(selection: Selection, count: int, objective: Objective) -> list[str]:
    noun = "itinerary" if count == 1 else "itineraries"
    least = "generalized cost" if objective is Objective.GENERALIZED else objective.value
    ratio = f"{selection.within_ratio:g} times the least {least}"
    if selection.kind == "alternatives":
        missing = (selection.asked or count) - count
        if missing <= 0:
            return []
        text = (
            f"{count} of {selection.asked} asked for: no other way that differs in passages, "
            f"crossings, terminals, modes or services was found within {ratio}."
        )
        return [text]
    shares = [
        f"{100.0 * (share or 0.0):g} % of {name}"
        for name, share in (
            ("time", selection.epsilon_time_share),
            ("cost", selection.epsilon_cost_share),
            ("emissions", selection.epsilon_emissions_share),
        )
    ]
    text = (
        f"{count} {noun}: each other way within {ratio} is matched by one of these to within "
        f"{shares[0]}, {shares[1]} and {shares[2]}, as expected values add up over legs."
    )
    if selection.is_truncated:
        return ["Incomplete: the search stopped at its limit; others may be missing."]
    return [text]


def _notes(one: Itinerary) -> list[str]:
    notes = [way_text(one)]
    if one.best_in:
        notes.append(f"best in: {', '.join(one.best_in)}")
    if one.differs_by:
        notes.append(f"differs by: {'; '.join(one.differs_by)}")
    return notes


def way_text(one: Itinerary) -> str:
    """Return the way in short: each mode and how far it goes."""
    hauls = [leg for leg in one.legs if leg.kind == "haul"]
    parts = []
    for mode, own in groupby(hauls, key=lambda leg: leg.mode):
        legs = list(own)
        passages = dict.fromkeys(passage for leg in legs for passage in leg.passages)
        by = f" by {', '.join(name.replace('_', ' ') for name in passages)}" if passages else ""
        parts.append(f"{mode} to {legs[-1].destination.name}{by}")
    start = f"from {hauls[0].origin.name}: " if hauls else ""
    return start + "; ".join(parts)
