"""The tables of `validate`: rows run again, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landbridge.report.page import Column, Paper, listing

SCORES = (
    ("rows", "rows"),
    ("inside_%", "inside_percent"),
    ("median_error_%", "median_abs_error_percent"),
    ("mean_error_%", "mean_abs_error_percent"),
    ("bias_%", "median_error_percent"),
    ("sharpness", "median_sharpness"),
    ("below_P50_%", "below_percent"),
)
"""Column of a table of scores, and the field it shows."""


def distances_text(report: Mapping[str, Any], paper: Paper) -> str:
    """Return the rows of published distances and the figures per mode."""
    rows = _table(
        [
            {**row, "route": f"{row['origin']} - {row['destination']}",
             "error_%": row["error_percent"]}
            for row in report["rows"]
        ],
        paper,
        shown=("id", "route", "mode", "published_km", "model_km", "error_%", "status", "why"),
        figures=("published_km", "model_km", "error_%"),
    )  # fmt: skip
    summary = report["summary"]
    modes = sorted(summary)
    measures = dict.fromkeys(name for mode in modes for name in summary[mode])
    return rows + _table(
        [
            {"measure": name.replace("_", " "),
             **{mode: summary[mode].get(name) for mode in modes}}
            for name in measures
        ],
        paper,
        shown=("measure", *modes),
        figures=modes,
    )  # fmt: skip


def times_text(report: Mapping[str, Any], paper: Paper) -> str:
    """Return the rows of published journeys, their scores, and the checks apart."""
    parts = [
        _table(
            [_journey(row) for row in report["rows"]],
            paper,
            shown=("id", "route", "kind", "published", "P10", "P50", "P90", "unit", "error_%",
                   "status", "why"),
            figures=("published", "P10", "P50", "P90", "error_%"),
        )
    ]  # fmt: skip
    for title, scores in (
        ("days by corridor", report["by_group"]),
        ("days by evidence", report["by_evidence"]),
        (
            "days observed and offered",
            {**report["by_mode"], **report["by_edition"], "all": report["judged"]},
        ),
        ("costs", report["costs"]),
    ):
        parts.append(_scores(title, scores, paper))
    parts.append(
        _table(
            [
                {"Suez_closed": row["pair"], "published_nm": row["published_nm"],
                 "model_nm": row["model_nm"], "error_%": row["error_percent"],
                 "days": row["days"],
                 "published_days": "{:g} to {:g}".format(*row["published_days"])}
                for row in report["suez_closed"]
            ],
            paper,
            shown=("Suez_closed", "published_nm", "model_nm", "error_%", "days",
                   "published_days"),
            figures=("published_nm", "model_nm", "error_%", "days"),
        )
    )  # fmt: skip
    parts.extend(
        _table_58(quantity, found, paper) for quantity, found in report["comcec_table_58"].items()
    )
    lines = [*(f"missed: {line}" for line in report["missed_targets"]), *report["problems"]]
    left_out = report["freight_rates_month_left_out_error_percent"]
    if left_out is not None:
        lines.insert(0, f"ocean rates, each month foretold from the others: {left_out:g} % off")
    return "\n".join(parts) + paper.draw(*lines)


def _journey(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "route": f"{row['origin']} - {row['destination']}",
        "kind": row["evidence"],
        "published": row["published"],
        "P10": row["model_p10"],
        "P50": row["model_p50"],
        "P90": row["model_p90"],
        "unit": row["unit"],
        "error_%": row["error_percent"],
        "status": row["status"],
        "why": row["why"] or row["remark"],
    }


def _scores(title: str, scores: Mapping[str, Mapping[str, Any]], paper: Paper) -> str:
    key = title.replace(" ", "_")
    rows = []
    for name, found in scores.items():
        low, high = found["below_from_percent"], found["below_to_percent"]
        rows.append(
            {
                key: name,
                **{column: found[field] for column, field in SCORES},
                "95_%_interval": "" if low is None else f"{low:g} to {high:g}",
            }
        )
    columns = tuple(column for column, _ in SCORES)
    return _table(rows, paper, shown=(key, *columns, "95_%_interval"), figures=columns)


def _table_58(quantity: str, found: Mapping[str, Any], paper: Paper) -> str:
    rows = [
        {"COMCEC_Table_58": option, "quantity": quantity, "published": value,
         "model": found["model"][option]}
        for option, value in found["published"].items()
    ]  # fmt: skip
    text = _table(
        rows,
        paper,
        shown=("COMCEC_Table_58", "quantity", "published", "model"),
        figures=("published", "model"),
    )
    lines = [f"{quantity}: {found['pairs_agreeing']} of {found['pairs']} pairs agree"]
    for pair in found["decided_by"]:
        flips = "reverses it" if pair["flips"] else "does not reverse it"
        lines.append(
            f"  {pair['pair']}: differs by {pair['difference']:g} {pair['unit']};"
            f" {pair['parameter']} moves it most, to {pair['moves_to']:g} at the end of its range,"
            f" and {flips}"
        )
    return text + paper.draw(*lines)


def _table(
    rows: Sequence[Mapping[str, Any]],
    paper: Paper,
    *,
    shown: Sequence[str],
    figures: Sequence[str],
) -> str:
    columns = [Column(key=key, is_figure=key in figures, is_fixed=key == "id") for key in shown]
    return listing(rows, columns, paper)
