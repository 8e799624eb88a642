from __future__ import annotations

import json
from pathlib import Path

import pytest

from landbridge.errors import ScenarioError
from landbridge.scenarios.change import Close, SetParameter
from landbridge.scenarios.load import bundled, bundled_names, find, load

GOOD = """\
scenario: night-shift
title: Night shift withdrawn
sources: ["made up"]
changes:
  - do: close_passage
    passage: suez
    from: 2026-01-01
    to: 2026-01-31
    reason: made up
  - {do: set_parameter, name: border.time.rail_same_gauge_h, key: KZ-RU, value: 9, reason: made up}
"""


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return [line.removeprefix(f"{path}:") for line in caught.value.problems]


def test_yaml_and_json_say_the_same(tmp_path: Path) -> None:
    import yaml

    mine = load(written(tmp_path, GOOD))
    as_json = yaml.safe_load(GOOD.replace("2026-01-01", "'2026-01-01'").replace(
        "2026-01-31", "'2026-01-31'"))  # fmt: skip
    twin = load(written(tmp_path, json.dumps(as_json, indent=1), "mine.json"))
    assert mine.digest == twin.digest
    close, set_ = mine.in_order
    assert isinstance(close, Close)
    assert (close.target.id, close.date_from, close.date_to) == ("suez", "2026-01-01", "2026-01-31")
    assert isinstance(set_, SetParameter)
    assert set_.central == 9.0
    assert [change.line for change in mine.changes] == [5, 10]
    assert [change.line for change in twin.changes] == [8, 15]


def test_a_day_that_no_month_has_is_no_date(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("to: 2026-01-31", "to: 2026-11-31"))
    assert problems(path)[0].endswith("to '2026-11-31' is no date: its month has fewer days")


def test_all_faults_of_a_file_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """\
scenario: Wrong Name
tilte: x
changes:
  - {do: close_pasage, passage: suez, reason: r}
  - do: close_passage
    passge: suez
    from: 2026-02-01
    to: 2026-01-01
  - {do: delay_passage, passage: suez, hours: [3, 2, 1], reason: r}
  - {do: scale_parameter, name: a, by: 0, reason: r}
  - {do: set_draught_passage, passage: suez, by_m: -1, payload_share: 1.5, reason: r}
  - nothing
""",
    )
    assert problems(path) == [
        "1: 'Wrong Name' is no name: a-z, 0-9, - and _",
        "2: no such field 'tilte'; did you mean title?",
        "4: there is no 'close_pasage'; did you mean close_passage or open_passage?",
        "5: close_passage: no passage",
        "5: close_passage: no reason",
        "6: close_passage: no such field 'passge'; did you mean passage?",
        "7: close_passage: from 2026-02-01 back to 2026-01-01",
        "9: delay_passage: hours low 3, central 2, high 1 are not in order",
        "10: scale_parameter: by 0 is not more than 0",
        "11: set_draught_passage: payload_share is no share over 0 and up to 1",
        "12: a change is a mapping with 'do'",
    ]


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("{", "a.json", "1: not JSON"),
        ("[1]", "a.json", "1: not an object"),
        ("a: [", "a.yaml", "not YAML"),
        ("- 1", "a.yaml", "1: not a mapping"),
        ("scenario: a\nchanges: []\n", "a.yaml", "2: no changes"),
        ("scenario: a\n", "a.yaml", "1: no changes"),
        ('{"scenario": "a", "scenario": "b", "changes": []}', "a.json", "stands twice"),
        ("scenario: a\nchanges:\n  - {do: 3, reason: r}\n", "a.yaml", "3: there is no '3'"),
    ],
)
def test_what_is_no_scenario_is_refused(tmp_path: Path, text: str, name: str, said: str) -> None:
    assert said in "\n".join(problems(written(tmp_path, text, name)))


def test_a_name_that_is_none_gets_the_nearest_right_one() -> None:
    with pytest.raises(ScenarioError, match="did you mean red-sea-diverted"):
        find("red-sea-divrted")
    with pytest.raises(ScenarioError, match=r"no file 'nowhere\.yaml'"):
        find("nowhere.yaml")
    with pytest.raises(ScenarioError, match="no scenario"):
        bundled("../bundled/red-sea-diverted")


@pytest.mark.parametrize("name", bundled_names())
def test_bundled_scenarios_need_no_yaml_and_have_sources_and_reasons(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "yaml", None)
    scenario = bundled(name)
    assert scenario.name == name
    assert scenario.sources
    assert scenario.title != name
    assert all(len(change.reason) > 10 for change in scenario.changes)
