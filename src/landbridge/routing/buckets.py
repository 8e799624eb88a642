"""Distances from one node by a circle of buckets: no heap, and only one stretch of the nodes.

Dial (1969): nodes wait in the bucket of their distance. Buckets here are wider than the shortest
arcs, so a node may be improved within its bucket and is looked at again then. The result is that
of Dijkstra's method to the last bit: the least of the sums along all paths.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.routing.native import kernel

Array = npt.NDArray[Any]
SLOTS = 2048
"""Buckets in the circle; an arc must be shorter than all of them together."""
NOT_FIT = -1
_scratch = threading.local()


@kernel(
    "int32[:], int32[:], float32[:], int, int, float, float64[:], int32[:], int32[:], int32[:], "
    "float64[:]"
)
def _spread(
    first_arc: Array,
    head_idx: Array,
    length: Array,
    source: int,
    base: int,
    width: float,
    distance: Array,
    slot: Array,
    entry_next: Array,
    entry_node: Array,
    entry_key: Array,
) -> int:  # pragma: no cover - compiled
    """Fill `distance` (inf so far); return 0, or `NOT_FIT` where an arc or the room is too long."""
    n_slots = len(slot)
    room = len(entry_next)
    span = width * (n_slots - 1)
    inverse = 1.0 / width
    free = 1
    spare = -1
    pending = 1
    distance[source - base] = 0.0
    slot[0] = 0
    entry_next[0] = -1
    entry_node[0] = source
    entry_key[0] = 0.0
    at = 0
    while pending > 0:
        place = at & (n_slots - 1)
        entry = slot[place]
        if entry < 0:
            at += 1
            continue
        slot[place] = entry_next[entry]
        pending -= 1
        node = entry_node[entry]
        key = entry_key[entry]
        entry_next[entry] = spare
        spare = entry
        if key > distance[node - base]:
            continue
        for arc in range(first_arc[node], first_arc[node + 1]):
            step = length[arc]
            head = head_idx[arc]
            new = key + step
            if new < distance[head - base]:
                if step > span:
                    return -1
                distance[head - base] = new
                if spare >= 0:
                    entry = spare
                    spare = entry_next[entry]
                else:
                    if free == room:
                        return -1
                    entry = free
                    free += 1
                to = int(new * inverse) & (n_slots - 1)
                entry_next[entry] = slot[to]
                entry_node[entry] = head
                entry_key[entry] = new
                slot[to] = entry
                pending += 1
    return 0


def distances(
    first_arc: Array,
    head_idx: Array,
    length: Array,
    source: int,
    *,
    begin: int,
    end: int,
    width: float,
) -> Array | None:
    """Return distances from `source` to nodes `begin` to `end`, shape (end - begin,).

    Parameters
    ----------
    first_arc, head_idx, length
        Adjacency arrays (int32, int32, float32); lengths are >= 0.
    begin, end
        All that can be reached lies among these nodes.
    width
        Width of a bucket, in the unit of `length`.

    Returns
    -------
    Distances, inf where unreached; None where an arc is longer than the circle of buckets.
    """
    distance = np.full(end - begin, np.inf)
    room = 4 * (end - begin) + 1024
    kept = getattr(_scratch, "kept", None)
    if kept is None or len(kept[0]) < room:
        kept = _scratch.kept = (np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room))
    slot = np.full(SLOTS, -1, np.int32)
    done = _spread(first_arc, head_idx, length, source, begin, width, distance, slot, *kept)
    return distance if done != NOT_FIT else None
