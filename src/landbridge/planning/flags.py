"""What the reader must know of a way: dated facts, restrictions, seasons, frontiers assumed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import partial

from landbridge.domain.arcs import Arc, BorderArc, HaulArc, PassageArc, TransferArc
from landbridge.domain.dated import Effect
from landbridge.domain.itinerary import Flag, Leg
from landbridge.domain.network import Terminal
from landbridge.models.context import place_key
from landbridge.parameters.seasons import ICE, ICE_MONTHS, seasons
from landbridge.planning.candidates import Field

_SEE = re.compile(r"[;,]?\s*\bsee [^;]*")
"""Remarks refer to other tables; a reader of the flag has the place and its evidence."""


def _dated_flags(field: Field, subjects: Collection[str]) -> tuple[list[Flag], str]:
    """Return what the dated facts say of the places touched, and the status they give."""
    day, is_given = field.request.depart, field.request.is_depart_given
    shown = field.geography.standing.shown
    facts = {fact.id: (fact, id_) for id_ in sorted(subjects) for fact in shown.get(id_, ())}
    flags: list[Flag] = []
    status = "open"
    for fact, subject in facts.values():
        text, severity = fact.text, "warning"
        if fact.holds(day):
            is_left_out = fact.is_disruption and not is_given
            if fact.effect in (Effect.CLOSES, Effect.DIVERTS) and is_left_out:
                text += "; not applied, since no --depart is given"
            elif fact.effect is Effect.RESTRICTS and not is_left_out:
                status = severity = "restricted"
        elif not is_given and fact.date_from > day.isoformat():
            text, severity = f"after the reference date: {text}", "none"
        else:
            continue
        flags.append(
            Flag(
                kind="war_risk" if fact.effect is Effect.WAR_RISK else "event",
                severity=severity,
                text=text,
                subject=subject,
                since=fact.date_from,
                evidence=fact.evidence or fact.source,
            )
        )
    return flags, status


def _season_flags(field: Field, arcs: Sequence[Arc]) -> Iterator[Flag]:
    """Yield a flag for each season of the month that lengthens the way, for the record."""
    subjects = {ICE for arc in arcs if isinstance(arc, HaulArc | PassageArc) and arc.winter_ice}
    subjects |= {arc.crossing for arc in arcs if isinstance(arc, BorderArc)}
    subjects |= {place_key(a.terminal, a.country) for a in arcs if isinstance(a, TransferArc)}
    for season in seasons():
        if season.subject in subjects and field.request.depart.month in season.months:
            yield Flag(
                kind="season",
                severity="none",
                subject=season.subject,
                text=season.note,
                evidence=season.evidence,
            )


def _standing_flags(terminal: Terminal, month: int) -> Iterator[Flag]:
    """Yield what the table of terminals remarks of one, for the record: nothing of it is dated.

    Ice is a season, and no remark in the months that have none.
    """
    for remark in filter(None, map(str.strip, _SEE.sub("", terminal.restriction).split(";"))):
        is_ice = remark.lower().startswith("ice")
        if is_ice and month not in ICE_MONTHS:
            continue
        is_word = remark[1:2].islower()  # `Inside the strait`, not `EU ban`
        text = remark[0].lower() + remark[1:] if is_word else remark
        yield Flag(
            kind="season" if is_ice else "event",
            severity="none",
            subject=terminal.id,
            text=f"{terminal.name}: {text}",
            evidence=terminal.evidence,
        )


def _remarks(terminal: Terminal, month: int) -> tuple[Flag, ...]:
    return tuple(_standing_flags(terminal, month))


def flags_of(
    field: Field, legs: Sequence[Leg], arcs: Sequence[Arc], passages: Sequence[str]
) -> tuple[tuple[Flag, ...], str]:
    """Return the flags of an itinerary, and the status that they give it."""
    dataset = field.geography.dataset
    touched = {leg.origin.id for leg in legs} | {leg.destination.id for leg in legs}
    subjects = set(passages) | touched | {code for leg in legs for code in leg.countries if code}
    flags, status = _dated_flags(field, subjects)
    crossings = field.geography.crossing_of_id
    derived = 0
    for arc in arcs:
        if not isinstance(arc, BorderArc):
            continue
        row = crossings[arc.crossing]
        derived += row.quality == "assumed" and row.id.startswith("X-") and not arc.is_inner
        if row.status == "restricted":
            status = "restricted"
            flags.append(
                Flag(
                    kind="event",
                    severity="restricted",
                    subject=row.id,
                    text=row.restriction or "restricted crossing",
                    evidence=row.evidence,
                )
            )
    if derived:
        flags.append(
            Flag(
                kind="assumed",
                severity="none",
                subject="border_crossings",
                text=f"{derived} frontier(s) crossed where no crossing is listed by name",
            )
        )
    terminals = field.geography.terminal_of_id
    month = field.request.depart.month
    for id_ in sorted(touched & terminals.keys()):
        terminal = terminals[id_]
        flags += field.geography.remarks.made((id_, month), partial(_remarks, terminal, month))
    flags.extend(
        Flag(
            kind="season",
            severity="none",
            subject=passage.id,
            text=f"{passage.name}: open {passage.season_open} to {passage.season_close}",
            evidence=passage.evidence,
        )
        for passage in dataset.passages
        if passage.id in passages and passage.season_open
    )
    flags.extend(_season_flags(field, arcs))
    return tuple(flags), status
