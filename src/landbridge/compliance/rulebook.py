"""The rulebook: measures, payment channels and what operators go by, read from tables."""

from __future__ import annotations

import csv
import difflib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from landbridge.compliance.measure import SECONDARY, Measure, Severity
from landbridge.compliance.settlement import Channel, read_channels
from landbridge.compliance.tables import path_of
from landbridge.errors import DatasetError, RequestError
from landbridge.parameters.goods import goods_classes

ANYWHERE = ""
"""Stands for the place of a measure that names none."""
SAID = "said:"
"""Begins what stands for the place of a measure that hangs on a statement."""
TABLES = (
    "measures.csv",
    "settlement_channels.csv",
    "targets.csv",
    "blocs.csv",
    "operators.csv",
    "regions.csv",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """All that some measures name: places, values of UN/LOCODEs, and days on which one changes."""

    places: frozenset[str]
    ports: frozenset[str]
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All measures and channels, sorted by id; `digest` is that of the tables.

    `by_code` holds the measures of each screening code.
    """

    measures: tuple[Measure, ...]
    channels: tuple[Channel, ...]
    aliases: tuple[tuple[str, str], ...] = ()
    blocs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    digest: str = ""
    by_code: Mapping[str, tuple[Measure, ...]] = field(init=False, repr=False, compare=False)
    _by_place: Mapping[str, Mapping[str, tuple[int, ...]]] = field(
        init=False, repr=False, compare=False
    )
    _codes_at: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)
    scopes: Mapping[str, Scope] = field(init=False, repr=False, compare=False)
    """What of a journey the measures of each code can tell apart."""

    def __post_init__(self) -> None:
        codes = {measure.jurisdiction for measure in self.measures}
        codes |= {SECONDARY} if "us" in codes else set()
        by_code = {
            code: tuple(m for m in self.measures if m.severity_for(code) is not None)
            for code in sorted(codes)
        }
        object.__setattr__(self, "by_code", by_code)
        by_place = {code: _by_place(own) for code, own in by_code.items()}
        codes_at: dict[str, set[str]] = {}
        for code, rows in by_place.items():
            for place in rows:
                codes_at.setdefault(place, set()).add(code)
        object.__setattr__(self, "_by_place", by_place)
        object.__setattr__(self, "scopes", {c: _scope(own) for c, own in by_code.items()})
        object.__setattr__(self, "_codes_at", {k: frozenset(v) for k, v in codes_at.items()})

    def codes_near(self, places: frozenset[str], stated: Iterable[str] = ()) -> frozenset[str]:
        """Return the codes of which `near` has any measure."""
        at = self._codes_at
        met = [*(at.keys() & places), ANYWHERE, *(f"{SAID}{key}" for key in stated)]
        return frozenset().union(*(at[place] for place in met if place in at))

    def near(self, code: str, places: frozenset[str], stated: Iterable[str] = ()) -> list[Measure]:
        """Return the measures of a code that these places could touch, by their first condition.

        Those that name no place are among them; the rest of the conditions is not looked at.
        `stated` are the keys of what the user states.
        """
        by_place = self._by_place.get(code, {})
        met = by_place.keys() & places
        if ANYWHERE in by_place:
            met.add(ANYWHERE)
        met.update(said for key in stated if (said := f"{SAID}{key}") in by_place)
        if not met:
            return []
        own = self.by_code[code]
        return [own[row] for row in sorted({row for place in met for row in by_place[place]})]

    @property
    def codes(self) -> tuple[str, ...]:
        """Screening codes: the jurisdictions, and `us_secondary`."""
        return tuple(self.by_code)


def _scope(measures: Sequence[Measure]) -> Scope:
    places = [measure.targets for measure in measures]
    places += [wanted for measure in measures for _, wanted in measure.placed]
    ports = [measure.required_values for measure in measures if measure.requires == "port"]
    days = {measure.in_force_from for measure in measures}
    days |= {measure.in_force_to for measure in measures if measure.in_force_to is not None}
    return Scope(
        places=frozenset().union(*places),
        ports=frozenset(value.lower() for values in ports for value in values),
        days=tuple(sorted(days)),
    )


def _by_place(measures: Sequence[Measure]) -> dict[str, tuple[int, ...]]:
    """Return positions of measures by each place that their first condition names."""
    rows: dict[str, list[int]] = {}
    for row, measure in enumerate(measures):
        named = measure.placed[0][1] if measure.placed else None
        if named is None and measure.requires and measure.requires != "port":
            # asked about where its target is touched, and judged where it is stated
            named = measure.targets | {f"{SAID}{measure.requires}"}
        for place in named or (ANYWHERE,):
            rows.setdefault(place, []).append(row)
    return {place: tuple(own) for place, own in rows.items()}


@cache
def load_rulebook() -> Rulebook:
    """Return the rulebook of the package.

    Raises
    ------
    DatasetError
        If a table is missing or a row says what cannot be; all such rows are listed.
    """
    hashed = hashlib.blake2b(digest_size=16)
    for name in TABLES:
        hashed.update(path_of(name).read_bytes())
    targets = {row["target"]: _set(row["countries"]) for row in _rows(path_of("targets.csv"))}
    return Rulebook(
        measures=read_measures(path_of("measures.csv"), targets),
        channels=read_channels(path_of("settlement_channels.csv")),
        aliases=tuple((row["code"], row["name"]) for row in _rows(path_of("operators.csv"))),
        blocs=_blocs(),
        digest=hashed.hexdigest(),
    )


def read_measures(path: Path, targets: Mapping[str, frozenset[str]]) -> tuple[Measure, ...]:
    """Return the measures of a table, sorted by id.

    Raises
    ------
    DatasetError
        If rows say what cannot be; all of them are listed.
    """
    measures, problems = [], []
    known_goods = {row.name for row in goods_classes()}
    for line, row in enumerate(_rows(path), start=2):
        try:
            measures.append(_measure(row, targets, known_goods))
        except (KeyError, ValueError) as error:
            problems.append(f"{path.name}, line {line}: {error}")
    ids = [measure.id for measure in measures]
    problems += sorted({f"{path.name}: {id_} occurs twice" for id_ in ids if ids.count(id_) > 1})
    if problems:
        raise DatasetError(problems[0], problems=tuple(problems))
    return tuple(sorted(measures, key=lambda measure: measure.id))


def checked_codes(codes: Iterable[str], rulebook: Rulebook) -> tuple[str, ...]:
    """Return screening codes in lower case, each once; refuse unknown ones."""
    found = []
    for code in codes:
        key = code.strip().lower()
        if key not in rulebook.codes:
            like = difflib.get_close_matches(key[:64], rulebook.codes, n=1, cutoff=0.5)
            hint = f"did you mean {like[0]}?" if like else "one of " + ", ".join(rulebook.codes)
            raise RequestError(f"no jurisdiction '{code}'", where="--jurisdiction", hint=hint)
        found.append(key)
    return tuple(dict.fromkeys(found))


@cache
def goods_and_parents(name: str) -> frozenset[str]:
    """Return a goods class with its parents: a measure on the parent reaches the class."""
    parents = {row.name: row.parent for row in goods_classes()}
    found = set()
    while name and name not in found:
        found.add(name)
        name = parents.get(name, "")
    return frozenset(found)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}") from None


def _set(text: str) -> frozenset[str]:
    return frozenset(item for item in text.split("|") if item)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _severity(text: str) -> Severity | None:
    return Severity(text) if text else None


def _measure(
    row: Mapping[str, str], targets: Mapping[str, frozenset[str]], known_goods: set[str]
) -> Measure:
    goods = None if row["goods"] in {"*", ""} else _set(row["goods"])
    if goods is not None and goods - known_goods:
        raise ValueError(f"no goods class '{min(goods - known_goods)}'")
    starts = _day(row["in_force_from"])
    if starts is None:
        raise ValueError("no first day in force")
    key, _, values = row["requires"].partition("=")
    provision = f", {row['provision']}" if row["provision"] else ""
    is_verified = row["verified"] == "yes"
    source = f"{row['source_publisher']} ({row['source_year']}), {row['source_title']}"
    if not is_verified:
        source = f"recalled, unverified: {row['source_title']}"
    return Measure(
        id=row["id"],
        jurisdiction=row["jurisdiction_code"],
        target=row["target"],
        targets=targets[row["target"]],
        subject=row["subject"],
        instrument=row["legal_instrument"] + provision,
        restriction=row["restriction"],
        severity=Severity(row["severity"]),
        severity_secondary=_severity(row["severity_secondary"]),
        severity_eased=_severity(row["severity_eased"]),
        goods_eased=_set(row["goods_eased"]),
        applies_to=row["applies_to"],
        in_force_from=starts,
        in_force_to=_day(row["in_force_to"]),
        origins=_set(row["geo_origin"]),
        destinations=_set(row["geo_destination"]),
        ends=_set(row["geo_od"]),
        transits=_set(row["geo_transit"]),
        countries=_set(row["geo_any"]),
        terminals=_set(row["terminals"]),
        regions=_set(row["regions"]),
        passages=_set(row["passages"]),
        modes=_set(row["modes"]),
        goods=goods,
        requires=key,
        required_values=_set(values),
        exceptions=row["exceptions"],
        is_verified=is_verified,
        source=f"{source}, {row['source_url']}" if row["source_url"] else source,
    )


def _blocs() -> dict[str, frozenset[str]]:
    blocs: dict[str, set[str]] = {}
    for row in _rows(path_of("blocs.csv")):
        blocs.setdefault(row["bloc"], set()).add(row["member"])
    return {name: frozenset(members) for name, members in blocs.items()}
