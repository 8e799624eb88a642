from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from landbridge.errors import OverlayError, ParameterError
from landbridge.parameters import Parameters, load_defaults
from landbridge.parameters.overlay import read_overlay

GOOD = {"low": 17, "central": 18, "high": 20, "unit": "kn", "year": 2026, "quality": "estimated",
        "evidence": ["our liner's schedule, March 2026"]}  # fmt: skip
NAME = "sea.speed.mainline_kn"


@pytest.fixture(scope="module")
def base() -> Parameters:
    return load_defaults()


def problems_of(path: Path, text: str, base: Parameters) -> tuple[str, ...]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OverlayError) as caught:
        read_overlay(path, base)
    assert caught.value.problems
    assert all(line.startswith(f"{path}:") for line in caught.value.problems)
    return tuple(line.removeprefix(f"{path}:") for line in caught.value.problems)


def wrong(base: Parameters, tmp_path: Path, **fields: Any) -> str:
    row = {k: v for k, v in {**GOOD, **fields}.items() if v != "gone"}
    text = json.dumps({NAME: {"default": row}}, indent=1)
    (problem,) = problems_of(tmp_path / "own.json", text, base)
    return problem.partition(": ")[2]


def test_a_good_file_replaces_one_row_and_changes_the_digest(
    base: Parameters, tmp_path: Path
) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps({NAME: {"default": GOOD, "IR": GOOD}}), encoding="utf-8")
    mine = base.overlaid(read_overlay(path, base))
    row = mine.lookup(NAME)
    assert (row.low, row.central, row.high, row.grade) == (17.0, 18.0, 20.0, "C")
    assert row.evidence == ("our liner's schedule, March 2026",)
    assert mine.exactly(NAME, "IR") is not None
    assert len(mine) == len(base) + 1
    assert mine.digest != base.digest
    assert base.lookup(NAME).central != 18.0
    assert mine.lookup("dwell.import_h") == base.lookup("dwell.import_h")


def test_yaml_and_json_say_the_same(base: Parameters, tmp_path: Path) -> None:
    as_json, as_yaml = tmp_path / "own.json", tmp_path / "own.yaml"
    as_json.write_text(json.dumps({NAME: {"default": GOOD}}), encoding="utf-8")
    as_yaml.write_text(
        f"{NAME}:\n  default: {{low: 17, central: 18, high: 20, unit: kn, year: 2026,\n"
        '    quality: estimated, evidence: ["our liner\'s schedule, March 2026"]}\n',
        encoding="utf-8",
    )
    assert read_overlay(as_json, base) == read_overlay(as_yaml, base)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"unit": "gone"}, "no unit"),
        ({"unit": ""}, "no unit"),
        ({"unit": "km/h"}, "unit 'km/h', where the model has kn"),
        ({"low": 19}, "low 19, central 18, high 20 are not in order"),
        ({"high": 1}, "low 17, central 18, high 1 are not in order"),
        ({"central": "fast"}, "central 'fast' is no number"),
        ({"central": True}, "central 'True' is no number"),
        ({"central": float("nan")}, "central 'nan' is no number"),
        ({"evidence": "gone"}, "no evidence"),
        ({"evidence": []}, "no evidence"),
        ({"evidence": "a text"}, "evidence is not a list of texts"),
        ({"evidence": [], "quality": "assumed"}, "no note that says why"),
        ({"quality": "sure"}, "quality 'sure' is not one of"),
        ({"grade": "F"}, "grade 'F' is not one of A to E"),
        ({"year": "2026"}, "'2026' is no year"),
        ({"year": 20260}, "'20260' is no year"),
        ({"centre": 18}, "no such field 'centre'; did you mean central?"),
    ],
)
def test_each_fault_is_named(
    base: Parameters, tmp_path: Path, fields: dict[str, Any], words: str
) -> None:
    assert words in wrong(base, tmp_path, **fields)


def test_an_assumption_needs_a_reason_and_no_source(base: Parameters, tmp_path: Path) -> None:
    row = {**GOOD, "quality": "assumed", "evidence": [], "note": "our own ships are faster"}
    path = tmp_path / "own.json"
    path.write_text(json.dumps({NAME: {"default": row}}), encoding="utf-8")
    (read,) = read_overlay(path, base)
    assert (read.quality, read.grade) == ("assumed", "E")


def test_all_problems_are_told_with_their_lines(base: Parameters, tmp_path: Path) -> None:
    text = (
        "sea.sped.mainline_kn:\n"
        "  default: {low: 17, central: 18, high: 20, unit: kn, year: 2026, quality: estimated,\n"
        "    evidence: [x]}\n"
        "dwell.transit_h:\n"
        "  Iran:\n"
        "    low: 90\n"
        "    central: 80\n"
        "    high: 300\n"
        "    unit: d\n"
        "    year: 2026\n"
        "    quality: published\n"
        "    evidence: []\n"
    )
    told = problems_of(tmp_path / "own.yaml", text, base)
    assert [line.partition(":")[0] for line in told] == ["2", "5", "6", "9", "12"]
    assert "sea.speed.mainline_kn" in told[0]
    assert "no such key" in told[1]
    assert "not in order" in told[2]


def test_lines_of_json_are_those_of_the_field(base: Parameters, tmp_path: Path) -> None:
    text = json.dumps({NAME: {"default": GOOD, "IR": {**GOOD, "low": 99}}}, indent=1)
    (problem,) = problems_of(tmp_path / "own.json", text, base)
    assert text.splitlines()[int(problem.partition(":")[0]) - 1].strip() == '"low": 99,'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("own.json", "{"),
        ("own.json", "[]"),
        ("own.json", "{}"),
        ("own.json", '{"sea.speed.mainline_kn": 3}'),
        ("own.json", '{"sea.speed.mainline_kn": {"default": 3}}'),
        ("own.yaml", "a: [1"),
        ("own.yaml", ""),
        ("own.yaml", "- a"),
        ("own.yaml", "sea.speed.mainline_kn: 3"),
    ],
)
def test_a_file_of_another_shape_is_refused(
    base: Parameters, tmp_path: Path, name: str, text: str
) -> None:
    assert problems_of(tmp_path / name, text, base)


def test_a_row_given_twice_is_refused(base: Parameters, tmp_path: Path) -> None:
    row = json.dumps(GOOD)
    text = f'{{"{NAME}": {{"default": {row}, "default": {row}}}}}'
    assert any("twice" in line for line in problems_of(tmp_path / "own.json", text, base))


def test_overlaid_is_pure_and_refuses_names_that_no_formula_knows(base: Parameters) -> None:
    row = base.lookup(NAME)
    faster = replace(row, central=17.5)
    before = base.digest
    assert base.overlaid([faster]).lookup(NAME).central == 17.5
    assert base.overlaid([]) == base
    assert base.digest == before
    with pytest.raises(ParameterError, match=r"sea\.sped_kn"):
        base.overlaid([replace(row, name="sea.sped_kn")])
