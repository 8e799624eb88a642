"""Gaps of the open rail graph: dangling ends that face each other, closed as assumed links."""

from __future__ import annotations

import numpy as np

from landbridge.dataset.contribution import Origin
from landbridge.dataset.lines import OPEN, Lines, chord_of_km, unit_vectors
from landbridge.units import FloatArray, IntArray, great_circle_km_many

LONGEST_GAP_KM = 150.0
SHORTEST_GAP_KM = 1.0
ALIGNMENT = 0.8
"""Least cosine between each dangling link and the gap: the line goes straight on."""
DETOUR = 3.0
"""A gap is closed only where the network's own way round is this many times longer."""


def close_gaps(lines: Lines) -> int:
    """Join facing dangling ends of one country and gauge; return how many links were added.

    An end counts when its last link is at least 0.3 of the gap long (or the gap is under 8 km),
    so that short sidings do not sprout lines.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra
    from scipy.spatial import cKDTree

    n = lines.n_nodes
    degree = np.bincount(np.concatenate([lines.tail, lines.head]), minlength=n)
    label, size = lines.components()
    ends = np.flatnonzero((degree == 1) & (size[label] >= 50))
    neighbour = np.full(n, -1, np.int64)
    last_km = np.zeros(n)
    for one, other in ((lines.tail, lines.head), (lines.head, lines.tail)):
        neighbour[one] = other
        last_km[one] = lines.length_km
    xyz = unit_vectors(lines.lon, lines.lat)
    pairs = cKDTree(xyz[ends]).query_pairs(chord_of_km(LONGEST_GAP_KM), output_type="ndarray")
    a, b = ends[pairs[:, 0]], ends[pairs[:, 1]]
    fits = (lines.country[a] == lines.country[b]) & (lines.gauge_mm[a] == lines.gauge_mm[b])
    a, b = a[fits], b[fits]
    fits = (_cosine(xyz, neighbour, a, b) > ALIGNMENT) & (_cosine(xyz, neighbour, b, a) > ALIGNMENT)
    a, b = a[fits], b[fits]
    gap_km = great_circle_km_many(lines.lon[a], lines.lat[a], lines.lon[b], lines.lat[b])
    fits = (gap_km >= SHORTEST_GAP_KM) & (
        (np.minimum(last_km[a], last_km[b]) > 0.3 * gap_km) | (gap_km < 8.0)
    )
    a, b, gap_km = a[fits], b[fits], gap_km[fits]
    use = lines.status == OPEN
    graph = coo_array((lines.length_km[use], (lines.tail[use], lines.head[use])), shape=(n, n))
    graph = graph.tocsr()
    added = 0
    used = np.zeros(n, bool)
    for k in np.lexsort((b, a, gap_km)):
        i, j, km = int(a[k]), int(b[k]), float(gap_km[k])
        if used[i] or used[j]:
            continue
        limit = max(DETOUR * km, km + 30.0)
        if not np.isfinite(dijkstra(graph, directed=False, indices=i, limit=limit)[j]):
            lines.add_links(i, j, km * 1.05, Origin.REPAIR)
            used[i] = used[j] = True
            added += 1
    return added


def _cosine(xyz: FloatArray, neighbour: IntArray, at: IntArray, to: IntArray) -> FloatArray:
    """Return the cosine between the last link into `at` and the straight line on to `to`."""
    into, gap = xyz[at] - xyz[neighbour[at]], xyz[to] - xyz[at]
    lengths = np.linalg.norm(into, axis=1) * np.linalg.norm(gap, axis=1)
    return np.asarray((into * gap).sum(axis=1) / np.maximum(lengths, 1e-15))
