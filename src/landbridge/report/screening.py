"""What the screen found, in words: for tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from landbridge.compliance.measure import LIST_PREFIX, NOTICE
from landbridge.compliance.screen import Screening
from landbridge.domain.itinerary import Flag, Itinerary
from landbridge.report.flags import SEVERITY_RANK, abbreviate

SCREENED = frozenset({"sanctions", "settlement"})
TITLE_END = " - "
"""What parts the title of a flag's text from the rest."""


def verdict_lines(options: Iterable[Itinerary], jurisdictions: Sequence[str]) -> list[str]:
    """Return which options are prohibited or restricted by what, like findings together."""
    if not jurisdictions:
        return []
    groups: dict[tuple[int, str, str], list[str]] = {}
    for option in options:
        for flag in option.flags:
            rank = SEVERITY_RANK[flag.severity]
            if flag.kind in SCREENED and rank > 1:
                finding = f"{flag.measure} ({flag.subject}) {_title(flag)}"
                titles = groups.setdefault((-rank, flag.jurisdiction, finding), [])
                if option.title not in titles:
                    titles.append(option.title)
    return [
        f"{'Prohibited' if -rank > SEVERITY_RANK['restricted'] else 'Restricted'} for {code} by "
        f"{finding}: {'; '.join(titles)}."
        for (rank, code, finding), titles in sorted(groups.items())
    ]


def flag_lines(itinerary: Itinerary, jurisdictions: Sequence[str]) -> list[str]:
    """Return one line per flag, sanctions first; what is for the record is counted.

    A sanctions flag is told in full where its jurisdiction was asked for, else by its title and
    instrument.
    """
    sanctions = [flag for flag in itinerary.flags if flag.kind == "sanctions"]
    shown = [flag for flag in sanctions if SEVERITY_RANK[flag.severity]]
    shown.sort(key=lambda flag: -SEVERITY_RANK[flag.severity])
    lines = [_sanctions_line(flag, is_asked=bool(jurisdictions)) for flag in shown]
    silent = sum(not SEVERITY_RANK[f.severity] and not _is_edition(f) for f in sanctions)
    if silent:
        noun = "measure" if silent == 1 else "measures"
        lines.append(
            f"s sanctions (none): {silent} {noun} for the record: licences, what began after the "
            "reference date, what hangs on an operator, a bank or another fact that nobody stated "
            "(--format json lists them)"
        )
    lines += _settlement_lines(itinerary)
    lines += [
        f"{abbreviate([flag])} {flag.kind.replace('_', ' ')} ({flag.severity}): "
        + " ".join(flag.text.split())
        for flag in itinerary.flags
        if flag.kind not in SCREENED
    ]
    return lines + list_lines([itinerary])


def screened_for(jurisdictions: Sequence[str]) -> str:
    """Return for whom an answer was screened, and that it is no advice."""
    whom = ", ".join(jurisdictions) if jurisdictions else "all jurisdictions, as warnings only"
    return f"Screened for {whom}. {NOTICE}"


def _settlement_lines(itinerary: Itinerary) -> list[str]:
    """Return one line per pair of countries: its payment channels, each with its state."""
    pairs: dict[str, list[Flag]] = {}
    for flag in itinerary.flags:
        if flag.kind == "settlement":
            pairs.setdefault(flag.subject, []).append(flag)
    return [
        f"{abbreviate(flags)} settlement {pair}: {'; '.join(_title(flag) for flag in flags)}"
        for pair, flags in pairs.items()
    ]


def _title(flag: Flag) -> str:
    return " ".join(flag.text.split(TITLE_END)[0].split())


def _sanctions_line(flag: Flag, *, is_asked: bool) -> str:
    text = flag.text if is_asked else _title(flag)
    since = f", since {flag.since}" if flag.since else ""
    return (
        f"{abbreviate([flag])} sanctions ({flag.severity}) {flag.jurisdiction}, {flag.subject}"
        f"{since}: {' '.join(text.split())} ({flag.measure}, {flag.instrument})"
    )


def list_lines(itineraries: Iterable[Itinerary]) -> list[str]:
    """Return which imported lists an answer was screened against, each once; old ones say so."""
    texts = {
        flag.text for itinerary in itineraries for flag in itinerary.flags if _is_edition(flag)
    }
    return [f"{text[0].upper()}{text[1:]}." for text in sorted(texts)]


def screening_lines(screenings: Sequence[Screening]) -> list[str]:
    """Return each screening's findings in force in words, the lists asked, and the notice."""
    bearers: dict[tuple[int, str], list[str]] = {}
    editions: set[str] = set()
    for screening in screenings:
        for flag in screening.flags:
            rank = SEVERITY_RANK[flag.severity]
            if flag.kind == "sanctions" and rank:
                line = _sanctions_line(flag, is_asked=screening.is_asked)
                ids = bearers.setdefault((-rank, line), [])
                if screening.journey.id not in ids:
                    ids.append(screening.journey.id)
        editions |= {flag.text for flag in screening.flags if _is_edition(flag)}
    lines = [f"{line}: {', '.join(ids)}." for (_, line), ids in sorted(bearers.items())]
    lines += [f"{text[0].upper()}{text[1:]}." for text in sorted(editions)]
    return [*lines, NOTICE]


def _is_edition(flag: Flag) -> bool:
    return flag.measure.startswith(LIST_PREFIX) and flag.measure.count(":") == 1
