"""The land under a document's maps: coast, lakes, frontiers and country names, made small.

    python -m landbridge.sources.outline data/raw/natural_earth src/landbridge/report/html

From Natural Earth (public domain), coast and lakes of 1:50 m, frontiers of 1:10 m. Needs
the extra `build`. The frontiers are Natural Earth's de facto ones and express no opinion.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.units import FloatArray

UNITS_PER_DEG = 180
"""Coordinates are stored as whole 180ths of a degree (620 m or less): 180 degrees fit in int16."""
COAST_TOLERANCE_DEG = 0.03
FRONTIER_TOLERANCE_DEG = 0.05
LEAST_ISLAND_DEG2 = 0.02
"""Islands smaller than this (some 250 km2 at the equator) are left out."""
LEAST_LAKE_DEG2 = 0.15
NO_FRONTIERS = ("Overlay limit", "Lease limit")
FARTHEST_SOUTH = -60.0
"""Antarctica, which no freight crosses, is left out."""


def build(folder: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of the outline.

    `land`, `lakes` and `frontiers` are int16, shape (n, 2), lon and lat in 180ths of a degree;
    `*_start` int32, shape (lines + 1,), where each line begins. `names`, `codes` and `labels`
    (shape (n, 2), as above) are the countries and where their names stand.
    """
    import geopandas as gpd
    import shapely

    land = gpd.read_parquet(folder / "ne_50m_land.parquet").geometry.to_numpy()
    lakes = gpd.read_parquet(folder / "ne_50m_lakes.parquet").geometry.to_numpy()
    frame = gpd.read_parquet(folder / "ne_10m_admin_0_countries_from_topojson.parquet")
    borders = gpd.read_parquet(folder / "ne_10m_admin_0_boundary_lines_land.parquet")
    frame = frame[frame["iso_a2"].notna()].sort_values("iso_a2")
    names, codes, labels = [], [], []
    for name, code, shape in zip(frame["name"], frame["iso_a2"], frame.geometry, strict=True):
        largest = max(shapely.get_parts(shape), key=shapely.area, default=None)
        if largest is None or largest.area <= 0:
            continue
        circle = shapely.maximum_inscribed_circle(largest, tolerance=0.05)
        names.append(name)
        codes.append(code)
        labels.append(shapely.get_coordinates(circle)[0])
    arrays: dict[str, npt.NDArray[Any]] = {
        "names": np.array(names), "codes": np.array(codes), "labels": _whole(np.array(labels)),
    }  # fmt: skip
    for key, lines in (
        ("land", _rings(land, COAST_TOLERANCE_DEG, LEAST_ISLAND_DEG2)),
        ("lakes", _rings(lakes, COAST_TOLERANCE_DEG, LEAST_LAKE_DEG2)),
        ("frontiers", _frontiers(borders)),
    ):
        start = np.cumsum([0, *(len(line) for line in lines)]).astype(np.int32)
        arrays[key], arrays[f"{key}_start"] = np.concatenate(lines), start
    return arrays


def _rings(shapes: Iterable[Any], tolerance_deg: float, least_deg2: float) -> list[Any]:
    import shapely

    parts = shapely.get_parts(shapely.simplify(np.array(list(shapes)), tolerance_deg))
    rings = shapely.get_rings(parts[shapely.area(parts) >= least_deg2])
    rings = rings[shapely.area(shapely.polygons(rings)) >= least_deg2]
    rings = [ring for ring in rings if shapely.bounds(ring)[3] > FARTHEST_SOUTH]
    order = sorted(rings, key=lambda ring: (-shapely.area(shapely.polygons(ring)), ring.wkt))
    return [_whole(shapely.get_coordinates(ring)) for ring in order]


def _frontiers(frame: Any) -> list[Any]:  # noqa: ANN401 - a data frame
    """Return the frontiers on land, disputed ones and lines of control among them."""
    import shapely

    kept = frame[
        ~frame["featurecla"].isin(NO_FRONTIERS) & (frame["type"] != "Water Indicator")
    ].geometry.to_numpy()
    lines = shapely.get_parts(shapely.line_merge(shapely.union_all(kept)))
    lines = shapely.simplify(lines, FRONTIER_TOLERANCE_DEG)
    return [
        _whole(shapely.get_coordinates(line)) for line in sorted(lines, key=lambda row: row.wkt)
    ]


def _whole(lonlat: FloatArray) -> npt.NDArray[np.int16]:
    return np.asarray(np.rint(lonlat * UNITS_PER_DEG), np.int16)


def main(arguments: list[str]) -> int:
    """Write `outline.npz` from the folder of Natural Earth files into the target folder."""
    folder, target = (Path(argument) for argument in arguments)
    np.savez_compressed(target / "outline.npz", **build(folder))  # type: ignore[arg-type]
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
