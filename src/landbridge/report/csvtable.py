"""Itineraries and legs as CSV: one header line with units, one row each."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence

from landbridge.domain.itinerary import Bounds, Itinerary, Leg, Percentiles

Cell = str | float | int


def itineraries_csv(itineraries: Iterable[Itinerary]) -> str:
    """Return one row per itinerary, figures unrounded."""
    return rows_csv([_itinerary_row(itinerary) for itinerary in itineraries], ITINERARY_COLUMNS)


def legs_csv(itineraries: Iterable[Itinerary]) -> str:
    """Return one row per leg of each itinerary, in order, figures unrounded.

    Where there is something to say of whole itineraries (`best_in`, `differs_by`), it stands in
    columns of its own.
    """
    numbered = list(enumerate(itineraries, start=1))
    said = tuple(name for name in SAID_COLUMNS if any(getattr(one, name) for _, one in numbered))
    return rows_csv(
        [
            {"itinerary": position}
            | leg_row(itinerary, number, leg)
            | {name: getattr(itinerary, name) for name in said}
            for position, itinerary in numbered
            for number, leg in enumerate(itinerary.legs, start=1)
        ],
        ("itinerary", *LEG_COLUMNS, *said),
    )


def rows_csv(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> str:
    r"""Return rows as CSV text with `\n` line ends; NaN and None become empty cells."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list | tuple):
        return ";".join(str(item) for item in value)
    return str(value)


def _bounds(name: str, bounds: Bounds) -> dict[str, Cell]:
    return {
        f"{name}_low": bounds.low,
        f"{name}_central": bounds.central,
        f"{name}_high": bounds.high,
    }


def _percentiles(name: str, percentiles: Percentiles) -> dict[str, Cell]:
    return {
        f"{name}_p10": percentiles.p10,
        f"{name}_p50": percentiles.p50,
        f"{name}_p90": percentiles.p90,
    }


def _itinerary_row(itinerary: Itinerary) -> dict[str, Cell]:
    has_figures = itinerary.status != "infeasible"
    return {
        "corridor": itinerary.corridor,
        "title": itinerary.title,
        "status": itinerary.status,
        "distance_km": itinerary.distance_km,
        **_percentiles("lead_time_h", itinerary.lead_time_h),
        **_bounds("cost_usd", itinerary.cost_usd),
        **_bounds("emissions_wtw_kgco2e", itinerary.emissions_wtw_kgco2e),
        "generalized_cost_usd": itinerary.generalized_cost_usd,
        "probability_by_deadline": (
            "" if itinerary.probability_by_deadline is None else itinerary.probability_by_deadline
        ),
        "border_crossings": itinerary.border_crossings if has_figures else "",
        "transfers": itinerary.transfers if has_figures else "",
        "countries": ";".join(itinerary.countries),
        "passages": ";".join(itinerary.passages),
        "flags": ";".join(f"{flag.kind}:{flag.severity}" for flag in itinerary.flags),
        "blockers": "; ".join(f"{b.kind} {b.what}: {b.why}" for b in itinerary.blockers),
    }


def leg_row(itinerary: Itinerary, number: int, leg: Leg) -> dict[str, Cell]:
    """Return the cells of one leg, by `LEG_COLUMNS`."""
    return {
        "corridor": itinerary.corridor,
        "leg": number,
        "kind": leg.kind,
        "mode": leg.mode,
        "from_id": leg.origin.id,
        "from_name": leg.origin.name,
        "from_country": leg.origin.country,
        "to_id": leg.destination.id,
        "to_name": leg.destination.name,
        "to_country": leg.destination.country,
        "distance_km": leg.distance_km,
        **_percentiles("time_h", leg.time_h),
        **_bounds("cost_usd", leg.cost_usd),
        **_bounds("emissions_wtw_kgco2e", leg.emissions_wtw_kgco2e),
        "countries": ";".join(leg.countries),
        "passages": ";".join(leg.passages),
        "service": leg.service,
        "evidence": ";".join(leg.evidence),
    }


ITINERARY_COLUMNS = (
    "corridor", "title", "status", "distance_km",
    "lead_time_h_p10", "lead_time_h_p50", "lead_time_h_p90",
    "cost_usd_low", "cost_usd_central", "cost_usd_high",
    "emissions_wtw_kgco2e_low", "emissions_wtw_kgco2e_central", "emissions_wtw_kgco2e_high",
    "generalized_cost_usd", "probability_by_deadline", "border_crossings", "transfers",
    "countries", "passages", "flags", "blockers",
)  # fmt: skip
SAID_COLUMNS = ("best_in", "differs_by")
LEG_COLUMNS = (
    "corridor", "leg", "kind", "mode",
    "from_id", "from_name", "from_country", "to_id", "to_name", "to_country", "distance_km",
    "time_h_p10", "time_h_p50", "time_h_p90",
    "cost_usd_low", "cost_usd_central", "cost_usd_high",
    "emissions_wtw_kgco2e_low", "emissions_wtw_kgco2e_central", "emissions_wtw_kgco2e_high",
    "countries", "passages", "service", "evidence",
)  # fmt: skip
