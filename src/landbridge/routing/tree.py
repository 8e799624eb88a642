"""One source to all on a product graph, and sums along the ways found.

`product.search` stops at the nearest end of one pair. A matrix wants every end of one origin: the
same search without a goal, and then a walk back from each end that adds up what its way costs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from landbridge.routing.native import kernel
from landbridge.routing.product import ProductGraph, ProductWeights, Step, labels
from landbridge.routing.shortest import Array

ASTRAY = 128
"""Marks of the caller's are smaller."""
N_SUMS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Least weights and ways from one set of sources, by state; see `product`."""

    n_steps: int
    best: Array
    via: Array
    previous: Array

    def end_states(self, nodes: Array) -> npt.NDArray[np.int64]:
        """Return the states in which a way may end at these nodes: arrived, the rule met."""
        states: npt.NDArray[np.int64] = (2 * nodes + 1) * self.n_steps + self.n_steps - 1
        return states

    def steps_to(self, state: int) -> tuple[int, list[Step]]:
        """Return the source taken and the steps to a reached state."""
        steps: list[Step] = []
        while self.previous[state] >= 0:
            before, code = int(self.previous[state]), int(self.via[state])
            steps.append(
                Step(
                    kind=code % 3,
                    index=code // 3,
                    tail=(before // self.n_steps) >> 1,
                    head=(int(state) // self.n_steps) >> 1,
                )
            )
            state = before
        return -2 - int(self.via[state]), steps[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What arcs cost, (n, 6) each (blocks per unit length), and what is to be known of them.

    The first five columns add up over a way. The sixth counts only behind the last arc that has a
    share (`arc_share`, (n,), 0 for none), times that share. `arc_mark`, `ride_mark` and
    `block_mark`, int8, (n,), are bits (1 to 64) to be told of. `node_owner` (n_nodes,) int64 is -1,
    or who alone may use a node.
    """

    arc: Array
    ride: Array
    block: Array
    arc_share: Array
    arc_mark: Array
    ride_mark: Array
    block_mark: Array
    node_owner: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Sums over the ways to some ends, (n, 6), the source each comes from, and what it touches.

    The sixth sum is what counts behind the last arc with a share, and `share` (n,) is that share,
    0 where no arc has one. `marks` (n,) int64 has the bits of all arcs, rides and blocks on the
    way. `is_astray`: some inner node is owned by neither its source's nor its end's owner.
    """

    sums: Array
    share: Array
    source: Array
    marks: Array
    is_astray: Array


def grow(graph: ProductGraph, weights: ProductWeights) -> Tree:
    """Return the best ways from the sources of `weights` to all states."""
    n = graph.n_nodes
    nowhere = np.full(n, np.inf)
    nowhere.flags.writeable = False
    none = np.zeros(2 * n)
    none.flags.writeable = False
    found = labels(graph, replace(weights, target_weight=nowhere), none)
    best, via, previous = found
    return Tree(n_steps=weights.node_next.shape[1], best=best, via=via, previous=previous)


def ways(graph: ProductGraph, tree: Tree, states: Array, rows: Rows) -> Ways:
    """Return sums and marks of the ways to `states`, which must be reached."""
    n = len(states)
    sums = np.zeros((n, N_SUMS + 1))
    share = np.zeros(n)
    source = np.empty(n, np.int64)
    marks = np.zeros(n, np.int64)
    _ways(
        tree.n_steps,
        np.ascontiguousarray(states, np.int64),
        tree.via,
        tree.previous,
        graph.node_column,
        graph.block_offset,
        graph.block_stride,
        graph.matrix,
        rows.arc,
        rows.ride,
        rows.block,
        rows.arc_share,
        rows.arc_mark,
        rows.ride_mark,
        rows.block_mark,
        rows.node_owner,
        sums,
        share,
        source,
        marks,
    )
    return Ways(
        sums=sums,
        share=share,
        source=source,
        marks=marks & ~ASTRAY,
        is_astray=(marks & ASTRAY) > 0,
    )


@kernel(
    "int, int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], float32[:], "
    "float64[:,:], float64[:,:], float64[:,:], float64[:], int8[:], int8[:], int8[:], int64[:], "
    "float64[:,:], float64[:], int64[:], int64[:]"
)
def _ways(
    n_steps: int,
    states: Array,
    via: Array,
    previous: Array,
    node_column: Array,
    block_offset: Array,
    block_stride: Array,
    matrix: Array,
    arc_row: Array,
    ride_row: Array,
    block_row: Array,
    arc_share: Array,
    arc_mark: Array,
    ride_mark: Array,
    block_mark: Array,
    node_owner: Array,
    sums: Array,
    share: Array,
    source: Array,
    marks: Array,
) -> int:  # pragma: no cover - compiled
    for i in range(len(states)):
        state = states[i]
        end_owner = node_owner[(state // n_steps) >> 1]
        root = state
        while previous[root] >= 0:
            root = previous[root]
        source_owner = node_owner[(root // n_steps) >> 1]
        source[i] = -2 - via[root]
        while previous[state] >= 0:
            before = previous[state]
            tail = (before // n_steps) >> 1
            head = (state // n_steps) >> 1
            kind = via[state] % 3
            index = via[state] // 3
            if kind == 0:
                for k in range(N_SUMS):
                    sums[i, k] += arc_row[index, k]
                if share[i] == 0.0:
                    sums[i, N_SUMS] += arc_row[index, N_SUMS]
                    share[i] = arc_share[index]
                marks[i] |= arc_mark[index]
            elif kind == 1:
                length = matrix[
                    block_offset[index]
                    + node_column[tail] * block_stride[index]
                    + node_column[head]
                ]
                for k in range(N_SUMS):
                    sums[i, k] += length * block_row[index, k]
                if share[i] == 0.0:
                    sums[i, N_SUMS] += length * block_row[index, N_SUMS]
                marks[i] |= block_mark[index]
            else:
                for k in range(N_SUMS):
                    sums[i, k] += ride_row[index, k]
                if share[i] == 0.0:
                    sums[i, N_SUMS] += ride_row[index, N_SUMS]
                marks[i] |= ride_mark[index]
            owner = node_owner[tail]
            if owner >= 0 and owner not in (end_owner, source_owner):
                marks[i] |= ASTRAY
            state = before
    return 0
