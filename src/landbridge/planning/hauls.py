"""Haul km of a day and a request: the dataset's tables, with the day's gaps and more touches.

The matrices of a day are made once; a request gets rows and columns for its own touches. River and
Caspian blocks are computed whole (season masks live in their topology), and so is a block that
lacks a link on the day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landbridge.dataset.network import Net
from landbridge.graph.carrying import VirtualNetwork
from landbridge.graph.topology import Topology
from landbridge.planning.geography import Geography
from landbridge.planning.lent import Lent
from landbridge.units import Float32Array, FloatArray

LinksOff = Mapping[Net, npt.NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What stands in the columns of one block's matrix, shape (n,) each."""

    node: npt.NDArray[np.int64]
    off_km: FloatArray
    is_terminal: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class HaulMatrix:
    """Square matrices of km, row-major, one behind the other in `km`.

    Block b has its matrix at `offset[b]`, `stride[b]` wide, with `columns[b]`; attachment k of the
    virtual network has row and column `column[k]` of its block's matrix.
    """

    km: Float32Array
    offset: dict[int, int]
    stride: dict[int, int]
    column: dict[int, int]
    columns: dict[int, Columns]
    lent: Lent

    def of_block(self, block: int) -> Float32Array:
        """Return the matrix of a block, shape (stride, stride)."""
        n, first = self.stride[block], self.offset[block]
        return self.km[first : first + n * n].reshape(n, n)


def haul_matrix(
    geography: Geography,
    virtual: VirtualNetwork,
    *,
    topology_of: Callable[[Net], Topology],
    links_off: LinksOff,
) -> HaulMatrix:
    """Return haul km between all touches of a day's virtual network, block by block.

    Parameters
    ----------
    topology_of
        The network of the day.
    links_off
        Links that are not there on the day, shape (n_links,) per network.
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
    columns: dict[int, Columns] = {}
    for block in range(len(dataset.blocks)):
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
        for position in members_of.get(block, ()):
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
        columns[block] = _with_touches(
            Columns(
                node=np.asarray(table.node_idx[rows], np.int64),
                off_km=np.asarray(table.off_km[rows]),
                is_terminal=geography.is_drayed[table.terminal_idx[rows]],
            ),
            geography,
            virtual,
            extra,
        )
        first = int(tables.offset[block])
        if not extra and block not in lacking:
            offset[block], stride[block] = first, size
            continue
        kept = 0 if block in lacking else size
        known = np.asarray(tables.km[first : first + kept * kept]).reshape(kept, kept)
        whole = _grown(
            geography,
            Net(dataset.blocks[block].net),
            known,
            columns[block],
            topology_of=topology_of,
            doors=frozenset(),
        )
        offset[block], stride[block] = end, size + len(extra)
        parts.append(whole.reshape(-1))
        end += whole.size
    km = np.concatenate(parts).astype(np.float32)
    return HaulMatrix(
        km=km,
        lent=Lent(km),
        offset=offset,
        stride=stride,
        column=column,
        columns=columns,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GrownHauls:
    """The matrices of a day with what a request adds to them.

    `km` holds those of the day and behind them those of the blocks that have touches more: block
    b's from `offset[b]` on, `stride[b]` wide, with the request's own behind the others. `column`
    goes by the attachments from the first that the day does not have, (n_own,).
    """

    km: Float32Array
    offset: dict[int, int]
    stride: dict[int, int]
    column: npt.NDArray[np.int64]


def extended_hauls(
    hauls: HaulMatrix,
    geography: Geography,
    virtual: VirtualNetwork,
    *,
    from_position: int,
    topology_of: Callable[[Net], Topology],
    ends: frozenset[int],
) -> GrownHauls:
    """Return haul km with the touches of one request, the attachments from `from_position` on.

    Parameters
    ----------
    ends
        Attachment positions of the request's two doors.
    """
    own = virtual.attachments[from_position:]
    fresh: dict[int, list[int]] = {}
    for k, touch in enumerate(own):
        fresh.setdefault(touch.block_idx, []).append(k)
    column = np.empty(len(own), np.int64)
    offset: dict[int, int] = {}
    stride: dict[int, int] = {}
    end = len(hauls.km)
    for block, members in fresh.items():
        size = hauls.stride[block]
        column[members] = range(size, size + len(members))
        offset[block], stride[block] = end, size + len(members)
        end += stride[block] ** 2
    km: Float32Array = hauls.lent.lend(end - len(hauls.km))
    for block, members in fresh.items():
        first, n = offset[block], stride[block]
        _grown(
            geography,
            Net(geography.dataset.blocks[block].net),
            hauls.of_block(block),
            _with_touches(
                hauls.columns[block], geography, virtual, [from_position + k for k in members]
            ),
            topology_of=topology_of,
            doors=frozenset(
                row
                for row, k in enumerate(members, start=hauls.stride[block])
                if from_position + k in ends and own[k].terminal_idx < 0
            ),
            out=km[first : first + n * n].reshape(n, n),
        )
    return GrownHauls(km=km, offset=offset, stride=stride, column=column)


def _with_touches(
    columns: Columns, geography: Geography, virtual: VirtualNetwork, positions: Sequence[int]
) -> Columns:
    """Return columns with those of some attachments behind them."""
    if not positions:
        return columns
    touches = [virtual.attachments[position] for position in positions]
    return Columns(
        node=np.concatenate([columns.node, [touch.node_idx for touch in touches]]),
        off_km=np.concatenate([columns.off_km, [touch.off_km for touch in touches]]),
        is_terminal=np.concatenate(
            [columns.is_terminal, geography.is_drayed[[touch.terminal_idx for touch in touches]]]
        ),
    )


def _lacking_blocks(geography: Geography, links_off: LinksOff) -> frozenset[int]:
    """Return the blocks that lack a link on the day: their tables do not hold."""
    blocks: set[int] = set(geography.dataset.conditions.changed_blocks)
    for net, off in links_off.items():
        network = geography.dataset.networks[net]
        tails = np.asarray(network.tail_idx)[np.flatnonzero(off)]
        blocks.update(np.asarray(network.block_idx)[tails].tolist())
    return frozenset(blocks)


def _grown(
    geography: Geography,
    net: Net,
    known: Float32Array,
    columns: Columns,
    *,
    topology_of: Callable[[Net], Topology],
    doors: frozenset[int],
    out: Float32Array | None = None,
) -> Float32Array:
    """Return a block's matrix, grown to all its columns: those past the known ones are walked.

    Parameters
    ----------
    doors
        Columns of doors: by road, terminals are reached from a door by drayage only.
    out
        Where to write it.
    """
    nodes, off = columns.node, columns.off_km
    n, kept = len(nodes), len(known)
    whole = np.empty((n, n), np.float32) if out is None else out
    whole[:kept, :kept] = known
    if n == kept:
        return whole
    walked = geography.km_between(net, nodes[kept:], nodes, topology=topology_of(net))
    km = np.ceil((walked + off + off[kept:, None]) * 20.0) / 20.0
    if net is Net.ROAD:
        for k in doors:
            km[k - kept, columns.is_terminal] = np.inf
    # between two of the new ones the way back of the later one holds
    km[:, kept:] = np.tril(km[:, kept:])
    km[:, kept:] += np.tril(km[:, kept:], -1).T
    np.fill_diagonal(km[:, kept:], 0.0)
    whole[kept:, :] = km
    whole[:kept, kept:] = km[:, :kept].T
    return whole
