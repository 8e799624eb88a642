"""A network under construction: growing arrays of nodes and undirected links of one mode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from landbridge.dataset.contribution import LineContribution, NamedLine, Origin
from landbridge.units import FloatArray, IntArray, great_circle_km_many

JOIN_KM = 0.15
"""Nodes of two sources nearer than this are one place (coordinates of 3 decimals: 0.08 km)."""

OPEN = 0
"""Status code of an operational link; others are `STATUS.index(status)`."""
STATUS = ("operational", "under_construction", "planned", "closed", "restricted")


def unit_vectors(lon: npt.ArrayLike, lat: npt.ArrayLike) -> FloatArray:
    """Return points on the unit sphere, shape (n, 3)."""
    x, y = np.radians(np.asarray(lon, float)), np.radians(np.asarray(lat, float))
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=-1)


def chord_of_km(km: float) -> float:
    """Return the straight chord through the unit sphere that spans `km` of great circle."""
    return 2.0 * float(np.sin(min(km, 20_000.0) / 6371.0088 / 2.0))


def km_of_chord(chord: npt.ArrayLike) -> FloatArray:
    """Return the great-circle km of straight chords through the unit sphere."""
    half = np.minimum(np.asarray(chord, float) / 2.0, 1.0)
    return np.asarray(2.0 * 6371.0088 * np.arcsin(half), float)


@dataclass(slots=True)
class Lines:
    """Nodes and undirected links; arrays are aligned by position.

    Per node: `lon`, `lat`, `country` (ISO alpha-2), `gauge_mm`. Per link: `tail`, `head`,
    `length_km`, `origin`, `status`, `name_idx` (position in `names`, -1 for none).
    """

    mode: str
    lon: FloatArray
    lat: FloatArray
    tail: IntArray
    head: IntArray
    length_km: FloatArray
    origin: npt.NDArray[np.uint8]
    status: npt.NDArray[np.uint8]
    name_idx: IntArray
    names: list[str] = field(default_factory=list)
    forced_gauge_mm: dict[int, int] = field(default_factory=dict)
    country: npt.NDArray[np.str_] = field(default_factory=lambda: np.zeros(0, "U2"))
    gauge_mm: IntArray = field(default_factory=lambda: np.zeros(0, np.int32))

    @property
    def n_nodes(self) -> int:
        """How many nodes there are."""
        return len(self.lon)

    def add_nodes(
        self, lon: npt.ArrayLike, lat: npt.ArrayLike, country: str = "", gauge_mm: int = 0
    ) -> IntArray:
        """Append nodes and return their positions, shape (n,)."""
        lon, lat = np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float))
        first = self.n_nodes
        self.lon = np.concatenate([self.lon, lon])
        self.lat = np.concatenate([self.lat, lat])
        if len(self.country):
            self.country = np.concatenate([self.country, np.broadcast_to(country, lon.shape)])
            self.gauge_mm = np.concatenate(
                [self.gauge_mm, np.broadcast_to(gauge_mm, lon.shape)]
            ).astype(np.int32)
        return np.arange(first, first + len(lon), dtype=np.int32)

    def add_links(
        self,
        tail: npt.ArrayLike,
        head: npt.ArrayLike,
        length_km: npt.ArrayLike,
        origin: int,
        status: int = OPEN,
        name_idx: int = -1,
    ) -> None:
        """Append links, never shorter than the great circle between their ends."""
        tail = np.atleast_1d(np.asarray(tail, np.int32))
        head = np.atleast_1d(np.asarray(head, np.int32))
        gc_km = great_circle_km_many(self.lon[tail], self.lat[tail], self.lon[head], self.lat[head])
        self.tail = np.concatenate([self.tail, tail])
        self.head = np.concatenate([self.head, head])
        self.length_km = np.concatenate(
            [self.length_km, np.maximum(np.atleast_1d(np.asarray(length_km, float)), gc_km)]
        )
        n = len(tail)
        self.origin = np.concatenate([self.origin, np.full(n, origin, np.uint8)])
        self.status = np.concatenate([self.status, np.full(n, status, np.uint8)])
        self.name_idx = np.concatenate([self.name_idx, np.full(n, name_idx, np.int32)])

    def keep_links(self, keep: npt.NDArray[np.bool_]) -> None:
        """Drop the links where `keep` is False."""
        for name in ("tail", "head", "length_km", "origin", "status", "name_idx"):
            setattr(self, name, getattr(self, name)[keep])

    def components(self, *, open_only: bool = True) -> tuple[IntArray, IntArray]:
        """Return the component of each node and the size of each component."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        use = self.status == OPEN if open_only else np.ones(len(self.tail), bool)
        n = self.n_nodes
        ones = np.ones(int(use.sum()), np.int8)
        graph = coo_array((ones, (self.tail[use], self.head[use])), shape=(n, n))
        _, label = connected_components(graph, directed=False)
        return label.astype(np.int32), np.bincount(label).astype(np.int32)


def merge(mode: str, contributions: Sequence[LineContribution]) -> Lines:
    """Return one network of all `contributions`, joined where their nodes coincide."""
    from scipy.spatial import cKDTree

    offsets = np.cumsum([0] + [len(c.lon) for c in contributions])
    lines = Lines(
        mode=mode,
        lon=np.concatenate([c.lon for c in contributions]),
        lat=np.concatenate([c.lat for c in contributions]),
        tail=np.concatenate(
            [c.tail_idx + o for c, o in zip(contributions, offsets, strict=False)]
        ).astype(np.int32),
        head=np.concatenate(
            [c.head_idx + o for c, o in zip(contributions, offsets, strict=False)]
        ).astype(np.int32),
        length_km=np.concatenate([c.length_km for c in contributions]),
        origin=np.concatenate([c.origin for c in contributions]),
        status=np.zeros(sum(len(c.tail_idx) for c in contributions), np.uint8),
        name_idx=np.full(sum(len(c.tail_idx) for c in contributions), -1, np.int32),
    )
    gc_km = great_circle_km_many(
        lines.lon[lines.tail], lines.lat[lines.tail], lines.lon[lines.head], lines.lat[lines.head]
    )
    lines.length_km = np.maximum(lines.length_km, gc_km)
    for k in range(1, len(contributions)):
        base = cKDTree(unit_vectors(lines.lon[: offsets[k]], lines.lat[: offsets[k]]))
        other = contributions[k]
        chord, near = base.query(unit_vectors(other.lon, other.lat), k=1)
        km = km_of_chord(chord)
        joined = np.flatnonzero(km <= JOIN_KM)
        lines.add_links(joined + offsets[k], near[joined], km[joined], Origin.JOIN)
    return lines


def add_named(lines: Lines, named: Sequence[NamedLine], *, reach_km: float) -> None:
    """Add hand-compiled links as chains of nodes, their stated length spread by chord.

    The ends are joined to the nearest node of a component of 50 nodes or more within
    `reach_km`; an end farther off stays loose and `data check` reports it.
    """
    from scipy.spatial import cKDTree

    label, size = lines.components()
    big = np.flatnonzero(size[label] >= 50)
    tree = cKDTree(unit_vectors(lines.lon[big], lines.lat[big]))
    for line in named:
        xy = np.asarray(line.lonlat, float)
        nodes = lines.add_nodes(xy[:, 0], xy[:, 1])
        status = STATUS.index(line.status)
        if line.gauge_mm:
            lines.forced_gauge_mm.update({int(node): line.gauge_mm for node in nodes})
        lines.names.append(line.id)
        chord_km = great_circle_km_many(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
        share = chord_km / chord_km.sum()
        lines.add_links(
            nodes[:-1],
            nodes[1:],
            share * line.length_km,
            Origin.SUPPLEMENT,
            status,
            len(lines.names) - 1,
        )
        for end in (nodes[0], nodes[-1]):
            chord, near = tree.query(unit_vectors(lines.lon[end], lines.lat[end]))
            km = float(km_of_chord(chord))
            if km <= reach_km:
                lines.add_links(end, big[near], km * 1.1, Origin.JOIN, status, len(lines.names) - 1)
