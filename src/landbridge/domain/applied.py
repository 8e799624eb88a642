"""What scenarios changed: one line per change, carried along with every answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """One change that a scenario made, in words, with its reason and evidence.

    `subject` is the id of what was changed (a parameter: its label). Dates may be empty: always.
    """

    scenario: str
    do: str
    subject: str
    text: str
    reason: str
    evidence: str = ""
    date_from: str = ""
    date_to: str = ""

    def to_dict(self) -> dict[str, str]:
        """Return the object that answers hold under `changes`."""
        return {
            "scenario": self.scenario,
            "do": self.do,
            "subject": self.subject,
            "text": self.text,
            "reason": self.reason,
            "evidence": self.evidence,
            "from": self.date_from,
            "to": self.date_to,
        }


def scenario_names(changes: Sequence[Applied]) -> tuple[str, ...]:
    """Return the names of the scenarios, in the order in which they were applied."""
    return tuple(dict.fromkeys(change.scenario for change in changes))


def scenario_line(changes: Sequence[Applied]) -> str:
    """Return in one line what was changed, '' if nothing was."""
    if not changes:
        return ""
    told = "; ".join(dict.fromkeys(change.text for change in changes))
    return f"Scenario {', then '.join(scenario_names(changes))}: {told}."


def scenario_dict(changes: Sequence[Applied]) -> dict[str, object]:
    """Return the fields that answers get where scenarios were applied, else nothing."""
    if not changes:
        return {}
    return {
        "scenarios": list(scenario_names(changes)),
        "changes": [change.to_dict() for change in changes],
    }
