"""Many walks in one block of a network: one hierarchy of the block instead of a walk each.

A hierarchy answers bit for bit what a walk answers: lengths are 32-bit floats of whole metres, so
that their sums in 64 bits are exact (below 8,000 km), in whatever order they are added.
"""

from __future__ import annotations

import numpy as np

from landbridge.dataset.network import PhysicalNetwork
from landbridge.graph.topology import Topology
from landbridge.units import FloatArray, IntArray

MANY, MANY_UNORDERED = 64, 512
"""From so many walks in a block on, its hierarchy is the faster: with its order stored, or not."""


def order_of(network: PhysicalNetwork) -> IntArray:
    """Return the order of contraction that suits every block of a network, (n_nodes,)."""
    from landbridge.routing.order import dissection_order

    links = network.links_within()
    return dissection_order(
        len(network.lon),
        np.asarray(network.tail_idx)[links],
        np.asarray(network.head_idx)[links],
        lon=np.asarray(network.lon),
        lat=np.asarray(network.lat),
    )


def ranks_of(network: PhysicalNetwork) -> IntArray | None:
    """Return the rank of each node in the stored order, None if there is none for this shape."""
    order = network.own_order()
    if order is None:
        return None
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank


class BlockHierarchy:
    """The hierarchy of one block of a topology; its links are as long both ways.

    Parameters
    ----------
    rank
        Of each node of the network; without it the block is dissected here.
    """

    def __init__(
        self, network: PhysicalNetwork, topology: Topology, block: int, rank: IntArray | None
    ) -> None:
        from landbridge.routing.engine import Engine

        self.topology = topology
        self._nodes = np.flatnonzero(np.asarray(network.block_idx) == block)
        first = np.asarray(topology.first_arc).astype(np.int64)
        n_arcs = first[self._nodes + 1] - first[self._nodes]
        tail = np.repeat(np.arange(len(self._nodes)), n_arcs)
        begin = np.cumsum(n_arcs) - n_arcs
        arc = np.repeat(first[self._nodes] - begin, n_arcs) + np.arange(len(tail))
        head = np.searchsorted(self._nodes, np.asarray(topology.head_idx)[arc])
        engine = Engine(
            len(self._nodes),
            tail,
            head,
            order=None if rank is None else np.argsort(rank[self._nodes]),
            lon=np.asarray(network.lon)[self._nodes],
            lat=np.asarray(network.lat)[self._nodes],
        )
        self._profile = engine.profile(np.asarray(topology.length_km)[arc].astype(np.float64))

    def km_between(self, sources: IntArray, targets: IntArray) -> FloatArray:
        """Return km between nodes of the block, (n_sources, n_targets), inf where no way is."""
        return self._profile.matrix(
            np.searchsorted(self._nodes, sources), np.searchsorted(self._nodes, targets)
        )


def warm_hierarchies() -> None:
    """Compile what hierarchies are made and asked with."""
    from landbridge.routing.engine import Engine

    ends = np.array([0, 1]), np.array([1, 0])
    Engine(2, *ends, order=np.arange(2)).profile(np.ones(2)).matrix([0], [1])
