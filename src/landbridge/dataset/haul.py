"""Haul tables: shortest km between core attachments inside each block, computed at build time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from landbridge.dataset.network import Attachments, HaulTables, Net, PhysicalNetwork
from landbridge.units import IntArray


def build_haul_tables(
    networks: dict[Net, PhysicalNetwork], attachments: Attachments, n_blocks: int
) -> HaulTables:
    """Return the tables over open links that are no part of a passage (scipy Dijkstra)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    graphs = {}
    for net, network in networks.items():
        use = (network.status == 0) & (network.passage_idx < 0)
        use &= network.block_idx[network.tail_idx] == network.block_idx[network.head_idx]
        n = len(network.lon)
        graphs[net] = coo_array(
            (network.length_km[use], (network.tail_idx[use], network.head_idx[use])), shape=(n, n)
        ).tocsr()
    core = np.flatnonzero(attachments.is_core)
    order = core[np.lexsort((core, attachments.block_idx[core]))]
    block = attachments.block_idx[order]
    start = np.searchsorted(block, np.arange(n_blocks + 1)).astype(np.int32)
    size = np.diff(start).astype(np.int64)
    offset = np.concatenate([[0], np.cumsum(size * size)])
    km = np.full(int(offset[-1]), np.inf, np.float32)
    block_nodes: dict[int, IntArray] = {}
    for b in range(n_blocks):
        members = order[start[b] : start[b + 1]]
        if not len(members):
            continue
        net = Net(int(attachments.net[members[0]]))
        network = networks[net]
        inside = block_nodes.setdefault(b, np.flatnonzero(network.block_idx == b))
        part = graphs[net][inside][:, inside]
        local = np.searchsorted(inside, attachments.node_idx[members])
        nodes, which = np.unique(local, return_inverse=True)
        way = dijkstra(part, directed=False, indices=nodes)[:, nodes]
        off = attachments.off_km[members]
        table = way[which][:, which] + off[:, None] + off[None, :]
        np.fill_diagonal(table, 0.0)
        km[offset[b] : offset[b + 1]] = _rounded_up(table).reshape(-1)
    return HaulTables(start=start, member=order.astype(np.int32), offset=offset, km=km)


def _rounded_up(km: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Return km on a grid of 0.05 km, rounded up so that no haul falls short of its chord."""
    return (np.ceil(km * 20.0) / 20.0).astype(np.float32)
