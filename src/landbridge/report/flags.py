"""Flags as one letter each, and the legend that explains them."""

from __future__ import annotations

from collections.abc import Iterable

from landbridge.domain.itinerary import Flag, Itinerary

FLAG_LETTERS = {
    "sanctions": ("S", "sanctions (number: measures)"),
    "war_risk": ("W", "war-risk area"),
    "season": ("C", "seasonal closure"),
    "event": ("E", "dated event"),
    "planned_link": ("P", "link not yet open"),
    "draught": ("D", "draught limit"),
    "settlement": ("X", "payment channels"),
    "assumed": ("A", "assumed figures"),
}
SEVERITY_MARKS = {"none": "", "warning": "", "restricted": "!", "prohibited": "!!"}
SEVERITY_RANK = {"none": 0, "warning": 1, "restricted": 2, "prohibited": 3}


def abbreviate(flags: Iterable[Flag]) -> str:
    """Return the letters of the flags, each once with its gravest severity (`S3!! W e`).

    A small letter is for the record: its severity is `none`. Measures are counted.
    """
    gravest: dict[str, str] = {}
    measures: set[str] = set()
    for flag in flags:
        if flag.kind == "sanctions" and SEVERITY_RANK[flag.severity]:
            measures.add(flag.measure)
        held = gravest.get(flag.kind, "none")
        if SEVERITY_RANK[flag.severity] >= SEVERITY_RANK[held]:
            gravest[flag.kind] = flag.severity
    return " ".join(
        (letter.lower() if gravest[kind] == "none" else letter)
        + (str(len(measures)) if kind == "sanctions" and len(measures) > 1 else "")
        + SEVERITY_MARKS[gravest[kind]]
        for kind, (letter, _) in FLAG_LETTERS.items()
        if kind in gravest
    )


def legend(itineraries: Iterable[Itinerary]) -> str:
    """Return what the letters used mean, or nothing if there is no flag."""
    flags = [flag for itinerary in itineraries for flag in itinerary.flags]
    kinds = {flag.kind for flag in flags}
    parts = [
        f"{letter} {meaning}" for kind, (letter, meaning) in FLAG_LETTERS.items() if kind in kinds
    ]
    severities = {flag.severity for flag in flags}
    parts += [
        f"{SEVERITY_MARKS[severity]} {severity}"
        for severity in ("restricted", "prohibited")
        if severity in severities
    ]
    if "none" in severities:
        parts.append("small letter: for the record")
    if not parts:
        return ""
    return "Flags: " + ", ".join(parts) + "."
