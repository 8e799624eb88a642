"""The sources that parameters cite, one row per figure read."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from landbridge.errors import SourceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One published or recalled figure.

    `source_kind` is `retrieved` (read at that address) or `recalled`; `trust` runs from A
    (official, read) to E (uncertain, recalled).
    """

    id: str
    item: str
    value: str
    unit: str
    year: str
    publisher: str
    title: str
    url: str
    source_kind: str
    trust: str

    @property
    def citation(self) -> str:
        """Publisher, title and address on one line, marked where unverified."""
        parts = [part for part in (self.publisher, self.title, self.url) if part]
        text = ", ".join(parts)
        return text if self.source_kind == "retrieved" else f"after {text}, unverified"


@cache
def sources() -> Mapping[str, Source]:
    """Return all sources by id."""
    path = Path(__file__).with_name("sources.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [Source(**row) for row in csv.DictReader(lines)]
    return MappingProxyType({row.id: row for row in rows})


def source(evidence_id: str) -> Source:
    """Return the source with this id, or raise `SourceError`."""
    try:
        return sources()[evidence_id]
    except KeyError:
        raise SourceError("no such evidence id", where=evidence_id) from None
