"""Graphs to measure on: the built world network, and seeded synthetic road networks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
TRANSFER_M = 1000
"""Length of an arc between two networks that touch one terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A directed graph with whole-number weights and coordinates (degrees, or a plane)."""

    name: str
    n_nodes: int
    tail: Array
    head: Array
    weight: Array
    x: Array
    y: Array
    is_globe: bool


def synthetic(n_nodes: int, n_links: int, *, seed: int = 0) -> Subject:
    """Return a road-like graph of `2 n_links` arcs.

    Random points in a square, joined by their least spanning tree and by random further edges of
    their Delaunay triangulation. Both directions of a link have weights of their own, 1 to 1.6
    times its length. Nodes are numbered along a Morton curve, as in our own networks.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial import Delaunay

    rng = np.random.default_rng(seed)
    xy = rng.random((n_nodes, 2))
    xy = xy[np.argsort(_morton(xy), kind="stable")]
    corners = Delaunay(xy).simplices
    sides = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]))
    key = np.unique(sides[:, 0].astype(np.int64) * n_nodes + sides[:, 1])
    a, b = np.divmod(key, n_nodes)
    length = np.hypot(*(xy[a] - xy[b]).T) + 1e-9
    tree = minimum_spanning_tree(coo_array((length, (a, b)), shape=(n_nodes, n_nodes)).tocsr())
    row, column = tree.tocoo().coords
    kept = np.minimum(row, column).astype(np.int64) * n_nodes + np.maximum(row, column)
    more = rng.choice(np.setdiff1d(key, kept), n_links - len(kept), replace=False)
    a, b = np.divmod(np.sort(np.concatenate([kept, more])), n_nodes)
    length = np.hypot(*(xy[a] - xy[b]).T) * 1e6
    each_way = [length * rng.uniform(1.0, 1.6, len(a)) for _ in range(2)]
    return Subject(
        name=f"synthetic {n_nodes:,}",
        n_nodes=n_nodes,
        tail=np.concatenate([a, b]),
        head=np.concatenate([b, a]),
        weight=np.maximum(1, np.concatenate(each_way)).astype(np.int64),
        x=xy[:, 0],
        y=xy[:, 1],
        is_globe=False,
    )


def _morton(xy: Array) -> Array:
    """Return the place of points of the unit square along a Morton curve."""

    def spread(value: Array) -> Array:
        for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
            value = (value | (value << shift)) & mask
        return value

    cell = (xy * 65535).astype(np.int64)
    return spread(cell[:, 0]) | (spread(cell[:, 1]) << 1)


def world() -> Subject:
    """Return rail, road and sea of the embedded dataset as one graph, weights in metres.

    Terminals that touch several networks join them. Borders and gauges are not minded: this is a
    graph to measure on, not to plan on.
    """
    from landbridge.dataset.network import Net
    from landbridge.dataset.storage import embedded_folder, read

    dataset = read(embedded_folder())
    nets = [Net.RAIL, Net.ROAD, Net.SEA]
    first, tails, heads, weights, lons, lats = {}, [], [], [], [], []
    n_nodes = 0
    for net in nets:
        network = dataset.networks[net]
        first[int(net)] = n_nodes
        use = np.asarray(network.status) == 0
        tails.append(np.asarray(network.tail_idx)[use].astype(np.int64) + n_nodes)
        heads.append(np.asarray(network.head_idx)[use].astype(np.int64) + n_nodes)
        weights.append(np.ceil(np.asarray(network.length_km)[use] * 1000.0))
        lons.append(np.asarray(network.lon))
        lats.append(np.asarray(network.lat))
        n_nodes += len(network.lon)
    at: dict[int, list[int]] = {}
    table = dataset.attachments
    for net, terminal, node in zip(
        table.net.tolist(), table.terminal_idx.tolist(), table.node_idx.tolist(), strict=True
    ):
        if terminal >= 0 and net in first:
            at.setdefault(terminal, []).append(first[net] + node)
    pairs = [pair for nodes in at.values() for pair in pairwise(nodes)]
    tails.append(np.array([a for a, _ in pairs]))
    heads.append(np.array([b for _, b in pairs]))
    weights.append(np.full(len(pairs), TRANSFER_M))
    a, b, weight = np.concatenate(tails), np.concatenate(heads), np.concatenate(weights)
    return Subject(
        name="world network",
        n_nodes=n_nodes,
        tail=np.concatenate([a, b]),
        head=np.concatenate([b, a]),
        weight=np.maximum(1, np.concatenate([weight, weight])).astype(np.int64),
        x=np.concatenate(lons),
        y=np.concatenate(lats),
        is_globe=True,
    )
