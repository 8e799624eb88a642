"""Where terminals touch the networks, and which towns have a rail terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from landbridge.dataset.lines import OPEN, Lines, chord_of_km, km_of_chord, unit_vectors
from landbridge.domain.network import Terminal
from landbridge.units import FloatArray, IntArray, great_circle_km_many

REACH_KM = {"rail": 30.0, "road": 40.0, "sea": 45.0, "iww": 25.0}
"""How far a terminal may lie from its network where no row says otherwise."""
MAIN_COMPONENT_EXTRA_KM = 6.0
"""A terminal passes over a small piece of network for the main one this much farther off."""
SMALLEST_PIECE = 40
"""Pieces of fewer nodes are sidings and errors: no terminal stands on them."""


def main_pieces(lines: Lines) -> tuple[IntArray, IntArray]:
    """Return nodes of pieces worth standing on, and the size of each such node's piece.

    In a country whose largest piece is small (an island state) a piece counts from half of it.
    """
    label, size = lines.components()
    piece = size[label]
    largest: dict[str, int] = {}
    for code, n in zip(lines.country.tolist(), piece.tolist(), strict=True):
        if n > largest.get(code, 0):
            largest[code] = n
    least = {code: min(SMALLEST_PIECE, max(4, n // 2)) for code, n in largest.items()}
    needed = np.array([least[code] for code in lines.country.tolist()])
    nodes = np.flatnonzero(piece >= needed)
    return nodes.astype(np.int32), piece[nodes]


def snap(
    lines: Lines, terminals: Sequence[Terminal], *, reach_km: Mapping[str, float], default_km: float
) -> list[tuple[int, int, float]]:
    """Return (terminal position, node, km off) touches; none where nothing is in reach.

    A terminal touches a node of its own country; one with several gauges touches the nearest
    node of each gauge its country has within 10 km.
    """
    from scipy.spatial import cKDTree

    nodes, size = main_pieces(lines)
    touches: list[tuple[int, int, float]] = []
    by_country: dict[str, IntArray] = {}
    codes = lines.country[nodes]
    for code in np.unique(codes):
        by_country[str(code)] = np.flatnonzero(codes == code).astype(np.int32)
    trees: dict[str, cKDTree] = {}
    for k, terminal in enumerate(terminals):
        members = by_country.get(terminal.country)
        if members is None:
            continue
        if terminal.country not in trees:
            picked = nodes[members]
            trees[terminal.country] = cKDTree(unit_vectors(lines.lon[picked], lines.lat[picked]))
        tree = trees[terminal.country]
        reach = reach_km.get(terminal.id, default_km)
        at = unit_vectors(terminal.lon, terminal.lat)
        near = np.array(tree.query_ball_point(at, chord_of_km(reach)), np.int64)
        if not len(near):
            continue
        near.sort()
        node = nodes[members[near]]
        km = km_of_chord(
            np.linalg.norm(unit_vectors(lines.lon[node], lines.lat[node]) - at, axis=1)
        )
        piece = size[members[near]]
        for gauge in _gauges(lines, node, km, terminal):
            fits = lines.gauge_mm[node] == gauge
            biggest = piece[fits].max()
            penalty_km = np.where(piece < 0.2 * biggest, MAIN_COMPONENT_EXTRA_KM, 0.0)
            best = int(np.where(fits, km + penalty_km, np.inf).argmin())
            touches.append((k, int(node[best]), float(km[best])))
        touched = {int(lines.gauge_mm[n]) for j, n, _ in touches if j == k}
        touches += _stubs(lines, k, terminal, touched)
    return touches


def _stubs(
    lines: Lines, k: int, terminal: Terminal, touched: set[int]
) -> list[tuple[int, int, float]]:
    """Return touches of a short foreign-gauge piece that ends at a gauge-break terminal.

    A hand-compiled link of the other gauge that comes over the frontier ends here and joins
    nothing else: too small a piece to stand on, but the terminal lists its gauge.
    """
    missing = set(terminal.gauges_mm) - touched
    if len(terminal.gauges_mm) < 2 or not missing:
        return []
    forced = np.array(sorted(lines.forced_gauge_mm), np.int64)
    if not len(forced):
        return []
    used = np.zeros(lines.n_nodes, bool)
    use = lines.status == OPEN
    used[lines.tail[use]] = used[lines.head[use]] = True
    forced = forced[used[forced] & (lines.country[forced] == terminal.country)]
    km = great_circle_km_many(lines.lon[forced], lines.lat[forced], terminal.lon, terminal.lat)
    rows = []
    for gauge in sorted(missing):
        fits = (lines.gauge_mm[forced] == gauge) & (km <= 10.0)
        if fits.any():
            best = int(np.where(fits, km, np.inf).argmin())
            rows.append((k, int(forced[best]), float(km[best])))
    return rows


def _gauges(lines: Lines, node: IntArray, km: FloatArray, terminal: Terminal) -> list[int]:
    """Return the gauges a terminal touches: the nearest track's, and others named within 10 km."""
    nearest = int(lines.gauge_mm[node[int(km.argmin())]])
    gauges = [nearest]
    for gauge in terminal.gauges_mm:
        close = (lines.gauge_mm[node] == gauge) & (km <= 10.0)
        if gauge != nearest and close.any():
            gauges.append(gauge)
    return gauges


def derive_rail_terminals(
    lines: Lines,
    towns: Sequence[tuple[int, str, str, float, float, int]],
    listed: Sequence[Terminal],
    *,
    smallest_population: int,
    reach_km: float,
    apart_km: float,
) -> list[Terminal]:
    """Return a terminal for each large town on the main network of its country.

    `towns` rows are (geonameid, name, country, lon, lat, population). Larger towns come first;
    one within `apart_km` of a rail terminal already there gets none. Graded assumed: that a town
    on the line can load a container is not known for each.
    """
    from scipy.spatial import cKDTree

    nodes, _ = main_pieces(lines)
    trees = {}
    codes = lines.country[nodes]
    for code in np.unique(codes):
        picked = nodes[codes == code]
        trees[str(code)] = cKDTree(unit_vectors(lines.lon[picked], lines.lat[picked]))
    rail = [t for t in listed if "rail" in t.modes]
    taken = [unit_vectors(t.lon, t.lat) for t in rail]
    grid: dict[tuple[int, int], list[FloatArray]] = {}
    for xyz, t in zip(taken, rail, strict=True):
        grid.setdefault((int(t.lon // 1), int(t.lat // 1)), []).append(xyz)
    apart, reach = chord_of_km(apart_km), chord_of_km(reach_km)
    rows: list[Terminal] = []
    for geonameid, name, country, lon, lat, population in sorted(
        towns, key=lambda town: (-town[5], town[0])
    ):
        if population < smallest_population or country not in trees:
            continue
        xyz = unit_vectors(lon, lat)
        if trees[country].query(xyz)[0] > reach:
            continue
        i, j = int(lon // 1), int(lat // 1)
        near = [
            other
            for di in (-1, 0, 1)
            for dj in (-1, 0, 1)
            for other in grid.get((i + di, j + dj), [])
        ]
        if any(np.linalg.norm(other - xyz) < apart for other in near):
            continue
        grid.setdefault((i, j), []).append(xyz)
        rows.append(
            Terminal(
                id=f"RAIL-{geonameid}",
                name=f"{name} rail terminal",
                aliases=(),
                country=country,
                lat=round(lat, 4),
                lon=round(lon, 4),
                kind="rail_terminal",
                modes=("rail", "road"),
                unlocode="",
                gauges_mm=(),
                status="operational",
                max_draught_m=float("nan"),
                restriction="",
                port_class="",
                quality="assumed",
                evidence="town of 100,000 or more on the main rail network (GeoNames)",
            )
        )
    return rows
