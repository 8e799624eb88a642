"""Country of each node, by Natural Earth polygons (public domain)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from landbridge.units import FloatArray

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


def tag(folder: Path, lon: FloatArray, lat: FloatArray) -> npt.NDArray[np.str_]:
    """Return ISO alpha-2 per point, shape (n,); a point at sea takes the nearest country."""
    import geopandas as gpd
    import shapely

    frame = gpd.read_parquet(folder / "ne_10m_admin_0_countries_from_topojson.parquet")
    code = frame["iso_a2"].where(frame["iso_a2"].notna(), frame["name"].map(_NAMED_AREAS))
    keep = code.notna().to_numpy()
    polygons = frame.geometry.to_numpy()[keep]
    codes = code.to_numpy()[keep].astype("U2")
    parts, part_of = shapely.get_parts(polygons, return_index=True)
    points = shapely.points(lon, lat)
    part_idx, point_idx = shapely.STRtree(points).query(parts, predicate="contains")
    owner = np.full(len(lon), len(codes), np.int64)
    np.minimum.at(owner, point_idx, part_of[part_idx])
    outside = np.flatnonzero(owner == len(codes))
    if len(outside):
        nearest = shapely.STRtree(parts).nearest(points[outside])
        owner[outside] = part_of[nearest]
    return np.asarray(codes[owner])
