"""Tornado charts: how far each parameter, from its low to its high, moves time and cost.

The widest bar stands on top. The solid part of a bar is ignorance, which better data could take
away; the pale part is variation from one consignment to the next, which it could not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from landbridge.domain.request import Request
from landbridge.montecarlo.sensitivity import Effect, LoadingRun, Sensitivity, Swing
from landbridge.report.charts.drawing import (
    BLUE,
    FAINT,
    GRID,
    INK,
    VERMILION,
    Box,
    Drawing,
    Line,
    Shape,
    Words,
    shortened,
    text_width,
    ticks,
)
from landbridge.report.charts.panel import LARGE, PLAIN, SMALL, figure
from landbridge.report.charts.ways import HOURS_PER_DAY
from landbridge.report.figures import days, days_range, percent, tens
from landbridge.report.tables import heading

WIDTH = 1060.0
NAME_ROOM, NOTE_ROOM = 320.0, 270.0
"""Width left of the bars for names, and right of them for what is known of the parameter, px."""
ROW, BAR = 23.0, 14.0
HEAD, FOOT, TOP = 40.0, 50.0, 116.0
MOST_ROWS = 10
MOST_ROWS_OF_MANY = 6
"""Rows per panel where several itineraries are shown."""
SHARE_ROOM = 56.0
AIR = 1.08
LOW_COLOUR, HIGH_COLOUR = BLUE, VERMILION
PALE = {LOW_COLOUR: "#b3d5e8", HIGH_COLOUR: "#f5cfb3"}
"""The same two colours on white at three tenths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """What the bars of a panel measure, and how its figures are written."""

    name: str
    unit: str
    per_unit: float
    effects: Callable[[Sensitivity], tuple[Effect, ...]]
    swing: Callable[[Effect], Swing]
    ignorance: Callable[[Effect], Swing]
    share: Callable[[Effect], float]
    told: Callable[[Sensitivity], str]


TIME = _Measure(
    name="Lead time",
    unit="days more or less",
    per_unit=HOURS_PER_DAY,
    effects=Sensitivity.by_time,
    swing=lambda effect: effect.time_h,
    ignorance=lambda effect: effect.ignorance_time_h,
    share=lambda effect: effect.time_share,
    told=lambda found: (
        f"expected {days(found.mean_h)} days (P10-P90 {days_range(found.lead_time_h)})"
    ),
)
COST = _Measure(
    name="Cost",
    unit="USD more or less",
    per_unit=1.0,
    effects=Sensitivity.by_cost,
    swing=lambda effect: effect.cost_usd,
    ignorance=lambda effect: effect.ignorance_cost_usd,
    share=lambda effect: effect.cost_share,
    told=lambda found: (
        f"{tens(found.cost_usd.central)} USD "
        f"({tens(found.cost_usd.low)}-{tens(found.cost_usd.high)})"
    ),
)


def tornado(found: Sequence[Sensitivity], request: Request) -> Drawing:
    """Return the chart of one or several itineraries of one request, time above cost."""
    most = MOST_ROWS if len(found) == 1 else MOST_ROWS_OF_MANY
    title = "What moves lead time and cost"
    if len(found) == 1:
        title = f"{found[0].title}: what moves lead time and cost"
    where, what, *_ = heading(request).split("\n")
    room = WIDTH - 48
    shapes: list[Shape] = [
        Words(x=24, y=34, text=shortened(title, LARGE, room), size=LARGE, is_bold=True),
        Words(x=24, y=56, text=shortened(f"{where} · {what}", PLAIN, room), size=PLAIN,
              colour=FAINT),
        *_legend(),
    ]  # fmt: skip
    top = TOP
    for one in found:
        prefix = f"{one.title}. " if len(found) > 1 else ""
        for measure in (TIME, COST):
            drawn, height = _panel(one, measure, top, most, prefix)
            shapes += drawn
            top += height
        shapes.append(
            Words(x=24, y=top - 8, text=_loadings(one.loadings), size=SMALL, colour=FAINT)
        )
        top += 24
    shapes.append(
        Words(
            x=24, y=top + 8, size=SMALL, colour=FAINT,
            text="One parameter at a time, from its low to its high, all else as expected. %: "
            "share of the spread that goes with it "
            "(squared rank correlation over the draws; - not drawn).",
        )
    )  # fmt: skip
    return Drawing(
        width=WIDTH, height=top + 24, title=title, description=_told(found), shapes=tuple(shapes)
    )


def _legend() -> list[Shape]:
    shapes: list[Shape] = []
    x = 24.0
    for name, colours in (
        ("parameter at its low", (LOW_COLOUR,)),
        ("at its high", (HIGH_COLOUR,)),
        ("solid: what we do not know", (LOW_COLOUR, HIGH_COLOUR)),
        ("pale: varies by consignment, carrier and day", tuple(PALE.values())),
    ):
        for k, colour in enumerate(colours):
            width = 24.0 / len(colours)
            shapes.append(Box(x=x + k * width, y=72, width=width, height=12, fill=colour))
        shapes.append(Words(x=x + 30, y=83, text=name, size=PLAIN))
        x += 44 + text_width(name, PLAIN)
    return shapes


def _panel(
    found: Sensitivity, measure: _Measure, top: float, most: int, prefix: str
) -> tuple[list[Shape], float]:
    """Return the shapes of one panel and its height, px."""
    effects = measure.effects(found)
    rows = effects[:most]
    left, right = 24.0 + NAME_ROOM, WIDTH - NOTE_ROOM
    said = f"{prefix}{measure.name}: {measure.told(found)}"
    shapes: list[Shape] = [
        Words(x=24, y=top + 12, text=shortened(said, 13.0, WIDTH - 48), size=13.0, is_bold=True)
    ]
    if not rows:
        shapes.append(Words(x=24, y=top + 34, text="no parameter moves it", size=PLAIN))
        return shapes, 60.0
    values = [value / measure.per_unit for row in rows for value in measure.swing(row)]
    low, high = min(0.0, *values) * AIR, max(0.0, *values) * AIR

    def x(value: float) -> float:
        return left + (right - left) * (value - low) / (high - low)

    first = top + HEAD - 12
    bottom = first + ROW * len(rows)
    for tick in ticks(high, least=low, count=7):
        shapes.append(Line(points=((x(tick), first), (x(tick), bottom)), colour=GRID))
        shapes.append(
            Words(x=x(tick), y=bottom + 15, text=f"+{figure(tick)}" if tick > 0 else figure(tick),
                  size=SMALL, anchor="middle", colour=FAINT)
        )  # fmt: skip
    shapes.append(
        Words(x=left - 10, y=bottom + 15, text=measure.unit, size=SMALL, anchor="end", colour=FAINT)
    )
    for k, row in enumerate(rows):
        shapes += _row(row, measure, first + ROW * k, left, right, x)
    shapes.append(Line(points=((x(0.0), first - 2), (x(0.0), bottom)), colour=INK))
    return shapes, HEAD - 12 + ROW * len(rows) + FOOT


def _row(
    effect: Effect, measure: _Measure, top: float, left: float, right: float,
    x: Callable[[float], float],
) -> list[Shape]:  # fmt: skip
    base = top + ROW / 2 + 4
    shapes: list[Shape] = [
        Words(x=left - 10, y=base, text=shortened(effect.name, SMALL, NAME_ROOM - 14), size=SMALL,
              anchor="end")
    ]  # fmt: skip
    swing, part = measure.swing(effect), measure.ignorance(effect)
    ends = sorted(
        zip(swing, part, (LOW_COLOUR, HIGH_COLOUR), strict=True), key=lambda end: -abs(end[0])
    )
    for whole, inner, colour in ends:
        for value, fill in ((whole, PALE[colour]), (inner, colour)):
            at, zero = x(value / measure.per_unit), x(0.0)
            if at != zero:
                shapes.append(
                    Box(x=min(at, zero), y=top + (ROW - BAR) / 2, width=abs(at - zero),
                        height=BAR, fill=fill)
                )  # fmt: skip
    room = NOTE_ROOM - SHARE_ROOM - 16
    shapes += [
        Words(x=right + 12, y=base, text=shortened(_known(effect), SMALL, room), size=SMALL,
              colour=FAINT),
        Words(x=WIDTH - 24, y=base, text=percent(measure.share(effect)), size=SMALL, anchor="end",
              colour=FAINT),
    ]  # fmt: skip
    return shapes


def _known(effect: Effect) -> str:
    """Return the range of a parameter and how well it is known."""
    row = effect.parameter
    if row is None:
        return "luck of the day"
    unit = "" if row.unit == "1" else f" {row.unit}"
    return f"{row.low:g}-{row.high:g}{unit}, {row.quality}"


def _loadings(runs: Sequence[LoadingRun]) -> str:
    """Return what the totals would be if shared luck were weaker or stronger."""
    told = "; ".join(
        f"{'half' if run.scale < 1 else 'double'} as strong: {days_range(run.lead_time_h)} days, "
        f"{tens(run.cost_usd.low)}-{tens(run.cost_usd.high)} USD"
        for run in runs
    )
    return f"P10-P90 if luck shared between legs (ocean, frontiers, country) were {told}."


def _told(found: Sequence[Sensitivity]) -> str:
    """Return the widest bars in words, for those who cannot see the picture."""
    parts = []
    for one in found:
        for measure in (TIME, COST):
            rows = ", ".join(
                f"{row.name} {measure.swing(row)[0] / measure.per_unit:+.1f} to "
                f"{measure.swing(row)[1] / measure.per_unit:+.1f}"
                for row in measure.effects(one)[:3]
            )
            parts.append(f"{one.title}, {measure.name.lower()} ({measure.unit}): {rows}")
    return "; ".join(parts)
