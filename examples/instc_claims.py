"""The press's claims about the North-South corridor, checked: writes docs/case-studies/instc.md.

    python examples/instc_claims.py [FOLDER]

For each claim: what the model says with its range, what independent studies say, and what would
have to be true for the claim to hold, found by search over one lever at a time. A chart each.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from pathlib import Path

import landbridge
from landbridge.domain.arcs import Arc
from landbridge.domain.cargo import Consignment
from landbridge.domain.itinerary import Itinerary
from landbridge.domain.request import Scope
from landbridge.models.pricing import Outcome, Pricing
from landbridge.parameters import Parameters
from landbridge.scenarios.case import Case
from landbridge.validation.journeys import Journey, read_journeys

FOLDER = Path(__file__).parents[1] / "docs" / "case-studies"
BOX = Consignment(unit="20ft", units=1, cargo_mass_t=10.0, goods="general")
DATES = {
    "2017": date(2017, 6, 15),
    "2023": date(2023, 6, 15),
    "2025": date(2025, 7, 1),
}
"""When most claims were made; after Western carriers left Russia; with the Red Sea avoided."""
WEST, EAST, CASPIAN = "instc-west", "instc-east-incheborun", "instc-caspian-anzali"
BALTIC, BLACK_SEA = "suez-baltic", "suez-blacksea"
TITLES = {
    WEST: "INSTC west (rail, truck at Astara)",
    EAST: "INSTC east (rail by Incheh Borun)",
    CASPIAN: "INSTC trans-Caspian (Anzali)",
    BALTIC: "Suez and the Baltic",
    BLACK_SEA: "Suez and the Black Sea",
    "cape": "Cape of Good Hope",
    "northern-sea-route": "Northern Sea Route",
}
BRANCHES = (WEST, EAST, CASPIAN)
SUEZ = (BALTIC, BLACK_SEA)
LEVERS = {
    "border hours": ("border.time.",),
    "port and yard dwell": ("dwell.",),
    "time on the railway": ("rail.speed.",),
    "land borders, dwell and railway together": ("border.time.", "dwell.", "rail.speed."),
    "rail tariffs": ("rail.tariff_per_teukm_usd", "rail.tariff_fixed_usd"),
    "all land tariffs and fees": (
        "rail.tariff", "road.tariff", "border.fee.", "agent.", "lift_usd",
    ),
    "ocean rates": ("sea.rate.base", "sea.rate.per_nm"),
}  # fmt: skip
"""Name of a lever -> beginnings of the parameter names it scales (speeds by the inverse)."""
MODEL, CLAIM, STUDY = "#9ec5fe", "#a40e26", "#1a7f37"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One itinerary, terminal to terminal, that can be priced again with other parameters."""

    title: str
    itinerary: Itinerary
    arcs: tuple[Arc, ...]
    depart: date
    country: str

    def priced(self, parameters: Parameters) -> Outcome:
        """Return days, dollars and CO2e under some parameters."""
        pricing = Pricing(
            parameters,
            consignment=BOX,
            depart=self.depart,
            scope=Scope.TERMINAL,
            origin_country=self.country,
        )
        return pricing.outcome(self.arcs)

    @property
    def days(self) -> tuple[float, float, float]:
        """P10, P50 and P90, days."""
        lead = self.itinerary.lead_time_h
        return lead.p10 / 24, lead.p50 / 24, lead.p90 / 24

    @property
    def usd(self) -> tuple[float, float, float]:
        """Low, central and high, USD per TEU."""
        cost = self.itinerary.cost_usd
        return cost.low, cost.central, cost.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of a chart: a range with its middle."""

    label: str
    low: float
    middle: float
    high: float


def way(case: Case, origin: str, destination: str, corridor: str, depart: date) -> Way | None:
    """Return the best way in a corridor, or None where there is none on that day."""
    best = landbridge.plan(
        origin, destination, unit=BOX.unit, tonnes=BOX.cargo_mass_t, scope="terminal",
        depart=depart, corridors=[corridor], case=case,
    ).best  # fmt: skip
    if best is None:
        return None
    return Way(
        title=TITLES[corridor],
        itinerary=best,
        arcs=tuple(arc for leg in best.legs for arc in leg.arcs),
        depart=depart,
        country=best.legs[0].origin.country,
    )


def ways(
    case: Case, origin: str, destination: str, corridors: Iterable[str], depart: date
) -> dict[str, Way]:
    """Return the ways there are, by corridor."""
    found = {name: way(case, origin, destination, name, depart) for name in corridors}
    return {name: one for name, one in found.items() if one is not None}


def pulled(parameters: Parameters, lever: str, factor: float) -> Parameters:
    """Return parameters with a lever's rows multiplied; a speed is divided, so that time is."""
    rows = []
    for row in parameters:
        if not row.name.startswith(LEVERS[lever]) or not row.high:
            continue
        f = 1.0 / max(factor, 1e-3) if row.name.startswith("rail.speed.") else factor
        rows.append(replace(row, low=row.low * f, central=row.central * f, high=row.high * f))
    return parameters.replace(*rows)


def break_even(gap: Callable[[float], float], low: float, high: float) -> float | None:
    """Return where an increasing gap turns from negative to positive, None if not inside.

    Parameters
    ----------
    gap
        Negative where the claim holds; increasing in its argument.
    """
    if gap(low) > 0.0 or gap(high) < 0.0:
        return None
    for _ in range(18):
        middle = 0.5 * (low + high)
        if gap(middle) > 0.0:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)


def faster_by(mine: Way, other: Way, share: float, lever: str, case: Case) -> str:
    """Return what a lever on the way over land must come to for `share` fewer days."""
    wanted = (1.0 - share) * other.days[1]

    def gap(factor: float) -> float:
        parameters = pulled(case.parameters, lever, factor)
        return mine.priced(parameters).lead_time_h.p50 / 24 - wanted

    found = break_even(gap, 0.02, 1.0)
    if found is None:
        if gap(1.0) <= 0.0:
            return "holds as it is"
        return f"not enough: even without them {gap(0.02) + wanted:.1f} days"
    return f"{100 * found:.0f} % of today's"


def cheaper_by(mine: Way, other: Way, share: float, lever: str, case: Case) -> str:
    """Return what a lever must come to for the way over land to cost `share` less."""
    is_rival = lever == "ocean rates"

    def gap(factor: float) -> float:
        parameters = pulled(case.parameters, lever, 1.0 / factor if is_rival else factor)
        here = mine.priced(parameters).cost_usd.central
        there = other.priced(parameters).cost_usd.central
        return here - (1.0 - share) * there

    low = 0.1 if is_rival else 0.02
    found = break_even(gap, low, 1.0)
    if found is None:
        if gap(1.0) <= 0.0:
            return "holds as it is"
        return "not enough, even ten times as high" if is_rival else "not enough, even at nothing"
    return f"x {1.0 / found:.1f}" if is_rival else f"{100 * found:.0f} % of today's"


def chart(path: Path, unit: str, bars: Sequence[Bar], marks: Sequence[tuple[str, Journey | float]]
          ) -> None:  # fmt: skip
    """Write bars of the model and dots of what was published as an SVG picture."""
    rows = len(bars) + len(marks)
    values = [bar.high for bar in bars] + [_value(mark, unit)[1] for _, mark in marks]
    top = 1.05 * max(values)
    left, width, height = 340, 900, 30 + 20 * rows
    scale = (width - left - 20) / top
    step = next(s for s in (5, 10, 20, 50, 500, 1000, 2000, 5000) if top / s <= 8)
    parts = []
    for tick in range(0, int(top) + 1, step):
        x = left + scale * tick
        parts.append(
            f'<line x1="{x:.1f}" y1="6" x2="{x:.1f}" y2="{height - 18}" stroke="#d8dee4"/>'
            f'<text x="{x:.1f}" y="{height - 4}" text-anchor="middle">{tick:,} {unit}</text>'
        )
    for k, bar in enumerate(bars):
        y = 16 + 20 * k
        parts.append(
            f'<text x="0" y="{y + 4}">{escape(bar.label)}</text>'
            f'<rect x="{left + scale * bar.low:.1f}" y="{y - 5}" height="10" fill="{MODEL}"'
            f' width="{max(scale * (bar.high - bar.low), 2):.1f}"/>'
            f'<rect x="{left + scale * bar.middle - 1:.1f}" y="{y - 7}" width="2" height="14"/>'
        )
    for k, (label, mark) in enumerate(marks, start=len(bars)):
        y, (low, high) = 16 + 20 * k, _value(mark, unit)
        is_claim = isinstance(mark, float) or mark.evidence in ("claim", "forecast")
        colour = CLAIM if is_claim else STUDY
        parts.append(
            f'<text x="0" y="{y + 4}" fill="{colour}">{escape(label)}</text>'
            f'<line x1="{left + scale * low:.1f}" y1="{y}" x2="{left + scale * high:.1f}"'
            f' y2="{y}" stroke="{colour}" stroke-width="3"/>'
            f'<circle cx="{left + scale * (low + high) / 2:.1f}" cy="{y}" r="4" fill="{colour}"/>'
        )
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        ' font-family="sans-serif" font-size="12">' + "".join(parts) + "</svg>\n",
        encoding="utf-8",
    )


def _value(mark: Journey | float, unit: str) -> tuple[float, float]:
    if isinstance(mark, float):
        return mark, mark
    scale = 24.0 if unit == "days" else 1.0
    low = mark.central if mark.low is None else mark.low
    high = mark.central if mark.high is None else mark.high
    return low / scale, high / scale


def day_bars(found: Mapping[str, Way], when: str) -> list[Bar]:
    """Return a bar of days per way."""
    return [
        Bar(label=f"{one.title}, {when}", low=one.days[0], middle=one.days[1], high=one.days[2])
        for one in found.values()
    ]


def usd_bars(found: Mapping[str, Way], when: str) -> list[Bar]:
    """Return a bar of dollars per way."""
    return [
        Bar(label=f"{one.title}, {when}", low=one.usd[0], middle=one.usd[1], high=one.usd[2])
        for one in found.values()
    ]


def published(rows: Mapping[str, Journey], *ids: str) -> list[tuple[str, Journey]]:
    """Return rows of the published journeys with their labels."""
    return [(f"{rows[i].item} ({rows[i].year})"[:58], rows[i]) for i in ids]


def days_table(found: Mapping[str, Way]) -> str:
    """Return a table of kilometres, days and dollars."""
    lines = [
        "| Way | km | days P50 (P10 - P90) | USD/TEU (low - high) | t CO2e |",
        "|---|---|---|---|---|",
    ]
    for one in found.values():
        kg = one.itinerary.emissions_wtw_kgco2e.central
        lines.append(
            f"| {one.title} | {one.itinerary.distance_km:,.0f}"
            f" | {one.days[1]:.1f} ({one.days[0]:.1f} - {one.days[2]:.1f})"
            f" | {one.usd[1]:,.0f} ({one.usd[0]:,.0f} - {one.usd[2]:,.0f}) | {kg / 1000:.2f} |"
        )
    return "\n".join(lines)


def lever_table(rows: Mapping[str, Mapping[str, str]], first: str) -> str:
    """Return what each lever must come to, one column per comparison."""
    columns = list(rows)
    levers = list(rows[columns[0]])
    head = f"| {first} | " + " | ".join(columns) + " |\n|---" + "|---" * len(columns) + "|"
    body = [
        f"| {lever} | " + " | ".join(rows[column][lever] for column in columns) + " |"
        for lever in levers
    ]
    return "\n".join([head, *body])


def quickest(found: Mapping[str, Way], names: Iterable[str]) -> Way:
    """Return the way with the fewest days at P50."""
    return min((found[n] for n in names if n in found), key=lambda one: one.days[1])


def cheapest(found: Mapping[str, Way], names: Iterable[str]) -> Way:
    """Return the way of least central cost."""
    return min((found[n] for n in names if n in found), key=lambda one: one.usd[1])


def part_of_cost(one: Way, name: str, case: Case) -> float:
    """Return the share of a way's central cost that is one part, 0 to 1."""
    outcome = one.priced(case.parameters)
    own = sum(p.central for arc in outcome.per_arc for p in arc.cost_parts if p.name == name)
    return own / outcome.cost_usd.central


def running_days(one: Way, case: Case) -> float:
    """Return the days in which something moves: running at sea, on rails and on roads."""
    outcome = one.priced(case.parameters)
    hours = sum(
        part.central
        for arc in outcome.per_arc
        for part in arc.time_parts
        if part.name.startswith("running")
    )
    return hours / 24.0


def percent(new: float, old: float) -> str:
    """Return how much less or more, in words."""
    share = 100.0 * (new / old - 1.0)
    return f"{abs(share):.0f} % {'less' if share < 0 else 'more'}"


def main(folder: Path = FOLDER) -> None:
    """Write the page and its pictures."""
    from instc_page import write_page  # beside this file

    folder.mkdir(parents=True, exist_ok=True)
    write_page(Case.load(), {row.id: row for row in read_journeys()}, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
