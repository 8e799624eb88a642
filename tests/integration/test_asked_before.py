"""What a planner was asked before changes no answer: what it keeps only makes it faster."""

from __future__ import annotations

import pytest

from landbridge.planning.plan import Planner
from landbridge.planning.transits import Transits
from landbridge.report.ask import compare
from landbridge.scenarios.case import Case

PAIRS = [
    ("Qingpu", "Vienna"),  # came by Dammam, Riyadh and Jeddah from the second question on
    ("Agra", "Bronx"),
    ("Kolkata", "Dakar"),
    ("Mumbai", "Moscow"),
    ("Diyarbakir", "Kabul"),  # two ways weigh the same
]


@pytest.fixture(scope="module")
def case() -> Case:
    return Case.load()


def test_tables_of_corridors_change_no_answer(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    planner = Planner(case)
    asked_often = {}
    for _ in range(3):  # so often that all corridors have tables
        for pair in PAIRS:
            asked_often[pair] = compare(*pair, planner=planner, show_all=True).to_dict()
        planner.geography.kept.transits.finish()
    assert len(planner.geography.kept.transits) >= 2 * len(case.dataset.corridors) - 6
    monkeypatch.setattr(Transits, "of", lambda *_: (None, lambda: None))
    without = Planner(case)
    for pair, answer in asked_often.items():
        assert compare(*pair, planner=without, show_all=True).to_dict() == answer
