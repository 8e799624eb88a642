r"""The customizable contraction hierarchy: the shape of a graph made ready for any weights.

Contract the nodes one after the other in a good order (`order`). Whenever a node goes, its
remaining neighbours are joined to each other; the edges so added are shortcuts. What results is a
chordal graph, and for each node the least of its higher neighbours is its parent:

    numbered as contracted            with shortcuts      elimination tree

    0 ─── 3 ─── 1 ─── 4 ─── 2               4                    4
                                          / | \                 / \
    0 goes: nothing to join              3  |  2               3   2
    1 goes: joins 3 to 4, a shortcut    / \ |                 / \
                                       0   1                 0   1

Every shortest path has, between the same ends, an equally short one in this graph that first only
climbs and then only descends, and all nodes that a climb from v can meet are v's ancestors in the
tree. So a query is two walks to the root (`query`), a matrix one sweep downwards (`many`), and new
weights one pass over the triangles (`customize`). None of the three needs a priority queue.

The shape depends on the graph and the order only; weights live in `engine.Profile`, as many side
by side as one likes. Nodes are renumbered to the postorder of the tree: subtrees are ranges of
ranks, and a sweep from the top needs only the ancestors of the node at hand, one per depth.

References: Dibbelt, Strasser and Wagner, Customizable Contraction Hierarchies (SEA 2014; ACM JEA
21, 2016). Buchhold, Sanders and Wagner, Real-time Traffic Assignment Using Engineered Customizable
Contraction Hierarchies (ACM JEA 24, 2019; the elimination-tree walk, witnesses). Delling, Goldberg,
Nowatzyk and Werneck, PHAST (JPDC 73, 2013), and Delling, Goldberg and Werneck, Faster Batched
Shortest Paths in Road Networks (RPHAST, ATMOS 2011). Own here: the sweep with one row per depth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from landbridge.routing.order import neighbours
from landbridge.routing.shortest import Array

MOST_NODES = 2**31 - 2
MOST_EDGES = 2**31 - 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """A contracted graph; all arrays read-only, positions are ranks unless said otherwise.

    Shapes: n nodes, m edges of the hierarchy (each stands for both directions), a original arcs.

    Attributes
    ----------
    rank, node
        Rank of each original node, and the node of each rank; (n,) int32.
    parent, depth
        In the elimination tree: -1 and 0 at a root; (n,) int32.
    tree
        `up_first` and `parent` side by side, (n + 1, 2) int32: a walk to the root reads one cache
        line per node.
    up_first, up_head
        Higher neighbours of rank v, ascending, at `up_first[v]:up_first[v + 1]`; (n + 1,), (m,).
    up_depth
        Depth of each `up_head`; (m,) uint16, int32 in a tree of more than 65,535 levels.
    edge_tail
        Lower end of each edge; (m,) int32.
    down_first, down_edge
        Edges whose higher end is v, by their lower end ascending; (n + 1,), (m,) int32.
    down_last
        Where the edges up from the lower end of each `down_edge` end; (m,) int32.
    arc_edge
        Edge that each original arc lies on: e for an arc that climbs, ~e for one that descends,
        -1 - m for a self loop (which is never used); (a,) int32.
    edge_first, edge_arc
        Original arcs of each edge, by number, at `edge_first[e]:edge_first[e + 1]`; (m + 1,),
        (arcs that are no self loops,).
    """

    n_nodes: int
    n_arcs: int
    rank: Array
    node: Array
    parent: Array
    depth: Array
    tree: Array
    up_first: Array
    up_head: Array
    up_depth: Array
    edge_tail: Array
    down_first: Array
    down_edge: Array
    down_last: Array
    arc_edge: Array
    edge_first: Array
    edge_arc: Array

    @property
    def n_edges(self) -> int:
        """Return the number of edges, shortcuts included."""
        return len(self.up_head)

    @property
    def n_levels(self) -> int:
        """Return the number of nodes on the longest way to a root."""
        return int(self.depth.max(initial=-1)) + 1

    @property
    def n_bytes(self) -> int:
        """Return the memory that the arrays take, bytes."""
        names = self.__slots__
        return sum(a.nbytes for name in names if isinstance(a := getattr(self, name), np.ndarray))


def build_hierarchy(n_nodes: int, tail: Array, head: Array, order: Array) -> Hierarchy:
    """Return the hierarchy of a directed graph.

    Parameters
    ----------
    tail, head
        Ends of the arcs, (n_arcs,), each in 0..n_nodes - 1. Parallel arcs and self loops may be.
    order
        Nodes in the order of contraction, (n_nodes,), see `order.dissection_order`.

    Raises
    ------
    ValueError
        If an end is no node, or `order` is no permutation of the nodes.
    """
    tail, head = _checked_ends(n_nodes, tail), _checked_ends(n_nodes, head)
    if len(tail) != len(head):
        raise ValueError(f"{len(tail)} tails but {len(head)} heads: one of each per arc is needed")
    order = np.asarray(order)
    if order.shape != (n_nodes,) or not _is_permutation(order):
        raise ValueError(f"the order of contraction must name each of {n_nodes} nodes once")
    rank = np.empty(n_nodes, np.int32)
    rank[order] = np.arange(n_nodes, dtype=np.int32)
    first, near = neighbours(n_nodes, rank[tail], rank[head])
    _, _, parent = _eliminate(first, near)
    again = _postorder(parent)
    rank = again[rank]
    first, near = neighbours(n_nodes, rank[tail], rank[head])
    up_first, up_head, parent = _eliminate(first, near)
    depth = _depths(parent)
    node = np.empty(n_nodes, np.int32)
    node[rank] = np.arange(n_nodes, dtype=np.int32)
    m = len(up_head)
    is_shallow = int(depth.max(initial=0)) <= np.iinfo(np.uint16).max
    edge_tail = np.repeat(np.arange(n_nodes, dtype=np.int32), np.diff(up_first))
    down_edge = np.argsort(up_head, kind="stable").astype(np.int32)
    down_first = np.zeros(n_nodes + 1, np.int32)
    np.cumsum(np.bincount(up_head, minlength=n_nodes), out=down_first[1:])
    arc_edge = _edges_of_arcs(rank[tail], rank[head], up_first, up_head)
    edge_of = np.where(arc_edge >= 0, arc_edge, ~arc_edge)
    kept = np.flatnonzero(edge_of < m).astype(np.int32)
    edge_arc = kept[np.argsort(edge_of[kept], kind="stable")]
    edge_first = np.zeros(m + 1, np.int32)
    np.cumsum(np.bincount(edge_of[kept], minlength=m), out=edge_first[1:])
    return Hierarchy(
        n_nodes=n_nodes,
        n_arcs=len(tail),
        rank=frozen(rank),
        node=frozen(node),
        parent=frozen(parent),
        depth=frozen(depth),
        up_first=frozen(up_first),
        up_head=frozen(up_head),
        tree=frozen(np.column_stack([up_first, np.append(parent, -1)]).astype(np.int32)),
        up_depth=frozen(depth[up_head].astype(np.uint16 if is_shallow else np.int32)),
        edge_tail=frozen(edge_tail),
        down_first=frozen(down_first),
        down_edge=frozen(down_edge),
        down_last=frozen(up_first[edge_tail[down_edge] + 1]),
        arc_edge=frozen(arc_edge),
        edge_first=frozen(edge_first),
        edge_arc=frozen(edge_arc),
    )


def frozen(array: Array) -> Array:
    """Return the array contiguous and read-only (kernels are compiled for such)."""
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array


def _checked_ends(n_nodes: int, ends: Array) -> Array:
    ends = np.asarray(ends)
    if ends.ndim != 1 or (len(ends) and ends.dtype.kind not in "iu"):
        raise ValueError("ends of arcs must be one row of whole numbers")
    if len(ends) and (ends.min() < 0 or ends.max() >= n_nodes):
        k = int(np.flatnonzero((ends < 0) | (ends >= n_nodes))[0])
        raise ValueError(f"arc {k} ends at node {ends[k]}: nodes are 0 to {n_nodes - 1}")
    return ends.astype(np.int32)


def _is_permutation(order: Array) -> bool:
    n = len(order)
    if n and (order.dtype.kind not in "iu" or order.min() < 0 or order.max() >= n):
        return False
    return bool((np.bincount(order.astype(np.int64), minlength=n) == 1).all())


@numba.njit(cache=True, nogil=True)
def _eliminate(
    first: Array, near: Array
) -> tuple[Array, Array, Array]:  # pragma: no cover - compiled
    """Contract nodes 0..n-1 in turn; return `up_first`, `up_head` and the parents."""
    n = len(first) - 1
    parent = np.full(n, -1, np.int32)
    eldest = np.full(n, -1, np.int32)
    sibling = np.full(n, -1, np.int32)
    seen = np.full(n, -1, np.int32)
    up_first = np.zeros(n + 1, np.int32)
    up_head = np.empty(max(16, len(near)), np.int32)
    size = 0
    for v in range(n):
        begin = size
        child = eldest[v]
        most = first[v + 1] - first[v]
        while child >= 0:
            most += up_first[child + 1] - up_first[child]
            child = sibling[child]
        if size + most > len(up_head):
            bigger = np.empty(max(2 * len(up_head), size + most), np.int32)
            bigger[:size] = up_head[:size]
            up_head = bigger
        seen[v] = v
        for a in range(first[v], first[v + 1]):
            w = near[a]
            if w > v and seen[w] != v:
                seen[w] = v
                up_head[size] = w
                size += 1
        child = eldest[v]
        while child >= 0:
            for e in range(up_first[child], up_first[child + 1]):
                w = up_head[e]
                if seen[w] != v:
                    seen[w] = v
                    up_head[size] = w
                    size += 1
            child = sibling[child]
        up_head[begin:size].sort()
        up_first[v + 1] = size
        if size > begin:
            p = up_head[begin]
            parent[v] = p
            sibling[v] = eldest[p]
            eldest[p] = v
    return up_first, up_head[:size].copy(), parent


@numba.njit(cache=True, nogil=True)
def _postorder(parent: Array) -> Array:  # pragma: no cover - compiled
    """Return the new number of each node: children before parents, subtrees in one piece."""
    n = len(parent)
    size = np.ones(n, np.int32)
    for v in range(n):
        if parent[v] >= 0:
            size[parent[v]] += size[v]
    # the subtree of v takes size[v] numbers; a parent hands them out to its children in turn
    number = np.empty(n, np.int32)
    begin = np.empty(n, np.int32)
    at = 0
    for v in range(n - 1, -1, -1):
        p = parent[v]
        if p < 0:
            start = at
            at += size[v]
        else:
            start = begin[p]
            begin[p] += size[v]
        number[v] = start + size[v] - 1
        begin[v] = start
    return number


@numba.njit(cache=True, nogil=True)
def _depths(parent: Array) -> Array:  # pragma: no cover - compiled
    depth = np.zeros(len(parent), np.int32)
    for v in range(len(parent) - 1, -1, -1):
        if parent[v] >= 0:
            depth[v] = depth[parent[v]] + 1
    return depth


@numba.njit(cache=True, nogil=True)
def edge_between(
    up_first: Array, up_head: Array, low: int, high: int
) -> int:  # pragma: no cover - compiled
    """Return the edge from rank `low` up to rank `high`, which must exist (binary search)."""
    a, b = up_first[low], up_first[low + 1]
    while a < b:
        middle = (a + b) >> 1
        if up_head[middle] < high:
            a = middle + 1
        else:
            b = middle
    return int(a)


@numba.njit(cache=True, nogil=True)
def _edges_of_arcs(
    tail: Array, head: Array, up_first: Array, up_head: Array
) -> Array:  # pragma: no cover - compiled
    edge = np.empty(len(tail), np.int32)
    for a in range(len(tail)):
        if tail[a] == head[a]:
            edge[a] = -1 - len(up_head)
        elif tail[a] < head[a]:
            edge[a] = edge_between(up_first, up_head, tail[a], head[a])
        else:
            edge[a] = -1 - edge_between(up_first, up_head, head[a], tail[a])
    return edge
