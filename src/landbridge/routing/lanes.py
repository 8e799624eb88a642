"""The dense runs of a product graph as its search walks them: a block's members side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from landbridge.routing.product import ProductGraph

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """Places of nodes, and the lengths of runs between them.

    `place` (n,) puts nodes in the order of `member_node`, those of no block behind; `node` (n,) is
    the way back. Row by row, `length` holds each block's runs from one member to all, from
    `first[b]` on: inf to itself and beyond the block's range.
    """

    place: Array
    node: Array
    first: Array
    length: Array


def lanes_of(graph: ProductGraph) -> Lanes:
    """Return the lanes of a graph."""
    n = graph.n_nodes
    rest = np.ones(n, bool)
    rest[graph.member_node] = False
    node = np.concatenate([graph.member_node, np.flatnonzero(rest)])
    place = np.empty(n, np.int64)
    place[node] = np.arange(n)
    rows = [block_rows(graph, block) for block in range(len(graph.block_offset))]
    first = np.cumsum([0] + [len(own) for own in rows])
    return Lanes(
        place=_frozen(place),
        node=_frozen(node),
        first=_frozen(first.astype(np.int64)),
        length=_frozen(np.concatenate(rows) if rows else np.empty(0, np.float32)),
    )


def block_rows(graph: ProductGraph, block: int) -> Array:
    """Return the runs of one block between its members, row by row, flat."""
    begin, end = int(graph.block_first[block]), int(graph.block_first[block + 1])
    column = graph.member_column[begin:end]
    stride, first = int(graph.block_stride[block]), int(graph.block_offset[block])
    whole = graph.matrix[first : first + stride * stride].reshape(stride, stride)
    rows = np.ascontiguousarray(whole[column[:, None], column])
    rows[rows > graph.block_range[block]] = np.inf
    np.fill_diagonal(rows, np.inf)
    return rows.reshape(-1)


def grow_rows(graph: ProductGraph, block: int, known: Array, out: Array) -> None:
    """Write `block_rows` where the runs between the first members, (n_known, n_known), are known.

    What is new is as long one way as the other; `out` has shape (n_members, n_members).
    """
    begin, n, size = int(graph.block_first[block]), len(known), len(out)
    column = graph.member_column[begin : begin + size]
    stride, first = int(graph.block_stride[block]), int(graph.block_offset[block])
    whole = graph.matrix[first : first + stride * stride].reshape(stride, stride)
    more = whole[column[n:, None], column]
    more[more > graph.block_range[block]] = np.inf
    more[np.arange(size - n), np.arange(n, size)] = np.inf
    out[:n, :n] = known
    out[n:] = more
    out[:n, n:] = more[:, :n].T


def _frozen(array: Array) -> Array:
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
