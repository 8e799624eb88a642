"""Haul km of one request: the dataset's tables, with this request's touches and this day's gaps.

A block of the haul tables gets rows and columns for touches that are not core. River and Caspian
blocks are computed whole (season masks live in their topology), and so is a block that lacks a
link on the day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landbridge.dataset.network import Net
from landbridge.graph.topology import Topology
from landbridge.graph.virtual import VirtualNetwork
from landbridge.planning.geography import Geography
from landbridge.units import Float32Array, FloatArray

LinksOff = Mapping[Net, npt.NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HaulMatrix:
    """Square matrices of km, row-major, one behind the other in `km`.

    Block b has its matrix at `offset[b]`, `stride[b]` wide; attachment k of the virtual network
    has row and column `column[k]` of its block's matrix.
    """

    km: Float32Array
    offset: dict[int, int]
    stride: dict[int, int]
    column: dict[int, int]


def haul_matrix(
    geography: Geography,
    virtual: VirtualNetwork,
    *,
    topology_of: Callable[[Net], Topology],
    links_off: LinksOff,
    ends: frozenset[int],
) -> HaulMatrix:
    """Return haul km between all touches of the virtual network, block by block.

    Parameters
    ----------
    topology_of
        The network of the day.
    links_off
        Links that are not there on the day, shape (n_links,) per network.
    ends
        Attachment positions of the request's two doors.
    """
    dataset, tables = geography.dataset, geography.dataset.haul_tables
    table = dataset.attachments
    lacking = _lacking_blocks(geography, links_off)
    members_of: dict[int, list[int]] = {}
    for position, touch in enumerate(virtual.attachments):
        members_of.setdefault(touch.block_idx, []).append(position)
    parts: list[Float32Array] = [np.asarray(tables.km)]
    end = len(tables.km)
    offset: dict[int, int] = {}
    stride: dict[int, int] = {}
    column: dict[int, int] = {}
    for block, positions in members_of.items():
        a, b = int(tables.start[block]), int(tables.start[block + 1])
        rows = tables.member[a:b]
        size = b - a
        key = {
            (
                int(table.terminal_idx[r]),
                int(table.crossing_idx[r]),
                int(table.side[r]),
                int(table.node_idx[r]),
            ): k
            for k, r in enumerate(rows.tolist())
        }
        extra: list[int] = []
        for position in positions:
            touch = virtual.attachments[position]
            k = (
                key.get((touch.terminal_idx, touch.crossing_idx, touch.side, touch.node_idx))
                if touch.is_core
                else None
            )
            if k is None:
                column[position] = size + len(extra)
                extra.append(position)
            else:
                column[position] = k
        if not extra and block not in lacking:
            offset[block], stride[block] = int(tables.offset[block]), size
            continue
        whole = _grown(
            geography,
            virtual,
            block,
            rows.tolist(),
            extra,
            kept=0 if block in lacking else size,
            topology_of=topology_of,
            ends=ends,
        )
        offset[block], stride[block] = end, size + len(extra)
        parts.append(whole.reshape(-1))
        end += whole.size
    km = np.concatenate(parts).astype(np.float32)
    return HaulMatrix(km=km, offset=offset, stride=stride, column=column)


def _lacking_blocks(geography: Geography, links_off: LinksOff) -> frozenset[int]:
    """Return the blocks that lack a link on the day: their tables do not hold."""
    blocks: set[int] = set()
    for net, off in links_off.items():
        network = geography.dataset.networks[net]
        tails = np.asarray(network.tail_idx)[np.flatnonzero(off)]
        blocks.update(np.asarray(network.block_idx)[tails].tolist())
    return frozenset(blocks)


def _grown(
    geography: Geography,
    virtual: VirtualNetwork,
    block: int,
    rows: Sequence[int],
    extra: Sequence[int],
    *,
    kept: int,
    topology_of: Callable[[Net], Topology],
    ends: frozenset[int],
) -> Float32Array:
    """Return a block's matrix with `extra` touches; rows from `kept` on are walked anew."""
    dataset, tables = geography.dataset, geography.dataset.haul_tables
    net = Net(dataset.blocks[block].net)
    size = len(rows)
    n = size + len(extra)
    whole = np.full((n, n), np.inf, np.float32)
    first = int(tables.offset[block])
    whole[:kept, :kept] = np.asarray(tables.km[first : first + kept * kept]).reshape(kept, kept)
    touches = [virtual.attachments[position] for position in extra]
    nodes = np.concatenate(
        [dataset.attachments.node_idx[rows], [touch.node_idx for touch in touches]]
    ).astype(np.int64)
    off = np.concatenate([dataset.attachments.off_km[rows], [touch.off_km for touch in touches]])
    is_terminal = np.concatenate(
        [
            dataset.attachments.terminal_idx[rows] >= 0,
            [touch.terminal_idx >= 0 for touch in touches],
        ]
    ).astype(bool)
    topology = topology_of(net)
    walks: dict[int, FloatArray] = {}
    for k in range(kept, n):
        node = int(nodes[k])
        if node not in walks:
            walks[node] = geography.walk(net, node, topology=topology)[0]
        km = np.ceil((walks[node][nodes] + off + off[k]) * 20.0) / 20.0
        is_door = k >= size and extra[k - size] in ends and touches[k - size].terminal_idx < 0
        if net is Net.ROAD and is_door:
            km[is_terminal] = np.inf  # from a door terminals are reached by drayage only
        whole[k, :] = km
        whole[:, k] = km
        whole[k, k] = 0.0
    return whole
