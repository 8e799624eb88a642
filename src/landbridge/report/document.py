"""The HTML document: one self-contained file that opens with no server and prints well.

`render` writes a comparison or a plan; `page` is the frame alone, for any other report.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from landbridge.domain.itinerary import Itinerary, Plan
from landbridge.domain.network import Passage
from landbridge.domain.request import Request
from landbridge.report.basis import Basis
from landbridge.report.compare import Comparison, infeasible
from landbridge.report.html.atlas import maps, ways
from landbridge.report.html.evidence import (
    flag_section,
    licence_section,
    parameter_section,
    provenance_section,
    source_section,
)
from landbridge.report.html.maps import Drawing
from landbridge.report.html.markup import Html, join, name, tag, text
from landbridge.report.html.summary import (
    answer,
    blockers,
    numbers_of,
    options_table,
    place_text,
    question,
)
from landbridge.scenarios.case import Case

PARTS = Path(__file__).with_name("html")
CHART_TITLES = {
    "tcd": "Time, cost and distance",
    "tornado": "What moves lead time and cost most",
}
CHART_NOTES = {
    "tcd": "Distance across, days and dollars so far upwards: a steep stretch is slow or dear, a "
    "step is a stop. Expected days and central dollars, which add up over the legs. Numbers are "
    "those of the table.",
    "tornado": "How far each parameter alone moves the total, between its low and its high; at the "
    "right its share of the spread.",
}


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
    numbers = numbers_of(options)
    ways_drawn = {n: o for n, o in reversed([*zip(numbers, options, strict=True)]) if o.legs}
    if charts is None:
        charts = _charts(given, case) if case else ()
    body: list[object] = [tag("section", answer(comparison), class_="answer", id="answer")]
    sections: list[tuple[str, str, Html]] = []
    if ways_drawn:
        drawing = Drawing([ways_drawn[n] for n in sorted(ways_drawn)], sorted(ways_drawn))
        body.append(drawing.definitions())
        sections = [
            ("map", "Map", maps(drawing, request, passages)),
            ("compared", _compared(given), options_table(comparison)),
            *([("charts", "Charts", join(map(_chart, charts)))] if charts else []),
            ("ways", _ways_title(ways_drawn), ways(drawing, request, passages)),
            ("flags", "Warnings", flag_section(options, request, _names(options, passages))),
            ("evidence", "Evidence", parameter_section(options, parameters, comparison.basis)),
            ("sources", "Sources", source_section(options, parameters)),
        ]
    else:
        sections.append(("why", "Why not", blockers(comparison)))
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
    """Return the answer as a comparison, with what the options shown rest on.

    Corridors without a row do not count: the document lists every parameter that it counts.
    """
    if isinstance(given, Comparison):
        if case is None:
            return given
        return replace(given, basis=_basis(case, given.options, given.request))
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
        basis=_basis(case, numbered, given.request) if case else Basis(),
    )


def _basis(case: Case, options: Iterable[Itinerary], request: Request) -> Basis:
    from landbridge.report.ask import basis_for

    return basis_for(case, [option for option in options if option.legs], request=request)


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
        Chart(title=CHART_TITLES[kind], svg=to_svg(drawing), note=CHART_NOTES[kind])
        for kind, drawing in zip(CHARTS, drawings, strict=True)
    ]


def _compared(given: Comparison | Plan) -> str:
    return "Side by side" if isinstance(given, Comparison) else "In figures"


def _ways_title(drawn: Collection[int]) -> str:
    return "The way, leg by leg" if len(drawn) == 1 else "Each way, leg by leg"


def _names(options: Iterable[Itinerary], passages: Mapping[str, Passage]) -> dict[str, str]:
    """Return the names of all places and passages touched, by id."""
    names = {key: row.name for key, row in passages.items()}
    for option in options:
        for leg in option.legs:
            names |= {place.id: place.name for place in (leg.origin, leg.destination)}
    return names


def _chart(chart: Chart) -> Html:
    return tag(
        "figure",
        tag("h3", chart.title),
        tag("div", Html(chart.svg), class_="frame chart"),
        tag("figcaption", chart.note) if chart.note else "",
    )
