"""Country of each node, by Natural Earth polygons (public domain)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from landbridge.units import FloatArray, IntArray

_NAMED_AREAS = {
    "Kosovo": "XK",
    "N. Cyprus": "CY",
    "Cyprus U.N. Buffer Zone": "CY",
    "Dhekelia": "CY",
    "Akrotiri": "CY",
    "Baikonur": "KZ",
    "Somaliland": "SO",
    "USNB Guantanamo Bay": "CU",
    "Siachen Glacier": "IN",
}
"""Areas without an ISO code, to the country whose network they belong to."""

WIDEST_DEG = 180.0
"""A part wider than this is one that crosses the antimeridian and was closed the wrong way round:
it covers the rest of its parallels (Chukotka's covered Iceland and the coast of Norway)."""


def tag(folder: Path, lon: FloatArray, lat: FloatArray) -> npt.NDArray[np.str_]:
    """Return ISO alpha-2 per point, shape (n,); a point at sea takes the nearest country."""
    import geopandas as gpd
    import shapely

    frame = gpd.read_parquet(folder / "ne_10m_admin_0_countries_from_topojson.parquet")
    code = frame["iso_a2"].where(frame["iso_a2"].notna(), frame["name"].map(_NAMED_AREAS))
    keep = code.notna().to_numpy()
    polygons = frame.geometry.to_numpy()[keep]
    codes = code.to_numpy()[keep].astype("U2")
    parts, part_of = _parts(polygons)
    points = shapely.points(lon, lat)
    part_idx, point_idx = shapely.STRtree(points).query(parts, predicate="contains")
    owner = np.full(len(lon), len(codes), np.int64)
    np.minimum.at(owner, point_idx, part_of[part_idx])
    outside = np.flatnonzero(owner == len(codes))
    if len(outside):
        nearest = shapely.STRtree(parts).nearest(points[outside])
        owner[outside] = part_of[nearest]
    return np.asarray(codes[owner])


def _parts(polygons: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], IntArray]:
    """Return the single polygons of countries and whose each is, those closed wrongly left out."""
    import shapely

    parts, part_of = shapely.get_parts(polygons, return_index=True)
    parts, within = shapely.get_parts(parts, return_index=True)
    west, _, east, _ = shapely.bounds(parts).T
    is_sound = (east - west <= WIDEST_DEG) & (shapely.get_dimensions(parts) == 2)
    return parts[is_sound], np.asarray(part_of[within][is_sound], np.int64)
