"""What may be wrong with a change, as far as a case can tell: ids, names, ranges."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from landbridge.dataset.network import Net, NetworkDataset
from landbridge.domain.network import BorderCrossing
from landbridge.parameters.overlay import NEW_KEY
from landbridge.parameters.tree import Parameter, Parameters, pair_key
from landbridge.scenarios.case import Case
from landbridge.scenarios.change import (
    AddLink,
    AddService,
    AddTerminal,
    BestPractice,
    Change,
    Divert,
    Open,
    ScaleParameter,
    SetDraught,
    SetHeadway,
    SetParameter,
    SetPrice,
    Target,
)

LIKE_SHARE = 0.5
GAUGE_TOLERANCE_MM = 5


class Known:
    """The ids of a case by kind, and those that changes have added."""

    def __init__(self, case: Case) -> None:
        dataset = case.dataset
        self.dataset, self.parameters = dataset, case.parameters
        self.ids: dict[str, dict[str, None]] = {
            "passage": _ids(dataset.passages),
            "terminal": _ids(dataset.terminals),
            "crossing": _ids(dataset.crossings),
            "service": {**_ids(dataset.services), **_ids(dataset.sea_markets)},
            "link": _ids(link for net in dataset.networks.values() for link in net.named),
            "border": dict.fromkeys(
                sorted({pair_key(c.country_a, c.country_b) for c in dataset.crossings})
            ),
        }
        self.vehicles = sorted({market.vehicle for market in dataset.sea_markets})

    def learn(self, change: Change) -> None:
        """Take up what a change adds."""
        for kind, cls in (("link", AddLink), ("terminal", AddTerminal), ("service", AddService)):
            if isinstance(change, cls):
                self.ids[kind][change.id] = None

    def missing(self, kind: str, id_: str) -> str:
        """Return what is wrong with an id of a kind, '' if nothing is."""
        return "" if id_ in self.ids[kind] else f"no {kind} '{id_}'{near(id_, self.ids[kind])}"


def faults(change: Change, known: Known) -> Iterator[str]:
    """Yield what is wrong with one change."""
    target: Target | None = getattr(change, "target", None)
    if target is not None and (wrong := known.missing(target.kind, target.id)):
        yield wrong
        return
    if isinstance(change, Divert):
        for ship in change.ships:
            if ship not in known.vehicles:
                yield f"no ships of class '{ship}'{near(ship, known.vehicles)}"
    elif isinstance(change, Open):
        if target is not None and target.kind != "link" and (
            change.speed_km_per_d or change.capacity_teu_per_d or change.connect
        ):  # fmt: skip
            yield "speed, capacity and connect go with a link"
        yield from _missing(known, "terminal", change.connect)
    elif isinstance(change, SetParameter | ScaleParameter):
        yield from _parameter_faults(change, known.parameters)
    elif isinstance(change, BestPractice):
        yield from _missing(known, "crossing", change.crossings)
    elif isinstance(change, AddLink | SetPrice):
        places = {**known.ids["terminal"], **known.ids["crossing"]}
        for id_ in (change.origin, change.destination):
            if id_ not in places:
                yield f"no terminal or crossing '{id_}'{near(id_, places)}"
    elif isinstance(change, AddService):
        yield from _missing(known, "terminal", change.terminals)
        yield from _missing(known, "passage", change.passages)
    elif isinstance(change, SetHeadway):
        if wrong := known.missing("service", change.id):
            yield wrong
    elif (
        isinstance(change, SetDraught)
        and change.payload_share is None
        and not _is_ocean_passage(change.target, known.dataset)
    ):
        yield f"{change.target.id} needs a payload_share: there draught alone does nothing"
    if isinstance(change, AddLink | AddTerminal | AddService):
        kind = {AddLink: "link", AddTerminal: "terminal", AddService: "service"}[type(change)]
        if change.id in known.ids[kind]:
            yield f"there is a {kind} '{change.id}' already"
    if isinstance(change, AddTerminal) and change.country not in {
        block.country for block in known.dataset.blocks
    }:
        yield f"no country '{change.country}'"


def subjects(target: Target, dataset: NetworkDataset) -> tuple[str, ...]:
    """Return the ids that a target stands for: all crossings of a border, else itself."""
    if target.kind != "border":
        return (target.id,)
    return tuple(
        row.id for row in dataset.crossings if pair_key(row.country_a, row.country_b) == target.id
    )


def border_rows(
    crossings: Iterable[str], dataset: NetworkDataset, parameters: Parameters
) -> dict[str, Parameter]:
    """Return the row that the time of each crossing rests on today, by crossing.

    A road crossing without a row of its own has both sides' rows added up.
    """
    known = {row.id: row for row in dataset.crossings}
    return {id_: _border_row(known[id_], parameters) for id_ in crossings}


def _border_row(crossing: BorderCrossing, parameters: Parameters) -> Parameter:
    a, b = crossing.country_a, crossing.country_b
    pair, id_ = pair_key(a, b), crossing.id
    if crossing.mode == "rail":
        if abs(crossing.gauge_a_mm - crossing.gauge_b_mm) > GAUGE_TOLERANCE_MM:
            return parameters.lookup("border.time.rail_gauge_change_h", id_, pair)
        name = "border.time.rail_same_gauge_h"
        exact = parameters.exactly(name, id_) or parameters.exactly(name, pair)
        return exact or parameters.lookup(name, f"{a}:out", a, b)
    if crossing.mode == "iww":
        return parameters.lookup("border.time.iww_crossing_h", id_, pair)
    whole = parameters.find("border.time.road_crossing_h", id_, pair)
    if whole is not None:
        return whole
    one = parameters.lookup("border.time.road_per_side_h", a)
    two = parameters.lookup("border.time.road_per_side_h", b)
    return replace(
        one, name="border.time.road_crossing_h", low=one.low + two.low,
        central=one.central + two.central, high=one.high + two.high,
    )  # fmt: skip


def _is_ocean_passage(target: Target, dataset: NetworkDataset) -> bool:
    """Return whether draught alone decides which ships of the ocean fit through."""
    codes = {row.id: k for k, row in enumerate(dataset.passages)}
    of_links = dataset.networks[Net.SEA].passage_idx
    return target.kind == "passage" and bool((of_links == codes[target.id]).any())


def near(id_: str, known: Collection[str]) -> str:
    """Return `; did you mean ...?` with the nearest ids, '' if none is like it."""
    lower = {one.lower(): one for one in known}
    like = difflib.get_close_matches(id_.lower()[:64], lower, n=2, cutoff=LIKE_SHARE)
    return f"; did you mean {' or '.join(lower[key] for key in like)}?" if like else ""


def _missing(known: Known, kind: str, ids: Iterable[str]) -> Iterator[str]:
    for id_ in ids:
        if wrong := known.missing(kind, id_):
            yield wrong


def _parameter_faults(
    change: SetParameter | ScaleParameter, parameters: Parameters
) -> Iterator[str]:
    names = parameters.names
    if change.name not in names:
        yield f"no parameter '{change.name}'{near(change.name, names)}"
        return
    keys = parameters.keys(change.name)
    if isinstance(change, ScaleParameter):
        if change.key != "all" and change.key not in keys:
            yield f"no {change.name}[{change.key}]{near(change.key, (*keys, 'all'))}"
        return
    every = {row.key for row in parameters}
    if change.key not in every and not NEW_KEY.fullmatch(change.key):
        yield f"no key '{change.key}'{near(change.key, keys)}"
        return
    base = parameters.exactly(change.name, change.key) or parameters.find(change.name, change.key)
    if base is None:
        yield f"{change.name} has no row for '{change.key}' or default"
        return
    low = base.low if change.low is None else change.low
    high = base.high if change.high is None else change.high
    if (change.low is not None and low > change.central) or (
        change.high is not None and high < change.central
    ):
        yield f"low {low:g}, value {change.central:g}, high {high:g} are not in order"


def _ids(rows: Iterable[object]) -> dict[str, None]:
    return {row.id: None for row in rows}  # type: ignore[attr-defined]
