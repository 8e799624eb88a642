"""Seasons that shift times: which months, and what they concern."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ICE = "caspian-north"
"""Subject of the season of ice on the northern Caspian."""
ICE_MONTHS = frozenset({11, 12, 1, 2, 3, 4, 5})
"""Months in which any port with a remark of ice may have it: those of Arkhangelsk, the coldest of
them (assumed; the World Port Index tells that a port has ice, not when)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """One season.

    `subject` is the key of a place (`RU:ASTRAKHAN`), a crossing (`B008`) or a piece of sea; `key`
    that of its row of `season.shift_z_1`. `links` are ids of the lanes that freeze. `evidence`
    names the source of the months.
    """

    subject: str
    key: str
    months: tuple[int, ...]
    effect: str
    links: tuple[str, ...]
    quality: str
    evidence: str
    note: str


@cache
def seasons() -> tuple[Season, ...]:
    """Return all seasons, in the order of the file."""
    path = Path(__file__).with_name("seasons.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Season(
                subject=row["subject"],
                key=row["key"],
                months=tuple(int(month) for month in row["months"].split("|")),
                effect=row["effect"],
                links=tuple(link for link in row["links"].split("|") if link),
                quality=row["quality"],
                evidence=row["evidence"],
                note=row["note"],
            )
            for row in csv.DictReader(lines)
        )


def ice_links(month: int) -> tuple[str, ...]:
    """Return the ids of the lanes under ice in a month."""
    return tuple(
        link
        for season in seasons()
        if season.effect == "ice" and month in season.months
        for link in season.links
    )
