"""Array aliases, unit constants and the only unit conversions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Float32Array = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.integer[Any]]
"""Positions: int32 where stored, of any width on the way."""
ByteArray = npt.NDArray[np.uint8]
BoolArray = npt.NDArray[np.bool_]

KM_PER_NM = 1.852
EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG), km."""


def great_circle_km(lon_1: float, lat_1: float, lon_2: float, lat_2: float) -> float:
    """Return the great-circle distance between two points in degrees, km (haversine)."""
    phi_1, phi_2 = math.radians(lat_1), math.radians(lat_2)
    a = (
        math.sin((phi_2 - phi_1) / 2) ** 2
        + math.cos(phi_1) * math.cos(phi_2) * math.sin(math.radians(lon_2 - lon_1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(a)))


def great_circle_km_many(
    lon_1: npt.ArrayLike, lat_1: npt.ArrayLike, lon_2: npt.ArrayLike, lat_2: npt.ArrayLike
) -> FloatArray:
    """Return great-circle distances between points in degrees, km, broadcast."""
    x1, y1 = np.radians(np.asarray(lon_1, float)), np.radians(np.asarray(lat_1, float))
    x2, y2 = np.radians(np.asarray(lon_2, float)), np.radians(np.asarray(lat_2, float))
    a = np.sin((y2 - y1) / 2) ** 2 + np.cos(y1) * np.cos(y2) * np.sin((x2 - x1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(a))), float)


def wrap_lon(lon: npt.ArrayLike) -> FloatArray:
    """Return longitudes in [-180, 180)."""
    return np.asarray((np.asarray(lon, float) + 180.0) % 360.0 - 180.0, float)
