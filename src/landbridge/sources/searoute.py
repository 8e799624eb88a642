"""Ocean lanes of searoute-py (Apache-2.0), cut to the open sea."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from landbridge.dataset.contribution import LineContribution
from landbridge.sources.shapes import vertices_to_links
from landbridge.sources.tables import read_csv


def read(folder: Path, cuts_file: Path) -> LineContribution:
    """Return lanes as links, without those that touch a box of `cuts_file` (lakes, rivers)."""
    import geopandas as gpd

    lanes = gpd.read_parquet(folder / "marnet_searoute.parquet")
    lines = [np.asarray(shape.coords, float)[:, :2] for shape in lanes.geometry]
    whole = vertices_to_links(lines, mode="sea", source=folder.name, decimals=4)
    is_cut = np.zeros(len(whole.lon), bool)
    for row in read_csv(cuts_file):
        is_cut |= (
            (whole.lon >= float(row["lon_min"]))
            & (whole.lon <= float(row["lon_max"]))
            & (whole.lat >= float(row["lat_min"]))
            & (whole.lat <= float(row["lat_max"]))
        )
    keep = ~(is_cut[whole.tail_idx] | is_cut[whole.head_idx])
    return LineContribution(
        mode="sea",
        source=whole.source,
        lon=whole.lon,
        lat=whole.lat,
        tail_idx=whole.tail_idx[keep],
        head_idx=whole.head_idx[keep],
        length_km=whole.length_km[keep],
        origin=whole.origin[keep],
    )
