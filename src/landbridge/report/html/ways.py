"""One option in full: its map, where its days go, its legs in order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from landbridge.domain.itinerary import Bounds, Itinerary, Leg
from landbridge.report.figures import days, days_range, days_triple, tens, whole
from landbridge.report.html.bars import strip
from landbridge.report.html.markup import Html, dashed, join, name, table, tag
from landbridge.report.html.outline import outline
from landbridge.report.html.summary import badge, place_text, remarks
from landbridge.report.tables import inner_frontiers

KINDS = {"drayage": "by truck", "border": "frontier"}
MODES = {"sea": "ship", "rail": "train", "road": "truck", "iww": "barge", "ferry": "ferry"}


def way(option: Itinerary, *, number: int, drawn: Html, passages: dict[str, str]) -> Html:
    """Return the section of one option.

    Parameters
    ----------
    drawn
        Its map.
    passages
        Names of the passages by id.
    """
    facts = [
        f"{days(option.lead_time_h.p50)} days ({dashed(days_range(option.lead_time_h))})",
        f"{tens(option.cost_usd.central)} USD ({_range(option.cost_usd)})",
        f"{tens(option.emissions_wtw_kgco2e.central)} kg CO2e",
        f"{whole(option.distance_km)} km",
        _count(option.border_crossings, "border crossing"),
        _count(option.transfers, "transfer"),
    ]
    if not math.isnan(option.generalized_cost_usd):
        facts.append(f"{tens(option.generalized_cost_usd)} USD generalized")
    by = ", ".join(passages.get(id_, id_.replace("_", " ")) for id_ in option.passages)
    said = remarks(option)
    remark = f" {said[:1].upper()}{said[1:]}." if said else ""
    status = (
        ""
        if option.status == "open"
        else tag("span", option.status, class_=f"chip {option.status}")
    )
    return tag(
        "section",
        tag(
            "div",
            tag("h3", badge(number), option.title, status, id=f"option-{number}"),
            tag("p", " · ".join(facts), class_="facts"),
            tag(
                "p", "Countries: ", ", ".join(country(code) for code in option.countries), ".",
                f" Passages: {by}." if by else "", remark,
                class_="note",
            ),
            tag("figure", tag("div", drawn, class_="frame")),
            strip(option),
            class_="together",
        ),
        legs(option, passages),
        class_="way",
    )  # fmt: skip


def country(code: str) -> str:
    """Return the name of a country by its alpha-2 code, or the code."""
    return outline().names.get(code, code)


def legs(option: Itinerary, passages: dict[str, str]) -> Html:
    """Return one row per leg; short stops inside one customs territory stand together."""
    inner = inner_frontiers(option)
    rows = [
        _row(leg, passages)
        for number, leg in enumerate(option.legs)
        if number not in inner and not _is_nothing(leg)
    ]
    if inner:
        rows.append(_inner([option.legs[number] for number in inner]))
    total = tag(
        "tr", tag("td"), tag("td", "all"),
        *(
            tag("td", shown, class_="figure")
            for shown in (
                whole(option.distance_km), days_triple(option.lead_time_h),
                tens(option.cost_usd.central), _range(option.cost_usd),
                tens(option.emissions_wtw_kgco2e.central),
            )
        ),
        class_="total",
    )  # fmt: skip
    heads = [
        tag("th", tag("span", "kind", class_="unseen"), scope="col"),
        tag("th", "leg", scope="col"),
        *(
            tag("th", head, tag("small", unit), scope="col", class_="figure")
            for head, unit in (
                ("km", ""), ("days", "P10/P50/P90"), ("USD", "central"), ("USD", "low–high"),
                ("kg", "CO2e"),
            )
        ),
    ]  # fmt: skip
    return table(heads, [*rows, total], class_="legs")


def _row(leg: Leg, passages: dict[str, str]) -> Html:
    style = f"m-{leg.mode}" if leg.kind in {"haul", "drayage"} else f"stop {leg.kind}"
    said = MODES.get(leg.mode, leg.mode) if leg.kind == "haul" else KINDS.get(leg.kind, leg.heading)
    by = ", ".join(passages.get(id_, id_.replace("_", " ")) for id_ in leg.passages)
    remarks = [said, *([leg.service] if leg.service else []), *([f"by {by}"] if by else [])]
    return tag(
        "tr",
        tag("td", tag("span", class_=f"line {style}"), class_="track"),
        tag("td", _ends(leg), tag("small", ", ".join(remarks))),
        tag("td", whole(leg.distance_km) if leg.distance_km else "", class_="figure"),
        tag("td", days_triple(leg.time_h), class_="figure"),
        tag("td", tens(leg.cost_usd.central), class_="figure"),
        tag("td", _range(leg.cost_usd), class_="figure dim"),
        tag("td", tens(leg.emissions_wtw_kgco2e.central), class_="figure"),
    )


def _inner(stops: Sequence[Leg]) -> Html:
    names = ", ".join(f"{leg.origin.country}-{leg.destination.country}" for leg in stops)
    time = "/".join(
        days(sum(getattr(leg.time_h, key) for leg in stops)) for key in ("p10", "p50", "p90")
    )
    low, central, high = (
        sum(getattr(leg.cost_usd, key) for leg in stops) for key in ("low", "central", "high")
    )
    kg = sum(leg.emissions_wtw_kgco2e.central for leg in stops)
    shown = ["", time, tens(central), _range(Bounds(low=low, central=central, high=high)), tens(kg)]
    return tag(
        "tr",
        tag("td", tag("span", class_="line stop border"), class_="track"),
        tag("td", names, tag("small", "stops at frontiers inside one customs territory, in all")),
        *(tag("td", text, class_="figure") for text in shown),
    )


def _ends(leg: Leg) -> Html:
    first, last = leg.origin, leg.destination
    if leg.kind in {"transfer", "wait"} or (
        first.name == last.name and first.country == last.country
    ):
        return place_text(first.name, first.country)
    if leg.kind == "border" and first.name == last.name:
        return join((name(first.name), f", {first.country} to {last.country}"))
    ends = (place_text(place.name, place.country) for place in (first, last))
    return join(ends, " → ")


def _is_nothing(leg: Leg) -> bool:
    """Whether a leg is a door that stands in the terminal: no way, no time, no money."""
    return leg.kind == "drayage" and not (leg.distance_km or leg.time_h.p90 or leg.cost_usd.high)


def _range(amount: Bounds) -> str:
    return "" if amount.low == amount.high else dashed(f"{tens(amount.low)}-{tens(amount.high)}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def countries_of(options: Iterable[Itinerary]) -> list[str]:
    """Return the alpha-2 codes of all countries that the options touch, sorted."""
    return sorted({code for option in options for code in option.countries})
