"""Railways of the Caspian rim with full geometry (OpenStreetMap, ODbL 1.0)."""

from __future__ import annotations

from pathlib import Path

from landbridge.dataset.contribution import LineContribution
from landbridge.sources.shapes import vertices_to_links

EXTRACTS = ("azerbaijan", "turkmenistan", "afghanistan")


def read(folder: Path) -> LineContribution:
    """Return lines tagged `rail` of the Caspian extracts, each way once."""
    import geopandas as gpd
    import numpy as np
    import pandas as pd

    frames = [gpd.read_parquet(folder / f"rail_{name}.parquet") for name in EXTRACTS]
    ways = pd.concat(frames).drop_duplicates("osm_way_id").sort_values("osm_way_id")
    ways = ways[ways["railway"] == "rail"]
    lines = [np.asarray(shape.coords, float)[:, :2] for shape in ways.geometry]
    return vertices_to_links(lines, mode="rail", source=folder.name, decimals=5)
