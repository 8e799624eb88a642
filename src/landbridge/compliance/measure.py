"""One measure: a dated, cited rule of one jurisdiction, and the condition under which it bites."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from landbridge.domain.itinerary import NOTICE

__all__ = ["CONDITIONS", "LIST_PREFIX", "NOTICE", "RANK", "SECONDARY", "Measure", "Severity"]

LIST_PREFIX = "list:"
"""What the `measure` of a flag that comes from an imported list begins with."""

SECONDARY = "us_secondary"
"""The screening code of one outside the United States who asks for exposure to its measures."""


class Severity(StrEnum):
    """How grave a finding is; `information` (a licence, an ended programme) weighs nothing."""

    NONE = "none"
    INFORMATION = "information"
    WARNING = "warning"
    RESTRICTED = "restricted"
    PROHIBITED = "prohibited"

    @property
    def rank(self) -> int:
        """0 (none, information) to 3 (prohibited)."""
        return RANK[self]


CONDITIONS = (
    "terminals",
    "regions",
    "passages",
    "origins",
    "destinations",
    "ends",
    "transits",
    "countries",
)
"""The geographic conditions that a measure may have, in the order in which they are looked at."""
RANK = {
    Severity.NONE: 0,
    Severity.INFORMATION: 0,
    Severity.WARNING: 1,
    Severity.RESTRICTED: 2,
    Severity.PROHIBITED: 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One row of the rulebook.

    An empty set is no condition. `ends` is origin or destination, `transits` neither, `countries`
    any role. `goods` names classes; None stands for all of them. `requires` is a key of what the
    user states, with the values that count ('' where nothing has to be stated). `targets` are the
    countries that the measure is about, whether or not it has a geographic condition.
    """

    id: str
    jurisdiction: str
    target: str
    targets: frozenset[str]
    subject: str
    instrument: str
    restriction: str
    severity: Severity
    severity_secondary: Severity | None
    severity_eased: Severity | None
    goods_eased: frozenset[str]
    applies_to: str
    in_force_from: date
    in_force_to: date | None
    origins: frozenset[str]
    destinations: frozenset[str]
    ends: frozenset[str]
    transits: frozenset[str]
    countries: frozenset[str]
    terminals: frozenset[str]
    regions: frozenset[str]
    passages: frozenset[str]
    modes: frozenset[str]
    goods: frozenset[str] | None
    requires: str
    required_values: frozenset[str]
    exceptions: str
    is_verified: bool
    source: str
    placed: tuple[tuple[str, frozenset[str]], ...] = field(init=False, repr=False, compare=False)
    """The geographic conditions that it has, by their names."""

    def __post_init__(self) -> None:
        object.__setattr__(
            self,
            "placed",
            tuple((name, wanted) for name in CONDITIONS if (wanted := getattr(self, name))),
        )

    def is_in_force(self, day: date) -> bool:
        """Whether the measure is in force on this day; its first and last day count."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    def severity_for(self, code: str) -> Severity | None:
        """Return the severity under a screening code; None where the measure is not of that code.

        Measures that reach only people outside the United States do not bind `us`; the code
        `us_secondary` takes those, and those that reach both.
        """
        if code == SECONDARY:
            if self.jurisdiction != "us" or self.applies_to not in {"secondary", "both"}:
                return None
            return self.severity_secondary
        if self.jurisdiction != code or self.applies_to == "secondary":
            return None
        return self.severity
