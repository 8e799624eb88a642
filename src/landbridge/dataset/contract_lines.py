"""Make a network small: split at terminals, drop crumbs and stubs, contract chains to shapes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landbridge.dataset.contribution import Origin
from landbridge.dataset.lines import OPEN, Lines
from landbridge.units import BoolArray, FloatArray, IntArray, great_circle_km_many

Shape = list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracted:
    """A network whose every node is a junction, an end or a portal; chains became shapes.

    Per node: `lon`, `lat`, `country`, `gauge_mm`. Per link: `tail`, `head`, `length_km`,
    `origin` (the weakest of the chain), `status`, `name_idx`, `chord_km` (km drawn as straight
    arcs over 20 km); shape points of link i are `shape_lonlat[shape_start[i]:shape_start[i+1]]`,
    without its ends. `node_of` maps old nodes to new ones (-1 where dropped).
    """

    lon: FloatArray
    lat: FloatArray
    country: npt.NDArray[np.str_]
    gauge_mm: IntArray
    tail: IntArray
    head: IntArray
    length_km: FloatArray
    origin: npt.NDArray[np.uint8]
    status: npt.NDArray[np.uint8]
    name_idx: IntArray
    chord_km: FloatArray
    shape_start: IntArray
    shape_lonlat: FloatArray
    names: tuple[str, ...]
    node_of: IntArray


CHORD_KM = 20.0
"""A surveyed arc longer than this is drawn as a chord: its shape was lost by its source."""


def split_at_points(
    lines: Lines, points: list[tuple[int, float, float, str]], *, longest_off_km: float
) -> dict[int, int]:
    """Put nodes on long arcs where listed points (key, lon, lat, country) lie beside them.

    Only open arcs over 10 km whose length is at most 1.2 chords are split. Returns the new node
    per key; keys with no arc within `longest_off_km` are absent.
    """
    import shapely

    chord_km = great_circle_km_many(
        lines.lon[lines.tail], lines.lat[lines.tail], lines.lon[lines.head], lines.lat[lines.head]
    )
    near_straight = (lines.length_km > 10.0) & (lines.length_km < 1.2 * chord_km)
    inner = lines.country[lines.tail] == lines.country[lines.head]
    spans = np.abs(lines.lon[lines.tail] - lines.lon[lines.head]) < 90
    long = np.flatnonzero((lines.status == OPEN) & near_straight & inner & spans)
    ends = np.stack(
        [
            np.stack([lines.lon[lines.tail[long]], lines.lat[lines.tail[long]]], axis=1),
            np.stack([lines.lon[lines.head[long]], lines.lat[lines.head[long]]], axis=1),
        ],
        axis=1,
    )
    arcs = shapely.linestrings(ends)
    tree = shapely.STRtree(arcs)
    cuts: dict[int, list[tuple[float, int]]] = {}
    for key, lon, lat, country in points:
        reach = longest_off_km / 111.0 / max(0.2, np.cos(np.radians(lat)))
        best = (longest_off_km, -1, 0.0)
        for k in sorted(tree.query(shapely.Point(lon, lat), predicate="dwithin", distance=reach)):
            link = int(long[k])
            if str(lines.country[lines.tail[link]]) != country:
                continue
            share = float(
                shapely.line_locate_point(arcs[k], shapely.Point(lon, lat), normalized=True)
            )
            x, y = ends[k, 0] + share * (ends[k, 1] - ends[k, 0])
            km = float(great_circle_km_many(lon, lat, x, y))
            if km < best[0]:
                best = (km, link, share)
        if best[1] >= 0:
            cuts.setdefault(best[1], []).append((min(max(best[2], 0.01), 0.99), key))
    node_of_key: dict[int, int] = {}
    keep = np.ones(len(lines.tail), bool)
    for link in sorted(cuts):
        tail, head = int(lines.tail[link]), int(lines.head[link])
        length_km, origin = float(lines.length_km[link]), int(lines.origin[link])
        previous, done = tail, 0.0
        for share, key in sorted(cuts[link]):
            lon = lines.lon[tail] + share * (lines.lon[head] - lines.lon[tail])
            lat = lines.lat[tail] + share * (lines.lat[head] - lines.lat[tail])
            node = int(
                lines.add_nodes(lon, lat, str(lines.country[tail]), int(lines.gauge_mm[tail]))[0]
            )
            lines.add_links(previous, node, (share - done) * length_km, origin)
            node_of_key[key] = node
            previous, done = node, share
        lines.add_links(previous, head, (1.0 - done) * length_km, origin)
        keep[link] = False
    lines.keep_links(np.concatenate([keep, np.ones(len(lines.tail) - len(keep), bool)]))
    return node_of_key


def contract(lines: Lines, protected: IntArray, *, smallest_component: int) -> Contracted:
    """Drop small components and dead-end stubs, then turn chains into shaped links.

    `protected` nodes and the ends of links that are not open stay.
    """
    n = lines.n_nodes
    is_protected = np.zeros(n, bool)
    is_protected[protected] = True
    idle = lines.status != OPEN
    is_protected[lines.tail[idle]] = True
    is_protected[lines.head[idle]] = True
    label, size = lines.components(open_only=False)
    held = np.zeros(len(size), bool)
    held[label[protected]] = True
    keep_node = (size[label] >= smallest_component) | held[label]
    lines.keep_links(keep_node[lines.tail] & keep_node[lines.head])
    _drop_stubs(lines, is_protected)
    return _chains(lines, is_protected)


def _drop_stubs(lines: Lines, is_protected: BoolArray) -> None:
    """Remove dead ends again and again until none is left."""
    n = lines.n_nodes
    while True:
        degree = np.bincount(np.concatenate([lines.tail, lines.head]), minlength=n)
        dead = (degree == 1) & ~is_protected
        keep = ~(dead[lines.tail] | dead[lines.head])
        if keep.all():
            return
        lines.keep_links(keep)


def _chains(lines: Lines, is_protected: BoolArray) -> Contracted:
    n = lines.n_nodes
    n_links = len(lines.tail)
    degree = np.bincount(np.concatenate([lines.tail, lines.head]), minlength=n)
    ends = np.concatenate([lines.tail, lines.head])
    order = np.argsort(ends, kind="stable")
    start = np.concatenate([[0], np.cumsum(degree)])
    link_at = (order % n_links).tolist()
    junction = (is_protected | (degree != 2)) & (degree > 0)
    tail, head = lines.tail.tolist(), lines.head.tolist()
    starts = start.tolist()
    is_junction = junction.tolist()
    done = bytearray(n_links)
    chains: list[tuple[int, int, list[int], Shape]] = []

    def walk(node: int, link: int) -> None:
        links, shape = [link], []
        first = node
        done[link] = 1
        at = head[link] if tail[link] == node else tail[link]
        while not is_junction[at]:
            one, two = link_at[starts[at]], link_at[starts[at] + 1]
            following = two if one == link else one
            if done[following]:
                break
            shape.append(at)
            done[following] = 1
            links.append(following)
            link = following
            at = head[link] if tail[link] == at else tail[link]
        chains.append((first, at, links, shape))

    for node in np.flatnonzero(junction).tolist():
        for slot in range(starts[node], starts[node + 1]):
            if not done[link_at[slot]]:
                walk(node, link_at[slot])
    chains = [c for c in chains if c[0] != c[1]]
    best: dict[tuple[int, int, int], int] = {}
    length = lines.length_km.tolist()
    totals = [sum(length[link] for link in links) for _, _, links, _ in chains]
    status = lines.status.tolist()
    for k, (a, b, links, _) in enumerate(chains):
        key = (min(a, b), max(a, b), max(status[link] for link in links))
        if key not in best or totals[k] < totals[best[key]]:
            best[key] = k
    kept = [chains[k] for k in sorted(best.values())]
    kept_km = [totals[k] for k in sorted(best.values())]
    return _pack(lines, kept, kept_km)


def _pack(
    lines: Lines, chains: list[tuple[int, int, list[int], Shape]], length_km: list[float]
) -> Contracted:
    used = np.unique(np.array([[a, b] for a, b, _, _ in chains], np.int64))
    node_of = np.full(lines.n_nodes, -1, np.int32)
    order = np.lexsort(
        (
            _hilbert(lines.lon[used], lines.lat[used]),
            lines.gauge_mm[used],
            lines.country[used],
        )
    )
    used = used[order]
    node_of[used] = np.arange(len(used), dtype=np.int32)
    tail = node_of[[c[0] for c in chains]]
    head = node_of[[c[1] for c in chains]]
    flip = tail > head
    link_order = np.lexsort((np.maximum(tail, head), np.minimum(tail, head)))
    shapes: list[Shape] = []
    rows: list[tuple[int, int, float, int, int, int, float]] = []
    for k in link_order.tolist():
        _, _, links, shape = chains[k]
        is_chord = (lines.length_km[links] > CHORD_KM) & (lines.origin[links] != Origin.SUPPLEMENT)
        rows.append(
            (
                int(min(tail[k], head[k])),
                int(max(tail[k], head[k])),
                length_km[k],
                int(lines.origin[links].max()),
                int(lines.status[links].max()),
                int(lines.name_idx[links].max()),
                float(lines.length_km[links][is_chord].sum()),
            )
        )
        shapes.append(shape[::-1] if flip[k] else shape)
    columns = list(zip(*rows, strict=True))
    flat = np.array([node for shape in shapes for node in shape], np.int64)
    return Contracted(
        lon=lines.lon[used],
        lat=lines.lat[used],
        country=lines.country[used],
        gauge_mm=lines.gauge_mm[used],
        tail=np.array(columns[0], np.int32),
        head=np.array(columns[1], np.int32),
        length_km=np.array(columns[2], float),
        origin=np.array(columns[3], np.uint8),
        status=np.array(columns[4], np.uint8),
        name_idx=np.array(columns[5], np.int32),
        chord_km=np.array(columns[6], float),
        shape_start=np.cumsum([0] + [len(shape) for shape in shapes]).astype(np.int32),
        shape_lonlat=np.stack([lines.lon[flat], lines.lat[flat]], axis=1),
        names=tuple(lines.names),
        node_of=node_of,
    )


def _hilbert(lon: FloatArray, lat: FloatArray) -> npt.NDArray[np.int64]:
    """Return positions along a Hilbert curve over the world, 16 bits a side."""
    side = 1 << 16
    x = np.clip(((lon + 180.0) / 360.0 * side).astype(np.int64), 0, side - 1)
    y = np.clip(((lat + 90.0) / 180.0 * side).astype(np.int64), 0, side - 1)
    d = np.zeros(len(x), np.int64)
    s = side // 2
    while s > 0:
        rx, ry = (x & s) > 0, (y & s) > 0
        d += s * s * ((3 * rx) ^ ry)
        turn = ~ry
        mirror = turn & rx
        x = np.where(mirror, side - 1 - x, x)
        y = np.where(mirror, side - 1 - y, y)
        x, y = np.where(turn, y, x), np.where(turn, x, y)
        s //= 2
    return d
