"""One finding of `data check`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error makes answers wrong; a warning is worth a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a dataset: a kind, the id or place it concerns, and one line of text."""

    kind: str
    where: str
    text: str
    severity: Severity = Severity.ERROR
