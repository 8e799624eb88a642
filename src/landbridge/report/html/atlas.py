"""The maps of an answer, and each of its ways in full."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from landbridge.domain.itinerary import Itinerary
from landbridge.domain.network import Passage
from landbridge.domain.request import Request
from landbridge.report.html.bars import strip_legend
from landbridge.report.html.maps import LEAST_ASPECT, MARKS, Drawing, Window, draw
from landbridge.report.html.markup import Html, join, tag
from landbridge.report.html.stops import stops_of
from landbridge.report.html.summary import badge
from landbridge.report.html.ways import countries_of, way

NEAR_SHARE = 0.62
"""A nearer map is drawn where origin and destination take less than this of the whole."""
NEAR_MARGIN = 0.25
LEAST_STRAIGHT_SHARE = 0.005
WAY_PX, WAY_ASPECT = 760, 1.9
LINE_WORDS = {
    "sea": "ship",
    "rail": "train",
    "road": "truck",
    "iww": "barge",
    "ferry": "rail or road ferry",
}
MARK_WORDS = {
    "passage": "passage",
    "border": "frontier",
    "gauge": "change of gauge",
    "terminal": "terminal",
}
SEVERAL = (
    "Colours and numbers are those of the table; ways that share a stretch lie on one another. "
)
READING = (
    "Lead time runs from cargo ready at the door to cargo delivered, waiting, handling and papers "
    "included: half of consignments are faster than P50, one in ten faster than P10, nine in ten "
    "faster than P90. Cost is that of the whole consignment; low and high say what is not known, "
    "not haggling. CO2e is well to wheel, as in ISO 14083. Generalized cost is money plus time and "
    "carbon valued in money. These are the figures of a model with ranges, not quotations; "
    "capacity is not checked."
)


def maps(drawing: Drawing, request: Request, passages: Mapping[str, Passage]) -> Html:
    """Return the map of all ways, a nearer one where they spread wide, and what lines mean."""
    options = drawing.options
    every = range(len(options))
    stops = stops_of(request, options, passages)
    ends = f"{request.origin.name} to {request.destination.name}"
    windows = [(drawing.whole, f"{'All ways' if len(options) > 1 else 'The way'} from {ends}")]
    near = _near(drawing, request)
    if near is not None:
        windows.append((near, "The same between the two ends, from nearer"))
    figures = [
        tag(
            "figure",
            tag(
                "div",
                draw(
                    drawing, window, shown=every[::-1], numbers=every, stops=stops,
                    countries=countries_of(options), caption=caption,
                ),
                class_="frame",
            ),
            tag("figcaption", f"{caption}."),
        )
        for window, caption in windows
    ]  # fmt: skip
    titles = tag(
        "ol",
        *(
            tag(
                "li", badge(number), " ", tag("a", option.title, href=f"#option-{number}"),
                data_option=number,
            )
            for number, option in zip(drawing.numbers, options, strict=True)
        ),
        class_="ways-legend",
    )  # fmt: skip
    return join(
        (*figures, titles, _line_legend(options, {stop.kind for stop in stops}), _straight(options))
    )


def _near(drawing: Drawing, request: Request) -> Window | None:
    """Return the window around origin and destination, if it is much smaller than the whole."""
    ends = [drawing.at(place.lon, place.lat) for place in (request.origin, request.destination)]
    low, high = ([pick(end[axis] for end in ends) for axis in (0, 1)] for pick in (min, max))
    spread = max(high[0] - low[0], high[1] - low[1]) * NEAR_MARGIN
    corners = [[low[0] - spread, low[1] - spread / 2], [high[0] + spread, high[1] + spread / 2]]
    window = drawing.around(np.array(corners), shown_px=drawing.whole.shown_px, aspect=LEAST_ASPECT)
    return window if window.width < NEAR_SHARE * drawing.whole.width else None


def ways(drawing: Drawing, request: Request, passages: Mapping[str, Passage]) -> Html:
    """Return the section of each way, with its own map."""
    names = {key: row.name for key, row in passages.items()}
    parts: list[object] = [tag("p", READING, class_="note"), strip_legend(drawing.options)]
    for n, (number, option) in enumerate(zip(drawing.numbers, drawing.options, strict=True)):
        own, at = drawing, n
        if drawing.cut[n]:
            own, at = Drawing([option], [number], key=f"-{number}-"), 0
            parts.append(own.definitions())
        points = own.points(at)
        window = (
            own.around(points, shown_px=WAY_PX, aspect=WAY_ASPECT) if len(points) else own.whole
        )
        drawn = draw(
            own, window, shown=[at], numbers=[], stops=stops_of(request, [option], passages),
            countries=option.countries, caption=f"Map of {option.title}",
        )  # fmt: skip
        parts.append(way(option, number=number, drawn=drawn, passages=names))
    parts.append(
        tag(
            "p",
            "Days are P10/P50/P90 of each leg; they do not add up to those of the whole, since not "
            "all goes wrong (or right) at once.",
            class_="note",
        )
    )
    return join(parts)


def _line_legend(options: Iterable[Itinerary], kinds: Collection[str]) -> Html:
    """Return what the kinds of lines and marks mean, those used only."""
    modes = {leg.mode for o in options for leg in o.legs if leg.kind in {"haul", "drayage"}}
    lines = [
        tag(
            "span",
            Html(f'<svg viewBox="0 0 40 8"><path class="way m-{mode}" d="M1 4h38"/></svg>'),
            words,
        )
        for mode, words in LINE_WORDS.items()
        if mode in modes
    ]
    marks = [
        tag(
            "span",
            Html(
                f'<svg viewBox="-6 -6 12 12" class="key"><g class="mark {kind}">{MARKS[kind]}</g>'
                "</svg>"
            ),
            words,
        )
        for kind, words in MARK_WORDS.items()
        if kind in kinds
    ]
    return tag("p", *lines, *marks, class_="legend")


def _straight(options: Sequence[Itinerary]) -> Html:
    land = [leg for o in options for leg in o.legs if leg.mode in {"rail", "road", "iww"}]
    km = sum(leg.distance_km for leg in land)
    chord_km = sum(leg.chord_km for leg in land)
    share = min(chord_km / km, 1.0) if km else 0.0
    straight = (
        f"{share:.0%} of the length on land is drawn straight, where the source keeps no shape; "
        "the lengths are true. "
        if share >= LEAST_STRAIGHT_SHARE
        else ""
    )
    return tag(
        "p",
        SEVERAL if len(options) > 1 else "",
        "Line styles tell the mode. ",
        straight,
        class_="note",
    )
