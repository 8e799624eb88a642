"""World rail and road graphs of scgraph_data (OpenStreetMap, ODbL 1.0)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from landbridge.dataset.contribution import LineContribution, Origin
from landbridge.errors import SourceError


def read(folder: Path, mode: str) -> LineContribution:
    """Return the graph in `folder` with its repair links (gaps of 3 km or less).

    Raises
    ------
    SourceError
        If a table is missing, or a link points at no node.
    """
    import pandas as pd

    try:
        nodes = pd.read_parquet(folder / "nodes.parquet")
        edges = pd.read_parquet(folder / "edges.parquet")
        repairs = pd.read_parquet(folder / "repair_links_3km.parquet")
    except OSError as error:
        raise SourceError(f"cannot read the {mode} graph: {error}", where=str(folder)) from error
    node_id = nodes["node_id"].to_numpy()
    order = np.argsort(node_id)
    node_id = node_id[order]
    tail = np.concatenate([edges["u"].to_numpy(), repairs["u"].to_numpy()])
    head = np.concatenate([edges["v"].to_numpy(), repairs["v"].to_numpy()])
    tail_idx, head_idx = np.searchsorted(node_id, tail), np.searchsorted(node_id, head)
    top = len(node_id) - 1
    tail_idx, head_idx = np.minimum(tail_idx, top), np.minimum(head_idx, top)
    if (node_id[tail_idx] != tail).any() or (node_id[head_idx] != head).any():
        raise SourceError("a link points at a node that is not there", where=str(folder))
    length_km = np.concatenate([edges["km"].to_numpy(), repairs["gap_km"].to_numpy()])
    origin = np.concatenate(
        [
            np.full(len(edges), Origin.SURVEYED, np.uint8),
            np.full(len(repairs), Origin.REPAIR, np.uint8),
        ]
    )
    return LineContribution(
        mode=mode,
        source=folder.name,
        lon=nodes["lon"].to_numpy(float)[order],
        lat=nodes["lat"].to_numpy(float)[order],
        tail_idx=tail_idx.astype(np.int32),
        head_idx=head_idx.astype(np.int32),
        length_km=length_km.astype(float),
        origin=origin,
    )
