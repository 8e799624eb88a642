"""New and opened pieces of the networks: each function returns a dataset, or why there is none."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.dataset.network import (
    NamedLink,
    Net,
    NetworkDataset,
    PhysicalNetwork,
    RideLeg,
)
from landbridge.domain.network import Service, Terminal
from landbridge.scenarios.change import AddLink, AddService, AddTerminal, Open
from landbridge.units import great_circle_km_many

NETS = {"rail": Net.RAIL, "road": Net.ROAD, "iww": Net.IWW, "caspian": Net.CASPIAN}
CONNECT_KM = 25.0
"""A terminal farther than this from a link is not connected to it."""
LAND_KM, SEA_KM = 60.0, 300.0
"""A new terminal farther than this from a network is not joined to it."""
OPEN_STATUS = "operational"


def named_link(dataset: NetworkDataset, id_: str) -> tuple[Net, int] | None:
    """Return the network of a named link and its position in `named`."""
    for net, network in dataset.networks.items():
        for k, link in enumerate(network.named):
            if link.id == id_:
                return net, k
    return None


def with_open_link(dataset: NetworkDataset, change: Open) -> NetworkDataset | str:
    """Return the dataset with a planned link open, and terminals connected to it."""
    found = named_link(dataset, change.target.id)
    if found is None:
        return f"no link '{change.target.id}'"
    net, k = found
    network = dataset.networks[net]
    links = np.flatnonzero(np.asarray(network.name_idx) == k)
    if not len(links):
        return f"link {change.target.id} has no line in the network"
    status = np.array(network.status)
    status[links] = 0
    named = tuple(
        replace(link, status=OPEN_STATUS) if i == k else link
        for i, link in enumerate(network.named)
    )
    ends = np.unique(
        np.concatenate([np.asarray(network.tail_idx)[links], np.asarray(network.head_idx)[links]])
    )
    blocks = np.unique(np.asarray(network.block_idx)[ends]).tolist()
    dataset = _with_network(dataset, replace(network, status=_frozen(status), named=named), blocks)
    conditions = dataset.conditions
    id_ = change.target.id
    speeds, capacities = (
        dict(conditions.link_speed_km_per_d),
        dict(conditions.link_capacity_teu_per_d),
    )
    if change.speed_km_per_d is not None:
        speeds[id_] = change.speed_km_per_d
    if change.capacity_teu_per_d is not None:
        capacities[id_] = change.capacity_teu_per_d
    dataset = replace(
        dataset,
        conditions=replace(
            conditions, link_speed_km_per_d=speeds, link_capacity_teu_per_d=capacities
        ),
    )
    for terminal_id in change.connect:
        joined = _connected(dataset, net, ends, terminal_id)
        if isinstance(joined, str):
            return joined
        dataset = joined
    return dataset


def _connected(
    dataset: NetworkDataset, net: Net, nodes: npt.NDArray[Any], terminal_id: str
) -> NetworkDataset | str:
    """Return the dataset with a terminal joined to the nearest of some nodes."""
    at = {terminal.id: k for k, terminal in enumerate(dataset.terminals)}
    if terminal_id not in at:
        return f"no terminal '{terminal_id}' to connect"
    k = at[terminal_id]
    terminal, network = dataset.terminals[k], dataset.networks[net]
    km = great_circle_km_many(
        np.asarray(network.lon)[nodes], np.asarray(network.lat)[nodes], terminal.lon, terminal.lat
    )
    nearest = int(np.argmin(km))
    if km[nearest] > CONNECT_KM:
        return f"{terminal_id} is {km[nearest]:.0f} km from the link: {CONNECT_KM:.0f} at most"
    table = dataset.attachments
    block = int(network.block_idx[nodes[nearest]])
    is_there = (table.terminal_idx == k) & (table.net == int(net)) & (table.block_idx == block)
    if is_there.any():
        return dataset
    dataset = _attached(dataset, k, net, int(nodes[nearest]), float(km[nearest]))
    mode = net.name.lower()
    gauge = dataset.blocks[block].gauge_mm
    joined = replace(
        terminal,
        modes=tuple(sorted({*terminal.modes, mode})),
        gauges_mm=tuple(dict.fromkeys((*terminal.gauges_mm, *((gauge,) if gauge else ())))),
    )
    terminals = (*dataset.terminals[:k], joined, *dataset.terminals[k + 1 :])
    return replace(dataset, terminals=terminals)


def with_terminal(dataset: NetworkDataset, change: AddTerminal) -> NetworkDataset | str:
    """Return the dataset with a new terminal, joined to the networks of its modes."""
    terminal = Terminal(
        id=change.id, name=change.name, aliases=(), country=change.country, lat=change.lat,
        lon=change.lon, kind="port" if "sea" in change.modes else "dry_port", modes=change.modes,
        unlocode="", gauges_mm=(), status=OPEN_STATUS, max_draught_m=float("nan"), restriction="",
        port_class=change.port_class or ("feeder" if "sea" in change.modes else ""),
        quality="assumed", evidence=change.evidence or change.reason,
    )  # fmt: skip
    k = len(dataset.terminals)
    dataset = replace(dataset, terminals=(*dataset.terminals, terminal))
    for mode in change.modes:
        nets = (Net.SEA, Net.CASPIAN) if mode in ("sea", "ferry") else (NETS[mode],)
        found = [
            (km, net, node)
            for net in nets
            for node, km in [_nearest(dataset, net, change)]
            if node >= 0
        ]
        limit = SEA_KM if mode in ("sea", "ferry") else LAND_KM
        if not found or min(found)[0] > limit:
            return f"no {mode} network within {limit:.0f} km of {change.id}"
        km, net, node = min(found)
        dataset = _attached(dataset, k, net, node, km)
    return dataset


def _nearest(dataset: NetworkDataset, net: Net, change: AddTerminal) -> tuple[int, float]:
    """Return the nearest node with an open link (on land: in the country) and its distance."""
    network = dataset.networks[net]
    usable = np.zeros(len(network.lon), bool)
    is_open = np.asarray(network.status) == 0
    usable[np.asarray(network.tail_idx)[is_open]] = True
    usable[np.asarray(network.head_idx)[is_open]] = True
    if net in (Net.RAIL, Net.ROAD):
        own = np.array([block.country == change.country for block in dataset.blocks])
        usable &= own[np.asarray(network.block_idx)]
    km = great_circle_km_many(
        np.asarray(network.lon), np.asarray(network.lat), change.lon, change.lat
    )
    km = np.where(usable, km, np.inf)
    node = int(np.argmin(km))
    return (node, float(km[node])) if np.isfinite(km[node]) else (-1, np.inf)


def with_link(dataset: NetworkDataset, change: AddLink) -> NetworkDataset | str:
    """Return the dataset with a new link between two places of one block."""
    net = NETS[change.mode]
    network = dataset.networks[net]
    table = dataset.attachments
    ends = [_touches(dataset, net, id_) for id_ in (change.origin, change.destination)]
    for id_, rows in zip((change.origin, change.destination), ends, strict=True):
        if not rows:
            return f"{id_} does not touch the {change.mode} network"
    pairs = [
        (a, b)
        for a in ends[0]
        for b in ends[1]
        if table.block_idx[a] == table.block_idx[b] and table.node_idx[a] != table.node_idx[b]
    ]
    if not pairs:
        return (
            f"{change.origin} and {change.destination} lie in two countries or on two gauges: "
            "a link keeps to one, and a crossing joins two"
        )
    tail, head = (int(table.node_idx[row]) for row in pairs[0])
    block = int(table.block_idx[pairs[0][0]])
    link = NamedLink(
        id=change.id, name=f"{change.origin} - {change.destination}", status=OPEN_STATUS,
        open_year=0, length_km=change.length_km, gauge_mm=dataset.blocks[block].gauge_mm,
        season_open="", season_close="", max_draught_m=float("nan"), quality="assumed",
    )  # fmt: skip
    start = np.asarray(network.shape_start)
    grown = replace(
        network,
        tail_idx=_append(network.tail_idx, tail),
        head_idx=_append(network.head_idx, head),
        length_km=_append(network.length_km, change.length_km),
        origin=_append(network.origin, 0),
        status=_append(network.status, 0),
        passage_idx=_append(network.passage_idx, -1),
        name_idx=_append(network.name_idx, len(network.named)),
        chord_km=_append(network.chord_km, change.length_km),
        shape_start=_append(start, start[-1]),
        named=(*network.named, link),
    )
    return _with_network(dataset, grown, [block])


def with_service(dataset: NetworkDataset, change: AddService) -> NetworkDataset | str:
    """Return the dataset with a new ship service or block train."""
    service = Service(
        id=change.id, name=change.name, kind=change.kind, terminals=change.terminals,
        headway_h=change.headway_h, transit_d=(0.0, 0.0, 0.0), status=OPEN_STATUS, date_from="",
        date_to="", passages=change.passages, evidence=change.evidence or change.reason,
    )  # fmt: skip
    legs: list[RideLeg] = []
    if change.kind != "block_train":
        found = _ride_legs(dataset, change)
        if isinstance(found, str):
            return found
        legs = found
    return replace(
        dataset,
        services=(*dataset.services, service),
        ride_legs=(*dataset.ride_legs, *legs),
    )


def _ride_legs(dataset: NetworkDataset, change: AddService) -> list[RideLeg] | str:
    for net in (Net.SEA, Net.CASPIAN):
        nodes = [_touches(dataset, net, stop) for stop in change.terminals]
        if all(nodes):
            break
    else:
        return f"the ports of {change.id} do not lie on one sea"
    network, table = dataset.networks[net], dataset.attachments
    ids = [passage.id for passage in dataset.passages]
    shut = {
        k
        for k, passage in enumerate(dataset.passages)
        if (passage.season_open or passage.status == "closed")
        and passage.id not in change.passages
        and net is Net.SEA
    }
    if change.passages:
        shut |= {
            k
            for k, passage in enumerate(dataset.passages)
            if passage.toll == "yes" and passage.id not in change.passages and net is Net.SEA
        }
    legs = []
    for stop in range(len(nodes) - 1):
        a, b = nodes[stop][0], nodes[stop + 1][0]
        links = _way(network, int(table.node_idx[a]), int(table.node_idx[b]), shut)
        if links is None:
            return f"no way by sea from {change.terminals[stop]} to {change.terminals[stop + 1]}"
        km: dict[str, float] = {}
        open_km = float(table.off_km[a] + table.off_km[b])
        for link in links:
            passage = int(network.passage_idx[link])
            length = float(network.length_km[link])
            if passage >= 0:
                km[ids[passage]] = km.get(ids[passage], 0.0) + length
            else:
                open_km += length
        legs.append(
            RideLeg(
                service=change.id, net=int(net), stop=stop, open_km=open_km, passages=tuple(km),
                passage_km=tuple(km.values()),
            )
        )  # fmt: skip
    return legs


def _way(network: PhysicalNetwork, start: int, end: int, shut: set[int]) -> list[int] | None:
    """Return the links of the shortest way, in order, None if there is none."""
    around: dict[int, list[tuple[int, int, float]]] = {}
    columns = (network.tail_idx, network.head_idx, network.length_km, network.passage_idx)
    rows = zip(*(np.asarray(column).tolist() for column in columns), strict=True)
    for link, (tail, head, km, passage) in enumerate(rows):
        if passage not in shut and network.status[link] == 0:
            around.setdefault(tail, []).append((head, link, km))
            around.setdefault(head, []).append((tail, link, km))
    best: dict[int, float] = {start: 0.0}
    back: dict[int, tuple[int, int]] = {}
    queue = [(0.0, start)]
    while queue:
        km, node = heapq.heappop(queue)
        if node == end:
            break
        if km > best[node]:
            continue
        for other, link, length in around.get(node, ()):
            if km + length < best.get(other, np.inf):
                best[other] = km + length
                back[other] = (node, link)
                heapq.heappush(queue, (km + length, other))
    if end not in best:
        return None
    links = []
    while end != start:
        end, link = back[end]
        links.append(link)
    return links[::-1]


def _touches(dataset: NetworkDataset, net: Net, id_: str) -> list[int]:
    """Return the attachments (positions) by which a terminal or crossing touches a network."""
    table = dataset.attachments
    ids = (
        ([row.id for row in dataset.terminals], table.terminal_idx),
        ([row.id for row in dataset.crossings], table.crossing_idx),
    )
    for known, column in ids:
        if id_ in known:
            rows = np.flatnonzero((column == known.index(id_)) & (table.net == int(net)))
            return [int(row) for row in rows]
    return []


def _attached(
    dataset: NetworkDataset, terminal_idx: int, net: Net, node: int, km: float
) -> NetworkDataset:
    """Return the dataset with one more touch of a terminal."""
    table = dataset.attachments
    block = int(dataset.networks[net].block_idx[node])
    grown = replace(
        table,
        terminal_idx=_append(table.terminal_idx, terminal_idx),
        crossing_idx=_append(table.crossing_idx, -1),
        side=_append(table.side, -1),
        net=_append(table.net, int(net)),
        node_idx=_append(table.node_idx, node),
        block_idx=_append(table.block_idx, block),
        off_km=_append(table.off_km, km),
        is_core=_append(table.is_core, net not in (Net.CASPIAN, Net.IWW)),
    )
    return replace(dataset, attachments=grown)


def _with_network(
    dataset: NetworkDataset, network: PhysicalNetwork, blocks: Iterable[int]
) -> NetworkDataset:
    """Return the dataset with another network, of which the tables of some blocks do not hold."""
    conditions = dataset.conditions
    return replace(
        dataset,
        networks={**dataset.networks, network.net: network},
        conditions=replace(
            conditions,
            changed_nets=conditions.changed_nets | {int(network.net)},
            changed_blocks=conditions.changed_blocks | set(blocks),
        ),
    )


def _append(array: npt.NDArray[Any], value: float) -> npt.NDArray[Any]:
    return _frozen(np.append(np.asarray(array), np.asarray([value], array.dtype)))


def _frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    array.flags.writeable = False
    return array
