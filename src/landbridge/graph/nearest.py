"""Nearest node to a point, without a spatial library."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from landbridge.dataset.network import PhysicalNetwork
from landbridge.units import FloatArray, great_circle_km_many


def nearest_nodes(
    network: PhysicalNetwork,
    lon: float,
    lat: float,
    *,
    reach_km: float,
    allowed: npt.NDArray[np.bool_] | None = None,
    most: int = 1,
) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """Return up to `most` nodes within `reach_km` of a point, nearest first, and how far, km.

    `allowed`, shape (n_nodes,), masks nodes that do not count.
    """
    spread_lat = reach_km / 110.0
    spread_lon = spread_lat / max(0.02, float(np.cos(np.radians(min(89.0, abs(lat) + spread_lat)))))
    nodes = np.flatnonzero(np.abs(np.asarray(network.lat) - lat) <= spread_lat)
    delta = np.abs(np.asarray(network.lon)[nodes] - lon)
    nodes = nodes[np.minimum(delta, 360.0 - delta) <= spread_lon]
    if allowed is not None:
        nodes = nodes[allowed[nodes]]
    km = great_circle_km_many(network.lon[nodes], network.lat[nodes], lon, lat)
    near = km <= reach_km
    nodes, km = nodes[near], km[near]
    order = np.lexsort((nodes, km))[:most]
    return nodes[order], km[order]
