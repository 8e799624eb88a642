from __future__ import annotations

import csv
import re

from landbridge.dataset.dated import TABLE, dated_facts, table_facts
from landbridge.dataset.network import DatedFact
from landbridge.domain.dated import MASKING, Effect
from landbridge.scenarios.case import Case
from worlds import strait

DATE = re.compile(r"(\d{4}(-\d{2}(-\d{2})?)?)?")


def test_every_row_has_an_effect_dates_a_text_and_a_source() -> None:
    facts = table_facts()
    assert len(facts) > 60
    assert len({fact.id for fact in facts}) == len(facts)
    for fact in facts:
        assert DATE.fullmatch(fact.date_from), fact.id
        assert DATE.fullmatch(fact.date_to), fact.id
        assert not fact.date_to or fact.date_from <= fact.date_to or fact.date_from == "", fact.id
        assert all((fact.text, fact.source, fact.subjects)), fact.id
        assert bool(fact.applies_to) == (fact.effect is Effect.DIVERTS), fact.id


def test_recalled_sources_are_marked_as_unverified() -> None:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        recalled = {r["id"] for r in csv.DictReader(lines) if r["source_kind"] != "retrieved"}
    for fact in table_facts():
        assert fact.source.endswith("unverified") == (fact.id in recalled)
        if fact.id in recalled:
            assert fact.quality != "published"


def test_what_the_table_masks_is_there_in_the_dataset(case: Case) -> None:
    dataset = case.dataset
    known = {row.id for row in (*dataset.crossings, *dataset.passages, *dataset.terminals)}
    known |= {link.id for network in dataset.networks.values() for link in network.named}
    missing = {
        subject
        for fact in table_facts()
        if fact.effect in MASKING
        for subject in fact.subjects
        if subject not in known and "@" not in subject
    }
    # crossings that the builder found no line for
    assert missing <= {"B137", "B139", "DRY-TONGJIANG"}


def test_a_row_of_the_table_speaks_before_the_dataset(case: Case) -> None:
    facts = [fact for fact in dated_facts(case.dataset) if "B004" in fact.subjects]
    # the network knows only the new bridge of 2023; lorries crossed before
    assert [fact.origin for fact in facts if fact.effect is Effect.OPENS] == ["table"]


def test_trade_by_attari_ended_in_2019_not_with_the_closure_of_2025(case: Case) -> None:
    facts = [fact for fact in dated_facts(case.dataset) if "B045" in fact.subjects]
    assert [(fact.effect, fact.date_from) for fact in facts] == [(Effect.CLOSES, "2019-08-07")]


def test_facts_of_a_dataset_stay_unless_the_table_cites_the_same_evidence() -> None:
    rows = (
        DatedFact(id="F1", subject="strait", kind="closure", date_from="2024", date_to="",
                  text="made up", evidence="E1"),
        DatedFact(id="F2", subject="strait", kind="event", date_from="2023-12-15", date_to="",
                  text="told by the table", evidence="EV030"),
    )  # fmt: skip
    facts = {fact.id: fact for fact in dated_facts(strait.dataset(facts=rows))}
    assert facts["F1"].effect is Effect.CLOSES
    assert facts["F1"].is_disruption
    assert "F2" not in facts


def test_services_and_markets_are_facts_with_their_dates() -> None:
    facts = {fact.id: fact for fact in dated_facts(strait.dataset())}
    assert facts["V1-opens"].date_to == "2025-06"
    assert "V2-opens" not in facts


def test_crossings_that_a_disruption_names_are_there(case: Case) -> None:
    known = {row.id for row in case.dataset.crossings}
    named = {
        subject
        for fact in table_facts()
        if fact.kind == "disruption"
        for subject in fact.subjects
        if subject.startswith("X-")
    }
    assert named
    assert named <= known
