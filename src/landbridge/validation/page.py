"""The report of `validate` as one page that needs no server and no other file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

STYLE = (
    "body{font:14px/1.45 system-ui,sans-serif;margin:2rem;color:#1b1f24;max-width:78rem}"
    "table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .6rem;text-align:left;"
    "border-bottom:1px solid #d8dee4}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    "h2{margin-top:2rem}.off{color:#a40e26}.mute{color:#656d76}"
)
JOURNEY = (
    "id", "origin", "destination", "evidence", "year", "unit", "published", "model_p10",
    "model_p50", "model_p90", "error_percent", "status", "why", "remark", "source",
)  # fmt: skip
DISTANCE = (
    "id", "origin", "destination", "mode", "published_km", "model_km", "error_percent", "status",
    "why", "source",
)  # fmt: skip
WIDTH, ROW, LEFT = 860, 18, 290
"""Chart: width, height of a row and left margin, px."""


def validation_page(reports: Mapping[str, Mapping[str, Any]], *, digest: str) -> str:
    """Return the page of the reports on distances and times, whichever are there."""
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        f"<title>Landbridge: validation</title><style>{STYLE}</style></head><body>",
        "<h1>Published figures, run again</h1>",
        f"<p class='mute'>Dataset {escape(digest[:12])}. Nothing here is a pass mark.</p>",
    ]
    if "times" in reports:
        parts.append(_times(reports["times"]))
    if "distances" in reports:
        report = reports["distances"]
        parts.append("<h2>Distances</h2>")
        parts.append(_scores("mode", report["summary"]))
        parts.append(_table(DISTANCE, report["rows"]))
    parts.append("</body></html>\n")
    return "".join(parts)


def _times(report: Mapping[str, Any]) -> str:
    parts = ["<h2>Journeys</h2>", _chart(report["rows"])]
    if report["missed_targets"]:
        lines = "".join(f"<li>{escape(line)}</li>" for line in report["missed_targets"])
        parts.append(f"<h3>Targets missed</h3><ul class='off'>{lines}</ul>")
    parts.append("<h3>Observed and offered, days</h3>")
    parts.append(
        _scores("mode", {**report["by_mode"], **report["by_edition"], "all": report["judged"]})
    )
    parts.append("<h3>By corridor group, days</h3>" + _scores("group", report["by_group"]))
    parts.append("<h3>By evidence, days</h3>" + _scores("evidence", report["by_evidence"]))
    parts.append("<h3>Costs</h3>" + _scores("costs", report["costs"]))
    parts.append("<h3>Suez closed</h3>")
    keys = ("pair", "rows", "published_nm", "model_nm", "error_percent", "days")
    parts.append(_table(keys, report["suez_closed"]))
    for quantity, found in report["comcec_table_58"].items():
        rows = [
            {"option": option, "published": value, "model": found["model"][option]}
            for option, value in found["published"].items()
        ]
        parts.append(
            f"<h3>COMCEC Table 58, {escape(quantity)}: {found['pairs_agreeing']} of"
            f" {found['pairs']} pairs agree</h3>" + _table(("option", "published", "model"), rows)
        )
    parts.append("<h3>Rows</h3>" + _table(JOURNEY, report["rows"]))
    return "".join(parts)


def _chart(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return bars from P10 to P90 with P50, and the published value as a dot, in days."""
    shown = [row for row in rows if row["unit"] == "day" and row["model_p50"] is not None]
    if not shown:
        return ""
    top = max(max(row["model_p90"], row["published"]) for row in shown)
    scale = (WIDTH - LEFT - 20) / top
    marks = []
    for k, row in enumerate(shown):
        y = 14 + k * ROW
        x10, x50, x90 = (LEFT + scale * row[f"model_p{p}"] for p in (10, 50, 90))
        dot = "#1a7f37" if row["inside"] else "#a40e26"
        name = f"{row['id']} {row['origin']} - {row['destination']}"[:48]
        marks.append(
            f"<text x='0' y='{y + 4}' font-size='11'>{escape(name)}</text>"
            f"<rect x='{x10:.1f}' y='{y - 4}' width='{max(x90 - x10, 1):.1f}' height='8'"
            " fill='#9ec5fe'/>"
            f"<rect x='{x50 - 1:.1f}' y='{y - 6}' width='2' height='12' fill='#0a3069'/>"
            f"<circle cx='{LEFT + scale * row['published']:.1f}' cy='{y}' r='4' fill='{dot}'/>"
        )
    step = next(s for s in (5, 10, 20, 50, 100, 500) if top / s <= 12)
    height = 14 + len(shown) * ROW + 18
    for day in range(0, int(top) + 1, step):
        x = LEFT + scale * day
        marks.append(
            f"<line x1='{x:.1f}' y1='4' x2='{x:.1f}' y2='{height - 16}' stroke='#d8dee4'/>"
            f"<text x='{x:.1f}' y='{height - 3}' font-size='11' text-anchor='middle'>{day} d</text>"
        )
    return (
        f"<svg viewBox='0 0 {WIDTH} {height}' width='{WIDTH}' role='img' aria-label="
        "'Model P10 to P90 and published days'>" + "".join(reversed(marks)) + "</svg>"
        "<p class='mute'>Bar: model P10 to P90; line: P50; dot: published (red if outside).</p>"
    )


def _scores(name: str, scores: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [{name: key, **found} for key, found in scores.items()]
    return _table(tuple(rows[0]) if rows else (name,), rows)


def _table(keys: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    numeric = {key for key in keys if any(isinstance(row.get(key), int | float) for row in rows)}
    head = "".join(
        f"<th class='n'>{escape(k.replace('_', ' '))}</th>" if k in numeric
        else f"<th>{escape(k.replace('_', ' '))}</th>"
        for k in keys
    )  # fmt: skip
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=n' if key in numeric else ''}>{escape(_text(row.get(key)))}</td>"
            for key in keys
        )
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
