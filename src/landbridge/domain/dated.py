"""Dated facts: what opened, closed or was avoided, from when to when, with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Effect(StrEnum):
    """What a fact does to the things it concerns, while it holds."""

    OPENS = "opens"
    """They exist only while it (or another such fact) holds."""
    CLOSES = "closes"
    """They cannot be used."""
    DIVERTS = "diverts"
    """Ships of the classes named in `applies_to` keep away; others pass."""
    RESTRICTS = "restricts"
    """They can be used, and an itinerary that does is restricted."""
    WAR_RISK = "war_risk"
    """They lie in a war-risk area: a warning."""
    BARS = "bars"
    """Goods of the first country of a subject `UA>RU` go neither through the second nor to it."""
    NO_TRANSIT = "no_transit"
    """Goods of the first country of `BD>IN` do not go through the second, though they go to it;
    `BD>IN!NP`: but for goods between the first and Nepal."""
    WARNS = "warns"
    """The reader must know: a warning."""
    NONE = "none"
    """History: agreements, trials, sanctions (the screen judges those)."""


MASKING = frozenset({Effect.OPENS, Effect.CLOSES, Effect.DIVERTS})
"""Effects that take something out of the search."""
DISRUPTION = "disruption"
"""The kind of facts that are applied only where the user names a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One dated fact.

    `subjects` are ids of links, crossings, passages, terminals, services or sea markets, countries
    and towns (for reading only), `rail@lat,lon` (all rail links near a point), or `UA>RU`
    (goods of the one country in the other), `BD>IN!NP` (but for those of a third). Dates may be cut
    to a month or a year; the last day is included; empty is open. `applies_to` names the vehicle
    classes that a diversion concerns. `origin` is `table` or `network` (derived from the
    dataset's own columns). `source` is a citation, `publisher` its short form.
    """

    id: str
    kind: str
    subjects: tuple[str, ...]
    effect: Effect
    date_from: str
    date_to: str
    text: str
    applies_to: tuple[str, ...] = ()
    quality: str = "estimated"
    evidence: str = ""
    source: str = ""
    publisher: str = ""
    origin: str = "table"

    @property
    def is_disruption(self) -> bool:
        """Whether the fact is applied only where the user names a date."""
        return self.kind == DISRUPTION

    def holds(self, day: date) -> bool:
        """Return whether the fact holds on a day."""
        return holds(day, self.date_from, self.date_to)

    @property
    def span(self) -> str:
        """The dates as text: `since 2022-04`, `2021-03-23 to 2021-03-29`."""
        if self.date_from and self.date_to:
            return f"{self.date_from} to {self.date_to}"
        if self.date_from:
            return f"since {self.date_from}"
        return f"until {self.date_to}" if self.date_to else "always"

    @property
    def cited(self) -> str:
        """The evidence in a few words: `EV030, PortNews citing UNCTAD`."""
        id_ = self.evidence or (self.id if self.origin == "table" else "")
        return ", ".join(part for part in (id_, self.publisher) if part)

    def to_dict(self) -> dict[str, object]:
        """Return the row as `landbridge events --format json` shows it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "subjects": list(self.subjects),
            "effect": self.effect.value,
            "applies_to": list(self.applies_to),
            "from": self.date_from,
            "to": self.date_to,
            "text": self.text,
            "quality": self.quality,
            "evidence": self.evidence,
            "source": self.source,
            "origin": self.origin,
        }


def holds(day: date, since: str, until: str) -> bool:
    """Return whether `since <= day <= until`; dates may be cut to month or year, empty is open.

    A cut date covers its whole month or year at the end and begins at its first day.
    """
    text = day.isoformat()
    return (not since or since <= text[: len(since)]) and (not until or text[: len(until)] <= until)


def first_day(text: str) -> date:
    """Return the first day of a date that may be cut to its month or year."""
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    return date(year, month, day)


def day_before(text: str) -> str:
    """Return the last day before a date that may be cut to its month or year."""
    return (first_day(text) - timedelta(days=1)).isoformat()
