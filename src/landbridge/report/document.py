"""The HTML document: one self-contained file that opens with no server and prints well.

`render` writes a comparison or a plan; `page` is the frame alone, for any other report.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from landbridge.domain.itinerary import Itinerary, Plan
from landbridge.domain.network import Passage
from landbridge.report.basis import Basis
from landbridge.report.compare import Comparison, infeasible
from landbridge.report.html.bars import strip_legend
from landbridge.report.html.evidence import (
    flag_section,
    licence_section,
    parameter_section,
    provenance_section,
    source_section,
)
from landbridge.report.html.maps import LEAST_ASPECT, MARKS, Drawing, Window, draw
from landbridge.report.html.markup import Html, join, name, tag, text
from landbridge.report.html.stops import stops_of
from landbridge.report.html.summary import (
    answer,
    badge,
    options_table,
    place_text,
    question,
    way_of,
)
from landbridge.report.html.ways import countries_of, way
from landbridge.scenarios.case import Case

PARTS = Path(__file__).with_name("html")
COLOURS = 16
"""Colours told apart; further ways begin again."""
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
CHART_TITLES = {
    "tcd": "Time, cost and distance",
    "tornado": "What moves lead time and cost most",
}
MARK_WORDS = {
    "passage": "passage",
    "border": "frontier",
    "gauge": "change of gauge",
    "terminal": "terminal",
}
READING = (
    "Lead time runs from cargo ready at the door to cargo delivered, waiting, handling and papers "
    "included: half of consignments are faster than P50, one in ten faster than P10, nine in ten "
    "faster than P90. Cost is that of the whole consignment; low and high say what is not known, "
    "not haggling. CO2e is well to wheel, as in ISO 14083. Generalized cost is money plus time and "
    "carbon valued in money. These are the figures of a model with ranges, not quotations; "
    "capacity is not checked."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture for the document: its title, SVG markup without prolog, and what it shows."""

    title: str
    svg: str
    note: str = ""


def render(
    given: Comparison | Plan, *, case: Case | None = None, charts: Sequence[Chart] | None = None
) -> str:
    """Return a comparison or plan as one HTML document.

    Parameters
    ----------
    given
        The answer, made `with_shapes`; without shapes the ways are drawn as straight lines.
    case
        The case that the answer came from, for the parameters, passages and names behind the
        figures; None leaves them out of the document, but for their names.
    charts
        Pictures to show; None draws time-cost-distance and what moves the figures, where the case
        is given.

    Returns
    -------
    str
        The document: deterministic, all names and texts escaped, nothing loaded from elsewhere.
    """
    comparison = _as_comparison(given, case)
    options, request = comparison.options, comparison.request
    passages = {row.id: row for row in case.dataset.passages} if case else {}
    parameters = case.parameters if case else None
    colours = _colours(options)
    drawn = [option for option in options if option.legs]
    if charts is None:
        charts = _charts(given, case) if case else ()
    body: list[object] = [
        tag("section", answer(comparison), class_="answer", id="answer"),
    ]
    sections: list[tuple[str, str, Html]] = []
    drawing = Drawing(options) if drawn else None
    if drawing is not None:
        body.append(drawing.definitions(colours))
        sections.append(("map", "Map", _maps(comparison, drawing, colours, passages)))
        sections.append(("compared", _compared(given), options_table(comparison, colours)))
    if charts:
        sections.append(("charts", "Charts", join(map(_chart, charts))))
    if drawing is not None:
        names = {key: row.name for key, row in passages.items()}
        sections.append(
            ("ways", _ways_title(drawn), _ways(comparison, drawing, colours, passages, names))
        )
        subjects = names | _names(drawn)
        sections.append(("flags", "Warnings", flag_section(options, request, subjects)))
        sections.append(
            ("evidence", "Evidence", parameter_section(options, parameters, comparison.basis))
        )
        sections.append(("sources", "Sources", source_section(options, parameters)))
    sections.append(("provenance", "Provenance", provenance_section(comparison.provenance)))
    sections.append(("licences", "Licences and credits", licence_section()))
    body.append(tag("nav", *(tag("a", title, href=f"#{id_}") for id_, title, _ in sections)))
    body += [tag("section", tag("h2", title), content, id=id_) for id_, title, content in sections]
    ends = (request.origin, request.destination)
    return page(
        f"{request.origin.name} → {request.destination.name}",
        join(body),
        heading=join((place_text(place.name, place.country) for place in ends), " → "),
        kicker="Freight corridors compared" if isinstance(given, Comparison) else "Freight plan",
        lead=question(request),
    )


def page(title: str, body: str, *, heading: str = "", kicker: str = "", lead: str = "") -> str:
    """Return a whole HTML document around a body.

    Parameters
    ----------
    title
        Plain text: the window's title, and the heading where none is given.
    body, heading, lead
        Markup: what they hold from outside must be escaped already.
    kicker
        Plain text above the heading.
    """
    style, script = _part("page.css"), _part("page.js")
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    header = tag(
        "header",
        tag("p", tag("b", "Landbridge"), f" · {kicker}" if kicker else "", class_="kicker"),
        tag("h1", Html(heading) if heading else name(title)),
        Html(lead),
    )
    footer = tag(
        "footer",
        "Made with Landbridge. A screen, not legal advice. © OpenStreetMap contributors (ODbL); "
        "place names © GeoNames (CC BY 4.0); made with Natural Earth.",
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{text(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"{header}\n<main>\n{body}\n</main>\n{footer}\n<script>{script}</script>\n</body>\n</html>\n"
    )


@cache
def _part(file: str) -> str:
    return (PARTS / file).read_text(encoding="utf-8")


def _as_comparison(given: Comparison | Plan, case: Case | None) -> Comparison:
    if isinstance(given, Comparison):
        return given
    basis = Basis()
    if case is not None:
        from landbridge.report.ask import basis_for

        basis = basis_for(case, given.itineraries, request=given.request)
    several = len(given.itineraries) > 1
    numbered = tuple(
        replace(one, title=f"{one.title} ({number})") if several else one
        for number, one in enumerate(given.itineraries, start=1)
    )
    return Comparison(
        request=given.request,
        options=numbered or (infeasible(given),),
        not_applicable=(),
        provenance=given.provenance,
        basis=basis,
    )


def _charts(given: Comparison | Plan, case: Case) -> Sequence[Chart]:
    """Return the charts of an answer whose legs still know what they are made of."""
    options = given.options if isinstance(given, Comparison) else given.itineraries
    if not any(leg.arcs for option in options for leg in option.legs):
        return ()
    from landbridge.report.charts.drawing import to_svg
    from landbridge.report.pictures import CHARTS, chart_of_comparison, chart_of_plan

    drawings = (
        chart_of_comparison(kind, given, case)
        if isinstance(given, Comparison)
        else chart_of_plan(kind, given, case)
        for kind in CHARTS
    )
    return [
        Chart(title=CHART_TITLES[kind], svg=to_svg(drawing), note=drawing.description)
        for kind, drawing in zip(CHARTS, drawings, strict=True)
    ]


def _compared(given: Comparison | Plan) -> str:
    return "Side by side" if isinstance(given, Comparison) else "In figures"


def _ways_title(drawn: Sequence[Itinerary]) -> str:
    return "The way, leg by leg" if len(drawn) == 1 else "Each way, leg by leg"


def _colours(options: Iterable[Itinerary]) -> list[int]:
    """Return the colour class of each option; those that go the same way share one."""
    seen: dict[tuple[object, ...], int] = {}
    return [seen.setdefault(way_of(option), len(seen)) % COLOURS + 1 for option in options]


def _names(options: Iterable[Itinerary]) -> dict[str, str]:
    """Return the names of all places touched, by id."""
    return {
        place.id: place.name
        for option in options
        for leg in option.legs
        for place in (leg.origin, leg.destination)
    }


def _maps(
    comparison: Comparison, drawing: Drawing, colours: Sequence[int],
    passages: dict[str, Passage],
) -> Html:  # fmt: skip
    """Return the map of all ways, a nearer one where they spread wide, and what lines mean."""
    options, request = comparison.options, comparison.request
    shown = [n for n, option in enumerate(options) if option.legs]
    first = [n for n in shown if colours.index(colours[n]) == n or len(set(colours)) >= COLOURS]
    stops = stops_of(request, [options[n] for n in shown], passages)
    ends = f"{request.origin.name} to {request.destination.name}"
    windows = [(drawing.whole, f"All ways from {ends}")]
    near = _near(drawing, comparison)
    if near is not None:
        windows.append((near, "The same between the two ends, from nearer"))
    figures = [
        tag(
            "figure",
            tag(
                "div",
                draw(
                    drawing, window, shown=shown[::-1], numbers=first, stops=stops,
                    countries=countries_of(options[n] for n in shown), caption=caption,
                    colours=colours,
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
                "li",
                badge(n + 1, colours[n]),
                " ",
                tag("a", options[n].title, href=f"#option-{n + 1}"),
                data_option=n + 1,
            )
            for n in shown
        ),
        class_="ways-legend",
    )
    return join(
        (*figures, titles, _line_legend(options, {stop.kind for stop in stops}), _straight(options))
    )


def _near(drawing: Drawing, comparison: Comparison) -> Window | None:
    """Return the window around origin and destination, if it is much smaller than the whole."""
    ends = [
        drawing.at(place.lon, place.lat)
        for place in (comparison.request.origin, comparison.request.destination)
    ]
    low, high = ([pick(end[axis] for end in ends) for axis in (0, 1)] for pick in (min, max))
    spread = max(high[0] - low[0], high[1] - low[1]) * NEAR_MARGIN
    corners = [[low[0] - spread, low[1] - spread / 2], [high[0] + spread, high[1] + spread / 2]]
    window = drawing.around(np.array(corners), shown_px=drawing.whole.shown_px, aspect=LEAST_ASPECT)
    return window if window.width < NEAR_SHARE * drawing.whole.width else None


def _ways(
    comparison: Comparison, drawing: Drawing, colours: Sequence[int],
    passages: dict[str, Passage], names: dict[str, str],
) -> Html:  # fmt: skip
    """Return the section of each option, with its own map."""
    options = comparison.options
    parts: list[object] = [tag("p", READING, class_="note"), strip_legend(options)]
    told: dict[tuple[object, ...], int] = {}
    for n, option in enumerate(options):
        if not option.legs:
            continue
        twin = told.setdefault(way_of(option), n)
        if twin != n:
            parts.append(
                tag(
                    "section",
                    tag("h3", badge(n + 1, colours[n]), option.title, id=f"option-{n + 1}"),
                    tag(
                        "p",
                        "The same way as ",
                        tag("a", options[twin].title, href=f"#option-{twin + 1}"),
                        ".",
                        class_="note",
                    ),
                    class_="way",
                )
            )
            continue
        own, at = drawing, n
        if drawing.cut[n]:
            own, at = Drawing([option], key=f"-{n + 1}-"), 0
            parts.append(own.definitions(colours[n : n + 1]))
        points = own.points(at)
        window = (
            own.around(points, shown_px=WAY_PX, aspect=WAY_ASPECT) if len(points) else own.whole
        )
        drawn = draw(
            own, window, shown=[at], numbers=[],
            stops=stops_of(comparison.request, [option], passages),
            countries=option.countries, caption=f"Map of {option.title}", colours=colours,
        )  # fmt: skip
        parts.append(way(option, number=n + 1, colour=colours[n], drawn=drawn, passages=names))
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
        "Colours and numbers are those of the table, line styles tell the mode. "
        f"{straight}Ways that share a stretch lie on one another.",
        class_="note",
    )


def _chart(chart: Chart) -> Html:
    return tag(
        "figure",
        tag("h3", chart.title),
        tag("div", Html(chart.svg), class_="frame chart"),
        tag("figcaption", chart.note) if chart.note else "",
    )
