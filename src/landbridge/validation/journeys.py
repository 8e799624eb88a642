"""Published journeys, and how each is put as a question to the planner.

`journeys.csv` holds the rows as they were published, with their sources; nobody edits a value
there. `journeys_asked.csv` is ours: which terminals stand for the row's places, by which ways, in
which class of train, and why a row cannot be run.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from landbridge.errors import InvariantError
from landbridge.parameters import Parameters

HOURS_PER_UNIT = {"day": 24.0, "hour": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How one row is expressed.

    `kind` is `time`, `cost` or `delta` (days more than by
    `baseline_via`, the way found on `baseline_depart`). Several origins or
    destinations are run one by one and averaged. `ship` names the class of a line that sails
    direct. `is_vague` marks rows whose place is a coast or a continent: they are scored, but teach
    calibration nothing. `mask` says which costs the row holds: F freight only, T terminal to
    terminal, D door. `same_as` are evidence ids that are this very reading under another name.
    `excluded` says why
    a row is not run; `remark` how its words were read. `is_later` marks rows found after the
    first edition of the file: they are scored with the others, and apart.
    """

    group: str
    kind: str
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    via: tuple[str, ...]
    avoid: tuple[str, ...]
    ship: str
    modes: tuple[str, ...]
    depart: date | None
    unit: str
    tonnes: float
    train: str
    mask: str
    baseline_via: tuple[str, ...]
    baseline_depart: date | None
    same_as: tuple[str, ...]
    is_demonstration: bool
    is_vague: bool
    excluded: str
    remark: str
    is_later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One published row: hours for times, USD for costs, as printed by its source.

    `low` and `high` are None where the source gives one value. `evidence` is observed, offered,
    study, derived, claim or forecast; `use` the compilers' judgement of what it may be used for.
    """

    id: str
    item: str
    corridor: str
    origin: str
    destination: str
    via: str
    metric: str
    unit: str
    low: float | None
    central: float
    high: float | None
    year: str
    evidence: str
    use: str
    trust: str
    source: str
    url: str
    asked: Asked

    @property
    def is_time(self) -> bool:
        """Whether the row is a time or a difference of times."""
        return self.metric in ("transit_time", "time_delta")

    @property
    def is_land(self) -> bool:
        """Whether the journey has a leg on land."""
        return any(mode in ("rail", "road", "iww") for mode in self.asked.modes)

    @property
    def publication(self) -> str:
        """What rows of one publication share: its title without page."""
        return self.source


def read_journeys() -> tuple[Journey, ...]:
    """Return the published rows in the package, in the order of their ids.

    Raises
    ------
    InvariantError
        If a row lacks its companion, or a companion its row.
    """
    published = _rows("journeys.csv")
    asked = {row["id"]: row for row in _rows("journeys_asked.csv")}
    lone = {row["id"] for row in published} ^ set(asked)
    if lone:
        raise InvariantError(
            f"rows without a companion: {', '.join(sorted(lone))}", where="journeys_asked.csv"
        )
    return tuple(_journey(row, _asked(asked[row["id"]])) for row in published)


def masked_ids(parameters: Parameters, journeys: Iterable[Journey]) -> dict[str, str]:
    """Return the rows that set a parameter, with that parameter's label: they may not judge it."""
    used: dict[str, str] = {}
    for row in parameters:
        for evidence in row.evidence:
            used.setdefault(evidence, row.label)
    masked = {}
    for journey in journeys:
        for name in (journey.id, *journey.asked.same_as):
            if name in used:
                masked[journey.id] = used[name]
                break
    return masked


def _rows(name: str) -> list[dict[str, str]]:
    text = files("landbridge.validation").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _asked(row: dict[str, str]) -> Asked:
    return Asked(
        group=row["group"],
        kind=row["kind"],
        origins=_parts(row["origin_place"]),
        destinations=_parts(row["destination_place"]),
        via=_parts(row["via"]),
        avoid=_parts(row["avoid"]),
        ship=row["ship"],
        modes=_parts(row["modes"]),
        depart=_day(row["depart"]),
        unit=row["unit"],
        tonnes=float(row["tonnes"] or 0.0),
        train=row["train"],
        mask=row["mask"],
        baseline_via=_parts(row["baseline_via"]),
        baseline_depart=_day(row["baseline_depart"]),
        same_as=_parts(row["same_as"]),
        is_demonstration=row["demonstration"] == "yes",
        is_vague=row["vague"] == "yes",
        excluded=row["excluded"],
        remark=row["remark"],
        is_later=row["found"] == "later",
    )


def _journey(row: dict[str, str], asked: Asked) -> Journey:
    scale = HOURS_PER_UNIT.get(row["unit"], 1.0)

    def value(text: str) -> float | None:
        return float(text) * scale if text else None

    return Journey(
        id=row["id"],
        item=row["item"],
        corridor=row["corridor"],
        origin=row["origin"],
        destination=row["destination"],
        via=row["via"],
        metric=row["metric"],
        unit=row["unit"],
        low=value(row["value_low"]),
        central=float(row["value_central"]) * scale,
        high=value(row["value_high"]),
        year=row["year"],
        evidence=row["evidence"],
        use=row["use"],
        trust=row["trust"],
        source=f"{row['source_publisher']} ({row['source_year']}), {row['source_title']}",
        url=row["source_url"],
        asked=asked,
    )
