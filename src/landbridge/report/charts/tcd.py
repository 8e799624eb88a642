"""Time-cost-distance charts: distance across, days and dollars so far up, steps where cargo stands.

The method is that of UNESCAP and CAREC: a stretch climbs as steeply as it is slow or dear, a stop
is a step. Days are expected ones and dollars central ones: unlike percentiles they add up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from landbridge.domain.itinerary import Itinerary, Plan
from landbridge.report.charts.drawing import (
    BLACK,
    BLUE,
    FAINT,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    PURPLE,
    SKY,
    VERMILION,
    Box,
    Dot,
    Drawing,
    Line,
    Point,
    Shape,
    Words,
    shortened,
    text_width,
)
from landbridge.report.charts.panel import LARGE, PLAIN, SMALL, Panel
from landbridge.report.charts.ways import COLOURS, HOURS_PER_DAY, Stretch, stretches
from landbridge.report.compare import Comparison
from landbridge.report.figures import days, days_range, percent, tens
from landbridge.report.tables import heading

WIDTH, MARGIN = 1090.0, 70.0
LABEL_ROOM = 320.0
"""Width to the right of the panels, where the ends are named, px."""
END_ROOM = 235.0
"""The same in the chart of a plan, where one end is named, px."""
TOP, PANEL_HEIGHT, BETWEEN = 128.0, 250.0, 62.0
TOP_BARE = 100.0
"""The same without a legend below the title."""
LEAST_STEP = 0.035
"""A step at least this share of the whole climb is named, where there is room."""
MOST_WAYS = 7
"""More lines than this cannot be told apart."""
LINES = (
    (BLUE, ""), (VERMILION, ""), (GREEN, "7 3"), (ORANGE, ""), (PURPLE, "7 3"), (SKY, ""),
    (BLACK, "2 3"),
)  # fmt: skip
ROOM_AT_THE_TOP = 1.06
APART = 18.5
"""Least distance between the middles of two numbered dots, px."""
NOTE = "Expected days and central dollars, which add up over legs; the bar at an end is P10 to P90."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """What a panel shows: its heading, the amount of a stretch, and the totals of an itinerary."""

    name: str
    amount: Callable[[Stretch], float]
    bounds: Callable[[Itinerary], tuple[float, float]]
    told: Callable[[float], str]
    total: Callable[[Itinerary, float], str]


TIME = _Measure(
    name="days since the cargo was ready",
    amount=lambda stretch: stretch.days,
    bounds=lambda way: (
        way.lead_time_h.p10 / HOURS_PER_DAY,
        way.lead_time_h.p90 / HOURS_PER_DAY,
    ),
    told=lambda amount: f"{amount:.1f} d",
    total=lambda way, amount: f"{amount:.1f} d ({days_range(way.lead_time_h)})",
)
COST = _Measure(
    name="USD so far, the whole consignment",
    amount=lambda stretch: stretch.usd,
    bounds=lambda way: (way.cost_usd.low, way.cost_usd.high),
    told=lambda amount: f"{tens(amount)} USD",
    total=lambda way, amount: (
        f"{tens(amount)} USD ({tens(way.cost_usd.low)}-{tens(way.cost_usd.high)})"
    ),
)


def tcd_of_plan(plan: Plan, *, number: int = 0) -> Drawing:
    """Return the chart of one itinerary of a plan, each stretch in the colour of its mode.

    Raises
    ------
    IndexError
        If the plan has no itinerary of this number.
    """
    way = plan.itineraries[number]
    legs = stretches(way)
    shapes = _title(f"{way.title}: time, cost and distance", plan)
    shapes += _legend(legs)
    end_km = sum(leg.km for leg in legs)
    for position, measure in enumerate((TIME, COST)):
        high = max(sum(map(measure.amount, legs)), measure.bounds(way)[1])
        panel = _panel(position, end_km, high, room=END_ROOM)
        shapes += panel.scale_up(measure.name)
        shapes += panel.scale_across("km" if position else "", has_figures=position == 1)
        shapes += _climb(panel, legs, measure)
        shapes += _end(panel, way, legs, measure)
    shapes.append(_note(NOTE))
    return Drawing(
        width=WIDTH, height=_height(), title=f"{way.title}: time, cost and distance",
        description=_told([way]), shapes=tuple(shapes),
    )  # fmt: skip


def tcd_of_comparison(comparison: Comparison, *, most: int = MOST_WAYS) -> Drawing:
    """Return the chart of the first options of a comparison, one line each.

    An option that is another one under a second name (`free`) has no line of its own.
    """
    ways = distinct(comparison.options)
    shown = ways[:most]
    legs = [stretches(way) for way in shown]
    shapes = _title("Ways compared: time, cost and distance", comparison)
    end_km = max((sum(leg.km for leg in own) for own in legs), default=1.0)
    lines = [LINES[k % len(LINES)] for k in range(len(shown))]
    for position, measure in enumerate((TIME, COST)):
        high = max((sum(map(measure.amount, own)) for own in legs), default=1.0)
        panel = _panel(position, end_km, high, top=TOP_BARE)
        shapes += panel.scale_up(measure.name)
        shapes += panel.scale_across("km" if position else "", has_figures=position == 1)
        for own, (colour, dash) in reversed(list(zip(legs, lines, strict=True))):
            points = tuple((panel.x(x), panel.y(y)) for x, y in _corners(own, measure.amount))
            shapes.append(Line(points=points, colour=colour, width=2.2, dash=dash))
        colours = [colour for colour, _ in lines]
        shapes += _numbers(panel, legs, measure, colours)
        shapes += _key(panel, shown, legs, measure, colours)
    left_out = len(ways) - len(shown)
    rest = f" {left_out} more ways are not drawn." if left_out else ""
    shapes.append(
        _note(
            "Expected days and central dollars, which add up over legs; "
            f"in brackets P10 to P90.{rest}",
            TOP_BARE,
        )
    )
    return Drawing(
        width=WIDTH, height=_height(TOP_BARE), title="Ways compared: time, cost and distance",
        description=_told(shown), shapes=tuple(shapes),
    )  # fmt: skip


def distinct(options: Sequence[Itinerary]) -> list[Itinerary]:
    """Return the options that have legs, each way once, the named corridor before `free`."""
    found: list[Itinerary] = []
    for option in sorted(options, key=lambda own: own.corridor == "free"):
        if option.legs and all(option.legs != other.legs for other in found):
            found.append(option)
    return sorted(found, key=list(options).index)


def _height(top: float = TOP) -> float:
    return top + 2 * PANEL_HEIGHT + BETWEEN + 82.0


def _panel(
    position: int, end_km: float, high: float, *, top: float = TOP, room: float = LABEL_ROOM
) -> Panel:
    return Panel(
        left=MARGIN,
        top=top + position * (PANEL_HEIGHT + BETWEEN),
        width=WIDTH - MARGIN - room,
        height=PANEL_HEIGHT,
        x_high=max(end_km, 1.0),
        y_high=max(high, 1e-9) * ROOM_AT_THE_TOP,
    )


def _title(title: str, answer: Plan | Comparison) -> list[Shape]:
    where, what, *_ = heading(answer.request).split("\n")
    room = WIDTH - 2 * 24.0
    return [
        Words(x=24, y=34, text=shortened(title, LARGE, room), size=LARGE, is_bold=True),
        Words(x=24, y=56, text=shortened(f"{where} · {what}", PLAIN, room), size=PLAIN,
              colour=FAINT),
    ]  # fmt: skip


def _legend(legs: Sequence[Stretch]) -> list[Shape]:
    shapes: list[Shape] = []
    x = 24.0
    used = {leg.way for leg in legs}
    for name, colour in COLOURS.items():
        if name not in used:
            continue
        shapes.append(Line(points=((x, 80), (x + 22, 80)), colour=colour, width=4))
        shapes.append(Words(x=x + 28, y=84, text=name, size=PLAIN))
        x += 46 + text_width(name, PLAIN)
    return shapes


def _note(text: str, top: float = TOP) -> Words:
    return Words(x=24, y=_height(top) - 16, text=text, size=SMALL, colour=FAINT)


def _corners(legs: Sequence[Stretch], amount: Callable[[Stretch], float]) -> list[Point]:
    """Return the corners of a climb in its own units."""
    at, so_far = 0.0, 0.0
    corners = [(0.0, 0.0)]
    for leg in legs:
        at, so_far = at + leg.km, so_far + amount(leg)
        corners.append((at, so_far))
    return corners


def _climb(panel: Panel, legs: Sequence[Stretch], measure: _Measure) -> list[Shape]:
    corners = [(panel.x(x), panel.y(y)) for x, y in _corners(legs, measure.amount)]
    shapes: list[Shape] = [
        Line(points=(corners[k], corners[k + 1]), colour=COLOURS.get(leg.way, INK), width=3.2)
        for k, leg in enumerate(legs)
        if corners[k] != corners[k + 1]
    ]
    shapes += _step_names(panel, legs, corners, measure)
    return shapes


def _step_names(
    panel: Panel, legs: Sequence[Stretch], corners: Sequence[Point], measure: _Measure
) -> list[Shape]:
    """Return names beside the large steps, the largest first, where they hide nothing."""
    whole = sum(map(measure.amount, legs))
    steps: dict[tuple[float, str], tuple[float, float, float]] = {}
    for k, leg in enumerate(legs):
        if leg.km > 0.0:
            continue
        (x, low), (_, high) = corners[k], corners[k + 1]
        amount, below, above = steps.get((x, leg.place), (0.0, low, high))
        steps[x, leg.place] = (amount + measure.amount(leg), max(below, low), min(above, high))
    ink = [point for k in range(len(corners) - 1) for point in _dots(corners[k], corners[k + 1])]
    taken: list[tuple[float, float, float, float]] = []
    shapes: list[Shape] = []
    for (x, place), (amount, low, high) in sorted(
        steps.items(), key=lambda item: (-item[1][0], item[0])
    ):
        if amount < LEAST_STEP * whole:
            break
        text = f"{shortened(place, SMALL, 225)} {measure.told(amount)}"
        width = text_width(text, SMALL)
        middle = (low + high) / 2 + 4
        places = [(x - 8 - width, y) for y in (high + 10, middle, high - 2)]
        places += [(x + 8, y) for y in (low + 4, middle, low + 16)]
        for left, y in places:
            box = (left - 2, y - SMALL, left + width + 2, y + 4)
            is_inside = box[0] >= panel.left and box[2] <= WIDTH - 8
            is_inside = is_inside and box[1] >= panel.top - 4 and box[3] <= panel.bottom
            if (
                is_inside
                and not any(_overlap(box, other) for other in taken)
                and not any(box[0] <= px <= box[2] and box[1] <= py <= box[3] for px, py in ink)
            ):
                taken.append(box)
                is_left = left < x
                shapes.append(
                    Words(x=x - 8 if is_left else left, y=y, text=text, size=SMALL,
                          anchor="end" if is_left else "start")
                )  # fmt: skip
                break
    return shapes


def _dots(start: Point, end: Point) -> list[Point]:
    """Return points along a line, at most 3 px apart."""
    count = max(1, int(max(abs(end[0] - start[0]), abs(end[1] - start[1])) / 3))
    return [
        (
            start[0] + (end[0] - start[0]) * k / count,
            start[1] + (end[1] - start[1]) * k / count,
        )
        for k in range(count + 1)
    ]


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _end(panel: Panel, way: Itinerary, legs: Sequence[Stretch], measure: _Measure) -> list[Shape]:
    """Return the dot and the bar where the climb of a plan ends, and its totals to the right."""
    x, y = _corners(legs, measure.amount)[-1]
    at = (panel.x(x), panel.y(y))
    low, high = measure.bounds(way)
    top, bottom = panel.y(high), panel.y(low)
    left, room = panel.right + 20, END_ROOM - 28
    return [
        Box(x=at[0] - 4, y=top, width=8, height=bottom - top, fill=INK, opacity=0.2),
        Dot(x=at[0], y=at[1], radius=4.5, fill=INK),
        Words(x=left, y=at[1] - 2, text=shortened(way.title, PLAIN, room), size=PLAIN,
              is_bold=True),
        Words(x=left, y=at[1] + 13, text=measure.total(way, y), size=SMALL),
    ]  # fmt: skip


def _numbers(
    panel: Panel, legs: Sequence[Sequence[Stretch]], measure: _Measure, colours: Sequence[str]
) -> list[Shape]:
    """Return a numbered dot where each climb ends, moved aside where another one is."""
    taken: list[Point] = []
    shapes: list[Shape] = []
    for number, (own, colour) in enumerate(zip(legs, colours, strict=True), start=1):
        x, y = _corners(own, measure.amount)[-1]
        end = (panel.x(x), panel.y(y))
        aside = ((0, 0), (0, -20), (18, -10), (-18, -10), (18, 10), (-18, 10), (0, 20), (0, -40))
        places = [(end[0] + dx, end[1] + dy) for dx, dy in aside]
        at = next((p for p in places if all(math.dist(p, q) > APART for q in taken)), end)
        taken.append(at)
        if at != end:
            shapes.append(Line(points=(end, at), colour=colour, width=1.5))
        shapes.append(Dot(x=at[0], y=at[1], radius=9, fill=colour))
        shapes.append(_digit(number, at, colour))
    return shapes


def _key(
    panel: Panel, ways: Sequence[Itinerary], legs: Sequence[Sequence[Stretch]],
    measure: _Measure, colours: Sequence[str],
) -> list[Shape]:  # fmt: skip
    """Return what the numbers mean, with the totals, in the order of the comparison."""
    shapes: list[Shape] = []
    left = panel.right + 32
    room = WIDTH - left - 30
    for k, (way, own, colour) in enumerate(zip(ways, legs, colours, strict=True)):
        y = panel.top + 6 + 34 * k
        total = _corners(own, measure.amount)[-1][1]
        shapes += [
            Dot(x=left, y=y, radius=9, fill=colour),
            _digit(k + 1, (left, y), colour),
            Words(x=left + 18, y=y - 1, text=shortened(way.title, PLAIN, room), size=PLAIN,
                  is_bold=True),
            Words(x=left + 18, y=y + 13, text=measure.total(way, total), size=SMALL),
        ]  # fmt: skip
    return shapes


def _digit(number: int, at: Point, colour: str) -> Words:
    ink = INK if colour in (ORANGE, SKY, PURPLE) else PAPER
    return Words(
        x=at[0], y=at[1] + 4, text=str(number), size=SMALL, anchor="middle", colour=ink,
        is_bold=True,
    )  # fmt: skip


def _told(ways: Sequence[Itinerary]) -> str:
    """Return the figures in words, for those who cannot see the picture."""
    return "; ".join(
        f"{way.title}: {way.distance_km:,.0f} km, {days(way.lead_time_h.p50)} days "
        f"({days_range(way.lead_time_h)}), {tens(way.cost_usd.central)} USD"
        + (
            f", {percent(way.probability_by_deadline)} by the deadline"
            if way.probability_by_deadline is not None
            else ""
        )
        for way in ways
    )
