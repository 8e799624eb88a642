"""Which picture answers what: the charts of a plan and of a comparison, as SVG text or PNG."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from landbridge.domain.itinerary import Itinerary, Plan
from landbridge.domain.request import Request
from landbridge.errors import RequestError
from landbridge.models.pricing import pricing_of
from landbridge.montecarlo.sensitivity import Sensitivity, sensitivity
from landbridge.report.chances import draws_of
from landbridge.report.charts.drawing import FAINT, Drawing, Words, to_svg
from landbridge.report.charts.tcd import distinct, tcd_of_comparison, tcd_of_plan
from landbridge.report.charts.tornado import tornado
from landbridge.report.compare import Comparison, why_blocked
from landbridge.report.tables import heading
from landbridge.scenarios.case import Case

CHARTS = ("tcd", "tornado")
SUFFIXES = (".svg", ".png")
MOST_TORNADOES = 3
"""Options of a comparison whose parameters are ranked."""


def checked_suffix(path: str | None) -> str:
    """Return `.svg` or `.png` by the file's name; `.svg` where there is no file.

    Raises
    ------
    RequestError
        If the name ends otherwise.
    """
    if path is None:
        return ".svg"
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise RequestError(
            f"'{path}' ends in neither .svg nor .png", where="-o", hint="a chart is one of the two"
        )
    return suffix


def chart_of_plan(kind: str, plan: Plan, case: Case) -> Drawing:
    """Return the chart `kind` (tcd, tornado) of a plan's first itinerary."""
    if not plan.itineraries:
        return _nothing(plan.request, f"{plan.title}: {why_blocked(plan.blockers)}.")
    if kind == "tcd":
        return tcd_of_plan(plan)
    return tornado(sensitivities(case, plan.request, plan.itineraries[:1]), plan.request)


def chart_of_comparison(kind: str, comparison: Comparison, case: Case) -> Drawing:
    """Return the chart `kind` of a comparison's first options."""
    ways = distinct(comparison.options)
    if not ways:
        reasons = (why_blocked(option.blockers) for option in comparison.options)
        return _nothing(comparison.request, f"No way through: {next(reasons, '')}.")
    if kind == "tcd":
        return tcd_of_comparison(comparison)
    found = sensitivities(case, comparison.request, ways[:MOST_TORNADOES])
    return tornado(found, comparison.request)


def sensitivities(
    case: Case, request: Request, itineraries: tuple[Itinerary, ...] | list[Itinerary]
) -> list[Sensitivity]:
    """Return what moves lead time and cost of each itinerary; see `montecarlo.sensitivity`."""
    pricing = pricing_of(case.parameters, request, request.origin.country)
    draws = draws_of(request, pricing)
    return [sensitivity(pricing, itinerary, draws) for itinerary in itineraries]


def rendered(drawing: Drawing, suffix: str) -> str | bytes:
    """Return the drawing as SVG text, or as PNG where the suffix is `.png`."""
    if suffix == ".svg":
        return to_svg(drawing)
    from landbridge.report.charts.png import to_png

    return to_png(drawing)


def charter(kind: str, path: str | None) -> Callable[[Drawing], str | bytes]:
    """Return what renders a drawing for this file; refuse a wrong name before any work."""
    suffix = checked_suffix(path)
    if kind not in CHARTS:
        raise RequestError(f"no chart '{kind}'", where="--chart", hint=" or ".join(CHARTS))
    return lambda drawing: rendered(drawing, suffix)


def _nothing(request: Request, text: str) -> Drawing:
    where, what, *_ = heading(request).split("\n")
    return Drawing(
        width=900, height=110, title="No way through", description=text,
        shapes=(
            Words(x=24, y=34, text=where, size=17, is_bold=True),
            Words(x=24, y=56, text=what, colour=FAINT),
            Words(x=24, y=86, text=text),
        ),
    )  # fmt: skip
