"""The answer in one paragraph, and the ways side by side in one table."""

from __future__ import annotations

import math
from collections.abc import Sequence

from landbridge.domain.itinerary import Itinerary
from landbridge.domain.request import Request, Scope
from landbridge.report.chances import faster_line
from landbridge.report.compare import NEVER_BEST, STATUS_RANK, Comparison, why_blocked
from landbridge.report.figures import (
    UNKNOWN,
    Scale,
    days,
    days_range,
    percent,
    tens,
    whole,
)
from landbridge.report.flags import SEVERITY_RANK, abbreviate, legend
from landbridge.report.html.bars import most_of, range_bar
from landbridge.report.html.markup import Html, dashed, join, name, prose, table, tag
from landbridge.report.tables import KG, USD, absent

COLOURS = 16
"""Colours told apart; further ways begin again."""
OBJECTIVES = {
    "time": "least time",
    "cost": "least cost",
    "emissions": "least CO2e",
    "distance": "least distance",
    "generalized": "least generalized cost (money, with time and carbon valued in money)",
}
FLAG_WORDS = {
    "sanctions": "sanctions measures",
    "war_risk": "a war-risk area",
    "event": "dated events",
    "planned_link": "a link not yet open",
    "draught": "a draught limit",
}
"""What is said of a kind of flag in the answer's paragraph."""


def place_text(place_name: str, country: str) -> Html:
    """Return a name with its country's code."""
    return join((name(place_name), f", {country}")) if country else name(place_name)


def question(request: Request) -> Html:
    """Return the question: what, when, how far, and under which limits."""
    cargo = request.consignment
    scope = "door to door" if request.scope is Scope.DOOR else "terminal to terminal"
    parts: list[object] = [
        f"{cargo.units} × {cargo.unit}",
        f"{cargo.cargo_mass_t:,.6g} t of {cargo.goods} goods",
        f"ready {request.depart}" + ("" if request.is_depart_given else " (reference date)"),
        scope,
        f"searched for {OBJECTIVES[request.objective.value]}",
    ]
    if cargo.value_usd is not None:
        parts.append(f"cargo worth {whole(cargo.value_usd)} USD")
    if request.deadline is not None:
        parts.append(f"to arrive by {request.deadline}")
    if request.via:
        parts.append(join(("by way of ", join((name(p.name) for p in request.via), ", "))))
    if request.avoid:
        parts.append(f"not by {', '.join(request.avoid)}")
    every = type(request.modes[0]) if request.modes else ()
    if request.modes and len(request.modes) < len(list(every)):
        parts.append("only by " + ", ".join(mode.value for mode in request.modes))
    for word, given in (
        ("operator", request.operator), ("flag", request.flag), ("vessel", request.vessel),
    ):  # fmt: skip
        if given:
            parts.append(join((f"{word} ", name(given))))
    return tag("p", join(parts, " · "), class_="question")


def answer(comparison: Comparison) -> Html:
    """Return the answer in one paragraph, or why there is none; what a scenario changed first."""
    changed = comparison.provenance.scenario_line()
    return join((tag("p", changed, class_="scenario") if changed else "", _answer(comparison)))


def _answer(comparison: Comparison) -> Html:
    ways = unlike(comparison.options)
    if not ways:
        reasons = dict.fromkeys(why_blocked(o.blockers, but=o.title) for o in comparison.options)
        return prose(*(f"No way through: {reason}." for reason in reasons))
    judged = [way for way in ways if way.status not in NEVER_BEST]
    sentences: list[object] = []
    rests = tag(
        "p",
        " ".join(
            line
            for line in (
                comparison.provenance.scenario_line(),
                comparison.basis.line(),
                comparison.provenance.carried_line(),
            )
            if line
        ),
        class_="note",
    )
    if not judged:
        whom = ", ".join(comparison.request.jurisdictions)
        barred = prose(
            f"No way is open as asked: {_all_of(len(ways))} prohibited"
            f"{f' for {whom}' if whom else ''} or closed. None is ranked; what each would take "
            "stands below for the record, and the reasons under Warnings."
        )
        return join((barred, rests))
    best = min(judged, key=lambda o: (STATUS_RANK[o.status], o.generalized_cost_usd))
    if len(ways) > 1:
        sentences.append(
            join((
                f"Of {len(judged)} ways compared{_but(len(ways) - len(judged))}, ", _strong(best),
                " comes out best when time and carbon are counted in money: ",
                _figures(best), ".",
            ))
        )  # fmt: skip
        sentences += _others(comparison, best, judged)
    else:
        sentences.append(join(("By ", _strong(best), ": ", _figures(best), ".")))
    if best.probability_by_deadline is not None:
        chance = percent(best.probability_by_deadline)
        sentences.append(f"The chance to arrive by {comparison.request.deadline} is {chance}.")
    sentences.append(_warnings(best, ways, comparison.request))
    return join((prose(*sentences), rests))


def _but(barred: int) -> str:
    return (
        f" ({barred} more {'is' if barred == 1 else 'are'} prohibited or closed)" if barred else ""
    )


def _all_of(count: int) -> str:
    return "the one found is" if count == 1 else f"all {count} found are"


def unlike(options: Sequence[Itinerary]) -> list[Itinerary]:
    """Return the options with a way, those that go the same way only once."""
    seen: dict[tuple[object, ...], Itinerary] = {}
    for option in options:
        if option.legs:
            seen.setdefault(way_of(option), option)
    return list(seen.values())


def way_of(option: Itinerary) -> tuple[object, ...]:
    """Return what tells two ways apart."""
    return tuple(
        (leg.kind, leg.mode, leg.origin.id, leg.destination.id, leg.service, leg.distance_km)
        for leg in option.legs
    )


def _strong(option: Itinerary) -> Html:
    return tag("strong", option.title)


def _figures(way: Itinerary) -> Html:
    usd, kg = way.cost_usd, way.emissions_wtw_kgco2e
    return join((
        tag("b", f"{days(way.lead_time_h.p50)} days"),
        f" in the median (P10 to P90: {days_range(way.lead_time_h).replace('-', ' to ')}), ",
        tag("b", f"{tens(usd.central)} USD"), f" ({tens(usd.low)} to {tens(usd.high)}) and ",
        tag("b", f"{tens(kg.central)} kg CO2e"), f" over {whole(way.distance_km)} km",
    ))  # fmt: skip


def _others(comparison: Comparison, best: Itinerary, judged: Sequence[Itinerary]) -> list[object]:
    """Return what is faster, cheaper or cleaner than the best, and by how much."""
    fastest = min(judged, key=lambda o: o.lead_time_h.p50)
    cheapest = min(judged, key=lambda o: o.cost_usd.central)
    cleanest = min(judged, key=lambda o: o.emissions_wtw_kgco2e.central)
    also = [
        word
        for word, way in (
            ("the fastest", fastest), ("the cheapest", cheapest), ("the lowest in CO2e", cleanest),
        )
        if way is best
    ]  # fmt: skip
    said: list[object] = []
    if also:
        said.append(f"It is also {_and(also)}.")
    if fastest is not best:
        sooner_h = best.lead_time_h.p50 - fastest.lead_time_h.p50
        said.append(
            join((
                "The fastest is ", _strong(fastest),
                f": {days(fastest.lead_time_h.p50)} days, {days(sooner_h)} sooner, ",
                f"for {_more(fastest, best)}.",
            ))
        )  # fmt: skip
        chance = _chance_faster(comparison, fastest, best)
        if not math.isnan(chance):
            said.append(
                f"With the same luck for both, it arrives first in {percent(chance)} of cases."
            )
    if cheapest is not best:
        less = best.cost_usd.central - cheapest.cost_usd.central
        later_h = cheapest.lead_time_h.p50 - best.lead_time_h.p50
        when = f"{days(abs(later_h))} days {'later' if later_h >= 0 else 'sooner'}"
        said.append(
            join((
                "The cheapest is ", _strong(cheapest),
                f": {tens(cheapest.cost_usd.central)} USD, {tens(less)} less, {when}.",
            ))
        )  # fmt: skip
    if cleanest is not best and cleanest is not cheapest:
        said.append(
            join((
                "The least CO2e is that of ", _strong(cleanest),
                f": {tens(cleanest.emissions_wtw_kgco2e.central)} kg.",
            ))
        )  # fmt: skip
    return said


def _chance_faster(comparison: Comparison, way: Itinerary, best: Itinerary) -> float:
    """Return the share of paired draws in which a way is faster than the best, or NaN."""
    if not comparison.faster:
        return math.nan
    row, column = (
        next(n for n, option in enumerate(comparison.options) if option is one)
        for one in (way, best)
    )
    return comparison.faster[row][column]


def _more(way: Itinerary, best: Itinerary) -> str:
    more = way.cost_usd.central - best.cost_usd.central
    return f"{tens(abs(more))} USD {'more' if more >= 0 else 'less'}"


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _warnings(best: Itinerary, ways: Sequence[Itinerary], request: Request) -> str:
    """Return which warnings lie on the best way, and which ways are prohibited."""
    said = []
    on_best = [
        words
        for kind, words in FLAG_WORDS.items()
        if any(flag.kind == kind and SEVERITY_RANK[flag.severity] for flag in best.flags)
    ]
    if on_best:
        which = "On this way" if len(ways) == 1 else "On the best way"
        said.append(f"{which} note {_and(on_best)}.")
    barred = sum(way.status in {"prohibited", "closed"} for way in ways)
    if barred and request.jurisdictions:
        said.append(
            f"For {', '.join(request.jurisdictions)}, {barred} of {len(ways)} ways "
            f"{'is' if barred == 1 else 'are'} prohibited or closed."
        )
    return " ".join(said)


def options_table(comparison: Comparison) -> Html:
    """Return one row per option with the ranges drawn, and the notes below."""
    options, best = comparison.options, comparison.best()
    units = comparison.request.consignment.units
    usd = Scale([o.cost_usd for o in options], units=USD)
    kg = Scale([o.emissions_wtw_kgco2e for o in options], units=KG)
    by = comparison.request.deadline
    most_h = most_of(o.lead_time_h.p90 for o in options)
    most_usd = most_of(o.cost_usd.high for o in options)
    most_kg = most_of(o.emissions_wtw_kgco2e.high for o in options)
    rows = []
    for position, (option, number) in enumerate(zip(options, numbers_of(options), strict=True)):
        time_h, cost, carbon = option.lead_time_h, option.cost_usd, option.emissions_wtw_kgco2e
        has_way = option.status != "infeasible"

        def figure(column: str, shown: object, value: float, at: int = position) -> Html:
            mark = tag("b", "*", class_="star", title="best of its column")
            is_best = at in best.get(column, ())
            return tag(
                "td", tag("span", shown, class_="num"), mark if is_best else "",
                class_="figure best" if is_best else "figure",
                data_v=f"{value:.6g}" if value == value else "",  # noqa: PLR0124 - NaN
            )  # fmt: skip

        def ranged(column: str, shown: str, span: str, value: float, bar: Html) -> Html:
            return Html(
                figure(column, shown, value).removesuffix("</td>")
                + tag("small", dashed(span) if shown != UNKNOWN else "")
                + bar
                + "</td>"
            )

        rows.append(
            tag(
                "tr",
                tag("td", badge(number), data_v=number),
                tag(
                    "th",
                    tag("a", option.title, href=f"#option-{number}") if has_way
                    else option.title,
                    "" if option.status == "open"
                    else tag("span", option.status, class_=f"chip {option.status}"),
                    tag("small", remarks(option)) if option.said() else "",
                    scope="row", data_v=option.title,
                ),
                figure("distance_km", whole(option.distance_km), option.distance_km),
                ranged(
                    "lead_time_h", days(time_h.p50), days_range(time_h), time_h.p50,
                    range_bar(time_h.p10, time_h.p50, time_h.p90, most=most_h),
                ),
                ranged(
                    "cost_usd", usd.figure(cost.central), usd.range(cost), cost.central,
                    range_bar(cost.low, cost.central, cost.high, most=most_usd),
                ),
                *(
                    [figure("", tens(cost.central / units), cost.central / units)]
                    if units > 1
                    else []
                ),
                *([_chance(option)] if by else []),
                ranged(
                    "emissions_wtw_kgco2e", kg.figure(carbon.central), kg.range(carbon),
                    carbon.central,
                    range_bar(carbon.low, carbon.central, carbon.high, most=most_kg),
                ),
                figure(
                    "generalized_cost_usd", tens(option.generalized_cost_usd),
                    option.generalized_cost_usd,
                ),
                figure(
                    "border_crossings", option.border_crossings if has_way else UNKNOWN,
                    option.border_crossings,
                ),
                figure("transfers", option.transfers if has_way else UNKNOWN, option.transfers),
                tag("td", abbreviate(option.flags), class_="letters"),
                data_option=number,
            )
        )  # fmt: skip
    heads = [
        ("", ""), ("corridor", ""), ("km", ""), ("lead time", "days, P50, P10–P90"),
        ("cost", f"{usd.unit}, low–high"), *([("per unit", "USD")] if units > 1 else []),
        *([("chance", f"by {by}")] if by else []),
        ("CO2e", f"{kg.unit}, low–high"), ("generalized", "USD with time, carbon"),
        ("B", "borders"), ("T", "transfers"), ("flags", ""),
    ]  # fmt: skip
    drawn = table(
        [tag("th", head, tag("small", unit) if unit else "", scope="col") for head, unit in heads],
        rows, class_="options", id="comparison",
    )  # fmt: skip
    notes = [
        "Sorted by status, then by generalized cost." if len(options) > 1 else "",
        "B border crossings by land between customs territories, T transfers.",
        "* best of its column." if any(best.values()) else "",
        legend(options),
        faster_line(comparison),
    ]
    reasons = [f"{o.title}: {why_blocked(o.blockers, but=o.title)}." for o in options if o.blockers]
    not_shown = absent(comparison.not_applicable) if comparison.not_applicable else ""
    return join((
        drawn,
        tag("p", " ".join(note for note in notes if note), class_="note"),
        *(tag("p", reason, class_="note") for reason in reasons),
        tag("p", not_shown, class_="note") if not_shown else "",
    ))  # fmt: skip


def blockers(comparison: Comparison) -> Html:
    """Return every reason why there is no way, corridor by corridor."""
    rows = [
        tag(
            "li",
            tag("b", option.title),
            ": ",
            "; ".join(
                ": ".join(text for text in (blocker.what, blocker.why) if text) or blocker.kind
                for blocker in option.blockers
            ),
        )
        for option in comparison.options
    ]
    not_shown = absent(comparison.not_applicable) if comparison.not_applicable else ""
    return join((tag("ul", *rows), tag("p", not_shown, class_="note") if not_shown else ""))


def _chance(option: Itinerary) -> Html:
    """Return the cell of the chance to arrive by the deadline."""
    chance = option.probability_by_deadline
    known = chance is not None and not math.isnan(chance)
    return tag(
        "td",
        percent(chance) if known and chance is not None else UNKNOWN,
        class_="figure",
        data_v=f"{chance:.6g}" if known else "",
    )


def remarks(option: Itinerary) -> str:
    """Return what is said of one itinerary among several: what it is best in or differs by."""
    return "; ".join(
        f"{key.replace('_', ' ')}: {', '.join(texts)}" for key, texts in option.said().items()
    )


def badge(number: int) -> Html:
    """Return the number of a way in its colour."""
    return tag("span", number, class_=f"no {colour_of(number)}")


def colour_of(number: int) -> str:
    """Return the class of a way's colour."""
    return f"k{(number - 1) % COLOURS + 1}"


def numbers_of(options: Sequence[Itinerary]) -> list[int]:
    """Return the number of each option's way, from 1; those that go the same way share one."""
    seen: dict[tuple[object, ...], int] = {}
    return [
        seen.setdefault(way_of(option) or (position,), len(seen) + 1)
        for position, option in enumerate(options)
    ]
