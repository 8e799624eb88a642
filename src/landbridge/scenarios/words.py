"""Changes in words, for lists and tables."""

from __future__ import annotations

from landbridge.dataset.network import NetworkDataset
from landbridge.scenarios.change import (
    AddLink,
    AddService,
    AddTerminal,
    BestPractice,
    Change,
    Close,
    Delay,
    Divert,
    Open,
    Restrict,
    ScaleParameter,
    SetDraught,
    SetHeadway,
    SetParameter,
    SetPrice,
    SetSeason,
    Surcharge,
    Target,
)

_PLAIN = {
    SetParameter: "set_parameter",
    ScaleParameter: "scale_parameter",
    BestPractice: "best_practice",
    AddLink: "add_link",
    AddTerminal: "add_terminal",
    AddService: "add_service",
    SetPrice: "set_price",
    SetDraught: "set_draught",
    SetHeadway: "set_headway",
    SetSeason: "set_season",
    Delay: "delay",
}
_OF_TARGET = {Close: "close", Restrict: "restrict", Divert: "divert", Open: "open"}


def do_of(change: Change) -> str:
    """Return the change's name in a file: `close_passage`, `set_parameter`, ..."""
    if isinstance(change, Surcharge):
        return f"set_{change.kind}_{change.target.kind}"
    if isinstance(change, SetDraught | Delay):
        return f"{_PLAIN[type(change)]}_{change.target.kind}"
    if isinstance(change, Close | Restrict | Divert | Open):
        return f"{_OF_TARGET[type(change)]}_{change.target.kind}"
    return _PLAIN[type(change)]


def text_of(change: Change, dataset: NetworkDataset) -> str:
    """Return a change in a few words: `Suez Canal closed, 2021-03-23 to 2021-03-29`."""
    if isinstance(change, Close | Restrict | Divert):
        what = name_of(change.target, dataset)
        done = {Close: "closed", Restrict: "restricted", Divert: "avoided by"}[type(change)]
        ships = f" {', '.join(change.ships)} ships" if isinstance(change, Divert) else ""
        return f"{what} {done}{ships}{_span(change.date_from, change.date_to)}"
    if isinstance(change, Open):
        speed = f" at {change.speed_km_per_d:g} km/d" if change.speed_km_per_d else ""
        capacity = f", {change.capacity_teu_per_d:g} TEU/d" if change.capacity_teu_per_d else ""
        return f"{name_of(change.target, dataset)} open{speed}{capacity}"
    if isinstance(change, SetParameter):
        return f"{change.name}[{change.key}] = {change.central:g}"
    if isinstance(change, ScaleParameter):
        return f"{change.name}[{change.key}] x {change.by:g}"
    if isinstance(change, BestPractice):
        return f"best practice at {', '.join(change.crossings)}"
    if isinstance(change, AddLink):
        return f"new {change.mode} link {change.id}, {change.length_km:g} km"
    if isinstance(change, AddTerminal | AddService):
        return f"new {'terminal' if isinstance(change, AddTerminal) else 'service'} {change.name}"
    if isinstance(change, SetPrice):
        usd = change.usd_per_unit[1]
        return f"{change.origin} - {change.destination} by {change.mode} {usd:,.0f} USD/unit"
    if isinstance(change, SetDraught):
        share = f", payload x {change.payload_share[1]:g}" if change.payload_share else ""
        return f"{name_of(change.target, dataset)} {change.by_m:+g} m of draught{share}"
    if isinstance(change, SetHeadway):
        return f"{change.id} every {change.headway_h[1]:g} h"
    if isinstance(change, SetSeason):
        return f"{name_of(change.target, dataset)} open {change.opens} to {change.closes}"
    if isinstance(change, Surcharge):
        what = "toll" if change.kind == "toll" else "war-risk premium"
        usd = change.usd_per_teu[1]
        return f"{name_of(change.target, dataset)} {what} {usd:+,.0f} USD/TEU"
    return f"{name_of(change.target, dataset)} {change.hours[1]:+g} h"


def name_of(target: Target, dataset: NetworkDataset) -> str:
    """Return the name of a target, its id where it has none."""
    if target.kind == "border":
        return f"border {target.id}"
    tables = {
        "passage": dataset.passages,
        "terminal": dataset.terminals,
        "crossing": dataset.crossings,
        "service": dataset.services,
        "link": tuple(link for net in dataset.networks.values() for link in net.named),
    }
    names = {row.id: row.name for row in tables[target.kind]}  # type: ignore[attr-defined]
    return names.get(target.id) or target.id


def _span(since: str, until: str) -> str:
    if since and until:
        return f", {since} to {until}"
    if since:
        return f", from {since}"
    return f", until {until}" if until else ""
