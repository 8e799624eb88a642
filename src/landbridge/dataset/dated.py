"""The one table of dated facts: the package's rows, and what the dataset's own columns say.

`dated_facts.csv` holds events with their sources. Crossings, hand-compiled links, services and
sea markets carry dates of their own; they are read as facts too, unless the table speaks of the
same thing and effect, or cites the same evidence as a fact of the dataset.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from landbridge.dataset.network import NetworkDataset
from landbridge.domain.dated import DISRUPTION, MASKING, Effect, Fact, day_before
from landbridge.domain.network import BorderCrossing, Service
from landbridge.errors import SourceError

TABLE = Path(__file__).with_name("dated_facts.csv")
EFFECT_OF_KIND = {"war_risk": Effect.WAR_RISK, "closure": Effect.CLOSES}
"""Effects of the kinds of fact that a dataset stores; others warn."""
OPEN_STATUSES = ("operational", "restricted")
NEVER = ("under_construction", "planned")
"""Statuses that no date brings into being."""


@cache
def table_facts() -> tuple[Fact, ...]:
    """Return the rows of the package's table, sorted by id.

    Raises
    ------
    SourceError
        If a row names an effect that there is none of.
    """
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(_table_fact(row) for row in csv.DictReader(lines))


def dated_facts(dataset: NetworkDataset) -> tuple[Fact, ...]:
    """Return all facts that concern a dataset, by date, then id."""
    table = table_facts()
    spoken = {(subject, fact.effect) for fact in table for subject in fact.subjects}
    cited = {fact.evidence for fact in table}
    own = (
        fact
        for fact in _network_facts(dataset)
        if (fact.subjects[0], fact.effect) not in spoken or not fact.date_from
    )
    stored = (
        Fact(
            id=row.id,
            kind=DISRUPTION,
            subjects=(row.subject,),
            effect=EFFECT_OF_KIND.get(row.kind, Effect.WARNS),
            date_from=row.date_from,
            date_to=row.date_to,
            text=row.text,
            evidence=row.evidence,
            source=row.evidence,
            origin="network",
        )
        for row in dataset.facts
        if row.evidence not in cited
    )
    facts = (*table, *own, *stored)
    if reopened := dataset.conditions.reopened:
        facts = tuple(kept for fact in facts if (kept := _without(fact, reopened)) is not None)
    facts = (*facts, *dataset.conditions.facts)
    return tuple(sorted(facts, key=lambda fact: (fact.date_from, fact.id)))


def _without(fact: Fact, reopened: frozenset[str]) -> Fact | None:
    """Return a fact less the things that a scenario opened, None if nothing is left of it."""
    if fact.effect not in (*MASKING, Effect.RESTRICTS):
        return fact
    subjects = tuple(id_ for id_ in fact.subjects if id_ not in reopened)
    if subjects == fact.subjects:
        return fact
    return replace(fact, subjects=subjects) if subjects else None


def _table_fact(row: dict[str, str]) -> Fact:
    if row["effect"] not in {effect.value for effect in Effect}:
        raise SourceError(f"no effect '{row['effect']}'", where=f"{TABLE.name}: {row['id']}")
    citation = ", ".join(
        part
        for part in (row["source_publisher"], row["source_title"], row["source_url"])
        if part and part != "various"
    )
    return Fact(
        id=row["id"],
        kind=row["kind"],
        subjects=tuple(row["subjects"].split("|")),
        effect=Effect(row["effect"]),
        applies_to=tuple(item for item in row["applies_to"].split("|") if item),
        date_from=row["from"],
        date_to=row["to"],
        text=row["text"],
        quality=row["quality"],
        evidence=row["evidence"],
        publisher=_short(row["source_publisher"].replace("various", "") or row["source_title"]),
        source=citation if row["source_kind"] == "retrieved" else f"after {citation}, unverified",
    )


def _network_facts(dataset: NetworkDataset) -> Iterator[Fact]:
    for crossing in dataset.crossings:
        if crossing.opened or crossing.closed or crossing.status not in OPEN_STATUSES:
            yield from _crossing_facts(crossing)
    for network in dataset.networks.values():
        for link in network.named:
            if link.open_year and link.status == "operational":
                yield _derived(
                    link.id, "link_opened", Effect.OPENS, str(link.open_year), "",
                    f"{link.name}: in use", link.quality,
                )  # fmt: skip
    for service in dataset.services:
        if service.date_from or service.date_to:
            yield _service_fact(service)
    for market in dataset.sea_markets:
        if market.date_from or market.date_to:
            yield _derived(
                market.id, "market", Effect.OPENS, market.date_from, market.date_to,
                market.note, "assumed",
            )  # fmt: skip


def _crossing_facts(row: BorderCrossing) -> Iterator[Fact]:
    """Read a crossing's dates: closed before it opened means shut in between."""
    opened, closed = row.opened, row.closed
    what = f"{row.name} ({row.country_a}-{row.country_b}, {row.mode})"
    evidence = " ".join(row.evidence.split())
    if row.status in NEVER:
        text = f"{what} is {row.status.replace('_', ' ')}"
        yield _derived(row.id, "crossing", Effect.CLOSES, "", "", text, row.quality, evidence)
    elif closed and opened and opened > closed:
        yield _derived(
            row.id, "crossing", Effect.CLOSES, closed, day_before(opened), f"{what} is shut",
            row.quality, evidence,
        )  # fmt: skip
    else:
        if opened:
            yield _derived(
                row.id, "crossing", Effect.OPENS, opened, "", f"{what} in use", row.quality,
                evidence,
            )  # fmt: skip
        if closed or row.status == "closed":
            yield _derived(
                row.id, "crossing", Effect.CLOSES, closed, "", f"{what} is closed", row.quality,
                evidence,
            )  # fmt: skip


def _service_fact(row: Service) -> Fact:
    """Read a service's dates: it runs within them, whatever its status today."""
    return _derived(
        row.id, "service", Effect.OPENS, row.date_from, row.date_to,
        f"service {row.name} runs", "estimated", row.evidence,
    )  # fmt: skip


def _derived(
    subject: str,
    kind: str,
    effect: Effect,
    since: str,
    until: str,
    text: str,
    quality: str,
    source: str = "",
) -> Fact:
    return Fact(
        id=f"{subject}-{effect.value}",
        kind=kind,
        subjects=(subject,),
        effect=effect,
        date_from=since,
        date_to=until,
        text=text,
        quality=quality,
        source=source,
        publisher=_short(source),
        origin="network",
    )


def _short(source: str) -> str:
    """Return the first of several sources, without its subject: `Railway Gazette`."""
    return source.partition(" | ")[0].partition(": ")[0].strip()
