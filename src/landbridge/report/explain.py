"""Where each figure comes from: leg by leg, part by part, parameter by parameter, with sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from landbridge.domain.itinerary import Itinerary, Leg, Part, Plan
from landbridge.domain.network import Service
from landbridge.evidence import sources
from landbridge.models.prices import BASE_PRICE_YEAR, DEFLATOR, price_factor
from landbridge.parameters import Parameter, Parameters
from landbridge.report.page import Column, Paper, Table, Text

GROUPS = (("hours", "time_parts"), ("USD", "cost_parts"), ("kg CO2e", "emission_parts"))
"""What a leg's parts add up to, and the field that holds them."""
PART_NOTE = (
    "Low, central, high: of hours P10, P50, P90 over consignments; of USD and kg what we know. "
    "Parts of hours do not add up to a leg's P50."
)


def explained_table(
    plan: Plan, parameters: Parameters, paper: Paper, *, services: Sequence[Service] = ()
) -> str:
    """Return the parts of each leg with the parameters that made them, then the sources cited."""
    rows = {row.label: row for row in parameters}
    runs = {service.id: service for service in services}
    parts: list[str | Text | Table] = [Text("Where the figures come from", "bold"), PART_NOTE]
    level = price_factor(parameters, plan.request.depart.year)
    if level != 1.0:
        parts.append(
            f"Land tariffs, handling and fees: {level:.3g} of the level of {BASE_PRICE_YEAR}, "
            + _told(f"{DEFLATOR}[default]", rows, set())
        )
    parts.append("")
    for itinerary in plan.itineraries:
        for number, leg in enumerate(itinerary.legs, start=1):
            table = _leg_table(leg, rows)
            if table is None:
                continue
            parts += [Text(_title(number, leg), "bold"), table]
            if leg.service in runs:
                parts.append(f"    service {leg.service}: {runs[leg.service].evidence}")
            parts.append("")
    cited = _cited(plan.itineraries, rows)
    known = sources()
    if cited:
        parts.append(Text("Sources", "bold"))
        parts += [f"{id_}  {known[id_].citation if id_ in known else id_}" for id_ in cited]
    return paper.draw(*parts)


def explained_dict(plan: Plan, parameters: Parameters) -> dict[str, Any]:
    """Return the plan's JSON with the parts of each leg, the parameters and the sources.

    `legs[].parts` holds, under `time_h`, `cost_usd` and `emissions_wtw_kgco2e`, the named parts
    with the labels of their parameters; `parameters` holds the rows by label, `sources` what
    they cite by id, `price_factor` the price level on land over that of 2023.
    """
    rows = {row.label: row for row in parameters}
    whole = plan.to_dict()
    for itinerary, written in zip(plan.itineraries, whole["itineraries"], strict=True):
        for leg, of_leg in zip(itinerary.legs, written["legs"], strict=True):
            of_leg["parts"] = {
                "time_h": [_part_dict(part) for part in leg.time_parts],
                "cost_usd": [_part_dict(part) for part in leg.cost_parts],
                "emissions_wtw_kgco2e": [_part_dict(part) for part in leg.emission_parts],
            }
    used = {label for itinerary in plan.itineraries for label in _labels(itinerary)}
    level = price_factor(parameters, plan.request.depart.year)
    if level != 1.0:
        used.add(f"{DEFLATOR}[default]")
    whole["price_factor"] = level
    whole["parameters"] = {label: _row_dict(rows[label]) for label in sorted(used) if label in rows}
    known = sources()
    whole["sources"] = {
        id_: {
            "item": known[id_].item,
            "value": known[id_].value,
            "unit": known[id_].unit,
            "year": known[id_].year,
            "citation": known[id_].citation,
            "trust": known[id_].trust,
        }
        for id_ in _cited(plan.itineraries, rows)
        if id_ in known
    }
    return whole


def _leg_table(leg: Leg, rows: Mapping[str, Parameter]) -> Table | None:
    """Return the parts of one leg, each with its parameters below, or None if it has none."""
    cells = []
    notes = []
    told: set[str] = set()
    for unit, name in GROUPS:
        for part in getattr(leg, name):
            if not (part.low or part.central or part.high):
                continue
            figures = (_figure(part.low), _figure(part.central), _figure(part.high))
            cells.append([(Text(text),) for text in (unit, part.name, *figures)])
            notes.append([_told(label, rows, told) for label in part.parameters])
    if not cells:
        return None
    return Table(
        columns=[
            Column(key="of", is_fixed=True),
            Column(key="part"),
            *(Column(key=key, is_figure=True) for key in ("low", "central", "high")),
        ],
        rows=cells,
        notes=notes,
    )


def _title(number: int, leg: Leg) -> str:
    ends = [
        f"{place.name}, {place.country}".rstrip(", ") for place in (leg.origin, leg.destination)
    ]
    where = ends[0] if ends[0] == ends[1] else " - ".join(ends)
    km = f", {leg.distance_km:,.0f} km" if leg.distance_km else ""
    return f"{number}. {leg.heading}: {where}{km}"


def _told(label: str, rows: Mapping[str, Parameter], told: set[str]) -> str:
    """Return a parameter in one line: in full where it is named first in a leg."""
    row = rows.get(label)
    if row is None:
        return f"{label}: from the table of services"
    if label in told:
        return f"{label}, as above"
    told.add(label)
    unit = "" if row.unit == "1" else f" {row.unit}"
    year = "" if row.year is None else f", {row.year}"
    evidence = ", ".join(row.evidence) or row.note or "no source"
    return (
        f"{label}: {_figure(row.central)}{unit} ({_figure(row.low)} to {_figure(row.high)}){year}, "
        f"{row.quality} ({row.grade}): {evidence}"
    )


def _figure(value: float) -> str:
    if value and abs(value) < 0.1:
        return f"{value:.2g}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _labels(itinerary: Itinerary) -> Iterator[str]:
    for leg in itinerary.legs:
        for part in (*leg.time_parts, *leg.cost_parts, *leg.emission_parts):
            yield from part.parameters


def _cited(itineraries: Sequence[Itinerary], rows: Mapping[str, Parameter]) -> list[str]:
    labels = {label for itinerary in itineraries for label in _labels(itinerary)}
    return sorted({id_ for label in labels if label in rows for id_ in rows[label].evidence})


def _part_dict(part: Part) -> dict[str, object]:
    return {
        "name": part.name,
        "low": part.low,
        "central": part.central,
        "high": part.high,
        "parameters": list(part.parameters),
    }


def _row_dict(row: Parameter) -> dict[str, object]:
    return {
        "low": row.low,
        "central": row.central,
        "high": row.high,
        "unit": row.unit,
        "year": row.year,
        "quality": row.quality,
        "grade": row.grade,
        "evidence": list(row.evidence),
        "note": row.note,
    }
