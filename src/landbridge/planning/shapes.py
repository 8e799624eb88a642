"""Lines on the map: the links under a leg, unpacked to points and cut at the antimeridian."""

from __future__ import annotations

from collections.abc import Sequence

from landbridge.dataset.network import Net, PhysicalNetwork
from landbridge.graph.topology import Topology
from landbridge.planning.geography import Geography
from landbridge.routing.shortest import path_arcs

LonLat = tuple[float, float]
Shape = tuple[tuple[LonLat, ...], ...]


def walked_links(
    geography: Geography, net: Net, start: int, end: int, topology: Topology | None = None
) -> list[tuple[int, bool]]:
    """Return the links from node to node on one network, each with whether it is run forwards."""
    topology = topology or geography.topology(net)
    network = geography.dataset.networks[net]
    _, arc_to = geography.walk(net, start, target=end, topology=topology)
    links = []
    at = start
    for arc in path_arcs(arc_to, topology.first_arc, start, end):
        link = int(topology.link_idx[arc])
        links.append((link, int(network.tail_idx[link]) == at))
        at = int(topology.head_idx[arc])
    return links


def points_of(
    network: PhysicalNetwork, links: Sequence[tuple[int, bool]]
) -> tuple[list[LonLat], float]:
    """Return the points along links, and how many km of them are drawn as long chords."""
    points: list[LonLat] = []
    chord_km = 0.0
    for link, is_forward in links:
        a, b = int(network.tail_idx[link]), int(network.head_idx[link])
        inner = network.shape_lonlat[network.shape_start[link] : network.shape_start[link + 1]]
        middle = [(float(x), float(y)) for x, y in inner]
        ends = [(float(network.lon[n]), float(network.lat[n])) for n in (a, b)]
        line = [ends[0], *middle, ends[1]]
        if not is_forward:
            line.reverse()
        points += line if not points else line[1:]
        chord_km += float(network.chord_km[link])
    return points, chord_km


def cut(points: Sequence[LonLat]) -> Shape:
    """Return polylines that never cross the antimeridian (RFC 7946, section 3.1.9)."""
    lines: list[list[LonLat]] = [[]]
    for point in points:
        line = lines[-1]
        if line and abs(point[0] - line[-1][0]) > 180.0:
            x0, y0 = line[-1]
            side = 180.0 if x0 > 0 else -180.0
            x1 = point[0] + (360.0 if side > 0 else -360.0)
            share = (side - x0) / (x1 - x0) if x1 != x0 else 0.0
            y = round(y0 + share * (point[1] - y0), 4)
            line.append((side, y))
            lines.append([(-side, y), point])
        elif not line or line[-1] != point:
            line.append(point)
    return tuple(tuple(line) for line in lines if len(line) > 1)
