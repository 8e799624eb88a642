"""Two countries, one frontier, one strait: every network with a handful of nodes.

AA (1520 mm) | BB (1435 mm)           all on the equator, one degree is 111.195 km
A ---- 0.5 --|-- 1.5 ---- B           rail and road, crossings T1 (rail) and T2 (road)
A ---- gate ~~strait~~ gate ---- B    ocean, 'strait' in the middle
C1 ---- C2                            a sea of its own, 'caspian'
A ---- R                              a river, open from April to November
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from landbridge.dataset.network import (
    Attachments,
    Block,
    DatedFact,
    HaulTables,
    NamedLink,
    Net,
    NetworkDataset,
    PhysicalNetwork,
    RideLeg,
    SeaMarket,
)
from landbridge.domain.network import BorderCrossing, Corridor, Passage, Service, Terminal
from landbridge.units import great_circle_km_many

NAN = float("nan")
DEGREE_KM = 111.19508
BLOCKS = (
    Block(net=0, country="AA", gauge_mm=1520, basin=""),
    Block(net=0, country="BB", gauge_mm=1435, basin=""),
    Block(net=1, country="AA", gauge_mm=0, basin=""),
    Block(net=1, country="BB", gauge_mm=0, basin=""),
    Block(net=2, country="", gauge_mm=0, basin="ocean"),
    Block(net=3, country="", gauge_mm=0, basin="caspian"),
    Block(net=4, country="", gauge_mm=0, basin="river-0"),
)


def physical(
    net: Net, nodes: Sequence[tuple[float, float, int]], links: Sequence[tuple[int, int]],
    **given: Any,
) -> PhysicalNetwork:  # fmt: skip
    """Return a network of (lon, lat, block) nodes; links are 1.1 great circles long."""
    lon, lat = np.array([n[0] for n in nodes], float), np.array([n[1] for n in nodes], float)
    tail, head = (np.array([link[k] for link in links], np.int32) for k in (0, 1))
    n = len(links)
    columns: dict[str, Any] = {
        "length_km": np.ceil(
            great_circle_km_many(lon[tail], lat[tail], lon[head], lat[head]) * 1100.0
        ) / 1000.0,
        "origin": np.zeros(n, np.uint8), "status": np.zeros(n, np.uint8),
        "passage_idx": np.full(n, -1, np.int32), "name_idx": np.full(n, -1, np.int32),
        "chord_km": np.zeros(n), "shape_start": np.zeros(n + 1, np.int32),
        "shape_lonlat": np.zeros((0, 2)), "named": (),
    }  # fmt: skip
    return PhysicalNetwork(
        net=net, lon=lon, lat=lat, block_idx=np.array([x[2] for x in nodes], np.int32),
        tail_idx=tail, head_idx=head, **{**columns, **given},
    )  # fmt: skip


def terminal(id_: str, country: str, lon: float, modes: Sequence[str], **given: Any) -> Terminal:
    columns = {
        "name": id_.title(), "aliases": (), "kind": "port", "unlocode": "", "gauges_mm": (),
        "status": "operational", "max_draught_m": NAN, "restriction": "", "port_class": "mainline",
        "quality": "published", "evidence": "made up", "lat": 0.0,
    }  # fmt: skip
    return Terminal(id=id_, country=country, lon=lon, modes=tuple(modes), **{**columns, **given})


def crossing(id_: str, mode: str, gauges: tuple[int, int], **given: Any) -> BorderCrossing:
    columns = {
        "name_a": "Left", "country_a": "AA", "name_b": "Right", "country_b": "BB", "lat": 0.0,
        "lon": 1.0, "change": "transshipment" if mode == "rail" else "", "status": "operational",
        "opened": "", "closed": "", "restriction": "", "quality": "published",
        "evidence": "made up",
    }  # fmt: skip
    return BorderCrossing(
        id=id_, mode=mode, gauge_a_mm=gauges[0], gauge_b_mm=gauges[1], **{**columns, **given}
    )


def passage(id_: str, **given: Any) -> Passage:
    columns = {
        "name": id_.title(), "lat": 0.0, "lon": 1.0, "length_km": 20.0, "max_draught_m": NAN,
        "season_open": "", "season_close": "", "toll": "", "status": "open", "restriction": "",
        "feeder": True, "evidence": "made up",
    }  # fmt: skip
    return Passage(id=id_, **{**columns, **given})


def market(id_: str, **given: Any) -> SeaMarket:
    columns = {
        "vehicle": "mainline", "members": "all", "range_km": 40000.0, "draught_m": 12.0,
        "passages": "", "headway_h": (168.0, 168.0, 168.0), "date_from": "", "date_to": "",
        "rate": "", "note": "",
    }  # fmt: skip
    return SeaMarket(id=id_, **{**columns, **given})


def service(id_: str, kind: str, stops: Sequence[str], **given: Any) -> Service:
    columns = {
        "name": id_, "headway_h": (24.0, 48.0, 96.0), "transit_d": (1.0, 2.0, 3.0),
        "status": "operational", "date_from": "", "date_to": "", "passages": (),
        "evidence": "made up",
    }  # fmt: skip
    return Service(id=id_, kind=kind, terminals=tuple(stops), **{**columns, **given})


def brute_hauls(
    networks: dict[Net, PhysicalNetwork], table: Attachments, n_blocks: int
) -> HaulTables:
    """Return haul tables by Floyd and Warshall: slow, obvious, rounded up to 0.05 km."""
    core = np.flatnonzero(table.is_core)
    members = [core[table.block_idx[core] == b] for b in range(n_blocks)]
    parts = []
    for rows in members:
        if not len(rows):
            continue
        network = networks[Net(int(table.net[rows[0]]))]
        n = len(network.lon)
        way = np.full((n, n), np.inf)
        np.fill_diagonal(way, 0.0)
        block = network.block_idx
        for k, (a, b) in enumerate(zip(network.tail_idx, network.head_idx, strict=True)):
            if network.status[k] == 0 and network.passage_idx[k] < 0 and block[a] == block[b]:
                way[a, b] = way[b, a] = min(way[a, b], network.length_km[k])
        for k in range(n):
            way = np.minimum(way, way[:, [k]] + way[[k], :])
        nodes, off = table.node_idx[rows], table.off_km[rows]
        km = way[np.ix_(nodes, nodes)] + off[:, None] + off[None, :]
        np.fill_diagonal(km, 0.0)
        parts.append((np.ceil(km * 20.0) / 20.0).astype(np.float32).reshape(-1))
    size = [len(rows) for rows in members]
    return HaulTables(
        start=np.cumsum([0, *size]).astype(np.int32),
        member=np.concatenate(members).astype(np.int32),
        offset=np.cumsum([0, *[n * n for n in size]]).astype(np.int64),
        km=np.concatenate(parts),
    )


def attachments(rows: Sequence[tuple[int, int, int, int, int, int, float, bool]]) -> Attachments:
    """Return the table of (net, block, terminal, crossing, side, node, km off, core) rows."""
    columns = list(zip(*sorted(rows, key=lambda row: row[:6]), strict=True))
    whole = [np.array(column, np.int32) for column in columns[:6]]
    return Attachments(
        net=whole[0], block_idx=whole[1], terminal_idx=whole[2], crossing_idx=whole[3],
        side=whole[4], node_idx=whole[5], off_km=np.array(columns[6], float),
        is_core=np.array(columns[7], np.bool_),
    )  # fmt: skip


def dataset(**given: Any) -> NetworkDataset:
    """Return the world, with some of its parts replaced."""
    land = [(0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 0.0), (1.5, 0.0), (2.0, 0.0)]
    ways = [(0, 1), (1, 2), (3, 4), (4, 5)]
    networks = {
        Net.RAIL: physical(Net.RAIL, [(*p, int(k > 2)) for k, p in enumerate(land)], ways),
        Net.ROAD: physical(Net.ROAD, [(*p, 2 + int(k > 2)) for k, p in enumerate(land)], ways),
        Net.SEA: physical(
            Net.SEA, [(0.0, -0.3, 4), (0.9, -0.3, 4), (1.1, -0.3, 4), (2.0, -0.3, 4)],
            [(0, 1), (1, 2), (2, 3)], passage_idx=np.array([-1, 0, -1], np.int32),
        ),
        Net.CASPIAN: physical(Net.CASPIAN, [(10.0, 0.0, 5), (12.0, 0.0, 5)], [(0, 1)]),
        Net.IWW: physical(
            Net.IWW, [(0.0, 0.05, 6), (0.0, 1.0, 6)], [(0, 1)], name_idx=np.zeros(1, np.int32),
            named=(
                NamedLink(
                    id="W1", name="River", status="operational", open_year=0, length_km=120.0,
                    gauge_mm=0, season_open="04-01", season_close="11-30", max_draught_m=4.0,
                    quality="published",
                ),
            ),
        ),
    }  # fmt: skip
    terminals = (
        terminal("PORT-A", "AA", 0.0, ("iww", "rail", "road", "sea"), port_class="hub"),
        terminal("PORT-B", "BB", 2.0, ("rail", "road", "sea")),
        terminal("PORT-C1", "AA", 10.0, ("sea",), port_class="feeder"),
        terminal("PORT-C2", "BB", 12.0, ("sea",), port_class="feeder"),
        terminal("PORT-R", "AA", 0.0, ("iww",), lat=1.0, port_class="feeder"),
    )
    table = attachments(
        [
            (0, 0, 0, -1, -1, 0, 0.0, True), (0, 1, 1, -1, -1, 5, 0.0, True),
            (0, 0, -1, 0, 0, 2, 0.0, True), (0, 1, -1, 0, 1, 3, 0.0, True),
            (1, 2, 0, -1, -1, 0, 0.0, True), (1, 3, 1, -1, -1, 5, 0.0, True),
            (1, 2, -1, 1, 0, 2, 0.0, True), (1, 3, -1, 1, 1, 3, 0.0, True),
            (2, 4, 0, -1, -1, 0, 33.4, True), (2, 4, 1, -1, -1, 3, 33.4, True),
            (2, 4, -1, -1, -1, 1, 0.0, True), (2, 4, -1, -1, -1, 2, 0.0, True),
            (3, 5, 2, -1, -1, 0, 0.0, False), (3, 5, 3, -1, -1, 1, 0.0, False),
            (4, 6, 0, -1, -1, 0, 5.6, False), (4, 6, 4, -1, -1, 1, 0.0, False),
        ]
    )  # fmt: skip
    parts: dict[str, Any] = {
        "networks": networks, "blocks": BLOCKS, "terminals": terminals,
        "crossings": (crossing("T1", "rail", (1520, 1435)), crossing("T2", "road", (0, 0))),
        "passages": (passage("strait"),),
        "services": (
            service("V1", "container_ship", ("PORT-A", "PORT-B"), date_to="2025-06"),
            service("V2", "ro_ro", ("PORT-C1", "PORT-C2")),
        ),
        "corridors": (
            Corridor(
                id="by-sea", title="By sea", required=(("strait",),), forbidden=("T1",),
                modes=((), ()), note="",
            ),
        ),
        "attachments": table, "haul_tables": brute_hauls(networks, table, len(BLOCKS)),
        "sea_markets": (market("mainline", members="class:hub|mainline"),),
        "ride_legs": (
            RideLeg(service="V1", net=2, stop=0, open_km=270.0, passages=("strait",),
                    passage_km=(24.5,)),
            RideLeg(service="V2", net=3, stop=0, open_km=245.0, passages=(), passage_km=()),
        ),
        "service_markets": {"V1": "mainline"}, "territories": {"AA": "UNION"},
        "no_through_truck": frozenset({("AA", "BB")}),
        "facts": (
            DatedFact(id="F1", subject="strait", kind="war_risk", date_from="2024-01-01",
                      date_to="", text="made up", evidence="E1"),
        ),
        "digest": "",
    }  # fmt: skip
    return NetworkDataset(**{**parts, **given})
