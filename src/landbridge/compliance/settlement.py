"""Payment channels between countries: facts with date and source, no advice.

A channel never changes a verdict. Who pays are the two ends of a journey and the jurisdictions that
the user screens for; who is paid, all countries that the journey touches.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from landbridge.compliance.journey import Journey
from landbridge.domain.itinerary import Flag
from landbridge.errors import DatasetError

ANY = "*"


class State(StrEnum):
    """What became of a channel; `retail_only` channels do not carry payments for freight."""

    OPEN = "open"
    RETAIL_ONLY = "retail_only"
    RESTRICTED = "restricted"
    CUT = "cut"


GRAVE = frozenset({State.RESTRICTED, State.CUT})
"""States that are worth a warning."""
PAYERS = {
    "us": "US",
    "us_secondary": "",
    "eu": "EU",
    "uk": "GB",
    "un": "",
}
"""Country or bloc of a screening code, where it is not the code in capitals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One row: a channel between two countries (`*` any, `EU` its members), its state and dates."""

    id: str
    a: str
    b: str
    name: str
    state: State
    since: date
    until: date | None
    covers: str
    instrument: str
    is_verified: bool
    source: str
    note: str

    def holds(self, day: date) -> bool:
        """Whether the fact holds on this day."""
        return self.since <= day and (self.until is None or day <= self.until)


def read_channels(path: Path) -> tuple[Channel, ...]:
    """Return the channels of a table, sorted by id.

    Raises
    ------
    DatasetError
        If a row has an unknown state or no date.
    """
    channels = []
    with path.open(encoding="utf-8", newline="") as lines:
        for line, row in enumerate(csv.DictReader(lines), start=2):
            try:
                is_verified = row["source_kind"] == "retrieved"
                source = f"{row['source_publisher']} ({row['source_year']}), {row['source_title']}"
                channels.append(
                    Channel(
                        id=row["id"],
                        a=row["country_a"],
                        b=row["country_b"],
                        name=row["channel"],
                        state=State(row["state"]),
                        since=date.fromisoformat(row["since"]),
                        until=date.fromisoformat(row["until"]) if row["until"] else None,
                        covers=row["covers"],
                        instrument=row["instrument"],
                        is_verified=is_verified,
                        source=f"{source}, {row['source_url']}"
                        if is_verified
                        else "recalled, unverified",
                        note=row["note"],
                    )
                )
            except (KeyError, ValueError) as error:
                raise DatasetError(f"{path.name}, line {line}: {error}") from None
    return tuple(sorted(channels, key=lambda channel: channel.id))


def settlement_flags(
    journey: Journey,
    channels: Iterable[Channel],
    blocs: Mapping[str, frozenset[str]],
    codes: Iterable[str],
) -> tuple[Flag, ...]:
    """Return the channels between those who pay and those who are paid, that hold on the day.

    A channel between two countries of the journey concerns it if one of them pays; one with any
    country, if its own country is touched and another one pays.
    """
    payers = {journey.origin, journey.destination}
    payers |= {PAYERS.get(code, code.upper()) for code in codes}
    paid = set(journey.countries)
    for bloc, members in blocs.items():
        if members & payers:
            payers = payers | {bloc}
        if members & paid:
            paid = paid | {bloc}
    flags = []
    for channel in channels:
        if channel.b == ANY:
            concerns = channel.a in paid and bool(payers - {channel.a, ""})
        else:
            concerns = (channel.a in payers and (channel.b in paid or channel.b in payers)) or (
                channel.b in payers and channel.a in paid
            )
        if concerns and channel.holds(journey.depart):
            flags.append(_flag(channel))
    return tuple(flags)


@cache
def _flag(channel: Channel) -> Flag:
    unverified = "" if channel.is_verified else "unverified: "
    covers = f" - {channel.covers}" if channel.covers else ""
    return Flag(
        kind="settlement",
        severity="warning" if channel.state in GRAVE else "none",
        measure=channel.id,
        subject=f"{channel.a}-{'any' if channel.b == ANY else channel.b}",
        instrument=channel.instrument,
        since=channel.since.isoformat(),
        text=f"{unverified}{channel.name}: {channel.state.value.replace('_', ' ')}{covers}",
        evidence=channel.source,
    )
