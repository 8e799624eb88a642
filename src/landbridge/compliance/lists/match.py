"""Imported lists against a journey: operators, vessels and terminals.

A vessel is sought by IMO number first and then by name. A name that sounds the same as a listed
one counts as listed until somebody has looked; a like one is a warning. A terminal is only ever
warned of, and only where the listed name is a port's or terminal's too: many firms bear the names
of towns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from landbridge.compliance.journey import Journey
from landbridge.compliance.lists.entry import imo_numbers
from landbridge.compliance.lists.evidence import are_comparable, evidence, score_of
from landbridge.compliance.lists.kept import SUFFIX, Facts, KeptList, Listed
from landbridge.compliance.lists.names import party_score, sounds, words
from landbridge.compliance.measure import LIST_PREFIX
from landbridge.domain.itinerary import Flag
from landbridge.errors import DatasetError

OLD_DAYS = 30
LIKE = 88.0
"""Score from which two names are worth a look, 0 to 100; chosen in `benchmarks/names.py`."""
SAME = 100.0
FAINT = 60.0
"""Score of sounds from which names in two scripts are weighed by evidence."""
LONG_ENOUGH = 5
"""Letters from which one word by itself tells a party."""
MOST_LOOKED_AT, MOST_WEIGHED = 50, 15
"""Names of a list compared by sounds, and weighed by evidence, which takes a millisecond each."""
PORT_SEARCH = (25, 200)
"""Names looked at, and gathered, for a terminal: those that have its rarest words."""
MOST_SHOWN = 5
PORT_WORDS = frozenset(
    sound
    for text in (
        "port", "ports", "seaport", "harbour", "harbor", "terminal", "terminals", "of", "sea",
        "commercial", "trade", "trading", "merchant", "container", "dry", "the", "river", "rail",
    )
    for sound in sounds(text)
)  # fmt: skip
PORTS = frozenset(sounds("port seaport harbour harbor terminal"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A stated name or number that meets a listed party, with a score of 0 to 100."""

    stated: str
    role: str
    listed: Listed
    facts: Facts
    score: float
    is_by_number: bool = False


class Lists:
    """All imported lists of a folder."""

    def __init__(self, lists: Sequence[KeptList]) -> None:
        self._lists = tuple(lists)
        self._port = lru_cache(maxsize=65_536)(self._port_matches)
        self._operator = lru_cache(maxsize=1_024)(self.parties)
        self._vessel = lru_cache(maxsize=1_024)(self.vessels)

    @classmethod
    def open(cls, folder: Path) -> Lists | None:
        """Return the lists of a folder, None where there are none.

        Raises
        ------
        DatasetError
            If one of them is damaged.
        """
        try:
            paths = sorted(folder.glob(f"*{SUFFIX}"))
        except OSError as error:
            raise DatasetError(f"cannot read: {error.strerror}", where=str(folder)) from None
        return cls([KeptList(path) for path in paths]) if paths else None

    @property
    def kept(self) -> tuple[Facts, ...]:
        """What is known of each list, sorted by key."""
        return tuple(item.facts for item in self._lists)

    # ---- matches -----------------------------------------------------------------------------

    def parties(self, name: str, *, role: str = "operator", least: float = LIKE) -> list[Match]:
        """Return listed parties whose names are like this one, the likest first."""
        said = sounds(name)
        if not said or max(map(len, said)) < 2:
            return []
        best: dict[tuple[str, str], Match] = {}
        for kept in self._lists:
            weighed = 0
            for position in kept.near(said, MOST_LOOKED_AT):
                score = party_score(said, tuple(kept.sounds_of(position).split(" ")))
                if score < FAINT:
                    continue
                listed = kept.listed(position)
                if score < least and weighed < MOST_WEIGHED and are_comparable(name, listed.name):
                    weighed += 1
                    score = max(score, score_of(evidence(name, listed.name)))
                if score < least:
                    continue
                if role == "vessel" and listed.kind == "individual":
                    continue
                key = (kept.facts.key, listed.id)
                if key not in best or score > best[key].score:
                    best[key] = Match(
                        stated=name, role=role, listed=listed, facts=kept.facts, score=score
                    )
        found = sorted(best.values(), key=lambda m: (-m.score, m.facts.key, m.listed.id))
        return found[:MOST_SHOWN]

    def vessels(self, stated: str) -> list[Match]:
        """Return listed vessels: by IMO number if one is stated and listed, else by name."""
        found = [
            Match(
                stated=stated, role="vessel", listed=listed, facts=kept.facts, score=SAME,
                is_by_number=True,
            )
            for number in imo_numbers(stated)
            for kept in self._lists
            for listed in kept.by_imo(number)
        ]  # fmt: skip
        name = re.sub(r"(?i)\bimo\b|\b\d{7}\b", " ", stated).strip(" ,;/()-")
        return found or (self.parties(name, role="vessel") if name else [])

    def _port_matches(self, name: str) -> tuple[Match, ...]:
        """Return listed ports and terminals of the terminal's name: all words but those of ports.

        The listed name must say that it is a port or terminal, and name the same place.
        """
        own = _place_words(sounds(name))
        if not own or max(map(len, own)) < 2:
            return ()
        best: dict[tuple[str, str], Match] = {}
        for kept in self._lists:
            for position in kept.near(own, *PORT_SEARCH):
                heard = tuple(kept.sounds_of(position).split(" "))
                if not PORTS & set(heard):
                    continue
                score = party_score(own, _place_words(heard))
                if score < LIKE or len(_place_words(heard)) > len(own):
                    continue
                listed = kept.listed(position)
                key = (kept.facts.key, listed.id)
                if listed.kind == "entity" and (key not in best or score > best[key].score):
                    best[key] = Match(
                        stated=name, role="terminal", listed=listed, facts=kept.facts, score=score
                    )
        return tuple(sorted(best.values(), key=lambda m: (-m.score, m.facts.key, m.listed.id)))

    # ---- flags -------------------------------------------------------------------------------

    def flags(self, journey: Journey, asked_on: date | None) -> tuple[tuple[str, Flag], ...]:
        """Return the flags of a journey, each with the jurisdiction of its list.

        Besides matches there is one per list: which edition was asked, and whether it is old.
        """
        matches: list[Match] = []
        for name in sorted(journey.stated.get("operator", ())):
            matches += self._operator(name)
        for stated in journey.vessels:
            matches += self._vessel(stated)
        for id_ in sorted(journey.names):
            matches += self._port(journey.names[id_])[:MOST_SHOWN]
        shown = [(match.facts.jurisdiction, _flag(match, asked_on)) for match in matches]
        shown += [(facts.jurisdiction, _edition(facts, asked_on)) for facts in self.kept]
        return tuple(shown)


def is_old(facts: Facts, asked_on: date | None) -> bool:
    """Whether a list is over 30 days old on the day of asking."""
    return asked_on is not None and (asked_on - facts.dated).days > OLD_DAYS


def _place_words(said: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in said if word not in PORT_WORDS)


def _flag(match: Match, asked_on: date | None) -> Flag:
    facts, listed = match.facts, match.listed
    said = words(match.stated)
    is_telling = len(said) > 1 or len("".join(said)) >= LONG_ENOUGH
    is_same = match.score == SAME and is_telling and match.role != "terminal"
    if match.is_by_number:
        how = "has the IMO number of"
    elif match.score == SAME:
        is_equal = match.stated.casefold() == listed.name.casefold()
        how = "is the same as" if is_equal else "sounds the same as"
    else:
        how = f"is like (score {match.score:.0f})"
    programme = f", {listed.programme}" if listed.programme else ""
    old = f"; the list is over {OLD_DAYS} days old" if is_old(facts, asked_on) else ""
    return Flag(
        kind="sanctions",
        severity="prohibited" if match.is_by_number or is_same else "warning",
        jurisdiction=facts.jurisdiction,
        measure=f"{LIST_PREFIX}{facts.key}:{listed.id}",
        subject=match.stated,
        instrument=f"{facts.publisher}, {facts.title}{programme}",
        since=listed.since,
        text=(
            f"{match.role} '{match.stated}' {how} '{listed.name}' ({listed.kind}) - "
            f"see whether it is the same party{old}"
        ),
        evidence=_source(facts),
    )


def _edition(facts: Facts, asked_on: date | None) -> Flag:
    # the file did not tell its day: who imported it stated it, or it is the day of the import
    day = f"of {facts.dated}" + ("" if facts.is_own_date else " as imported")
    old = f"; over {OLD_DAYS} days old: import a newer one" if is_old(facts, asked_on) else ""
    return Flag(
        kind="sanctions",
        severity="none",
        jurisdiction=facts.jurisdiction,
        measure=f"{LIST_PREFIX}{facts.key}",
        subject=facts.title,
        instrument=f"{facts.publisher}, {facts.title}",
        since=facts.dated.isoformat(),
        text=f"screened against {facts.publisher}, {facts.title}, {day}, "
        f"{facts.entries:,} entries{old}",
        evidence=_source(facts),
    )


def _source(facts: Facts) -> str:
    return f"{facts.key} {facts.dated}, digest {facts.digest}"
