"""The last recorded scores of the re-run journeys, and what has changed since.

A guard, not a pass mark: whoever changes the model sees what it does to the published journeys and
records the new figures with `python -m landbridge.validation.recorded`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from landbridge import __version__
from landbridge.scenarios.case import Case
from landbridge.validation import distances, times
from landbridge.validation.journeys import read_journeys
from landbridge.validation.times import JUDGES, TimesReport, run

FILE, TABLE_FILE = "recorded.json", "table.json"
TOLERANCES = {
    "rows": 0.0,
    "inside_percent": 4.5,
    "median_abs_error_percent": 1.0,
    "mean_abs_error_percent": 1.0,
    "median_sharpness": 0.05,
    "below_percent": 4.5,
}
"""How far a figure may move unseen; shares by one row of 24."""


def figures(report: TimesReport) -> dict[str, dict[str, float | None]]:
    """Return the scores that are recorded: observed and offered days, by mode and in all."""
    scores = {**report.by_mode, "all": report.judged}
    return {
        name: {field: getattr(found, field) for field in TOLERANCES}
        for name, found in scores.items()
    }


def differences(
    now: Mapping[str, Mapping[str, float | None]],
    before: Mapping[str, Mapping[str, float | None]],
) -> tuple[str, ...]:
    """Return one line per figure that moved by more than its tolerance, better or worse."""
    lines = []
    for name in sorted({*now, *before}):
        for field, tolerance in TOLERANCES.items():
            new, old = now.get(name, {}).get(field), before.get(name, {}).get(field)
            if new is None or old is None:
                if new is not old:
                    lines.append(f"{name}, {field}: {old} is now {new}")
            elif abs(new - old) > tolerance + 1e-9:
                lines.append(f"{name}, {field}: {old:g} is now {new:g}")
    return tuple(lines)


def recorded() -> dict[str, Any]:
    """Return the figures that were recorded last."""
    text = files("landbridge.validation").joinpath(FILE).read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def table() -> dict[str, Any]:
    """Return all scores that were recorded last, and of which version and case they are."""
    text = files("landbridge.validation").joinpath(TABLE_FILE).read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def whole_table(case: Case) -> dict[str, Any]:
    """Return the scores of all distances and journeys run again now, without the rows."""
    reports = {"distances": distances.run(case).to_dict(), "times": times.run(case).to_dict()}
    for report in reports.values():
        del report["rows"]
    return {
        "version": __version__,
        "case": case.digest,
        "dataset": case.dataset.digest,
        "parameters": case.parameters.digest,
        **reports,
    }


def judged(case: Case) -> TimesReport:
    """Return the report on the rows that judge: observed and offered times."""
    rows = [row for row in read_journeys() if row.evidence in JUDGES and row.is_time]
    return run(case, rows)


def main() -> None:
    """Record the figures of the embedded dataset and the shipped parameters."""
    case = Case.load()
    for name, content in ((FILE, figures(judged(case))), (TABLE_FILE, whole_table(case))):
        path = Path(__file__).parent / name
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
