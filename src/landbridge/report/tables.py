"""Comparisons and plans as tables for a terminal, at 76 columns or more.

Figures are rounded here and nowhere else. The best of each column carries a `*` (and bold type),
so that it survives without colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from landbridge.domain.itinerary import Bounds, Itinerary, Leg, Plan
from landbridge.domain.request import Request, Scope
from landbridge.report.basis import Basis
from landbridge.report.compare import Comparison, why_blocked
from landbridge.report.figures import (
    UNKNOWN,
    Scale,
    days,
    days_span,
    days_triple,
    whole,
)
from landbridge.report.flags import abbreviate, legend
from landbridge.report.page import Column, Paper, column_widths

BEST = "*"
USD = ("USD", "kUSD", "MUSD")
KG = ("kg", "t", "kt")
PERCENTILE_NOTE = (
    "Days are P10/P50/P90 of each leg; they do not add up to those of the whole, "
    "since not all goes wrong (or right) at once."
)


def comparison_table(comparison: Comparison, paper: Paper) -> str:
    """Return one row per option, then corridors without a row, the legend and the basis."""
    table = _wide(comparison, paper) if paper.is_wide else _narrow(comparison, paper)
    notes = [] if paper.is_wide else ["B border crossings, T transfers."]
    if any(comparison.best().values()):
        notes.append(f"{BEST} best of its column.")
    if text := legend(comparison.options):
        notes.append(text)
    lines = [Text(" ".join(notes))] if notes else []
    lines += [
        Text(f"{option.title}: {why_blocked(option.blockers)}.")
        for option in comparison.options
        if option.blockers
    ]
    if comparison.not_applicable:
        reasons = "; ".join(f"{row.title} ({row.why})" for row in comparison.not_applicable)
        lines.append(Text(f"Not applicable: {reasons}."))
    lines.append(Text(comparison.basis.line()))
    return paper.draw(Text(heading(comparison.request)), table, Text(), *lines)


def plan_table(plan: Plan, paper: Paper, *, basis: Basis | None = None) -> str:
    """Return one row per leg of each itinerary with totals and flags, or the blockers."""
    parts: list[Text | Table] = [Text(heading(plan.request))]
    if not plan.itineraries:
        parts.append(Text(f"{plan.title}: no way through."))
        parts += [
            Text(f"  {blocker.kind}: {blocker.what}: {blocker.why}") for blocker in plan.blockers
        ] or [Text(f"  {why_blocked(plan.blockers)}")]
        return paper.draw(*parts)
    for itinerary in plan.itineraries:
        parts.append(_legs(itinerary, paper))
        parts += [
            Text(f"{abbreviate([flag])} {flag.kind.replace('_', ' ')} ({flag.severity}): ")
            + Text(" ".join(flag.text.split()))
            for flag in itinerary.flags
        ]
    parts.append(Text(PERCENTILE_NOTE))
    if basis is not None:
        parts.append(Text(basis.line()))
    return paper.draw(*parts)


def heading(request: Request) -> str:
    """Return the question in two lines: from where to where; what, when and how far."""
    cargo = request.consignment
    origin, destination = (
        f"{place.name}, {place.country}" if place.country else place.name
        for place in (request.origin, request.destination)
    )
    scope = "door to door" if request.scope is Scope.DOOR else "terminal to terminal"
    return (
        f"{origin} → {destination}\n{cargo.units} x {cargo.unit}, "
        f"{cargo.cargo_mass_t:g} t {cargo.goods}, ready {request.depart}, {scope}\n"
    )


def _title(option: Itinerary) -> Text:
    text = Text(option.title)
    if option.status != "open":
        text.append(f" ({option.status})", style="red")
    return text


def _marked(text: str, *, is_best: bool) -> Text:
    """Return a figure with the mark of the best, or a blank in its place."""
    return Text(text + BEST, style="bold green") if is_best else Text(text + " ")


def _count(option: Itinerary, number: int) -> str:
    return UNKNOWN if option.status == "infeasible" else str(number)


def _narrow(comparison: Comparison, paper: Paper) -> Table:
    options, best = comparison.options, comparison.best()
    usd = Scale([option.cost_usd for option in options], units=USD)
    co2e = Scale([option.emissions_wtw_kgco2e for option in options], units=KG)
    headings = (
        "corridor", "km", "days P50\n(P10-P90)", f"{usd.unit}\n(low-high)", f"{co2e.unit}\nCO2e",
        "B", "T", "flags",
    )  # fmt: skip
    rows = []
    for position, option in enumerate(options):
        is_best = {name: position in winners for name, winners in best.items()}
        rows.append(
            [
                _title(option),
                _marked(whole(option.distance_km), is_best=is_best["distance_km"]),
                _marked(days_span(option.lead_time_h), is_best=is_best["lead_time_h"]),
                _marked(usd.span(option.cost_usd), is_best=is_best["cost_usd"]),
                _marked(
                    co2e.figure(option.emissions_wtw_kgco2e.central),
                    is_best=is_best["emissions_wtw_kgco2e"],
                ),
                _marked(
                    _count(option, option.border_crossings), is_best=is_best["border_crossings"]
                ),
                _marked(_count(option, option.transfers), is_best=is_best["transfers"]),
                Text(abbreviate(option.flags)),
            ]
        )
    return _fitted(headings, rows, paper)


def _wide(comparison: Comparison, paper: Paper) -> Table:
    options, best = comparison.options, comparison.best()
    units = comparison.request.consignment.units
    usd = Scale([option.cost_usd for option in options], units=USD)
    co2e = Scale([option.emissions_wtw_kgco2e for option in options], units=KG)
    value = Scale([_point(option.generalized_cost_usd) for option in options], units=USD)
    headings = (
        "corridor", "km", "days P50\n(P10-P90)", f"{usd.unit}\n(low-high)",
        *(() if units == 1 else ("USD\nper unit",)),
        f"{co2e.unit} CO2e\n(low-high)", f"{value.unit} with\ntime, carbon", "borders",
        "transfers", "flags",
    )  # fmt: skip
    rows = []
    for position, option in enumerate(options):
        is_best = {name: position in winners for name, winners in best.items()}
        per_unit = [] if units == 1 else [Text(whole(option.cost_usd.central / units) + " ")]
        rows.append(
            [
                _title(option),
                _marked(whole(option.distance_km), is_best=is_best["distance_km"]),
                _marked(days_span(option.lead_time_h), is_best=is_best["lead_time_h"]),
                _marked(usd.span(option.cost_usd), is_best=is_best["cost_usd"]),
                *per_unit,
                _marked(
                    co2e.span(option.emissions_wtw_kgco2e),
                    is_best=is_best["emissions_wtw_kgco2e"],
                ),
                _marked(
                    value.figure(option.generalized_cost_usd),
                    is_best=is_best["generalized_cost_usd"],
                ),
                _marked(
                    _count(option, option.border_crossings), is_best=is_best["border_crossings"]
                ),
                _marked(_count(option, option.transfers), is_best=is_best["transfers"]),
                Text(abbreviate(option.flags)),
            ]
        )
    return _fitted(headings, rows, paper)


def _fitted(headings: Sequence[str], rows: Sequence[Sequence[Text]], paper: Paper) -> Table:
    """Return a table whose first and last columns fold and whose figures between never do."""
    last = len(headings) - 1
    # The blank stands above the place of the mark, so that headings end where figures end.
    shown = [
        heading if number in {0, last} else "\n".join(f"{line} " for line in heading.split("\n"))
        for number, heading in enumerate(headings)
    ]
    columns = [
        Column(key=heading, is_figure=number not in {0, last})
        for number, heading in enumerate(headings)
    ]
    texts = [shown, *([cell.plain for cell in row] for row in rows)]
    table = paper.table()
    widths = column_widths(texts, columns, paper)
    for column, heading, width in zip(columns, shown, widths, strict=True):
        table.add_column(
            Text(heading),
            justify="right" if column.is_figure else "left",
            overflow="fold",
            width=width,
        )
    for row in rows:
        table.add_row(*row)
    return table


def _point(value: float) -> Bounds:
    return Bounds(low=value, central=value, high=value)


def _legs(itinerary: Itinerary, paper: Paper) -> Table:
    table = paper.table(title=_title(itinerary).plain)
    table.add_column("leg", no_wrap=True)
    table.add_column("from - to", overflow="fold", ratio=3 if paper.is_wide else None)
    table.add_column("km", justify="right", no_wrap=True)
    table.add_column(Text("days\nP10/P50/P90"), justify="right", no_wrap=True)
    table.add_column(Text("USD\n(low-high)" if paper.is_wide else "USD"), justify="right",
                     no_wrap=True)  # fmt: skip
    table.add_column(Text("kg\nCO2e"), justify="right", no_wrap=True)
    if paper.is_wide:
        table.add_column("remark", overflow="fold", ratio=2)
    for leg in itinerary.legs:
        where = Text(_ends(leg))
        remark = _remark(leg)
        if remark and not paper.is_wide:
            where.append(f"\n{remark}", style="dim")
        cells = [
            Text(leg.mode if leg.kind == "haul" else leg.kind),
            where,
            Text(whole(leg.distance_km) if leg.distance_km else ""),
            Text(days_triple(leg.time_h)),
            Text(_usd(leg.cost_usd, paper)),
            Text(whole(leg.emissions_wtw_kgco2e.central)),
        ]
        table.add_row(*cells, *([Text(remark)] if paper.is_wide else []))
    table.add_section()
    total = [
        Text("all"),
        Text(f"{itinerary.border_crossings} borders, {itinerary.transfers} transfers"),
        Text(whole(itinerary.distance_km)),
        Text("/".join(days(hours) for hours in (itinerary.lead_time_h.p10,
             itinerary.lead_time_h.p50, itinerary.lead_time_h.p90))),
        Text(_usd(itinerary.cost_usd, paper)),
        Text(whole(itinerary.emissions_wtw_kgco2e.central)),
    ]  # fmt: skip
    remark = "" if math.isnan(itinerary.generalized_cost_usd) else (
        f"{whole(itinerary.generalized_cost_usd)} USD with time and carbon"
    )  # fmt: skip
    table.add_row(*total, *([Text(remark)] if paper.is_wide else []), style="bold")
    return table


def _usd(amount: Bounds, paper: Paper) -> str:
    central = whole(amount.central)
    if not paper.is_wide or amount.low == amount.high:
        return central
    return f"{central} ({whole(amount.low)}-{whole(amount.high)})"


def _ends(leg: Leg) -> str:
    origin, destination = leg.origin, leg.destination
    if origin == destination or leg.kind in {"border", "transfer", "wait"}:
        return _place_text(origin.name, origin.country)
    return (
        f"{_place_text(origin.name, origin.country)} - "
        f"{_place_text(destination.name, destination.country)}"
    )


def _place_text(name: str, country: str) -> str:
    return f"{name}, {country}" if country else name


def _remark(leg: Leg) -> str:
    parts = [leg.service] if leg.service else []
    if leg.kind == "border" and len(leg.countries) > 1:
        parts.append(" to ".join(leg.countries))
    if leg.passages:
        parts.append("by " + ", ".join(name.replace("_", " ") for name in leg.passages))
    return "; ".join(parts)
