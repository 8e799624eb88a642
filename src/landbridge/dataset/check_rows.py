"""Problems of rows: ids given twice, references to nothing, dates and seasons that are none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from landbridge.dataset.network import Net, NetworkDataset
from landbridge.dataset.problem import Problem, Severity

_COUNTRY = re.compile(r"[A-Z]{2}")
_SEASON = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_SHIPS = ("container_ship", "feeder", "ro_ro", "rail_ferry")


def check_rows(dataset: NetworkDataset) -> list[Problem]:
    """Return the problems of all row tables."""
    return [
        *_duplicates(dataset),
        *_dangling(dataset),
        *_sides(dataset),
        *_calendar(dataset),
        *_services(dataset),
    ]


def _duplicates(dataset: NetworkDataset) -> Iterator[Problem]:
    groups: dict[str, Iterable[str]] = {
        "places": [
            row.id
            for rows in (dataset.terminals, dataset.crossings, dataset.passages)
            for row in rows
        ],
        "services": [row.id for row in dataset.services],
        "corridors": [row.id for row in dataset.corridors],
        "sea markets": [row.id for row in dataset.sea_markets],
        "facts": [row.id for row in dataset.facts],
        **{
            f"{net.name.lower()} lines": [row.id for row in network.named]
            for net, network in sorted(dataset.networks.items())
        },
    }
    for table, ids in groups.items():
        for id_, times in sorted(Counter(ids).items()):
            if times > 1:
                yield Problem(
                    kind="duplicate_id", where=id_, text=f"{times} rows of {table} have this id"
                )
            if not id_:
                yield Problem(kind="duplicate_id", where=table, text="a row has no id")


def _dangling(dataset: NetworkDataset) -> Iterator[Problem]:
    terminals = {row.id for row in dataset.terminals}
    passages = {row.id for row in dataset.passages}
    places = terminals | passages | {row.id for row in dataset.crossings}
    countries = {block.country for block in dataset.blocks} | set(dataset.territories)
    countries |= {row.country for row in dataset.terminals}
    services = {row.id for row in dataset.services}
    classes = {row.port_class for row in dataset.terminals}

    def unknown(kind: str, where: str, names: Iterable[str], known: set[str]) -> Iterator[Problem]:
        for name in sorted(set(names) - known):
            yield Problem(kind="dangling", where=where, text=f"{kind} '{name}' is not known")

    for corridor in dataset.corridors:
        for k, step in enumerate(corridor.required):
            yield from _step(corridor.id, k + 1, step, places)
        yield from (
            replace(problem, severity=Severity.WARNING)
            for problem in unknown("forbidden", corridor.id, corridor.forbidden, places | countries)
        )
        if len(corridor.modes) != len(corridor.required) + 1:
            yield Problem(
                kind="dangling",
                where=corridor.id,
                text=f"{len(corridor.modes)} stretches of modes for "
                f"{len(corridor.required)} steps; one more than steps is needed",
            )
    for service in dataset.services:
        yield from unknown("stop", service.id, service.terminals, terminals)
        yield from unknown("passage", service.id, service.passages, passages)
        if len(service.terminals) < 2:
            yield Problem(kind="dangling", where=service.id, text="fewer than two stops")
    for leg in dataset.ride_legs:
        yield from unknown("service", f"{leg.service}#{leg.stop}", [leg.service], services)
        yield from unknown("passage", f"{leg.service}#{leg.stop}", leg.passages, passages)
    yield from unknown("service", "service_markets", dataset.service_markets, services)
    for market in dataset.sea_markets:
        base, only, without = market.rule()
        if base.startswith("class:"):
            yield from unknown("port class", market.id, base[6:].split("|"), classes)
        elif base != "all":
            yield from unknown("country", market.id, base.split("|"), countries)
        yield from unknown("country", market.id, only | without, countries)
    for fact in dataset.facts:
        yield from unknown("subject", fact.id, [fact.subject], places | countries | services)
    for pair in sorted(dataset.no_through_truck):
        yield from unknown("country", "truck_changes", pair, countries)


def _step(corridor: str, number: int, step: tuple[str, ...], known: set[str]) -> Iterator[Problem]:
    """Yield a step's unknown ids: an error where none is left, for no journey could meet it."""
    lost = sorted(set(step) - known)
    if not step:
        yield Problem(kind="dangling", where=corridor, text=f"step {number} is empty")
    elif len(lost) == len(set(step)):
        yield Problem(
            kind="dangling",
            where=corridor,
            text=f"no id of step {number} is known: {', '.join(lost)}",
        )
    else:
        for name in lost:
            yield Problem(
                kind="dangling",
                where=corridor,
                severity=Severity.WARNING,
                text=f"'{name}' of step {number} is not on this network; others of the step are",
            )


def _sides(dataset: NetworkDataset) -> Iterator[Problem]:
    """Crossings whose two sides, countries or gauges do not make a frontier."""
    table = dataset.attachments
    sides: dict[int, list[tuple[int, int, int]]] = {}
    for k in (table.crossing_idx >= 0).nonzero()[0].tolist():
        sides.setdefault(int(table.crossing_idx[k]), []).append(
            (int(table.side[k]), int(table.net[k]), int(table.block_idx[k]))
        )
    net_of = {"rail": int(Net.RAIL), "road": int(Net.ROAD)}
    for k, row in enumerate(dataset.crossings):
        have = sorted(sides.get(k, []))
        if [side for side, _, _ in have] != [0, 1]:
            yield Problem(
                kind="one_sided",
                where=row.id,
                text=f"{len(have)} sides stand on a network, not one each",
            )
            continue
        if row.country_a == row.country_b:
            yield Problem(kind="one_sided", where=row.id, text="both sides in one country")
        for (_, net, block), country, gauge_mm in zip(
            have, (row.country_a, row.country_b), (row.gauge_a_mm, row.gauge_b_mm), strict=True
        ):
            if not 0 <= block < len(dataset.blocks):
                continue
            place = dataset.blocks[block]
            if place.country != country or net != net_of.get(row.mode, -1):
                yield Problem(
                    kind="wrong_side",
                    where=row.id,
                    text=f"the side of {country} stands on the "
                    f"{Net(net).name.lower()} of {place.country}",
                )
            elif place.gauge_mm != gauge_mm:
                yield Problem(
                    kind="wrong_side",
                    where=row.id,
                    text=f"gauge {gauge_mm} mm on {place.gauge_mm} mm track in {country}",
                )
        if row.mode == "rail" and abs(row.gauge_a_mm - row.gauge_b_mm) > 10 and not row.change:
            yield Problem(
                kind="gauge",
                where=row.id,
                text=f"{row.gauge_a_mm} and {row.gauge_b_mm} mm meet, but no change is named",
            )


def _calendar(dataset: NetworkDataset) -> Iterator[Problem]:
    dated = [
        *((row.id, "from", row.date_from, row.date_to) for row in dataset.services),
        *((row.id, "from", row.date_from, row.date_to) for row in dataset.facts),
        *((row.id, "from", row.date_from, row.date_to) for row in dataset.sea_markets),
        *((row.id, "opened", row.opened, "") for row in dataset.crossings),
        *((row.id, "closed", row.closed, "") for row in dataset.crossings),
    ]
    for where, name, since, until in dated:
        for field, text in ((name, since), ("to", until)):
            if text and not _DATE.fullmatch(text):
                yield Problem(kind="date", where=where, text=f"{field} '{text}' is no date")
        if since and until and until < since[: len(until)]:
            yield Problem(kind="date", where=where, text=f"ends {until}, before it begins {since}")
    seasons = [(row.id, row.season_open, row.season_close) for row in dataset.passages]
    seasons += [
        (row.id, row.season_open, row.season_close)
        for _, network in sorted(dataset.networks.items())
        for row in network.named
    ]
    for where, opens, closes in seasons:
        if bool(opens) != bool(closes):
            yield Problem(kind="date", where=where, text="a season with one end only")
        for text in (opens, closes):
            if text and not _SEASON.fullmatch(text):
                yield Problem(kind="date", where=where, text=f"season '{text}' is no MM-DD")


def _services(dataset: NetworkDataset) -> Iterator[Problem]:
    """Headways out of order, and ship services that sail nowhere."""
    legs = {leg.service: 0 for leg in dataset.ride_legs}
    for leg in dataset.ride_legs:
        legs[leg.service] += 1
    for row in dataset.services:
        low, central, high = row.headway_h
        if not 0 < low <= central <= high:
            yield Problem(
                kind="headway", where=row.id, text=f"headway {low:g}, {central:g}, {high:g} h"
            )
        if row.kind in _SHIPS and legs.get(row.id, 0) < len(row.terminals) - 1:
            yield Problem(
                kind="service",
                where=row.id,
                severity=Severity.WARNING,
                text=f"{row.name}: {legs.get(row.id, 0)} of {len(row.terminals) - 1} legs lie "
                "on the water network; the others are not offered",
            )
    for market in dataset.sea_markets:
        low, central, high = market.headway_h
        if not 0 < low <= central <= high:
            yield Problem(
                kind="headway", where=market.id, text=f"headway {low:g}, {central:g}, {high:g} h"
            )
