"""One listed party, and what is known of the list that it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_SEVEN_DIGITS = re.compile(r"(?<!\d)(\d{7})(?!\d)")
_IMO_WEIGHTS = (7, 6, 5, 4, 3, 2)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MOST_NAMES = 2_000
"""Names of one party; more than this is no list but a trap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A listed person, entity, vessel or aircraft with all its names; `imo` holds 7 digits each."""

    id: str
    kind: str
    names: tuple[str, ...]
    programme: str = ""
    imo: tuple[str, ...] = ()
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKind:
    """A public list: its key, title, publisher and whose measures it carries out ('' for many)."""

    key: str
    title: str
    publisher: str
    jurisdiction: str


OFAC = ListKind(key="ofac-sdn", title="SDN list", publisher="US Treasury OFAC", jurisdiction="us")
OFAC_CONS = ListKind(
    key="ofac-cons",
    title="Consolidated non-SDN lists",
    publisher="US Treasury OFAC",
    jurisdiction="us",
)
EU = ListKind(
    key="eu-fsf",
    title="Consolidated financial sanctions list",
    publisher="European Commission",
    jurisdiction="eu",
)
EU_JOURNAL = ListKind(
    key="eu-journal",
    title="Annexes of EU regulations, transcribed",
    publisher="OpenSanctions",
    jurisdiction="eu",
)
UK = ListKind(key="uk", title="UK Sanctions List", publisher="FCDO", jurisdiction="uk")
UN = ListKind(
    key="un",
    title="Security Council Consolidated List",
    publisher="United Nations",
    jurisdiction="un",
)
OPEN = ListKind(
    key="opensanctions", title="OpenSanctions targets", publisher="OpenSanctions", jurisdiction=""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """A list being read: what it is, its own date if it says one, and its parties, one by one."""

    kind: ListKind
    dated: date | None
    entries: Iterator[Entry]


def imo_numbers(text: str) -> tuple[str, ...]:
    """Return the seven-digit numbers in a text whose check digit is that of an IMO number."""
    found = dict.fromkeys(_SEVEN_DIGITS.findall(text))
    return tuple(number for number in found if is_imo(number))


def is_imo(number: str) -> bool:
    """Whether seven digits are an IMO number: the last is the check digit of the others."""
    if len(number) != 7 or not number.isdigit() or not number.isascii():
        return False
    total = sum(int(d) * w for d, w in zip(number, _IMO_WEIGHTS, strict=False))
    return total % 10 == int(number[-1])


def clean_names(*names: str) -> tuple[str, ...]:
    """Return names with blanks squeezed, each once, without empty ones and control characters."""
    found = dict.fromkeys(printable(" ".join(name.split())) for name in names)
    found.pop("", None)
    return tuple(found)[:MOST_NAMES]


def printable(text: str) -> str:
    """Return a text without characters that a terminal would obey or hide."""
    if text.isprintable():
        return text
    return "".join(letter for letter in text if letter.isprintable())


def day_of(text: str) -> date | None:
    """Return a date written as 2026-08-05, 5/8/2026, 5.8.2026 or 05-Aug-2026; None for others."""
    text = text.strip()
    if match := re.match(r"(\d{4})-(\d{2})-(\d{2})", text):
        year, month, day = (int(part) for part in match.groups())
    elif match := re.match(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text):
        day, month, year = (int(part) for part in match.groups())
    elif match := re.match(r"(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ](\d{4})", text):
        if match.group(2).lower() not in MONTHS:
            return None
        day, year = int(match.group(1)), int(match.group(3))
        month = MONTHS.index(match.group(2).lower()) + 1
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
