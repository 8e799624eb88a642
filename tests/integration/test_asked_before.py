"""What a planner was asked before changes no answer: what it keeps only makes it faster."""

from __future__ import annotations

import pytest

from landbridge.planning.plan import Planner
from landbridge.planning.transits import Transits
from landbridge.report.ask import compare
from landbridge.scenarios.case import Case
from landbridge.scenarios.change import ScaleParameter
from landbridge.scenarios.scenario import Scenario

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
    monkeypatch.setattr(Transits, "of", lambda *_: None)
    without = Planner(case)
    for pair, answer in asked_often.items():
        assert compare(*pair, planner=without, show_all=True).to_dict() == answer


def test_a_planner_of_other_parameters_takes_no_length_from_its_base(case: Case) -> None:
    pair, base = ("Minsk", "Almaty"), Planner(case)
    change = ScaleParameter(name="rail.length_factor_1", key="all", by=1.5, reason="a test")
    changed = Scenario(name="longer", title="Longer rails", changes=(change,)).apply(case)
    compare(*pair, planner=base)
    own = compare(*pair, planner=Planner(changed)).to_dict()
    assert compare(*pair, planner=Planner(changed, base=base)).to_dict() == own
