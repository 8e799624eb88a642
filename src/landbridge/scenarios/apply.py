"""Changes put to a case: what is wrong with them there, and the case that they make."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from landbridge.dataset.network import NetworkDataset
from landbridge.domain.applied import Applied
from landbridge.domain.conditions import Conditions, Quote
from landbridge.domain.dated import Effect, Fact
from landbridge.parameters.dues import DELAY, PAYLOAD, TOLL, WAR_RISK
from landbridge.parameters.tree import Parameter, Parameters
from landbridge.scenarios import checks, networks
from landbridge.scenarios.case import Case
from landbridge.scenarios.change import (
    AddLink,
    AddService,
    AddTerminal,
    BestPractice,
    Change,
    Close,
    Delay,
    Divert,
    Open,
    Restrict,
    ScaleParameter,
    SetDraught,
    SetHeadway,
    SetParameter,
    SetPrice,
    SetSeason,
    Surcharge,
    Target,
)
from landbridge.scenarios.words import do_of, text_of

EFFECTS = {Close: Effect.CLOSES, Restrict: Effect.RESTRICTS, Divert: Effect.DIVERTS}


def problems(changes: Sequence[Change], case: Case) -> list[tuple[int, str]]:
    """Return what is wrong with changes for a case, with the line of each.

    What a change adds is known to those behind it.
    """
    found: list[tuple[int, str]] = []
    known = checks.Known(case)
    for change in changes:
        found += ((change.line, what) for what in checks.faults(change, known))
        known.learn(change)
    if found:
        return found
    maker = _Maker("", case)
    for change in changes:
        found += ((change.line, what) for what in maker.make(change))
    return found


def applied(name: str, digest: str, changes: Sequence[Change], case: Case) -> Case:
    """Return the case that these (checked) changes of a scenario make."""
    maker = _Maker(name, case)
    for change in changes:
        for _ in maker.make(change):
            pass
    whole = hashlib.blake2b(f"{case.digest}/{digest}".encode(), digest_size=16).hexdigest()
    return replace(
        case,
        dataset=maker.whole_dataset(digest),
        parameters=maker.parameters,
        digest=whole,
        changes=(*case.changes, *maker.made),
    )


class _Maker:
    """Gathers the edits of one scenario; nothing that it was given is altered."""

    def __init__(self, name: str, case: Case) -> None:
        self.name = name
        self.dataset: NetworkDataset = case.dataset
        self.parameters: Parameters = case.parameters
        self.made: list[Applied] = []
        self._base = case.dataset
        self._facts = count(len(case.changes) + 1)

    def make(self, change: Change) -> Iterator[str]:
        """Make one change; yield why it cannot be made."""
        yield from self._made(change)
        target = change.target.id if hasattr(change, "target") else ""
        self.made.append(
            Applied(
                scenario=self.name,
                do=do_of(change),
                subject=target or _subject(change),
                text=text_of(change, self.dataset),
                reason=change.reason,
                evidence=change.evidence,
                date_from=getattr(change, "date_from", ""),
                date_to=getattr(change, "date_to", ""),
            )
        )

    def whole_dataset(self, digest: str) -> NetworkDataset:
        """Return the dataset with all edits, under a digest of its own if there are any."""
        if self.dataset is self._base:
            return self._base
        own = hashlib.blake2b(f"{self._base.digest}/{digest}".encode(), digest_size=16).hexdigest()
        base = self._base.conditions.base_digest or self._base.digest
        dataset = self._with(base_digest=base) if self._base.digest else self.dataset
        return replace(dataset, digest=own if self._base.digest else "")

    def _made(self, change: Change) -> Iterator[str]:
        if isinstance(change, Close | Restrict | Divert):
            self._add_fact(change)
        elif isinstance(change, Open):
            yield from self._open(change)
        elif isinstance(change, SetParameter):
            base = self.parameters.find(change.name, change.key)
            changed = self.parameters.with_value(
                change.name, change.key, change.central, low=change.low, high=change.high,
                note=self._note(change),
            )  # fmt: skip
            row = changed.exactly(change.name, change.key)
            self.parameters = changed if row is None else changed.replace(_in_place(row, base))
        elif isinstance(change, ScaleParameter):
            keys = self.parameters.keys(change.name) if change.key == "all" else (change.key,)
            self._replace(
                self._scaled(row, change.by, change)
                for key in keys
                if (row := self.parameters.exactly(change.name, key)) is not None
            )
        elif isinstance(change, BestPractice):
            rows = checks.border_rows(change.crossings, self.dataset, self.parameters)
            self._replace(
                _in_place(replace(self._scaled(row, row.low / row.central, change), key=id_), row)
                for id_, row in rows.items()
                if row.central > 0.0
            )
        elif isinstance(change, AddLink):
            yield from self._edit(networks.with_link(self.dataset, change))
        elif isinstance(change, AddTerminal):
            yield from self._edit(networks.with_terminal(self.dataset, change))
        elif isinstance(change, AddService):
            yield from self._edit(networks.with_service(self.dataset, change))
        elif isinstance(change, SetPrice):
            quote = Quote(
                origin=change.origin, destination=change.destination, mode=change.mode,
                usd_per_unit=change.usd_per_unit, reason=change.reason,
            )  # fmt: skip
            self.dataset = self._with(quotes=(*self.dataset.conditions.quotes, quote))
        elif isinstance(change, SetDraught):
            self._set_draught(change)
        elif isinstance(change, SetHeadway):
            self._replace_rows(("services", "sea_markets"), change.id, headway_h=change.headway_h)
        elif isinstance(change, SetSeason):
            self._replace_rows(
                ("passages",), change.target.id, season_open=change.opens,
                season_close=change.closes,
            )  # fmt: skip
        elif isinstance(change, Surcharge):
            name = TOLL if change.kind == "toll" else WAR_RISK
            self._replace([self._due(name, change.target, change.usd_per_teu, "USD/TEU", change)])
            if change.kind == "war_risk":
                self._add_fact(change)
        elif isinstance(change, Delay):
            self._replace([self._due(DELAY, change.target, change.hours, "h", change)])

    # ---- what is shut, what is open ----------------------------------------------------------

    def _add_fact(self, change: Close | Restrict | Divert | Surcharge) -> None:
        fact = Fact(
            id=f"{self.name}-{next(self._facts)}",
            kind="scenario",
            subjects=checks.subjects(change.target, self.dataset),
            effect=Effect.WAR_RISK if isinstance(change, Surcharge) else EFFECTS[type(change)],
            applies_to=change.ships if isinstance(change, Divert) else (),
            date_from="" if isinstance(change, Surcharge) else change.date_from,
            date_to="" if isinstance(change, Surcharge) else change.date_to,
            text=f"scenario {self.name}: {change.reason}",
            quality="assumed",
            evidence=change.evidence,
            source=change.evidence,
            publisher=change.evidence,
            origin="scenario",
        )
        conditions = self.dataset.conditions
        self.dataset = self._with(
            facts=(*conditions.facts, fact),
            reopened=conditions.reopened - set(fact.subjects)
            if isinstance(change, Close)
            else conditions.reopened,
        )

    def _open(self, change: Open) -> Iterator[str]:
        ids = checks.subjects(change.target, self.dataset)
        conditions = self.dataset.conditions
        kept = tuple(
            fact
            for fact in conditions.facts
            if fact.effect is Effect.WAR_RISK or not set(fact.subjects) & set(ids)
        )
        self.dataset = self._with(facts=kept, reopened=conditions.reopened | set(ids))
        kind = change.target.kind
        if kind in ("crossing", "border"):
            for id_ in ids:
                self._replace_rows(("crossings",), id_, status="operational")
        elif kind == "passage":
            self._replace_rows(("passages",), change.target.id, status="open")
        elif kind == "terminal":
            self._replace_rows(("terminals",), change.target.id, status="operational")
        elif kind == "service":
            self._replace_rows(
                ("services",), change.target.id, status="operational", date_from="", date_to=""
            )
            self._replace_rows(("sea_markets",), change.target.id, date_from="", date_to="")
        else:
            yield from self._edit(networks.with_open_link(self.dataset, change))

    # ---- figures -----------------------------------------------------------------------------

    def _set_draught(self, change: SetDraught) -> None:
        table = "passages" if change.target.kind == "passage" else "terminals"
        for row in getattr(self.dataset, table):
            if row.id == change.target.id:
                self._replace_rows((table,), row.id, max_draught_m=row.max_draught_m + change.by_m)
        if change.payload_share is not None:
            self._replace([self._due(PAYLOAD, change.target, change.payload_share, "1", change)])

    def _due(
        self,
        name: str,
        target: Target,
        values: tuple[float, float, float],
        unit: str,
        change: Change,
    ) -> Parameter:
        low, central, high = values
        return Parameter(
            name=name,
            key=target.id,
            low=low,
            central=central,
            high=high,
            unit=unit,
            year=None,
            evidence=(change.evidence,) if change.evidence else (),
            quality="estimated" if change.evidence else "assumed",
            grade="D" if change.evidence else "E",
            note=self._note(change),
        )

    def _scaled(self, row: Parameter, by: float, change: Change) -> Parameter:
        return replace(
            row,
            low=row.low * by,
            central=row.central * by,
            high=row.high * by,
            quality="assumed",
            grade="E",
            evidence=(change.evidence,) if change.evidence else (),
            note=self._note(change),
        )

    def _note(self, change: Change) -> str:
        return f"scenario {self.name}: {change.reason}"

    # ---- edits -------------------------------------------------------------------------------

    def _replace(self, rows: Iterator[Parameter] | Sequence[Parameter]) -> None:
        self.parameters = self.parameters.replace(*rows)

    def _edit(self, edited: NetworkDataset | str) -> Iterator[str]:
        if isinstance(edited, str):
            yield edited
        else:
            self.dataset = edited

    def _with(self, **given: object) -> NetworkDataset:
        conditions: Conditions = replace(self.dataset.conditions, **given)  # type: ignore[arg-type]
        return replace(self.dataset, conditions=conditions)

    def _replace_rows(self, tables: Sequence[str], id_: str, **given: object) -> None:
        for table in tables:
            rows = getattr(self.dataset, table)
            if any(row.id == id_ for row in rows):
                changed = tuple(replace(row, **given) if row.id == id_ else row for row in rows)
                self.dataset = replace(self.dataset, **{table: changed})  # type: ignore[arg-type]


def _in_place(row: Parameter, of: Parameter | None) -> Parameter:
    """Return a row that has the luck of the one it stands in for."""
    return row if of is None or of.label == row.label else replace(row, luck=of.stream)


def _subject(change: Change) -> str:
    if isinstance(change, SetParameter | ScaleParameter):
        return f"{change.name}[{change.key}]"
    if isinstance(change, BestPractice):
        return ";".join(change.crossings)
    if isinstance(change, SetPrice):
        return f"{change.origin} > {change.destination}"
    return getattr(change, "id", "")
