"""The arrays of a request's product graph: those of the day, with the request's own put in.

A request adds some dozen nodes to the thousands of a day, in half a dozen blocks. The arrays of a
day are made once (`DayArrays`), and a request's are made from them by putting in what is new: the
result is that of compiling the whole network anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.graph.carrying import VirtualNetwork
from landbridge.planning.hauls import GrownHauls, HaulMatrix
from landbridge.planning.lent import Lent
from landbridge.routing.backward import Turned, turned
from landbridge.routing.lanes import Lanes, grow_rows, lanes_of
from landbridge.routing.product import ProductGraph
from landbridge.units import FloatArray, IntArray

Rows = npt.NDArray[np.int64]
FAR = 1e30
"""Range of a carriage without one, km."""


class DayArrays:
    """The product graph of a day, and what is needed to put more into it.

    Parameters
    ----------
    arc_ends, ride_ends
        Tail and head of each sparse arc and ride, shape (n, 2).
    """

    def __init__(
        self, virtual: VirtualNetwork, hauls: HaulMatrix, arc_ends: IntArray, ride_ends: IntArray
    ) -> None:
        n = len(virtual.node_attachment)
        self.hauls = hauls
        self.n_attachments = len(virtual.attachments)
        self._by_tail = _adjacency(n, arc_ends)
        self._by_head = _adjacency(n, arc_ends[:, ::-1])
        first_ride, self.ride_order, ride_head = _adjacency(n, ride_ends)
        self._rides_by_head = turned(n, first_ride, ride_head)
        self.runs_of_block: dict[int, list[int]] = {}
        for k, run in enumerate(virtual.blocks):
            self.runs_of_block.setdefault(run.block_idx, []).append(k)
        column = np.array([hauls.column[k] for k in range(self.n_attachments)], np.int64)
        members = [node for block in virtual.blocks for node in block.members]
        sizes = [len(block.members) for block in virtual.blocks]
        node_column = column[np.array(virtual.node_attachment, np.int64)]
        member_node = np.array(members, np.int64)
        self.column = column
        graph = ProductGraph(
            n_nodes=n,
            first_arc=np.zeros(n + 1, np.int64),
            arc_head=np.empty(0, np.int64),
            first_ride=first_ride,
            ride_head=ride_head,
            node_block=np.array(virtual.run_block_of_node, np.int64),
            node_column=node_column,
            block_first=np.cumsum([0, *sizes]).astype(np.int64),
            block_offset=_of(hauls.offset, virtual),
            block_stride=_of(hauls.stride, virtual),
            block_range=_ranges(virtual, 0),
            member_node=member_node,
            member_column=node_column[member_node],
            matrix=hauls.km,
        )
        self.graph, self._sizes = graph, sizes
        self.lanes = lanes_of(graph)
        self._lent = Lent(self.lanes.length)
        self._rest: Rows = self.lanes.node[len(member_node) :]

    def with_touches(
        self,
        virtual: VirtualNetwork,
        hauls: GrownHauls,
        *,
        own_ends: Rows,
        through: Sequence[tuple[int, int]],
    ) -> tuple[ProductGraph, Rows]:
        """Return the graph of a request, and the order of its arcs.

        Parameters
        ----------
        virtual
            The network of the day with the touches of the request.
        own_ends
            Ends of the arcs that it has more, shape (n_own, 2).
        through
            Ends of arcs that stand behind all others.
        """
        day, n = self.graph, len(virtual.node_attachment)
        ends = np.concatenate([own_ends, np.array(through, np.int64).reshape(-1, 2)])
        first_arc, arc_order, arc_head = _merged(n, self._by_tail, ends)
        n_runs = len(virtual.blocks) - len(day.block_offset)
        own_block = np.array(virtual.run_block_of_node[day.n_nodes :], np.int64)
        own_node = np.arange(day.n_nodes, n)
        attachment = np.array(virtual.node_attachment[day.n_nodes :], np.int64)
        own_column = np.concatenate([self.column, hauls.column])[attachment]

        # new members stand behind the others of their block
        by_block = np.argsort(own_block, kind="stable")
        by_block = by_block[np.searchsorted(own_block[by_block], 0) :]
        old_first = np.concatenate([day.block_first, np.repeat(day.block_first[-1:], n_runs)])
        at = old_first[own_block[by_block] + 1]
        added = np.bincount(own_block[by_block], minlength=len(virtual.blocks))
        block_first = old_first.copy()
        block_first[1:] += np.cumsum(added)
        node_column = np.concatenate([day.node_column, own_column])
        member_node = np.insert(day.member_node, at, own_node[by_block])
        member_column = np.insert(day.member_column, at, own_column[by_block])

        offset, stride = self._matrices(virtual, hauls)
        graph = ProductGraph(
            n_nodes=n,
            first_arc=_frozen(first_arc),
            arc_head=_frozen(arc_head),
            first_ride=_frozen(_longer(day.first_ride, n)),
            ride_head=_frozen(day.ride_head),
            node_block=_frozen(np.concatenate([day.node_block, own_block])),
            node_column=_frozen(node_column),
            block_first=_frozen(block_first),
            block_offset=_frozen(offset),
            block_stride=_frozen(stride),
            block_range=_frozen(
                np.concatenate([day.block_range, _ranges(virtual, len(day.block_range))])
            ),
            member_node=_frozen(member_node),
            member_column=_frozen(member_column),
            matrix=_frozen(hauls.km),
            turned=self._turned(n, ends, arc_order),
        )
        touched = np.flatnonzero(added).tolist()
        rest = np.concatenate([self._rest, own_node[own_block < 0]])
        return replace(graph, lanes=self._lanes(graph, touched, rest)), arc_order

    def _turned(self, n: int, ends: Rows, arc_order: Rows) -> Turned:
        """Return the day's arcs, and some more of these ends, by their heads; and the rides."""
        first, order, tail = _merged(n, self._by_head, ends[:, ::-1])
        place = np.empty(len(arc_order), np.int64)
        place[arc_order] = np.arange(len(arc_order))
        first_ride, ride_tail, ride_order = self._rides_by_head
        return Turned(
            first_arc=first,
            arc_tail=tail,
            arc_order=place[order],
            first_ride=_longer(first_ride, n),
            ride_tail=ride_tail,
            ride_order=ride_order,
        )

    def _matrices(self, virtual: VirtualNetwork, hauls: GrownHauls) -> tuple[Rows, Rows]:
        """Return offset and stride of each run block's matrix."""
        day, n_day = self.hauls, len(self.graph.block_offset)
        idx = [run.block_idx for run in virtual.blocks[n_day:]]
        offset = np.concatenate([self.graph.block_offset, [day.offset[block] for block in idx]])
        stride = np.concatenate([self.graph.block_stride, [day.stride[block] for block in idx]])
        runs_of_own: dict[int, list[int]] = {}
        for k, block in enumerate(idx, start=n_day):
            runs_of_own.setdefault(block, []).append(k)
        for block in hauls.offset:
            runs = [*self.runs_of_block.get(block, ()), *runs_of_own.get(block, ())]
            offset[runs], stride[runs] = hauls.offset[block], hauls.stride[block]
        return offset.astype(np.int64), stride.astype(np.int64)

    def _lanes(self, graph: ProductGraph, touched: Sequence[int], rest: Rows) -> Lanes:
        """Return the lanes: rows of the blocks that got members stand behind the day's."""
        day, n_day = self.lanes, len(self.graph.block_offset)
        first = np.zeros(len(graph.block_offset), np.int64)
        first[:n_day] = day.first[:n_day]
        sizes = np.diff(graph.block_first)
        more = int((sizes[touched] ** 2).sum())
        end = len(day.length)
        length = self._lent.lend(more)
        for block in touched:
            begin = int(day.first[block]) if block < n_day else 0
            n, size = self._sizes[block] if block < n_day else 0, int(sizes[block])
            known = day.length[begin : begin + n * n].reshape(n, n)
            into = length[end : end + size * size].reshape(size, size)
            grow_rows(graph, block, known, into)
            first[block] = end
            end += size * size
        node = np.concatenate([graph.member_node, rest])
        place = np.empty(graph.n_nodes, np.int64)
        place[node] = np.arange(graph.n_nodes)
        return Lanes(
            place=_frozen(place),
            node=_frozen(node),
            first=_frozen(first),
            length=_frozen(length),
        )


def _of(by_block: dict[int, int], virtual: VirtualNetwork) -> Rows:
    return np.array([by_block[run.block_idx] for run in virtual.blocks], np.int64)


def _ranges(virtual: VirtualNetwork, from_block: int) -> FloatArray:
    return np.array([min(run.range_km, FAR) for run in virtual.blocks[from_block:]], np.float64)


def _adjacency(n: int, ends: IntArray) -> tuple[Rows, Rows, Rows]:
    """Return first positions, the order of arcs by tail, and heads in that order."""
    order = np.argsort(ends[:, 0], kind="stable")
    first = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(ends[:, 0], minlength=n), out=first[1:])
    return first, order, ends[order, 1]


def _merged(n: int, known: tuple[Rows, Rows, Rows], ends: Rows) -> tuple[Rows, Rows, Rows]:
    """Return `_adjacency` of known arcs and some more of these ends behind them."""
    first, order, head = known
    first = _longer(first, n)
    by_tail = np.argsort(ends[:, 0], kind="stable")  # new nodes have one and the same place
    tail, to = ends[by_tail].T
    at = first[tail + 1]
    grown = first.copy()
    grown[1:] += np.cumsum(np.bincount(tail, minlength=n))
    return grown, np.insert(order, at, len(order) + by_tail), np.insert(head, at, to)


def _longer(first: Rows, n: int) -> Rows:
    """Return first positions with those of nodes behind that have none."""
    return np.concatenate([first, np.repeat(first[-1:], n + 1 - len(first))])


def _frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
