"""What a screen finds: findings of single measures, and the verdict of a jurisdiction."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from landbridge.compliance.measure import Measure, Severity
from landbridge.domain.itinerary import Flag
from landbridge.kept import Kept

REFUSED = "refused"
"""The verdict on goods that are carried nowhere, at any date and for any jurisdiction."""
_FLAGS: Kept[tuple[Hashable, ...], tuple[Measure, Flag]] = Kept(4000)


class State(StrEnum):
    """How a measure stands to a journey.

    `fired`: in force and met. `question`: in force, met if something holds that nobody stated.
    `starts`: begins after departure and before P90 of arrival. `later`: began after the dataset's
    reference date, where no day of departure was asked.
    """

    FIRED = "fired"
    QUESTION = "question"
    STARTS = "starts"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One measure on one journey under one screening code."""

    measure: Measure
    code: str
    state: State
    severity: Severity
    touches: tuple[str, ...]
    is_eased: bool = False
    ends_on_the_way: date | None = None

    @property
    def weight(self) -> Severity:
        """What the finding weighs in the verdict: only what fired counts in full."""
        if self.state is State.FIRED:
            return self.severity
        is_warning = self.state is State.STARTS and self.severity.rank > 0
        return Severity.WARNING if is_warning else Severity.NONE

    def flag(self, *, most: Severity = Severity.PROHIBITED) -> Flag:
        """Return the finding as a flag of severity `most` at most; the last few are kept."""
        key = (
            id(self.measure), self.code, self.state, self.severity, self.touches, self.is_eased,
            self.ends_on_the_way, most,
        )  # fmt: skip
        # a measure is kept with its flag: its id is no other's as long as it lives
        return _FLAGS.made(key, lambda: (self.measure, self._flag(most)))[1]

    def _flag(self, most: Severity) -> Flag:
        weight = min(self.weight, most, key=lambda level: level.rank)
        return Flag(
            kind="sanctions",
            severity=weight.value if weight.rank else "none",
            jurisdiction=self.code,
            measure=self.measure.id,
            subject=", ".join(self.touches),
            instrument=self.measure.instrument,
            since=self.measure.in_force_from.isoformat(),
            text=self._text(weight),
            evidence=self.measure.source,
        )

    def _text(self, weight: Severity) -> str:
        measure = self.measure
        parts = []
        if not measure.is_verified:
            parts.append("unverified:")
        if self.state is State.QUESTION:
            what = measure.requires.replace("_", " ")
            values = " or ".join(sorted(measure.required_values))
            parts.append(f"only if {what} is {values}:")
        elif self.state is State.STARTS:
            parts.append(f"starts {measure.in_force_from}, on the way:")
        elif self.state is State.LATER:
            parts.append(f"after the reference date, since {measure.in_force_from}:")
        if self.severity.rank > weight.rank:
            parts.append(f"{self.severity}:")
        parts.append(f"{measure.target}, {measure.subject} - {measure.restriction}")
        if self.is_eased:
            parts.append("(eased for these goods, on conditions)")
        if self.ends_on_the_way is not None:
            parts.append(f"(ends {self.ends_on_the_way}, on the way)")
        if measure.exceptions and weight.rank:
            parts.append(f"- exceptions: {measure.exceptions}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The gravest finding of one jurisdiction, and all its findings, gravest first."""

    code: str
    verdict: str
    findings: tuple[Finding, ...]

    @property
    def fired(self) -> tuple[str, ...]:
        """Ids of the measures that fired, sorted."""
        ids = (f.measure.id for f in self.findings if f.state is State.FIRED)
        return tuple(sorted(set(ids)))

    @property
    def questions(self) -> tuple[str, ...]:
        """Ids of the measures that hang on something nobody stated, sorted."""
        ids = (f.measure.id for f in self.findings if f.state is State.QUESTION)
        return tuple(sorted(set(ids)))
