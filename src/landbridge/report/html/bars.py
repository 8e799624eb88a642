"""Small drawings inside tables: a range on a common scale, and where the days of a way go."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from landbridge.domain.itinerary import Itinerary, Leg
from landbridge.report.figures import days
from landbridge.report.html.markup import Html, join, tag, text

TICK_SHARE = 1.4
SCALE_ROOM = 1.03
LEAST_SHARE = 0.001
LABEL_SHARE = 0.09
"""A stretch at least this long, of the whole strip, carries its name."""
STRETCHES = {
    "sea": "sea",
    "rail": "rail",
    "road": "road",
    "iww": "inland waterway",
    "ferry": "ferry",
    "stand": "terminals: waiting, handling, papers",
    "border": "frontiers",
}
"""What the stretches of a strip are called."""


def range_bar(low: float, central: float, high: float, *, most: float) -> Html:
    """Return a bar from low to high with a tick at the middle, on a scale from 0 to `most`."""
    if math.isnan(central) or most <= 0.0:
        return Html("")
    per = 100.0 / (most * SCALE_ROOM)
    left, tick, right = (max(value, 0.0) * per for value in (low, central, high))
    width, start = max(right - left, 0.4), max(tick - TICK_SHARE / 2, 0.0)
    return Html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="axis" y="3.6" width="100" height=".8"/>'
        f'<rect class="range" x="{left:.1f}" y="1.5" width="{width:.1f}" height="5"/>'
        f'<rect class="tick" x="{start:.1f}" width="{TICK_SHARE}" height="8"/>'
        "</svg>"
    )


def most_of(values: Iterable[float]) -> float:
    """Return the largest known value, 0 if there is none."""
    return max((value for value in values if not math.isnan(value)), default=0.0)


def stretch_of(leg: Leg) -> str:
    """Return which stretch of a strip a leg belongs to."""
    if leg.kind == "border":
        return "border"
    if leg.kind in {"haul", "drayage"}:
        return leg.mode
    return "stand"


def strip(option: Itinerary) -> Html:
    """Return a way as one strip, each leg as long as its median time."""
    whole = sum(leg.time_h.p50 for leg in option.legs)
    if not whole > 0.0:
        return Html("")
    pieces = []
    for leg in option.legs:
        share = leg.time_h.p50 / whole
        if share < LEAST_SHARE:
            continue
        kind = stretch_of(leg)
        said = f"{leg.origin.name} - {leg.destination.name}"
        if leg.origin.name == leg.destination.name:
            said = leg.origin.name
        shown = text(days(leg.time_h.p50) if share >= LABEL_SHARE / 2 else "")
        if share >= LABEL_SHARE:
            shown = join((tag("em", f"{SHORT.get(kind, kind)} "), shown))
        pieces.append(
            tag(
                "span", shown, class_=f"s-{kind}", style=f"flex-grow:{share * 1000:.0f}",
                title=f"{said}: {STRETCHES.get(kind, kind)}, {days(leg.time_h.p50)} days",
            )
        )  # fmt: skip
    return tag("div", *pieces, class_="strip")


SHORT = {"stand": "terminal", "border": "frontier", "iww": "river"}


def strip_legend(options: Sequence[Itinerary]) -> Html:
    """Return what the colours of the strips mean."""
    used = {stretch_of(leg) for option in options for leg in option.legs if leg.time_h.p50 > 0.0}
    return tag(
        "p",
        *(
            tag("span", tag("i", class_=f"swatch s-{kind}"), name)
            for kind, name in STRETCHES.items()
            if kind in used
        ),
        class_="legend",
    )
