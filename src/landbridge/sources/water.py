"""Ocean, Caspian and river networks, each with the ports that touch it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landbridge.dataset import attach
from landbridge.dataset.contract_lines import Contracted, contract
from landbridge.dataset.contribution import NamedLine, Origin
from landbridge.dataset.lines import OPEN, Lines, merge
from landbridge.dataset.network import Net
from landbridge.dataset.sea import Gate, tag_passages
from landbridge.domain.network import Terminal
from landbridge.sources import searoute, supplement
from landbridge.sources.curated import read_waterways
from landbridge.sources.tables import read_csv
from landbridge.units import BoolArray, IntArray, great_circle_km, great_circle_km_many

CASPIAN_BOX = (46.0, 36.0, 55.5, 48.0)
"""lon, lat, lon, lat: ports here with mode sea are Caspian ports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterStage:
    """One water network, its passages per link and the ports on it."""

    net: Net
    network: Contracted
    passage_idx: IntArray
    named: tuple[NamedLine, ...]
    touches: tuple[tuple[int, int, float], ...]


def build_ocean(
    raw: Path, curated: Path, terminals: Sequence[Terminal], passages: Sequence[str]
) -> WaterStage:
    """Return the ocean lanes; every vertex stays a node, so lanes need no shapes."""
    lines = merge("sea", [searoute.read(raw / "sea_searoute_py", curated / "sea_cuts.csv")])
    first_link = len(lines.tail)
    extra: list[tuple[int, str]] = []
    for row in read_csv(curated / "sea_links.csv"):
        points = [tuple(float(x) for x in point.split()) for point in row["lonlat"].split("|")]
        nodes = [
            _end(lines, points[0]),
            *lines.add_nodes([p[0] for p in points[1:-1]], [p[1] for p in points[1:-1]]).tolist(),
            _end(lines, points[-1]),
        ]
        gc_km = great_circle_km_many(
            lines.lon[nodes[:-1]], lines.lat[nodes[:-1]], lines.lon[nodes[1:]], lines.lat[nodes[1:]]
        )
        stated = float(row["length_km"] or 0)
        scale = max(1.0, stated / float(gc_km.sum())) if stated else 1.0
        for a, b, km in zip(nodes[:-1], nodes[1:], gc_km, strict=True):
            lines.add_links(a, b, float(km) * scale, Origin.SUPPLEMENT)
            extra.append((len(lines.tail) - 1 - first_link, row["passage_id"]))
    gates = [
        Gate(
            passage=row["passage_id"],
            lon_1=float(row["lon_1"]),
            lat_1=float(row["lat_1"]),
            lon_2=float(row["lon_2"]),
            lat_2=float(row["lat_2"]),
        )
        for row in read_csv(curated / "passage_gates.csv")
    ]
    lines.country = np.zeros(lines.n_nodes, "U2")
    lines.gauge_mm = np.zeros(lines.n_nodes, np.int32)
    ports = [(k, t) for k, t in enumerate(terminals) if "sea" in t.modes and not _in_caspian(t)]
    touches = _touch_at_sea(lines, ports, raw, _reach(curated, "sea"))
    passage_idx = tag_passages(lines, gates, passages)
    for k, passage in extra:
        if passage:
            passage_idx[first_link + k] = passages.index(passage)
    inside = np.zeros(lines.n_nodes, bool)
    for row in read_csv(curated / "canals.csv"):
        inside |= (
            (lines.lon >= float(row["lon_min"]))
            & (lines.lon <= float(row["lon_max"]))
            & (lines.lat >= float(row["lat_min"]))
            & (lines.lat <= float(row["lat_max"]))
        )
    inside[[node for _, node, _ in touches]] = False
    return _stage(Net.SEA, lines, passage_idx, (), touches, loose=inside)


def build_caspian(
    raw: Path, terminals: Sequence[Terminal], passages: Sequence[str], line_passages: dict[str, str]
) -> WaterStage:
    """Return the Caspian lanes; their ends are the ports themselves."""
    lanes = supplement.read_caspian_lanes(raw / "supplement")
    lines, node_at = _from_named("sea", lanes)
    positions = {t.id: k for k, t in enumerate(terminals)}
    touches = [
        (positions[id_], node, _off_km(lines, node, terminals[positions[id_]]))
        for id_, node in sorted(node_at.items())
        if id_ in positions
    ]
    return _stage(
        Net.CASPIAN, lines, _line_passages(lines, lanes, passages, line_passages), lanes, touches
    )


def build_rivers(
    raw: Path,
    curated: Path,
    terminals: Sequence[Terminal],
    passages: Sequence[str],
    line_passages: dict[str, str],
) -> WaterStage:
    """Return rivers and canals with the ports within reach of them."""
    reaches = [*supplement.read_waterways(raw / "supplement"), *read_waterways(curated)]
    lines, _ = _from_named("iww", reaches)
    ports = [(k, t) for k, t in enumerate(terminals) if "iww" in t.modes]
    touches = _touch(lines, ports, attach.REACH_KM["iww"], {})
    return _stage(
        Net.IWW, lines, _line_passages(lines, reaches, passages, line_passages), reaches, touches
    )


def _off_km(lines: Lines, node: int, terminal: Terminal) -> float:
    lon, lat = float(lines.lon[node]), float(lines.lat[node])
    return great_circle_km(lon, lat, terminal.lon, terminal.lat)


def _end(lines: Lines, point: tuple[float, ...]) -> int:
    """Return the vertex at the end of a lane: the nearest, or a new one where none is near."""
    km = great_circle_km_many(lines.lon, lines.lat, point[0], point[1])
    if float(km.min()) > FARTHEST_LANE_KM:
        return int(lines.add_nodes(point[0], point[1])[0])
    return int(km.argmin())


def _in_caspian(terminal: Terminal) -> bool:
    west, south, east, north = CASPIAN_BOX
    return west <= terminal.lon <= east and south <= terminal.lat <= north


def _reach(curated: Path, mode: str) -> dict[str, float]:
    return {
        row["terminal_id"]: float(row["reach_km"])
        for row in read_csv(curated / "terminal_connectors.csv")
        if row["mode"] == mode
    }


def _touch(
    lines: Lines,
    ports: Sequence[tuple[int, Terminal]],
    default_km: float,
    reach_km: dict[str, float],
) -> list[tuple[int, int, float]]:
    touches = []
    for k, port in ports:
        km = great_circle_km_many(lines.lon, lines.lat, port.lon, port.lat)
        node = int(km.argmin())
        if km[node] <= reach_km.get(port.id, default_km):
            touches.append((k, node, float(km[node])))
    return touches


def _touch_at_sea(
    lines: Lines, ports: Sequence[tuple[int, Terminal]], raw: Path, reach_km: dict[str, float]
) -> list[tuple[int, int, float]]:
    """Return the lane node each port sails to: the nearest whose straight way stays off land.

    Of the nodes within reach the first with 12 km of land or less between is taken, else the
    one with least land if that is 35 km or less (a river mouth, a narrow bay).
    """
    import geopandas as gpd
    import shapely

    land = np.array(
        shapely.get_parts(
            gpd.read_parquet(raw / "natural_earth" / "ne_50m_land.parquet").geometry.to_numpy()
        )
    )
    tree = shapely.STRtree(land)
    touches = []
    for k, port in ports:
        km = great_circle_km_many(lines.lon, lines.lat, port.lon, port.lat)
        limit = reach_km.get(port.id, FARTHEST_LANE_KM)
        near = [int(i) for i in np.argsort(km, kind="stable")[:40] if km[i] <= limit]
        best: tuple[float, int] | None = None
        for node in near:
            line = shapely.LineString(
                [(port.lon, port.lat), (float(lines.lon[node]), float(lines.lat[node]))]
            )
            if abs(port.lon - float(lines.lon[node])) > 180:
                continue
            over = land[tree.query(line, predicate="intersects")]
            share = (
                float(shapely.length(shapely.intersection(line, over)).sum()) / line.length
                if len(over) and line.length > 0
                else 0.0
            )
            land_km = share * float(km[node])
            if best is None or land_km < best[0]:
                best = (land_km, node)
            if land_km <= 12.0:
                break
        if best is not None and best[0] <= 35.0:
            touches.append((k, best[1], float(km[best[1]])))
    return touches


FARTHEST_LANE_KM = 150.0
"""A port farther from every lane is on a river or off the network."""


def _from_named(mode: str, named: Sequence[NamedLine]) -> tuple[Lines, dict[str, int]]:
    """Return a network of named lines; ends that coincide (0.5 km) are one node."""
    lines = Lines(
        mode=mode,
        lon=np.zeros(0),
        lat=np.zeros(0),
        tail=np.zeros(0, np.int32),
        head=np.zeros(0, np.int32),
        length_km=np.zeros(0),
        origin=np.zeros(0, np.uint8),
        status=np.zeros(0, np.uint8),
        name_idx=np.zeros(0, np.int32),
        names=[line.id for line in named],
    )
    node_at: dict[str, int] = {}
    at: dict[tuple[float, float], int] = {}

    def node_of(point: tuple[float, float]) -> int:
        key = (round(point[0], 2), round(point[1], 2))
        if key not in at:
            at[key] = int(lines.add_nodes(point[0], point[1])[0])
        return at[key]

    for k, line in enumerate(named):
        xy = np.asarray(line.lonlat, float)
        nodes = [node_of(line.lonlat[0])]
        nodes += lines.add_nodes(xy[1:-1, 0], xy[1:-1, 1]).tolist() if len(xy) > 2 else []
        nodes.append(node_of(line.lonlat[-1]))
        node_at.setdefault(line.from_id, nodes[0])
        node_at.setdefault(line.to_id, nodes[-1])
        km = great_circle_km_many(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
        stated = km / km.sum() * max(line.length_km, float(km.sum()))
        lines.add_links(nodes[:-1], nodes[1:], stated, Origin.SUPPLEMENT, OPEN, k)
    lines.country = np.zeros(lines.n_nodes, "U2")
    lines.gauge_mm = np.zeros(lines.n_nodes, np.int32)
    return lines, node_at


def _line_passages(
    lines: Lines,
    named: Sequence[NamedLine],
    passages: Sequence[str],
    line_passages: dict[str, str],
) -> IntArray:
    """Return the passage of each link: that of its line's id, else of its line's river system."""
    code = []
    for line in named:
        passage = line_passages.get(line.id) or line_passages.get(line.system)
        code.append(passages.index(passage) if passage else -1)
    return np.array(code, np.int32)[lines.name_idx]


def _stage(
    net: Net,
    lines: Lines,
    passage_idx: IntArray,
    named: Sequence[NamedLine],
    touches: Sequence[tuple[int, int, float]],
    loose: BoolArray | None = None,
) -> WaterStage:
    """Return the stage; chains of `loose` nodes (inside a canal) become one link each."""
    lines.status[:] = OPEN
    tag_at: dict[int, int] = {}
    for ends in (lines.tail, lines.head):
        for node, tag in zip(ends.tolist(), passage_idx.tolist(), strict=True):
            tag_at[node] = max(tag, tag_at.get(node, -1))
    label_links = {
        (min(a, b), max(a, b)): p
        for a, b, p in zip(
            lines.tail.tolist(), lines.head.tolist(), passage_idx.tolist(), strict=True
        )
    }
    held = np.arange(lines.n_nodes) if loose is None else np.flatnonzero(~loose)
    network = contract(lines, held, smallest_component=0)
    back = np.full(len(network.lon), -1, np.int64)
    kept = network.node_of >= 0
    back[network.node_of[kept]] = np.flatnonzero(kept)
    at_point = {
        (round(float(lines.lon[node]), 6), round(float(lines.lat[node]), 6)): tag
        for node, tag in tag_at.items()
    }

    def tag_of(link: int) -> int:
        a, b = int(back[network.tail[link]]), int(back[network.head[link]])
        known: int | None = label_links.get((min(a, b), max(a, b)))
        if known is not None:
            return known
        points = network.shape_lonlat[network.shape_start[link] : network.shape_start[link + 1]]
        return max(at_point[round(float(x), 6), round(float(y), 6)] for x, y in points)

    passage = np.array([tag_of(link) for link in range(len(network.tail))], np.int32)
    moved = tuple((k, int(network.node_of[node]), km) for k, node, km in touches)
    return WaterStage(
        net=net, network=network, passage_idx=passage, named=tuple(named), touches=moved
    )
