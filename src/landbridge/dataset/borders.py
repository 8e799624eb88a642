"""Countries, gauges and frontiers: who owns a node, and where a path may change country."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from landbridge.dataset.contribution import Origin
from landbridge.dataset.lines import OPEN, Lines, chord_of_km, km_of_chord, unit_vectors
from landbridge.domain.network import BorderCrossing
from landbridge.units import FloatArray, IntArray, great_circle_km_many

CountryOf = Callable[[FloatArray, FloatArray], npt.NDArray[np.str_]]
"""Country of points: (lon, lat), each of shape (n,), to ISO alpha-2 codes of shape (n,)."""

SAMPLES = 41
"""Points looked at along a link that changes country, ends included."""
FRAGMENT_NODES = 8
"""A same-country piece this small that touches one other country is a polygon error."""
COMPATIBLE_MM = 10
"""Gauges this close run through (1520 and 1524)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeBox:
    """A box inside one country where the gauge is not the country's main one."""

    country: str
    gauge_mm: int
    lon_min: float
    lat_min: float
    lon_max: float
    lat_max: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPair:
    """A country pair whose frontier is shut to one mode, by date and source."""

    country_a: str
    country_b: str
    mode: str
    since: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """One side of a crossing on a network: the node and its country and gauge."""

    crossing: str
    side: str
    node: int


def smooth_countries(lines: Lines, protected: IntArray) -> int:
    """Give tiny same-country pieces to the one other country they touch; return how many nodes.

    A railway along a frontier weaves through polygons that are up to 3 km off. `protected`
    nodes (near a listed terminal) keep their country.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    is_protected = np.zeros(lines.n_nodes, bool)
    is_protected[protected] = True
    same = lines.country[lines.tail] == lines.country[lines.head]
    n = lines.n_nodes
    ones = np.ones(int(same.sum()), np.int8)
    graph = coo_array((ones, (lines.tail[same], lines.head[same])), shape=(n, n))
    _, label = connected_components(graph, directed=False)
    size = np.bincount(label)
    held = np.zeros(len(size), bool)
    held[label[is_protected]] = True
    touches: dict[int, set[str]] = {}
    for t, h in zip(lines.tail[~same], lines.head[~same], strict=True):
        touches.setdefault(int(label[t]), set()).add(str(lines.country[h]))
        touches.setdefault(int(label[h]), set()).add(str(lines.country[t]))
    new = {
        piece: next(iter(others))
        for piece, others in touches.items()
        if size[piece] <= FRAGMENT_NODES and len(others) == 1 and not held[piece]
    }
    changed = 0
    for node in np.flatnonzero(np.isin(label, np.fromiter(new, int, len(new)))):
        lines.country[node] = new[int(label[node])]
        changed += 1
    return changed


def set_gauges(lines: Lines, main_mm: Mapping[str, int], boxes: Sequence[GaugeBox]) -> None:
    """Set the gauge of every node: the country's own, a box's, or a named link's."""
    gauge = np.array([main_mm.get(str(c), 1435) for c in lines.country], np.int32)
    for box in boxes:
        inside = (
            (lines.country == box.country)
            & (lines.lon >= box.lon_min)
            & (lines.lon <= box.lon_max)
            & (lines.lat >= box.lat_min)
            & (lines.lat <= box.lat_max)
        )
        gauge[inside] = box.gauge_mm
    for node, forced in lines.forced_gauge_mm.items():
        gauge[node] = forced
    lines.gauge_mm = gauge
    break_mm = np.abs(gauge[lines.tail] - gauge[lines.head])
    same = lines.country[lines.tail] == lines.country[lines.head]
    joint = lines.origin == Origin.JOIN
    lines.keep_links(~((break_mm > COMPATIBLE_MM) & (same | joint)))


def find_crossings(
    lines: Lines,
    table: Sequence[BorderCrossing],
    closed_pairs: Sequence[ClosedPair],
    *,
    country_of: CountryOf,
    claim_km: Mapping[str, float],
    default_claim_km: float,
    longest_claim_km: float,
    cluster_km: float,
) -> tuple[list[BorderCrossing], list[Portal], list[str]]:
    """Cut every link that changes country and put a crossing in its place.

    Rows of `table` claim links of their pair first (the nearest row within its claim radius;
    a row that claims none takes the nearest within `longest_claim_km`). The other links are
    clustered at `cluster_km` into derived crossings `X-<CC>-<CC>-<n>`, graded assumed.

    Returns
    -------
    The crossings that have a place on this network, their two portals each, and the ids of
    table rows that found no link.
    """
    cross = np.flatnonzero(
        (lines.country[lines.tail] != lines.country[lines.head]) & (lines.status == OPEN)
    )
    pair_of: dict[tuple[str, str], list[int]] = {}
    for link in cross:
        a, b = sorted((str(lines.country[lines.tail[link]]), str(lines.country[lines.head[link]])))
        pair_of.setdefault((a, b), []).append(int(link))
    rows_of: dict[tuple[str, str], list[BorderCrossing]] = {}
    for row in table:
        if row.mode == lines.mode:
            a, b = sorted((row.country_a, row.country_b))
            rows_of.setdefault((a, b), []).append(row)
    shut = {
        tuple(sorted((p.country_a, p.country_b))): p for p in closed_pairs if p.mode == lines.mode
    }
    found: list[BorderCrossing] = []
    portals: list[Portal] = []
    missing: list[str] = []
    frontier = _frontiers(lines, cross, country_of)
    position = {int(link): k for k, link in enumerate(cross)}
    for pair in sorted(set(pair_of) | set(rows_of)):
        links = np.array(pair_of.get(pair, []), np.int64)
        rows = rows_of.get(pair, [])
        at = frontier.take([position[int(link)] for link in links])
        taken = np.full(len(links), -1, np.int64)
        if len(links) and rows:
            km = np.stack([at.km_to(row.lon, row.lat) for row in rows], axis=1)
            reach = np.array([claim_km.get(row.id, default_claim_km) for row in rows])
            best = np.where(km <= reach[None, :], km, np.inf)
            claimed = np.isfinite(best.min(axis=1))
            taken[claimed] = best.argmin(axis=1)[claimed]
            for k in range(len(rows)):
                free = np.flatnonzero(taken < 0)
                if not (taken == k).any() and len(free):
                    nearest = free[km[free, k].argmin()]
                    if km[nearest, k] <= longest_claim_km:
                        taken[nearest] = k
        for k, row in enumerate(rows):
            members = np.flatnonzero(taken == k)
            if not len(members):
                missing.append(row.id)
                continue
            found.append(row)
            portals += _cut(lines, row, links[members], at.take(members).moved_to(row))
        rest = np.flatnonzero(taken < 0)
        closure = shut.get(pair)
        for n, cluster in enumerate(_clusters(at.take(rest), cluster_km), start=1):
            group = at.take(rest[cluster])
            lon, lat = group.middle()
            name = f"{pair[0]}-{pair[1]} {lines.mode} crossing {n}"
            row = BorderCrossing(
                id=f"X-{pair[0]}-{pair[1]}-{n}" + ("R" if lines.mode == "road" else ""),
                name_a=name,
                country_a=pair[0],
                name_b=name,
                country_b=pair[1],
                lat=round(lat, 4),
                lon=round(lon, 4),
                mode=lines.mode,
                gauge_a_mm=0,
                gauge_b_mm=0,
                change="",
                status="closed" if closure else "operational",
                opened="",
                closed=closure.since if closure else "",
                restriction=closure.reason if closure else "",
                quality="assumed",
                evidence=closure.source if closure else "network link that changes country",
            )
            found.append(row)
            portals += _cut(lines, row, links[rest[cluster]], group)
    keep = np.ones(len(lines.tail), bool)
    keep[cross] = False
    lines.keep_links(keep)
    found = _with_gauges(lines, found, portals)
    return found, portals, missing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frontiers:
    """Where links change country: samples along each, shape (n, SAMPLES), and the share taken.

    `share` in (0, 1) is measured from the link's tail.
    """

    lon: FloatArray
    lat: FloatArray
    share: FloatArray

    def take(self, rows: npt.ArrayLike) -> _Frontiers:
        rows = np.asarray(rows, np.int64)
        return _Frontiers(lon=self.lon[rows], lat=self.lat[rows], share=self.share[rows])

    def point(self) -> tuple[FloatArray, FloatArray]:
        column = np.rint(self.share * (SAMPLES - 1)).astype(np.int64)
        row = np.arange(len(column))
        return self.lon[row, column], self.lat[row, column]

    def km_to(self, lon: float, lat: float) -> FloatArray:
        return np.asarray(great_circle_km_many(self.lon, self.lat, lon, lat).min(axis=1))

    def middle(self) -> tuple[float, float]:
        lon, lat = self.point()
        k = great_circle_km_many(lon, lat, lon.mean(), lat.mean()).argmin()
        return float(lon[k]), float(lat[k])

    def moved_to(self, row: BorderCrossing) -> _Frontiers:
        """Return the frontiers moved along their links to the point nearest a table row."""
        km = great_circle_km_many(self.lon, self.lat, row.lon, row.lat)
        share = np.clip(km.argmin(axis=1) / (SAMPLES - 1), 0.02, 0.98)
        return _Frontiers(lon=self.lon, lat=self.lat, share=share)


def _frontiers(lines: Lines, links: IntArray, country_of: CountryOf) -> _Frontiers:
    """Return where each link leaves the country of its tail."""
    tail, head = lines.tail[links], lines.head[links]
    step = np.linspace(0.0, 1.0, SAMPLES)[None, :]
    span = (lines.lon[head] - lines.lon[tail] + 180.0) % 360.0 - 180.0
    lon = lines.lon[tail][:, None] + span[:, None] * step
    lat = lines.lat[tail][:, None] + (lines.lat[head] - lines.lat[tail])[:, None] * step
    code = country_of(lon.reshape(-1), lat.reshape(-1)).reshape(lon.shape)
    is_tail = code == lines.country[tail][:, None]
    is_tail[:, 0], is_tail[:, -1] = True, False
    last_tail = SAMPLES - 1 - is_tail[:, ::-1].argmax(axis=1)
    share = np.clip((last_tail + 0.5) / (SAMPLES - 1), 0.02, 0.98)
    return _Frontiers(lon=lon, lat=lat, share=share)


def _clusters(at: _Frontiers, cluster_km: float) -> list[IntArray]:
    """Return groups of frontier points no wider than `cluster_km`, ordered by lon, lat."""
    lon, lat = at.point()
    if not len(lon):
        return []
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(lon) == 1:
        return [np.zeros(1, np.int32)]
    points = unit_vectors(lon, lat)
    label = fcluster(linkage(points, "complete"), chord_of_km(cluster_km), "distance")
    groups = [np.flatnonzero(label == k).astype(np.int32) for k in np.unique(label)]
    return sorted(
        groups, key=lambda g: (round(float(lon[g].min()), 4), round(float(lat[g].min()), 4))
    )


def _cut(lines: Lines, row: BorderCrossing, links: IntArray, at: _Frontiers) -> list[Portal]:
    """Put a portal on each side of a crossing and hang the two halves of `links` on them."""
    tail, head = lines.tail[links], lines.head[links]
    lon, lat = at.point()
    nearest = great_circle_km_many(lon, lat, row.lon, row.lat).argmin()
    x, y = float(lon[nearest]), float(lat[nearest])
    off_km = great_circle_km_many(lon, lat, x, y)
    portals = []
    for side, country in (("a", row.country_a), ("b", row.country_b)):
        at_tail = lines.country[tail] == country
        ends = np.where(at_tail, tail, head)
        part_km = lines.length_km[links] * np.where(at_tail, at.share, 1.0 - at.share)
        gauges, counts = np.unique(lines.gauge_mm[ends], return_counts=True)
        gauge = int(gauges[counts.argmax()])
        fits = np.abs(lines.gauge_mm[ends] - gauge) <= COMPATIBLE_MM
        node = int(lines.add_nodes(x, y, country, gauge)[0])
        lines.add_links(
            np.full(int(fits.sum()), node), ends[fits], (part_km + off_km)[fits], Origin.SURVEYED
        )
        portals.append(Portal(crossing=row.id, side=side, node=node))
    return portals


def _with_gauges(
    lines: Lines, found: Sequence[BorderCrossing], portals: Sequence[Portal]
) -> list[BorderCrossing]:
    """Return the crossings with the gauges of the tracks they stand on."""
    if lines.mode != "rail":
        return list(found)
    gauge_of = {(p.crossing, p.side): int(lines.gauge_mm[p.node]) for p in portals}
    rows = []
    for row in found:
        a, b = gauge_of[row.id, "a"], gauge_of[row.id, "b"]
        change = row.change
        change = (change or "transshipment") if abs(a - b) > COMPATIBLE_MM else ""
        rows.append(replace(row, gauge_a_mm=a, gauge_b_mm=b, change=change))
    return rows


def nearest_nodes(
    lines: Lines, allowed: IntArray, lon: FloatArray, lat: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Return the nearest of the `allowed` nodes to each point, and how far, km."""
    from scipy.spatial import cKDTree

    tree = cKDTree(unit_vectors(lines.lon[allowed], lines.lat[allowed]))
    chord, near = tree.query(unit_vectors(lon, lat))
    return allowed[near], km_of_chord(chord)
