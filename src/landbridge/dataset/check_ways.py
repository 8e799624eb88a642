"""Problems of ways: terminals that reach nothing, and detours between neighbours."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from landbridge.dataset.check_lines import name_of, positions
from landbridge.dataset.network import Net, NetworkDataset, PhysicalNetwork
from landbridge.dataset.problem import Problem, Severity
from landbridge.domain.network import FERRY_PORT
from landbridge.units import great_circle_km_many

DETOUR = 3.0
"""A way this many times the great circle between neighbours is looked at."""
NEIGHBOUR_KM = (8.0, 150.0)
"""Neighbours lie between these great-circle distances of each other."""
NEIGHBOURS = 6
"""Each place is compared with so many of its nearest."""
LAND = (Net.RAIL, Net.ROAD)


def check_ways(dataset: NetworkDataset) -> list[Problem]:
    """Return the problems of reaching one place from another."""
    return [*_disconnected(dataset), *_detours(dataset)]


def pieces(network: PhysicalNetwork) -> npt.NDArray[np.int64]:
    """Return the connected piece of each node over usable links, shape (n_nodes,).

    A piece is named by its lowest node. Labels are hooked to the lower of two neighbours and
    halved until nothing changes (Shiloach and Vishkin 1982).
    """
    block = np.asarray(network.block_idx)
    tail, head = np.asarray(network.tail_idx), np.asarray(network.head_idx)
    use = (np.asarray(network.status) == 0) & (block[tail] == block[head])
    tail, head = tail[use], head[use]
    label = np.arange(len(network.lon), dtype=np.int64)
    while True:
        one, two = label[tail], label[head]
        apart = one != two
        if not apart.any():
            return label
        tail, head = tail[apart], head[apart]
        low = np.minimum(one[apart], two[apart])
        np.minimum.at(label, np.maximum(one[apart], two[apart]), low)
        while True:
            root = label[label]
            if np.array_equal(root, label):
                break
            label = root


def _disconnected(dataset: NetworkDataset) -> Iterator[Problem]:
    """Terminals without a touch, and touches whose piece holds no other place."""
    table = dataset.attachments
    touched = np.zeros(len(dataset.terminals), np.int64)
    alive = np.zeros(len(dataset.terminals), np.int64)
    dead: list[tuple[int, Net]] = []
    for net, network in sorted(dataset.networks.items()):
        piece = pieces(network)
        rows = np.flatnonzero(np.asarray(table.net) == int(net))
        at = piece[np.asarray(table.node_idx)[rows]]
        places: dict[int, set[tuple[int, int]]] = {}
        keys = [(int(table.terminal_idx[k]), int(table.crossing_idx[k])) for k in rows.tolist()]
        for p, key in zip(at.tolist(), keys, strict=True):
            places.setdefault(p, set()).add(key)
        for k, p, key in zip(rows.tolist(), at.tolist(), keys, strict=True):
            if key[0] < 0:
                if key[1] >= 0 and len(places[p]) < 2:
                    yield Problem(
                        kind="disconnected",
                        where=name_of(dataset, k),
                        severity=Severity.WARNING,
                        text=f"its side {'ab'[int(table.side[k])]} reaches no terminal and no "
                        f"other crossing by {net.name.lower()}",
                    )
                continue
            touched[key[0]] += 1
            if len(places[p]) > 1:
                alive[key[0]] += 1
            else:
                dead.append((key[0], net))
    sailing = {stop for service in dataset.services for stop in service.terminals}
    for k, terminal in enumerate(dataset.terminals):
        alive[k] += terminal.kind == FERRY_PORT and terminal.id in sailing
        if not touched[k]:
            yield Problem(
                kind="disconnected",
                where=terminal.id,
                text=f"{terminal.name}, {terminal.country}, touches no network",
            )
        elif not alive[k]:
            yield Problem(
                kind="disconnected",
                where=terminal.id,
                text=f"{terminal.name}, {terminal.country}, reaches no other place",
            )
    for k, net in dead:
        if alive[k]:
            terminal = dataset.terminals[k]
            yield Problem(
                kind="disconnected",
                where=terminal.id,
                severity=Severity.WARNING,
                text=f"{terminal.name}, {terminal.country}, reaches no other place by "
                f"{net.name.lower()}, though by another mode",
            )


def _detours(dataset: NetworkDataset) -> Iterator[Problem]:
    """Neighbours of one land block that are far apart by rail or road, or out of reach.

    Two crossings of one frontier may well lie on two sides of a mountain: a pair counts only
    where one of the two is a terminal, and no ferry port.
    """
    counts = np.array([row.kind != FERRY_PORT for row in dataset.terminals])
    tables = dataset.haul_tables
    start, offset = np.asarray(tables.start), np.asarray(tables.offset)
    for block, facts in enumerate(dataset.blocks):
        net = Net(facts.net)
        n = int(start[block + 1] - start[block])
        if net not in LAND or n < 2:
            continue
        members = np.asarray(tables.member[start[block] : start[block + 1]])
        km = np.asarray(tables.km[offset[block] : offset[block + 1]]).reshape(n, n)
        lon, lat = positions(dataset, net, members)
        straight_km = great_circle_km_many(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
        low, high = NEIGHBOUR_KM
        off = np.asarray(dataset.attachments.off_km)[members]
        terminal = np.asarray(dataset.attachments.terminal_idx)[members]
        is_ferry_port = (terminal >= 0) & ~counts[terminal]
        is_terminal = terminal >= 0
        pairs: set[tuple[int, int]] = set()
        for a in range(n):
            order = np.argsort(straight_km[a], kind="stable")
            near = [int(b) for b in order[1 : NEIGHBOURS + 1] if low <= straight_km[a, b] <= high]
            pairs |= {(min(a, b), max(a, b)) for b in near}
        for a, b in sorted(pairs):
            way_km = float(km[a, b] - off[a] - off[b])
            if way_km <= DETOUR * straight_km[a, b]:
                continue
            if not (is_terminal[a] or is_terminal[b]) or is_ferry_port[a] or is_ferry_port[b]:
                continue
            names = [name_of(dataset, int(members[k])) for k in (a, b)]
            if names[0] == names[1]:
                continue
            how = (
                f"{way_km:.0f} km by {net.name.lower()} for a great circle of "
                f"{straight_km[a, b]:.0f} km"
                if np.isfinite(way_km)
                else f"no way by {net.name.lower()} in {facts.country}, "
                f"{straight_km[a, b]:.0f} km apart"
            )
            yield Problem(
                kind="detour", where=" - ".join(sorted(names)), severity=Severity.WARNING, text=how
            )
