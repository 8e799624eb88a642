"""Published distances run again as questions to the planner, with the error of each.

A row asks for the shortest way between two places by one mode, under its own via places and
closures, over the network as such: whether a carrier offers the journey does not matter here.
The rows, their sources and the reasons for those left out stand in `distances.csv`.
"""

from __future__ import annotations

import csv
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from typing import Any

from landbridge.dataset.network import Net
from landbridge.domain.arcs import DrayageArc, HaulArc, PassageArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.network import Mode, Place, PlaceKind
from landbridge.domain.request import Objective, Request, Scope
from landbridge.errors import LandbridgeError
from landbridge.planning.doors import HALT_KM
from landbridge.planning.plan import Planner
from landbridge.scenarios.case import Case

KM_PER_UNIT = {"km": 1.0, "nm": 1.852}
DAY = date(2025, 8, 15)
"""Every row is asked on this day: the embedded network's year, the Northern Sea Route open."""
ANY_CARGO = Consignment(unit="40ft", units=1, cargo_mass_t=20.0, goods="general")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What one mode must reach, %; `share` is of rows whose error is `within` or less."""

    mean: float
    median: float | None = None
    share: float | None = None
    within: float = 0.0


TARGETS = {
    "sea": Target(mean=3.0, share=85.0, within=5.0),
    "rail": Target(mean=6.0, median=3.0, share=75.0, within=10.0),
    "road": Target(mean=6.0),
}
SHARE_WITHIN = {"sea": 5.0, "rail": 10.0}
"""The error that the share of a mode is counted at, %; 10 where none is set."""
MOST_RAIL_LEFT_OUT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDistance:
    """One row of `distances.csv`: a published length, and how to ask for the same journey.

    `low`, `central`, `high` are in km; `tolerance` is the row's own, %, where its source or its
    compilers state one; `excluded` says why a row proves nothing, `remark` why it misses.
    """

    id: str
    mode: str
    modes: tuple[str, ...]
    origin: str
    destination: str
    origin_place: str
    destination_place: str
    via: tuple[str, ...]
    avoid: tuple[str, ...]
    low: float | None
    central: float
    high: float | None
    trust: str
    tolerance: float | None
    excluded: str
    remark: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceRow:
    """One row after the run; `model_km` is None where nothing was found or asked."""

    published: PublishedDistance
    model_km: float | None
    status: str
    why: str

    @property
    def error(self) -> float | None:
        """How much longer the model's way is, % of the published length."""
        if self.model_km is None:
            return None
        return 100.0 * (self.model_km / self.published.central - 1.0)

    @property
    def is_right(self) -> bool:
        """Whether a row of low trust lies within the tolerance that it states itself."""
        row, error = self.published, self.error
        if row.trust != "E" or error is None or self.model_km is None:
            return False
        is_close = row.tolerance is not None and abs(error) <= row.tolerance
        is_between = (
            row.low is not None
            and row.high is not None
            and row.low < row.high
            and row.low <= self.model_km <= row.high
        )
        return is_close or is_between

    def to_dict(self) -> dict[str, Any]:
        """Return the row as it is printed."""
        row = self.published
        return {
            "id": row.id,
            "origin": row.origin,
            "destination": row.destination,
            "mode": row.mode,
            "via": list(row.via),
            "avoid": list(row.avoid),
            "published_km": round(row.central, 1),
            "model_km": None if self.model_km is None else round(self.model_km, 1),
            "error_percent": None if self.error is None else round(self.error, 2),
            "trust": row.trust,
            "status": self.status,
            "why": self.why,
            "source": row.source,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceReport:
    """All rows, what they come to per mode, and each target that is missed."""

    rows: tuple[DistanceRow, ...]
    summary: Mapping[str, Mapping[str, float | int | str | None]]
    problems: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return rows, summary and problems as plain objects."""
        return {
            "rows": [row.to_dict() for row in self.rows],
            "summary": {mode: dict(figures) for mode, figures in self.summary.items()},
            "problems": list(self.problems),
        }


def read_published() -> tuple[PublishedDistance, ...]:
    """Return the published rows in the package."""
    text = files("landbridge.validation").joinpath("distances.csv").read_text("utf-8")
    return tuple(_published(row) for row in csv.DictReader(text.splitlines()))


def run(
    case: Case,
    rows: Iterable[PublishedDistance] | None = None,
    *,
    counted: Callable[[int, int], None] | None = None,
) -> DistanceReport:
    """Return the error of every row (default: all in the package) on the network of `case`."""
    planner = Planner(case)
    published = read_published() if rows is None else tuple(rows)
    done: list[DistanceRow] = []
    for row in published:
        done.append(measure(planner, row))
        if counted is not None:
            counted(len(done), len(published))
    summary = summarise(done)
    return DistanceReport(rows=tuple(done), summary=summary, problems=missed_targets(summary))


def measure(planner: Planner, row: PublishedDistance) -> DistanceRow:
    """Return one row run through the planner."""
    if row.excluded:
        return DistanceRow(published=row, model_km=None, status="left out", why=row.excluded)
    try:
        request = _request(planner, row)
        found = planner.shortest(request)
    except LandbridgeError as error:
        return DistanceRow(published=row, model_km=None, status="not found", why=str(error))
    if found is None:
        return DistanceRow(
            published=row, model_km=None, status="not found", why="no open way by this mode"
        )
    km = sum(
        arc.distance_km
        for move in found.moves
        for arc in move.facts
        if isinstance(arc, HaulArc | PassageArc | DrayageArc)
    )
    done = DistanceRow(published=row, model_km=km, status="", why="")
    return replace(done, status=_status(done), why=_why(done))


def summarise(rows: Sequence[DistanceRow]) -> dict[str, dict[str, float | int | str | None]]:
    """Return figures per mode: rows, errors in %, and the targets they are held against.

    Means and medians are of the plain errors, of every trust; only the share counts a row of
    trust E within its own tolerance as right. A row without a way counts as wrong.
    """
    summary: dict[str, dict[str, float | int | str | None]] = {}
    for mode in sorted({row.published.mode for row in rows}):
        mine = [row for row in rows if row.published.mode == mode]
        asked = [row for row in mine if row.status != "left out"]
        errors = [row.error for row in asked if row.error is not None]
        within = SHARE_WITHIN.get(mode, 10.0)
        right = [
            row
            for row in asked
            if row.error is not None and (abs(row.error) <= within or row.is_right)
        ]
        summary[mode] = {
            "rows": len(mine),
            "left_out": len(mine) - len(asked),
            "not_found": len(asked) - len(errors),
            "mean_abs_error_percent": _rounded([abs(e) for e in errors], statistics.fmean),
            "median_abs_error_percent": _rounded([abs(e) for e in errors], statistics.median),
            "bias_percent": _rounded(errors, statistics.fmean),
            "within_percent": within,
            "share_within_percent": round(100.0 * len(right) / len(asked), 1) if asked else None,
        }
    return summary


def missed_targets(
    summary: Mapping[str, Mapping[str, float | int | str | None]],
) -> tuple[str, ...]:
    """Return one line per target that the summary misses."""
    problems = []
    for mode, target in sorted(TARGETS.items()):
        figures = summary.get(mode)
        if figures is None:
            continue
        if figures["not_found"]:
            problems.append(f"{mode}: {figures['not_found']} rows have no way")
        for name, most in (("mean", target.mean), ("median", target.median)):
            value = figures[f"{name}_abs_error_percent"]
            if most is not None and (value is None or float(value) > most):
                problems.append(f"{mode}: {name} absolute error {value} %, wanted {most:g} or less")
        share = figures["share_within_percent"]
        if target.share is not None and (share is None or float(share) < target.share):
            problems.append(
                f"{mode}: {share} % of rows within {target.within:g} %,"
                f" wanted {target.share:g} or more"
            )
        left_out = figures["left_out"]
        if mode == "rail" and left_out is not None and int(left_out) > MOST_RAIL_LEFT_OUT:
            problems.append(f"rail: {left_out} rows left out, at most {MOST_RAIL_LEFT_OUT} may be")
    return tuple(problems)


def _published(row: Mapping[str, str]) -> PublishedDistance:
    unit_km = KM_PER_UNIT[row["unit"]]

    def km(text: str) -> float | None:
        return float(text) * unit_km if text else None

    return PublishedDistance(
        id=row["id"],
        mode=row["mode"],
        modes=tuple(row["modes"].split("|")),
        origin=row["origin"],
        destination=row["destination"],
        origin_place=row["origin_place"],
        destination_place=row["destination_place"],
        via=tuple(v for v in row["via"].split(";") if v),
        avoid=tuple(a for a in row["avoid"].split(";") if a),
        low=km(row["low"]),
        central=float(row["central"]) * unit_km,
        high=km(row["high"]),
        trust=row["trust"],
        tolerance=float(row["tolerance_percent"]) if row["tolerance_percent"] else None,
        excluded=row["excluded"],
        remark=row["remark"],
        source=f"{row['source_publisher']} ({row['source_year']}), {row['source_title']}"
        if row["source_publisher"]
        else row["source_title"],
    )


def _request(planner: Planner, row: PublishedDistance) -> Request:
    return Request(
        origin=_place(planner, row, row.origin_place, "origin"),
        destination=_place(planner, row, row.destination_place, "destination"),
        consignment=ANY_CARGO,
        depart=DAY,
        is_depart_given=True,
        modes=tuple(Mode(mode) for mode in row.modes),
        via=tuple(planner.via_place(_place(planner, row, via, "via")) for via in row.via),
        avoid=row.avoid,
        scope=Scope.TERMINAL,
        objective=Objective.DISTANCE,
    )


def _place(planner: Planner, row: PublishedDistance, text: str, where: str) -> Place:
    """Return the place of an id, a name, or `lat,lon`; an id of a passage before a town's name.

    Railway lengths are published from station to station: in a rail row a town stands for the
    track nearest to it, and the way from its centre to the track is no part of the length.
    """
    for passage in planner.case.dataset.passages:
        if passage.id == text:
            return passage.place()
    geography = planner.geography
    place = planner.case.gazetteer.resolve(text, where=where, country_at=geography.country_at)
    if row.modes != (Mode.RAIL,) or place.kind in (PlaceKind.TERMINAL, PlaceKind.CROSSING):
        return place
    found = geography.nearest(
        Net.RAIL, place.lon, place.lat, reach_km=HALT_KM, country=place.country
    )
    if found is None:
        return place
    rail = planner.case.dataset.networks[Net.RAIL]
    return replace(place, lon=float(rail.lon[found[0]]), lat=float(rail.lat[found[0]]))


def _status(row: DistanceRow) -> str:
    error = abs(row.error or 0.0)
    if error <= SHARE_WITHIN.get(row.published.mode, 10.0):
        return "close"
    return "in tolerance" if row.is_right else "off"


def _why(row: DistanceRow) -> str:
    if row.status == "in tolerance":
        return "within the tolerance that the row states"
    return row.published.remark if row.status == "off" else ""


def _rounded(values: Sequence[float], of: Callable[[Sequence[float]], float]) -> float | None:
    return round(float(of(values)), 2) if values else None
