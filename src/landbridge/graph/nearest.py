"""Nearest node to a point, without a spatial library."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from landbridge.dataset.network import PhysicalNetwork
from landbridge.units import FloatArray, great_circle_km_many

MANY_SCANS = 4
"""From so many questions on, sorting the nodes by latitude pays."""


class ByLatitude:
    """The nodes of a network by latitude, sorted once they were asked for often enough."""

    def __init__(self, network: PhysicalNetwork) -> None:
        self.network = network
        self._asked = 0
        self._order: npt.NDArray[np.int64] | None = None
        self._lat: FloatArray | None = None

    def within(self, lat: float, spread: float) -> npt.NDArray[np.int64]:
        """Return the nodes no farther than `spread` degrees of latitude away, in any order."""
        self._asked += 1
        if self._order is None and self._asked < MANY_SCANS:
            return np.flatnonzero(np.abs(np.asarray(self.network.lat) - lat) <= spread)
        if self._order is None or self._lat is None:
            order = np.argsort(self.network.lat, kind="stable")
            self._lat = np.asarray(self.network.lat)[order]
            self._order = order
        wide = spread + 1e-3
        # of the same type: else the whole row would be made another's
        begin, end = np.searchsorted(self._lat, np.array((lat - wide, lat + wide), self._lat.dtype))
        nodes = self._order[begin:end]
        return nodes[np.abs(self._lat[begin:end] - lat) <= spread]


def nearest_nodes(
    network: PhysicalNetwork,
    lon: float,
    lat: float,
    *,
    reach_km: float,
    allowed: npt.NDArray[np.bool_] | None = None,
    most: int = 1,
    by_latitude: ByLatitude | None = None,
) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """Return up to `most` nodes within `reach_km` of a point, nearest first, and how far, km.

    `allowed`, shape (n_nodes,), masks nodes that do not count; `by_latitude` is what whoever asks
    more than once keeps.
    """
    spread_lat = reach_km / 110.0
    spread_lon = spread_lat / max(0.02, float(np.cos(np.radians(min(89.0, abs(lat) + spread_lat)))))
    nodes = (by_latitude or ByLatitude(network)).within(lat, spread_lat)
    delta = np.abs(np.asarray(network.lon)[nodes] - lon)
    nodes = nodes[np.minimum(delta, 360.0 - delta) <= spread_lon]
    if allowed is not None:
        nodes = nodes[allowed[nodes]]
    km = great_circle_km_many(network.lon[nodes], network.lat[nodes], lon, lat)
    near = km <= reach_km
    nodes, km = nodes[near], km[near]
    order = np.lexsort((nodes, km))[:most]
    return nodes[order], km[order]
