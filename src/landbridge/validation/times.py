"""Published journeys run again under their own conditions, and what the model is worth.

A row used to set a parameter does not judge the model: it is run and listed, but masked from the
scores. Offered rows are schedules: they are compared without lateness. No row waits for its first
departure (scope terminal).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from landbridge.errors import LandbridgeError
from landbridge.parameters import Parameters
from landbridge.planning.plan import Planner
from landbridge.scenarios.case import Case
from landbridge.validation import comcec
from landbridge.validation.journeys import Journey, masked_ids, read_journeys
from landbridge.validation.rerun import Chain, chains_of, figures_of
from landbridge.validation.scores import Compared, Score, leave_one_out_error_percent, score
from landbridge.validation.suez import SuezRow, suez_closed

JUDGES = ("observed", "offered")
"""Kinds of evidence that the targets are held against."""
INSIDE_TARGET = 75.0
SHARPNESS_TARGETS = {"rail and multimodal": 0.8, "direct sea": 0.4}
ERROR_TARGET = 20.0
COST_TARGET = 30.0
WEIGHTLESS = ("claim", "forecast")


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyRow:
    """One row after the run; `compared` is None where nothing was asked or found.

    `status` is `scored`, `masked` (the row set a parameter), `shown` (a claim: compared, never
    scored), `left out` or `not found`; `why` says more. Times in hours, costs in USD.
    """

    journey: Journey
    compared: Compared | None
    status: str
    why: str
    distance_km: float

    @property
    def is_direct_sea(self) -> bool:
        """Whether the journey is by sea alone."""
        return not self.journey.is_land

    def to_dict(self) -> dict[str, Any]:
        """Return the row as it is printed; times in days."""
        scale = 24.0 if self.journey.is_time else 1.0

        def shown(value: float | None) -> float | None:
            return None if value is None else round(value / scale, 2 if scale > 1 else 0)

        found = self.compared
        return {
            "id": self.journey.id,
            "origin": self.journey.origin,
            "destination": self.journey.destination,
            "group": self.journey.asked.group,
            "evidence": self.journey.evidence,
            "year": self.journey.year,
            "metric": self.journey.metric,
            "unit": "day" if self.journey.is_time else self.journey.unit,
            "published_low": shown(self.journey.low),
            "published": shown(self.journey.central),
            "published_high": shown(self.journey.high),
            "model_p10": shown(found.p10 if found else None),
            "model_p50": shown(found.p50 if found else None),
            "model_p90": shown(found.p90 if found else None),
            "error_percent": round(found.error_percent, 1) if found else None,
            "inside": found.is_inside if found else None,
            "distance_km": round(self.distance_km) if found else None,
            "status": self.status,
            "why": self.why,
            "remark": self.journey.asked.remark,
            "trust": self.journey.trust,
            "source": self.journey.source,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesReport:
    """All rows, scores by corridor group and kind of evidence, and the checks apart.

    `missed` lists targets that are not reached, published and not hidden; `problems`
    lists rows that should have a way and have none.
    """

    rows: tuple[JourneyRow, ...]
    by_group: Mapping[str, Score]
    by_evidence: Mapping[str, Score]
    by_mode: Mapping[str, Score]
    by_edition: Mapping[str, Score]
    judged: Score
    costs: Mapping[str, Score]
    month_left_out_error_percent: float | None
    table_58: Mapping[str, Any]
    suez: tuple[SuezRow, ...]
    missed: tuple[str, ...]
    problems: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain objects."""
        return {
            "rows": [row.to_dict() for row in self.rows],
            "judged": asdict(self.judged),
            "by_group": {name: asdict(found) for name, found in self.by_group.items()},
            "by_evidence": {name: asdict(found) for name, found in self.by_evidence.items()},
            "by_mode": {name: asdict(found) for name, found in self.by_mode.items()},
            "by_edition": {name: asdict(found) for name, found in self.by_edition.items()},
            "costs": {name: asdict(found) for name, found in self.costs.items()},
            "freight_rates_month_left_out_error_percent": self.month_left_out_error_percent,
            "comcec_table_58": dict(self.table_58),
            "suez_closed": [asdict(row) for row in self.suez],
            "missed_targets": list(self.missed),
            "problems": list(self.problems),
        }


def run(
    case: Case,
    rows: Iterable[Journey] | None = None,
    *,
    counted: Callable[[int, int], None] | None = None,
) -> TimesReport:
    """Return every row (default: all in the package) run again on `case`, with its scores."""
    planner = Planner(case)
    journeys = read_journeys() if rows is None else tuple(rows)
    masked = masked_ids(case.parameters, journeys)
    done, chains = [], {}
    for journey in journeys:
        row, ways = measure(planner, journey, case.parameters, masked.get(journey.id, ""))
        done.append(row)
        chains[journey.id] = ways
        if counted is not None:
            counted(len(done), len(journeys))
    return assess(done, chains, case.parameters, suez_closed(planner))


def measure(
    planner: Planner, journey: Journey, parameters: Parameters, masked_by: str = ""
) -> tuple[JourneyRow, tuple[Chain, ...]]:
    """Return one row run again, and its ways."""
    if journey.asked.excluded:
        return _unrun(journey, "left out", journey.asked.excluded), ()
    try:
        chains = chains_of(planner, journey)
    except LandbridgeError as error:
        return _unrun(journey, "not found", str(error)), ()
    return priced(journey, chains, parameters, masked_by), chains


def priced(
    journey: Journey, chains: Sequence[Chain], parameters: Parameters, masked_by: str = ""
) -> JourneyRow:
    """Return one row whose ways are known, priced."""
    kind = journey.asked.kind
    figures = figures_of(chains, parameters, kind=kind)
    status, why = "scored", ""
    if masked_by:
        status, why = "masked", f"set {masked_by}"
    elif journey.evidence in WEIGHTLESS or journey.use == "context":
        status, why = "shown", f"a {journey.evidence}: compared, never scored"
    return JourneyRow(
        journey=journey,
        compared=Compared(
            published=journey.central, p10=figures.p10, p50=figures.p50, p90=figures.p90
        ),
        status=status,
        why=why,
        distance_km=sum(c.extra_km if kind == "delta" else c.distance_km for c in chains)
        / len(chains),
    )


def assess(
    rows: Sequence[JourneyRow],
    chains: Mapping[str, tuple[Chain, ...]],
    parameters: Parameters,
    suez: tuple[SuezRow, ...],
) -> TimesReport:
    """Return the scores of rows that have been run."""
    times = [row for row in rows if row.status == "scored" and row.journey.is_time]
    shown = [
        row
        for row in rows
        if row.compared is not None and row.journey.is_time and row.status != "masked"
    ]
    judged = [row for row in times if row.journey.evidence in JUDGES]
    money = [row for row in rows if row.compared is not None and row.journey.asked.mask]
    land = [row for row in money if row.journey.is_land and row.status == "scored"]
    rates = [row for row in money if not row.journey.is_land]
    by_mode = {
        "rail and multimodal": _score(row for row in judged if not row.is_direct_sea),
        "direct sea": _score(row for row in judged if row.is_direct_sea),
    }
    total = _score(judged)
    costs = {
        "land chains": _score(land),
        **{f"land chains {name}": found for name, found in _editions(land).items()},
        "ocean rates, no parameter": _score(row for row in rates if row.status == "scored"),
        "ocean rates used as parameters": _score(row for row in rates if row.status == "masked"),
    }
    return TimesReport(
        rows=tuple(rows),
        by_group=_split(times, lambda row: row.journey.asked.group),
        by_evidence=_split(shown, lambda row: row.journey.evidence),
        by_mode=by_mode,
        by_edition=_editions(judged),
        judged=total,
        costs=costs,
        month_left_out_error_percent=leave_one_out_error_percent(
            [row.journey.year for row in rates],
            [row.compared.p50 / row.compared.published for row in rates if row.compared],
        ),
        table_58=comcec.table_58(
            {row.journey.id: row.compared for row in rows if row.compared is not None},
            chains,
            parameters,
        ),
        suez=suez,
        missed=missed_targets(total, by_mode, costs["land chains"], suez),
        problems=tuple(f"{row.journey.id}: {row.why}" for row in rows if row.status == "not found"),
    )


def missed_targets(
    judged: Score, by_mode: Mapping[str, Score], land: Score, suez: Sequence[SuezRow]
) -> tuple[str, ...]:
    """Return one line per target that is missed."""
    problems = []
    if judged.inside_percent is not None and judged.inside_percent < INSIDE_TARGET:
        problems.append(
            f"times: {judged.inside_percent:g} % of rows inside P10-P90,"
            f" wanted {INSIDE_TARGET:g} or more"
        )
    error = judged.median_abs_error_percent
    if error is not None and error > ERROR_TARGET:
        problems.append(f"times: median error {error:g} %, wanted {ERROR_TARGET:g} or less")
    low, high = judged.below_from_percent, judged.below_to_percent
    if low is not None and high is not None and not low <= 50.0 <= high:
        problems.append(
            f"times: {judged.below_percent:g} % of published values below P50"
            f" ({low:g} to {high:g}), wanted 50 inside"
        )
    for mode, target in SHARPNESS_TARGETS.items():
        sharpness = by_mode[mode].median_sharpness
        if sharpness is not None and sharpness > target:
            problems.append(f"{mode}: sharpness {sharpness:g}, wanted {target:g} or less")
    mean = land.mean_abs_error_percent
    if mean is not None and mean > COST_TARGET:
        problems.append(f"costs on land: mean error {mean:g} %, wanted {COST_TARGET:g} or less")
    problems.extend(
        f"Suez closed: {row.pair} {row.error_percent:+.1f} % of extra distance, wanted within 3"
        for row in suez
        if not row.is_close
    )
    return tuple(problems)


def _unrun(journey: Journey, status: str, why: str) -> JourneyRow:
    return JourneyRow(journey=journey, compared=None, status=status, why=why, distance_km=math.nan)


def _score(rows: Iterable[JourneyRow]) -> Score:
    return score([row.compared for row in rows if row.compared is not None])


def _editions(rows: Sequence[JourneyRow]) -> dict[str, Score]:
    """Return the scores of the rows of the first edition, and of those found later."""
    return {
        "of the first edition": _score(row for row in rows if not row.journey.asked.is_later),
        "found later": _score(row for row in rows if row.journey.asked.is_later),
    }


def _split(rows: Sequence[JourneyRow], key: Callable[[JourneyRow], str]) -> dict[str, Score]:
    return {
        name: _score(row for row in rows if key(row) == name)
        for name in sorted({key(row) for row in rows})
    }
