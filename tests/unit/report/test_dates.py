"""Dated facts chosen: by what they are about, and refused with all that there is."""

from __future__ import annotations

import pytest

from landbridge.errors import RequestError
from landbridge.report.dates import chosen_facts
from landbridge.scenarios.case import Case


@pytest.fixture(scope="module")
def case() -> Case:
    return Case.load()


def test_facts_about_a_passage_are_its_own_and_those_that_name_it(case: Case) -> None:
    facts = chosen_facts(case.dataset, about="suez")
    assert {"EV019", "EV030"} <= {fact.id for fact in facts}
    assert len(facts) < len(chosen_facts(case.dataset))
    # a country's code is a word too: only facts whose subject it is
    assert all("IR" in fact.subjects for fact in chosen_facts(case.dataset, about="IR"))


def test_an_unknown_kind_gets_all_that_there_are(case: Case) -> None:
    with pytest.raises(RequestError, match=r"--kind: no event for 'xyz' \(one of .*disruption"):
        chosen_facts(case.dataset, kind="xyz")
