"""Shaped lines to nodes and two-node links: every vertex is a node."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from landbridge.dataset.contribution import LineContribution, Origin
from landbridge.units import FloatArray, great_circle_km_many, wrap_lon


def vertices_to_links(
    lines: Iterable[FloatArray], *, mode: str, source: str, decimals: int
) -> LineContribution:
    """Return nodes (vertices that share rounded coordinates are one) and links of `lines`.

    Each line has shape (n, 2), lon and lat. Doubled links and links of no length are dropped.
    """
    tails, heads = [], []
    points: list[FloatArray] = []
    start = 0
    for line in lines:
        n = len(line)
        points.append(line)
        tails.append(np.arange(start, start + n - 1))
        heads.append(np.arange(start + 1, start + n))
        start += n
    flat = np.concatenate(points)
    xy = np.stack([wrap_lon(flat[:, 0]), flat[:, 1]], axis=1).round(decimals)
    xy[xy[:, 0] == 180.0, 0] = -180.0
    unique, inverse = np.unique(xy, axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    pairs = np.stack([inverse[np.concatenate(tails)], inverse[np.concatenate(heads)]], axis=1)
    pairs.sort(axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    tail, head = pairs[:, 0], pairs[:, 1]
    length_km = great_circle_km_many(
        unique[tail, 0], unique[tail, 1], unique[head, 0], unique[head, 1]
    )
    return LineContribution(
        mode=mode,
        source=source,
        lon=unique[:, 0],
        lat=unique[:, 1],
        tail_idx=tail.astype(np.int32),
        head_idx=head.astype(np.int32),
        length_km=length_km,
        origin=np.full(len(tail), Origin.DETAILED, np.uint8),
    )
