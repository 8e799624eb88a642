"""The virtual network: who can carry from where to where, on one date, as facts without prices.

Nodes are (attachment, carriage) pairs: a unit load on a vehicle class at a terminal, a crossing
side or a passage gate. Arcs between them are transfers, borders and passages; rides follow ship
services; runs inside a block are dense and have no arcs of their own (`model.md`, section 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from landbridge.dataset.network import Net, NetworkDataset, RideLeg, SeaMarket
from landbridge.domain.arcs import Arc, BorderArc, HaulArc, PassageArc, TransferArc
from landbridge.domain.dated import holds
from landbridge.domain.network import BorderCrossing
from landbridge.graph.carrying import Attachment, Carriage, RideArc, SparseArc, VirtualNetwork
from landbridge.graph.supply import (
    ANY_SEA,
    market_key,
    market_members,
    passage_fits,
    rail_headways,
    service_runs,
)

SHIP_OF_SERVICE = {
    "container_ship": "regional",
    "feeder": "feeder",
    "ro_ro": "roro",
    "rail_ferry": "roro",
    "lorry_ferry": "lorry_ferry",
}
"""Vehicle class of each kind of ship service on the ocean."""
FERRY_KINDS = ("ro_ro", "rail_ferry", "lorry_ferry")
ON_DEMAND_H = (48.0, 96.0, 168.0)
"""Headway of Caspian ships without a row of their own (P-file: caspian ro-ro and feeder)."""


def build_virtual(
    dataset: NetworkDataset,
    day: date,
    extras: Sequence[Attachment],
    *,
    is_physical: bool = False,
    is_undated: bool = False,
) -> tuple[VirtualNetwork, list[int]]:
    """Return the virtual network of a day with the touches of a request, and where those are.

    See `virtual_of_day` and `extended`.
    """
    net = virtual_of_day(dataset, day, is_physical=is_physical, is_undated=is_undated)
    return extended(net, dataset, extras)


def virtual_of_day(
    dataset: NetworkDataset, day: date, *, is_physical: bool = False, is_undated: bool = False
) -> VirtualNetwork:
    """Return the virtual network of a day as every request finds it.

    Parameters
    ----------
    is_physical
        Leave out services and supply: any ship sails between any ports (for distances).
    is_undated
        Services and sea markets of all dates at once: to tell what a date takes away.
    """
    net = VirtualNetwork()
    table = dataset.attachments
    core = table.is_core.nonzero()[0].tolist()
    small = [k for k in range(len(table.net)) if int(table.net[k]) in (Net.CASPIAN, Net.IWW)]
    wanted = sorted({*core, *small})
    nets, nodes = table.net.tolist(), table.node_idx.tolist()
    blocks, offs = table.block_idx.tolist(), table.off_km.tolist()
    terminals, crossings = table.terminal_idx.tolist(), table.crossing_idx.tolist()
    sides, is_core = table.side.tolist(), table.is_core.tolist()
    for k in wanted:
        net.attachments.append(
            Attachment(
                net=nets[k],
                node_idx=nodes[k],
                block_idx=blocks[k],
                off_km=offs[k],
                terminal_idx=terminals[k],
                crossing_idx=crossings[k],
                side=sides[k],
                is_core=is_core[k],
            )
        )
    net.n_everywhere = len(net.attachments)
    net.known = {
        (a.net, a.terminal_idx, a.node_idx): k
        for k, a in enumerate(net.attachments)
        if a.terminal_idx >= 0
    }
    markets = (
        [ANY_SEA]
        if is_physical
        else [m for m in dataset.sea_markets if is_undated or holds(day, m.date_from, m.date_to)]
    )
    if not is_physical:
        net.rail_headway_h = rail_headways(dataset, day)
    gates = _add_carriers(dataset, net, markets)
    _add_passages(dataset, net, markets, gates)
    if not is_physical:
        _add_rides(dataset, net, day, is_undated=is_undated)
    _add_borders(dataset, net)
    _add_transfers(dataset, net, from_node=0)
    return net


def extended(
    net: VirtualNetwork, dataset: NetworkDataset, extras: Sequence[Attachment]
) -> tuple[VirtualNetwork, list[int]]:
    """Return a copy of a day's network with more touches, and their attachment positions.

    Parameters
    ----------
    extras
        Touches that only one request has: doors, terminals near them, via places. One that is
        there already is not added again.
    """
    net = net.copy()
    n_nodes = len(net.node_attachment)
    at = []
    for extra in extras:
        key = (extra.net, extra.terminal_idx, extra.node_idx)
        if extra.terminal_idx >= 0 and key in net.known:
            at.append(net.known[key])
            continue
        net.attachments.append(extra)
        at.append(len(net.attachments) - 1)
        if extra.terminal_idx >= 0:
            net.known[key] = at[-1]
        _add_touch(net, at[-1])
    _add_transfers(dataset, net, from_node=n_nodes)
    return net, at


def _add_carriers(
    dataset: NetworkDataset, net: VirtualNetwork, markets: Sequence[SeaMarket]
) -> dict[tuple[int, int], int]:
    """Add a node per attachment and carriage; return gate nodes by (node_idx, market position)."""
    net.sea = [
        (
            market,
            net.carriage_of(
                Carriage(
                    mode="sea",
                    vehicle=market.vehicle,
                    market=market.id,
                    headway_h=market.headway_h,
                )
            ),
            frozenset(market_members(dataset, market)),
        )
        for market in markets
    ]
    net.plain = {
        Net.RAIL: net.carriage_of(Carriage(mode="rail", vehicle="block")),
        Net.ROAD: net.carriage_of(Carriage(mode="road", vehicle="truck")),
        Net.CASPIAN: net.carriage_of(
            Carriage(mode="sea", vehicle="caspian_feeder", headway_h=ON_DEMAND_H)
        ),
        Net.IWW: net.carriage_of(Carriage(mode="iww", vehicle="motor")),
    }
    gates: dict[tuple[int, int], int] = {}
    for k, touch in enumerate(net.attachments):
        for m, node in _add_touch(net, k):
            if touch.terminal_idx < 0:
                gates[touch.node_idx, m] = node
    return gates


def _add_touch(net: VirtualNetwork, position: int) -> list[tuple[int, int]]:
    """Add a node per carriage that touches an attachment; return those of the sea by market."""
    touch = net.attachments[position]
    if touch.net != Net.SEA:
        net.add_node(position, net.plain[Net(touch.net)], range_km=float("inf"), runs=True)
        return []
    return [
        (m, net.add_node(position, carriage, range_km=market.range_km, runs=True))
        for m, (market, carriage, members) in enumerate(net.sea)
        if touch.terminal_idx < 0 or touch.terminal_idx in members
    ]


def _add_passages(
    dataset: NetworkDataset,
    net: VirtualNetwork,
    markets: Sequence[SeaMarket],
    gates: dict[tuple[int, int], int],
) -> None:
    sea = dataset.networks[Net.SEA]
    fits = [
        {p.id: passage_fits(dataset, market, p.id) for p in dataset.passages} for market in markets
    ]
    ids = [p.id for p in dataset.passages]
    for link in (sea.passage_idx >= 0).nonzero()[0].tolist():
        passage = ids[int(sea.passage_idx[link])]
        km = float(sea.length_km[link])
        ends = int(sea.tail_idx[link]), int(sea.head_idx[link])
        for m, market in enumerate(markets):
            if not fits[m][passage]:
                continue
            facts = PassageArc(
                passage=passage, vehicle=market.vehicle, distance_km=km, market=market_key(market)
            )
            for a, b in (ends, ends[::-1]):
                net.arcs.append(
                    SparseArc(tail=gates[a, m], head=gates[b, m], facts=facts, passage=passage)
                )


def _add_rides(
    dataset: NetworkDataset, net: VirtualNetwork, day: date, *, is_undated: bool
) -> None:
    legs: dict[str, dict[int, RideLeg]] = {}
    for leg in dataset.ride_legs:
        legs.setdefault(leg.service, {})[leg.stop] = leg
    at = {terminal.id: k for k, terminal in enumerate(dataset.terminals)}
    touch_of = {
        (a.net, a.terminal_idx): k for k, a in enumerate(net.attachments) if a.terminal_idx >= 0
    }
    for service in dataset.services:
        mine = legs.get(service.id)
        if not mine or not (is_undated or service_runs(service, day)):
            continue
        if service.status == "planned":
            continue
        sea_net = next(iter(mine.values())).net
        market = dataset.service_markets.get(service.id, "")
        vehicle = SHIP_OF_SERVICE[service.kind]
        if sea_net == Net.CASPIAN and service.kind not in FERRY_KINDS:
            vehicle = "caspian_feeder"
        carriage = net.carriage_of(
            Carriage(
                mode="ferry" if service.kind in FERRY_KINDS else "sea",
                vehicle=vehicle,
                market=market,
                service=service.id,
                headway_h=service.headway_h,
            )
        )
        stops = [
            net.add_node(touch_of[sea_net, at[stop]], carriage, range_km=float("inf"), runs=False)
            for stop in service.terminals
        ]
        for i in range(len(stops)):
            facts: list[Arc] = []
            passages: list[str] = []
            km = 0.0
            for k in range(i, len(stops) - 1):
                if k not in mine:
                    break
                leg = mine[k]
                facts.append(
                    HaulArc(
                        mode="ferry" if service.kind in FERRY_KINDS else "sea",
                        country="",
                        vehicle=vehicle,
                        distance_km=leg.open_km,
                        market=market,
                    )
                )
                for name, length in zip(leg.passages, leg.passage_km, strict=True):
                    facts.append(
                        PassageArc(passage=name, vehicle=vehicle, distance_km=length, market=market)
                    )
                    passages.append(name)
                km += leg.open_km + sum(leg.passage_km)
                for a, b, order in ((stops[i], stops[k + 1], 1), (stops[k + 1], stops[i], -1)):
                    net.rides.append(
                        RideArc(
                            tail=a,
                            head=b,
                            service=service.id,
                            passages=tuple(passages[::order]),
                            facts=tuple(facts[::order]),
                            distance_km=km,
                        )
                    )


def _add_borders(dataset: NetworkDataset, net: VirtualNetwork) -> None:
    sides: dict[int, dict[int, int]] = {}
    for node, position in enumerate(net.node_attachment):
        touch = net.attachments[position]
        if touch.crossing_idx >= 0:
            sides.setdefault(touch.crossing_idx, {})[touch.side] = node
    territories = dataset.territories
    for k, pair in sides.items():
        if len(pair) < 2:
            continue
        row = dataset.crossings[k]
        for a, b, reverse in ((pair[0], pair[1], False), (pair[1], pair[0], True)):
            net.arcs.append(
                SparseArc(
                    tail=a,
                    head=b,
                    crossing_idx=k,
                    facts=border_facts(row, territories, dataset.no_through_truck, reverse=reverse),
                )
            )


def border_facts(
    row: BorderCrossing,
    territories: dict[str, str],
    changes: frozenset[tuple[str, str]],
    *,
    reverse: bool,
) -> BorderArc:
    """Return the facts of crossing `row` from side a to side b (or back)."""
    here, there = (row.country_b, row.country_a) if reverse else (row.country_a, row.country_b)
    gauges = (row.gauge_b_mm, row.gauge_a_mm) if reverse else (row.gauge_a_mm, row.gauge_b_mm)
    mine, other = territories.get(here, ""), territories.get(there, "")
    is_inner = mine != "" and mine == other
    pair = {(here, there), (there, here)}
    return BorderArc(
        crossing=row.id,
        mode=row.mode,
        country_from=here,
        country_to=there,
        is_inner=is_inner,
        customs_territory=mine if is_inner else "",
        gauge_from_mm=gauges[0],
        gauge_to_mm=gauges[1],
        change=row.change,
        truck_change=row.mode == "road" and bool(pair & changes),
    )


def _add_transfers(dataset: NetworkDataset, net: VirtualNetwork, *, from_node: int) -> None:
    """Add the changes at terminals that begin or end at a node from `from_node` on."""
    fresh = dict.fromkeys(
        net.attachments[position].terminal_idx for position in net.node_attachment[from_node:]
    )
    for terminal_idx in fresh if from_node else tuple(net.nodes_of_terminal):
        if terminal_idx < 0:
            continue
        nodes = net.nodes_of_terminal[terminal_idx]
        terminal = dataset.terminals[terminal_idx]
        if terminal.id.startswith("RAIL-"):
            continue
        is_hub = terminal.port_class in ("hub", "mainline")
        for a in nodes:
            for b in nodes:
                if a == b or max(a, b) < from_node:
                    continue
                if _may_change(net, a, b, is_hub=is_hub):
                    net.arcs.append(
                        SparseArc(
                            tail=a,
                            head=b,
                            facts=transfer_facts(net, dataset, terminal_idx, a, b, is_hub=is_hub),
                        )
                    )


def _may_change(net: VirtualNetwork, a: int, b: int, *, is_hub: bool) -> bool:
    """Return whether a unit load may change from node a to node b of one terminal."""
    one = net.carriages[net.node_carriage[a]]
    two = net.carriages[net.node_carriage[b]]
    if one.mode in ("sea", "ferry") and two.mode in ("sea", "ferry"):
        if net.attachments[net.node_attachment[a]].net == Net.CASPIAN:
            return False
        return is_hub and not (one.service and two.service and one.service == two.service)
    if one.mode == two.mode == "rail":
        return True
    return one.mode != two.mode


def transfer_facts(
    net: VirtualNetwork,
    dataset: NetworkDataset,
    terminal_idx: int,
    a: int,
    b: int,
    *,
    is_hub: bool,
) -> TransferArc:
    """Return the facts of a change between two nodes of one terminal."""
    terminal = dataset.terminals[terminal_idx]
    one = net.carriages[net.node_carriage[a]]
    two = net.carriages[net.node_carriage[b]]
    return TransferArc(
        terminal=terminal.id,
        country=terminal.country,
        role="transfer",
        mode_from=one.mode,
        mode_to=two.mode,
        vehicle_from=one.vehicle,
        vehicle_to=two.vehicle,
        gauge_from_mm=node_gauge(net, dataset, a),
        gauge_to_mm=node_gauge(net, dataset, b),
        headway_h=headway_of(net, terminal_idx, two),
        market_from=priced_market(dataset, one),
        market_to=priced_market(dataset, two),
        is_hub=is_hub and one.mode == "sea" and two.mode == "sea",
    )


def headway_of(
    net: VirtualNetwork, terminal_idx: int, carriage: Carriage
) -> tuple[float, float, float] | None:
    """Return how often a carriage leaves a terminal, None where the models' default holds."""
    if carriage.mode == "rail":
        return net.rail_headway_h.get(terminal_idx)
    return carriage.headway_h


def priced_market(dataset: NetworkDataset, carriage: Carriage) -> str:
    """Return the market id that models know for a carriage."""
    if carriage.service:
        return carriage.market
    for market in dataset.sea_markets:
        if market.id == carriage.market:
            return market_key(market)
    return ""


def node_gauge(net: VirtualNetwork, dataset: NetworkDataset, node: int) -> int:
    """Return the gauge under a rail node, 0 elsewhere."""
    touch = net.attachments[net.node_attachment[node]]
    return dataset.blocks[touch.block_idx].gauge_mm if touch.net == Net.RAIL else 0


def mode_of(net: VirtualNetwork, node: int) -> str:
    """Return the mode of the carriage at a node."""
    return net.carriages[net.node_carriage[node]].mode
