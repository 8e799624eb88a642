"""A comparison without and with scenarios: what changed in each corridor, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from landbridge.domain.applied import Applied, scenario_dict
from landbridge.domain.itinerary import Itinerary, Percentiles
from landbridge.models.pricing import Pricing
from landbridge.montecarlo.percentiles import time_points
from landbridge.montecarlo.run import arcs_of, sample_hours
from landbridge.report.chances import draws_of
from landbridge.report.compare import FREE, Comparison, nan_to_none, why_blocked
from landbridge.report.csvtable import rows_csv
from landbridge.report.figures import days, percent, tens, whole
from landbridge.report.page import Column, Paper, Table, Text
from landbridge.report.tables import heading
from landbridge.report.whatif import WhatIf
from landbridge.scenarios.scenario import Scenario

SCHEMA = "landbridge/scenario-diff/1"
SAME_SHARE = 1e-4
"""Figures this close are the same: tables of hauls are rounded to 50 m."""
NOTICEABLE_H = 0.1
"""A draw counts as slower from so many hours on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One corridor without (`base`) and with the scenarios (`after`); None where it has no way.

    Ranks count from 1 among corridors that have a way, by status and generalized cost; 0 is none.
    `added_h` are P10, P50 and P90 of the added time in paired draws, `slower_share` how often it
    takes longer with the scenarios; both None without a way on either side.
    """

    corridor: str
    title: str
    base: Itinerary | None
    after: Itinerary | None
    base_rank: int
    after_rank: int
    added_h: Percentiles | None
    slower_share: float | None
    why: tuple[str, ...]

    def added(self, name: str) -> float:
        """Return how much a figure grows: distance_km, lead_time_h, cost_usd, ..., NaN if unknown.

        Lead time is the difference of the two medians.
        """
        if self.base is None or self.after is None:
            return math.nan
        return figure(self.after, name) - figure(self.base, name)

    @property
    def is_changed(self) -> bool:
        """Whether anything of the way, its figures or its status differs."""
        if self.base is None or self.after is None:
            return self.base is not self.after
        return self.base.status != self.after.status or any(
            not math.isclose(figure(self.base, name), figure(self.after, name), rel_tol=SAME_SHARE)
            for name in FIGURES
        )

    def to_dict(self) -> dict[str, Any]:
        """Return one row of the JSON form."""
        return {
            "corridor": self.corridor,
            "title": self.title,
            "is_changed": self.is_changed,
            "base": _side(self.base, self.base_rank),
            "scenario": _side(self.after, self.after_rank),
            "added": {name: nan_to_none(self.added(name)) for name in FIGURES},
            "added_lead_time_h": self.added_h.to_dict() if self.added_h else None,
            "probability_slower": self.slower_share,
            "why": list(self.why),
        }


FIGURES = (
    "distance_km", "lead_time_h", "cost_usd", "emissions_wtw_kgco2e", "generalized_cost_usd",
)  # fmt: skip


def figure(itinerary: Itinerary, name: str) -> float:
    """Return the figure by which an itinerary is compared: P50 of times, central of amounts."""
    value = getattr(itinerary, name)
    if isinstance(value, Percentiles):
        return value.p50
    return float(getattr(value, "central", value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All corridors of one question without and with scenarios, as the base ranks them."""

    base: Comparison
    after: Comparison
    rows: tuple[Change, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the `landbridge/scenario-diff/1` object."""
        return {
            "schema": SCHEMA,
            "provenance": {
                "base": self.base.provenance.to_dict(),
                "scenario": self.after.provenance.to_dict(),
            },
            "request": self.base.request.to_dict(),
            **scenario_dict(self.after.provenance.changes),
            "corridors": [row.to_dict() for row in self.rows],
        }

    def to_csv(self) -> str:
        """Return one line per corridor, figures unrounded."""
        rows = []
        for row in self.rows:
            cells: dict[str, object] = {
                "corridor": row.corridor, "title": row.title, "base_rank": row.base_rank,
                "scenario_rank": row.after_rank,
                "base_status": row.base.status if row.base else "no way",
                "scenario_status": row.after.status if row.after else "no way",
            }  # fmt: skip
            for name in FIGURES:
                cells[f"base_{name}"] = figure(row.base, name) if row.base else math.nan
                cells[f"scenario_{name}"] = figure(row.after, name) if row.after else math.nan
                cells[f"added_{name}"] = row.added(name)
            rows.append({**cells, "why": "; ".join(row.why)})
        return rows_csv(rows, list(rows[0]) if rows else ["corridor"])


def difference(
    what_if: WhatIf,
    origin: str,
    destination: str,
    *,
    scenarios: Sequence[str | Scenario],
    **asked: Any,  # noqa: ANN401 - the options of `ask.compare`
) -> Difference:
    """Return what scenarios, applied in order, change in a comparison.

    Both sides have the same seed and streams: what the scenarios leave alone has the same luck.
    """
    base = what_if.compare(origin, destination, show_all=True, **asked)
    after = what_if.compare(origin, destination, show_all=True, scenarios=scenarios, **asked)
    pricings = (
        what_if.base.pricing(base.request),
        what_if.planner(scenarios).pricing(after.request),
    )
    before_of, after_of = _ranked(base), _ranked(after)
    corridors = dict.fromkeys(option.corridor for option in (*base.options, *after.options))
    rows = tuple(
        _change(corridor, before_of, after_of, pricings, base, after) for corridor in corridors
    )
    return Difference(base=base, after=after, rows=rows)


def _ranked(comparison: Comparison) -> dict[str, tuple[int, Itinerary]]:
    ranks: dict[str, tuple[int, Itinerary]] = {}
    rank = 0
    for option in comparison.options:
        is_counted = option.corridor != FREE and bool(option.legs)
        rank += is_counted
        ranks[option.corridor] = (rank if is_counted else 0, option)
    return ranks


def _change(
    corridor: str,
    before_of: dict[str, tuple[int, Itinerary]],
    after_of: dict[str, tuple[int, Itinerary]],
    pricings: tuple[Pricing, Pricing],
    base: Comparison,
    after: Comparison,
) -> Change:
    base_rank, old = before_of[corridor]
    after_rank, new = after_of[corridor]
    added, slower = None, None
    if old.legs and new.legs:
        draws = draws_of(base.request, pricings[0])
        other = draws_of(after.request, pricings[1])
        more = sample_hours(pricings[1], arcs_of(new), other) - sample_hours(
            pricings[0], arcs_of(old), draws
        )
        added = time_points(more)
        slower = float((more > NOTICEABLE_H).mean())
    return Change(
        corridor=corridor,
        title="Best with no corridor rule" if corridor == FREE else old.title,
        base=old if old.legs else None,
        after=new if new.legs else None,
        base_rank=base_rank,
        after_rank=after_rank,
        added_h=added,
        slower_share=slower,
        why=_why(old, new, after.provenance.changes[len(base.provenance.changes) :]),
    )


def _why(old: Itinerary, new: Itinerary, changes: Sequence[Applied]) -> tuple[str, ...]:
    """Return in words what makes the difference: another way, or what the changes touch on it."""
    if not new.legs:
        return (f"no way: {why_blocked(new.blockers)}",) if old.legs else ()
    touched = [change.text for change in changes if _touches(change, new)]
    if not old.legs:
        return (f"a way opens: {_way(new)}", *touched)
    told = []
    if _way(old) != _way(new):
        told.append(f"{_way(new)}, not {_way(old)}")
    elif not touched and not math.isclose(old.distance_km, new.distance_km, rel_tol=SAME_SHARE):
        told.append("other lines on the same way")
    return (*told, *touched)


def _touches(change: Applied, itinerary: Itinerary) -> bool:
    """Return whether a change is of something on the way: a place, or a parameter of a leg."""
    ids = {leg.origin.id for leg in itinerary.legs} | {leg.destination.id for leg in itinerary.legs}
    ids |= {*itinerary.passages, *(leg.service for leg in itinerary.legs)}
    if ids.intersection(change.subject.split(";")):
        return True
    labels = {label for leg in itinerary.legs for label in leg.evidence}
    name, _, key = change.subject.partition("[")
    return change.subject in labels or (
        key == "all]" and any(label.startswith(f"{name}[") for label in labels)
    )


def _way(itinerary: Itinerary) -> str:
    """Return a way in a few words: its hauls by mode between the places of change."""
    words: list[str] = []
    hauls = [leg for leg in itinerary.legs if leg.kind == "haul"]
    for k, leg in enumerate(hauls):
        is_last = k + 1 == len(hauls)
        goes_on = not is_last and hauls[k + 1].mode == leg.mode
        if goes_on and leg.destination.kind != "terminal":
            continue
        through = f" by {', '.join(leg.passages)}" if leg.passages else ""
        words.append(f"{leg.mode} to {leg.destination.name}{through}")
    return ", ".join(words)


def _side(itinerary: Itinerary | None, rank: int) -> dict[str, Any] | None:
    if itinerary is None:
        return None
    return {
        "rank": rank,
        "status": itinerary.status,
        "distance_km": itinerary.distance_km,
        "lead_time_h": itinerary.lead_time_h.to_dict(),
        "cost_usd": itinerary.cost_usd.to_dict(),
        "emissions_wtw_kgco2e": itinerary.emissions_wtw_kgco2e.to_dict(),
        "generalized_cost_usd": itinerary.generalized_cost_usd,
    }


# ---- as a table ------------------------------------------------------------------------------


def difference_table(found: Difference, paper: Paper) -> str:
    """Return the difference for a terminal: corridors that change, then those that do not."""
    columns = [
        Column(key="corridor"), Column(key="rank", is_figure=True),
        Column(key="km", is_figure=True), Column(key="days P50", is_figure=True),
        Column(key="P10 P90", is_figure=True), Column(key="USD", is_figure=True),
        Column(key="kg CO2e", is_figure=True), Column(key="slower", is_figure=True),
    ]  # fmt: skip
    changed = [row for row in found.rows if row.is_changed]
    with_way = [row for row in found.rows if row.base is not None or row.after is not None]
    same = [row for row in with_way if row not in changed]
    lines: list[str] = []
    if same:
        lines.append(f"As before: {'; '.join(row.title for row in same)}.")
    lines += _reasons(found.after.provenance.changes)
    lines.append(
        "Rank before > after; figures as with the scenario, and what it adds. P10 and P90 are of "
        "the added days, in paired draws."
    )
    if not changed:
        return paper.draw(heading(found.base.request), "Nothing changes.", "", *lines)
    table = Table(
        columns=columns,
        rows=[[_cell(text) for text in _texts(row)] for row in changed],
        notes=[row.why for row in changed],
    )
    return paper.draw(heading(found.base.request), table, "", *lines)


def _cell(text: str) -> tuple[Text, ...]:
    return tuple(Text(line) for line in text.split("\n"))


def _reasons(changes: Sequence[Applied]) -> list[str]:
    """Return what was changed and why, a line per reason."""
    texts: dict[tuple[str, str, str], list[str]] = {}
    for change in changes:
        texts.setdefault((change.scenario, change.reason, change.evidence), []).append(change.text)
    return [
        f"Scenario {name}: {'; '.join(told)} - {reason}{f' ({evidence})' if evidence else ''}."
        for (name, reason, evidence), told in texts.items()
    ]


def _texts(row: Change) -> tuple[str, ...]:
    rank = f"{row.base_rank or '-'} > {row.after_rank or '-'}"
    if row.after is None or row.base is None:
        gone = "no way any more" if row.after is None else ""
        new = row.after or row.base
        if new is None:
            return (row.title, rank, "", "", "", "", "", "")
        return (
            f"{row.title}\n{gone}" if gone else row.title, rank, whole(new.distance_km),
            days(new.lead_time_h.p50), "", tens(new.cost_usd.central),
            tens(new.emissions_wtw_kgco2e.central), "",
        )  # fmt: skip
    new = row.after
    spread = row.added_h
    return (
        row.title,
        rank,
        f"{whole(new.distance_km)}\n{row.added('distance_km'):+,.0f}",
        f"{days(new.lead_time_h.p50)}\n{row.added('lead_time_h') / 24:+,.1f}",
        f"\n{spread.p10 / 24:+,.1f} {spread.p90 / 24:+,.1f}" if spread else "",
        f"{tens(new.cost_usd.central)}\n{row.added('cost_usd'):+,.0f}",
        f"{tens(new.emissions_wtw_kgco2e.central)}\n{row.added('emissions_wtw_kgco2e'):+,.0f}",
        percent(row.slower_share),
    )
