"""Problems of lines and touches: indexes, lengths, frontiers, gauges, passages."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from landbridge.dataset.network import Net, NetworkDataset, PhysicalNetwork
from landbridge.dataset.problem import Problem, Severity
from landbridge.units import great_circle_km_many

ROUNDING_KM = 0.04
"""Coordinates are kept to 1e-4 degree: two ends may each be 11 m off, twice over."""
FARTHEST_TOUCH_KM = 300.0
"""No terminal lies this far from the line it uses; connectors are listed up to 260 km."""
SHOWN = 200
"""Problems of one kind on one network beyond this many are counted, not listed."""
COMPATIBLE_MM = 10


def check_lines(dataset: NetworkDataset) -> list[Problem]:
    """Return the problems of every network, touch and haul table."""
    problems: list[Problem] = []
    sound = []
    for net, network in sorted(dataset.networks.items()):
        wrong = list(_indexes(dataset, net, network))
        problems += wrong
        if not wrong:
            sound.append(net)
            problems += _lengths(net, network)
            problems += _frontiers(dataset, net, network)
    problems += _touches(dataset, sound)
    problems += _passages(dataset)
    return problems


def place_of(network: PhysicalNetwork, link: int) -> str:
    """Return a link and its first point as a person would look it up."""
    node = int(network.tail_idx[link])
    name = network.net.name.lower()
    return f"{name} link {link} at {network.lat[node]:.3f},{network.lon[node]:.3f}"


def _some(problems: list[Problem], kind: str, where: str) -> list[Problem]:
    """Return the first `SHOWN` problems and one line for the others."""
    if len(problems) <= SHOWN:
        return problems
    more = Problem(
        kind=kind,
        where=where,
        severity=problems[-1].severity,
        text=f"and {len(problems) - SHOWN} more of this kind",
    )
    return [*problems[:SHOWN], more]


def _indexes(dataset: NetworkDataset, net: Net, network: PhysicalNetwork) -> Iterator[Problem]:
    name = net.name.lower()
    n_nodes, n_links = len(network.lon), len(network.tail_idx)

    def wrong(text: str) -> Problem:
        return Problem(kind="index", where=name, text=text)

    for field in ("lat", "block_idx"):
        if len(getattr(network, field)) != n_nodes:
            yield wrong(f"{field} has {len(getattr(network, field))} rows, not {n_nodes}")
    for field in (
        "head_idx",
        "length_km",
        "origin",
        "status",
        "passage_idx",
        "name_idx",
        "chord_km",
    ):
        if len(getattr(network, field)) != n_links:
            yield wrong(f"{field} has {len(getattr(network, field))} rows, not {n_links}")
    bounds = {
        "tail_idx": (0, n_nodes),
        "head_idx": (0, n_nodes),
        "block_idx": (0, len(dataset.blocks)),
        "passage_idx": (-1, len(dataset.passages)),
        "name_idx": (-1, len(network.named)),
    }
    for field, (low, high) in bounds.items():
        values = np.asarray(getattr(network, field))
        if len(values) and not (low <= values.min() and values.max() < high):
            found = f"{values.min()} to {values.max()}"
            yield wrong(f"{field} runs from {found}, not {low}..{high - 1}")
    start = np.asarray(network.shape_start)
    if (
        len(start) != n_links + 1
        or start[0] != 0
        or start[-1] != len(network.shape_lonlat)
        or (np.diff(start) < 0).any()
    ):
        yield wrong("shape_start does not run from 0 to the number of shape points")
    for field, most in (("lon", 180.0), ("lat", 90.0)):
        values = np.asarray(getattr(network, field))
        if not (np.isfinite(values).all() and (np.abs(values) <= most + 1e-9).all()):
            yield wrong(f"{field} lies outside -{most:g}..{most:g} or is no number")


def _lengths(net: Net, network: PhysicalNetwork) -> list[Problem]:
    tail, head = np.asarray(network.tail_idx), np.asarray(network.head_idx)
    straight_km = great_circle_km_many(
        network.lon[tail], network.lat[tail], network.lon[head], network.lat[head]
    )
    length_km = np.asarray(network.length_km)
    short = np.flatnonzero(~(length_km >= straight_km * (1 - 1e-3) - ROUNDING_KM))
    problems = [
        Problem(
            kind="too_short",
            where=place_of(network, link),
            text=f"{length_km[link]:.2f} km, but the great circle is {straight_km[link]:.2f} km",
        )
        for link in short.tolist()
    ]
    return _some(problems, "too_short", net.name.lower())


def _frontiers(dataset: NetworkDataset, net: Net, network: PhysicalNetwork) -> list[Problem]:
    """Usable links that join two countries, gauges or basins without a crossing."""
    block = np.asarray(network.block_idx)
    one, two = block[network.tail_idx], block[network.head_idx]
    joins = np.flatnonzero((np.asarray(network.status) == 0) & (one != two))
    foreign: list[Problem] = []
    gauges: list[Problem] = []
    for link in joins.tolist():
        a, b = dataset.blocks[int(one[link])], dataset.blocks[int(two[link])]
        where = place_of(network, link)
        if a.country != b.country or a.basin != b.basin:
            foreign.append(
                Problem(
                    kind="frontier",
                    where=where,
                    text=f"an open link joins {a.country or a.basin} and {b.country or b.basin} "
                    "without a crossing",
                )
            )
        else:
            is_break = abs(a.gauge_mm - b.gauge_mm) > COMPATIBLE_MM
            gauges.append(
                Problem(
                    kind="gauge",
                    where=where,
                    severity=Severity.ERROR if is_break else Severity.WARNING,
                    text=f"an open link joins {a.gauge_mm} and {b.gauge_mm} mm in {a.country}",
                )
            )
    wrong_net = sorted({int(b) for b in np.unique(block) if dataset.blocks[int(b)].net != int(net)})
    name = net.name.lower()
    foreign += [
        Problem(kind="index", where=name, text=f"block {b} is of another network")
        for b in wrong_net
    ]
    return [*_some(foreign, "frontier", name), *_some(gauges, "gauge", name)]


def _touches(dataset: NetworkDataset, sound: list[Net]) -> list[Problem]:
    """Attachments that point outside their tables or far from their places."""
    table, problems = dataset.attachments, []
    n = len(table.net)
    bounds = (
        ("terminal_idx", -1, len(dataset.terminals)),
        ("crossing_idx", -1, len(dataset.crossings)),
        ("side", -1, 2),
        ("net", 0, len(Net)),
        ("block_idx", 0, len(dataset.blocks)),
    )
    for name, low, high in bounds:
        values = np.asarray(getattr(table, name))
        if len(values) != n or (n and not (low <= values.min() and values.max() < high)):
            problems.append(
                Problem(
                    kind="index",
                    where="attachments",
                    text=f"{name} has {len(values)} rows outside {low}..{high - 1} or not {n}",
                )
            )
    if problems:
        return problems
    for net in sound:
        network = dataset.networks[net]
        rows = np.flatnonzero(np.asarray(table.net) == int(net))
        nodes = np.asarray(table.node_idx)[rows]
        if len(rows) and not (nodes.min() >= 0 and nodes.max() < len(network.lon)):
            problems.append(
                Problem(
                    kind="index",
                    where="attachments",
                    text=f"node_idx points outside the {net.name.lower()} nodes",
                )
            )
            continue
        astray = rows[np.asarray(network.block_idx)[nodes] != np.asarray(table.block_idx)[rows]]
        problems += [
            Problem(
                kind="index",
                where=name_of(dataset, int(k)),
                text=f"its touch of the {net.name.lower()} names another block than its node",
            )
            for k in astray.tolist()
        ]
        problems += _offsets(dataset, net, rows)
    is_sound = len(sound) == len(dataset.networks) and not any(p.kind == "index" for p in problems)
    return [*problems, *(_haul_tables(dataset) if is_sound else [])]


def name_of(dataset: NetworkDataset, row: int) -> str:
    """Return the id of what an attachment belongs to."""
    table = dataset.attachments
    if table.terminal_idx[row] >= 0:
        return dataset.terminals[int(table.terminal_idx[row])].id
    if table.crossing_idx[row] >= 0:
        return dataset.crossings[int(table.crossing_idx[row])].id
    return f"gate-{int(table.node_idx[row])}"


def _offsets(dataset: NetworkDataset, net: Net, rows: np.ndarray) -> Iterator[Problem]:
    table, network = dataset.attachments, dataset.networks[net]
    mine = rows[np.asarray(table.terminal_idx)[rows] >= 0]
    which = np.asarray(table.terminal_idx)[mine]
    nodes = np.asarray(table.node_idx)[mine]
    lon = np.array([row.lon for row in dataset.terminals])[which]
    lat = np.array([row.lat for row in dataset.terminals])[which]
    straight_km = great_circle_km_many(lon, lat, network.lon[nodes], network.lat[nodes])
    off_km = np.asarray(table.off_km)[mine]
    for k, row in enumerate(mine.tolist()):
        terminal = dataset.terminals[int(which[k])]
        country = dataset.blocks[int(table.block_idx[row])].country
        if not 0 <= off_km[k] <= FARTHEST_TOUCH_KM:
            yield Problem(
                kind="attachment",
                where=terminal.id,
                text=f"{off_km[k]:.0f} km from the {net.name.lower()} it uses",
            )
        elif off_km[k] < straight_km[k] - 0.5 - 0.01 * straight_km[k]:
            yield Problem(
                kind="too_short",
                where=terminal.id,
                text=f"{off_km[k]:.2f} km to its {net.name.lower()} node, but the great circle is "
                f"{straight_km[k]:.2f} km",
            )
        if net in (Net.RAIL, Net.ROAD) and country != terminal.country:
            yield Problem(
                kind="attachment",
                where=terminal.id,
                text=f"a terminal of {terminal.country} on the {net.name.lower()} of {country}",
            )


def _haul_tables(dataset: NetworkDataset) -> Iterator[Problem]:
    """Haul tables out of shape, or with hauls shorter than the great circle."""
    tables, table = dataset.haul_tables, dataset.attachments
    start, offset = np.asarray(tables.start), np.asarray(tables.offset)
    size = np.diff(start).astype(np.int64)
    if (
        len(start) != len(dataset.blocks) + 1
        or len(offset) != len(start)
        or (size < 0).any()
        or start[-1] != len(tables.member)
        or not np.array_equal(np.diff(offset), size * size)
        or offset[-1] != len(tables.km)
        or (
            len(tables.member)
            and not 0 <= tables.member.min() <= tables.member.max() < len(table.net)
        )
    ):
        yield Problem(kind="index", where="haul_tables", text="members and matrices do not fit")
        return
    for block in np.flatnonzero(size > 1).tolist():
        members = np.asarray(tables.member[start[block] : start[block + 1]])
        if (np.asarray(table.block_idx)[members] != block).any():
            yield Problem(kind="index", where="haul_tables", text=f"strangers in block {block}")
            continue
        net = Net(dataset.blocks[block].net)
        n = len(members)
        km = np.asarray(tables.km[offset[block] : offset[block + 1]]).reshape(n, n)
        lon, lat = positions(dataset, net, members)
        straight_km = great_circle_km_many(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
        slack_km = 1.0 + 0.002 * straight_km
        short = np.argwhere(np.triu(km < straight_km - slack_km, 1))
        for a, b in short[:SHOWN].tolist():
            names = sorted(name_of(dataset, int(members[k])) for k in (a, b))
            yield Problem(
                kind="too_short",
                where=" - ".join(names),
                text=f"{km[a, b]:.1f} km by {net.name.lower()}, but the great circle is "
                f"{straight_km[a, b]:.1f} km",
            )
        if not np.array_equal(km, km.T) or km.diagonal().any():
            yield Problem(
                kind="index",
                where="haul_tables",
                text=f"the matrix of block {block} is not symmetric with a zero diagonal",
            )


def positions(dataset: NetworkDataset, net: Net, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return lon and lat of attachments: of the terminal itself, else of the node."""
    table, network = dataset.attachments, dataset.networks[net]
    nodes = np.asarray(table.node_idx)[rows]
    lon, lat = np.array(network.lon[nodes], float), np.array(network.lat[nodes], float)
    which = np.asarray(table.terminal_idx)[rows]
    for k in np.flatnonzero(which >= 0).tolist():
        terminal = dataset.terminals[int(which[k])]
        lon[k], lat[k] = terminal.lon, terminal.lat
    return lon, lat


def _passages(dataset: NetworkDataset) -> Iterator[Problem]:
    used = {
        int(code)
        for _, network in sorted(dataset.networks.items())
        for code in np.unique(np.asarray(network.passage_idx))
    }
    for k, passage in enumerate(dataset.passages):
        if k not in used:
            yield Problem(
                kind="passage",
                where=passage.id,
                severity=Severity.WARNING,
                text=f"no link runs through {passage.name}: it can be neither used nor shut",
            )
