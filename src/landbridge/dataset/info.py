"""What a dataset holds: digest, counts, licences and the sources it was built from."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np

from landbridge.dataset.contribution import Origin
from landbridge.dataset.network import NetworkDataset

LICENCES = {
    "land": "ODbL 1.0: rail, road and waterway links, terminals, crossings",
    "sea": "Apache-2.0 as published, possible EUPL-1.2 ancestry: ocean lanes and port positions",
    "places": "CC BY 4.0 (GeoNames), ODC-PDDL 1.0 (UN/LOCODE), public domain (NGA): names",
}
"""Licence of each part of a built dataset; the parts are kept apart for that reason."""


def dataset_sources() -> list[dict[str, str]]:
    """Return the raw sources of the dataset with licence and attribution, sorted by id."""
    path = Path(__file__).with_name("sources.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return sorted(csv.DictReader(lines), key=lambda row: row["id"])


def dataset_info(dataset: NetworkDataset) -> dict[str, object]:
    """Return digest, counts, licences and sources of a dataset, ready to print or serialise.

    Lengths are km of open links; `by_origin_km` splits them by where a link comes from.
    """
    table = dataset.attachments
    networks: dict[str, object] = {}
    for net, network in sorted(dataset.networks.items()):
        is_open = np.asarray(network.status) == 0
        length_km = np.asarray(network.length_km)
        origin = np.asarray(network.origin)
        rows = np.asarray(table.net) == int(net)
        networks[net.name.lower()] = {
            "nodes": len(network.lon),
            "links": len(network.tail_idx),
            "shape_points": len(network.shape_lonlat),
            "open_km": round(float(length_km[is_open].sum())),
            "links_not_open": int((~is_open).sum()),
            "chord_km": round(float(np.asarray(network.chord_km)[is_open].sum())),
            "by_origin_km": {
                kind.name.lower(): round(float(length_km[is_open & (origin == kind)].sum()))
                for kind in Origin
                if (is_open & (origin == kind)).any()
            },
            "named_lines": len(network.named),
            "terminals": len(
                np.unique(
                    np.asarray(table.terminal_idx)[rows & (np.asarray(table.terminal_idx) >= 0)]
                )
            ),
        }
    return {
        "digest": dataset.digest,
        "networks": networks,
        "counts": {
            "terminals": len(dataset.terminals),
            "terminals_assumed": sum(row.quality == "assumed" for row in dataset.terminals),
            "crossings": len(dataset.crossings),
            "crossings_assumed": sum(row.quality == "assumed" for row in dataset.crossings),
            "crossings_by_status": dict(
                sorted(Counter(row.status for row in dataset.crossings).items())
            ),
            "passages": len(dataset.passages),
            "services": len(dataset.services),
            "corridors": len(dataset.corridors),
            "sea_markets": len(dataset.sea_markets),
            "facts": len(dataset.facts),
            "countries": len({block.country for block in dataset.blocks} - {""}),
            "hauls": len(dataset.haul_tables.km),
        },
        "licences": dict(LICENCES),
        "sources": dataset_sources(),
    }
