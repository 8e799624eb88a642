"""What the pages on scenarios say is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from landbridge.cli.program import main
from landbridge.scenarios.case import Case
from landbridge.scenarios.load import bundled_names, load
from landbridge.scenarios.parse import FORMS

DOCS = Path(__file__).parents[2] / "docs"
HOW_TO = (DOCS / "how-to" / "scenarios.md").read_text(encoding="utf-8")
REFERENCE = (DOCS / "reference" / "scenarios.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")


def test_the_file_in_the_how_to_can_be_used(case: Case, tmp_path: Path) -> None:
    text = HOW_TO.split("```yaml\n")[1].split("```")[0]
    path = tmp_path / "quay-works.yaml"
    path.write_text(text, encoding="utf-8")
    scenario = load(path)
    assert len(scenario.changes) == text.count("- do:")
    assert len(scenario.apply(case).changes) == len(scenario.changes)


def test_the_difference_in_the_how_to_is_what_the_command_prints(
    capsys: Any, monkeypatch: Any
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    shown = HOW_TO.split("```\n$ landbridge ")[1].split("```")[0]
    command, _, expected = shown.partition("\n")
    assert main(command.split()) == 0
    printed = capsys.readouterr().out.splitlines()
    for line, known in zip(printed, expected.splitlines(), strict=False):
        assert NUMBER.sub("#", " ".join(line.split())) == NUMBER.sub("#", " ".join(known.split()))
        pairs = zip(NUMBER.findall(line), NUMBER.findall(known), strict=True)
        for value, other in (
            (float(a.replace(",", "")), float(b.replace(",", ""))) for a, b in pairs
        ):
            assert abs(value - other) <= max(0.25 * abs(other), 1.0), line


def test_the_reference_names_every_kind_of_change_and_field() -> None:
    for do, (needed, may) in FORMS.items():
        row = next(line for line in REFERENCE.splitlines() if f"`{do}`" in line.partition("| ")[2])
        for field in (*needed, *may):
            if field not in ("passage", "link", "terminal", "crossing", "service"):
                assert f"`{field}" in row, (do, field)


def test_the_how_to_lists_the_bundled_scenarios() -> None:
    assert {name for name in bundled_names() if f"| `{name}` |" in HOW_TO} == set(bundled_names())
