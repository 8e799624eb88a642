"""Comparisons and plans as tables for a terminal, at 76 columns or more.

Figures are rounded here and nowhere else. The best of each column carries a `*` (and colour), so
that it survives without colour.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from landbridge.domain.arcs import BorderArc
from landbridge.domain.itinerary import Bounds, Itinerary, Leg, Percentiles, Plan
from landbridge.domain.network import Place
from landbridge.domain.request import Request, Scope
from landbridge.report.basis import Basis
from landbridge.report.chances import faster_line
from landbridge.report.compare import Comparison, NotApplicable, why_blocked
from landbridge.report.figures import (
    UNKNOWN,
    Scale,
    days,
    days_range,
    days_span,
    days_triple,
    percent,
    tens,
    whole,
)
from landbridge.report.flags import abbreviate, legend
from landbridge.report.page import Cell, Column, Paper, Table, Text
from landbridge.report.screening import flag_lines, list_lines, screened_for, verdict_lines

BEST = "*"
USD = ("USD", "kUSD", "MUSD")
KG = ("kg", "t", "kt")
PERCENTILE_NOTE = (
    "Days are P10/P50/P90 of each leg; they do not add up to those of the whole, "
    "since not all goes wrong (or right) at once."
)


@dataclass(frozen=True, slots=True)
class _Figures:
    """One column of figures: its heading, the column it is judged by, and what it shows."""

    heading: str
    judged_by: str
    shown: Callable[[Itinerary], tuple[str, ...]]


def comparison_table(comparison: Comparison, paper: Paper) -> str:
    """Return one row per option, then corridors without a row, the legend and the basis.

    Where nothing leads there, the reason stands alone.
    """
    if all(option.status == "infeasible" for option in comparison.options):
        reasons = dict.fromkeys(_reason(option) for option in comparison.options)
        lines = [f"No way through: {reason}." for reason in reasons]
        if comparison.not_applicable:
            lines.append("No corridor leads there either; --all tells why for each.")
        return paper.draw(heading(comparison.request), *lines)
    notes = ["B border crossings, T transfers."]
    if any(comparison.best().values()):
        notes.append(f"{BEST} best of its column.")
    if text := legend(comparison.options):
        notes.append(text)
    asked = comparison.request.jurisdictions
    notes.append(screened_for(asked))
    lines = [" ".join(notes), *verdict_lines(comparison.options, asked)]
    lines += list_lines(comparison.options)
    lines += [
        f"{option.title}: {_reason(option)}." for option in comparison.options if option.blockers
    ]
    if comparison.not_applicable:
        lines.append(absent(comparison.not_applicable))
    if text := faster_line(comparison):
        lines.append(text)
    if changed := comparison.provenance.scenario_line():
        lines.append(changed)
    if carried := comparison.provenance.carried_line():
        lines.append(carried)
    lines.append(comparison.basis.line())
    table = options_rows(comparison, paper)
    return paper.draw(heading(comparison.request), table, "", *lines)


def absent(rows: Sequence[NotApplicable]) -> str:
    """Return in one paragraph which corridors have no row and why, like reasons together."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        name, reason = row.title, row.why
        if row.ratio:
            name = f"{row.title} {row.ratio:.1f} times"
            reason = "far dearer than the best, time and carbon counted"
        reasons.setdefault(reason, []).append(name)
    return " ".join(
        f"Not shown, {reason}: {'; '.join(names)}." for reason, names in reasons.items()
    )


def plan_table(plan: Plan, paper: Paper, *, basis: Basis | None = None) -> str:
    """Return one row per leg of each itinerary with totals and flags, or the blockers."""
    parts: list[str | Text | Table] = [heading(plan.request)]
    if not plan.itineraries:
        parts.append(f"{plan.title}: no way through.")
        parts += [
            "  " + ": ".join(text for text in (blocker.kind, blocker.what, blocker.why) if text)
            for blocker in plan.blockers
        ] or [f"  {why_blocked(plan.blockers)}"]
        return paper.draw(*parts)
    for itinerary in plan.itineraries:
        parts += [_legs(itinerary, paper), ""]
        if itinerary.probability_by_deadline is not None:
            chance = percent(itinerary.probability_by_deadline)
            parts.append(f"Chance to arrive by {plan.request.deadline}: {chance}.")
        if itinerary.differs_by:
            parts.append(f"differs by: {'; '.join(itinerary.differs_by)}")
        parts += flag_lines(itinerary, plan.request.jurisdictions)
    parts.append(screened_for(plan.request.jurisdictions))
    parts.append(PERCENTILE_NOTE)
    if changed := plan.provenance.scenario_line():
        parts.append(changed)
    if carried := plan.provenance.carried_line():
        parts.append(carried)
    if basis is not None:
        parts.append(basis.line())
    return paper.draw(*parts)


def heading(request: Request) -> str:
    """Return the question in two lines: from where to where; what, when and how far."""
    cargo = request.consignment
    origin, destination = (
        _place_text(place.name, place.country) for place in (request.origin, request.destination)
    )
    scope = "door to door" if request.scope is Scope.DOOR else "terminal to terminal"
    return (
        f"{origin} → {destination}\n{cargo.units} x {cargo.unit}, "
        f"{cargo.cargo_mass_t:g} t {cargo.goods}, ready {request.depart}, {scope}\n"
    )


def _reason(option: Itinerary) -> str:
    return why_blocked(option.blockers, but=option.title)


def _title(option: Itinerary) -> Cell:
    if option.status == "open":
        return (Text(option.title),)
    return (Text(f"{option.title} ({option.status})", "red"),)


def _count(option: Itinerary, number: int) -> tuple[str, ...]:
    return (UNKNOWN if option.status == "infeasible" else str(number),)


def options_rows(comparison: Comparison, paper: Paper) -> Table:
    """Return one line per option on wide paper; on narrow paper the ranges stand below."""
    options, best = comparison.options, comparison.best()
    units = comparison.request.consignment.units
    usd = Scale([option.cost_usd for option in options], units=USD)
    kg = Scale([option.emissions_wtw_kgco2e for option in options], units=KG)
    value = Scale([_point(option.generalized_cost_usd) for option in options], units=USD)
    figures = [_Figures("km", "distance_km", lambda o: (whole(o.distance_km),))]
    if paper.is_wide:
        figures += [
            _Figures("days P50\n(P10-P90)", "lead_time_h", lambda o: (days_span(o.lead_time_h),)),
            _Figures(f"{usd.unit}\n(low-high)", "cost_usd", lambda o: (usd.span(o.cost_usd),)),
        ]
        if units > 1:
            figures.append(
                _Figures("USD\nper unit", "", lambda o: (tens(o.cost_usd.central / units),))
            )
        figures += [
            _Figures(
                f"{kg.unit} CO2e\n(low-high)", "emissions_wtw_kgco2e",
                lambda o: (kg.span(o.emissions_wtw_kgco2e),),
            ),
            _Figures(
                f"{value.unit} with\ntime, carbon", "generalized_cost_usd",
                lambda o: (value.figure(o.generalized_cost_usd),),
            ),
        ]  # fmt: skip
    else:
        figures += [
            _Figures(
                "days P50\nP10-P90", "lead_time_h",
                lambda o: (days(o.lead_time_h.p50), days_range(o.lead_time_h)),
            ),
            _Figures(
                f"{usd.unit}\nlow-high", "cost_usd",
                lambda o: (usd.figure(o.cost_usd.central), usd.range(o.cost_usd)),
            ),
            _Figures(
                f"{kg.unit}\nCO2e", "emissions_wtw_kgco2e",
                lambda o: (kg.figure(o.emissions_wtw_kgco2e.central),),
            ),
        ]  # fmt: skip
    if comparison.request.deadline is not None:
        figures.append(_by_deadline(comparison.request.deadline))
    figures += [
        _Figures("B", "border_crossings", lambda o: _count(o, o.border_crossings)),
        _Figures("T", "transfers", lambda o: _count(o, o.transfers)),
    ]
    rows = [
        [
            _title(option),
            *(
                _marked(column.shown(option), is_best=position in best.get(column.judged_by, ()))
                for column in figures
            ),
            (Text(abbreviate(option.flags)),),
        ]
        for position, option in enumerate(options)
    ]
    # The blank stands above the place of the mark, so that headings end where figures end.
    heads = ["\n".join(f"{line} " for line in column.heading.split("\n")) for column in figures]
    columns = [
        Column(key="corridor"),
        *(Column(key=head, heading=head, is_figure=True) for head in heads),
        Column(key="flags"),
    ]
    return Table(columns=columns, rows=rows, gap=2 if paper.is_wide else 1)


def _by_deadline(day: date) -> _Figures:
    """Return the column of chances to arrive by a day."""
    return _Figures(
        f"by\n{day:%d %b}", "probability_by_deadline",
        lambda o: (percent(o.probability_by_deadline),),
    )  # fmt: skip


def _marked(lines: tuple[str, ...], *, is_best: bool) -> Cell:
    """Return figures with the mark of the best, or a blank in its place; ranges below are dim."""
    first = Text(lines[0] + BEST, "best") if is_best else Text(lines[0] + " ")
    known = () if lines[0] == UNKNOWN else lines[1:]
    return (first, *(Text(line + " ", "dim") for line in known))


def _point(value: float) -> Bounds:
    return Bounds(low=value, central=value, high=value)


def _legs(itinerary: Itinerary, paper: Paper) -> Table:
    """Return one row per leg; stops within a customs territory stand together at the end."""
    columns = [
        Column(key="leg", is_fixed=True),
        Column(key="where", heading="from - to"),
        Column(key="km", is_figure=True),
        Column(key="days", heading="days\nP10/P50/P90", is_figure=True),
        Column(key="usd", heading="USD\n(low-high)" if paper.is_wide else "USD", is_figure=True),
        Column(key="kg", heading="kg\nCO2e", is_figure=True),
        *([Column(key="remark")] if paper.is_wide else []),
    ]
    inner = inner_frontiers(itinerary)
    rows = [
        _leg_row(leg, paper)
        for number, leg in enumerate(itinerary.legs)
        if number not in inner and not _is_nothing(leg)
    ]
    if inner:
        rows.append(_inner_row([itinerary.legs[number] for number in inner], paper))
    borders, transfers = itinerary.border_crossings, itinerary.transfers
    counts = f"{borders} {'border' if borders == 1 else 'borders'}, "
    counts += f"{transfers} {'transfer' if transfers == 1 else 'transfers'}"
    total = [
        "all",
        counts,
        whole(itinerary.distance_km),
        days_triple(itinerary.lead_time_h),
        _usd(itinerary.cost_usd, paper),
        tens(itinerary.emissions_wtw_kgco2e.central),
    ]
    if paper.is_wide:
        value_usd = itinerary.generalized_cost_usd
        total.append("" if math.isnan(value_usd) else f"{tens(value_usd)} USD with time and carbon")
    return Table(
        columns=columns, rows=rows, totals=[[(Text(text, "bold"),) for text in total]],
        title=_title(itinerary)[0].plain,
    )  # fmt: skip


def inner_frontiers(itinerary: Itinerary) -> tuple[int, ...]:
    """Return the positions of border legs inside one customs territory."""
    return tuple(
        n
        for n, leg in enumerate(itinerary.legs)
        if any(isinstance(arc, BorderArc) and arc.is_inner for arc in leg.arcs)
    )


def _is_nothing(leg: Leg) -> bool:
    """Whether a leg is a door that stands in the terminal: no way, no time, no money."""
    return leg.kind == "drayage" and not (leg.distance_km or leg.time_h.p90 or leg.cost_usd.high)


def _leg_row(leg: Leg, paper: Paper) -> list[Cell]:
    where = [Text(_ends(leg))]
    remark = _remark(leg)
    if remark and not paper.is_wide:
        where.append(Text(f"  {remark}", "dim"))
    cells: list[Cell] = [
        (Text(leg.heading),),
        tuple(where),
        (Text(whole(leg.distance_km) if leg.distance_km else ""),),
        (Text(days_triple(leg.time_h)),),
        (Text(_usd(leg.cost_usd, paper)),),
        (Text(tens(leg.emissions_wtw_kgco2e.central)),),
    ]
    return [*cells, (Text(remark),)] if paper.is_wide else cells


def _inner_row(legs: Sequence[Leg], paper: Paper) -> list[Cell]:
    """Return the row of frontiers inside customs territories: short stops, taken together."""
    names = ", ".join(f"{leg.origin.country}-{leg.destination.country}" for leg in legs)
    usd = Bounds(
        low=sum(leg.cost_usd.low for leg in legs),
        central=sum(leg.cost_usd.central for leg in legs),
        high=sum(leg.cost_usd.high for leg in legs),
    )
    time_h = Percentiles(
        p10=sum(leg.time_h.p10 for leg in legs),
        p50=sum(leg.time_h.p50 for leg in legs),
        p90=sum(leg.time_h.p90 for leg in legs),
    )
    kg = sum(leg.emissions_wtw_kgco2e.central for leg in legs)
    noun = "stop" if len(legs) == 1 else "stops"
    texts = [
        "inner", f"{noun} at frontiers inside a customs territory: {names}", "",
        days_triple(time_h), _usd(usd, paper), tens(kg), *([""] if paper.is_wide else []),
    ]  # fmt: skip
    return [(Text(text),) for text in texts]


def _usd(amount: Bounds, paper: Paper) -> str:
    central = tens(amount.central)
    if not paper.is_wide or amount.low == amount.high:
        return central
    return f"{central} ({tens(amount.low)}-{tens(amount.high)})"


def _ends(leg: Leg) -> str:
    origin, destination = leg.origin, leg.destination
    first, last = (_place_text(place.name, place.country) for place in (origin, destination))
    if leg.kind in {"transfer", "wait"} or origin == destination:
        return first
    if leg.kind == "border":
        return _crossing_text(origin, destination)
    if first == last:
        first, last = (
            f"{place.name} terminal, {place.country}" if place.kind == "terminal" else text
            for place, text in ((origin, first), (destination, last))
        )
    return f"{first} - {last}"


def _crossing_text(origin: Place, destination: Place) -> str:
    """Return a crossing by the names of its two sides, or the one they share."""
    countries = " to ".join(place.country for place in (origin, destination) if place.country)
    if origin.name == destination.name:
        return f"{origin.name}, {countries}"
    return " - ".join(_place_text(place.name, place.country) for place in (origin, destination))


def _place_text(name: str, country: str) -> str:
    return f"{name}, {country}" if country else name


def _remark(leg: Leg) -> str:
    parts = [leg.service] if leg.service else []
    if leg.passages:
        parts.append("by " + ", ".join(name.replace("_", " ") for name in leg.passages))
    return "; ".join(parts)
