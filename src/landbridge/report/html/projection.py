"""From longitude and latitude to the plane of a map, fitted to what is to be seen.

Maps of a region use Lambert's azimuthal equal-area projection about their middle, maps of half
the world or more Equal Earth (Savric, Patterson, Jenny 2018) about their middle meridian. Both
turn the world about the middle of the map, so that a way across the Pacific is not cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.units import FloatArray

EARTH_RADIUS_KM = 6371.0
WIDE_LON_DEG, WIDE_LAT_DEG = 110.0, 80.0
"""A map that spans more than this shows the world by Equal Earth."""
ROUND_DEG = 270.0
"""Points that spread over more longitudes than this go round the world."""
EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)
FARTHEST_LON_DEG, FARTHEST_LAT_DEG = 150.0, 80.0
"""Land farther than this from the middle of a regional map is not drawn: it lies outside."""
DENSE_DEG = 1.0
"""Lines are bent with the projection at steps of this length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A projection about a middle: (lon, lat) in degrees to km east and km south of it."""

    lon: float
    lat: float
    is_wide: bool

    @classmethod
    def around(cls, lonlat: FloatArray, *, first: FloatArray | None = None) -> Projection:
        """Return the projection fitted to points, shape (n, 2).

        Where they go all round the world, it is turned so that `first`, shape (m, 2), is not cut.
        """
        west, width = lon_window(lonlat[:, 0])
        if width > ROUND_DEG and first is not None:
            first_west, first_width = lon_window(first[:, 0])
            west = first_west + first_width / 2.0 - width / 2.0
        south, north = float(lonlat[:, 1].min()), float(lonlat[:, 1].max())
        middle = (west + width / 2.0 + 180.0) % 360.0 - 180.0
        return cls(
            lon=middle,
            lat=(south + north) / 2.0,
            is_wide=width > WIDE_LON_DEG or north - south > WIDE_LAT_DEG,
        )

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north of what may be drawn; longitudes run on past 180."""
        if self.is_wide:
            return (self.lon - 180.0, -90.0, self.lon + 180.0, 90.0)
        return (
            self.lon - FARTHEST_LON_DEG, max(self.lat - FARTHEST_LAT_DEG, -90.0),
            self.lon + FARTHEST_LON_DEG, min(self.lat + FARTHEST_LAT_DEG, 90.0),
        )  # fmt: skip

    def turned(self, lon: FloatArray) -> FloatArray:
        """Return longitudes within 180 degrees of the middle."""
        return np.asarray((lon - self.lon + 180.0) % 360.0 - 180.0 + self.lon)

    def plane(self, lonlat: FloatArray) -> FloatArray:
        """Return km east and km south of the middle, shape (n, 2)."""
        lam = np.radians(lonlat[:, 0] - self.lon)
        phi = np.radians(lonlat[:, 1])
        if self.is_wide:
            x, y = _equal_earth(lam, phi)
            _, middle = _equal_earth(np.zeros(1), np.radians(np.array([self.lat])))
            y = y - middle
        else:
            phi0 = np.radians(self.lat)
            cos_c = np.sin(phi0) * np.sin(phi) + np.cos(phi0) * np.cos(phi) * np.cos(lam)
            k = np.sqrt(2.0 / np.maximum(1.0 + cos_c, 1e-3))
            x = k * np.cos(phi) * np.sin(lam)
            y = k * (np.cos(phi0) * np.sin(phi) - np.sin(phi0) * np.cos(phi) * np.cos(lam))
        return np.stack([x, -y], axis=1) * EARTH_RADIUS_KM


def _equal_earth(lam: FloatArray, phi: FloatArray) -> tuple[FloatArray, FloatArray]:
    a1, a2, a3, a4 = EQUAL_EARTH
    root = np.sqrt(3.0) / 2.0
    theta = np.arcsin(root * np.sin(phi))
    slope = 9 * a4 * theta**8 + 7 * a3 * theta**6 + 3 * a2 * theta**2 + a1
    x = lam * np.cos(theta) / (root * slope)
    y = a4 * theta**9 + a3 * theta**7 + a2 * theta**3 + a1 * theta
    return x, y


def lon_window(lon: FloatArray) -> tuple[float, float]:
    """Return west edge and width of the narrowest window of longitudes around all points."""
    turned = np.unique(np.asarray(lon) % 360.0)
    gaps = np.diff(np.append(turned, turned[0] + 360.0))
    widest = int(np.argmax(gaps))
    return float(turned[(widest + 1) % len(turned)]), float(360.0 - gaps[widest])


def unrolled(line: Sequence[tuple[float, float]], projection: Projection) -> list[FloatArray]:
    """Return a line near the middle of the map, cut where it meets the far meridian."""
    lonlat = np.array(line, float)
    lonlat[:, 0] = projection.turned(lonlat[:, 0])
    jumps = np.flatnonzero(np.abs(np.diff(lonlat[:, 0])) > 180.0) + 1
    return [dense(part) for part in np.split(lonlat, jumps) if len(part) > 1]


def dense(lonlat: FloatArray) -> FloatArray:
    """Return a line with points added so that no step is longer than a degree."""
    steps = np.maximum(np.ceil(np.abs(np.diff(lonlat, axis=0)).max(axis=1) / DENSE_DEG), 1.0)
    if steps.max(initial=1.0) <= 1.0:
        return lonlat
    at = np.concatenate([[0.0], np.cumsum(steps)])
    every = np.arange(at[-1] + 1.0)
    return np.stack([np.interp(every, at, lonlat[:, k]) for k in (0, 1)], axis=1)


def clipped(ring: FloatArray, box: tuple[float, float, float, float]) -> FloatArray:
    """Return the part of a closed ring inside a box, shape (m, 2) (Sutherland, Hodgman 1974)."""
    west, south, east, north = box
    for axis, edge, sign in ((0, west, 1.0), (0, east, -1.0), (1, south, 1.0), (1, north, -1.0)):
        if len(ring) == 0:
            return ring
        inside = sign * (ring[:, axis] - edge) >= 0.0
        if inside.all():
            continue
        following = np.roll(ring, -1, axis=0)
        crosses = inside != np.roll(inside, -1)
        run = following[:, axis] - ring[:, axis]
        share = np.where(crosses, edge - ring[:, axis], 0.0) / np.where(crosses, run, 1.0)
        cut = ring + share[:, None] * (following - ring)
        pairs = np.stack([cut, following], axis=1).reshape(-1, 2)
        ring = pairs[np.stack([crosses, np.roll(inside, -1)], axis=1).reshape(-1)]
    return ring
